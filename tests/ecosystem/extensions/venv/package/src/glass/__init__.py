# SPDX-License-Identifier: MIT
"""The Python part of the package: its entry point."""
import sys

from glass import _hand, _shapes


def area(a, b):
    return _shapes.lib.area(a, b)


def main():
    print(_hand.join(str(area(*map(float, sys.argv[1:3]))), sys.argv[1:]))
