class P:
    __slots__ = ('x', 'y')


p = P()
p.x = 1
print(hasattr(p, '__dict__'), p.x)
p.z = 3
# expect: False 1
# expect raise: AttributeError: 'P' object has no attribute 'z'
