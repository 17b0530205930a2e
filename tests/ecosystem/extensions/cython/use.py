"""What the Cython module does, and where its errors are raised."""
import array
import asyncio
import gc
import pickle
import traceback
import weakref

import account
from account import Account, Limited

a = Account()
a.add(1.5)
a.add(2)
print(a, len(a), list(a), a.twice, a + 1, 1 + a, pickle.loads(pickle.dumps(a)), Account.__doc__)
limited = Limited(limit=10)
print(limited.add(9), limited.limit, isinstance(limited, Account), Limited.__mro__[1].__name__)
print(account.fib(20), account.arguments(1), account.arguments(1, 5, 6, c=7, z=8))
count = account.closure(3)
print(count(4), count(5), asyncio.run(account.coroutine(4)), asyncio.run(account.awaiting(4)))
g = account.squares(10)
print(next(g), g.send(3), list(g), type(g).__name__, account.squares.__doc__)
view = memoryview(array.array("i", range(12))).cast("B").cast("i", (3, 4))
print(account.typed(view), view.tolist())
print(account.texts("abx", b"cd"), account.containers({"a": 1, "b": 0}, [1, 2], {5, 7}), account.deep(300))
print(account.caught(lambda: {}[1]), account.caught(lambda: 5))


class Sub(Account):
    def add(self, x):
        return super().add(x) + 1000


print(Sub().add(1), Sub.__mro__)
for text in ("a.add(-1)", "a.add('x')", "limited.add(2)", "account.arguments()", "account.arguments(1, a=2)",
             "account.typed([1])", "account.typed(array.array('i', [1]))", "account.texts(1, b'')", "account.fib('x')",
             "account.fib(2**70)", "a.nope", "a.total", "setattr(limited, 'limit', 1)", "account.deep(10**6)",
             "Account(1, 2)", "account.caught(lambda: 1 / 0)", "account.containers([], [], set())",
             "next(account.squares(0))"):
    try:
        print(text, "->", eval(text))
    except Exception as e:
        where = [f"{f.name}:{f.lineno}" for f in traceback.extract_tb(e.__traceback__)][1:3]
        print(text, "->", type(e).__name__, e, where)
gone = weakref.ref(a)
a.seen.append(a)
del a
gc.collect()
print("collected:", gone() is None)
