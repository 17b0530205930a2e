# SPDX-License-Identifier: MIT
"""Starting processes and collecting their output."""
import os
import subprocess


def main():
    for i in range(40):
        assert subprocess.run(["/bin/true"]).returncode == 0
        assert subprocess.run(["/bin/echo", str(i)], stdout=subprocess.PIPE).stdout == b"%d\n" % i
        assert subprocess.check_output(["/bin/cat"], input=b"x" * 100, cwd="/") == b"x" * 100
    p = [
        subprocess.Popen(["/bin/sh", "-c", "exit %d" % i], env={"A": "1"}, stdin=subprocess.DEVNULL)
        for i in range(20)
    ]
    assert [q.wait() for q in p] == list(range(20))
    for _ in range(20):
        if not (pid := os.fork()):
            os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
    assert os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1] == 0
