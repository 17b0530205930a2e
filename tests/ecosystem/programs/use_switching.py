# SPDX-License-Identifier: MIT
"""greenlet and gevent: 1.2 million switches between stacks deep in Python and in C; nothing is left."""
import functools
import gc
import sys
import weakref

import gevent
import greenlet

main = greenlet.getcurrent()
ROUNDS, STACKS = 50_000, 20


class Payload:
    """An object that is alive in a frame of each stack."""


def turn(start):
    """The innermost frame: adds what it is sent until it is sent None."""
    total = start
    while True:
        value = main.switch(total)
        if value is None:
            return total
        total = (total * 31 + value) % 1_000_003


def in_python(depth, held):
    return turn(depth) if not depth else in_python(depth - 1, held) + 1


def in_c(depth, held):
    """Each level passes through C: sorted calls back, then reduce, then a method of a type."""
    if not depth:
        return turn(depth)
    if depth % 3 == 0:
        out = []
        sorted([depth], key=lambda d: out.append(in_c(d - 1, held)))
        return out[0] + 1
    if depth % 3 == 1:
        return functools.reduce(lambda a, d: a + in_c(d - 1, held), [depth], 1)
    return next(map(lambda d: in_c(d - 1, held) + 1, [depth]))


def in_generator(depth, held):
    def deeper(n):
        if n:
            yield from deeper(n - 1)
        else:
            yield turn(depth)
    return next(deeper(depth)) + depth


BODIES = (in_python, in_c, in_generator)


def memory():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096


def run(rounds):
    """Switches `rounds` times to each stack: what they returned, how many of their objects live on."""
    stacks, alive = [], []
    for i in range(STACKS):
        held = Payload()
        alive.append(weakref.ref(held))
        g = greenlet.greenlet(BODIES[i % len(BODIES)])
        g.switch(i * 4, held)
        stacks.append(g)
    del held, g
    for i in range(rounds):
        for g in stacks:
            g.switch(i)
    results = [g.switch(None) for g in stacks]
    dead = all(g.dead for g in stacks)
    del stacks
    gc.collect()
    return results, dead, sum(ref() is not None for ref in alive)


def abandoned(count):
    """Stacks that are thrown away in the middle: their frames must unwind."""
    alive = []
    for i in range(count):
        held = Payload()
        alive.append(weakref.ref(held))
        g = greenlet.greenlet(BODIES[i % len(BODIES)])
        g.switch(i % 40, held)
    del held, g
    gc.collect()
    return sum(ref() is not None for ref in alive)


def hubs(workers, rounds):
    """gevent: every worker sleeps (a switch to the hub and back) at the bottom of a recursion."""
    def work(depth, n):
        if depth:
            return work(depth - 1, n) + 1
        total = 0
        for i in range(n):
            total += i
            gevent.sleep(0)
        return total
    jobs = [gevent.spawn(work, 3 * i, rounds) for i in range(workers)]
    gevent.joinall(jobs)
    return [j.value for j in jobs]


print(run(1000))
print(abandoned(200))
print(hubs(10, 100)[:3])
start, objects = memory(), len(gc.get_objects())
print(run(ROUNDS))
print(abandoned(5000), hubs(10, 10_000))
gc.collect()
print("memory grew by less than 8 MB:", memory() - start < 8 << 20)
print("objects of the collector, more by less than 100:", len(gc.get_objects()) - objects < 100)
print("references of None, more by less than 100:", sys.getrefcount(None) < 100_000)
