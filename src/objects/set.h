/* SPDX-License-Identifier: MIT
 *
 * The table operations of sets that set.c (table, life, C API) gives to set_methods.c (operators,
 * methods).
 */
#ifndef VITRO_SET_H
#define VITRO_SET_H

#include "state.h"

/* 1 found, 0 not, -1 error. */
int set_contains_entry(PySetObject *so, PyObject *key, Py_hash_t hash);
int set_contains_key(PySetObject *so, PyObject *key);
/* 0, or -1. */
int set_add_entry(PySetObject *so, PyObject *key, Py_hash_t hash);
int set_add_key(PySetObject *so, PyObject *key);
/* 1 removed, 0 was not there, -1 error. */
int set_discard_entry(PySetObject *so, PyObject *key, Py_hash_t hash);
int set_purge(PySetObject *so);
int set_discard_key(PySetObject *so, PyObject *key);
/* The key of deleted entries. */
extern PyObject set_dummy_object;
#define DUMMY (&set_dummy_object)
/* Gives the key's reference to the caller. */
static inline void set_take_entry(PySetObject *so, setentry *entry)
{
    entry->key = DUMMY;
    entry->hash = -1;
    so->used--;
}
/* The next live entry from *pos on; false at the end. The caller may not rely on it after running
   code unless it holds the key. */
static inline bool set_next(PySetObject *so, Py_ssize_t *pos, setentry **entry)
{
    setentry *table = so->table;
    Py_ssize_t i = *pos, mask = so->mask;
    while (i <= mask && (!table[i].key || table[i].key == DUMMY))
        i++;
    *pos = i + 1;
    *entry = &table[i];
    return i <= mask;
}

int set_merge(PySetObject *so, PyObject *other);
int set_update_from(PySetObject *so, PyObject *iterable);
int set_clear_table(PySetObject *so);
/* A new set of `type` from an iterable (NULL: empty). */
PyObject *set_make(PyTypeObject *type, PyObject *iterable);
/* Same, but a subclass gives its built-in base. */
PyObject *set_make_base(PyTypeObject *type, PyObject *iterable);
/* What breaks the invariants I1-I3 of set.c; NULL when nothing does. */
const char *set_fault(PySetObject *so);
void set_swap_bodies(PySetObject *a, PySetObject *b);

extern PyMethodDef set_methods[], frozenset_methods[];
extern PyNumberMethods set_as_number, frozenset_as_number;
PyObject *set_pop(PySetObject *so, PyObject *unused);
PyObject *set_richcompare(PyObject *v, PyObject *w, int op);

#endif
