#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""-X check=heap, stress=gc, stress=oom, log=gc, log=alloc: that they see what they should, and nothing in sound programs.

usage: watch.py --python PATH
"""
import argparse, os, re, subprocess, sys

DAMAGE = r"""
import ctypes, sys
class C: pass
x = [C(), C()]; y = [x[0]]; d = {"a": 1, "b": 2}; s = {1, 2, 3}; t = "some text %d" % 5; b = b"bytes %d" % 5; i = 2 ** 70; u = (1, [])
hash(t); hash(b)
def word(address, value): ctypes.c_ssize_t.from_address(address).value = value
def read(address): return ctypes.c_ssize_t.from_address(address).value
def count(): word(id(x[0]), 1)
def list_size(): word(id(x) + 16, 5)
def dict_size(): word(id(d) + 16, 7)
def dict_index(): word(read(id(d) + 32) + 32, -1)
def set_size(): word(id(s) + 24, 9)
def text(): ctypes.c_char.from_address(id(t) + 48).value = b"X"
def data(): ctypes.c_char.from_address(id(b) + 32).value = b"X"
def digit(): ctypes.c_uint32.from_address(id(i) + 24 + 8).value = 0
def freed():
    z = object(); a = id(z); del z
    word(read(id(x) + 24), a)
def links(): word(id(x) - 8, 12344)
def mro(): word(id(C.__mro__) + 24, id(int))
def no_type(): word(id(x[1]) + 8, id(t))
keep = [x, y, d, s, t, b, i, u]
globals()[sys.argv[1]]()
print("done", flush=True)
"""
# damage -> what must be said about it
FAULTS = {
    "count": "2 references found", "list_size": "more items than room", "dict_size": "wrong number", "dict_index": "index|hash does not find",
    "set_size": "wrong count", "text": "changed after it was hashed", "data": "changed after they were hashed", "digit": "leading zero digit",
    "freed": "free memory|its type is none", "links": "collector list 0", "mro": "missing in its own MRO", "no_type": "its type is none",
}

def run(python, *args, code=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run([python, *args], input=code, capture_output=True, text=True, timeout=120, env=env)

def damage(python):
    for name, says in FAULTS.items():
        p = run(python, "-X", "check=heap", "-", name, code=DAMAGE)
        yield name, p.returncode == -6 and "done" in p.stdout and re.search("check=heap, at exit: .*(%s)" % says, p.stderr), p
        p = run(python, "-X", "check=heap:50", "-", name, code=DAMAGE + "\nfor _ in range(100): keep = [keep]")
        yield name + ", while running", p.returncode < 0 and re.search("check=heap, while running: .*(%s)" % says, p.stderr), p

PROGRAM = """
import json, collections, enum, re
class C:
    def __init__(self): self.me = self
    def __del__(self): pass
for i in range(200): C()
assert re.findall(r"\\d+", json.dumps({"a": [1, 2]})) == ["1", "2"]
print("ok")
"""

def sound(python):
    for options in (["check=heap"], ["check=heap:500"], ["stress=gc"], ["stress=gc:50", "check=heap:500"], ["stress=gc,oom:main:1000000"], ["log=gc,alloc"]):
        p = run(python, *(w for o in options for w in ("-X", o)), "-c", PROGRAM)
        yield " ".join(options), p.returncode == 0 and p.stdout == "ok\n" and "check=heap" not in p.stderr, p
    for bad in ("check=heaps", "check=heap:x", "stress=oom", "stress=oom:0", "stress=gc:", "log=nothing", "check=heap,", "stress=oom:5-x"):
        p = run(python, "-X", bad, "-c", "print(1)")
        yield bad, p.returncode == 2 and p.stdout == "" and "vitro: unknown word" in p.stderr, p

def effects(python):
    p = run(python, "-X", "stress=gc", "-c", "import gc; a = gc.get_stats()[0]['collections']; x = [set() for _ in range(50)]; print(gc.get_stats()[0]['collections'] - a >= 50)")
    yield "stress=gc collects at each allocation", p.stdout == "True\n", p
    p = run(python, "-X", "stress=gc", "-c", "import gc; gc.disable(); a = gc.get_stats()[0]['collections']; x = [set() for _ in range(50)]; print(gc.get_stats()[0]['collections'] - a)")
    yield "stress=gc respects gc.disable()", p.stdout == "0\n", p
    p = run(python, "-X", "log=gc", "-c", "import gc\nclass C: pass\ngc.collect()\nc = C(); c.c = c; del c\nprint(gc.collect())")
    n = int(p.stdout)
    yield "log=gc", re.search(r"^gc: generation 2: \d+ objects, %d collected, 0 uncollectable, \d+\.\d+ ms$" % n, p.stderr, re.M) and n > 0, p
    p = run(python, "-X", "log=alloc", "-c", "x = bytes(3000000)")
    yield "log=alloc", all(re.search(r"^alloc: %s +\d+ +\d+" % d, p.stderr, re.M) for d in ("raw", "mem", "object")) and "above    1048576 bytes" in p.stderr and "blocks left" in p.stderr, p
    p = run(python, "-X", "stress=oom:main:1-", "-c", "x = [bytes(1000)] * 100")
    yield "stress=oom from the start of the program on", p.returncode in (1, 120), p
    p = run(python, "-X", "stress=oom:main:1000000000", "-c", "print(1)")
    yield "stress=oom beyond the end", p.stdout == "1\n" and re.search(r"^oom: only \d+ allocations$", p.stderr, re.M), p
    p = run(python, "-X", "log=alloc", "-X", "stress=oom:1000", "-S", "-c", "1")
    yield "stress=oom says what it refuses", "alloc: allocation 1000, " in p.stderr, p
    p = run(python, "-c", "import sys; sys._debugmallocstats()")
    yield "_debugmallocstats", all(re.search(r"^ *\d+ free %s \* \d+ bytes each +=" % n, p.stderr, re.M) for n in ("PyDictObjects", "PyFloatObjects", "PyListObjects", "3-sized PyTupleObjects")), p

def main():
    ap = argparse.ArgumentParser(usage=__doc__); ap.add_argument("--python", required=True)
    python = os.path.abspath(ap.parse_args().python)
    passed = failed = 0
    for part in (damage, sound, effects):
        for name, good, p in part(python):
            passed, failed = passed + bool(good), failed + (not good)
            if not good: print("FAIL %s: %s: status %s\n%s%s" % (part.__name__, name, p.returncode, p.stdout[:300], p.stderr[:600]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0

if __name__ == "__main__": sys.exit(main())
