/* SPDX-License-Identifier: MIT
 *
 * UTF-8, both ways.
 *
 * Decoding: ASCII is recognised by words and copied. Otherwise one pass checks the input and finds
 * length and width, a second fills a string of exact size (decode_valid). Only input with errors
 * takes the third way, through a writer and handlers (decode_careful). A sequence is judged as
 * Unicode recommends (table 3-7): the longest prefix of a possible sequence is one error.
 *
 * Encoding: the size follows from the characters, so the bytes object is made once; surrogates need
 * a handler and take encode_careful.
 *
 *     bits   bytes
 *      7     0xxxxxxx
 *     11     110xxxxx 10xxxxxx
 *     16     1110xxxx 10xxxxxx 10xxxxxx          not E0 80…9F (overlong), not ED A0…BF (surrogates)
 *     21     11110xxx 10xxxxxx 10xxxxxx 10xxxxxx   not F0 80…8F, at most F4 8F
 */
#include "str_impl.h"

enum { SEQ_START = -1, SEQ_CONT = -2, SEQ_SHORT = -3 }; /* kinds of misfit */

static inline bool is_cont(uint8_t c) { return (c & 0xc0) == 0x80; }

/* Second byte allowed after this lead byte? Excludes overlong
   forms, surrogates and what lies above U+10FFFF. */
static inline bool second_fits(uint8_t lead, uint8_t c)
{
    switch (lead) {
    case 0xe0: return c >= 0xa0 && c <= 0xbf;
    case 0xed: return c >= 0x80 && c <= 0x9f;
    case 0xf0: return c >= 0x90 && c <= 0xbf;
    case 0xf4: return c >= 0x80 && c <= 0x8f;
    default: return is_cont(c);
    }
}

/* Decodes the sequence at p. Returns its length and sets *c, or a
   negative kind and *good = bytes that fitted. */
static inline int decode_one(const uint8_t *p, const uint8_t *end, Py_UCS4 *c, int *good)
{
    uint8_t lead = p[0];
    if (lead < 0x80) {
        *c = lead;
        return 1;
    }
    int need = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    *good = 1;
    if (need == 0)
        return SEQ_START;
    if (end - p >= 2 && !second_fits(lead, p[1]))
        return SEQ_CONT;
    Py_UCS4 v = lead & (0xff >> (need + 1));
    for (int i = 1; i < need; i++) {
        if (p + i == end)
            return SEQ_SHORT;
        if (!is_cont(p[i])) {
            *good = i;
            return SEQ_CONT;
        }
        v = v << 6 | (p[i] & 0x3f);
    }
    *c = v;
    return need;
}

/* First misfit, or end; counts code points before it and finds their class. */
static const uint8_t *check(const uint8_t *p, const uint8_t *end, Py_ssize_t *count, Py_UCS4 *max)
{
    Py_UCS4 seen = 0, c;
    int good;
    Py_ssize_t n = 0;
    while (p < end) {
        if (*p < 0x80) {
            Py_ssize_t run = run_ascii_prefix((const char *)p, end - p);
            n += run;
            p += run;
            continue;
        }
        int len = decode_one(p, end, &c, &good);
        if (len < 0)
            break;
        seen |= c;
        n++;
        p += len;
    }
    *count = n;
    *max = class_of(seen);
    return p;
}

/* Decodes what is known to be valid, one loop for each width of the result. */
#define FILL(name, CH) \
    static void name(CH *out, const uint8_t *p, const uint8_t *end) \
    { \
        while (p < end) { \
            uint8_t c = *p; \
            if (c < 0x80) { \
                *out++ = c; \
                p++; \
            } \
            else if (c < 0xe0) { \
                *out++ = (CH)((c & 0x1f) << 6 | (p[1] & 0x3f)); \
                p += 2; \
            } \
            else if (c < 0xf0) { \
                *out++ = (CH)((c & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f)); \
                p += 3; \
            } \
            else { \
                *out++ = (CH)((c & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 \
                              | (p[3] & 0x3f)); \
                p += 4; \
            } \
        } \
    }
FILL(fill_1, Py_UCS1)
FILL(fill_2, Py_UCS2)
FILL(fill_4, Py_UCS4)

/* n characters of at most `max`. */
static PyObject *decode_valid(const uint8_t *p, const uint8_t *end, Py_ssize_t n, Py_UCS4 max)
{
    if (n <= 1) {
        Py_UCS4 c = 0;
        int good;
        if (n == 0)
            return str_empty_get();
        decode_one(p, end, &c, &good);
        return str_from_char(c);
    }
    PyObject *s = str_alloc(n, max);
    if (!s)
        return NULL;
    if (str_kind(s) == 1)
        fill_1(str_data(s), p, end);
    else if (str_kind(s) == 2)
        fill_2(str_data(s), p, end);
    else
        fill_4(str_data(s), p, end);
    return s;
}

/* Handlers that need no call. 1 done, 0 not one of them, -1 error. */
static int quick_error(enum error_mode mode, _PyUnicodeWriter *w, const uint8_t *p, int n)
{
    if (mode == ERR_IGNORE)
        return 1;
    if (mode == ERR_REPLACE)
        return writer_char(w, 0xfffd) < 0 ? -1 : 1;
    if (mode != ERR_SURROGATEESCAPE)
        return 0;
    for (int i = 0; i < n; i++)
        if (writer_char(w, 0xdc00 + p[i]) < 0)
            return -1;
    return 1;
}

static const char *reason_for(int kind)
{
    return kind == SEQ_START  ? "invalid start byte"
           : kind == SEQ_CONT ? "invalid continuation byte"
                              : "unexpected end of data";
}

/* With `consumed` an unfinished sequence at the end is left alone. */
static PyObject *decode_careful(const char *s, Py_ssize_t size, const char *errors,
                                Py_ssize_t *consumed)
{
    DecodeErrors e;
    _PyUnicodeWriter w;
    Py_ssize_t at = 0;
    decode_errors_init(&e, errors, "utf-8", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = size;
    w.overallocate = 1;
    while (at < e.end - e.start) {
        const uint8_t *p = (const uint8_t *)e.start + at, *end = (const uint8_t *)e.end;
        if (*p < 0x80) {
            Py_ssize_t run = run_ascii_prefix((const char *)p, end - p);
            if (_PyUnicodeWriter_WriteASCIIString(&w, (const char *)p, run) < 0)
                goto fail;
            at += run;
            continue;
        }
        Py_UCS4 c;
        int good, len = decode_one(p, end, &c, &good);
        if (len > 0) {
            if (writer_char(&w, c) < 0)
                goto fail;
            at += len;
            continue;
        }
        if (consumed
            && (len == SEQ_SHORT
                || (len == SEQ_CONT && p[0] == 0xed && end - p == 2 && p[1] >= 0xa0
                    && p[1] <= 0xbf)))
            break; /* later input may complete it (half a surrogate included, for surrogatepass) */
        if (len == SEQ_SHORT)
            good = (int)(end - p);
        int quick = quick_error(e.mode, &w, p, good);
        if (quick < 0)
            goto fail;
        if (quick)
            at += good;
        else if (decode_error(&e, &w, reason_for(len), &at, at + good) < 0)
            goto fail;
    }
    if (consumed)
        *consumed = at;
    decode_errors_clear(&e);
    return _PyUnicodeWriter_Finish(&w);
fail:
    decode_errors_clear(&e);
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

/* The three ways of the head, in order. */
PyObject *PyUnicode_DecodeUTF8Stateful(const char *s, Py_ssize_t size, const char *errors,
                                       Py_ssize_t *consumed)
{
    const uint8_t *p = (const uint8_t *)s, *end = p + size;
    if (consumed)
        *consumed = size;
    if (size == 0)
        return str_empty_get();
    Py_ssize_t ascii = run_ascii_prefix(s, size);
    if (ascii == size)
        return _PyUnicode_FromASCII(s, size);
    Py_ssize_t n;
    Py_UCS4 max;
    const uint8_t *stop = check(p + ascii, end, &n, &max);
    if (stop == end)
        return decode_valid(p, end, n + ascii, max);
    return decode_careful(s, size, errors, consumed);
}

PyObject *PyUnicode_DecodeUTF8(const char *s, Py_ssize_t size, const char *errors)
{
    return PyUnicode_DecodeUTF8Stateful(s, size, errors, NULL);
}

/* -- Encoding -------------------------------------------------------------------------------- */

/* One character; surrogates as if they were characters. */
static inline char *put(char *p, Py_UCS4 c)
{
    if (c < 0x80)
        *p++ = (char)c;
    else if (c < 0x800) {
        *p++ = (char)(0xc0 | c >> 6);
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    else if (c < 0x10000) {
        *p++ = (char)(0xe0 | c >> 12);
        *p++ = (char)(0x80 | (c >> 6 & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    else {
        *p++ = (char)(0xf0 | c >> 18);
        *p++ = (char)(0x80 | (c >> 12 & 0x3f));
        *p++ = (char)(0x80 | (c >> 6 & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    return p;
}

/* Bytes needed; *surrogates tells whether a handler will be needed. */
static Py_ssize_t measure(int kind, const void *data, Py_ssize_t n, bool *surrogates)
{
    Py_ssize_t size = n;
    *surrogates = false;
    if (kind == 1) {
        for (Py_ssize_t i = 0; i < n; i++)
            size += ((const uint8_t *)data)[i] >> 7;
        return size;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        size += (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
        *surrogates |= Py_UNICODE_IS_SURROGATE(c);
    }
    return size;
}

static char *put_all(char *p, int kind, const void *data, Py_ssize_t n)
{
    if (kind == 1)
        for (Py_ssize_t i = 0; i < n; i++)
            p = put(p, ((const Py_UCS1 *)data)[i]);
    else if (kind == 2)
        for (Py_ssize_t i = 0; i < n; i++)
            p = put(p, ((const Py_UCS2 *)data)[i]);
    else
        for (Py_ssize_t i = 0; i < n; i++)
            p = put(p, ((const Py_UCS4 *)data)[i]);
    return p;
}

/* Surrogates s[at, end): handled without a call as far as the
   mode allows. Returns how far it came; -1 error. */
static Py_ssize_t quick_surrogates(enum error_mode mode, ByteSink *k, PyObject *s, Py_ssize_t at,
                                   Py_ssize_t end)
{
    if (sink_reserve(k, 3 * (end - at)) < 0)
        return -1;
    switch (mode) {
    case ERR_REPLACE:
        memset(k->p, '?', end - at);
        k->p += end - at;
        return end;
    case ERR_IGNORE:
        return end;
    case ERR_SURROGATEESCAPE:
        for (; at < end; at++) {
            Py_UCS4 c = str_get(s, at);
            if (c < 0xdc80 || c > 0xdcff)
                break;
            *k->p++ = (char)(c & 0xff);
        }
        return at;
    case ERR_SURROGATEPASS:
        for (; at < end; at++)
            k->p = put(k->p, str_get(s, at));
        return end;
    default:
        return at;
    }
}

/* Runs between surrogates are copied whole. */
static PyObject *encode_careful(PyObject *s, const char *errors)
{
    static const char reason[] = "surrogates not allowed";
    EncodeErrors e;
    ByteSink k;
    Py_ssize_t n = str_len(s), i = 0;
    encode_errors_init(&e, errors, "utf-8");
    if (sink_init(&k, n + 16) < 0)
        return NULL;
    while (i < n) {
        Py_UCS4 c = str_get(s, i);
        if (!Py_UNICODE_IS_SURROGATE(c)) {
            if (sink_reserve(&k, 4) < 0)
                goto fail;
            k.p = put(k.p, c);
            i++;
            continue;
        }
        Py_ssize_t end = i + 1, next;
        while (end < n && Py_UNICODE_IS_SURROGATE(str_get(s, end)))
            end++;
        i = quick_surrogates(e.mode, &k, s, i, end);
        if (i < 0)
            goto fail;
        if (i == end)
            continue;
        PyObject *r = encode_error(&e, s, reason, i, end, &next);
        if (!r)
            goto fail;
        int failed;
        if (PyBytes_Check(r))
            failed = sink_write(&k, PyBytes_AS_STRING(r), PyBytes_GET_SIZE(r));
        else if (str_is_ascii(r))
            failed = sink_write(&k, str_data(r), str_len(r));
        else {
            encode_error_raise(&e, s, reason, i, end);
            failed = -1;
        }
        Py_DECREF(r);
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

/* The cache, when there is one, is the answer. */
PyObject *_PyUnicode_AsUTF8String(PyObject *s, const char *errors)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    Py_ssize_t n = str_len(s);
    if (str_is_ascii(s))
        return PyBytes_FromStringAndSize(str_data(s), n);
    PyCompactUnicodeObject *c = (PyCompactUnicodeObject *)s;
    if (c->utf8)
        return PyBytes_FromStringAndSize(c->utf8, c->utf8_length);
    if (n > PY_SSIZE_T_MAX / 4)
        return PyErr_NoMemory();
    bool surrogates;
    Py_ssize_t size = measure(str_kind(s), str_data(s), n, &surrogates);
    if (surrogates)
        return encode_careful(s, errors);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (bytes)
        put_all(PyBytes_AS_STRING(bytes), str_kind(s), str_data(s), n);
    return bytes;
}

PyObject *PyUnicode_AsUTF8String(PyObject *s)
{
    return _PyUnicode_AsUTF8String(s, NULL);
}
