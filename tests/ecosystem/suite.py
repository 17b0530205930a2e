#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the test suites that Debian packages ship, under Vitro and python3.11, and says what passes only there.

usage: suite.py --python PATH --results FOLDER [--jobs N] [--timeout S] [--again] [--doubts] PART ...

A PART is a folder or file below dist-packages: numpy, pandas/tests/arrays, scipy/linalg. Its results go into
FOLDER/NAME.base.json (python3.11, kept for the next time unless --again is given) and FOLDER/NAME.ours.json.
With --doubts, python3.11 runs only the files in which a test failed here, and its results go to NAME.doubt.json.
A process runs the files of one folder, some at a time. One that crashes or runs out of time counts the test that
it was in as failed, leaves the rest of that file out, and the other files go into a process of their own.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

SHELF = "/usr/lib/python3/dist-packages"
ORACLE = "/usr/bin/python3.11"
TOGETHER = 16  # files a process
PLUGIN = '''
import os
path = os.environ["SUITE_LOG"]
def write(*parts):  # not kept open: pandas' tests compare which files are open before and after, and their positions
    with open(path, "a") as out:
        print(*parts, sep="\\t", file=out)
def pytest_runtest_logstart(nodeid, location):
    write("start", nodeid)
def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        said = str(report.longrepr).strip()[-300:].replace("\\n", " | ") if report.failed else ""
        write(report.outcome, report.nodeid, said)
def pytest_collectreport(report):
    if report.failed:
        said = str(report.longrepr).strip()[-300:].replace("\\n", " | ")
        write("failed", report.nodeid, said)
def pytest_sessionfinish(session, exitstatus):
    write("end", exitstatus)
'''
OPTIONS = ["-p", "suite_plugin", "-p", "no:cacheprovider", "-q", "--tb=line", "-W", "ignore",
           "--continue-on-collection-errors","-m", "not slow and not network", "--rootdir", SHELF]


def environment(scratch, log):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return env | {"PYTHONPATH": scratch, "SUITE_LOG": log, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
                  "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg",
                  "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


# -- One process --------------------------------------------------------------------------------------------------

def is_test(name):
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def groups(part):
    """The test files of a part, in lists that one process runs."""
    top = os.path.join(SHELF, part)
    if os.path.isfile(top):
        yield [part]
    for folder, _, names in sorted(os.walk(top)):
        files = [os.path.relpath(os.path.join(folder, n), SHELF) for n in sorted(names) if is_test(n)]
        for i in range(0, len(files), TOGETHER):
            yield files[i:i + TOGETHER]


def start(python, files, timeout, scratch, log):
    """Runs pytest on the files: the exit code (or "timeout") and the end of what it printed."""
    args = [python, "-m", "pytest", *OPTIONS, *(os.path.join(SHELF, f) for f in files)]
    p = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env=environment(scratch, log), cwd=scratch, start_new_session=True)
    try:
        said, code = p.communicate(timeout=timeout)[0], p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, 9)
        said, code = p.communicate()[0], "timeout"
    return code, said.decode("utf-8", "replace").strip()[-400:]


def read(log, results):
    """Adds the outcomes of a log to results: the test that was running when the log stopped, or None."""
    running = None
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            what, _, rest = line.rstrip("\n").partition("\t")
            name, _, why = rest.partition("\t")
            r = results.setdefault(name.split("::")[0], {"ok": {}, "bad": {}, "skip": 0}) if name else None
            if what == "start":
                running = name
            elif what == "passed":
                r["ok"][name] = 1
            elif what == "failed":
                r["bad"][name] = why
            elif what == "skipped":
                r["skip"] += 1
            elif what == "end":
                running = None
    return running


def run_group(python, files, timeout, scratch):
    """The results of these files, by file; starts again behind a file that ended the process."""
    results = {}
    while files:
        handle, log = tempfile.mkstemp(dir=scratch)
        os.close(handle)
        code, said = start(python, files, timeout, scratch, log)
        running = read(log, results)
        if running is None:
            if code not in (0, 1, 5):
                results.setdefault(files[0], {"ok": {}, "bad": {}, "skip": 0})["bad"]["start"] = said
            break
        ended = running.split("::")[0]
        results[ended]["bad"][running] = "did not end: %s %s" % (code, said)
        files = files[files.index(ended) + 1:]
    for r in results.values():
        r["ok"] = sorted(set(r["ok"]) - set(r["bad"]))
    return results


# -- A part under an interpreter, and the comparison -----------------------------------------------------------------

def run_part(python, todo, a, scratch):
    results = {}
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for r in pool.map(lambda g: run_group(python, g, a.timeout, scratch), todo):
            results.update(r)
    return results


def count(results):
    return sum(len(r["ok"]) for r in results.values())


def missing(base, ours):
    """What passes under python3.11 and not here: (test, what it said)."""
    none = {"ok": [], "bad": {}}
    for path, b in sorted(base.items()):
        o = ours.get(path, none)
        for test in sorted(set(b["ok"]) - set(o["ok"])):
            yield test, o["bad"].get(test, "not run")


def show_lost(base, ours):
    lost = list(missing(base, ours))
    for test, why in lost[:40]:
        print("    %s  %s" % (test, why[-300:]))
    return lost


def show_doubts(part, base, ours):
    lost = show_lost(base, ours)
    print("%-28s %d passed, %d failed, of which %d pass under python3.11"
          % (part, count(ours), sum(len(r["bad"]) for r in ours.values()), len(lost)), flush=True)


def show(part, base, ours):
    lost, total = show_lost(base, ours), count(base)
    print("%-28s %d of %d here (%.2f %%)" % (part, total - len(lost), total, 100 - 100 * len(lost) / max(total, 1)),
          flush=True)


def save(results, path):
    with open(path, "w") as f:
        json.dump(results, f)


def both(part, a, scratch):
    name = part.strip("/").removesuffix(".py").replace("/", ".")
    base, ours, doubt = (os.path.join(a.results, "%s.%s.json" % (name, w)) for w in ("base", "ours", "doubt"))
    if not a.doubts and (a.again or not os.path.exists(base)):
        save(run_part(ORACLE, groups(part), a, scratch), base)
    found = run_part(os.path.abspath(a.python), groups(part), a, scratch)
    save(found, ours)
    if not a.doubts:
        return show(part, json.load(open(base)), found)
    there = run_part(ORACLE, [[path] for path, r in found.items() if r["bad"]], a, scratch)
    save(there, doubt)
    show_doubts(part, there, found)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--python", required=True)
    ap.add_argument("--results", required=True)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--timeout", type=float, default=600)
    ap.add_argument("--again", action="store_true")
    ap.add_argument("--doubts", action="store_true")
    ap.add_argument("parts", nargs="+")
    a = ap.parse_args()
    os.makedirs(a.results, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        with open(os.path.join(scratch, "suite_plugin.py"), "w") as f:
            f.write(PLUGIN)
        for part in a.parts:
            both(part, a, scratch)


if __name__ == "__main__":
    sys.exit(main())
