# SPDX-License-Identifier: MIT
"""cffi in ABI mode: calls, structs, callbacks, buffers, errors."""
import cffi

ffi = cffi.FFI()
ffi.cdef(
    "int atoi(const char *); double sqrt(double); "
    "typedef struct { int a; double b[3]; char *s; } rec; "
    "void qsort(void *, size_t, size_t, int (*)(const void *, const void *)); "
    "size_t strlen(const char *); int printf(const char *, ...); "
    "int snprintf(char *, size_t, const char *, ...);"
)
C = ffi.dlopen(None)
print(C.atoi(b"42"), C.strlen(b"four"), ffi.sizeof("rec"), ffi.offsetof("rec", "b"))
n = 0
for i in range(60000):
    n += C.atoi(b"17")
print(n)
r = ffi.new("rec *", {"a": 5, "b": [1, 2.5, 3]})
keep = ffi.new("char[]", b"kept")
r.s = keep
print(r.a, list(r.b), ffi.string(r.s), r.b[1])
arr = ffi.new("int[]", [i * 7919 % 1000 for i in range(2000)])


@ffi.callback("int(const void *, const void *)")
def cmp(x, y):
    return ffi.cast("int *", x)[0] - ffi.cast("int *", y)[0]


C.qsort(arr, 2000, 4, cmp)
print(list(arr)[:5], list(arr)[-3:])
buf = ffi.new("char[32]")
C.snprintf(buf, 32, b"%d-%s", ffi.cast("int", 9), ffi.new("char[]", b"z"))
print(ffi.string(buf), bytes(ffi.buffer(buf, 4)))
for bad in ("C.atoi(5)", "r.nope", "ffi.new('int[2]', [1, 2, 3])", "ffi.cast('rec', 5)",
            "ffi.new('int *')[1]", "C.missing", "ffi.typeof('nothing')", "ffi.new('char *', 5)"):
    try:
        print(eval(bad))
    except Exception as e:
        print(type(e).__name__, str(e)[:90])
w = ffi.gc(ffi.new("int *"), lambda p: print("freed"))
del w
h = ffi.new_handle([1, 2])
print(ffi.from_handle(h), ffi.typeof("int(*)(char, rec *)"))
