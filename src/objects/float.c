/* SPDX-License-Identifier: MIT
 *
 * float: a boxed double.
 *
 *   PyFloatObject: │ refcount │ type │ double │   24 bytes, no collector header
 *
 * Arithmetic makes and drops floats all the time, so up to 100 dead ones are kept in a list of the
 * interpreter, linked through ob_type.
 *
 *  F1 Only exact floats enter the list; a subclass may have more fields.
 *  F2 Operands are float or int, or the operation gives NotImplemented; an int too large for a
 *     double raises OverflowError in arithmetic, but comparison with an int is exact, never by
 *     conversion.
 *  F3 Text is the shortest that reads back as the same double (base/dtoa); rounding to decimals
 *     goes through the correctly rounded digits too, since multiplying by a power of ten rounds
 *     twice.
 *
 * Reading order: conversion, arithmetic, rounding, hexadecimal text. Packing for struct and pickle
 * is float_pack.c, format() is str/format_spec.c.
 */
#include "capi/capi.h"
#include "base/dtoa.h"
#include "objects/box.h"
#include "objects/str/str.h"
#include <errno.h>
#include <float.h>
#include <math.h>

#define VALUE(o) (((PyFloatObject *)(o))->ob_fval)

/* -- Allocation ------------------------------------------------------------------------------ */

/* Guarded by the lock; shared by interpreters as long as they share it. */
struct box_free float_free = {.most = BOX_FREE_MAX};

/* F1 */
PyObject *PyFloat_FromDouble(double d)
{
    PyObject *op;
    if (LIKELY(float_free.head != NULL)) {
        op = box_take(&float_free);
    } else {
        op = PyObject_Malloc(sizeof(PyFloatObject));
        if (op == NULL) {
            return PyErr_NoMemory();
        }
        (void)PyObject_Init(op, &PyFloat_Type);
    }
    VALUE(op) = d;
    return op;
}

/* F1 */
static void float_dealloc(PyObject *op)
{
    if (LIKELY(PyFloat_CheckExact(op))) {
        if (float_free.count >= float_free.most) {
            PyObject_Free(op);
            return;
        }
        box_keep(&float_free, op);
        return;
    }
    Py_TYPE(op)->tp_free(op);
}

EXPORT void _PyFloat_DebugMallocStats(FILE *out)
{
    _PyDebugAllocatorStats(out, "free PyFloatObject", float_free.count, sizeof(PyFloatObject));
}

/* -- Conversion ------------------------------------------------------------------------------ */

/* __float__, then __index__. -1.0 may be an error: ask PyErr_Occurred. */
double PyFloat_AsDouble(PyObject *op)
{
    if (op == NULL) {
        PyErr_BadArgument();
        return -1;
    }
    if (PyFloat_Check(op)) {
        return VALUE(op);
    }
    PyNumberMethods *m = Py_TYPE(op)->tp_as_number;
    if (m == NULL || m->nb_float == NULL) {
        if (m && m->nb_index) {
            PyObject *index = _PyNumber_Index(op);
            if (index == NULL) {
                return -1;
            }
            double d = PyLong_AsDouble(index);
            Py_DECREF(index);
            return d;
        }
        PyErr_Format(PyExc_TypeError, "must be real number, not %.50s", Py_TYPE(op)->tp_name);
        return -1;
    }
    PyObject *r = m->nb_float(op);
    if (r == NULL) {
        return -1;
    }
    if (!PyFloat_CheckExact(r)) {
        if (!PyFloat_Check(r)) {
            PyErr_Format(PyExc_TypeError, "%.50s.__float__ returned non-float (type %.50s)",
                         Py_TYPE(op)->tp_name, Py_TYPE(r)->tp_name);
            Py_DECREF(r);
            return -1;
        }
        if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                             "%.50s.__float__ returned non-float (type %.50s).  The ability to "
                             "return an instance of a strict subclass of float is deprecated, and "
                             "may not be supported in a future version of Python.",
                             Py_TYPE(op)->tp_name, Py_TYPE(r)->tp_name)) {
            Py_DECREF(r);
            return -1;
        }
    }
    double d = VALUE(r);
    Py_DECREF(r);
    return d;
}

/* A float's or int's value in *d: 1; 0: something else; -1: too large an int. */
static inline int as_double(PyObject *o, double *d)
{
    if (PyFloat_Check(o)) {
        *d = VALUE(o);
        return 1;
    }
    if (PyLong_Check(o)) {
        *d = PyLong_AsDouble(o);
        return *d == -1.0 && PyErr_Occurred() ? -1 : 1;
    }
    return 0;
}

/* F2: leaves the function when o is no number, or too large a one. */
#define TO_DOUBLE(o, d) \
    do { \
        int r_ = as_double(o, &(d)); \
        if (r_ <= 0) { \
            return r_ < 0 ? NULL : Py_NewRef(Py_NotImplemented); \
        } \
    } while (0)

/* float(text) after digits and spaces of other scripts became ASCII. `obj` is what the message
   shows. */
static PyObject *float_from_text(const char *s, Py_ssize_t len, void *obj)
{
    const char *last = s + len;
    char *end;
    while (Py_ISSPACE(*s)) {
        s++;
    }
    if (s == last) {
        PyErr_Format(PyExc_ValueError, "could not convert string to float: %R", obj);
        return NULL;
    }
    while (s < last - 1 && Py_ISSPACE(last[-1])) {
        last--;
    }
    double x = PyOS_string_to_double(s, &end, NULL);
    if (end != last) {
        PyErr_Format(PyExc_ValueError, "could not convert string to float: %R", obj);
        return NULL;
    }
    return x == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(x);
}

/* str, bytes, bytearray, or any buffer. */
PyObject *PyFloat_FromString(PyObject *v)
{
    extern EXPORT PyObject *_PyUnicode_TransformDecimalAndSpaceToASCII(PyObject *);
    const char *s;
    PyObject *hold = NULL;
    Py_ssize_t len;
    Py_buffer view = {NULL};
    if (PyUnicode_Check(v)) {
        hold = _PyUnicode_TransformDecimalAndSpaceToASCII(v);
        s = hold ? PyUnicode_AsUTF8AndSize(hold, &len) : NULL;
        if (s == NULL) {
            Py_XDECREF(hold);
            return NULL;
        }
    } else if (PyBytes_Check(v)) {
        s = PyBytes_AS_STRING(v);
        len = PyBytes_GET_SIZE(v);
    } else if (PyByteArray_Check(v)) {
        s = PyByteArray_AS_STRING(v);
        len = PyByteArray_GET_SIZE(v);
    } else if (PyObject_GetBuffer(v, &view, PyBUF_SIMPLE) == 0) {
        hold = PyBytes_FromStringAndSize(view.buf, view.len); /* a copy ends in NUL */
        if (hold == NULL) {
            PyBuffer_Release(&view);
            return NULL;
        }
        s = PyBytes_AS_STRING(hold);
        len = PyBytes_GET_SIZE(hold);
    } else {
        return raise_type("float() argument must be a string or a real number, not '%.200s'", v);
    }
    PyObject *r = _Py_string_to_number_with_underscores(s, len, "float", v, v, float_from_text);
    PyBuffer_Release(&view);
    Py_XDECREF(hold);
    return r;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *float_repr(PyObject *v)
{
    char *buf = PyOS_double_to_string(VALUE(v), 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (buf == NULL) {
        return NULL;
    }
    size_t n = strlen(buf);
    PyObject *s = PyUnicode_New((Py_ssize_t)n, 127);
    if (s) {
        memcpy(PyUnicode_1BYTE_DATA(s), buf, n);
    }
    PyMem_Free(buf);
    return s;
}

/* -- Comparison ------------------------------------------------------------------------------ */

static int sign_of(double d) { return d > 0 ? 1 : d < 0 ? -1 : 0; }

/* The sign of d - n, exactly; d is finite. 2 on error. */
static int compare_to_int(double d, PyObject *n)
{
    int ds = sign_of(d), ns = _PyLong_Sign(n);
    if (ds != ns) {
        return ds < ns ? -1 : 1;
    }
    size_t bits = _PyLong_NumBits(n);
    if (bits <= 48) {
        double m = PyLong_AsDouble(n);
        return d < m ? -1 : d > m;
    }
    int e;
    (void)frexp(d, &e);
    if (e < 0 || (size_t)e != bits) {
        return (e < 0 || (size_t)e < bits ? -1 : 1) * ds;
    }
    /* Equal magnitude and above 2^47: compare integers, then the fraction. */
    double whole, fraction = modf(d, &whole);
    PyObject *w = PyLong_FromDouble(whole);
    if (w == NULL) {
        return 2;
    }
    int lt = PyObject_RichCompareBool(w, n, Py_LT), eq = PyObject_RichCompareBool(w, n, Py_EQ);
    Py_DECREF(w);
    if (lt < 0 || eq < 0) {
        return 2;
    }
    return eq ? sign_of(fraction) : lt ? -1 : 1;
}

/* F2. A nan is unequal and unordered to everything; infinities are compared to an int as to 0. */
static PyObject *float_richcompare(PyObject *v, PyObject *w, int op)
{
    double a = VALUE(v), b;
    if (PyFloat_Check(w)) {
        b = VALUE(w);
    } else if (PyLong_Check(w)) {
        if (isfinite(a)) {
            int cmp = compare_to_int(a, w);
            if (cmp == 2) {
                return NULL;
            }
            Py_RETURN_RICHCOMPARE(cmp, 0, op);
        }
        b = 0.0; /* any finite value */
    } else {
        Py_RETURN_NOTIMPLEMENTED;
    }
    bool r = false;
    switch (op) {
    case Py_EQ: r = a == b; break;
    case Py_NE: r = a != b; break;
    case Py_LE: r = a <= b; break;
    case Py_GE: r = a >= b; break;
    case Py_LT: r = a < b; break;
    case Py_GT: r = a > b; break;
    }
    return PyBool_FromLong(r);
}

static Py_hash_t float_hash(PyObject *v) { return _Py_HashDouble(v, VALUE(v)); }

/* -- Arithmetic ------------------------------------------------------------------------------ */

/* Division and modulo round towards minus infinity, with the remainder's sign that of the
   divisor, as for ints; C's fmod truncates, hence the corrections. */

#define SIMPLE(name, op) \
    static PyObject *name(PyObject *v, PyObject *w) \
    { \
        double a, b; \
        TO_DOUBLE(v, a); \
        TO_DOUBLE(w, b); \
        return PyFloat_FromDouble(a op b); \
    }
SIMPLE(float_add, +)
SIMPLE(float_subtract, -)
SIMPLE(float_multiply, *)

static PyObject *raise_zero(const char *message)
{
    PyErr_SetString(PyExc_ZeroDivisionError, message);
    return NULL;
}

static PyObject *float_true_divide(PyObject *v, PyObject *w)
{
    double a, b;
    TO_DOUBLE(v, a);
    TO_DOUBLE(w, b);
    return b == 0.0 ? raise_zero("float division by zero") : PyFloat_FromDouble(a / b);
}

/* Remainder with the divisor's sign. */
static double modulo(double a, double b)
{
    double m = fmod(a, b);
    if (m) {
        return (b < 0) != (m < 0) ? m + b : m;
    }
    return copysign(0.0, b);
}

static PyObject *float_remainder(PyObject *v, PyObject *w)
{
    double a, b;
    TO_DOUBLE(v, a);
    TO_DOUBLE(w, b);
    return b == 0.0 ? raise_zero("float modulo") : PyFloat_FromDouble(modulo(a, b));
}

/* floor(a / b) and a - b * that, exact where the quotient is: the remainder comes first, since
   dividing first may round up to the next whole number. */
static void divide_floor(double a, double b, double *quotient, double *remainder)
{
    double m = fmod(a, b), div = (a - m) / b;
    if (m) {
        if ((b < 0) != (m < 0)) {
            m += b;
            div -= 1.0;
        }
    } else {
        m = copysign(0.0, b);
    }
    if (div) {
        double f = floor(div);
        *quotient = div - f > 0.5 ? f + 1.0 : f;
    } else {
        *quotient = copysign(0.0, a / b);
    }
    *remainder = m;
}

static PyObject *float_divmod(PyObject *v, PyObject *w)
{
    double a, b, q, r;
    TO_DOUBLE(v, a);
    TO_DOUBLE(w, b);
    if (b == 0.0) {
        return raise_zero("float divmod()");
    }
    divide_floor(a, b, &q, &r);
    return Py_BuildValue("(dd)", q, r);
}

static PyObject *float_floor_divide(PyObject *v, PyObject *w)
{
    double a, b, q, r;
    TO_DOUBLE(v, a);
    TO_DOUBLE(w, b);
    if (b == 0.0) {
        return raise_zero("float floor division by zero");
    }
    divide_floor(a, b, &q, &r);
    return PyFloat_FromDouble(q);
}

static bool is_odd(double d) { return fmod(fabs(d), 2.0) == 1.0; }

/* The special cases of C99's pow, in Python's words: 0.0 to a negative power raises, a negative
   base with a fractional exponent goes to complex. */
static PyObject *float_power(PyObject *v, PyObject *w, PyObject *z)
{
    double a, b;
    bool negate = false;
    if (z != Py_None) {
        PyErr_SetString(PyExc_TypeError,
                        "pow() 3rd argument not allowed unless all arguments are integers");
        return NULL;
    }
    TO_DOUBLE(v, a);
    TO_DOUBLE(w, b);
    if (b == 0) {
        return PyFloat_FromDouble(1.0);
    }
    if (isnan(a)) {
        return PyFloat_FromDouble(a);
    }
    if (isnan(b)) {
        return PyFloat_FromDouble(a == 1.0 ? 1.0 : b);
    }
    if (isinf(b)) {
        a = fabs(a);
        return PyFloat_FromDouble(a == 1.0 ? 1.0 : (b > 0.0) == (a > 1.0) ? fabs(b) : 0.0);
    }
    if (isinf(a)) {
        bool odd = is_odd(b);
        return PyFloat_FromDouble(b > 0.0 ? (odd ? a : fabs(a)) : odd ? copysign(0.0, a) : 0.0);
    }
    if (a == 0.0) {
        if (b < 0.0) {
            return raise_zero("0.0 cannot be raised to a negative power");
        }
        return PyFloat_FromDouble(is_odd(b) ? a : 0.0);
    }
    if (a < 0.0) {
        if (b != floor(b)) {
            return PyComplex_Type.tp_as_number->nb_power(v, w, z); /* a complex result */
        }
        a = -a;
        negate = is_odd(b);
    }
    if (a == 1.0) {
        return PyFloat_FromDouble(negate ? -1.0 : 1.0);
    }
    errno = 0;
    double r = pow(a, b);
    if (negate) {
        r = -r;
    }
    if (isinf(r)) {
        errno = ERANGE;
    } else if (errno == ERANGE) {
        errno = 0; /* underflow is no error */
    }
    if (errno) {
        PyErr_SetFromErrno(errno == ERANGE ? PyExc_OverflowError : PyExc_ValueError);
        return NULL;
    }
    return PyFloat_FromDouble(r);
}

static PyObject *float_negative(PyObject *v) { return PyFloat_FromDouble(-VALUE(v)); }
static PyObject *float_absolute(PyObject *v) { return PyFloat_FromDouble(fabs(VALUE(v))); }
static int float_bool(PyObject *v) { return VALUE(v) != 0.0; }
static PyObject *float_float(PyObject *v)
{
    return PyFloat_CheckExact(v) ? Py_NewRef(v) : PyFloat_FromDouble(VALUE(v));
}

static PyObject *float_trunc(PyObject *v, PyObject *noargs) { return PyLong_FromDouble(VALUE(v)); }
static PyObject *float_int(PyObject *v) { return PyLong_FromDouble(VALUE(v)); }
static PyObject *float_floor(PyObject *v, PyObject *noargs)
{
    return PyLong_FromDouble(floor(VALUE(v)));
}

static PyObject *float_ceil(PyObject *v, PyObject *noargs)
{
    return PyLong_FromDouble(ceil(VALUE(v)));
}

static PyNumberMethods float_as_number = {
    .nb_add = float_add,
    .nb_subtract = float_subtract,
    .nb_multiply = float_multiply,
    .nb_remainder = float_remainder,
    .nb_divmod = float_divmod,
    .nb_power = float_power,
    .nb_negative = float_negative,
    .nb_positive = float_float,
    .nb_absolute = float_absolute,
    .nb_bool = float_bool,
    .nb_int = float_int,
    .nb_float = float_float,
    .nb_floor_divide = float_floor_divide,
    .nb_true_divide = float_true_divide,
};

/* -- Rounding -------------------------------------------------------------------------------- */

/* digits * 10^exponent when both are exact doubles, so that one
   operation rounds: no text need be read back. */
static bool exact_decimal(const char *digits, size_t count, int exponent, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (count > 15 || abs(exponent) > 22) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (uint64_t)(digits[i] - '0');
    }
    *out = exponent < 0 ? (double)value / powers[-exponent] : (double)value * powers[exponent];
    return true;
}

/* To ndigits decimals, by way of the correctly rounded digits. */
static PyObject *round_decimal(double x, int ndigits)
{
    char small[DTOA_SMALL];
    int decpt, sign;
    size_t count;
    char *digits = dtoa_digits(x, 3, ndigits, &decpt, &sign, small, &count);
    if (digits == NULL) {
        return PyErr_NoMemory();
    }
    double r = 0.0;
    errno = 0;
    if (exact_decimal(digits, count, decpt - (int)count, &r)) {
        r = sign ? -r : r;
    } else {
        char *text = PyMem_Malloc(count + 32);
        if (text == NULL) {
            errno = ENOMEM;
        } else {
            snprintf(text, count + 32, "%s0%se%d", sign ? "-" : "", digits, decpt - (int)count);
            errno = 0;
            r = _Py_dg_strtod(text, NULL);
            PyMem_Free(text);
        }
    }
    if (digits != small) {
        PyMem_RawFree(digits);
    }
    if (errno == ENOMEM) {
        return PyErr_NoMemory();
    }
    if (errno == ERANGE && fabs(r) >= 1.0) {
        PyErr_SetString(PyExc_OverflowError, "rounded value too large to represent");
        return NULL;
    }
    return PyFloat_FromDouble(r);
}

/* Without ndigits an int, halves to even; beyond the digits that a double can have, itself or
   zero. */
static PyObject *float_round(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    double x = VALUE(self);
    if (!_PyArg_CheckPositional("__round__", nargs, 0, 1)) {
        return NULL;
    }
    if (nargs == 0 || args[0] == Py_None) {
        double r = round(x);
        if (fabs(x - r) == 0.5) {
            r = 2.0 * round(x / 2.0); /* the even one */
        }
        return PyLong_FromDouble(r);
    }
    Py_ssize_t ndigits = PyNumber_AsSsize_t(args[0], NULL);
    if (ndigits == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!isfinite(x)) {
        return PyFloat_FromDouble(x);
    }
    /* Beyond these the value is its own rounding, or rounds to zero. */
    if (ndigits > (Py_ssize_t)((DBL_MANT_DIG - DBL_MIN_EXP) * 0.30103)) {
        return PyFloat_FromDouble(x);
    }
    if (ndigits < -(Py_ssize_t)((DBL_MAX_EXP + 1) * 0.30103)) {
        return PyFloat_FromDouble(0.0 * x);
    }
    return round_decimal(x, (int)ndigits);
}

/* mantissa * 2**e as a reduced fraction: a double's denominator is a power of two. */
static PyObject *float_as_integer_ratio(PyObject *self, PyObject *noargs)
{
    double x = VALUE(self);
    if (isinf(x)) {
        PyErr_SetString(PyExc_OverflowError, "cannot convert Infinity to integer ratio");
        return NULL;
    }
    if (isnan(x)) {
        PyErr_SetString(PyExc_ValueError, "cannot convert NaN to integer ratio");
        return NULL;
    }
    int e;
    double m = frexp(x, &e);
    while (m != floor(m)) {
        m *= 2.0;
        e--;
    }
    PyObject *num = PyLong_FromDouble(m), *den = PyLong_FromLong(1),
             *shift = PyLong_FromLong(abs(e));
    PyObject *pair = NULL;
    if (num && den && shift) {
        if (e > 0) {
            Py_SETREF(num, PyNumber_Lshift(num, shift));
        } else {
            Py_SETREF(den, PyNumber_Lshift(den, shift));
        }
        if (num && den) {
            pair = PyTuple_Pack(2, num, den);
        }
    }
    Py_XDECREF(num);
    Py_XDECREF(den);
    Py_XDECREF(shift);
    return pair;
}

static PyObject *float_is_integer(PyObject *self, PyObject *noargs)
{
    double x = VALUE(self);
    return PyBool_FromLong(isfinite(x) && floor(x) == x);
}

static PyObject *float_conjugate(PyObject *self, PyObject *noargs) { return float_float(self); }

/* -- Hexadecimal text ------------------------------------------------------------------------ */

/* float.hex and float.fromhex: exact, since sixteen is a power of two. Digits beyond the 53 bits
   are rounded half to even once, subnormals included. */

/* One digit, then 52 bits as 13 digits; a subnormal starts with 0. */
static PyObject *float_hex(PyObject *self, PyObject *noargs)
{
    double x = VALUE(self);
    char text[40];
    int e;
    if (!isfinite(x)) {
        return float_repr(self);
    }
    if (x == 0.0) {
        return PyUnicode_FromString(signbit(x) ? "-0x0.0p+0" : "0x0.0p+0");
    }
    double m = frexp(fabs(x), &e);
    int shift = 1 - Py_MAX(DBL_MIN_EXP - e, 0);
    m = ldexp(m, shift); /* leading digit 1, or 0 for subnormals */
    e -= shift;
    int n = 0;
    text[n++] = Py_hexdigits[(int)m];
    m -= (int)m;
    text[n++] = '.';
    for (int i = 0; i < 13; i++) {
        m *= 16.0;
        text[n++] = Py_hexdigits[(int)m];
        m -= (int)m;
    }
    text[n] = '\0';
    return PyUnicode_FromFormat("%s0x%sp%c%d", x < 0 ? "-" : "", text, e < 0 ? '-' : '+',
                                e < 0 ? -e : e);
}

static int hex_digit(char c)
{
    return Py_ISDIGIT(c) ? c - '0' : Py_ISXDIGIT(c) ? Py_TOLOWER(c) - 'a' + 10 : -1;
}

enum hex_result { HEX_OK, HEX_BAD, HEX_OVERFLOW, HEX_TOO_LONG };

/* Value of coeff (digits with an optional point) * 2^exponent, rounded half to even. */
static enum hex_result hex_value(const char *digits, Py_ssize_t ndigits, Py_ssize_t nfraction,
                                 long exponent, double *out)
{
    Py_ssize_t seen = 0;
    while (ndigits > 0 && *digits != '\0') { /* skip leading zeros, which may enclose the point */
        if (*digits == '.') {
            digits++;
        } else if (*digits == '0') {
            digits++;
            ndigits--;
        } else {
            break;
        }
    }
    if (ndigits == 0 || exponent < LONG_MIN / 2) {
        *out = 0.0;
        return HEX_OK;
    }
    if (exponent > LONG_MAX / 2) {
        return HEX_OVERFLOW;
    }
    exponent -= 4 * (long)nfraction;
    uint64_t acc = 0; /* 60 bits of digits */
    bool sticky = false;
    for (; seen < ndigits; digits++) {
        if (*digits == '.') {
            continue;
        }
        int d = hex_digit(*digits);
        if (seen < 15) {
            acc = acc << 4 | (uint64_t)d;
        } else {
            sticky |= d != 0;
            exponent += 4;
        }
        seen++;
    }
    int bits = 64 - __builtin_clzll(acc);
    long top = exponent + bits; /* value < 2^top */
    if (top > DBL_MAX_EXP) {
        return HEX_OVERFLOW;
    }
    if (top < DBL_MIN_EXP - DBL_MANT_DIG) {
        *out = 0.0;
        return HEX_OK;
    }
    long lsb = Py_MAX(top, (long)DBL_MIN_EXP) - DBL_MANT_DIG; /* exponent of the last bit kept */
    if (exponent >= lsb) {
        *out = ldexp((double)acc, (int)exponent);
        return HEX_OK;
    }
    int drop = (int)(lsb - exponent);
    uint64_t half = 1ULL << (drop - 1), rest = acc & ((half << 1) - 1),
             kept = drop < 64 ? acc >> drop : 0;
    if (rest > half || (rest == half && (sticky || (kept & 1)))) {
        kept++;
    }
    *out = ldexp((double)kept, (int)lsb);
    return isinf(*out) ? HEX_OVERFLOW : HEX_OK;
}

/* Parses [sign][0x]digits[.digits][p exponent]; s is NUL-terminated. */
static enum hex_result hex_parse(const char *s, const char *end, double *out)
{
    while (Py_ISSPACE(*s)) {
        s++;
    }
    char *stop;
    double x = _Py_parse_inf_or_nan(s, &stop);
    if (stop == s) {
        bool negative = *s == '-';
        if (*s == '-' || *s == '+') {
            s++;
        }
        if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
            s += 2;
        }
        const char *digits = s;
        Py_ssize_t n = 0, fraction = 0;
        while (hex_digit(*s) >= 0) {
            s++;
            n++;
        }
        if (*s == '.') {
            s++;
            while (hex_digit(*s) >= 0) {
                s++;
                n++;
                fraction++;
            }
        }
        if (n == 0) {
            return HEX_BAD;
        }
        if (n > LONG_MAX / 8) {
            return HEX_TOO_LONG;
        }
        long exponent = 0;
        if (*s == 'p' || *s == 'P') {
            const char *e = ++s;
            if (*s == '-' || *s == '+') {
                s++;
            }
            if (!Py_ISDIGIT(*s)) {
                return HEX_BAD;
            }
            while (Py_ISDIGIT(*s)) {
                s++;
            }
            errno = 0;
            exponent = strtol(e, NULL, 10);
        }
        /* why hex_parse failed; the messages are in float_fromhex */
        enum hex_result r = hex_value(digits, n, fraction, exponent, &x);
        if (r != HEX_OK) {
            return r;
        }
        if (negative) {
            x = -x;
        }
    } else {
        s = stop;
    }
    while (Py_ISSPACE(*s)) {
        s++;
    }
    *out = x;
    return s == end ? HEX_OK : HEX_BAD;
}

static PyObject *float_fromhex(PyObject *type, PyObject *string)
{
    Py_ssize_t len;
    const char *s = PyUnicode_AsUTF8AndSize(string, &len);
    double x = 0.0;
    if (s == NULL) {
        return NULL;
    }
    switch (hex_parse(s, s + len, &x)) {
    case HEX_OK: break;
    case HEX_OVERFLOW:
        PyErr_SetString(PyExc_OverflowError, "hexadecimal value too large to represent as a float");
        return NULL;
    case HEX_TOO_LONG:
        PyErr_SetString(PyExc_ValueError, "hexadecimal string too long to convert");
        return NULL;
    default:
        PyErr_SetString(PyExc_ValueError, "invalid hexadecimal floating-point string");
        return NULL;
    }
    PyObject *r = PyFloat_FromDouble(x);
    if (r && type != (PyObject *)&PyFloat_Type) {
        Py_SETREF(r, PyObject_CallOneArg(type, r));
    }
    return r;
}

/* -- Construction and type ------------------------------------------------------------------- */

/* float(x) of `type`: made as a float first, then copied into the subclass. */
static PyObject *float_build(PyTypeObject *type, PyObject *x)
{
    PyObject *v = x == NULL                 ? PyFloat_FromDouble(0.0)
                  : PyUnicode_CheckExact(x) ? PyFloat_FromString(x)
                                            : PyNumber_Float(x);
    if (v == NULL || type == &PyFloat_Type) {
        return v;
    }
    PyObject *o = type->tp_alloc(type, 0);
    if (o) {
        VALUE(o) = VALUE(v);
    }
    Py_DECREF(v);
    return o;
}

static PyObject *float_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *x = NULL;
    if ((type == &PyFloat_Type || type->tp_init == PyFloat_Type.tp_init)
        && !_PyArg_NoKeywords("float", kwargs)) {
        return NULL;
    }
    if (!PyArg_UnpackTuple(args, "float", 0, 1, &x)) {
        return NULL;
    }
    return float_build(type, x);
}

static PyObject *float_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("float", kwnames) || !_PyArg_CheckPositional("float", n, 0, 1)) {
        return NULL;
    }
    return float_build((PyTypeObject *)type, n ? args[0] : NULL);
}

static PyObject *float_getnewargs(PyObject *self, PyObject *noargs)
{
    return Py_BuildValue("(d)", VALUE(self));
}

static PyObject *float_getformat(PyObject *type, PyObject *arg)
{
    if (!PyUnicode_Check(arg)) {
        _PyArg_BadArgument("__getformat__", "argument", "str", arg);
        return NULL;
    }
    const char *s = PyUnicode_AsUTF8(arg);
    if (s == NULL) {
        return NULL;
    }
    if (strcmp(s, "double") != 0 && strcmp(s, "float") != 0) {
        PyErr_SetString(PyExc_ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
        return NULL;
    }
    return PyUnicode_FromString(PY_BIG_ENDIAN ? "IEEE, big-endian" : "IEEE, little-endian");
}

static PyObject *float_format(PyObject *self, PyObject *spec)
{
    if (!PyUnicode_Check(spec)) {
        _PyArg_BadArgument("__format__", "argument", "str", spec);
        return NULL;
    }
    return str_format_builtin(self, spec, _PyFloat_FormatAdvancedWriter);
}

static PyMethodDef float_methods[] = {
    {"conjugate", float_conjugate, METH_NOARGS, "conjugate($self, /)\n--\n\n"
     "The float itself: it has no imaginary part."},
    {"__trunc__", float_trunc, METH_NOARGS, "__trunc__($self, /)\n--\n\n"
     "The int that is left without the fraction."},
    {"__floor__", float_floor, METH_NOARGS,
     "__floor__($self, /)\n--\n\n"
     "Greatest int that is not greater."},
    {"__ceil__", float_ceil, METH_NOARGS, "__ceil__($self, /)\n--\n\nLeast int that is not less."},
    {"__round__", _PyCFunction_CAST(float_round), METH_FASTCALL,
     "__round__($self, ndigits=None, /)\n--\n\n"
     ""
     "Nearest int, of two equally near ones the even one.\n\n"
     "With ndigits: the nearest float of that many decimals."},
    {"as_integer_ratio", float_as_integer_ratio, METH_NOARGS, "as_integer_ratio($self, /)\n--\n\n"
     "A pair of integers whose quotient is exactly the float, the second positive.\n\n"
     "Infinities raise OverflowError, NaNs ValueError.\n\n"
     ">>> (-0.375).as_integer_ratio()\n"
     "(-3, 8)\n"
     ""
     ">>> (2.5).as_integer_ratio()\n(5, 2)\n>>> (0.0).as_integer_ratio()\n(0, 1)"},
    {"fromhex", float_fromhex, METH_O | METH_CLASS, "fromhex($type, string, /)\n--\n\n"
     "The float that a hexadecimal text stands for.\n\n"
     ">>> float.fromhex('0x1.8p3')\n"
     "12.0\n"
     ">>> float.fromhex('-0x.1')\n"
     "-0.0625"},
    {"hex", float_hex, METH_NOARGS, "hex($self, /)\n--\n\n"
     "Exact hexadecimal text of the float.\n\n"
     ">>> (12.0).hex()\n"
     "'0x1.8000000000000p+3'\n"
     ">>> (-0.0625).hex()\n"
     "'-0x1.0000000000000p-4'"},
    {"is_integer", float_is_integer, METH_NOARGS, "is_integer($self, /)\n--\n\n"
     "Whether there is no fraction."},
    {"__getnewargs__", float_getnewargs, METH_NOARGS, "__getnewargs__($self, /)\n--\n\n"},
    {"__getformat__", float_getformat, METH_O | METH_CLASS,
     "__getformat__($type, typestr, /)\n"
     "--\n"
     "\n"
     "Made for the test suite.\n"
     "\n"
     "  typestr\n"
     "    Which type of C: 'double' or 'float'.\n"
     "\n"
     "How this machine represents it: 'IEEE, little-endian', 'IEEE, big-endian' or 'unknown'."},
    {"__format__", float_format, METH_O, "__format__($self, format_spec, /)\n--\n\n"
     "Text laid out as format_spec says."},
    {NULL},
};

static PyObject *float_real(PyObject *v, void *closure) { return float_float(v); }
static PyObject *float_imag(PyObject *v, void *closure) { return PyFloat_FromDouble(0.0); }

static PyGetSetDef float_getset[] = {
    {"real", float_real, NULL, "what is not multiplied by j", NULL},
    {"imag", float_imag, NULL, "what stands before the j", NULL},
    {NULL},
};

PyTypeObject PyFloat_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "float",
    .tp_basicsize = sizeof(PyFloatObject),
    .tp_dealloc = float_dealloc,
    .tp_repr = float_repr,
    .tp_as_number = &float_as_number,
    .tp_hash = float_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = "float(x=0, /)\n--\n\nFloating point number from a text or another number.",
    .tp_richcompare = float_richcompare,
    .tp_methods = float_methods,
    .tp_getset = float_getset,
    .tp_new = float_new,
    .tp_vectorcall = float_vectorcall,
};

/* -- sys.float_info -------------------------------------------------------------------------- */

static PyStructSequence_Field float_info_fields[] = {
    {"max", "DBL_MAX -- maximum representable finite float"},
    {"max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"},
    {"max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"},
    {"min", "DBL_MIN -- Minimum positive normalized float"},
    {"min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"},
    {"min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"},
    {"dig",
     "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"},
    {"mant_dig", "DBL_MANT_DIG -- mantissa digits"},
    {"epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"},
    {"radix", "FLT_RADIX -- radix of exponent"},
    {"rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"},
    {NULL},
};
static PyStructSequence_Desc float_info_desc = {
    "sys.float_info",
    "sys.float_info\n\nA named tuple holding what C's float.h says about double.",
    float_info_fields, 11,
};
static PyTypeObject float_info_type;

PyObject *PyFloat_GetInfo(void)
{
    if (float_info_type.tp_name == NULL
        && PyStructSequence_InitType2(&float_info_type, &float_info_desc) < 0) {
        return NULL;
    }
    PyObject *info = PyStructSequence_New(&float_info_type);
    if (info == NULL) {
        return NULL;
    }
    PyObject *values[] = {
        PyFloat_FromDouble(DBL_MAX), PyLong_FromLong(DBL_MAX_EXP), PyLong_FromLong(DBL_MAX_10_EXP),
        PyFloat_FromDouble(DBL_MIN), PyLong_FromLong(DBL_MIN_EXP), PyLong_FromLong(DBL_MIN_10_EXP),
        PyLong_FromLong(DBL_DIG), PyLong_FromLong(DBL_MANT_DIG), PyFloat_FromDouble(DBL_EPSILON),
        PyLong_FromLong(FLT_RADIX), PyLong_FromLong(FLT_ROUNDS),
    };
    for (Py_ssize_t i = 0; i < (Py_ssize_t)COUNT_OF(values); i++) {
        PyStructSequence_SET_ITEM(info, i, values[i]);
    }
    if (PyErr_Occurred()) {
        Py_CLEAR(info);
    }
    return info;
}

double PyFloat_GetMax(void) { return DBL_MAX; }
double PyFloat_GetMin(void) { return DBL_MIN; }
