# Random str methods, and codecs with error handlers.
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


# -- strs --------------------------------------------------------------------------------------

POOL = [
    'abcAB',
    ' \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0',
    '\xe9\xdf\xb5\xff\xc9\xaa',
    '\u0130\u0131\u1e9e\u0149\u01c4\u01c5\u01c6\u0345\u03a3\u03c3\u03c2\u0390',
    '\u2028\u2029\u3000\u1680\u2003',
    '0129\u0663\u00b2\u2155\u2167\u0bf0\U0001d7d8',
    '\U0001f600\U00010400\U00010428\U0001e900',
    '.,_-+"\'\\',
    '\ud800\udfff\udc80',
    '\x00\x7f\x80',
    '\u0301\u200b\u00ad\ufeff',
    '\u1fbc\u1ff3\ufb03\u0587\u1f88',
]


def rs(n=None, pools=None):
    if n is None:
        n = R.choice([0, 1, 2, 3, 5, 8, 20, 60])
    pools = pools or R.sample(POOL, R.randint(1, 4))
    return ''.join(R.choice(R.choice(pools)) for _ in range(n))


def sub(s):
    if s and R.random() < 0.6:
        i = R.randint(0, len(s))
        j = min(len(s), i + R.randint(0, 4))
        return s[i:j]
    return rs(R.randint(0, 3))


def idx():
    return R.choice([None, 0, 1, 2, -1, -2, 5, 100, -100, R.randint(-30, 30), 1 << 70, -(1 << 70)])


un = [
    str.upper,
    str.lower,
    str.title,
    str.capitalize,
    str.casefold,
    str.swapcase,
    str.isalnum,
    str.isalpha,
    str.isascii,
    str.isdecimal,
    str.isdigit,
    str.isidentifier,
    str.islower,
    str.isnumeric,
    str.isprintable,
    str.isspace,
    str.istitle,
    str.isupper,
    str.strip,
    str.lstrip,
    str.rstrip,
    str.split,
    str.rsplit,
    str.splitlines,
    repr,
    ascii,
    len,
    hash,
    list,
    sorted,
    str.expandtabs,
    int,
    float,
    complex,
    str.__sizeof__,
    set and (lambda s: sorted(set(s))),
    lambda s: s.splitlines(True),
    lambda s: [x for x in reversed(s)],
]


for i in range(250):
    if i % 10 == 9:
        block('strs', i)
    a = rs()
    b = sub(a)
    c = sub(a)
    show('S', ascii(a), ascii(b), ascii(c))
    for u in un:
        if u is not hash:
            show(run(u, a))
    lo, hi = idx(), idx()
    for m in ('find', 'rfind', 'index', 'rindex', 'count', 'startswith', 'endswith'):
        show(
            m,
            str(lo),
            str(hi),
            run(getattr(a, m), b),
            run(getattr(a, m), b, lo),
            run(getattr(a, m), b, lo, hi),
        )
    show(
        run(a.startswith, (c, b)),
        run(a.endswith, (c, b), lo),
        run(a.startswith, 1),
        run(a.endswith, (1,)),
    )
    k = R.choice([-1, 0, 1, 2, 5])
    show(
        run(a.split, b),
        run(a.split, b, k),
        run(a.split, None, k),
        run(a.rsplit, b),
        run(a.rsplit, b, k),
        run(a.rsplit, None, k),
        run(a.partition, b),
        run(a.rpartition, b),
    )
    show(
        run(a.replace, b, c),
        run(a.replace, b, c, k),
        run(a.replace, b, ''),
        run(a.replace, '', c, k),
        run(a.strip, b),
        run(a.lstrip, b),
        run(a.rstrip, b + c),
        run(a.removeprefix, b),
        run(a.removesuffix, b),
    )
    w = R.choice([0, 1, 5, 10, 63, len(a), len(a) + 1, len(a) + 4, -1])
    f = R.choice([' ', '*', '\u20ac', '\U0001f600', b[:1] or 'x', 'ab', ''])
    for m in ('center', 'ljust', 'rjust'):
        show(m, str(w), ascii(f), run(getattr(a, m), w), run(getattr(a, m), w, f))
    show(
        run(a.zfill, w),
        run(a.expandtabs, R.choice([0, 1, 4, 8, -1])),
        run(c.join, [a, b, c]),
        run(b.join, a),
        run(lambda: a * R.choice([0, 1, 2, 3])),
        run(lambda: a + b),
        run(lambda: b in a),
    )
    s = slice(idx(), idx(), R.choice([None, 1, 2, -1, -2, 3, 100, -100, 0]))
    show(str(s), run(lambda: a[s]), run(lambda: a[idx() or 0]))
    for op in ('__lt__', '__le__', '__eq__', '__ne__', '__gt__', '__ge__'):
        show(run(getattr(a, op), b), run(getattr(b, op), c), run(getattr(a, op), a + ''))
    t = {ord(ch): R.choice([None, 'x', '', 65, '\u20ac', 0x1F600, 'long']) for ch in b}
    show(
        run(a.translate, t),
        run(a.translate, str.maketrans(b, b[::-1])),
        run(str.maketrans, b, c),
        run(str.maketrans, b, b, c),
        run(str.maketrans, {'a': 1, 5: 'x', b: 2}),
    )
    show(
        run(a.encode, 'utf-8', 'replace'),
        run(a.encode, 'unicode_escape'),
        run(a.encode, 'raw_unicode_escape'),
        run(eval, repr(a)),
        run(eval, ascii(a)),
    )
    show(run(a.format, a, b), run(lambda: a % ()), run(lambda: a % (b, c)))
    show(run(a.isidentifier), run(compile, a, 'f', 'eval') if '\0' not in a and False else '')
block('strs', 'end')


# -- codec -------------------------------------------------------------------------------------

import codecs

log = []


def h_pos(e):
    log.append((type(e).__name__, e.encoding, e.start, e.end, e.reason))
    return ('<%d>' % (e.end - e.start), e.end)


def h_one(e):
    log.append((e.start, e.end, e.reason))
    return ('?', e.start + 1)


def h_back(e):
    log.append((e.start, e.end))
    if len(log) > 30:
        raise e
    return (
        '\xe9\u20ac'[len(log) % 2],
        -(len(e.object) - e.end) if len(e.object) > e.end else e.end,
    )


def h_bytes(e):
    return (b'BB', e.end)


def h_bad(e):
    return R2.choice(
        [
            1,
            (1, 2),
            ('a',),
            ('a', 1.5),
            (None, 1),
            ('\ud800', e.end),
            ('x', 1 << 70),
            ('x', 100),
            ('x', -100),
            ('a', e.end),
        ]
    )


R2 = random.Random(12)


def h_mut(e):
    if isinstance(e, UnicodeDecodeError):
        e.object = b'xyz'
    return ('m', e.end)


for n, f in list(globals().items()):
    if n.startswith('h_'):
        codecs.register_error(n, f)
ERR = [
    'strict',
    'ignore',
    'replace',
    'backslashreplace',
    'surrogateescape',
    'surrogatepass',
    'xmlcharrefreplace',
    'namereplace',
    'h_pos',
    'h_one',
    'h_back',
    'h_bytes',
    'h_bad',
    'h_mut',
    'nosuch',
]
ENC = [
    'utf-8',
    'utf-8-sig',
    'utf-7',
    'utf-16',
    'utf-16-le',
    'utf-16-be',
    'utf-32',
    'utf-32-le',
    'utf-32-be',
    'ascii',
    'latin-1',
    'cp1252',
    'cp437',
    'iso8859-15',
    'koi8-r',
    'unicode_escape',
    'raw_unicode_escape',
    'charmap',
    'punycode',
    'idna',
    'utf8',
    'UTF_16_LE',
    'mac-roman',
    'iso8859-1',
    'u8',
    'cp65001',
    'palmos',
    'hex',
    'base64',
    'rot13',
    'escape',
    'undefined',
    'nope',
]


def rs():
    pools = R.sample(
        [
            'abc',
            'XYZ 09',
            '\x80\x9f\xe9\xff',
            '\u20ac\u0416\u4e2d\u200b',
            '\U0001f600\U0010ffff\U00010000',
            '\ud800\udbff',
            '\udc00\udc80\udcff\udfff',
            '+-/\\&',
            '\0\n\r\t',
            '\ufeff\ufffe',
        ],
        R.randint(1, 3),
    )
    return ''.join(R.choice(R.choice(pools)) for _ in range(R.choice([0, 1, 2, 3, 6, 15, 40])))


def rb(enc):
    k = R.random()
    if k < 0.3:
        return R.randbytes(R.choice([0, 1, 2, 3, 4, 5, 8, 20]))
    b = b''
    try:
        b = rs().encode(
            enc if enc not in ('idna',) else 'utf-8',
            'surrogatepass' if 'utf' in enc and '7' not in enc else 'replace',
        )
    except Exception:
        b = rs().encode('utf-8', 'surrogatepass')
    if not isinstance(b, bytes):
        b = b'q'
    b = bytearray(b)
    for _ in range(R.choice([0, 0, 1, 1, 2, 4])):
        if not b:
            break
        i = R.randrange(len(b))
        m = R.random()
        if m < 0.3:
            del b[i]
        elif m < 0.6:
            b[i] = R.choice(
                [
                    0,
                    0x80,
                    0xBF,
                    0xC0,
                    0xC1,
                    0xE0,
                    0xED,
                    0xF0,
                    0xF4,
                    0xF5,
                    0xFF,
                    0xD8,
                    0xDC,
                    92,
                    43,
                    45,
                    65,
                    R.randrange(256),
                ]
            )
        elif m < 0.8:
            b.insert(
                i, R.choice([92, 120, 117, 85, 78, 123, 48, 0xED, 0xA0, 0xD8, R.randrange(256)])
            )
        else:
            del b[i:]
    return bytes(b)


for i in range(700):
    if i % 10 == 9:
        block('codec', i)
    enc = R.choice(ENC)
    err = R.choice(ERR)
    s = rs()
    del log[:]
    show('enc', enc, err, ascii(s), run(s.encode, enc, err), ascii(log))
    del log[:]
    b = rb(enc)
    show('dec', enc, err, ascii(b), run(b.decode, enc, err), ascii(log))
    del log[:]
    name = {
        'utf-8': 'utf_8',
        'utf-7': 'utf_7',
        'utf-16': 'utf_16',
        'utf-16-le': 'utf_16_le',
        'utf-32': 'utf_32',
        'unicode_escape': 'unicode_escape',
        'raw_unicode_escape': 'raw_unicode_escape',
        'utf-16-be': 'utf_16_be',
        'utf-32-be': 'utf_32_be',
    }.get(enc)
    if name:
        final = R.random() < 0.5
        show('part', run(getattr(codecs, name + '_decode'), b, err, final), ascii(log))
        del log[:]
        if enc in ('utf-16', 'utf-32'):
            show(
                'ex',
                run(getattr(codecs, name + '_ex_decode'), b, err, R.choice([0, 1, -1]), final),
                ascii(log),
            )
            del log[:]
    m = R.choice(
        [
            {0x41: 'x', 0x80: None, 0x81: 0x20AC, 0xE9: '\U0001f600ab', 97: '', 98: 'bb'},
            ''.join(map(chr, range(100, 356))),
            'abc',
            '\ufffe' * 90 + '\U0001f600' * 20,
            {97: 300, 98: 1 << 40, 99: 'z', 100: b'q'},
        ]
    )
    show('charmap', run(codecs.charmap_decode, b, err, m), ascii(log))
    del log[:]
    if isinstance(m, str):
        em = codecs.charmap_build(m)
        show(
            type(em).__name__, run(lambda: em.size()) if not isinstance(em, dict) else str(len(em))
        )
    else:
        em = {97: 65, 98: b'BB', 99: None, 0x20AC: 0x80, 0xE9: 256, 100: b'', 101: 'str'}
    show('charmap', run(codecs.charmap_encode, s, err, em), ascii(log))
    del log[:]
    show('esc', run(codecs.escape_decode, b, err), run(codecs.escape_encode, b))
    # incremental
    try:
        inc = codecs.getincrementaldecoder(enc)(err)
    except Exception as e:
        inc = None
    if inc:
        cut = sorted(R.sample(range(len(b) + 1), min(len(b) + 1, R.randint(0, 3))))
        res = []
        p = 0
        for c in cut + [len(b)]:
            res.append(run(inc.decode, b[p:c], c == len(b)))
            p = c
            res.append(run(inc.getstate))
        show('inc', *res)
        del log[:]
block('codec', 'end')
