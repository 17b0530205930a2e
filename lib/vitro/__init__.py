# SPDX-License-Identifier: MIT
"""Vitro's own library: what the other implementations do not have. It is no part of sys.path.

The executable carries this file; the modules beside it are read from the first folder lib/vitro
above the executable, or from the one it was built from.
"""
import os
import sys


def _folders():
    here = os.path.realpath(sys.executable or "")
    for _ in range(3):  # beside the executable, PREFIX/bin, build/MODE
        here = os.path.dirname(here)
        yield os.path.join(here, "lib", "vitro")
    yield os.path.dirname(_folders.__code__.co_filename)


__path__ = [f for f in _folders() if os.path.isdir(os.path.join(f, "memory"))][:1]
__file__ = os.path.join(*__path__, "__init__.py") if __path__ else None
