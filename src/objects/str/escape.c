/* SPDX-License-Identifier: MIT
 *
 * The codecs unicode_escape (how string literals are written) and raw_unicode_escape (only \u and
 * \U).
 *
 * unicode_escape, one character each:
 *    \newline        nothing                    \ooo          octal, up to 0o777
 *    \\ \' \" \a \b \f \n \r \t \v              \xhh \uhhhh \Uhhhhhhhh
 *                                               \N{name}      by module unicodedata
 * An unknown escape stays as it is and is reported to the caller, who warns with the place (the
 * compiler) or without (the codec). With `consumed`, input that ends inside an escape is left
 * alone.
 */
#include "str_impl.h"

const UcnHash *ucnhash_get(void)
{
    static const UcnHash *api; /* a constant table of the module unicodedata: one for the process */
    if (!api)
        api = PyCapsule_Import("unicodedata._ucnhash_CAPI", 1);
    return api;
}

static int hex_value(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Up to n hex digits at p; returns how many there are. */
static int scan_hex(const char *p, const char *end, int n, Py_UCS4 *value)
{
    int i = 0;
    *value = 0;
    for (int v; i < n && p + i < end && (v = hex_value((uint8_t)p[i])) >= 0; i++)
        *value = *value << 4 | (Py_UCS4)v;
    return i;
}

/* -- unicode_escape, decoding ---------------------------------------------------------------- */

/* What stood at an escape: a character, an error, or input that may go on. */
typedef struct {
    const char *next;      /* behind the escape (or behind the bytes in error) */
    Py_UCS4 c;
    const char *reason;    /* error, or NULL */
    bool partial;          /* more input could make it whole */
    bool nothing;          /* a line continuation */
    int invalid;           /* the unknown letter, or an octal value above 0xff, or -1 */
} Escape;

static void scan_hex_escape(Escape *x, const char *p, const char *end, int n, const char *reason)
{
    int got = scan_hex(p, end, n, &x->c);
    x->next = p + got;
    if (got < n) {
        x->reason = reason;
        x->partial = p + got == end;
    }
    else if (x->c > MAX_UNICODE)
        x->reason = "illegal Unicode character";
}

/* At the '{' of \N{name}. Returns -1 with an exception when the name table cannot be had. */
static int scan_named(Escape *x, const char *p, const char *end)
{
    x->reason = "malformed \\N character escape";
    x->next = p;
    if (p == end) {
        x->partial = true;
        return 0;
    }
    if (*p != '{')
        return 0;
    const char *name = ++p;
    while (p < end && *p != '}')
        p++;
    x->next = p;
    if (p == end) {
        x->partial = true;
        return 0;
    }
    if (p == name)
        return 0;
    x->next = ++p;
    const UcnHash *names = ucnhash_get();
    if (!names) {
        PyErr_SetString(PyExc_UnicodeError,
                        "\\N escapes not supported (can't load unicodedata module)");
        return -1;
    }
    x->reason = "unknown Unicode character name";
    if (p - name - 1 <= INT_MAX && names->getcode(name, (int)(p - name - 1), &x->c, 0))
        x->reason = NULL;
    return 0;
}

static void scan_octal(Escape *x, const char *p, const char *end)
{
    x->c = 0;
    for (int i = 0; i < 3 && p < end && *p >= '0' && *p <= '7'; i++)
        x->c = x->c * 8 + (Py_UCS4)(*p++ - '0');
    x->next = p;
    if (x->c > 0xff)
        x->invalid = (int)x->c;
}

/* p stands behind the backslash. */
static int scan_escape(Escape *x, const char *p, const char *end)
{
    *x = (Escape){ .invalid = -1 };
    if (p == end) {
        x->next = p;
        x->reason = "\\ at end of string";
        x->partial = true;
        return 0;
    }
    char c = *p++;
    x->next = p;
    switch (c) {
    case '\n': x->nothing = true; break;
    case '\\': case '\'': case '"': x->c = (Py_UCS4)c; break;
    case 'a': x->c = 7; break;
    case 'b': x->c = 8; break;
    case 't': x->c = 9; break;
    case 'n': x->c = 10; break;
    case 'v': x->c = 11; break;
    case 'f': x->c = 12; break;
    case 'r': x->c = 13; break;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7': scan_octal(x, p - 1, end); break;
    case 'x': scan_hex_escape(x, p, end, 2, "truncated \\xXX escape"); break;
    case 'u': scan_hex_escape(x, p, end, 4, "truncated \\uXXXX escape"); break;
    case 'U': scan_hex_escape(x, p, end, 8, "truncated \\UXXXXXXXX escape"); break;
    case 'N': return scan_named(x, p, end);
    default: x->invalid = (uint8_t)c;
    }
    return 0;
}

/* *first_invalid_escape_char is -1, an unknown letter, or an octal value above 0o377; the pointer
   says where in s it stood. */
PyObject *_PyUnicode_DecodeUnicodeEscapeInternal2(const char *s, Py_ssize_t size,
                                                  const char *errors, Py_ssize_t *consumed,
                                                  int *first_invalid_escape_char,
                                                  const char **first_invalid_escape_ptr)
{
    DecodeErrors e;
    _PyUnicodeWriter w;
    Py_ssize_t at = 0;
    *first_invalid_escape_char = -1;
    *first_invalid_escape_ptr = NULL;
    if (consumed)
        *consumed = size;
    if (size == 0)
        return str_empty_get();
    decode_errors_init(&e, errors, "unicodeescape", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = size;
    while (at < e.end - e.start) {
        const char *p = e.start + at;
        const char *back = memchr(p, '\\', e.end - p);
        Py_ssize_t plain = (back ? back : e.end) - p;
        if (plain) {
            if (writer_run(&w, 1, p, plain) < 0)
                goto fail;
            at += plain;
            continue;
        }
        Escape x;
        if (scan_escape(&x, p + 1, e.end) < 0)
            goto fail;
        if (x.reason) {
            if (x.partial && consumed) {
                *consumed = at;
                break;
            }
            if (decode_error(&e, &w, x.reason, &at, x.next - e.start) < 0)
                goto fail;
            continue;
        }
        at = x.next - e.start;
        if (x.nothing)
            continue;
        if (x.invalid >= 0 && *first_invalid_escape_char < 0) {
            *first_invalid_escape_char = x.invalid;
            if (e.start == s) /* else it points into what a handler made, which will be gone */
                *first_invalid_escape_ptr = p + 1;
        }
        if (x.invalid >= 0 && x.invalid <= 0xff) {
            if (writer_char(&w, '\\') < 0)
                goto fail;
            x.c = (Py_UCS4)x.invalid;
        }
        if (writer_char(&w, x.c) < 0)
            goto fail;
    }
    decode_errors_clear(&e);
    return _PyUnicodeWriter_Finish(&w);
fail:
    decode_errors_clear(&e);
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

PyObject *_PyUnicode_DecodeUnicodeEscapeInternal(const char *s, Py_ssize_t size, const char *errors,
                                                 Py_ssize_t *consumed,
                                                 const char **first_invalid_escape)
{
    int c;
    return _PyUnicode_DecodeUnicodeEscapeInternal2(s, size, errors, consumed, &c,
                                                   first_invalid_escape);
}

/* Warns of an invalid escape (DeprecationWarning, which may be an error). */
PyObject *_PyUnicode_DecodeUnicodeEscapeStateful(const char *s, Py_ssize_t size, const char *errors,
                                                 Py_ssize_t *consumed)
{
    int c;
    const char *where;
    PyObject *r = _PyUnicode_DecodeUnicodeEscapeInternal2(s, size, errors, consumed, &c, &where);
    if (!r || c == -1)
        return r;
    int failed = c > 0xff ? PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                             "invalid octal escape sequence '\\%c%c%c'",
                                             '0' + (c >> 6), '0' + (c >> 3 & 7), '0' + (c & 7))
                          : PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                             "invalid escape sequence '\\%c'", c);
    if (failed < 0)
        Py_CLEAR(r);
    return r;
}

PyObject *PyUnicode_DecodeUnicodeEscape(const char *s, Py_ssize_t size, const char *errors)
{
    return _PyUnicode_DecodeUnicodeEscapeStateful(s, size, errors, NULL);
}

/* -- unicode_escape, encoding ---------------------------------------------------------------- */

static char *put_hex(char *p, char letter, int digits, Py_UCS4 c)
{
    *p++ = '\\';
    *p++ = letter;
    for (int i = digits - 1; i >= 0; i--)
        *p++ = Py_hexdigits[c >> 4 * i & 15];
    return p;
}

/* ASCII only, and no line ends. */
PyObject *PyUnicode_AsUnicodeEscapeString(PyObject *s)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s), widest = kind == 4 ? 10 : kind == 2 ? 6 : 4;
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s);
    if (n > PY_SSIZE_T_MAX / widest)
        return PyErr_NoMemory();
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, n * widest);
    if (!bytes || n == 0)
        return bytes;
    char *p = PyBytes_AS_STRING(bytes);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        if (c == '\\' || c == '\t' || c == '\n' || c == '\r') {
            *p++ = '\\';
            *p++ = c == '\\' ? '\\' : c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
        }
        else if (c >= ' ' && c < 127)
            *p++ = (char)c;
        else if (c < 0x100)
            p = put_hex(p, 'x', 2, c);
        else if (c < 0x10000)
            p = put_hex(p, 'u', 4, c);
        else
            p = put_hex(p, 'U', 8, c);
    }
    return _PyBytes_Resize(&bytes, p - PyBytes_AS_STRING(bytes)) < 0 ? NULL : bytes;
}

/* -- raw_unicode_escape ---------------------------------------------------------------------- */

PyObject *_PyUnicode_DecodeRawUnicodeEscapeStateful(const char *s, Py_ssize_t size,
                                                    const char *errors, Py_ssize_t *consumed)
{
    DecodeErrors e;
    _PyUnicodeWriter w;
    Py_ssize_t at = 0;
    if (consumed)
        *consumed = size;
    decode_errors_init(&e, errors, "rawunicodeescape", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = size;
    while (at < e.end - e.start) {
        const char *p = e.start + at;
        const char *back = memchr(p, '\\', e.end - p);
        Py_ssize_t plain = (back ? back : e.end) - p;
        if (plain) {
            if (writer_run(&w, 1, p, plain) < 0)
                goto fail;
            at += plain;
            continue;
        }
        if (p + 1 == e.end) {
            if (consumed) {
                *consumed = at;
                break;
            }
            if (writer_char(&w, '\\') < 0)
                goto fail;
            at++;
            continue;
        }
        char kind = p[1];
        if (kind != 'u' && kind != 'U') {
            if (writer_run(&w, 1, p, 2) < 0)
                goto fail;
            at += 2;
            continue;
        }
        Py_UCS4 c;
        int need = kind == 'u' ? 4 : 8, got = scan_hex(p + 2, e.end, need, &c);
        const char *reason = NULL;
        if (got < need) {
            if (p + 2 + got == e.end && consumed) {
                *consumed = at;
                break;
            }
            reason = kind == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape";
        }
        else if (c > MAX_UNICODE)
            reason = "\\Uxxxxxxxx out of range";
        else if (writer_char(&w, c) < 0)
            goto fail;
        if (!reason)
            at += 2 + need;
        else if (decode_error(&e, &w, reason, &at, at + 2 + got) < 0)
            goto fail;
    }
    decode_errors_clear(&e);
    return _PyUnicodeWriter_Finish(&w);
fail:
    decode_errors_clear(&e);
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

PyObject *PyUnicode_DecodeRawUnicodeEscape(const char *s, Py_ssize_t size, const char *errors)
{
    return _PyUnicode_DecodeRawUnicodeEscapeStateful(s, size, errors, NULL);
}

PyObject *PyUnicode_AsRawUnicodeEscapeString(PyObject *s)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s), widest = kind == 4 ? 10 : kind == 2 ? 6 : 1;
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s);
    if (kind == 1)
        return PyBytes_FromStringAndSize(data, n);
    if (n > PY_SSIZE_T_MAX / widest)
        return PyErr_NoMemory();
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, n * widest);
    if (!bytes)
        return NULL;
    char *p = PyBytes_AS_STRING(bytes);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        if (c < 0x100)
            *p++ = (char)c;
        else
            p = put_hex(p, c < 0x10000 ? 'u' : 'U', c < 0x10000 ? 4 : 8, c);
    }
    return _PyBytes_Resize(&bytes, p - PyBytes_AS_STRING(bytes)) < 0 ? NULL : bytes;
}
