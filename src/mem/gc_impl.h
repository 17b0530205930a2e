/* SPDX-License-Identifier: MIT
 *
 * What the collector (gc.c, gc_find.c) and its module (gc_module.c) share.
 */
#ifndef VITRO_GC_IMPL_H
#define VITRO_GC_IMPL_H

#include "mem/gc.h"

#define GC_DEBUG_STATS 1
#define GC_DEBUG_COLLECTABLE 2
#define GC_DEBUG_UNCOLLECTABLE 4
#define GC_DEBUG_SAVEALL 32
#define GC_DEBUG_LEAK (GC_DEBUG_COLLECTABLE | GC_DEBUG_UNCOLLECTABLE | GC_DEBUG_SAVEALL)

/* -- Lists ----------------------------------------------------------------------------------- */

void gc_list_init(PyGC_Head *list);
static inline bool gc_list_empty(PyGC_Head *list)
{
    return list->_gc_next == (uintptr_t)list;
}
static inline void gc_list_append(PyGC_Head *node, PyGC_Head *list)
{
    PyGC_Head *last = (PyGC_Head *)list->_gc_prev;
    gc_set_prev(node, last);
    gc_set_next(last, node);
    gc_set_next(node, list);
    list->_gc_prev = (uintptr_t)node;
}
void gc_list_merge(PyGC_Head *from, PyGC_Head *to);
Py_ssize_t gc_list_size(PyGC_Head *list);

/* -- Steps of a collection -------------------------------------------------------------------- */

static inline bool is_collecting(PyGC_Head *g) { return (g->_gc_prev & GC_COLLECTING) != 0; }

/* What the walk over the reachable objects does and learns besides. Tuples, and dicts in a full
   collection, that cannot be part of a cycle are taken off the list. */
enum { LATE_DICTS = 256 };
struct survivors {
    bool dicts;                 /* in: a full collection */
    bool whole;                 /* in: every tracked object of the process is in the list */
    Py_ssize_t count;           /* those that stay tracked */
    Py_ssize_t nlate;           /* dicts that hold tuples which may have been untracked after them */
    PyObject *late[LATE_DICTS]; /* the first of them, borrowed */
};

/* Steps 1 to 3: `base` keeps what is reachable from outside the list, `unreachable` gets the rest,
   with GC_COLLECTING and, in _gc_next, GC_UNREACHABLE. survivors NULL: only that. */
void gc_find_unreachable(PyGC_Head *base, PyGC_Head *unreachable, struct survivors *survivors);
/* Has another look at the late dicts of `list`. */
void gc_untrack_late(PyGC_Head *list, struct survivors *survivors);

/* Collects `generation` and the younger ones. The caller has set gc->collecting. */
Py_ssize_t gc_collect_main(PyThreadState *tstate, int generation, Py_ssize_t *n_collected,
                           Py_ssize_t *n_uncollectable, bool nofail);
/* The same between the calls of gc.callbacks. */
Py_ssize_t gc_collect(PyThreadState *tstate, int generation);

/* A full collection empties the types' free lists; each folder defines its own. gc_freelists_clear
 * does them all. */
void gc_freelists_clear(PyInterpreterState *interp);
void tuple_freelist_clear(PyInterpreterState *interp);
void list_freelist_clear(PyInterpreterState *interp);
void slice_clear_cache(PyInterpreterState *interp);
void dict_freelist_clear(PyInterpreterState *interp);

#endif
