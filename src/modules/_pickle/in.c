/* SPDX-License-Identifier: MIT
 *
 * Input of an unpickler: one buffer held at a time, either all there is (loads) or what the file
 * gave last.
 *
 *   view: | consumed … fetched … | next … unread … | end
 *
 * A file with peek() shows bytes ahead of its position: `fetched` is the place in the buffer where
 * that position is. Before the file is asked for more, and at the end, read() moves it up to `next`
 * (skip_consumed), so that it stands exactly behind the pickle.
 */
#include "modules/_pickle/pickle_impl.h"

int unpickle_truncated(Unpickler *u)
{
    PyErr_SetString(u->state->UnpicklingError, "pickle data was truncated");
    return -1;
}

Py_ssize_t unpickle_set_input(Unpickler *u, PyObject *data)
{
    Py_buffer fresh;
    if (PyObject_GetBuffer(data, &fresh, PyBUF_CONTIG_RO) < 0)
        return -1;
    Py_buffer old = u->view;
    u->view = fresh;
    u->next = fresh.buf;
    u->end = u->next + fresh.len;
    u->fetched = u->end;
    if (old.buf)
        PyBuffer_Release(&old);
    return fresh.len;
}

/* method(n), or method() for n < 0, with the method held. */
static PyObject *call_file(PyObject *method, Py_ssize_t n)
{
    PyObject *result = NULL, *size;
    Py_INCREF(method);
    if (n < 0)
        result = PyObject_CallNoArgs(method);
    else if ((size = PyLong_FromSsize_t(n))) {
        result = PyObject_CallOneArg(method, size);
        Py_DECREF(size);
    }
    Py_DECREF(method);
    return result;
}

int unpickle_skip_consumed(Unpickler *u)
{
    Py_ssize_t consumed = u->next - u->fetched;
    if (consumed <= 0)
        return 0;
    PyObject *result = call_file(u->read, consumed);
    if (!result)
        return -1;
    Py_DECREF(result);
    u->fetched = u->next;
    return 0;
}

/* The buffer becomes what peek() shows; its length, 0 when there is no peek(), -1 with an
 * exception. */
static Py_ssize_t prefetch(Unpickler *u)
{
    if (!u->peek)
        return 0;
    PyObject *data = call_file(u->peek, PICKLE_PREFETCH);
    if (!data) {
        if (!PyErr_ExceptionMatches(PyExc_NotImplementedError))
            return -1;
        PyErr_Clear();
        Py_CLEAR(u->peek);
        return 0;
    }
    Py_ssize_t n = unpickle_set_input(u, data);
    Py_DECREF(data);
    if (n >= 0)
        u->fetched = u->next;
    return n;
}

/* The buffer becomes n bytes or more from the file, or (n < 0) its next line; the length. */
static Py_ssize_t fetch(Unpickler *u, Py_ssize_t n)
{
    if (unpickle_skip_consumed(u) < 0)
        return -1;
    if (n >= 0 && n < PICKLE_PREFETCH) {
        Py_ssize_t shown = prefetch(u);
        if (shown < 0 || (shown >= n && u->peek))
            return shown;
    }
    PyObject *data = call_file(n < 0 ? u->readline : u->read, n);
    if (!data)
        return -1;
    Py_ssize_t size = unpickle_set_input(u, data);
    Py_DECREF(data);
    return size;
}

int unpickle_in_slow(Unpickler *u, const char **at, Py_ssize_t n)
{
    if (u->next - (const char *)u->view.buf > PY_SSIZE_T_MAX - n) {
        PyErr_SetString(u->state->UnpicklingError, "read would overflow (invalid bytecode)");
        return -1;
    }
    if (!u->read)
        return unpickle_truncated(u);
    Py_ssize_t size = fetch(u, n);
    if (size < 0)
        return -1;
    if (size < n)
        return unpickle_truncated(u);
    *at = u->next;
    u->next += n;
    return 0;
}

/* -- Straight into memory -------------------------------------------------------------------- */

static int copy_from_read(Unpickler *u, char *to, Py_ssize_t n)
{
    PyObject *data = call_file(u->read, n);
    int rc = -1;
    if (!data)
        return -1;
    if (!PyBytes_Check(data))
        PyErr_Format(PyExc_ValueError, "read() returned non-bytes object (%R)", Py_TYPE(data));
    else if (PyBytes_GET_SIZE(data) < n)
        unpickle_truncated(u);
    else {
        memcpy(to, PyBytes_AS_STRING(data), (size_t)n);
        rc = 0;
    }
    Py_DECREF(data);
    return rc;
}

/* Straight into the object's memory (protocol 5 buffers, long bytes). The method is held: the call
   may replace it. */
static int copy_from_readinto(Unpickler *u, char *to, Py_ssize_t n)
{
    PyObject *view = PyMemoryView_FromMemory(to, n, PyBUF_WRITE), *readinto, *result;
    if (!view)
        return -1;
    readinto = Py_NewRef(u->readinto);
    result = PyObject_CallOneArg(readinto, view);
    Py_DECREF(readinto);
    Py_DECREF(view);
    if (!result)
        return -1;
    Py_ssize_t size = PyLong_AsSsize_t(result);
    Py_DECREF(result);
    if (size < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "readinto() returned negative size");
        return -1;
    }
    return size < n ? unpickle_truncated(u) : 0;
}

int unpickle_in_copy(Unpickler *u, char *to, Py_ssize_t n)
{
    Py_ssize_t have = Py_MIN(n, u->end - u->next);
    if (have > 0) {
        memcpy(to, u->next, (size_t)have);
        u->next += have;
        to += have;
        n -= have;
    }
    if (n <= 0)
        return 0;
    if (!u->read)
        return unpickle_truncated(u);
    if (unpickle_skip_consumed(u) < 0)
        return -1;
    return u->readinto ? copy_from_readinto(u, to, n) : copy_from_read(u, to, n);
}

/* -- Lines ----------------------------------------------------------------------------------- */

/* A line of our own, NUL-terminated: number parsers need the end. */
static Py_ssize_t copy_line(Unpickler *u, const char *from, Py_ssize_t n, char **line)
{
    char *copy = PyMem_Realloc(u->line, (size_t)n + 1);
    if (!copy) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(copy, from, (size_t)n);
    copy[n] = '\0';
    u->line = *line = copy;
    return n;
}

/* A line may end beyond the buffer: then the file reads it, which must give a whole one. */
Py_ssize_t unpickle_in_line(Unpickler *u, char **line)
{
    const char *from = u->next,
               *newline = u->end > from ? memchr(from, '\n', (size_t)(u->end - from)) : NULL;
    if (newline) {
        u->next = newline + 1;
        return copy_line(u, from, u->next - from, line);
    }
    if (!u->read)
        return unpickle_truncated(u);
    Py_ssize_t n = fetch(u, -1);
    if (n < 0)
        return -1;
    if (n == 0 || u->end[-1] != '\n')
        return unpickle_truncated(u);
    from = u->next;
    u->next = u->end;
    return copy_line(u, from, n, line);
}
