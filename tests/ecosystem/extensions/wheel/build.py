# needs: python3-pip python3-setuptools python3-wheel cython3 gcc libpython3.11-dev
"""pip makes a wheel of a local source package and installs it, without network."""
import glob
import os
import subprocess
import sys
import zipfile

OFFLINE = ["--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check"]


def pip(*args):
    """Runs pip; its errors are shown, its progress is not."""
    p = subprocess.run([sys.executable, "-m", "pip", *args], capture_output=True, text=True)
    print("pip", args[0], p.returncode, p.stderr[-2000:] if p.returncode else "")


pip("wheel", *OFFLINE, "-w", "wheels", "./package")
wheel, = glob.glob("wheels/*.whl")
print(os.path.basename(wheel))
with zipfile.ZipFile(wheel) as z:
    print(sorted(z.namelist()))
    print(z.testzip())
pip("install", *OFFLINE, "--target", "installed", wheel)
pip("install", *OFFLINE, "--target", "from_source", "./package")
