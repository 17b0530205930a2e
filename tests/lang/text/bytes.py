print(
    b'a b c'.split(),
    bytes([1, 2, 255]).hex(),
    b'%d-%s' % (5, b'x'),
    bytearray(b'abc')[::-1],
    b'abc'.find(b'c'),
)
# expect: [b'a', b'b', b'c'] 0102ff b'5-x' bytearray(b'cba') 2
