/* SPDX-License-Identifier: MIT
 *
 * Runs: arrays of 1-, 2- or 4-byte code points, apart from any object. Copying between widths,
 * filling, comparing, and finding the class of the largest code point.
 *
 * The class thresholds (0x80, 0x100, 0x10000) are powers of two, so or-ing all code points together
 * answers as well as taking their maximum and needs no branches.
 */
#include "str_impl.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* -- Largest code point ---------------------------------------------------------------------- */

static inline uint64_t load64(const void *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

/* Eight bytes at a time. */
Py_ssize_t run_ascii_prefix(const char *p, Py_ssize_t n)
{
    Py_ssize_t i = 0;
    while (i + 32 <= n
           && !((load64(p + i) | load64(p + i + 8) | load64(p + i + 16) | load64(p + i + 24))
                & HIGH_BITS))
        i += 32;
    while (i + 8 <= n) {
        uint64_t high = load64(p + i) & HIGH_BITS;
        if (high)
            return i + (__builtin_ctzll(high) >> 3);
        i += 8;
    }
    while (i < n && !(p[i] & 0x80))
        i++;
    return i;
}

bool run_is_ascii(const void *data, Py_ssize_t n)
{
    return run_ascii_prefix(data, n) == n;
}

VECTORISE Py_ssize_t run_count_high(const uint8_t *p, Py_ssize_t n)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < n;) {
        uint8_t part = 0;
        for (Py_ssize_t end = Py_MIN(n, i + 255); i < end; i++)
            part += p[i] >> 7;
        count += part;
    }
    return count;
}

static Py_UCS4 class_ucs2(const Py_UCS2 *p, Py_ssize_t n)
{
    uint64_t seen = 0;
    Py_ssize_t i = 0;
    for (; i + 4 <= n; i += 4) {
        seen |= load64(p + i);
        if (seen & UINT64_C(0xff00ff00ff00ff00))
            return 0xffff;
    }
    Py_UCS4 rest = 0;
    for (; i < n; i++)
        rest |= p[i];
    rest |= (Py_UCS4)(seen | seen >> 16 | seen >> 32 | seen >> 48) & 0xffff;
    return class_of(rest);
}

static Py_UCS4 class_ucs4(const Py_UCS4 *p, Py_ssize_t n)
{
    Py_UCS4 seen = 0;
    Py_ssize_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (int k = 0; k < 8; k++)
            seen |= p[i + k];
        if (seen > 0xffff)
            return MAX_UNICODE;
    }
    for (; i < n; i++)
        seen |= p[i];
    return class_of(seen);
}

Py_UCS4 run_max(int kind, const void *data, Py_ssize_t n)
{
    if (kind == 1)
        return run_is_ascii(data, n) ? 0x7f : 0xff;
    return kind == 2 ? class_ucs2(data, n) : class_ucs4(data, n);
}

/* -- Copying --------------------------------------------------------------------------------- */

#define COPY_LOOP(name, TO, FROM) \
    VECTORISE static void name(TO *restrict to, const FROM *restrict from, Py_ssize_t n) \
    { \
        for (Py_ssize_t i = 0; i < n; i++) \
            to[i] = (TO)from[i]; \
    }
COPY_LOOP(copy_1_2, Py_UCS2, Py_UCS1)
COPY_LOOP(copy_1_4, Py_UCS4, Py_UCS1)
COPY_LOOP(copy_2_4, Py_UCS4, Py_UCS2)
COPY_LOOP(copy_2_1, Py_UCS1, Py_UCS2)
COPY_LOOP(copy_4_1, Py_UCS1, Py_UCS4)
COPY_LOOP(copy_4_2, Py_UCS2, Py_UCS4)

void run_copy(int to_kind, void *to, int from_kind, const void *from, Py_ssize_t n)
{
    if (to_kind == from_kind) {
        memcpy(to, from, (size_t)n * to_kind);
        return;
    }
    switch (to_kind * 8 + from_kind) {
    case 2 * 8 + 1: copy_1_2(to, from, n); break;
    case 4 * 8 + 1: copy_1_4(to, from, n); break;
    case 4 * 8 + 2: copy_2_4(to, from, n); break;
    case 1 * 8 + 2: copy_2_1(to, from, n); break;
    case 1 * 8 + 4: copy_4_1(to, from, n); break;
    case 2 * 8 + 4: copy_4_2(to, from, n); break;
    default: Py_UNREACHABLE();
    }
}

void *run_widen(int to_kind, int from_kind, const void *from, Py_ssize_t n)
{
    void *to = n > PY_SSIZE_T_MAX / to_kind ? NULL : PyMem_Malloc(n ? (size_t)n * to_kind : 1);
    if (!to) {
        PyErr_NoMemory();
        return NULL;
    }
    run_copy(to_kind, to, from_kind, from, n);
    return to;
}

void run_fill(int kind, void *to, Py_UCS4 c, Py_ssize_t n)
{
    if (kind == 1)
        memset(to, (int)c, n);
    else if (kind == 2)
        for (Py_ssize_t i = 0; i < n; i++)
            ((Py_UCS2 *)to)[i] = (Py_UCS2)c;
    else
        for (Py_ssize_t i = 0; i < n; i++)
            ((Py_UCS4 *)to)[i] = c;
}

/* -- Comparing ------------------------------------------------------------------------------- */

bool run_equal(int kind1, const void *a, int kind2, const void *b, Py_ssize_t n)
{
    if (kind1 == kind2)
        return memcmp(a, b, (size_t)n * kind1) == 0;
    for (Py_ssize_t i = 0; i < n; i++)
        if (READ(kind1, a, i) != READ(kind2, b, i))
            return false;
    return true;
}

/* -1, 0, 1; memcmp when both are bytes. */
int run_compare(int kind1, const void *a, Py_ssize_t n1, int kind2, const void *b, Py_ssize_t n2)
{
    Py_ssize_t n = Py_MIN(n1, n2);
    if (kind1 == 1 && kind2 == 1) {
        int c = memcmp(a, b, n);
        if (c)
            return c < 0 ? -1 : 1;
    }
    else {
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_UCS4 x = READ(kind1, a, i), y = READ(kind2, b, i);
            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return n1 == n2 ? 0 : n1 < n2 ? -1 : 1;
}
