# SPDX-License-Identifier: MIT
"""gevent: many greenlets, queues, pools, a server and clients on the loopback, monkey patching,
timeouts.
"""
from gevent import monkey

monkey.patch_all()
import gevent
import socket
import threading
import time
from gevent.pool import Pool
from gevent.queue import Queue
from gevent.server import StreamServer

q = Queue()
got = []


def producer(n):
    for i in range(n):
        q.put(i)
        if i % 50 == 0:
            gevent.sleep(0)
    q.put(StopIteration)


def consumer():
    for x in q:
        got.append(x)


gevent.joinall([gevent.spawn(producer, 3000), gevent.spawn(consumer)])
print(len(got), sum(got))
print(sum(Pool(5).imap_unordered(lambda x: x * x, range(500))))


def echo(s, a):
    for line in s.makefile("rb"):
        s.sendall(line.upper())


server = StreamServer(("127.0.0.1", 0), echo)
server.start()


def client(i):
    s = socket.create_connection(("127.0.0.1", server.server_port))
    f = s.makefile("rwb")
    for k in range(20):
        f.write(b"c%d %d\n" % (i, k))
        f.flush()
        r = f.readline()
    s.close()
    return r


print(sorted(j.value for j in gevent.joinall([gevent.spawn(client, i) for i in range(10)])))
server.stop()
try:
    with gevent.Timeout(0.01):
        gevent.sleep(5)
except gevent.Timeout as e:
    print("timeout")
l = threading.Lock()
res = []


def th(i):
    with l:
        time.sleep(0.001)
        res.append(i)


ts = [threading.Thread(target=th, args=(i, )) for i in range(5)]
[t.start() for t in ts]
[t.join() for t in ts]
print(sorted(res), type(gevent.getcurrent()).__name__)


def bad():
    raise ValueError("in greenlet")


g = gevent.spawn(lambda: 1)
g.join()
print(g.value, g.successful())
g = gevent.spawn(gevent.sleep, 9)
gevent.sleep(0)
g.kill()
print(repr(g.value), g.dead)
