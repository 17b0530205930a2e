"""bytearray, memoryview, slice, zip: arguments, items, comparison; characters found in text."""
import sys

for a in [
    (),
    (0,),
    (5,),
    (b"ab",),
    (bytearray(b"x"),),
    ([1, 2],),
    ("a",),
    ("a", "utf-8"),
    ("é", "ascii"),
    ("é", "ascii", "ignore"),
    (b"a", "utf-8"),
    (-1,),
    (2**70,),
    (None,),
    (1.5,),
    (iter([1, 300]),),
    (memoryview(b"q"),),
    (range(3),),
    ((),),
    (b"",),
    (1, 2, 3, 4),
]:
    try:
        r = bytearray(*a)
        print(a and type(a[0]), r, sys.getsizeof(r), len(r))
    except Exception as e:
        print(type(e).__name__, e)
for kw in [
    dict(source=b"a"),
    dict(source="a", encoding="utf-8"),
    dict(encoding="x"),
    dict(errors="x"),
    dict(foo=1),
    dict(source=3),
]:
    try:
        print(bytearray(**kw))
    except Exception as e:
        print(type(e).__name__, e)


class B(bytearray):
    pass


class X:
    def __index__(s):
        return 3


class Y:
    def __index__(s):
        raise TypeError("no")

    def __iter__(s):
        return iter([1])


class Z:
    def __bytes__(s):
        return b"zz"


print(B(b"ab"), B(), bytearray(X()), bytearray(Y()))
try:
    print(bytearray(Z()))
except Exception as e:
    print(e)
b = bytearray(b"abc")
b.__init__(2)
print(b)
m = memoryview(b)
try:
    b.__init__(b"1234")
except Exception as e:
    print(type(e).__name__, e)
ms = [
    memoryview(b"abc"),
    memoryview(b"abd"),
    memoryview(b""),
    memoryview(bytearray(b"abc")),
    memoryview(b"abcdef")[::2],
    memoryview(b"aXbXcX")[::2],
    memoryview(b"abcdef")[3::-1],
    memoryview(bytes(12)).cast("i"),
    memoryview(bytes(12)).cast("f"),
    memoryview(bytes(12)).cast("B", [3, 4]),
    memoryview(bytes(12)).cast("B", [4, 3]),
    memoryview(b"abc").cast("b"),
    memoryview(b"abc").cast("c"),
    memoryview(bytes(12)).cast("I", [3]),
]
for x in ms:
    print(
        [x == y for y in ms],
        [x != y for y in ms],
        x == b"abc",
        x == bytearray(b"abc"),
        x == "abc",
        x == 5,
    )
for c in "abyz é中\u4e00\uff79\u0179":
    for s in [
        "中" * n + "y" + "文" * k + c + "é"
        for n in (0, 1, 7, 8, 9, 31, 32, 33, 70)
        for k in (0, 1, 15, 40)
    ] + ["中y", "yy", "", "é" * 40 + "\u0179"]:
        print(
            s.find(c),
            s.rfind(c),
            s.count(c),
            c in s,
            s.split(c)[:2],
            s.partition(c)[0] == s,
            s.find(c, 3),
            s.replace(c, "-")[:3],
        )
L = ["b", "a", "é", "中", "😀", "ab", "", "a\0", "\xff", "Ā"]
print(
    sorted(L),
    min(L),
    max(L),
    [a < b for a in L for b in L],
    ["a"] < ["b"],
    ("x", "y") >= ("x",),
    sorted(L * 3, reverse=True),
)


def tryit(f):
    try:
        return f()
    except Exception as e:
        return type(e).__name__ + ": " + str(e)


def mk():
    return [
        memoryview(bytearray(b"abcdef")),
        memoryview(b"abcdef"),
        memoryview(bytearray(b"abcdef"))[1:5],
        memoryview(bytearray(b"abcdef"))[::2],
        memoryview(bytearray(b"abcdef"))[::-1],
        memoryview(bytearray(b"abcdef")).cast("b"),
        memoryview(bytearray(b"abcdef")).cast("c"),
        memoryview(bytearray(8)).cast("i"),
        memoryview(bytearray(8)).cast("B", [2, 4]),
        memoryview(bytearray()),
        memoryview(bytearray(b"x")).cast("B", []),
    ]


class Idx:
    def __init__(s, i):
        s.i = i

    def __index__(s):
        return s.i


def seti(m, k, v):
    m[k] = v
    return m.tobytes()


for n in range(11):
    for k in [
        0,
        1,
        -1,
        5,
        6,
        -6,
        -7,
        10**10,
        2**70,
        True,
        Idx(1),
        1.0,
        "a",
        None,
        slice(1, 3),
        slice(None),
        slice(None, None, 2),
        slice(3, 1),
        slice(Idx(1), 4),
        (),
        (1,),
        (1, 2),
        (0, 1),
        ...,
    ]:
        print(
            n,
            k
            if not isinstance(k, Idx) and not (isinstance(k, slice) and isinstance(k.start, Idx))
            else "idx",
            tryit(
                lambda: mk()[n][k]
                if not isinstance(mk()[n][k], memoryview)
                else mk()[n][k].tobytes()
            ),
        )
        for v in [
            0,
            255,
            256,
            -1,
            True,
            Idx(7),
            1.5,
            b"a",
            b"",
            b"ab",
            b"abcd",
            bytearray(b"ab"),
            memoryview(b"ab"),
            "ab",
            None,
            b"abcdef",
        ]:
            print(
                v if not isinstance(v, (Idx, memoryview)) else type(v),
                tryit(lambda: seti(mk()[n], k, v)),
            )
    print(
        tryit(lambda: mk()[n].hex()),
        tryit(lambda: mk()[n].hex(":")),
        tryit(lambda: mk()[n].hex(sep="-", bytes_per_sep=2)),
        tryit(lambda: mk()[n].hex("::")),
        tryit(lambda: mk()[n].hex(1)),
    )
    m = mk()[n]
    m.release()
    print(
        [
            tryit(lambda: m[0]),
            tryit(lambda: m.hex()),
            tryit(lambda: seti(m, 0, 1)),
            tryit(lambda: seti(m, slice(1), b"a")),
        ]
    )
for f in [
    lambda: memoryview(),
    lambda: memoryview(1),
    lambda: memoryview(b"", 1),
    lambda: memoryview(object=b"a").tobytes(),
    lambda: memoryview(foo=b""),
    lambda: slice(),
    lambda: slice(1, 2, 3, 4),
    lambda: slice(1, a=2),
    lambda: slice(1),
    lambda: slice(1, 2),
    lambda: slice(1, 2, 3),
    lambda: list(zip()),
    lambda: list(zip([1], "ab")),
    lambda: list(zip([1], "ab", strict=True)),
    lambda: zip(1),
    lambda: zip([1], foo=2),
    lambda: list(zip([1], [2], strict=0)),
    lambda: zip([], 2),
]:
    for i in range(12):
        r = tryit(f)
    print(r)


class Z2(zip):
    def __new__(cls, *a, **k):
        return super().__new__(cls, *a)


print(list(Z2([1], [2], q=1)), type(Z2([1])))
