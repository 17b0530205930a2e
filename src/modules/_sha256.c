/* SPDX-License-Identifier: MIT
 *
 * Module _sha256: the hashes SHA-256 and SHA-224 (FIPS 180-4).
 *
 * Constants are the first bits of the fractional parts of cube roots (round constants) and square
 * roots (initial states) of primes.
 */
#include "digest.h"

static const uint32_t rounds[64] = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u,
    0x923f82a4u, 0xab1c5ed5u, 0xd807aa98u, 0x12835b01u, 0x243185beu, 0x550c7dc3u,
    0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u, 0xe49b69c1u, 0xefbe4786u,
    0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau,
    0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u,
    0x06ca6351u, 0x14292967u, 0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u,
    0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u, 0xa2bfe8a1u, 0xa81a664bu,
    0xc24b8b70u, 0xc76c51a3u, 0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u,
    0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au,
    0x5b9cca4fu, 0x682e6ff3u, 0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u,
    0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u,
};

static inline uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static inline uint32_t load(const unsigned char *from)
{
    uint32_t word;
    memcpy(&word, from, sizeof word);
    return __builtin_bswap32(word);
}

/* The word of the schedule that follows the 16 in the ring w. */
static inline uint32_t next_word(const uint32_t *w, int i)
{
    uint32_t a = w[(i + 1) & 15], b = w[(i + 14) & 15];
    uint32_t small = rotate(a, 7) ^ rotate(a, 18) ^ a >> 3,
             big = rotate(b, 17) ^ rotate(b, 19) ^ b >> 10;
    return w[i & 15] + small + w[(i + 9) & 15] + big;
}

static void compress(uint64_t *state, const unsigned char *block)
{
    uint32_t w[16], s[8];
    for (int i = 0; i < 8; i++)
        s[i] = (uint32_t)state[i];
    uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
#pragma GCC unroll 64
    for (int i = 0; i < 64; i++) {
        w[i & 15] = i < 16 ? load(block + 4 * i) : next_word(w, i);
        uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) +
                      rounds[i] + w[i & 15];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const uint32_t add[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++)
        state[i] = (uint32_t)(s[i] + add[i]);
}

static const struct digest_kind sha256 = {
    .name = "sha256", .type_name = "_sha256.sha256", .type_attribute = "SHA256Type",
    .size = 32, .word = 4, .compress = compress,
    .start = {
        0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
        0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u,
    },
};

static const struct digest_kind sha224 = {
    .name = "sha224", .type_name = "_sha256.sha224", .type_attribute = "SHA224Type",
    .size = 28, .word = 4, .compress = compress,
    .start = {
        0xc1059ed8u, 0x367cd507u, 0x3070dd17u, 0xf70e5939u,
        0xffc00b31u, 0x68581511u, 0x64f98fa7u, 0xbefa4fa4u,
    },
};

DIGEST_CONSTRUCTOR(sha256, 0, &sha256)
DIGEST_CONSTRUCTOR(sha224, 1, &sha224)

static PyMethodDef methods[] = {
    DIGEST_METHOD(sha256, "A new SHA-256 hash of string."),
    DIGEST_METHOD(sha224, "A new SHA-224 hash of string."),
    {NULL, NULL, 0, NULL},
};

static int exec_module(PyObject *module)
{
    return digest_add_type(module, 0, &sha256) < 0 || digest_add_type(module, 1, &sha224) < 0 ? -1
                                                                                              : 0;
}

DIGEST_MODULE(_sha256, "The hashes SHA-256 and SHA-224.")
