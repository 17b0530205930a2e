# Struct sequences, modules, namespaces, mapping proxies, singletons.
import builtins


def print(*args):
    """Without addresses, which differ from run to run."""
    text = ' '.join(map(str, args))
    parts = text.split('0x')
    builtins.print('0x'.join(parts[:1] + [p.lstrip('0123456789abcdef') for p in parts[1:]]))


import sys, types


def T(f, *a):
    try:
        print(f(*a))
    except BaseException as e:
        print(type(e).__name__, e)


# structseq
print(
    sys.version_info[:2],
    sys.flags.n_fields,
    sys.float_info.max,
    type(sys.flags),
    sys.thread_info.__reduce__(),
)
T(lambda: type(sys.flags)())
T(lambda: type(sys.float_info)([1]))
T(lambda: type(sys.hash_info)(range(9)))
print(sys.int_info, type(sys.int_info).__match_args__, sys.int_info.__getnewargs__())
import os

s = os.stat('/')
print(
    s.n_sequence_fields,
    type(s)(range(10)).st_atime,
    type(s)(range(10), {'st_atime_ns': 5}).st_atime_ns,
)
T(lambda: type(s)(range(3)))
T(lambda: type(s)(range(30)))
T(lambda: type(s)(3))
T(lambda: type(s)(range(10), 3))
# module
m = types.ModuleType('foo', 'bar')
print(m, m.__doc__, m.__dict__.keys(), m.__annotations__)
T(lambda: m.x)
m.__getattr__ = lambda n: n * 2
print(m.x)
m.__dir__ = lambda: ['z']
print(dir(m))
T(lambda: types.ModuleType())
T(lambda: types.ModuleType(3))
del m.__annotations__
T(lambda: delattr(m, '__annotations__'))
T(lambda: delattr(m, 'nope'))


class MT(types.ModuleType):
    @property
    def pp(s):
        return 7


sys.modules['abc'].__class__
m2 = types.ModuleType('q')
m2.__class__ = MT
print(m2.pp)
ns = types.SimpleNamespace(a=1, b=[2])
ns.c = ns
print(ns, ns == types.SimpleNamespace(a=1), ns.__reduce__()[1:2])
T(lambda: types.SimpleNamespace(1))
T(lambda: types.SimpleNamespace(**{'1': 2}))
mp = types.MappingProxyType({'a': 1})
print(
    mp,
    mp['a'],
    mp | {'b': 2},
    list(mp.items()),
    mp.get('z'),
    mp.copy(),
    'a' in mp,
    len(mp),
    mp == {'a': 1},
    list(reversed(mp)),
)
T(lambda: mp.__setitem__)
T(lambda: types.MappingProxyType(3))
T(lambda: hash(mp))
print(None.__repr__(), type(None)(), type(...)(), type(NotImplemented)(), Ellipsis.__reduce__())
T(lambda: type(None)(1))
T(lambda: type(...)(1))
