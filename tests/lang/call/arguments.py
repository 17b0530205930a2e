def f(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw


print(f(1, d=4), f(1, 2, 3, 4, d=0, z=9))
f(1)
# expect: (1, 2, 3, (), 4, 5, {}) (1, 2, 3, (4,), 0, 5, {'z': 9})
# expect raise: TypeError: f() missing 1 required keyword-only argument: 'd'
