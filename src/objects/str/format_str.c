/* SPDX-License-Identifier: MIT
 *
 * str.format and str.format_map, and the two parsers that string.Formatter borrows from here.
 *
 *   text {field!conversion:spec} text     field = first (.name | [index])*     {{ and }} are braces
 *
 * A specification may hold fields itself, one level deep. Fields are numbered all by the writer of
 * the string or all automatically.
 */
#include "str_impl.h"

/* A stretch of the format string. */
typedef struct {
    PyObject *s;           /* BORROWED, ready */
    Py_ssize_t start, end; /* may be crossed: then it is empty */
} Part;

static inline Py_UCS4 part_get(const Part *p, Py_ssize_t i) { return str_get(p->s, i); }
static inline Py_ssize_t part_len(const Part *p) { return p->end - p->start; }
static PyObject *part_str(const Part *p)
{
    return str_slice(p->s, p->start, Py_MAX(p->end, p->start));
}

static int value_error(const char *message)
{
    PyErr_SetString(PyExc_ValueError, message);
    return -1;
}

/* The part as an index: -1 when it is no number, -2 with an exception on overflow. */
static Py_ssize_t part_index(const Part *p)
{
    Py_ssize_t n = 0;
    if (part_len(p) <= 0)
        return -1;
    for (Py_ssize_t i = p->start; i < p->end; i++) {
        int digit = decimal_digit(part_get(p, i));
        if (digit < 0)
            return -1;
        if (n > (PY_SSIZE_T_MAX - digit) / 10) {
            value_error("Too many decimal digits in format string");
            return -2;
        }
        n = n * 10 + digit;
    }
    return n;
}

/* -- Replacement fields ---------------------------------------------------------------------- */

/* Literal text and the field behind it. */
typedef struct {
    Part literal;          /* braces unescaped: doubled ones end a literal */
    bool has_field;        /* false: text only, the rest is not set */
    Part name, spec;       /* before '!' or ':', behind ':' */
    bool spec_has_fields;  /* to be expanded first */
    Py_UCS4 conversion;    /* 0: none */
} Piece;

/* rest->start stands behind '{'; moves behind the matching '}'. */
static int parse_field(Part *rest, Piece *p)
{
    Py_UCS4 c = 0;
    p->name = (Part){ rest->s, rest->start, rest->start };
    p->spec = (Part){ rest->s, rest->start, rest->start };
    while (rest->start < rest->end) {
        c = part_get(rest, rest->start++);
        if (c == '{')
            return value_error("unexpected '{' in field name");
        if (c == '[')
            while (rest->start < rest->end && part_get(rest, rest->start) != ']')
                rest->start++;
        else if (c == '}' || c == ':' || c == '!')
            break;
    }
    p->name.end = rest->start - 1;
    if (c == '}')
        return 0;
    if (c != '!' && c != ':')
        return value_error("expected '}' before end of string");
    if (c == '!') {
        if (rest->start >= rest->end)
            return value_error("end of string while looking for conversion specifier");
        p->conversion = part_get(rest, rest->start++);
        if (rest->start < rest->end) {
            c = part_get(rest, rest->start++);
            if (c == '}')
                return 0;
            if (c != ':')
                return value_error("expected ':' after conversion specifier");
        }
    }
    p->spec.start = rest->start;
    for (int depth = 1; rest->start < rest->end;) {
        c = part_get(rest, rest->start++);
        if (c == '{') {
            p->spec_has_fields = true;
            depth++;
        }
        else if (c == '}' && --depth == 0) {
            p->spec.end = rest->start - 1;
            return 0;
        }
    }
    return value_error("unmatched '{' in format spec");
}

/* Next literal with the field behind it. 1 found, 0 at the end, -1 error. */
static int next_piece(Part *rest, Piece *p)
{
    *p = (Piece){ .literal = { rest->s, rest->start, rest->start } };
    if (rest->start >= rest->end)
        return 0;
    int kind = str_kind(rest->s);
    const void *data = str_data(rest->s);
    Py_UCS4 c = 0;
    bool markup = false;
    while (rest->start < rest->end) {
        c = READ(kind, data, rest->start++);
        if (c == '{' || c == '}') {
            markup = true;
            break;
        }
    }
    p->literal.end = rest->start;
    if (!markup)
        return 1;
    bool at_end = rest->start >= rest->end;
    if (c == '}' && (at_end || READ(kind, data, rest->start) != '}'))
        return value_error("Single '}' encountered in format string");
    if (at_end)
        return value_error("Single '{' encountered in format string");
    if (READ(kind, data, rest->start) == c) { /* doubled: the literal ends with one of them */
        rest->start++;
        return 1;
    }
    p->literal.end--;
    p->has_field = true;
    return parse_field(rest, p) < 0 ? -1 : 1;
}

/* -- Field names ----------------------------------------------------------------------------- */

/* Splits "first" off a field name: *index >= 0 when it is a number, -1 when not. */
static int split_first(const Part *name, Part *first, Part *rest, Py_ssize_t *index)
{
    Py_ssize_t i = name->start;
    while (i < name->end && part_get(name, i) != '.' && part_get(name, i) != '[')
        i++;
    *first = (Part){ name->s, name->start, i };
    *rest = (Part){ name->s, i, name->end };
    *index = part_index(first);
    return *index == -2 ? -1 : 0;
}

/* One ".name" or "[index]". 1 found, 0 end, -1 error. */
static int next_accessor(Part *rest, bool *attribute, Part *name, Py_ssize_t *index)
{
    if (rest->start >= rest->end)
        return 0;
    Py_UCS4 c = part_get(rest, rest->start++);
    *name = (Part){ rest->s, rest->start, rest->start };
    *index = -1;
    *attribute = c == '.';
    if (c == '.') {
        while (rest->start < rest->end && (c = part_get(rest, rest->start)) != '.' && c != '[')
            rest->start++;
        name->end = rest->start;
    }
    else if (c == '[') {
        while (rest->start < rest->end && part_get(rest, rest->start) != ']')
            rest->start++;
        if (rest->start >= rest->end)
            return value_error("Missing ']' in format string");
        name->end = rest->start++;
        *index = part_index(name);
        if (*index == -2)
            return -1;
    }
    else
        return value_error("Only '.' or '[' may follow ']' in format field specifier");
    return part_len(name) == 0 ? value_error("Empty attribute in format string") : 1;
}

/* -- Evaluation ------------------------------------------------------------------------------ */

enum numbering { UNDECIDED, AUTOMATIC, MANUAL }; /* whether fields say their number */

typedef struct {
    PyObject *args;        /* borrowed tuple, or NULL in format_map */
    PyObject *kwargs;      /* borrowed mapping or NULL */
    enum numbering numbering;
    Py_ssize_t next; /* number of the next automatic field */
} Arguments;

/* The number of a field that names no keyword; ValueError when styles mix. */
static int number_field(Arguments *a, bool empty, Py_ssize_t *index)
{
    enum numbering now = empty ? AUTOMATIC : MANUAL;
    if (a->numbering == UNDECIDED)
        a->numbering = now;
    if (a->numbering != now)
        return value_error(
            now == AUTOMATIC
                ? "cannot switch from manual field specification to automatic field numbering"
                : "cannot switch from automatic field numbering to manual field specification");
    if (empty)
        *index = a->next++;
    return 0;
}

/* KeyError without such a keyword. */
static PyObject *named_argument(Arguments *a, const Part *first)
{
    PyObject *key = part_str(first), *value;
    if (!key)
        return NULL;
    if (!a->kwargs) {
        PyErr_SetObject(PyExc_KeyError, key);
        Py_DECREF(key);
        return NULL;
    }
    value = PyObject_GetItem(a->kwargs, key);
    Py_DECREF(key);
    return value;
}

/* What the first component of a name stands for. */
static PyObject *first_object(Arguments *a, const Part *first, Py_ssize_t index)
{
    bool empty = part_len(first) <= 0;
    if ((empty || index >= 0) && number_field(a, empty, &index) < 0)
        return NULL;
    if (index < 0)
        return named_argument(a, first);
    if (!a->args) {
        value_error("Format string contains positional fields");
        return NULL;
    }
    if (index >= PyTuple_GET_SIZE(a->args)) {
        PyErr_Format(PyExc_IndexError,
                     "Replacement index %zd out of range for positional args tuple", index);
        return NULL;
    }
    return Py_NewRef(PyTuple_GET_ITEM(a->args, index));
}

/* STEALS object. */
static PyObject *follow_steal(PyObject *object, bool attribute, const Part *name, Py_ssize_t index)
{
    PyObject *key = NULL, *value;
    if (!attribute && index >= 0 && PySequence_Check(object))
        value = PySequence_GetItem(object, index);
    else {
        key = !attribute && index >= 0 ? PyLong_FromSsize_t(index) : part_str(name);
        value = !key        ? NULL
                : attribute ? PyObject_GetAttr(object, key)
                            : PyObject_GetItem(object, key);
    }
    Py_XDECREF(key);
    Py_DECREF(object);
    return value;
}

/* The first object, then attributes and items. */
static PyObject *field_object(Arguments *a, const Part *name)
{
    Part first, rest, next;
    Py_ssize_t index;
    bool attribute;
    int r;
    if (split_first(name, &first, &rest, &index) < 0)
        return NULL;
    PyObject *object = first_object(a, &first, index);
    while (object && (r = next_accessor(&rest, &attribute, &next, &index)) != 0) {
        if (r < 0) {
            Py_DECREF(object);
            return NULL;
        }
        object = follow_steal(object, attribute, &next, index);
    }
    return object;
}

/* STEALS object. */
static PyObject *convert_steal(PyObject *object, Py_UCS4 conversion)
{
    PyObject *r = NULL;
    switch (conversion) {
    case 0: return object;
    case 'r': r = PyObject_Repr(object); break;
    case 's': r = PyObject_Str(object); break;
    case 'a': r = PyObject_ASCII(object); break;
    default:
        if (conversion > 32 && conversion < 127)
            PyErr_Format(PyExc_ValueError, "Unknown conversion specifier %c", (char)conversion);
        else
            PyErr_Format(PyExc_ValueError, "Unknown conversion specifier \\x%x",
                         (unsigned)conversion);
    }
    Py_DECREF(object);
    return r;
}

extern EXPORT int _PyFloat_FormatAdvancedWriter(_PyUnicodeWriter *, PyObject *, PyObject *,
                                                Py_ssize_t, Py_ssize_t);
extern EXPORT int _PyLong_FormatAdvancedWriter(_PyUnicodeWriter *, PyObject *, PyObject *,
                                               Py_ssize_t, Py_ssize_t);

/* The object laid out by spec->s[start:end] goes to the writer. */
static int render(_PyUnicodeWriter *w, PyObject *object, const Part *spec)
{
    int (*fast)(_PyUnicodeWriter *, PyObject *, PyObject *, Py_ssize_t,
                Py_ssize_t) = PyUnicode_CheckExact(object)   ? _PyUnicode_FormatAdvancedWriter
                              : PyLong_CheckExact(object)    ? _PyLong_FormatAdvancedWriter
                              : PyFloat_CheckExact(object)   ? _PyFloat_FormatAdvancedWriter
                              : PyComplex_CheckExact(object) ? str_format_complex
                                                             : NULL;
    if (fast)
        return fast(w, object, spec->s, spec->start, spec->end);
    PyObject *text = spec->start == spec->end ? NULL : part_str(spec);
    if (!text && spec->start != spec->end)
        return -1;
    PyObject *r = PyObject_Format(object, text);
    Py_XDECREF(text);
    if (!r)
        return -1;
    int failed = _PyUnicodeWriter_WriteStr(w, r);
    Py_DECREF(r);
    return failed;
}

static int build(_PyUnicodeWriter *w, Part text, Arguments *a, int depth);

static PyObject *expand_spec(const Part *spec, Arguments *a, int depth)
{
    _PyUnicodeWriter w;
    _PyUnicodeWriter_Init(&w);
    if (build(&w, *spec, a, depth - 1) < 0) {
        _PyUnicodeWriter_Dealloc(&w);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&w);
}

/* Object, conversion, specification, in this order. */
static int write_field(_PyUnicodeWriter *w, const Piece *p, Arguments *a, int depth)
{
    PyObject *object = field_object(a, &p->name), *expanded = NULL;
    if (object)
        object = convert_steal(object, p->conversion);
    if (!object)
        return -1;
    Part spec = p->spec;
    if (p->spec_has_fields) {
        expanded = expand_spec(&p->spec, a, depth);
        if (!expanded) {
            Py_DECREF(object);
            return -1;
        }
        spec = (Part){ expanded, 0, str_len(expanded) };
    }
    int r = render(w, object, &spec);
    Py_XDECREF(expanded);
    Py_DECREF(object);
    return r;
}

/* Appends the text with its fields filled; `depth` bounds nesting of fields in specifications. */
static int build(_PyUnicodeWriter *w, Part text, Arguments *a, int depth)
{
    Piece p;
    int r;
    if (depth <= 0)
        return value_error("Max string recursion exceeded");
    while ((r = next_piece(&text, &p)) > 0) {
        bool last = text.start >= text.end;
        if (last && !p.has_field)
            w->overallocate = 0;
        if (part_len(&p.literal) > 0
            && _PyUnicodeWriter_WriteSubstring(w, p.literal.s, p.literal.start, p.literal.end) < 0)
            return -1;
        if (!p.has_field)
            continue;
        if (last)
            w->overallocate = 0;
        if (write_field(w, &p, a, depth) < 0)
            return -1;
    }
    return r;
}

static PyObject *format_with(PyObject *s, Arguments *a)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    _PyUnicodeWriter w;
    _PyUnicodeWriter_Init(&w);
    w.overallocate = 1;
    w.min_length = str_len(s) + 100;
    if (build(&w, (Part){ s, 0, str_len(s) }, a, 2) < 0) {
        _PyUnicodeWriter_Dealloc(&w);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&w);
}

PyObject *str_format(PyObject *s, PyObject *args, PyObject *kwargs)
{
    Arguments a = { .args = args, .kwargs = kwargs };
    return format_with(s, &a);
}

PyObject *str_format_map(PyObject *s, PyObject *map)
{
    Arguments a = { .kwargs = map };
    return format_with(s, &a);
}

/* -- For string.Formatter -------------------------------------------------------------------- */

typedef struct { PyObject_HEAD Part rest; /* rest.s strong */ } PartIter;

static void partiter_dealloc(PartIter *it)
{
    Py_XDECREF(it->rest.s);
    PyObject_Free(it);
}

static PyObject *pieces_next(PartIter *it)
{
    Piece p;
    if (next_piece(&it->rest, &p) <= 0)
        return NULL;
    PyObject *literal = part_str(&p.literal), *name = NULL, *spec = NULL, *conversion = NULL;
    name = p.has_field ? part_str(&p.name) : Py_NewRef(Py_None);
    spec = p.has_field ? part_str(&p.spec) : Py_NewRef(Py_None);
    conversion = p.conversion ? str_from_char(p.conversion) : Py_NewRef(Py_None);
    PyObject *r = literal && name && spec && conversion
                      ? PyTuple_Pack(4, literal, name, spec, conversion)
                      : NULL;
    Py_XDECREF(literal);
    Py_XDECREF(name);
    Py_XDECREF(spec);
    Py_XDECREF(conversion);
    return r;
}

static PyObject *accessors_next(PartIter *it)
{
    bool attribute;
    Part name;
    Py_ssize_t index;
    if (next_accessor(&it->rest, &attribute, &name, &index) <= 0)
        return NULL;
    PyObject *value = index >= 0 ? PyLong_FromSsize_t(index) : part_str(&name);
    return value ? Py_BuildValue("(NN)", PyBool_FromLong(attribute), value) : NULL;
}

/* As large as 3.11's: sys.getsizeof tells. */
#define PART_ITER(name, next, size) { \
    PyVarObject_HEAD_INIT(&PyType_Type, 0) \
    .tp_name = name, \
    .tp_basicsize = size, \
    .tp_dealloc = (destructor)partiter_dealloc, \
    .tp_getattro = PyObject_GenericGetAttr, \
    .tp_flags = Py_TPFLAGS_DEFAULT, \
    .tp_iter = PyObject_SelfIter, \
    .tp_iternext = (iternextfunc)next, \
}
PyTypeObject str_pieces_type = PART_ITER("formatteriterator", pieces_next, 48);
PyTypeObject str_accessors_type = PART_ITER("fieldnameiterator", accessors_next, 56);
static_assert(sizeof(PartIter) <= 48, "PartIter");

static PyObject *partiter_new(PyTypeObject *type, Part rest)
{
    PartIter *it = PyObject_New(PartIter, type);
    if (!it)
        return NULL;
    it->rest = rest;
    Py_INCREF(rest.s);
    return (PyObject *)it;
}

static int need_str(PyObject *o)
{
    if (PyUnicode_Check(o))
        return PyUnicode_READY(o);
    PyErr_Format(PyExc_TypeError, "expected str, got %s", Py_TYPE(o)->tp_name);
    return -1;
}

PyObject *str_formatter_parser(PyObject *module, PyObject *text)
{
    return need_str(text) < 0 ? NULL
                              : partiter_new(&str_pieces_type, (Part){text, 0, str_len(text)});
}

PyObject *str_formatter_field_name_split(PyObject *module, PyObject *text)
{
    Part first, rest;
    Py_ssize_t index;
    if (need_str(text) < 0
        || split_first(&(Part){text, 0, str_len(text)}, &first, &rest, &index) < 0)
        return NULL;
    PyObject *it = partiter_new(&str_accessors_type, rest);
    if (!it)
        return NULL;
    PyObject *head = index >= 0 ? PyLong_FromSsize_t(index) : part_str(&first);
    if (!head) {
        Py_DECREF(it);
        return NULL;
    }
    return Py_BuildValue("(NN)", head, it);
}
