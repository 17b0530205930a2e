class P:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def add(self, o):
        return P(self.x + o.x, self.y + o.y)


def main():
    p = P(0, 0)
    d = P(1, 2)
    for _ in range(60000):
        p = p.add(d)
    assert (p.x, p.y) == (60000, 120000)
