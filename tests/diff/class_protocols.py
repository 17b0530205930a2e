# Class machinery as the library uses it; errors of special methods.
import builtins


def print(*args):
    """Without addresses, which differ from run to run."""
    text = ' '.join(map(str, args))
    parts = text.split('0x')
    builtins.print('0x'.join(parts[:1] + [p.lstrip('0123456789abcdef') for p in parts[1:]]))


import enum, functools, collections, types, copyreg, copy


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Fl(enum.Flag):
    A = 1
    B = 2


class IE(enum.IntEnum):
    X = 3


print(Color.RED, Color(2), list(Color), Fl.A | Fl.B, IE.X + 1, Color['RED'], repr(Color.GREEN))


def T(f, *a):
    try:
        print(f(*a))
    except BaseException as e:
        print(type(e).__name__, e)


T(lambda: Color(5))
T(lambda: setattr(Color, 'RED', 1))
Pt = collections.namedtuple('Pt', 'x y')
p = Pt(1, 2)
print(p, p._replace(x=5), p._asdict(), Pt.__doc__, Pt._fields)


@functools.total_ordering
class O:
    def __init__(s, v):
        s.v = v

    def __eq__(s, o):
        return s.v == o.v

    def __lt__(s, o):
        return s.v < o.v


print(O(1) <= O(2), O(3) > O(2))


class CP:
    @functools.cached_property
    def x(s):
        print('computed')
        return 5


c = CP()
print(c.x, c.x, c.__dict__)


class CC:
    def __init__(s):
        s.l = [1]
        s.s = s


a = CC()
b = copy.deepcopy(a)
print(b.s is b, b.l is not a.l, copy.copy(a).l is a.l)


class Sl:
    __slots__ = ('a', 'b')


s = Sl()
s.a = 1
d = copy.copy(s)
print(d.a, hasattr(d, 'b'))


class DictSub(dict):
    pass


class LS(list):
    def __init__(s, *a):
        super().__init__(*a)
        s.z = 1


x = LS([1, 2])
y = copy.copy(x)
print(y, y.z, type(y))
dd = DictSub(a=1)
dd.q = 2
e = copy.deepcopy(dd)
print(e, e.q)


# class machinery stress: caches invalidation
class A:
    def f(s):
        return 1


class B(A):
    pass


b = B()
r = []
for i in range(200):
    r.append(b.f())
    if i == 100:
        A.f = lambda s: 2
    if i == 150:
        B.f = lambda s: 3
    if i == 180:
        del B.f
print(sum(r))


class Meta(type):
    def __getattr__(cls, n):
        return 'meta_' + n

    @property
    def pp(cls):
        return cls.__name__


class MC(metaclass=Meta):
    z = 1


print(MC.foo, MC.z, MC.pp)
T(lambda: MC().foo)


# many attrs
class Many:
    pass


m = Many()
for i in range(100):
    setattr(m, 'a%d' % i, i)
print(len(m.__dict__), m.a50, sorted(m.__dict__)[:3])
for i in range(0, 100, 2):
    delattr(m, 'a%d' % i)
print(len(vars(m)), m.a51)
T(lambda: m.a50)
m.__dict__ = {'q': 1}
print(m.q)
T(lambda: m.a51)
del m.__dict__
print(m.__dict__)
m.r = 1
print(m.__dict__)


class K2(Many):
    def __init__(s):
        s.x = 1
        s.y = 2
        del s.x
        s.x = 3


print(vars(K2()), list(K2().__dict__))
o = K2()
o.__class__ = Many
print(o.y)


# exceptions in special methods
class Bad:
    def __eq__(s, o):
        1 / 0

    def __repr__(s):
        return 3

    def __str__(s):
        return 4

    def __len__(s):
        return -1

    def __bool__(s):
        return 5

    def __hash__(s):
        return 'x'

    def __iter__(s):
        return 3

    def __index__(s):
        return 'a'

    def __init__(s, *a):
        if a:
            return 3

    def __contains__(s, x):
        raise KeyError

    def __getattr__(s, n):
        raise ValueError(n)


bd = Bad()
for f in (
    lambda: bd == 1,
    lambda: repr(bd),
    lambda: str(bd),
    lambda: len(bd),
    lambda: bool(bd),
    lambda: hash(bd),
    lambda: iter(bd),
    lambda: [1][bd],
    lambda: Bad(1),
    lambda: 1 in bd,
    lambda: bd.q,
    lambda: hasattr(bd, 'z'),
    lambda: bd + 1,
    lambda: bd < 1,
    lambda: -bd,
    lambda: bd(),
    lambda: bd[0],
    lambda: setattr(bd, 1, 2),
    lambda: getattr(bd, 1),
    lambda: bd(1),
):
    T(f)
T(lambda: type('X', (), {}, a=1))
T(lambda: type('X', (), []))
T(lambda: type(1, (), {}))
T(lambda: type('X', [], {}))
T(lambda: type())
T(type.__new__)
T(type.__new__, type)
T(type.__new__, int, 'a', (), {})
T(lambda: types.new_class('NC', (list[int],)).__bases__)
print(types.resolve_bases((list[int],)), types.prepare_class('x', (int,))[0])


class WithCell:
    def f(s):
        return __class__


print(WithCell().f())


def mk(name, bases, ns):
    return 5


class Five(metaclass=mk):
    pass


print(Five)


class Q:
    class R:
        pass

    def f(s):
        return lambda: 0


print(Q.R.__qualname__, Q.f.__qualname__, Q().f().__qualname__, Q.R)
Q.R.__qualname__ = 'zz'
print(Q.R)
Q.R.__name__ = 'yy'
print(Q.R, Q.R.__name__)
Q.R.__module__ = 'mm'
print(Q.R)
T(lambda: setattr(Q, '__qualname__', 3))
print(Q.__doc__)
Q.__doc__ = 'dd'
print(Q.__doc__, Q.__annotations__)
Q.__annotations__ = {'a': int}
print(Q.__annotations__)


class AN:
    x: int = 3
    y: str


print(AN.__annotations__, AN.__dict__.get('y'))
T(lambda: int.__annotations__)
print(
    object.__reduce_ex__(Q(), 2)[0].__name__,
    Q.__subclasshook__(3),
    object().__dir__() == dir(object()),
    Q.__sizeof__(Q) > 900,
    type.__sizeof__(int),
)
for t in (1, 'a', [], {}, (), set(), 1.5, None, b''):
    T(lambda: setattr(t, 'zz', 1))
    T(lambda: setattr(type(t), 'zz', 1))
T(lambda: object().__class__.__mro__)
T(lambda: int.__bases__)
T(lambda: setattr(int, '__bases__', (object,)))
