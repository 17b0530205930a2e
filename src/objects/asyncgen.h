/* SPDX-License-Identifier: MIT
 *
 * Shared by asyncgen.c and asyncgen_awaitables.c.
 */
#ifndef VITRO_ASYNCGEN_H
#define VITRO_ASYNCGEN_H

#include "objects/generator.h"

typedef struct {
    PyObject_HEAD
    PyObject *value; /* strong */
} WrappedValue;

static inline bool is_wrapped(PyObject *o) { return Py_IS_TYPE(o, &_PyAsyncGenWrappedValue_Type); }

PyObject *asyncgen_unwrap(PyAsyncGenObject *gen, PyObject *result);
PyObject *asyncgen_asend_new(PyAsyncGenObject *gen, PyObject *value); /* value MAYBE_NULL */
PyObject *asyncgen_athrow_new(PyAsyncGenObject *gen, PyObject *args); /* args NULL: aclose() */

#endif
