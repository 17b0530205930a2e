/* SPDX-License-Identifier: MIT */
#include <Python.h>

/* join(start, items, *, sep=SEPARATOR): the texts of all, joined. */
static PyObject *join(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"start", "items", "sep", NULL};
    PyObject *start, *items, *all, *list, *text = NULL;
    const char *sep = SEPARATOR;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UO|$s:join", names, &start, &items, &sep)) {
        return NULL;
    }
    all = PySequence_Fast(items, "items must be a sequence");
    list = all ? PyList_New(0) : NULL;
    for (Py_ssize_t i = -1; list && i < PySequence_Fast_GET_SIZE(all); i++) {
        PyObject *s = i < 0 ? Py_NewRef(start) : PyObject_Str(PySequence_Fast_GET_ITEM(all, i));
        if (s == NULL || PyList_Append(list, s) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(s);
    }
    PyObject *between = list ? PyUnicode_FromString(sep) : NULL;
    text = between ? PyUnicode_Join(between, list) : NULL;
    Py_XDECREF(between);
    Py_XDECREF(list);
    Py_XDECREF(all);
    return text;
}

static PyMethodDef methods[] = {
    {"join", (PyCFunction)(void (*)(void))join, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "glass._hand", .m_methods = methods};

PyMODINIT_FUNC PyInit__hand(void)
{
    return PyModuleDef_Init(&module);
}
