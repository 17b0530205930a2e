# SPDX-License-Identifier: MIT
"""How fast is compile()? Compiles every file of the standard library in one process, under two
interpreters in turn.

usage: compile_library.py --python PATH [--against PATH] [--rounds N] [--every N] [FOLDER]

Each interpreter reads all files first, then compiles them; the best round counts (processor time,
nothing is written). The second table is the peak memory of a process that compiles the largest file
alone, less that of one that only reads it. Prints the ratio.
"""
import argparse
import os
import subprocess
import sys

LIBRARY = "/usr/lib/python3.11"

ALL = r'''
import gc, sys, time, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(10000)
sources = [(path, open(path, "rb").read()) for path in sys.stdin.read().split("\n") if path]
gc.disable()
best, errors = 1e9, 0
for _ in range(int(sys.argv[1])):
    start, errors = time.process_time(), 0
    for path, source in sources:
        try:
            compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            errors += 1
    best = min(best, time.process_time() - start)
print(len(sources), errors, best)
'''

ONE = r'''
import resource, sys
with open(sys.argv[1], "rb") as f:
    source = f.read()
if sys.argv[2] == "compile":
    compile(source, sys.argv[1], "exec", dont_inherit=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
'''


def run(python, script, *args, stdin=""):
    command = [python, "-I", "-S", "-W", "ignore", "-c", script, *map(str, args)]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=True
    ).stdout.split()


def peak(python, path):
    """KiB that compiling `path` takes at most."""
    return [
        min(int(run(python, ONE, path, what)[0]) for _ in range(3)) for what in ("read", "compile")
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--against", default="/usr/bin/python3.11")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("folder", nargs="?", default=LIBRARY)
    args = parser.parse_args()
    paths = sorted(
        os.path.join(folder, name)
        for folder, _, names in os.walk(args.folder)
        for name in names
        if name.endswith(".py")
    )[:: args.every]
    pair = [args.against, args.python]
    times = []
    for python in pair:
        n, errors, best = run(python, ALL, args.rounds, stdin="\n".join(paths))
        times.append(float(best))
        print("%-40s %s files, %s errors, %.3f s" % (python, n, errors, times[-1]))
    print("compile all: %.2f times as fast" % (times[0] / times[1]))
    largest = sorted(paths, key=os.path.getsize)[-3:]
    for path in reversed(largest):
        (read, full), (read2, full2) = (peak(python, path) for python in pair)
        print(
            "%s (%d KB): %d KiB more than reading it, against %d; whole process %d against %d"
            % (
                os.path.relpath(path, args.folder),
                os.path.getsize(path) // 1000,
                full2 - read2,
                full - read,
                full2,
                full,
            )
        )


if __name__ == "__main__":
    sys.exit(main())
