/* SPDX-License-Identifier: MIT
 *
 * int meets float: conversion, true division and powers. Everything rounds half to even, once: the
 * quotient of two ints is the double nearest to the exact quotient, which dividing two doubles
 * would miss. Where both are doubles exactly the processor does it; otherwise the dividend is
 * scaled until the quotient has a few bits more than a double keeps, and the bits below and the
 * remainder decide the rounding.
 *
 * Powers: machine words while they fit, then GMP (big.c cuts long ones into pieces); three
 * arguments are modular, a negative exponent there means the inverse.
 */
#include "objects/int/int_impl.h"
#include <float.h>

#define FEW_LIMBS 16 /* of a modulus for which a small power needs no memory */

/* -- To double ------------------------------------------------------------------------------- */

/* The leading 64 bits of |v| (top bit set), `sticky` when lower ones are nonzero. v is not zero. */
static uint64_t leading_bits(PyObject *v, bool *sticky)
{
    Py_ssize_t n = NDIGITS(v);
    const digit *d = DIGITS(v);
    u128 acc = 0;
    Py_ssize_t i = n;
    int taken = 0;
    while (i > 0 && taken < 4) {
        acc = acc << SHIFT | d[--i];
        taken++;
    }
    int bits = 128
               - (acc >> 64 ? __builtin_clzll((uint64_t)(acc >> 64))
                            : 64 + __builtin_clzll((uint64_t)acc));
    *sticky = false;
    if (bits > 64) {
        *sticky = (acc & (((u128)1 << (bits - 64)) - 1)) != 0;
        acc >>= bits - 64;
    } else {
        acc <<= 64 - bits;
    }
    while (!*sticky && i > 0) {
        *sticky = d[--i] != 0;
    }
    return (uint64_t)acc;
}

/* v = result * 2^*e with 0.5 <= |result| < 1, rounded; -1.0 with
   an exception when the exponent overflows. */
double _PyLong_Frexp(PyLongObject *v, Py_ssize_t *e)
{
    if (Py_SIZE(v) == 0) {
        *e = 0;
        return 0.0;
    }
    bool sticky;
    uint64_t x = leading_bits((PyObject *)v, &sticky);
    Py_ssize_t bits = int_bits((PyObject *)v);
    uint64_t rest = x & 0x7ff, kept = x >> 11;
    if (rest > 0x400 || (rest == 0x400 && (sticky || (kept & 1)))) {
        kept++;
        if (kept >> 53) {
            kept >>= 1;
            bits++;
        }
    }
    *e = bits;
    double d = (double)kept * 0x1p-53;
    return IS_NEGATIVE(v) ? -d : d;
}

/* OverflowError when it rounds to infinity. */
double PyLong_AsDouble(PyObject *v)
{
    if (v == NULL) {
        PyErr_BadInternalCall();
        return -1.0;
    }
    if (!PyLong_Check(v)) {
        PyErr_SetString(PyExc_TypeError, "an integer is required");
        return -1.0;
    }
    if (int_is_compact(v)) {
        return (double)int_compact(v);
    }
    Py_ssize_t e;
    double d = _PyLong_Frexp(AS_INT(v), &e);
    if ((d == -1.0 && PyErr_Occurred()) || e > DBL_MAX_EXP) {
        PyErr_SetString(PyExc_OverflowError, "int too large to convert to float");
        return -1.0;
    }
    return ldexp(d, (int)e);
}

/* -- True division --------------------------------------------------------------------------- */

/* Exactly representable as a double. */
static inline bool fits_double(PyObject *v)
{
    return int_is_medium(v) && int_medium_abs(v) <= 1ULL << 53;
}

/* |v| << bits in the limbs of `out`, which has room for one more than that may need; how many it
   needs. */
static Py_ssize_t shifted_limbs(PyObject *v, Py_ssize_t bits, mp_limb_t *out)
{
    Py_ssize_t zeros = bits / 64, n = int_to_limbs(DIGITS(v), NDIGITS(v), out + zeros);
    memset(out, 0, (size_t)zeros * sizeof *out);
    if (bits % 64) {
        out[zeros + n] = mpn_lshift(out + zeros, out + zeros, n, (unsigned)(bits % 64));
        n += out[zeros + n] != 0;
    }
    return zeros + n;
}

/* |a| / |b| rounded; both nonzero. HUGE_VAL when too large, -1.0 with an exception when memory is
   short. */
static double divide_abs(PyObject *a, PyObject *b)
{
    Py_ssize_t diff = int_bits(a) - int_bits(b);
    if (diff > DBL_MAX_EXP) {
        return Py_HUGE_VAL;
    }
    if (diff < DBL_MIN_EXP - DBL_MANT_DIG - 1) {
        return 0.0;
    }
    /* A quotient of 55 or 56 bits; fewer for subnormal results: all of it is above 2^-1076. */
    Py_ssize_t shift = Py_MAX(diff, DBL_MIN_EXP) - DBL_MANT_DIG - 2;
    Py_ssize_t up = shift < 0 ? -shift : 0, down = shift > 0 ? shift : 0;
    Py_ssize_t room_n = LIMBS_FOR(NDIGITS(a)) + up / 64 + 1;
    Py_ssize_t room_d = LIMBS_FOR(NDIGITS(b)) + down / 64 + 1, room = 2 * (room_n + room_d);
    mp_limb_t stack[STACK_LIMBS], *n = room <= STACK_LIMBS ? stack : int_limbs_new(room);
    if (n == NULL) {
        return -1.0;
    }
    mp_limb_t *d = n + room_n, *q = d + room_d, *r = q + room_n;
    Py_ssize_t used_n = shifted_limbs(a, up, n), used_d = shifted_limbs(b, down, d);
    mpn_tdiv_qr(q, r, 0, n, used_n, d, used_d);
    uint64_t x = q[0];
    if (!mpn_zero_p(r, used_d)) {
        x |= 1; /* sticky: at least two bits are dropped below */
    }
    if (n != stack) {
        PyMem_Free(n);
    }
    int bits = x ? 64 - __builtin_clzll(x) : 0;
    int extra = (int)(Py_MAX(bits, DBL_MIN_EXP - shift) - DBL_MANT_DIG);
    uint64_t half = 1ULL << (extra - 1), rest = x & ((half << 1) - 1);
    x >>= extra;
    x += rest > half || (rest == half && (x & 1));
    return ldexp((double)x, (int)(shift + extra));
}

/* A float. */
PyObject *int_true_divide(PyObject *a, PyObject *b)
{
    CHECK_BINARY(a, b);
    if (Py_SIZE(b) == 0) {
        PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
        return NULL;
    }
    bool negative = IS_NEGATIVE(a) != IS_NEGATIVE(b);
    if (Py_SIZE(a) == 0) {
        return PyFloat_FromDouble(negative ? -0.0 : 0.0);
    }
    if (LIKELY(fits_double(a) && fits_double(b))) {
        return PyFloat_FromDouble((double)int_medium(a) / (double)int_medium(b));
    }
    double d = divide_abs(a, b);
    if (d < 0) {
        return NULL;
    }
    if (Py_IS_INFINITY(d)) {
        PyErr_SetString(PyExc_OverflowError, "integer division result too large for a float");
        return NULL;
    }
    return PyFloat_FromDouble(negative ? -d : d);
}

/* -- Powers ---------------------------------------------------------------------------------- */

/* base ** exponent while it stays in 63 bits; false when it would not. */
static bool power_word(int64_t base, uint64_t exponent, int64_t *out)
{
    int64_t r = 1;
    while (exponent) {
        if ((exponent & 1) && __builtin_mul_overflow(r, base, &r)) {
            return false;
        }
        exponent >>= 1;
        if (exponent && __builtin_mul_overflow(base, base, &base)) {
            return false;
        }
    }
    *out = r;
    return true;
}

/* The result takes a third of STACK_LIMBS at most; exponent > 0. */
static PyObject *power_short(PyObject *v, unsigned exponent)
{
    mp_limb_t base[STACK_LIMBS / 3 + 1], one[STACK_LIMBS / 3 + 2], two[STACK_LIMBS / 3 + 2];
    mp_limb_t *r = one, *product = two, *t;
    Py_ssize_t nb = int_to_limbs(DIGITS(v), NDIGITS(v), base), n = nb;
    memcpy(r, base, (size_t)nb * sizeof *r);
    for (int bit = 30 - __builtin_clz(exponent); bit >= 0; bit--) {
        mpn_sqr(product, r, n);
        n = 2 * n - (product[2 * n - 1] == 0);
        t = r, r = product, product = t;
        if (exponent >> bit & 1) {
            n += nb - (mpn_mul(product, r, n, base, nb) == 0);
            t = r, r = product, product = t;
        }
    }
    return int_from_limbs(r, n, IS_NEGATIVE(v) && (exponent & 1));
}

static PyObject *power_plain(PyObject *v, PyObject *w)
{
    if (int_is_medium(v) && int_is_compact(w)) {
        int64_t r;
        if (power_word(int_medium(v), (uint64_t)int_compact(w), &r)) {
            return int_from_i64(r);
        }
    }
    if (Py_SIZE(w) == 1 && DIGITS(w)[0] == 2) {
        return int_mul(v, v);
    }
    Py_ssize_t bits = int_bits(v);
    bool odd = Py_SIZE(w) && (DIGITS(w)[0] & 1);
    if (bits <= 1) { /* -1, 0, 1 */
        return Py_NewRef(SMALL_INT(Py_SIZE(w) == 0 ? 1 : Py_SIZE(v) < 0 && !odd ? 1 : Py_SIZE(v)));
    }
    uint64_t exponent = int_is_medium(w) ? int_medium_abs(w) : UINT64_MAX;
    if (exponent > (1ULL << 40) || (u128)exponent * (u128)(bits - 1) > (u128)1 << 38) {
        return PyErr_NoMemory(); /* 32 GB and more: GMP would end the process */
    }
    if (bits == int_bits(SMALL_INT(2)) && NDIGITS(v) == 1 && DIGITS(v)[0] == 2) {
        PyObject *one = SMALL_INT(IS_NEGATIVE(v) && odd ? -1 : 1);
        return int_shift_left_by(one, (Py_ssize_t)exponent);
    }
    if (exponent == 0) {
        return Py_NewRef(SMALL_INT(1));
    }
    return (u128)exponent * (u128)bits <= 64 * (STACK_LIMBS / 3)
               ? power_short(v, (unsigned)exponent)
               : int_power_long(v, exponent);
}

static inline uint64_t mul_mod(uint64_t a, uint64_t b, uint64_t m)
{
    return m >> 32 ? (uint64_t)((u128)a * b % m) : a * b % m;
}

/* 0 <= base < m; w has at most two digits. */
static uint64_t power_mod_word(uint64_t base, PyObject *w, uint64_t m)
{
    uint64_t r = 1 % m, exponent = int_medium_abs(w);
    if (exponent == 0) {
        return r;
    }
    r = base;
    for (int bit = 62 - __builtin_clzll(exponent); bit >= 0; bit--) {
        r = mul_mod(r, r, m);
        if (exponent >> bit & 1) {
            r = mul_mod(r, base, m);
        }
    }
    return r;
}

/* *r * base = 1 mod m for some *r below m; false when there is none. base < m < 2^60. */
static bool inverse_word(uint64_t base, uint64_t m, uint64_t *r)
{
    int64_t t0 = 0, t1 = 1; /* times base they are r0 and r1 mod m */
    uint64_t r0 = m, r1 = base;
    while (r1) {
        uint64_t q = r0 / r1, rest = r0 % r1;
        int64_t t = t0 - (int64_t)q * t1;
        r0 = r1, r1 = rest;
        t0 = t1, t1 = t;
    }
    *r = m == 1 ? 0 : t0 < 0 ? (uint64_t)(t0 + (int64_t)m) : (uint64_t)t0;
    return r0 == 1;
}

/* p mod m in place, q being room for the quotient; returns the limbs left. */
static Py_ssize_t limbs_mod(mp_limb_t *p, Py_ssize_t np, const mp_limb_t *m, Py_ssize_t n,
                            mp_limb_t *q)
{
    if (np > n || (np == n && mpn_cmp(p, m, n) >= 0)) {
        mpn_tdiv_qr(q, p, 0, p, np, m, n);
        np = n;
    }
    while (np > 0 && p[np - 1] == 0) {
        np--;
    }
    return np;
}

/* A few squarings with divisions cost less than to prepare Montgomery's reduction, the more so
   while the powers are shorter than the modulus. v >= 0, x > 0, both of few limbs. */
static PyObject *power_mod_few(PyObject *v, digit exponent, PyObject *x)
{
    mp_limb_t base[2 * FEW_LIMBS], m[FEW_LIMBS], q[2 * FEW_LIMBS + 1];
    mp_limb_t one[2 * FEW_LIMBS + 1], two[2 * FEW_LIMBS + 1], *r = one, *product = two, *t;
    Py_ssize_t n = int_to_limbs(DIGITS(x), NDIGITS(x), m);
    Py_ssize_t nb = int_to_limbs(DIGITS(v), NDIGITS(v), base), nr;
    nr = nb = limbs_mod(base, nb, m, n, q);
    memcpy(r, base, (size_t)nb * sizeof *r);
    for (int bit = 30 - __builtin_clz(exponent); bit >= 0 && nr > 0; bit--) {
        mpn_sqr(product, r, nr);
        nr = limbs_mod(product, 2 * nr, m, n, q);
        t = r, r = product, product = t;
        if ((exponent >> bit & 1) && nr > 0) {
            (void)(nr >= nb ? mpn_mul(product, r, nr, base, nb)
                            : mpn_mul(product, base, nb, r, nr));
            nr = limbs_mod(product, nr + nb, m, n, q);
            t = r, r = product, product = t;
        }
    }
    return int_from_limbs(r, nr, false);
}

/* All three fit words; a negative w asks for the inverse. */
static PyObject *power_mod_medium(PyObject *v, PyObject *w, PyObject *x)
{
    uint64_t m = int_medium_abs(x), r;
    int64_t b = int_medium(v) % (int64_t)m;
    r = (uint64_t)(b < 0 ? b + (int64_t)m : b);
    if (IS_NEGATIVE(w) && !inverse_word(r, m, &r)) {
        PyErr_SetString(PyExc_ValueError, "base is not invertible for the given modulus");
        return NULL;
    }
    r = power_mod_word(r, w, m);
    return int_from_i64(IS_NEGATIVE(x) && r ? (int64_t)r - (int64_t)m : (int64_t)r);
}

/* ValueError when there is no inverse. The result has the sign of x. */
static PyObject *power_mod(PyObject *v, PyObject *w, PyObject *x)
{
    if (Py_SIZE(x) == 0) {
        PyErr_SetString(PyExc_ValueError, "pow() 3rd argument cannot be 0");
        return NULL;
    }
    if (int_is_medium(v) && int_is_medium(x) && int_is_medium(w)) {
        return power_mod_medium(v, w, x);
    }
    if (Py_SIZE(w) == 1 && DIGITS(w)[0] < 64 && Py_SIZE(v) >= 0 && Py_SIZE(x) > 0
        && LIMBS_FOR(Py_SIZE(x)) <= FEW_LIMBS && LIMBS_FOR(Py_SIZE(v)) <= 2 * FEW_LIMBS) {
        return power_mod_few(v, DIGITS(w)[0], x);
    }
    mpz_t b, e, m;
    PyObject *r = NULL;
    mpz_inits(b, e, m, NULL);
    int_to_mpz(v, b);
    int_to_mpz(w, e);
    int_to_mpz(x, m);
    mpz_abs(m, m);
    if (mpz_sgn(e) < 0) {
        mpz_neg(e, e);
        if (mpz_cmp_ui(m, 1) == 0) {
            mpz_set_ui(b, 0);
        } else if (!mpz_invert(b, b, m)) {
            PyErr_SetString(PyExc_ValueError, "base is not invertible for the given modulus");
            goto done;
        }
    }
    if (int_powm(b, e, m) < 0) {
        goto done;
    }
    if (IS_NEGATIVE(x) && mpz_sgn(b) > 0) {
        mpz_sub(b, b, m);
    }
    r = int_from_mpz(b);
done:
    mpz_clears(b, e, m, NULL);
    return r;
}

/* A negative exponent without modulus goes to float. */
PyObject *int_power(PyObject *v, PyObject *w, PyObject *x)
{
    CHECK_BINARY(v, w);
    if (x != Py_None) {
        if (!PyLong_Check(x)) {
            Py_RETURN_NOTIMPLEMENTED;
        }
        return power_mod(v, w, x);
    }
    if (IS_NEGATIVE(w)) {
        return PyFloat_Type.tp_as_number->nb_power(v, w, x);
    }
    return power_plain(v, w);
}
