/* SPDX-License-Identifier: MIT
 *
 * int: addition, subtraction, multiplication, floor division, shifts, bits.
 *
 * Operands of one or two digits go through machine words. Schoolbook multiplication serves up to
 * MUL_BIG digits; longer products and all long divisions are GMP's (mpn), with limbs on the C stack
 * while they are few.
 */
#include "objects/int/int_impl.h"

#define MUL_BIG 24         /* digits of the shorter factor from which GMP wins despite conversion */

/* -- Magnitudes ------------------------------------------------------------------------------ */

int int_compare_abs(PyObject *a, PyObject *b)
{
    Py_ssize_t na = NDIGITS(a), nb = NDIGITS(b);
    if (na != nb) {
        return na < nb ? -1 : 1;
    }
    while (na-- > 0) {
        if (DIGITS(a)[na] != DIGITS(b)[na]) {
            return DIGITS(a)[na] < DIGITS(b)[na] ? -1 : 1;
        }
    }
    return 0;
}

/* |a| + |b|; as long as the longer of them (I1). */
static PyLongObject *abs_add(PyObject *a, PyObject *b)
{
    if (NDIGITS(a) < NDIGITS(b)) {
        PyObject *t = a;
        a = b;
        b = t;
    }
    Py_ssize_t na = NDIGITS(a), nb = NDIGITS(b), i;
    PyLongObject *z = int_alloc(na + 1);
    if (z == NULL) {
        return NULL;
    }
    digit carry = 0;
    for (i = 0; i < nb; i++) {
        carry += DIGITS(a)[i] + DIGITS(b)[i];
        z->ob_digit[i] = carry & MASK;
        carry >>= SHIFT;
    }
    for (; i < na; i++) {
        carry += DIGITS(a)[i];
        z->ob_digit[i] = carry & MASK;
        carry >>= SHIFT;
    }
    z->ob_digit[i] = carry;
    if (carry == 0 && i > 0) {
        Py_SET_SIZE(z, i);
    }
    return z;
}

/* |a| - |b|, with its sign. */
static PyLongObject *abs_sub(PyObject *a, PyObject *b)
{
    bool negative = int_compare_abs(a, b) < 0;
    if (negative) {
        PyObject *t = a;
        a = b;
        b = t;
    }
    Py_ssize_t na = NDIGITS(a), nb = NDIGITS(b), i;
    PyLongObject *z = int_alloc(na);
    if (z == NULL) {
        return NULL;
    }
    digit borrow = 0;
    for (i = 0; i < nb; i++) {
        borrow = DIGITS(a)[i] - DIGITS(b)[i] - borrow;
        z->ob_digit[i] = borrow & MASK;
        borrow = borrow >> SHIFT & 1;
    }
    for (; i < na; i++) {
        borrow = DIGITS(a)[i] - borrow;
        z->ob_digit[i] = borrow & MASK;
        borrow = borrow >> SHIFT & 1;
    }
    if (negative) {
        Py_SET_SIZE(z, -Py_SIZE(z));
    }
    return z;
}

static PyObject *flip_sign(PyLongObject *z)
{
    if (z) {
        Py_SET_SIZE(z, -Py_SIZE(z));
    }
    return int_normalize(z);
}

/* -- Sum and difference ---------------------------------------------------------------------- */

/* Medium operands cannot overflow a word: 60 bits each. */
PyObject *int_add(PyObject *a, PyObject *b)
{
    if (LIKELY(int_is_medium(a) && int_is_medium(b))) {
        return int_from_i64(int_medium(a) + int_medium(b));
    }
    if (IS_NEGATIVE(a)) {
        return IS_NEGATIVE(b) ? flip_sign(abs_add(a, b)) : int_normalize(abs_sub(b, a));
    }
    return IS_NEGATIVE(b) ? int_normalize(abs_sub(a, b)) : int_normalize(abs_add(a, b));
}

PyObject *int_sub(PyObject *a, PyObject *b)
{
    if (LIKELY(int_is_medium(a) && int_is_medium(b))) {
        return int_from_i64(int_medium(a) - int_medium(b));
    }
    if (IS_NEGATIVE(a)) {
        return IS_NEGATIVE(b) ? int_normalize(abs_sub(b, a)) : flip_sign(abs_add(a, b));
    }
    return IS_NEGATIVE(b) ? int_normalize(abs_add(a, b)) : int_normalize(abs_sub(a, b));
}

PyObject *int_negate(PyObject *v)
{
    if (int_is_compact(v)) {
        return int_from_i64(-int_compact(v));
    }
    PyObject *z = _PyLong_Copy(AS_INT(v));
    if (z) {
        Py_SET_SIZE((PyVarObject *)z, -Py_SIZE(z));
    }
    return z;
}

/* -- Product --------------------------------------------------------------------------------- */

/* By GMP: subquadratic, interruptible in pieces (big.c). */
static PyObject *mul_big(PyObject *a, PyObject *b, bool negative)
{
    if (NDIGITS(a) < NDIGITS(b)) {
        PyObject *t = a;
        a = b;
        b = t;
    }
    Py_ssize_t la = LIMBS_FOR(NDIGITS(a)), lb = LIMBS_FOR(NDIGITS(b));
    mp_limb_t stack[STACK_LIMBS],
        *p = 2 * (la + lb) <= STACK_LIMBS ? stack : int_limbs_new(2 * (la + lb));
    if (p == NULL) {
        return NULL;
    }
    mp_limb_t *pb = p + la, *pz = pb + lb;
    la = int_to_limbs(DIGITS(a), NDIGITS(a), p);
    if (a == b) {
        lb = la;
        pb = p;
    } else {
        lb = int_to_limbs(DIGITS(b), NDIGITS(b), pb);
    }
    int r = la >= lb ? int_limbs_mul(pz, p, la, pb, lb) : int_limbs_mul(pz, pb, lb, p, la);
    PyObject *z = r < 0 ? NULL : int_from_limbs(pz, la + lb, negative);
    if (p != stack) {
        PyMem_Free(p);
    }
    return z;
}

/* z, 2n digits of zeros, becomes d * d: each product of two different digits once, doubled. */
static void square_school(digit *z, const digit *d, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        twodigits f = d[i], carry = f * f;
        digit *p = z + 2 * i;
        carry += *p;
        *p++ = (digit)(carry & MASK);
        carry >>= SHIFT;
        f <<= 1;
        for (Py_ssize_t j = i + 1; j < n; j++) {
            carry += *p + d[j] * f;
            *p++ = (digit)(carry & MASK);
            carry >>= SHIFT;
        }
        for (; carry; carry >>= SHIFT) {
            carry += *p;
            *p++ = (digit)(carry & MASK);
        }
    }
}

/* Quadratic; digit by digit with a 64-bit accumulator (I3 of core.c). The inner loop runs over the
   longer number. */
static PyObject *mul_school(PyObject *a, PyObject *b, bool negative)
{
    if (NDIGITS(a) > NDIGITS(b)) {
        PyObject *t = a;
        a = b;
        b = t;
    }
    Py_ssize_t na = NDIGITS(a), nb = NDIGITS(b);
    PyLongObject *z = int_alloc(na + nb);
    if (z == NULL) {
        return NULL;
    }
    if (a == b) {
        memset(z->ob_digit, 0, (size_t)(na + nb) * sizeof(digit));
        square_school(z->ob_digit, DIGITS(a), na);
        return int_normalize(z);
    }
    twodigits first = 0;
    for (Py_ssize_t j = 0; j < nb; j++) { /* the first row is stored, the others are added */
        first += (twodigits)DIGITS(b)[j] * DIGITS(a)[0];
        z->ob_digit[j] = (digit)(first & MASK);
        first >>= SHIFT;
    }
    z->ob_digit[nb] = (digit)first;
    for (Py_ssize_t i = 1; i < na; i++) {
        twodigits carry = 0, f = DIGITS(a)[i];
        digit *p = z->ob_digit + i;
        for (Py_ssize_t j = 0; j < nb; j++) {
            carry += *p + DIGITS(b)[j] * f;
            *p++ = (digit)(carry & MASK);
            carry >>= SHIFT;
        }
        *p = (digit)carry;
    }
    if (negative) {
        Py_SET_SIZE(z, -(na + nb));
    }
    return int_normalize(z);
}

PyObject *int_mul(PyObject *a, PyObject *b)
{
    if (LIKELY(int_is_compact(a) && int_is_compact(b))) {
        return int_from_i64((int64_t)int_compact(a) * int_compact(b));
    }
    bool negative = IS_NEGATIVE(a) != IS_NEGATIVE(b);
    Py_ssize_t na = NDIGITS(a), nb = NDIGITS(b);
    if (na == 0 || nb == 0) {
        return Py_NewRef(SMALL_INT(0));
    }
    return Py_MIN(na, nb) >= MUL_BIG ? mul_big(a, b, negative) : mul_school(a, b, negative);
}

/* -- Division -------------------------------------------------------------------------------- */

/* Everything is built on the division of magnitudes, which truncates; floor division corrects by
   one when signs differ. */

/* |a| / d, d one digit. */
static int divrem_digit(PyObject *a, digit d, PyObject **quotient, PyObject **remainder)
{
    Py_ssize_t n = NDIGITS(a);
    twodigits rest = 0;
    PyLongObject *q = NULL;
    if (quotient && (q = int_alloc(n)) == NULL) {
        return -1;
    }
    while (n-- > 0) {
        rest = rest << SHIFT | DIGITS(a)[n];
        twodigits part = rest / d; /* one instruction gives both */
        rest %= d;
        if (q) {
            q->ob_digit[n] = (digit)part;
        }
    }
    if (quotient) {
        *quotient = int_normalize(q);
    }
    if (remainder) {
        *remainder = int_from_i64((int64_t)rest);
        if (*remainder == NULL) {
            if (quotient) {
                Py_CLEAR(*quotient);
            }
            return -1;
        }
    }
    return 0;
}

/* By GMP. Both results from one block of limbs. */
static int divrem_big(PyObject *a, PyObject *b, PyObject **quotient, PyObject **remainder)
{
    Py_ssize_t la = LIMBS_FOR(NDIGITS(a)), lb = LIMBS_FOR(NDIGITS(b)), room = 2 * la + 2 * lb + 2;
    mp_limb_t stack[STACK_LIMBS], *p = room <= STACK_LIMBS ? stack : int_limbs_new(room);
    if (p == NULL) {
        return -1;
    }
    mp_limb_t *pb = p + la, *pq = pb + lb, *pr = pq + la + 1;
    la = int_to_limbs(DIGITS(a), NDIGITS(a), p);
    lb = int_to_limbs(DIGITS(b), NDIGITS(b), pb);
    int r = int_limbs_divrem(pq, pr, p, la, pb, lb);
    PyObject *q = NULL;
    if (r == 0 && quotient && (q = int_from_limbs(pq, la - lb + 1, false)) == NULL) {
        r = -1;
    }
    if (r == 0 && remainder && (*remainder = int_from_limbs(pr, lb, false)) == NULL) {
        Py_CLEAR(q);
        r = -1;
    }
    if (quotient) {
        *quotient = q;
    }
    if (p != stack) {
        PyMem_Free(p);
    }
    return r;
}

/* b is not zero. */
int int_divrem_abs(PyObject *a, PyObject *b, PyObject **quotient, PyObject **remainder)
{
    if (int_compare_abs(a, b) < 0) {
        if (remainder) {
            /* The object itself when a look at the top digits decides, as in 3.11. */
            Py_ssize_t n = NDIGITS(a);
            bool shorter = n < NDIGITS(b) || (n > 0 && DIGITS(a)[n - 1] < DIGITS(b)[n - 1]);
            *remainder = IS_NEGATIVE(a)                       ? int_negate(a)
                         : shorter && PyLong_CheckExact(a) ? Py_NewRef(a)
                                                             : _PyLong_Copy(AS_INT(a));
            if (*remainder == NULL) {
                return -1;
            }
        }
        if (quotient) {
            *quotient = Py_NewRef(SMALL_INT(0));
        }
        return 0;
    }
    if (NDIGITS(b) == 1) {
        return divrem_digit(a, DIGITS(b)[0], quotient, remainder);
    }
    return divrem_big(a, b, quotient, remainder);
}

/* Quotient and remainder of machine words, floored. */
static int divmod_medium(int64_t a, int64_t b, PyObject **quotient, PyObject **remainder)
{
    int64_t q = a / b, r = a % b;
    if (r && (r ^ b) < 0) {
        q--;
        r += b;
    }
    if (quotient && (*quotient = int_from_i64(q)) == NULL) {
        return -1;
    }
    if (remainder && (*remainder = int_from_i64(r)) == NULL) {
        if (quotient) {
            Py_CLEAR(*quotient);
        }
        return -1;
    }
    return 0;
}

/* Truncated first, then corrected when the signs differ and something is left over. */
int int_divmod(PyObject *a, PyObject *b, PyObject **quotient, PyObject **remainder,
               const char *zero_message)
{
    if (UNLIKELY(Py_SIZE(b) == 0)) {
        PyErr_SetString(PyExc_ZeroDivisionError, zero_message);
        return -1;
    }
    if (LIKELY(int_is_medium(a) && int_is_medium(b))) {
        return divmod_medium(int_medium(a), int_medium(b), quotient, remainder);
    }
    /* Truncate, then move towards minus infinity when the signs differ and something is left. */
    PyObject *q = NULL, *r = NULL;
    bool na = IS_NEGATIVE(a), nb = IS_NEGATIVE(b);
    if (int_divrem_abs(a, b, quotient ? &q : NULL, &r) < 0) {
        return -1;
    }
    if (na) {
        Py_SETREF(r, int_negate(r));
    }
    if (q && na != nb) {
        Py_SETREF(q, int_negate(q));
    }
    if (r && na != nb && Py_SIZE(r) != 0) {
        Py_SETREF(r, int_add(r, b));
        if (q) {
            Py_SETREF(q, int_sub(q, SMALL_INT(1)));
        }
    }
    if (r == NULL || (quotient && q == NULL)) {
        Py_XDECREF(q);
        Py_XDECREF(r);
        return -1;
    }
    if (quotient) {
        *quotient = q;
    }
    if (remainder) {
        *remainder = r;
    } else {
        Py_DECREF(r);
    }
    return 0;
}

/* (q, r) with q the integer nearest a/b, even on ties. */
EXPORT PyObject *_PyLong_DivmodNear(PyObject *a, PyObject *b)
{
    if (!PyLong_Check(a) || !PyLong_Check(b)) {
        PyErr_SetString(PyExc_TypeError, "non-integer arguments in division");
        return NULL;
    }
    PyObject *q = NULL, *r = NULL, *twice = NULL, *result = NULL;
    bool flip = IS_NEGATIVE(a) != IS_NEGATIVE(b);
    if (Py_SIZE(b) == 0) {
        PyErr_SetString(PyExc_ZeroDivisionError, DIVISION_BY_ZERO);
        return NULL;
    }
    if (int_divrem_abs(a, b, &q, &r) < 0) {
        return NULL;
    }
    if (flip) {
        Py_SETREF(q, int_negate(q));
    }
    if (IS_NEGATIVE(a) && r) {
        Py_SETREF(r, int_negate(r));
    }
    if (q == NULL || r == NULL || (twice = int_shift_left_by(r, 1)) == NULL) {
        goto done;
    }
    int cmp = int_compare_abs(twice, b);
    bool odd = NDIGITS(q) && (DIGITS(q)[0] & 1);
    if (cmp > 0 || (cmp == 0 && odd)) {
        Py_SETREF(q, flip ? int_sub(q, SMALL_INT(1)) : int_add(q, SMALL_INT(1)));
        Py_SETREF(r, flip ? int_add(r, b) : int_sub(r, b));
        if (q == NULL || r == NULL) {
            goto done;
        }
    }
    result = PyTuple_Pack(2, q, r);
done:
    Py_XDECREF(q);
    Py_XDECREF(r);
    Py_XDECREF(twice);
    return result;
}

/* -- Shifts ---------------------------------------------------------------------------------- */

/* words whole digits and bits more. */
static PyObject *shift_left(PyObject *a, Py_ssize_t words, int bits)
{
    Py_ssize_t n = NDIGITS(a);
    if (words > MAX_DIGITS - n - 1) {
        PyErr_SetString(PyExc_OverflowError, "too many digits in integer");
        return NULL;
    }
    PyLongObject *z = int_alloc(n + words + 1);
    if (z == NULL) {
        return NULL;
    }
    memset(z->ob_digit, 0, (size_t)words * sizeof(digit));
    twodigits acc = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        acc |= (twodigits)DIGITS(a)[i] << bits;
        z->ob_digit[words + i] = (digit)(acc & MASK);
        acc >>= SHIFT;
    }
    z->ob_digit[words + n] = (digit)acc;
    if (IS_NEGATIVE(a)) {
        Py_SET_SIZE(z, -Py_SIZE(z));
    }
    return int_normalize(z);
}

/* Floors: of a negative number the complement is shifted. */
static PyObject *shift_right(PyObject *a, Py_ssize_t words, int bits)
{
    Py_ssize_t n = NDIGITS(a), left = n - words;
    bool negative = IS_NEGATIVE(a);
    if (left <= 0) {
        return Py_NewRef(SMALL_INT(negative ? -1 : 0));
    }
    if (int_is_medium(a)) {
        return int_from_i64(int_medium(a) >> (words * SHIFT + bits));
    }
    const digit *d = DIGITS(a);
    /* some one bit of the magnitude falls out: the floor is one further from zero */
    bool lost = false;
    if (negative) {
        for (Py_ssize_t i = 0; i < words && !lost; i++) {
            lost = d[i] != 0;
        }
        lost |= (d[words] & (((digit)1 << bits) - 1)) != 0;
    }
    PyLongObject *z = int_alloc(left + negative);
    if (z == NULL) {
        return NULL;
    }
    if (!negative) {
        d += words;
        for (Py_ssize_t i = 0; i < left - 1; i++) {
            z->ob_digit[i] = (digit)(((twodigits)d[i + 1] << SHIFT | d[i]) >> bits & MASK);
        }
        z->ob_digit[left - 1] = d[left - 1] >> bits;
        return int_normalize(z);
    }
    twodigits carry = lost;
    for (Py_ssize_t i = 0; i < left; i++) {
        twodigits high = words + i + 1 < n ? (twodigits)d[words + i + 1] << SHIFT : 0;
        carry += (high | d[words + i]) >> bits & MASK;
        z->ob_digit[i] = (digit)(carry & MASK);
        carry >>= SHIFT;
    }
    z->ob_digit[left] = (digit)carry;
    return flip_sign(z);
}

PyObject *int_shift_left_by(PyObject *a, Py_ssize_t bits)
{
    return Py_SIZE(a) == 0 ? Py_NewRef(SMALL_INT(0))
                           : shift_left(a, bits / SHIFT, (int)(bits % SHIFT));
}

/* The shift count of int b: -1 with an exception when negative; *huge when beyond Py_ssize_t. */
static Py_ssize_t shift_count(PyObject *b, bool *huge)
{
    *huge = false;
    if (IS_NEGATIVE(b)) {
        PyErr_SetString(PyExc_ValueError, "negative shift count");
        return -1;
    }
    if (LIKELY(int_is_compact(b))) {
        return int_compact(b);
    }
    int overflow;
    Py_ssize_t n = PyLong_AsLongAndOverflow(b, &overflow);
    *huge = overflow != 0;
    return overflow ? 0 : n;
}

PyObject *int_lshift(PyObject *a, PyObject *b)
{
    CHECK_BINARY(a, b);
    bool huge;
    Py_ssize_t n = shift_count(b, &huge);
    if (n < 0) {
        return NULL;
    }
    if (Py_SIZE(a) == 0) {
        return Py_NewRef(SMALL_INT(0));
    }
    if (huge) {
        PyErr_SetString(PyExc_OverflowError, "too many digits in integer");
        return NULL;
    }
    if (n <= SHIFT && int_is_compact(a)) {
        return int_from_i64((int64_t)((uint64_t)int_compact(a) << n));
    }
    return shift_left(a, n / SHIFT, (int)(n % SHIFT));
}

PyObject *int_rshift(PyObject *a, PyObject *b)
{
    CHECK_BINARY(a, b);
    bool huge;
    Py_ssize_t n = shift_count(b, &huge);
    if (n < 0) {
        return NULL;
    }
    if (huge) {
        return Py_NewRef(SMALL_INT(IS_NEGATIVE(a) ? -1 : 0));
    }
    return shift_right(a, n / SHIFT, (int)(n % SHIFT));
}

EXPORT PyObject *_PyLong_Rshift(PyObject *a, size_t bits)
{
    size_t words = bits / SHIFT;
    return words >= (size_t)NDIGITS(a) ? Py_NewRef(SMALL_INT(IS_NEGATIVE(a) ? -1 : 0))
                                       : shift_right(a, (Py_ssize_t)words, (int)(bits % SHIFT));
}

EXPORT PyObject *_PyLong_Lshift(PyObject *a, size_t bits)
{
    return Py_SIZE(a) == 0 ? Py_NewRef(SMALL_INT(0))
                           : shift_left(a, (Py_ssize_t)(bits / SHIFT), (int)(bits % SHIFT));
}

/* -- Bits ------------------------------------------------------------------------------------ */

/* Negative numbers behave as if they had infinitely many one bits on the left. The complement is
   made digit by digit on the way in, and undone on the way out if the result is negative. */

PyObject *int_invert(PyObject *v)
{
    if (int_is_medium(v)) {
        return int_from_i64(~int_medium(v));
    }
    PyObject *one = SMALL_INT(1);
    return IS_NEGATIVE(v) ? int_normalize(abs_sub(v, one)) : flip_sign(abs_add(v, one));
}

/* The i-th digit of the two's complement; *carry starts as 1 and belongs to a negative number. */
static inline digit complement_digit(PyObject *v, Py_ssize_t i, digit *carry)
{
    digit d = i < NDIGITS(v) ? DIGITS(v)[i] : 0;
    if (IS_NEGATIVE(v)) {
        d = (d ^ MASK) + *carry;
        *carry = d >> SHIFT;
        d &= MASK;
    }
    return d;
}

static inline __attribute__((always_inline)) digit apply(char op, digit x, digit y)
{
    return op == '&' ? x & y : op == '|' ? x | y : x ^ y;
}

/* On two's complements made digit by digit, as if of infinite length. One copy for each op. */
static inline __attribute__((always_inline)) PyObject *bitwise(PyObject *a, char op, PyObject *b)
{
    bool na = IS_NEGATIVE(a), nb = IS_NEGATIVE(b);
    bool negative = apply(op, na, nb);
    Py_ssize_t n = Py_MAX(NDIGITS(a), NDIGITS(b));
    if (op == '&' && (!na || !nb)) {
        n = !na && !nb ? Py_MIN(NDIGITS(a), NDIGITS(b)) : NDIGITS(na ? b : a);
    }
    PyLongObject *z = int_alloc(n + 1);
    if (z == NULL) {
        return NULL;
    }
    if (!na && !nb) {
        Py_ssize_t common = Py_MIN(NDIGITS(a), NDIGITS(b));
        Py_ssize_t i = 0;
        for (; i + 2 <= common; i += 2) { /* two at a time */
            uint64_t x, y;
            memcpy(&x, DIGITS(a) + i, sizeof(x));
            memcpy(&y, DIGITS(b) + i, sizeof(y));
            x = op == '&' ? x & y : op == '|' ? x | y : x ^ y;
            memcpy(z->ob_digit + i, &x, sizeof(x));
        }
        if (i < common) {
            z->ob_digit[i] = apply(op, DIGITS(a)[i], DIGITS(b)[i]);
        }
        if (common < n) {
            memcpy(z->ob_digit + common, DIGITS(NDIGITS(a) > common ? a : b) + common,
                   (size_t)(n - common) * sizeof(digit));
        }
        z->ob_digit[n] = 0;
        return int_normalize(z);
    }
    digit ca = 1, cb = 1, cz = 1;
    for (Py_ssize_t i = 0; i <= n; i++) {
        digit d = i < n || negative
                      ? apply(op, complement_digit(a, i, &ca), complement_digit(b, i, &cb))
                      : 0;
        if (negative) {
            d = (d ^ MASK) + cz;
            cz = d >> SHIFT;
            d &= MASK;
        }
        z->ob_digit[i] = d;
    }
    if (negative) {
        Py_SET_SIZE(z, -(n + 1));
    }
    return int_normalize(z);
}

#define BITWISE(name, op) \
    PyObject *name(PyObject *a, PyObject *b) \
    { \
        CHECK_BINARY(a, b); \
        if (LIKELY(int_is_medium(a) && int_is_medium(b))) { \
            return int_from_i64(int_medium(a) op int_medium(b)); \
        } \
        return bitwise(a, #op[0], b); \
    }
BITWISE(int_and, &)
BITWISE(int_or, |)
BITWISE(int_xor, ^)

/* -- Greatest common divisor ----------------------------------------------------------------- */

/* Of numbers that fit a word. */
static uint64_t gcd_words(uint64_t x, uint64_t y)
{
    while (y) {
        uint64_t t = x % y;
        x = y;
        y = t;
    }
    return x;
}

/* Of a number with more than two digits and one with less, which is not zero. */
static PyObject *gcd_mixed(PyObject *big, PyObject *small)
{
    Py_ssize_t n = LIMBS_FOR(NDIGITS(big));
    mp_limb_t stack[STACK_LIMBS], *p = n <= STACK_LIMBS ? stack : int_limbs_new(n);
    if (p == NULL) {
        return NULL;
    }
    n = int_to_limbs(DIGITS(big), NDIGITS(big), p);
    uint64_t r = gcd_words(int_medium_abs(small), mpn_mod_1(p, n, int_medium_abs(small)));
    if (p != stack) {
        PyMem_Free(p);
    }
    return int_from_u64_signed(r, false);
}

static PyObject *gcd_big(PyObject *a, PyObject *b)
{
    Py_ssize_t la = LIMBS_FOR(NDIGITS(a)), lb = LIMBS_FOR(NDIGITS(b));
    mp_limb_t stack[STACK_LIMBS], *p = la + lb <= STACK_LIMBS ? stack : int_limbs_new(la + lb);
    if (p == NULL) {
        return NULL;
    }
    mpz_t x, y, z;
    (void)mpz_roinit_n(x, p, int_to_limbs(DIGITS(a), NDIGITS(a), p));
    (void)mpz_roinit_n(y, p + la, int_to_limbs(DIGITS(b), NDIGITS(b), p + la));
    mpz_init(z);
    mpz_gcd(z, x, y);
    PyObject *r = int_from_mpz(z);
    mpz_clear(z);
    if (p != stack) {
        PyMem_Free(p);
    }
    return r;
}

/* Euclid on words, GMP's gcd beyond; with 0, the magnitude of the other. */
EXPORT PyObject *_PyLong_GCD(PyObject *a, PyObject *b)
{
    bool small_a = int_is_medium(a), small_b = int_is_medium(b);
    if (small_a && small_b) {
        return int_from_u64_signed(gcd_words(int_medium_abs(a), int_medium_abs(b)), false);
    }
    if (!small_a && !small_b) {
        return gcd_big(a, b);
    }
    PyObject *big = small_a ? b : a, *small = small_a ? a : b;
    if (Py_SIZE(small) != 0) {
        return gcd_mixed(big, small);
    }
    return IS_NEGATIVE(big)           ? int_negate(big)
           : PyLong_CheckExact(big) ? Py_NewRef(big)
                                      : _PyLong_Copy(AS_INT(big));
}
