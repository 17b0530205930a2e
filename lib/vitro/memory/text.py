# SPDX-License-Identifier: MIT
"""The report for the terminal."""
from shlex import join


def size(n):
    """1234567 -> 1.2 MiB"""
    n = float(n)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(n) < 1024 or unit == "GiB":
            return "%d B" % n if unit == "B" else "%.1f %s" % (n, unit)
        n /= 1024


def seconds(s):
    """0.00123 -> 1.2 ms"""
    return "%.0f µs" % (s * 1e6) if s < 1e-3 else "%.1f ms" % (s * 1e3) if s < 1 else "%.2f s" % s


def times(n, noun):
    """1234, "block" -> 1,234 blocks"""
    return "%s %s%s" % (format(n, ","), noun, "" if n == 1 else "s")


def table(head, rows):
    """Columns as wide as their widest cell; all but the last are numbers."""
    cells = [head] + [[str(c) for c in r] for r in rows]
    widths = [max(len(r[i]) for r in cells) for i in range(len(head) - 1)]
    for r in cells:
        yield "  " + "  ".join([c.rjust(w) for c, w in zip(r, widths)] + [r[-1]])


def lines(d, rows=15):
    """The report of one look, with so many rows of each table."""
    t, p = d["totals"], d["pools"]
    yield "Memory of %s, %s" % (join(d["program"]), d["moment"])
    yield ""
    yield "  %s made by the program, %s; %s in all" % (
        times(t["new_objects"], "object"),
        size(t["new_bytes"]),
        format(t["objects"], ","),
    )
    yield "  %s traced, %s at its peak; %s resident at its peak" % (
        size(t["traced"]),
        size(t["peak"]),
        size(t["resident_peak"]),
    )
    yield "  %s of %s, %s in use" % (times(p["arenas"], "arena"), "1 MiB", size(p["used_bytes"]))
    yield ""
    yield "Types, by what the program made of them"
    shown = [r for r in d["types"] if r["new"]][:rows]
    yield from table(
        ["objects", "size", "largest", "type"],
        [
            [format(r["new"], ","), size(r["new_bytes"]), size(r["largest"]), r["name"]]
            for r in shown
        ],
    )
    yield ""
    yield "Places that allocated what lives"
    yield from table(
        ["blocks", "size", "place"],
        [
            [
                format(r["blocks"], ","),
                size(r["bytes"]),
                "%s:%d  %s" % (r["file"], r["line"], r["source"][:60]),
            ]
            for r in d["sites"]["rows"][:rows]
        ],
    )
    yield ""
    yield "Pools by block size"
    yield from table(
        ["size", "pools", "blocks", "used", ""],
        [
            [s, n, format(c, ","), "%d %%" % (100 * u // c), "█" * round(20 * u / c)]
            for s, n, c, u in p["classes"]
        ],
    )
    yield ""
    yield "Collections"
    yield from table(
        ["generation", "times", "examined", "collected", "all pauses", "median", "longest", ""],
        [
            [
                i,
                format(g["collections"], ","),
                format(g["examined"], ","),
                format(g["collected"], ","),
                seconds(g["seconds"]),
                seconds(g["median"]),
                seconds(g["longest"]),
                "",
            ]
            for i, g in enumerate(d["generations"])
        ],
    )
    yield ""
    yield from cycle_lines(d["cycles"])


def cycle_lines(c):
    """The part of the report about what only cycles keep alive."""
    if not c["objects"]:
        yield "No object is kept alive by cycles alone."
        return
    yield "Kept alive by cycles alone: %s, %s" % (times(c["objects"], "object"), size(c["bytes"]))
    for g in c["groups"][:8]:
        yield "  %s%s, %s: %s" % (
            "%s times " % format(g["times"], ",") if g["times"] > 1 else "",
            times(g["objects"], "object"),
            size(g["bytes"]),
            ", ".join("%d %s" % (n, name) if n > 1 else name for name, n in g["types"][:5]),
        )
        for m in [m for m in g["members"] if m["kind"] == "cycle"][:1]:
            yield "      %s" % arrow(m["path"])
            if m["site"]:
                yield "      made at %s" % m["site"]
    more = len(c["groups"]) - 8 + c["more"]
    if more > 0:
        yield "  and %d more kinds" % more


def arrow(path):
    """A path in one line: object .attribute→ object [0]→ object."""
    return path[0][0] + "".join(
        " %s→ %s" % (step.strip() + " " if step.strip() else "", what) for what, step in path[1:]
    )
