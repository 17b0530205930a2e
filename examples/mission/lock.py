# One thread at a time executes bytecode: two that compute never use more than one processor between them.
import sys
import threading
import time

used = []


def count():
    n = 0
    while n < 300000:
        n += 1
    used.append(time.thread_time())


threads = [threading.Thread(target=count) for _ in range(2)]
start = time.monotonic()
for t in threads:
    t.start()
for t in threads:
    t.join()
elapsed = time.monotonic() - start
print(sum(used) <= elapsed * 1.1 + 0.05, len(used), sys.getswitchinterval())
# expect: True 2 0.005
