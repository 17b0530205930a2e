"""Imports what was installed in the environment; its Python source stays where an editable package has it."""
import sys

sys.path[:0] = ["package/src"]
import glass
from glass import _hand, _shapes, counter

print(glass.area(3, 4), _hand.join("a", [1, 2], sep="-"), _shapes.lib.area(2, 8), counter.count("banana"))
c = counter.Counter("abc")
c.add("xyz", times=2)
print(c.total, c, [k for k in c], c == counter.Counter("abc"))
for bad in (lambda: _hand.join(), lambda: _hand.join("a", 5), lambda: _shapes.lib.area("x", 1),
            lambda: counter.count(5), lambda: c.add(), lambda: counter.Counter()):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e).splitlines()[0])
