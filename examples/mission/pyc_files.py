# An import stores the bytecode in __pycache__; the next one uses it while the source has the same time and size.
import importlib.util, os, subprocess, sys, tempfile

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "lesson.py"), "w") as f:
        f.write("print('hello from', __name__)\n")
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    for attempt in range(2):
        p = subprocess.run(
            [sys.executable, "-v", "-c", "import lesson"],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
        )
        print(
            p.stdout.strip(), "# created" in p.stderr, "lesson.cpython-311.pyc matches" in p.stderr
        )
    print(os.listdir(os.path.join(folder, "__pycache__")))
    with open(os.path.join(folder, "__pycache__", "lesson.cpython-311.pyc"), "rb") as f:
        print(
            f.read(4) == importlib.util.MAGIC_NUMBER,
            int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little"),
        )
# expect: hello from lesson True False
# expect: hello from lesson False True
# expect: ['lesson.cpython-311.pyc']
# expect: True 3495
