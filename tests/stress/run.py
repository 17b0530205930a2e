#!/usr/bin/python3.11
# SPDX-License-Identifier: MIT
"""Runs the stress programs of this folder one after the other and prints what each says.

The last line is `N passed, N failed`.

usage: run.py --python PATH [--short] [--scale F] [--seconds N] [NAME ...]
"""
import argparse
import os
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = [
    "descriptors",
    "interrupts",
    "signal_storm",
    "exit_daemon",
    "fork_threads",
    "pool_killed",
    "loops_killed",
    "hammer",
    "asyncio_echo",
    "http_threads",
]


def run(python, name, args, limit):
    """(what is wrong or None, last line of output) of one program."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {
        "PYTHONDONTWRITEBYTECODE": "1"
    }
    # Files, not pipes: a process left behind would hold pipes open.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        p = subprocess.Popen(
            [python, os.path.join(HERE, name + ".py"), *args, "--limit", str(limit)],
            stdin=subprocess.DEVNULL,
            env=env,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            p.wait(limit + 60)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(p.pid, signal.SIGKILL)  # what it left behind
        except ProcessLookupError:
            pass
        p.wait()
        out.seek(0)
        err.seek(0)
        out, err = out.read(), err.read()
    last = (out.decode("utf-8", "replace").splitlines() or [""])[-1]
    if p.returncode == 0 and last.startswith("ok") and not err:
        return None, last
    return (
        "exit code %s, %s\n%s" % (p.returncode, last, err.decode("utf-8", "replace")[-4000:]),
        last,
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", required=True)
    parser.add_argument("--short", action="store_true", help="--scale 0.05 --seconds 3")
    parser.add_argument("--scale", type=float)
    parser.add_argument("--seconds", type=float)
    parser.add_argument(
        "--limit", type=float, help="seconds for a program: 1800, or 300 with --short"
    )
    parser.add_argument("names", nargs="*", default=PROGRAMS)
    args = parser.parse_args()
    scale = args.scale if args.scale is not None else 0.05 if args.short else 1.0
    seconds = args.seconds if args.seconds is not None else 3 if args.short else 60
    limit = args.limit or (300 if args.short else 1800)
    failed = 0
    for name in args.names:
        bad, last = run(
            os.path.abspath(args.python),
            name,
            ["--scale", str(scale), "--seconds", str(seconds)],
            limit,
        )
        failed += bad is not None
        print("%-14s %s" % (name, "FAILED: " + bad if bad else last), flush=True)
    print("%d passed, %d failed" % (len(args.names) - failed, failed))
    sys.exit(failed != 0)


main()
