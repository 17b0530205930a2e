/* SPDX-License-Identifier: MIT
 *
 * Any bytes as marshal data. What can be read must be fit to be shown, compared and written; code
 * is not run.
 */
#include "fuzz.h"
#include <marshal.h>

void fuzz_one(const char *data, size_t size)
{
    PyObject *o = PyMarshal_ReadObjectFromString(data, (Py_ssize_t)size);
    if (!o) {
        fuzz_settle(NULL);
        return;
    }
    if (PyCode_Check(o)) {
        PyObject *lines = PyObject_CallMethod(o, "co_positions", NULL);
        PyObject *all = lines ? PySequence_List(lines) : NULL;
        Py_XDECREF(lines);
        fuzz_settle(all);
    }
    fuzz_settle(PyObject_Repr(o));
    fuzz_settle(PyMarshal_WriteObjectToString(o, Py_MARSHAL_VERSION));
    Py_DECREF(o);
}
