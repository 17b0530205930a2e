# SPDX-License-Identifier: MIT
"""Strings that grow under a name: nobody else who holds the string may see it."""
import sys

text = ""
for n in range(300):
    text += "ab"
print(len(text), text[:4], text[-4:], sys.getrefcount(text))

# Another holder, of the first, a middle and the last state.
held = []
grown = "start"
for n in range(120):
    if n in (0, 50, 119):
        held.append(grown)
    grown += str(n % 10)
print([len(h) for h in held], held[0], held[1][-3:], grown[-4:])

# Hashed, interned, doubled, empty, wider.
keys = {}
name = "k"
for n in range(40):
    keys[name] = n
    name += "x"
print(len(keys), all(k.count("x") == n for k, n in keys.items()))
name = sys.intern("interned")
for n in range(20):
    before = name
    name = name + "y"
    del before
print(name, sys.intern("interned"))
double = "ab"
for n in range(10):
    double += double
print(len(double), double.count("ab"))
empty = ""
for n in range(50):
    empty += ""
    empty = empty + ("" if n % 7 else "z")
print(empty)
wide = "a"
for n in range(60):
    wide += "\xe9" if n == 20 else "\u20ac" if n == 30 else "\U0001f600" if n == 40 else "b"
print(len(wide), wide, wide.isascii())


class Str(str):
    def __add__(self, other):
        return Str(str.__add__(self, "+" + other))


for kind in str, Str, str:
    s = kind("s")
    for n in range(40):
        s += "t"
    print(type(s).__name__, len(s))
try:
    s += 1
except TypeError as e:
    print(e, len(s))


class Body:
    doc = ""
    for n in range(40):
        doc += "line\n"
    other = doc
    for n in range(40):
        doc = doc + "more\n"
    print(len(doc), len(other))


def shared():
    global text
    kept = text
    text = "fresh"
    for n in range(60):
        text += "!"
    return len(kept), len(text)


print(shared())


class Loud(dict):
    def __setitem__(self, key, value):
        if key == "s":
            sets.append(len(value))
        super().__setitem__(key, value)


sets = []
code = compile("s = 'a'\nfor n in range(30):\n    s += 'b'\nt = s", "c", "exec")
for space in {}, Loud(), {}, {"s": 1, 2: 3}:
    exec(code, {}, space)
    print(len(space["s"]), len(space["t"]), space["s"] is space["t"], len(sets))

# The right side changes the name, or leaves.


def other():
    global name
    name = "other"
    return "r"


name = "left"
for n in range(40):
    name = name + other()
    if n in (0, 39):
        print(name)
for n in range(40):
    try:
        name += "q" if n % 5 else None
    except TypeError:
        name = "again"
print(name)
