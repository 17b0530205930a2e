/* SPDX-License-Identifier: MIT
 *
 * The type _csv.reader: an iterator that cuts lines into lists of fields.
 *
 * A row is read by a state machine over characters (enum state), fed with one line after the other
 * until it is back at the start of a record. A field that is one piece of its line is never copied
 * character by character: it is kept as a slice (struct line), and only what is interrupted (by "",
 * an escape or the end of the line) goes to the buffer.
 *
 *   text    a         ,            "          b         "                     "          c
 *   state   IN_FIELD  START_FIELD  IN_QUOTED  IN_QUOTED  QUOTE_IN_QUOTED     IN_QUOTED  IN_QUOTED
 */
#include "csv.h"
#include <structmember.h>

/* The end of a line that iterator gave. Not a character. */
#define END_OF_LINE ((Py_UCS4)-2)

enum state {
    START_RECORD,
    START_FIELD,
    ESCAPED_CHAR,
    IN_FIELD,
    IN_QUOTED_FIELD,
    ESCAPE_IN_QUOTED_FIELD,
    QUOTE_IN_QUOTED_FIELD,
    EAT_NEWLINE,
    AFTER_ESCAPED_NEWLINE
};

typedef struct {
    PyObject_HEAD
    PyObject *iterator; /* strong */
    Dialect *dialect;                 /* strong */
    PyObject *fields;                 /* strong list: the row so far; NULL between rows */
    enum state state;
    Py_UCS4 *field;                   /* the unfinished field */
    Py_ssize_t field_size;            /* room in it */
    Py_ssize_t field_length;          /* characters in it */
    int numeric;                      /* the field becomes a float */
    unsigned long line_num;           /* lines taken from the iterator */
} Reader;

struct line {
    struct csv_state *module; /* borrowed */
    PyObject *text;           /* borrowed str */
    int kind;                 /* bytes a character */
    const void *data;
    Py_ssize_t length;
    Py_ssize_t start, end;    /* slice that belongs to the field, after what the buffer holds */
};

static bool reader_fail(struct csv_state *module, const char *message)
{
    PyErr_SetString(module->error, message);
    return false;
}

/* -- The field being read -------------------------------------------------------------------- */

static bool field_grow(Reader *self, Py_ssize_t wanted)
{
    Py_ssize_t size = self->field_size ? self->field_size : 2048;
    while (size < wanted)
        size *= 2;
    Py_UCS4 *field = PyMem_Resize(self->field, Py_UCS4, (size_t)size);
    if (!field) {
        PyErr_NoMemory();
        return false;
    }
    self->field = field;
    self->field_size = size;
    return true;
}

/* Moves the slice to the buffer. */
static bool field_flush(Reader *self, struct line *line)
{
    Py_ssize_t n = line->end - line->start, total = self->field_length + n;
    if (total > self->field_size && !field_grow(self, total))
        return false;
    Py_UCS4 *to = self->field + self->field_length;
    for (Py_ssize_t i = line->start; i < line->end; i++)
        *to++ = PyUnicode_READ(line->kind, line->data, i);
    self->field_length = total;
    line->start = line->end;
    return true;
}

/* Adds the characters [from, to) of the line to the field. */
static bool field_add(Reader *self, struct line *line, Py_ssize_t from, Py_ssize_t to)
{
    Py_ssize_t length = self->field_length + line->end - line->start + to - from;
    if (length > line->module->field_limit) {
        PyErr_Format(line->module->error, "field larger than field limit (%ld)",
                     line->module->field_limit);
        return false;
    }
    if (line->start == line->end)
        line->start = from;
    else if (line->end != from) {
        if (!field_flush(self, line))
            return false;
        line->start = from;
    }
    line->end = to;
    return true;
}

/* Adds a newline that is not in the line. */
static bool field_add_newline(Reader *self, struct line *line)
{
    if (!field_add(self, line, line->length, line->length) || !field_flush(self, line))
        return false;
    if (self->field_length >= line->module->field_limit) {
        PyErr_Format(line->module->error, "field larger than field limit (%ld)",
                     line->module->field_limit);
        return false;
    }
    if (self->field_length == self->field_size && !field_grow(self, self->field_length + 1))
        return false;
    self->field[self->field_length++] = '\n';
    return true;
}

/* Ends the field and adds it to the row. */
static bool field_save(Reader *self, struct line *line)
{
    PyObject *field;
    if (self->field_length) {
        if (line->end > line->start && !field_flush(self, line))
            return false;
        field = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, self->field, self->field_length);
    } else
        field = line->end > line->start ? PyUnicode_Substring(line->text, line->start, line->end)
                                        : Py_NewRef(EMPTY_STR);
    self->field_length = 0;
    line->start = line->end = 0;
    if (field && self->numeric) {
        self->numeric = 0;
        Py_SETREF(field, PyNumber_Float(field));
    }
    if (!field)
        return false;
    int res = PyList_Append(self->fields, field);
    Py_DECREF(field);
    return res == 0;
}

/* -- The state machine ----------------------------------------------------------------------- */

static bool is_newline(Py_UCS4 c) { return c == '\n' || c == '\r' || c == END_OF_LINE; }

/* The end of a field that `c`, a newline, brings: with it ends the record. */
static bool record_end(Reader *self, struct line *line, Py_UCS4 c)
{
    self->state = c == END_OF_LINE ? START_RECORD : EAT_NEWLINE;
    return field_save(self, line);
}

static bool step_start_field(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    const Dialect *d = self->dialect;
    if (is_newline(c))
        return record_end(self, line, c);
    if (c == d->quotechar && d->quoting != QUOTE_NONE)
        self->state = IN_QUOTED_FIELD;
    else if (c == d->escapechar)
        self->state = ESCAPED_CHAR;
    else if (c == ' ' && d->skipinitialspace)
        ;
    else if (c == d->delimiter)
        return field_save(self, line);
    else {
        if (d->quoting == QUOTE_NONNUMERIC)
            self->numeric = 1;
        self->state = IN_FIELD;
        return field_add(self, line, i, i + 1);
    }
    return true;
}

static bool step_in_field(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    if (is_newline(c))
        return record_end(self, line, c);
    if (c == self->dialect->escapechar)
        self->state = ESCAPED_CHAR;
    else if (c == self->dialect->delimiter) {
        self->state = START_FIELD;
        return field_save(self, line);
    } else
        return field_add(self, line, i, i + 1);
    return true;
}

static bool step_in_quoted_field(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    const Dialect *d = self->dialect;
    if (c == END_OF_LINE)
        return true;
    if (c == d->escapechar)
        self->state = ESCAPE_IN_QUOTED_FIELD;
    else if (c == d->quotechar && d->quoting != QUOTE_NONE)
        self->state = d->doublequote ? QUOTE_IN_QUOTED_FIELD : IN_FIELD;
    else
        return field_add(self, line, i, i + 1);
    return true;
}

static bool step_after_quote(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    const Dialect *d = self->dialect;
    if (c == d->quotechar && d->quoting != QUOTE_NONE)
        self->state = IN_QUOTED_FIELD;
    else if (c == d->delimiter) {
        self->state = START_FIELD;
        return field_save(self, line);
    } else if (is_newline(c))
        return record_end(self, line, c);
    else if (d->strict) {
        PyErr_Format(line->module->error, "'%c' expected after '%c'", d->delimiter, d->quotechar);
        return false;
    } else
        self->state = IN_FIELD;
    return field_add(self, line, i, i + 1);
}

static bool step_escaped(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    self->state = c == '\n' || c == '\r' ? AFTER_ESCAPED_NEWLINE : IN_FIELD;
    return c == END_OF_LINE ? field_add_newline(self, line) : field_add(self, line, i, i + 1);
}

static bool step_escaped_quoted(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    self->state = IN_QUOTED_FIELD;
    return c == END_OF_LINE ? field_add_newline(self, line) : field_add(self, line, i, i + 1);
}

/* Takes the character c, which is at i (or the end of the line). */
static bool reader_step(Reader *self, struct line *line, Py_ssize_t i, Py_UCS4 c)
{
    switch (self->state) {
    case START_RECORD:
        if (c == END_OF_LINE)
            return true;
        if (is_newline(c)) {
            self->state = EAT_NEWLINE;
            return true;
        }
        self->state = START_FIELD;
        return step_start_field(self, line, i, c);
    case START_FIELD:
        return step_start_field(self, line, i, c);
    case ESCAPED_CHAR:
        return step_escaped(self, line, i, c);
    case AFTER_ESCAPED_NEWLINE:
        return c == END_OF_LINE || step_in_field(self, line, i, c);
    case IN_FIELD:
        return step_in_field(self, line, i, c);
    case IN_QUOTED_FIELD:
        return step_in_quoted_field(self, line, i, c);
    case ESCAPE_IN_QUOTED_FIELD:
        return step_escaped_quoted(self, line, i, c);
    case QUOTE_IN_QUOTED_FIELD:
        return step_after_quote(self, line, i, c);
    case EAT_NEWLINE:
        if (c == END_OF_LINE)
            self->state = START_RECORD;
        return is_newline(c) ||
               reader_fail(line->module, "new-line character seen in unquoted field - do you need "
                                         "to open the file in universal-newline mode?");
    }
    Py_UNREACHABLE();
}

/* Where the run of characters from i that only lengthen a field ends. */
#define RUN(NAME, CHAR)                                                                            \
    static Py_ssize_t NAME(const void *data, Py_ssize_t i, Py_ssize_t length, Py_UCS4 a,           \
                           Py_UCS4 b, bool newlines)                                               \
    {                                                                                              \
        const CHAR *s = data;                                                                      \
        if (newlines)                                                                              \
            while (i < length && s[i] != '\n' && s[i] != '\r' && s[i] != a && s[i] != b)           \
                i++;                                                                               \
        else                                                                                       \
            while (i < length && s[i] != a && s[i] != b)                                           \
                i++;                                                                               \
        return i;                                                                                  \
    }
RUN(run_ucs1, Py_UCS1)
RUN(run_ucs2, Py_UCS2)
RUN(run_ucs4, Py_UCS4)

static Py_ssize_t run_end(Reader *self, struct line *line, Py_ssize_t i)
{
    const Dialect *d = self->dialect;
    bool plain = self->state == IN_FIELD;
    Py_UCS4 stop = plain ? d->delimiter : d->quoting != QUOTE_NONE ? d->quotechar : NOT_SET;
    Py_ssize_t (*run)(const void *, Py_ssize_t, Py_ssize_t, Py_UCS4, Py_UCS4, bool) =
        line->kind == PyUnicode_1BYTE_KIND   ? run_ucs1
        : line->kind == PyUnicode_2BYTE_KIND ? run_ucs2
                                             : run_ucs4;
    return run(line->data, i, line->length, stop, d->escapechar, plain);
}

static bool reader_line(Reader *self, struct line *line)
{
    for (Py_ssize_t i = 0; i < line->length; i++) {
        if (self->state == IN_FIELD || self->state == IN_QUOTED_FIELD) {
            Py_ssize_t end = run_end(self, line, i);
            if (end > i && !field_add(self, line, i, end))
                return false;
            i = end;
            if (i == line->length)
                break;
        }
        if (!reader_step(self, line, i, PyUnicode_READ(line->kind, line->data, i)))
            return false;
    }
    /* the line goes away: what is left of it must lie in the buffer */
    return reader_step(self, line, line->length, END_OF_LINE) && field_flush(self, line);
}

/* -- The iterator ---------------------------------------------------------------------------- */

static bool reader_reset(Reader *self)
{
    self->field_length = 0;
    self->state = START_RECORD;
    self->numeric = 0;
    Py_XSETREF(self->fields, PyList_New(0));
    return self->fields != NULL;
}

/* No more lines: the row read so far is the last one, unless it is empty or an error. */
static bool reader_end(Reader *self, struct csv_state *module)
{
    struct line nothing = {.module = module};
    if (PyErr_Occurred() || (!self->field_length && self->state != IN_QUOTED_FIELD))
        return false;
    if (self->dialect->strict)
        return reader_fail(module, "unexpected end of data");
    return field_save(self, &nothing);
}

static PyObject *reader_next(Reader *self)
{
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &csv_module);
    if (!module)
        return NULL;
    struct csv_state *state = csv_state_of(module);
    if (!self->iterator) {
        PyErr_SetString(PyExc_TypeError, "_csv.reader object was not made by _csv.reader()");
        return NULL;
    }
    if (!reader_reset(self))
        return NULL;
    do {
        PyObject *text = PyIter_Next(self->iterator);
        if (!self->fields && !reader_reset(self)) { /* the iterator read from this reader */
            Py_XDECREF(text);
            return NULL;
        }
        if (!text) {
            if (!reader_end(self, state))
                return NULL;
            break;
        }
        if (!PyUnicode_Check(text)) {
            PyErr_Format(state->error,
                         "iterator should return strings, not %.200s "
                         "(the file should be opened in text mode)",
                         Py_TYPE(text)->tp_name);
            Py_DECREF(text);
            return NULL;
        }
        bool ok = PyUnicode_READY(text) == 0;
        self->line_num++;
        if (ok) {
            struct line line = {
                state, text, PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text),
                0,     0};
            ok = reader_line(self, &line);
        }
        Py_DECREF(text);
        if (!ok)
            return NULL;
    } while (self->state != START_RECORD);
    PyObject *fields = self->fields;
    self->fields = NULL;
    return fields;
}

PyObject *csv_reader_new(PyObject *module, PyObject *args, PyObject *kwargs)
{
    PyObject *iterable, *dialect = NULL;
    struct csv_state *state = csv_state_of(module);
    Reader *self = PyObject_GC_New(Reader, state->reader);
    if (!self)
        return NULL;
    memset(&self->iterator, 0, sizeof *self - offsetof(Reader, iterator));
    if (reader_reset(self) && PyArg_UnpackTuple(args, "", 1, 2, &iterable, &dialect) &&
        (self->iterator = PyObject_GetIter(iterable)) &&
        (self->dialect = (Dialect *)csv_dialect_from(state, dialect, kwargs))) {
        PyObject_GC_Track(self);
        return (PyObject *)self;
    }
    Py_DECREF(self);
    return NULL;
}

static int reader_traverse(Reader *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->dialect);
    Py_VISIT(self->iterator);
    Py_VISIT(self->fields);
    return 0;
}

static int reader_clear(Reader *self)
{
    Py_CLEAR(self->dialect);
    Py_CLEAR(self->iterator);
    Py_CLEAR(self->fields);
    return 0;
}

static void reader_dealloc(Reader *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    reader_clear(self);
    PyMem_Free(self->field);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef reader_members[] = {
    {"dialect", T_OBJECT, offsetof(Reader, dialect), READONLY, NULL},
    {"line_num", T_ULONG, offsetof(Reader, line_num), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot reader_slots[] = {
    {Py_tp_doc, "Iterator over the rows of a text in a CSV format."},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_traverse, reader_traverse},
    {Py_tp_clear, reader_clear},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, reader_next},
    {Py_tp_members, reader_members},
    {0, NULL},
};
PyType_Spec csv_reader_spec = {
    .name = "_csv.reader",
    .basicsize = sizeof(Reader),
    .slots = reader_slots,
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
};
