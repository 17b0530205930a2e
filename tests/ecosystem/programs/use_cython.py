# SPDX-License-Identifier: MIT
"""Cython: a module translated, built and loaded here; then its functions called."""
import importlib.util
import os
import subprocess
import sys
import tempfile
import sysconfig

source = '''# cython: language_level=3
cdef class Acc:
    cdef double total
    cdef public list seen
    def __init__(self): self.total = 0; self.seen = []
    cpdef double add(self, double x) except -1:
        if x < 0: raise ValueError("negative %r" % x)
        self.total += x; self.seen.append(x); return self.total
    def __len__(self): return len(self.seen)
    def __iter__(self): yield from self.seen
    def __repr__(self): return f"Acc({self.total})"
    property twice:
        def __get__(self): return self.total * 2
cdef long fib_(long n): return n if n < 2 else fib_(n - 1) + fib_(n - 2)
def fib(long n): return fib_(n)
def kw(a, b=2, *args, c=3, **kw): return (a, b, args, c, sorted(kw.items()))
def closure(n):
    def inner(x): return x + n
    return inner
async def coro(x): return x * 2
def typed(int[:] view):
    cdef int s = 0, i
    for i in range(view.shape[0]): s += view[i]
    return s
def strs(str s, bytes b): return s.upper(), b[::-1], s == "x", f"{s!r:>8}"
def deep(n): return deep(n - 1) + 1 if n else 0
class Plain:
    "doc"
    def m(self, x=[]): x.append(1); return len(x)
'''
d = tempfile.mkdtemp()
p = os.path.join(d, "demo.pyx")
open(p, "w").write(source)
from Cython.Compiler import Main

Main.compile(p, Main.CompilationOptions(Main.default_options, output_file=p[:-4] + ".c"))
so = p[:-4] + sysconfig.get_config_var("EXT_SUFFIX")
subprocess.run([
    "gcc", "-w", "-O1", "-shared", "-fPIC", "-isystem", "/usr/include/python3.11", p[:-4] + ".c",
    "-o", so
],
               check=True)
spec = importlib.util.spec_from_file_location("demo", so)
demo = importlib.util.module_from_spec(spec)
spec.loader.exec_module(demo)
import array
import asyncio

a = demo.Acc()
a.add(1.5)
a.add(2)
print(a, len(a), list(a), a.twice, demo.fib(20), demo.kw(1), demo.kw(1, 5, 6, c=7, z=8),
      demo.closure(3)(4), asyncio.run(demo.coro(4)), demo.typed(array.array("i", range(10))),
      demo.strs("ab", b"cd"), demo.deep(300),
      demo.Plain().m(),
      demo.Plain().m())
import traceback
for bad in ("a.add(-1)", "a.add('x')", "demo.kw()", "demo.kw(1, a=2)", "demo.typed([1])",
            "demo.strs(1, b'')", "demo.fib('x')", "a.nope", "demo.deep(10**6)", "demo.Acc(1)"):
    try:
        eval(bad)
    except Exception as e:
        print(bad, type(e).__name__, e, [f.name for f in traceback.extract_tb(e.__traceback__)][:3])
for _ in range(100000):
    a.add(1.0)
print(len(a))
import shutil

shutil.rmtree(d)
