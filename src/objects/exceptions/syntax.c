/* SPDX-License-Identifier: MIT
 *
 * SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset])): where the compiler
 * stumbled.
 */
#include "objects/exceptions/exc_impl.h"

#define SELF(o) ((PySyntaxErrorObject *)(o))

#define FIELDS(X) \
    X(msg)        \
    X(filename) X(lineno) X(offset) X(end_lineno) X(end_offset) X(text) X(print_file_and_line)

static int syntax_clear(PyObject *self)
{
#define X(f) Py_CLEAR(SELF(self)->f);
    FIELDS(X)
#undef X
    return base_exception_clear(self);
}

static int syntax_traverse(PyObject *self, visitproc visit, void *arg)
{
#define X(f) Py_VISIT(SELF(self)->f);
    FIELDS(X)
#undef X
    return base_exception_traverse(self, visit, arg);
}

/* Four or six items. */
static int set_location(PySyntaxErrorObject *e, PyObject *seq)
{
    PyObject *info = PySequence_Tuple(seq), *filename, *lineno, *offset, *text, *end_lineno = NULL,
             *end_offset = NULL;
    if (!info)
        return -1;
    if (!PyArg_ParseTuple(info, "OOOO|OO", &filename, &lineno, &offset, &text, &end_lineno,
                          &end_offset)) {
        Py_DECREF(info);
        return -1;
    }
    Py_XSETREF(e->filename, Py_NewRef(filename));
    Py_XSETREF(e->lineno, Py_NewRef(lineno));
    Py_XSETREF(e->offset, Py_NewRef(offset));
    Py_XSETREF(e->text, Py_NewRef(text));
    Py_XSETREF(e->end_lineno, Py_XNewRef(end_lineno));
    Py_XSETREF(e->end_offset, Py_XNewRef(end_offset));
    Py_DECREF(info);
    if (!e->end_lineno || e->end_offset)
        return 0;
    PyErr_SetString(PyExc_TypeError, "end_offset must be provided when end_lineno is provided");
    return -1;
}

static int syntax_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    if (base_exception_init(self, args, kwds) < 0)
        return -1;
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n >= 1)
        Py_XSETREF(SELF(self)->msg, Py_NewRef(PyTuple_GET_ITEM(args, 0)));
    return n == 2 ? set_location(SELF(self), PyTuple_GET_ITEM(args, 1)) : 0;
}

/* Owned: what follows the last slash. */
static PyObject *base_name(PyObject *name)
{
    if (PyUnicode_READY(name) < 0)
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(name), sep = PyUnicode_FindChar(name, '/', 0, n, -1);
    return PyUnicode_Substring(name, sep + 1, n);
}

/* "msg (file.py, line 3)"; parts that are not there are left out. */
static PyObject *syntax_str(PyObject *op)
{
    PySyntaxErrorObject *e = SELF(op);
    PyObject *msg = e->msg ? e->msg : Py_None, *name = NULL, *res;
    int overflow;
    bool have_line = e->lineno && PyLong_CheckExact(e->lineno);
    if (e->filename && PyUnicode_Check(e->filename) && !(name = base_name(e->filename)))
        return NULL;
    long line = have_line ? PyLong_AsLongAndOverflow(e->lineno, &overflow) : 0;
    if (name && have_line)
        res = PyUnicode_FromFormat("%S (%U, line %ld)", msg, name, line);
    else if (name)
        res = PyUnicode_FromFormat("%S (%U)", msg, name);
    else if (have_line)
        res = PyUnicode_FromFormat("%S (line %ld)", msg, line);
    else
        res = PyObject_Str(msg);
    Py_XDECREF(name);
    return res;
}

static PyMemberDef syntax_members[] = {
    {"msg", T_OBJECT, offsetof(PySyntaxErrorObject, msg), 0, "exception msg"},
    {"filename", T_OBJECT, offsetof(PySyntaxErrorObject, filename), 0, "exception filename"},
    {"lineno", T_OBJECT, offsetof(PySyntaxErrorObject, lineno), 0, "exception lineno"},
    {"offset", T_OBJECT, offsetof(PySyntaxErrorObject, offset), 0, "exception offset"},
    {"text", T_OBJECT, offsetof(PySyntaxErrorObject, text), 0, "exception text"},
    {"end_lineno", T_OBJECT, offsetof(PySyntaxErrorObject, end_lineno), 0, "exception end lineno"},
    {"end_offset", T_OBJECT, offsetof(PySyntaxErrorObject, end_offset), 0, "exception end offset"},
    {"print_file_and_line", T_OBJECT, offsetof(PySyntaxErrorObject, print_file_and_line), 0,
     "exception print_file_and_line"},
    {NULL},
};

const struct exc_kind kind_syntax = {
    .size = sizeof(PySyntaxErrorObject),
    .init = syntax_init,
    .dealloc = exc_dealloc,
    .traverse = syntax_traverse,
    .clear = syntax_clear,
    .str = syntax_str,
    .members = syntax_members,
};
