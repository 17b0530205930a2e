/* SPDX-License-Identifier: MIT
 *
 * Makes the classes of module _ast from nodes.def: AST and, below it, a class for each sum, node,
 * record and enumerator.
 *
 *      AST ─┬─ mod ─┬─ Module, Interactive, Expression, FunctionType
 *           ├─ stmt, expr, pattern, excepthandler, type_ignore     each with its nodes
 *           ├─ arguments, arg, keyword ...                         records
 *           └─ expr_context, operator ...                          each with its enumerators
 *
 * AST itself is a heap type with an instance dict and the constructor rules (positional arguments
 * are the fields, keywords are any attributes); the others are what `class Name(Base): _fields =
 * ...` would make.
 *
 * I1  Classes stand in all->classes in the order of nodes.def; first[type] is a type's own class,
 *     its nodes or enumerators follow at first[type] + kind.
 * I2  offset[] is computed as the C compiler lays out a struct of ints and pointers; the assertions
 *     below hold both to the same sums.
 */
#include "ast/classes.h"
#include "state.h"

#include <string.h>

/* -- nodes.def as rows ----------------------------------------------------------------------- */

static const AstRow ast_rows[] = {
#define SUM(g) {ROW_SUM, T_##g, #g, NULL, 0},
#define NODE(g, n, doc) {ROW_NODE, T_##g, #n, doc, n##_kind},
#define ENDNODE(g, n) {ROW_END, T_##g, NULL, NULL, 0},
#define PRODUCT(n, attrs) {ROW_PRODUCT, T_##n, #n, NULL, attrs},
#define ENDPRODUCT(n) {ROW_END, T_##n, NULL, NULL, offsetof(struct n##_node, pos)},
#define ENUM(t, n, text) {ROW_ENUM, T_##t, #n, text, n},
#define ONE(t, n) {ROW_ONE, T_##t, #n, #t, 0},
#define OPT(t, n) {ROW_OPT, T_##t, #n, #t, 0},
#define SEQ(t, n) {ROW_SEQ, T_##t, #n, #t, 0},
#include "ast/nodes.def"
};

#define SUM(g)                                                                                     \
    static_assert(offsetof(struct g##_node, v) == 24 && offsetof(struct g##_node, pos) == 4,       \
                  "sums have one layout");
#include "ast/nodes.def"

static const char *const enum_names[] = {"expr_context", "boolop", "operator", "unaryop", "cmpop"};

/* -- Class AST ------------------------------------------------------------------------------- */

typedef struct { PyObject_HEAD PyObject *dict; } AstObject;

static void ast_dealloc(AstObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->dict);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static int ast_traverse(AstObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->dict);
    return 0;
}

static int ast_clear(AstObject *self)
{
    Py_CLEAR(self->dict);
    return 0;
}

/* type(self)._fields as a tuple; empty when the class has none. */
static PyObject *ast_get_fields(PyObject *self)
{
    PyObject *fields;
    if (_PyObject_LookupAttr((PyObject *)Py_TYPE(self), ID2(_fields), &fields) < 0)
        return NULL;
    if (!fields)
        return PyTuple_New(0);
    PyObject *tuple = PySequence_Tuple(fields);
    Py_DECREF(fields);
    return tuple;
}

/* One keyword argument of the constructor; any attribute may be set so. */
static int ast_init_keyword(PyObject *self, PyObject *fields, Py_ssize_t npos, PyObject *key,
                            PyObject *value)
{
    int found = PySequence_Contains(fields, key);
    if (found < 0)
        return -1;
    if (found) {
        Py_ssize_t i = PySequence_Index(fields, key);
        if (i < 0)
            return -1;
        if (i < npos) {
            PyErr_Format(PyExc_TypeError, "%.400s got multiple values for argument '%U'",
                         Py_TYPE(self)->tp_name, key);
            return -1;
        }
    }
    return PyObject_SetAttr(self, key, value);
}

/* AST(*fields, **attributes) */
static int ast_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *fields = ast_get_fields(self), *key, *value;
    if (!fields)
        return -1;
    int result = -1;
    Py_ssize_t nfields = PyTuple_GET_SIZE(fields), npos = PyTuple_GET_SIZE(args), i = 0;
    if (nfields < npos) {
        PyErr_Format(PyExc_TypeError, "%.400s constructor takes at most %zd positional argument%s",
                     _PyType_Name(Py_TYPE(self)), nfields, nfields == 1 ? "" : "s");
        goto done;
    }
    for (; i < npos; i++)
        if (PyObject_SetAttr(self, PyTuple_GET_ITEM(fields, i), PyTuple_GET_ITEM(args, i)) < 0)
            goto done;
    i = 0;
    while (kwargs && PyDict_Next(kwargs, &i, &key, &value))
        if (ast_init_keyword(self, fields, npos, key, value) < 0)
            goto done;
    result = 0;
done:
    Py_DECREF(fields);
    return result;
}

/* For pickle and copy: the class and the dict. */
static PyObject *ast_reduce(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *dict;
    if (_PyObject_LookupAttr(self, ID(__dict__), &dict) < 0)
        return NULL;
    return dict ? Py_BuildValue("O()N", Py_TYPE(self), dict) : Py_BuildValue("O()", Py_TYPE(self));
}

static PyMemberDef ast_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(AstObject, dict), READONLY},
    {NULL}
};
static PyMethodDef ast_methods[] = {
    {"__reduce__", ast_reduce, METH_NOARGS, NULL},
    {NULL}
};
static PyGetSetDef ast_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict},
    {NULL}
};
static PyType_Slot ast_slots[] = {
    {Py_tp_dealloc, ast_dealloc},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_setattro, PyObject_GenericSetAttr},
    {Py_tp_traverse, ast_traverse},
    {Py_tp_clear, ast_clear},
    {Py_tp_members, ast_members},
    {Py_tp_methods, ast_methods},
    {Py_tp_getset, ast_getset},
    {Py_tp_init, ast_init},
    {Py_tp_alloc, PyType_GenericAlloc},
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_free, PyObject_GC_Del},
    {0, NULL},
};
static PyType_Spec ast_spec = {
    "ast.AST", sizeof(AstObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    ast_slots,
};

/* -- Documentation strings ------------------------------------------------------------------- */

/* "Name(type field, type? field, type* field)" for a record. */
static PyObject *classes_product_doc(const AstClass *c)
{
    PyObject *doc = PyUnicode_FromFormat("%s(", c->row->name);
    for (int i = 0; doc && i < c->nfields; i++) {
        const AstRow *f = &c->fields[i];
        Py_SETREF(doc, PyUnicode_FromFormat("%U%s%s%s %s", doc, i ? ", " : "", f->doc,
                                            f->kind == ROW_OPT   ? "?"
                                            : f->kind == ROW_SEQ ? "*"
                                                                 : "",
                                            f->name));
    }
    if (doc)
        Py_SETREF(doc, PyUnicode_FromFormat("%U)", doc));
    return doc;
}

/* "sum = A(...)\n    | B(...)": alternatives, each in its line, aligned. */
static PyObject *classes_sum_doc(const char *name, const AstRow *row, const AstRow *end)
{
    PyObject *doc = PyUnicode_FromFormat("%s = ", name);
    static const char spaces[] = "              ";
    const char *indent = &spaces[sizeof spaces - 1 - (strlen(name) + 1)];
    int n = 0, type = row->type;
    for (row++; doc && row < end && row->type >= 0; row++) {
        if (row->kind == ROW_SUM || row->kind == ROW_PRODUCT || row->kind == ROW_ENUM)
            break;
        if (row->kind != ROW_NODE || row->type != type)
            continue;
        if (n++)
            Py_SETREF(doc, PyUnicode_FromFormat("%U\n%s| %s", doc, indent, row->doc));
        else
            Py_SETREF(doc, PyUnicode_FromFormat("%U%s", doc, row->doc));
    }
    return doc;
}

/* "operator = Add | Sub | ...". */
static PyObject *classes_enum_doc(int type)
{
    PyObject *doc = PyUnicode_FromFormat("%s = ", enum_names[type - T_expr_context]);
    int n = 0;
    for (size_t i = 0; doc && i < COUNT_OF(ast_rows); i++)
        if (ast_rows[i].kind == ROW_ENUM && ast_rows[i].type == type)
            Py_SETREF(doc, PyUnicode_FromFormat("%U%s%s", doc, n++ ? " | " : "", ast_rows[i].name));
    return doc;
}

/* -- Making classes -------------------------------------------------------------------------- */

/* type(name, (base,), {...}). STEALS doc. */
static PyTypeObject *classes_new_type(const char *name, PyTypeObject *base, PyObject *fields,
                                      PyObject *doc)
{
    if (!doc)
        return NULL;
    PyObject *type = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){sOsOsssN}", name, base,
                                           "_fields", fields, "__match_args__", fields,
                                           "__module__", "ast", "__doc__", doc);
    return (PyTypeObject *)type;
}

static int classes_set(PyTypeObject *type, const char *name, PyObject *value)
{
    return PyObject_SetAttrString((PyObject *)type, name, value);
}

/* _attributes of a class that is not a node of a sum, and None for what is optional. */
static int classes_set_attributes(AstClasses *all, const AstClass *c)
{
    PyObject *names = c->pos >= 0 ? PyTuple_Pack(4, all->attributes[0], all->attributes[1],
                                                 all->attributes[2], all->attributes[3])
                                  : PyTuple_New(0);
    int result = names ? classes_set(c->type, "_attributes", names) : -1;
    Py_XDECREF(names);
    for (int i = 0; result == 0 && i < c->nfields; i++)
        if (c->fields[i].kind == ROW_OPT)
            result = classes_set(c->type, c->fields[i].name, Py_None);
    if (result == 0 && c->pos >= 0 && c->end_optional)
        result = classes_set(c->type, "end_lineno", Py_None) < 0
                     ? -1
                     : classes_set(c->type, "end_col_offset", Py_None);
    return result;
}

/* Fills in fields, names and offsets from the rows behind c->row. */
static int classes_read_fields(AstClass *c)
{
    size_t offset = c->row->kind == ROW_NODE ? 24 : 0;
    c->fields = c->row + 1;
    for (c->nfields = 0;
         c->fields[c->nfields].kind >= ROW_ONE && c->fields[c->nfields].kind <= ROW_SEQ;
         c->nfields++) {
        const AstRow *f = &c->fields[c->nfields];
        bool is_int = f->kind != ROW_SEQ && (f->type == T_int || ast_is_enum(f->type));
        size_t size = is_int ? sizeof(int) : sizeof(void *);
        offset = (offset + size - 1) & ~(size - 1);
        c->offset[c->nfields] = (uint8_t)offset;
        offset += size;
    }
    if (!(c->names = PyTuple_New(c->nfields)))
        return -1;
    for (int i = 0; i < c->nfields; i++) {
        PyObject *name = PyUnicode_InternFromString(c->fields[i].name);
        if (!name)
            return -1;
        PyTuple_SET_ITEM(c->names, i, name);
    }
    return 0;
}

/* Optional fields are None in the class, so that an instance may lack them. */
static int classes_set_optional(AstClass *c)
{
    for (int i = 0; i < c->nfields; i++)
        if (c->fields[i].kind == ROW_OPT && classes_set(c->type, c->fields[i].name, Py_None) < 0)
            return -1;
    return 0;
}

/* The next free AstClass. */
static AstClass *classes_add(AstClasses *all, const AstRow *row)
{
    AstClass *c = &all->classes[all->n++];
    c->row = row;
    c->pos = -1;
    return c;
}

static bool classes_sum_has_positions(int type)
{
    return type == T_stmt || type == T_expr || type == T_excepthandler || type == T_pattern;
}

static int classes_make_sum(AstClasses *all, const AstRow *row)
{
    AstClass *c = classes_add(all, row);
    all->first[row->type] = all->n - 1;
    if (!(c->names = PyTuple_New(0)))
        return -1;
    c->pos = classes_sum_has_positions(row->type) ? 4 : -1;
    c->end_optional = row->type != T_pattern;
    c->type = classes_new_type(row->name, all->AST, c->names,
                               classes_sum_doc(row->name, row, ast_rows + COUNT_OF(ast_rows)));
    return c->type ? classes_set_attributes(all, c) : -1;
}

static int classes_make_node(AstClasses *all, const AstRow *row)
{
    const AstClass *sum = &all->classes[all->first[row->type]];
    AstClass *c = classes_add(all, row);
    all->count[row->type]++;
    c->pos = sum->pos;
    c->end_optional = sum->end_optional;
    if (classes_read_fields(c) < 0)
        return -1;
    c->type = classes_new_type(row->name, sum->type, c->names, PyUnicode_FromString(row->doc));
    return c->type ? classes_set_optional(c) : -1;
}

static int classes_make_product(AstClasses *all, const AstRow *row)
{
    AstClass *c = classes_add(all, row);
    all->first[row->type] = all->n - 1;
    if (classes_read_fields(c) < 0)
        return -1;
    c->pos = row->value ? c->fields[c->nfields].value : -1;
    c->end_optional = true;
    c->type = classes_new_type(row->name, all->AST, c->names, classes_product_doc(c));
    return c->type ? classes_set_attributes(all, c) : -1;
}

/* An enumerator; the first of an enumeration makes the enumeration's class too. */
static int classes_make_enum(AstClasses *all, const AstRow *row)
{
    if (row->value == 1) {
        AstClass *base = classes_add(all, row);
        all->first[row->type] = all->n - 1;
        if (!(base->names = PyTuple_New(0)))
            return -1;
        base->type = classes_new_type(enum_names[row->type - T_expr_context], all->AST, base->names,
                                      classes_enum_doc(row->type));
        if (!base->type || classes_set_attributes(all, base) < 0)
            return -1;
    }
    const AstClass *base = &all->classes[all->first[row->type]];
    AstClass *c = classes_add(all, row);
    all->count[row->type]++;
    if (!(c->names = PyTuple_New(0)))
        return -1;
    c->type = classes_new_type(row->name, base->type, c->names, PyUnicode_FromString(row->name));
    if (!c->type)
        return -1;
    c->singleton = PyType_GenericNew(c->type, NULL, NULL);
    return c->singleton ? 0 : -1;
}

/* AST, and the names of the position attributes. */
static int classes_make_base(AstClasses *all)
{
    static const char *const attributes[N_ATTRS] = {"lineno", "col_offset", "end_lineno",
                                                    "end_col_offset"};
    PyObject *empty = NULL;
    for (int i = 0; i < N_ATTRS; i++)
        if (!(all->attributes[i] = PyUnicode_InternFromString(attributes[i])))
            return -1;
    if (!(all->AST = (PyTypeObject *)PyType_FromSpec(&ast_spec)) || !(empty = PyTuple_New(0)))
        return -1;
    int result = classes_set(all->AST, "_fields", empty) < 0
                         || classes_set(all->AST, "__match_args__", empty) < 0
                         || classes_set(all->AST, "_attributes", empty) < 0
                     ? -1
                     : 0;
    Py_DECREF(empty);
    return result;
}

static int classes_make(AstClasses *all)
{
    if (classes_make_base(all) < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(ast_rows); i++) {
        const AstRow *row = &ast_rows[i];
        int result = row->kind == ROW_SUM       ? classes_make_sum(all, row)
                     : row->kind == ROW_NODE    ? classes_make_node(all, row)
                     : row->kind == ROW_PRODUCT ? classes_make_product(all, row)
                     : row->kind == ROW_ENUM    ? classes_make_enum(all, row)
                                                : 0;
        if (result < 0)
            return -1;
    }
    return 0;
}

static void classes_free(AstClasses *all)
{
    for (int i = 0; i < all->n; i++) {
        Py_XDECREF(all->classes[i].singleton);
        Py_XDECREF(all->classes[i].names);
        Py_XDECREF(all->classes[i].type);
    }
    for (int i = 0; i < N_ATTRS; i++)
        Py_XDECREF(all->attributes[i]);
    Py_XDECREF(all->AST);
    PyMem_Free(all);
}

AstClasses *ast_classes(void)
{
    PyInterpreterState *interp = interp_get();
    if (LIKELY(interp->ast != NULL))
        return interp->ast;
    AstClasses *all = PyMem_Calloc(1, sizeof(AstClasses));
    if (!all)
        return (AstClasses *)PyErr_NoMemory();
    if (classes_make(all) < 0) {
        classes_free(all);
        return NULL;
    }
    interp->ast = all;
    return all;
}

void ast_classes_clear(PyInterpreterState *interp)
{
    AstClasses *all = interp->ast;
    interp->ast = NULL;
    if (all)
        classes_free(all);
}
