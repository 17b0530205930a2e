/* SPDX-License-Identifier: MIT
 *
 * Replacements for libc functions that do not look at the locale: ASCII character classes,
 * case-blind comparison, bounded formatting, integer parsing.
 *
 * Why not libc: under a Turkish locale toupper('i') is not 'I', under many strtod wants a comma;
 * program text and numbers must mean the same everywhere. No object, no lock, no allocation.
 */
#include "vitro.h"
#include <errno.h>

/* -- Character classes ----------------------------------------------------------------------- */

/* U upper, L lower, D digit, X also a hexadecimal digit, S space. */
#define U PY_CTF_UPPER
#define L PY_CTF_LOWER
#define D (PY_CTF_DIGIT | PY_CTF_XDIGIT)
#define UX (PY_CTF_UPPER | PY_CTF_XDIGIT)
#define LX (PY_CTF_LOWER | PY_CTF_XDIGIT)
#define S PY_CTF_SPACE

const unsigned int _Py_ctype_table[256] = {
    ['\t'] = S, ['\n'] = S, ['\v'] = S, ['\f'] = S, ['\r'] = S, [' '] = S,
    ['0' ... '9'] = D, ['A' ... 'F'] = UX, ['G' ... 'Z'] = U, ['a' ... 'f'] = LX, ['g' ... 'z'] = L,
};
#undef U
#undef L
#undef D
#undef UX
#undef LX
#undef S

/* The case tables are written as runs of consecutive numbers: 8, 16 and 26 (an alphabet). */
#define EIGHT(b) b, b + 1, b + 2, b + 3, b + 4, b + 5, b + 6, b + 7
#define ROW(b) EIGHT(b), EIGHT(b + 8)
#define LETTERS(b) ROW(b), EIGHT(b + 16), b + 24, b + 25
#define HIGH ROW(128), ROW(144), ROW(160), ROW(176), ROW(192), ROW(208), ROW(224), ROW(240)

const unsigned char _Py_ctype_tolower[256] = {
    ROW(0), ROW(16), ROW(32), ROW(48), '@', LETTERS('a'), 91, 92, 93, 94, 95, 96,
    LETTERS('a'), 123, 124, 125, 126, 127, HIGH,
};
const unsigned char _Py_ctype_toupper[256] = {
    ROW(0), ROW(16), ROW(32), ROW(48), '@', LETTERS('A'), 91, 92, 93, 94, 95, 96,
    LETTERS('A'), 123, 124, 125, 126, 127, HIGH,
};

/* -- Comparison ------------------------------------------------------------------------------ */

/* Order as strncasecmp's for ASCII, at most `size` bytes. */
int PyOS_mystrnicmp(const char *s1, const char *s2, Py_ssize_t size)
{
    const unsigned char *p1 = (const unsigned char *)s1, *p2 = (const unsigned char *)s2;
    if (size == 0) {
        return 0;
    }
    for (; --size > 0 && *p1 && *p2 && Py_TOLOWER(*p1) == Py_TOLOWER(*p2); p1++, p2++) {
    }
    return Py_TOLOWER(*p1) - Py_TOLOWER(*p2);
}

int PyOS_mystricmp(const char *s1, const char *s2)
{
    const unsigned char *p1 = (const unsigned char *)s1, *p2 = (const unsigned char *)s2;
    for (; *p1 && *p2 && Py_TOLOWER(*p1) == Py_TOLOWER(*p2); p1++, p2++) {
    }
    return Py_TOLOWER(*p1) - Py_TOLOWER(*p2);
}

/* -- Formatting ------------------------------------------------------------------------------ */

/* Always ends in a NUL when size > 0. The number of bytes the whole text has (so >= size means that
   it was cut), or < 0 after an error. */
int PyOS_vsnprintf(char *str, size_t size, const char *format, va_list va)
{
    int n = size > (size_t)INT_MAX ? -666 : vsnprintf(str, size, format, va);
    if (size > 0) {
        str[size - 1] = '\0';
    }
    return n;
}

int PyOS_snprintf(char *str, size_t size, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    int n = PyOS_vsnprintf(str, size, format, va);
    va_end(va);
    return n;
}

/* -- Integers -------------------------------------------------------------------------------- */

/* Value of a digit up to base 36; 37, larger than any base, when it is none. */
static int digit_of(unsigned char c)
{
    if (Py_ISDIGIT(c)) {
        return c - '0';
    }
    return Py_ISALPHA(c) ? Py_TOLOWER(c) - 'a' + 10 : 37;
}

/* Steps over a prefix (0x, 0o, 0b) that a digit follows and finds the base when *base is 0. *base
   becomes -1 when only zeros make up the number (old octal, or a prefix without digits); the result
   is then its end. */
static const char *skip_prefix(const char *s, int *base)
{
    if (*s != '0') {
        *base = *base ? *base : 10;
        return s;
    }
    int c = Py_TOLOWER(s[1]), b = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
    if (b && (*base == 0 || *base == b) && digit_of((unsigned char)s[2]) < b) {
        *base = b;
        return s + 2;
    }
    if (*base != 0) {
        return s;
    }
    *base = -1;
    if (b) {
        return s + 1;
    }
    while (*s == '0') {
        s++;
    }
    while (Py_ISSPACE(*s)) {
        s++;
    }
    return s;
}

/* As strtoul, in the C locale; base 0 takes Python's prefixes. Overflow: ULONG_MAX with errno
   ERANGE. */
unsigned long PyOS_strtoul(const char *str, char **end, int base)
{
    while (Py_ISSPACE(*str)) {
        str++;
    }
    if (base != 0 && (base < 2 || base > 36)) {
        if (end) {
            *end = (char *)str;
        }
        return 0;
    }
    str = skip_prefix(str, &base);
    if (base == -1) {
        if (end) {
            *end = (char *)str;
        }
        return 0;
    }
    unsigned long result = 0;
    bool overflow = false;
    for (int d; (d = digit_of((unsigned char)*str)) < base; str++) {
        unsigned long next;
        overflow |= __builtin_mul_overflow(result, (unsigned long)base, &next);
        overflow |= __builtin_add_overflow(next, (unsigned long)d, &next);
        result = next;
    }
    if (end) {
        *end = (char *)str;
    }
    if (overflow) {
        errno = ERANGE;
        return (unsigned long)-1;
    }
    return result;
}

/* As strtol, with the same differences. Overflow: LONG_MAX with errno ERANGE. */
long PyOS_strtol(const char *str, char **end, int base)
{
    while (Py_ISSPACE(*str)) {
        str++;
    }
    char sign = *str;
    if (sign == '+' || sign == '-') {
        str++;
    }
    unsigned long u = PyOS_strtoul(str, end, base);
    if (u <= (unsigned long)LONG_MAX) {
        return sign == '-' ? -(long)u : (long)u;
    }
    if (sign == '-' && u == (unsigned long)LONG_MAX + 1) {
        return LONG_MIN;
    }
    errno = ERANGE;
    return LONG_MAX;
}
