#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs files of CPython's suite several times in one process: blocks and objects may not grow on.

usage: run.py --python PATH [--times 6] [--timeout SECONDS] [--jobs N] [--oracle] [--late]
              [NAME ...]

NAME is a test file (test_dict) or a group (types). Without names: those of names.txt. After each
round caches are emptied and the collector runs. Counts settle within three rounds; afterwards they
must not rise. What grows on is listed in known.txt with its reason and may grow no more than that.
--oracle measures files that grow under python3.11 too. Status 1 when a file grows more than is
known, or was not measured.

Some blocks come later, once each, and --late lists the files that get them: code that raises when
it has become warm is given a table of its lines (src/objects/traceback.c), and sets in caches of
abstract classes grow. A file that grows in the last of six rounds is given more of them.
"""
import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = "/usr/bin/python3.11"
SETTLED = 3  # rounds until caches are full

CACHES = (
    ("fnmatch", "_compile_pattern"),
    ("urllib.parse", "clear_cache"),
    ("struct", "_clearcache"),
    ("filecmp", "clear_cache"),
    ("distutils.dir_util", "_path_created"),
)


def clear_caches(abstract):
    """Empties what the library keeps from one test to the next, and collects."""
    import _abc
    import gc
    import linecache
    import re
    import warnings

    re.purge()
    linecache.clearcache()
    warnings.filters.clear()
    warnings.simplefilter("ignore")
    for module, name in CACHES:
        clear = getattr(sys.modules.get(module), name, None)
        if clear is not None:
            clear = getattr(clear, "cache_clear", clear)
            getattr(clear, "clear", clear)()
    for clear in getattr(sys.modules.get("typing"), "_cleanups", ()):
        clear()
    for cls in abstract:
        _abc._reset_caches(cls)
    sys._clear_type_cache()
    for _ in range(3):
        gc.collect()
    sys._clear_type_cache()


def run_tests(module):
    """As regrtest does: a file's own test_main, or all its cases. Number of failures."""
    import io
    import unittest
    from test import support

    results = []

    def run_suite(suite):
        results.append(unittest.TextTestRunner(stream=io.StringIO(), verbosity=0).run(suite))

    if callable(getattr(module, "test_main", None)):
        support._run_suite = run_suite
        module.test_main()
    else:
        run_suite(unittest.defaultTestLoader.loadTestsFromModule(module))
    return sum(len(result.errors) + len(result.failures) for result in results)


def child(name, times):
    """Measures this process and prints the counts."""
    import array
    import collections.abc
    import copyreg
    import gc
    import importlib
    import io
    import zipimport
    from test import support

    support.use_resources = ()  # neither network nor hours of CPU
    module = importlib.import_module("test." + name)
    abstract = [getattr(collections.abc, n) for n in collections.abc.__all__]
    abstract = [c for c in abstract if hasattr(c, "_abc_impl")]
    # An array: numbers that are kept would be blocks themselves.
    blocks, objects = array.array("q", [0] * times), array.array("q", [0] * times)
    failed = array.array("q", [0] * times)
    real = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    environment, folder = dict(os.environ), os.getcwd()
    kept = sys.path_importer_cache, zipimport._zip_directory_cache, copyreg.dispatch_table
    before = [d.copy() for d in kept]
    for turn in range(times):
        failed[turn] = run_tests(module)
        sys.stdout.seek(0)
        sys.stdout.truncate()
        os.environ.update(environment)
        os.chdir(folder)
        for d, old in zip(kept, before):  # without what belongs to temporary folders and archives
            d.clear()
            d.update(old)
        clear_caches(abstract)
        objects[turn] = len(gc.get_objects())
        blocks[turn] = sys.getallocatedblocks()
    sys.stdout, sys.stderr = real
    print(json.dumps({"counts": list(zip(blocks, objects)), "failed": list(failed)}))


def measure(python, name, times, timeout):
    """Counts of a test file run in a process of its own, or {"error": why}."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env.update(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
    command = [python, "-W", "ignore", os.path.abspath(__file__), "--child", name, str(times)]
    try:
        p = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=env,
            stdin=subprocess.DEVNULL,
        )
        return json.loads(p.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"error": "timeout"}
    except (IndexError, ValueError):
        return {"error": "status %d: %s" % (p.returncode, p.stderr[-300:])}


def growth(result):
    """Blocks and objects a round, once settled: the least, since a leak grows each time."""
    tail = result["counts"][SETTLED - 1 :]
    return [min(b[i] - a[i] for a, b in zip(tail, tail[1:])) for i in (0, 1)]


def late(result):
    """Blocks that came after the counts should have settled."""
    return result["counts"][-1][0] - result["counts"][SETTLED - 1][0]


def read_names():
    """Group -> files."""
    groups = {}
    for line in open(os.path.join(HERE, "names.txt")):
        group, colon, files = line.split("#")[0].partition(":")
        if colon:
            groups[group] = files.split()
    return groups


def read_known():
    """File -> blocks and objects a round that are accounted for."""
    known = {}
    for line in open(os.path.join(HERE, "known.txt")):
        words = line.split("#")[0].split()
        if words:
            known[words[0]] = [int(words[1]), int(words[2])]
    return known


def main():
    if sys.argv[1:2] == ["--child"]:
        return child(sys.argv[2], int(sys.argv[3]))
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--times", type=int, default=6)
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--oracle", action="store_true")
    parser.add_argument("--late", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    groups, known = read_names(), read_known()
    names = [n for word in args.names or groups for n in groups.get(word, [word])]

    def run(name):
        result = measure(args.python, name, args.times, args.timeout)
        if "counts" in result and max(growth(result)) > 0:  # some caches need more rounds
            result = measure(args.python, name, args.times + 8, args.timeout)
        return name, result

    steady = listed = leaks = lost = 0
    with ThreadPoolExecutor(args.jobs) as pool:
        for name, result in pool.map(run, names):
            if "error" in result:
                lost += 1
                print("%-28s NOT MEASURED: %s" % (name, result["error"]), flush=True)
                continue
            blocks, objects = growth(result)
            if blocks <= 0 and objects <= 0:
                steady += 1
                if args.late and late(result):
                    print("%-28s late: blocks %+d" % (name, late(result)), flush=True)
                continue
            allowed = known.get(name, [0, 0])
            if blocks <= allowed[0] and objects <= allowed[1]:
                listed += 1
                verdict = "as listed"
            else:
                leaks += 1
                verdict = "LEAKS"
            text = "%-28s %s: blocks %+d, objects %+d a round" % (name, verdict, blocks, objects)
            if args.oracle:
                theirs = measure(ORACLE, name, args.times, args.timeout)
                theirs = theirs.get("error") or "%+d, %+d" % tuple(growth(theirs))
                text += " (python3.11 %s)" % theirs
            print(text, [c[0] for c in result["counts"]], flush=True)
    print("%d steady, %d grow as listed, %d leak, %d not measured" % (steady, listed, leaks, lost))
    return 1 if leaks or lost else 0


if __name__ == "__main__":
    sys.exit(main())
