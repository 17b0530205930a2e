# SPDX-License-Identifier: MIT
# Prints results and messages of container operations; the output must equal that of 3.11.
import sys


class R:
    def __init__(s, seed):
        s.x = seed

    def __call__(s, n):
        s.x = (s.x * 1103515245 + 12345) & 0x7FFFFFFF
        return (s.x >> 8) % n


r = R(1)
cmps = 0


class K:
    def __init__(s, v, i):
        s.v = v
        s.i = i

    def __lt__(s, o):
        global cmps
        cmps += 1
        return s.v < o.v


tot = 0
for n in [0, 1, 2, 3, 10, 31, 32, 33, 63, 64, 65, 66, 100, 127, 128, 129, 200, 500, 1000, 3000]:
    for mode in range(8):
        if mode == 0:
            v = [r(10**6) for _ in range(n)]
        elif mode == 1:
            v = [r(5) for _ in range(n)]
        elif mode == 2:
            v = list(range(n))
        elif mode == 3:
            v = list(range(n))[::-1]
        elif mode == 4:
            v = list(range(n))
            [v.__setitem__(r(n), r(n)) for _ in range(n // 20)]
        elif mode == 5:
            v = sorted(r(100) for _ in range(n // 2)) + sorted(r(1000) for _ in range(n - n // 2))
        elif mode == 6:
            v = [i % 7 for i in range(n)]
        else:
            v = sorted((r(1000) for _ in range(n)), reverse=True)
        ks = [K(x, i) for i, x in enumerate(v)]
        cmps = 0
        ks.sort()
        assert all((a.v, a.i) <= (b.v, b.i) for a, b in zip(ks, ks[1:])), (n, mode)
        tot = tot * 31 + cmps & 0xFFFFFFFFFF
        print(n, mode, cmps, end=' ')
        ks = [K(x, i) for i, x in enumerate(v)]
        ks.sort(key=lambda k: k.v, reverse=True)
        assert all((-a.v, a.i) <= (-b.v, b.i) for a, b in zip(ks, ks[1:])), (n, mode)
        assert sorted(map(str, v)) == sorted(map(str, v), key=lambda x: x)
        w = sorted(map(float, v))
        assert w == sorted(v)
        t = [(x, i) for i, x in enumerate(v)]
        assert sorted(t, reverse=True) == sorted(t)[::-1]
print(tot)


class E:
    n = 0

    def __init__(s, v):
        s.v = v

    def __lt__(s, o):
        E.n += 1
        if E.n > lim:
            raise ZeroDivisionError
        return s.v < o.v


for lim in range(0, 2000, 37):
    E.n = 0
    l = [E(r(100)) for _ in range(300)]
    c = set(map(id, l))
    try:
        l.sort()
    except ZeroDivisionError:
        pass
    assert set(map(id, l)) == c and len(l) == 300
l = [1, 2, 3]
try:
    l.sort(key=lambda x: l.append(x) or x)
except ValueError as e:
    print(e, l)
