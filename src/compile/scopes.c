/* SPDX-License-Identifier: MIT
 *
 * Code of functions, lambdas and classes: defaults, annotations, decorators, closures.
 *
 *      [decorators …] [defaults] [kw-only defaults] [annotations] [closure cells] code
 *      MAKE_FUNCTION flags    1          2               4              8
 *      then a CALL for each decorator, the last one first, and a store
 *
 *      class: NULL LOAD_BUILD_CLASS function name bases … CALL
 *
 * The order of evaluation is the language's (reference 8.7); where it looks odd (annotations of
 * plain arguments before positional-only ones) it is 3.11's.
 */
#include "compile/compile_impl.h"

/* -- Parameters ------------------------------------------------------------------------------- */

/* No parameter may be called __debug__. */
static bool allowed_args(Compiler *c, arg_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!cg_allowed_name(c, seq->at[i]->arg, Store))
            return false;
    return true;
}

static bool allowed_arguments(Compiler *c, arguments a)
{
    return allowed_args(c, a->posonlyargs) && allowed_args(c, a->args) &&
           (!a->vararg || cg_allowed_name(c, a->vararg->arg, Store)) &&
           allowed_args(c, a->kwonlyargs) &&
           (!a->kwarg || cg_allowed_name(c, a->kwarg->arg, Store));
}

/* Pushes a dict of the keyword-only defaults; *pushed says whether there are any. */
static bool cg_kw_defaults(Compiler *c, arguments a, bool *pushed)
{
    PyObject *names = PyList_New(0);
    if (names == NULL)
        return false;
    for (Py_ssize_t i = 0; i < seq_len(a->kwonlyargs); i++) {
        expr value = a->kw_defaults->at[i];
        if (value == NULL)
            continue;
        PyObject *mangled = sym_mangle(c->u->private_name, a->kwonlyargs->at[i]->arg);
        int status = mangled ? PyList_Append(names, mangled) : -1;
        Py_XDECREF(mangled);
        if (status < 0 || !cg_expr(c, value)) {
            Py_DECREF(names);
            return false;
        }
    }
    Py_ssize_t n = PyList_GET_SIZE(names);
    bool ok = n == 0 ||
              (cg_const_steal(c, PyList_AsTuple(names)) && cg_op_arg(c, OP_BUILD_CONST_KEY_MAP, n));
    *pushed = n > 0;
    Py_DECREF(names);
    return ok;
}

/* Pushes defaults; flags for MAKE_FUNCTION, -1 on error. */
static int cg_defaults(Compiler *c, arguments a)
{
    int flags = 0;
    if (seq_len(a->defaults)) {
        if (!cg_exprs(c, a->defaults) || !cg_op_arg(c, OP_BUILD_TUPLE, seq_len(a->defaults)))
            return -1;
        flags |= 1;
    }
    if (seq_len(a->kwonlyargs)) {
        bool pushed;
        if (!cg_kw_defaults(c, a, &pushed))
            return -1;
        flags |= pushed ? 2 : 0;
    }
    return flags;
}

/* -- Annotations ------------------------------------------------------------------------------ */

bool cg_annotation(Compiler *c, expr annotation)
{
    if (c->future.features & CO_FUTURE_ANNOTATIONS)
        return cg_const_steal(c, ast_unparse_expr(annotation));
    return cg_expr(c, annotation);
}

/* name, annotation; counts what it pushed. */
static bool cg_arg_annotation(Compiler *c, PyObject *name, expr annotation, Py_ssize_t *pushed)
{
    if (annotation == NULL)
        return true;
    if (!cg_const_steal(c, sym_mangle(c->u->private_name, name)))
        return false;
    *pushed += 2;
    /* *args: *Ts annotates with the one value that *Ts unpacks to. */
    if (annotation->kind == Starred_kind && !(c->future.features & CO_FUTURE_ANNOTATIONS))
        return cg_expr(c, annotation->v.Starred.value) && cg_op_arg(c, OP_UNPACK_SEQUENCE, 1);
    return cg_annotation(c, annotation);
}

static bool cg_arg_annotations(Compiler *c, arg_seq *seq, Py_ssize_t *pushed)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!cg_arg_annotation(c, seq->at[i]->arg, seq->at[i]->annotation, pushed))
            return false;
    return true;
}

/* Pushes a tuple of names and annotations; 4 if there are any, else 0, -1 on error. */
static int cg_annotations(Compiler *c, arguments a, expr returns)
{
    Py_ssize_t pushed = 0;
    bool ok =
        cg_arg_annotations(c, a->args, &pushed) && cg_arg_annotations(c, a->posonlyargs, &pushed) &&
        (!a->vararg || cg_arg_annotation(c, a->vararg->arg, a->vararg->annotation, &pushed)) &&
        cg_arg_annotations(c, a->kwonlyargs, &pushed) &&
        (!a->kwarg || cg_arg_annotation(c, a->kwarg->arg, a->kwarg->annotation, &pushed)) &&
        cg_arg_annotation(c, ID(return ), returns, &pushed) &&
        (pushed == 0 || cg_op_arg(c, OP_BUILD_TUPLE, pushed));
    return !ok ? -1 : pushed ? 4 : 0;
}

/* -- Decorators and closures ------------------------------------------------------------------ */

/* co_firstlineno: where the first decorator stands. */
static int first_line(stmt s, expr_seq *decorators)
{
    return seq_len(decorators) ? decorators->at[0]->pos.lineno : s->pos.lineno;
}

/* The decorators are below the function on the stack. */
static bool cg_apply_decorators(Compiler *c, expr_seq *decorators)
{
    Pos saved = c->u->pos;
    for (Py_ssize_t i = seq_len(decorators); --i >= 0;) {
        AT(c, decorators->at[i]);
        if (!cg_call(c, 0))
            return false;
    }
    c->u->pos = saved;
    return true;
}

/* Slot of a variable that an inner function closes over. */
static Py_ssize_t closure_slot(Compiler *c, PyObject *name)
{
    bool is_class_cell =
        c->u->type == UNIT_CLASS && PyUnicode_CompareWithASCIIString(name, "__class__") == 0;
    bool cell = is_class_cell || sym_scope_of(c->u->scope, name) == SCOPE_CELL;
    PyObject *slot = PyDict_GetItemWithError(cell ? c->u->cellvars : c->u->freevars, name);
    if (slot)
        return PyLong_AsSsize_t(slot);
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_SystemError, "compiler: no variable %R in %U for a closure", name,
                     c->u->name);
    return -1;
}

/* STEALS co. */
bool cg_make_function(Compiler *c, PyCodeObject *co, int flags)
{
    bool ok = true;
    if (co->co_nfreevars) {
        for (int i = co->co_nlocalsplus - co->co_nfreevars; ok && i < co->co_nlocalsplus; i++) {
            Py_ssize_t slot = closure_slot(c, PyTuple_GET_ITEM(co->co_localsplusnames, i));
            ok = slot >= 0 && cg_op_arg(c, OP_LOAD_CLOSURE, slot);
        }
        flags |= 8;
        ok = ok && cg_op_arg(c, OP_BUILD_TUPLE, co->co_nfreevars);
    }
    ok = ok && cg_const(c, (PyObject *)co) && cg_op_arg(c, OP_MAKE_FUNCTION, flags);
    Py_DECREF((PyObject *)co);
    return ok;
}

static void set_counts(Unit *u, arguments a)
{
    u->argcount = (int)seq_len(a->args);
    u->posonlyargcount = (int)seq_len(a->posonlyargs);
    u->kwonlyargcount = (int)seq_len(a->kwonlyargs);
}

/* -- Functions -------------------------------------------------------------------------------- */

/* The body; its docstring, or None, is constant 0. */
static PyCodeObject *function_code(Compiler *c, stmt_seq *body, arguments args)
{
    PyObject *docstring = c->optimize < 2 ? ast_docstring(body) : NULL;
    if (unit_const(c, docstring ? docstring : Py_None) < 0)
        return NULL;
    set_counts(c->u, args);
    for (Py_ssize_t i = docstring ? 1 : 0; i < seq_len(body); i++)
        if (!cg_stmt(c, body->at[i]))
            return NULL;
    return asm_unit(c, true);
}

bool cg_function(Compiler *c, stmt s, bool is_async)
{
    __typeof__(s->v.FunctionDef) f = s->v.FunctionDef;
    if (is_async)
        memcpy(&f, &s->v.AsyncFunctionDef, sizeof f);
    if (!allowed_arguments(c, f.args) || !cg_exprs(c, f.decorator_list))
        return false;
    int flags = cg_defaults(c, f.args),
        annotations = flags < 0 ? -1 : cg_annotations(c, f.args, f.returns);
    if (annotations < 0 || !unit_enter(c, f.name, is_async ? UNIT_ASYNC_FUNCTION : UNIT_FUNCTION, s,
                                       first_line(s, f.decorator_list)))
        return false;
    PyCodeObject *co = function_code(c, f.body, f.args);
    if (co == NULL)
        return false;
    unit_leave(c);
    return cg_make_function(c, co, flags | annotations) &&
           cg_apply_decorators(c, f.decorator_list) && cg_name(c, f.name, Store);
}

static PyCodeObject *lambda_code(Compiler *c, expr e)
{
    /* None as the first constant: a lambda has no docstring. */
    if (unit_const(c, Py_None) < 0)
        return NULL;
    set_counts(c->u, e->v.Lambda.args);
    if (!cg_expr(c, e->v.Lambda.body))
        return NULL;
    if (c->u->scope->generator)
        return asm_unit(c, false);
    return cg_op(c, OP_RETURN_VALUE) ? asm_unit(c, true) : NULL;
}

bool cg_lambda(Compiler *c, expr e)
{
    if (!allowed_arguments(c, e->v.Lambda.args))
        return false;
    int flags = cg_defaults(c, e->v.Lambda.args);
    if (flags < 0 || !unit_enter(c, LITERAL(anon_lambda), UNIT_LAMBDA, e, e->pos.lineno))
        return false;
    PyCodeObject *co = lambda_code(c, e);
    if (co == NULL)
        return false;
    unit_leave(c);
    return cg_make_function(c, co, flags);
}

/* -- Classes ---------------------------------------------------------------------------------- */

/* The body sets __module__ and __qualname__ first and returns the cell of __class__, or None. */
static PyCodeObject *class_code(Compiler *c, stmt s)
{
    Py_XSETREF(c->u->private_name, Py_NewRef(s->v.ClassDef.name));
    if (!cg_name(c, ID(__name__), Load) || !cg_name(c, ID(__module__), Store) ||
        !cg_const(c, c->u->qualname) || !cg_name(c, ID(__qualname__), Store) ||
        !cg_body(c, s->v.ClassDef.body))
        return NULL;
    NOWHERE(c);
    /* The cell that super() needs is handed to type.__new__ and returned. */
    bool ok = c->u->scope->needs_class_closure
                  ? cg_op_arg(c, OP_LOAD_CLOSURE, 0) && cg_op_arg(c, OP_COPY, 1) &&
                        cg_name(c, ID(__classcell__), Store)
                  : cg_const(c, Py_None);
    return ok && cg_op(c, OP_RETURN_VALUE) ? asm_unit(c, true) : NULL;
}

bool cg_class(Compiler *c, stmt s)
{
    expr_seq *decorators = s->v.ClassDef.decorator_list;
    if (!cg_exprs(c, decorators) ||
        !unit_enter(c, s->v.ClassDef.name, UNIT_CLASS, s, first_line(s, decorators)))
        return false;
    PyCodeObject *co = class_code(c, s);
    if (co == NULL)
        return false;
    unit_leave(c);
    AT(c, s);
    if (!cg_op(c, OP_PUSH_NULL) || !cg_op(c, OP_LOAD_BUILD_CLASS)) {
        Py_DECREF((PyObject *)co);
        return false;
    }
    return cg_make_function(c, co, 0) && cg_const(c, s->v.ClassDef.name) &&
           cg_call_args(c, 2, s->v.ClassDef.bases, s->v.ClassDef.keywords) &&
           cg_apply_decorators(c, decorators) && cg_name(c, s->v.ClassDef.name, Store);
}
