# Ints at the borders between one digit, words and limbs: squares, shifts, bits, quotients, small powers modulo m;
# items of arrays and views; seeds.
import _random
import array
import random
import zlib

r = random.Random(5)
SIZES = (1, 5, 29, 30, 31, 59, 60, 61, 63, 64, 65, 90, 120, 128, 200, 400, 700, 1023, 1024, 1025, 2047, 2048, 2100)


def number():
    bits = r.choice(SIZES)
    n = r.getrandbits(bits) if r.random() < 0.8 else (1 << bits) - r.choice((0, 1))
    return n if r.random() < 0.6 else -n


def attempt(function, *args):
    try:
        return function(*args)
    except (ArithmeticError, ValueError, TypeError) as why:
        return type(why).__name__, str(why)


total = 0
for i in range(4000):
    a, b, m = number(), number(), number()
    exponent = r.choice((0, 1, 2, 5, 31, 62, 63, 64, 65, 1000))
    results = (a * a, a & b, a | b, a ^ b, a << abs(b) % 200, a >> abs(b) % 70, attempt(lambda: a / b),
               attempt(pow, a, exponent, m))
    assert a * a == a * (a + 1) - a
    total = zlib.crc32(repr(results).encode(), total)
    if i % 400 == 0:
        print(*results[6:], sep="\n")
print(total)
for shift in -1, 0, True, 1 << 70:
    print(attempt(lambda: 0 << shift), attempt(lambda: -5 >> shift))
for v, e, m in (10**30, 5, 0), (10**40, 0, 10**30), (10**40, 63, 10**30 + 7), (-10**40, 5, 10**30 + 7), (10**40, 5, -7):
    print(attempt(pow, v, e, m))
print(attempt(lambda: 10**400 / 3), 10**400 / 10**399, 3 / 10**320, 5e-324 == 1 / (1 << 1074), 1 / (1 << 1075))

for code in "bBhHiIlLqQ":
    for value in -129, -128, -1, 0, 127, 128, 255, 256, 1 << 15, 1 << 16, (1 << 30) - 1, 1 << 30, -(1 << 30), True, 1.5:
        print(code, value, attempt(lambda: array.array(code, [value])))
view = memoryview(bytes(range(12)))
print(view[::-2].tolist(), view.cast("B", (3, 4)).tolist(), view.cast("b").tolist()[-1], view.cast("H").tolist())

fresh = _random.Random.__new__(_random.Random)
print(set(fresh.getstate()), fresh.random())
print(hash(_random.Random(3).getstate()), hash(random.Random("x").getstate()[:2]))
print(attempt(lambda: _random.Random(a=1)), attempt(lambda: _random.Random(1, 2)))
