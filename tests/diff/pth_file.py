# A file <executable>._pth beside the executable replaces sys.path and shuts out the environment.
import os
import subprocess
import sys
import tempfile

SHOW = (
    'import sys; print(sys.path, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.executable, '
    'sys.flags.isolated, sys.flags.no_site, sys.flags.ignore_environment, sys.flags.safe_path)'
)
LIB = os.path.dirname(os.__file__)

with tempfile.TemporaryDirectory() as folder:

    def run(lines, where='py', **env):
        exe = os.path.join(folder, where)
        if not os.path.lexists(exe):
            os.makedirs(os.path.dirname(exe), exist_ok=True)
            os.symlink(sys.executable, exe)
        with open(exe + '._pth', 'w', encoding='utf-8', newline='') as f:
            f.write(lines)
        done = subprocess.run(
            [exe, '-c', SHOW], env={**os.environ, **env}, capture_output=True, text=True
        )
        print(
            repr(lines),
            done.returncode,
            done.stdout.replace(folder, 'FOLDER'),
            done.stderr,
            sep='\n',
        )

    run(f'{LIB}\n')
    run(
        f'sub # comment\n  {LIB}  \r\n#{LIB}/no\n\n../up\n./x/./y',
        PYTHONPATH='env',
        PYTHONHOME='/usr',
    )
    run(f'{LIB}\nimport os\nimport  site\nimported\n')
    run(f'{LIB}\n\xe9\u20ac', where='bin/py')
    with open(os.path.join(folder, 'pyvenv.cfg'), 'w') as f:
        f.write('home = /usr/bin\n')
    run(f'{LIB}\n', where='bin/py')
