# SPDX-License-Identifier: MIT
"""Calls, attributes, exceptions, generators, coroutines, enums, data classes, locks."""

GROUPS = {}

GROUPS["call"] = r'''
import contextlib
import dataclasses
import enum
import copy
import weakref
import threading
import queue
import types
import abc
import typing
import functools
import asyncio
import sys
import gc
import inspect
import collections
import string

def f0():
    pass

def f1(a):
    return a

def f2(a, b):
    return a

def fd(a, b=1, c=2):
    return a

def fs(*a):
    return a

def fk(**k):
    return k

def fsk(*a, **k):
    return a

def fko(a, *, b=1):
    return b

def fpo(a, b, /):
    return a

def fbig(a, b, c, d, e, f, g, h):
    return a
args = (1, 2)
kw = {'b': 1}
e2 = ()

def outer():
    x = 1

    def inner():
        return x
    return inner
inner = outer()

def gen():
    yield 1

def gen5():
    for i in range(5):
        yield i

def gf():
    yield from gen5()

def gsend():
    x = 0
    while 1:
        x = (yield x)
gs = gsend()
next(gs)

async def co():
    return 1

async def coa():
    return await co()

async def ag():
    yield 1
    yield 2

async def useag():
    async for x in ag():
        pass

async def usecomp():
    return [x async for x in ag()]

async def usewith():
    async with Acm():
        pass

class Acm:

    async def __aenter__(self):
        return 1

    async def __aexit__(self, *a):
        pass

def run(c):
    try:
        c.send(None)
    except StopIteration as s:
        return s.value

class A:
    cls = 5

    def __init__(self, x=1):
        self.x = x

    def m(self):
        return 1

    def ma(self, a):
        return a

    def mk(self, a=1, *, b=2):
        return a

    @property
    def p(self):
        return self.x

    @p.setter
    def p(self, v):
        self.x = v

    @classmethod
    def cm(cls):
        return 1

    @classmethod
    def mk2(cls):
        return cls()

    @staticmethod
    def sm():
        return 1

    @staticmethod
    def sma(a, b):
        return 1

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False

    def __call__(self, a):
        return a

class B(A):

    def __init__(self, x=1):
        super().__init__(x)

    def m(self):
        return super().m()

class C(B):
    pass

class Sl:
    __slots__ = ('a', 'b', 'c')

    def __init__(self, a=1):
        self.a = a

class New:

    def __new__(cls, *a):
        return super().__new__(cls)

class Ga:

    def __getattr__(self, n):
        return 1

class Gat:

    def __getattribute__(self, n):
        return 1

class Sa:

    def __setattr__(self, n, v):
        pass

class De:

    def __get__(self, o, t):
        return 1

    def __set__(self, o, v):
        pass

class Nd:

    def __get__(self, o, t):
        return 1

class Hd:
    d = De()
    n = Nd()

class Cmp:

    def __eq__(self, o):
        return True

    def __lt__(self, o):
        return True

    def __hash__(self):
        return 1

class Ni:

    def __add__(self, o):
        return NotImplemented

    def __radd__(self, o):
        return 1

class Meta(type):

    def __call__(cls, *a):
        return type.__call__(cls, *a)

class M(metaclass=Meta):
    pass

class Iter:

    def __init__(self):
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= 3:
            raise StopIteration
        self.i += 1
        return self.i

class Ctx:

    def __enter__(self):
        pass

    def __exit__(self, a, b, c):
        return True
a = A()
b = B()
c = C()
sl = Sl()
ga = Ga()
gat = Gat()
sa = Sa()
hd = Hd()
cp = Cmp()
ni = Ni()
am = a.m
ctx = Ctx()

def tr():
    try:
        raise ValueError('x')
    except ValueError:
        pass

def trn():
    try:
        pass
    except ValueError:
        pass

def trk():
    try:
        {}['a']
    except KeyError:
        pass

def tri():
    try:
        [][0]
    except IndexError:
        pass

def tra():
    try:
        a.zzz
    except AttributeError:
        pass

def trt():
    try:
        1 + ''
    except TypeError:
        pass

def trz():
    try:
        1 / 0
    except ZeroDivisionError:
        pass

def trv():
    try:
        int('x')
    except ValueError:
        pass

def trd():
    try:
        raise KeyError(1)
    except (ValueError, KeyError) as e:
        return e

def trf():
    try:
        return 1
    finally:
        pass

def trfrom():
    try:
        try:
            raise ValueError
        except ValueError as e:
            raise KeyError from e
    except KeyError:
        pass

def trdeep():

    def g(n):
        if n == 0:
            raise ValueError
        g(n - 1)
    try:
        g(10)
    except ValueError:
        pass

def trst():
    try:
        next(iter(()))
    except StopIteration:
        pass

def trgrp():
    try:
        raise ExceptionGroup('x', [ValueError(1)])
    except* ValueError:
        pass

class Err(Exception):
    pass

class Err2(Exception):

    def __init__(self, a):
        self.a = a
        super().__init__(a)

def tre():
    try:
        raise Err('x')
    except Err:
        pass

def tre2():
    try:
        raise Err2('x')
    except Exception:
        pass

@contextlib.contextmanager
def cmg():
    yield 1

class Col(enum.Enum):
    R = 1
    G = 2

class IE(enum.IntEnum):
    A = 1
    B = 2

class Fg(enum.Flag):
    A = 1
    B = 2

@dataclasses.dataclass
class D:
    x: int = 1
    y: int = 2

@dataclasses.dataclass(frozen=True, order=True)
class Df:
    x: int = 1
    y: int = 2

@dataclasses.dataclass(slots=True)
class Dsl:
    x: int = 1
    y: int = 2
d = D()
df = Df()
dsl = Dsl()
lk = threading.Lock()
rl = threading.RLock()
q = queue.Queue()
sq = queue.SimpleQueue()
ev = threading.Event()
sem = threading.Semaphore()
cv = threading.Condition()
tl = threading.local()
tl.x = 1
wr = weakref.ref(a)
wk = weakref.WeakKeyDictionary()
wv = weakref.WeakValueDictionary()
wv['a'] = a
ws = weakref.WeakSet()
px = weakref.proxy(a)
nest = {'a': [1, 2, {'b': (1, 2)}], 'c': {1, 2}}
sup = contextlib.suppress(KeyError)
ncx = contextlib.nullcontext()

def w2(x):
    match x:
        case 1:
            return 1
        case [a, b]:
            return 2
        case {'k': v}:
            return 3
        case A(x=1):
            return 4
        case str():
            return 5
        case _:
            return 6

def glob():
    return len

def loop10():
    for i in range(10):
        pass

def wloop():
    i = 0
    while i < 10:
        i += 1

def strcat():
    s = ''
    for i in range(20):
        s += 'a'
    return s

def many():
    a = 1
    b = 2
    c = 3
    d = 4
    return a + b * c - d

def rec(n):
    return n if n < 2 else rec(n - 1) + rec(n - 2)

def lapp():
    r = []
    for i in range(20):
        r.append(i)
    return r

def dset():
    r = {}
    for i in range(20):
        r[i] = i
    return r

def dcount(w='abracadabra'):
    r = {}
    for x in w:
        r[x] = r.get(x, 0) + 1
    return r

def clos():
    n = 0

    def inc():
        nonlocal n
        n += 1
    inc()
    inc()
    return n
cvr = __import__('contextvars').ContextVar('v', default=1)
kwd = {'a': 1, 'b': 2}
kwds = dict(zip('abcdefgh', range(8)))
''', r'''
f2(1,2)
f2(a=1,b=2)
f2(1,b=2)
f2(*args)
f2(**kwd)
f2(1,**kw)
fd(1,2)
fd(1,c=3)
fd(1,b=2,c=3)
fs()
fs(1)
fs(1,2,3)
fs(*args,3)
fs(*[1,2])
fk()
fk(a=1,**kw)
fsk()
fsk(1,a=2)
fsk(*args,**kw)
fpo(1,2)
fbig(1,2,3,4,5,6,7,8)
fbig(**kwds)
inner()
outer()
outer()()
(lambda:1)()
(lambda x,y=1:x)(1)
lambda x:x
clos()
for x in gf(): pass
gs.send(1)
next(gs)
sum(x for x in range(10))
list(x for x in range(10))
max(x for x in range(10))
gen().close()
co().close()
run(co())
run(coa())
run(useag())
run(usecomp())
run(usewith())
ag()
asyncio.iscoroutinefunction(co)
A(5)
A(x=5)
B()
B(5)
C()
Sl(1)
New()
New(1)
M()
Iter()
list(Iter())
for x in Iter(): pass
a.x=1
a.x+=1
a.cls
A.cls
a.m
a.ma(1)
a.ma(a=1)
a.mk()
a.mk(1,b=2)
A.m(a)
c.m()
a.p=1
A.mk2()
A.sm()
A.sma(1,2)
a(1)
a(a=1)
sl.a
sl.a=1
ga.z
gat.z
sa.x=1
hd.d
hd.d=1
hd.n
Hd.d
cp==1
cp<1
cp in [1]
cp!=1
hash(cp)
{cp:1}
ni+ni if 0 else 1
ni+1 if 0 else 1
1+ni
getattr(a,"zz",1)
getattr(a,"m")
a.y=1;del a.y
delattr(sl,"a");sl.a=1
a.__dict__["x"]
isinstance(c,A)
isinstance(a,int)
isinstance(a,(int,A))
isinstance(a,int|A)
issubclass(C,A)
a is b
a!=b
repr(a) and 1
str(a) and 1
callable(f0)
A.__mro__
A.__bases__
f0.__code__
f0.__dict__
type("X",(A,),{"a":1})
A.__subclasses__()
object.__new__(A)
A.__new__(A)
a.__init__(1)
copy.copy(a)
copy.deepcopy(a)
copy.copy(nest)
copy.deepcopy(nest)
copy.copy([1])
copy.deepcopy([1,2])
copy.deepcopy(1)
copy.copy(())
trn()
trk()
tri()
tra()
trt()
trz()
trv()
trd()
trf()
trfrom()
trdeep()
trst()
trgrp()
tre()
tre2()
ValueError()
ValueError("x",1)
KeyError("x")
OSError(2,"x")
Err("x")
Err2("x")
repr(ValueError("x"))
str(KeyError("a"))
str(OSError(2,"x"))
isinstance(ValueError(),Exception)
ExceptionGroup("x",[ValueError(1)])
ValueError("x").with_traceback(None)
StopIteration(1).value
with ctx: pass
with lk: pass
with rl: pass
with sup: pass
with ncx: pass
with contextlib.suppress(KeyError): pass
with contextlib.closing(gen()): pass
with contextlib.ExitStack() as es: pass
Col.R is Col.G
Col.R in Col
len(Col)
repr(Col.R)
str(Col.R)
IE.A
IE.A+1
IE.A==1
IE.A<IE.B
int(IE.A)
IE(1)
f"{IE.A}"
Fg.A
Fg.B
Fg.A in Fg.A
Fg(3)
~Fg.A
bool(Fg.A)
{Col.R:1}[Col.R]
D()
D(1,2)
D(x=1)
d==d
d==D()
repr(d)
d.x
d.x=1
dataclasses.replace(d,x=1)
dataclasses.asdict(d)
dataclasses.astuple(d)
dataclasses.fields(d)
Df()
hash(df)
df<df
df==df
Dsl()
dsl.x
dsl==dsl
lk.acquire();lk.release()
lk.locked()
rl.acquire();rl.release()
threading.Lock()
threading.RLock()
threading.Event()
ev.set();ev.clear()
ev.is_set()
sem.acquire();sem.release()
with cv: pass
threading.Condition()
tl.x
tl.x=1
threading.local()
threading.current_thread()
threading.get_ident()
q.put(1);q.get()
q.empty()
q.qsize()
sq.put(1);sq.get()
queue.Queue()
queue.SimpleQueue()
threading.active_count()
threading.Thread(target=f0)
weakref.ref(a,print)
px.x
px.m()
wk[a]=1
wk[a]
wk.get(a)
wv["a"]
ws.add(a)
a in ws
len(ws)
weakref.getweakrefcount(a)
weakref.WeakSet()
weakref.WeakValueDictionary()
weakref.finalize(a,f0).detach()
hash(wr)
wr==wr
w2(1)
w2([1,2])
w2({"k":1})
w2(a)
w2("s")
w2(None)
glob()
loop10()
wloop()
strcat()
many()
rec(8)
lapp()
dset()
dcount()
cvr.get()
cvr.set(1)
types.SimpleNamespace(a=1).a
inspect.isfunction(f0)
inspect.getmembers(a) and 1
typing.Union[int,str]
typing.Dict[str,int]
typing.cast(int,1)
dict[str,int]
int
None
typing.get_type_hints(f0)
typing.Optional[str]
sys.getsizeof(1)
sys.intern("a")
sys.exc_info()
sys.getrecursionlimit()
eval("1")
eval("a.x")
exec("x=1")
compile("1","x","eval")
compile("def f(a,b):\n  return a+b","x","exec")
string.Template("$a b").substitute(a=1)
string.capwords("a b")
__import__("sys")
from os import path
import os.path
from collections import deque,OrderedDict
a if a else b
a and b
not a
x=y=1
x:int=1
assert a
del_=1;del del_
global_=1
[*args,*args]
{**kw,**kwd}
(*args,)
f0 is f0
a.m.__self__
a.m==a.m
A.p
types.MethodType(f1,a)()
functools.partial(a.m)()
f0.__get__(a)
abc.ABC
slice(1,2)==slice(1,2)
map(f1,args)
list(map(f1,args))
sorted(args,key=f1)
list(filter(f1,args))
functools.reduce(f2,args)
any(map(f1,args))
'''
