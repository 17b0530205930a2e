# Data, messages, options and time limits of sockets.
import _socket, array, os, socket, sys, threading, warnings


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    args = (
        "local"
        if args and args[0] and isinstance(args[0], tuple) and len(args[0]) == 2
        else repr(args)[:80]
    )
    print(getattr(function, "__name__", function), args, kwargs, result)
    return result


s = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
for name, calls in {
    "recv": [(), (-1,), ("x",), (1, "x"), (0,)],
    "recvfrom": [(), (-1,), (1.5,)],
    "recv_into": [(), (b"",), (bytearray(3), -1), (bytearray(3), 4), (bytearray(),)],
    "recvfrom_into": [(), (bytearray(3), 4), (bytearray(3), -1), ("x",)],
    "recvmsg": [(), (-1,), (1, -1), (1, 2**31), ("x",)],
    "recvmsg_into": [(), (1,), ([1],), ([b"x"],), ([bytearray(1)], -1)],
    "send": [(), ("x",), (1,), (b"x", 2**33)],
    "sendall": [(), ("x",), (b"x", "y")],
    "sendto": [(), (b"",), (b"", 1), (b"", "x", ("", 1)), (b"", 1, 2, 3), ("", ("", 1))],
    "sendmsg": [
        (),
        (1,),
        ([1],),
        (["a"],),
        ([b""], 1),
        ([b""], [1]),
        ([b""], [(1, 2)]),
        ([b""], [(1, 2, "x")]),
        ([b""], [(1, 2, b"x")], "x"),
        ([b""] * 2000,),
    ],
    "sendmsg_afalg": [(), ([b"a"],)],
    "settimeout": [(-1,), ("x",), (1e300,), (float("nan"),), (2**33,), (None,)],
    "setblocking": [(), ("x",), (2**70,), (1,)],
    "getsockopt": [(1,), (1, 2, 3, 4), (1, 2, -1), (1, 2, 1025), (1, 2**40), (99, 99)],
    "setsockopt": [
        (1,),
        (1, 2, "x"),
        (1, 2, None),
        (1, 2, None, 4),
        (1, 2, 2**40),
        (1, 2, 1, 2),
        (1, 2, b"1234"),
        (1, 2, 3.0),
        (1, 2, b"x", 3),
        (1, 2, True),
    ],
    "shutdown": [("x",), (5,), (2**40,)],
    "listen": [("x",), (1, 2), (2**70,), (3.3,)],
    "getpeername": [(), (1,)],
    "fileno": [(1,)],
    "close": [(1,)],
    "detach": [(1,)],
    "_accept": [(1,)],
}.items():
    for call in calls:
        attempt(getattr(s, name), *call)
attempt(s.recv_into, bytearray(3), buffer=1)
attempt(s.recv_into, buffer=bytearray(3), nbytes=4)
attempt(_socket.socket, 1, 2, 3, 4, 5)
attempt(_socket.socket, "a")
attempt(_socket.socket, fileno=-1)
attempt(_socket.socket, fileno="x")
attempt(_socket.socket, fileno=10000)
attempt(_socket.socket, 99999)
attempt(_socket.socket, 2, 1, 0, 2**70)
for value in (-1, 0, 5, 131072, 2**33, 2**70, "x"):
    attempt(_socket.CMSG_LEN, value)
    attempt(_socket.CMSG_SPACE, value)

# Streams.
a, b = _socket.socketpair()
print(a.family, a.type, a.proto, a.timeout, a.getsockname() == a.getpeername() == "")
print(
    a.send(b"hello world"),
    b.recv(5),
    b.recvfrom(100),
    a.sendall(memoryview(b"again")),
    b.recv(100, _socket.MSG_PEEK),
)
buffer = bytearray(b".........")
print(b.recv_into(memoryview(buffer)[2:], 3), buffer, b.recvfrom_into(buffer), buffer)
a.settimeout(0)
attempt(a.recv, 1)
a.settimeout(0.01)
for method, args in (
    ("recv", (1,)),
    ("recv_into", (bytearray(1),)),
    ("recvfrom", (1,)),
    ("recvmsg", (1,)),
):
    attempt(getattr(a, method), *args)
try:
    a.recv(1)
except OSError as error:
    print(repr(error), error.errno, error.args, type(error) is _socket.timeout)
print(
    a.gettimeout(),
    a.getblocking(),
    a.timeout,
    os.get_blocking(a.fileno()),
    os.get_inheritable(a.fileno()),
)
attempt(a.sendall, b"x" * 10_000_000)
a.setblocking(True)
print(a.gettimeout(), a.getblocking(), os.get_blocking(a.fileno()))
b.close()
attempt(a.send, b"x")
a.close()
attempt(a.recv, 1)
attempt(a.fileno)
print(repr(a))
c = _socket.socket(type=_socket.SOCK_STREAM | _socket.SOCK_NONBLOCK)
print(c.type, c.timeout, c.detach() >= 0, c)

# Messages.
a, b = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_DGRAM)
read, write = os.pipe()
print(
    a.sendmsg(
        [b"some", bytearray(b" "), memoryview(b"data")],
        [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [read, write]))],
    )
)
data, items, flags, address = b.recvmsg(100, _socket.CMSG_SPACE(8))
got = array.array("i", items[0][2])
print(
    data,
    [item[:2] for item in items],
    len(got),
    flags & ~_socket.MSG_CMSG_CLOEXEC,
    address,
    os.get_inheritable(got[0]),
)
os.write(got[1], b"through the copy")
print(os.read(read, 100))
print(
    a.sendmsg([b"abcdefgh"]),
    b.recvmsg_into([memoryview(buffer)[:3], memoryview(buffer)[3:]], 0),
    buffer,
)
print(a.sendmsg([]), b.recvmsg(0), a.sendmsg(iter([b"x"]), (), 0, None), b.recvmsg(10)[0])
print(
    a.sendmsg([b"cut"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [read, write]))])
)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    data, items, flags, address = b.recvmsg(100, _socket.CMSG_LEN(4))
print(data, [len(item[2]) for item in items], bool(flags & _socket.MSG_CTRUNC), len(caught))
b.setsockopt(_socket.SOL_SOCKET, _socket.SO_PASSCRED, 1)
a.send(b"who")
data, items, flags, address = b.recvmsg(100, 1000)
print(
    data,
    [(level, kind, len(value)) for level, kind, value in items],
    array.array("i", items[0][2])[0] == os.getpid(),
)

# Datagrams and connections over IP.
u = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
u.bind(("127.0.0.1", 0))
v = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
v.bind(("127.0.0.1", 0))
print(v.sendto(b"ping", u.getsockname()), u.recvfrom(100) == (b"ping", v.getsockname()))
print(
    v.sendto(b"ping", 0, u.getsockname()),
    u.recvmsg(2)[0],
    v.sendmsg([b"m"], [], 0, u.getsockname()),
    u.recv(5),
)
server = socket.create_server(("127.0.0.1", 0))
client = _socket.socket()
print(client.connect_ex(server.getsockname()), client.getpeername() == server.getsockname())
connection, address = server.accept()
print(address == client.getsockname(), connection.family, connection.type, connection.gettimeout())
print(
    client.getsockopt(_socket.SOL_SOCKET, _socket.SO_TYPE),
    client.getsockopt(_socket.SOL_SOCKET, _socket.SO_TYPE, 4),
)
client.setsockopt(_socket.SOL_SOCKET, _socket.SO_KEEPALIVE, b"\1\0\0\0")
print(
    client.getsockopt(_socket.SOL_SOCKET, _socket.SO_KEEPALIVE),
    client.shutdown(_socket.SHUT_WR),
    connection.recv(1),
)
server.settimeout(0.01)
attempt(server.accept)
port = server.getsockname()[1]
server.close()
connection.close()
closed = _socket.socket()
attempt(closed.connect, ("127.0.0.1", port))
print(closed.connect_ex(("127.0.0.1", port)))
closed.settimeout(5)
attempt(closed.connect, ("127.0.0.1", port))

# A reader in another thread is woken; the default time limit; dropping warns.
a, b = socket.socketpair()
got = []
thread = threading.Thread(target=lambda: got.append(a.recv(10)))
thread.start()
b.send(b"wake up")
thread.join()
print(got)
socket.setdefaulttimeout(0.25)
print(socket.getdefaulttimeout(), socket.socket().gettimeout(), _socket.socketpair()[0].timeout)
socket.setdefaulttimeout(None)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    x = _socket.socket()
    number = x.fileno()
    del x
print(
    [str(w.message).replace("fd=%d" % number, "fd=N") for w in caught], caught[0].source is not None
)
