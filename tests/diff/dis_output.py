import dis
def f(a, b=1, *c, **d):
    for x in a:
        try:
            yield x + b
        except ValueError as e:
            print(e)
        finally:
            b = [i for i in c]
    with open(a) as fh:
        return d
import io, re, contextlib
out = io.StringIO()
with contextlib.redirect_stdout(out):
    dis.dis(f)
print(re.sub(r"0x[0-9a-f]+", "0x", out.getvalue()))
dis.dis("x = {1: 2, **y}; del x; print(f'{x!r:>{w}}')")
