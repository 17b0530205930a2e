/* SPDX-License-Identifier: MIT
 *
 * Lookups behind a class in an MRO, without the object `super()` that would say where: for the
 * machine, which skips it (vm/spec_super.c).
 */
#ifndef VITRO_SUPER_H
#define VITRO_SUPER_H

#include "vitro.h"

/* The attribute behind `type` in the MRO of obj_type, unbound. Owned; NULL without an error: there
   is none. */
PyObject *super_lookup(PyTypeObject *type, PyTypeObject *obj_type, PyObject *name);
/* The class whose MRO super(type, obj) walks, BORROWED; NULL when only obj.__class__ could tell. */
PyTypeObject *super_start(PyTypeObject *type, PyObject *obj);
/* super(type, obj).name. Owned; NULL without an error: only the object itself can tell. */
PyObject *super_attribute(PyTypeObject *type, PyObject *obj, PyObject *name);
/* Where a frame of `code` has the cell __class__; -1: nowhere. */
int super_class_index(PyCodeObject *code);

#endif
