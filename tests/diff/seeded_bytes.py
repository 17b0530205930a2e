# Random bytes and bytearray methods, memoryview casts and slices.
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


# -- byts --------------------------------------------------------------------------------------


def rb(n=None, pool=None):
    if n is None:
        n = R.choice([0, 1, 2, 3, 5, 8, 20, 50])
    pool = pool or R.choice(
        [
            b'ab',
            b'abcAB',
            b' \t\n\r\x0b\x0c\x1c\x85',
            bytes(range(256)),
            b'0123456789abcdefxyz',
            b'\0\xff',
        ]
    )
    return bytes(R.choice(pool) for _ in range(n))


def sub(s):
    if s and R.random() < 0.6:
        i = R.randint(0, len(s))
        return s[i : min(len(s), i + R.randint(0, 4))]
    return rb(R.randint(0, 3))


def idx():
    return R.choice([None, 0, 1, 2, -1, 5, 100, -100, R.randint(-30, 30), 1 << 70, -(1 << 70)])


un = 'upper lower title capitalize swapcase isalnum isalpha isascii isdigit islower isspace istitle isupper strip lstrip rstrip split rsplit splitlines expandtabs hex copy reverse clear __len__ __sizeof__ __alloc__ __repr__ __str__ __reduce__'.split()


for i in range(120):
    if i % 10 == 9:
        block('byts', i)
    a, b, c = rb(), None, None
    b = sub(a)
    c = sub(a)
    for T in (bytes, bytearray):

        def x():
            return T(a)

        show('S', T.__name__, ascii(a), ascii(b), ascii(c))
        for u in un:
            if T is bytes and u == '__sizeof__' or T is bytearray:
                pass
            v = x()
            show(u, run(getattr(v, u)) if hasattr(v, u) else '-', ascii(v))
        lo, hi = idx(), idx()
        bb = R.choice([b, bytearray(b), memoryview(b), 97, 300, -1, 'a', None])
        for m in ('find', 'rfind', 'index', 'rindex', 'count', 'startswith', 'endswith'):
            show(
                m,
                run(getattr(x(), m), bb if not isinstance(bb, memoryview) else bb),
                run(getattr(x(), m), b, lo),
                run(getattr(x(), m), b, lo, hi),
            )
        show(
            run(x().startswith, (c, b)), run(x().endswith, (c, b), lo), run(x().startswith, ('a',))
        )
        k = R.choice([-1, 0, 1, 2, 5])
        show(
            run(x().split, b),
            run(x().split, b, k),
            run(x().split, None, k),
            run(x().rsplit, b),
            run(x().rsplit, b, k),
            run(x().rsplit, None, k),
            run(x().partition, b),
            run(x().rpartition, b),
        )
        show(
            run(x().replace, b, c),
            run(x().replace, b, c, k),
            run(x().replace, b, b''),
            run(x().replace, b'', c, k),
            run(x().strip, b),
            run(x().lstrip, b),
            run(x().rstrip, b + c),
            run(x().removeprefix, b),
            run(x().removesuffix, b),
            run(x().splitlines, True),
        )
        w = R.choice([0, 1, 5, 10, 63, len(a), len(a) + 1, len(a) + 4, -1])
        f = R.choice([b' ', b'*', b'ab', b'', 'x', bytearray(b'z')])
        for m in ('center', 'ljust', 'rjust'):
            show(m, run(getattr(x(), m), w), run(getattr(x(), m), w, f))
        show(
            run(x().zfill, w),
            run(x().expandtabs, R.choice([0, 1, 4, 8, -1])),
            run(T(c).join, [a, bytearray(b), memoryview(c)]),
            run(lambda: x() * R.choice([0, 1, 2, 3, -1])),
            run(lambda: x() + b),
            run(lambda: x() + bytearray(b)),
            run(lambda: b in x()),
            run(lambda: bb in x()),
        )
        s = slice(idx(), idx(), R.choice([None, 1, 2, -1, -2, 3, 100, -100, 0]))
        show(str(s), run(lambda: x()[s]), run(lambda: x()[idx() or 0]))
        for op in ('__lt__', '__le__', '__eq__', '__ne__', '__gt__', '__ge__'):
            show(
                run(getattr(x(), op), b),
                run(getattr(x(), op), bytearray(c)),
                run(getattr(x(), op), memoryview(a)),
                run(getattr(x(), op), 'a'),
            )
        t = bytes(R.sample(range(256), 256))
        show(
            run(x().translate, t),
            run(x().translate, None, b),
            run(x().translate, t, b),
            run(x().translate, t[:255]),
            run(T.maketrans, b, b[::-1]),
            run(T.maketrans, b, c),
        )
        h = ''.join(
            R.choice('0123456789abcdefABCDEF' if R.random() < 0.97 else ' \tg\u0661')
            for _ in range(R.randint(0, 20))
        )
        show(
            run(T.fromhex, h),
            run(x().hex, '-', R.choice([1, 2, 3, -2, 0])),
            run(x().hex, 'ab'),
            run(x().hex, b':', 4),
        )
        show(
            run(T, a.decode('latin-1'), 'latin-1'),
            run(
                T,
                R.choice(
                    [
                        5,
                        -1,
                        1 << 70,
                        [1, 2],
                        [256],
                        [-1],
                        ['a'],
                        (3, 4),
                        1.5,
                        'abc',
                        None,
                        {1: 2},
                        range(4),
                        b'zz',
                        iter([1, 2]),
                    ]
                ),
            ),
            run(int, x()),
            run(float, x()),
            run(lambda: x().decode('utf-8', 'replace')),
        )
    ba = bytearray(a)
    for _ in range(6):
        k = R.randint(0, 11)
        v = R.choice([5, 255, 256, -1, 97, 'a', None, 1 << 70])
        s = slice(idx(), idx(), R.choice([None, None, 1, 2, -1, 3]))
        z = R.choice(
            [b, bytearray(c), memoryview(b), [1, 2, 3], 'str', 7, b'xyz' * 4, [300], iter([4, 5])]
        )
        if k == 0:
            r = run(ba.append, v)
        elif k == 1:
            r = run(ba.insert, R.randint(-9, 9), v)
        elif k == 2:
            r = run(ba.pop, *([R.randint(-9, 9)] if R.random() < 0.6 else []))
        elif k == 3:
            r = run(ba.remove, v)
        elif k == 4:
            r = run(ba.extend, z)
        elif k == 5:
            r = run(ba.__setitem__, s, z)
        elif k == 6:
            r = run(ba.__delitem__, s)
        elif k == 7:
            r = run(ba.__setitem__, R.randint(-20, 20), v)
        elif k == 8:
            r = run(ba.__delitem__, R.randint(-20, 20))
        elif k == 9:
            r = run(ba.__iadd__, z)
        elif k == 10:
            r = run(ba.__imul__, R.choice([0, 1, 2, 3, -1]))
        else:
            r = run(ba.extend, ba)
        if len(ba) > 3000:
            del ba[50:]
        show(
            'ba',
            str(k),
            r if len(r) < 500 else str(len(r)),
            ascii(ba),
            str(len(ba)),
            str(ba.__alloc__()),
        )
block('byts', 'end')


# -- memv --------------------------------------------------------------------------------------

import array, struct

FM = [
    'B',
    'b',
    'c',
    'h',
    'H',
    'i',
    'I',
    'l',
    'L',
    'q',
    'Q',
    'n',
    'N',
    'f',
    'd',
    '?',
    'P',
    '@B',
    '@h',
    '<h',
    '>i',
    'x',
    'e',
    's',
    'BB',
    '',
    '@',
    'Z',
    '@q',
]


def idx():
    return R.choice([None, 0, 1, 2, -1, 5, 100, -100, R.randint(-12, 12), 1 << 70])


def facts(m):
    return run(
        lambda: (
            m.format,
            m.itemsize,
            m.ndim,
            m.shape,
            m.strides,
            m.suboffsets,
            m.nbytes,
            m.readonly,
            m.c_contiguous,
            m.f_contiguous,
            m.contiguous,
            len(m),
            m.tolist(),
            m.tobytes(),
            m.hex(),
        )
    )


for i in range(400):
    if i % 10 == 9:
        block('memv', i)
    n = R.choice([0, 1, 8, 12, 16, 24, 48])
    base = R.choice([bytes, bytearray])(R.randbytes(n))
    if R.random() < 0.3:
        tc = R.choice('bBhHiIlLqQfdu')
        base = array.array(tc)
        try:
            base.frombytes(R.randbytes(base.itemsize * R.randint(0, 6)))
        except ValueError:
            pass
        if tc == 'u':
            base = array.array('u', 'ab\u20ac')
    m = memoryview(base)
    show('new', type(base).__name__, facts(m))
    hist = [m]
    for _ in range(R.randint(1, 5)):
        k = R.randint(0, 6)
        m = hist[-1]
        new = None
        if k <= 1:
            f = R.choice(FM)
            sh = R.choice(
                [
                    None,
                    None,
                    None,
                    (2, 3),
                    [4, 2],
                    (1, 1, 1),
                    (n,),
                    (2, 2, 2),
                    (0,),
                    (3, -1),
                    ('a',),
                    5,
                    (),
                    [2, 3, 4],
                ]
            )
            try:
                new = m.cast(f) if sh is None else m.cast(f, sh)
            except Exception as e:
                show('cast', f, str(sh), type(e).__name__, ascii(str(e)))
        elif k == 2:
            s = R.choice(
                [
                    slice(idx(), idx(), R.choice([None, 1, 2, -1, -2, 0])),
                    (slice(None), slice(1, 2)),
                    ...,
                    (0, 1),
                    (1,),
                    (0, 0),
                    (0, ...),
                    'a',
                    1.5,
                ]
            )
            try:
                r = m[s]
                if isinstance(r, memoryview):
                    new = r
                else:
                    show('item', str(s), ascii(r))
            except Exception as e:
                show('slice', str(s), type(e).__name__, ascii(str(e)))
        elif k == 3:
            j = R.choice([0, 1, -1, 3, 100, R.randint(-5, 5)])
            show('get', str(j), run(m.__getitem__, j))
            v = R.choice(
                [
                    0,
                    1,
                    -1,
                    255,
                    256,
                    1 << 15,
                    1 << 31,
                    1 << 63,
                    -(1 << 63),
                    1 << 64,
                    1.5,
                    float('nan'),
                    b'a',
                    b'ab',
                    'a',
                    True,
                    None,
                    complex(1),
                ]
            )
            show('set', str(j), ascii(v), run(m.__setitem__, j, v), facts(m))
        elif k == 4:
            s = slice(idx(), idx(), R.choice([None, 1, 2, -1]))
            v = R.choice(
                [
                    b'ab',
                    b'',
                    bytearray(b'xyzw'),
                    hist[0],
                    m,
                    R.randbytes(8),
                    'a',
                    5,
                    array.array('h', [1, 2]),
                ]
            )
            show('setslice', str(s), run(m.__setitem__, s, v), facts(m))
        elif k == 5:
            o = R.choice(
                [
                    b'',
                    bytes(base),
                    hist[0],
                    array.array('i', [1, 2]),
                    5,
                    bytes(3),
                    memoryview(bytes(base)).cast('b'),
                ]
            )
            show(
                'cmp',
                run(m.__eq__, o),
                run(m.__ne__, o),
                run(m.__lt__, o),
                run(hash, m) if isinstance(base, bytes) and m.format in 'Bbc' else '',
                run(lambda: 5 in m),
                run(lambda: list(m)),
                run(lambda: list(reversed(m))),
            )
        else:
            show(
                'misc',
                run(m.toreadonly),
                run(m.tobytes, R.choice(['C', 'F', 'A', None, 'Z'])),
                run(m.hex, '-', 2),
                run(bytes, m),
                run(lambda: m.obj is base),
                run(m.__contains__, 1),
                run(m.__delitem__, 0),
            ) if False else show(
                'misc',
                facts(m.toreadonly()),
                run(m.tobytes, R.choice(['C', 'F', 'A', None, 'Z'])),
                run(m.hex, '-', 2),
                run(bytes, m),
                run(lambda: m.obj is base),
                run(m.__delitem__, 0),
                run(struct.unpack_from, 'B', m),
                run(len, m),
            )
        if new is not None:
            hist.append(new)
            show('view', facts(new))
    if R.random() < 0.5:
        hist[0].release()
        show(
            'released',
            *[facts(h) for h in hist],
            *[
                run(f)
                for f in (
                    m.tolist,
                    m.tobytes,
                    lambda: len(m),
                    lambda: m[0],
                    lambda: hash(m),
                    lambda: m == b'',
                    lambda: (m.__enter__(), 1)[1],
                    m.release,
                    lambda: m == m,
                )
            ],
        )
        if isinstance(base, bytearray):
            show(run(base.append, 1))
block('memv', 'end')
