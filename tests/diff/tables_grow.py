# Tables that grow, are copied and lose entries: sizes, contents and order; what growth leaves behind is given back.
import random
import sys
import weakref


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


before = peak()
s = set()
for i in range(10**6):
    s.add(i)
print(len(s), sys.getsizeof(s), peak() - before < 75_000)
del s

for n in 0, 1, 5, 8, 19, 20, 77, 300, 5000, 60000:
    s = set(range(n))
    d = {i: -i for i in range(n)}
    t = {str(i): i for i in range(n)}
    print(n, *map(sys.getsizeof, (s, s.copy(), set(s), frozenset(s), s | s, d, d.copy(), dict(d), t, t | t)))

r = random.Random(8)
keys = [r.choice((r.randrange(200), str(r.randrange(200)), float(r.randrange(50)))) for _ in range(4000)]
s, d = set(), {}
for i, key in enumerate(keys):
    if i % 7 == 3:
        s.discard(key)
        d.pop(key, None)
    elif i % 501 == 500:
        s, d = s.copy(), d.copy()
    elif i % 997 == 996:
        d.popitem()
    else:
        s.add(key)
        d[key] = i
numbers = {key for key in s if type(key) is not str}
print(len(s), len(d), sorted(numbers), list(d.items())[:40])
print(list(numbers - set(range(30)))[:20], len(s - set(d)), len(s ^ set(d)), len(s & d.keys()), numbers >= {1, 2.0})


class Equal:
    """Changes the set while it is compared."""

    def __init__(self, n, action=None):
        self.n, self.action = n, action

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        if self.action:
            self.action()
        return self.n == other.n


s = {Equal(i) for i in range(6)}
print(Equal(4, lambda: s.clear()) in s, len(s))
s = {Equal(i) for i in range(6)}
s.add(Equal(9, lambda: s.update({Equal(i) for i in range(20, 26)})))
print(sorted(e.n for e in s))
dead = []
e = Equal(1)
weakref.finalize(e, dead.append, "gone")
s = {e}
s.add(e)
copy = set(s)
del e, s
print(dead, copy.clear(), dead)


class Shared:
    def __init__(self, n):
        for i in range(n):
            setattr(self, "a%d" % i, i)


objects = [Shared(n) for n in (0, 3, 20, 29, 30, 31, 40)]
print([list(o.__dict__.values()) == list(range(len(vars(o)))) for o in objects])
for o in objects:
    vars(o).pop("a1", None)
    o.b = 1
    print(len(vars(o)), list(vars(o))[-2:], len(vars(o).copy()))
