#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the tests with a given interpreter; the last line is `N passed, N failed, N skipped`.

tests/lang         a file states its own result: `# expect: line of output`, `# expect raise: last
                   line of the traceback`, `# expect exit: code`
tests/diff         no expectations: output and exit code must equal python3.11's
tests/regress      the same; a bug each
tests/unit         C programs over one data structure each; the exit code tells
tests/capi         try_NAME.py with the extension module c_NAME that NAME.c compiles to: output must
                   equal python3.11's
tests/capi/embed   a C program that embeds Python: the same with Vitro's libpython3.11 as with the
                   system's
tests/stage        programs that compare one stage with python3.11's: trees, code objects, dumps,
                   pages
tests/cli, tests/programs
                   command lines, sessions at the prompt and real programs, run by both and
                   compared; a file is a table of cases (tests/compare.py) and tells which differ:
                   python3.11 FILE --python PATH [CASE ...]
tests/cpython      passing.txt: modules of CPython's own suite that must pass, one a line;
                   `# slow`: with --all only
tests/ecosystem/extensions
                   a source package in a folder: build.py builds it, use.py prints what it does;
                   whichever of the two interpreters builds and whichever uses, what is printed
                   must be the same
tests/ecosystem/embed
                   programs that embed Python (gdb, vim, PostgreSQL): the same with Vitro's
                   libpython3.11
examples/mission   like tests/lang, with both interpreters

A test is a function of this file that takes the interpreter and a path (or a module) and returns
what is wrong, or None.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILT = os.path.join(ROOT, "build", "capi")
ORACLE = "/usr/bin/python3.11"
ENV = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
ENV |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}

slower = 1  # times that a program may take longer, for builds with checks


class Skipped(Exception):
    """This machine lacks something that the test needs; the text says what."""


def run(python, args, timeout=60, env={}, cwd=ROOT):
    """Exit code (or "timeout"), standard output and standard error of one run."""
    try:
        p = subprocess.run(
            [python, *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout * slower,
            env=ENV | env,
            cwd=cwd,
        )
    except subprocess.TimeoutExpired:
        return "timeout", "", ""
    return p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")


def differs(want, got):
    """The first line in which two runs differ."""
    if want[:2] == got[:2]:
        return None
    a, b = want[1].splitlines(), got[1].splitlines()
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return "line %d: %s instead of %s (exit %s, %s)\n%s" % (
        at + 1,
        b[at : at + 1],
        a[at : at + 1],
        got[0],
        want[0],
        got[2][-600:],
    )


# -- Programs in Python ---------------------------------------------------------------------------


def lang(python, path):
    """The file's own `# expect` lines must be what it prints and how it ends."""
    want, raises, code = [], None, 0
    with open(path, encoding="utf-8") as f:
        for line in f:
            mark, _, value = line.rstrip("\n").partition(":")
            value = value.removeprefix(" ")
            if mark == "# expect":
                want.append(value)
            elif mark == "# expect raise":
                raises, code = value, 1
            elif mark == "# expect exit":
                code = int(value)
    exit_code, out, err = run(python, [path])
    if exit_code != code:
        return "exit code %s instead of %s\n%s" % (exit_code, code, err[-600:])
    if out.splitlines() != want:
        return "output differs:\n%s" % out[:600]
    if raises is not None and err.splitlines()[-1:] != [raises]:
        return "raised: %s" % err[-300:]


def example(python, path):
    """What an example says about itself must be true of both."""
    return lang(ORACLE, path) or lang(python, path)


def diff(python, path):
    return differs(run(ORACLE, [path]), run(python, [path]))


def stage(python, path):
    """The test is a program for python3.11 that is told which interpreter to look at."""
    code, out, err = run(ORACLE, [path, "--python", python], 600)
    return None if code == 0 else out[-1500:] + err[-500:]


def cpython(python, module):
    """The listed module of CPython's suite must pass as a whole, unless this machine lacks
    something that it needs."""

    def tried(which):
        with tempfile.TemporaryDirectory(prefix="vitro-") as folder:  # what it writes goes there
            return run(which, ["-m", "unittest", "-q", "test." + module], 240, cwd=folder)

    code, _, err = tried(python)
    if code == 0:
        return None
    if tried(ORACLE)[0] != 0:
        raise Skipped("it fails under python3.11 too: " + "".join(err.splitlines()[-1:]))
    return (err or str(code))[-800:]


# -- Programs in C --------------------------------------------------------------------------------


def build(args, out, source):
    """Compiles `source` as any extension or embedding program would be, unless `out` is newer; what
    went wrong, or None."""
    newest = max(os.path.getmtime(f) for f in (source, os.path.join(HERE, "capi", "capi.h")))
    if os.path.exists(out) and os.path.getmtime(out) > newest:
        return None
    os.makedirs(os.path.dirname(out), exist_ok=True)
    part = "%s.%d" % (out, os.getpid())
    p = subprocess.run(
        [
            "gcc",
            "-w",
            "-O1",
            "-g",
            "-isystem",
            "/usr/include/python3.11",
            source,
            "-o",
            part,
            *args,
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    if p.returncode:
        return "does not compile:\n" + p.stderr[-800:]
    os.replace(part, out)


def capi(python, path):
    """The module is built against the installed headers alone and loaded by both."""
    name = os.path.basename(path).removeprefix("try_").removesuffix(".py")
    source = os.path.join(HERE, "capi", name + ".c")
    with open(source) as f:
        suffix = ".abi3.so" if "Py_LIMITED_API" in f.read() else ".cpython-311-x86_64-linux-gnu.so"
    wrong = build(["-shared", "-fPIC"], os.path.join(BUILT, "c_" + name + suffix), source)
    return wrong or differs(
        *(run(which, [path], env={"PYTHONPATH": BUILT}) for which in (ORACLE, python))
    )


def embed(python, path):
    """One binary, linked against the system's library; LD_LIBRARY_PATH decides which one runs."""
    library = os.path.dirname(python)
    if not os.path.exists(os.path.join(library, "libpython3.11.so.1.0")):
        return "no libpython3.11.so.1.0 beside %s: make libpython" % python
    program = os.path.join(BUILT, os.path.basename(path).removesuffix(".c"))
    wrong = build(["-fPIE", "-pie", "-lpython3.11"], program, path)
    return wrong or differs(run(program, []), run(program, [], env={"LD_LIBRARY_PATH": library}))


def unit(python, path):
    """Compiled by `make unit` together with the sources it looks into."""
    program = os.path.join(
        os.path.dirname(python), "unit", os.path.basename(path).removesuffix(".c")
    )
    if not os.path.exists(program):
        return "no %s: make unit" % program
    code, out, err = run(program, [])
    return None if code == 0 else "exit %s\n%s%s" % (code, out[-800:], err[-800:])


# -- Programs of other people ---------------------------------------------------------------------


def need(path):
    """Skips a test whose first line, `# needs: package ...`, names a Debian package that is not
    installed."""
    with open(path) as f:
        packages = f.readline().removeprefix("# needs: ").split()
    p = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status} ${Package}\\n", *packages],
        capture_output=True,
        text=True,
    )
    lacking = set(packages) - set(re.findall("^install ok installed (.*)", p.stdout, re.M))
    if lacking:
        raise Skipped("not installed: " + " ".join(sorted(lacking)))


def built(python, path):
    """Built twice and used four times; what python3.11 prints with what python3.11 built is
    right."""
    need(path)
    want = {}
    for builder in (ORACLE, python):
        with tempfile.TemporaryDirectory(prefix="vitro-") as folder:
            copy = shutil.copytree(os.path.dirname(path), os.path.join(folder, "source"))
            for user, script in ((builder, "build.py"), (ORACLE, "use.py"), (python, "use.py")):
                got = run(user, [script], 300, cwd=copy)
                if script not in want and got[0] != 0:
                    return "%s ends with %s under python3.11:\n%s" % (script, got[0], got[2][-600:])
                wrong = differs(want.setdefault(script, got), got)
                if wrong:
                    return "%s by %s, built by %s: %s" % (script, user, builder, wrong)


def embedded(python, path):
    """The test is a script that starts the program; its argument is the folder of the libpython3.11
    to be loaded."""
    need(path)
    library = os.path.dirname(python)
    if not os.path.exists(os.path.join(library, "libpython3.11.so.1.0")):
        return "no libpython3.11.so.1.0 beside %s: make libpython" % python
    want = run(ORACLE, [path], 300)
    if want[0] != 0:
        return "ends with %s with python3.11's library:\n%s" % (want[0], want[2][-600:])
    return differs(want, run(ORACLE, [path, library], 300))


# -- All of them ----------------------------------------------------------------------------------

# folder → test, first and last part of the files' names, whether folders in it are searched too
FOLDERS = {
    "tests/unit": (unit, "", ".c", False),
    "tests/lang": (lang, "", ".py", True),
    "tests/diff": (diff, "", ".py", True),
    "tests/regress": (diff, "", ".py", True),
    "examples/mission": (example, "", ".py", True),
    "tests/stage": (stage, "", ".py", True),
    "tests/cli": (stage, "", ".py", True),
    "tests/programs": (stage, "", ".py", True),
    "tests/capi": (capi, "try_", ".py", False),
    "tests/capi/embed": (embed, "", ".c", False),
    "tests/ecosystem/extensions": (built, "build", ".py", True),
    "tests/ecosystem/embed": (embedded, "", ".py", False),
}


def files(folder, start, end, deep):
    for where, folders, names in os.walk(os.path.join(ROOT, folder)):
        folders[:] = sorted(folders) if deep else []
        for name in sorted(names):
            if name.startswith(start) and name.endswith(end):
                yield os.path.join(where, name)


def cases(chosen, everything):
    """Yields test, what it takes, and the name it is reported by."""
    for folder, (test, *which) in FOLDERS.items():
        if not chosen or folder in chosen:
            for path in files(folder, *which):
                yield test, path, os.path.relpath(path, ROOT)
    if not chosen or "tests/cpython" in chosen:
        with open(os.path.join(HERE, "cpython", "passing.txt")) as f:
            for line in f:
                module, _, mark = (part.strip() for part in line.partition("#"))
                if module and (everything or mark != "slow"):
                    yield cpython, module, "cpython/" + module


def main():
    global slower
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", required=True, metavar="PATH", help="the interpreter to test")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count(), help="tests at a time (number of processors)"
    )
    parser.add_argument(
        "--slower",
        type=int,
        default=1,
        metavar="TIMES",
        help="let programs run so many times longer, for builds with checks",
    )
    parser.add_argument("--all", action="store_true", help="with the slow files of CPython's suite")
    parser.add_argument(
        "folders", nargs="*", metavar="FOLDER", help="run only these, as written above"
    )
    args = parser.parse_args()
    known = [*FOLDERS, "tests/cpython"]
    for folder in args.folders:
        if folder not in known:
            parser.error("no folder of tests: %s (there are %s)" % (folder, ", ".join(known)))
    slower = args.slower
    python = os.path.abspath(args.python)
    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        jobs = [
            (name, pool.submit(test, python, what))
            for test, what, name in cases(args.folders, args.all)
        ]
        for name, job in jobs:
            try:
                wrong = job.result()
            except Skipped as why:
                skipped += 1
                print("SKIP %s: %s" % (name, why), flush=True)
                continue
            if wrong is None:
                passed += 1
            else:
                failed += 1
                print("FAIL %s\n    %s" % (name, wrong.replace("\n", "\n    ")), flush=True)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(1 if failed or not passed else 0)


main()
