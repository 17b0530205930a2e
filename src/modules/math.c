/* SPDX-License-Identifier: MIT
 *
 * math: functions of the C library with Python's error rules, and those on integers.
 *
 * Rule: a NaN from arguments without one is ValueError; an infinity from finite arguments is
 * OverflowError where the function can overflow and ValueError where it has a pole. Underflow is no
 * error.
 */
#include "modules/args.h"
#include "modules/math.h"
#include <errno.h>
#include <float.h>
#include <math.h>

/* -- Errors ---------------------------------------------------------------------------------- */

static PyObject *domain_error(void)
{
    PyErr_SetString(PyExc_ValueError, "math domain error");
    return NULL;
}

static PyObject *range_error(void)
{
    PyErr_SetString(PyExc_OverflowError, "math range error");
    return NULL;
}

static PyObject *checked(double x, double r, bool can_overflow)
{
    if (isnan(r) && !isnan(x)) {
        return domain_error();
    }
    if (isinf(r) && isfinite(x)) {
        return can_overflow ? range_error() : domain_error();
    }
    return PyFloat_FromDouble(r);
}

/* errno says what went wrong with r. */
static PyObject *by_errno(double r)
{
    if (errno == EDOM) {
        return domain_error();
    }
    if (errno == ERANGE && fabs(r) >= 1.5) {
        return range_error();
    }
    return PyFloat_FromDouble(r);
}

static bool to_double(PyObject *o, double *d)
{
    if (LIKELY(PyFloat_CheckExact(o))) {
        *d = PyFloat_AS_DOUBLE(o);
        return true;
    }
    *d = PyFloat_AsDouble(o);
    return *d != -1.0 || !PyErr_Occurred();
}

static bool two_doubles(const char *name, PyObject *const *args, Py_ssize_t nargs, double *x,
                        double *y)
{
    return _PyArg_CheckPositional(name, nargs, 2, 2) && to_double(args[0], x) &&
           to_double(args[1], y);
}

/* -- One argument ---------------------------------------------------------------------------- */

#define FUNCTION1(name, function, can_overflow) \
    static PyObject *math_##name(PyObject *module, PyObject *arg) \
    { \
        double x; \
        return to_double(arg, &x) ? checked(x, function(x), can_overflow) : NULL; \
    }
#define FUNCTION1_ERRNO(name, function) \
    static PyObject *math_##name(PyObject *module, PyObject *arg) \
    { \
        double x; \
        if (!to_double(arg, &x)) { \
            return NULL; \
        } \
        errno = 0; \
        return by_errno(function(x)); \
    }

FUNCTION1(acos, acos, false)
FUNCTION1(acosh, acosh, false)
FUNCTION1(asin, asin, false)
FUNCTION1(asinh, asinh, false)
FUNCTION1(atan, atan, false)
FUNCTION1(atanh, atanh, false)
FUNCTION1(cbrt, cbrt, false)
FUNCTION1(cos, cos, false)
FUNCTION1(cosh, cosh, true)
FUNCTION1(erf, erf, false)
FUNCTION1(erfc, erfc, false)
FUNCTION1(exp, exp, true)
FUNCTION1(exp2, exp2, true)
FUNCTION1(expm1, expm1, true)
FUNCTION1(fabs, fabs, false)
FUNCTION1(log1p, log1p, false)
FUNCTION1(sin, sin, false)
FUNCTION1(sinh, sinh, true)
FUNCTION1(sqrt, sqrt, false)
FUNCTION1(tan, tan, false)
FUNCTION1(tanh, tanh, false)
FUNCTION1_ERRNO(gamma, math_tgamma)
FUNCTION1_ERRNO(lgamma, math_lgamma_value)

#define PREDICATE(name, test) \
    static PyObject *math_##name(PyObject *module, PyObject *arg) \
    { \
        double x; \
        return to_double(arg, &x) ? PyBool_FromLong(test(x)) : NULL; \
    }
PREDICATE(isfinite, isfinite)
PREDICATE(isinf, isinf)
PREDICATE(isnan, isnan)

#define SCALED(name, factor) \
    static PyObject *math_##name(PyObject *module, PyObject *arg) \
    { \
        double x; \
        return to_double(arg, &x) ? PyFloat_FromDouble(x * (factor)) : NULL; \
    }
SCALED(degrees, 180.0 / Py_MATH_PI)
SCALED(radians, Py_MATH_PI / 180.0)

static PyObject *math_ulp(PyObject *module, PyObject *arg)
{
    double x;
    if (!to_double(arg, &x)) {
        return NULL;
    }
    if (isnan(x)) {
        return PyFloat_FromDouble(x);
    }
    x = fabs(x);
    if (isinf(x)) {
        return PyFloat_FromDouble(x);
    }
    double up = nextafter(x, Py_HUGE_VAL);
    return PyFloat_FromDouble(isinf(up) ? x - nextafter(x, -Py_HUGE_VAL) : up - x);
}

static PyObject *math_frexp(PyObject *module, PyObject *arg)
{
    double x;
    int e = 0;
    if (!to_double(arg, &x)) {
        return NULL;
    }
    if (isfinite(x) && x != 0.0) {
        x = frexp(x, &e);
    }
    return Py_BuildValue("(di)", x, e);
}

static PyObject *math_modf(PyObject *module, PyObject *arg)
{
    double x, whole;
    if (!to_double(arg, &x)) {
        return NULL;
    }
    if (isinf(x)) {
        return Py_BuildValue("(dd)", copysign(0.0, x), x);
    }
    double fraction = modf(x, &whole);
    return Py_BuildValue("(dd)", fraction, whole);
}

/* -- To integers ----------------------------------------------------------------------------- */

static PyObject *special_method(PyObject *o, const char *name)
{
    static PyObject *interned[3]; /* __ceil__, __floor__, __trunc__: made once, kept for ever */
    int i = name[2] == 'c' ? 0 : name[2] == 'f' ? 1 : 2;
    if (interned[i] == NULL && (interned[i] = PyUnicode_InternFromString(name)) == NULL) {
        return NULL;
    }
    PyObject *method = _PyType_Lookup(Py_TYPE(o), interned[i]); /* borrowed */
    if (method == NULL) {
        return NULL;
    }
    descrgetfunc get = Py_TYPE(method)->tp_descr_get;
    return get ? get(method, o, (PyObject *)Py_TYPE(o)) : Py_NewRef(method);
}

static PyObject *round_by(PyObject *number, const char *name, double (*function)(double))
{
    double x;
    if (PyFloat_CheckExact(number)) {
        return PyLong_FromDouble(function(PyFloat_AS_DOUBLE(number)));
    }
    PyObject *method = special_method(number, name);
    if (method) {
        PyObject *r = PyObject_CallNoArgs(method);
        Py_DECREF(method);
        return r;
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    return to_double(number, &x) ? PyLong_FromDouble(function(x)) : NULL;
}

static PyObject *math_ceil(PyObject *module, PyObject *x) { return round_by(x, "__ceil__", ceil); }
static PyObject *math_floor(PyObject *module, PyObject *x)
{
    return round_by(x, "__floor__", floor);
}

static PyObject *math_trunc(PyObject *module, PyObject *x)
{
    if (PyFloat_CheckExact(x)) {
        return PyLong_FromDouble(PyFloat_AS_DOUBLE(x));
    }
    if (Py_TYPE(x)->tp_dict == NULL && PyType_Ready(Py_TYPE(x)) < 0) {
        return NULL;
    }
    PyObject *method = special_method(x, "__trunc__");
    if (method == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_TypeError, "type %.100s doesn't define __trunc__ method",
                         Py_TYPE(x)->tp_name);
        }
        return NULL;
    }
    PyObject *r = PyObject_CallNoArgs(method);
    Py_DECREF(method);
    return r;
}

/* -- Two arguments --------------------------------------------------------------------------- */

static PyObject *math_atan2(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double y, x;
    return two_doubles("atan2", args, nargs, &y, &x) ? PyFloat_FromDouble(atan2(y, x)) : NULL;
}

static PyObject *math_copysign(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double x, y;
    return two_doubles("copysign", args, nargs, &x, &y) ? PyFloat_FromDouble(copysign(x, y)) : NULL;
}

static PyObject *math_nextafter(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double x, y;
    return two_doubles("nextafter", args, nargs, &x, &y) ? PyFloat_FromDouble(nextafter(x, y))
                                                         : NULL;
}

static PyObject *math_remainder(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double x, y;
    if (!two_doubles("remainder", args, nargs, &x, &y)) {
        return NULL;
    }
    double r = remainder(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain_error() : PyFloat_FromDouble(r);
}

static PyObject *math_fmod(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double x, y;
    if (!two_doubles("fmod", args, nargs, &x, &y)) {
        return NULL;
    }
    if (isinf(y) && isfinite(x)) {
        return PyFloat_FromDouble(x);
    }
    double r = fmod(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain_error() : PyFloat_FromDouble(r);
}

static PyObject *math_pow(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double x, y;
    if (!two_doubles("pow", args, nargs, &x, &y)) {
        return NULL;
    }
    double r = pow(x, y);
    if (isfinite(r) || !isfinite(x) || !isfinite(y)) {
        return PyFloat_FromDouble(r);
    }
    return isnan(r) || x == 0.0 ? domain_error() : range_error();
}

/* The exponent is cut to what int holds: beyond it the result is zero or overflows anyway. */
static PyObject *math_ldexp(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double x;
    int overflow;
    if (!_PyArg_CheckPositional("ldexp", nargs, 2, 2) || !to_double(args[0], &x)) {
        return NULL;
    }
    if (!PyLong_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "Expected an int as second argument to ldexp.");
        return NULL;
    }
    long e = PyLong_AsLongAndOverflow(args[1], &overflow);
    if (e == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (overflow) {
        e = overflow < 0 ? LONG_MIN : LONG_MAX;
    }
    if (x == 0.0 || !isfinite(x)) {
        return PyFloat_FromDouble(x);
    }
    if (e > INT_MAX) {
        return range_error();
    }
    if (e < INT_MIN) {
        return PyFloat_FromDouble(copysign(0.0, x));
    }
    double r = ldexp(x, (int)e);
    return isinf(r) ? range_error() : PyFloat_FromDouble(r);
}

static PyObject *math_isclose(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    ARGS("dd|$dd:isclose", "a", "b", "rel_tol", "abs_tol");
    double a, b, rel = 1e-09, abs = 0.0;
    if (nargs == 2 && !kwnames ? !to_double(args[0], &a) || !to_double(args[1], &b)
                               : !PARSE(&a, &b, &rel, &abs)) {
        return NULL;
    }
    if (rel < 0.0 || abs < 0.0) {
        PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
        return NULL;
    }
    if (a == b) {
        Py_RETURN_TRUE;
    }
    if (isinf(a) || isinf(b)) {
        Py_RETURN_FALSE;
    }
    double diff = fabs(b - a);
    return PyBool_FromLong(diff <= fabs(rel * b) || diff <= fabs(rel * a) || diff <= abs);
}

/* -- Logarithms ------------------------------------------------------------------------------ */

/* Of a number or an int of any size. */
static PyObject *logarithm(PyObject *arg, double (*function)(double))
{
    double x;
    if (PyLong_Check(arg)) {
        if (_PyLong_Sign(arg) <= 0) {
            return domain_error();
        }
        x = PyLong_AsDouble(arg);
        if (x == -1.0 && PyErr_Occurred()) {
            Py_ssize_t e;
            if (!PyErr_ExceptionMatches(PyExc_OverflowError)) {
                return NULL;
            }
            PyErr_Clear();
            x = _PyLong_Frexp((PyLongObject *)arg, &e);
            if (x == -1.0 && PyErr_Occurred()) {
                return NULL;
            }
            return PyFloat_FromDouble(function(x) + function(2.0) * (double)e);
        }
    } else if (!to_double(arg, &x)) {
        return NULL;
    }
    if (x <= 0.0) {
        return domain_error();
    }
    return PyFloat_FromDouble(function(x));
}

static PyObject *math_log(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs < 1 || nargs > 2) {
        PyErr_SetString(PyExc_TypeError, "math.log requires 1 to 2 arguments");
        return NULL;
    }
    PyObject *num = logarithm(args[0], log);
    if (num == NULL || nargs == 1) {
        return num;
    }
    PyObject *den = logarithm(args[1], log), *r = NULL;
    if (den) {
        r = PyNumber_TrueDivide(num, den);
        Py_DECREF(den);
    }
    Py_DECREF(num);
    return r;
}

static PyObject *math_log2(PyObject *module, PyObject *x) { return logarithm(x, log2); }
static PyObject *math_log10(PyObject *module, PyObject *x) { return logarithm(x, log10); }

/* -- Norms ----------------------------------------------------------------------------------- */

/* hi + lo = a + b exactly, |a| >= |b| */
static inline double sum_exact(double a, double b, double *lo)
{
    double hi = a + b;
    *lo = b - (hi - a);
    return hi;
}

/* sqrt(sum of v[i]^2), in double-double after scaling by a power of two, so within a hair of the
   correctly rounded result; max is the largest |v[i]|. May scale v. */
static double norm(Py_ssize_t n, double *v, double max, bool found_nan)
{
    if (isinf(max)) {
        return max;
    }
    if (found_nan) {
        return Py_NAN;
    }
    if (max == 0.0 || n <= 1) {
        return max;
    }
    int e;
    frexp(max, &e);
    if (e < -1023) { /* subnormal: scale up first */
        for (Py_ssize_t i = 0; i < n; i++) {
            v[i] /= DBL_MIN;
        }
        return DBL_MIN * norm(n, v, max / DBL_MIN, false);
    }
    double scale = ldexp(1.0, -e), sum = 1.0, low = 0.0, part, error;
    for (Py_ssize_t i = 0; i < n; i++) {
        double x = v[i] * scale, square = x * x;
        low += fma(x, x, -square);
        sum = sum_exact(sum, square, &error);
        low += error;
    }
    double h = sqrt(sum - 1.0 + low);
    /* One step of Newton's method on the exact difference sum - h^2. */
    double square = -h * h;
    low += fma(-h, h, -square);
    part = sum_exact(sum, square, &error);
    low += error;
    h += (part - 1.0 + low) / (2.0 * h);
    return h / scale;
}

#define NORM_SMALL 16

static PyObject *math_hypot(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double small[NORM_SMALL], *v = small, max = 0.0;
    bool found_nan = false;
    PyObject *r = NULL;
    if (nargs > NORM_SMALL && (v = PyMem_New(double, (size_t)nargs)) == NULL) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < nargs; i++) {
        if (!to_double(args[i], &v[i])) {
            goto done;
        }
        v[i] = fabs(v[i]);
        found_nan |= isnan(v[i]);
        if (v[i] > max) {
            max = v[i];
        }
    }
    r = PyFloat_FromDouble(norm(nargs, v, max, found_nan));
done:
    if (v != small) {
        PyMem_Free(v);
    }
    return r;
}

/* As hypot of the differences. */
static PyObject *math_dist(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    double small[NORM_SMALL], *v = small, max = 0.0;
    bool found_nan = false;
    PyObject *r = NULL, *p = NULL, *q = NULL;
    if (!_PyArg_CheckPositional("dist", nargs, 2, 2)) {
        return NULL;
    }
    p = PySequence_Tuple(args[0]);
    q = p ? PySequence_Tuple(args[1]) : NULL;
    if (q == NULL) {
        goto done;
    }
    Py_ssize_t n = PyTuple_GET_SIZE(p);
    if (n != PyTuple_GET_SIZE(q)) {
        PyErr_SetString(PyExc_ValueError, "both points must have the same number of dimensions");
        goto done;
    }
    if (n > NORM_SMALL && (v = PyMem_New(double, (size_t)n)) == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        double x, y;
        if (!to_double(PyTuple_GET_ITEM(p, i), &x) || !to_double(PyTuple_GET_ITEM(q, i), &y)) {
            goto done;
        }
        v[i] = fabs(x - y);
        found_nan |= isnan(v[i]);
        if (v[i] > max) {
            max = v[i];
        }
    }
    r = PyFloat_FromDouble(norm(n, v, max, found_nan));
done:
    if (v != small) {
        PyMem_Free(v);
    }
    Py_XDECREF(p);
    Py_XDECREF(q);
    return r;
}

/* -- Exact sum ------------------------------------------------------------------------------- */

/* J. Shewchuk's expansion: doubles that do not overlap, growing in size, whose exact sum is the sum
 * so far. */
typedef struct { double *p, small[32]; Py_ssize_t n, room; } Expansion;

static bool expansion_push(Expansion *x, double v)
{
    if (x->n == x->room) {
        Py_ssize_t room = x->room * 2;
        double *p = x->p == x->small ? PyMem_New(double, (size_t)room)
                                     : PyMem_Realloc(x->p, (size_t)room * sizeof(double));
        if (p == NULL) {
            PyErr_SetString(PyExc_MemoryError, "math.fsum partials");
            return false;
        }
        if (x->p == x->small) {
            memcpy(p, x->small, sizeof(x->small));
        }
        x->p = p;
        x->room = room;
    }
    x->p[x->n++] = v;
    return true;
}

/* The expansion's value, rounded once (half to even). */
static double expansion_round(Expansion *x)
{
    Py_ssize_t n = x->n;
    const double *p = x->p;
    if (n == 0) {
        return 0.0;
    }
    double hi = p[--n], lo = 0.0;
    while (n > 0) {
        hi = sum_exact(hi, p[--n], &lo);
        if (lo != 0.0) {
            break;
        }
    }
    /* lo may be exactly half an ulp: what follows decides. */
    if (n > 0 && ((lo < 0.0 && p[n - 1] < 0.0) || (lo > 0.0 && p[n - 1] > 0.0))) {
        double y = lo * 2.0;
        volatile double t = hi + y;
        if (y == t - hi) {
            hi = t;
        }
    }
    return hi;
}

/* Shewchuk, "Adaptive Precision Floating-Point Arithmetic" (1997): x.p are partial sums that do not
   overlap, in order of size, whose exact sum is that of all items so far. */
static PyObject *math_fsum(PyObject *module, PyObject *seq)
{
    PyObject *iter = PyObject_GetIter(seq), *item, *result = NULL;
    if (iter == NULL) {
        return NULL;
    }
    Expansion x = {.room = 32};
    x.p = x.small;
    double special = 0.0, infinities = 0.0;
    while ((item = PyIter_Next(iter)) != NULL) {
        double v;
        bool ok = to_double(item, &v);
        Py_DECREF(item);
        if (!ok) {
            goto done;
        }
        double original = v;
        Py_ssize_t kept = 0;
        for (Py_ssize_t i = 0; i < x.n; i++) {
            double y = x.p[i], lo;
            v = fabs(v) < fabs(y) ? sum_exact(y, v, &lo) : sum_exact(v, y, &lo);
            if (lo != 0.0) {
                x.p[kept++] = lo;
            }
        }
        x.n = kept;
        if (v == 0.0) {
            continue;
        }
        if (!isfinite(v)) {
            if (isfinite(original)) {
                PyErr_SetString(PyExc_OverflowError, "intermediate overflow in fsum");
                goto done;
            }
            if (isinf(original)) {
                infinities += original;
            }
            special += original;
            x.n = 0;
        } else if (!expansion_push(&x, v)) {
            goto done;
        }
    }
    if (PyErr_Occurred()) {
        goto done;
    }
    if (special != 0.0) {
        if (isnan(infinities)) {
            PyErr_SetString(PyExc_ValueError, "-inf + inf in fsum");
        } else {
            result = PyFloat_FromDouble(special);
        }
        goto done;
    }
    result = PyFloat_FromDouble(expansion_round(&x));
done:
    Py_DECREF(iter);
    if (x.p != x.small) {
        PyMem_Free(x.p);
    }
    return result;
}

/* -- Product --------------------------------------------------------------------------------- */

/* Multiplies items while all are exact ints that fit; *result owned in and out. 1: go on with
 * objects, 0: done. */
static int prod_ints(PyObject *iter, PyObject **result)
{
    int overflow;
    if (!PyLong_CheckExact(*result)) {
        return 1;
    }
    long acc = PyLong_AsLongAndOverflow(*result, &overflow);
    if (overflow) {
        return 1;
    }
    Py_CLEAR(*result);
    for (;;) {
        PyObject *item = PyIter_Next(iter);
        if (item == NULL) {
            *result = PyErr_Occurred() ? NULL : PyLong_FromLong(acc);
            return 0;
        }
        if (PyLong_CheckExact(item)) {
            long b = PyLong_AsLongAndOverflow(item, &overflow), r;
            if (!overflow && !__builtin_mul_overflow(acc, b, &r)) {
                acc = r;
                Py_DECREF(item);
                continue;
            }
        }
        PyObject *left = PyLong_FromLong(acc);
        *result = left ? PyNumber_Multiply(left, item) : NULL;
        Py_XDECREF(left);
        Py_DECREF(item);
        return *result ? 1 : 0;
    }
}

/* While items are floats or ints that fit. 1: go on with *result as an object, NULL after an error;
   0: ended. */
static int prod_floats(PyObject *iter, PyObject **result)
{
    int overflow;
    if (!PyFloat_CheckExact(*result)) {
        return 1;
    }
    double acc = PyFloat_AS_DOUBLE(*result);
    Py_CLEAR(*result);
    for (;;) {
        PyObject *item = PyIter_Next(iter);
        if (item == NULL) {
            *result = PyErr_Occurred() ? NULL : PyFloat_FromDouble(acc);
            return 0;
        }
        if (PyFloat_CheckExact(item)) {
            acc *= PyFloat_AS_DOUBLE(item);
            Py_DECREF(item);
            continue;
        }
        if (PyLong_CheckExact(item)) {
            long v = PyLong_AsLongAndOverflow(item, &overflow);
            if (!overflow) {
                acc *= (double)v;
                Py_DECREF(item);
                continue;
            }
        }
        PyObject *left = PyFloat_FromDouble(acc);
        *result = left ? PyNumber_Multiply(left, item) : NULL;
        Py_XDECREF(left);
        Py_DECREF(item);
        return *result ? 1 : 0;
    }
}

static PyObject *math_prod(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames)
{
    ARGS("O|$O:prod", "", "start");
    PyObject *iterable, *start = NULL;
    if (!PARSE(&iterable, &start)) {
        return NULL;
    }
    PyObject *iter = PyObject_GetIter(iterable);
    if (iter == NULL) {
        return NULL;
    }
    PyObject *result = start ? Py_NewRef(start) : PyLong_FromLong(1), *item;
    if (result && prod_ints(iter, &result) && prod_floats(iter, &result)) {
        while (result && (item = PyIter_Next(iter)) != NULL) {
            PyObject *next = PyNumber_Multiply(result, item);
            Py_DECREF(item);
            Py_SETREF(result, next);
        }
        if (result && PyErr_Occurred()) {
            Py_CLEAR(result);
        }
    }
    Py_DECREF(iter);
    return result;
}

/* -- Module ---------------------------------------------------------------------------------- */

#define DOC1(name, text) {#name, math_##name, METH_O, #name "($module, x, /)\n--\n\n" text}
#define DOCN(name, args, text)                                                                     \
    {                                                                                              \
#name, math_##name, METH_O, #name "($module, " args ", /)\n--\n\n" text                    \
    }
#define DOCF(name, args, text) \
    {#name, _PyCFunction_CAST(math_##name), METH_FASTCALL, #name "($module, " args ")\n--\n\n" text}
#define DOCK(name, args, text)                                                                     \
    {                                                                                              \
#name, _PyCFunction_CAST(math_##name), METH_FASTCALL | METH_KEYWORDS,                      \
            #name "($module, " args ")\n--\n\n" text                                               \
    }

static PyMethodDef math_methods[] = {
    DOC1(acos, "Arc cosine of x, in radians.\n\nFrom 0 to pi."),
    DOC1(acosh, "The number of 0 or more whose hyperbolic cosine is x."),
    DOC1(asin, "Arc sine of x, in radians.\n\nFrom -pi/2 to pi/2."),
    DOC1(asinh, "The number whose hyperbolic sine is x."),
    DOC1(atan, "Arc tangent of x, in radians.\n\nFrom -pi/2 to pi/2."),
    DOCF(atan2, "y, x, /",
         "The angle, in radians, of the point (x, y): arc tangent of y/x.\n\n"
         "Both signs count, so that it finds the right quadrant."),
    DOC1(atanh, "The number whose hyperbolic tangent is x."),
    DOC1(cbrt, "Return the cube root of x."),
    DOC1(ceil, "x rounded up to an Integral.\n\nNo integer >= x is smaller."),
    DOCF(copysign, "x, y, /",
         "The absolute value of x with the sign of y, as a float.\n\n"
         "A zero has a sign, too:\ncopysign(1.0, -0.0) is -1.0.\n"),
    DOC1(cos, "The cosine of an angle of x radians."),
    DOC1(cosh, "Return the hyperbolic cosine of x."),
    DOC1(degrees, "How many degrees x radians are."),
    DOCF(dist, "p, q, /",
         "How far it is in a straight line from point p to point q.\n"
         "\n"
         "Both are iterables of coordinates, equally many."),
    DOC1(erf, "Error function at x."),
    DOC1(erfc, "Complementary error function at x."),
    DOC1(exp, "e**x, with the number e exactly."),
    DOC1(exp2, "2**x, as a float."),
    DOC1(expm1, "Return exp(x)-1.\n\nAccurate also when x is small."),
    DOC1(fabs, "x without its sign, as a float."),
    DOCN(factorial, "n",
         "n!, the product of 1 to n.\n\nValueError for what is negative or no integer."),
    DOC1(floor, "x rounded down to an Integral.\n\nNo integer <= x is larger."),
    DOCF(fmod, "x, y, /",
         "The remainder of x by y as C's fmod has it.\n\nIts sign is that of x, unlike x % y."),
    DOC1(frexp, "Takes x apart into (m, e), mantissa and exponent.\n\n"
                "x is m * 2.**e with an int e; abs(m) is at least 0.5 and below 1.0,\n"
                "unless x is 0: then both are 0."),
    DOCN(fsum, "seq",
         "The sum of an iterable of numbers, as a float.\n"
         "\n"
         "It is rounded once, at the end: no precision is lost on the way."),
    DOC1(gamma, "Gamma function at x."),
    DOCF(gcd, "*integers", "Greatest Common Divisor."),
    {"hypot", _PyCFunction_CAST(math_hypot), METH_FASTCALL,
     "hypot(*coordinates) -> value\n"
     "\n"
     "How far a point is from the origin: sqrt(sum(x**2 for x in coordinates))."},
    DOCK(isclose, "/, a, b, *, rel_tol=1e-09, abs_tol=0.0",
         "Whether two numbers are nearly equal.\n"
         "\n"
         "  rel_tol\n"
         "    how far apart they may be, as a share of the larger magnitude\n"
         "  abs_tol\n"
         "    how far apart they may be, whatever the magnitudes\n"
         "\n"
         "One of the two is enough. NaN is close to nothing, an infinity only to itself."),
    DOC1(isfinite, "Whether x is an ordinary number: not infinite and no NaN."),
    DOC1(isinf, "Whether x is infinite, of either sign."),
    DOC1(isnan, "Whether x is NaN, \"not a number\"."),
    DOCN(isqrt, "n", "The square root of n, rounded down."),
    DOCF(lcm, "*integers", "Least Common Multiple."),
    DOCF(ldexp, "x, i, /", "x times 2**i.\n\nIt undoes frexp()."),
    DOC1(lgamma, "The natural logarithm of |gamma(x)|."),
    {"log", _PyCFunction_CAST(math_log), METH_FASTCALL,
     "log(x, [base=math.e])\n"
     "The logarithm of x, natural when no base is given."},
    DOC1(log1p, "The natural logarithm of 1+x.\n\nAccurate also when x is near zero."),
    DOC1(log10, "The logarithm of x to base 10."),
    DOC1(log2, "The logarithm of x to base 2."),
    DOC1(modf, "Splits x into (fraction, whole part).\n\nBoth are floats and have the sign of x."),
    DOCF(pow, "x, y, /", "x**y as C has it: always a float."),
    DOC1(radians, "How many radians x degrees are."),
    DOCF(remainder, "x, y, /",
         "How far x is from the multiple of y next to it, exactly.\n"
         "\n"
         "Of two equally close multiples the even one counts."),
    DOC1(sin, "The sine of an angle of x radians."),
    DOC1(sinh, "Return the hyperbolic sine of x."),
    DOC1(sqrt, "Return the square root of x."),
    DOC1(tan, "The tangent of an angle of x radians."),
    DOC1(tanh, "Return the hyperbolic tangent of x."),
    DOC1(trunc, "x without its fraction, as an Integral.\n\nThis is what x.__trunc__() says."),
    DOCK(prod, "iterable, /, *, start=1",
         "Multiply start, by default 1, with all items of an iterable.\n"
         "\n"
         "The result is start for an empty iterable."),
    DOCF(perm, "n, k=None, /",
         "In how many ways k of n items can be chosen and put in order.\n"
         "\n"
         "n! / (n - k)! when k <= n, else 0; n! without k. TypeError for what is no\n"
         "integer, ValueError for what is negative."),
    DOCF(comb, "n, k, /",
         "In how many ways k of n items can be chosen, when their order does not count.\n"
         "\n"
         "n! / (k! * (n - k)!) when k <= n, else 0. TypeError for what is no integer,\n"
         "ValueError for what is negative."),
    DOCF(nextafter, "x, y, /", "The float next to x on the way to y."),
    DOC1(ulp, "How far it is from x to the next float: the value of its last bit."),
    {NULL},
};

static int math_exec(PyObject *module)
{
    static const struct { const char *name; double value; } constants[] = {
        {"pi", Py_MATH_PI}, {"e", Py_MATH_E}, {"tau", Py_MATH_TAU},
    };
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        if (PyModule_AddObject(module, constants[i].name, PyFloat_FromDouble(constants[i].value)) <
            0) {
            return -1;
        }
    }
    if (PyModule_AddObject(module, "inf", PyFloat_FromDouble(Py_HUGE_VAL)) < 0
        || PyModule_AddObject(module, "nan", PyFloat_FromDouble(fabs(Py_NAN))) < 0) {
        return -1;
    }
    return 0;
}

static PyModuleDef_Slot math_slots[] = {{Py_mod_exec, math_exec}, {0, NULL}};
static struct PyModuleDef math_module = {
    PyModuleDef_HEAD_INIT, .m_name = "math",
    .m_doc = "Mathematical functions of real numbers, for the most part those of the\nC library.",
    .m_methods = math_methods, .m_slots = math_slots,
};

PyMODINIT_FUNC PyInit_math(void) { return PyModuleDef_Init(&math_module); }
