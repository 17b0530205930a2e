/* SPDX-License-Identifier: MIT
 *
 * The oldest way to embed: initialise, run, finalise, several times; a module of the program's own; exit functions.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static int calls;
static PyObject *answer(PyObject *self, PyObject *args)
{
    int n = 0;
    return PyArg_ParseTuple(args, "|i", &n) ? PyLong_FromLong(42 + n + 100 * calls++) : NULL;
}
static PyMethodDef methods[] = {{"answer", answer, METH_VARARGS, "the answer"}, {NULL}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "host", NULL, -1, methods};
static PyObject *init_host(void) { return PyModule_Create(&def); }
static void at_exit(void) { printf("at exit, initialised: %d\n", Py_IsInitialized()); fflush(stdout); }

int main(void)
{
    printf("%d %s\n", Py_IsInitialized(), strncmp(Py_GetVersion(), "3.11.", 5) == 0 ? "3.11" : Py_GetVersion());
    PyImport_AppendInittab("host", init_host);
    Py_SetProgramName(L"embedding");
    for (int round = 0; round < 3; round++) {
        Py_Initialize();
        printf("round %d: %d %d\n", round, Py_IsInitialized(), PyGILState_Check());
        fflush(stdout);
        Py_AtExit(at_exit);
        PyRun_SimpleString("import sys, host\nprint(host.answer(), host.answer(1), host.__name__, 'host' in sys.builtin_module_names)\n"
                           "print(sys.argv, __name__, sys.flags.isolated, hasattr(sys, 'kept'))\nsys.kept = 1\n"
                           "import json, re, collections, os\nprint(json.dumps({'a': [1, 2.5, None]}), re.findall('[0-9]+', 'a1b22'))\n"
                           "class K:\n    def __del__(self): print('deleted', self.n)\nk = K(); k.n = 7\n"
                           "import atexit; atexit.register(print, 'leaving')\nsys.stdout.flush()");
        PyObject *main = PyImport_AddModule("__main__"), *globals = PyModule_GetDict(main);
        PyObject *r = PyRun_String("sum(range(10)) + host.answer()", Py_eval_input, globals, globals);
        printf("%ld\n", PyLong_AsLong(r));
        Py_DECREF(r);
        r = PyRun_String("1/0", Py_eval_input, globals, globals);
        printf("%d %d\n", r == NULL, PyErr_ExceptionMatches(PyExc_ZeroDivisionError));
        PyErr_Clear();
        printf("%d\n", PyRun_SimpleString("raise SystemError('reported')"));
        fflush(stdout);
        printf("finalize %d\n", Py_FinalizeEx());
        fflush(stdout);
    }
    return 0;
}
