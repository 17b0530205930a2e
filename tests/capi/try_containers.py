# SPDX-License-Identifier: MIT
"""Containers through their C functions, right and wrong: results, and the objects afterwards."""
import collections
import c_containers as c
from capi_show import show, shape


class Unhashable:
    __hash__ = None

    def __repr__(self):
        return "Unhashable"


class BadEq:
    def __hash__(self):
        return hash("k")

    def __eq__(self, o):
        raise ZeroDivisionError("eq")

    def __repr__(self):
        return "BadEq"


class L(list):
    pass


class D(dict):
    def keys(self):
        return ["z"]

    def __getitem__(self, k):
        return "from getitem"


class Mapping:
    def keys(self):
        return iter("pq")

    def __getitem__(self, k):
        return k * 2

    def __repr__(self):
        return "Mapping"


def on(make, f, *args):
    o = make()
    show(f, o, *args)
    if f.__name__ not in ("PySet_Pop",):
        print(
            "      then", shape(o) if not isinstance(o, (set, frozenset)) else sorted(map(shape, o))
        )


for make in (lambda: [3, 1, 2], lambda: L("cab"), lambda: [], lambda: (1, 2), lambda: None):
    for f in (c.PyList_Size, c.PyList_Sort, c.PyList_Reverse, c.PyList_AsTuple, c.PyTuple_Size):
        on(make, f)
    for i in (0, 1, -1, 3, 99, -99):
        on(make, c.PyList_GetItem, i)
        on(make, c.PyTuple_GetItem, i)
        on(make, c.PyList_SetItem, i, "x")
        on(make, c.PyList_Insert, i, "x")
        for j in (0, 2, -1, 99):
            on(make, c.PyList_GetSlice, i, j)
            on(make, c.PyTuple_GetSlice, i, j)
            on(make, c.PyList_SetSlice, i, j, ["a", "b"])
    on(make, c.PyList_Append, make())
on(lambda: [1, "a"], c.PyList_Sort)
on(lambda: [1, 2], c.PyList_SetSlice, 0, 1, 5)
for n in (0, 1, 5):
    show(c.PyList_New_filled, n)
show(c.PyList_New_filled, -1)
for i in (0, 2, 3, -1):
    show(c.PyTuple_SetItem, None, i, "v")
shared = (1, 2)
show(c.PyTuple_SetItem_shared, shared)
show(c.PyTuple_Pack, 1, shared)
for n in (0, 1, 3, 6):
    show(c.tuple_resize, n)

makers = [
    lambda: {"k": 1, 2: "two", None: None},
    lambda: {},
    lambda: D(k=1),
    lambda: collections.Counter("kkj"),
    lambda: collections.defaultdict(list, k=1),
    lambda: [],
    lambda: None,
    lambda: vars(type("X", (), {"k": 1})),
]
for make in makers:
    for f in (
        c.PyDict_Size,
        c.PyDict_Copy,
        c.PyDict_Keys,
        c.PyDict_Values,
        c.PyDict_Items,
        c.PyDictProxy_New,
        c.PyDict_Clear,
        c.dict_walk,
    ):
        if type(make()).__name__ != "mappingproxy":
            on(make, f)
    for k in ("k", 2, "missing", Unhashable(), BadEq()):
        for f in (c.PyDict_GetItem, c.PyDict_GetItemWithError, c.PyDict_DelItem, c.PyDict_Contains):
            if f is not c.PyDict_Contains or isinstance(make(), dict):
                on(make, f, k)
        on(make, c.PyDict_SetItem, k, "new")
        on(make, c.PyDict_SetDefault, k, "default")
        if isinstance(make(), dict):
            on(make, c._PyDict_Pop, k, "default")
    for k in ("k", "none"):
        on(make, c.PyDict_GetItemString, k)
        on(make, c.PyDict_SetItemString, k, 5)
        on(make, c.PyDict_DelItemString, k)
    for other in ({"k": 9, "n": 1}, D(a=1), Mapping(), [("k", 7)], 5, [(1, 2, 3)], [5], {}.items()):
        on(make, c.PyDict_Update, other)
        for override in (0, 1):
            on(make, c.PyDict_Merge, other, override)
            if isinstance(make(), dict):
                on(make, c.PyDict_MergeFromSeq2, other, override)
show(c._PyDict_Pop, {}, "x", "d")
show(c.dict_versions, {})
show(c.dict_versions, {1: 2})
show(c._PyDict_GetItem_KnownHash, {"a": 1}, "a")
show(c._PyDict_GetItem_KnownHash, {"a": 1}, "b")
show(c.PyDictProxy_New, 5)
show(c.PyDictProxy_New, [])

for make in (lambda: {1, "a"}, lambda: frozenset("xy"), lambda: set(), lambda: [], lambda: {}):
    for f in (c.PySet_Size, c.PySet_Clear):
        on(make, f)
    for k in ("a", "q", Unhashable(), {1}, [1]):
        on(make, c.PySet_Add, k)
        on(make, c.PySet_Contains, k)
        on(make, c.PySet_Discard, k)
    on(make, c._PySet_Update, [5])
    on(make, c._PySet_Update, 5)
on(lambda: {7}, c.PySet_Pop)
on(lambda: set(), c.PySet_Pop)
on(lambda: [], c.PySet_Pop)
on(lambda: frozenset([1]), c.PySet_Pop)
for it in ([1], "a", 5, {}, {1: 2}):
    show(c.PySet_New, it)
    show(c.PyFrozenSet_New, it)
    show(c.frozen_add, it)
show(c.set_walk, {3, 1, 2})
show(c.set_walk, frozenset("ab"))

for s in (
    slice(None),
    slice(1, 5),
    slice(-1, None, -1),
    slice(2**80, -(2**80), -3),
    slice(None, None, 0),
    slice("a"),
    slice(0, 9, 2),
):
    for n in (0, 3, 10):
        show(c.slice_indices, s, n)
show(c.PySlice_New, 1, None, "x")

for b in (
    b"abc",
    b"",
    b"a\0b",
    bytearray(b"xy"),
    "str",
    5,
    memoryview(b"mem"),
    [65, 66],
    [300],
    None,
    (1, 2),
    {3},
):
    for f in (c.PyBytes_FromObject, c.PyByteArray_FromObject):
        show(f, b)
    if isinstance(b, (bytes, bytearray)):
        if isinstance(b, bytearray):
            show(c.PyByteArray_Size, b)
        else:
            show(c.PyBytes_Size, b)
    if not isinstance(b, bytearray):
        show(c.PyBytes_AsString, b)
        show(c.PyBytes_Size, b)
    for z in (0, 1):
        show(c.PyBytes_AsStringAndSize, b, z)
    for x in (b"Z", bytearray(b"Z"), "Z", 5):
        show(c.PyByteArray_Concat, b, x)
        if not isinstance(b, str):
            show(c.bytes_concat, b, x)
        show(c.bytes_concat_del, b"k", x)
    if isinstance(b, bytes):
        show(c.PyBytes_Repr, b + b"'\"\n\xff", 0)
        show(c.PyBytes_Repr, b + b"'", 1)
for n in (0, 3, 6, 9):
    show(c.bytes_resize, n)
    show(c.PyByteArray_Resize, bytearray(b"abcdef"), n)
held = bytearray(b"held")
view = memoryview(held)
show(c.PyByteArray_Resize, held, 99)
show(c.PyByteArray_AsString, held)
for e in (b"a\\n\\x41\\101\\\\z", b"\\x4", b"end\\", b"\\q"):
    show(c.PyBytes_DecodeEscape, e)
show(c._PyBytes_Join, b", ", [b"a", bytearray(b"b"), memoryview(b"c")])
show(c._PyBytes_Join, b",", ["x"])
show(c._PyBytes_Join, b",", 5)

print(list(c.PySeqIter_New("abc")), list(c.PyCallIter_New(iter([1, 2, 0]).__next__, 0)))
show(c.PySeqIter_New, 5)
show(c.PyCallIter_New, 5, 5)


class O:
    def __call__(self):
        return "called"

    def __repr__(self):
        return "O()"


o = O()
show(c.PyMethod_New, len, [1, 2])
print(c.PyMethod_New(len, [1, 2])())
show(c.PyInstanceMethod_New, len)
print(type("T", (), {"m": c.PyInstanceMethod_New(lambda s: "im")})().m())
print(
    type(
        "T",
        (),
        {"m": c.PyStaticMethod_New(lambda: "sm"), "n": c.PyClassMethod_New(lambda k: k.__name__)},
    ).m()
)
show(c.PyStaticMethod_New, len)
r = c.PyWeakref_NewRef_plain(o)
print(
    r() is o, c.PyWeakref_NewRef_plain(o) is r, c.PyWeakref_GetObject(r) is o, c.PyWeakref_Check(r)
)
called = []
r2 = c.PyWeakref_NewRef(o, called.append)
p = c.PyWeakref_NewProxy(o, None)
print(p(), c.PyWeakref_Check(p), c.PyWeakref_Check(5))
show(c.PyWeakref_GetObject, 5)
del o
print(r(), len(called), c.PyWeakref_GetObject(r), c.PyWeakref_GetObject(r2))
show(lambda: p())
show(c.PyWeakref_NewRef_plain, 5)
show(c.PyWeakref_NewRef, O, 5)
cell = c.PyCell_New(1)
print(c.PyCell_Get(cell), c.PyCell_Set(cell, 2), cell.cell_contents, shape(cell)[:5])
show(c.PyCell_Get, 5)
show(c.PyCell_Set, 5, 5)
print(
    c.Py_GenericAlias(list, int),
    c.Py_GenericAlias(dict, (int, str)),
    c.Py_GenericAlias(dict, (int, str)).__args__,
)
t, o, hidden = c.structseq()
print(
    t,
    o,
    hidden,
    o.first,
    o[2],
    len(o),
    o.hidden,
    t.n_fields,
    t.n_sequence_fields,
    t.n_unnamed_fields,
    t.__doc__,
    t.first.__doc__,
    t((1, 2, 3)),
    o.__reduce__(),
)
show(t, (1,))
show(t, (1, 2, 3, 4, 5))
show(t, 5)
t = c.structseq_static()
print(t, t((1, 2)), t.__match_args__)
show(c.context)
