/* SPDX-License-Identifier: MIT
 *
 * Module _md5: the hash MD5 (RFC 1321). It is broken as protection, and kept for old formats.
 */
#include "digest.h"

static inline uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

/* The first bits of |sin(i + 1)|. */
static const uint32_t sines[64] = {
    0xd76aa478u, 0xe8c7b756u, 0x242070dbu, 0xc1bdceeeu, 0xf57c0fafu, 0x4787c62au,
    0xa8304613u, 0xfd469501u, 0x698098d8u, 0x8b44f7afu, 0xffff5bb1u, 0x895cd7beu,
    0x6b901122u, 0xfd987193u, 0xa679438eu, 0x49b40821u, 0xf61e2562u, 0xc040b340u,
    0x265e5a51u, 0xe9b6c7aau, 0xd62f105du, 0x02441453u, 0xd8a1e681u, 0xe7d3fbc8u,
    0x21e1cde6u, 0xc33707d6u, 0xf4d50d87u, 0x455a14edu, 0xa9e3e905u, 0xfcefa3f8u,
    0x676f02d9u, 0x8d2a4c8au, 0xfffa3942u, 0x8771f681u, 0x6d9d6122u, 0xfde5380cu,
    0xa4beea44u, 0x4bdecfa9u, 0xf6bb4b60u, 0xbebfbc70u, 0x289b7ec6u, 0xeaa127fau,
    0xd4ef3085u, 0x04881d05u, 0xd9d4d039u, 0xe6db99e5u, 0x1fa27cf8u, 0xc4ac5665u,
    0xf4292244u, 0x432aff97u, 0xab9423a7u, 0xfc93a039u, 0x655b59c3u, 0x8f0ccc92u,
    0xffeff47du, 0x85845dd1u, 0x6fa87e4fu, 0xfe2ce6e0u, 0xa3014314u, 0x4e0811a1u,
    0xf7537e82u, 0xbd3af235u, 0x2ad7d2bbu, 0xeb86d391u,
};
static const unsigned char shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static void compress(uint64_t *state, const unsigned char *block)
{
    uint32_t w[16], a = (uint32_t)state[0], b = (uint32_t)state[1], c = (uint32_t)state[2],
                    d = (uint32_t)state[3];
    memcpy(w, block, sizeof w);
#pragma GCC unroll 64
    for (int i = 0; i < 64; i++) { /* unrolled, all but the sums is known before */
        uint32_t f;
        int word;
        switch (i >> 4) {
        case 0: f = d ^ (b & (c ^ d)), word = i; break;
        case 1: f = c ^ (d & (b ^ c)), word = 5 * i + 1; break;
        case 2: f = b ^ c ^ d, word = 3 * i + 5; break;
        default: f = c ^ (b | ~d), word = 7 * i; break;
        }
        f += a + sines[i] + w[word & 15];
        a = d, d = c, c = b, b += rotate(f, shifts[i >> 4][i & 3]);
    }
    const uint32_t add[4] = {a, b, c, d};
    for (int i = 0; i < 4; i++)
        state[i] = (uint32_t)((uint32_t)state[i] + add[i]);
}

static const struct digest_kind md5 = {
    .name = "md5", .type_name = "_md5.md5", .type_attribute = "MD5Type",
    .size = 16, .word = 4, .little = true, .compress = compress,
    .start = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476},
};

DIGEST_CONSTRUCTOR(md5, 0, &md5)

static PyMethodDef methods[] = {
    DIGEST_METHOD(md5, "A new MD5 hash of string."),
    {NULL, NULL, 0, NULL},
};

static int exec_module(PyObject *module) { return digest_add_type(module, 0, &md5); }

DIGEST_MODULE(_md5, "The hash MD5.")
