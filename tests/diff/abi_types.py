"""Sizes, offsets and flags of every type that lives in the executable: what a C compiler saw when it built an extension."""
import sys
import gc, _collections, _functools, _io, _operator, _random, _sre, _struct, _thread, array, itertools, types, datetime, pyexpat, select, zlib

SEQUENCE, HEAP, VALID_TAG = 1 << 5, 1 << 9, 1 << 19


def own_call(t):
    return (t.__name__ == "_lru_cache_wrapper") << 11  # has a vectorcall here


seen = set()


def walk(t):
    if t in seen:
        return
    seen.add(t)
    for s in type.__subclasses__(t):
        walk(s)


gc.collect()  # classes that gave way to a C version
walk(object)
builtin = set(sys.builtin_module_names) | {
    "builtins",
    "types",
    "io",
    "collections",
    "itertools",
    "datetime",
    "functools",
    "operator",
    "re",
}
for t in sorted(seen, key=lambda t: (t.__module__, t.__qualname__, t.__basicsize__)):
    if (
        t.__flags__ & HEAP
        and t.__module__ not in sys.builtin_module_names
        and t.__module__ not in ("array", "itertools", "functools", "operator")
    ):
        continue
    if t.__module__.split(".")[0] not in builtin or t.__module__.startswith(
        ("_frozen", "importlib")
    ):
        continue
    if t.__name__ == "hamt_array_node":
        continue  # one of three kinds of node; Vitro has two
    public = (
        t.__module__ not in ("_io", "_sre", "posix", "pyexpat", "operator")
        and t.__name__ != "IsoCalendarDate"
    )  # no header shows the others
    print(
        t.__module__,
        t.__qualname__,
        (t.__basicsize__, t.__itemsize__, t.__dictoffset__, t.__weakrefoffset__) if public else "",
        hex(t.__flags__ & ~(VALID_TAG | own_call(t))),
        [b.__name__ for b in t.__mro__[1:]],
        t.__text_signature__,
        sorted(n for n in vars(t) if n not in ("__doc__",)),
    )
