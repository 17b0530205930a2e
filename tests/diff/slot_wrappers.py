# Slot wrappers and their bound form, called in every way: results, errors, and the counts that they hold meanwhile.
import operator
import sys


class Key:
    counts = []

    def __hash__(self):
        Key.counts.append(sys.getrefcount(self))
        return 1

    def __eq__(self, other):
        Key.counts.append((sys.getrefcount(self), sys.getrefcount(other)))
        return self is other


def show(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


d, k, other = {}, Key(), Key()
dict.__setitem__(d, k, 1)
d.__setitem__(k, 2)
set_item = d.__setitem__
set_item(other, 3)
dict.__getitem__(d, k)
d.__getitem__(other)
dict.__contains__(d, k)
d.__contains__(other)
dict.__delitem__(d, other)
operator.setitem(d, other, 1)
print(Key.counts)
print(sys.getrefcount(k), sys.getrefcount(other))

WRAPPERS = [
    int.__add__, int.__radd__, int.__neg__, int.__pow__, int.__rpow__, int.__eq__, int.__hash__, int.__bool__,
    int.__index__, int.__repr__, list.__len__, list.__getitem__, list.__setitem__, list.__delitem__, list.__contains__,
    list.__iter__, list.__init__, list.__add__, list.__iadd__, list.__mul__, dict.__or__, dict.__ior__, dict.__setitem__,
    str.__mod__, str.__lt__, object.__init__, object.__setattr__, object.__delattr__, object.__getattribute__, object.__str__,
    type.__call__, property.__get__, property.__set__, tuple.__rmul__, float.__divmod__, float.__rdivmod__,
    (1).__add__, (1).__radd__, (2).__pow__, (5).__neg__, [1, 2].__getitem__, [1, 2].__setitem__, {}.__setitem__, [].__init__,
    "a".__add__, (3).__eq__, iter([1]).__next__, (lambda: 5).__call__, [7].__len__, object().__init__,
]
ARGS = [(), (5,), (5, 6), (5, 6, 7), ([1, 2],), ([1, 2], 0), ([1, 2], 5, 6), ({}, 1, 2), ({}, {1: 2}), ("%s", 4), ("a", "b"),
        (int, "12"), (1.5, 2.0), (object(),), ((1,), 2), ([3], [4])]
for w in WRAPPERS:
    name = getattr(w, "__qualname__", w.__name__)
    for args in ARGS:
        try:
            result = repr(w(*args))
        except Exception as e:
            result = type(e).__name__ + " " + str(e)
        if " at 0x" not in result:
            print(name, len(args), result[:120])
show(int.__add__, 1, b=2)
show(int.__add__)
show((1).__add__, 1, b=2)
show([].__init__, iterable=(1,))
show(dict.__init__, {}, a=1)
show(dict.__setitem__, [], 1, 2)


class Sub(dict):
    def __delitem__(self, key):
        print("del", key)


s = Sub()
for i in range(3):
    s[i] = i
    s[i] += 1
del s[1]
print(s)


class Failing:
    def __hash__(self):
        raise ValueError("hash")


show(dict.__setitem__, {}, Failing(), 1)
show({}.__getitem__, Failing())
show(list.__getitem__, [1], Failing())


def deep(n):
    class D(dict):
        def __missing__(self, key):
            return dict.__getitem__(self, key)
    return D()[n]


show(deep, 3)
