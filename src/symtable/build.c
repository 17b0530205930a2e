/* SPDX-License-Identifier: MIT
 *
 * First pass: walks the tree, opens a Scope for every block, notes how each name is used there.
 *
 * Every function returns true, or false with an exception set. Names are mangled as they are
 * noted. The order in which names are met is the order of Scope.symbols and Scope.varnames, which
 * the compiler depends on.
 *
 *      stack     module ── class A ── def f ── listcomp      current: the last
 *      blocks    node address -> Scope                        for the compiler
 *
 * A comprehension is a function of one parameter, `.0`, the iterator of its first `for`, whose
 * iterable is evaluated outside. With future annotations an annotation gets a block of its own
 * that nobody looks at.
 *
 * What is evaluated outside a block (decorators, defaults, bases, annotations) is visited before it
 * is entered, in the order of evaluation.
 */
#include "base/cstack.h"
#include "symtable/symtable_impl.h"

static bool visit_stmt(SymTable *st, stmt s);
static bool visit_expr(SymTable *st, expr e);
static bool visit_pattern(SymTable *st, pattern p);

/* -- Errors ----------------------------------------------------------------------------------- */

/* SyntaxError at `pos`. Always false. */
static bool fail(SymTable *st, Pos pos, const char *format, PyObject *name)
{
    PyErr_Format(PyExc_SyntaxError, format, name);
    sym_error_at(st->filename, pos);
    return false;
}

static bool fail_text(SymTable *st, Pos pos, const char *text)
{
    PyErr_SetString(PyExc_SyntaxError, text);
    sym_error_at(st->filename, pos);
    return false;
}

/* One level deeper into the tree; the visitor counts back when it succeeds. */
static bool descend(SymTable *st)
{
    if (++st->recursion_depth <= st->recursion_limit && !cstack_short())
        return true;
    PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded during compilation");
    --st->recursion_depth;
    return false;
}

/* -- Blocks ----------------------------------------------------------------------------------- */

/* Opens a block: a new Scope becomes current and a child of the one before. */
static bool enter(SymTable *st, PyObject *name, BlockType type, void *node, Pos pos)
{
    Scope *scope = scope_new(st, name, type, node, pos), *outer = st->current;
    if (scope == NULL)
        return false;
    int status = PyList_Append(st->stack, (PyObject *)scope);
    Py_DECREF(scope);
    if (status < 0)
        return false;
    /* No assignment expression in the first iterable of a comprehension, not even inside a lambda
       there. */
    if (outer)
        scope->in_iterable = outer->in_iterable;
    st->current = scope;
    if (type == ANNOTATION_BLOCK)
        return true;
    if (type == MODULE_BLOCK)
        st->global_symbols = scope->symbols;
    return outer == NULL || PyList_Append(outer->children, (PyObject *)scope) == 0;
}

/* Closes the current block. */
static bool leave(SymTable *st)
{
    Py_ssize_t n = PyList_GET_SIZE(st->stack);
    if (PyList_SetSlice(st->stack, n - 1, n, NULL) < 0)
        return false;
    st->current = n > 1 ? (Scope *)PyList_GET_ITEM(st->stack, n - 2) : NULL;
    return true;
}

/* -- Noting names ----------------------------------------------------------------------------- */

/* symbols[name] |= flags */
static bool or_flags(PyObject *symbols, PyObject *name, long flags)
{
    PyObject *old = PyDict_GetItemWithError(symbols, name);
    if (old == NULL && PyErr_Occurred())
        return false;
    PyObject *value = PyLong_FromLong(old ? PyLong_AsLong(old) | flags : flags);
    int status = value ? PyDict_SetItem(symbols, name, value) : -1;
    Py_XDECREF(value);
    return status == 0;
}

/* Notes a use and finds the contradictions that one look at the name shows. */
static bool note_mangled(SymTable *st, Scope *scope, PyObject *name, PyObject *mangled, long flag,
                         Pos pos)
{
    long had = sym_flags_of(scope, mangled);
    if (had < 0)
        return false;
    if (flag & had & DEF_PARAM)
        return fail(st, pos, "duplicate argument '%U' in function definition", name);
    long add = flag;
    if (scope->in_target) {
        if ((had | flag) & (DEF_GLOBAL | DEF_NONLOCAL))
            return fail(st, pos,
                        "comprehension inner loop cannot rebind assignment expression target '%U'",
                        name);
        add |= DEF_COMP_ITER;
    }
    if (!or_flags(scope->symbols, mangled, add))
        return false;
    if (flag & DEF_PARAM)
        return PyList_Append(scope->varnames, mangled) == 0;
    return !(flag & DEF_GLOBAL) || or_flags(st->global_symbols, mangled, flag);
}

/* As note, in any scope. */
static bool note_in(SymTable *st, Scope *scope, PyObject *name, long flag, Pos pos)
{
    PyObject *mangled = sym_mangle(st->private_name, name);
    if (mangled == NULL)
        return false;
    bool ok = note_mangled(st, scope, name, mangled, flag, pos);
    Py_DECREF(mangled);
    return ok;
}

/* Notes that the current block uses `name` (not mangled yet) as `flag` says. */
static bool note(SymTable *st, PyObject *name, long flag, Pos pos)
{
    return note_in(st, st->current, name, flag, pos);
}

static bool note_maybe(SymTable *st, PyObject *name, long flag, Pos pos)
{
    return name == NULL || note(st, name, flag, pos);
}

/* Remembers where a name was declared global or nonlocal, for errors found later. */
static bool note_directive(SymTable *st, PyObject *name, Pos pos)
{
    Scope *scope = st->current;
    if (scope->directives == NULL && (scope->directives = PyList_New(0)) == NULL)
        return false;
    PyObject *mangled = sym_mangle(st->private_name, name);
    PyObject *row = mangled ? Py_BuildValue("(Niiii)", mangled, pos.lineno, pos.col_offset,
                                            pos.end_lineno, pos.end_col_offset)
                            : NULL;
    int status = row ? PyList_Append(scope->directives, row) : -1;
    Py_XDECREF(row);
    return status == 0;
}

/* -- Sequences -------------------------------------------------------------------------------- */

/* Elements may be NULL. */
static bool visit_exprs(SymTable *st, expr_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (seq->at[i] && !visit_expr(st, seq->at[i]))
            return false;
    return true;
}

static bool visit_stmts(SymTable *st, stmt_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!visit_stmt(st, seq->at[i]))
            return false;
    return true;
}

static bool visit_patterns(SymTable *st, pattern_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!visit_pattern(st, seq->at[i]))
            return false;
    return true;
}

static bool visit_keywords(SymTable *st, keyword_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!visit_expr(st, seq->at[i]->value))
            return false;
    return true;
}

static bool visit_maybe(SymTable *st, expr e)
{
    return e == NULL || visit_expr(st, e);
}

/* -- Functions and classes -------------------------------------------------------------------- */

static bool note_parameters(SymTable *st, arg_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!note(st, seq->at[i]->arg, DEF_PARAM, seq->at[i]->pos))
            return false;
    return true;
}

static bool visit_arguments(SymTable *st, arguments a)
{
    if (!note_parameters(st, a->posonlyargs) || !note_parameters(st, a->args) ||
        !note_parameters(st, a->kwonlyargs))
        return false;
    if (a->vararg) {
        if (!note(st, a->vararg->arg, DEF_PARAM, a->vararg->pos))
            return false;
        st->current->varargs = true;
    }
    if (a->kwarg) {
        if (!note(st, a->kwarg->arg, DEF_PARAM, a->kwarg->pos))
            return false;
        st->current->varkeywords = true;
    }
    return true;
}

static bool has_string_annotations(SymTable *st)
{
    return st->future->features & CO_FUTURE_ANNOTATIONS;
}

/* An annotation of a variable or a result. */
static bool visit_annotation(SymTable *st, expr annotation)
{
    bool own = has_string_annotations(st);
    return (!own || enter(st, ID(_annotation), ANNOTATION_BLOCK, annotation, annotation->pos)) &&
           visit_expr(st, annotation) && (!own || leave(st));
}

static bool visit_arg_annotations(SymTable *st, arg_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!visit_maybe(st, seq->at[i]->annotation))
            return false;
    return true;
}

/* All annotations of a function's signature; as strings they share one block. */
static bool visit_annotations(SymTable *st, stmt s, arguments a, expr returns)
{
    bool own = has_string_annotations(st);
    if (own && !enter(st, ID(_annotation), ANNOTATION_BLOCK, s, s->pos))
        return false;
    if (!visit_arg_annotations(st, a->posonlyargs) || !visit_arg_annotations(st, a->args) ||
        (a->vararg && !visit_maybe(st, a->vararg->annotation)) ||
        (a->kwarg && !visit_maybe(st, a->kwarg->annotation)) ||
        !visit_arg_annotations(st, a->kwonlyargs))
        return false;
    if (own && !leave(st))
        return false;
    return returns == NULL || visit_annotation(st, returns);
}

static bool visit_function(SymTable *st, stmt s, bool is_async)
{
    /* FunctionDef and AsyncFunctionDef have the same fields. */
    __typeof__(s->v.FunctionDef) f = s->v.FunctionDef;
    if (is_async)
        memcpy(&f, &s->v.AsyncFunctionDef, sizeof f);
    if (!note(st, f.name, DEF_LOCAL, s->pos) || !visit_exprs(st, f.args->defaults) ||
        !visit_exprs(st, f.args->kw_defaults) || !visit_annotations(st, s, f.args, f.returns) ||
        !visit_exprs(st, f.decorator_list) || !enter(st, f.name, FUNCTION_BLOCK, s, s->pos))
        return false;
    st->current->coroutine = is_async;
    return visit_arguments(st, f.args) && visit_stmts(st, f.body) && leave(st);
}

/* Inside the body names are mangled with the class's name. */
static bool visit_class(SymTable *st, stmt s)
{
    if (!note(st, s->v.ClassDef.name, DEF_LOCAL, s->pos) || !visit_exprs(st, s->v.ClassDef.bases) ||
        !visit_keywords(st, s->v.ClassDef.keywords) ||
        !visit_exprs(st, s->v.ClassDef.decorator_list) ||
        !enter(st, s->v.ClassDef.name, CLASS_BLOCK, s, s->pos))
        return false;
    PyObject *outer = st->private_name;
    st->private_name = s->v.ClassDef.name;
    bool ok = visit_stmts(st, s->v.ClassDef.body);
    st->private_name = outer;
    return ok && leave(st);
}

static bool visit_lambda(SymTable *st, expr e)
{
    arguments a = e->v.Lambda.args;
    return visit_exprs(st, a->defaults) && visit_exprs(st, a->kw_defaults) &&
           enter(st, ID(lambda), FUNCTION_BLOCK, e, e->pos) && visit_arguments(st, a) &&
           visit_expr(st, e->v.Lambda.body) && leave(st);
}

/* -- Statements ------------------------------------------------------------------------------- */

/* `x: int` alone makes x local, `(x): int` does not. */
static bool visit_ann_assign(SymTable *st, stmt s)
{
    expr target = s->v.AnnAssign.target;
    bool simple = s->v.AnnAssign.simple;
    if (target->kind == Name_kind) {
        PyObject *name = target->v.Name.id;
        long flags = scope_lookup(st, st->current, name);
        if (flags < 0)
            return false;
        if ((flags & (DEF_GLOBAL | DEF_NONLOCAL)) && st->current->symbols != st->global_symbols &&
            simple)
            return fail(st, s->pos,
                        flags & DEF_GLOBAL ? "annotated name '%U' can't be global"
                                           : "annotated name '%U' can't be nonlocal",
                        name);
        if (simple && !note(st, name, DEF_ANNOT | DEF_LOCAL, target->pos))
            return false;
        if (!simple && s->v.AnnAssign.value && !note(st, name, DEF_LOCAL, target->pos))
            return false;
    }
    else if (!visit_expr(st, target))
        return false;
    return visit_annotation(st, s->v.AnnAssign.annotation) && visit_maybe(st, s->v.AnnAssign.value);
}

/* global or nonlocal: must come before any use. */
static bool visit_directive(SymTable *st, stmt s, identifier_seq *names, bool is_global)
{
    static const char *const formats[2][4] = {
        {"name '%U' is parameter and nonlocal", "name '%U' is used prior to nonlocal declaration",
         "annotated name '%U' can't be nonlocal",
         "name '%U' is assigned to before nonlocal declaration"},
        {"name '%U' is parameter and global", "name '%U' is used prior to global declaration",
         "annotated name '%U' can't be global",
         "name '%U' is assigned to before global declaration"},
    };
    for (Py_ssize_t i = 0; i < seq_len(names); i++) {
        PyObject *name = names->at[i];
        long flags = scope_lookup(st, st->current, name);
        if (flags < 0)
            return false;
        if (flags & (DEF_PARAM | DEF_LOCAL | USE | DEF_ANNOT)) {
            int which = flags & DEF_PARAM ? 0 : flags & USE ? 1 : flags & DEF_ANNOT ? 2 : 3;
            return fail(st, s->pos, formats[is_global][which], name);
        }
        if (!note(st, name, is_global ? DEF_GLOBAL : DEF_NONLOCAL, s->pos) ||
            !note_directive(st, name, s->pos))
            return false;
    }
    return true;
}

/* `import a.b` binds a; `import *` binds what only run time knows. */
static bool visit_aliases(SymTable *st, alias_seq *names)
{
    for (Py_ssize_t i = 0; i < seq_len(names); i++) {
        alias a = names->at[i];
        PyObject *name = a->asname ? a->asname : a->name;
        if (PyUnicode_CompareWithASCIIString(name, "*") == 0) {
            if (st->current->type != MODULE_BLOCK)
                return fail_text(st, a->pos, "import * only allowed at module level");
            continue;
        }
        Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1);
        PyObject *bound = dot < 0 ? Py_NewRef(name) : PyUnicode_Substring(name, 0, dot);
        bool ok = bound && note(st, bound, DEF_IMPORT, a->pos);
        Py_XDECREF(bound);
        if (!ok)
            return false;
    }
    return true;
}

static bool visit_with(SymTable *st, withitem_seq *items, stmt_seq *body)
{
    for (Py_ssize_t i = 0; i < seq_len(items); i++)
        if (!visit_expr(st, items->at[i]->context_expr) ||
            !visit_maybe(st, items->at[i]->optional_vars))
            return false;
    return visit_stmts(st, body);
}

static bool visit_handlers(SymTable *st, excepthandler_seq *handlers)
{
    for (Py_ssize_t i = 0; i < seq_len(handlers); i++) {
        excepthandler h = handlers->at[i];
        if (!visit_maybe(st, h->v.ExceptHandler.type) ||
            !note_maybe(st, h->v.ExceptHandler.name, DEF_LOCAL, h->pos) ||
            !visit_stmts(st, h->v.ExceptHandler.body))
            return false;
    }
    return true;
}

static bool visit_try(SymTable *st, stmt_seq *body, excepthandler_seq *handlers, stmt_seq *orelse,
                      stmt_seq *final)
{
    return visit_stmts(st, body) && visit_stmts(st, orelse) && visit_handlers(st, handlers) &&
           visit_stmts(st, final);
}

static bool visit_match(SymTable *st, stmt s)
{
    if (!visit_expr(st, s->v.Match.subject))
        return false;
    for (Py_ssize_t i = 0; i < seq_len(s->v.Match.cases); i++) {
        match_case c = s->v.Match.cases->at[i];
        if (!visit_pattern(st, c->pattern) || !visit_maybe(st, c->guard) ||
            !visit_stmts(st, c->body))
            return false;
    }
    return true;
}

/* for, while (target NULL) and if, which has the same parts. */
static bool visit_loop(SymTable *st, expr target, expr iter, stmt_seq *body, stmt_seq *orelse)
{
    return visit_maybe(st, target) && visit_expr(st, iter) && visit_stmts(st, body) &&
           visit_stmts(st, orelse);
}

/* A line a kind: children in the order of evaluation. */
static bool visit_stmt_kind(SymTable *st, stmt s)
{
    switch (s->kind) {
    case FunctionDef_kind: return visit_function(st, s, false);
    case AsyncFunctionDef_kind: return visit_function(st, s, true);
    case ClassDef_kind: return visit_class(st, s);
    case Return_kind:
        if (s->v.Return.value) {
            if (!visit_expr(st, s->v.Return.value))
                return false;
            st->current->returns_value = true;
        }
        return true;
    case Delete_kind: return visit_exprs(st, s->v.Delete.targets);
    case Assign_kind:
        return visit_exprs(st, s->v.Assign.targets) && visit_expr(st, s->v.Assign.value);
    case AugAssign_kind:
        return visit_expr(st, s->v.AugAssign.target) && visit_expr(st, s->v.AugAssign.value);
    case AnnAssign_kind: return visit_ann_assign(st, s);
    case For_kind:
        return visit_loop(st, s->v.For.target, s->v.For.iter, s->v.For.body, s->v.For.orelse);
    case AsyncFor_kind:
        return visit_loop(st, s->v.AsyncFor.target, s->v.AsyncFor.iter, s->v.AsyncFor.body,
                          s->v.AsyncFor.orelse);
    case While_kind:
        return visit_loop(st, NULL, s->v.While.test, s->v.While.body, s->v.While.orelse);
    case If_kind: return visit_loop(st, NULL, s->v.If.test, s->v.If.body, s->v.If.orelse);
    case With_kind: return visit_with(st, s->v.With.items, s->v.With.body);
    case AsyncWith_kind: return visit_with(st, s->v.AsyncWith.items, s->v.AsyncWith.body);
    case Match_kind: return visit_match(st, s);
    case Raise_kind: return visit_maybe(st, s->v.Raise.exc) && visit_maybe(st, s->v.Raise.cause);
    case Try_kind:
        return visit_try(st, s->v.Try.body, s->v.Try.handlers, s->v.Try.orelse, s->v.Try.finalbody);
    case TryStar_kind:
        return visit_try(st, s->v.TryStar.body, s->v.TryStar.handlers, s->v.TryStar.orelse,
                         s->v.TryStar.finalbody);
    case Assert_kind: return visit_expr(st, s->v.Assert.test) && visit_maybe(st, s->v.Assert.msg);
    case Import_kind: return visit_aliases(st, s->v.Import.names);
    case ImportFrom_kind: return visit_aliases(st, s->v.ImportFrom.names);
    case Global_kind: return visit_directive(st, s, s->v.Global.names, true);
    case Nonlocal_kind: return visit_directive(st, s, s->v.Nonlocal.names, false);
    case Expr_kind: return visit_expr(st, s->v.Expr.value);
    default: return true;
    }
}

static bool visit_stmt(SymTable *st, stmt s)
{
    if (!descend(st) || !visit_stmt_kind(st, s))
        return false;
    st->recursion_depth--;
    return true;
}

/* -- Assignment expressions ------------------------------------------------------------------- */

/* The target of `:=` inside comprehensions belongs to the nearest block that is none. */
static bool bind_outside_comprehensions(SymTable *st, expr e)
{
    PyObject *name = e->v.Name.id;
    for (Py_ssize_t i = PyList_GET_SIZE(st->stack); --i >= 0;) {
        Scope *scope = (Scope *)PyList_GET_ITEM(st->stack, i);
        long flags = scope->type == CLASS_BLOCK ? 0 : scope_lookup(st, scope, name);
        if (flags < 0)
            return false;
        if (scope->comprehension) {
            if (flags & DEF_COMP_ITER)
                return fail(
                    st, e->pos,
                    "assignment expression cannot rebind comprehension iteration variable '%U'",
                    name);
            continue;
        }
        if (scope->type == CLASS_BLOCK)
            return fail_text(
                st, e->pos,
                "assignment expression within a comprehension cannot be used in a class body");
        bool is_module = scope->type == MODULE_BLOCK;
        return note(st, name, is_module || (flags & DEF_GLOBAL) ? DEF_GLOBAL : DEF_NONLOCAL,
                    e->pos) &&
               note_directive(st, name, e->pos) &&
               note_in(st, scope, name, is_module ? DEF_GLOBAL : DEF_LOCAL, e->pos);
    }
    return true;
}

/* (target := value); PEP 572 lists where it is forbidden. */
static bool visit_named_expr(SymTable *st, expr e)
{
    if (st->current->in_iterable > 0)
        return fail_text(
            st, e->pos,
            "assignment expression cannot be used in a comprehension iterable expression");
    if (st->current->comprehension && !bind_outside_comprehensions(st, e->v.NamedExpr.target))
        return false;
    return visit_expr(st, e->v.NamedExpr.value) && visit_expr(st, e->v.NamedExpr.target);
}

/* Not in an annotation that becomes a string. */
static bool allow_in_block(SymTable *st, const char *what, expr e)
{
    if (st->current->type != ANNOTATION_BLOCK)
        return true;
    PyErr_Format(PyExc_SyntaxError, "'%s' can not be used within an annotation", what);
    sym_error_at(st->filename, e->pos);
    return false;
}

/* -- Comprehensions --------------------------------------------------------------------------- */

static bool visit_target(SymTable *st, expr target)
{
    st->current->in_target = true;
    bool ok = visit_expr(st, target);
    st->current->in_target = false;
    return ok;
}

static bool visit_iterable(SymTable *st, expr iter)
{
    st->current->in_iterable++;
    bool ok = visit_expr(st, iter);
    st->current->in_iterable--;
    return ok;
}

/* All `for` clauses but the first. */
static bool visit_inner_generators(SymTable *st, comprehension_seq *generators)
{
    for (Py_ssize_t i = 1; i < seq_len(generators); i++) {
        comprehension c = generators->at[i];
        if (!visit_target(st, c->target) || !visit_iterable(st, c->iter) ||
            !visit_exprs(st, c->ifs))
            return false;
        if (c->is_async)
            st->current->coroutine = true;
    }
    return true;
}

/* The first iterable outside, the rest in a block of its own. An async one that is no generator
   makes the block around it a coroutine. */
static bool visit_comprehension(SymTable *st, expr e, PyObject *name, ComprehensionType type,
                                comprehension_seq *generators, expr elt, expr value)
{
    comprehension first = generators->at[0];
    if (!visit_iterable(st, first->iter) || !enter(st, name, FUNCTION_BLOCK, e, e->pos))
        return false;
    st->current->comprehension = type;
    if (first->is_async)
        st->current->coroutine = true;
    PyObject *parameter = PyUnicode_InternFromString(".0");
    bool ok = parameter && note(st, parameter, DEF_PARAM, st->current->pos);
    Py_XDECREF(parameter);
    if (!ok || !visit_target(st, first->target) || !visit_exprs(st, first->ifs) ||
        !visit_inner_generators(st, generators) || !visit_maybe(st, value) || !visit_expr(st, elt))
        return false;
    st->current->generator = type == GENERATOR_EXPRESSION;
    bool is_async = st->current->coroutine && type != GENERATOR_EXPRESSION;
    if (!leave(st))
        return false;
    if (is_async)
        st->current->coroutine = true;
    return true;
}

static bool visit_yield(SymTable *st, expr e, expr value)
{
    static const char *const where[] = {
        [LIST_COMPREHENSION] = "'yield' inside list comprehension",
        [DICT_COMPREHENSION] = "'yield' inside dict comprehension",
        [SET_COMPREHENSION] = "'yield' inside set comprehension",
        [GENERATOR_EXPRESSION] = "'yield' inside generator expression",
    };
    if (!allow_in_block(st, "yield expression", e) || !visit_maybe(st, value))
        return false;
    st->current->generator = true;
    if (st->current->comprehension)
        return fail_text(st, e->pos, where[st->current->comprehension]);
    return true;
}

/* -- Expressions ------------------------------------------------------------------------------ */

static bool visit_name(SymTable *st, expr e)
{
    bool load = e->v.Name.ctx == Load;
    if (!note(st, e->v.Name.id, load ? USE : DEF_LOCAL, e->pos))
        return false;
    /* super() without arguments finds its class in the cell __class__. */
    if (load && st->current->type == FUNCTION_BLOCK &&
        PyUnicode_CompareWithASCIIString(e->v.Name.id, "super") == 0)
        return note(st, ID(__class__), USE, e->pos);
    return true;
}

static bool visit_expr_kind(SymTable *st, expr e)
{
    switch (e->kind) {
    case NamedExpr_kind:
        return allow_in_block(st, "named expression", e) && visit_named_expr(st, e);
    case BoolOp_kind: return visit_exprs(st, e->v.BoolOp.values);
    case BinOp_kind: return visit_expr(st, e->v.BinOp.left) && visit_expr(st, e->v.BinOp.right);
    case UnaryOp_kind: return visit_expr(st, e->v.UnaryOp.operand);
    case Lambda_kind: return visit_lambda(st, e);
    case IfExp_kind:
        return visit_expr(st, e->v.IfExp.test) && visit_expr(st, e->v.IfExp.body) &&
               visit_expr(st, e->v.IfExp.orelse);
    case Dict_kind: return visit_exprs(st, e->v.Dict.keys) && visit_exprs(st, e->v.Dict.values);
    case Set_kind: return visit_exprs(st, e->v.Set.elts);
    case ListComp_kind:
        return visit_comprehension(st, e, ID(listcomp), LIST_COMPREHENSION,
                                   e->v.ListComp.generators, e->v.ListComp.elt, NULL);
    case SetComp_kind:
        return visit_comprehension(st, e, ID(setcomp), SET_COMPREHENSION, e->v.SetComp.generators,
                                   e->v.SetComp.elt, NULL);
    case DictComp_kind:
        return visit_comprehension(st, e, ID(dictcomp), DICT_COMPREHENSION,
                                   e->v.DictComp.generators, e->v.DictComp.key,
                                   e->v.DictComp.value);
    case GeneratorExp_kind:
        return visit_comprehension(st, e, ID(genexpr), GENERATOR_EXPRESSION,
                                   e->v.GeneratorExp.generators, e->v.GeneratorExp.elt, NULL);
    case Yield_kind: return visit_yield(st, e, e->v.Yield.value);
    case YieldFrom_kind: return visit_yield(st, e, e->v.YieldFrom.value);
    case Await_kind:
        if (!allow_in_block(st, "await expression", e) || !visit_expr(st, e->v.Await.value))
            return false;
        st->current->coroutine = true;
        return true;
    case Compare_kind:
        return visit_expr(st, e->v.Compare.left) && visit_exprs(st, e->v.Compare.comparators);
    case Call_kind:
        return visit_expr(st, e->v.Call.func) && visit_exprs(st, e->v.Call.args) &&
               visit_keywords(st, e->v.Call.keywords);
    case FormattedValue_kind:
        return visit_expr(st, e->v.FormattedValue.value) &&
               visit_maybe(st, e->v.FormattedValue.format_spec);
    case JoinedStr_kind: return visit_exprs(st, e->v.JoinedStr.values);
    case Attribute_kind: return visit_expr(st, e->v.Attribute.value);
    case Subscript_kind:
        return visit_expr(st, e->v.Subscript.value) && visit_expr(st, e->v.Subscript.slice);
    case Starred_kind: return visit_expr(st, e->v.Starred.value);
    case Slice_kind:
        return visit_maybe(st, e->v.Slice.lower) && visit_maybe(st, e->v.Slice.upper) &&
               visit_maybe(st, e->v.Slice.step);
    case Name_kind: return visit_name(st, e);
    case List_kind: return visit_exprs(st, e->v.List.elts);
    case Tuple_kind: return visit_exprs(st, e->v.Tuple.elts);
    default: return true;
    }
}

static bool visit_expr(SymTable *st, expr e)
{
    if (!descend(st) || !visit_expr_kind(st, e))
        return false;
    st->recursion_depth--;
    return true;
}

/* -- Patterns --------------------------------------------------------------------------------- */

static bool visit_pattern_kind(SymTable *st, pattern p)
{
    switch (p->kind) {
    case MatchValue_kind: return visit_expr(st, p->v.MatchValue.value);
    case MatchSequence_kind: return visit_patterns(st, p->v.MatchSequence.patterns);
    case MatchStar_kind: return note_maybe(st, p->v.MatchStar.name, DEF_LOCAL, p->pos);
    case MatchMapping_kind:
        return visit_exprs(st, p->v.MatchMapping.keys) &&
               visit_patterns(st, p->v.MatchMapping.patterns) &&
               note_maybe(st, p->v.MatchMapping.rest, DEF_LOCAL, p->pos);
    case MatchClass_kind:
        return visit_expr(st, p->v.MatchClass.cls) &&
               visit_patterns(st, p->v.MatchClass.patterns) &&
               visit_patterns(st, p->v.MatchClass.kwd_patterns);
    case MatchAs_kind:
        return (p->v.MatchAs.pattern == NULL || visit_pattern(st, p->v.MatchAs.pattern)) &&
               note_maybe(st, p->v.MatchAs.name, DEF_LOCAL, p->pos);
    case MatchOr_kind: return visit_patterns(st, p->v.MatchOr.patterns);
    default: return true;
    }
}

static bool visit_pattern(SymTable *st, pattern p)
{
    if (!descend(st) || !visit_pattern_kind(st, p))
        return false;
    st->recursion_depth--;
    return true;
}

/* -- The door --------------------------------------------------------------------------------- */

static bool visit_mod(SymTable *st, mod tree)
{
    switch (tree->kind) {
    case Module_kind: return visit_stmts(st, tree->v.Module.body);
    case Interactive_kind: return visit_stmts(st, tree->v.Interactive.body);
    case Expression_kind: return visit_expr(st, tree->v.Expression.body);
    default:
        PyErr_SetString(PyExc_RuntimeError, "this compiler does not handle FunctionTypes");
        return false;
    }
}

SymTable *sym_build(mod tree, PyObject *filename, Future *future)
{
    SymTable *st = PyMem_Calloc(1, sizeof *st);
    if (st == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    st->filename = filename;
    st->future = future;
    sym_recursion_bounds(&st->recursion_depth, &st->recursion_limit);
    if ((st->blocks = PyDict_New()) && (st->stack = PyList_New(0)) &&
        enter(st, ID(top), MODULE_BLOCK, tree, (Pos){0, 0, 0, 0})) {
        st->top = st->current;
        if (visit_mod(st, tree) && leave(st) && sym_analyze(st))
            return st;
    }
    sym_free(st);
    return NULL;
}
