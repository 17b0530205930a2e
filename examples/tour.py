"""What happens when Python runs: source, tokens, tree, bytecode, machine, memory. Every section prints live results."""
import ast
import dis
import gc
import sys


def section(title):
    print("\n== %s" % title)


section("source to tree")
SOURCE = "x = a + 1"
print(SOURCE)
print(ast.dump(ast.parse(SOURCE), indent=2))

section("tree to bytecode")
dis.dis(compile(SOURCE, "<tour>", "exec"))

section("the machine runs it")
namespace = {"a": 41}
exec(compile(SOURCE, "<tour>", "exec"), namespace)
print("x =", namespace["x"])

section("reference counts")
data = [10, 20, 30]
alias = data
print("data has", sys.getrefcount(data), "references: two names and the argument of getrefcount")
del alias
print("after del alias:", sys.getrefcount(data))

section("identity, small ints, interning")
print("256 is one object:", int("256") is int("256"), " 257 is not:", int("257") is int("257"))
print("equal literals are one str:", "hello" is "hello", " interned:", sys.intern("a b") is sys.intern("a b"))

section("finalisers")


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(self.name, "is being deleted")


thing = Noisy("thing")
del thing

section("the cycle collector")
a, b = Noisy("a"), Noisy("b")
a.other, b.other = b, a
del a, b
print("found", gc.collect(), "objects; thresholds", gc.get_threshold())

section("scopes")
x = "global"


def outer():
    x = "enclosing"

    def inner():
        x = "local"
        return x
    return inner(), x


print(outer(), x)

section("__dict__ and __slots__")


class WithDict:
    def __init__(self):
        self.x = 1


class WithSlots:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 1


print(WithDict().__dict__, hasattr(WithSlots(), "__dict__"))

section("memory views")
text = bytearray(b"Hello world!")
view = memoryview(text)
view[0] = ord("J")
print(text)

section("running on")
print(sys.version)
