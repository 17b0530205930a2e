/* SPDX-License-Identifier: MIT
 *
 * Latin-1 and ASCII.
 */
#include "str_impl.h"

/* -- Decoding -------------------------------------------------------------------------------- */

PyObject *PyUnicode_DecodeLatin1(const char *s, Py_ssize_t size, const char *errors)
{
    return str_from_run(1, s, size);
}

/* One copy when all bytes are ASCII. */
PyObject *PyUnicode_DecodeASCII(const char *s, Py_ssize_t size, const char *errors)
{
    if (size == 0)
        return str_empty_get();
    Py_ssize_t at = run_ascii_prefix(s, size);
    if (at == size)
        return _PyUnicode_FromASCII(s, size);
    DecodeErrors e;
    _PyUnicodeWriter w;
    decode_errors_init(&e, errors, "ascii", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = size;
    w.overallocate = 1;
    if (_PyUnicodeWriter_WriteASCIIString(&w, s, at) < 0)
        goto fail;
    while (at < e.end - e.start) {
        uint8_t c = (uint8_t)e.start[at];
        if (c < 0x80) {
            Py_ssize_t run = run_ascii_prefix(e.start + at, e.end - e.start - at);
            if (_PyUnicodeWriter_WriteASCIIString(&w, e.start + at, run) < 0)
                goto fail;
            at += run;
            continue;
        }
        if (e.mode == ERR_REPLACE || e.mode == ERR_SURROGATEESCAPE) {
            if (writer_char(&w, e.mode == ERR_REPLACE ? 0xfffd : 0xdc00 + c) < 0)
                goto fail;
            at++;
        }
        else if (e.mode == ERR_IGNORE)
            at++;
        else if (decode_error(&e, &w, "ordinal not in range(128)", &at, at + 1) < 0)
            goto fail;
    }
    decode_errors_clear(&e);
    return _PyUnicodeWriter_Finish(&w);
fail:
    decode_errors_clear(&e);
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

/* -- Encoding -------------------------------------------------------------------------------- */

/* \xXX, \uXXXX or \UXXXXXXXX: at most 10 bytes. */
static char *put_escape(char *p, Py_UCS4 c)
{
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    *p++ = '\\';
    *p++ = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int shift = 4 * digits - 4; shift >= 0; shift -= 4)
        *p++ = Py_hexdigits[c >> shift & 15];
    return p;
}

/* &#DECIMAL; : at most 10 bytes. */
static char *put_reference(char *p, Py_UCS4 c)
{
    char digits[8], *d = digits + sizeof digits;
    do
        *--d = (char)('0' + c % 10);
    while (c /= 10);
    *p++ = '&';
    *p++ = '#';
    while (d < digits + sizeof digits)
        *p++ = *d++;
    *p++ = ';';
    return p;
}

static int write_escapes(ByteSink *k, PyObject *s, Py_ssize_t from, Py_ssize_t to, bool xml)
{
    for (Py_ssize_t i = from; i < to; i++) {
        Py_UCS4 c = str_get(s, i);
        if (sink_reserve(k, 12) < 0)
            return -1;
        k->p = xml ? put_reference(k->p, c) : put_escape(k->p, c);
    }
    return 0;
}

/* s[from, to) cannot be encoded: what needs no call to a
   handler. Returns how far it came, or -1. */
static Py_ssize_t quick_misfits(enum error_mode mode, ByteSink *k, PyObject *s, Py_ssize_t from,
                                Py_ssize_t to)
{
    switch (mode) {
    case ERR_REPLACE:
        if (sink_reserve(k, to - from) < 0)
            return -1;
        memset(k->p, '?', to - from);
        k->p += to - from;
        return to;
    case ERR_IGNORE:
        return to;
    case ERR_BACKSLASHREPLACE:
    case ERR_XMLCHARREFREPLACE:
        return write_escapes(k, s, from, to, mode == ERR_XMLCHARREFREPLACE) < 0 ? -1 : to;
    case ERR_SURROGATEESCAPE:
        if (sink_reserve(k, to - from) < 0)
            return -1;
        for (; from < to; from++) {
            Py_UCS4 c = str_get(s, from);
            if (c < 0xdc80 || c > 0xdcff)
                break;
            *k->p++ = (char)(c & 0xff);
        }
        return from;
    default:
        return from;
    }
}

/* The handler's text may itself hold what cannot be encoded: then the error stands. */
static int write_replacement(EncodeErrors *e, ByteSink *k, PyObject *r, Py_UCS4 limit, PyObject *s,
                             const char *reason, Py_ssize_t from, Py_ssize_t to)
{
    if (PyBytes_Check(r))
        return sink_write(k, PyBytes_AS_STRING(r), PyBytes_GET_SIZE(r));
    Py_ssize_t n = str_len(r);
    if (sink_reserve(k, n) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = str_get(r, i);
        if (c >= limit) {
            encode_error_raise(e, s, reason, from, to);
            return -1;
        }
        *k->p++ = (char)c;
    }
    return 0;
}

static PyObject *encode_narrow(PyObject *s, const char *errors, Py_UCS4 limit)
{
    const char *reason = limit == 256 ? "ordinal not in range(256)" : "ordinal not in range(128)";
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s), i = 0, next;
    EncodeErrors e;
    ByteSink k;
    encode_errors_init(&e, errors, limit == 256 ? "latin-1" : "ascii");
    if (n == 0)
        return PyBytes_FromStringAndSize(NULL, 0);
    if (sink_init(&k, n) < 0)
        return NULL;
    while (i < n) {
        Py_UCS4 c = READ(kind, data, i);
        if (c < limit) {
            if (sink_reserve(&k, 1) < 0)
                goto fail;
            *k.p++ = (char)c;
            i++;
            continue;
        }
        Py_ssize_t end = i + 1;
        while (end < n && READ(kind, data, end) >= limit)
            end++;
        if (e.mode == ERR_STRICT) {
            encode_error_raise(&e, s, reason, i, end);
            goto fail;
        }
        i = quick_misfits(e.mode, &k, s, i, end);
        if (i < 0)
            goto fail;
        if (i == end)
            continue;
        PyObject *r = encode_error(&e, s, reason, i, end, &next);
        int failed = r ? write_replacement(&e, &k, r, limit, s, reason, i, end) : -1;
        Py_XDECREF(r);
        if (failed < 0)
            goto fail;
        i = next;
    }
    encode_errors_clear(&e);
    return sink_finish(&k);
fail:
    encode_errors_clear(&e);
    sink_clear(&k);
    return NULL;
}

PyObject *_PyUnicode_AsLatin1String(PyObject *s, const char *errors)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (str_kind(s) == 1)
        return PyBytes_FromStringAndSize(str_data(s), str_len(s));
    return encode_narrow(s, errors, 256);
}

PyObject *PyUnicode_AsLatin1String(PyObject *s)
{
    return _PyUnicode_AsLatin1String(s, NULL);
}

PyObject *_PyUnicode_AsASCIIString(PyObject *s, const char *errors)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (str_is_ascii(s))
        return PyBytes_FromStringAndSize(str_data(s), str_len(s));
    return encode_narrow(s, errors, 128);
}

PyObject *PyUnicode_AsASCIIString(PyObject *s)
{
    return _PyUnicode_AsASCIIString(s, NULL);
}
