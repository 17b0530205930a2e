# SPDX-License-Identifier: MIT
"""A program that ends while daemon threads run: exit code and output are its own, however it
ends."""
import subprocess
import sys
from common import check, done, equal, options, scaled

THREADS = r"""
import sys, threading, time, os, socket, queue, select, gc, io, zlib, hashlib, json, random, weakref

a, b = socket.socketpair()
r, w = os.pipe()
q = queue.SimpleQueue()
held = threading.Lock()
held.acquire()
d = {}

class Del:
    def __del__(self):
        d["x"] = list(range(10))

def spin():
    while True:
        d[random.random()] = [Del()]
        len(d) > 100 and d.clear()

def sleeps():
    while True:
        time.sleep(0.0001)

def reads():
    while True:
        os.read(r, 10)

def receives():
    while True:
        b.recv(10)

def sends():
    while True:
        a.send(b"x")
        os.write(w, b"x")
        q.put([Del()])

def gets():
    while True:
        q.get()

def selects():
    while True:
        select.select([r], [], [], 0.0001)
        select.poll().poll(0.1)

def locks():
    while True:
        held.acquire(timeout=0.0001)

def waits():
    held.acquire()

def collects():
    while True:
        gc.collect()

def packs():
    while True:
        zlib.compress(b"x" * 100000)
        hashlib.sha256(b"x" * 100000).digest()
        json.dumps(list(range(1000)))

def prints():
    f = io.TextIOWrapper(io.BufferedWriter(io.FileIO(os.devnull, "w")))
    while True:
        f.write("line\n")

def imports():
    while True:
        for name in "wave", "this", "antigravity_", "colorsys":
            sys.modules.pop(name, None)
            try:
                __import__(name) if name != "this" else None
            except ImportError:
                pass

def starts():
    while True:
        t = threading.Thread(target=int, daemon=True)
        try:
            t.start()
        except RuntimeError:
            return

def raises():
    while True:
        try:
            {}[1]
        except KeyError as e:
            e.with_traceback(None)

def generates():
    def g():
        try:
            while True:
                yield Del()
        finally:
            d.clear()

    while True:
        for n, x in enumerate(g()):
            if n > 5:
                break

sys.setswitchinterval(1e-5)
for f in (
    spin,
    sleeps,
    reads,
    receives,
    sends,
    gets,
    selects,
    locks,
    waits,
    collects,
    packs,
    prints,
    imports,
    starts,
    raises,
    generates,
):
    threading.Thread(target=f, daemon=True).start()
time.sleep(random.random() * 0.02)
sys.stdout.write("out\n")
"""
ENDS = [
    ("", 0, ""),
    ("sys.exit(3)", 3, ""),
    ("raise ValueError('last')", 1, "ValueError: last\n"),
    ("import atexit; atexit.register(lambda: (time.sleep(0.01), print('at exit')))", 0, ""),
    ("t = threading.Thread(target=lambda: (time.sleep(0.01), print('joined'))); t.start()", 0, ""),
    (
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "time.sleep(9)",
        -2,
        "KeyboardInterrupt\n",
    ),
    ("sys.stdout.flush(); os._exit(4)", 4, ""),
    (
        "sys.stdout.flush()\n"
        "os.execv(sys.executable, [sys.executable, '-S', '-c', 'raise SystemExit(5)'])",
        5,
        "",
    ),
]
SAYS = {3: "at exit\n", 4: "joined\n"}


def main(o):
    runs = 0
    for _ in range(scaled(o, 20)):
        for n, (end, code, said) in enumerate(ENDS):
            p = subprocess.run(
                [sys.executable, "-c", THREADS + end], capture_output=True, text=True, timeout=300
            )
            where = "run %d of %r\n%s" % (runs, end, p.stderr[-3000:])
            equal((p.returncode, p.stdout), (code, "out\n" + SAYS.get(n, "")), where)
            check(p.stderr.endswith(said) if said else True, where)
            for word in "Fatal", "Segmentation", "assert", "AddressSanitizer":
                check(word not in p.stderr or "_enter_buffered_busy" in p.stderr, where)
            runs += 1
    return runs


o = options(__doc__)
done("%d programs ended" % main(o))
