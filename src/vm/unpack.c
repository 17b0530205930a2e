/* SPDX-License-Identifier: MIT
 *
 * Unpacking `a, b = v` and `a, *b, c = v` from any iterable.
 *
 *      v = 1 2 3 4 5, a, *b, c = v          sp before:  ... │
 *                                           sp after:   ... │ 5 │ [2 3 4] │ 1 │    a is on top
 *
 * Exact tuples and lists never come here when their length is right (ops_build.h). On failure
 * nothing is left on the stack; the iterable is the caller's in any case.
 */
#include "objects/int/int.h"
#include "vm/vm_impl.h"

/* n values from sp on upwards. */
static void drop_down(PyObject **sp, int n)
{
    for (; n > 0; n--, sp++) {
        Py_DECREF(*sp);
    }
}

/* The first `before` items, the first one highest: sp[-1], sp[-2] ... 0, or -1 (nothing is left on
   the stack). */
static int unpack_head(PyThreadState *tstate, PyObject *it, int before, int after, PyObject **sp)
{
    for (int i = 0; i < before; i++) {
        PyObject *item = PyIter_Next(it);
        if (item == NULL) {
            if (tstate->curexc_type == NULL) {
                if (after == -1) {
                    _PyErr_Format(tstate, PyExc_ValueError,
                                  "not enough values to unpack (expected %d, got %d)", before, i);
                }
                else {
                    _PyErr_Format(tstate, PyExc_ValueError,
                                  "not enough values to unpack (expected at least %d, got %d)",
                                  before + after, i);
                }
            }
            drop_down(sp, i);
            return -1;
        }
        *--sp = item;
    }
    return 0;
}

/* The iterator must be exhausted: "too many values". */
static int unpack_end(PyThreadState *tstate, PyObject *it, int expected)
{
    PyObject *more = PyIter_Next(it);
    if (more == NULL) {
        return tstate->curexc_type != NULL ? -1 : 0;
    }
    Py_DECREF(more);
    _PyErr_Format(tstate, PyExc_ValueError, "too many values to unpack (expected %d)", expected);
    return -1;
}

/* The star's list at sp[-1], then the `after` last items below it. */
static int unpack_tail(PyThreadState *tstate, PyObject *it, int before, int after, PyObject **sp)
{
    PyObject *list = PySequence_List(it);
    if (list == NULL) {
        return -1;
    }
    Py_ssize_t n = PyList_GET_SIZE(list);
    if (n < after) {
        _PyErr_Format(tstate, PyExc_ValueError,
                      "not enough values to unpack (expected at least %d, got %zd)", before + after,
                      before + n);
        Py_DECREF(list);
        return -1;
    }
    *--sp = list;
    for (int j = after; j > 0; j--) {
        *--sp = PyList_GET_ITEM(list, n - j);
    }
    Py_SET_SIZE(list, n - after); /* their references moved */
    return 0;
}

/* Unpacks v below sp (which points above the last free slot). after -1: no star. Nonzero on
   success. */
int vm_unpack(PyThreadState *tstate, PyObject *v, int before, int after, PyObject **sp)
{
    PyObject *it = PyObject_GetIter(v);
    if (it == NULL) {
        if (_PyErr_ExceptionMatches(tstate, PyExc_TypeError) && Py_TYPE(v)->tp_iter == NULL
            && !PySequence_Check(v)) {
            _PyErr_Format(tstate, PyExc_TypeError, "cannot unpack non-iterable %.200s object",
                          Py_TYPE(v)->tp_name);
        }
        return 0;
    }
    int failed = unpack_head(tstate, it, before, after, sp);
    if (!failed) {
        failed = after == -1 ? unpack_end(tstate, it, before)
                             : unpack_tail(tstate, it, before, after, sp - before);
        if (failed) {
            drop_down(sp - before, before);
        }
    }
    Py_DECREF(it);
    return !failed;
}

/* -- Slices ------------------------------------------------------------------------------------ */

/* Bound of a slice over n items, as PySlice_AdjustIndices clips it. */
static inline bool slice_bound(PyObject *v, Py_ssize_t missing, Py_ssize_t n, Py_ssize_t *out)
{
    if (v == Py_None) {
        *out = missing;
        return true;
    }
    if (!PyLong_CheckExact(v) || !int_is_compact(v)) {
        return false;
    }
    Py_ssize_t i = int_compact(v);
    i += i < 0 ? n : 0;
    *out = i < 0 ? 0 : i > n ? n : i;
    return true;
}

bool vm_slice_of(PyObject *o, PyObject *start, PyObject *stop, PyObject **part)
{
    Py_ssize_t a, b, n;
    if (PyUnicode_CheckExact(o)) {
        n = PyUnicode_GET_LENGTH(o);
    }
    else if (PyList_CheckExact(o) || PyTuple_CheckExact(o) || PyBytes_CheckExact(o)) {
        n = Py_SIZE(o);
    }
    else {
        return false;
    }
    if (!slice_bound(start, 0, n, &a) || !slice_bound(stop, n, n, &b)) {
        return false;
    }
    b = b < a ? a : b;
    if (PyUnicode_CheckExact(o)) {
        *part = PyUnicode_Substring(o, a, b);
    }
    else if (PyList_CheckExact(o)) {
        *part = PyList_GetSlice(o, a, b);
    }
    else if (b - a == n) {
        *part = Py_NewRef(o);
    }
    else if (PyTuple_CheckExact(o)) {
        *part = PyTuple_GetSlice(o, a, b);
    }
    else {
        *part = PyBytes_FromStringAndSize(PyBytes_AS_STRING(o) + a, b - a);
    }
    return true;
}
