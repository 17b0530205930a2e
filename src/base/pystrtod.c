/* SPDX-License-Identifier: MIT
 *
 * Python's face of the float conversions.
 *
 *   text -> double    PyOS_string_to_double       _Py_dg_strtod, "inf" and "nan", errors
 *   double -> text    PyOS_double_to_string       dtoa_digits, then where point and exponent go
 *   underscores       _Py_string_to_number_with_underscores      (PEP 515)
 *
 * Writing is done in two steps: choose_layout says which digit positions are shown, relative to the
 * decimal point; write_number writes them, with zeros where the digits have ended.
 *
 *      digits 12345, decpt 2:    1 2 . 3 4 5 0 0      first 0, last 7
 *      digits 12,    decpt -2:   0 . 0 0 1 2          first -3, last 2
 *
 * Ownership: text is for PyMem_Free. Failure: ValueError, MemoryError, or the exception that the
 * caller names for overflow.
 */
#include "base/dtoa.h"
#include <errno.h>
#include <math.h>

/* -- Text to double -------------------------------------------------------------------------- */

/* Length of the word at s when it equals `word` without regard to case. */
static size_t match_word(const char *s, const char *word)
{
    size_t n = 0;
    while (word[n] && Py_TOLOWER(s[n]) == word[n]) {
        n++;
    }
    return word[n] ? 0 : n;
}

/* "inf", "infinity" or "nan" with a sign; *end == p when there is none. */
double _Py_parse_inf_or_nan(const char *p, char **end)
{
    const char *s = p;
    bool negative = *s == '-';
    if (*s == '-' || *s == '+') {
        s++;
    }
    size_t n = match_word(s, "infinity");
    if (n == 0) {
        n = match_word(s, "inf");
    }
    if (n) {
        *end = (char *)s + n;
        return _Py_dg_infinity(negative);
    }
    n = match_word(s, "nan");
    if (n) {
        *end = (char *)s + n;
        return _Py_dg_stdnan(negative);
    }
    *end = (char *)p;
    return -1.0;
}

/* end == NULL: the whole text must be a number. On overflow: infinity, or `overflow_exception`. */
double PyOS_string_to_double(const char *s, char **end, PyObject *overflow_exception)
{
    char *stop;
    errno = 0;
    double x = _Py_dg_strtod(s, &stop);
    if (stop == s) {
        x = _Py_parse_inf_or_nan(s, &stop);
    }
    if (errno == ENOMEM) {
        PyErr_NoMemory();
        return -1.0;
    }
    if (stop == s || (end == NULL && *stop != '\0')) {
        PyErr_Format(PyExc_ValueError, "could not convert string to float: '%.200s'", s);
        x = -1.0;
    } else if (errno == ERANGE && fabs(x) >= 1.0 && overflow_exception) {
        PyErr_Format(overflow_exception, "value too large to convert to float: '%.200s'", s);
        x = -1.0;
    }
    if (end) {
        *end = stop;
    }
    return x;
}

/* Calls inner on the text without its underscores, which must stand between digits. */
PyObject *_Py_string_to_number_with_underscores(const char *s, Py_ssize_t len, const char *what,
                                                PyObject *obj, void *arg,
                                                PyObject *(*inner)(const char *, Py_ssize_t,
                                                                   void *))
{
    if (strchr(s, '_') == NULL) {
        return inner(s, len, arg);
    }
    char *dup = PyMem_Malloc((size_t)len + 1), *out = dup, previous = '\0';
    if (dup == NULL) {
        return PyErr_NoMemory();
    }
    const char *p = s, *last = s + len;
    bool ok = true;
    for (; *p; p++) {
        if (*p == '_') {
            ok = ok && Py_ISDIGIT(previous);
        } else {
            *out++ = *p;
            ok = ok && (previous != '_' || Py_ISDIGIT(*p));
        }
        previous = *p;
    }
    *out = '\0';
    PyObject *result = NULL;
    if (ok && previous != '_' && p == last) {
        result = inner(dup, out - dup, arg);
    } else {
        PyErr_Format(PyExc_ValueError, "could not convert string to %s: %R", what, obj);
    }
    PyMem_Free(dup);
    return result;
}

/* -- Double to text -------------------------------------------------------------------------- */

/* What is shown of a number. */
typedef struct {
    const char *digits; /* significant ones, no point; borrowed */
    int ndigits;
    int decpt; /* the point stands before digits[decpt] */
    /* digit positions shown: [first, last) relative to digits[0]; outside are zeros */
    int first, last;
    bool exponent; /* scientific notation */
    bool upper;    /* E, INF, NAN */
} Layout;

/* Positions [from, to) of the digits; outside of what there is are zeros. */
static char *write_span(const Layout *l, char *p, int from, int to)
{
    while (from < to && from < 0) {
        *p++ = '0';
        from++;
    }
    int known = Py_MIN(to, l->ndigits) - from;
    if (known > 0) {
        memcpy(p, l->digits + from, (size_t)known);
        p += known;
        from += known;
    }
    while (from < to) {
        *p++ = '0';
        from++;
    }
    return p;
}

/* Writes digits, point and exponent; returns the end. */
static char *write_number(const Layout *l, char *p, int decpt, bool keep_point, int exponent)
{
    if (decpt < l->last) {
        p = write_span(l, p, l->first, decpt);
        *p++ = '.';
        p = write_span(l, p, decpt, l->last);
    } else {
        p = write_span(l, p, l->first, l->last);
    }
    if (l->last == decpt && keep_point) {
        *p++ = '.';
    }
    if (l->exponent) {
        *p++ = l->upper ? 'E' : 'e';
        *p++ = exponent < 0 ? '-' : '+';
        unsigned a = (unsigned)(exponent < 0 ? -exponent : exponent);
        if (a >= 100) {
            *p++ = (char)('0' + a / 100);
            a %= 100;
        }
        *p++ = (char)('0' + a / 10);
        *p++ = (char)('0' + a % 10);
    }
    *p = '\0';
    return p;
}

/* "inf", "nan" and their kin: no precision applies. */
static char *write_special(double d, bool upper, int flags, int *type)
{
    char *buf = PyMem_Malloc(5), *p = buf;
    if (buf == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    if (isnan(d)) {
        if (flags & Py_DTSF_SIGN) {
            *p++ = '+';
        }
        strcpy(p, upper ? "NAN" : "nan");
    } else {
        if (d < 0) {
            *p++ = '-';
        } else if (flags & Py_DTSF_SIGN) {
            *p++ = '+';
        }
        strcpy(p, upper ? "INF" : "inf");
    }
    if (type) {
        *type = isnan(d) ? Py_DTST_NAN : Py_DTST_INFINITE;
    }
    return buf;
}

/* Which digits are shown, and whether with an exponent. */
static void choose_layout(Layout *l, char code, int precision, int flags)
{
    l->last = l->ndigits;
    switch (code) {
    case 'e':
        l->exponent = true;
        l->last = precision;
        break;
    case 'f':
        l->last = l->decpt + precision;
        break;
    case 'g':
        l->exponent = l->decpt <= -4 || l->decpt > precision - (flags & Py_DTSF_ADD_DOT_0 ? 1 : 0);
        if (flags & Py_DTSF_ALT) {
            l->last = precision;
        }
        break;
    default: /* r: repr switches at 1e16 */
        l->exponent = l->decpt <= -4 || l->decpt > 16;
    }
}

/* mode and ndigits are dtoa_digits'; precision counts what `code` counts. */
static char *format_finite(double d, char code, bool upper, int mode, int ndigits, int precision,
                           int flags)
{
    Layout l = {.upper = upper};
    int sign;
    size_t count;
    char small[DTOA_SMALL], *digits = dtoa_digits(d, mode, ndigits, &l.decpt, &sign, small, &count);
    if (digits == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    l.digits = digits;
    l.ndigits = (int)count;
    if ((flags & Py_DTSF_NO_NEG_0) && sign
        && (l.ndigits == 0 || (l.ndigits == 1 && l.digits[0] == '0'))) {
        sign = 0;
    }
    choose_layout(&l, code, precision, flags);
    int exponent = 0, decpt = l.decpt;
    if (l.exponent) {
        exponent = decpt - 1;
        decpt = 1;
    }
    l.first = decpt <= 0 ? decpt - 1 : 0;
    if (!l.exponent && (flags & Py_DTSF_ADD_DOT_0)) {
        l.last = Py_MAX(l.last, decpt + 1);
    } else {
        l.last = Py_MAX(l.last, decpt);
    }
    char *buf = PyMem_Malloc((size_t)(l.last - l.first) + 10);
    if (buf == NULL) {
        PyErr_NoMemory();
    } else {
        char *p = buf;
        if (sign) {
            *p++ = '-';
        } else if (flags & Py_DTSF_SIGN) {
            *p++ = '+';
        }
        write_number(&l, p, decpt, (flags & Py_DTSF_ALT) != 0, exponent);
    }
    if (digits != small) {
        PyMem_RawFree(digits);
    }
    return buf;
}

/* For PyMem_Free. code: one of eEfFgGr; precision must be 0 for r (repr). *type (may be NULL) says
   whether the number was finite, infinite or no number. */
char *PyOS_double_to_string(double d, char code, int precision, int flags, int *type)
{
    bool upper = code == 'E' || code == 'F' || code == 'G';
    int mode = 0, ndigits = precision;
    code = (char)Py_TOLOWER(code);
    switch (code) {
    case 'e':
        mode = 2;
        precision++;
        ndigits = precision;
        break;
    case 'f':
        mode = 3;
        break;
    case 'g':
        mode = 2;
        if (precision == 0) {
            precision = ndigits = 1;
        }
        break;
    case 'r':
        if (precision == 0) {
            break;
        }
        /* fall through */
    default:
        PyErr_BadInternalCall();
        return NULL;
    }
    if (!isfinite(d)) {
        return write_special(d, upper, flags, type);
    }
    if (type) {
        *type = Py_DTST_FINITE;
    }
    return format_finite(d, code, upper, mode, ndigits, precision, flags);
}
