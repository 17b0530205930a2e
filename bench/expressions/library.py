# SPDX-License-Identifier: MIT
"""Regular expressions, dates, decimal, JSON, CSV, pickle, files, paths."""

GROUPS = {}

GROUPS["re"] = r'''
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
''', r'''
p.search(s)
p.match(s)
p.match("joe@example.com")
p.fullmatch("joe@example.com")
p.findall(s)
w.findall(s)
list(w.finditer(s))
w.match(s)
w.sub("x",s)
w.sub(lambda m:"x",s)
w.sub(r"<\g<0>>",s)
w.subn("x",s)
sp.split(s)
sp.split(s,1)
dg.search(s)
dg.findall(s)
dg.sub("",s)
alt.search(s)
alt.findall(s)
lit.search(L)
lit.search(s)
ic.search(s)
m.group()
m.group(1)
m.group(1,2)
m.groups()
m.start()
m.end()
m.span()
m.span(1)
m[1]
mg.groupdict()
mg["a"]
mg.group("a")
m.expand(r"\1-\2")
m.string
m.lastindex
m.regs
ng.match("k=v")
re.compile(r"\w+")
re.match(r"\w+",s)
re.search("foo",s)
re.sub("foo","x",s)
re.split(",",s)
re.findall(r"\w+",s)
re.escape(s)
b.findall(b"a bc d")
lazy.search("xxabbbbc")
back.search("hello")
la.findall(s)
re.fullmatch("a+","aaaa")
p.scanner(s).search()
w.findall(L)
p.groupindex
hash(p)
p==p
repr(p)
repr(m)
'''

GROUPS["json"] = r'''
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
''', r'''
json.dumps(o)
json.loads(js)
json.dumps(big)
json.loads(bjs)
json.dumps(o,indent=2)
json.dumps(o,sort_keys=True)
json.dumps("text")
json.dumps(1)
json.loads("1")
json.loads("[1,2,3]")
json.dumps([1.5]*10)
struct.pack("<IHd",1,2,3.0)
struct.unpack("<IHd",pk)
St.pack(1,2,3.0)
St.unpack(pk)
struct.calcsize("<IHd")
list(struct.iter_unpack("<H",b))
struct.unpack_from("<H",b,2)
struct.pack("10s",b"abc")
struct.pack(">q",5)
pickle.dumps(o)
pickle.loads(pd)
pickle.dumps(big)
pickle.loads(pb)
pickle.dumps(a)
pickle.loads(pa)
pickle.dumps(lst)
pickle.loads(pl)
pickle.dumps(1)
pickle.loads(b"K\x01.")
pickle.dumps("abc")
pickle.dumps([1,2,3])
pickle.dumps((1,2))
pickle.dumps(o,0)
pickle.loads(pickle.dumps(o,0))
pickle.dumps(1.5)
pickle.dumps(10**30)
pickle.dumps({1,2})
pickle.loads(pickle.dumps({1,2}))
pickle.dumps(len)
marshal.dumps(big)
marshal.loads(md)
marshal.loads(mc)
marshal.dumps(code)
copy.copy(o)
copy.copy(a)
copy.deepcopy(o)
copy.deepcopy(a)
copy.copy(big)
base64.b64encode(b)
base64.b64decode(b64)
binascii.hexlify(b)
binascii.crc32(b)
binascii.unhexlify("00ff")
zlib.compress(b)
zlib.crc32(b)
zlib.adler32(b)
zlib.decompress(zlib.compress(b))
hashlib.md5(b).hexdigest()
hashlib.sha256(b).digest()
hashlib.sha1(b)
hashlib.blake2b(b).digest()
hashlib.sha3_256(b).digest()
list(csv.reader(["a,b,c","1,2,3"]))
csv.writer(io.StringIO()).writerow([1,2,"a"])
uuid.UUID("12345678123456781234567812345678")
uuid.uuid4()
str(uuid.UUID(int=5))
fr+f2
fr*f2
fr/f2
fr-f2
fr<f2
fractions.Fraction(1,3)
fractions.Fraction("1/3")
float(fr)
hash(fr)
D+D
D*D
str(D)
'''

GROUPS["dt"] = r'''
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
''', r'''
dt.date(2024,5,6)
dt.datetime(2024,5,6,7,8,9)
dt.time(1,2,3)
dt.timedelta(1)
dt.timedelta(days=1,hours=2)
dt.timedelta(seconds=1.5)
D-D2
D+td
D-td
d+td2
d-d
td+td2
td*3
td/2
td//2
td/td2
-td
abs(td)
D<D2
D==D2
d<d
td<td2
hash(D)
hash(d)
hash(td)
str(D)
str(d)
str(t)
str(td)
repr(D)
repr(td)
D.isoformat()
d.isoformat()
t.isoformat()
D.strftime("%Y-%m-%d")
d.strftime("%d/%m")
dt.datetime.fromisoformat("2024-05-06T07:08:09")
dt.date.fromisoformat("2024-05-06")
dt.time.fromisoformat("01:02:03")
dt.datetime.strptime("2024-05-06","%Y-%m-%d")
D.replace(year=2020)
d.replace(day=1)
D.date()
D.time()
D.timestamp()
DU.timestamp()
dt.datetime.fromtimestamp(1e9)
dt.datetime.utcfromtimestamp(1e9)
dt.datetime.fromtimestamp(1e9,U)
dt.datetime.now()
dt.date.today()
D.weekday()
d.isoweekday()
d.isocalendar()
d.toordinal()
dt.date.fromordinal(738000)
D.timetuple()
td.total_seconds()
D.year
D.month
D.hour
td.days
td.seconds
DU.astimezone(z)
DU.utcoffset()
DU-DU
DU==DU
dt.datetime.combine(d,t)
dt.timezone(td2/10)
D.ctime()
time.time()
time.perf_counter()
time.monotonic()
time.localtime(1e9)
time.gmtime(1e9)
time.strftime("%Y",time.gmtime(0))
time.mktime(time.localtime(1e9))
format(D,"%Y")
calendar.timegm(D.timetuple())
calendar.monthrange(2024,2)
'''

GROUPS["io"] = r'''
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
''', r'''
io.StringIO()
io.StringIO(text)
io.StringIO(text).read()
io.StringIO(text).readlines()
list(io.StringIO(text))
si.write("abc");si.seek(0)
si.getvalue()
si.tell()
s=io.StringIO();s.write("a");s.write("b");s.getvalue()
io.BytesIO()
io.BytesIO(data)
io.BytesIO(data).read()
io.BytesIO(data).readline()
list(io.BytesIO(data))
bi.write(b"abc");bi.seek(0)
bi.getvalue()
bi.getbuffer()
f.seek(0);f.read()
f.seek(0);f.readline()
f.seek(0);f.readlines()
f.seek(0);list(f)
f.seek(0)
f.tell()
fb.seek(0);fb.read()
fb.seek(0);fb.readline()
fb.seek(0);list(fb)
fb.seek(0);fb.read(10)
fb.peek(1)
w.write("abc")
w.write(text)
w.flush()
wb.write(b"abc")
wb.write(data)
print("a",file=w)
print("a","b",1,file=w)
print(file=w)
w.writelines(["a","b"])
with open(fn) as q: q.read()
with open(fn,"rb") as q: q.read()
open(fn).close()
open(fn,"rb",0).close()
io.TextIOWrapper(io.BytesIO(data)).read()
io.BufferedReader(io.BytesIO(data)).read(3)
os.stat(fn)
os.path.exists(fn)
os.path.join("a","b","c")
op.split("/a/b/c.txt")
op.splitext("/a/b/c.txt")
op.basename("/a/b/c.txt")
op.dirname("/a/b/c.txt")
op.normpath("/a/../b//c")
op.abspath("x")
op.isfile(fn)
os.getcwd()
os.getpid()
os.listdir("/etc")
list(os.scandir("/etc"))
os.environ["PATH"]
os.environ.get("X")
os.fspath(P)
Path("a")/"b"
P.name
P.suffix
P.parent
str(P)
PurePath("a/b")
os.access(fn,4)
os.getenv("HOME")
f.fileno()
f.closed
fb.tell()
'''

GROUPS["lib"] = r'''
import re
import datetime as dt
import decimal
import fractions
import json
import csv
import io
import os
import os.path as op
import time
import calendar
import pickle
import base64
import binascii
import zlib
import hashlib
import uuid
import urllib.parse as up
import html
import textwrap
import shlex
import string
import pprint
import tempfile
import pathlib
import configparser
import logging
import argparse
import collections.abc as cabc
import numbers
import ipaddress
import email.utils
import unicodedata
import codecs
import locale
import traceback
import linecache
import tokenize
import ast
import dis
import keyword
import difflib
import fnmatch
import glob
import stat
import shutil
import socket
import select
import errno
import xml.etree.ElementTree as ET
import hmac
import secrets
import zoneinfo
import bisect
import gettext
import types
import warnings
import platform
import struct
import marshal
import _random
import token
D = dt.datetime(2024, 5, 6, 7, 8, 9)
d = dt.date(2024, 5, 6)
t = dt.time(1, 2)
td = dt.timedelta(1, 2, 3)
U = dt.timezone.utc
DU = D.replace(tzinfo=U)
zi = zoneinfo.ZoneInfo('Europe/Paris') if os.path.exists('/usr/share/zoneinfo/Europe/Paris') else U
DZ = D.replace(tzinfo=zi)
De = decimal.Decimal
x = De('1.5')
y = De('2.25')
bigd = De(10) ** 50
F = fractions.Fraction
fr = F(1, 3)
fs = F(2, 7)
o = {'a': [1, 2.5, None, True, 'text'], 'b': {'c': 'd'}}
js = json.dumps(o)
rows = [['a', 'b', 'c'], ['1', '2', '3']] * 10
csvt = 'a,b,c\n1,2,3\n' * 10
recs = [{'id': i, 'name': 'n%d' % i, 'v': i * 1.5} for i in range(50)]
rjs = json.dumps(recs)
p = re.compile('\\w+')
p2 = re.compile('(\\d+)-(\\d+)')
txt = 'the quick 12-34 brown fox ' * 5
m = p2.search(txt)
word = re.compile('brown')
em = re.compile('[\\w.]+@[\\w.]+')
nl = re.compile('^\\w+', re.M)
ci = re.compile('fox', re.I)
sub = re.compile('\\s+')
alt = re.compile('fox|dog|cat')
fn = tempfile.mktemp()
open(fn, 'w').write('line of text\n' * 100)
P = pathlib.PurePath('/a/b/c.txt')
PP = pathlib.Path('/tmp')
el = ET.fromstring("<a><b x='1'>t</b><b>u</b></a>")
log = logging.getLogger('x')
log.setLevel(50)
lines = ['x = 1', 'y'] * 10
pk = pickle.dumps(o)
pr = pickle.dumps(recs)
b = b'hello world' * 10
dn = os.open('/dev/null', os.O_WRONLY)
dz = os.open('/dev/zero', os.O_RDONLY)
wf = open('/dev/null', 'w')
wb = open('/dev/null', 'wb')
rf = open(fn)
rb = open(fn, 'rb')
si = io.StringIO()
bi = io.BytesIO(b'line\n' * 100)
raw = open('/dev/null', 'wb', 0)
node = ast.parse('a+b*c')
cfg = configparser.ConfigParser()
cfg.read_string('[a]\nb=1\n')
ip = ipaddress.ip_address('1.2.3.4')
parser = argparse.ArgumentParser()
parser.add_argument('--x', type=int)
''', r'''
p.match(txt)
p.search(txt)
p.findall(txt)
[z.group() for z in p.finditer(txt)]
p2.search(txt)
p2.findall(txt)
p.sub("x",txt)
p.sub(lambda q:"y",txt)
p2.sub(r"\2-\1",txt)
sub.sub(" ",txt)
sub.split(txt)
word.search(txt)
word.findall(txt)
em.search(txt)
em.match("a.b@c.d")
nl.findall(txt)
ci.findall(txt)
alt.findall(txt)
m.group(1)
m.groups()
m.span()
m.group(0,1,2)
m[2]
m.start(1)
m.expand(r"\1")
re.match("a","b")
re.sub("a","b","abc")
re.split(r"\s","a b c")
re.compile("a")
re.escape("a.b")
re.findall("o",txt)
re.fullmatch(r"\d+","12345")
re.search(r"(?i)FOX",txt)
re.match(r"(a|b)*c","ababababc")
re.match(r"a{3,5}","aaaaaa")
re.match(r"[^,]*,","hello world,")
re.match(r".*fox",txt)
re.search(r"\bfox\b",txt)
re.search(r"(?<=k )\w",txt)
bool(p.match(txt))
dt.datetime.now()
dt.datetime.utcnow()
dt.date.today()
D+td
D-D
D-td
D<DU.replace(tzinfo=None)
D==D
hash(D)
str(D)
D.isoformat()
D.strftime("%Y-%m-%d %H:%M:%S")
D.timestamp()
D.replace(hour=1)
D.date()
D.year
D.weekday()
d+td
d-d
str(d)
d.isoformat()
d.timetuple()
D.timetuple()
td*2
td+td
td/2
str(td)
td.total_seconds()
dt.timedelta(days=1)
dt.timedelta(seconds=1.5)
dt.datetime(2024,1,1)
dt.datetime(2024,1,1,tzinfo=U)
dt.datetime.fromisoformat("2024-05-06T07:08:09+02:00")
dt.datetime.strptime("2024-05-06","%Y-%m-%d")
dt.datetime.fromtimestamp(0)
DU.astimezone(zi)
DZ.utcoffset()
DZ.timestamp()
DZ.isoformat()
dt.date(2024,1,1)
dt.time(1,2,3)
t.isoformat()
d.replace(day=1)
d<d
max(d,d)
dt.timezone(td)if 0 else 1
DU.isoformat()
repr(D)
pickle.dumps(D)
D.ctime()
d.isocalendar()
time.time()
time.perf_counter()
time.monotonic()
time.time_ns()
time.localtime()
time.gmtime(0)
time.strftime("%H:%M")
time.strptime("2024","%Y")
time.asctime()
time.sleep(0)
calendar.isleap(2024)
calendar.monthrange(2024,2)
x+y
x*y
x/y
x-y
-x
x==y
x<y
hash(x)
str(x)
repr(x)
float(x)
int(x)
De("1.5")
De(5)
De(1.5)
De(x)
x.quantize(De("0.1"))
x.sqrt()
x**2
x+1
x*2
round(x,1)
bigd*bigd
bigd/3
format(x,".2f")
x.as_tuple()
abs(x)
sum([x,y])
decimal.getcontext()
x.is_nan()
x.normalize()
fr+fs
fr*fs
fr<fs
fr==fs
F(1,3)
F("1/3")
F(0.5)
fr+1
float(fr)
hash(fr)
str(fr)
round(fr)
json.dumps(o)
json.loads(js)
json.dumps(recs)
json.loads(rjs)
json.dumps(o,indent=1)
json.dumps(o,separators=(",",":"))
json.dumps("a")
json.dumps([])
json.dumps({})
json.dumps(list(range(100)))
json.dumps([1.5]*50)
json.dumps({"k":"é"})
json.dumps({"k":"é"},ensure_ascii=False)
json.loads("{}")
json.loads("[1,2,3]")
json.loads('"abc"')
json.loads('"\\u00e9"')
json.loads("1.5")
json.dumps(recs,default=str)
json.loads(rjs,object_hook=dict)
json.loads(rjs,parse_float=str)
json.JSONEncoder().encode(o)
list(csv.reader(csvt.splitlines()))
list(csv.reader(io.StringIO(csvt)))
list(csv.DictReader(io.StringIO(csvt)))
csv.writer(si).writerows(rows);si.seek(0)
csv.writer(io.StringIO()).writerow([1,2.5,"a,b",None])
csv.DictWriter(si,["id","name","v"]).writerows(recs);si.seek(0)
list(csv.reader(['"a","b ""c"""']))
pickle.dumps(o)
pickle.loads(pk)
pickle.dumps(recs)
pickle.loads(pr)
pickle.dumps(1)
pickle.dumps([])
pickle.dumps("a")
pickle.dumps(range(5))
pickle.dumps(list(range(100)))
pickle.loads(pickle.dumps(list(range(100))))
pickle.dumps(fr)
pickle.loads(pickle.dumps(fr))
pickle.dumps(x)
pickle.dumps(td)
pickle.dumps(recs,2)
pickle.dumps(recs,-1)
pickle.dumps([(1,2)]*50)
pickle.dumps([str(z) for z in range(100)])
pickle.dumps({z:z for z in range(100)})
pickle.loads(pickle.dumps({z:z for z in range(100)}))
pickle.dumps([1.5]*100)
pickle.dumps(b*100)
pickle.Pickler(io.BytesIO()).dump(o)
pickle.Unpickler(io.BytesIO(pk)).load()
marshal.dumps(o)
marshal.loads(marshal.dumps(o))
base64.b64encode(b)
base64.b64decode(base64.b64encode(b))
base64.urlsafe_b64encode(b)
base64.b32encode(b)
base64.b16encode(b)
base64.b85encode(b)
binascii.hexlify(b)
binascii.crc32(b)
zlib.compress(b)
zlib.crc32(b)
hashlib.md5(b).hexdigest()
hashlib.sha256(b).hexdigest()
hashlib.sha1(b).digest()
hashlib.new("md5")
hmac.new(b"k",b,"sha256").digest()
secrets.token_hex(8)
uuid.uuid4()
uuid.uuid1()
str(uuid.UUID(int=5))
up.quote("a b/c")
up.unquote("a%20b")
up.urlparse("http://a.b/c?d=e#f")
up.urlencode({"a":1})
up.parse_qs("a=1&b=2")
up.urljoin("http://a/b","c")
up.urlsplit("http://a.b/c")
html.escape("<a>")
op.join("a","b")
op.join("/a","b","c")
op.split("/a/b")
op.basename("/a/b")
op.dirname("/a/b")
op.splitext("a.txt")
op.normpath("a/b")
op.exists("/tmp")
op.isdir("/tmp")
op.getsize(fn)
op.expanduser("~")
op.realpath("/tmp")
op.relpath("/a/b","/a")
op.commonprefix(["ab","ac"])
op.isabs("/a")
op.commonpath(["/a/b","/a/c"])
op.expandvars("$HOME/x")
op.islink(fn)
op.getmtime(fn)
os.stat(fn).st_size
[z.name for z in os.scandir("/etc")]
os.environ.get("ZZ")
os.environ["ZZ"]="1"
os.fsencode("a")
os.fsdecode(b"a")
os.write(dn,b"a")
os.read(dz,10)
os.urandom(8)
os.times()
os.umask(18)
os.cpu_count()
os.path.samefile(fn,fn)
os.fstat(dn)
os.lseek(dz,0,0)
os.close(os.dup(dn))
os.getuid()
os.strerror(2)
os.open(fn,0)if 0 else 1
os.pipe if 0 else 1
list(os.walk("/etc/none"))
stat.S_ISDIR(16384)
stat.filemode(33188)
P.stem
P/"x"
pathlib.PurePath("/a/b")
P.parts
P.with_suffix(".x")
P==P
hash(P)
PP.exists()
PP/"a"/"b"
P.relative_to("/a")
P.match("*.txt")
PP.is_dir()
shutil.which("ls")
glob.glob("/etc/*.zz")
tempfile.gettempdir()
socket.inet_aton("1.2.3.4")
socket.htons(5)
socket.gethostname()
select.select([],[],[],0)
errno.ENOENT
wf.write("abc")
wf.write("abc\n")
wf.write(txt)
wf.write("é")
print("a",file=wf)
print(1,2,3,file=wf)
print("a","b",sep="-",end="",file=wf)
print(file=wf)
wf.writelines(lines)
wf.flush()
wb.write(b"a")
wb.write(b)
raw.write(b"a")
wf.fileno()
wf.closed
wf.name
wf.mode
rf.seek(0);rf.read()
rf.seek(0);rf.readline()
rf.seek(0);rf.readlines()
rf.seek(0);list(rf)
rf.seek(0);rf.read(10)
rf.tell()
rf.seek(0);next(rf)
rb.seek(0);rb.read()
rb.seek(0);rb.readline()
rb.seek(0);list(rb)
rb.seek(0);rb.read(10)
rb.read(0)
rb.tell()
rb.seek(0);rb.read1(10)
rb.seek(0);rb.peek(5)
open(fn,"rb").close()
open(fn,encoding="utf-8").close()
with open(fn) as z: z.read()
with open(fn,"rb") as z: z.read()
with open(fn) as z: list(z)
with open(fn) as z: z.readline()
io.StringIO("a")
io.BytesIO(b)
si.write("a");si.seek(0)
si.seek(0);si.read(1)
bi.seek(0);bi.read()
bi.seek(0);bi.readline()
bi.seek(0);list(bi)
bi.seek(0);bi.read(5)
io.TextIOWrapper(io.BytesIO(b"a\nb"))
io.TextIOWrapper(io.BytesIO(b"a\nb")).readline()
list(io.TextIOWrapper(io.BytesIO(b"a\nb\n"*50)))
io.BufferedReader(io.BytesIO(b))
io.BufferedWriter(io.BytesIO())
list(io.StringIO("a\nb\n"*50))
io.StringIO("a\r\nb").readlines()
pathlib.Path(fn).read_text()
pathlib.Path(fn).read_bytes()
linecache.getline(fn,5)
ET.fromstring("<a><b/></a>")
ET.tostring(el)
el.find("b")
el.findall("b")
list(el)
el.tag
el.text
el[0].get("x")
el[0].attrib
ET.Element("a")
ET.SubElement(ET.Element("a"),"b")
el.iter()
list(el.iter())
el.findtext("b")
len(el)
el[0]
zlib.decompress(zlib.compress(b))
locale.getlocale()
dis.stack_effect(1)
list(tokenize.tokenize(io.BytesIO(b"a+b").readline))
traceback.format_exception(ValueError("x"))
"".join(traceback.format_stack()) and 1
struct.unpack("<I",b[:4])
'''
