# SPDX-License-Identifier: MIT
"""Strings and numbers through their C functions."""
import c_texts as c
from capi_show import show

texts = ["abc", "", "caf\xe9", "\u20acuro", "\U0001F600!", "a\0b", "\udc80", "b"]


class S(str):
    pass


wrong = [b"bytes", None, 5]
for u in texts + [S("sub")]:
    show(c.layout, u)
    show(c.wide, u)
    if len(u) < 6:
        show(c.ucs4, u)
    for f in (
        c.PyUnicode_IsIdentifier,
        c.PyUnicode_GetLength,
        c.PyUnicode_FromObject,
        c.PyUnicode_AsUTF8String,
        c.PyUnicode_AsLatin1String,
        c.PyUnicode_AsASCIIString,
        c.PyUnicode_AsUTF16String,
        c.PyUnicode_AsUTF32String,
        c.PyUnicode_AsUnicodeEscapeString,
        c.PyUnicode_AsRawUnicodeEscapeString,
        c.PyUnicode_EncodeFSDefault,
    ):
        show(f, u)
    for i in (0, 2, -1, 99):
        show(c.PyUnicode_ReadChar, u, i)
    for v in ("b", "", "\u20ac", "abc", "\xe9"):
        for f in (
            c.PyUnicode_Compare,
            c.PyUnicode_Contains,
            c.PyUnicode_Concat,
            c.PyUnicode_Partition,
            c.PyUnicode_RPartition,
            c.PyUnicode_Count,
        ):
            show(f, u, v)
        for op in range(6):
            show(c.PyUnicode_RichCompare, u, v, op)
        for d in (1, -1):
            show(c.PyUnicode_Find, u, v, d)
            show(c.PyUnicode_Tailmatch, u, v, d)
            show(c.PyUnicode_FindChar, u, 0x62, d)
        for n in (-1, 0, 1):
            show(c.PyUnicode_Split, u, v, n)
            show(c.PyUnicode_RSplit, u, v, n)
            show(c.PyUnicode_Replace, u, v, "R\u20ac", n)
    for s in ("abc", "ab", "abcd", ""):
        show(c.PyUnicode_CompareWithASCIIString, u, s)
    for i, j in ((0, 1), (1, 99), (-1, 2), (2, 1)):
        show(c.PyUnicode_Substring, u, i, j)
    for enc in ("utf-8", "latin-1", "ascii", "utf-16-le", "rot13", "cp1252", "none such"):
        for err in ("strict", "replace", "backslashreplace", "surrogatepass", "no handler"):
            show(c.PyUnicode_AsEncodedString, u, enc, err)
    show(c.PyUnicode_EncodeLocale, u, "strict")
    show(c.PyUnicode_EncodeLocale, u, "surrogateescape")
    show(c.PyUnicode_EncodeLocale, u, "ignore")
    show(c.PyUnicode_Translate, u, {ord("a"): "AA", ord("b"): None, 0x20AC: 0x45})
    show(c.PyUnicode_Splitlines, u + "\r\nx\x85y\n", 0)
    show(c.PyUnicode_Splitlines, u + "\nz", 1)
    show(c.PyUnicode_AsCharmapString, u, {ord("a"): 65, ord("b"): b"bb"})
for w in wrong:
    for f in (
        c.PyUnicode_GetLength,
        c.PyUnicode_FromObject,
        c.PyUnicode_AsUTF8String,
        c.PyUnicode_AsLatin1String,
        c.wide,
    ):
        show(f, w)
    for f in (c.PyUnicode_Compare, c.PyUnicode_Contains, c.PyUnicode_Concat, c.PyUnicode_Partition):
        show(f, "a", w)
        show(f, w, "a")
    show(c.PyUnicode_RichCompare, "a", w, 2)
    show(c.PyUnicode_Split, "a b", w, -1)
    show(c.PyUnicode_Join, ",", w)
    show(c.PyUnicode_Join, w, ["a", "b"])
    show(c.PyUnicode_Format, "%s", w)
    show(c.PyUnicode_FromEncodedObject, w, "utf-8", "strict")
show(c.PyUnicode_Join, ", ", ["a", "\u20ac"])
show(c.PyUnicode_Join, ",", ["a", 5])
show(c.PyUnicode_Format, "%d %s", (1, "x"))
show(c.PyUnicode_FromEncodedObject, bytearray(b"\xe2\x82\xac"), "utf-8", "strict")
show(c.PyUnicode_FromEncodedObject, "s", "utf-8", "strict")
for b in (
    b"abc",
    b"\xff\xfe",
    b"\xe2\x82",
    b"\xe2\x82\xac",
    b"+IKw-",
    b"a\0b\0",
    b"\xff\xfea\0",
    b"a\0\0\0",
    b"\0\0\xfe\xff",
):
    for enc in ("utf-8", "latin-1", "ascii", "utf-16", "utf-7", "cp1252", "rot13", "none such"):
        for err in ("strict", "replace", "surrogateescape"):
            show(c.PyUnicode_Decode, b, enc, err)
    for k in ("8", "7", "16", "32"):
        show(c.stateful, k, b)
    if b"\0" not in b:
        show(c.PyUnicode_DecodeFSDefault, b)
    show(c.PyUnicode_DecodeCharmap, b, "".join(map(chr, range(128))))
    show(c.PyUnicode_DecodeCharmap, b, {97: "A", 98: None, 99: 0x20AC})
show(lambda: type(c.PyUnicode_BuildEncodingMap("".join(map(chr, range(256))))).__name__)
for n in range(31):
    if n != 28:
        show(c.make, n)
for over in (0, 1):
    for parts in (
        [],
        ["a"],
        ["a", "b"],
        ["abc", 0x20AC, "d"],
        ["abc", b"\xe9", 0x1F600, None, "x" * 300],
        ["x", 0xE9] * 50,
        ["", ""],
        ["only"],
    ):
        if parts[:1] != [""]:
            show(c.writer, parts, over)


class I:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v

    def __repr__(self):
        return "I(%r)" % self.v


class F:
    def __init__(self, v):
        self.v = v

    def __float__(self):
        return self.v

    def __repr__(self):
        return "F(%r)" % self.v


numbers = [
    0,
    1,
    -1,
    True,
    2**31 - 1,
    2**31,
    -(2**31),
    2**63 - 1,
    2**63,
    -(2**63),
    -(2**63) - 1,
    2**64 - 1,
    2**64,
    -(2**64),
    10**30,
    1.5,
    float("inf"),
    "5",
    None,
    I(7),
    I("x"),
    F(2.5),
    F("x"),
    1j,
    2**1024,
]
for f in (
    c.PyLong_AsLong,
    c.PyLong_AsSsize_t,
    c.PyLong_AsLongLong,
    c.PyLong_AsUnsignedLongMask,
    c._PyLong_AsInt,
    c.PyLong_AsUnsignedLong,
    c.PyLong_AsUnsignedLongLong,
    c.PyLong_AsUnsignedLongLongMask,
    c.PyLong_AsSize_t,
    c.PyLong_AsLongAndOverflow,
    c.PyLong_AsLongLongAndOverflow,
    c.PyLong_AsDouble,
    c.PyLong_FromDouble,
    c.PyFloat_AsDouble,
    c.PyComplex_AsCComplex,
    c.PyComplex_RealAsDouble,
    c.PyFloat_FromString,
):
    for v in numbers:
        show(f, v)
for v in numbers:
    if isinstance(v, int):
        show(c._PyLong_Sign, v)
        show(c._PyLong_NumBits, v)
        for n, little, sign in ((1, 1, 0), (1, 0, 1), (8, 1, 1), (8, 0, 0), (12, 1, 1)):
            show(c.bytes_of_long, v, n, little, sign)
for s in (
    "12",
    " 12 ",
    "0x1f",
    "0b11",
    "0o17",
    "1_000",
    "1__0",
    "zz",
    "",
    "-5",
    "12abc",
    "\u0663",
    "9" * 30,
):
    for base in (0, 2, 10, 16, 36, 1, 37):
        if s.isascii():
            show(c.PyLong_FromString, s, base)
        show(c.PyLong_FromUnicodeObject, s, base)
    show(c.PyOS_string_to_double, s)
    show(c.PyFloat_FromString, s)
for s in ("1.5", "-1e5", "inf", "nan", "1e400", "1.5.5", ".5", "5.", "+.e", "1e", "0x1p3"):
    show(c.PyOS_string_to_double, s)
    show(c.PyFloat_FromString, s)
for v in (0.0, -0.0, 1.5, 1e16, 1e-5, 123456.789, float("inf"), float("nan"), 1e300):
    for code, p in (
        ("r", 0),
        ("g", 6),
        ("f", 2),
        ("e", 3),
        ("G", 4),
        ("E", 2),
        ("F", 1),
        ("r", 3),
        ("q", 1),
    ):
        for flags in (0, 1, 2, 4, 3):
            show(c.double_to_string, v, code, p, flags)
for v in (0.0, 1.5, -2.25, 65504.0, 1e5, 1e39, float("inf"), 5e-324):
    show(c.pack, v)
show(c.os_text)
