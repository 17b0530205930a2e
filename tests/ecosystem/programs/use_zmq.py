# SPDX-License-Identifier: MIT
"""zmq: sockets within the process, pollers, frames, threads."""
import threading
import zmq

ctx = zmq.Context()
a, b = ctx.socket(zmq.PAIR), ctx.socket(zmq.PAIR)
a.bind("inproc://pair")
b.connect("inproc://pair")
for i in range(8000):
    a.send(b"m%d" % i)
    got = b.recv()
print(got)
a.send_multipart([b"1", b"two", b""])
print(b.recv_multipart())
a.send_json({"k": [1, None]})
print(b.recv_json())
a.send_pyobj((1, {2}))
print(b.recv_pyobj())
f = zmq.Frame(b"frame")
a.send(f, copy=False)
g = b.recv(copy=False)
print(bytes(g.buffer), len(g), type(g).__name__)
rep = ctx.socket(zmq.REP)
rep.bind("inproc://rep")


def client(n, out):
    s = ctx.socket(zmq.REQ)
    s.connect("inproc://rep")
    for i in range(50):
        s.send(b"%d" % i)
        out.append(s.recv())
    s.close()


outs = [[] for _ in range(4)]
ts = [threading.Thread(target=client, args=(i, o)) for i, o in enumerate(outs)]
[t.start() for t in ts]
p = zmq.Poller()
p.register(rep, zmq.POLLIN)
n = 0
while n < 200:
    if dict(p.poll(1000)).get(rep):
        rep.send(rep.recv() * 2)
        n += 1
[t.join() for t in ts]
print([o[-1] for o in outs])
try:
    b.recv(zmq.NOBLOCK)
except zmq.Again as e:
    print(repr(e))
try:
    ctx.socket(zmq.REQ).connect("bad://x")
except zmq.ZMQError as e:
    print(e)
for s in (a, b, rep):
    s.close(0)
ctx.destroy(0)
print(ctx.closed)
