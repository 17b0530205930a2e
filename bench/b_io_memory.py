# SPDX-License-Identifier: MIT
"""BytesIO and StringIO: writing, reading, lines."""
import io


def main():
    words = ["word%d" % i for i in range(5000)]
    for _ in range(4):
        out = io.StringIO()
        for w in words:
            out.write(w)
            out.write("\n")
        assert out.getvalue().split() == words
        out.seek(0)
        assert [line[:-1] for line in out] == words
        out.seek(0)
        assert sum(len(out.readline()) for _ in words) == len(out.getvalue())
        mixed = io.StringIO("a\r\nb\rc\n" * 2000, newline=None)
        assert mixed.readlines()[:3] == ["a\n", "b\n", "c\n"]
        raw = io.BytesIO()
        for w in words:
            raw.write(w.encode())
            raw.write(b"\n")
        assert raw.getvalue() == out.getvalue().encode()
        raw.seek(0)
        assert sum(1 for _ in raw) == len(words)
        raw.seek(0)
        pieces = []
        while piece := raw.read(7):
            pieces.append(piece)
        assert b"".join(pieces) == raw.getvalue()
        raw.seek(0)
        text = io.TextIOWrapper(raw, "utf-8")
        assert text.read().split() == words
        text.detach()
        view = raw.getbuffer()
        assert view[:4] == b"word"
        view.release()
