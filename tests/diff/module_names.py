# SPDX-License-Identifier: MIT
"""Names of modules, classes and exec: plain dicts, dicts that are searched by code of their own, and
names that come, go and change under a loop.
"""
import builtins
import gc
import sys

count = 0
for i in range(300):
    count = count + i
print(count, i)

# The old value dies when the name gets the new one, and sees the new one.


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("dies", self.name, value if isinstance(value, int) else value.name)


value = Dies("first")
value = Dies("second")
value = 3
print("after")
value = value
print(sys.getrefcount(value) > 1)

# A name that comes and goes.
for step in range(60):
    if step % 3 == 0:
        passing = step
    elif step % 3 == 1:
        passing += 1
    else:
        del passing
        try:
            passing
        except NameError as e:
            last = str(e)
print(last)

# Built-in names, hidden and shown again.
seen = []
for step in range(40):
    seen.append(len("abc"))
    if step == 10:
        def len(x):
            return -1
    if step == 20:
        del len
    if step == 30:
        builtins.len, kept = (lambda x: -2), builtins.len
builtins.len = kept
print(seen)


class Missing(dict):
    def __missing__(self, key):
        if key.startswith("m_"):
            return "missing " + key
        raise KeyError(key)


class Loud(dict):
    def __getitem__(self, key):
        print("get", key)
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        print("set", key)
        super().__setitem__(key, value)


class Refuses:
    def __getitem__(self, key):
        raise ZeroDivisionError(key)


source = """
a = 1
for k in range(3):
    a = a + k
b = m_b
print(a, b)
"""
for space in Missing(), Loud(m_b=5):
    exec(source, {"print": print}, space)
    print(sorted(space))
try:
    exec("nothing_here", {}, Refuses())
except ZeroDivisionError as e:
    print(repr(e))
exec("x = 1\nx = 2\nprint(x, list(locals()))", {1: 2, None: 3}, {(): 1, "x": 0})
exec("global g\ng = 1\ng = 2\nprint(g)", Missing())
for text in "print(m_q)", "print(q)":
    try:
        exec(text, {"m_q": 1}, {})
        exec(text, Missing(), {})
    except NameError as e:
        print(e, e.name)
    try:
        exec(text, {"__builtins__": Missing(print=print)})
    except NameError as e:
        print(e, e.name)


class Hides(dict):
    def __getitem__(self, key):
        raise KeyError(key)


# The namespace is asked as a mapping first, then as the dict of the globals.
exec("shown = 1; print(shown)", Hides(print=print))


class Str(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        print("compared")
        return str.__eq__(self, other)


# Keys that are equal to the name without being the same object.
space = {"".join(["fo", "und"]): 1, Str("odd"): 2}
exec("print(found); found = 5; print(found); odd = 6; print(odd)", space)
print(space["found"], [type(k).__name__ for k in space if k == "odd"])

# Many names: wider tables.
many = {"n%d" % k: k for k in range(400)}
exec("total = 0\nfor k in range(100):\n    n7 = n7 + n399\n    total += n1\n", many)
print(many["n7"], many["total"])
many = {"n%d" % k: k for k in range(50000)}
exec("for k in range(100):\n    n7 = n7 + n49999\n", many)
print(many["n7"])

# A namespace of atoms becomes one the collector follows.
space = {"__builtins__": {}, "a": 1}
del space["__builtins__"]
plain = {"a": 1, "b": 2}
print(gc.is_tracked(plain))
exec("a = 5", {}, plain)
print(gc.is_tracked(plain))
exec("a = []\na.append(a)", {}, plain)
print(gc.is_tracked(plain))


class Body:
    x = 1
    for x in range(50):
        y = x
        z = count
    count = "own"
    z2 = count
    del count
    z3 = count
    print(x, y, z, z2, z3, __qualname__)


def setting():
    global counter, holder
    counter = 0
    for holder in range(100):
        counter += holder
    return counter


print(setting(), holder)

# Methods of objects whose dict comes later.


def called(e):
    return e.with_traceback(None) is e


def hidden(e):
    return e.with_traceback("x")


errors = [ValueError(n) for n in range(50)]
print(all(map(called, errors)))
for n, e in enumerate(errors):
    if n % 2:
        e.with_traceback = lambda tb, n=n: (tb, n)
    if n % 4 == 2:
        e.other = 1
print([called(e) for e in errors].count(True), hidden(errors[1]))


class Sub(ValueError):
    def own(self):
        return "method"


def own(o):
    return o.own()


print({own(Sub()) for _ in range(30)})
o = Sub()
o.own = lambda: "dict"
print(own(o), own(Sub()))
Sub.own = lambda self: "changed"
print(own(Sub()), own(o))
