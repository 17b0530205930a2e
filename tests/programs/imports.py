# SPDX-License-Identifier: MIT
"""Where modules come from: packages, namespace packages, zip files, .pth files, hooks; and what they then look like."""
import io
import os
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Table

t = Table(__doc__)
TELL = """def tell(m):
    s = m.__spec__
    import types
    print(m.__name__, m.__package__, getattr(m, '__file__', 'none'), getattr(m, '__cached__', 'none'))
    print(' ', s.name, s.origin, s.has_location, s.parent, s.cached, s.submodule_search_locations, type(s.loader).__name__)
    print(' ', type(getattr(m, '__path__', None)).__name__, list(getattr(m, '__path__', [])), m)
"""
FILES = {
    "tell.py": TELL,
    "p/__init__.py": "x = 1\nfrom .a import y\n",
    "p/a.py": "from . import b\ny = 2\n",
    "p/b.py": "z = 3\n",
    "p/sub/__init__.py": "",
    "p/sub/deep.py": "from ..a import y\nfrom .. import b\n",
    "one/ns/m1.py": "x = 1\n",
    "two/ns/m2.py": "x = 2\n",
    "three/ns/__init__.py": "x = 3\n",
    "one/ns/in/deep.py": "",
    "two/ns/in/deeper.py": "",
    "star.py": "__all__ = ['a', 'p']\na = 1\n_b = 2\np = 3\n",
    "star2.py": "a = 1\n_b = 2\n__c = 3\n",
    "lazy.py": "def __getattr__(n):\n"
    "    if n == 'there': return 5\n"
    "    raise AttributeError(n)\n"
    "def __dir__(): return ['x', 'y']\n",
    "reload_me.py": "import sys\nn = globals().get('n', 0) + 1\n",
}


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    f = io.BytesIO()
    with zipfile.ZipFile(f, "w", compression) as z:
        for name, text in entries.items():
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.compress_type = compression
            z.writestr(info, text)
    return f.getvalue()


ZIP = {
    "zm.py": "x = 'in zip'\ndef f(): 1/0\n",
    "zp/__init__.py": "from . import inner\n",
    "zp/inner.py": "import pkgutil\nprint(pkgutil.get_data('zp', 'data.txt'))\n",
    "zp/data.txt": "data",
    "ns/z.py": "x = 1\n",
    "__main__.py": "import zm, sys\nprint(__file__, sys.path[0], zm.x)\nzm.f()\n",
}
FILES.update(
    {
        "z.zip": zipped(ZIP),
        "stored.zip": zipped(ZIP, zipfile.ZIP_STORED),
        "pre.zip": b"#!/bin/sh\n" + zipped(ZIP),
        "cut.zip": zipped(ZIP)[:-30],
        "cut2.zip": zipped(ZIP)[60:],
        "empty.zip": zipped({}),
        "comment.zip": zipped(ZIP)[:-2] + b"\x04\x00abcd",
    }
)


def case(name, source, **options):
    t.case(name, "-c", "from tell import tell\n" + source, files=FILES, **options)


# -- Packages -------------------------------------------------------------------------------------------
case(
    "package",
    "import p, p.sub.deep\nfor m in p, p.a, p.b, p.sub, p.sub.deep: tell(m)\nprint(sorted(vars(p)))",
)
case(
    "builtin and frozen",
    "import sys, os, builtins, zipimport, _io, _frozen_importlib, codecs\n"
    "for m in sys, builtins, _io, codecs: tell(m)\n"
    "print(_frozen_importlib.__spec__, sys.__spec__)",
)
case(
    "extension module",
    "import _json, readline\nprint(_json.__spec__.origin, type(_json.__loader__).__name__, _json.__file__)",
)
case(
    "star",
    "from star import *\nfrom star2 import *\nprint(sorted(n for n in dir() if n[:2] != '__'))",
)
case("lazy", "import lazy\nfrom lazy import there\nprint(there, dir(lazy))\nfrom lazy import gone")
case("as", "import p.sub.deep as d, p.a as a\nfrom p import sub as s, x as y\nprint(d, a, s, y)")
case("relative in main", "from . import p")
case("relative too far", "import importlib\nimportlib.import_module('...x', 'p.sub')")
case(
    "reload",
    "import importlib, reload_me as r\n"
    "importlib.reload(r); importlib.reload(r)\n"
    "print(r.n, importlib.reload(r) is r)",
)
case(
    "find_spec",
    "import importlib.util as u\n"
    "for n in 'p', 'p.a', 'ns', 'sys', 'gone', 'os': print(u.find_spec(n))\n"
    "try: u.find_spec('gone.x')\n"
    "except ModuleNotFoundError as e: print(e, e.name)",
)
case(
    "from spec",
    "import importlib.util as u\n"
    "s = u.spec_from_file_location('other', 'p/b.py')\n"
    "m = u.module_from_spec(s); s.loader.exec_module(m); tell(m); print(m.z)",
)
case(
    "lazy loader",
    "import importlib.util as u, sys\n"
    "s = u.find_spec('star'); l = u.LazyLoader(s.loader); s.loader = l\n"
    "m = u.module_from_spec(s); l.exec_module(m); print(type(m).__name__, m.a, type(m).__name__)",
)
case(
    "resources",
    "import importlib.resources as r\n"
    "print((r.files('p') / 'a.py').read_text(), sorted(x.name for x in r.files('p').iterdir()))",
)
case(
    "metadata",
    "import importlib.metadata as m\ntry: m.version('no-such-thing')\nexcept m.PackageNotFoundError as e: print(e)",
)
case(
    "pkgutil",
    "import pkgutil\n"
    "for m in pkgutil.walk_packages(['.'], onerror=print): print(m.name, m.ispkg)\n"
    "print(pkgutil.resolve_name('p.a:y'))",
)
case(
    "meta path",
    "import sys, importlib.abc, importlib.machinery\n"
    "class F(importlib.abc.MetaPathFinder, importlib.abc.Loader):\n"
    "  def find_spec(self, n, path, target=None):\n"
    "    print('find', n, path)\n"
    "    if n.startswith('made'): return importlib.machinery.ModuleSpec(n, self, is_package='.' not in n)\n"
    "  def create_module(self, s): print('create', s.name)\n"
    "  def exec_module(self, m): m.x = 5\n"
    "sys.meta_path.insert(0, F())\n"
    "import made, made.sub, p\n"
    "print(made.sub.x, made)\n"
    "import nowhere",
)
case(
    "path hook",
    "import sys\n"
    "class H:\n"
    "  def __init__(self, p):\n"
    "    if p != 'magic': raise ImportError\n"
    "  def find_spec(self, n, t=None): print('asked for', n)\n"
    "sys.path_hooks.insert(0, H); sys.path.append('magic'); sys.path_importer_cache.clear()\n"
    "import p, colorsys\n"
    "try: import nowhere\n"
    "except ImportError as e: print(e)\n"
    "print(sys.path_importer_cache['magic'].__class__)",
)
case(
    "import hook",
    "import builtins\n"
    "old = builtins.__import__\n"
    "def new(n, *a):\n"
    "  print(n, [x for x in a[2:]])\n"
    "  return old(n, *a)\n"
    "builtins.__import__ = new\n"
    "import p.sub.deep\n"
    "from star import a, _b",
)
case(
    "module without a loader",
    "import sys, types\n"
    "m = types.ModuleType('m'); sys.modules['m'] = m\n"
    "import m as n\n"
    "print(n, m.__spec__)\n"
    "sys.modules['m.x'] = 5\n"
    "import m.x\n"
    "print(m.x)",
)
case(
    "threads",
    "import threading, sys\n"
    "def f():\n"
    "  import p.sub.deep, star, lazy\n"
    "ts = [threading.Thread(target=f) for i in range(8)]\n"
    "for x in ts: x.start()\n"
    "for x in ts: x.join()\n"
    "print(sorted(m for m in sys.modules if m.split('.')[0] in ('p', 'star', 'lazy')))",
)
t.case("case matters", "-c", "import Star", files=FILES)
t.case("name with dash", "-c", "__import__('a-b')", files={"a-b.py": "print(__name__)"})
t.case(
    "unicode name",
    "-c",
    "import \u00e4\u00f6 as m; print(ascii(m)); import \ufb01",
    files={"\u00e4\u00f6.py": "", "fi.py": "print('normalised')"},
)

# -- Namespace packages ---------------------------------------------------------------------------------
NS = "import sys\nsys.path[1:1] = ['one', 'two']\n"
case(
    "namespace", NS + "import ns.m1, ns.m2\ntell(ns); tell(ns.m1)\nprint(ns.__path__, ns.__spec__)"
)
case(
    "namespace inside",
    NS
    + "import importlib\nm = importlib.import_module('ns.in.deep'); importlib.import_module('ns.in.deeper'); tell(sys.modules['ns.in'])",
)
case(
    "namespace grows",
    NS
    + "import ns\nprint(list(ns.__path__)); sys.path.remove('two'); print(list(ns.__path__)); sys.path.append('two'); import ns.m2; print(list(ns.__path__))",
)
case(
    "regular wins",
    "import sys\nsys.path[1:1] = ['one', 'three', 'two']\nimport ns\ntell(ns)\nimport ns.m2",
)
case(
    "namespace in zip",
    "import sys\nsys.path[1:1] = ['one', 'z.zip']\nimport ns.z, ns.m1\nprint(ns.__path__)",
)
case("namespace reload", NS + "import ns, importlib\nprint(importlib.reload(ns) is ns)")

# -- Zip files ------------------------------------------------------------------------------------------
for name in "z", "stored", "pre", "comment", "cut", "cut2", "empty", "missing":
    case(
        "zip " + name,
        "import sys\nsys.path.insert(1, '%s.zip')\nimport zm, zp\ntell(zm); tell(zp); tell(zp.inner)\nprint(zp.__path__, zm.__loader__)\nzm.f()"
        % name,
    )
    t.case("zip run " + name, name + ".zip", files=FILES)
case(
    "zipimporter",
    "import zipimport\n"
    "z = zipimport.zipimporter('z.zip')\n"
    "print(z, z.archive, z.prefix, z.is_package('zp'), z.get_source('zm'), z.get_filename('zp'), z.get_data('z.zip/zp/data.txt'), z.find_spec('zp'), z.find_spec('gone'))\n"
    "print(sorted(zipimport._zip_directory_cache['z.zip'].keys()))\n"
    "try: z.get_source('gone')\n"
    "except zipimport.ZipImportError as e: print(repr(e))\n"
    "z.get_data('gone')",
)
case(
    "zip below a folder",
    "import sys\nsys.path.insert(1, 'z.zip/zp')\nimport inner",
)
case(
    "zip changes",
    "import sys, zipfile, importlib\n"
    "sys.path.insert(1, 'z.zip')\n"
    "import zm\n"
    "with zipfile.ZipFile('z.zip', 'a') as z: z.writestr('added.py', 'x = 5')\n"
    "importlib.invalidate_caches()\n"
    "import added\n"
    "print(added.x)",
)
t.shell(
    "pyc in zip",
    '$ORACLE -c "import py_compile, zipfile; open(\'q.py\', \'w\').write(\'x = 8\'); '
    "py_compile.compile('q.py', 'q.pyc'); z = zipfile.ZipFile('q.zip', 'w'); z.write('q.pyc'); "
    'z.close()"; rm q.py; $P -c "import sys; sys.path[0] = \'q.zip\'; import q; '
    'print(q.x, q.__file__, q.__spec__)"',
)

# -- Site ------------------------------------------------------------------------------------------------
PTH = {
    "site/a.pth": "../one\n# comment\nimport sys; print('from pth')\n/nowhere\n\n",
    "site/b.pth": "import nothing_there\n",
    "one/m.py": "x = 1",
}
t.case(
    "addsitedir",
    "-c",
    "import site, sys\nprint(site.addsitedir('site'))\nprint([p for p in sys.path if 'one' in p or 'site' in p])",
    files=PTH,
)
t.case(
    "usercustomize",
    "-c",
    "import sys; print([m for m in sys.modules if 'custom' in m])",
    files={
        ".local/lib/python3.11/site-packages/usercustomize.py": "print('user')",
        ".local/lib/python3.11/site-packages/sitecustomize.py": "print('site')",
    },
)
t.finish()
