# SPDX-License-Identifier: MIT
"""numba: compiled functions with loops, dicts, strings, exceptions, callbacks into the interpreter.

"""
import numpy as np
from numba import float64, njit, objmode, vectorize
from numba.typed import List


@njit
def total(n):
    s = 0.0
    for i in range(n):
        s += i * 0.5
    return s


@njit
def count(a):
    d = {}
    for x in a:
        d[x] = d[x] + 1 if x in d else 1
    return [(k, d[k]) for k in sorted(d.keys())]


@vectorize([float64(float64, float64)])
def h(a, b):
    return a * b + 1


@njit
def err(x):
    if x > 3:
        raise ValueError("big")
    return x


@njit
def words(s):
    return s.upper() + str(len(s))


@njit
def back(x):
    with objmode(y="int64"):
        y = len([x] * 5)
    return y + x


print(total(1000), count(np.array([1, 2, 1, 3])), h(np.arange(3.), 2.0), words("abc"), back(3))
try:
    err(5)
except ValueError as e:
    print(e)
l = List()
l.append(1)
print(l, sum(total(10) for _ in range(20000)))
