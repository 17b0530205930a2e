# SPDX-License-Identifier: MIT
"""Strings and bytes."""

GROUPS = {}

GROUPS["str"] = r'''
s = "hello world foo bar baz"
u = "h\u00e9llo w\u00f6rld"
L = "abc " * 200
a = "aXbXc"
n = "12345"
W = "\u4e2d\u6587 text" * 3
lines = "a\nb\nc\n" * 10
T = {104: "H"}
st = "  pad  "
''', r'''
s.upper()
s.lower()
s.title()
s.capitalize()
s.swapcase()
s.casefold()
s.strip()
st.strip()
s.lstrip("he")
s.rstrip("z")
s.split()
s.split(" ")
s.rsplit(None,1)
s.split(None,1)
lines.splitlines()
s.partition(" ")
s.rpartition(" ")
s.find("bar")
s.rfind("foo")
s.index("o")
s.rindex("o")
s.count("o")
s.replace("foo","qux")
s.replace("o","0")
s.replace("zz","y")
s.startswith("hello")
s.startswith(("x","hello"))
s.endswith("baz")
s.endswith(("x","baz"))
s.center(40)
s.ljust(40)
s.rjust(40,"*")
s.zfill(30)
s.encode()
s.encode("latin-1")
s.encode("ascii")
u.encode()
u.encode("latin-1")
W.encode()
u.encode("utf-16")
u.encode("utf-32")
u.upper()
u.lower()
s.isalpha()
s.isalnum()
n.isdigit()
n.isdecimal()
n.isnumeric()
s.isspace()
s.isidentifier()
s.islower()
s.isupper()
s.istitle()
s.isprintable()
s.isascii()
s.expandtabs()
s.join(["a","b","c"])
",".join(L)
s.translate(T)
s.translate({104:None})
s.removeprefix("he")
s.removesuffix("az")
s[3]
s[2:9]
s[::-1]
s[::2]
s+u
s+s
s*3
3*s
"o" in s
"zz" in s
s==u
s<u
s!=n
hash(s)
len(s)
"%s-%d"%(s,3)
"%s"%s
"%5.2f"%3.14
"%x"%255
"%r"%s
"{}-{}".format(s,3)
"{0:>10}".format(n)
"{a}".format(a=n)
f"{s}-{n}"
f"{3.5:.2f}"
f"{12345:,}"
f"{n:>10}"
f"{s!r}"
int(n)
float("1.5")
str(12345)
str(1.5)
repr(s)
repr(u)
ascii(u)
ascii(s)
ord("a")
chr(233)
chr(65)
chr(20013)
L.split()
L.replace("b","xx")
L.find("zz")
L.count("a")
L.upper()
list(s)
tuple(s)
set(s)
sorted(s)
s.format_map({})
str(s)
str(b"abc","ascii")
str(b"abc","utf-8")
str.maketrans("abc","xyz")
str.maketrans({"a":1})
s.__len__()
s.__contains__("o")
s.__getitem__(1)
s.__format__("")
format(s,">30")
max(s)
min(s)
[c for c in s]
s.__hash__()
s.__add__(u)
bool(s)
str()
"a".join(("b","c"))
u.casefold()
u.title()
W.find("x")
W.replace("text","y")
W[2:5]
W.split()
u.isalpha()
W.isidentifier()
"%(a)s"%{"a":1}
"%s %s %s"%(1,2,3)
"%c"%65
s.encode("utf-8","ignore")
'''

GROUPS["str2"] = r'''
s = 'hello world foo bar baz'
u = 'héllo wörld'
W = '中文 text'
e = '😀 smile'
L = 'x' * 1000
LW = '中' * 1000
lst = ['a', 'bb', 'ccc'] * 10
d = {'a': 1, 'b': 2.5}
i = 12345
f = 3.14159
big = 10 ** 50
t = ('x', 5, 2.5)

class S(str):
    pass

class F:

    def __format__(self, spec):
        return 'F'

    def __str__(self):
        return 'f'

    def __repr__(self):
        return 'r'
o = F()
b = b'abc'
words = s.split()
tbl = str.maketrans('abc', 'xyz')
''', r'''
str("a")
str(b,"utf-8")
str(b,"ascii")
str(o)
repr(o)
format(o)
format(o,"x")
f"{o}"
f"{o!r}"
f"{o:x}"
'%s-%d-%5.2f' % t
'%s' % i
'%d' % i
'%i' % f
'%5d' % i
'%-10s|' % s
'%05d' % i
'%+d' % i
'%x' % i
'%X' % i
'%#x' % i
'%o' % i
'%e' % f
'%g' % f
'%f' % f
'%.3f' % f
'%10.3f' % f
'%c' % 65
'%c' % "x"
'%%' % ()
'%s %s' % ("a","b")
'%r' % u
'%a' % u
'%(a)s' % d
'%(a)d %(b).1f' % d
'%s' % o
'%s' % (t,)
'%d' % big
'%*d' % (5,3)
'%s' % None
'%s=%r, ' % ("a",1)
'%d/%d/%d' % (1,2,3)
'%02d:%02d:%02d' % (1,2,3)
f"{i}"
f"{f}"
f"{i:d}"
f"{i:5d}"
f"{i:05d}"
f"{i:x}"
f"{i:#x}"
f"{i:b}"
f"{i:,}"
f"{i:_}"
f"{i:e}"
f"{f:.2f}"
f"{f:10.3f}"
f"{f:g}"
f"{f:e}"
f"{f:%}"
f"{f:,.2f}"
f"{s:>30}"
f"{s:^30}"
f"{s:*<30}"
f"{s:.5}"
f"{s}"
f"{s}{i}"
f"a{i}b{f}c"
f"{i!s}"
f"{i!r}"
f"{i=}"
f"{big}"
f"{big:,}"
f"{d['a']}"
f"{s!r:>30}"
f"{i+1}"
f"{W}{s}"
f"{None}"
f"{True}"
f"{lst[0]}-{lst[1]}-{lst[2]}"
"{}".format(i)
"{}".format(s)
"{} {}".format(s,i)
"{0} {1} {0}".format(s,i)
"{:d}".format(i)
"{:>10}".format("a")
"{:.2f}".format(f)
"{:,}".format(i)
"{a} {b}".format(a=1,b=2)
"{!r}".format(s)
"{0[0]}".format(t)
"{0.real}".format(i)
"{:{}}".format("a",10)
"{a}".format_map(d)
"{{}}".format()
"{:05.1f}|{:x}".format(f,i)
format("a","10")
format(i)
format(s)
format(big,"x")
format(1+2j)
format(1+2j,".2f")
format(True)
format(None)
format(i,"n")
format(i,"10")
format(i,"<10")
format(i,"^10")
format(i,"b")
format(i,"c")
format(f,"10")
format(f,"n")
s.split("o")
s.split("o",1)
s.rsplit("o",1)
s.split("zzz")
L.split("x")
L.count("x")
L.find("y")
L.rfind("y")
L.replace("x","yy")
L.replace("x","")
L.lower()
L.title()
L.encode()
LW.encode()
LW.encode("utf-16-le")
L.isalpha()
LW.isalpha()
LW.upper()
LW.lower()
L+"a"
LW+"a"
"a"+LW
L*10
LW*2
L[::-1]
LW[::-1]
L[10:500]
LW[5:50]
L==L[:-1]+"x"
L<L+"a"
"y" in L
"y" in LW
"中文" in LW
L.strip("x")
L.partition("y")
L.translate(tbl)
s.translate(tbl)
W.translate(tbl)
str.maketrans({"a":"b"})
u.split()
e.split()
u.strip()
u.capitalize()
u.swapcase()
W.isalnum()
u.isidentifier()
u.isprintable()
e.encode()
e.encode("utf-16")
e.encode("utf-8")
b.decode()
u.find("w")
u.count("l")
u.replace("l","LL")
W.replace("文","x")
u+W
u==W
u<W
u in W
e[0]
u[1]
W[0]
W[1:]
list(u)
list(W)
list(e)
"".join(lst)
", ".join(lst)
"".join(words)
"\n".join(lst)
"".join([u,W])
"".join(x for x in lst)
" ".join(map(str,range(10)))
"".join(["a"])
"".join([])
"-".join("abc")
S("a")
S(5)
S("a")==S("a")
S("a")+"b"
S("ab").upper()
S("a b").split()
hash(S("a"))
[*s]
dict.fromkeys(s)
list(reversed(s))
enumerate(s)
list(zip(s,s))
s.encode("utf-8")
s.encode("cp1252")
u.encode("ascii","ignore")
u.encode("ascii","replace")
u.encode("ascii","backslashreplace")
u.encode("ascii","xmlcharrefreplace")
u.encode("utf-7")
u.encode("unicode_escape")
u.encode("idna")
u.encode("utf-8-sig")
u.encode("utf-32-le")
s.encode("rot13") if 0 else 1
s.expandtabs(4)
"a\tb".expandtabs()
"a\nb\rc\r\n".splitlines()
"a\nb".splitlines(True)
s.center(30,"*")
s.zfill(40)
"-5".zfill(5)
s.startswith("w",6)
s.endswith("o",0,5)
s.index("w",2)
s.count("o",2,9)
s.find("o",-5)
s>"a"
s>=s
"a"<"b"
"a"!="b"
s is s
not s
len(u)
s.__eq__("a")
s.__lt__("a")
s.__mod__(())
s.__mul__(2)
s.__iter__()
s.__str__()
s.__repr__()
s.__sizeof__()
s.__getnewargs__()
max("a","b")
min(lst)
max(lst,key=len)
sorted(lst)
sorted(lst,key=len)
sorted(lst,reverse=True)
sorted(lst,key=str.lower)
'''

GROUPS["bytes"] = r'''
b = b"hello world foo bar"
B = b"abc " * 200
ba = bytearray(b"hello world")
m = memoryview(b)
u8 = "h\u00e9llo".encode()
t256 = bytes(range(256))
st = b"  pad "
''', r'''
b.upper()
b.lower()
b.title()
b.capitalize()
b.swapcase()
b.split()
b.split(b" ")
b.rsplit(None,1)
b.find(b"foo")
b.find(102)
b.rfind(b"foo")
b.index(b"o")
b.rindex(b"o")
b.count(b"o")
b.count(b"zz")
b.replace(b"foo",b"qux")
b.replace(b"o",b"0")
b.replace(b"o",b"00")
b.replace(b"zz",b"")
b.startswith(b"he")
b.startswith((b"x",b"he"))
b.endswith(b"ar")
b.strip()
st.strip()
b.lstrip(b"he")
b.rstrip(b"r")
b.decode()
u8.decode()
b.decode("latin-1")
b.decode("ascii")
b.hex()
b.hex(":")
bytes.fromhex("00ff10")
b[3]
b[2:5]
b[::2]
b+b
b*3
b"o" in b
111 in b
b==B
b!=B
b<B
hash(b)
len(b)
b.join([b"a",b"b"])
B.split()
B.split(b" ")
list(b)
bytes(10)
bytes([1,2,3])
bytes(b)
bytes()
bytearray(b)
bytearray()
bytearray(10)
bytearray([1,2])
b.isalpha()
b.isalnum()
b.isdigit()
b.isspace()
b.islower()
b.isupper()
b.istitle()
b.isascii()
b.partition(b" ")
b.rpartition(b" ")
b.splitlines()
b.expandtabs()
b.zfill(30)
b.center(30)
b.ljust(30)
b.rjust(30)
b.translate(t256)
b.translate(None,b"l")
bytes.maketrans(b"a",b"b")
b.removeprefix(b"he")
b.removesuffix(b"ar")
memoryview(b)
bytes(ba)
bytes(m)
repr(b)
str(b)
"%s"%b
b"%s-%d"%(b,3)
ba.find(b"w")
ba[2:5]
ba[1]
ba.decode()
ba.upper()
ba.split()
ba.count(b"o")
ba.replace(b"o",b"0")
ba.startswith(b"he")
ba.strip()
ba.append(1);ba.pop()
ba.extend(b"ab");del ba[-2:]
ba.insert(0,1);ba.pop(0)
ba.remove(104);ba.insert(0,104)
ba.reverse()
ba.copy()
ba==b
ba+b
ba*2
b"w" in ba
ba.hex()
ba.join([b"a",b"b"])
len(ba)
repr(ba)
ba.isalpha()
ba.translate(t256)
m[3]
m[2:5]
m.tobytes()
m.tolist()
m.hex()
m==b
len(m)
m.cast("B")
m.release and 1
m.nbytes
hash(m)
list(m)
bytes.__new__(bytes,b)
max(b)
sum(b)
int.from_bytes(b,"big")
int.from_bytes(b,"little")
b.find(b"foo",3)
B.replace(b"abc",b"x")
B.find(b"zz")
B.count(b"abc")
'''

GROUPS["bytes2"] = r'''
b = b'hello world foo bar'
B = b'abc ' * 300
ba = bytearray(b'hello world')
m = memoryview(b)
mb = memoryview(bytearray(100))
L = list(range(200))
e = bytearray()
s = 'hello'
t = (1, 2, 3)
import array
a = array.array('i', range(10))
ma = memoryview(a)
it = iter
''', r'''
bytes(5)
bytes(L)
bytes(t)
bytes(range(10))
bytes(s,"utf-8")
bytearray(5)
bytearray(ba)
bytearray(L)
bytearray(t)
bytearray(s,"utf-8")
bytearray(m)
memoryview(ba)
memoryview(a)
bytearray(b"")
ba[:]
ba[0]
ba[0]=104
ba[0:2]=b"he"
ba+=b"a";ba.pop()
b+ba
ba*3
b==ba
ba==ba
b<ba
b!=b
b[1:5]
b[::-1]
for x in b: pass
for x in ba: pass
list(ba)
tuple(b)
sorted(b)
set(b)
b"zz" in B
ba.find(b"o")
b.find(111)
B.count(b"a")
B.replace(b"a",b"b")
ba.replace(b"l",b"L")
ba.partition(b" ")
b.endswith((b"a",b"r"))
b.hex(" ")
b.hex(":",2)
bytearray.fromhex("00ff10")
B.decode("utf-16","replace")
b.translate(None,b"o")
b.translate(bytes(range(256)))
b.join([b,b])
b"".join([b,b,b])
b",".join([b"a"]*20)
b"%s-%d" % (b"a",3)
b"%d" % 3
b"%5.2f" % 3.14
b"%x" % 255
b"%a" % "x"
b"%b" % b
ba % ()
ba.insert(0,5);ba.pop(0)
ba.remove(111);ba.append(111)
ba.clear();ba.extend(b"hello world")
bool(b)
int(b"123")
float(b"1.5")
int.from_bytes(b"abcd","little")
int.from_bytes(ba,"big")
b.__getitem__(1)
b.__add__(b)
b.__contains__(111)
iter(b)
iter(ba)
reversed(b)
enumerate(b)
min(ba)
list(map(chr,b))
bytes(x^1 for x in b)
bytes([x for x in b])
bytes(map(int,b))
m[0]
m[1:5]
m[::2]
m[-1]
mb.cast("i")
mb.cast("B",[10,10])
m.shape
m.format
m.itemsize
m.readonly
m.obj
m.ndim
m.strides
m.contiguous
m.c_contiguous
m.toreadonly()
memoryview(b).release()
m==m
for x in m: pass
mb[0]=5
mb[0:3]=b"abc"
ma[3]
ma.tolist()
ma[2:5].tolist()
ma==ma
with memoryview(b) as q: pass
ma.hex()
ma.cast("B").tobytes()
mb.cast("I")[0]
m.tobytes("A")
104 in m
b.find(m[:2])
b.join([m,m])
ba.extend(m);del ba[-19:]
repr(m) and 1
m.suboffsets
ba.__alloc__()
ba.__sizeof__()
b.maketrans(b"ab",b"cd")
b.index(b"w")
ba.pop();ba.append(100)
ba.isalnum()
bytes(bytearray(3))
bytes(memoryview(ba))
bytearray(range(5))
bytearray(iter([1,2]))
bytes(iter([1,2]))
b[:]
b[2:]
b[:-1]
'''
