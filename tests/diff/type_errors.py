# Messages of errors about types and attributes.
import builtins


def print(*args):
    """Without addresses, which differ from run to run."""
    text = ' '.join(map(str, args))
    parts = text.split('0x')
    builtins.print('0x'.join(parts[:1] + [p.lstrip('0123456789abcdef') for p in parts[1:]]))


class A:
    pass


for f in (
    lambda: A.__nope__,
    lambda: setattr(A, '__bases__', ()),
    lambda: setattr(A, '__bases__', 3),
    lambda: delattr(A, '__bases__'),
    lambda: delattr(A, '__name__'),
    lambda: setattr(A, '__name__', 1),
    lambda: delattr(A, '__module__'),
    lambda: type.__abstractmethods__,
    lambda: A.__abstractmethods__,
    lambda: delattr(A, '__annotations__'),
    lambda: delattr(A, '__doc__'),
    lambda: type(1, x=2),
    lambda: type('a', (), {}, x=1),
    lambda: type(1, 2),
    lambda: type('a', (1,), {}),
    lambda: type('a', (bool,), {}),
    lambda: type('a', (int, str), {}),
    lambda: type('a\0', (), {}),
    lambda: object.__new__(int),
    lambda: object(1),
    lambda: A(1),
    lambda: object.__new__(),
    lambda: object.__new__(1),
    lambda: object.__reduce__(1, 2),
    lambda: (1).__reduce_ex__(),
    lambda: object().__format__('x'),
    lambda: super(),
    lambda: setattr(A(), '__class__', int),
    lambda: setattr(A(), '__class__', 1),
    lambda: setattr(1, '__class__', A),
    lambda: delattr(A(), '__class__'),
    lambda: A().__dict__.__setattr__('x', 1),
    lambda: setattr(A(), '__dict__', 1),
    lambda: A.__dict__['__dict__'].__get__(1),
    lambda: type.__init__(A),
    lambda: type.__call__(1),
    lambda: int.__add__(),
    lambda: int.__add__('a', 1),
    lambda: int.__add__(1),
    lambda: [].append(),
    lambda: list.append(),
    lambda: list.append(1, 2),
    lambda: list.append.__get__(1),
    lambda: dict.fromkeys.__get__(1),
    lambda: type.__dict__['__name__'].__get__(1),
    lambda: type.__dict__['__dict__'].__set__(A, {}),
    lambda: super(A, 1),
    lambda: super(1),
    lambda: super(A).x,
    lambda: type.mro(1),
):
    try:
        print(f())
    except Exception as e:
        print(type(e), e, getattr(e, 'name', None), getattr(e, 'obj', None))
