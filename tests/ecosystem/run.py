#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Packages as Debian ships them, under Vitro and python3.11: do small programs print the same, and how long do they take?

usage: run.py --python PATH [--write docs/ECOSYSTEM.md] [--rounds N] [--suites RESULTS] [PACKAGE ...]

Each programs/use_NAME.py runs under both; output and exit code must agree. A program whose package is not installed is
counted as skipped, by name. With --write the table goes into the document between its markers; RESULTS is a folder of
NAME.base.json and NAME.ours.json that suite.py wrote.
"""
import argparse, glob, json, math, os, re, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = "/usr/bin/python3.11"
IMPORTS = {"pil": "PIL.Image", "yaml": "yaml", "lxml": "lxml.etree", "cython": "Cython.Compiler.Main", "builders": "setuptools", "matplotlib": "matplotlib.pyplot",
           "cryptography": "cryptography.x509", "sklearn": "sklearn.linear_model", "scipy": "scipy.stats"}
NEEDS = {"builders": ["setuptools", "cffi", "pybind11", "pip"], "networkx": ["networkx", "toolz", "sympy"], "psutil": ["psutil", "psycopg2"], "msgpack": ["msgpack", "simplejson"], "jinja2": ["jinja2", "markupsafe"]}
ENV = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def run(python, args, timeout=600):
    t = time.perf_counter()
    try: p = subprocess.run([python, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, timeout=timeout, cwd="/tmp")
    except subprocess.TimeoutExpired: return ("timeout", b"", b""), timeout
    return (p.returncode, p.stdout, p.stderr), time.perf_counter() - t


def best(python, args, rounds):
    """The result, and the user and system seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        before = os.times(); result, _ = run(python, args); after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return result, min(times)


def installed(name):
    return all(run(ORACLE, ["-c", "import importlib.util, sys; sys.exit(not importlib.util.find_spec(%r))" % n])[0][0] == 0 for n in NEEDS.get(name, [IMPORTS.get(name, name).split(".")[0]]))


def suite(folder, name):
    files = [os.path.join(folder, "%s.%s.json" % (name, w)) for w in ("base", "ours")] if folder else []
    if not files or not all(map(os.path.exists, files)): return ""
    base, ours = (json.load(open(f)) for f in files)
    want = sum(len(r["ok"]) for r in base.values()); have = sum(len(set(r["ok"]) & set(ours.get(p, {"ok": []})["ok"])) for p, r in base.items())
    return "%d / %d" % (have, want)


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--python", required=True); ap.add_argument("--write"); ap.add_argument("--rounds", type=int, default=1); ap.add_argument("--suites"); ap.add_argument("names", nargs="*"); a = ap.parse_args()
    ours = os.path.abspath(a.python); rows = []; passed = failed = skipped = 0; ratios = []
    for path in sorted(glob.glob(os.path.join(HERE, "programs", "use_*.py"))):
        name = os.path.basename(path)[4:-3]
        if a.names and name not in a.names: continue
        if not installed(name):
            skipped += 1; print("SKIP %s: not installed" % name); continue
        want, slow = best(ORACLE, ["-I", path], a.rounds); got, fast = best(ours, ["-I", path], a.rounds)
        load = [best(p, ["-I", "-c", "import " + IMPORTS.get(name, name)], a.rounds)[1] for p in (ORACLE, ours)]
        same = want[:2] == got[:2] and want[0] == 0; passed += same; failed += not same; ratios.append(slow / fast)
        if not same:
            x, y = want[1].decode("utf-8", "replace").splitlines(), got[1].decode("utf-8", "replace").splitlines(); at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
            print("FAIL %s (exit %s, %s) line %d:\n    %s\n    %s\n    %s" % (name, got[0], want[0], at + 1, x[at:at + 1], y[at:at + 1], got[2].decode("utf-8", "replace")[-600:].replace("\n", "\n    ")))
        print("%-14s %s  import %.2f / %.2f s  run %.2f / %.2f s  %.2f times as fast" % (name, "same output" if same else "DIFFERS", load[1], load[0], fast, slow, slow / fast), flush=True)
        rows.append("| %s | %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f |" % (name, "yes" if same else "**no**", suite(a.suites, name), load[1], load[0], fast, slow, slow / fast))
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else 0
    print("geometric mean %.2f, least %.2f" % (mean, min(ratios, default=0)))
    if a.write:
        text = open(a.write).read(); table = "\n".join(["| package | same output | own tests passed, here / python3.11 | import s | python3.11 | run s | python3.11 | speed |", "|---|---|---|---|---|---|---|---|", *rows, "", "Geometric mean of the speeds: %.2f." % mean])
        open(a.write, "w").write(re.sub(r"(?s)(<!-- table -->\n).*?(<!-- end -->)", lambda m: m[1] + table + "\n" + m[2], text))
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(bool(failed))


main()
