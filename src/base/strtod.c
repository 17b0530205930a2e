/* SPDX-License-Identifier: MIT
 *
 * Decimal digits to double, correctly rounded.
 *
 * Three ways, each taken when the one before cannot be sure:
 *  1. at most 15-16 digits and a power up to 10^22: one exact multiplication or division of
 *     doubles;
 *  2. the first 19 digits w times a 128-bit power of ten: the product is known within a few units
 *     of its last place, which decides the rounding unless the bits after the significand are that
 *     close to one half;
 *  3. exact: integers of GMP.
 */
#include "base/dtoa.h"
#include <errno.h>
#include <gmp.h>
#include <math.h>

typedef unsigned __int128 u128;

/* More cannot matter but as "something follows": no double has more than 767 significant digits. */
#define MAX_EXACT_DIGITS 800

/* A number as it was read: value = 0.DIGITS * 10^(exponent + count). */
typedef struct {
    const char *digits; /* first nonzero digit in the text; a '.' may be inside */
    int64_t count;      /* digits from there on, without trailing zeros' trimming */
    int64_t exponent;   /* value = digits (as an integer) * 10^exponent */
    uint64_t head;      /* the first 19 digits */
} Decimal;

/* sig * 2^exp (sig of 53 bits or fewer when subnormal) as a double; exp may overflow to
   infinity. */
static double assemble(uint64_t sig, int exp)
{
    if (sig == 0) {
        return 0.0;
    }
    if (sig >> 53) { /* rounding carried */
        sig >>= 1;
        exp++;
    }
    uint64_t bits;
    if (sig < (1ULL << 52)) {
        bits = sig; /* subnormal: exp is -1074 */
    } else {
        int field = exp + 1075;
        if (field >= 0x7ff) {
            return Py_HUGE_VAL;
        }
        bits = (uint64_t)field << 52 | (sig & ((1ULL << 52) - 1));
    }
    double d;
    memcpy(&d, &bits, sizeof(d));
    return d;
}

/* Way 1. The operands are exact, so the only rounding is the one of the operation (Clinger, "How to
   read floating point numbers accurately", 1990). */
static bool try_exact_doubles(const Decimal *dec, double *out)
{
    static const double powers[] = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    if (dec->count > 19 || dec->head >> 53 || dec->exponent < -22 || dec->exponent > 22) {
        return false;
    }
    double d = (double)dec->head;
    *out = dec->exponent < 0 ? d / powers[-dec->exponent] : d * powers[dec->exponent];
    return true;
}

/* Way 2 (after Lemire, "Number parsing at a gigabyte per second", 2021). False: too close to
   call. */
static bool try_128_bits(const Decimal *dec, double *out)
{
    bool cut = dec->count > 19;
    int64_t exponent = dec->exponent + (cut ? dec->count - 19 : 0);
    if (exponent < POW10_MIN || exponent > POW10_MAX) {
        return false;
    }
    int k = (int)exponent, lz = __builtin_clzll(dec->head);
    uint64_t w = dec->head << lz;
    Pow10 g = pow10_significand(k);
    /* p: the upper 128 bits of the 192-bit product; the true value is within +-2 of it (more when
       digits were cut). */
    u128 low = (u128)w * g.lo, p = (u128)w * g.hi + (uint64_t)(low >> 64);
    int exp2 = pow10_log2(k) - 127 + 64 - lz; /* value = p * 2^exp2 */
    int top = p >> 127 ? 127 : 126, drop = top - 52;
    if (exp2 + drop < -1074) {
        drop = -1074 - exp2; /* subnormal: fewer bits */
    }
    if (drop > 126) {
        return false;
    }
    /* `rest` is what rounding drops. It must lie clearly on one side of half, by more than the
       uncertainty `above`, and must not carry into the bits that are kept. */
    u128 half = (u128)1 << (drop - 1), rest = p & ((half << 1) - 1);
    u128 above = cut ? (u128)1 << (66 + (lz < 60 ? lz : 60)) : 4;
    if (above >= half || (rest + above >= half && rest <= half + 4)
        || (cut && rest + above >= half << 1)) {
        return false;
    }
    uint64_t sig = (uint64_t)(p >> drop) + (rest > half);
    *out = assemble(sig, exp2 + drop);
    return true;
}

/* Copies up to MAX_EXACT_DIGITS digits; '1' follows when nonzero digits were left out. */
static int64_t copy_digits(const Decimal *dec, char *out)
{
    int64_t n = 0, seen = 0;
    bool more = false;
    for (const char *p = dec->digits; seen < dec->count; p++) {
        if (*p == '.') {
            continue;
        }
        seen++;
        if (n < MAX_EXACT_DIGITS) {
            out[n++] = *p;
        } else if (*p != '0') {
            more = true;
            break;
        }
    }
    if (more) {
        out[n++] = '1';
    }
    out[n] = '\0';
    return n;
}

/* Way 3: num / den as big integers, scaled by a power of two so that the quotient has the bits of
   the significand and one or two to round by. */
static double exact(const Decimal *dec)
{
    char text[MAX_EXACT_DIGITS + 2];
    int64_t n = copy_digits(dec, text), exponent = dec->exponent + dec->count - n;
    mpz_t num, den, q, r;
    mpz_inits(num, den, q, r, NULL);
    mpz_set_str(num, text, 10);
    mpz_set_ui(den, 1);
    mpz_ui_pow_ui(r, 10, (unsigned long)(exponent < 0 ? -exponent : exponent));
    if (exponent < 0) {
        mpz_swap(den, r);
    } else {
        mpz_mul(num, num, r);
    }
    /* Scale so that the quotient has 54 or 55 bits, or fewer when the result is subnormal. */
    int64_t bits = (int64_t)mpz_sizeinbase(num, 2) - (int64_t)mpz_sizeinbase(den, 2);
    int64_t exp = bits - 54;
    if (exp < -1075) {
        exp = -1075; /* one bit below the last place of subnormals */
    }
    if (exp < 0) {
        mpz_mul_2exp(num, num, (mp_bitcnt_t)-exp);
    } else {
        mpz_mul_2exp(den, den, (mp_bitcnt_t)exp);
    }
    mpz_fdiv_qr(q, r, num, den);
    bool sticky = mpz_sgn(r) != 0;
    uint64_t sig = mpz_get_ui(q);
    mpz_clears(num, den, q, r, NULL);
    int drop = sig >> 54 ? 2 : 1;
    uint64_t half = 1ULL << (drop - 1), rest = sig & ((half << 1) - 1);
    uint64_t kept = sig >> drop;
    if (rest > half || (rest == half && (sticky || (kept & 1)))) {
        kept++;
    }
    return assemble(kept, (int)exp + drop);
}

/* The three ways in turn, after what is out of range either way. */
static double convert(const Decimal *dec)
{
    double d;
    if (dec->count == 0) {
        return 0.0;
    }
    int64_t magnitude = dec->exponent + dec->count; /* value < 10^magnitude */
    if (magnitude > 309) {
        return Py_HUGE_VAL;
    }
    if (magnitude < -323) {
        return 0.0;
    }
    if (try_exact_doubles(dec, &d) || try_128_bits(dec, &d)) {
        return d;
    }
    return exact(dec);
}

/* Reads the exponent part at *p ("e[+-]digits"); leaves *p alone when there is none. */
static int64_t read_exponent(const char **p)
{
    const char *s = *p;
    if (*s != 'e' && *s != 'E') {
        return 0;
    }
    s++;
    bool negative = *s == '-';
    if (*s == '-' || *s == '+') {
        s++;
    }
    if (!Py_ISDIGIT(*s)) {
        return 0;
    }
    int64_t e = 0;
    for (; Py_ISDIGIT(*s); s++) {
        if (e < 1000000000000000LL) {
            e = e * 10 + (*s - '0');
        }
    }
    *p = s;
    return negative ? -e : e;
}

/* [sign] digits [. digits] [e [sign] digits]; *end == s when there is no number. ERANGE and
   infinity on overflow. */
double _Py_dg_strtod(const char *s, char **end)
{
    const char *p = s;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') {
        p++;
    }
    Decimal dec = {0};
    bool any = false, point = false;
    int64_t nhead = 0, trailing = 0;
    for (;; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!Py_ISDIGIT(*p)) {
            break;
        }
        any = true;
        if (point) {
            dec.exponent--;
        }
        if (dec.digits == NULL) {
            if (*p == '0') {
                continue;
            }
            dec.digits = p;
        }
        dec.count++;
        trailing = *p == '0' ? trailing + 1 : 0;
        if (nhead < 19) {
            dec.head = dec.head * 10 + (uint64_t)(*p - '0');
            nhead++;
        }
    }
    if (!any) {
        if (end) {
            *end = (char *)s;
        }
        return 0.0;
    }
    dec.exponent += read_exponent(&p);
    /* Zeros after the last nonzero digit add nothing. */
    dec.count -= trailing;
    dec.exponent += trailing;
    if (dec.digits && dec.count < nhead) {
        for (int64_t i = nhead - dec.count; i > 0; i--) {
            dec.head /= 10;
        }
    }
    if (end) {
        *end = (char *)p;
    }
    double d = convert(&dec);
    if (isinf(d)) {
        errno = ERANGE;
    }
    return negative ? -d : d;
}
