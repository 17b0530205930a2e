# needs: gdb gcc
"""gdb's Python: values, frames, a pretty-printer, a command, breakpoints, events and errors in a small C program.

usage: gdb.py [FOLDER]   where the libpython3.11.so.1.0 is that gdb shall use instead of the system's
"""
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = r"""
#include <stdio.h>
struct node { int value; struct node *next; };
static int depth(struct node *n)
{
    return n ? 1 + depth(n->next) : 0;
}
int main(void)
{
    struct node c = {3, 0}, b = {2, &c}, a = {1, &b};
    double numbers[4] = {0.5, 1.5, 2.5, 3.5};
    const char *text = "a text";
    int d = depth(&a);
    printf("%d %s %g\n", d, text, numbers[2]);
    return d;
}
"""
SCRIPT = r"""
import collections, json, sys, threading
import gdb

EXPECTED = %r
if (" [Vitro" in sys.version) != EXPECTED:
    raise SystemExit("gdb runs the wrong Python: " + sys.version)


class NodePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "node"

    def children(self):
        n = self.value.address
        while n:
            yield "value", n["value"]
            n = n["next"]

    def display_hint(self):
        return "array"


def lookup(value):
    return NodePrinter(value) if value.type.strip_typedefs().tag == "node" else None


class Walk(gdb.Command):
    "Prints a list."

    def __init__(self):
        super().__init__("walk", gdb.COMMAND_USER)

    def invoke(self, argument, from_tty):
        n = gdb.parse_and_eval(argument)
        if n.type.code != gdb.TYPE_CODE_PTR:
            raise gdb.GdbError("not a pointer: " + argument)
        found = []
        while n:
            found.append(int(n["value"]))
            n = n["next"]
        print("walked", json.dumps(found))


class Twice(gdb.Function):
    def __init__(self):
        super().__init__("twice")

    def invoke(self, x):
        return x * 2


class Depth(gdb.Breakpoint):
    seen = collections.Counter()

    def stop(self):
        n = gdb.selected_frame().read_var("n")
        self.seen[int(n["value"]) if n else None] += 1
        return not n


Walk()
Twice()
gdb.pretty_printers.append(lookup)
gdb.events.exited.connect(lambda event: print("exited", event.exit_code))
print(gdb.lookup_type("struct node").sizeof, [f.name for f in gdb.lookup_type("struct node").fields()])
Depth("depth")
gdb.execute("run", to_string=True)
print(dict(Depth.seen), gdb.selected_frame().name())
frames, f = [], gdb.newest_frame()
while f:
    frames.append(f.name())
    f = f.older()
print(frames)
gdb.execute("up 4", to_string=True)
print(gdb.parse_and_eval("a"), gdb.parse_and_eval("numbers"), gdb.parse_and_eval("text").string())
print([float(gdb.parse_and_eval("numbers")[i]) for i in range(4)], int(gdb.parse_and_eval("$twice(a.value + 20)")))
gdb.execute("walk &a")
v = gdb.parse_and_eval("b")
print(v["value"] + 5, v["value"] == 2, bool(v["next"]), v.type, v.format_string(raw=True)[:11])
print(bytes(gdb.selected_inferior().read_memory(gdb.parse_and_eval("text"), 6)))
for wrong in ("gdb.execute('walk a')", "gdb.parse_and_eval('nothing')", "v['missing']",
              "gdb.execute('no-such-command')", "gdb.lookup_type('no_type')",
              "gdb.selected_inferior().read_memory(0, 4)", "1 / 0"):
    try:
        eval(wrong)
    except Exception as e:
        print(type(e).__module__, type(e).__name__, e)
t = threading.Thread(target=print, args=("thread",))
t.start()
t.join()
gdb.execute("delete")
gdb.execute("continue")
"""


def main(library):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        source, script, program = (os.path.join(folder, n) for n in ("lists.c", "script.py", "lists"))
        with open(source, "w") as f:
            f.write(PROGRAM)
        with open(script, "w") as f:
            f.write(SCRIPT % bool(library))
        subprocess.run(["gcc", "-g", "-O0", source, "-o", program], check=True)
        p = subprocess.run(["gdb", "-batch", "-nx", "-ex", "set debuginfod enabled off", "-x", script, program],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           env=env | ({"LD_LIBRARY_PATH": library} if library else {}))
    print(re.sub(r"process \d+", "process N", p.stdout.replace(folder, "FOLDER")))
    print(p.stderr.replace(folder, "FOLDER"), file=sys.stderr)
    return p.returncode


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or [None])))
