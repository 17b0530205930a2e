/* SPDX-License-Identifier: MIT
 *
 * A repr as a part of a larger text.
 *
 * Thread rule: the lock is held; the __repr__ of a class may run.
 */
#ifndef VITRO_REPR_H
#define VITRO_REPR_H

#include "objects/int/int.h"

/* Adds repr(o); that of an int goes straight into the text. 0, or -1 with an exception. */
static inline int write_repr(_PyUnicodeWriter *writer, PyObject *o)
{
    if (PyLong_CheckExact(o)) {
        return _PyLong_FormatWriter(writer, o, 10, 0);
    }
    PyObject *s = PyObject_Repr(o);
    if (s == NULL) {
        return -1;
    }
    int err = _PyUnicodeWriter_WriteStr(writer, s);
    Py_DECREF(s);
    return err;
}

#endif
