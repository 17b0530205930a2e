# SPDX-License-Identifier: MIT
"""Every PYTHON* variable, alone, with a wrong value, and against the option that does the same."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__)
FLAGS = "import sys; print(sys.flags, sys.warnoptions, sys._xoptions, sys.dont_write_bytecode, sys.pycache_prefix, sys.platlibdir)"
STREAMS = "import sys\nfor f in sys.stdin, sys.stdout, sys.stderr: print(f.encoding, f.errors, f.line_buffering, f.write_through)\nprint(sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())"

for name, values in {
    "PYTHONDEBUG": "1 2 x 0 -1",
    "PYTHONDONTWRITEBYTECODE": "1 x 0",
    "PYTHONOPTIMIZE": "1 2 3 x 0 -5 2147483648",
    "PYTHONINSPECT": "0",
    "PYTHONUNBUFFERED": "1 x 0",
    "PYTHONNOUSERSITE": "1 x 0",
    "PYTHONSAFEPATH": "1 x 0",
    "PYTHONDEVMODE": "1 0 x",
    "PYTHONUTF8": "0 1 2 x",
    "PYTHONINTMAXSTRDIGITS": "0 640 4300 639 x -1 99999999999",
    "PYTHONNODEBUGRANGES": "1 0",
    "PYTHONWARNDEFAULTENCODING": "1 0",
    "PYTHONFAULTHANDLER": "1 0",
    "PYTHONTRACEMALLOC": "1 5 0 x -1 70000",
    "PYTHONPYCACHEPREFIX": "pre /tmp",
    "PYTHONPLATLIBDIR": "lib lib64",
    "PYTHONHASHSEED": "0 1 random 42 4294967295 4294967296 x -1",
    "PYTHONMALLOC": "malloc pymalloc debug malloc_debug pymalloc_debug default x",
    "PYTHONWARNINGS": "default ignore error,ignore::UserWarning x",
    "PYTHONCASEOK": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONDUMPREFS": "1",
    "PYTHONLEGACYWINDOWSSTDIO": "1",
    "PYTHONEXECUTABLE": "/bin/sh",
    "PYTHONCOERCECLOCALE": "0 1 warn x",
}.items():
    for value in ["", *values.split()]:
        t.case("%s=%s" % (name, value), "-c", FLAGS, env={name: value})
    t.case("-E %s" % name, "-E", "-c", FLAGS, env={name: values.split()[0]})

# -- The option and the variable together ---------------------------------------------------------
for option, env in [
    ("-O", {"PYTHONOPTIMIZE": "2"}),
    ("-OO", {"PYTHONOPTIMIZE": "1"}),
    ("-d", {"PYTHONDEBUG": "3"}),
    ("-Xutf8=0", {"PYTHONUTF8": "1"}),
    ("-Xutf8", {"PYTHONUTF8": "0"}),
    ("-Xdev", {"PYTHONMALLOC": "malloc"}),
    ("-Xint_max_str_digits=700", {"PYTHONINTMAXSTRDIGITS": "900"}),
    ("-Wignore", {"PYTHONWARNINGS": "error"}),
    ("-Xpycache_prefix=a", {"PYTHONPYCACHEPREFIX": "b"}),
    ("-Xpycache_prefix=", {"PYTHONPYCACHEPREFIX": "b"}),
    ("-b", {"PYTHONDEVMODE": "1"}),
    ("-Xtracemalloc=2", {"PYTHONTRACEMALLOC": "3"}),
    ("-R", {"PYTHONHASHSEED": "5"}),
    ("-I", {"PYTHONSAFEPATH": "", "PYTHONDEVMODE": "1"}),
]:
    t.case("%s and %s" % (option, env), option, "-c", FLAGS, env=env)

# -- What they do -----------------------------------------------------------------------------------
t.case(
    "PYTHONPATH",
    "-c",
    "import sys, m; print(sys.path)",
    env={"PYTHONPATH": "a:b::/nowhere"},
    files={"b/m.py": "print(__file__)"},
)
t.case(
    "PYTHONPATH file",
    "f.py",
    env={"PYTHONPATH": "b"},
    files={"f.py": "import sys; print(sys.path); import m", "b/m.py": "print(__file__)"},
)
t.case("PYTHONPATH empty", "-c", "import sys; print(sys.path)", env={"PYTHONPATH": ""})
t.case(
    "PYTHONPATH zip",
    "-c",
    "import zm",
    env={"PYTHONPATH": "z.zip"},
    see=lambda r: (r.code, r.out, r.err.splitlines()[-1:]),
)
t.case(
    "PYTHONPATH sitecustomize",
    "-c",
    "print('main')",
    env={"PYTHONPATH": "s"},
    files={"s/sitecustomize.py": "print('site')", "s/usercustomize.py": "print('user')"},
)
t.case(
    "sitecustomize raises",
    "-c",
    "print('main')",
    env={"PYTHONPATH": "s"},
    files={"s/sitecustomize.py": "1/0"},
)
t.case(
    "sitecustomize raises -v",
    "-v",
    "-c",
    "print('main')",
    env={"PYTHONPATH": "s"},
    files={"s/sitecustomize.py": "1/0"},
    see=lambda r: (r.code, r.out, "ZeroDivisionError: division by zero" in r.err),
)
t.case(
    "PYTHONPATH shadows",
    "-c",
    "import json; print(json.x)",
    env={"PYTHONPATH": "s"},
    files={"s/json.py": "x = 1"},
)
t.case(
    "PYTHONPATH shadows encodings",
    "-c",
    "print(1)",
    env={"PYTHONPATH": "s"},
    files={"s/encodings/__init__.py": ""},
    see=lambda r: (r.code, r.out, r.err.splitlines()[:1]),
)
t.case(
    "PYTHONPATH shadows io",
    "-c",
    "import io; print(io.x)",
    env={"PYTHONPATH": "s"},
    files={"s/io.py": "x = 1"},
)
t.case(
    "PYTHONHOME wrong",
    "-c",
    "print(1)",
    env={"PYTHONHOME": "/nowhere"},
    see=lambda r: Result(r.code, r.out, re.sub(r"0x…|Current thread.*", "", r.err)),
)
t.case(
    "PYTHONHOME two",
    "-c",
    "import sys; print(sys.prefix, sys.exec_prefix, sys.path)",
    env={"PYTHONHOME": "/usr:/usr/local"},
)
t.case(
    "PYTHONHOME usr",
    "-c",
    "import sys; print(sys.prefix, sys.exec_prefix, sys.path)",
    env={"PYTHONHOME": "/usr"},
)
t.case(
    "PYTHONSTARTUP not interactive",
    "-c",
    "print(1)",
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "print('startup')"},
)
t.case("PYTHONINSPECT", "-c", "x = 1", env={"PYTHONINSPECT": "1"}, stdin="print(x)\n")
t.case(
    "PYTHONINSPECT set by the program",
    "-c",
    "import os; os.environ['PYTHONINSPECT'] = '1'",
    stdin="print(2)\n",
)
t.case(
    "PYTHONINSPECT after SystemExit",
    "-c",
    "raise SystemExit(3)",
    env={"PYTHONINSPECT": "1"},
    stdin="print(2)\n",
)
t.case(
    "PYTHONUSERBASE",
    "-c",
    "import site, sys; print(site.USER_BASE, site.USER_SITE, [p for p in sys.path if 'base' in p])",
    env={"PYTHONUSERBASE": "/base"},
)
t.case(
    "PYTHONUSERBASE there",
    "-c",
    "import sys, um; print(um.__file__, sys.path)",
    env={"PYTHONUSERBASE": "base"},
    files={
        "base/lib/python3.11/site-packages/um.py": "",
        "base/lib/python3.11/site-packages/x.pth": "import sys; print('pth')\n../../\n# c\nnowhere\n",
    },
)
t.case("PYTHONBREAKPOINT 0", "-c", "print(breakpoint())", env={"PYTHONBREAKPOINT": "0"})
t.case(
    "PYTHONBREAKPOINT function",
    "-c",
    "print(breakpoint())",
    env={"PYTHONBREAKPOINT": "builtins.dict"},
)
t.case("PYTHONBREAKPOINT name", "-c", "print(breakpoint())", env={"PYTHONBREAKPOINT": "print"})
for value in "no.such", "int.x", "", ".x", "m.", "a b":
    t.case(
        "PYTHONBREAKPOINT %r" % value,
        "-c",
        "import sys; sys.stdin = None\nprint(breakpoint())",
        env={"PYTHONBREAKPOINT": value},
        stdin="c\n",
    )
t.case(
    "PYTHONDONTWRITEBYTECODE works",
    "-c",
    "import m, os; print(os.listdir())",
    env={"PYTHONDONTWRITEBYTECODE": "1"},
    files={"m.py": ""},
)
t.case(
    "PYTHONPYCACHEPREFIX works",
    "-c",
    "import m, os; print(m.__cached__, os.listdir())",
    env={"PYTHONPYCACHEPREFIX": "cc"},
    files={"m.py": ""},
)
t.case(
    "PYTHONNODEBUGRANGES works",
    "-c",
    "print(list((lambda: 1 + x).__code__.co_positions()))",
    env={"PYTHONNODEBUGRANGES": "1"},
)
t.case(
    "PYTHONWARNDEFAULTENCODING works",
    "-c",
    "import io; io.TextIOWrapper(io.BytesIO()); open('/dev/null')",
    env={"PYTHONWARNDEFAULTENCODING": "1"},
)
t.case(
    "PYTHONFAULTHANDLER works",
    "-c",
    "import faulthandler; print(faulthandler.is_enabled())",
    env={"PYTHONFAULTHANDLER": "1"},
)
t.case(
    "PYTHONTRACEMALLOC works",
    "-c",
    "import tracemalloc; print(tracemalloc.get_traceback_limit())",
    env={"PYTHONTRACEMALLOC": "9"},
)
t.case(
    "PYTHONPROFILEIMPORTTIME",
    "-c",
    "import m",
    env={"PYTHONPROFILEIMPORTTIME": "1"},
    files={"m.py": ""},
    see=lambda r: (r.code, re.findall(r"\| *(m|imported package)$", r.err, re.M)),
)
t.case(
    "PYTHONHASHSEED is the same",
    "-c",
    "print(hash('a'), hash(b'bc'), hash('ä€😀'), {'a', 'b', 'c', 'd'})",
    env={"PYTHONHASHSEED": "123"},
)
t.case(
    "PYTHONHASHSEED 0",
    "-c",
    "print(hash('a'), hash(b'bc'), hash(''), {'a', 'b', 'c', 'd'}, hash(memoryview(b'x')))",
    env={"PYTHONHASHSEED": "0"},
)
t.case(
    "PYTHONHASHSEED random differs",
    "-c",
    "import subprocess, sys\n"
    'a = {subprocess.run([sys.executable, \'-c\', \'print(hash("a"))\'], capture_output=True).stdout for i in range(3)}\n'
    "print(len(a))",
    env={"PYTHONHASHSEED": "random"},
)
t.case(
    "PYTHONWARNINGS works",
    "-c",
    "import warnings; warnings.warn('a', UserWarning); warnings.warn('b', RuntimeWarning)",
    env={"PYTHONWARNINGS": "ignore,error::RuntimeWarning"},
)
t.case(
    "PYTHONVERBOSE",
    "-c",
    "import m",
    env={"PYTHONVERBOSE": "1"},
    files={"m.py": ""},
    see=lambda r: (r.code, [l for l in r.err.splitlines() if re.search(r"\bm\b", l)]),
)
t.case(
    "PYTHONMALLOCSTATS",
    "-c",
    "0",
    env={"PYTHONMALLOCSTATS": "1"},
    see=lambda r: (r.code, r.out, "arenas" in r.err),
)

# -- Encodings --------------------------------------------------------------------------------------
for encoding in [
    "utf-8",
    "latin-1",
    "ascii:replace",
    ":backslashreplace",
    "utf-16",
    "utf-8:",
    "nosuch",
    "utf-8:nosuch",
    ":nosuch",
    "cp1252:strict",
]:
    t.case(
        "PYTHONIOENCODING " + encoding,
        "-c",
        STREAMS + "\nprint('\\u20ac\\xe4')",
        env={"PYTHONIOENCODING": encoding},
    )
for locale in ["C", "POSIX", "C.UTF-8", "en_US.ISO-8859-1", "nosuch"]:
    for extra in [
        {},
        {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONUTF8": "1"},
        {"PYTHONCOERCECLOCALE": "warn"},
    ]:
        t.case(
            "locale %s %s" % (locale, " ".join("%s=%s" % i for i in extra.items())),
            "-c",
            STREAMS + "\nimport os; print(os.environ.get('LC_CTYPE'), os.environ.get('LC_ALL'))",
            env={"LC_ALL": None, "LANG": locale, **extra},
        )
        t.case(
            "locale LC_ALL %s %s" % (locale, " ".join("%s=%s" % i for i in extra.items())),
            "-c",
            STREAMS,
            env={"LC_ALL": locale, **extra},
        )
t.shell(
    "undecodable argument",
    "$P -c 'import sys; print(ascii(sys.argv), ascii(sys.orig_argv[-1]))' $'\\xff\\xfe' ä",
)
t.shell(
    "undecodable argument, C locale",
    "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 $P -c 'import sys; print(ascii(sys.argv))' $'\\xff' ä",
)
t.shell("undecodable command", "$P -c $'print(1) # \\xff'")
t.shell(
    "undecodable command, C locale",
    "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 $P -c $'print(ascii(\"\\xff\"))'",
)
t.shell(
    "undecodable variable",
    "X=$'\\xff' $P -c 'import os; print(ascii(os.environ[\"X\"]), os.environb[b\"X\"])'",
)
t.case("surrogates to stdout", "-c", "print('\\udc80')")
t.case("surrogates to stderr", "-c", "import sys; print('\\udc80\\ud800', file=sys.stderr)")
t.case("surrogates in exception", "-c", "raise ValueError('\\udc80 \\ud800 \\xe4')")
t.case(
    "exception to ascii stderr",
    "-c",
    "raise ValueError('\\xe4\\u20ac')",
    env={"PYTHONIOENCODING": "ascii"},
)
t.finish()
