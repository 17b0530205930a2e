# Random operations on buffered and text streams over a raw stream that reads and writes in pieces: results, errors,
# positions, the bytes that arrive and the calls that the raw stream sees.
import io
import random


class Raw(io.RawIOBase):
    def __init__(self, data, dice, log):
        self.data, self.place, self.dice, self.log = bytearray(data), 0, dice, log

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        n = min(
            len(buffer), max(len(self.data) - self.place, 0), self.dice.choice([1, 3, 10, 1000])
        )
        if self.dice.random() < 0.05:
            self.log.append("r-")
            return None
        buffer[:n] = self.data[self.place : self.place + n]
        self.place += n
        self.log.append("r%d/%d" % (n, len(buffer)))
        return n

    def write(self, data):
        n = min(len(data), self.dice.choice([1, 3, 10, 1000]))
        if self.dice.random() < 0.05:
            self.log.append("w-")
            return None
        if self.place > len(self.data):
            self.data += bytes(self.place - len(self.data))
        self.data[self.place : self.place + n] = data[:n]
        self.place += n
        self.log.append("w%d/%d" % (n, len(data)))
        return n

    def seek(self, offset, whence=0):
        base = [0, self.place, len(self.data)][whence]
        if base + offset < 0:
            raise OSError("negative position")
        self.place = base + offset
        self.log.append("s%d" % self.place)
        return self.place

    def tell(self):
        return self.place

    def truncate(self, size=None):
        size = self.place if size is None else size
        del self.data[size:]
        self.data += bytes(size - len(self.data))
        return size


def step(stream, dice, text):
    n = dice.choice([-1, 0, 1, 2, 5, 9, 16, 40])
    names = [
        "read",
        "read",
        "readline",
        "seek",
        "tell",
        "write",
        "write",
        "flush",
        "truncate",
        "next",
    ]
    if text == 2:
        # After next() a snapshot may be out of date, and tell() guesses.
        names = ["read", "readline", "write", "flush", "truncate", "next", "next"]
    elif text:
        names.remove("next")
    else:
        names += ["read1", "peek", "readinto", "readinto1"]
    name = dice.choice(names)
    data = "".join(
        dice.choice("abc\n\r\u00e9\u20ac") for i in range(dice.choice([0, 1, 3, 7, 12, 50]))
    )
    if not text:
        data = data.encode()
    if name == "next":
        return name, next(stream, "end")
    if name == "write":
        return name, data, stream.write(data)
    if name in ("tell", "flush"):
        return name, getattr(stream, name)()
    if name == "truncate":
        return name, stream.truncate(dice.choice([None, 10, 60]))
    if name == "seek":
        if text:
            return name, stream.seek(*dice.choice([(0,), (0, 2), (0, 1)]))
        return (
            name,
            *(a := dice.choice([(3,), (20,), (-4, 1), (6, 1), (-5, 2), (0, 2), (-99, 1)])),
            stream.seek(*a),
        )
    if name.startswith("readinto"):
        buffer = bytearray(abs(n))
        return name, abs(n), getattr(stream, name)(buffer), bytes(buffer)
    return name, n, getattr(stream, name)(n)


CONTENT = ("line one\nline two \u20ac\r\nthird\rfourth " + "x" * 30 + "\n\n\u00e9nd" * 3).encode()


def run(seed, make, text=0):
    dice = random.Random(seed)
    log = []
    raw = Raw(CONTENT, dice, log)
    stream = make(raw, dice.choice([1, 4, 8, 16, 64]))
    print("--", seed, make.__name__)
    for i in range(25):
        del log[:]
        try:
            result = step(stream, dice, text)
        except Exception as error:
            result = type(error).__name__, str(error), getattr(error, "characters_written", None)
        print(*result, "|", *log)
    del log[:]
    try:
        stream.close()
    except Exception as error:
        print(type(error).__name__, error)
    print(bytes(raw.data), *log)


def reader(raw, size):
    return io.BufferedReader(raw, size)


def writer(raw, size):
    return io.BufferedWriter(raw, size)


def both(raw, size):
    return io.BufferedRandom(raw, size)


def text(raw, size):
    return io.TextIOWrapper(
        io.BufferedRandom(raw, size), encoding="utf-8", newline=[None, "", "\n", "\r\n"][size % 4]
    )


def utf16(raw, size):
    return io.TextIOWrapper(
        io.BufferedRandom(raw, size), encoding="utf-16", errors="replace", newline=""
    )


def lines(raw, size):
    return io.TextIOWrapper(
        io.BufferedRandom(raw, size),
        encoding="ascii",
        errors="backslashreplace",
        line_buffering=True,
    )


for seed in range(40):
    for make in reader, writer, both:
        run(seed, make)
    for make in text, utf16, lines:
        run(seed, make, 1 + seed % 2)
