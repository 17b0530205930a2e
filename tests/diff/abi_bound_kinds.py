"""Which bound methods of C types know their class (type builtin_method)."""
import _io, array, collections, ctypes, datetime, decimal, functools, io, itertools, os, pickle, random, re, struct, time, types
import xml.etree.ElementTree as etree, _csv, hashlib, json, lzma, queue, select, socket, sqlite3, zlib, pyexpat, threading, bz2, curses, mmap, asyncio

pattern = re.compile("x")
objects = [
    pattern,
    pattern.match("x"),
    pattern.scanner("xx"),
    next(os.scandir("/")),
    pyexpat.ParserCreate(),
    array.array("i"),
    collections.deque(),
    collections.defaultdict(),
    decimal.Decimal(1),
    datetime.datetime(2020, 1, 1),
    functools.partial(len),
    functools.lru_cache(len),
    io.BytesIO(),
    io.StringIO(),
    random.Random(1),
    struct.Struct("i"),
    etree.Element("a"),
    etree.XMLParser(),
    etree.TreeBuilder(),
    hashlib.md5(),
    hashlib.sha256(),
    hashlib.sha3_256(),
    hashlib.blake2b(),
    zlib.compressobj(),
    zlib.decompressobj(),
    queue.SimpleQueue(),
    select.poll(),
    sqlite3.connect(":memory:"),
    sqlite3.connect(":memory:").cursor(),
    threading.Lock(),
    threading.RLock(),
    threading.local(),
    lzma.LZMACompressor(),
    bz2.BZ2Compressor(),
    socket.socket(),
    _csv.reader([]),
    _csv.writer(io.StringIO()),
    pickle.Pickler(io.BytesIO()),
    pickle.Unpickler(io.BytesIO()),
    json.JSONEncoder().encode,
    itertools.tee([])[0],
    itertools.count(),
    types.SimpleNamespace(),
    types.MappingProxyType({}),
    iter([]),
    iter({}),
    5,
    1.5,
    2j,
    "s",
    b"b",
    bytearray(),
    (),
    [],
    {},
    set(),
    frozenset(),
    slice(1),
    range(3),
    memoryview(b""),
    object(),
    int,
    type,
    None,
    Ellipsis,
    ValueError(),
    (i for i in ""),
    len,
    [].append,
    property(),
    time.localtime(),
    os.stat("/"),
]
for o in objects:
    kinds = {}
    for name in dir(o):
        try:
            value = getattr(o, name)
        except Exception:
            continue
        if callable(value) and not isinstance(value, type):
            kinds.setdefault(type(value).__name__, []).append(name)
    print(type(o).__name__, {k: v for k, v in sorted(kinds.items()) if k != "function"})
