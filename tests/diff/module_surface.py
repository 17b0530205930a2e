# SPDX-License-Identifier: MIT
"""Every built-in module, object by object: kind, signature, text signature, whether it is documented, where it says it belongs,
a class's bases and flags."""
import importlib, inspect, re, sys, warnings

warnings.simplefilter("ignore")
# Of these 3.11 documents none or not all; a sentence more is no difference.
DOCUMENTED_HERE = (
    "_io.",
    "_functools._lru_cache_wrapper.cache_",
    "_imp.source_hash",
    "_collections.OrderedDict.__sizeof__",
    "builtins.method.__reduce__",
    "collections.OrderedDict.__sizeof__",
    "functools._lru_cache_wrapper.cache_",
    "posix.memfd_create",
    "sys._getquickenedcount",
    "syslog.",
)

NO_DOC = ("_md5", "_sha1", "_sha256", "_sha512")
# A static type in 3.11 and a type of the module's own here; its dictionary says what module it is of.
OTHER_TYPES = ("_socket.SocketType", "_socket.socket")
# A member there, computed here.
OTHER_ACCESS = tuple(
    "%s.digest_size" % t
    for t in (
        "_sha256.SHA224Type",
        "_sha256.SHA256Type",
        "_sha512.SHA384Type",
        "_sha256.sha224",
        "_sha256.sha256",
        "_sha512.sha384",
        "_sha512.sha512",
    )
)
# Classes without a name of their own to reach them by, that are made differently.
OTHER_CLASSES = ("_pickle.Pdata", "builtins.hamt_array_node", "_socket.socket")


def signature(o):
    try:
        return str(inspect.signature(o))
    except (ValueError, TypeError) as e:
        return type(e).__name__


def text(o, name):
    value = getattr(o, name, "-")
    return repr(value) if isinstance(value, str) or value is None else type(value).__name__


def describe(path, o):
    if path in OTHER_ACCESS or path == "_socket.SocketType.__module__":
        return
    words = [path, type(o).__module__ + "." + type(o).__qualname__]
    if callable(o):
        words += [signature(o), text(o, "__text_signature__")]
    if not path.startswith(DOCUMENTED_HERE):
        words.append("documented" if getattr(o, "__doc__", None) else "bare")
    if not isinstance(o, (int, str, float, tuple, dict, list)):
        words += [text(o, n) for n in ("__module__", "__qualname__", "__name__")]
    if isinstance(o, type) and path not in OTHER_TYPES:
        flags = [bool(o.__flags__ >> n & 1) for n in (5, 6, 7, 8, 9, 10, 14, 18)]
        words += [
            [b.__qualname__ for b in o.__mro__],
            "".join("01"[f] for f in flags),
            bool(o.__dictoffset__),
            bool(o.__weakrefoffset__),
        ]
    print(*words)


seen = set()
for name in sorted(sys.builtin_module_names):
    module = importlib.import_module(name)
    print(
        "==",
        name,
        type(module).__name__,
        text(module, "__package__"),
        type(module.__spec__).__name__,
        bool(module.__doc__) or name in NO_DOC,
    )
    print(dir(module))
    for n, o in sorted(vars(module).items()):
        if n != "__doc__":
            describe(name + "." + n, o)
        if not isinstance(o, type) or o in seen:
            continue
        seen.add(o)
        for m in sorted(vars(o)):
            describe("%s.%s.%s" % (name, n, m), vars(o)[m])


def grow(t):
    """All classes below t that no module names: iterators, nodes, results."""
    for s in type.__subclasses__(t):
        if s in seen:
            continue
        seen.add(s)
        yield s
        yield from grow(s)


re.compile("a").scanner("a")
built_in = set(sys.builtin_module_names) | {"re", "types", "collections", "functools", "operator"}
for t in sorted(grow(object), key=lambda t: (str(t.__module__), t.__qualname__)):
    path = "%s.%s" % (t.__module__, t.__qualname__)
    if (
        t.__module__ not in built_in
        or isinstance(vars(t).get("__init__"), type(grow))
        or path in OTHER_CLASSES
    ):
        continue
    describe(path, t)
    for m in sorted(vars(t)):
        describe("%s.%s" % (path, m), vars(t)[m])
