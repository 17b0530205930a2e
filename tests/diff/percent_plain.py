"""format % values: every flag, width, precision and conversion, for values of every kind."""
import itertools


class Int(int):
    def __str__(self):
        return "Int!"

    __repr__ = __str__


class Str(str):
    def __str__(self):
        return "Str!"


class Float(float):
    def __repr__(self):
        return "Float!"


VALUES = [
    0,
    1,
    -1,
    5,
    -12345,
    2**29,
    2**30,
    -(2**31),
    2**59,
    2**60 - 1,
    2**60,
    10**20,
    -(10**30),
    True,
    None,
    1.5,
    -2.25,
    0.0,
    -0.0,
    1e300,
    float("nan"),
    float("inf"),
    -float("inf"),
    "",
    "a",
    "it's",
    "abc\n",
    "\\",
    "\x7f",
    "é",
    "x" * 70,
    b"q",
    [1],
    Int(3),
    Str("s"),
    Float(2.5),
]
FLAGS = ["", "-", "0", "-0", "+", " ", "#", "#0"]


def formatted(text, args):
    try:
        return text % args
    except Exception as e:
        return "%s(%s)" % (type(e).__name__, e)


for value in VALUES:
    for conversion in "sraxXodieEfFgGcu":
        results = []
        for flags, width, precision in itertools.product(
            FLAGS, ["", "5", "12"], ["", ".", ".0", ".3"]
        ):
            text = "<%" + flags + width + precision + conversion + ">"
            results.append(formatted(text, (value,)))
            results.append(formatted(text[1:-1], value))
        print(repr(value)[:20], conversion, results)
for text in [
    "%%",
    "100%%",
    "%d%%",
    "%s%%%s",
    "%",
    "%d %",
    "%%%d",
    "a%%b",
    "%5%",
    "%-%",
    "%*d",
    "%.*f",
    "%ld",
]:
    for args in [(), (1,), (1, 2), 5, "x", {}, None, 2.5]:
        print(text, args, formatted(text, args))
for bits in range(0, 400, 3):
    for n in (3**bits % 2**bits, -(7**bits % 2**bits)):
        print(n, hex(n), oct(n), bin(n), format(n, "x"), format(n, "#o"), "%x %#X %o" % (n, n, n))
for e in range(60):
    print(10**e, -(10**e), 10**e - 1, 10**19 + e, 10**19 * 10**e, 2 ** (2 * e))
