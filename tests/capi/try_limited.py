# SPDX-License-Identifier: MIT
"""A stable-ABI module at work."""
import gc
import weakref
import c_limited as c
from capi_show import show

b = c.Bag(5).add(1).add(2)
print(
    b,
    len(b),
    b[0],
    b[-1],
    list(b),
    b.total,
    b == [1, 2],
    b < [3],
    c.Bag.add.__text_signature__,
    c.Bag.__flags__ >> 14 & 1,
)
show(b.add, "x")
show(c.Bag, "x")
print(c.Bag(start=7))
show(lambda: b[9])
show(setattr, b, "total", 1)
show(setattr, b, "other", 1)


class Sub(c.Bag):
    def add(self, x):
        self.seen = getattr(self, "seen", ()) + (x,)
        return super().add(x)


s = Sub().add(3)
s.self = s
w = weakref.ref(s)
print(s, s.seen)
del s
gc.collect()
print(w())
print(c.words("a b a c"), c.macros(), c.__file__.rsplit("c_limited")[-1])
show(c.recurse)
