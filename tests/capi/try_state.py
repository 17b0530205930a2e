# SPDX-License-Identifier: MIT
"""Module state, threads, pending calls and interpreters seen from C."""
import gc
import importlib.machinery
import importlib.util
import sys
import threading
import c_state as c
from capi_show import show, shape

print(
    c.second,
    c.__doc__,
    c.Type.__module__,
    shape(c.touch(1)),
    shape(c.touch(2)),
    c.Type().state(),
    c.Type().state(),
)


class Sub(c.Type):
    pass


print(Sub().state())
spec = importlib.util.find_spec("c_state")
other = importlib.util.module_from_spec(spec)
spec.loader.exec_module(other)
print(
    other is c,
    other.Type is c.Type,
    shape(other.touch("other")),
    other.Type().state(),
    c.Type().state(),
)
before = c.freed_count()
del other, spec
gc.collect()
print(c.freed_count() - before)
for n in range(11):
    made = importlib.machinery.ModuleSpec("made_%d" % n, None)
    try:
        print(n, shape(c.from_def(n, made)))
    except BaseException as e:
        print(n, type(e).__name__, e, repr(e.__cause__))
show(c.single_phase)
for n in (1, 4):
    got = []
    print(
        c.from_threads(lambda i: got.append((i, threading.current_thread().name[:5])), n),
        sorted(got),
    )
print(c.from_threads(lambda i: 1 / 0, 2), threading.active_count())
show(c.thread_states)
print(c.pending_calls([], 0))
l = []
show(c.pending_calls, l, 1)
print(l)
print(c.tss())


def loop():
    try:
        started.set()
        while True:
            pass
    except KeyError as e:
        print("async", type(e).__name__)


started = threading.Event()
t = threading.Thread(target=loop)
t.start()
started.wait()
print(c.async_exc(t.ident, KeyError))
t.join()
print(c.async_exc(12345, KeyError))
sys.stdout.flush()
print(
    c.in_new(
        "import sys, threading\n"
        "print('in another', len(sys.modules) > 20, 'c_state' in sys.modules, __name__)\n"
        "sys.marker = 1"
    ),
    hasattr(sys, "marker"),
)
sys.stdout.flush()
print(c.in_new("print(hasattr(__import__('sys'), 'marker'))\n1/0"))
sys.stdout.flush()
print(
    c.in_new(
        "import c_state\n"
        "print(c_state.touch(9), c_state.Type().state())\n"
        "import atexit; atexit.register(lambda: print('leaving', flush=True))"
    )
)
sys.stdout.flush()
print(shape(c.touch(3)), c.misc(), c.register_exit())
sys.stdout.flush()
