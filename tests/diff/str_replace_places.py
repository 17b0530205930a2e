# SPDX-License-Identifier: MIT
# Searches whose last block of places lies over decided ones, replacing at noted places, repr of
# plain ASCII, joining short pieces.
import itertools

state = 7


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n


def naive_find(s, p, at=0):
    for i in range(at, len(s) - len(p) + 1):
        if s[i:i + len(p)] == p:
            return i
    return -1


def naive_replace(s, p, to, most):
    out, at = "", 0
    while most != 0 and (i := naive_find(s, p, at)) >= 0:
        out += s[at:i] + to
        at = i + len(p)
        most -= 1
    return out + s[at:]


for alphabet in ("ab", "aβ", "a\U0001F600", "abcdefgh"):
    for length in (*range(0, 50), 63, 64, 65, 100, 200, 1000):
        for _ in range(4):
            s = "".join(alphabet[rnd(len(alphabet))] for _ in range(length))
            for size in (2, 3, 5, 9):
                p = "".join(alphabet[rnd(len(alphabet))] for _ in range(size))
                assert s.find(p) == naive_find(s, p), (s, p)
                assert (p in s) == (naive_find(s, p) >= 0)
                for most in (-1, 0, 1, 2, 31, 32, 33, 40):
                    for to in ("", "x", p, "é" * size, "\U0001F601" * 7):
                        r = s.replace(p, to, most)
                        assert r == naive_replace(s, p, to, most), (s, p, to, most)
                assert s.count(p) == (len(s) - len(s.replace(p, ""))) // len(p)
                b, q = s.encode("utf-32-le"), p.encode("utf-32-le")
                assert b.replace(q, b"yy").count(b"yy") >= s.count(p)
for place in range(0, 40):
    for n in range(place + 2, 42):
        s = "-" * place + "xy" + "-" * (n - place - 2)
        assert s.find("xy") == place == s.rfind("xy") and s.count("xy") == 1
        assert s.find("xy", place + 1) == -1
        assert s[:-1].find("xy") == (place if n > place + 2 else -1)
        assert s.replace("xy", "z") == "-" * place + "z" + "-" * (n - place - 2)
print("found")

s = "xaby"
same = "".join(["a", "b"])
print(s.replace("ab", same) is s, s.replace("ab", "ab") is s, s.replace("", "") is s,
      s.replace("q", "".join(["q"])) is s, s.replace("zz", "y") is s, s.replace("ab", "c", 0) is s)
print("aXbXc".replace("X", ""), "ééé".replace("é", "e").isascii(), "ab€".replace("€", "").isascii())
print("mississippi".replace("ss", "SS", 1), "aaaa".replace("aa", "b"), "abc".replace("", "-"))

for n in (0, 1, 2, 14, 15, 16, 17, 31, 32, 33, 100):
    for c in ("a", "'", '"', "\\", "\n", "\0", "\x1f", " ", "~", "\x7f", "\x80", "é", "\u2028"):
        for at in {0, n // 2, max(n - 1, 0)}:
            t = ("p" * n)[:at] + c + ("p" * n)[at + 1:]
            assert eval(repr(t)) == t and eval(ascii(t)) == t
            print(repr(t)[-40:], len(repr(t)), ascii(t)[:40], f"{t!r}" == "%r" % t)
print(repr("it's"), repr('say "x"'), repr("'\""), repr("a" * 20 + "'" + '"'))


class Sub(str):
    def __repr__(self):
        return "Sub"


print(repr(Sub("abc")), str.__repr__(Sub("abc")), [Sub("x"), "y"])

for size in range(0, 20):
    for kinds in itertools.product("aé€\U0001F600", repeat=2):
        parts = [kinds[i % 2] * ((size + i) % 19) for i in range(5)]
        for sep in ("", ",", "; ", "é", "€€", "-" * 17):
            r = sep.join(parts)
            expected = parts[0]
            for part in parts[1:]:
                expected = expected + sep + part
            assert r == expected and repr(r) == repr(expected)
print("joined")

for f, args in ((b"%d|%i|%u", (1, -2, 3)),
                (b"%5d|%-5d|%05d|%+d|% d", (7, 7, -7, 7, 7)),
                (b"%x|%#x|%X|%#X|%o|%#o", (255, 255, 255, 255, 8, 8)), (b"%.3d|%.5x", (7, 255)),
                (b"%#010x|%-#10x|%010o", (-255, 255, -8)), (b"%d", True), (b"%d", 10**30),
                (b"%x", -(10**30)), (b"%d", 3.9), (b"%x", 3.9), (b"%d", "x"),
                (b"%s%b", (b"a", b"b")),
                (b"%5s|%-5s|%.1s", (b"ab",) * 3), (b"%s", "str"), (b"%b", 5), (b"%c%c", (65, b"B")),
                (b"%z", 1), (b"%", 1), (b"%l", 1), (b"%ld", 5), (b"%d %d", (1,)), (b"%d", (1, 2)),
                (b"%%", ()), (b"%s", bytearray(b"q")), (b"%(k)d", {b"k": 5}),
                (b"%(k)s", {b"k": b"v"}),
                (b"%s", memoryview(b"mv")), (b"%d", None), (bytearray(b"%d-%s"), (5, b"x"))):
    try:
        print(f, f % args)
    except Exception as e:
        print(f, type(e).__name__, e)


class Int(int):
    def __str__(self):
        return "text"

    __repr__ = __str__


print(b"%d %x" % (Int(5), Int(255)))


# a subclass of tuple is the list of arguments, too
class Pair(tuple):
    def __getitem__(self, i):
        return "item"

    def __len__(self):
        return 5

    def __iter__(self):
        return iter("ab")


print("(a=%r, b=%s)" % Pair([1, "x"]), "%d" % Pair([5]), "%r" % Pair(["q"]), "%s-%s" % Pair("yz"))
for bad in ("%d %d", "%d", "no"):
    try:
        print(bad % Pair([1, 2, 3]))
    except TypeError as e:
        print(e)
