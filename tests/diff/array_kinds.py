"""array.array: every kind of item, its limits; methods, slices, buffers, pickles, bytes."""
import array
import copy
import io
import pickle
import sys


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


LIMITS = [
    0,
    1,
    -1,
    127,
    128,
    -128,
    -129,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    2**31 - 1,
    2**31,
    -(2**31),
    2**32 - 1,
    2**32,
    2**63 - 1,
    2**63,
    2**64 - 1,
    2**64,
    1.5,
    float("inf"),
    "a",
    "ab",
    None,
    b"a",
    True,
]


def kinds():
    for code in array.typecodes:
        values = "héλ中\U0001f600" if code == "u" else [1, 2, 3, 100, 5]
        yield code, array.array(code, values)


for code, a in kinds():
    print(code, a, a.itemsize, a.typecode, len(a), a[1], a[-1], a[1:3], a[::-1], a[::2])
    for v in LIMITS:
        print(v, attempt(array.array, code, [v]), attempt(a.index, v), attempt(a.count, v), v in a)
    b = a[:]
    b.byteswap()
    print(b.tobytes().hex(), attempt(b.tolist) if code != "u" else "")
    b.byteswap()
    print(a == b, a < b, a >= b, a != b[:2], b[:2] < a, hash(b.tobytes()) == hash(a.tobytes()))
    print(
        a.buffer_info()[1], len(a.buffer_info()), sys.getsizeof(a) - array.array(code).__sizeof__()
    )
    for protocol in range(6):
        data = pickle.dumps(a, protocol)
        print(protocol, pickle.loads(data) == a, len(data))
    print(copy.copy(a), copy.deepcopy(a), a + a, a * 2, 0 * a)
    f = io.BytesIO()
    a.tofile(f)
    f.seek(0)
    c = array.array(code)
    c.fromfile(f, 3)
    print(c, attempt(c.fromfile, f, 9), c)
    c.frombytes(a.tobytes())
    print(c, attempt(c.frombytes, b"abc"), c.tobytes() == (a + a).tobytes())
    c.extend(a)
    c.insert(1, a[2])
    c.remove(a[4])
    print(c, c.pop(), c.pop(0), attempt(c.pop, 99), c.index(a[1], 2), attempt(c.index, a[1], -1))
    c[1:3] = a
    c[::2] = c[::2]
    del c[0], c[-3:]
    c.reverse()
    c += a[:1]
    c *= 2
    print(c, attempt(c.__setitem__, slice(0, 2), [1]), attempt(c.__setitem__, slice(0, 4, 2), a))
    with memoryview(c) as view:
        print(view.format, view.itemsize, view.shape, attempt(c.append, a[0]), attempt(c.pop))
    it = iter(a)
    next(it)
    print(it.__reduce__()[1:], list(it), next(it, "end"), it.__reduce__()[1:])
    if code == "u":
        c.fromunicode("xyz")
        print(c.tounicode())
    else:
        print(attempt(c.fromunicode, "x"), attempt(c.tounicode))
        c.fromlist([1, 2])
        print(c, attempt(c.fromlist, [1, "x"]), c)

for args in [
    (),
    ("x",),
    ("i", "abc"),
    ("u", "abc"),
    ("i", b"abcd"),
    ("i", 5),
    ("ii",),
    ("i", [1], 2),
    ("d", array.array("i", [1, 2])),
    ("i", array.array("d", [1])),
    ("i", array.array("u", "a")),
]:
    print(args[:1], attempt(array.array, *args))
rebuild = array._array_reconstructor
for kind in range(-1, 23):
    for code in "biqdu":
        print(kind, code, attempt(rebuild, array.array, code, kind, b"a\0\0\0b\0\0\0" * 2))
