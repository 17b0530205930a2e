# Reference counts seen from inside statements and expressions: what the machine holds at each point.
import sys

rc = sys.getrefcount


class O:
    """A thing to count."""


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('   del', self.name)

    def __repr__(self):
        return 'D(%r)' % self.name


def show(label, *counts):
    print(label, *counts)


# -- Names, targets, scopes ------------------------------------------------------------------
o = O()
show('global', rc(o))
p = o
show('second name', rc(o))
del p
show('after del', rc(o))


def local(x):
    a = rc(x)
    y = x
    b = rc(x)
    del y
    return a, b, rc(x)


show('local', local(o), local(x=o), local(*[o]), local(**{'x': o}))


def default(x=o):
    return rc(x)


show('default', default(), rc(o))
default.__defaults__ = None
show('no default', rc(o))


def kwdefault(*, x=o):
    return rc(x)


show('kwdefault', kwdefault(), kwdefault(x=o), rc(o))
del kwdefault
show('function gone', rc(o))


def closure(x):
    def inner():
        return rc(x)

    return inner


c = closure(o)
show('cell', rc(o), c(), rc(c.__closure__[0]))
del c
show('cell gone', rc(o))
show(
    'lambda',
    (lambda x: rc(x))(o),
    (lambda x=o: rc(x))(),
    (lambda *a: rc(a[0]))(o),
    (lambda *a: rc(a))(o),
    (lambda **k: rc(k))(a=o),
    (lambda **k: rc(k['a']))(a=o),
)
show(
    'args tuple',
    (lambda *a: rc(a))(*(1, 2)),
    (lambda *a: rc(a))(*[1, 2]),
    (lambda *a, **k: (rc(a), rc(k)))(1, x=2),
)
t = (o, 1)
show('same tuple', (lambda *a: a is t)(*t), (lambda *a: rc(a))(*t), rc(t))
d = {'k': o}
show('kwargs copied', (lambda **k: k is d)(**d), (lambda **k: rc(o))(**d))
del t, d

# -- Assignment forms ------------------------------------------------------------------------
a = b = o
show('chain', rc(o))
a, b = b, a
show('swap', rc(o))
[a, *b] = o, o, o
show('star target', rc(o), rc(b))
(a := o)
show('walrus', rc(o))
for b in [o, o]:
    show('for', rc(o))
show('after for', rc(o))
for a in (o,):
    show('const seq', rc(o))
for i, a in enumerate([o]):
    show('enumerate', rc(o), rc(i) > 5)
for a, b in zip([o], [o]):
    show('zip', rc(o))
for k, v in {'a': o}.items():
    show('items', rc(o), rc(v))
a = b = v = None
show('names gone', rc(o))
x = [o]
x[0] = x[0]
show('item', rc(o))
x[0], y = None, x[0]
show('moved', rc(o))
del x, y
ns = O()
ns.attr = o
show('attribute', rc(o), rc(ns), rc(ns.attr))
ns.attr = ns.attr
show('attribute again', rc(o))
del ns.attr
show('deleted', rc(o))
ns.__dict__['attr'] = o
show('through dict', rc(o), rc(ns.__dict__), rc(ns))
del ns

# -- Expressions -----------------------------------------------------------------------------
show(
    'operands',
    rc(o),
    rc(o) + rc(o),
    [rc(o), rc(o)],
    (o, rc(o))[1],
    [o, rc(o)][1],
    {1: o, 2: rc(o)}[2],
    {o, rc(o)} and rc(o),
)
show('conditional', rc(o) if o else 0, o and rc(o), (not o) or rc(o))
show('compare', o is o, o == o, rc(o))
show('subscript', [o][0] is o, rc([o][0]), rc((o,)[0]), rc({'a': o}['a']), rc([[o]][0][0]))
show('slice', rc([o, o][:1][0]), rc((o, o)[:][0]))
show('f-string', f'{rc(o)}', f'{rc(o)!r:>4}')
show(
    'call temp',
    rc(O()),
    rc([]),
    rc({}),
    rc((1, [])),
    rc(set()),
    rc(str(12345)),
    rc(10**20 + len('a')),
    rc(1.5 * len('ab')),
    rc(b'a' * len('abc')),
)
show('display', rc([O()][0]), rc((O(),)[0]), rc({'a': O()}['a']))
show('method temp', rc(O().__repr__), rc('abc'.upper), rc([].append), rc(O.__init__))
show(
    'comprehension',
    [rc(o) for _ in range(2)],
    [rc(i) for i in [o]],
    {rc(i) for i in [o]},
    {k: rc(v) for k, v in {'a': o}.items()},
    list(rc(i) for i in [o]),
    rc(o),
)
show('nested comp', [[rc(o) for _ in 'a'] for _ in 'a'], [rc(x) for x in (o, o) if rc(x)])
show('starred', [*[o], rc(o)][1], (*(o,), rc(o))[1], {**{'a': o}}['a'] is o, rc(o))
show('unpack call', max([rc(o)], *[[rc(o)]]), rc(*[o]), rc(*(o,)))

# -- Results kept by nobody ------------------------------------------------------------------
D('expression statement')
print('next')
[D('in list'), D('in list 2')]
print('next')
D('left') is D('right')
print('next')
(D('a'), D('b'))[0].name
print('next')
_ = D('first').name + D('second').name
print('next')
f'{D("formatted").name}'
print('next')
{D('key'): D('value')}
print('next')
x = D('old')
x = D('new')
print('next')
x = [D('list old')]
x[0] = D('list new')
print('next')
x = D('self'), x
del x
print('next')
x = {'k': D('dict old')}
x['k'] = D('dict new')
x.update(k=D('dict newer'))
x.pop('k')
print('next')
x = D('swap1')
y = D('swap2')
x, y = y, x
del x
print('next')
del y
print('next')


def frame():
    a = D('local a')
    b = D('local b')
    c = [b, D('local c0')]

    def inner():
        return a

    e = D('local e')
    del b
    print('body end')


frame()


def early():
    a = D('early a')
    for i in [D('item1'), D('item2')]:
        b = i
        if i.name == 'item1':
            return a.name


print(early())


def arguments(a, b, *args, c, **kw):
    print('in arguments')


arguments(D('arg a'), D('arg b'), D('arg 1'), D('arg 2'), c=D('arg c'), x=D('arg x'), y=D('arg y'))
arguments(*[D('arg a'), D('arg b')], **{'c': D('arg c'), 'z': D('arg z')})


def rebind(a):
    a = D('rebound')
    print('in rebind')


rebind(D('parameter'))


def gen():
    a = D('gen a')
    try:
        yield 1
        b = D('gen b')
        yield 2
    finally:
        print('gen finally')


g = gen()
next(g)
del g
g = gen()
print(list(g))
g = gen()
next(g)
next(g)
g.close()
print('closed')
del g
for i in gen():
    if i == 2:
        break
print('after break')
x = (D('genexp %d' % i) for i in range(3))
next(x)
print('got one')
next(x)
print('got two')
del x
[D('comp %d' % i) for i in range(2)]
{D('setcomp')}
print([i.name for i in [D('c1'), D('c2')]])


class Context:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return D('entered ' + self.name)

    def __exit__(self, *exc):
        print(
            'exit',
            self.name,
            [e if e is None else getattr(e, '__name__', type(e).__name__) for e in exc],
        )
        return True

    def __del__(self):
        print('   del context', self.name)


with Context('one') as x:
    print('inside')
print('outside')
with Context('two'), Context('three') as y:
    raise ValueError(D('raised'))
print('outside')
del x, y


# -- Deleting attributes, classes, modules ------------------------------------------------------
class Holder:
    a = D('class attr')

    def __init__(self):
        self.b = D('instance attr b')
        self.c = D('instance attr c')


h = Holder()
h.b = D('replaced b')
del h.c
Holder.a = None
h2 = Holder()
h2.__dict__ = {'n': D('new dict')}
print('dict replaced')
del h2, h
print('end of holders')
match [D('m1'), D('m2')]:
    case [first, *rest]:
        print('matched')
del first
print('first gone')
del rest
match D('subject'):
    case D(name=n):
        print(n)
print('last')
