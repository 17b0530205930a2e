# SPDX-License-Identifier: MIT
"""numpy's decisions by reference count: temporaries written in place, resize, and counts as C code sees them."""
import sys
import tracemalloc

import numpy as np

SIZE = 100_000  # doubles: large enough for numpy to reuse a temporary
ONES = np.ones(SIZE)


class Holder:
    array = ONES

    def __init__(self):
        self.own = np.ones(SIZE)


# -- Values that somebody still holds must not change ----------------------------------------------------------------

def argument(x): return x + 1, x
def default(x=ONES): return x + 1, x
def by_name(*, x): return x + 1, x
def packed(*x): return x[0] + 1, x[0]
def twice(x): return (x + x) + x, x
def reversed_operands(x): return 1 + x, x
def negative(x): return -x + 1, x
def augmented(x): y = x; y = y + 1; return y, x
def walrus(x): return (y := x * 1) + 1, y
def swapped(x): y = x * 1; x, y = y, x; return x + 1, x
def conditional(x): return (x if x is not None else 0) + 1, x
def either(x): return (None or x) + 1, x
def subscript(x): d = {"x": x}; return d["x"] + 1, d["x"]
def item(x): a = [x]; del x; return a[0] + 1, a[0]
def attribute(x): h = Holder(); return h.own + 1, h.own
def class_attribute(x): return Holder.array + 1, Holder.array
def global_name(x): return ONES + 1, ONES
def unpacked(x): a, *b = [x, x * 1]; del x; return b[0] + 1, b[0]
def comprehension(x): return [(y + 1, y) for y in [x * 1]][0]
def loop(x):
    for y in [x * 1]: return y + 1, y
def try_finally(x):
    y = x * 1
    try: return y + 1, y
    finally: del y
def cell(x):
    def inner(): return x + 1, x
    return inner()
def generator(x): return next((y + 1, y) for y in iter([x * 1]))
def suspended(x):
    def g(y): z = yield y + 1; yield y, z
    it = g(x * 1); first = next(it); return first, it.send(first)[0]
def from_star(x): return argument(*(x * 1,))
def from_mapping(x): return by_name(**{"x": x * 1})
def temporary(x): return argument(x * 1)
def method(x): return Holder.__dict__["plus"](Holder(), x * 1)
def evaluated(x): return eval("(x + 1, x)")
def mapped(x): return next(map(argument, [x * 1]))
def sorted_key(x): return sorted([x * 1], key=lambda y: float((y + 1)[0]))[0] + 1, x
def matched(x):
    match x * 1:
        case y: return y + 1, y
def with_item(x):
    import contextlib
    with contextlib.nullcontext(x * 1) as y: return y + 1, y
def from_except(x):
    try: raise ValueError(x * 1)
    except ValueError as e: return e.args[0] + 1, e.args[0]


def plus(self, x): return x + 1, x


Holder.plus = plus
CASES = [argument, default, twice, reversed_operands, negative, augmented, walrus, swapped, conditional, either,
         subscript, item, attribute, class_attribute, global_name, unpacked, comprehension, loop, try_finally, cell,
         generator, suspended, from_star, from_mapping, temporary, method, evaluated, mapped, sorted_key, matched,
         with_item, from_except, packed]


def held():
    for case in CASES:
        for _ in range(40):  # the later calls run specialised code
            new, old = case(np.ones(SIZE)) if case is not default else case()
        print(case.__name__, new[0], new[-1], old[0], old[-1], np.shares_memory(new, old))
    print(ONES[0], ONES[-1], Holder.array is ONES)


# -- Temporaries that nobody holds are reused: seen by the most memory in use at a time ------------------------------

def chain(a): return a + 1 + 2 + 3 + 4
def products(a): return a * 2 * 3 * 4 * 5
def mixed(a): return (a + 1) * (a - 1) + (a * 2 - 3)
def functions(a): return np.sqrt(np.abs(a * 2)) + 1
def negated(a): return -(a + 1) + 2
def powers(a): return (a + 1) ** 2 - 1
def named(a): b = a + 1; return b + 2 + b
def called(a): return chain(a + 1) + 1


def peak(function, a):
    tracemalloc.clear_traces()
    before = tracemalloc.get_traced_memory()[0]
    result = function(a)
    return round((tracemalloc.get_traced_memory()[1] - before) / a.nbytes, 1), float(result.sum())


def reused():
    tracemalloc.start()
    a = np.arange(SIZE, dtype=float)
    for function in (chain, products, mixed, functions, negated, powers, named, called):
        tracemalloc.reset_peak()
        print(function.__name__, [peak(function, a) for _ in range(3)][-1])
    tracemalloc.stop()


# -- resize refuses when a count is too high, and works when it is right ---------------------------------------------

def resize_local():
    a = np.ones(10); a.resize(20); return a.size
def resize_twice():
    a = b = np.ones(10); a.resize(20); return a.size
def resize_listed():
    a = [np.ones(10)]; a[0].resize(20); return a[0].size
def resize_attribute():
    h = Holder(); h.own.resize(5); return h.own.size
def resize_temporary(): return np.ones(10).resize(20)
def resize_cell():
    a = np.ones(10)
    def inner(): a.resize(20); return a.size
    return inner()
def resize_argument(a): a.resize(20); return a.size
def resize_passed(): return resize_argument(np.ones(10))
def resize_held():
    a = np.ones(10); return resize_argument(a)
def resize_view():
    a = np.ones(10); b = a[:5]; a.resize(20); return b
def resize_bound():
    a = np.ones(10); f = a.resize; f(20); return a.size


def resized():
    for f in (resize_local, resize_twice, resize_listed, resize_attribute, resize_temporary, resize_cell,
              resize_passed, resize_held, resize_view, resize_bound):
        for _ in range(20):
            try:
                said = f()
            except ValueError as e:
                said = str(e).splitlines()[0]
        print(f.__name__, said)


# -- Counts ----------------------------------------------------------------------------------------------------------

def counts():
    a = np.ones(3); o = np.empty(4, object); o[:] = [a] * 4
    print(sys.getrefcount(a), sys.getrefcount(np.ones(3)), sys.getrefcount(o[0]), [sys.getrefcount(x) for x in [a]])
    f = np.frompyfunc(sys.getrefcount, 1, 1); print(f(o).tolist(), f(np.array([object()], object)).tolist())
    print(np.vectorize(sys.getrefcount, otypes=[int])(o).tolist(), list(map(sys.getrefcount, o)))
    v = o[:2]; print(sys.getrefcount(o), sys.getrefcount(v), sys.getrefcount(v.base), sys.getrefcount(o.dtype) > 2)
    it = np.nditer([a, None], flags=["external_loop"]); print(sys.getrefcount(a)); it.close(); del it; print(sys.getrefcount(a))
    np.copyto(o, None); print(sys.getrefcount(a)); o.fill(a); print(sys.getrefcount(a)); del o, v; print(sys.getrefcount(a))


held(); reused(); resized(); counts()
