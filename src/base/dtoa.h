/* SPDX-License-Identifier: MIT
 *
 * double <-> decimal text, always correctly rounded (half to even). Needs no object and no lock.
 *
 * Reading order: dtoa_shortest (what repr needs), dtoa_digits (any precision), then the interface
 * that other code knows. Ownership: where a block is made, the caller frees it.
 */
#ifndef VITRO_DTOA_H
#define VITRO_DTOA_H

#include "vitro.h"

/* Longest digit string of dtoa_shortest. */
#define DTOA_SHORTEST_MAX 17

/* Shortest digits that read back as `d` (finite, > 0), closest to it; value = 0.DIGITS * 10^*decpt.
   Returns their number; no trailing zeros. */
int dtoa_shortest(double d, char digits[DTOA_SHORTEST_MAX + 1], int *decpt);

/* Digits of finite d as _Py_dg_dtoa gives them: in `small`, or, when they are more than it holds,
   in a block for PyMem_RawFree. NULL without memory. */
#define DTOA_SMALL 64
char *dtoa_digits(double d, int mode, int ndigits, int *decpt, int *sign, char *small,
                  size_t *count);

/* David Gay's interface. Modes: 0 shortest, 2 ndigits significant digits, 3 ndigits after the
   point. Trailing zeros are suppressed; NULL without memory. */
extern EXPORT char *_Py_dg_dtoa(double d, int mode, int ndigits, int *decpt, int *sign, char **end);
extern EXPORT void _Py_dg_freedtoa(char *s);
extern EXPORT double _Py_dg_strtod(const char *s, char **end);
extern EXPORT double _Py_dg_stdnan(int sign);
extern EXPORT double _Py_dg_infinity(int sign);

/* floor-like 128-bit significand of 10^k (rounded up), leading bit set; 10^k is in (g - 1, g] *
   2^(pow10_log2(k) - 127). */
typedef struct {
    uint64_t hi, lo;
} Pow10;
/* Exponents that pow10_significand knows: all that a finite double and 19 digits can need. */
#define POW10_MIN (-400)
#define POW10_MAX 400
Pow10 pow10_significand(int k);
/* floor(log2(10^k)) by a multiplication: 1741647 / 2^19 is log2(10), exact enough for |k| <
   1650. */
static inline int pow10_log2(int k) { return (int)(((int64_t)k * 1741647) >> 19); }

#endif
