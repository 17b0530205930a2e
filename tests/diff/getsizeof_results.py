# Sizes of what functions and expressions return: how much room lists, dicts and sets have when they come out.
import sys, re, itertools, struct, collections

g = sys.getsizeof


def show(name, *objs):
    print(name, *[g(o) for o in objs])


for n in (0, 1, 2, 3, 5, 11, 12, 13, 20, 40):
    s = ' '.join('ab' for _ in range(n))
    b = s.encode()
    u = s.replace('a', '\u20ac')
    c = s.replace(' ', ',')
    cb = c.encode()
    nl = s.replace(' ', '\n')
    show(
        'str split',
        s.split(),
        s.split(' '),
        c.split(','),
        s.split(None, 3),
        c.split(',', 3),
        s.rsplit(),
        c.rsplit(','),
        s.rsplit(None, 2),
        c.rsplit(',', 2),
        nl.splitlines(),
        nl.splitlines(True),
        u.split(),
        u.split(' '),
        u.rsplit(),
        c.split('b,'),
        c.rsplit('b,'),
    )
    show(
        'bytes split',
        b.split(),
        b.split(b' '),
        cb.split(b','),
        b.split(None, 3),
        cb.split(b',', 3),
        b.rsplit(),
        cb.rsplit(b','),
        b.rsplit(None, 2),
        nl.encode().splitlines(),
        cb.split(b'b,'),
        bytearray(b).split(),
        bytearray(cb).split(b','),
    )
    r = range(n)
    d = dict.fromkeys(r)
    show(
        'lists',
        list(r),
        [*r],
        [x for x in r],
        sorted(r),
        list(d),
        list(d.items()),
        list(d.keys()),
        list(iter(r)),
        list(x for x in r),
        list(map(str, r)),
        list(zip(r, r)),
        list(filter(None, r)),
        list(reversed(r)),
        list(enumerate(r)),
        list(set(r)),
        list(tuple(r)),
        list(list(r)),
        list(r) * 2,
        list(r) + list(r),
        list(r)[1:],
        list(r)[::2],
        list(r).copy(),
        [*r, *r],
        [1, *r],
        list(str(n) * n),
        list(b),
        list(bytearray(b)),
        list(itertools.chain(r, r)),
        list(itertools.islice(r, 5)),
        list(itertools.repeat(1, n)),
    )
    show(
        'unpack',
        (lambda a, *b: b)(1, *r),
        [0] * n,
        [0, 1] * n,
        [None for _ in r],
        dict(zip(r, r)),
        {**d},
        set(r),
        {*r},
        frozenset(r),
        set(list(r)),
        {x for x in r},
        set(iter(r)),
        set(d),
        set(r) | set(r),
        set(r) & set(r),
        set(r) - {1},
        set(r) ^ {1, 100},
    )
    if n:
        a, *rest = r
        show('star', rest)
        *rest, z = list(r)
        show('star', rest)
    show(
        're',
        re.findall('a', s),
        re.split(' ', s),
        re.findall('(a)(b)', s),
        re.sub('a', 'bb', s),
        re.findall(b'a', b),
    )
    show('struct', struct.unpack('%db' % len(b), b))
    show(
        'text',
        s.upper(),
        s.replace('a', 'ccc'),
        s.join('xyz'),
        s * 2,
        s + s,
        s.center(50),
        s.zfill(60),
        s.encode(),
        b.decode(),
        repr(s),
        ascii(u),
        '%s' % s,
        f'{s}',
        f'{s}x',
        '{}'.format(s),
        '{}x'.format(s),
        s.expandtabs(),
        s.title(),
        s.translate({97: 'b'}),
        s.translate({97: '\u20ac'}),
        str(b),
        s.casefold(),
        u.upper(),
        u.lower(),
        u.replace('\u20ac', 'a'),
        u[1:],
        u.strip('\u20ac'),
        s[::2],
        u[::2],
        u.encode('utf-8'),
        u.encode('utf-16'),
        u.swapcase(),
        ''.join([s, u]),
        ''.join(c for c in s),
    )
    show(
        'bytes',
        b.upper(),
        b.replace(b'a', b'ccc'),
        b.join([b, b]),
        b * 2,
        b + b,
        b.center(50),
        bytes(n),
        bytes(range(n)),
        bytes(list(r)),
        bytes(iter(r)),
        b'%s' % b,
        b.hex(),
        bytes.fromhex(b.hex()),
        b.translate(None, b'a'),
        memoryview(b).tobytes(),
        bytearray(b),
        b'%b' % bytearray(b),
        bytearray(n),
        bytearray(b) + b,
        bytearray(b) * 2,
        bytearray(b)[1:],
        bytes(bytearray(b)),
    )


class A:
    pass


for n in range(0, 40, 3):
    o = A()
    for i in range(n):
        setattr(o, 'a%d' % (i % 35), i)
    show('vars', vars(o), vars(o).copy(), dict(vars(o)), {**vars(o)}, list(vars(o)))
show('cls', vars(A).copy(), dir(A), A.__mro__, type.mro(A), A.__subclasses__())
show('dir', dir(int), dir(str), list(vars(int)))


def f(*a, **k):
    return g(a), g(k)


for n in range(0, 14):
    print(
        f(*range(n)),
        f(**{chr(97 + i): i for i in range(n)}),
        f(*[1], a=1, b=2, c=3, d=4, e=5, f=6),
        f(a=1),
        f(a=1, **{'b': 2}),
    )
for i in (0, 1, -1, 2**30 - 1, 2**30, -(2**30), 2**60 - 1, 2**60, 10**30, 2**90):
    show(
        'int',
        i,
        i + 1,
        i - 1,
        i * i,
        -i,
        ~i,
        i // 3,
        i % 7,
        i << 3,
        i >> 3,
        i | 1,
        i & -1,
        i ^ -1,
        abs(i),
        int(str(i)),
        int.from_bytes(i.to_bytes(20, 'big', signed=True), 'big', signed=True),
        i**2,
        int(hex(i), 16),
        int(float(i)),
        pow(i, 3, 10**9),
        divmod(i, 3)[0],
        round(i, -2),
        int(i),
        +i,
    )
