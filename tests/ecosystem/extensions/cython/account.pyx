# cython: language_level=3
"""Typed classes, closures, generators, coroutines, memory views and strings."""


cdef class Account:
    """Sums what is paid in."""
    cdef double total
    cdef public list seen
    cdef object __weakref__

    def __init__(self, double total=0, **options):
        self.total = total
        self.seen = []

    cpdef double add(self, double x) except -1:
        if x < 0:
            raise ValueError("negative %r" % x)
        self.total += x
        self.seen.append(x)
        return self.total

    def __len__(self):
        return len(self.seen)

    def __iter__(self):
        yield from self.seen

    def __add__(left, right):
        return "add", type(left).__name__, type(right).__name__

    def __repr__(self):
        return f"Account({self.total})"

    def __reduce__(self):
        return Account, (self.total,)

    @property
    def twice(self):
        return self.total * 2


cdef class Limited(Account):
    cdef readonly double limit

    def __cinit__(self, *args, double limit=100):
        self.limit = limit

    cpdef double add(self, double x) except -1:
        if self.total + x > self.limit:
            raise OverflowError("more than %g" % self.limit)
        return Account.add(self, x)


cdef long fib_(long n) nogil:
    return n if n < 2 else fib_(n - 1) + fib_(n - 2)


def fib(long n):
    with nogil:
        n = fib_(n)
    return n


def arguments(a, b=2, *args, c=3, **kw):
    return a, b, args, c, sorted(kw.items())


def closure(n):
    def inner(x):
        nonlocal n
        n += x
        return n
    return inner


def squares(int n):
    """A generator that can be sent to."""
    cdef int i = 0
    while i < n:
        got = yield i * i
        i += got or 1
    return "done"


async def coroutine(x):
    return x * 2


async def awaiting(x):
    async for y in numbers(x):
        x += await coroutine(y)
    return x


async def numbers(n):
    for i in range(n):
        yield i


def typed(int[:, :] view):
    cdef int total = 0, i, j
    for i in range(view.shape[0]):
        for j in range(view.shape[1]):
            total += view[i, j]
        view[i, 0] = -1
    return total


def texts(str s, bytes b):
    return s.upper(), b[::-1], s == "x", f"{s!r:>8}", [c for c in s if c in "abc"]


def containers(dict d, list l, set s):
    return [k for k, v in d.items() if v], l[1:], 5 in s, {**d, "new": l[0]}, (*l, *sorted(s))


def caught(f):
    try:
        return f()
    except (KeyError, IndexError) as e:
        return "caught", type(e).__name__
    finally:
        with nogil:
            pass


def deep(n):
    return deep(n - 1) + 1 if n else 0
