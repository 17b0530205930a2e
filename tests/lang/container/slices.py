a = list(range(10))
a[2:5] = 'xy'
del a[::3]
print(a, a[::-1], range(10)[2:8:3], slice(None, 5).indices(3))
# expect: [1, 'x', 5, 6, 8, 9] [9, 8, 6, 5, 'x', 1] range(2, 8, 3) (0, 3, 1)
