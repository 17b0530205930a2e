/* SPDX-License-Identifier: MIT
 *
 * re.Match: what one match found. It keeps the string and the spans of the groups.
 *
 * mark[2 i] and mark[2 i + 1] are start and end of group i, -1 where it took no part; group 0 is
 * the match. Texts are cut from the string when asked for: of an exported buffer as it is then.
 */
#include "modules/_sre/sre.h"

/* A group that ended before it began (inside a repeat that was given up) is unset. */
PyObject *match_from_state(Pattern *p, State *s, int status)
{
    if (status == SRE_NO)
        Py_RETURN_NONE;
    if (status < 0)
        return NULL;
    Match *m = PyObject_GC_NewVar(Match, sre_types((PyObject *)p)->match, 2 * (p->groups + 1));
    if (!m)
        return NULL;
    m->pattern = (Pattern *)Py_NewRef(p);
    m->string = Py_NewRef(s->string);
    m->regs = NULL;
    m->groups = p->groups + 1;
    m->mark[0] = s->start;
    m->mark[1] = s->ptr;
    for (Py_ssize_t i = 0; i < 2 * p->groups; i += 2) {
        bool set = s->mark[i] >= 0 && s->mark[i + 1] >= s->mark[i];
        m->mark[i + 2] = set ? s->mark[i] : -1;
        m->mark[i + 3] = set ? s->mark[i + 1] : -1;
    }
    m->pos = s->pos;
    m->endpos = s->endpos;
    m->lastindex = s->lastindex;
    PyObject_GC_Track(m);
    return (PyObject *)m;
}

/* -- Groups ---------------------------------------------------------------------------------- */

static PyObject *slice(PyObject *string, Py_ssize_t from, Py_ssize_t to)
{
    if (PyUnicode_Check(string)) {
        Py_ssize_t n = PyUnicode_GET_LENGTH(string);
        return PyUnicode_Substring(string, Py_MIN(from, n), Py_MIN(to, n));
    }
    Py_buffer view;
    if (PyObject_GetBuffer(string, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError, "expected string or bytes-like object, got '%.200s'",
                     Py_TYPE(string)->tp_name);
        return NULL;
    }
    to = Py_MIN(to, view.len);
    PyObject *r = sre_slice(1, view.buf, string, Py_MIN(from, to), to);
    PyBuffer_Release(&view);
    return r;
}

static PyObject *group_text(Match *m, Py_ssize_t i, PyObject *missing)
{
    if (m->mark[2 * i] < 0 || m->string == Py_None)
        return Py_NewRef(missing);
    return slice(m->string, m->mark[2 * i], m->mark[2 * i + 1]);
}

/* Number of the group an index means; -1 with IndexError. */
static Py_ssize_t group_index(Match *m, PyObject *index)
{
    Py_ssize_t i = -1;
    if (!index)
        return 0;
    if (PyIndex_Check(index))
        i = PyNumber_AsSsize_t(index, NULL);
    else if (m->pattern->groupindex) {
        PyObject *found = PyDict_GetItemWithError(m->pattern->groupindex, index);
        if (found && PyLong_Check(found))
            i = PyLong_AsSsize_t(found);
    }
    if (i < 0 || i >= m->groups) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_IndexError, "no such group");
        return -1;
    }
    return i;
}

static PyObject *group_by(Match *m, PyObject *index, PyObject *missing)
{
    Py_ssize_t i = group_index(m, index);
    return i < 0 ? NULL : group_text(m, i, missing);
}

static PyObject *match_group(Match *m, PyObject *const *args, Py_ssize_t n)
{
    if (n == 0)
        return group_text(m, 0, Py_None);
    if (n == 1)
        return group_by(m, args[0], Py_None);
    PyObject *t = PyTuple_New(n);
    for (Py_ssize_t i = 0; t && i < n; i++) {
        PyObject *g = group_by(m, args[i], Py_None);
        if (!g)
            Py_CLEAR(t);
        else
            PyTuple_SET_ITEM(t, i, g);
    }
    return t;
}

static PyObject *match_subscript(Match *m, PyObject *index)
{
    return group_by(m, index, Py_None);
}

static int default_arg(_PyArg_Parser *parser, PyObject *const *args, Py_ssize_t n,
                       PyObject *kwnames, PyObject **out)
{
    PyObject *room[1];
    *out = Py_None;
    if (n == 0 && !kwnames)
        return 0;
    args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, parser, 0, 1, 0, room);
    if (!args)
        return -1;
    if (args[0])
        *out = args[0];
    return 0;
}

static const char *const default_words[] = { "default", NULL };

static PyObject *match_groups(Match *m, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .keywords = default_words, .fname = "groups" };
    PyObject *missing;
    if (default_arg(&parser, args, n, kwnames, &missing) < 0)
        return NULL;
    PyObject *t = PyTuple_New(m->groups - 1);
    for (Py_ssize_t i = 1; t && i < m->groups; i++) {
        PyObject *g = group_text(m, i, missing);
        if (!g)
            Py_CLEAR(t);
        else
            PyTuple_SET_ITEM(t, i - 1, g);
    }
    return t;
}

static PyObject *match_groupdict(Match *m, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .keywords = default_words, .fname = "groupdict" };
    PyObject *missing, *key, *value;
    Py_ssize_t pos = 0;
    if (default_arg(&parser, args, n, kwnames, &missing) < 0)
        return NULL;
    PyObject *d = PyDict_New();
    while (d && PyDict_Next(m->pattern->groupindex, &pos, &key, &value)) {
        Py_INCREF(key);
        PyObject *g = group_by(m, key, missing);
        if (!g || PyDict_SetItem(d, key, g) < 0)
            Py_CLEAR(d);
        Py_XDECREF(g);
        Py_DECREF(key);
    }
    return d;
}

/* The optional group number of start, end, span. */
static Py_ssize_t span_group(Match *m, const char *method, PyObject *const *args, Py_ssize_t n)
{
    return _PyArg_CheckPositional(method, n, 0, 1) ? group_index(m, n ? args[0] : NULL) : -1;
}

static PyObject *match_start(Match *m, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t i = span_group(m, "start", args, n);
    return i < 0 ? NULL : PyLong_FromSsize_t(m->mark[2 * i]);
}

static PyObject *match_end(Match *m, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t i = span_group(m, "end", args, n);
    return i < 0 ? NULL : PyLong_FromSsize_t(m->mark[2 * i + 1]);
}

/* (start, end) of group i. */
static PyObject *span_pair(Match *m, Py_ssize_t i)
{
    PyObject *pair = PyTuple_New(2);
    for (int side = 0; pair && side < 2; side++) {
        PyObject *at = PyLong_FromSsize_t(m->mark[2 * i + side]);
        if (at == NULL) {
            Py_CLEAR(pair);
        } else {
            PyTuple_SET_ITEM(pair, side, at);
        }
    }
    return pair;
}

static PyObject *match_span(Match *m, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t i = span_group(m, "span", args, n);
    return i < 0 ? NULL : span_pair(m, i);
}

static PyObject *match_get_regs(Match *m, void *unused)
{
    if (!m->regs) {
        PyObject *t = PyTuple_New(m->groups);
        for (Py_ssize_t i = 0; t && i < m->groups; i++) {
            PyObject *pair = span_pair(m, i);
            if (!pair)
                Py_CLEAR(t);
            else
                PyTuple_SET_ITEM(t, i, pair);
        }
        m->regs = t;
    }
    return Py_XNewRef(m->regs);
}

static PyObject *match_get_lastindex(Match *m, void *unused)
{
    if (m->lastindex >= 0)
        return PyLong_FromSsize_t(m->lastindex);
    Py_RETURN_NONE;
}

static PyObject *match_get_lastgroup(Match *m, void *unused)
{
    PyObject *names = m->pattern->indexgroup;
    if (names && m->lastindex >= 0 && m->lastindex < PyTuple_GET_SIZE(names))
        return Py_NewRef(PyTuple_GET_ITEM(names, m->lastindex));
    Py_RETURN_NONE;
}

static PyObject *match_expand(Match *m, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const char *const words[] = { "template", NULL };
    static _PyArg_Parser parser = { .keywords = words, .fname = "expand" };
    PyObject *room[1];
    args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, &parser, 1, 1, 0, room);
    return args ? sre_call_re("_expand",
                              PyTuple_Pack(3, (PyObject *)m->pattern, (PyObject *)m, args[0]))
                : NULL;
}

static PyObject *match_repr(Match *m)
{
    PyObject *text = group_text(m, 0, Py_None);
    if (!text)
        return NULL;
    PyObject *r = PyUnicode_FromFormat("<%s object; span=(%zd, %zd), match=%.50R>",
                                       Py_TYPE(m)->tp_name, m->mark[0], m->mark[1], text);
    Py_DECREF(text);
    return r;
}

static PyObject *self_copy(PyObject *self, PyObject *unused) { return Py_NewRef(self); }

/* -- Life ------------------------------------------------------------------------------------ */

static int match_traverse(Match *m, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(m));
    Py_VISIT(m->string);
    Py_VISIT(m->regs);
    Py_VISIT(m->pattern);
    return 0;
}

static int match_clear(Match *m)
{
    Py_CLEAR(m->string);
    Py_CLEAR(m->regs);
    Py_CLEAR(m->pattern);
    return 0;
}

static void match_dealloc(Match *m)
{
    PyTypeObject *type = Py_TYPE(m);
    PyObject_GC_UnTrack(m);
    match_clear(m);
    type->tp_free(m);
    Py_DECREF(type);
}

#define FAST(f) (PyCFunction)(void (*)(void))f

static PyMethodDef match_methods[] = {
    {"group", FAST(match_group), METH_FASTCALL,
     "group([group1, ...]) -> str or tuple.\n"
     "    Text of a group by number or name, a tuple for several; the whole match without "
     "arguments."},
    {"start", FAST(match_start), METH_FASTCALL,
     "start($self, group=0, /)\n--\n\nWhere the group begins, -1 if it did not match."},
    {"end", FAST(match_end), METH_FASTCALL,
     "end($self, group=0, /)\n--\n\nWhere the group ends, -1 if it did not match."},
    {"span", FAST(match_span), METH_FASTCALL,
     "span($self, group=0, /)\n--\n\n(start, end) of the group."},
    {"groups", FAST(match_groups), METH_FASTCALL | METH_KEYWORDS,
     "groups($self, /, default=None)\n--\n\n"
     "Tuple of all groups from 1; default for those that did not match."},
    {"groupdict", FAST(match_groupdict), METH_FASTCALL | METH_KEYWORDS,
     "groupdict($self, /, default=None)\n--\n\n"
     "Dict of the named groups; default for those that did not match."},
    {"expand", FAST(match_expand), METH_FASTCALL | METH_KEYWORDS,
     "expand($self, /, template)\n--\n\n"
     "The template with its references to groups filled in."},
    {"__copy__", self_copy, METH_NOARGS, "__copy__($self, /)\n--\n\n"},
    {"__deepcopy__", self_copy, METH_O, "__deepcopy__($self, memo, /)\n--\n\n"},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL}};

static PyGetSetDef match_getset[] = {
    { "lastindex", (getter)match_get_lastindex, NULL, "Number of the group that matched last." },
    { "lastgroup", (getter)match_get_lastgroup, NULL, "Name of the group that matched last." },
    { "regs", (getter)match_get_regs },
    { NULL }
};

static PyMemberDef match_members[] = {
    { "string", T_OBJECT, offsetof(Match, string), READONLY, "The string that was searched." },
    { "re", T_OBJECT, offsetof(Match, pattern), READONLY, "The pattern." },
    { "pos", T_PYSSIZET, offsetof(Match, pos), READONLY, "Where the search began." },
    { "endpos", T_PYSSIZET, offsetof(Match, endpos), READONLY, "Where the search had to stop." },
    { NULL }
};

static PyType_Slot match_slots[] = {
    { Py_tp_dealloc, match_dealloc },
    { Py_tp_traverse, match_traverse },
    { Py_tp_clear, match_clear },
    { Py_tp_repr, match_repr },
    { Py_tp_doc, "What a pattern found: see Pattern.match, search, fullmatch and finditer." },
    { Py_tp_methods, match_methods },
    { Py_tp_members, match_members },
    { Py_tp_getset, match_getset },
    { Py_mp_subscript, match_subscript },
    { 0, NULL }
};

PyType_Spec sre_match_spec = {
    .name = "re.Match",
    .basicsize = offsetof(Match, mark),
    .itemsize = sizeof(Py_ssize_t),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_HAVE_GC,
    .slots = match_slots,
};
