# Random operation sequences on dict, OrderedDict, Counter, defaultdict, set, list, range; sorting.
import random, sys, zlib

R = random.Random(11)
rows = []


def show(*a):
    rows.append(' '.join(a))


def run(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, ascii(str(e)))
    return type(r).__name__ + ' ' + ascii(r)


def block(name, i):
    """A line for each block of rows; print(rows) here shows what is behind a difference."""
    print(name, i, len(rows), '%08x' % zlib.crc32('\n'.join(rows).encode()))
    rows.clear()


# -- cont --------------------------------------------------------------------------------------

import collections, itertools, operator


class K:
    def __init__(s, h, v):
        s.h = h
        s.v = v

    def __hash__(s):
        return s.h

    def __eq__(s, o):
        return isinstance(o, K) and s.v == o.v

    def __repr__(s):
        return 'K%d.%d' % (s.h, s.v)


def rk():
    return R.choice(
        [
            R.randint(0, 12),
            R.randint(-3, 3),
            str(R.randint(0, 12)),
            'abcdefgh'[R.randint(0, 7)],
            (R.randint(0, 3), 1),
            'None',
            True,
            False,
            1.0,
            2.5,
            K(R.randint(0, 3), R.randint(0, 4)),
            frozenset([R.randint(0, 3)]),
            b'a',
            1 << 61,
            -1,
            -2,
            1 << 64,
        ]
    )


BAD = [[], {}, set()]


def rkb():
    return R.choice(BAD) if R.random() < 0.03 else rk()


def idx():
    return R.choice([None, 0, 1, 2, -1, 5, 100, -100, R.randint(-12, 12), 1 << 70, -(1 << 70)])


def st(d):
    return ascii(d) + ' %d' % sys.getsizeof(d)


for i in range(220):
    if i % 10 == 9:
        block('cont', i)
    D = R.choice(
        [dict, dict, collections.OrderedDict, collections.defaultdict, collections.Counter]
    )
    d = D() if D is not collections.defaultdict else D(int)
    if D is dict and R.random() < 0.3:
        d = {'a': 1, 'b': 2, 'c': 3}
    for _ in range(R.randint(3, 40)):
        k = rkb()
        m = R.randint(0, 22)
        if m <= 4:
            r = run(d.__setitem__, k, R.randint(0, 9))
        elif m <= 6:
            r = run(d.__delitem__, k)
        elif m == 7:
            r = run(d.pop, k, *([5] if R.random() < 0.5 else []))
        elif m == 8:
            r = run(d.popitem)
        elif m == 9:
            r = run(d.setdefault, k, 3)
        elif m == 10:
            r = run(d.get, k)
        elif m == 11:
            r = run(
                d.update,
                R.choice(
                    [
                        {rk(): 1, rk(): 2},
                        [(rk(), 1)],
                        [(1, 2, 3)],
                        5,
                        [5],
                        d,
                        {'a': 9}.items(),
                        zip('ab', 'cd'),
                        {1: 5, 3: 6}.keys(),
                    ]
                ),
            )
        elif m == 12:
            r = run(d.copy)
        elif m == 13:
            r = run(lambda: d | {rk(): 1}) + run(lambda: {rk(): 2} | d) + run(lambda: d | [1])
        elif m == 14:
            o = {rk() for _ in range(4)}
            r = (
                run(lambda: sorted(map(repr, d.keys() & o)))
                + run(lambda: sorted(map(repr, d.keys() - o)))
                + run(lambda: sorted(map(repr, d.keys() ^ o)))
                + run(lambda: d.keys() <= o)
                + run(lambda: d.keys() == o)
                + run(lambda: d.keys().isdisjoint(o))
                + run(lambda: d.items() == {})
            )
        elif m == 15:
            r = (
                run(lambda: list(reversed(d)))
                + run(lambda: list(reversed(d.items())))
                + run(lambda: list(d.values()))
            )
        elif m == 16:
            r = run(lambda: d == dict(d)) + run(lambda: k in d) + run(lambda: d[k])
        elif m == 17 and R.random() < 0.2:
            r = run(d.clear)
        elif m == 18:

            def mut():
                o = []
                for x in d:
                    o.append(x)
                    if len(o) == 2:
                        d['new%d' % len(d)] = 1
                return o

            r = run(mut)
        elif m == 19:

            def mut2():
                o = []
                for x in d:
                    o.append(x)
                    d[x] = 4
                    if len(o) == 3:
                        del d[x]
                        d[x] = 9
                    if len(o) > 50:
                        break
                return o

            r = run(mut2)
        elif m == 20 and D is collections.OrderedDict:
            r = (
                run(d.move_to_end, k, R.random() < 0.5)
                if R.random() < 0.6
                else run(d.popitem, False)
            )
        elif m == 21:
            r = run(dict.fromkeys, [rk(), rk(), rk()], 1)
        else:
            r = run(lambda: d.__ior__([(rk(), 8)]))
        show('d', str(m), ascii(k), r, st(d))
    S = R.choice([set, set, frozenset])
    s = S(rk() for _ in range(R.randint(0, 12)))
    for _ in range(R.randint(3, 25)):
        k = rkb()
        o = R.choice(
            [
                {rk() for _ in range(R.randint(0, 8))},
                frozenset([rk(), rk()]),
                [rk(), rk()],
                {rk(): 1},
                s,
                5,
                'abc',
                [[]],
                set(),
            ]
        )
        names = [
            'add',
            'discard',
            'remove',
            'pop',
            'update',
            'difference_update',
            'intersection_update',
            'symmetric_difference_update',
            'union',
            'difference',
            'intersection',
            'symmetric_difference',
            'issubset',
            'issuperset',
            'isdisjoint',
            'copy',
            '__and__',
            '__or__',
            '__sub__',
            '__xor__',
            '__iand__',
            '__ior__',
            '__isub__',
            '__ixor__',
            '__eq__',
            '__lt__',
            '__le__',
            '__contains__',
            '__rsub__',
            '__ror__',
        ]
        n = R.choice(names)
        f = getattr(s, n, None)
        if f is None:
            continue
        r = (
            run(f)
            if n in ('pop', 'copy')
            else run(f, k)
            if n in ('add', 'discard', 'remove', '__contains__')
            else run(f, o)
            if R.random() < 0.8 or n.startswith('__')
            else run(f, o, [rk()])
        )
        show('s', n, ascii(k), ascii(o), r, st(s))
    l = [R.randint(0, 9) for _ in range(R.randint(0, 12))]
    for _ in range(R.randint(3, 25)):
        m = R.randint(0, 16)
        sl = slice(idx(), idx(), R.choice([None, None, 1, 2, -1, -2, 3, 0, 100]))
        v = R.choice([[1, 2, 3], (), 'ab', range(4), l, 5, {7: 1}, iter([8, 9]), [0] * 9])
        if m == 0:
            r = run(l.append, R.randint(0, 9))
        elif m == 1:
            r = run(l.insert, idx() or 0, 5)
        elif m == 2:
            r = run(l.pop, *([R.randint(-13, 13)] if R.random() < 0.6 else []))
        elif m == 3:
            r = run(l.remove, R.randint(0, 9))
        elif m == 4:
            r = run(l.extend, v)
        elif m == 5:
            r = run(l.__setitem__, sl, v)
        elif m == 6:
            r = run(l.__delitem__, sl)
        elif m == 7:
            r = run(l.__getitem__, sl)
        elif m == 8:
            r = run(l.__getitem__, idx())
        elif m == 9:
            r = run(
                l.index,
                R.randint(0, 9),
                *[x for x in (idx(), idx())[: R.randint(0, 2)] if x is not None],
            )
        elif m == 10:
            r = run(
                l.sort,
                reverse=R.random() < 0.5,
                key=R.choice([None, lambda x: -x, lambda x: x % 3]),
            )
        elif m == 11:
            r = run(l.__imul__, R.choice([0, 1, 2, -1]))
        elif m == 12:
            r = run(l.__iadd__, v) if not isinstance(v, list) or v is not l else run(l.__add__, l)
        elif m == 13:
            r = (
                run(lambda: l < [1, 2, 3])
                + run(lambda: l == list(l))
                + run(lambda: tuple(l)[sl])
                + run(lambda: tuple(l) * 2)
                + run(lambda: tuple(l) + (1,))
                + run(tuple(l).index, 3)
                + run(hash, tuple(l))
            )
        elif m == 14:
            r = run(l.reverse)
        elif m == 15:
            r = (
                run(lambda: range(idx() or 0, idx() or 3, R.choice([1, 2, -1, -3]))[sl])
                + run(lambda: sl.indices(10))
                + run(sl.indices, R.choice([-1, 0, 1 << 70]))
            )
        else:
            r = run(lambda: l * 2)
        if len(l) > 200:
            del l[20:]
        show('l', str(m), str(sl), r, ascii(l), str(sys.getsizeof(l)) if m != 10 else '')
    a, b, c = (R.choice([0, 1, 5, -3, 10, 1 << 66, R.randint(-20, 20)]) for _ in range(3))
    rg = None
    try:
        rg = range(a, b, c)
    except Exception as e:
        show('range', str(e))
    if rg is not None and abs(b - a) < 10000:
        sl = slice(idx(), idx(), R.choice([None, 1, 2, -1, -2]))
        show(
            'range',
            str(rg),
            run(len, rg),
            run(list, rg[:20]),
            run(lambda: rg[sl]),
            run(rg.index, R.randint(-20, 20)),
            run(rg.count, R.randint(-20, 20)),
            run(lambda: 3 in rg),
            run(lambda: list(reversed(rg))[:10]),
            (run(hash, rg) if len(rg[:2]) > 1 else ''),
            run(lambda: rg == range(a, b + 1, c)),
            run(lambda: rg[R.randint(-5, 5)]),
            run(lambda: bool(rg)),
            run(lambda: rg.__reduce__()),
        )
    # sorting of mixed things
    vals = [
        R.choice([R.randint(0, 50), R.random(), 'a', (1,), None])
        if R.random() < 0.04
        else R.choice([R.randint(0, 50), R.randint(0, 50) * 0.5])
        for _ in range(R.randint(0, 70))
    ]
    show(
        'sort',
        run(sorted, vals),
        run(sorted, vals, key=str),
        run(sorted, vals, key=repr, reverse=True),
        run(min, vals),
        run(max, vals, key=str),
        run(sum, vals),
    )
block('cont', 'end')
