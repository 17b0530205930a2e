"""What everything that takes a descriptor says to one that is closed, negative, too large or no number; sizes and buffers of streams."""
import fcntl, io, mmap, os, select, shutil, socket, tempfile, warnings

warnings.simplefilter("ignore")
directory = tempfile.mkdtemp()
os.chdir(directory)
poll, epoll = select.poll(), select.epoll()


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n

    def __repr__(self):
        return "Index(%d)" % self.n


class File:
    def __init__(self, n):
        self.n = n

    def fileno(self):
        return self.n


CLOSED = 1000
CALLS = {
    "read": lambda n: os.read(n, 1),
    "write": lambda n: os.write(n, b"x"),
    "fstat": os.fstat,
    "dup": os.dup,
    "close": os.close,
    "fsync": os.fsync,
    "fdatasync": os.fdatasync,
    "isatty": os.isatty,
    "ttyname": os.ttyname,
    "lseek": lambda n: os.lseek(n, 0, 0),
    "ftruncate": lambda n: os.ftruncate(n, 1),
    "get_inheritable": os.get_inheritable,
    "set_inheritable": lambda n: os.set_inheritable(n, True),
    "set_blocking": lambda n: os.set_blocking(n, True),
    "get_blocking": os.get_blocking,
    "fchdir": os.fchdir,
    "fchmod": lambda n: os.fchmod(n, 0o600),
    "fchown": lambda n: os.fchown(n, -1, -1),
    "dup2": lambda n: n in (-1, -5) or os.dup2(n, 1001),
    "fcntl": lambda n: fcntl.fcntl(n, fcntl.F_GETFD),
    "flock": lambda n: fcntl.flock(n, fcntl.LOCK_SH),
    "lockf": lambda n: fcntl.lockf(n, fcntl.LOCK_UN),
    "ioctl": lambda n: fcntl.ioctl(n, 0x5401, bytes(60)),
    "open": open,
    "open w": lambda n: open(n, "wb", 0),
    "FileIO": io.FileIO,
    "select": lambda n: select.select([n], [], [], 0),
    "poll.register": poll.register,
    "poll.modify": lambda n: poll.modify(n, 1),
    "poll.unregister": poll.unregister,
    "epoll.register": epoll.register,
    "epoll.modify": lambda n: epoll.modify(n, 1),
    "epoll.unregister": epoll.unregister,
    "pread": lambda n: os.pread(n, 1, 0),
    "pwrite": lambda n: os.pwrite(n, b"x", 0),
    "readv": lambda n: os.readv(n, [bytearray(1)]),
    "writev": lambda n: os.writev(n, [b"x"]),
    "sendfile": lambda n: os.sendfile(n, n, 0, 1),
    "posix_fallocate": lambda n: os.posix_fallocate(n, 0, 1),
    "posix_fadvise": lambda n: os.posix_fadvise(n, 0, 1, 0),
    "listdir": os.listdir,
    "stat": os.stat,
    "chdir": os.chdir,
    "socket": lambda n: socket.socket(fileno=n),
    "mmap": lambda n: mmap.mmap(n, 10),
    "tcgetpgrp": os.tcgetpgrp,
    "get_terminal_size": lambda n: os.get_terminal_size(n),
    "lockf os": lambda n: os.lockf(n, os.F_LOCK, 0),
    "truncate": lambda n: os.truncate(n, 0),
    "exists": lambda n: os.path.exists(n),
    "dir_fd": lambda n: os.stat("x", dir_fd=n),
    "copy_file_range": lambda n: os.copy_file_range(n, n, 1),
    "eventfd_read": os.eventfd_read,
    "statvfs": os.statvfs,
    "execve": lambda n: os.execve(n, ["x"], {}),
    "pidfd_open": lambda n: n == CLOSED or isinstance(n, Index) or os.pidfd_open(n),
    "utime": lambda n: os.utime(n),
    "fromfd": lambda n: socket.fromfd(n, 1, 1),
    "socket.close": lambda n: socket.close(n),
}
VALUES = [
    CLOSED,
    -1,
    -5,
    2**31,
    -(2**31) - 1,
    2**70,
    "1",
    b"1",
    None,
    1.0,
    Index(CLOSED),
    File(CLOSED),
    File(-1),
    File("x"),
    File(2**40),
    [],
]


def tell(call, *args):
    try:
        res = call(*args)
        if isinstance(res, int) and res > 2:
            os.close(res)
        return "%s" % type(res).__name__
    except BaseException as e:
        return "%s %s" % (type(e).__name__, e)


for name, call in CALLS.items():
    for value in VALUES:
        shown = (
            value
            if not isinstance(value, (Index, File))
            else "%s(%r)" % (type(value).__name__, value.n)
        )
        print(name, repr(shown), tell(call, value))

print("-- sizes and buffers")
data = b"one\ntwo\nthree\n" * 3
path = "data"
with open(path, "wb") as f:
    f.write(data)
streams = [
    lambda: open(path, "rb"),
    lambda: open(path, "rb", 0),
    lambda: open(path),
    lambda: open(path, "r+b"),
    lambda: io.BytesIO(data),
    lambda: io.StringIO(data.decode()),
    lambda: io.BufferedRWPair(open(path, "rb", 0), open(path, "r+b", 0)),
]
sizes = [
    (),
    (0,),
    (1,),
    (5,),
    (100,),
    (-1,),
    (-2,),
    (2**30,),
    (2**62,),
    (2**64,),
    (-(2**64),),
    (None,),
    (True,),
    (False,),
    (1.0,),
    ("1",),
    (Index(3),),
    (Index(2**70),),
    (1, 2),
    (bytearray(3),),
    (memoryview(bytearray(4)),),
    (memoryview(b"xy"),),
    (memoryview(bytearray(8))[::2],),
    (b"x",),
]
for make in streams:
    for name in (
        "read",
        "read1",
        "readline",
        "readlines",
        "peek",
        "readinto",
        "readinto1",
        "seek",
        "truncate",
        "write",
    ):
        for args in sizes:
            if (
                name in ("truncate", "seek")
                and args
                and isinstance(args[0], int)
                and abs(args[0]) > 2**20
            ):
                continue
            if args and isinstance(args[0], int) and args[0] >= 2**62 and name != "readline":
                continue
            with make() as f:
                shown = [
                    x if not isinstance(x, (Index, memoryview)) else type(x).__name__ for x in args
                ]
                try:
                    res = getattr(f, name)(*args)
                    if isinstance(res, (str, bytes)):
                        res = len(res), res[:20]
                    print(type(f).__name__, name, shown, res)
                except Exception as e:
                    print(type(f).__name__, name, shown, type(e).__name__, e)
            if name in ("write", "truncate"):
                with open(path, "wb") as f:
                    f.write(data)


class Own(list):
    def write(self, line):
        self.append(line)


with open(path, "w") as f:
    f.writelines(["a\n", "b\n"])
    own = Own()
    for bad in ["a", 5], 5, [b"x"], None:
        print(tell(f.writelines, bad))
    f.write = own.append
    f.writelines(["c\n"])
    print(own)

    def lines():
        yield "d\n"
        del f.write
        yield "e\n"

    f.writelines(lines())
    print(own)
print(open(path).read())
shutil.rmtree(directory)
