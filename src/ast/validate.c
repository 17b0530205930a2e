/* SPDX-License-Identifier: MIT
 *
 * Rules that a tree built by a program may break though its shape is right: contexts, empty bodies,
 * lists of unequal length, constants of odd types, positions that run backwards. The parser never
 * makes such trees; compile() of an ast.AST checks before anything else trusts the tree.
 *
 * Every check_* returns 1, or 0 with ValueError, TypeError or RecursionError set. One walk, no
 * change. Depth counts against Python's recursion limit (three levels of the tree a frame).
 */
#include "ast/ast.h"
#include "base/cstack.h"

typedef struct { int depth, limit; } Check; /* of recursion */

static int check_stmts(Check *c, stmt_seq *seq);
static int check_exprs(Check *c, expr_seq *seq, expr_context ctx, bool null_ok);
static int check_expr(Check *c, expr e, expr_context ctx);
static int check_pattern(Check *c, pattern p, bool star_ok);

/* Raises; 0, for `return`. */
static int check_fail(PyObject *type, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    PyErr_FormatV(type, format, args);
    va_end(args);
    return 0;
}
#define FAIL(...) check_fail(PyExc_ValueError, __VA_ARGS__)

/* One level deeper; the caller counts down. */
static int check_enter(Check *c)
{
    if (++c->depth <= c->limit && !cstack_short())
        return 1;
    PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded during compilation");
    return 0;
}

/* -- Small parts ----------------------------------------------------------------------------- */

/* An end before the beginning, or -1 in one of the two only. */
static int check_positions(const Pos *p)
{
    if (p->lineno > p->end_lineno)
        return FAIL("AST node line range (%d, %d) is not valid", p->lineno, p->end_lineno);
    if ((p->lineno < 0 && p->end_lineno != p->lineno)
        || (p->col_offset < 0 && p->col_offset != p->end_col_offset))
        return FAIL("AST node column range (%d, %d) for line range (%d, %d) is not valid",
                    p->col_offset, p->end_col_offset, p->lineno, p->end_lineno);
    if (p->lineno == p->end_lineno && p->col_offset > p->end_col_offset)
        return FAIL("line %d, column %d-%d is not a valid range", p->lineno, p->col_offset,
                    p->end_col_offset);
    return 1;
}

/* The three names that are constants. */
static int check_name(PyObject *name)
{
    static const char *const forbidden[] = {"None", "True", "False"};
    for (size_t i = 0; i < COUNT_OF(forbidden); i++)
        if (PyUnicode_CompareWithASCIIString(name, forbidden[i]) == 0)
            return FAIL("identifier field can't represent '%s' constant", forbidden[i]);
    return 1;
}

static int check_not_empty(const void *seq, const char *what, const char *owner)
{
    return seq_len((const expr_seq *)seq) ? 1 : FAIL("empty %s on %s", what, owner);
}

static int check_body(Check *c, stmt_seq *body, const char *owner)
{
    return check_not_empty(body, "body", owner) && check_stmts(c, body);
}

static int check_assign_targets(Check *c, expr_seq *targets, expr_context ctx)
{
    return check_not_empty(targets, "targets", ctx == Del ? "Delete" : "Assign")
           && check_exprs(c, targets, ctx, false);
}

static int check_opt(Check *c, expr e)
{
    return !e || check_expr(c, e, Load);
}

static int check_comprehensions(Check *c, comprehension_seq *generators)
{
    if (!seq_len(generators))
        return FAIL("comprehension with no generators");
    for (Py_ssize_t i = 0; i < generators->n; i++) {
        comprehension g = generators->at[i];
        if (!check_expr(c, g->target, Store) || !check_expr(c, g->iter, Load)
            || !check_exprs(c, g->ifs, Load, false))
            return 0;
    }
    return 1;
}

static int check_keywords(Check *c, keyword_seq *keywords)
{
    for (Py_ssize_t i = 0; i < seq_len(keywords); i++)
        if (!check_expr(c, keywords->at[i]->value, Load))
            return 0;
    return 1;
}

static int check_args(Check *c, arg_seq *args)
{
    for (Py_ssize_t i = 0; i < seq_len(args); i++)
        if (!check_positions(&args->at[i]->pos) || !check_opt(c, args->at[i]->annotation))
            return 0;
    return 1;
}

static int check_arguments(Check *c, arguments a)
{
    if (!check_args(c, a->posonlyargs) || !check_args(c, a->args))
        return 0;
    if (a->vararg && !check_opt(c, a->vararg->annotation))
        return 0;
    if (!check_args(c, a->kwonlyargs) || (a->kwarg && !check_opt(c, a->kwarg->annotation)))
        return 0;
    if (seq_len(a->defaults) > seq_len(a->posonlyargs) + seq_len(a->args))
        return FAIL("more positional defaults than args on arguments");
    if (seq_len(a->kw_defaults) != seq_len(a->kwonlyargs))
        return FAIL("length of kwonlyargs is not the same as kw_defaults on arguments");
    return check_exprs(c, a->defaults, Load, false) && check_exprs(c, a->kw_defaults, Load, true);
}

/* -- Constants ------------------------------------------------------------------------------- */

static int check_constant_items(Check *c, PyObject *items);

static int check_constant(Check *c, PyObject *value)
{
    if (value == Py_None || value == Py_Ellipsis || PyLong_CheckExact(value)
        || PyFloat_CheckExact(value) || PyComplex_CheckExact(value) || PyBool_Check(value)
        || PyUnicode_CheckExact(value) || PyBytes_CheckExact(value))
        return 1;
    if (PyTuple_CheckExact(value) || PyFrozenSet_CheckExact(value)) {
        int ok = check_enter(c) && check_constant_items(c, value);
        c->depth--;
        return ok;
    }
    if (PyErr_Occurred())
        return 0;
    return check_fail(PyExc_TypeError, "got an invalid type in Constant: %s",
                      _PyType_Name(Py_TYPE(value)));
}

static int check_constant_items(Check *c, PyObject *items)
{
    PyObject *it = PyObject_GetIter(items), *item;
    if (!it)
        return 0;
    int ok = 1;
    while (ok && (item = PyIter_Next(it))) {
        ok = check_constant(c, item);
        Py_DECREF(item);
    }
    Py_DECREF(it);
    return ok && !PyErr_Occurred();
}

/* -- Expressions ----------------------------------------------------------------------------- */

static const char *context_name(expr_context ctx)
{
    return ctx == Load ? "Load" : ctx == Store ? "Store" : "Del";
}

/* Context of an expression that has one, else expr_context_none. */
static expr_context expr_get_context(expr e)
{
    switch (e->kind) {
    case Attribute_kind: return e->v.Attribute.ctx;
    case Subscript_kind: return e->v.Subscript.ctx;
    case Starred_kind: return e->v.Starred.ctx;
    case Name_kind: return e->v.Name.ctx;
    case List_kind: return e->v.List.ctx;
    case Tuple_kind: return e->v.Tuple.ctx;
    default: return expr_context_none;
    }
}

static int check_context(expr e, expr_context ctx)
{
    if (e->kind == Name_kind && !check_name(e->v.Name.id))
        return 0;
    expr_context own = expr_get_context(e);
    if (!own)
        return ctx == Load
                   ? 1
                   : FAIL("expression which can't be assigned to in %s context", context_name(ctx));
    if (own != ctx)
        return FAIL("expression must have %s context but has %s instead", context_name(ctx),
                    context_name(own));
    return 1;
}

static int check_dict(Check *c, expr e)
{
    if (seq_len(e->v.Dict.keys) != seq_len(e->v.Dict.values))
        return FAIL("Dict doesn't have the same number of keys as values");
    return check_exprs(c, e->v.Dict.keys, Load, true)
           && check_exprs(c, e->v.Dict.values, Load, false);
}

static int check_compare(Check *c, expr e)
{
    if (!seq_len(e->v.Compare.comparators))
        return FAIL("Compare with no comparators");
    if (seq_len(e->v.Compare.comparators) != seq_len(e->v.Compare.ops))
        return FAIL("Compare has a different number of comparators and operands");
    return check_exprs(c, e->v.Compare.comparators, Load, false)
           && check_expr(c, e->v.Compare.left, Load);
}

static int check_expr_fields(Check *c, expr e, expr_context ctx)
{
    switch (e->kind) {
    case BoolOp_kind:
        if (seq_len(e->v.BoolOp.values) < 2)
            return FAIL("BoolOp with less than 2 values");
        return check_exprs(c, e->v.BoolOp.values, Load, false);
    case BinOp_kind:
        return check_expr(c, e->v.BinOp.left, Load) && check_expr(c, e->v.BinOp.right, Load);
    case UnaryOp_kind: return check_expr(c, e->v.UnaryOp.operand, Load);
    case Lambda_kind:
        return check_arguments(c, e->v.Lambda.args) && check_expr(c, e->v.Lambda.body, Load);
    case IfExp_kind:
        return check_expr(c, e->v.IfExp.test, Load) && check_expr(c, e->v.IfExp.body, Load)
            && check_expr(c, e->v.IfExp.orelse, Load);
    case Dict_kind: return check_dict(c, e);
    case Set_kind: return check_exprs(c, e->v.Set.elts, Load, false);
    case ListComp_kind:
        return check_comprehensions(c, e->v.ListComp.generators)
               && check_expr(c, e->v.ListComp.elt, Load);
    case SetComp_kind:
        return check_comprehensions(c, e->v.SetComp.generators)
               && check_expr(c, e->v.SetComp.elt, Load);
    case GeneratorExp_kind:
        return check_comprehensions(c, e->v.GeneratorExp.generators)
               && check_expr(c, e->v.GeneratorExp.elt, Load);
    case DictComp_kind:
        return check_comprehensions(c, e->v.DictComp.generators)
               && check_expr(c, e->v.DictComp.key, Load)
               && check_expr(c, e->v.DictComp.value, Load);
    case Yield_kind: return check_opt(c, e->v.Yield.value);
    case YieldFrom_kind: return check_expr(c, e->v.YieldFrom.value, Load);
    case Await_kind: return check_expr(c, e->v.Await.value, Load);
    case Compare_kind: return check_compare(c, e);
    case Call_kind:
        return check_expr(c, e->v.Call.func, Load) && check_exprs(c, e->v.Call.args, Load, false)
            && check_keywords(c, e->v.Call.keywords);
    case Constant_kind: return check_constant(c, e->v.Constant.value);
    case JoinedStr_kind: return check_exprs(c, e->v.JoinedStr.values, Load, false);
    case FormattedValue_kind:
        return check_expr(c, e->v.FormattedValue.value, Load)
               && check_opt(c, e->v.FormattedValue.format_spec);
    case Attribute_kind: return check_expr(c, e->v.Attribute.value, Load);
    case Subscript_kind:
        return check_expr(c, e->v.Subscript.slice, Load)
               && check_expr(c, e->v.Subscript.value, Load);
    case Starred_kind: return check_expr(c, e->v.Starred.value, ctx);
    case Slice_kind:
        return check_opt(c, e->v.Slice.lower) && check_opt(c, e->v.Slice.upper)
               && check_opt(c, e->v.Slice.step);
    case List_kind: return check_exprs(c, e->v.List.elts, ctx, false);
    case Tuple_kind: return check_exprs(c, e->v.Tuple.elts, ctx, false);
    case NamedExpr_kind: return check_expr(c, e->v.NamedExpr.value, Load);
    case Name_kind: return 1;
    case expr_none: break;
    }
    return check_fail(PyExc_SystemError, "unexpected expression");
}

static int check_expr(Check *c, expr e, expr_context ctx)
{
    int ok = check_positions(&e->pos) && check_enter(c);
    if (!ok)
        return 0;
    ok = check_context(e, ctx) && check_expr_fields(c, e, ctx);
    c->depth--;
    return ok;
}

static int check_exprs(Check *c, expr_seq *seq, expr_context ctx, bool null_ok)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++) {
        if (seq->at[i] ? !check_expr(c, seq->at[i], ctx) : !null_ok)
            return seq->at[i] ? 0 : FAIL("None disallowed in expression list");
    }
    return 1;
}

/* -- Patterns -------------------------------------------------------------------------------- */

static bool is_number(expr e, bool real, bool imaginary)
{
    if (e->kind != Constant_kind)
        return false;
    PyObject *value = e->v.Constant.value;
    return (real && (PyFloat_CheckExact(value) || PyLong_CheckExact(value)))
           || (imaginary && PyComplex_CheckExact(value));
}

static bool is_signed_number(expr e, bool real, bool imaginary)
{
    return is_number(e, real, imaginary)
           || (e->kind == UnaryOp_kind && e->v.UnaryOp.op == USub
               && is_number(e->v.UnaryOp.operand, real, imaginary));
}

static bool is_complex_literal(expr e)
{
    return (e->v.BinOp.op == Add || e->v.BinOp.op == Sub)
           && is_signed_number(e->v.BinOp.left, true, false)
           && is_number(e->v.BinOp.right, false, true);
}

/* The value of a MatchValue or a key of a mapping pattern. */
static int check_match_value(Check *c, expr e)
{
    if (!check_expr(c, e, Load))
        return 0;
    switch (e->kind) {
    case Constant_kind: {
        PyObject *v = e->v.Constant.value;
        if (PyLong_CheckExact(v) || PyFloat_CheckExact(v) || PyBytes_CheckExact(v)
            || PyComplex_CheckExact(v) || PyUnicode_CheckExact(v))
            return 1;
        return FAIL("unexpected constant inside of a literal pattern");
    }
    case Attribute_kind: case JoinedStr_kind: return 1; /* an f-string is refused by the compiler */
    case UnaryOp_kind:
        if (is_signed_number(e, true, true))
            return 1;
        break;
    case BinOp_kind:
        if (is_complex_literal(e))
            return 1;
        break;
    default: break;
    }
    return FAIL("patterns may only match literals and attribute lookups");
}

static int check_capture(PyObject *name)
{
    if (PyUnicode_CompareWithASCIIString(name, "_") == 0)
        return FAIL("can't capture name '_' in patterns");
    return check_name(name);
}

static int check_patterns(Check *c, pattern_seq *seq, bool star_ok)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!check_pattern(c, seq->at[i], star_ok))
            return 0;
    return 1;
}

static int check_mapping(Check *c, pattern p)
{
    expr_seq *keys = p->v.MatchMapping.keys;
    if (seq_len(keys) != seq_len(p->v.MatchMapping.patterns))
        return FAIL("MatchMapping doesn't have the same number of keys as patterns");
    if (p->v.MatchMapping.rest && !check_capture(p->v.MatchMapping.rest))
        return 0;
    for (Py_ssize_t i = 0; i < seq_len(keys); i++) {
        expr key = keys->at[i];
        PyObject *v = key->kind == Constant_kind ? key->v.Constant.value : NULL;
        if (v && (v == Py_None || v == Py_True || v == Py_False))
            continue;
        if (!check_match_value(c, key))
            return 0;
    }
    return check_patterns(c, p->v.MatchMapping.patterns, false);
}

static int check_class(Check *c, pattern p)
{
    if (seq_len(p->v.MatchClass.kwd_attrs) != seq_len(p->v.MatchClass.kwd_patterns))
        return FAIL("MatchClass doesn't have the same number of keyword attributes as patterns");
    if (!check_expr(c, p->v.MatchClass.cls, Load))
        return 0;
    expr cls = p->v.MatchClass.cls;
    while (cls->kind == Attribute_kind)
        cls = cls->v.Attribute.value;
    if (cls->kind != Name_kind)
        return FAIL("MatchClass cls field can only contain Name or Attribute nodes.");
    for (Py_ssize_t i = 0; i < seq_len(p->v.MatchClass.kwd_attrs); i++)
        if (!check_name(p->v.MatchClass.kwd_attrs->at[i]))
            return 0;
    return check_patterns(c, p->v.MatchClass.patterns, false)
           && check_patterns(c, p->v.MatchClass.kwd_patterns, false);
}

static int check_pattern_fields(Check *c, pattern p, bool star_ok)
{
    switch (p->kind) {
    case MatchValue_kind: return check_match_value(c, p->v.MatchValue.value);
    case MatchSingleton_kind: {
        PyObject *v = p->v.MatchSingleton.value;
        return v == Py_None || PyBool_Check(v)
                   ? 1
                   : FAIL("MatchSingleton can only contain True, False and None");
    }
    case MatchSequence_kind: return check_patterns(c, p->v.MatchSequence.patterns, true);
    case MatchMapping_kind: return check_mapping(c, p);
    case MatchClass_kind: return check_class(c, p);
    case MatchStar_kind:
        if (!star_ok)
            return FAIL("can't use MatchStar here");
        return !p->v.MatchStar.name || check_capture(p->v.MatchStar.name);
    case MatchAs_kind:
        if (p->v.MatchAs.name && !check_capture(p->v.MatchAs.name))
            return 0;
        if (!p->v.MatchAs.pattern)
            return 1;
        if (!p->v.MatchAs.name)
            return FAIL("MatchAs must specify a target name if a pattern is given");
        return check_pattern(c, p->v.MatchAs.pattern, false);
    case MatchOr_kind:
        if (seq_len(p->v.MatchOr.patterns) < 2)
            return FAIL("MatchOr requires at least 2 patterns");
        return check_patterns(c, p->v.MatchOr.patterns, false);
    case pattern_none: break;
    }
    return check_fail(PyExc_SystemError, "unexpected pattern");
}

static int check_pattern(Check *c, pattern p, bool star_ok)
{
    if (!check_positions(&p->pos) || !check_enter(c))
        return 0;
    int ok = check_pattern_fields(c, p, star_ok);
    c->depth--;
    return ok;
}

/* -- Statements ------------------------------------------------------------------------------ */

static int check_with(Check *c, withitem_seq *items, stmt_seq *body, const char *owner)
{
    if (!check_not_empty(items, "items", owner))
        return 0;
    for (Py_ssize_t i = 0; i < items->n; i++)
        if (!check_expr(c, items->at[i]->context_expr, Load)
            || (items->at[i]->optional_vars && !check_expr(c, items->at[i]->optional_vars, Store)))
            return 0;
    return check_body(c, body, owner);
}

static int check_match(Check *c, stmt s)
{
    if (!check_expr(c, s->v.Match.subject, Load)
        || !check_not_empty(s->v.Match.cases, "cases", "Match"))
        return 0;
    for (Py_ssize_t i = 0; i < s->v.Match.cases->n; i++) {
        match_case m = s->v.Match.cases->at[i];
        if (!check_pattern(c, m->pattern, false) || !check_opt(c, m->guard)
            || !check_body(c, m->body, "match_case"))
            return 0;
    }
    return 1;
}

static int check_try(Check *c, stmt_seq *body, excepthandler_seq *handlers, stmt_seq *orelse,
                     stmt_seq *finalbody, const char *owner)
{
    if (!check_body(c, body, owner))
        return 0;
    if (!seq_len(handlers) && !seq_len(finalbody))
        return FAIL("%s has neither except handlers nor finalbody", owner);
    if (!seq_len(handlers) && seq_len(orelse))
        return FAIL("%s has orelse but no except handlers", owner);
    for (Py_ssize_t i = 0; i < seq_len(handlers); i++) {
        excepthandler h = handlers->at[i];
        if (!check_positions(&h->pos) || !check_opt(c, h->v.ExceptHandler.type)
            || !check_body(c, h->v.ExceptHandler.body, "ExceptHandler"))
            return 0;
    }
    return check_stmts(c, finalbody) && check_stmts(c, orelse);
}

static int check_function(Check *c, stmt_seq *body, arguments args, expr_seq *decorators,
                          expr returns, const char *owner)
{
    return check_body(c, body, owner) && check_arguments(c, args)
           && check_exprs(c, decorators, Load, false) && check_opt(c, returns);
}

static int check_ann_assign(Check *c, stmt s)
{
    if (s->v.AnnAssign.target->kind != Name_kind && s->v.AnnAssign.simple)
        return check_fail(PyExc_TypeError, "AnnAssign with simple non-Name target");
    return check_expr(c, s->v.AnnAssign.target, Store) && check_opt(c, s->v.AnnAssign.value)
        && check_expr(c, s->v.AnnAssign.annotation, Load);
}

static int check_for(Check *c, expr target, expr iter, stmt_seq *body, stmt_seq *orelse,
                     const char *owner)
{
    return check_expr(c, target, Store) && check_expr(c, iter, Load) && check_body(c, body, owner)
        && check_stmts(c, orelse);
}

static int check_raise(Check *c, stmt s)
{
    if (s->v.Raise.exc)
        return check_expr(c, s->v.Raise.exc, Load) && check_opt(c, s->v.Raise.cause);
    return s->v.Raise.cause ? FAIL("Raise with cause but no exception") : 1;
}

static int check_stmt_fields(Check *c, stmt s)
{
    switch (s->kind) {
    case FunctionDef_kind:
        return check_function(c, s->v.FunctionDef.body, s->v.FunctionDef.args,
                              s->v.FunctionDef.decorator_list, s->v.FunctionDef.returns,
                              "FunctionDef");
    case AsyncFunctionDef_kind:
        return check_function(c, s->v.AsyncFunctionDef.body, s->v.AsyncFunctionDef.args,
                              s->v.AsyncFunctionDef.decorator_list, s->v.AsyncFunctionDef.returns,
                              "AsyncFunctionDef");
    case ClassDef_kind:
        return check_body(c, s->v.ClassDef.body, "ClassDef")
               && check_exprs(c, s->v.ClassDef.bases, Load, false)
               && check_keywords(c, s->v.ClassDef.keywords)
               && check_exprs(c, s->v.ClassDef.decorator_list, Load, false);
    case Return_kind: return check_opt(c, s->v.Return.value);
    case Delete_kind: return check_assign_targets(c, s->v.Delete.targets, Del);
    case Assign_kind:
        return check_assign_targets(c, s->v.Assign.targets, Store)
               && check_expr(c, s->v.Assign.value, Load);
    case AugAssign_kind:
        return check_expr(c, s->v.AugAssign.target, Store)
               && check_expr(c, s->v.AugAssign.value, Load);
    case AnnAssign_kind: return check_ann_assign(c, s);
    case For_kind:
        return check_for(c, s->v.For.target, s->v.For.iter, s->v.For.body, s->v.For.orelse, "For");
    case AsyncFor_kind:
        return check_for(c, s->v.AsyncFor.target, s->v.AsyncFor.iter, s->v.AsyncFor.body,
                         s->v.AsyncFor.orelse, "AsyncFor");
    case While_kind:
        return check_expr(c, s->v.While.test, Load) && check_body(c, s->v.While.body, "While")
            && check_stmts(c, s->v.While.orelse);
    case If_kind:
        return check_expr(c, s->v.If.test, Load) && check_body(c, s->v.If.body, "If")
               && check_stmts(c, s->v.If.orelse);
    case With_kind: return check_with(c, s->v.With.items, s->v.With.body, "With");
    case AsyncWith_kind:
        return check_with(c, s->v.AsyncWith.items, s->v.AsyncWith.body, "AsyncWith");
    case Match_kind: return check_match(c, s);
    case Raise_kind: return check_raise(c, s);
    case Try_kind:
        return check_try(c, s->v.Try.body, s->v.Try.handlers, s->v.Try.orelse, s->v.Try.finalbody,
                         "Try");
    case TryStar_kind:
        return check_try(c, s->v.TryStar.body, s->v.TryStar.handlers, s->v.TryStar.orelse,
                         s->v.TryStar.finalbody, "TryStar");
    case Assert_kind: return check_expr(c, s->v.Assert.test, Load) && check_opt(c, s->v.Assert.msg);
    case Import_kind: return check_not_empty(s->v.Import.names, "names", "Import");
    case ImportFrom_kind:
        if (s->v.ImportFrom.level < 0)
            return FAIL("Negative ImportFrom level");
        return check_not_empty(s->v.ImportFrom.names, "names", "ImportFrom");
    case Global_kind: return check_not_empty(s->v.Global.names, "names", "Global");
    case Nonlocal_kind: return check_not_empty(s->v.Nonlocal.names, "names", "Nonlocal");
    case Expr_kind: return check_expr(c, s->v.Expr.value, Load);
    case Pass_kind: case Break_kind: case Continue_kind: return 1;
    case stmt_none: break;
    }
    return check_fail(PyExc_SystemError, "unexpected statement");
}

static int check_stmts(Check *c, stmt_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++) {
        stmt s = seq->at[i];
        if (!s)
            return FAIL("None disallowed in statement list");
        if (!check_positions(&s->pos) || !check_enter(c))
            return 0;
        int ok = check_stmt_fields(c, s);
        c->depth--;
        if (!ok)
            return 0;
    }
    return 1;
}

/* -- All ------------------------------------------------------------------------------------- */

int ast_validate(mod tree)
{
    enum { SCALE = 3 }; /* a level of the tree takes less C stack than a Python call */
    PyThreadState *tstate = PyThreadState_Get();
    int limit = Py_GetRecursionLimit();
    Check c = {(tstate->recursion_limit - tstate->recursion_remaining) * SCALE,
               limit < INT_MAX / SCALE ? limit * SCALE : limit};
    int ok = 0;
    switch (tree->kind) {
    case Module_kind: ok = check_stmts(&c, tree->v.Module.body); break;
    case Interactive_kind: ok = check_stmts(&c, tree->v.Interactive.body); break;
    case Expression_kind: ok = check_expr(&c, tree->v.Expression.body, Load); break;
    case FunctionType_kind:
        ok = check_exprs(&c, tree->v.FunctionType.argtypes, Load, false)
             && check_expr(&c, tree->v.FunctionType.returns, Load);
        break;
    case mod_none: PyErr_SetString(PyExc_SystemError, "impossible module node"); break;
    }
    return ok ? 0 : -1;
}

PyObject *ast_docstring(stmt_seq *body)
{
    if (!seq_len(body) || body->at[0]->kind != Expr_kind)
        return NULL;
    expr e = body->at[0]->v.Expr.value;
    return e->kind == Constant_kind && PyUnicode_CheckExact(e->v.Constant.value)
               ? e->v.Constant.value
               : NULL;
}
