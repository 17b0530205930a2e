#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Line coverage of a build made with MODE=cov, from the counters that its runs left behind.

Prints, for each folder of src (or with --files for each file), how many of the lines that can run
did run; with --lines FILE the lines of FILE that did not.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def counters(build):
    return [
        os.path.join(d, f) for d, _, files in os.walk(build) for f in files if f.endswith(".gcda")
    ]


def lines_of(gcda):
    """{source: {line: count}} of one object file; a header counts wherever it is included."""
    done = subprocess.run(
        ["gcov", "--json-format", "--stdout", gcda], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    found = collections.defaultdict(collections.Counter)
    for row in done.stdout.splitlines():
        for file in json.loads(row)["files"]:
            if file["file"].startswith("src/"):
                for line in file["lines"]:
                    found[file["file"]][line["line_number"]] += line["count"]
    return found


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--build", default=os.path.join(ROOT, "build", "cov"))
    ap.add_argument("--files", action="store_true")
    ap.add_argument("--lines", metavar="FILE")
    a = ap.parse_args()
    total = collections.defaultdict(collections.Counter)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lines_of, counters(a.build)):
            for file, lines in found.items():
                for line, count in lines.items():
                    total[file][line] += count
    if not total:
        raise SystemExit("no counters below %s: build with `make cov` and run something" % a.build)
    if a.lines:
        print(
            "\n".join(
                "%s:%d" % (a.lines, n) for n, count in sorted(total[a.lines].items()) if not count
            )
        )
        return
    groups = collections.defaultdict(lambda: [0, 0])
    for file, lines in total.items():
        for name in (file if a.files else os.path.dirname(file), "total"):
            groups[name][0] += sum(1 for count in lines.values() if count)
            groups[name][1] += len(lines)
    for name, (ran, known) in sorted(
        groups.items(), key=lambda item: (item[0] == "total", item[0])
    ):
        print("%5.1f %%  %6d of %6d  %s" % (100 * ran / known, ran, known, name))


main()
