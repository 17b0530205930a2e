/* SPDX-License-Identifier: MIT
 *
 * An immutable map: a new version shares all but the changed path with the old one, so copies cost
 * one reference.
 */
#ifndef VITRO_HAMT_H
#define VITRO_HAMT_H

#include "vitro.h"

typedef struct Hamt {
    PyObject_HEAD
    PyObject *root;        /* strong: bitmap node */
    PyObject *weakreflist;
    Py_ssize_t count; /* keys */
} Hamt;

extern PyTypeObject PyHamt_Type;
static inline bool is_hamt(PyObject *o) { return Py_IS_TYPE(o, &PyHamt_Type); }

Hamt *hamt_new(void);
Hamt *hamt_assoc(Hamt *map, PyObject *key, PyObject *value);
Hamt *hamt_without(Hamt *map, PyObject *key); /* the same map when key is missing */
int hamt_find(Hamt *map, PyObject *key, PyObject **value); /* 1 found (BORROWED), 0 not, -1 error */
int hamt_equal(Hamt *a, Hamt *b);
PyObject *hamt_keys_iter(Hamt *map);
PyObject *hamt_values_iter(Hamt *map);
PyObject *hamt_items_iter(Hamt *map);

#endif
