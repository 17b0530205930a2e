# SPDX-License-Identifier: MIT
"""How a program ends: exit codes, every kind of SystemExit, interrupts, uncaught exceptions, what runs at the end."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__)

# -- SystemExit ------------------------------------------------------------------------------------
for value in [
    "",
    "None",
    "0",
    "1",
    "2",
    "255",
    "256",
    "-1",
    "-5",
    "65536",
    "2**31",
    "2**40",
    "-2**63",
    "2**70",
    "True",
    "False",
    "1.0",
    "1.5",
    "''",
    "'text'",
    "'ä\\u20ac'",
    "b'x'",
    "()",
    "(1,)",
    "(3, 4)",
    "[]",
    "[5]",
    "{}",
    "object",
    "ValueError('v')",
    "SystemExit(3)",
    "SystemExit(SystemExit(3))",
    "type('T', (), {'__str__': lambda s: 'str of T'})()",
    "type('T', (), {'__str__': lambda s: 1/0})()",
    "type('I', (int,), {})(7)",
    "'\\udc80'",
    "'a\\nb'",
]:
    for how in "sys.exit(%s)", "raise SystemExit(%s)":
        t.case(how % value, "-c", "import sys\n" + how % value)
t.case("raise SystemExit class", "-c", "raise SystemExit")
t.case("SystemExit two arguments", "-c", "raise SystemExit(1, 2)")
t.case("SystemExit code changed", "-c", "e = SystemExit(1)\ne.code = 9\nraise e")
t.case("SystemExit code deleted", "-c", "e = SystemExit(1)\ndel e.code\nraise e")
t.case(
    "SystemExit code property",
    "-c",
    "class E(SystemExit):\n  @property\n  def code(self): return 11\nraise E",
)
t.case("SystemExit subclass", "-c", "class E(SystemExit): pass\nraise E(12)")
t.case("SystemExit in group", "-c", "raise BaseExceptionGroup('g', [SystemExit(3)])")
t.case("SystemExit from handler", "-c", "try: 1/0\nexcept Exception: raise SystemExit(4)")
t.case("SystemExit with cause", "-c", "raise SystemExit('m') from ValueError()")
t.case(
    "SystemExit in nested import",
    "-c",
    "import m\nprint('no')",
    files={"m.py": "raise SystemExit(5)"},
)
t.case("SystemExit in -m", "-m", "m", files={"m.py": "raise SystemExit(6)"})
t.case(
    "SystemExit in generator",
    "-c",
    "def g():\n  try: yield 1\n  finally: print('finally')\nx = g()\nnext(x)\nraise SystemExit(2)",
)
t.case(
    "SystemExit in __del__",
    "-c",
    "class A:\n  def __del__(self): raise SystemExit(3)\nA()\nprint('on')",
)
t.case(
    "SystemExit in thread",
    "-c",
    "import threading\nt = threading.Thread(target=lambda: exit(3)); t.start(); t.join(); print('on')",
)
t.case(
    "SystemExit in atexit", "-c", "import atexit\natexit.register(lambda: exit(3))\nprint('end')"
)
t.case(
    "SystemExit in excepthook",
    "-c",
    "import sys\ndef h(*a): raise SystemExit(8)\nsys.excepthook = h\n1/0",
)
t.case("exit and quit", "-c", "print(exit, quit, type(copyright))\nquit(2)")
t.case(
    "exit closes stdin", "-c", "import sys\ntry: exit()\nexcept SystemExit: print(sys.stdin.closed)"
)
t.case("os._exit", "-c", "import os\nprint('lost', end='')\nos._exit(9)")
t.case("os.abort", "-c", "import os\nos.abort()")
t.case("finally runs", "-c", "import sys\ntry: sys.exit(2)\nfinally: print('finally')")
t.case(
    "with runs",
    "-c",
    "import contextlib\n"
    "@contextlib.contextmanager\n"
    "def c():\n"
    "  try: yield\n"
    "  finally: print('left')\n"
    "with c(): exit('bye')",
)
t.case("exit in interactive", "-i", "-q", stdin="import sys\nsys.exit([1])\nprint('no')\n")
t.case("error in interactive goes on", "-i", "-q", stdin="1/0\nprint('on')\n")
t.case(
    "KeyboardInterrupt in interactive",
    "-i",
    "-q",
    stdin="raise KeyboardInterrupt\nraise KeyboardInterrupt('text')\nprint('on')\n",
)

# -- Uncaught exceptions ---------------------------------------------------------------------------
for source in [
    "1/0",
    "raise KeyError('k')",
    "raise ValueError",
    "raise ValueError()",
    "raise ValueError('a', 'b')",
    "raise ValueError('a\\nb')",
    "raise ValueError(None)",
    "undefined",
    "None.x",
    "[].appendd",
    "import sys; sys.exitt",
    "print(1, fil=2)",
    "int('x')",
    "[][1]",
    "{}['a']",
    "open('/no/such')",
    "'a' + 1",
    "len(5)",
    "assert 0",
    "assert 0, 'm'",
    "raise KeyboardInterrupt",
    "raise GeneratorExit",
    "raise StopIteration(3)",
    "raise BaseException('b')",
    "raise MemoryError",
    "raise RecursionError('r')",
    "raise OSError(2, 'msg', 'file')",
    "raise UnicodeDecodeError('utf-8', b'a', 0, 1, 'why')",
    "raise ImportError('m', name='n', path='p')",
    "raise SyntaxError('s')",
    "raise SyntaxError('s', ('f', 1, 2, 'text', 1, 4))",
    "raise Exception from ValueError('c')",
    "raise 1",
    "raise int",
    "raise ValueError from 3",
    "raise ExceptionGroup('g', [ValueError(1), TypeError(2), ExceptionGroup('h', [KeyError('k')])])",
    "eval('1 +')",
    "exec('x = = 1')",
    "compile('(', 'f', 'exec')",
    "type('E', (Exception,), {'__str__': lambda s: 1/0})",
    "raise type('E', (Exception,), {'__str__': lambda s: 1/0})",
    "raise type('E', (Exception,), {'__module__': 'a.b'})('m')",
    "raise type('E', (Exception,), {'__module__': None})('m')",
    "e = ValueError('m'); e.add_note('note\\nsecond'); e.add_note('third'); raise e",
    "e = ValueError('m'); e.__notes__ = 5; raise e",
    "e = ValueError('m'); e.__cause__ = e; raise e",
    "(lambda: (lambda: 1/0)())()",
    "class A: 1/0",
    "[1/0 for x in [1]]",
    "import nothing",
    "import os.nothing",
    "from os import nothing",
    "from . import x",
    "import json.decoder.x",
    "from sys import exi",
    "x = 1; del x; x",
    "def f():\n  try:\n    1/0\n  except Exception as e:\n    raise TypeError('t')\nf()",
    "def f():\n  try:\n    1/0\n  except Exception as e:\n    raise TypeError('t') from None\nf()",
    "def f(n):\n  if n: f(n - 1)\n  1/0\nf(10)",
    "def f(): f()\nf()",
    "f = lambda: g()\ng = lambda: f()\nf()",
    "class A:\n  def __repr__(self): return repr(self)\nrepr(A())",
]:
    t.case("raises " + source, "-c", source)
    t.case("file raises " + source, "f.py", files={"f.py": source.replace("; ", "\n") + "\n"})
t.case("excepthook", "-c", "import sys\nsys.excepthook = lambda *a: print(a[0], a[1])\n1/0")
t.case("excepthook raises", "-c", "import sys\ndef h(*a): {}['k']\nsys.excepthook = h\n1/0")
t.case("excepthook missing", "-c", "import sys\ndel sys.excepthook\n1/0")
t.case("excepthook None", "-c", "import sys\nsys.excepthook = None\n1/0")
t.case(
    "tracebacklimit",
    "-c",
    "import sys\nsys.tracebacklimit = 2\ndef f(n):\n  if n: f(n - 1)\n  1/0\nf(5)",
)
for limit in "0", "-1", "'x'", "None", "10**30":
    t.case(
        "tracebacklimit " + limit,
        "-c",
        "import sys\nsys.tracebacklimit = %s\ndef f(n):\n  if n: f(n - 1)\n  1/0\nf(5)" % limit,
    )
t.case(
    "exception in thread",
    "-c",
    "import threading\nt = threading.Thread(target=lambda: 1/0, name='T'); t.start(); t.join(); print('on')",
)
t.case("exception in __del__", "-c", "class A:\n  def __del__(self): 1/0\nA()\nprint('on')")
t.case(
    "exception in __del__ at the end",
    "-c",
    "class A:\n  def __del__(self): 1/0\na = A()\nprint('end')",
)
t.case(
    "exception in atexit",
    "-c",
    "import atexit\natexit.register(lambda: 1/0)\natexit.register(print, 'first')\nprint('end')",
)
t.case(
    "exception in weakref callback",
    "-c",
    "import weakref\nclass A: pass\na = A()\nr = weakref.ref(a, lambda r: 1/0)\ndel a\nprint('on')",
)
t.case(
    "unraisablehook",
    "-c",
    "import sys\n"
    "sys.unraisablehook = lambda u: print(u.exc_type, u.err_msg, type(u.object))\n"
    "class A:\n"
    "  def __del__(self): 1/0\n"
    "A()",
)
t.case("stderr is None", "-c", "import sys\nsys.stderr = None\n1/0")
t.case("stderr deleted", "-c", "import sys\ndel sys.stderr\n1/0")
t.case(
    "stderr raises",
    "-c",
    "import sys\nclass F:\n  def write(self, s): raise OSError\n  flush = None\nsys.stderr = F()\n1/0",
)
t.case("stdout None", "-c", "import sys\nsys.stdout = None\nprint(1)")
t.case("stdout deleted", "-c", "import sys\ndel sys.stdout\nprint(1)")
t.case("stdout closed", "-c", "import sys\nsys.stdout.close()\nprint(1)")
t.case(
    "stdout raises in flush",
    "-c",
    "import sys\nclass F:\n  def write(self, s): pass\n  def flush(self): 1/0\nsys.stdout = F()\nprint(1)",
)
t.case("stdin closed", "-c", "import sys\nsys.stdin.close()\ninput()")
t.case(
    "order at the end",
    "-c",
    "import atexit, sys\n"
    "class A:\n"
    "  def __init__(s, n): s.n = n\n"
    "  def __del__(s): print('del', s.n, sys is None)\n"
    "a = A('a')\n"
    "b = A('b')\n"
    "b.self = b\n"
    "atexit.register(print, 'atexit')\n"
    "_c = A('_c')\n"
    "import m\n"
    "m.x = A('in module')",
    files={"m.py": ""},
)
t.case(
    "daemon thread at the end",
    "-c",
    "import threading, time\n"
    "def f():\n"
    "  while 1: time.sleep(.01)\n"
    "threading.Thread(target=f, daemon=True).start()\n"
    "print('end')",
)
t.case(
    "waits for threads",
    "-c",
    "import threading, time\n"
    "def f():\n"
    "  time.sleep(.2); print('thread')\n"
    "threading.Thread(target=f).start()\n"
    "print('end')",
)

# -- Interrupts ------------------------------------------------------------------------------------
# A loop that opens a try statement has something before it: 3.11 looks for the handler of an interrupt at the jump
# before the place where the loop goes on, and does not find the except clause when that is the first thing in the try.
READY = "import sys\nprint('ready', flush=True)\n"
for name, code in {
    "loop": "while True: pass",
    "for": "for i in iter(int, 1): pass",
    "function": "def f():\n  while 1: g()\ndef g(): pass\nf()",
    "sleep": "import time\ntime.sleep(100)",
    "read": "sys.stdin.read()",
    "input": "input()",
    "comprehension": "[0 for i in iter(int, 1) if i]",
    "sum": "sum(iter(int, 1))",
    "lock": "import _thread\nl = _thread.allocate_lock(); l.acquire(); l.acquire()",
    "join": "import threading, time\n"
    "t = threading.Thread(target=time.sleep, args=(100,), daemon=True); t.start(); t.join()",
    "generator": "def g():\n  while 1: yield\nfor x in g(): pass",
    "caught": "try:\n  x = 0\n  while 1: x = 1\nexcept KeyboardInterrupt: print('caught')",
    "exit": "try:\n  x = 0\n  while 1: x = 1\nexcept KeyboardInterrupt: sys.exit(5)",
    "finally": "try:\n  x = 0\n  while 1: x = 1\nfinally: print('finally')",
    "other error": "try:\n  x = 0\n  while 1: x = 1\nexcept KeyboardInterrupt: 1/0",
    "re-raised": "try:\n  x = 0\n  while 1: x = 1\nexcept KeyboardInterrupt: raise",
    "own handler": "import signal\n"
    "def h(n, f): print(n, f.f_code.co_name); raise SystemExit(n)\n"
    "signal.signal(signal.SIGINT, h)\n"
    "while 1: pass",
    "default handler": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\nwhile 1: pass",
    "atexit": "import atexit\natexit.register(print, 'atexit')\nwhile 1: pass",
    "regex": "import re\nre.match('(a*)*b', 'a' * 60)",
    "waiting for a process": "import subprocess\nsubprocess.run(['sleep', '100'])",
}.items():
    stdin = "pipe" if name in ("read", "input") else None
    code = READY.replace("print('ready'", "import time\nprint('ready'") + code
    if stdin:
        code = "import os\nr, w = os.pipe(); os.dup2(r, 0)\n" + code
    see = None
    if name in (
        "for",
        "function",
        "generator",
        "comprehension",
        "join",
        "waiting for a process",
        "loop",
        "finally",
        "re-raised",
        "other error",
        "regex",
    ):
        # where exactly the signal arrives is chance
        see = lambda r: (r.code, r.out, r.err.splitlines()[:1], r.err.splitlines()[-1:])
    t.case("SIGINT in " + name, "-c", code, interrupt="ready", see=see)
    if name in ("loop", "sleep", "exit"):
        t.case("SIGINT in file " + name, "f.py", files={"f.py": code}, interrupt="ready", see=see)
        t.case(
            "SIGINT in module " + name,
            "-m",
            "m",
            files={"m.py": code},
            interrupt="ready",
            see=lambda r: (r.code, r.out, r.err.splitlines()[:1], r.err.splitlines()[-1:]),
        )
t.case(
    "kill by signal", "-c", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nwhile 1: pass"
)
t.case(
    "SIGINT to itself", "-c", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nprint('no')"
)
t.case("KeyboardInterrupt raised", "-c", "raise KeyboardInterrupt")
t.case("KeyboardInterrupt subclass", "-c", "class K(KeyboardInterrupt): pass\nraise K")
t.case("KeyboardInterrupt in import", "-c", "import m", files={"m.py": "raise KeyboardInterrupt"})
t.case("KeyboardInterrupt in -m", "-m", "m", files={"m.py": "raise KeyboardInterrupt"})
t.case(
    "KeyboardInterrupt and excepthook",
    "-c",
    "import sys\nsys.excepthook = lambda *a: print('hook')\nraise KeyboardInterrupt",
)
t.case(
    "KeyboardInterrupt in atexit",
    "-c",
    "import atexit\ndef f(): raise KeyboardInterrupt\natexit.register(f)",
)
t.shell(
    "SIGINT ignored by the shell",
    "trap '' INT; $P -c 'import signal; print(signal.getsignal(signal.SIGINT))'",
)
t.shell(
    "SIGPIPE is ignored",
    "$P -c 'import signal; print(signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGXFSZ))'",
)
t.finish()
