#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs files of CPython's test suite several times in one process: neither blocks nor tracked objects may grow on.

usage: run.py --python PATH [--times 6] [--timeout SECONDS] [NAME ...]

NAME is a test file (test_dict). Without names: those of names.txt. After each round caches are emptied and the collector
runs. Counts settle within three rounds; afterwards they must not rise. A file that grows is run under python3.11 too: what
grows there as much is the test's doing and is said so. Status 1 when Vitro alone grows.
"""
import argparse, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = "/usr/bin/python3.11"
SETTLED = 3
SLACK = 2  # blocks a round: the two numbers noted


def clear_caches(abstract):
    import _abc, gc, linecache, re, warnings
    re.purge(); linecache.clearcache(); warnings.filters.clear(); warnings.simplefilter("ignore")
    for name, attribute in (("fnmatch", "_compile_pattern"), ("urllib.parse", "clear_cache"), ("struct", "_clearcache"), ("filecmp", "clear_cache")):
        f = getattr(sys.modules.get(name), attribute, None)
        if f is not None: getattr(f, "cache_clear", f)()
    for f in getattr(sys.modules.get("typing"), "_cleanups", ()): f()
    for cls in abstract: _abc._reset_caches(cls)
    sys._clear_type_cache()
    for _ in range(3): gc.collect()
    sys._clear_type_cache()


def child(name, times):
    import gc, importlib, io, unittest, collections.abc
    importlib.import_module("test." + name)
    abstract = [c for c in map(collections.abc.__dict__.get, collections.abc.__all__) if hasattr(c, "_abc_impl")]
    counts, failed = [0] * 2 * times, [0] * times
    real = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    environment, folder = dict(os.environ), os.getcwd()
    for turn in range(times):
        suite = unittest.defaultTestLoader.loadTestsFromName("test." + name)
        result = unittest.TextTestRunner(stream=io.StringIO(), verbosity=0).run(suite)
        failed[turn] = len(result.errors) + len(result.failures)
        del suite, result
        sys.stdout.seek(0); sys.stdout.truncate()
        os.environ.update(environment); os.chdir(folder)
        clear_caches(abstract)
        counts[2 * turn] = sys.getallocatedblocks()
        counts[2 * turn + 1] = len(gc.get_objects())
    sys.stdout, sys.stderr = real
    print(json.dumps({"counts": list(zip(counts[::2], counts[1::2])), "failed": failed}))


def measure(python, name, times, timeout):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        p = subprocess.run([python, "-W", "ignore", os.path.abspath(__file__), "--child", name, str(times)], capture_output=True, text=True, timeout=timeout, env=env, stdin=subprocess.DEVNULL)
        return json.loads(p.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired: return {"error": "timeout"}
    except (IndexError, ValueError): return {"error": "status %d: %s" % (p.returncode, p.stderr[-300:])}


def growth(result):
    """Blocks and objects a round after the third: the least, since a leak grows each time and a cache only until it is full."""
    tail = result["counts"][SETTLED - 1:]
    return [min(b[i] - a[i] for a, b in zip(tail, tail[1:])) for i in (0, 1)]


def main():
    if sys.argv[1:2] == ["--child"]: return child(sys.argv[2], int(sys.argv[3]))
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("--python", required=True); ap.add_argument("--times", type=int, default=6); ap.add_argument("--timeout", type=float, default=600)
    ap.add_argument("names", nargs="*"); a = ap.parse_args()
    names = a.names or [n for line in open(os.path.join(HERE, "names.txt")) for n in line.split("#")[0].split()]
    leaks = same = steady = skipped = 0
    for name in names:
        mine = measure(a.python, name, a.times, a.timeout)
        if "error" in mine: skipped += 1; print("%-28s not measured: %s" % (name, mine["error"]), flush=True); continue
        blocks, objects = growth(mine)
        if blocks <= SLACK and objects <= 1: steady += 1; continue
        theirs = measure(ORACLE, name, a.times, a.timeout)
        known = growth(theirs) if "counts" in theirs else [0, 0]
        alike = blocks <= known[0] * 1.3 + SLACK and objects <= known[1] * 1.3 + 1
        same += alike; leaks += not alike
        print("%-28s %s: blocks %+.1f, objects %+.1f a round (python3.11 %+.1f, %+.1f)  %s" % (
            name, "as in python3.11" if alike else "LEAKS", blocks, objects, *known, [c[0] for c in mine["counts"]]), flush=True)
    print("%d steady, %d grow as under python3.11, %d leak, %d not measured" % (steady, same, leaks, skipped))
    return 1 if leaks else 0


if __name__ == "__main__": sys.exit(main())
