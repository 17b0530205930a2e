/* SPDX-License-Identifier: MIT
 *
 * Walking an iterable from C: exact lists and tuples by index, everything else by its iterator. A
 * list's size is looked at before each step, as its iterator does, so foreign code may change it
 * meanwhile.
 *
 *   Walk w;
 *   if (walk_start(&w, iterable) < 0) ...
 *   while ((item = walk_next(&w))) ...
 *   failed = walk_end(&w) < 0;
 *
 * Thread rule: the lock is held. Ownership: items are owned by the caller.
 */
#ifndef VITRO_WALK_H
#define VITRO_WALK_H

#include "state.h"
#include "base/cstack.h"

typedef struct {
    PyObject *source;  /* strong: the list, the tuple or the iterator */
    iternextfunc next; /* NULL: by index */
    Py_ssize_t index;
} Walk;

static inline int walk_start(Walk *w, PyObject *iterable)
{
    w->index = 0;
    w->next = NULL;
    if (PyList_CheckExact(iterable) || PyTuple_CheckExact(iterable)) {
        w->source = Py_NewRef(iterable);
        return 0;
    }
    w->source = PyObject_GetIter(iterable);
    if (w->source == NULL) {
        return -1;
    }
    w->next = Py_TYPE(w->source)->tp_iternext;
    return 0;
}

static inline PyObject *walk_next(Walk *w)
{
    if (w->next != NULL) {
        return w->next(w->source);
    }
    if (w->index >= Py_SIZE(w->source)) {
        return NULL;
    }
    Py_ssize_t i = w->index++;
    return Py_NewRef(PyList_CheckExact(w->source) ? PyList_GET_ITEM(w->source, i)
                                                  : PyTuple_GET_ITEM(w->source, i));
}

/* The layout of list iterators (list_iter.c); `list` is NULL at the end. */
struct list_iterator { PyObject_HEAD Py_ssize_t index; PyListObject *list; };

/* One step of any iterator, with list iterators inline. */
static inline PyObject *iterator_step(PyObject *it)
{
    if (Py_IS_TYPE(it, &PyListIter_Type)) {
        struct list_iterator *walk = (struct list_iterator *)it;
        if (walk->list != NULL && walk->index < Py_SIZE(walk->list)) {
            return Py_NewRef(walk->list->ob_item[walk->index++]);
        }
    }
    return cstack_iter_next(it);
}

/* After walk_next gave NULL: -1 when that was an exception other than StopIteration. */
static inline int walk_end(Walk *w)
{
    Py_DECREF(w->source);
    if (LIKELY(!PyErr_Occurred())) {
        return 0;
    }
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

#endif
