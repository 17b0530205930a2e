# SPDX-License-Identifier: MIT
"""msgpack and simplejson: packing and unpacking with hooks, streams, limits."""
import msgpack
import simplejson
import decimal

doc = {
    "a": list(range(1000)), "s": ["t%d" % i for i in range(300)], "f": [i / 3 for i in range(300)],
    "b": b"\0\xff", "n": None, "t": True, "big": 2**63
}
for _ in range(60):
    p = msgpack.packb(doc)
    u = msgpack.unpackb(p)
print(len(p), u == doc)


class C:
    def __init__(self, v):
        self.v = v


print(
    msgpack.unpackb(msgpack.packb([C(1), C(2)], default=lambda o: msgpack.ExtType(5, b"%d" % o.v)),
                    ext_hook=lambda c, d: (c, d)),
    msgpack.unpackb(msgpack.packb({1: 2}), strict_map_key=False, object_hook=lambda d: list(d)))
un = msgpack.Unpacker()
un.feed(p[:100])
un.feed(p[100:] + msgpack.packb(7))
print([type(x).__name__ for x in un])
for bad in (b"\xc1", p[:-3], b"\x93\x01"):
    try:
        msgpack.unpackb(bad)
    except Exception as e:
        print(type(e).__name__, e)
try:
    msgpack.packb({1, 2})
except TypeError as e:
    print(e)
for _ in range(20):
    j = simplejson.dumps(doc["f"] + doc["s"])
    k = simplejson.loads(j)
print(
    len(j), k[-1], simplejson.loads("[1.10, 1e5]", use_decimal=True),
    simplejson.dumps({"d": decimal.Decimal("1.10"), "t": (1, 2)}, use_decimal=True, sort_keys=True),
    simplejson.loads('{"a": 1, "b": [2]}', object_pairs_hook=list))
try:
    simplejson.loads("[1, 2")
except ValueError as e:
    print(type(e).__name__, e)
