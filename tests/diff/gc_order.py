# SPDX-License-Identifier: MIT
"""The order in which collections leave objects, finalise and untrack them, in young and full ones."""
import gc
import random

gc.disable()
gc.collect()
dead = []


class Node:

    def __init__(self, n):
        self.n = n
        self.links = []

    def __del__(self):
        dead.append(self.n)


class Slotted:
    __slots__ = "n", "links", "__weakref__"

    def __init__(self, n):
        self.n = n
        self.links = {}

    def __del__(self):
        dead.append(self.n)


def connect(a, b):
    if isinstance(a, Node):
        a.links.append(b)
    else:
        a.links[len(a.links)] = (b, )


def order(generation):
    return [o.n for o in gc.get_objects(generation) if isinstance(o, (Node, Slotted))]


def rounds(seed, collections):
    r = random.Random(seed)
    held, n = {}, 0
    for collection in collections:
        fresh = []
        for _ in range(60):
            fresh.append(r.choice([Node, Slotted])(n))
            n += 1
        everybody = fresh + list(held.values())
        for o in fresh:
            for _ in range(r.randrange(3)):
                connect(r.choice(everybody), o)
                connect(o, r.choice(everybody))
        for o in r.sample(fresh, 12):
            held[o.n] = o
        for key in r.sample(sorted(held), 4):
            del held[key]
        del everybody, fresh, o
        dead.clear()
        found = gc.collect(collection)
        print(collection, found, dead, order(0), order(1), order(2))
    held.clear()
    dead.clear()
    print(gc.collect(), dead, order(2))


rounds(1, [0, 0, 1, 0, 2, 0, 1, 2, 2])
rounds(2, [2] * 6)
rounds(3, [0, 1] * 4)
gc.freeze()
rounds(4, [0, 2, 1, 2, 2])
gc.unfreeze()
rounds(5, [2, 0, 2, 1, 2])

# Tuples are forgotten at any collection, dicts at a full one, also when the tuples come after them.


def states(objects):
    return "".join("-+"[gc.is_tracked(o)] for o in objects)


def tuples(n):
    inner = tuple(str(k) for k in range(n))
    return [((inner, ), inner), (inner, ), inner, ([], ), (inner, []), ((), )]


late = []
for k in range(3):
    d = {}
    late.append(d)
    d["k"] = (str(k), (k, str(k)))
    d["m"] = (("deep", (str(k), )), )
many = [{"k": (str(k), k)} for k in range(700)]
more = [{1: 2}, {"a": []}, {"a": {}}, {(str(late), 1): 3}, {(1, 2): (3, (4, []))}]
made = tuples(3)
print(states(late), states(many).count("+"), states(more), states(made))
gc.collect(0)
print(states(late), states(many).count("+"), states(more), states(made))
gc.collect()
print(states(late), states(many).count("+"), states(more), states(made))
gc.collect()
print(states(late), states(many).count("+"), states(more), states(made))
print(gc.get_count()[1:])
