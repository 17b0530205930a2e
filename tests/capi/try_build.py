# SPDX-License-Identifier: MIT
"""Values, texts and calls built from formats."""
import functools
import c_build as c
from capi_show import show

for n in range(31):
    show(c.build, n)
for n in range(20):
    show(c.format, n, "h\xe9llo\u20ac")


class Callable:
    def __call__(self, *a, **k):
        return ("called", a, k)

    def count(self, *a, **k):
        return ("count", a, k)

    def __repr__(self):
        return "Callable"


class Holder:
    def method(self, *a, **k):
        return ("method", a, k)

    @classmethod
    def cmethod(cls, *a, **k):
        return ("cmethod", cls.__name__, a, k)

    def __repr__(self):
        return "Holder"


def function(*a, **k):
    return (a, k)


def strict(a, b=2, /, c=3, *, key=4):
    return (a, b, c, key)


for n in range(22):
    show(c.call, n, Callable())
for n in (0, 1, 5, 9, 10, 15):
    show(c.call, n, None)
for n in (6, 8, 11, 12):
    show(c.call, n, [5, None])
for f in (
    Callable(),
    function,
    strict,
    Holder().method,
    Holder.cmethod,
    functools.partial(function, 1),
    dict,
    len,
    [].append,
    str.upper,
    print.__call__,
    5,
    type,
    Holder,
):
    show(c.vectors, f)
