from itertools import (
    accumulate,
    chain,
    combinations,
    compress,
    count,
    cycle,
    dropwhile,
    groupby,
    islice,
    pairwise,
    permutations,
    product,
    repeat,
    starmap,
    takewhile,
    tee,
    zip_longest,
)
from operator import mul


def main():
    n = 20000
    assert (
        sum(chain(range(n), repeat(1, n), chain.from_iterable([[1, 2]] * n)))
        == n * (n - 1) // 2 + 4 * n
    )
    assert (
        sum(a * b for a, b in product(range(150), repeat=2)) == 11175**2
        and sum(1 for _ in permutations(range(7))) == 5040
        and sum(map(sum, combinations(range(14), 5))) == 65065
    )
    assert [len(list(g)) for _, g in groupby(range(n), lambda i: i // 10)] == [10] * (
        n // 10
    ) and list(accumulate(range(n)))[-1] == n * (n - 1) // 2
    assert (
        list(islice(count(5), 0, n, 2)) == list(range(5, n + 5, 2))
        and sum(compress(range(n), cycle((1, 0)))) == sum(range(0, n, 2))
        and sum(starmap(mul, zip(range(n), range(n)))) == sum(i * i for i in range(n))
    )
    a, b = tee(range(n))
    assert all(x == y for x, y in zip_longest(a, b)) and all(
        y - x == 1 for x, y in pairwise(range(n))
    )
    assert (
        sum(takewhile((n // 2).__gt__, count())) + sum(dropwhile((n // 2).__gt__, range(n)))
        == n * (n - 1) // 2
    )
