/* SPDX-License-Identifier: MIT
 *
 * PyArg_ParseTupleAndKeywords with formats, names and arguments chosen by the test, right and wrong
 * ones; PyBytes_FromFormat.
 */
#include "capi.h"

/* keywords(format, names, args, kwargs): up to six objects by units 'O'; None for what was not set. */
static PyObject *keywords(PyObject *module, PyObject *call)
{
    const char *format;
    PyObject *names, *args, *kwargs, *got[6] = {NULL};
    char *list[8] = {NULL};
    if (!PyArg_ParseTuple(call, "sO!O!O!", &format, &PyTuple_Type, &names, &PyTuple_Type, &args, &PyDict_Type, &kwargs))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names) && i < 7; i++)
        list[i] = (char *)as_text(PyTuple_GET_ITEM(names, i));
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, format, list, &got[0], &got[1], &got[2], &got[3], &got[4], &got[5]))
        return NULL;
    PyObject *result = PyTuple_New(6);
    for (int i = 0; result && i < 6; i++)
        PyTuple_SET_ITEM(result, i, Py_NewRef(got[i] ? got[i] : Py_None));
    return result;
}

/* All results of fixed formats, by number; NULL past the last one. */
static PyObject *format(PyObject *module, PyObject *args)
{
    int n;
    if (!PyArg_ParseTuple(args, "i", &n))
        return NULL;
    switch (n) {
    case 0: return PyBytes_FromFormat("%d %ld %zd %u %lu %zu", -3, -4L, (Py_ssize_t)-5, 6u, 7ul, (size_t)8);
    case 1: return PyBytes_FromFormat("%x %i %c %s %.3s %% %5d", 255, 9, 'c', "str", "truncated", 12);
    case 2: return PyBytes_FromFormat("x%qy %d", 1);
    case 3: return PyBytes_FromFormat("%c", 300);
    case 4: return PyBytes_FromFormat("end %");
    case 5: return PyBytes_FromFormat("%");
    case 6: return PyBytes_FromFormat("%.");
    case 7: return PyBytes_FromFormat("%s|%s", "", "longer than the format says");
    case 8: return PyBytes_FromFormat("%ld%l%z", 3L);
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {OWN(keywords) OWN(format) {NULL}};
MODULE(c_keywords, methods)
