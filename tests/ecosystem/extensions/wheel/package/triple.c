/* SPDX-License-Identifier: MIT
 *
 * FACTOR times an object.
 */
#include <Python.h>

static PyObject *triple(PyObject *module, PyObject *x)
{
    PyObject *factor = PyLong_FromLong(FACTOR);
    PyObject *result = factor ? PyNumber_Multiply(x, factor) : NULL;
    Py_XDECREF(factor);
    return result;
}

static PyMethodDef functions[] = {{"triple", triple, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_triple", NULL, 0, functions};
PyMODINIT_FUNC PyInit__triple(void) { return PyModuleDef_Init(&definition); }
