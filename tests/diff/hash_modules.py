# The hash modules that no library can stand in for: digests, trees, keys, copies, threads, messages.
import _blake2
import _sha3
import threading

data = bytes(i * 7 & 255 for i in range(100000))
SIZES = [
    0,
    1,
    63,
    64,
    65,
    71,
    72,
    73,
    127,
    128,
    129,
    135,
    136,
    137,
    167,
    168,
    169,
    336,
    1000,
    2047,
    2048,
    65537,
]
KINDS = [
    _sha3.sha3_224,
    _sha3.sha3_256,
    _sha3.sha3_384,
    _sha3.sha3_512,
    _blake2.blake2b,
    _blake2.blake2s,
]
SHAKES = [_sha3.shake_128, _sha3.shake_256]

for kind in KINDS + SHAKES:
    length = (50,) if kind in SHAKES else ()
    whole = kind()
    print(whole.name, whole.digest_size, whole.block_size, kind.__text_signature__)
    for size in SIZES:
        print(size, kind(data[:size]).hexdigest(*length))
        whole.update(data[:size])
        for step in 1, 50, 128:
            parts = kind()
            for i in range(0, min(size, 3000), step):
                parts.update(data[i : min(i + step, size)])
            assert parts.digest(*length) == kind(data[: min(size, -(-3000 // step) * step)]).digest(
                *length
            ), (kind, size)
        fork = whole.copy()
        fork.update(b"x")
        assert fork.digest(*length) != whole.digest(*length)
    print(whole.hexdigest(*length))
    if hasattr(whole, "_suffix"):
        print(whole._suffix, whole._rate_bits, whole._capacity_bits)

for length in 0, 1, 135, 136, 137, 168, 169, 1000:
    print(_sha3.shake_128(b"abc").hexdigest(length), _sha3.shake_256(b"abc").digest(length))

for kind, small in (_blake2.blake2b, 16), (_blake2.blake2s, 8):
    for options in [
        dict(digest_size=1),
        dict(digest_size=20),
        dict(key=b"k"),
        dict(key=b"k" * kind.MAX_KEY_SIZE),
        dict(salt=b"salt"),
        dict(salt=b"s" * small),
        dict(person=b"p" * small),
        dict(fanout=0, depth=255),
        dict(leaf_size=0xFFFFFFFF),
        dict(node_offset=(1 << 48) - 1),
        dict(node_depth=255),
        dict(inner_size=3),
        dict(last_node=True),
        dict(usedforsecurity=False),
        dict(
            fanout=2,
            depth=2,
            leaf_size=4096,
            node_offset=1,
            node_depth=0,
            inner_size=32,
            last_node=True,
        ),
    ]:
        print(
            kind.__name__,
            options,
            kind(data[:500], **options).hexdigest(),
            kind(**options).digest_size,
        )
    print([(n, getattr(kind, n)) for n in sorted(vars(kind)) if n.isupper()])
print(sorted((n, v) for n, v in vars(_blake2).items() if n.isupper()))

# One hash, several threads: each update is whole.
shared = [kind() for kind in KINDS]
block = bytes(5000)


def feed():
    for i in range(20):
        for h in shared:
            h.update(block)


threads = [threading.Thread(target=feed) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
for h, kind in zip(shared, KINDS):
    print(h.hexdigest() == kind(block * 80).hexdigest())

for text in """
_sha3.sha3_224('x')
_sha3.sha3_224(1)
_sha3.sha3_224(None)
_sha3.sha3_224(b'', b'')
_sha3.sha3_512(data=b'')
_sha3.shake_128(b'', foo=1)
_sha3.sha3_224(b'a', usedforsecurity=0).hexdigest()
_sha3.sha3_224.__new__(_sha3.sha3_224, b'a').hexdigest()
_sha3.sha3_224(memoryview(b'abcd')[::2])
_sha3.sha3_224().update('')
_sha3.sha3_224().update()
_sha3.shake_128().digest(-1)
_sha3.shake_128().digest(1 << 29)
_sha3.shake_128().digest(1 << 90)
_sha3.shake_128().digest('a')
_sha3.shake_128().digest(length=4)
_sha3.shake_128().digest()
_sha3.shake_128().hexdigest(-1)
_blake2.blake2b(digest_size=0)
_blake2.blake2b(digest_size=65)
_blake2.blake2b(digest_size=1 << 40)
_blake2.blake2b(digest_size='a')
_blake2.blake2b(key=b'a' * 65)
_blake2.blake2s(key=b'a' * 33)
_blake2.blake2b(salt=b'a' * 17)
_blake2.blake2s(person=b'a' * 9)
_blake2.blake2b(fanout=256)
_blake2.blake2b(fanout=-1)
_blake2.blake2b(depth=0)
_blake2.blake2b(leaf_size=-1)
_blake2.blake2b(leaf_size=1 << 32)
_blake2.blake2b(leaf_size=1 << 64)
_blake2.blake2b(node_offset=-1)
_blake2.blake2b(node_offset=1 << 64)
_blake2.blake2s(node_offset=1 << 48)
_blake2.blake2b(node_depth=256)
_blake2.blake2b(inner_size=65)
_blake2.blake2s(inner_size=33)
_blake2.blake2b('a')
_blake2.blake2b(None)
_blake2.blake2b(key='a')
_blake2.blake2b(b'', b'')
_blake2.blake2b(data=b'')
_blake2.blake2b.__new__(_blake2.blake2b, b'x', digest_size=3).digest()
_blake2.blake2b.__new__(_blake2.blake2b, b'x', b'y')
setattr(_blake2.blake2b, 'a', 1)
type('x', (_sha3.sha3_224,), {})
type('x', (_blake2.blake2b,), {})
""".split(
    "\n"
):
    if text:
        try:
            print(text, eval(text))
        except Exception as e:
            print(text, type(e).__name__, e)
