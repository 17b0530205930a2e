/* SPDX-License-Identifier: MIT
 *
 * Constant folding on the tree, bottom up and in place, with 3.11's rules and size limits, so that
 * the bytecode comes out the same:
 *
 *   1 + 2, -1, not x, "abc"[0], (1, 2)      -> the constant
 *   not a in b, not a is b                  -> a not in b, a is not b
 *   x in [1, 2], for x in [1, 2]            -> a tuple;   x in {1, 2} -> a frozenset
 *   'a %s b' % (x,)                         -> f'a {x!s} b'
 *   __debug__                               -> True, or False under -O
 *
 * I1  An operation that raises is left for run time: the program must see the exception there.
 * I2  A result is never much larger than its source: MAX_* below.
 * I3  A body's docstring stays what it was before folding.
 *
 * Every fold_* returns 1, or 0 with an exception. New constants belong to the arena.
 */
#include "ast/ast.h"
#include "base/cstack.h"

/* Limits on what an operation may make: bits of an int, items of a repeated tuple, length of a
   repeated string, items over all levels of a nested tuple. */
enum { MAX_INT_BITS = 128, MAX_COLLECTION = 256, MAX_STR = 4096, MAX_ITEMS = 1024 };

typedef struct {
    Arena *arena;     /* of the tree */
    int optimize;     /* -O level */
    int ff_features;  /* CO_FUTURE_ flags */
    int depth, limit; /* of recursion */
} Fold;

static int fold_expr(Fold *f, expr e);
static int fold_stmts(Fold *f, stmt_seq *seq);
static int fold_pattern(Fold *f, pattern p);

/* -- Results --------------------------------------------------------------------------------- */

/* Makes `e` a constant. STEALS value; NULL (an exception is set) leaves `e` alone. */
static int fold_to_constant(Fold *f, expr e, PyObject *value)
{
    if (!value) {
        if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt))
            return 0;
        PyErr_Clear();
        return 1;
    }
    if (arena_add_object(f->arena, value) < 0)
        return 0;
    e->kind = Constant_kind;
    e->v.Constant.value = value;
    e->v.Constant.kind = NULL;
    return 1;
}

/* -- Operators ------------------------------------------------------------------------------- */

/* `not value`, owned. */
static PyObject *fold_not(PyObject *value)
{
    int truth = PyObject_IsTrue(value);
    return truth < 0 ? NULL : PyBool_FromLong(!truth);
}

/* `not (a is b)` and the like: the comparison itself, inverted. == and < may be overloaded, so they
 * stay. */
static int fold_not_compare(expr e)
{
    expr operand = e->v.UnaryOp.operand;
    if (e->v.UnaryOp.op != Not || operand->kind != Compare_kind || operand->v.Compare.ops->n != 1)
        return 1;
    cmpop *op = &operand->v.Compare.ops->at[0];
    switch (*op) {
    case Is: *op = IsNot; break;
    case IsNot: *op = Is; break;
    case In: *op = NotIn; break;
    case NotIn: *op = In; break;
    default: return 1;
    }
    *e = *operand;
    return 1;
}

static int fold_unaryop(Fold *f, expr e)
{
    expr operand = e->v.UnaryOp.operand;
    if (operand->kind != Constant_kind)
        return fold_not_compare(e);
    PyObject *v = operand->v.Constant.value;
    switch (e->v.UnaryOp.op) {
    case Invert: return fold_to_constant(f, e, PyNumber_Invert(v));
    case Not: return fold_to_constant(f, e, fold_not(v));
    case UAdd: return fold_to_constant(f, e, PyNumber_Positive(v));
    case USub: return fold_to_constant(f, e, PyNumber_Negative(v));
    case unaryop_none: break;
    }
    return 1;
}

/* Number of items inside a tuple or frozenset, nested tuples counted, taken from `limit`; negative
 * when too many. */
static Py_ssize_t fold_complexity(PyObject *obj, Py_ssize_t limit)
{
    if (PyTuple_Check(obj)) {
        limit -= PyTuple_GET_SIZE(obj);
        for (Py_ssize_t i = 0; limit >= 0 && i < PyTuple_GET_SIZE(obj); i++)
            limit = fold_complexity(PyTuple_GET_ITEM(obj, i), limit);
    }
    else if (PyFrozenSet_Check(obj)) {
        Py_ssize_t i = 0;
        PyObject *item;
        Py_hash_t hash;
        limit -= PySet_GET_SIZE(obj);
        while (limit >= 0 && _PySet_NextEntry(obj, &i, &item, &hash))
            limit = fold_complexity(item, limit);
    }
    return limit;
}

static PyObject *fold_give_up(void)
{
    return PyErr_Occurred() ? NULL : PyErr_NoMemory(); /* any exception: the caller clears it */
}

/* v * w, unless it would be too large (any exception then says: leave it). */
static PyObject *fold_multiply(PyObject *v, PyObject *w)
{
    if (PyLong_Check(v) && PyLong_Check(w) && Py_SIZE(v) && Py_SIZE(w)) {
        size_t bits = _PyLong_NumBits(v), more = _PyLong_NumBits(w);
        if (bits == (size_t)-1 || more == (size_t)-1 || bits + more > MAX_INT_BITS)
            return fold_give_up();
    }
    else if (PyLong_Check(v) && (PyTuple_Check(w) || PyFrozenSet_Check(w))) {
        Py_ssize_t size = PyObject_Size(w);
        if (size) {
            long n = PyLong_AsLong(v);
            if (n < 0 || n > MAX_COLLECTION / size || (n && fold_complexity(w, MAX_ITEMS / n) < 0))
                return fold_give_up();
        }
    }
    else if (PyLong_Check(v) && (PyUnicode_Check(w) || PyBytes_Check(w))) {
        Py_ssize_t size = PyObject_Size(w);
        if (size) {
            long n = PyLong_AsLong(v);
            if (n < 0 || n > MAX_STR / size)
                return fold_give_up();
        }
    }
    else if (PyLong_Check(w)
             && (PyTuple_Check(v) || PyFrozenSet_Check(v) || PyUnicode_Check(v)
                 || PyBytes_Check(v)))
        return fold_multiply(w, v);
    return PyNumber_Multiply(v, w);
}

/* v ** w for a result of MAX_INT_BITS bits at most. */
static PyObject *fold_power(PyObject *v, PyObject *w)
{
    if (PyLong_Check(v) && PyLong_Check(w) && Py_SIZE(v) && Py_SIZE(w) > 0) {
        size_t bits = _PyLong_NumBits(v), n = PyLong_AsSize_t(w);
        if (bits == (size_t)-1 || n == (size_t)-1 || bits > MAX_INT_BITS / n)
            return fold_give_up();
    }
    return PyNumber_Power(v, w, Py_None);
}

/* v << w, likewise. */
static PyObject *fold_lshift(PyObject *v, PyObject *w)
{
    if (PyLong_Check(v) && PyLong_Check(w) && Py_SIZE(v) && Py_SIZE(w)) {
        size_t bits = _PyLong_NumBits(v), n = PyLong_AsSize_t(w);
        if (bits == (size_t)-1 || n == (size_t)-1 || n > MAX_INT_BITS || bits > MAX_INT_BITS - n)
            return fold_give_up();
    }
    return PyNumber_Lshift(v, w);
}

/* v op w. `%` on text may run any code and has a rule of its own. */
static PyObject *fold_operate(operator op, PyObject *v, PyObject *w)
{
    switch (op) {
    case Add: return PyNumber_Add(v, w);
    case Sub: return PyNumber_Subtract(v, w);
    case Mult: return fold_multiply(v, w);
    case Div: return PyNumber_TrueDivide(v, w);
    case FloorDiv: return PyNumber_FloorDivide(v, w);
    case Mod:
        return PyUnicode_Check(v) || PyBytes_Check(v) ? fold_give_up() : PyNumber_Remainder(v, w);
    case Pow: return fold_power(v, w);
    case LShift: return fold_lshift(v, w);
    case RShift: return PyNumber_Rshift(v, w);
    case BitOr: return PyNumber_Or(v, w);
    case BitXor: return PyNumber_Xor(v, w);
    case BitAnd: return PyNumber_And(v, w);
    default: return fold_give_up();
    }
}

/* -- '...' % (...) --------------------------------------------------------------------------- */

/* A copy of `proto` in the arena. */
static expr format_new(Fold *f, struct expr_node proto)
{
    expr e = arena_alloc(f->arena, sizeof *e);
    if (e)
        *e = proto;
    return e;
}

/* Constant text without a place: its instruction takes that of the one before. STEALS text; NULL
   with an exception. */
static expr format_constant(Fold *f, PyObject *text)
{
    if (!text || arena_add_object(f->arena, text) < 0)
        return NULL;
    return format_new(f, (struct expr_node){.kind = Constant_kind, .pos = {-1, -1, -1, -1},
                                            .v.Constant = {text, NULL}});
}

/* Text up to the next conversion; MAYBE_NULL without an exception. */
static expr format_literal(Fold *f, PyObject *fmt, Py_ssize_t *at)
{
    Py_ssize_t begin = *at, i = begin, n = PyUnicode_GET_LENGTH(fmt);
    bool percents = false;
    while (i < n) {
        if (PyUnicode_READ_CHAR(fmt, i) != '%')
            i++;
        else if (i + 1 < n && PyUnicode_READ_CHAR(fmt, i + 1) == '%')
            percents = true, i += 2;
        else
            break;
    }
    *at = i;
    if (i == begin)
        return NULL;
    PyObject *text = PyUnicode_Substring(fmt, begin, i);
    if (text && percents) {
        PyObject *two = PyUnicode_FromString("%%"), *one = PyUnicode_FromString("%");
        Py_SETREF(text, two && one ? PyUnicode_Replace(text, two, one, -1) : NULL);
        Py_XDECREF(two);
        Py_XDECREF(one);
    }
    return format_constant(f, text);
}

/* At most two digits: the number, -1 for none, -2 for more. *c is the character behind. */
static int format_digits(PyObject *fmt, Py_ssize_t *at, Py_UCS4 *c)
{
    int value = -1, digits = 0;
    while (*c >= '0' && *c <= '9') {
        value = (value < 0 ? 0 : value) * 10 + (int)(*c - '0');
        if (*at >= PyUnicode_GET_LENGTH(fmt))
            return -2;
        *c = PyUnicode_READ_CHAR(fmt, (*at)++);
        if (++digits >= 3)
            return -2;
    }
    return value;
}

/* %[flags][width][.precision](s|r|a) behind the '%': the FormattedValue; NULL: something else (or
 * an exception). */
static expr format_conversion(Fold *f, PyObject *fmt, Py_ssize_t *at, expr arg)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(fmt);
    Py_UCS4 c = 0;
    bool left = false;
    for (; *at < n; (*at)++) {
        c = PyUnicode_READ_CHAR(fmt, *at);
        if (c != '-' && c != '+' && c != ' ' && c != '#' && c != '0')
            break;
        left |= c == '-';
    }
    if (*at >= n)
        return NULL;
    c = PyUnicode_READ_CHAR(fmt, (*at)++);
    int width = format_digits(fmt, at, &c), precision = -1;
    if (width == -2)
        return NULL;
    if (c == '.') {
        if (*at >= n)
            return NULL;
        c = PyUnicode_READ_CHAR(fmt, (*at)++);
        precision = format_digits(fmt, at, &c);
        if (precision == -2)
            return NULL;
        if (precision == -1)
            precision = 0;
    }
    if (c != 's' && c != 'r' && c != 'a')
        return NULL;
    char buffer[32], *p = buffer;
    if (!left && width > 0)
        *p++ = '>';
    if (width >= 0)
        p += sprintf(p, "%d", width);
    if (precision >= 0)
        p += sprintf(p, ".%d", precision);
    expr spec = NULL;
    if (p != buffer
        && !(spec = format_constant(f, PyUnicode_FromStringAndSize(buffer, p - buffer))))
        return NULL;
    return format_new(f, (struct expr_node){.kind = FormattedValue_kind, .pos = arg->pos,
                                            .v.FormattedValue = {arg, (int)c, spec}});
}

static bool format_has_starred(expr_seq *elts)
{
    for (Py_ssize_t i = 0; i < seq_len(elts); i++)
        if (elts->at[i]->kind == Starred_kind)
            return true;
    return false;
}

/* 'text' % (a, b): a JoinedStr when every conversion is simple and the numbers agree. */
static int fold_format(Fold *f, expr e, PyObject *fmt, expr_seq *elts)
{
    Py_ssize_t at = 0, used = 0, n = 0, nelts = seq_len(elts);
    expr_seq *values = seq_new(expr, f->arena, nelts * 2 + 1);
    if (!values)
        return 0;
    for (;;) {
        expr literal = format_literal(f, fmt, &at);
        if (literal)
            values->at[n++] = literal;
        else if (PyErr_Occurred())
            return 0;
        if (at >= PyUnicode_GET_LENGTH(fmt))
            break;
        if (used >= nelts)
            return 1;
        at++;
        expr value = format_conversion(f, fmt, &at, elts->at[used++]);
        if (!value)
            return !PyErr_Occurred();
        values->at[n++] = value;
    }
    if (used < nelts)
        return 1;
    values->n = n;
    e->kind = JoinedStr_kind;
    e->v.JoinedStr.values = values;
    return 1;
}

/* Left and right are folded already. */
static int fold_binop(Fold *f, expr e)
{
    expr left = e->v.BinOp.left, right = e->v.BinOp.right;
    if (left->kind != Constant_kind)
        return 1;
    PyObject *v = left->v.Constant.value;
    if (e->v.BinOp.op == Mod && right->kind == Tuple_kind && PyUnicode_Check(v)
        && !format_has_starred(right->v.Tuple.elts))
        return fold_format(f, e, v, right->v.Tuple.elts);
    if (right->kind != Constant_kind || e->v.BinOp.op == MatMult)
        return 1;
    return fold_to_constant(f, e, fold_operate(e->v.BinOp.op, v, right->v.Constant.value));
}

/* -- Containers ------------------------------------------------------------------------------ */

/* A tuple of the values, or NULL (maybe with an exception) when one is not constant. */
static PyObject *fold_constant_tuple(expr_seq *elts)
{
    Py_ssize_t n = seq_len(elts);
    for (Py_ssize_t i = 0; i < n; i++)
        if (elts->at[i]->kind != Constant_kind)
            return NULL;
    PyObject *tuple = PyTuple_New(n);
    for (Py_ssize_t i = 0; tuple && i < n; i++) {
        PyObject *value = elts->at[i]->v.Constant.value;
        Py_INCREF(value);
        PyTuple_SET_ITEM(tuple, i, value);
    }
    return tuple;
}

/* NULL without an exception: `e` was not constant. */
static int fold_maybe_constant(Fold *f, expr e, PyObject *value)
{
    return value || PyErr_Occurred() ? fold_to_constant(f, e, value) : 1;
}

static int fold_tuple(Fold *f, expr e)
{
    return e->v.Tuple.ctx != Load ? 1
                                  : fold_maybe_constant(f, e, fold_constant_tuple(e->v.Tuple.elts));
}

static int fold_subscript(Fold *f, expr e)
{
    expr value = e->v.Subscript.value, slice = e->v.Subscript.slice;
    if (e->v.Subscript.ctx != Load || value->kind != Constant_kind || slice->kind != Constant_kind)
        return 1;
    return fold_to_constant(f, e,
                            PyObject_GetItem(value->v.Constant.value, slice->v.Constant.value));
}

/* A display that is only iterated over or searched: list to tuple, constant set to frozenset. */
static int fold_iter(Fold *f, expr e)
{
    if (e->kind == List_kind) {
        expr_seq *elts = e->v.List.elts;
        if (format_has_starred(elts))
            return 1;
        expr_context ctx = e->v.List.ctx;
        e->kind = Tuple_kind;
        e->v.Tuple.elts = elts;
        e->v.Tuple.ctx = ctx;
        return fold_maybe_constant(f, e, fold_constant_tuple(elts));
    }
    if (e->kind == Set_kind) {
        PyObject *value = fold_constant_tuple(e->v.Set.elts);
        if (value)
            Py_SETREF(value, PyFrozenSet_New(value));
        return fold_maybe_constant(f, e, value);
    }
    return 1;
}

static int fold_compare(Fold *f, expr e)
{
    cmpop last = e->v.Compare.ops->at[e->v.Compare.ops->n - 1];
    expr_seq *comparators = e->v.Compare.comparators;
    return last == In || last == NotIn ? fold_iter(f, comparators->at[comparators->n - 1]) : 1;
}

/* -- Expressions ----------------------------------------------------------------------------- */

static int fold_opt(Fold *f, expr e)
{
    return !e || fold_expr(f, e);
}

static int fold_exprs(Fold *f, expr_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (seq->at[i] && !fold_expr(f, seq->at[i]))
            return 0;
    return 1;
}

static int fold_keywords(Fold *f, keyword_seq *keywords)
{
    for (Py_ssize_t i = 0; i < seq_len(keywords); i++)
        if (!fold_expr(f, keywords->at[i]->value))
            return 0;
    return 1;
}

static int fold_comprehensions(Fold *f, comprehension_seq *generators)
{
    for (Py_ssize_t i = 0; i < seq_len(generators); i++) {
        comprehension g = generators->at[i];
        if (!fold_expr(f, g->target) || !fold_expr(f, g->iter) || !fold_exprs(f, g->ifs)
            || !fold_iter(f, g->iter))
            return 0;
    }
    return 1;
}

/* Annotations that become strings must keep their source's shape. */
static int fold_annotation(Fold *f, expr annotation)
{
    return f->ff_features & CO_FUTURE_ANNOTATIONS || fold_opt(f, annotation);
}

static int fold_args(Fold *f, arg_seq *args)
{
    for (Py_ssize_t i = 0; i < seq_len(args); i++)
        if (!fold_annotation(f, args->at[i]->annotation))
            return 0;
    return 1;
}

static int fold_arguments(Fold *f, arguments a)
{
    return fold_args(f, a->posonlyargs) && fold_args(f, a->args)
        && (!a->vararg || fold_annotation(f, a->vararg->annotation)) && fold_args(f, a->kwonlyargs)
        && fold_exprs(f, a->kw_defaults) && (!a->kwarg || fold_annotation(f, a->kwarg->annotation))
        && fold_exprs(f, a->defaults);
}

static int fold_name(Fold *f, expr e)
{
    if (e->v.Name.ctx != Load || PyUnicode_CompareWithASCIIString(e->v.Name.id, "__debug__") != 0)
        return 1;
    return fold_to_constant(f, e, PyBool_FromLong(!f->optimize));
}

static int fold_expr_fields(Fold *f, expr e)
{
    switch (e->kind) {
    case BoolOp_kind: return fold_exprs(f, e->v.BoolOp.values);
    case BinOp_kind:
        return fold_expr(f, e->v.BinOp.left) && fold_expr(f, e->v.BinOp.right) && fold_binop(f, e);
    case UnaryOp_kind: return fold_expr(f, e->v.UnaryOp.operand) && fold_unaryop(f, e);
    case Lambda_kind: return fold_arguments(f, e->v.Lambda.args) && fold_expr(f, e->v.Lambda.body);
    case IfExp_kind:
        return fold_expr(f, e->v.IfExp.test) && fold_expr(f, e->v.IfExp.body)
               && fold_expr(f, e->v.IfExp.orelse);
    case Dict_kind: return fold_exprs(f, e->v.Dict.keys) && fold_exprs(f, e->v.Dict.values);
    case Set_kind: return fold_exprs(f, e->v.Set.elts);
    case ListComp_kind:
        return fold_expr(f, e->v.ListComp.elt) && fold_comprehensions(f, e->v.ListComp.generators);
    case SetComp_kind:
        return fold_expr(f, e->v.SetComp.elt) && fold_comprehensions(f, e->v.SetComp.generators);
    case DictComp_kind:
        return fold_expr(f, e->v.DictComp.key) && fold_expr(f, e->v.DictComp.value)
            && fold_comprehensions(f, e->v.DictComp.generators);
    case GeneratorExp_kind:
        return fold_expr(f, e->v.GeneratorExp.elt)
               && fold_comprehensions(f, e->v.GeneratorExp.generators);
    case Await_kind: return fold_expr(f, e->v.Await.value);
    case Yield_kind: return fold_opt(f, e->v.Yield.value);
    case YieldFrom_kind: return fold_expr(f, e->v.YieldFrom.value);
    case Compare_kind:
        return fold_expr(f, e->v.Compare.left) && fold_exprs(f, e->v.Compare.comparators)
               && fold_compare(f, e);
    case Call_kind:
        return fold_expr(f, e->v.Call.func) && fold_exprs(f, e->v.Call.args)
               && fold_keywords(f, e->v.Call.keywords);
    case FormattedValue_kind:
        return fold_expr(f, e->v.FormattedValue.value)
               && fold_opt(f, e->v.FormattedValue.format_spec);
    case JoinedStr_kind: return fold_exprs(f, e->v.JoinedStr.values);
    case Attribute_kind: return fold_expr(f, e->v.Attribute.value);
    case Subscript_kind:
        return fold_expr(f, e->v.Subscript.value) && fold_expr(f, e->v.Subscript.slice)
               && fold_subscript(f, e);
    case Starred_kind: return fold_expr(f, e->v.Starred.value);
    case Slice_kind:
        return fold_opt(f, e->v.Slice.lower) && fold_opt(f, e->v.Slice.upper)
               && fold_opt(f, e->v.Slice.step);
    case List_kind: return fold_exprs(f, e->v.List.elts);
    case Tuple_kind: return fold_exprs(f, e->v.Tuple.elts) && fold_tuple(f, e);
    case Name_kind: return fold_name(f, e);
    case NamedExpr_kind: return fold_expr(f, e->v.NamedExpr.value);
    case Constant_kind: case expr_none: break;
    }
    return 1;
}

static int fold_enter(Fold *f)
{
    if (++f->depth <= f->limit && !cstack_short())
        return 1;
    PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded during compilation");
    return 0;
}

static int fold_expr(Fold *f, expr e)
{
    int ok = fold_enter(f) && fold_expr_fields(f, e);
    f->depth--;
    return ok;
}

/* -- Patterns -------------------------------------------------------------------------------- */

static int fold_patterns(Fold *f, pattern_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!fold_pattern(f, seq->at[i]))
            return 0;
    return 1;
}

/* Signed and complex numbers become constants; nothing else in a pattern is an operation. */
static int fold_pattern_fields(Fold *f, pattern p)
{
    switch (p->kind) {
    case MatchValue_kind: return fold_expr(f, p->v.MatchValue.value);
    case MatchSequence_kind: return fold_patterns(f, p->v.MatchSequence.patterns);
    case MatchMapping_kind:
        return fold_exprs(f, p->v.MatchMapping.keys)
               && fold_patterns(f, p->v.MatchMapping.patterns);
    case MatchClass_kind:
        return fold_expr(f, p->v.MatchClass.cls) && fold_patterns(f, p->v.MatchClass.patterns)
            && fold_patterns(f, p->v.MatchClass.kwd_patterns);
    case MatchAs_kind: return !p->v.MatchAs.pattern || fold_pattern(f, p->v.MatchAs.pattern);
    case MatchOr_kind: return fold_patterns(f, p->v.MatchOr.patterns);
    default: return 1;
    }
}

static int fold_pattern(Fold *f, pattern p)
{
    int ok = fold_enter(f) && fold_pattern_fields(f, p);
    f->depth--;
    return ok;
}

/* -- Statements ------------------------------------------------------------------------------ */

/* A body whose first statement became a string by folding has no docstring: the constant is hidden
 * in a JoinedStr. */
static int fold_body(Fold *f, stmt_seq *body)
{
    bool docstring = ast_docstring(body) != NULL;
    if (!fold_stmts(f, body))
        return 0;
    if (docstring || !ast_docstring(body))
        return 1;
    stmt first = body->at[0];
    expr_seq *values = seq_new(expr, f->arena, 1);
    if (!values)
        return 0;
    values->at[0] = first->v.Expr.value;
    first->v.Expr.value =
        format_new(f, (struct expr_node){
                          .kind = JoinedStr_kind, .pos = first->pos, .v.JoinedStr.values = values});
    return first->v.Expr.value != NULL;
}

static int fold_withitems(Fold *f, withitem_seq *items)
{
    for (Py_ssize_t i = 0; i < seq_len(items); i++)
        if (!fold_expr(f, items->at[i]->context_expr) || !fold_opt(f, items->at[i]->optional_vars))
            return 0;
    return 1;
}

static int fold_handlers(Fold *f, excepthandler_seq *handlers)
{
    for (Py_ssize_t i = 0; i < seq_len(handlers); i++)
        if (!fold_opt(f, handlers->at[i]->v.ExceptHandler.type)
            || !fold_stmts(f, handlers->at[i]->v.ExceptHandler.body))
            return 0;
    return 1;
}

static int fold_cases(Fold *f, match_case_seq *cases)
{
    for (Py_ssize_t i = 0; i < seq_len(cases); i++)
        if (!fold_pattern(f, cases->at[i]->pattern) || !fold_opt(f, cases->at[i]->guard)
            || !fold_stmts(f, cases->at[i]->body))
            return 0;
    return 1;
}

static int fold_function(Fold *f, arguments args, stmt_seq *body, expr_seq *decorators,
                         expr returns)
{
    return fold_arguments(f, args) && fold_body(f, body) && fold_exprs(f, decorators)
           && fold_annotation(f, returns);
}

static int fold_stmt_fields(Fold *f, stmt s)
{
    switch (s->kind) {
    case FunctionDef_kind:
        return fold_function(f, s->v.FunctionDef.args, s->v.FunctionDef.body,
                             s->v.FunctionDef.decorator_list, s->v.FunctionDef.returns);
    case AsyncFunctionDef_kind:
        return fold_function(f, s->v.AsyncFunctionDef.args, s->v.AsyncFunctionDef.body,
                             s->v.AsyncFunctionDef.decorator_list, s->v.AsyncFunctionDef.returns);
    case ClassDef_kind:
        return fold_exprs(f, s->v.ClassDef.bases) && fold_keywords(f, s->v.ClassDef.keywords)
            && fold_body(f, s->v.ClassDef.body) && fold_exprs(f, s->v.ClassDef.decorator_list);
    case Return_kind: return fold_opt(f, s->v.Return.value);
    case Delete_kind: return fold_exprs(f, s->v.Delete.targets);
    case Assign_kind: return fold_exprs(f, s->v.Assign.targets) && fold_expr(f, s->v.Assign.value);
    case AugAssign_kind:
        return fold_expr(f, s->v.AugAssign.target) && fold_expr(f, s->v.AugAssign.value);
    case AnnAssign_kind:
        return fold_expr(f, s->v.AnnAssign.target) && fold_annotation(f, s->v.AnnAssign.annotation)
            && fold_opt(f, s->v.AnnAssign.value);
    case For_kind:
        return fold_expr(f, s->v.For.target) && fold_expr(f, s->v.For.iter)
               && fold_stmts(f, s->v.For.body) && fold_stmts(f, s->v.For.orelse)
               && fold_iter(f, s->v.For.iter);
    case AsyncFor_kind:
        return fold_expr(f, s->v.AsyncFor.target) && fold_expr(f, s->v.AsyncFor.iter)
               && fold_stmts(f, s->v.AsyncFor.body) && fold_stmts(f, s->v.AsyncFor.orelse);
    case While_kind:
        return fold_expr(f, s->v.While.test) && fold_stmts(f, s->v.While.body)
               && fold_stmts(f, s->v.While.orelse);
    case If_kind:
        return fold_expr(f, s->v.If.test) && fold_stmts(f, s->v.If.body)
               && fold_stmts(f, s->v.If.orelse);
    case With_kind: return fold_withitems(f, s->v.With.items) && fold_stmts(f, s->v.With.body);
    case AsyncWith_kind:
        return fold_withitems(f, s->v.AsyncWith.items) && fold_stmts(f, s->v.AsyncWith.body);
    case Match_kind: return fold_expr(f, s->v.Match.subject) && fold_cases(f, s->v.Match.cases);
    case Raise_kind: return fold_opt(f, s->v.Raise.exc) && fold_opt(f, s->v.Raise.cause);
    case Try_kind:
        return fold_stmts(f, s->v.Try.body) && fold_handlers(f, s->v.Try.handlers)
               && fold_stmts(f, s->v.Try.orelse) && fold_stmts(f, s->v.Try.finalbody);
    case TryStar_kind:
        return fold_stmts(f, s->v.TryStar.body) && fold_handlers(f, s->v.TryStar.handlers)
            && fold_stmts(f, s->v.TryStar.orelse) && fold_stmts(f, s->v.TryStar.finalbody);
    case Assert_kind: return fold_expr(f, s->v.Assert.test) && fold_opt(f, s->v.Assert.msg);
    case Expr_kind: return fold_expr(f, s->v.Expr.value);
    default: return 1;
    }
}

static int fold_stmts(Fold *f, stmt_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++) {
        int ok = fold_enter(f) && fold_stmt_fields(f, seq->at[i]);
        f->depth--;
        if (!ok)
            return 0;
    }
    return 1;
}

/* -- All ------------------------------------------------------------------------------------- */

int ast_optimize(mod tree, Arena *arena, int optimize, int ff_features)
{
    enum { SCALE = 3 }; /* a level of the tree takes less C stack than a Python call */
    PyThreadState *tstate = PyThreadState_Get();
    int limit = Py_GetRecursionLimit(), ok = 1;
    Fold f = {arena, optimize, ff_features,
              (tstate->recursion_limit - tstate->recursion_remaining) * SCALE,
              limit < INT_MAX / SCALE ? limit * SCALE : limit};
    switch (tree->kind) {
    case Module_kind: ok = fold_body(&f, tree->v.Module.body); break;
    case Interactive_kind: ok = fold_stmts(&f, tree->v.Interactive.body); break;
    case Expression_kind: ok = fold_expr(&f, tree->v.Expression.body); break;
    case FunctionType_kind: case mod_none: break;
    }
    return ok ? 0 : -1;
}
