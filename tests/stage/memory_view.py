#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""vitro -m vitro.memory: do report and page tell what a program of known making left?

The page is also rendered, where the browser chromium is installed.

usage: memory_view.py --python PATH
"""
import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Leaves 500 nodes alive, and in cycles 20 pairs and a ring of three. The checks name its lines.
PROGRAM = """\
import sys, vitro.memory

class Node:
    def __init__(self, n):
        self.n = n

class Pair:
    pass

class Slotted:
    __slots__ = ("other",)

kept = [Node(i) for i in range(500)]

def pairs():
    for _ in range(20):
        a, b = Pair(), Pair()
        a.b = [b]
        b.a = a
        b.leaf = Slotted()
        b.leaf.other = []

vitro.memory.look("before the pairs")
pairs()

def ring():
    s = Slotted()
    s.other = {"k": (s,)}

ring()
marker = 1
print("out", len(sys.argv))
sys.exit(3)
"""
KEPT, PAIRS, MARKER = (
    1 + PROGRAM[: PROGRAM.index(line)].count("\n") for line in ("kept =", "pairs()\n\n", "marker =")
)
NODE_BYTES = 56  # of an instance with its attributes inside, without the collector's words

GARBAGE = """\
import gc

class C:
    pass

for i in range(3000):
    c = C()
    c.c = c
del c
gc.collect()
n = gc.get_stats()
x = [c for c in range(10)]
"""

OUTSIDE = r"""(src|href)\s*=\s*["'](?!#)|@import|url[(]|https?://(?!www[.]w3[.]org)"""
DATA = r'<script type="application/json" id="data">(.*?)</script>'


class Runner:
    """Runs the interpreter in a folder that holds the programs."""

    def __init__(self, python, folder):
        self.python, self.folder = python, folder
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        for name, text in ("program.py", PROGRAM), ("cycles.py", GARBAGE):
            with open(self.path(name), "w") as f:
                f.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args):
        return subprocess.run(
            [self.python, *args],
            capture_output=True,
            text=True,
            timeout=240,
            env=self.env,
            cwd=self.folder,
        )

    def view(self, page, *args):
        """What `-m vitro.memory -o page ARGS` gave: the process, the page's text and its data."""
        process = self.run("-m", "vitro.memory", "-o", self.path(page), *args)
        with open(self.path(page), encoding="utf-8") as f:
            text = f.read()
        assert not re.search(OUTSIDE, text), "the page refers to something outside"
        return process, text, json.loads(re.search(DATA, text, re.S).group(1))


def type_row(look, name):
    return next((t for t in look["types"] if t["name"] == name), {"new": 0, "new_bytes": 0})


# Each part yields rows: name of the check, whether it is good, what to show when not.


def check_program(runner):
    """PROGRAM from the command line: its own output, the report, the page."""
    p, text, looks = runner.view("page.html", "--at", "program.py:%d" % MARKER, "program.py", "x")
    good = p.returncode == 3 and p.stdout == "out 2\n"
    yield "status and output of the program", good, (p.returncode, p.stdout, p.stderr[-1500:])
    moments = [look["moment"] for look in looks]
    expected = ["before the pairs", "at program.py:%d" % MARKER, "at exit"]
    yield "three looks", moments == expected, moments
    yield from check_types(looks)
    yield from check_places(looks[-1])
    empty = looks[0]["cycles"]
    yield "nothing in cycles at first", empty["objects"] == 0, empty["groups"][:2]
    for look in looks[1:]:
        yield from check_cycles(look)
    yield from check_pools(looks[-1])
    for words in (
        r"Memory of program\.py x, at exit",
        r"500 +27\.3 KiB .* Node\b",
        r"20 times 5 objects",
        r"program\.py:%d  kept" % KEPT,
    ):
        yield "report says %s" % words, re.search(words, p.stderr), p.stderr[-2500:]
    yield from check_rendered(runner.path("page.html"))


def check_types(looks):
    rows = [type_row(look, "Node") for look in looks]
    good = [row["new"] for row in rows] == [500] * 3 and rows[-1]["new_bytes"] == 500 * NODE_BYTES
    yield "types", good, rows


def check_places(look):
    """The line that made most of what lives is found, with its source."""
    rows = look["sites"]["rows"]
    site = next((s for s in rows if s["file"] == "program.py" and s["line"] == KEPT), None)
    good = (
        site
        and site["source"].startswith("kept = ")
        and ["Node", 500] in site["types"]
        and site["blocks"] >= 500
    )
    yield "places", good, site
    stack = site["stack"]
    other_line = any("program.py:%d" % PAIRS not in step for step, _ in stack)
    yield "stack of a place", other_line or not stack, site


def check_cycles(look):
    """The knots of pairs and the ring, with the way around each."""
    groups = {tuple(map(tuple, group["types"])): group for group in look["cycles"]["groups"]}
    pairs = groups.get((("Pair", 2), ("list", 2), ("Slotted", 1)))
    yield "20 pairs, " + look["moment"], pairs and pairs["times"] == 20, list(groups)
    members = pairs["members"]
    paths = [[s.strip() for _, s in m["path"]] for m in members if m["kind"] == "cycle"]
    good = ["", ".b", "[0]", ".a"] in paths or ["", ".a", ".b", "[0]"] in paths
    yield "the cycle through a pair", good, paths
    hanging = [m for m in members if m["kind"] == "hangs"]
    good = hanging and any(step.strip() == ".leaf" for _, step in hanging[0]["path"])
    yield "what hangs off it", good, hanging
    ring = groups.get((("Slotted", 1), ("dict", 1), ("tuple", 1)))
    steps = sorted(s.strip() for _, s in ring["members"][0]["path"]) if ring else None
    yield "a ring of three", steps == sorted(["", ".other", "['k']", "[0]"]), ring


def check_pools(look):
    """Numbers of the pools agree with the bits that draw them."""
    # A pool: size of its blocks, blocks, blocks in use, a bit for each block in base64.
    drawn = [pool for _, pools in look["arenas"]["drawn"] for pool in pools if pool]
    agree = all(
        sum(byte.bit_count() for byte in base64.b64decode(bits)) == used <= blocks
        for _, blocks, used, bits in drawn
    )
    used_bytes = sum(pool[0] * pool[2] for pool in drawn)
    stated = look["pools"]
    good = agree and used_bytes == stated["used_bytes"] > 10000
    yield "pools: bits and counts agree", good, (agree, used_bytes, stated)
    by_class = sum(row[0] * row[3] for row in stated["classes"])
    yield "block sizes", by_class == used_bytes, stated["classes"][:3]


def check_rendered(page):
    """What a reader of the page sees."""
    chromium = shutil.which("chromium")
    if not chromium:
        return
    with tempfile.TemporaryDirectory() as profile:
        command = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--user-data-dir=" + profile,
            "--virtual-time-budget=4000",
            "--dump-dom",
            "file://" + page,
        ]
        p = subprocess.run(command, capture_output=True, text=True, timeout=120)
    seen = re.sub(r"<script.*?</script>|<style.*?</style>", "", p.stdout, flags=re.S)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", seen))
    for what in (
        "program.py x",
        "before the pairs",
        "at exit",
        "Node 500 27.3 KiB",
        "program.py:%d kept = [Node(i) for i in range(500)]" % KEPT,
        "20 alike, each with 5 objects",
        "back to it",
        "By block size",
        "0, young",
    ):
        yield "page shows %r" % what, what in words, words[:3000]
    yield "page has maps", seen.count("<canvas") > 3, seen[:800]
    for what in "[object", "undefined", "NaN":
        yield "page has no %s" % what, what not in words, words[-800:]


def check_collections(runner):
    _, _, [look] = runner.view("gc.html", "cycles.py")
    generations, recorded = look["generations"], look["collections"]
    freed = sum(generation["collected"] for generation in generations)
    good = generations[2]["collections"] == 1 and freed >= 3000
    yield "collections by generation", good, generations
    good = all(row[5] > 0 for row in recorded) and len(recorded) == look["collections_all"] >= 4
    yield "pauses", good, recorded[:5]
    _, _, [look] = runner.view("gc.html", "--no-collect", "cycles.py")
    generations = look["generations"]
    good = generations[0]["collections"] == 0 and generations[2]["collections"] == 1
    yield "--no-collect", good, generations


def check_others(runner):
    p = runner.run("-m", "vitro.memory", "-o", "-", "none.py")
    good = p.returncode == 2 and "none.py" in p.stderr and "Traceback" not in p.stderr
    yield "no such file", good, p.stderr
    modules, folders = (
        "[m for m in sys.modules if 'vitro' in m]",
        "'lib/vitro' in ' '.join(sys.path)",
    )
    p = runner.run("-c", "import sys; print(%s, %s)" % (modules, folders))
    yield "out of the way of others", p.stdout == "[] False\n", p.stdout


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--python", required=True)
    args = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(os.path.abspath(args.python), folder)
        for part in check_program, check_collections, check_others:
            for name, good, why in part(runner):
                if good:
                    passed += 1
                else:
                    failed += 1
                    print("FAIL", name, "\n   ", str(why)[:2500])
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
