/* SPDX-License-Identifier: MIT
 *
 * Shared by the descriptor files: descr.c (members, getsets, methods), wrapper.c (slot wrappers,
 * method-wrapper).
 */
#ifndef VITRO_DESCR_H
#define VITRO_DESCR_H

#include "objects/type/type_impl.h"

/* A fresh descriptor of `type` named `name`, interned; tracked, its own fields zero. */
PyDescrObject *descr_new(PyTypeObject *descrtype, PyTypeObject *type, const char *name);
/* -1 with TypeError when obj is no instance of the descriptor's type. */
int descr_check(PyDescrObject *descr, PyObject *obj);
void descr_dealloc(PyDescrObject *descr);
int descr_traverse(PyObject *self, visitproc visit, void *arg);
/* The descriptor's name for %V: str, or "?". */
#define DESCR_NAME(d) PyDescr_NAME(d), "?"
PyObject *descr_get_qualname(PyDescrObject *descr, void *closure);
PyObject *descr_reduce(PyDescrObject *descr, PyObject *unused);
extern PyMethodDef descr_methods[];
extern PyMemberDef descr_members[];

#endif
