# Reference counts and lifetimes in the generator protocol, coroutines, functions, modules and C library types.
import sys

sys.path.pop(0)  # names of tests beside this one are names of library modules
import gc, types, weakref, contextlib, contextvars, functools, io, re, struct, json, pickle, copy, collections, asyncio, inspect, operator, enum, dataclasses, typing, abc

rc = sys.getrefcount
gc.disable()


class O:
    def __repr__(self):
        return 'O()'


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('   del', self.name)

    def __repr__(self):
        return 'D(%r)' % self.name


def show(label, *counts):
    print(label, *counts)


o = O()


# -- Generators ------------------------------------------------------------------------------
def gen(x):
    received = yield x
    show('received', rc(received), rc(x))
    yield received
    return x


g = gen(o)
show('created', rc(g), rc(o), rc(g.gi_frame), rc(g.gi_code) > 2, sys.getsizeof(g) > 0)
show('next', rc(next(g)), rc(o))
show('send', rc(g.send(o)), rc(o), rc(g.gi_frame.f_locals))
try:
    next(g)
except StopIteration as e:
    show('value', rc(e.value), rc(o))
show('finished', rc(o), g.gi_frame)


def outer(x):
    r = yield from gen(x)
    show('from', rc(r), rc(x))


g = outer(o)
next(g)
show('delegate', rc(g.gi_yieldfrom), rc(o))
g.send(o)
next(g, None)
show('end', rc(o))
g = (x for x in [o])
show('genexp', rc(next(g)), rc(o), rc(g))
g.close()
show('closed', rc(o))


def chain():
    a = D('chain local')
    yield from (D('inner %d' % i) for i in range(2))


for x in chain():
    print(x.name)
del x


def infinite():
    while True:
        yield D('yielded')


g = infinite()
next(g)
print('after next')
x = next(g)
next(g)
print('kept', rc(x))
del g
print('generator gone')
del x


def cleanup():
    try:
        yield D('value')
    finally:
        print('   finally')
        D('temporary')


g = cleanup()
x = next(g)
g = None
print('closed by deletion')
del x


def ref():
    yield weakref.getweakrefcount(g), rc(g)


g = ref()
w = weakref.ref(g)
show('weak', next(g))
del g
show('dead', w())


# -- Coroutines ------------------------------------------------------------------------------
class Awaitable:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        show('await', rc(self), rc(self.v))
        r = yield self.v
        return r


async def coro(x):
    r = await Awaitable(x)
    show('awaited', rc(r), rc(x))
    return D('result')


c = coro(o)
show('coro', rc(c), rc(o))
show('sent', rc(c.send(None)), rc(c.cr_await), rc(o))
try:
    c.send(o)
except StopIteration as e:
    show('stop', rc(e.value), rc(o))
print('coroutine done')
del c


async def agen(x):
    try:
        yield x
        yield D('agen value')
    finally:
        print('   agen finally')


async def consume():
    async for v in agen(o):
        show('async for', rc(v))
    a = agen(o)
    s = a.asend(None)
    show('asend', rc(s), rc(a))
    show('asent', rc(await s))
    await a.aclose()
    async with Manager() as m:
        show('async with', rc(m), m.x)
    show('async comp', [rc(v) async for v in agen(o)])


class Manager:
    async def __aenter__(self):
        self.x = rc(self)
        return self

    async def __aexit__(self, *e):
        show('aexit', rc(self), rc(e) - 2 if e != (None,) * 3 else '')


def drive(c):
    try:
        while True:
            c.send(None)
    except StopIteration:
        pass


drive(consume())
show('after async', rc(o))


async def task():
    x = D('task local')
    await asyncio.sleep(0)
    return rc(x)


print(asyncio.run(task()))


# -- Functions -------------------------------------------------------------------------------
def f(a, b=O(), *c, d=O(), **e):
    return a


show(
    'function',
    rc(f),
    rc(f.__defaults__),
    rc(f.__kwdefaults__),
    rc(f.__defaults__[0]),
    rc(f.__annotations__),
    rc(f.__dict__),
    rc(f.__code__),
)
f.__defaults__ = (o,)
show('defaults', rc(o))
f.__kwdefaults__ = {'d': o}
show('kwdefaults', rc(o))
f.attr = o
show('attr', rc(o))
b = types.MethodType(f, o)
show('method', rc(b), rc(f), rc(o), rc(b.__self__))
del b, f
show('gone', rc(o))
fn = types.FunctionType((lambda: 0).__code__, {}, 'name', (o,), None)
show('made', rc(fn), rc(o), rc(fn.__globals__))
del fn


def deco(fn):
    return fn


@deco
def decorated():
    pass


show('decorated', rc(decorated))


@functools.wraps(deco)
def wrapped():
    pass


show('wraps', rc(wrapped), rc(deco), rc(wrapped.__wrapped__))
del wrapped, decorated


def cells():
    a, b = o, D('cell b')

    def inner():
        return a

    def other():
        nonlocal a
        a = None
        return b

    return inner, other


i, j = cells()
show('cells', rc(o), rc(i.__closure__), rc(i.__closure__[0]), i.__closure__[0] is j.__closure__[0])
j()
show('rebound', rc(o))
del i, j
print('closures gone')
cell = types.CellType(o)
show('cell', rc(o), rc(cell))
cell.cell_contents = 1
show('set', rc(o))
del cell
builtin = [].append
show('builtin', rc(builtin), rc(builtin.__self__))
builtin(o)
show('appended', rc(o))
del builtin
show('gone', rc(o))
d = dict.__dict__['get']
show('descr', rc(d) > 2)
del d
s = staticmethod(o)
c = classmethod(o)
p = property(o, o, o)
show('wrappers', rc(o), rc(s.__func__))
del s, c, p
show('gone', rc(o))
sup = super(O, o)
show('super', rc(o), rc(O) > 3)
del sup
code = compile('x = 1', 'file', 'exec')
show('code', rc(code), rc(code.co_consts), rc(code.co_names))
ns = {}
exec(code, ns)
show('exec', rc(code), rc(ns), rc(ns['x']) > 3)
del code, ns
exec('y = o', {'o': o})
show('exec', rc(o))
eval('[o, o]', {'o': o})
show('eval', rc(o))
r = eval('o', {}, {'o': o})
show('eval', rc(o))
del r
show('locals', rc(locals()) > 2, rc(globals()) > 2, (lambda: rc(locals()))())


# -- Library ---------------------------------------------------------------------------------
@contextlib.contextmanager
def manager(x):
    show('enter', rc(x))
    yield x
    show('exit', rc(x))


with manager(o) as m:
    show('with', rc(o))
del m
with contextlib.ExitStack() as stack:
    stack.callback(lambda v: show('callback', rc(v)), o)
show('stack', rc(o))
del stack
show('stack gone', rc(o))
var = contextvars.ContextVar('var')
t = var.set(o)
show('contextvar', rc(o), rc(var.get()), rc(t))
var.reset(t)
show('reset', rc(o))
del t
ctx = contextvars.copy_context()
ctx.run(var.set, o)
show('context', rc(o), rc(ctx))
del ctx
show('context gone', rc(o))


@dataclasses.dataclass
class Data:
    a: object
    b: list = dataclasses.field(default_factory=list)


d = Data(o)
show('dataclass', rc(d), rc(o), rc(d.b), rc(dataclasses.replace(d).a))
del d


class Color(enum.Enum):
    RED = 1
    BLUE = 2


show('enum', Color.RED is Color(1), Color['RED'] is Color.RED)
nt = typing.NamedTuple('nt', [('a', int)])(o)
show('namedtuple', rc(nt.a), rc(nt))
del nt
buf = io.BytesIO(b'abc' * 100)
v = buf.getbuffer()
show('bytesio', rc(buf), rc(v), rc(v.obj))
v.release()
del v, buf
s = io.StringIO('text')
show('stringio', rc(s), rc(s.getvalue()))
del s
m = re.match('(a)(b)?', 'abc' + str(1))
show('match', rc(m), rc(m.re), rc(m.string), rc(m.groups()), rc(m.group(0)), rc(m.regs))
del m
show('re', [rc(x) for x in re.findall('[a-c]b', 'abcbab')], rc(re.sub('a', 'b', 'xay')))
show('struct', rc(struct.pack('ii', 1, 2)), [rc(x) for x in struct.unpack('dd', bytes(16))])
x = json.loads('{"a": [1.5, "text", {"b": null}]}')
show('json', rc(x), rc(x['a']), rc(x['a'][0]), rc(x['a'][1]), rc(x['a'][2]))
del x
x = pickle.loads(pickle.dumps([(1.5, 'some text'), {'k': [2.5]}]))
show('pickle', rc(x), rc(x[0]), rc(x[0][0]), rc(x[0][1]), rc(x[1]), rc(x[1]['k']))
del x
l = [o]
x = copy.copy(l)
y = copy.deepcopy([l, l])
show('copy', rc(o), rc(y[0]), y[0] is y[1])
del l, x, y
mv = memoryview(bytearray(b'abc'))
v = mv[1:]
show('memoryview', rc(mv), rc(mv.obj), rc(v), v.obj is mv.obj)
del v
mv.release()
del mv
it = iter(lambda: o, None)
show('callable iter', rc(next(it)), rc(o))
del it
w = weakref.WeakValueDictionary()
w['a'] = x = O()
show('weak dict', rc(x), len(w))
del x
show('weak dict', len(w))
w = weakref.WeakSet([o])
show('weak set', rc(o), len(w))
del w
k = weakref.WeakKeyDictionary()
x = O()
k[x] = D('weak value')
show('weak key', rc(x))
del x
print('key gone')
del k
fin = weakref.finalize(D('finalized'), print, 'finalizer', 1)
print('alive', fin.alive)
del fin
p = weakref.proxy(o)
show('proxy', rc(o), weakref.getweakrefcount(o))
del p
mod = types.ModuleType('m', 'doc')
mod.o = o
show('module', rc(mod), rc(o), rc(mod.__dict__))
del mod
show('module gone', rc(o))
ns = types.SimpleNamespace(x=o)
show('namespace', rc(o))
ns2 = copy.copy(ns)
show('copied', rc(o))
del ns, ns2
mp = types.MappingProxyType({'o': o})
show('mappingproxy', rc(o), rc(mp['o']))
del mp
ga = list[O]
show('alias', rc(ga.__args__), rc(ga), list[int] is list[int], typing.List[int] is typing.List[int])
del ga
un = int | O
show('union', rc(un.__args__), rc(un))
del un
sl = slice(o, o)
show('slice', rc(o))
del sl
show('slice gone', rc(o))
cm = collections.ChainMap({'a': o})
show('chainmap', rc(cm['a']))
del cm
ct = collections.Counter([o, o])
show('counter', rc(o))
del ct
od = collections.OrderedDict(a=o)
od['a'] = None
show('odict', rc(o))
del od
ud = collections.UserDict(a=o)
show('userdict', rc(o))
del ud
sg = inspect.signature(lambda a=o: 0)
show('signature', rc(o))
del sg
show('gone', rc(o), gc.collect() >= 0, rc(o))
fr = sys._getframe()
show('frame', rc(fr), rc(fr.f_globals) > 2, fr.f_locals is fr.f_globals)
del fr


def traced(frame, event, arg):
    return traced


def run(x):
    return x


sys.settrace(traced)
run(o)
sys.settrace(None)
show('traced', rc(o))
sys.setprofile(lambda *a: None)
run(o)
len([])
sys.setprofile(None)
show('profiled', rc(o))
try:
    raise ValueError(o)
except ValueError:
    show('handled', rc(o))
show('end', rc(o), rc(None) > 100)
