/* SPDX-License-Identifier: MIT
 *
 * The type _csv.Dialect: the options of a CSV format, checked once when the object is made.
 *
 * Options come from keyword arguments, else from attributes of the dialect argument (any object,
 * often a class), else from the defaults of Excel's format. A Dialect without other options is
 * returned as it is.
 */
#include "csv.h"

enum option {
    DELIMITER,
    DOUBLEQUOTE,
    ESCAPECHAR,
    LINETERMINATOR,
    QUOTECHAR,
    QUOTING,
    SKIPINITIALSPACE,
    STRICT,
    OPTIONS
};
static const char *const option_names[OPTIONS] = {"delimiter",        "doublequote", "escapechar",
                                                  "lineterminator",   "quotechar",   "quoting",
                                                  "skipinitialspace", "strict"};

/* -- Conversion of options: false with an exception. `value` is NULL for the default. ---------- */

static bool option_fail(const char *format, enum option option)
{
    PyErr_Format(PyExc_TypeError, format, option_names[option]);
    return false;
}

static bool option_char(Py_UCS4 *to, enum option option, PyObject *value, Py_UCS4 otherwise)
{
    bool optional = option != DELIMITER;
    *to = otherwise;
    if (!value)
        return true;
    if (optional && value == Py_None) {
        *to = NOT_SET;
        return true;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "\"%s\" must be string%s, not %.200s", option_names[option],
                     optional ? " or None" : "", Py_TYPE(value)->tp_name);
        return false;
    }
    if (PyUnicode_READY(value) < 0)
        return false;
    if (PyUnicode_GET_LENGTH(value) != 1)
        return option_fail("\"%s\" must be a 1-character string", option);
    *to = PyUnicode_READ_CHAR(value, 0);
    return true;
}

static bool option_bool(bool *to, PyObject *value, bool otherwise)
{
    int truth = value ? PyObject_IsTrue(value) : otherwise;
    *to = truth > 0;
    return truth >= 0;
}

static bool option_quoting(int *to, PyObject *value)
{
    *to = QUOTE_MINIMAL;
    if (!value)
        return true;
    if (!PyLong_CheckExact(value))
        return option_fail("\"%s\" must be an integer", QUOTING);
    *to = _PyLong_AsInt(value);
    return *to != -1 || !PyErr_Occurred();
}

static bool option_text(PyObject **to, PyObject *value)
{
    PyObject *text = NULL;
    if (!value)
        text = PyUnicode_FromString("\r\n");
    else if (value != Py_None) {
        if (!PyUnicode_Check(value))
            return option_fail("\"%s\" must be a string", LINETERMINATOR);
        if (PyUnicode_READY(value) < 0)
            return false;
        text = Py_NewRef(value);
    }
    Py_XSETREF(*to, text);
    return value || text;
}

/* Rules between options. */
static bool dialect_check(Dialect *self, PyObject *const *values)
{
    const char *message = NULL;
    if (self->quoting < QUOTE_MINIMAL || self->quoting > QUOTE_NONE)
        message = "bad \"quoting\" value";
    else {
        if (values[QUOTECHAR] == Py_None && !values[QUOTING])
            self->quoting = QUOTE_NONE;
        if (self->quoting != QUOTE_NONE && self->quotechar == NOT_SET)
            message = "quotechar must be set if quoting enabled";
        else if (!self->lineterminator)
            message = "lineterminator must be set";
    }
    if (message)
        PyErr_SetString(PyExc_TypeError, message);
    return !message;
}

static bool dialect_fill(Dialect *self, PyObject *const *values)
{
    return option_char(&self->delimiter, DELIMITER, values[DELIMITER], ',') &&
           option_bool(&self->doublequote, values[DOUBLEQUOTE], true) &&
           option_char(&self->escapechar, ESCAPECHAR, values[ESCAPECHAR], NOT_SET) &&
           option_text(&self->lineterminator, values[LINETERMINATOR]) &&
           option_char(&self->quotechar, QUOTECHAR, values[QUOTECHAR], '"') &&
           option_quoting(&self->quoting, values[QUOTING]) &&
           option_bool(&self->skipinitialspace, values[SKIPINITIALSPACE], false) &&
           option_bool(&self->strict, values[STRICT], false) && dialect_check(self, values);
}

/* -- Making ---------------------------------------------------------------------------------- */

/* The object that supplies options. */
static PyObject *dialect_source(PyTypeObject *type, PyObject *dialect)
{
    if (!PyUnicode_Check(dialect))
        return Py_NewRef(dialect);
    PyObject *module = PyType_GetModuleByDef(type, &csv_module);
    return module ? csv_dialect_get(csv_state_of(module), dialect) : NULL;
}

static int is_plain_dialect(PyTypeObject *type, PyObject *dialect, PyObject *const *values)
{
    for (int i = 0; i < OPTIONS; i++)
        if (values[i])
            return 0;
    PyObject *module = PyType_GetModuleByDef(type, &csv_module);
    return module ? PyObject_TypeCheck(dialect, csv_state_of(module)->dialect) : -1;
}

/* Keywords come before what a dialect (a name, a class, an object) says, and that before the
   defaults. A Dialect without any keyword is shared as it is. */
static PyObject *dialect_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"dialect",        "delimiter", "doublequote", "escapechar",
                            "lineterminator", "quotechar", "quoting",     "skipinitialspace",
                            "strict",         NULL};
    PyObject *dialect = NULL, *values[OPTIONS] = {NULL};
    Dialect *self = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OOOOOOOOO", names, &dialect, &values[0],
                                     &values[1], &values[2], &values[3], &values[4], &values[5],
                                     &values[6], &values[7]))
        return NULL;
    if (dialect) {
        dialect = dialect_source(type, dialect);
        if (!dialect)
            return NULL;
        int plain = is_plain_dialect(type, dialect, values);
        if (plain > 0)
            return dialect;
        if (plain < 0) {
            Py_DECREF(dialect);
            return NULL;
        }
    }
    for (int i = 0; i < OPTIONS; i++) {
        if (values[i])
            Py_INCREF(values[i]);
        else if (dialect && !(values[i] = PyObject_GetAttrString(dialect, option_names[i])))
            PyErr_Clear();
    }
    self = (Dialect *)type->tp_alloc(type, 0);
    if (self && !dialect_fill(self, values))
        Py_CLEAR(self);
    for (int i = 0; i < OPTIONS; i++)
        Py_XDECREF(values[i]);
    Py_XDECREF(dialect);
    return (PyObject *)self;
}

PyObject *csv_dialect_from(struct csv_state *state, PyObject *dialect, PyObject *kwargs)
{
    return PyObject_VectorcallDict((PyObject *)state->dialect, &dialect, dialect ? 1 : 0, kwargs);
}

static int dialect_traverse(Dialect *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->lineterminator);
    return 0;
}

static void dialect_dealloc(Dialect *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->lineterminator);
    type->tp_free(self);
    Py_DECREF(type);
}

/* -- Attributes ------------------------------------------------------------------------------ */

static PyObject *char_or_none(Py_UCS4 c)
{
    return c == NOT_SET ? Py_NewRef(Py_None) : PyUnicode_FromOrdinal((int)c);
}

static PyObject *dialect_get_delimiter(Dialect *self, void *ignored)
{
    return char_or_none(self->delimiter);
}
static PyObject *dialect_get_escapechar(Dialect *self, void *ignored)
{
    return char_or_none(self->escapechar);
}
static PyObject *dialect_get_quotechar(Dialect *self, void *ignored)
{
    return char_or_none(self->quotechar);
}
static PyObject *dialect_get_quoting(Dialect *self, void *ignored)
{
    return PyLong_FromLong(self->quoting);
}
static PyObject *dialect_get_lineterminator(Dialect *self, void *ignored)
{
    return Py_XNewRef(self->lineterminator);
}

static PyObject *dialect_reduce(PyObject *self, PyObject *ignored)
{
    PyErr_Format(PyExc_TypeError, "cannot pickle '%.100s' instances", _PyType_Name(Py_TYPE(self)));
    return NULL;
}

PyDoc_STRVAR(dialect_reduce_doc, "Raises TypeError: a dialect is not pickled.");
static PyMethodDef dialect_methods[] = {
    {"__reduce__", (PyCFunction)dialect_reduce, METH_VARARGS, dialect_reduce_doc},
    {"__reduce_ex__", (PyCFunction)dialect_reduce, METH_VARARGS, dialect_reduce_doc},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef dialect_members[] = {
    {"skipinitialspace", T_BOOL, offsetof(Dialect, skipinitialspace), READONLY, NULL},
    {"doublequote", T_BOOL, offsetof(Dialect, doublequote), READONLY, NULL},
    {"strict", T_BOOL, offsetof(Dialect, strict), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyGetSetDef dialect_getset[] = {
    {"delimiter", (getter)dialect_get_delimiter, NULL, NULL, NULL},
    {"escapechar", (getter)dialect_get_escapechar, NULL, NULL, NULL},
    {"lineterminator", (getter)dialect_get_lineterminator, NULL, NULL, NULL},
    {"quotechar", (getter)dialect_get_quotechar, NULL, NULL, NULL},
    {"quoting", (getter)dialect_get_quoting, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot dialect_slots[] = {
    {Py_tp_doc, "The options of a CSV format: how rows are read and written."},
    {Py_tp_new, dialect_new},
    {Py_tp_dealloc, dialect_dealloc},
    {Py_tp_traverse, dialect_traverse},
    {Py_tp_methods, dialect_methods},
    {Py_tp_members, dialect_members},
    {Py_tp_getset, dialect_getset},
    {0, NULL},
};
PyType_Spec csv_dialect_spec = {
    .name = "_csv.Dialect",
    .basicsize = sizeof(Dialect),
    .slots = dialect_slots,
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
};
