#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs every program of this folder in turn under Vitro and python3.11 and prints ratios (python3.11's time divided by
Vitro's: above 1 is faster), then start-up time, peak memory and the geometric mean.

usage: run.py --python PATH [--rounds N] [--train] [NAME ...]
--train only runs the programs once under PATH: what a profile-guided build learns from.
A program defines main(), which checks its own result and raises when it is wrong."""
import argparse, math, os, resource, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = "/usr/bin/python3.11"
TIMER = ("import sys; from time import perf_counter as t; sys.path.insert(0, %r); import importlib; m = importlib.import_module(%r); "
         "r = []\nfor _ in range(%d):\n    a = t(); m.main(); r.append(t() - a)\nprint(r[0], min(r))")


def timed(python, name, rounds):
    p = subprocess.run([python, "-c", TIMER % (HERE, name, rounds)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if p.returncode: return None, (p.stderr.strip().splitlines() or ["exit %d" % p.returncode])[-1]
    return tuple(map(float, p.stdout.split())), ""


def startup(python, flags, n=20):
    best = 9e9
    for _ in range(n):
        a = time.perf_counter(); subprocess.run([python, *flags, "-c", "pass"], check=True); best = min(best, time.perf_counter() - a)
    return best


def peak(python):
    text = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    return subprocess.run([python, "-c", text], stdout=subprocess.PIPE, text=True).stdout.strip()


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--python", required=True); ap.add_argument("--rounds", type=int, default=5); ap.add_argument("names", nargs="*")
    ap.add_argument("--train", action="store_true")
    a = ap.parse_args(); python = os.path.abspath(a.python)
    names = a.names or sorted(n[:-3] for n in os.listdir(HERE) if n.startswith("b_") and n.endswith(".py"))
    if a.train:
        for name in names:
            done, why = timed(python, name, 1)
            if not done: sys.exit("%s: %s" % (name, why))
        return
    ratios = []
    print("%-16s %10s %10s" % ("program", "first", "steady"))
    for name in names:
        theirs, _ = timed(ORACLE, name, a.rounds); ours, why = timed(python, name, a.rounds)
        if not ours: print("%-16s %s" % (name, why)); continue
        first, steady = theirs[0] / ours[0], theirs[1] / ours[1]; ratios.append(steady)
        print("%-16s %10.2f %10.2f" % (name, first, steady))
    if ratios: print("%-16s %10s %10.2f  of %d/%d" % ("geometric mean", "", math.exp(sum(map(math.log, ratios)) / len(ratios)), len(ratios), len(names)))
    for flags in (["-S"], []):
        print("start-up %-7s ours %.1f ms, python3.11 %.1f ms" % (" ".join(flags), 1e3 * startup(python, flags), 1e3 * startup(ORACLE, flags)))
    print("peak memory ours %s KiB, python3.11 %s KiB" % (peak(python), peak(ORACLE)))


main()
