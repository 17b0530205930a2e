#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Lets allocations fail, one at a time: a MemoryError or success each time, never a crash, never a leak, a sound heap.

usage: sweep.py --python PATH [--every K] [--start-up K] [PROGRAM ...]

Programs (programs.py) run in a child that makes allocation 1, 2, 3 ... fail, through _testcapi, until none is left to fail.
Start-up, shutdown and an import run in processes of their own with -X stress=oom:N for each K-th N (0: not at all).
"""
import argparse, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 20000

def child(name, first, every):
    import gc, importlib.util, _testcapi
    sys.path.insert(0, HERE)
    import programs
    run = getattr(programs, name)
    for _ in range(3): run()
    sys.unraisablehook = lambda u: None  # a failure in a destructor can only be reported
    def attempt(n):
        _testcapi.set_nomemory(n, n + 1)
        try: run()
        except MemoryError: return True
        except BaseException as e:
            _testcapi.remove_mem_hooks()
            return e if caused_by_memory(e) is False else True
        finally: _testcapi.remove_mem_hooks()
        return False
    def caused_by_memory(e):
        seen = set()
        while e is not None and id(e) not in seen:
            seen.add(id(e))
            if isinstance(e, MemoryError) or "can't allocate" in str(e): return True # locks say it so
            e = e.__cause__ or e.__context__
        return False
    def blocks():
        gc.collect(); sys._clear_type_cache(); gc.collect() # the cache holds names that were made for one lookup
        return sys.getallocatedblocks()
    def growth(n, times):
        before = blocks()
        for _ in range(times): attempt(n)
        return blocks() - before
    passed = 0
    for n in range(first, LIMIT, every):
        print("at", n, file=sys.stderr, flush=True)
        result = attempt(n)
        if isinstance(result, BaseException): print("other", n, type(result).__name__, str(result)[:100], flush=True)
        passed = passed + 1 if result is False else 0
        if passed >= 30: break
        if growth(n, 4) >= 4: # caches fill up: what leaks grows on
            grown = min(growth(n, 50) for _ in range(6))
            if grown >= 25: print("leak", n, grown / 50, "blocks each time", flush=True)
    print("end", n, flush=True)

def sweep_program(python, name, every):
    """Problems found, and how many allocations were tried."""
    problems, first = [], 1
    while True:
        p = subprocess.run([python, "-X", "check=heap", __file__, "--child", name, str(first), str(every)], capture_output=True, text=True, timeout=1200)
        at = [int(n) for n in re.findall(r"^at (\d+)$", p.stderr, re.M)]
        problems += [line for line in p.stdout.splitlines() if line.startswith(("other", "leak"))]
        if p.returncode == 0: return problems, at[-1] if at else 0
        said = [line for line in p.stderr.splitlines() if line and not line.startswith("at ")]
        problems.append("died at %s with status %s: %s" % (at[-1:] or "start", p.returncode, " | ".join(said[:4])[:300]))
        if not at or len(problems) > 15 or p.stdout.rstrip().split("\n")[-1].startswith("end"): return problems, at[-1] if at else 0
        first = at[-1] + every

def sweep_start(python, every):
    """Start-up and a program with an import, in processes of their own."""
    problems, n = [], 1
    command = "import string\nprint(string.digits)"
    while True:
        p = subprocess.run([python, "-X", "stress=oom:%d" % n, "-X", "check=heap", "-c", command], capture_output=True, text=True, timeout=60)
        if "oom: only" in p.stderr: return problems, n
        # Before there are exceptions to raise, start-up ends with a fatal error that says what could not be made.
        refused = re.search("Fatal Python error: .*(memory|initialize|[Cc]an't|[Cc]annot|[Ff]ailed|problem)", p.stderr)
        fatal = "Fatal Python error" in p.stderr and not refused
        if (p.returncode < 0 and not refused) or fatal or "check=heap" in p.stderr or p.returncode not in (0, 1, 120, -6):
            problems.append("start-up, allocation %d: status %s: %s" % (n, p.returncode, " | ".join(p.stderr.splitlines()[:3])[:300]))
        elif p.returncode == 0 and p.stdout != "0123456789\n":
            problems.append("start-up, allocation %d: wrong output %r" % (n, p.stdout))
        n += every

def main():
    if sys.argv[1:2] == ["--child"]: return child(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("--python", required=True); ap.add_argument("--every", type=int, default=1); ap.add_argument("--start-up", type=int, default=97)
    ap.add_argument("programs", nargs="*")
    a = ap.parse_args()
    sys.path.insert(0, HERE)
    import programs
    failed = 0
    for name in a.programs or [f.__name__ for f in programs.ALL]:
        problems, tried = sweep_program(a.python, name, a.every)
        failed += bool(problems)
        print("%-20s %5d allocations  %s" % (name, tried, "ok" if not problems else "%d problems" % len(problems)), *problems[:8], sep="\n    " if problems else "", flush=True)
    if a.start_up and not a.programs:
        problems, tried = sweep_start(a.python, a.start_up)
        failed += bool(problems)
        print("%-20s %5d allocations  %s" % ("start-up", tried, "ok" if not problems else "%d problems" % len(problems)), *problems[:20], sep="\n    " if problems else "")
    print("%d passed, %d failed" % (len(a.programs or programs.ALL) + bool(a.start_up and not a.programs) - failed, failed))
    return 1 if failed else 0

if __name__ == "__main__": sys.exit(main())
