# SPDX-License-Identifier: MIT
"""Source to code objects: some files of the standard library are parsed and compiled."""
import ast
import dataclasses
import inspect
import json.decoder
import textwrap
import types

MODULES = [ast, dataclasses, inspect, json.decoder, textwrap, types]


def functions(code):
    return 1 + sum(functions(c) for c in code.co_consts if isinstance(c, types.CodeType))


def main():
    count = 0
    for module in MODULES:
        with open(module.__file__, encoding="utf-8") as file:
            count += functions(compile(file.read(), module.__file__, "exec"))
    assert count > 400
