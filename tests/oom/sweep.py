#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Lets allocations fail, one at a time: a MemoryError or success each time, never a crash, never a
leak, a sound heap.

usage: sweep.py --python PATH [--jobs J] [--loop K] [--fork K] [--start-up K] [--from N]
                [--seconds S] [PROGRAM ...]

Three sweeps, each of every K-th allocation (0: not at all; README.md says more):

loop      Programs (programs.py) run in one process that makes allocation 1, 2, 3 ... fail, until
          none is left to fail, and looks whether a failure that is repeated leaks.
fork      The programs, warmed up; the process forks at each allocation. The child's fails; then it
          runs the program again, collects, compares its blocks, and exits with the heap checked.
start-up  Start-up, a program with an import, and the way out, forked at each allocation.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 20000  # allocations of a program, at most
FORKED = "compile_source import_module make_class generators json_text pickles".split()
SHOWN = 20  # problems of one sweep

# -- In the interpreter under test ----------------------------------------------------------------


NO_MEMORY = "can't allocate|out of memory|Error -4 "  # of locks, expat, zlib


def caused_by_memory(e):
    seen = set()
    while e is not None and id(e) not in seen:
        seen.add(id(e))
        if isinstance(e, MemoryError) or re.search(NO_MEMORY, str(e)):
            return True
        e = e.__cause__ or e.__context__
    return False


def blocks():
    import gc

    gc.collect()
    sys._clear_type_cache()  # it holds names that were made for one lookup
    gc.collect()
    return sys.getallocatedblocks()


def warmed_up(name):
    sys.path.insert(0, HERE)
    import programs

    run = getattr(programs, name)
    for _ in range(3):
        run()
    sys.unraisablehook = lambda u: None  # a failure in a destructor can only be reported
    return run


def report_other(n, e):
    print("other", n, type(e).__name__, str(e)[:100], flush=True)


def loop(name, first, every):
    import _testcapi

    run, passed = warmed_up(name), 0

    def fail(n):
        """True: refused; False: nothing failed; an exception: a wrong one."""
        _testcapi.set_nomemory(n, n + 1)
        try:
            run()
        except MemoryError:
            return True
        except BaseException as e:
            _testcapi.remove_mem_hooks()
            return True if caused_by_memory(e) else e
        finally:
            _testcapi.remove_mem_hooks()
        return False

    def growth(n, times):
        before = blocks()
        for _ in range(times):
            fail(n)
        return blocks() - before

    for n in range(first, LIMIT, every):
        print("at", n, file=sys.stderr, flush=True)
        result = fail(n)
        if isinstance(result, BaseException):
            report_other(n, result)
        passed = passed + 1 if result is False else 0
        if passed >= 30:
            break
        if growth(n, 4) >= 4:  # caches fill up: what leaks grows on
            grown = min(growth(n, 50) for _ in range(6))
            if grown >= 25:
                print("leak", n, grown / 50, "blocks each time", flush=True)
    print("end", n, flush=True)


def fork(name, first, every):
    import _imp
    from importlib.machinery import BuiltinImporter, ModuleSpec

    stress_oom = _imp.create_builtin(ModuleSpec("_vitro", BuiltinImporter)).stress_oom
    run, refused, parent = warmed_up(name), 1, os.getpid()

    def fail(*which):
        nonlocal refused
        try:
            stress_oom(*which)
            run()
        except BaseException as e:
            refused = stress_oom(0)
            if not caused_by_memory(e):
                report_other(refused, e)
        else:
            refused = stress_oom(0)

    def used():
        run()
        run()
        return blocks()

    n = 0
    while refused:
        fail(n := n + 1)  # the first failures of their kind fill caches
    used()
    before = used()
    fail(first, LIMIT, every, True)
    if os.getpid() == parent:
        return
    after, n = used(), refused
    for _ in range(20):
        if after <= before:
            return
        before = after
        for _ in range(5):
            fail(n)
        after = used()
    print("leak", n, after - before, "blocks in 5 times", flush=True)


# -- Outside --------------------------------------------------------------------------------------

ENV = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
ENV |= {"PYTHONHASHSEED": "0"}


def child(python, sweep, name, first, every):
    words = ["--child", sweep, name, str(first), str(every)]
    return [python, "-X", "check=heap", __file__, *words]


def sweep_loop(python, name, every):
    """Problems found, and how many allocations were tried."""
    problems, first = [], 1
    while True:
        p = subprocess.run(
            child(python, "loop", name, first, every),
            capture_output=True,
            text=True,
            timeout=3000,
            env=ENV,
        )
        out, err = p.stdout.splitlines(), p.stderr.splitlines()
        at = [int(n) for n in re.findall(r"^at (\d+)$", p.stderr, re.M)]
        problems += [line for line in out if line.startswith(("other", "leak"))]
        tried = at[-1] if at else 0
        if p.returncode == 0:
            return problems, tried
        said = " | ".join([line for line in err if line and not line.startswith("at ")][:4])
        where = "died at %s with status %s: " % (tried or "start", p.returncode)
        problems.append(where + said[:300])
        if not at or len(problems) >= SHOWN or out and out[-1].startswith("end"):
            return problems, tried
        first = tried + every


def forked(command, deadline):
    """(allocation, status, what it wrote) of each child; then (None, status, what was written) of
    the command itself."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=ENV,
    ) as p:
        text = []
        for line in p.stdout:
            m = re.search(r"oom: allocation (\d+) ended with (-?\d+)\n", line)
            if not m:
                text.append(line)
                continue
            yield int(m[1]), int(m[2]), "".join(text) + line[: m.start()]
            text = []
            if time.monotonic() > deadline:
                p.kill()
                return
        yield None, p.wait(), "".join(text)


def sweep_forked(command, first, every, jobs, judge, deadline=float("inf")):
    """`command(first, step)` forks at each allocation. Problems, how many were tried, up to which
    number."""

    def worker(k):
        problems, tried, last = [], 0, 0
        for n, status, text in forked(command(first + k * every, every * jobs), deadline):
            problem = judge(status, text)
            if n is not None:
                tried, last = tried + 1, n
            if problem:
                where = "allocation %d: " % n if n else "no failure: "
                problems.append((n or 0, where + problem))
        return problems, tried, last

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(worker, range(jobs)))
    problems = [text for _, text in sorted(p for r in results for p in r[0])]
    return problems, sum(r[1] for r in results), min(r[2] for r in results)


def summary(status, text):
    lines = text.splitlines()
    return "status %s: %s" % (status, " | ".join(lines[:2] + lines[2:][-3:])[:400])


def judge_program(status, text):
    return summary(status, text) if status or text else None


def judge_start(status, text):
    # Before there are exceptions to raise, start-up ends with a fatal error that says what could
    # not be made.
    refused = "Fatal Python error: .*(memory|initialize|[Cc]an't|[Cc]annot|[Ff]ailed|problem)"
    because = "MemoryError" in text or "can't allocate" in text
    if "check=heap" in text:
        good = False
    elif status == 0:
        good = not text or because
    elif re.search(refused, text):
        good = status in (1, -6)
    else:
        good = status in (1, 120) and because
    return None if good else summary(status, text)


# -- Command line ---------------------------------------------------------------------------------


class Report:
    passed = failed = 0

    def show(self, sweep, name, result):
        problems, tried, *last = result
        if problems:
            self.failed += 1
        else:
            self.passed += 1
        upto = ", up to number %d" % last[0] if last else ""
        said = "%d problems" % len(problems) if problems else "ok"
        print("%-8s %-20s %5d allocations%s  %s" % (sweep, name, tried, upto, said))
        for problem in problems[:SHOWN]:
            print("    " + problem)
        sys.stdout.flush()


def sweep_all(a, report):
    import programs

    if a.loop:
        names = a.programs or [f.__name__ for f in programs.ALL]
        with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
            results = pool.map(lambda name: sweep_loop(a.python, name, a.loop), names)
            for name, result in zip(names, results):
                report.show("loop", name, result)
    for name in a.programs or FORKED if a.fork else ():

        def program(first, step):
            return child(a.python, "fork", name, first, step)

        report.show("fork", name, sweep_forked(program, a.first, a.fork, a.jobs, judge_program))
    if a.start_up and not a.programs:

        def start(first, step):
            oom = "stress=oom:each:%d-/%d" % (first, step)
            code = "import string; assert string.digits == '0123456789'"
            return [a.python, "-X", oom, "-X", "check=heap", "-c", code]

        deadline = time.monotonic() + a.seconds
        result = sweep_forked(start, a.first, a.start_up, a.jobs, judge_start, deadline)
        report.show("start-up", "", result)


def main():
    if sys.argv[1:2] == ["--child"]:
        sweep, name, first, every = sys.argv[2:]
        return {"loop": loop, "fork": fork}[sweep](name, int(first), int(every))
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("--python", required=True)
    ap.add_argument("--jobs", type=int, metavar="J", default=2)
    ap.add_argument("--loop", type=int, metavar="K", default=1)
    ap.add_argument("--fork", type=int, metavar="K", default=1)
    ap.add_argument("--start-up", type=int, metavar="K", default=97)
    ap.add_argument("--from", type=int, metavar="N", default=1, dest="first")
    ap.add_argument("--seconds", type=float, metavar="S", default=float("inf"))
    ap.add_argument("programs", nargs="*", metavar="PROGRAM")
    sys.path.insert(0, HERE)
    report = Report()
    sweep_all(ap.parse_args(), report)
    print("%d passed, %d failed" % (report.passed, report.failed))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
