# PYTHONMALLOC=debug: what is said of blocks that were written beyond, freed by another domain's
# function or touched without the lock; and what fresh, grown and freed bytes look like.
import os
import re
import subprocess
import sys

HEAD = r'''
import ctypes, sys
from ctypes import c_void_p as P, c_size_t as N, pythonapi as lib
def function(library, name, result, *args):
    f = getattr(library, name)
    f.restype, f.argtypes = result, args
    return f
def domain(prefix, library=lib):
    prefix += "" if prefix.endswith("Raw") else "_"
    return (
        function(library, prefix + "Malloc", P, N),
        function(library, prefix + "Calloc", P, N, N),
        function(library, prefix + "Realloc", P, P, N),
        function(library, prefix + "Free", None, P),
    )
malloc, calloc, realloc, free = domain("PyMem")
raw_malloc, raw_calloc, raw_realloc, raw_free = domain("PyMem_Raw")
obj_malloc, obj_calloc, obj_realloc, obj_free = domain("PyObject")
def put(p, offset, *values):
    for i, value in enumerate(values):
        ctypes.memset(p + offset + i, value, 1)
def get(p, offset, n):
    return ctypes.string_at(p + offset, n).hex(" ")
'''

CASES = r'''
== overrun
p = malloc(10)
put(p, 10, 0x78)
free(p)
== overrun, raw
p = raw_malloc(3)
ctypes.memset(p, 65, 3)
put(p, 3, 1, 2, 3, 4, 5, 6, 7, 8)
raw_free(p)
== overrun, object
p = obj_malloc(600)
ctypes.memset(p, 66, 600)
put(p, 607, 0)
obj_free(p)
== overrun of nothing
p = malloc(0)
put(p, 0, 0)
free(p)
== overrun seen by realloc
p = malloc(17)
put(p, 17, 0)
realloc(p, 40)
== overrun seen by raw realloc
p = raw_malloc(16)
ctypes.memset(p, 1, 16)
put(p, 18, 0)
raw_realloc(p, 1)
== underrun
p = malloc(8)
ctypes.memset(p, 7, 8)
put(p, -1, 0x11)
free(p)
== underrun of three
p = obj_malloc(9)
ctypes.memset(p, 7, 9)
put(p, -7, 1, 2, 3)
obj_free(p)
== underrun of the letter
p = malloc(8)
put(p, -8, 0x41)
free(p)
== both
p = malloc(4)
put(p, -2, 0)
put(p, 4, 0)
free(p)
== another domain
p = malloc(24)
ctypes.memset(p, 9, 24)
raw_free(p)
== another domain, object
p = obj_malloc(24)
ctypes.memset(p, 9, 24)
free(p)
== another domain, raw
p = raw_malloc(2)
ctypes.memset(p, 9, 2)
obj_free(p)
== another domain, realloc
p = malloc(2)
ctypes.memset(p, 9, 2)
obj_realloc(p, 10)
== traced
import tracemalloc
tracemalloc.start(3)
def f():
    return malloc(10)
p = f()
put(p, 10, 0x78)
free(p)
== traced, one frame
import tracemalloc
tracemalloc.start()
p = malloc(10)
put(p, 10, 0x78)
free(p)
== without lock
dll = ctypes.CDLL(None)
domain("PyMem", dll)[0](10)
== without lock, calloc
dll = ctypes.CDLL(None)
domain("PyObject", dll)[1](10, 2)
== without lock, realloc
dll = ctypes.CDLL(None)
domain("PyMem", dll)[2](None, 2)
== without lock, free
dll = ctypes.CDLL(None)
domain("PyObject", dll)[3](malloc(1))
== without lock, free of nothing
dll = ctypes.CDLL(None)
domain("PyObject", dll)[3](None)
== raw without lock
dll = ctypes.CDLL(None)
p = function(dll, "PyMem_RawMalloc", P, N)(10)
print(get(p, -8, 26))
function(dll, "PyMem_RawFree", None, P)(p)
== fresh
p = malloc(9)
print(get(p, -16, 33))
p = calloc(3, 3)
print(get(p, -16, 33))
p = obj_calloc(0, 3)
print(get(p, -16, 24))
== grown
p = malloc(4)
ctypes.memset(p, 1, 4)
q = realloc(p, 9)
print(get(q, -16, 33))
q = realloc(q, 2)
print(get(q, -16, 26))
print(get(realloc(None, 3), -16, 27))
== freed
p = raw_malloc(3000)
ctypes.memset(p, 1, 3000)
raw_free(p)
print(get(p, 1000, 40))
== huge
print(
    malloc(sys.maxsize - 23),
    malloc(sys.maxsize),
    calloc(sys.maxsize, 1),
    raw_malloc(sys.maxsize + 1),
    realloc(malloc(1), sys.maxsize),
    calloc(2**62, 4),
)
== long data
p = malloc(100)
for i in range(100):
    put(p, i, i)
put(p, 100, 0)
free(p)
== _testcapi overflow
import _testcapi
_testcapi.pymem_buffer_overflow()
== _testcapi misuse
import _testcapi
_testcapi.pymem_api_misuse()
== _testcapi without lock
import _testcapi
_testcapi.pymem_malloc_without_gil()
== _testcapi object without lock
import _testcapi
_testcapi.pyobject_malloc_without_gil()
'''
BOTH = "overrun", "another domain", "fresh", "grown"  # with the C library's blocks too


def run(name, program, allocator):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    p = subprocess.run(
        [sys.executable, "-S", "-c", HEAD + program],
        env=env | {"PYTHONMALLOC": allocator},
        capture_output=True,
        text=True,
    )
    print("==", name, allocator, "status", p.returncode)
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", p.stdout + p.stderr)
    print(re.sub(r"\n+", "\n", text).strip())


for name, program in re.findall(r"^== (.+)\n((?:(?!== ).*\n)*)", CASES, re.M):
    for allocator in ("debug", "malloc_debug") if name in BOTH else ("pymalloc_debug",):
        run(name, program, allocator)
