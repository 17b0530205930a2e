#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Wraps, with clang-format and .clang-format, the lines of C that are wider than 100 columns, and
no others.

usage: format.py [FILE ...]   (without: all of src, tests and fuzz)
"""
import glob
import re
import subprocess
import sys

from metrics import COLUMNS, WIDE


def wide(path):
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    if any(WIDE in line for line in lines[:20]):
        return []
    return [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS]


def split_heads(path):
    """The macro that heads a static object has its comma inside; clang-format takes what follows
    for its member."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(
            re.sub(r"^( *)(Py(?:Var)?Object_HEAD_INIT\([^)]*\))\.", r"\1\2\n\1.", text, flags=re.M)
        )


def main():
    files = sys.argv[1:] or [
        p
        for folder in ("src", "tests", "fuzz")
        for p in sorted(glob.glob(folder + "/**/*.[ch]", recursive=True))
    ]
    for path in files:
        ranges = ["--lines=%d:%d" % (number, number) for number in wide(path)]
        if ranges:
            subprocess.run(["clang-format", "-i", *ranges, path], check=True)
            split_heads(path)
            left = len(wide(path))
            print(
                "%s: %d wrapped%s" % (path, len(ranges) - left, ", %d left" % left if left else "")
            )


if __name__ == "__main__":
    main()
