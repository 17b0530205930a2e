/* SPDX-License-Identifier: MIT
 *
 * Import, shared between import.c (the C API), import_ext.c (built-in and extension modules),
 * frozen.c and _imp.
 */
#ifndef VITRO_IMPORT_H
#define VITRO_IMPORT_H

#include "state.h"

/* Owned; NULL without error when sys.modules has no such name. */
PyObject *import_get_module(PyObject *name);
/* Owned: the module of that name, made when it is missing. */
PyObject *import_add_module(PyObject *name);

/* import_ext.c. Owned; NULL without error when there is none / when it was not loaded before. */
PyObject *import_find_extension(PyObject *name, PyObject *filename);
PyObject *import_create_builtin(PyObject *name, PyObject *spec);
/* 1 yes, -1 yes but cannot be initialised again, 0 no */
int import_is_builtin_name(PyObject *name);
PyObject *import_builtin_names(void);       /* sorted tuple for sys.builtin_module_names */
PyObject *import_create_dynamic(PyObject *spec, FILE *fp);

/* frozen.c */
enum frozen_status {
    FROZEN_OKAY,
    FROZEN_BAD_NAME,  /* no str */
    FROZEN_NOT_FOUND,
    FROZEN_DISABLED,  /* it is there, but -X frozen_modules=off and importlib can do without it */
    FROZEN_EXCLUDED,  /* a row without code */
    FROZEN_INVALID,   /* its bytes are no code object */
};
/* A row of the tables, found. */
struct frozen_info {
    PyObject *name;            /* borrowed */
    const char *data;          /* marshalled code */
    PyObject *(*get_code)(void); /* makes the code object when there are no bytes, or NULL */
    Py_ssize_t size; /* bytes of data */
    bool is_package, is_alias; /* has submodules; is frozen under another name too */
    const char *origname;      /* module that the code was made from; may be NULL */
};
enum frozen_status frozen_find(PyObject *name, struct frozen_info *info);
void frozen_raise(enum frozen_status status, PyObject *name);
PyObject *frozen_code(const struct frozen_info *info, PyObject *name);
PyObject *frozen_names(bool enabled_only);

#endif
