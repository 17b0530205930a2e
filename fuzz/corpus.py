# SPDX-License-Identifier: MIT
"""Writes first inputs for the fuzz targets: python3.11 fuzz/corpus.py FOLDER

FOLDER/source: small files of tests/ and single statements of the library, behind a byte that the
targets read as mode. FOLDER/bytes: the same without it. FOLDER/marshal: marshal data of values and
of the code of those files.
"""
import ast
import glob
import hashlib
import marshal
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VALUES = [
    None,
    True,
    ...,
    5,
    -(2**70),
    1.5,
    2j,
    "é",
    "ascii",
    b"bytes",
    (1, (2,)),
    [1, [2]],
    {"k": {1: 2}},
    {1, 2},
    frozenset("ab"),
    StopIteration,
]


def sources():
    """Tests of the language whole, and short statements of the library."""
    for path in sorted(glob.glob(ROOT + "/tests/lang/**/*.py", recursive=True)):
        with open(path) as f:
            yield f.read()
    for name in (
        "ast",
        "dataclasses",
        "typing",
        "asyncio/tasks",
        "test/test_grammar",
        "test/test_patma",
        "test/test_fstring",
    ):
        path = f"/usr/lib/python3.11/{name}.py"
        if os.path.exists(path):
            with open(path) as f:
                text = f.read()
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.stmt) and node.end_lineno - node.lineno < 12:
                    yield ast.unparse(node) + "\n"


def put(folder, data):
    with open(os.path.join(folder, hashlib.sha1(data).hexdigest()), "wb") as f:
        f.write(data)


def main(folder):
    kinds = {kind: os.path.join(folder, kind) for kind in ("source", "bytes", "marshal")}
    for path in kinds.values():
        os.makedirs(path, exist_ok=True)
    for value in VALUES:
        put(kinds["marshal"], marshal.dumps(value))
    for text in sources():
        data = text.encode("utf-8", "surrogatepass")
        put(kinds["bytes"], data)
        put(kinds["source"], b"\0" + data)
        try:
            put(kinds["marshal"], marshal.dumps(compile(text, "f", "exec")))
        except SyntaxError:
            pass


main(sys.argv[1])
