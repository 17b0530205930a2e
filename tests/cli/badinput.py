# SPDX-License-Identifier: MIT
"""Input that cannot work: broken sources, broken .pyc files, broken modules, too much of something.

A message, never a crash.
"""
import importlib.util
import marshal
import os
import re
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__)
MAGIC = importlib.util.MAGIC_NUMBER


def pyc(source="print('from pyc', __name__)", flags=0, magic=MAGIC, body=None, name="gone.py"):
    if body is None:
        body = marshal.dumps(compile(source, name, "exec"))
    return magic + struct.pack("<III", flags, 0, 0) + body


# -- Sources -----------------------------------------------------------------------------------------
SOURCES = {
    "null byte": b"x = 1\0\nprint(x)\n",
    "null line": b"print(1)\n\0\nprint(2)\n",
    "null first": b"\0",
    "null in string": b"print('a\0b')\n",
    "null in comment": b"# a\0b\nprint(1)\n",
    "only null bytes": bytes(100),
    "binary": bytes(range(256)),
    "elf": lambda path: __import__("shutil").copy("/bin/true", path),
    "bad utf-8": b"x = '\xff'\n",
    "bad utf-8 line 3": b"a = 1\nb = 2\nc = '\xe4'\n",
    "bad utf-8 comment": b"# \xe4\nprint(1)\n",
    "bad utf-8 in a docstring": b'"""\nok\n\xe4\n"""\n',
    "overlong": b"x = '\xc0\x80'\n",
    "surrogate": b"x = '\xed\xa0\x80'\n",
    "truncated": b"x = '\xe2\x82",
    "too large": b"x = '\xf5\x80\x80\x80'\n",
    "latin-1 cookie": b"# coding: latin-1\nprint(ascii('\xe4'))\n",
    "cp1252 cookie": b"# -*- coding: cp1252 -*-\nprint(ascii('\x80'))\n",
    "unknown cookie": b"# coding: nosuch\nprint(1)\n",
    "second line": b"#!/bin/x\n# coding: latin-1\nprint(ascii('\xe4'))\n",
    "third line": b"\n\n# coding: latin-1\nprint(ascii('\xe4'))\n",
    "wrong cookie": b"# coding: ascii\nprint('\xc3\xa4')\n",
    "utf-16 cookie": b"# coding: utf-16\nprint(1)\n",
    "utf-8-sig cookie": b"# coding: utf-8-sig\nprint(ascii('\xc3\xa4'))\n",
    "rot13 cookie": b"# coding: rot13\ncevag(1)\n",
    "hex cookie": b"# coding: hex\n00",
    "BOM": b"\xef\xbb\xbfprint(ascii('\xc3\xa4'))\n",
    "BOM and utf-8": b"\xef\xbb\xbf# coding: utf-8\nprint(1)\n",
    "BOM and latin-1": b"\xef\xbb\xbf# coding: latin-1\nprint(1)\n",
    "BOM alone": b"\xef\xbb\xbf",
    "half a BOM": b"\xef\xbb",
    "UTF-16": "print(1)".encode("utf-16"),
    "UTF-16 big": "print(1)\n".encode("utf-16-be"),
    "empty": b"",
    "newline": b"\n",
    "blank": b"   ",
    "backslash": b"\\",
    "backslash end": b"x = 1\\",
    "backslash newline": b"x = 1\\\n",
    "CR": b"print(1)\rprint(2)\r",
    "CRLF": b"if 1:\r\n  print('''a\r\nb''')\r\n",
    "mixed line ends": b"print(1)\r\nprint(2)\nprint(3)\r",
    "form feed": b"\x0cprint(1)\n",
    "control-Z": b"print(1)\n\x1a\n",
    "vertical tab": b"print(1)\x0b\n",
    "tabs": b"if 1:\n\tprint(1)\n        print(2)\n",
    "tabs and blanks": b"if 1:\n    if 2:\n\tprint(1)\n",
    "unindent": b"if 1:\n    x\n  y\n",
    "open paren": b"print((1,\n2\n",
    "open bracket and more": b"x = [1,\ndef f(): pass\n",
    "open string": b"x = 'abc\ny\n",
    "open triple": b"x = '''abc\ny\n",
    "wrong bracket": b"x = (1]\n",
    "closing": b")\n",
    "non-breaking space": "x =\u00a01\n".encode(),
    "curly quotes": "x = \u201ca\u201d\n".encode(),
    "zero width": "x\u200b = 1\n".encode(),
    "greek question": "x = 1\u037e\n".encode(),
    "emoji name": "\U0001f600 = 1\n".encode(),
    "dollar": b"$x = 1\n",
    "question": b"x = a ? b : c\n",
    "backquote": b"`x`\n",
    "long line": b"x = " + b"1 + " * 30000 + b"\n",
    "deep parens": b"(" * 250 + b")" * 250 + b"\n",
    "deep brackets": b"x = " + b"[" * 150 + b"]" * 150 + b"\nprint(len(x))\n",
    "deeper": b"x = " + b"[" * 5000 + b"]" * 5000 + b"\n",
    "deep blocks": b"".join(b" " * i + b"if 1:\n" for i in range(99))
    + b" " * 99
    + b"print('deep')\n",
    "deeper blocks": b"".join(b" " * i + b"if 1:\n" for i in range(101)) + b" " * 101 + b"pass\n",
    "nested loops": b"".join(b" " * i + b"for i in 1,:\n" for i in range(21))
    + b" " * 21
    + b"pass\n",
    "deep open pattern": b"match x:\n    case " + b"(" * 100 + b"[]:\n        y = 2\n",
    "deep lambda": b"lambda: " * 200 + b"1\n",
    "deep not": b"x = " + b"not " * 4000 + b"1\n",
    "deep minus": b"x = " + b"-" * 4000 + b"1\n",
    "deep attributes": b"x" + b".a" * 4000 + b"\n",
    "deep calls": b"f = lambda: f\nf" + b"()" * 2000 + b"\nprint(1)\n",
    "deep power": b"x = " + b"1**" * 3000 + b"1\n",
    "deep sum": b"x = " + b"+".join([b"1"] * 3000) + b"\nprint(x)\n",
    "deep ternary": b"x = " + b"1 if 1 else " * 1000 + b"1\nprint(x)\n",
    "many elifs": b"if 0: pass\n" + b"elif 0: pass\n" * 500,
    "long name": b"x" * 100000 + b" = 1\n",
    "many names": b"".join(b"v%d = %d\n" % (i, i) for i in range(70000)) + b"print(v69999)\n",
    "many arguments": b"def f("
    + b",".join(b"a%d" % i for i in range(300))
    + b"): return a299\nprint(f(*range(300)))\n",
    "many constants": b"x = (" + b",".join(b"%d" % i for i in range(70000)) + b")\nprint(len(x))\n",
    "long string": b"x = '" + b"a" * 1000000 + b"'\nprint(len(x))\n",
    "long int": b"x = " + b"9" * 5000 + b"\n",
    "long hex": b"x = 0x" + b"f" * 100000 + b"\nprint(x.bit_length())\n",
    "long float": b"x = 1" + b"0" * 4000 + b".5\nprint(x)\n",
    "huge exponent": b"print(1e999999999999, 1e-999999999999)\n",
    "bad numbers": b"x = 0b12\n",
    "old octal": b"x = 0777\n",
    "1_": b"x = 1_\n",
    "0x": b"x = 0x\n",
    "1if": b"print(1if 1else 2)\n",
    "future late": b"x = 1\nfrom __future__ import annotations\n",
    "future unknown": b"from __future__ import nothing\n",
    "future braces": b"from __future__ import braces\n",
    "barry": b"from __future__ import barry_as_FLUFL\nprint(1 <> 2)\n",
    "return outside": b"return 1\n",
    "yield outside": b"yield\n",
    "await outside": b"await x\n",
    "break outside": b"break\n",
    "nonlocal outside": b"nonlocal x\n",
    "global after use": b"def f():\n  x\n  global x\n",
    "duplicate argument": b"def f(a, a): pass\n",
    "assign to call": b"f() = 1\n",
    "assign None": b"None = 1\n",
    "delete literal": b"del 1\n",
    "walrus": b"x := 1\n",
    "star": b"*a = 1\n",
    "stars": b"a, *b, *c = 1\n",
    "print statement": b"print 'a'\n",
    "exec statement": b"exec 'a'\n",
    "except comma": b"try: 1\nexcept A, B: 2\n",
    "keyword typo": b"whlie True:\n  pass\n",
    "else if": b"if 1: pass\nelse if 2: pass\n",
    "missing colon": b"if 1\n  pass\n",
    "equals in if": b"if x = 1: pass\n",
    "f-string": b"f'{'\n",
    "f-string empty": b"f'{}'\n",
    "f-string nested": b"f'{a[}'\n",
    "f-string backslash": b"f'{\\n}'\n",
    "bytes non-ascii": b"b'\xc3\xa4'\n",
    "unicode escape": b"'\\N{nothing}'\n",
    "unicode escape short": b"'\\u12'\n",
    "octal escape": b"'\\400'\n",
    "bad escape": b"'\\d'\n",
    "type comment": b"x = 1 # type: ignore\n",
    "match": b"match x:\n  case 1 | a: pass\n",
    "match irrefutable": b"match x:\n  case _: 1\n  case 2: 2\n",
    "async comprehension": b"def f(): [x async for x in y]\n",
    "class in loop": b"class A:\n  return 1\n",
    "continue in finally": b"continue\n",
    "import star in function": b"def f():\n  from os import *\n",
    "decorator": b"@x\n1\n",
    "lambda default": b"lambda x=1, y: 1\n",
    "unparenthesised": b"f(x for x in y, 1)\n",
    "positional after keyword": b"f(a=1, 2)\n",
    "keyword repeated": b"f(a=1, a=2)\n",
}
for name, text in SOURCES.items():
    t.case("source " + name, "f.py", files={"f.py": text})
    if not callable(text) and len(text) < 5000:
        t.case("import " + name, "-c", "import m", files={"m.py": text})
        t.case("stdin " + name, stdin=text)
for name in (
    "deep parens",
    "deep blocks",
    "null byte",
    "bad utf-8",
    "unknown cookie",
    "truncated",
    "BOM and latin-1",
    "wrong cookie",
    "tabs and blanks",
):
    t.case("exec " + name, "-c", "exec(open('f', 'rb').read())", files={"f": SOURCES[name]})
    t.case("-m " + name, "-m", "f", files={"f.py": SOURCES[name]})
    t.case(
        "zip of " + name,
        "-c",
        "import sys, zipfile\nzipfile.ZipFile('z.zip', 'w').write('m.py')\nsys.path[0] = 'z.zip'\nimport m",
        files={"m.py": SOURCES[name]},
    )

# -- .pyc files ----------------------------------------------------------------------------------------
GOOD = pyc()
PYCS = {
    "good": GOOD,
    "empty": b"",
    "magic only": MAGIC,
    "half magic": MAGIC[:2],
    "no code": GOOD[:16],
    "old magic": pyc(magic=b"\x6f\x0d\r\n"),
    "newer magic": pyc(magic=struct.pack("<H", 3531) + b"\r\n"),
    "no magic": pyc(magic=b"abcd"),
    "magic without CRLF": pyc(magic=MAGIC[:2] + b"ab"),
    "int": pyc(body=marshal.dumps(5)),
    "None": pyc(body=b"N"),
    "truncated": GOOD[:-10],
    "half": GOOD[: len(GOOD) // 2],
    "unknown type": pyc(body=b"\x01"),
    "text": b"print(1)\n",
    "flags 1": pyc(flags=1),
    "flags 3": pyc(flags=3),
    "flags 4": pyc(flags=4),
    "flags high": pyc(flags=0xFFFFFFFF),
    "trailing": GOOD + b"xyz",
    "raises": pyc("def f():\n  1/0\nf()\n"),
    "deep": pyc(body=b"\xa9\x01" * 5000 + b"N"),
    "huge string": pyc(body=b"s\xff\xff\xff\x7fabc"),
    "negative string": pyc(body=b"s\xff\xff\xff\xffabc"),
    "huge tuple": pyc(body=b"(\x80\x96\x98\0"),
    "bad reference": pyc(body=b"r\x05\0\0\0"),
    "code truncated": pyc(body=marshal.dumps(compile("x = 1", "f", "exec"))[:9]),
}
for name, data in PYCS.items():
    t.case("pyc " + name, "f.pyc", files={"f.pyc": data})
    t.case("pyc as .py " + name, "f.py", files={"f.py": data})
    t.case("pyc sourceless " + name, "-c", "import m", files={"m.pyc": data})
    t.case("pyc sourceless -m " + name, "-m", "m", files={"m.pyc": data})
    t.case(
        "pyc cached " + name,
        "-c",
        "import m",
        files={"m.py": "print('from source')", "__pycache__/m.cpython-311.pyc": data},
    )
    t.case("pyc in package " + name, "p", files={"p/__main__.pyc": data})
t.shell(
    "pyc unreadable",
    "[ $(id -u) = 0 ] && exec setpriv --reuid 65534 --clear-groups $P f.pyc; $P f.pyc",
    files={
        "f.pyc": GOOD,
        "x": lambda path: os.chmod(os.path.dirname(path), 0o755)
        or os.chmod(os.path.dirname(path) + "/f.pyc", 0),
    },
    see=lambda r: (r.code, re.sub(r"PYTHON|setpriv.*", "", r.err)),
)
t.shell(
    "source unreadable",
    "chmod 755 . ..; chmod 0 f.py m.py; "
    "setpriv --reuid 65534 --clear-groups --bounding-set -all -- $P f.py; echo $?; "
    "setpriv --reuid 65534 --clear-groups $P -c 'import m'; echo $?",
    files={"f.py": "print(1)", "m.py": "print(1)"},
    see=lambda r: (r.out, re.sub(r"/\S*/", "", r.err)),
)
t.shell(
    "cache unwritable",
    "mkdir __pycache__; echo file > __pycache__/m.cpython-311.pyc; chmod 555 __pycache__; $P -c 'import m'; "
    "echo file > q; $P -X pycache_prefix=q -c 'import m'",
    files={"m.py": "print(1)"},
)
t.shell(
    "cache is a file",
    "echo > __pycache__; $P -c 'import m'; $P -v -c 'import m' 2>&1 | grep -c 'could not create'",
    files={"m.py": "print(1)"},
)

# -- Broken modules --------------------------------------------------------------------------------------
MODULES = {
    "raises.py": "x = 1\n1/0\n",
    "syntax.py": "x = = 1\n",
    "circle_a.py": "import circle_b\nx = 1\n",
    "circle_b.py": "from circle_a import x\n",
    "circle_c.py": "import circle_c\nprint(circle_c.y)\n",
    "removes.py": "import sys\ndel sys.modules[__name__]\n",
    "replaces.py": "import sys\nsys.modules[__name__] = 5\n",
    "exits.py": "raise SystemExit(3)\n",
    "p/__init__.py": "from . import sub\n",
    "p/sub.py": "import nothing_here\n",
    "q/__init__.py": "",
    "q/bad.py": "raise ImportError('own words')\n",
    "all.py": "__all__ = ['missing']\n",
    "all2.py": "__all__ = [1]\n",
    "all3.py": "__all__ = 5\n",
    "nolib.cpython-311-x86_64-linux-gnu.so": "not a library",
    "folder.py/x": "",
    "getattr.py": "def __getattr__(n): raise ValueError(n)\n",
    "random.py": "import random\nprint(random.randint)\n",
}
for source in [
    "import raises",
    "import syntax",
    "import circle_a",
    "import circle_c",
    "import removes",
    "import replaces; print(replaces)",
    "import exits",
    "import p",
    "import p.sub",
    "from p import sub",
    "import q.bad",
    "import q.missing",
    "from q import missing",
    "from q.missing import x",
    "from all import *",
    "from all2 import *",
    "from all3 import *",
    "import nolib",
    "import folder",
    "import getattr; getattr.x",
    "from getattr import y",
    "import random",
    "import raises.sub",
    "import sys.sub",
    "from sys import nothing",
    "from .x import y",
    "from .. import y",
    "__import__('')",
    "__import__('a', level=-1)",
    "__import__(5)",
    "__import__('x', {}, {}, ['y'], 1)",
    "import importlib; importlib.import_module('.x')",
    "import importlib; importlib.reload(5)",
    "try:\n"
    "  import raises\n"
    "except ZeroDivisionError: pass\n"
    "import sys; print('raises' in sys.modules)\n"
    "import raises",
    "import sys; sys.path.insert(0, 5); import nothing_at_all",
    "import sys; sys.path_hooks = [1]; sys.path.insert(0, 'zz'); sys.path_importer_cache.clear(); "
    "import nothing_at_all",
    "import sys; sys.meta_path[:] = []; import nothing_at_all",
    "import sys; sys.modules['x'] = None; import x",
    "del __builtins__.__import__; import os",
    "__builtins__.__import__ = 5; import os",
    "import sys; del sys.modules; import colorsys",
    "import sys; sys.modules = {}; import colorsys",
    "import sys; sys.path = None; import colorsys",
]:
    t.case("module: " + source, "-c", source, files=MODULES)
t.case(
    "no encodings",
    "-S",
    "-c",
    "print(1)",
    env={"PYTHONHOME": "/nowhere"},
    see=lambda r: (r.code, r.out, [l for l in r.err.splitlines() if "rror" in l]),
)
t.case("library gone", "-I", "-S", "-c", "import sys; sys.path.clear(); import colorsys")

# -- Too much of something --------------------------------------------------------------------------------
for source in [
    "1 << 10**12",
    "1 << 10**30",
    "1 << -1",
    "x = 10**12; 1 << x",
    "0 << 10**30",
    "'x' * 10**15",
    "b'x' * 10**15",
    "[0] * 10**15",
    "(0,) * 10**15",
    "bytearray(10**15)",
    "bytes(10**15)",
    "'x' * 2**63",
    "[0] * 2**63",
    "'x' * -10**30",
    "bytes(-1)",
    "bytes(2**63)",
    "list(range(10**15))",
    "range(10**30)[10**29]",
    "len(range(10**30))",
    "x = 10**15; 'x' * x",
    "'%1000000000000d' % 1",
    "'%*d' % (10**12, 1)",
    "format(1, '1000000000000')",
    "'{:{}}'.format(1, 10**30)",
    "'a'.center(10**15)",
    "'a'.zfill(10**15)",
    "'a'.rjust(10**30)",
    "'\\t'.expandtabs(10**15)",
    "b'\\t'.expandtabs(2**31)",
    "('a' * 2**20).replace('a', 'b' * 2**45)",
    "str(10**5000)",
    "int('9' * 5000)",
    "float('1' * 400)",
    "float(10**400)",
    "int(float('inf'))",
    "int(float('nan'))",
    "10.0 ** 400",
    "math.factorial(10**30)",
    "import math; math.factorial(10**30)",
    "import math; math.perm(10**30, 10**30)",
    "complex(1e400) ** 1000",
    "pow(2, 10**20, 0)",
    "divmod(1, 0)",
    "1 % 0",
    "1.0 // 0",
    "0 ** -1",
    "0j ** -1",
    "round(1e308, -400)",
    "round(1.5, 10**30)",
    "chr(0x110000)",
    "chr(-1)",
    "chr(10**30)",
    "'%c' % 0x110000",
    "memoryview(b'a')[10**30]",
    "[][10**30]",
    "'a'[10**30:]",
    "[1, 2][::10**30]",
    "[1, 2][::0]",
    "'x'.encode('nosuch')",
    "b'\\xff'.decode()",
    "'\\ud800'.encode()",
    "import sys; sys.setrecursionlimit(0)",
    "import sys; sys.setrecursionlimit(2**31)",
    "import sys; sys.setrecursionlimit(1)",
    "import time; time.sleep(10**12)",
    "import time; time.sleep(-1)",
    "import time; time.sleep(float('nan'))",
    "import time; time.localtime(10**30)",
    "open(10**30)",
    "open(-1)",
    "open('a\\0b')",
    "open('x' * 5000)",
    "exec('x = ' + '(' * 300)",
    "eval('(' * 300)",
    "eval('[' * 90 + ']' * 90)",
    "compile('x' * 10, 'f', 'nomode')",
    "eval('-' * 100000 + '1')",
    "import ast; ast.literal_eval('(' * 300)",
    "import ast; ast.parse('-' * 100000 + '1')",
]:
    t.case("much: " + source, "-c", source)
RECURSION = {
    "function": "def f(): f()\nf()",
    "method": "class A:\n  def m(self): self.m()\nA().m()",
    "lambda": "f = lambda x: f(x)\nf(1)",
    "repr": "class A:\n  def __repr__(self): return repr(self)\nrepr(A())",
    "getattr": "class A:\n  def __getattr__(self, n): return getattr(self, n)\nA().x",
    "property": "class A:\n  @property\n  def x(self): return self.x\nA().x",
    "eq": "class A:\n  def __eq__(self, o): return self == o\nA() == A()",
    "hash": "class A:\n  def __hash__(self): return hash(self)\nhash(A())",
    "list repr": "l = []\nl.append(l)\nprint(l)",
    "list eq": "a = []; a.append(a); b = []; b.append(b)\na == b",
    "dict eq": "a = {}; a[0] = a; b = {}; b[0] = b\na == b",
    "deep list": "l = []\nfor i in range(100000): l = [l]\nrepr(l)",
    "deep list dies": "l = []\nfor i in range(300000): l = [l]\ndel l\nprint('done')",
    "deep tuple dies": "l = ()\nfor i in range(300000): l = (l,)\ndel l\nprint('done')",
    "deep dict dies": "l = {}\nfor i in range(300000): l = {0: l}\ndel l\nprint('done')",
    "deep instance dies": "class A: pass\n"
    "a = A()\n"
    "for i in range(300000):\n"
    "  b = A(); b.a = a; a = b\n"
    "del a, b\n"
    "print('done')",
    "deep generator": "def g(x):\n  yield from x\nx = iter([1])\nfor i in range(100000): x = g(x)\nnext(x)",
    "deep comprehension": "f = lambda n: [f(n) for _ in [1]]\nf(0)",
    "deep eval": "def f(n): return eval('f(n)')\nf(0)",
    "deep exec": "s = 'exec(s)'\nexec(s)",
    "import": "import sys\ndef f(): __import__('os'); f()\nf()",
    "deep sort": "class A:\n  def __lt__(self, o): return sorted([self, o])[0] is self\nsorted([A(), A()])",
    "deep call": "class A:\n  def __call__(self): self()\nA()()",
    "call attribute": "class A: pass\nA.__call__ = A()\nA()()",
    "deep str": "class A:\n  def __str__(self): return str(self)\nstr(A())",
    "deep format": "class A:\n  def __format__(self, s): return format(self, s)\nf'{A()}'",
    "deep iter": "class A:\n  def __iter__(self): return iter(self)\niter(A())",
    "deep bool": "class A:\n  def __bool__(self): return bool(self)\nbool(A())",
    "deep add": "class A:\n  def __add__(self, o): return self + o\nA() + 1",
    "deep map": "x = [1]\nfor i in range(100000): x = map(abs, x)\nlist(x)",
    "deep chain": "import itertools\nx = [1]\nfor i in range(100000): x = itertools.chain(x)\nlist(x)",
    "deep partial": "import functools\nf = int\nfor i in range(100000): f = functools.partial(f)\nprint(f())",
    "deep pickle": "import pickle\nl = []\nfor i in range(100000): l = [l]\npickle.dumps(l)",
    "deep marshal": "import marshal\nl = []\nfor i in range(100000): l = [l]\nmarshal.dumps(l)",
    "deep copy": "import copy\nl = []\nfor i in range(100000): l = [l]\ncopy.deepcopy(l)",
    "deep json": "import json\nl = []\nfor i in range(100000): l = [l]\njson.dumps(l)",
    "deep json in": "import json\njson.loads('[' * 100000)",
    "deep exception": "def f():\n  try: f()\n  finally: f()\nimport sys; sys.setrecursionlimit(12)\nf()",
    "deep context": "def f(n):\n  try: 1/0\n  except Exception:\n    if n: f(n - 1)\n    raise KeyError(n)\nf(30)",
    "handler": "def f():\n  try: f()\n  except RecursionError: f()\nimport sys; sys.setrecursionlimit(12)\nf()",
    "isinstance": "x = int\nfor i in range(100000): x = (x,)\nisinstance(1, x)",
    "deep union": "x = int\nfor i in range(12): x = x | list[x]\nprint(len(repr(x)))",
    "deep weakref": "import weakref\n"
    "class A: pass\n"
    "a = A()\n"
    "for i in range(1000): a.w = weakref.ref(a, print)\n"
    "print('done')",
    "C calls": "def f(*a): return max([1, 2], key=f)\nf()",
    "sum": "class A:\n  def __radd__(self, o): return sum([self])\nsum([A()])",
    "new": "class A:\n  def __new__(cls): return cls()\nA()",
    "init": "class A:\n  def __init__(self): A()\nA()",
    "del": "class A:\n  def __del__(self): A()\nimport sys\nsys.setrecursionlimit(50)\nA()\nprint('done')",
    "class": "def f(): \n  class B: f()\nf()",
    "async": "async def f(): await f()\nc = f()\nc.send(None)",
    "settrace": "import sys\ndef f(): f()\nsys.setrecursionlimit(50)\nsys.settrace(lambda *a: None)\nf()",
    "excepthook": "import sys\ndef h(*a): h()\nsys.excepthook = h\nsys.setrecursionlimit(50)\n1/0",
}


def counted(r):
    """How often a line is repeated depends on what else is on the stack: numbers are left out."""
    err = re.sub(
        r"Previous line repeated \d+ more times", "Previous line repeated N more times", r.err
    )
    return Result(r.code, r.out, err)


def raised(r):
    """python3.11 runs out of stack here and dies; this must raise."""
    message = r"RecursionError: maximum recursion depth exceeded( in an iterator)?\n\Z"
    if r.code != 1 or not re.search(message, r.err):
        return "no RecursionError"


for name, source in RECURSION.items():
    see = counted
    if name in ("deep generator", "deep map"):
        t.case("recursion: " + name, "-c", source, check=raised)
        continue
    if (
        name == "C calls"
    ):  # calls of max() have specialised instructions here, and the limit is met a call later
        see = lambda r: (r.code, r.out, r.err.splitlines()[-1][:45])
    elif name in (
        "deep list",
        "list eq",
        "dict eq",
        "deep chain",
        "deep partial",
        "deep pickle",
        "deep marshal",
        "deep json",
        "deep json in",
        "isinstance",
        "deep exception",
        "handler",
        "settrace",
        "excepthook",
        "deep sort",
        "C calls",
        "sum",
    ):
        see = lambda r: (r.code, r.out, r.err.splitlines()[-1:])
    t.case("recursion: " + name, "-c", source, see=see)
t.finish()
