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


ALL = [
    f
    for n, f in list(globals().items())
    if callable(f) and getattr(f, "__module__", "") == __name__ and not isinstance(f, type)
]
