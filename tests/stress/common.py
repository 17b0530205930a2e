# SPDX-License-Identifier: MIT
"""What the stress programs share: options, a limit on their time, checks that name what is
wrong."""
import argparse
import faulthandler
import os
import resource
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def options(doc, **more):
    """`more`: further int options with their defaults."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full load")
    parser.add_argument("--seconds", type=float, default=60, help="how long to hammer")
    parser.add_argument(
        "--limit", type=float, default=3600, help="end with all stacks after so many seconds"
    )
    for name, value in more.items():
        parser.add_argument("--" + name, type=int, default=value)
    o = parser.parse_args()
    faulthandler.enable()
    faulthandler.dump_traceback_later(o.limit, exit=True)
    return o


def scaled(o, full, least=1):
    return max(least, int(full * o.scale))


def many_files(wanted=8192):
    """Raises the limit of open files as far as it goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < want:
        resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))


def check(true, *what):
    if not true:
        raise AssertionError(" ".join(map(str, what)))


def equal(got, want, *what):
    if got != want:
        raise AssertionError("%s: %.300r instead of %.300r" % (" ".join(map(str, what)), got, want))


def raises(kind, call, *args, errno=None, **kw):
    """The exception that call(*args) raises, which must be of exactly this kind (and errno)."""
    try:
        res = call(*args, **kw)
    except BaseException as e:
        if type(e) is not kind or errno is not None and getattr(e, "errno", None) != errno:
            raise AssertionError("%r instead of %s %s" % (e, kind.__name__, errno)) from e
        return e
    raise AssertionError(
        "%s: %.300r instead of %s" % (getattr(call, "__name__", call), res, kind.__name__)
    )


def open_files():
    return len(os.listdir("/proc/self/fd"))


def done(*what):
    faulthandler.cancel_dump_traceback_later()
    print("ok", *what)
    sys.stdout.flush()
