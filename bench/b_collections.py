from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple

Point = namedtuple("Point", "x y z", defaults=(0,))


def main():
    n = 10000
    words = ["w%d" % (i * i % 97) for i in range(n)]
    counts = Counter(words)
    assert (
        counts.total() == n
        and counts.most_common(1)[0][1] == max(counts.values())
        and sum((counts + Counter(words)).values()) == 2 * n
    )
    groups = defaultdict(list)
    for i, w in enumerate(words):
        groups[w].append(i)
    assert sum(map(len, groups.values())) == n
    queue = deque(range(100), maxlen=200)
    for i in range(n):
        queue.append(queue.popleft() + 1)
        queue.rotate(3)
    assert len(queue) == 100 and sum(queue) == 4950 + n
    points = [Point(i, y=-i) for i in range(n)]
    assert sum(p.x + p.y + p.z for p in points) == 0 and points[5]._replace(z=1) == (5, -5, 1)
    order = OrderedDict.fromkeys(range(2000))
    for i in range(0, 2000, 2):
        order.move_to_end(i)
    assert (
        list(order)[:3] == [1, 3, 5]
        and [order.popitem(last=False)[0] for _ in range(2000)][-1] == 1998
    )
    maps = ChainMap({"a": 1}, {"b": 2})
    assert sum(maps["b"] for _ in range(2000)) == 4000
