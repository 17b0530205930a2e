/* SPDX-License-Identifier: MIT
 *
 * bytes % args (PEP 461): %b %s %a %r %c %d %i %u %o %x %X %e %E %f %F %g %G %%, with flags, width
 * and precision.
 *
 * Numbers are formatted as str by the same code that str % uses, and copied; the rest is bytes to
 * bytes.
 */
#include "objects/bytes_methods.h"
#include "objects/int/int.h"

/* What stands between '%' and the conversion. */
typedef struct {
    bool left, sign, blank, alternate, zero, no_minus_zero; /* - + ' ' # 0 z */
    Py_ssize_t width, precision;                            /* -1: not given */
} Spec;
/* The values to be formatted, all BORROWED. */
typedef struct {
    PyObject *args;         /* a tuple, or the only value */
    PyObject *dict;         /* the mapping for %(key), NULL: none */
    Py_ssize_t next, count; /* place in the tuple, its size */
    bool single;            /* args is the only value */
    bool dict_used;         /* then nothing needs to be used up */
} Args;

extern EXPORT PyObject *_PyUnicode_FormatLong(PyObject *value, int alternate, int precision,
                                              int type);

/* BORROWED; TypeError when there are no more. */
static PyObject *next_arg(Args *a)
{
    if (a->single) {
        if (a->next++ == 0)
            return a->args;
    } else if (a->next < a->count) {
        return PyTuple_GET_ITEM(a->args, a->next++);
    }
    PyErr_SetString(PyExc_TypeError, "not enough arguments for format string");
    return NULL;
}

/* %(key)…: makes the value the only argument. f points behind '('. */
static const char *take_key(Args *a, const char *f, const char *end)
{
    const char *start = f;
    int depth = 1;
    if (!a->dict) {
        PyErr_SetString(PyExc_TypeError, "format requires a mapping");
        return NULL;
    }
    for (; depth > 0 && f < end; f++)
        depth += *f == '(' ? 1 : *f == ')' ? -1 : 0;
    if (depth > 0) {
        PyErr_SetString(PyExc_ValueError, "incomplete format key");
        return NULL;
    }
    PyObject *key = PyBytes_FromStringAndSize(start, f - start - 1),
             *value = key ? PyObject_GetItem(a->dict, key) : NULL;
    Py_XDECREF(key);
    if (!value)
        return NULL;
    if (a->dict_used)
        Py_DECREF(a->args);
    a->args = value;
    a->dict_used = a->single = true;
    a->next = 0;
    return f;
}

/* A number, or "*" from the arguments, then of C int or Py_ssize_t; -1 with an exception. */
static int take_number(Args *a, const char **f, const char *end, Py_ssize_t *value, bool is_int,
                       const char *too_big)
{
    if (*f < end && **f == '*') {
        PyObject *v = next_arg(a);
        if (!v)
            return -1;
        if (!PyLong_Check(v)) {
            PyErr_SetString(PyExc_TypeError, "* wants int");
            return -1;
        }
        *value = is_int ? _PyLong_AsInt(v) : PyLong_AsSsize_t(v);
        ++*f;
        return *value == -1 && PyErr_Occurred() ? -1 : 0;
    }
    for (*value = 0; *f < end && Py_ISDIGIT(**f); ++*f) {
        if (*value > (INT_MAX - (**f - '0')) / 10) {
            PyErr_SetString(PyExc_ValueError, too_big);
            return -1;
        }
        *value = *value * 10 + (**f - '0');
    }
    return 0;
}

/* Returns the place of the conversion, NULL with an exception. */
static const char *parse_spec(Args *a, Spec *s, const char *f, const char *end)
{
    *s = (Spec){ .width = -1, .precision = -1 };
    if (f < end && *f == '(' && !(f = take_key(a, f + 1, end)))
        return NULL;
    for (; f < end; f++) {
        if (*f == '-') s->left = true;
        else if (*f == '+') s->sign = true;
        else if (*f == ' ') s->blank = true;
        else if (*f == '#') s->alternate = true;
        else if (*f == '0') s->zero = true;
        else if (*f == 'z') s->no_minus_zero = true;
        else break;
    }
    if (f < end && (*f == '*' || Py_ISDIGIT(*f))) {
        if (take_number(a, &f, end, &s->width, false, "width too big") < 0)
            return NULL;
        if (s->width < 0) {
            s->left = true;
            s->width = -s->width;
        }
    }
    if (f < end && *f == '.') {
        f++;
        if (take_number(a, &f, end, &s->precision, true, "precision too big") < 0)
            return NULL;
        if (s->precision < 0)
            s->precision = 0;
    }
    if (f < end && (*f == 'h' || *f == 'l' || *f == 'L'))
        f++;
    if (f >= end) {
        PyErr_SetString(PyExc_ValueError, "incomplete format");
        return NULL;
    }
    return f;
}

/* %b: a buffer, or what __bytes__ returns. Owned bytes. */
static PyObject *bytes_of(PyObject *v)
{
    if (PyBytes_Check(v))
        return Py_NewRef(v);
    if (PyByteArray_Check(v))
        return PyBytes_FromStringAndSize(PyByteArray_AS_STRING(v), PyByteArray_GET_SIZE(v));
    PyObject *func = _PyType_Lookup(Py_TYPE(v), ID(__bytes__));
    if (func) {
        PyObject *res = PyObject_CallMethodNoArgs(v, ID(__bytes__));
        if (res && !PyBytes_Check(res)) {
            PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)",
                         Py_TYPE(res)->tp_name);
            Py_CLEAR(res);
        }
        return res;
    }
    if (PyObject_CheckBuffer(v))
        return PyBytes_FromObject(v);
    return PyErr_Format(PyExc_TypeError,
                        "%%b requires a bytes-like object, or an object that implements __bytes__, "
                        "not '%.100s'",
                        Py_TYPE(v)->tp_name);
}

/* The text of an exact int in the number's own words: no precision, no capitals. */
static bool is_plain_int(PyObject *v, const Spec *s, char c)
{
    return PyLong_CheckExact(v) && s->precision < 0
           && (c == 'd' || c == 'i' || c == 'u' || c == 'x' || c == 'o');
}

/* Owned bytes of an integer conversion; __index__ for o x X, int() for the others. */
static PyObject *integer_bytes(PyObject *v, const Spec *s, char c)
{
    PyObject *number = NULL, *text, *res;
    if (PyLong_Check(v))
        number = Py_NewRef(v);
    else if (PyNumber_Check(v)) {
        number = c == 'o' || c == 'x' || c == 'X' ? PyNumber_Index(v) : PyNumber_Long(v);
        if (!number && !PyErr_ExceptionMatches(PyExc_TypeError))
            return NULL;
        PyErr_Clear();
    }
    if (!number)
        return PyErr_Format(PyExc_TypeError,
                            c == 'o' || c == 'x' || c == 'X'
                                ? "%%%c format: an integer is required, not %.200s"
                                : "%%%c format: a real number is required, not %.200s",
                            c, Py_TYPE(v)->tp_name);
    text = _PyUnicode_FormatLong(number, s->alternate, (int)s->precision, c == 'u' ? 'd' : c);
    Py_DECREF(number);
    res = text ? PyUnicode_AsASCIIString(text) : NULL;
    Py_XDECREF(text);
    return res;
}

static PyObject *float_text(PyObject *v, const Spec *s, char c)
{
    double x = PyFloat_AsDouble(v);
    if (x == -1.0 && PyErr_Occurred())
        return PyErr_Format(PyExc_TypeError, "float argument required, not %.200s",
                            Py_TYPE(v)->tp_name);
    char *text = PyOS_double_to_string(x, c, s->precision < 0 ? 6 : (int)s->precision,
                                       (s->alternate ? Py_DTSF_ALT : 0)
                                           | (s->no_minus_zero ? Py_DTSF_NO_NEG_0 : 0),
                                       NULL);
    PyObject *res = text ? PyBytes_FromString(text) : NULL;
    PyMem_Free(text);
    return res;
}

/* %c: a byte, or an int below 256. */
static PyObject *char_bytes(PyObject *v)
{
    int overflow;
    if (PyBytes_Check(v) && PyBytes_GET_SIZE(v) == 1)
        return Py_NewRef(v);
    if (PyByteArray_Check(v) && PyByteArray_GET_SIZE(v) == 1)
        return PyBytes_FromStringAndSize(PyByteArray_AS_STRING(v), 1);
    PyObject *index = PyIndex_Check(v) ? PyNumber_Index(v) : NULL;
    if (!index) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError,
                            "%c requires an integer in range(256) or a single byte");
        return NULL;
    }
    long c = PyLong_AsLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (overflow || c < 0 || c > 255)
        return PyErr_Format(PyExc_OverflowError, "%%c arg not in range(256)");
    char byte = (char)c;
    return PyBytes_FromStringAndSize(&byte, 1);
}

/* The bytes of one conversion; *numeric says that signs and zero fill apply. */
static PyObject *convert(PyObject *v, const Spec *s, char c, bool *numeric, const char *f,
                         const char *format)
{
    *numeric = false;
    switch (c) {
    case 'a':
    case 'r': {
        PyObject *text = PyObject_ASCII(v), *res = text ? PyUnicode_AsASCIIString(text) : NULL;
        Py_XDECREF(text);
        return res;
    }
    case 'b':
    case 's': return bytes_of(v);
    case 'c': return char_bytes(v);
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
        *numeric = true;
        return integer_bytes(v, s, c == 'i' ? 'd' : c);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
        *numeric = true;
        return float_text(v, s, c);
    }
    return PyErr_Format(PyExc_ValueError, "unsupported format character '%c' (0x%x) at index %zd",
                        c, (unsigned char)c, f - format);
}

/* Appends the text with sign, prefix, fill and padding. */
static char *append_padded(_PyBytesWriter *writer, char *out, const char *text, Py_ssize_t n,
                           const Spec *s, bool numeric, char c)
{
    char sign = 0;
    Py_ssize_t prefix = 0, width = s->width < 0 ? 0 : s->width;
    if (numeric && n && (*text == '-' || *text == '+')) {
        sign = *text++;
        n--;
    } else if (numeric) {
        sign = s->sign ? '+' : s->blank ? ' ' : 0;
    }
    if (numeric && s->alternate && (c == 'x' || c == 'X' || c == 'o'))
        prefix = 2;
    Py_ssize_t total = n + (sign != 0), pad = width > total ? width - total : 0;
    bool zero = numeric && s->zero && !s->left;
    out = _PyBytesWriter_Prepare(writer, out, total + pad);
    if (!out)
        return NULL;
    if (!s->left && !zero) {
        memset(out, ' ', (size_t)pad);
        out += pad;
    }
    if (sign)
        *out++ = sign;
    if (zero) {
        memcpy(out, text, (size_t)prefix);
        out += prefix;
        text += prefix;
        n -= prefix;
        memset(out, '0', (size_t)pad);
        out += pad;
    }
    memcpy(out, text, (size_t)n);
    out += n;
    if (s->left) {
        memset(out, ' ', (size_t)pad);
        out += pad;
    }
    return out;
}

/* A conversion right behind '%'. */
static inline bool is_bare_letter(char c)
{
    return Py_ISALPHA(c) && c != 'h' && c != 'l' && c != 'L' && c != 'z';
}

/* Appends such an int. */
static char *append_plain_int(_PyBytesWriter *writer, char *out, PyObject *v, const Spec *s, char c)
{
    IntText text;
    if (int_text(v, c == 'x' ? 16 : c == 'o' ? 8 : 10, s->alternate, &text) < 0)
        return NULL;
    out = append_padded(writer, out, text.text, text.len, s, true, c);
    PyMem_Free(text.owned);
    return out;
}

/* The whole of bytes % args. */
PyObject *bytes_format(const char *format, Py_ssize_t n, PyObject *args, int use_bytearray)
{
    const char *f = format, *end = format + n;
    Args a = {.args = args,
              .single = !PyTuple_Check(args),
              .count = PyTuple_Check(args) ? PyTuple_GET_SIZE(args) : -1};
    _PyBytesWriter writer;
    Spec s;
    if (PyMapping_Check(args) && !PyTuple_Check(args) && !PyBytes_Check(args)
        && !PyUnicode_Check(args) && !PyByteArray_Check(args))
        a.dict = args;
    _PyBytesWriter_Init(&writer);
    writer.overallocate = 1;
    writer.use_bytearray = use_bytearray;
    char *out = _PyBytesWriter_Alloc(&writer, 0);
    while (out && f < end) {
        const char *percent = memchr(f, '%', (size_t)(end - f));
        Py_ssize_t literal = (percent ? percent : end) - f;
        out = _PyBytesWriter_WriteBytes(&writer, out, f, literal);
        f += literal;
        if (!out || f >= end)
            break;
        bool bare = ++f < end && is_bare_letter(*f);
        if (bare)
            s = (Spec){ .width = -1, .precision = -1 };
        else if (!(f = parse_spec(&a, &s, f, end)))
            goto fail;
        char c = *f++;
        if (c == '%' && f[-2] == '%') {
            out = _PyBytesWriter_WriteBytes(&writer, out, "%", 1);
            continue;
        }
        bool numeric;
        PyObject *v = next_arg(&a);
        if (v && bare && (c == 's' || c == 'b') && PyBytes_Check(v)) {
            out = _PyBytesWriter_WriteBytes(&writer, out, PyBytes_AS_STRING(v),
                                            PyBytes_GET_SIZE(v));
            continue;
        }
        if (v && is_plain_int(v, &s, c)) {
            out = append_plain_int(&writer, out, v, &s, c);
            continue;
        }
        PyObject *text = v ? convert(v, &s, c, &numeric, f - 1, format) : NULL;
        if (!text)
            goto fail;
        Py_ssize_t length = PyBytes_GET_SIZE(text);
        if (!numeric && c != 'c' && s.precision >= 0 && length > s.precision)
            length = s.precision;
        out = append_padded(&writer, out, PyBytes_AS_STRING(text), length, &s, numeric, c);
        Py_DECREF(text);
    }
    if (!out)
        goto fail;
    if (!a.dict && (a.single ? a.next == 0 : a.next < a.count)) {
        PyErr_SetString(PyExc_TypeError, "not all arguments converted during bytes formatting");
        goto fail;
    }
    if (a.dict_used)
        Py_DECREF(a.args);
    return _PyBytesWriter_Finish(&writer, out);
fail:
    if (a.dict_used)
        Py_DECREF(a.args);
    _PyBytesWriter_Dealloc(&writer);
    return NULL;
}
