def inner():
    x = yield 1
    return x


def outer():
    print('got', (yield from inner()))


g = outer()
print(next(g))
try:
    g.send('v')
except StopIteration:
    print('end')
# expect: 1
# expect: got v
# expect: end
