# SPDX-License-Identifier: MIT
"""greenlet: a million switches between stacks of different depth, exceptions, context variables,
tracing.
"""
import contextvars
import gc
import sys
import threading
import weakref
import greenlet

main = greenlet.getcurrent()


def deep(n):
    if n:
        return deep(n - 1)
    total = 0
    while True:
        v = main.switch(total)
        if v is None:
            return total
        total += v


gs = [greenlet.greenlet(deep) for _ in range(10)]
for i, g in enumerate(gs):
    g.switch(i * 20)
for i in range(100000):
    for g in gs:
        g.switch(i)
print([g.switch(None) for g in gs], all(g.dead for g in gs))


class E(Exception):
    pass


def catching(x):
    try:
        main.switch(x)
    except E as e:
        return "caught %s" % e


g = greenlet.greenlet(catching)
print(g.switch(5), g.throw(E("x")))


def failing():
    raise ValueError("through")


try:
    greenlet.greenlet(failing).switch()
except ValueError as e:
    print(e, e.__traceback__.tb_next.tb_frame.f_code.co_name)
cv = contextvars.ContextVar("cv", default=0)


def setting():
    cv.set(5)
    main.switch()
    return cv.get()


g = greenlet.greenlet(setting)
g.switch()
print(cv.get(), g.switch())
g = greenlet.greenlet(lambda: main.switch(sys._getframe().f_back))
print(g.switch(), g.gr_frame.f_lineno > 0)


class Obj:
    pass


def holding():
    o = Obj()
    refs.append(weakref.ref(o))
    main.switch()


refs = []
g = greenlet.greenlet(holding)
g.switch()
print(refs[0]() is not None)
del g
gc.collect()
print(refs[0]())


def down(n):
    return main.switch("at the bottom") if n == 0 else down(n - 1) + 1


g = greenlet.greenlet(down)
print(g.switch(700), g.switch(0))
try:
    greenlet.greenlet(down).switch(10**5)
except RecursionError as e:
    print("RecursionError")
events = []
greenlet.settrace(lambda e, a: events.append(e))
greenlet.greenlet(lambda: 1).switch()
greenlet.settrace(None)
print(events)


def gen():

    def body():
        for i in range(3):
            me.parent.switch(i)

    me = greenlet.greenlet(body)
    while True:
        v = me.switch()
        if me.dead:
            return
        yield v


print(list(gen()))


def in_thread():
    out.append(greenlet.greenlet(lambda a: a * 2).switch(21))


out = []
t = threading.Thread(target=in_thread)
t.start()
t.join()
print(out)
