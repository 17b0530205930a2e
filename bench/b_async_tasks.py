class Yield:
    def __await__(self):
        yield


async def work(n):
    for _ in range(n):
        await Yield()
    return n


def main():
    todo = [work(200) for _ in range(200)]
    done = 0
    while todo:
        rest = []
        for c in todo:
            try:
                c.send(None)
                rest.append(c)
            except StopIteration as e:
                done += e.value
        todo = rest
    assert done == 40000
