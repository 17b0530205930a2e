/* SPDX-License-Identifier: MIT
 *
 * Methods of bytes and bytearray that look for something: find, index, count, in, startswith,
 * removeprefix and kin. The search itself is the str type's (objects/str/search_kind.h).
 */
#define _GNU_SOURCE
#include "objects/bytes_methods_impl.h"
#include "objects/pieces.h"
#include "objects/str/str.h"

#include <string.h>

/* -- Search ---------------------------------------------------------------------------------- */

/* First place, -1 when there is none. Linear. */
Py_ssize_t bytes_find_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m)
{
    if (m > n)
        return -1;
    if (m == 0)
        return 0;
    if (m > 1)
        return run_find(1, hay, n, needle, m);
    const char *p = near_char(hay, hay + n, *needle);
    return p ? p - hay : -1;
}

/* Last place, -1 when there is none. Linear. */
Py_ssize_t bytes_rfind_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m)
{
    return m == 0 ? n : run_rfind(1, hay, n, needle, m);
}

/* Places without overlap, at most `max`. */
Py_ssize_t bytes_count_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m,
                          Py_ssize_t max)
{
    return m == 0 ? Py_MIN(n, max - 1) + 1 : run_count(1, hay, n, needle, m, max);
}

/* What to search for: a bytes-like object, or an int as one byte. */
typedef struct {
    Py_buffer view;   /* of the argument, when `held` */
    char byte;        /* the int as a byte */
    const char *data; /* what to look for: in the bytes object, the view, or &byte */
    Py_ssize_t n;     /* bytes of it */
    bool held;        /* view is to be released */
} Needle;

/* TypeError for neither, ValueError for an int that is no byte. needle_done in any case. */
static int needle_get(Needle *needle, PyObject *o)
{
    needle->held = false;
    if (LIKELY(PyBytes_CheckExact(o))) {
        needle->data = PyBytes_AS_STRING(o);
        needle->n = Py_SIZE(o);
        return 0;
    }
    if (PyObject_CheckBuffer(o)) {
        if (PyObject_GetBuffer(o, &needle->view, PyBUF_SIMPLE) < 0)
            return -1;
        needle->held = true;
        needle->data = needle->view.buf;
        needle->n = needle->view.len;
        return 0;
    }
    if (!PyIndex_Check(o)) {
        PyErr_Format(PyExc_TypeError,
                     "argument should be integer or bytes-like object, not '%.200s'",
                     Py_TYPE(o)->tp_name);
        return -1;
    }
    Py_ssize_t value = PyNumber_AsSsize_t(o, NULL);
    if (value == -1 && PyErr_Occurred())
        return -1;
    if (value < 0 || value > 255) {
        PyErr_SetString(PyExc_ValueError, "byte must be in range(0, 256)");
        return -1;
    }
    needle->byte = (char)value;
    needle->data = &needle->byte;
    needle->n = 1;
    return 0;
}

static void needle_done(Needle *needle)
{
    if (needle->held)
        PyBuffer_Release(&needle->view);
}

/* Clips slice bounds as the slice notation does. */
static void clip(Py_ssize_t *start, Py_ssize_t *end, Py_ssize_t n)
{
    if (*end > n)
        *end = n;
    else if (*end < 0)
        *end = *end + n < 0 ? 0 : *end + n;
    if (*start < 0)
        *start = *start + n < 0 ? 0 : *start + n;
}

/* Position or -1 (not found), -2 with an exception. */
static Py_ssize_t search(PyObject *self, PyObject *const *args, Py_ssize_t nargs, const char *name,
                         bool backwards)
{
    PyObject *sub;
    Py_ssize_t start, end, at = -1;
    Needle needle;
    if (str_parse_find_args(name, args, nargs, &sub, &start, &end) < 0
        || needle_get(&needle, sub) < 0)
        return -2;
    clip(&start, &end, byteslike_size(self));
    if (end - start >= needle.n && start <= byteslike_size(self)) {
        const char *data = byteslike_data(self) + start;
        at = backwards ? bytes_rfind_in(data, end - start, needle.data, needle.n)
                       : bytes_find_in(data, end - start, needle.data, needle.n);
        if (at >= 0)
            at += start;
    }
    needle_done(&needle);
    return at;
}

static PyObject *position(Py_ssize_t at, bool must)
{
    if (at == -1 && must)
        PyErr_SetString(PyExc_ValueError, "subsection not found");
    return at == -2 || (at == -1 && must) ? NULL : PyLong_FromSsize_t(at);
}

PyObject *byteslike_find(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "find", false), false);
}

PyObject *byteslike_rfind(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "rfind", true), false);
}

PyObject *byteslike_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "index", false), true);
}

PyObject *byteslike_rindex(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "rindex", true), true);
}

PyObject *byteslike_count(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *sub;
    Py_ssize_t start, end, n = 0;
    Needle needle;
    if (str_parse_find_args("count", args, nargs, &sub, &start, &end) < 0
        || needle_get(&needle, sub) < 0)
        return NULL;
    clip(&start, &end, byteslike_size(self));
    if (end >= start && start <= byteslike_size(self))
        n = bytes_count_in(byteslike_data(self) + start, end - start, needle.data, needle.n,
                     PY_SSIZE_T_MAX);
    needle_done(&needle);
    return PyLong_FromSsize_t(n);
}

/* An index looks for the byte, anything else for the bytes of its buffer. */
int byteslike_contains(PyObject *self, PyObject *item)
{
    Py_ssize_t value = PyIndex_Check(item) ? PyNumber_AsSsize_t(item, NULL) : -1;
    if (value == -1 && (PyErr_Occurred() || !PyIndex_Check(item))) {
        Py_buffer view;
        PyErr_Clear();
        if (PyObject_GetBuffer(item, &view, PyBUF_SIMPLE) < 0)
            return -1;
        Py_ssize_t at = bytes_find_in(byteslike_data(self), byteslike_size(self), view.buf,
                                      view.len);
        PyBuffer_Release(&view);
        return at >= 0;
    }
    if (value < 0 || value > 255) {
        PyErr_SetString(PyExc_ValueError, "byte must be in range(0, 256)");
        return -1;
    }
    return byteslike_size(self)
           && memchr(byteslike_data(self), (int)value, (size_t)byteslike_size(self)) != NULL;
}

/* -- startswith, prefixes -------------------------------------------------------------------- */

/* 1 match, 0 none, -1 error. */
static int match_end(PyObject *self, PyObject *part, Py_ssize_t start, Py_ssize_t end, bool at_end)
{
    Py_buffer view = { NULL };
    if (LIKELY(PyBytes_CheckExact(part))) {
        view.buf = PyBytes_AS_STRING(part);
        view.len = Py_SIZE(part);
    } else if (PyObject_GetBuffer(part, &view, PyBUF_SIMPLE) < 0) {
        return -1;
    }
    Py_ssize_t n = byteslike_size(self);
    clip(&start, &end, n);
    int rc = 0;
    if (end - start >= view.len && start <= n)
        rc = memcmp(byteslike_data(self) + (at_end ? end - view.len : start), view.buf,
                    (size_t)view.len)
             == 0;
    PyBuffer_Release(&view);
    return rc;
}

/* startswith and endswith: one part, or a tuple of parts of which any will do. */
static PyObject *match_any(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                           const char *name, bool at_end)
{
    PyObject *part;
    Py_ssize_t start, end;
    int rc = 0;
    if (str_parse_find_args(name, args, nargs, &part, &start, &end) < 0)
        return NULL;
    if (PyTuple_Check(part)) {
        for (Py_ssize_t i = 0; rc == 0 && i < PyTuple_GET_SIZE(part); i++)
            rc = match_end(self, PyTuple_GET_ITEM(part, i), start, end, at_end);
    } else {
        rc = match_end(self, part, start, end, at_end);
        if (rc < 0 && PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(PyExc_TypeError, "%s first arg must be bytes or a tuple of bytes, not %s",
                         name, Py_TYPE(part)->tp_name);
    }
    return rc < 0 ? NULL : PyBool_FromLong(rc);
}

PyObject *byteslike_startswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return match_any(self, args, nargs, "startswith", false);
}

PyObject *byteslike_endswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return match_any(self, args, nargs, "endswith", true);
}

/* Without the part if it is there. */
static PyObject *remove_part(PyObject *self, PyObject *part, bool at_end)
{
    Py_buffer view;
    if (PyObject_GetBuffer(part, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    Py_ssize_t n = byteslike_size(self), m = view.len;
    const char *data = byteslike_data(self);
    bool match = m > 0 && n >= m && memcmp(at_end ? data + n - m : data, view.buf, (size_t)m) == 0;
    PyBuffer_Release(&view);
    return slice_of(self, match && !at_end ? m : 0, match && at_end ? n - m : n);
}

PyObject *byteslike_removeprefix(PyObject *self, PyObject *prefix)
{
    return remove_part(self, prefix, false);
}

PyObject *byteslike_removesuffix(PyObject *self, PyObject *suffix)
{
    return remove_part(self, suffix, true);
}
