# SPDX-License-Identifier: MIT
"""Attributes kept in dicts of all forms: odd keys, collections, replaced values whose death looks."""
import gc, sys, types
class Key(str):
    def __hash__(self): return str.__hash__(self)
    def __eq__(self, other): print('asked', str(self), str(other)); return str.__eq__(self, other)
class Last:
    def __init__(self, n): self.n = n
    def __del__(self): print('dies', self.n, sorted(space.__dict__, key=str), getattr(space, 'a', None) is self)
class Over(types.SimpleNamespace):
    limit = 3
    @property
    def p(self): return 'property'
class Error(Exception): pass
def f(): pass
for make in types.SimpleNamespace, Over, Error, lambda: f, lambda: types.ModuleType('m'), lambda: type('C', (), {})():
    space = make()
    for name in 'a', 'b', 'c', 'a':
        setattr(space, name, 1)
    print(space.__dict__ if not isinstance(space, types.ModuleType) else space.a, hasattr(space, 'zz'))
    space.a = Last(1); space.a = Last(2); space.a = None
    del space.a
    for action in lambda: space.a, lambda: delattr(space, 'a'), lambda: setattr(space, 1, 2), lambda: getattr(space, 1):
        try: print(action())
        except Exception as e: print(type(e).__name__, e)
    space.__dict__[Key('k')] = 5
    print(space.k, getattr(space, 'k'), hasattr(space, 'other'))
    space.k = 6; print(space.k, type(list(space.__dict__)[-1]).__name__)
    space.__dict__[7] = 8; space.b = 9; print(space.b, getattr(space, Key('b')), getattr(space, 'nope', 'default'))
    setattr(space, Key('b'), 10); print(space.b, len(space.__dict__))
    for i in range(300): setattr(space, 'n%d' % i, i)
    print(sum(getattr(space, 'n%d' % i) for i in range(300)), space.n299)
    for i in range(0, 300, 2): delattr(space, 'n%d' % i)
    print(sum(getattr(space, 'n%d' % i, 0) for i in range(300)))
    space.a = space.b = space.k = None
o = Over(limit=5, a=1); print(o.limit, o.p, Over.limit); del o.limit; print(o.limit)
try: o.p = 1
except AttributeError as e: print(e)
o.__dict__['p'] = 'hidden'; print(o.p, vars(o))
n = types.SimpleNamespace(a=1); print(gc.is_tracked(n.__dict__)); n.a = []; print(gc.is_tracked(n.__dict__)); n.a.append(n)
import weakref
class W(types.SimpleNamespace): pass
w = W(a=1); w.a = w; r = weakref.ref(w); del w; gc.collect(); print(r())
big = object(); before = sys.getrefcount(big); n.b = big; n.b = big; print(sys.getrefcount(big) - before); del n.b; print(sys.getrefcount(big) - before)
def check(value):
    return 'yes' if value else 'no', 'no' if not value else 'yes', 'yes' if value and 1 else 'no'
class L(list):
    def __bool__(self): return False
class M(dict):
    def __len__(self): return 0
class T(str):
    def __len__(self): return 0
for v in '', 'x', [], [0], (), (0,), {}, {0: 0}, L([1]), M(a=1), T('x'), set(), {0}, b'', b'x', 0.0, 0, 1, 2**70, None, True, range(0), range(1), types.SimpleNamespace():
    for _ in range(3): r = check(v)
    print(type(v).__name__, r)
