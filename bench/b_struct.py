import struct


def main():
    record = struct.Struct("<IhBd8s?")
    n = 5000
    packed = b"".join([record.pack(i, i % 999, i & 255, i / 7, b"abc", i & 1) for i in range(n)])
    assert sum(a + b + c for a, b, c, _, _, _ in record.iter_unpack(packed)) == sum(
        i + i % 999 + (i & 255) for i in range(n)
    )
    room = bytearray(record.size * n)
    for i in range(n):
        record.pack_into(room, i * record.size, *record.unpack_from(packed, i * record.size))
    assert room == packed
    assert sum(struct.unpack(">%dI" % n, struct.pack(">%dI" % n, *range(n)))) == sum(
        range(n)
    ) and all(struct.unpack("!HL", struct.pack("!HL", i, i * i)) == (i, i * i) for i in range(n))
