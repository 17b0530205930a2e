class T:
    __slots__ = ("v",)

    def __init__(self):
        self.v = 0

    @property
    def w(self):
        return self.v

    @staticmethod
    def s(x):
        return x + 1


def main():
    t = T()
    for _ in range(80000):
        t.v = T.s(t.w)
    assert t.v == 80000
