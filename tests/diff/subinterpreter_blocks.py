# An interpreter that ends gives back what it allocated: classes, modules' state, free lists.
import array, gc, sys
import _testcapi

PROGRAMS = (
    "pass",
    "import ast; ast.parse('x = 1')",
    "import _io, io; io.UnsupportedOperation",
    "import time; time.gmtime(0)",
    "import threading, re, json, posix",
    "[1, 2, 3][1:2]",
    "class A: pass\na = A(); a.a = a",
)

for program in PROGRAMS:
    blocks = array.array("q", [0] * 6)
    for turn in range(6):
        assert _testcapi.run_in_subinterp(program) == 0
        gc.collect()
        sys._clear_type_cache()
        blocks[turn] = sys.getallocatedblocks()
    growth = min(blocks[i + 1] - blocks[i] for i in range(2, 5))
    print(repr(program), "grows" if growth > 0 else "steady")
