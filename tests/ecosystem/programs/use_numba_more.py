# SPDX-License-Identifier: MIT
"""numba reads bytecode: every construct that it compiles, its kinds of functions, its classes, what it refuses."""
import collections
import pickle

import numpy as np
from numba import njit, jit, vectorize, guvectorize, prange, stencil, cfunc, types, typed, objmode
from numba.experimental import jitclass


def show(name, f):
    try:
        print(name, f())
    except Exception as e:
        print(name, "EXC", type(e).__name__, str(e).strip().splitlines()[0][:120])


@njit
def loops(a):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] < 0.2: continue
            if s > 1e6: break
            s += a[i, j] * a[j % a.shape[0], i % a.shape[1]]
    while s > 10:
        s /= 2
    return s


show("loops", lambda: round(loops(np.arange(100.).reshape(10, 10)), 6))


@njit(parallel=True)
def par(a):
    s = 0
    for i in prange(a.size):
        s += a[i]
    return s


show("parallel", lambda: par(np.arange(1000)))


@njit(fastmath=True, cache=False, nogil=True)
def arr(a, b):
    return np.dot(a, b) + np.sqrt(np.abs(a)).sum() + (a[::-1] * 2).max()


show("arrays", lambda: arr(np.arange(5.), np.arange(5.)))


@njit
def gen(n):
    for i in range(n):
        yield i * i


@njit
def usegen(n):
    s = 0
    for x in gen(n):
        s += x
    return s


show("generators", lambda: (usegen(10), list(gen(4))))


@njit
def closure(n):

    def inner(x):
        return x + n

    return [inner(i) for i in range(3)], {i: i * 2 for i in range(2)}, {1, 2, 3}


show("closures", lambda: closure(3)[0])


@njit
def strs(s, n):
    return s[::-1] + s.upper() + str(n) + "x" * 2, s.split("a"), s.find("b"), f"{s}-{n}"


show("strings", lambda: strs("banana", 5))


@njit
def tup(t):
    return t[0] + t[-1], len(t), t[::-1]


show("tuples", lambda: tup((1, 2, 3)))
NT = collections.namedtuple("NT", "x y")


@njit
def nt(p):
    return NT(p.y, p.x)


show("namedtuple", lambda: nt(NT(1, 2.5)))


@njit
def exc(x):
    if x == 0: raise ValueError("zero")
    try:
        if x == 1: raise KeyError
        return 5
    except Exception:
        return -1
    finally:
        pass


show("exc0", lambda: exc(0))
show("exc1", lambda: exc(1))
show("exc2", lambda: exc(2))
show("zerodiv", lambda: njit(lambda a, b: a // b)(1, 0))


@jitclass([("v", types.float64), ("a", types.float64[:])])
class V:

    def __init__(self, n):
        self.v = n
        self.a = np.zeros(3)

    def inc(self, k=1):
        self.v += k
        return self

    @property
    def d(self):
        return self.v * 2

    def __eq__(self, o):
        return self.v == o.v


show("jitclass", lambda: (V(3).inc().inc(4).v, V(3).d, V(3) == V(3)))


@vectorize(["i8(i8,i8)", "f8(f8,f8)"])
def vec(a, b):
    return a * b + 1


show("vectorize", lambda: (vec(np.arange(4), 2), vec.reduce(np.arange(4)), vec.accumulate(np.arange(3))))


@vectorize
def dvec(a):
    return a + 1


show("dufunc", lambda: (dvec(np.arange(3)), dvec(2.5), dvec.types))


@guvectorize(["void(f8[:],f8[:])"], "(n)->()")
def gu(a, o):
    o[0] = 0
    for x in a:
        o[0] += x


show("guvectorize", lambda: gu(np.ones((3, 4))))


@stencil
def st(a):
    return (a[-1] + a[0] + a[1]) / 3


show("stencil", lambda: st(np.arange(6.)))


@cfunc("f8(f8)")
def cf(x):
    return x * 2


show("cfunc", lambda: (cf.ctypes(2.5), cf.address != 0))


@njit
def om(x):
    with objmode(y="f8[:]"):
        y = np.sort(np.array([x, 1, 2.]))
    return y


show("objmode", lambda: om(1.5))


@jit(forceobj=True)
def fo(x):
    return {k: str(k) for k in x}, [*x], sorted(x)


show("forceobj", lambda: fo([1, 3, 2]))


@jit(forceobj=True, looplift=True)
def lift(x):
    d = dict(a=1)
    s = 0
    for i in range(x):
        s += i
    return s, d


show("looplift", lambda: lift(10))


@njit
def rec(n):
    return 1 if n < 2 else n * rec(n - 1)


show("recursion", lambda: rec(10))


@njit
def hof(f, x):
    return f(f(x))


show("firstclass", lambda: hof(njit(lambda v: v * 3), 2))
show("typed", lambda: (typed.List([1, 2, 3]), typed.Dict.empty(types.unicode_type, types.int64)))


@njit
def dd(keys):
    d = typed.Dict.empty(types.unicode_type, types.int64)
    for k in keys:
        d[k] = d.get(k, 0) + 1
    return d


show("typeddict", lambda: dict(dd(typed.List(["a", "b", "a"]))))
show("typing error", lambda: njit(lambda x: x.nothing)(1))
show("unsupported", lambda: njit(lambda x: [print(x, file=None)])(1))


@njit
def unsup(x):
    import os
    return os


show("unsupported2", lambda: unsup(1))


@njit
def withopen(x):
    with open("f") as f:
        return 1


show("unsupported3", lambda: withopen(1))


@njit
def kw(a, *args, b=2):
    return a + len(args) * b


show("kw", lambda: (kw(1), kw(1, 2, 3), kw(1, 2, b=5)))


def dis_stuff():
    return len(loops.inspect_llvm(loops.signatures[0])) > 100, loops.signatures, loops.nopython_signatures


show("inspect", dis_stuff)
show("pickle", lambda: pickle.loads(pickle.dumps(loops))(np.ones((2, 2))))


@njit
def mth(x):
    return abs(x), min(x, 3), round(x), int(x) // 2, x**3, divmod(x, 2), np.sin(x), bool(x) and x or 5


show("math", lambda: mth(2.75))


@njit
def boolchain(a, b, c):
    return (a < b < c) or not (a == b) and (c if a else b), a if b else c


show("bool", lambda: boolchain(1, 2, 3))


@njit
def rng():
    np.random.seed(5)
    return np.random.rand(), np.random.randint(10)


show("rng", rng)


@njit
def refs(n):
    l = [np.ones(3) for _ in range(n)]
    return l


def leak():
    from numba.core.runtime import rtsys
    refs(5)
    a = rtsys.get_allocation_stats()
    for _ in range(100):
        refs(5)
    b = rtsys.get_allocation_stats()
    return b.alloc - a.alloc == b.free - a.free


show("nrt leak", leak)
