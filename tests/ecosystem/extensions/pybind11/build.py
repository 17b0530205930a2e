# needs: python3-pybind11 g++ libpython3.11-dev
"""pybind11's headers and g++."""
import subprocess
import sysconfig

import pybind11

includes = ["-isystem", pybind11.get_include(), "-isystem", sysconfig.get_path("include")]
subprocess.run(["g++", "-w", "-O0", "-shared", "-fPIC", "-std=c++17", *includes, "shapes.cpp",
                "-o", "shapes" + sysconfig.get_config_var("EXT_SUFFIX")], check=True)
