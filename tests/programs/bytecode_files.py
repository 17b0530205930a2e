# SPDX-License-Identifier: MIT
"""Compiled files: ours equal python3.11's byte for byte and each runs what the other wrote.

The standard library is compiled by both; the files must be identical. (A .pyc file shows which constants are shared,
so this also checks interning, constant merging and reference flags of the marshaller.)
"""
import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

ORACLE = "/usr/bin/python3.11"
LIB = "/usr/lib/python3.11"
errors, checks = [], 0


def check(ok, what, *details):
    global checks
    checks += 1
    if not ok:
        errors.append(what)
        print("FAIL", what)
        for detail in details:
            print("   ", str(detail)[-1500:])


def run(python, *args, cwd=None, **env):
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", **env}
    p = subprocess.run(
        [python, *args],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=900,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
    )
    return p.returncode, p.stdout, p.stderr


def compiled(folder):
    return {
        os.path.relpath(os.path.join(r, n), folder)
        for r, _, names in os.walk(folder)
        for n in names
        if n.endswith(".pyc")
    }


def copy_library(to):
    shutil.copytree(
        LIB,
        to,
        symlinks=True,
        ignore=lambda d, names: [
            n
            for n in names
            if n
            in (
                "__pycache__",
                "lib-dynload",
                "test",
                "dist-packages",
                "idlelib",
                "tests",
                "pydoc_data",
                "turtledemo",
            )
            or os.path.realpath(os.path.join(d, n)).startswith("/etc/")
        ],
    )


def check_compileall(python, folder, *options):
    """The same tree compiled by both, under one name: the path stands in the code objects."""
    name = "compileall " + " ".join(options)
    source, results = os.path.join(folder, "lib"), {}
    for who, binary in ("theirs", ORACLE), ("ours", python):
        copy_library(source)
        code, out, err = run(binary, "-m", "compileall", "-q", *options, source)
        results[who] = code, out.replace(binary, "PYTHON"), err
        os.rename(source, os.path.join(folder, who))
    check(
        results["ours"] == results["theirs"],
        name + ": status and messages",
        results["ours"],
        results["theirs"],
    )
    ours, theirs = os.path.join(folder, "ours"), os.path.join(folder, "theirs")
    a, b = compiled(theirs), compiled(ours)
    check(a == b and len(a) > 500, name + ": the same files", len(a), sorted(a ^ b)[:10])
    differ = [
        f
        for f in sorted(a & b)
        if not filecmp.cmp(os.path.join(theirs, f), os.path.join(ours, f), False)
    ]
    check(not differ, name + ": %d of %d files differ" % (len(differ), len(a)), *differ[:5])
    return ours, theirs


PROGRAM = """
import sys, textwrap, json, argparse, dataclasses, enum, collections, string, heapq, difflib, csv, ast
print(textwrap.fill("aaa bbb " * 9, 30), json.dumps({"a": [1, 2.5]}), ast.unparse(ast.parse("x=1 if  a else b")))
print({m.__spec__.loader.__class__.__name__ for m in (textwrap, json, argparse, dataclasses, difflib, csv)})
print(list(difflib.unified_diff("abc", "abd")), list(csv.reader(["a,'b'"])), argparse.ArgumentParser(prog="p").format_help())
"""


def check_running_without_sources(python, ours, theirs):
    """Python from a library of .pyc files alone: theirs here, ours there."""
    for folder in ours, theirs:
        for f in compiled(folder):
            legacy = os.path.join(
                folder,
                os.path.dirname(os.path.dirname(f)),
                os.path.basename(f).split(".")[0] + ".pyc",
            )
            os.rename(os.path.join(folder, f), legacy)
        for root, _, names in os.walk(folder):
            for n in names:
                if n.endswith(".py"):
                    os.remove(os.path.join(root, n))
    want = run(ORACLE, "-S", "-c", PROGRAM.replace("print({", "0 and print({"))
    for binary, folder, name in (
        (python, theirs, "theirs here"),
        (python, ours, "ours here"),
        (ORACLE, ours, "ours there"),
    ):
        got = run(
            binary,
            "-S",
            "-B",
            "-c",
            "import sys; sys.path[:] = [%r] + [p for p in sys.path if 'dynload' in p]\n" % folder
            + PROGRAM,
        )
        lines = got[1].splitlines()
        check(
            got[0] == 0 and "{'SourcelessFileLoader'}" in lines,
            "library without sources, %s: it runs" % name,
            got,
        )
        check(
            [l for l in lines if "Loader'}" not in l] == want[1].splitlines(),
            "library without sources, %s: output" % name,
            got[1],
            want[1],
        )


MODULE = """
import asyncio
SHARED = ("text", 1, 2.5, 3j, b"bytes", None, ..., True, frozenset({1, 2}), -0.0, 10 ** 30, "\\u20ac\\U0001f600", "\\udc80", float("inf"))
def f(a, /, b=1, *c, d: int = 2, **e):
    x = 0
    def inner():
        nonlocal x
        x += 1
        return a, b, c, d, e, x
    return inner
class C:
    "doc"
    attribute: str = "value"
    @property
    def p(self): return __class__
    async def co(self):
        async with self: return [i async for i in self]
    def gen(self):
        try: yield from range(3)
        except* ValueError as e: raise
        finally: pass
def match(v):
    match v:
        case {"k": [1, *rest], **more}: return rest, more
        case str() | bytes(): return 1
        case C(attribute=x): return x
print(f(1, 2, 3, d=4, z=5)(), C().p, list(C().gen()), match({"k": [1, 2], "m": 3}), match(""), match(C()), __doc__, SHARED)
print((lambda: [1 in {1, 2}, "%s" % 1, f"{1!r:>3}"])(), C.__annotations__, sorted(C.__dict__))
if __name__ == "__main__":
    def boom(): 1 / 0
    boom()
"""


def check_interchange(python, folder):
    for options in [], ["-O"], ["-OO"], ["-X", "no_debug_ranges"]:
        pycs, outputs = {}, {}
        for who, binary in ("theirs", ORACLE), ("ours", python):
            work = os.path.join(folder, "work")
            shutil.rmtree(work, ignore_errors=True)
            os.mkdir(work)
            with open(os.path.join(work, "module.py"), "w") as f:
                f.write('"""doc"""\n' + MODULE)
            os.utime(os.path.join(work, "module.py"), (1.6e9, 1.6e9))
            out = run(binary, *options, "-c", "import module", cwd=work)
            cache = os.path.join(work, "__pycache__")
            (name,) = os.listdir(cache)
            with open(os.path.join(cache, name), "rb") as f:
                pycs[who] = name, f.read()
            outputs[who] = out
            if who == "theirs":  # python3.11 wrote it: Vitro uses it, and leaves it alone
                again = run(python, *options, "-v", "-c", "import module", cwd=work)
                check(
                    again[1] == out[1] and "matches " in again[2] and "# created" not in again[2],
                    "theirs is used here %s" % options,
                    again,
                )
            else:
                again = run(ORACLE, *options, "-v", "-c", "import module", cwd=work)
                check(
                    again[1] == out[1] and "matches " in again[2] and "# created" not in again[2],
                    "ours is used there %s" % options,
                    again,
                )
        check(pycs["ours"] == pycs["theirs"], "the same .pyc written by import %s" % options, pycs)
        check(
            outputs["ours"] == outputs["theirs"] and outputs["ours"][0] == 0,
            "the same output %s" % options,
            outputs,
        )
        pyc = os.path.join(folder, "program.pyc")
        with open(pyc, "wb") as f:
            f.write(pycs["ours"][1])
        a, b = run(ORACLE, *options, pyc), run(python, *options, pyc)
        check(a == b and a[0] == 1, "program.pyc run by both %s" % options, a, b)


def check_invalidation(python, folder):
    """Which cached file is used, and when it is written again: the answers of both must agree."""
    script = """
import importlib.util, os, py_compile, sys
M = py_compile.PycInvalidationMode
def show(step):
    for name in "m", : sys.modules.pop(name, None)
    importlib.invalidate_caches()
    try:
        import m; x = m.x
    except Exception as e: x = type(e).__name__, str(e)
    pyc = "__pycache__/m.cpython-311.pyc"
    head = open(pyc, "rb").read()[:8].hex() if os.path.isfile(pyc) else None
    print(step, x, head)
def source(text, mtime=1500000000):
    open("m.py", "w").write(text); os.utime("m.py", (mtime, mtime))
source("x = 1"); show("fresh")
source("x = 2"); show("same size and time")
source("x = 3", 1500000001); show("newer")
source("x = 44", 1500000001); show("longer")
for mode in M.CHECKED_HASH, M.UNCHECKED_HASH, M.TIMESTAMP:
    source("x = 5"); py_compile.compile("m.py", invalidation_mode=mode); source("x = 6")
    show(mode.name)
os.chmod("m.py", 0o644)
py_compile.compile("m.py", cfile="n.pyc"); os.remove("m.py"); show("source gone")
os.rename("n.pyc", "m.pyc"); show("sourceless")
open("m.pyc", "wb").write(b"bad"); show("bad sourceless")
source("x = 7", 2 ** 33); show("time beyond 32 bits")
source("x = 8", -5); show("time before 1970")
print(sorted(os.listdir("__pycache__")))
"""
    for options in (
        [],
        ["--check-hash-based-pycs", "always"],
        ["--check-hash-based-pycs", "never"],
        ["-O"],
        ["-B"],
        ["-X", "pycache_prefix=pre"],
    ):
        results = []
        for binary in ORACLE, python:
            work = os.path.join(folder, "invalidation")
            shutil.rmtree(work, ignore_errors=True)
            os.makedirs(os.path.join(work, "__pycache__"))
            results.append(run(binary, *options, "-c", script, cwd=work, SOURCE_DATE_EPOCH=""))
        check(
            results[0] == results[1] and results[0][0] == 0, "invalidation %s" % options, *results
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    python = os.path.abspath(parser.parse_args().python)
    with tempfile.TemporaryDirectory(prefix="vitro-") as folder:
        check_interchange(python, folder)
        check_invalidation(python, folder)
        for options in [], ["-o", "1", "-o", "2", "--invalidation-mode", "checked-hash"]:
            part = os.path.join(folder, "part%d" % len(options))
            os.mkdir(part)
            both = check_compileall(python, part, *options)
            if not options:
                check_running_without_sources(python, *both)
            shutil.rmtree(part)
    print("%d checks, %d wrong" % (checks, len(errors)))
    sys.exit(bool(errors))


main()
