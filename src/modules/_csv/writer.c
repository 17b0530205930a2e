/* SPDX-License-Identifier: MIT
 *
 * The type _csv.writer: turns rows into lines of a CSV format and hands them to a file's write
 * method.
 *
 * A line is collected in a string writer. A field is looked through once for characters that need
 * quotes or an escape; most have none and are copied as a whole.
 */
#include "csv.h"
#include "objects/int/int.h"
#include <structmember.h>

typedef struct {
    PyObject_HEAD
    PyObject *write; /* strong: the bound method */
    Dialect *dialect;              /* strong */
} Writer;

/* The characters that are special in a field. */
typedef struct {
    uint64_t ascii[2]; /* a bit for each */
    bool wide;         /* there are others */
} Specials;

struct row {
    const Dialect *dialect;
    struct csv_state *module;
    _PyUnicodeWriter text; /* the line so far */
    Py_ssize_t fields;     /* written */
    Specials specials;     /* of the dialect */
};

/* -- A field --------------------------------------------------------------------------------- */

/* What a character of a field asks for. */
enum need { NEED_NOTHING, NEED_QUOTES, NEED_DOUBLE, NEED_ESCAPE };

static void specials_add(Specials *s, Py_UCS4 c)
{
    if (c < 128)
        s->ascii[c >> 6] |= (uint64_t)1 << (c & 63);
    else if (c != NOT_SET)
        s->wide = true;
}

static Specials dialect_specials(const Dialect *d)
{
    Specials s = {{0, 0}, false};
    specials_add(&s, d->delimiter);
    specials_add(&s, d->quotechar);
    specials_add(&s, d->escapechar);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(d->lineterminator); i++)
        specials_add(&s, PyUnicode_READ_CHAR(d->lineterminator, i));
    return s;
}

/* Maybe special when not ASCII. */
static inline bool is_special(const Specials *s, Py_UCS4 c)
{
    return c < 128 ? s->ascii[c >> 6] >> (c & 63) & 1 : s->wide;
}

static enum need char_need(const Dialect *d, Py_UCS4 c)
{
    if (c != d->delimiter && c != d->escapechar && c != d->quotechar &&
        PyUnicode_FindChar(d->lineterminator, c, 0, PyUnicode_GET_LENGTH(d->lineterminator), 1) < 0)
        return NEED_NOTHING;
    if (d->quoting == QUOTE_NONE)
        return NEED_ESCAPE;
    if (c == d->quotechar)
        return d->doublequote ? NEED_DOUBLE : NEED_ESCAPE;
    return c == d->escapechar ? NEED_ESCAPE : NEED_QUOTES;
}

/* The first character at or after i that needs something; the length of the field if none does. */
static Py_ssize_t field_next_special(const struct row *row, PyObject *field, Py_ssize_t i,
                                     enum need *need)
{
    int kind = PyUnicode_KIND(field);
    const void *data = PyUnicode_DATA(field);
    Py_ssize_t length = PyUnicode_GET_LENGTH(field);
    for (; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (is_special(&row->specials, c) && (*need = char_need(row->dialect, c)) != NEED_NOTHING)
            break;
    }
    return i;
}

static bool add_char(struct row *row, Py_UCS4 c)
{
    return _PyUnicodeWriter_WriteChar(&row->text, c) == 0;
}

static bool add_slice(struct row *row, PyObject *field, Py_ssize_t start, Py_ssize_t end)
{
    return start == end || _PyUnicodeWriter_WriteSubstring(&row->text, field, start, end) == 0;
}

/* Whether the field must stand in quotes because of its characters. */
static bool field_wants_quotes(const struct row *row, PyObject *field)
{
    enum need need;
    Py_ssize_t length = PyUnicode_GET_LENGTH(field);
    for (Py_ssize_t i = 0; (i = field_next_special(row, field, i, &need)) < length; i++)
        if (need == NEED_QUOTES || need == NEED_DOUBLE)
            return true;
    return false;
}

/* The characters of the field, with quotes doubled and escapes. */
static bool add_escaped(struct row *row, PyObject *field)
{
    const Dialect *d = row->dialect;
    Py_ssize_t start = 0, i = 0, length = PyUnicode_GET_LENGTH(field);
    enum need need;
    for (; (i = field_next_special(row, field, i, &need)) < length; i++) {
        if (need == NEED_QUOTES)
            continue;
        if (need == NEED_ESCAPE && d->escapechar == NOT_SET) {
            PyErr_SetString(row->module->error, "need to escape, but no escapechar set");
            return false;
        }
        if (!add_slice(row, field, start, i) ||
            !add_char(row, need == NEED_ESCAPE ? d->escapechar : d->quotechar))
            return false;
        start = i;
    }
    return add_slice(row, field, start, length);
}

static bool row_add(struct row *row, PyObject *field, bool quoted)
{
    const Dialect *d = row->dialect;
    if (row->fields++ && !add_char(row, d->delimiter))
        return false;
    if (!quoted && PyUnicode_GET_LENGTH(field) == 0)
        return true;
    quoted = quoted || field_wants_quotes(row, field);
    return (!quoted || add_char(row, d->quotechar)) && add_escaped(row, field) &&
           (!quoted || add_char(row, d->quotechar));
}

/* The text of a field; None is the empty one. */
static PyObject *field_text(PyObject *field)
{
    if (field == Py_None)
        return Py_NewRef(EMPTY_STR);
    if (!PyUnicode_Check(field))
        return PyObject_Str(field);
    return PyUnicode_READY(field) < 0 ? NULL : Py_NewRef(field);
}

/* -- A row ----------------------------------------------------------------------------------- */

static bool row_add_object(struct row *row, PyObject *field)
{
    bool quoted = row->dialect->quoting == QUOTE_ALL ||
                  (row->dialect->quoting == QUOTE_NONNUMERIC && !PyNumber_Check(field));
    PyObject *text = field_text(field);
    bool ok = text && row_add(row, text, quoted);
    Py_XDECREF(text);
    return ok;
}

static bool row_fill(struct row *row, PyObject *iterator)
{
    PyObject *field;
    while ((field = PyIter_Next(iterator))) {
        bool ok = row_add_object(row, field);
        Py_DECREF(field);
        if (!ok)
            return false;
    }
    if (PyErr_Occurred())
        return false;
    if (row->fields && row->text.pos == 0) {
        /* one empty field would read back as no field */
        if (row->dialect->quoting == QUOTE_NONE) {
            PyErr_SetString(row->module->error, "single empty field record must be quoted");
            return false;
        }
        row->fields--;
        if (!row_add(row, EMPTY_STR, true))
            return false;
    }
    return _PyUnicodeWriter_WriteStr(&row->text, row->dialect->lineterminator) == 0;
}

/* -- The usual row --------------------------------------------------------------------------- */

/* A line being made on the C stack. */
typedef struct {
    char text[512];
    size_t n;
} Line;

/* ASCII without anything special; false: not that, or no room. */
static bool line_add(Line *line, const Specials *specials, const char *ascii, Py_ssize_t n)
{
    if ((size_t)n > sizeof(line->text) - line->n)
        return false;
    char *out = line->text + line->n;
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)ascii[i];
        if (is_special(specials, c))
            return false;
        out[i] = (char)c;
    }
    line->n += (size_t)n;
    return true;
}

static bool line_add_field(Line *line, const Specials *specials, PyObject *field)
{
    if (PyUnicode_CheckExact(field))
        return PyUnicode_IS_COMPACT_ASCII(field)
               && line_add(line, specials, PyUnicode_DATA(field), PyUnicode_GET_LENGTH(field));
    if (field == Py_None)
        return true;
    IntText number;
    if (!PyLong_CheckExact(field) || !int_is_compact(field)
        || int_text(field, 10, false, &number) < 0)
        return false;
    return line_add(line, specials, number.text, number.len);
}

/* The line of a list or tuple of short ASCII strs, ints and Nones that need no quotes. NULL without
   an exception: not of that sort. Runs no foreign code. */
static PyObject *short_line(const struct row *row, PyObject *fields)
{
    const Dialect *d = row->dialect;
    if (!(PyList_CheckExact(fields) || PyTuple_CheckExact(fields)) || d->quoting != QUOTE_MINIMAL
        || d->delimiter >= 128 || !PyUnicode_IS_ASCII(d->lineterminator))
        return NULL;
    Line line = {.n = 0};
    for (Py_ssize_t i = 0, n = PySequence_Fast_GET_SIZE(fields); i < n; i++) {
        if (i > 0) {
            if (line.n == sizeof(line.text))
                return NULL;
            line.text[line.n++] = (char)d->delimiter;
        }
        if (!line_add_field(&line, &row->specials, PySequence_Fast_GET_ITEM(fields, i)))
            return NULL;
    }
    Py_ssize_t end = PyUnicode_GET_LENGTH(d->lineterminator);
    if (line.n == 0 || (size_t)end > sizeof(line.text) - line.n) /* one empty field is quoted */
        return NULL;
    memcpy(line.text + line.n, PyUnicode_DATA(d->lineterminator), (size_t)end);
    return _PyUnicode_FromASCII(line.text, (Py_ssize_t)line.n + end);
}

/* The line is made whole and written by one call; its result is the row's. */
static PyObject *writer_row(Writer *self, struct csv_state *module, PyObject *fields)
{
    struct row row = {
        .dialect = self->dialect, .module = module, .specials = dialect_specials(self->dialect)};
    PyObject *line = short_line(&row, fields);
    if (line) {
        PyObject *res = PyObject_CallOneArg(self->write, line);
        Py_DECREF(line);
        return res;
    }
    if (PyErr_Occurred())
        return NULL;
    PyObject *iterator = PyObject_GetIter(fields), *res = NULL;
    if (!iterator) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(module->error, "iterable expected, not %.200s", Py_TYPE(fields)->tp_name);
        return NULL;
    }
    _PyUnicodeWriter_Init(&row.text);
    row.text.overallocate = 1;
    if (row_fill(&row, iterator)) {
        line = _PyUnicodeWriter_Finish(&row.text);
        if (line) {
            res = PyObject_CallOneArg(self->write, line);
            Py_DECREF(line);
        }
    } else
        _PyUnicodeWriter_Dealloc(&row.text);
    Py_DECREF(iterator);
    return res;
}

static struct csv_state *writer_module(Writer *self)
{
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &csv_module);
    if (!module)
        return NULL;
    if (!self->write) {
        PyErr_SetString(PyExc_TypeError, "_csv.writer object was not made by _csv.writer()");
        return NULL;
    }
    return csv_state_of(module);
}

static PyObject *writer_writerow(Writer *self, PyObject *fields)
{
    struct csv_state *module = writer_module(self);
    return module ? writer_row(self, module, fields) : NULL;
}

static PyObject *writer_writerows(Writer *self, PyObject *rows)
{
    struct csv_state *module = writer_module(self);
    PyObject *iterator = module ? PyObject_GetIter(rows) : NULL, *fields;
    if (!iterator)
        return NULL;
    while ((fields = PyIter_Next(iterator))) {
        PyObject *res = writer_row(self, module, fields);
        Py_DECREF(fields);
        if (!res)
            break;
        Py_DECREF(res);
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

/* -- The type -------------------------------------------------------------------------------- */

PyObject *csv_writer_new(PyObject *module, PyObject *args, PyObject *kwargs)
{
    PyObject *file, *dialect = NULL;
    struct csv_state *state = csv_state_of(module);
    Writer *self = PyObject_GC_New(Writer, state->writer);
    if (!self)
        return NULL;
    self->write = NULL;
    self->dialect = NULL;
    if (!PyArg_UnpackTuple(args, "", 1, 2, &file, &dialect) ||
        _PyObject_LookupAttr(file, ID(write), &self->write) < 0)
        goto fail;
    if (!self->write || !PyCallable_Check(self->write)) {
        PyErr_SetString(PyExc_TypeError, "argument 1 must have a \"write\" method");
        goto fail;
    }
    self->dialect = (Dialect *)csv_dialect_from(state, dialect, kwargs);
    if (!self->dialect)
        goto fail;
    PyObject_GC_Track(self);
    return (PyObject *)self;
fail:
    Py_DECREF(self);
    return NULL;
}

static int writer_traverse(Writer *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->dialect);
    Py_VISIT(self->write);
    return 0;
}

static int writer_clear(Writer *self)
{
    Py_CLEAR(self->dialect);
    Py_CLEAR(self->write);
    return 0;
}

static void writer_dealloc(Writer *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    writer_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef writer_methods[] = {
    {"writerow", (PyCFunction)writer_writerow, METH_O,
     "writerow(iterable)\n\nWrites one row; what is not a string is written as str() gives it."},
    {"writerows", (PyCFunction)writer_writerows, METH_O,
     "writerows(iterable of iterables)\n\nWrites rows, one after the other."},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef writer_members[] = {
    {"dialect", T_OBJECT, offsetof(Writer, dialect), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot writer_slots[] = {
    {Py_tp_doc, "Writes rows in a CSV format to a file."},
    {Py_tp_dealloc, writer_dealloc},
    {Py_tp_traverse, writer_traverse},
    {Py_tp_clear, writer_clear},
    {Py_tp_methods, writer_methods},
    {Py_tp_members, writer_members},
    {0, NULL},
};
PyType_Spec csv_writer_spec = {
    .name = "_csv.writer",
    .basicsize = sizeof(Writer),
    .slots = writer_slots,
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
};
