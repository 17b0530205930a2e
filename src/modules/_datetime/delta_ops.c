/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of timedelta. Sums work on the three fields; products and quotients on the number of
 * microseconds, which has less than 67 bits, in 128-bit integers. Results are rounded half to even
 * and are always plain timedelta objects.
 */
#include "dt.h"
#include <math.h>

/* -- Helpers --------------------------------------------------------------------------------- */

static PyObject *too_large(void)
{
    PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
    return NULL;
}

static PyObject *zero_division(const char *message)
{
    PyErr_SetString(PyExc_ZeroDivisionError, message);
    return NULL;
}
#define DIVISION_BY_ZERO zero_division("integer division or modulo by zero")

static PyObject *long_from_us(__int128 us)
{
    if (us == (long long)us)
        return PyLong_FromLongLong((long long)us);
    return _PyLong_FromByteArray((const unsigned char *)&us, sizeof us, 1, 1);
}

/* False, without exception, if the int has more than 126 bits. */
static bool long_as_us(PyObject *o, __int128 *us)
{
    int overflow;
    *us = PyLong_AsLongLongAndOverflow(o, &overflow);
    if (!overflow)
        return true;
    if (_PyLong_NumBits(o) > 126)
        return false;
    return _PyLong_AsByteArray((PyLongObject *)o, (unsigned char *)us, sizeof *us, 1, 1) == 0;
}

static __int128 floor_divide(__int128 a, __int128 b)
{
    __int128 q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

/* a / b rounded half to even; |b| < 2^126. */
static __int128 divide_near(__int128 a, __int128 b)
{
    __int128 q = floor_divide(a, b), rest = a - q * b;
    __int128 twice = b < 0 ? -2 * rest : 2 * rest, size = b < 0 ? -b : b;
    return q + (twice > size || (twice == size && (q & 1)));
}

static PyObject *delta_from_us(__int128 us) { return dt_delta_from_us(us, &dt_delta_type); }

/* -- Sums ------------------------------------------------------------------------------------ */

static PyObject *delta_add(PyObject *left, PyObject *right)
{
    if (!IS_DELTA(left) || !IS_DELTA(right))
        Py_RETURN_NOTIMPLEMENTED;
    PyDateTime_Delta *a = AS_DELTA(left), *b = AS_DELTA(right);
    return dt_delta_new(a->days + b->days, a->seconds + b->seconds,
                        a->microseconds + b->microseconds, true, &dt_delta_type);
}

PyObject *dt_delta_minus(PyObject *left, PyObject *right)
{
    PyDateTime_Delta *a = AS_DELTA(left), *b = AS_DELTA(right);
    return dt_delta_new(a->days - b->days, a->seconds - b->seconds,
                        a->microseconds - b->microseconds, true, &dt_delta_type);
}

static PyObject *delta_subtract(PyObject *left, PyObject *right)
{
    if (!IS_DELTA(left) || !IS_DELTA(right))
        Py_RETURN_NOTIMPLEMENTED;
    return dt_delta_minus(left, right);
}

static PyObject *delta_negative(PyDateTime_Delta *self)
{
    return dt_delta_new(-self->days, -self->seconds, -self->microseconds, true, &dt_delta_type);
}

static PyObject *delta_positive(PyDateTime_Delta *self)
{
    return dt_delta_new(self->days, self->seconds, self->microseconds, false, &dt_delta_type);
}

static PyObject *delta_absolute(PyDateTime_Delta *self)
{
    return self->days < 0 ? delta_negative(self) : delta_positive(self);
}

bool dt_delta_is_zero(PyObject *delta)
{
    PyDateTime_Delta *d = AS_DELTA(delta);
    return !d->days && !d->seconds && !d->microseconds;
}

static int delta_bool(PyObject *self) { return !dt_delta_is_zero(self); }

/* -- Products and quotients with floats -------------------------------------------------------- */

/* us * num / den with int objects. */
static PyObject *delta_scale_big(__int128 us, PyObject *num, PyObject *den)
{
    PyObject *count = long_from_us(us), *product = count ? PyNumber_Multiply(count, num) : NULL,
             *res = NULL;
    PyObject *pair = product ? _PyLong_DivmodNear(product, den) : NULL;
    if (pair) {
        __int128 value;
        res = long_as_us(PyTuple_GET_ITEM(pair, 0), &value) ? delta_from_us(value) : too_large();
    }
    Py_XDECREF(pair);
    Py_XDECREF(product);
    Py_XDECREF(count);
    return res;
}

/* A float's numerator and denominator, as its method gives them. */
static PyObject *float_ratio(PyObject *number)
{
    PyObject *ratio = PyObject_CallMethodNoArgs(number, ID2(as_integer_ratio));
    if (!ratio)
        return NULL;
    if (!PyTuple_Check(ratio))
        PyErr_Format(PyExc_TypeError,
                     "unexpected return type from as_integer_ratio(): expected tuple, got '%.200s'",
                     Py_TYPE(ratio)->tp_name);
    else if (PyTuple_GET_SIZE(ratio) != 2)
        PyErr_SetString(PyExc_ValueError, "as_integer_ratio() must return a 2-tuple");
    else
        return ratio;
    Py_DECREF(ratio);
    return NULL;
}

/* us * number or us / number. Exact: a float is an odd mantissa times a power of two. */
static PyObject *delta_scale(PyDateTime_Delta *delta, PyObject *number, bool divide)
{
    __int128 us = dt_delta_us(delta);
    double value = PyFloat_AS_DOUBLE(number);
    if (PyFloat_CheckExact(number) && isfinite(value) && value != 0.0) {
        int exponent;
        int64_t mantissa = (int64_t)(frexp(value, &exponent) * 0x1p53);
        int zeros = __builtin_ctzll((unsigned long long)mantissa);
        mantissa >>= zeros;
        exponent += zeros - 53;
        /* numerator and denominator must stay below 2^126; us has 67 bits, the mantissa 53 */
        __int128 num = (__int128)mantissa << (exponent > 0 && exponent < 70 ? exponent : 0);
        __int128 den = (__int128)1 << (exponent < 0 && exponent > -120 ? -exponent : 0), product;
        if (!divide && exponent < 70 && exponent > -120)
            return __builtin_mul_overflow(us, num, &product)
                       ? too_large()
                       : delta_from_us(divide_near(product, den));
        if (divide && exponent < 70 && exponent > -57)
            return delta_from_us(divide_near(us * den, num));
    }
    PyObject *ratio = float_ratio(number);
    if (!ratio)
        return NULL;
    PyObject *res =
        delta_scale_big(us, PyTuple_GET_ITEM(ratio, divide), PyTuple_GET_ITEM(ratio, !divide));
    Py_DECREF(ratio);
    return res;
}

/* -- Products and quotients ------------------------------------------------------------------- */

static PyObject *delta_times_long(PyDateTime_Delta *delta, PyObject *number)
{
    __int128 us = dt_delta_us(delta), factor, product;
    if (us == 0)
        return delta_from_us(0);
    if (!long_as_us(number, &factor) || __builtin_mul_overflow(us, factor, &product))
        return too_large();
    return delta_from_us(product);
}

static PyObject *delta_multiply(PyObject *left, PyObject *right)
{
    PyObject *number = IS_DELTA(left) ? right : left;
    PyDateTime_Delta *delta = AS_DELTA(IS_DELTA(left) ? left : right);
    if (PyLong_Check(number))
        return delta_times_long(delta, number);
    if (PyFloat_Check(number))
        return delta_scale(delta, number, false);
    Py_RETURN_NOTIMPLEMENTED;
}

static PyObject *delta_floor_divide(PyObject *left, PyObject *right)
{
    if (!IS_DELTA(left))
        Py_RETURN_NOTIMPLEMENTED;
    __int128 us = dt_delta_us(AS_DELTA(left)), by;
    if (IS_DELTA(right)) {
        by = dt_delta_us(AS_DELTA(right));
        return by ? long_from_us(floor_divide(us, by)) : DIVISION_BY_ZERO;
    }
    if (!PyLong_Check(right))
        Py_RETURN_NOTIMPLEMENTED;
    if (!long_as_us(right, &by))
        return delta_from_us(us && (us < 0) != (_PyLong_Sign(right) < 0) ? -1 : 0);
    return by ? delta_from_us(floor_divide(us, by)) : DIVISION_BY_ZERO;
}

/* The quotient of two counts, correctly rounded. */
static PyObject *us_ratio(__int128 a, __int128 b)
{
    const __int128 exact = (__int128)1 << 53;
    if (b && a <= exact && a >= -exact && b <= exact && b >= -exact)
        return PyFloat_FromDouble((double)(int64_t)a / (double)(int64_t)b);
    PyObject *x = long_from_us(a), *y = long_from_us(b);
    PyObject *res = x && y ? PyNumber_TrueDivide(x, y) : NULL;
    Py_XDECREF(x);
    Py_XDECREF(y);
    return res;
}

static PyObject *delta_true_divide(PyObject *left, PyObject *right)
{
    __int128 by;
    if (!IS_DELTA(left))
        Py_RETURN_NOTIMPLEMENTED;
    PyDateTime_Delta *delta = AS_DELTA(left);
    if (IS_DELTA(right))
        return us_ratio(dt_delta_us(delta), dt_delta_us(AS_DELTA(right)));
    if (PyFloat_Check(right))
        return delta_scale(delta, right, true);
    if (!PyLong_Check(right))
        Py_RETURN_NOTIMPLEMENTED;
    if (!long_as_us(right, &by))
        return delta_from_us(0);
    return by ? delta_from_us(divide_near(dt_delta_us(delta), by)) : DIVISION_BY_ZERO;
}

static PyObject *delta_remainder(PyObject *left, PyObject *right)
{
    if (!IS_DELTA(left) || !IS_DELTA(right))
        Py_RETURN_NOTIMPLEMENTED;
    __int128 us = dt_delta_us(AS_DELTA(left)), by = dt_delta_us(AS_DELTA(right));
    return by ? delta_from_us(us - floor_divide(us, by) * by)
              : zero_division("integer modulo by zero");
}

static PyObject *delta_divmod(PyObject *left, PyObject *right)
{
    if (!IS_DELTA(left) || !IS_DELTA(right))
        Py_RETURN_NOTIMPLEMENTED;
    __int128 us = dt_delta_us(AS_DELTA(left)), by = dt_delta_us(AS_DELTA(right));
    if (!by)
        return DIVISION_BY_ZERO;
    __int128 quotient = floor_divide(us, by);
    PyObject *rest = delta_from_us(us - quotient * by);
    return rest ? Py_BuildValue("NN", long_from_us(quotient), rest) : NULL;
}

PyObject *dt_delta_total_seconds(PyObject *self, PyObject *ignored)
{
    return us_ratio(dt_delta_us(AS_DELTA(self)), US_A_SECOND);
}

PyNumberMethods dt_delta_number = {
    .nb_add = delta_add,
    .nb_subtract = delta_subtract,
    .nb_multiply = delta_multiply,
    .nb_remainder = delta_remainder,
    .nb_divmod = delta_divmod,
    .nb_negative = (unaryfunc)delta_negative,
    .nb_positive = (unaryfunc)delta_positive,
    .nb_absolute = (unaryfunc)delta_absolute,
    .nb_bool = delta_bool,
    .nb_floor_divide = delta_floor_divide,
    .nb_true_divide = delta_true_divide,
};
