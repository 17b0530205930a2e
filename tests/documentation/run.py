#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the interactive examples of Python's documentation under Vitro and python3.11.

usage: run.py --python PATH [PAGE ...]      (pages by name, as library/heapq; all by default)

The pages are those of Debian's python3.11-doc. The examples of one page run in one process and one
namespace; each must print, or raise, what it does under python3.11. Two runs of python3.11 tell
which examples give the same output twice: the others show times, addresses and names of temporary
files and are left out. Exit code 1 when an example differs.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

ORACLE = '/usr/bin/python3.11'
SOURCES = '/usr/share/doc/python3.11/html/_sources'
SECONDS = 90  # for a page
# What waits for a person, ends the process or sleeps long.
LEFT_OUT = (
    r'input\(|time\.sleep\(\d\d|serve_forever|os\.abort|os\._exit|getpass|webbrowser|faulthandler|'
    r'breakpoint|set_trace|pdb\.|help\(|code\.interact|exit\(|quit\('
)

# Examples that may differ, and why.
KNOWN = {
    (
        'library/ctypes',
        'for item in table:',
    ): 'our frozen modules are bytes, so their sizes are not 0',
    ('tutorial/stdlib2', 'gc.collect()'): 'what earlier examples left for the collector',
}

# Prints one line of JSON for each example: its source and its output.
PAGE = """\
import contextlib, doctest, io, json, re, sys, traceback
import random
path, left_out = sys.argv[1:]
random.seed(1)
lines = sys.stdout
with open(path, encoding='utf-8') as file:
    text = file.read()
parser = doctest.DocTestParser()
examples = []
for block in re.split(r'\\n(?=\\S)', text):
    try:
        examples += parser.get_examples(block)
    except ValueError:
        pass  # an example cut off or badly indented
names = {'__name__': '__main__'}
for example in examples:
    if re.search(left_out, example.source):
        continue
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            exec(compile(example.source, '<example>', 'single'), names)
        except BaseException:
            traceback.print_exc()
    text = re.sub('0x[0-9a-f]{6,}', '0x…', out.getvalue())
    print(json.dumps([example.source, text]), file=lines, flush=True)
"""


def examples_of(python, page):
    """[source, output] of each example, as far as the page came, and how its process ended."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, '-c', PAGE, os.path.join(SOURCES, page + '.rst.txt'), LEFT_OUT]
        env = {**os.environ, 'PYTHONHASHSEED': '1', 'HOME': folder}
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                cwd=folder,
                env=env,
            )
            output, end = done.stdout, done.returncode
        except subprocess.TimeoutExpired as late:
            output, end = late.stdout or b'', 'timeout'
    lines = output.decode(errors='replace').splitlines()
    return [
        json.loads(line) for line in lines if line.startswith('["') and line.endswith('"]')
    ], end


def compare(python, page):
    """(number of examples compared, descriptions of those that differ)."""
    (once, end), (again, _), (ours, our_end) = (
        examples_of(p, page) for p in (ORACLE, ORACLE, python)
    )
    known = tuple(start for name, start in KNOWN if name == page)
    steady = [
        e for e, same in zip(once, again) if e == same and not (known and e[0].startswith(known))
    ]
    got = dict(ours)
    wrong = [
        f'{page}\n>>> {source.rstrip()}\n{got.get(source, "(not reached)")}instead of\n{output}'
        for source, output in steady
        if [source, output] not in ours
    ]
    if end != our_end:
        wrong.append(f'{page}: ended with {our_end} instead of {end}')
    return len(steady), wrong


def pages():
    for folder, _, names in os.walk(SOURCES):
        for name in names:
            if name.endswith('.rst.txt'):
                yield os.path.relpath(os.path.join(folder, name[: -len('.rst.txt')]), SOURCES)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--python', required=True, metavar='PATH')
    parser.add_argument('pages', nargs='*', metavar='PAGE')
    args = parser.parse_args()
    if not os.path.isdir(SOURCES):
        sys.exit(f'{SOURCES}: not there; install python3.11-doc')
    python = os.path.abspath(args.python)
    total = differ = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for count, wrong in pool.map(
            lambda page: compare(python, page), args.pages or sorted(pages())
        ):
            total += count
            differ += len(wrong)
            for text in wrong:
                print(text, flush=True)
    print(f'{total} examples compared, {differ} differ')
    sys.exit(differ > 0)


main()
