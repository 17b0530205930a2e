/* SPDX-License-Identifier: MIT
 *
 * The format specification of str, int, float and complex (PEP 3101 and its sequels):
 *
 *   [[fill]align][sign][z][#][0][width][grouping][.precision][type]
 *
 * A number is laid out as  left padding | sign | prefix | inner padding | digits, grouped | point |
 * rest | right padding. The functions write to a _PyUnicodeWriter and raise with 3.11's messages.
 */
#include "str_impl.h"
#include "base/fileutils.h"
#include "objects/int/int.h"
#include <float.h>
#include <limits.h>

/* A specification, parsed. */
typedef struct {
    Py_UCS4 fill;              /* character for padding */
    Py_UCS4 align;             /* '<' '>' '^', or '=': padding behind the sign */
    Py_UCS4 type;              /* presentation, 0: none given */
    Py_UCS4 sign;              /* 0, '+', '-', ' ' */
    bool alternate, no_neg_0;  /* '#', 'z' */
    Py_ssize_t width, precision;   /* -1: not given */
    Py_UCS4 grouping;          /* 0, ',' or '_' */
} Spec;

/* -- Parsing --------------------------------------------------------------------------------- */

/* A walk over the text of the specification. */
typedef struct {
    int kind;            /* of the run */
    const void *data;
    Py_ssize_t pos, end; /* next character; where the specification ends */
} Reader;

static inline Py_UCS4 peek(const Reader *r, Py_ssize_t ahead)
{
    return r->pos + ahead < r->end ? READ(r->kind, r->data, r->pos + ahead) : 0;
}

static inline bool left(const Reader *r, Py_ssize_t n) { return r->end - r->pos >= n; }
static inline bool is_align(Py_UCS4 c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

static inline bool take(Reader *r, Py_UCS4 c)
{
    if (r->pos >= r->end || READ(r->kind, r->data, r->pos) != c)
        return false;
    r->pos++;
    return true;
}

/* Decimal digits of any script: how many there were, -1 on overflow. */
static int take_integer(Reader *r, Py_ssize_t *out)
{
    int n = 0;
    *out = 0;
    for (; r->pos < r->end; r->pos++, n++) {
        int digit = decimal_digit(READ(r->kind, r->data, r->pos));
        if (digit < 0)
            break;
        if (*out > (PY_SSIZE_T_MAX - digit) / 10) {
            PyErr_SetString(PyExc_ValueError, "Too many decimal digits in format string");
            return -1;
        }
        *out = *out * 10 + digit;
    }
    return n;
}

static int bad_both(void)
{
    PyErr_SetString(PyExc_ValueError, "Cannot specify both ',' and '_'.");
    return -1;
}

/* Which types take ',' and '_'. */
static int check_grouping(const Spec *s)
{
    if (!s->grouping || (s->type < 128 && (s->type == 0 || strchr("defgEG%F", (int)s->type))) ||
        (s->grouping == '_' && s->type < 128 && strchr("boxX", (int)s->type)))
        return 0;
    if (s->type > 32 && s->type < 128)
        PyErr_Format(PyExc_ValueError, "Cannot specify '%c' with '%c'.", (int)s->grouping,
                     (int)s->type);
    else
        PyErr_Format(PyExc_ValueError, "Cannot specify '%c' with '\\x%x'.", (int)s->grouping,
                     (unsigned)s->type);
    return -1;
}

/* Whether options fit the type is for the type's writer to say. */
static int parse_spec(PyObject *spec, Py_ssize_t start, Py_ssize_t end, PyObject *obj, Spec *s,
                      Py_UCS4 default_type, Py_UCS4 default_align)
{
    Reader r = { str_kind(spec), str_data(spec), start, end };
    bool fill_given = false, align_given = false;
    int n;
    *s = (Spec){
        .fill = ' ', .align = default_align, .type = default_type, .width = -1, .precision = -1};
    if (left(&r, 2) && is_align(peek(&r, 1))) {
        s->align = peek(&r, 1);
        s->fill = peek(&r, 0);
        fill_given = align_given = true;
        r.pos += 2;
    }
    else if (left(&r, 1) && is_align(peek(&r, 0))) {
        s->align = peek(&r, 0);
        align_given = true;
        r.pos++;
    }
    if (left(&r, 1) && (peek(&r, 0) == ' ' || peek(&r, 0) == '+' || peek(&r, 0) == '-'))
        s->sign = READ(r.kind, r.data, r.pos++);
    s->no_neg_0 = take(&r, 'z');
    s->alternate = take(&r, '#');
    if (!fill_given && take(&r, '0')) {
        s->fill = '0';
        if (!align_given && default_align == '>')
            s->align = '=';
    }
    if ((n = take_integer(&r, &s->width)) < 0)
        return -1;
    if (n == 0)
        s->width = -1;
    if (take(&r, ','))
        s->grouping = ',';
    if (take(&r, '_')) {
        if (s->grouping)
            return bad_both();
        s->grouping = '_';
    }
    if (s->grouping == '_' && left(&r, 1) && peek(&r, 0) == ',')
        return bad_both();
    if (take(&r, '.')) {
        if ((n = take_integer(&r, &s->precision)) < 0)
            return -1;
        if (n == 0) {
            PyErr_SetString(PyExc_ValueError, "Format specifier missing precision");
            return -1;
        }
    }
    if (left(&r, 2)) {
        PyObject *text = PyUnicode_Substring(spec, start, end);
        if (text)
            PyErr_Format(PyExc_ValueError,
                         "Invalid format specifier '%U' for object of type '%.200s'", text,
                         Py_TYPE(obj)->tp_name);
        Py_XDECREF(text);
        return -1;
    }
    if (left(&r, 1))
        s->type = READ(r.kind, r.data, r.pos);
    return check_grouping(s);
}

/* -1 with ValueError, as all that follow. */
static int unknown_type(Py_UCS4 type, PyObject *obj)
{
    if (type > 32 && type < 128)
        PyErr_Format(PyExc_ValueError, "Unknown format code '%c' for object of type '%.200s'",
                     (int)type, Py_TYPE(obj)->tp_name);
    else
        PyErr_Format(PyExc_ValueError, "Unknown format code '\\x%x' for object of type '%.200s'",
                     (unsigned)type, Py_TYPE(obj)->tp_name);
    return -1;
}

static int refuse(const char *message)
{
    PyErr_SetString(PyExc_ValueError, message);
    return -1;
}

/* -- Grouping -------------------------------------------------------------------------------- */

/* Separators are counted from the right, but text is written from the left: the first pass
   counts, the second fills backwards. */

/* What a number's parts are set off with: the C locale's for type 'n', else fixed. */
typedef struct {
    PyObject *point, *separator;   /* strong */
    const char *groups;            /* sizes from the right, as in struct lconv */
    char *own_groups;              /* copy to free, or NULL */
} Locale;

static void locale_clear(Locale *l)
{
    Py_CLEAR(l->point);
    Py_CLEAR(l->separator);
    PyMem_Free(l->own_groups);
}

/* Owned fields; -1 when the locale's text cannot be decoded. */
static int locale_get(Locale *l, const Spec *s)
{
    l->own_groups = NULL;
    l->point = l->separator = NULL;
    if (s->type == 'n') {
        struct lconv *lc = localeconv();
        if (_Py_GetLocaleconvNumeric(lc, &l->point, &l->separator) < 0)
            return -1;
        l->own_groups = _PyMem_Strdup(lc->grouping);
        l->groups = l->own_groups;
        return l->own_groups ? 0 : (PyErr_NoMemory(), -1);
    }
    l->point = str_latin1_get('.');
    l->separator = s->grouping ? str_latin1_get((unsigned char)s->grouping) : str_empty_get();
    l->groups = !s->grouping                                               ? ""
                : s->type && s->type < 128 && strchr("boxX", (int)s->type) ? "\4"
                                                                           : "\3";
    return 0;
}

/* Walks the groups from the right: the size of the next one, 0 when the rest is one group. */
static Py_ssize_t next_group(const char **p, Py_ssize_t *previous)
{
    if (**p == 0)
        return *previous;
    if (**p == CHAR_MAX)
        return 0;
    return *previous = *(*p)++;
}

/* Fills backwards; with no writer it only counts. */
typedef struct {
    _PyUnicodeWriter *w; /* NULL: only count */
    Py_ssize_t at;             /* end of what is still to fill */
    Py_ssize_t count; /* characters filled, or to be filled */
    int kind;                  /* of the digits */
    const void *digits;
    Py_ssize_t digit;          /* digits before this one are still to come */
} GroupFill;

static void fill_group(GroupFill *f, Py_ssize_t zeros, Py_ssize_t chars, PyObject *separator)
{
    Py_ssize_t sep = separator ? str_len(separator) : 0;
    f->count += zeros + chars + sep;
    if (!f->w)
        return;
    int kind = f->w->kind;
    if (sep) {
        f->at -= sep;
        run_copy(kind, run_at(kind, f->w->data, f->at), str_kind(separator), str_data(separator),
                 sep);
    }
    f->at -= chars;
    f->digit -= chars;
    run_copy(kind, run_at(kind, f->w->data, f->at), f->kind, run_at(f->kind, f->digits, f->digit),
             chars);
    f->at -= zeros;
    run_fill(kind, run_at(kind, f->w->data, f->at), '0', zeros);
}

/* Writes (or, without a writer, counts) `remaining` digits with separators and leading zeros up to
   min_width. f knows writer, place and digits. *maxchar, if given, grows to hold the separator. */
static Py_ssize_t insert_grouping(GroupFill *f, Py_ssize_t remaining, Py_ssize_t min_width,
                                  const char *grouping, PyObject *thousands_sep, Py_UCS4 *maxchar)
{
    Py_ssize_t previous = 0, size;
    PyObject *separator = NULL;
    while ((size = next_group(&grouping, &previous)) > 0) {
        size = Py_MIN(size, Py_MAX(Py_MAX(remaining, min_width), 1));
        Py_ssize_t chars = Py_MAX(0, Py_MIN(remaining, size));
        fill_group(f, Py_MAX(0, size - remaining), chars, separator);
        if (separator && maxchar)
            *maxchar = Py_MAX(*maxchar, str_max_class(thousands_sep));
        separator = thousands_sep;
        remaining -= chars;
        min_width -= size;
        if (remaining <= 0 && min_width <= 0)
            return f->count;
        min_width -= str_len(thousands_sep);
    }
    size = Py_MAX(Py_MAX(remaining, min_width), 1);
    fill_group(f, Py_MAX(0, size - remaining), Py_MAX(0, Py_MIN(remaining, size)), separator);
    if (separator && maxchar)
        *maxchar = Py_MAX(*maxchar, str_max_class(thousands_sep));
    return f->count;
}

/* The same for digits[d_pos : d_pos + n_digits]. Does not advance the writer. */
Py_ssize_t _PyUnicode_InsertThousandsGrouping(_PyUnicodeWriter *writer, Py_ssize_t n_buffer,
                                              PyObject *digits, Py_ssize_t d_pos,
                                              Py_ssize_t n_digits, Py_ssize_t min_width,
                                              const char *grouping, PyObject *thousands_sep,
                                              Py_UCS4 *maxchar)
{
    GroupFill f = {.w = writer,
                   .kind = str_kind(digits),
                   .digits = str_data(digits),
                   .digit = d_pos + n_digits};
    if (writer)
        f.at = writer->pos + n_buffer;
    return insert_grouping(&f, n_digits, min_width, grouping, thousands_sep, maxchar);
}

/* -- Laying out a number --------------------------------------------------------------------- */

/* All numbers take one way: the type's writer makes plain ASCII text and says where its parts
   are, measure_number sums up, the writer gets exactly that room, put_number fills it. */

/* A number as ASCII text: text[prefix_at ..] = prefix, digits, then '.' if point, then rest. */
typedef struct {
    const char *text;          /* borrowed */
    bool negative, point;      /* it has a minus sign, a decimal point */
    Py_ssize_t prefix_at, n_prefix; /* 0x and the like */
    Py_ssize_t digits_at, n_digits; /* the part that grouping applies to */
    Py_ssize_t rest_at, n_rest;     /* fraction and exponent */
    bool upper;                /* prefix in upper case */
    /* computed by measure_number */
    Py_UCS4 sign;              /* to be written, 0: none */
    Py_ssize_t n_left, n_inner, n_right; /* padding: before, behind the sign, at the end */
    Py_ssize_t n_grouped, min_width;     /* digits with separators and leading zeros */
    Py_ssize_t total;          /* characters in all */
    Py_UCS4 max;               /* bound of the largest of them */
} Number;

/* First everything but padding, then what the width leaves for it. */
static void measure_number(Number *x, const Spec *s, const Locale *l)
{
    x->sign = x->negative ? '-' : s->sign == '+' ? '+' : s->sign == ' ' ? ' ' : 0;
    Py_ssize_t fixed = x->n_prefix + (x->point ? str_len(l->point) : 0) + x->n_rest
                       + (x->sign != 0);
    x->max = 127;
    if (x->point)
        x->max = Py_MAX(x->max, str_max_class(l->point));
    x->min_width = s->fill == '0' && s->align == '=' ? s->width - fixed : 0;
    if (x->n_digits == 0)
        x->n_grouped = 0;
    else if (l->groups[0] == 0)
        x->n_grouped = Py_MAX(x->n_digits, x->min_width);
    else {
        GroupFill count = { 0 };
        x->n_grouped = insert_grouping(&count, x->n_digits, x->min_width, l->groups, l->separator,
                                       &x->max);
    }
    x->n_left = x->n_inner = x->n_right = 0;
    Py_ssize_t padding = s->width - fixed - x->n_grouped;
    if (padding > 0) {
        if (s->align == '<')
            x->n_right = padding;
        else if (s->align == '^') {
            x->n_left = padding / 2;
            x->n_right = padding - x->n_left;
        }
        else if (s->align == '=')
            x->n_inner = padding;
        else
            x->n_left = padding;
        x->max = Py_MAX(x->max, s->fill);
    }
    x->total = fixed + x->n_grouped + Py_MAX(padding, 0);
}

static void put_run(_PyUnicodeWriter *w, PyObject *from, Py_ssize_t n)
{
    run_copy(w->kind, run_at(w->kind, w->data, w->pos), str_kind(from), str_data(from), n);
    w->pos += n;
}

static void put_ascii(_PyUnicodeWriter *w, const char *from, Py_ssize_t n)
{
    run_copy(w->kind, run_at(w->kind, w->data, w->pos), 1, from, n);
    w->pos += n;
}

static void put_fill(_PyUnicodeWriter *w, Py_UCS4 c, Py_ssize_t n)
{
    run_fill(w->kind, run_at(w->kind, w->data, w->pos), c, n);
    w->pos += n;
}

static void put_digits(_PyUnicodeWriter *w, const Number *x, const Locale *l)
{
    const char *digits = x->text + x->digits_at;
    Py_ssize_t start = w->pos;
    if (l->groups[0] == 0) {
        put_fill(w, '0', x->n_grouped - x->n_digits);
        put_ascii(w, digits, x->n_digits);
    }
    else {
        GroupFill f = {
            .w = w, .at = start + x->n_grouped, .kind = 1, .digits = digits, .digit = x->n_digits};
        insert_grouping(&f, x->n_digits, x->min_width, l->groups, l->separator, NULL);
        w->pos += x->n_grouped;
    }
    if (x->upper)
        for (Py_ssize_t i = start; i < w->pos; i++)
            WRITE(w->kind, w->data, i, (Py_UCS4)Py_TOUPPER(READ(w->kind, w->data, i)));
}

/* The writer has room for x->total characters up to x->max. */
static void put_number(_PyUnicodeWriter *w, const Number *x, const Spec *s, const Locale *l)
{
    if (x->n_left)
        put_fill(w, s->fill, x->n_left);
    if (x->sign)
        put_fill(w, x->sign, 1);
    for (Py_ssize_t i = 0; i < x->n_prefix; i++) {
        Py_UCS4 c = (unsigned char)x->text[x->prefix_at + i];
        put_fill(w, x->upper ? (Py_UCS4)Py_TOUPPER(c) : c, 1);
    }
    if (x->n_inner)
        put_fill(w, s->fill, x->n_inner);
    if (x->n_digits)
        put_digits(w, x, l);
    if (x->point)
        put_run(w, l->point, str_len(l->point));
    if (x->n_rest)
        put_ascii(w, x->text + x->rest_at, x->n_rest);
    if (x->n_right)
        put_fill(w, s->fill, x->n_right);
}

static int write_number(_PyUnicodeWriter *w, Number *x, const Spec *s, const Locale *l)
{
    measure_number(x, s, l);
    if (_PyUnicodeWriter_Prepare(w, x->total, x->max) < 0)
        return -1;
    put_number(w, x, s, l);
    return 0;
}

/* -- str ------------------------------------------------------------------------------------- */

/* [left][text, n characters from the start][right] */
static int write_padded(_PyUnicodeWriter *w, PyObject *text, Py_ssize_t n, const Spec *s)
{
    Py_ssize_t padding = Py_MAX(s->width - n, 0);
    Py_ssize_t before = s->align == '>' || s->align == '=' ? padding
                        : s->align == '^'                  ? padding / 2
                                                           : 0;
    Py_UCS4 max = _PyUnicode_FindMaxChar(text, 0, n);
    if (padding)
        max = Py_MAX(max, s->fill);
    if (_PyUnicodeWriter_Prepare(w, n + padding, max) < 0)
        return -1;
    if (n + padding == 0)
        return 0;
    put_fill(w, s->fill, before);
    put_run(w, text, n);
    put_fill(w, s->fill, padding - before);
    return 0;
}

/* Precision cuts, width fills. */
static int write_text(_PyUnicodeWriter *w, PyObject *text, const Spec *s)
{
    if (s->sign)
        return refuse(s->sign == ' ' ? "Space not allowed in string format specifier"
                                     : "Sign not allowed in string format specifier");
    if (s->no_neg_0)
        return refuse("Negative zero coercion (z) not allowed in string format specifier");
    if (s->alternate)
        return refuse("Alternate form (#) not allowed in string format specifier");
    if (s->align == '=')
        return refuse("'=' alignment not allowed in string format specifier");
    Py_ssize_t n = str_len(text);
    if (s->width <= n && (s->precision == -1 || s->precision >= n))
        return _PyUnicodeWriter_WriteStr(w, text);
    if (s->precision >= 0)
        n = Py_MIN(n, s->precision);
    return write_padded(w, text, n, s);
}

static int write_str_of(_PyUnicodeWriter *w, PyObject *obj)
{
    PyObject *s = PyObject_Str(obj);
    int r = s ? _PyUnicodeWriter_WriteStr(w, s) : -1;
    Py_XDECREF(s);
    return r;
}

int _PyUnicode_FormatAdvancedWriter(_PyUnicodeWriter *writer, PyObject *obj, PyObject *format_spec,
                                    Py_ssize_t start, Py_ssize_t end)
{
    Spec s;
    if (start == end)
        return str_is_exact(obj) ? _PyUnicodeWriter_WriteStr(writer, obj)
                                 : write_str_of(writer, obj);
    if (PyUnicode_READY(obj) < 0 || parse_spec(format_spec, start, end, obj, &s, 's', '<') < 0)
        return -1;
    return s.type == 's' ? write_text(writer, obj, &s) : unknown_type(s.type, obj);
}

/* -- int ------------------------------------------------------------------------------------- */

/* Type 'c': the character of that code. */
static int write_char_of(_PyUnicodeWriter *w, PyObject *obj, const Spec *s)
{
    if (s->sign)
        return refuse("Sign not allowed with integer format specifier 'c'");
    if (s->alternate)
        return refuse("Alternate form (#) not allowed with integer format specifier 'c'");
    long c = PyLong_AsLong(obj);
    if (c == -1 && PyErr_Occurred())
        return -1;
    if (c < 0 || c > MAX_UNICODE) {
        PyErr_SetString(PyExc_OverflowError, "%c arg not in range(0x110000)");
        return -1;
    }
    PyObject *text = str_from_char((Py_UCS4)c);
    if (!text)
        return -1;
    int r = write_padded(w, text, 1, s);
    Py_DECREF(text);
    return r;
}

/* Types c b d o x X n, and those of float, which convert. */
static int write_int(_PyUnicodeWriter *w, PyObject *obj, const Spec *s)
{
    if (s->precision != -1)
        return refuse("Precision not allowed in integer format specifier");
    if (s->no_neg_0)
        return refuse("Negative zero coercion (z) not allowed in integer format specifier");
    if (s->type == 'c')
        return write_char_of(w, obj, s);
    int base = s->type == 'b' ? 2 : s->type == 'o' ? 8 : s->type == 'x' || s->type == 'X' ? 16 : 10;
    if (s->sign != '+' && s->sign != ' ' && s->width == -1 && s->type != 'X' && s->type != 'n'
        && !s->grouping && PyLong_CheckExact(obj))
        return _PyLong_FormatWriter(w, obj, base, s->alternate);
    IntText text;
    if (int_text(obj, base, true, &text) < 0)
        return -1;
    Number x = { .text = text.text, .upper = s->type == 'X' };
    Py_ssize_t at = 0;
    if (text.text[0] == '-') {
        x.negative = true;
        at++;
    }
    if (base != 10) {
        x.prefix_at = at;
        x.n_prefix = s->alternate ? 2 : 0;
        at += 2;
    }
    x.digits_at = at;
    x.n_digits = text.len - at;
    Locale l;
    int r = locale_get(&l, s);
    if (r == 0)
        r = write_number(w, &x, s, &l);
    locale_clear(&l);
    PyMem_Free(text.owned);
    return r;
}

extern EXPORT int _PyFloat_FormatAdvancedWriter(_PyUnicodeWriter *, PyObject *, PyObject *,
                                                Py_ssize_t, Py_ssize_t);
extern EXPORT int _PyLong_FormatAdvancedWriter(_PyUnicodeWriter *, PyObject *, PyObject *,
                                               Py_ssize_t, Py_ssize_t);
static int write_float(_PyUnicodeWriter *w, PyObject *obj, const Spec *s);

int _PyLong_FormatAdvancedWriter(_PyUnicodeWriter *writer, PyObject *obj, PyObject *format_spec,
                                 Py_ssize_t start, Py_ssize_t end)
{
    Spec s;
    if (start == end)
        return PyLong_CheckExact(obj) ? _PyLong_FormatWriter(writer, obj, 10, 0)
                                      : write_str_of(writer, obj);
    if (parse_spec(format_spec, start, end, obj, &s, 'd', '>') < 0)
        return -1;
    if (s.type < 128 && strchr("bcdoxXn", (int)s.type) && s.type)
        return write_int(writer, obj, &s);
    if (s.type >= 128 || !strchr("eEfFgG%", (int)s.type) || !s.type)
        return unknown_type(s.type, obj);
    PyObject *f = PyNumber_Float(obj);
    int r = f ? write_float(writer, f, &s) : -1;
    Py_XDECREF(f);
    return r;
}

/* -- float ----------------------------------------------------------------------------------- */

/* Divides text[from:] into digits, point and rest. */
static void split_number(Number *x, Py_ssize_t from, Py_ssize_t end)
{
    Py_ssize_t at = from;
    while (at < end && Py_ISDIGIT(x->text[at]))
        at++;
    x->digits_at = from;
    x->n_digits = at - from;
    x->point = at < end && x->text[at] == '.';
    x->rest_at = at + x->point;
    x->n_rest = end - x->rest_at;
}

/* Options for PyOS_double_to_string; 6 digits where the type wants some and none are given. */
static int float_options(const Spec *s, Py_UCS4 *type, int *precision, int *flags)
{
    if (s->precision > INT_MAX)
        return refuse("precision too big");
    *precision = (int)s->precision;
    *type = s->type == 'n' ? 'g' : s->type;
    *flags = (s->alternate ? Py_DTSF_ALT : 0) | (s->no_neg_0 ? Py_DTSF_NO_NEG_0 : 0);
    int missing = 6;
    if (*type == 0) {
        *type = 'r';
        missing = 0;
    }
    if (*precision < 0)
        *precision = missing;
    else if (*type == 'r')
        *type = 'g';
    return 0;
}

/* '%' multiplies by 100; no digits are made that are not shown. */
static int write_float(_PyUnicodeWriter *w, PyObject *obj, const Spec *s)
{
    Py_UCS4 type;
    int precision, flags;
    if (float_options(s, &type, &precision, &flags) < 0)
        return -1;
    if (s->type == 0)
        flags |= Py_DTSF_ADD_DOT_0;
    double v = PyFloat_AsDouble(obj);
    if (v == -1.0 && PyErr_Occurred())
        return -1;
    bool percent = type == '%';
    if (percent) {
        type = 'f';
        v *= 100;
    }
    char *buf = PyOS_double_to_string(v, (char)type, precision, flags, NULL);
    if (!buf)
        return -1;
    Py_ssize_t n = (Py_ssize_t)strlen(buf);
    if (percent)
        buf[n++] = '%'; /* over the final NUL: the length says where the text ends */
    if (s->sign != '+' && s->sign != ' ' && s->width == -1 && s->type != 'n' && !s->grouping) {
        int r = _PyUnicodeWriter_WriteASCIIString(w, buf, n);
        PyMem_Free(buf);
        return r;
    }
    Number x = { .text = buf, .negative = buf[0] == '-' };
    split_number(&x, x.negative, n);
    Locale l;
    int r = locale_get(&l, s);
    if (r == 0)
        r = write_number(w, &x, s, &l);
    locale_clear(&l);
    PyMem_Free(buf);
    return r;
}

int _PyFloat_FormatAdvancedWriter(_PyUnicodeWriter *writer, PyObject *obj, PyObject *format_spec,
                                  Py_ssize_t start, Py_ssize_t end)
{
    Spec s;
    if (start == end)
        return write_str_of(writer, obj);
    if (parse_spec(format_spec, start, end, obj, &s, 0, '>') < 0)
        return -1;
    if (s.type >= 128 || (s.type && !strchr("eEfFgGn%", (int)s.type)))
        return unknown_type(s.type, obj);
    return write_float(writer, obj, &s);
}

/* -- complex --------------------------------------------------------------------------------- */

/* Text for PyMem_Free; *x is laid out over it. */
static char *part_text(double v, Py_UCS4 type, int precision, int flags, Number *x)
{
    char *text = PyOS_double_to_string(v, (char)type, precision, flags, NULL);
    if (text) {
        *x = (Number){ .text = text, .negative = text[0] == '-' };
        split_number(x, x->negative, (Py_ssize_t)strlen(text));
    }
    return text;
}

/* Two numbers and a 'j', in parentheses when no type is given. */
static int write_complex(_PyUnicodeWriter *w, PyObject *obj, const Spec *s)
{
    Py_UCS4 type;
    int precision, flags, r = -1;
    if (float_options(s, &type, &precision, &flags) < 0)
        return -1;
    if (s->fill == '0')
        return refuse("Zero padding is not allowed in complex format specifier");
    if (s->align == '=')
        return refuse("'=' alignment flag is not allowed in complex format specifier");
    double re = PyComplex_RealAsDouble(obj), im = PyComplex_ImagAsDouble(obj);
    bool only_im = s->type == 0 && re == 0.0 && !signbit(re), parens = s->type == 0 && !only_im;
    Number xr = { 0 }, xi;
    Locale l = { 0 };
    char *tr = part_text(re, type, precision, flags, &xr),
         *ti = part_text(im, type, precision, flags, &xi);
    if (!tr || !ti || locale_get(&l, s) < 0)
        goto done;
    /* The parts have no padding of their own; the imaginary
       one shows its sign behind a real one. */
    Spec part = *s;
    part.fill = 0;
    part.align = '<';
    part.width = -1;
    measure_number(&xr, &part, &l);
    Spec part_im = part;
    if (!only_im)
        part_im.sign = '+';
    measure_number(&xi, &part_im, &l);
    Py_ssize_t n = (only_im ? 0 : xr.total) + xi.total + 1 + 2 * parens;
    Py_ssize_t padding = Py_MAX(s->width - n, 0);
    Py_ssize_t before = s->align == '>' ? padding : s->align == '^' ? padding / 2 : 0;
    Py_UCS4 max = Py_MAX(Py_MAX(xr.max, xi.max), padding ? s->fill : 0);
    if (_PyUnicodeWriter_Prepare(w, n + padding, max) < 0)
        goto done;
    put_fill(w, s->fill, before);
    put_fill(w, '(', parens);
    if (!only_im)
        put_number(w, &xr, &part, &l);
    put_number(w, &xi, &part_im, &l);
    put_fill(w, 'j', 1);
    put_fill(w, ')', parens);
    put_fill(w, s->fill, padding - before);
    r = 0;
done:
    locale_clear(&l);
    PyMem_Free(tr);
    PyMem_Free(ti);
    return r;
}

int str_format_complex(_PyUnicodeWriter *writer, PyObject *obj, PyObject *format_spec,
                       Py_ssize_t start, Py_ssize_t end)
{
    Spec s;
    if (start == end)
        return write_str_of(writer, obj);
    if (parse_spec(format_spec, start, end, obj, &s, 0, '>') < 0)
        return -1;
    if (s.type >= 128 || (s.type && !strchr("eEfFgGn", (int)s.type)))
        return unknown_type(s.type, obj);
    return write_complex(writer, obj, &s);
}

/* 3.11's name for it, hidden there as here. */
int _PyComplex_FormatAdvancedWriter(_PyUnicodeWriter *, PyObject *, PyObject *, Py_ssize_t,
                                    Py_ssize_t);
int _PyComplex_FormatAdvancedWriter(_PyUnicodeWriter *writer, PyObject *obj, PyObject *format_spec,
                                    Py_ssize_t start, Py_ssize_t end)
{
    return str_format_complex(writer, obj, format_spec, start, end);
}

/* -- format() of the exact types -------------------------------------------------------------- */

/* A whole __format__ by one of the writers. */
PyObject *str_format_builtin(PyObject *obj, PyObject *spec, str_formatter *formatter)
{
    _PyUnicodeWriter w;
    _PyUnicodeWriter_Init(&w);
    if (formatter(&w, obj, spec, 0, str_len(spec)) < 0) {
        _PyUnicodeWriter_Dealloc(&w);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&w);
}

/* -- str.__format__ -------------------------------------------------------------------------- */

PyObject *str_format_dunder(PyObject *self, PyObject *spec)
{
    if (str_len(spec) == 0)
        return str_is_exact(self) ? Py_NewRef(self) : PyObject_Str(self);
    return str_format_builtin(self, spec, _PyUnicode_FormatAdvancedWriter);
}
