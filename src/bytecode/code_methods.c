/* SPDX-License-Identifier: MIT
 *
 * What a program sees of a code object: CodeType(...), attributes, replace(), co_lines(),
 * co_positions(). The two iterators hold a strong reference to their code object and a cursor into
 * its location table.
 */
#include "bytecode/code_impl.h"

/* -- CodeType(...) ---------------------------------------------------------------------------- */

const char code_doc[] =
    "code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n"
    "     flags, codestring, constants, names, varnames, filename, name,\n"
    "     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n"
    "     cellvars=(), /)\n"
    "--\n"
    "\n"
    "Create a code object from its parts.  Nothing checks that the parts make sense.";

/* A new tuple of exact str. */
static PyObject *checked_names(PyObject *tuple)
{
    Py_ssize_t n = PyTuple_GET_SIZE(tuple);
    PyObject *copy = PyTuple_New(n);
    if (copy == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyTuple_GET_ITEM(tuple, i);
        if (PyUnicode_CheckExact(item))
            Py_INCREF(item);
        else if (PyUnicode_Check(item))
            item = PyUnicode_FromObject(item);
        else {
            PyErr_Format(PyExc_TypeError, "name tuples must contain only strings, not '%.500s'",
                         Py_TYPE(item)->tp_name);
            item = NULL;
        }
        if (item == NULL) {
            Py_DECREF(copy);
            return NULL;
        }
        PyTuple_SET_ITEM(copy, i, item);
    }
    return copy;
}

/* TypeError in the words of a clinic-made function. */
static int check_new_argument(PyObject *v, int number, bool ok, const char *expected)
{
    if (ok)
        return 0;
    char where[32];
    PyOS_snprintf(where, sizeof where, "argument %d", number);
    _PyArg_BadArgument("code", where, expected, v);
    return -1;
}

enum {
    A_ARGCOUNT,
    A_POSONLY,
    A_KWONLY,
    A_NLOCALS,
    A_STACKSIZE,
    A_FLAGS,
    A_CODE,
    A_CONSTS,
    A_NAMES,
    A_VARNAMES,
    A_FILENAME,
    A_NAME,
    A_QUALNAME,
    A_FIRSTLINE,
    A_LINETABLE,
    A_EXCTABLE,
    A_FREEVARS,
    A_CELLVARS,
    A_COUNT
};

/* One letter for each argument: i int, S bytes, t tuple, U str. */
static const char new_types[] = "iiiiiiStttUUUiSStt";

static int convert_new_arguments(PyObject **given, int n, PyObject **object, int *number)
{
    for (int i = 0; i < n; i++) {
        PyObject *v = object[i] = given[i];
        switch (new_types[i]) {
        case 'i':
            number[i] = _PyLong_AsInt(v);
            if (number[i] == -1 && PyErr_Occurred())
                return -1;
            break;
        case 'S':
            if (check_new_argument(v, i + 1, PyBytes_Check(v), "bytes") < 0)
                return -1;
            break;
        case 't':
            if (check_new_argument(v, i + 1, PyTuple_Check(v), "tuple") < 0)
                return -1;
            break;
        default:
            if (check_new_argument(v, i + 1, PyUnicode_Check(v), "str") < 0 ||
                PyUnicode_READY(v) < 0)
                return -1;
        }
    }
    return 0;
}

/* Counts must not be negative. */
static int check_counts(const int *n)
{
    static const struct { int index; const char *name; } rows[] = {
        {A_ARGCOUNT, "argcount"},
        {A_POSONLY, "posonlyargcount"},
        {A_KWONLY, "kwonlyargcount"},
        {A_NLOCALS, "nlocals"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (n[rows[i].index] < 0) {
            PyErr_Format(PyExc_ValueError, "code: %s must not be negative", rows[i].name);
            return -1;
        }
    return 0;
}

PyObject *code_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *o[A_COUNT] = {0}, *names = NULL, *varnames = NULL, *freevars = NULL, *cellvars = NULL;
    int n[A_COUNT];
    PyCodeObject *co = NULL;
    if (type == &PyCode_Type && !_PyArg_NoKeywords("code", kwargs))
        return NULL;
    Py_ssize_t given = PyTuple_GET_SIZE(args);
    if (!_PyArg_CheckPositional("code", given, A_FREEVARS, A_COUNT))
        return NULL;
    if (convert_new_arguments(((PyTupleObject *)args)->ob_item, (int)given, o, n) < 0)
        return NULL;
    if (PySys_Audit("code.__new__", "OOOiiiiii", o[A_CODE], o[A_FILENAME], o[A_NAME], n[A_ARGCOUNT],
                    n[A_POSONLY], n[A_KWONLY], n[A_NLOCALS], n[A_STACKSIZE], n[A_FLAGS]) < 0)
        return NULL;
    if (check_counts(n) < 0)
        return NULL;
    if ((names = checked_names(o[A_NAMES])) && (varnames = checked_names(o[A_VARNAMES])) &&
        (freevars = o[A_FREEVARS] ? checked_names(o[A_FREEVARS]) : PyTuple_New(0)) &&
        (cellvars = o[A_CELLVARS] ? checked_names(o[A_CELLVARS]) : PyTuple_New(0)))
        co = PyCode_NewWithPosOnlyArgs(
            n[A_ARGCOUNT], n[A_POSONLY], n[A_KWONLY], n[A_NLOCALS], n[A_STACKSIZE], n[A_FLAGS],
            o[A_CODE], o[A_CONSTS], names, varnames, freevars, cellvars, o[A_FILENAME], o[A_NAME],
            o[A_QUALNAME], n[A_FIRSTLINE], o[A_LINETABLE], o[A_EXCTABLE]);
    Py_XDECREF(cellvars);
    Py_XDECREF(freevars);
    Py_XDECREF(varnames);
    Py_XDECREF(names);
    return (PyObject *)co;
}

/* -- replace() -------------------------------------------------------------------------------- */

PyDoc_STRVAR(replace_doc,
"replace($self, /, *, co_argcount=-1, co_posonlyargcount=-1,\n"
"        co_kwonlyargcount=-1, co_nlocals=-1, co_stacksize=-1,\n"
"        co_flags=-1, co_firstlineno=-1, co_code=None, co_consts=None,\n"
"        co_names=None, co_varnames=None, co_freevars=None,\n"
"        co_cellvars=None, co_filename=None, co_name=None,\n"
"        co_qualname=None, co_linetable=None, co_exceptiontable=None)\n"
"--\n\n"
"A copy of this code object in which the given fields differ.");

enum { R_INTS = 7, R_COUNT = 18 };
enum {
    R_CODE = R_INTS,
    R_CONSTS,
    R_NAMES,
    R_VARNAMES,
    R_FREEVARS,
    R_CELLVARS,
    R_FILENAME,
    R_NAME,
    R_QUALNAME,
    R_LINETABLE,
    R_EXCTABLE
};

static const char *const replace_keywords[] = {
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals",  "co_stacksize",
    "co_flags",    "co_firstlineno",     "co_code",           "co_consts",   "co_names",
    "co_varnames", "co_freevars",        "co_cellvars",       "co_filename", "co_name",
    "co_qualname", "co_linetable",       "co_exceptiontable", NULL,
};

static int check_replacement(int i, PyObject *v)
{
    static const char types[] = "StttttUUUSS";
    char type = types[i - R_INTS];
    if (type == 'S' ? PyBytes_Check(v) : type == 't' ? PyTuple_Check(v) : PyUnicode_Check(v))
        return 0;
    char where[40];
    PyOS_snprintf(where, sizeof where, "argument '%s'", replace_keywords[i]);
    _PyArg_BadArgument("replace", where, type == 'S' ? "bytes" : type == 't' ? "tuple" : "str", v);
    return -1;
}

/* Owned references to what the copy starts from. */
static int current_parts(PyCodeObject *co, PyObject **o)
{
    PyObject *plain[] = {[R_CONSTS] = co->co_consts,          [R_NAMES] = co->co_names,
                         [R_FILENAME] = co->co_filename,      [R_NAME] = co->co_name,
                         [R_QUALNAME] = co->co_qualname,      [R_LINETABLE] = co->co_linetable,
                         [R_EXCTABLE] = co->co_exceptiontable};
    for (int i = R_INTS; i < R_COUNT; i++) {
        if (o[i])
            Py_INCREF(o[i]);
        else if (i == R_CODE)
            o[i] = PyCode_GetCode(co);
        else if (i == R_VARNAMES)
            o[i] = PyCode_GetVarnames(co);
        else if (i == R_FREEVARS)
            o[i] = PyCode_GetFreevars(co);
        else if (i == R_CELLVARS)
            o[i] = PyCode_GetCellvars(co);
        else
            o[i] = Py_NewRef(plain[i]);
        if (o[i] == NULL) {
            while (--i >= R_INTS)
                Py_DECREF(o[i]);
            return -1;
        }
    }
    return 0;
}

/* Integers of the copy: given ones, else the original's. */
static int replace_ints(PyCodeObject *co, PyObject *const *given, int *n)
{
    int now[R_INTS] = {co->co_argcount,   co->co_posonlyargcount, co->co_kwonlyargcount,
                       co->co_nlocals,    co->co_stacksize,       co->co_flags,
                       co->co_firstlineno};
    memcpy(n, now, sizeof now);
    for (int i = 0; i < R_INTS; i++)
        if (given[i]) {
            n[i] = _PyLong_AsInt(given[i]);
            if (n[i] == -1 && PyErr_Occurred())
                return -1;
        }
    return 0;
}

static PyObject *code_replace(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    static _PyArg_Parser parser = {NULL, replace_keywords, "replace", 0};
    PyObject *given[R_COUNT] = {0}, *o[R_COUNT] = {0};
    int n[R_INTS];
    PyCodeObject *co = (PyCodeObject *)self, *copy = NULL;
    if (_PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 0, 0, 0, given) == NULL ||
        replace_ints(co, given, n) < 0)
        return NULL;
    for (int i = R_INTS; i < R_COUNT; i++)
        if ((o[i] = given[i]) && check_replacement(i, o[i]) < 0)
            return NULL;
    for (int i = 0; i < R_INTS; i++)
        if (n[i] < 0) {
            PyErr_Format(PyExc_ValueError, "%s must be a positive integer", replace_keywords[i]);
            return NULL;
        }
    if (current_parts(co, o) < 0)
        return NULL;
    if (PySys_Audit("code.__new__", "OOOiiiiii", o[R_CODE], o[R_FILENAME], o[R_NAME], n[0], n[1],
                    n[2], n[3], n[4], n[5]) == 0)
        copy = PyCode_NewWithPosOnlyArgs(n[0], n[1], n[2], n[3], n[4], n[5], o[R_CODE], o[R_CONSTS],
                                         o[R_NAMES], o[R_VARNAMES], o[R_FREEVARS], o[R_CELLVARS],
                                         o[R_FILENAME], o[R_NAME], o[R_QUALNAME], n[6],
                                         o[R_LINETABLE], o[R_EXCTABLE]);
    for (int i = R_INTS; i < R_COUNT; i++)
        Py_DECREF(o[i]);
    return (PyObject *)copy;
}

/* -- co_lines() ------------------------------------------------------------------------------- */

struct line_iterator { PyObject_HEAD PyCodeObject *code; PyCodeAddressRange range; };

static PyObject *int_or_none(int v)
{
    return v < 0 ? Py_NewRef(Py_None) : PyLong_FromLong(v);
}

/* STEALS the items; NULL when one is. */
static PyObject *pack_steal(int n, PyObject **item)
{
    PyObject *tuple = PyTuple_New(n);
    bool ok = tuple != NULL;
    for (int i = 0; i < n; i++) {
        ok = ok && item[i];
        if (tuple)
            PyTuple_SET_ITEM(tuple, i, item[i]);
        else
            Py_XDECREF(item[i]);
    }
    if (!ok)
        Py_CLEAR(tuple);
    return tuple;
}

static PyObject *line_iterator_next(struct line_iterator *it)
{
    PyCodeAddressRange *range = &it->range;
    if (range->ar_end >= _PyCode_NBYTES(it->code) || !code_lines_next(range))
        return NULL;
    PyObject *item[] = {PyLong_FromLong(range->ar_start), PyLong_FromLong(range->ar_end),
                        int_or_none(range->ar_line)};
    return pack_steal(3, item);
}

static void line_iterator_dealloc(struct line_iterator *it)
{
    Py_DECREF(it->code);
    Py_TYPE(it)->tp_free((PyObject *)it);
}

static PyObject *line_iterator_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyErr_Format(PyExc_TypeError, "cannot create '%s' instances", type->tp_name);
    return NULL;
}

PyTypeObject code_line_iterator_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "line_iterator",
    .tp_basicsize = sizeof(struct line_iterator),
    .tp_dealloc = (destructor)line_iterator_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)line_iterator_next,
    .tp_new = line_iterator_new,
    .tp_free = PyObject_Del,
};

static PyObject *code_co_lines(PyCodeObject *co, PyObject *Py_UNUSED(ignored))
{
    if (code_line_iterator_type.tp_dict == NULL && PyType_Ready(&code_line_iterator_type) < 0)
        return NULL;
    struct line_iterator *it = PyObject_New(struct line_iterator, &code_line_iterator_type);
    if (it == NULL)
        return NULL;
    it->code = (PyCodeObject *)Py_NewRef((PyObject *)co);
    code_lines_init(co, &it->range);
    return (PyObject *)it;
}

/* -- co_positions() --------------------------------------------------------------------------- */

struct position_iterator {
    PyObject_HEAD PyCodeObject *code;
    struct code_position_cursor cursor;
    int at;
};

static PyObject *position_iterator_next(struct position_iterator *it)
{
    if (it->at >= _PyCode_NBYTES(it->code))
        return NULL;
    struct code_position *p = &it->cursor.now;
    if (it->at >= p->end && !code_positions_next(&it->cursor))
        return NULL;
    it->at += sizeof(_Py_CODEUNIT);
    PyObject *item[] = {int_or_none(p->line), int_or_none(p->end_line), int_or_none(p->column),
                        int_or_none(p->end_column)};
    return pack_steal(4, item);
}

static void position_iterator_dealloc(struct position_iterator *it)
{
    Py_DECREF(it->code);
    Py_TYPE(it)->tp_free((PyObject *)it);
}

PyTypeObject code_position_iterator_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "positions_iterator",
    .tp_basicsize = sizeof(struct position_iterator),
    .tp_dealloc = (destructor)position_iterator_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)position_iterator_next,
    .tp_new = line_iterator_new,
    .tp_free = PyObject_Del,
};

static PyObject *code_co_positions(PyCodeObject *co, PyObject *Py_UNUSED(ignored))
{
    if (code_position_iterator_type.tp_dict == NULL &&
        PyType_Ready(&code_position_iterator_type) < 0)
        return NULL;
    struct position_iterator *it =
        PyObject_New(struct position_iterator, &code_position_iterator_type);
    if (it == NULL)
        return NULL;
    it->code = (PyCodeObject *)Py_NewRef((PyObject *)co);
    it->at = 0;
    code_positions_init(co, &it->cursor);
    return (PyObject *)it;
}

/* -- co_lnotab: the table of 3.9 -------------------------------------------------------------- */

struct byte_buffer { PyObject *bytes; Py_ssize_t used; };

/* One pair of bytes of co_lnotab. */
static int emit_pair(struct byte_buffer *out, int a, int b)
{
    if (out->used + 2 >= PyBytes_GET_SIZE(out->bytes) &&
        _PyBytes_Resize(&out->bytes, 2 * PyBytes_GET_SIZE(out->bytes)) < 0)
        return -1;
    char *p = PyBytes_AS_STRING(out->bytes) + out->used;
    p[0] = (char)a;
    p[1] = (char)b;
    out->used += 2;
    return 0;
}

static int emit_delta(struct byte_buffer *out, int bytes, int lines)
{
    for (; bytes > 255; bytes -= 255)
        if (emit_pair(out, 255, 0) < 0)
            return -1;
    while (lines > 127 || lines < -128) {
        int step = lines > 127 ? 127 : -128;
        if (emit_pair(out, bytes, step) < 0)
            return -1;
        bytes = 0;
        lines -= step;
    }
    return emit_pair(out, bytes, lines);
}

static PyObject *code_get_lnotab(PyCodeObject *co, void *Py_UNUSED(closure))
{
    struct byte_buffer out = {PyBytes_FromStringAndSize(NULL, 64), 0};
    if (out.bytes == NULL)
        return NULL;
    PyCodeAddressRange range;
    code_lines_init(co, &range);
    int at = 0, line = co->co_firstlineno;
    while (code_lines_next(&range)) {
        if (range.opaque.computed_line == line)
            continue;
        if (emit_delta(&out, range.ar_start - at, range.opaque.computed_line - line) < 0) {
            Py_XDECREF(out.bytes);
            return NULL;
        }
        at = range.ar_start;
        line = range.opaque.computed_line;
    }
    _PyBytes_Resize(&out.bytes, out.used);
    return out.bytes;
}

/* -- Attributes ------------------------------------------------------------------------------- */

static PyObject *code_get_varnames(PyCodeObject *co, void *c) { return PyCode_GetVarnames(co); }
static PyObject *code_get_cellvars(PyCodeObject *co, void *c) { return PyCode_GetCellvars(co); }
static PyObject *code_get_freevars(PyCodeObject *co, void *c) { return PyCode_GetFreevars(co); }
static PyObject *code_get_code(PyCodeObject *co, void *c) { return PyCode_GetCode(co); }

/* Readers know 3.11's forms only: ours are shown as what they came from. */
static PyObject *code_get_code_adaptive(PyCodeObject *co, void *Py_UNUSED(closure))
{
    PyObject *bytes = PyBytes_FromStringAndSize(co->co_code_adaptive, _PyCode_NBYTES(co));
    if (bytes == NULL)
        return NULL;
    uint8_t *units = (uint8_t *)PyBytes_AS_STRING(bytes);
    for (Py_ssize_t i = 0; i < Py_SIZE(co); i++) {
        int op = units[2 * i];
        units[2 * i] = op_shown[op];
        i += op_caches[op_deopt[op]];
    }
    return bytes;
}

static PyObject *code_sizeof(PyCodeObject *co, PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t n = PyCode_Type.tp_basicsize + Py_SIZE(co) * PyCode_Type.tp_itemsize;
    n = (n + 7) & ~(Py_ssize_t)7;
    return PyLong_FromSsize_t(n + code_extra_bytes(co));
}

static PyObject *code_varname_from_oparg(PyCodeObject *co, PyObject *const *args, Py_ssize_t nargs,
                                         PyObject *kwnames)
{
    static const char *const keywords[] = {"oparg", NULL};
    static _PyArg_Parser parser = {NULL, keywords, "_varname_from_oparg", 0};
    PyObject *space[1];
    args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 1, 1, 0, space);
    if (args == NULL)
        return NULL;
    int oparg = _PyLong_AsInt(args[0]);
    if (oparg == -1 && PyErr_Occurred())
        return NULL;
    return Py_XNewRef(PyTuple_GetItem(co->co_localsplusnames, oparg));
}

PyDoc_STRVAR(varname_doc,
"_varname_from_oparg($self, /, oparg)\n--\n\n"
"Name of the variable in a slot of the frame.  For the standard library's own use.");

PyMethodDef code_methods[] = {
    {"__sizeof__", (PyCFunction)code_sizeof, METH_NOARGS, NULL},
    {"co_lines", (PyCFunction)code_co_lines, METH_NOARGS, NULL},
    {"co_positions", (PyCFunction)code_co_positions, METH_NOARGS, NULL},
    {"replace", (PyCFunction)(void (*)(void))code_replace, METH_FASTCALL | METH_KEYWORDS,
     replace_doc},
    {"_varname_from_oparg", (PyCFunction)(void (*)(void))code_varname_from_oparg,
     METH_FASTCALL | METH_KEYWORDS, varname_doc},
    {NULL},
};

#define MEMBER(name, type) {#name, type, offsetof(PyCodeObject, name), READONLY}
PyMemberDef code_members[] = {
    MEMBER(co_argcount, T_INT),
    MEMBER(co_posonlyargcount, T_INT),
    MEMBER(co_kwonlyargcount, T_INT),
    MEMBER(co_stacksize, T_INT),
    MEMBER(co_flags, T_INT),
    MEMBER(co_nlocals, T_INT),
    MEMBER(co_consts, T_OBJECT),
    MEMBER(co_names, T_OBJECT),
    MEMBER(co_filename, T_OBJECT),
    MEMBER(co_name, T_OBJECT),
    MEMBER(co_qualname, T_OBJECT),
    MEMBER(co_firstlineno, T_INT),
    MEMBER(co_linetable, T_OBJECT),
    MEMBER(co_exceptiontable, T_OBJECT),
    {NULL},
};

PyGetSetDef code_getset[] = {
    {"co_lnotab", (getter)code_get_lnotab, NULL, NULL, NULL},
    {"_co_code_adaptive", (getter)code_get_code_adaptive, NULL, NULL, NULL},
    {"co_varnames", (getter)code_get_varnames, NULL, NULL, NULL},
    {"co_cellvars", (getter)code_get_cellvars, NULL, NULL, NULL},
    {"co_freevars", (getter)code_get_freevars, NULL, NULL, NULL},
    {"co_code", (getter)code_get_code, NULL, NULL, NULL},
    {NULL},
};
