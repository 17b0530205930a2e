# SPDX-License-Identifier: MIT
"""Every callable of every built-in module, and every method of its types, called with too few and too many arguments, with
objects of no use and with an unknown keyword: what each says. Left out is what ends, blocks or changes the process."""
import importlib, re, sys, types, warnings

warnings.simplefilter("ignore")
SKIPPED = """posix.fork posix.forkpty posix.abort posix._exit posix.pause posix.register_at_fork posix.setsid posix.sync posix.openpty
posix.getcwd posix.getcwdb posix.eventfd posix.posix_spawn posix.posix_spawnp _thread.interrupt_main _thread.exit _thread.exit_thread
_thread.allocate_lock _thread.allocate _signal.pause _signal.default_int_handler builtins.input builtins.breakpoint builtins.print
builtins.__build_class__ _imp.acquire_lock _imp.release_lock gc.set_debug gc.get_objects gc.get_referrers _tracemalloc.start
atexit._run_exitfuncs atexit._clear atexit.register _socket.dup _codecs.register _codecs.register_error""".split()
# These print, trace, change how the interpreter goes on, or raise signals.
MODULES = sorted(set(sys.builtin_module_names) - {"faulthandler", "sys", "syslog"})


class Odd:
    def __repr__(self): return "<odd>"


odd = Odd()
CALLS = [((odd,) * n, {}) for n in (0, 1, 2, 3, 4, 5, 12)] + [((odd,) * n, {"nope": 1}) for n in (0, 1, 2)]


def said(f, args, keywords):
    try:
        f(*args, **keywords)
    except BaseException as e:
        text = re.sub(r"0x[0-9a-f]+", "0x", str(e))
        # The kind of function decides whether the module is named.
        return "%s: %s" % (type(e).__name__, re.sub(r"^\w+\.(\w+\(\) takes no keyword)", r"\1", text))
    return "ok"


def describe(path, f):
    if path in SKIPPED: return
    results = [said(f, *call) for call in CALLS]
    print(path, *("=" if i and text == results[i - 1] else text for i, text in enumerate(results)), sep=" | ")


for name in MODULES:
    for n, o in sorted(vars(importlib.import_module(name)).items()):
        if n in ("__loader__", "__spec__", "__builtins__") or not callable(o) or isinstance(o, types.FunctionType): continue
        if getattr(o, "__module__", None) == "_sitebuiltins": continue
        describe("%s.%s" % (name, n), o)
        if not isinstance(o, type): continue
        for m, f in sorted(vars(o).items()):
            if callable(f) and not isinstance(f, types.FunctionType) and m != "__abstractmethods__": describe("%s.%s.%s" % (name, n, m), f)
