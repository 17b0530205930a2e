/* SPDX-License-Identifier: MIT
 *
 * double ↔ decimal text: known hard cases, and random bit patterns against the C library, which rounds correctly too.
 */
#include "base/dtoa.h"
#include "unit.h"

#include <math.h>

static double from_bits(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof(d));
    return d;
}

static uint64_t to_bits(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof(bits));
    return bits;
}

static void shortest(double d, const char *want, int want_point)
{
    char digits[DTOA_SHORTEST_MAX + 1];
    int point, n = dtoa_shortest(d, digits, &point);
    digits[n] = 0;
    CHECK_STR(digits, want);
    CHECK_EQ(point, want_point);
}

static void shortest_digits_of_hard_numbers(void)
{
    shortest(5e-324, "5", -323);
    shortest(2.2250738585072014e-308, "22250738585072014", -307); /* smallest normal */
    shortest(2.225073858507201e-308, "2225073858507201", -307);   /* largest below it */
    shortest(1.7976931348623157e308, "17976931348623157", 309);
    shortest(0.1, "1", 0);
    shortest(1e23, "1", 24);
    shortest(9007199254740993.0, "9007199254740992", 16);
    shortest(2e-44, "2", -43);
    shortest(9.5367431640625e-7, "95367431640625", -6); /* 2**-20: neighbours at unequal distances */
    shortest(123456.0, "123456", 6);
}

static void shortest_digits_read_back_and_none_shorter_does(void)
{
    uint64_t state = 7;
    for (int i = 0; i < 20000; i++) {
        double d = from_bits(unit_random(&state) >> 1);
        if (!isfinite(d) || d == 0) {
            continue;
        }
        char digits[DTOA_SHORTEST_MAX + 1], text[64];
        int point, n = dtoa_shortest(d, digits, &point);
        snprintf(text, sizeof(text), "0.%.*se%d", n, digits, point);
        CHECK(to_bits(strtod(text, NULL)) == to_bits(d));
        if (n > 1) {
            snprintf(text, sizeof(text), "%.*e", n - 2, d); /* the best with one digit less */
            CHECK(to_bits(strtod(text, NULL)) != to_bits(d));
        }
    }
}

static void fixed_digits_as_printf(void)
{
    uint64_t state = 11;
    for (int i = 0; i < 5000; i++) {
        double d = from_bits(unit_random(&state) >> 1);
        if (!isfinite(d) || d == 0) {
            continue;
        }
        int ndigits = 1 + (int)(unit_random(&state) % 40), point, sign;
        char *end, *got = _Py_dg_dtoa(d, 2, ndigits, &point, &sign, &end), want[64];
        snprintf(want, sizeof(want), "%.*e", ndigits - 1, d);
        char digits[64];
        size_t n = 0;
        for (const char *p = want; *p != 'e'; p++) {
            if (*p != '.') {
                digits[n++] = *p;
            }
        }
        while (n > 1 && digits[n - 1] == '0') {
            n--;
        }
        digits[n] = 0;
        CHECK_STR(got, digits);
        CHECK_EQ(point - 1, atoi(strchr(want, 'e') + 1));
        _Py_dg_freedtoa(got);
    }
}

static void reads(const char *text, double want)
{
    char *end;
    double got = _Py_dg_strtod(text, &end);
    CHECK(to_bits(got) == to_bits(want) && *end == 0);
}

static void halfway_cases_round_to_even(void)
{
    reads("9007199254740993", 9007199254740992.0);
    reads("9007199254740993.000000000000000000000000000000001", 9007199254740994.0);
    reads("9007199254740995", 9007199254740996.0);
    reads("2.4703282292062327208e-324", 0.0);
    reads("2.4703282292062328e-324", 5e-324);
    reads("1.7976931348623158e308", 1.7976931348623157e308);
    reads("6.631236846766476e-316", 6.631236846766476e-316);
    reads("2.2250738585072011e-308", 2.225073858507201e-308); /* made PHP loop for ever in 2011 */
    reads("0e999999999999", 0.0);
    reads("1e-999999999999", 0.0);
}

static void long_texts_as_the_c_library(void)
{
    uint64_t state = 13;
    for (int i = 0; i < 5000; i++) {
        char text[400];
        int n = 1 + (int)(unit_random(&state) % 300), at = 0;
        for (int k = 0; k < n; k++) {
            text[at++] = (char)('0' + unit_random(&state) % 10);
            if (k == n / 2) {
                text[at++] = '.';
            }
        }
        snprintf(text + at, sizeof(text) - (size_t)at, "e%d", (int)(unit_random(&state) % 700) - 400);
        double want = strtod(text, NULL);
        if (isfinite(want)) {
            reads(text, want);
        }
    }
}

TESTS(shortest_digits_of_hard_numbers, shortest_digits_read_back_and_none_shorter_does, fixed_digits_as_printf,
      halfway_cases_round_to_even, long_texts_as_the_c_library)
