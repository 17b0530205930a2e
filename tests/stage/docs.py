# SPDX-License-Identifier: MIT
"""Is what the docs show what Vitro prints?  python3.11 tests/stage/docs.py --python VITRO [--write]

In docs/*.md a block of Python that starts with `# file: NAME` is a file; a block of console text is
one command per `$ ` line, each followed by its output, stdout and stderr together. The commands of
a page run in one fresh folder that has its files and is left out of what they print; `vitro` is the
interpreter under test. --write puts the output there is into the page.
"""
import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.S | re.M)


def output(command, folder, python):
    """What a command prints, stdout and stderr together, without the folder's name."""
    done = subprocess.run(
        command.replace("vitro", python, 1),
        shell=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    text = done.stdout.replace(python, "vitro").replace(os.path.realpath(folder) + "/", "")
    # Caches hold versions that differ from run to run.
    text = re.sub(r"\[[0-9a-f]{4}( [0-9a-f]{4})*\]", "[…]", text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def regenerated(page, python):
    """The page's text with the output that its commands give."""
    with tempfile.TemporaryDirectory() as folder:

        def block(match):
            kind, text = match.groups()
            if kind == "python":
                name = re.match(r"# file: (\S+)\n", text)
                if name:
                    with open(os.path.join(folder, name[1]), "w") as f:
                        f.write(text[name.end() :])
                return match[0]
            commands = [line for line in text.splitlines() if line.startswith("$ ")]
            shown = "".join(f"{c}\n{output(c[2:], folder, python)}\n" for c in commands)
            return f"```console\n{shown}```"

        return BLOCK.sub(block, page)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    stale = blocks = 0
    for path in sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True)):
        with open(path) as f:
            page = f.read()
        new = regenerated(page, os.path.abspath(args.python))
        blocks += len(BLOCK.findall(page))
        if new != page:
            stale += 1
            at = next(
                i
                for i, (a, b) in enumerate(zip(page.splitlines() + [""], new.splitlines() + [""]))
                if a != b
            )
            print(f"{path}:{at + 1}: now {(new.splitlines() + [''])[at]!r}")
            if args.write:
                with open(path, "w") as f:
                    f.write(new)
    if not blocks:
        sys.exit("no blocks found")
    sys.exit(1 if stale and not args.write else 0)


main()
