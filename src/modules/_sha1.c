/* SPDX-License-Identifier: MIT
 *
 * Module _sha1: the hash SHA-1 (FIPS 180-4). It is broken as protection, and kept for old formats.
 */
#include "digest.h"

static inline uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

/* FIPS 180-4, 6.1.2. Unrolled, so that the choice of f and the rotation of names cost nothing. */
static void compress(uint64_t *state, const unsigned char *block)
{
    uint32_t w[80], a = (uint32_t)state[0], b = (uint32_t)state[1], c = (uint32_t)state[2],
                    d = (uint32_t)state[3], e = (uint32_t)state[4];
    for (int i = 0; i < 16; i++) {
        memcpy(&w[i], block + 4 * i, 4);
        w[i] = __builtin_bswap32(w[i]);
    }
    for (int i = 16; i < 80; i++)
        w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
#pragma GCC unroll 80
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? (d ^ (b & (c ^ d))) + 0x5a827999
                     : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                     : i < 60 ? ((b & c) | (d & (b | c))) + 0x8f1bbcdc
                              : (b ^ c ^ d) + 0xca62c1d6;
        uint32_t next = rotate(a, 5) + f + e + w[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    const uint32_t add[5] = {a, b, c, d, e};
    for (int i = 0; i < 5; i++)
        state[i] = (uint32_t)((uint32_t)state[i] + add[i]);
}

static const struct digest_kind sha1 = {
    .name = "sha1", .type_name = "_sha1.sha1", .type_attribute = "SHA1Type",
    .size = 20, .word = 4, .little = false, .compress = compress,
    .start = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0},
};

DIGEST_CONSTRUCTOR(sha1, 0, &sha1)

static PyMethodDef methods[] = {
    DIGEST_METHOD(sha1, "A new SHA-1 hash of string."),
    {NULL, NULL, 0, NULL},
};

static int exec_module(PyObject *module) { return digest_add_type(module, 0, &sha1); }

DIGEST_MODULE(_sha1, "The hash SHA-1.")
