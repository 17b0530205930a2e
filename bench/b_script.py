# SPDX-License-Identifier: MIT
"""A script without functions: its names are those of the module."""

SOURCE = """
import math

words = {}
text = "the quick brown fox jumps over the lazy dog and the cat".split() * 20
for turn in range(20):
    for word in text:
        if word in words:
            words[word] += 1
        else:
            words[word] = 1
top = sorted(words, key=lambda w: (-words[w], w))[0]

limit = 20000
sieve = [True] * limit
n = 2
while n * n < limit:
    if sieve[n]:
        for k in range(n * n, limit, n):
            sieve[k] = False
    n += 1
primes = []
for n in range(2, limit):
    if sieve[n]:
        primes.append(n)

x, steps = 27, 0
while x != 1:
    x = x // 2 if x % 2 == 0 else 3 * x + 1
    steps += 1

total = 0.0
for n in range(1, 30000):
    total += 1.0 / (n * n)
pi = math.sqrt(6 * total)

lines = []
for n in range(3000):
    line = "%d: %s" % (n, text[n % len(text)])
    if line.endswith("x"):
        lines.append(line.upper())
"""
CODE = compile(SOURCE, "script", "exec")


def main():
    names = {}
    exec(CODE, names)
    assert names["top"] == "the" and names["words"]["the"] == 1200
    assert len(names["primes"]) == 2262 and names["steps"] == 111
    assert abs(names["pi"] - 3.14156) < 1e-4 and len(names["lines"]) == 250
