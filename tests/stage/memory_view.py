#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""vitro -m vitro.memory: that report and page tell what a program of known making left. With chromium the page is rendered too.

usage: memory_view.py --python PATH
"""
import argparse, json, os, re, shutil, subprocess, sys, tempfile

PROGRAM = '''\
import vitro.memory, sys
class Node:
    def __init__(self, n):
        self.n = n
class Pair: pass
class Slotted:
    __slots__ = ("other",)
kept = [Node(i) for i in range(500)]
def pairs():
    for _ in range(20):
        a, b = Pair(), Pair()
        a.b = [b]; b.a = a; b.leaf = Slotted(); b.leaf.other = []
vitro.memory.look("before the pairs")
pairs()
def ring():
    s = Slotted(); s.other = {"k": (s,)}
ring()
marker = 1
print("out", len(sys.argv))
sys.exit(3)
'''

def load(page):
    text = open(page, encoding="utf-8").read()
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|@import|url[(]|https?://(?!www[.]w3[.]org)""", text), "the page refers to something outside"
    return text, json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S).group(1))

def type_row(look, name): return next((t for t in look["types"] if t["name"] == name), {"new": 0, "new_bytes": 0})

def checks(python, folder):
    path, page = os.path.join(folder, "program.py"), os.path.join(folder, "page.html")
    open(path, "w").write(PROGRAM)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    p = subprocess.run([python, "-m", "vitro.memory", "-o", page, "--at", "program.py:18", "program.py", "x"], capture_output=True, text=True, timeout=240, env=env, cwd=folder)
    yield "status and output of the program", p.returncode == 3 and p.stdout == "out 2\n", (p.returncode, p.stdout, p.stderr[-1500:])
    text, looks = load(page)
    yield "three looks", [d["moment"] for d in looks] == ["before the pairs", "at program.py:18", "at exit"], [d["moment"] for d in looks]
    first, middle, last = looks
    yield "types", [type_row(d, "Node")["new"] for d in looks] == [500] * 3 and type_row(last, "Node")["new_bytes"] == 500 * 56, type_row(last, "Node")
    site = next((s for s in last["sites"]["rows"] if s["file"] == "program.py" and s["line"] == 8), None)
    yield "places", site and site["source"].startswith("kept = ") and ["Node", 500] in site["types"] and site["blocks"] >= 500, site
    yield "stack of a place", any("program.py:13" not in s for s, _ in site["stack"]) or not site["stack"], site
    yield "nothing in cycles at first", first["cycles"]["objects"] == 0, first["cycles"]["groups"][:2]
    for d in (middle, last):
        groups = {tuple(map(tuple, g["types"])): g for g in d["cycles"]["groups"]}
        g = groups.get((("Pair", 2), ("list", 2), ("Slotted", 1)))
        yield "20 pairs, " + d["moment"], g and g["times"] == 20, list(groups)
        paths = [[step.strip() for _, step in m["path"]] for m in g["members"] if m["kind"] == "cycle"]
        yield "the cycle through a pair", ["", ".b", "[0]", ".a"] in paths or ["", ".a", ".b", "[0]"] in paths, paths
        hung = [m for m in g["members"] if m["kind"] == "hangs"]
        yield "what hangs off it", hung and any(r[1].strip() == ".leaf" for r in hung[0]["path"]), hung
        ring = groups.get((("Slotted", 1), ("dict", 1), ("tuple", 1)))
        yield "a ring of three", ring and sorted(s.strip() for _, s in ring["members"][0]["path"]) == sorted(["", ".other", "['k']", "[0]"]), ring
    used = sum(q[0] * q[2] for _, pools in last["arenas"]["drawn"] for q in pools if q)
    bits = all(sum(bin(b).count("1") for b in __import__("base64").b64decode(q[3])) == q[2] <= q[1] for _, pools in last["arenas"]["drawn"] for q in pools if q)
    yield "pools: bits and counts agree", bits and used == last["pools"]["used_bytes"] > 10000, (bits, used, last["pools"])
    yield "block sizes", sum(c[0] * c[3] for c in last["pools"]["classes"]) == used, last["pools"]["classes"][:3]
    yield "report", all(re.search(w, p.stderr) for w in (r"Memory of program\.py x, at exit", r"500 +27\.3 KiB .* Node\b", r"20 times 5 objects", r"program\.py:8  kept")), p.stderr[-2500:]
    yield from collected(python, folder, env)
    yield from rendered(page, text)

def collected(python, folder, env):
    page = os.path.join(folder, "gc.html")
    code = "import gc\nclass C: pass\nfor i in range(3000):\n    c = C(); c.c = c\ndel c\ngc.collect(); n = gc.get_stats()\nx = [c for c in range(10)]\n"
    open(os.path.join(folder, "cycles.py"), "w").write(code)
    subprocess.run([python, "-m", "vitro.memory", "-o", page, "cycles.py"], capture_output=True, timeout=240, env=env, cwd=folder)
    d = load(page)[1][0]
    yield "collections by generation", d["generations"][2]["collections"] == 1 and sum(g["collected"] for g in d["generations"]) >= 3000, d["generations"]
    yield "pauses", all(c[5] > 0 for c in d["collections"]) and len(d["collections"]) == d["collections_all"] >= 4, d["collections"][:5]
    subprocess.run([python, "-m", "vitro.memory", "--no-collect", "-o", page, "cycles.py"], capture_output=True, timeout=240, env=env, cwd=folder)
    d = load(page)[1][0]
    yield "--no-collect", d["generations"][0]["collections"] == 0 and d["generations"][2]["collections"] == 1, d["generations"]
    bad = subprocess.run([python, "-m", "vitro.memory", "-o", "-", "none.py"], capture_output=True, text=True, timeout=60, env=env, cwd=folder)
    yield "no such file", bad.returncode == 2 and "none.py" in bad.stderr and "Traceback" not in bad.stderr, bad.stderr
    plain = subprocess.run([python, "-c", "import sys; print([m for m in sys.modules if 'vitro' in m], [p for p in sys.path if 'lib/vitro' in p])"], capture_output=True, text=True, timeout=60, env=env)
    yield "out of the way of others", plain.stdout == "[] []\n", plain.stdout

def rendered(page, text):
    chromium = shutil.which("chromium")
    if not chromium: return
    with tempfile.TemporaryDirectory() as profile:
        p = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile, "--virtual-time-budget=4000", "--dump-dom", "file://" + page], capture_output=True, text=True, timeout=120)
    seen = re.sub(r"<script.*?</script>|<style.*?</style>", "", p.stdout, flags=re.S)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", seen))
    for what in ("program.py x", "before the pairs", "at exit", "Node 500 27.3 KiB", "program.py:8 kept = [Node(i) for i in range(500)]", "20 alike, each with 5 objects", "back to it", "By block size", "0, young"):
        yield "page shows %r" % what, what in words, words[:3000]
    yield "page has maps and no [object", seen.count("<canvas") > 3 and "[object" not in words and "undefined" not in words and "NaN" not in words, words[-800:]

def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--python", required=True); a = ap.parse_args()
    bad = n = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, good, why in checks(os.path.abspath(a.python), folder):
            n += 1
            if not good: bad += 1; print("FAIL", name, "\n   ", str(why)[:2500])
    print("%d passed, %d failed" % (n - bad, bad))
    return 1 if bad else 0

sys.exit(main())
