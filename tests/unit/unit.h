/* SPDX-License-Identifier: MIT
 *
 * A unit test is a program: TESTS lists its functions, each makes claims with CHECK. A false claim is printed with
 * its place and values, the rest still runs, and the exit code is 1.
 */
#ifndef VITRO_UNIT_H
#define VITRO_UNIT_H

#include "vitro.h"
#include <inttypes.h>

static int unit_failures, unit_claims;

static inline void unit_fail(const char *file, int line, const char *claim)
{
    unit_failures++;
    printf("%s:%d: not true: %s\n", file, line, claim);
}

#define CHECK(claim) (unit_claims++, (claim) ? (void)0 : unit_fail(__FILE__, __LINE__, #claim))

/* Two integers, printed when they differ. */
#define CHECK_EQ(got, want)                                                                        \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        unit_claims++;                                                                             \
        if (got_ != want_) {                                                                       \
            unit_fail(__FILE__, __LINE__, #got " == " #want);                                      \
            printf("    %lld instead of %lld\n", got_, want_);                                     \
        }                                                                                          \
    } while (0)

/* Two C strings. */
#define CHECK_STR(got, want)                                                                       \
    do {                                                                                           \
        const char *got_ = (got), *want_ = (want);                                                 \
        unit_claims++;                                                                             \
        if (got_ == NULL || strcmp(got_, want_) != 0) {                                            \
            unit_fail(__FILE__, __LINE__, #got " == " #want);                                      \
            printf("    \"%s\" instead of \"%s\"\n", got_ ? got_ : "(null)", want_);               \
        }                                                                                          \
    } while (0)

/* A generator of numbers that are the same in every run (xorshift64*, Vigna 2016). */
static inline uint64_t unit_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1DULL;
}

/* An interpreter without site and without a command line, for tests of what needs objects. */
static inline void unit_start_interpreter(void)
{
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.site_import = 0;
    PyStatus status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        Py_ExitStatusException(status);
    }
}

#ifdef __SANITIZE_ADDRESS__
/* Impossible sizes must come back as NULL here too; static types outlive the interpreter. */
const char *__asan_default_options(void) { return "allocator_may_return_null=1:detect_leaks=0"; }
#endif

#define TESTS(...)                                                                                 \
    int main(void)                                                                                 \
    {                                                                                              \
        void (*tests[])(void) = { __VA_ARGS__ };                                                   \
        for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {                              \
            tests[i]();                                                                            \
        }                                                                                          \
        printf("%d claims, %d false\n", unit_claims, unit_failures);                               \
        return unit_failures != 0 || unit_claims == 0;                                             \
    }

#endif
