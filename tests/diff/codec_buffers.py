# SPDX-License-Identifier: MIT
# Encoders write into a buffer on the C stack until it is full, and into bytes from then on; names
# of encodings and memoryview formats are found by table.
import codecs
import zlib

NAMES = ["utf-8", "UTF8", "utf_8", "u8", "utf-16", "UTF16", "utf 16", "utf--16", "utf_16_le",
         "utf32", "Utf-32", "utf-32-be", "ascii", "US-ASCII", "us_ascii", "latin1", "latin-1",
         "ISO-8859-1", "iso8859-1", "iso_8859_1", "l1", "utf-1", "utf-161", "utf-8-sig", "utf-7",
         "iso8859-15", "utf", "", "-utf-8", "utf-8-", "cp1252", "utf\u20ac", "unicode_escape",
         "raw_unicode_escape", "charmap"]
TEXTS = ["", "a", "abc", "é", "é" * 300, "€uro", "€" * 200, "\U0001F600", "a\U0001F600b€",
         "\U0001F600" * 150, "x\ud800y", "\udc80\udcff", "a" * 255 + "\udc80", "a" * 256 + "€",
         "\ud83d\ude00", "z" * 1000 + "\udcfe" + "q" * 600, chr(0x10FFFF), "\x80" * 256 + "\ud800",
         "€" * 127, "€" * 128, "€" * 129, "\x7f\x80\xff\u0100\uffff\U00010000"]
ERRORS = ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace",
          "surrogateescape", "surrogatepass", "namereplace", "nope", "st", "mine", "mineb", "odd"]

codecs.register_error("mine", lambda e: ("ab", e.end))
codecs.register_error("mineb", lambda e: (b"ab" * 200, e.start + 1))
codecs.register_error("odd", lambda e: (b"abc", e.end))

for text in TEXTS:
    for name in NAMES:
        try:
            r = text.encode(name)
            print(ascii(text[:6]), ascii(name), len(r), zlib.crc32(r))
        except Exception as e:
            print(ascii(text[:6]), ascii(name), type(e).__name__, ascii(str(e)))
    for name in ("utf-8", "utf-16", "utf-16-be", "utf-32", "ascii", "latin-1", "cp1252", "utf-7"):
        for errors in ERRORS:
            try:
                r = text.encode(name, errors)
                print(ascii(text[:6]), name, errors, len(r), zlib.crc32(r))
            except Exception as e:
                print(ascii(text[:6]), name, errors, type(e).__name__, ascii(str(e)))
print("a".encode("latin1") is "a".encode("latin1"), "é".encode("ascii", "ignore") is b"")
a, b = "a".encode("cp1252"), "a".encode("cp1252")
print(a is b, a == b)
print("\u0100\uffff\U00010000\U0010ffff".encode("ascii", "xmlcharrefreplace"),
      "\x80\u0100\uffff\U00010000\U0010ffff".encode("ascii", "backslashreplace"))

# memoryview formats
for f in [*"cbB?hHiIlLqQnNfdeP", *["@" + c for c in "cbB?hHiIlLqQnNfdeP"], "<i", "xx", "", "@",
          "z", "\x80", "\u20ac", "i\0"]:
    try:
        m = memoryview(bytes(range(16))).cast(f)
        print(f, m.format, m.itemsize, len(m), m[0], m.tolist()[-1], list(m)[-1])
    except Exception as e:
        print(ascii(f), type(e).__name__, e)
        continue
    for g in "Bch":
        try:
            print(m.cast(g).tolist()[:3])
        except Exception as e:
            print(type(e).__name__, e)
    data = bytearray(16)
    w = memoryview(data).cast(f)
    for v in (1, -1, 127, 128, 255, 256, 32768, 2**31, 2**32, 2**63, 2**64, 1.5, b"x", b"xx", True,
              "a", None):
        try:
            w[0] = v
            print(v, bytes(data[:8]))
        except Exception as e:
            print(v, type(e).__name__, e)
m = memoryview(bytes(range(24))).cast("B", [2, 3, 4])
print(m.tolist(), memoryview(bytes(range(24))).cast("h", [3, 4]).tolist())
print(memoryview(b"\xff" * 8).cast("b").tolist(), memoryview(b"\xff" * 8).cast("q").tolist(),
      memoryview(b"\xff" * 8).cast("Q").tolist(), memoryview(b"\1\0" * 4)[::2].tolist())
