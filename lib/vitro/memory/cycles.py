# SPDX-License-Identifier: MIT
"""Garbage in cycles: which objects hold which, and one shortest path for each.

The objects are those that the collector would free. Together they form a graph; objects that reach
each other are a knot (a strongly connected component of more than one object, or one that refers to
itself). An object of a knot is alive because of the shortest cycle through it; what merely hangs
off a knot because of the shortest way from there.
"""
import gc
import types
from collections import deque

import _vitro

SHOWN_OF_A_KNOT = 40  # members for which paths are searched
SHOWN_KNOTS = 60


class Graph:
    """Objects by number, edges[i]: numbers of those that object i refers to."""

    def __init__(self, objects):
        self.objects = objects
        number = {id(o): i for i, o in enumerate(objects)}
        self.edges = [
            [number[id(r)] for r in gc.get_referents(o) if id(r) in number] for o in objects
        ]

    def components(self):
        """Strongly connected components (Tarjan 1972); no recursion, as garbage can be deep."""
        edges, index, low = self.edges, {}, {}
        stack, on_stack, found = [], set(), []
        for root in range(len(edges)):
            if root in index:
                continue
            work = [(root, iter(edges[root]))]
            index[root] = low[root] = len(index)
            stack.append(root)
            on_stack.add(root)
            while work:
                node, rest = work[-1]
                for to in rest:
                    if to not in index:
                        index[to] = low[to] = len(index)
                        stack.append(to)
                        on_stack.add(to)
                        work.append((to, iter(edges[to])))
                        break
                    if to in on_stack:
                        low[node] = min(low[node], index[to])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[node])
                    if low[node] == index[node]:
                        part = []
                        while not part or part[-1] != node:
                            part.append(stack.pop())
                            on_stack.discard(part[-1])
                        found.append(part)
        return found

    def knots(self):
        """Components that are cycles: of several objects, or of one that refers to itself."""
        return [sorted(c) for c in self.components() if len(c) > 1 or c[0] in self.edges[c[0]]]

    def way(self, starts, goal, within):
        """A shortest path from one of `starts` to `goal` over nodes in `within`, or None."""
        before, queue = {s: None for s in starts}, deque(starts)
        while queue:
            node = queue.popleft()
            if node == goal:
                path = []
                while node is not None:
                    path.append(node)
                    node = before[node]
                return path[::-1]
            for to in self.edges[node]:
                if to in within and to not in before:
                    before[to] = node
                    queue.append(to)
        return None

    def cycle(self, node, within):
        """A shortest cycle through `node`: [node, ..., node]."""
        if node in self.edges[node]:
            return [node, node]
        return [node] + self.way([n for n in self.edges[node] if n in within], node, within)

    def hanging(self, knots):
        """For what hangs off knots: {number: (the one before it on a shortest way, the knot)}."""
        before, queue = {}, deque()
        for k, knot in enumerate(knots):
            for n in knot:
                before[n] = (None, k)
                queue.append(n)
        while queue:
            node = queue.popleft()
            for to in self.edges[node]:
                if to not in before:
                    before[to] = (node, before[node][1])
                    queue.append(to)
        return before


def step(parent, child):
    """How `parent` holds `child`, as a programmer would write it."""
    if type(parent) is dict:
        for key, value in parent.items():
            if value is child:
                return "[%s]" % short(key)
        return " key"
    if type(parent) in (list, tuple):
        for i, value in enumerate(parent):
            if value is child:
                return "[%d]" % i
    if type(parent) in (set, frozenset, deque):
        return " item"
    if type(child) is type and type(parent) is child:
        return ".__class__"
    for name, value in named(parent):
        if value is child:
            return "." + name
    if type(parent) is types.FrameType:
        return " local"
    return " …"


CARRIED = {
    types.FunctionType: (
        "__closure__",
        "__globals__",
        "__defaults__",
        "__kwdefaults__",
        "__dict__",
        "__annotations__",
        "__code__",
    ),
    types.MethodType: ("__self__", "__func__"),
    types.CellType: ("cell_contents",),
    types.GeneratorType: ("gi_frame", "gi_code"),
    types.TracebackType: ("tb_frame", "tb_next"),
    types.FrameType: ("f_back", "f_globals", "f_builtins", "f_code", "f_trace"),
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    property: ("fget", "fset", "fdel"),
}


def named(parent):
    """(name, object) pairs that can be had without running the program's code."""
    for name in CARRIED.get(type(parent), ()):
        try:
            yield name, getattr(parent, name)
        except (AttributeError, ValueError):
            pass
    if isinstance(parent, type):
        yield "__mro__", parent.__mro__
        yield "__bases__", parent.__bases__
        yield "__base__", parent.__base__
        yield from type.__getattribute__(parent, "__dict__").items()
        return
    if isinstance(parent, BaseException):
        for name in ("__traceback__", "__context__", "__cause__", "args"):
            yield name, BaseException.__dict__[name].__get__(parent)
    elif (
        not type(parent).__flags__ & 1 << 9
    ):  # no class statement made it: its __dict__ may be computed
        return
    attributes = _vitro.attributes(parent)
    if attributes is None:
        try:
            attributes = object.__getattribute__(parent, "__dict__")
            yield "__dict__", attributes
        except Exception:
            attributes = None
    if type(attributes) is dict:
        yield from attributes.items()
    for cls in type(parent).__mro__:
        for name, slot in type.__getattribute__(cls, "__dict__").items():
            if type(slot) is types.MemberDescriptorType:
                try:
                    yield name, slot.__get__(parent)
                except AttributeError:
                    pass


def short(value):
    """A repr that runs no code of the program's and stays on the line."""
    if type(value) in (int, float, bool, type(None), complex):
        text = (
            repr(value)
            if type(value) is not int or value.bit_length() < 200
            else "int of %d bits" % value.bit_length()
        )
    elif type(value) in (str, bytes):
        text = repr(value[:40]) + ("…" if len(value) > 40 else "")
    elif isinstance(value, type):
        return type_name(value)
    elif isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return value.__qualname__ + "()"
    elif type(value) is types.ModuleType:
        return "module " + str(value.__name__)
    elif type(value) in (list, tuple, dict, set, frozenset, deque):
        return "%s of %d" % (type(value).__name__, len(value))
    else:
        return type_name(type(value)) + " object"
    return text


def type_name(cls):
    """The name with its module, read without running a metaclass's code."""
    module = type.__dict__["__module__"].__get__(cls)
    name = type.__dict__["__qualname__"].__get__(cls)
    return name if module in ("builtins", "__main__") else "%s.%s" % (module, name)


def spell(objects, path):
    """The path as rows (what stands there, how the one before holds it)."""
    rows = [[short(objects[path[0]]), ""]]
    for a, b in zip(path, path[1:]):
        rows.append([short(objects[b]), step(objects[a], objects[b])])
    return rows


def describe(objects, size, site):
    """The knots in `objects` as plain data; knots of the same make are counted, not repeated.

    size(object) and site(object) tell bytes and place of allocation (or None).
    """
    graph = Graph(objects)
    knots = graph.knots()
    before = graph.hanging(knots)
    hung = {}
    for n, (via, k) in before.items():
        if via is not None:
            hung.setdefault(k, []).append(n)
    made = {}
    for k, knot in enumerate(knots):
        members = knot + hung.get(k, [])
        make = tuple(sorted(type_name(type(objects[n])) for n in members)), site(objects[knot[0]])
        made.setdefault(make, []).append(k)
    rows = []
    for (names, place), same in made.items():
        k = same[0]
        knot, within, hanging = knots[k], set(knots[k]), hung.get(k, [])
        shown = []
        for n in knot[:SHOWN_OF_A_KNOT]:
            shown.append(row(graph, n, graph.cycle(n, within), "cycle", size, site))
        for n in hanging[:SHOWN_OF_A_KNOT]:
            path = [n]
            while before[path[-1]][0] is not None:
                path.append(before[path[-1]][0])
            shown.append(row(graph, n, path[::-1], "hangs", size, site))
        shown.sort(key=lambda r: r["kind"] != "cycle")
        counts = {}
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        rows.append(
            {
                "times": len(same),
                "objects": len(names),
                "bytes": sum(size(objects[n]) for n in knot + hanging),
                "site": place,
                "types": sorted(counts.items(), key=lambda t: (-t[1], t[0])),
                "all_bytes": sum(
                    size(objects[n]) for j in same for n in knots[j] + hung.get(j, [])
                ),
                "members": shown,
            }
        )
    rows.sort(key=lambda r: (-r["all_bytes"], r["types"]))
    return {
        "objects": len(objects),
        "bytes": sum(map(size, objects)),
        "knots": len(knots),
        "groups": rows[:SHOWN_KNOTS],
        "more": max(0, len(rows) - SHOWN_KNOTS),
    }


def row(graph, n, path, kind, size, site):
    """Object n as plain data; kind: "cycle", or "hangs" off one."""
    o = graph.objects[n]
    return {
        "what": short(o),
        "kind": kind,
        "bytes": size(o),
        "site": site(o),
        "path": spell(graph.objects, path),
    }
