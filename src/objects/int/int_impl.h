/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of int: access to digits, and the passage to GMP's 64-bit limbs.
 */
#ifndef VITRO_INT_IMPL_H
#define VITRO_INT_IMPL_H

#include "objects/int/int.h"
#include "objects/int/limbs.h"
#include "capi/capi.h"
#include <math.h>

typedef unsigned __int128 u128;

#define SHIFT PyLong_SHIFT
#define BASE ((twodigits)1 << SHIFT)
#define MASK PyLong_MASK
#define AS_INT(o) ((PyLongObject *)(o))
#define DIGITS(o) (AS_INT(o)->ob_digit)
#define NDIGITS(o) Py_ABS(Py_SIZE(o))
#define IS_NEGATIVE(o) (Py_SIZE(o) < 0)
/* More digits than this do not fit a block whose size is a Py_ssize_t. */
#define MAX_DIGITS                                                                                 \
    ((PY_SSIZE_T_MAX - (Py_ssize_t)offsetof(PyLongObject, ob_digit)) / (Py_ssize_t)sizeof(digit))

/* Both operands int, else NotImplemented. */
#define CHECK_BINARY(a, b) \
    do { \
        if (!PyLong_Check(a) || !PyLong_Check(b)) { \
            Py_RETURN_NOTIMPLEMENTED; \
        } \
    } while (0)

/* |o| of at most two digits, which fits a machine word with room to add. */
static inline bool int_is_medium(const PyObject *o) { return (size_t)(Py_SIZE(o) + 2) < 5; }
static inline uint64_t int_medium_abs(const PyObject *o)
{
    Py_ssize_t n = NDIGITS(o);
    return n == 0 ? 0 : n == 1 ? DIGITS(o)[0] : (uint64_t)DIGITS(o)[1] << SHIFT | DIGITS(o)[0];
}
static inline int64_t int_medium(const PyObject *o)
{
    uint64_t v = int_medium_abs(o);
    return IS_NEGATIVE(o) ? -(int64_t)v : (int64_t)v;
}

/* A fresh int of `n` digits with undefined content; NULL with an exception. */
PyLongObject *int_alloc(Py_ssize_t n);
void int_dealloc(PyObject *v);
/* Drops leading zero digits and replaces small values by the
   shared objects. STEALS v. MAYBE_NULL in and out. */
PyObject *int_normalize(PyLongObject *v);
PyObject *int_from_u64_signed(uint64_t abs, bool negative);
static inline Py_ssize_t int_bits(const PyObject *o)
{
    Py_ssize_t n = NDIGITS(o);
    return n ? (n - 1) * SHIFT + 32 - __builtin_clz(DIGITS(o)[n - 1]) : 0;
}

/* -- GMP ------------------------------------------------------------------------------------- */

#define STACK_LIMBS 96 /* limbs of an operation that need no memory (the rest: limbs.h) */

/* -- Long work in pieces that signals can interrupt (big.c) ----------------------------------- */

int int_limbs_mul(mp_limb_t *z, const mp_limb_t *a, Py_ssize_t la, const mp_limb_t *b,
                  Py_ssize_t lb);
int int_limbs_divrem(mp_limb_t *q, mp_limb_t *r, const mp_limb_t *a, Py_ssize_t la,
                     const mp_limb_t *b, Py_ssize_t lb);
PyObject *int_power_long(PyObject *v, uint64_t exponent); /* |v| > 1, exponent > 0 */
int int_powm(mpz_t b, const mpz_t e, const mpz_t m);
bool int_text_is_long(size_t digits);
int int_digits_long(PyObject *v, char *out, size_t digits);
PyObject *int_from_places(const unsigned char *places, size_t n);

/* -- Arithmetic shared between files ---------------------------------------------------------- */

/* |a| compared with |b|: the sign of the difference. */
int int_compare_abs(PyObject *a, PyObject *b);
/* Floor division; either result may be NULL (not wanted). -1
   with ZeroDivisionError saying `zero_message`. */
int int_divmod(PyObject *a, PyObject *b, PyObject **quotient, PyObject **remainder,
               const char *zero_message);
/* Truncating division of magnitudes; signs are the caller's. */
int int_divrem_abs(PyObject *a, PyObject *b, PyObject **quotient, PyObject **remainder);
PyObject *int_negate(PyObject *v);
PyObject *int_lshift(PyObject *a, PyObject *b);
PyObject *int_rshift(PyObject *a, PyObject *b);
PyObject *int_and(PyObject *a, PyObject *b);
PyObject *int_or(PyObject *a, PyObject *b);
PyObject *int_xor(PyObject *a, PyObject *b);
PyObject *int_invert(PyObject *v);
PyObject *int_power(PyObject *v, PyObject *w, PyObject *x);
PyObject *int_true_divide(PyObject *a, PyObject *b);
PyObject *int_repr(PyObject *v);
PyObject *int_shift_left_by(PyObject *a, Py_ssize_t bits);

#define DIVISION_BY_ZERO "integer division or modulo by zero"
#define MODULO_BY_ZERO "integer modulo by zero"

#endif
