# SPDX-License-Identifier: MIT
"""Every function of the abstract protocols with objects of many kinds, right and wrong."""
import c_abstract as c
from capi_show import show


class Num:
    def __add__(self, o):
        return ("add", o)

    def __radd__(self, o):
        return ("radd", o)

    def __iadd__(self, o):
        return ("iadd", o)

    def __pow__(self, *a):
        return ("pow", a)

    def __rpow__(self, *a):
        return ("rpow", a)

    def __matmul__(self, o):
        return ("matmul", o)

    def __index__(self):
        return 7

    def __repr__(self):
        return "Num"


class Seq:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        if isinstance(i, int) and i >= 3:
            raise IndexError("no %d" % i)
        return ("item", i)

    def __length_hint__(self):
        return 9

    def __repr__(self):
        return "Seq"


class Bad:
    def __len__(self):
        return -1

    def __index__(self):
        return "x"

    def __iter__(self):
        return 3

    def __hash__(self):
        return "x"

    def __bool__(self):
        return 5

    def __repr__(self):
        return "Bad"

    def __str__(self):
        return 4

    def __bytes__(self):
        return "no"

    def __length_hint__(self):
        return "no"

    def __format__(self, spec):
        return 1

    def __float__(self):
        return 1

    def __int__(self):
        return 1.5

    def __getattr__(self, name):
        raise AttributeError("never " + name)


def samples():
    return [
        5,
        -2,
        2.5,
        1j,
        True,
        "ab",
        b"xy",
        [1, 2],
        (3, 4),
        {"k": 1},
        {1},
        range(3),
        None,
        Num(),
        Seq(),
        Bad(),
        int,
        bytearray(b"q"),
    ]


number = [n for n in dir(c) if n.startswith("PyNumber_")]
for name in number:
    f = getattr(c, name)
    for x in samples():
        if name.startswith("PyNumber_") and name in ("PyNumber_Power", "PyNumber_InPlacePower"):
            for y, z in ((2, None), (3, 5), ("s", None), (Num(), None), (2, "m"), (-1, 7)):
                show(f, x, y, z)
            continue
        try:
            f(x)
        except TypeError as e:
            binary = "expected 2" in str(e)
        except Exception:
            binary = False
        else:
            binary = False
        if not binary:
            show(f, x)
            continue
        for y in samples():
            if not (name.endswith("Lshift") and y == 2.5):
                show(f, x, y)
for x in samples():
    for b in (2, 8, 10, 16, 7):
        show(c.to_base, x, b)
for x in samples() + [1 << 70, -(1 << 70)]:
    for e in (None, IndexError, OverflowError):
        show(c.as_ssize, x, e)
for x in samples():
    for y in (5, "ab", [1, 2], None, {1}, 2.5):
        for op in (0, 2, 3, 5):
            show(c.compare, x, y, op)
unary = """
    PySequence_List PySequence_Tuple PyMapping_Keys PyMapping_Values PyMapping_Items
    PyObject_Repr PyObject_Str PyObject_ASCII PyObject_Bytes PyObject_GetIter
    PyObject_GetAIter PyObject_Type PyNumber_Check PyIndex_Check PySequence_Check
    PyMapping_Check PyIter_Check PyAIter_Check PyCallable_Check PyObject_CheckBuffer
    PyObject_IsTrue PyObject_Not PyObject_Size PySequence_Size PyMapping_Size
    PyObject_HashNotImplemented _PyObject_FunctionStr
""".split()
for name in unary:
    for x in samples() + [iter([]), len, "a".upper]:
        show(getattr(c, name), x)
for x in (5, 2.5, None, Bad(), [], {}, (1, [])):
    if x is not None:
        show(c.PyObject_Hash, x)
for x in samples():
    show(c.fast, x)
    for i in (0, 1, -1, -4, 9):
        show(c.PySequence_GetItem, x, i)
        show(c.PySequence_Repeat, x, i)
        show(c.PySequence_InPlaceRepeat, x, i)
        show(c.PyObject_LengthHint, x, i)
    for i, j in ((0, 1), (-2, 9), (1, 0)):
        show(c.PySequence_GetSlice, x, i, j)
    for y in ("k", 1, None, [1]):
        for f in (
            c.PySequence_Concat,
            c.PySequence_InPlaceConcat,
            c.PyObject_GetItem,
            c.PySequence_Count,
            c.PySequence_Contains,
            c.PySequence_Index,
            c.PySequence_In,
            c.PyMapping_HasKey,
            c.PyObject_GetAttr,
        ):
            show(f, x, y)
    for k in ("k", "real", "__class__"):
        for f in (
            c.PyMapping_GetItemString,
            c.PyObject_GetAttrString,
            c.PyMapping_HasKeyString,
            c.PyObject_HasAttrString,
        ):
            if k != "__class__" or not isinstance(x, range):
                show(f, x, k)
for make in (
    lambda: [1, 2, 3],
    lambda: {"k": 1},
    lambda: (1, 2),
    lambda: bytearray(b"abc"),
    lambda: Seq(),
    lambda: 5,
    lambda: memoryview(bytearray(b"abc")),
):
    for f, args in (
        (c.PySequence_SetItem, (0, 65)),
        (c.PySequence_SetItem, (-1, 65)),
        (c.PySequence_SetItem, (9, 65)),
        (c.PySequence_DelItem, (0,)),
        (c.PySequence_DelItem, (-9,)),
        (c.PySequence_SetSlice, (0, 2, b"ZZZ")),
        (c.PySequence_SetSlice, (0, 2, 5)),
        (c.PySequence_DelSlice, (0, 2)),
        (c.PyObject_SetItem, (0, 66)),
        (c.PyObject_SetItem, ("k", 2)),
        (c.PyObject_DelItem, (0,)),
        (c.PyObject_DelItem, ("k",)),
        (c.PyObject_DelItemString, ("k",)),
        (c.PyMapping_SetItemString, ("k", 3)),
        (c.PyObject_SetAttr, ("new", 1)),
        (c.PyObject_SetAttr, (1, 1)),
        (c.PyObject_SetAttrString, ("new", 1)),
    ):
        o = make()
        show(f, o, *args)
        print("   ", repr(o)[:40] if not isinstance(o, (Seq, memoryview)) else "")
for x, k in ((5, int), (5, (str, int)), (5, str), (5, 5), (5, int | str), (True, int), (5, (1,))):
    show(c.PyObject_IsInstance, x, k)
    show(c.PyObject_IsSubclass, type(x), k)
show(c.PyObject_IsSubclass, 5, int)
for spec in ("", "5", "x", "q"):
    for x in (5, 2.5, "s", [], Bad()):
        show(c.PyObject_Format, x, spec)
show(c.PyObject_Format, 5, 5)


def gen():
    got = yield 1
    got = yield ("got", got)
    return "end"


g = gen()
for v in (None, 5, 6, 7):
    show(c.send, g, v)
show(c.send, iter([1]), None)
show(c.send, 5, None)
it = iter([1, 2])
for _ in range(3):
    show(c.PyIter_Next, it)


def raising():
    yield 1
    raise KeyError("in generator")


it = raising()
for _ in range(3):
    show(c.PyIter_Next, it)
show(lambda o: c.PyObject_Dir(o)[:3], [])
show(lambda o: c.PyObject_Dir(o)[:3], Bad())
