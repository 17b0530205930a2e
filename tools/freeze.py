# SPDX-License-Identifier: MIT
"""Writes the C file with the frozen modules: code objects as marshal data.

usage: vitro-stage0 -S tools/freeze.py STDLIB OUT.c

Run by the build with the stage-0 executable, which has no frozen modules of its own and compiles
importlib from source. Needs nothing but built-in modules, so that stage 0 may be poor. Tables and
names: src/runtime/frozen.c.
"""
import marshal
import posix
import sys

# A row: frozen name, source file below STDLIB or None, package? The code's name is <frozen MODULE>.
BOOTSTRAP = [
    ("_frozen_importlib", "importlib/_bootstrap", False),
    ("_frozen_importlib_external", "importlib/_bootstrap_external", False),
    ("zipimport", "zipimport", False),
]
STDLIB = [
    ("abc", "abc", False),
    ("codecs", "codecs", False),
    ("io", "io", False),
    ("_collections_abc", "_collections_abc", False),
    ("_sitebuiltins", "_sitebuiltins", False),
    ("genericpath", "genericpath", False),
    ("ntpath", "ntpath", False),
    ("posixpath", "posixpath", False),
    ("os.path", "posixpath", False),
    ("os", "os", False),
    ("site", "site", False),
    ("stat", "stat", False),
    ("importlib.util", "importlib/util", False),
    ("importlib.machinery", "importlib/machinery", False),
    ("runpy", "runpy", False),
]
TEST = [
    ("__hello__", "__hello__", False),
    ("__hello_alias__", "__hello__", False),
    ("__phello_alias__", "__hello__", True),
    ("__phello_alias__.spam", "__hello__", False),
    ("__phello__", "__phello__/__init__", True),
    ("__phello__.__init__", "__phello__/__init__", False),
    ("__phello__.ham", "__phello__/ham/__init__", True),
    ("__phello__.ham.__init__", "__phello__/ham/__init__", False),
    ("__phello__.ham.eggs", "__phello__/ham/eggs", False),
    ("__phello__.spam", "__phello__/spam", False),
    ("__hello_only__", None, False),
]
OWN = [
    ("vitro", "lib/vitro/__init__", True)
]  # below the working directory; its code tells where the rest is
ONLY_TEXT = (
    "initialized = True\nprint('Hello world!')\n"  # for __hello_only__, which has no source file
)
EMPTY = (
    "__phello__/ham/__init__",
    "__phello__/ham/eggs",
)  # installed libraries may leave these out


def module_name(path):
    name = path.replace("/", ".")
    return name[: -len(".__init__")] if name.endswith(".__init__") else name


def compiled(stdlib, path):
    """Marshal data of one module, or None when the library does not have its source."""
    if path and path.startswith("lib/vitro/"):
        with open(f"{path}.py", "rb") as f:
            return marshal.dumps(
                compile(
                    f.read(), f"{posix.getcwd()}/{path}.py", "exec", dont_inherit=True, optimize=0
                )
            )
    if path is None:
        return marshal.dumps(
            compile(ONLY_TEXT, "<frozen frozen_only>", "exec", dont_inherit=True, optimize=0)
        )
    try:
        with open(f"{stdlib}/{path}.py", "rb") as f:
            source = f.read()
    except FileNotFoundError:
        if path not in EMPTY:
            return None
        source = b""
    name = f"<frozen {module_name(path)}>"
    return marshal.dumps(compile(source, name, "exec", dont_inherit=True, optimize=0))


def write_array(out, symbol, data):
    out.write(f"static const unsigned char {symbol}[] = {{\n")
    for i in range(0, len(data), 40):
        out.write(",".join(map(str, data[i : i + 40])) + ",\n")
    out.write("};\n")


def main(stdlib, path):
    arrays = {}  # source file -> symbol, so that aliases share data
    with open(path, "w") as out:
        out.write("/* Made by tools/freeze.py. */\n#include <Python.h>\n")
        tables = []
        for table, rows in (
            ("bootstrap", BOOTSTRAP),
            ("stdlib", STDLIB),
            ("test", TEST),
            ("own", OWN),
        ):
            lines = []
            for name, source, package in rows:
                if source not in arrays:
                    data = compiled(stdlib, source)
                    arrays[source] = data and f"m_{len(arrays)}"
                    if data:
                        write_array(out, arrays[source], data)
                symbol = arrays[source]
                if symbol:
                    lines.append(
                        f'    {{"{name}", {symbol}, sizeof {symbol}, {int(package)}, NULL}},\n'
                    )
            tables.append((table, lines))
        for table, lines in tables:
            out.write(f"extern const struct _frozen frozen_data_{table}[];\n")
            rows = "".join(lines) + "    {0},\n"
            out.write(f"const struct _frozen frozen_data_{table}[] = {{\n{rows}}};\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
