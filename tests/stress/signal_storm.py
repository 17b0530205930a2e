# SPDX-License-Identifier: MIT
"""A timer signal each millisecond: every blocking call goes on where it was (PEP 475)."""
import fcntl
import hashlib
import io
import os
import random
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from common import check, done, equal, open_files, options, scaled

hits = 0


def handler(signum, frame):
    global hits
    hits += 1


def feeder(write, close, data, size):
    """A child process that writes `data` in pieces, slowly, so that the reader blocks."""
    pid = os.fork()
    if pid:
        close()
        return pid
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for i in range(0, len(data), size):
            write(data[i : i + size])
            time.sleep(0.0015)
    finally:
        os._exit(0)


def reap(pid):
    equal(os.waitpid(pid, 0), (pid, 0), "child")


def pipe_reads(data):
    """Reading everything from a slow writer, in five ways."""
    for how in range(5):
        r, w = os.pipe()
        pid = feeder(lambda b: os.write(w, b), lambda: os.close(w), data, len(data) // 20 + 1)
        if how == 0:
            got = b""
            while b := os.read(r, 1000):
                got += b
            os.close(r)
        elif how == 1:
            with open(r, "rb", 0) as f:
                got = f.readall()
        elif how == 2:
            with open(r, "rb") as f:
                got = f.read()
        elif how == 3:
            with open(r, "r", encoding="latin-1", newline="") as f:
                got = "".join(f).encode("latin-1")
        else:
            buf = bytearray(len(data))
            with open(r, "rb") as f:
                equal(f.readinto(buf), len(data), "readinto")
            got = bytes(buf)
        check(got == data, "read", how, len(got), "of", len(data))
        reap(pid)


def slow_reader(r, w, data):
    """A child that reads slowly and exits with 0 if it got `data`."""
    pid = os.fork()
    if pid:
        os.close(r)
        return pid
    code = 1
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.close(w)
        got = []
        while b := os.read(r, 40000):
            got.append(b)
            time.sleep(0.0015)
        code = 0 if b"".join(got) == data else 2
    finally:
        os._exit(code)


def pipe_writes(data):
    """Writing more than a pipe holds to a slow reader, in four ways."""
    data = data * 4
    for how in range(4):
        r, w = os.pipe()
        pid = slow_reader(r, w, data)
        if how == 0:
            left = memoryview(data)
            while left:
                left = left[os.write(w, left) :]
            os.close(w)
        elif how == 1:
            with open(w, "wb", 0) as f:
                left = memoryview(data)
                while left:
                    left = left[f.write(left) :]
        elif how == 2:
            with open(w, "wb") as f:
                equal(f.write(data), len(data), "write")
        else:
            with open(w, "w", encoding="latin-1", newline="") as f:
                f.write(data.decode("latin-1"))
        reap(pid)


def sockets(data):
    """Sending and receiving through a socket pair, in five ways."""
    big = data * 10
    for how in range(5):
        a, b = socket.socketpair()
        pid = os.fork()
        if not pid:
            code = 1
            try:
                signal.setitimer(signal.ITIMER_REAL, 0)
                a.close()
                got = []
                while x := b.recv(30000):
                    got.append(x)
                    time.sleep(0.001)
                for i in range(0, len(data), 5000):
                    b.sendall(data[i : i + 5000])
                    time.sleep(0.001)
                code = 0 if b"".join(got) == big else 2
            finally:
                os._exit(code)
        b.close()
        if how == 1:
            a.settimeout(60)
        if how < 2:
            a.sendall(big)
        elif how == 2:
            left = memoryview(big)
            while left:
                left = left[a.sendmsg([left[:7], left[7:50000]]) :]
        elif how == 3:
            with tempfile.TemporaryFile() as f:
                f.write(big)
                f.seek(0)
                a.sendfile(f)
        else:
            f = a.makefile("wb")
            f.write(big)
            f.close()
        a.shutdown(socket.SHUT_WR)
        got = []
        if how == 4:
            got = [a.makefile("rb").read()]
        while x := (
            a.recv(1000) if how % 2 else a.recvfrom(1000)[0] if how == 0 else a.recvmsg(1000)[0]
        ):
            got.append(x)
        check(b"".join(got) == data, "socket", how)
        a.close()
        reap(pid)


def accepts():
    """accept and connect, with and without a time limit."""
    with socket.create_server(("127.0.0.1", 0)) as s:
        for timeout in None, 60:
            s.settimeout(timeout)
            pid = os.fork()
            if not pid:
                signal.setitimer(signal.ITIMER_REAL, 0)
                time.sleep(0.02)
                with socket.create_connection(s.getsockname()) as c:
                    c.sendall(b"hello")
                os._exit(0)
            c, _ = s.accept()
            with c:
                equal(c.recv(5, socket.MSG_WAITALL), b"hello", "accepted")
            reap(pid)

        def late():
            time.sleep(0.01)

        for timeout in None, 30:
            c = socket.socket()
            c.settimeout(timeout)
            c.connect(s.getsockname())
            s.accept()[0].close()
            c.close()


def waits():
    """Calls with a time of their own wait at least that long, and do not return early with
    nothing."""
    r, w = os.pipe()
    poll = select.poll()
    poll.register(r, select.POLLIN)
    epoll = select.epoll()
    epoll.register(r, select.EPOLLIN)
    sel = selectors.DefaultSelector()
    sel.register(r, selectors.EVENT_READ)
    lock = threading.Lock()
    lock.acquire()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    for name, call, want in [
        ("sleep", lambda: time.sleep(0.02), None),
        ("select", lambda: select.select([r], [], [], 0.02), ([], [], [])),
        ("poll", lambda: poll.poll(20), []),
        ("epoll", lambda: epoll.poll(0.02), []),
        ("selector", lambda: sel.select(0.02), None),
        ("lock", lambda: lock.acquire(timeout=0.02), False),
        ("sigtimedwait", lambda: signal.sigtimedwait([signal.SIGUSR2], 0.02), None),
        ("event", lambda: threading.Event().wait(0.02), False),
    ]:
        before, start = hits, time.monotonic()
        got = call()
        check(time.monotonic() - start >= 0.019, name, "came back early")
        if name != "selector":
            equal(got, want, name)
        check(hits > before, "no signal during", name)
    os.close(r)
    os.close(w)
    epoll.close()
    sel.close()


def processes():
    """Waiting for children, in four ways, and through subprocess."""
    for how in range(4):
        pid = os.fork()
        if not pid:
            signal.setitimer(signal.ITIMER_REAL, 0)
            time.sleep(0.01)
            os._exit(5)
        if how == 0:
            equal(os.waitpid(pid, 0)[1], 5 << 8, "waitpid")
        elif how == 1:
            equal(os.wait()[1], 5 << 8, "wait")
        elif how == 2:
            equal(os.wait4(pid, 0)[1], 5 << 8, "wait4")
        else:
            equal(os.waitid(os.P_PID, pid, os.WEXITED).si_status, 5, "waitid")
    equal(
        subprocess.run(
            ["sh", "-c", "sleep 0.01; cat; exit 3"], input=b"x" * 300_000, capture_output=True
        ).stdout,
        b"x" * 300_000,
        "subprocess",
    )
    equal(subprocess.check_output([sys.executable, "-S", "-c", "print(5)"]), b"5\n", "Python")


def files(data):
    """Opening a FIFO, waiting for file locks."""
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "f")
        os.mkfifo(path)
        pid = os.fork()
        if not pid:
            signal.setitimer(signal.ITIMER_REAL, 0)
            time.sleep(0.02)
            with open(path, "wb") as f:
                f.write(b"fifo")
            os._exit(0)
        with open(path, "rb") as f:
            equal(f.read(), b"fifo", "open of a FIFO")
        reap(pid)
        lock = open(os.path.join(d, "lock"), "w")
        r, w = os.pipe()
        for call in fcntl.flock, fcntl.lockf:
            pid = os.fork()
            if not pid:
                signal.setitimer(signal.ITIMER_REAL, 0)
                with open(os.path.join(d, "lock"), "w") as f:
                    call(f, fcntl.LOCK_EX)
                    os.write(w, b"x")
                    time.sleep(0.02)
                os._exit(0)
            os.read(r, 1)
            call(lock, fcntl.LOCK_EX)
            call(lock, fcntl.LOCK_UN)
            reap(pid)
        lock.close()
        os.close(r)
        os.close(w)
        with open(os.path.join(d, "g"), "wb") as f:
            for _ in range(20):
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
            f.truncate(100)
            os.ftruncate(f.fileno(), 10)
            os.fchmod(f.fileno(), 0o600)


def main(o):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    data = random.Random(1).randbytes(60_000)
    runs, count = scaled(o, 20), None
    for n in range(runs):
        for test, args in (
            (pipe_reads, (data,)),
            (pipe_writes, (data,)),
            (sockets, (data,)),
            (accepts, ()),
            (waits, ()),
            (processes, ()),
            (files, (data,)),
        ):
            test(*args)
        if count is None:
            count = open_files()
    check(open_files() <= count, "open files grew")
    signal.setitimer(signal.ITIMER_REAL, 0)
    check(hits > 100 * runs, "only", hits, "signals")
    return runs


o = options(__doc__)
done("%d rounds" % main(o))
