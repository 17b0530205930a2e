# SPDX-License-Identifier: MIT
# Unpickling an array calls neither __new__ nor __init__ of its subclass: they may take other arguments.
import array
import copy
import pickle


class Doubles(array.array):
    def __new__(cls, items=()):
        print("  __new__", cls.__name__, len(items))
        return super().__new__(cls, "d", items)

    def __init__(self, items=()):
        print("  __init__", len(items))
        self.label = "made"


class Choosy(array.array):
    def __new__(cls, code, items, *, key):
        return super().__new__(cls, code, items)


def show(o):
    print(type(o).__name__, o.typecode, o.tolist(), vars(o))


def attempt(f, *args):
    try:
        show(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


doubles = Doubles([1.5, 2.5])
doubles.label = "changed"
for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
    print("protocol", protocol)
    attempt(lambda: pickle.loads(pickle.dumps(doubles, protocol)))
attempt(copy.copy, doubles)
attempt(copy.deepcopy, doubles)
for code in "bBhHiIlLqQfd":
    attempt(lambda: pickle.loads(pickle.dumps(Choosy(code, [1, 2], key=None), 4)))
attempt(lambda: pickle.loads(pickle.dumps(Choosy("u", "xé€", key=None), 4)))

print("machine formats")
make = array._array_reconstructor
for code in "ibQdu":
    for machine in range(22):
        attempt(make, Choosy, code, machine, b"a\0\0\0\0\0\0\0")
