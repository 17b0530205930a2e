#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the tests with a given interpreter and prints one line at the end: `N passed, N failed, N skipped`.

usage: run.py --python PATH [--all] [--slower FACTOR] [FOLDER ...]

tests/lang   a file states its own result: `# expect: line of output`, `# expect raise: last line of the traceback`,
             `# expect exit: code`
tests/diff   no expectations: output and exit code must equal python3.11's
examples/mission   like tests/lang, with both
tests/cpython/*.txt   modules of CPython's own suite that must pass, one a line; `# slow`: with --all only
tests/capi   try_NAME.py with the extension module c_NAME that NAME.c compiles to: output must equal python3.11's
tests/capi/embed   a C program that embeds Python: the same with Vitro's libpython3.11 as with the system's
tests/stage/frontend.py   trees and code objects of library files compared with python3.11's
tests/cli, tests/programs   command lines, sessions at the prompt and real programs, run by both and compared; a file is
             a table of cases (tests/compare.py) and tells which differ: python3.11 FILE --python PATH [CASE ...]
"""
import argparse, concurrent.futures, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ORACLE = "/usr/bin/python3.11"
ENV = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


SLOWER = 1  # times that a program may take longer, for builds with checks


class Skipped(Exception): pass


def run(python, args, timeout=60, extra={}, cwd=ROOT):
    try:
        p = subprocess.run([python, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout * SLOWER, env=ENV | extra, cwd=cwd)
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


def example(python, path):
    """What an example says about itself must be true of both."""
    return lang(ORACLE, path) or lang(python, path)


def diff(python, path):
    return differs(run(ORACLE, [path]), run(python, [path]))


def cpython(python, module):
    """The listed module of CPython's suite must pass as a whole, unless this machine lacks something that it needs."""
    def tried(which):
        with tempfile.TemporaryDirectory(prefix="vitro-") as folder:  # what it writes goes there
            return run(which, ["-m", "unittest", "-q", "test." + module], 240, cwd=folder)
    got = tried(python)
    if got[0] == 0: return None
    if tried(ORACLE)[0] != 0: raise Skipped("it fails under python3.11 too: " + (got[2].splitlines() or [""])[-1])
    return (got[2] or str(got[0]))[-800:]


def build(args, out, source):
    """Runs the compiler unless `out` is newer than all of tests/capi's C; a message when it fails."""
    folder = os.path.join(HERE, "capi")
    newest = max(os.path.getmtime(f) for f in (source, os.path.join(folder, "capi.h")))
    if os.path.exists(out) and os.path.getmtime(out) > newest: return None
    os.makedirs(os.path.dirname(out), exist_ok=True)
    part = "%s.%d" % (out, os.getpid())
    p = subprocess.run(["gcc", "-w", "-O1", "-g", "-isystem", "/usr/include/python3.11", source, "-o", part, *args], stderr=subprocess.PIPE, text=True)
    if p.returncode: return "does not compile:\n" + p.stderr[-800:]
    os.replace(part, out)


BUILT = os.path.join(ROOT, "build", "capi")


def differs(want, got):
    if want[:2] == got[:2]: return None
    a, b = want[1].splitlines(), got[1].splitlines()
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return "line %d: %s instead of %s (exit %s, %s)\n%s" % (at + 1, b[at:at + 1], a[at:at + 1], got[0], want[0], got[2][-600:])


def capi(python, path):
    """The module is built against the installed headers alone, as any extension is, and loaded by both."""
    name = os.path.basename(path)[4:-3]
    source = os.path.join(HERE, "capi", name + ".c")
    suffix = ".abi3.so" if "Py_LIMITED_API" in open(source).read() else ".cpython-311-x86_64-linux-gnu.so"
    why = build(["-shared", "-fPIC"], os.path.join(BUILT, "c_" + name + suffix), source)
    if why: return why
    return differs(*(run(p, [path], extra={"PYTHONPATH": BUILT}) for p in (ORACLE, python)))


def embed(python, path):
    """One binary, linked against the system's library; LD_LIBRARY_PATH decides which one runs."""
    library = os.path.dirname(python)
    if not os.path.exists(os.path.join(library, "libpython3.11.so.1.0")): return "no libpython3.11.so.1.0 beside %s: make libpython" % python
    program = os.path.join(BUILT, os.path.basename(path)[:-2])
    why = build(["-fPIE", "-pie", "-lpython3.11"], program, path)
    if why: return why
    return differs(run(program, []), run(program, [], extra={"LD_LIBRARY_PATH": library}))


def stage(python, path):
    got = run(ORACLE, [path, "--python", python], 600)
    return None if got[0] == 0 else got[1][-1500:] + got[2][-500:]


def cases(folders, everything):
    def files(folder):
        d = os.path.join(ROOT, folder)
        return sorted(os.path.join(r, n) for r, _, names in os.walk(d) for n in names if n.endswith(".py")) if os.path.isdir(d) else []
    for kind, folder in ((lang, "tests/lang"), (diff, "tests/diff"), (diff, "tests/regress"), (example, "examples/mission"), (stage, "tests/stage"), (stage, "tests/cli"),
                         (stage, "tests/programs")):
        if not folders or folder in folders:
            for f in files(folder): yield kind, f, os.path.relpath(f, ROOT)
    for kind, folder, start, end in ((capi, "tests/capi", "try_", ".py"), (embed, "tests/capi/embed", "", ".c")):
        if not folders or folder in folders:
            d = os.path.join(ROOT, folder)
            for n in sorted(os.listdir(d)):
                if n.startswith(start) and n.endswith(end): yield kind, os.path.join(d, n), os.path.join(folder, n)
    if not folders or "tests/cpython" in folders:
        lists = os.path.join(HERE, "cpython", "passing.txt")
        for line in open(lists) if os.path.exists(lists) else ():
            name, _, mark = (part.strip() for part in line.partition("#"))
            if name and (everything or mark != "slow"): yield cpython, name, "cpython/" + name


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--python", required=True); ap.add_argument("--jobs", type=int, default=os.cpu_count())
    ap.add_argument("--slower", type=int, default=1, help="let programs run so many times longer, for builds with checks")
    ap.add_argument("--all", action="store_true", help="with the slow files of CPython's suite")
    ap.add_argument("folders", nargs="*"); a = ap.parse_args()
    global SLOWER
    SLOWER = a.slower
    python = os.path.abspath(a.python)
    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as ex:
        jobs = [(label, ex.submit(kind, python, what)) for kind, what, label in cases(a.folders, a.all)]
        for label, job in jobs:
            try: why = job.result()
            except Skipped as e:
                skipped += 1
                print("SKIP %s: %s" % (label, e), flush=True)
                continue
            if why is None: passed += 1
            else:
                failed += 1
                print("FAIL %s\n    %s" % (label, why.replace("\n", "\n    ")), flush=True)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(1 if failed or not passed else 0)


main()
