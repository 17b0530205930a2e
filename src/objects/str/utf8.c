/* SPDX-License-Identifier: MIT
 *
 * UTF-8, both ways.
 *
 * Decoding: ASCII is recognised by words and copied. Otherwise one pass over the bytes, blocks of
 * them at a time, finds length and width of the result as they must be if the input is valid; a
 * second fills a string of that size and checks. Only input with errors takes the third way,
 * through a writer and handlers (decode_careful). A sequence is judged as Unicode recommends (table
 * 3-7): the longest prefix of a possible sequence is one error.
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
#include "objects/block.h"

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

/* What valid input would decode to: the number of characters, which is that of the bytes that are
   no continuation; the class of the largest follows from the largest byte. */
VECTORISE static Py_ssize_t measure_text(const uint8_t *p, Py_ssize_t size, Py_UCS4 *max)
{
    uint8_t largest = 0;
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < size;) {
        uint8_t part = 0;
        for (Py_ssize_t end = Py_MIN(size, i + 255); i < end; i++) {
            part += (int8_t)p[i] >= (int8_t)0xc0;
            largest = Py_MAX(largest, p[i]);
        }
        count += part;
    }
    *max = largest < 0x80 ? 0x7f : largest < 0xc4 ? 0xff : largest < 0xf0 ? 0xffff : MAX_UNICODE;
    return count;
}

static inline uint32_t little32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Decodes [p, end) to `out`, which has room for what measure_text counted; false at the first
   misfit. One function for each width of the result. */
#define CH Py_UCS1
#define FN(name) name##_u1
#include "utf8_fill.h"
#define CH Py_UCS2
#define FN(name) name##_u2
#include "utf8_fill.h"
#define CH Py_UCS4
#define FN(name) name##_u4
#include "utf8_fill.h"

/* The string, or NULL without an exception when the input is not valid (or with MemoryError). */
static PyObject *decode_valid(const uint8_t *p, Py_ssize_t size)
{
    const uint8_t *end = p + size;
    Py_UCS4 max, c = 0;
    int good;
    Py_ssize_t n = measure_text(p, size, &max);
    if (n == 0)
        return size == 0 ? str_empty_get() : NULL;
    if (n == 1)
        return decode_one(p, end, &c, &good) == size ? str_from_char(c) : NULL;
    PyObject *s = str_alloc(n, max);
    if (!s)
        return NULL;
    bool valid = max <= 0xff     ? fill_u1(str_data(s), n, p, end)
                 : max <= 0xffff ? fill_u2(str_data(s), n, p, end)
                                 : fill_u4(str_data(s), n, p, end);
    if (!valid)
        Py_CLEAR(s);
    return s;
}

/* How many bytes at the end begin a sequence that later input may complete. */
static Py_ssize_t unfinished(const uint8_t *p, Py_ssize_t size)
{
    Py_ssize_t n = 1;
    while (n < size && n < 3 && is_cont(p[size - n]))
        n++;
    Py_UCS4 c;
    int good;
    return decode_one(p + size - n, p + size, &c, &good) == SEQ_SHORT ? n : 0;
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
    if (consumed)
        *consumed = size;
    if (size == 0)
        return str_empty_get();
    Py_ssize_t ascii = run_ascii_prefix(s, size);
    if (ascii == size)
        return _PyUnicode_FromASCII(s, size);
    Py_ssize_t whole = consumed ? size - unfinished((const uint8_t *)s, size) : size;
    PyObject *text = decode_valid((const uint8_t *)s, whole);
    if (text && consumed)
        *consumed = whole;
    if (text || PyErr_Occurred())
        return text;
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

/* Bytes needed, for n characters of two bytes; n < 2^15, so that the sums fit vector lanes. */
VECTORISE static Py_ssize_t measure_part(const Py_UCS2 *s, Py_ssize_t n, bool *surrogates)
{
    uint16_t more = 0, seen = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        more += (uint16_t)(s[i] >= 0x80) + (uint16_t)(s[i] >= 0x800);
        seen |= (uint16_t)((s[i] & 0xf800) == 0xd800);
    }
    *surrogates |= seen;
    return n + more;
}

VECTORISE static Py_ssize_t measure_wide(const Py_UCS4 *s, Py_ssize_t n, bool *surrogates)
{
    uint32_t more = 0, seen = 0; /* n < 2^30 */
    for (Py_ssize_t i = 0; i < n; i++) {
        more += (uint32_t)(s[i] >= 0x80) + (uint32_t)(s[i] >= 0x800) + (uint32_t)(s[i] >= 0x10000);
        seen |= (s[i] & 0xfffff800) == 0xd800;
    }
    *surrogates |= seen;
    return n + more;
}

/* Bytes needed; *surrogates tells whether a handler will be needed. */
static Py_ssize_t measure(int kind, const void *data, Py_ssize_t n, bool *surrogates)
{
    Py_ssize_t size = 0;
    *surrogates = false;
    if (kind == 1)
        return n + run_count_high(data, n);
    if (kind == 2) {
        const Py_UCS2 *s = data;
        for (Py_ssize_t i = 0; i < n; i += 0x4000)
            size += measure_part(s + i, Py_MIN(n - i, 0x4000), surrogates);
        return size;
    }
    const Py_UCS4 *s = data;
    for (Py_ssize_t i = 0; i < n; i += 1 << 29)
        size += measure_wide(s + i, Py_MIN(n - i, 1 << 29), surrogates);
    return size;
}

static inline char *put_two(char *p, Py_UCS4 c)
{
    uint16_t w = (uint16_t)(0x80c0 | c >> 6 | (c & 0x3f) << 8);
    p[0] = (char)w;
    p[1] = (char)(w >> 8);
    return p + 2;
}

/* ASCII by blocks. There is room for `room` bytes, exactly what is needed. */
static void put_u1(char *p, Py_ssize_t room, const Py_UCS1 *s, Py_ssize_t n)
{
    const Py_UCS1 *end = s + n;
    char *full = p + room;
    while (end - s >= BLOCK_BYTES && full - p >= BLOCK_BYTES) {
        ByteBlock b = *(const ByteBlock *)s;
        uint32_t high = bits_of((BlockBits)b);
        *(ByteBlock *)p = b; /* what follows overwrites the rest */
        int run = high ? __builtin_ctz(high) : BLOCK_BYTES;
        s += run;
        p += run;
        while (s < end && *s >= 0x80)
            p = put_two(p, *s++);
    }
    while (s < end)
        p = put(p, *s++);
}

static void put_u2(char *p, const Py_UCS2 *s, Py_ssize_t n)
{
    typedef Py_UCS2 Eight __attribute__((vector_size(16), aligned(2), may_alias));
    typedef uint8_t Bytes __attribute__((vector_size(8), aligned(1), may_alias));
    const Py_UCS2 *end = s + n;
    while (s < end) {
        Py_UCS4 c = *s;
        if (c >= 0x800) {
            p[0] = (char)(0xe0 | c >> 12);
            p[1] = (char)(0x80 | (c >> 6 & 0x3f));
            p[2] = (char)(0x80 | (c & 0x3f));
            p += 3;
            s++;
        }
        else if (c >= 0x80) {
            p = put_two(p, c);
            s++;
        }
        else if (end - s >= 8 && s[1] < 0x80 && !bits_of((BlockBits)(*(const Eight *)s >= 0x80))) {
            *(Bytes *)p = __builtin_convertvector(*(const Eight *)s, Bytes);
            p += 8;
            s += 8;
        }
        else {
            *p++ = (char)c;
            s++;
        }
    }
}

static void put_all(char *p, Py_ssize_t room, int kind, const void *data, Py_ssize_t n)
{
    if (kind == 1)
        put_u1(p, room, data, n);
    else if (kind == 2)
        put_u2(p, data, n);
    else
        for (Py_ssize_t i = 0; i < n; i++)
            p = put(p, ((const Py_UCS4 *)data)[i]);
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
        put_all(PyBytes_AS_STRING(bytes), size, str_kind(s), str_data(s), n);
    return bytes;
}

PyObject *PyUnicode_AsUTF8String(PyObject *s)
{
    return _PyUnicode_AsUTF8String(s, NULL);
}
