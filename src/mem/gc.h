/* SPDX-License-Identifier: MIT
 *
 * The cycle collector's words in front of an object, and its doors for the runtime.
 *
 * Life of an interpreter: gc_init (before the first collected object) … gc_ready (lists can be
 * made) … collections … gc_collect_final (at shutdown, errors dropped), gc_warn_uncollectable,
 * gc_fini.
 */
#ifndef VITRO_GC_H
#define VITRO_GC_H

#include "state.h"

/* _gc_prev: address | flags. */
#define GC_FINALIZED ((uintptr_t)1)  /* tp_finalize has run */
#define GC_COLLECTING ((uintptr_t)2) /* in the list that is being collected */
#define GC_PREV_SHIFT 2
#define GC_PREV_MASK (~(uintptr_t)3)
/* _gc_next: 0 when untracked; lowest bit set in the unreachable list while it is being found. */
#define GC_UNREACHABLE ((uintptr_t)1)

static inline PyGC_Head *gc_next(PyGC_Head *g) { return (PyGC_Head *)g->_gc_next; }
static inline PyGC_Head *gc_prev(PyGC_Head *g) { return (PyGC_Head *)(g->_gc_prev & GC_PREV_MASK); }
static inline void gc_set_next(PyGC_Head *g, PyGC_Head *n) { g->_gc_next = (uintptr_t)n; }
static inline void gc_set_prev(PyGC_Head *g, PyGC_Head *p)
{
    g->_gc_prev = (g->_gc_prev & ~GC_PREV_MASK) | (uintptr_t)p;
}

static inline bool gc_is_tracked(PyObject *op) { return AS_GC(op)->_gc_next != 0; }

/* PyObject_GC_Track without its checks: for a fresh, fully initialised object. */
static inline void gc_track(PyObject *op)
{
    PyGC_Head *gc = AS_GC(op), *head = &interp_get()->gc.generations[0].head, *last = gc_prev(head);
    gc_set_next(last, gc);
    gc_set_prev(gc, last);
    gc_set_next(gc, head);
    head->_gc_prev = (uintptr_t)gc;
}

/* PyObject_GC_UnTrack for an object that is tracked. */
static inline void gc_untrack(PyObject *op)
{
    PyGC_Head *gc = AS_GC(op), *prev = gc_prev(gc), *next = gc_next(gc);
    gc_set_next(prev, next);
    gc_set_prev(next, prev);
    gc->_gc_next = 0;
    gc->_gc_prev &= GC_FINALIZED;
}

static inline bool object_is_gc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    return PyType_IS_GC(type) && (type->tp_is_gc == NULL || type->tp_is_gc(op));
}

/* Bytes in front of an instance of `type`: collector's words, managed dict's words. */
static inline size_t type_pre_header_size(PyTypeObject *type)
{
    return (PyType_IS_GC(type) ? sizeof(PyGC_Head) : 0)
           + (PyType_HasFeature(type, Py_TPFLAGS_MANAGED_DICT) ? 2 * sizeof(PyObject *) : 0);
}

/* -- Nested deallocation --------------------------------------------------------------------- */

/* Brackets the body of a container's tp_dealloc, after the object was untracked. Nested deeper than
   TRASH_DEPTH the object is kept for the outermost one (object.c). Nothing happens when a
   subclass's tp_dealloc called us: it has brackets of its own. */
enum { TRASH_DEPTH = 50 };
void trash_put(PyThreadState *tstate, PyObject *op);
void trash_empty(PyThreadState *tstate);
#define TRASH_BEGIN(op, dealloc)                                                                   \
    do {                                                                                           \
        PyThreadState *trash_tstate_ =                                                             \
            Py_TYPE(op)->tp_dealloc == (destructor)(dealloc) ? tstate_get() : NULL;                \
        if (trash_tstate_ != NULL) {                                                               \
            if (UNLIKELY(trash_tstate_->trash_delete_nesting >= TRASH_DEPTH)) {                    \
                trash_put(trash_tstate_, (PyObject *)(op));                                        \
                break;                                                                             \
            }                                                                                      \
            trash_tstate_->trash_delete_nesting++;                                                 \
        }
#define TRASH_END                                                                                  \
        if (trash_tstate_ != NULL && --trash_tstate_->trash_delete_nesting <= 0                    \
            && UNLIKELY(trash_tstate_->trash_delete_later != NULL)) {                              \
            trash_empty(trash_tstate_);                                                            \
        }                                                                                          \
    } while (0);

/* Counts a fresh object (headers zeroed) in the youngest generation; collects when that is due. */
void gc_link(PyObject *op);

void gc_init(PyInterpreterState *interp);  /* empty generations, thresholds */
int gc_ready(PyInterpreterState *interp);  /* makes gc.garbage and gc.callbacks */
Py_ssize_t gc_collect_final(PyThreadState *tstate);
void gc_warn_uncollectable(PyInterpreterState *interp);
void gc_fini(PyInterpreterState *interp);

#endif
