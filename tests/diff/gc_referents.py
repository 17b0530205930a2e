# What the collector visits in an object, and in which order: attributes come in the order of the class's keys.
import gc
from collections import OrderedDict, defaultdict, deque


class Plain:
    pass


class Slots:
    __slots__ = ("first", "second", "__dict__", "__weakref__")


class Derived(Plain):
    __slots__ = ("third",)


class Listy(list):
    pass


def show(label, obj):
    print(label, [r.__name__ if isinstance(r, type) else r for r in gc.get_referents(obj)])


model = Plain()
model.x = model.y = 0
swapped = Plain()
swapped.y = [1]
swapped.x = (1, 2)
show("swapped", swapped)
del swapped.x
swapped.z = {1}
swapped.x = 3.0
show("again", swapped)
show("empty", Plain())
swapped.__dict__
show("as dict", swapped)
show("the dict", swapped.__dict__)

slots = Slots()
slots.second = ["s"]
show("slot", slots)
slots.more = 1
show("slot and dict", slots)
derived = Derived()
derived.third = "t"
derived.x = "x"
show("derived", derived)
listy = Listy([1, [2]])
listy.name = "n"
show("listy", listy)
show("list", [1, "a", []])
show("tuple", (1, "a", []))
show("dict", {"a": 1, "b": []})
show("mixed dict", {1: "one", "two": 2, (3,): []})
show("ordered", OrderedDict(a=[], b=2))
show("default", defaultdict(list, a=[1]))
show("deque", deque([1, [2]]))
show("set", {1})
show("closure", (lambda cell: lambda: cell)([5]).__closure__[0])
show("bound", [].append)
show("slice", slice([], None, 2))
