def gen(n):
    for i in range(n):
        yield i


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


def main():
    assert sum(gen(200000)) == 19999900000 and sum(tree(12)) == 8178
