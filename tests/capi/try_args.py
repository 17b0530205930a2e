# SPDX-License-Identifier: MIT
"""Argument parsing from C: every unit with right, wrong and border values."""
import array
import sys
import warnings
import c_args as c
from capi_show import show, shape

warnings.simplefilter("error")


class Index:
    def __index__(self):
        return 99


class Int:
    def __int__(self):
        return 98


class Float:
    def __float__(self):
        return 2.5


class Complex:
    def __complex__(self):
        return 1 + 2j


class Wrong:
    def __index__(self):
        return "x"

    def __float__(self):
        return "x"

    def __complex__(self):
        return "x"

    def __bool__(self):
        raise ZeroDivisionError("truth")


for k in (Index, Int, Float, Complex, Wrong):
    k.__repr__ = lambda self: type(self).__name__

limits = [
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    -128,
    32767,
    32768,
    65535,
    65536,
    -32769,
    2**31 - 1,
    2**31,
    -(2**31),
    -(2**31) - 1,
    2**32,
    2**63 - 1,
    2**63,
    -(2**63),
    -(2**63) - 1,
    2**64 - 1,
    2**64,
    True,
    3.5,
    "5",
    None,
    Index(),
    Int(),
    Float(),
    Wrong(),
]
for unit in "bBhHiIlkLKn":
    for v in limits:
        show(c.parse, unit, (v,))
for unit in "fdD":
    for v in (1, 2.5, 1e300, 1j, "x", None, Index(), Float(), Complex(), Wrong(), 10**400):
        show(c.parse, unit, (v,))
texts = [
    "abc",
    "",
    "a\0b",
    "\u1234é",
    "\udc80",
    b"bytes",
    b"",
    b"n\0l",
    bytearray(b"ba"),
    memoryview(b"mem"),
    array.array("b", [1, 2]),
    memoryview(b"abcdef")[::2],
    None,
    5,
]
for unit in (
    "s",
    "z",
    "y",
    "s#",
    "z#",
    "y#",
    "s*",
    "z*",
    "y*",
    "w*",
    "c",
    "C",
    "S",
    "Y",
    "U",
    "O",
    "p",
):
    for v in texts:
        show(c.parse, unit, (v,))
for v in ("a", "\u20ac", b"a", bytearray(b"z")):
    for unit in "cC":
        show(c.parse, unit, (v,))
for v in (0, 1, [], [0], Wrong()):
    show(c.parse, "p", (v,))
for unit in ("es", "et", "es#", "et#"):
    for encoding in (None, "latin-1", "utf-16-le", "no-such"):
        for v in ("abc", "\u20ac", b"\xff", bytearray(b"x"), "n\0l", 5):
            show(c.encoded, unit, encoding, (v,))
for v in ("abc", "abcdefgh", "", "é"):
    show(c.into_buffer, v)
for a in ((1, 2), (1, "x"), ("x", 1), (1,), (1, 2, 3)):
    show(c.converter, *a)
for a in (([],), ((),), ([], {}), ([], []), ()):
    show(c.typed, *a)
for a in (
    ((1, (2, "s")),),
    ((1, (2, "s")), 5),
    ((1, (2,)),),
    ((1, 2),),
    (5,),
    ([1, [2, "s"]],),
    ((1, (2, "s"), 3),),
    (),
    ((1, (2, 5)),),
    ("ab",),
):
    show(c.nested, *a)
for a in ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), (1, "x"), ("x", 1)):
    show(c.optional, *a)
    show(c.unpack, *a)
    show(c.va_parse, *a)
    show(c.stack, *a)
    show(c.check_positional, *a)
for o in (5, "x", (5,), ()):
    show(c.single, o)


def kw(f, *a, **k):
    try:
        r = shape(f(*a, **k))
    except Exception as e:
        r = "%s: %s" % (type(e).__name__, e)
    print(f.__name__, shape(a), k, "->", r)


for f in (c.keywords, c.positional, c.empty_only, c.clinic, c.stack_and_keywords, c.no_keywords):
    kw(f)
    for n in range(1, 7):
        kw(f, *range(n))
    kw(f, 1, b=2)
    kw(f, a=1, b=2)
    kw(f, b=1)
    kw(f, 1, 2, d=4)
    kw(f, 1, 2, e=5, d=4, c=3)
    kw(f, 1, 2, a=1)
    kw(f, 1, b=2, zz=1)
    kw(f, 1, 2, 3, zz=1)
    kw(f, 1, c=3)
    kw(f, 1, 2, c=3)
    kw(f, 1, c=3, b=2)
    kw(f, c=3)
    kw(f, "x")
    kw(f, "x", b=1)
    kw(f, 1, b="x")
    kw(f, **{"": 1})
    kw(f, 1, **{"": 1})
    kw(f, 1, **{"\udc80": 1})
    kw(f, 1, dd=1)
    kw(f, 1, 2, cc=1)
for fmt, t in (("q", (1,)), ("O", 5), ("O!x", (1,)), ("O$O", (1, 2))):
    show(c.bad_format, fmt, t)
show(c.validate_keywords, {"a": 1})
show(c.validate_keywords, {1: 1})
show(c.validate_keywords, 5)
