# Damaged zlib, gzip and zip data, from seeded damage: what error, or what text.
import gzip, io, random, zipfile, zlib

rng = random.Random(20)
TEXT = b"".join(b"line %d of some text\n" % (i * i % 71) for i in range(300))


def attempt(what, data):
    try:
        r = what(data)
        return "%s %08x" % (type(r).__name__, zlib.crc32(repr(r).encode()))
    except Exception as e:
        return "%s: %s" % (type(e).__name__, ascii(str(e))[:160])


def damaged(data, n):
    """The data cut, lengthened, or with a few bytes changed; most damage hits head and tail, where the structure is."""
    for cut in (
        0,
        1,
        2,
        3,
        9,
        10,
        11,
        17,
        18,
        len(data) // 2,
        len(data) - 9,
        len(data) - 8,
        len(data) - 5,
        len(data) - 1,
    ):
        yield data[:cut]
    yield data + b"x"
    yield data + b"\0" * 7
    yield data + data
    yield data + data[:12]
    yield b"junk" + data
    for i in range(n):
        b = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 5))):
            at = rng.choice(
                (
                    rng.randrange(min(40, len(b))),
                    rng.randrange(len(b)),
                    len(b) - 1 - rng.randrange(min(120, len(b))),
                )
            )
            b[at] = rng.choice((0, 1, 0x7F, 0xFF, b[at] ^ 1 << rng.randrange(8)))
        yield bytes(b)


def all_at_once(data):
    return zlib.decompress(data)


def raw(data):
    return zlib.decompress(data, -15)


def any_head(data):
    return zlib.decompress(data, 47)


def in_steps(data):
    d = zlib.decompressobj(47)
    out = []
    for i in range(0, len(data), 7):
        out.append(d.decompress(data[i : i + 7], 50))
        while d.unconsumed_tail:
            out.append(d.decompress(d.unconsumed_tail, 50))
    return b"".join(out), d.flush(), d.eof, d.unused_data


def gunzip(data):
    return gzip.decompress(data)


def gunzip_lines(data):
    return list(gzip.GzipFile(fileobj=io.BytesIO(data)))


def unzip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return [(i.filename, i.file_size, z.read(i)) for i in z.infolist()], z.testzip(), z.comment


packed = zlib.compress(TEXT, 9)
lines = [
    (f.__name__, i, attempt(f, d))
    for f in (all_at_once, any_head, in_steps)
    for i, d in enumerate(damaged(packed, 60))
]
lines += [("raw", i, attempt(raw, d)) for i, d in enumerate(damaged(packed[2:-4], 60))]
member = gzip.compress(TEXT, mtime=0)
with_name = io.BytesIO()
with gzip.GzipFile("name.txt", "wb", fileobj=with_name, mtime=5) as f:
    f.write(TEXT[:500])
lines += [
    (f.__name__, i, attempt(f, d))
    for f in (gunzip, gunzip_lines, in_steps)
    for m in (member, with_name.getvalue())
    for i, d in enumerate(damaged(m, 60))
]
for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name in ("a.txt", "dir/b.bin", "c\xe9.txt"):
            z.writestr(zipfile.ZipInfo(name, (2000, 1, 2, 3, 4, 6)), TEXT[:300], method)
        z.comment = b"a comment"
    lines += [
        ("unzip", method, i, attempt(unzip, d)) for i, d in enumerate(damaged(out.getvalue(), 150))
    ]
for line in lines:
    print(*line)
for arguments in (
    (b"", 16),
    (b"", 7),
    (b"", -16),
    (b"", 48),
    (b"", "x"),
    (b"", 15, -1),
    (b"", 15, 0),
    (b"", 15, 2**70),
    ("text",),
    (None,),
):
    print(arguments, attempt(lambda a: zlib.decompress(*a), arguments))
for arguments in (
    (-2,),
    (10,),
    (6, 9),
    (6, 8, 7),
    (6, 8, 16),
    (6, 8, 15, 0),
    (6, 8, 15, 10),
    (6, 8, 15, 8, 9),
    (6, 8, 15, 8, 0, 5),
    ("x",),
):
    print(arguments, attempt(lambda a: zlib.compressobj(*a).flush(), arguments))
