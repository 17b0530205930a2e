/* SPDX-License-Identifier: MIT
 *
 * Module _sre: the engine under re. Also the scanner object, which keeps a state between matches.
 */
#include "modules/_sre/sre.h"

typedef struct {
    PyObject_HEAD
    Pattern *pattern;          /* strong */
    bool executing;            /* a match is running: another thread may not enter */
    bool done;                 /* the last match failed */
    bool ready;                /* state is initialised */
    State state;
} Scanner;

SreTypes *sre_types(PyObject *o)
{
    return PyType_GetModuleState(Py_TYPE(o));
}

/* -- Scanner --------------------------------------------------------------------------------- */

PyObject *pattern_scanner(Pattern *self, PyTypeObject *cls, PyObject *const *args, Py_ssize_t n,
                          PyObject *kwnames)
{
    PyObject *string;
    Py_ssize_t pos, endpos;
    if (sre_parse_span("scanner", args, n, kwnames, &string, &pos, &endpos) < 0)
        return NULL;
    Scanner *sc = PyObject_GC_New(Scanner, sre_types((PyObject *)self)->scanner);
    if (!sc)
        return NULL;
    sc->pattern = NULL;
    sc->executing = sc->done = sc->ready = false;
    if (state_init(&sc->state, self, string, pos, endpos) < 0) {
        PyObject_GC_Track(sc);
        Py_DECREF(sc);
        return NULL;
    }
    sc->ready = true;
    sc->pattern = (Pattern *)Py_NewRef(self);
    PyObject_GC_Track(sc);
    return (PyObject *)sc;
}

/* The state goes on where the last match ended. `executing` keeps out what a signal handler or
   another thread might start meanwhile. */
static PyObject *scanner_next(Scanner *sc, int (*run)(State *, const Code *))
{
    if (sc->executing) {
        PyErr_SetString(PyExc_ValueError, "regular expression scanner already executing");
        return NULL;
    }
    if (sc->done)
        Py_RETURN_NONE;
    sc->executing = true;
    int status = run(&sc->state, sc->pattern->code);
    PyObject *match = match_from_state(sc->pattern, &sc->state, status);
    if (status == SRE_NO)
        sc->done = true;
    else {
        sc->state.must_advance = sc->state.ptr == sc->state.start;
        sc->state.start = sc->state.ptr;
    }
    sc->executing = false;
    return match;
}

static PyObject *scanner_match(Scanner *sc, PyObject *unused)
{
    return scanner_next(sc, sre_match);
}
static PyObject *scanner_search(Scanner *sc, PyObject *unused)
{
    return scanner_next(sc, sre_search);
}

OF_CLASS_NONE(Scanner, scanner_match, "match")
OF_CLASS_NONE(Scanner, scanner_search, "search")

static int scanner_traverse(Scanner *sc, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(sc));
    Py_VISIT(sc->pattern);
    return 0;
}

static int scanner_clear(Scanner *sc)
{
    Py_CLEAR(sc->pattern);
    return 0;
}

static void scanner_dealloc(Scanner *sc)
{
    PyTypeObject *type = Py_TYPE(sc);
    PyObject_GC_UnTrack(sc);
    if (sc->ready)
        state_clear(&sc->state);
    scanner_clear(sc);
    type->tp_free(sc);
    Py_DECREF(type);
}

static PyMethodDef scanner_methods[] = {
    {"match", (PyCFunction)(void (*)(void))scanner_match_of_class, OF_CLASS,
     "match($self, /)\n--\n\n"},
    {"search", (PyCFunction)(void (*)(void))scanner_search_of_class, OF_CLASS,
     "search($self, /)\n--\n\n"},
    {NULL}};

static PyMemberDef scanner_members[] = {{"pattern", T_OBJECT, offsetof(Scanner, pattern), READONLY},
                                        {NULL}};

static PyType_Slot scanner_slots[] = {
    {Py_tp_dealloc, scanner_dealloc}, {Py_tp_traverse, scanner_traverse},
    {Py_tp_clear, scanner_clear},     {Py_tp_methods, scanner_methods},
    {Py_tp_members, scanner_members}, {0, NULL}};

PyType_Spec sre_scanner_spec = {
    .name = "_sre.SRE_Scanner",
    .basicsize = sizeof(Scanner),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_HAVE_GC,
    .slots = scanner_slots,
};

/* -- Functions ------------------------------------------------------------------------------- */

static PyObject *sre_getcodesize(PyObject *m, PyObject *unused)
{
    return PyLong_FromLong(sizeof(Code));
}

static int character_arg(PyObject *arg, Py_UCS4 *c)
{
    int v = _PyLong_AsInt(arg);
    *c = (Py_UCS4)v;
    return v == -1 && PyErr_Occurred() ? -1 : 0;
}

static PyObject *sre_ascii_iscased(PyObject *m, PyObject *arg)
{
    Py_UCS4 c;
    return character_arg(arg, &c) < 0 ? NULL : PyBool_FromLong(c < 128 && Py_ISALPHA(c));
}

static PyObject *sre_unicode_iscased(PyObject *m, PyObject *arg)
{
    Py_UCS4 c;
    if (character_arg(arg, &c) < 0)
        return NULL;
    return PyBool_FromLong(Py_UNICODE_TOLOWER(c) != c || Py_UNICODE_TOUPPER(c) != c);
}

static PyObject *sre_ascii_tolower(PyObject *m, PyObject *arg)
{
    Py_UCS4 c;
    return character_arg(arg, &c) < 0 ? NULL : PyLong_FromLong((long)sre_lower_ascii(c));
}

static PyObject *sre_unicode_tolower(PyObject *m, PyObject *arg)
{
    Py_UCS4 c;
    return character_arg(arg, &c) < 0 ? NULL : PyLong_FromLong((long)Py_UNICODE_TOLOWER(c));
}

static PyMethodDef sre_methods[] = {
    {"compile", (PyCFunction)(void (*)(void))sre_compile, METH_FASTCALL | METH_KEYWORDS,
     "compile($module, /, pattern, flags, code, groups, groupindex,\n        indexgroup)\n--\n\n"},
    {"getcodesize", sre_getcodesize, METH_NOARGS, "getcodesize($module, /)\n--\n\n"},
    {"ascii_iscased", sre_ascii_iscased, METH_O, "ascii_iscased($module, character, /)\n--\n\n"},
    {"unicode_iscased", sre_unicode_iscased, METH_O,
     "unicode_iscased($module, character, /)\n--\n\n"},
    {"ascii_tolower", sre_ascii_tolower, METH_O, "ascii_tolower($module, character, /)\n--\n\n"},
    {"unicode_tolower", sre_unicode_tolower, METH_O,
     "unicode_tolower($module, character, /)\n--\n\n"},
    {NULL}};

/* -- The module ------------------------------------------------------------------------------ */

static int add_int_steal(PyObject *m, const char *name, PyObject *v)
{
    int r = v ? PyModule_AddObjectRef(m, name, v) : -1;
    Py_XDECREF(v);
    return r;
}

static int sre_exec(PyObject *m)
{
    SreTypes *t = PyModule_GetState(m);
    if (!(t->pattern = (PyTypeObject *)PyType_FromModuleAndSpec(m, &sre_pattern_spec, NULL)) ||
        !(t->match = (PyTypeObject *)PyType_FromModuleAndSpec(m, &sre_match_spec, NULL)) ||
        !(t->scanner = (PyTypeObject *)PyType_FromModuleAndSpec(m, &sre_scanner_spec, NULL)))
        return -1;
    if (add_int_steal(m, "MAGIC", PyLong_FromLong(SRE_MAGIC)) < 0 ||
        add_int_steal(m, "CODESIZE", PyLong_FromLong(sizeof(Code))) < 0 ||
        add_int_steal(m, "MAXREPEAT", PyLong_FromUnsignedLong(SRE_MAXREPEAT)) < 0 ||
        add_int_steal(m, "MAXGROUPS", PyLong_FromUnsignedLong(SRE_MAXGROUPS)) < 0)
        return -1;
    return PyModule_AddStringConstant(m, "copyright",
                                      " SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ");
}

static int sre_traverse(PyObject *m, visitproc visit, void *arg)
{
    SreTypes *t = PyModule_GetState(m);
    Py_VISIT(t->pattern);
    Py_VISIT(t->match);
    Py_VISIT(t->scanner);
    return 0;
}

static int sre_clear(PyObject *m)
{
    SreTypes *t = PyModule_GetState(m);
    Py_CLEAR(t->pattern);
    Py_CLEAR(t->match);
    Py_CLEAR(t->scanner);
    return 0;
}

static void sre_free(void *module) { sre_clear(module); }

static PyModuleDef_Slot sre_slots[] = { { Py_mod_exec, sre_exec }, { 0, NULL } };

static struct PyModuleDef sre_module = {
    PyModuleDef_HEAD_INIT,    .m_name = "_sre",     .m_size = sizeof(SreTypes),
    .m_methods = sre_methods, .m_slots = sre_slots, .m_traverse = sre_traverse,
    .m_clear = sre_clear,     .m_free = sre_free,
};

PyMODINIT_FUNC PyInit__sre(void)
{
    return PyModuleDef_Init(&sre_module);
}
