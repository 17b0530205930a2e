# Random format specifications: format, str.format, %-formatting of str and bytes, f-strings.
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


# -- fmt ---------------------------------------------------------------------------------------


def rfloat():
    import struct, math

    k = R.random()
    if k < 0.2:
        return struct.unpack('d', R.randbytes(8))[0]
    if k < 0.7:
        return R.choice([1, -1]) * R.uniform(0, 10 ** R.randint(-8, 20))
    if k < 0.8:
        return R.choice(
            [
                0.0,
                -0.0,
                0.5,
                1.5,
                2.5,
                0.125,
                1e16,
                1e-5,
                math.inf,
                -math.inf,
                math.nan,
                999999.5,
                9.5,
                99.95,
                1e22,
                123456789.0,
                1e100,
            ]
        )
    return float(R.randint(-(10**9), 10**9))


def rint():
    v = R.choice(
        [
            0,
            1,
            7,
            42,
            255,
            65,
            128,
            1000,
            1234567,
            0x10FFFF,
            0x110000,
            R.getrandbits(30),
            R.getrandbits(70),
            R.getrandbits(200),
        ]
    )
    return -v if R.random() < 0.3 else v


TXT = [
    '',
    'a',
    'abc',
    'h\xe9llo',
    '\u20acuro',
    '\U0001f600x',
    'a\udc80b',
    '{',
    '}',
    '%',
    "it's",
    'a"b',
    'tab\t',
    '\x7f',
    '\xad',
]


def rval():
    k = R.random()
    if k < 0.3:
        return rint()
    if k < 0.55:
        return rfloat()
    if k < 0.7:
        return R.choice(TXT)
    if k < 0.8:
        return complex(rfloat(), rfloat())
    return R.choice(
        [
            None,
            True,
            False,
            b'ab\xff',
            bytearray(b'q'),
            [1, 'a'],
            (1,),
            (),
            {},
            {'k': 2},
            object,
            int,
            len,
            ...,
            range(3),
            1j,
            -0.0,
        ]
    )


class I:
    def __init__(s, v):
        s.v = v

    def __index__(s):
        return s.v

    def __str__(s):
        return 'I%d' % s.v

    def __repr__(s):
        return 'rI'

    def __format__(s, spec):
        return 'F<%s>' % spec


class Fl:
    def __float__(s):
        return 2.75

    def __repr__(s):
        return "Fl"


class S(str):
    pass


class N(int):
    def __str__(s):
        return 'N!'

    def __repr__(s):
        return 'rN'


def rspec():
    s = ''
    if R.random() < 0.4:
        s += R.choice(['', '*', ' ', '0', '\u20ac', '{', '}', '\U0001f600', 'x']) + R.choice('<>^=')
    elif R.random() < 0.2:
        s += R.choice('<>^=')
    if R.random() < 0.3:
        s += R.choice('+- ')
    if R.random() < 0.1:
        s += 'z'
    if R.random() < 0.25:
        s += '#'
    if R.random() < 0.25:
        s += '0'
    if R.random() < 0.6:
        s += str(R.choice([0, 1, 5, 10, 20, 33, R.randint(0, 60)]))
    if R.random() < 0.25:
        s += R.choice(',_')
    if R.random() < 0.4:
        s += '.' + str(R.choice([0, 1, 2, 3, 6, 10, 17, 20, 50]))
    if R.random() < 0.85:
        s += R.choice('bcdeEfFgGnosxX%%eEfFgGdxsr')
    if R.random() < 0.03:
        s += R.choice(['x', '.', ',', '!', '99999999999999999999', '.99999999999', '\0'])
    return s


def rpct():
    s = '%'
    if R.random() < 0.15:
        s += '(%s)' % R.choice(['a', 'b', 'zz', '', 'x(y)'])
    s += ''.join(R.choice('-+ #0') for _ in range(R.choice([0, 0, 0, 1, 2, 3])))
    if R.random() < 0.5:
        s += R.choice(['*', '5', '10', '0', '30', str(R.randint(0, 50))])
    if R.random() < 0.4:
        s += '.' + R.choice(['*', '', '0', '1', '3', '6', '20', '50'])
    if R.random() < 0.1:
        s += R.choice('hlL')
    return s + R.choice('diouxXeEfFgGcrsa%dsdsxfgr' + ('bzkq' if R.random() < 0.1 else 's'))


for i in range(900):
    if i % 10 == 9:
        block('fmt', i)
    v = rval()
    if R.random() < 0.08:
        v = R.choice([I(R.randint(-5, 300)), Fl(), S('sub'), N(77)])
    sp = rspec()
    show(
        'format',
        ascii(v) if not isinstance(v, (Fl, I)) and v is not object else '?',
        ascii(sp),
        run(format, v, sp),
    )
    sp2 = R.choice(['', '!r', '!s', '!a', '!x', '!', '!rr'])
    name = R.choice(
        [
            '',
            '0',
            '1',
            'k',
            'k.real',
            '0.imag',
            'd[a]',
            'd[b]',
            'l[0]',
            'l[1]',
            'l[-1]',
            'l[9]',
            'k.nope',
            '2',
            '0[0]',
            '0.',
            '[0]',
            'd[]',
            '.a',
            'd[a',
            ' k',
            '0x',
            '99999999999999999999',
            'd[a]b',
            '{}',
        ]
    )
    tmpl = (
        R.choice(['', 'x', '{{', '}}', '{', '}']) * (R.random() < 0.4)
        + '{'
        + name
        + sp2
        + (':' + (sp if R.random() < 0.8 else '{}' if R.random() < 0.5 else '{w}{0}.{1}'))
        * (R.random() < 0.7)
        + '}'
        + R.choice(['', '', '', '{}', '{0}', '}', '{'])
    )
    show(
        'str.format',
        ascii(tmpl),
        run(tmpl.format, v, 3, k=v, d={'a': 1, 'b': v}, l=[1, 'two'], w=5),
    )
    show(
        'format_map',
        ascii(tmpl),
        run(tmpl.format_map, {'k': v, 'd': {'a': 1}, 'l': (1, 2), 'w': 2}),
    )
    p = (
        R.choice(['', 'a', '\u20ac', '%%'])
        + rpct()
        + R.choice(['', ' ', 'z\U0001f600'])
        + (rpct() if R.random() < 0.3 else '')
    )
    args = R.choice(
        [
            v,
            (v,),
            (v, v),
            (5, v),
            (R.randint(-12, 12), R.randint(-3, 20), v),
            {'a': v, 'b': 2, 'x(y)': 1},
            (),
            (v, 3, 4),
            [v],
        ]
    )
    show('%', ascii(p), run(lambda: p % args))
    try:
        bp = p.encode('latin-1', 'replace')
    except UnicodeError:
        continue
    show('%b', ascii(bp), run(lambda: bp % args), run(lambda: bytearray(bp) % args))
    f = None
    try:
        e = "f'%s{v!r:%s}{v:%s}{v=}'" % (
            R.choice(['', 'a']),
            sp.replace('{', '').replace('}', '').replace("'", '').replace('\0', ''),
            sp.replace('{', '').replace('}', '').replace('\0', ''),
        )
    except Exception:
        continue
    show('f', ascii(e), run(eval, e, {'v': v}) if not isinstance(v, Fl) else '')
block('fmt', 'end')
