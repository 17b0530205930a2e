# SPDX-License-Identifier: MIT
"""itertools, functools, operator, heapq, bisect, struct, array, random."""

GROUPS = {}

GROUPS["iter"] = r'''
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
''', r'''
list(it.chain(l,l))
list(it.chain.from_iterable([l,l]))
list(it.islice(l,5))
list(it.islice(l,2,15,3))
list(it.accumulate(l))
list(it.accumulate(l,add))
list(it.accumulate(l,op.mul))
list(it.combinations(range(6),2))
list(it.combinations_with_replacement(range(5),2))
list(it.permutations(range(4)))
list(it.product(range(5),range(4)))
list(it.product("ab",repeat=4))
list(it.starmap(add,zip(l,l)))
list(it.starmap(pow,zip(l,l)))
list(it.takewhile(lambda x:x<10,l))
list(it.dropwhile(lambda x:x<10,l))
list(it.filterfalse(None,l))
list(it.compress(l,l))
list(it.zip_longest(l,t))
list(it.zip_longest(l,[1]))
list(it.groupby(l))
[(k,list(g)) for k,g in it.groupby(l,lambda x:x//5)]
list(it.pairwise(l))
list(it.repeat(1,20))
list(it.islice(it.count(),20))
list(it.islice(it.count(1.5,2),20))
list(it.islice(it.cycle("abc"),20))
it.tee(l)
[list(x) for x in it.tee(l)]
next(it.count())
it.chain(l)
it.repeat(1)
it.islice(l,3)
lc(1)
lb(1)
lc.cache_info()
sd(1)
pa(2)
pk("10")
pm(4)
ft.partial(add,1)
ft.reduce(add,l)
ft.reduce(op.add,l)
sorted(l,key=ck)
ft.cmp_to_key(add)
ig(t)
ig2(t)
ag(A)
ag2(A)
ag3(A)
mc(t)
op.itemgetter(1)
op.attrgetter("x")
op.methodcaller("x")
op.add(1,2)
op.sub(1,2)
op.mul(2,3)
op.lt(1,2)
op.eq(1,2)
op.getitem(t,1)
op.contains(t,1)
op.index(3)
op.neg(3)
op.not_(3)
op.truth(3)
op.is_(3,3)
op.concat(t,t)
op.countOf(l,3)
op.indexOf(l,3)
op.length_hint(l)
op.setitem(l,1,1)
op.iadd(1,2)
op.and_(1,2)
op.floordiv(7,2)
op.mod(7,2)
op.pow(2,3)
op.truediv(1,2)
op.invert(2)
cp.v
ft.wraps(add)(pa)
ft.update_wrapper(pa,add)
'''

GROUPS["func"] = r'''
import math
import cmath
import random
import statistics
import operator as op
import functools as ft
import itertools as it
import heapq
import bisect
import struct
import array
f = 3.7
l = list(range(20))
L = [1.5, 2.5] * 10
R = random.Random(5)
h = list(range(100))
a = array.array('i', range(100))
ad = array.array('d', range(100))
d = {'a': 1}

class A:
    x = 1
    y = 2
o = A()
add = lambda a, b: a + b
st = struct.Struct('>IHb')
buf = bytearray(100)
b = bytes(range(100))
pk = st.pack(1, 2, 3)
s5 = struct.pack('5I', 1, 2, 3, 4, 5)

def fn(a, b=1, *c, **k):
    return a
p1 = ft.partial(fn, 1)
p2 = ft.partial(fn, b=2)
lc = ft.lru_cache(fn)
lc(1)
cch = ft.cache(fn)

class N:

    @ft.total_ordering
    class T:

        def __lt__(self, o):
            return True

        def __eq__(self, o):
            return True
tt = N.T()
rows = [(i % 5, i) for i in range(50)]
I = list(range(50))
words = ['ab', 'c'] * 20

class SM:

    @ft.singledispatchmethod
    def m(self, x):
        return x
sm = SM()
''', r'''
math.sqrt(2)
math.sqrt(f)
math.floor(f)
math.ceil(f)
math.trunc(f)
math.exp(1)
math.log(f)
math.log(f,2)
math.log10(1000)
math.log2(8)
math.pow(2,3)
math.sin(f)
math.hypot(3,4)
math.atan2(1,2)
math.fabs(-1)
math.gcd(12,18)
math.gcd(10**30,10**20)
math.lcm(3,4)
math.factorial(5)
math.factorial(20)
math.factorial(50)
math.comb(50,5)
math.comb(100,50)
math.perm(10)
math.isqrt(10**10)
math.isqrt(10**50)
math.prod(l)
math.prod([1,2,3])
math.fsum(L)
math.fsum([0.1]*20)
math.isnan(f)
math.isclose(1,1)
math.dist((1,2),(3,4))
math.copysign(1,-1)
math.modf(f)
math.frexp(f)
math.ldexp(f,2)
math.fmod(7,3)
math.pi
math.degrees(f)
math.radians(180)
math.erf(f)
math.gamma(5)
math.log(10**100)
math.floor(5)
cmath.sqrt(-1)
cmath.polar(1+1j)
cmath.rect(1,2)
cmath.phase(-1)
cmath.log(1j)
cmath.isnan(1j)
R.random()
R.randint(1,6)
R.randrange(100)
R.randrange(1,10,2)
R.choice(l)
R.shuffle(l)
R.sample(range(1000),10)
R.sample(l,5)
R.uniform(0,1)
R.gauss(0,1)
R.normalvariate(0,1)
R.expovariate(1)
R.choices(l,k=5)
R.getrandbits(64)
R.getrandbits(200)
R.seed(1)
R.betavariate(1,2)
R.triangular()
R.randbytes(10)
random.random()
random.Random()
statistics.mean(l)
statistics.stdev(l)
statistics.pstdev(L)
statistics.median(l)
statistics.mode(l)
statistics.variance(L)
statistics.fmean(L)
statistics.quantiles(l)
op.itemgetter(0)(l)
op.itemgetter("a")(d)
op.attrgetter("x")(o)
op.attrgetter("x","y")(o)
op.methodcaller("count",1)(l)
op.eq(1,1)
op.contains(l,1)
op.getitem(l,1)
op.concat(l,l)
op.truth(1)
op.not_(1)
op.is_(1,1)
op.neg(1)
op.abs(-1)
op.index(1)
op.iadd(1,1)
op.countOf(l,1)
op.indexOf(l,1)
sorted(rows,key=op.itemgetter(0))
sorted(rows,key=op.itemgetter(0,1))
list(map(op.itemgetter(1),rows))
list(map(op.add,l,l))
max(rows,key=op.itemgetter(1))
ft.partial(fn,1)
p1()
p1(2)
p2(1)
p1(b=3)
p1(2,c=3)
ft.partial(fn)(1)
lc(1,2)
lc(1,b=2)
ft.reduce(op.mul,l,1)
ft.lru_cache(fn)
ft.lru_cache(5)
ft.wraps(fn)
sorted(l,key=ft.cmp_to_key(lambda a,b:a-b))
tt>=tt
tt>tt
sm.m(1)
cch(5)
lc.cache_clear();lc(1)
ft.update_wrapper(lambda:1,fn)
it.accumulate(I)
it.accumulate(I,op.add)
it.accumulate(I,initial=0)
list(it.accumulate(I))
list(it.accumulate(I,max))
it.chain()
it.chain(l,l)
it.combinations(l,2)
list(it.combinations(l,2))
list(it.combinations(l[:10],3))
it.permutations(l)
list(it.permutations(l[:4]))
list(it.permutations(l,2))
it.product(l,l)
list(it.product(l,l))
list(it.product("ab",repeat=3))
it.count()
it.count(1,2)
it.cycle(l)
list(it.islice(it.cycle(l),50))
list(it.islice(it.count(),50))
it.repeat(1,5)
list(it.repeat(1,50))
list(it.repeat(None,5))
for x in it.repeat(1,50): pass
it.islice(l,5)
it.islice(l,1,5)
it.islice(l,1,5,2)
list(it.islice(I,5,40,3))
it.starmap(fn,rows)
list(it.starmap(add,rows))
list(it.starmap(op.add,rows))
it.takewhile(bool,l)
list(it.takewhile(lambda x:x<15,l))
list(it.dropwhile(lambda x:x<15,l))
list(it.filterfalse(lambda x:x%2,l))
it.groupby(l)
[k for k,g in it.groupby(I)]
[(k,list(g)) for k,g in it.groupby(rows,op.itemgetter(0))]
it.zip_longest(l,l)
list(it.zip_longest(l,I,fillvalue=0))
a1,b1=it.tee(I);list(a1)
it.tee(l,3)
list(it.compress(I,I))
it.compress(l,l)
list(it.pairwise(I))
it.pairwise(l)
list(it.combinations_with_replacement(l,2))
next(it.cycle(l))
next(it.chain(l,l))
for x in it.count(): break
it.filterfalse(None,l)
dict(it.zip_longest(l,l))
heapq.heappush(h,5);heapq.heappop(h)
heapq.heapify(h)
heapq.heappushpop(h,5)
heapq.nlargest(5,h)
heapq.nsmallest(5,h)
heapq.nlargest(1,h)
heapq.merge(l,l)
list(heapq.merge(l,l))
heapq.heapify(rows[:])
bisect.bisect(h,50)
bisect.bisect_left(h,50)
bisect.insort(h,50);h.remove(50)
bisect.bisect(rows,(2,5))
bisect.bisect(words,"b")
bisect.bisect(h,50,0,80)
struct.pack("I",5)
struct.pack(">I",5)
struct.pack("<IHBd",1,2,3,4.0)
struct.pack("5I",1,2,3,4,5)
struct.pack("f",1.5)
struct.pack("d",1.5)
struct.pack("?",True)
struct.pack("c",b"a")
struct.pack("10s",b"abc")
struct.pack("p",b"")
struct.pack("Q",2**60)
struct.pack("e",1.5)
struct.pack("n",5)
struct.unpack("5I",s5)
struct.unpack(">IHb",pk)
struct.unpack_from("I",b,4)
struct.pack_into("I",buf,0,5)
st.pack(1,2,3)
st.unpack(pk)
st.unpack_from(b,3)
st.pack_into(buf,0,1,2,3)
struct.calcsize("IHb")
struct.Struct("I")
list(struct.iter_unpack("I",b))
st.size
st.format
struct.unpack("f",b"abcd")
struct.unpack("d",b"abcdefgh")
struct.unpack("<q",b"abcdefgh")
struct.unpack("4s",b"abcd")
struct.unpack("100B",b)
struct.pack("100B",*b)
struct.unpack("B",b"a")[0]
array.array("i")
array.array("i",[1,2,3])
array.array("d",L)
array.array("B",b)
array.array("u","abc")
array.array("i",a)
array.array("i",range(20))
a[5]
a[5]=5
ad[5]
ad[5]=1.0
a[2:5]
a[::2]
a.append(1);a.pop()
a.tolist()
a.tobytes()
a.frombytes(b"abcd");a.pop()
for x in a: pass
for x in ad: pass
list(a)
sum(ad)
a+a
a*2
a==a
5 in a
a.index(50)
a.count(5)
a.extend([1]);a.pop()
a.insert(0,1);a.pop(0)
a.reverse()
len(a)
a.buffer_info()
a.byteswap()
a.fromlist([1]);a.pop()
max(a)
min(ad)
a.itemsize
a.typecode
memoryview(a)
repr(a)
iter(a)
a.remove(5);a.append(5)
sorted(a)
bytes(a)
a<a
a[0:2]=a[0:2]
'''
