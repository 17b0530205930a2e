def f(a, b=2, *args, c=3, **kw):
    return a + b + c + len(args) + len(kw)


def main():
    t = 0
    for i in range(50000):
        t += f(i) + f(1, 2, 3, c=4) + f(a=1, z=2)
    assert t == 1249975000 + 50000 * (5 + 8 + 7)
