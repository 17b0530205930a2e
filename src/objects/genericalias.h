/* SPDX-License-Identifier: MIT
 *
 * Type parameters: shared by generic aliases and unions.
 */
#ifndef VITRO_GENERICALIAS_H
#define VITRO_GENERICALIAS_H

#include "objects/type/type.h"

#define GENERICALIAS_CHECK(op) PyObject_TypeCheck(op, &Py_GenericAliasType)
#define UNION_CHECK(op) Py_IS_TYPE(op, &_PyUnion_Type)

/* The type variables in `args`, each once, in order: a tuple. */
PyObject *params_collect(PyObject *args);
/* args with the type variables `params` replaced by `item` (one,
   or a tuple): a tuple. `self` is for messages. */
PyObject *params_substitute(PyObject *self, PyObject *args, PyObject *params, PyObject *item);
/* "qualname" or "module.qualname" of a type, else its repr. */
int params_write_name(_PyUnicodeWriter *writer, PyObject *arg);
/* The members of a union: tuple, BORROWED. */
PyObject *union_args(PyObject *op);

#endif
