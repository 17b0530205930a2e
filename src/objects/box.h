/* SPDX-License-Identifier: MIT
 *
 * int and float boxes for those who make and drop many: the free lists of both types, inline.
 *
 * Thread rule: everything needs the lock. The lists are the process's; they hold blocks, no
 * references.
 */
#ifndef VITRO_BOX_H
#define VITRO_BOX_H

#include "objects/contain.h"
#include "objects/int/int.h"

enum { BOX_FREE_MAX = KEEP_FREED * 100 };
/* Dead ints of one or two digits, and floats, each still of its type and chained by the word
   behind that.
   `most` is BOX_FREE_MAX, but 0 while tracemalloc, which wants to hear of every object, is on. */
struct box_free {
    int count, most; /* boxes in the list, and how many it may hold */
    PyObject *head;  /* NULL when empty */
};
extern struct box_free int_free, float_free;

static ALWAYS_INLINE PyObject **box_next(PyObject *o) { return (PyObject **)(o + 1); }
static ALWAYS_INLINE void box_keep(struct box_free *list, PyObject *o)
{
    list->count++;
    *box_next(o) = list->head;
    list->head = o;
}
/* The head, which is not NULL, as an object with one reference. */
static ALWAYS_INLINE PyObject *box_take(struct box_free *list)
{
    PyObject *o = list->head;
    list->head = *box_next(o);
    list->count--;
    Py_SET_REFCNT(o, 1);
    return o;
}
void box_free_clear(struct box_free *list); /* frees what is kept */
void box_free_limit(int most);              /* for both lists, emptied */

/* Owned; NULL with MemoryError. */
static ALWAYS_INLINE PyObject *int_make(int64_t v)
{
    if (int_is_small(v)) {
        return Py_NewRef(SMALL_INT(v));
    }
    uint64_t abs = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    if (LIKELY(abs <= PyLong_MASK && int_free.head != NULL)) {
        PyObject *o = box_take(&int_free);
        Py_SET_SIZE(o, v < 0 ? -1 : 1);
        ((PyLongObject *)o)->ob_digit[0] = (digit)abs;
        return o;
    }
    return int_from_i64(v);
}

static ALWAYS_INLINE PyObject *float_make(double d)
{
    if (UNLIKELY(float_free.head == NULL)) {
        return PyFloat_FromDouble(d);
    }
    PyObject *o = box_take(&float_free);
    ((PyFloatObject *)o)->ob_fval = d;
    return o;
}

/* Py_DECREF of an exact int, an exact float, or either. None runs code. */
static ALWAYS_INLINE void int_drop(PyObject *v)
{
    if (--v->ob_refcnt != 0) {
        return;
    }
    if (LIKELY((size_t)(Py_SIZE(v) + 2) <= 4 && int_free.count < int_free.most)) {
        box_keep(&int_free, v);
        return;
    }
    _Py_Dealloc(v);
}

/* The same for an int or None. */
static inline void int_drop_or_none(PyObject *v)
{
    if (v == Py_None) {
        v->ob_refcnt--;
    }
    else {
        int_drop(v);
    }
}

static ALWAYS_INLINE void float_drop(PyObject *v)
{
    if (--v->ob_refcnt != 0) {
        return;
    }
    if (LIKELY(float_free.count < float_free.most)) {
        box_keep(&float_free, v);
        return;
    }
    _Py_Dealloc(v);
}

/* The value of a float or one-digit int, exact types. */
static inline bool box_number(PyObject *v, double *d)
{
    if (PyFloat_CheckExact(v)) {
        *d = PyFloat_AS_DOUBLE(v);
        return true;
    }
    if (PyLong_CheckExact(v) && int_is_compact(v)) {
        *d = (double)int_compact(v);
        return true;
    }
    return false;
}

#endif
