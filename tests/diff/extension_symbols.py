# SPDX-License-Identifier: MIT
"""The init function that is looked for in a shared object: '-' is '_', beyond ASCII punycode."""
import importlib.machinery, importlib.util, os, shutil, sys, sysconfig, tempfile

dynload = next(p for p in sys.path if p.endswith("lib-dynload"))
source = next(os.path.join(dynload, n) for n in os.listdir(dynload) if n.startswith("_json."))
suffix = sysconfig.get_config_var("EXT_SUFFIX")


def load(name, path):
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


with tempfile.TemporaryDirectory() as folder:
    for name in (
        "plain",
        "with-dash",
        "two-da-shes",
        "\u00fcnder",
        "\u00fc-b-c",
        "pack.in-side",
        "pa-ck.inside",
        "\u65e5\u672c",
        "_json",
    ):
        path = os.path.join(folder, name.rpartition(".")[2] + suffix)
        shutil.copy(source, path)
        try:
            module = load(name, path)
        except ImportError as e:
            print(ascii(name), "->", ascii(e), ascii(e.name), e.path == path)
        else:
            print(ascii(name), "->", module.__name__, hasattr(module, "make_scanner"))
