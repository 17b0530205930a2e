"""Extensions built from source packages: setuptools with pip's wheel, cffi in API mode, pybind11, SWIG."""
import glob, os, shutil, subprocess, sys, tempfile, zipfile
d = tempfile.mkdtemp(); sys.path.insert(0, d)
def put(name, text):
    p = os.path.join(d, name); os.makedirs(os.path.dirname(p), exist_ok=True); open(p, "w").write(text); return p
put("pkg/setup.py", "from setuptools import Extension, setup\nsetup(name='demo-pkg', version='1.2', packages=['demo_pkg'], ext_modules=[Extension('demo_pkg._ext', ['ext.c'])])\n")
put("pkg/demo_pkg/__init__.py", "from ._ext import triple\n")
put("pkg/ext.c", "#include <Python.h>\nstatic PyObject *triple(PyObject *m, PyObject *x) { return PyNumber_Multiply(x, PyLong_FromLong(3)); }\nstatic PyMethodDef d[] = {{\"triple\", triple, METH_O}, {0}};\nstatic struct PyModuleDef m = {PyModuleDef_HEAD_INIT, \"_ext\", 0, 0, d};\nPyMODINIT_FUNC PyInit__ext(void) { return PyModuleDef_Init(&m); }\n")
r = subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", d, os.path.join(d, "pkg")], capture_output=True, text=True)
w = glob.glob(d + "/*.whl"); print(r.returncode, [os.path.basename(x) for x in w], r.stderr[-300:] if r.returncode else "")
zipfile.ZipFile(w[0]).extractall(d); import demo_pkg; print(demo_pkg.triple("ab"), demo_pkg.triple(7))
import cffi
f = cffi.FFI(); f.cdef("int mul(int, int); typedef struct { int x; ...; } s; s make(int); extern \"Python\" int cb(int); int call(int);")
f.set_source("_demo_cffi", "static int mul(int a, int b) { return a * b; } typedef struct { int y, x; } s; static s make(int v) { s r = {0, v}; return r; } static int cb(int); static int call(int v) { return cb(v) + 1; }")
f.compile(tmpdir=d); import _demo_cffi
@_demo_cffi.ffi.def_extern()
def cb(v): return v * 10
print(_demo_cffi.lib.mul(6, 7), _demo_cffi.lib.make(5).x, _demo_cffi.lib.call(3))
p = put("pb.cpp", "#include <pybind11/pybind11.h>\n#include <pybind11/stl.h>\nnamespace py = pybind11; struct P { int x; P(int v) : x(v) {} int add(int y) { return x + y; } virtual ~P() {} };\nPYBIND11_MODULE(pbdemo, m) { py::class_<P>(m, \"P\").def(py::init<int>()).def(\"add\", &P::add, py::arg(\"y\") = 1).def_readwrite(\"x\", &P::x).def(\"__repr__\", [](P &p) { return \"P(\" + std::to_string(p.x) + \")\"; }); m.def(\"sum\", [](std::vector<int> v) { int s = 0; for (int i : v) s += i; return s; }); m.def(\"fail\", [] { throw std::runtime_error(\"from C++\"); }); m.def(\"apply\", [](py::function f, int n) { return f(n); }); }\n")
subprocess.run(["g++", "-w", "-O1", "-shared", "-fPIC", "-std=c++17", "-isystem", "/usr/include/python3.11", p, "-o", os.path.join(d, "pbdemo.cpython-311-x86_64-linux-gnu.so")], check=True)
import pbdemo
q = pbdemo.P(4); q.x += 1; print(q, q.add(), q.add(y=10), pbdemo.sum([1, 2, 3]), pbdemo.apply(lambda n: n * n, 9), type(q).__mro__[1].__name__)
for bad in ("pbdemo.P('x')", "pbdemo.fail()", "pbdemo.sum(5)", "q.nope"):
    try: eval(bad)
    except Exception as e: print(type(e).__name__, str(e).splitlines()[0])
class Sub(pbdemo.P):
    def add(self, y): return -y
print(Sub(1).add(3), Sub(2).x)

# pip install of a source package with a Cython module; then python3.11 imports all that this interpreter has built.
put("cy/setup.py", "from setuptools import setup\nfrom Cython.Build import cythonize\nsetup(name='demo-cy', version='3', ext_modules=cythonize('demo_cy.pyx'))\n")
put("cy/demo_cy.pyx", "cdef class Acc:\n    cdef public long n\n    def add(self, long k):\n        self.n += k\n        return self\ndef gen(int n):\n    for i in range(n): yield i * i\n")
target = os.path.join(d, "installed")
pip = [sys.executable, "-m", "pip", "install", "--no-build-isolation", "--no-deps", "--no-index", "--target", target]
r = subprocess.run([*pip, os.path.join(d, "cy"), w[0]], capture_output=True, text=True)
print(r.returncode, sorted(os.listdir(target)), r.stderr[-300:] if r.returncode else "")
sys.path.insert(0, target); import demo_cy; print(demo_cy.Acc().add(5).add(6).n, list(demo_cy.gen(4)))
check = ("import sys; sys.path[:0] = sys.argv[1:]; import demo_pkg, _demo_cffi, pbdemo, demo_cy; "
         "print(demo_pkg.__file__[len(sys.argv[1]):], demo_pkg.triple(2), _demo_cffi.lib.mul(3, 4), pbdemo.P(3).add(4), demo_cy.Acc().add(2).n)")
r = subprocess.run(["/usr/bin/python3.11", "-c", check, target, d], capture_output=True, text=True); print(r.stdout, r.stderr[-300:])
shutil.rmtree(d)
