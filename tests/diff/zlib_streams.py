# Streams, limits, dictionaries, copies, and what is said about bad input.
import copy
import zlib


def attempt(what, fn, *args, **kwargs):
    try:
        result = fn(*args, **kwargs)
        if isinstance(result, bytes) and len(result) > 60:
            result = (len(result), zlib.crc32(result))
        print(what, '->', result)
    except Exception as exc:
        print(what, '!!', type(exc).__name__, exc)


text = b''.join(b'%d squared is %d\n' % (i, i * i) for i in range(5000))
packed = zlib.compress(text)

for level in range(-1, 10):
    for wbits in (-15, -9, 9, 15, 25, 31):
        c = zlib.compress(text, level=level, wbits=wbits)
        assert zlib.decompress(c, wbits=wbits, bufsize=7) == text
        print(level, wbits, len(c), zlib.adler32(c))
for bad in ((99,), (1, 99), (1, -8), ('x',), (None,)):
    attempt(f'compress{bad}', zlib.compress, text, *bad)
attempt('str', zlib.compress, 'text')
attempt('none', zlib.compress)
attempt('keyword', zlib.compress, data=text)

for bad in (
    b'',
    b'x',
    packed[:-1],
    packed[:100],
    packed[:50] + b'\0' + packed[51:],
    packed + b'more',
    b'\x78\x9c\xff',
):
    attempt(f'decompress {bad[-4:]}', zlib.decompress, bad)
attempt('bufsize', zlib.decompress, packed, bufsize=-1)
attempt('bufsize 0', zlib.decompress, packed, bufsize=0)
attempt('wbits', zlib.decompress, packed, 99)
attempt('raw', zlib.decompress, packed, -15)

for args in (
    (b'',),
    (b'a', 7),
    (b'a', -1),
    (b'a', 2**40 + 3),
    (b'a', 1.5),
    (b'a', 1, 2),
    (),
    ('a',),
    (text, 5),
    (memoryview(text)[::2],),
):
    attempt(f'crc32 {len(args)}', zlib.crc32, *args)
    attempt(f'adler32 {len(args)}', zlib.adler32, *args)

# A limit leaves a tail; the end leaves what does not belong to the stream.
d = zlib.decompressobj()
rest, out = packed + b'what follows', []
while not d.eof:
    out.append(d.decompress(rest, 1000))
    rest = d.unconsumed_tail
    if len(out) == 3:
        twin = d.copy()
        print(twin.eof, len(twin.unconsumed_tail), len(twin.flush()), twin.unused_data, twin.eof)
print(len(out), b''.join(out) == text, d.eof, d.unused_data, d.unconsumed_tail)
attempt('after the end', d.decompress, b' and more')
print(d.unused_data)
attempt('flush after the end', d.flush)
attempt('again', d.flush)
attempt('copy of an ended stream', d.copy)
attempt('negative', d.decompress, b'', -1)
attempt('length', d.flush, 0)
attempt('length', d.flush, 'x')
d = zlib.decompressobj()
attempt('exact', d.decompress, packed, len(text))
print(d.eof, d.unconsumed_tail)
attempt('exact', d.decompress, d.unconsumed_tail)
print(d.eof, d.unconsumed_tail, d.unused_data)

d = zlib.decompressobj()
d.decompress(packed, 10)
broken = bytearray(d.unconsumed_tail)
broken[20:90] = bytes(70)
attempt('broken', zlib.decompressobj().decompress, packed[: len(packed) - len(broken)] + broken)
d = zlib.decompressobj()
attempt('broken, limited', d.decompress, packed[:2] + bytes(broken), 10)
attempt('unfinished', zlib.decompressobj().flush)

c = zlib.compressobj(9)
first = c.compress(text[:30000])
other = copy.copy(c)
deep = copy.deepcopy(c)
print(first + c.flush() == zlib.compress(text[:30000], 9))
print(
    zlib.decompress(first + other.compress(text[30000:]) + other.flush()) == text,
    deep.flush() is not None,
)
attempt('compress after the end', c.compress, b'x')
attempt('flush after the end', c.flush)
attempt('copy after the end', c.copy)
attempt('mode', zlib.compressobj().flush, zlib.Z_NO_FLUSH)
attempt('mode', zlib.compressobj().flush, 77)
c = zlib.compressobj()
for mode in (
    zlib.Z_PARTIAL_FLUSH,
    zlib.Z_SYNC_FLUSH,
    zlib.Z_FULL_FLUSH,
    zlib.Z_BLOCK,
    zlib.Z_FINISH,
):
    attempt(f'mode {mode}', lambda: c.compress(text[:500]) + c.flush(mode))

words = b'squared is '
c = zlib.compressobj(zdict=words)
small = c.compress(text[:40]) + c.flush()
print(len(small))
attempt('no dictionary', zlib.decompressobj().decompress, small)
attempt('wrong dictionary', zlib.decompressobj(zdict=b'other').decompress, small)
attempt('dictionary', zlib.decompressobj(zdict=bytearray(words)).decompress, small)
attempt('no buffer', zlib.decompressobj, zdict='text')
attempt('no buffer', zlib.compressobj, zdict='text')
attempt('none', zlib.compressobj, zdict=None)
for kwargs in (
    dict(level=10),
    dict(method=7),
    dict(wbits=3),
    dict(memLevel=10),
    dict(strategy=9),
    dict(other=1),
):
    attempt(f'compressobj {kwargs}', zlib.compressobj, **kwargs)
attempt('decompressobj', zlib.decompressobj, 99)
attempt('type', type(c))
for attribute in ('eof', 'unused_data'):
    try:
        setattr(d, attribute, 1)
    except AttributeError as exc:
        print(exc)
