# SPDX-License-Identifier: MIT
"""bisect: bounds, keys, lists that change while they are compared, texts of all widths; who is asked."""
import bisect, heapq
class I:
    def __index__(self): return 2
class Mean:
    def __init__(s, n): s.n = n
    def __lt__(s, o): L.clear(); return s.n < o.n
class T(list):
    def __getitem__(s, i): print('item', i); return list.__getitem__(s, i)
    def insert(s, i, x): print('insert', i); list.insert(s, i, x)
L = list(range(0, 20, 2))
W = sorted(['', 'a', 'ab', 'abc', 'b', 'é', 'ÿ', '\u0100', '\u20ac', '\U0001f600', 'zz', 'z\0', 'z'])
class S(str):
    def __lt__(s, o): return str.__gt__(s, o)
def attempt(f, *a, **k):
    try: print(f.__name__, f(*a, **k))
    except Exception as e: print(f.__name__, type(e).__name__, e)
for f in bisect.bisect_left, bisect.bisect_right, bisect.bisect:
    for x in [-1, 0, 4, 5, 18, 30, 4.0, 4.5, 2**70, -2**70]:
        attempt(f, L, x)
    for a, k in [((), {}), ((L,), {}), ((L, 3, 2), {}), ((L, 3, 2, 5), {}), ((L, 3, 0, None), {}), ((L, 3, -1), {}), ((L, 3, 0, 99), {}), ((L, 3, 0, -1), {}), ((L, 3, 0, -5), {}), ((L, 3, 'x'), {}), ((L, 3, 0, 'x'), {}), ((L, 3, 1.0), {}), ((L, 3, I()), {}), ((L, 3, 0, I()), {}), ((L, 3, None), {}), ((L, 3, 10**30), {}), ((L, 3, 0, 10**30), {}), ((L, 3, 0, 5, None), {}), ((L,), {'x': 7}), ((), {'a': L, 'x': 7, 'lo': 1, 'hi': 3, 'key': None}), ((L, 7), {'key': lambda v: v * 2}), ((L, 7), {'keys': 1}), ((L, 7), {'a': L}), ((tuple(L), 7), {}), ((range(50), 7), {}), ((T(L), 7), {}), ((5, 7), {}), ((L, 'x'), {}), ((L, 7, True), {})]:
        attempt(f, *a, **k)
    for w in W + ['aa', '\u00ff\u0100', 'zzz', S('ab')]:
        attempt(f, W, w)
    attempt(f, [S('b'), S('a')], 'ab'); attempt(f, ['a', 'b', S('c')], 'c')
    keep = L; L = [Mean(i) for i in range(9)]; attempt(f, L, Mean(4)); L = keep
for f in bisect.insort_left, bisect.insort_right, bisect.insort:
    l = []
    for x in [5, 1, 4, 4.0, True, 2, 9, 0.5]: f(l, x)
    print(l)
    w = []
    for x in ['b', 'é', 'a', '\u20ac', '', 'ba', 'b']: f(w, x)
    print(w)
    t = T([1, 3]); attempt(f, t, 2); attempt(f, (1,), 2); attempt(f, [1], 2, key=lambda v: -v); attempt(f, [3, 2, 1], 2, 0, None, key=lambda v: -v)
h = []
for x in ['b', 'é', 'a', '\u20ac', '', 'ba', 'b', 'B', '\xff\xfe']: heapq.heappush(h, x)
print(h, [heapq.heappop(h) for _ in range(len(h))], heapq.nsmallest(3, W), heapq.nlargest(3, W))
print(sorted(['b\0', 'b', 'a\xff', 'a', '\xff', 'é' * 3, 'é' * 2]), min('b', 'a'), max('é', 'z'), min(['é', '\u0100']))
