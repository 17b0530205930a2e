/* SPDX-License-Identifier: MIT
 *
 * Gamma and log-gamma by the Lanczos approximation with g = 6.0246800407767296 and 13 terms, as
 * given by the Boost library (lanczos13m53), in its rational form: all coefficients positive, so
 * nothing cancels. Negative arguments use the reflection formula gamma(x) gamma(-x) = -pi / (x
 * sin(pi x)).
 */
#include "modules/math.h"
#include <errno.h>
#include <math.h>

#define TERMS 13
static const double lanczos_g = 6.024680040776729583740234375;
static const double lanczos_g_minus_half = 5.524680040776729583740234375;
static const double log_pi = 1.144729885849400174143427351353058711647;

static const double numerator[TERMS] = {
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
};
static const double denominator[TERMS] = {
    0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
    2637558.0, 357423.0, 32670.0, 1925.0, 66.0, 1.0,
};
static const double factorials[] = {
    1.0,
    1.0,
    2.0,
    6.0,
    24.0,
    120.0,
    720.0,
    5040.0,
    40320.0,
    362880.0,
    3628800.0,
    39916800.0,
    479001600.0,
    6227020800.0,
    87178291200.0,
    1307674368000.0,
    20922789888000.0,
    355687428096000.0,
    6402373705728000.0,
    121645100408832000.0,
    2432902008176640000.0,
    51090942171709440000.0,
    1124000727777607680000.0,
};

/* sin(pi x), exact at multiples of one half. */
static double sin_pi(double x)
{
    double y = fmod(fabs(x), 2.0), r;
    switch ((int)round(2.0 * y)) {
    case 0: r = sin(Py_MATH_PI * y); break;
    case 1: r = cos(Py_MATH_PI * (y - 0.5)); break;
    case 2: r = sin(Py_MATH_PI * (1.0 - y)); break;
    case 3: r = -cos(Py_MATH_PI * (y - 1.5)); break;
    default: r = sin(Py_MATH_PI * (y - 2.0));
    }
    return copysign(1.0, x) * r;
}

static double lanczos_sum(double x)
{
    double num = 0.0, den = 0.0;
    if (x < 5.0) {
        for (int i = TERMS; --i >= 0;) {
            num = num * x + numerator[i];
            den = den * x + denominator[i];
        }
    } else { /* in powers of 1/x, lest they overflow */
        for (int i = 0; i < TERMS; i++) {
            num = num / x + numerator[i];
            den = den / x + denominator[i];
        }
    }
    return num / den;
}

double math_tgamma(double x)
{
    if (!isfinite(x)) {
        if (isnan(x) || x > 0.0) {
            return x;
        }
        errno = EDOM;
        return Py_NAN;
    }
    if (x == 0.0) {
        errno = EDOM;
        return copysign(Py_HUGE_VAL, x);
    }
    if (x == floor(x)) {
        if (x < 0.0) {
            errno = EDOM;
            return Py_NAN;
        }
        if (x <= (double)COUNT_OF(factorials)) {
            return factorials[(int)x - 1];
        }
    }
    double a = fabs(x), r;
    if (a < 1e-20) {
        r = 1.0 / x;
        if (isinf(r)) {
            errno = ERANGE;
        }
        return r;
    }
    if (a > 200.0) {
        if (x < 0.0) {
            return 0.0 / sin_pi(x);
        }
        errno = ERANGE;
        return Py_HUGE_VAL;
    }
    /* y = a + g - 0.5 rounded; z corrects for what rounding lost. */
    double y = a + lanczos_g_minus_half, z;
    if (a > lanczos_g_minus_half) {
        double q = y - a;
        z = q - lanczos_g_minus_half;
    } else {
        double q = y - lanczos_g_minus_half;
        z = q - a;
    }
    z = z * lanczos_g / y;
    bool large = a >= 140.0; /* the power alone would overflow */
    double power = pow(y, large ? a / 2.0 - 0.25 : a - 0.5);
    if (x < 0.0) {
        r = -Py_MATH_PI / sin_pi(a) / a * exp(y) / lanczos_sum(a);
        r -= z * r;
        r /= power;
        if (large) {
            r /= power;
        }
    } else {
        r = lanczos_sum(a) / exp(y);
        r += z * r;
        r *= power;
        if (large) {
            r *= power;
        }
    }
    if (isinf(r)) {
        errno = ERANGE;
    }
    return r;
}

double math_lgamma_value(double x)
{
    if (!isfinite(x)) {
        return isnan(x) ? x : Py_HUGE_VAL;
    }
    if (x == floor(x) && x <= 2.0) {
        if (x <= 0.0) {
            errno = EDOM;
            return Py_HUGE_VAL;
        }
        return 0.0; /* of 1 and 2 */
    }
    double a = fabs(x);
    if (a < 1e-20) {
        return -log(a);
    }
    double r = log(lanczos_sum(a)) - lanczos_g;
    r += (a - 0.5) * (log(a + lanczos_g - 0.5) - 1);
    if (x < 0.0) {
        r = log_pi - log(fabs(sin_pi(a))) - log(a) - r;
    }
    if (isinf(r)) {
        errno = ERANGE;
    }
    return r;
}
