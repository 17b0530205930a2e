# needs: gcc libpython3.11-dev
"""One compiler call, made of what sysconfig says about the interpreter."""
import shlex
import subprocess
import sysconfig

OUT = "ring" + sysconfig.get_config_var("EXT_SUFFIX")
command = shlex.split(sysconfig.get_config_var("LDSHARED"))
command += shlex.split(sysconfig.get_config_var("CCSHARED"))
command += ["-O1", "-w", "-I", sysconfig.get_path("include"), "ring.c", "-o", OUT]
subprocess.run(command, check=True)
print(OUT)
