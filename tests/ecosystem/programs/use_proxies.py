# SPDX-License-Identifier: MIT
"""wrapt, lazy_object_proxy, zope.interface, zope.proxy's kin: objects that stand for others, in C."""
import copy
import functools
import inspect
import operator
import pickle

import lazy_object_proxy
import wrapt
import zope.interface
from zope.interface.adapter import AdapterRegistry

for P in (wrapt.ObjectProxy, lambda v: lazy_object_proxy.Proxy(lambda: v)):
    p = P([3, 1, 2])
    print(isinstance(p, list), p.__class__, len(p), sorted(p), p + [4], p == [3, 1, 2], bool(p), 3 in p,
          p[1:],
          repr(p)[:6])
    p += [9]
    p[0] = 7
    del p[1]
    print(list(p), dir(p) == dir([]), [*reversed(p)], p.__doc__ == list.__doc__)
    n = P(5)
    for f in (operator.add, operator.pow, operator.truediv, operator.lshift, operator.matmul, divmod):
        try:
            print(f.__name__, f(n, 3), f(3, n))
        except TypeError as e:
            print(type(e).__name__, str(e).split("'")[0])
    print(
        hash(n) == hash(5), int(n), float(n), complex(n), operator.index(n), range(n), str(n),
        str(n)[:1], -n, ~n, abs(n))
    with P(open("/dev/null")) as f:
        print(f.read(), f.name)
    for bad in (lambda: n(), lambda: n.nothing, lambda: iter(n), lambda: n[0], lambda: hash(p)):
        try:
            print(bad())
        except Exception as e:
            print(type(e).__name__, str(e)[:50])


@wrapt.decorator
def trace(wrapped, instance, args, kwargs):
    return type(instance).__name__, wrapped(*args, **kwargs)


class C:

    @trace
    def m(self, a, *, b=2):
        return a + b

    @trace
    @classmethod
    def c(cls, a):
        return a

    @staticmethod
    @trace
    def s(a):
        return a


@trace
def plain(x: int, y=5) -> str:
    "doc"
    return x * y


print(C().m(1),
      C().m(1, b=5), C.m(C(), 3), C.c(1),
      C().c(2), C.s(3), plain(4), inspect.signature(plain), plain.__doc__)
print(plain.__wrapped__.__name__,
      type(C.__dict__["m"]).__name__,
      C().m.__self__.__class__, inspect.signature(C.m))
for i in range(30000):
    C().m(i)
print(wrapt.PartialCallableObjectProxy(pow, 2)(10), wrapt.CallableObjectProxy(len)("abc"))
try:
    pickle.dumps(wrapt.ObjectProxy(1))
except Exception as e:
    print(type(e).__name__, e)
calls = []
lazy = lazy_object_proxy.Proxy(lambda: calls.append(1) or {"a": 1})
print(calls, lazy["a"], lazy | {"b": 2}, calls, copy.copy(lazy), pickle.loads(pickle.dumps(lazy)))


class ISource(zope.interface.Interface):
    """A source."""
    size = zope.interface.Attribute("its size")

    def read(n):
        """reads"""


class IText(ISource):
    pass


@zope.interface.implementer(IText)
class Text:
    size = 5

    def read(self, n):
        return "x" * n


registry = AdapterRegistry()
registry.register([ISource], IText, "", "adapter for sources")
registry.register([IText], IText, "t", "named")
t = Text()
print(ISource.providedBy(t), IText.implementedBy(Text), list(zope.interface.providedBy(t)),
      ISource(t) is t, registry.lookup([zope.interface.providedBy(t)], IText),
      registry.lookupAll([IText], IText))
zope.interface.alsoProvides(t, zope.interface.Interface)
print([i.__name__ for i in IText.__sro__], IText.names(all=True),
      zope.interface.verify.verifyObject(IText, t) if hasattr(zope.interface, "verify") else None)
try:
    ISource(5)
except TypeError as e:
    print(str(e)[:30])
print(functools.reduce(lambda a, i: a + ISource.providedBy(t), range(50000), 0), ISource in {ISource: 1},
      ISource < IText)
