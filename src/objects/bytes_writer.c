/* SPDX-License-Identifier: MIT
 *
 * Building bytes: _PyBytesWriter (a small buffer on the stack that moves to a bytes object when it
 * grows), PyBytes_FromFormat, and the escapes of bytes literals.
 *
 *     str = _PyBytesWriter_Alloc(&w, n)        room for n bytes; write at str, moving it along
 *     str = _PyBytesWriter_Prepare(&w, str, k) k more than asked for so far; the block may move
 *     res = _PyBytesWriter_Finish(&w, str)     cut to what was written
 *
 * `str` is always the caller's write pointer; min_size is the size promised so far. After NULL the
 * writer is empty and must not be used again.
 */
#include "objects/bytes_methods.h"

/* -- Writer ---------------------------------------------------------------------------------- */

void _PyBytesWriter_Init(_PyBytesWriter *writer)
{
    memset(writer, 0, offsetof(_PyBytesWriter, small_buffer));
}

void _PyBytesWriter_Dealloc(_PyBytesWriter *writer) { Py_CLEAR(writer->buffer); }

static char *writer_start(_PyBytesWriter *writer)
{
    return writer->use_small_buffer ? writer->small_buffer
           : writer->use_bytearray  ? PyByteArray_AS_STRING(writer->buffer)
                                    : PyBytes_AS_STRING(writer->buffer);
}

/* At least `size` bytes in all, a quarter more when overallocate is set. */
void *_PyBytesWriter_Resize(_PyBytesWriter *writer, void *str, Py_ssize_t size)
{
    Py_ssize_t allocated = size, pos = (char *)str - writer_start(writer);
    if (writer->overallocate && allocated <= PY_SSIZE_T_MAX - allocated / 4)
        allocated += allocated / 4;
    if (writer->use_small_buffer) {
        writer->buffer = writer->use_bytearray ? PyByteArray_FromStringAndSize(NULL, allocated)
                                               : PyBytes_FromStringAndSize(NULL, allocated);
        if (!writer->buffer)
            return NULL;
        char *start = writer->use_bytearray ? PyByteArray_AS_STRING(writer->buffer)
                                            : PyBytes_AS_STRING(writer->buffer);
        memcpy(start, writer->small_buffer, (size_t)pos);
        writer->use_small_buffer = 0;
    } else if (writer->use_bytearray ? PyByteArray_Resize(writer->buffer, allocated)
                                     : _PyBytes_Resize(&writer->buffer, allocated)) {
        _PyBytesWriter_Dealloc(writer);
        writer->allocated = 0;
        return NULL;
    }
    writer->allocated = allocated;
    return writer_start(writer) + pos;
}

void *_PyBytesWriter_Prepare(_PyBytesWriter *writer, void *str, Py_ssize_t size)
{
    if (size == 0)
        return str;
    if (writer->min_size > PY_SSIZE_T_MAX - size) {
        PyErr_NoMemory();
        _PyBytesWriter_Dealloc(writer);
        return NULL;
    }
    Py_ssize_t needed = writer->min_size + size;
    if (needed > writer->allocated)
        str = _PyBytesWriter_Resize(writer, str, needed);
    writer->min_size = needed;
    return str;
}

void *_PyBytesWriter_Alloc(_PyBytesWriter *writer, Py_ssize_t size)
{
    writer->use_small_buffer = 1;
    writer->allocated = sizeof(writer->small_buffer);
    return _PyBytesWriter_Prepare(writer, writer->small_buffer, size);
}

/* bytes, or a bytearray when use_bytearray is set. */
PyObject *_PyBytesWriter_Finish(_PyBytesWriter *writer, void *str)
{
    Py_ssize_t size = (char *)str - writer_start(writer);
    PyObject *res;
    if (size == 0 && !writer->use_bytearray) {
        Py_CLEAR(writer->buffer);
        return Py_NewRef(EMPTY_BYTES);
    }
    if (writer->use_small_buffer)
        return writer->use_bytearray ? PyByteArray_FromStringAndSize(writer->small_buffer, size)
                                     : PyBytes_FromStringAndSize(writer->small_buffer, size);
    res = writer->buffer;
    writer->buffer = NULL;
    if (Py_SIZE(res) != size) {
        if (writer->use_bytearray) {
            if (PyByteArray_Resize(res, size))
                Py_CLEAR(res);
        } else {
            _PyBytes_Resize(&res, size);
        }
    }
    return res;
}

void *_PyBytesWriter_WriteBytes(_PyBytesWriter *writer, void *str, const void *bytes,
                                Py_ssize_t size)
{
    char *out = _PyBytesWriter_Prepare(writer, str, size);
    if (!out)
        return NULL;
    memcpy(out, bytes, (size_t)size);
    return out + size;
}

/* -- PyBytes_FromFormat ---------------------------------------------------------------------- */

/* "%[width][.precision][l z]letter"; the width is skipped, as in 3.11. */
typedef struct {
    char letter; /* what to convert to */
    bool is_long, is_size; /* l, z: only before d and u */
    Py_ssize_t precision;  /* of s: bytes at most, 0: all */
    const char *text;      /* what it stands for: in `number`, or the argument */
    Py_ssize_t size;       /* bytes of it */
    char number[24];
} FormatItem;

/* From behind '%'; returns the place of the letter. */
static const char *read_item(const char *f, FormatItem *x)
{
    x->precision = 0;
    while (Py_ISDIGIT(*f))
        f++;
    if (*f == '.')
        for (f++; Py_ISDIGIT(*f); f++)
            x->precision = x->precision * 10 + (*f - '0');
    while (*f && *f != '%' && !Py_ISALPHA(*f))
        f++;
    x->is_long = *f == 'l' && (f[1] == 'd' || f[1] == 'u');
    x->is_size = *f == 'z' && (f[1] == 'd' || f[1] == 'u');
    if (x->is_long || x->is_size)
        f++;
    x->letter = *f;
    return f;
}

/* Sets text and size. 1, 0 for an unknown letter, -1 with an exception. */
static int item_text(FormatItem *x, va_list *va)
{
    x->text = x->number;
    x->size = 1;
    switch (x->letter) {
    case 'c': {
        int c = va_arg(*va, int);
        x->number[0] = (char)c;
        if (c >= 0 && c <= 255)
            return 1;
        PyErr_SetString(PyExc_OverflowError, "PyBytes_FromFormatV(): %c format expects an "
                                             "integer in range [0; 255]");
        return -1;
    }
    case 'd':
        snprintf(x->number, sizeof x->number, "%ld",
                 x->is_long   ? va_arg(*va, long)
                 : x->is_size ? (long)va_arg(*va, Py_ssize_t)
                              : (long)va_arg(*va, int));
        break;
    case 'u':
        snprintf(x->number, sizeof x->number, "%lu",
                 x->is_long   ? va_arg(*va, unsigned long)
                 : x->is_size ? (unsigned long)va_arg(*va, size_t)
                              : (unsigned long)va_arg(*va, unsigned));
        break;
    case 'i': snprintf(x->number, sizeof x->number, "%i", va_arg(*va, int)); break;
    case 'x': snprintf(x->number, sizeof x->number, "%x", va_arg(*va, unsigned)); break;
    case 'p': snprintf(x->number, sizeof x->number, "%p", va_arg(*va, void *)); break;
    case 's':
        x->text = va_arg(*va, const char *);
        x->size = (Py_ssize_t)(x->precision > 0 ? strnlen(x->text, (size_t)x->precision)
                                                : strlen(x->text));
        return 1;
    case '%': x->number[0] = '%'; return 1;
    default: return 0;
    }
    x->size = (Py_ssize_t)strlen(x->number);
    return 1;
}

/* What follows an unknown letter is copied as it is. */
PyObject *PyBytes_FromFormatV(const char *format, va_list vargs)
{
    _PyBytesWriter writer;
    FormatItem x;
    va_list va;
    int known = 1;
    _PyBytesWriter_Init(&writer);
    writer.overallocate = 1;
    char *s = _PyBytesWriter_Alloc(&writer, (Py_ssize_t)strlen(format));
    va_copy(va, vargs);
    for (const char *f = format; s && known > 0 && *f; f++) {
        if (*f != '%') {
            *s++ = *f;
            continue;
        }
        const char *start = f;
        f = read_item(f + 1, &x);
        known = item_text(&x, &va);
        if (known > 0) {
            /* The item's own characters were counted in the format's length. */
            writer.min_size -= f - start + 1;
            s = _PyBytesWriter_WriteBytes(&writer, s, x.text, x.size);
        } else if (known == 0) {
            s = _PyBytesWriter_WriteBytes(&writer, s, start, (Py_ssize_t)strlen(start));
        }
    }
    va_end(va);
    if (known < 0) {
        _PyBytesWriter_Dealloc(&writer);
        return NULL;
    }
    return s ? _PyBytesWriter_Finish(&writer, s) : NULL;
}

PyObject *PyBytes_FromFormat(const char *format, ...)
{
    va_list vargs;
    va_start(vargs, format);
    PyObject *res = PyBytes_FromFormatV(format, vargs);
    va_end(vargs);
    return res;
}

/* -- Escapes --------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Value of a one-letter escape, -1 when c is none. */
static int simple_escape(char c)
{
    static const char from[] = "\\'\"btnrfva", to[] = "\\'\"\b\t\n\r\f\v\a";
    const char *p = c ? strchr(from, c) : NULL;
    return p ? to[p - from] : -1;
}

EXPORT PyObject *_PyBytes_DecodeEscape2(const char *s, Py_ssize_t n, const char *errors,
                                        int *first_invalid, const char **first_invalid_at);

/* *first_invalid_at is set to the first invalid escape (behind its backslash), whose value, if
   octal above 0o377, goes to *first_invalid, else -1. */
PyObject *_PyBytes_DecodeEscape2(const char *s, Py_ssize_t n, const char *errors,
                                 int *first_invalid, const char **first_invalid_at)
{
    const char *end = s + n;
    PyObject *res = NULL;
    *first_invalid_at = NULL;
    *first_invalid = -1;
    char *buffer = PyMem_Malloc((size_t)n + 1), *out = buffer;
    if (!buffer)
        return PyErr_NoMemory();
    while (s < end) {
        if (*s != '\\') {
            *out++ = *s++;
            continue;
        }
        if (++s == end) {
            PyErr_SetString(PyExc_ValueError, "Trailing \\ in string");
            goto done;
        }
        char c = *s++;
        int simple = simple_escape(c);
        if (c == '\n')
            continue;
        if (simple >= 0) {
            *out++ = (char)simple;
        } else if (c >= '0' && c <= '7') {
            int value = c - '0';
            for (int i = 0; i < 2 && s < end && *s >= '0' && *s <= '7'; i++)
                value = value * 8 + (*s++ - '0');
            if (value > 0377 && !*first_invalid_at) {
                *first_invalid = value;
                *first_invalid_at = s - 3;
            }
            *out++ = (char)value;
        } else if (c == 'x') {
            int high = s < end ? hex_digit(s[0]) : -1,
                low = high >= 0 && s + 1 < end ? hex_digit(s[1]) : -1;
            if (low >= 0) {
                *out++ = (char)(high << 4 | low);
                s += 2;
                continue;
            }
            if (high >= 0)
                s++;
            if (!errors || !strcmp(errors, "strict")) {
                PyErr_Format(PyExc_ValueError, "invalid \\x escape at position %zd",
                             s - 2 - (end - n) - (high >= 0));
                goto done;
            }
            if (!strcmp(errors, "replace")) {
                *out++ = '?';
            } else if (strcmp(errors, "ignore")) {
                PyErr_Format(PyExc_ValueError,
                             "decoding error; unknown error handling code: %.400s", errors);
                goto done;
            }
        } else {
            if (!*first_invalid_at) {
                *first_invalid = -1;
                *first_invalid_at = s - 1;
            }
            *out++ = '\\';
            s--;
            *out++ = *s++;
        }
    }
    res = PyBytes_FromStringAndSize(buffer, out - buffer);
done:
    PyMem_Free(buffer);
    return res;
}

/* 3.11.2's exported form: position of the first invalid escape only. */
EXPORT PyObject *_PyBytes_DecodeEscape(const char *s, Py_ssize_t n, const char *errors,
                                       const char **first_invalid_at)
{
    int value;
    return _PyBytes_DecodeEscape2(s, n, errors, &value, first_invalid_at);
}

/* An invalid escape is a DeprecationWarning, which may be an error. */
PyObject *PyBytes_DecodeEscape(const char *s, Py_ssize_t n, const char *errors, Py_ssize_t unicode,
                               const char *recode)
{
    const char *at;
    int value;
    PyObject *res = _PyBytes_DecodeEscape2(s, n, errors, &value, &at);
    if (!res || !at)
        return res;
    int failed = value > 0377
                     ? PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                        "invalid octal escape sequence '\\%.3s'", at)
                     : PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                        "invalid escape sequence '\\%c'", (unsigned char)*at);
    if (failed < 0)
        Py_CLEAR(res);
    return res;
}
