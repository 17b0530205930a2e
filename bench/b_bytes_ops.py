def main():
    b = bytearray()
    for i in range(60000):
        b += bytes((i & 255,))
    assert bytes(b).count(b"\x00\x01") == 235 and len(b.split(b"\n")) == b.count(b"\n") + 1
