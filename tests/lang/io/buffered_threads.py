# Threads that share a buffered reader lose no byte and get none twice.
import io
import itertools
import os
import sys
import tempfile
import threading

sys.setswitchinterval(1e-6)
descriptor, path = tempfile.mkstemp()
os.write(descriptor, bytes(range(256)) * 40)
os.close(descriptor)


def drain(make, method, size):
    with make(open(path, "r+b", buffering=0), size) as stream:
        parts = []

        def work():
            for n in itertools.cycle([1, 19]):
                data = bytearray(n)
                part = (
                    bytes(data[: stream.readinto(data)])
                    if method == "readinto"
                    else getattr(stream, method)(n)
                )
                if not part:
                    return
                parts.append(part)

        threads = [threading.Thread(target=work) for i in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    return sorted(b"".join(parts)) == sorted(bytes(range(256)) * 40)


for make in io.BufferedReader, io.BufferedRandom:
    print(
        [
            drain(make, method, size)
            for method in ("read", "read1", "readline", "readinto")
            for size in (8, 64)
        ]
    )
# expect: [True, True, True, True, True, True, True, True]
# expect: [True, True, True, True, True, True, True, True]
os.unlink(path)
