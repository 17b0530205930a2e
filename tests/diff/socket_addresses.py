# What each family takes for an address, and what it says about everything else. Sockets of families that this system
# may lack are made by telling the family of another descriptor.
import _socket, os

base = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
base.bind(("127.0.0.1", 0))


def attempt(function, *args):
    try:
        result = function(*args)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(function.__name__, repr(args)[:90], result)


FAMILIES = [
    (_socket.AF_INET6, 0),
    (_socket.AF_UNIX, 0),
    (_socket.AF_NETLINK, 0),
    (_socket.AF_PACKET, 0),
    (_socket.AF_CAN, _socket.CAN_RAW),
    (_socket.AF_CAN, _socket.CAN_BCM),
    (_socket.AF_CAN, _socket.CAN_ISOTP),
    (_socket.AF_CAN, _socket.CAN_J1939),
    (_socket.AF_CAN, 77),
    (_socket.AF_TIPC, 0),
    (_socket.AF_ALG, 0),
    (_socket.AF_VSOCK, 0),
    (_socket.AF_QIPCRTR, 0),
    (_socket.AF_BLUETOOTH, 0),
    (_socket.AF_BLUETOOTH, 1),
    (_socket.AF_BLUETOOTH, 2),
    (_socket.AF_BLUETOOTH, 3),
    (_socket.AF_BLUETOOTH, 5),
    (_socket.AF_RDS, 0),
    (99, 0),
]
ADDRESSES = [
    1,
    (),
    (1,),
    (1, 2),
    ("a", 1),
    ("a", "b"),
    (1, 2, 3),
    (1, 2, 3, 4),
    (1, 2, 3, 4, 5),
    (2, 2, 3, 4, 5),
    (3, 2, 3, 4, 5),
    (4, 2, 3, 4, 5),
    ("lo", 3, 1),
    ("lo", 3, 1, 1),
    ("lo", 3, 1, 1, b"123456789"),
    ("lo", "3"),
    ("nolo", 1),
    ("lo", 70000),
    (1, 2, 3, 4, 5, 6),
    "x",
    b"x",
    "x" * 200,
    b"\0abc",
    b"\0" * 109,
    "x" * 107,
    "x" * 108,
    "hash",
    ("hash", "x" * 100),
    ("h" * 20, "x"),
    ("hash", "x", 1, 2, 3),
    ("127.0.0.1", 2**70),
    ("::1", 0, 2**21),
    ("::1", 0, -1),
    ("::1", 70000),
    ("lo",),
    ("",),
    ("nolo",),
    ("x" * 20,),
    ("", 1, 2),
    ("lo", 2**65, 2, 3),
    ("00:00:00:00:00:0000", 1),
    ("00:00:00:00:00:xx", 1),
    (b"00:00:00:00:00:00", 1),
    "00:00:00:00:00:00",
]
for family, proto in FAMILIES:
    s = _socket.socket(family, _socket.SOCK_DGRAM, proto, fileno=os.dup(base.fileno()))
    print(family, proto, s.family, s.type, s.proto)
    for address in ADDRESSES:
        if family != _socket.AF_VSOCK or not (isinstance(address, tuple) and len(address) == 2):
            attempt(s.connect, address)
    try:
        print(s.getsockname()[0])
    except OSError as error:
        print(error)

s = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
for address in [
    1,
    ("a",),
    (1, 2),
    ("", -1),
    ("", "x"),
    ("", 70000),
    ("", 2**70),
    (b"127.0.0.1", -1),
    ("a\0b", 0),
    (bytearray(b"a\0b"), 0),
    ("é" * 100, 0),
    ("\udc80", 0),
    ("127.0.0.1", 1.5),
    ["127.0.0.1", 1],
    None,
]:
    attempt(s.bind, address)
    attempt(s.connect_ex, address)
    attempt(s.sendto, b"", address)
    attempt(s.sendmsg, [b""], [], 0, address) if address is not None else None

# The local families tell addresses back.
path = "/tmp/vitro-test-%d" % os.getpid()
for address in (path, path.encode(), path + "-\udcff", b"\0vitro %d" % os.getpid(), ""):
    s = _socket.socket(_socket.AF_UNIX)
    s.bind(address)
    s.listen()
    got = s.getsockname()
    c = _socket.socket(_socket.AF_UNIX)
    c.connect(got)
    print(type(got).__name__, got == address, c.getpeername() == got, repr(c.getsockname()))
    if isinstance(got, str):
        os.unlink(os.fsencode(got))
s = _socket.socket(_socket.AF_NETLINK, _socket.SOCK_RAW)
s.bind((0, 0))
print(len(s.getsockname()), s.getsockname()[1])
s = _socket.socket(_socket.AF_INET6, _socket.SOCK_DGRAM)
s.bind(("::1", 0, 0, 0))
print(s.getsockname()[0], s.getsockname()[2:])
