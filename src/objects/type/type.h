/* SPDX-License-Identifier: MIT
 *
 * Types and attribute access: what other rooms may use beyond the C API.
 *
 * Start-up: type_ready_all once per process, right after memory and the constant objects
 * (_PyRuntime) are there and a thread state with an interpreter is current; type_interp_init for
 * each further interpreter.
 */
#ifndef VITRO_TYPE_H
#define VITRO_TYPE_H

#include "state.h"

/* Readies every static type; 0, or -1 with an exception (or
   none, when there was no memory for one). */
int type_ready_all(void);
int type_interp_init(PyInterpreterState *interp);
void type_interp_fini(PyInterpreterState *interp);

/* check.c: what is broken in a type; NULL when nothing is. */
const char *type_fault(PyTypeObject *type);

/* A valid tp_version_tag, or 0 when tags ran out. */
unsigned int type_version_ensure(PyTypeObject *type);

#undef _PyObject_LookupSpecial
/* Attribute `name` of the type, bound to `self`. Owned; NULL without error when missing. */
EXPORT PyObject *_PyObject_LookupSpecial(PyObject *self, PyObject *name);
/* The same without binding: *unbound tells to pass self as first argument. */
PyObject *type_lookup_method(PyObject *self, PyObject *name, int *unbound);

/* Where `obj` keeps its dict: slot of tp_dictoffset or of the
   managed dict; NULL when the type has none. */
PyObject **object_dict_pointer(PyObject *obj);
/* The instance dict's (key table, values) may still be
   inline: true when no attribute is set at all. */
bool object_dict_is_empty(PyObject *obj);
/* obj.__dict__ is the ordinary one and was not made yet: what it
   would take may go to object_values_store. */
bool object_has_plain_values(PyObject *obj);

/* Whether o.__class__ is sure to be type(o), since it is object's own that answers. */
bool object_class_is_type(PyObject *o);

/* fget of a property; what a classmethod or staticmethod holds. BORROWED, MAYBE_NULL. */
PyObject *property_fget(PyObject *property);
PyObject *method_held(PyObject *holder);

/* Attribute functions that the specialiser compares tp_getattro with. */
PyObject *type_getattro(PyTypeObject *type, PyObject *name);
PyObject *slot_tp_getattro(PyObject *self, PyObject *name);
PyObject *slot_tp_getattr_hook(PyObject *self, PyObject *name);
int slot_tp_setattro(PyObject *self, PyObject *name, PyObject *value);
PyObject *slot_tp_call(PyObject *self, PyObject *args, PyObject *kwds);

/* PyType_GenericAlloc without tracking: for types whose constructor fills the object first. */
PyObject *type_alloc_no_track(PyTypeObject *type, Py_ssize_t nitems);
/* tp_getattro of type that sets no AttributeError (other errors it does). */
PyObject *type_getattro_quiet(PyTypeObject *type, PyObject *name);
PyObject *type_call(PyTypeObject *type, PyObject *args, PyObject *kwds);
/* wrapper.c: int.__add__ and (1).__add__; calls of them with positional arguments alone. */
bool is_slot_wrapper(PyObject *op);
PyObject *slot_wrapper_call(PyObject *op, PyObject *const *args, Py_ssize_t n);
/* Whether a call of `o` is one of a class with a __new__ written in Python: type_call_vector's. */
bool type_has_python_new(PyObject *o);
PyObject *type_call_vector(PyTypeObject *type, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames);

/* AttributeError with attributes name and obj set, for an exception already raised without them. */
int attribute_error_set_context(PyObject *obj, PyObject *name);

/* types.UnionType and generic aliases (objects/union.c, objects/genericalias.c). */
PyObject *union_type_or(PyObject *left, PyObject *right);
extern PyTypeObject _PyUnion_Type;

#endif
