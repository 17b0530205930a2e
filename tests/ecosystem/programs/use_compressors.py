# SPDX-License-Identifier: MIT
"""brotli, lz4, zstandard: hand-written extensions and cffi, one call, streams, dictionaries, errors."""
import io

import brotli
import lz4.block
import lz4.frame
import zstandard

text = b"".join(b"line %d of a text that repeats\n" % (i % 500) for i in range(20000))
for name, pack, unpack in (("brotli", lambda d: brotli.compress(d, quality=3),
                            brotli.decompress), ("lz4 block", lz4.block.compress, lz4.block.decompress),
                           ("lz4 frame", lz4.frame.compress,
                            lz4.frame.decompress), ("zstandard", zstandard.compress, zstandard.decompress)):
    packed = pack(text)
    print(name, len(packed),
          unpack(packed) == text, unpack(pack(memoryview(text)[5:99])), unpack(pack(b"")))
    for bad in (packed[:-9], b"nonsense", "text", None):
        try:
            print(unpack(bad))
        except Exception as e:
            print("  ", type(e).__name__, str(e)[:60].split("0x")[0])
c, d = brotli.Compressor(), brotli.Decompressor()
parts = [c.process(text[i:i + 5000]) for i in range(0, len(text), 5000)] + [c.finish()]
print(b"".join(map(d.process, parts)) == text, d.is_finished())
with lz4.frame.open(io.BytesIO(lz4.frame.compress(text)), "rt", encoding="ascii") as f:
    print(sum(map(len, f)), f.closed)
samples = [b"record %d: name=%x, amount=%d;" % (i, i * 77, i * i) for i in range(2000)]
words = zstandard.train_dictionary(2000, samples)
c = zstandard.ZstdCompressor(dict_data=words, level=5)
d = zstandard.ZstdDecompressor(dict_data=words)
print(len(words),
      sum(len(c.compress(s)) for s in samples) < sum(map(len, samples)) // 2,
      all(d.decompress(c.compress(s)) == s for s in samples[:300]))
out = io.BytesIO()
with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as w:
    for i in range(0, len(text), 999):
        w.write(text[i:i + 999])
print(b"".join(zstandard.ZstdDecompressor().read_to_iter(out.getvalue())) == text,
      zstandard.get_frame_parameters(out.getvalue()).content_size)
