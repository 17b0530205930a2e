# SPDX-License-Identifier: MIT
# Slices whose bounds and step are small ints or None, and all others; equality of dicts; ints of
# one and two digits whose blocks are reused; str.translate; methods called through C.
import gc
import sys
import types

BOUNDS = [None, 0, 1, 2, 5, 9, 10, 11, -1, -5, -10, -11, 2**29, -(2**29), 2**30, 2**31, -(2**31),
          2**62, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**63) - 1, True, False]


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        print("index", self.value)
        return self.value


data = [list(range(10)), tuple(range(10)), "0123456789", b"0123456789", bytearray(b"0123456789"),
        "0123456789\u20ac"[:10], range(10), memoryview(b"0123456789")]
total = 0
for start in BOUNDS:
    for stop in BOUNDS:
        for step in BOUNDS:
            s = slice(start, stop, step)
            try:
                indices = s.indices(10)
            except ValueError as e:
                assert step == 0 and str(e) == "slice step cannot be zero"
                for x in data:
                    try:
                        x[s]
                        print("no error", x)
                    except ValueError as e2:
                        assert str(e2) == str(e)
                continue
            places = list(range(*indices))
            total = (total * 31 + hash(tuple(places)) % 1000003) % 2**61
            for x in data[:7]:
                r = x[s]
                assert len(r) == len(places), (x, s)
                if type(x) is not range:
                    assert r == type(x)([x[i] for i in places]) if type(x) is not str else \
                        r == "".join(x[i] for i in places)
                else:
                    assert list(r) == places
            if step is None or abs(step) < 2**62:
                assert data[7][s].tobytes() == data[3][s]
print(total)
print([1, 2, 3, 4][Index(1):Index(3):Index(1)], "abcdef"[Index(5)::Index(-2)])
for bad in (slice("a"), slice(None, 1.5), slice(None, None, "x"), slice(None, None, 0.0)):
    try:
        print([1][bad])
    except TypeError as e:
        print(e)
x = list(range(10))
x[::2] = x[1::2]
del x[::-3]
print(x, sys.getrefcount(slice(1, 2)), gc.is_tracked(slice(1, 2)))

# equality of dicts
events = []


class Value:
    def __init__(self, name, answer):
        self.name, self.answer = name, answer

    def __eq__(self, other):
        events.append((self.name, getattr(other, "name", other)))
        if callable(self.answer):
            return self.answer()
        return self.answer


nan = float("nan")
print({"a": nan} == {"a": nan}, {"a": nan} == {"a": float("nan")}, {"a": 1} == {"a": 1.0},
      {"a": True} == {"a": 1}, {"a": "x"} == {"a": "x" * 1}, {"a": None} == {"a": None},
      {"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} == {"b": 1}, {"a": 1} != {"a": 2},
      {"a": 10**30} == {"a": 10**30}, {1: 2} == {1.0: 2}, {(1, 2): 3} == {(1, 2): 3})
v, w = Value("v", True), Value("w", False)
print({"a": v} == {"a": v}, {"a": v} == {"a": w}, {"a": w} == {"a": v}, {1: w} == {1: v}, events)
events.clear()
d = {"a": Value("p", True), "b": Value("q", True)}


def clear():
    d.clear()
    return True


d["a"].answer = clear
print(d == {"a": 1, "b": 2}, events, d)
try:
    {"a": Value("z", lambda: 1 / 0)} == {"a": 5}
except ZeroDivisionError as e:
    print(e)


class Key(str):
    def __eq__(self, other):
        events.append("key")
        return str.__eq__(self, other)

    __hash__ = str.__hash__


events.clear()
print({Key("a"): 1} == {"a": 1}, {"a": 1} == {Key("a"): 1}, events)


class Obj:
    def __init__(self):
        self.a, self.b = 1, 2


o, p = Obj(), Obj()
print(vars(o) == vars(p), vars(o) == {"a": 1, "b": 2}, {"b": 2, "a": 1} == vars(o))
del o.a
print(vars(o) == vars(p), vars(o) == {"b": 2}, {"b": 2} == vars(o), vars(p) == vars(o))

# blocks of one and two digits
keep = []
for i in range(3000):
    a, b, c = 2**29 + i, 2**31 + i * 7, -(2**59) + i
    keep.append((a, b, c, a + b, a - b, b * 5, c // 3, a * a, -c))
    a = b = c = None
for i, (a, b, c, *rest) in enumerate(keep):
    assert (a, b, c) == (2**29 + i, 2**31 + i * 7, -(2**59) + i)
    assert rest == [a + b, a - b, b * 5, c // 3, a * a, -c]
print([sys.getsizeof(n) for n in (0, 1, 2**30 - 1, 2**30, 2**60 - 1, 2**60, 2**90)])


class I(int):
    pass


print([I(n) + 1 for n in (2**29, 2**30, 2**59, 2**60)], sys.getsizeof(I(2**31)) > 32)

# translate
class Table(dict):
    def __missing__(self, key):
        events.append(key)
        if key > 100:
            raise LookupError
        return "<%c>" % key


class Sequence:
    def __getitem__(self, i):
        return "xyz"[i - 97]


events.clear()
text = "hello wörld " * 3 + "\u20ac" + "abc"
print(text.translate({}), text.translate({ord("l"): None, ord("o"): "0", 32: 0x20AC}))
print(text.translate(Table({ord("h"): "H"})), len(events))
print("abcabc".translate(Sequence()), "aXbXc".translate({88: "\U0001F600"}),
      "aXbXc".translate({88: "--"}), ("ab" * 50).translate({97: "A" * 5, 98: None}),
      ("ab" * 50).translate({97: "\xe9"}), "abc".translate({97: 98, 98: 97}))
for table in ({97: 1.5}, {97: -1}, {97: 0x110000}, {97: "ok", 98: b"x"}, None, 5):
    try:
        print("aab".translate(table))
    except (TypeError, ValueError, IndexError) as e:
        print(type(e).__name__, e)

# methods of types, called from C
print(sorted(["b", "A", "c"], key=str.lower), list(map(str.upper, ["a", "b"])),
      list(map(str.split, ["a b", "c d e"])), list(map(list.pop, [[1, 2], [3]])),
      list(map(dict.get, [{1: 2}, {}], [1, 1])), list(map(str.replace, ["aa"], ["a"], ["b"])),
      list(filter(str.isalpha, ["a", "1", I])) if False else None)
for bad in (lambda: list(map(str.upper, [5])), lambda: list(map(str.upper, ["a"], ["b"])),
            lambda: str.upper(), lambda: str.upper("a", x=1), lambda: list.append([]),
            lambda: list(map(list.append, [[]])), lambda: str.split("a", x=5),
            lambda: dict.get({}), lambda: types.MappingProxyType({}).get(),
            lambda: [].append(x=1), lambda: len(), lambda: len([], []), lambda: len(obj=[]),
            lambda: list(map(len, [5])), lambda: abs(*()), lambda: abs(1, **{"x": 2})):
    try:
        print(bad())
    except TypeError as e:
        print(e)
print(set(iter([1, 2, 2])), frozenset(map(abs, [-1, 1])), set(x for x in "aab") == {"a", "b"})


def broken():
    yield 1
    raise KeyError("x")


class Stops:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration


for it in (broken(), iter([1, [], 2]), Stops()):
    try:
        print(set(it))
    except (KeyError, TypeError) as e:
        print(type(e).__name__, e)
