# Reference counts and destruction order of classes, instances, descriptors and special methods.
import sys, gc, weakref

rc = sys.getrefcount
gc.disable()
# The shared empty tuple is held everywhere: its count says nothing.
ra = lambda args: rc(args) - 2 if args else '()'


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('   del', self.name)

    def __repr__(self):
        return 'D(%r)' % self.name


def show(label, *counts):
    print(label, *counts)


class Plain:
    pass


show(
    'class',
    rc(Plain),
    rc(Plain.__dict__),
    rc(Plain.__mro__),
    rc(Plain.__bases__),
    rc(Plain.__name__) > 1,
)
a = Plain()
show('instance', rc(a), rc(Plain), rc(a.__class__))
a.x = D('x')
show('values', rc(a), rc(a.x))
d = a.__dict__
show('dict', rc(d), rc(a.x))
del a
print('instance gone, dict kept')
del d
b = [Plain() for _ in range(5)]
show('five', rc(Plain))
del b
show('none', rc(Plain))


class Sub(Plain):
    pass


show('subclass', rc(Plain), rc(Sub), rc(Plain.__subclasses__()))
del Sub
show('subclass deleted', rc(Plain), len(Plain.__subclasses__()))
gc.collect()
show('collected', rc(Plain), len(Plain.__subclasses__()))


class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        show('meta new', rc(name) > 2, ra(bases), rc(ns), rc(kw))
        return super().__new__(m, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        show('meta init', rc(cls), ra(bases), rc(ns))

    def __call__(cls, *a):
        show('meta call', rc(cls), rc(a))
        return super().__call__(*a)

    @classmethod
    def __prepare__(m, name, bases, **kw):
        show('prepare', ra(bases), rc(kw))
        return {}


class Made(metaclass=Meta, option=1):
    show('body', rc(locals()), rc(sys._getframe()))

    def __init__(self, *a):
        show('init', rc(self), ra(a))


Made(D('to made'))
print('next')


class Slots:
    __slots__ = 'a', 'b', '__weakref__'

    def __del__(self):
        print('   del Slots')


s = Slots()
s.a = D('slot a')
s.b = D('slot b')
w = weakref.ref(s, lambda r: print('   weakref callback', rc(r)))
show('slots', rc(s), rc(s.a), rc(w))
del s
del w


class Descr:
    def __get__(self, obj, cls):
        return 'get', rc(self), obj and rc(obj), rc(cls)

    def __set__(self, obj, value):
        show('set', rc(self), rc(obj), rc(value))

    def __delete__(self, obj):
        show('delete', rc(self), rc(obj))

    def __set_name__(self, cls, name):
        show('set_name', rc(self), rc(cls))


class Has:
    d = Descr()


h = Has()
print(h.d, Has.d)
h.d = D('set value')
del h.d


class Methods:
    def plain(self, *a):
        return rc(self), ra(a)

    @classmethod
    def cls(cls, *a):
        return rc(cls), ra(a)

    @staticmethod
    def static(x):
        return rc(x)

    @property
    def prop(self):
        return rc(self)

    @prop.setter
    def prop(self, v):
        show('prop set', rc(self), rc(v))

    def __call__(self, *a):
        return rc(self), ra(a)

    def __getattr__(self, name):
        return rc(self)

    def __getitem__(self, k):
        return rc(self), rc(k)

    def __setitem__(self, k, v):
        show('setitem', rc(self), rc(k), rc(v))

    def __delitem__(self, k):
        show('delitem', rc(self), rc(k))

    def __add__(self, o):
        return rc(self), rc(o)

    def __radd__(self, o):
        return rc(self), rc(o)

    def __iadd__(self, o):
        show('iadd', rc(self), rc(o))
        return self

    def __eq__(self, o):
        return (rc(self), rc(o)) and True

    def __lt__(self, o):
        show('lt', rc(self), rc(o))
        return True

    def __hash__(self):
        show('hash', rc(self))
        return 1

    def __len__(self):
        show('len', rc(self))
        return 3

    def __bool__(self):
        show('bool', rc(self))
        return True

    def __contains__(self, x):
        show('contains', rc(self), rc(x))
        return True

    def __iter__(self):
        show('iter', rc(self))
        return iter([1])

    def __str__(self):
        return 'str %d' % rc(self)

    def __format__(self, s):
        return 'format %d' % rc(self)

    def __index__(self):
        show('index', rc(self))
        return 1

    def __enter__(self):
        show('enter', rc(self))
        return self

    def __exit__(self, *e):
        show('exit', rc(self), rc(e))

    def __setattr__(self, n, v):
        show('setattr', rc(self), rc(v))

    def __delattr__(self, n):
        show('delattr', rc(self))

    def __neg__(self):
        return rc(self)

    def __matmul__(self, o):
        return rc(self), rc(o)

    def __rsub__(self, o):
        return rc(self), rc(o)

    def __divmod__(self, o):
        return rc(self), rc(o)

    def __pow__(self, o, m=None):
        return rc(self), rc(o)

    def __round__(self, n=None):
        return rc(self)

    def __reversed__(self):
        return rc(self)

    def __dir__(self):
        show('dir', rc(self))
        return []

    def __sizeof__(self):
        show('sizeof', rc(self))
        return 1

    def __copy__(self):
        return rc(self)

    def __int__(self):
        show('int', rc(self))
        return 7

    def __float__(self):
        show('float', rc(self))
        return 7.0


class Key:
    pass


m, k, v = Methods(), Key(), Key()
show(
    'methods',
    m.plain(),
    m.plain(1),
    Methods.plain(m),
    m.cls(),
    Methods.cls(1),
    m.static(k),
    Methods.static(k),
    m.prop,
    m(),
)
show(
    'many',
    m(1, 2),
    m(*[k]),
    m.plain(*[k]),
    m.missing,
    m[k],
    m[k,],
    m[1:2],
    m + k,
    k + m,
    m + m,
    -m,
    m @ k,
    k - m,
    divmod(m, k),
    m**k,
    pow(m, k),
    pow(m, k, v),
    round(m),
    round(m, 1),
    reversed(m),
)
m.prop = k
m[k] = v
del m[k]
m += k
m.attr = k
del m.attr
show(
    'compare',
    m == k,
    m < k,
    k > m,
    m != k,
    k in m,
    m and 1,
    not m,
    len(m),
    [*m],
    f'{m}',
    f'{m!s}',
    str(m),
    '%s' % m,
    '{}'.format(m),
    format(m),
)
show(
    'convert',
    [1, 2][m],
    int(m),
    float(m),
    hash(m),
    {m: 1} and 1,
    {m} and 1,
    bool(m),
    list(m),
    dir(m),
    sys.getsizeof(m) > 0,
    'ab'[m],
    range(m),
    'x' * m,
    hex(m),
)
with m as mm:
    show('with', rc(m), mm is m)
del mm
for i in m:
    show('for', rc(m))
p = m.plain
show('bound', rc(p), rc(m), p(), p(1), p(*(1,)), rc(p.__self__), rc(p.__func__))
del p
show('unbound', rc(m))
print([x for x in m], {x for x in m}, {x: 1 for x in m}, list(x for x in m))
f = Methods.__dict__['plain']
show(
    'function', rc(f), rc(f.__code__), rc(f.__globals__) > 5, rc(f.__dict__), rc(f.__defaults__) > 9
)
del f
sup = super(Methods, m)
show('super', rc(sup), rc(m))
del sup


class Super(Methods):
    def plain(self, *a):
        return super().plain(*a), rc(self)

    def cls_(self):
        return rc(__class__), rc(self.__class__)


s = Super()
show('super call', s.plain(), s.plain(1), s.cls_())
del s
print('destruction')


class Chain:
    def __init__(self, name, next):
        self.name = name
        self.next = next
        self.tail = D('tail of ' + name)

    def __del__(self):
        print('   del chain', self.name)


c = Chain('1', Chain('2', Chain('3', None)))
del c
print('cycle')
c = Chain('cycle', None)
c.next = c
del c
print('collect', gc.collect() > 0)
r = D('resurrected')


class Lazarus:
    def __del__(self):
        global kept
        kept = self
        print('   del Lazarus', rc(self))


l = Lazarus()
del l
show('alive', rc(kept))
del kept
print('stays dead')
del r


class WithWeak:
    def __repr__(self):
        return 'WithWeak()'

    def __del__(self):
        print('   del WithWeak', [x() for x in refs])


x = WithWeak()
refs = [
    weakref.ref(x),
    weakref.ref(x, lambda r: print('   cb 1')),
    weakref.ref(x, lambda r: print('   cb 2')),
]
show('weakrefs', weakref.getweakrefcount(x), rc(refs[0]), refs[0] is weakref.ref(x), rc(x))
proxy = weakref.proxy(x)
show('proxy', rc(x), rc(proxy), weakref.proxy(x) is proxy)
del x
del refs, proxy


class Order:
    def __init__(self):
        self.z = D('z')
        self.a = D('a')
        self.m = D('m')


o = Order()
o.a = D('a again')
o.b = D('b')
del o.z
o.z = D('z again')
print('deleting')
del o
o = Order()
o.__dict__
print('deleting with dict')
del o


class SlotOrder:
    __slots__ = ('z', 'a', 'm')

    def __init__(self):
        self.m = D('slot m')
        self.z = D('slot z')
        self.a = D('slot a')


o = SlotOrder()
del o


class ListSub(list):
    def __init__(self, *a):
        super().__init__(a)
        self.attr = D('list attr')


o = ListSub(D('item 0'), D('item 1'))
del o


class DictSub(dict):
    pass


o = DictSub(a=D('dict item'))
o.attr = D('dict attr')
del o


class TupleSub(tuple):
    pass


o = TupleSub([D('tuple item'), D('tuple item 2')])
o.attr = D('tuple attr')
del o
print('class deletion')


class Owner:
    a = D('class a')
    b = D('class b')

    def method(self, x=D('default')):
        pass


del Owner
gc.collect()
print('collected')


def func(a=D('func default')):
    pass


func.attr = D('func attr')
del func


def outer():
    x = D('cell content')

    def inner():
        return x

    return inner


i = outer()
del i
l = lambda: D('never')
del l
import types

mod = types.ModuleType('mod')
mod.x = D('module x')
mod._y = D('module _y')
mod.a = D('module a')
del mod
print('end')
