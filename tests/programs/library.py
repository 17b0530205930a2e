# SPDX-License-Identifier: MIT
"""Programs of the standard library, run as `-m NAME`: the same output as under python3.11."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__, named=True)
LIB = "/usr/lib/python3.11/"

SAMPLE = '''\
"""A module with a bit of everything."""
import os, sys
from typing import Any


class Account:
    """Money of somebody.

    >>> a = Account("Ann")
    >>> a.add(5).balance
    5
    >>> a.add(-10)
    Traceback (most recent call last):
        ...
    ValueError: not enough
    """
    count: int = 0

    def __init__(self, owner, *, balance=0):
        self.owner, self.balance = owner, balance

    def add(self, amount: "int", /, reason=None) -> "Account":
        """Put money in, or take it out."""
        if self.balance + amount < 0:
            raise ValueError("not enough")
        self.balance += amount
        return self

    @property
    def rich(self):
        return self.balance > 10 ** 6

    @staticmethod
    def of(*names, **more): return [Account(n, **more) for n in names]


async def later(x):
    async with x as y, z:
        async for i in y:
            yield await i


def main(argv=sys.argv[1:]):
    """Do it all.

    >>> main(["a"])
    {'a': 1}
    """
    match argv:
        case [first, *rest] if not rest:
            return {first: 1}
        case {"k": v} | [v]:
            return f"{v!r:>10}"
    try:
        with open(argv[0]) as f:
            return [line.strip() for line in f if line]
    except* (OSError, IndexError) as e:
        print(e.exceptions)
    finally:
        total = sum(i ** 2 for i in range(3))
    return lambda: total


if __name__ == "__main__":
    print(main(["x"]), Account("Bob").add(3).balance, [a.owner for a in Account.of("c", "d")])
'''
TESTS = '''\
import unittest, sys

class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): print("class", file=sys.stderr)
    def setUp(self): self.x = [1, 2]
    def test_good(self): self.assertEqual(self.x, [1, 2])
    def test_bad(self): self.assertEqual({"a": 1, "b": [1, 2, 3]}, {"a": 1, "b": [1, 2, 4]}, "words")
    def test_lines(self): self.assertMultiLineEqual("a\\nb\\nc\\n", "a\\nx\\nc\\n")
    def test_error(self): {}["k"]
    def test_raises(self):
        with self.assertRaisesRegex(ZeroDivisionError, "div"): 1 / 0
    @unittest.skip("not today")
    def test_skipped(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    def test_clean(self):
        self.addCleanup(lambda: 1 / 0)
    def test_logs(self):
        import logging
        with self.assertLogs("x", "INFO") as cm: logging.getLogger("x").info("hello")
        self.assertEqual(cm.output, ["INFO:x:hello"])
    def test_warns(self):
        import warnings
        with self.assertWarns(UserWarning): warnings.warn("w")

class A(unittest.IsolatedAsyncioTestCase):
    async def test_async(self):
        import asyncio
        await asyncio.sleep(0)
        self.assertTrue(True)

if __name__ == "__main__":
    unittest.main()
'''
FILES = {
    "sample.py": SAMPLE,
    "test_it.py": TESTS,
    "data.json": '{"b": [1, 2.5, null, true], "a": "\\u00e4\\n", "c": {}, "d": []}\n',
    "bad.json": '{"a": 1,}\n',
    "lines.json": '{"a": 1}\n[2]\n"x"\n',
    "calc.py": "import sys\n"
    "\n"
    "def square(n):\n"
    "    result = n * n\n"
    "    return result\n"
    "\n"
    "def total(items):\n"
    "    t = 0\n"
    "    for i in items:\n"
    "        t += square(i)\n"
    "    return t\n"
    "\n"
    "class C:\n"
    "    def __init__(self): self.v = [1, 2]\n"
    "\n"
    "print(total([1, 2, 3]))\n"
    "c = C()\n"
    "if len(sys.argv) > 1: total([None])\n",
    "old.py": "import urllib2, ConfigParser\n"
    'print \'a\', "b"\n'
    "class A:\n"
    "    __metaclass__ = M\n"
    "    def next(self): return 0777\n"
    "for k, v in d.iteritems():\n"
    "    if d.has_key(k) <> 1: raise E, 'm'\n"
    "try: exec code in ns\n"
    "except IOError, e: print >>f, `e`\n"
    "x = map(lambda (a, b): a + b, unicode(raw_input()))\n"
    "reduce(f, xrange(10L))\n",
    "tabs.py": "if 1:\n    if 2:\n        x = 1\n\ty = 2\n",
    "good.py": "if 1:\n    x = 1\n",
    "broken.py": "x = = 1\n",
}


def case(name, *command, **options):
    t.case(name, *command, files={**FILES, **options.pop("files", {})}, **options)


def times(r):
    """Durations and numbers of repetitions are of the moment."""

    def blur(s):
        return re.sub(
            r"\d+(\.\d+)?(e[-+]?\d+)? ?(nsec|usec|msec|sec|s)\b",
            "N \\3",
            re.sub(r"^\d+ loops", "N loops", s, flags=re.M),
        )

    err = re.sub(
        r"^:0: UserWarning: The test results are likely unreliable.*\n", "", r.err, flags=re.M
    )  # a busy machine
    return Result(r.code, blur(r.out), blur(err))


t.case("this", "-m", "this")
t.case("__hello__", "-m", "__hello__")

# -- Looking at programs ------------------------------------------------------------------------------
for name in "textwrap", "heapq", "dataclasses", "asyncio/tasks", "contextlib", "enum", "argparse":
    t.case("dis " + name, "-m", "dis", LIB + name + ".py")
    t.case("ast " + name, "-m", "ast", LIB + name + ".py")
    t.case("tokenize " + name, "-m", "tokenize", LIB + name + ".py")
for module in "dis", "ast", "tokenize", "py_compile", "tabnanny", "symtable", "pyclbr":
    case("%s sample" % module, "-m", module, "sample.py")
    case("%s broken" % module, "-m", module, "broken.py")
    case("%s missing" % module, "-m", module, "missing.py")
    case("%s -h" % module, "-m", module, "-h")
case("dis stdin", "-m", "dis", "-", stdin="for i in x: print(i)\n")
case("ast stdin", "-m", "ast", stdin="for i in x: print(i)\n")
case("ast modes", "-m", "ast", "-m", "eval", "-a", "-i", "2", stdin="a + b * c")
case("ast no type comments", "-m", "ast", "--no-type-comments", "-", stdin="x = 1 # type: int\n")
case("tokenize -e", "-m", "tokenize", "-e", "sample.py")
case("tokenize stdin", "-m", "tokenize", stdin="x = 'ä' # c\nif x:\n  y\n")
case("tokenize unterminated", "-m", "tokenize", stdin="x = '''abc\n")
case("tabnanny tabs", "-m", "tabnanny", "tabs.py", "good.py")
case("tabnanny -v", "-m", "tabnanny", "-v", "tabs.py", "good.py")
case(
    "pickletools",
    "-m",
    "pickletools",
    "-a",
    "p",
    files={"p": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s."},
)
case(
    "pickle",
    "-m",
    "pickle",
    "p",
    files={"p": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s."},
)
case("modulefinder", "-m", "modulefinder", "calc.py")
for name in (
    "sample",
    "sample:Account",
    "sample:Account.add",
    "json:dumps",
    "sample:nothing",
    "nothing",
    "sys",
    "collections",
    "json.decoder:JSONDecoder",
    "ast:NodeVisitor",
):
    case("inspect " + name, "-m", "inspect", name)
    case("inspect --details " + name, "-m", "inspect", "--details", name)
for name in (
    "sample",
    "sample.Account",
    "json.dumps",
    "nothing",
    "if",
    "LOOPING",
    "textwrap",
    "dataclasses.dataclass",
    "enum.Enum",
    "./sample.py",
    "broken",
):
    case("pydoc " + name, "-m", "pydoc", name)
case("pydoc -w", "-m", "pydoc", "-w", "sample")
case("pydoc html", "-c", "import pydoc, sample; print(pydoc.HTMLDoc().docmodule(sample))")
case("pydoc", "-m", "pydoc")

# -- Running programs ---------------------------------------------------------------------------------
case("timeit", "-m", "timeit", "-n", "10", "-r", "3", "x = 1", see=times)
case(
    "timeit auto",
    "-m",
    "timeit",
    "-r",
    "1",
    "for i in range(100): pass",
    see=lambda r: (r.code, re.sub(r"[\d.]+", "N", re.sub("[num]sec", "sec", r.out)), r.err),
)
case(
    "timeit -s",
    "-m",
    "timeit",
    "-s",
    "y = 2",
    "-v",
    "-n",
    "2",
    "-r",
    "2",
    "-u",
    "usec",
    "y + 1",
    see=lambda r: (
        r.code,
        re.sub(r"[\d.e-]+", "N", r.out),
        r.err if "unreliable" not in r.err else "",
    ),
)
case("timeit error", "-m", "timeit", "1/0")
case("timeit syntax error", "-m", "timeit", "x = = 1")
case("timeit -h", "-m", "timeit", "-h")
case("doctest", "-m", "doctest", "sample.py")
case("doctest -v", "-m", "doctest", "-v", "sample.py")
case(
    "doctest fails",
    "-m",
    "doctest",
    "d.py",
    files={
        "d.py": "def f():\n"
        '    """\n'
        "    >>> f()\n"
        "    2\n"
        "    >>> 1 / 0\n"
        '    >>> print("a\\\\nb")\n'
        "    a\n"
        "    c\n"
        '    """\n'
        "    return 1\n"
    },
)
case(
    "doctest text",
    "-m",
    "doctest",
    "-o",
    "ELLIPSIS",
    "-o",
    "REPORT_NDIFF",
    "d.txt",
    files={
        "d.txt": "Words.\n\n    >>> list(range(20))\n    [0, 1, ..., 19]\n    >>> 'abc'\n    'abd'\n"
    },
)
for args in (
    [],
    ["-v"],
    ["-q"],
    ["-f"],
    ["-b"],
    ["-k", "good"],
    ["-v", "-k", "*sub*"],
    ["--locals"],
    ["-v", "test_it.T.test_good", "test_it.T.test_bad"],
    ["test_it.T.missing"],
    ["missing"],
    ["discover", "-v"],
    ["discover", "-p", "x*"],
    ["-h"],
):
    names = (
        []
        if args
        and (
            args[0] == "discover"
            or not args[-1].startswith("-")
            and "." in args[-1]
            or args[-1] == "missing"
        )
        else ["test_it"]
    )
    case("unittest " + " ".join(args), "-m", "unittest", *args, *names, see=times)
case("unittest file", "-m", "unittest", "test_it.py", see=times)
case("unittest main", "test_it.py", "-v", see=times)
case("trace --trace", "-m", "trace", "--trace", "calc.py")
case(
    "trace --trace --timing",
    "-m",
    "trace",
    "--trace",
    "-g",
    "calc.py",
    see=lambda r: Result(r.code, re.sub(r"^\d+\.\d+", "T", r.out, flags=re.M), r.err),
)
case(
    "trace --listfuncs",
    "-m",
    "trace",
    "--listfuncs",
    "calc.py",
    see=lambda r: (r.code, sorted(l for l in r.out.splitlines() if "calc" in l), r.err),
)
case(
    "trace --trackcalls",
    "-m",
    "trace",
    "--trackcalls",
    "calc.py",
    see=lambda r: (r.code, [l for l in r.out.splitlines() if "calc" in l], r.err),
)
t.shell(
    "trace --count",
    "$P -m trace --count --missing --summary -C cover calc.py | grep calc; cat cover/calc.cover",
    files=FILES,
)
case("trace ignores", "-m", "trace", "--trace", "--ignore-dir=/usr/lib", "sample.py")
case("trace raising", "-m", "trace", "--trace", "calc.py", "x")


def profile(r):
    """The functions and how often each was called, without the durations. Which C functions there are is not compared."""
    rows = re.findall(r"^ +(\S+)(?: +\d+\.\d+){4} (?!\{|.*<frozen|.*/usr/lib)(.*)$", r.out, re.M)
    return (
        r.code,
        r.out.partition(" function calls")[0].split("\n")[:-1],
        sorted(rows),
        r.err.splitlines()[-1:],
    )


for module in "cProfile", "profile":
    case(module, "-m", module, "calc.py", see=profile)
    case(module + " -s", "-m", module, "-s", "name", "calc.py", see=profile)
    case(module + " -m", "-m", module, "-m", "calc", see=profile)
    case(module + " raising", "-m", module, "calc.py", "x", see=profile)
    t.shell(
        module + " -o",
        "$P -m %s -o out calc.py; $P -m pstats out <<< $'sort calls\\nstats square\\ncallers square\\ncallees total\\nquit' | sed 's/[0-9]*\\.[0-9]*/T/g; s/ *T/ T/g; s/[A-Z][a-z][a-z] [A-Z][a-z][a-z] .* 20[0-9][0-9]/DATE/; s/ [0-9]* function calls/ N function calls/; s/reduced from [0-9]*/reduced/'"
        % module,
        files=FILES,
    )
case("runpy", "-m", "runpy", "calc")
case(
    "zipapp",
    "-c",
    "import zipapp, os; os.mkdir('app'); open('app/__main__.py', 'w').write('import sys, helper; "
    "print(helper.x, sys.argv)'); open('app/helper.py', 'w').write('x = 5'); "
    "zipapp.create_archive('app', 'app.pyz', interpreter='/usr/bin/env python3', compressed=False); "
    "print(zipapp.get_interpreter('app.pyz'))",
)
t.shell(
    "zipapp run",
    "mkdir app; echo 'def main(): print(5, __file__)' > app/m.py; "
    "$P -m zipapp app -m m:main -p '/usr/bin/env python3' -o app.pyz && $P app.pyz && $P -m zipapp app.pyz --info && head -c 22 app.pyz; "
    "$P -m zipapp -c app -m m:main -o c.pyz && $P c.pyz",
)
t.shell(
    "venv",
    "$P -m venv --without-pip env && env/bin/python -c 'import sys; "
    "print(sys.prefix, sys.base_prefix, sys.executable)' && ls env env/bin env/lib/python3.11 && sed 's/^\\(executable\\|command\\) = .*/\\1/' env/pyvenv.cfg && env/bin/python -m site --user-site && env/bin/python -I -c 'import sys; "
    "print(sys.path[-1], sys.flags.isolated)'",
    see=lambda r: r,
)
t.shell(
    "venv --copies",
    "$P -m venv --without-pip --copies --prompt name --system-site-packages env && env/bin/python -c 'import sys; "
    "print(sys.prefix, sys.base_prefix, len(sys.path))'; "
    "grep -v -e '^executable' -e '^command' env/pyvenv.cfg; grep -c name env/bin/activate",
    see=lambda r: r,
)

# -- pdb ----------------------------------------------------------------------------------------------
PDB = """b square
c
w
p n
a
n
n
pp locals()
r
u
l
ll
d
s
cl 1
tbreak calc.py:10
c
b
condition 2 i == 3
c
p i
!t = 100
j 11
until
display t
whatis t
source C
interact_not
commands
e
alias pi for k in %1.__dict__.keys(): print(k)
alias
unalias pi
h where
x = 5
x
1/0
undefined
exceptions
c
q
"""
case("pdb", "-m", "pdb", "calc.py", stdin=PDB)
case(
    "pdb -c",
    "-m",
    "pdb",
    "-c",
    "b total",
    "-c",
    "c",
    "-c",
    "p items",
    "-c",
    "q",
    "calc.py",
    stdin="",
)
case("pdb -m", "-m", "pdb", "-m", "calc", stdin="b square\nc\nbt\nq\n")
case("pdb post mortem", "-m", "pdb", "calc.py", "x", stdin="c\np n\nu\np t\nw\nc\nq\n")
case("pdb syntax error", "-m", "pdb", "broken.py", stdin="q\n")
case("pdb end of file", "-m", "pdb", "calc.py", stdin="n\n")
case(
    "pdb commands file",
    "-m",
    "pdb",
    "calc.py",
    stdin="b square\ncommands 1\nsilent\nprint('at', n)\nc\nend\nc\nq\n",
)
case("pdb .pdbrc", "-m", "pdb", "calc.py", stdin="w\nq\n", files={".pdbrc": "b total\nc\n"})
case(
    "pdb restart",
    "-m",
    "pdb",
    "calc.py",
    stdin="c\nrun a b\np sys.argv if 'sys' in dir() else 0\nq\n",
)
case(
    "breakpoint()",
    "f.py",
    files={"f.py": "def f(x):\n    breakpoint()\n    return x + 1\nprint(f(3))\n"},
    stdin="p x\nu\nl\nd\nn\nr\nc\n",
)
case(
    "set_trace generator",
    "f.py",
    files={
        "f.py": "import pdb\n"
        "def g():\n"
        "    yield 1\n"
        "    yield 2\n"
        "for x in g():\n"
        "    if x == 1: pdb.set_trace()\n"
        "    print(x)\n"
    },
    stdin="n\nn\ns\ns\ns\nw\nc\n",
)
case("pdb help", "-m", "pdb", "calc.py", stdin="h\nh b\nh pdb\nh nothing\nq\n")
case("pdb -h", "-m", "pdb", "-h")

# -- Data ---------------------------------------------------------------------------------------------
for args in (
    [],
    ["--sort-keys"],
    ["--indent", "2"],
    ["--tab"],
    ["--no-indent"],
    ["--compact"],
    ["--no-ensure-ascii"],
):
    case("json.tool " + " ".join(args), "-m", "json.tool", *args, "data.json")
case("json.tool bad", "-m", "json.tool", "bad.json")
case("json.tool stdin", "-m", "json.tool", stdin='[1, {"a": NaN}]')
case("json.tool lines", "-m", "json.tool", "--json-lines", "lines.json")
case("json.tool to file", "-m", "json.tool", "data.json", "out.json")
case("base64 -e", "-m", "base64", "-e", stdin=bytes(range(256)))
case("base64 -d", "-m", "base64", "-d", stdin="aGVsbG8gd29ybGQ=\n")
case("base64 -u", "-m", "base64", "-u", stdin="aGVsbG8gd29ybGQ=\n")
case("base64 -t", "-m", "base64", "-t")
case("quopri", "-m", "quopri", stdin="ä = b\tc \n")
case("quopri -d", "-m", "quopri", "-d", stdin="=C3=A4 =3D b=\nc\n")
case("uu", "-m", "uu", "sample.py")
case("rot13", "-m", "encodings.rot_13", stdin="Uryyb jbeyq\n")
case("calendar", "-m", "calendar", "2024")
case("calendar month", "-m", "calendar", "2024", "2", "-w", "4", "-l", "2")
case("calendar html", "-m", "calendar", "-t", "html", "2023")
case("calendar locale", "-m", "calendar", "-L", "C", "-e", "utf-8", "2000", "1")
case(
    "difflib",
    "-c",
    "import difflib, sys; "
    "sys.stdout.writelines(difflib.unified_diff(open('calc.py').readlines(), open('sample.py').readlines(), 'a', 'b'))",
)
case(
    "filecmp",
    "-c",
    "import filecmp, os; os.mkdir('x'); os.mkdir('y'); open('x/a', 'w').write('1'); "
    "open('y/a', 'w').write('2'); open('x/b', 'w'); filecmp.dircmp('x', 'y').report_full_closure()",
)
t.shell(
    "gzip",
    "$P -m gzip sample.py && $P -m gzip -d sample.py.gz && echo done; $P -m gzip -d missing.gz; "
    "gzip -k calc.py; rm calc.py; $P -m gzip -d calc.py.gz && cat calc.py",
    files=FILES,
)
t.shell(
    "tarfile",
    "$P -m tarfile -c a.tar sample.py data.json; $P -m tarfile -l a.tar; $P -m tarfile -e a.tar out; "
    "cmp out/sample.py sample.py && echo same; $P -m tarfile -t a.tar -v; $P -m tarfile -c a.tgz calc.py; "
    "tar tf a.tgz",
    files=FILES,
)
t.shell(
    "zipfile",
    "touch -d 2020-01-02 sample.py calc.py; $P -m zipfile -c a.zip sample.py calc.py; "
    "$P -m zipfile -l a.zip; $P -m zipfile -t a.zip; $P -m zipfile -e a.zip out; "
    "cmp out/calc.py calc.py && echo same",
    files=FILES,
)
case(
    "sqlite",
    "-c",
    "import sqlite3; c = sqlite3.connect(':memory:'); c.execute('create table t (a, b)'); "
    "c.executemany('insert into t values (?, ?)', [(1, 'x'), (2, None)]); "
    "print(c.execute('select * from t order by a desc').fetchall(), sqlite3.sqlite_version_info > (3,))",
)
case(
    "csv",
    "-c",
    "import csv, sys; w = csv.writer(sys.stdout); "
    'w.writerows([[1, \'a,b\', \'q"q\', None], [\'x\\ny\', 2.5]]); '
    'print(list(csv.DictReader([\'a,b\', \'1,2\', \'3,"4"\'])))',
)
case("mimetypes", "-m", "mimetypes", "a.html", "b.tar.gz", "c.nothing", see=lambda r: r)
case("textwrap", "-c", "import textwrap; print(textwrap.fill(open('sample.py').read(), 50))")
case(
    "xml",
    "-c",
    'import xml.etree.ElementTree as E, xml.dom.minidom as M; s = \'<a x="1"><b>t</b>&amp;<!-- c --></a>\'; '
    "print(E.tostring(E.fromstring(s)), M.parseString(s).toprettyxml())",
)

# -- About the machine ----------------------------------------------------------------------------------
case("site", "-m", "site")
for option in "--user-base", "--user-site", "--help", "--nothing":
    case("site " + option, "-m", "site", option)
case("site -s", "-s", "-m", "site")
case(
    "sysconfig",
    "-m",
    "sysconfig",
    see=lambda r: (
        r.code,
        [
            l
            for l in r.out.splitlines()
            if re.match(
                r"Platform|Python version|Current|Paths|\t(data|include|lib|plat|pure|scripts|stdlib|EXT_SUFFIX|SOABI|LIBDIR|py_version|prefix)",
                l,
            )
        ],
        r.err,
    ),
)
case(
    "sysconfig paths",
    "-c",
    "import sysconfig; "
    "print(sysconfig.get_paths(), sysconfig.get_scheme_names(), sysconfig.get_config_h_filename(), sysconfig.get_makefile_filename())",
)
case("platform", "-m", "platform")
case(
    "platform names",
    "-c",
    "import platform as p; "
    "print(p.python_implementation(), p.python_version(), p.python_branch(), p.architecture(), p.python_version_tuple())",
)
case("ensurepip", "-m", "ensurepip", "--version", see=lambda r: (r.code, r.err))
case(
    "sysconfig vars",
    "-c",
    "import sysconfig as s; "
    "print([s.get_config_var(v) for v in ('EXT_SUFFIX', 'SOABI', 'Py_ENABLE_SHARED', 'SIZEOF_LONG', 'WITH_PYMALLOC', 'LDVERSION', 'srcdir')])",
)
case("compileall -h", "-m", "compileall", "-h")
case("compileall list", "-m", "compileall", "-l", ".")
case("compileall -q", "-m", "compileall", "-q", "sample.py", "calc.py")
case("compileall missing", "-m", "compileall", "missing")
# where the thread of the prompt waits for a result is chance
case(
    "asyncio",
    "-m",
    "asyncio",
    stdin="import asyncio\nawait asyncio.sleep(0)\nx = 1 + 1\nx\n1/0\nawait nothing\n",
    see=lambda r: Result(
        r.code,
        r.out,
        re.sub(
            r"(?s)^asyncio REPL.*?Type .*?\n|  File .*concurrent.futures.*\n.*\n.*\n", "", r.err
        ),
    ),
)
case(
    "code",
    "-m",
    "code",
    stdin="x = 1\nx + 1\nif x:\n  print(x)\n\n1/0\nx = = 1\nimport sys; sys.exit(3)\n",
    see=lambda r: Result(r.code, r.out, re.sub(r"(?s)^Python .*?Type .*?\n", "", r.err)),
)
case("code -q", "-m", "code", "-q", stdin="1\n")

# -- lib2to3, pygments ------------------------------------------------------------------------------------
case("lib2to3", "-m", "lib2to3", "old.py")
case("lib2to3 -l", "-m", "lib2to3", "-l")
case(
    "lib2to3 -w",
    "-c",
    "import lib2to3.main; lib2to3.main.main('lib2to3.fixes', ['-w', '-n', '-o', 'out', 'old.py']); "
    "print(open('out/old.py').read())",
)
for name in "optparse", "smtplib", "getopt", "cgi":
    case("lib2to3 " + name, "-m", "lib2to3", LIB + name + ".py", timeout=300)
for formatter in "html", "terminal", "raw", "latex":
    case("pygments " + formatter, "-m", "pygments", "-f", formatter, LIB + "shutil.py", timeout=300)
case("pygments json", "-m", "pygments", "-l", "json", "-f", "terminal256", "data.json")
case("pygments guess", "-m", "pygments", "-g", "-f", "raw", "sample.py")
case("pygments -L", "-m", "pygments", "-L", "lexers")

# -- The tour -------------------------------------------------------------------------------------------------
TOUR = os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
    "examples",
    "tour.py",
)


def sections(r):
    """What both can show; how many blocks and bytes something takes, and when it was written, may differ."""
    return (
        r.code,
        r.err,
        [
            s
            for s in re.sub(r"(blocks for 1000 lists:|begins with) .*", "", r.out).split("\n== ")
            if "-X dump=" not in s.partition("\n")[0] and not s.startswith("shown by")
        ],
    )


def complete(r):
    parts = r.out.split("\n== ")
    if (
        r.code
        or r.err
        or len(parts) != 23
        or "does not show" in r.out
        or min(len(p) for p in parts[2:]) < 20
    ):
        return "exit %s, %d sections" % (r.code, len(parts))


t.case("tour", TOUR, see=sections)
t.case("tour, every section", TOUR, check=complete)
t.finish()
