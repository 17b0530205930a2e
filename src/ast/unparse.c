/* SPDX-License-Identifier: MIT
 *
 * Expressions back to source text, for `from __future__ import annotations`. (ast.unparse is Python
 * code.)
 *
 * Every function takes the level of its surroundings: an expression that binds less tightly gets
 * parentheses. Results: 0, or -1 with an exception.
 *
 * The text is 3.11's to the letter, oddities included: programs compare __annotations__.
 */
#include "ast/ast.h"
#include "base/cstack.h"

#include <float.h>

/* Levels, from the loosest; a level also names the rule of the grammar. */
enum {
    LV_TUPLE,
    LV_TEST,
    LV_OR,
    LV_AND,
    LV_NOT,
    LV_CMP,
    LV_EXPR,
    LV_BOR = LV_EXPR,
    LV_BXOR,
    LV_BAND,
    LV_SHIFT,
    LV_ARITH,
    LV_TERM,
    LV_FACTOR,
    LV_POWER,
    LV_AWAIT,
    LV_ATOM
};

typedef _PyUnicodeWriter Out;

static int put_expr(Out *out, expr e, int level);

/* Leaves the function with -1. */
#define TRY(call) do { if ((call) < 0) return -1; } while (0)

static int put(Out *out, const char *text)
{
    return _PyUnicodeWriter_WriteASCIIString(out, text, -1);
}

static int put_if(Out *out, bool wanted, const char *text)
{
    return wanted ? put(out, text) : 0;
}

static int put_list(Out *out, expr_seq *seq, int level)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++) {
        TRY(put_if(out, i > 0, ", "));
        TRY(put_expr(out, seq->at[i], level));
    }
    return 0;
}

/* -- Constants ------------------------------------------------------------------------------- */

/* repr, where infinity is written as a number too large for a float. */
static int put_repr(Out *out, PyObject *value)
{
    PyObject *repr = PyObject_Repr(value);
    if (!repr)
        return -1;
    if (PyFloat_CheckExact(value) || PyComplex_CheckExact(value)) {
        PyObject *inf = PyUnicode_FromString("inf"),
                 *big = PyUnicode_FromFormat("1e%d", DBL_MAX_10_EXP + 1);
        Py_SETREF(repr, inf && big ? PyUnicode_Replace(repr, inf, big, -1) : NULL);
        Py_XDECREF(inf);
        Py_XDECREF(big);
        if (!repr)
            return -1;
    }
    int result = _PyUnicodeWriter_WriteStr(out, repr);
    Py_DECREF(repr);
    return result;
}

static int put_constant(Out *out, PyObject *value)
{
    if (value == Py_Ellipsis)
        return put(out, "...");
    if (!PyTuple_CheckExact(value))
        return put_repr(out, value);
    Py_ssize_t n = PyTuple_GET_SIZE(value);
    TRY(put(out, "("));
    for (Py_ssize_t i = 0; i < n; i++) {
        TRY(put_if(out, i > 0, ", "));
        TRY(put_constant(out, PyTuple_GET_ITEM(value, i)));
    }
    return put(out, n == 1 ? ",)" : ")");
}

/* -- f-strings ------------------------------------------------------------------------------- */

static int put_fstring_value(Out *out, expr e, bool spec);

/* Text with its braces doubled. */
static int put_fstring_text(Out *out, PyObject *text)
{
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        TRY(_PyUnicodeWriter_WriteChar(out, c));
        if (c == '{' || c == '}')
            TRY(_PyUnicodeWriter_WriteChar(out, c));
    }
    return 0;
}

/* 'f"..."' or, inside a spec, its bare text. */
static int put_joined(Out *out, expr e, bool spec)
{
    Out body;
    _PyUnicodeWriter_Init(&body);
    body.min_length = 256;
    body.overallocate = 1;
    for (Py_ssize_t i = 0; i < seq_len(e->v.JoinedStr.values); i++)
        if (put_fstring_value(&body, e->v.JoinedStr.values->at[i], spec) < 0) {
            _PyUnicodeWriter_Dealloc(&body);
            return -1;
        }
    PyObject *text = _PyUnicodeWriter_Finish(&body);
    if (!text)
        return -1;
    int result;
    if (spec)
        result = _PyUnicodeWriter_WriteStr(out, text);
    else
        result = put(out, "f") < 0 ? -1 : put_repr(out, text);
    Py_DECREF(text);
    return result;
}

/* '{' value ['!' conversion] [':' spec] '}' */
static int put_formatted(Out *out, expr e)
{
    Out inner;
    _PyUnicodeWriter_Init(&inner);
    if (put_expr(&inner, e->v.FormattedValue.value, LV_TEST + 1) < 0) {
        _PyUnicodeWriter_Dealloc(&inner);
        return -1;
    }
    PyObject *text = _PyUnicodeWriter_Finish(&inner);
    if (!text)
        return -1;
    bool brace = PyUnicode_GET_LENGTH(text)
                 && PyUnicode_READ_CHAR(text, 0) == '{'; /* must not look doubled */
    int result = put(out, brace ? "{ " : "{") < 0 ? -1 : _PyUnicodeWriter_WriteStr(out, text);
    Py_DECREF(text);
    TRY(result);
    int conversion = e->v.FormattedValue.conversion;
    if (conversion > 0) {
        TRY(put(out, "!"));
        TRY(_PyUnicodeWriter_WriteChar(out, (Py_UCS4)conversion));
    }
    if (e->v.FormattedValue.format_spec) {
        TRY(put(out, ":"));
        TRY(put_fstring_value(out, e->v.FormattedValue.format_spec, true));
    }
    return put(out, "}");
}

static int put_fstring_value(Out *out, expr e, bool spec)
{
    switch (e->kind) {
    case Constant_kind: return put_fstring_text(out, e->v.Constant.value);
    case JoinedStr_kind: return put_joined(out, e, spec);
    case FormattedValue_kind: return put_formatted(out, e);
    default:
        PyErr_SetString(PyExc_SystemError, "unknown expression kind inside f-string");
        return -1;
    }
}

/* -- Operators ------------------------------------------------------------------------------- */

static int put_boolop(Out *out, expr e, int level)
{
    int own = e->v.BoolOp.op == And ? LV_AND : LV_OR;
    TRY(put_if(out, level > own, "("));
    for (Py_ssize_t i = 0; i < seq_len(e->v.BoolOp.values); i++) {
        TRY(put_if(out, i > 0, own == LV_AND ? " and " : " or "));
        TRY(put_expr(out, e->v.BoolOp.values->at[i], own + 1));
    }
    return put_if(out, level > own, ")");
}

static int put_binop(Out *out, expr e, int level)
{
    static const struct { const char *text; int level;
    } ops[] = {
        [Add] = {" + ", LV_ARITH},     [Sub] = {" - ", LV_ARITH},
        [Mult] = {" * ", LV_TERM},     [MatMult] = {" @ ", LV_TERM},
        [Div] = {" / ", LV_TERM},      [Mod] = {" % ", LV_TERM},
        [LShift] = {" << ", LV_SHIFT}, [RShift] = {" >> ", LV_SHIFT},
        [BitOr] = {" | ", LV_BOR},     [BitXor] = {" ^ ", LV_BXOR},
        [BitAnd] = {" & ", LV_BAND},   [FloorDiv] = {" // ", LV_TERM},
        [Pow] = {" ** ", LV_POWER},
    };
    int own = ops[e->v.BinOp.op].level, right = e->v.BinOp.op == Pow;
    TRY(put_if(out, level > own, "("));
    TRY(put_expr(out, e->v.BinOp.left, own + right));
    TRY(put(out, ops[e->v.BinOp.op].text));
    TRY(put_expr(out, e->v.BinOp.right, own + !right));
    return put_if(out, level > own, ")");
}

static int put_unaryop(Out *out, expr e, int level)
{
    static const char *const ops[] = {[Invert] = "~", [Not] = "not ", [UAdd] = "+", [USub] = "-"};
    int own = e->v.UnaryOp.op == Not ? LV_NOT : LV_FACTOR;
    TRY(put_if(out, level > own, "("));
    TRY(put(out, ops[e->v.UnaryOp.op]));
    TRY(put_expr(out, e->v.UnaryOp.operand, own));
    return put_if(out, level > own, ")");
}

static int put_compare(Out *out, expr e, int level)
{
    static const char *const ops[] = {
        [Eq] = " == ", [NotEq] = " != ",     [Lt] = " < ",  [LtE] = " <= ",
        [Gt] = " > ",  [GtE] = " >= ",       [Is] = " is ", [IsNot] = " is not ",
        [In] = " in ", [NotIn] = " not in ",
    };
    TRY(put_if(out, level > LV_CMP, "("));
    TRY(put_expr(out, e->v.Compare.left, LV_CMP + 1));
    for (Py_ssize_t i = 0; i < seq_len(e->v.Compare.comparators); i++) {
        TRY(put(out, ops[e->v.Compare.ops->at[i]]));
        TRY(put_expr(out, e->v.Compare.comparators->at[i], LV_CMP + 1));
    }
    return put_if(out, level > LV_CMP, ")");
}

static int put_ifexp(Out *out, expr e, int level)
{
    TRY(put_if(out, level > LV_TEST, "("));
    TRY(put_expr(out, e->v.IfExp.body, LV_TEST + 1));
    TRY(put(out, " if "));
    TRY(put_expr(out, e->v.IfExp.test, LV_TEST + 1));
    TRY(put(out, " else "));
    TRY(put_expr(out, e->v.IfExp.orelse, LV_TEST));
    return put_if(out, level > LV_TEST, ")");
}

/* -- Lambda ---------------------------------------------------------------------------------- */

static int put_arg(Out *out, arg a)
{
    TRY(_PyUnicodeWriter_WriteStr(out, a->arg));
    if (!a->annotation)
        return 0;
    TRY(put(out, ": "));
    return put_expr(out, a->annotation, LV_TEST);
}

static int put_default(Out *out, expr value)
{
    if (!value)
        return 0;
    TRY(put(out, "="));
    return put_expr(out, value, LV_TEST);
}

static int put_comma(Out *out, bool *first)
{
    bool was = *first;
    *first = false;
    return put_if(out, !was, ", ");
}

/* Positional parameters, '/' behind the positional-only ones. */
static int put_positional(Out *out, arguments args, bool *first)
{
    Py_ssize_t npos = seq_len(args->posonlyargs), n = npos + seq_len(args->args),
               ndefaults = seq_len(args->defaults);
    for (Py_ssize_t i = 0; i < n; i++) {
        TRY(put_comma(out, first));
        TRY(put_arg(out, i < npos ? args->posonlyargs->at[i] : args->args->at[i - npos]));
        if (i >= n - ndefaults)
            TRY(put_default(out, args->defaults->at[i - (n - ndefaults)]));
        if (npos && i + 1 == npos)
            TRY(put(out, ", /"));
    }
    return 0;
}

static int put_arguments(Out *out, arguments args)
{
    bool first = true;
    TRY(put_positional(out, args, &first));
    if (args->vararg || seq_len(args->kwonlyargs)) {
        TRY(put_comma(out, &first));
        TRY(put(out, "*"));
        if (args->vararg)
            TRY(put_arg(out, args->vararg));
    }
    for (Py_ssize_t i = 0; i < seq_len(args->kwonlyargs); i++) {
        TRY(put_comma(out, &first));
        TRY(put_arg(out, args->kwonlyargs->at[i]));
        TRY(put_default(out, args->kw_defaults->at[i]));
    }
    if (args->kwarg) {
        TRY(put_comma(out, &first));
        TRY(put(out, "**"));
        TRY(put_arg(out, args->kwarg));
    }
    return 0;
}

static int put_lambda(Out *out, expr e, int level)
{
    arguments args = e->v.Lambda.args;
    bool any = seq_len(args->posonlyargs) || seq_len(args->args); /* 3.11 writes `lambda*args: 0` */
    TRY(put_if(out, level > LV_TEST, "("));
    TRY(put(out, any ? "lambda " : "lambda"));
    TRY(put_arguments(out, args));
    TRY(put(out, ": "));
    TRY(put_expr(out, e->v.Lambda.body, LV_TEST));
    return put_if(out, level > LV_TEST, ")");
}

/* -- Displays -------------------------------------------------------------------------------- */

static int put_bracketed(Out *out, const char *open, expr_seq *elts, const char *close)
{
    TRY(put(out, open));
    TRY(put_list(out, elts, LV_TEST));
    return put(out, close);
}

static int put_tuple(Out *out, expr_seq *elts, int level)
{
    if (!seq_len(elts))
        return put(out, "()");
    TRY(put_if(out, level > LV_TUPLE, "("));
    TRY(put_list(out, elts, LV_TEST));
    TRY(put_if(out, elts->n == 1, ","));
    return put_if(out, level > LV_TUPLE, ")");
}

static int put_dict(Out *out, expr e)
{
    TRY(put(out, "{"));
    for (Py_ssize_t i = 0; i < seq_len(e->v.Dict.values); i++) {
        expr key = e->v.Dict.keys->at[i];
        TRY(put_if(out, i > 0, ", "));
        if (key) {
            TRY(put_expr(out, key, LV_TEST));
            TRY(put(out, ": "));
        }
        else
            TRY(put(out, "**"));
        TRY(put_expr(out, e->v.Dict.values->at[i], key ? LV_TEST : LV_EXPR));
    }
    return put(out, "}");
}

static int put_generators(Out *out, comprehension_seq *generators)
{
    for (Py_ssize_t i = 0; i < seq_len(generators); i++) {
        comprehension g = generators->at[i];
        TRY(put(out, g->is_async ? " async for " : " for "));
        TRY(put_expr(out, g->target, LV_TUPLE));
        TRY(put(out, " in "));
        TRY(put_expr(out, g->iter, LV_TEST + 1));
        for (Py_ssize_t j = 0; j < seq_len(g->ifs); j++) {
            TRY(put(out, " if "));
            TRY(put_expr(out, g->ifs->at[j], LV_TEST + 1));
        }
    }
    return 0;
}

/* value: of a dict comprehension, or NULL */
static int put_comp(Out *out, const char *open, expr elt, expr value, comprehension_seq *generators,
                    const char *close)
{
    TRY(put(out, open));
    TRY(put_expr(out, elt, LV_TEST));
    if (value) {
        TRY(put(out, ": "));
        TRY(put_expr(out, value, LV_TEST));
    }
    TRY(put_generators(out, generators));
    return put(out, close);
}

/* -- Primaries ------------------------------------------------------------------------------- */

static int put_call(Out *out, expr e)
{
    expr_seq *args = e->v.Call.args;
    keyword_seq *keywords = e->v.Call.keywords;
    TRY(put_expr(out, e->v.Call.func, LV_ATOM));
    if (seq_len(args) == 1 && !seq_len(keywords) && args->at[0]->kind == GeneratorExp_kind)
        return put_expr(out, args->at[0], LV_TEST); /* brings its own parentheses */
    TRY(put(out, "("));
    TRY(put_list(out, args, LV_TEST));
    for (Py_ssize_t i = 0; i < seq_len(keywords); i++) {
        keyword k = keywords->at[i];
        TRY(put_if(out, i > 0 || seq_len(args), ", "));
        if (k->arg) {
            TRY(_PyUnicodeWriter_WriteStr(out, k->arg));
            TRY(put(out, "="));
        }
        else
            TRY(put(out, "**"));
        TRY(put_expr(out, k->value, LV_TEST));
    }
    return put(out, ")");
}

/* `1 .real`: without the space the point would belong to the number. */
static int put_attribute(Out *out, expr e)
{
    expr value = e->v.Attribute.value;
    bool is_int = value->kind == Constant_kind && PyLong_CheckExact(value->v.Constant.value);
    TRY(put_expr(out, value, LV_ATOM));
    TRY(put(out, is_int ? " ." : "."));
    return _PyUnicodeWriter_WriteStr(out, e->v.Attribute.attr);
}

static int put_slice(Out *out, expr e)
{
    if (e->v.Slice.lower)
        TRY(put_expr(out, e->v.Slice.lower, LV_TEST));
    TRY(put(out, ":"));
    if (e->v.Slice.upper)
        TRY(put_expr(out, e->v.Slice.upper, LV_TEST));
    if (!e->v.Slice.step)
        return 0;
    TRY(put(out, ":"));
    return put_expr(out, e->v.Slice.step, LV_TEST);
}

static int put_subscript(Out *out, expr e)
{
    TRY(put_expr(out, e->v.Subscript.value, LV_ATOM));
    TRY(put(out, "["));
    TRY(put_expr(out, e->v.Subscript.slice, LV_TUPLE));
    return put(out, "]");
}

static int put_yield(Out *out, const char *word, expr value)
{
    TRY(put(out, word));
    if (value) {
        TRY(put(out, " "));
        TRY(put_expr(out, value, LV_TEST));
    }
    return put(out, ")");
}

static int put_await(Out *out, expr e, int level)
{
    TRY(put_if(out, level > LV_AWAIT, "("));
    TRY(put(out, "await "));
    TRY(put_expr(out, e->v.Await.value, LV_ATOM));
    return put_if(out, level > LV_AWAIT, ")");
}

static int put_named(Out *out, expr e, int level)
{
    TRY(put_if(out, level > LV_TUPLE, "("));
    TRY(put_expr(out, e->v.NamedExpr.target, LV_ATOM));
    TRY(put(out, " := "));
    TRY(put_expr(out, e->v.NamedExpr.value, LV_ATOM));
    return put_if(out, level > LV_TUPLE, ")");
}

/* -- All ------------------------------------------------------------------------------------- */

static int put_expr(Out *out, expr e, int level)
{
    if (!cstack_allows(" during compilation"))
        return -1;
    switch (e->kind) {
    case BoolOp_kind: return put_boolop(out, e, level);
    case BinOp_kind: return put_binop(out, e, level);
    case UnaryOp_kind: return put_unaryop(out, e, level);
    case Lambda_kind: return put_lambda(out, e, level);
    case IfExp_kind: return put_ifexp(out, e, level);
    case Dict_kind: return put_dict(out, e);
    case Set_kind: return put_bracketed(out, "{", e->v.Set.elts, "}");
    case GeneratorExp_kind:
        return put_comp(out, "(", e->v.GeneratorExp.elt, NULL, e->v.GeneratorExp.generators, ")");
    case ListComp_kind:
        return put_comp(out, "[", e->v.ListComp.elt, NULL, e->v.ListComp.generators, "]");
    case SetComp_kind:
        return put_comp(out, "{", e->v.SetComp.elt, NULL, e->v.SetComp.generators, "}");
    case DictComp_kind:
        return put_comp(out, "{", e->v.DictComp.key, e->v.DictComp.value, e->v.DictComp.generators,
                        "}");
    case Yield_kind: return put_yield(out, "(yield", e->v.Yield.value);
    case YieldFrom_kind: return put_yield(out, "(yield from", e->v.YieldFrom.value);
    case Await_kind: return put_await(out, e, level);
    case Compare_kind: return put_compare(out, e, level);
    case Call_kind: return put_call(out, e);
    case Constant_kind:
        TRY(e->v.Constant.kind ? _PyUnicodeWriter_WriteStr(out, e->v.Constant.kind) : 0);
        return put_constant(out, e->v.Constant.value);
    case JoinedStr_kind: return put_joined(out, e, false);
    case FormattedValue_kind: return put_formatted(out, e);
    case Attribute_kind: return put_attribute(out, e);
    case Starred_kind:
        TRY(put(out, "*"));
        return put_expr(out, e->v.Starred.value, LV_EXPR);
    case Name_kind: return _PyUnicodeWriter_WriteStr(out, e->v.Name.id);
    case List_kind: return put_bracketed(out, "[", e->v.List.elts, "]");
    case Tuple_kind: return put_tuple(out, e->v.Tuple.elts, level);
    case Subscript_kind: return put_subscript(out, e);
    case Slice_kind: return put_slice(out, e);
    case NamedExpr_kind: return put_named(out, e, level);
    case expr_none: break;
    }
    PyErr_SetString(PyExc_SystemError, "unknown expression kind");
    return -1;
}

PyObject *ast_unparse_expr(expr e)
{
    Out out;
    _PyUnicodeWriter_Init(&out);
    out.min_length = 256;
    out.overallocate = 1;
    if (put_expr(&out, e, LV_TEST) < 0) {
        _PyUnicodeWriter_Dealloc(&out);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&out);
}
