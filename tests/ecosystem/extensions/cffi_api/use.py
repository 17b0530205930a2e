"""What the cffi module does: calls, structs, globals, callbacks with errors in them."""
import gc
import sys

from _shapes import ffi, lib

print(lib.multiply(6, 7), lib.calls, lib.LIMIT, lib.GREEN, sorted(dir(lib)))
p = lib.make(4)
print(p.x, list(p.weights), ffi.sizeof("point"), ffi.offsetof("point", "x"), ffi.typeof(p))
last = ffi.new("node *", {"value": 3})
first = ffi.new("node *", [last, 4])
print(lib.total(first), lib.total(ffi.NULL), first.next == last, ffi.string(lib.name(lib.RED)), lib.name(2))
lib.calls = 100
lib.multiply(1, 1)
print(lib.calls, ffi.addressof(lib, "calls")[0])


@ffi.def_extern(error=-9, onerror=lambda kind, value, trace: print("onerror", kind.__name__, value))
def callback(v, handle):
    return v * ffi.from_handle(handle)["factor"]


settings = {"factor": 10}
handle = ffi.new_handle(settings)
print(lib.call(3, handle))
del settings["factor"]
print(lib.call(3, handle))


@ffi.callback("int(void *, void *)")
def descending(a, b):
    return ffi.cast("int *", b)[0] - ffi.cast("int *", a)[0]


numbers = ffi.new("int[]", [i * 37 % 101 for i in range(50)])
lib.sort(numbers, len(numbers), descending)
print(list(numbers)[:6], bytes(ffi.buffer(numbers, 8)))
for text in ("lib.multiply(1)", "lib.multiply('x', 1)", "lib.multiply(2**31, 1)", "lib.nope", "p.nope", "lib.total(5)",
             "ffi.new('point *', {'q': 1})", "ffi.cast('point', 5)", "numbers[50]", "setattr(lib, 'LIMIT', 1)",
             "ffi.new('nothing *')", "lib.total(p)", "setattr(p, 'x', 'text')"):
    try:
        print(text, "->", eval(text))
    except Exception as e:
        print(text, "->", type(e).__name__, str(e).splitlines()[0])

owner = object()
before = sys.getrefcount(owner)
handles = [ffi.new_handle(owner) for _ in range(10)]
print(sys.getrefcount(owner) - before)
del handles
print(sys.getrefcount(owner) - before)
kept = ffi.gc(ffi.new("int *"), lambda pointer: print("freed"))
del kept
gc.collect()
