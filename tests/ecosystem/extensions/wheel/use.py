"""The installed package: modules, data, metadata, and its command."""
import importlib.metadata
import os
import subprocess
import sys

for folder in ("installed", "from_source"):
    sys.path.insert(0, os.path.abspath(folder))
    import demo_pkg
    print(os.path.relpath(demo_pkg.__file__), demo_pkg.triple("ab"), demo_pkg.triple(7),
          demo_pkg.longest(demo_pkg.words()))
    d, = importlib.metadata.distributions(name="demo-pkg", path=[folder])
    print(d.version, d.metadata["Summary"], d.metadata["Requires-Python"], d.entry_points)
    print(sorted(str(f) for f in d.files if not str(f).endswith(".pyc")))
    command = [sys.executable, os.path.join(folder, "bin", "demo-words")]
    said = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": folder})
    print(said.returncode, said.stdout, said.stderr[-300:])
    for name in [n for n in sys.modules if n.startswith("demo_pkg")]:
        del sys.modules[name]
    del sys.path[0]
