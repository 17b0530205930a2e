def make(n):
    def add(x):
        return x + n

    return add


def main():
    f = [make(i) for i in range(10)]
    t = 0
    for _ in range(20000):
        for g in f:
            t = g(t) & 0xFFFF
    assert t == (45 * 20000) & 0xFFFF
