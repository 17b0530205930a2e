# Streams that no pickler writes: what is refused and how, what old and odd ones load to.
import _pickle, array, collections, io, random, sys


class Target:
    def __init__(self, *a):
        self.a = a

    def __repr__(self):
        return "Target%r" % (self.a,)


class WithExtend:
    def __init__(self):
        self.got = []

    def extend(self, items):
        self.got.append(("extend", list(items)))


class WithAppend:
    def __init__(self):
        self.got = []

    def append(self, item):
        self.got.append(item)


class WithAdd:
    def __init__(self):
        self.got = []

    def add(self, item):
        self.got.append(item)


class SetItem:
    def __init__(self):
        self.got = []

    def __setitem__(self, k, v):
        self.got.append((k, v))


class InitArgs:
    def __getinitargs__(self):
        return ()

    def __init__(self):
        self.init = True


class Frozen(frozenset):
    pass


def run(data, **kw):
    for how in (lambda: _pickle.loads(data, **kw), lambda: _pickle.load(io.BytesIO(data), **kw)):
        try:
            r = how()
            yield "%s %s" % (
                type(r).__name__,
                getattr(r, "got", None) or ascii(r)[:100].split(" at 0x")[0],
            )
        except Exception as e:
            yield "%s: %s" % (type(e).__name__, ascii(str(e))[:150].split(" at 0x")[0])


def show(data, **kw):
    a, b = run(data, **kw)
    print(data if len(data) < 70 else len(data), a if a == b else (a, b))


M = b"c__main__\n"
for data in [
    b"",
    b".",
    b"0.",
    b"2.",
    b"(.",
    b"N",
    b"NN.",
    b"(0N.",
    b"((1N.",
    b"1.",
    b"t.",
    b"l.",
    b"d.",
    b"(Nd.",
    b"(NNNd.",
    b"e.",
    b"u.",
    b"s.",
    b"a.",
    b"N(e.",
    b"(Ne.",
    b"]a.",
    b"](a.",
    b"](Na.",
    b"(](Ne.",
    b"N(Ne.",
    b"N(NNu.",
    b"}(Nu.",
    b"}Ns.",
    b"}NNs.",
    b"}(NNu.",
    b"}(](NNu.",
    b"b.",
    b"Nb.",
    b"NNb.",
    b"]Nb.",
    b"R.",
    b"NR.",
    b"NNR.",
    b"N)R.",
    b"\x81.",
    b"N\x81.",
    b"NN\x81.",
    b"cbuiltins\nint\nN\x81.",
    b"cbuiltins\nint\n)\x81.",
    b"cbuiltins\ntype\n)\x81.",
    b"\x92.",
    b"N)}\x92.",
    b"cbuiltins\nint\n)N\x92.",
    b"cbuiltins\nint\nN}\x92.",
    b"cbuiltins\nint\n)}\x92.",
    b"ctypes\nFunctionType\n)\x81.",
    b"h\0.",
    b"j\0\0\0\1.",
    b"g0\n.",
    b"g\n.",
    b"gx\n.",
    b"g-1\n.",
    b"Np0\ng0\n.",
    b"Np-1\n.",
    b"Npx\n.",
    b"p0\n.",
    b"q\0.",
    b"r\0\0\0\0.",
    b"\x94.",
    b"Nq\x05\x94h\x01.",
    b"Nr\xff\0\0\0h\xff.",
    b"Np100\ng100\n.",
    b"(q\0.",
    b"q",
    b"Nr\0\0",
    b"Np0",
    b"I\n.",
    b"I1\n.",
    b"I01\n.",
    b"I00\n.",
    b"I001\n.",
    b"I-1\n.",
    b"I99999999999999999999\n.",
    b"Ix\n.",
    b"I0x1f\n.",
    b"I1",
    b"I 5\n.",
    b"I1_0\n.",
    b"I1L\n.",
    b"I012\n.",
    b"L1L\n.",
    b"L1\n.",
    b"LL\n.",
    b"L\n.",
    b"L-12345678901234567890L\n.",
    b"L0x10L\n.",
    b"Lx\n.",
    b"F1.5\n.",
    b"Finf\n.",
    b"Fnan\n.",
    b"Fx\n.",
    b"F\n.",
    b"F1e999\n.",
    b"F1_0\n.",
    b"F 1\n.",
    b"K",
    b"K\1.",
    b"M\1",
    b"M\1\2.",
    b"J\1\2\3",
    b"J\xff\xff\xff\xff.",
    b"\x8a\0.",
    b"\x8a\2\xff.",
    b"\x8a\1\xff.",
    b"\x8b\xff\xff\xff\xff.",
    b"\x8b\1\0\0\0\x7f.",
    b"\x8b\xff\xff\xff\x7f.",
    b"G\x3f\xf8\0\0\0\0\0\0.",
    b"G1234567",
    b"S'abc'\n.",
    b'S"abc"\n.',
    b"S'abc\n.",
    b"S'\n.",
    b"Sabc\n.",
    b"S''\n.",
    b"S\n.",
    b"S'\\x41\\n'\n.",
    b"S'\\xff'\n.",
    b"S'a' \n.",
    b"S'\\x4'\n.",
    b"U\3abc.",
    b"U\1\xff.",
    b"T\3\0\0\0abc.",
    b"T\xff\xff\xff\xffabc.",
    b"Vabc\n.",
    b"V\\u20ac\n.",
    b"V\\U0001f600\xe9\n.",
    b"V\\uzzzz\n.",
    b"V\n.",
    b"Vabc",
    b"X\3\0\0\0abc.",
    b"X\xff\xff\xff\xff.",
    b"X\1\0\0\0\xff.",
    b"X\3\0\0\0\xed\xa0\x80.",
    b"\x8c\2ab.",
    b"\x8c\5ab.",
    b"\x8d\2\0\0\0\0\0\0\0ab.",
    b"\x8d\xff\xff\xff\xff\xff\xff\xff\xffab.",
    b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7fab.",
    b"C\2ab.",
    b"C\3ab.",
    b"B\2\0\0\0ab.",
    b"\x8e\2\0\0\0\0\0\0\0ab.",
    b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffab.",
    b"\x96\2\0\0\0\0\0\0\0ab.",
    b"\x96\3\0\0\0\0\0\0\0ab.",
    b"\x96\xff\xff\xff\xff\xff\xff\xff\xffab.",
    b")\x85.",
    b"\x85.",
    b"N\x86.",
    b"NN\x87.",
    b"(N\x85.",
    b"(NN\x86.",
    b"((\x85.",
    b"(t.",
    b"(NNt.",
    b"(l.",
    b"(NNl.",
    b"\x8f(NN\x90.",
    b"\x8f\x90.",
    b"\x8f(]\x90.",
    b"(]\x91.",
    b"(K\2K\1\x91.",
    b"N(N\x90.",
    b"\x91.",
    b"(\x90.",
    b"\x8f(\x90.",
    b"\x88.",
    b"\x89.",
    b"\x80\2N.",
    b"\x80\5N.",
    b"\x80\6N.",
    b"\x80\xff.",
    b"\x80",
    b"\x95\1\0\0\0\0\0\0\0N.",
    b"\x95\2\0\0\0\0\0\0\0N.",
    b"\x95\3\0\0\0\0\0\0\0N.",
    b"\x95\xff\xff\xff\xff\xff\xff\xff\xff.",
    b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f.",
    b"\x95",
    b"c\n\n.",
    b"cbuiltins\n.",
    b"cbuiltins\nnothing\n.",
    b"cno_such\nx\n.",
    b"cos.path\njoin\n.",
    M + b"Target.x\n.",
    b"\x80\4" + M + b"Target.x\n.",
    b"\x80\4" + M + b"Target.<locals>.x\n.",
    b"c__builtin__\nxrange\n.",
    b"\x80\3c__builtin__\nxrange\n.",
    b"ccPickle\nloads\n.",
    b"c\xff\nx\n.",
    b"cbuiltins\nint",
    b"\x8c\x08builtins\x8c\x03int\x93.",
    b"\x80\4\x8c\x08builtins\x8c\x08int.real\x93.",
    b"\x80\4\x8c\x08builtins\x8c\x0bint.nothing\x93.",
    b"N\x8c\1x\x93.",
    b"\x8c\1xN\x93.",
    b"\x93.",
    b"\x8c\1x\x93.",
    b"(i__main__\nTarget\n.",
    b"(K\1K\2i__main__\nTarget\n.",
    b"i__main__\nTarget\n.",
    b"(i\xff\nx\n.",
    b"(i__main__\n.",
    b"(" + M + b"Target\no.",
    b"(" + M + b"Target\nK\1o.",
    b"(o.",
    b"o.",
    b"(NNo.",
    b"(" + M + b"InitArgs\no.",
    b"\x82\1.",
    b"\x82\0.",
    b"\x83\0\0.",
    b"\x84\xff\xff\xff\xff.",
    b"\x84\1\2\3\4.",
    b"\x82",
    b"Pid\n.",
    b"P\xff\n.",
    b"P",
    b"NQ.",
    b"Q.",
    b"\x97.",
    b"\x98.",
    b"N\x98.",
    b"C\1a\x98.",
    M + b"WithExtend\n)R(K\1K\2e.",
    M + b"WithExtend\n)RK\1a.",
    M + b"WithAppend\n)R(K\1K\2e.",
    M + b"WithAdd\n)R(K\1K\2\x90.",
    M + b"SetItem\n)R(K\1K\2K\3K\4u.",
    M + b"SetItem\n)RK\1K\2s.",
    M + b"Target\n)R(K\1e.",
    M + b"Target\n)R(K\1\x90.",
    M + b"Target\n)R(K\1K\2u.",
    M + b"Target\n)R(N}t\x860b.",
    M + b"Target\n)R}X\1\0\0\0aK\5sb.",
    M + b"Target\n)RN}X\1\0\0\0aK\7s\x86b.",
    M + b"Target\n)RNN\x86b.",
    M + b"Target\n)R]}\x86b.",
    M + b"Target\n)RN\x85b.",
    M + b"Target\n)RK\1b.",
    M + b"Target\n)R}K\1K\2sb.",
    b"\0",
    b"\xff.",
    b" ",
    b"'",
    b"\\",
    b"~",
    b"Z.",
    b"\x7f",
]:
    show(data)

print("== encodings")
for encoding in ("ASCII", "latin1", "bytes", "utf-8", "no-such", "utf-16"):
    for errors in ("strict", "replace", "no-such"):
        for data in (b"U\2\xe9a.", b"S'\\xe9a'\n.", b"T\2\0\0\0ab."):
            show(data, encoding=encoding, errors=errors)
show(b"c__builtin__\nxrange\n.", fix_imports=False)
show(b"(dU\1aU\1bs.", encoding="bytes")

print("== files")


class File:
    def __init__(self, data, step=None, name=""):
        self.f = io.BytesIO(data)
        self.log = []
        self.step = step

    def read(self, n=-1):
        self.log.append(("read", n))
        return self.f.read(n if self.step is None else min(n, self.step))

    def readline(self):
        self.log.append("readline")
        return self.f.readline()


class IntoFile(File):
    def readinto(self, b):
        self.log.append(("readinto", len(b)))
        return self.f.readinto(b)


class PeekFile(IntoFile):
    def peek(self, n):
        self.log.append(("peek", n))
        p = self.f.tell()
        d = self.f.read(7)
        self.f.seek(p)
        return d


class NoPeek(IntoFile):
    def peek(self, n):
        raise NotImplementedError


class BadRead(File):
    def read(self, n=-1):
        return 5


class BadReadinto(File):
    def readinto(self, b):
        return -5


class StrRead(File):
    def read(self, n=-1):
        return bytearray(self.f.read(n))


for protocol in range(6):
    data = (
        _pickle.dumps([1, "text", b"bytes" * 3, 2.5, (1, 2), {"k": 2**100}], protocol) + b"rest"
    )
    for kind in (File, IntoFile, PeekFile, NoPeek, StrRead):
        f = kind(data)
        try:
            print(protocol, kind.__name__, _pickle.load(f), f.f.tell() == len(data) - 4, f.log)
        except Exception as e:
            print(protocol, kind.__name__, type(e).__name__, e, f.log)
for kind in (BadRead, BadReadinto, File, IntoFile):
    for data in (b"C\5abcde.", b"B\5\0\0\0ab", b"V"):
        try:
            print(kind.__name__, _pickle.load(kind(data)))
        except Exception as e:
            print(kind.__name__, type(e).__name__, str(e)[:80])

print("== damage")
random.seed(5)


class Only(_pickle.Unpickler):
    def find_class(self, module, name):
        if module == "__main__" or (module, name) in {
            ("collections", "OrderedDict"),
            ("copyreg", "_reconstructor"),
            ("builtins", "object"),
            ("_codecs", "encode"),
        }:
            return super().find_class(module, name)
        raise LookupError((module, name))

    def persistent_load(self, pid):
        return "pid"


value = [
    1,
    2**70,
    "text",
    "é",
    b"bytes",
    1.5,
    None,
    True,
    (1, 2, 3, 4),
    {"a": [()]},
    {1, 2},
    Frozen("x"),
    Target(1),
    collections.OrderedDict(a=1),
]
counts = []
for protocol in range(6):
    data = _pickle.dumps(value, protocol)
    for i in range(len(data)):
        try:
            _pickle.loads(data[:i])
            print("cut at", i, "loads")
        except (EOFError, _pickle.UnpicklingError, ValueError, IndexError) as e:
            counts.append((type(e).__name__, str(e)))
    for n in range(1500):
        bad = bytearray(data)
        for k in range(random.randint(1, 3)):
            bad[random.randrange(len(bad))] = random.choice(
                (random.randrange(256), random.choice(data))
            )
        if b"\x8e" in bad or b"\x96" in bad or b"r" in bad or b"p" in bad or b"\x8d" in bad:
            continue
        try:
            counts.append(
                ("loaded", ascii(Only(io.BytesIO(bytes(bad))).load())[:60].split(" at 0x")[0])
            )
        except RecursionError:
            counts.append(("RecursionError", ""))
        except Exception as e:
            counts.append((type(e).__name__, ascii(str(e))[:120].split(" at 0x")[0]))
for item, n in sorted(collections.Counter(counts).items()):
    print(n, *item)

# A number's NUL ends it; a PUT looks at the stack before it looks at its number. Two strings that are
# equal but not one object are written twice: array.array's __module__ is not the module's __name__.
BROKEN = (b"I\0\n.", b"I5\0 6\n.", b"I01\n.", b"I0\0\n.", b"I 7\n.", b"I7 \n.", b"p1\xff\n.", b"Np1\xff\n.", b"p\n.")
for data in BROKEN:
    try:
        print(data, _pickle.loads(data))
    except Exception as e:
        print(data, type(e).__name__, e)
print(_pickle.dumps(array.array("d", [1.0]), 4))
