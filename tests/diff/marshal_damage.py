# Marshal data and .pyc files cut short or with bytes changed: what is raised, or what is read. Nothing of it is run.
import importlib.util, marshal, os, py_compile, re, resource, sys, tempfile, zlib
from types import CodeType

resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
VALUES = [
    None,
    True,
    False,
    ...,
    StopIteration,
    0,
    -1,
    2**31,
    -(2**100),
    1.5,
    -0.0,
    1e300,
    2j,
    complex(1, -2),
    "",
    "abc",
    "é€😀",
    "x" * 300,
    b"",
    b"bytes" * 60,
    (),
    (1,),
    (1, "a", (2.5, None)),
    [],
    [1, [2, "b"]],
    {},
    {"k": 1, 2: [3]},
    {1, 2},
    set(),
    frozenset({3}),
    frozenset(),
    tuple(range(300)),
]
SOURCE = '''
import os
x = (1, "a", b"b", 2.5, 1j, None, ...)
def f(a, b=1, /, *c, d: int = 2, **e):
    """text"""
    def g():
        return a, b
    try:
        with a as q:
            return [i async for i in g] if 0 else {**e}
    except* ValueError:
        pass
    return lambda: (yield x)
class C:
    y: "str" = x in {1, 2}
'''.replace(
    "async ", ""
)
FIELDS = (
    "co_argcount co_posonlyargcount co_kwonlyargcount co_nlocals co_stacksize co_flags co_firstlineno co_name co_qualname co_filename co_names co_varnames "
    "co_freevars co_cellvars co_linetable co_exceptiontable"
).split()


def describe(value, depth=0):
    if depth > 20:
        return "deep"
    if isinstance(value, CodeType):
        return str([ascii(getattr(value, f)) for f in FIELDS] + [len(value.co_code)]) + describe(
            value.co_consts, depth + 1
        )
    if isinstance(value, (tuple, list)):
        return type(value).__name__ + str([describe(v, depth + 1) for v in value])
    if isinstance(value, (set, frozenset)):
        return type(value).__name__ + str(sorted(describe(v, depth + 1) for v in value))
    if isinstance(value, dict):
        return str([(describe(k, depth + 1), describe(v, depth + 1)) for k, v in value.items()])
    return type(value).__name__ + (ascii(value) if not isinstance(value, int) else hex(value))


def said(data, load=marshal.loads, exact=False):
    try:
        return describe(load(data))
    except Exception as e:
        if (
            not exact
        ):  # of a size that is not there and what is behind it 3.11 may notice either first
            return "refused"
        return "%s: %s" % (type(e).__name__, ascii(re.sub(r"^\S*\.c:\d+: ", "", str(e))))


def block(name, rows):
    """print(rows) shows what is behind a difference."""
    print(name, len(rows), "%08x" % zlib.crc32("\n".join(rows).encode()))


def damaged(data, changes):
    for i in range(len(data)):
        yield data[:i]
        for change in changes:
            yield data[:i] + bytes([data[i] ^ change]) + data[i + 1 :]


for value in VALUES:
    for version in 0, 2, 4:
        data = marshal.dumps(value, version)
        block(
            ascii(value)[:40] + " " + str(version),
            [said(d) for d in damaged(data, (1, 8, 0x80) if len(data) < 200 else (0x80, 0x11))],
        )
data = marshal.dumps(compile(SOURCE, "name", "exec"))
block("code 0x80", [said(d) for d in damaged(data, (0x80,))])
block("code 1", [said(d) for d in damaged(data, (1,))])
for t in range(256):
    for rest in b"", b"\0", b"\0\0\0\0", b"\1\0\0\0N", b"\xff\xff\xff\xff", b"\1\0\0\0\1\0\0\0" * 8:
        print(t, rest, said(bytes([t]) + rest, exact=True))


with tempfile.TemporaryDirectory() as folder:
    source, pyc = os.path.join(folder, "m.py"), os.path.join(folder, "m.pyc")
    with open(source, "w") as f:
        f.write("a = 1\n")
    py_compile.compile(
        source, pyc, dfile="m.py", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    with open(pyc, "rb") as f:
        good = f.read()

    def load(data):
        with open(pyc, "wb") as f:
            f.write(data)
        spec = importlib.util.spec_from_file_location("m", pyc)
        return spec.loader.get_code("m")

    print(*[said(good[:i], load).replace(folder, "") for i in range(len(good))], sep="\n")
    block("pyc", [said(d, load).replace(folder, "") for d in damaged(good[:40], (1, 0x80))])
