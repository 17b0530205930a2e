#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Imports every extension module of lib-dynload and dist-packages, each in a process of its own, under Vitro and
python3.11: both must succeed with the same public names, or fail with the same exception.

usage: import_all.py --python PATH [--jobs N] [FOLDER-OR-MODULE ...]
"""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys

ORACLE = "/usr/bin/python3.11"
DYNLOAD = "/usr/lib/python3.11/lib-dynload"
SHELF = "/usr/lib/python3/dist-packages"
ENV = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {
    "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1"}
SCRIPT = """
import importlib, sys, warnings
warnings.simplefilter("ignore")
try:
    m = importlib.import_module(sys.argv[1])
except BaseException as e:
    print("raised", type(e).__name__, e)
else:
    kinds = sorted("%s:%s" % (n, type(v).__name__) for n, v in vars(m).items() if not n.startswith("__"))
    print("module", m.__name__, type(m).__name__, *kinds, sep="\\n")
sys.stdout.flush()
"""


def modules():
    """(name, file) of each extension module of the two folders; a name once."""
    found = {}
    for top in (DYNLOAD, SHELF):
        for path in sorted(glob.glob(top + "/**/*.so", recursive=True)):
            parts = os.path.relpath(path, top).split("/")
            base, _, tag = parts[-1].partition(".")
            if tag in ("so", "abi3.so") or tag.startswith("cpython-311-x86_64"):
                found.setdefault(".".join(parts[:-1] + [base]), path)
    return found


def load(python, name):
    """What an interpreter prints when it imports the module; addresses are left out."""
    try:
        p = subprocess.run([python, "-s", "-c", SCRIPT, name], stdin=subprocess.DEVNULL, capture_output=True,
                           text=True, errors="replace", env=ENV, cwd="/tmp", timeout=300)
    except subprocess.TimeoutExpired:
        return "timeout"
    said = re.sub(r"0x[0-9a-f]+", "0x", p.stdout)
    return said if not p.returncode else "%s\nexit %s %s" % (said, p.returncode, p.stderr[-300:])


def compare(python, name):
    return name, load(ORACLE, name), load(python, name)


def difference(want, got):
    want, got = want.splitlines(), got.splitlines()
    lines = ["- " + x for x in want if x not in got] + ["+ " + x for x in got if x not in want]
    return "\n    ".join(lines[:8])


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--python", required=True)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("names", nargs="*")
    a = ap.parse_args()
    python, found = os.path.abspath(a.python), modules()
    todo = [n for n, path in found.items() if not a.names or any(x == n or path.startswith(x) for x in a.names)]
    passed = failed = neither = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for name, want, got in pool.map(lambda n: compare(python, n), todo):
            failed += want != got
            passed += want == got and want.startswith("module")
            neither += want == got and not want.startswith("module")
            if want != got:
                print("FAIL %s\n    %s" % (name, difference(want, got)), flush=True)
            elif not want.startswith("module"):
                print("neither imports %s: %s" % (name, want.strip()[:200]), flush=True)
    print("%d passed, %d failed, %d that python3.11 cannot import either" % (passed, failed, neither))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
