/* SPDX-License-Identifier: MIT
 *
 * int: representation and exchange with C integers, bytes and GMP.
 *
 *     │ refcount │ type │ ob_size │ ob_digit[0] │ ob_digit[1] │ …      30 bits a digit, lowest
 *     first
 *
 *     ob_size = sign * number of digits;  |value| = sum(ob_digit[i] << 30 i);  zero has ob_size 0
 *
 *  I1 the top digit of a finished int is not zero.
 *  I2 values -5 .. 256 of exact type int are the shared objects of _PyRuntime.small_ints.
 *  I3 every digit is below 2^30, so that two products and a carry fit in 64 bits.
 *  I4 the block of an int of exact type int has room for two digits at least.
 *
 * "Compact" values have at most one digit, "medium" ones at most two: both pass through machine
 * words (int.h, int_impl.h). Dead ones wait in a list like float's, in blocks that hold two digits
 * even when one is in use (I4). GMP's limbs have 64 bits, so digits are repacked on the way in and
 * out, in linear time; arithmetic on long numbers is worth it.
 */
#include "objects/int/int_impl.h"
#include "objects/box.h"

/* -- Allocation ------------------------------------------------------------------------------ */

/* Guarded by the lock, as float's list is. */
struct box_free int_free = {.most = BOX_FREE_MAX};

void int_dealloc(PyObject *v)
{
    if (LIKELY(PyLong_CheckExact(v) && int_is_medium(v) && int_free.count < int_free.most)) {
        box_keep(&int_free, v);
        return;
    }
    Py_TYPE(v)->tp_free(v);
}

void box_free_clear(struct box_free *list)
{
    PyObject *v = list->head;
    list->head = NULL;
    list->count = 0;
    while (v) {
        PyObject *next = *box_next(v);
        PyObject_Free(v);
        v = next;
    }
}

void box_free_limit(int most)
{
    box_free_clear(&int_free);
    box_free_clear(&float_free);
    int_free.most = float_free.most = most;
}

/* Not finished: I1 and I2 are int_normalize's. */
PyLongObject *int_alloc(Py_ssize_t n)
{
    if (LIKELY(n <= 2 && int_free.head != NULL)) { /* I4 */
        PyLongObject *v = (PyLongObject *)box_take(&int_free);
        Py_SET_SIZE(v, n);
        return v;
    }
    if (UNLIKELY(n > MAX_DIGITS)) {
        PyErr_SetString(PyExc_OverflowError, "too many digits in integer");
        return NULL;
    }
    Py_ssize_t room = Py_MAX(n, 2); /* I4 */
    PyLongObject *v = PyObject_Malloc(offsetof(PyLongObject, ob_digit)
                                      + (size_t)room * sizeof(digit));
    if (v == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    Py_SET_TYPE(v, &PyLong_Type);
    Py_SET_SIZE(v, n);
    object_renew(v);
    return v;
}

EXPORT PyLongObject *_PyLong_New(Py_ssize_t n) { return int_alloc(n); }

/* I1, I2. In place: v has one reference. */
PyObject *int_normalize(PyLongObject *v)
{
    if (v == NULL) {
        return NULL;
    }
    Py_ssize_t size = Py_SIZE(v), n = Py_ABS(size), used = n;
    while (used > 0 && v->ob_digit[used - 1] == 0) {
        used--;
    }
    if (used <= 1) {
        int64_t value = used == 0  ? 0
                        : size < 0 ? -(int64_t)v->ob_digit[0]
                                   : (int64_t)v->ob_digit[0];
        if (int_is_small(value)) {
            Py_DECREF(v);
            return Py_NewRef(SMALL_INT(value));
        }
    }
    if (used != n) {
        Py_SET_SIZE(v, size < 0 ? -used : used);
    }
    return (PyObject *)v;
}

/* At most three digits. I2 */
PyObject *int_from_u64_signed(uint64_t abs, bool negative)
{
    if (abs <= MASK) {
        int64_t v = negative ? -(int64_t)abs : (int64_t)abs;
        if (int_is_small(v)) {
            return Py_NewRef(SMALL_INT(v));
        }
        PyLongObject *o = int_alloc(1);
        if (o) {
            o->ob_digit[0] = (digit)abs;
            Py_SET_SIZE(o, negative ? -1 : 1);
        }
        return (PyObject *)o;
    }
    Py_ssize_t n = abs >> (2 * SHIFT) ? 3 : 2;
    PyLongObject *o = int_alloc(n);
    if (o) {
        o->ob_digit[0] = (digit)(abs & MASK);
        o->ob_digit[1] = (digit)(abs >> SHIFT & MASK);
        if (n == 3) {
            o->ob_digit[2] = (digit)(abs >> (2 * SHIFT));
        }
        Py_SET_SIZE(o, negative ? -n : n);
    }
    return (PyObject *)o;
}

PyObject *int_from_i64(int64_t v)
{
    return int_from_u64_signed(v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
}

EXPORT PyObject *_PyLong_Copy(PyLongObject *src)
{
    Py_ssize_t n = NDIGITS(src);
    if (n < 2 && int_is_small(int_compact((PyObject *)src))) {
        return Py_NewRef(SMALL_INT(n ? int_compact((PyObject *)src) : 0));
    }
    PyLongObject *v = int_alloc(n);
    if (v) {
        memcpy(v->ob_digit, src->ob_digit, (size_t)n * sizeof(digit));
        Py_SET_SIZE(v, Py_SIZE(src));
    }
    return (PyObject *)v;
}

/* -- From C ---------------------------------------------------------------------------------- */

PyObject *PyLong_FromLong(long v) { return int_from_i64(v); }
PyObject *PyLong_FromLongLong(long long v) { return int_from_i64(v); }
PyObject *PyLong_FromSsize_t(Py_ssize_t v) { return int_from_i64(v); }
PyObject *PyLong_FromUnsignedLong(unsigned long v) { return int_from_u64_signed(v, false); }
PyObject *PyLong_FromUnsignedLongLong(unsigned long long v)
{
    return int_from_u64_signed(v, false);
}

PyObject *PyLong_FromSize_t(size_t v) { return int_from_u64_signed(v, false); }
PyObject *PyLong_FromVoidPtr(void *p) { return int_from_u64_signed((uintptr_t)p, false); }

/* Truncates. OverflowError for infinities, ValueError for nan. */
PyObject *PyLong_FromDouble(double d)
{
    if (d > -9223372036854775808.0 && d < 9223372036854775808.0) {
        return int_from_i64((int64_t)d);
    }
    if (Py_IS_INFINITY(d)) {
        PyErr_SetString(PyExc_OverflowError, "cannot convert float infinity to integer");
        return NULL;
    }
    if (Py_IS_NAN(d)) {
        PyErr_SetString(PyExc_ValueError, "cannot convert float NaN to integer");
        return NULL;
    }
    int exponent;
    bool negative = d < 0;
    uint64_t m = (uint64_t)ldexp(frexp(fabs(d), &exponent), 53);
    exponent -= 53; /* > 0 */
    PyObject *v = int_from_u64_signed(m, negative);
    if (v == NULL) {
        return NULL;
    }
    PyObject *r = int_shift_left_by(v, exponent);
    Py_DECREF(v);
    return r;
}

/* -- To C ------------------------------------------------------------------------------------ */

/* Three families: exact with an exception, exact with an overflow flag, and masked. Those named
   after long and long long ask __index__; those for unsigned types and sizes want an int. */

/* The magnitude modulo 2^64; *overflow when it does not fit. */
static uint64_t int_abs_u64(PyObject *v, bool *overflow)
{
    Py_ssize_t n = NDIGITS(v);
    const digit *d = DIGITS(v);
    *overflow = n > 3 || (n == 3 && d[2] >> 4);
    uint64_t x = 0;
    for (Py_ssize_t i = n < 3 ? n : 3; i-- > 0;) {
        x = x << SHIFT | d[i];
    }
    return x;
}

/* The int that v is or converts to by __index__, owned. */
static PyObject *as_int(PyObject *v)
{
    if (v == NULL) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return PyLong_Check(v) ? Py_NewRef(v) : _PyNumber_Index(v);
}

/* An int of one digit, which most are: everything below answers for it at once. */
static inline bool is_digit(PyObject *v)
{
    return LIKELY(v != NULL && PyLong_Check(v) && int_is_compact(v));
}

/* *overflow is 0, or the sign of a value out of range. */
static int64_t as_i64(PyObject *vv, int *overflow)
{
    *overflow = 0;
    PyObject *v = as_int(vv);
    if (v == NULL) {
        return -1;
    }
    int64_t r;
    if (int_is_medium(v)) {
        r = int_medium(v);
    } else {
        bool big;
        uint64_t x = int_abs_u64(v, &big);
        if (!big && !IS_NEGATIVE(v) && x <= INT64_MAX) {
            r = (int64_t)x;
        } else if (!big && IS_NEGATIVE(v) && x <= (uint64_t)INT64_MAX + 1) {
            r = (int64_t)(0 - x);
        } else {
            *overflow = IS_NEGATIVE(v) ? -1 : 1;
            r = -1;
        }
    }
    Py_DECREF(v);
    return r;
}

long PyLong_AsLongAndOverflow(PyObject *v, int *overflow) { return as_i64(v, overflow); }
long long PyLong_AsLongLongAndOverflow(PyObject *v, int *overflow) { return as_i64(v, overflow); }

/* -1 may be an error: ask PyErr_Occurred. The same goes for the functions below. */
long PyLong_AsLong(PyObject *v)
{
    if (is_digit(v)) {
        return int_compact(v);
    }
    int overflow;
    long r = as_i64(v, &overflow);
    if (overflow) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C long");
    }
    return r;
}

long long PyLong_AsLongLong(PyObject *v)
{
    if (is_digit(v)) {
        return int_compact(v);
    }
    int overflow;
    long long r = as_i64(v, &overflow);
    if (overflow) {
        PyErr_SetString(PyExc_OverflowError, "int too big to convert");
    }
    return r;
}

int _PyLong_AsInt(PyObject *v)
{
    if (is_digit(v)) {
        return (int)int_compact(v);
    }
    int overflow;
    long r = as_i64(v, &overflow);
    if (overflow || r > INT_MAX || r < INT_MIN) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return -1;
    }
    return (int)r;
}

/* For functions that do not ask __index__. */
static bool need_int(PyObject *v)
{
    if (v == NULL) {
        PyErr_BadInternalCall();
        return false;
    }
    if (!PyLong_Check(v)) {
        PyErr_SetString(PyExc_TypeError, "an integer is required");
        return false;
    }
    return true;
}

Py_ssize_t PyLong_AsSsize_t(PyObject *v)
{
    if (is_digit(v)) {
        return int_compact(v);
    }
    if (!need_int(v)) {
        return -1;
    }
    int overflow;
    Py_ssize_t r = as_i64(v, &overflow);
    if (overflow) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    return r;
}

/* Unsigned exact conversion of a real int; `what` names the C type. */
static uint64_t as_u64(PyObject *v, const char *negative, const char *large)
{
    if (!need_int(v)) {
        return (uint64_t)-1;
    }
    if (IS_NEGATIVE(v)) {
        PyErr_SetString(PyExc_OverflowError, negative);
        return (uint64_t)-1;
    }
    bool big;
    uint64_t x = int_abs_u64(v, &big);
    if (big) {
        PyErr_SetString(PyExc_OverflowError, large);
        return (uint64_t)-1;
    }
    return x;
}

unsigned long PyLong_AsUnsignedLong(PyObject *v)
{
    return as_u64(v, "can't convert negative value to unsigned int",
                  "Python int too large to convert to C unsigned long");
}
size_t PyLong_AsSize_t(PyObject *v)
{
    return as_u64(v, "can't convert negative value to size_t",
                  "Python int too large to convert to C size_t");
}
unsigned long long PyLong_AsUnsignedLongLong(PyObject *v)
{
    return as_u64(v, "can't convert negative int to unsigned", "int too big to convert");
}

/* Modulo 2^64, no range check. */
static uint64_t as_u64_mask(PyObject *vv)
{
    PyObject *v = as_int(vv);
    if (v == NULL) {
        return (uint64_t)-1;
    }
    bool big;
    /* the low 64 bits: three digits hold 90, the fourth starts above */
    uint64_t x = int_abs_u64(v, &big);
    if (IS_NEGATIVE(v)) {
        x = 0 - x;
    }
    Py_DECREF(v);
    return x;
}

unsigned long PyLong_AsUnsignedLongMask(PyObject *v) { return as_u64_mask(v); }
unsigned long long PyLong_AsUnsignedLongLongMask(PyObject *v) { return as_u64_mask(v); }

void *PyLong_AsVoidPtr(PyObject *v)
{
    int64_t x = PyLong_Check(v) && IS_NEGATIVE(v) ? PyLong_AsLongLong(v)
                                                  : (int64_t)PyLong_AsUnsignedLongLong(v);
    return x == -1 && PyErr_Occurred() ? NULL : (void *)x;
}

/* -- Converters of argument clinics ----------------------------------------------------------- */

/* Negative numbers are a ValueError here, not an OverflowError. */
static bool converter_sign(PyObject *v)
{
    if (PyLong_Check(v) && IS_NEGATIVE(v)) {
        PyErr_SetString(PyExc_ValueError, "value must be positive");
        return false;
    }
    return true;
}

EXPORT int _PyLong_UnsignedShort_Converter(PyObject *v, void *ptr)
{
    if (!converter_sign(v)) {
        return 0;
    }
    unsigned long u = PyLong_AsUnsignedLong(v);
    if (u == (unsigned long)-1 && PyErr_Occurred()) {
        return 0;
    }
    if (u > USHRT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large for C unsigned short");
        return 0;
    }
    *(unsigned short *)ptr = (unsigned short)u;
    return 1;
}

EXPORT int _PyLong_UnsignedInt_Converter(PyObject *v, void *ptr)
{
    if (!converter_sign(v)) {
        return 0;
    }
    unsigned long u = PyLong_AsUnsignedLong(v);
    if (u == (unsigned long)-1 && PyErr_Occurred()) {
        return 0;
    }
    if (u > UINT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large for C unsigned int");
        return 0;
    }
    *(unsigned int *)ptr = (unsigned int)u;
    return 1;
}

EXPORT int _PyLong_UnsignedLong_Converter(PyObject *v, void *ptr)
{
    if (!converter_sign(v)) {
        return 0;
    }
    unsigned long u = PyLong_AsUnsignedLong(v);
    *(unsigned long *)ptr = u;
    return !(u == (unsigned long)-1 && PyErr_Occurred());
}

EXPORT int _PyLong_UnsignedLongLong_Converter(PyObject *v, void *ptr)
{
    if (!converter_sign(v)) {
        return 0;
    }
    unsigned long long u = PyLong_AsUnsignedLongLong(v);
    *(unsigned long long *)ptr = u;
    return !(u == (unsigned long long)-1 && PyErr_Occurred());
}

EXPORT int _PyLong_Size_t_Converter(PyObject *v, void *ptr)
{
    if (!converter_sign(v)) {
        return 0;
    }
    size_t u = PyLong_AsSize_t(v);
    *(size_t *)ptr = u;
    return !(u == (size_t)-1 && PyErr_Occurred());
}

/* -- Sign and size --------------------------------------------------------------------------- */

int _PyLong_Sign(PyObject *v) { return Py_SIZE(v) == 0 ? 0 : IS_NEGATIVE(v) ? -1 : 1; }
size_t _PyLong_NumBits(PyObject *v) { return (size_t)int_bits(v); }

/* -- Bytes ----------------------------------------------------------------------------------- */

/* Two's complement when is_signed. Linear. */
PyObject *_PyLong_FromByteArray(const unsigned char *bytes, size_t n, int little_endian,
                                int is_signed)
{
    if (n == 0) {
        return Py_NewRef(SMALL_INT(0));
    }
    const unsigned char *p = little_endian ? bytes : bytes + n - 1; /* least significant */
    int step = little_endian ? 1 : -1;
    bool negative = is_signed && (p[(Py_ssize_t)(n - 1) * step] & 0x80);
    /* Leading bytes that only repeat the sign are not stored. */
    unsigned char filler = negative ? 0xff : 0;
    size_t used = n;
    while (used > 0 && p[(Py_ssize_t)(used - 1) * step] == filler) {
        used--;
    }
    if (negative && used < n) {
        used++; /* keeps the sign bit */
    }
    if (used > (size_t)MAX_DIGITS / 8 * SHIFT) {
        PyErr_SetString(PyExc_OverflowError, "byte array too long to convert to int");
        return NULL;
    }
    PyLongObject *v = int_alloc((Py_ssize_t)((used * 8 + SHIFT - 1) / SHIFT));
    if (v == NULL) {
        return NULL;
    }
    Py_ssize_t nd = 0;
    twodigits acc = 0, carry = 1;
    int bits = 0;
    for (size_t i = 0; i < used; i++, p += step) {
        twodigits b = *p;
        if (negative) { /* two's complement, a byte at a time */
            b = (0xff ^ b) + carry;
            carry = b >> 8;
            b &= 0xff;
        }
        acc |= b << bits;
        bits += 8;
        if (bits >= SHIFT) {
            v->ob_digit[nd++] = (digit)(acc & MASK);
            acc >>= SHIFT;
            bits -= SHIFT;
        }
    }
    if (bits) {
        v->ob_digit[nd++] = (digit)acc;
    }
    Py_SET_SIZE(v, negative ? -nd : nd);
    return int_normalize(v);
}

/* OverflowError when n bytes are too few. */
int _PyLong_AsByteArray(PyLongObject *v, unsigned char *bytes, size_t n, int little_endian,
                        int is_signed)
{
    Py_ssize_t nd = NDIGITS(v);
    bool negative = Py_SIZE(v) < 0;
    if (negative && !is_signed) {
        PyErr_SetString(PyExc_OverflowError, "can't convert negative int to unsigned");
        return -1;
    }
    unsigned char *p = little_endian ? bytes : bytes + n - 1;
    Py_ssize_t step = little_endian ? 1 : -1;
    size_t done = 0;
    twodigits acc = 0;
    int bits = 0;
    digit carry = negative ? 1 : 0;
    for (Py_ssize_t i = 0; i < nd; i++) {
        digit d = v->ob_digit[i];
        if (negative) {
            d = (d ^ MASK) + carry;
            carry = d >> SHIFT;
            d &= MASK;
        }
        acc |= (twodigits)d << bits;
        if (i == nd - 1) {
            /* Only the significant bits of the top digit count, seen from its sign. */
            digit s = negative ? d ^ MASK : d;
            while (s) {
                s >>= 1;
                bits++;
            }
        } else {
            bits += SHIFT;
        }
        while (bits >= 8) {
            if (done >= n) {
                goto overflow;
            }
            done++;
            *p = (unsigned char)(acc & 0xff);
            p += step;
            bits -= 8;
            acc >>= 8;
        }
    }
    if (bits > 0) {
        if (done >= n) {
            goto overflow;
        }
        done++;
        if (negative) {
            acc |= ~(twodigits)0 << bits;
        }
        *p = (unsigned char)(acc & 0xff);
        p += step;
    } else if (done == n && n > 0 && is_signed) {
        /* Full to the brim: the top bit must be the sign. */
        unsigned char msb = *(p - step);
        if ((msb >= 0x80) == negative) {
            return 0;
        }
        goto overflow;
    }
    for (; done < n; done++, p += step) {
        *p = negative ? 0xff : 0;
    }
    return 0;
overflow:
    PyErr_SetString(PyExc_OverflowError, "int too big to convert");
    return -1;
}

/* -- GMP ------------------------------------------------------------------------------------- */

/* 30-bit digits and 64-bit limbs are different cuts of the same bits; both directions are one
   pass with a shift register. */

Py_ssize_t int_to_limbs(const digit *d, Py_ssize_t n, mp_limb_t *out)
{
    mp_limb_t acc = 0;
    int bits = 0;
    Py_ssize_t k = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        acc |= (mp_limb_t)d[i] << bits;
        bits += SHIFT;
        if (bits >= 64) {
            out[k++] = acc;
            bits -= 64;
            acc = bits ? (mp_limb_t)d[i] >> (SHIFT - bits) : 0;
        }
    }
    if (bits && acc) {
        out[k++] = acc;
    }
    while (k > 0 && out[k - 1] == 0) {
        k--;
    }
    return k;
}

PyObject *int_from_limbs(const mp_limb_t *p, Py_ssize_t n, bool negative)
{
    while (n > 0 && p[n - 1] == 0) {
        n--;
    }
    if (n == 0) {
        return Py_NewRef(SMALL_INT(0));
    }
    Py_ssize_t bits = (n - 1) * 64 + 64 - __builtin_clzll(p[n - 1]),
               nd = (bits + SHIFT - 1) / SHIFT;
    PyLongObject *v = int_alloc(nd);
    if (v == NULL) {
        return NULL;
    }
    mp_limb_t acc = 0;
    int have = 0;
    Py_ssize_t k = 0;
    for (Py_ssize_t i = 0; i < nd; i++) {
        if (have >= SHIFT) {
            v->ob_digit[i] = (digit)(acc & MASK);
            acc >>= SHIFT;
            have -= SHIFT;
        } else {
            mp_limb_t next = k < n ? p[k++] : 0;
            v->ob_digit[i] = (digit)((acc | next << have) & MASK);
            acc = next >> (SHIFT - have);
            have += 64 - SHIFT;
        }
    }
    Py_SET_SIZE(v, negative ? -nd : nd);
    return int_normalize(v);
}

void int_to_mpz(PyObject *o, mpz_t out)
{
    Py_ssize_t nd = NDIGITS(o), n = LIMBS_FOR(nd);
    mp_limb_t *p = mpz_limbs_write(out, n ? n : 1);
    Py_ssize_t k = int_to_limbs(DIGITS(o), nd, p);
    mpz_limbs_finish(out, IS_NEGATIVE(o) ? -k : k);
}

PyObject *int_from_mpz(const mpz_t z)
{
    return int_from_limbs(mpz_limbs_read(z), (Py_ssize_t)mpz_size(z), mpz_sgn(z) < 0);
}
