# SPDX-License-Identifier: MIT
"""numpy: arrays, ufuncs, reductions, linear algebra, structured types, Python loops over scalars.

"""
import sys
import numpy as np

rng = np.random.default_rng(7)
a = rng.random((200, 200))
print(round(float(np.linalg.det(a[:20, :20])), 6), np.allclose(a @ np.linalg.inv(a), np.eye(200)))
s = 0.0
for x in a[:50].ravel():
    s += x * 2
print(round(float(s), 6))
v = np.zeros(3000)
for i in range(3000):
    v[i] = v[i - 1] + i % 7
print(v[-1], v.dtype, v.astype(np.int32)[::500].tolist())
t = np.array([(i, str(i), i / 2) for i in range(500)],
             dtype=[("n", "i4"), ("s", "U8"), ("f", "f8")])
print(t["f"].sum(), t[7], sorted(t, key=lambda r: -r["n"])[0]["s"])
o = np.array([1, "two", None, 3.5, [4]], dtype=object)
print(o[::-1].tolist(), (o == None).tolist())
print(
    np.vectorize(lambda x, y: x * 10 + y)(np.arange(300), 3)[-3:],
    np.frompyfunc(divmod, 2, 2)(np.array([7, 8], object), 3))
print(
    np.fromiter((i * i for i in range(5000)), float).sum(),
    np.sum([np.float64(i) for i in range(3000)]))
print(repr(np.arange(12).reshape(3, 4)[:, ::2]), np.datetime64("2020-02-29") + np.arange(3))
before = sys.getrefcount(o)
views = [o[:2] for _ in range(10)]
print(sys.getrefcount(o) - before)
del views
print(sys.getrefcount(o) - before)
b = np.ones(100000)
c = b * 2 + b * 3 - b / 4
print(c[0], c.sum())
m = memoryview(np.arange(6, dtype="i2").reshape(2, 3))
print(m.shape, m.format, m.tolist(), bytes(m)[:4])
for bad in ("np.zeros(3) + np.zeros(4)", "np.array([1, 2])[5]", "np.int8(1).nope",
            "np.zeros((2, 2)) @ np.zeros(3)", "np.dtype('zz')"):
    try:
        eval(bad)
    except Exception as e:
        print(type(e).__name__, e)
