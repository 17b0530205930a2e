# SPDX-License-Identifier: MIT
"""From the heap to plain data (JSON) that text.py prints and page.py shows.

`Survey.take` looks in an order that keeps the view out of the picture: pools first (nothing is
allocated before they are noted), then objects, then traces; the collector rests meanwhile. What
module tracemalloc did not see was there before the program began; what it saw below this file is
left out.
"""
import base64
import gc
import json
import linecache
import os
import resource
import sys
import time
import tracemalloc

import _tracemalloc
import _vitro

from . import cycles

OURS = {__file__, cycles.__file__}  # where a look allocates
RUNNER = os.path.join(os.path.dirname(__file__), "__main__.py")  # below all of the program's frames
SITES, TYPES, ARENAS = 400, 400, 96  # rows kept; arenas whose pools are drawn


class Survey:
    """One run of a program: begin() before it, take() for each look."""

    def __init__(self, argv, frames):
        self.argv, self.frames = list(argv), frames

    def begin(self):
        """Note the time and start recording collections and tracebacks."""
        self.began = time.time(), time.perf_counter()
        gc.collect()  # what start-up left is not the program's
        _vitro.record(True)
        tracemalloc.start(self.frames)

    def end(self):
        tracemalloc.stop()
        _vitro.record(False)

    def take(self, moment):
        """The data as JSON: one block, that the next look hardly sees."""
        _vitro.still(True)
        try:
            return json.dumps(self.look(moment), ensure_ascii=False)
        finally:
            _vitro.still(False)

    def look(self, moment):
        """The data: sizes in bytes, times in seconds."""
        pools = _vitro.pools()
        seconds = time.perf_counter() - self.began[1]
        blocks, (traced, peak) = sys.getallocatedblocks(), tracemalloc.get_traced_memory()
        overhead = tracemalloc.get_tracemalloc_memory()
        collections = _vitro.collections()
        garbage = [o for o in _vitro.unreachable() if not ours(traceback(o))]
        objects = _vitro.objects()
        traces = _tracemalloc._get_traces()
        types, by_site = count_objects(objects)
        del objects
        return {
            "program": self.argv,
            "moment": moment,
            "python": "Vitro, Python %d.%d.%d" % sys.version_info[:3],
            "date": time.strftime("%Y-%m-%d %H:%M", time.localtime(self.began[0])),
            "seconds": seconds,
            "frames": self.frames,
            "totals": {
                "blocks": blocks,
                "traced": traced,
                "peak": peak,
                "overhead": overhead,
                "resident_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "objects": sum(t["count"] for t in types),
                "object_bytes": sum(t["bytes"] for t in types),
                "new_objects": sum(t["new"] for t in types),
                "new_bytes": sum(t["new_bytes"] for t in types),
            },
            "types": types[:TYPES],
            "types_more": max(0, len(types) - TYPES),
            "sites": count_sites(traces, by_site),
            "collections": collections,
            "generations": count_generations(collections),
            "pools": count_pools(pools),
            "arenas": draw_arenas(pools),
            "cycles": cycles.describe(garbage, size_of, site_text),
        }


# -- Objects ---------------------------------------------------------------------------------------


# traceback(object): frames (file, line), newest first; None: not traced.
traceback = _tracemalloc._get_object_traceback


def ours(frames):
    """Was this allocated by the view itself?"""
    return frames is not None and (frames[0][0] == RUNNER or any(f[0] in OURS for f in frames))


def site_text(o):
    """FILE:LINE of its allocation, or None."""
    frames = traceback(o)
    return frames and "%s:%d" % (display(frames[0][0]), frames[0][1])


def size_of(o):
    """Bytes, 0 when they cannot be told."""
    try:
        return sys.getsizeof(o)
    except Exception:  # a class's own __sizeof__
        return 0


def count_objects(objects):
    """Rows by type, and for each site {type: count}. `new`: made since the program began."""
    rows, by_site, known = {}, {}, {0: (None, False)}
    for o, place in zip(objects, _vitro.places(objects)):
        found = known.get(place)
        if found is None:
            frames = traceback(o)
            found = known[place] = frames[0], ours(frames)
        site, mine = found
        if mine:
            continue
        cls = type(o)
        row = rows.get(cls)
        if row is None:
            row = rows[cls] = [0, 0, 0, 0, 0]
        size = size_of(o)
        row[0] += 1
        row[1] += size
        if size > row[4]:
            row[4] = size
        if site:
            row[2] += 1
            row[3] += size
            kinds = by_site.setdefault(site, {})
            kinds[cls] = kinds.get(cls, 0) + 1
    named = [
        {
            "name": cycles.type_name(c),
            "count": r[0],
            "bytes": r[1],
            "new": r[2],
            "new_bytes": r[3],
            "largest": r[4],
        }
        for c, r in rows.items()
    ]
    named.sort(key=lambda t: (-t["new_bytes"], -t["bytes"], t["name"]))
    return named, by_site


# -- Sites -----------------------------------------------------------------------------------------


def display(path):
    """A path as short as it can be without losing its file."""
    for folder in sorted([os.getcwd(), *filter(None, sys.path)], key=len, reverse=True):
        if path.startswith(folder + os.sep):
            return path[len(folder) + 1 :]
    return path


def count_sites(traces, by_site):
    """The places with the most bytes, each with its fattest traceback."""
    stacks = {}  # traces with the same traceback share its tuple
    for _, size, frames, *_ in traces:
        row = stacks.get(id(frames))
        if row is None:
            row = stacks[id(frames)] = [0, 0, frames]
        row[0] += 1
        row[1] += size
    sites = {}
    for blocks, size, frames in stacks.values():
        if not ours(frames):
            row = sites.setdefault(frames[0], [0, 0, {}])
            row[0] += blocks
            row[1] += size
            row[2][frames] = size
    rows = []
    for (path, line), (blocks, size, stacks) in sorted(
        sites.items(), key=lambda s: (-s[1][1], s[0])
    )[:SITES]:
        frames = max(stacks, key=stacks.get)
        kinds = sorted(by_site.get((path, line), {}).items(), key=lambda k: (-k[1], k[0].__name__))
        rows.append(
            {
                "path": path,
                "file": display(path),
                "line": line,
                "blocks": blocks,
                "bytes": size,
                "types": [[cycles.type_name(c), n] for c, n in kinds[:6]],
                "stack": [[f, n, display(f)] for f, n in frames[1:] if f != RUNNER],
            }
        )
    return {
        "rows": rows,
        "count": len(sites),
        "bytes": sum(s[1] for s in sites.values()),
        "blocks": sum(s[0] for s in sites.values()),
    }


def add_sources(data):
    """The lines of source beside the places: after the last look, since reading files allocates."""

    def line(path, n):
        return linecache.getline(path, n).strip()[:120]

    for row in data["sites"]["rows"]:
        row["source"] = line(row.pop("path"), row["line"])
        row["stack"] = [["%s:%d" % (shown, n), line(path, n)] for path, n, shown in row["stack"]]


# -- Pools and collections -------------------------------------------------------------------------


def count_pools(pools):
    """By block size, and in all."""
    classes = {}
    for _, _, size, capacity, used, _ in pools:
        if size:
            row = classes.setdefault(size, [0, 0, 0])
            row[0] += 1
            row[1] += capacity
            row[2] += used
    return {
        "classes": [[size, *row] for size, row in sorted(classes.items())],
        "pools": len(pools),
        "free_pools": sum(1 for p in pools if not p[2]),
        "arenas": len({p[0] for p in pools}),
        "capacity_bytes": sum(p[2] * p[3] for p in pools),
        "used_bytes": sum(p[2] * p[4] for p in pools),
    }


def draw_arenas(pools):
    """[address, 64 pools], a pool 0 or [block size, blocks, used, bits in base64].

    The fullest arenas come first, at most ARENAS of them; the rest is counted.
    """
    arenas = {}
    for arena, index, size, capacity, used, bits in pools:
        arenas.setdefault(arena, [0] * 64)[index] = (
            [size, capacity, used, base64.b64encode(bits).decode()] if size else 0
        )
    ordered = sorted(arenas.items(), key=lambda a: (-sum(1 for p in a[1] if p), a[0]))
    return {
        "drawn": [["%#x" % address, row] for address, row in ordered[:ARENAS]],
        "more": max(0, len(ordered) - ARENAS),
    }


def count_generations(collections):
    """For each generation: collections, objects collected, pauses in seconds."""
    rows = []
    for g in range(3):
        pauses = sorted(c[5] for c in collections if c[0] == g)
        mine = [c for c in collections if c[0] == g]
        rows.append(
            {
                "collections": len(mine),
                "examined": sum(c[2] for c in mine),
                "collected": sum(c[3] for c in mine),
                "uncollectable": sum(c[4] for c in mine),
                "seconds": sum(pauses),
                "longest": pauses[-1] if pauses else 0,
                "median": pauses[len(pauses) // 2] if pauses else 0,
            }
        )
    return rows
