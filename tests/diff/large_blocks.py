# SPDX-License-Identifier: MIT
"""Blocks of many MiB: they grow, move and shrink without losing a byte, and zeros take no memory."""
import io


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096


before = resident()
zeros = bytes(10**8)
print(len(zeros), zeros[5], zeros[-1], resident() - before < 10**7)
print(zeros.count(0, 0, 10**6), bytes(0) == b"", bytes(1) == b"\0", [bytes(n) == b"\0" * n for n in (2, 600)])
del zeros

# Each grows past the sizes at which a block moves, twice, in steps of its own.
for turn in range(2):
    items = []
    for n in range(2500000):
        items.append(n & 1023)
    print(len(items), sum(items), items[:3], items[1048574:1048578], items[-2:])
    del items[1000:]
    print(len(items), sum(items))
    array = bytearray()
    for n in range(2000):
        array += bytes([n & 255]) * 10007
    print(len(array), all(array[n * 10007] == array[n * 10007 + 10006] == n & 255 for n in range(2000)))
    del array[10**6:]
    print(len(array), hash(bytes(array)) == hash(b"".join(bytes([n & 255]) * 10007 for n in range(100))[:10**6]))
    stream = io.BytesIO()
    for n in range(2000):
        stream.write(bytes([n % 251]) * 9973)
    print(stream.tell(), sum(stream.getbuffer()[::9973]) == sum(n % 251 for n in range(2000)))
    text = ""
    for n in range(300):
        text += chr(97 + n % 26) * 50021
    print(len(text), {text[n * 50021] == text[n * 50021 + 50020] == chr(97 + n % 26) for n in range(300)})
    text = text[:10**6] + "\u20ac" * 3000000
    for n in range(100):
        text += "\u20ac" * 50021
    print(len(text), text.count("\u20ac"), text[999999:1000001])
