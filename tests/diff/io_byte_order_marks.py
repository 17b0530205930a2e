# Marks of byte order that text streams write: at the start of the stream, once, and only when it can tell its place.
import bz2
import io
import os
import tempfile


class Pipe(io.BytesIO):
    def seekable(self):
        return False


class Refuses(io.BytesIO):
    """Seekable, but nothing has been written at the start."""

    def tell(self):
        return 6


ENCODINGS = ["utf-16", "utf_16", "U16", "utf-16-le", "utf-16-be", "utf-32", "utf_32", "U32", "utf-32-le", "utf-32-be",
             "utf-8-sig"]


def shown(action):
    try:
        return action()
    except Exception as e:
        return type(e).__name__, str(e)


def pieces(encoding, buffer):
    text = io.TextIOWrapper(buffer, encoding=encoding, errors="replace")
    for piece in "a", "", "é\U0001f40d", "\udc80":
        text.write(piece)
        text.flush()
    return buffer.getvalue()


def rewritten(encoding):
    buffer = io.BytesIO()
    text = io.TextIOWrapper(buffer, encoding=encoding)
    text.write("abc")
    middle = text.tell()
    text.write("def")
    text.seek(0)
    text.write("X")
    text.seek(middle)
    text.write("Y")
    text.seek(0, 2)
    text.write("Z")
    text.flush()
    text.seek(0)
    return buffer.getvalue(), text.read()


def appended(encoding, folder):
    path = os.path.join(folder, "text")
    for mode in "w", "a", "a", "r+":
        with open(path, mode, encoding=encoding) as f:
            f.write("ab")
    with open(path, "rb") as f:
        return f.read()


def switched(encoding):
    buffer = io.BytesIO()
    text = io.TextIOWrapper(buffer, encoding="ascii")
    text.write("a")
    text.reconfigure(encoding=encoding)
    text.write("b")
    text.reconfigure(encoding="utf-8")
    text.write("c")
    text.flush()
    return buffer.getvalue()


def compressed(encoding):
    buffer = io.BytesIO()
    with io.TextIOWrapper(bz2.BZ2File(buffer, "w"), encoding=encoding) as text:
        text.write("row\n")
    data = bz2.decompress(buffer.getvalue())
    return data, io.TextIOWrapper(io.BytesIO(data), encoding=encoding).read()


with tempfile.TemporaryDirectory() as folder:
    for encoding in ENCODINGS:
        print(encoding)
        for kind in io.BytesIO, Pipe, Refuses:
            print(" ", kind.__name__, shown(lambda: pieces(encoding, kind())))
        print("  rewritten", shown(lambda: rewritten(encoding)))
        print("  appended", shown(lambda: appended(encoding, folder)))
        print("  switched", shown(lambda: switched(encoding)))
        print("  compressed", shown(lambda: compressed(encoding)))
        for errors in "strict", "surrogatepass", "ignore", "no such":
            text = shown(lambda: io.TextIOWrapper(Pipe(), encoding=encoding, errors=errors))
            print("  ", errors, text if isinstance(text, tuple) else shown(lambda: text.write("\udc80x")))
