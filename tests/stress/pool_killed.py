# SPDX-License-Identifier: MIT
"""A worker process that a signal kills: what its pool raises, and what works afterwards."""
import concurrent.futures
import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from common import check, done, equal, open_files, options, raises, scaled


def square(n):
    return n * n


def die(sig, after=0):
    time.sleep(after)
    os.kill(os.getpid(), sig)
    time.sleep(60)


def slow(n):
    time.sleep(0.05)
    return n


def fail(n):
    raise ValueError("number %d" % n)


def executor(method, sig):
    """ProcessPoolExecutor: everything that was not done raises BrokenProcessPool, and so does
    submit."""
    ctx = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=ctx) as pool:
        equal(list(pool.map(square, range(20))), [n * n for n in range(20)], "map")
        e = raises(ValueError, pool.submit(fail, 7).result)
        equal(
            (str(e), type(e.__cause__).__name__),
            ("number 7", "_RemoteTraceback"),
            "error of a task",
        )
        killed = pool.submit(die, sig, 0.2)
        behind = [pool.submit(slow, n) for n in range(20)]
        e = raises(BrokenProcessPool, killed.result)
        equal(
            str(e),
            "A process in the process pool was terminated abruptly while the future was running "
            "or pending.",
            "message",
        )
        ends = [f.exception() for f in behind]
        check(
            any(isinstance(x, BrokenProcessPool) for x in ends),
            "all tasks behind the killed one ended:",
            ends,
        )
        check(all(x is None or isinstance(x, BrokenProcessPool) for x in ends), ends)
        e = raises(BrokenProcessPool, pool.submit, square, 3)
        equal(
            str(e),
            "A child process terminated abruptly, the process pool is not usable anymore",
            "message of submit",
        )


def from_outside(method, sig):
    """The worker is killed by its parent in the middle of a task."""
    ctx = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=ctx) as pool:
        pool.submit(square, 1).result()
        f = [pool.submit(time.sleep, 60) for _ in range(2)]
        while not all(x.running() for x in f):
            time.sleep(0.01)
        os.kill(list(pool._processes)[0], sig)
        for x in f:
            raises(BrokenProcessPool, x.result)


def mp_pool(method, sig):
    """multiprocessing.Pool: the task is lost, the worker replaced, the rest goes on."""
    ctx = multiprocessing.get_context(method)
    with ctx.Pool(2) as pool:
        equal(pool.map(square, range(50)), [n * n for n in range(50)], "map")
        before = {w.pid for w in pool._pool}
        lost = pool.apply_async(die, (sig,))
        raises(multiprocessing.TimeoutError, lost.get, 0.3)
        equal(pool.map(square, range(50)), [n * n for n in range(50)], "map after the death")
        check({w.pid for w in pool._pool} != before, "no worker was replaced")
        equal(len(pool._pool), 2, "workers")
        raises(ValueError, pool.apply, fail, (1,))


def process(method, sig):
    """Process.exitcode tells the signal; a pipe to the dead ends."""
    ctx = multiprocessing.get_context(method)
    mine, theirs = ctx.Pipe()
    p = ctx.Process(target=die, args=(sig,))
    p.start()
    theirs.close()
    p.join()
    equal(p.exitcode, -sig, "exit code")
    raises(EOFError, mine.recv)
    raises(BrokenPipeError, mine.send, b"x" * 1_000_000)
    mine.close()
    p.close()


def pipe_killed(conn):
    conn.send("ready")
    while True:
        conn.send_bytes(b"y" * 100_000)


def mid_message(method, sig):
    """Killed in the middle of sending: whole messages arrive, then EOFError or OSError, no half
    message."""
    ctx = multiprocessing.get_context(method)
    mine, theirs = ctx.Pipe(duplex=False)
    p = ctx.Process(target=pipe_killed, args=(theirs,))
    p.start()
    theirs.close()
    equal(mine.recv(), "ready", "first message")
    for _ in range(5):
        equal(mine.recv_bytes(), b"y" * 100_000, "message")
    os.kill(p.pid, sig)
    p.join()
    try:
        while True:
            equal(mine.recv_bytes(), b"y" * 100_000, "message")
    except EOFError:
        pass
    except OSError as e:
        equal(str(e), "got end of file during message", "end in a message")
    mine.close()


if __name__ == "__main__":
    o = options(__doc__)
    runs = 0
    for method in ("fork", "spawn", "forkserver") if o.scale > 0.2 else ("fork", "spawn"):
        for sig in (
            (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV) if o.scale > 0.2 else (signal.SIGKILL,)
        ):
            if sig == signal.SIGSEGV:
                import faulthandler

                faulthandler.disable()
                signal.signal(sig, signal.SIG_DFL)
            for test in (executor, from_outside, mp_pool, process, mid_message):
                for _ in range(scaled(o, 3)):
                    test(method, sig)
                    runs += 1
    for _ in range(scaled(o, 30)):
        process("fork", signal.SIGKILL)
    count = open_files()
    for _ in range(scaled(o, 30)):
        executor("fork", signal.SIGKILL)
    check(open_files() <= count + 2, "open files grew from", count, "to", open_files())
    equal(multiprocessing.active_children(), [], "children left")
    done("%d pools" % runs)
