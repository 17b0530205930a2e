# Locks, thread-local values, threads and signals: results, messages, order.
import _signal, _thread, contextvars, gc, os, queue, re, signal, sys, threading, time, weakref


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(
        re.sub(
            r" at 0x\w+|owner=\d+",
            "",
            "%s %s %s %s" % (getattr(function, "__name__", function), args, kwargs, result),
        )
    )


def describe(thing):
    print(re.sub(r"0x\w+|owner=[1-9]\d*", "…", repr(thing)))


for module in (_thread, _signal):
    for name in dir(module):
        item = getattr(module, name)
        print(module.__name__, name, type(item).__name__, getattr(item, "__text_signature__", None))
lock = _thread.allocate_lock()
describe(lock)
lock.acquire()
describe(lock)
for args, kwargs in [
    ((0,), {}),
    ((False, 1), {}),
    ((True, -2), {}),
    ((True, 1e20), {}),
    ((True, "x"), {}),
    (("x",), {}),
    ((1, 2, 3), {}),
    ((), {"x": 1}),
    ((True, 0.01), {}),
    ((), {"timeout": 0.01}),
    ((True, float("nan")), {}),
    ((), {"blocking": False}),
    ((True, 0), {}),
]:
    attempt(lock.acquire, *args, **kwargs)
attempt(lock.release)
attempt(lock.release)
attempt(lock.locked)
again = _thread.RLock()
for args in [(), (0,), (True, -1), (False, 1), (True, -2), (1, 2, 3)]:
    attempt(again.acquire, *args)
describe(again)
state = again._release_save()
print(state[0], again._is_owned())
attempt(again.release)
attempt(again._release_save)
again._acquire_restore(state)
describe(again)
attempt(again._acquire_restore, 1)
for args in [(), (1, 2), (len, 2), (len, (), 3), (len, (), {}, 4)]:
    attempt(_thread.start_new_thread, *args)
for args in [(), (-1,), (1,), ("x",), (65536,), (0,)]:
    attempt(_thread.stack_size, *args)
attempt(_thread.interrupt_main, 99)
attempt(_thread.exit)
attempt(_thread._ExceptHookArgs, (1, 2, 3, 4))
attempt(_thread._local, 1)


# Every thread makes its own values; they go with the thread or with the object.
class Local(threading.local):
    made = 0

    def __init__(self, a, b=2):
        type(self).made += 1
        self.a, self.b = a, [b]


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


local = Local(1)
local.a = Noisy("main's")


def use():
    print(local.a, local.b, sorted(local.__dict__), Local.made)
    local.c = Noisy("thread's")


thread = threading.Thread(target=use)
thread.start()
thread.join()
gc.collect()
print(sorted(local.__dict__), Local.made, hasattr(local, "c"))
attempt(Local)
attempt(setattr, local, "__dict__", {})
attempt(getattr, local, "zz")
del local

# Names, states, hooks.
event = threading.Event()
thread = threading.Thread(target=event.wait, name="waiter", daemon=True)
print(re.sub(r"\d+", "N", repr(thread)), thread.ident, thread.native_id, thread.is_alive())
thread.start()
print(
    thread.is_alive(),
    thread.ident in sys._current_frames(),
    threading.active_count(),
    thread in threading.enumerate(),
)
attempt(thread.start)
event.set()
thread.join()
print(thread.is_alive(), thread.ident in sys._current_frames(), threading.active_count())
attempt(threading.Thread().join)
seen = []
threading.excepthook = lambda args: seen.append(
    (args.exc_type, str(args.exc_value), args.thread.name, args.exc_traceback is None)
)
for thing in (ValueError("from the thread"), SystemExit("silent")):

    def fail():
        raise thing

    thread = threading.Thread(target=fail, name="failing")
    thread.start()
    thread.join()
print(seen)
sys.unraisablehook = lambda args: seen.append(
    (str(args.exc_value), args.err_msg, args.object is fail)
)
done = threading.Lock()
done.acquire()


class Done:
    def __del__(self):
        done.release()


def fail(witness):
    raise KeyError("bare")


_thread.start_new_thread(fail, (Done(),))
seen.clear()
done.acquire()
while not seen:
    time.sleep(0.001)
print(seen)

# Contexts and asynchronous exceptions.
variable = contextvars.ContextVar("variable", default="default")
variable.set("main")
thread = threading.Thread(target=lambda: print(variable.get()))
thread.start()
thread.join()
import ctypes

started, caught = threading.Event(), []


def spin():
    try:
        started.set()
        while True:
            pass
    except ZeroDivisionError as error:
        caught.append(error.args)


thread = threading.Thread(target=spin)
thread.start()
started.wait()
print(
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(ZeroDivisionError)
    )
)
thread.join()
print(caught, ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(1), None))

# Synchronisation.
barrier, order, counter = threading.Barrier(4), queue.SimpleQueue(), 0
guard = threading.Lock()


def work(i):
    global counter
    barrier.wait()
    for _ in range(2000):
        with guard:
            counter += 1
    order.put(i)


threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counter, sorted(order.get() for _ in range(4)), order.empty(), barrier.broken)
condition, box = threading.Condition(), []


def consume():
    with condition:
        print(condition.wait_for(lambda: box, 10), box.pop())


thread = threading.Thread(target=consume)
thread.start()
with condition:
    box.append("given")
    condition.notify_all()
thread.join()
with condition:
    print(
        condition.wait(0.001),
        threading.Semaphore(0).acquire(timeout=0.001),
        event.wait(0),
        threading.Event().wait(0.001),
    )
attempt(order.get, timeout=0.001)
attempt(order.get, True, -1)
attempt(condition.notify)

# Signals: handlers run between instructions of the main thread, and interrupt waits.
log = []
signal.signal(signal.SIGUSR1, lambda number, frame: log.append((number, frame.f_code.co_name)))


def here():
    os.kill(os.getpid(), signal.SIGUSR1)
    for _ in range(100):
        pass


here()
print(log)
thread = threading.Thread(target=signal.pthread_kill, args=(threading.get_ident(), signal.SIGUSR1))
thread.start()
thread.join()
print(len(log), signal.getsignal(signal.SIGUSR1) is not None)


def stop(number, frame):
    raise InterruptedError("enough")


signal.signal(signal.SIGALRM, stop)
for wait in (
    lambda: time.sleep(30),
    lambda: guard.acquire() and guard.acquire(),
    lambda: event.clear() or event.wait(30),
    lambda: order.get(),
    lambda: os.read(os.pipe()[0], 1),
    lambda: signal.pause(),
):
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        wait()
    except InterruptedError as error:
        print("interrupted:", error)
    if guard.locked():
        guard.release()
for args in [(), (1,), ("x",), (2, "x"), (2, 5), (9, 0), (65, None), (0, None)]:
    attempt(_signal.signal, *args)
attempt(_signal.set_wakeup_fd, 0, 1)
attempt(_signal.set_wakeup_fd, 9999)
attempt(_signal.pthread_sigmask, 0, [99])
attempt(_signal.sigtimedwait, [10], -1)
attempt(_signal.raise_signal, 99)
attempt(_signal.setitimer, 9, 1)
attempt(_signal.default_int_handler, 2, None)
previous = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
print(
    signal.sigpending(),
    signal.sigwaitinfo([signal.SIGUSR1]).si_signo,
    len(log),
    signal.pthread_sigmask(signal.SIG_SETMASK, previous),
)

# A forked child has only the thread that forked, and fresh locks.
guard.acquire()
thread = threading.Thread(target=time.sleep, args=(0.2,), daemon=True)
thread.start()
child = os.fork()
if child == 0:
    guard._at_fork_reinit()
    os._exit(10 * threading.active_count() + guard.acquire(False))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
thread.join()
reference = weakref.ref(thread)
del thread, threads, wait
gc.collect()
print(reference())
