# SPDX-License-Identifier: MIT
"""Is -X dump right in every stage?  python3.11 tests/stage/dump.py --python VITRO

Tokens, trees and operation names are compared with modules tokenize, ast and dis of the Python that
runs this.
"""
import argparse
import ast
import dis
import io
import os
import py_compile
import re
import subprocess
import sys
import tempfile
import tokenize
import zipfile
from types import CodeType

STAGES = ["tokens", "ast", "symtable", "cfg", "bytecode", "ops"]
SIMPLE = "a = 1\nx = a + 1\n"
RICH = '''\
"""Docstring
of two lines"""
import os.path as p, sys  # ä comment

# a comment
class Ünï(object, metaclass=type):
    z: int = 0x_ff

    def f(self, a, /, b=1, *c, d: "é" = None, **e) -> None:
        if a < b <= 3 and not d:
            s = f"{a!r:>{b}} ü"; t = b"q\\0"
            return [i for i in a] if 0 else (
                self.f, lambda: (yield))

        else:
            x = """ä
  ö"""; y = 1e5j
        match a:
            case {"k": [1, *rest], **kw} if kw: pass
            case None | C(x=1): pass
try:
    pass
except* ValueError as e:
    for q in range(30): q = [q]
    del e
    # the end
'''
errors = []


def check(ok, what, *details):
    if not ok:
        errors.append(what)
        print("FAIL", what)
        for detail in details:
            print("   ", str(detail)[-2000:])


def run(python, *args, stdin=None, env=None):
    p = subprocess.run(
        [python, *args], capture_output=True, encoding="utf-8", input=stdin, timeout=60, env=env
    )
    return p.returncode, p.stdout, p.stderr


def sections(text):
    parts = re.split(r"^== (\w+) ==\n", text, flags=re.M)
    check(parts[0] == "", "nothing before the first heading", parts[0])
    return dict(zip(parts[1::2], parts[2::2]))


def expected_tokens(source):
    skip = {tokenize.ENCODING, tokenize.COMMENT, tokenize.NL}
    for t in tokenize.tokenize(io.BytesIO(source.encode()).readline):
        if t.type not in skip:
            place = "%d,%d-%d,%d:" % (t.start + t.end)
            yield "%-20s%-15s%r" % (place, tokenize.tok_name[t.exact_type], t.string)


def opnames(code):
    """Names in the order of the dump: a code object, then those it contains."""
    names = [i.opname for i in dis.get_instructions(code)]
    for const in code.co_consts:
        if isinstance(const, CodeType):
            names += opnames(const)
    return names


def dumped_opnames(text):
    return re.findall(r"^(?: *\d+)? +\d+ ([A-Z_]+)\b", text, flags=re.M)


def check_program(python, source, path):
    """Each stage of a program, as a file and as a command, against tokenize, ast and dis."""
    with open(path, "w", encoding="utf-8") as f:
        f.write(source)
    for args in (
        ["-X", "dump=" + ",".join(STAGES), path],
        ["-X", "dump=" + ",".join(STAGES), "-c", source],
    ):
        text = source + "\n" if "-c" in args else source  # -c ends the command's last line
        name = "%s %s" % (
            "command" if "-c" in args else "file",
            "simple" if source is SIMPLE else "rich",
        )
        code, out, err = run(python, *args)
        check(code == 0 and out == "", name + ": status", code, out, err)
        got = sections(err)
        check(list(got) == STAGES, name + ": stages in order", list(got))
        if list(got) != STAGES:
            continue
        tokens, expected = got["tokens"].splitlines(), list(expected_tokens(text))
        check(
            tokens == expected,
            name + ": tokens",
            *["%s | %s" % pair for pair in zip(tokens, expected) if pair[0] != pair[1]][:5],
        )
        check(
            got["ast"] == ast.dump(ast.parse(source), indent=2) + "\n", name + ": ast", got["ast"]
        )
        ops = opnames(compile(source, path, "exec"))
        check(
            dumped_opnames(got["bytecode"]) == ops,
            name + ": bytecode",
            dumped_opnames(got["bytecode"]),
            ops,
        )
        if source is SIMPLE:
            check_simple(got, name)


def check_simple(got, name):
    """The stages that only Vitro prints (scopes, graph, operations), for x = a + 1."""
    check(
        re.search(r"^module top", got["symtable"], re.M)
        and re.search(r"^  a +local; assigned used$", got["symtable"], re.M)
        and re.search(r"^  x +local; assigned$", got["symtable"], re.M),
        name + ": symtable",
        got["symtable"],
    )
    check(
        got["cfg"].startswith("block 0") and re.search(r"^ +2:4 +BINARY_OP +0$", got["cfg"], re.M),
        name + ": cfg",
        got["cfg"],
    )
    names = [i.opname for i in dis.get_instructions(compile(SIMPLE, "", "exec"))]
    check(
        [n.startswith(w) for n, w in zip(dumped_opnames(got["ops"]), names)].count(True)
        == len(names)
        and re.search(r" BINARY_OP\w* +0 +\[[0-9a-f]{4}\]", got["ops"]),
        name + ": ops",
        got["ops"],
    )


def check_option(python):
    """What -X dump refuses, and programs that raise, do not compile, come through a pipe."""
    code, out, err = run(python, "-X", "dump=tokens,nothing", "-c", "print(1)")
    check(
        (code, out, err) == (2, "", "vitro: unknown stage 'nothing' in -X dump\n"),
        "unknown stage",
        code,
        out,
        err,
    )
    code, out, err = run(python, "-X", "other=1", "-X", "dumping", "-c", "print(1)")
    check((code, out, err) == (0, "1\n", ""), "other options", code, out, err)
    code, out, err = run(
        python, "-X", "dump=ast", "-X", "dump=ops", "-c", "exec('b = 2'); import textwrap"
    )
    got = sections(err)
    check(list(got) == ["ast", "ops"] and "'b'" not in got["ast"], "main program only", err)
    code, out, err = run(python, "-X", "dump=ops", "-c", "1/0")
    check(
        code == 1 and "BINARY_OP" in err and err.endswith("ZeroDivisionError: division by zero\n"),
        "raising",
        err,
    )
    code, out, err = run(python, "-X", "dump=tokens,bytecode", "-c", "x = = 1")
    check(
        code == 1
        and list(sections(err)) == ["tokens"]
        and err.endswith("SyntaxError: invalid syntax\n"),
        "syntax error",
        err,
    )
    code, out, err = run(python, "-X", "dump=tokens,ast", "-", stdin="x = 1\n")
    check(code == 0 and "pipe" in err and "id='x'" in err, "a program from a pipe", err)


def check_modules(python, folder):
    """-m, a folder, a zip file, a .pyc file: the program is found by other means, its stages are
    the same."""
    stages = "dump=" + ",".join(STAGES)
    name = os.path.join(folder, "app")
    os.mkdir(name)
    for path in (
        os.path.join(folder, "simple.py"),
        os.path.join(name, "__main__.py"),
        os.path.join(name, "mod.py"),
    ):
        with open(path, "w") as f:
            f.write(SIMPLE)
    with zipfile.ZipFile(os.path.join(folder, "app.zip"), "w") as z:
        z.write(os.path.join(name, "__main__.py"), "__main__.py")
    want = sections(run(python, "-X", stages, os.path.join(folder, "simple.py"))[2])
    env = {**os.environ, "PYTHONPATH": folder}
    for args in (
        ["-m", "simple"],
        ["-m", "app"],
        ["-m", "app.mod"],
        [name],
        [os.path.join(folder, "app.zip")],
    ):
        for attempt in "first", "cached":
            code, out, err = run(python, "-X", stages, *args, env=env)
            check(
                code == 0 and sections(err) == want,
                "%s, %s run" % (args, attempt),
                code,
                out,
                err,
                want,
            )
    code, out, err = run(python, "-X", "dump=ops", "-m", "simple", "x", env=env)
    check(list(sections(err)) == ["ops"], "ops alone", err)
    pyc = py_compile.compile(os.path.join(folder, "simple.py"), os.path.join(folder, "only.pyc"))
    for args in ["-m", "only"], [pyc]:
        code, out, err = run(python, "-X", stages, *args, env=env)
        got = sections(err)
        check(
            code == 0
            and got.get("bytecode") == want["bytecode"]
            and got.get("ops") == want["ops"]
            and all("no source" in got[s] for s in STAGES[:4]),
            "a program without source %s" % args,
            err,
        )
    with open(os.path.join(folder, "fails.py"), "w") as f:
        f.write(
            "import runpy, sys\n"
            "runpy.run_module('simple')\n"
            "print(runpy._run_code.__class__.__name__)\n"
            "1/0\n"
        )
    code, out, err = run(python, "-X", "dump=ops", "-m", "fails", env=env)
    plain = run(python, "-m", "fails", env=env)
    check(
        code == 1
        and out == plain[1] == "function\n"
        and err.endswith(plain[2])
        and err.count("== ops ==") == 1,
        "-m that raises",
        out,
        err,
    )
    code, out, err = run(python, "-X", stages, "-m", "no_such_module", env=env)
    check(
        (code, out, err) == (1, "", "%s: No module named no_such_module\n" % python),
        "-m of nothing",
        err,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    python = parser.parse_args().python
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        for source in SIMPLE, RICH:
            check_program(python, source, path)
        check_option(python)
        check_modules(python, folder)
    print("dump: %s" % ("%d wrong" % len(errors) if errors else "ok"))
    sys.exit(bool(errors))


main()
