# SPDX-License-Identifier: MIT
"""Constructors that take objects: by place, by name, too few, too many, unknown, of the wrong type."""
import io, types
def f(a=1): "doc"; return a
class P(property): pass
def g():
    x = 1
    return lambda: x
C = g().__code__
ARGUMENTS = [((), {}), ((1,), {}), ((None,), {}), ((b'ab',), {}), (('ab',), {}), (('ab', None), {}), (('a\nb', '\r\n'), {}), (('ab', 'x'), {}), (('ab', 1), {}), ((1, 2, 3, 4, 5, 6), {}), ((f,), {}), ((f, f), {}), ((f, None, f, 'd'), {}), ((f,), {'doc': 'dd'}), ((), {'fget': f}), ((f,), {'fget': f}), ((f,), {'nope': 1}), ((), {'initial_bytes': b'x'}), ((b'x',), {'initial_bytes': b'x'}), ((), {'initial_value': 'q'}), (('q',), {'newline': None}), ((), {'newline': '', 'initial_value': 'a\r'}), ((f.__code__,), {}), ((f.__code__, {}), {}), ((f.__code__, []), {}), ((1, {}), {}), ((f.__code__, {}, 'n'), {}), ((f.__code__, {}, 1), {}), ((f.__code__, {}, None, (7,)), {}), ((f.__code__, {}, None, [7]), {}), ((f.__code__, {}, None, None, None), {}), ((f.__code__, {}, None, None, ()), {}), ((C, {}), {}), ((C, {}, 'n', None, (types.CellType(3),)), {}), ((C, {}, 'n', None, 3), {}), ((C, {}, 'n', None, (3,)), {}), ((f.__code__,), {'globals': {}, 'argdefs': (9,), 'name': 'z'}), ((), {'code': f.__code__, 'globals': {}}), ((f.__code__,), {'code': 1}), ((f.__code__, {}), {'zz': 1}), ((), {1: 2} if False else {})]
for cls in property, P, types.FunctionType, io.BytesIO, io.StringIO:
    for args, kwargs in ARGUMENTS:
        try:
            o = cls(*args, **kwargs)
            if isinstance(o, property):
                print(cls.__name__, o.fget is f, o.fset is f, o.fdel is f, o.__doc__ if o.fget in (None, f) else '')
            elif cls is types.FunctionType:
                print(o.__name__, o.__defaults__, o.__closure__ and o(), o.__doc__)
            else:
                print(cls.__name__, o.getvalue(), o.tell())
        except Exception as e:
            print(cls.__name__, type(e).__name__, e)
p = property(f); p.__init__(None, doc='again'); print(p.fget, p.__doc__)
b = io.BytesIO(b'abc'); b.__init__(); print(b.getvalue())
