# Groups of instructions that run as one (vm/ops_fused.h): hot with one type, then met by others, by unbound names, by
# numbers that leave the machine word, by errors and by a tracer.
import sys
import traceback


def add(a, b):
    return a + b


def add1(a):
    return a + 1


def sub(a, b):
    return a - b


def sub1(a):
    return a - 1


def mul(a, b):
    return a * b


def mul3(a):
    return a * 3


def mod(a, b):
    return a % b


def mod7(a):
    return a % 7


def shift(a):
    return a << 3


def odd(a):
    return "odd" if a & 1 else "even"


def fadd(a):
    return a + 1.5


def item(a, b):
    return a[b]


def item0(a):
    return a[0]


def last(a):
    return a[-1]


def less(a, b):
    if a < b:
        return "less"
    return "not less"


def small(a):
    while a < 3:
        a = a + 1
    return a


def equal(a):
    if a == 2:
        return "two"
    return "other"


class Odd:
    def __repr__(self):
        return "Odd"

    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return ("add", self.v, o)

    def __radd__(self, o):
        return ("radd", self.v, o)

    def __mul__(self, o):
        raise ZeroDivisionError("mul")

    def __mod__(self, o):
        return ("mod", o)

    def __lt__(self, o):
        return self.v < 100

    def __eq__(self, o):
        return NotImplemented

    def __getitem__(self, i):
        return ("item", i)

    def __and__(self, o):
        return []


values = [
    0,
    1,
    -1,
    5,
    255,
    256,
    257,
    2**30 - 1,
    2**30,
    -(2**30),
    2**60,
    2**62,
    2**63,
    -(2**63),
    10**30,
    True,
    1.5,
    -0.0,
    float("inf"),
    float("nan"),
    "text",
    b"bytes",
    [1, 2],
    (3, 4),
    {0: "zero"},
    None,
    Odd(3),
    1j,
]


def show(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        frame = traceback.extract_tb(e.__traceback__)[-1]
        return "%s: %s @%s:%s-%s" % (
            type(e).__name__,
            e,
            frame.lineno,
            frame.colno,
            frame.end_colno,
        )


warm = {
    add: [(3, 4), (1.5, 2.5), ("a", "b")],
    sub: [(3, 4), (1.5, 2.5)],
    mul: [(3, 4), (1.5, 2.5)],
    mod: [(17, 5)],
    item: [([1, 2, 3], 1), ((1, 2, 3), 1), ("abc", 1), ({1: 2}, 1)],
    less: [(1, 2), (1.5, 2.5)],
    add1: [(3,)],
    sub1: [(3,)],
    mul3: [(3,)],
    mod7: [(30,)],
    shift: [(5,)],
    odd: [(5,)],
    fadd: [(1.5,)],
    item0: [([1],), ((1,),)],
    last: [([1],), ((1,),)],
    small: [(0,)],
    equal: [(2,)],
}
for f, calls in warm.items():
    for call in calls:
        for _ in range(40):
            f(*call)
        for a in values:
            if len(call) == 1:
                if f is not small or isinstance(a, int) and -9 < a:
                    print(f.__name__, repr(a), show(f, a))
            else:
                for b in (0, 1, -1, 1.5, 2**70, None if f is mul else "x", values[-2]):
                    print(f.__name__, type(a).__name__, type(b).__name__, show(f, a, b))


def unbound(which):
    if which == 1:
        a = 1
    if which == 2:
        b = 2
    return a + b if which < 3 else a < 3


for _ in range(40):
    show(unbound, 1)
for which in (0, 1, 2, 3):
    print(show(unbound, which).split(" @")[0])  # 3.11 points at the first of a joined pair


def in_place():
    kept, total, ratio = [], 1000, 1.5
    for i in range(300):
        total = total + i
        ratio = ratio * 1.01
        if i % 100 == 7:
            kept.append((total, ratio))
    a = b = 5000
    for i in range(50):
        a = a + 1
    return kept, total, a, b


print(in_place())


class Point:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x = 1

    def get(self):
        return self.x

    def other(self):
        return self.y

    def put(self, v):
        self.x = v


class Free:
    z = "class"

    def __init__(self):
        self.x = 1

    def get(self):
        return self.x

    def shared(self):
        return self.z

    def put(self, v):
        self.x = v

    @property
    def prop(self):
        return self.x * 2


def read(o):
    return o.x


def prop(o):
    return o.prop


p, q = Point(), Free()
for _ in range(40):
    p.get(), q.get(), p.put(2), q.put(3), read(q), prop(q), q.shared()
print(p.get(), q.get(), read(p), read(q), prop(q), q.shared(), show(p.other))
q.z = "own"
print(q.shared(), show(read, 5), show(prop, p))
del q.x
print(show(q.get), show(prop, q))
q.put(9)
Free.prop = property(lambda self: "new")
print(prop(q), q.__dict__)
q.__dict__["x"] = 10
print(q.get(), read(q))
q.__dict__ = {"x": 11}
print(q.get(), read(q))
Free.x = property(lambda self: "data descriptor", lambda self, v: None)
print(q.get(), read(q), q.put(1))

events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("traced", "squares"):
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def squares(n):
    for i in range(n):
        yield i * i


def traced(n):
    out = [0, 0]
    for v in squares(n):
        if v & 1:
            continue
        out[0] += v
        out.append([w + 1 for w in range(2)])
    return out


for _ in range(30):
    traced(4)
sys.settrace(tracer)
result = traced(4)
sys.settrace(None)
print(result, events)
big, numbers = 10**6, (10**6 + 1, 10**6 + 2)


def counts(a, b):
    before = sys.getrefcount(a), sys.getrefcount(b)
    for _ in range(40):
        a + b, a < b, a - b
    return before == (sys.getrefcount(a), sys.getrefcount(b))


print(counts(*numbers), counts(1.25, 2.25))
