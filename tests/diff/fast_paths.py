# SPDX-License-Identifier: MIT
"""Shortcuts against the general ways they stand for: searching bytes, growing sets, long ints, round(), ascii(),
bytearrays and memory views made from bytes."""
import array
import hashlib
import random

r = random.Random(1)


def text(k, most):
    return bytes(r.choice(b"abc ") for _ in range(r.randrange(most)))


seen = []
for i in range(4000):
    hay, n, m = text(4, 60), text(4, 4), text(4, 4)
    for h in (hay, bytearray(hay)):
        seen.append((h.find(n), h.rfind(n), h.count(n), h.replace(n, m), h.replace(n, m, 2), h.strip(), h.strip(n),
                     h.lstrip(), h.rstrip(n), h.startswith(n), h.endswith(n, 2), h.startswith((m, n), 1), h.split(),
                     h.find(n, 3, -2), h.upper(), h.title(), h.capitalize(), h.swapcase(), h.decode(),
                     h.decode("latin-1"), h.decode("ascii", "ignore"), n in h, h.translate(None, n)))
    s, t = hay.decode(), n.decode()
    seen.append((s.find(t), s.count(t), s.replace(t, m.decode())))
print(hashlib.md5(repr(seen).encode()).hexdigest())
far = b"x" * 100 + b"needle" + b"y" * 300 + b"needle"
print(far.find(b"needle"), far.count(b"y"), far.count(b"needle"), far.find(b"y"), far.rfind(b"needle"), far.find(b"nx"))
print((b"ab" * 700).count(b"a"), (b"ab" * 700).replace(b"a", b"z", 3)[:9], len(far.replace(b"y", b"")))


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


b = b"abcabc"
for args in ((), (1, 2, 3, 4), ("a",), (300,), (b"c", None, None), (b"c", "x"), (b"", 6), (b"", 7), (97,), (memoryview(b"bc"),)):
    for f in (b.find, b.index, b.count, b.startswith, b.endswith, bytearray(b).find):
        attempt(f, *args)
attempt(b.decode, "asc\0ii"); attempt(b.decode, 1); attempt(b.decode, "utf-8", "strict", 3); attempt(b.decode, encoding="ascii")
attempt(b"\xff".decode); attempt(b.decode, "nope"); attempt(b.strip, 1, 2); attempt(b.strip, "x"); attempt(b.replace, b"a")
attempt(b.replace, "a", b"b"); attempt(b.startswith, (b"x", "y")); attempt(bytearray, -1)
x = bytearray(b"xyz"); x.__init__(b"longer than before"); print(x, bytearray(b""), bytearray(), bytearray(3))
print([m == v for m in map(memoryview, (b, bytearray(b), array.array("b", b), array.array("i", [1, 2]))) for v in (b, b"", b"abcabx", "abcabc")])
print(memoryview(b)[::2] == b"acb", memoryview(b)[::2].tobytes(), memoryview(b)[1:3].tobytes(), memoryview(b).hex())

s = set()
for i in range(3000):
    s.update([r.randrange(100), (r.randrange(9),), -r.randrange(3)])
    s.discard(r.randrange(100))
print(len(s), [x for x in s if isinstance(x, int)], {*range(5, 40, 3)}, set([3, 1, 40, 9, 72]), frozenset((8, 16, 24, 32, 1)))
shrinking = []


class Key:
    def __hash__(self):
        if len(shrinking) < 6: shrinking.append(5)
        return 1

    def __eq__(self, other):
        shrinking.clear()
        return False


shrinking[:] = [Key(), Key(), 1]
print(len(set(shrinking)), len(shrinking))
attempt(set, [[]]); attempt(frozenset, (1, {})); attempt(set().update, [1], (2, []))

for base in (-7, 3, 10 ** 18, 2 ** 59):
    print(*(pow(base, e, m) for e in (0, 1, 2, 5, 1000, 2 ** 59, 2 ** 70) for m in (1, 2, 7, -7, 2 ** 31, 2 ** 33 + 1, -2 ** 59, 3 ** 50)))
for i in range(500):
    a = r.choice([1, -1]) * r.getrandbits(r.choice([1, 20, 31, 61, 65, 100, 200]))
    c = r.choice([1, -1]) * r.getrandbits(r.choice([1, 20, 31, 61, 65, 100, 200]))
    n = r.randrange(130)
    print(a & c, a | c, a ^ c, ~a, a >> n, a % c if c else 0, a // c if c else 0)


class F(float):
    def __round__(self, n=7): return "F", n


class Static:
    __round__ = staticmethod(lambda *a: a)


class Class:
    @classmethod
    def __round__(cls, *a): return cls.__name__, a


print(round(F(2.5)), round(F(1), 2), round(2.5), round(True), round(10 ** 40, -3), round(-7, -1), round(2.675, 2))
print(round(Static()), round(Static(), 3), round(Static(), None), round(Class(), 4))
attempt(round, object()); attempt(round, "a"); attempt(round, 1, "x"); attempt(round, 1.5, None); attempt(round, float("nan"))
print(ascii("\xe9\u4e2d\U00012345x\n'"), ascii("\x80\xff\u0100"), ascii(["\xfc"]), ascii("\ud800"))
