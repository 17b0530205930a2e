/* SPDX-License-Identifier: MIT
 *
 * Positions in text. A position is a byte offset plus what the decoder must be told to continue
 * there, packed into one int (the cookie), lowest bytes first:
 *
 *     8 bytes start_pos | 4 dec_flags | 4 bytes_to_feed | 4 chars_to_skip | 1 need_eof
 *
 * Simple positions (a byte offset at which the decoder starts fresh) are plain small numbers.
 * tell() finds the nearest point before the position where the decoder has an empty buffer, so that
 * the rest of the cookie is small.
 */
#include "text.h"

#include <stdio.h>

typedef struct {
    long long start_pos; /* byte position of the buffer where decoding begins */
    int dec_flags, bytes_to_feed, chars_to_skip; /* decoder's state there; then feed, skip */
    char need_eof;       /* the decoder must be told of the end to give the characters */
} Cookie;
enum { COOKIE_SIZE = 8 + 4 + 4 + 4 + 1 };

static PyObject *cookie_pack(const Cookie *c)
{
    unsigned char b[COOKIE_SIZE];
    memcpy(b, &c->start_pos, 8);
    memcpy(b + 8, &c->dec_flags, 4);
    memcpy(b + 12, &c->bytes_to_feed, 4);
    memcpy(b + 16, &c->chars_to_skip, 4);
    b[20] = (unsigned char)c->need_eof;
    return _PyLong_FromByteArray(b, sizeof b, 1, 0);
}

static int cookie_unpack(PyObject *o, Cookie *c)
{
    unsigned char b[COOKIE_SIZE];
    PyObject *number = PyNumber_Long(o);
    if (!number)
        return -1;
    int rc = _PyLong_AsByteArray((PyLongObject *)number, b, sizeof b, 1, 0);
    Py_DECREF(number);
    if (rc < 0)
        return -1;
    memcpy(&c->start_pos, b, 8);
    memcpy(&c->dec_flags, b + 8, 4);
    memcpy(&c->bytes_to_feed, b + 12, 4);
    memcpy(&c->chars_to_skip, b + 16, 4);
    c->need_eof = (char)b[20];
    return 0;
}

/* -- Codec states ---------------------------------------------------------------------------- */

static int call_none(PyObject *res)
{
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* At the very start the decoder begins fresh; elsewhere it must not expect a mark. */
static int set_decoder_state(TextIO *self, const Cookie *c)
{
    if (c->start_pos == 0 && c->dec_flags == 0)
        return call_none(PyObject_CallMethodNoArgs(self->decoder, ID(reset)));
    return call_none(_PyObject_CallMethod(self->decoder, ID(setstate), "((yi))", "", c->dec_flags));
}

static int reset_encoder(TextIO *self, bool at_start)
{
    if (!self->encoder)
        return 0;
    self->encoding_start = at_start;
    return call_none(at_start
                         ? PyObject_CallMethodNoArgs(self->encoder, ID(reset))
                         : PyObject_CallMethodOneArg(self->encoder, ID(setstate), SMALL_INT(0)));
}

static int flush_self(TextIO *self)
{
    return call_none(PyObject_CallMethodNoArgs((PyObject *)self, ID(flush)));
}

/* -- seek ------------------------------------------------------------------------------------ */

static PyObject *seek_end(TextIO *self)
{
    if (flush_self(self) < 0)
        return NULL;
    text_set_decoded(self, NULL);
    Py_CLEAR(self->snapshot);
    if (self->decoder && call_none(PyObject_CallMethodNoArgs(self->decoder, ID(reset))) < 0)
        return NULL;
    PyObject *res = _PyObject_CallMethod(self->buffer, ID(seek), "ii", 0, 2);
    if (!res || !self->encoder)
        return res;
    int at_start = PyObject_RichCompareBool(res, SMALL_INT(0), Py_EQ);
    if (at_start < 0 || reset_encoder(self, at_start) < 0)
        Py_CLEAR(res);
    return res;
}

/* Feeds the bytes that the cookie names again and skips the characters given out before. */
static int restore_decoder(TextIO *self, const Cookie *c)
{
    PyObject *input = _PyObject_CallMethod(self->buffer, ID(read), "i", c->bytes_to_feed), *decoded;
    if (!input)
        return -1;
    if (!PyBytes_Check(input)) {
        PyErr_Format(PyExc_TypeError,
                     "underlying read() should have returned a bytes object, not '%.200s'",
                     Py_TYPE(input)->tp_name);
        Py_DECREF(input);
        return -1;
    }
    PyObject *snapshot = Py_BuildValue("iN", c->dec_flags, input);
    if (!snapshot)
        return -1;
    Py_XSETREF(self->snapshot, snapshot);
    decoded = text_decode(self, input, c->need_eof);
    if (!decoded)
        return -1;
    text_set_decoded(self, decoded);
    if (PyUnicode_GetLength(decoded) < c->chars_to_skip) {
        PyErr_SetString(PyExc_OSError, "can't restore logical file position");
        return -1;
    }
    self->decoded_used = c->chars_to_skip;
    return 0;
}

/* To a place that tell() gave: seeks the buffer, restores the decoder's state, and decodes the
   bytes up to the character again. */
static PyObject *seek_cookie(TextIO *self, PyObject *position)
{
    Cookie c;
    int negative = PyObject_RichCompareBool(position, SMALL_INT(0), Py_LT);
    if (negative)
        return negative < 0 ? NULL
                            : PyErr_Format(PyExc_ValueError, "negative seek position %R", position);
    if (flush_self(self) < 0 || cookie_unpack(position, &c) < 0)
        return NULL;
    PyObject *res = _PyObject_CallMethod(self->buffer, ID(seek), "L", c.start_pos);
    if (call_none(res) < 0)
        return NULL;
    text_set_decoded(self, NULL);
    Py_CLEAR(self->snapshot);
    if (self->decoder && set_decoder_state(self, &c) < 0)
        return NULL;
    if (c.chars_to_skip) {
        if (restore_decoder(self, &c) < 0)
            return NULL;
    } else {
        self->snapshot = Py_BuildValue("iy", c.dec_flags, "");
        if (!self->snapshot)
            return NULL;
    }
    if (self->encoder && reset_encoder(self, c.start_pos == 0 && c.dec_flags == 0) < 0)
        return NULL;
    return Py_NewRef(position);
}

PyObject *text_seek(TextIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *cookie, *res;
    int whence = 0;
    if (!IO_ARGS(1, 2, "O|i:seek", &cookie, &whence) || text_check_open(self) < 0)
        return NULL;
    if (!self->seekable)
        return io_unsupported("underlying stream is not seekable");
    if (whence == 0)
        return seek_cookie(self, cookie);
    if (whence != 1 && whence != 2)
        return PyErr_Format(PyExc_ValueError, "invalid whence (%d, should be %d, %d or %d)", whence,
                            0, 1, 2);
    int zero = PyObject_RichCompareBool(cookie, SMALL_INT(0), Py_EQ);
    if (zero < 0)
        return NULL;
    if (!zero)
        return io_unsupported(whence == 1 ? "can't do nonzero cur-relative seeks"
                                          : "can't do nonzero end-relative seeks");
    if (whence == 2)
        return seek_end(self);
    /* Seeking to here: the codec states must agree with the position. */
    PyObject *here = PyObject_CallMethodNoArgs((PyObject *)self, ID(tell));
    res = here ? seek_cookie(self, here) : NULL;
    Py_XDECREF(here);
    return res;
}

/* -- tell ------------------------------------------------------------------------------------ */

/* Buffered bytes and flags of the decoder; 0, or -1. */
static int get_state(TextIO *self, Py_ssize_t *buffered, int *flags)
{
    PyObject *state = PyObject_CallMethodNoArgs(self->decoder, ID(getstate));
    const char *bytes;
    if (!state)
        return -1;
    if (!PyTuple_Check(state))
        PyErr_SetString(PyExc_TypeError, "illegal decoder state");
    else if (PyArg_ParseTuple(state, "y#i;illegal decoder state", &bytes, buffered, flags)) {
        Py_DECREF(state);
        return 0;
    }
    Py_DECREF(state);
    return -1;
}

/* Number of characters that `n` bytes decode to; -1. */
static Py_ssize_t feed(TextIO *self, const char *input, Py_ssize_t n, bool final)
{
    PyObject *bytes = PyBytes_FromStringAndSize(input, n), *end = final ? Py_True : Py_False;
    PyObject *chars =
        bytes ? PyObject_CallMethodObjArgs(self->decoder, ID(decode), bytes, end, NULL) : NULL;
    Py_XDECREF(bytes);
    if (!chars)
        return -1;
    Py_ssize_t count = PyUnicode_Check(chars) ? PyUnicode_GetLength(chars) : -1;
    if (count < 0 && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "decoder should return a string result, not '%.200s'",
                     Py_TYPE(chars)->tp_name);
    Py_DECREF(chars);
    return count;
}

/* Fills the cookie for `chars_to_skip` characters decoded from input, which began at c->start_pos.
   The decoder's state is disturbed. 0, or -1. */
static int find_position(TextIO *self, Cookie *c, const char *input, Py_ssize_t input_length,
                         Py_ssize_t chars_to_skip)
{
    Py_ssize_t skip_bytes = (Py_ssize_t)(self->b2cratio * (double)chars_to_skip), skip_back = 1,
               buffered, decoded;
    int flags;
    /* A snapshot that next() left behind may be shorter than what was read since. */
    if (skip_bytes > input_length)
        skip_bytes = input_length;
    /* Guess how many bytes make the characters, and go back until the guess is at a clean state. */
    while (skip_bytes > 0) {
        if (set_decoder_state(self, c) < 0 || (decoded = feed(self, input, skip_bytes, false)) < 0)
            return -1;
        if (decoded <= chars_to_skip) {
            if (get_state(self, &buffered, &flags) < 0)
                return -1;
            if (buffered == 0) {
                c->dec_flags = flags;
                chars_to_skip -= decoded;
                break;
            }
            skip_bytes -= buffered;
            skip_back = 1;
        } else {
            skip_bytes -= skip_back;
            skip_back *= 2;
        }
    }
    if (skip_bytes <= 0) {
        skip_bytes = 0;
        if (set_decoder_state(self, c) < 0)
            return -1;
    }
    c->start_pos += skip_bytes;
    c->chars_to_skip = (int)chars_to_skip;
    if (chars_to_skip == 0)
        return 0;
    /* One byte at a time to the character; remember the last clean state on the way. */
    Py_ssize_t chars = 0, total = 0;
    for (const char *p = input + skip_bytes, *end = input + input_length; p < end; p++) {
        if ((decoded = feed(self, p, 1, false)) < 0)
            return -1;
        chars += decoded;
        total++;
        if (get_state(self, &buffered, &flags) < 0)
            return -1;
        if (buffered == 0 && chars <= chars_to_skip) {
            c->start_pos += total;
            chars_to_skip -= chars;
            c->dec_flags = flags;
            total = 0;
            chars = 0;
        }
        if (chars >= chars_to_skip)
            goto found;
    }
    if ((decoded = feed(self, "", 0, true)) < 0)
        return -1;
    chars += decoded;
    c->need_eof = 1;
    if (chars < chars_to_skip) {
        PyErr_SetString(PyExc_OSError, "can't reconstruct logical file position");
        return -1;
    }
found:
    c->bytes_to_feed = (int)total;
    c->chars_to_skip = (int)chars_to_skip;
    return 0;
}

/* The bytes fed since the snapshot are decoded anew in a copy of the decoder's state, to find the
   byte at which a state can be restored (find_position). The decoder gets its state back whatever
   happens. */
PyObject *text_tell(TextIO *self, PyObject *unused)
{
    Cookie c = { 0 };
    PyObject *position, *saved, *input, *restored;
    if (text_check_open(self) < 0)
        return NULL;
    if (!self->seekable)
        return io_unsupported("underlying stream is not seekable");
    if (!self->telling) {
        PyErr_SetString(PyExc_OSError, "telling position disabled by next() call");
        return NULL;
    }
    if (text_write_pending(self) < 0 || flush_self(self) < 0 ||
        !(position = PyObject_CallMethodNoArgs(self->buffer, ID(tell))))
        return NULL;
    if (!self->decoder || !self->snapshot)
        return position;
    c.start_pos = PyLong_AsLongLong(position);
    Py_DECREF(position);
    if (PyErr_Occurred() ||
        !PyArg_ParseTuple(self->snapshot, "iO;illegal snapshot", &c.dec_flags, &input))
        return NULL;
    c.start_pos -= PyBytes_GET_SIZE(input);
    Py_ssize_t skip = self->decoded ? self->decoded_used : 0;
    if (skip == 0)
        return cookie_pack(&c);
    saved = PyObject_CallMethodNoArgs(self->decoder, ID(getstate));
    if (!saved)
        return NULL;
    int rc = find_position(self, &c, PyBytes_AS_STRING(input), PyBytes_GET_SIZE(input), skip);
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    restored = PyObject_CallMethodOneArg(self->decoder, ID(setstate), saved);
    Py_DECREF(saved);
    _PyErr_ChainExceptions(type, value, tb);
    Py_XDECREF(restored);
    return rc < 0 || !restored ? NULL : cookie_pack(&c);
}
