# SPDX-License-Identifier: MIT
"""Every option of the command line, known and unknown, alone and together."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__)
FLAGS = "import sys; print(sys.flags, sys.warnoptions, sys._xoptions, sys.dont_write_bytecode, sys.orig_argv[1:], sys.argv)"
MOD = {
    "mod.py": '"doc"\nx = 1\n',
    "warn.py": "import warnings\n"
    "for i in range(2): warnings.warn('w%d' % 1, DeprecationWarning)\n"
    "warnings.warn('u')\n",
}

# -- What a flag does to sys.flags, and everything that reads the command line --------------------
for option in """-b -bb -bbb -B -d -dd -E -i -I -O -OO -OOO -P -q -qq -s -S -u -x -t -R -Bs -OB -IO -bBdEiOPqsSu -OOi
                 -Wd -Werror -Wignore::DeprecationWarning -Xdev -Xutf8 -Xutf8=0 -Xutf8=1 -Xa=b -Xa -Xa=b=c -Xfaulthandler
                 -Xno_debug_ranges -Xwarn_default_encoding -Xint_max_str_digits=640 -Xint_max_str_digits=0
                 -Xshowrefcount -Xfrozen_modules -Xfrozen_modules=on -Xfrozen_modules=off -Xtracemalloc -Xtracemalloc=3
                 -Xpycache_prefix=x""".split():
    t.case("flags " + option, option, "-c", FLAGS, "arg", "-b")
t.case("flags several -X", "-X", "a", "-X", "a=1", "-Xb", "-X", "dev", "-c", FLAGS)
t.case("flags several -W", "-W", "ignore", "-Wd", "-c", FLAGS)
t.case("flags -Xdev -W -bb", "-X", "dev", "-bb", "-W", "once", "-c", FLAGS)
t.case("joined -c", "-cprint(1)", "x")
t.case("joined flags and -c", "-Bc", "import sys; print(sys.argv)", "-c", "x")
t.case("joined -m", "-mmod", "x", files={"mod.py": FLAGS})
t.case("-- ends options", "-B", "--", "f.py", "-O", files={"f.py": FLAGS})
t.case("options after file", "f.py", "-O", "--", "-", files={"f.py": FLAGS})
t.case(
    "-i reads stdin after",
    "-i",
    "-c",
    "x = 5",
    stdin="print(x)\n1/0\nx\nimport sys; sys.flags.inspect\n",
)

# -- Unknown and incomplete ones ------------------------------------------------------------------
for bad in [
    "-z",
    "-Bz",
    "-J",
    "-c",
    "-m",
    "-W",
    "-X",
    "-Bc",
    "--unknown",
    "--check-hash-based-pycs",
    "-é",
    "-+",
    "-:",
    "--helpx",
    "--version2",
    "-BX",
    "--check-hash-based-pycs=always",
]:
    t.case("bad " + bad, bad)
t.case("bad check mode", "--check-hash-based-pycs", "sometimes", "-c", "0")
for mode in "always", "default", "never":
    t.case(
        "check mode " + mode,
        "--check-hash-based-pycs",
        mode,
        "-c",
        "import _imp; print(_imp.check_hash_based_pycs)",
    )
t.case("bad after good", "-B", "-O", "-z", "-c", "0")

# -- Versions and help: the help is in our own words, the options it names are the same -----------
t.case("-V", "-V")
t.case("--version", "--version")
t.case("-V before -c", "-V", "-c", "print(1)")
t.case("-Vh", "-Vh", see=lambda r: (r.code, r.out[:10], r.err))
t.case("-hV", "-hV", see=lambda r: (r.code, r.out[:10], r.err))


def build_of_ours(r):
    return Result(r.code, re.sub(r"\(.*\) \[.*\]", "(BUILD) [COMPILER]", r.out), r.err)


t.case("-VV", "-VV", see=build_of_ours)
t.case("-VVV", "-VVV", see=build_of_ours)


def words(pattern):
    return lambda r: (r.code, re.findall(pattern, r.out, re.M), r.err, r.out.count("usage: PYTHON"))


for option in "-h", "-?", "--help", "-Bh", "-hz":
    t.case(
        "help " + option,
        option,
        see=words(r"^-\w+|^file|^arg|^-(?= )|^--[\w-]+|PYTHON[A-Z0-9]+=?x?"),
    )
t.case(
    "--help-env",
    "--help-env",
    see=lambda r: (r.code, sorted(set(re.findall(r"PYTHON[A-Z0-9]+", r.out))), r.err),
)
OWN = r"(?!check|dump|log|stress)"  # options that only Vitro has
t.case("--help-xoptions", "--help-xoptions", see=words(r"^-X " + OWN + r"\w+"))
t.case(
    "--help-all",
    "--help-all",
    see=lambda r: (
        r.code,
        r.out.count("usage:"),
        set(re.findall(r"^-\w|^-X " + OWN + r"\w+", r.out, re.M)),
        r.err,
    ),
)

# -- Each option's effect -------------------------------------------------------------------------
BYTES = "import sys\nprint(b'a' == 'a', bytearray(b'x') == 'x', {b'a': 1, 'a': 2}.get(97))\nprint(str(b'q'))\nb'a' == 1\nprint('done')\n"
for option in "-b", "-bb", "-B":
    t.case("bytes " + option, option, "f.py", files={"f.py": BYTES})
t.case("-bb str", "-bb", "-c", "str(bytearray())")
t.case(
    "-B writes nothing",
    "-B",
    "-c",
    "import mod, os; print(os.path.exists('__pycache__'), mod.__cached__)",
    files=MOD,
)
t.case(
    "without -B",
    "-c",
    "import mod, os; print(os.listdir('__pycache__'), mod.__cached__)",
    files=MOD,
)
t.case(
    "-O name",
    "-O",
    "-c",
    "import mod, os; print(os.listdir('__pycache__'), mod.__doc__)",
    files=MOD,
)
t.case(
    "-OO name",
    "-OO",
    "-c",
    "import mod, os; print(os.listdir('__pycache__'), mod.__doc__)",
    files=MOD,
)
ASSERT = 'def f():\n    "doc"\n    assert 0, "no"\n    if __debug__: return 1\n    return 2\nprint(f.__doc__, __debug__)\nprint(f())\n'
for option in "-B", "-O", "-OO":
    t.case("assert " + option, option, "f.py", files={"f.py": ASSERT})
t.case("-x", "-x", "f.py", files={"f.py": "this is no Python at all $$$\nprint(1)\n1/0\n"})
t.case("-x one line", "-x", "f.py", files={"f.py": "this is no Python"})
t.case("-x stdin", "-x", stdin="print(1)\nprint(2)\n")
t.case("-x with -c", "-x", "-c", "print(1)")
t.case(
    "-P file",
    "-P",
    "d/f.py",
    files={"d/f.py": "import sys; print(sys.path[:2])\nimport other", "d/other.py": "print('o')"},
)
t.case("-P -c", "-P", "-c", "import mod", files=MOD)
t.case("-P -m", "-P", "-m", "mod", files=MOD)
t.case(
    "no -P file",
    "d/f.py",
    files={"d/f.py": "import sys; print(sys.path[:2])\nimport other", "d/other.py": "print('o')"},
)
t.case(
    "-E",
    "-E",
    "-c",
    "import sys; print(sys.path[:2], sys.flags.optimize)",
    env={"PYTHONPATH": "/x", "PYTHONOPTIMIZE": "2"},
)
t.case(
    "-I",
    "-I",
    "f.py",
    files={"f.py": "import sys; print(sys.path[:1], sys.flags)", "mod.py": ""},
    env={"PYTHONPATH": "/x"},
)
t.case("-s", "-s", "-c", "import site; print(site.ENABLE_USER_SITE)")
t.case("user site", "-c", "import site; print(site.ENABLE_USER_SITE, site.getusersitepackages())")
t.case(
    "-S",
    "-S",
    "-c",
    "import sys; print('site' in sys.modules, sys.path, 'exit' in dir(__builtins__))",
)
t.case(
    "-IS",
    "-IS",
    "-c",
    "import sys; "
    "print(sys.path, sorted(m for m in sys.modules if '.' not in m and m not in sys.builtin_module_names))",
)
t.case(
    "path",
    "-c",
    "import sys; print(sys.path, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.platlibdir)",
)
for option in "-q", "-u":
    t.case(
        "stream " + option,
        option,
        "-c",
        "import sys\n"
        "for f in sys.stdin, sys.stdout, sys.stderr: print(f, f.line_buffering, f.write_through, type(f.buffer).__name__)",
    )
t.case(
    "-u order", "-u", "-c", "import sys\nfor i in range(3): print(i); print(-i, file=sys.stderr)"
)
t.shell(
    "-u mixed",
    "$P -u -c 'import sys\nfor i in range(3): print(i); print(-i, file=sys.stderr)' 2>&1",
)
t.shell(
    "buffered mixed",
    "$P -c 'import sys\nfor i in range(3): print(i); print(-i, file=sys.stderr)' 2>&1",
)


def about(*names):
    """Of a verbose start only what is said about the program's own modules: the others differ with what is built in."""

    def see(r):
        lines = [l for l in r.err.splitlines() if any(re.search(r"\b%s\b" % n, l) for n in names)]
        return Result(r.code, r.out, "\n".join(lines))

    return see


for option in "-v", "-vv":
    t.case("verbose " + option, option, "-c", "import mod", files=MOD, see=about("mod"))
    t.case(
        "verbose cached " + option,
        option,
        "-c",
        "import mod",
        see=about("mod"),
        files={**MOD, "__pycache__/x": "", "run.py": ""},
    )
t.shell(
    "verbose second run", "$P -c 'import mod' && $P -v -c 'import mod'", files=MOD, see=about("mod")
)
t.case(
    "-v header",
    "-v",
    "-c",
    "0",
    see=lambda r: [
        bool(re.match(p, r.err, re.M | re.S)) or bool(re.search(p, r.err, re.M))
        for p in (
            r"import _frozen_importlib # frozen",
            r"^Type \"help\", ",
            r"^# cleanup\[1\]",
            r"^# clear builtins",
            r"^# destroy ",
        )
    ],
)

# -- Warning options --------------------------------------------------------------------------------
for filters in [
    "ignore",
    "error",
    "default",
    "always",
    "module",
    "once",
    "i",
    "e",
    "d",
    "a",
    "m",
    "o",
    "all",
    "",
    "ignore::DeprecationWarning",
    "error::UserWarning",
    "default:w1",
    "ignore:::warn",
    "error:::warn:2",
    "error:::warn:3",
    "error::DeprecationWarning:warn",
    "bogus",
    "error::Bogus",
    "error::no.such.Warning",
    "error:::mod:xx",
    "error:::mod:-1",
    "a:b:c:d:e:f",
    "error::json.JSONDecodeError",
    "e:(",
    "error::int",
    "ignore::Warning::0",
]:
    t.case("-W " + filters, "-W", filters, "-c", "import warn; print('end')", files=MOD)
t.case(
    "-W order",
    "-W",
    "error",
    "-W",
    "ignore::DeprecationWarning",
    "-W",
    "d::UserWarning",
    "-c",
    "import warn; import sys; print(sys.warnoptions)",
    files=MOD,
)
t.case("syntax warning", "f.py", files={"f.py": "x = 1 is 1\nprint('\\d', x)\nassert (1, 'a')\n"})
t.case("syntax warning error", "-W", "error", "f.py", files={"f.py": "print('\\d')\n"})
t.case("syntax warning error 2", "-W", "error", "f.py", files={"f.py": "x = (1 is 1)\n"})
t.case(
    "resource warning",
    "-W",
    "default",
    "f.py",
    files={"f.py": "open('f.py')\nopen('f.py').read()\n"},
)
t.case(
    "resource warning dev", "-X", "dev", "f.py", files={"f.py": "def g():\n    open('f.py')\ng()\n"}
)
t.case("never awaited", "f.py", files={"f.py": "async def f(): pass\nf()\nf().send\n"})

# -- -X options -----------------------------------------------------------------------------------
for bad in [
    "utf8=2",
    "utf8=x",
    "utf8=",
    "tracemalloc=x",
    "tracemalloc=0",
    "tracemalloc=-1",
    "tracemalloc=99999999",
    "int_max_str_digits",
    "int_max_str_digits=",
    "int_max_str_digits=1",
    "int_max_str_digits=639",
    "int_max_str_digits=-1",
    "int_max_str_digits=x",
    "frozen_modules=x",
    "frozen_modules=",
    "pycache_prefix",
    "pycache_prefix=",
    "dev=1",
    "faulthandler=0",
    "showrefcount=1",
    "=",
    "unknown",
    "no_debug_ranges=0",
]:
    t.case(
        "-X " + bad,
        "-X",
        bad,
        "-c",
        "import sys; "
        "print(sys._xoptions, sys.flags.utf8_mode, sys.flags.dev_mode, sys.pycache_prefix, sys.flags.int_max_str_digits)",
    )
t.case(
    "-X int_max_str_digits works",
    "-X",
    "int_max_str_digits=700",
    "-c",
    "int('1' * 700); print(len(str(10**699))); str(10**700)",
)
t.case("-X int_max_str_digits from text", "-X", "int_max_str_digits=700", "-c", "int('1' * 701)")
t.case(
    "-X tracemalloc limit",
    "-X",
    "tracemalloc=7",
    "-c",
    "import tracemalloc as t; print(t.is_tracing(), t.get_traceback_limit()); x = bytes(999); "
    "print(t.get_object_traceback(x))",
)
t.case(
    "-X no_debug_ranges",
    "-X",
    "no_debug_ranges",
    "f.py",
    files={"f.py": "x = 1\nprint(list((lambda: x + 1).__code__.co_positions()))\nx + (1 / 0)\n"},
)
t.case(
    "debug ranges",
    "f.py",
    files={"f.py": "x = 1\nprint(list((lambda: x + 1).__code__.co_positions()))\nx + (1 / 0)\n"},
)
t.case(
    "-X utf8 encodings",
    "-X",
    "utf8",
    "-c",
    "import sys, locale; "
    "print(sys.getfilesystemencoding(), locale.getpreferredencoding(), sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors)",
    env={"LC_ALL": "C"},
)
t.case(
    "-X utf8=0 C",
    "-X",
    "utf8=0",
    "-c",
    "import sys, locale; "
    "print(sys.getfilesystemencoding(), locale.getpreferredencoding(False), sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors)",
    env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
)
t.case(
    "-X faulthandler on",
    "-X",
    "faulthandler",
    "-c",
    "import faulthandler; print(faulthandler.is_enabled())",
)
t.case(
    "-X faulthandler crash",
    "-X",
    "faulthandler",
    "-c",
    "import os\ndef f(): os.abort()\nf()",
    see=lambda r: (r.code, r.err.split("\n\nExtension")[0]),
)
t.case(
    "-X dev effects",
    "-X",
    "dev",
    "-c",
    "import faulthandler, sys, warnings, asyncio; "
    "print(faulthandler.is_enabled(), sys.flags.dev_mode, sys.warnoptions, [f[:3] for f in warnings.filters])",
)
t.case("filters", "-c", "import warnings; print(warnings.filters)")
t.case(
    "-X pycache_prefix effect",
    "-X",
    "pycache_prefix=cache",
    "-c",
    "import mod, os, sys; "
    "print(mod.__cached__, os.path.exists('__pycache__'), sys.pycache_prefix, sorted(os.listdir('cache')))",
    files=MOD,
)
t.case(
    "-X warn_default_encoding",
    "-X",
    "warn_default_encoding",
    "f.py",
    files={"f.py": "open('f.py').close()\n"},
)
t.case(
    "-X importtime",
    "-X",
    "importtime",
    "-c",
    "import outer",
    files={"outer.py": "import inner\nimport inner\n", "inner.py": ""},
    see=lambda r: (
        r.code,
        re.findall(
            r"^import time: +(?:\d+|self \[us\]) \| +(?:\d+|cumulative) \| ( *(?:outer|inner|imported package))$",
            r.err,
            re.M,
        ),
    ),
)
for value in "on", "off":
    t.case(
        "-X frozen_modules=" + value,
        "-X",
        "frozen_modules=" + value,
        "-c",
        "import os, zipimport, _frozen_importlib as b; print(b.__spec__.origin, b.__loader__, os.__file__)",
    )
t.case("-X showrefcount quiet", "-X", "showrefcount", "-c", "pass")
t.finish()
