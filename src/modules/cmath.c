/* SPDX-License-Identifier: MIT
 *
 * cmath: complex functions, following W. Kahan, "Branch cuts for complex elementary functions"
 * (1987): signed zeros choose the side of a cut, and nothing overflows before the result does.
 *
 * Arguments with an infinite or NaN part are answered from tables by the kind of each part (C99,
 * annex G). errno tells errors: EDOM for ValueError, ERANGE for OverflowError.
 */
#include "modules/args.h"
#include <errno.h>
#include <float.h>
#include <math.h>

typedef Py_complex C;

#define LARGE (DBL_MAX / 4.0)
#define SQRT_LARGE (sqrt(LARGE))
#define LOG_LARGE (log(LARGE))
#define SQRT_DBL_MIN (sqrt(DBL_MIN))
#define LN2 0.6931471805599453094
#define LN10 2.302585092994045684
#define PI Py_MATH_PI
#define INF Py_HUGE_VAL
#define NAN_ Py_NAN
#define U (-9.5426319407711027e33) /* entries that no kind selects */

/* -- Special values -------------------------------------------------------------------------- */

enum kind { K_NINF, K_NEG, K_NZERO, K_PZERO, K_POS, K_PINF, K_NAN };

static enum kind kind_of(double d)
{
    if (isfinite(d)) {
        if (d != 0) {
            return signbit(d) ? K_NEG : K_POS;
        }
        return signbit(d) ? K_NZERO : K_PZERO;
    }
    return isnan(d) ? K_NAN : d > 0 ? K_PINF : K_NINF;
}

typedef C Table[7][7];

#define SPECIAL(z, table) \
    if (!isfinite((z).real) || !isfinite((z).imag)) { \
        errno = 0; \
        return table[kind_of((z).real)][kind_of((z).imag)]; \
    }

#define P PI
#define P12 (0.5 * PI)
#define P14 (0.25 * PI)
#define P34 (0.75 * PI)
#define N NAN_
#define I INF

static const Table acos_table = {
    {{P34, I}, {P, I}, {P, I}, {P, -I}, {P, -I}, {P34, -I}, {N, I}},
    {{P12, I}, {U, U}, {U, U}, {U, U}, {U, U}, {P12, -I}, {N, N}},
    {{P12, I}, {U, U}, {P12, 0.}, {P12, -0.}, {U, U}, {P12, -I}, {P12, N}},
    {{P12, I}, {U, U}, {P12, 0.}, {P12, -0.}, {U, U}, {P12, -I}, {P12, N}},
    {{P12, I}, {U, U}, {U, U}, {U, U}, {U, U}, {P12, -I}, {N, N}},
    {{P14, I}, {0., I}, {0., I}, {0., -I}, {0., -I}, {P14, -I}, {N, I}},
    {{N, I}, {N, N}, {N, N}, {N, N}, {N, N}, {N, -I}, {N, N}},
};
static const Table acosh_table = {
    {{I, -P34}, {I, -P}, {I, -P}, {I, P}, {I, P}, {I, P34}, {I, N}},
    {{I, -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {0., -P12}, {0., P12}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {0., -P12}, {0., P12}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {I, P12}, {N, N}},
    {{I, -P14}, {I, -0.}, {I, -0.}, {I, 0.}, {I, 0.}, {I, P14}, {I, N}},
    {{I, N}, {N, N}, {N, N}, {N, N}, {N, N}, {I, N}, {N, N}},
};
static const Table asinh_table = {
    {{-I, -P14}, {-I, -0.}, {-I, -0.}, {-I, 0.}, {-I, 0.}, {-I, P14}, {-I, N}},
    {{-I, -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {-I, P12}, {N, N}},
    {{-I, -P12}, {U, U}, {-0., -0.}, {-0., 0.}, {U, U}, {-I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {I, P12}, {N, N}},
    {{I, -P14}, {I, -0.}, {I, -0.}, {I, 0.}, {I, 0.}, {I, P14}, {I, N}},
    {{I, N}, {N, N}, {N, -0.}, {N, 0.}, {N, N}, {I, N}, {N, N}},
};
static const Table atanh_table = {
    {{-0., -P12}, {-0., -P12}, {-0., -P12}, {-0., P12}, {-0., P12}, {-0., P12}, {-0., N}},
    {{-0., -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {-0., P12}, {N, N}},
    {{-0., -P12}, {U, U}, {-0., -0.}, {-0., 0.}, {U, U}, {-0., P12}, {-0., N}},
    {{0., -P12}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {0., P12}, {0., N}},
    {{0., -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {0., P12}, {N, N}},
    {{0., -P12}, {0., -P12}, {0., -P12}, {0., P12}, {0., P12}, {0., P12}, {0., N}},
    {{0., -P12}, {N, N}, {N, N}, {N, N}, {N, N}, {0., P12}, {N, N}},
};
static const Table cosh_table = {
    {{I, N}, {U, U}, {I, 0.}, {I, -0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{N, 0.}, {U, U}, {1., 0.}, {1., -0.}, {U, U}, {N, 0.}, {N, 0.}},
    {{N, 0.}, {U, U}, {1., -0.}, {1., 0.}, {U, U}, {N, 0.}, {N, 0.}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{I, N}, {U, U}, {I, -0.}, {I, 0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {N, N}, {N, 0.}, {N, 0.}, {N, N}, {N, N}, {N, N}},
};
static const Table exp_table = {
    {{0., 0.}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {0., 0.}, {0., 0.}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{N, N}, {U, U}, {1., -0.}, {1., 0.}, {U, U}, {N, N}, {N, N}},
    {{N, N}, {U, U}, {1., -0.}, {1., 0.}, {U, U}, {N, N}, {N, N}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{I, N}, {U, U}, {I, -0.}, {I, 0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {N, N}, {N, -0.}, {N, 0.}, {N, N}, {N, N}, {N, N}},
};
static const Table log_table = {
    {{I, -P34}, {I, -P}, {I, -P}, {I, P}, {I, P}, {I, P34}, {I, N}},
    {{I, -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {-I, -P}, {-I, P}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {-I, -0.}, {-I, 0.}, {U, U}, {I, P12}, {N, N}},
    {{I, -P12}, {U, U}, {U, U}, {U, U}, {U, U}, {I, P12}, {N, N}},
    {{I, -P14}, {I, -0.}, {I, -0.}, {I, 0.}, {I, 0.}, {I, P14}, {I, N}},
    {{I, N}, {N, N}, {N, N}, {N, N}, {N, N}, {I, N}, {N, N}},
};
static const Table sinh_table = {
    {{I, N}, {U, U}, {-I, -0.}, {-I, 0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{0., N}, {U, U}, {-0., -0.}, {-0., 0.}, {U, U}, {0., N}, {0., N}},
    {{0., N}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {0., N}, {0., N}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{I, N}, {U, U}, {I, -0.}, {I, 0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {N, N}, {N, -0.}, {N, 0.}, {N, N}, {N, N}, {N, N}},
};
static const Table sqrt_table = {
    {{I, -I}, {0., -I}, {0., -I}, {0., I}, {0., I}, {I, I}, {N, I}},
    {{I, -I}, {U, U}, {U, U}, {U, U}, {U, U}, {I, I}, {N, N}},
    {{I, -I}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {I, I}, {N, N}},
    {{I, -I}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {I, I}, {N, N}},
    {{I, -I}, {U, U}, {U, U}, {U, U}, {U, U}, {I, I}, {N, N}},
    {{I, -I}, {I, -0.}, {I, -0.}, {I, 0.}, {I, 0.}, {I, I}, {I, N}},
    {{I, -I}, {N, N}, {N, N}, {N, N}, {N, N}, {I, I}, {N, N}},
};
static const Table tanh_table = {
    {{-1., 0.}, {U, U}, {-1., -0.}, {-1., 0.}, {U, U}, {-1., 0.}, {-1., 0.}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{N, N}, {U, U}, {-0., -0.}, {-0., 0.}, {U, U}, {N, N}, {N, N}},
    {{N, N}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {N, N}, {N, N}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{1., 0.}, {U, U}, {1., -0.}, {1., 0.}, {U, U}, {1., 0.}, {1., 0.}},
    {{N, N}, {N, N}, {N, -0.}, {N, 0.}, {N, N}, {N, N}, {N, N}},
};
static const Table rect_table = {
    {{I, N}, {U, U}, {-I, 0.}, {-I, -0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{0., 0.}, {U, U}, {-0., 0.}, {-0., -0.}, {U, U}, {0., 0.}, {0., 0.}},
    {{0., 0.}, {U, U}, {0., -0.}, {0., 0.}, {U, U}, {0., 0.}, {0., 0.}},
    {{N, N}, {U, U}, {U, U}, {U, U}, {U, U}, {N, N}, {N, N}},
    {{I, N}, {U, U}, {I, -0.}, {I, 0.}, {U, U}, {I, N}, {I, N}},
    {{N, N}, {N, N}, {N, 0.}, {N, 0.}, {N, N}, {N, N}, {N, N}},
};
#undef P
#undef N
#undef I

/* -- Functions ------------------------------------------------------------------------------- */

static C c_sqrt(C z)
{
    SPECIAL(z, sqrt_table)
    if (z.real == 0. && z.imag == 0.) {
        return (C){0., z.imag};
    }
    double ax = fabs(z.real), ay = fabs(z.imag), s;
    if (ax < DBL_MIN && ay < DBL_MIN && (ax > 0. || ay > 0.)) {
        ax =
            ldexp(ax, 53); /* subnormal: by 2^53, and half of the sum by 2^54, whose root is 2^27 */
        s = ldexp(sqrt(ax + hypot(ax, ldexp(ay, 53))), -27);
    } else {
        ax /= 8.0;
        s = 2.0 * sqrt(ax + hypot(ax, ay / 8.0));
    }
    double d = ay / (2.0 * s);
    errno = 0;
    return z.real >= 0. ? (C){s, copysign(d, z.imag)} : (C){d, copysign(s, z.imag)};
}

static C c_acos(C z)
{
    SPECIAL(z, acos_table)
    C r;
    if (fabs(z.real) > LARGE || fabs(z.imag) > LARGE) {
        r.real = atan2(fabs(z.imag), z.real);
        double size = log(hypot(z.real / 2., z.imag / 2.)) + LN2 * 2.;
        r.imag = z.real < 0. ? -copysign(size, z.imag) : copysign(size, -z.imag);
    } else {
        C s1 = c_sqrt((C){1. - z.real, -z.imag}), s2 = c_sqrt((C){1. + z.real, z.imag});
        r.real = 2. * atan2(s1.real, s2.real);
        r.imag = asinh(s2.real * s1.imag - s2.imag * s1.real);
    }
    errno = 0;
    return r;
}

static C c_acosh(C z)
{
    SPECIAL(z, acosh_table)
    C r;
    if (fabs(z.real) > LARGE || fabs(z.imag) > LARGE) {
        r.real = log(hypot(z.real / 2., z.imag / 2.)) + LN2 * 2.;
        r.imag = atan2(z.imag, z.real);
    } else {
        C s1 = c_sqrt((C){z.real - 1., z.imag}), s2 = c_sqrt((C){z.real + 1., z.imag});
        r.real = asinh(s1.real * s2.real + s1.imag * s2.imag);
        r.imag = 2. * atan2(s1.imag, s2.real);
    }
    errno = 0;
    return r;
}

static C c_asinh(C z)
{
    SPECIAL(z, asinh_table)
    C r;
    if (fabs(z.real) > LARGE || fabs(z.imag) > LARGE) {
        double size = log(hypot(z.real / 2., z.imag / 2.)) + LN2 * 2.;
        r.real = z.imag < 0. ? -copysign(size, -z.real) : copysign(size, z.real);
        r.imag = atan2(z.imag, fabs(z.real));
    } else {
        C s1 = c_sqrt((C){1. + z.imag, -z.real}), s2 = c_sqrt((C){1. - z.imag, z.real});
        r.real = asinh(s1.real * s2.imag - s2.real * s1.imag);
        r.imag = atan2(z.imag, s1.real * s2.real - s1.imag * s2.imag);
    }
    errno = 0;
    return r;
}

static C c_asin(C z) /* -i asinh(i z) */
{
    C s = c_asinh((C){-z.imag, z.real});
    return (C){s.imag, -s.real};
}

static C c_atanh(C z)
{
    SPECIAL(z, atanh_table)
    if (z.real < 0. || (z.real == 0. && signbit(z.real))) {
        return _Py_c_neg(c_atanh(_Py_c_neg(z))); /* odd */
    }
    C r;
    double ay = fabs(z.imag);
    if (z.real > SQRT_LARGE || ay > SQRT_LARGE) {
        double h = hypot(z.real / 2., z.imag / 2.); /* halves lest it overflow */
        r.real = z.real / 4. / h / h;
        r.imag = -copysign(PI / 2., -z.imag);
        errno = 0;
    } else if (z.real == 1. && ay < SQRT_DBL_MIN) {
        if (ay == 0.) {
            r.real = INF;
            r.imag = z.imag;
            errno = EDOM;
        } else {
            r.real = -log(sqrt(ay) / sqrt(hypot(ay, 2.)));
            r.imag = copysign(atan2(2.0, -ay) / 2, z.imag);
            errno = 0;
        }
    } else {
        r.real = log1p(4. * z.real / ((1 - z.real) * (1 - z.real) + ay * ay)) / 4.;
        r.imag = -atan2(-2. * z.imag, (1 - z.real) * (1 + z.real) - ay * ay) / 2.;
        errno = 0;
    }
    return r;
}

static C c_atan(C z) /* -i atanh(i z) */
{
    C s = c_atanh((C){-z.imag, z.real});
    return (C){s.imag, -s.real};
}

/* The result for an infinite real part and a finite nonzero imaginary one: a direction times
 * infinity. */
static C infinite_direction(double size, double angle, bool flip_imag)
{
    return (C){copysign(size, cos(angle)),
               flip_imag ? -copysign(size, sin(angle)) : copysign(size, sin(angle))};
}

static void overflow_errno(C r) { errno = isinf(r.real) || isinf(r.imag) ? ERANGE : 0; }

static C c_cosh(C z)
{
    C r;
    if (!isfinite(z.real) || !isfinite(z.imag)) {
        if (isinf(z.real) && isfinite(z.imag) && z.imag != 0.) {
            r = infinite_direction(INF, z.imag, z.real < 0);
        } else {
            r = cosh_table[kind_of(z.real)][kind_of(z.imag)];
        }
        errno = isinf(z.imag) && !isnan(z.real) ? EDOM : 0;
        return r;
    }
    if (fabs(z.real) > LOG_LARGE) { /* cosh alone would overflow */
        double x = z.real - copysign(1., z.real);
        r = (C){cos(z.imag) * cosh(x) * Py_MATH_E, sin(z.imag) * sinh(x) * Py_MATH_E};
    } else {
        r = (C){cos(z.imag) * cosh(z.real), sin(z.imag) * sinh(z.real)};
    }
    overflow_errno(r);
    return r;
}

static C c_cos(C z) { return c_cosh((C){-z.imag, z.real}); }

static C c_exp(C z)
{
    C r;
    if (!isfinite(z.real) || !isfinite(z.imag)) {
        if (isinf(z.real) && isfinite(z.imag) && z.imag != 0.) {
            r = infinite_direction(z.real > 0 ? INF : 0., z.imag, false);
        } else {
            r = exp_table[kind_of(z.real)][kind_of(z.imag)];
        }
        errno = isinf(z.imag) && (isfinite(z.real) || (isinf(z.real) && z.real > 0)) ? EDOM : 0;
        return r;
    }
    if (z.real > LOG_LARGE) {
        double l = exp(z.real - 1.);
        r = (C){l * cos(z.imag) * Py_MATH_E, l * sin(z.imag) * Py_MATH_E};
    } else {
        double l = exp(z.real);
        r = (C){l * cos(z.imag), l * sin(z.imag)};
    }
    overflow_errno(r);
    return r;
}

static C c_log(C z)
{
    SPECIAL(z, log_table)
    C r;
    double ax = fabs(z.real), ay = fabs(z.imag);
    r.imag = atan2(z.imag, z.real);
    if (ax > LARGE || ay > LARGE) {
        r.real = log(hypot(ax / 2., ay / 2.)) + LN2;
    } else if (ax < DBL_MIN && ay < DBL_MIN) {
        if (ax == 0. && ay == 0.) {
            errno = EDOM;
            return (C){-INF, r.imag};
        }
        r.real = log(hypot(ldexp(ax, DBL_MANT_DIG), ldexp(ay, DBL_MANT_DIG))) - DBL_MANT_DIG * LN2;
    } else {
        double h = hypot(ax, ay);
        if (0.71 <= h && h <= 1.73) { /* near one: by log1p of |z|^2 - 1 */
            double am = ax > ay ? ax : ay, an = ax > ay ? ay : ax;
            r.real = log1p((am - 1) * (am + 1) + an * an) / 2.;
        } else {
            r.real = log(h);
        }
    }
    errno = 0;
    return r;
}

static C c_log10(C z)
{
    C r = c_log(z);
    int saved = errno;
    r.real /= LN10;
    r.imag /= LN10;
    errno = saved;
    return r;
}

/* Beyond LOG_LARGE cosh and sinh overflow though the product with a small sine may not: a factor e
   is taken out. */
static C c_sinh(C z)
{
    C r;
    if (!isfinite(z.real) || !isfinite(z.imag)) {
        if (isinf(z.real) && isfinite(z.imag) && z.imag != 0.) {
            r = (C){copysign(INF, cos(z.imag)), copysign(INF, sin(z.imag))};
            if (z.real < 0) {
                r.real = -r.real;
            }
        } else {
            r = sinh_table[kind_of(z.real)][kind_of(z.imag)];
        }
        errno = isinf(z.imag) && !isnan(z.real) ? EDOM : 0;
        return r;
    }
    if (fabs(z.real) > LOG_LARGE) {
        double x = z.real - copysign(1., z.real);
        r = (C){cos(z.imag) * sinh(x) * Py_MATH_E, sin(z.imag) * cosh(x) * Py_MATH_E};
    } else {
        r = (C){cos(z.imag) * sinh(z.real), sin(z.imag) * cosh(z.real)};
    }
    overflow_errno(r);
    return r;
}

static C c_sin(C z)
{
    C s = c_sinh((C){-z.imag, z.real});
    return (C){s.imag, -s.real};
}

/* After Kahan, "Branch cuts for complex elementary functions" (1987). */
static C c_tanh(C z)
{
    C r;
    if (!isfinite(z.real) || !isfinite(z.imag)) {
        if (isinf(z.real) && isfinite(z.imag) && z.imag != 0.) {
            r.real = z.real > 0 ? 1. : -1.;
            r.imag = copysign(0., 2. * sin(z.imag) * cos(z.imag));
        } else {
            r = tanh_table[kind_of(z.real)][kind_of(z.imag)];
        }
        errno = isinf(z.imag) && isfinite(z.real) ? EDOM : 0;
        return r;
    }
    if (fabs(z.real) > LOG_LARGE) {
        r.real = copysign(1., z.real);
        r.imag = 4. * sin(z.imag) * cos(z.imag) * exp(-2. * fabs(z.real));
    } else {
        double tx = tanh(z.real), ty = tan(z.imag), cx = 1. / cosh(z.real);
        double txty = tx * ty, denom = 1. + txty * txty;
        r.real = tx * (1. + ty * ty) / denom;
        r.imag = ((ty / denom) * cx) * cx;
    }
    errno = 0;
    return r;
}

static C c_tan(C z)
{
    C s = c_tanh((C){-z.imag, z.real});
    return (C){s.imag, -s.real};
}

/* -- Functions of the module ----------------------------------------------------------------- */

static PyObject *raise_errno(void)
{
    if (errno == EDOM) {
        PyErr_SetString(PyExc_ValueError, "math domain error");
    } else if (errno == ERANGE) {
        PyErr_SetString(PyExc_OverflowError, "math range error");
    } else {
        PyErr_SetFromErrno(PyExc_ValueError);
    }
    return NULL;
}

static bool to_complex(PyObject *o, C *z)
{
    *z = PyComplex_AsCComplex(o);
    return !(z->real == -1.0 && PyErr_Occurred());
}

#define FUNCTION(name) \
    static PyObject *cmath_##name(PyObject *module, PyObject *arg) \
    { \
        C z; \
        if (!to_complex(arg, &z)) { \
            return NULL; \
        } \
        errno = 0; \
        C r = c_##name(z); \
        return errno ? raise_errno() : PyComplex_FromCComplex(r); \
    }
FUNCTION(acos)
FUNCTION(acosh) FUNCTION(asin) FUNCTION(asinh) FUNCTION(atan) FUNCTION(atanh) FUNCTION(cos)
    FUNCTION(cosh) FUNCTION(exp) FUNCTION(log10) FUNCTION(sin) FUNCTION(sinh) FUNCTION(sqrt)
        FUNCTION(tan) FUNCTION(tanh)

/* log(x, base) is a quotient; the error of either logarithm stands even when the other is fine. */
static PyObject *cmath_log(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    C x, b;
    if (!_PyArg_CheckPositional("log", nargs, 1, 2) || !to_complex(args[0], &x)
        || (nargs == 2 && !to_complex(args[1], &b))) {
        return NULL;
    }
    errno = 0;
    x = c_log(x);
    if (nargs == 2) {
        int saved = errno;
        b = c_log(b);
        if (saved && !errno) {
            errno = saved;
        }
        saved = errno;
        x = _Py_c_quot(x, b);
        if (saved) {
            errno = saved;
        }
    }
    return errno ? raise_errno() : PyComplex_FromCComplex(x);
}

static PyObject *cmath_phase(PyObject *module, PyObject *arg)
{
    C z;
    if (!to_complex(arg, &z)) {
        return NULL;
    }
    return PyFloat_FromDouble(atan2(z.imag, z.real));
}

static PyObject *cmath_polar(PyObject *module, PyObject *arg)
{
    C z;
    if (!to_complex(arg, &z)) {
        return NULL;
    }
    errno = 0;
    double phi = atan2(z.imag, z.real), r = _Py_c_abs(z);
    return errno ? raise_errno() : Py_BuildValue("dd", r, phi);
}

static PyObject *cmath_rect(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("rect", nargs, 2, 2)) {
        return NULL;
    }
    double r = PyFloat_AsDouble(args[0]);
    if (r == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    double phi = PyFloat_AsDouble(args[1]);
    if (phi == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    C z;
    errno = 0;
    if (!isfinite(r) || !isfinite(phi)) {
        if (isinf(r) && isfinite(phi) && phi != 0.) {
            z = infinite_direction(INF, phi, false);
            if (r < 0) {
                z = _Py_c_neg(z);
            }
        } else {
            z = rect_table[kind_of(r)][kind_of(phi)];
        }
        errno = r != 0. && !isnan(r) && isinf(phi) ? EDOM : 0;
    } else if (phi == 0.0) {
        z = (C){r, r * phi}; /* an exact zero, with its sign */
    } else {
        z = (C){r * cos(phi), r * sin(phi)};
    }
    return errno ? raise_errno() : PyComplex_FromCComplex(z);
}

#define PREDICATE(name, expr) \
    static PyObject *cmath_##name(PyObject *module, PyObject *arg) \
    { \
        C z; \
        return to_complex(arg, &z) ? PyBool_FromLong(expr) : NULL; \
    }
PREDICATE(isfinite, isfinite(z.real) && isfinite(z.imag))
PREDICATE(isnan, isnan(z.real) || isnan(z.imag))
PREDICATE(isinf, isinf(z.real) || isinf(z.imag))

static PyObject *cmath_isclose(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("DD|$dd:isclose", "a", "b", "rel_tol", "abs_tol");
    C a, b;
    double rel = 1e-09, abs = 0.0;
    if (!PARSE(&a, &b, &rel, &abs)) {
        return NULL;
    }
    if (rel < 0.0 || abs < 0.0) {
        PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
        return NULL;
    }
    if (a.real == b.real && a.imag == b.imag) {
        Py_RETURN_TRUE;
    }
    if (isinf(a.real) || isinf(a.imag) || isinf(b.real) || isinf(b.imag)) {
        Py_RETURN_FALSE;
    }
    double diff = _Py_c_abs(_Py_c_diff(a, b));
    return PyBool_FromLong(diff <= rel * _Py_c_abs(b) || diff <= rel * _Py_c_abs(a) || diff <= abs);
}

#define DOC1(name, text) {#name, cmath_##name, METH_O, #name "($module, z, /)\n--\n\n" text}

static PyMethodDef cmath_methods[] = {
    DOC1(acos, "Return the arc cosine of z."),
    DOC1(acosh, "The number, with a real part of 0 or more, whose hyperbolic cosine is z."),
    DOC1(asin, "Return the arc sine of z."),
    DOC1(asinh, "The number whose hyperbolic sine is z."),
    DOC1(atan, "Return the arc tangent of z."),
    DOC1(atanh, "The number whose hyperbolic tangent is z."),
    DOC1(cos, "Return the cosine of z."),
    DOC1(cosh, "Return the hyperbolic cosine of z."),
    DOC1(exp, "Return the exponential value e**z."),
    {"isclose", _PyCFunction_CAST(cmath_isclose), METH_FASTCALL | METH_KEYWORDS,
     "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n"
     "--\n"
     "\n"
     "Whether two complex numbers are nearly equal.\n"
     "\n"
     "  rel_tol\n"
     "    how far apart they may be, as a share of the larger magnitude\n"
     "  abs_tol\n"
     "    how far apart they may be, whatever the magnitudes\n"
     "\n"
     "One of the two is enough. NaN is close to nothing, an infinity only to itself."},
    DOC1(isfinite, "Whether z has two finite parts."),
    DOC1(isinf, "Whether a part of z is infinite."),
    DOC1(isnan, "Whether a part of z is NaN."),
    {"log", _PyCFunction_CAST(cmath_log), METH_FASTCALL,
     "log($module, z, base=<unrepresentable>, /)\n"
     "--\n"
     "\n"
     "log(z[, base]) -> the logarithm of z, natural when no base is given."},
    DOC1(log10, "The logarithm of z to base 10."),
    DOC1(phase, "The angle between z and the positive real axis."),
    DOC1(polar, "A complex number in polar coordinates, (r, phi).\n\n"
                "r is how far it is from 0, phi in which direction."),
    {"rect", _PyCFunction_CAST(cmath_rect), METH_FASTCALL,
     "rect($module, r, phi, /)\n--\n\nThe complex number with these polar coordinates."},
    DOC1(sin, "Return the sine of z."),
    DOC1(sinh, "Return the hyperbolic sine of z."),
    DOC1(sqrt, "Return the square root of z."),
    DOC1(tan, "Return the tangent of z."),
    DOC1(tanh, "Return the hyperbolic tangent of z."),
    {NULL},
};

static int cmath_exec(PyObject *module)
{
    double nan = fabs(Py_NAN);
    const struct { const char *name; PyObject *value; } constants[] = {
        {"pi", PyFloat_FromDouble(Py_MATH_PI)}, {"e", PyFloat_FromDouble(Py_MATH_E)},
        {"tau", PyFloat_FromDouble(Py_MATH_TAU)}, {"inf", PyFloat_FromDouble(INF)},
        {"infj", PyComplex_FromDoubles(0.0, INF)}, {"nan", PyFloat_FromDouble(nan)},
        {"nanj", PyComplex_FromDoubles(0.0, nan)},
    };
    int r = 0;
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        if (r == 0) {
            r = PyModule_AddObjectRef(module, constants[i].name, constants[i].value);
        }
        Py_XDECREF(constants[i].value);
    }
    return r;
}

static PyModuleDef_Slot cmath_slots[] = {{Py_mod_exec, cmath_exec}, {0, NULL}};
static struct PyModuleDef cmath_module = {
    PyModuleDef_HEAD_INIT, .m_name = "cmath",
    .m_doc = "Mathematical functions of complex\nnumbers.",
    .m_methods = cmath_methods, .m_slots = cmath_slots,
};

PyMODINIT_FUNC PyInit_cmath(void) { return PyModuleDef_Init(&cmath_module); }
