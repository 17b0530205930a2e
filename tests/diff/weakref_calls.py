# SPDX-License-Identifier: MIT
"""weakref.ref called by place, with callbacks, with keywords, of subclasses, on what has no room for references."""
import gc, sys, weakref
class A: pass
class R(weakref.ref): pass
class K(weakref.ref):
    def __new__(cls, o, callback=None, *, key=None):
        self = super().__new__(cls, o, callback); self.key = key; return self
    def __init__(self, o, callback=None, *, key=None): super().__init__(o, callback)
a = A()
def gone(r): print('gone', type(r).__name__)
def attempt(f, *args, **kwargs):
    try: r = f(*args, **kwargs)
    except Exception as e: print(f.__name__, type(e).__name__, e)
    else: print(f.__name__, type(r).__name__, r() is a, r.__callback__)
for f in weakref.ref, R, K:
    for args, kwargs in [((), {}), ((a,), {}), ((a, None), {}), ((a, 3), {}), ((a, print, 1), {}), ((1,), {}), (('x', print), {}), ((a,), {'callback': None}), ((a, None), {'x': 1}), ((), {'o': a}), ((1,), {'x': 1}), ((a,), {'key': 2}), ((None,), {})]:
        attempt(f, *args, **kwargs)
for _ in range(20):
    r, s, q = weakref.ref(a), weakref.ref(a, gone), weakref.ref(a, None)
    try: weakref.ref(a, callback=gone)
    except TypeError as e: message = str(e)
print(r is q, r is s, message, weakref.getweakrefcount(a), sys.getrefcount(a), r == s, hash(r) == hash(s))
before = sys.getrefcount(weakref.ref); [weakref.ref(a, gone) for _ in range(5)]; print(sys.getrefcount(weakref.ref) - before)
k = [R(a, gone), K(a, gone, key=1), weakref.ref(a, gone), weakref.proxy(a, gone)]
print(weakref.getweakrefcount(a), [type(x).__name__ for x in weakref.getweakrefs(a)])
del a; gc.collect(); print(r() is None, s() is None)
