# Random int and float operations, conversions and texts.
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


# -- ints --------------------------------------------------------------------------------------

import operator, math

sys.set_int_max_str_digits(0)


def rint():
    k = R.random()
    if k < 0.15:
        return R.randint(-10, 300)
    if k < 0.3:
        v = R.getrandbits(R.choice([28, 29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 90, 120, 128]))
    elif k < 0.5:
        v = (1 << R.randint(0, 400)) + R.randint(-2, 2)
    elif k < 0.6:
        v = (1 << R.randint(0, 3000)) - (1 << R.randint(0, 3000))
    elif k < 0.95:
        v = R.getrandbits(R.randint(1, 700))
    else:
        v = R.getrandbits(R.randint(1, 9000))
    return -v if R.random() < 0.4 else v


ops = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.floordiv,
    operator.mod,
    divmod,
    operator.truediv,
    operator.and_,
    operator.or_,
    operator.xor,
    operator.lt,
    operator.eq,
    operator.ge,
    math.gcd,
]
un = [
    operator.neg,
    operator.pos,
    operator.invert,
    abs,
    bool,
    str,
    repr,
    hex,
    oct,
    bin,
    hash,
    int.bit_length,
    int.bit_count,
    float,
    math.isqrt,
    int.as_integer_ratio,
    int.__trunc__,
    int.__floor__,
    int.__sizeof__,
    int.conjugate,
    complex,
    math.log,
    math.sqrt,
    math.log2,
    math.log10,
]


def shortint():
    return R.choice(
        [0, 1, 2, 5, 10, 29, 30, 31, 60, 63, 64, 65, 100, 1000, -1, -5, R.randint(0, 500), 1 << 70]
    )


for i in range(150):
    if i % 10 == 9:
        block('ints', i)
    a, b = rint(), rint()
    for op in ops:
        show(op.__name__, ascii(a), ascii(b), run(op, a, b))
    for u in un:
        show(u.__name__, ascii(a), run(u, a))
    s = shortint()
    if a.bit_length() < 2000 or s < 100000:
        if s < 1 << 30 or not a or s < 0:
            show('shl', ascii(a), str(s), run(operator.lshift, a, s))
    show('shr', ascii(a), str(s), run(operator.rshift, a, s))
    e = R.randint(-3, 40)
    show('pow', ascii(a), str(e), run(pow, a, e) if a.bit_length() < 800 else '')
    m = rint()
    e = R.choice([rint(), R.randint(-5, 300)])
    if e.bit_length() < 700 and m.bit_length() < 1200 and a.bit_length() < 3000:
        show('pow3', ascii(a), str(e), ascii(m), run(pow, a, e, m))
    show('round', ascii(a), run(round, a, R.choice([None, 0, 1, -1, -2, -R.randint(0, 60)])))
    # conversion
    n = R.randint(0, 40)
    order = R.choice(['big', 'little'])
    sg = R.random() < 0.5
    show('to_bytes', ascii(a), str(n), order, str(sg), run(a.to_bytes, n, order, signed=sg))
    bs = R.randbytes(R.choice([0, 1, 3, 4, 7, 8, 9, 15, 16, 17, R.randint(0, 80)]))
    show('from_bytes', ascii(bs), order, str(sg), run(int.from_bytes, bs, order, signed=sg))
    base = R.choice([0, 2, 3, 7, 8, 10, 16, 32, 36, 1, 37, -1])
    d = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
    nb = base if 2 <= base <= 36 else 10
    t = ''.join(
        R.choice(d[:nb] if R.random() < 0.99 else d + '_ +-')
        for _ in range(R.choice([1, 2, 5, 10, 20, R.randint(1, 300)]))
    )
    t = (
        R.choice(['', ' ', '+', '-', '\t-', '0x', '0b', '0o', '-0x', '0', '\u2003', '--', '\x00'])
        + t
        + R.choice(['', '', '', ' ', '_', '\n', '\x00', '\x85'])
    )
    if R.random() < 0.2:
        t = t.replace('5', '_5').replace('1', '\u0661').replace('7', '\uff17')
    show(
        'int',
        ascii(t),
        str(base),
        run(int, t, base),
        run(int, t.encode('utf-8'), base),
        run(int, t),
    )
    f = R.choice(
        [
            R.random() * 10 ** R.randint(-320, 308),
            R.uniform(-1e20, 1e20),
            float(R.getrandbits(60)),
            R.choice(
                [
                    float('inf'),
                    float('nan'),
                    -0.0,
                    1e308,
                    5e-324,
                    2**53,
                    2**63,
                    -(2**63),
                    2.0**1000,
                ]
            ),
        ]
    )
    show('int(float)', repr(f), run(int, f))
    for op in (operator.lt, operator.eq, operator.gt, operator.le):
        show(op.__name__, ascii(a), repr(f), run(op, a, f), run(op, f, a))
    a2 = int(f) if abs(f) < 1e300 else 0
    for dd in (-1, 0, 1):
        show(
            'cmpf',
            run(operator.lt, a2 + dd, f),
            run(operator.eq, a2 + dd, f),
            run(operator.gt, a2 + dd, f),
            run(float, a2 + dd),
            str(hash(a2 + dd)),
            str(hash(f)) if f == f else '',
        )
    show(
        'math',
        run(math.comb, abs(a) % 200, abs(b) % 200),
        run(math.perm, abs(a) % 60, abs(b) % 60),
        run(math.lcm, a, b),
        run(math.gcd, a, b, m),
        run(math.fsum, [a, b]),
        run(math.prod, [a, b, 2]),
    )
block('ints', 'end')


# -- floats ------------------------------------------------------------------------------------

import struct, math, operator


def rfloat():
    k = R.random()
    if k < 0.3:
        return struct.unpack('d', R.randbytes(8))[0]
    if k < 0.5:
        return round(R.uniform(-1000, 1000), R.randint(0, 8))
    if k < 0.6:
        return float(R.randint(-(10**17), 10**17))
    if k < 0.7:
        return R.choice(
            [
                0.0,
                -0.0,
                1.0,
                -1.0,
                0.5,
                1.5,
                2.5,
                1e16,
                1e15,
                1e17,
                9999999999999998.0,
                1e-4,
                1e-5,
                9.999e-5,
                math.inf,
                -math.inf,
                math.nan,
                5e-324,
                2.2250738585072014e-308,
                1.7976931348623157e308,
                1e22,
                1e23,
            ]
        )
    if k < 0.8:
        return 10.0 ** R.randint(-320, 308)
    if k < 0.9:
        return 2.0 ** R.randint(-1074, 1023) * R.choice([1, 1, 3, 5])
    return R.randint(-(10**6), 10**6) / 2 ** R.randint(0, 40)


ops = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    divmod,
    operator.pow,
    operator.lt,
    operator.eq,
    math.fmod,
    math.remainder,
    math.atan2,
    math.hypot,
    math.copysign,
    math.nextafter,
]
un = [
    repr,
    str,
    abs,
    operator.neg,
    bool,
    hash,
    float.hex,
    float.is_integer,
    float.as_integer_ratio,
    math.floor,
    math.ceil,
    math.trunc,
    round,
    int,
    math.frexp,
    math.modf,
    math.ulp,
    math.sqrt,
    math.exp,
    math.log,
    math.log1p,
    math.expm1,
    math.sin,
    math.cos,
    math.tan,
    math.atan,
    math.sinh,
    math.cosh,
    math.tanh,
    math.gamma,
    math.lgamma,
    math.erf,
    math.erfc,
    math.cbrt,
    math.exp2,
    math.log2,
    math.log10,
    math.asin,
    math.acosh,
    math.asinh,
    math.atanh,
    math.degrees,
    math.radians,
    math.isqrt,
]


def rtext():
    k = R.random()
    if k < 0.3:
        t = repr(rfloat())
    elif k < 0.5:
        t = '%s%s.%se%d' % (
            R.choice(['', '-', '+']),
            R.getrandbits(R.randint(1, 90)),
            R.getrandbits(R.randint(1, 200)),
            R.randint(-340, 320),
        )
    elif k < 0.6:
        t = '%d.%s' % (
            R.getrandbits(60),
            ''.join(R.choice('0123456789') for _ in range(R.randint(0, 60))),
        )
    elif k < 0.7:
        t = '%d' % R.getrandbits(R.randint(1, 1100))
    elif k < 0.8:
        t = R.choice(
            [
                'inf',
                'nan',
                '-nan',
                'INFINITY',
                '+Inf',
                'infin',
                'n an',
                '',
                ' ',
                '.',
                '1e',
                '1e+',
                '.e1',
                '1.',
                '.5',
                '1_000.5',
                '1__0',
                '_1',
                '1_',
                '1e1_0',
                '1_e1',
                '\u0661.\u0662',
                ' 1 ',
                '1 2',
                '0x1p3',
                '1\x00',
                '1e400',
                '1e-400',
                '1e99999999999999999999',
                '0e99999999999999999999',
                '1e-99999999999999999999',
            ]
        )
    else:
        x = rfloat()  # half-way cases
        if x == x and abs(x) < 1e300 and x:
            from fractions import Fraction as F

            h = (F(x) + F(math.nextafter(x, math.inf))) / 2
            n = h.numerator * 10**1100 // h.denominator if abs(x) > 1e-300 else 0
            t = str(n + R.choice([-1, 0, 0, 1])) + 'e-1100'
            if len(t) > 2000:
                t = t[:2000]
        else:
            t = 'nan'
    return t


for i in range(150):
    if i % 10 == 9:
        block('floats', i)
    a, b = rfloat(), rfloat()
    for op in ops:
        show(op.__name__, repr(a), repr(b), run(op, a, b))
    for u in un:
        if u is hash and a != a:
            continue
        show(u.__name__, repr(a), run(u, a))
    show(
        'round',
        repr(a),
        run(
            round,
            a,
            R.choice(
                [0, 1, 2, 3, 5, 10, 15, 16, 17, 20, 100, 300, 400, -1, -2, -5, -20, -300, -400]
            ),
        ),
    )
    t = rtext()
    show('float', ascii(t), run(float, t), run(float, t.encode()), run(complex, t))
    h = (
        R.choice(['', '-', '+', ' '])
        + R.choice(['0x', '', '0X'])
        + '%x' % R.getrandbits(R.randint(1, 80))
        + R.choice(['', '.', '.%x' % R.getrandbits(R.randint(1, 90))])
        + R.choice(['', 'p%d' % R.randint(-1100, 1100), 'p+1', 'P-5', 'p'])
    )
    show('fromhex', h, run(float.fromhex, h), run(float.fromhex, a.hex()))
    c, d = complex(a, b), complex(rfloat(), rfloat())
    show(
        'complex',
        repr(c),
        repr(d),
        str(c),
        run(operator.add, c, d),
        run(operator.mul, c, d),
        run(operator.truediv, c, d),
        run(operator.sub, c, d),
        run(operator.pow, c, d),
        run(abs, c),
        run(operator.eq, c, d),
        run(complex, str(c)),
        run(operator.mul, c, a),
        run(operator.truediv, a, c),
        run(operator.pow, c, R.randint(-5, 120)),
        run(c.conjugate),
    )
    show(
        'fma',
        run(math.dist, [a, b], [b, a]),
        run(math.fsum, [a, b, a, -b, 1.0]),
        run(sum, [a, b, 1, True, a]),
        run(math.isclose, a, b),
        run(math.ldexp, a, R.randint(-1200, 1200)),
        run(math.prod, [a, b, 2]),
        run(pow, a, R.randint(-10, 10)),
        run(math.pow, a, b),
    )
    for fmt in ('e', 'd', 'f'):
        show('pack', run(struct.pack, '<' + fmt, a))
        if R.random() < 0.3:
            bs = R.randbytes(struct.calcsize(fmt))
            show('unpack', ascii(bs), run(struct.unpack, '<' + fmt, bs))
block('floats', 'end')
