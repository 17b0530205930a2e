# SPDX-License-Identifier: MIT
# A probe that finds an entry or the slot for a new one; sets filled from dicts; classes that
# inherit __getitem__ from list and dict; unions of classes.
import sys
from collections import Counter, OrderedDict, defaultdict

state = 99


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n


events = []


class Key:
    def __init__(self, h, name):
        self.h, self.name = h, name

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        events.append((self.name, getattr(other, "name", other)))
        return isinstance(other, Key) and self.name == other.name


def model_check(make_key, rounds, spread):
    d, order = {}, []
    for _ in range(rounds):
        k = make_key(rnd(spread))
        what = rnd(5)
        if what == 0 and k in d:
            del d[k]
            order.remove(k)
        elif what == 1:
            d.setdefault(k, len(order))
            if k not in order:
                order.append(k)
        else:
            d[k] = what
            if k not in order:
                order.append(k)
    assert list(d) == order and len(d) == len(order)
    assert list(dict.fromkeys(order)) == order and set(d) == set(order) == frozenset(d)
    return len(d), [repr(k) for k in order[:4]]


print(model_check(lambda i: "k%d" % i, 3000, 300))
print(model_check(lambda i: i - 100, 3000, 300))
print(model_check(lambda i: (i, "x"), 3000, 200))
print(model_check(lambda i: (i % 5, (i,)), 2000, 100))
print(model_check(lambda i: i * 2**31, 2000, 200))
print(model_check(lambda i: float(i), 2000, 200))
print(model_check(lambda i: "s%d" % i if i % 3 else i, 3000, 200))
print(model_check(lambda i: (i, 2) if i % 3 else -(i % 4), 3000, 200))
d = {}
for i in range(70000):
    d["key%d" % i] = i
for i in range(0, 70000, 3):
    del d["key%d" % i]
for i in range(70000, 71000):
    d["key%d" % i] = i
print(len(d), d["key69998"], d["key70999"], "key0" in d, next(iter(d)))
d = dict.fromkeys(range(70000), 0)
for i in range(-5, 70005):
    d[i] = i
print(len(d), d[-1], d[-2], d[69999], list(d)[:3], list(d)[-7:])

# the key that was first stays, equal ones do not replace it
d = {1: "a"}
d[True] = "b"
d[1.0] = "c"
print(d, {0: 1, False: 2, 0.0: 3}, {(1, 2): 1, (1.0, 2): 2, (True, 2.0): 3})
d = {-1: "a", -2: "b"}
d[-1], d[-2] = "c", "d"
print(d, {(-1,): 1, (-2,): 2})
nan = float("nan")
d = {nan: 1, (nan,): 2, (nan, 1): 3}
d[nan], d[(nan,)], d[(nan, 1)], d[(float("nan"),)] = 4, 5, 6, 7
print(len(d), list(d.values()))

# comparisons: which, and in what order
d = {Key(1, "a"): 1, Key(1, "b"): 2, Key(9, "c"): 3}
events.clear()
d[Key(1, "b")] = 5
d[Key(9, "x")] = 6
d[Key(17, "y")] = 7
1 in d
d[1] = 8
d["s"] = 9
print(events, len(d))
events.clear()
t = {(Key(1, "a"), 1): 1}
t[(Key(1, "a"), 1)] = 2
k = Key(1, "a")
t[(k, 2)] = 3
t[(k, 2)] = 4
print(events, list(t.values()))
events.clear()
s = set({Key(3, "a"): 1, Key(3, "b"): 2})
s.update({Key(3, "a"): 1})
print(sorted(x.name for x in s), events)


class Evil:
    def __init__(self, d):
        self.d = d

    def __hash__(self):
        return 1

    def __eq__(self, other):
        self.d.clear()
        self.d["new"] = 1
        return False


d = {}
e = Evil(d)
d[e] = 1
d[Key(1, "k")] = 2
print(sorted(map(str, d.values())), len(d))
d = {Key(1, "p"): 1}


class Grow(Key):
    __hash__ = Key.__hash__

    def __eq__(self, other):
        d.update((i, i) for i in range(100))
        return False


s = {Grow(1, "g")}
s.update(d)
print(len(s), len(d))


class Split:
    def __init__(self):
        self.a, self.b = 1, 2


o = Split()
print(sorted(set(o.__dict__)), sorted(set(vars(o)) | {"z"}), frozenset(vars(o)) == {"a", "b"})
o.__dict__["c"] = 3
del o.a
print(sorted(set(o.__dict__)), list(o.__dict__))
d = dict.fromkeys("abcdef")
del d["a"], d["d"]
print(sorted(set(d)), sorted(frozenset(d)))
d[5] = 1
del d["b"]
print(sorted(map(str, set(d))))

print([sys.getsizeof(dict.fromkeys(map(str, range(n)))) for n in range(0, 40, 3)],
      [sys.getsizeof(dict.fromkeys(range(n))) for n in range(0, 40, 3)],
      sys.getsizeof({"a": 1}), sys.getsizeof({"a": 1, "b": 2, 3: 4}), sys.getsizeof({1: 1}),
      sys.getsizeof({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}))
key, value = "k" * 50, object()
before = sys.getrefcount(key), sys.getrefcount(value)
d = {key: value}
d[key] = value
d[("k" * 49) + "k"] = value
print(sys.getrefcount(key) - before[0], sys.getrefcount(value) - before[1])
del d
print(sys.getrefcount(key) - before[0], sys.getrefcount(value) - before[1])
s = {value}
print(s.pop() is value, sys.getrefcount(value) - before[1], s)
s = set(range(100))
print([s.pop() for _ in range(100)] == list(range(100)), s)
try:
    s.pop()
except KeyError as err:
    print(err)
s = {3, 1, 2}
s.discard(1)
print(s.pop(), s.pop(), len(s), s == set())


# __getitem__ that comes from list and dict
class L(list):
    pass


class L2(L):
    def __getitem__(self, i):
        return "mine", i


class D(dict):
    def __missing__(self, k):
        return "missing", k


class D2(D):
    pass


class Other:
    __getitem__ = list.__getitem__


class Mixed(L, Other):
    pass


ls = L([1, 2, 3])
print(ls[0], ls[-1], ls[1:], L2([1])[0], D(a=1)["a"], D()["q"], D2()["r"], Mixed([7])[0])
for bad in (lambda: ls[5], lambda: ls["x"], lambda: Other()[0], lambda: D()[[]],
            lambda: Counter()[{}]):
    try:
        print(bad())
    except Exception as err:
        print(type(err).__name__, err)
L.__getitem__ = lambda self, i: ("patched", i)
print(ls[0], ls[5], L2([1])[0], Mixed([7])[0])
del L.__getitem__
print(ls[0], Mixed([7])[0])
D.__getitem__ = dict.get
print(D(a=1)["a"], D()["q"], D2()["r"])
D.__getitem__ = dict.__getitem__
print(D(a=1)["a"], D()["q"], D2()["r"])
D2.__getitem__ = list.__getitem__
try:
    D2()["r"]
except TypeError as err:
    print(err)
print(Counter("aab")["a"], Counter()["z"], defaultdict(int)["q"], OrderedDict(a=1)["a"])


class Deep(dict):
    def __missing__(self, k):
        return self[k]


try:
    Deep()["x"]
except RecursionError as err:
    print("RecursionError")


# unions
class Meta(type):
    def __eq__(self, other):
        events.append((self.__name__, getattr(other, "__name__", other)))
        return True

    def __hash__(self):
        return 5


class A(metaclass=Meta):
    pass


class B(metaclass=Meta):
    pass


events.clear()
print(int | str, int | int, int | None, None | int, (int | str) | (str | float), int | str | int)
print(A | B, A | int, int | A, (int | str) | A, events)
print((int | list[int] | list[int] | None).__args__, type(int | int), int | str == str | int)
big = int | str
for i in range(40):
    big |= type("T%d" % i, (), {})
print(len(big.__args__), len((big | big).__args__), sys.getrefcount(big.__args__))
for bad in (lambda: int | 5, lambda: 5 | int, lambda: (int | str) | "x", lambda: None | None):
    try:
        print(bad())
    except TypeError as err:
        print(err)


class Raises(type):
    def __eq__(self, other):
        raise ZeroDivisionError

    __hash__ = type.__hash__


class R(metaclass=Raises):
    pass


try:
    print(int | str | R | R)
    print(R | int)
except ZeroDivisionError:
    print("raised")
