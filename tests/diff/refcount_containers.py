# Reference counts, identity and destruction order inside containers, iterators and built-in functions.
import sys, gc, itertools, functools, operator, collections, copy, weakref, array, types

rc = sys.getrefcount
gc.disable()


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('   del', self.name)

    def __repr__(self):
        return 'D(%r)' % self.name


class K:
    """A key that says how often it is held while it is hashed and compared."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        counts.append(('h', rc(self)))
        return 1

    def __eq__(self, o):
        counts.append(('e', rc(self), rc(o)))
        return self.n == o.n

    def __lt__(self, o):
        counts.append(('l', rc(self), rc(o)))
        return self.n < o.n

    def __repr__(self):
        counts.append(('r', rc(self)))
        return 'K%d' % self.n

    def __bool__(self):
        counts.append(('b', rc(self)))
        return True

    def __iter__(self):
        counts.append(('i', rc(self)))
        return iter([])

    def __len__(self):
        counts.append(('n', rc(self)))
        return 2

    def __index__(self):
        counts.append(('x', rc(self)))
        return self.n

    def __str__(self):
        counts.append(('s', rc(self)))
        return 'K'


counts = []


def show(label, *values):
    print(label, *values, counts)
    counts.clear()


a, b, c = K(1), K(2), K(1)
d = {a: 1}
show('dict')
d[b] = 2
show('set new')
d[c] = 3
show('set same', list(d.values()), rc(a), rc(c))
counts.clear()
d[a]
show('get')
d.get(c)
show('get method')
c in d
show('in')
d.setdefault(c, 5)
show('setdefault')
d.pop(c)
show('pop', rc(a), rc(c))
d.update({a: 1, c: 2})
show('update', len(d), rc(a), rc(c))
d.copy()
show('copy')
d == dict(d)
show('eq')
del d[b]
show('del')
dict.fromkeys([a, b, c])
show('fromkeys')
{**d, **d}
show('merge')
d | d
show('or')
s = {a, b}
show('set')
s.add(c)
show('add', rc(c))
s.discard(b)
show('discard')
c in s
show('in set')
s & {a}
show('and')
s | {b}
show('or')
s - {a}
show('sub')
s ^ {a, b}
show('xor')
s == {c}
show('set eq')
s <= {a, b}
show('subset')
frozenset([a, b])
show('frozenset')
l = [a, b, c]
c in l
show('in list')
l.index(b)
show('index')
l.count(a)
show('count')
l.remove(b)
show('remove')
l == [a, c]
show('list eq')
l < [a, a]
show('list lt')
l = [c, b, a]
l.sort()
show('sort')
sorted(l, key=lambda x: (counts.append(rc(x)), x.n)[1])
show('sorted key')
sorted(l, reverse=True)
show('sorted reverse')
min(l)
show('min')
max(l, key=lambda x: (counts.append(rc(x)), x.n)[1])
show('max key')
min(a, b)
show('min args')
repr(l)
show('repr list')
str((a,))
show('repr tuple')
repr({a: b})
show('repr dict')
all(l), any(l)
show('all any')
b in (a, b)
show('in tuple')
(a, b) == (c, b)
show('tuple eq')
hash((a, b))
show('hash tuple')
list(filter(None, l))
show('filter none')
list(filter(lambda x: (counts.append(rc(x)), 1)[1], l))
show('filter')
list(map(lambda x: counts.append(rc(x)), l))
show('map')
list(map(lambda x, y: counts.append((rc(x), rc(y))), l, l))
show('map 2')
functools.reduce(lambda x, y: (counts.append((rc(x), rc(y))), y)[1], l)
show('reduce')
sum([a.n, 2])
[1, 2, 3][a]
show('index item')
for x in zip(l, l):
    counts.append((rc(x), rc(x[0])))
show('zip')
for x in enumerate(l):
    counts.append((rc(x), rc(x[1])))
show('enumerate')
for x in reversed(l):
    counts.append(rc(x))
show('reversed')
for x in d.items():
    counts.append((rc(x), rc(x[0])))
show('items')
for x in itertools.chain(l, l):
    counts.append(rc(x))
show('chain')
for x in itertools.islice(l, 2):
    counts.append(rc(x))
show('islice')
for x in itertools.product(l, [1]):
    counts.append((rc(x), rc(x[0])))
show('product')
for x in itertools.combinations(l, 2):
    counts.append((rc(x), rc(x[0])))
show('combinations')
for x in itertools.permutations(l, 2):
    counts.append((rc(x), rc(x[0])))
show('permutations')
for x in itertools.zip_longest(l, [1]):
    counts.append((rc(x), rc(x[0])))
show('zip_longest')
for x in itertools.pairwise(l):
    counts.append((rc(x), rc(x[0])))
show('pairwise')
for x, y in itertools.groupby(l, lambda v: 1):
    counts.append((rc(y), [rc(z) for z in y]))
show('groupby')
for x in itertools.accumulate(l, lambda p, q: (counts.append((rc(p), rc(q))), q)[1]):
    counts.append(rc(x))
show('accumulate')
for x in itertools.starmap(lambda v: counts.append(rc(v)), [(a,)]):
    pass
show('starmap')
for x in itertools.takewhile(lambda v: (counts.append(rc(v)), 1)[1], l):
    pass
show('takewhile')
for x in itertools.repeat(a, 2):
    counts.append(rc(x))
show('repeat')
p, q = itertools.tee(l)
show('tee', [rc(v) for v in p], [rc(v) for v in q])
del x, y, p, q
i = iter(l)
show('iter', rc(i), rc(l))
next(i)
next(i)
next(i)
next(i, None)
show('exhausted', rc(l))
del i
i = iter({1: a}.values())
next(i)
show('dict iter', rc(i))
del i
part = functools.partial(lambda *v: [rc(z) for z in v], a, b)
show('partial', part(c), rc(part), rc(part.args))
del part
cache = functools.lru_cache(lambda v: rc(v))
show('lru', cache(a), cache(a), rc(a))
del cache
show(
    'itemgetter',
    [rc(operator.itemgetter(0)([a]))],
    rc(operator.attrgetter('n')),
    rc(operator.methodcaller('x')),
)
q = collections.deque([a, b])
show('deque', rc(a), rc(q[0]))
q.append(c)
q.popleft()
show('deque', rc(a), rc(c))
del q
o = collections.OrderedDict([(1, a)])
show('odict', rc(a))
o.move_to_end(1)
o.popitem()
show('odict', rc(a))
del o
dd = collections.defaultdict(lambda: a)
dd[1]
show('defaultdict', rc(a), rc(dd[1]))
del dd
nt = collections.namedtuple('nt', 'x y')(a, b)
show('namedtuple', rc(nt), rc(nt.x))
nt = nt._replace(x=c)
show('replaced', rc(a), rc(nt.x))
del nt
cp = copy.copy([a])
show('copy', rc(a))
del cp
ns = types.SimpleNamespace(a=a)
show('namespace', rc(a), rc(ns.__dict__))
del ns
sl = slice(a, b, c)
show('slice', rc(sl), rc(a), rc(sl.start))
del sl
isinstance(a, (int, K)), issubclass(K, (int, object)), callable(a)
show('isinstance')
getattr(a, 'n'), hasattr(a, 'z'), setattr(a, 'z', b), delattr(a, 'z')
show('attr', rc(b), rc(a))
print(a, b, file=types.SimpleNamespace(write=lambda t: None))
show('print')
'%s %r' % (a, b), '{} {!r}'.format(a, b), f'{a} {b!r}'
show('format')
'-'.join(['a', 'b']), ','.join(str(v) for v in [a])
show('join')
vars(a) is a.__dict__
show('vars', rc(vars(a)))
exec('counts.append(rc(a))', globals(), {'rc': rc, 'a': a})
eval('counts.append(rc(a))')
show('exec')
list(K(0)), tuple(K(0)), set(K(0)), [*K(0)]
show('constructors')
b'a' * K(2), 'a' * K(2), [0] * K(2), range(K(2)), bytes(K(0)) and 0
show('repeat index')
print('-- identity')
t = (1, 2, 3)
print(
    tuple(t) is t,
    t[:] is t,
    t * 1 is t,
    t + () is t,
    () + t is t,
    t[0:3] is t,
    t[::1] is t,
    copy.copy(t) is t,
    tuple([]) is (),
    t[3:] is (),
    t * 0 is (),
)
s = 'hello ' + 'world'
print(
    str(s) is s,
    s[:] is s,
    s * 1 is s,
    s + '' is s,
    '' + s is s,
    s.strip() is s,
    s.replace('z', 'y') is s,
    s.lower() is s,
    s.upper() is s,
    s.ljust(3) is s,
    s.center(0) is s,
    s.zfill(2) is s,
    s.expandtabs() is s,
    s.translate({}) is s,
    s.split('z')[0] is s,
    s.rsplit('z')[0] is s,
    s.partition('z')[0] is s,
    s.rpartition('z')[2] is s,
    s.splitlines()[0] is s,
    s.removeprefix('z') is s,
    s.removesuffix('z') is s,
    '%s' % s is s,
    '{}'.format(s) is s,
    f'{s}' is s,
    format(s) is s,
    format(s, 's') is s,
    ''.join([s]) is s,
    s.join(['a']) is s,
    s.split()[0] is s,
    s.strip('z') is s,
    s.casefold() is s,
    s.capitalize() is s,
    s.swapcase() is s,
    s.title() is s,
    s.format() is s,
    s % () is s,
)
e = s[:0]
print(
    e is '',
    s[5:5] is '',
    s * 0 is '',
    ''.join([]) is '',
    s.replace(s, '') is '',
    ' '.strip() is '',
    str() is '',
    'a'[1:] is '',
    b''.decode() is '',
    s[1] is s[1],
    s[1] is 'e',
    'é'[0] is 'é',
    chr(233) is 'é',
    chr(300) is chr(300),
    'a'.upper() is 'A',
    s[1:2] is 'e',
    'abc'.split('b')[0] is 'a',
    str(5) is '5',
    '%c' % 97 is 'a',
    'xa'.strip('x') is 'a',
    ''.join(['a']) is 'a',
    b'a'.decode() is 'a',
    'a' * 1 is 'a',
    'ab'.replace('b', '') is 'a',
    repr('')[0] is "'",
    format(5) is '5',
    str(7) is str(7),
    'a,b'.partition(',')[1] is ',',
    'A'.lower() is 'a',
    ' a '.split()[0] is 'a',
    'ÿ'.upper() is 'Ÿ',
    'ß'[0] is 'ß',
)
y = b'hello ' + bytes(b'world')
print(
    bytes(y) is y,
    y[:] is y,
    y * 1 is y,
    y + b'' is y,
    b'' + y is y,
    y.strip() is y,
    y.replace(b'z', b'y') is y,
    y.lower() is y,
    y.split(b'z')[0] is y,
    y.partition(b'z')[0] is y,
    y.rpartition(b'z')[2] is y,
    y.splitlines()[0] is y,
    y.removeprefix(b'z') is y,
    b''.join([y]) is y,
    y.ljust(2) is y,
    y.zfill(2) is y,
    y.expandtabs() is y,
    y.translate(None) is y,
    y.translate(None, b'z') is y,
    b'%s' % y is y,
    y.center(1) is y,
    y.rsplit(b'z')[0] is y,
    y.split()[0] is y,
    y.capitalize() is y,
)
print(
    y[:0] is b'',
    y * 0 is b'',
    y[5:5] is b'',
    b''.join([]) is b'',
    y.replace(y, b'') is b'',
    b' '.strip() is b'',
    bytes() is b'',
    bytes(0) is b'',
    bytes([]) is b'',
    ''.encode() is b'',
    y[1:2] is b'e',
    bytes([101]) is b'e',
    b'e' * 1 is b'e',
    b'abc'.split(b'b')[0] is b'a',
    b'a'.upper() is b'A',
    'a'.encode() is b'a',
    b'%c' % 97 is b'a',
    b'xa'.strip(b'x') is b'a',
    (97).to_bytes(1, 'big') is b'a',
    bytes(1) is b'\0',
    b''.join([b'a']) is b'a',
    bytes(iter([97])) is b'a',
    bytes(bytearray(b'a')) is b'a',
    memoryview(b'a').tobytes() is b'a',
    b'a'[:1] is b'a',
    bytes.fromhex('61') is b'a',
    b''.hex() is '',
    b'a' + b'' is b'a',
    b''.translate(None) is b'',
    array.array('b', [97]).tobytes() is b'a',
)
n = 10**20
print(
    int(n) is n,
    +n is n,
    n * 1 is n,
    n + 0 is n,
    abs(n) is n,
    n // 1 is n,
    n | 0 is n,
    n & n is n,
    n >> 0 is n,
    n << 0 is n,
    round(n) is n,
    n**1 is n,
    divmod(n, 1)[0] is n,
    int(str(n)) is n,
    n.__index__() is n,
    n.numerator is n,
    n.real is n,
    n.conjugate() is n,
    n.__trunc__() is n,
    operator.index(n) is n,
    max(n, 1) is n,
    sum([n]) is n,
    pow(n, 1) is n,
    n % (n + 1) is n,
    n ^ 0 is n,
    round(n, 2) is n,
    round(n, -1) is n,
    n.__int__() is n,
    n.denominator is 1,
)
m = int('300')
print(
    m - 300 is 0,
    m - 44 is 256,
    m - 305 is -5,
    m - 43 is 257 - 0,
    m - 306 is -6 + 0,
    m // 300 is 1,
    m % 7 is 6,
    m >> 8 is 1,
    m & 1 is 0,
    int('256') is 256,
    int(256.0) is 256,
    len('a' * 256) is 256,
    hash(256) is 256,
    -m + 301 is 1,
    n - n is 0,
    n // n is 1,
    int.from_bytes(b'\1', 'big') is 1,
    (10**20) % 10 is 0,
    bool(5) is True,
    (5).bit_length() is 3,
    ord('a') is 97,
    b'a'[0] is 97,
    sum([1, 2]) is 3,
    round(2.5) is 2,
    abs(-5) is 5,
    ~0 is -1,
    m * 0 is 0,
    2**8 is 256,
    True + True is 2,
    divmod(m, 299)[1] is 1,
    int(True) is 1,
    True | False is True,
    True & 1 is 1,
    True ^ True is False,
    not m is False,
    pow(3, 2, 5) is 4,
    1 << 8 is 256,
)
f = float('1.5')
print(
    float(f) is f,
    +f is f,
    abs(f) is f,
    f * 1 is f,
    f + 0 is f,
    f.real is f,
    f.conjugate() is f,
    round(f, 1) is f,
    -f is f,
    f.__float__() is f,
    max(f, 0) is f,
    f.__pos__() is f,
    complex(1j) is 1j,
    float.fromhex('0x1.8p0') is f,
    sum([f]) is f,
)
z = complex('1+2j')
print(complex(z) is z, +z is z, z.conjugate() is z, z * 1 is z)
fs = frozenset([1, 2])
print(
    frozenset(fs) is fs,
    fs.copy() is fs,
    fs | set() is fs,
    fs & fs is fs,
    frozenset() is frozenset(),
    frozenset([]) is frozenset(),
    fs - set() is fs,
    copy.copy(fs) is fs,
    fs.union() is fs,
    fs.intersection() is fs,
    fs.difference() is fs,
)
print(
    range(0) is range(0),
    slice(1) is slice(1),
    type(None)() is None,
    type(...)() is ...,
    type(NotImplemented)() is NotImplemented,
    bool(0) is False,
    memoryview(y).obj is y,
    [].__class__ is list,
    (lambda: 1).__code__ is (lambda: 1).__code__,
)
sub = type('Sub', (tuple,), {})((1, 2))
print(
    tuple(sub) is sub,
    sub[:] is sub,
    sub * 1 is sub,
    sub + () is sub,
    type(sub * 1).__name__,
    type(sub[:]).__name__,
)
ss = type('Sub', (str,), {})('abc')
print(
    str(ss) is ss,
    ss[:] is ss,
    ss * 1 is ss,
    ss + '' is ss,
    type(ss.strip()).__name__,
    type(ss + '').__name__,
    type(ss.lower()).__name__,
    type('' + ss).__name__,
    type(ss.replace('z', '')).__name__,
    type(ss.split('z')[0]).__name__,
    type(ss.partition('z')[0]).__name__,
    type(''.join([ss])).__name__,
    type('%s' % ss).__name__,
    type(f'{ss}').__name__,
    type(ss.zfill(0)).__name__,
    type(ss.expandtabs()).__name__,
    type(ss.translate({})).__name__,
    type(ss.ljust(0)).__name__,
    type(ss.removeprefix('z')).__name__,
    type(ss.splitlines()[0]).__name__,
    type(format(ss, '')).__name__,
    type(format(ss, 's')).__name__,
    type(ss.encode().decode()).__name__,
    type(sys.intern(str(ss))).__name__,
)
bs = type('Sub', (bytes,), {})(b'abc')
print(
    bytes(bs) is bs,
    type(bs[:]).__name__,
    type(bs * 1).__name__,
    type(bs + b'').__name__,
    type(b'' + bs).__name__,
    type(bs.strip()).__name__,
    type(bs.lower()).__name__,
    type(bs.replace(b'z', b'')).__name__,
    type(bs.split(b'z')[0]).__name__,
    type(b''.join([bs])).__name__,
    type(bs.partition(b'z')[0]).__name__,
    type(bs.ljust(0)).__name__,
    type(bs.expandtabs()).__name__,
    type(bs.translate(None)).__name__,
    type(b'%s' % bs).__name__,
    type(bs.removeprefix(b'z')).__name__,
)
ns = type('Sub', (int,), {})(5)
print(
    int(ns) is 5,
    type(+ns).__name__,
    type(abs(ns)).__name__,
    type(ns + 0).__name__,
    type(ns.real).__name__,
    type(ns.conjugate()).__name__,
    type(round(ns)).__name__,
    type(ns.__index__()).__name__,
    type(operator.index(ns)).__name__,
    type(ns | 0).__name__,
    type(ns**1).__name__,
    type(ns // 1).__name__,
    type(-ns).__name__,
    type(ns.numerator).__name__,
    type(sum([ns])).__name__,
    type(max(ns, 0)).__name__,
    type(ns << 0).__name__,
)
fl = type('Sub', (float,), {})(2.5)
print(
    type(float(fl)).__name__,
    type(+fl).__name__,
    type(abs(fl)).__name__,
    type(fl.real).__name__,
    type(fl.conjugate()).__name__,
    type(round(fl, 1)).__name__,
    type(fl + 0).__name__,
)
print('-- destruction')
l = [D(i) for i in range(3)]
l[1] = None
print('replaced')
del l[0]
print('deleted')
l.clear()
print('cleared')
l = [D(i) for i in range(4)]
l[1:3] = [D('n')]
print('slice replaced')
del l[:]
print('slice deleted')
l = [D(i) for i in range(4)]
del l[::2]
print('stepped')
l[::-1] = [D('x'), D('y')]
print('reversed')
l = None
l = [D(i) for i in range(3)]
l.pop()
l.pop(0)
print('popped')
l *= 0
print('times 0')
l = [D(i) for i in range(2)]
l.__init__()
print('init')
l = [D('last')] * 3
del l
t = (D('t0'), D('t1'))
del t
d = {i: D('v%d' % i) for i in range(3)}
d[1] = None
print('replaced')
del d[0]
d.popitem()
print('popped')
d.clear()
print('cleared')
d = {D('k0'): D('w0'), D('k1'): D('w1')}
del d
print('dict gone')
d = {'a': D('upd')}
d.update(a=D('new'))
print('updated')
d |= {'a': D('ior')}
print('ored')
del d
s = {D('s')}
s.pop()
print('set pop')
s = {D('s2')}
s.clear()
print('set clear')
s = frozenset([D('fs')])
del s
q = collections.deque([D(i) for i in range(3)], 3)
q.append(D('q'))
print('appended')
q.rotate()
q.pop()
print('popped')
q.clear()
print('cleared')
o = collections.OrderedDict((i, D('o%d' % i)) for i in range(3))
o[1] = D('o1b')
o.popitem(False)
print('popped')
del o
x = map(lambda v: D(v), range(2))
next(x)
print('mapped')
list(x)
print('listed')
x = zip([D('z1'), D('z2')], [D('y1')])
next(x)
print('zipped')
print(list(x))
del x
print('zip gone')
x = enumerate([D('e1'), D('e2')])
next(x)
print('enumerated')
next(x)
print('again')
del x
x = filter(lambda v: False, [D('f1'), D('f2')])
list(x)
print('filtered')
del x
x = reversed([D('r1'), D('r2')])
next(x)
next(x)
next(x, None)
print('reversed')
del x
x = iter([D('i1'), D('i2')])
next(x)
print('iterated')
next(x)
next(x, None)
print('done')
del x
x = iter({'a': D('d1')}.values())
next(x)
next(x, None)
print('dict iter done')
del x
x = itertools.tee([D('tee')])[0]
next(x)
print('teed')
del x
x = functools.partial(print, D('partial'))
del x
x = sorted([D('b'), D('a')], key=lambda v: v.name)
print(x)
del x
x = [D('m1'), D('m2')]
x.sort(key=lambda v: D('key ' + v.name).name)
print('sorted')
x.remove(x[0])
print('removed')
x.insert(0, D('ins'))
x.extend([D('ext')])
x += [D('iadd')]
x[len(x) :] = (D('tail'),)
print('grown')
x.reverse()
del x
print(max([D('1'), D('2')], key=lambda v: v.name), min(D('3'), D('4'), key=lambda v: v.name))
sum([[D('sum')]], [])
print('summed')
all(D('all%d' % i) for i in range(2))
any([0, D('any')])
print('all any')
copy.deepcopy([D('deep')])
print('deep copied')
dict(a=D('kw'), b=D('kw2'))
print('dict kw')
[].append(D('append'))
print('appended')
isinstance(D('inst'), int)
print('end')
