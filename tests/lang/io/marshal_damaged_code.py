# A code object whose data has another type at one place is read or refused; what was read can be looked at. (3.11 itself
# crashes on some of these.)
import marshal


def f(a, b=1, *c, **d):
    try:
        return [a for a in b if a], lambda: {1, 2}
    except (ValueError, c) as e:
        yield "text", b"bytes", 2.5, d, e


data = marshal.dumps(f.__code__)
read = refused = 0
for kind in b"0NTF.igIlyfxsSutr([{<>)zaAZc?":
    for at in range(len(data)):
        try:
            code = marshal.loads(data[:at] + bytes([kind]) + data[at + 1 :])
            repr(code), marshal.dumps(code)
            if hasattr(code, "co_code"):
                list(code.co_lines()), list(
                    code.co_positions()
                ), code.co_code, code.co_varnames, code.co_freevars
            read += 1
        except (
            ValueError,
            TypeError,
            EOFError,
            SystemError,
            OverflowError,
            MemoryError,
            RecursionError,
        ):
            refused += 1
print(read > 100, refused > 1000)

# A tuple that contains itself, or that is not filled yet, as a key or an item of a set.
for data in (
    b"{\xa9\x01r\0\0\0\0N0",
    b"<\1\0\0\0\xa9\x01r\0\0\0\0",
    b"\xa9\x01<\1\0\0\0r\0\0\0\0",
    b"\xa9\x01{r\0\0\0\0N0",
):
    try:
        print(marshal.loads(data))
    except ValueError as e:
        print(e)
# expect: True True
# expect: bad marshal data (invalid reference)
# expect: bad marshal data (invalid reference)
# expect: bad marshal data (invalid reference)
# expect: bad marshal data (invalid reference)
