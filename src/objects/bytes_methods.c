/* SPDX-License-Identifier: MIT
 *
 * Shared methods of bytes and bytearray.
 *
 * A bytearray can be resized by code that an argument's conversion runs, so data pointers are taken
 * after all arguments are converted. Searching is the str type's (objects/str/search_kind.h).
 */
#define _GNU_SOURCE
#include "objects/block.h"
#include "objects/pieces.h"
#include "objects/bytes_methods.h"
#include "objects/contain.h"
#include "objects/str/str.h"

#include <string.h>

/* -- Making results -------------------------------------------------------------------------- */

/* n bytes of the kind that self is: bytes or bytearray, never a subclass. data NULL: not set. */
PyObject *byteslike_new(PyObject *self, const char *data, Py_ssize_t n)
{
    return PyBytes_Check(self) ? PyBytes_FromStringAndSize(data, n)
                               : PyByteArray_FromStringAndSize(data, n);
}

/* What "unchanged" means: an exact bytes itself, else a copy. */
PyObject *byteslike_same(PyObject *self)
{
    return PyBytes_CheckExact(self)
               ? Py_NewRef(self)
               : byteslike_new(self, byteslike_data(self), byteslike_size(self));
}

/* self[start:end], bounds within. */
static PyObject *slice_of(PyObject *self, Py_ssize_t start, Py_ssize_t end)
{
    if (start == 0 && end == byteslike_size(self) && PyBytes_CheckExact(self))
        return Py_NewRef(self);
    return byteslike_new(self, byteslike_data(self) + start, end - start);
}

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
static Py_ssize_t count_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m,
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

static PyObject *byteslike_find(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "find", false), false);
}

static PyObject *byteslike_rfind(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "rfind", true), false);
}

static PyObject *byteslike_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "index", false), true);
}

static PyObject *byteslike_rindex(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return position(search(self, args, nargs, "rindex", true), true);
}

static PyObject *byteslike_count(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *sub;
    Py_ssize_t start, end, n = 0;
    Needle needle;
    if (str_parse_find_args("count", args, nargs, &sub, &start, &end) < 0
        || needle_get(&needle, sub) < 0)
        return NULL;
    clip(&start, &end, byteslike_size(self));
    if (end >= start && start <= byteslike_size(self))
        n = count_in(byteslike_data(self) + start, end - start, needle.data, needle.n,
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

static PyObject *byteslike_startswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return match_any(self, args, nargs, "startswith", false);
}

static PyObject *byteslike_endswith(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
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

static PyObject *byteslike_removeprefix(PyObject *self, PyObject *prefix)
{
    return remove_part(self, prefix, false);
}

static PyObject *byteslike_removesuffix(PyObject *self, PyObject *suffix)
{
    return remove_part(self, suffix, true);
}

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

static PyObject *byteslike_split(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("|On:split", "sep", "maxsplit");
    PyObject *sep = nargs == 1 ? args[0] : Py_None;
    Py_ssize_t max = -1;
    return (nargs <= 1 && !kwnames) || PARSE(&sep, &max) ? split(self, sep, max, false) : NULL;
}

static PyObject *byteslike_rsplit(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                  PyObject *kwnames)
{
    ARGS("|On:rsplit", "sep", "maxsplit");
    PyObject *sep = Py_None;
    Py_ssize_t max = -1;
    return PARSE(&sep, &max) ? split(self, sep, max, true) : NULL;
}

static PyObject *byteslike_splitlines(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
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

static PyObject *byteslike_partition(PyObject *self, PyObject *sep)
{
    return partition(self, sep, false);
}

static PyObject *byteslike_rpartition(PyObject *self, PyObject *sep)
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

/* -- Strip ----------------------------------------------------------------------------------- */

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static PyObject *strip_spaces(PyObject *self, int sides)
{
    const char *s = byteslike_data(self);
    Py_ssize_t i = 0, j = byteslike_size(self);
    if (sides & STRIP_LEFT)
        while (i < j && Py_ISSPACE(s[i]))
            i++;
    if (sides & STRIP_RIGHT)
        while (j > i && Py_ISSPACE(s[j - 1]))
            j--;
    return slice_of(self, i, j);
}

/* `sides`: STRIP_LEFT, STRIP_RIGHT. The set of bytes is a bit map. */
static PyObject *strip(PyObject *self, PyObject *const *args, Py_ssize_t nargs, const char *name,
                       int sides)
{
    if (nargs > 1 && !_PyArg_CheckPositional(name, nargs, 0, 1))
        return NULL;
    if (nargs == 0 || args[0] == Py_None)
        return strip_spaces(self, sides);
    Py_buffer view;
    uint64_t set[4] = { 0 };
    if (PyObject_GetBuffer(args[0], &view, PyBUF_SIMPLE) < 0)
        return NULL;
    for (Py_ssize_t i = 0; i < view.len; i++) {
        unsigned char c = ((unsigned char *)view.buf)[i];
        set[c >> 6] |= UINT64_C(1) << (c & 63);
    }
    PyBuffer_Release(&view);
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    Py_ssize_t i = 0, j = byteslike_size(self);
    if (sides & STRIP_LEFT)
        while (i < j && set[s[i] >> 6] >> (s[i] & 63) & 1)
            i++;
    if (sides & STRIP_RIGHT)
        while (j > i && set[s[j - 1] >> 6] >> (s[j - 1] & 63) & 1)
            j--;
    return slice_of(self, i, j);
}

static PyObject *byteslike_strip(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return strip(self, args, nargs, "strip", STRIP_LEFT | STRIP_RIGHT);
}

static PyObject *byteslike_lstrip(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return strip(self, args, nargs, "lstrip", STRIP_LEFT);
}

static PyObject *byteslike_rstrip(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return strip(self, args, nargs, "rstrip", STRIP_RIGHT);
}

/* -- Replace, translate ---------------------------------------------------------------------- */

/* At most `max` (< 0: all). Counts first, so the result is allocated once. */
static PyObject *replace(PyObject *self, const char *old, Py_ssize_t m, const char *new,
                         Py_ssize_t k, Py_ssize_t max)
{
    const char *s = byteslike_data(self);
    Py_ssize_t n = byteslike_size(self), at;
    if (max < 0)
        max = PY_SSIZE_T_MAX;
    Py_ssize_t count = max && (n || m == 0) ? count_in(s, n, old, m, max) : 0;
    if (count == 0)
        return byteslike_same(self);
    if (k > m && (k - m) > (PY_SSIZE_T_MAX - n) / count) {
        PyErr_SetString(PyExc_OverflowError, "replace bytes is too long");
        return NULL;
    }
    PyObject *res = byteslike_new(self, NULL, n + count * (k - m));
    if (!res)
        return NULL;
    char *out = byteslike_buffer(res);
    if (m == 0) {
        /* Between all bytes and at both ends. */
        for (Py_ssize_t i = 0; i < n || count > 0; i++) {
            if (count-- > 0) {
                memcpy(out, new, (size_t)k);
                out += k;
            }
            if (i < n)
                *out++ = s[i];
            else
                break;
        }
        return res;
    }
    if (m == 1 && k == 1 && max >= n) {
        copy_mapped(out, s, n, *old, *new);
        return res;
    }
    if (m == 1 && k == 1) {
        memcpy(out, s, (size_t)n);
        const char *end = out + n;
        for (; count > 0 && (out = (char *)near_char(out, end, *old)); count--)
            *out++ = *new;
        return res;
    }
    for (; count > 0 && (at = bytes_find_in(s, n, old, m)) >= 0; count--) {
        memcpy(out, s, (size_t)at);
        memcpy(out + at, new, (size_t)k);
        out += at + k;
        s += at + m;
        n -= at + m;
    }
    memcpy(out, s, (size_t)n);
    return res;
}

static PyObject *byteslike_replace(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer old = { NULL }, new = { NULL };
    Py_ssize_t max = -1;
    if (LIKELY(nargs == 2 && PyBytes_CheckExact(args[0]) && PyBytes_CheckExact(args[1])))
        return replace(self, PyBytes_AS_STRING(args[0]), Py_SIZE(args[0]),
                       PyBytes_AS_STRING(args[1]), Py_SIZE(args[1]), max);
    if (!_PyArg_CheckPositional("replace", nargs, 2, 3)
        || !PARSEP("y*y*|n:replace", &old, &new, &max)) {
        PyBuffer_Release(&old);
        PyBuffer_Release(&new);
        return NULL;
    }
    PyObject *res = replace(self, old.buf, old.len, new.buf, new.len, max);
    PyBuffer_Release(&old);
    PyBuffer_Release(&new);
    return res;
}

/* Deleted bytes go before the table is looked at. */
static PyObject *byteslike_translate(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                     PyObject *kwnames)
{
    ARGS("O|O:translate", "", "delete");
    PyObject *table_object, *delete_object = NULL, *res = NULL;
    Py_buffer table = { NULL }, deleted = { NULL };
    unsigned char same[256];
    const unsigned char *map = same;
    bool drop[256];
    if (!PARSE(&table_object, &delete_object))
        return NULL;
    if (table_object != Py_None) {
        if (PyObject_GetBuffer(table_object, &table, PyBUF_SIMPLE) < 0)
            return NULL;
        if (table.len != 256) {
            PyErr_SetString(PyExc_ValueError, "translation table must be 256 characters long");
            goto done;
        }
    }
    if (delete_object && PyObject_GetBuffer(delete_object, &deleted, PyBUF_SIMPLE) < 0)
        goto done;
    if (table.obj)
        map = table.buf;
    else
        for (int c = 0; c < 256; c++)
            same[c] = (unsigned char)c;
    if (deleted.len)
        memset(drop, 0, sizeof drop);
    for (Py_ssize_t i = 0; i < deleted.len; i++)
        drop[((unsigned char *)deleted.buf)[i]] = true;
    Py_ssize_t n = byteslike_size(self), o = 0;
    if (!(res = byteslike_new(self, NULL, n)))
        goto done;
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    unsigned char *out = (unsigned char *)byteslike_buffer(res);
    bool changed = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = s[i];
        if (deleted.len && drop[c])
            continue;
        out[o++] = map[c];
        changed |= map[c] != c;
    }
    if (!changed && o == n && PyBytes_CheckExact(self))
        Py_SETREF(res, Py_NewRef(self));
    else if (o < n)
        Py_SETREF(res, byteslike_new(self, byteslike_data(res), o));
done:
    PyBuffer_Release(&table);
    PyBuffer_Release(&deleted);
    return res;
}

/* The 256 bytes of translate()'s table. */
PyObject *byteslike_maketrans(PyObject *unused, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer from = { NULL }, to = { NULL };
    PyObject *res = NULL;
    if (!PARSEP("y*y*:maketrans", &from, &to))
        return NULL;
    if (from.len != to.len) {
        PyErr_SetString(PyExc_ValueError, "maketrans arguments must have same length");
    } else if ((res = PyBytes_FromStringAndSize(NULL, 256))) {
        unsigned char *out = (unsigned char *)PyBytes_AS_STRING(res);
        for (int c = 0; c < 256; c++)
            out[c] = (unsigned char)c;
        for (Py_ssize_t i = 0; i < from.len; i++)
            out[((unsigned char *)from.buf)[i]] = ((unsigned char *)to.buf)[i];
    }
    PyBuffer_Release(&from);
    PyBuffer_Release(&to);
    return res;
}

/* -- Case, classes --------------------------------------------------------------------------- */

static inline __attribute__((always_inline)) PyObject *map_bytes(PyObject *self,
                                                                 int (*f)(int, bool *))
{
    Py_ssize_t n = byteslike_size(self);
    PyObject *res = byteslike_new(self, NULL, n);
    bool in_word = false;
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    char *out = res ? byteslike_buffer(res) : NULL;
    for (Py_ssize_t i = 0; res && i < n; i++)
        out[i] = (char)f(s[i], &in_word);
    return res;
}

static inline int to_lower(int c, bool *w) { return Py_TOLOWER(c); }
static inline int to_upper(int c, bool *w) { return Py_TOUPPER(c); }
static inline int to_swapped(int c, bool *w)
{
    return Py_ISLOWER(c) ? Py_TOUPPER(c) : Py_TOLOWER(c);
}

static inline int to_capitalized(int c, bool *started)
{
    bool first = !*started;
    *started = true;
    return first ? Py_TOUPPER(c) : Py_TOLOWER(c);
}
static inline int to_title(int c, bool *in_word)
{
    int r = !Py_ISALPHA(c) ? c : *in_word ? Py_TOLOWER(c) : Py_TOUPPER(c);
    *in_word = Py_ISALPHA(c);
    return r;
}
static PyObject *byteslike_lower(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_lower);
}

static PyObject *byteslike_upper(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_upper);
}

static PyObject *byteslike_swapcase(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_swapped);
}

static PyObject *byteslike_capitalize(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_capitalized);
}

static PyObject *byteslike_title(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_title);
}

/* True when there are bytes and all have the property. */
static PyObject *all_have(PyObject *self, unsigned flag)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    Py_ssize_t n = byteslike_size(self);
    for (Py_ssize_t i = 0; i < n; i++)
        if (!(_Py_ctype_table[s[i]] & flag))
            Py_RETURN_FALSE;
    return PyBool_FromLong(n > 0);
}
static PyObject *byteslike_isalpha(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_ALPHA);
}

static PyObject *byteslike_isdigit(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_DIGIT);
}

static PyObject *byteslike_isalnum(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_ALNUM);
}

static PyObject *byteslike_isspace(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_SPACE);
}

static PyObject *byteslike_isascii(PyObject *self, PyObject *unused)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    for (Py_ssize_t i = 0, n = byteslike_size(self); i < n; i++)
        if (s[i] > 127)
            Py_RETURN_FALSE;
    Py_RETURN_TRUE;
}

/* At least one byte of the wanted case and none of the other. */
static PyObject *all_case(PyObject *self, unsigned wanted, unsigned other)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    bool found = false;
    for (Py_ssize_t i = 0, n = byteslike_size(self); i < n; i++) {
        if (_Py_ctype_table[s[i]] & other)
            Py_RETURN_FALSE;
        found |= (_Py_ctype_table[s[i]] & wanted) != 0;
    }
    return PyBool_FromLong(found);
}
static PyObject *byteslike_islower(PyObject *self, PyObject *unused)
{
    return all_case(self, PY_CTF_LOWER, PY_CTF_UPPER);
}

static PyObject *byteslike_isupper(PyObject *self, PyObject *unused)
{
    return all_case(self, PY_CTF_UPPER, PY_CTF_LOWER);
}

static PyObject *byteslike_istitle(PyObject *self, PyObject *unused)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    bool cased = false, previous = false;
    for (Py_ssize_t i = 0, n = byteslike_size(self); i < n; i++) {
        if (Py_ISUPPER(s[i]) ? previous : Py_ISLOWER(s[i]) && !previous)
            Py_RETURN_FALSE;
        previous = Py_ISALPHA(s[i]);
        cased |= previous;
    }
    return PyBool_FromLong(cased);
}

/* -- Padding --------------------------------------------------------------------------------- */

/* left and right fill bytes around; a copy when both are 0 or less. */
static PyObject *pad(PyObject *self, Py_ssize_t left, Py_ssize_t right, char fill)
{
    if (left < 0)
        left = 0;
    if (right < 0)
        right = 0;
    if (left == 0 && right == 0)
        return byteslike_same(self);
    Py_ssize_t n = byteslike_size(self);
    PyObject *res = byteslike_new(self, NULL, left + n + right);
    if (res) {
        char *out = byteslike_buffer(res);
        memset(out, fill, (size_t)left);
        memcpy(out + left, byteslike_data(self), (size_t)n);
        memset(out + left + n, fill, (size_t)right);
    }
    return res;
}

static PyObject *byteslike_ljust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t width;
    char fill = ' ';
    return PARSEP("n|c:ljust", &width, &fill) ? pad(self, 0, width - byteslike_size(self), fill)
                                              : NULL;
}

static PyObject *byteslike_rjust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t width;
    char fill = ' ';
    return PARSEP("n|c:rjust", &width, &fill) ? pad(self, width - byteslike_size(self), 0, fill)
                                              : NULL;
}

static PyObject *byteslike_center(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t width;
    char fill = ' ';
    if (!PARSEP("n|c:center", &width, &fill))
        return NULL;
    Py_ssize_t space = width - byteslike_size(self), left = space / 2 + (space & width & 1);
    return space <= 0 ? byteslike_same(self) : pad(self, left, space - left, fill);
}

static PyObject *byteslike_zfill(PyObject *self, PyObject *arg)
{
    PyObject *index = _PyNumber_Index(arg);
    Py_ssize_t width = index ? PyLong_AsSsize_t(index) : -1, n = byteslike_size(self);
    Py_XDECREF(index);
    if (width == -1 && PyErr_Occurred())
        return NULL;
    PyObject *res = width <= n ? byteslike_same(self) : pad(self, width - n, 0, '0');
    if (res && width > n && n) {
        char *s = byteslike_buffer(res);
        if (s[width - n] == '+' || s[width - n] == '-') {
            s[0] = s[width - n];
            s[width - n] = '0';
        }
    }
    return res;
}

/* Two walks: the size, which may overflow, then the copy. Columns start anew at each line end. */
static PyObject *byteslike_expandtabs(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                      PyObject *kwnames)
{
    ARGS("|i:expandtabs", "tabsize");
    int tab = 8;
    if (!PARSE(&tab))
        return NULL;
    const char *s = byteslike_data(self);
    Py_ssize_t n = byteslike_size(self), total = 0, column = 0;
    PyObject *res = NULL;
    /* Two passes: measure, write. */
    for (int pass = 0; pass < 2; pass++) {
        char *out = NULL;
        if (pass) {
            if (!(res = byteslike_new(self, NULL, total)))
                return NULL;
            out = byteslike_buffer(res);
        }
        column = 0;
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_ssize_t width = s[i] != '\t' ? 1 : tab > 0 ? tab - column % tab : 0;
            if (!pass && total > PY_SSIZE_T_MAX - width) {
                PyErr_SetString(PyExc_OverflowError, "result too long");
                return NULL;
            }
            if (!pass)
                total += width;
            else if (s[i] == '\t')
                out = (char *)memset(out, ' ', (size_t)width) + width;
            else
                *out++ = s[i];
            column = s[i] == '\n' || s[i] == '\r' ? 0 : column + width;
        }
    }
    return res;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *byteslike_decode(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                  PyObject *kwnames)
{
    ARGS("|ss:decode", "encoding", "errors");
    const char *encoding = NULL, *errors = NULL;
    if (nargs && !PyUnicode_Check(args[0])) {
        _PyArg_BadArgument("decode", "argument 'encoding'", "str", args[0]);
        return NULL;
    }
    if (nargs == 1 && !kwnames && PyUnicode_CheckExact(args[0])
        && PyUnicode_IS_COMPACT_ASCII(args[0])) {
        encoding = (const char *)PyUnicode_1BYTE_DATA(args[0]);
        if (strlen(encoding) != (size_t)PyUnicode_GET_LENGTH(args[0]))
            encoding = NULL;
    }
    return encoding || (nargs == 0 && !kwnames) || PARSE(&encoding, &errors)
               ? PyUnicode_FromEncodedObject(self, encoding, errors)
               : NULL;
}

extern EXPORT PyObject *_Py_strhex_with_sep(const char *data, const Py_ssize_t n, PyObject *sep,
                                            const int group);

static PyObject *byteslike_hex(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("|Oi:hex", "sep", "bytes_per_sep");
    PyObject *sep = NULL;
    int group = 1;
    return PARSE(&sep, &group)
               ? _Py_strhex_with_sep(byteslike_data(self), byteslike_size(self), sep, group)
               : NULL;
}

static int hex_value(Py_UCS4 c)
{
    return c >= '0' && c <= '9'   ? (int)c - '0'
           : c >= 'a' && c <= 'f' ? (int)c - 'a' + 10
           : c >= 'A' && c <= 'F' ? (int)c - 'A' + 10
                                  : -1;
}

/* Pairs of digits, white space between pairs only. */
PyObject *bytes_from_hex(PyObject *string, int use_bytearray)
{
    if (PyUnicode_READY(string) < 0)
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(string), o = 0, i = 0;
    int kind = PyUnicode_KIND(string);
    const void *s = PyUnicode_DATA(string);
    char *out = PyMem_Malloc((size_t)n / 2 + 1);
    if (!out)
        return PyErr_NoMemory();
    /* A character beyond ASCII is reported before anything else. */
    bool ascii = PyUnicode_IS_ASCII(string);
    while (!ascii && PyUnicode_READ(kind, s, i) < 128)
        i++;
    for (;;) {
        while (ascii && i < n && Py_ISSPACE(PyUnicode_READ(kind, s, i)))
            i++;
        if (i >= n)
            break;
        int high = hex_value(PyUnicode_READ(kind, s, i)), low = -1;
        if (high >= 0) {
            i++;
            low = i < n ? hex_value(PyUnicode_READ(kind, s, i)) : -1;
        }
        if (low < 0) {
            PyMem_Free(out);
            return PyErr_Format(PyExc_ValueError,
                                "non-hexadecimal number found in fromhex() arg at position %zd", i);
        }
        out[o++] = (char)(high << 4 | low);
        i++;
    }
    PyObject *res = use_bytearray ? PyByteArray_FromStringAndSize(out, o)
                                  : PyBytes_FromStringAndSize(out, o);
    PyMem_Free(out);
    return res;
}

/* Single quotes, unless there are single ones inside and no double ones, and `smartquotes`
   allows. */
PyObject *bytes_repr_of(const char *data, Py_ssize_t n, const char *prefix, const char *suffix,
                        int smartquotes)
{
    static const char digits[] = "0123456789abcdef";
    Py_ssize_t size = 0, single = 0, dbl = 0;
    const unsigned char *s = (const unsigned char *)data;
    for (Py_ssize_t i = 0; i < n; i++) {
        single += s[i] == '\'';
        dbl += s[i] == '"';
        size += s[i] == '\\' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r' ? 2
                : s[i] < ' ' || s[i] >= 0x7f                                 ? 4
                                                                             : 1;
        if (size > PY_SSIZE_T_MAX / 2) {
            PyErr_SetString(PyExc_OverflowError, "bytes object is too large to make repr");
            return NULL;
        }
    }
    char quote = smartquotes && single && !dbl ? '"' : '\'';
    if (quote == '\'' || smartquotes == 2)
        size += single;
    Py_ssize_t p = (Py_ssize_t)strlen(prefix), q = (Py_ssize_t)strlen(suffix);
    PyObject *res = PyUnicode_New(p + 3 + size + q, 127);
    if (!res)
        return NULL;
    char *out = (char *)PyUnicode_1BYTE_DATA(res);
    memcpy(out, prefix, (size_t)p);
    out += p;
    *out++ = 'b';
    *out++ = quote;
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = s[i];
        if (c == (unsigned char)quote || c == '\\' || (c == '\'' && smartquotes == 2)) {
            *out++ = '\\';
            *out++ = (char)c;
        } else if (c == '\t' || c == '\n' || c == '\r') {
            *out++ = '\\';
            *out++ = c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
        } else if (c < ' ' || c >= 0x7f) {
            *out++ = '\\';
            *out++ = 'x';
            *out++ = digits[c >> 4];
            *out++ = digits[c & 15];
        } else {
            *out++ = (char)c;
        }
    }
    *out++ = quote;
    memcpy(out, suffix, (size_t)q);
    return res;
}

/* By doubling what is there. */
PyObject *byteslike_repeat(PyObject *self, Py_ssize_t count)
{
    Py_ssize_t n = byteslike_size(self);
    if (count < 0)
        count = 0;
    if ((count == 1 || n == 0) && PyBytes_CheckExact(self))
        return Py_NewRef(self);
    if (count && n > PY_SSIZE_T_MAX / count) {
        if (PyBytes_Check(self)) {
            PyErr_SetString(PyExc_OverflowError, "repeated bytes are too long");
            return NULL;
        }
        return PyErr_NoMemory();
    }
    /* b'x' * 0 is a new object, as in 3.11, not the shared empty one. */
    PyObject *res = PyBytes_Check(self) ? bytes_alloc(n * count)
                                        : byteslike_new(self, NULL, n * count);
    if (!res || !n)
        return res;
    char *out = byteslike_buffer(res);
    Py_ssize_t total = n * count, done = n < total ? n : total;
    memcpy(out, byteslike_data(self), (size_t)done);
    while (done < total) {
        Py_ssize_t part = done < total - done ? done : total - done;
        memcpy(out + done, out, (size_t)part);
        done += part;
    }
    return res;
}

#define SHARED(name, flags, doc)                                                                   \
    { #name, (PyCFunction)(void (*)(void))byteslike_##name, flags, doc }
#define KW (METH_FASTCALL | METH_KEYWORDS)
static PyMethodDef byteslike_methods[] = {
    SHARED(capitalize, METH_NOARGS,
           "B.capitalize() -> copy of B\n\n"
           "First byte upper case, the rest lower (ASCII)."),
    SHARED(center, METH_FASTCALL,
           "center($self, width, fillchar=b' ', /)\n--\n\n"
           "Centred in width bytes."),
    SHARED(count, METH_FASTCALL,
           "B.count(sub[, start[, end]]) -> int\n\n"
           "Number of non-overlapping occurrences of sub in B[start:end]."),
    SHARED(decode, KW,
           "decode($self, /, encoding='utf-8', errors='strict')\n--\n\n"
           "Text of the bytes in an encoding."),
    SHARED(endswith, METH_FASTCALL,
           "B.endswith(suffix[, start[, end]]) -> bool\n\n"
           "True when B[start:end] ends with suffix, which may be a tuple of them."),
    SHARED(expandtabs, KW,
           "expandtabs($self, /, tabsize=8)\n--\n\n"
           "Copy with tabs replaced by spaces."),
    SHARED(find, METH_FASTCALL,
           "B.find(sub[, start[, end]]) -> int\n\n"
           "Lowest index of sub in B[start:end], -1 when there is none."),
    SHARED(hex, KW, "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\n"
        "Hexadecimal digits, with sep after every bytes_per_sep bytes counted from the right\n"
        "(from the left when negative).\n\n>>> value = b'glass'\n"
        ">>> value.hex()\n'676c617373'\n>>> value.hex(':')\n'67:6c:61:73:73'\n"
        ">>> value.hex(':', 2)\n'67:6c61:7373'\n>>> value.hex(':', -2)\n'676c:6173:73'"),
    SHARED(index, METH_FASTCALL,
           "B.index(sub[, start[, end]]) -> int\n\n"
           "Like find, but raises ValueError."),
    SHARED(isalnum, METH_NOARGS,
           "B.isalnum() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII letters or digits."),
    SHARED(isalpha, METH_NOARGS,
           "B.isalpha() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII letters."),
    SHARED(isascii, METH_NOARGS, "B.isascii() -> bool\n\nTrue when all bytes are below 128."),
    SHARED(isdigit, METH_NOARGS,
           "B.isdigit() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII digits."),
    SHARED(islower, METH_NOARGS,
           "B.islower() -> bool\n\n"
           "True when there are lower case letters and no upper case ones."),
    SHARED(isspace, METH_NOARGS,
           "B.isspace() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII white space."),
    SHARED(istitle, METH_NOARGS,
           "B.istitle() -> bool\n\n"
           "True when words start with upper case and go on in lower case."),
    SHARED(isupper, METH_NOARGS,
           "B.isupper() -> bool\n\n"
           "True when there are upper case letters and no lower case ones."),
    { "join", byteslike_join, METH_O,
      "join($self, iterable_of_bytes, /)\n--\n\n"
      "The items with this object between them." },
    SHARED(ljust, METH_FASTCALL,
           "ljust($self, width, fillchar=b' ', /)\n--\n\n"
           "Left-aligned in width bytes."),
    SHARED(lower, METH_NOARGS, "B.lower() -> copy of B\n\nWith ASCII letters in lower case."),
    SHARED(lstrip, METH_FASTCALL,
           "lstrip($self, bytes=None, /)\n--\n\n"
           "Without leading bytes of the set, white space by default."),
    { "maketrans", (PyCFunction)(void (*)(void))byteslike_maketrans, METH_FASTCALL | METH_STATIC,
      "maketrans(frm, to, /)\n--\n\n"
      "A table for translate() that maps each byte of frm to the one of to." },
    SHARED(partition, METH_O,
           "partition($self, sep, /)\n--\n\n"
           "(before, sep, after) of the first sep; (self, b'', b'') without one."),
    SHARED(replace, METH_FASTCALL,
           "replace($self, old, new, count=-1, /)\n--\n\n"
           "Copy with old replaced by new, count times at most."),
    SHARED(removeprefix, METH_O,
           "removeprefix($self, prefix, /)\n--\n\n"
           "Without the prefix when it is there."),
    SHARED(removesuffix, METH_O,
           "removesuffix($self, suffix, /)\n--\n\n"
           "Without the suffix when it is there."),
    SHARED(rfind, METH_FASTCALL,
           "B.rfind(sub[, start[, end]]) -> int\n\n"
           "Highest index of sub in B[start:end], -1 when there is none."),
    SHARED(rindex, METH_FASTCALL,
           "B.rindex(sub[, start[, end]]) -> int\n\n"
           "Like rfind, but raises ValueError."),
    SHARED(rjust, METH_FASTCALL,
           "rjust($self, width, fillchar=b' ', /)\n--\n\n"
           "Right-aligned in width bytes."),
    SHARED(rpartition, METH_O,
           "rpartition($self, sep, /)\n--\n\n"
           "(before, sep, after) of the last sep; (b'', b'', self) without one."),
    SHARED(rsplit, KW,
           "rsplit($self, /, sep=None, maxsplit=-1)\n--\n\n"
           "Parts between separators, split from the right."),
    SHARED(rstrip, METH_FASTCALL,
           "rstrip($self, bytes=None, /)\n--\n\n"
           "Without trailing bytes of the set, white space by default."),
    SHARED(split, KW,
           "split($self, /, sep=None, maxsplit=-1)\n--\n\n"
           "Parts between separators; None splits at runs of white space."),
    SHARED(splitlines, KW,
           "splitlines($self, /, keepends=False)\n--\n\n"
           "The lines, with their ends when asked."),
    SHARED(startswith, METH_FASTCALL,
           "B.startswith(prefix[, start[, end]]) -> bool\n\n"
           "True when B[start:end] starts with prefix, which may be a tuple of them."),
    SHARED(strip, METH_FASTCALL,
           "strip($self, bytes=None, /)\n--\n\n"
           "Without leading and trailing bytes of the set, white space by default."),
    SHARED(swapcase, METH_NOARGS,
           "B.swapcase() -> copy of B\n\n"
           "With the case of ASCII letters swapped."),
    SHARED(title, METH_NOARGS,
           "B.title() -> copy of B\n\n"
           "With ASCII words starting in upper case."),
    SHARED(translate, KW,
           "translate($self, table, /, delete=b'')\n--\n\n"
           "Without the bytes in delete, the others mapped by a table of 256 bytes (None: "
           "unchanged)."),
    SHARED(upper, METH_NOARGS, "B.upper() -> copy of B\n\nWith ASCII letters in upper case."),
    SHARED(zfill, METH_O,
           "zfill($self, width, /)\n--\n\n"
           "With zeros on the left to width bytes, after a sign."),
    { NULL },
};

void byteslike_methods_join(PyMethodDef *to)
{
    static_assert(COUNT_OF(byteslike_methods) <= BYTESLIKE_METHODS, "room in both tables");
    memcpy(to, byteslike_methods, sizeof byteslike_methods);
}
