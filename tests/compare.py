# SPDX-License-Identifier: MIT
"""Runs the same commands under python3.11 and under another interpreter and compares what they
print and how they end.

A test file makes a Table, adds cases and calls finish():

    t = Table(__doc__)
    t.case("name", "-c", "print(1)")                     # arguments after the interpreter
    t.shell("name", "$P -c 'print(1)' >/dev/full")       # $P is the interpreter
    t.finish()

Every case runs in a fresh folder with the given files, first with python3.11, then with the
interpreter under test, in a folder of the same name; so paths agree. The interpreter's own path
reads PYTHON in what is compared, addresses 0x… `see` takes a Result and returns what is to be
compared, for output that may differ in a documented way; `check` takes one and returns what is
wrong with it, or None: the case then runs under the interpreter to be tested only.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

ORACLE = "/usr/bin/python3.11"
Result = collections.namedtuple("Result", "code out err")
Case = collections.namedtuple("Case", "name command options")


def normalise(text, python):
    text = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text
    text = text.replace(python, "PYTHON").replace(os.path.dirname(python) + "\n", "HOME\n")
    return re.sub(r"\b0x[0-9a-f]{6,}", "0x…", text)


def fill(folder, files):
    for name, content in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if callable(content):
            content(path)
            continue
        with open(path, "wb") as f:
            f.write(content.encode() if isinstance(content, str) else content)


def run(python, command, folder, stdin=None, env=None, timeout=120, interrupt=None, shell=False):
    """One run. interrupt: the line of output after which SIGINT is sent."""
    full = {
        "PATH": "/usr/bin:/bin",
        "HOME": folder,
        "LC_ALL": "C.UTF-8",
        "P": python,
        "PYTHONHASHSEED": "0",
        "ORACLE": ORACLE,
        "TERM": "dumb",
        "COLUMNS": "80",
        "LINES": "24",
        **{k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_"))},
        **(env or {}),
    }
    full = {k: v for k, v in full.items() if v is not None}
    argv = ["bash", "-c", *command] if shell else [python, *command]
    data = stdin.encode() if isinstance(stdin, str) else stdin
    p = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=full,
        start_new_session=True,
    )
    try:
        first = b""
        if interrupt:
            while interrupt.encode() not in first:
                line = p.stdout.readline()
                first += line
                if not line:
                    break
            time.sleep(0.3)  # the program goes on to what is to be interrupted
            p.send_signal(signal.SIGINT)
        out, err = p.communicate(data, timeout)
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, err = p.communicate()
        return Result(
            "timeout after %d s" % timeout, normalise(out, python), normalise(err, python)
        )
    return Result(p.returncode, normalise(first + out, python), normalise(err, python))


def difference(want, got):
    """What differs between two results, as lines to print; None: nothing."""
    for name, a, b in zip(("exit code", "stdout", "stderr"), want, got):
        if a == b:
            continue
        if not isinstance(a, str) or not isinstance(b, str):
            return "%s: %r instead of %r" % (name, b, a)
        x, y = a.splitlines(True), b.splitlines(True)
        at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
        return "%s, line %d: %r instead of %r" % (
            name,
            at + 1,
            "".join(y[at : at + 3])[:500],
            "".join(x[at : at + 3])[:500],
        )


class Table:
    """The cases of one file. Run with names as arguments, it runs only those that match."""

    def __init__(self, doc, named=False):
        """named: both interpreters run under the name python3.11, for programs that say or use
        it."""
        parser = argparse.ArgumentParser(description=doc)
        parser.add_argument("--python", required=True)
        parser.add_argument("--jobs", type=int, default=2)
        parser.add_argument(
            "--slow", type=float, metavar="SECONDS", help="tell which cases take longer"
        )
        parser.add_argument(
            "names", nargs="*", help="run only the cases whose name contains one of these"
        )
        self.args = parser.parse_args()
        self.python = os.path.abspath(self.args.python)
        self.folder = tempfile.mkdtemp(prefix="vitro-")
        self.pair = [ORACLE, self.python]
        if named:
            self.pair = [
                os.path.join(self.folder, name, "python3.11") for name in ("theirs", "ours")
            ]
            for link, python in zip(self.pair, [ORACLE, self.python]):
                os.mkdir(os.path.dirname(link))
                os.symlink(python, link)
        self.cases = []

    def case(self, name, *command, **options):
        assert name not in {c.name for c in self.cases}, name
        self.cases.append(Case(name, command, options))

    def shell(self, name, script, **options):
        self.case(name, script, shell=True, **options)

    def one(self, number, case):
        """What is wrong, or None."""
        options = dict(case.options)
        files, see, check = (
            options.pop("files", {}),
            options.pop("see", None),
            options.pop("check", None),
        )
        results = []
        for python in self.pair[1:] if check else self.pair:
            folder = os.path.join(self.folder, str(number))
            os.mkdir(folder)
            try:
                fill(folder, files)
                command = [a(folder) if callable(a) else a for a in case.command]
                results.append(run(python, command, folder, **options))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        if check:
            wrong = check(results[0])
            return wrong and "%s\n%s" % (wrong, results[0])
        if see:
            seen = [see(r) for r in results]
            if isinstance(seen[0], Result):
                results = seen
            else:
                return (
                    None
                    if seen[0] == seen[1]
                    else "%r instead of %r\n%s" % (seen[1], seen[0], results[1].err[-600:])
                )
        wrong = difference(*results)
        return wrong and "%s\n%s" % (wrong, "" if "stderr" in wrong else results[1].err[-800:])

    def guarded(self, number, case):
        start = time.monotonic()
        try:
            return self.one(number, case)
        except Exception:
            return traceback.format_exc()
        finally:
            if self.args.slow and time.monotonic() - start > self.args.slow:
                print("%.1f s for %s" % (time.monotonic() - start, case.name), flush=True)

    def finish(self):
        """Runs the cases, prints what differs, and ends the program: 1 when something did."""
        names = self.args.names
        cases = [c for c in self.cases if not names or any(n in c.name for n in names)]
        failed = 0
        try:
            with concurrent.futures.ThreadPoolExecutor(self.args.jobs) as pool:
                jobs = [(c, pool.submit(self.guarded, i, c)) for i, c in enumerate(cases)]
                for case, job in jobs:
                    wrong = job.result()
                    if wrong is not None:
                        failed += 1
                        print(
                            "FAIL %s\n    %s" % (case.name, wrong.strip().replace("\n", "\n    ")),
                            flush=True,
                        )
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
        print("%d cases, %d wrong" % (len(cases), failed))
        sys.exit(1 if failed or not cases else 0)
