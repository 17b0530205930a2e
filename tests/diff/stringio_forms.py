# SPDX-License-Identifier: MIT
"""StringIO: the same random calls, whatever form the text is in; copies, references, line ends."""
import io, random, sys, pickle
R = random.Random(7)
ALPHABET = ['a', 'b', '\n', '\r', '\r\n', 'é', '\u20ac', '\U0001f600', 'xyz', '', '\0', ' ' * 9]

def text():
    return ''.join(R.choice(ALPHABET[:R.randint(3, len(ALPHABET))]) for _ in range(R.randint(0, 12)))

def step(f):
    op = R.randrange(14)
    if op == 0: return f.read()
    if op == 1: return f.read(R.randint(-1, 6))
    if op == 2: return f.readline()
    if op == 3: return f.readline(R.randint(-1, 5))
    if op == 4: return next(f, 'end')
    if op == 5: return f.seek(R.randint(0, 20))
    if op == 6: return f.seek(0, R.randint(0, 2))
    if op == 7: return f.write(text())
    if op == 8: return f.truncate(*R.choice([(), (R.randint(0, 10),)]))
    if op == 9: return f.getvalue()
    if op == 10: return f.tell(), f.newlines
    if op == 11: return f.readlines(R.randint(0, 9))
    if op == 12:
        g = io.StringIO(); g.__setstate__(f.__getstate__()); return g.getvalue(), g.read(), g.tell()
    return list(f)[:3]

for newline in ('\n', '', None, '\r', '\r\n'):
    for _ in range(250):
        f = io.StringIO(text(), newline) if R.random() < 0.7 else io.StringIO(newline=newline)
        out = [step(f) for _ in range(R.randint(1, 12))]
        print(repr(newline), out, repr(f.getvalue()))

class S(str): pass
s = 'some text\nin lines'.replace('x', 'X')
before = sys.getrefcount(s)
f = io.StringIO(s)
print(sys.getrefcount(s) - before, f.read() is s, f.getvalue() is s, f.getvalue() is f.getvalue())
f = io.StringIO('no line end at all'); a = f.readline(); f.seek(0); b = f.readline()
print(a is b, sys.getrefcount(a), a == b, type(io.StringIO(S('sub')).getvalue()), type(io.StringIO(S('sub\n')).readline()))
f = io.StringIO(); f.write('written\nand read'); f.seek(0); a = f.read(); f.seek(0); b = f.readline(100)
print(a is b, f.getvalue())
f = io.StringIO('abc\ndef'); f.readline(); f.__init__('zz\ny'); print(f.read(), f.tell()); f.__init__(); print(repr(f.getvalue()), f.write('q'), f.getvalue())
for x in [(1,), (b'x',), ('a', 1), ('a', 'x'), (None, None), ()]:
    try: print(repr(io.StringIO(*x).getvalue()))
    except Exception as e: print(type(e).__name__, e)
f.close()
for m in 'read readline getvalue tell __next__'.split():
    try: getattr(f, m)()
    except ValueError as e: print(m, e)
class Sub(io.StringIO):
    def readline(self, *a): return super().readline(*a).upper()
print(list(Sub('a\nb')), Sub('a\nb').read(), pickle.loads(pickle.dumps(io.StringIO('p\nq'))).readlines())
print(sys.getsizeof(io.StringIO()) > 0, len(io.StringIO('x' * 100000 + '\n' + 'é').readline()))
