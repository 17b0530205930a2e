# Small objects come from pools: what one gives back, the next of its size takes.
import gc
import sys


class Thing:
    __slots__ = ("a", "b", "c")


first = Thing()
place = id(first)
del first
second = Thing()
print(id(second) == place)
gc.collect()  # what start-up left is not to be counted
before = sys.getallocatedblocks()
many = [Thing() for _ in range(1000)]
between = sys.getallocatedblocks()
del many
print(between - before >= 1000, sys.getallocatedblocks() - before < 100)
# expect: True
# expect: True True
