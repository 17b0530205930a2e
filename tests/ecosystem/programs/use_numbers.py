# SPDX-License-Identifier: MIT
"""gmpy2, bitarray, Levenshtein, ujson: number protocols, buffers and text seen by hand-written C."""
import decimal
import fractions
import math
import operator
import pickle

import bitarray
import bitarray.util
import gmpy2
import Levenshtein
import ujson
from gmpy2 import mpfr, mpq, mpz

x = mpz(2)**200 + 17
for f in (operator.add, operator.mul, operator.floordiv, operator.mod, operator.and_, operator.lt, divmod):
    print(f.__name__, f(x, 12345), f(12345, x), f(x, True))
print(
    hash(x) == hash(2**200 + 17),
    int(x) == 2**200 + 17, "%d %x" % (mpz(255), mpz(255)), f"{mpz(77):5d}", round(mpz(1234), -2))
print(pow(x, -1, 1009), x.bit_length(), gmpy2.is_prime(10**18 + 9), gmpy2.isqrt(x), [1, 2, 3][mpz(1)],
      range(mpz(5)))
print(mpq(1, 3) + fractions.Fraction(1, 6), mpq("7/21"), float(mpq(1, 8)), mpfr("1.5") * 3, gmpy2.sqrt(2))
with gmpy2.context(precision=120, trap_divzero=True) as c:
    print(mpfr(1) / 3, gmpy2.const_pi(), math.floor(mpfr(2.5)), c.precision)
    try:
        mpfr(1) / 0
    except Exception as e:
        print(type(e).__name__, e)
print(pickle.loads(pickle.dumps([x, mpq(2, 3), mpfr(2.5)])), gmpy2.mpz(decimal.Decimal(12)), mpz("ff", 16))
for bad in ("mpz('zz')", "mpz(1) / 0", "mpz(1) << -1", "mpz([])", "mpq(1, 0)", "mpz(1) + 'a'",
            "gmpy2.isqrt(-1)"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
total = mpz(0)
for i in range(200000):
    total += i * mpz(3)
print(total)
b = bitarray.bitarray("1011001") * 1000
print(b.count(), b[3:9], b[::-700], b.find(bitarray.bitarray("0010")),
      bitarray.frozenbitarray("101") in {bitarray.frozenbitarray("101")})
b[10:20] = bitarray.bitarray("000")
del b[::3]
print(len(b), bitarray.util.ba2hex(b[:64]), memoryview(b).nbytes, b.tobytes()[:4], b.buffer_info()[1])
print(sum(bitarray.bitarray(i % 3 == 0 for i in range(50000))),
      sorted(bitarray.bitarray("01").decode({
          "a": bitarray.bitarray("0"),
          "b": bitarray.bitarray("1")
      })))
for bad in ("b[10**9]", "b.append(2)", "bitarray.bitarray('012')", "b & b[1:]", "b.encode(5, 6)"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
words = ["kitten", "sitting", "mitten", "größe", "grösse", "\U0001f600smile", ""] * 20
print(sum(Levenshtein.distance(a, b) for a in words for b in words), Levenshtein.editops("spam", "park"),
      round(Levenshtein.ratio("größe", "grösse"), 6), Levenshtein.median(words[:4]),
      Levenshtein.hamming("abc", "abd"))
doc = {"a": [1, 2.5, None, True, "é\U0001f600\u2028</x>"], "deep": [[[]]] * 3, "big": 2**63 - 1, "n": -1e-7}
for i in range(300):
    s = ujson.dumps(doc)
    assert ujson.loads(s) == doc
print(s,
      ujson.dumps(doc, indent=2, ensure_ascii=False, sort_keys=True)[:60], ujson.dumps({1: mpz},
                                                                                       default=str))
for bad in ("ujson.loads('[1,')", "ujson.loads('nul')", "ujson.dumps(float('nan'))", "ujson.dumps(object)",
            "ujson.loads(5)"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, str(e)[:60])
