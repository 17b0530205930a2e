#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Times small expressions under Vitro and python3.11 in turn; prints the ratios, slowest first.

The expressions (folder expressions) go over every method of the built-in types and the functions of
the modules in C. A ratio is python3.11's time divided by Vitro's: above 1 is faster.

usage: methods.py --python PATH [--rounds N] [--train] [GROUP ...]

--train only evaluates everything some hundred times: what a profile-guided build learns from.
"""
import argparse
import math
import os
import subprocess
import sys
from time import process_time

from expressions import GROUPS

ORACLE = "/usr/bin/python3.11"
SECONDS = 0.0008  # that a timed loop takes, about
MOST = 20000  # rounds of such a loop

FUNCTION = """\
def make({names}):
    def run(rounds, {defaults}):
        for _ in rounds:
{body}
    return run
"""


def compiled(text, space, copies):
    """A function run(iterable) that evaluates text `copies` times for each item.

    The names of the group are arguments, so that they are locals as in a program's functions.
    """
    names = [name for name in space if not name.startswith("__")]
    lines = text.split(";") * copies
    source = FUNCTION.format(
        names=", ".join(names),
        defaults=", ".join(name + "=" + name for name in names),
        body="\n".join("            " + line for line in lines),
    )
    scratch = dict(space)
    exec(source, scratch)
    return scratch["make"](*[space[name] for name in names])


def seconds(run, count):
    start = process_time()
    run(range(count))
    return process_time() - start


def measure(group, rounds):
    """Prints each expression of a group and its nanoseconds; rounds 0: only evaluates."""
    setup, expressions = GROUPS[group]
    space = {"__name__": "__main__"}
    exec(setup, space)
    for text in expressions:
        copies = 1 if text.startswith(("for ", "with ")) else 4
        run = compiled(text, space, copies)
        once = seconds(run, 20) / 20
        count = max(3, min(MOST, int(SECONDS / (once or 1e-9))))
        if rounds == 0:
            run(range(count * 4))
            continue
        best = min(seconds(run, count) for _ in range(rounds))
        print("%s\t%.2f" % (text, best * 1e9 / count / copies), flush=True)


def child(python, group, rounds):
    """Measures a group in a process of its own: {expression: nanoseconds}."""
    command = [python, "-B", os.path.abspath(__file__), "--measure", str(rounds), group]
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if p.returncode:
        last = p.stderr.strip().splitlines()[-1:] or ["exit %d" % p.returncode]
        sys.exit("%s: %s" % (group, last[0]))
    rows = (line.rpartition("\t") for line in p.stdout.splitlines())
    return {text: float(time) for text, _, time in rows}


def compare(python, group, rounds):
    """Yields ratio, group, expression, python3.11's nanoseconds and ours: the best of all rounds."""
    theirs, ours = {}, {}
    for _ in range(rounds):
        for best, interpreter in (theirs, ORACLE), (ours, python):
            for text, time in child(interpreter, group, 5).items():
                best[text] = min(time, best.get(text, math.inf))
    for text in theirs:
        yield theirs[text] / ours[text], group, text, theirs[text], ours[text]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--python")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("groups", nargs="*")
    args = parser.parse_args()
    groups = args.groups or list(GROUPS)
    if args.measure is not None:
        for group in groups:
            measure(group, args.measure)
        return
    if args.python is None:
        parser.error("--python is required")
    python = os.path.abspath(args.python)
    if args.train:
        for group in groups:
            child(python, group, 0)
        return
    rows = sorted(row for group in groups for row in compare(python, group, args.rounds))
    for row in rows:
        print("%.2f %-5s %-45s %9.1f %9.1f ns" % row)
    mean = math.exp(sum(math.log(row[0]) for row in rows) / len(rows))
    slower = sum(row[0] < 1 for row in rows)
    print("geometric mean %.2f of %d, slower %d" % (mean, len(rows), slower))


if __name__ == "__main__":
    main()
