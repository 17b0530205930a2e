/* SPDX-License-Identifier: MIT
 *
 * Wraps functions of the C API one to one as functions of a test module, by signature: OOI(PyList_Insert ...) and so on.
 * A wrapped function that fails without setting an exception, or sets one without failing, is reported in its result.
 */
#ifndef CAPI_H
#define CAPI_H
#ifndef PY_SSIZE_T_CLEAN
#define PY_SSIZE_T_CLEAN
#endif
#include <Python.h>

/* What a function that returns an object gave: NULL needs an exception, an object must not have one. */
static inline PyObject *owned(PyObject *result)
{
    if (!result)
        return PyErr_Occurred() ? NULL : PyUnicode_FromString("<NULL>");
    if (!PyErr_Occurred())
        return result;
    Py_DECREF(result);
    PyErr_Clear();
    return PyUnicode_FromString("<result with an exception set>");
}
static inline PyObject *borrowed(PyObject *result) { Py_XINCREF(result); return owned(result); }
static inline PyObject *number(long long result)
{
    return PyErr_Occurred() ? NULL : PyLong_FromLongLong(result);
}
static inline PyObject *text(const char *result)
{
    return result ? owned(PyUnicode_FromString(result)) : owned(NULL);
}

#define WRAP(name, n, call) \
    static PyObject *t_##name(PyObject *module, PyObject *args) \
    { \
        PyObject *a[4] = {0}; \
        if (!PyArg_UnpackTuple(args, #name, n, n, &a[0], &a[1], &a[2], &a[3])) \
            return NULL; \
        return call; \
    }
static inline Py_ssize_t as_size(PyObject *o) { return PyLong_AsSsize_t(o); }
static inline const char *as_text(PyObject *o) { return PyUnicode_AsUTF8(o); }

/* result of: arguments. O object, N int, S const char *, Z Py_ssize_t, B borrowed object. */
#define O_O(f) WRAP(f, 1, owned(f(a[0])))
#define O_OO(f) WRAP(f, 2, owned(f(a[0], a[1])))
#define O_OOO(f) WRAP(f, 3, owned(f(a[0], a[1], a[2])))
#define O_OZ(f) WRAP(f, 2, owned(f(a[0], as_size(a[1]))))
#define O_OZZ(f) WRAP(f, 3, owned(f(a[0], as_size(a[1]), as_size(a[2]))))
#define O_OS(f) WRAP(f, 2, owned(f(a[0], as_text(a[1]))))
#define N_O(f) WRAP(f, 1, number(f(a[0])))
#define N_OO(f) WRAP(f, 2, number(f(a[0], a[1])))
#define N_OOO(f) WRAP(f, 3, number(f(a[0], a[1], a[2])))
#define N_OZ(f) WRAP(f, 2, number(f(a[0], as_size(a[1]))))
#define N_OZO(f) WRAP(f, 3, number(f(a[0], as_size(a[1]), a[2])))
#define N_OZZ(f) WRAP(f, 3, number(f(a[0], as_size(a[1]), as_size(a[2]))))
#define N_OZZO(f) WRAP(f, 4, number(f(a[0], as_size(a[1]), as_size(a[2]), a[3])))
#define N_OS(f) WRAP(f, 2, number(f(a[0], as_text(a[1]))))
#define N_OSO(f) WRAP(f, 3, number(f(a[0], as_text(a[1]), a[2])))
#define B_O(f) WRAP(f, 1, borrowed(f(a[0])))
#define B_OO(f) WRAP(f, 2, borrowed(f(a[0], a[1])))
#define B_OZ(f) WRAP(f, 2, borrowed(f(a[0], as_size(a[1]))))
#define B_OS(f) WRAP(f, 2, borrowed(f(a[0], as_text(a[1]))))
#define METHOD(f) {#f, t_##f, METH_VARARGS, NULL},
/* A function of its own, named like the test calls it. */
#define OWN(f) {#f, f, METH_VARARGS, NULL},
#define MODULE(name, methods) \
    static struct PyModuleDef name##_module = {PyModuleDef_HEAD_INIT, #name, NULL, 0, methods}; \
    PyMODINIT_FUNC PyInit_##name(void) { return PyModuleDef_Init(&name##_module); }

#endif
