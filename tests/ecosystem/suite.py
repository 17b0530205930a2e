#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the test suite that a Debian package ships, a file a process, under an interpreter, and counts tests.

usage: suite.py --python PATH --package numpy [--only PART] [--jobs N] [--timeout S] [--out FILE.json]
       suite.py --compare BASE.json OURS.json     which of the tests that pass in BASE do not pass in OURS

The files of a package are those below its folder in dist-packages that pytest calls tests. A file that crashes or runs
out of time counts the tests it had finished; the others of it count as failed.
"""
import argparse, concurrent.futures, json, os, subprocess, sys, tempfile, time

SHELF = "/usr/lib/python3/dist-packages"
PLUGIN = '''
import sys
out = open(%r, "a", buffering=1)
def pytest_runtest_logstart(nodeid, location): out.write("start\\t%%s\\n" %% nodeid)
def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        said = str(report.longrepr).strip().replace("\\n", " | ")[-300:] if report.failed else ""
        out.write("%%s\\t%%s\\t%%s\\n" %% (report.outcome, report.nodeid, said))
def pytest_sessionfinish(session, exitstatus): out.write("end\\t%%d\\n" %% exitstatus)
'''


def files(package, only):
    top = os.path.join(SHELF, package.replace(".", "/"))
    for folder, _, names in sorted(os.walk(top)):
        for n in sorted(names):
            p = os.path.join(folder, n)
            if n.startswith("test_") and n.endswith(".py") and n != "test_packages.py" and (not only or only in p): yield p


def one(python, path, timeout, scratch, marks):
    log = os.path.join(scratch, "%x.log" % abs(hash(path))); plugin = os.path.join(scratch, "plugin_%x" % abs(hash(path)))
    os.makedirs(plugin); open(log, "w").close()
    with open(os.path.join(plugin, "said.py"), "w") as f: f.write(PLUGIN % log)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env.update(PYTHONPATH=plugin, PYTHONDONTWRITEBYTECODE="1", OPENBLAS_NUM_THREADS="1", MPLBACKEND="Agg", PYTHONHASHSEED="0")
    t = time.time()
    args = [python, "-m", "pytest", "-p", "said", "-p", "no:cacheprovider", "-q", "--tb=line", "-m", marks, "--rootdir", "/usr/lib/python3/dist-packages", path]
    p = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, cwd=scratch, start_new_session=True)
    try: said, code = p.communicate(timeout=timeout)[0], p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, 9); said, code = p.communicate()[0], "timeout"
    ok, bad, skip, started, ended = [], {}, 0, None, False
    for line in open(log, encoding="utf-8", errors="replace"):
        what, _, rest = line.rstrip("\n").partition("\t")
        name, _, why = rest.partition("\t")
        if what == "start": started = name
        elif what == "passed": ok.append(name)
        elif what == "failed": bad[name] = why
        elif what == "skipped": skip += 1
        elif what == "end": ended = True
    if not ended and started: bad.setdefault(started, "did not end: %s" % code)
    ok = sorted(set(ok) - set(bad))
    return path, {"ok": ok, "bad": bad, "skip": skip, "code": code, "s": round(time.time() - t, 1), "tail": said.decode("utf-8", "replace").strip()[-400:] if not ended or code not in (0, 1, 5) else ""}


def compare(base, ours):
    base, ours = (json.load(open(f)) for f in (base, ours))
    total = good = 0
    for path, b in sorted(base.items()):
        o = ours.get(path, {"ok": [], "bad": {}, "code": "not run", "tail": ""})
        missing = sorted(set(b["ok"]) - set(o["ok"])); total += len(b["ok"]); good += len(b["ok"]) - len(missing)
        if missing: print("%s: %d of %d missing (%s) %s" % (path[len(SHELF) + 1:], len(missing), len(b["ok"]), o["code"], o["tail"][-200:]))
        for m in missing[:6]: print("    %s  %s" % (m.split("::", 1)[-1], o["bad"].get(m, "")[-200:]))
    print("%d of %d (%.2f %%)" % (good, total, 100 * good / max(total, 1)))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--python"); ap.add_argument("--package"); ap.add_argument("--only"); ap.add_argument("--jobs", type=int, default=2); ap.add_argument("--marks", default="not slow and not network")
    ap.add_argument("--timeout", type=float, default=600); ap.add_argument("--out"); ap.add_argument("--compare", nargs=2); ap.add_argument("--like", help="only the files of this result"); a = ap.parse_args()
    if a.compare: return compare(*a.compare)
    todo = list(json.load(open(a.like))) if a.like else list(files(a.package, a.only)); results = {}
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(a.jobs) as ex:
        for job in concurrent.futures.as_completed([ex.submit(one, os.path.abspath(a.python), p, a.timeout, scratch, a.marks) for p in todo]):
            path, r = job.result(); results[path] = r
            print("%-70s ok %5d bad %4d skip %4d %6.1fs %s" % (path[len(SHELF) + 1:], len(r["ok"]), len(r["bad"]), r["skip"], r["s"], r["code"] if r["tail"] else ""), flush=True)
            if a.out: json.dump(results, open(a.out, "w"))
    print("%d passed, %d failed" % (sum(len(r["ok"]) for r in results.values()), sum(len(r["bad"]) for r in results.values())))


main()
