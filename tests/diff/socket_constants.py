# Names, constants and shapes of module _socket; what spwd and syslog offer.
import _socket, socket, spwd, syslog

for module in (_socket, syslog):
    for name in dir(module):
        value = getattr(module, name)
        if isinstance(value, (int, str)) and not name.startswith("__"):
            print(module.__name__, name, repr(value))
        elif not name.startswith("__"):
            print(module.__name__, name, type(value).__name__)
for name in sorted(set(dir(_socket.socket)) - {"__module__"}):
    print(name, type(getattr(_socket.socket, name)).__name__, name in vars(_socket.socket))
for name in sorted(vars(_socket.socket)):
    item = vars(_socket.socket)[name]
    if name != "__module__":
        print(name, getattr(item, "__text_signature__", None), (item.__doc__ or "").split("\n")[0])
for name in dir(_socket):
    item = getattr(_socket, name)
    if type(item).__name__ == "builtin_function_or_method":
        print(name, item.__text_signature__, item.__doc__.split("\n")[0], item.__module__)
print(_socket.gaierror.__mro__, _socket.herror.__module__, _socket.error, _socket.timeout)
print(_socket.SocketType is _socket.socket, _socket.has_ipv6, socket.AF_INET, socket.SOCK_STREAM)
print(
    spwd.struct_spwd.__match_args__, spwd.struct_spwd.n_fields, spwd.struct_spwd.n_sequence_fields
)


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(function.__name__, args, kwargs, result)


for argument in ("no such user", b"root", "a\0b", "\udc80", 3):
    attempt(spwd.getspnam, argument)
for arguments in ((), (1,), ("a", 1), (1, 2), (b"x",), ("\udc80",)):
    attempt(syslog.syslog, *arguments)
for argument in (0, 3, 7, 62, 63, 64, -1, 2**40, "x"):
    attempt(syslog.LOG_MASK, argument)
    attempt(syslog.LOG_UPTO, argument)
attempt(syslog.openlog, 1)
attempt(syslog.openlog, x=1)
attempt(syslog.openlog, "a\0")
attempt(syslog.setlogmask, "x")
attempt(setattr, _socket.socket, "family", 1)
attempt(setattr, _socket.socket(), "family", 1)
attempt(setattr, _socket.socket(), "other", 1)
