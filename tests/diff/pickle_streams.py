# Streams of _pickle, byte for byte, in every protocol; what they load to; hooks; memos.
import _pickle, collections, copyreg, enum, functools, hashlib, io, sys


class Plain:
    def __init__(self, **kw):
        self.__dict__.update(kw)

    def __repr__(self):
        return f"Plain({sorted(self.__dict__)})"


class Slots:
    __slots__ = ("a", "b")


class Both(Slots):
    pass


class NewArgs(tuple):
    def __new__(cls, a, b):
        return tuple.__new__(cls, (a, b))

    def __getnewargs__(self):
        return tuple(self)


class NewArgsEx:
    def __new__(cls, *a, **k):
        self = object.__new__(cls)
        self.made = a, k
        return self

    def __getnewargs_ex__(self):
        return (1, 2), {"key": "word"}


class State:
    def __getstate__(self):
        return ["state"]

    def __setstate__(self, state):
        self.seen = state


class Reduced:
    def __init__(self, *value):
        self.value = value

    def __reduce__(self):
        return self.value


class ListItems(list):
    pass


class DictItems(dict):
    pass


class Number(int):
    pass


class Text(str):
    pass


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


Pair = collections.namedtuple("Pair", "x y")


class Outer:
    class Inner:
        def method(self):
            pass

        @classmethod
        def klass(cls):
            pass


def setter(obj, state):
    obj.set_by = state


SINGLE = "single"


class Single:
    def __reduce__(self):
        return "SINGLE_OBJECT"


SINGLE_OBJECT = Single()


def values():
    yield from (
        None,
        True,
        False,
        0,
        1,
        255,
        256,
        65535,
        65536,
        -1,
        2**31 - 1,
        2**31,
        -(2**31),
        -(2**31) - 1,
        2**63,
        -(2**63),
    )
    yield from (2**2040, 2**2039, -(2**2039), -(2**2039) - 1, 2 ** (8 * 255), 10**300)
    yield from (0.0, -0.0, 1.5, 1e300, float("inf"), float("-inf"), 0.1)
    yield from (
        "",
        "a",
        "é",
        "\u20ac",
        "\U0001f600",
        "\ud800",
        "back\\slash\n\r\0\x1a",
        "x" * 255,
        "x" * 256,
        "é" * 200,
        "y" * 70000,
    )
    yield from (
        b"",
        b"a",
        bytes(range(256)),
        b"z" * 70000,
        bytearray(),
        bytearray(b"abc"),
        bytearray(b"q" * 66000),
    )
    yield from (
        (),
        (1,),
        (1, 2),
        (1, 2, 3),
        (1, 2, 3, 4),
        [],
        [1],
        [1, 2],
        list(range(1000)),
        list(range(1001)),
        list(range(2000)),
    )
    yield from (
        {},
        {1: 2},
        {1: 2, "a": "b"},
        {i: i for i in range(1000)},
        {i: -i for i in range(1001)},
    )
    yield from (set(), {1}, frozenset(), frozenset({"k"}), set(range(1000)), frozenset(range(20)))
    yield from (
        int,
        Plain,
        Outer.Inner,
        len,
        [].append.__class__,
        Outer.Inner.method,
        Outer.Inner.klass,
        setter,
        functools.partial(pow, 2),
    )
    yield from (
        type(None),
        type(...),
        type(NotImplemented),
        ...,
        NotImplemented,
        range(3),
        slice(1, 2, 3),
        1 + 2j,
        Color.RED,
    )
    yield from (
        Plain(),
        Plain(a=1, b=[2]),
        NewArgs(1, 2),
        NewArgsEx(),
        State(),
        Number(7),
        Text("t"),
        Pair(1, 2),
        SINGLE_OBJECT,
    )
    s = Both()
    s.a = 1
    s.x = 2
    t = Slots()
    t.b = "b"
    yield from (
        s,
        t,
        ListItems([1, 2, 3]),
        DictItems(a=1),
        collections.OrderedDict(b=1),
        collections.deque([1], 3),
    )
    yield Reduced(Plain, (), {"a": 1}, iter([]), iter([]), setter)
    yield Reduced(list, (), None, iter(range(1002)))
    yield Reduced(list, (), None, iter([5]))
    yield Reduced(dict, (), None, None, iter([(i, i) for i in range(3)]))
    yield ValueError("x", 1)
    same = ["shared"]
    yield [same, same, {"s": same}]
    loop = []
    loop.append(loop)
    yield loop
    d = {}
    d["d"] = d
    yield d
    tl = ([],)
    tl[0].append(tl)
    yield tl
    t4 = ([], 2, 3, 4)
    t4[0].append(t4)
    yield t4
    p = Plain()
    p.me = p
    yield p
    f = Plain()
    f.fs = frozenset([f])
    yield f
    yield [str(i) for i in range(300)] * 2


def show(data):
    return data if len(data) < 90 else (len(data), hashlib.md5(data).hexdigest())


def shape(obj, seen=()):
    if id(obj) in seen:
        return "..."
    seen += (id(obj),)
    if isinstance(obj, (list, tuple, collections.deque)):
        return [type(obj).__name__] + [shape(o, seen) for o in list(obj)[:4]]
    if isinstance(obj, dict):
        return [type(obj).__name__] + [(k, shape(v, seen)) for k, v in list(obj.items())[:4]]
    if isinstance(obj, (set, frozenset)):
        return [type(obj).__name__, len(obj)]
    if hasattr(obj, "__dict__") and type(obj).__module__ == __name__ and not isinstance(obj, type):
        return [type(obj).__name__] + [
            (k, shape(v, seen)) for k, v in sorted(vars(obj).items()) if k[:2] != "__"
        ]
    text = repr(obj)
    return text[:60] if " at 0x" not in text else type(obj).__name__


print("== streams")
for protocol in range(6):
    for i, value in enumerate(values()):
        try:
            data = _pickle.dumps(value, protocol)
        except Exception as e:
            print(protocol, i, type(e).__name__, str(e)[:100].split(" at 0x")[0])
            continue
        out = io.BytesIO()
        _pickle.dump(value, out, protocol)
        print(
            protocol,
            i,
            show(data),
            out.getvalue() == data if not isinstance(value, Reduced) else "",
        )
        try:
            print(
                "  ",
                shape(_pickle.loads(data)),
                shape(_pickle.load(io.BytesIO(data))) == shape(_pickle.loads(data)),
            )
        except Exception as e:
            print("  ", type(e).__name__, str(e)[:200].split(" at 0x")[0])

print("== frames")


class Writes:
    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append((type(data).__name__, len(data), hashlib.md5(data).hexdigest()))


big = [
    b"b" * 65536,
    "s" * 65536,
    b"c" * 65535,
    ["%d" % i for i in range(20000)],
    bytearray(b"d" * 100000),
]
for protocol in range(6):
    w = Writes()
    _pickle.Pickler(w, protocol).dump(big)
    print(protocol, w.parts)

print("== memo")
out = io.BytesIO()
p = _pickle.Pickler(out, 2)
a, b = [1], "name"
p.dump([a, b])
first = out.tell()
p.dump([b, a])
print(out.getvalue()[first:])
copy = p.memo.copy()
print(sorted((n, type(o).__name__) for n, o in copy.values()))
q = _pickle.Pickler(io.BytesIO(), 2)
q.memo = p.memo
print(len(q.memo.copy()))
q.memo = {id(a): (70000, a)}
q.dump(a)
p.clear_memo()
print(p.memo.copy(), p.memo.__reduce__()[1] == ({},))
u = _pickle.Unpickler(io.BytesIO(out.getvalue()))
print(u.load(), u.memo.copy())
print(u.load(), sorted(u.memo.copy()))
u.memo.clear()
print(u.memo.copy())
for bad in (1, {"a": 1}, {-1: 2}, {1: 2}, {1: (2, 3)}):
    for target in (p, u):
        if target is u and bad != 1 and 1 in bad:
            continue  # 3.11 loses a dict given to an unpickler
        try:
            target.memo = bad
            print(sorted(map(repr, target.memo.copy().values())))
        except Exception as e:
            print(type(e).__name__, e)
print(sys.getsizeof(_pickle.Pickler(io.BytesIO())), sys.getsizeof(_pickle.Unpickler(io.BytesIO())))

print("== hooks")


class P(_pickle.Pickler):
    def persistent_id(self, obj):
        return "id-%s" % obj.a if isinstance(obj, Plain) else None


class U(_pickle.Unpickler):
    def persistent_load(self, pid):
        return ("loaded", pid)

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name)


for protocol in range(6):
    out = io.BytesIO()
    P(out, protocol).dump([Plain(a=1), Outer.Inner, 5])
    print(out.getvalue())
    out.seek(0)
    print(U(out).load())


class R(_pickle.Pickler):
    dispatch_table = collections.ChainMap(
        {Plain: lambda o: (Pair, (o.a, "dispatched"))}, copyreg.dispatch_table
    )

    def reducer_override(self, obj):
        if obj is len:
            return (getattr, (Plain, "__name__"))
        if obj is Outer:
            raise ZeroDivisionError("override")
        return NotImplemented


out = io.BytesIO()
R(out, 5).dump([Plain(a=3), len, max])
print(out.getvalue())
print(_pickle.loads(out.getvalue()))
try:
    R(io.BytesIO()).dump(Outer)
except ZeroDivisionError as e:
    print("raised", e)
p = _pickle.Pickler(io.BytesIO(), 2)
p.persistent_id = lambda obj: "all"
print(p.persistent_id(1))
p.dump(5)
for name, bad in (("persistent_id", 5), ("fast", "x"), ("bin", None)):
    try:
        setattr(p, name, bad)
    except Exception as e:
        print(type(e).__name__, e)
out = io.BytesIO()
p = _pickle.Pickler(out, 2)
p.fast = True
p.dump([a, a, "s", "s"])
print(out.getvalue())
deep = []
for i in range(100):
    deep = [deep]
loop = [deep]
loop.append(loop)
try:
    p.dump(loop)
except Exception as e:
    print(type(e).__name__, str(e).split(" at 0x")[0])
copyreg.add_extension(__name__, "Plain", 77)
copyreg.add_extension(__name__, "setter", 0x12345)
for protocol in range(5):
    data = _pickle.dumps([Plain, setter], protocol)
    print(data, _pickle.loads(data) == [Plain, setter])
copyreg.remove_extension(__name__, "Plain", 77)
copyreg.remove_extension(__name__, "setter", 0x12345)
copyreg.clear_extension_cache()

print("== buffers")
PB = _pickle.PickleBuffer
for raw in (b"read", bytearray(b"write"), memoryview(b"abcdef")[::2]):
    for keep in (False, True, None):
        got = []
        try:
            data = _pickle.dumps(
                [PB(raw), PB(raw)],
                5,
                **({} if keep is None else {"buffer_callback": lambda b: got.append(b) or keep}),
            )
            print(data, len(got))
            print(
                [
                    (type(o).__name__, bytes(o))
                    for o in _pickle.loads(data, buffers=[bytes(raw), bytearray(raw)])
                ]
            )
        except Exception as e:
            print(type(e).__name__, e)
for call in (
    lambda: _pickle.dumps(PB(b"x"), 4),
    lambda: _pickle.dumps(1, 4, buffer_callback=print),
    lambda: _pickle.loads(b"\x80\x05\x97."),
    lambda: _pickle.loads(b"\x80\x05\x97.", buffers=[]),
    lambda: _pickle.dumps(1, 6),
    lambda: _pickle.Pickler(5),
    lambda: _pickle.Unpickler(5),
    lambda: _pickle.dumps(1, -1),
    lambda: _pickle.dumps(1, "x"),
):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
x = _pickle.loads(
    _pickle.dumps([PB(bytearray(b"12"))], 5, buffer_callback=[].append), buffers=[bytearray(b"34")]
)
print(x)
x = _pickle.loads(b"\x80\x05\x97\x98.", buffers=[bytearray(b"34")])
print(x.readonly, bytes(x))

print("== refused")


def local():
    class Local:
        pass

    return Local


lambda_ = lambda: 0


class Renamed:
    pass


Renamed.__name__ = Renamed.__qualname__ = "Elsewhere"


class Wrong:
    pass


Wrong.__module__ = "no.such.module"
for value in (
    local(),
    local()(),
    lambda_,
    Renamed,
    Wrong,
    (i for i in ()),
    sys,
    open,
    Reduced(1),
    Reduced(),
    Reduced(Plain, 1),
    Reduced(5, ()),
    Reduced(Plain, (), None, 5),
    Reduced(Plain, (), None, None, 5),
    Reduced(Plain, (), {}, None, None, 5),
    Reduced(*"abcdefg"),
    Reduced(copyreg.__newobj__, ()),
    Reduced(copyreg.__newobj__, (5,)),
    Reduced(copyreg.__newobj__, (int,)),
    Reduced(copyreg.__newobj_ex__, (1,)),
    Reduced(copyreg.__newobj_ex__, (1, 2, 3)),
    Reduced(copyreg.__newobj_ex__, (int, 2, 3)),
    Reduced(copyreg.__newobj_ex__, (int, (), 3)),
    Reduced(dict, (), None, None, iter([1])),
):
    for protocol in (0, 2, 4):
        try:
            print(_pickle.dumps(value, protocol))
        except Exception as e:
            print(protocol, type(e).__name__, str(e).split(" at 0x")[0])


class NoInit(_pickle.Pickler):
    def __init__(self):
        pass


class NoInitU(_pickle.Unpickler):
    def __init__(self):
        pass


for call in (lambda: NoInit().dump(1), lambda: NoInitU().load()):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)


def depth(make):
    low, high = 1, 5000
    while low < high:
        mid = (low + high) // 2
        try:
            _pickle.dumps(make(mid))
            low = mid + 1
        except RecursionError as e:
            high = mid
    return low


def nested(wrap):
    def make(n):
        obj = wrap(1)
        for i in range(n):
            obj = wrap(obj)
        return obj

    return make


for wrap in (
    lambda o: [o],
    lambda o: (o,),
    lambda o: {1: o},
    lambda o: [o, 1],
    lambda o: Reduced(list, (), None, iter([o])),
):
    print(100 < depth(nested(wrap)) < 1000, end=" ")
print()
