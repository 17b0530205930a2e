/* SPDX-License-Identifier: MIT
 *
 * re.Pattern: compiled code with its methods, and re's scanner object.
 *
 * A method makes a State for its string, searches it once or again and again, and clears it; the
 * State holds the string's buffer meanwhile. After an empty match the next one may not be empty at
 * the same place (must_advance). A template of sub() that has no backslash is taken as it is;
 * others are parsed by module re, in Python, and kept there.
 */
#include "modules/_sre/sre.h"

/* -- Arguments ------------------------------------------------------------------------------- */

/* The parser of each method's keywords; names differ only for error messages. */
static _PyArg_Parser *parser_for(const char *method)
{
    static const char *const span[] = { "string", "pos", "endpos", NULL };
    static const char *const sub[] = { "repl", "string", "count", NULL };
    static const char *const split[] = { "string", "maxsplit", NULL };
    static _PyArg_Parser parsers[] = {
        {.fname = "match", .keywords = span},    {.fname = "fullmatch", .keywords = span},
        {.fname = "search", .keywords = span},   {.fname = "findall", .keywords = span},
        {.fname = "finditer", .keywords = span}, {.fname = "scanner", .keywords = span},
        {.fname = "sub", .keywords = sub},       {.fname = "subn", .keywords = sub},
        {.fname = "split", .keywords = split},
    };
    for (size_t i = 0; i < COUNT_OF(parsers); i++)
        if (strcmp(parsers[i].fname, method) == 0)
            return &parsers[i];
    Py_UNREACHABLE();
}

static int size_arg(PyObject *o, Py_ssize_t *out)
{
    PyObject *i = PyNumber_Index(o);
    if (!i)
        return -1;
    *out = PyLong_AsSsize_t(i);
    Py_DECREF(i);
    return *out == -1 && PyErr_Occurred() ? -1 : 0;
}

int sre_parse_span(const char *method, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                   PyObject **string, Py_ssize_t *pos, Py_ssize_t *endpos)
{
    PyObject *room[3];
    *pos = 0;
    *endpos = PY_SSIZE_T_MAX;
    if (UNLIKELY(kwnames || n < 1 || n > 3)) {
        args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, parser_for(method), 1, 3, 0, room);
        if (!args)
            return -1;
        n = args == room ? 3 : n;
    }
    *string = args[0];
    if (n > 1 && args[1] && size_arg(args[1], pos) < 0)
        return -1;
    return n > 2 && args[2] ? size_arg(args[2], endpos) : 0;
}

PyObject *sre_call_re(const char *function, PyObject *args)
{
    PyObject *module = args ? PyImport_ImportModule("re") : NULL;
    PyObject *f = module ? PyObject_GetAttrString(module, function) : NULL;
    PyObject *r = f ? PyObject_CallObject(f, args) : NULL;
    Py_XDECREF(f);
    Py_XDECREF(module);
    Py_XDECREF(args);
    return r;
}

/* -- match, fullmatch, search ---------------------------------------------------------------- */

static PyObject *match_with(Pattern *self, const char *method, PyObject *const *args, Py_ssize_t n,
                            PyObject *kwnames, bool all, int (*run)(State *, const Code *))
{
    State s;
    PyObject *string;
    Py_ssize_t pos, endpos;
    if (sre_parse_span(method, args, n, kwnames, &string, &pos, &endpos) < 0 ||
        state_init(&s, self, string, pos, endpos) < 0)
        return NULL;
    s.match_all = all;
    PyObject *r = match_from_state(self, &s, run(&s, self->code));
    state_clear(&s);
    return r;
}

static PyObject *pattern_match(Pattern *self, PyTypeObject *cls, PyObject *const *args,
                               Py_ssize_t n, PyObject *kwnames)
{
    return match_with(self, "match", args, n, kwnames, false, sre_match);
}

static PyObject *pattern_fullmatch(Pattern *self, PyTypeObject *cls, PyObject *const *args,
                                   Py_ssize_t n, PyObject *kwnames)
{
    return match_with(self, "fullmatch", args, n, kwnames, true, sre_match);
}

static PyObject *pattern_search(Pattern *self, PyTypeObject *cls, PyObject *const *args,
                                Py_ssize_t n, PyObject *kwnames)
{
    return match_with(self, "search", args, n, kwnames, false, sre_search);
}

/* -- findall, finditer, split ---------------------------------------------------------------- */

/* After a match: go on behind it, and not with another empty match at the same place. */
static inline void advance(State *s)
{
    s->must_advance = s->ptr == s->start;
    s->start = s->ptr;
}

static PyObject *found_item(Pattern *self, State *s)
{
    if (self->groups == 0)
        return sre_slice(s->isbytes, s->data, s->string, s->start, s->ptr);
    if (self->groups == 1)
        return state_slice(s, 1, true);
    PyObject *t = PyTuple_New(self->groups);
    for (Py_ssize_t i = 0; t && i < self->groups; i++) {
        PyObject *g = state_slice(s, i + 1, true);
        if (!g)
            Py_CLEAR(t);
        else
            PyTuple_SET_ITEM(t, i, g);
    }
    return t;
}

static PyObject *pattern_findall(Pattern *self, PyObject *const *args, Py_ssize_t n,
                                 PyObject *kwnames)
{
    State s;
    PyObject *string;
    Py_ssize_t pos, endpos;
    if (sre_parse_span("findall", args, n, kwnames, &string, &pos, &endpos) < 0 ||
        state_init(&s, self, string, pos, endpos) < 0)
        return NULL;
    PyObject *list = PyList_New(0);
    while (list && s.start <= s.end) {
        int r = sre_search(&s, self->code);
        if (r == SRE_NO)
            break;
        PyObject *item = r < 0 ? NULL : found_item(self, &s);
        if (!item || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
        advance(&s);
    }
    state_clear(&s);
    return list;
}

static PyObject *pattern_finditer(Pattern *self, PyTypeObject *cls, PyObject *const *args,
                                  Py_ssize_t n, PyObject *kwnames)
{
    PyObject *scanner = pattern_scanner(self, cls, args, n, kwnames);
    PyObject *search = scanner ? PyObject_GetAttrString(scanner, "search") : NULL;
    Py_XDECREF(scanner);
    PyObject *r = search ? PyCallIter_New(search, Py_None) : NULL;
    Py_XDECREF(search);
    return r;
}

static int append_steal(PyObject *list, PyObject *item)
{
    int r = item ? PyList_Append(list, item) : -1;
    Py_XDECREF(item);
    return r;
}

/* With groups, their text goes into the list between the pieces. */
static PyObject *pattern_split(Pattern *self, PyObject *const *args, Py_ssize_t n,
                               PyObject *kwnames)
{
    State s;
    PyObject *room[2];
    Py_ssize_t max = 0, last, done = 0;
    args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, parser_for("split"), 1, 2, 0, room);
    if (!args || ((args == room || n > 1) && args[1] && size_arg(args[1], &max) < 0))
        return NULL;
    if (state_init(&s, self, args[0], 0, PY_SSIZE_T_MAX) < 0)
        return NULL;
    PyObject *list = PyList_New(0);
    last = s.start;
    while (list && (!max || done < max)) {
        int r = sre_search(&s, self->code);
        if (r == SRE_NO)
            break;
        if (r < 0 || append_steal(list, sre_slice(s.isbytes, s.data, s.string, last, s.start)) < 0)
            goto fail;
        for (Py_ssize_t i = 1; i <= self->groups; i++)
            if (append_steal(list, state_slice(&s, i, false)) < 0)
                goto fail;
        done++;
        advance(&s);
        last = s.start;
    }
    if (list && append_steal(list, sre_slice(s.isbytes, s.data, s.string, last, s.end)) < 0)
        goto fail;
    state_clear(&s);
    return list;
fail:
    Py_XDECREF(list);
    state_clear(&s);
    return NULL;
}

/* -- sub ------------------------------------------------------------------------------------- */

/* The template has no backslash, so it stands for itself. */
static bool is_literal_template(PyObject *t)
{
    if (PyUnicode_Check(t))
        return PyUnicode_READY(t) == 0 &&
               PyUnicode_FindChar(t, '\\', 0, PyUnicode_GET_LENGTH(t), 1) == -1;
    Py_buffer view;
    if (PyObject_GetBuffer(t, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return false;
    }
    bool literal = !memchr(view.buf, '\\', view.len);
    PyBuffer_Release(&view);
    return literal;
}

/* What to put in: a callable, or a fixed object. */
static PyObject *make_filter(Pattern *self, PyObject *template, bool *callable)
{
    *callable = PyCallable_Check(template);
    if (*callable || is_literal_template(template))
        return Py_NewRef(template);
    PyObject *f = sre_call_re("_subx", PyTuple_Pack(2, (PyObject *)self, template));
    if (f)
        *callable = PyCallable_Check(f);
    return f;
}

static PyObject *replacement(Pattern *self, State *s, PyObject *filter, bool callable)
{
    if (!callable)
        return Py_NewRef(filter);
    PyObject *match = match_from_state(self, s, SRE_YES);
    PyObject *r = match ? PyObject_CallOneArg(filter, match) : NULL;
    Py_XDECREF(match);
    return r;
}

/* Collects the parts; returns how many replacements were made, -1 on error. */
static Py_ssize_t collect_parts(Pattern *self, State *s, PyObject *filter, bool callable,
                                Py_ssize_t max, PyObject *parts)
{
    Py_ssize_t n = 0, last = 0;
    while (!max || n < max) {
        int r = sre_search(s, self->code);
        if (r == SRE_NO)
            break;
        if (r < 0)
            return -1;
        if (last < s->start &&
            append_steal(parts, sre_slice(s->isbytes, s->data, s->string, last, s->start)) < 0)
            return -1;
        Py_ssize_t after = s->ptr;
        PyObject *item = replacement(self, s, filter, callable);
        if (!item)
            return -1;
        if (item == Py_None)
            Py_DECREF(item);
        else if (append_steal(parts, item) < 0)
            return -1;
        last = after;
        n++;
        advance(s);
    }
    if (last < s->endpos &&
        append_steal(parts, sre_slice(s->isbytes, s->data, s->string, last, s->endpos)) < 0)
        return -1;
    return n;
}

static PyObject *join_parts(State *s, PyObject *parts)
{
    PyObject *joiner = sre_slice(s->isbytes, s->data, s->string, 0, 0), *r = NULL;
    if (!joiner)
        return NULL;
    if (PyList_GET_SIZE(parts) == 0)
        return joiner;
    r = PyUnicode_Check(joiner) ? PyUnicode_Join(joiner, parts) : _PyBytes_Join(joiner, parts);
    Py_DECREF(joiner);
    return r;
}

static PyObject *substitute(Pattern *self, PyObject *template, PyObject *string, Py_ssize_t max,
                            bool tell)
{
    State s;
    bool callable;
    PyObject *filter = make_filter(self, template, &callable), *parts = NULL, *r = NULL;
    if (!filter)
        return NULL;
    if (state_init(&s, self, string, 0, PY_SSIZE_T_MAX) < 0) {
        Py_DECREF(filter);
        return NULL;
    }
    Py_ssize_t n = -1;
    parts = PyList_New(0);
    if (parts)
        n = collect_parts(self, &s, filter, callable, max, parts);
    if (n >= 0)
        r = join_parts(&s, parts);
    state_clear(&s);
    Py_XDECREF(parts);
    Py_DECREF(filter);
    return r && tell ? Py_BuildValue("Nn", r, n) : r;
}

static PyObject *sub_method(Pattern *self, const char *method, PyObject *const *args, Py_ssize_t n,
                            PyObject *kwnames, bool tell)
{
    PyObject *room[3];
    Py_ssize_t max = 0;
    if (kwnames || n < 2 || n > 3) {
        args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, parser_for(method), 2, 3, 0, room);
        if (!args)
            return NULL;
        n = args == room ? 3 : n;
    }
    if (n > 2 && args[2] && size_arg(args[2], &max) < 0)
        return NULL;
    return substitute(self, args[0], args[1], max, tell);
}

static PyObject *pattern_sub(Pattern *self, PyTypeObject *cls, PyObject *const *args, Py_ssize_t n,
                             PyObject *kwnames)
{
    return sub_method(self, "sub", args, n, kwnames, false);
}

static PyObject *pattern_subn(Pattern *self, PyTypeObject *cls, PyObject *const *args, Py_ssize_t n,
                              PyObject *kwnames)
{
    return sub_method(self, "subn", args, n, kwnames, true);
}

/* -- Object protocol ------------------------------------------------------------------------- */

static PyObject *self_copy(PyObject *self, PyObject *unused) { return Py_NewRef(self); }

static PyObject *pattern_repr(Pattern *self)
{
    static const struct {
        const char *name;
        int value;
    } names[] = {
        {"re.TEMPLATE", FLAG_TEMPLATE}, {"re.IGNORECASE", FLAG_IGNORECASE},
        {"re.LOCALE", FLAG_LOCALE},     {"re.MULTILINE", FLAG_MULTILINE},
        {"re.DOTALL", FLAG_DOTALL},     {"re.UNICODE", FLAG_UNICODE},
        {"re.VERBOSE", FLAG_VERBOSE},   {"re.DEBUG", FLAG_DEBUG},
        {"re.ASCII", FLAG_ASCII},
    };
    char text[256] = "";
    int flags = self->flags;
    if (self->isbytes == 0 && (flags & (FLAG_LOCALE | FLAG_UNICODE | FLAG_ASCII)) == FLAG_UNICODE)
        flags &= ~FLAG_UNICODE; /* the default for str */
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (flags & names[i].value) {
            strcat(text, *text ? "|" : "");
            strcat(text, names[i].name);
            flags &= ~names[i].value;
        }
    if (flags)
        sprintf(text + strlen(text), "%s0x%x", *text ? "|" : "", flags);
    return *text ? PyUnicode_FromFormat("re.compile(%.200R, %s)", self->pattern, text)
                 : PyUnicode_FromFormat("re.compile(%.200R)", self->pattern);
}

static Py_hash_t pattern_hash(Pattern *self)
{
    Py_hash_t h = PyObject_Hash(self->pattern);
    if (h == -1)
        return -1;
    h ^= _Py_HashBytes(self->code, Py_SIZE(self) * (Py_ssize_t)sizeof(Code));
    h ^= (Py_hash_t)self->flags ^ self->isbytes ^ Py_SIZE(self);
    return h == -1 ? -2 : h;
}

static PyObject *pattern_richcompare(PyObject *a, PyObject *b, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !Py_IS_TYPE(b, Py_TYPE(a)))
        Py_RETURN_NOTIMPLEMENTED;
    Pattern *x = (Pattern *)a, *y = (Pattern *)b;
    int equal = a == b;
    if (!equal && x->flags == y->flags && x->isbytes == y->isbytes && Py_SIZE(x) == Py_SIZE(y) &&
        memcmp(x->code, y->code, Py_SIZE(x) * sizeof(Code)) == 0) {
        equal = PyObject_RichCompareBool(x->pattern, y->pattern, Py_EQ);
        if (equal < 0)
            return NULL;
    }
    return PyBool_FromLong(equal == (op == Py_EQ));
}

static int pattern_traverse(Pattern *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->groupindex);
    Py_VISIT(self->indexgroup);
    Py_VISIT(self->pattern);
    return 0;
}

static int pattern_clear(Pattern *self)
{
    Py_CLEAR(self->groupindex);
    Py_CLEAR(self->indexgroup);
    Py_CLEAR(self->pattern);
    return 0;
}

static void pattern_dealloc(Pattern *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    pattern_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *pattern_get_groupindex(Pattern *self, void *unused)
{
    return PyDict_GET_SIZE(self->groupindex) == 0 ? PyDict_New()
                                                  : PyDictProxy_New(self->groupindex);
}

/* -- Making one ------------------------------------------------------------------------------ */

static int fill_code(Pattern *p, PyObject *list)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(p); i++) {
        unsigned long v = PyLong_AsUnsignedLong(PyList_GET_ITEM(list, i));
        if (v == (unsigned long)-1 && PyErr_Occurred()) {
            if (PyErr_ExceptionMatches(PyExc_OverflowError))
                PyErr_SetString(PyExc_OverflowError, "regular expression code size limit exceeded");
            return -1;
        }
        p->code[i] = (Code)v;
        if (p->code[i] != v) {
            PyErr_SetString(PyExc_OverflowError, "regular expression code size limit exceeded");
            return -1;
        }
    }
    return 0;
}

static int kind_of_pattern(PyObject *pattern)
{
    if (pattern == Py_None)
        return -1;
    if (PyUnicode_Check(pattern))
        return 0;
    Py_buffer view;
    if (PyObject_GetBuffer(pattern, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError, "expected string or bytes-like object, got '%.200s'",
                     Py_TYPE(pattern)->tp_name);
        return -2;
    }
    PyBuffer_Release(&view);
    return 1;
}

/* Room for the words of the list and for a bitmap of every set among them. */
static Pattern *pattern_alloc(PyTypeObject *type, PyObject *code)
{
    Py_ssize_t n = PyList_GET_SIZE(code), sets = 1; /* that of an OP_INFO */
    for (Py_ssize_t i = 0; i < n; i++) {
        int overflow;
        PyObject *word = PyList_GET_ITEM(code, i);
        sets += PyLong_Check(word) && PyLong_AsLongAndOverflow(word, &overflow) == OP_IN;
    }
    Py_ssize_t extra = (n + 1) / 2 + 8 * Py_MIN(sets, UINT16_MAX);
    Pattern *p = PyObject_GC_NewVar(Pattern, type, n + extra);
    if (p) {
        Py_SET_SIZE(p, n);
        memset(p->code + n, 0, (size_t)extra * sizeof(Code));
    }
    return p;
}

/* The code comes from re._compiler as a list of ints; it may come from anybody, so it is validated
   before it may run. */
PyObject *sre_compile(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const char *const words[] = {"pattern",    "flags",      "code", "groups",
                                        "groupindex", "indexgroup", NULL};
    static _PyArg_Parser parser = { .keywords = words, .fname = "compile" };
    PyObject *room[6];
    Py_ssize_t groups;
    SreTypes *types = PyModule_GetState(module);
    args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, &parser, 6, 6, 0, room);
    if (!args)
        return NULL;
    int flags = _PyLong_AsInt(args[1]);
    if (flags == -1 && PyErr_Occurred())
        return NULL;
    if (!PyList_Check(args[2])) {
        _PyArg_BadArgument("compile", "argument 'code'", "list", args[2]);
        return NULL;
    }
    if (size_arg(args[3], &groups) < 0)
        return NULL;
    if (!PyDict_Check(args[4])) {
        _PyArg_BadArgument("compile", "argument 'groupindex'", "dict", args[4]);
        return NULL;
    }
    if (!PyTuple_Check(args[5])) {
        _PyArg_BadArgument("compile", "argument 'indexgroup'", "tuple", args[5]);
        return NULL;
    }
    Pattern *p = pattern_alloc(types->pattern, args[2]);
    if (!p)
        return NULL;
    p->groupindex = p->indexgroup = p->pattern = p->weakreflist = NULL;
    if (fill_code(p, args[2]) < 0)
        goto fail;
    p->isbytes = kind_of_pattern(args[0]);
    if (p->isbytes == -2)
        goto fail;
    p->pattern = Py_NewRef(args[0]);
    p->flags = flags;
    p->groups = groups;
    p->groupindex = PyDict_GET_SIZE(args[4]) ? Py_NewRef(args[4]) : PyDict_New();
    p->indexgroup = Py_NewRef(args[5]);
    if (!p->groupindex)
        goto fail;
    if (!sre_validate(p->code, Py_SIZE(p), groups)) {
        PyErr_SetString(PyExc_RuntimeError, "invalid SRE code");
        goto fail;
    }
    PyObject_GC_Track(p);
    return (PyObject *)p;
fail:
    PyObject_GC_Track(p);
    Py_DECREF(p);
    return NULL;
}

/* -- The type -------------------------------------------------------------------------------- */

#define KW(f) (PyCFunction)(void (*)(void))f
#define SPAN_SIG(name) #name "($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\n"

static PyMethodDef pattern_methods[] = {
    {"match", KW(pattern_match), OF_CLASS, SPAN_SIG(match) "Match at the beginning of the string."},
    {"fullmatch", KW(pattern_fullmatch), OF_CLASS, SPAN_SIG(fullmatch) "Match the whole string."},
    {"search", KW(pattern_search), OF_CLASS,
     SPAN_SIG(search) "Find the first place in the string that matches; None if there is none."},
    {"sub", KW(pattern_sub), OF_CLASS,
     "sub($self, /, repl, string, count=0)\n--\n\n"
     "The string with matches replaced, from the left and without overlap."},
    {"subn", KW(pattern_subn), OF_CLASS,
     "subn($self, /, repl, string, count=0)\n--\n\n"
     "(new string, number of replacements)"},
    {"findall", KW(pattern_findall), METH_FASTCALL | METH_KEYWORDS,
     SPAN_SIG(findall) "List of all matches, without overlap."},
    {"split", KW(pattern_split), METH_FASTCALL | METH_KEYWORDS,
     "split($self, /, string, maxsplit=0)\n--\n\n"
     "List of the parts between matches, with the groups."},
    {"finditer", KW(pattern_finditer), OF_CLASS,
     SPAN_SIG(finditer) "Iterator over match objects for all matches, without overlap."},
    {"scanner", KW(pattern_scanner), OF_CLASS, SPAN_SIG(scanner)},
    {"__copy__", self_copy, METH_NOARGS, "__copy__($self, /)\n--\n\n"},
    {"__deepcopy__", self_copy, METH_O, "__deepcopy__($self, memo, /)\n--\n\n"},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL}};

static PyGetSetDef pattern_getset[] = {
    { "groupindex", (getter)pattern_get_groupindex, NULL, "Group numbers by name." },
    { NULL }
};

static PyMemberDef pattern_members[] = {
    {"pattern", T_OBJECT, offsetof(Pattern, pattern), READONLY,
     "What the pattern was compiled from."},
    {"flags", T_INT, offsetof(Pattern, flags), READONLY, "Matching flags."},
    {"groups", T_PYSSIZET, offsetof(Pattern, groups), READONLY, "Number of groups."},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Pattern, weakreflist), READONLY},
    {NULL}};

static PyType_Slot pattern_slots[] = {
    { Py_tp_dealloc, pattern_dealloc },
    { Py_tp_traverse, pattern_traverse },
    { Py_tp_clear, pattern_clear },
    { Py_tp_repr, pattern_repr },
    { Py_tp_hash, pattern_hash },
    { Py_tp_richcompare, pattern_richcompare },
    { Py_tp_doc, "Compiled regular expression." },
    { Py_tp_methods, pattern_methods },
    { Py_tp_members, pattern_members },
    { Py_tp_getset, pattern_getset },
    { 0, NULL }
};

PyType_Spec sre_pattern_spec = {
    .name = "re.Pattern",
    .basicsize = offsetof(Pattern, code),
    .itemsize = sizeof(Code),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_HAVE_GC,
    .slots = pattern_slots,
};
