# Which results are shared objects: single characters and bytes, empty str, bytes, tuple and frozenset.
import sys, operator, array


def isone(s):
    # one char str: is it the shared one?
    return s is chr(ord(s))


A = 'a' + 'b'
B = 'xax'
t = [
    ('index', B[1]),
    ('slice', B[1:2]),
    ('iter', list(B)[1]),
    ('upper', 'a'.upper()),
    ('upper2', B[1].upper()),
    ('lower', 'A'.lower()),
    ('title', B[1].title()),
    ('cap', B[1].capitalize()),
    ('swap', B[1].swapcase()),
    ('casefold', 'A'.casefold()),
    ('split', 'x a x'.split()[1]),
    ('split,', 'x,a,x'.split(',')[1]),
    ('rsplit', 'x a x'.rsplit()[1]),
    ('part', 'a,b'.partition(',')[0]),
    ('part1', 'a,b'.partition(',')[1]),
    ('part2', 'a,b'.partition(',')[2]),
    ('strip', ' a '.strip()),
    ('lstrip', 'xa'.lstrip('x')),
    ('replace', 'ab'.replace('b', '')),
    ('replace2', 'b'.replace('b', 'a')),
    ('join', ''.join(['a', ''])),
    ('join1', ''.join([B[1]])),
    ('mul', B[1] * 1),
    ('fmt', '%c' % 97),
    ('fmtd', '%d' % 5),
    ('fmts', '%s' % B[1]),
    ('format', '{}'.format(5)),
    ('f', f'{5}'),
    ('fs', f'{B[1]}'),
    ('str', str(5)),
    ('repr', repr(5)),
    ('hex', '%x' % 10),
    ('dec', b'a'.decode()),
    ('decl', b'a'.decode('latin-1')),
    ('deca', b'a'.decode('ascii')),
    ('decu16', b'a\0'.decode('utf-16-le')),
    ('zfill', '5'.zfill(1)),
    ('center', ''.center(1)),
    ('ljust', ''.ljust(1, 'a')),
    ('expand', '\t'.expandtabs(1)),
    ('trans', 'b'.translate({98: 'a'})),
    ('transi', 'b'.translate({98: 97})),
    ('splitlines', 'a\nb'.splitlines()[0]),
    ('removeprefix', 'xa'.removeprefix('x')),
    ('removesuffix', 'ax'.removesuffix('x')),
    ('concat', '' + B[1]),
    ('chr', chr(97)),
    ('bytes.hex', 'x'),
    ('format c', format(97, 'c')),
    ('format s', format('a', '')),
    ('format s1', format(B[1], '1')),
    ('rev', 'ba'[::-1][0]),
    ('step', 'bxax'[2::5]),
    ('chr233', chr(233)),
    ('dec233', b'\xc3\xa9'.decode()),
    ('decl233', b'\xe9'.decode('latin-1')),
    ('upper233', '\xe9'.upper()),
    ('bin', format(1, 'b')),
    ('oct', '%o' % 1),
    ('min', min('ba')),
    ('max', max('ab')),
    ('sorted', sorted('ba')[0]),
    ('ascii', ascii(5)),
    ('re', __import__('re').sub('b', '', 'ab')),
    ('re2', __import__('re').match('a', 'ab').group()),
    ('re3', __import__('re').findall('a', 'ab')[0]),
    ('json', __import__('json').loads('"a"')),
    ('eval', eval("'a'")),
    ('lit', 'a'),
    ('input', 'n'),
    ('fmt1', '%.1s' % 'ab'),
    ('fmt2', '{:.1}'.format('ab')),
    ('fmt3', '{!s}'.format(B[1])),
    ('maketrans', chr(list(str.maketrans('a', 'b'))[0])),
    ('intern', sys.intern('a')),
    ('struct', __import__('struct').pack('c', b'a').decode()),
    ('escape', '\x61'),
    ('unicode_escape', b'\\x61'.decode('unicode_escape')),
    ('raw', b'a'.decode('raw_unicode_escape')),
    ('charmap', b'a'.decode('cp1252')),
    ('float', format(1.0, '.0f')),
    ('float%', '%.0f' % 1.0),
    ('complex', format(5, 'n')),
    ('esc', repr('')[0]),
    ('io', __import__('io').StringIO('ab').read(1)),
    ('io2', __import__('io').TextIOWrapper(__import__('io').BytesIO(b'ab')).read(1)),
    ('ord', str(b'a', 'ascii')),
    ('deque', ''.join(c for c in 'a')),
]
for n, s in t:
    if len(s) == 1:
        print(n, isone(s), end='; ')
print()


def onebyte(b):
    return b is bytes([b[0]])


y = b'xax'
t = [
    ('slice', y[1:2]),
    ('bytes1', bytes(1)),
    ('list', bytes([97])),
    ('tuple', bytes((97,))),
    ('iter', bytes(iter([97]))),
    ('ba', bytes(bytearray(b'a'))),
    ('mv', bytes(memoryview(b'a'))),
    ('tob', memoryview(b'a').tobytes()),
    ('mvtoro', memoryview(bytearray(b'a')).tobytes()),
    ('encode', 'a'.encode()),
    ('enc ascii', 'a'.encode('ascii')),
    ('enc latin', 'a'.encode('latin-1')),
    ('upper', b'a'.upper()),
    ('split', b'x a'.split()[1]),
    ('split,', b'x,a'.split(b',')[1]),
    ('rsplit', b'x a'.rsplit()[1]),
    ('part', b'a,b'.partition(b',')[0]),
    ('strip', b' a '.strip()),
    ('replace', b'ab'.replace(b'b', b'')),
    ('replace2', b'b'.replace(b'b', b'a')),
    ('join', b''.join([b'a', b''])),
    ('mul', y[1:2] * 1),
    ('fmt', b'%c' % 97),
    ('fmt2', b'%s' % b'a'),
    ('fmtd', b'%d' % 5),
    ('to_bytes', (97).to_bytes(1, 'big')),
    ('fromhex', bytes.fromhex('61')),
    ('trans', b'b'.translate(bytes.maketrans(b'b', b'a'))),
    ('concat', b'a' + b''),
    ('center', b''.center(1, b'a')),
    ('zfill', b'5'.zfill(1)),
    ('expand', b'\t'.expandtabs(1)),
    ('splitlines', b'a\nb'.splitlines()[0]),
    ('removeprefix', b'xa'.removeprefix(b'x')),
    ('array', array.array('b', [97]).tobytes()),
    ('struct', __import__('struct').pack('b', 97)),
    ('io', __import__('io').BytesIO(b'ab').read(1)),
    ('getvalue', __import__('io').BytesIO(b'a').getvalue()),
    ('lit', b'a'),
    ('esc', b'\x61'),
    ('step', b'bxax'[2::5]),
    ('os', __import__('os').fsencode('a')),
    ('escape', __import__('codecs').escape_decode(b'a')[0]),
    ('binascii', __import__('binascii').unhexlify('61')),
    ('b2a', __import__('binascii').a2b_base64('YQ==')),
    ('title', b'a'.title()),
    ('mv item', bytes(memoryview(b'xa')[1:])),
    ('ba slice', bytes(bytearray(b'xa')[1:])),
    ('eval', eval("b'a'")),
    ('utf16', b''),
    ('charmap', 'a'.encode('cp1252')),
    ('ue', 'a'.encode('unicode_escape')),
    ('u7', 'a'.encode('utf-7')),
]
for n, b in t:
    if len(b) == 1:
        print(n, onebyte(b), end='; ')
print()
e = B[:0]
ye = y[:0]


def emptys(n, s):
    print(n, s is e, end='; ')


def emptyb(n, s):
    print(n, s is ye, end='; ')


for n, s in [
    ('str', str()),
    ('lit', ''),
    ('mul', B * 0),
    ('join', ''.join([])),
    ('strip', ' '.strip()),
    ('replace', B.replace(B, '')),
    ('dec', b''.decode()),
    ('slice', B[5:]),
    ('fmt', '%s' % ''),
    ('fmt2', '{}'.format('')),
    ('upper', ''.upper()),
    ('f', f''),
    ('sub', '' + ''),
    ('trans', 'a'.translate({97: None})),
    ('center', ''.center(0)),
    ('part', 'a'.partition('b')[1]),
    ('split', ','.split(',')[0]),
    ('chr0', ''.join('')),
]:
    emptys(n, s)
print()
for n, s in [
    ('bytes', bytes()),
    ('0', bytes(0)),
    ('list', bytes([])),
    ('iter', bytes(iter([]))),
    ('mul', y * 0),
    ('mul1', b'' * 5),
    ('join', b''.join([])),
    ('strip', b' '.strip()),
    ('replace', y.replace(y, b'')),
    ('enc', ''.encode()),
    ('ba', bytes(bytearray())),
    ('mv', bytes(memoryview(b''))),
    ('tob', memoryview(b'').tobytes()),
    ('slice', y[5:]),
    ('fmt', b'%s' % b''),
    ('upper', b''.upper()),
    ('cat', b'' + b''),
    ('trans', b'a'.translate(None, b'a')),
    ('center', b''.center(0)),
    ('part', b'a'.partition(b'b')[1]),
    ('split', b','.split(b',')[0]),
    ('hex', bytes.fromhex('')),
    ('to_bytes', (0).to_bytes(0, 'big')),
    ('io', __import__('io').BytesIO().read()),
    ('ioval', __import__('io').BytesIO().getvalue()),
    ('struct', __import__('struct').pack('')),
    ('array', array.array('b').tobytes()),
    ('enc16', ''.encode('utf-16-le')),
    ('latin', ''.encode('latin-1')),
    ('title', b''.title()),
    ('expand', b''.expandtabs()),
    ('zfill', b''.zfill(0)),
    ('mvs', bytes(memoryview(b'ab')[2:])),
]:
    emptyb(n, s)
print()
t0 = ()
for n, s in [
    ('tuple', tuple()),
    ('list', tuple([])),
    ('slice', (1,)[1:]),
    ('mul', (1,) * 0),
    ('cat', () + ()),
    ('iter', tuple(iter([]))),
    ('zip', tuple(zip())),
    ('args', (lambda *a: a)()),
    ('unpack', (*[],)),
    ('sort', tuple(sorted([]))),
    ('struct', __import__('struct').unpack('', b'')),
]:
    print(n, s is t0, end='; ')
print()
f0 = frozenset()
for n, s in [
    ('fs', frozenset()),
    ('list', frozenset([])),
    ('and', frozenset([1]) & frozenset([2])),
    ('set', frozenset(set())),
    ('copy', frozenset().copy()),
    ('iter', frozenset(iter([]))),
]:
    print(n, s is f0, end='; ')
print()
