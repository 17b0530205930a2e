"""What the hand-written extension does, with right and wrong arguments, and that it leaks nothing."""
import array
import ctypes
import gc
import inspect
import pickle
import sys
import weakref

import ring
from ring import Ring

print(ring.__doc__, ring.VERSION, ring.Error.__mro__, ring.Error.__doc__)
r = Ring(3, items="ab")
print(r, len(r), r.full, r.capacity, r.dropped)
r.extend([1, 2.5, None])
print(r, list(reversed(r)), r[-1], r.full, r.dropped, 2.5 in r, r.rotate(1), r.rotate(-1))
print(inspect.signature(Ring), inspect.signature(r.append), Ring.__module__, Ring.__doc__)
print(r == Ring(3, items=r), r != Ring(1), Ring(2, items=[1]) < Ring(2, items=[5]), r == 5)


def attempt(text):
    try:
        print(text, "->", eval(text))
    except Exception as e:
        print(text, "->", type(e).__name__, e)


for text in ("Ring()", "Ring(0)", "Ring('x')", "Ring(2, 'ab')", "Ring(2, items=5)", "Ring(2, things=5)",
             "r[3]", "r[10**30]",
             "r.capacity.nope", "setattr(r, 'capacity', 5)", "setattr(r, 'dropped', -1)", "setattr(r, 'new', 1)",
             "r.rotate()", "r.rotate('x')", "r.rotate(by=1)", "r.append()", "r < Ring(3, items=[1, 'x'])",
             "hash(r)", "pickle.dumps(r)", "Ring.__new__(Ring).append(1)", "ring.call_twice()", "ring.call_twice(5)",
             "ring.call_twice(int, 'ff', base=16)", "ring.call_twice(len, 5)", "ring.sum_bytes(b'abc')",
             "ring.sum_bytes(array.array('d', [1, 2]))", "ring.sum_bytes(memoryview(b'abcd')[::2])",
             "ring.sum_bytes('x')"):
    attempt(text)


class Named(Ring):
    def __init__(self, name, *items):
        super().__init__(4, items=items)
        self.name = name

    def append(self, item):
        super().append((self.name, item))


n = Named("n", 1, 2)
n.append(3)
print(n, n.name, n.__dict__)
n.append(n)
print(n)
gone = weakref.ref(n)
del n
gc.collect()
print("collected:", gone() is None)

item = object()
before = sys.getrefcount(item)
r = Ring(2, items=[item] * 10)
print("references:", sys.getrefcount(item) - before, r.dropped)
del r
print("left:", sys.getrefcount(item) - before)

get = ctypes.pythonapi.PyCapsule_GetPointer
get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
print(ctypes.cast(get(ring.answer, b"ring.answer"), ctypes.POINTER(ctypes.c_int))[0])
print(type(ring.answer).__name__, "ring.answer" in repr(ring.answer))
