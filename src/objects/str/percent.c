/* SPDX-License-Identifier: MIT
 *
 * format % values.
 *
 *   %[(key)][flags: - + space # 0][width][.precision][h l L] d i o u x X e E f F g G c r s a %
 *
 * The text between directives is copied in stretches; a directive takes its arguments (`*` for
 * width and precision first), makes the text of the value, and lays it out. A format of ASCII with
 * plain directives and a tuple goes a shorter way (Plain formats). A tuple is the list of
 * arguments, any other value is the only one; a mapping serves %(key), and need not be used up.
 */
#include "objects/int/int.h"
#include "str_impl.h"

/* the flags, in the order of flag_of */
enum { F_LJUST = 1, F_SIGN = 2, F_BLANK = 4, F_ALT = 8, F_ZERO = 16 };

/* One formatting at work. */
typedef struct {
    PyObject *format;          /* BORROWED */
    int kind;                  /* its run */
    const void *data;
    Py_ssize_t at, left;       /* next character; how many are left */
    _PyUnicodeWriter w; /* the result so far */
    PyObject *args;            /* tuple or single value */
    bool owns_args; /* args was replaced by a value of our own */
    PyObject *dict;            /* borrowed mapping, or NULL */
    Py_ssize_t n_args, arg;    /* n_args is -1 for a single value; arg -2 while it is unused */
} Percent;

/* What stands between '%' and the conversion. */
typedef struct {
    Py_UCS4 conversion;        /* the last character */
    int flags;                 /* F_… */
    Py_ssize_t width;          /* -1: none */
    int precision;             /* -1: none */
    Py_UCS4 sign; /* to be written in front of a number, 0: none */
} Directive;

/* BORROWED; TypeError when there are no more. */
static PyObject *next_arg(Percent *x)
{
    if (x->arg < x->n_args) {
        x->arg++;
        return x->n_args < 0 ? x->args : PyTuple_GetItem(x->args, x->arg - 1);
    }
    PyErr_SetString(PyExc_TypeError, "not enough arguments for format string");
    return NULL;
}

static int fail_value(const char *message)
{
    PyErr_SetString(PyExc_ValueError, message);
    return -1;
}

/* Next character into *c; -1 with "incomplete format" at the end. */
static int next_char(Percent *x, Py_UCS4 *c)
{
    if (--x->left < 0)
        return fail_value("incomplete format");
    *c = READ(x->kind, x->data, x->at++);
    return 0;
}

/* -- Parsing a directive --------------------------------------------------------------------- */

/* "(key)", parentheses nest. The value becomes the only argument. */
static int parse_key(Percent *x)
{
    Py_ssize_t depth = 1, start;
    if (!x->dict) {
        PyErr_SetString(PyExc_TypeError, "format requires a mapping");
        return -1;
    }
    for (start = x->at; depth > 0;) {
        if (--x->left < 0)
            return fail_value("incomplete format key");
        Py_UCS4 c = READ(x->kind, x->data, x->at++);
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    PyObject *key = str_slice(x->format, start, x->at - 1);
    PyObject *value = key ? PyObject_GetItem(x->dict, key) : NULL;
    Py_XDECREF(key);
    if (!value)
        return -1;
    if (x->owns_args)
        Py_DECREF(x->args);
    x->args = value;
    x->owns_args = true;
    x->n_args = -1;
    x->arg = -2;
    return 0;
}

/* Width or precision from an argument; a negative width means left. */
static int parse_star(Percent *x, bool is_width, Directive *d)
{
    PyObject *v = next_arg(x);
    if (!v)
        return -1;
    if (!PyLong_Check(v)) {
        PyErr_SetString(PyExc_TypeError, "* wants int");
        return -1;
    }
    if (is_width) {
        d->width = PyLong_AsSsize_t(v);
        if (d->width == -1 && PyErr_Occurred())
            return -1;
        if (d->width < 0) {
            d->flags |= F_LJUST;
            d->width = -d->width;
        }
        return 0;
    }
    d->precision = _PyLong_AsInt(v);
    if (d->precision == -1 && PyErr_Occurred())
        return -1;
    d->precision = Py_MAX(d->precision, 0);
    return 0;
}

/* Digits beginning with *c, up to max; *c becomes the character behind them. */
static int parse_digits(Percent *x, Py_UCS4 *c, Py_ssize_t max, const char *message,
                        Py_ssize_t *out)
{
    *out = 0;
    while (*c >= '0' && *c <= '9') {
        if (*out > (max - (Py_ssize_t)(*c - '0')) / 10)
            return fail_value(message);
        *out = *out * 10 + (*c - '0');
        if (next_char(x, c) < 0)
            return -1;
    }
    return 0;
}

static int flag_of(Py_UCS4 c)
{
    return c == '-'   ? F_LJUST
           : c == '+' ? F_SIGN
           : c == ' ' ? F_BLANK
           : c == '#' ? F_ALT
           : c == '0' ? F_ZERO
                      : 0;
}

/* From behind '%' to the conversion. */
static int parse_directive(Percent *x, Directive *d)
{
    Py_UCS4 c;
    *d = (Directive){ .width = -1, .precision = -1 };
    if (next_char(x, &c) < 0)
        return -1;
    if (c == '(' && (parse_key(x) < 0 || next_char(x, &c) < 0))
        return -1;
    for (int flag; (flag = flag_of(c)); d->flags |= flag)
        if (next_char(x, &c) < 0) {
            return -1;
        }
    if (c == '*') {
        if (parse_star(x, true, d) < 0 || next_char(x, &c) < 0)
            return -1;
    } else if (c >= '0' && c <= '9'
               && parse_digits(x, &c, PY_SSIZE_T_MAX, "width too big", &d->width) < 0)
        return -1;
    if (c == '.') {
        d->precision = 0;
        if (next_char(x, &c) < 0)
            return -1;
        if (c == '*') {
            if (parse_star(x, false, d) < 0 || next_char(x, &c) < 0)
                return -1;
        }
        else {
            Py_ssize_t precision;
            if (parse_digits(x, &c, INT_MAX, "precision too big", &precision) < 0)
                return -1;
            d->precision = (int)precision;
        }
    }
    if ((c == 'h' || c == 'l' || c == 'L') && next_char(x, &c) < 0)
        return -1;
    d->conversion = c;
    return 0;
}

/* -- Numbers --------------------------------------------------------------------------------- */

/* Text of an int in the way of printf: '#' prefixes, precision fills with zeros. */
PyObject *_PyUnicode_FormatLong(PyObject *value, int alt, int prec, int type)
{
    if (prec > INT_MAX - 3) {
        PyErr_SetString(PyExc_OverflowError, "precision too large");
        return NULL;
    }
    int base = type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    PyObject *text = base == 10 ? Py_TYPE(value)->tp_str(value) : _PyLong_Format(value, base);
    if (!text)
        return NULL;
    if (base == 10 && !PyLong_CheckExact(value)) { /* a subclass may print itself in its own way */
        Py_DECREF(text);
        text = _PyLong_Format(value, 10);
        if (!text)
            return NULL;
    }
    const char *p = (const char *)PyUnicode_1BYTE_DATA(text);
    Py_ssize_t n = str_len(text);
    bool negative = *p == '-';
    const char *digits = p + negative + (base == 10 ? 0 : 2);
    Py_ssize_t n_digits = p + n - digits;
    Py_ssize_t zeros = Py_MAX(prec - n_digits, 0);
    bool prefix = alt && base != 10;
    if (zeros == 0 && type != 'X' && (prefix || base == 10))
        return text;
    char *out;
    PyObject *r = str_alloc_ascii(negative + 2 * prefix + zeros + n_digits, &out);
    if (r) {
        if (negative)
            *out++ = '-';
        if (prefix) {
            *out++ = '0';
            *out++ = type == 'X' ? 'X' : type == 'x' ? 'x' : 'o';
        }
        memset(out, '0', zeros);
        for (Py_ssize_t i = 0; i < n_digits; i++)
            out[zeros + i] = type == 'X' ? (char)Py_TOUPPER(digits[i]) : digits[i];
    }
    Py_DECREF(text);
    return r && str_len(r) == 1 ? str_share_short_steal(r) : r;
}

/* Digits with sign and prefix, precision included; width is for write_directive. */
static PyObject *integer_text(PyObject *v, const Directive *d)
{
    Py_UCS4 type = d->conversion == 'i' || d->conversion == 'u' ? 'd' : d->conversion;
    bool hex = type == 'x' || type == 'X' || type == 'o';
    PyObject *i = NULL;
    if (PyLong_Check(v))
        i = Py_NewRef(v);
    else if (PyNumber_Check(v))
        i = hex ? PyNumber_Index(v) : PyNumber_Long(v);
    if (!i) {
        if (!PyErr_Occurred() || PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Clear();
            PyErr_Format(PyExc_TypeError,
                         hex ? "%%%c format: an integer is required, not %.200s"
                             : "%%%c format: a real number is required, not %.200s",
                         (int)d->conversion, Py_TYPE(v)->tp_name);
        }
        return NULL;
    }
    PyObject *r = _PyUnicode_FormatLong(i, d->flags & F_ALT, d->precision, (int)type);
    Py_DECREF(i);
    return r;
}

static PyObject *float_text(PyObject *v, const Directive *d)
{
    double f = PyFloat_AsDouble(v);
    if (f == -1.0 && PyErr_Occurred())
        return NULL;
    char *buf = PyOS_double_to_string(f, (char)d->conversion, d->precision < 0 ? 6 : d->precision,
                                      d->flags & F_ALT ? Py_DTSF_ALT : 0, NULL);
    if (!buf)
        return NULL;
    PyObject *r = _PyUnicode_FromASCII(buf, (Py_ssize_t)strlen(buf));
    PyMem_Free(buf);
    return r;
}

static PyObject *char_text(PyObject *v)
{
    if (PyUnicode_Check(v)) {
        if (PyUnicode_READY(v) == 0 && str_len(v) == 1)
            return str_from_char(str_get(v, 0));
        PyErr_SetString(PyExc_TypeError, "%c requires int or char");
        return NULL;
    }
    PyObject *i = PyNumber_Index(v);
    if (!i) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_SetString(PyExc_TypeError, "%c requires int or char");
        return NULL;
    }
    long c = PyLong_AsLong(i);
    Py_DECREF(i);
    if (c == -1 && PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_OverflowError))
        return NULL;
    if (c < 0 || c > MAX_UNICODE) {
        PyErr_Clear();
        PyErr_SetString(PyExc_OverflowError, "%c arg not in range(0x110000)");
        return NULL;
    }
    return str_from_char((Py_UCS4)c);
}

/* -- Writing --------------------------------------------------------------------------------- */

static bool is_in(Py_UCS4 c, const char *set) { return c && c < 128 && strchr(set, (int)c); }

/* Owned text of the value, not padded. ValueError for an unknown conversion. */
static PyObject *value_text(Percent *x, PyObject *v, const Directive *d)
{
    switch (d->conversion) {
    case 's': return PyObject_Str(v);
    case 'r': return PyObject_Repr(v);
    case 'a': return PyObject_ASCII(v);
    case 'c': return char_text(v);
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': return integer_text(v, d);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': return float_text(v, d);
    default:
        PyErr_Format(PyExc_ValueError, "unsupported format character '%c' (0x%x) at index %zd",
                     d->conversion > 31 && d->conversion <= 126 ? (int)d->conversion : '?',
                     (int)d->conversion, x->at - 1);
        return NULL;
    }
}

/* [left][sign][prefix][zeros][text][right]; text already cut to n characters. */
static int write_padded(Percent *x, PyObject *text, Py_ssize_t n, Directive *d)
{
    bool number = is_in(d->conversion, "diuoxXeEfFgG");
    Py_ssize_t from = 0, prefix = 0;
    Py_UCS4 sign = 0;
    if (number) {
        Py_UCS4 c = str_get(text, 0);
        if (c == '-' || c == '+') {
            sign = c;
            from = 1;
        }
        else
            sign = d->flags & F_SIGN ? '+' : d->flags & F_BLANK ? ' ' : 0;
        if (d->flags & F_ALT && is_in(d->conversion, "xXo"))
            prefix = 2;
    }
    Py_ssize_t len = n - from + (sign != 0), padding = Py_MAX(d->width - len, 0);
    bool zeros = number && (d->flags & F_ZERO), ljust = d->flags & F_LJUST;
    if (!ljust && !zeros && writer_fill(&x->w, ' ', padding) < 0)
        return -1;
    if (sign && writer_char(&x->w, sign) < 0)
        return -1;
    if (prefix && _PyUnicodeWriter_WriteSubstring(&x->w, text, from, from + prefix) < 0)
        return -1;
    if (!ljust && zeros && writer_fill(&x->w, '0', padding) < 0)
        return -1;
    if (_PyUnicodeWriter_WriteSubstring(&x->w, text, from + prefix, n) < 0)
        return -1;
    return ljust ? writer_fill(&x->w, ' ', padding) : 0;
}

/* One directive with its value; padding goes between sign and digits for '0'. */
static int write_directive(Percent *x)
{
    Directive d;
    if (parse_directive(x, &d) < 0)
        return -1;
    if (d.conversion == '%' && d.flags == 0 && d.width == -1 && d.precision == -1
        && READ(x->kind, x->data, x->at - 2) == '%')
        return writer_char(&x->w, '%');
    PyObject *v = next_arg(x);
    if (!v)
        return -1;
    if (x->left == 0)
        x->w.overallocate = 0;
    PyObject *text = value_text(x, v, &d);
    if (!text)
        return -1;
    Py_ssize_t n = str_len(text);
    if (d.precision >= 0 && is_in(d.conversion, "sra"))
        n = Py_MIN(n, d.precision);
    int r;
    if (d.width == -1 && !(d.flags & (F_SIGN | F_BLANK)))
        r = _PyUnicodeWriter_WriteSubstring(&x->w, text, 0, n);
    else
        r = write_padded(x, text, n, &d);
    Py_DECREF(text);
    return r;
}

/* The last stretch of text needs no room behind it. */
static int write_all(Percent *x)
{
    while (x->left > 0) {
        Py_ssize_t hop = run_find_char(x->kind, run_at(x->kind, x->data, x->at), x->left, '%');
        Py_ssize_t plain = hop < 0 ? x->left : hop;
        if (plain) {
            if (hop < 0)
                x->w.overallocate = 0;
            if (_PyUnicodeWriter_WriteSubstring(&x->w, x->format, x->at, x->at + plain) < 0)
                return -1;
            x->at += plain;
            x->left -= plain;
            continue;
        }
        x->at++;
        x->left--;
        if (write_directive(x) < 0)
            return -1;
    }
    if (x->arg < x->n_args && !x->dict) {
        PyErr_SetString(PyExc_TypeError, "not all arguments converted during string formatting");
        return -1;
    }
    return 0;
}

/* -- Plain formats --------------------------------------------------------------------------- */

/* A directive of a plain format, and the text of its value. */
typedef struct {
    bool left, zero;      /* the flags - and 0 */
    Py_ssize_t width;     /* 0: none */
    int precision;        /* -1: none */
    char conversion;
    const char *text;     /* ASCII, n characters, not padded */
    Py_ssize_t n;
    char *owned;          /* for PyMem_Free, or NULL */
    IntText number;
    char quoted[64];
} Plain;

/* From behind '%'; the end, or NULL when it says more than a plain one. */
static const char *parse_plain(const char *p, const char *end, Plain *d)
{
    d->left = d->zero = false;
    d->width = 0;
    d->precision = -1;
    for (; p < end && (*p == '-' || *p == '0'); p++) {
        d->left = d->left || *p == '-';
        d->zero = d->zero || *p == '0';
    }
    for (; p < end && *p >= '0' && *p <= '9' && d->width < 1000; p++)
        d->width = d->width * 10 + (*p - '0');
    if (p < end && *p == '.') {
        d->precision = 0;
        for (p++; p < end && *p >= '0' && *p <= '9' && d->precision < 1000; p++)
            d->precision = d->precision * 10 + (*p - '0');
    }
    if (p == end)
        return NULL;
    d->conversion = *p;
    return p + 1;
}

/* The repr of a short str without anything to escape. */
static bool plain_quoted(PyObject *v, Plain *d)
{
    const char *text = str_data(v);
    Py_ssize_t n = str_len(v);
    if (n > (Py_ssize_t)sizeof(d->quoted) - 2)
        return false;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (text[i] < ' ' || text[i] == '\'' || text[i] == '\\' || text[i] == 0x7f)
            return false;
        d->quoted[1 + i] = text[i];
    }
    d->quoted[0] = d->quoted[n + 1] = '\'';
    d->text = d->quoted;
    d->n = n + 2;
    return true;
}

static bool plain_float(double f, char conversion, int precision, Plain *d)
{
    int flags = conversion == 'r' ? Py_DTSF_ADD_DOT_0 : 0;
    d->owned = NULL;
    if (isfinite(f) || !d->zero)
        d->owned = PyOS_double_to_string(f, conversion, precision, flags, NULL);
    d->text = d->owned;
    d->n = d->owned ? (Py_ssize_t)strlen(d->owned) : 0;
    return d->owned != NULL;
}

/* The text of v; false, maybe with MemoryError, when that needs more. Looks at exact types only:
   no foreign code runs. */
static bool plain_text(PyObject *v, Plain *d)
{
    int base = 10;
    d->owned = NULL;
    switch (d->conversion) {
    case 'x': case 'X':
        base = 16;
        break;
    case 'o':
        base = 8;
        break;
    case 'd': case 'i':
        break;
    case 'e': case 'f': case 'g':
        if (PyFloat_CheckExact(v))
            return plain_float(PyFloat_AS_DOUBLE(v), d->conversion,
                               d->precision < 0 ? 6 : d->precision, d);
        return PyLong_CheckExact(v) && int_is_compact(v)
               && plain_float((double)int_compact(v), d->conversion,
                              d->precision < 0 ? 6 : d->precision, d);
    case 's': case 'r':
        d->zero = false;
        if (PyUnicode_CheckExact(v) && PyUnicode_IS_COMPACT_ASCII(v)) {
            d->text = str_data(v);
            d->n = str_len(v);
            if (d->conversion == 'r' && !plain_quoted(v, d))
                return false;
        } else if (PyFloat_CheckExact(v)) {
            if (!plain_float(PyFloat_AS_DOUBLE(v), 'r', 0, d))
                return false;
        } else if (v == Py_None) {
            d->text = "None";
            d->n = 4;
        } else {
            break;
        }
        if (d->precision >= 0)
            d->n = Py_MIN(d->n, d->precision);
        return true;
    default:
        return false;
    }
    if (!PyLong_CheckExact(v) || Py_ABS(Py_SIZE(v)) > 2 || d->precision >= 0
        || int_text(v, base, false, &d->number) < 0)
        return false;
    d->text = d->number.text;
    d->n = d->number.len;
    if (d->conversion == 'X')
        for (Py_ssize_t i = 0; i < d->n; i++)
            d->number.text[i] = Py_TOUPPER(d->number.text[i]);
    return true;
}

/* A value padded to its width; the end, or NULL when there is no room, or when zeros would go
   behind a sign. */
static char *put_padded(const Plain *d, char *out, const char *room)
{
    Py_ssize_t padding = d->width > d->n ? d->width - d->n : 0;
    if (room - out < d->n + padding || (d->zero && (d->left || *d->text == '-') && padding))
        return NULL;
    if (!d->left) {
        memset(out, d->zero ? '0' : ' ', (size_t)padding);
        out += padding;
    }
    memcpy(out, d->text, (size_t)d->n);
    out += d->n;
    if (d->left) {
        memset(out, ' ', (size_t)padding);
        out += padding;
    }
    return out;
}

/* One directive of a plain format at *at (behind its '%'). Its text goes to out; returns the end,
   or NULL when something else is needed. */
static char *put_plain(const char **at, const char *end, PyObject *v, char *out, const char *room)
{
    Plain d;
    const char *after = parse_plain(*at, end, &d);
    if (!after || !plain_text(v, &d))
        return NULL;
    out = put_padded(&d, out, room);
    if (d.owned)
        PyMem_Free(d.owned);
    *at = after;
    return out;
}

/* ASCII formats with nothing but plain directives, whose result is short; NULL without an
   exception: not of that sort. Runs no foreign code, so the general way can start over. */
static PyObject *format_plain(PyObject *format, PyObject *const *args, Py_ssize_t n)
{
    char buf[256], *out = buf, *const room = buf + sizeof(buf);
    const char *at = str_data(format), *end = at + str_len(format), *after_first = NULL;
    PyObject *first = NULL; /* argument of a directive that begins the result */
    /* without arguments the result may be the format itself */
    if (end - at > (Py_ssize_t)sizeof(buf) || n == 0)
        return NULL;
    while (at < end) {
        if (*at != '%' || (end - at > 1 && at[1] == '%')) {
            if (out == room)
                return NULL;
            *out++ = *at;
            at += *at == '%' ? 2 : 1;
            continue;
        }
        if (n-- == 0)
            return NULL;
        first = out == buf ? *args : NULL;
        at++;
        if (!(out = put_plain(&at, end, *args++, out, room)))
            return NULL;
        after_first = at;
    }
    if (n != 0)
        return NULL;
    /* One directive that adds nothing: the argument itself. */
    if (first && PyUnicode_CheckExact(first) && str_len(first) == out - buf && at == after_first)
        return Py_NewRef(first);
    return _PyUnicode_FromASCII(buf, out - buf);
}

/* TypeError when arguments are left over, unless a mapping was used. */
PyObject *PyUnicode_Format(PyObject *format, PyObject *args)
{
    if (!format || !args) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (str_ensure(format) < 0)
        return NULL;
    if (PyUnicode_IS_COMPACT_ASCII(format)) {
        PyObject *plain = PyTuple_Check(args)
                              ? format_plain(format, ((PyTupleObject *)args)->ob_item,
                                             PyTuple_GET_SIZE(args))
                          : PyLong_CheckExact(args) || PyUnicode_CheckExact(args)
                                    || PyFloat_CheckExact(args) || args == Py_None
                              ? format_plain(format, &args, 1)
                              : NULL;
        if (plain || PyErr_Occurred())
            return plain;
    }
    Percent x = {.format = format,
                 .kind = str_kind(format),
                 .data = str_data(format),
                 .left = str_len(format),
                 .args = args};
    if (PyTuple_Check(args))
        x.n_args = PyTuple_GET_SIZE(args);
    else {
        x.n_args = -1;
        x.arg = -2;
    }
    if (PyMapping_Check(args) && !PyTuple_Check(args) && !PyUnicode_Check(args))
        x.dict = args;
    _PyUnicodeWriter_Init(&x.w);
    x.w.min_length = x.left + 100;
    x.w.overallocate = 1;
    int r = write_all(&x);
    if (x.owns_args)
        Py_DECREF(x.args);
    if (r < 0) {
        _PyUnicodeWriter_Dealloc(&x.w);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&x.w);
}

PyObject *str_mod(PyObject *format, PyObject *args)
{
    return PyUnicode_Format(format, args);
}
