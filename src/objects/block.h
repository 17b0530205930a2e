/* SPDX-License-Identifier: MIT
 *
 * Text sixteen bytes at a time, for the loops that look for something in every byte: comparing a
 * block gives one bit for each byte. Vector code on x86-64, plain C elsewhere.
 */
#ifndef VITRO_BLOCK_H
#define VITRO_BLOCK_H

#include "vitro.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK_BYTES = 16 };
/* Any sixteen bytes, aligned or not. */
typedef uint8_t ByteBlock __attribute__((vector_size(BLOCK_BYTES), aligned(1), may_alias));
/* What comparing two blocks gives: all ones where they agree. */
typedef int8_t BlockBits __attribute__((vector_size(BLOCK_BYTES)));

/* A bit for each byte of a comparison's result, the first byte lowest. */
static inline uint32_t bits_of(BlockBits equal)
{
#ifdef __SSE2__
    return (uint32_t)_mm_movemask_epi8((__m128i)equal);
#else
    uint32_t bits = 0;
    for (int i = 0; i < BLOCK_BYTES; i++)
        bits |= (uint32_t)(equal[i] & 1) << i;
    return bits;
#endif
}

/* The first '\n' or '\r' of [p, end), or end. */
static inline const char *line_end(const char *p, const char *end)
{
    for (; end - p >= BLOCK_BYTES; p += BLOCK_BYTES) {
        ByteBlock b = *(const ByteBlock *)p;
        uint32_t bits = bits_of((BlockBits)((b == '\n') | (b == '\r')));
        if (bits)
            return p + __builtin_ctz(bits);
    }
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    return p;
}

/* Copies n bytes with every `from` as `to`. */
static inline void copy_mapped(char *out, const char *s, Py_ssize_t n, char from, char to)
{
    Py_ssize_t i = 0;
    for (; n - i >= BLOCK_BYTES; i += BLOCK_BYTES) {
        ByteBlock b = *(const ByteBlock *)(s + i), old = (ByteBlock)(b == (uint8_t)from);
        *(ByteBlock *)(out + i) = (b & ~old) | (old & (uint8_t)to);
    }
    for (; i < n; i++)
        out[i] = s[i] == from ? to : s[i];
}

#endif
