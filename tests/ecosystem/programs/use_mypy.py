# SPDX-License-Identifier: MIT
"""mypy, black and its parser: large packages compiled by mypyc."""
import os
import re
import tempfile

import black
import mypy.api

SOURCE = '''
from dataclasses import dataclass, field
from typing import Generic, Iterator, Protocol, TypedDict, TypeVar, overload
T = TypeVar("T")
class Shape(Protocol):
    def area(self) -> float: ...
@dataclass
class Square:
    side: float
    names: list[str] = field(default_factory=list)
    def area(self) -> float: return self.side ** 2
class Box(Generic[T]):
    def __init__(self, x: T) -> None: self.x = x
    def get(self) -> T: return self.x
class Row(TypedDict, total=False):
    a: int
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
def total(shapes: list[Shape]) -> float:
    return sum(s.area() for s in shapes)
def gen() -> Iterator[int]:
    yield "no"
total([Square(1), 5])
reveal_type(Box(f("s")).get())
reveal_type([k for k, v in {1: "a"}.items() if v])
row: Row = {"a": "x", "b": 1}
match Square(1):
    case Square(side=s):
        reveal_type(s)
def narrow(x: int | str | None) -> int:
    if isinstance(x, str):
        return x
    assert x
    return x.nothing
'''
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "source.py")
    with open(path, "w") as f:
        f.write(SOURCE)
    out, err, code = mypy.api.run(
        ["--strict", "--no-incremental", "--cache-dir", os.devnull, "--show-error-codes", path])
    print(re.sub(r"\S*source.py", "source.py", out), err, code)
print(black.format_str(SOURCE, mode=black.Mode(line_length=60)))
for bad in ("def f(:", "x = (", "\tif 1:\n  pass", "print 5"):
    try:
        print(black.format_str(bad, mode=black.Mode()))
    except Exception as e:
        print(type(e).__name__, e)
print(
    black.format_str(
        "x = {  'a':1,\n 'b':[1,2,\n3,],}\nclass A: # c\n    def f(self,*,a=1,**k)->int: return await_(a)\n",
        mode=black.Mode()))
