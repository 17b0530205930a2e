/* SPDX-License-Identifier: MIT
 *
 * Writing text: encode, collect, hand to the buffer in chunks.
 *
 * ASCII text that a compatible encoding leaves as it is stays a str in `pending` (no copy until it
 * is written out).
 */
#include "text.h"

extern EXPORT PyObject *_PyUnicode_EncodeUTF16(PyObject *unicode, const char *errors,
                                               int byteorder);
extern EXPORT PyObject *_PyUnicode_EncodeUTF32(PyObject *unicode, const char *errors,
                                               int byteorder);

/* -- Encoding in C --------------------------------------------------------------------------- */

static const char *errors_of(TextIO *self) { return PyUnicode_AsUTF8(self->errors); }
static PyObject *encode_ascii(TextIO *self, PyObject *text)
{
    return _PyUnicode_AsASCIIString(text, errors_of(self));
}
static PyObject *encode_latin1(TextIO *self, PyObject *text)
{
    return _PyUnicode_AsLatin1String(text, errors_of(self));
}
static PyObject *encode_utf8(TextIO *self, PyObject *text)
{
    return _PyUnicode_AsUTF8String(text, errors_of(self));
}
static PyObject *encode_utf16be(TextIO *self, PyObject *text)
{
    return _PyUnicode_EncodeUTF16(text, errors_of(self), 1);
}
static PyObject *encode_utf16le(TextIO *self, PyObject *text)
{
    return _PyUnicode_EncodeUTF16(text, errors_of(self), -1);
}
static PyObject *encode_utf16(TextIO *self, PyObject *text)
{
    /* Native order with a mark, only at the start of a stream that can tell where it is. */
    return self->encoding_start ? _PyUnicode_EncodeUTF16(text, errors_of(self), 0)
                                : encode_utf16le(self, text);
}
static PyObject *encode_utf32be(TextIO *self, PyObject *text)
{
    return _PyUnicode_EncodeUTF32(text, errors_of(self), 1);
}
static PyObject *encode_utf32le(TextIO *self, PyObject *text)
{
    return _PyUnicode_EncodeUTF32(text, errors_of(self), -1);
}
static PyObject *encode_utf32(TextIO *self, PyObject *text)
{
    return self->encoding_start ? _PyUnicode_EncodeUTF32(text, errors_of(self), 0)
                                : encode_utf32le(self, text);
}

static const struct { const char *name; EncodeFunction encode; } encoders[] = {
    { "ascii", encode_ascii }, { "iso8859-1", encode_latin1 }, { "utf-8", encode_utf8 },
    { "utf-16-be", encode_utf16be }, { "utf-16-le", encode_utf16le }, { "utf-16", encode_utf16 },
    { "utf-32-be", encode_utf32be }, { "utf-32-le", encode_utf32le }, { "utf-32", encode_utf32 },
};

EncodeFunction text_find_encode(TextIO *self)
{
    for (size_t i = 0; i < COUNT_OF(encoders); i++)
        if (PyUnicode_CompareWithASCIIString(self->encoding, encoders[i].name) == 0)
            return encoders[i].encode;
    return NULL;
}

/* True when ASCII characters encode to themselves. */
static bool ascii_compatible(EncodeFunction encode)
{
    return encode == encode_ascii || encode == encode_utf8 || encode == encode_latin1;
}

/* -- Pending --------------------------------------------------------------------------------- */

static Py_ssize_t pending_length(PyObject *o)
{
    return PyUnicode_Check(o) ? PyUnicode_GET_LENGTH(o) : PyBytes_GET_SIZE(o);
}

/* All that is pending as one bytes object. */
static PyObject *join_pending(PyObject *pending, Py_ssize_t count)
{
    if (PyBytes_Check(pending))
        return Py_NewRef(pending);
    PyObject *res = PyBytes_FromStringAndSize(NULL, count);
    if (!res)
        return NULL;
    char *out = PyBytes_AS_STRING(res);
    PyObject **items = PyList_Check(pending) ? ((PyListObject *)pending)->ob_item : &pending;
    Py_ssize_t n = PyList_Check(pending) ? PyList_GET_SIZE(pending) : 1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_ssize_t length = pending_length(items[i]);
        memcpy(out,
               PyUnicode_Check(items[i]) ? PyUnicode_DATA(items[i]) : PyBytes_AS_STRING(items[i]),
               (size_t)length);
        out += length;
    }
    return res;
}

int text_write_pending(TextIO *self)
{
    if (!self->pending)
        return 0;
    PyObject *pending = self->pending, *data = join_pending(pending, self->pending_count), *res;
    /* Cleared first: writing may run code that writes again. */
    self->pending = NULL;
    self->pending_count = 0;
    Py_DECREF(pending);
    if (!data)
        return -1;
    do {
        res = PyObject_CallMethodOneArg(self->buffer, ID(write), data);
    } while (!res && io_trap_eintr());
    Py_DECREF(data);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* STEALS data. */
static int add_pending(TextIO *self, PyObject *data)
{
    self->pending_count += pending_length(data);
    if (!self->pending) {
        self->pending = data;
        return 0;
    }
    int rc = 0;
    if (!PyList_Check(self->pending)) {
        PyObject *list = PyList_New(2);
        if (!list) {
            Py_DECREF(data);
            return -1;
        }
        PyList_SET_ITEM(list, 0, self->pending);
        PyList_SET_ITEM(list, 1, data);
        self->pending = list;
        return 0;
    }
    rc = PyList_Append(self->pending, data);
    Py_DECREF(data);
    return rc;
}

/* -- write ----------------------------------------------------------------------------------- */

/* bytes, or the ASCII str itself where its characters are its bytes in this encoding. */
static PyObject *encode_text(TextIO *self, PyObject *text)
{
    PyObject *data;
    if (!self->encode) {
        data = PyObject_CallMethodOneArg(self->encoder, ID(encode), text);
        if (data && !PyBytes_Check(data)) {
            PyErr_Format(PyExc_TypeError, "encoder should return a bytes object, not '%.200s'",
                         Py_TYPE(data)->tp_name);
            Py_CLEAR(data);
        }
    } else if (PyUnicode_IS_ASCII(text) && ascii_compatible(self->encode)) {
        data = Py_NewRef(text);
    } else {
        data = self->encode(self, text);
        self->encoding_start = false;
    }
    return data;
}

static bool has_char(PyObject *text, Py_UCS4 c)
{
    return PyUnicode_FindChar(text, c, 0, PyUnicode_GET_LENGTH(text), 1) >= 0;
}

PyObject *text_write(TextIO *self, PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        _PyArg_BadArgument("write", "argument", "str", text);
        return NULL;
    }
    if (text_check_open(self) < 0)
        return NULL;
    if (!self->encoder)
        return io_unsupported("not writable");
    if (PyUnicode_READY(text) < 0)
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    bool have_lf =
        ((self->writetranslate && self->writenl) || self->line_buffering) && has_char(text, '\n');
    bool flush = self->line_buffering && (have_lf || has_char(text, '\r'));
    PyObject *out = Py_NewRef(text);
    if (have_lf && self->writetranslate && self->writenl) {
        PyObject *nl = PyUnicode_FromString(self->writenl);
        Py_SETREF(out, nl ? PyUnicode_Replace(text, latin1_char('\n'), nl, -1) : NULL);
        Py_XDECREF(nl);
        if (!out)
            return NULL;
    }
    PyObject *data = encode_text(self, out);
    Py_DECREF(out);
    if (!data)
        return NULL;
    /* Keep chunks bounded: what is pending goes first when both together are too much. */
    Py_ssize_t n = pending_length(data);
    if (self->pending && self->pending_count + n > self->chunk_size &&
        text_write_pending(self) < 0) {
        Py_DECREF(data);
        return NULL;
    }
    /* Only exact str may be kept: its characters cannot change. */
    if (add_pending(self, data) < 0)
        return NULL;
    if ((self->pending_count >= self->chunk_size || flush || self->write_through) &&
        text_write_pending(self) < 0)
        return NULL;
    if (flush) {
        PyObject *res = PyObject_CallMethodNoArgs(self->buffer, ID(flush));
        if (!res)
            return NULL;
        Py_DECREF(res);
    }
    text_set_decoded(self, NULL);
    Py_CLEAR(self->snapshot);
    if (self->decoder) {
        PyObject *res = PyObject_CallMethodNoArgs(self->decoder, ID(reset));
        if (!res)
            return NULL;
        Py_DECREF(res);
    }
    return PyLong_FromSsize_t(length);
}
