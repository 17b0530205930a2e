# SPDX-License-Identifier: MIT
"""Where a program comes from: a file, a folder, a zip file, -c, -m, -, stdin; and what it then sees of itself."""
import io
import os
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Table

t = Table(__doc__)
SELF = """import sys
d = globals()
print(sorted(d))
for k in '__name__', '__file__', '__package__', '__cached__', '__doc__': print(k, repr(d.get(k, 'none')))
s = d.get('__spec__')
print(s and (s.name, s.origin, s.parent, s.submodule_search_locations))
print(type(d.get('__loader__')).__name__, getattr(d.get('__loader__'), 'name', None), getattr(d.get('__loader__'), 'path', None))
print(sys.argv, sys.orig_argv[1:], sys.path[0])
print(__annotations__, sys.modules['__main__'].__dict__ is d)
"""


def zipped(entries, prefix=b""):
    f = io.BytesIO()
    f.write(prefix)
    with zipfile.ZipFile(f, "a", zipfile.ZIP_STORED) as z:
        for name, text in entries.items():
            z.writestr(zipfile.ZipInfo(name), text)
    return f.getvalue()


PACKAGE = {
    "p/__init__.py": "print('init', __name__)",
    "p/__main__.py": SELF,
    "p/m.py": SELF + "from . import other\n",
    "p/other.py": "print('other', __name__)",
    "q/__init__.py": "",
    "ns/m.py": SELF,
    "ns/__main__.py": SELF,
    "bad/__init__.py": "1/0",
    "bad/m.py": "",
    "mod.py": SELF,
    "noinit/x.txt": "",
    "syn.py": "x = (",
    "raises.py": "def f(): raise KeyError('k')\nf()\n",
    "imports.py": "import nothing_here\n",
}
FILES = {
    **PACKAGE,
    "f.py": SELF,
    "dir/__main__.py": SELF,
    "dir/m.py": SELF,
    "noext": SELF,
    "z.zip": zipped({"__main__.py": SELF, "inz.py": SELF}),
    "pre.zip": zipped({"__main__.py": SELF}, b"#!/usr/bin/env python3\n"),
    "nomain.zip": zipped({"x.py": ""}),
    "empty/x": "",
    "zz": zipped({"p/__init__.py": "", "p/__main__.py": SELF, "p/sub.py": SELF}),
}
for name in [
    "f.py",
    "./f.py",
    "dir/../f.py",
    "noext",
    "dir",
    "./dir",
    "dir/",
    "z.zip",
    "./z.zip",
    "pre.zip",
    "nomain.zip",
    "empty",
    "mod.py",
    "p",
    "p/m.py",
    "p/__main__.py",
    "ns",
    "missing",
    "missing.py",
    "f.py/x",
    "",
    ".",
    "..",
    "x.zip/y",
    "-x",
    "zz",
    "zz/p",
]:
    t.case("FILE %r" % name, name, "a1", "-a2", files=FILES)
    if name:
        t.case("-I FILE %r" % name, "-I", name, "a1", files=FILES)
t.case("FILE absolute", lambda f: f + "/f.py", "a", files=FILES)
t.case("dir absolute", lambda f: f + "/dir", "a", files=FILES)
t.shell(
    "FILE through a link",
    "mkdir l; ln -s ../dir/m.py l/m.py; ln -s dir dl; $P l/m.py; $P dl; $P dl/m.py; cd dl; $P m.py",
    files=FILES,
)
t.shell("FILE a fifo", "mkfifo q; cat f.py > q & $P q a", files=FILES)
t.shell("FILE /dev/stdin", "$P /dev/stdin a < f.py; cat f.py | $P /dev/stdin a", files=FILES)
t.shell("FILE by substitution", "$P <(echo 'print(1)'; echo 'import sys; print(sys.argv[1:])') a")
for name in [
    "mod",
    "p",
    "p.m",
    "p.__main__",
    "q",
    "ns",
    "ns.m",
    "bad",
    "bad.m",
    "noinit",
    "missing",
    "p.missing",
    "mod.x",
    "mod.py",
    "p.m.x",
    "",
    ".",
    "p.",
    ".m",
    "syn",
    "raises",
    "imports",
    "sys",
    "posix",
    "_io",
    "this",
    "os.path",
    "__main__",
    "zipimport",
    "_frozen_importlib",
    "__hello__",
    "a b",
    "ä",
    "__phello__",
    "__phello__.spam",
]:
    t.case("-m %r" % name, "-m", name, "a1", "-m", files=FILES)
t.case("-m in zip", "-m", "p", env={"PYTHONPATH": "zz"}, files=FILES)
t.case("-m sub in zip", "-m", "p.sub", env={"PYTHONPATH": "zz"}, files=FILES)
t.case("-m from pyc", "-m", "mod", files={**FILES, "run": ""})
t.shell(
    "-m sourceless",
    '$ORACLE -c \'import py_compile; py_compile.compile("mod.py", "only.pyc")\'; rm mod.py; $P -m only; '
    "$P only.pyc x",
    files=FILES,
)
t.case("-I -m", "-I", "-m", "mod", files=FILES)
t.case("-c", "-c", SELF, "a", "-c")
t.case("-c empty", "-c", "")
t.case("-c lines", "-c", "if 1:\n  print(1)\n  \n  print(2)")
t.case("-c no line end", "-c", "for i in 1,2: print(i)")
t.case("-c indented", "-c", "  print(1)")
t.case("-c cookie is ignored", "-c", "# -*- coding: latin-1 -*-\nprint(ascii('ä'))")
t.case("-c non-ascii", "-c", "print(ascii('ä€😀'))")
t.case("-c raises", "-c", "def f():\n  1/0\nf()")
t.case("-c syntax error", "-c", "x = = 1")
t.case("-c syntax error in line 2", "-c", "x = 1\ny = (")
t.case("-c import from here", "-c", "import mod", files={"mod.py": "print(__file__)"})
t.case(
    "-c from __future__",
    "-c",
    "from __future__ import annotations\n"
    "def f(x: undefined): pass\n"
    "print(f.__annotations__, eval('(lambda x: 1).__code__.co_flags'))",
)
t.case("- stdin", "-", "a", "b", stdin=SELF)
t.case("stdin", stdin=SELF)
t.case("stdin empty", stdin="")
t.case("stdin null device")
t.case("stdin raises", stdin="x = 1\nx / 0\n")
t.case("stdin syntax error", stdin="x = 1\n\nfor\n")
t.case("stdin cookie", stdin="# coding: latin-1\nprint(ascii('ä'))\n")
t.case("stdin bad utf-8", stdin=b"x = 1\ny = '\xff'\n")
t.case("stdin CRLF", stdin="x = 1\r\nif x:\r\n  print('''a\r\nb''')\r\n")
t.case("stdin no line end", stdin="print(1)")
t.case("stdin BOM", stdin="\ufeffprint(1)")
t.case("stdin null byte", stdin="print(1)\n\0\n")
t.case(
    "stdin leaves the rest",
    "-c",
    "import sys; print(sys.stdin.readline()); import subprocess; sys.stdout.flush(); subprocess.run(['cat'])",
    stdin="a\nb\n",
)
t.case(
    "stdin program reads stdin",
    stdin="import sys\nx = input()\nprint(repr(x), sys.stdin.read())\nrest\n",
)
t.case(
    "-i stdin",
    "-i",
    stdin="1 + 1\n_\n'x'\nNone\nif 1:\n  print(3)\n\n1/0\nx = (\n2)\nx\nraise SystemExit(4)\n",
    see=lambda r: r._replace(err=r.err.partition("information.\n")[2]),
)
t.case("-i stdin quit", "-i", "-q", stdin="quit\nquit(3)\n")
t.case(
    "-i syntax errors",
    "-i",
    "-q",
    stdin="x = = 1\n"
    "if 1:\n"
    "print(2)\n"
    "  x\n"
    "'a\n"
    '"""b\n'
    'c"""\n'
    "$\n"
    "(1\n"
    "+ ]\n"
    "for\n"
    "def f(:\n"
    "\n"
    "lambda\n"
    "# only a comment\n"
    "\n"
    "@x\n"
    "\n"
    "1;2\n"
    "try: 1\n"
    "except: 2\n"
    "\n"
    "x\n",
)
t.case(
    "-i file",
    "-i",
    "-q",
    "f.py",
    "a",
    files={"f.py": "x = 1\ndef f(): return y\nf()\n"},
    stdin="x\nimport sys; sys.last_value, sys.argv\nf\n__name__\n",
)
t.case("-i -m", "-i", "-q", "-m", "mod", files=FILES, stdin="__name__\n")
t.case("-i dir", "-i", "-q", "dir", files=FILES, stdin="__name__\n")
t.case("-i missing", "-i", "-q", "nofile.py", stdin="1\n")
t.case("-i exit in file", "-i", "-q", "-c", "raise SystemExit('why')", stdin="1\n")
t.case("-i exit code after", "-i", "-q", "-c", "1/0", stdin="import sys\nsys.exit(7)\n")
t.case("-i end of file after error", "-i", "-q", "-c", "1/0", stdin="")
t.case(
    "ps1 objects",
    "-i",
    "-q",
    stdin="import sys\n"
    "class P:\n"
    "  n = 0\n"
    "  def __str__(self): P.n += 1; return '[%d]' % P.n\n"
    "\n"
    "sys.ps1 = P()\n"
    "1\n"
    "sys.ps2 = 5\n"
    "if 1:\n"
    "  2\n"
    "\n"
    "class Q:\n"
    "  def __str__(self): 1/0\n"
    "\n"
    "sys.ps1 = Q()\n"
    "3\n"
    "del sys.ps1\n"
    "4\n"
    "sys.ps1 = None\n"
    "5\n"
    "sys.ps1 = 'ä> '\n"
    "6\n",
)
t.case(
    "displayhook",
    "-i",
    "-q",
    stdin="import sys\n"
    "sys.displayhook = lambda v: print('<', v, '>')\n"
    "1\n"
    "None\n"
    "del sys.displayhook\n"
    "2\n"
    "sys.displayhook = 3\n"
    "4\n",
)
t.case(
    "excepthook",
    "-i",
    "-q",
    stdin="import sys\n"
    "sys.excepthook = lambda *a: print('hook', a[0])\n"
    "1/0\n"
    "x = = 1\n"
    "sys.excepthook = lambda *a: 1/0\n"
    "[][1]\n"
    "del sys.excepthook\n"
    "1/0\n"
    "sys.excepthook = 5\n"
    "1/0\n",
)
t.case(
    "underscore",
    "-i",
    "-q",
    stdin="1\n"
    "_\n"
    "_ = 5\n"
    "2\n"
    "_\n"
    "import builtins; builtins._\n"
    "del _\n"
    "_\n"
    "'\\ud800'\n"
    "class R:\n"
    "  def __repr__(self): 1/0\n"
    "\n"
    "R()\n"
    "_\n",
)
t.case("the loop ends while strings are open", "-i", "-q", stdin="x = '''abc\n")
t.case("the loop ends in a block", "-i", "-q", stdin="if 1:\n  print(1)\n")
t.case("last line without end", "-i", "-q", stdin="print(1)\nprint(2)")
t.finish()
