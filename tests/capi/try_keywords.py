# SPDX-License-Identifier: MIT
"""Keyword parsing: every order of marks and names against every shape of a call; bytes by
format."""
import itertools
import c_keywords as c
from capi_show import show

FORMATS = (
    "OO O|O |OO O|$O $O |$OO OO:f O|O:f O|O$O:f O$|O O||O O$O$O |O$O OOO:f O O|OO$OO:fn (O"
).split() + ["OO;said"]
NAMES = [
    ("a", "b"),
    ("", "b"),
    ("", "", "c"),
    ("a",),
    ("a", "b", "c"),
    ("", "b", "c", "d", "e"),
    ("", "", ""),
]
CALLS = [{}, {"b": 5}, {"a": 6}, {"c": 7}, {"z": 8}, {"a": 1, "b": 2}, {"b": 1, "c": 2}]

for form, names, count, given in itertools.product(FORMATS, NAMES, range(5), CALLS):
    show(c.keywords, form, names, tuple(range(count)), given)
for n in range(9):
    show(c.format, n)
