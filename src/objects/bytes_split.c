/* SPDX-License-Identifier: MIT
 *
 * Methods of bytes and bytearray that take them apart and put them together: split, rsplit,
 * splitlines, partition, join. Parts are collected in Pieces, which makes the list at the end.
 */
#include "objects/block.h"
#include "objects/bytes_methods_impl.h"
#include "objects/contain.h"
#include "objects/pieces.h"

#include <string.h>

/* -- Split, partition, join ------------------------------------------------------------------ */

/* At runs of white space, no empty pieces. */
static PyObject *split_spaces(PyObject *self, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    const char *s = byteslike_data(self);
    Py_ssize_t n = byteslike_size(self), i = 0;
    int failed = 0;
    while (!failed) {
        while (i < n && Py_ISSPACE(s[i]))
            i++;
        if (i == n)
            break;
        Py_ssize_t start = i;
        if (max-- > 0)
            while (i < n && !Py_ISSPACE(s[i]))
                i++;
        else
            i = n; /* the last part keeps what follows */
        failed = pieces_add_steal(&p, slice_of(self, start, i)) < 0;
        if (max < 0)
            break;
    }
    return pieces_list(&p, failed);
}

static PyObject *rsplit_spaces(PyObject *self, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    const char *s = byteslike_data(self);
    Py_ssize_t i = byteslike_size(self);
    int failed = 0;
    while (!failed) {
        while (i > 0 && Py_ISSPACE(s[i - 1]))
            i--;
        if (i == 0)
            break;
        Py_ssize_t end = i;
        if (max-- > 0)
            while (i > 0 && !Py_ISSPACE(s[i - 1]))
                i--;
        else
            i = 0;
        failed = pieces_add_steal(&p, slice_of(self, i, end)) < 0;
        if (max < 0)
            break;
    }
    return pieces_list_reversed(&p, failed);
}

/* Separator of one byte or more. */
static PyObject *split_by(PyObject *self, const char *sep, Py_ssize_t m, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    Py_ssize_t n = byteslike_size(self), start = 0;
    const char *s = byteslike_data(self);
    int failed = 0;
    while (!failed && max-- > 0) {
        Py_ssize_t at;
        if (m == 1) {
            const char *hit = near_char(s + start, s + n, *sep);
            at = hit ? hit - s - start : -1;
        } else {
            at = bytes_find_in(s + start, n - start, sep, m);
        }
        if (at < 0)
            break;
        failed = pieces_add_steal(&p, slice_of(self, start, start + at)) < 0;
        start += at + m;
    }
    if (!failed)
        failed = pieces_add_steal(&p, slice_of(self, start, n)) < 0;
    return pieces_list(&p, failed);
}

static PyObject *rsplit_by(PyObject *self, const char *sep, Py_ssize_t m, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    Py_ssize_t end = byteslike_size(self), at;
    const char *s = byteslike_data(self);
    int failed = 0;
    while (!failed && max-- > 0 && (at = bytes_rfind_in(s, end, sep, m)) >= 0) {
        failed = pieces_add_steal(&p, slice_of(self, at + m, end)) < 0;
        end = at;
    }
    if (!failed)
        failed = pieces_add_steal(&p, slice_of(self, 0, end)) < 0;
    return pieces_list_reversed(&p, failed);
}

/* `max` < 0: no limit. An empty separator is a ValueError. */
static PyObject *split(PyObject *self, PyObject *sep, Py_ssize_t max, bool backwards)
{
    Py_buffer view;
    if (max < 0)
        max = PY_SSIZE_T_MAX;
    if (sep == Py_None)
        return backwards ? rsplit_spaces(self, max) : split_spaces(self, max);
    if (PyBytes_CheckExact(sep) && Py_SIZE(sep) > 0 && !backwards)
        return split_by(self, PyBytes_AS_STRING(sep), Py_SIZE(sep), max);
    if (PyObject_GetBuffer(sep, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    PyObject *res = NULL;
    if (view.len == 0)
        PyErr_SetString(PyExc_ValueError, "empty separator");
    else
        res = backwards ? rsplit_by(self, view.buf, view.len, max)
                        : split_by(self, view.buf, view.len, max);
    PyBuffer_Release(&view);
    return res;
}

PyObject *byteslike_split(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                          PyObject *kwnames)
{
    ARGS("|On:split", "sep", "maxsplit");
    PyObject *sep = nargs == 1 ? args[0] : Py_None;
    Py_ssize_t max = -1;
    return (nargs <= 1 && !kwnames) || PARSE(&sep, &max) ? split(self, sep, max, false) : NULL;
}

PyObject *byteslike_rsplit(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames)
{
    ARGS("|On:rsplit", "sep", "maxsplit");
    PyObject *sep = Py_None;
    Py_ssize_t max = -1;
    return PARSE(&sep, &max) ? split(self, sep, max, true) : NULL;
}

PyObject *byteslike_splitlines(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("|p:splitlines", "keepends");
    int keep = 0;
    if (!PARSE(&keep))
        return NULL;
    Pieces p;
    pieces_init(&p, -1);
    int failed = 0;
    const char *s = byteslike_data(self);
    Py_ssize_t n = byteslike_size(self);
    for (Py_ssize_t i = 0; !failed && i < n;) {
        Py_ssize_t start = i;
        Py_ssize_t end = i = line_end(s + i, s + n) - s;
        if (i < n)
            i += s[i] == '\r' && i + 1 < n && s[i + 1] == '\n' ? 2 : 1;
        failed = pieces_add_steal(&p, slice_of(self, start, keep ? i : end)) < 0;
    }
    return pieces_list(&p, failed);
}

/* (head, separator, tail). Not found: self and two empty ones. */
static PyObject *partition(PyObject *self, PyObject *sep, bool backwards)
{
    Py_buffer view;
    PyObject *head = NULL, *middle = NULL, *tail = NULL, *res = NULL;
    if (PyObject_GetBuffer(sep, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    if (view.len == 0) {
        PyErr_SetString(PyExc_ValueError, "empty separator");
        goto done;
    }
    Py_ssize_t n = byteslike_size(self);
    const char *s = byteslike_data(self);
    Py_ssize_t at = backwards ? bytes_rfind_in(s, n, view.buf, view.len)
                              : bytes_find_in(s, n, view.buf, view.len);
    if (at < 0) {
        /* even of a subclass */
        PyObject *whole = PyBytes_Check(self) ? Py_NewRef(self) : byteslike_same(self);
        head = backwards ? byteslike_new(self, NULL, 0) : whole;
        middle = byteslike_new(self, NULL, 0);
        tail = backwards ? whole : byteslike_new(self, NULL, 0);
    } else {
        head = byteslike_new(self, s, at);
        /* sep itself */
        middle = PyBytes_Check(self) ? Py_NewRef(view.obj)
                                     : byteslike_new(self, view.buf, view.len);
        tail = byteslike_new(self, s + at + view.len, n - at - view.len);
    }
    if (head && middle && tail)
        res = PyTuple_Pack(3, head, middle, tail);
done:
    Py_XDECREF(head);
    Py_XDECREF(middle);
    Py_XDECREF(tail);
    PyBuffer_Release(&view);
    return res;
}

PyObject *byteslike_partition(PyObject *self, PyObject *sep)
{
    return partition(self, sep, false);
}

PyObject *byteslike_rpartition(PyObject *self, PyObject *sep)
{
    return partition(self, sep, true);
}

/* Two passes: sizes and buffers, then one copy. A single exact bytes item is returned as it is. */
PyObject *byteslike_join(PyObject *sep, PyObject *iterable)
{
    PyObject *seq = PySequence_Fast(iterable, "can only join an iterable"), *res = NULL;
    if (!seq)
        return NULL;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(seq), got = 0, total = 0,
               sep_n = byteslike_size(sep);
    if (count == 1 && PyBytes_Check(sep) && PyBytes_CheckExact(PySequence_Fast_GET_ITEM(seq, 0))) {
        res = Py_NewRef(PySequence_Fast_GET_ITEM(seq, 0));
        Py_DECREF(seq);
        return res;
    }
    Py_buffer stack[16], *views = count <= 16 ? stack : PyMem_New(Py_buffer, (size_t)count);
    if (!views) {
        PyErr_NoMemory();
        goto done;
    }
    for (; got < count; got++) {
        PyObject *item = PySequence_Fast_GET_ITEM(seq, got);
        if (PyBytes_CheckExact(item)) {
            views[got].obj = Py_NewRef(item);
            views[got].buf = PyBytes_AS_STRING(item);
            views[got].len = PyBytes_GET_SIZE(item);
        } else {
            Py_INCREF(item);
            int rc = PyObject_GetBuffer(item, &views[got], PyBUF_SIMPLE);
            if (rc < 0)
                PyErr_Format(PyExc_TypeError,
                             "sequence item %zd: expected a bytes-like object, %.80s found", got,
                             Py_TYPE(item)->tp_name);
            Py_DECREF(item);
            if (rc < 0)
                goto done;
        }
        if (views[got].len > PY_SSIZE_T_MAX - total - (got ? sep_n : 0)) {
            got++;
            PyErr_SetString(PyExc_OverflowError, "join() result is too long");
            goto done;
        }
        total += views[got].len + (got ? sep_n : 0);
        if (count != PySequence_Fast_GET_SIZE(seq)) {
            got++;
            PyErr_SetString(PyExc_RuntimeError, "sequence changed size during iteration");
            goto done;
        }
    }
    if (!(res = byteslike_new(sep, NULL, total)))
        goto done;
    char *out = byteslike_buffer(res);
    for (Py_ssize_t i = 0; i < count; i++) {
        if (i && sep_n) {
            memcpy(out, byteslike_data(sep), (size_t)sep_n);
            out += sep_n;
        }
        memcpy(out, views[i].buf, (size_t)views[i].len);
        out += views[i].len;
    }
done:
    for (Py_ssize_t i = 0; i < got; i++) {
        if (PyBytes_CheckExact(views[i].obj))
            Py_DECREF(views[i].obj);
        else
            PyBuffer_Release(&views[i]);
    }
    if (views != stack)
        PyMem_Free(views);
    Py_DECREF(seq);
    return res;
}
