# SPDX-License-Identifier: MIT
"""method(*args, **kwargs): reference counts inside, order of destruction, errors, generators, depth."""
import asyncio, sys, types, traceback
NOTHING = object()
class Dies:
    def __init__(self, name): self.name = name
    def __del__(self): print('dies', self.name)
class C:
    def __init__(self, *args, **kwargs): self.given = args, kwargs
    def counts(self, a=NOTHING, *rest, k=NOTHING, **more):
        rc = sys.getrefcount
        return rc(self), rc(a), rc(k), [rc(x) for x in rest], [rc(v) for v in more.values()], rc(C.counts)
    def plain(self, a, b): return a, b
    def drop(self, a, *rest, **kw):
        del a, rest, kw; print('dropped'); return 1
    def fails(self, a, b=2): raise KeyError(a)
    def gen(self, *a, **k):
        yield sys.getrefcount(self); yield a, sorted(k)
    async def coro(self, *a, **k): return a, k
    def down(self, n, *rest, **kw): return 0 if n == 0 else 1 + self.down(*(n - 1,) + rest, **kw)
    def frame(self, *a): return sys._getframe().f_back.f_code.co_name, sys._getframe().f_lineno - sys._getframe().f_code.co_firstlineno
    @classmethod
    def cls(cls, *a, **k): return cls.__name__, a, k
    def __call__(self, *a, **k): return 'called', a, k
class D(C):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
    def plain(self, *a): return super().plain(*a)
o, big = C(), object()
many = tuple(object() for _ in range(12))
for _ in range(15):
    m = o.counts
    seen = [m(*()), m(*(big,)), m(*(big, big)), o.counts(*many), m(*many, **{}), m(*(), **{'a': big}), m(big, **{'k': big}), o.counts(*many, **{'k': big, 'x': big, 'y': many}), m(*[big], k=big), m(**{'x': object()})]
for line in seen: print(line)
print(o.plain(*(1, 2)), D().plain(*(1, 2)), D(1, *(2,), x=3, **{'y': 4}).given, C.cls(*(1,), **{'a': 2}), o(*(1,), **{'z': 1}))
args = (Dies('a'), Dies('b')); kw = {'x': Dies('x')}
m = C().drop
print(m(*args, **kw)); print('now args'); del args, kw
print(C().drop(*(Dies('c'), Dies('d')), **{'y': Dies('y')}), 'after')
print(C().drop(*[Dies('e')]), 'after list')
def failing(f, *a, **k):
    try: f(*a, **k)
    except Exception as e: print(type(e).__name__, e, [t.name for t in traceback.extract_tb(e.__traceback__)])
for a, k in [((), {}), ((1,), {}), ((1, 2, 3), {}), ((1, 2), {'b': 3}), ((1,), {'c': 3}), ((), {'a': 1, 'b': 2}), ((1,), {'self': 2})]:
    failing(o.plain, *a, **k); failing(o.fails, *a, **k)
failing(lambda: o.plain(*3)); failing(lambda: o.plain(**{1: 2})); failing(lambda: o.plain(1, **{'b': 1}, **{'b': 2})); failing(lambda: o.plain(*(Dies('f'),), **{1: Dies('g')}))
print(list(o.gen(*(1, 2), **{'k': 3})), asyncio.run(o.coro(*(1,), **{'q': 2})))
g = C().gen(*(1,)); print(next(g)); del g
sys.setrecursionlimit(3000); print(o.down(*(2500,), **{'z': 1}))
try: o.down(*(10**6,))
except RecursionError as e: print(e, len(traceback.extract_tb(e.__traceback__)) > 900)
print(o.frame(*(1, 2)))
body = types.FunctionType(compile('x = 1\nr = sorted(k for k in locals() if k == "x")', '<b>', 'exec'), {})
print(types.MethodType(lambda *a: a, 5)(*(6,), *(7,)), types.MethodType(types.MethodType(lambda *a: a, 1), 2)(*(3,)))
try: types.MethodType(body, 1)(*())
except TypeError as e: print(e)
events = []
def profiler(frame, event, arg): events.append((event, frame.f_code.co_name))
sys.setprofile(profiler); o.plain(*(1, 2)); o.plain(*(1,), **{'b': 2}); sys.setprofile(None); print(events)
