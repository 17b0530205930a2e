#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Says how the C sources read: lengths of functions and files, share of comment lines, lines wider
than 100 columns.

usage: metrics.py [--worst N] [--check] [FOLDER ...]

A folder counts on its own; without any, each below src does. --worst lists the N longest functions
and files, --check ends with 1 when a line is wider than 100 columns (a file that says "wide table"
at its head may be), a function longer than 150 lines or a file than 2,000.
"""
import argparse
import glob
import os
import sys

COLUMNS, FUNCTION, FILE = 100, 150, 2000  # limits
WIDE = "wide table"


def functions(lines):
    """Yields first line and length of each body. A body opens with a brace in the first column, or
    at the end of a line that starts there and has the parameters, and closes with one in the first
    column."""
    start = None
    for number, line in enumerate(lines):
        opens = line == "{" or line.endswith(") {") and not line[0].isspace()
        if opens and start is None:
            start = number
        elif line.startswith("}"):
            if start is not None:
                yield start, number - start - 1
            start = None


class Count:
    """What was found in some files."""

    def __init__(self):
        self.lines = self.comments = 0
        self.functions, self.files, self.wide = [], [], []

    def add(self, path):
        """Counts a file."""
        with open(path, encoding="utf-8") as f:
            lines = f.read().split("\n")
        self.lines += len(lines)
        inside = False
        wide = not any(WIDE in line for line in lines[:20])
        for number, line in enumerate(lines, 1):
            self.comments += inside or "/*" in line
            inside = line.rfind("/*") > line.rfind("*/") or inside and "*/" not in line
            if wide and len(line) > COLUMNS:
                self.wide.append("%s:%d" % (path, number))
        if path.endswith(".c"):
            self.functions += [
                (length, "%s:%d" % (path, start + 1)) for start, length in functions(lines)
            ]
        if not path.endswith(".def"):
            self.files.append((len(lines), path))


def row(name, count):
    """Prints one line of the table."""
    lengths = sorted(length for length, _ in count.functions) or [0]
    rank = [lengths[len(lengths) * percent // 100] for percent in (50, 90, 99)]
    print(
        "%-16s %8d %9d %7d %5d %5d %7d %8.0f %% %6d"
        % (
            name,
            count.lines,
            len(count.functions),
            *rank,
            lengths[-1],
            100 * count.comments / max(count.lines, 1),
            len(count.wide),
        )
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worst", type=int, default=0, metavar="N")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    args = parser.parse_args()
    print(
        "%-16s %8s %9s %7s %5s %5s %7s %10s %6s"
        % ("folder", "lines", "functions", "median", "90 %", "99 %", "longest", "comments", "wide")
    )
    total = Count()
    for folder in args.folders or sorted(glob.glob("src/*/")):
        count = Count()
        paths = sorted(
            p
            for kind in "chd"
            for p in glob.glob(os.path.join(folder, "**/*." + kind + "*"), recursive=True)
            if p.endswith((".c", ".h", ".def"))
        )
        for path in paths:
            count.add(path)
            total.add(path)
        row(folder.strip("/"), count)
    row("all", total)
    for length, place in (
        sorted(total.functions)[::-1][: args.worst] + sorted(total.files)[::-1][: args.worst]
    ):
        print("%6d  %s" % (length, place))
    broken = ["%s is wider than %d columns" % (place, COLUMNS) for place in total.wide]
    broken += [
        "%s: a function of %d lines" % (place, n) for n, place in total.functions if n > FUNCTION
    ]
    broken += ["%s has %d lines" % (path, n) for n, path in total.files if n > FILE]
    if args.check and broken:
        print("\n".join(broken))
        sys.exit(1)


if __name__ == "__main__":
    main()
