# Extension modules that take None for an object of theirs write behind it, as psycopg2 does 120 bytes on: nothing of ours
# may lie there.
import ctypes

behind = ctypes.c_void_p.from_address(id(None) + 120)
before = behind.value
behind.value = id(behind)
made = [bytearray(n) for n in range(0, 5000, 7)] + [{n: [n]} for n in range(500)]
text = "".join(str(len(m)) for m in made)
del made
behind.value = before
print(len(text), None, {None: 1}[None])
