/* SPDX-License-Identifier: MIT
 *
 * Shared inside objects/exceptions: the classes, and the slots of each kind of exceptions.def.
 *
 * Every kind that has own fields defines <kind>_new/_init/_clear/_traverse/_dealloc over the common
 * ones.
 */
#ifndef VITRO_EXC_IMPL_H
#define VITRO_EXC_IMPL_H

#include "state.h"

#define EXC(name, base, kind, doc) extern PyTypeObject exc_##name;
#define ALIAS(name, target)
#define ERRNO(name, code)
#include "objects/exceptions/exceptions.def"
#define exc_object PyBaseObject_Type

/* Special: the slots that a kind sets itself; exceptions.c fills the rest. */
struct exc_kind {
    Py_ssize_t size;       /* of an instance, 0: as the base */
    newfunc new;           /* the slots of the type; NULL: inherited */
    initproc init;
    destructor dealloc;
    traverseproc traverse;
    inquiry clear;
    reprfunc str;
    PyMethodDef *methods;  /* what the kind adds, NULL: nothing */
    PyMemberDef *members;
    PyGetSetDef *getset;
};
extern const struct exc_kind kind_group, kind_exit, kind_attribute, kind_import, kind_memory,
    kind_name, kind_os, kind_stop, kind_syntax, kind_key, kind_decode, kind_encode, kind_translate;

PyObject *base_exception_new(PyTypeObject *type, PyObject *args, PyObject *kwds);
int base_exception_init(PyObject *self, PyObject *args, PyObject *kwds);
PyObject *base_exception_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames);
int base_exception_traverse(PyObject *self, visitproc visit, void *arg);
int base_exception_clear(PyObject *self);
PyObject *base_exception_str(PyObject *self);
/* Sets args; the init of kinds that take keywords of their own. */
int exc_init_args(PyObject *self, PyObject *args);
/* Frees a cleared exception, with guard against deep chains: the tail of every dealloc. */
void exc_dealloc(PyObject *self);

int oserror_init_map(void);
int group_init_type(PyObject **exception_group);
int memory_error_prepare(void);
void memory_error_drain(PyInterpreterState *interp);

#endif
