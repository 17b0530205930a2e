/* SPDX-License-Identifier: MIT
 *
 * Opcodes that make data: numbers, str, bytes, buffers. The hottest ones are in load.c.
 */
#include "modules/_pickle/pickle_impl.h"
#include <errno.h>

/* -- Numbers --------------------------------------------------------------------------------- */

/* A line with at least one character before its end; -1 with an exception. */
static Py_ssize_t content_line(Unpickler *u, char **line)
{
    Py_ssize_t n = unpickle_in_line(u, line);
    return n < 0 ? -1 : n < 2 ? unpickle_truncated(u) : n;
}

int unpickle_text_int(Unpickler *u)
{
    char *line, *end;
    Py_ssize_t n = content_line(u, &line);
    if (n < 0)
        return -1;
    errno = 0;
    long value = strtol(line, &end, 0);
    if (errno == 0 && (*end == '\n' || *end == '\0')) { /* what follows a NUL does not count */
        if (n == 3 && (value == 0 || value == 1)) /* "00" and "01" */
            return unpickle_push(u, PyBool_FromLong(value));
        return unpickle_push(u, PyLong_FromLong(value));
    }
    PyObject *number = PyLong_FromString(line, NULL, 0);
    if (!number)
        PyErr_SetString(PyExc_ValueError, "could not convert string to int");
    return unpickle_push(u, number);
}

int unpickle_text_long(Unpickler *u)
{
    char *line;
    Py_ssize_t n = content_line(u, &line);
    if (n < 0)
        return -1;
    if (line[n - 2] == 'L')
        line[n - 2] = '\0';
    return unpickle_push(u, PyLong_FromString(line, NULL, 0));
}

int unpickle_text_float(Unpickler *u)
{
    char *line, *end;
    if (content_line(u, &line) < 0)
        return -1;
    double value = PyOS_string_to_double(line, &end, PyExc_OverflowError);
    if (value == -1.0 && PyErr_Occurred())
        return -1;
    if (*end != '\n' && *end != '\0') {
        PyErr_SetString(PyExc_ValueError, "could not convert string to float");
        return -1;
    }
    return unpickle_push(u, PyFloat_FromDouble(value));
}

/* A two's complement, little-endian, of so many bytes. */
int unpickle_long(Unpickler *u, int size_bytes)
{
    const char *at;
    if (unpickle_in(u, &at, size_bytes) < 0)
        return -1;
    Py_ssize_t size = unpickle_le(at, size_bytes);
    if (size_bytes == 4)
        size = (int32_t)size;
    if (size < 0) {
        PyErr_SetString(u->state->UnpicklingError, "LONG pickle has negative byte count");
        return -1;
    }
    if (size == 0)
        return unpickle_push(u, PyLong_FromLong(0));
    if (unpickle_in(u, &at, size) < 0)
        return -1;
    return unpickle_push(u, _PyLong_FromByteArray((const unsigned char *)at, (size_t)size, 1, 1));
}

int unpickle_binfloat(Unpickler *u)
{
    const char *at;
    if (unpickle_in(u, &at, 8) < 0)
        return -1;
    double value = PyFloat_Unpack8(at, 0);
    if (value == -1.0 && PyErr_Occurred())
        return -1;
    return unpickle_push(u, PyFloat_FromDouble(value));
}

/* -- Text of Python 2 and protocol 0 --------------------------------------------------------- */

static bool keeps_bytes(Unpickler *u) { return strcmp(u->encoding, "bytes") == 0; }

/* STEALS bytes */
static PyObject *decode(Unpickler *u, PyObject *bytes)
{
    PyObject *text = PyUnicode_FromEncodedObject(bytes, u->encoding, u->errors);
    Py_DECREF(bytes);
    return text;
}

int unpickle_text_string(Unpickler *u)
{
    char *line;
    Py_ssize_t n = unpickle_in_line(u, &line);
    if (n < 0)
        return -1;
    n--;
    if (n < 2 || line[0] != line[n - 1] || (line[0] != '\'' && line[0] != '"')) {
        PyErr_SetString(u->state->UnpicklingError, "the STRING opcode argument must be quoted");
        return -1;
    }
    PyObject *bytes = PyBytes_DecodeEscape(line + 1, n - 2, NULL, 0, NULL);
    if (!bytes || keeps_bytes(u))
        return unpickle_push(u, bytes);
    return unpickle_push(u, decode(u, bytes));
}

int unpickle_binstring(Unpickler *u, int size_bytes)
{
    const char *at;
    if (unpickle_in(u, &at, size_bytes) < 0)
        return -1;
    Py_ssize_t size = unpickle_le(at, size_bytes);
    if (unpickle_in(u, &at, size) < 0)
        return -1;
    PyObject *bytes =
        PyBytes_FromStringAndSize(at, size); /* a codec may load more and move the buffer */
    return unpickle_push(u, bytes && !keeps_bytes(u) ? decode(u, bytes) : bytes);
}

int unpickle_text_unicode(Unpickler *u)
{
    char *line;
    Py_ssize_t n = unpickle_in_line(u, &line);
    if (n < 0)
        return -1;
    if (n < 1)
        return unpickle_truncated(u);
    return unpickle_push(u, PyUnicode_DecodeRawUnicodeEscape(line, n - 1, NULL));
}

/* -- Bytes ----------------------------------------------------------------------------------- */

int unpickle_binbytes(Unpickler *u, int size_bytes)
{
    const char *at;
    if (unpickle_in(u, &at, size_bytes) < 0)
        return -1;
    Py_ssize_t size = unpickle_le(at, size_bytes);
    if (size < 0) {
        PyErr_Format(PyExc_OverflowError, "BINBYTES exceeds system's maximum size of %zd bytes",
                     PY_SSIZE_T_MAX);
        return -1;
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (!bytes)
        return -1;
    if (unpickle_in_copy(u, PyBytes_AS_STRING(bytes), size) < 0) {
        Py_DECREF(bytes);
        return -1;
    }
    return unpickle_push(u, bytes);
}

int unpickle_bytearray(Unpickler *u)
{
    const char *at;
    if (unpickle_in(u, &at, 8) < 0)
        return -1;
    Py_ssize_t size = unpickle_le(at, 8);
    if (size < 0) {
        PyErr_Format(PyExc_OverflowError, "BYTEARRAY8 exceeds system's maximum size of %zd bytes",
                     PY_SSIZE_T_MAX);
        return -1;
    }
    PyObject *array = PyByteArray_FromStringAndSize(NULL, size);
    if (!array)
        return -1;
    if (unpickle_in_copy(u, PyByteArray_AS_STRING(array), size) < 0) {
        Py_DECREF(array);
        return -1;
    }
    return unpickle_push(u, array);
}

/* -- Buffers from outside the stream --------------------------------------------------------- */

int unpickle_next_buffer(Unpickler *u)
{
    if (!u->buffers) {
        PyErr_SetString(
            u->state->UnpicklingError,
            "pickle stream refers to out-of-band data but no *buffers* argument was given");
        return -1;
    }
    PyObject *buffers = Py_NewRef(u->buffers), *buffer = PyIter_Next(buffers);
    Py_DECREF(buffers);
    if (!buffer && !PyErr_Occurred())
        PyErr_SetString(u->state->UnpicklingError, "not enough out-of-band buffers");
    return unpickle_push(u, buffer);
}

int unpickle_readonly_buffer(Unpickler *u)
{
    Stack *s = u->stack;
    if (s->length <= s->fence)
        return unpickle_underflow(u);
    PyObject *buffer = s->items[s->length - 1], *view = PyMemoryView_FromObject(buffer);
    if (!view)
        return -1;
    if (PyMemoryView_GET_BUFFER(view)->readonly) {
        Py_DECREF(view);
        return 0;
    }
    PyMemoryView_GET_BUFFER(view)->readonly = 1;
    s->items[s->length - 1] = view;
    Py_DECREF(buffer);
    return 0;
}
