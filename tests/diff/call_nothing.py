# SPDX-License-Identifier: MIT
"""Types called by C without any arguments: defaultdict's factories, iter(callable, end), and the like."""
from collections import defaultdict
from functools import partial, lru_cache

for t in (str, int, float, complex, bytes, bytearray, tuple, list, dict, set, frozenset, bool, object, type(None)):
    def busy(depth):  # leaves other values where the C stack is used next
        return [str(b"x", "ascii", "strict"), str(object="y"), depth and busy(depth - 1)]

    busy(20)
    made = defaultdict(t)
    values = [made[k] for k in ("a", "b")]
    print(t.__name__, [type(v).__name__ for v in values], values if t is not object else len(values))
    print(repr(partial(t)()) if t is not object else "", repr(lru_cache(t)()) if t is not object else "")
    print(list(iter(t, t())) if t is not object else [])

import re

for f in ("abc".encode, b"abc".decode, "a\tb".expandtabs, "a b".split, "a b".rsplit, "a\nb".splitlines,
          b"a\tb".expandtabs, b"a b".split, b"a\nb".splitlines, bytearray(b"q r").split, "a".strip, [3, 1].sort,
          {1: 2}.keys, re.compile("a").scanner, (5).to_bytes, re.match("(a)|b", "b").groups, "{}".format):
    busy(20)
    made = defaultdict(f)
    try:
        print([made[k] for k in ("a", "b")])
    except (TypeError, IndexError) as e:
        print(type(e).__name__, e)
