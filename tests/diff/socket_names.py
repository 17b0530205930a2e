# Byte order, addresses as text, names of services, the resolver with numeric hosts.
import _socket


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(function.__name__, args, kwargs, result)


VALUES = (
    -1,
    0,
    5,
    1.5,
    65535,
    65536,
    2**32 - 1,
    2**33,
    2**70,
    True,
    None,
    "x",
    b"x",
    "1.2.3.4",
    b"1234",
    b"a\0b",
    "a\0b",
    "\udc80",
    "300.1.1.1",
    "127.1",
    "::1",
    "",
    (),
)
for (
    name
) in "htons ntohs htonl ntohl inet_aton inet_ntoa getprotobyname getservbyname getservbyport if_indextoname if_nametoindex".split():
    attempt(getattr(_socket, name))
    for value in VALUES:
        attempt(getattr(_socket, name), value)
for name in "gethostbyname gethostbyname_ex gethostbyaddr".split():
    for value in (
        -1,
        None,
        b"a\0b",
        "a\0b",
        "127.0.0.1",
        b"127.0.0.1",
        "255.255.255.255",
        "<broadcast>",
        "\udc80",
        "a..b",
    ):
        if (name, value) not in (
            ("gethostbyaddr", "255.255.255.255"),
            ("gethostbyaddr", "<broadcast>"),
            ("gethostbyname_ex", "<broadcast>"),
        ):
            attempt(getattr(_socket, name), value)
for family in (_socket.AF_INET, _socket.AF_INET6, _socket.AF_UNIX, -1, "x"):
    for text in (
        "1.2.3.4",
        "::1",
        "::ffff:1.2.3.4",
        "x",
        b"x",
        "1:2:3:4:5:6:7:8",
        "fe80::1%lo",
        "",
    ):
        attempt(_socket.inet_pton, family, text)
    for packed in (
        b"1234",
        b"x",
        b"\0" * 16,
        b"\0" * 15 + b"\1",
        bytearray(b"abcdefghijklmnop"),
        "1234",
        memoryview(b"\0" * 10 + b"\xff\xffABCD"),
    ):
        attempt(
            _socket.inet_ntop, family, bytes(packed) if isinstance(packed, memoryview) else packed
        )
for args in [
    ("127.0.0.1", 80),
    ("127.0.0.1", "80"),
    ("127.0.0.1", b"80"),
    ("127.0.0.1", "http"),
    ("127.0.0.1", None),
    (None, 80),
    (None, None),
    ("127.0.0.1", 80, 0, 1),
    ("::1", 80, 10),
    (1, 2),
    ("127.0.0.1", 1.5),
    ("127.0.0.1", 2**40),
    ("127.0.0.1", 2**70),
    ("127.0.0.1", 80, 0, 0, 0, _socket.AI_CANONNAME),
    ("x y", 80, 0, 0, 0, _socket.AI_NUMERICHOST),
    (b"127.0.0.1", 80),
    (bytearray(b"127.0.0.1"), 1),
    ("127.0.0.1", "\udc80"),
    ("127.0.0.1", "a\0"),
    ("127.0.0.1", True),
    ("a..b", 1),
    ("x" * 64, 1),
    ("::1", 1, 2**40),
    ("127.0.0.1", 1, 0, "x"),
    ("1.2.3.4", 1, 0, 0, 0, 1 << 28),
]:
    attempt(_socket.getaddrinfo, *args)
attempt(_socket.getaddrinfo)
attempt(_socket.getaddrinfo, host="127.0.0.1", port=1, family=2, type=1)
attempt(_socket.getaddrinfo, "a", 1, foo=1)
NUMERIC = _socket.NI_NUMERICHOST | _socket.NI_NUMERICSERV
for args in [
    (("127.0.0.1", 80), NUMERIC),
    (("127.0.0.1", 80), _socket.NI_NUMERICHOST),
    (("::1", 80), NUMERIC),
    (("::1", 80, 0, 0), NUMERIC),
    (("::1", 80, 2**20, 0), NUMERIC),
    (("::1", 80, 0, 0, 0), NUMERIC),
    (("x", 80), NUMERIC),
    (("127.0.0.1", -1), NUMERIC),
    (("127.0.0.1", 99999), NUMERIC),
    ((1, 2), 3),
    (["127.0.0.1", 80], 3),
    (("127.0.0.1", "80"), 3),
    (("127.0.0.1", 80, 1), 3),
    (("127.0.0.1", 80), "x"),
    (("127.0.0.1",), 3),
    ((), 3),
    (),
]:
    attempt(_socket.getnameinfo, *args)
attempt(_socket.getservbyname, "http", "tcp")
attempt(_socket.getservbyname, "http", "nothing")
attempt(_socket.getservbyport, 80, "tcp")
attempt(_socket.getservbyport, 80, "nothing")
for value in (-1, 131072, 2**40, 2**70, "x", 1.5):
    attempt(_socket.close, value) if value != 2**40 else None
    attempt(_socket.dup, value)
    attempt(_socket.setdefaulttimeout, value) if value in (-1, "x", 2**70) else None
try:
    raise _socket.gaierror(-2, "text")
except OSError as error:
    print(repr(error), error.errno, error.strerror, str(error))
print(
    _socket.gethostname() == __import__("os").uname().nodename,
    _socket.if_nameindex()[0][1] == _socket.if_indextoname(_socket.if_nameindex()[0][0]),
)
