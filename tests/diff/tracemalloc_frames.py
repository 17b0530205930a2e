# Frames that tracemalloc sees: those of the program, whoever calls whom.
import tracemalloc


class C:
    def __init__(self, n):
        self.data = bytes(n)


class D(C):
    def __init__(self, n):
        super().__init__(n)
        self.more = [C(n) for _ in range(2)]


def make(n):
    return D(n)


def gen(n):
    yield C(n)


tracemalloc.start(20)
d, g = make(1000), next(gen(2000))
for data in (d.data, d.more[1].data, g.data):
    t = tracemalloc.get_object_traceback(data)
    print(t.total_nframe, [(f.filename.rsplit("/")[-1], f.lineno) for f in t])
tracemalloc.stop()
