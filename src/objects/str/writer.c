/* SPDX-License-Identifier: MIT
 *
 * _PyUnicodeWriter: builds a string whose length and width are not known beforehand (layout public
 * in cpython/unicodeobject.h). The buffer is a str of the widest class seen; it is widened by
 * copying and lengthened by a quarter more when 'overallocate' is set. The first string written may
 * become the buffer itself ("readonly"), so that a result equal to one input costs no copy.
 */
#include "str_impl.h"

static void writer_sync(_PyUnicodeWriter *w)
{
    w->maxchar = str_max_class(w->buffer);
    w->data = str_data(w->buffer);
    if (w->readonly) {
        w->kind = PyUnicode_WCHAR_KIND; /* any PrepareKind must copy */
        w->size = 0;
    }
    else {
        w->kind = str_kind(w->buffer);
        w->size = str_len(w->buffer);
    }
}

void _PyUnicodeWriter_Init(_PyUnicodeWriter *w)
{
    memset(w, 0, sizeof *w);
    w->min_char = 127;
}

static int writer_replace_buffer(_PyUnicodeWriter *w, Py_ssize_t size, Py_UCS4 max)
{
    PyObject *buffer = PyUnicode_New(size, max);
    if (!buffer)
        return -1;
    if (w->buffer)
        _PyUnicode_FastCopyCharacters(buffer, 0, w->buffer, 0, w->pos);
    w->readonly = 0;
    Py_XSETREF(w->buffer, buffer);
    return 0;
}

/* The slow half of Prepare: more room, or a wider kind. */
int _PyUnicodeWriter_PrepareInternal(_PyUnicodeWriter *w, Py_ssize_t length, Py_UCS4 max)
{
    if (length > PY_SSIZE_T_MAX - w->pos) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t need = w->pos + length;
    max = Py_MAX(max, w->min_char);
    if (w->overallocate && need <= PY_SSIZE_T_MAX - need / 4 && (!w->buffer || need > w->size))
        need += need / 4;
    need = Py_MAX(need, w->min_length);
    if (!w->buffer) {
        w->buffer = PyUnicode_New(need, max);
        if (!w->buffer)
            return -1;
    }
    else if (need > w->size || w->readonly) {
        if (max > w->maxchar || w->readonly) {
            if (writer_replace_buffer(w, Py_MAX(need, w->size), Py_MAX(max, w->maxchar)) < 0)
                return -1;
        }
        else {
            PyObject *grown = str_resize_compact(w->buffer, need);
            if (!grown)
                return -1;
            w->buffer = grown;
        }
    }
    else if (max > w->maxchar) {
        if (writer_replace_buffer(w, w->size, max) < 0)
            return -1;
    }
    writer_sync(w);
    return 0;
}

int _PyUnicodeWriter_PrepareKindInternal(_PyUnicodeWriter *w, enum PyUnicode_Kind kind)
{
    Py_UCS4 max = kind == PyUnicode_1BYTE_KIND   ? 0xff
                  : kind == PyUnicode_2BYTE_KIND ? 0xffff
                                                 : MAX_UNICODE;
    return _PyUnicodeWriter_PrepareInternal(w, 0, max);
}

int _PyUnicodeWriter_WriteChar(_PyUnicodeWriter *w, Py_UCS4 c)
{
    return writer_char(w, c);
}

int writer_fill(_PyUnicodeWriter *w, Py_UCS4 c, Py_ssize_t n)
{
    if (n <= 0)
        return 0;
    if (_PyUnicodeWriter_Prepare(w, n, c) < 0)
        return -1;
    run_fill(w->kind, run_at(w->kind, w->data, w->pos), c, n);
    w->pos += n;
    return 0;
}

int writer_run(_PyUnicodeWriter *w, int kind, const void *data, Py_ssize_t n)
{
    if (n == 0)
        return 0;
    Py_UCS4 max = run_max(kind, data, n);
    if (_PyUnicodeWriter_Prepare(w, n, max) < 0)
        return -1;
    run_copy(w->kind, run_at(w->kind, w->data, w->pos), kind, data, n);
    w->pos += n;
    return 0;
}

/* The first string of a writer that is not to grow is kept as it is (readonly): one part costs no
   copy. */
int _PyUnicodeWriter_WriteStr(_PyUnicodeWriter *w, PyObject *s)
{
    if (PyUnicode_READY(s) < 0)
        return -1;
    Py_ssize_t n = str_len(s);
    if (n == 0)
        return 0;
    Py_UCS4 max = str_max_class(s);
    if (max > w->maxchar || n > w->size - w->pos) {
        if (!w->buffer && !w->overallocate) { /* even an instance of a subclass, as in 3.11 */
            w->readonly = 1;
            w->buffer = Py_NewRef(s);
            writer_sync(w);
            w->pos += n;
            return 0;
        }
        if (_PyUnicodeWriter_PrepareInternal(w, n, max) < 0)
            return -1;
    }
    run_copy(w->kind, run_at(w->kind, w->data, w->pos), str_kind(s), str_data(s), n);
    w->pos += n;
    return 0;
}

/* str[start:end], bounds within. */
int _PyUnicodeWriter_WriteSubstring(_PyUnicodeWriter *w, PyObject *s, Py_ssize_t start,
                                    Py_ssize_t end)
{
    if (PyUnicode_READY(s) < 0)
        return -1;
    if (end == start)
        return 0;
    if (start == 0 && end == str_len(s))
        return _PyUnicodeWriter_WriteStr(w, s);
    Py_ssize_t n = end - start;
    const void *from = run_at(str_kind(s), str_data(s), start);
    Py_UCS4 max = str_max_class(s) > w->maxchar ? run_max(str_kind(s), from, n) : w->maxchar;
    if (_PyUnicodeWriter_Prepare(w, n, max) < 0)
        return -1;
    run_copy(w->kind, run_at(w->kind, w->data, w->pos), str_kind(s), from, n);
    w->pos += n;
    return 0;
}

/* len -1: up to the NUL. */
int _PyUnicodeWriter_WriteASCIIString(_PyUnicodeWriter *w, const char *text, Py_ssize_t n)
{
    if (n == -1)
        n = (Py_ssize_t)strlen(text);
    if (!w->buffer && !w->overallocate) {
        PyObject *s = _PyUnicode_FromASCII(text, n);
        if (!s)
            return -1;
        w->readonly = 1;
        w->buffer = s;
        writer_sync(w);
        w->pos += n;
        return 0;
    }
    if (_PyUnicodeWriter_Prepare(w, n, 127) < 0)
        return -1;
    if (n)
        run_copy(w->kind, run_at(w->kind, w->data, w->pos), 1, text, n);
    w->pos += n;
    return 0;
}

int _PyUnicodeWriter_WriteLatin1String(_PyUnicodeWriter *w, const char *text, Py_ssize_t n)
{
    return writer_run(w, 1, text, n);
}

/* The writer is empty afterwards. */
PyObject *_PyUnicodeWriter_Finish(_PyUnicodeWriter *w)
{
    if (w->pos == 0) {
        Py_CLEAR(w->buffer);
        return str_empty_get();
    }
    PyObject *s = w->buffer;
    w->buffer = NULL;
    if (w->readonly)
        return s;
    if (str_len(s) != w->pos) {
        PyObject *shrunk = str_resize_compact(s, w->pos);
        if (!shrunk) {
            Py_DECREF(s);
            return NULL;
        }
        s = shrunk;
    }
    return str_share_short_steal(s);
}

void _PyUnicodeWriter_Dealloc(_PyUnicodeWriter *w)
{
    Py_CLEAR(w->buffer);
}
