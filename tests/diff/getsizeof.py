# Sizes of every built-in type: the type's own numbers, the size of sample objects, and what sys.getsizeof says of them.
import sys


def reachable():
    seen, todo = {object}, [object]
    while todo:
        for sub in type.__subclasses__(todo.pop()):
            if sub not in seen:
                seen.add(sub)
                todo.append(sub)
    return seen


def is_static(cls):
    return not cls.__flags__ & 1 << 9 and cls.__module__ == 'builtins'


# hamt_array_node is a third form of node that only 3.11's map of context variables has.
for cls in sorted(filter(is_static, reachable()), key=lambda c: (c.__module__, c.__qualname__)):
    if cls.__name__ != 'hamt_array_node':
        print(
            cls.__name__,
            cls.__basicsize__,
            cls.__itemsize__,
            hex(cls.__flags__ & ~(1 << 19)),
            cls.__dictoffset__,
            cls.__weakrefoffset__,
            cls.__base__ and cls.__base__.__name__,
        )

# -- Samples ---------------------------------------------------------------------------------


def generator():
    yield 1


async def coroutine():
    pass


async def async_generator():
    yield 1


def with_cell():
    x = 1

    def inner():
        return x

    return inner


class Empty:
    pass


class Slots:
    __slots__ = 'a', 'b'


class Many:
    __slots__ = tuple('abcdefgh') + ('__dict__', '__weakref__')


class IntSub(int):
    pass


class StrSub(str):
    pass


class ListSub(list):
    pass


class TupleSub(tuple):
    pass


class DictSub(dict):
    pass


class FloatSub(float):
    pass


class BytesSub(bytes):
    pass


class Meta(type):
    pass


class Made(metaclass=Meta):
    pass


big = range(100)
growing = []
grown = []
for i in range(200):
    growing.append(i)
    grown.append(sys.getsizeof(growing))
print('list append', grown)
shrunk = []
while growing:
    growing.pop()
    shrunk.append(sys.getsizeof(growing))
print('list pop', shrunk)
d, sizes = {}, []
for i in range(400):
    d[i] = i
    sizes.append(sys.getsizeof(d))
print('dict of int', sorted(set(sizes)), [i for i in range(1, 400) if sizes[i] != sizes[i - 1]])
d, sizes = {}, []
for i in range(400):
    d[str(i)] = i
    sizes.append(sys.getsizeof(d))
print('dict of str', sorted(set(sizes)), [i for i in range(1, 400) if sizes[i] != sizes[i - 1]])
s, sizes = set(), []
for i in range(400):
    s.add(i)
    sizes.append(sys.getsizeof(s))
print('set', sorted(set(sizes)), [i for i in range(1, 400) if sizes[i] != sizes[i - 1]])
b, sizes = bytearray(), []
for i in range(300):
    b.append(1)
    sizes.append(sys.getsizeof(b))
print('bytearray', sizes)
sizes = []
while b:
    del b[-1]
    sizes.append(sys.getsizeof(b))
print('bytearray shrinking', sizes)

coro = coroutine()
samples = dict(
    object=object(),
    none=None,
    ellipsis=...,
    notimplemented=NotImplemented,
    true=True,
    zero=0,
    one=1,
    big30=1 << 30,
    big60=1 << 60,
    huge=1 << 3000,
    negative=-(1 << 90),
    float=1.5,
    complex=1j,
    str='',
    ascii='abc',
    latin='\xe9\xe8',
    bmp='\u20ac' * 3,
    astral='\U0001f600' * 3,
    bytes=b'',
    bytes3=b'abc',
    bytearray=bytearray(),
    bytearray3=bytearray(b'abc'),
    memoryview=memoryview(b'abc'),
    memoryview2=memoryview(b'abcdef').cast('B', (2, 3)),
    tuple=(),
    tuple3=(1, 2, 3),
    list=[],
    list3=[1, 2, 3],
    list_of=list(big),
    list_comp=[i for i in big],
    list_mul=[0] * 17,
    list_slice=list(big)[3:20],
    list_sorted=sorted(big),
    dict={},
    dict1={1: 2},
    dict_comp={i: i for i in big},
    dict_of=dict(a=1, b=2),
    dict_zip=dict(zip('abcdefghij', big)),
    dict_copy={i: i for i in big}.copy(),
    fromkeys=dict.fromkeys(big),
    fromkeys_str=dict.fromkeys('abcdefgh'),
    merged={**{1: 2}, **{i: i for i in range(20)}},
    set=set(),
    set_of={1, 2, 3},
    set100=set(big),
    frozenset=frozenset(),
    frozenset100=frozenset(big),
    set_union=set(big) | {1, 2},
    set_copy=set(big).copy(),
    slice=slice(1),
    range=range(3),
    range_iter=iter(range(3)),
    long_range_iter=iter(range(1 << 70)),
    enumerate=enumerate([]),
    zip=zip(),
    zip2=zip([], []),
    map=map(len, []),
    map2=map(max, [], []),
    filter=filter(None, []),
    reversed=reversed(()),
    list_iter=iter([]),
    list_rev=reversed([]),
    tuple_iter=iter(()),
    str_iter=iter('a'),
    str_iter2=iter('\u20ac'),
    bytes_iter=iter(b''),
    ba_iter=iter(bytearray()),
    set_iter=iter(set()),
    dict_iter=iter({}),
    dict_items=iter({}.items()),
    dict_values=iter({}.values()),
    dict_rev=reversed({}),
    keys={}.keys(),
    values={}.values(),
    items={}.items(),
    call_iter=iter(int, 1),
    function=generator,
    closure=with_cell(),
    cell=with_cell().__closure__[0],
    code=generator.__code__,
    code2=with_cell.__code__,
    generator=generator(),
    coroutine=coro,
    await_=coro.__await__(),
    asyncgen=async_generator(),
    asend=async_generator().asend(None),
    athrow=async_generator().athrow(ValueError),
    builtin=len,
    method=Empty().__init__,
    bound='a'.upper,
    descr=str.upper,
    wrapper=int.__add__,
    wrapped=(1).__add__,
    getset=type.__dict__['__dict__'],
    member=slice.start,
    classmethod=classmethod(len),
    staticmethod=staticmethod(len),
    classmethod_descr=dict.__dict__['fromkeys'],
    property=property(),
    super=super(Slots),
    module=type(sys)('m'),
    frame=sys._getframe(),
    type=type,
    empty=Empty,
    slots=Slots,
    empty_o=Empty(),
    slots_o=Slots(),
    many_o=Many(),
    intsub=IntSub(5),
    intsub_big=IntSub(1 << 100),
    strsub=StrSub('abc'),
    listsub=ListSub([1]),
    tuplesub=TupleSub((1, 2)),
    dictsub=DictSub(a=1),
    floatsub=FloatSub(1),
    bytessub=BytesSub(b'ab'),
    meta=Meta,
    made=Made,
    proxy=type.__dict__,
    namespace=type(sys.implementation)(),
    alias=list[int],
    union=int | str,
    exception=ValueError(1),
    oserror=OSError(1, 'x'),
    syntax=SyntaxError('x'),
    unicode_error=UnicodeDecodeError('a', b'', 0, 1, ''),
    stop=StopIteration(1),
    exit=SystemExit(1),
    key=KeyError(1),
    imp=ImportError('x', name='y'),
    group=ExceptionGroup('a', [ValueError()]),
    attr=AttributeError('a'),
    name=NameError('b'),
    flags=sys.flags,
    version=sys.version_info,
    concat='a' + 'bc',
    joined=','.join('abc'),
    formatted=f'{1}{2}',
    sliced='hello'[1:3],
    upper='ab'.upper(),
    dec=b'ab'.decode(),
    lat_dec=b'\xe9'.decode('latin-1'),
    read=b'ab\xe2\x82\xac'.decode(),
    int_mul=(1 << 29) * (1 << 31),
    int_add=(1 << 30) - 1 + 1,
    int_sub=(1 << 30) - 1,
    int_of=int('9' * 40),
    int_hex=int('f' * 40, 16),
    from_bytes=int.from_bytes(b'\xff' * 20, 'big'),
    pow=7**100,
    int_shr=(1 << 100) >> 50,
    int_and=((1 << 100) - 1) & ((1 << 40) - 1),
    int_div=10**40 // 10**20,
    int_float=int(1e40),
    int_neg=-(10**30),
    int_inv=~(1 << 60),
    int_zero=(1 << 90) - (1 << 90),
)
coro.close()
for name, sample in samples.items():
    print(
        name,
        type(sample).__name__,
        sys.getsizeof(sample),
        sample.__sizeof__() if not isinstance(sample, type) else type.__sizeof__(sample),
    )

o = Empty()
for i, name in enumerate('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'):
    setattr(o, name, i)
    if i % 3 == 0:
        print('instance dict', i, sys.getsizeof(o.__dict__), sys.getsizeof(Empty().__dict__))
p = Empty()
p.a = 1
print('shared keys', sys.getsizeof(p.__dict__), sys.getsizeof(p))
