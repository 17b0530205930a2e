# SPDX-License-Identifier: MIT
"""The interactive prompt on a terminal, with the installed readline and without: what appears on the screen must agree.

Each session has a terminal of its own (a pty that is the controlling terminal, 80 by 24). Steps alternate: text that
must appear, then the keys that are typed. The banner's first line is left out: it names the build.
"""
import argparse
import concurrent.futures
import errno
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import ORACLE, fill, normalise

UP, LEFT, CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_K, CTRL_R, TAB = (
    "\x10",
    "\x02",
    "\x01",
    "\x03",
    "\x04",
    "\x05",
    "\x0b",
    "\x12",
    "\t",
)
P1, P2 = ">>> ", "... "
sessions = []


def spawn(argv, env, cwd):
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.chdir(cwd)
            os.execve(argv[0], argv, env)
        finally:
            os._exit(126)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return pid, fd


class Screen:
    def __init__(self, fd):
        self.fd, self.text, self.seen = fd, b"", 0

    def read(self, timeout):
        """Some more output; False at the end or when none comes."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError as e:
            if e.errno != errno.EIO:
                raise
            data = b""
        self.text += data.replace(b"\a", b"")
        return bool(data)

    def wait(self, what, timeout=30):
        end = time.monotonic() + timeout
        while what.encode() not in self.text[self.seen :]:
            if time.monotonic() > end or not self.read(max(0, end - time.monotonic())):
                raise TimeoutError("%r did not appear" % what)
        self.seen = self.text.index(what.encode(), self.seen) + len(what.encode())
        while self.read(0.08):  # what belongs to the same answer
            pass
        self.seen = max(self.seen, self.text.rfind(b"\n"))


def play(python, args, steps, env, cwd):
    full = {
        "PATH": "/usr/bin:/bin",
        "HOME": cwd,
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "PYTHONHASHSEED": "0",
        **env,
    }
    pid, fd = spawn([python, *args], full, cwd)
    screen, wrong = Screen(fd), ""
    try:
        for i, step in enumerate(steps):
            if i % 2 == 0:
                screen.wait(step)
            else:
                os.write(fd, step.encode())
        end = time.monotonic() + 30
        while time.monotonic() < end and screen.read(1):
            pass
    except (TimeoutError, OSError) as e:
        wrong = "[%s]" % e
        os.kill(pid, signal.SIGKILL)
    finally:
        os.close(fd)
        status = os.waitpid(pid, 0)[1]
    text = (
        screen.text.decode("utf-8", "backslashreplace")
        .replace("\r\n", "\n")
        .replace(python, "PYTHON")
    )
    text = re.sub(r"Python 3\.11.*\n(?:\[.*\n)?", "BANNER\n", text, count=1)
    text = re.sub(r"asyncio REPL 3\.11.*", "BANNER", text)
    return normalise(text, python) + wrong, os.waitstatus_to_exitcode(status)


def session(name, args, *steps, env={}, files={}, after=None):
    sessions.append((name, args, steps, env, files, after))


def run_one(python, name, args, steps, env, files, after):
    results = []
    for binary in ORACLE, python:
        folder = os.path.join(tempfile.gettempdir(), "vitro-prompt-%d" % os.getpid())
        os.mkdir(folder)
        try:
            fill(folder, files)
            shown = play(binary, args, steps, env, folder)
            left = os.path.join(folder, after or "nothing")
            if after:
                with open(left) as f:
                    shown += (f.read(),)
            results.append(shown)
        finally:
            shutil.rmtree(folder)
    want, got = results
    if want == got and "did not appear" not in got[0]:
        return
    a, b = want[0].splitlines(), got[0].splitlines()
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return "FAIL %s: line %d of the screen: %r instead of %r; %r instead of %r" % (
        name,
        at + 1,
        b[at : at + 3],
        a[at : at + 3],
        got[1:],
        want[1:],
    ) + ("\n" + want[0] if "did not appear" in want[0] else "")


def typed(*lines, prompt=P1):
    """Steps that type each line at the prompt that `lines` gives before it, P1 if it gives none."""
    steps = []
    for line in lines:
        where, text = line if isinstance(line, tuple) else (prompt, line)
        steps += [where, text + "\n"]
    return steps + [P1, CTRL_D]


# -- Expressions and statements --------------------------------------------------------------------------
BASIC = typed(
    "1 + 1",
    "_",
    "x = 5",
    "x",
    "None",
    "'a\\nb'",
    "print('p')",
    "if x:",
    (P2, "    print(x)"),
    (P2, ""),
    "def f(a):",
    (P2, "    return a"),
    (P2, ""),
    "f(3)",
    "f",
    "1/0",
    "undefined",
    "x = = 1",
    "for",
    "'abc",
    "(1,",
    (P2, "2)"),
    "x = '''a",
    (P2, "b'''"),
    "x",
    "# comment",
    "",
    "   ",
    "1; 2",
    "class A: pass",
    (P2, ""),
    "A",
    "@A",
    (P2, "1"),
    "try:",
    (P2, "  1/0"),
    (P2, "finally:"),
    (P2, "  print('f')"),
    (P2, ""),
    "if 1:",
    (P2, "pass"),
    "  1",
    "import sys; sys.last_type, sys.last_value",
    "'\\u00e4\\u20ac'",
    "_",
    "lambda: 1",
    "__name__, __doc__",
    "exit",
    "[i for i in range(3)]",
    "raise KeyError('k')",
    "raise KeyboardInterrupt",
    "import nothing",
)
session("basic", ["-q"], *BASIC)
session("basic without readline", ["-q", "-I"], *BASIC)
session("banner", [], *typed("1"))
session("banner -S", ["-S"], *typed("1"))
session("banner -i -c", ["-i", "-c", "x = 1"], *typed("x"))
session("dash", ["-q", "-"], *typed("__name__", "import sys; sys.argv"))
session("-u", ["-u", "-q"], *typed("print(1, end='')", "import sys; sys.stdout.write_through"))
session(
    "terminals",
    ["-q"],
    *typed(
        "import sys, os; [f.isatty() for f in (sys.stdin, sys.stdout, sys.stderr)], [f.line_buffering for f in (sys.stdin, sys.stdout, sys.stderr)]",
        "os.get_terminal_size(), os.ttyname(0)[:8]",
        "sys.ps1, sys.ps2, sys.flags.interactive, sys.flags.inspect, hasattr(sys, '__interactivehook__')",
        "'readline' in sys.modules, 'rlcompleter' in sys.modules",
    ),
)

# -- Ctrl-C and Ctrl-D --------------------------------------------------------------------------------------
for flags in [], ["-I"]:
    name = " ".join(flags)
    session(
        "Ctrl-C at the prompt " + name,
        ["-q", *flags],
        P1,
        CTRL_C,
        "KeyboardInterrupt",
        "1\n",
        P1,
        CTRL_D,
    )
    session(
        "Ctrl-C in a line " + name,
        ["-q", *flags],
        P1,
        "abc" + CTRL_C,
        "KeyboardInterrupt",
        "1\n",
        P1,
        CTRL_D,
    )
    session(
        "Ctrl-C in a block " + name,
        ["-q", *flags],
        P1,
        "if 1:\n",
        P2,
        CTRL_C,
        "KeyboardInterrupt",
        "1\n",
        P1,
        CTRL_D,
    )
    session(
        "Ctrl-C while running " + name,
        ["-q", *flags],
        P1,
        "while 1: pass\n",
        P2,
        "\n",
        "\n",
        CTRL_C,
        "KeyboardInterrupt",
        "1\n",
        P1,
        CTRL_D,
    )
    session(
        "Ctrl-C while sleeping " + name,
        ["-q", *flags],
        P1,
        "import time; print('go'); time.sleep(60)\n",
        "go\r\n",
        CTRL_C,
        "KeyboardInterrupt",
        "1\n",
        P1,
        CTRL_D,
    )
    session(
        "Ctrl-D in a block " + name,
        ["-q", *flags],
        P1,
        "if 1:\n",
        P2,
        "  print(5)\n",
        P2,
        CTRL_D,
        P1,
        CTRL_D,
    )
    session(
        "Ctrl-D after text " + name, ["-q", *flags], P1, "12" + CTRL_D, "12", "+1\n", P1, CTRL_D
    )
    session("exit code " + name, ["-q", *flags], P1, "exit(7)\n")
    session("exit words " + name, ["-q", *flags], P1, "raise SystemExit('bye')\n")
    session(
        "input " + name,
        ["-q", *flags],
        P1,
        "input('? ')\n",
        "? ",
        "abc\n",
        P1,
        "input()\n",
        "\n",
        CTRL_D,
        "EOFError",
        "1\n",
        P1,
        "input('x')\n",
        "x",
        CTRL_C,
        "KeyboardInterrupt",
        "1\n",
        P1,
        CTRL_D,
    )
    session(
        "end of input while a string is open " + name,
        ["-q", *flags],
        P1,
        "'''abc\n",
        P2,
        CTRL_D,
        P1,
        CTRL_D,
    )
session(
    "script interrupted",
    ["f.py"],
    "go\r\n",
    CTRL_C,
    files={"f.py": "import time\nprint('go')\ntime.sleep(60)\n"},
)
session(
    "script with input",
    ["f.py"],
    "name? ",
    "Ann\n",
    "again ",
    CTRL_D,
    files={"f.py": "print('hello', input('name? '))\nprint(input('again '))\n"},
)
session(
    "script with input, interrupted",
    ["f.py"],
    "name? ",
    "An" + CTRL_C,
    files={"f.py": "try: input('name? ')\nexcept KeyboardInterrupt: print('no name')\n"},
)
session(
    "input with readline",
    ["f.py"],
    "name? ",
    "Ann" + LEFT + "x\n",
    "again ",
    UP + "\n",
    files={"f.py": "import readline\nprint(input('name? '))\nprint(input('again '))\n"},
)
session(
    "input with stderr elsewhere",
    ["f.py"],
    "name? ",
    "a\n",
    files={"f.py": "import sys\nsys.stderr = open('e', 'w')\nprint(input('name? '))\n"},
)
session(
    "getpass", ["-c", "import getpass; print(getpass.getpass('secret: '))"], "secret: ", "abc\n"
)

# -- readline ---------------------------------------------------------------------------------------------
session(
    "history",
    ["-q"],
    P1,
    "x = 11\n",
    P1,
    "x\n",
    P1,
    UP + UP + CTRL_E + "1\n",
    P1,
    UP + UP + "\n",
    P1,
    CTRL_D,
    after=".python_history",
)
session(
    "history of an earlier session",
    ["-q"],
    P1,
    UP + "\n",
    P1,
    UP + UP + UP + "\n",
    P1,
    CTRL_D,
    files={".python_history": "_HiStOrY_V2_\nprint('earlier')\n'second'\n"},
    after=".python_history",
)
session("history not writable", ["-q"], P1, "1\n", P1, CTRL_D, files={".python_history/x": ""})
session(
    "history search",
    ["-q"],
    P1,
    "print('needle')\n",
    P1,
    "2\n",
    P1,
    CTRL_R + "needl",
    "needl",
    "\n",
    P1,
    CTRL_D,
)
session(
    "editing",
    ["-q"],
    P1,
    "34" + CTRL_A + "12" + CTRL_E + "56" + LEFT + LEFT + CTRL_K + "\n",
    P1,
    CTRL_D,
)
session(
    "completion",
    ["-q"],
    P1,
    "impo" + TAB,
    "import ",
    "sys\n",
    P1,
    "sys.versio" + TAB,
    "version",
    TAB + TAB,
    P1,
    "_info[:2]\n",
    P1,
    "pri" + TAB,
    "print(",
    "1)\n",
    P1,
    "no_such_thing" + TAB,
    "thing",
    "\n",
    P1,
    CTRL_D,
)
session("completion indents", ["-q"], P1, "if 1:\n", P2, TAB + "print(1)\n", P2, "\n", P1, CTRL_D)
session(
    "completion of attributes",
    ["-q"],
    P1,
    "class A:\n",
    P2,
    "  alpha_one = alpha_two = 1\n",
    P2,
    "  def beta(self): pass\n",
    P2,
    "\n",
    P1,
    "a = A()\n",
    P1,
    "a.alp" + TAB + TAB + TAB,
    "alpha_two",
    "one\n",
    P1,
    "a.be" + TAB,
    "beta()",
    "\n",
    P1,
    CTRL_D,
)
session(
    "own completer",
    ["-q"],
    P1,
    "import readline; readline.set_completer(lambda t, i: ['apple', 'apricot'][i] if i < 2 else None)\n",
    P1,
    "a" + TAB + TAB + TAB,
    "apricot",
    "p\n",
    P1,
    CTRL_D,
)
session(
    "readline functions",
    ["-q"],
    *typed(
        "import readline as r; r.get_current_history_length(), r.get_history_item(1)",
        "r.add_history('added'); r.get_history_item(r.get_current_history_length())",
        "r.get_line_buffer(), r.get_begidx(), r.get_completer_delims()",
        "r.parse_and_bind('tab: self-insert')",
    ),
)
session(
    "startup hook",
    ["-q"],
    P1,
    "import readline; readline.set_startup_hook(lambda: readline.insert_text('7'))\n",
    P1 + "7",
    "8\n",
    P1 + "7",
    CTRL_K + "\n",
    P1 + "7",
    "\x15" + "exit()\n",
)

# -- What surrounds the prompt -------------------------------------------------------------------------------
session(
    "-i after a script",
    ["-q", "-i", "f.py", "arg"],
    *typed("x", "f()", "__name__, __file__[-4:]", "import sys; sys.argv"),
    files={"f.py": "x = 5\ndef f(): return y\nprint('ran')\n"},
)
session(
    "-i after an error",
    ["-q", "-i", "f.py"],
    *typed("x", "import sys; sys.last_value"),
    files={"f.py": "x = 5\n1/0\n"},
)
session("-i after exit", ["-q", "-i", "-c", "import sys; sys.exit(3)"], *typed("1"))
session("-i -m", ["-q", "-i", "-m", "m"], *typed("x, __name__"), files={"m.py": "x = 5\n"})
session("PYTHONINSPECT", ["-c", "x = 1"], *typed("x"), env={"PYTHONINSPECT": "1"})
session(
    "PYTHONINSPECT by the script",
    ["-c", "import os; os.environ['PYTHONINSPECT'] = 'x'; x = 2"],
    *typed("x"),
)
session(
    "PYTHONSTARTUP",
    ["-q"],
    *typed("x, '__file__' in dir()", "import sys; sys.ps1 = '$ '", prompt=P1)[:-2],
    "$ ",
    CTRL_D,
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "print('startup', __name__, __file__)\nx = 9\n"},
)
session(
    "PYTHONSTARTUP raises",
    ["-q"],
    *typed("x"),
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "x = 9\n1/0\n"},
)
session(
    "PYTHONSTARTUP syntax error",
    ["-q"],
    *typed("1"),
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "x = = 9\n"},
)
session("PYTHONSTARTUP missing", ["-q"], *typed("1"), env={"PYTHONSTARTUP": "gone.py"})
session(
    "PYTHONSTARTUP exits",
    ["-q"],
    "",
    "",
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "raise SystemExit(4)\n"},
)
session(
    "PYTHONSTARTUP future",
    ["-q"],
    *typed("def f(a: undefined): pass", (P2, ""), "f.__annotations__"),
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "from __future__ import annotations\n"},
)
session(
    "PYTHONSTARTUP -E",
    ["-q", "-E"],
    *typed("1"),
    env={"PYTHONSTARTUP": "s.py"},
    files={"s.py": "print('no')\n"},
)
session(
    "interactive hook",
    ["-q"],
    *typed("1"),
    env={"PYTHONPATH": "s"},
    files={
        "s/sitecustomize.py": "import sys\ndef h(): print('hook'); 1/0\nsys.__interactivehook__ = h\n"
    },
)
session(
    "future stays",
    ["-q"],
    *typed(
        "from __future__ import annotations",
        "def f(a: undefined): pass",
        (P2, ""),
        "f.__annotations__",
    ),
)
session(
    "ps1",
    ["-q"],
    P1,
    "import sys; sys.ps1 = 'one> '; sys.ps2 = 'two> '\n",
    "one> ",
    "if 1:\n",
    "two> ",
    "  2\n",
    "two> ",
    "\n",
    "one> ",
    "sys.ps1 = 5\n",
    "5",
    "3\n",
    "5",
    "del sys.ps1\n",
    "\n",
    "4\n",
    "4",
    CTRL_D,
)
session(
    "ps1 object",
    ["-q"],
    P1,
    "import sys\n",
    P1,
    "class P:\n",
    P2,
    "  n = 0\n",
    P2,
    "  def __str__(self): P.n += 1; return 'In [%d]: ' % P.n\n",
    P2,
    "\n",
    P1,
    "sys.ps1 = P()\n",
    "In [1]: ",
    "1\n",
    "In [2]: ",
    "if 1:\n",
    P2,
    "\n",
    "In [3]: ",
    CTRL_D,
)
session(
    "ps1 non-ascii",
    ["-q"],
    P1,
    "import sys; sys.ps1 = '\u03bb '\n",
    "\u03bb ",
    "'\u00e4'\n",
    "\u03bb ",
    CTRL_D,
)
session(
    "displayhook",
    ["-q"],
    *typed(
        "import sys",
        "sys.displayhook = lambda v: print('<%r>' % (v,))",
        "1",
        "sys.displayhook = sys.__displayhook__",
        "2",
        "del sys.displayhook",
        "3",
    ),
)
session(
    "stdout replaced",
    ["-q"],
    *typed(
        "import sys, io; old = sys.stdout; sys.stdout = io.StringIO()", "1", "sys.stdout = old", "2"
    ),
)
session(
    "stdin replaced",
    ["-q"],
    *typed(
        "import sys, io; sys.stdin = io.StringIO('text\\n')",
        "input()",
        "sys.stdin = sys.__stdin__",
        "2",
    ),
)
session(
    "warnings",
    ["-q"],
    *typed("1 is 1", "'\\d'", "import warnings; warnings.warn('w')", "warnings.warn('w')"),
)
session(
    "reading on",
    ["-q"],
    P1,
    "import sys; sys.stdin.readline()\n",
    "\n",
    "typed\n",
    P1,
    "2\n",
    P1,
    CTRL_D,
)
session(
    "help",
    ["-q"],
    *typed(
        "help",
        "import pydoc; pydoc.pager = pydoc.plainpager; import shlex; help(shlex.quote)",
        "help('nothing_at_all')",
    ),
)
session(
    "help prompt",
    ["-q"],
    P1,
    "import pydoc; pydoc.pager = pydoc.plainpager; help()\n",
    "help> ",
    "shlex.quote\n",
    "help> ",
    "quit\n",
    P1,
    CTRL_D,
)
session(
    "pdb",
    ["-q"],
    P1,
    "def f(x):\n",
    P2,
    "  breakpoint(); return x\n",
    P2,
    "\n",
    P1,
    "f(3)\n",
    "(Pdb) ",
    "p x\n",
    "(Pdb) ",
    "l\n",
    "(Pdb) ",
    "w\n",
    "(Pdb) ",
    "c\n",
    P1,
    CTRL_D,
)
session(
    "pdb completion",
    ["-m", "pdb", "f.py"],
    "(Pdb) ",
    "n\n",
    "(Pdb) ",
    "p value_o" + TAB,
    "value_one",
    "\n",
    "(Pdb) ",
    "conti" + TAB,
    "continue",
    "\n",
    "(Pdb) ",
    "q\n",
    files={"f.py": "value_one = 5\nx = 1\n"},
)
session(
    "pdb interrupted",
    ["-m", "pdb", "f.py"],
    "(Pdb) ",
    "c\n",
    "go\r\n",
    CTRL_C,
    "(Pdb) ",
    "q\n",
    files={"f.py": "import time\nprint('go')\nfor i in range(600):\n  time.sleep(.1)\n"},
)
session(
    "code.interact",
    ["-q"],
    P1,
    "import code; code.interact('hello', local={'x': 5})\n",
    P1,
    "x\n",
    P1,
    "1/0\n",
    P1,
    "if x:\n",
    P2,
    "  x\n",
    P2,
    "\n",
    P1,
    CTRL_D,
    P1,
    CTRL_D,
)
session(
    "cmd",
    ["f.py"],
    "(Cmd) ",
    "hel" + TAB + "\n",
    "(Cmd) ",
    "greet Ann\n",
    "(Cmd) ",
    UP + "\n",
    "(Cmd) ",
    "EOF\n",
    files={
        "f.py": "import cmd\n"
        "class C(cmd.Cmd):\n"
        "  def do_greet(self, a):\n"
        "    'greet NAME'\n"
        "    print('hello', a)\n"
        "  def do_EOF(self, a): return True\n"
        "C().cmdloop('intro')\n"
    },
)
session(
    "job control",
    ["-q"],
    P1,
    "import os, signal; os.kill(os.getpid(), signal.SIGCONT); 5\n",
    P1,
    CTRL_D,
)
session(
    "subprocess on the terminal",
    ["-q"],
    *typed(
        "import subprocess, sys; subprocess.call([sys.executable, '-c', 'print(input())'])",
        ("\n", "typed"),
    ),
)
session(
    "asyncio",
    ["-m", "asyncio"],
    P1,
    "await asyncio.sleep(0, 5)\n",
    P1,
    "x = 3\n",
    P1,
    "x\n",
    P1,
    "await nothing\n",
    P1,
    "exit()\n",
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--jobs", type=int, default=6)
    parser.add_argument(
        "names", nargs="*", help="run only the sessions whose name contains one of these"
    )
    a = parser.parse_args()
    chosen = [s for s in sessions if not a.names or any(n in s[0] for n in a.names)]
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(a.jobs) as pool:  # processes: each forks
        jobs = [pool.submit(run_one, os.path.abspath(a.python), *s) for s in chosen]
        for job in jobs:
            wrong = job.result()
            if wrong:
                failed += 1
                print(wrong, flush=True)
    print("%d sessions, %d wrong" % (len(chosen), failed))
    sys.exit(1 if failed or not chosen else 0)


main()
