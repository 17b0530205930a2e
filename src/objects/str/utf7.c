/* SPDX-License-Identifier: MIT
 *
 * UTF-7 (RFC 2152): text goes straight or, between '+' and '-', as UTF-16 in modified base 64.
 *
 * The decoder keeps the bits of an open shift sequence; a sequence ends at any byte that is no
 * base-64 digit, and a '-' there is swallowed. Leftover bits must be fewer than six and zero.
 */
#include "str_impl.h"

static int digit_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* -- Decoding -------------------------------------------------------------------------------- */

typedef struct {
    DecodeErrors e;
    _PyUnicodeWriter w;
    Py_ssize_t at;         /* next byte */
    bool shifted;
    Py_ssize_t shift_start;    /* where the open sequence began: byte, */
    Py_ssize_t shift_out;      /* and length of the output there */
    uint64_t bits;
    unsigned nbits;
    Py_UCS4 high;          /* pending high surrogate or 0 */
} Utf7;

static int utf7_unit(Utf7 *d, Py_UCS4 u)
{
    if (d->high) {
        Py_UCS4 high = d->high;
        d->high = 0;
        if (Py_UNICODE_IS_LOW_SURROGATE(u))
            return writer_char(&d->w, Py_UNICODE_JOIN_SURROGATES(high, u));
        if (writer_char(&d->w, high) < 0)
            return -1;
    }
    if (Py_UNICODE_IS_HIGH_SURROGATE(u)) {
        d->high = u;
        return 0;
    }
    return writer_char(&d->w, u);
}

static int utf7_digit(Utf7 *d, int digit)
{
    d->bits = d->bits << 6 | (unsigned)digit;
    d->nbits += 6;
    d->at++;
    if (d->nbits < 16)
        return 0;
    Py_UCS4 u = (Py_UCS4)(d->bits >> (d->nbits - 16)) & 0xffff;
    d->nbits -= 16;
    d->bits &= (1u << d->nbits) - 1;
    return utf7_unit(d, u);
}

/* A byte that is no digit ends the sequence. */
static int utf7_unshift(Utf7 *d, uint8_t c)
{
    d->shifted = false;
    const char *reason = NULL;
    if (d->nbits >= 6)
        reason = "partial character in shift sequence";
    else if (d->nbits > 0 && d->bits)
        reason = "non-zero padding bits in shift sequence";
    if (reason)
        return decode_error(&d->e, &d->w, reason, &d->shift_start, d->at + 1) < 0
                   ? -1
                   : (d->at = d->shift_start, 0);
    if (d->high && c < 0x80) {
        /* A bare high surrogate is kept when what follows can stand by itself. */
        Py_UCS4 high = d->high;
        d->high = 0;
        if (writer_char(&d->w, high) < 0)
            return -1;
    }
    d->high = 0;
    if (c == '-')
        d->at++;
    return 0;
}

static int utf7_shift(Utf7 *d)
{
    Py_ssize_t left = d->e.end - d->e.start - d->at;
    const uint8_t *p = (const uint8_t *)d->e.start + d->at;
    if (left > 1 && p[1] == '-') {
        d->at += 2;
        return writer_char(&d->w, '+');
    }
    if (left > 1 && digit_of(p[1]) < 0)
        return decode_error(&d->e, &d->w, "ill-formed sequence", &d->at, d->at + 2);
    d->shifted = true;
    d->shift_start = d->at++;
    d->shift_out = d->w.pos;
    d->bits = 0;
    d->nbits = 0;
    d->high = 0;
    return 0;
}

static int utf7_step(Utf7 *d)
{
    uint8_t c = (uint8_t)d->e.start[d->at];
    if (d->shifted) {
        int digit = digit_of(c);
        return digit >= 0 ? utf7_digit(d, digit) : utf7_unshift(d, c);
    }
    if (c == '+')
        return utf7_shift(d);
    if (c >= 0x80)
        return decode_error(&d->e, &d->w, "unexpected special character", &d->at, d->at + 1);
    d->at++;
    return writer_char(&d->w, c);
}

/* Input ended inside a sequence, for good. */
static int utf7_end(Utf7 *d)
{
    d->shifted = false;
    if (!d->high && d->nbits < 6 && !(d->nbits > 0 && d->bits))
        return 0;
    Py_ssize_t from = d->shift_start;
    if (decode_error(&d->e, &d->w, "unterminated shift sequence", &from, d->e.end - d->e.start) < 0)
        return -1;
    d->at = from;
    return 0;
}

/* With `consumed` an unfinished base64 run is left alone from its beginning. */
PyObject *PyUnicode_DecodeUTF7Stateful(const char *s, Py_ssize_t size, const char *errors,
                                       Py_ssize_t *consumed)
{
    Utf7 d = { .at = 0 };
    decode_errors_init(&d.e, errors, "utf7", s, size);
    _PyUnicodeWriter_Init(&d.w);
    d.w.min_length = size;
    do {
        while (d.at < d.e.end - d.e.start)
            if (utf7_step(&d) < 0)
                goto fail;
        if (d.shifted && !consumed && utf7_end(&d) < 0)
            goto fail;
    } while (d.at < d.e.end - d.e.start);
    if (consumed) {
        *consumed = d.shifted ? d.shift_start : d.at;
        if (d.shifted) /* the open sequence will be decoded when it is whole */
            d.w.pos = d.shift_out;
    }
    decode_errors_clear(&d.e);
    if (consumed && d.shifted && d.w.buffer) {
        PyObject *r = str_from_run(d.w.readonly ? str_kind(d.w.buffer) : (int)d.w.kind, d.w.data,
                                   d.w.pos);
        _PyUnicodeWriter_Dealloc(&d.w);
        return r;
    }
    return _PyUnicodeWriter_Finish(&d.w);
fail:
    decode_errors_clear(&d.e);
    _PyUnicodeWriter_Dealloc(&d.w);
    return NULL;
}

PyObject *PyUnicode_DecodeUTF7(const char *s, Py_ssize_t size, const char *errors)
{
    return PyUnicode_DecodeUTF7Stateful(s, size, errors, NULL);
}

/* -- Encoding -------------------------------------------------------------------------------- */

/* Goes straight: letters, digits and '(),-./:?, white space
   and the optional set unless asked otherwise. */
static bool is_direct(Py_UCS4 c, bool encode_optional, bool encode_space)
{
    if (c == 0 || c >= 0x80)
        return false;
    if (strchr(" \t\r\n", (int)c))
        return !encode_space;
    if (digit_of((uint8_t)c) >= 0 && c != '+')
        return true;
    if (strchr("'(),-.:?", (int)c))
        return true;
    return !encode_optional && strchr("!\"#$%&*;<=>@[]^_`{|}", (int)c);
}

typedef struct {
    char *p;        /* where the next character goes */
    uint64_t bits;  /* the lowest nbits of it are still to be written */
    unsigned nbits;
} BitSink;

static void put_unit(BitSink *b, Py_UCS4 u)
{
    b->bits = b->bits << 16 | u;
    b->nbits += 16;
    while (b->nbits >= 6) {
        *b->p++ = digits[b->bits >> (b->nbits - 6) & 63];
        b->nbits -= 6;
    }
    b->bits &= (1u << b->nbits) - 1;
}

static void put_padding(BitSink *b)
{
    if (b->nbits)
        *b->p++ = digits[b->bits << (6 - b->nbits) & 63];
    b->bits = b->nbits = 0;
}

PyObject *_PyUnicode_EncodeUTF7(PyObject *s, int base64SetO, int base64WhiteSpace,
                                const char *errors)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s);
    if (n == 0)
        return PyBytes_FromStringAndSize(NULL, 0);
    if (n > PY_SSIZE_T_MAX / 8)
        return PyErr_NoMemory();
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, n * 8);
    if (!bytes)
        return NULL;
    BitSink b = { .p = PyBytes_AS_STRING(bytes) };
    bool shifted = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        bool direct = is_direct(c, base64SetO, base64WhiteSpace);
        if (shifted && direct) {
            put_padding(&b);
            shifted = false;
            if (digit_of((uint8_t)c) >= 0 || c == '-')
                *b.p++ = '-';
        }
        if (!shifted) {
            if (c == '+') {
                *b.p++ = '+';
                *b.p++ = '-';
                continue;
            }
            if (direct) {
                *b.p++ = (char)c;
                continue;
            }
            *b.p++ = '+';
            shifted = true;
        }
        if (c >= 0x10000) {
            put_unit(&b, Py_UNICODE_HIGH_SURROGATE(c));
            c = Py_UNICODE_LOW_SURROGATE(c);
        }
        put_unit(&b, c);
    }
    if (shifted) {
        put_padding(&b);
        *b.p++ = '-';
    }
    if (_PyBytes_Resize(&bytes, b.p - PyBytes_AS_STRING(bytes)) < 0)
        return NULL;
    return bytes;
}
