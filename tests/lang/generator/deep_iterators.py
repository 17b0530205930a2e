# Objects nested deeper than the C stack reaches: RecursionError instead of a crash, also in a
# thread with a small stack; whatever is deep can be let go, and finalisers of what is inside run.
# expect: map filter zip enumerate islice starmap takewhile cycle accumulate pairwise
# expect: thread: RecursionError 1
# expect: hash: RecursionError
# expect: recursion: RecursionError
# expect: last: gone
# expect: sound
import gc
import itertools
import sys
import threading

DEPTH = 400_000


class Last:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __del__(self):
        gone.append(len(str(10**9)))


def nested(wrap, depth=DEPTH):
    it = Last()
    for _ in range(depth):
        it = wrap(it)
    return it


def kind_of_error(function, *args):
    try:
        function(*args)
    except RecursionError as e:
        return type(e).__name__


gone = []
wraps = {
    "map": lambda it: map(abs, it),
    "filter": lambda it: filter(None, it),
    "zip": zip,
    "enumerate": enumerate,
    "islice": lambda it: itertools.islice(it, 5),
    "starmap": lambda it: itertools.starmap(print, it),
    "takewhile": lambda it: itertools.takewhile(bool, it),
    "cycle": itertools.cycle,
    "accumulate": itertools.accumulate,
    "pairwise": itertools.pairwise,
}
print(*[name for name, wrap in wraps.items() if kind_of_error(next, nested(wrap)) == "RecursionError"])
assert gone == [10] * len(wraps), gone

gone.clear()
said = []
threading.stack_size(256 << 10)
thread = threading.Thread(target=lambda: said.append(kind_of_error(next, nested(wraps["map"], 20_000))))
thread.start()
thread.join()
threading.stack_size(0)
print("thread:", *said, len(gone))

t = ()
for _ in range(DEPTH):
    t = (t,)
print("hash:", kind_of_error(hash, t))
del t


class Reads:
    """Through C at each level, and no limit of ours that ends it."""

    def __getattr__(self, name):
        return getattr(self, name + "")


sys.setrecursionlimit(10**6)
print("recursion:", kind_of_error(getattr, Reads(), "x"))

gone.clear()
it = nested(wraps["map"])
holder = [it]
holder.append(holder)
del it, holder
gc.collect()
print("last:", "gone" if gone == [10] else gone)
gc.collect()
print("sound")
