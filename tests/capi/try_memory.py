# SPDX-License-Identifier: MIT
"""Allocators, the collector, buffers, capsules and reference counts seen from C."""
import array
import gc
import sys
import c_memory as c
from capi_show import show, shape

print(c.domains(), c.strdups(), c.track())
for f in (
    lambda: object(),
    lambda: [0] * 50,
    lambda: {i: i for i in range(50)},
    lambda: "x" * 999,
    lambda: 10**50,
    lambda: type("T", (), {}),
):
    print(c.counted(f))
print(c.collect(), c.long_chain())
n = c.Node()
n.link = n
print(gc.is_tracked(n), gc.get_referents(n) == [n], sys.getsizeof(n))
del n
print(gc.collect() >= 1)


class X:
    pass


print(c.counts_of(X()))
x = X()
print(c.counts_of(x), sys.getrefcount(x))
print(c.counts_of(*[x]))
l = [x]
print(c.counts_of(l[0]), c.counts_of(*l))

m = c.Matrix()
mv = memoryview(m)
print(mv.shape, mv.strides, mv.format, mv.tolist(), mv[1, 2], m.exports, m.released)
mv[0, 1] = 99
print(mv.tolist(), mv.tobytes() == bytes(m))
mv.release()
print(m.exports, m.released)
objects = [
    m,
    b"bytes",
    bytearray(b"ba"),
    array.array("d", [1, 2]),
    memoryview(b"abcdef")[::2],
    memoryview(array.array("h", range(6))).cast("B").cast("h", (2, 3)),
    "str",
    5,
    memoryview(b""),
]
SIMPLE, WRITABLE, FORMAT, ND, STRIDES, CC, FC, AC, IND = 0, 1, 4, 8, 0x18, 0x38, 0x58, 0x98, 0x118
for o in objects:
    for flags in (
        SIMPLE,
        WRITABLE,
        FORMAT,
        ND,
        STRIDES,
        CC,
        FC,
        AC,
        IND,
        ND | FORMAT,
        STRIDES | WRITABLE,
        STRIDES | FORMAT,
        IND | FORMAT | WRITABLE,
        IND | FORMAT,
    ):
        show(c.view_of, o, flags)
    for order in "CFA":
        show(c.flat, o, order)
    for kind in (0x100, 0x200):
        for order in "CFA":
            show(lambda: (lambda v: (v.tolist(), v.readonly))(c.contiguous(o, kind, order)))
    show(c.PyMemoryView_FromObject, o)
for order in "CF":
    show(lambda: memoryview(c.unflat(c.Matrix(), bytes(range(24)), order)).tolist())
    show(c.unflat, bytearray(b"xxxx"), b"ab", order)
for readonly in (0, 1):
    for flags in (SIMPLE, WRITABLE, FORMAT, ND, STRIDES):
        show(c.fill_info, readonly, flags)
a, b = bytearray(b"......"), b"abc"
show(c.PyObject_CopyData, a, b)
print(a)
show(c.PyObject_CopyData, b, a)
show(c.PyObject_CopyData, bytearray(1), b)
show(c.PyObject_CopyData, 5, b)
m1, m2, n, ro, base = c.memory_view()
m2[0] = 65
print(m1.tobytes(), m1.readonly, n, ro, base)
show(m1.__setitem__, 0, 1)
for f in ("i", "d", "3i", "<q", "T{i:a:}", "", "q\0"):
    if "\0" not in f:
        show(c.sizes, f)
print(*c.capsule(), sep="\n")
print(shape(c.plain_capsule()), shape(c.plain_capsule(1)), type(c.plain_capsule()))
show(type(c.plain_capsule()))
