# needs: python3-venv python3-pip python3-setuptools python3-wheel python3-cffi python3-pybind11 g++ libpython3.11-dev
"""A virtual environment, and a source package with three extension modules and a command installed in it."""
import glob
import os
import subprocess
import sys

OFFLINE = ["--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check"]


def run(*command, **options):
    """Runs a command: what it printed, or its end and its errors."""
    p = subprocess.run(command, capture_output=True, text=True, **options)
    return p.stdout if p.returncode == 0 else "%s\n%s\n" % (p.returncode, (p.stdout + p.stderr)[-3000:])


print("venv", run(sys.executable, "-m", "venv", "--system-site-packages", "env"))
inside = os.path.abspath("env/bin/python")
print(run(inside, "-c", "import sys, sysconfig; print(sys.prefix != sys.base_prefix, sys.executable == %r, "
          "sysconfig.get_path('platlib').startswith(sys.prefix), sysconfig.get_path('include'))" % inside))
print(run(inside, "-m", "pip", "install", "-q", *OFFLINE, "./package"))
print(sorted(os.path.relpath(p, "env/lib/python3.11/site-packages") for p in glob.glob("env/lib/*/site-packages/glass/*.*")))
print(run("env/bin/glass", "4", "5"))
print(run(inside, "-m", "pip", "show", "--disable-pip-version-check", "glass").splitlines()[:3])
print(run("sh", "-c", ". env/bin/activate && glass 6 7 && python -c 'import glass, sys; print(glass.__name__)'"))
print(run(inside, "-m", "pip", "install", "-q", *OFFLINE, "--editable", "./package", "--no-use-pep517"))
print(run(os.path.abspath("env/bin/glass"), "8", "9", cwd="/"))
