# needs: swig g++ libpython3.11-dev
"""SWIG writes the wrapper of a C++ header, and the Python module before it; a C++ compiler does the rest."""
import shlex
import subprocess
import sysconfig

OUT = "_bank" + sysconfig.get_config_var("EXT_SUFFIX")
subprocess.run(["swig", "-c++", "-python", "-o", "wrap.cxx", "bank.i"], check=True)
command = ["g++", *shlex.split(sysconfig.get_config_var("LDSHARED"))[1:]]
command += shlex.split(sysconfig.get_config_var("CCSHARED"))
command += ["-O1", "-w", "-I", sysconfig.get_path("include"), "wrap.cxx", "-o", OUT]
subprocess.run(command, check=True)
print(OUT)
