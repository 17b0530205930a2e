"""csv.writer: rows of every sort in every dialect; sorting short strings."""
import csv, io, itertools

vals = [
    "a",
    "",
    "b,l",
    'q"x',
    "it's",
    "é",
    "中",
    ",",
    "\n",
    "\r",
    "x\ry",
    None,
    0,
    5,
    -12,
    10**20,
    1.5,
    True,
    b"q",
    "lbMJ",
    "x" * 600,
    "\\",
    " a",
    "|",
    "-1",
]


class S(str):
    pass


for kw in [
    dict(),
    dict(delimiter=";"),
    dict(delimiter="l"),
    dict(delimiter="-"),
    dict(delimiter="1"),
    dict(delimiter="é"),
    dict(quotechar="'"),
    dict(quoting=csv.QUOTE_ALL),
    dict(quoting=csv.QUOTE_NONNUMERIC),
    dict(quoting=csv.QUOTE_NONE, escapechar="\\"),
    dict(quoting=csv.QUOTE_NONE),
    dict(lineterminator="\n"),
    dict(lineterminator="b"),
    dict(lineterminator=""),
    dict(lineterminator="é"),
    dict(escapechar="\\", doublequote=False),
    dict(escapechar="b"),
    dict(quotechar=None, quoting=csv.QUOTE_NONE, escapechar="|"),
    dict(dialect="excel-tab"),
    dict(dialect="unix"),
]:
    for row in (
        [[v] for v in vals]
        + [[a, b] for a in vals for b in vals]
        + [
            vals,
            tuple(vals),
            [],
            (),
            ["a"] * 300,
            iter(["a", "b"]),
            {"x": 1, "y": 2},
            "abc",
            5,
            ["a", S("b")],
            [None],
            [None, None],
            [""],
            ["", ""],
            ["x" * 510, "y"],
            ["x" * 511],
            ["x" * 512],
            ["x" * 509, ""],
            [1] * 256,
        ]
    ):
        f = io.StringIO(newline="")
        try:
            r = csv.writer(f, **kw).writerow(row)
            print(r, repr(f.getvalue()))
        except Exception as e:
            print(type(e).__name__, e, repr(f.getvalue()))
import random

random.seed(1)
for _ in range(200):
    l = ["".join(random.choice("ab\0é") for _ in range(random.randint(0, 12))) for _ in range(12)]
    l = [x for x in l]
    print(sorted(l))
    l = [x.replace("é", "z") for x in l] + ["a" * 8, "a" * 9, "a" * 8 + "\0", "a" * 7]
    print(sorted(l), sorted(l, reverse=True))
