# SPDX-License-Identifier: MIT
# Integers where one way of computing ends and the next begins: words, limbs on the C stack, GMP.
import math

state = 20240229


def rnd(bits):
    global state
    n = 0
    for _ in range(bits // 32 + 1):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        n = n << 32 | state >> 32
    return n >> (n.bit_length() - bits) if n.bit_length() > bits else n


def show(*values):
    h = 0
    for v in values:
        h = (h * 1000003 + v) % (2**89 - 1)
    print(h)


edges = [0, 1, 2, 3, 5, 256, 257]
for b in (29, 30, 31, 59, 60, 61, 62, 63, 64, 65, 89, 90, 91, 119, 120, 127, 128, 129, 150, 300,
          960, 1023, 1024, 1025, 2048):
    edges += [2**b - 1, 2**b, 2**b + 1, rnd(b)]
edges += [10**20, 10**50, 3**200]

# sums, differences, products, quotients, bits: every pair
total = 0
for a in edges:
    for b in edges:
        for x, y in ((a, b), (-a, b), (a, -b), (-a, -b)):
            r = [x + y, x - y, x * y, x & y, x | y, x ^ y]
            if y:
                r += divmod(x, y)
                assert divmod(x, y) == (x // y, x % y) and x // y * y + x % y == x
            assert (x + y) - y == x and x * y == y * x
            for v in r:
                total = (total * 1000003 + v) % (2**107 - 1)
    print(a.bit_length(), total)

# text in bases 2, 8, 16
for a in edges:
    for x in (a, -a):
        print(bin(x)[:40], bin(x)[-20:], oct(x)[-30:], hex(x)[-30:], len(bin(x)))
        assert int(bin(x), 2) == int(oct(x), 8) == int(hex(x), 16) == x
        assert format(x, "b") == bin(x).replace("0b", "") and format(x, "#o") == oct(x)
        assert ("%x" % x, b"%x" % x) == (format(x, "x"), format(x, "x").encode())
for x in range(-300, 300):
    assert int(bin(x), 2) == x and len(bin(abs(x))) == max(abs(x).bit_length(), 1) + 2, x

# powers
for a in edges[:60]:
    for e in (0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64):
        show(a**e, (-a) ** e)
for e in range(1, 700, 13):
    assert 3**e * 3 == 3 ** (e + 1) and (-7) ** e == (-1) ** e * 7**e, e
    show(3**e, (-7) ** e, (2**61 - 1) ** e)

# modular powers
moduli = [1, 2, 3, 7, 97, 2**30, 2**31 - 1, 2**60 - 1, 2**60, 2**61 - 1, 2**64, 2**64 + 13, 10**25,
          2**127 - 1, 2**127, 10**50, 2**521 - 1, 2**1023 + 1, 2**1024, 2**1025 - 1, 3**700]
bases = [0, 1, 2, 5, 12345, 2**29, 2**60 - 3, 3**50, 10**30, 5**200, 7**300, 3**1500]
exponents = [0, 1, 2, 3, 4, 5, 17, 63, 64, 65, 1000, 65537, 2**60 - 1, 2**60, 2**70 + 1]
for m in moduli:
    for b in bases:
        for e in exponents:
            r = pow(b, e, m)
            assert 0 <= r < m
            assert pow(b, e, -m) == (r - m if r else 0)
            if e < 70:
                assert r == b**e % m and pow(-b, e, m) == (-b) ** e % m, (b, e, m)
            show(r, pow(-b, e, m))
        for e in (-1, -2, -3, -(2**60)):
            for s in (b, -b):
                for n in (m, -m):
                    try:
                        r = pow(s, e, n)
                    except ValueError as err:
                        print(err)
                    else:
                        assert (r * pow(s, -e, n) - 1) % n == 0, (s, e, n)
                        show(r)
for args in ((1, 1, 0), (1, -1, 0), (2, 3.0, 5), (2, 3, 5.0)):
    try:
        print(pow(*args))
    except (ValueError, TypeError) as err:
        print(type(err).__name__, err)

# gcd, lcm
for a in edges:
    for b in edges:
        g = math.gcd(a, -b)
        assert g == math.gcd(-b, a) and (a % g == 0 == b % g if g else a == b == 0), (a, b)
        show(g, math.lcm(-a, b))
big = 10**30


class Sub(int):
    pass


print(math.gcd(big, 0) is big, math.gcd(0, big) is big, math.gcd(-big, 0), math.gcd(0, 0))
print(type(math.gcd(Sub(big), 0)), type(math.gcd(Sub(big))), type(math.gcd(Sub(5), 0)))

# perm, comb, factorial, isqrt
for n in range(0, 140, 3):
    for k in range(0, n + 2):
        c, p = math.comb(n, k), math.perm(n, k)
        assert c * math.factorial(k) == p, (n, k)
        assert k > n or p == math.factorial(n) // math.factorial(n - k), (n, k)
    show(math.factorial(n), *(math.comb(n, k) for k in range(n + 1)))
for n in (1000, 2**29, 2**30, 2**32 + 5, 10**10, 2**60, 2**63, 2**64 - 1, 2**64, 10**20, 2**100):
    for k in (0, 1, 2, 3, 5, 10, 15, 16, 31, 32, 62, 63, 64, 65, 100, 400):
        c, p = math.comb(n, k), math.perm(n, k)
        assert c * math.factorial(k) == p and math.comb(n, n - k) == c, (n, k)
        show(c, p)
for n, k in ((Sub(100), Sub(50)), (True, 1), (100, 101), (-1, 2), (5, -1), (2.0, 1),
             (100, -(10**30)),
             (10**30, 10**30 - 1)):
    for f in math.comb, math.perm:
        try:
            print(f(n, k) if f is math.comb or k < 1000 else None)
        except (ValueError, TypeError) as err:
            print(type(err).__name__, err)
for n in edges:
    r = math.isqrt(n)
    assert r * r <= n < (r + 1) * (r + 1)
    show(r)

# bytes and ratios
for x in edges[:70]:
    n = (x.bit_length() + 8) // 8
    for order in ("big", "little", "bi" + "g", "".join(["lit", "tle"])):
        assert int.from_bytes(x.to_bytes(n, order), order) == x
        assert int.from_bytes((-x).to_bytes(n, order, signed=True), order, signed=True) == -x
for order in ("bigger", "", "Little", 5, None):
    try:
        (5).to_bytes(2, order)
    except (ValueError, TypeError) as err:
        print(type(err).__name__, err)
print((5).as_integer_ratio(), Sub(7).as_integer_ratio(), type(Sub(7).as_integer_ratio()[0]),
      True.as_integer_ratio(), (-(10**30)).as_integer_ratio())
