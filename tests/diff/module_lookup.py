# SPDX-License-Identifier: MIT
# What hasattr, getattr with a default and `from m import name` find in modules: they make no exception of
# their own, but __getattr__ of the module, other errors and the messages are as with m.name.
import sys
import types


def show(f, *args):
    try:
        print(f(*args))
    except BaseException as e:
        print(type(e).__name__, e, getattr(e, "name", "-"), sys.exc_info()[1].__context__)


def from_import(module, name):
    sys.modules["looked_at"] = module
    space = {}
    try:
        exec("from looked_at import " + name, space)
    finally:
        del sys.modules["looked_at"]
    return space[name]


def all_ways(m, name):
    show(hasattr, m, name)
    show(getattr, m, name, "default")
    show(getattr, m, name)
    show(from_import, m, name)


print("-- plain")
plain = types.ModuleType("plain")
plain.here = 1
for name in "here", "missing", "__path__", "__class__", "__dict__":
    show(hasattr, plain, name)
    show(lambda: type(getattr(plain, name, None)))
all_ways(plain, "missing")

print("-- with __getattr__")
asked = []


def module_getattr(name):
    asked.append(name)
    if name == "odd":
        raise ValueError("odd")
    if name == "exit":
        raise KeyboardInterrupt
    if name == "computed":
        return 42
    raise AttributeError("told so: " + name)


plain.__getattr__ = module_getattr
for name in "here", "computed", "missing", "odd", "exit":
    all_ways(plain, name)
print(asked)
plain.__getattr__ = 5
all_ways(plain, "missing")
plain.__getattr__ = None
show(hasattr, plain, "missing")
del plain.__getattr__

print("-- names of the module")
plain.__name__ = 7
all_ways(plain, "missing")
del plain.__name__
all_ways(plain, "missing")
show(hasattr, plain, 3)
show(getattr, plain, 3, None)


print("-- subclasses")


class Lazy(types.ModuleType):
    @property
    def value(self):
        return self.other

    @property
    def broken(self):
        return 1 // 0


lazy = Lazy("lazy")
all_ways(lazy, "value")
lazy.__getattr__ = lambda name: "for " + name
all_ways(lazy, "value")
all_ways(lazy, "broken")


class Hook(types.ModuleType):
    def __getattr__(self, name):
        if name == "found":
            return "by class"
        raise AttributeError("class: " + name)


hook = Hook("hook")
all_ways(hook, "found")
all_ways(hook, "missing")
hook.__getattr__ = lambda name: "never asked" if name == "missing" else 1 // 0
all_ways(hook, "missing")

print("-- without a dict, or with none of its own")
bare = types.ModuleType.__new__(types.ModuleType)
show(hasattr, bare, "missing")
show(getattr, bare, "missing", "default")
show(getattr, bare, "missing")
show(lambda: bare.missing)

print("-- the spec")


class Spec:
    def __init__(self, initializing, submodules=()):
        self._initializing = initializing
        self._uninitialized_submodules = submodules


plain.__name__ = "plain"
for spec in Spec(True), Spec(False, ["missing"]), Spec(False, 3), None:
    plain.__spec__ = spec
    all_ways(plain, "missing")

print("-- an error that is being handled stays the only one")
try:
    raise KeyError("first")
except KeyError:
    print(hasattr(plain, "missing"), getattr(plain, "missing", 0), sys.exc_info()[1])
