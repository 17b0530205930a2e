# Small ints and equal literals are one object; lists never are.
a = 100
b = 100
print(a is b)
x = [1, 2]
y = [1, 2]
print(x is y, x == y)
s = "hello"
t = "hello"
print(s is t)
# expect: True
# expect: False True
# expect: True
