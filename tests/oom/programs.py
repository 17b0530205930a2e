# SPDX-License-Identifier: MIT
"""Small programs that allocate in many ways: functions without arguments that leave nothing."""
import sys

SOURCE = '''
import os.path as p
@property
def f(a, /, b: int = 1, *args, c=(1, 2), **kw) -> "x":
    """doc"""
    global g
    try:
        with open(a) as h, b: yield from (i for i in range(b) if i)
    except (OSError, ValueError) as e:
        raise KeyError from e
    finally:
        lambda x=1: [x for x in y for z in {**kw, "a": 1.5}]
    match a:
        case {"k": [1, *_], **rest} if rest: x = f"{a!r:>{b}} {c}"
        case C(x=2) | None: pass
    while a < b <= c: a += 1; continue
class C(B, metaclass=M):
    x: int = 5
    async def m(self): return await super().m()
'''


def compile_source():
    compile(SOURCE, "source", "exec")


def compile_error():
    try:
        compile("def f(:\n  pass", "bad", "exec")
    except SyntaxError:
        pass


def tree():
    import ast

    ast.dump(ast.parse("x = [f(a, *b) for a in c if d]"))
    ast.unparse(ast.parse("def f(a, b=1): return a + b"))


def make_class():
    class Base:
        __slots__ = ("a", "__weakref__")

        def __init_subclass__(cls, **kw):
            super().__init_subclass__(**kw)

    class Sub(Base):
        x = property(lambda self: self.a)

        def __eq__(self, other):
            return self.a == other.a

        __hash__ = None

        def method(self):
            return __class__

    s = Sub()
    s.a = 1
    s.y = 2
    s.method()
    assert s == s and s.x == 1 and s.__dict__ == {"y": 2}
    Sub.x = 5
    Sub.__add__ = lambda a, b: 3
    assert s + s == 3


def generators():
    def g(n):
        try:
            x = yield n
            yield from range(n)
        finally:
            n = 0

    it = g(3)
    next(it)
    it.send(1)
    it.close()
    assert sum(i * i for i in range(5)) == 30


def coroutines():
    async def c(x):
        return x

    async def main():
        async def agen():
            yield await c(1)

        return [i async for i in agen()]

    try:
        main().send(None)
    except StopIteration as e:
        assert e.value == [1]


def exceptions():
    try:
        try:
            raise ValueError("a", 1)
        except ValueError as e:
            raise KeyError("b") from e
    except KeyError as e:
        assert str(e) == "'b'" and repr(e.__cause__)
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        assert len(e.exceptions) == 1
    except* TypeError:
        pass


def format_traceback():
    import traceback

    try:
        [].x
    except AttributeError:
        traceback.format_exc()


def strings():
    a = "text" * 20 + "é€\U0001f600"
    a.encode("utf-8").decode()
    a.encode("utf-16")
    a.upper().split("X")
    a.replace("t", "TT").title()
    "%s %r %5.2f" % (a, a, 1.5)
    f"{a!r:>10} {3:x}"
    "{0} {name}".format(1, name=a)
    ",".join([a] * 3)
    a.translate({116: "T"})
    b"bytes".hex()
    bytearray(b"x") * 100
    b"a b".split()
    b"%d" % 5
    memoryview(b"abc")[1:].tolist()


def containers():
    d = {i: str(i) for i in range(50)}
    d.update(a=1)
    dict(d)
    d | {"b": 2}
    list(d.items())
    del d[3]
    d.popitem()
    d.setdefault("k", [])
    s = set(range(30))
    s | {100}
    s & {1}
    s - {2}
    frozenset(s)
    s.add(1000)
    s.discard(1)
    l = [3, 1, 2] * 20
    l.sort(key=lambda x: -x)
    l[2:5] = range(10)
    l.extend(l)
    l.insert(0, 1)
    l[::2]
    tuple(l)
    sorted(l, reverse=True)
    (*l, *s)
    [*l, 1]
    {**d}
    {*s, 1}
    a, *b = l
    import collections

    q = collections.deque(range(100), 50)
    q.append(1)
    q.rotate(3)
    list(q)
    o = collections.OrderedDict(a=1, b=2)
    o.move_to_end("a")
    list(reversed(o))
    c = collections.Counter("abracadabra")
    c.most_common(2)
    collections.defaultdict(list)["x"].append(1)


def numbers():
    a = 3**200
    str(a)
    int("9" * 60)
    a // 7**30
    a % 12345678901234567890
    a << 100 >> 50
    pow(3, 100, 10**20)
    float("1.5")
    repr(0.1)
    (1 + 2j) * 3
    hex(a)
    a.to_bytes(60, "big")
    round(1.234, 2)
    divmod(a, -a // 3)


def functions():
    import functools
    import itertools
    import operator

    def f(a, *args, b=2, **kw):
        return lambda: (a, args, b, kw)

    f(1, 2, 3, b=4, c=5)()
    f(*[1, 2], **{"z": 3})
    functools.partial(f, 1, b=5)(2)
    functools.lru_cache(maxsize=4)(lambda x: x)(5)
    list(itertools.chain([1], (2,), itertools.islice(itertools.count(), 3)))
    list(itertools.permutations("abc", 2))
    list(map(operator.add, [1], [2]))
    list(zip([1], [2]))
    functools.reduce(lambda a, b: a + b, [1, 2, 3])
    next(itertools.groupby([1, 1, 2]))
    list(itertools.product([1, 2], repeat=2))
    list(enumerate("ab"))
    list(filter(None, [0, 1]))


def weak_references():
    import weakref

    class C:
        pass

    c = C()
    r = weakref.ref(c, lambda r: None)
    p = weakref.proxy(c)
    d = weakref.WeakValueDictionary()
    d["c"] = c
    assert r() is c
    c.self = c


def json_text():
    import json

    assert json.loads(json.dumps({"a": [1, 2.5, None, "é\n"], "b": {"c": True}})) == {
        "a": [1, 2.5, None, "é\n"],
        "b": {"c": True},
    }


class Plain:
    def __init__(self):
        self.a, self.b = 1, [2]


def pickles():
    import pickle

    for protocol in (0, 2, 5):
        pickle.loads(
            pickle.dumps([Plain(), {"k": (1, 2.5, 2**80)}, {1}, b"b", "é", int], protocol)
        )
    import io

    f = io.BytesIO()
    pickle.Pickler(f).dump([1] * 3)
    f.seek(0)
    pickle.Unpickler(f).load()
    import copy

    copy.deepcopy([Plain(), {1: (2, [3])}])


def regular_expressions():
    import re

    re.purge()
    re.sub(r"(?P<a>x+)[y-z]*?(?=w)", r"<\g<a>>", "xxyzw xyw")
    re.findall(r"\b\w+", "some words")


def import_module():
    for name in ("colorsys", "this_module_is_not_there"):
        sys.modules.pop(name, None)
        try:
            __import__(name)
        except ImportError:
            pass
    sys.modules.pop("colorsys", None)


def files():
    import io
    import os

    with open(os.devnull, "w") as f:
        f.write("text")
        print(1, file=f)
    s = io.StringIO("a\nb")
    s.readlines()
    io.TextIOWrapper(io.BytesIO(b"x\ny")).read()
    os.path.join("a", "b")
    os.listdir("/proc/self/fd")
    os.stat("/")
    io.BufferedReader(io.BytesIO(b"abc")).read(2)


def structures():
    import array
    import struct
    import time
    import types

    struct.pack("<iq5s", 1, 2, b"x")
    array.array("d", [1, 2]).tolist()
    time.gmtime(0)
    types.SimpleNamespace(a=1) == 2
    slice(1, 2).indices(5)
    range(10)[2:5]
    types.MappingProxyType({1: 2}) | {3: 4}
    list[int] | None
    repr(dict[str, int])
    exec("x = 1; y = [x for _ in range(2)]", {})
    eval("1 + 1")
    globals()
    locals()
    vars(types)


def deep():
    l = []
    for i in range(200):
        l = [l]
    del l
    d = None
    for i in range(100):
        d = {"d": d}


def collecting():
    import gc

    class C:
        def __del__(self):
            pass

    a, b = C(), C()
    a.b, b.a = b, a
    del a, b
    gc.collect(1)
    gc.get_referents([1])
    gc.get_stats()


def threads():
    import _thread

    lock = _thread.allocate_lock()
    local = _thread._local()
    local.x = 1
    with lock:
        pass
    import contextvars

    v = contextvars.ContextVar("v", default=1)

    def inside():
        v.reset(v.set(2))
        v.set(3)

    contextvars.copy_context().run(
        inside
    )  # its own context: what a failure leaves set goes with it


def tracing():
    old = sys.gettrace()
    sys.settrace(lambda f, e, a: None)
    try:
        (lambda: 1)()
    finally:
        sys.settrace(old)
    sys._getframe().f_locals
    sys._getframe().f_back


def compile_patterns():
    import re

    re.purge()
    re.compile(r"(?P<a>[a-z]+)(?:b|c|\d{2,3})*?(?=x)(?!y)(?<=x)", re.I | re.S)
    re.purge()


def dates():
    import datetime as d

    t = d.datetime.fromisoformat("2020-02-03T04:05:06.789+02:00")
    assert t.isoformat() and t - d.timedelta(1) < t
    t.strftime("%Y-%m-%d %H:%M:%S.%f %z")
    t.astimezone(d.timezone.utc).replace(tzinfo=None).timetuple()
    repr(t)
    str(d.date.today())
    d.time(1, 2).isoformat()
    d.datetime.strptime("2020-01-02", "%Y-%m-%d")


def comma_values():
    import csv
    import io

    f = io.StringIO()
    w = csv.writer(f)
    w.writerows([["a", 'b"c', 1.5], ["x,y", None, "\n"]])
    f.seek(0)
    assert len(list(csv.reader(f))) == 2
    f.seek(0)
    list(csv.DictReader(f))


def decimals():
    import decimal

    D = decimal.Decimal
    with decimal.localcontext() as c:
        c.prec = 50
        x = D("1.5") / D(7)
        str(x.sqrt())
        repr(x)
        f"{x:.5f}"
        x.quantize(D("0.01"))
        (D(2) ** 100).as_tuple()
        D(2).exp()
        hash(x)
        try:
            D(1) / 0
        except decimal.DivisionByZero:
            pass


def documents():
    import xml.etree.ElementTree as E

    r = E.fromstring('<?xml version="1.0"?><a x="1"><b>t&amp;</b><!-- c --><b/>tail</a>')
    assert len(r.findall("b")) == 2
    E.tostring(r)
    list(r.iter())
    try:
        E.fromstring("<a><b></a>")
    except E.ParseError:
        pass


def digests():
    import hashlib
    import hmac

    for n in "md5", "sha1", "sha256", "sha3_256", "blake2b":
        h = hashlib.new(n, b"x")
        h.update(b"y")
        h.copy().hexdigest()
    hmac.new(b"k", b"m", "sha256").digest()


def compressed():
    import bz2
    import lzma
    import zlib

    d = b"abc" * 200
    assert zlib.decompress(zlib.compress(d)) == d
    assert bz2.decompress(bz2.compress(d)) == d
    assert lzma.decompress(lzma.compress(d)) == d
    o = zlib.decompressobj()
    o.decompress(zlib.compress(d), 10)
    o.copy().flush()
    zlib.compressobj(zdict=b"abc").copy()


def databases():
    import sqlite3

    c = sqlite3.connect(":memory:")
    try:
        c.execute("create table t(a int, b text)")
        with c:
            c.executemany("insert into t values(?, ?)", [(1, "x"), (2, "y")])
        c.row_factory = sqlite3.Row
        r = c.execute("select a as n, b from t order by a").fetchall()
        assert [tuple(x) for x in r] == [(1, "x"), (2, "y")] and r[0]["n"] == 1
    finally:
        c.close()


def memory_maps():
    import mmap
    import os
    import tempfile

    with mmap.mmap(-1, 4096) as m:
        m[0:3] = b"abc"
        assert m.find(b"c") == 2
        m.seek(0)
        m.read(3)
        m[:]
    d = tempfile.mkdtemp()
    try:
        p = os.path.join(d, "f")
        with open(p, "w+") as f:
            f.write("x\n" * 100)
            f.seek(0)
            f.readlines()
        with os.scandir(d) as it:
            [e.stat() for e in it]
        os.rename(p, p + "2")
        os.unlink(p + "2")
    finally:
        for n in os.listdir(d):
            os.unlink(os.path.join(d, n))
        os.rmdir(d)


def selecting():
    import os
    import select
    import selectors

    r, w = os.pipe()
    try:
        with selectors.EpollSelector() as s:
            s.register(r, selectors.EVENT_READ)
            os.write(w, b"x")
            assert s.select(1)
        p = select.poll()
        p.register(r)
        p.poll(0)
        select.select([r], [w], [], 0)
    finally:
        os.close(r)
        os.close(w)


def socket_pair():
    import socket

    a, b = socket.socketpair()
    with a, b:
        a.sendall(b"abc")
        assert b.recv(3) == b"abc"
        a.sendmsg([b"x", b"y"])
        b.recvmsg(10)
        a.getsockname()
        repr(a)
        a.settimeout(0.001)
        try:
            a.recv(1)
        except TimeoutError:
            pass
    socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
    socket.inet_ntop(socket.AF_INET, socket.inet_aton("1.2.3.4"))


def subprocesses():
    import subprocess

    p = subprocess.run(["/bin/echo", "x"], stdout=subprocess.PIPE)
    assert p.stdout == b"x\n"


def asyncio_hello():
    import asyncio

    async def child(n):
        await asyncio.sleep(0)
        return n

    async def main():
        q = asyncio.Queue()
        await q.put(1)
        t = asyncio.create_task(child(2))
        got = await asyncio.gather(child(1), t)
        async with asyncio.Lock():
            got.append(await q.get())
        return got

    def failed(loop, context):  # nobody awaits what a callback raises
        lost.append(context.get("exception"))
        loop.stop()

    lost = []
    loop = asyncio.new_event_loop()
    try:
        loop.set_exception_handler(failed)
        loop.call_later(5, loop.stop)
        got = loop.run_until_complete(main())
    except RuntimeError as e:
        raise (lost or [e])[0]
    finally:
        asyncio._set_running_loop(None)  # run_until_complete needs memory to say so
        loop.close()
    assert got == [1, 2, 1]


def traced():
    import tracemalloc

    tracemalloc.start(3)
    try:
        x = [bytearray(i) for i in range(10)]
        s = tracemalloc.take_snapshot()
        s.statistics("lineno")
        tracemalloc.get_object_traceback(x)
    finally:
        tracemalloc.stop()


ALL = [
    f
    for n, f in list(globals().items())
    if callable(f) and getattr(f, "__module__", "") == __name__ and not isinstance(f, type)
]
