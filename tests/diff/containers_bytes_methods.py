# SPDX-License-Identifier: MIT
# Prints results and messages of container operations; the output must equal that of 3.11.
import sys

for n in range(0, 12):
    print(
        n,
        sys.getsizeof(bytes(iter(range(n)))),
        sys.getsizeof(bytearray(range(n))),
        sys.getsizeof(bytearray(n)),
        sys.getsizeof(bytearray(bytes(n))),
        end=' ',
    )
b = bytearray()
l = []
for i in range(60):
    b.append(1)
    l.append(sys.getsizeof(b))
print(l)
b = bytearray(b'abc')
b += b'def'
print(sys.getsizeof(b))
b.extend([1, 2, 3])
print(sys.getsizeof(b))
b.extend(b'1234567890')
print(sys.getsizeof(b))
del b[3:]
print(sys.getsizeof(b))
b.insert(0, 1)
print(sys.getsizeof(b))
b *= 5
print(sys.getsizeof(b))
b.clear()
print(sys.getsizeof(b))
b[0:0] = b'xxx'
print(sys.getsizeof(b))
b.pop()
print(sys.getsizeof(b), b.__alloc__())
L = []
for t in (bytes, bytearray):
    x = t(b'hello World\tfoo\n bar')
    fs = [
        lambda: x.find(b'o'),
        lambda: x.find(111),
        lambda: x.find('a'),
        lambda: x.find(300),
        lambda: x.index(b'zz'),
        lambda: x.rfind(b'o', 0, 5),
        lambda: x.count(b'o'),
        lambda: x.count(b''),
        lambda: x.split(),
        lambda: x.split(b'o'),
        lambda: x.split(b'o', 1),
        lambda: x.rsplit(b'o', 1),
        lambda: x.rsplit(None, 1),
        lambda: x.split(b''),
        lambda: x.partition(b' '),
        lambda: x.rpartition(b'o'),
        lambda: x.partition(b''),
        lambda: x.strip(),
        lambda: x.strip(b'hr'),
        lambda: x.title(),
        lambda: x.upper(),
        lambda: x.capitalize(),
        lambda: x.swapcase(),
        lambda: x.center(30),
        lambda: x.center(30, b'*'),
        lambda: x.center(30, b'**'),
        lambda: x.ljust(25, b'-'),
        lambda: x.zfill(25),
        lambda: t(b'-5').zfill(5),
        lambda: x.expandtabs(),
        lambda: x.expandtabs(3),
        lambda: x.splitlines(),
        lambda: x.splitlines(True),
        lambda: x.replace(b'o', b'00'),
        lambda: x.replace(b'', b'-'),
        lambda: x.replace(b'o', b'', 1),
        lambda: x.translate(None, b'o'),
        lambda: x.translate(bytes(range(256))[::-1]),
        lambda: x.translate(b'a'),
        lambda: t.maketrans(b'ab', b'cd')[97:100],
        lambda: t.maketrans(b'a', b''),
        lambda: t.fromhex('0a 0B ff'),
        lambda: t.fromhex('0'),
        lambda: t.fromhex('zz'),
        lambda: x.hex(),
        lambda: x.hex(':'),
        lambda: x.hex('-', 3),
        lambda: x.hex(b':', -3),
        lambda: x.hex('::'),
        lambda: x.startswith(b'he'),
        lambda: x.startswith((b'a', b'h')),
        lambda: x.startswith('a'),
        lambda: x.endswith(b'bar', 2),
        lambda: x.removeprefix(b'hel'),
        lambda: x.removesuffix(b'ar'),
        lambda: x.isalpha(),
        lambda: x.isspace(),
        lambda: x.islower(),
        lambda: x.istitle(),
        lambda: x.isascii(),
        lambda: t(b'123').isdigit(),
        lambda: x.decode(),
        lambda: t(b'\xff').decode(),
        lambda: t(b'\xff').decode('latin1'),
        lambda: x.join([b'a', b'b']),
        lambda: t(b',').join([b'a', t(b'b'), memoryview(b'c')]),
        lambda: x.join(['a']),
        lambda: x.join(1),
        lambda: x + b'a',
        lambda: x + 'a',
        lambda: x * 2,
        lambda: x * -1,
        lambda: 'a' in x,
        lambda: b'lo' in x,
        lambda: 300 in x,
        lambda: x[0],
        lambda: x[100],
        lambda: x['a'],
        lambda: x[1:4],
        lambda: x[::-2],
        lambda: t('a'),
        lambda: t('a', 'utf8'),
        lambda: t(1.5),
        lambda: t(-1),
        lambda: t([256]),
        lambda: t(['a']),
        lambda: t(b'a', 'x'),
        lambda: t(object()),
        lambda: t(5),
        lambda: t(b'%s|%d|%x|%c|%a|%r|%5.2f|%%') % (b'a', 5, 255, 65, 'é', 'x', 1.5),
        lambda: t(b'%d') % 'a',
        lambda: t(b'%s') % 'a',
        lambda: t(b'%c') % 300,
        lambda: t(b'%(a)s') % {b'a': b'z'},
        lambda: t(b'%') % 1,
        lambda: t(b'%s %s') % 1,
        lambda: t(b'%s') % (1, 2),
        lambda: t(b'%b') % b'x',
        lambda: t(b'%z') % 1,
        lambda: t(b'%-5d|%05d|%+d|% d|%#x|%#o') % (1, 2, 3, 4, 5, 6),
        lambda: repr(t(b'\x00\'"\n\\a')),
        lambda: repr(t(b"it's")),
        lambda: str(x),
        lambda: hash(x) is not None,
        lambda: x == b'hello World\tfoo\n bar',
        lambda: x < b'z',
        lambda: x < 'z',
        lambda: x.lstrip(b'he'),
        lambda: x.rstrip('a'),
        lambda: list(x[:3]),
        lambda: x.__getnewargs__(),
        lambda: iter(x).__reduce__(),
        lambda: t.__doc__ is not None,
        lambda: x.find(b'a', None, None),
        lambda: x.find(),
        lambda: x.find(b'a', 1, 2, 3),
        lambda: x.split(sep=b'o', maxsplit=1),
        lambda: x.split(1, 2, 3),
        lambda: t(source=b'a'),
        lambda: t(encoding='a'),
        lambda: t(b'a', errors='x'),
        lambda: t(b'abc').replace(b'abc', b'x' * 10, 5),
        lambda: t(b'ab' * 20).find(b'ba' * 10),
        lambda: t(b'aXbXc').rsplit(b'X', 1),
        lambda: t(b' a b ').split(None, 1),
        lambda: t(b' a b ').rsplit(None, 1),
    ]
    for i, f in enumerate(fs):
        try:
            print(i, repr(f()))
        except BaseException as e:
            print(i, type(e).__name__, e)
b = bytearray(b'abc')


def t(s):
    try:
        exec(s, globals())
    except BaseException as e:
        print(s, type(e).__name__, e)
    print(b)


for s in [
    'b.append(1)',
    'b.append(256)',
    'b.append("a")',
    'b.insert(1,5)',
    'b.insert(-100,6)',
    'b.pop()',
    'b.pop(0)',
    'b.pop(100)',
    'b.remove(99)',
    'b.remove(250)',
    'b.reverse()',
    'b[0]=1',
    'b[0]=300',
    'b[10]=1',
    'b[0]="a"',
    'del b[0]',
    'b[1:2]=b"xyz"',
    'b[::2]=b"12"',
    'b[::2]=b"1"',
    'del b[::2]',
    'b[0:0]=[1,2,3]',
    'b[0:1]="a"',
    'b[0:1]=5',
    'b+=b"q"',
    'b+=1',
    'b*=2',
    'b.extend([1,300])',
    'b.extend("ab")',
    'b.extend(1)',
    'b.clear()',
    'b.pop()',
    'm=memoryview(b"x"); v=memoryview(b); b.append(1)',
    'del v',
    'b.append(1); v=memoryview(b); b.append(2)',
    'v.release(); b.copy()',
    'b.__init__(b"zz")',
    'b.__init__("é","latin1")',
    'b%=()',
    'b.__setstate__',
    'b.foo',
]:
    t(s)
