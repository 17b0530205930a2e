# SPDX-License-Identifier: MIT
"""Calls of classes with a __new__ written in Python: who holds the arguments, and what is called.

The tuple and the dict of a call hold a reference to each argument as long as the call takes.
"""
import collections
import sys

count = sys.getrefcount
SOME = object()
o = [object() for _ in range(5)]


class Both:
    def __new__(cls, *args, **kwargs):
        print('new', count(cls) - both, [count(x) for x in args], [count(x) for x in kwargs.values()])
        return object.__new__(cls)

    def __init__(self, *args, **kwargs):
        print('init', count(self), [count(x) for x in args], [count(x) for x in kwargs.values()])


class Base:
    def __new__(cls, x, y=SOME):
        print('new', count(cls) - base, count(x), count(y))
        return super().__new__(cls)


class Derived(Base):
    def __init__(self, x, y=SOME):
        print('init', count(self), count(x), count(y))


class Argument:
    def __new__(cls, x):
        return x


class Meta(type):
    def __call__(cls, *args, **kwargs):
        print('meta')
        return super().__call__(*args, **kwargs)


class OfMeta(metaclass=Meta):
    def __new__(cls, x):
        print(count(x))
        return super().__new__(cls)


class Dict(dict):
    def __new__(cls, *args, **kwargs):
        print(args, kwargs)
        return super().__new__(cls)


class Error(Exception):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls, *args)


class Five:
    def __new__(cls):
        return 5

    def __init__(self):
        print('never')


class InitGives:
    def __new__(cls):
        return object.__new__(cls)

    def __init__(self):
        return 3


class Lambda:
    __new__ = staticmethod(lambda cls, *args: (cls.__name__, args))


class InitNone:
    def __new__(cls, a):
        return object.__new__(cls)

    __init__ = None


class Endless:
    def __new__(cls):
        return Endless()


class Text(str):
    def __new__(cls, x, **kwargs):
        return super().__new__(cls, x)


both, base = count(Both), count(Base)
Both()
Both(o[0])
Both(o[0], k=o[1])
Both(k=o[1])
Both(*o)
Both(*o, **{'z': o[1]})
Both(*(o * 3))
Both(**{'a%d' % i: v for i, v in enumerate(o)})
Base(o[0])
Base(o[0], y=o[1])
Derived(o[0])
Derived(o[0], y=o[1])
print(Argument(o[3]) is o[3])
OfMeta(o[2])
OfMeta(x=o[2])
print(Dict(a=1), Dict({'b': 2}), Dict([(1, 2)], c=3))
print(repr(Error(1, 2)), Text('a'), Text('b', z=1))
for call in (
    lambda: Error(1, x=2),
    Five,
    InitGives,
    lambda: Lambda(1, 2),
    lambda: Both.__new__(),
    Base,
    lambda: Base(1, 2, 3),
    lambda: Base(1, z=2),
    lambda: Base(1, x=2),
    lambda: Derived(1, 2, y=3),
    lambda: InitNone(1),
    Argument,
    Endless,
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
print([count(x) for x in o], count(Both) - both, count(Base) - base)

Point = collections.namedtuple('Point', 'a b', defaults=[7])
print(Point(1), Point(1, b=2), Point(a=1, b=2))

del Both.__new__, Both.__init__
try:
    Both(1)
except TypeError as error:
    print(error)
Both.__new__ = lambda cls, *args: args
print(Both(1, 2))
