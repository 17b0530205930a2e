/* SPDX-License-Identifier: MIT
 *
 * The Scope object, name mangling, and what the compiler asks of a finished table.
 *
 * Scopes are Python objects because module _symtable hands them out; they may outlive their table
 * (`table` is read only while it is built). The type is made ready when the first table is built:
 * most processes run compiled code only.
 *
 * Mangling: language reference, 6.2.1.
 */
#include "symtable/symtable_impl.h"

/* -- The object ------------------------------------------------------------------------------- */

static int type_ready(void)
{
    return scope_type.tp_dict ? 0 : PyType_Ready(&scope_type);
}

Scope *scope_new(SymTable *st, PyObject *name, BlockType type, void *node, Pos pos)
{
    if (type_ready() < 0)
        return NULL;
    PyObject *id = PyLong_FromVoidPtr(node);
    Scope *s = id ? PyObject_New(Scope, &scope_type) : NULL;
    if (s == NULL) {
        Py_XDECREF(id);
        return NULL;
    }
    memset((char *)s + sizeof(PyObject), 0, sizeof *s - sizeof(PyObject));
    s->id = id;
    s->name = Py_NewRef(name);
    s->type = type;
    s->pos = pos;
    s->table = st;
    s->nested = st->current && (st->current->nested || st->current->type == FUNCTION_BLOCK);
    s->symbols = PyDict_New();
    s->varnames = PyList_New(0);
    s->children = PyList_New(0);
    if (!s->symbols || !s->varnames || !s->children ||
        PyDict_SetItem(st->blocks, id, (PyObject *)s) < 0)
        Py_CLEAR(s);
    return s;
}

static void scope_dealloc(Scope *s)
{
    Py_XDECREF(s->id);
    Py_XDECREF(s->symbols);
    Py_XDECREF(s->name);
    Py_XDECREF(s->varnames);
    Py_XDECREF(s->children);
    Py_XDECREF(s->directives);
    PyObject_Free(s);
}

static PyObject *scope_repr(Scope *s)
{
    return PyUnicode_FromFormat("<symtable entry %U(%R), line %d>", s->name, s->id, s->pos.lineno);
}

static PyMemberDef scope_members[] = {
    {"id", T_OBJECT, offsetof(Scope, id), READONLY},
    {"name", T_OBJECT, offsetof(Scope, name), READONLY},
    {"symbols", T_OBJECT, offsetof(Scope, symbols), READONLY},
    {"varnames", T_OBJECT, offsetof(Scope, varnames), READONLY},
    {"children", T_OBJECT, offsetof(Scope, children), READONLY},
    {"nested", T_INT, offsetof(Scope, nested), READONLY},
    {"type", T_INT, offsetof(Scope, type), READONLY},
    {"lineno", T_INT, offsetof(Scope, pos.lineno), READONLY},
    {NULL},
};

/* No collector support: a Scope refers down to its children only. */
PyTypeObject scope_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "symtable entry",
    .tp_basicsize = sizeof(Scope),
    .tp_dealloc = (destructor)scope_dealloc,
    .tp_repr = (reprfunc)scope_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_members = scope_members,
};

/* -- Mangling --------------------------------------------------------------------------------- */

/* Two leading underscores, not two trailing ones, no dot (a module's path). */
static bool needs_mangling(PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    if (n < 2 || PyUnicode_READ_CHAR(name, 0) != '_' || PyUnicode_READ_CHAR(name, 1) != '_')
        return false;
    if (PyUnicode_READ_CHAR(name, n - 1) == '_' && PyUnicode_READ_CHAR(name, n - 2) == '_')
        return false;
    return PyUnicode_FindChar(name, '.', 0, n, 1) == -1;
}

PyObject *sym_mangle(PyObject *private_name, PyObject *name)
{
    if (private_name == NULL || !PyUnicode_Check(private_name) || !needs_mangling(name))
        return Py_NewRef(name);
    Py_ssize_t n = PyUnicode_GET_LENGTH(private_name), skip = 0;
    while (skip < n && PyUnicode_READ_CHAR(private_name, skip) == '_')
        skip++;
    if (skip == n)
        return Py_NewRef(name);
    if (n - skip + PyUnicode_GET_LENGTH(name) >= PY_SSIZE_T_MAX - 1) {
        PyErr_SetString(PyExc_OverflowError, "private identifier too large to be mangled");
        return NULL;
    }
    PyObject *class_name = PyUnicode_Substring(private_name, skip, n);
    if (class_name == NULL)
        return NULL;
    PyObject *mangled = PyUnicode_FromFormat("_%U%U", class_name, name);
    Py_DECREF(class_name);
    return mangled;
}

/* -- Questions -------------------------------------------------------------------------------- */

long sym_flags_of(Scope *scope, PyObject *mangled)
{
    PyObject *flags = PyDict_GetItemWithError(scope->symbols, mangled);
    if (flags == NULL)
        return PyErr_Occurred() ? -1 : 0;
    return PyLong_AsLong(flags);
}

int sym_scope_of(Scope *scope, PyObject *mangled)
{
    long flags = sym_flags_of(scope, mangled);
    if (flags < 0)
        return 0;
    return (int)(flags >> SCOPE_OFFSET & SCOPE_MASK);
}

long scope_lookup(SymTable *st, Scope *scope, PyObject *name)
{
    PyObject *mangled = sym_mangle(st->private_name, name);
    if (mangled == NULL)
        return -1;
    long flags = sym_flags_of(scope, mangled);
    Py_DECREF(mangled);
    return flags;
}

Scope *PySymtable_Lookup(SymTable *st, void *node)
{
    PyObject *key = PyLong_FromVoidPtr(node);
    if (key == NULL)
        return NULL;
    PyObject *scope = PyDict_GetItemWithError(st->blocks, key);
    Py_DECREF(key);
    return (Scope *)Py_XNewRef(scope);
}

void sym_free(SymTable *st)
{
    Py_XDECREF(st->blocks);
    Py_XDECREF(st->stack);
    PyMem_Free(st);
}

void sym_error_at(PyObject *filename, Pos pos)
{
    PyErr_RangedSyntaxLocationObject(filename, pos.lineno, pos.col_offset + 1, pos.end_lineno,
                                     pos.end_col_offset + 1);
}

void sym_recursion_bounds(int *depth, int *limit)
{
    PyThreadState *tstate = PyThreadState_Get();
    int now = tstate->recursion_limit - tstate->recursion_remaining, most = Py_GetRecursionLimit();
    *depth = now < INT_MAX / SYM_FRAME_SCALE ? now * SYM_FRAME_SCALE : now;
    *limit = most > INT_MAX / SYM_FRAME_SCALE ? INT_MAX : most * SYM_FRAME_SCALE;
}

/* -- Dump ------------------------------------------------------------------------------------- */

static void dump_symbol(FILE *out, int indent, PyObject *name, long flags)
{
    static const char *const scopes[] = {"?",    "local", "global", "global (implicit)",
                                         "free", "cell"};
    static const struct { int flag; const char *word; } uses[] = {
        {DEF_PARAM, "parameter"},
        {DEF_GLOBAL, "global statement"},
        {DEF_NONLOCAL, "nonlocal statement"},
        {DEF_LOCAL, "assigned"},
        {DEF_IMPORT, "imported"},
        {DEF_ANNOT, "annotated"},
        {USE, "used"},
        {DEF_FREE_CLASS, "free in a method"},
        {DEF_COMP_ITER, "iteration variable"},
    };
    int scope = (int)(flags >> SCOPE_OFFSET & SCOPE_MASK);
    fprintf(out, "%*s%-20s %s;", indent, "", PyUnicode_AsUTF8(name),
            scope <= SCOPE_CELL ? scopes[scope] : "?");
    for (size_t i = 0; i < COUNT_OF(uses); i++)
        if (flags & uses[i].flag)
            fprintf(out, " %s", uses[i].word);
    fputc('\n', out);
}

static void dump_scope(FILE *out, Scope *s, int indent)
{
    static const char *const types[] = {"function", "class", "module", "annotation"};
    fprintf(out, "%*s%s %s, line %d%s%s%s\n", indent, "", types[s->type], PyUnicode_AsUTF8(s->name),
            s->pos.lineno, s->nested ? ", nested" : "", s->generator ? ", generator" : "",
            s->coroutine ? ", coroutine" : "");
    Py_ssize_t at = 0;
    PyObject *name, *flags;
    while (PyDict_Next(s->symbols, &at, &name, &flags))
        dump_symbol(out, indent + 2, name, PyLong_AsLong(flags));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(s->children); i++)
        dump_scope(out, (Scope *)PyList_GET_ITEM(s->children, i), indent + 4);
}

void sym_dump(FILE *out, SymTable *st)
{
    dump_scope(out, st->top, 0);
}
