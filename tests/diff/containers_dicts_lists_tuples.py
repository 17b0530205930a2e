# SPDX-License-Identifier: MIT
# Prints results and messages of container operations; the output must equal that of 3.11.
import sys

g = sys.getsizeof


def sz(n):
    d = {}
    for i in range(n):
        d[i] = i
    e = {}
    for i in range(n):
        e[str(i)] = i
    return (
        g(d),
        g(e),
        g(d.copy()),
        g(dict(d)),
        g({**e}),
        g(dict.fromkeys(e)),
        g(list(range(n))),
        g([*range(n)]),
        g(tuple(range(n))),
        g(set(range(n))),
        g(frozenset(range(n))),
    )


for n in list(range(20)) + [100, 1000, 70000]:
    print(n, sz(n))
d = {}
for i in range(100):
    d[i] = i
for i in range(90):
    del d[i]
print(g(d))
d[1000] = 1
print(g(d))
for i in range(100):
    d[i] = 1
print(list(d)[:5], g(d))
print(d.popitem(), d.popitem(), len(d), list(reversed(d))[:3])
x = {'a': 1, 2: 3, 'b': {'c': [1, 2, {}]}}
x['self'] = x
print(x)
print(x.keys(), x.values(), sorted(map(str, x)), x.items())
del x['self']
print(x == {2: 3, 'b': {'c': [1, 2, {}]}, 'a': 1}, x != {}, {} == {}, x | {'z': 1})
for f in [
    lambda: {}['a'],
    lambda: {}.popitem(),
    lambda: {}.pop(1),
    lambda: dict([1]),
    lambda: dict([(1,)]),
    lambda: dict([(1, 2, 3)]),
    lambda: dict(1),
    lambda: dict(1, 2),
    lambda: {[]: 1},
    lambda: {}[[]],
    lambda: {} | 1,
    lambda: {} < {},
    lambda: hash({}),
    lambda: {}.get(),
    lambda: {}.update(1, 2),
    lambda: dict(**{1: 2}),
    lambda: dict.fromkeys(1),
    lambda: {}.setdefault([], 1),
    lambda: del_(),
    lambda: {}.keys() | 1,
    lambda: [1].index(2),
    lambda: (1,).index(2),
    lambda: [].pop(),
    lambda: [1].pop(5),
    lambda: [].remove(1),
    lambda: [1][5],
    lambda: ()[0],
    lambda: []['a'],
    lambda: ()['a'],
    lambda: [] + (),
    lambda: () + [],
    lambda: [1] < ['a'],
    lambda: sorted([1, 'a']),
    lambda: [].sort(1),
    lambda: [].sort(foo=1),
    lambda: [1, 2].sort(key=1),
    lambda: list(1),
    lambda: list(1, 2),
    lambda: list(a=1),
    lambda: tuple(1),
    lambda: tuple(a=1),
    lambda: [1] * 'a',
    lambda: [1, 2, 3].__setitem__(slice(0, 3, 2), [1]),
    lambda: [1].__setitem__(slice(0, 1), 1),
    lambda: [1].__setitem__(5, 1),
    lambda: [].insert('a', 1),
    lambda: [].extend(1),
]:
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e)
k1 = {'a': 1, 'b': 2}.keys()
k2 = {'b': 1, 'c': 2}.keys()
print(
    sorted(k1 | k2),
    k1 & k2,
    k1 - k2,
    sorted(k1 ^ k2),
    k1 <= k2,
    k1.isdisjoint(k2),
    k1 == {'a', 'b'},
    k1 > {'a'},
    {'a'} < k1,
    {'b'} & k1,
    ['b'] & k1 if 0 else 1,
)
i1 = {'a': 1, 'b': 2}.items()
i2 = {'b': 2, 'c': 2}.items()
print(
    sorted(i1 | i2),
    i1 & i2,
    i1 - i2,
    sorted(i1 ^ i2),
    ('a', 1) in i1,
    ('a', 2) in i1,
    i1.mapping,
    1 in {1: 2}.values(),
)


class D(dict):
    def __missing__(s, k):
        return k * 2


print(D()[4], D(a=1)['a'], D(a=1) | {'b': 2}, type(D(a=1) | {}), D().copy().__class__)


class A:
    pass


a = A()
a.x = 1
a.y = 2
del a.x
a.x = 3
print(a.__dict__, vars(a))
a.__dict__['q'] = 1
print(a.q, list(a.__dict__))
b = A()
b.y = 1
b.x = 2
b.z = 3
print(b.__dict__)
del b.y
print(b.__dict__, list(reversed(b.__dict__)), b.__dict__.popitem(), b.__dict__)
c = A()
for i in range(40):
    setattr(c, 'a%d' % i, i)
print(len(c.__dict__), c.a39, c.__dict__['a3'])
print(
    hash((1, 2, 3)),
    hash(()),
    hash((1, (2, '', None.__class__ is None))),
    (1,) < (1, 2),
    (1, 2) * 2,
    () * 5,
    (1, 2, 3)[::-1],
    (1, 2, 3)[1:],
    repr((1,)),
    (1, (2, [3])),
)
l = [5, 3, 1]
l.sort()
print(
    l,
    sorted('hello world'),
    sorted([3, 1, 2], reverse=True),
    sorted([(1, 'b'), (1, 'a'), (0, 'z')]),
    sorted(['bb', 'a', 'ccc'], key=len),
    sorted([1.5, -1, 0, 2**70, True]),
)
