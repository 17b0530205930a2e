# SPDX-License-Identifier: MIT
"""What lives in memory: by type, place of allocation and pool; collections; what only cycles hold.

    vitro -m vitro.memory FILE [ARGUMENT ...]      look when the program ends
    vitro -m vitro.memory --at FILE.py:LINE FILE   look when that line is about to run

A program that runs under it chooses points of its own with `vitro.memory.look("after loading")`.
docs/memory.md describes what is shown. Reading order: __main__ (command line, running the program),
survey (from the heap to plain data), cycles (shortest paths), text and page (what people see).
"""

_looker = None  # set by __main__: called with the name of the moment


def look(moment="here"):
    """Report the memory as it is now, under the name `moment`.

    Does nothing unless the program runs under `vitro -m vitro.memory`.
    """
    if _looker:
        _looker(moment)


def _load_view():
    """Make module _vitro: built in, but not in sys.builtin_module_names, which is 3.11's."""
    import _imp
    import sys
    from importlib.machinery import BuiltinImporter, ModuleSpec

    if "_vitro" not in sys.modules:
        module = _imp.create_builtin(ModuleSpec("_vitro", BuiltinImporter, origin="built-in"))
        _imp.exec_builtin(module)
        sys.modules["_vitro"] = module


_load_view()
