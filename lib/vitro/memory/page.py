# SPDX-License-Identifier: MIT
"""The report as one HTML file: page.html with page.css, page.js and the data put in.

It loads nothing else.
"""
import html
import json
import os
from shlex import join

POINTS = 4000  # collections drawn; the longest pauses of each stretch are kept


def thinned(collections):
    """About POINTS collections: of each stretch of time the longest pause of each generation."""
    step = -(-len(collections) // POINTS) or 1
    kept = []
    for i in range(0, len(collections), step):
        longest = {}
        for c in collections[i : i + step]:
            if c[0] not in longest or c[5] > longest[c[0]][5]:
                longest[c[0]] = c
        kept += sorted(longest.values(), key=lambda c: c[1])
    return kept


def rounded(collections):
    """Times to the microsecond, pauses to ten nanoseconds: what a page can show."""
    return [
        [g, round(at, 6), examined, collected, lost, round(pause, 8), blocks]
        for g, at, examined, collected, lost, pause, blocks in collections
    ]


def render(looks):
    """The page with a tab for each look."""
    data = [
        d
        | {
            "collections": rounded(thinned(d["collections"])),
            "collections_all": len(d["collections"]),
        }
        for d in looks
    ]
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    parts = {
        "title": html.escape("Memory of " + join(looks[-1]["program"])),
        "style": read("page.css"),
        "script": read("page.js"),
        "data": text,
    }
    before, *rest = read("page.html").split("{{")
    return before + "".join(
        parts[name] + tail for name, _, tail in (piece.partition("}}") for piece in rest)
    )


def read(name):
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as f:
        return f.read()
