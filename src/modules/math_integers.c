/* SPDX-License-Identifier: MIT
 *
 * math on integers of any size: gcd, lcm, isqrt, factorial, perm, comb. perm and comb work in a
 * word while that is enough, then in some words on the C stack, then by GMP, as the others do.
 */
#include "modules/math.h"
#include "objects/int/limbs.h"
#include <math.h>

/* -- gcd and lcm ----------------------------------------------------------------------------- */

static PyObject *absolute(PyObject *v)
{
    return _PyLong_Sign(v) < 0 ? PyNumber_Negative(v) : Py_NewRef(v);
}

/* combine(… combine(args[0], args[1]) …, args[nargs - 1]) of ints; `empty` is that of none. */
static PyObject *combine_ints(PyObject *const *args, Py_ssize_t nargs, long empty,
                              PyObject *(*combine)(PyObject *, PyObject *))
{
    if (nargs == 0) {
        return PyLong_FromLong(empty);
    }
    PyObject *res = PyNumber_Index(args[0]);
    if (res && nargs == 1) {
        Py_SETREF(res, absolute(res));
        return res;
    }
    for (Py_ssize_t i = 1; res && i < nargs; i++) {
        PyObject *x = PyNumber_Index(args[i]);
        if (x == NULL) {
            Py_CLEAR(res);
            break;
        }
        Py_SETREF(res, combine(res, x));
        Py_DECREF(x);
    }
    return res;
}

PyObject *math_gcd(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return combine_ints(args, nargs, 0, _PyLong_GCD);
}

static PyObject *lcm_of(PyObject *a, PyObject *b)
{
    if (_PyLong_Sign(a) == 0 || _PyLong_Sign(b) == 0) {
        return PyLong_FromLong(0);
    }
    PyObject *g = _PyLong_GCD(a, b), *f = g ? PyNumber_FloorDivide(a, g) : NULL;
    PyObject *m = f ? PyNumber_Multiply(f, b) : NULL, *r = m ? absolute(m) : NULL;
    Py_XDECREF(g);
    Py_XDECREF(f);
    Py_XDECREF(m);
    return r;
}

PyObject *math_lcm(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return combine_ints(args, nargs, 1, lcm_of);
}

/* -- Integer square root --------------------------------------------------------------------- */

/* The root of a long double may be off by one; the loops put it right. */
PyObject *math_isqrt(PyObject *module, PyObject *arg)
{
    PyObject *n = PyNumber_Index(arg), *r = NULL;
    if (n == NULL) {
        return NULL;
    }
    if (_PyLong_Sign(n) < 0) {
        PyErr_SetString(PyExc_ValueError, "isqrt() argument must be nonnegative");
    } else if (_PyLong_NumBits(n) <= 64) {
        unsigned long long v = PyLong_AsUnsignedLongLong(n);
        unsigned long long s = (unsigned long long)sqrtl((long double)v);
        while ((unsigned __int128)s * s > v) {
            s--;
        }
        while ((unsigned __int128)(s + 1) * (s + 1) <= v) {
            s++;
        }
        r = PyLong_FromUnsignedLongLong(s);
    } else {
        mpz_t z;
        mpz_init(z);
        int_to_mpz(n, z);
        mpz_sqrt(z, z);
        r = int_from_mpz(z);
        mpz_clear(z);
    }
    Py_DECREF(n);
    return r;
}

/* -- Factorials ------------------------------------------------------------------------------ */

static const unsigned long word_factorials[] = {
    1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800,
    87178291200, 1307674368000, 20922789888000, 355687428096000, 6402373705728000,
    121645100408832000, 2432902008176640000,
};

PyObject *math_factorial(PyObject *module, PyObject *arg)
{
    int overflow;
    long n = PyLong_AsLongAndOverflow(arg, &overflow);
    if (n == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (overflow == 1) {
        PyErr_Format(PyExc_OverflowError, "factorial() argument should not exceed %ld", LONG_MAX);
        return NULL;
    }
    if (overflow == -1 || n < 0) {
        PyErr_SetString(PyExc_ValueError, "factorial() not defined for negative values");
        return NULL;
    }
    if (n < (long)COUNT_OF(word_factorials)) {
        return PyLong_FromUnsignedLong(word_factorials[n]);
    }
    if (n > 1L << 33) {
        return PyErr_NoMemory(); /* beyond any memory */
    }
    mpz_t z;
    mpz_init(z);
    mpz_fac_ui(z, (unsigned long)n);
    PyObject *r = int_from_mpz(z);
    mpz_clear(z);
    return r;
}

/* n (n-1) … (n-k+1), k >= 1, by halves so that factors stay balanced. */
static void falling(mpz_t out, const mpz_t n, unsigned long k)
{
    if (k == 1) {
        mpz_set(out, n);
        return;
    }
    mpz_t rest, right;
    mpz_inits(rest, right, NULL);
    mpz_sub_ui(rest, n, k / 2);
    falling(right, rest, k - k / 2);
    falling(out, n, k / 2);
    mpz_mul(out, out, right);
    mpz_clears(rest, right, NULL);
}

/* n (n-1) … (n-k+1) when that fits 64 bits: true. k <= n. */
static bool falling_small(uint64_t n, uint64_t k, uint64_t *out)
{
    uint64_t r = 1;
    for (; k > 0; k--, n--)
        if (__builtin_mul_overflow(r, n, &r))
            return false;
    *out = r;
    return true;
}

/* n over k for n up to WORD_N, where all fit 64 bits: with n! = odd * 2**twos and odd numbers
   having an inverse modulo 2**64, it is odd(n) / odd(k) / odd(n-k) shifted by the twos left over.
 */
enum { WORD_N = 67 };
static struct { uint64_t odd, inverse; int twos; } factorials[WORD_N + 1];

static void factorials_fill(void)
{
    factorials[0].odd = factorials[0].inverse = 1;
    for (int n = 1; n <= WORD_N; n++) {
        int twos = __builtin_ctz((unsigned)n);
        uint64_t odd = factorials[n - 1].odd * (uint64_t)(n >> twos), x = odd;
        for (int i = 0; i < 5;
             i++) /* Newton: three correct bits at first, twice as many each time */
            x *= 2 - odd * x;
        factorials[n].odd = odd;
        factorials[n].inverse = x;
        factorials[n].twos = factorials[n - 1].twos + twos;
    }
}

static uint64_t binomial_word(uint64_t n, uint64_t k)
{
    if (factorials[0].odd == 0)
        factorials_fill();
    return factorials[n].odd * factorials[k].inverse * factorials[n - k].inverse
           << (factorials[n].twos - factorials[k].twos - factorials[n - k].twos);
}

/* The same by multiplying and dividing in turn while that fits. */
static bool binomial_small(uint64_t n, uint64_t k, uint64_t *out)
{
    uint64_t r = 1;
    for (uint64_t i = 1; i <= k; i++, n--) {
        if (__builtin_mul_overflow(r, n, &r))
            return false;
        r /= i;
    }
    *out = r;
    return true;
}

/* Both are ints of one digit or none: *n and *k. */
static bool small_counts(PyObject *const *args, uint64_t *n, uint64_t *k)
{
    if (!PyLong_CheckExact(args[0]) || !PyLong_CheckExact(args[1]))
        return false;
    PyLongObject *a = (PyLongObject *)args[0], *b = (PyLongObject *)args[1];
    if ((size_t)Py_SIZE(a) > 1 || (size_t)Py_SIZE(b) > 1)
        return false;
    *n = Py_SIZE(a) ? a->ob_digit[0] : 0;
    *k = Py_SIZE(b) ? b->ob_digit[0] : 0;
    return true;
}

/* A product on the C stack, made of factors of a word. */
typedef struct {
    mp_limb_t limb[64];
    mp_size_t n; /* limbs in use */
} Words;
/* Bits of a product that surely fits: a factor may come in before a divisor. */
enum { WORDS_BITS = 63 * 64 };

static void words_mul(Words *w, mp_limb_t factor)
{
    mp_limb_t carry = mpn_mul_1(w->limb, w->limb, w->n, factor);
    w->limb[w->n] = carry;
    w->n += carry != 0;
}

static void words_div_exact(Words *w, mp_limb_t divisor)
{
    mpn_divexact_1(w->limb, w->limb, w->n, divisor);
    w->n -= w->limb[w->n - 1] == 0;
}

/* Whether n ** k fits Words; n as a word then. */
static bool words_enough(PyObject *n, uint64_t k, uint64_t *word)
{
    size_t bits = _PyLong_NumBits(n);
    if (bits > 64 || k >= WORDS_BITS || bits * k > WORDS_BITS - 64) {
        return false;
    }
    *word = PyLong_AsUnsignedLongLong(n);
    return true;
}

/* n (n-1) … (n-k+1), as many factors at a time as fit a word. */
static PyObject *falling_words(uint64_t n, uint64_t k)
{
    Words w;
    w.limb[0] = 1;
    w.n = 1;
    uint64_t part = 1, next;
    for (; k > 0; k--, n--) {
        if (__builtin_mul_overflow(part, n, &next)) {
            words_mul(&w, part);
            next = n;
        }
        part = next;
    }
    words_mul(&w, part);
    return int_from_limbs(w.limb, w.n, false);
}

/* n over k: after j steps it is n-k+j over j, an int, so the divisors of the factors that came in
   leave no remainder. k <= n - k. */
static PyObject *binomial_words(uint64_t n, uint64_t k)
{
    Words w;
    w.limb[0] = 1;
    w.n = 1;
    uint64_t part = 1, divisor = 1, next;
    for (uint64_t i = 1; i <= k; i++) {
        if (__builtin_mul_overflow(part, n - k + i, &next)) {
            words_mul(&w, part);
            words_div_exact(&w, divisor);
            next = n - k + i;
            divisor = 1;
        }
        part = next;
        divisor *= i;
    }
    words_mul(&w, part);
    words_div_exact(&w, divisor);
    return int_from_limbs(w.limb, w.n, false);
}

static bool two_counts(PyObject *const *args, PyObject **n, PyObject **k)
{
    *k = NULL;
    *n = PyNumber_Index(args[0]);
    if (*n == NULL || (*k = PyNumber_Index(args[1])) == NULL) {
        return false;
    }
    if (_PyLong_Sign(*n) < 0) {
        PyErr_SetString(PyExc_ValueError, "n must be a non-negative integer");
        return false;
    }
    return true;
}

static bool negative_k(PyObject *k)
{
    if (_PyLong_Sign(k) >= 0) {
        return false;
    }
    PyErr_SetString(PyExc_ValueError, "k must be a non-negative integer");
    return true;
}

/* n! / (n - k)!: in a word when it fits, else by GMP. */
PyObject *math_perm(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("perm", nargs, 1, 2)) {
        return NULL;
    }
    if (nargs == 1 || args[1] == Py_None) {
        return math_factorial(module, args[0]);
    }
    uint64_t small_n, small_k, small;
    if (small_counts(args, &small_n, &small_k)) {
        if (small_k > small_n)
            return PyLong_FromLong(0);
        if (falling_small(small_n, small_k, &small))
            return PyLong_FromUnsignedLongLong(small);
    }
    PyObject *n, *k, *r = NULL;
    if (!two_counts(args, &n, &k) || negative_k(k)) {
        goto done;
    }
    int less = PyObject_RichCompareBool(n, k, Py_LT), overflow;
    if (less) {
        r = less < 0 ? NULL : PyLong_FromLong(0);
        goto done;
    }
    long long count = PyLong_AsLongLongAndOverflow(k, &overflow);
    if (overflow > 0) {
        PyErr_Format(PyExc_OverflowError, "k must not exceed %lld", LLONG_MAX);
        goto done;
    }
    if (count == 0) {
        r = PyLong_FromLong(1);
        goto done;
    }
    uint64_t word;
    if (words_enough(n, (uint64_t)count, &word)) {
        r = falling_words(word, (uint64_t)count);
        goto done;
    }
    mpz_t z, out;
    mpz_inits(z, out, NULL);
    int_to_mpz(n, z);
    falling(out, z, (unsigned long)count);
    r = int_from_mpz(out);
    mpz_clears(z, out, NULL);
done:
    Py_XDECREF(n);
    Py_XDECREF(k);
    return r;
}

/* By the smaller of k and n - k: in a word when it fits, else by GMP. */
PyObject *math_comb(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("comb", nargs, 2, 2)) {
        return NULL;
    }
    uint64_t small_n, small_k, small;
    if (small_counts(args, &small_n, &small_k)) {
        if (small_k > small_n)
            return PyLong_FromLong(0);
        if (small_n <= WORD_N)
            return PyLong_FromUnsignedLongLong(binomial_word(small_n, small_k));
        if (binomial_small(small_n, Py_MIN(small_k, small_n - small_k), &small))
            return PyLong_FromUnsignedLongLong(small);
    }
    PyObject *n, *k, *rest = NULL, *r = NULL;
    if (!two_counts(args, &n, &k) || negative_k(k) || (rest = PyNumber_Subtract(n, k)) == NULL) {
        goto done;
    }
    if (_PyLong_Sign(rest) < 0) {
        r = PyLong_FromLong(0);
        goto done;
    }
    int less = PyObject_RichCompareBool(rest, k, Py_LT), overflow;
    if (less < 0) {
        goto done;
    }
    long long count = PyLong_AsLongLongAndOverflow(less ? rest : k, &overflow);
    if (overflow > 0) {
        PyErr_Format(PyExc_OverflowError, "min(n - k, k) must not exceed %lld", LLONG_MAX);
        goto done;
    }
    uint64_t word;
    if (words_enough(n, (uint64_t)count, &word)) {
        r = binomial_words(word, (uint64_t)count);
        goto done;
    }
    mpz_t z;
    mpz_init(z);
    int_to_mpz(n, z);
    mpz_bin_ui(z, z, (unsigned long)count);
    r = int_from_mpz(z);
    mpz_clear(z);
done:
    Py_XDECREF(n);
    Py_XDECREF(k);
    Py_XDECREF(rest);
    return r;
}
