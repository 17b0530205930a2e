import binascii, gzip, zlib


def main():
    text = b"".join(
        b"line %d of a text that repeats itself, as texts do\n" % i for i in range(8000)
    )
    packed = zlib.compress(text, 1)
    assert zlib.decompress(packed) == text and gzip.decompress(gzip.compress(text, 1)) == text
    d = zlib.decompressobj()
    assert (
        b"".join([d.decompress(packed[i : i + 64]) for i in range(0, len(packed), 64)]) + d.flush()
        == text
    )
    assert (
        binascii.unhexlify(binascii.hexlify(text)) == text
        and binascii.a2b_base64(binascii.b2a_base64(text)) == text
    )
    small = [b"record %d" % i for i in range(20000)]
    crc = 0
    for s in small:
        crc = zlib.crc32(s, crc)
    assert crc == zlib.crc32(b"".join(small)) and zlib.adler32(text) == zlib.adler32(
        text[1000:], zlib.adler32(text[:1000])
    )
