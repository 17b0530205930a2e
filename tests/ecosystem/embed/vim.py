# needs: vim-nox
"""vim's Python: buffers, evaluation both ways, functions and commands made in Python, errors.

usage: vim.py [FOLDER]   where the libpython3.11.so.1.0 is that vim shall use instead of the system's
"""
import os
import subprocess
import sys
import tempfile

SCRIPT = r"""
import json, re, sys, vim

EXPECTED = %r
if (" [Vitro" in sys.version) != EXPECTED:
    print("vim runs the wrong Python: " + sys.version)
    vim.command("cquit 9")

out = open("result.txt", "w")
say = lambda *a: print(*a, file=out)
b = vim.current.buffer
b[:] = ["one", "two 2", "three 33"]
b.append("four 444")
b.append(["five", "six"], 0)
say(list(b), len(b), b[0], b[-1], b[1:3])
del b[0]
b[1] = "zwei é"
say(list(b), vim.current.line, vim.current.window.cursor, b.name == "", b.number)
say(sum(int(n) for line in b for n in re.findall(r"\d+", line)))
r = b.range(2, 3)
r.append("in range")
say(list(r), r.start, r.end)
say(vim.eval("[1, 'x', {'k': 2.5}]"), vim.eval("strlen('four')"), vim.bindeval("[1, [2]]")[1][0])
vim.command("let g:given = py3eval('[1, {\"a\": None}, 2.5, \"t\"]')")
say(vim.eval("g:given"), vim.vars["given"][0])
vim.vars["made"] = vim.Dictionary(a=1, b=vim.List([1, 2]))
say(vim.eval("g:made"), sorted(vim.vars["made"].keys()))


def shout(text):
    return text.upper() + "!"


vim.command("function! Shout(t)\n  return py3eval('shout(' . json_encode(a:t) . ')')\nendfunction")
say(vim.eval("Shout('from vim script')"), vim.Function("Shout")("direct"), vim.Function("strlen")("abc"))
vim.command("py3do return str(linenr) + ' ' + line[::-1]")
say(list(b))
vim.command("normal! ggdd")
say(list(b)[:2], vim.current.window.cursor, len(vim.windows), len(vim.buffers), vim.options["history"])
vim.command("new | wincmd p")
say(len(vim.windows), vim.windows[0].buffer.number != vim.windows[1].buffer.number)
for wrong in ("vim.eval('nothing')", "b[100]", "vim.command('nosuch')", "vim.windows[9]", "vim.vars['absent']",
              "b.append(5)", "vim.Function('Shout')()",
              "setattr(vim.current.window, 'cursor', (99, 0))", "1 / 0", "vim.List(5)"):
    try:
        say(wrong, eval(wrong))
    except BaseException as e:
        say(wrong, type(e).__module__, type(e).__name__, e)
vim.command("try | execute \"py3 raise KeyError('to vim')\" | catch | let g:caught = v:exception | endtry")
say(vim.eval("g:caught"))
import threading
t = threading.Thread(target=lambda: say("thread"))
t.start()
t.join()
say(json.dumps({"implementation": sys.implementation.name, "main": __name__}))
out.close()
"""


def main(library):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"LC_ALL": "C.UTF-8", "TERM": "dumb"}
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "script.py"), "w") as f:
            f.write(SCRIPT % bool(library))
        p = subprocess.run(["vim.nox", "-es", "-u", "NONE", "-i", "NONE", "-c", "set enc=utf-8",
                            "-c", "py3file script.py", "-c", "qall!"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, cwd=folder, env=env | ({"LD_LIBRARY_PATH": library} if library else {}))
        result = os.path.join(folder, "result.txt")
        if os.path.exists(result):
            with open(result) as f:
                print(f.read())
    print(p.stdout)
    return p.returncode


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or [None])))
