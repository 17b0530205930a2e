/* SPDX-License-Identifier: MIT
 *
 * What the collector (gc.c) and its module (gc_module.c) share.
 */
#ifndef VITRO_GC_IMPL_H
#define VITRO_GC_IMPL_H

#include "mem/gc.h"

#define GC_DEBUG_STATS 1
#define GC_DEBUG_COLLECTABLE 2
#define GC_DEBUG_UNCOLLECTABLE 4
#define GC_DEBUG_SAVEALL 32
#define GC_DEBUG_LEAK (GC_DEBUG_COLLECTABLE | GC_DEBUG_UNCOLLECTABLE | GC_DEBUG_SAVEALL)

void gc_list_init(PyGC_Head *list);
void gc_list_merge(PyGC_Head *from, PyGC_Head *to);
Py_ssize_t gc_list_size(PyGC_Head *list);

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
