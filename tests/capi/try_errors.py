# SPDX-License-Identifier: MIT
"""Exceptions set and read from C."""
import sys
import traceback
import warnings
import c_errors as c
from capi_show import show, shape

for how in range(32):
    for o in (ValueError, ValueError("inst"), "text", None, (1, 2), int):
        show(c.set, how, o)


def details(e):
    return [
        (n, getattr(e, n, "-"))
        for n in (
            "args",
            "errno",
            "strerror",
            "filename",
            "filename2",
            "name",
            "path",
            "msg",
            "lineno",
            "offset",
            "text",
        )
    ]


for how, o in (
    (7, 0),
    (8, 0),
    (9, "f"),
    (10, b"f"),
    (12, 0),
    (13, "msg"),
    (22, 0),
    (27, 0),
    (28, (1, 2)),
    (28, None),
    (1, (1, 2)),
):
    try:
        c.set(how, o)
    except BaseException as e:
        print(how, type(e), details(e), repr(e.__cause__), repr(e.__context__))
for f in (
    lambda: 1 / 0,
    lambda: {}[0],
    lambda: int("x"),
    lambda: 5,
    lambda: c.set(21, 0),
    lambda: c.set(22, 0),
    lambda: c.set(0, KeyError),
):
    show(c.fetch, f)
print(c.handled())
print(c.handled_kinds(KeyError(1)))
try:
    1 / 0
except ZeroDivisionError:
    show(c.handled)


def gen():
    try:
        raise KeyError("g")
    except KeyError:
        yield c.handled()


try:
    1 / 0
except ZeroDivisionError:
    print(next(gen())[0], c.handled()[0])
show(c.chain, ValueError(1), KeyError(2), TypeError(3))
try:
    c.chain_exceptions()
except ValueError as e:
    print(repr(e), repr(e.__context__))
for filters in ("error", "always", "ignore"):
    for how in range(7):
        with warnings.catch_warnings(record=True) as w:
            warnings.simplefilter(filters)
            show(c.warn, how)
            for x in w:
                print(
                    "    ", x.category.__name__, x.message, x.filename.rsplit("/")[-1], x.lineno > 0
                )
for args in (
    ("m.Err", "doc", None, None),
    ("m.Err", None, KeyError, {"x": 1}),
    ("m.Err", None, (KeyError, ValueError), {"__module__": "q"}),
    ("nodot", None, None, None),
    ("m.E", None, int, None),
    ("m.E", None, 5, None),
):
    show(c.new_exception, *args)
    try:
        t = c.new_exception(*args)
        print(t.__doc__, t.__mro__, t.__module__, t("x"), getattr(t, "x", None), t.__name__)
    except Exception as e:
        pass


def hook(u):
    print("unraisable", u.exc_type, u.exc_value, shape(u.exc_traceback), u.err_msg, shape(u.object))


sys.unraisablehook = hook
c.unraisable(5)
c.unraisable(None)
sys.unraisablehook = sys.__unraisablehook__
sys.stderr = sys.stdout
c.print(1)
c.print(0)
c.unraisable(5)
c.unraisable(None)
sys.excepthook = lambda *a: print("hook", a[:2])
print(repr(c.print(1)))
show(c.unicode_error)
show(c.handlers)
show(c.recursion)
try:
    c.add_traceback()
except ValueError as e:
    traceback.print_exc(file=sys.stdout)
show(c.signals)


def leave():
    try:
        raise ValueError("outer")
    except ValueError:
        c.set(2, None)


try:
    leave()
except ValueError as e:
    print(repr(e), repr(e.__context__), e.__suppress_context__)
