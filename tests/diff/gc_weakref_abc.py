# Collector, weak references, abstract base classes, generic aliases, unions.
import builtins


def print(*args):
    """Without addresses, which differ from run to run."""
    text = ' '.join(map(str, args))
    parts = text.split('0x')
    builtins.print('0x'.join(parts[:1] + [p.lstrip('0123456789abcdef') for p in parts[1:]]))


import gc, weakref, _weakref, sys, types
import abc


def T(f, *a):
    try:
        print(f(*a))
    except BaseException as e:
        print(type(e).__name__, e)


gc.collect()


class A:
    pass


a = A()
a.me = a
r = weakref.ref(a, lambda r: print('cb', r() is None))
del a
print(gc.collect(), r())


class F:
    n = 0

    def __init__(s):
        s.me = s

    def __del__(s):
        F.n += 1
        F.keep = s


f = F()
w = weakref.ref(f)
del f
print(gc.collect(), F.n, w() is None)
del F.keep
print(gc.collect(), F.n, w() is None)
print(
    gc.is_tracked([]),
    gc.is_tracked(()),
    gc.is_tracked({}),
    gc.is_tracked({1: 2}),
    gc.is_tracked({1: []}),
    gc.is_tracked((1,)),
    gc.is_tracked(3),
    gc.is_tracked(A),
)
gc.collect()
t = (1, 2)
print(gc.is_tracked(t))
print(gc.get_threshold(), gc.isenabled(), gc.get_debug(), gc.garbage, gc.callbacks)
T(lambda: gc.collect(3))
T(lambda: gc.get_objects(5))
T(lambda: len(gc.get_objects(-1)) > 9)
T(lambda: gc.collect('a'))
T(lambda: gc.get_objects(generation='x'))
l = []
print(gc.get_referents([1, l]), len(gc.get_referrers(l)))


def cb(p, i):
    print(p, sorted(i))


gc.callbacks.append(cb)
x = []
x.append(x)
del x
print(gc.collect())
gc.callbacks.remove(cb)
print([sorted(s) for s in gc.get_stats()][0])
gc.freeze()
print(gc.get_freeze_count() > 100)
gc.unfreeze()
print(gc.get_freeze_count())
gc.set_debug(gc.DEBUG_SAVEALL)
x = []
x.append(x)
del x
gc.collect()
print(len(gc.garbage))
gc.set_debug(0)
gc.garbage.clear()
print(gc.is_finalized(3))
gc.disable()
print(gc.isenabled())
gc.enable()
gc.set_threshold(500, 5, 5)
print(gc.get_threshold())
gc.set_threshold(700, 10, 10)
# deep dealloc
l = None
for i in range(200000):
    l = [l]
del l


class N:
    pass


n = None
for i in range(100000):
    m = N()
    m.n = n
    n = m
del n, m
d = None
for i in range(100000):
    d = {1: d}
del d
t = None
for i in range(100000):
    t = (t,)
del t


# weakrefs
class K:
    def __len__(s):
        return 3

    def __add__(s, o):
        return 'add', type(o).__name__

    def __hash__(s):
        return 5

    def __eq__(s, o):
        return type(o) is K

    def m(s):
        return 9

    def __bytes__(s):
        return b'z'

    def __iter__(s):
        return iter([1])

    def __contains__(s, x):
        return x == 1


k = K()
p = weakref.proxy(k)
r1 = weakref.ref(k)
r2 = weakref.ref(k)
print(
    r1 is r2,
    len(p),
    p + p,
    p.m(),
    bool(p),
    bytes(p),
    list(p),
    1 in p,
    weakref.getweakrefcount(k),
    r1 == r2,
    hash(r1),
    p == k,
    isinstance(p, K),
    type(p).__name__,
    p.__class__,
)
T(lambda: hash(p))
T(lambda: p())
p.q = 3
print(k.q)
del p.q
T(lambda: k.q)
o = []
rs = [weakref.ref(k, lambda r, i=i: o.append(i)) for i in range(5)]
del k
print(o, r1(), r1 != r2, r1 == r1)
T(lambda: p.m())
T(lambda: len(p))
T(lambda: weakref.ref(3))
T(lambda: hash(rs[0]))
print(str(rs[0])[:8], r1.__callback__)


class WR(weakref.ref):
    pass


k = K()
wr = WR(k)
print(wr() is k, wr == weakref.ref(k), wr is not WR(k), weakref.getweakrefs(k)[0] is weakref.ref(k))
c = weakref.proxy(lambda x: x + 1)
fn = lambda x: x + 1
c = weakref.proxy(fn)
print(c(2), type(c).__name__)
wd = weakref.WeakValueDictionary()
wd['a'] = k
ks = weakref.WeakKeyDictionary({k: 1})
ws = weakref.WeakSet([k])
print(len(wd), len(ks), len(ws))
del k
gc.collect()
print(len(wd), len(ks), len(ws))


def fin(*a):
    print('fin', a)


k = K()
ff = weakref.finalize(k, fin, 1, 2)
del k
print(ff.alive)


# abc
class Ab(abc.ABC):
    @abc.abstractmethod
    def f(s):
        ...

    @property
    @abc.abstractmethod
    def g(s):
        ...


T(Ab)
print(sorted(Ab.__abstractmethods__), Ab.__flags__ >> 20 & 1)


class Ac(Ab):
    def f(s):
        pass


T(Ac)


class Ad(Ac):
    g = 1


print(Ad().g)
Ab.register(int)
print(isinstance(3, Ab), issubclass(bool, Ab), issubclass(str, Ab))
T(lambda: Ab.register(3))


class Sz(abc.ABC):
    @classmethod
    def __subclasshook__(cls, C):
        return True if hasattr(C, '__len__') else NotImplemented


print(isinstance([], Sz), isinstance(3, Sz))
import collections.abc as ca

print(
    isinstance([], ca.Sequence),
    isinstance({}, ca.Mapping),
    isinstance((), ca.Hashable),
    issubclass(list, ca.Sized),
    isinstance(3, ca.Iterable),
)
match [1, 2]:
    case [a, b]:
        print(a, b)
# generic alias
import typing

Tv = typing.TypeVar('Tv')
Ts = typing.TypeVarTuple('Ts')
print(
    list[int],
    dict[str, list[int]],
    tuple[int, ...],
    list[Tv][int],
    list[Tv].__parameters__,
    tuple[Ts] if 0 else '',
    list[int] == list[int],
    hash(list[int]) == hash(list[int]),
    list[int]([1, 2]),
    list[int].__origin__,
    type[int],
    int | None,
    int | str | int,
    (int | list[Tv])[str],
    isinstance(3, int | str),
    issubclass(bool, int | str),
    tuple[()],
)
T(lambda: list[int][str])
T(lambda: isinstance([], list[int]))
T(lambda: int | 3)
print(list[int].append, *tuple[int, str])
print((int | str) == (str | int), hash(int | str) == hash(str | int), (int | str).__args__)
print(tuple[int, *Ts][str, bytes], tuple[*tuple[int, ...]], list[*tuple[int, str]])


class LL(list[int]):
    pass


print(LL.__bases__, LL.__orig_bases__)
