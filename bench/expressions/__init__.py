# SPDX-License-Identifier: MIT
"""What methods.py times, by subject: {group: (program, [expression, ...])}.

The program of a group makes the names that its expressions use. The files below hold two texts for
each group, the second with an expression a line. An expression may also be a statement, or several
joined by ";". Those of a group run one after the other on the same objects, so each leaves the
objects as it found them.
"""
from . import calls, classes, containers, iterators, library, mappings, numbers, text

GROUPS = {
    name: (program, lines.strip().splitlines())
    for part in (text, containers, mappings, numbers, iterators, calls, classes, library)
    for name, (program, lines) in part.GROUPS.items()
}
