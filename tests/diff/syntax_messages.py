# Every message of the grammar, the symbol table and the compiler, with its place; warnings; how input may be damaged.
import ast, codeop, sys, warnings

FLAGS = {"TYPE": 0x1000, "INCOMPLETE": 0x4000, "NOIMPLY": 0x200, "AWAIT": 0x2000, "FLUFL": 0x400000}


def show(source, mode="exec", flags=0, **more):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            compile(source, "<s>", mode, flags, dont_inherit=True, **more)
            said = "compiles"
        except SyntaxError as e:
            said = "%s: %s %s %r" % (
                type(e).__name__,
                e.msg,
                (e.lineno, e.offset, e.end_lineno, e.end_offset),
                e.text,
            )
        except Exception as e:
            said = "%s: %s" % (type(e).__name__, e)
    print(ascii(source)[:90], mode if mode != "exec" else "", "->", ascii(said))
    for w in seen:
        print("    ", w.category.__name__, ascii(str(w.message)), w.lineno)


SIMPLE = r"""
f(a for a in b, c)
f(c, a for a in b)
f(a=1 for a in b)
f(**a, *b)
f(a=1, b)
f(**a, b)
f(a=1, a=2)
f(True=1)
f(a+b=1)
f(a.b=1)
f(a=)
f(a=1, b=)
f(x for x in y if z=1)
f(a b)
f(a, b for b in c, d)
class C(a for a in b): pass
(a, b) += 1
[a] += 1
f() += 1
a + b += 1
a: int: str
(a, b): int
[a]: int
f(): int
(a): int = 1
1: int
a, b: int
*a, b: int = 1
yield = 1
None = 1
f() = 1
a + 1 = 2
a if b else c = 1
lambda: 1 = 2
'a' = 1
f'{a}' = 1
... = 1
True = 1
(a, 1) = b
[a, f()] = b
*a = b
*a, *b = c
a = *b
del f()
del a + b
del (a, 1)
del *a
del (a, *b)
del None
del [a, (b, f())]
del a, 1
for f() in a: pass
for 1 in a: pass
for a + b in c: pass
for a in b in c: pass
for (a, 1) in b: pass
for x in *a, b: pass
with a as f(): pass
with a as 1, b: pass
with (a as 1): pass
with (a as b, c as d + 1): pass
with a as (b, 1): pass
[a for f() in b]
[a for 1 in b]
[x, y for x in y]
{x, y for x in y}
(x, y for x in y)
[*a for a in b]
{*a for a in b}
(*a for a in b)
{**a for a in b}
{a: *b for a in b}
{a: b for a in b, c}
{a: *b}
{a: **b}
{a:}
{a: b, c}
{a: b, c:}
{a: b, **}
{**a, b}
{a, b: c}
{1: 2, 3 4}
[1 2]
(1 2)
{1 2}
[a, b c, d]
f(a, b c)
a b
a 1
x = a b
print a
print "a"
exec a
print a, b
print -1
if a = 1: pass
if a == 1 pass
if x = 3:\n pass
while a = 1: pass
a if b
a if b else
x = a if b
not = 1
a not b
a not in
is a
a === b
a !== b
a <> b
a ! b
a ? b
$a
a = 5 $ 3
def f(a, a): pass
def f(a=1, b): pass
def f(*): pass
def f(*, **k): pass
def f(*, a, *): pass
def f(*a, *b): pass
def f(*a, /): pass
def f(/, a): pass
def f(a, /, b, /): pass
def f(a, *, /): pass
def f(a, * /): pass
def f(**k, a): pass
def f(**k, *a): pass
def f(**k, **l): pass
def f(**k=1): pass
def f(*a=1): pass
def f((a, b)): pass
def f(a, (b, c)): pass
def f(a=): pass
def f(a, b=, c): pass
def f(1): pass
def f(None): pass
def f(a.b): pass
def f(a: int = ): pass
def f(*, a=1, b): pass
def f(): -> int: pass
def f() -> : pass
def f(a, b):
def f:
def f()
def 1(): pass
def (): pass
def None(): pass
lambda a, a: 1
lambda *: 1
lambda (a, b): 1
lambda a, (b, c): 1
lambda a=1, b: 1
lambda **k, a: 1
lambda **k=1: 1
lambda *a=1: 1
lambda /: 1
lambda a, /, b, /: 1
lambda *a, /: 1
lambda a=: 1
lambda *, **k: 1
lambda a
lambda: (yield)
class C pass
class C:
class C(: pass
class 1: pass
class None: pass
class C(a=1, a=2): pass
import
import a.
import a as
import a as b.c
import a, 
import *
import (a)
from a import
from a import (
from a import (a, b
from a import a,
from a import ()
from a import *, b
from a import (*)
from a import a as b.c
from import a
from . import
from .a import *b
from a.b.c import d as 1
from __future__ import braces
from __future__ import nothing
from __future__ import (annotations, nested)
x = 1; from __future__ import annotations
def f():\n from a import *
class C:\n from a import *
global a.b
global
nonlocal a
a = 1\nglobal a
print(a)\nglobal a
def f():\n a = 1\n global a
def f():\n print(a)\n global a
def f(a):\n global a
def f(a):\n nonlocal a
def f():\n nonlocal a
def f():\n a: int\n global a
def f():\n global a\n a: int
def f():\n global a\n nonlocal a
def f():\n a = 1\n def g():\n  a = 2\n  nonlocal a
def f():\n a = 1\n def g():\n  print(a)\n  nonlocal a
def f():\n a = 1\n def g():\n  nonlocal a\n  a: int
class C:\n def f(self):\n  nonlocal x
return
return 1
yield
yield from a
await a
x = await a
[await a for b in c]
class C: return
class C: yield
class C: await a
async for a in b: pass
async with a: pass
def f(): await a
def f():\n async for a in b: pass
def f():\n async with a: pass
def f(): return [b async for b in c]
def f(): return (b async for b in c)
[b async for b in c]
{b: 1 async for b in c}
async def f(): yield from a
async def f():\n yield 1\n return 2
async def f(): return [[b async for b in c] for d in e]
async x = 1
async
await
async 1
async def
async class C: pass
async lambda: 1
break
continue
def f(): break
def f(): continue
if a: break
for a in b:\n def f(): break
for a in b:\n class C: continue
while 1:\n try: pass\n except* E: continue
for a in b:\n try: pass\n except* E: break
def f():\n try: pass\n except* E: return
try: pass
try: pass\nx = 1
try:
try: pass\nexcept
try: pass\nexcept: pass\nexcept E: pass
try: pass\nexcept a, b: pass
try: pass\nexcept a, b as c: pass
try: pass\nexcept E as a.b: pass
try: pass\nexcept E as 1: pass
try: pass\nexcept E as f(): pass
try: pass\nexcept* : pass
try: pass\nexcept*: pass
try: pass\nexcept* a, b: pass
try: pass\nexcept E: pass\nexcept* F: pass
try: pass\nexcept* E: pass\nexcept F: pass
try: pass\nelse: pass
try: pass\nelse: pass\nfinally: pass
try: pass\nfinally: pass\nexcept: pass
try: pass\nexcept E\n pass
try: pass\nexcept E: pass\nelse pass
try: pass\nfinally pass
try: pass\nexcept E as : pass
except: pass
finally: pass
else: pass
elif a: pass
case 1: pass
if a: pass\nelse: pass\nelse: pass
if a: pass\nelse: pass\nelif b: pass
if a\n pass
if a:
if a:\npass
if :\n pass
if a: pass\nelif b:\nx
if a: pass\nelse:\nx
for a in b:\nx
for a in b: pass\nelse:\nx
for a b in c: pass
for a in: pass
for in a: pass
for a: pass
for a in b
while a:\nx
while a: pass\nelse:\nx
while a
while
with a:\nx
with a
with a as b:\nx
with (a as b, c):\nx
with (a, b\n pass
with a as b\n pass
with: pass
with a, : pass
async with a:\nx
async for a in b:\nx
try:\nx
try: pass\nexcept:\nx
try: pass\nexcept E:\nx
try: pass\nexcept E as e:\nx
try: pass\nexcept* E:\nx
try: pass\nfinally:\nx
try: pass\nexcept: pass\nelse:\nx
def f():\nx
class C:\nx
class C(a):\nx
match a:\nx
match a:\n case 1:\n x
match a:\n case 1:\nx
match a\n case 1: pass
match a:\n case 1\n  pass
match a:\n case\n
match a:\n case 1 if: pass
match a:\n case x: pass\n case y: pass
match a:\n case _: pass\n case 1: pass
match a:\n case x | 1: pass
match a:\n case 1 | x: pass
match a:\n case _ | 1: pass
match a:\n case (x, x): pass
match a:\n case [x] | [y]: pass
match a:\n case {**r, 1: 2}: pass
match a:\n case {1: a, 1: b}: pass
match a:\n case {"a": 1, "a": 2}: pass
match a:\n case {x: 1}: pass
match a:\n case {**_}: pass
match a:\n case {f(): 1}: pass
match a:\n case C(x=1, x=2): pass
match a:\n case C(x=1, 2): pass
match a:\n case C(x=1, 2, 3): pass
match a:\n case [*a, *b]: pass
match a:\n case *a, *b: pass
match a:\n case *a: pass
match a:\n case a as _: pass
match a:\n case a as b.c: pass
match a:\n case a as 1: pass
match a:\n case a as f(): pass
match a:\n case 1 + 1: pass
match a:\n case 1j + 1: pass
match a:\n case 1 + 1j + 2: pass
match a:\n case +1: pass
match a:\n case -a: pass
match a:\n case f"a": pass
match a:\n case a + b: pass
match a:\n case a[0]: pass
match a:\n case not a: pass
match a:\n case (a: 1): pass
match a:\n case -True: pass
match a, *b:\n case _: pass
match *a:\n case _: pass
match a: pass
match (a):
a := 1
(a.b := 1)
(a[0] := 1)
(1 := 2)
(f() := 1)
(a, b := 1)
((a, b) := 1)
f(a.b := 1)
(True := 1)
(__debug__ := 1)
(a := b := c)
x = a := 1
[a := 1 for a in b]
[b for a in (c := d)]
[[a := 1 for b in c] for a in d]
[b := 1 for a in c for b in d]
[[(j := 0) for i in range(5)] for j in range(5)]
class C: [x := 1 for y in z]
[x for x in y if (x := 1)]
{a: 1 for a in (b := c)}
lambda: a := 1
def f(a := 1): pass
del (a := 1)
(a := 1) = 2
(a := 1) += 2
f(a=b:=1)
[i := 0, j for j in a]
__debug__ = 1
__debug__ += 1
del __debug__
def __debug__(): pass
class __debug__: pass
def f(__debug__): pass
lambda __debug__: 1
import __debug__
import a as __debug__
from a import __debug__
for __debug__ in a: pass
with a as __debug__: pass
f(__debug__=1)
a.__debug__ = 1
a.__debug__ += 1
del a.__debug__
__debug__: int
try: pass\nexcept E as __debug__: pass
match a:\n case __debug__: pass
match a:\n case {**__debug__}: pass
match a:\n case [*__debug__]: pass
global __debug__
[a for __debug__ in b]
*a
print(*a, **b, *c)
f(**a, *b, c)
f(*)
f(**)
f(*a b)
f(, a)
f(a,, b)
(,)
[,]
{,}
[a,, b]
(*a)
(**a)
[**a]
{*a, **b}
{**a, *b}
a[*b]
a[*b:c]
a[b:=1]
a[b=1]
a[1:2:3:4]
a[]
a[:::]
a[**b]
x = {
x = [1,
x = (1, [2, {3: 4
(]
[)
{)
(a\n]
[a\n b\n)
)
]
}
a)
f(a))
(a]
'abc
"abc
'''abc
f'abc
b'''abc
'abc\\
"a\nb"
\
a \ b
a \
a = 1 \x
"\N{foo}"
"\N{"
"\N"
"\x1"
"\u12"
"\U00110000"
"\ud800"
b"\x1"
b"é"
b"a" "b"
"a" b"b"
f"a" b"b"
b"a" f"b"
"\q"
b"\q"
"\8"
"\400"
b"\777"
f"\q{a}"
f"\{a}"
r"\q"
1 is 2
1 is a
"a" is a
a is "a"
a is not 1
() is a
None is a
... is a
a is -1
a is b is 1
assert (a, "b")
assert (a,)
assert ()
assert a,
assert
1()
"a"()
None()
()()
[]()
{}()
[1](2)
{1: 2}(3)
{1}(2)
f"a"()
(lambda: 1)()
...()
1[0]
None[0]
...[0]
(a for a in b)[0]
(lambda: 1)[0]
{1}[0]
{a for a in b}[0]
{1: 2}["a"]
[1]["a"]
[1][a, b]
[1][1.5]
"abc"["a"]
"abc"[1, 2]
b"abc"[None]
f"abc"["a"]
(1, 2)["a"]
[1] [2, 3]
[1] (2, 3)
[a for a in b]["c"]
1_
1__0
0_
0b
0b2
0b12
0o
0o8
0o18
0x
0xg
0x_
0b_
0_b1
00
0_0
01
09
012.5
09.5
08e1
0777
1e
1e+
1e5_
1_e5
1_.5
1._5
1.e
1.5j5
1a
1abc
1if a else b
1or 2
1and 2
0x1for x in a
1in a
1is a
1not in a
1else
0b1or 2
0o7or 2
1jor 2
1.or 2
1eor 2
1.5.6
1..a
1.a
1.__class__
a.1
a.
a..b
.a
..
....
a.None
a.True
a.class
None.a
€
a€
a = €
x²
“a”
a – b
a\u00a0b
\u200ba
ａ = 1
µ
ª = 1
·a
a·
\ufeffa
a\x00b
a\x01b
\x7f
a\x0cb
\x0c a
a\rb
a\r\nb
a\r\r\nb
f"{}"
f"{ }"
f"{\n}"
f"{a"
f"{a:"
f"{a!"
f"{a!r"
f"{a!x}"
f"{a!}"
f"{a! r}"
f"{a!rr}"
f"{a!r:"
f"}"
f"a}b"
f"{{}"
f"{}}"
f"{a}}"
f"{a:}}"
f"{a:{b}"
f"{a:{b:{c}}}"
f"{a:{b:{c:{d}}}}"
f"{a b}"
f"{a 1}"
f"{a = }"
f"{a=!r}"
f"{a=:>5}"
f"{a=!x}"
f"{=}"
f"{!r}"
f"{:x}"
f"{a=b}"
f"{a==b}"
f"{a!=b}"
f"{a:=5}"
f"{(a:=5)}"
f"{a<=b}"
f"{a>b}"
f"{lambda x: 1}"
f"{(lambda x: 1)}"
f"{lambda: 1}"
f"{yield}"
f"{await a}"
f"{*a}"
f"{*a,}"
f"{**a}"
f"{a, b}"
f"{'a'}"
f"{"a"}"
f"{'a}"
f"{'''a}"
f"{a['b]}"
f"{a[}"
f"{a]}"
f"{(a]}"
f"{a)}"
f"{#}"
f"{a#}"
f"{'#'}"
f"{\'a\'}"
f"{a\\b}"
f"{'\n'}"
f"{a;b}"
f"{a\nb}"
f'''{\na\n}'''
f'''{\na b\n}'''
f'''\n\n{a b}'''
f'''\n  {\n a\n  b}'''
f"{1if 2}"
f"{'\\q'}"
f"{ a b }" "c"
"c" f"{a b}"
("c"\n f"{a b}")
f"{f'{a b}'}"
f"{f'{f\"\"\"{a}\"\"\"}'}"
f"{a.}"
f"{.a}"
f"{a[0}"
f"{def}"
f"{return}"
f"{1_}"
f"{0777}"
f"{a = 1}"
f"{a += 1}"
f"{import a}"
f"{None = 1}"
f"{x:{}}"
f"{x:{ }}"
f"{x!s:{y!q}}"
  a
 a\nb
if a:\n  b\n c
if a:\n\tb\n        c
if a:\n        b\n\tc
if a:\n b\n\tc
if a:\n  b\n    c
if a:\n  b\n  c\n d
def f():\n  a\n   b
class C:\n  a\n b
a\n  b
#c\n  a
"""

for line in SIMPLE.splitlines():
    show(
        line.encode()
        .decode("unicode_escape")
        .encode("latin-1", "ignore")
        .decode("utf-8", "replace")
        if "\\n" in line
        or "\\r" in line
        or "\\x0" in line
        or "\\x7f" in line
        or "\\u" in line
        and '"' not in line
        else line
    )

print("-- other modes")
for source in [
    "",
    "a",
    "a b",
    "a; b",
    "a = 1",
    "1 +",
    "(",
    "a\nb",
    "a\n",
    "a\n\n",
    "a # c",
    "  a",
    "\ta",
    "*a",
    "*a, b",
    "a,",
    "yield",
    "lambda",
    "if a: pass",
    "pass",
    "def f():",
    "'''a",
    "a\\",
    "if a:\n  b",
    "if a:\n  b\n",
    "if a:\n  b\nc",
    "a;",
    "@a",
    "@a\n",
    "a\n b",
    "x = (\n",
    "try:\n pass\n",
    "\n",
    "# c",
    "# c\n",
    "\\\n",
    "a \\\n",
    "for x in y:\n pass\nelse:\n",
]:
    for mode in "eval", "single":
        show(source, mode)
    for flags in 0x200, 0x4000, 0x4200:
        show(source, "single", flags)
    show(source, "exec", 0x4000)
    try:
        print(source.encode(), codeop.compile_command(source, "<c>") is None)
    except SyntaxError as e:
        print(source.encode(), type(e).__name__, e)
for source in [
    "() -> a",
    "(a) -> b",
    "(a, b) -> c",
    "(*a) -> b",
    "(a, *b, **c) -> d",
    "(**a) -> b",
    "(**a, *b) -> c",
    "(a,) -> b",
    "() ->",
    "a -> b",
    "() -> a b",
    "(*a, *b) -> c",
    "() -> a\n\n",
    "(a b) -> c",
    "(*, a) -> b",
]:
    try:
        print(source, ast.dump(ast.parse(source, mode="func_type"), include_attributes=True))
    except SyntaxError as e:
        print(source, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)

print("-- versions")
NEW = [
    "a: int",
    "a: int = 1",
    "async def f(): pass",
    "async def f():\n await a",
    "async def f():\n async for x in y: pass",
    "async def f():\n async with x: pass",
    "async = 1",
    "await = 1",
    "def async(): pass",
    "f'{a}'",
    "f'{a=}'",
    "1_000",
    "a @ b",
    "a @= b",
    "def f(a, /): pass",
    "lambda a, /: 1",
    "(a := 1)",
    "with (a as b): pass",
    "with (a as b, c): pass",
    "with (a, b): pass",
    "match a:\n case 1: pass",
    "try: pass\nexcept* E: pass",
    "@a.b[c]\ndef f(): pass",
    "@a\ndef f(): pass",
    "a[*b]",
    "def f(*a: *b): pass",
    "for x in *a, b: pass",
    "async def f(): return [x async for x in y]",
    "def f():\n return *a, b",
    "f(**a, **b)",
    "print a",
    "x = yield a, *b",
    "async def f():\n def g(): await = 1",
    "async  def f(): pass",
    "x = async",
    "await a",
    "async def f():\n x = 1\nawait = 2",
]
for source in NEW:
    said = []
    for minor in range(3, 12):
        try:
            said.append(str(len(ast.dump(ast.parse(source, feature_version=(3, minor))))))
        except SyntaxError as e:
            said.append("%s %s" % (e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset)))
    print(source.encode(), " | ".join(said))

print("-- type comments")
TYPED = [
    "a = 1 # type: int",
    "a = 1 # type:int",
    "a = 1 #type: int",
    "a = 1 # type: ignore",
    "a = 1 # type: ignore[x]",
    "a = 1 # type: ignored",
    "a = 1 # type: ignoreé",
    "# type: ignore\na",
    "# type: int\na",
    "for a in b: # type: int\n pass",
    "with a: # type: int\n pass",
    "with a as b, c as d: # type: int\n pass",
    "with (a as b): # type: int\n pass",
    "def f(a): # type: (int) -> str\n pass",
    "def f(a):\n # type: (int) -> str\n pass",
    "def f(a): # type: (int) -> str\n # type: (int) -> str\n pass",
    "def f(a, # type: int\n b, # type: str\n *c, # type: x\n d=1, # type: y\n **e # type: z\n ): pass",
    "def f(a=1, # type: int\n /, *, b # type: q\n): pass",
    "def f(*, # type: int\n a): pass",
    "async def f(): # type: () -> int\n pass",
    "async def f():\n async for a in b: # type: int\n  pass\n async with a: # type: int\n  pass",
    "x = [ # type: int\n 1]",
    "def f(): # type: ignore\n pass",
    "pass # type: int",
    "if a: # type: int\n pass",
    "a += 1 # type: int",
    "a: int # type: int",
    "lambda a, # type: int\n: 1",
    "class C: # type: int\n pass",
    "return # type: int",
    "a = b = c # type: int",
    "#   type:   int\n",
    "a = 1 # type: # type: int",
    "a = (yield) # type: int",
    "(\n# type: ignore\na)",
    "try: # type: int\n pass\nfinally: pass",
]
for source in TYPED:
    try:
        tree = ast.parse(source, type_comments=True)
        print(source.encode(), ast.dump(tree, include_attributes=True))
    except SyntaxError as e:
        print(source.encode(), e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))
    show(source, "exec", FLAGS["TYPE"])

print("-- bytes")
BYTES = [
    b"\xef\xbb\xbfa",
    b"\xef\xbb\xbfa b",
    b"\xef\xbb\xbf# coding: latin-1\na",
    b"\xef\xbb\xbf# coding: utf-8\na b",
    b"# coding: latin-1\n'\xe9' a",
    b"# coding: nope\na",
    b"# coding: utf-16\na",
    b"# -*- coding: cp1252 -*-\n'\x80' 1",
    b"\n# coding: latin-1\n'\xe9'",
    b"a\n# coding: latin-1\n'\xe9'",
    b"\n\n# coding: latin-1\n'\xe9'",
    b"'\xe9'",
    b"a = '\xe9'\n",
    b"# \xe9\n",
    b"x\n\xff\n",
    b"'\xc3'",
    b"\x80",
    b"a\0b",
    b"a\0",
    b"\0",
    b"a\r\nb c",
    b"a\rb c",
    b"a\n\r\nb c",
    b"'''a\r\nb'''",
    b"'a\\\r\nb'",
    b"a \\\r\n+ 1 2",
    b"\x0c# coding: latin-1\n'\xe9'",
    b"#!/x\n# coding: latin-1\n'\xe9'",
    b"# coding=ascii\n'\xe9'",
    b"# coding:iso-8859-15\n'\xa4' x",
    b"# vim: set fileencoding=latin-1 :\n'\xe9'",
    b"# coding: utf8\na b",
    b"# coding: utf-8-sig\na b",
    b"# coding: rot13\nn o",
    b"# coding: hex\n61",
    b"# coding: shift_jis\n'\x83\x5c' a",
    b"# coding: euc-jp\n'\xa4\xa2' a",
    b"# coding: big5\n'\xa4\x40' a",
    b"# coding: utf-7\n+AGE-",
    b"# coding: idna\na b",
    b"# coding:\na b",
    b"# coding: latin-1",
    b"if a:\r\n  b\r\n c",
    b"a\x1a",
    b"\x1a",
    b"a\n\x1ab",
    b"'\xed\xa0\x80'",
    b"'\xf4\x90\x80\x80'",
    b"\xc3\xa9 = 1",
    b"\xc3\xa9\xc3\x97 = 1",
]
for source in BYTES:
    show(source)
    show(source, "eval")

print("-- limits")
for source in [
    "(" * 200 + ")" * 200,
    "(" * 201 + ")" * 201,
    "[" * 99 + "]" * 99,
    "{" * 201,
    "\n".join(" " * i + "if a:" for i in range(99)) + "\n" + " " * 99 + "b",
    "\n".join(" " * i + "if a:" for i in range(100)) + "\n" + " " * 100 + "b",
    "\n".join(" " * i + "while a:" for i in range(20)) + "\n" + " " * 20 + "b",
    "\n".join(" " * i + "while a:" for i in range(21)) + "\n" + " " * 21 + "b",
    "1" * 4300,
    "1" * 4301,
    "-" + "1" * 5000,
    "0x" + "f" * 5000,
    "0" * 5000,
    "1" * 5000 + "j",
    "f'{" + "(" * 200 + "a" + ")" * 200 + "}'",
    "f'{" + "(" * 201 + "a" + ")" * 201 + "}'",
    "f(" + ",".join("a%d" % i for i in range(300)) + ")",
    "def f(" + ",".join("a%d" % i for i in range(300)) + "): pass",
    "a" * 10000 + " b",
    "*" + "a," * 300 + "*b = c",
    ",".join(["a"] * 256) + ", *b = c",
    ",".join(["a"] * 255) + ", *b = c",
    "lambda: " * 90 + "1",
    "- " * 5000 + "1",
    "not " * 5000 + "a",
    "a" + "()" * 5000,
    "a" + ".b" * 5000,
    "(" * 10000,
    "[" * 10000 + "]" * 10000,
    "f'{a" + ":{b" * 3 + "}" * 4 + "'",
]:
    show(source)

print("-- warnings as errors")
for source in [
    '"\\q"',
    'b"\\q"',
    '"\\q" + (',
    '"\\q" a',
    '1or 2',
    'a = (1or 2',
    '0x1for x in y',
    'f"{1or 2}"',
    '1 is 2',
    'assert (a, b)',
    '1()',
    '[1]["a"]',
    '"\\400" ]',
    'x = "\\q"\n"abc',
    'a b "\\q"',
    'f"\\{a}"',
    'f"\\q{a b}"',
]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "<s>", "exec")
        except SyntaxError as e:
            print(ascii(source), e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset), e.text)
        except Warning as e:
            print(ascii(source), type(e).__name__, e)
