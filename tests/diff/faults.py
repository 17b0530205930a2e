# Full disks, broken pipes, closed descriptors, interrupted calls: the same exceptions of all files.
import csv
import io
import json
import os
import pickle
import re
import select
import signal
import socket
import subprocess
import sys
import zipfile


def tell(what, f, *args):
    try:
        result = f(*args)
    except BaseException as e:
        print(what, type(e).__name__, e.args)
        return None
    print(
        what,
        result
        if isinstance(result, (int, str, bytes, bool, type(None)))
        else type(result).__name__,
    )
    return result


# -- /dev/full ------------------------------------------------------------------------------------


def full(name, opener, data):
    f = opener()
    tell(name + " write", f.write, data)
    tell(name + " flush", f.flush)
    tell(name + " flush again", f.flush)
    tell(name + " big", f.write, data * 40000)
    tell(name + " close", f.close)
    print(name, f.closed)
    tell(name + " close again", f.close)
    tell(name + " write closed", f.write, data)


full("raw", lambda: open("/dev/full", "wb", buffering=0), b"ab")
full("buffered", lambda: open("/dev/full", "wb"), b"ab")
full("random", lambda: open("/dev/full", "r+b"), b"ab")
full("text", lambda: open("/dev/full", "w"), "ab")
full("line", lambda: open("/dev/full", "w", buffering=1), "ab\n")
full("utf-16", lambda: open("/dev/full", "w", encoding="utf-16"), "ab")
full("through", lambda: io.TextIOWrapper(open("/dev/full", "wb"), write_through=True), "ab")


def with_block():
    with open("/dev/full", "w") as f:
        f.write("lost")


def body_raises():
    with open("/dev/full", "w") as f:
        f.write("lost")
        raise KeyError(1)


tell("with", with_block)
tell("with, own error", body_raises)
try:
    body_raises()
except OSError as e:
    print(repr(e.__context__))
f = open("/dev/full", "w")
tell("print", lambda: print("x", file=f, flush=True))
tell("writelines", lambda: f.writelines(["x" * 9000, "y"]))
tell("truncate", f.truncate, 0)
tell("detach", f.detach)
f = open("/dev/full", "w")
f.write("x")
tell("seek", f.seek, 0)
tell("tell", f.tell)
tell("close", f.close)
tell("os.write", lambda: os.write(os.open("/dev/full", os.O_WRONLY), b"x"))

for name in ("gzip", "bz2", "lzma"):
    module = __import__(name)
    f = module.open("/dev/full", "wb")
    tell(name, f.write, os.urandom(100000) * 3)
    tell(name + " close", f.close)

tell("pickle", lambda: pickle.dump(list(range(100000)), open("/dev/full", "wb", buffering=0)))
tell("json", lambda: json.dump(list(range(100000)), open("/dev/full", "w")))
tell("csv", lambda: csv.writer(open("/dev/full", "w")).writerows([["x" * 100]] * 1000))


def zipped():
    with zipfile.ZipFile("/dev/full", "w") as z:
        z.writestr("a", b"x" * 100)


tell("zip", zipped)


# -- Broken pipes ---------------------------------------------------------------------------------


def broken(mode, **options):
    r, w = os.pipe()
    os.close(r)
    return open(w, mode, **options)


full("pipe raw", lambda: broken("wb", buffering=0), b"ab")
full("pipe buffered", lambda: broken("wb"), b"ab")
full("pipe text", lambda: broken("w"), "ab")
full("pipe line", lambda: broken("w", buffering=1), "ab\n")

a, b = socket.socketpair()
b.close()
tell("send", a.send, b"x")
tell("sendall", a.sendall, b"x" * 100)
tell("recv", a.recv, 10)
tell("recv_into", a.recv_into, bytearray(3))
tell("sendmsg", a.sendmsg, [b"x"])
f = a.makefile("rw")
tell("makefile write", f.write, "x")
tell("makefile flush", f.flush)
tell("makefile read", f.read)
tell("makefile close", f.close)
a.close()
tell("closed send", a.send, b"x")
tell("closed recv", a.recv, 1)
tell("closed accept", a.accept)
tell("closed fileno", a.fileno)
tell("closed name", a.getsockname)
tell("closed makefile", lambda: a.makefile("rb").read())
tell("closed again", a.close)
tell("closed shutdown", a.shutdown, socket.SHUT_RDWR)
tell("closed settimeout", a.settimeout, 1)
tell("closed select", select.select, [a], [], [], 0)


# -- Closed descriptors ---------------------------------------------------------------------------


def pulled(mode, **options):
    """An object whose descriptor somebody else closed."""
    r, w = os.pipe()
    f = open(r if "r" in mode else w, mode, **options)
    os.close(r)
    os.close(w)
    return f


for mode, options in (
    ("rb", {"buffering": 0}),
    ("rb", {}),
    ("r", {}),
    ("wb", {"buffering": 0}),
    ("wb", {}),
    ("w", {}),
):
    name = "pulled %s %s" % (mode, options)
    data = b"x" if "b" in mode else "x"
    f = pulled(mode, **options)
    for call in (
        "read",
        "readline",
        "readlines",
        "readall",
        "read1",
        "tell",
        "seekable",
        "isatty",
        "fileno",
    ):
        if hasattr(f, call):
            result = []
            tell(
                name + " " + call,
                lambda: result.append(getattr(f, call)())
                or (result[0] if call != "fileno" else "number"),
            )
    tell(name + " readinto", lambda: f.readinto(bytearray(3)))
    tell(name + " write", f.write, data)
    tell(name + " flush", f.flush)
    tell(name + " seek", f.seek, 0)
    tell(name + " truncate", f.truncate, 0)
    tell(name + " next", lambda: next(f))
    tell(name + " close", f.close)
    print(name, f.closed)

a, b = socket.socketpair()
os.close(a.fileno())
for call, args in (
    ("send", (b"x",)),
    ("recv", (1,)),
    ("getpeername", ()),
    ("setblocking", (False,)),
    ("shutdown", (2,)),
    ("close", ()),
):
    tell("pulled socket " + call, getattr(a, call), *args)

for make in (
    lambda: open(-1),
    lambda: open(-5, "wb"),
    lambda: open(987654),
    lambda: io.FileIO(987654, "w"),
    lambda: socket.socket(fileno=987654),
    lambda: os.fdopen(987654, "r"),
    lambda: os.dup(987654),
    lambda: os.read(987654, 1),
    lambda: os.fstat(987654),
    lambda: os.isatty(987654),
    lambda: os.lseek(987654, 0, 0),
    lambda: os.stat(-1),
    lambda: os.truncate(-1, 0),
    lambda: os.chdir(-1),
    lambda: os.chmod(-1, 0),
    lambda: os.utime(-1),
    lambda: os.statvfs(-1),
    lambda: os.chown(-1, 0, 0),
    lambda: os.getxattr(-1, "user.a"),
    lambda: os.execve(-1, ["a"], {}),
):
    tell("no descriptor", make)

p = select.poll()
tell("poll register", p.register, 987654)
tell("poll", lambda: repr(p.poll(0)))
e = select.epoll()
tell("epoll register", e.register, 987654)
e.close()
tell("epoll closed", e.poll)
tell("epoll closed register", e.register, 0)


# -- Interrupted calls ----------------------------------------------------------------------------

ticks = []


def tick(*_):
    ticks.append(1)
    if len(ticks) == 1:
        os.write(go, b"x")


class Stop(Exception):
    pass


def stop(*_):
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise Stop


def interrupted(name, call, done):
    """`call` blocks; its handler runs, and makes another process do what is waited for."""
    global go
    signal.signal(signal.SIGALRM, tick)
    ticks.clear()
    wait, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(wait, 1)
        done()
        os._exit(0)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    tell(name, call)
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.waitpid(pid, 0)
    os.close(wait)
    os.close(go)
    print(name, "handler ran", len(ticks) > 0)


def raised(name, call):
    """The handler raises, and the call ends."""
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        call()
        print(name, "went on")
    except Stop:
        print(name, "stopped")
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)


r, w = os.pipe()
interrupted("read", lambda: os.read(r, 10), lambda: os.write(w, b"one"))
f = open(r, "rb", buffering=0, closefd=False)
interrupted("raw read", lambda: f.read(10), lambda: os.write(w, b"two"))
f = open(r, "rb", closefd=False)
interrupted("buffered read", lambda: f.read(10), lambda: os.write(w, b"0123456789"))
f = open(r, closefd=False)
interrupted("readline", lambda: f.readline(), lambda: os.write(w, b"line\n"))
a, b = socket.socketpair()
interrupted("recv", lambda: a.recv(5), lambda: b.send(b"hello"))
a.settimeout(30)
interrupted("recv, time limit", lambda: a.recv(5), lambda: b.send(b"again"))
interrupted("select", lambda: len(select.select([r], [], [], 30)[0]), lambda: os.write(w, b"x"))
os.read(r, 1)
p = select.poll()
p.register(r, select.POLLIN)
interrupted("poll", lambda: len(p.poll(30000)), lambda: os.write(w, b"x"))
os.read(r, 1)
e = select.epoll()
e.register(r)
interrupted("epoll", lambda: len(e.poll(30)), lambda: os.write(w, b"x"))
os.read(r, 1)
raised("read", lambda: os.read(r, 1))
raised("raw read", lambda: open(r, "rb", buffering=0, closefd=False).read(1))
raised("buffered", lambda: open(r, "rb", closefd=False).read(1))
raised("text", lambda: open(r, closefd=False).read())
raised("recv", lambda: b.recv(1))
raised("recv, time limit", lambda: a.recv(1))
raised("select", lambda: select.select([r], [], []))
raised("write", lambda: os.write(w, b"x" * 1000000) and os.write(w, b"x" * 1000000))
raised("buffered write", lambda: open(w, "wb", closefd=False).write(b"x" * 1000000))
raised("sendall", lambda: b.sendall(b"x" * 10000000))
raised("waitpid", lambda: subprocess.run(["sleep", "5"]))
raised("sleep", lambda: __import__("time").sleep(30))
raised("sigtimedwait", lambda: signal.sigtimedwait([signal.SIGUSR1], 30))
raised("lock", lambda: (lambda l: (l.acquire(), l.acquire()))(__import__("threading").Lock()))


# -- Standard streams -----------------------------------------------------------------------------

PROGRAM = {
    "print": "print('x')",
    "print and flush": "print('x', flush=True)",
    "print and fail": "print('x'); 1/0",
    "stderr": "import sys; print('x', file=sys.stderr)",
    "much": "print('x' * 100000)",
    "raw": "import sys; sys.stdout.buffer.raw.write(b'x')",
    "exit": "import sys; print('x'); sys.exit(3)",
    "read": "import sys; print(repr(sys.stdin.read()), file=sys.stderr)",
    "input": "import sys; sys.stderr.write(input())",
    "atexit": "import atexit; atexit.register(print, 'bye')",
    "which": "import sys; sys.stderr.write(repr((sys.stdin, sys.stdout is None, sys.stderr is None)))",
}


def child(source, shell):
    p = subprocess.run(
        ["sh", "-c", '"$0" "$@" ' + shell, sys.executable, "-S", "-c", source],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    said = re.sub("0x[0-9a-f]{16}", "0x", p.stderr)
    return p.returncode, p.stdout[:50], said.splitlines()[-6:]


for name, source in PROGRAM.items():
    for shell in (
        ">/dev/full",
        "2>/dev/full",
        "<&-",
        ">&-",
        "2>&-",
        "<&- >&- 2>&-",
        "</",
        "> /dev/full 2>&1",
    ):
        print(name, shell, child(source, shell))
    print(name, "broken pipe", child(source, "| true; true")[0])
