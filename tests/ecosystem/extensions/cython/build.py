# needs: cython3 gcc libpython3.11-dev
"""Translates with Cython's compiler, which the interpreter runs, and compiles the result."""
import shlex
import subprocess
import sysconfig

from Cython.Compiler import Main
from Cython.Compiler.Version import version

options = Main.CompilationOptions(Main.default_options, output_file="account.c")
result = Main.compile("account.pyx", options)
print("Cython", version, "errors:", result.num_errors)
command = shlex.split(sysconfig.get_config_var("LDSHARED")) + shlex.split(sysconfig.get_config_var("CCSHARED"))
command += ["-O1", "-w", "-I", sysconfig.get_path("include"), "account.c",
            "-o", "account" + sysconfig.get_config_var("EXT_SUFFIX")]
subprocess.run(command, check=True)
