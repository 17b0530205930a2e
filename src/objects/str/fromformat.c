/* SPDX-License-Identifier: MIT
 *
 * PyUnicode_FromFormat: printf-like building for C code.
 *
 *   %[0][width][.precision][l|ll|z] d i u x c p  s (UTF-8)  U (str)  V (str or UTF-8)  S R A (str,
 *   repr, ascii)  %%
 *
 * Width fills with spaces (zeros after a 0) on the left; precision cuts text and sets the least
 * number of digits. At an unknown directive the rest of the format is copied as it is.
 */
#include "str_impl.h"
#include <ctype.h>

typedef struct {
    bool zero; /* fill with zeros */
    Py_ssize_t width, precision;   /* -1: not given */
    char size;                     /* 0, 'l', 'q' (ll), 'z' */
} Directive;

/* Digits at *f; -1 with ValueError when too many. */
static Py_ssize_t parse_number(const char **f, const char *what)
{
    Py_ssize_t n = 0;
    while (isdigit((unsigned char)**f)) {
        if (n > (PY_SSIZE_T_MAX - (**f - '0')) / 10) {
            PyErr_Format(PyExc_ValueError, "%s too big", what);
            return -1;
        }
        n = n * 10 + (*(*f)++ - '0');
    }
    return n;
}

/* From behind '%' to the letter, which is for the caller. -1: a number is too large. */
static int parse_directive(const char **f, Directive *d)
{
    *d = (Directive){ .width = -1, .precision = -1 };
    if (**f == '0') {
        d->zero = true;
        ++*f;
    }
    if (isdigit((unsigned char)**f) && (d->width = parse_number(f, "width")) < 0)
        return -1;
    if (**f == '.') {
        ++*f;
        d->precision = 0;
        if (isdigit((unsigned char)**f) && (d->precision = parse_number(f, "precision")) < 0)
            return -1;
        if (**f == '%' && (*f)[1] == '\0')
            --*f; /* "%.": shown as it stands */
    }
    if (**f == 'l' && (*f)[1] == 'l' && strchr("dux", (*f)[2]) && (*f)[2]) {
        d->size = 'q';
        *f += 2;
    }
    else if ((**f == 'l' || **f == 'z') && (*f)[1] && strchr("diux", (*f)[1])) {
        d->size = **f;
        ++*f;
    }
    return 0;
}

static int write_number(_PyUnicodeWriter *w, const Directive *d, char conversion, va_list *args)
{
    char digits[48];
    int n;
    if (conversion == 'd' || conversion == 'i') {
        long long v = d->size == 'l'   ? va_arg(*args, long)
                      : d->size == 'q' ? va_arg(*args, long long)
                      : d->size == 'z' ? va_arg(*args, Py_ssize_t)
                                       : va_arg(*args, int);
        n = sprintf(digits, "%lld", v);
    }
    else {
        unsigned long long v = d->size == 'l'   ? va_arg(*args, unsigned long)
                               : d->size == 'q' ? va_arg(*args, unsigned long long)
                               : d->size == 'z' ? va_arg(*args, size_t)
                                                : va_arg(*args, unsigned int);
        n = sprintf(digits, conversion == 'x' ? "%llx" : "%llu", v);
    }
    Py_ssize_t precision = Py_MAX(d->precision, n);
    if (writer_fill(w, d->zero ? '0' : ' ', d->width - precision) < 0
        || writer_fill(w, '0', precision - n) < 0)
        return -1;
    return _PyUnicodeWriter_WriteASCIIString(w, digits, n);
}

static int write_str(_PyUnicodeWriter *w, const Directive *d, PyObject *s)
{
    if (PyUnicode_READY(s) < 0)
        return -1;
    Py_ssize_t n = str_len(s);
    if (d->precision != -1)
        n = Py_MIN(n, d->precision);
    if (writer_fill(w, ' ', d->width - n) < 0)
        return -1;
    return _PyUnicodeWriter_WriteSubstring(w, s, 0, n);
}

static int write_utf8(_PyUnicodeWriter *w, const Directive *d, const char *text)
{
    Py_ssize_t n = (Py_ssize_t)(d->precision == -1 ? strlen(text) : strnlen(text, d->precision));
    if (d->width <= 0 && run_is_ascii(text, n)) {
        if (_PyUnicodeWriter_Prepare(w, n, 127) < 0)
            return -1;
        if (n)
            run_copy(w->kind, run_at(w->kind, w->data, w->pos), 1, text, n);
        w->pos += n;
        return 0;
    }
    PyObject *s = PyUnicode_DecodeUTF8Stateful(text, n, "replace", NULL);
    Directive plain = { .width = d->width, .precision = -1 };
    int r = s ? write_str(w, &plain, s) : -1;
    Py_XDECREF(s);
    return r;
}

static int write_made(_PyUnicodeWriter *w, const Directive *d, PyObject *s)
{
    int r = s ? write_str(w, d, s) : -1;
    Py_XDECREF(s);
    return r;
}

static int write_pointer(_PyUnicodeWriter *w, void *p)
{
    char text[32];
    sprintf(text, "0x%lx", (unsigned long)(uintptr_t)p);
    return _PyUnicodeWriter_WriteASCIIString(w, text, -1);
}

/* *f stands behind '%'. Returns 0, or -1 on error; at an unknown directive writes all the rest. */
static int write_directive(_PyUnicodeWriter *w, const char **f, va_list *args)
{
    const char *percent = *f - 1;
    Directive d;
    if (parse_directive(f, &d) < 0)
        return -1;
    char conversion = **f;
    if (conversion)
        ++*f;
    if (d.size && conversion != 'd' && conversion != 'i' && conversion != 'u')
        conversion = 0; /* 3.11 knows sizes for these alone */
    switch (conversion) {
    case 'c': {
        int c = va_arg(*args, int);
        if (c < 0 || c > MAX_UNICODE) {
            PyErr_SetString(PyExc_OverflowError, "character argument not in range(0x110000)");
            return -1;
        }
        return writer_char(w, (Py_UCS4)c);
    }
    case 'd': case 'i': case 'u': case 'x':
        return write_number(w, &d, conversion, args);
    case 'p':
        return write_pointer(w, va_arg(*args, void *));
    case 's':
        return write_utf8(w, &d, va_arg(*args, const char *));
    case 'U':
        return write_str(w, &d, va_arg(*args, PyObject *));
    case 'V': {
        PyObject *s = va_arg(*args, PyObject *);
        const char *text = va_arg(*args, const char *);
        return s ? write_str(w, &d, s) : write_utf8(w, &d, text);
    }
    case 'S':
        return write_made(w, &d, PyObject_Str(va_arg(*args, PyObject *)));
    case 'R':
        return write_made(w, &d, PyObject_Repr(va_arg(*args, PyObject *)));
    case 'A':
        return write_made(w, &d, PyObject_ASCII(va_arg(*args, PyObject *)));
    case '%':
        return writer_char(w, '%');
    default:
        *f = percent + strlen(percent);
        return _PyUnicodeWriter_WriteLatin1String(w, percent, *f - percent);
    }
}

/* -- The usual message ----------------------------------------------------------------------- */

/* Text being made on the C stack. */
typedef struct {
    char text[256];
    size_t n;
} Short;

static bool short_add(Short *b, const void *ascii, size_t n)
{
    if (n > sizeof b->text - b->n || !run_is_ascii(ascii, (Py_ssize_t)n))
        return false;
    memcpy(b->text + b->n, ascii, n);
    b->n += n;
    return true;
}

/* Digits of a magnitude in base 10 or 16, behind `sign` (may be empty). */
static bool short_digits(Short *b, const char *sign, unsigned long long v, unsigned base)
{
    char digits[24], *end = digits + sizeof digits, *p = end;
    if (base == 16) {
        do
            *--p = Py_hexdigits[v & 15];
        while (v >>= 4);
    } else {
        do
            *--p = (char)('0' + v % 10);
        while (v /= 10);
    }
    return short_add(b, sign, strlen(sign)) && short_add(b, p, (size_t)(end - p));
}

static bool short_number(Short *b, long long v)
{
    return v < 0 ? short_digits(b, "-", -(unsigned long long)v, 10)
                 : short_digits(b, "", (unsigned long long)v, 10);
}

static bool short_str(Short *b, PyObject *s, size_t precision)
{
    return PyUnicode_IS_READY(s) && str_is_ascii(s)
           && short_add(b, str_data(s), Py_MIN((size_t)str_len(s), precision));
}

/* Only what may be made again when the message turns out not to be short: no code of a class
   runs. */
static bool short_repr(Short *b, PyObject *op, size_t precision)
{
    if (!str_is_exact(op) && !PyLong_CheckExact(op))
        return false;
    PyObject *text = PyObject_Repr(op);
    if (text == NULL) {
        PyErr_Clear();
        return false;
    }
    bool fits = short_str(b, text, precision);
    Py_DECREF(text);
    return fits;
}

/* One of the directives that most messages consist of; false: something else. */
static bool short_directive(Short *b, const char **f, va_list *args)
{
    size_t precision = SIZE_MAX;
    if (**f == '.' && isdigit((unsigned char)(*f)[1])) {
        precision = 0;
        for (++*f; isdigit((unsigned char)**f) && precision < 10000; ++*f)
            precision = precision * 10 + (size_t)(**f - '0');
    }
    char conversion = *(*f)++;
    if (conversion == 's') {
        const char *text = va_arg(*args, const char *);
        return short_add(b, text, strnlen(text, Py_MIN(precision, sizeof b->text + 1)));
    }
    if (conversion == 'U')
        return short_str(b, va_arg(*args, PyObject *), precision);
    if (conversion == 'R')
        return short_repr(b, va_arg(*args, PyObject *), precision);
    if (precision != SIZE_MAX)
        return false;
    switch (conversion) {
    case 'd': case 'i':
        return short_number(b, va_arg(*args, int));
    case 'u':
        return short_digits(b, "", va_arg(*args, unsigned int), 10);
    case 'x':
        return short_digits(b, "", va_arg(*args, unsigned int), 16);
    case 'p':
        return short_digits(b, "0x", (uintptr_t)va_arg(*args, void *), 16);
    case 'z':
        return *(*f)++ == 'd' && short_number(b, va_arg(*args, Py_ssize_t));
    case 'l':
        return *(*f)++ == 'd' && short_number(b, va_arg(*args, long));
    default:
        return false;
    }
}

/* A short ASCII message, made without a writer: *message, or NULL with MemoryError. false: it is
   none. */
static bool format_short(const char *format, va_list vargs, PyObject **message)
{
    Short b;
    b.n = 0;
    va_list args;
    va_copy(args, vargs);
    bool fits;
    for (const char *f = format;;) {
        const char *text = f;
        while (*f && *f != '%')
            f++;
        fits = short_add(&b, text, (size_t)(f - text));
        if (!fits || !*f++)
            break;
        if (!(fits = short_directive(&b, &f, &args)))
            break;
    }
    va_end(args);
    if (fits)
        *message = _PyUnicode_FromASCII(b.text, (Py_ssize_t)b.n);
    return fits;
}

/* -- Any message ----------------------------------------------------------------------------- */

/* An unknown directive ends the formatting: the rest is copied as it is. */
PyObject *PyUnicode_FromFormatV(const char *format, va_list vargs)
{
    PyObject *message;
    if (format_short(format, vargs, &message))
        return message;
    _PyUnicodeWriter w;
    _PyUnicodeWriter_Init(&w);
    w.min_length = (Py_ssize_t)strlen(format) + 100;
    w.overallocate = 1;
    va_list args;
    va_copy(args, vargs);
    for (const char *f = format; *f;) {
        if (*f == '%') {
            f++;
            if (write_directive(&w, &f, &args) < 0)
                goto fail;
            continue;
        }
        const char *p = f;
        while (*p && *p != '%') {
            if (*p & 0x80) {
                PyErr_Format(PyExc_ValueError,
                             "PyUnicode_FromFormatV() expects an ASCII-encoded format string, "
                             "got a non-ASCII byte: 0x%02x",
                             (unsigned char)*p);
                goto fail;
            }
            p++;
        }
        if (!*p)
            w.overallocate = 0;
        if (_PyUnicodeWriter_WriteASCIIString(&w, f, p - f) < 0)
            goto fail;
        f = p;
    }
    va_end(args);
    return _PyUnicodeWriter_Finish(&w);
fail:
    va_end(args);
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

PyObject *PyUnicode_FromFormat(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    PyObject *s = PyUnicode_FromFormatV(format, args);
    va_end(args);
    return s;
}
