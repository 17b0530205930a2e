# Child processes: every way to start them, what they inherit, how they end.
import os, signal, subprocess, sys, tempfile


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(result)


SH = ["/bin/sh", "-c"]
print(subprocess.run(SH + ["echo out; echo err >&2; exit 3"], capture_output=True))
print(
    subprocess.check_output(["/bin/cat"], input=b"through\n"),
    subprocess.getstatusoutput("echo x; exit 2"),
)
print(
    subprocess.run(
        ["cat"], input="text ü\n", stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ).stdout
)
attempt(subprocess.run, SH + ["exit 4"], check=True)
attempt(subprocess.run, SH + ["kill -9 $$"], check=True)
attempt(subprocess.run, ["/no/such/program"])
attempt(subprocess.run, ["/etc/passwd"])
attempt(subprocess.run, ["true"], cwd="/no/such/folder")
attempt(subprocess.run, ["true\0"])
attempt(subprocess.run, ["true"], env={"A": "b\0"})
attempt(subprocess.run, ["true"], env={"A=B": "b"})
attempt(subprocess.run, ["true"], user="no such user")
try:
    subprocess.run(["sleep", "10"], timeout=0.05)
except subprocess.TimeoutExpired as error:
    print(error.cmd, error.timeout <= 0.05, error.output)
attempt(subprocess.Popen, ["true"], process_group="x")


def broken():
    raise ValueError("in the child")


attempt(subprocess.run, ["true"], preexec_fn=broken)
print(
    subprocess.run(
        SH + ["echo $A-$B; pwd; umask"],
        env={"A": "1"},
        cwd="/tmp",
        umask=0o027,
        stdout=subprocess.PIPE,
    ).stdout
)
print(subprocess.run(["env"], env={"X": "y", b"\xff": b"\xfe"}, stdout=subprocess.PIPE).stdout)
print(
    subprocess.run(
        SH + ["ps -o sid= -p $$ | tr -d ' ' | grep -qx $$ && echo leader"],
        start_new_session=True,
        stdout=subprocess.PIPE,
    ).stdout
)
print(
    subprocess.run(
        SH + ["ps -o pgid= -p $$ | tr -d ' ' | grep -qx $$ && echo leader"],
        process_group=0,
        stdout=subprocess.PIPE,
    ).stdout
)
# Descriptors: closed unless passed; the standard ones may be any.
read, write = os.pipe()
listing = SH + ["for i in 3 4 5 6 7 8 9; do test -e /proc/self/fd/$i && echo open; done; true"]
print(subprocess.run(listing, stdout=subprocess.PIPE, pass_fds=(read,)).stdout.count(b"open"))
print(subprocess.run(SH + ["echo x >&%d" % write], pass_fds=(write,)).returncode, os.read(read, 10))
print(subprocess.run(SH + ["echo e >&2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout)
print(
    subprocess.run(SH + ["echo e >&2; echo o"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
)
with tempfile.TemporaryFile() as file:
    subprocess.run(SH + ["echo to a file"], stdout=file)
    file.seek(0)
    print(file.read())
saved = os.dup(0), os.dup(1)
os.close(0)
result = subprocess.run(
    SH + ["cat; echo no input"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
)
os.dup2(saved[0], 0)
print(result)
# Ends.
process = subprocess.Popen(["sleep", "100"])
print(
    process.poll(),
    process.send_signal(signal.SIGTERM),
    process.wait(),
    process.poll(),
    process.send_signal(9),
)
process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
process.stdin.write(b"abc")
print(process.stdout.read(3), process.communicate(b"def"), process.returncode)
print([subprocess.run(SH + ["exit %d" % i]).returncode for i in (0, 1, 127, 255)])
with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
    process.stdin.write("with\n")
    process.stdin.close()
    print(process.stdout.readlines(), re := process.args)
print(process.returncode)
big = b"x" * 1_000_000
print(subprocess.run(["cat"], input=big, stdout=subprocess.PIPE).stdout == big)
# Signals are the usual ones in the child, hooks run around a fork.
print(
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import signal; print(signal.getsignal(signal.SIGPIPE) is signal.SIG_DFL)",
        ],
        restore_signals=False,
        stdout=subprocess.PIPE,
    ).stdout
)
os.register_at_fork(
    before=lambda: print("before", flush=True),
    after_in_parent=lambda: print("parent", flush=True),
    after_in_child=lambda: None,
)
child = os.fork()
if child == 0:
    os._exit(7)
print(os.waitpid(child, 0)[1] >> 8)
subprocess.run(["true"])
subprocess.run(["true"], preexec_fn=lambda: None)
print(
    os.posix_spawn("/bin/sh", SH + ["exit 5"], os.environ) > 0,
    os.waitstatus_to_exitcode(os.wait()[1]),
)
import _posixsubprocess

attempt(_posixsubprocess.fork_exec)
attempt(_posixsubprocess.fork_exec, *[1] * 23)
