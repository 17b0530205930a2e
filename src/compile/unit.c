/* SPDX-License-Identifier: MIT
 *
 * A Unit is what becomes one code object. Units nest as their blocks do; c->u is the innermost.
 *
 *      c->u ─> function g ─outer─> function f ─outer─> module ─> NULL
 *
 * Names and constants get their index at first use, so their order in the code object is the
 * order in which the code generator meets them. Constants are keyed by _PyCode_ConstantKey: 1,
 * 1.0 and True stay apart.
 *
 * c->const_cache maps a key to itself: equal constants of a file are one object, items of tuples
 * and frozensets included. A tuple is changed in place for that; nobody else has seen it.
 *
 * Ownership: a unit owns its blocks, dicts and names, and a reference to its Scope.
 */
#include "compile/compile_impl.h"

/* -- Errors ----------------------------------------------------------------------------------- */

bool cg_error(Compiler *c, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *message = PyUnicode_FromFormatV(format, va);
    va_end(va);
    if (message == NULL)
        return false;
    Pos p = c->u->pos;
    PyObject *text = PyErr_ProgramTextObject(c->filename, p.lineno);
    if (text == NULL)
        text = Py_NewRef(Py_None);
    PyObject *args = Py_BuildValue("O(OiiOii)", message, c->filename, p.lineno, p.col_offset + 1,
                                   text, p.end_lineno, p.end_col_offset + 1);
    if (args)
        PyErr_SetObject(PyExc_SyntaxError, args);
    Py_XDECREF(args);
    Py_DECREF(text);
    Py_DECREF(message);
    return false;
}

bool cg_warn(Compiler *c, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *message = PyUnicode_FromFormatV(format, va);
    va_end(va);
    if (message == NULL)
        return false;
    int status = PyErr_WarnExplicitObject(PyExc_SyntaxWarning, message, c->filename,
                                          c->u->pos.lineno, NULL, NULL);
    /* A warning turned into an error is more use as a SyntaxError with a position. */
    if (status < 0 && PyErr_ExceptionMatches(PyExc_SyntaxWarning)) {
        PyErr_Clear();
        cg_error(c, "%U", message);
    }
    Py_DECREF(message);
    return status == 0;
}

bool cg_allowed_name(Compiler *c, PyObject *name, expr_context ctx)
{
    if (ctx == Load || PyUnicode_CompareWithASCIIString(name, "__debug__") != 0)
        return true;
    return cg_error(c, ctx == Store ? "cannot assign to __debug__" : "cannot delete __debug__");
}

/* -- Names and constants ---------------------------------------------------------------------- */

Py_ssize_t unit_index(PyObject *dict, PyObject *o)
{
    PyObject *v = PyDict_GetItemWithError(dict, o);
    if (v)
        return PyLong_AsSsize_t(v);
    if (PyErr_Occurred())
        return -1;
    Py_ssize_t index = PyDict_GET_SIZE(dict);
    v = PyLong_FromSsize_t(index);
    if (v == NULL || PyDict_SetItem(dict, o, v) < 0)
        index = -1;
    Py_XDECREF(v);
    return index;
}

/* The constant inside a key. */
static PyObject *key_object(PyObject *key)
{
    return PyTuple_CheckExact(key) ? PyTuple_GET_ITEM(key, 1) : key;
}

static PyObject *merge_recursive(Compiler *c, PyObject *o);

static bool merge_tuple_items(Compiler *c, PyObject *tuple)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
        PyObject *item = PyTuple_GET_ITEM(tuple, i), *key = merge_recursive(c, item);
        if (key == NULL)
            return false;
        PyObject *merged = key_object(key);
        if (merged != item) {
            PyTuple_SET_ITEM(tuple, i, Py_NewRef(merged));
            Py_DECREF(item);
        }
        Py_DECREF(key);
    }
    return true;
}

/* A frozenset cannot be changed: the key gets an equal one made of merged items. */
static bool merge_frozenset_items(Compiler *c, PyObject *key, PyObject *set)
{
    PyObject *items = PySequence_Tuple(set);
    if (items == NULL || !merge_tuple_items(c, items)) {
        Py_XDECREF(items);
        return false;
    }
    PyObject *fresh = PyFrozenSet_New(items);
    Py_DECREF(items);
    if (fresh == NULL)
        return false;
    Py_SETREF(((PyTupleObject *)key)->ob_item[1], fresh);
    return true;
}

/* Key of the file's one constant that is equal to `o`. */
static PyObject *merge_recursive(Compiler *c, PyObject *o)
{
    if (o == Py_None || o == Py_Ellipsis)
        return Py_NewRef(o);
    PyObject *key = _PyCode_ConstantKey(o);
    if (key == NULL)
        return NULL;
    PyObject *first = PyDict_SetDefault(c->const_cache, key, key);
    if (first != key) {
        Py_XINCREF(first);
        Py_DECREF(key);
        return first;
    }
    bool ok = true;
    if (PyTuple_CheckExact(o))
        ok = merge_tuple_items(c, o);
    else if (PyFrozenSet_CheckExact(o) && PySet_GET_SIZE(o))
        ok = merge_frozenset_items(c, key, o);
    if (!ok)
        Py_CLEAR(key);
    return key;
}

Py_ssize_t unit_const(Compiler *c, PyObject *o)
{
    PyObject *key = merge_recursive(c, o);
    if (key == NULL)
        return -1;
    Py_ssize_t index = unit_index(c->u->consts, key);
    Py_DECREF(key);
    return index;
}

bool unit_merge_const(Compiler *c, PyObject **o)
{
    PyObject *key = _PyCode_ConstantKey(*o);
    if (key == NULL)
        return false;
    PyObject *first = PyDict_SetDefault(c->const_cache, key, key);
    Py_DECREF(key);
    if (first == NULL)
        return false;
    if (first != key)
        Py_SETREF(*o, Py_NewRef(key_object(first)));
    return true;
}

PyObject *unit_const_list(PyObject *consts)
{
    PyObject *list = PyList_New(PyDict_GET_SIZE(consts)), *key, *index;
    Py_ssize_t at = 0;
    while (list && PyDict_Next(consts, &at, &key, &index))
        PyList_SET_ITEM(list, PyLong_AsSsize_t(index), Py_NewRef(key_object(key)));
    return list;
}

/* -- Dicts of variables ----------------------------------------------------------------------- */

/* item -> index */
static PyObject *dict_of_list(PyObject *list)
{
    PyObject *dict = PyDict_New();
    for (Py_ssize_t i = 0; dict && i < PyList_GET_SIZE(list); i++)
        if (unit_index(dict, PyList_GET_ITEM(list, i)) < 0)
            Py_CLEAR(dict);
    return dict;
}

/* Names of a scope, sorted, that are `scope_type` or have `flag`; numbered from `first`. */
static PyObject *dict_of_scope(Scope *scope, int scope_type, int flag, Py_ssize_t first)
{
    PyObject *dict = PyDict_New(), *names = PyDict_Keys(scope->symbols);
    if (dict == NULL || names == NULL || PyList_Sort(names) < 0)
        goto fail;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); i++) {
        PyObject *name = PyList_GET_ITEM(names, i);
        long flags = sym_flags_of(scope, name);
        if ((flags >> SCOPE_OFFSET & SCOPE_MASK) != scope_type && !(flags & flag))
            continue;
        PyObject *index = PyLong_FromSsize_t(first++);
        int status = index ? PyDict_SetItem(dict, name, index) : -1;
        Py_XDECREF(index);
        if (status < 0)
            goto fail;
    }
    Py_DECREF(names);
    return dict;
fail:
    Py_XDECREF(names);
    Py_XDECREF(dict);
    return NULL;
}

/* -- Qualified names -------------------------------------------------------------------------- */

static bool is_function_type(enum unit_type type)
{
    return type == UNIT_FUNCTION || type == UNIT_ASYNC_FUNCTION;
}

/* 1 when the unit's name is declared global where it is defined. */
static int is_declared_global(Unit *u)
{
    if (!is_function_type(u->type) && u->type != UNIT_CLASS)
        return 0;
    PyObject *mangled = sym_mangle(u->outer->private_name, u->name);
    if (mangled == NULL)
        return -1;
    int scope = sym_scope_of(u->outer->scope, mangled);
    Py_DECREF(mangled);
    return scope == SCOPE_GLOBAL_EXPLICIT;
}

/* PEP 3155: outer names joined by dots, "<locals>" after a function. */
static bool set_qualname(Unit *u)
{
    Unit *outer = u->outer;
    int global = outer && outer->outer ? is_declared_global(u) : 1;
    if (global < 0)
        return false;
    if (global)
        u->qualname = Py_NewRef(u->name);
    else if (is_function_type(outer->type) || outer->type == UNIT_LAMBDA)
        u->qualname = PyUnicode_FromFormat("%U.<locals>.%U", outer->qualname, u->name);
    else
        u->qualname = PyUnicode_FromFormat("%U.%U", outer->qualname, u->name);
    return u->qualname != NULL;
}

/* -- Life ------------------------------------------------------------------------------------- */

static void unit_free(Unit *u)
{
    for (Block *b = u->blocks, *older; b; b = older) {
        older = b->list;
        PyMem_Free(b->instr);
        PyMem_Free(b);
    }
    Py_XDECREF((PyObject *)u->scope);
    Py_XDECREF(u->name);
    Py_XDECREF(u->qualname);
    Py_XDECREF(u->consts);
    Py_XDECREF(u->names);
    Py_XDECREF(u->varnames);
    Py_XDECREF(u->cellvars);
    Py_XDECREF(u->freevars);
    Py_XDECREF(u->private_name);
    PyMem_Free(u);
}

/* Finds the scope and numbers its variables: varnames in order, cells and free ones sorted. */
static bool fill_variables(Compiler *c, Unit *u, void *node)
{
    u->scope = PySymtable_Lookup(c->st, node);
    if (u->scope == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_SystemError, "no scope for a block");
        return false;
    }
    u->varnames = dict_of_list(u->scope->varnames);
    u->cellvars = dict_of_scope(u->scope, SCOPE_CELL, 0, 0);
    if (u->cellvars == NULL)
        return false;
    if (u->scope->needs_class_closure &&
        PyDict_SetItem(u->cellvars, ID(__class__), SMALL_INT(0)) < 0)
        return false;
    u->freevars = dict_of_scope(u->scope, SCOPE_FREE, DEF_FREE_CLASS, PyDict_GET_SIZE(u->cellvars));
    u->consts = PyDict_New();
    u->names = PyDict_New();
    return u->varnames && u->freevars && u->consts && u->names;
}

/* On failure c->u is what it was. */
bool unit_enter(Compiler *c, PyObject *name, enum unit_type type, void *node, int lineno)
{
    Unit *u = PyMem_Calloc(1, sizeof *u);
    if (u == NULL) {
        PyErr_NoMemory();
        return false;
    }
    u->type = type;
    u->name = Py_NewRef(name);
    u->firstlineno = lineno;
    u->pos = (Pos){lineno, 0, lineno, 0};
    u->outer = c->u;
    if (!fill_variables(c, u, node)) {
        unit_free(u);
        return false;
    }
    if (c->u)
        u->private_name = Py_XNewRef(c->u->private_name);
    c->u = u;
    c->nest_level++;
    u->current = cg_block(c);
    if (u->current == NULL)
        goto fail;
    if (type == UNIT_MODULE)
        u->pos.lineno = 0;
    if (type == UNIT_MODULE ? (u->qualname = Py_NewRef(name)) == NULL : !set_qualname(u))
        goto fail;
    if (!cg_op_arg(c, OP_RESUME, 0))
        goto fail;
    u->pos.lineno = lineno;
    return true;
fail:
    unit_leave(c);
    return false;
}

void unit_leave(Compiler *c)
{
    Unit *u = c->u;
    c->nest_level--;
    c->u = u->outer;
    unit_free(u);
}

/* -- Flags ------------------------------------------------------------------------------------ */

bool unit_is_top_level_await(Compiler *c)
{
    return (c->flags->cf_flags & PyCF_ALLOW_TOP_LEVEL_AWAIT) && c->u->scope->type == MODULE_BLOCK;
}

int unit_code_flags(Compiler *c)
{
    Scope *s = c->u->scope;
    int flags = 0;
    if (s->type == FUNCTION_BLOCK) {
        flags = CO_NEWLOCALS | CO_OPTIMIZED;
        flags |= s->nested ? CO_NESTED : 0;
        if (s->generator)
            flags |= s->coroutine ? CO_ASYNC_GENERATOR : CO_GENERATOR;
        else if (s->coroutine)
            flags |= CO_COROUTINE;
        flags |= s->varargs ? CO_VARARGS : 0;
        flags |= s->varkeywords ? CO_VARKEYWORDS : 0;
    }
    flags |= c->flags->cf_flags & PyCF_MASK;
    if (unit_is_top_level_await(c) && s->coroutine && !s->generator)
        flags |= CO_COROUTINE;
    return flags;
}
