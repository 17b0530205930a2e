# SPDX-License-Identifier: MIT
"""Code run from C."""
import io
import os
import sys
import tempfile
import c_run as c
from capi_show import show, shape

sys.stderr = sys.stdout
SINGLE, FILE, EVAL, FUNC = 256, 257, 258, 345
for start in (SINGLE, FILE, EVAL, FUNC):
    for source in (
        "1 + 1",
        "x = 5",
        "x = ",
        "raise KeyError(1)",
        "(int, str) -> float",
        "print('hi')",
        "for i in range(2):\n  i\n",
        "a\nb",
        "",
    ):
        g = {}
        try:
            print(
                start,
                repr(source),
                shape(c.run(source, start, g, g)),
                sorted(k for k in g if k != "__builtins__"),
            )
        except BaseException as e:
            print(start, repr(source), type(e).__name__, e)
show(c.run, "a + b", EVAL, {"a": 1}, {"b": 2})
show(c.run, "1", EVAL, {}, None)
show(c.simple, "simple_value = 41")
import __main__

print(__main__.simple_value)
show(c.simple, "1/0")
show(c.simple, "syntax error here")
with tempfile.TemporaryDirectory() as d:
    here = os.getcwd()
    os.chdir(d)
    p = "script.py"
    open(p, "w").write("print('running', __name__, '__file__' in globals())\nval = 3\n")
    for how in range(3):
        show(lambda: c.file(p, how))
    open(p, "w").write("1/0\n")
    for how in range(3):
        try:
            print(c.file(p, how))
        except ZeroDivisionError as e:
            print(how, e)
        print("---")
    os.chdir(here)
for source, start, flags, opt in (
    ("x = 1", FILE, 0, -1),
    ("1+1", EVAL, 0, 0),
    ("assert 0", FILE, 0, 1),
    ("assert 0", FILE, 0, 0),
    ("'doc'", FILE, 0, 2),
    ("print(__debug__)", FILE, 0, 1),
    ("x: int = 1", FILE, 0x100000, -1),
    ("1+1", EVAL, 0x400, -1),
    ("1 +", EVAL, 0, -1),
    ("from __future__ import annotations\nx: undefined = 1", FILE, 0, -1),
    ("\xe9 = 1", FILE, 0x0100, -1),
    ("await x", EVAL, 0x2000, -1),
):
    show(c.compile, source, start, flags, opt)


def five(a, b, c, d=4):
    return (a, b, c, d)


show(c.eval_ex, five)


def outer():
    cell = 1

    def inner(x, y=2, *, z=3) -> int:
        "doc"
        return x, y, z, cell

    return inner


f, m, ann, bad = c.function(outer())
print(f.__qualname__, f.__name__, f(1), f.__kwdefaults__, f.__annotations__, m, ann, bad, f.__doc__)
show(c.function, 5)
show(c.function, len)


def framed(a):
    b = 1
    return c.frame()


print(framed(1))


def gen():
    x = 5
    yield c.frame()


print(next(gen()))
print([c.frame() for _ in range(1)][0][0])
exec("local_here = c.frame()")
print(local_here[0])
for o in (framed, len, print, [].append, framed.__get__(1), 5, int):
    show(c.func_name, o)


def closure():
    a = b = 0

    def inner():
        return a, b

    return inner


show(c.code, framed.__code__)
show(c.code, closure().__code__)
show(c.code, closure.__code__)
show(c.code, gen.__code__)
for how in range(15):
    for name in ("os", "os.path", "not_there", "sys", "import_made_%d" % how, "json"):
        if how == 6 and name == "sys":
            continue
        if how in (9, 11, 6) and name not in ("not_there", "__hello__", "json"):
            continue
        show(getattr(c, "import"), how, name)
show(getattr(c, "import"), 9, "__hello__")
show(getattr(c, "import"), 12, "len")
for n, v in (("fresh_name", 5), ("fresh_name", None), ("fresh_name", None), ("platform", "linux")):
    show(c.sys, n, v)


def work():
    x = len("abc")
    try:
        int("q")
    except ValueError:
        pass
    return sum(i for i in range(2))


for profile in (0, 1):
    print(*c.traced(profile, work), sep="\n")
show(c.audit)


def twice():
    return (lambda: 1)() + (lambda: 2)()


show(c.frame_hook, twice)
show(c.file_object, io.StringIO("a line\nanother"))
show(c.file_object, 5)
show(c.file_object, io.BytesIO(b""))
show(c.file_object, open(__file__))
show(c.modules_api)
