/* SPDX-License-Identifier: MIT
 *
 * What all codecs of this folder share: meeting an error (finding the handler, keeping one
 * exception object, judging what the handler returns) and a growing bytes object.
 *
 * A decoder reports input[from, to); the handler returns (replacement, position). The handler may
 * also have put another bytes object into the exception: decoding goes on in that one, so callers
 * reload their pointers from DecodeErrors after each call.
 */
#include "str_impl.h"

/* NULL is strict; names are compared once a call, not once an error. */
enum error_mode error_mode(const char *errors)
{
    static const struct {
        const char *name;
        enum error_mode mode;
    } modes[] = {
        {"strict", ERR_STRICT},
        {"surrogateescape", ERR_SURROGATEESCAPE},
        {"replace", ERR_REPLACE},
        {"ignore", ERR_IGNORE},
        {"backslashreplace", ERR_BACKSLASHREPLACE},
        {"surrogatepass", ERR_SURROGATEPASS},
        {"xmlcharrefreplace", ERR_XMLCHARREFREPLACE},
    };
    if (!errors)
        return ERR_STRICT;
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (*errors == *modes[i].name && strcmp(errors, modes[i].name) == 0)
            return modes[i].mode;
    return ERR_OTHER;
}

/* -- Decoding -------------------------------------------------------------------------------- */

void decode_errors_init(DecodeErrors *e, const char *errors, const char *encoding, const char *s,
                        Py_ssize_t n)
{
    *e = (DecodeErrors){.errors = errors,
                        .mode = error_mode(errors),
                        .encoding = encoding,
                        .start = s,
                        .end = s + n};
}

void decode_errors_clear(DecodeErrors *e)
{
    Py_CLEAR(e->handler);
    Py_CLEAR(e->exc);
    Py_CLEAR(e->object);
}

static int set_decode_exc(DecodeErrors *e, const char *reason, Py_ssize_t from, Py_ssize_t to)
{
    if (!e->exc) {
        e->exc = PyUnicodeDecodeError_Create(e->encoding, e->start, e->end - e->start, from, to,
                                             reason);
        return e->exc ? 0 : -1;
    }
    if (PyUnicodeDecodeError_SetStart(e->exc, from) || PyUnicodeDecodeError_SetEnd(e->exc, to) ||
        PyUnicodeDecodeError_SetReason(e->exc, reason)) {
        Py_CLEAR(e->exc);
        return -1;
    }
    return 0;
}

int decode_error(DecodeErrors *e, _PyUnicodeWriter *w, const char *reason, Py_ssize_t *from,
                 Py_ssize_t to)
{
    static const char want[] = "O!n;decoding error handler must return (str, int) tuple";
    PyObject *result = NULL, *replacement = NULL, *object = NULL;
    Py_ssize_t pos;
    int r = -1;
    if (!e->handler && !(e->handler = PyCodec_LookupError(e->errors)))
        return -1;
    if (set_decode_exc(e, reason, *from, to) < 0)
        return -1;
    result = PyObject_CallOneArg(e->handler, e->exc);
    if (!result)
        goto done;
    if (!PyTuple_Check(result)) {
        PyErr_SetString(PyExc_TypeError, strchr(want, ';') + 1);
        goto done;
    }
    if (!PyArg_ParseTuple(result, want, &PyUnicode_Type, &replacement, &pos))
        goto done;
    object = PyUnicodeDecodeError_GetObject(e->exc);
    if (!object)
        goto done;
    e->start = PyBytes_AS_STRING(object);
    e->end = e->start + PyBytes_GET_SIZE(object);
    Py_XSETREF(e->object, object);
    if (pos < 0)
        pos += e->end - e->start;
    if (pos < 0 || pos > e->end - e->start) {
        PyErr_Format(PyExc_IndexError, "position %zd from error handler out of bounds", pos);
        goto done;
    }
    *from = pos;
    w->overallocate = 1;
    r = _PyUnicodeWriter_WriteStr(w, replacement);
done:
    Py_XDECREF(result);
    return r;
}

/* -- Encoding -------------------------------------------------------------------------------- */

void encode_errors_init(EncodeErrors *e, const char *errors, const char *encoding)
{
    *e = (EncodeErrors){ .errors = errors, .mode = error_mode(errors), .encoding = encoding };
}

void encode_errors_clear(EncodeErrors *e)
{
    Py_CLEAR(e->handler);
    Py_CLEAR(e->exc);
}

static int set_encode_exc(EncodeErrors *e, PyObject *s, const char *reason, Py_ssize_t start,
                          Py_ssize_t end)
{
    if (!e->exc) {
        e->exc = PyObject_CallFunction(PyExc_UnicodeEncodeError, "sOnns", e->encoding, s, start,
                                       end, reason);
        return e->exc ? 0 : -1;
    }
    if (PyUnicodeEncodeError_SetStart(e->exc, start) || PyUnicodeEncodeError_SetEnd(e->exc, end) ||
        PyUnicodeEncodeError_SetReason(e->exc, reason)) {
        Py_CLEAR(e->exc);
        return -1;
    }
    return 0;
}

void encode_error_raise(EncodeErrors *e, PyObject *s, const char *reason, Py_ssize_t start,
                        Py_ssize_t end)
{
    if (set_encode_exc(e, s, reason, start, end) == 0)
        PyCodec_StrictErrors(e->exc);
}

PyObject *encode_error(EncodeErrors *e, PyObject *s, const char *reason, Py_ssize_t start,
                       Py_ssize_t end, Py_ssize_t *next)
{
    static const char want[] = "On;encoding error handler must return (str/bytes, int) tuple";
    PyObject *replacement = NULL;
    Py_ssize_t pos;
    if (!e->handler && !(e->handler = PyCodec_LookupError(e->errors)))
        return NULL;
    if (set_encode_exc(e, s, reason, start, end) < 0)
        return NULL;
    PyObject *result = PyObject_CallOneArg(e->handler, e->exc);
    if (!result)
        return NULL;
    if (!PyTuple_Check(result)) {
        PyErr_SetString(PyExc_TypeError, strchr(want, ';') + 1);
        goto fail;
    }
    if (!PyArg_ParseTuple(result, want, &replacement, &pos))
        goto fail;
    if (!PyUnicode_Check(replacement) && !PyBytes_Check(replacement)) {
        PyErr_SetString(PyExc_TypeError, strchr(want, ';') + 1);
        goto fail;
    }
    if (pos < 0)
        pos += str_len(s);
    if (pos < 0 || pos > str_len(s)) {
        PyErr_Format(PyExc_IndexError, "position %zd from error handler out of bounds", pos);
        goto fail;
    }
    *next = pos;
    if (PyUnicode_Check(replacement) && PyUnicode_READY(replacement) < 0)
        goto fail;
    Py_INCREF(replacement);
    Py_DECREF(result);
    return replacement;
fail:
    Py_DECREF(result);
    return NULL;
}

/* -- Growing bytes --------------------------------------------------------------------------- */

static inline char *sink_start(ByteSink *k)
{
    return k->bytes ? PyBytes_AS_STRING(k->bytes) : k->small;
}

int sink_init(ByteSink *k, Py_ssize_t n)
{
    k->bytes = NULL;
    k->p = k->small;
    k->end = k->small + sizeof k->small;
    return n <= (Py_ssize_t)sizeof k->small ? 0 : sink_grow(k, n);
}

int sink_grow(ByteSink *k, Py_ssize_t n)
{
    Py_ssize_t used = k->p - sink_start(k);
    if (n > PY_SSIZE_T_MAX / 2 - used - used / 4) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t room = used == 0 ? n : used + n + used / 4 + 16;
    if (k->bytes) {
        if (_PyBytes_Resize(&k->bytes, room) < 0)
            return -1;
    }
    else {
        k->bytes = PyBytes_FromStringAndSize(NULL, room);
        if (!k->bytes)
            return -1;
        memcpy(PyBytes_AS_STRING(k->bytes), k->small, (size_t)used);
    }
    k->p = PyBytes_AS_STRING(k->bytes) + used;
    k->end = PyBytes_AS_STRING(k->bytes) + PyBytes_GET_SIZE(k->bytes);
    return 0;
}

int sink_write(ByteSink *k, const void *p, Py_ssize_t n)
{
    if (sink_reserve(k, n) < 0)
        return -1;
    memcpy(k->p, p, n);
    k->p += n;
    return 0;
}

PyObject *sink_finish(ByteSink *k)
{
    Py_ssize_t used = k->p - sink_start(k);
    if (!k->bytes || used <= 1) {
        PyObject *r = PyBytes_FromStringAndSize(sink_start(k), used);
        sink_clear(k);
        return r;
    }
    if (used != PyBytes_GET_SIZE(k->bytes) && _PyBytes_Resize(&k->bytes, used) < 0)
        return NULL;
    return k->bytes;
}

PyObject *sink_finish_unshared(ByteSink *k)
{
    Py_ssize_t used = k->p - sink_start(k);
    if (used != 1)
        return sink_finish(k);
    PyObject *r = PyBytes_FromStringAndSize(NULL, 1);
    if (r)
        PyBytes_AS_STRING(r)[0] = *sink_start(k);
    sink_clear(k);
    return r;
}
