def f(i):
    if i & 1:
        raise ValueError(i)
    return i


def main():
    n = 0
    for i in range(60000):
        try:
            n += f(i)
        except ValueError:
            n += 1
    assert n == 899970000 + 30000
