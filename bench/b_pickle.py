import pickle
from collections import OrderedDict


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return self.__dict__ == other.__dict__


def main():
    data = [
        {
            "id": i,
            "name": "n%d" % i,
            "x": i / 3,
            "tags": ("a", "b", i % 7),
            "set": {i, -i},
            "big": i << 70,
            "raw": b"x" * (i % 20),
        }
        for i in range(1000)
    ]
    points = [Point(i, str(i)) for i in range(1000)], OrderedDict(
        (str(i), [i, None, True]) for i in range(1000)
    )
    for protocol in (2, 4, 5):
        assert (
            pickle.loads(pickle.dumps(data, protocol)) == data
            and pickle.loads(pickle.dumps(points, protocol)) == points
        )
