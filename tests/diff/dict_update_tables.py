"""dict.update, | and **: order, sizes of the tables, code that runs in between."""
import sys


def show(d):
    print(d, len(d), sys.getsizeof(d))


for n in (0, 1, 5, 6, 10, 11, 20, 43):
    for m in (0, 1, 2, 5, 6, 10, 11, 22, 50, 100):
        for mk in (lambda i: i, lambda i: "k%d" % i, lambda i: (i,) if i % 2 else str(i)):
            for off in (0, n // 2, n):
                d = {mk(i): i for i in range(n)}
                e = {mk(i + off): -i for i in range(m)}
                for k in list(e)[::3]:
                    del e[k]
                d.update(e)
                show(d)
                d = {mk(i): i for i in range(n)}
                d |= e
                show(d)
                show({**d, **e})
                show(d | e)
    kw = {"k%d" % i: i for i in range(min(n, 20))}
    for base in (0, 1, 2, 4, 5, 6, 9, 10, 11):
        d = {"b%d" % i: i for i in range(base)}
        d.update(**kw)
        show(d)
        d = {i: i for i in range(base)}
        d.update(**kw)
        show(d)
        d = {"k%d" % i: 9 for i in range(base)}
        d.update([("z", 1)], **kw)
        show(d)


class K:
    def __init__(s, v, d=None):
        s.v = v
        s.d = d

    def __hash__(s):
        return 1

    def __eq__(s, o):
        if s.d is not None and isinstance(o, K):
            s.d.clear()
        return s.v == getattr(o, "v", None)

    def __repr__(s):
        return "K%s" % s.v


for tgt in ("a", "b"):
    a = {K(1): 1, K(2): 2}
    b = {K(3): 3, K(2): 4, K(5): 5}
    for k in a if tgt == "b" else b:
        k.d = a if tgt == "a" else b
    try:
        a.update(b)
        print(a)
    except Exception as ex:
        print(type(ex).__name__, ex)


class Del:
    def __init__(s, f):
        s.f = f

    def __del__(s):
        s.f()


b = {"x": 1, "y": 2, "z": 3}
a = {"x": Del(lambda: b.clear()), "q": 1}
try:
    a.update(b)
    print(a)
except Exception as ex:
    print(type(ex).__name__, ex)
b = {"x": 1, "y": 2, "z": 3}
a = {"x": Del(lambda: a.clear()), "q": 1}
try:
    a.update(b)
    print(a)
except Exception as ex:
    print(type(ex).__name__, ex)
for bad in [
    lambda: {}.update(1),
    lambda: {}.update(1, 2),
    lambda: {}.update([1]),
    lambda: {}.update([(1, 2, 3)]),
    lambda: {}.update(**{1: 2}),
    lambda: dict.update(),
    lambda: dict.update(1),
    lambda: {}.update(None),
    lambda: {}.update({}, {}, a=1),
]:
    try:
        print(bad())
    except Exception as ex:
        print(type(ex).__name__, ex)


class O:
    pass


o = O()
o.a = 1
o.b = 2
d = {"a": 5, "c": 1}
d.update(o.__dict__)
print(d)
o.__dict__.update(d)
print(o.__dict__, o.a)
o.__dict__.update(z=3, a=7)
print(vars(o))


class D(dict):
    pass


x = D(a=1)
x.update(b=2, c=3)
print(x)
x.update(D(q=1))
print(x)


def f(**k):
    return k


print(f(**{"a": 1}, **{"b": 2}))
try:
    f(**{"a": 1}, **{"a": 2})
except TypeError as ex:
    print(ex)
for i in range(20):
    [1, 2].__getitem__(i % 2)
    {1: 2}.__contains__(i)
    dict.fromkeys([i])
    D.fromkeys([i])
    str.maketrans("a", "b")
    bytes.fromhex("00")
    int.from_bytes(b"a", "big")
for bad in [
    lambda: [1].__getitem__(),
    lambda: [1].__getitem__(1, 2),
    lambda: [1].__getitem__(a=1),
    lambda: dict.fromkeys(),
    lambda: list.__getitem__(1, 2),
]:
    for i in range(12):
        try:
            r = bad()
        except Exception as ex:
            r = type(ex).__name__ + str(ex)
    print(r)
