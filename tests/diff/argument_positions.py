# SPDX-License-Identifier: MIT
# Arguments by position that a look at their types settles, next to those that need converting,
# names, defaults, and every kind of mistake.
import bisect
import itertools
import math
import struct
import time
import zlib
from collections import OrderedDict, deque
from types import MappingProxyType


class Index:
    def __index__(self):
        return 2


class Float:
    def __float__(self):
        return 2.5


class Str(str):
    pass


VALUES = [0, 1, -1, 2**31 - 1, 2**31, 2**63, -(2**70), True, 1.5, "a", "b\0c", "\xe9", Str("s"),
          b"x", None, Index(), Float(), [], ()]
CALLS = {
    "bytearray.insert": lambda *a, **k: bytearray(b"abc").insert(*a, **k),
    "bytearray.pop": lambda *a, **k: bytearray(b"abc").pop(*a, **k),
    "bytes.ljust": lambda *a, **k: b"ab".ljust(*a, **k),
    "bytes.split": lambda *a, **k: b"a b c".split(*a, **k),
    "bytes.translate": lambda *a, **k: b"abc".translate(*a, **k),
    "str.split": lambda *a, **k: "a b c".split(*a, **k),
    "str.ljust": lambda *a, **k: "ab".ljust(*a, **k),
    "str.splitlines": lambda *a, **k: "a\nb".splitlines(*a, **k),
    "str.expandtabs": lambda *a, **k: "a\tb".expandtabs(*a, **k),
    "str.encode": lambda *a, **k: "ab".encode(*a, **k),
    "memoryview.cast": lambda *a, **k: len(memoryview(b"abcd").cast(*a, **k)),
    "memoryview.tobytes": lambda *a, **k: memoryview(b"abcd").tobytes(*a, **k),
    "pow": pow,
    "round": round,
    "sum": sum,
    "sorted": sorted,
    "bisect": bisect.bisect,
    "move_to_end": lambda *a, **k: OrderedDict.fromkeys([0, 1, "a"]).move_to_end(*a, **k),
    "setdefault": lambda *a, **k: OrderedDict(a=1).setdefault(*a, **k),
    "deque": deque,
    "MappingProxyType": MappingProxyType,
    "math.ldexp": math.ldexp,
    "math.prod": math.prod,
    "accumulate": lambda *a, **k: list(itertools.accumulate(*a, **k)),
    "repeat": lambda *a, **k: next(itertools.repeat(*a, **k)),
    "crc32": zlib.crc32,
    "compress": lambda *a, **k: len(zlib.compress(*a, **k)),
    "struct.pack": struct.pack,
    "complex": complex,
    "enumerate": lambda *a, **k: list(enumerate(*a, **k)),
    "int.to_bytes": lambda *a, **k: (5).to_bytes(*a, **k),
}
KEYWORDS = ["x", "key", "default", "sep", "maxsplit", "keepends", "tabsize", "encoding", "errors",
            "format", "shape", "order", "base", "exp", "mod", "number", "ndigits", "start",
            "reverse",
            "last", "iterable", "maxlen", "mapping", "delete", "real", "imag", "length", "level"]


def told(f, *a, **k):
    try:
        r = f(*a, **k)
        return repr(r)[:60]
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


def plain(text):
    return text.split(" at 0x")[0]


for name, f in CALLS.items():
    big = name in ("bytes.ljust", "str.ljust", "str.expandtabs", "int.to_bytes", "round", "pow",
                   "repeat")
    values = [v for v in VALUES if not (big and isinstance(v, int) and abs(v) > 2**20)]
    print(name, plain(told(f)))
    for v in values:
        print(" ", plain(repr(v)), "|", plain(told(f, v)), "|", plain(told(f, [1, 2], v)), "|",
              plain(told(f, 5, v)), "|", plain(told(f, v, v)), "|", plain(told(f, "B", v)))
    for k in KEYWORDS:
        print(" ", k, "|", plain(told(f, **{k: 1})), "|", plain(told(f, 1, **{k: 1})), "|",
              plain(told(f, [3, 1], **{k: None})))
    print(" ", plain(told(f, 1, 2, 3, 4, 5)), "|", plain(told(f, *[[1]], **{})))
