# An object that refers to itself outlives its last name until the collector comes; a plain one dies at once.
import gc, weakref

gc.disable()


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(self.name, "gone")


plain = Node("plain")
del plain
loop = Node("loop")
loop.me = loop
seen = weakref.ref(loop)
del loop
print("still there:", seen() is not None)
print("found:", gc.collect() >= 1)
print("still there:", seen() is not None)
# expect: plain gone
# expect: still there: True
# expect: loop gone
# expect: found: True
# expect: still there: False
