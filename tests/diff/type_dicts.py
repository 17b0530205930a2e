# What every built-in type and module function has: names, kinds, text signatures, defining objects.
import sys, binascii

# The modules that 3.11 builds into its executable; what each one exports must agree.
MODULES = '''_abc _ast _bisect _codecs _collections _functools _heapq _imp _io _locale _operator _random _signal _sre _stat _statistics _string _struct
_symtable _thread _tracemalloc _warnings _weakref array atexit binascii builtins cmath errno faulthandler fcntl gc grp itertools marshal math posix pwd select
sys time unicodedata'''.split()
import importlib

modules = []
for name in MODULES:
    try:
        modules.append(importlib.import_module(name))
    except ImportError:
        print('no module', name)


def describe(name, value):
    kind = type(value).__name__
    sig = getattr(value, '__text_signature__', None) if kind != 'type' else None
    if kind in (
        'member_descriptor',
        'getset_descriptor',
        'method_descriptor',
        'wrapper_descriptor',
        'classmethod_descriptor',
    ):
        return '%s:%s:%s:%s:%s' % (name, kind, sig, value.__objclass__.__name__, value.__qualname__)
    if kind == 'builtin_function_or_method':
        owner = value.__self__
        return '%s:%s:%s:%s:%s:%s' % (
            name,
            kind,
            sig,
            value.__qualname__,
            value.__module__,
            type(owner).__name__,
        )
    if kind == 'staticmethod':
        return '%s:%s:%s' % (name, kind, describe(name, value.__func__))
    if name == '__doc__':
        return '%s:%s' % (name, value is None)
    if isinstance(value, (int, str, tuple)) and name in (
        '__module__',
        '__match_args__',
        '__hash__',
        'n_fields',
        'n_sequence_fields',
        'n_unnamed_fields',
    ):
        return '%s=%r' % (name, value)
    return '%s:%s' % (name, kind)


def digest(rows):
    return '%08x' % binascii.crc32('\n'.join(rows).encode())


seen, todo = set(), [object]
for m in modules:
    todo += [v for v in vars(m).values() if isinstance(v, type)]
while todo:
    cls = todo.pop()
    if cls in seen:
        continue
    seen.add(cls)
    todo += type.__subclasses__(cls)


def is_python(cls):
    return (
        any(hasattr(v, '__code__') for v in vars(cls).values())
        or '__dict__' in vars(cls)
        and '__module__' in vars(cls)
        and cls.__module__ not in names
    )


names = {m.__name__ for m in modules} | {'types', 'io', 'functools', 're', 'collections'}
for cls in sorted(seen, key=lambda c: (c.__module__, c.__qualname__, sorted(vars(c)))):
    if (
        cls.__module__ not in names
        or is_python(cls)
        or cls.__module__ == '_ast'
        or cls.__name__ == 'hamt_array_node'
    ):
        continue
    try:
        doc_signature = cls.__text_signature__
    except Exception as e:
        doc_signature = repr(e)
    rows = [describe(k, v) for k, v in sorted(vars(cls).items()) if k != '__abstractmethods__']
    # bit 11: has a vectorcall, which lru_cache's wrapper has here
    print(
        cls.__module__,
        cls.__qualname__,
        [b.__name__ for b in cls.__bases__],
        hex(cls.__flags__ & ~(1 << 19 | (cls.__name__ == "_lru_cache_wrapper") << 11)),
        doc_signature,
        len(rows),
        digest(rows),
    )
    for row in rows:
        print('   ', row)
for m in modules:
    if m.__name__ in ('sys', '_ast', 'posix', 'builtins'):
        skip = {
            '_',
            '__loader__',
            '__spec__',
            '__file__',
            '__cached__',
            '_vitro',
            '_git',
            'last_type',
            'last_value',
            'last_traceback',
        }
    else:
        skip = {'__loader__', '__file__'}
    rows = [
        describe(k, v)
        for k, v in sorted(vars(m).items())
        if k not in skip and not isinstance(v, type)
    ]
    print(m.__name__, len(rows), digest(rows))
    for row in rows:
        print('   ', row)
