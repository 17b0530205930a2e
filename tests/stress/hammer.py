# SPDX-License-Identifier: MIT
"""200 threads on the same objects for some seconds: no update is lost, no invariant broken, no
thread dies."""
import _thread
import collections
import contextvars
import gc
import io
import itertools
import queue
import random
import sys
import threading
import time
import types
import weakref
from common import check, done, equal, options, scaled


class Count:
    """Work that threads did; each adds to its own cell."""

    def __init__(self, threads):
        self.cells = [0] * threads

    def total(self):
        return sum(self.cells)


class Attrs:
    kind = 0

    def __init__(self):
        self.a = self.b = 0

    def method(self):
        return self.kind


GLOBAL = 0
stop = False


def worker_dict(me, count, shared, rng):
    """Keys of its own come and go in a dict of all; what it put there is there."""
    d = shared["dict"]
    while not stop:
        keys = [
            (me, rng.random()) if rng.random() < 0.5 else "%d-%d" % (me, rng.randrange(10**6))
            for _ in range(20)
        ]
        for k in keys:
            d[k] = me
        for k in keys:
            check(d[k] == me, "dict")
        if rng.random() < 0.05:
            try:
                for k in d:
                    pass
            except RuntimeError as e:
                check("dictionary changed size" in str(e) or "dictionary keys changed" in str(e), e)
            dict(d)
            d.copy()
            len(list(d.items()))
            {**d}
        for k in keys:
            d.pop(k, None)
        d.setdefault("all", 0)
        count.cells[me] += 1


def worker_list(me, count, shared, rng):
    """Everything appended by all is there at the end; a list of its own size changes under sort and
    slices."""
    big, other = shared["list"], shared["list2"]
    while not stop:
        big.append(me)
        other.append(rng.random())
        if len(other) > 500:
            del other[250:]
        if rng.random() < 0.02:
            try:
                other.sort()
            except ValueError as e:
                equal(str(e), "list modified during sort", "sort")
            for x in other:
                check(type(x) is float, "list item", x)
            other[10:20] = [0.5] * rng.randrange(20)
            other.reverse()
            other.copy()
            sum(other)
            x = other + other
        count.cells[me] += 1


def worker_queue(me, count, shared, rng):
    """Even threads put, odd ones get: the sums agree at the end."""
    q, simple, lifo = shared["queue"], shared["simple"], shared["lifo"]
    while not stop:
        if me % 4 < 2:
            simple.put((me, count.cells[me]))
            try:
                q.put(1, timeout=0.05)
                count.cells[me] += 1
            except queue.Full:
                pass
            lifo.put(me)
        else:
            try:
                q.get(timeout=0.05)
                count.cells[me] -= 1
            except queue.Empty:
                pass
            try:
                simple.get(timeout=0.001)
            except queue.Empty:
                pass
            try:
                lifo.get_nowait()
            except queue.Empty:
                pass


def worker_lock(me, count, shared, rng):
    """Counters under a lock, an rlock, a condition and a semaphore lose nothing."""
    box, lock, rlock, cond, sem = (
        shared["box"],
        shared["lock"],
        shared["rlock"],
        shared["cond"],
        shared["sem"],
    )
    while not stop:
        with lock:
            box[0] += 1
        if lock.acquire(timeout=0.001):
            box[0] += 1
            lock.release()
        else:
            with lock:
                box[0] += 1
        with rlock, rlock:
            box[1] += 2
        with cond:
            box[2] += 2
            cond.notify()
            cond.wait(0.0005)
        with sem:
            box[3].append(me)
            check(len(box[3]) <= 5, "semaphore")
            box[3].remove(me)
        count.cells[me] += 2


def worker_attrs(me, count, shared, rng):
    """Instances and classes change under the caches of attribute access."""
    global GLOBAL
    obj, name = shared["obj"], "m%d" % (me % 17)
    while not stop:
        setattr(obj, name, me)
        check(type(getattr(obj, name, 0)) is int, "attribute")
        Attrs.kind = me
        check(0 <= obj.method() < 1000 and 0 <= Attrs.kind < 1000, "class attribute")
        GLOBAL = me
        check(0 <= GLOBAL < 1000, "global")
        mine = Attrs()
        mine.a, mine.z = me, me
        check(mine.a == me and mine.z == me and mine.__dict__["a"] == me, "own instance")
        if rng.random() < 0.02:
            obj.__dict__.pop(name, None)
            cls = type("C%d" % me, (Attrs,), {"kind": property(lambda self: 5)})
            equal(cls().method(), 5, "property")
            obj.__class__ = shared["classes"][me % 2]
        count.cells[me] += 1


def worker_objects(me, count, shared, rng):
    """Cycles, weak references, generators, text streams and contexts, with a collection now and
    then."""
    live, out, var, counter = shared["weak"], shared["out"], shared["var"], shared["counter"]
    dq, st, odict = shared["deque"], shared["set"], shared["odict"]
    while not stop:
        a, b = Attrs(), Attrs()
        a.other, b.other = b, a
        live.add(a)
        shared["values"][me] = a
        weakref.finalize(b, shared["dead"].append, 1).atexit = False
        shared["born"].append(1)
        del a, b
        next(counter)
        try:
            shared["generator"].send(None)
        except ValueError as e:
            equal(str(e), "generator already executing", "generator")
        token = var.set(me)
        check(var.get() == me, "context variable")
        var.reset(token)
        dq.append(me)
        dq.rotate(1)
        dq.appendleft(me)
        try:
            dq.pop()
        except IndexError:
            pass
        st.add((me, rng.randrange(100)))
        st.discard((me, rng.randrange(100)))
        odict[me] = 1
        odict.move_to_end(me)
        out.write("line of %d\n" % me)
        if rng.random() < 0.002:
            gc.collect(rng.randrange(3))
            sys._current_frames()
            threading.enumerate()
        count.cells[me] += 1


def worker_short(me, count, shared, rng):
    """Starts threads that start threads."""
    while not stop:
        got = []
        t = threading.Thread(
            target=lambda: got.append(shared["local"].__dict__.setdefault("x", me))
        )
        t.start()
        t.join()
        equal(got, [me], "a local value of a new thread")
        gone = _thread.allocate_lock()
        gone.acquire()
        _thread.start_new_thread(gone.release, ())
        check(gone.acquire(timeout=60), "release by another thread")
        with io.BytesIO(b"x" * 100) as f:
            f.read()
        count.cells[me] += 1


def worker_imports(me, count, shared, rng):
    """All import the same new modules at once; each runs once."""
    while not stop:
        name = "stress_module_%d" % (time.monotonic() * 20)
        mod = __import__(name)
        equal(mod.value, name, "module")
        check(mod.finished, "module seen before its end")
        count.cells[me] += 1
        time.sleep(0.001)


class Finder:
    """Makes stress_module_N when asked; counts how often each ran."""

    ran = collections.Counter()

    def find_spec(self, name, path=None, target=None):
        if name.startswith("stress_module_"):
            from importlib.machinery import ModuleSpec

            return ModuleSpec(name, self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        Finder.ran[module.__name__] += 1
        time.sleep(0.002)
        module.value = module.__name__
        module.finished = True


def ticks():
    while True:
        for n in range(100):
            yield n


WORKERS = [
    worker_dict,
    worker_list,
    worker_queue,
    worker_lock,
    worker_attrs,
    worker_objects,
    worker_short,
    worker_imports,
]


def main(threads, seconds):
    global stop
    sys.setswitchinterval(1e-4)
    sys.meta_path.insert(0, Finder())
    lock = threading.Lock()
    shared = {
        "dict": {},
        "list": [],
        "list2": [],
        "queue": queue.Queue(50),
        "simple": queue.SimpleQueue(),
        "lifo": queue.LifoQueue(),
        "box": [0, 0, 0, []],
        "lock": lock,
        "rlock": threading.RLock(),
        "cond": threading.Condition(),
        "sem": threading.Semaphore(5),
        "obj": Attrs(),
        "classes": [type("A", (Attrs,), {}), type("B", (Attrs,), {})],
        "weak": weakref.WeakSet(),
        "values": weakref.WeakValueDictionary(),
        "out": io.TextIOWrapper(io.BytesIO(), "utf-8"),
        "var": contextvars.ContextVar("v"),
        "counter": itertools.count(),
        "deque": collections.deque(maxlen=1000),
        "set": set(),
        "odict": collections.OrderedDict(),
        "generator": ticks(),
        "local": threading.local(),
        "dead": [],
        "born": [],
    }
    shared["generator"].send(None)
    counts, failures, pool, go = {f: Count(threads) for f in WORKERS}, [], [], threading.Event()

    def body(f, me):
        try:
            go.wait()
            f(me, counts[f], shared, random.Random(me))
        except BaseException as e:
            failures.append(e)
            raise

    for me in range(threads):
        f = WORKERS[me % len(WORKERS)] if me >= len(WORKERS) * 2 else WORKERS[me // 2]
        pool.append(threading.Thread(target=body, args=(f, me)))
    for t in pool:
        t.start()
    go.set()
    end = time.monotonic() + seconds
    while time.monotonic() < end and not failures:
        time.sleep(0.1)
    stop = True
    for t in pool:
        t.join()
    if failures:
        raise failures[0]
    equal(threading.active_count(), 1, "threads left")
    equal(list(shared["dict"]), ["all"], "keys left in the dict")
    equal(len(shared["list"]), counts[worker_list].total(), "items of the list")
    equal(shared["queue"].qsize(), counts[worker_queue].total(), "items of the queue")
    work = counts[worker_lock].total()
    equal(shared["box"], [work, work, work, []], "counters under locks")
    equal(next(shared["counter"]), counts[worker_objects].total(), "itertools.count")
    shared["out"].flush()
    lines = shared["out"].buffer.getvalue().decode().splitlines()
    check(lines and all(l.startswith("line of ") for l in lines), "text stream")
    shared["values"].clear()
    gc.collect()
    equal(
        (len(shared["weak"]), len(shared["dead"])),
        (0, len(shared["born"])),
        "objects left and dead",
    )
    check(set(Finder.ran.values()) == {1}, "a module ran twice:", Finder.ran.most_common(3))
    idle = [f.__name__ for f in WORKERS if f is not worker_queue and not counts[f].total()]
    check(not idle, "nothing was done by", idle)
    return sum(c.total() for c in counts.values())


o = options(__doc__, threads=200)
done("%d rounds by %d threads" % (main(max(16, o.threads), o.seconds), o.threads))
