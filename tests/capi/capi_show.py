# SPDX-License-Identifier: MIT
"""Prints calls and what they gave; the same under every interpreter."""
import re


def shape(value):
    """repr without addresses."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


def show(function, *args):
    name = getattr(function, "__name__", str(function))
    given = ", ".join(shape(a) for a in args)
    try:
        result = shape(function(*args))
    except BaseException as e:
        said = re.sub(r"\S+\.c:\d+: ", "FILE: ", re.sub(r"0x[0-9a-fA-F]+", "0x", str(e)))
        result = "%s: %s" % (type(e).__name__, said)
        if e.__cause__ is not None:
            result += " from " + shape(e.__cause__)
    print("%s(%s) -> %s" % (name, given, result))
