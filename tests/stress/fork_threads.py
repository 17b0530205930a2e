# SPDX-License-Identifier: MIT
"""fork from a program with busy threads: the child is whole, has one thread and can do everything
again."""
import faulthandler
import gc
import importlib
import io
import logging
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from common import check, done, equal, open_files, options, scaled

stop = False


def busy(n):
    """What a thread may be doing when another forks."""
    rng, d, log, out = (
        random.Random(n),
        {},
        logging.getLogger("t%d" % n),
        io.FileIO(os.devnull, "w"),
    )
    lock, local = threading.Lock(), threading.local()
    while not stop:
        kind = rng.randrange(8)
        if kind == 0:
            [object() for _ in range(200)]
            d[rng.random()] = [d]
            d.popitem()
        elif kind == 1:
            log.warning("said")
        elif kind == 2:
            out.write(b"x" * 100)
        elif kind == 3:
            try:
                importlib.reload(sys.modules["this_is_reloaded"])
            except (
                KeyError,
                ImportError,
            ):  # another thread reloads it: it is taken out for a moment
                pass
        elif kind == 4:
            with lock:
                local.x = [local]
        elif kind == 5:
            gc.collect(0)
        elif kind == 6:
            time.sleep(0.0001)
        else:
            compile("x = [a for a in b]\n" * 5, "f", "exec")


def child(kind):
    """Runs in the child; what it returns becomes the exit code 0, an exception 1."""
    equal(threading.active_count(), 1, "threads")
    check(threading.current_thread() is threading.main_thread(), "main thread")
    equal(len(sys._current_frames()), 1, "thread states")
    gc.collect()
    logging.getLogger("child").warning("logged")
    if kind == 0:
        q, got = queue.Queue(), []
        ts = [threading.Thread(target=lambda: q.put(got.append(1))) for _ in range(5)]
        for t in ts:
            t.start()
        for t in ts:
            t.join(30)
        equal(len(got), 5, "threads of the child")
    elif kind == 1:
        for name in "wave", "colorsys", "chunk", "sndhdr":
            sys.modules.pop(name, None)
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(name)
    elif kind == 2:
        pid = os.fork()
        if not pid:
            os._exit(0 if len(sys._current_frames()) == 1 else 1)
        equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, "grandchild")
    elif kind == 3:
        equal(
            subprocess.run([sys.executable, "-S", "-c", "print(1)"], capture_output=True).stdout,
            b"1\n",
            "subprocess of the child",
        )
    elif kind == 4:
        hits = []
        signal.signal(signal.SIGUSR1, lambda *a: hits.append(1))
        os.kill(os.getpid(), signal.SIGUSR1)
        check(hits, "signal in the child")
    else:
        sys.stdout.flush()
        print(end="", flush=True)


def fork_one(kind, leave):
    """`leave`: through sys.exit and the whole finalisation, not os._exit."""
    pid = os.fork()
    if pid:
        end = time.monotonic() + 120
        while True:
            got, status = os.waitpid(pid, os.WNOHANG)
            if got:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                os.kill(pid, signal.SIGABRT)
                os.waitpid(pid, 0)
                return "hang"
            time.sleep(0.001)
    code = 1
    try:
        signal.alarm(60)
        child(kind)
        code = 7
    except BaseException:
        import traceback

        traceback.print_exc()
    if not leave:
        os._exit(code)
    raise SystemExit(code)


def fork_many(me, rounds, bad):
    """Forks by a thread that is not the main one: in the child it is."""
    for n in range(rounds):
        pid = os.fork()
        if not pid:
            try:
                signal.alarm(60)
                ok = (
                    threading.active_count() == 1
                    and threading.main_thread() is threading.current_thread()
                    and len(sys._current_frames()) == 1
                )
                gc.collect()
                os._exit(0 if ok else 3)
            finally:
                os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code:
            bad.append(code)


def run_many(me, rounds, bad):
    """subprocess from a thread, half of the time with preexec_fn."""
    for n in range(rounds):
        text = "%d-%d" % (me, n)
        p = subprocess.run(
            ["cat"],
            input=text,
            capture_output=True,
            text=True,
            preexec_fn=(lambda: None) if n % 2 else None,
        )
        if p.stdout != text or p.returncode:
            bad.append(p)


def together(count, func, *args):
    threads = [threading.Thread(target=func, args=(n, *args)) for n in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def hooks():
    """os.register_at_fork: the order, in both processes."""
    seen = []
    for n in range(3):
        os.register_at_fork(
            before=lambda n=n: seen.append(("before", n)),
            after_in_parent=lambda n=n: seen.append(("parent", n)),
            after_in_child=lambda n=n: seen.append(("child", n)),
        )
    before = [("before", n) for n in (2, 1, 0)]
    pid = os.fork()
    if not pid:
        os._exit(0 if seen == before + [("child", n) for n in range(3)] else 1)
    equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, "hooks in the child")
    equal(seen, before + [("parent", n) for n in range(3)], "hooks in the parent")


def main(o):
    global stop
    module = type(sys)("this_is_reloaded")
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    directory = tempfile.mkdtemp()
    with open(os.path.join(directory, "this_is_reloaded.py"), "w") as f:
        f.write("x = 1\n")
    sys.path.insert(0, directory)
    sys.dont_write_bytecode = True
    import this_is_reloaded

    logging.basicConfig(stream=io.StringIO())
    threads = [threading.Thread(target=busy, args=(n,), daemon=True) for n in range(8)]
    for t in threads:
        t.start()
    forks = scaled(o, 600, 30)
    for n in range(forks):
        equal(fork_one(n % 6, n % 5 == 4), 7, "exit code of child", n)
    bad = []
    together(6, fork_many, scaled(o, 60, 4), bad)
    equal(bad, [], "exit codes of children of threads")
    files = open_files()
    together(8, run_many, scaled(o, 40, 3), bad)
    equal(bad, [], "subprocesses of threads")
    check(open_files() <= files + len(threads), "open files grew from", files, "to", open_files())
    hooks()
    stop = True
    for t in threads:
        t.join()
    shutil.rmtree(directory)
    return forks


o = options(__doc__)
faulthandler.cancel_dump_traceback_later()  # its thread would be missing in the children
signal.alarm(int(o.limit))
done("%d forks" % main(o))
