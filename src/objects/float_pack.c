/* SPDX-License-Identifier: MIT
 *
 * double to and from IEEE 754 half, single and double precision bytes of either order.
 *
 *     half     1 sign │  5 exponent (bias 15)   │ 10 fraction
 *     single   1 sign │  8 exponent (bias 127)  │ 23 fraction
 *     double   1 sign │ 11 exponent (bias 1023) │ 52 fraction
 *
 * Packing rounds half to even and raises OverflowError where that gives infinity for a finite
 * number. Single and double precision are the compiler's own; half precision is taken apart by
 * hand.
 */
#include "vitro.h"
#include <math.h>

static void put_bytes(uint64_t bits, int n, char *p, int little)
{
    for (int i = 0; i < n; i++) {
        p[little ? i : n - 1 - i] = (char)(bits >> (8 * i) & 0xff);
    }
}

static uint64_t get_bytes(const char *p, int n, int little)
{
    uint64_t bits = 0;
    for (int i = 0; i < n; i++) {
        bits |= (uint64_t)(unsigned char)p[little ? i : n - 1 - i] << (8 * i);
    }
    return bits;
}

/* Half precision: 1 sign, 5 exponent, 10 fraction bits. */
int PyFloat_Pack2(double x, char *p, int le)
{
    unsigned sign = signbit(x) != 0, bits;
    if (x == 0.0) {
        bits = 0;
    } else if (isinf(x)) {
        bits = 0x7c00;
    } else if (isnan(x)) {
        bits = 0x7e00;
    } else {
        int e;
        double f = frexp(fabs(x), &e) * 2.0; /* 1 <= f < 2 */
        e--;
        if (e >= 16) {
            goto overflow;
        }
        if (e < -25) {
            f = 0.0;
            e = 0;
        } else if (e < -14) { /* subnormal */
            f = ldexp(f, 14 + e);
            e = 0;
        } else {
            e += 15;
            f -= 1.0;
        }
        f *= 1024.0;
        bits = (unsigned)f;
        f -= (double)bits;
        if (f > 0.5 || (f == 0.5 && (bits & 1))) {
            bits++;
            if (bits == 1024) { /* carried into the exponent */
                bits = 0;
                e++;
                if (e == 31) {
                    goto overflow;
                }
            }
        }
        bits |= (unsigned)e << 10;
    }
    put_bytes(bits | sign << 15, 2, p, le);
    return 0;
overflow:
    PyErr_SetString(PyExc_OverflowError, "float too large to pack with e format");
    return -1;
}

int PyFloat_Pack4(double x, char *p, int le)
{
    float y = (float)x;
    if (isinf(y) && !isinf(x)) {
        PyErr_SetString(PyExc_OverflowError, "float too large to pack with f format");
        return -1;
    }
    uint32_t bits;
    memcpy(&bits, &y, sizeof(bits));
    put_bytes(bits, 4, p, le);
    return 0;
}

int PyFloat_Pack8(double x, char *p, int le)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    put_bytes(bits, 8, p, le);
    return 0;
}

/* Every half is a double, so nothing can go wrong. */
double PyFloat_Unpack2(const char *p, int le)
{
    unsigned bits = (unsigned)get_bytes(p, 2, le);
    unsigned e = bits >> 10 & 0x1f, f = bits & 0x3ff;
    double x;
    if (e == 0x1f) {
        x = f ? Py_NAN : Py_HUGE_VAL;
    } else if (e == 0) {
        x = ldexp((double)f, -24);
    } else {
        x = ldexp((double)(f | 0x400), (int)e - 25);
    }
    return bits >> 15 ? -x : x;
}

double PyFloat_Unpack4(const char *p, int le)
{
    uint32_t bits = (uint32_t)get_bytes(p, 4, le);
    float y;
    memcpy(&y, &bits, sizeof(y));
    return y;
}

double PyFloat_Unpack8(const char *p, int le)
{
    uint64_t bits = get_bytes(p, 8, le);
    double x;
    memcpy(&x, &bits, sizeof(x));
    return x;
}
