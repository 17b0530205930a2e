# SPDX-License-Identifier: MIT
"""Dicts, their views, and merging."""

GROUPS = {}

GROUPS["dict"] = r'''
d = {i: str(i) for i in range(20)}
e = {"a": 1, "b": 2, "c": 3}
ks = list("abcdefgh")
items = [("a", 1), ("b", 2)]
f = dict(e)
big = {str(i): i for i in range(200)}
dt = {(i, i): i for i in range(10)}
''', r'''
d[5]
e["a"]
dt[(5,5)]
d.get(5)
d.get(99)
d.get(99,0)
e.get("a")
5 in d
99 not in d
len(d)
d.copy()
e.copy()
dict(d)
dict(e)
dict()
dict(items)
dict(e,z=3)
list(d)
list(d.items())
list(d.values())
list(d.keys())
d.keys()&e.keys()
e.keys()
e.keys()-d.keys()
e.keys()==f.keys()
e.items()==f.items()
{**d,**e}
{**e}
e==d
e==f
dict(a=1,b=2)
dict.fromkeys(ks)
dict.fromkeys(ks,0)
dict(zip(ks,ks))
e.setdefault("a",1)
f.setdefault("zz",1);del f["zz"]
e.pop("z",0)
f["q"]=1;f.pop("q")
f["q"]=1;f.popitem()
f.update(e)
f.update(d);f.clear()
e.update(a=5)
f.update(items)
sorted(d)
repr(e)
str(e)
{"x":1,"y":2}
{}
{"a":1}
{"a":1,"b":2,"c":3,"d":4}
{1:2,3:4}
d.items()
d.values()
iter(d)
sum(d)
max(d)
d.__getitem__(5)
d.__contains__(5)
d.__setitem__(5,1)
{k:1 for k in ks}
for k in d:pass
for k,v in d.items():pass
for v in d.values():pass
reversed(d)
list(reversed(d))
big.copy()
dict(big)
list(big.items())
big.get("55")
"x" in big
e["a"]=5
bool(d)
d==d.copy()
sorted(d.items())
a={};a["x"]=1;a["y"]=2
a={};a[1]=1;a[2]=2
{k:v for k,v in e.items()}
hash(frozenset(e))
'''

GROUPS["dict2"] = r'''
d = {i: str(i) for i in range(20)}
e = {"a": 1, "b": 2, "c": 3}
f = {}
''', r'''
d|e
f|=e
f.update(d)
f.update(e)
d|d
next(iter(d))
next(iter(d.items()))
list(e)
e.keys()|d.keys()
e.keys()^d.keys()
e.keys()<=d.keys()
"a" in e.keys()
("a",1) in e.items()
1 in e.values()
len(e.keys())
e.keys().isdisjoint(d)
e.keys().mapping
'''

GROUPS["dict3"] = r'''
d = {i: i for i in range(20)}
e = {'a': 1, 'b': 2, 'c': 3}
f = dict(e)
big = {str(i): i for i in range(500)}
pairs = [('a', 1), ('b', 2)]
ks = ['a', 'b', 'c']
from collections import *
dd = defaultdict(list)
od = OrderedDict(e)
c = Counter('hello')
cm = ChainMap({}, e)

class Ds(dict):
    pass

class Dm(dict):

    def __missing__(self, k):
        return k
ds = Ds(e)
dm = Dm()
tk = {(1, 2): 3}
fk = {1.5: 2}
import types
mp = types.MappingProxyType(e)

class K:

    def __hash__(self):
        return 5

    def __eq__(self, o):
        return self is o
k = K()
kd = {k: 1}
full = {i: i for i in range(1000)}
half = {i: i for i in range(500, 1500)}
ud = UserDict(e)
ul = UserList([1, 2])
us = UserString('ab')
NT = namedtuple('NT', 'a b')
nt = NT(1, 2)
strs = [str(i) for i in range(500)]
dq = deque(range(50))
dq5 = deque(maxlen=5)
''', r'''
dict(pairs)
dict(a=1)
dict(a=1,b=2,c=3)
dict(e,a=1)
dict([])
dict({})
dict(ds)
dict(od)
{**e,"z":1}
{**e,**d}
{"a":1,**e}
e["a"]=1
e.get("zz")
e.get("zz",0)
f.setdefault("q",1);f.pop("q")
e.pop("zz",None)
f["q"]=1;del f["q"]
"a" in e
"zz" in e
"zz" not in e
len(e)
bool(e)
e.values()
e.items()
list(e)
list(e.keys())
list(e.values())
list(e.items())
sorted(e)
sorted(e.items())
full.copy()
e.update(f)
e.update(a=1)
e.update(pairs)
e.update({})
e.update({"a":5})
d.update(d)
full.update(half);full=None if 0 else full
big.update(big)
f.clear();f.update(e)
dict(full)
e
f
{"z":1}
full
half
dict.fromkeys(range(10))
dict.fromkeys("abc")
dict.fromkeys(strs)
e!=d
for k2 in e: pass
for k2,v in e.items(): pass
for v in e.values(): pass
for k2 in e.keys(): pass
for k2 in list(e): pass
for k2,v in big.items(): pass
for k2,v in sorted(e.items()): pass
iter(e)
next(iter(e))
reversed(e)
list(reversed(e))
str(d)
e.keys()&d.keys()
{"x"}
e.keys()-{"a"}
e.keys()=={"a","b","c"}
"a" in e.keys()
1 in e.values()
("a",1) in e.items()
len(e.items())
e.items()&f.items()
set(e)
set(e.items())
tuple(e)
max(e)
max(e,key=e.get)
sum(e.values())
min(e.values())
{v:k2 for k2,v in e.items()}
{k2:v for k2,v in zip(ks,ks)}
{k2:1 for k2 in ks}
{x:x for x in range(20)}
{str(x):x for x in range(20)}
{k2:v for k2,v in e.items() if v>1}
tk[1,2]
tk[(1,2)]=3
fk[1.5]
kd[k]
kd[k]=1
dm["x"]
dm.get("x")
ds["a"]
ds["a"]=1
Ds()
Ds(e)
ds.get("a")
mp["a"]
mp.get("a")
len(mp)
mp.keys()
"a" in mp
mp.copy()
types.MappingProxyType(e)
list(mp)
e.__getitem__("a")
e.__contains__("a")
e.__len__()
e.__setitem__("a",1)
dict.get(e,"a")
e.__iter__()
e.__eq__(f)
e.__or__(f)
dd["a"]
dd["b"].append(1)
dd.get("a")
defaultdict()
defaultdict(list)
defaultdict(int,e)
dd["n"];del dd["n"]
defaultdict(lambda:1)["x"]
od["a"]
od["a"]=1
od["z"]=1;del od["z"]
od.pop("a");od["a"]=1
od.move_to_end("a")
od.move_to_end("a",False)
OrderedDict(e)
OrderedDict()
OrderedDict(pairs)
od.copy()
od==e
for x in od: pass
for x in od.items(): pass
od.setdefault("a",1)
od.update(e)
od
list(od.values())
len(od)
"a" in od
od.get("z")
repr(od)
reversed(od)
od.popitem(False);od["a"]=1
Counter()
Counter("hello world")
Counter(ks)
Counter(e)
Counter(x for x in ks)
c["h"]
c["zz"]
c["h"]+=1
c.update("hi")
c.most_common(1)
c.most_common()
c+c
+c
c.total()
c.elements()
sum(c.values())
cm["a"]
cm.get("zz")
"a" in cm
cm.new_child()
ChainMap(e)
list(cm)
len(cm)
cm["zz"]=1;del cm["zz"]
ud["a"]
ud["a"]=1
UserDict()
UserDict(e)
ul[0]
ul.append(1);ul.pop()
us+"a"
us.upper()
"a" in ud
NT(1,2)
NT(a=1,b=2)
nt.a
nt[0]
a,b=nt
nt==nt
hash(nt)
repr(nt)
nt._replace(a=2)
nt._asdict()
nt._fields
NT._make([1,2])
len(nt)
dq.append(1);dq.pop()
dq.appendleft(1);dq.popleft()
dq.popleft();dq.append(1)
dq[0]
dq[25]
dq[-1]
dq5.append(1)
dq.extend([1,2]);dq.pop();dq.pop()
dq.extendleft([1,2]);dq.popleft();dq.popleft()
deque()
deque([1,2,3])
deque(maxlen=5)
deque([1,2],5)
list(dq)
for x in dq: pass
5 in dq
dq.rotate(2)
dq.rotate()
dq.copy()
len(dq)
bool(dq)
dq.clear();dq.extend(range(50))
dq==dq
dq+dq
dq*2
dq.index(5)
dq.count(5)
dq.maxlen
reversed(dq)
repr(dq)
sum(dq)
sorted(dq)
max(dq)
tuple(dq)
dq[3]=3
f.pop("a");f["a"]=1
for s in strs: big[s]
for s in strs: s in big
for s in strs: big[s]=1
{s:1 for s in strs}
len({s:1 for s in strs})
d.pop(5);d[5]=5
d.keys()>=e.keys()
e.items()<=f.items()
e.__class__
e.__sizeof__()
e.popitem();e["c"]=3
'''

GROUPS["merge"] = r'''
t = True
i = 12345
k = 10 ** 30
m = 10 ** 50
p = 2 ** 500
q = 3 ** 300
d = {i: i for i in range(20)}
e = {'a': 1}
s = set(range(10))
z = {3, 4}
full = {i: i for i in range(1000)}
half = {i: i for i in range(500, 1500)}
fs = frozenset(z)
from collections import Counter, OrderedDict
c = Counter('ab')
od = OrderedDict(e)
import enum

class Fg(enum.Flag):
    A = 1
    B = 2
''', r'''
i|1
t|t
t|i
k|m
p|q
d|e
e|d
full|half
f=dict(full);f.update(half)
f=dict(d);f.update(full)
f={};f.update(full)
f={};f.update(d)
f=dict(e);f.update(d)
f=dict(full);f|=half
f=dict(e);f.update(b=1)
f=dict(e);f.update([(1,2)])
f=full.copy();f.update(full)
s|z
s|=z
fs|z
c|c
od|e
e|od
Fg.A|Fg.B
int|str
e.keys()|d.keys()
f={**d,**e}
f={**full,**half}
f=OrderedDict(od);f.update(d)
x=i;x|=3
f=set(s);f|=set(range(100))
f=set(s);f.update(range(100))
f=set(s);f.update(d)
'''
