# SPDX-License-Identifier: MIT
"""What methods.py times: a group is a program that makes the names, and expressions that use them.

An expression may also be a statement, or several joined by ";". Those of a group run one after the
other on the same objects, so each leaves the objects as it found them.
"""

GROUPS = {
    'str': (
        r"""
s = "hello world foo bar baz"
u = "h\u00e9llo w\u00f6rld"
L = "abc " * 200
a = "aXbXc"
n = "12345"
W = "\u4e2d\u6587 text" * 3
lines = "a\nb\nc\n" * 10
T = {104: "H"}
st = "  pad  "
""",
        [
            's.upper()',
            's.lower()',
            's.title()',
            's.capitalize()',
            's.swapcase()',
            's.casefold()',
            's.strip()',
            'st.strip()',
            's.lstrip("he")',
            's.rstrip("z")',
            's.split()',
            's.split(" ")',
            's.rsplit(None,1)',
            's.split(None,1)',
            'lines.splitlines()',
            's.partition(" ")',
            's.rpartition(" ")',
            's.find("bar")',
            's.rfind("foo")',
            's.index("o")',
            's.rindex("o")',
            's.count("o")',
            's.replace("foo","qux")',
            's.replace("o","0")',
            's.replace("zz","y")',
            's.startswith("hello")',
            's.startswith(("x","hello"))',
            's.endswith("baz")',
            's.endswith(("x","baz"))',
            's.center(40)',
            's.ljust(40)',
            's.rjust(40,"*")',
            's.zfill(30)',
            's.encode()',
            's.encode("latin-1")',
            's.encode("ascii")',
            'u.encode()',
            'u.encode("latin-1")',
            'W.encode()',
            'u.encode("utf-16")',
            'u.encode("utf-32")',
            'u.upper()',
            'u.lower()',
            's.isalpha()',
            's.isalnum()',
            'n.isdigit()',
            'n.isdecimal()',
            'n.isnumeric()',
            's.isspace()',
            's.isidentifier()',
            's.islower()',
            's.isupper()',
            's.istitle()',
            's.isprintable()',
            's.isascii()',
            's.expandtabs()',
            's.join(["a","b","c"])',
            '",".join(L)',
            's.translate(T)',
            's.translate({104:None})',
            's.removeprefix("he")',
            's.removesuffix("az")',
            's[3]',
            's[2:9]',
            's[::-1]',
            's[::2]',
            's+u',
            's+s',
            's*3',
            '3*s',
            '"o" in s',
            '"zz" in s',
            's==u',
            's<u',
            's!=n',
            'hash(s)',
            'len(s)',
            '"%s-%d"%(s,3)',
            '"%s"%s',
            '"%5.2f"%3.14',
            '"%x"%255',
            '"%r"%s',
            '"{}-{}".format(s,3)',
            '"{0:>10}".format(n)',
            '"{a}".format(a=n)',
            'f"{s}-{n}"',
            'f"{3.5:.2f}"',
            'f"{12345:,}"',
            'f"{n:>10}"',
            'f"{s!r}"',
            'int(n)',
            'float("1.5")',
            'str(12345)',
            'str(1.5)',
            'repr(s)',
            'repr(u)',
            'ascii(u)',
            'ascii(s)',
            'ord("a")',
            'chr(233)',
            'chr(65)',
            'chr(20013)',
            'L.split()',
            'L.replace("b","xx")',
            'L.find("zz")',
            'L.count("a")',
            'L.upper()',
            'list(s)',
            'tuple(s)',
            'set(s)',
            'sorted(s)',
            's.format_map({})',
            'str(s)',
            'str(b"abc","ascii")',
            'str(b"abc","utf-8")',
            'str.maketrans("abc","xyz")',
            'str.maketrans({"a":1})',
            's.__len__()',
            's.__contains__("o")',
            's.__getitem__(1)',
            's.__format__("")',
            'format(s,">30")',
            'max(s)',
            'min(s)',
            '[c for c in s]',
            's.__hash__()',
            's.__add__(u)',
            'bool(s)',
            'str()',
            '"a".join(("b","c"))',
            'u.casefold()',
            'u.title()',
            'W.find("x")',
            'W.replace("text","y")',
            'W[2:5]',
            'W.split()',
            'u.isalpha()',
            'W.isidentifier()',
            '"%(a)s"%{"a":1}',
            '"%s %s %s"%(1,2,3)',
            '"%c"%65',
            's.encode("utf-8","ignore")',
        ],
    ),
    'bytes': (
        r"""
b = b"hello world foo bar"
B = b"abc " * 200
ba = bytearray(b"hello world")
m = memoryview(b)
u8 = "h\u00e9llo".encode()
t256 = bytes(range(256))
st = b"  pad "
""",
        [
            'b.upper()',
            'b.lower()',
            'b.title()',
            'b.capitalize()',
            'b.swapcase()',
            'b.split()',
            'b.split(b" ")',
            'b.rsplit(None,1)',
            'b.find(b"foo")',
            'b.find(102)',
            'b.rfind(b"foo")',
            'b.index(b"o")',
            'b.rindex(b"o")',
            'b.count(b"o")',
            'b.count(b"zz")',
            'b.replace(b"foo",b"qux")',
            'b.replace(b"o",b"0")',
            'b.replace(b"o",b"00")',
            'b.replace(b"zz",b"")',
            'b.startswith(b"he")',
            'b.startswith((b"x",b"he"))',
            'b.endswith(b"ar")',
            'b.strip()',
            'st.strip()',
            'b.lstrip(b"he")',
            'b.rstrip(b"r")',
            'b.decode()',
            'u8.decode()',
            'b.decode("latin-1")',
            'b.decode("ascii")',
            'b.hex()',
            'b.hex(":")',
            'bytes.fromhex("00ff10")',
            'b[3]',
            'b[2:5]',
            'b[::2]',
            'b+b',
            'b*3',
            'b"o" in b',
            '111 in b',
            'b==B',
            'b!=B',
            'b<B',
            'hash(b)',
            'len(b)',
            'b.join([b"a",b"b"])',
            'B.split()',
            'B.split(b" ")',
            'list(b)',
            'bytes(10)',
            'bytes([1,2,3])',
            'bytes(b)',
            'bytes()',
            'bytearray(b)',
            'bytearray()',
            'bytearray(10)',
            'bytearray([1,2])',
            'b.isalpha()',
            'b.isalnum()',
            'b.isdigit()',
            'b.isspace()',
            'b.islower()',
            'b.isupper()',
            'b.istitle()',
            'b.isascii()',
            'b.partition(b" ")',
            'b.rpartition(b" ")',
            'b.splitlines()',
            'b.expandtabs()',
            'b.zfill(30)',
            'b.center(30)',
            'b.ljust(30)',
            'b.rjust(30)',
            'b.translate(t256)',
            'b.translate(None,b"l")',
            'bytes.maketrans(b"a",b"b")',
            'b.removeprefix(b"he")',
            'b.removesuffix(b"ar")',
            'memoryview(b)',
            'bytes(ba)',
            'bytes(m)',
            'repr(b)',
            'str(b)',
            '"%s"%b',
            'b"%s-%d"%(b,3)',
            'ba.find(b"w")',
            'ba[2:5]',
            'ba[1]',
            'ba.decode()',
            'ba.upper()',
            'ba.split()',
            'ba.count(b"o")',
            'ba.replace(b"o",b"0")',
            'ba.startswith(b"he")',
            'ba.strip()',
            'ba.append(1);ba.pop()',
            'ba.extend(b"ab");del ba[-2:]',
            'ba.insert(0,1);ba.pop(0)',
            'ba.remove(104);ba.insert(0,104)',
            'ba.reverse()',
            'ba.copy()',
            'ba==b',
            'ba+b',
            'ba*2',
            'b"w" in ba',
            'ba.hex()',
            'ba.join([b"a",b"b"])',
            'len(ba)',
            'repr(ba)',
            'ba.isalpha()',
            'ba.translate(t256)',
            'm[3]',
            'm[2:5]',
            'm.tobytes()',
            'm.tolist()',
            'm.hex()',
            'm==b',
            'len(m)',
            'm.cast("B")',
            'm.release and 1',
            'm.nbytes',
            'hash(m)',
            'list(m)',
            'bytes.__new__(bytes,b)',
            'max(b)',
            'sum(b)',
            'int.from_bytes(b,"big")',
            'int.from_bytes(b,"little")',
            'b.find(b"foo",3)',
            'B.replace(b"abc",b"x")',
            'B.find(b"zz")',
            'B.count(b"abc")',
        ],
    ),
    'list': (
        """
l = list(range(20))
w = [3, 1, 2] * 10
t = tuple(l)
x = ["b", "a", "c"] * 10
f = [1.5, 0.5] * 15
ll = [[1, 2], [0, 3]] * 5
tt = [(1, "b"), (0, "a")] * 5
""",
        [
            'l.copy()',
            'l[:]',
            'l[2:5]',
            'l[::2]',
            'l+l',
            'l*2',
            '5 in l',
            '99 in l',
            'l.index(7)',
            'l.count(3)',
            'l==t',
            'l==l[:]',
            'l<w',
            'list(t)',
            'tuple(l)',
            'list()',
            'tuple()',
            'len(l)',
            'sum(l)',
            'sum(f)',
            'min(l)',
            'max(l)',
            'max(l,key=abs)',
            'min(l,default=1)',
            'sorted(w)',
            'sorted(x)',
            'sorted(f)',
            'sorted(ll)',
            'sorted(tt)',
            'sorted(w,reverse=True)',
            'sorted(x,key=len)',
            'reversed(l)',
            'list(reversed(l))',
            'any(l)',
            'all(l)',
            'list(map(str,l))',
            'list(map(abs,l))',
            'list(zip(l,l))',
            'list(zip(l,l,l))',
            'dict(zip(l,l))',
            'list(enumerate(l))',
            'list(enumerate(l,1))',
            '[*l,*l]',
            '(*l,)',
            'l[-1]',
            'l[5]',
            't[5]',
            't[2:5]',
            't[::-1]',
            't+t',
            't*2',
            'hash(t)',
            't==t',
            't==tuple(l)',
            '5 in t',
            't.index(7)',
            't.count(3)',
            'list(range(50))',
            'list(range(0,50,2))',
            'tuple(range(20))',
            'l.append(1);l.pop()',
            'l.insert(0,1);l.pop(0)',
            'l.extend(t);del l[20:]',
            'l.extend(l);del l[20:]',
            'l+=t;del l[20:]',
            'l[2:4]=[1,2]',
            'l[3]=5',
            'l.reverse()',
            'w.sort()',
            'f.sort()',
            'x.sort(key=len)',
            'l.remove(5);l.append(5)',
            'c=l[:];c.clear()',
            '(1,2)<(1,3)',
            '(1,2)==(1,3)',
            'repr(w)',
            'repr(t)',
            'str(l)',
            '[].append',
            'list(filter(None,l))',
            'list(filter(str.isalpha,x))',
            'l.__contains__(3)',
            'l.__getitem__(3)',
            'l.__len__()',
            'slice(1,2)',
            'slice(1,2).indices(9)',
            'range(10)',
            'range(1,10)',
            'range(0,10,2)',
            'len(range(10))',
            '5 in range(10)',
            'range(10)[3]',
            'range(10)[2:5]',
            'list(range(10)[::-1])',
            'range(10)==range(10)',
            'hash(range(10))',
            'reversed(range(10))',
            'list(reversed(range(20)))',
            'iter(l)',
            'next(iter(l))',
            '[i for i in l]',
            '[i*2 for i in l if i>5]',
            '(i for i in l)',
            'sum(i for i in l)',
            'a,b,*c=l',
            'a,b,c=1,2,3',
            '[1,2,3]',
            '[l,t]',
            '(l,t)',
            'list("abc")',
            'list(x)',
            'set(l)',
            'frozenset(l)',
            'dict.fromkeys(l)',
            'memoryview(b"a")',
            'enumerate(l)',
            'zip(l,l)',
            'map(str,l)',
            'filter(None,l)',
            'slice(None)',
            'isinstance(l,list)',
            'isinstance(l,(int,str,list))',
            'issubclass(bool,int)',
            'callable(l)',
            'type(l)',
            'id(l)',
            'next(iter([]),None)',
            'iter(l.pop,None)',
            'print',
        ],
    ),
    'dict': (
        """
d = {i: str(i) for i in range(20)}
e = {"a": 1, "b": 2, "c": 3}
ks = list("abcdefgh")
items = [("a", 1), ("b", 2)]
f = dict(e)
big = {str(i): i for i in range(200)}
dt = {(i, i): i for i in range(10)}
""",
        [
            'd[5]',
            'e["a"]',
            'dt[(5,5)]',
            'd.get(5)',
            'd.get(99)',
            'd.get(99,0)',
            'e.get("a")',
            '5 in d',
            '99 not in d',
            'len(d)',
            'd.copy()',
            'e.copy()',
            'dict(d)',
            'dict(e)',
            'dict()',
            'dict(items)',
            'dict(e,z=3)',
            'list(d)',
            'list(d.items())',
            'list(d.values())',
            'list(d.keys())',
            'd.keys()&e.keys()',
            'e.keys()',
            'e.keys()-d.keys()',
            'e.keys()==f.keys()',
            'e.items()==f.items()',
            '{**d,**e}',
            '{**e}',
            'e==d',
            'e==f',
            'dict(a=1,b=2)',
            'dict.fromkeys(ks)',
            'dict.fromkeys(ks,0)',
            'dict(zip(ks,ks))',
            'e.setdefault("a",1)',
            'f.setdefault("zz",1);del f["zz"]',
            'e.pop("z",0)',
            'f["q"]=1;f.pop("q")',
            'f["q"]=1;f.popitem()',
            'f.update(e)',
            'f.update(d);f.clear()',
            'e.update(a=5)',
            'f.update(items)',
            'sorted(d)',
            'repr(e)',
            'str(e)',
            '{"x":1,"y":2}',
            '{}',
            '{"a":1}',
            '{"a":1,"b":2,"c":3,"d":4}',
            '{1:2,3:4}',
            'd.items()',
            'd.values()',
            'iter(d)',
            'sum(d)',
            'max(d)',
            'd.__getitem__(5)',
            'd.__contains__(5)',
            'd.__setitem__(5,1)',
            '{k:1 for k in ks}',
            'for k in d:pass',
            'for k,v in d.items():pass',
            'for v in d.values():pass',
            'reversed(d)',
            'list(reversed(d))',
            'big.copy()',
            'dict(big)',
            'list(big.items())',
            'big.get("55")',
            '"x" in big',
            'e["a"]=5',
            'bool(d)',
            'd==d.copy()',
            'sorted(d.items())',
            'a={};a["x"]=1;a["y"]=2',
            'a={};a[1]=1;a[2]=2',
            '{k:v for k,v in e.items()}',
            'hash(frozenset(e))',
        ],
    ),
    'dict2': (
        """
d = {i: str(i) for i in range(20)}
e = {"a": 1, "b": 2, "c": 3}
f = {}
""",
        [
            'd|e',
            'f|=e',
            'f.update(d)',
            'f.update(e)',
            'd|d',
            'next(iter(d))',
            'next(iter(d.items()))',
            'list(e)',
            'e.keys()|d.keys()',
            'e.keys()^d.keys()',
            'e.keys()<=d.keys()',
            '"a" in e.keys()',
            '("a",1) in e.items()',
            '1 in e.values()',
            'len(e.keys())',
            'e.keys().isdisjoint(d)',
            'e.keys().mapping',
        ],
    ),
    'set': (
        """
s = set(range(20))
q = set(range(10, 30))
z = frozenset(s)
ks = list("abcdefgh")
l = list(range(20))
w = set()
big = set(range(1000))
kd = dict.fromkeys(ks)
""",
        [
            's&q',
            's|q',
            's-q',
            's^q',
            's&z',
            's|=q',
            's&=s',
            'w|=s',
            'w^=s',
            'w-=s',
            '5 in s',
            '99 in s',
            's.copy()',
            'z.copy()',
            's==q',
            's==z',
            's<=q',
            's<q',
            's>=q',
            's.issubset(q)',
            's.issuperset(q)',
            's.union(q)',
            's.union(l)',
            's.intersection(q)',
            's.intersection(l)',
            's.difference(q)',
            's.difference(l)',
            's.symmetric_difference(q)',
            's.isdisjoint(q)',
            's.isdisjoint(l)',
            'len(s)',
            'set(ks)',
            'set(l)',
            'frozenset(ks)',
            'frozenset(l)',
            'frozenset(s)',
            'frozenset()',
            'frozenset(z)',
            'set()',
            'set(s)',
            'set(range(20))',
            'set(kd)',
            'frozenset(kd)',
            'list(s)',
            'tuple(s)',
            's.add(5)',
            's.discard(99)',
            's.discard(5);s.add(5)',
            's.remove(5);s.add(5)',
            'w.add(1);w.pop()',
            'w.clear()',
            'hash(z)',
            'hash(frozenset(l))',
            'sorted(s)',
            '{1,2,3}',
            '{"a","b"}',
            's.update(ks)',
            'w.update(l)',
            'w.update(s)',
            'w.update(ks);w.clear()',
            'w.update(kd)',
            '5 in z',
            'repr(q)',
            '{i for i in l}',
            '{*l}',
            'for i in s:pass',
            'iter(s)',
            's.intersection_update(q);s.update(q)',
            's.difference_update(w)',
            's.__contains__(5)',
            'bool(s)',
            'z|q',
            'z&q',
            'big.copy()',
            'set(big)',
            'big&s',
            'big-s',
            's.pop();s.add(0)',
            's!=q',
            'type(s)()',
        ],
    ),
    'num': (
        """
i = 12345
j = -7
k = 10**30
m = 10**25
f = 3.7
g = -1.25
c = 1 + 2j
t = True
K = 3**400
M = 7**300
""",
        [
            'i+j',
            'i-j',
            'i*j',
            'i//7',
            'i//j',
            'i%7',
            'i%j',
            'i/7',
            'i/j',
            'i**3',
            'i**2',
            'i<<5',
            'i>>2',
            'i&255',
            'i|255',
            'i^255',
            '~i',
            '-i',
            '+i',
            'abs(j)',
            'abs(i)',
            'divmod(i,7)',
            'divmod(j,7)',
            'pow(i,5,7)',
            'pow(3,100,1000007)',
            'pow(i,3)',
            'pow(k,5,m)',
            'pow(i,-1,7)',
            'i.bit_length()',
            'i.bit_count()',
            'i.to_bytes(4,"big")',
            'i.to_bytes(8,"little",signed=True)',
            'int.from_bytes(b"ab","big")',
            'int("123")',
            'int(" 12 ")',
            'int("ff",16)',
            'int("0x1f",0)',
            'int(3.7)',
            'int(i)',
            'int()',
            'int(t)',
            'hex(i)',
            'bin(i)',
            'oct(i)',
            'str(i)',
            'str(5)',
            'repr(i)',
            'str(k)',
            'str(j)',
            'int("1"*30)',
            'k+m',
            'k-m',
            'k*m',
            'k//m',
            'k%m',
            'k-i',
            'k*i',
            'k//i',
            'k%i',
            'k<m',
            'k==m',
            'hash(k)',
            'hash(i)',
            'k>>10',
            'k<<10',
            'k&m',
            'k|m',
            '-k',
            '~k',
            'abs(k)',
            'divmod(k,m)',
            'k/m',
            'float(k)',
            'float(i)',
            'float(f)',
            'float()',
            'f+g',
            'f-g',
            'f*g',
            'f/g',
            'f//g',
            'f%g',
            'f**2',
            'f**0.5',
            '-f',
            'abs(g)',
            'round(f)',
            'round(f,1)',
            'round(i)',
            'round(i,-2)',
            'round(g)',
            'int(f)',
            'f.is_integer()',
            'f.hex()',
            'float.fromhex("0x1.8p1")',
            'float("3.75")',
            'float("1e10")',
            'float("0.1234567890123")',
            'float("inf")',
            'repr(f)',
            'str(g)',
            'repr(0.1)',
            'repr(1e100)',
            'str(123456.789)',
            'f<g',
            'f==g',
            'f==i',
            'i<f',
            'hash(f)',
            'hash(1.0)',
            'f.as_integer_ratio()',
            'divmod(f,g)',
            'f+i',
            'i+f',
            'i*f',
            'f/i',
            'c+c',
            'c*c',
            'c/c',
            'c**2',
            'abs(c)',
            'c.real',
            'c.conjugate()',
            'complex(1,2)',
            'complex("1+2j")',
            'repr(c)',
            'bool(i)',
            'bool(f)',
            'not i',
            'i==j',
            'i<j',
            'i!=j',
            'i is j',
            'isinstance(i,int)',
            'max(i,j)',
            'min(i,j,3)',
            'max(1.0,2.0)',
            'format(i,"x")',
            'format(i,"d")',
            'format(i,",")',
            'format(i,"08d")',
            'format(f,".3e")',
            'format(f,".2f")',
            'format(f,"g")',
            'format(f)',
            'i.__add__(j)',
            'i.conjugate()',
            'i.real',
            'i.numerator',
            'sum([1,2,3])',
            'sum([1.5,2.5])',
            'sum((1,2.5))',
            't+t',
            't&t',
            't|False',
            't^t',
            't and i',
            'K*M',
            'K+M',
            'K//M',
            'K%M',
            'str(K)',
            'int(str(K))',
            'K*K',
            'K<<3',
            'i.__eq__(3)',
            'int.__new__(int,3)',
            'i>>40',
            '1<<40',
            'i+(1<<40)',
            '(1<<40)+(1<<41)',
            '(1<<40)*(1<<41)',
            '(1<<62)//12345',
            '(1<<62)%12345',
            '-(1<<40)',
            '(1<<40)&(1<<41)',
            '(1<<40)==(1<<41)',
            'i<(1<<40)',
            '0x7fffffff*2',
            'hash("a")',
            'hash(None)',
            'hash((1,2))',
            'hash(c)',
        ],
    ),
    'math': (
        """
import math, cmath, random, statistics

f = 3.7
g = -1.25
L = [1.5, 2.5, 3.5] * 5
I = [1, 2, 3] * 5
p = [1.0, 2.0]
q = [3.0, 4.0]
R = random.Random(5)
""",
        [
            'math.sqrt(f)',
            'math.floor(f)',
            'math.ceil(f)',
            'math.trunc(f)',
            'math.fabs(g)',
            'math.sin(f)',
            'math.cos(f)',
            'math.tan(f)',
            'math.atan2(f,g)',
            'math.asin(0.5)',
            'math.acos(0.5)',
            'math.atan(f)',
            'math.sinh(f)',
            'math.cosh(f)',
            'math.tanh(f)',
            'math.asinh(f)',
            'math.acosh(f)',
            'math.atanh(0.5)',
            'math.exp(f)',
            'math.exp2(f)',
            'math.expm1(f)',
            'math.log(f)',
            'math.log(8,2)',
            'math.log2(f)',
            'math.log10(f)',
            'math.log1p(f)',
            'math.log(10**50)',
            'math.pow(f,2)',
            'math.hypot(f,g)',
            'math.hypot(f,g,f)',
            'math.dist(p,q)',
            'math.fmod(f,g)',
            'math.modf(f)',
            'math.frexp(f)',
            'math.ldexp(f,3)',
            'math.copysign(f,g)',
            'math.isnan(f)',
            'math.isinf(f)',
            'math.isfinite(f)',
            'math.isclose(f,g)',
            'math.gcd(12,18)',
            'math.gcd(12,18,24)',
            'math.lcm(4,6)',
            'math.factorial(10)',
            'math.factorial(100)',
            'math.comb(10,3)',
            'math.perm(10,3)',
            'math.isqrt(12345)',
            'math.isqrt(10**40)',
            'math.prod(I)',
            'math.prod(L)',
            'math.fsum(L)',
            'math.degrees(f)',
            'math.radians(f)',
            'math.erf(f)',
            'math.erfc(f)',
            'math.gamma(f)',
            'math.lgamma(f)',
            'math.ulp(f)',
            'math.nextafter(f,g)',
            'math.remainder(f,g)',
            'math.cbrt(f)',
            'cmath.sqrt(1j)',
            'cmath.exp(1j)',
            'cmath.phase(1j)',
            'cmath.polar(1j)',
            'R.random()',
            'R.randint(1,10)',
            'R.randrange(10)',
            'R.choice(L)',
            'R.shuffle(I)',
            'R.sample(L,3)',
            'R.gauss(0,1)',
            'R.uniform(1,2)',
            'R.getrandbits(32)',
            'R.choices(L,k=3)',
            'statistics.mean(L)',
            'statistics.median(L)',
            'statistics.fmean(L)',
            'random.Random(3)',
            'R.getstate()',
        ],
    ),
    'iter': (
        """
import itertools as it, functools as ft, operator as op
from collections import deque

l = list(range(20))
t = tuple(l)
add = lambda a, b: a + b
d = {"a": 1}

class A:
    x = 1

A.self = A

@ft.lru_cache(None)
def lc(x):
    return x

@ft.lru_cache(10)
def lb(x):
    return x

@ft.singledispatch
def sd(x):
    return x

@sd.register(int)
def _i(x):
    return x

pa = ft.partial(add, 1)
pk = ft.partial(int, base=2)
pm = ft.partial(max, 3)
ck = ft.cmp_to_key(lambda a, b: a - b)
ig = op.itemgetter(1)
ig2 = op.itemgetter(1, 2)
ag = op.attrgetter("x")
ag2 = op.attrgetter("self.x")
ag3 = op.attrgetter("x", "self")
mc = op.methodcaller("index", 3)

class CP:
    @ft.cached_property
    def v(self):
        return 1

cp = CP()
cp.v
lc(1)
lb(1)
""",
        [
            'list(it.chain(l,l))',
            'list(it.chain.from_iterable([l,l]))',
            'list(it.islice(l,5))',
            'list(it.islice(l,2,15,3))',
            'list(it.accumulate(l))',
            'list(it.accumulate(l,add))',
            'list(it.accumulate(l,op.mul))',
            'list(it.combinations(range(6),2))',
            'list(it.combinations_with_replacement(range(5),2))',
            'list(it.permutations(range(4)))',
            'list(it.product(range(5),range(4)))',
            'list(it.product("ab",repeat=4))',
            'list(it.starmap(add,zip(l,l)))',
            'list(it.starmap(pow,zip(l,l)))',
            'list(it.takewhile(lambda x:x<10,l))',
            'list(it.dropwhile(lambda x:x<10,l))',
            'list(it.filterfalse(None,l))',
            'list(it.compress(l,l))',
            'list(it.zip_longest(l,t))',
            'list(it.zip_longest(l,[1]))',
            'list(it.groupby(l))',
            '[(k,list(g)) for k,g in it.groupby(l,lambda x:x//5)]',
            'list(it.pairwise(l))',
            'list(it.repeat(1,20))',
            'list(it.islice(it.count(),20))',
            'list(it.islice(it.count(1.5,2),20))',
            'list(it.islice(it.cycle("abc"),20))',
            'it.tee(l)',
            '[list(x) for x in it.tee(l)]',
            'next(it.count())',
            'it.chain(l)',
            'it.repeat(1)',
            'it.islice(l,3)',
            'lc(1)',
            'lb(1)',
            'lc.cache_info()',
            'sd(1)',
            'pa(2)',
            'pk("10")',
            'pm(4)',
            'ft.partial(add,1)',
            'ft.reduce(add,l)',
            'ft.reduce(op.add,l)',
            'sorted(l,key=ck)',
            'ft.cmp_to_key(add)',
            'ig(t)',
            'ig2(t)',
            'ag(A)',
            'ag2(A)',
            'ag3(A)',
            'mc(t)',
            'op.itemgetter(1)',
            'op.attrgetter("x")',
            'op.methodcaller("x")',
            'op.add(1,2)',
            'op.sub(1,2)',
            'op.mul(2,3)',
            'op.lt(1,2)',
            'op.eq(1,2)',
            'op.getitem(t,1)',
            'op.contains(t,1)',
            'op.index(3)',
            'op.neg(3)',
            'op.not_(3)',
            'op.truth(3)',
            'op.is_(3,3)',
            'op.concat(t,t)',
            'op.countOf(l,3)',
            'op.indexOf(l,3)',
            'op.length_hint(l)',
            'op.setitem(l,1,1)',
            'op.iadd(1,2)',
            'op.and_(1,2)',
            'op.floordiv(7,2)',
            'op.mod(7,2)',
            'op.pow(2,3)',
            'op.truediv(1,2)',
            'op.invert(2)',
            'cp.v',
            'ft.wraps(add)(pa)',
            'ft.update_wrapper(pa,add)',
        ],
    ),
    'coll': (
        """
from collections import *
import collections, heapq, bisect, array

d = deque(range(20))
dm = deque(range(20), 20)
c = Counter("abracadabra")
dd = defaultdict(int)
dl = defaultdict(list)
od = OrderedDict(a=1, b=2, c=3)
cm = ChainMap({"a": 1}, {"b": 2})
P = namedtuple("P", "x y z")
p = P(1, 2, 3)
l = list(range(20))
h = list(range(50))
ar = array.array("i", range(20))
ad = array.array("d", range(20))
ud = UserDict(a=1)

class S(str):
    pass

ss = S("a")
""",
        [
            'deque()',
            'deque(l)',
            'deque(l,5)',
            'd.append(1);d.pop()',
            'd.appendleft(1);d.popleft()',
            'dm.append(1)',
            'd.extend(l);[d.pop() for _ in l]',
            'd.rotate(1)',
            'd.rotate(-3)',
            'd[0]',
            'd[10]',
            'd[3]=3',
            'len(d)',
            '5 in d',
            'd.count(3)',
            'd.index(5)',
            'list(d)',
            'd.copy()',
            'd==dm',
            'd.reverse()',
            'd.insert(3,1);del d[3]',
            'd.remove(5);d.append(5)',
            'repr(d)',
            'iter(d)',
            'for i in d:pass',
            'reversed(d)',
            'Counter("abracadabra")',
            'Counter(l)',
            'Counter(a=1)',
            'c["a"]',
            'c["zz"]',
            'c["a"]+=1',
            'c.most_common(2)',
            'c.most_common()',
            'c+c',
            'c-c',
            'c&c',
            'c|c',
            'c.update("abc")',
            'c.subtract("a")',
            'sum(c.values())',
            'list(c.elements())',
            'c==c',
            'c.total()',
            'dd["a"]',
            'dd["b"]+=1',
            'dl["a"].append(1);dl.clear()',
            'defaultdict(int)',
            'defaultdict(int,a=1)',
            'dd.copy()',
            'OrderedDict()',
            'OrderedDict(a=1,b=2)',
            'od["a"]',
            'od["a"]=1',
            'od.move_to_end("a")',
            'od.popitem();od["c"]=3',
            'list(od)',
            'list(od.items())',
            'od.copy()',
            'od==od',
            'repr(od)',
            'for k in od:pass',
            'od.get("a")',
            'od.update(a=1)',
            'reversed(od)',
            'od.pop("c");od["c"]=1',
            'od.keys()',
            'cm["b"]',
            'cm.get("z")',
            'len(cm)',
            'cm.new_child()',
            'list(cm)',
            '"b" in cm',
            'P(1,2,3)',
            'P(x=1,y=2,z=3)',
            'P._make(l[:3])',
            'p.x',
            'p[1]',
            'p._replace(x=5)',
            'p._asdict()',
            'repr(p)',
            'p==p',
            'hash(p)',
            'a,b,cc=p',
            'namedtuple("Q","a b c")',
            'ud["a"]',
            'UserDict()',
            'len(ud)',
            'heapq.heappush(h,5);heapq.heappop(h)',
            'heapq.heapify(l)',
            'heapq.heappushpop(h,3)',
            'heapq.heapreplace(h,3)',
            'heapq.nlargest(3,h)',
            'heapq.nsmallest(3,h)',
            'list(heapq.merge(l,h))',
            'bisect.bisect(h,5)',
            'bisect.bisect_left(h,5)',
            'bisect.insort(h,5);h.pop()',
            'bisect.bisect(h,5,key=abs)',
            'array.array("i",l)',
            'array.array("d",l)',
            'ar[3]',
            'ar[3]=4',
            'ad[3]',
            'ad[3]=1.5',
            'ar.append(1);ar.pop()',
            'ar.tolist()',
            'ar.tobytes()',
            'ar[2:5]',
            'len(ar)',
            '5 in ar',
            'ar.index(5)',
            'ar.count(5)',
            'sum(ar)',
            'sum(ad)',
            'list(ar)',
            'ar==ar',
            'ar.extend(ar[:2]);ar.pop();ar.pop()',
            'ar.reverse()',
            'repr(ar)',
            'ss.upper()',
            'ss+"b"',
            'S("abc")',
            'hash(ss)',
            'd.clear();d.extend(l)',
        ],
    ),
    're': (
        r"""
import re

p = re.compile(r"(\w+)@(\w+)\.com")
w = re.compile(r"\w+")
sp = re.compile(r"[,;\s]+")
dg = re.compile(r"\d")
alt = re.compile("foo|bar|baz")
lit = re.compile("needle")
s = "hello joe@example.com and foo, bar; baz 12 34"
m = p.search(s)
L = "lorem ipsum dolor " * 20 + "needle"
ic = re.compile("EXAMPLE", re.I)
ng = re.compile("(?P<a>\w+)=(?P<b>\w+)")
mg = ng.match("k=v")
b = re.compile(rb"\w+")
lazy = re.compile("a.*?c")
back = re.compile(r"(\w)\1")
la = re.compile(r"\w+(?=@)")
""",
        [
            'p.search(s)',
            'p.match(s)',
            'p.match("joe@example.com")',
            'p.fullmatch("joe@example.com")',
            'p.findall(s)',
            'w.findall(s)',
            'list(w.finditer(s))',
            'w.match(s)',
            'w.sub("x",s)',
            'w.sub(lambda m:"x",s)',
            'w.sub(r"<\\g<0>>",s)',
            'w.subn("x",s)',
            'sp.split(s)',
            'sp.split(s,1)',
            'dg.search(s)',
            'dg.findall(s)',
            'dg.sub("",s)',
            'alt.search(s)',
            'alt.findall(s)',
            'lit.search(L)',
            'lit.search(s)',
            'ic.search(s)',
            'm.group()',
            'm.group(1)',
            'm.group(1,2)',
            'm.groups()',
            'm.start()',
            'm.end()',
            'm.span()',
            'm.span(1)',
            'm[1]',
            'mg.groupdict()',
            'mg["a"]',
            'mg.group("a")',
            'm.expand(r"\\1-\\2")',
            'm.string',
            'm.lastindex',
            'm.regs',
            'ng.match("k=v")',
            're.compile(r"\\w+")',
            're.match(r"\\w+",s)',
            're.search("foo",s)',
            're.sub("foo","x",s)',
            're.split(",",s)',
            're.findall(r"\\w+",s)',
            're.escape(s)',
            'b.findall(b"a bc d")',
            'lazy.search("xxabbbbc")',
            'back.search("hello")',
            'la.findall(s)',
            're.fullmatch("a+","aaaa")',
            'p.scanner(s).search()',
            'w.findall(L)',
            'p.groupindex',
            'hash(p)',
            'p==p',
            'repr(p)',
            'repr(m)',
        ],
    ),
    'json': (
        r"""
import json, struct, pickle, marshal, copy, base64, binascii, zlib, hashlib, csv, io

o = {"a": 1, "b": [1, 2.5, None, True], "c": {"d": "text", "e": "\u00e9"}}
js = json.dumps(o)
big = {str(i): [i, i * 1.5, "v%d" % i] for i in range(50)}
bjs = json.dumps(big)
St = struct.Struct("<IHd")
pk = St.pack(1, 2, 3.0)
pd = pickle.dumps(o)
pb = pickle.dumps(big)
md = marshal.dumps(big)
b = b"hello world" * 10
b64 = base64.b64encode(b)

class A:
    def __init__(self):
        self.x = 1
        self.y = [1, 2]

import sys

sys.modules["__main__"].A = A
A.__module__ = "__main__"
a = A()
pa = pickle.dumps(a)
lst = [A() for _ in range(10)]
pl = pickle.dumps(lst)
code = compile("def f(a,b):\n  return a+b\n", "x", "exec")
mc = marshal.dumps(code)
import datetime, uuid, fractions, decimal

fr = fractions.Fraction(1, 3)
f2 = fractions.Fraction(2, 7)
D = decimal.Decimal("1.5")
""",
        [
            'json.dumps(o)',
            'json.loads(js)',
            'json.dumps(big)',
            'json.loads(bjs)',
            'json.dumps(o,indent=2)',
            'json.dumps(o,sort_keys=True)',
            'json.dumps("text")',
            'json.dumps(1)',
            'json.loads("1")',
            'json.loads("[1,2,3]")',
            'json.dumps([1.5]*10)',
            'struct.pack("<IHd",1,2,3.0)',
            'struct.unpack("<IHd",pk)',
            'St.pack(1,2,3.0)',
            'St.unpack(pk)',
            'struct.calcsize("<IHd")',
            'list(struct.iter_unpack("<H",b))',
            'struct.unpack_from("<H",b,2)',
            'struct.pack("10s",b"abc")',
            'struct.pack(">q",5)',
            'pickle.dumps(o)',
            'pickle.loads(pd)',
            'pickle.dumps(big)',
            'pickle.loads(pb)',
            'pickle.dumps(a)',
            'pickle.loads(pa)',
            'pickle.dumps(lst)',
            'pickle.loads(pl)',
            'pickle.dumps(1)',
            'pickle.loads(b"K\\x01.")',
            'pickle.dumps("abc")',
            'pickle.dumps([1,2,3])',
            'pickle.dumps((1,2))',
            'pickle.dumps(o,0)',
            'pickle.loads(pickle.dumps(o,0))',
            'pickle.dumps(1.5)',
            'pickle.dumps(10**30)',
            'pickle.dumps({1,2})',
            'pickle.loads(pickle.dumps({1,2}))',
            'pickle.dumps(len)',
            'marshal.dumps(big)',
            'marshal.loads(md)',
            'marshal.loads(mc)',
            'marshal.dumps(code)',
            'copy.copy(o)',
            'copy.copy(a)',
            'copy.deepcopy(o)',
            'copy.deepcopy(a)',
            'copy.copy(big)',
            'base64.b64encode(b)',
            'base64.b64decode(b64)',
            'binascii.hexlify(b)',
            'binascii.crc32(b)',
            'binascii.unhexlify("00ff")',
            'zlib.compress(b)',
            'zlib.crc32(b)',
            'zlib.adler32(b)',
            'zlib.decompress(zlib.compress(b))',
            'hashlib.md5(b).hexdigest()',
            'hashlib.sha256(b).digest()',
            'hashlib.sha1(b)',
            'hashlib.blake2b(b).digest()',
            'hashlib.sha3_256(b).digest()',
            'list(csv.reader(["a,b,c","1,2,3"]))',
            'csv.writer(io.StringIO()).writerow([1,2,"a"])',
            'uuid.UUID("12345678123456781234567812345678")',
            'uuid.uuid4()',
            'str(uuid.UUID(int=5))',
            'fr+f2',
            'fr*f2',
            'fr/f2',
            'fr-f2',
            'fr<f2',
            'fractions.Fraction(1,3)',
            'fractions.Fraction("1/3")',
            'float(fr)',
            'hash(fr)',
            'D+D',
            'D*D',
            'str(D)',
        ],
    ),
    'dt': (
        """
import datetime as dt, time, calendar

d = dt.date(2024, 5, 6)
t = dt.time(1, 2, 3)
D = dt.datetime(2024, 5, 6, 7, 8, 9)
D2 = dt.datetime(2023, 5, 6, 7, 8, 9)
td = dt.timedelta(1, 2, 3)
td2 = dt.timedelta(5)
U = dt.timezone.utc
DU = D.replace(tzinfo=U)
z = dt.timezone(dt.timedelta(hours=2))
""",
        [
            'dt.date(2024,5,6)',
            'dt.datetime(2024,5,6,7,8,9)',
            'dt.time(1,2,3)',
            'dt.timedelta(1)',
            'dt.timedelta(days=1,hours=2)',
            'dt.timedelta(seconds=1.5)',
            'D-D2',
            'D+td',
            'D-td',
            'd+td2',
            'd-d',
            'td+td2',
            'td*3',
            'td/2',
            'td//2',
            'td/td2',
            '-td',
            'abs(td)',
            'D<D2',
            'D==D2',
            'd<d',
            'td<td2',
            'hash(D)',
            'hash(d)',
            'hash(td)',
            'str(D)',
            'str(d)',
            'str(t)',
            'str(td)',
            'repr(D)',
            'repr(td)',
            'D.isoformat()',
            'd.isoformat()',
            't.isoformat()',
            'D.strftime("%Y-%m-%d")',
            'd.strftime("%d/%m")',
            'dt.datetime.fromisoformat("2024-05-06T07:08:09")',
            'dt.date.fromisoformat("2024-05-06")',
            'dt.time.fromisoformat("01:02:03")',
            'dt.datetime.strptime("2024-05-06","%Y-%m-%d")',
            'D.replace(year=2020)',
            'd.replace(day=1)',
            'D.date()',
            'D.time()',
            'D.timestamp()',
            'DU.timestamp()',
            'dt.datetime.fromtimestamp(1e9)',
            'dt.datetime.utcfromtimestamp(1e9)',
            'dt.datetime.fromtimestamp(1e9,U)',
            'dt.datetime.now()',
            'dt.date.today()',
            'D.weekday()',
            'd.isoweekday()',
            'd.isocalendar()',
            'd.toordinal()',
            'dt.date.fromordinal(738000)',
            'D.timetuple()',
            'td.total_seconds()',
            'D.year',
            'D.month',
            'D.hour',
            'td.days',
            'td.seconds',
            'DU.astimezone(z)',
            'DU.utcoffset()',
            'DU-DU',
            'DU==DU',
            'dt.datetime.combine(d,t)',
            'dt.timezone(td2/10)',
            'D.ctime()',
            'time.time()',
            'time.perf_counter()',
            'time.monotonic()',
            'time.localtime(1e9)',
            'time.gmtime(1e9)',
            'time.strftime("%Y",time.gmtime(0))',
            'time.mktime(time.localtime(1e9))',
            'format(D,"%Y")',
            'calendar.timegm(D.timetuple())',
            'calendar.monthrange(2024,2)',
        ],
    ),
    'io': (
        r"""
import io, os, tempfile

si = io.StringIO()
bi = io.BytesIO()
fn = tempfile.mktemp()
open(fn, "w").write("line of text\n" * 100)
text = "a b c\n" * 20
data = b"a b c\n" * 20
f = open(fn)
fb = open(fn, "rb")
w = open(os.devnull, "w")
wb = open(os.devnull, "wb")
import os.path as op
from pathlib import Path, PurePath

P = PurePath("/a/b/c.txt")
""",
        [
            'io.StringIO()',
            'io.StringIO(text)',
            'io.StringIO(text).read()',
            'io.StringIO(text).readlines()',
            'list(io.StringIO(text))',
            'si.write("abc");si.seek(0)',
            'si.getvalue()',
            'si.tell()',
            's=io.StringIO();s.write("a");s.write("b");s.getvalue()',
            'io.BytesIO()',
            'io.BytesIO(data)',
            'io.BytesIO(data).read()',
            'io.BytesIO(data).readline()',
            'list(io.BytesIO(data))',
            'bi.write(b"abc");bi.seek(0)',
            'bi.getvalue()',
            'bi.getbuffer()',
            'f.seek(0);f.read()',
            'f.seek(0);f.readline()',
            'f.seek(0);f.readlines()',
            'f.seek(0);list(f)',
            'f.seek(0)',
            'f.tell()',
            'fb.seek(0);fb.read()',
            'fb.seek(0);fb.readline()',
            'fb.seek(0);list(fb)',
            'fb.seek(0);fb.read(10)',
            'fb.peek(1)',
            'w.write("abc")',
            'w.write(text)',
            'w.flush()',
            'wb.write(b"abc")',
            'wb.write(data)',
            'print("a",file=w)',
            'print("a","b",1,file=w)',
            'print(file=w)',
            'w.writelines(["a","b"])',
            'with open(fn) as q: q.read()',
            'with open(fn,"rb") as q: q.read()',
            'open(fn).close()',
            'open(fn,"rb",0).close()',
            'io.TextIOWrapper(io.BytesIO(data)).read()',
            'io.BufferedReader(io.BytesIO(data)).read(3)',
            'os.stat(fn)',
            'os.path.exists(fn)',
            'os.path.join("a","b","c")',
            'op.split("/a/b/c.txt")',
            'op.splitext("/a/b/c.txt")',
            'op.basename("/a/b/c.txt")',
            'op.dirname("/a/b/c.txt")',
            'op.normpath("/a/../b//c")',
            'op.abspath("x")',
            'op.isfile(fn)',
            'os.getcwd()',
            'os.getpid()',
            'os.listdir("/etc")',
            'list(os.scandir("/etc"))',
            'os.environ["PATH"]',
            'os.environ.get("X")',
            'os.fspath(P)',
            'Path("a")/"b"',
            'P.name',
            'P.suffix',
            'P.parent',
            'str(P)',
            'PurePath("a/b")',
            'os.access(fn,4)',
            'os.getenv("HOME")',
            'f.fileno()',
            'f.closed',
            'fb.tell()',
        ],
    ),
    'cls': (
        """
import abc, contextlib, copy, dataclasses, enum, gc, inspect, string, sys, textwrap, types, typing
import weakref

class A:
    c = 5

    def __init__(self, x=1):
        self.x = x

    def m(self):
        return 1

    def m2(self, a, b=2, *c, **k):
        return a

    @property
    def p(self):
        return self.x

    @classmethod
    def cm(cls):
        return 1

    @staticmethod
    def sm():
        return 1

    def __getitem__(self, i):
        return i

    def __len__(self):
        return 3

    def __call__(self):
        return 1

    def __eq__(self, o):
        return True

    def __hash__(self):
        return 7

    def __iter__(self):
        return iter(())

    def __contains__(self, x):
        return True

    def __add__(self, o):
        return 1

    def __bool__(self):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False

    def __lt__(self, o):
        return True

    def __str__(self):
        return "s"

    def __repr__(self):
        return "r"

class B(A):
    def __init__(self, x):
        super().__init__(x)
        self.y = 2

    def m(self):
        return super().m()

class Sl:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1

class G:
    def __getattr__(self, n):
        return n

class GA:
    def __getattribute__(self, n):
        return 1

class D:
    def __get__(self, o, t):
        return 1

    def __set__(self, o, v):
        pass

class E:
    d = D()

class Pl:
    pass

class Col(enum.Enum):
    R = 1
    G = 2

class Fl(enum.Flag):
    A = 1
    B = 2

@dataclasses.dataclass
class DC:
    x: int
    y: int = 2

@dataclasses.dataclass(frozen=True)
class FZ:
    x: int

@contextlib.contextmanager
def cmg():
    yield 1

class Ab(abc.ABC):
    @abc.abstractmethod
    def f(self):
        ...

class Ac(Ab):
    def f(self):
        return 1

a = A()
b = B(1)
s = Sl()
g = G()
ga = GA()
e = E()
wr = weakref.ref(a)
dc = DC(1)
fz = FZ(1)
am = a.m
pl = Pl()

def f0():
    pass

def f1(a):
    return a

def fd(a, b=1, c=2):
    return a

def fs(*a):
    return a

def fk(**k):
    return k

def fko(a, *, b=1):
    return a

def gen():
    yield 1

def gen5():
    yield 1
    yield 2
    yield 3
    yield 4
    yield 5

def gf():
    yield from gen5()

def clo(x):
    def h():
        return x

    return h

async def co():
    return 1

def tr():
    try:
        raise ValueError
    except ValueError:
        pass

def tr2():
    try:
        {}["a"]
    except KeyError as e:
        pass

def fin():
    try:
        pass
    finally:
        pass

def rec(n):
    return n and rec(n - 1)

def run(c):
    try:
        c.send(None)
    except StopIteration as e:
        return e.value

args = (1, 2)
kw = {"a": 1}
""",
        [
            'A()',
            'A(2)',
            'B(1)',
            'Sl()',
            'Pl()',
            'object()',
            'a.x',
            'a.x=3',
            'a.c',
            'a.m()',
            'a.m2(1)',
            'a.m2(1,2,3,k=4)',
            'a.p',
            'a.cm()',
            'A.cm()',
            'a.sm()',
            'am()',
            'a[1]',
            'len(a)',
            'a()',
            'a==b',
            'hash(a)',
            'iter(a)',
            '3 in a',
            'a+b',
            'bool(a)',
            'a<b',
            'str(a)',
            'repr(a)',
            'with a: pass',
            'b.m()',
            'b.y',
            's.a',
            's.a=2',
            'g.zz',
            'ga.x',
            'e.d',
            'e.d=1',
            'getattr(a,"x")',
            'getattr(a,"zz",None)',
            'hasattr(a,"x")',
            'hasattr(a,"zz")',
            'setattr(a,"x",1)',
            'a.q=1;del a.q',
            'vars(a)',
            'dir(a)',
            'a.__dict__',
            'a.__class__',
            'isinstance(a,A)',
            'isinstance(b,A)',
            'isinstance(a,(int,str))',
            'issubclass(B,A)',
            'type(a)',
            'type(a) is A',
            'isinstance(Ac(),Ab)',
            'isinstance([],typing.Sequence)',
            'wr()',
            'weakref.ref(a)',
            'weakref.proxy(a)',
            'Col.R',
            'Col(1)',
            'Col["R"]',
            'Col.R.value',
            'Col.R.name',
            'Col.R==Col.G',
            'hash(Col.R)',
            'list(Col)',
            'Fl.A|Fl.B',
            'DC(1)',
            'DC(1,2)==dc',
            'repr(dc)',
            'dc.x',
            'FZ(1)',
            'hash(fz)',
            'dataclasses.asdict(dc)',
            'dataclasses.replace(dc,x=2)',
            'with cmg(): pass',
            'f0()',
            'f1(1)',
            'f1(a=1)',
            'fd(1)',
            'fd(1,2,3)',
            'fd(1,c=2)',
            'fs(1,2)',
            'fs(*args)',
            'fk(a=1)',
            'fk(**kw)',
            'fko(1)',
            'fko(1,b=2)',
            'f1(*[1])',
            'gen()',
            'next(gen())',
            'list(gen5())',
            'list(gf())',
            'sum(gen5())',
            'for x in gen5(): pass',
            'clo(1)',
            'clo(1)()',
            'lambda:1',
            '(lambda x:x)(1)',
            'tr()',
            'tr2()',
            'fin()',
            'rec(10)',
            'type("X",(),{})',
            'exec("class X: pass")',
            'exec("class X:\\n  def a(self):pass\\n  def b(self):pass")',
            'type("X",(A,),{"z":1})',
            'types.SimpleNamespace(a=1)',
            'types.MethodType(f1,a)',
            'types.FunctionType(f0.__code__,{})',
            'f0.__code__.replace(co_name="x")',
            'eval("1+2")',
            'eval(compile("1","","eval"))',
            'compile("a+b*c","","eval")',
            'exec("pass")',
            'globals()',
            'locals()',
            'id(a)',
            'sys._getframe()',
            'inspect.signature(fd)',
            'string.Template("$a").substitute(a=1)',
            'textwrap.dedent(" a\\n b")',
            'copy.copy(pl)',
            'ValueError("x")',
            'str(ValueError("x"))',
            'ValueError("x").args',
            'super(B,b)',
            'super(B,b).m()',
            'property(f1)',
            'classmethod(f1)',
            'staticmethod(f1)',
            'object.__new__(Pl)',
            'typing.List[int]',
            'list[int]',
            'int|str',
            'typing.Optional[int]',
            'callable(a)',
            'sys.getsizeof(a)',
            'sys.intern("abc")',
            'sys.getrefcount(a)',
            'gc.get_count()',
            'gc.isenabled()',
            '(x for x in ())',
            'type(a).__mro__',
            'A.__name__',
            'f0.__name__',
            'f0.__defaults__',
            'a.m.__func__',
            'len.__name__',
            '[].append.__self__',
            'int.__add__',
            'str.join',
            'print.__doc__',
            'ga.y',
            'memoryview(b"a").format',
            'x=1;del x',
        ],
    ),
}
