# SPDX-License-Identifier: MIT
"""coverage with its tracer in C, which looks at frames and code: lines, arcs, threads, generators, contexts."""
import os
import tempfile
import threading

import coverage

SOURCE = '''
import functools, threading
def f(n):
    if n > 2:
        return 1
    else:
        for i in range(n):
            if i == 5: break
        else:
            n += 1
    try:
        [][n]
    except IndexError:
        pass
    finally:
        n -= 1
    with open("/dev/null") as g:
        pass
    return 0

def gen(n):
    for i in range(n):
        yield i
    never = 5 if n > 100 else 6

class A:
    x = 1
    def m(self): return [k for k in gen(3)]

def unused():
    a = 1
    return a

def match(x):
    match x:
        case 1: return "one"
        case [a, b]: return a
        case _: return None

f(1); f(2)
A().m()
t = threading.Thread(target=f, args=(5,)); t.start(); t.join()
match([1, 2])
async def co():
    return 5
try: co().send(None)
except StopIteration: pass
for i in range(4000): next(gen(2))
'''
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "traced.py")
    with open(path, "w") as f:
        f.write(SOURCE)
    for branch in (False, True):
        c = coverage.Coverage(data_file=None, branch=branch, config_file=False, include=[path])
        c.start()
        print(type(c._collector.tracers[0]).__name__ if c._collector.tracers else None)
        exec(compile(SOURCE, path, "exec"), {"__name__": "traced"})
        c.stop()
        _, statements, excluded, missing, text = c.analysis2(path)
        print(statements, excluded, missing, text)
        data = c.get_data()
        print(sorted(data.lines(path)), sorted(data.arcs(path) or []))
        a = c._analyze(path)
        print(a.numbers.n_statements, a.numbers.n_missing_branches, sorted(a.missing_branch_arcs().items()))
