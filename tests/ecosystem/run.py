#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Packages as Debian ships them, under Vitro and python3.11: do programs print the same, and how long do they take?

usage: run.py --python PATH [--write docs/ECOSYSTEM.md] [--rounds N] [--suites FOLDER] [NAME ...]

Each programs/use_NAME.py runs under both; output and exit code must agree. A program whose package is not installed is
counted as skipped, by name. With --write the tables go into the document between their markers: the one of the
programs, and with --suites those of the results that suite.py left in FOLDER.
"""
import argparse
import glob
import json
import math
import os
import re
import resource
import subprocess
import sys

from suite import count, missing

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = "/usr/bin/python3.11"
# What is imported for the import time, where it is not the name of the program; and what must be installed for it.
IMPORTS = {"pil": "PIL.Image", "lxml": "lxml.etree", "cython": "Cython.Compiler.Main",
           "matplotlib": "matplotlib.pyplot", "cryptography": "cryptography.x509",
           "sklearn": "sklearn.linear_model", "scipy": "scipy.stats", "switching": "gevent",
           "temporaries": "numpy", "numba_more": "numba", "steady": "numpy", "m2crypto": "M2Crypto",
           "compressors": "zstandard", "nacl": "nacl.public", "numbers": "gmpy2",
           "psycopg2": "psycopg2.extras", "mypy": "mypy.api", "proxies": "wrapt",
           "statsmodels": "statsmodels.api", "gi": "gi.repository.Gio", "astropy": "astropy.coordinates",
           "tornado": "tornado.web", "documents": "reportlab.platypus"}
NEEDS = {"networkx": ["networkx", "toolz", "sympy"],
         "psutil": ["psutil", "psycopg2"], "msgpack": ["msgpack", "simplejson"], "jinja2": ["jinja2", "markupsafe"],
         "switching": ["greenlet", "gevent"], "compressors": ["brotli", "lz4", "zstandard"], "nacl": ["nacl", "bcrypt"],
         "numbers": ["gmpy2", "bitarray", "Levenshtein", "ujson"], "mypy": ["mypy", "black"],
         "proxies": ["wrapt", "lazy_object_proxy", "zope"], "h5py": ["h5py", "tables"],
         "statsmodels": ["statsmodels", "patsy", "skimage", "pywt", "xarray", "numexpr"],
         "steady": ["numpy", "cffi", "gevent", "lxml", "msgpack", "multidict", "PIL", "psycopg2", "regex",
                    "simplejson", "yaml", "zmq", "cryptography"],
         "gi": ["gi", "apt_pkg"], "astropy": ["astropy", "erfa", "ephem"],
         "tornado": ["tornado", "twisted", "flask", "sqlalchemy"],
         "documents": ["fontTools", "reportlab", "pygments", "docutils", "nltk", "rdflib"]}
ENV = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {
    "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
FIND = "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))"
HEAD = ["| package | same output | import s | python3.11 | run s | python3.11 | speed |",
        "|---|---|---|---|---|---|---|"]


# -- Running -----------------------------------------------------------------------------------------------------------

def run(python, args, timeout=600):
    """(exit code, output, errors)"""
    try:
        p = subprocess.run([python, *args], stdin=subprocess.DEVNULL, capture_output=True, env=ENV, timeout=timeout,
                           cwd="/tmp")
    except subprocess.TimeoutExpired:
        return "timeout", b"", b""
    return p.returncode, p.stdout, p.stderr


def seconds():
    """Processor time of all children so far; os.times() would count in hundredths."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def both(ours, args, rounds):
    """[(result, processor seconds of the quickest round)] of python3.11 and of ours, which take turns. With several
    rounds, quick programs get more of them: 20 runs or a second."""
    results, times = {}, {ORACLE: [], ours: []}
    least = 1 if rounds == 1 else 20
    while len(times[ours]) < rounds or (len(times[ours]) < least and sum(times[ours]) < 1):
        for python in times:
            before = seconds()
            results[python] = run(python, args)
            times[python].append(seconds() - before)
    return [(results[p], min(times[p])) for p in times]


def module(name):
    return IMPORTS.get(name, name)


def installed(name):
    return run(ORACLE, ["-c", FIND, *NEEDS.get(name, [module(name).split(".")[0]])])[0] == 0


# -- A program, and what is said about it ------------------------------------------------------------------------------

def lines(output):
    return output.decode("utf-8", "replace").splitlines()


def show_difference(name, want, got):
    a, b = lines(want[1]), lines(got[1])
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    print("FAIL %s (exit %s, %s) line %d:" % (name, got[0], want[0], at + 1))
    for text in (a[at:at + 1], b[at:at + 1], "\n    ".join(lines(got[2])[-8:])):
        print("    %s" % text)


def program(name, ours, rounds):
    """(same output?, row of the table, speed)"""
    path = os.path.join(HERE, "programs", "use_%s.py" % name)
    (want, slow), (got, fast) = both(ours, ["-I", path], rounds)
    (_, load_slow), (_, load_fast) = both(ours, ["-I", "-c", "import " + module(name)], rounds)
    same = want[:2] == got[:2] and want[0] == 0
    if not same:
        show_difference(name, want, got)
    cells = (load_fast, load_slow, fast, slow, slow / fast)
    print("%-14s %s  import %.3f / %.3f s  run %.3f / %.3f s  %.2f times as fast"
          % (name, "same output" if same else "DIFFERS", *cells), flush=True)
    row = "| %s | %s | %.3f | %.3f | %.3f | %.3f | %.2f |" % (name, "yes" if same else "**no**", *cells)
    return same, row, slow / fast


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else 0


# -- The document ------------------------------------------------------------------------------------------------------

def load(path):
    with open(path) as f:
        return json.load(f)


def compared(folder, kind):
    """(part, results of python3.11, ours) of the parts that have both."""
    for path in sorted(glob.glob(os.path.join(folder, "*.%s.json" % kind))):
        name = os.path.basename(path).removesuffix(".%s.json" % kind)
        ours = os.path.join(folder, name + ".ours.json")
        if os.path.exists(ours):
            yield name, load(path), load(ours)


def suites(folder):
    """Rows of what suite.py found: package or part of it, tests passed here, under python3.11."""
    rows = ["| tests of | pass here | of those that pass under python3.11 |", "|---|---|---|"]
    for name, base, ours in compared(folder, "base"):
        total = count(base)
        rows.append("| %s | %s | %s |" % (name, f"{total - len(list(missing(base, ours))):,}", f"{total:,}"))
    return rows


def doubts(folder):
    """Rows of the parts of which python3.11 ran only the files in which a test failed here."""
    rows = ["| tests of | pass here | fail here | and pass under python3.11 |", "|---|---|---|---|"]
    for name, there, ours in compared(folder, "doubt"):
        bad = sum(len(r["bad"]) for r in ours.values())
        rows.append("| %s | %s | %s | %d |" % (name, f"{count(ours):,}", f"{bad:,}", len(list(missing(there, ours)))))
    return rows


def write(path, marker, rows):
    with open(path) as f:
        text = f.read()
    pattern = r"(?s)(<!-- %s -->\n).*?(<!-- end -->)" % marker
    with open(path, "w") as f:
        f.write(re.sub(pattern, lambda m: m[1] + "\n".join(rows) + "\n" + m[2], text))


def names(chosen):
    found = sorted(os.path.basename(p)[4:-3] for p in glob.glob(os.path.join(HERE, "programs", "use_*.py")))
    return [n for n in found if not chosen or n in chosen]


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--python", required=True)
    ap.add_argument("--write")
    ap.add_argument("--rounds", type=int, default=1)
    ap.add_argument("--suites")
    ap.add_argument("names", nargs="*")
    a = ap.parse_args()
    todo = [n for n in names(a.names) if installed(n)]
    skipped = [n for n in names(a.names) if n not in todo]
    for n in skipped:
        print("SKIP %s: not installed" % n)
    done = [program(n, os.path.abspath(a.python), a.rounds) for n in todo]
    speeds, passed = [speed for _, _, speed in done], sum(same for same, _, _ in done)
    mean = geometric_mean(speeds)
    print("geometric mean %.2f, least %.2f" % (mean, min(speeds, default=0)))
    if a.write and done and not a.names:
        write(a.write, "table", [*HEAD, *(row for _, row, _ in done), "", "Geometric mean of the speeds: %.2f." % mean])
    if a.write and a.suites:
        write(a.write, "suites", suites(a.suites))
        write(a.write, "doubts", doubts(a.suites))
    print("%d passed, %d failed, %d skipped" % (passed, len(done) - passed, len(skipped)))
    return passed < len(done)


if __name__ == "__main__":
    sys.exit(main())
