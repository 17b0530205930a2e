# SPDX-License-Identifier: MIT
"""Text files: lines, reads and writes through decoder and encoder."""
import os
import tempfile


def main():
    lines = ["line %d of %d" % (i, i * i) + " word" * (i % 12) + "\n" for i in range(10000)]
    text = "".join(lines)
    wide = ["Zeile %d: Größe, naïve, €, 日本語 %s\n" % (i, "ж" * (i % 20)) for i in range(4000)]
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, "f")
        with open(name, "w", encoding="utf-8") as f:
            for line in lines:
                f.write(line)
        with open(name, encoding="utf-8") as f:
            assert [line for line in f] == lines
        with open(name, encoding="utf-8") as f:
            assert f.read() == text
        with open(name, encoding="utf-8") as f:
            n = 0
            while line := f.readline():
                n += len(line)
            assert n == len(text)
        with open(name, encoding="utf-8") as f:
            assert f.readlines() == lines
        with open(name, encoding="utf-8") as f:
            parts = []
            while part := f.read(100):
                parts.append(part)
            assert "".join(parts) == text
        with open(name, "w", encoding="utf-8", newline="\r\n") as f:
            f.writelines(lines)
        with open(name, encoding="utf-8") as f:
            assert list(f) == lines and f.newlines == "\r\n"
        with open(name, encoding="utf-8", newline="") as f:
            assert sum(line.endswith("\r\n") for line in f) == len(lines)
        with open(name, encoding="utf-8", newline="\r\n") as f:
            assert sum(line.endswith("\r\n") for line in f) == len(lines)
        for encoding in ("utf-8", "utf-16", "utf-8-sig"):
            with open(name, "w", encoding=encoding) as f:
                f.writelines(wide)
            with open(name, encoding=encoding) as f:
                assert list(f) == wide
        for encoding in ("ascii", "latin-1", "cp1252", "koi8-r"):
            with open(name, "w", encoding=encoding) as f:
                f.writelines(lines)
            with open(name, encoding=encoding) as f:
                assert f.read() == text
        with open(name, "w", encoding="utf-8") as f:
            for i in range(8000):
                print(i, "name", i / 2, file=f)
        with open(name, encoding="utf-8") as f:
            assert sum(int(line.split()[0]) for line in f) == sum(range(8000))
        with open(name, encoding="utf-8") as f:
            places = []
            while f.readline():
                places.append(f.tell())
            f.seek(places[500])
            assert f.readline().startswith("501 ")
