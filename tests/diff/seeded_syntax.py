# Sources that a random grammar makes, most of them broken: errors with their places, warnings, trees and code.
import ast, os, sys, warnings, zlib
from types import CodeType

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fuzz"))
from grammar import Maker

FIELDS = "co_name co_argcount co_posonlyargcount co_kwonlyargcount co_stacksize co_flags co_names co_varnames co_freevars co_cellvars co_code co_linetable co_exceptiontable".split()


def describe(code):
    return [repr(getattr(code, f)) for f in FIELDS], [
        describe(c) if isinstance(c, CodeType) else ascii(c)
        for c in code.co_consts
        if not isinstance(c, frozenset)
    ]


def said(text):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            tree = ast.parse(text)
            result = ast.dump(tree, include_attributes=True)
            result += str(describe(compile(text, "<s>", "exec")))
        except SyntaxError as e:
            result = "%s %s %s %s %s %s %r" % (
                type(e).__name__,
                e.msg,
                e.lineno,
                e.offset,
                e.end_lineno,
                e.end_offset,
                e.text,
            )
        except Exception as e:
            result = "%s %s" % (type(e).__name__, e)
    return result + str([(w.category.__name__, str(w.message), w.lineno) for w in seen])


for seed in range(40):
    maker = Maker(seed)
    rows = []
    for _ in range(60):
        text = maker.source()
        rows.append(
            "%s -> %s" % (ascii(text), ascii(said(text)))
        )  # print(rows) shows what is behind a difference
        if len(maker.statements) < 50 and rows[-1].isprintable():
            maker.feed(maker.statements + [text])  # damaged later on
    print(seed, "%08x" % zlib.crc32("\n".join(rows).encode()))
