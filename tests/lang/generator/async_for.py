async def agen():
    for i in range(3):
        yield i


async def main():
    return [i async for i in agen()]


try:
    main().send(None)
except StopIteration as e:
    print(e.value)
# expect: [0, 1, 2]
