/* SPDX-License-Identifier: MIT
 *
 * Work on very long integers that can be interrupted: GMP runs to the end once it is called, so
 * operations that would keep it busy for longer than about half a second are cut into pieces, and
 * signals are looked at between them.
 *
 *   product         Karatsuba's three products of halves down to PIECE limbs; an unbalanced one in
 *                     pieces of the shorter
 *                   factor's length
 *   division        long division with digits of the divisor's length, at least PIECE limbs
 *   power           squarings from the exponent's top bit down
 *   power modulo m  the exponent in blocks of bits
 *   decimal text    halves: number = high * 10^k + low, both ways
 *
 * Everything below the limits goes to GMP in one call and costs nothing more. -1 and NULL mean that
 * memory is short or that a signal handler raised.
 */
#include "objects/int/int_impl.h"

enum {
    PIECE = 1 << 20,          /* limbs: 20 million decimal digits, a third of a second */
    TEXT_PIECE = 1 << 21,     /* decimal digits that are converted in one call */
    EXPONENT_BLOCK = 1 << 10, /* bits of an exponent modulo m */
};

mp_limb_t *int_limbs_new(Py_ssize_t n)
{
    mp_limb_t *p = PyMem_New(mp_limb_t, (size_t)n);
    if (p == NULL) {
        PyErr_NoMemory();
    }
    return p;
}

/* -- Product --------------------------------------------------------------------------------- */

/* sum = low + high, one limb longer than low. */
static void add_halves(mp_limb_t *sum, const mp_limb_t *low, Py_ssize_t n, const mp_limb_t *high,
                       Py_ssize_t nhigh)
{
    sum[n] = mpn_add(sum, low, n, high, nhigh);
}

/* z has room for 2n limbs; Karatsuba: ab = high, low, and (a1+a0)(b1+b0) - high - low between. */
static int mul_equal(mp_limb_t *z, const mp_limb_t *a, const mp_limb_t *b, Py_ssize_t n)
{
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    if (n <= PIECE) {
        if (a == b) {
            mpn_sqr(z, a, n);
        } else {
            mpn_mul_n(z, a, b, n);
        }
        return 0;
    }
    Py_ssize_t h = (n + 1) / 2, l = n - h;
    mp_limb_t *sa = int_limbs_new(4 * h + 4), *sb, *middle;
    if (sa == NULL) {
        return -1;
    }
    middle = sa + h + 1;
    sb = a == b ? sa : middle + 2 * h + 2;
    add_halves(sa, a, h, a + h, l);
    if (sb != sa) {
        add_halves(sb, b, h, b + h, l);
    }
    bool failed = mul_equal(z, a, b, h) < 0 || mul_equal(z + 2 * h, a + h, b + h, l) < 0
                  || mul_equal(middle, sa, sb, h + 1) < 0;
    if (!failed) {
        mpn_sub(middle, middle, 2 * h + 2, z, 2 * h);
        mpn_sub(middle, middle, 2 * h + 2, z + 2 * h, 2 * l);
        Py_ssize_t used = 2 * h + 2;
        while (used > 0 && middle[used - 1] == 0) {
            used--;
        }
        if (used > 0) {
            mpn_add(z + h, z + h, 2 * n - h, middle, used);
        }
    }
    PyMem_Free(sa);
    return failed ? -1 : 0;
}

/* z = a * b, la >= lb >= 1; z has la + lb limbs of its own. */
int int_limbs_mul(mp_limb_t *z, const mp_limb_t *a, Py_ssize_t la, const mp_limb_t *b,
                  Py_ssize_t lb)
{
    if (la + lb <= 2 * PIECE) {
        if (a == b && la == lb) {
            mpn_sqr(z, a, la);
        } else {
            mpn_mul(z, a, la, b, lb);
        }
        return 0;
    }
    if (la == lb) {
        return mul_equal(z, a, b, la);
    }
    Py_ssize_t step = Py_MAX(lb, PIECE);
    mp_limb_t *part = int_limbs_new(step + lb);
    if (part == NULL) {
        return -1;
    }
    memset(z, 0, (size_t)(la + lb) * sizeof *z);
    for (Py_ssize_t i = 0; i < la; i += step) {
        Py_ssize_t n = Py_MIN(step, la - i);
        if (PyErr_CheckSignals() < 0
            || (n >= lb
                    ? n == lb ? mul_equal(part, a + i, b, lb) : (mpn_mul(part, a + i, n, b, lb), 0)
                    : int_limbs_mul(part, b, lb, a + i, n))
                   < 0) {
            PyMem_Free(part);
            return -1;
        }
        mpn_add(z + i, z + i, la + lb - i, part, n + lb);
    }
    PyMem_Free(part);
    return 0;
}

/* -- Division -------------------------------------------------------------------------------- */

/* q = a / b in la - lb + 1 limbs, r = a mod b in lb; la >= lb, the top limb of b is not 0. */
int int_limbs_divrem(mp_limb_t *q, mp_limb_t *r, const mp_limb_t *a, Py_ssize_t la,
                     const mp_limb_t *b, Py_ssize_t lb)
{
    if (la - lb <= 2 * PIECE) {
        mpn_tdiv_qr(q, r, 0, a, la, b, lb);
        return 0;
    }
    /* Long division with digits of `step` limbs. */
    Py_ssize_t step = Py_MAX(lb, PIECE), n = la - lb + 1;
    mp_limb_t *part = int_limbs_new(2 * (lb + step) + 1), *quotient = part + lb + step;
    if (part == NULL) {
        return -1;
    }
    Py_ssize_t top = (la - 1) / step * step, rest = la - top, result = 0;
    memset(r, 0, (size_t)lb * sizeof *r);
    for (Py_ssize_t at = top; at >= 0; at -= step, rest = step) {
        if (PyErr_CheckSignals() < 0) {
            result = -1;
            break;
        }
        memcpy(part, a + at, (size_t)rest * sizeof *part);
        memcpy(part + rest, r, (size_t)lb * sizeof *part);
        mpn_tdiv_qr(quotient, r, 0, part, rest + lb, b, lb);
        if (at < n) {
            memcpy(q + at, quotient, (size_t)Py_MIN(rest, n - at) * sizeof *q);
        }
    }
    PyMem_Free(part);
    return (int)result;
}

/* -- Powers ---------------------------------------------------------------------------------- */

/* v ** exponent; a result of less than about a million bits is one call. */
PyObject *int_power_long(PyObject *v, uint64_t exponent)
{
    if ((u128)int_bits(v) * exponent < 64 * PIECE) {
        mpz_t z;
        mpz_init(z);
        int_to_mpz(v, z);
        mpz_pow_ui(z, z, (unsigned long)exponent);
        PyObject *r = int_from_mpz(z);
        mpz_clear(z);
        return r;
    }
    PyObject *r = Py_NewRef(v);
    for (int bit = 62 - __builtin_clzll(exponent); bit >= 0 && r != NULL; bit--) {
        Py_SETREF(r, PyErr_CheckSignals() < 0 ? NULL : int_mul(r, r));
        if (r != NULL && exponent >> bit & 1) {
            Py_SETREF(r, int_mul(r, v));
        }
    }
    return r;
}

/* b = b ** e mod m, e >= 0. Blocks double the squarings, so they are for what takes seconds. */
int int_powm(mpz_t b, const mpz_t e, const mpz_t m)
{
    size_t bits = mpz_sizeinbase(e, 2), limbs = mpz_size(m);
    if ((u128)bits * limbs * limbs < (u128)1 << 31) {
        mpz_powm(b, b, e, m);
        return 0;
    }
    int result = 0;
    mpz_t r, part, block;
    mpz_inits(r, part, block, NULL);
    mpz_set_ui(r, 1);
    size_t step = Py_MAX(((size_t)1 << 31) / (limbs * limbs), 1);
    step = Py_MIN(step, EXPONENT_BLOCK);
    for (size_t top = (bits + step - 1) / step * step;
         top > 0 && (result = PyErr_CheckSignals()) == 0; top -= step) {
        mpz_fdiv_q_2exp(block, e, top - step);
        mpz_fdiv_r_2exp(block, block, step);
        mpz_powm(part, b, block, m);
        mpz_set_ui(block, 0);
        mpz_setbit(block, step);
        mpz_powm(r, r, block, m);
        mpz_mul(r, r, part);
        mpz_mod(r, r, m);
    }
    mpz_swap(b, r);
    mpz_clears(r, part, block, NULL);
    return result;
}

/* -- Decimal text ---------------------------------------------------------------------------- */

static PyObject *power_of_ten(size_t k) { return int_power_long(SMALL_INT(10), k); }

bool int_text_is_long(size_t digits) { return digits > TEXT_PIECE; }

/* |v| < 10^digits in `digits` places (values 0-9, not characters). */
int int_digits_long(PyObject *v, char *out, size_t digits)
{
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    if (digits <= TEXT_PIECE) {
        memset(out, 0, digits);
        if (Py_SIZE(v) == 0) {
            return 0;
        }
        mp_limb_t *limbs = int_limbs_new(LIMBS_FOR(NDIGITS(v)) + 1);
        unsigned char *places = limbs ? PyMem_Malloc(digits + 32) : NULL;
        if (places == NULL) {
            PyMem_Free(limbs);
            return limbs ? (PyErr_NoMemory(), -1) : -1;
        }
        size_t n = mpn_get_str(places, 10, limbs, int_to_limbs(DIGITS(v), NDIGITS(v), limbs)),
               skip = 0;
        while (n - skip > digits) {
            skip++; /* leading zeros */
        }
        memcpy(out + digits - (n - skip), places + skip, n - skip);
        PyMem_Free(limbs);
        PyMem_Free(places);
        return 0;
    }
    size_t low = digits / 2;
    PyObject *ten = power_of_ten(low), *q = NULL, *rest = NULL;
    int r = ten && int_divrem_abs(v, ten, &q, &rest) == 0
                    && int_digits_long(q, out, digits - low) == 0
                    && int_digits_long(rest, out + digits - low, low) == 0
                ? 0
                : -1;
    Py_XDECREF(ten);
    Py_XDECREF(q);
    Py_XDECREF(rest);
    return r;
}

/* The number that n decimal places (values 0-9) stand for. */
PyObject *int_from_places(const unsigned char *places, size_t n)
{
    if (PyErr_CheckSignals() < 0) {
        return NULL;
    }
    while (n > 0 && *places == 0) {
        places++;
        n--;
    }
    if (n == 0) {
        return Py_NewRef(SMALL_INT(0));
    }
    if (n <= TEXT_PIECE) {
        mp_limb_t *limbs = int_limbs_new((Py_ssize_t)n / 16 + 8);
        PyObject *r = limbs ? int_from_limbs(limbs, mpn_set_str(limbs, places, n, 10), false)
                            : NULL;
        PyMem_Free(limbs);
        return r;
    }
    size_t low = n / 2;
    PyObject *high = int_from_places(places, n - low), *ten = high ? power_of_ten(low) : NULL;
    PyObject *product = ten ? int_mul(high, ten) : NULL;
    Py_XDECREF(high);
    Py_XDECREF(ten);
    PyObject *rest = product ? int_from_places(places + n - low, low) : NULL;
    PyObject *r = rest ? int_add(product, rest) : NULL;
    Py_XDECREF(product);
    Py_XDECREF(rest);
    return r;
}
