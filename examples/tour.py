"""What happens when a Python program runs, shown by running one: each section prints live results.

Sections follow the program through the interpreter: text, tokens, tree, scopes, bytecode, machine; then memory: counts,
pools, identity, the collector; then names, slots, views; then doing several things at a time.
"""
import ast
import asyncio
import ctypes
import dis
import gc
import importlib.util
import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
import tokenize
import weakref


def section(title):
    print("\n== %s" % title, flush=True)


def stage(word, source):
    """What the interpreter itself prints of a stage."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w") as f:
            f.write(source)
        p = subprocess.run(
            [sys.executable, "-X", "dump=" + word, path], capture_output=True, text=True
        )
    print(p.stderr.partition("==\n")[2].rstrip() or "(this interpreter does not show it)")


# -- A program, stage by stage --------------------------------------------------------------------------

LINE = "x = a + 1"
WARM = "def add(a):\n    x = a + 1\n    return x\nfor i in range(20): add(i)\n"
CLOSURE = "def outer():\n    x = 1\n    def inner(y): return x + y + z\n    return inner\n"


def from_text_to_result():
    section("1. text: %s" % LINE)
    section("2. tokens")
    for t in tokenize.generate_tokens(io.StringIO(LINE).readline):
        print("  %-10s %r" % (tokenize.tok_name[t.exact_type], t.string))
    section("3. tree")
    print(ast.dump(ast.parse(LINE), indent=2))
    section("4. scopes: whose is each name? (-X dump=symtable)")
    stage("symtable", CLOSURE)
    section("5. blocks of the control flow (-X dump=cfg)")
    stage("cfg", "a = 3\nwhile a:\n    a -= 1\n")
    section("6. bytecode")
    dis.dis(compile(LINE, "<tour>", "exec"))
    section("7. bytecode on disk")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "lesson.py")
        with open(path, "w") as f:
            f.write(LINE.replace("a", "41") + "\n")
        spec = importlib.util.spec_from_file_location("lesson", path)
        module = importlib.util.module_from_spec(spec)
        sys.dont_write_bytecode = False
        spec.loader.exec_module(module)
        cache = importlib.util.cache_from_source(path)
        with open(cache, "rb") as f:
            print(
                os.path.basename(cache), "begins with", f.read(16).hex(" ", 4), "- x is", module.x
            )
    section("8. the machine: what each instruction does to the stack")
    depth = 0
    for i in dis.get_instructions(compile(LINE, "<tour>", "exec")):
        depth += dis.stack_effect(i.opcode, i.arg)
        print("  %-14s %-6s stack depth %d" % (i.opname, i.argrepr, depth))
    namespace = {"a": 41}
    exec(compile(LINE, "<tour>", "exec"), namespace)
    print("x =", namespace["x"])
    section("9. the machine learns: the function after twenty calls (-X dump=ops)")
    stage("ops", WARM)


# -- Memory -----------------------------------------------------------------------------------------------


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(" ", self.name, "is being deleted")


def reference_counts():
    section("reference counts")
    data = [10, 20, 30]
    print("a list with one name:", sys.getrefcount(data), "(getrefcount's argument counts too)")
    alias = data
    print("with a second name:  ", sys.getrefcount(data))
    del alias
    print("without it again:    ", sys.getrefcount(data))
    print(
        "read from memory:    ",
        ctypes.c_ssize_t.from_address(id(data)).value,
        "in the first word of the object; the second",
        "is its type:",
        ctypes.c_void_p.from_address(id(data) + 8).value == id(list),
    )


def finalisers_and_cycles():
    section("the last reference goes, the object goes")
    thing = Noisy("a thing")
    print("del thing")
    del thing
    section("a cycle keeps itself alive until the collector comes")
    gc.collect()
    gc.disable()
    a, b = Noisy("a"), Noisy("b")
    a.other, b.other = b, a
    watch = weakref.ref(a)
    del a, b
    print("after del: alive:", watch() is not None)
    print("gc.collect() finds", gc.collect(), "objects; alive:", watch() is not None)
    gc.enable()
    print("counters", len(gc.get_count()), "of generations with thresholds", gc.get_threshold())


def pools():
    section("pools: memory given back is used again")
    one = object()
    place = id(one)
    del one
    two = object()
    print("a new object in the place of the old:", id(two) == place)
    before = sys.getallocatedblocks()
    many = [[i] for i in range(1000)]
    print("blocks for 1000 lists:", sys.getallocatedblocks() - before)
    del many
    gc.collect()
    print("nearly all given back when they are gone:", sys.getallocatedblocks() - before < 200)


def identity():
    section("identity: small ints and names exist once")
    print(
        "256:",
        int("256") is int("256"),
        " 257:",
        int("257") is int("257"),
        " but equal:",
        int("257") == int("257"),
    )
    word, again, made = "hello", "hello", "".join(["hel", "lo"])
    print(
        "'hello' twice in the source is one:",
        word is again,
        " made at run time:",
        made is word,
        " interned:",
        sys.intern(made) is word,
    )
    x, y = [1, 2], [1, 2]
    print("two equal lists: ==", x == y, " is", x is y)


# -- Names and layouts ------------------------------------------------------------------------------------

x = "global"


def scopes():
    section("names: local, enclosing, global, built-in")

    def outer():
        x = "enclosing"

        def inner():
            x = "local"
            return x

        def see():
            return x

        return inner(), see(), see.__code__.co_freevars

    print(outer(), x, len("built-in"))


class WithDict:
    def __init__(self):
        self.x, self.y = 1, 2


class WithSlots:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x, self.y = 1, 2


def layouts():
    section("__dict__ and __slots__")
    d, s = WithDict(), WithSlots()
    d.z = 3
    print(
        "a dict takes any name:", d.__dict__, sys.getsizeof(d) + sys.getsizeof(d.__dict__), "bytes"
    )
    try:
        s.z = 3
    except AttributeError as e:
        print("slots do not:", e, "-", sys.getsizeof(s), "bytes")
    section("memory views")
    text = bytearray(b"Hello world!")
    view = memoryview(text)
    print("first byte:", view[0])
    view[0] = ord("J")
    print("changed through the view:", text, "- a slice copies nothing:", view[6:].obj is text)


# -- Several things at a time -----------------------------------------------------------------------------


def square(n):
    return n * n


def concurrency():
    section("the lock: threads that compute take turns")
    used = []

    def count():
        n = 0
        while n < 200_000:
            n += 1
        used.append(time.thread_time())

    start = time.monotonic()
    threads = [threading.Thread(target=count) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(
        "processor time of both together within the time that passed:",
        sum(used) <= (time.monotonic() - start) * 1.1 + 0.05,
        "- they change places every",
        sys.getswitchinterval(),
        "s",
    )
    section("threads that wait do so together")
    gate = threading.Barrier(3)

    def wait():
        gate.wait()
        print("  waited", flush=True)

    threads = [threading.Thread(target=wait) for _ in range(2)]
    for t in threads:
        t.start()
    print("  both are waiting, the main thread goes on", flush=True)
    gate.wait()
    for t in threads:
        t.join()
    section("processes have a lock each")
    with multiprocessing.Pool(4) as pool:
        print(pool.map(square, [1, 2, 3, 4, 5]))
    section("asyncio: tasks that wait take turns in one thread")

    async def fetch(name, seconds):
        await asyncio.sleep(seconds)
        return name

    async def main():
        tasks = [asyncio.create_task(fetch(n, s)) for n, s in (("slow", 0.2), ("quick", 0.01))]
        return [await t for t in asyncio.as_completed(tasks)]

    print("done first to last:", asyncio.run(main()))


if __name__ == "__main__":
    from_text_to_result()
    reference_counts()
    finalisers_and_cycles()
    pools()
    identity()
    scopes()
    layouts()
    concurrency()
    section("shown by")
    print(sys.version)
