/* SPDX-License-Identifier: MIT
 *
 * Hashing of bytes, of floats and of addresses.
 *
 *   bytes      SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012), keyed by
 *              the process's secret, so that nobody can prepare keys that collide (PEP 456)
 *   floats     the value modulo the prime P = 2^61 - 1, as int, Fraction, Decimal and complex hash
 *              too: numbers that are equal agree, whatever their types
 *   addresses  rotated by four bits
 *
 * I1  -1 is never a hash: it means that an exception is set. It is replaced by -2.
 * I2  The secret is set before the first str is made, and never again.
 *
 * The same PYTHONHASHSEED gives the same hashes as every other 3.11: the seed is expanded by the
 * linear congruence x = 214013 x + 2531011 (mod 2^32), of which each byte of the secret takes bits
 * 16..23.
 */
#include "base/hash.h"
#include <math.h>
#include <stdio.h>
#include <sys/random.h>
#include <errno.h>

/* Exported: pyexpat and _elementtree salt their own hash functions with it. */
_Py_HashSecret_t _Py_HashSecret;

/* -- Bytes ----------------------------------------------------------------------------------- */

#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))
/* Half of a SipRound on two of the four words, twice: columns, then diagonals. */
#define HALF(a, b, c, d, s, t) \
    a += b; c += d; b = ROTL(b, s) ^ a; d = ROTL(d, t) ^ c; a = ROTL(a, 32);
#define ROUND(v0, v1, v2, v3) HALF(v0, v1, v2, v3, 13, 16) HALF(v2, v1, v0, v3, 17, 21)

/* Unaligned and in the machine's order, which is little-endian as the paper wants it. */
static inline uint64_t load64(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* One compression and three finalisation rounds. The message is padded with zeros to whole words;
   its length modulo 256 is the last byte. */
static uint64_t siphash13(uint64_t k0, uint64_t k1, const unsigned char *p, size_t n)
{
    uint64_t b = (uint64_t)n << 56;
    uint64_t v0 = k0 ^ 0x736f6d6570736575ULL, v1 = k1 ^ 0x646f72616e646f6dULL;
    uint64_t v2 = k0 ^ 0x6c7967656e657261ULL, v3 = k1 ^ 0x7465646279746573ULL;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t m = load64(p);
        v3 ^= m;
        ROUND(v0, v1, v2, v3)
        v0 ^= m;
    }
    uint64_t tail = 0;
    memcpy(&tail, p, n);
    b |= tail;
    v3 ^= b;
    ROUND(v0, v1, v2, v3)
    v0 ^= b;
    v2 ^= 0xff;
    ROUND(v0, v1, v2, v3)
    ROUND(v0, v1, v2, v3)
    ROUND(v0, v1, v2, v3)
    return (v0 ^ v1) ^ (v2 ^ v3);
}

static Py_hash_t pysiphash(const void *src, Py_ssize_t n)
{
    return (Py_hash_t)siphash13(_Py_HashSecret.siphash.k0, _Py_HashSecret.siphash.k1, src,
                                (size_t)n);
}

Py_hash_t _Py_HashBytes(const void *src, Py_ssize_t n)
{
    if (n == 0) {
        return 0; /* must not depend on the secret: it would reveal it */
    }
    Py_hash_t h = pysiphash(src, n);
    return h == -1 ? -2 : h;
}

/* With a key of its own: the hash in checked .pyc files. */
uint64_t _Py_KeyedHash(uint64_t key, const void *src, Py_ssize_t n)
{
    return siphash13(key, 0, src, (size_t)n);
}

/* What sys.hash_info shows: 64 bits of result, 128 of key. */
static PyHash_FuncDef hash_function = {pysiphash, "siphash13", 64, 128};

PyHash_FuncDef *PyHash_GetFuncDef(void) { return &hash_function; }

/* -- Floats and addresses -------------------------------------------------------------------- */

/* v = m * 2^e with m in [0.5, 1). `inst` is hashed by address when v is not a number, so that a set
   of many NaNs does not degenerate into one chain. */
Py_hash_t _Py_HashDouble(PyObject *inst, double v)
{
    if (!isfinite(v)) {
        if (isinf(v)) {
            return v > 0 ? _PyHASH_INF : -_PyHASH_INF;
        }
        return _Py_HashPointer(inst);
    }
    int e;
    double m = frexp(v, &e);
    bool negative = m < 0;
    if (negative) {
        m = -m;
    }
    /* 28 bits of the mantissa at a time; multiplying by 2^28 modulo 2^61 - 1 is a rotation. */
    uint64_t x = 0;
    while (m != 0.0) {
        x = ((x << 28) & _PyHASH_MODULUS) | x >> (_PyHASH_BITS - 28);
        m *= 268435456.0;
        e -= 28;
        uint64_t y = (uint64_t)m;
        m -= (double)y;
        x += y;
        if (x >= _PyHASH_MODULUS) {
            x -= _PyHASH_MODULUS;
        }
    }
    e = e >= 0 ? e % _PyHASH_BITS : _PyHASH_BITS - 1 - ((-1 - e) % _PyHASH_BITS);
    x = ((x << e) & _PyHASH_MODULUS) | x >> (_PyHASH_BITS - e);
    Py_hash_t h = negative ? -(Py_hash_t)x : (Py_hash_t)x;
    return h == -1 ? -2 : h;
}

/* The low bits of addresses are mostly zero: rotate them away. */
Py_hash_t _Py_HashPointerRaw(const void *p)
{
    size_t y = (size_t)p;
    return (Py_hash_t)((y >> 4) | (y << (8 * sizeof(y) - 4)));
}

Py_hash_t _Py_HashPointer(const void *p)
{
    Py_hash_t h = _Py_HashPointerRaw(p);
    return h == -1 ? -2 : h;
}

/* -- The secret ------------------------------------------------------------------------------ */

void hash_expand_seed(unsigned int seed, unsigned char *out, size_t size)
{
    unsigned int x = seed;
    for (size_t i = 0; i < size; i++) {
        x = x * 214013 + 2531011;
        out[i] = (unsigned char)((x >> 16) & 0xff);
    }
}

/* getrandom without waiting: early in the boot of a machine /dev/urandom answers what there is. */
static int random_bytes(unsigned char *out, size_t size)
{
    while (size) {
        ssize_t n = getrandom(out, size, GRND_NONBLOCK);
        if (n > 0) {
            out += n;
            size -= (size_t)n;
        } else if (errno != EINTR) {
            break;
        }
    }
    if (size == 0) {
        return 0;
    }
    FILE *f = fopen("/dev/urandom", "rb");
    size_t n = f ? fread(out, 1, size, f) : 0;
    if (f) {
        fclose(f);
    }
    return n == size ? 0 : -1;
}

/* Once for the process: constant objects keep their hashes over a restart. */
int hash_init(const PyConfig *config)
{
    static bool done;
    unsigned char *secret = (unsigned char *)&_Py_HashSecret;
    if (done)
        return 0;
    done = true;
    if (config && config->use_hash_seed) {
        if (config->hash_seed == 0) {
            memset(secret, 0, sizeof(_Py_HashSecret));
        } else {
            hash_expand_seed((unsigned int)config->hash_seed, secret, sizeof(_Py_HashSecret));
        }
        return 0;
    }
    return random_bytes(secret, sizeof(_Py_HashSecret));
}

uint64_t hash_keyed(uint64_t key, const void *src, Py_ssize_t n)
{
    return siphash13(key, 0, src, (size_t)n);
}
