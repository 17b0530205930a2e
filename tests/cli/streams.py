# SPDX-License-Identifier: MIT
"""Standard streams that are closed, full, broken or odd."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__)
FILES = {
    "p.py": "print('x' * 10)\n",
    "many.py": "for i in range(20000): print(i)\n",
    "err.py": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(3)\n",
    "raises.py": "print(1)\n1/0\n",
    "read.py": "import sys\nprint(repr(sys.stdin.read()))\n",
    "in.py": "print(repr(input('? ')))\n",
    "which.py": "import sys, os\n"
    "os.write(3, ascii((sys.stdin, sys.stdout, sys.stderr, sys.__stdin__)).encode() + b'\\n')\n",
}

# -- Closed -----------------------------------------------------------------------------------------
for closed in "<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-":
    for name in "p.py", "err.py", "raises.py", "read.py", "in.py":
        t.shell("closed %s %s" % (closed, name), "$P %s %s; echo $?" % (name, closed), files=FILES)
    t.shell(
        "closed %s streams" % closed, "$P which.py 3>out %s; echo $?; cat out" % closed, files=FILES
    )
    t.shell("closed %s -c" % closed, "$P -c 'print(1)' %s; echo $?" % closed)
    t.shell("closed %s -i" % closed, "$P -iqc 'print(1)' %s; echo $?" % closed)
    t.shell("closed %s stdin program" % closed, "echo 'print(5)' | $P - %s; echo $?" % closed)
    t.shell("closed %s -V" % closed, "$P -V %s; echo $?" % closed)
    t.shell("closed %s bad option" % closed, "$P -z %s; echo $?" % closed)
    t.shell("closed %s missing file" % closed, "$P missing.py %s; echo $?" % closed)
    t.shell("closed %s -X dev" % closed, "$P -X dev -u p.py %s; echo $?" % closed, files=FILES)
t.shell("closed by the program", "$P -c 'import os; os.close(1); print(1)'; echo $?")
t.shell(
    "closed by the program, flushed",
    "$P -c 'import os; os.close(1); print(1, flush=True)'; echo $?",
)
t.shell("closed stderr by the program", "$P -c 'import os; os.close(2); 1/0'; echo $?")
t.shell("sys.stdout.close()", "$P -c 'import sys; sys.stdout.close()'; echo $?")
t.shell("sys.stderr.close()", "$P -c 'import sys; sys.stderr.close(); 1/0'; echo $?")
t.shell(
    "detached", "$P -c 'import sys; b = sys.stdout.detach(); b.write(b\"x\"); print(1)'; echo $?"
)
t.shell("replaced", "$P -c 'import sys; sys.stdout = open(\"f\", \"w\"); print(1)'; cat f")

# -- Full -------------------------------------------------------------------------------------------
for name in "p.py", "many.py", "err.py", "raises.py":
    t.shell("full stdout " + name, "$P %s >/dev/full; echo $?" % name, files=FILES)
    t.shell("full stdout -u " + name, "$P -u %s >/dev/full; echo $?" % name, files=FILES)
    t.shell("full stderr " + name, "$P %s 2>/dev/full >/dev/null; echo $?" % name, files=FILES)
    t.shell("full both " + name, "$P %s >/dev/full 2>&1; echo $?" % name, files=FILES)
t.shell("full stdout -c exit", "$P -c 'print(1); raise SystemExit(4)' >/dev/full; echo $?")
t.shell("full stdout flush", "$P -c 'print(1, flush=True)' >/dev/full; echo $?")
t.shell("full stdout -V", "$P -V >/dev/full; echo $?")
t.shell("full stdout -h", "$P -h >/dev/full; echo $?")
t.shell("full bad option", "$P -z 2>/dev/full; echo $?")
t.shell(
    "full file", "$P -c 'f = open(\"/dev/full\", \"w\"); f.write(\"x\"); del f; print(1)'; echo $?"
)
t.shell(
    "full file close", "$P -c 'f = open(\"/dev/full\", \"w\"); f.write(\"x\"); f.close()'; echo $?"
)
t.shell("full file with", "$P -c 'with open(\"/dev/full\", \"w\") as f: f.write(\"x\")'; echo $?")
t.shell("full interactive", "echo 'print(1)' | $P -iq >/dev/full; echo $?")

# -- Broken pipe --------------------------------------------------------------------------------------
for flags in "", "-u":
    t.shell(
        "broken pipe many %s" % flags,
        "$P %s many.py | head -1; echo ${PIPESTATUS[0]}" % flags,
        files={**FILES, "many.py": "for i in range(200000): print(i)\n"},
        see=lambda r: Result(r.code, r.out, re.sub(r"(?s)^Traceback.*\n(\w+Error)", r"\1", r.err)),
    )
    t.shell(
        "broken pipe few %s" % flags,
        "$P %s -c 'import time; time.sleep(.3); print(1)' | true; echo ${PIPESTATUS[0]}" % flags,
    )
    t.shell(
        "broken pipe flush %s" % flags,
        "$P %s -c 'import time; time.sleep(.3); print(1, flush=True); print(2)' | true; echo ${PIPESTATUS[0]}"
        % flags,
    )
    t.shell(
        "broken pipe caught %s" % flags,
        "$P %s -c 'import time, sys; time.sleep(.3)\ntry: print(1, flush=True)\nexcept BrokenPipeError as e: print(repr(e), file=sys.stderr)' | true; echo ${PIPESTATUS[0]}"
        % flags,
    )
    t.shell(
        "broken pipe SIG_DFL %s" % flags,
        "$P %s -c 'import time, signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL); time.sleep(.3); print(1)' | true; echo ${PIPESTATUS[0]}"
        % flags,
    )
t.shell(
    "broken pipe stderr",
    "{ $P -c 'import time, sys; time.sleep(.3); print(1, file=sys.stderr); 1/0' 2>&1 >&3 | true; } 3>&1; "
    "echo ${PIPESTATUS[0]}",
)
t.shell(
    "broken pipe -h",
    "$P -c 'import time; time.sleep(.3); print(\"y\" * 100000)' | true; echo ${PIPESTATUS[0]}",
)

# -- Odd ones -------------------------------------------------------------------------------------------
t.shell("stdin is a folder", "$P - < .; echo $?")
t.shell("stdin is a folder -c", "$P -c 'print(1)' < .; echo $?")
t.shell("stdin is write only", "$P -c 'import sys; sys.stdin.read()' 0>f; echo $?")
t.shell("stdin is write only, program", "$P 0>f; echo $?")
t.shell("stdout is read only", "touch f; $P -c 'print(1)' 1<f; echo $?")
t.shell("stderr is read only", "touch f; $P -c '1/0' 2<f; echo $?")
t.shell(
    "stdin is /dev/zero",
    "timeout 5 $P -c 'import sys; print(repr(sys.stdin.read(3)))' < /dev/zero; echo $?",
)
t.shell(
    "stdin not blocking",
    "(sleep .5; echo abc) | $P -c 'import os, sys; os.set_blocking(0, False); "
    "print(sys.stdin.buffer.raw.read(1)); os.set_blocking(0, True); print(sys.stdin.read())'; echo $?",
)
t.shell("append", "echo a > f; $P -c 'print(1)' >> f; cat f")
t.shell(
    "both to one file",
    "$P -c 'import sys; print(1); print(2, file=sys.stderr); print(3)' > f 2>&1; cat f",
)
t.shell(
    "subprocess order",
    "$P -c 'import os, sys; print(1, flush=True); os.system(\"echo 2\"); print(3)'",
)
t.shell(
    "ulimit -f",
    "ulimit -f 1; $P -c 'f = open(\"f\", \"wb\"); f.write(bytes(9999)); f.close()'; echo $?",
)
t.shell(
    "ulimit -n",
    "ulimit -n 10; $P -c 'l = []\nfor i in range(20): l.append(open(\"/dev/null\"))'; echo $?",
)
t.shell("ulimit -v", "ulimit -v 400000; $P -c 'x = bytearray(10**9)'; echo $?")
t.shell("ulimit -v list", "ulimit -v 400000; $P -c 'x = [0]\nwhile 1: x += x'; echo $?")
t.shell("ulimit -v str", "ulimit -v 400000; $P -c 'x = \"ab\"\nwhile 1: x += x'; echo $?")
t.shell(
    "working folder removed",
    "mkdir d; cd d; rmdir ../d; $P -c 'import sys; print(sys.path[0])'; echo $?",
)
t.shell(
    "working folder removed, file",
    "mkdir d; cd d; rmdir ../d; $P x.py; echo $?",
    see=lambda r: Result(r.code, r.out, re.sub(r"/tmp/[^']*", "", r.err)),
)
t.shell("working folder removed, -m", "mkdir d; cd d; rmdir ../d; $P -m this; echo $?")
t.shell(
    "argv[0] by exec -a",
    "exec -a other $P -c 'import sys; print(sys.orig_argv[0], sys.executable == \"\" or sys.executable[0])'",
)
t.shell(
    "argv[0] empty", "exec -a '' $P -c 'import sys; print(sys.orig_argv[0], repr(sys.executable))'"
)
t.shell(
    "found in PATH",
    "ln -s $P ./interp; PATH=$PWD:$PATH; interp -c 'import sys; "
    'print(sys.executable.endswith("/interp"), sys.orig_argv[0], sys.prefix)\'',
)
t.shell(
    "no environment", "env -i $P -c 'import sys, os; print(sys.stdout.encoding, dict(os.environ))'"
)
t.shell("usage name", "exec -a './my prog' $P -z")
t.shell("umask", "umask 077; $P -c 'import m'; stat -c %a __pycache__/*", files={"m.py": ""})
t.finish()
