# A memory view reads and writes the bytes of another object without a copy.
arr = bytearray(b'Hello world!')
mv = memoryview(arr)
print(mv[0])
mv[0] = 74
print(arr)
# expect: 72
# expect: bytearray(b'Jello world!')
