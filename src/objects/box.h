/* SPDX-License-Identifier: MIT
 *
 * int and float boxes for those who make and drop many: the free lists of both types, inline.
 *
 * Thread rule: everything needs the lock. The lists are the process's; they hold blocks, no references.
 */
#ifndef VITRO_BOX_H
#define VITRO_BOX_H

#include "objects/contain.h"
#include "objects/int/int.h"

enum { INT_FREE_MAX = 100, FLOAT_FREE_MAX = 100 };
extern struct int_free { int count; PyLongObject *head; } int_free;       /* one-digit ints, chained by ob_type */
extern struct float_free { int count; PyFloatObject *head; } float_free;

/* Owned; NULL with MemoryError. */
static ALWAYS_INLINE PyObject *int_make(int64_t v)
{
    if (int_is_small(v)) {
        return Py_NewRef(SMALL_INT(v));
    }
    uint64_t abs = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    PyLongObject *o = int_free.head;
    if (LIKELY(abs <= PyLong_MASK && o != NULL)) {
        int_free.head = (PyLongObject *)Py_TYPE(o);
        int_free.count--;
        Py_SET_TYPE(o, &PyLong_Type);
        Py_SET_SIZE(o, v < 0 ? -1 : 1);
        o->ob_digit[0] = (digit)abs;
        object_renew(o);
        return (PyObject *)o;
    }
    return int_from_i64(v);
}

static ALWAYS_INLINE PyObject *float_make(double d)
{
    PyFloatObject *o = float_free.head;
    if (UNLIKELY(o == NULL)) {
        return PyFloat_FromDouble(d);
    }
    float_free.head = (PyFloatObject *)Py_TYPE(o);
    float_free.count--;
    Py_SET_TYPE(o, &PyFloat_Type);
    o->ob_fval = d;
    object_renew(o);
    return (PyObject *)o;
}

/* Py_DECREF of an exact int, an exact float, or either. None runs code. */
static ALWAYS_INLINE void int_drop(PyObject *v)
{
    if (--v->ob_refcnt != 0) {
        return;
    }
    if (LIKELY((size_t)(Py_SIZE(v) + 1) <= 2 && int_free.count < INT_FREE_MAX)) {
        int_free.count++;
        Py_SET_TYPE(v, (PyTypeObject *)int_free.head);
        int_free.head = (PyLongObject *)v;
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
    if (LIKELY(float_free.count < FLOAT_FREE_MAX)) {
        float_free.count++;
        Py_SET_TYPE(v, (PyTypeObject *)float_free.head);
        float_free.head = (PyFloatObject *)v;
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
