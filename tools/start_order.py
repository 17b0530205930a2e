#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Puts the functions that run at every start next to each other, so that a start touches a third of the program's text.

usage: start_order.py --record PYTHON     writes start_order.txt: what `-c pass` runs, as valgrind's callgrind saw it
       start_order.py --sections OBJECT   prints options for objcopy that sort the sections of an object

A name that is gone, or missing for a new function, costs a page at most: record anew when many have changed.
"""
import os
import re
import subprocess
import sys
import tempfile

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "start_order.txt")


def base(name):
    """The function as the source names it: foo for foo.part.0, foo.lto_priv.3, foo'2."""
    return re.split(r"[.']", name)[0]


def record(python):
    names = set()
    for flags in [], ["-S"]:
        with tempfile.NamedTemporaryFile() as out:
            command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out.name]
            subprocess.run([*command, python, *flags, "-c", "pass"], check=True)
            # ob=(7) FILE, later ob=(7); fn=(12) NAME follows the object it is in.
            ours, ids = False, {}
            for line in open(out.name):
                found = re.match(r"(c?ob|c?fn)=\((\d+)\)(?: (.*))?$", line)
                if not found:
                    continue
                kind, number, text = found.groups()
                key = kind[-2:], number
                text = ids.setdefault(key, text)
                if kind == "ob":
                    ours = os.path.basename(text) == os.path.basename(python)
                elif kind == "fn" and ours:
                    names.add(base(text))
    with open(LIST, "w") as out:
        out.writelines(name + "\n" for name in sorted(names))


def sections(path):
    """The linker's own script puts .text.startup first but for .text.unlikely, which moves to the rest."""
    start = set(open(LIST).read().split())
    listing = subprocess.run(["objdump", "-hw", path], capture_output=True, text=True, check=True).stdout
    for name in re.findall(r"^ *\d+ (\.text\.\S+)", listing, re.MULTILINE):
        kind, function = re.match(r"\.text\.(hot\.|unlikely\.)?(.*)", name).groups()
        if kind == "unlikely.":
            print("--rename-section %s=.text.rare.%s" % (name, function))
        elif base(function) in start:
            print("--rename-section %s=.text.startup.%s" % (name, function))


if len(sys.argv) != 3 or sys.argv[1] not in ("--record", "--sections"):
    sys.exit(__doc__)
{"--record": record, "--sections": sections}[sys.argv[1]](sys.argv[2])
