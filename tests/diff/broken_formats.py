# Malformed struct formats and values, base64, hexadecimal, quoted-printable, JSON, CSV, marshal: the error or the value.
import base64, binascii, csv, io, itertools, json, marshal, random, struct, zlib

rng = random.Random(22)


def attempt(f, *args, **kwargs):
    try:
        return ascii(f(*args, **kwargs))[:120]
    except Exception as e:
        return "%s: %s" % (type(e).__name__, ascii(str(e))[:140].split(" at 0x")[0])


print("-- struct formats")
for f in (
    "",
    "x",
    "0s",
    "s",
    "1",
    "10",
    "3x ",
    " 3 x",
    "3 x",
    "@",
    "<",
    "<>",
    "i<",
    "=n",
    "<P",
    "!N",
    "z",
    "\xe9",
    b"\xff",
    "i\0i",
    "99999999999999999999s",
    "9223372036854775807s",
    "9223372036854775807i",
    "9223372036854775800xb9x",
    "4611686018427387904h",
    "0i",
    "0q",
    "b0q",
    "?e",
    "-1i",
    "1.5i",
    "p",
    "0p",
    "300p",
    "\n\ti",
    "i\x0bi",
    None,
    5,
    b"i",
    bytearray(b"i"),
    ("i",),
    "i" * 50,
):
    print(ascii(f)[:40], attempt(struct.calcsize, f), attempt(lambda f: struct.Struct(f).format, f))
print("-- struct values")
numbers = (
    0,
    -1,
    1,
    127,
    128,
    -128,
    -129,
    255,
    256,
    65535,
    65536,
    -32769,
    2**31,
    -(2**31) - 1,
    2**32,
    2**63,
    2**64,
    -(2**63) - 1,
    1.5,
    float("inf"),
    1e39,
    "x",
    b"x",
    b"",
    b"xy",
    None,
    True,
    [],
    bytearray(b"q"),
)
for order in "@=<>":
    print(
        order,
        [
            (c, attempt(struct.pack, order + c, v))
            for c in "cbBhHiIlLqQnNP?efdsp"
            for v in numbers
            if order == "@" or c not in "nNP"
        ],
    )
for data in (
    b"",
    b"1234567",
    b"12345678",
    b"123456789",
    "text",
    memoryview(bytes(16))[::2],
    bytearray(8),
    None,
):
    print(
        attempt(struct.unpack, "<II", data),
        attempt(struct.unpack_from, "<II", data, 1),
        attempt(lambda d: list(struct.iter_unpack("<II", d)), data),
    )
room = bytearray(12)
for offset in (0, 4, 5, 12, 13, -8, -7, -12, -13, 2**70, "x", 1.0, None):
    print(
        offset,
        attempt(struct.pack_into, "<II", room, offset, 1, 2),
        attempt(struct.unpack_from, "<II", room, offset),
    )
for target in (
    b"12345678",
    "x",
    memoryview(b"12345678"),
    memoryview(bytearray(8)),
    memoryview(bytearray(16))[::2],
    None,
):
    print(attempt(struct.pack_into, "<II", target, 0, 1, 2))
print(
    attempt(struct.pack),
    attempt(struct.pack_into),
    attempt(struct.pack_into, "i"),
    attempt(struct.pack_into, "i", room),
    attempt(struct.unpack),
    attempt(struct.pack, "i"),
    attempt(struct.pack, "i", 1, 2),
)
print("-- texts of bytes")


def noise(alphabet, n):
    return bytes(rng.choice(alphabet) for _ in range(rng.randrange(n)))


for name, f, alphabet in (
    ("base64", base64.b64decode, b"ABCDwxyz0189+/==\n*"),
    ("strict", lambda b: binascii.a2b_base64(b, strict_mode=True), b"ABCDwxyz0189+/=="),
    ("validate", lambda b: base64.b64decode(b, validate=True), b"ABab09+/=="),
    ("hex", binascii.unhexlify, b"0123abcdefABF g"),
    ("fromhex", lambda b: bytes.fromhex(b.decode("latin-1")), b"0123abcdef  g\xe9"),
    ("qp", binascii.a2b_qp, b"=AF0=\r\n x_="),
    ("header", lambda b: binascii.a2b_qp(b, header=True), b"=A0_=\n x"),
    ("uu", binascii.a2b_uu, b" !\"#$%&'()*+,-`\n\r~"),
    ("b85", base64.b85decode, b"ABCabc019~{|}\"'"),
    ("a85", base64.a85decode, b"ABCabc019zy!u~v \n"),
    ("b32", base64.b32decode, b"ABCDEFGHZ234567=a0"),
    ("b16", base64.b16decode, b"012ABCFa"),
):
    for i in range(60):
        d = noise(alphabet, 14)
        print(name, d, attempt(f, d))
print("-- JSON")
pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '0',
    '.5',
    'e9',
    'null',
    'tru',
    'NaN',
    '-Infinity',
    ' ',
    '\n',
    '"\\u12"',
    '"\\ud800"',
    '"\\x"',
    '"\t"',
    '\ufeff',
    '1e999',
    '"\\ud83d\\ude00"',
    "'a'",
    '//',
]
for i in range(400):
    s = "".join(rng.choice(pieces) for _ in range(rng.randrange(1, 7)))
    print(ascii(s), attempt(json.loads, s), attempt(json.loads, s, strict=False))
for s in (
    "[" * 100000,
    '{"a":' * 100000,
    b"\xff\xfe[\x001\0",
    b"\xef\xbb\xbf[1]",
    b"\x00\x00\x00[",
    "[1" + "0" * 5000 + "]",
):
    print(ascii(s)[:30], attempt(json.loads, s))
print("-- CSV")
for i in range(250):
    s = "".join(rng.choice('ab,"\n\r;\\\' \0\t') for _ in range(rng.randrange(12)))
    how = rng.choice(
        (
            {},
            {"strict": True},
            {"escapechar": "\\"},
            {"quoting": csv.QUOTE_NONE},
            {"skipinitialspace": True},
            {"doublequote": False, "strict": True},
            {"quoting": csv.QUOTE_NONNUMERIC},
        )
    )
    print(ascii(s), how, attempt(lambda: list(csv.reader(s.splitlines(True), **how))))
for how in (
    {"delimiter": ""},
    {"delimiter": "ab"},
    {"delimiter": 1},
    {"quotechar": "xx"},
    {"quotechar": None},
    {"quoting": 9},
    {"quoting": "x"},
    {"lineterminator": None},
    {"escapechar": b"x"},
    {"nothing": 1},
    {"dialect": "no"},
    {"delimiter": "\n"},
):
    print(
        how,
        attempt(lambda: list(csv.reader(["a,b"], **how))),
        attempt(lambda: csv.writer(io.StringIO(), **how).writerow(["a", "b,c"])),
    )
for row in (5, None, "ab", [1, None, ""], [None], [], ["\0"], ['"'], [object]):
    print(
        ascii(row),
        attempt(lambda: csv.writer(io.StringIO(), quoting=csv.QUOTE_NONE).writerow(row)),
        attempt(lambda: csv.writer(io.StringIO()).writerow(row)),
    )
print("-- marshal")
code = compile(
    "def f(a, *, b=1):\n    return [a, b, 'x', 2.5, 1j, b'y', ..., None, frozenset({1})]\n",
    "f",
    "exec",
)


def greedy(b):
    """Whether a size in b could ask for gigabytes."""
    return any(
        c & 0x7F in b"([<>lsuta" and 1 << 16 < int.from_bytes(b[i + 1 : i + 5], "little") < 1 << 31
        for i, c in enumerate(b)
    )


samples = [
    marshal.dumps(v, version)
    for version in range(5)
    for v in (
        None,
        5,
        2**70,
        -(2**31),
        1.5,
        1j,
        "a\xe9\ud800",
        b"x",
        (1, (2,)),
        [1, [2]],
        {1: [2]},
        {1, 2},
        frozenset("ab"),
        ["aa", "aa"],
    )
] + [marshal.dumps(code)]
for s in samples:
    results = []
    for i in range(40 if len(s) < 60 else 400):
        b = bytearray(s)
        if rng.random() < 0.3:
            del b[rng.randrange(len(b)) :]
        else:
            for _ in range(rng.choice((1, 1, 3))):
                b[rng.randrange(len(b))] = rng.choice(
                    (0, 1, 5, 0x7F, 0x80, 0xFF, *b"()[{<>uatzZrsilgcyNTFS.")
                )
        if greedy(b):
            continue
        if len(s) < 60 or b[0] & 0x7F != ord("c"):
            results.append(
                attempt(marshal.loads, bytes(b))
            )  # a damaged code object may say anything
        else:
            try:
                marshal.loads(bytes(b))
                results.append("loads")
            except Exception as e:
                results.append(type(e).__name__)
    print(s[:12], len(s), *([zlib.crc32(repr(results).encode())] if len(s) > 60 else results))
