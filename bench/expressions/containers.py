# SPDX-License-Identifier: MIT
"""Lists, tuples, sets, and what collections adds."""

GROUPS = {}

GROUPS["list"] = r'''
l = list(range(20))
w = [3, 1, 2] * 10
t = tuple(l)
x = ["b", "a", "c"] * 10
f = [1.5, 0.5] * 15
ll = [[1, 2], [0, 3]] * 5
tt = [(1, "b"), (0, "a")] * 5
''', r'''
l.copy()
l[:]
l[2:5]
l[::2]
l+l
l*2
5 in l
99 in l
l.index(7)
l.count(3)
l==t
l==l[:]
l<w
list(t)
tuple(l)
list()
tuple()
len(l)
sum(l)
sum(f)
min(l)
max(l)
max(l,key=abs)
min(l,default=1)
sorted(w)
sorted(x)
sorted(f)
sorted(ll)
sorted(tt)
sorted(w,reverse=True)
sorted(x,key=len)
reversed(l)
list(reversed(l))
any(l)
all(l)
list(map(str,l))
list(map(abs,l))
list(zip(l,l))
list(zip(l,l,l))
dict(zip(l,l))
list(enumerate(l))
list(enumerate(l,1))
[*l,*l]
(*l,)
l[-1]
l[5]
t[5]
t[2:5]
t[::-1]
t+t
t*2
hash(t)
t==t
t==tuple(l)
5 in t
t.index(7)
t.count(3)
list(range(50))
list(range(0,50,2))
tuple(range(20))
l.append(1);l.pop()
l.insert(0,1);l.pop(0)
l.extend(t);del l[20:]
l.extend(l);del l[20:]
l+=t;del l[20:]
l[2:4]=[1,2]
l[3]=5
l.reverse()
w.sort()
f.sort()
x.sort(key=len)
l.remove(5);l.append(5)
c=l[:];c.clear()
(1,2)<(1,3)
(1,2)==(1,3)
repr(w)
repr(t)
str(l)
[].append
list(filter(None,l))
list(filter(str.isalpha,x))
l.__contains__(3)
l.__getitem__(3)
l.__len__()
slice(1,2)
slice(1,2).indices(9)
range(10)
range(1,10)
range(0,10,2)
len(range(10))
5 in range(10)
range(10)[3]
range(10)[2:5]
list(range(10)[::-1])
range(10)==range(10)
hash(range(10))
reversed(range(10))
list(reversed(range(20)))
iter(l)
next(iter(l))
[i for i in l]
[i*2 for i in l if i>5]
(i for i in l)
sum(i for i in l)
a,b,*c=l
a,b,c=1,2,3
[1,2,3]
[l,t]
(l,t)
list("abc")
list(x)
set(l)
frozenset(l)
dict.fromkeys(l)
memoryview(b"a")
enumerate(l)
zip(l,l)
map(str,l)
filter(None,l)
slice(None)
isinstance(l,list)
isinstance(l,(int,str,list))
issubclass(bool,int)
callable(l)
type(l)
id(l)
next(iter([]),None)
iter(l.pop,None)
print
'''

GROUPS["seq"] = r'''
l = list(range(20))
t = tuple(range(20))
E = []
N = list(range(1000))
T2 = [(i % 7, i) for i in range(50)]
st = ['b', 'a'] * 10
r = range(20)
import random
random.seed(1)
sh = random.sample(range(1000), 1000)
fl = [float(x) for x in sh]
ss = [str(x) for x in sh]

class It:

    def __iter__(self):
        return iter((1, 2, 3))

class Gi:

    def __len__(self):
        return 3

    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i
o = It()
g = Gi()
nn = [[1, 2], [3, 4]] * 5
d = {1: 2}
se = {1, 2, 3}

def gen():
    yield 1
    yield 2

class Ls(list):
    pass

class Tp(tuple):
    pass
ls = Ls(l)
''', r'''
list([])
list(l)
list(r)
list(d)
list(se)
list(o)
list(g)
list(gen())
list(zip(l,t))
list(iter(l))
tuple(t)
tuple(r)
tuple(gen())
tuple(o)
tuple(d)
tuple(map(abs,l))
[]
()
[1]
(l,)
[1,2,3,4,5]
[l,l,l,l,l,l]
(l,t,l)
[*l]
[*l,*t]
[0]*10
[0]*1000
[None]*5
(0,)*10
l*3
t*3
l+[1]
l[3]
t[3]
t[-1]
t[:]
t[::2]
l[::-1]
l[5:]
l[:5]
l[-3:]
l[3]=3
l[2:4]=[2,3]
l[::2]=l[::2]
l.append(1);del l[-1]
l.insert(5,1);del l[5]
l.extend([1,2]);del l[-2:]
l+=[1];l.pop()
l.remove(10);l.insert(10,10)
l.index(10)
t.index(10)
l.count(5)
t.count(5)
l.sort()
E.clear()
len(t)
bool(l)
not E
5 in r
5.0 in r
5 in g
l!=t
t==t[:]
l<l[:]
t<t[:]
hash(())
repr(l)
repr(())
repr([])
sorted(l)
sorted(t)
sorted(st)
sorted(T2)
sorted(sh)
sorted(fl)
sorted(ss)
sorted(sh,key=lambda x:-x)
sorted(sh,reverse=True)
sorted(T2,key=lambda x:x[1])
sorted(l,key=str)
min(t)
max(1,2)
max(1,2,3)
max(l,key=lambda x:-x)
max([],default=0)
sum(t)
sum(fl)
sum(N)
sum(x for x in l)
sum([x for x in l])
sum(nn,[])
any(x>10 for x in l)
all(x>=0 for x in l)
any([])
iter(t)
enumerate(l,1)
zip(l,t)
zip(l)
zip()
map(abs,l)
range(5)
range(1,5)
range(1,10,2)
len(r)
r[3]
r[-1]
r[2:5]
r.index(5)
r.count(5)
r==range(20)
hash(r)
repr(r)
r.start
list(range(100))
slice(1)
slice(1,2,3)
slice(1,2).indices(10)
slice(1).start
[x for x in l]
[x+1 for x in l]
[x for x in l if x>5]
[(x,y) for x in (1,2,3) for y in (1,2)]
{x:x for x in l}
{x for x in l}
(x for x in l)
[x for x,y in T2]
[a+b for a,b in zip(l,t)]
[f for i,f in enumerate(l)]
[str(x) for x in l]
[l[i] for i in r]
[x for x in r]
[x for x in "hello"]
[x for x in d]
[[y for y in x] for x in nn]
a,b=1,2
a,b=b,a=1,2
a,*b=l
*a,b=t
a,b,c=se
(a,b),c=(1,2),3
a,b=gen()
for x in l: pass
for x in t: pass
for x in r: pass
for i,x in enumerate(l): pass
for a,b in zip(l,t): pass
for x in reversed(l): pass
for x in o: pass
for x in g: pass
for x in map(abs,l): pass
for x in filter(None,l): pass
for x in iter(l): pass
for a,b in T2: pass
for x in gen(): pass
for x in "hello": pass
for x in sorted(l): pass
for x in l[:]: x+1
l.__iter__()
l.__add__(l)
l.__eq__(l)
t.__getitem__(3)
t.__hash__()
l.__reversed__()
iter(l).__length_hint__()
Ls()
Ls(l)
Tp(l)
Tp()
ls[3]
ls.append(1);ls.pop()
len(ls)
for x in ls: pass
ls[3]=3
Tp(t)==t
list(map(lambda x:x,l))
list(map(lambda x,y:x,l,l))
list(map(int,st[:0]))
list(filter(lambda x:x,l))
dict(zip(l,t))
list(zip(*nn))
list(enumerate("abc"))
set(t)
set(r)
set(gen())
set(map(abs,l))
set(iter(l))
set(o)
frozenset(t)
set("abc")
{*l,*t}
{1,2,3}
set()
frozenset()
frozenset(gen())
se.add(4);se.discard(4)
se
{4}
se&{1}
se-{1}
se^{1}
se<={1,2,3,4}
se=={1,2,3}
1 in se
(1,2) in {(1,2)}
N.index(999)
999 in N
N[:]
N.copy()
list(N)
tuple(N)
N+N
N==N[:]
N.count(1)
N[::-1]
N*2
max(N)
min(N)
max(fl)
min(ss)
set(N)
set(ss)
dict.fromkeys(N)
dict.fromkeys(ss)
[x*2 for x in N]
len(N[100:200])
del N[500];N.insert(500,500)
map(abs,l).__next__()
aiter if 0 else 1
list(iter(lambda:1,1))
iter(gen,2)
tuple([1,2,3])
isinstance(l,(tuple,list))
type(l) is list
l is t
ls==l
l.sort(reverse=True);l.sort()
'''

GROUPS["set"] = r'''
s = set(range(20))
q = set(range(10, 30))
z = frozenset(s)
ks = list("abcdefgh")
l = list(range(20))
w = set()
big = set(range(1000))
kd = dict.fromkeys(ks)
''', r'''
s&q
s|q
s-q
s^q
s&z
s|=q
s&=s
w|=s
w^=s
w-=s
5 in s
99 in s
s.copy()
z.copy()
s==q
s==z
s<=q
s<q
s>=q
s.issubset(q)
s.issuperset(q)
s.union(q)
s.union(l)
s.intersection(q)
s.intersection(l)
s.difference(q)
s.difference(l)
s.symmetric_difference(q)
s.isdisjoint(q)
s.isdisjoint(l)
len(s)
set(ks)
set(l)
frozenset(ks)
frozenset(l)
frozenset(s)
frozenset()
frozenset(z)
set()
set(s)
set(range(20))
set(kd)
frozenset(kd)
list(s)
tuple(s)
s.add(5)
s.discard(99)
s.discard(5);s.add(5)
s.remove(5);s.add(5)
w.add(1);w.pop()
w.clear()
hash(z)
hash(frozenset(l))
sorted(s)
{1,2,3}
{"a","b"}
s.update(ks)
w.update(l)
w.update(s)
w.update(ks);w.clear()
w.update(kd)
5 in z
repr(q)
{i for i in l}
{*l}
for i in s:pass
iter(s)
s.intersection_update(q);s.update(q)
s.difference_update(w)
s.__contains__(5)
bool(s)
z|q
z&q
big.copy()
set(big)
big&s
big-s
s.pop();s.add(0)
s!=q
type(s)()
'''

GROUPS["coll"] = r'''
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
''', r'''
deque()
deque(l)
deque(l,5)
d.append(1);d.pop()
d.appendleft(1);d.popleft()
dm.append(1)
d.extend(l);[d.pop() for _ in l]
d.rotate(1)
d.rotate(-3)
d[0]
d[10]
d[3]=3
len(d)
5 in d
d.count(3)
d.index(5)
list(d)
d.copy()
d==dm
d.reverse()
d.insert(3,1);del d[3]
d.remove(5);d.append(5)
repr(d)
iter(d)
for i in d:pass
reversed(d)
Counter("abracadabra")
Counter(l)
Counter(a=1)
c["a"]
c["zz"]
c["a"]+=1
c.most_common(2)
c.most_common()
c+c
c-c
c&c
c|c
c.update("abc")
c.subtract("a")
sum(c.values())
list(c.elements())
c==c
c.total()
dd["a"]
dd["b"]+=1
dl["a"].append(1);dl.clear()
defaultdict(int)
defaultdict(int,a=1)
dd.copy()
OrderedDict()
OrderedDict(a=1,b=2)
od["a"]
od["a"]=1
od.move_to_end("a")
od.popitem();od["c"]=3
list(od)
list(od.items())
od.copy()
od==od
repr(od)
for k in od:pass
od.get("a")
od.update(a=1)
reversed(od)
od.pop("c");od["c"]=1
od.keys()
cm["b"]
cm.get("z")
len(cm)
cm.new_child()
list(cm)
"b" in cm
P(1,2,3)
P(x=1,y=2,z=3)
P._make(l[:3])
p.x
p[1]
p._replace(x=5)
p._asdict()
repr(p)
p==p
hash(p)
a,b,cc=p
namedtuple("Q","a b c")
ud["a"]
UserDict()
len(ud)
heapq.heappush(h,5);heapq.heappop(h)
heapq.heapify(l)
heapq.heappushpop(h,3)
heapq.heapreplace(h,3)
heapq.nlargest(3,h)
heapq.nsmallest(3,h)
list(heapq.merge(l,h))
bisect.bisect(h,5)
bisect.bisect_left(h,5)
bisect.insort(h,5);h.pop()
bisect.bisect(h,5,key=abs)
array.array("i",l)
array.array("d",l)
ar[3]
ar[3]=4
ad[3]
ad[3]=1.5
ar.append(1);ar.pop()
ar.tolist()
ar.tobytes()
ar[2:5]
len(ar)
5 in ar
ar.index(5)
ar.count(5)
sum(ar)
sum(ad)
list(ar)
ar==ar
ar.extend(ar[:2]);ar.pop();ar.pop()
ar.reverse()
repr(ar)
ss.upper()
ss+"b"
S("abc")
hash(ss)
d.clear();d.extend(l)
'''
