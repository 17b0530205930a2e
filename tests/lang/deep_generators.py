# Generators that hold generators, hundreds of thousands deep, are started, fail and die without using up the C stack.
def nested(n):
    def walk(it):
        yield from it

    it = iter(())
    for _ in range(n):
        it = walk(it)
    return it


it = nested(300_000)
del it
print("gone")
# expect: gone
try:
    next(nested(200_000))
except RecursionError as e:
    print(e)
# expect: maximum recursion depth exceeded


async def wait(coro):
    await coro


async def nothing():
    pass


import warnings

warnings.simplefilter("ignore")
coro = nothing()
for _ in range(100_000):
    coro = wait(coro)
try:
    coro.send(None)
except RecursionError as e:
    print("coroutines:", type(e).__name__)
# expect: coroutines: RecursionError
del coro
print("done")
# expect: done
