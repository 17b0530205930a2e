# Slots, operators, attribute hooks, descriptors, super, MRO, class assignment, reduction.
import builtins


def print(*args):
    """Without addresses, which differ from run to run."""
    text = ' '.join(map(str, args))
    parts = text.split('0x')
    builtins.print('0x'.join(parts[:1] + [p.lstrip('0123456789abcdef') for p in parts[1:]]))


import sys, gc


def T(f, *a):
    try:
        print(f(*a))
    except BaseException as e:
        print(type(e).__name__, e)


# slots
class A:
    __slots__ = ('a', '__b', 'c')

    def __init__(s):
        s.a = 1
        s.__b = 2


x = A()
print(x.a, A._A__b, A.__dict__.keys())
T(lambda: x.c)
T(lambda: x.d)
T(lambda: setattr(x, 'd', 1))
T(lambda: type('B', (int,), {'__slots__': ('a',)}))
T(lambda: type('B', (), {'__slots__': ('a', '1')}))
T(lambda: type('B', (), {'__slots__': (1,)}))
T(lambda: type('B', (), {'__slots__': ('__dict__', '__dict__')}))
T(lambda: type('B', (), {'__slots__': ('a',), 'a': 1}))
T(lambda: type('B', (), {'__slots__': '__weakref__'}).__weakrefoffset__)


# operators
class V:
    def __init__(s, v):
        s.v = v

    def __add__(s, o):
        return 'add'

    def __radd__(s, o):
        return 'radd'

    def __iadd__(s, o):
        s.v += o
        return s

    def __eq__(s, o):
        return s.v == o.v if isinstance(o, V) else NotImplemented

    def __lt__(s, o):
        return NotImplemented

    def __len__(s):
        return s.v

    def __getitem__(s, i):
        if i > 3:
            raise IndexError
        return i * 2

    def __contains__(s, x):
        return x == 7

    def __call__(s, *a, **k):
        return a, k

    def __hash__(s):
        return 1 << 70

    def __index__(s):
        return s.v

    def __repr__(s):
        return 'V(%d)' % s.v

    def __del__(s):
        pass

    def __pow__(s, o, m=None):
        return ('pow', o, m)

    def __neg__(s):
        return -s.v

    def __bool__(s):
        return s.v > 2

    def __enter__(s):
        return s

    def __exit__(s, *a):
        return True


v = V(2)
print(
    v + 1,
    1 + v,
    v == V(2),
    v != V(2),
    v != 3,
    list(v),
    7 in v,
    v(1, a=2),
    hash(v) == hash(1 << 70),
    [1, 2, 3][v],
    -v,
    bool(v),
    v**2,
    pow(v, 2, 3),
)
T(lambda: v < v)
v += 5
print(v, len(v))
with v:
    1 / 0
V.__add__ = lambda s, o: 'new'
print(v + 1)
del V.__add__
T(lambda: v + 1)
print(1 + v)


class W(V):
    def __radd__(s, o):
        return 'W.radd'


print(v + W(1), W(1) + v)


# getattr hooks
class G:
    y = 5

    def __getattr__(s, n):
        if n.startswith('q'):
            return n
        raise AttributeError(n)


g = G()
print(g.qq, g.y)
T(lambda: g.zz)
print(hasattr(g, 'zz'), getattr(g, 'zz', 3))


class H:
    def __getattribute__(s, n):
        return n


print(H().abc)


class SetA:
    def __setattr__(s, n, v):
        object.__setattr__(s, n, v * 2)

    def __delattr__(s, n):
        print('del', n)
        object.__delattr__(s, n)


s = SetA()
s.x = 4
print(s.x)
del s.x
T(lambda: s.x)


# descriptors
class D:
    def __get__(s, o, t):
        return (o is None, t.__name__)

    def __set__(s, o, v):
        print('set', v)

    def __delete__(s, o):
        print('delete')

    def __set_name__(s, o, n):
        print('set_name', o.__name__, n)


class E:
    d = D()


print(E.d, E().d)
e = E()
e.d = 4
del e.d
e.__dict__['d'] = 9
print(e.d)


class P:
    @property
    def x(self):
        "doc"
        return 1

    @x.setter
    def x(self, v):
        print('setx', v)

    y = property(None, None, None, 'ydoc')
    z = property(lambda s: 1)


p = P()
print(p.x, P.x.__doc__, P.y.__doc__)
p.x = 3
T(lambda: delattr(p, 'x'))
T(lambda: p.y)
T(lambda: setattr(p, 'z', 1))
T(lambda: delattr(p, 'z'))


class C:
    @classmethod
    def c(cls, *a):
        return cls.__name__, a

    @staticmethod
    def s(*a):
        return a

    def __init_subclass__(cls, **k):
        print('sub', cls.__name__, k)

    def __class_getitem__(cls, i):
        return i


class C2(C, z=1):
    pass


print(C2.c(1), C2().c(), C.s(2), C[4], C2.__mro__)
print(C.__dict__['c'], C.__dict__['s'].__wrapped__) if 0 else None


# super
class X:
    def f(s):
        return 'X'


class Y(X):
    def f(s):
        return 'Y' + super().f()


class Z(X):
    def f(s):
        return 'Z' + super().f()


class YZ(Y, Z):
    def f(s):
        return 'YZ' + super().f()

    @classmethod
    def cm(cls):
        return super().__repr__


print(YZ().f(), super(Y, YZ()).f(), YZ.__mro__)
T(lambda: super(Y, YZ).f(YZ()))
# mro conflicts
T(lambda: type('Q', (X, Y), {}))
T(lambda: type('Q', (X, X), {}))
T(lambda: type('Q', (object, X), {}))


class M(type):
    def mro(cls):
        return [cls, object]

    def __call__(cls, *a):
        return ('called', a)

    def __prepare__(name, bases, **k):
        return {'prep': 1}

    def __instancecheck__(cls, i):
        return True


class MM(metaclass=M):
    pass


print(MM(1), MM.prep, isinstance(3, MM), MM.__mro__, MM.__bases__)


# bases assign
class B1:
    def f(s):
        return 1


class B2:
    def f(s):
        return 2


class BC(B1):
    pass


b = BC()
print(b.f())
BC.__bases__ = (B2,)
print(b.f(), B1.__subclasses__(), B2.__subclasses__())
b.__class__ = B1
print(b.f(), type(b))
T(lambda: setattr(b, '__class__', A))


class N:
    __slots__ = ('x',)


class N2:
    __slots__ = ('x',)


class N3:
    __slots__ = ('y',)


n = N()
n.x = 3
n.__class__ = N2
print(n.x)
T(lambda: setattr(n, '__class__', N3))


# reduce
class R:
    def __init__(s):
        s.a = 1


print(R().__reduce_ex__(2), R().__getstate__())


class R2(R):
    __slots__ = ('q',)


r = R2()
r.q = 4
print(r.__reduce_ex__(4))
T(lambda: A().__reduce_ex__(1))
T(lambda: [1].__reduce_ex__(2)[0].__name__)
T(lambda: iter([]).__reduce_ex__(2))
T(lambda: type(sys).__reduce_ex__(sys, 2))
T(lambda: sys.stdout.__reduce_ex__(2))


class Ab(type):
    pass


print(Ab('k', (), {}).__class__, type(Ab))
T(lambda: object.__new__(A))
print(
    int.__add__.__doc__,
    int.__add__.__text_signature__,
    int.__add__.__qualname__,
    (1).__add__,
    list.append,
    [].append.__self__,
    dict.fromkeys,
    str.maketrans,
)
print(type.__dict__['__name__'], slice.__dict__['start'] if 'start' in slice.__dict__ else 0)
T(lambda: type.__dict__['__mro__'].__set__(A, 1))
print(A.__subclasses__(), object.__subclasses__()[:3], A.__dir__(x) == object.__dir__(x))
print(
    sorted(dir(x))[:5],
    x.__sizeof__(),
    (5).__sizeof__(),
    sys.getsizeof([]),
    sys.getsizeof(()),
    sys.getsizeof({}),
    sys.getsizeof(x),
    sys.getsizeof(r),
)
