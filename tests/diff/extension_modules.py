"""Every compiled module of the standard library loads and shows the same names, kinds and sizes; each does some work."""
import sys

del sys.path[0]  # the files beside this one have names of modules
import glob, importlib, os, types

folder = next(p for p in sys.path if p.endswith("lib-dynload"))
for path in sorted(glob.glob(os.path.join(folder, "*.so"))):
    name = os.path.basename(path).split(".")[0]
    if name.startswith("_test"):
        continue  # these come with another package
    m = importlib.import_module(name)
    print(name, m.__name__, type(m.__loader__).__name__, m.__spec__.origin == path)
    for n in sorted(vars(m)):
        v = getattr(m, n)
        if isinstance(v, type):
            print(
                "   ",
                n,
                v.__basicsize__,
                v.__itemsize__,
                v.__flags__ & 0x7FFFF ^ (v.__flags__ & 1 << 19),
                [b.__name__ for b in v.__mro__],
                len(vars(v)),
            )
        elif isinstance(v, types.BuiltinFunctionType):
            print("   ", n, v.__text_signature__)
        elif (
            isinstance(v, (int, str, bytes, float)) and n != "__file__" and not n.endswith("_addr")
        ):
            print("   ", n, repr(v)[:60])
        else:
            print("   ", n, type(v).__name__)

import asyncio, audioop, bz2, contextvars, crypt, ctypes, curses, dbm.ndbm, decimal, hashlib, json, lzma, mmap, queue, readline, resource, sqlite3, ssl, tempfile, termios, uuid, zoneinfo


async def main():
    return await asyncio.gather(*(asyncio.sleep(0, i) for i in range(5)))


print(
    asyncio.run(main()),
    audioop.add(b"\1\0", b"\2\0", 2),
    bz2.decompress(bz2.compress(b"x" * 100))[:3],
    lzma.decompress(lzma.compress(b"y" * 100))[:3],
)
print(
    decimal.Decimal(1) / 7,
    decimal.getcontext().prec,
    hashlib.sha3_256(b"").hexdigest()[:8],
    hashlib.new("md5", b"x").hexdigest(),
    json.loads(json.dumps({"a": [1, None, 2.5, "é"]})),
)
print(
    ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1)(4),
    ctypes.string_at(b"text"),
    ctypes.sizeof(
        type("S", (ctypes.Structure,), {"_fields_": [("a", ctypes.c_char), ("b", ctypes.c_double)]})
    ),
)
print(
    "日本".encode("shift_jis"),
    "한".encode("euc_kr"),
    "中".encode("gb18030"),
    "中".encode("big5"),
    b"\x1b$B0!\x1b(B".decode("iso2022_jp"),
    "é".encode("hz", "replace"),
)
with mmap.mmap(-1, 100) as mm:
    mm[:5] = b"hello"
    print(mm.find(b"l"), mm[:6])
q = queue.SimpleQueue()
q.put(1)
print(q.get(), q.empty(), resource.getrlimit(resource.RLIMIT_CORE)[1] is not None)
db = sqlite3.connect(":memory:")
db.create_function("f", 1, lambda x: x * 2)
db.execute("create table t(a, b)")
db.executemany("insert into t values (?, ?)", [(i, "s%d" % i) for i in range(50)])
print(db.execute("select f(a), b from t where a > 47").fetchall(), db.total_changes)
try:
    db.execute("select nope")
except sqlite3.OperationalError as e:
    print(e)
print(
    ssl.create_default_context().verify_mode,
    uuid.uuid5(uuid.NAMESPACE_DNS, "x"),
    zoneinfo.ZoneInfo("Europe/Paris").utcoffset(__import__("datetime").datetime(2020, 7, 1)),
    crypt.crypt("p", "$5$salt")[:12],
)
try:
    termios.tcgetattr(99)
except termios.error as e:
    print(e)
import cProfile, pstats, io

p = cProfile.Profile()
p.runcall(sorted, range(50), key=lambda v: -v)
print(
    sorted(
        r[0][2] for r in pstats.Stats(p).stats.items() if "lambda" in r[0][2] or "sorted" in r[0][2]
    )
)
