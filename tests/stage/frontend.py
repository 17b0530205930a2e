# SPDX-License-Identifier: MIT
"""Are trees and code objects of library files those of python3.11?

usage: python3.11 tests/stage/frontend.py --python VITRO [--every N]

Takes every file below /usr/lib/python3.11 (--every N: each N-th) and compares two numbers for each:
one of ast.dump with all positions, one of every field of all code objects. Lists the files that
differ.
"""
import argparse
import os
import subprocess
import sys
import tempfile

LIBRARY = "/usr/lib/python3.11"
WORKER = r"""
import ast, sys
from types import CodeType

FIELDS = (
    "co_name co_qualname co_argcount co_posonlyargcount co_kwonlyargcount co_nlocals co_stacksize "
    "co_flags co_firstlineno co_names co_varnames co_freevars co_cellvars co_code co_linetable "
    "co_exceptiontable"
).split()

def const(value):
    if isinstance(value, CodeType):
        return "<code %s>" % value.co_qualname
    if isinstance(value, tuple):
        return "(%s,)" % ", ".join(map(const, value))
    if isinstance(value, frozenset):
        return "frozenset{%s}" % ", ".join(sorted(map(const, value)))
    return "%s:%r" % (type(value).__name__, value)

def describe(code, out):
    out.extend("%s = %r" % (field, getattr(code, field)) for field in FIELDS)
    out.append("co_consts = " + ", ".join(map(const, code.co_consts)))
    for c in code.co_consts:
        if isinstance(c, CodeType):
            describe(c, out)
    return "\n".join(out)

def digest(text):
    data = text.encode("utf-8", "surrogatepass")
    return "%d/%064x" % (len(data), int.from_bytes(data, "little") % (2**255 - 19))

def line_for(path):
    with open(path, "rb") as f:
        source = f.read()
    try:
        tree = digest(ast.dump(ast.parse(source, path), include_attributes=True))
        return tree, digest(describe(compile(source, path, "exec", dont_inherit=True), []))
    except SyntaxError as e:
        return "!", repr(
            (type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
        )
    except (ValueError, RecursionError) as e:
        return "!", repr((type(e).__name__, str(e)))

sys.setrecursionlimit(10000)
for path in sys.stdin:
    path = path.rstrip("\n")
    print(path, *line_for(path), sep="\t", flush=True)
"""


def pick(every):
    paths = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(LIBRARY)
        for name in names
        if name.endswith(".py")
    ]
    return sorted(paths)[::every]


def start(python, script, paths_file, out):
    return subprocess.Popen(
        [python, "-W", "ignore", script], stdin=paths_file, stdout=out, encoding="utf-8"
    )


def results(file):
    file.seek(0)
    rows = (line.rstrip("\n").split("\t") for line in file)
    return {row[0]: row[1:] for row in rows if len(row) == 3}


def difference(a, b):
    if b is None:
        return "no result"
    if "!" in (a[0], b[0]):
        return "error: %s, expected %s" % (
            b[1] if b[0] == "!" else "none",
            a[1] if a[0] == "!" else "none",
        )
    return " and ".join(what for what, x, y in zip(("tree", "code"), a, b) if x != y)


def compare(python, paths, timeout):
    """How both workers ended, and what each said of every file."""
    with tempfile.TemporaryDirectory() as folder:
        script, names = os.path.join(folder, "worker.py"), os.path.join(folder, "paths")
        for path, text in (script, WORKER), (names, "".join(p + "\n" for p in paths)):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        outs = [open(os.path.join(folder, n), "w+", encoding="utf-8") for n in ("expected", "got")]
        runs = []
        for interpreter, out in zip((sys.executable, python), outs):
            with open(names) as stdin:
                runs.append(start(interpreter, script, stdin, out))
        status = []
        for run in runs:
            try:
                status.append(run.wait(timeout))
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
                status.append("time out")
        return status, *map(results, outs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=600)
    args = parser.parse_args()
    paths = pick(args.every)
    status, expected, got = compare(args.python, paths, args.timeout)
    wrong = [(p, difference(expected[p], got.get(p))) for p in paths if expected[p] != got.get(p)]
    for path, what in wrong:
        print("%s: %s" % (path, what))
    print(
        "frontend: %d files, %d differ%s"
        % (len(paths), len(wrong), "" if status == [0, 0] else ", status %s" % status)
    )
    sys.exit(bool(wrong or status != [0, 0] or not paths))


main()
