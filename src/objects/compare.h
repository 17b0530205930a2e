/* SPDX-License-Identifier: MIT
 *
 * Comparisons of exact ints, floats and strs that need neither a recursion check nor a bool object.
 * For everything else the answer is -1: ask PyObject_RichCompare.
 *
 * Thread rule: the lock is held. Nothing is owned, nothing runs foreign code.
 */
#ifndef VITRO_COMPARE_H
#define VITRO_COMPARE_H

#include "objects/int/int.h"

/* Truth of `sign of (v - w)` op 0. */
static inline int compare_sign(int64_t difference, int op)
{
    switch (op) {
    case Py_LT: return difference < 0;
    case Py_LE: return difference <= 0;
    case Py_EQ: return difference == 0;
    case Py_NE: return difference != 0;
    case Py_GT: return difference > 0;
    default: return difference >= 0;
    }
}

static inline int compare_doubles(double v, double w, int op)
{
    switch (op) {
    case Py_LT: return v < w;
    case Py_LE: return v <= w;
    case Py_EQ: return v == w;
    case Py_NE: return v != w;
    case Py_GT: return v > w;
    default: return v >= w;
    }
}

/* Both exact and ready. */
static inline bool compare_str_equal(PyObject *v, PyObject *w)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(v);
    if (v == w) {
        return true;
    }
    if (n != PyUnicode_GET_LENGTH(w) || PyUnicode_KIND(v) != PyUnicode_KIND(w)) {
        return false;
    }
    const char *a = PyUnicode_DATA(v), *b = PyUnicode_DATA(w);
    return n == 0 || (*a == *b && memcmp(a, b, (size_t)n * PyUnicode_KIND(v)) == 0);
}

/* Both exact and ready; op is an ordering. -1: wide characters. */
static inline int compare_str_order(PyObject *v, PyObject *w, int op)
{
    if (PyUnicode_KIND(v) != PyUnicode_1BYTE_KIND || PyUnicode_KIND(w) != PyUnicode_1BYTE_KIND) {
        return -1;
    }
    Py_ssize_t n = PyUnicode_GET_LENGTH(v), m = PyUnicode_GET_LENGTH(w);
    int r = memcmp(PyUnicode_1BYTE_DATA(v), PyUnicode_1BYTE_DATA(w), (size_t)(n < m ? n : m));
    return compare_sign(r != 0 ? r : n - m, op);
}

/* v op w: 0 or 1; -1: not a simple pair. */
static inline int compare_simple(PyObject *v, PyObject *w, int op)
{
    PyTypeObject *type = Py_TYPE(v);
    if (type != Py_TYPE(w)) {
        return -1;
    }
    if (type == &PyLong_Type) {
        return int_is_compact(v) && int_is_compact(w)
                   ? compare_sign(int_compact(v) - int_compact(w), op)
                   : -1;
    }
    if (type == &PyUnicode_Type && PyUnicode_IS_READY(v) && PyUnicode_IS_READY(w)) {
        return op == Py_EQ || op == Py_NE ? compare_str_equal(v, w) == (op == Py_EQ)
                                          : compare_str_order(v, w, op);
    }
    if (type == &PyFloat_Type) {
        return compare_doubles(PyFloat_AS_DOUBLE(v), PyFloat_AS_DOUBLE(w), op);
    }
    return -1;
}

/* PyObject_RichCompareBool: 1, 0, -1 with an exception. */
static inline int compare_bool(PyObject *v, PyObject *w, int op)
{
    int simple = compare_simple(v, w, op);
    return LIKELY(simple >= 0) ? simple : PyObject_RichCompareBool(v, w, op);
}

#endif
