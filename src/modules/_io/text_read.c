/* SPDX-License-Identifier: MIT
 *
 * Reading text: chunks of bytes are decoded; characters and lines are taken from what was decoded.
 */
#include "text.h"

PyObject *text_decode(TextIO *self, PyObject *bytes, bool final)
{
    PyObject *chars = Py_IS_TYPE(self->decoder, &PyIncrementalNewlineDecoder_Type)
                          ? newline_decode(self->decoder, bytes, final)
                          : PyObject_CallMethodObjArgs(self->decoder, ID(decode), bytes,
                                                       final ? Py_True : Py_False, NULL);
    if (chars && !PyUnicode_Check(chars)) {
        PyErr_Format(PyExc_TypeError, "decoder should return a string result, not '%.200s'",
                     Py_TYPE(chars)->tp_name);
        Py_CLEAR(chars);
    }
    if (chars && PyUnicode_READY(chars) < 0)
        Py_CLEAR(chars);
    return chars;
}

/* The decoder's (buffered bytes, flags) before a chunk is fed; 0, or -1 with an exception. Owned.
 */
static int decoder_state(TextIO *self, PyObject **buffer, PyObject **flags)
{
    PyObject *state = PyObject_CallMethodNoArgs(self->decoder, ID(getstate));
    if (!state)
        return -1;
    if (!PyTuple_Check(state)) {
        PyErr_SetString(PyExc_TypeError, "illegal decoder state");
        goto fail;
    }
    if (!PyArg_ParseTuple(state, "OO;illegal decoder state", buffer, flags))
        goto fail;
    if (!PyBytes_Check(*buffer)) {
        PyErr_Format(PyExc_TypeError,
                     "illegal decoder state: the first item should be a bytes object, not '%.200s'",
                     Py_TYPE(*buffer)->tp_name);
        goto fail;
    }
    Py_INCREF(*buffer);
    Py_INCREF(*flags);
    Py_DECREF(state);
    return 0;
fail:
    Py_DECREF(state);
    return -1;
}

int text_read_chunk(TextIO *self, Py_ssize_t size_hint)
{
    PyObject *dec_buffer = NULL, *dec_flags = NULL, *input = NULL;
    Py_buffer view;
    int rc = -1;
    if (!self->decoder) {
        io_unsupported("not readable");
        return -1;
    }
    if (self->telling && decoder_state(self, &dec_buffer, &dec_flags) < 0)
        return -1;
    Py_ssize_t size =
        size_hint > 0
            ? (Py_ssize_t)((self->b2cratio > 1.0 ? self->b2cratio : 1.0) * (double)size_hint)
            : 0;
    if (size < self->chunk_size)
        size = self->chunk_size;
    PyObject *n = PyLong_FromSsize_t(size);
    input = n ? PyObject_CallMethodOneArg(self->buffer, self->has_read1 ? ID(read1) : ID(read), n)
              : NULL;
    Py_XDECREF(n);
    if (!input)
        goto done;
    if (PyObject_GetBuffer(input, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError,
                     "underlying %s() should have returned a bytes-like object, not '%.200s'",
                     self->has_read1 ? "read1" : "read", Py_TYPE(input)->tp_name);
        goto done;
    }
    Py_ssize_t nbytes = view.len;
    PyBuffer_Release(&view);
    bool eof = nbytes == 0;
    PyObject *chars = text_decode(self, input, eof);
    if (!chars)
        goto done;
    Py_ssize_t nchars = PyUnicode_GET_LENGTH(chars);
    text_set_decoded(self, chars);
    self->b2cratio = nchars > 0 ? (double)nbytes / (double)nchars : 0.0;
    if (nchars > 0)
        eof = false;
    if (self->telling) {
        /* I2: the state before, and all bytes that were not decoded before. */
        PyObject *next = Py_NewRef(dec_buffer);
        PyBytes_Concat(&next, input);
        if (!next)
            goto done;
        if (!PyBytes_Check(next)) {
            PyErr_Format(PyExc_TypeError,
                         "decoder getstate() should have returned a bytes object, not '%.200s'",
                         Py_TYPE(next)->tp_name);
            Py_DECREF(next);
            goto done;
        }
        PyObject *snapshot = PyTuple_Pack(2, dec_flags, next);
        Py_DECREF(next);
        if (!snapshot)
            goto done;
        Py_XSETREF(self->snapshot, snapshot);
    }
    rc = !eof;
done:
    Py_XDECREF(dec_buffer);
    Py_XDECREF(dec_flags);
    Py_XDECREF(input);
    return rc;
}

/* Takes at most n decoded characters (n < 0: all). */
static PyObject *take_decoded(TextIO *self, Py_ssize_t n)
{
    if (!self->decoded)
        return Py_NewRef(EMPTY_STR);
    Py_ssize_t avail = PyUnicode_GET_LENGTH(self->decoded) - self->decoded_used;
    if (n < 0 || n > avail)
        n = avail;
    PyObject *chars =
        self->decoded_used > 0 || n < avail
            ? PyUnicode_Substring(self->decoded, self->decoded_used, self->decoded_used + n)
            : Py_NewRef(self->decoded);
    if (chars)
        self->decoded_used += n;
    return chars;
}

static PyObject *read_all(TextIO *self)
{
    PyObject *bytes = PyObject_CallMethodNoArgs(self->buffer, ID(read));
    if (!bytes)
        return NULL;
    PyObject *rest = text_decode(self, bytes, true);
    Py_DECREF(bytes);
    PyObject *res = rest ? take_decoded(self, -1) : NULL;
    if (res) {
        text_set_decoded(self, NULL);
        Py_CLEAR(self->snapshot);
        PyUnicode_Append(&res, rest);
    }
    Py_XDECREF(rest);
    return res;
}

/* Chunks are decoded until there are n characters; joined once. */
PyObject *text_read(TextIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = -1;
    if (!IO_SIZE(&n, "|O&:read", size_converter, &n) || text_check_open(self) < 0)
        return NULL;
    if (!self->decoder)
        return io_unsupported("not readable");
    if (text_write_pending(self) < 0)
        return NULL;
    if (n < 0)
        return read_all(self);
    PyObject *res = take_decoded(self, n), *chunks = NULL;
    if (!res)
        return NULL;
    n -= PyUnicode_GET_LENGTH(res);
    while (n > 0) {
        int got = text_read_chunk(self, n);
        if (got < 0)
            goto fail;
        if (got == 0)
            break;
        if (!chunks && !(chunks = PyList_New(0)))
            goto fail;
        if (PyUnicode_GET_LENGTH(res) > 0 && PyList_Append(chunks, res) < 0)
            goto fail;
        Py_SETREF(res, take_decoded(self, n));
        if (!res)
            goto fail;
        n -= PyUnicode_GET_LENGTH(res);
    }
    if (chunks) {
        if (PyList_Append(chunks, res) < 0)
            goto fail;
        Py_SETREF(res, PyUnicode_Join(EMPTY_STR, chunks));
        Py_DECREF(chunks);
    }
    return res;
fail:
    Py_XDECREF(res);
    Py_XDECREF(chunks);
    return NULL;
}

/* -- Lines ----------------------------------------------------------------------------------- */

/* Makes sure that there are decoded characters: 1, 0 at the end of the stream, -1 error. */
static int ensure_decoded(TextIO *self)
{
    while (!self->decoded || self->decoded_used >= PyUnicode_GET_LENGTH(self->decoded)) {
        int got = text_read_chunk(self, 0);
        if (got < 0)
            return -1;
        if (got == 0) {
            text_set_decoded(self, NULL);
            Py_CLEAR(self->snapshot);
            return 0;
        }
    }
    return 1;
}

/* Appends text[start:end] to a list made on first use. */
static int keep_part(PyObject **chunks, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    if (start == end)
        return 0;
    if (!*chunks && !(*chunks = PyList_New(0)))
        return -1;
    PyObject *part = PyUnicode_Substring(text, start, end);
    int rc = part ? PyList_Append(*chunks, part) : -1;
    Py_XDECREF(part);
    return rc;
}

/* The usual line lies whole in what is decoded. NULL with or without an exception: it does not. */
static PyObject *decoded_line(TextIO *self)
{
    PyObject *text = self->decoded;
    Py_ssize_t start = self->decoded_used, consumed;
    if (!text || start >= PyUnicode_GET_LENGTH(text))
        return NULL;
    int kind = PyUnicode_KIND(text);
    const char *data = PyUnicode_DATA(text);
    Py_ssize_t n = text_find_line_end(self->readtranslate, self->readuniversal, self->readnl, kind,
                                      data + start * kind,
                                      data + PyUnicode_GET_LENGTH(text) * kind, &consumed);
    if (n < 0)
        return NULL;
    self->decoded_used = start + n;
    return PyUnicode_Substring(text, start, start + n);
}

/* A line of at most `limit` characters (< 0: no limit). Parts that certainly belong to it gather in
   `chunks`; `rest` is a tail that may be the start of a line end and is looked at again with what
   comes next. */
static PyObject *read_line(TextIO *self, Py_ssize_t limit)
{
    PyObject *chunks = NULL, *rest = NULL, *text = NULL, *res = NULL;
    Py_ssize_t chunked = 0;
    int got = 0;

    if (text_check_open(self) < 0 || text_write_pending(self) < 0)
        return NULL;
    /* Nothing is read for nothing, once something was. */
    if (limit == 0 && self->decoded && PyUnicode_GET_LENGTH(self->decoded))
        return Py_NewRef(EMPTY_STR);
    if (limit < 0 && ((res = decoded_line(self)) || PyErr_Occurred()))
        return res;
    while ((got = ensure_decoded(self)) > 0) {
        Py_ssize_t start = rest ? 0 : self->decoded_used,
                   before = rest ? PyUnicode_GET_LENGTH(rest) : 0, consumed;
        text = rest ? PyUnicode_Concat(rest, self->decoded) : Py_NewRef(self->decoded);
        Py_CLEAR(rest);
        if (!text)
            goto done;
        int kind = PyUnicode_KIND(text);
        const char *data = PyUnicode_DATA(text);
        Py_ssize_t length = PyUnicode_GET_LENGTH(text);
        Py_ssize_t end =
            text_find_line_end(self->readtranslate, self->readuniversal, self->readnl, kind,
                               data + start * kind, data + length * kind, &consumed);
        Py_ssize_t seen = end >= 0 ? end : consumed;
        if (end >= 0 || (limit >= 0 && chunked + seen >= limit)) {
            if (limit >= 0 && chunked + seen > limit)
                seen = limit - chunked;
            self->decoded_used = start + seen - before;
            if (chunks)
                got = keep_part(&chunks, text, start, start + seen);
            else
                res = PyUnicode_Substring(text, start, start + seen);
            Py_CLEAR(text);
            break;
        }
        if (keep_part(&chunks, text, start, start + consumed) < 0)
            goto done;
        chunked += consumed;
        if (start + consumed < length &&
            !(rest = PyUnicode_Substring(text, start + consumed, length)))
            goto done;
        Py_CLEAR(text);
        text_set_decoded(self, NULL);
    }
    if (got < 0 || res)
        goto done;
    if (chunks) {
        if (!rest || PyList_Append(chunks, rest) == 0)
            res = PyUnicode_Join(EMPTY_STR, chunks);
    } else {
        res = rest ? Py_NewRef(rest) : PyErr_Occurred() ? NULL : Py_NewRef(EMPTY_STR);
    }
done:
    Py_XDECREF(chunks);
    Py_XDECREF(rest);
    Py_XDECREF(text);
    return res;
}

PyObject *text_readline(TextIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1;
    if (!IO_SIZE(&size, "|n:readline", &size) || text_check_ready(self) < 0)
        return NULL;
    return read_line(self, size);
}

PyObject *text_iternext(TextIO *self)
{
    PyObject *line;
    if (text_check_ready(self) < 0)
        return NULL;
    /* tell() would need a snapshot for every line. */
    self->telling = false;
    if (Py_IS_TYPE(self, &PyTextIOWrapper_Type)) {
        line = read_line(self, -1);
    } else {
        line = io_readline((PyObject *)self, &PyUnicode_Type);
    }
    if (line && PyUnicode_GET_LENGTH(line) == 0) {
        Py_CLEAR(line);
        Py_CLEAR(self->snapshot);
        self->telling = self->seekable;
    }
    return line;
}
