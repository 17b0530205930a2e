# with and its methods: reference counts inside them, what they may be, tracing, errors and depth.
import contextlib
import sys
import traceback
import types


class Plain:
    def __enter__(self):
        print("enter", sys.getrefcount(self))
        return self

    def __exit__(self, *args):
        print("exit", sys.getrefcount(self), [getattr(a, "__name__", a) for a in args[:2]])


for _ in range(3):
    with Plain() as p:
        print("body", sys.getrefcount(p))
    with Plain():
        pass
    try:
        with Plain():
            raise KeyError
    except KeyError as e:
        print("caught", repr(e))
    del p


class Quiet:
    def __enter__(self):
        return "value"

    def __exit__(self, kind, value, tb):
        return True


def variant(**members):
    return type("Variant", (Quiet,), members)


def failing(self, *args):
    raise ValueError("from a method", len(args))


def generator(self, *args):
    yield 1


async def coroutine(self, *args):
    return 1


VARIANTS = [
    variant(),
    variant(__enter__=failing),
    variant(__exit__=failing),
    variant(__exit__=lambda self, a, b: 1),
    variant(__enter__=lambda self, a: 1),
    variant(__enter__=lambda self, a=5, *rest, k=3, **kw: (a, rest, k, kw)),
    variant(__exit__=lambda *args: print(len(args))),
    variant(__enter__=classmethod(lambda cls: cls.__name__), __exit__=staticmethod(lambda *a: len(a) == 3)),
    variant(__enter__=generator, __exit__=generator),
    variant(__enter__=property(lambda self: lambda: "made"), __exit__=property(lambda self: lambda *a: True)),
    variant(__enter__=len, __exit__=print),
    variant(__enter__=contextlib.nullcontext, __exit__=types.SimpleNamespace),
    variant(__enter__=None),
    variant(__exit__=5),
]
for number, cls in enumerate(VARIANTS):
    for raising in False, True:
        try:
            with cls() as value:
                print(number, "value", type(value).__name__ if number == 8 else str(value)[:20])
                if raising:
                    raise LookupError("body")
        except Exception as e:
            frames = [(f.lineno, f.colno, f.end_colno, f.name) for f in traceback.extract_tb(e.__traceback__)]
            print(number, type(e).__name__, str(e)[:80], frames)
for missing in object(), type("OnlyEnter", (), {"__enter__": failing})(), type("OnlyExit", (), {"__exit__": failing})():
    try:
        with missing:
            pass
    except TypeError as e:
        print(e)


# -- A with statement in a loop, with other ways out ----------------------------------------------------------------

log = []


class Logged:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log.append("+" + self.name)
        return self

    def __exit__(self, *args):
        log.append("-" + self.name)

    def __del__(self):
        log.append("~" + self.name)


def leave(how):
    for i in range(3):
        with Logged("a%d" % i), Logged("b") as b:
            if how == "continue":
                continue
            if how == "break":
                break
            if how == "return":
                return b.name
            if how == "raise":
                raise IndexError(how)
            yield b.name


for how in "", "continue", "break", "return", "raise":
    try:
        log.append(list(leave(how)))
    except IndexError as e:
        log.append(repr(e))
    print(how, log)
    log.clear()


def deep(n):
    with Quiet():
        return deep(n + 1)


class Recursive:
    depth = 0

    def __enter__(self):
        Recursive.depth += 1
        with Recursive():
            pass

    def __exit__(self, *args):
        pass


try:
    with Recursive():
        pass
except RecursionError as e:
    print(e, Recursive.depth > 300)

# -- Tracing, and the stack as others see it ----------------------------------------------------------------------------

events = []


class Seen:
    def __enter__(self):
        events.append([f.name for f in traceback.extract_stack()][-2:])

    def __exit__(self, *args):
        events.append([f.name for f in traceback.extract_stack()][-2:])


def traced():
    with Seen():
        pass


sys.settrace(lambda frame, event, arg: events.append((event, frame.f_code.co_name)))
traced()
sys.settrace(None)
sys.setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name)) if event[0] != "c" else None)
traced()
sys.setprofile(None)
print(events)


async def asynchronous():
    class A:
        async def __aenter__(self):
            return sys.getrefcount(self)

        async def __aexit__(self, *args):
            print("aexit", sys.getrefcount(self))
            return True
    for _ in range(2):
        async with A() as count:
            print("aenter", count)
            raise ValueError
    return "done"


try:
    asynchronous().send(None)
except StopIteration as e:
    print(e.value)
