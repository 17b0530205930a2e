# What runs at exit, in which order: atexit functions, threads, modules one after the other, what
# their globals hold, weak references and their callbacks, generators that have not ended, and what
# __del__ still finds. Each program runs in a process of its own, beside the modules.
import os
import re
import subprocess
import sys
import tempfile

MODULES = r'''
== say.py
import os, sys
def say(*words, write=os.write, map=map, str=str):
    write(1, (" ".join(map(str, words)) + "\n").encode())
class D:
    def __init__(self, name, *more):
        self.name, self.more = name, more
    def __del__(self, os=os):
        os.write(1, f"del {self.name}\n".encode())
== one.py
from say import D
x = D("one.x")
_y = D("one._y")
__z__ = D("one.__z__")
import two
== two.py
from say import D
x = D("two.x")
import one
keep = [D("two.keep")]
== cyclic.py
from say import D
d = D("cyclic.d")
d.self = d
d.globals = globals()
def f():
    return d
d.f = f
== pack/__init__.py
from say import D
d = D("pack.d")
from . import inner
== pack/inner.py
from say import D
d = D("pack.inner.d")
import pack
'''

CASES = r'''
== globals of the main module
from say import D
a = D("a")
_b = D("_b")
c = D("c")
_d = D("_d")
__e = D("__e")
__f__ = D("__f__")
== globals replaced and deleted
from say import D
a = D("a1")
b = D("b")
c = D("c")
a = D("a2")
del b
b = D("b2")
== modules
import say, one, pack
x = say.D("main.x")
== modules in another order
import pack, two, say, one
== a cyclic module
import cyclic, one
== a module that the main module does not name
import say
__import__("one")
__import__("cyclic")
== modules taken out of sys.modules
import sys, one, two, say
for name in "one", "two":
    del sys.modules[name]
del one, two
say.say("gone")
== a module object outside sys.modules
import types, say
m = types.ModuleType("m")
m.x = say.D("m.x")
m.y = say.D("m.y")
m.self = m
exec("def f(): return x", m.__dict__)
== sys.modules replaced
import sys, one, say
sys.modules = {"say": say}
x = say.D("x")
== sys.modules with things that are no modules
import sys, say
class Lazy:
    __name__ = "lazy"
    def __init__(self):
        self.d = say.D("in lazy")
sys.modules["lazy"] = Lazy()
sys.modules["none"] = None
sys.modules[5] = say.D("five")
== held by sys
import sys, say
sys.mine = say.D("sys.mine")
sys.path_hooks.append(say.D("hook"))
sys.last_value = say.D("last_value")
sys.ps1 = say.D("ps1")
== held by builtins
import builtins, say
builtins.mine = say.D("builtins.mine")
builtins._ = say.D("_")
builtins._mine = say.D("builtins._mine")
== held by a built-in type, a code object, a function
import say, collections
def f(a=say.D("default")):
    f.attribute = a
f.d = say.D("attribute")
say.say.d = say.D("say.say.d")
collections.OrderedDict.__init_subclass__.__func__ if False else None
class C:
    d = say.D("C.d")
class E(C):
    d = say.D("E.d")
    c = C()
C.e = E
== what is found in __del__
import sys, say, one
class C:
    def __init__(self, n):
        self.n = n
    def __del__(self, say=say.say):
        say(
            self.n,
            sys is None or sys.__name__,
            value,
            __name__,
            __builtins__ is not None,
            sys and "one" in sys.modules,
            sys and sys.is_finalizing(),
            sys and sys.modules is not None,
            len(open.__name__),
        )
value = 1
a = C("a")
z = C("z")
class Class:
    c = C("Class.c")
== import in __del__
import say
class C:
    def __del__(self, say=say.say):
        for name in "sys", "one", "colorsys", "string":
            try:
                say(name, __import__(name).__name__)
            except BaseException as e:
                say(name, type(e).__name__, e)
c = C()
c.self = c
import sys
sys.c = C()
== print in __del__
import sys
class C:
    def __init__(self, n):
        self.n = n
    def __del__(self, sys=sys):
        print("del", self.n)
        print("err", self.n, file=sys.stderr)
a = C("a")
b = C("b")
b.b = b
print("end", end=" ")
== print in __del__ of what sys and builtins hold
import sys
class C:
    def __init__(self, n):
        self.n = n
    def __del__(self, sys=sys):
        print("del", self.n)
        print("err", self.n, file=sys.stderr)
a = C("a")
b = C("b")
b.b = b
sys.c = C("sys.c")
import builtins
builtins.c = C("builtins.c")
print("end", end=" ")
== errors in __del__
class C:
    def __del__(self):
        nothing_there
c = C()
c.c = c
d = C()
class M(type):
    def __del__(cls):
        raise ValueError(cls.__name__)
class K(metaclass=M):
    pass
== weak references
import weakref, say
class C:
    pass
a = C()
b = C()
b.b = b
r = weakref.ref(a, lambda r, say=say.say: say("callback a", r() is None))
s = weakref.ref(b, lambda r, say=say.say: say("callback b"))
t = weakref.ref(C, lambda r, say=say.say: say("callback C"))
f = weakref.finalize(a, say.say, "finalize a")
g = weakref.finalize(b, say.say, "finalize b")
h = weakref.finalize(C, say.say, "finalize C")
h.atexit = False
w = weakref.WeakValueDictionary(b=b)
x = weakref.WeakKeyDictionary({a: say.D("value")})
y = weakref.WeakSet([C])
import one
u = weakref.ref(one, lambda r, say=say.say: say("callback one"))
v = weakref.ref(one.x, lambda r, say=say.say: say("callback one.x"))
== weak references kept elsewhere
import weakref, say, sys
class C:
    def __init__(self, n):
        self.n = n
    def __del__(self, say=say.say):
        say("del", self.n)
a, b = C("a"), C("b")
a.b, b.a = b, a
sys.refs = [
    weakref.ref(a, lambda r, say=say.say: say("callback a")),
    weakref.ref(b, lambda r, say=say.say: say("callback b")),
]
c = C("c")
r1 = weakref.ref(c, lambda r, say=say.say: say("first"))
r2 = weakref.ref(c, lambda r, say=say.say: say("second"))
del c
d = C("d")
d.r = weakref.ref(d, lambda r, say=say.say: say("its own"))
== generators
import say, sys
def g(n, say=say.say):
    try:
        yield
    finally:
        say("generator", n)
a = g("a")
next(a)
b = g("b")
next(b)
_c = g("_c")
next(_c)
not_begun = g("not begun")
sys.g = g("sys.g")
next(sys.g)
def cycle(say=say.say):
    me = a2
    try:
        yield
    except GeneratorExit:
        say("exit", me is a2)
a2 = None
a2 = cycle()
next(a2)
def stubborn():
    try:
        yield
    finally:
        yield
s = stubborn()
next(s)
def held(D=say.D):
    with_d = D("local of generator")
    yield
h = held()
next(h)
== coroutines and asynchronous generators
import say
async def c(say=say.say):
    try:
        await x
    finally:
        say("coroutine")
class X:
    def __await__(self):
        yield
x = X()
begun = c()
begun.send(None)
never = c()
async def ag(say=say.say):
    try:
        yield
    finally:
        say("asynchronous generator")
a = ag()
n = a.__anext__()
try:
    n.send(None)
except StopIteration:
    pass
== atexit
import atexit, say, sys
def f(*a, **k):
    say.say("f", *a, k)
atexit.register(f, 1, k=2)
atexit.register(f, 3)
atexit.register(f, 3)
atexit.unregister(say.say)
@atexit.register
def g():
    say.say("g")
    atexit.register(f, "late")
    raise KeyError("in g")
@atexit.register
def h():
    say.say("h", sys.is_finalizing(), __name__)
    raise SystemExit(5)
d = say.D("d")
atexit.register(say.say, d.name)
atexit.register(lambda: say.say(atexit._ncallbacks()))
== atexit and sys.exit
import atexit, say, sys
atexit.register(say.say, "atexit")
d = say.D("d")
def f():
    local = say.D("local")
    sys.exit(3)
f()
== an exception ends the program
import atexit, say
atexit.register(say.say, "atexit")
d = say.D("d")
def f():
    local = say.D("local")
    raise ValueError("ends")
f()
== the exception's traceback at exit
import atexit, say, sys
def f():
    local = say.D("local")
    1 / 0
def look():
    say.say(
        sys.last_type.__name__, sys.last_traceback.tb_next.tb_frame.f_locals["local"].name
    )
atexit.register(look)
f()
== os._exit
import atexit, say, os
atexit.register(say.say, "atexit")
d = say.D("d")
os._exit(4)
== threads
import threading, say, time, atexit
go = threading.Event()
def work(n):
    go.wait()
    local = say.D("local of " + n)
    say.say("thread", n)
t = threading.Thread(target=work, args=("a",))
t.start()
atexit.register(say.say, "atexit")
threading._register_atexit(go.set)
threading._register_atexit(say.say, "threading atexit")
d = say.D("d")
== a thread started by a thread at exit
import threading, say, atexit
def second():
    say.say("second")
def first():
    threading.main_thread().join()
    say.say("main is over")
    t = threading.Thread(target=second)
    t.start()
    t.join()
    say.say("first")
threading.Thread(target=first).start()
atexit.register(lambda: say.say("atexit", threading.active_count()))
== daemon threads
import threading, say, atexit, time
started = threading.Event()
def work():
    local = say.D("local of the daemon")
    started.set()
    while True:
        time.sleep(0.001)
t = threading.Thread(target=work, daemon=True)
t.start()
started.wait()
atexit.register(lambda: say.say("atexit", t.is_alive()))
d = say.D("d")
== thread-local values
import threading, say
local = threading.local()
local.d = say.D("local.d of main")
def work():
    local.d = say.D("local.d of thread")
t = threading.Thread(target=work)
t.start()
t.join()
say.say("joined")
import contextvars
v = contextvars.ContextVar("v")
v.set(say.D("context"))
== an executor
import concurrent.futures, say, atexit
atexit.register(say.say, "atexit")
e = concurrent.futures.ThreadPoolExecutor(1)
f = e.submit(say.say, "work")
f.result()
f.add_done_callback(lambda f: say.say("done"))
== resurrection
import say, sys
kept = []
class C:
    def __init__(self, n):
        self.n = n
    def __del__(self, say=say.say):
        say("del", self.n)
        kept.append(self) if kept is not None else say("kept is gone")
a = C("a")
b = C("b")
c = C("c")
c.c = c
== classes, functions and cells
import say
class C:
    d = say.D("C.d")
    def m(self):
        return __class__
class B(C):
    d = say.D("B.d")
def f():
    x = say.D("cell")
    def g():
        return x, g
    return g
g = f()
o = C()
o.d = say.D("o.d")
B.o = B()
== files
import say, sys
f = open(sys.argv[1], "w")
f.write("text")
g = open(sys.argv[1] + "2", "wb")
g.write(b"bytes")
g.g = g if hasattr(g, "__dict__") else None
class C:
    def __del__(self, say=say.say, open=open, path=sys.argv[1]):
        say("at del", open(path).read())
sys.stdout.write("not flushed")
== standard output replaced
import sys, say, io
class Out(io.StringIO):
    def flush(self):
        say.say("flush", self.closed)
        super().flush()
    def __del__(self, say=say.say):
        say("Out goes")
sys.stdout = Out()
print("hello")
== standard output that fails
import sys, say
class Out:
    def write(self, s):
        pass
    def flush(self):
        raise ValueError("flush")
sys.stdout = Out()
== standard output closed
import sys, say
d = say.D("d")
print("text")
sys.stdout.close()
== standard error replaced
import sys, say
class Err:
    def write(self, s):
        say.say("written", repr(s))
    def flush(self):
        say.say("flush")
sys.stderr = Err()
class C:
    def __del__(self):
        raise ValueError
c = C()
== garbage
import gc, say
gc.set_debug(gc.DEBUG_SAVEALL)
class C:
    pass
c = C()
c.c = c
c.d = say.D("saved")
del c
gc.collect()
say.say(len(gc.garbage) > 0)
== garbage, not saved
import gc, say
gc.disable()
gc.garbage.append(say.D("garbage"))
gc.callbacks.append(lambda phase, info, say=say.say: say(phase, info["generation"]))
== hooks
import sys, say
sys.unraisablehook = lambda u, say=say.say: say("hook", u.exc_type.__name__, u.err_msg)
class C:
    def __del__(self):
        raise ValueError
a = C()
b = C()
b.b = b
== audit
import sys, say
sys.addaudithook(
    lambda event, args, say=say.say: say(event)
    if event.startswith(("cpython", "gc", "atexit"))
    else None
)
== trace and profile at exit
import sys, say
def f():
    pass
class C:
    def __del__(self):
        f() if f else None
c = C()
sys.c = C()
sys.setprofile(
    lambda frame, event, arg, say=say.say: say(event, frame.f_code.co_name)
    if event == "call"
    else None
)
'''


def parts(text):
    """Pairs of what stands behind == and the lines below it."""
    return re.findall(r"^== (.+)\n((?:(?!== ).*\n)*)", text, re.M)


def run(folder, name, program):
    path = os.path.join(folder, "program.py")
    with open(path, "w") as f:
        f.write(program)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    p = subprocess.run(
        [sys.executable, "-S", path, os.path.join(folder, "file")],
        env=env | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    print("==", name, "status", p.returncode)
    print(re.sub("0x[0-9a-f]+", "ADDRESS", p.stdout + p.stderr.replace(folder, "")))
    for written in "file", "file2":
        written_path = os.path.join(folder, written)
        if os.path.exists(written_path):
            with open(written_path) as f:
                print(written, f.read())
            os.unlink(written_path)


with tempfile.TemporaryDirectory() as folder:
    os.mkdir(os.path.join(folder, "pack"))
    for name, source in parts(MODULES):
        with open(os.path.join(folder, name), "w") as f:
            f.write(source)
    for name, program in parts(CASES):
        if name in sys.argv[1:] or not sys.argv[1:]:
            run(folder, name, program)
