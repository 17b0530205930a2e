# Whatever nests deeply ends in an error where a thread's stack ends, however small that is.
import ast
import copy
import marshal
import sys
import threading
import types

N = 20_000


def chain(wrap, x=int, n=N):
    for _ in range(n):
        x = wrap(x)
    return x


def unary(x):
    return ast.UnaryOp(ast.Not(), x, lineno=1, col_offset=0)


def compiled(source):
    return lambda: compile(source, "f", "exec")


alias = chain(lambda x: list[x])
origin = chain(lambda x: types.GenericAlias(x, int))
method = chain(lambda x: types.MethodType(x, 1), len)
holder = chain(classmethod)
tree = ast.Expression(chain(unary, ast.Constant(1, lineno=1, col_offset=0)))
nested = chain(lambda x: (x,), 1, 400)
constant = ast.Expression(ast.Constant(nested, lineno=1, col_offset=0))
CASES = {
    "parentheses": compiled("(" * 190 + ")" * 190),
    "not": compiled("not " * N + "1"),
    "power": compiled("1**" * N + "1"),
    "calls": compiled("f" + "()" * N),
    "sum": compiled("+".join(["x"] * N)),
    "elif": compiled("if x: pass\n" + "elif x: pass\n" * N),
    "lambda": compiled("lambda: " * N + "1"),
    "for": compiled("[x " + "for x in y " * N + "]"),
    "pattern": compiled("match x:\n case " + "[" * 190 + "]" * 190 + ": pass"),
    "classes": compiled("match x:\n case " + "A(" * 190 + ")" * 190 + ": pass"),
    "tree": lambda: compile(tree, "f", "eval"),
    "constant": lambda: compile(constant, "f", "eval"),
    "dumps": lambda: marshal.dumps(chain(lambda x: [x], 1)),
    "loads": lambda: marshal.loads(b"[\1\0\0\0" * N + b"N"),
    "alias hash": lambda: hash(alias),
    "alias repr": lambda: repr(alias),
    "alias parameters": lambda: alias.__parameters__,
    "alias attribute": lambda: origin.no_such_name,
    "method call": method,
    "method hash": lambda: hash(method),
    "method attribute": lambda: method.no_such_name,
    "classmethod": lambda: holder.__get__(1, int),
    "abstract": lambda: holder.__isabstractmethod__,
    "copy": lambda: copy.deepcopy(alias),
}


def run(f):
    """Which error it is, if any, depends on the room."""
    try:
        f()
    except (RecursionError, MemoryError, ValueError, SyntaxError, AttributeError, TypeError):
        pass


for kilobytes in 64, 100, 256:
    threading.stack_size(kilobytes << 10)
    for name, f in CASES.items():
        thread = threading.Thread(target=run, args=(f,))
        thread.start()
        thread.join()
sys.setrecursionlimit(10**6)
for f in CASES.values():
    run(f)
print("alive")
# expect: alive
