# SPDX-License-Identifier: MIT
"""Binary files: reads, writes and seeks of many sizes through the buffers."""
import os
import tempfile


def main():
    chunks = [b"%d:" % i + b"x" * (i % 50) for i in range(20000)]
    whole = b"".join(chunks)
    lines = [b"line %d" % i + b"." * (i % 40) + b"\n" for i in range(20000)]
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, "f")
        with open(name, "wb") as f:
            for c in chunks:
                f.write(c)
        with open(name, "rb") as f:
            parts = [f.read(len(c)) for c in chunks]
            assert parts == chunks and f.read(1) == b""
            f.seek(0)
            assert f.read() == whole
            f.seek(0)
            first = f.peek(1)[:1]
            assert first == b"0"
            buffer = bytearray(1000)
            total = 0
            while n := f.readinto(buffer):
                total += n
            assert total == len(whole)
        with open(name, "wb") as f:
            f.writelines(lines)
        with open(name, "rb") as f:
            assert list(f) == lines
        with open(name, "rb") as f:
            assert [f.readline() for _ in lines] == lines and f.tell() == sum(map(len, lines))
        with open(name, "r+b") as f:
            for i in range(0, 200000, 997):
                f.seek(i)
                c = f.read(1)
                f.seek(i)
                f.write(c)
        with open(name, "rb", buffering=0) as f:
            assert f.readall() == b"".join(lines)
