# SPDX-License-Identifier: MIT
"""Types made in C and their behaviour from Python."""
import gc
import inspect
import pickle
import sys
import weakref
import c_types as c
from capi_show import show, shape

types = [c.All, c.Child, c.plain, c.Old, c.MoreDict]
for name in ("members", "var", "vector", "final", "immutable", "noinst", "inherit", "seqflag"):
    types.append(c.from_spec(name))
for t in types:
    show(c.facts, t)
    show(c.slots_present, t)
    print(
        sorted(n for n in vars(t) if n not in ("__module__",)),
        t.__doc__,
        getattr(t, "__module__", "?"),
        t.__qualname__,
        t.__text_signature__,
    )
    show(c.type_facts, t, c.All)
    for slot in (1, 44, 48, 51, 52, 60, 65, 74, 80, 81, 82, 0, 999):
        show(c.get_slot, t, slot)
for n in range(7):
    show(c.bad_spec, n)
Members = types[5]
m = Members()
values = [
    0,
    1,
    -1,
    127,
    128,
    -129,
    300,
    65536,
    2**31,
    2**32,
    2**63,
    2**64,
    -(2**63) - 1,
    1.5,
    True,
    "x",
    "xy",
    "",
    b"x",
    None,
    [],
    1e400,
]
import warnings

for name in sorted(n for n in vars(Members) if n.startswith("t_")):
    show(getattr, m, name)
    for v in values:
        with warnings.catch_warnings(record=True) as w:
            warnings.simplefilter("always")
            show(setattr, m, name, v)
            for x in w:
                print("   warns", x.category.__name__, x.message)
        try:
            print("   ", shape(getattr(m, name)))
        except Exception as e:
            print("   ", type(e), e)
    show(delattr, m, name)
    show(delattr, m, name)
    d = vars(Members)[name]
    print(type(d), d.__name__, d.__doc__, d.__objclass__.__name__, d.__qualname__)
for name in ("both", "only_get", "__dict__", "nope"):
    show(getattr, m, name)
    show(setattr, m, name, 5)
    show(setattr, m, name, {"z": 1})
    show(delattr, m, name)
m.fresh = 1
print(m.__dict__)
w = weakref.ref(m)
print(w() is m)
for args, kw in (((), {}), ((1,), {}), ((1, 2), {}), ((), {"k": 1}), ((1,), {"k": 2})):
    for name in ("varargs", "keywords", "noargs", "o", "cls", "stat", "fast", "fastkw", "defining"):
        for target in (m, Members):
            if target is Members and name not in ("cls", "stat"):
                continue
            try:
                print(name, shape(getattr(target, name)(*args, **kw)))
            except Exception as e:
                print(name, type(e).__name__, e)
        try:
            print(name, "unbound", shape(getattr(Members, name)(m, *args, **kw)))
        except Exception as e:
            print(name, type(e).__name__, e)
for name in ("varargs", "keywords", "noargs", "o", "cls", "stat", "fast", "fastkw", "defining"):
    f = getattr(Members, name)
    print(
        shape(f),
        f.__doc__,
        f.__text_signature__,
        f.__qualname__,
        type(vars(Members)[name]).__name__,
    )
    try:
        print(inspect.signature(f))
    except ValueError as e:
        print(shape(e))
show(Members.varargs)
show(Members.varargs, 5)
show(Members.o, [], 1)
print(m[5], m.__getitem__(5))


class Sub(Members):
    def __init__(self, *a):
        self.extra = a


s = Sub(1, 2)
s.t_object = s
print(s.extra, s.t_object is s, s.defining())
w = weakref.ref(s)
del s
gc.collect()
print(w())


class Slotted(Members):
    __slots__ = ("q",)


s = Slotted()
s.q = 1
s.free = 2
print(s.q, s.__dict__)
show(c.facts, Slotted)
show(c.facts, Sub)

a = c.All()
show(c.All, 1)
show(c.All, 1, 2)
show(c.plain)
show(c.Child)
show(type, a)
import operator as op

for f in (
    op.add,
    op.sub,
    op.mul,
    op.mod,
    divmod,
    op.lshift,
    op.rshift,
    op.and_,
    op.xor,
    op.or_,
    op.floordiv,
    op.truediv,
    op.matmul,
    op.iadd,
    op.imatmul,
    op.ior,
    op.isub,
    pow,
):
    for x, y in ((a, a), (a, 1), (1, a), (c.Child(), a), (a, c.Child()), ("s", a), ([], a)):
        try:
            print(f.__name__, f(x, y))
        except Exception as e:
            print(f.__name__, type(e).__name__, e)
for f in (
    op.neg,
    op.pos,
    abs,
    op.invert,
    int,
    float,
    op.index,
    bool,
    len,
    hash,
    repr,
    str,
    iter,
    next,
    list,
    complex,
    round,
    bytes,
):
    show(f, a)
print(
    pow(a, 2, 3),
    a(1, x=2),
    None in a,
    5 in a,
    a.anything,
    a.__class__,
    a == 1,
    a < 2,
    a != 3,
    a >= a,
    hex(a),
    [1] * 3,
    "%d" % a,
)
for code in (
    "a.x = 1",
    "del a.x",
    "a[1]",
    "a[1] = 2",
    "del a[1]",
    "a._y",
    "class X: d = a\nprint(X.d, X().d)\nX().d = 5",
    "for i in a: pass",
    "[*a]",
    "a[1:2]",
):
    try:
        exec(
            code
            + (
                ""
                if "\n" in code or "=" in code or code.startswith(("del", "for"))
                else "\nprint(%s)" % code
            ),
            {"a": a},
        )
    except Exception as e:
        print(code, "->", type(e).__name__, e)
for name in sorted(vars(c.All)):
    f = vars(c.All)[name]
    if callable(f):
        print(name, type(f).__name__, getattr(f, "__text_signature__", None), bool(f.__doc__))


class PyAll(c.All):
    def __add__(self, o):
        return "py add"

    def __len__(self):
        return 3

    def __getitem__(self, k):
        return "py item %r" % (k,)


p = PyAll()
print(p + 1, 1 + p, p - 1, len(p), p[4], hash(p), p(1))
print(c.slots_present(PyAll)[-12:])
for code in (
    "(lambda: 0).__get__(a)",
    "a.__await__()",
    "a.__anext__()",
    "c.All.__add__(1, a)",
    "c.All.__hash__(1)",
    "c.All.__radd__(a, 1)",
    "c.Child() == a",
    "c.All.__new__(int)",
    "int.__new__(c.All)",
    "object.__new__(c.All)",
    "object.__new__(c.plain)",
    "c.plain.__new__(c.plain)",
    "pickle.dumps(a)",
    "c.All.__basicsize__",
    "c.Child.__base__",
    "type('Z', (c.Child,), {})",
    "type('Z', (c.plain,), {})",
    "type('Z', (c.All, int), {})(5) + 1",
    "type('Z', (c.MoreDict, c.All), {})",
    "type('Z', (c.MoreDict, types[5]), {})",
    "c.All.new = 1",
    "c.plain.__name__ == 'x'",
    "setattr(c.All, 'x', 1)",
    "setattr(types[5], 'newattr', 1)",
    "types[5].newattr",
    "setattr(types[9], 'x', 1)",
    "types[10]()",
    "types[9]()",
    "object.__new__(types[10])",
    "types[11]()",
):
    try:
        print(code, "->", shape(eval(code)))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
o = c.Old()
print(o.anything)
show(setattr, o, "q", 1)
show(delattr, o, "q")
show(getattr, o, "__class__")
d = c.MoreDict(a=1)
d.extra = 9
print(d, d.extra, d == {"a": 1}, type(d.copy()))
show(c.facts, c.MoreDict)
for kind in (bytes, c.Filled):
    b = c.filled(kind, b"text")
    print(type(b), b, hash(b) == hash(b"text"), b in {b"text"}, {b: 1}.get(b"text"), len(b), b + b"s")


class D2(c.MoreDict):
    pass


d2 = D2(x=1)
d2.attr = 5
d2.extra = 3
print(d2, d2.__dict__, d2.extra)
Var = types[6]
v = Var(4)
print(len(v), list(v), v[-1], v.__sizeof__())
show(Var, "x")
show(lambda: v[9])
show(c.facts, Var)


class V2(Var):
    pass


v = V2(3)
v.attr = 1
print(list(v), v.__dict__)
Vector = types[7]
x = Vector()
print(x(), x(1), x(1, k=2), x(*[1, 2], **{"a": 1}), list(map(x, [1])))


class Vec2(Vector):
    pass


class Vec3(Vector):
    def __call__(self, *a):
        return "py call"


print(Vec2()(1), Vec3()(1))
show(c.facts, Vec2)
Vec2.__call__ = lambda self, *a: "late"
print(Vec2()(1))
Final = types[8]
Final()
f = Final()
del f


class F2(Final):
    def __del__(self):
        print("del")


f = F2()
del f
print(c.finalized_count())
for bases in (
    object,
    (object,),
    int,
    (Members,),
    (int, str),
    bool,
    5,
    (5,),
    (),
    (c.All,),
    type,
    Exception,
    dict,
):
    show(c.from_spec, "inherit", bases)
    try:
        t = c.from_spec("inherit", bases)
        show(c.facts, t)
        show(t)
    except Exception as e:
        pass
show(c.modify, Members, "planted", 42)
print(m.planted)
show(c.alloc, Members, 0)
show(lambda: len(c.alloc(Var, 5)))
match types[12]():
    case {}:
        print("matched as mapping")
    case _:
        print("no match")
