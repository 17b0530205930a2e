#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs every program of this folder in turn under Vitro and python3.11 and compares them.

usage: run.py --python PATH [--rounds N] [--train] [NAME ...]

Speed is python3.11's time divided by Vitro's (above 1 is faster), for the first call of main() in a
process and for the best of N; memory is Vitro's peak resident size divided by python3.11's (below 1
is less). Both interpreters run in turn, a few processes each, and the best of each counts. The last
lines are the geometric means, start-up with and without `site`, and the memory of an interpreter
that does nothing.

--train only runs the programs under PATH: what a profile-guided build learns from.
A program defines main(), which checks its own result and raises when it is wrong.
"""
import argparse
import math
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = "/usr/bin/python3.11"
# VmHWM of this address space: ru_maxrss of a child starts with what its parent held when it forked.
PEAK = """\
with open("/proc/self/status") as status:
    print(*(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
TIMER = (
    """\
import importlib, sys
from time import perf_counter
sys.path.insert(0, %r)
module = importlib.import_module(%r)
times = []
for _ in range(%d):
    start = perf_counter()
    module.main()
    times.append(perf_counter() - start)
print(times[0], min(times))
"""
    + PEAK
)
PROCESSES = 3


class Failed(Exception):
    """A program raised; the text is the last line of its traceback."""


def measured(python, name, rounds):
    """Seconds of the first call, seconds of the best, peak memory in KiB."""
    p = subprocess.run([python, "-c", TIMER % (HERE, name, rounds)], capture_output=True, text=True)
    if p.returncode:
        raise Failed((p.stderr.strip().splitlines() or ["exit %d" % p.returncode])[-1])
    return tuple(map(float, p.stdout.split()[-3:]))


def taken_in_turn(pair, name, rounds):
    """For each interpreter the best of PROCESSES runs."""
    runs = [[measured(python, name, rounds) for python in pair] for _ in range(PROCESSES)]
    return [tuple(map(min, zip(*results))) for results in zip(*runs)]


def startups(pair, flags, times=20):
    """The shortest start of each interpreter in milliseconds, taken in turn."""
    best = [math.inf, math.inf]
    for _ in range(times):
        for i, python in enumerate(pair):
            start = time.perf_counter()
            subprocess.run([python, *flags, "-c", "pass"], check=True)
            best[i] = min(best[i], 1e3 * (time.perf_counter() - start))
    return best


def peak(python):
    return int(subprocess.run([python, "-c", PEAK], stdout=subprocess.PIPE, check=True).stdout)


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def train(python, names, everything):
    for name in names:
        try:
            measured(python, name, 1)
        except Failed as why:
            sys.exit("%s: %s" % (name, why))
    if everything:
        methods = os.path.join(HERE, "methods.py")
        subprocess.run([sys.executable, methods, "--train", "--python", python], check=True)


def compare(python, names, rounds):
    """Prints a row for each program and the means of all that ran."""
    print("%-18s %8s %8s %8s" % ("program", "first", "steady", "memory"))
    rows = []
    for name in names:
        try:
            ours, theirs = taken_in_turn([python, ORACLE], name, rounds)
        except Failed as why:
            print("%-18s %s" % (name, why))
            continue
        rows.append((theirs[0] / ours[0], theirs[1] / ours[1], ours[2] / theirs[2]))
        print("%-18s %8.2f %8.2f %8.2f" % (name, *rows[-1]), flush=True)
    if rows:
        first, steady, memory = zip(*rows)
        row = "%-18s %8.2f %8.2f %8.2f"
        means = map(geometric_mean, (first, steady, memory))
        print(row % ("geometric mean", *means), " of %d/%d" % (len(rows), len(names)))
        print(row % ("worst", min(first), min(steady), max(memory)))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", required=True, metavar="PATH")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--train", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    python = os.path.abspath(args.python)
    names = args.names or sorted(
        name[:-3] for name in os.listdir(HERE) if name.startswith("b_") and name.endswith(".py")
    )
    if args.train:
        train(python, names, everything=not args.names)
        return
    compare(python, names, args.rounds)
    for flags in ["-S"], []:
        ours, theirs = startups([python, ORACLE], flags)
        print(
            "start-up %-3s ours %.1f ms, python3.11 %.1f ms: %.2f"
            % (" ".join(flags), ours, theirs, ours / theirs)
        )
    ours, theirs = peak(python), peak(ORACLE)
    print("memory at start ours %d KiB, python3.11 %d KiB: %.2f" % (ours, theirs, ours / theirs))


if __name__ == "__main__":
    main()
