# Reference counting cannot free a cycle; the collector does.
import gc


class Node:
    pass


gc.collect()
a, b = Node(), Node()
a.other, b.other = b, a
del a, b
print(gc.collect() >= 2, len(gc.get_count()), gc.get_threshold())
# expect: True 3 (700, 10, 10)
