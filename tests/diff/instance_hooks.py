# SPDX-License-Identifier: MIT
# Who answers isinstance and issubclass: the class's hook, however it is stored in the metaclass, the object's
# __class__, however it is defined, and __bases__ of what is no type.
import abc
import functools
import sys
import types
import unittest.mock
import weakref


def show(f, *args):
    try:
        print(f(*args))
    except BaseException as e:
        print(type(e).__name__, str(e)[:90])


class Plain:
    pass


class Child(Plain):
    pass


class Other:
    pass


print("-- hooks of metaclasses")


class Callable:
    def __call__(self, *args):
        return args


class Descriptor:
    def __get__(self, o, cls):
        print("  get", o.__name__, cls.__name__)
        return lambda x: x == 3


def function(cls, x):
    print("  function", cls.__name__, type(x).__name__)
    return x


def failing(cls, x):
    raise LookupError(cls.__name__)


HOOKS = {
    "function": function,
    "static": staticmethod(lambda x: x),
    "class": classmethod(lambda *args: len(args) == 2 and args[0].__name__),
    "callable": Callable(),
    "descriptor": Descriptor(),
    "partial": functools.partial(lambda *a: a, 0),
    "partialmethod": functools.partialmethod(lambda cls, word, x: word == x, "word"),
    "builtin": bool,
    "descr of type": type.__instancecheck__,
    "descr of int": int.__eq__,
    "failing": failing,
    "no callable": 7,
    "property": property(lambda cls: print("  asked") or (lambda x: "")),
    "None": None,
}
for kind, hook in HOOKS.items():
    meta = type("Meta", (type,), {"__instancecheck__": hook, "__subclasscheck__": hook})
    cls = meta("Cls", (), {})
    print(kind)
    for x in 0, 3, "word", [], cls(), meta("Sub", (cls,), {})():
        show(lambda: isinstance(x, cls))
    show(lambda: issubclass(Plain, cls))
    show(lambda: issubclass(cls, cls))
    show(lambda: issubclass(3, cls))
    show(lambda: isinstance(3, (str, cls, int)))
    show(lambda: isinstance(3, str | cls))


class Bare(type):
    pass


class Slotted(metaclass=Bare):
    __slots__ = "a",


class Below(Slotted):
    pass


print("-- metaclass without hooks, and one that gets them late")
for o in Below(), Slotted(), Plain(), 3, Below:
    print(isinstance(o, Slotted), isinstance(o, Below), isinstance(o, Bare), isinstance(o, type))
print(issubclass(Below, Slotted), issubclass(Slotted, Below), issubclass(Plain, Slotted))
show(lambda: issubclass(3, Slotted))
Bare.__instancecheck__ = lambda cls, x: x == 3
print(isinstance(3, Slotted), isinstance(Below(), Slotted), isinstance(Slotted(), Slotted))
del Bare.__instancecheck__
print(isinstance(3, Slotted), isinstance(Below(), Slotted))

print("-- hooks of what is no type")


class NoType:
    __instancecheck__ = type.__instancecheck__

    def __init__(self, bases=()):
        self.__bases__ = bases


show(lambda: isinstance(3, NoType()))
NoType.__instancecheck__ = lambda self, x: x == 3
show(lambda: isinstance(3, NoType()))
show(lambda: isinstance(4, NoType()))
del NoType.__instancecheck__
show(lambda: isinstance(3, NoType()))
show(lambda: isinstance(3, NoType([])))
show(lambda: isinstance(3, 3))
show(lambda: issubclass(int, [int]))

print("-- what an object says of its class")


class Pretends:
    def __init__(self, cls):
        self.cls = cls

    @property
    def __class__(self):
        if isinstance(self.cls, Exception):
            raise self.cls
        return self.cls


class Says:
    __class__ = Child


class Getattr:
    def __getattr__(self, name):
        print("  never asked for", name)
        return Child


class Getattribute:
    def __getattribute__(self, name):
        return Child if name == "__class__" else object.__getattribute__(self, name)


class InDict:
    def __init__(self):
        self.__dict__["__class__"] = Child


class SlotClass:
    __slots__ = "__class__",


slot, empty_slot = SlotClass(), SlotClass()
slot.__class__ = Child
target = Child()
said = [Pretends(Child), Pretends(Plain), Pretends(3), Pretends(None), Pretends(AttributeError("no")),
        Pretends(ValueError("no")), Says(), Getattr(), Getattribute(), InDict(), slot, empty_slot,
        weakref.proxy(target), unittest.mock.Mock(spec=Child), unittest.mock.NonCallableMock(spec_set=target),
        types.ModuleType("m"), Child, abc.ABC, type("Hidden", (), {"__class__": property(lambda s: Plain)})]
for o in said:
    for cls in Plain, Child, Other, Slotted, Below, types.ModuleType, NoType():
        show(lambda: isinstance(o, cls))
    show(lambda: isinstance(o, (Other, Plain)))


class Meta2(type):
    @property
    def __class__(cls):
        return Child


class Strange(metaclass=Meta2):
    pass


print(isinstance(Strange, Child), isinstance(Strange(), Child), isinstance(Strange, Other), isinstance(Strange, type))

print("-- a class that changes")


class Changes:
    def __getattr__(self, name):
        return "else"


o = Changes()
print(isinstance(o, Plain))
for Base in Pretends, Plain:
    class Changes(Base):
        cls = Child
        def __init__(self):
            pass
    o = Changes()
    print(isinstance(o, Plain), isinstance(o, Other), isinstance(o, Child))
    Base.late = 1
    print(isinstance(o, Plain), isinstance(o, Other), isinstance(o, Child))


class Both(Plain):
    pass


Both.__bases__ = Says,
o = Both()
print(isinstance(o, Child), isinstance(o, Plain), isinstance(o, Says))
Both.__bases__ = Plain,
print(isinstance(o, Child), isinstance(o, Plain), isinstance(o, Says))
o.__class__ = Child
print(isinstance(o, Plain), isinstance(o, Both))

print("-- hooks that never end")


class Deep(type):
    def __instancecheck__(cls, x):
        return isinstance(x, cls)

    def __subclasscheck__(cls, x):
        return issubclass(x, cls)


class Endless(metaclass=Deep):
    pass


class Circle:
    @property
    def __class__(self):
        return isinstance(self, Plain) and Plain


show(lambda: isinstance(3, Endless))
show(lambda: issubclass(int, Endless))
show(lambda: isinstance(Circle(), Plain))
show(lambda: isinstance(Circle(), Slotted))
nested = int
for i in range(sys.getrecursionlimit() * 2):
    nested = (nested,)
show(lambda: isinstance("", nested))
