# SPDX-License-Identifier: MIT
# Prints results and messages of container operations; the output must equal that of 3.11.
import sys


def p(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


s = {3, 1, 2, 'a'} if 0 else {5, 1, 100, 33, 8, 16, 24, 7, 9}
print(
    s,
    frozenset(range(20, 0, -3)),
    {1} | {2},
    {1, 2} & {2, 3},
    {1, 2} - {2},
    {1, 2} ^ {2, 3},
    {1} < {1, 2},
    {1} <= {1},
    {1} > {1},
    {1, 2}.isdisjoint({3}),
    set(),
    frozenset(),
    {frozenset({1})},
)
print(
    hash(frozenset(range(10))),
    hash(frozenset()),
    hash(frozenset([1, (2, 3), 4.5])),
    list({i * 7 for i in range(50)}),
)
x = set(range(100))
[x.discard(i) for i in range(0, 100, 3)]
print(x)
x.update(range(200, 230))
print(list(x)[:20], sys.getsizeof(x), x.pop(), x.pop())
print(
    sys.getsizeof(set(range(5))),
    sys.getsizeof(set(range(4))),
    [sys.getsizeof(set(range(n))) for n in (0, 10, 20, 50, 100, 1000, 100000)],
    [sys.getsizeof(frozenset(list(range(n)))) for n in (0, 5, 20, 1000)],
    [sys.getsizeof({*range(n)} | {-1}) for n in (0, 5, 20, 1000)],
)
for f in [
    lambda: {1}.pop(),
    lambda: set().pop(),
    lambda: {1}.remove(2),
    lambda: {1} | [1],
    lambda: {1}.union([2], (3,)),
    lambda: {[]},
    lambda: {1}.add([]),
    lambda: set(1),
    lambda: set(1, 2),
    lambda: set(a=1),
    lambda: frozenset(a=1),
    lambda: {1} < [1],
    lambda: {1} == {1.0},
    lambda: set('abc').intersection('bcd', 'c'),
    lambda: {1}.symmetric_difference([1, 2]),
    lambda: {1}.issubset([1, 2]),
    lambda: {1}.issuperset(1),
    lambda: hash({1}),
    lambda: {frozenset({1})}.__contains__({1}),
    lambda: {frozenset({1})}.remove({2}),
    lambda: {1}.__reduce__(),
    lambda: iter({1}).__reduce__(),
    lambda: frozenset([1]).copy() is not None,
    lambda: {1}.difference_update(5),
    lambda: {1, 2}.__sub__([1]),
    lambda: set.__doc__ is None,
]:
    p(f)
a = set()
try:
    for i in {1, 2, 3}:
        pass
    b = {1, 2, 3}
    for i in b:
        b.add(i + 10)
except RuntimeError as e:
    print(e)
r = range(10, 0, -3)
for f in [
    lambda: r,
    lambda: list(r),
    lambda: r[1],
    lambda: r[-1],
    lambda: r[9],
    lambda: r[1:],
    lambda: r[::-1],
    lambda: len(r),
    lambda: 7 in r,
    lambda: 7.0 in r,
    lambda: 8 in r,
    lambda: r.index(7),
    lambda: r.index(8),
    lambda: r.count(7),
    lambda: list(reversed(r)),
    lambda: hash(r),
    lambda: r == range(10, -1, -3),
    lambda: range(0) == range(2, 1),
    lambda: range(1, 2, 0),
    lambda: range('a'),
    lambda: range(),
    lambda: range(1, 2, 3, 4),
    lambda: range(1.0),
    lambda: range(2**70),
    lambda: len(range(2**70)),
    lambda: range(2**70)[2**69],
    lambda: range(2**70)[5 : 2**65 : 2**60],
    lambda: list(range(2**70, 2**70 + 3)),
    lambda: iter(range(3)).__reduce__(),
    lambda: iter(range(2**70)).__reduce__(),
    lambda: range(3).__reduce__(),
    lambda: r.start,
    lambda: range(a=1),
    lambda: bool(range(0)),
    lambda: range(5)[True],
    lambda: range(5)['a'],
    lambda: slice(1, 2, 3),
    lambda: slice(None),
    lambda: slice(1, 10, 2).indices(5),
    lambda: slice(None, None, -1).indices(5),
    lambda: slice(1, 2, 0).indices(5),
    lambda: slice(1).indices(-1),
    lambda: slice('a').indices(4),
    lambda: hash(slice(1)),
    lambda: slice(1, 2) == slice(1, 2),
    lambda: slice(1, 2) < slice(1, 3),
    lambda: slice(2**70, None).indices(2**80),
    lambda: slice(),
    lambda: slice(1, 2, 3).__reduce__(),
    lambda: list(enumerate('ab', 5)),
    lambda: enumerate(1),
    lambda: next(enumerate('a', 2**70)),
    lambda: enumerate('a', start='x'),
    lambda: enumerate(),
    lambda: enumerate('ab').__reduce__(),
    lambda: list(reversed('abc')),
    lambda: reversed({1}),
    lambda: reversed(1),
    lambda: list(reversed((1, 2))),
    lambda: reversed('abc').__reduce__(),
    lambda: reversed('abc').__length_hint__(),
    lambda: list(zip('ab', [1, 2, 3])),
    lambda: list(zip('ab', [1], strict=True)),
    lambda: list(zip('a', [1, 2], strict=True)),
    lambda: list(zip('a', [1], [1, 2], strict=True)),
    lambda: list(zip([1, 2], [1], [1, 2], strict=True)),
    lambda: zip(1),
    lambda: list(zip()),
    lambda: zip('a', foo=1),
    lambda: zip('ab', 'c').__reduce__(),
    lambda: list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])),
    lambda: map(1),
    lambda: map(),
    lambda: list(map(1, [1])),
    lambda: map(str, [1]).__reduce__(),
    lambda: list(filter(None, [0, 1, '', 2])),
    lambda: list(filter(lambda x: x > 1, [1, 2, 3])),
    lambda: filter(1),
    lambda: filter(None, [1]).__reduce__(),
    lambda: map(str, [1], a=1),
    lambda: filter(None, [], a=1),
    lambda: reversed([], a=1),
    lambda: iter(lambda: 1, 2).__reduce__(),
    lambda: list(iter(iter([1, 2, 3]).__next__, 3)),
    lambda: type('S', (), {'__getitem__': lambda s, i: [1, 2][i]})().__iter__,
    lambda: list(type('S', (), {'__getitem__': lambda s, i: [1, 2][i]})()),
    lambda: iter(type('S', (), {'__getitem__': lambda s, i: [1, 2][i]})()).__reduce__()[0],
    lambda: iter([1, 2]).__reduce__(),
    lambda: iter((1,)).__reduce__(),
    lambda: iter({}).__reduce__(),
    lambda: iter('a').__reduce__(),
    lambda: [1, 2].__iter__().__length_hint__(),
    lambda: reversed([1, 2]).__reduce__(),
]:
    p(lambda: str(f()).split(' at 0x')[0])
