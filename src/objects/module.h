/* SPDX-License-Identifier: MIT
 *
 * Module objects, in 3.11's layout.
 */
#ifndef VITRO_MODULE_H
#define VITRO_MODULE_H

#include "state.h"

typedef struct {
    PyObject_HEAD
    PyObject *md_dict;   /* strong; NULL once cleared */
    PyModuleDef *md_def; /* borrowed, static; NULL for modules in Python */
    void *md_state;      /* PyMem block of md_def->m_size bytes */
    PyObject *md_weaklist;
    PyObject *md_name;   /* strong: for messages after md_dict is gone */
} PyModuleObject;

/* tp_getattro of modules: the specialiser compares with it. */
PyObject *module_getattro(PyModuleObject *m, PyObject *name);
/* The same, but NULL without an error where there is no such attribute. */
PyObject *module_getattro_quiet(PyModuleObject *m, PyObject *name);

#endif
