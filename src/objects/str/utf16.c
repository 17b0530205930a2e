/* SPDX-License-Identifier: MIT
 *
 * UTF-16 and UTF-32, in either byte order.
 *
 * byteorder: -1 little, 1 big, 0 native with a byte order mark (written when encoding, obeyed when
 * decoding).
 */
#include "str_impl.h"

static inline Py_UCS4 unit16(const uint8_t *p, bool big)
{
    return big ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

static inline Py_UCS4 unit32(const uint8_t *p, bool big)
{
    return big ? (Py_UCS4)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]
               : (Py_UCS4)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
}

static inline char *put16(char *p, Py_UCS4 u, bool big)
{
    p[big ? 0 : 1] = (char)(u >> 8);
    p[big ? 1 : 0] = (char)u;
    return p + 2;
}

static inline char *put32(char *p, Py_UCS4 u, bool big)
{
    for (int i = 0; i < 4; i++)
        p[big ? 3 - i : i] = (char)(u >> 8 * i);
    return p + 4;
}

/* Order to use, past a mark that says so; *order is updated as the API promises. */
static bool read_mark(const char *s, Py_ssize_t size, int unit, int *order, Py_ssize_t *at)
{
    int bo = order ? *order : 0;
    *at = 0;
    if (bo == 0 && size >= unit) {
        const uint8_t *p = (const uint8_t *)s;
        Py_UCS4 little = unit == 2 ? unit16(p, false) : unit32(p, false);
        Py_UCS4 big = unit == 2 ? unit16(p, true) : unit32(p, true);
        if (little == 0xfeff)
            bo = -1;
        else if (big == 0xfeff)
            bo = 1;
        if (bo)
            *at = unit;
    }
    if (order)
        *order = bo;
    return bo == 1;
}

/* -- UTF-16 decoding ------------------------------------------------------------------------- */

/* the same 16 bits four times */
#define LANES16(u) (UINT64_C(0x0001000100010001) * (u))

/* Four units at p in the machine's order; `swap` when they lie the other way round. */
static inline uint64_t four_units(const uint8_t *p, bool swap)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return swap ? (v & LANES16(0xff)) << 8 | (v >> 8 & LANES16(0xff)) : v;
}

/* Whether one of the four is a surrogate: the lane is zero after the top five bits are compared. */
static inline bool has_surrogate(uint64_t v)
{
    uint64_t x = (v & LANES16(0xf800)) ^ LANES16(0xd800);
    return ((x - LANES16(1)) & ~x & LANES16(0x8000)) != 0;
}

/* n units into a run that holds them all; no surrogates among them. */
VECTORISE static void copy_units(int kind, void *restrict to, const uint8_t *restrict p,
                                 Py_ssize_t n, bool big)
{
    if (kind == 2 && big == PY_BIG_ENDIAN)
        memcpy(to, p, 2 * (size_t)n);
    else if (kind == 1)
        for (Py_ssize_t i = 0; i < n; i++)
            ((Py_UCS1 *)to)[i] = p[2 * i + big];
    else
        for (Py_ssize_t i = 0; i < n; i++)
            WRITE(kind, to, i, unit16(p + 2 * i, big));
}

/* Plain code units up to the first surrogate: they go to the
   writer in one piece. Returns the number of bytes. */
static Py_ssize_t plain_units(_PyUnicodeWriter *w, const uint8_t *p, Py_ssize_t size, bool big)
{
    Py_ssize_t n = 0, units = size / 2;
    uint64_t seen = 0;
    for (; n + 4 <= units; n += 4) {
        uint64_t v = four_units(p + 2 * n, big != PY_BIG_ENDIAN);
        if (has_surrogate(v))
            break;
        seen |= v;
    }
    seen = (seen | seen >> 16 | seen >> 32 | seen >> 48) & 0xffff;
    for (; n < units; n++) {
        Py_UCS4 u = unit16(p + 2 * n, big);
        if (Py_UNICODE_IS_SURROGATE(u))
            break;
        seen |= u;
    }
    if (n == 0)
        return 0;
    if (_PyUnicodeWriter_Prepare(w, n, class_of((Py_UCS4)seen)) < 0)
        return -1;
    copy_units(w->kind, run_at(w->kind, w->data, w->pos), p, n, big);
    w->pos += n;
    return 2 * n;
}

/* With `consumed` half a pair or half a unit at the end is left alone. *byteorder tells
   afterwards what was found. */
PyObject *PyUnicode_DecodeUTF16Stateful(const char *s, Py_ssize_t size, const char *errors,
                                        int *byteorder, Py_ssize_t *consumed)
{
    Py_ssize_t at;
    bool big = read_mark(s, size, 2, byteorder, &at);
    DecodeErrors e;
    _PyUnicodeWriter w;
    decode_errors_init(&e, errors, big ? "utf-16-be" : "utf-16-le", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = (size - at + 1) / 2;
    while (at < e.end - e.start) {
        const uint8_t *p = (const uint8_t *)e.start + at;
        Py_ssize_t left = e.end - e.start - at;
        Py_ssize_t plain = plain_units(&w, p, left, big);
        if (plain < 0)
            goto fail;
        at += plain;
        p += plain;
        left -= plain;
        if (left == 0)
            break;
        const char *reason;
        Py_ssize_t bad = 2;
        if (left < 2) {
            if (consumed)
                break;
            reason = "truncated data";
            bad = left;
        }
        else if (!Py_UNICODE_IS_HIGH_SURROGATE(unit16(p, big)))
            reason = "illegal encoding";
        else if (left < 4) {
            if (consumed)
                break;
            reason = "unexpected end of data";
            bad = left;
        }
        else if (Py_UNICODE_IS_LOW_SURROGATE(unit16(p + 2, big))) {
            if (writer_char(&w, Py_UNICODE_JOIN_SURROGATES(unit16(p, big), unit16(p + 2, big))) < 0)
                goto fail;
            at += 4;
            continue;
        }
        else
            reason = "illegal UTF-16 surrogate";
        if (decode_error(&e, &w, reason, &at, at + bad) < 0)
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

PyObject *PyUnicode_DecodeUTF16(const char *s, Py_ssize_t size, const char *errors, int *byteorder)
{
    return PyUnicode_DecodeUTF16Stateful(s, size, errors, byteorder, NULL);
}

/* -- UTF-32 decoding ------------------------------------------------------------------------- */

/* As plain_units: whole, valid characters. */
static Py_ssize_t plain_chars(_PyUnicodeWriter *w, const uint8_t *p, Py_ssize_t size, bool big)
{
    Py_ssize_t n = 0, units = size / 4;
    Py_UCS4 seen = 0;
    for (; n < units; n++) {
        Py_UCS4 c = unit32(p + 4 * n, big);
        if (c > MAX_UNICODE || Py_UNICODE_IS_SURROGATE(c))
            break;
        seen |= c;
    }
    if (n == 0)
        return 0;
    if (_PyUnicodeWriter_Prepare(w, n, class_of(seen)) < 0)
        return -1;
    int kind = w->kind;
    void *to = run_at(kind, w->data, w->pos);
    for (Py_ssize_t i = 0; i < n; i++)
        WRITE(kind, to, i, unit32(p + 4 * i, big));
    w->pos += n;
    return 4 * n;
}

/* As for UTF-16; surrogates and numbers above 0x10ffff are errors. */
PyObject *PyUnicode_DecodeUTF32Stateful(const char *s, Py_ssize_t size, const char *errors,
                                        int *byteorder, Py_ssize_t *consumed)
{
    Py_ssize_t at;
    bool big = read_mark(s, size, 4, byteorder, &at);
    DecodeErrors e;
    _PyUnicodeWriter w;
    decode_errors_init(&e, errors, big ? "utf-32-be" : "utf-32-le", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = (size - at + 3) / 4;
    while (at < e.end - e.start) {
        const uint8_t *p = (const uint8_t *)e.start + at;
        Py_ssize_t left = e.end - e.start - at, bad = 4, plain = plain_chars(&w, p, left, big);
        const char *reason;
        if (plain < 0)
            goto fail;
        if (plain) {
            at += plain;
            continue;
        }
        if (left < 4) {
            if (consumed)
                break;
            reason = "truncated data";
            bad = left;
        }
        else
            reason = unit32(p, big) > MAX_UNICODE
                         ? "code point not in range(0x110000)"
                         : "code point in surrogate code point range(0xd800, 0xe000)";
        if (decode_error(&e, &w, reason, &at, at + bad) < 0)
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

PyObject *PyUnicode_DecodeUTF32(const char *s, Py_ssize_t size, const char *errors, int *byteorder)
{
    return PyUnicode_DecodeUTF32Stateful(s, size, errors, byteorder, NULL);
}

/* -- Encoding both --------------------------------------------------------------------------- */

/* An encoder at work. */
typedef struct {
    int unit;          /* 2 or 4 bytes */
    bool big;          /* byte order */
    EncodeErrors errors;
    ByteSink sink;
} Wide;

/* There is room. Beyond U+FFFF UTF-16 takes a pair. */
static inline void put_char(Wide *w, Py_UCS4 c)
{
    if (w->unit == 4)
        w->sink.p = put32(w->sink.p, c, w->big);
    else if (c < 0x10000)
        w->sink.p = put16(w->sink.p, c, w->big);
    else {
        w->sink.p = put16(w->sink.p, Py_UNICODE_HIGH_SURROGATE(c), w->big);
        w->sink.p = put16(w->sink.p, Py_UNICODE_LOW_SURROGATE(c), w->big);
    }
}

/* The handler's answer for the surrogate s[at]. */
static int put_replacement(Wide *w, PyObject *s, Py_ssize_t at, Py_ssize_t *next)
{
    static const char reason[] = "surrogates not allowed";
    PyObject *r = encode_error(&w->errors, s, reason, at, at + 1, next);
    if (!r)
        return -1;
    int failed = 0;
    if (PyBytes_Check(r)) {
        if (PyBytes_GET_SIZE(r) % w->unit)
            failed = -2;
        else
            failed = sink_write(&w->sink, PyBytes_AS_STRING(r), PyBytes_GET_SIZE(r));
    }
    else if (!str_is_ascii(r))
        failed = -2;
    else if ((failed = sink_reserve(&w->sink, str_len(r) * w->unit)) == 0)
        for (Py_ssize_t i = 0; i < str_len(r); i++)
            put_char(w, str_get(r, i));
    if (failed == -2)
        encode_error_raise(&w->errors, s, reason, at, at + 1);
    Py_DECREF(r);
    return failed < 0 ? -1 : 0;
}

/* How far s goes without a surrogate. */
static Py_ssize_t plain_end(int kind, const void *data, Py_ssize_t i, Py_ssize_t n)
{
    if (kind == 1)
        return n;
    while (i < n && !Py_UNICODE_IS_SURROGATE(READ(kind, data, i)))
        i++;
    return i;
}

/* Runs without surrogates or pairs are copied or swapped whole, which compilers make vector code
   of. */
#define PUT_LOOP(name, TO, FROM, ORDERED) \
    VECTORISE static void name(char *restrict to, const FROM *restrict from, Py_ssize_t n) \
    { \
        for (Py_ssize_t i = 0; i < n; i++) { \
            TO u = ORDERED((TO)from[i]); \
            memcpy(to + i * sizeof(TO), &u, sizeof(TO)); \
        } \
    }
#define AS_IS(u) (u)
PUT_LOOP(put_1_16, uint16_t, Py_UCS1, AS_IS)
PUT_LOOP(put_2_16, uint16_t, Py_UCS2, AS_IS)
PUT_LOOP(put_1_32, uint32_t, Py_UCS1, AS_IS)
PUT_LOOP(put_2_32, uint32_t, Py_UCS2, AS_IS)
PUT_LOOP(put_4_32, uint32_t, Py_UCS4, AS_IS)
PUT_LOOP(swap_1_16, uint16_t, Py_UCS1, __builtin_bswap16)
PUT_LOOP(swap_2_16, uint16_t, Py_UCS2, __builtin_bswap16)
PUT_LOOP(swap_1_32, uint32_t, Py_UCS1, __builtin_bswap32)
PUT_LOOP(swap_2_32, uint32_t, Py_UCS2, __builtin_bswap32)
PUT_LOOP(swap_4_32, uint32_t, Py_UCS4, __builtin_bswap32)

/* How many of them UTF-16 writes as two units. */
static Py_ssize_t count_pairs(const Py_UCS4 *p, Py_ssize_t n)
{
    Py_ssize_t pairs = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        pairs += p[i] >= 0x10000;
    return pairs;
}

/* n characters without surrogates; only of kind 4 do some take two units of 16 bits. */
static int put_plain(Wide *w, int kind, const void *from, Py_ssize_t n)
{
    bool swap = w->big != PY_BIG_ENDIAN;
    if (kind == 4 && w->unit == 2) {
        if (sink_reserve(&w->sink, 2 * (n + count_pairs(from, n))) < 0)
            return -1;
        for (Py_ssize_t i = 0; i < n; i++)
            put_char(w, ((const Py_UCS4 *)from)[i]);
        return 0;
    }
    if (sink_reserve(&w->sink, n * w->unit) < 0)
        return -1;
    switch (w->unit * 8 + kind) {
    case 2 * 8 + 1: (swap ? swap_1_16 : put_1_16)(w->sink.p, from, n); break;
    case 2 * 8 + 2: (swap ? swap_2_16 : put_2_16)(w->sink.p, from, n); break;
    case 4 * 8 + 1: (swap ? swap_1_32 : put_1_32)(w->sink.p, from, n); break;
    case 4 * 8 + 2: (swap ? swap_2_32 : put_2_32)(w->sink.p, from, n); break;
    default: (swap ? swap_4_32 : put_4_32)(w->sink.p, from, n);
    }
    w->sink.p += n * w->unit;
    return 0;
}

/* Lone surrogates go to the handler. */
static PyObject *encode_wide(PyObject *s, const char *errors, int byteorder, int unit)
{
    static const char *const names[2][3] = {{"utf-16-le", "utf-16", "utf-16-be"},
                                            {"utf-32-le", "utf-32", "utf-32-be"}};
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s), i = 0, pairs = kind == 4 && unit == 2 ? count_pairs(data, n) : 0;
    if (n > PY_SSIZE_T_MAX / 4 - pairs - 1)
        return PyErr_NoMemory();
    Wide w; /* not cleared: the sink's room is no small block */
    w.unit = unit;
    w.big = byteorder > 0 || (byteorder == 0 && PY_BIG_ENDIAN);
    encode_errors_init(&w.errors, errors,
                       names[unit / 4][byteorder < 0    ? 0
                                       : byteorder == 0 ? 1
                                                        : 2]);
    if (sink_init(&w.sink, (n + pairs + (byteorder == 0)) * unit) < 0)
        return NULL;
    if (byteorder == 0)
        put_char(&w, 0xfeff);
    while (i < n) {
        Py_ssize_t end = plain_end(kind, data, i, n);
        if (put_plain(&w, kind, run_at(kind, data, i), end - i) < 0)
            goto fail;
        i = end;
        if (i < n && put_replacement(&w, s, i, &i) < 0)
            goto fail;
    }
    encode_errors_clear(&w.errors);
    return sink_finish(&w.sink);
fail:
    encode_errors_clear(&w.errors);
    sink_clear(&w.sink);
    return NULL;
}

PyObject *_PyUnicode_EncodeUTF16(PyObject *s, const char *errors, int byteorder)
{
    return encode_wide(s, errors, byteorder, 2);
}

PyObject *_PyUnicode_EncodeUTF32(PyObject *s, const char *errors, int byteorder)
{
    return encode_wide(s, errors, byteorder, 4);
}

PyObject *PyUnicode_AsUTF16String(PyObject *s) { return encode_wide(s, NULL, 0, 2); }
PyObject *PyUnicode_AsUTF32String(PyObject *s) { return encode_wide(s, NULL, 0, 4); }
