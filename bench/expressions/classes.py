# SPDX-License-Identifier: MIT
"""Classes, attributes, functions, evaluation."""

GROUPS = {}

GROUPS["cls"] = r'''
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
''', r'''
A()
A(2)
B(1)
Sl()
Pl()
object()
a.x
a.x=3
a.c
a.m()
a.m2(1)
a.m2(1,2,3,k=4)
a.p
a.cm()
A.cm()
a.sm()
am()
a[1]
len(a)
a()
a==b
hash(a)
iter(a)
3 in a
a+b
bool(a)
a<b
str(a)
repr(a)
with a: pass
b.m()
b.y
s.a
s.a=2
g.zz
ga.x
e.d
e.d=1
getattr(a,"x")
getattr(a,"zz",None)
hasattr(a,"x")
hasattr(a,"zz")
setattr(a,"x",1)
a.q=1;del a.q
vars(a)
dir(a)
a.__dict__
a.__class__
isinstance(a,A)
isinstance(b,A)
isinstance(a,(int,str))
issubclass(B,A)
type(a)
type(a) is A
isinstance(Ac(),Ab)
isinstance([],typing.Sequence)
wr()
weakref.ref(a)
weakref.proxy(a)
Col.R
Col(1)
Col["R"]
Col.R.value
Col.R.name
Col.R==Col.G
hash(Col.R)
list(Col)
Fl.A|Fl.B
DC(1)
DC(1,2)==dc
repr(dc)
dc.x
FZ(1)
hash(fz)
dataclasses.asdict(dc)
dataclasses.replace(dc,x=2)
with cmg(): pass
f0()
f1(1)
f1(a=1)
fd(1)
fd(1,2,3)
fd(1,c=2)
fs(1,2)
fs(*args)
fk(a=1)
fk(**kw)
fko(1)
fko(1,b=2)
f1(*[1])
gen()
next(gen())
list(gen5())
list(gf())
sum(gen5())
for x in gen5(): pass
clo(1)
clo(1)()
lambda:1
(lambda x:x)(1)
tr()
tr2()
fin()
rec(10)
type("X",(),{})
exec("class X: pass")
exec("class X:\n  def a(self):pass\n  def b(self):pass")
type("X",(A,),{"z":1})
types.SimpleNamespace(a=1)
types.MethodType(f1,a)
types.FunctionType(f0.__code__,{})
f0.__code__.replace(co_name="x")
eval("1+2")
eval(compile("1","","eval"))
compile("a+b*c","","eval")
exec("pass")
globals()
locals()
id(a)
sys._getframe()
inspect.signature(fd)
string.Template("$a").substitute(a=1)
textwrap.dedent(" a\n b")
copy.copy(pl)
ValueError("x")
str(ValueError("x"))
ValueError("x").args
super(B,b)
super(B,b).m()
property(f1)
classmethod(f1)
staticmethod(f1)
object.__new__(Pl)
typing.List[int]
list[int]
int|str
typing.Optional[int]
callable(a)
sys.getsizeof(a)
sys.intern("abc")
sys.getrefcount(a)
gc.get_count()
gc.isenabled()
(x for x in ())
type(a).__mro__
A.__name__
f0.__name__
f0.__defaults__
a.m.__func__
len.__name__
[].append.__self__
int.__add__
str.join
print.__doc__
ga.y
memoryview(b"a").format
x=1;del x
'''
