# SPDX-License-Identifier: MIT
"""What crosses the border to C again and again leaves nothing: blocks and memory stay where they are after a warm-up."""
import array
import asyncio
import ctypes
import datetime
import decimal
import gc
import io
import json
import pickle
import sqlite3
import ssl
import sys
import threading
import xml.etree.ElementTree as ElementTree
import zlib

import cffi
import gevent
import gevent.queue
import greenlet
import lxml.etree
import msgpack
import multidict
import numpy as np
import PIL.Image
import psycopg2.extensions
import regex
import simplejson
import yaml
import zmq
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes


class Array(np.ndarray):
    """A subclass: finalize, wrap and functions go through Python."""

    def __array_finalize__(self, other):
        self.note = getattr(other, "note", ["new"])

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return getattr(ufunc, method)(*(np.asarray(i) for i in inputs), **kwargs).view(Array)


def temporaries():
    a, b = np.arange(5000.), np.ones(5000)
    for i in range(20):
        c = (a + b) * 2 - a / 3 + np.sqrt(a * a + b) - (a - b)**2
    return c[7]


def views():
    a = np.arange(3000).reshape(50, 60)
    return [a[i:, ::2].T.ravel()[i] for i in range(20)] + [memoryview(a[i])[3]
                                                           for i in range(20)] + a[a > 2990].tolist()


def objects():
    a = np.array([[object(), "s", 5.5, []]] * 30, dtype=object)
    return len(a.copy().ravel().tolist()), (a[:, 2] * 2).sum(), np.frompyfunc(lambda x, y: (x, y), 2,
                                                                              1)(a, a).shape


def records():
    a = np.zeros(40, dtype=[("x", "f8"), ("o", "O"), ("s", "S5", (2, ))])
    a["o"] = [str(i) for i in range(40)]
    return a[a["o"] != "3"].copy().tobytes()[:3], pickle.loads(pickle.dumps(a))[5]["o"], np.sort(
        a, order="x").dtype.names


def subclasses():
    a = np.arange(20.).view(Array)
    return (a + a).note, a[3:].note, a.sum(), np.concatenate([a, a]).shape, a.copy().note


def refused():
    said = 0
    for f in (lambda: np.ones(3) + np.ones(4), lambda: np.arange(5)[9],
              lambda: np.array([1, "x"]).astype(int), lambda: np.dot("a", 5),
              lambda: np.frompyfunc(lambda x: 1 / x, 1, 1)
              (np.zeros(4, "O")), lambda: np.zeros(-1), lambda: np.dtype("zz"),
              lambda: lxml.etree.fromstring("<a>"), lambda: msgpack.unpackb(b"\xc1"),
              lambda: yaml.load("[", yaml.CSafeLoader), lambda: regex.compile("("), lambda: json.loads("{"),
              lambda: decimal.Decimal("x"), lambda: Fernet(b"x"), lambda: ctypes.c_int("x"),
              lambda: sqlite3.connect(":memory:").execute("x"), lambda: pickle.loads(b"x"),
              lambda: simplejson.loads("nul"), lambda: PIL.Image.new("x", (1, 1)),
              lambda: zlib.decompress(b"x")):
        try:
            f()
        except Exception as e:
            said += len(str(e)) > 0
    return said


def chains():
    out = []

    def body(n, parent):
        out.append(n)
        if n:
            greenlet.greenlet(body).switch(n - 1, greenlet.getcurrent())
        return n

    for _ in range(20):
        greenlet.greenlet(body).switch(5, None)
    left = greenlet.greenlet(lambda: greenlet.getcurrent().parent.switch(1))
    left.switch()
    return len(out)


def thrown():

    def body():
        try:
            main.switch()
        except KeyError:
            return [1] * 50

    main, n = greenlet.getcurrent(), 0
    for _ in range(30):
        g = greenlet.greenlet(body)
        g.switch()
        n += len(g.throw(KeyError))
    return n


def spawned():
    q = gevent.queue.Queue()
    jobs = [gevent.spawn(lambda i=i: (gevent.sleep(0), q.put(i), i)[-1]) for i in range(20)]
    gevent.joinall(jobs)
    failed = gevent.spawn(gevent.sleep, 9)
    failed.kill()
    return sum(j.value for j in jobs), q.qsize()


ffi = cffi.FFI()
ffi.cdef(
    "typedef struct { int a; char b[8]; } rec; void qsort(void *, size_t, size_t, int (*)(const void *, const void *));"
)
C = ffi.dlopen(None)


def callbacks():
    cmp = ffi.callback("int(const void *, const void *)",
                       lambda x, y: ffi.cast("int *", x)[0] - ffi.cast("int *", y)[0])
    a = ffi.new("int[]", [3, 1, 2] * 20)
    C.qsort(a, 60, 4, cmp)
    ours = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.py_object)(lambda o: len(o))
    kept = ffi.gc(ffi.new("rec *", {"a": 1, "b": b"x"}), lambda p: None)
    return list(a)[:3], ours([1, 2]), ffi.string(kept.b), bytes(ffi.buffer(kept))[:1], ffi.from_handle(
        ffi.new_handle(5))


class S(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int), ("p", ctypes.POINTER(ctypes.c_int)), ("s", ctypes.c_char_p)]


def structures():
    n = ctypes.c_int(5)
    s = (S * 3)(S(1, ctypes.pointer(n), b"text"))
    return s[0].p[0], s[0].s, ctypes.string_at(ctypes.addressof(n), 2), ctypes.cast(s,
                                                                                    ctypes.POINTER(S))[0].a


def documents():
    r = lxml.etree.fromstring("<r>" + "<a x='1'>t<b/>u</a>" * 50 + "</r>")
    e = ElementTree.fromstring(lxml.etree.tostring(r))
    lxml.etree.XSLT(
        lxml.etree.XML('<x:stylesheet version="1.0" xmlns:x="http://www.w3.org/1999/XSL/Transform"/>'))(r)
    return len(r.xpath("//a[@x=1]/b")), len(e.findall(".//b")), [c.tag for c in r.iter()][:2], yaml.load(
        "a: [1, {b: 2.5}]", yaml.CSafeLoader)


def packets():
    d = {"a": [1, 2.5, None, "s", b"b"], "t": (1, 2)}
    return (msgpack.unpackb(msgpack.packb(d),
                            object_hook=dict), simplejson.loads(simplejson.dumps([1, {
                                "k": 1.5
                            }])), json.loads(json.dumps([1, {}])),
            pickle.loads(pickle.dumps([decimal.Decimal("1.5"),
                                       datetime.date(2020, 1, 2),
                                       d])), psycopg2.extensions.adapt([1, "x"]).getquoted(),
            regex.sub(r"(?<w>\w+) (\d+)", lambda m: m["w"] + m[2],
                      "ab 12 " * 20)[:4], multidict.CIMultiDict(a=1, b=2).getall("A"))


def secrets():
    f = Fernet(b"x" * 43 + b"=")
    h = hashes.Hash(hashes.SHA256())
    h.update(b"x")
    return f.decrypt(f.encrypt(b"text")), h.finalize()[:2], ssl.create_default_context().check_hostname


def images():
    i = PIL.Image.new("RGB", (40, 30), "red")
    out = io.BytesIO()
    i.resize((20, 20)).rotate(30).convert("L").save(out, "png")
    return PIL.Image.open(io.BytesIO(out.getvalue())).getpixel(
        (5, 5)) >= 0, np.asarray(i).sum(), i.tobytes()[:2]


context, names = zmq.Context(), []


def messages():
    a, b = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    names.append("inproc://%d" % len(names))
    a.bind(names[-1])
    b.connect(names[-1])
    for i in range(20):
        a.send_multipart([b"x" * 200, b"y"], copy=i % 2 == 0)
        got = b.recv_multipart(copy=i % 3 == 0)
    a.close()
    b.close()
    return len(got)


def tables():
    c = sqlite3.connect(":memory:")
    c.create_function("f", 1, lambda x: x * 2)
    c.execute("create table t (a, b)")
    c.executemany("insert into t values (?, ?)", ((i, "x%d" % i) for i in range(50)))
    c.row_factory = sqlite3.Row
    rows = c.execute("select f(a) as g, b from t order by b desc").fetchall()
    c.close()
    return rows[0]["g"], len(rows)


def tasks():

    async def child(n):
        await asyncio.sleep(0)
        if n == 3:
            raise KeyError(n)
        return n

    async def main():
        done = await asyncio.gather(*(child(i) for i in range(20)), return_exceptions=True)
        asyncio.get_running_loop().create_future().cancel()
        return len(done)

    return asyncio.run(main())


def threads():
    found = []
    jobs = [
        threading.Thread(
            target=lambda: found.append(float(np.arange(100.).sum()) + decimal.getcontext().prec))
        for _ in range(4)
    ]
    for j in jobs:
        j.start()
    for j in jobs:
        j.join()
    return found[0], array.array("d", found).tobytes()[:1]


def memory():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096


def grown(f, rounds):
    """The blocks and bytes that so many rounds added, a round."""
    gc.collect()
    blocks, size = sys.getallocatedblocks(), memory()
    for _ in range(rounds):
        f()
    gc.collect()
    return (sys.getallocatedblocks() - blocks) / rounds, (memory() - size) / rounds


def steady(f):
    """What it keeps and what it returns. Most of them do a thing twenty times, so that a leak is many blocks in each of
    the windows; a cache that fills up is not."""
    result = repr(f())
    grown(f, 10)
    windows = [grown(f, 15) for _ in range(5)]
    blocks, size = (min(column) for column in zip(*windows))
    kept = "keeps nothing" if blocks < 8 and size < 8000 else "keeps %.1f blocks, %d bytes a round" % (
        blocks, size)
    return kept, result[:80]


for f in (temporaries, views, objects, records, subclasses, refused, chains, thrown, spawned, callbacks,
          structures, documents, packets, secrets, images, messages, tables, tasks, threads):
    print(f.__name__, *steady(f))
