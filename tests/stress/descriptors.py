# SPDX-License-Identifier: MIT
"""Closed, full, wrong and exhausted descriptors: the error that 3.11 raises, no crash and no leak;
what children inherit."""
import array
import errno
import fcntl
import gc
import io
import mmap
import os
import resource
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from common import check, done, equal, open_files, options, raises, scaled


def full_device():
    """/dev/full: ENOSPC when the buffer is written out, whichever call that is."""
    for size in 1, 100, 10**6:
        with open("/dev/full", "wb", 0) as f:
            raises(OSError, f.write, b"x" * size, errno=errno.ENOSPC)
        f = open("/dev/full", "wb")
        if size < 8192:
            equal(f.write(b"x" * size), size, "buffered write")
            raises(OSError, f.flush, errno=errno.ENOSPC)
        else:
            raises(OSError, f.write, b"x" * size, errno=errno.ENOSPC)
        try:
            f.close()
        except OSError as e:
            equal((e.errno, size < 8192), (errno.ENOSPC, True), "close")
        check(f.closed and f.raw.closed, "closed after a failed flush")
        f.close()
        t = open("/dev/full", "w")
        try:
            t.write("x" * size)
        except OSError as e:
            equal(e.errno, errno.ENOSPC, "text write")
        try:
            t.close()
        except OSError as e:
            equal(e.errno, errno.ENOSPC, "text close")
        check(t.closed, "text closed")
        line = open("/dev/full", "w", buffering=1)
        raises(OSError, line.write, "line\n", errno=errno.ENOSPC)
        try:
            line.close()
        except OSError:
            pass
    for code in "print(1)", "import sys; sys.stdout.write('x' * 10**6)", "print(1, flush=True)":
        with open("/dev/full", "w") as f:
            p = subprocess.run(
                [sys.executable, "-S", "-c", code], stdout=f, stderr=subprocess.PIPE, text=True
            )
            check(p.returncode in (1, 120) and "No space left" in p.stderr, code, p)
    with open("/dev/full", "w") as f:
        check(
            subprocess.run([sys.executable, "-S", "-c", "1/0"], stderr=f).returncode in (1, 120),
            "stderr full",
        )


def closed_standard():
    """Standard streams that are closed at the start, or under the feet."""
    for closing, code, want, out in [
        ("<&-", "import sys; print(sys.stdin)", 0, "None\n"),
        ("<&-", "input()", 1, ""),
        (">&-", "print(1)", 0, ""),
        ("2>&-", "print(1); 1/0", 1, "1\n"),
        ("<&- >&- 2>&-", "import os; os._exit(0 if os.open('/dev/null', 0) == 0 else 5)", 0, ""),
        ("", "import os; os.close(0); print(2)", 0, "2\n"),
        ("", "import os, sys; os.close(2); print(3); sys.exit('x')", 1, "3\n"),
        ("", "import sys; sys.stdout.close(); print", 0, ""),
        ("", "import sys; sys.stdin.close()", 0, ""),
        ("", "import os; os.close(1)", 0, ""),
        ("| true", "import time; time.sleep(0.05); print('x' * 10**6)", 0, ""),
    ]:
        p = subprocess.run(
            ["sh", "-c", '"%s" -S -c "%s" %s' % (sys.executable, code, closing)],
            stdin=subprocess.DEVNULL,
            stdout=-1,
            stderr=-1,
            text=True,
        )
        equal(
            (p.returncode in (want, 120), p.stdout),
            (True, out),
            "%s with %s: %s" % (code, closing, p.stderr[-300:]),
        )
        check("Fatal" not in p.stderr, p.stderr)


def bad_descriptor():
    """Everything that takes a descriptor, with one that was closed behind its back."""

    def closed():
        r, w = os.pipe()
        os.close(w)
        os.close(r)
        return r

    EBADF, epoll = errno.EBADF, select.epoll()
    for call in (
        lambda n: os.read(n, 1),
        lambda n: os.write(n, b"x"),
        os.fstat,
        os.dup,
        os.close,
        os.fsync,
        os.ttyname,
        lambda n: os.lseek(n, 0, 0),
        lambda n: os.ftruncate(n, 1),
        os.get_inheritable,
        lambda n: os.set_inheritable(n, True),
        lambda n: os.set_blocking(n, True),
        os.get_blocking,
        os.fchdir,
        lambda n: os.fchmod(n, 0o600),
        lambda n: os.dup2(n, 100),
        lambda n: fcntl.fcntl(n, fcntl.F_GETFD),
        lambda n: fcntl.flock(n, fcntl.LOCK_SH),
        lambda n: fcntl.lockf(n, fcntl.LOCK_EX),
        lambda n: fcntl.ioctl(n, 0x5401, b"1" * 60),
        lambda n: open(n),
        lambda n: open(n, "wb", 0),
        lambda n: select.select([n], [], []),
        lambda n: os.pread(n, 1, 0),
        lambda n: os.writev(n, [b"x"]),
        lambda n: os.sendfile(n, n, 0, 1),
        lambda n: os.posix_fallocate(n, 0, 1),
        lambda n: os.listdir(n),
        lambda n: os.scandir(n),
        lambda n: socket.socket(fileno=n),
        lambda n: mmap.mmap(n, 10),
        lambda n: os.tcgetpgrp(n),
        lambda n: os.fdopen(n),
        epoll.register,
        lambda n: os.lockf(n, os.F_LOCK, 0),
    ):
        raises(OSError, call, closed(), errno=EBADF)
        for wrong in -1, 2**31, 2**100:
            try:
                call(wrong)
            except (OSError, ValueError, OverflowError, TypeError):
                pass
    p = select.poll()
    p.register(closed())
    equal(p.poll(0)[0][1], select.POLLNVAL, "poll")
    equal(os.isatty(closed()), False, "isatty")
    for mode, buffering, call in [
        ("rb", 0, lambda f: f.read(1)),
        ("rb", -1, lambda f: f.read(1)),
        ("r", -1, lambda f: f.read(1)),
        ("wb", 0, lambda f: f.write(b"x")),
        ("rb", -1, lambda f: f.seek(0)),
        ("rb", 0, lambda f: f.readall()),
        ("rb", 0, lambda f: f.readinto(bytearray(4))),
    ]:
        f = open("/dev/zero", mode, buffering)
        os.close(f.fileno())
        raises(OSError, call, f, errno=EBADF)
        raises(OSError, f.close, errno=EBADF)
        check(f.closed, "closed")
    a, b = socket.socketpair()
    os.close(a.fileno())
    for call in (
        lambda: a.recv(1),
        lambda: a.send(b"x"),
        a.getsockname,
        lambda: a.setsockopt(1, 2, 1),
        lambda: a.settimeout(5),
        lambda: a.shutdown(2),
        lambda: a.listen(),
    ):
        raises(OSError, call, errno=EBADF)
    raises(OSError, a.close, errno=EBADF)
    b.close()
    for call in lambda: b.recv(1), lambda: b.send(b"x"), b.getpeername, b.accept:
        raises(OSError, call, errno=EBADF)
    equal(b.fileno(), -1, "fileno")
    for thing in (
        io.BytesIO(),
        io.StringIO(),
        open(os.devnull, "rb"),
        open(os.devnull),
        open(os.devnull, "rb", 0),
        open(os.devnull, "w"),
    ):
        thing.close()
        for name in (
            "read",
            "readline",
            "readlines",
            "flush",
            "fileno",
            "isatty",
            "seekable",
            "tell",
            "__next__",
            "__enter__",
            "truncate",
        ):
            if name in ("flush", "fileno") and isinstance(thing, (io.BytesIO, io.StringIO)):
                continue
            raises(ValueError, getattr(thing, name))
        thing.close()


def pipes():
    """Broken pipes, pipes that are full, ends closed by somebody else."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    r, w = os.pipe()
    os.close(r)
    raises(BrokenPipeError, os.write, w, b"x")
    f = open(w, "wb")
    f.write(b"x")
    raises(BrokenPipeError, f.flush)
    raises(BrokenPipeError, f.close)
    a, b = socket.socketpair()
    b.close()
    raises(BrokenPipeError, a.send, b"x")
    raises(BrokenPipeError, a.sendall, b"x" * 10**6)
    equal(a.recv(5), b"", "end")
    a.close()
    r, w = os.pipe()
    os.set_blocking(r, False)
    os.set_blocking(w, False)
    raises(BlockingIOError, os.read, r, 1)
    equal(open(r, "rb", 0, closefd=False).read(5), None, "raw read")
    equal(open(r, "rb", 0, closefd=False).readall(), None, "readall")
    f = open(w, "wb", 100, closefd=False)
    e = raises(BlockingIOError, lambda: [f.write(b"z" * 5000) for _ in range(100)])
    check(0 <= e.characters_written <= 5000, e.characters_written)
    while True:
        try:
            check(os.read(r, 10**6))
            f.flush()
            break
        except BlockingIOError:
            pass
    os.close(r)
    try:
        f.close()
    except BrokenPipeError:
        pass
    os.close(w)


def exhausted():
    """No descriptor left: EMFILE everywhere, and nothing leaks on the way."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = []
    tempfile.gettempdir()
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        s = socket.create_server(("127.0.0.1", 0))
        c = socket.create_connection(s.getsockname())
        try:
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        except OSError as e:
            equal(e.errno, errno.EMFILE, "open")
        for call in (
            lambda: open(os.devnull),
            os.pipe,
            lambda: os.dup(0),
            lambda: socket.socket(),
            s.accept,
            socket.socketpair,
            select.epoll,
            lambda: os.listdir("."),
            lambda: os.scandir("."),
            lambda: os.open(".", 0),
            lambda: subprocess.Popen(["true"]),
            lambda: tempfile.TemporaryFile(),
            lambda: c.dup(),
            lambda: selectors.EpollSelector(),
            lambda: os.eventfd(0),
            lambda: os.memfd_create("x"),
            lambda: mmap.mmap(held[0], 10, prot=mmap.PROT_READ),
        ):
            for _ in range(3):
                raises(OSError, call, errno=errno.EMFILE)
        try:
            __import__("sndhdr_none")
        except (ImportError, OSError):
            pass
        for n in held:
            os.close(n)
        c.close()
        s.accept()[0].close()
        s.close()
        held.clear()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for n in held:
            os.close(n)


def memory_of_file():
    """A mapped file that shrinks is closed and grows: sizes are checked, views hold it."""
    with tempfile.TemporaryFile() as f:
        f.truncate(10000)
        m = mmap.mmap(f.fileno(), 0)
        raises(ValueError, mmap.mmap, f.fileno(), 20000)
        view = memoryview(m)
        raises(BufferError, m.close)
        raises(BufferError, m.resize, 5)
        view.release()
        m.resize(5000)
        equal(len(m), 5000, "resized")
        m.close()
        for call in lambda: m[0], lambda: len(m), m.read, lambda: m.find(b"x"), m.flush:
            raises(ValueError, call)


def inheritable(n):
    try:
        return os.get_inheritable(n)
    except OSError:
        return False


def inherited():
    """All descriptors that Python makes stay in this process; those asked for go on."""
    made, before = [], [n for n in range(1024) if inheritable(n)]
    a, b = socket.socketpair()
    made += [a.fileno(), b.fileno()]
    made += [*os.pipe(), os.open(os.devnull, 0), os.dup(0), os.eventfd(0), os.memfd_create("x")]
    e = select.epoll()
    f = open(os.devnull)
    t = tempfile.TemporaryFile()
    made += [e.fileno(), f.fileno(), t.fileno(), fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 10)]
    s = socket.create_server(("127.0.0.1", 0))
    c = socket.create_connection(s.getsockname())
    acc, _ = s.accept()
    d = acc.dup()
    made += [s.fileno(), c.fileno(), acc.fileno(), d.fileno(), os.dup2(0, 99, inheritable=False)]
    master, slave = os.openpty()
    made += [master, slave]
    for n in made:
        equal(os.get_inheritable(n), False, "inheritable", n)
    tell = (
        "import os; os.chdir('/proc/self/fd')\n"
        "print(sorted(int(n) for n in os.listdir('.') if os.path.exists(n)))"
    )

    def seen(**kw):
        return eval(
            subprocess.check_output(
                [sys.executable, "-S", "-c", tell], stdin=subprocess.DEVNULL, **kw
            )
        )

    equal(seen(close_fds=False), before, "in a child")
    os.set_inheritable(made[0], True)
    os.dup2(0, 98)
    equal(seen(close_fds=False), sorted(before + [made[0], 98]), "asked for")
    equal(seen(), [0, 1, 2], "close_fds")
    equal(seen(pass_fds=[made[1]]), [0, 1, 2, made[1]], "pass_fds")
    pid = os.posix_spawn(
        sys.executable,
        [
            sys.executable,
            "-S",
            "-c",
            "import os; os.chdir('/proc/self/fd')\n"
            "os._exit(os.path.exists('%d') * 2 + os.path.exists('%d'))" % (made[0], made[1]),
        ],
        os.environ,
    )
    equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 2, "posix_spawn")
    # rights over a socket
    socket.send_fds(a, [b"x"], [made[2], made[3]])
    msg, fds, flags, _ = socket.recv_fds(b, 5, 5)
    equal(len(fds), 2, "received")
    for n in fds:
        os.close(n)
    for n in made[2:8] + [made[11], 99, 98, master, slave]:
        os.close(n)
    for x in a, b, e, f, t, s, c, acc, d:
        x.close()


def main(o):
    tests = (
        full_device,
        closed_standard,
        bad_descriptor,
        pipes,
        exhausted,
        memory_of_file,
        inherited,
    )
    for f in tests:
        f()
    gc.collect()
    count = open_files()
    for n in range(scaled(o, 10)):
        for f in tests:
            f()
    gc.collect()
    equal(open_files(), count, "open files")
    return len(tests) * scaled(o, 10)


import warnings

warnings.simplefilter("ignore")
o = options(__doc__)
done("%d tests" % main(o))
