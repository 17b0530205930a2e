#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""-X check=heap, stress=gc, stress=oom, log=gc, log=alloc: do they see what they should, and nothing
in sound programs?

usage: memory_options.py --python PATH
"""
import argparse
import os
import re
import subprocess
import sys

# Damages one object of its own, as its argument says.
DAMAGE = """
import ctypes, sys

class C:
    pass

x = [C(), C()]
y = [x[0]]
d = {"a": 1, "b": 2}
s = {1, 2, 3}
t = "some text %d" % 5
b = b"bytes %d" % 5
i = 2**70
u = (1, [])
hash(t)
hash(b)

def word(address, value):
    ctypes.c_ssize_t.from_address(address).value = value

def read(address):
    return ctypes.c_ssize_t.from_address(address).value

def count():
    word(id(x[0]), 1)

def list_size():
    word(id(x) + 16, 5)

def dict_size():
    word(id(d) + 16, 7)

def dict_index():
    word(read(id(d) + 32) + 32, -1)

def set_size():
    word(id(s) + 24, 9)

def text():
    ctypes.c_char.from_address(id(t) + 48).value = b"X"

def data():
    ctypes.c_char.from_address(id(b) + 32).value = b"X"

def digit():
    ctypes.c_uint32.from_address(id(i) + 24 + 8).value = 0

def freed():
    z = object()
    a = id(z)
    del z
    word(read(id(x) + 24), a)

def links():
    word(id(x) - 8, 12344)

def mro():
    word(id(C.__mro__) + 24, id(int))

def no_type():
    word(id(x[1]) + 8, id(t))

keep = [x, y, d, s, t, b, i, u]
globals()[sys.argv[1]]()
print("done", flush=True)
"""
# damage -> what must be said about it
FAULTS = {
    "count": "2 references found",
    "list_size": "more items than room",
    "dict_size": "wrong number",
    "dict_index": "index|hash does not find",
    "set_size": "wrong count",
    "text": "changed after it was hashed",
    "data": "changed after they were hashed",
    "digit": "leading zero digit",
    "freed": "free memory|its type is none",
    "links": "collector list 0",
    "mro": "missing in its own MRO",
    "no_type": "its type is none",
}


FULL = """
import gc
keep = [[] for _ in range(160_000)]
gc.collect()
before = gc.get_stats()[2]["collections"]
for _ in range(5000):
    keep.append([])
print(gc.get_stats()[2]["collections"] - before)
"""
COLLECTIONS = """
import gc
%s
before = gc.get_stats()[0]["collections"]
kept = [set() for _ in range(50)]
print(gc.get_stats()[0]["collections"] - before)
"""

CYCLE = """
import gc
class C:
    pass
gc.collect()
c = C()
c.c = c
del c
print(gc.collect())
"""

SOUND = r"""
import json, collections, enum, re

class C:
    def __init__(self):
        self.me = self

    def __del__(self):
        pass

for i in range(200):
    C()
assert re.findall(r"\d+", json.dumps({"a": [1, 2]})) == ["1", "2"]
print("ok")
"""

# Three allocations, of which the second is refused, then each in a process of its own.
OOM = """
import _imp, importlib.machinery, os, sys
spec = importlib.machinery.ModuleSpec("_vitro", importlib.machinery.BuiltinImporter)
stress_oom = _imp.create_builtin(spec).stress_oom
def allocate(*which):
    sizes, made, places, parent = [100, 200, 300], [""] * 3, iter((0, 1, 2)), os.getpid()
    stress_oom(*which)
    for i in places:
        try:
            made[i] = "x" * sizes[i]
        except MemoryError:
            pass
    failed = stress_oom(0)
    print(failed, [len(b) for b in made], flush=True)
    if os.getpid() != parent:
        os._exit(len(made))
allocate(2)
allocate(1, 3, 2, True)
try:
    stress_oom(1, 2, 0)
except ValueError as e:
    print(e)
"""
OOM_OUT = """2 [100, 0, 300]
1 [0, 200, 300]
3 [100, 200, 0]
0 [100, 200, 300]
step must be positive
"""
OOM_ERR = "oom: allocation 1 ended with 3\noom: allocation 3 ended with 3\n"

# Words that -X does not take.
UNKNOWN = (
    "check=heaps",
    "check=heap:x",
    "check=heap,",
    "stress=oom",
    "stress=oom:0",
    "stress=oom:5-x",
    "stress=oom:5/2",
    "stress=oom:each:",
    "stress=oom:each:main:1",
    "stress=gc:",
    "log=nothing",
)


def run(python, *args, code=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [python, *args], input=code, capture_output=True, text=True, timeout=120, env=env
    )


# Each part yields rows: name of the check, whether it is good, the process.


def damage(python):
    for name, says in FAULTS.items():
        p = run(python, "-X", "check=heap", "-", name, code=DAMAGE)
        said = re.search("check=heap, at exit: .*(%s)" % says, p.stderr)
        yield name, p.returncode == -6 and "done" in p.stdout and said, p
        more = DAMAGE + "\nfor _ in range(100): keep = [keep]"
        p = run(python, "-X", "check=heap:50", "-", name, code=more)
        said = re.search("check=heap, while running: .*(%s)" % says, p.stderr)
        yield name + ", while running", p.returncode < 0 and said, p


def sound(python):
    """Sound programs run as ever under every option; unknown words are refused."""
    for options in (
        ["check=heap"],
        ["check=heap:500"],
        ["stress=gc"],
        ["stress=gc:50", "check=heap:500"],
        ["stress=gc,oom:main:1000000"],
        ["log=gc,alloc"],
    ):
        p = run(python, *(word for option in options for word in ("-X", option)), "-c", SOUND)
        good = p.returncode == 0 and p.stdout == "ok\n" and "check=heap" not in p.stderr
        yield " ".join(options), good, p
    for option in UNKNOWN:
        p = run(python, "-X", option, "-c", "print(1)")
        good = p.returncode == 2 and p.stdout == "" and "vitro: unknown word" in p.stderr
        yield option, good, p


def effects(python):
    """Each option does what it is for."""
    p = run(python, "-X", "stress=gc", "-c", COLLECTIONS % "")
    yield "stress=gc collects at each allocation", int(p.stdout or 0) >= 50, p
    p = run(python, "-X", "stress=gc", "-c", COLLECTIONS % "gc.disable()")
    yield "stress=gc respects gc.disable()", p.stdout == "0\n", p
    p = run(python, "-X", "stress=gc", "-c", FULL)
    yield "stress=gc: full ones are rare in a large heap", p.stdout in ("0\n", "1\n"), p
    p = run(python, "-X", "stress=gc:1000", "-c", FULL)
    yield "stress=gc:N: as often in any heap", p.stdout == "5\n", p

    p = run(python, "-X", "log=gc", "-c", CYCLE)
    line = r"^gc: generation 2: \d+ objects, %d collected, 0 uncollectable, \d+\.\d+ ms$"
    count = int(p.stdout or 0)
    yield "log=gc", count > 0 and re.search(line % count, p.stderr, re.M), p
    p = run(python, "-X", "log=alloc", "-c", "x = bytes(3000000)")
    for domain in "raw", "mem", "object":
        row = re.search(r"^alloc: %s +\d+ +\d+" % domain, p.stderr, re.M)
        yield "log=alloc, domain %s" % domain, row, p
    for words in "above    1048576 bytes", "blocks left":
        yield "log=alloc says %r" % words, words in p.stderr, p

    p = run(python, "-X", "stress=oom:main:1-", "-c", "x = [bytes(1000)] * 100")
    yield "stress=oom from the start of the program on", p.returncode in (1, 120), p
    p = run(python, "-X", "stress=oom:main:1000000000", "-c", "print(1)")
    said = re.search(r"^oom: only \d+ allocations$", p.stderr, re.M)
    yield "stress=oom beyond the end", p.stdout == "1\n" and said, p
    p = run(python, "-X", "log=alloc", "-X", "stress=oom:1000", "-S", "-c", "1")
    yield "stress=oom says what it refuses", "alloc: allocation 1000, " in p.stderr, p

    p = run(python, "-X", "stress=oom:each:1-3000/500", "-S", "-c", "print(1)")
    said = re.findall(r"^oom: allocation (\d+) ended with (1|-6)$", p.stderr, re.M)
    numbers = [int(number) for number, _ in said]
    yield "stress=oom:each", p.stdout == "1\n" and numbers == list(range(1, 3001, 500)), p
    p = run(python, "-c", OOM)
    yield "_vitro.stress_oom", p.stdout == OOM_OUT and p.stderr == OOM_ERR, p

    p = run(python, "-c", "import sys; sys._debugmallocstats()")
    for name in "PyDictObjects", "PyFloatObjects", "PyListObjects", "3-sized PyTupleObjects":
        row = re.search(r"^ *\d+ free %s \* \d+ bytes each +=" % name, p.stderr, re.M)
        yield "_debugmallocstats, free %s" % name, row, p


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--python", required=True)
    python = os.path.abspath(parser.parse_args().python)
    passed = failed = 0
    for part in damage, sound, effects:
        for name, good, p in part(python):
            if good:
                passed += 1
                continue
            failed += 1
            output = p.stdout[:300] + p.stderr[:600]
            print("FAIL %s: %s: status %s\n%s" % (part.__name__, name, p.returncode, output))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
