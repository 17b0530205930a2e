/* SPDX-License-Identifier: MIT
 *
 * What grp, pwd and spwd share: modules that show entries of a system database as named tuples.
 *
 * Each has one type, kept in the module's state, and functions that look up one entry or list all.
 */
#ifndef VITRO_MODULES_ENTRIES_H
#define VITRO_MODULES_ENTRIES_H

#include "args.h"

struct entries_state {
    PyTypeObject *type; /* strong: the struct sequence of an entry */
};

static inline struct entries_state *entries_state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

/* Makes the type and adds it to the module under `name`. */
static inline int entries_add_type(PyObject *module, PyStructSequence_Desc *description,
                                   const char *name)
{
    PyTypeObject *type = entries_state_of(module)->type = PyStructSequence_NewType(description);
    return type ? PyModule_AddObjectRef(module, name, (PyObject *)type) : -1;
}

static inline int entries_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(entries_state_of(module)->type);
    return 0;
}

static inline int entries_clear(PyObject *module)
{
    Py_CLEAR(entries_state_of(module)->type);
    return 0;
}

static inline void entries_free(void *module) { entries_clear(module); }

/* NULL is None. */
static inline PyObject *entry_text(const char *value)
{
    return value ? PyUnicode_DecodeFSDefault(value) : Py_NewRef(Py_None);
}

/* (uid_t)-1 and (gid_t)-1 are -1. */
static inline PyObject *entry_id(unsigned id)
{
    return id == (unsigned)-1 ? PyLong_FromLong(-1) : PyLong_FromUnsignedLong(id);
}

/* An entry of n fields. STEALS them; those that could not be made are NULL, with an exception. */
static inline PyObject *entry_new(PyObject *module, PyObject **values, Py_ssize_t n)
{
    PyObject *entry = PyStructSequence_New(entries_state_of(module)->type);
    for (Py_ssize_t i = 0; i < n; i++)
        if (entry)
            PyStructSequence_SetItem(entry, i, values[i]);
        else
            Py_XDECREF(values[i]);
    if (entry && PyErr_Occurred())
        Py_CLEAR(entry);
    return entry;
}

/* Appends an entry, or what could not be made. STEALS it; the list is NULL after an exception. */
static inline void entries_append(PyObject **list, PyObject *entry)
{
    if (!entry || PyList_Append(*list, entry) < 0)
        Py_CLEAR(*list);
    Py_XDECREF(entry);
}

/* Runs a call of the kind getpwnam_r(…, memory, size, …), with memory as large as it takes. The
   result is in *error; *memory is the caller's, for PyMem_RawFree. */
#define ENTRY_LOOK_UP(error, memory, size, call)                                                   \
    do {                                                                                           \
        size_t size = 512;                                                                         \
        memory = NULL;                                                                             \
        do {                                                                                       \
            char *bigger_ = PyMem_RawRealloc(memory, size *= 2);                                   \
            if (!bigger_) {                                                                        \
                error = ENOMEM;                                                                    \
                break;                                                                             \
            }                                                                                      \
            memory = bigger_;                                                                      \
            UNLOCKED(error = call);                                                                \
        } while (error == ERANGE && size < (size_t)1 << 27);                                       \
    } while (0)

static inline PyObject *entry_not_found(int error, const char *format, PyObject *key)
{
    if (error == ENOMEM)
        return PyErr_NoMemory();
    return PyErr_Format(PyExc_KeyError, format, key);
}

#endif
