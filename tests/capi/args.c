/* SPDX-License-Identifier: MIT
 *
 * PyArg_Parse*: every format unit, keywords, converters, cleanup; PyArg_UnpackTuple, PyArg_VaParse.
 */
#include "capi.h"

/* parse(unit, args): one argument with one unit, the C value shown. */
static PyObject *parse(PyObject *module, PyObject *call)
{
    const char *unit;
    PyObject *args;
    char format[32];
    if (!PyArg_ParseTuple(call, "sO!", &unit, &PyTuple_Type, &args))
        return NULL;
    snprintf(format, sizeof(format), "%s:parse", unit);
    union {
        unsigned char b; short h; unsigned short H; int i; unsigned int I; long l; unsigned long k; long long L;
        unsigned long long K; Py_ssize_t n; float f; double d; Py_complex D; char c; const char *s; PyObject *o;
        Py_UNICODE *u; Py_buffer view;
    } v;
    memset(&v, 0x5A, sizeof(v));
    Py_ssize_t size = -7;
    if (!strcmp(unit, "s#") || !strcmp(unit, "z#") || !strcmp(unit, "y#")) {
        if (!PyArg_ParseTuple(args, format, &v.s, &size))
            return NULL;
        return v.s ? Py_BuildValue("(y#n)", v.s, size, size) : Py_BuildValue("(On)", Py_None, size);
    }
    if (strchr(unit, '*')) {
        if (!PyArg_ParseTuple(args, format, &v.view))
            return NULL;
        PyObject *r = Py_BuildValue("(y#nisO)", v.view.buf ? v.view.buf : "", v.view.len, v.view.len, v.view.readonly,
                                    v.view.format, v.view.obj ? v.view.obj : Py_None);
        PyBuffer_Release(&v.view);
        return r;
    }
    if (!PyArg_ParseTuple(args, format, &v))
        return NULL;
    switch (unit[strlen(unit) - 1]) {
    case 'b': case 'B': return PyLong_FromLong(v.b);
    case 'h': return PyLong_FromLong(v.h);
    case 'H': return PyLong_FromLong(v.H);
    case 'i': case 'C': case 'p': return PyLong_FromLong(v.i);
    case 'I': return PyLong_FromUnsignedLong(v.I);
    case 'l': return PyLong_FromLong(v.l);
    case 'k': return PyLong_FromUnsignedLong(v.k);
    case 'L': return PyLong_FromLongLong(v.L);
    case 'K': return PyLong_FromUnsignedLongLong(v.K);
    case 'n': return PyLong_FromSsize_t(v.n);
    case 'f': return PyFloat_FromDouble(v.f);
    case 'd': return PyFloat_FromDouble(v.d);
    case 'D': return PyComplex_FromCComplex(v.D);
    case 'c': return PyBytes_FromStringAndSize(&v.c, 1);
    case 's': case 'y': case 'z': return v.s ? PyBytes_FromString(v.s) : Py_NewRef(Py_None);
    case 'O': case 'S': case 'Y': case 'U': return Py_NewRef(v.o);
    }
    return Py_NewRef(Py_Ellipsis);
}

static PyObject *encoded(PyObject *module, PyObject *call)
{
    const char *unit, *encoding;
    PyObject *args;
    char format[32], *text = NULL;
    Py_ssize_t size = 0;
    if (!PyArg_ParseTuple(call, "szO!", &unit, &encoding, &PyTuple_Type, &args))
        return NULL;
    snprintf(format, sizeof(format), "%s:encoded", unit);
    int sized = strchr(unit, '#') != NULL;
    if (sized ? !PyArg_ParseTuple(args, format, encoding, &text, &size) : !PyArg_ParseTuple(args, format, encoding, &text))
        return NULL;
    PyObject *r = PyBytes_FromStringAndSize(text, sized ? size : (Py_ssize_t)strlen(text));
    PyMem_Free(text);
    return r;
}

static PyObject *into_buffer(PyObject *module, PyObject *args)
{
    char space[6] = "......", *text = space;
    Py_ssize_t size = sizeof(space);
    if (!PyArg_ParseTuple(args, "es#", "utf-8", &text, &size))
        return NULL;
    return Py_BuildValue("(y#n)", space, sizeof(space), size);
}

static int undone;
static int doubling(PyObject *o, void *out)
{
    if (!o) { /* cleanup: a later argument was wrong */
        undone += *(int *)out;
        return 1;
    }
    long n = PyLong_AsLong(o);
    if (n == -1 && PyErr_Occurred())
        return 0;
    *(int *)out = (int)n * 2;
    return Py_CLEANUP_SUPPORTED;
}

static PyObject *converter(PyObject *module, PyObject *args)
{
    int a = 0, b = 0;
    undone = 0;
    if (!PyArg_ParseTuple(args, "O&O&:converter", doubling, &a, doubling, &b)) {
        PyObject *type, *value, *trace;
        PyErr_Fetch(&type, &value, &trace);
        PyObject *r = Py_BuildValue("(OOi)", type, value ? value : Py_None, undone);
        Py_XDECREF(type); Py_XDECREF(value); Py_XDECREF(trace);
        return r;
    }
    return Py_BuildValue("(ii)", a, b);
}

static PyObject *typed(PyObject *module, PyObject *args)
{
    PyObject *o, *u;
    return PyArg_ParseTuple(args, "O!|O!:typed", &PyList_Type, &o, &PyDict_Type, &u) ? Py_NewRef(o) : NULL;
}

static PyObject *nested(PyObject *module, PyObject *args)
{
    int a, b = -1, c = -1;
    const char *s;
    return PyArg_ParseTuple(args, "(i(is))|i;nested wants (a, (b, c)), d", &a, &b, &s, &c) ? Py_BuildValue("(iisi)", a, b, s, c) : NULL;
}

static PyObject *optional(PyObject *module, PyObject *args)
{
    int a, b = -1, c = -1;
    return PyArg_ParseTuple(args, "i|ii:optional", &a, &b, &c) ? Py_BuildValue("(iii)", a, b, c) : NULL;
}

static PyObject *unpack(PyObject *module, PyObject *args)
{
    PyObject *a, *b = Py_None, *c = Py_None;
    return PyArg_UnpackTuple(args, "unpack", 1, 3, &a, &b, &c) ? Py_BuildValue("(OOO)", a, b, c) : NULL;
}

static PyObject *single(PyObject *module, PyObject *o)
{
    int n;
    return PyArg_Parse(o, "i", &n) ? PyLong_FromLong(n) : NULL;
}

static PyObject *keywords(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"a", "b", "c", "d", "e", NULL};
    int a = -1, b = -1, c = -1, d = -1, e = -1;
    return PyArg_ParseTupleAndKeywords(args, kwargs, "ii|i$ii:keywords", names, &a, &b, &c, &d, &e)
               ? Py_BuildValue("(iiiii)", a, b, c, d, e) : NULL;
}

static PyObject *positional(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"", "", "c", NULL};
    int a = -1, b = -1, c = -1;
    return PyArg_ParseTupleAndKeywords(args, kwargs, "i|ii", names, &a, &b, &c) ? Py_BuildValue("(iii)", a, b, c) : NULL;
}

static PyObject *empty_only(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {NULL};
    return PyArg_ParseTupleAndKeywords(args, kwargs, ":empty_only", names) ? PyLong_FromLong(0) : NULL;
}

static int va(PyObject *args, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int ok = PyArg_VaParse(args, format, list);
    va_end(list);
    return ok;
}
static PyObject *va_parse(PyObject *module, PyObject *args)
{
    int a, b = 0;
    return va(args, "i|i:va_parse", &a, &b) ? Py_BuildValue("(ii)", a, b) : NULL;
}

static PyObject *bad_format(PyObject *module, PyObject *args)
{
    const char *format;
    PyObject *tuple, *x, *y;
    if (!PyArg_ParseTuple(args, "sO", &format, &tuple))
        return NULL;
    return PyArg_ParseTuple(tuple, format, &x, &y) ? PyLong_FromLong(1) : NULL;
}

static PyObject *validate_keywords(PyObject *module, PyObject *args)
{
    return PyArg_ValidateKeywordArguments(PyTuple_GET_ITEM(args, 0)) ? PyLong_FromLong(1) : NULL;
}

/* -- METH_FASTCALL helpers that Argument Clinic's output calls ---------------------------------- */

static PyObject *clinic(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static const char *const names[] = {"", "b", "c", NULL};
    static _PyArg_Parser parser = {NULL, names, "clinic", 0};
    PyObject *space[3];
    Py_ssize_t noptargs = nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0) - 1;
    args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 1, 2, 0, space);
    if (!args)
        return NULL;
    PyObject *b = Py_None, *c = Py_None;
    Py_ssize_t left = noptargs; /* what lies behind the last argument given is not initialised */
    if (left && args[1]) {
        b = args[1];
        left--;
    }
    if (left)
        c = args[2];
    return Py_BuildValue("(nOOO)", noptargs, args[0], b, c);
}

static PyObject *stack_and_keywords(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static const char *const names[] = {"a", "b", NULL};
    static _PyArg_Parser parser = {"i|O:stack_and_keywords", names, 0};
    int a;
    PyObject *b = Py_None;
    return _PyArg_ParseStackAndKeywords(args, nargs, kwnames, &parser, &a, &b) ? Py_BuildValue("(iO)", a, b) : NULL;
}

static PyObject *stack(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int a, b = 9;
    return _PyArg_ParseStack(args, nargs, "i|i:stack", &a, &b) ? Py_BuildValue("(ii)", a, b) : NULL;
}

static PyObject *check_positional(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return _PyArg_CheckPositional("check_positional", nargs, 1, 2) ? PyLong_FromSsize_t(nargs) : NULL;
}

static PyObject *no_keywords(PyObject *module, PyObject *args, PyObject *kwargs)
{
    return _PyArg_NoKeywords("no_keywords", kwargs) && _PyArg_NoPositional("no_keywords", args) ? PyLong_FromLong(0) : NULL;
}

static PyMethodDef methods[] = {
    OWN(parse) OWN(encoded) OWN(into_buffer) OWN(converter) OWN(typed) OWN(nested) OWN(optional) OWN(unpack)
    {"single", single, METH_O},
    {"keywords", (PyCFunction)(void (*)(void))keywords, METH_VARARGS | METH_KEYWORDS},
    {"positional", (PyCFunction)(void (*)(void))positional, METH_VARARGS | METH_KEYWORDS},
    {"empty_only", (PyCFunction)(void (*)(void))empty_only, METH_VARARGS | METH_KEYWORDS},
    OWN(va_parse) OWN(bad_format) OWN(validate_keywords)
    {"clinic", (PyCFunction)(void (*)(void))clinic, METH_FASTCALL | METH_KEYWORDS},
    {"stack_and_keywords", (PyCFunction)(void (*)(void))stack_and_keywords, METH_FASTCALL | METH_KEYWORDS},
    {"stack", (PyCFunction)(void (*)(void))stack, METH_FASTCALL},
    {"check_positional", (PyCFunction)(void (*)(void))check_positional, METH_FASTCALL},
    {"no_keywords", (PyCFunction)(void (*)(void))no_keywords, METH_VARARGS | METH_KEYWORDS},
    {NULL}
};
MODULE(c_args, methods)
