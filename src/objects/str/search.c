/* SPDX-License-Identifier: MIT
 *
 * Finding, counting, matching at the ends, replacing.
 *
 * One character: memchr and kin. Longer needles: sixteen bytes of places at once are tested for
 * three of the needle's characters; once the candidates prove unrewarding, the two-way method takes
 * over (search_kind.h), so that every search is linear. A needle of a narrower kind is widened to
 * the text's; one of a wider kind cannot occur (I1 of str.c).
 */
#include "str_impl.h"
#include "objects/block.h"
#include <wchar.h>

/* -- One character --------------------------------------------------------------------------- */

static inline Py_ssize_t find_char_u1(const Py_UCS1 *s, Py_ssize_t n, Py_UCS1 c)
{
    const Py_UCS1 *p = memchr(s, c, n);
    return p ? p - s : -1;
}

static inline Py_ssize_t rfind_char_u1(const Py_UCS1 *s, Py_ssize_t n, Py_UCS1 c)
{
    const Py_UCS1 *p = memrchr(s, c, n);
    return p ? p - s : -1;
}

typedef Py_UCS2 PairBlock __attribute__((vector_size(BLOCK_BYTES), aligned(2), may_alias));

/* Four blocks at a time while c is in none of them. */
static Py_ssize_t find_char_u2(const Py_UCS2 *s, Py_ssize_t n, Py_UCS2 c)
{
    enum { LANES = BLOCK_BYTES / sizeof(Py_UCS2) };
    Py_ssize_t i = 0;
    for (; n - i >= 4 * LANES; i += 4 * LANES) {
        const PairBlock *b = (const PairBlock *)(s + i);
        if (bits_of((BlockBits)((b[0] == c) | (b[1] == c) | (b[2] == c) | (b[3] == c))))
            break;
    }
    for (; n - i >= LANES; i += LANES) {
        uint32_t bits = bits_of((BlockBits)(*(const PairBlock *)(s + i) == c));
        if (bits)
            return i + __builtin_ctz(bits) / (int)sizeof(Py_UCS2);
    }
    for (; i < n; i++)
        if (s[i] == c)
            return i;
    return -1;
}

static Py_ssize_t rfind_char_u2(const Py_UCS2 *s, Py_ssize_t n, Py_UCS2 c)
{
    while (n-- > 0)
        if (s[n] == c)
            return n;
    return -1;
}

static inline Py_ssize_t find_char_u4(const Py_UCS4 *s, Py_ssize_t n, Py_UCS4 c)
{
    const wchar_t *p = wmemchr((const wchar_t *)s, (wchar_t)c, n);
    return p ? (const Py_UCS4 *)p - s : -1;
}

static Py_ssize_t rfind_char_u4(const Py_UCS4 *s, Py_ssize_t n, Py_UCS4 c)
{
    while (n-- > 0)
        if (s[n] == c)
            return n;
    return -1;
}

Py_ssize_t run_find_char(int kind, const void *data, Py_ssize_t n, Py_UCS4 c)
{
    if (kind == 1)
        return c > 0xff ? -1 : find_char_u1(data, n, (Py_UCS1)c);
    if (kind == 2)
        return c > 0xffff ? -1 : find_char_u2(data, n, (Py_UCS2)c);
    return find_char_u4(data, n, c);
}

Py_ssize_t run_rfind_char(int kind, const void *data, Py_ssize_t n, Py_UCS4 c)
{
    if (kind == 1)
        return c > 0xff ? -1 : rfind_char_u1(data, n, (Py_UCS1)c);
    if (kind == 2)
        return c > 0xffff ? -1 : rfind_char_u2(data, n, (Py_UCS2)c);
    return rfind_char_u4(data, n, c);
}

/* -- Substrings ------------------------------------------------------------------------------ */

/* search_kind.h holds the method and is included once for each width. */

#define CH Py_UCS1
#define FN(name) name##_u1
#include "search_kind.h"
#define CH Py_UCS2
#define FN(name) name##_u2
#include "search_kind.h"
#define CH Py_UCS4
#define FN(name) name##_u4
#include "search_kind.h"

Py_ssize_t run_find(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m)
{
    return kind == 1 ? find_u1(s, n, p, m) : kind == 2 ? find_u2(s, n, p, m) : find_u4(s, n, p, m);
}

Py_ssize_t run_rfind(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m)
{
    return kind == 1   ? rfind_u1(s, n, p, m)
           : kind == 2 ? rfind_u2(s, n, p, m)
                       : rfind_u4(s, n, p, m);
}

Py_ssize_t run_count(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m,
                     Py_ssize_t max)
{
    return kind == 1   ? count_u1(s, n, p, m, max, NULL, 0)
           : kind == 2 ? count_u2(s, n, p, m, max, NULL, 0)
                       : count_u4(s, n, p, m, max, NULL, 0);
}

void str_clip(Py_ssize_t *start, Py_ssize_t *end, Py_ssize_t len)
{
    if (*end > len)
        *end = len;
    else if (*end < 0)
        *end = Py_MAX(*end + len, 0);
    if (*start < 0)
        *start = Py_MAX(*start + len, 0);
}

/* sub's data in the kind of the text: its own, or a copy that the caller frees when it differs. */
static const void *needle_as(int kind, PyObject *sub)
{
    return str_kind(sub) == kind ? str_data(sub)
                                 : run_widen(kind, str_kind(sub), str_data(sub), str_len(sub));
}

static void needle_done(PyObject *sub, const void *p)
{
    if (p != str_data(sub))
        PyMem_Free((void *)p);
}

/* An empty needle is found at either bound. */
Py_ssize_t str_find(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end, int direction)
{
    str_clip(&start, &end, str_len(s));
    Py_ssize_t m = str_len(sub), n = end - start, at;
    int kind = str_kind(s);
    if (n < m || str_kind(sub) > kind)
        return -1;
    if (m == 0)
        return direction > 0 ? start : end;
    const void *text = run_at(kind, str_data(s), start);
    if (m == 1) {
        Py_UCS4 c = str_get(sub, 0);
        at = direction > 0 ? run_find_char(kind, text, n, c) : run_rfind_char(kind, text, n, c);
    }
    else {
        const void *p = needle_as(kind, sub);
        if (!p)
            return -2;
        at = direction > 0 ? run_find(kind, text, n, p, m) : run_rfind(kind, text, n, p, m);
        needle_done(sub, p);
    }
    return at < 0 ? -1 : at + start;
}

Py_ssize_t str_count(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end)
{
    str_clip(&start, &end, str_len(s));
    Py_ssize_t m = str_len(sub), n = end - start;
    int kind = str_kind(s);
    if (n < m || str_kind(sub) > kind)
        return 0;
    if (m == 0)
        return n + 1;
    const void *p = needle_as(kind, sub);
    if (!p)
        return -1;
    Py_ssize_t count = run_count(kind, run_at(kind, str_data(s), start), n, p, m, PY_SSIZE_T_MAX);
    needle_done(sub, p);
    return count;
}

int str_tailmatch(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end, int direction)
{
    str_clip(&start, &end, str_len(s));
    Py_ssize_t m = str_len(sub);
    end -= m;
    if (end < start)
        return 0;
    if (m == 0)
        return 1;
    if (str_kind(sub) > str_kind(s))
        return 0;
    Py_ssize_t at = direction > 0 ? end : start;
    return run_equal(str_kind(s), run_at(str_kind(s), str_data(s), at), str_kind(sub),
                     str_data(sub), m);
}

/* -- Replacing ------------------------------------------------------------------------------- */

/* Same length: one allocation, a search from hit to hit. */
static PyObject *replace_char(PyObject *s, Py_UCS4 from, Py_UCS4 to, Py_ssize_t max)
{
    int kind = str_kind(s);
    Py_ssize_t n = str_len(s), at = run_find_char(kind, str_data(s), n, from);
    if (at < 0)
        return str_unchanged(s);
    PyObject *r = str_alloc(n, Py_MAX(str_max_class(s), class_of(to)));
    if (!r)
        return NULL;
    int rkind = str_kind(r);
    void *data = str_data(r);
    if (rkind == 1 && max >= n) {
        memcpy(data, str_data(s), at);
        copy_mapped((char *)data + at, (const char *)str_data(s) + at, n - at, (char)from,
                    (char)to);
        return r;
    }
    run_copy(rkind, data, kind, str_data(s), n);
    while (max-- > 0) {
        WRITE(rkind, data, at, to);
        if (++at >= n)
            break;
        Py_ssize_t hop = run_find_char(rkind, run_at(rkind, data, at), n - at, from);
        if (hop < 0)
            break;
        at += hop;
    }
    return r;
}

/* The result may have become narrower: rebuild it canonically. STEALS r. */
static PyObject *narrow_steal(PyObject *r)
{
    if (!r)
        return NULL;
    if (str_len(r) == 0)
        return str_share_short_steal(r);
    Py_UCS4 max = str_is_ascii(r) ? 0x7f : run_max(str_kind(r), str_data(r), str_len(r));
    if (max == str_max_class(r))
        return r;
    PyObject *n = str_alloc(str_len(r), max);
    if (n)
        run_copy(str_kind(n), str_data(n), str_kind(r), str_data(r), str_len(r));
    Py_DECREF(r);
    return n;
}

/* The places of the first occurrences, which were found to be counted. */
typedef struct {
    Py_ssize_t at[32];
    Py_ssize_t n; /* how many of them are noted */
} Places;

static Py_ssize_t count_places(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m,
                               Py_ssize_t max, Places *places)
{
    const Py_ssize_t room = COUNT_OF(places->at);
    Py_ssize_t count = kind == 1   ? count_u1(s, n, p, m, max, places->at, room)
                       : kind == 2 ? count_u2(s, n, p, m, max, places->at, room)
                                   : count_u4(s, n, p, m, max, places->at, room);
    places->n = m == 1 ? 0 : Py_MIN(count, room);
    return count;
}

/* Writes s with 'count' occurrences of p replaced; all runs of kind 'kind'. */
static void replace_fill(int kind, char *out, const char *s, Py_ssize_t n, const void *p,
                         Py_ssize_t m, const void *to, Py_ssize_t k, Py_ssize_t count,
                         const Places *places)
{
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t hop = i < places->n ? places->at[i] - at
                         : m           ? run_find(kind, s + at * kind, n - at, p, m)
                                       : 0;
        memcpy(out, s + at * kind, hop * kind);
        out += hop * kind;
        memcpy(out, to, k * kind);
        out += k * kind;
        at += hop + m;
        if (m == 0 && at < n) { /* between all characters */
            memcpy(out, s + at * kind, kind);
            out += kind;
            at++;
        }
    }
    memcpy(out, s + at * kind, (n - at) * kind);
}

/* At most `max` (< 0: all). Counts first, so the result is allocated once. */
PyObject *str_replace(PyObject *s, PyObject *from, PyObject *to, Py_ssize_t max)
{
    Py_ssize_t n = str_len(s), m = str_len(from), k = str_len(to);
    if (max < 0)
        max = PY_SSIZE_T_MAX;
    if (max == 0 || m > n || str_kind(from) > str_kind(s) || from == to || (m == 0 && k == 0))
        return str_unchanged(s);
    if (m == 1 && k == 1)
        return narrow_steal(replace_char(s, str_get(from, 0), str_get(to, 0), max));

    PyObject *r = NULL;
    const void *needle = NULL, *text = NULL, *with = NULL;
    int kind = Py_MAX(str_kind(s), str_kind(to));
    if (!(needle = needle_as(str_kind(s), from)))
        return NULL;
    Places places;
    places.n = 0;
    Py_ssize_t count = n + 1;
    if (m)
        count = count_places(str_kind(s), str_data(s), n, needle, m, max, &places);
    needle_done(from, needle);
    needle = NULL;
    count = Py_MIN(count, max);
    if (count == 0)
        return str_unchanged(s);
    if (k > m && count > (PY_SSIZE_T_MAX - n) / (k - m)) {
        PyErr_SetString(PyExc_OverflowError, "replace string is too long");
        return NULL;
    }
    Py_ssize_t size = n + count * (k - m);
    if (size == 0)
        return str_empty_get();
    if (size > PY_SSIZE_T_MAX / kind) {
        PyErr_SetString(PyExc_OverflowError, "replace string is too long");
        return NULL;
    }
    needle = needle_as(kind, from);
    text = needle_as(kind, s);
    with = needle_as(kind, to);
    if (needle && text && with) {
        r = str_alloc(size, Py_MAX(str_max_class(s), str_max_class(to)));
        if (r)
            replace_fill(kind, str_data(r), text, n, needle, m, with, k, count, &places);
    }
    if (needle)
        needle_done(from, needle);
    if (text)
        needle_done(s, text);
    if (with)
        needle_done(to, with);
    return narrow_steal(r);
}

/* -- C API ----------------------------------------------------------------------------------- */

static int both_str(PyObject *a, PyObject *b)
{
    return str_ensure(a) < 0 || str_ensure(b) < 0 ? -1 : 0;
}

Py_ssize_t PyUnicode_Find(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
                          int direction)
{
    return both_str(s, sub) < 0 ? -2 : str_find(s, sub, start, end, direction);
}

Py_ssize_t PyUnicode_FindChar(PyObject *s, Py_UCS4 ch, Py_ssize_t start, Py_ssize_t end,
                              int direction)
{
    if (PyUnicode_READY(s) < 0)
        return -2;
    str_clip(&start, &end, str_len(s));
    if (end <= start)
        return -1;
    int kind = str_kind(s);
    const void *text = run_at(kind, str_data(s), start);
    Py_ssize_t at = direction > 0 ? run_find_char(kind, text, end - start, ch)
                                  : run_rfind_char(kind, text, end - start, ch);
    return at < 0 ? -1 : start + at;
}

Py_ssize_t PyUnicode_Count(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end)
{
    return both_str(s, sub) < 0 ? -1 : str_count(s, sub, start, end);
}

Py_ssize_t PyUnicode_Tailmatch(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
                               int direction)
{
    return both_str(s, sub) < 0 ? -1 : str_tailmatch(s, sub, start, end, direction);
}

PyObject *PyUnicode_Replace(PyObject *s, PyObject *from, PyObject *to, Py_ssize_t max)
{
    return both_str(s, from) < 0 || str_ensure(to) < 0 ? NULL : str_replace(s, from, to, max);
}

int PyUnicode_Contains(PyObject *s, PyObject *sub)
{
    if (!PyUnicode_Check(sub)) {
        PyErr_Format(PyExc_TypeError, "'in <string>' requires string as left operand, not %.100s",
                     Py_TYPE(sub)->tp_name);
        return -1;
    }
    if (PyUnicode_READY(sub) < 0 || str_ensure(s) < 0)
        return -1;
    Py_ssize_t at = str_find(s, sub, 0, str_len(s), 1);
    return at == -2 ? -1 : at >= 0;
}
