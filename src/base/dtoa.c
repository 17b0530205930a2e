/* SPDX-License-Identifier: MIT
 *
 * double to decimal digits.
 *
 *   double = m * 2^e ──┬─ shortest ──> shortest_decimal (Schubfach, 64 x 128 bits)
 *                      └─ n digits ──> scaled_digits: round(m * 2^e * 10^p)
 *                                        scale_small   every step in 128 bits
 *                                        scale_big     integers of GMP
 *
 * Shortest digits: Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2020). A double
 * c * 2^q is the middle of an interval of reals that read back as it; the algorithm picks k so that
 * the interval holds at least one and at most a few multiples of 10^k, and needs one 64 x 128 bit
 * product for the value and for each end.
 *
 * Given precision: the value times a power of ten, as an integer quotient and remainder: exact in
 * 128 bits for ordinary numbers, by GMP for the rest.
 *
 * The 128-bit powers of ten are computed when first asked for (about 2 us) and kept: a program
 * touches few. A table in the executable would take 12 KB of every process.
 *
 * Failure: only the blocks for long results can be missing (NULL, no exception).
 */
#include "base/dtoa.h"
#include <gmp.h>
#include <math.h>

typedef unsigned __int128 u128;

#define EXP_BIAS 1075 /* value = significand * 2^(exponent field - EXP_BIAS) */
#define HIDDEN_BIT (1ULL << 52)

static inline uint64_t double_bits(double d)
{
    uint64_t u;
    memcpy(&u, &d, sizeof(u));
    return u;
}

/* -- Powers of ten --------------------------------------------------------------------------- */

/* hi == 0: not computed. Equal writes may race harmlessly */
static Pow10 pow10_cache[POW10_MAX - POW10_MIN + 1];

/* ceil(10^k * 2^(127 - pow10_log2(k))), as 128 bits with the highest one set. */
static Pow10 pow10_compute(int k)
{
    mpz_t n, d, q, r;
    Pow10 g = {0, 0};
    mpz_inits(n, d, q, r, NULL);
    mpz_set_ui(n, 1);
    mpz_set_ui(d, 1);
    if (k >= 0) {
        mpz_ui_pow_ui(n, 10, (unsigned long)k);
    } else {
        mpz_ui_pow_ui(d, 10, (unsigned long)-k);
    }
    int shift = 127 - pow10_log2(k);
    if (shift >= 0) {
        mpz_mul_2exp(n, n, (mp_bitcnt_t)shift);
    } else {
        mpz_mul_2exp(d, d, (mp_bitcnt_t)-shift);
    }
    mpz_cdiv_q(q, n, d);
    g.lo = mpz_get_ui(q);
    mpz_fdiv_q_2exp(q, q, 64);
    g.hi = mpz_get_ui(q);
    mpz_clears(n, d, q, r, NULL);
    return g;
}

/* hi is written last and read first: a reader that sees it sees lo too. */
Pow10 pow10_significand(int k)
{
    Pow10 *slot = &pow10_cache[k - POW10_MIN];
    uint64_t hi = __atomic_load_n(&slot->hi, __ATOMIC_ACQUIRE);
    if (LIKELY(hi != 0)) {
        return (Pow10){hi, slot->lo};
    }
    Pow10 g = pow10_compute(k);
    slot->lo = g.lo;
    __atomic_store_n(&slot->hi, g.hi, __ATOMIC_RELEASE);
    return g;
}

/* -- Shortest -------------------------------------------------------------------------------- */

/* Upper 64 bits of g * c, with the lowest bit saying whether more follows. */
static inline uint64_t round_to_odd(Pow10 g, uint64_t c)
{
    u128 x = (u128)g.lo * c, y = (u128)g.hi * c;
    y += (uint64_t)(x >> 64);
    return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

/* floor(log10(2^q)), or of 3/4 of it when the lower neighbour is closer. */
static inline int floor_log10_pow2(int q, bool closer)
{
    return (q * 1262611 - (closer ? 524031 : 0)) >> 22;
}

/* Significand and exponent of the shortest decimal of a positive finite double. */
static uint64_t shortest_decimal(uint64_t bits, int *exponent)
{
    uint64_t fraction = bits & (HIDDEN_BIT - 1), c = fraction;
    int field = (int)(bits >> 52) & 0x7ff, q = 1 - EXP_BIAS;
    if (field) {
        c |= HIDDEN_BIT;
        q = field - EXP_BIAS;
        if (0 <= -q && -q < 53 && (c & ((1ULL << -q) - 1)) == 0) {
            *exponent = 0; /* a small integer */
            return c >> -q;
        }
    }
    bool closed = (c & 1) == 0; /* the ends read back as this double too */
    bool closer = fraction == 0 && field > 1; /* the lower neighbour is half as far */
    /* Everything times four, so that the ends of the interval, half-way to the neighbours (a
       quarter below a power of two), are integers too. */
    int k = floor_log10_pow2(q, closer), h = q + pow10_log2(-k) + 1;
    Pow10 g = pow10_significand(-k);
    uint64_t lower = round_to_odd(g, (4 * c - 2 + closer) << h) + !closed;
    uint64_t upper = round_to_odd(g, (4 * c + 2) << h) - !closed;
    uint64_t v = round_to_odd(g, (4 * c) << h), s = v / 4;
    if (s >= 10) { /* one digit less, when exactly one multiple of 10^(k+1) is inside */
        uint64_t t = s / 10;
        bool down = lower <= 40 * t, up = 40 * t + 40 <= upper;
        if (down != up) {
            *exponent = k + 1;
            return t + up;
        }
    }
    bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    *exponent = k;
    if (down != up) {
        return s + up;
    }
    uint64_t middle = 4 * s + 2;
    return s + (v > middle || (v == middle && (s & 1)));
}

static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";

/* Writes v so that it ends before `end`; returns its first character. */
static char *write_backwards(uint64_t v, char *end)
{
    while (v >= 100) {
        end -= 2;
        memcpy(end, &digit_pairs[v % 100 * 2], 2);
        v /= 100;
    }
    if (v >= 10) {
        end -= 2;
        memcpy(end, &digit_pairs[v * 2], 2);
    } else {
        *--end = (char)('0' + v);
    }
    return end;
}

int dtoa_shortest(double d, char digits[DTOA_SHORTEST_MAX + 1], int *decpt)
{
    int exponent;
    char buf[24], *end = buf + sizeof(buf);
    uint64_t s = shortest_decimal(double_bits(d) & ~(1ULL << 63), &exponent);
    char *first = write_backwards(s, end);
    *decpt = (int)(end - first) + exponent;
    while (end - first > 1 && end[-1] == '0') {
        end--;
    }
    memcpy(digits, first, (size_t)(end - first));
    digits[end - first] = '\0';
    return (int)(end - first);
}

/* -- Given precision ------------------------------------------------------------------------- */

static const uint64_t small_pow10[] = {
    1ULL, 10ULL, 100ULL, 1000ULL, 10000ULL, 100000ULL, 1000000ULL, 10000000ULL, 100000000ULL,
    1000000000ULL, 10000000000ULL, 100000000000ULL, 1000000000000ULL, 10000000000000ULL,
    100000000000000ULL, 1000000000000000ULL, 10000000000000000ULL, 100000000000000000ULL,
    1000000000000000000ULL, 10000000000000000000ULL,
};

/* 10^n for n <= 38. */
static u128 pow10_u128(int n)
{
    return n <= 19 ? small_pow10[n] : (u128)small_pow10[19] * small_pow10[n - 19];
}

/* m * 2^e * 10^p rounded half to even, when every step fits in 128 bits. */
static bool scale_small(uint64_t m, int e, int p, u128 *out)
{
    if (p > 22 || p < -27) {
        return false;
    }
    u128 n = m;
    if (p > 0) {
        n *= pow10_u128(p); /* < 2^53 * 2^74 */
    }
    if (e > 0) {
        if (e > 127 || n >> (127 - e)) {
            return false;
        }
        n <<= e;
        e = 0;
    }
    if (e < -126 || (e < 0 && p < 0)) {
        return false; /* tiny, or two divisions */
    }
    u128 quotient = n, rest = 0, divisor = 1;
    if (p < 0) {
        divisor = pow10_u128(-p);
        quotient = n / divisor;
        rest = n % divisor;
    } else if (e < 0) {
        divisor = (u128)1 << -e;
        quotient = n >> -e;
        rest = n & (divisor - 1);
    }
    u128 twice = rest * 2;
    *out = quotient + (twice > divisor || (twice == divisor && (quotient & 1)));
    return true;
}

/* The same for any size. */
static void scale_big(uint64_t m, int e, int p, mpz_t out)
{
    mpz_t n, d, r;
    mpz_inits(n, d, r, NULL);
    mpz_set_ui(n, m);
    mpz_set_ui(d, 1);
    if (p >= 0) {
        mpz_ui_pow_ui(r, 10, (unsigned long)p);
        mpz_mul(n, n, r);
    } else {
        mpz_ui_pow_ui(d, 10, (unsigned long)-p);
    }
    if (e >= 0) {
        mpz_mul_2exp(n, n, (mp_bitcnt_t)e);
    } else {
        mpz_mul_2exp(d, d, (mp_bitcnt_t)-e);
    }
    mpz_fdiv_qr(out, r, n, d);
    mpz_mul_2exp(r, r, 1);
    int cmp = mpz_cmp(r, d);
    if (cmp > 0 || (cmp == 0 && mpz_odd_p(out))) {
        mpz_add_ui(out, out, 1);
    }
    mpz_clears(n, d, r, NULL);
}

/* Digits of v, at least "0", into buf; returns their number. */
static size_t write_u128(u128 v, char *buf)
{
    char text[DTOA_SMALL], *end = text + sizeof(text), *first = end;
    while (v >> 64) {
        char *stop = first - 19;
        first = write_backwards((uint64_t)(v % small_pow10[19]), first);
        while (first > stop) {
            *--first = '0';
        }
        v /= small_pow10[19];
    }
    first = write_backwards((uint64_t)v, first);
    memcpy(buf, first, (size_t)(end - first));
    return (size_t)(end - first);
}

/* Digits of round(m * 2^e * 10^p), at least "0": in `small` (of DTOA_SMALL bytes), or in a block
   for PyMem_RawFree. */
static char *scaled_digits(uint64_t m, int e, int p, char *small, size_t *len)
{
    u128 v;
    if (scale_small(m, e, p, &v)) {
        *len = write_u128(v, small);
        return small;
    }
    mpz_t n;
    mpz_init(n);
    scale_big(m, e, p, n);
    char *out = PyMem_RawMalloc(mpz_sizeinbase(n, 10) + 2);
    if (out) {
        mpz_get_str(out, 10, n);
        *len = strlen(out);
    }
    mpz_clear(n);
    return out;
}

/* -- David Gay's interface ------------------------------------------------------------------- */

void _Py_dg_freedtoa(char *s) { PyMem_RawFree(s); }

/* floor(log10(m * 2^e)), or one less. */
static int estimate_log10(uint64_t m, int e)
{
    int top = 63 - __builtin_clzll(m) + e;
    return (int)floor(top * 0.30102999566398119521 - 1e-9);
}

/* n significant digits; value = 0.DIGITS * 10^*decpt. */
static char *significant_digits(uint64_t m, int e, int n, int *decpt, char *small, size_t *len)
{
    /* the true one is k or k + 1: asking for one digit less is harmless to try */
    int k = estimate_log10(m, e);
    char *s = scaled_digits(m, e, n - 1 - k, small, len);
    if (s && *len > (size_t)n) {
        /* Either k was one short, or rounding carried into a new digit, which leaves 100…0. */
        if (s != small) {
            PyMem_RawFree(s);
        }
        k++;
        s = scaled_digits(m, e, n - 1 - k, small, len);
        if (s && *len > (size_t)n) {
            k++; /* carried: the extra digit is a trailing zero */
        }
    }
    *decpt = k + 1;
    return s;
}

char *dtoa_digits(double d, int mode, int ndigits, int *decpt, int *sign, char *small,
                  size_t *count)
{
    uint64_t bits = double_bits(d), m = bits & (HIDDEN_BIT - 1);
    int field = (int)(bits >> 52) & 0x7ff, e = 1 - EXP_BIAS;
    *sign = (int)(bits >> 63);
    if (field) {
        m |= HIDDEN_BIT;
        e = field - EXP_BIAS;
    }
    if (m == 0) {
        *decpt = 1;
        *count = 1;
        return strcpy(small, "0");
    }
    char *s = small;
    size_t len;
    if (mode == 0) {
        len = (size_t)dtoa_shortest(d, s, decpt);
    } else if (mode == 2) {
        s = significant_digits(m, e, ndigits < 1 ? 1 : ndigits, decpt, small, &len);
    } else {
        s = scaled_digits(m, e, ndigits, small, &len);
        if (s && s[0] == '0') { /* rounded to nothing */
            len = 0;
            *decpt = -ndigits;
        } else {
            *decpt = (int)len - ndigits;
        }
    }
    if (s == NULL) {
        return NULL;
    }
    while (len > 1 && s[len - 1] == '0') {
        len--;
    }
    s[len] = '\0';
    *count = len;
    return s;
}

char *_Py_dg_dtoa(double d, int mode, int ndigits, int *decpt, int *sign, char **end)
{
    char small[DTOA_SMALL], *s = small;
    size_t len;
    if (!isfinite(d)) {
        *decpt = 9999;
        *sign = signbit(d) != 0;
        len = strlen(strcpy(small, isnan(d) ? "NaN" : "Infinity"));
    } else {
        s = dtoa_digits(d, mode, ndigits, decpt, sign, small, &len);
    }
    if (s == small) {
        s = PyMem_RawMalloc(len + 1);
        if (s) {
            memcpy(s, small, len + 1);
        }
    }
    if (s && end) {
        *end = s + len;
    }
    return s;
}

double _Py_dg_stdnan(int sign)
{
    return sign ? -Py_NAN : Py_NAN;
}

double _Py_dg_infinity(int sign) { return sign ? -Py_HUGE_VAL : Py_HUGE_VAL; }
