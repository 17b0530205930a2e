/* SPDX-License-Identifier: MIT
 *
 * What the containers share: their free lists (the process's), and hidden
 * helpers that other rooms may call instead of slower public functions.
 *
 * Thread rule: everything needs the lock. Ownership: arguments borrowed unless the name ends in
 * _steal.
 */
#ifndef VITRO_CONTAIN_H
#define VITRO_CONTAIN_H

#include "state.h"
#include "mem/gc.h"
#include "mem/tracemalloc.h"

/* Under ASan nothing dead is kept: it shall see each use after free. */
#ifdef __SANITIZE_ADDRESS__
#define KEEP_FREED 0
#else
#define KEEP_FREED 1
#endif

#define TUPLE_FREE_SIZES 20 /* tuples of 1 … 20 items are kept for reuse */
#define TUPLE_FREE_MAX (KEEP_FREED * 2000) /* of each size */
#define LIST_FREE_MAX (KEEP_FREED * 80)
#define DICT_FREE_MAX (KEEP_FREED * 80)

/* Dead objects kept for reuse; each holds one block, no references. */
struct free_lists {
    PyTupleObject *tuple[TUPLE_FREE_SIZES]; /* chained through ob_item[0] */
    int ntuple[TUPLE_FREE_SIZES];
    PyListObject *list[LIST_FREE_MAX]; /* headers of exact lists, without an array */
    int nlist;
    PyDictObject *dict[DICT_FREE_MAX]; /* headers of exact dicts, without a table */
    int ndict;
    PyDictKeysObject *keys[DICT_FREE_MAX]; /* tables of 8 slots with str keys */
    int nkeys;
};

extern struct free_lists container_free_lists; /* src/objects/dict/keys.c */
static inline struct free_lists *free_lists_get(void) { return &container_free_lists; }

/* A block from a free list becomes a new object; its type and size are still those it had. */
static inline void object_renew(void *op)
{
    if (UNLIKELY(_Py_tracemalloc_config.tracing)) {
        tracemalloc_new_reference(op);
    }
    Py_SET_REFCNT((PyObject *)op, 1);
}

/* Whether the collector may have to follow a reference to `op`. */
static inline bool may_be_tracked(PyObject *op)
{
    return object_is_gc(op) && (!PyTuple_CheckExact(op) || gc_is_tracked(op));
}

/* -- Hidden doors ---------------------------------------------------------------------------- */

PyObject *_PyTuple_FromArray(PyObject *const *items, Py_ssize_t n);
/* STEALS the items, even on failure */
PyObject *_PyTuple_FromArraySteal(PyObject *const *items, Py_ssize_t n);
int _PyList_AppendTakeRefListResize(PyListObject *self, PyObject *item);  /* STEALS item */
/* STEALS the items, even on failure */
PyObject *list_from_array_steal(PyObject *const *items, Py_ssize_t n);

/* STEALS item. */
static inline int list_append_steal(PyListObject *self, PyObject *item)
{
    Py_ssize_t n = Py_SIZE(self);
    if (LIKELY(self->allocated > n)) {
        self->ob_item[n] = item;
        Py_SET_SIZE(self, n + 1);
        return 0;
    }
    return _PyList_AppendTakeRefListResize(self, item);
}

/* -- Exported by us, declared in no public header --------------------------------------------- */

extern EXPORT PyObject *_PyObject_GetState(PyObject *);
extern EXPORT void _PyErr_SetKeyError(PyObject *);
#undef _PyObject_LookupSpecial
extern EXPORT PyObject *_PyObject_LookupSpecial(PyObject *obj, PyObject *name);

#endif
