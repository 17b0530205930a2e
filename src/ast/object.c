/* SPDX-License-Identifier: MIT
 *
 * Trees to instances of the classes of module _ast, and back. Both directions walk nodes.def as
 * data (classes.h): a node's class says which fields lie where in its struct.
 *
 *      struct expr_node {kind, pos, v.Name.id, v.Name.ctx}
 *                         │     │      │          │            offset[0], offset[1] of the class
 *      ast.Name           type  lineno id         ctx          names[0], names[1]
 *
 * Ownership: ast_to_object gives new objects; ast_from_object allocates in the arena, which also
 * keeps the identifiers and constants alive. Failure: TypeError, ValueError, RecursionError with
 * 3.11's words; a partly built tree is left to the arena.
 */
#include "ast/classes.h"
#include "base/cstack.h"
#include "state.h"

#include <string.h>

/* -- Tree to objects ------------------------------------------------------------------------- */

typedef struct {
    AstClasses *all;
    int depth, limit;       /* of recursion */
} Writer;

static PyObject *write_node(Writer *w, int type, const char *node);

static const AstClass *class_of_node(AstClasses *all, int type, const char *node)
{
    int kind = all->count[type] ? *(const int *)node
                                : 0; /* a record has no kind and no classes behind its own */
    return &all->classes[all->first[type] + kind];
}

/* The one instance of an enumerator's class. */
static PyObject *write_enum(Writer *w, int type, int value)
{
    PyObject *singleton = w->all->classes[w->all->first[type] + value].singleton;
    Py_INCREF(singleton);
    return singleton;
}

/* A node or an object, None for NULL. */
static PyObject *write_pointer(Writer *w, int type, void *value)
{
    if (!value)
        Py_RETURN_NONE;
    if (type > T_constant)
        return write_node(w, type, value);
    Py_INCREF((PyObject *)value);
    return value;
}

static PyObject *write_list(Writer *w, int type, const expr_seq *seq)
{
    Py_ssize_t n = seq_len(seq);
    PyObject *list = PyList_New(n);
    for (Py_ssize_t i = 0; list && i < n; i++) {
        PyObject *item = ast_is_enum(type)
                             ? write_enum(w, type, (int)((const cmpop_seq *)seq)->at[i])
                             : write_pointer(w, type, seq->at[i]);
        if (item)
            PyList_SET_ITEM(list, i, item);
        else
            Py_CLEAR(list);
    }
    return list;
}

/* The field whose value lies at `at`. */
static PyObject *write_field(Writer *w, const AstRow *field, const char *at)
{
    if (field->kind == ROW_SEQ)
        return write_list(w, field->type, *(expr_seq *const *)at);
    if (field->type == T_int)
        return PyLong_FromLong(*(const int *)at);
    if (ast_is_enum(field->type))
        return write_enum(w, field->type, *(const int *)at);
    return write_pointer(w, field->type, *(void *const *)at);
}

/* STEALS value. */
static int write_attribute(PyObject *obj, PyObject *dict, PyObject *name, PyObject *value)
{
    if (!value)
        return -1;
    int result = dict ? PyDict_SetItem(dict, name, value) : PyObject_SetAttr(obj, name, value);
    Py_DECREF(value);
    return result;
}

/* Sets attributes: straight into the instance's dict, which is new, when it has one. */
static int write_fields(Writer *w, const AstClass *c, const char *node, PyObject *obj)
{
    PyObject **slot = _PyObject_GetDictPtr(obj);
    if (slot && !*slot && !(*slot = PyDict_New()))
        return -1;
    PyObject *dict = slot ? *slot : NULL;
    for (int i = 0; i < c->nfields; i++)
        if (write_attribute(obj, dict, PyTuple_GET_ITEM(c->names, i),
                            write_field(w, &c->fields[i], node + c->offset[i]))
            < 0)
            return -1;
    if (c->pos < 0)
        return 0;
    const int *pos = (const int *)(node + c->pos);
    for (int i = 0; i < N_ATTRS; i++)
        if (write_attribute(obj, dict, w->all->attributes[i], PyLong_FromLong(pos[i])) < 0)
            return -1;
    return 0;
}

static PyObject *write_node(Writer *w, int type, const char *node)
{
    if (++w->depth > w->limit || cstack_short()) {
        PyErr_SetString(PyExc_RecursionError,
                        "maximum recursion depth exceeded during ast construction");
        return NULL;
    }
    const AstClass *c = class_of_node(w->all, type, node);
    PyObject *obj = PyType_GenericNew(c->type, NULL, NULL);
    if (obj && write_fields(w, c, node, obj) < 0)
        Py_CLEAR(obj);
    w->depth--;
    return obj;
}

PyObject *ast_to_object(mod tree)
{
    enum { SCALE = 3 }; /* a level of the tree takes less C stack than a Python call */
    PyThreadState *tstate = PyThreadState_Get();
    Writer w = {ast_classes(), 0, 0};
    if (!w.all)
        return NULL;
    int limit = Py_GetRecursionLimit(),
        used = tstate->recursion_limit - tstate->recursion_remaining;
    w.limit = limit < INT_MAX / SCALE ? limit * SCALE : limit;
    w.depth = used * SCALE;
    return write_node(&w, T_mod, (const char *)tree);
}

/* -- Objects to tree ------------------------------------------------------------------------- */

typedef struct {
    AstClasses *all;
    Arena *arena;
} Reader;

static int read_node(Reader *r, int type, PyObject *obj, void **node);

static int read_missing(const char *field, const char *owner)
{
    PyErr_Format(PyExc_TypeError, "required field \"%s\" missing from %s", field, owner);
    return -1;
}

static int read_int(PyObject *obj, int *value)
{
    if (!PyLong_Check(obj)) {
        PyErr_Format(PyExc_ValueError, "invalid integer value: %R", obj);
        return -1;
    }
    *value = _PyLong_AsInt(obj);
    return *value == -1 && PyErr_Occurred() ? -1 : 0;
}

/* identifier, string or constant; None is NULL except for a constant. */
static int read_object(Reader *r, int type, PyObject *obj, void **value)
{
    if (type == T_identifier && obj != Py_None && !PyUnicode_CheckExact(obj)) {
        PyErr_SetString(PyExc_TypeError, "AST identifier must be of type str");
        return -1;
    }
    if (type == T_string && obj != Py_None && !PyUnicode_CheckExact(obj)
        && !PyBytes_CheckExact(obj)) {
        PyErr_SetString(PyExc_TypeError, "AST string must be of type str");
        return -1;
    }
    *value = NULL;
    if (obj == Py_None && type != T_constant)
        return 0;
    Py_INCREF(obj);
    if (arena_add_object(r->arena, obj) < 0)
        return -1;
    *value = obj;
    return 0;
}

/* Which of a type's classes `obj` is an instance of: its index from 1, or -1. */
static int read_class(Reader *r, int type, PyObject *obj)
{
    const AstClass *first = &r->all->classes[r->all->first[type]];
    int n = r->all->count[type];
    for (int i = 1; i <= n; i++)
        if (Py_TYPE(obj) == first[i].type)
            return i;
    for (int i = 1; i <= n; i++) {
        int is = PyObject_IsInstance(obj, (PyObject *)first[i].type);
        if (is)
            return is < 0 ? -1 : i;
    }
    const char *name = ast_is_enum(type)
                           ? ((const char *[]){"expr_context", "boolop", "operator", "unaryop",
                                               "cmpop"})[type - T_expr_context]
                           : first->row->name;
    PyErr_Format(PyExc_TypeError, "expected some sort of %s, but got %R", name, obj);
    return -1;
}

/* One value of any type to `at`. */
static int read_one(Reader *r, int type, PyObject *obj, void *at)
{
    if (type == T_int)
        return read_int(obj, at);
    if (ast_is_enum(type)) {
        int value = read_class(r, type, obj);
        *(int *)at = value;
        return value < 0 ? -1 : 0;
    }
    return type <= T_constant ? read_object(r, type, obj, at) : read_node(r, type, obj, at);
}

/* A list may be changed by the classes' own code while it is read: its length is checked. */
static int read_list(Reader *r, const AstRow *field, const char *owner, PyObject *list,
                     expr_seq **seq)
{
    if (!PyList_Check(list)) {
        PyErr_Format(PyExc_TypeError, "%s field \"%s\" must be a list, not a %.200s", owner,
                     field->name, Py_TYPE(list)->tp_name);
        return -1;
    }
    Py_ssize_t n = PyList_GET_SIZE(list);
    bool is_int = ast_is_enum(field->type);
    if (n == 0)
        return 0;
    if (!(*seq = seq_alloc(r->arena, sizeof(Py_ssize_t), is_int ? sizeof(int) : sizeof(void *), n)))
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyList_GET_ITEM(list, i);
        Py_INCREF(item);
        void *at = is_int ? (void *)&((cmpop_seq *)*seq)->at[i] : (void *)&(*seq)->at[i];
        int result = read_one(r, field->type, item, at);
        Py_DECREF(item);
        if (result < 0)
            return -1;
        if (n != PyList_GET_SIZE(list)) {
            PyErr_Format(PyExc_RuntimeError, "%s field \"%s\" changed size during iteration", owner,
                         field->name);
            return -1;
        }
    }
    return 0;
}

/* Of the node that a field belongs to. */
static const char *const read_where[N_TYPES] = {
#define SUM(g) [T_##g] = " while traversing '" #g "' node",
#define PRODUCT(n, attrs) [T_##n] = " while traversing '" #n "' node",
#include "ast/nodes.def"
};

/* Recursion ends in RecursionError that names the node. */
static int read_guarded(Reader *r, const AstRow *field, const AstRow *of, PyObject *obj, char *at)
{
    const char *owner = of->name;
    if (Py_EnterRecursiveCall(read_where[of->type]))
        return -1;
    int result = field->kind == ROW_SEQ ? read_list(r, field, owner, obj, (expr_seq **)at)
                                        : read_one(r, field->type, obj, at);
    Py_LeaveRecursiveCall();
    return result;
}

static int read_field(Reader *r, const AstClass *c, int i, PyObject *obj, char *node)
{
    const AstRow *field = &c->fields[i];
    PyObject *value;
    if (_PyObject_LookupAttr(obj, PyTuple_GET_ITEM(c->names, i), &value) < 0)
        return -1;
    if (!value || (value == Py_None && field->kind == ROW_OPT)) {
        Py_XDECREF(value);
        return value || field->kind == ROW_OPT ? 0 : read_missing(field->name, c->row->name);
    }
    int result = read_guarded(r, field, c->row, value, node + c->offset[i]);
    Py_DECREF(value);
    return result;
}

/* Fields that must not be None. */
static int read_check_required(const AstClass *c, const char *node)
{
    for (int i = 0; i < c->nfields; i++) {
        const AstRow *field = &c->fields[i];
        if (field->kind == ROW_ONE && field->type != T_int && !ast_is_enum(field->type)
            && !*(void *const *)(node + c->offset[i])) {
            PyErr_Format(PyExc_ValueError, "field '%s' is required for %s", field->name,
                         c->row->name);
            return -1;
        }
    }
    return 0;
}

/* Line and column numbers; a missing end is the beginning. */
static int read_positions(Reader *r, const AstClass *c, PyObject *obj, const char *owner, int *pos)
{
    for (int i = 0; i < N_ATTRS; i++) {
        bool optional = i >= ATTR_END_LINENO && c->end_optional;
        PyObject *value;
        if (_PyObject_LookupAttr(obj, r->all->attributes[i], &value) < 0)
            return -1;
        if (!value || (value == Py_None && optional)) {
            Py_XDECREF(value);
            if (!optional)
                return read_missing(PyUnicode_AsUTF8(r->all->attributes[i]), owner);
            pos[i] = pos[i - 2];
            continue;
        }
        int result = read_int(value, &pos[i]);
        Py_DECREF(value);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int read_fields(Reader *r, const AstClass *c, PyObject *obj, char *node)
{
    for (int i = 0; i < c->nfields; i++)
        if (read_field(r, c, i, obj, node) < 0)
            return -1;
    return 0;
}

/* A sum: positions, then the class, then its fields. None gives NULL. */
static int read_sum(Reader *r, int type, PyObject *obj, void **out)
{
    const AstClass *sum = &r->all->classes[r->all->first[type]];
    Pos pos = {0};
    *out = NULL;
    if (obj == Py_None)
        return 0;
    if (sum->pos >= 0 && read_positions(r, sum, obj, sum->row->name, (int *)&pos) < 0)
        return -1;
    int kind = read_class(r, type, obj);
    if (kind < 0)
        return -1;
    const AstClass *c = sum + kind;
    size_t size = c->nfields ? c->offset[c->nfields - 1] + sizeof(void *) : 24;
    char *node =
        arena_alloc(r->arena, size < sizeof(struct expr_node) ? sizeof(struct expr_node) : size);
    if (!node || read_fields(r, c, obj, node) < 0 || read_check_required(c, node) < 0)
        return -1;
    *(int *)node = kind;
    memcpy(node + 4, &pos, sizeof pos);
    *out = node;
    return 0;
}

/* A record: its fields, then positions. */
static int read_product(Reader *r, int type, PyObject *obj, void **out)
{
    const AstClass *c = &r->all->classes[r->all->first[type]];
    char *node = arena_alloc(r->arena, c->fields[c->nfields].value + sizeof(Pos));
    if (!node || read_fields(r, c, obj, node) < 0)
        return -1;
    if (c->pos >= 0 && read_positions(r, c, obj, c->row->name, (int *)(node + c->pos)) < 0)
        return -1;
    if (read_check_required(c, node) < 0)
        return -1;
    *out = node;
    return 0;
}

static int read_node(Reader *r, int type, PyObject *obj, void **node)
{
    return r->all->classes[r->all->first[type]].row->kind == ROW_PRODUCT
               ? read_product(r, type, obj, node)
               : read_sum(r, type, obj, node);
}

mod ast_from_object(PyObject *obj, Arena *arena, int mode)
{
    static const int required[] = {Module_kind, Expression_kind, Interactive_kind};
    Reader r = {ast_classes(), arena};
    if (!r.all || PySys_Audit("compile", "OO", obj, Py_None) < 0)
        return NULL;
    const AstClass *wanted = &r.all->classes[r.all->first[T_mod] + required[mode]];
    int is = PyObject_IsInstance(obj, (PyObject *)wanted->type);
    if (is == 0)
        PyErr_Format(PyExc_TypeError, "expected %s node, got %.400s", wanted->row->name,
                     Py_TYPE(obj)->tp_name);
    void *tree;
    return is <= 0 || read_sum(&r, T_mod, obj, &tree) < 0 ? NULL : tree;
}

int ast_is_instance(PyObject *obj)
{
    AstClasses *all = ast_classes();
    return all ? PyObject_IsInstance(obj, (PyObject *)all->AST) : -1;
}
