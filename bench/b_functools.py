from functools import cached_property, cmp_to_key, lru_cache, partial, reduce, singledispatch, wraps


@lru_cache(maxsize=None)
def ways(n, k):
    return 1 if n == 0 else 0 if n < 0 or k == 0 else ways(n, k - 1) + ways(n - k, k)


@lru_cache(maxsize=128)
def square(n, *, offset=0):
    return n * n + offset


@singledispatch
def describe(x):
    return "other"


describe.register(int, lambda x: "int")
describe.register(list, lambda x: "list")


def traced(f):
    @wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs)

    return inner


@traced
def third(a, b, c=0):
    return a + b + c


class Lazy:
    @cached_property
    def value(self):
        return 42


def main():
    ways.cache_clear()
    square.cache_clear()
    assert ways(120, 60) == 1838676678 and ways.cache_info().hits > 3000
    for i in range(6000):
        square(i % 100)
        square(i % 300, offset=1)
    assert (
        square.cache_info().currsize == 128 and reduce(lambda a, b: a + b, range(10000)) == 49995000
    )
    add = partial(third, 1, c=2)
    assert (
        sum(map(add, range(5000))) == 12497500 + 15000
        and sum(third(i, 1) for i in range(5000)) == 12502500
    )
    assert (
        sorted(range(2000), key=cmp_to_key(lambda a, b: b - a)) == list(range(1999, -1, -1))
        and [describe(x) for x in [1, [], ""] * 1000] == ["int", "list", "other"] * 1000
    )
    lazy = Lazy()
    assert sum(lazy.value for _ in range(5000)) == 210000
