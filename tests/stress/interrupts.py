# SPDX-License-Identifier: MIT
"""SIGINT in the middle of a blocking call: KeyboardInterrupt from it, and what it worked on is
usable afterwards."""
import asyncio
import concurrent.futures
import fcntl
import io
import multiprocessing
import os
import queue
import re
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


def blocking():
    """Name -> (call that blocks for ever, check that may follow)."""
    r, w = os.pipe()
    a, b = socket.socketpair()
    listener = socket.create_server(("127.0.0.1", 0))
    timed = socket.create_server(("127.0.0.1", 0))
    timed.settimeout(100)
    full_r, full_w = os.pipe()
    os.set_blocking(full_w, False)
    try:
        while True:
            os.write(full_w, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(full_w, True)
    poll = select.poll()
    poll.register(r, select.POLLIN)
    epoll = select.epoll()
    epoll.register(r, select.EPOLLIN)
    sel = selectors.DefaultSelector()
    sel.register(r, selectors.EVENT_READ)
    lock = threading.Lock()
    lock.acquire()
    raw, buffered, text = (
        open(r, "rb", 0, closefd=False),
        open(r, "rb", closefd=False),
        open(r, closefd=False),
    )
    full_raw, full = open(full_w, "wb", 0, closefd=False), open(full_w, "wb", 10, closefd=False)
    cond, event, barrier, q, sq = (
        threading.Condition(),
        threading.Event(),
        threading.Barrier(2),
        queue.Queue(),
        queue.SimpleQueue(),
    )
    sem, connection = threading.Semaphore(0), multiprocessing.Pipe()

    def cond_wait():
        with cond:
            cond.wait()

    def run_loop():
        async def forever():
            await asyncio.sleep(100)

        asyncio.run(forever())

    def loop_bare():
        loop = asyncio.new_event_loop()
        try:
            loop.run_forever()
        finally:
            loop.close()

    def spin():
        while True:
            pass

    def spin_for():
        for _ in iter(int, 1):
            pass

    def spin_c():
        for _ in range(10**6):
            sum(range(10**6))

    def spin_pow():
        for _ in range(10**6):
            pow(3, 10**4, 7**2000)

    def spin_re():
        for _ in range(10**6):
            re.match(r"(a*)*b", "a" * 20)

    def spin_with():
        while True:
            with lock2:
                pass

    def spin_except():
        while True:
            try:
                raise ValueError
            except ValueError:
                pass

    def spin_gen():
        def g():
            while True:
                yield

        for _ in g():
            pass

    lock2 = threading.Lock()
    big = b"y" * 10_000_000

    def join():  # a new thread each time: 3.11 takes one whose join was interrupted for ended
        t = threading.Thread(target=event.wait, daemon=True)
        t.start()
        t.join()

    return {
        "time.sleep": lambda: time.sleep(100),
        "os.read": lambda: os.read(r, 1),
        "os.write": lambda: os.write(full_w, b"x" * 10**6),
        "os.readv": lambda: os.readv(r, [bytearray(5)]),
        "raw.read": lambda: raw.read(1),
        "raw.readall": raw.readall,
        "raw.readinto": lambda: raw.readinto(bytearray(5)),
        "raw.write": lambda: full_raw.write(b"x" * 10**6),
        "buffered.read": lambda: buffered.read(10),
        "buffered.readall": buffered.read,
        "buffered.readline": buffered.readline,
        "buffered.peek": buffered.peek,
        "buffered.read1": buffered.read1,
        "text.read": text.read,
        "text.readline": text.readline,
        "text.iter": lambda: list(text),
        "buffered.write": lambda: full.write(b"x" * 10**6),
        "recv": lambda: (b, connection, a.recv(5)),
        "recv_into": lambda: a.recv_into(bytearray(5)),
        "recvfrom": lambda: a.recvfrom(5),
        "recvmsg": lambda: a.recvmsg(5),
        "sendall": lambda: a.sendall(big),
        "makefile": lambda: a.makefile("rb").read(),
        "accept": listener.accept,
        "accept timed": timed.accept,
        "select": lambda: select.select([r], [], []),
        "select timed": lambda: select.select([r], [], [], 100),
        "poll": poll.poll,
        "poll timed": lambda: poll.poll(10**5),
        "epoll": epoll.poll,
        "epoll timed": lambda: epoll.poll(100),
        "selector": sel.select,
        "lock": lock.acquire,
        "lock timed": lambda: lock.acquire(timeout=100),
        "condition": cond_wait,
        "event": event.wait,
        "event timed": lambda: event.wait(100),
        "barrier": barrier.wait,
        "queue": q.get,
        "queue timed": lambda: q.get(timeout=100),
        "simple queue": sq.get,
        "simple queue timed": lambda: sq.get(timeout=100),
        "semaphore": sem.acquire,
        "join": join,
        "waitpid": lambda: os.waitpid(sleeper.pid, 0),
        "wait": os.wait,
        "waitid": lambda: os.waitid(os.P_PID, sleeper.pid, os.WEXITED),
        "flock": lambda: flock_busy(),
        "fifo": lambda: open(fifo),
        "os.open": lambda: os.open(fifo, os.O_RDONLY),
        "pause": signal.pause,
        "Popen.wait": sleeper.wait,
        "Popen.wait timed": lambda: sleeper.wait(100),
        "asyncio.run": run_loop,
        "run_forever": loop_bare,
        "Future.result": lambda: concurrent.futures.Future().result(),
        "Connection.recv": connection[0].recv,
        "while": spin,
        "for": spin_for,
        "sum": spin_c,
        "pow": spin_pow,
        "re": spin_re,
        "with": spin_with,
        "except": spin_except,
        "generator": spin_gen,
    }


def flock_busy():
    """Waits for a lock that another descriptor of the same file holds."""
    with open(lock_file, "w") as f, open(lock_file, "w") as g:
        fcntl.flock(f, fcntl.LOCK_EX)
        fcntl.flock(g, fcntl.LOCK_EX)


def send_later(delay):
    """Another process sends the signal: nothing of this one runs in between."""
    pid = os.fork()
    if not pid:
        time.sleep(delay)
        try:
            os.kill(os.getppid(), signal.SIGINT)
        finally:
            os._exit(0)
    return pid


def main(o):
    global sleeper, fifo, lock_file
    with tempfile.TemporaryDirectory() as d:
        fifo, lock_file = os.path.join(d, "fifo"), os.path.join(d, "lock")
        os.mkfifo(fifo)
        sleeper = subprocess.Popen(
            ["sleep", "1000"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        calls, count = blocking(), 0
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for n in range(scaled(o, 20)):
            for name, call in calls.items():
                if name == "wait":
                    continue  # it would take the sender
                pid = None
                try:
                    pid = send_later(0.01 + 0.0001 * (n * 7 % 20))
                    call()
                    raise AssertionError("%s came back" % name)
                except KeyboardInterrupt:
                    count += 1
                os.waitpid(pid, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sleeper.kill()
        sleeper.wait()
        for n in range(scaled(o, 10)):
            for text in (
                "input()",
                "import sys; sys.stdin.read()",
                "import time; time.sleep(100)",
                "while True: pass",
                "import threading; threading.Thread(target=threading.Event().wait).start()",
            ):
                p = subprocess.Popen(
                    [
                        sys.executable,
                        "-c",
                        "import signal\n"
                        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                        "print(1, flush=True)\n" + text,
                    ],
                    stdin=-1,
                    stdout=-1,
                    stderr=-1,
                )
                p.stdout.readline()
                time.sleep(0.02)
                p.send_signal(signal.SIGINT)
                if "threading" in text:
                    time.sleep(0.05)
                    p.send_signal(signal.SIGKILL)
                code = p.wait()
                err = p.stderr.read()
                p.stdin.close()
                p.stdout.close()
                p.stderr.close()
                if "threading" not in text:
                    check(code == -2 and err.endswith(b"KeyboardInterrupt\n"), text, code, err)
    return count


o = options(__doc__)
done("%d calls interrupted" % main(o))
