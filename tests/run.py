#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the tests with a given interpreter and prints one line at the end: `N passed, N failed, N skipped`.

usage: run.py --python PATH [FOLDER ...]

tests/lang   a file states its own result: `# expect: line of output`, `# expect raise: last line of the traceback`,
             `# expect exit: code`
tests/diff   no expectations: output and exit code must equal python3.11's
examples/mission   like tests/lang
tests/cpython/*.txt   tests of CPython's own suite that must pass: one `module` a line
tests/stage/frontend.py   trees and code objects of library files compared with python3.11's
"""
import argparse, concurrent.futures, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ORACLE = "/usr/bin/python3.11"
ENV = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def run(python, args, timeout=60):
    try:
        p = subprocess.run([python, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, env=ENV, cwd=ROOT)
        return p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return "timeout", "", ""


def lang(python, path):
    want, raises, code = [], None, 0
    for line in open(path, encoding="utf-8"):
        if line.startswith("# expect: "): want.append(line[10:].rstrip("\n"))
        elif line.startswith("# expect:"): want.append("")
        elif line.startswith("# expect raise: "): raises = line[16:].rstrip("\n"); code = 1
        elif line.startswith("# expect exit: "): code = int(line[15:])
    got = run(python, [path])
    if got[0] != code: return "exit code %s instead of %s\n%s" % (got[0], code, got[2][-600:])
    if got[1].splitlines() != want: return "output differs:\n%s" % got[1][:600]
    if raises is not None and (got[2].splitlines() or [""])[-1] != raises: return "raised: %s" % got[2][-300:]


def diff(python, path):
    want, got = run(ORACLE, [path]), run(python, [path])
    if want[:2] != got[:2]:
        a, b = want[1].splitlines(), got[1].splitlines()
        at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        return "line %d: %s instead of %s (exit %s, %s)\n%s" % (at + 1, b[at:at + 1], a[at:at + 1], got[0], want[0], got[2][-600:])


def cpython(python, module):
    """The listed module of CPython's suite must pass as a whole."""
    got = run(python, ["-m", "unittest", "-q", "test." + module], 240)
    return None if got[0] == 0 else (got[2] or str(got[0]))[-800:]


def stage(python, path):
    got = run(ORACLE, [path, "--python", python], 600)
    return None if got[0] == 0 else got[1][-1500:] + got[2][-500:]


def cases(folders):
    def files(folder):
        d = os.path.join(ROOT, folder)
        return sorted(os.path.join(r, n) for r, _, names in os.walk(d) for n in names if n.endswith(".py")) if os.path.isdir(d) else []
    for kind, folder in ((lang, "tests/lang"), (diff, "tests/diff"), (lang, "examples/mission"), (stage, "tests/stage")):
        if not folders or folder in folders:
            for f in files(folder): yield kind, f, os.path.relpath(f, ROOT)
    if not folders or "tests/cpython" in folders:
        lists = os.path.join(HERE, "cpython", "passing.txt")
        for line in open(lists) if os.path.exists(lists) else ():
            name = line.split("#")[0].strip()
            if name: yield cpython, name, "cpython/" + name


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--python", required=True); ap.add_argument("--jobs", type=int, default=os.cpu_count())
    ap.add_argument("folders", nargs="*"); a = ap.parse_args()
    python = os.path.abspath(a.python)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as ex:
        jobs = [(label, ex.submit(kind, python, what)) for kind, what, label in cases(a.folders)]
        for label, job in jobs:
            why = job.result()
            if why is None: passed += 1
            else:
                failed += 1
                print("FAIL %s\n    %s" % (label, why.replace("\n", "\n    ")), flush=True)
    print("%d passed, %d failed, %d skipped" % (passed, failed, 0))
    sys.exit(1 if failed or not passed else 0)


main()
