# SPDX-License-Identifier: MIT
"""Does Vitro say of broken sources what python3.11 says?

usage: python3.11 fuzz/errors.py --python VITRO [--seconds N] [--seed N]

Sources come from grammar.py. For each, compile() under both must agree: the exception's type,
message, line, column, end and text; the warnings; or tree and code when it compiles. A difference
is made small by leaving out parts for as long as it stays one, then printed; two of the same
messages count once. A worker that dies is a difference as well.
"""
import argparse
import ast
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from grammar import Maker

WORKER = """
import ast, json, sys, warnings
from types import CodeType

FIELDS = (
    "co_name co_qualname co_argcount co_posonlyargcount co_kwonlyargcount co_nlocals "
    "co_stacksize co_flags co_firstlineno "
    "co_names co_varnames co_freevars co_cellvars co_code co_linetable co_exceptiontable"
).split()

def const(v):
    if isinstance(v, CodeType):
        return describe(v)
    if isinstance(v, tuple):
        return ["tuple", *map(const, v)]
    if isinstance(v, frozenset):
        return ["set", *sorted(map(repr, v))]
    return [type(v).__name__, ascii(v)]

def describe(code):
    return [[ascii(getattr(code, f)) for f in FIELDS], [const(c) for c in code.co_consts]]

def fingerprint(o):
    text = json.dumps(o)
    return "%d %x" % (len(text), hash(text) & (1 << 62) - 1)

def attempt(mode, text, flags, version, result):
    try:
        if mode == "tree":
            tree = ast.parse(text, type_comments=flags, feature_version=version)
            result.append("tree " + fingerprint(ast.dump(tree, include_attributes=True)))
        elif mode == "func_type":
            result.append(ast.dump(ast.parse(text, mode="func_type"), include_attributes=True))
        else:
            result.append(
                "code "
                + fingerprint(
                    describe(
                        compile(text, "<f>", mode, flags, dont_inherit=True, optimize=version)
                    )
                )
            )
    except SyntaxError as e:
        result.append(
            [type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text]
        )
    except Exception as e:
        result.append([type(e).__name__, str(e)])

for line in sys.stdin:
    mode, text, flags, version = json.loads(line)
    if mode == "bytes":
        mode, text = "exec", text.encode("latin-1")
    result = []
    strict = mode == "strict"
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("error" if strict else "always")
        mode = "exec" if strict else mode
        attempt(mode, text, flags, version, result)
    result += [[w.category.__name__, str(w.message), w.lineno] for w in seen]
    print(json.dumps(result), flush=True)
"""


class Worker:
    """An interpreter that answers requests; started again when it dies."""

    def __init__(self, python, script):
        self.command = [python, script]
        self.start()

    def start(self):
        env = dict(os.environ, PYTHONHASHSEED="0", ASAN_OPTIONS="detect_leaks=0")
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
        )

    def answers(self, requests):
        """One answer for each request; for one that killed the worker, how it ended."""
        out = []
        while len(out) < len(requests):
            part = requests[len(out) : len(out) + 25]  # fits the pipes' buffers
            try:
                self.process.stdin.write("".join(json.dumps(r) + "\n" for r in part).encode())
                self.process.stdin.flush()
            except BrokenPipeError:
                pass
            for _ in part:
                line = self.process.stdout.readline()
                if not line:
                    out.append("died with %s" % self.process.wait())
                    self.start()
                    break
                out.append(json.loads(line))
        return out


def real_statements(limit):
    """Short statements of library files, as they stand there."""
    found = []
    for path in sorted(
        glob.glob("/usr/lib/python3.11/test/test_*.py") + glob.glob("/usr/lib/python3.11/*.py")
    ):
        try:
            with open(path, encoding="utf-8") as f:
                text = f.read()
            tree = ast.parse(text)
        except (SyntaxError, UnicodeDecodeError):
            continue
        lines = text.splitlines(keepends=True)
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt) and node.end_lineno - node.lineno < 8 and node.lineno:
                piece = lines[node.lineno - 1 : node.end_lineno]
                found.append(
                    "".join(
                        p[node.col_offset :]
                        if p[: node.col_offset].isspace() or not node.col_offset
                        else p
                        for p in piece
                    )
                )
    random.Random(1).shuffle(found)
    return found[:limit]


def requests(maker, n):
    """Yields n requests [mode, text, flags, optimisation level or feature version]."""
    r = maker.random
    for _ in range(n):
        text = maker.source()
        kind = r.random()
        if kind < 0.7:
            yield ["exec", text, 0, r.choice([-1, -1, 0, 1, 2])]
        elif kind < 0.76:
            yield ["eval", text, 0, -1]
        elif kind < 0.84:
            yield ["single", text, r.choice([0, 0x200, 0x4000, 0x4200]), -1]
        elif kind < 0.94:
            yield [
                "tree",
                text,
                r.random() < 0.5,
                r.choice([None, (3, 4), (3, 5), (3, 6), (3, 7), (3, 9)]),
            ]
        elif kind < 0.97:
            yield ["exec", text, r.choice([0x2000, 0x100000, 0x400000, 0x1000000, 0x100]), -1]
        elif kind < 0.975:
            yield ["func_type", text, 0, -1]
        elif kind < 0.99:
            yield ["strict", text, 0, -1]
        else:
            data = bytearray(text.encode("utf-8", "surrogatepass"))
            for _ in range(r.randrange(3)):
                data.insert(
                    r.randrange(len(data) + 1),
                    r.choice([0, 10, 13, 12, 128, 0xC3, 0xE2, 0xEF, 0xFF, 9, 92]),
                )
            yield ["bytes", data.decode("latin-1"), 0, -1]


def smaller(request, differs):
    """The shortest variant found that still differs."""
    mode, text, flags, version = request
    size = max(1, len(text) // 2)
    while size:
        at = 0
        while at < len(text):
            less = text[:at] + text[at + size :]
            if differs([mode, less, flags, version]):
                text = less
            else:
                at += size
        size //= 2
    return [mode, text, flags, version]


def kind_of(expected, got):
    """What two differences of one cause have in common."""

    def words(answer):
        return [
            (first[0], re.sub(r"'.*?'|\d+", "", first[1]))
            if isinstance(first, list)
            else str(first)[:4]
            for first in (answer if isinstance(answer, list) else [answer])
        ]

    a, b = words(expected), words(got)
    if a[0] == b[0] and expected[0] == got[0]:  # only the warnings
        return "more" if len(a) < len(b) else "fewer" if len(a) > len(b) else "other", str(
            sorted({*a[1:]} ^ {*b[1:]}) or a[1:][-1:]
        )
    return str(a[0]), str(b[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(WORKER)
        script.flush()
        both = [Worker(p, script.name) for p in (sys.executable, args.python)]
        maker, known, count = Maker(args.seed), set(), 0
        maker.feed(real_statements(20000))
        start = time.time()  # reading the library takes a while of its own

        def ask(request):
            return [w.answers([request])[0] for w in both]

        while time.time() - start < args.seconds:
            batch = list(requests(maker, 200))
            count += len(batch)
            for request, expected, got in zip(batch, *(w.answers(batch) for w in both)):
                if expected == got or kind_of(expected, got) in known:
                    continue
                known.add(kind_of(expected, got))
                small = smaller(request, lambda r: len(set(map(str, ask(r)))) > 1)
                expected, got = ask(small)
                known.add(kind_of(expected, got))
                print(
                    "%s\n  expected %s\n  got      %s" % (json.dumps(small), expected, got),
                    flush=True,
                )
    print("errors: %d sources, %d kinds of difference" % (count, len(known)))
    sys.exit(bool(known))


if __name__ == "__main__":
    main()
