# Reference counts, identity and destruction order, at many points.
import sys

a = []
print(sys.getrefcount(a))
b = a
print(sys.getrefcount(a), sys.getrefcount(b))
c = [a, a]
print(sys.getrefcount(a))
del b
c.clear()
print(sys.getrefcount(a))


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print('del', self.n)


d = D(1)
d = D(2)


def f():
    x = D(3)
    y = D(4)


f()
del d
l = [D(5), D(6)]
del l
print(100 is 100, 'abc' is 'abc', () is (), [] is [])
