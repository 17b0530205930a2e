/* SPDX-License-Identifier: MIT
 *
 * Code of expressions, except calls (call.c) and comprehensions (comprehension.c).
 */
#include "base/cstack.h"
#include "compile/compile_impl.h"

/* -- Operators -------------------------------------------------------------------------------- */

bool cg_binary(Compiler *c, operator op, bool inplace)
{
    static const int numbers[] = {
        [Add] = NB_ADD,
        [Sub] = NB_SUBTRACT,
        [Mult] = NB_MULTIPLY,
        [MatMult] = NB_MATRIX_MULTIPLY,
        [Div] = NB_TRUE_DIVIDE,
        [Mod] = NB_REMAINDER,
        [Pow] = NB_POWER,
        [LShift] = NB_LSHIFT,
        [RShift] = NB_RSHIFT,
        [BitOr] = NB_OR,
        [BitXor] = NB_XOR,
        [BitAnd] = NB_AND,
        [FloorDiv] = NB_FLOOR_DIVIDE,
    };
    return cg_op_arg(c, OP_BINARY_OP, numbers[op] + (inplace ? NB_INPLACE_ADD - NB_ADD : 0));
}

static int unary_op(unaryop op)
{
    static const int ops[] = {[Invert] = OP_UNARY_INVERT,
                              [Not] = OP_UNARY_NOT,
                              [UAdd] = OP_UNARY_POSITIVE,
                              [USub] = OP_UNARY_NEGATIVE};
    return ops[op];
}

bool cg_compare_op(Compiler *c, cmpop op)
{
    static const int numbers[] = {
        [Eq] = Py_EQ, [NotEq] = Py_NE, [Lt] = Py_LT, [LtE] = Py_LE, [Gt] = Py_GT, [GtE] = Py_GE};
    switch (op) {
    case Is: return cg_op_arg(c, OP_IS_OP, 0);
    case IsNot: return cg_op_arg(c, OP_IS_OP, 1);
    case In: return cg_op_arg(c, OP_CONTAINS_OP, 0);
    case NotIn: return cg_op_arg(c, OP_CONTAINS_OP, 1);
    default: return cg_op_arg(c, OP_COMPARE_OP, numbers[op]);
    }
}

/* Each value but the last: JUMP_IF_…_OR_POP end. */
static bool cg_bool_op(Compiler *c, expr e)
{
    int jump = e->v.BoolOp.op == And ? OP_JUMP_IF_FALSE_OR_POP : OP_JUMP_IF_TRUE_OR_POP;
    expr_seq *values = e->v.BoolOp.values;
    Py_ssize_t last = seq_len(values) - 1;
    Block *end = cg_block(c);
    if (end == NULL)
        return false;
    for (Py_ssize_t i = 0; i < last; i++) {
        if (!cg_expr(c, values->at[i]) || !cg_jump(c, jump, end))
            return false;
        Block *next = cg_block(c);
        if (next == NULL)
            return false;
        cg_use(c, next);
    }
    if (!cg_expr(c, values->at[last]))
        return false;
    cg_use(c, end);
    return true;
}

/* [left right] -> keeps right for the next comparison, below the result. */
static bool cg_compare_link(Compiler *c, expr e, Py_ssize_t i)
{
    return cg_expr(c, e->v.Compare.comparators->at[i]) && cg_op_arg(c, OP_SWAP, 2) &&
           cg_op_arg(c, OP_COPY, 2) && cg_compare_op(c, e->v.Compare.ops->at[i]);
}

/* a < b < c: b is kept below the first result; a false one drops it and is the value. */
static bool cg_compare(Compiler *c, expr e)
{
    Py_ssize_t last = seq_len(e->v.Compare.ops) - 1;
    if (!check_compare(c, e) || !cg_expr(c, e->v.Compare.left))
        return false;
    if (last == 0)
        return cg_expr(c, e->v.Compare.comparators->at[0]) &&
               cg_compare_op(c, e->v.Compare.ops->at[0]);
    Block *cleanup = cg_block(c);
    if (cleanup == NULL)
        return false;
    for (Py_ssize_t i = 0; i < last; i++)
        if (!cg_compare_link(c, e, i) || !cg_jump(c, OP_JUMP_IF_FALSE_OR_POP, cleanup))
            return false;
    if (!cg_expr(c, e->v.Compare.comparators->at[last]) ||
        !cg_compare_op(c, e->v.Compare.ops->at[last]))
        return false;
    Block *end = cg_block(c);
    if (end == NULL || !cg_jump_noline(c, OP_JUMP, end))
        return false;
    cg_use(c, cleanup);
    if (!cg_op_arg(c, OP_SWAP, 2) || !cg_op(c, OP_POP_TOP))
        return false;
    cg_use(c, end);
    return true;
}

static bool cg_if_expr(Compiler *c, expr e)
{
    Block *end = cg_block(c), *next = cg_block(c);
    if (!end || !next || !cg_jump_if(c, e->v.IfExp.test, next, false) ||
        !cg_expr(c, e->v.IfExp.body) || !cg_jump_noline(c, OP_JUMP, end))
        return false;
    cg_use(c, next);
    if (!cg_expr(c, e->v.IfExp.orelse))
        return false;
    cg_use(c, end);
    return true;
}

/* -- Conditions ------------------------------------------------------------------------------- */

/* Conditions never make a bool on the stack: they jump. */
static bool jump_if_bool_op(Compiler *c, expr e, Block *target, bool when)
{
    expr_seq *values = e->v.BoolOp.values;
    Py_ssize_t last = seq_len(values) - 1;
    bool stop = e->v.BoolOp.op == Or; /* the outcome that ends the evaluation early */
    Block *early = stop == when ? target : cg_block(c);
    if (early == NULL)
        return false;
    for (Py_ssize_t i = 0; i < last; i++)
        if (!cg_jump_if(c, values->at[i], early, stop))
            return false;
    if (!cg_jump_if(c, values->at[last], target, when))
        return false;
    if (early != target)
        cg_use(c, early);
    return true;
}

static bool jump_if_if_expr(Compiler *c, expr e, Block *target, bool when)
{
    Block *end = cg_block(c), *next = cg_block(c);
    if (!end || !next || !cg_jump_if(c, e->v.IfExp.test, next, false) ||
        !cg_jump_if(c, e->v.IfExp.body, target, when) || !cg_jump_noline(c, OP_JUMP, end))
        return false;
    cg_use(c, next);
    if (!cg_jump_if(c, e->v.IfExp.orelse, target, when))
        return false;
    cg_use(c, end);
    return true;
}

static bool jump_if_chain(Compiler *c, expr e, Block *target, bool when)
{
    Py_ssize_t last = seq_len(e->v.Compare.ops) - 1;
    if (!check_compare(c, e))
        return false;
    Block *cleanup = cg_block(c);
    if (cleanup == NULL || !cg_expr(c, e->v.Compare.left))
        return false;
    for (Py_ssize_t i = 0; i < last; i++)
        if (!cg_compare_link(c, e, i) || !cg_jump(c, OP_POP_JUMP_IF_FALSE, cleanup))
            return false;
    if (!cg_expr(c, e->v.Compare.comparators->at[last]) ||
        !cg_compare_op(c, e->v.Compare.ops->at[last]) ||
        !cg_jump(c, when ? OP_POP_JUMP_IF_TRUE : OP_POP_JUMP_IF_FALSE, target))
        return false;
    Block *end = cg_block(c);
    if (end == NULL || !cg_jump_noline(c, OP_JUMP, end))
        return false;
    cg_use(c, cleanup);
    if (!cg_op(c, OP_POP_TOP) || (!when && !cg_jump_noline(c, OP_JUMP, target)))
        return false;
    cg_use(c, end);
    return true;
}

/* Jumps to `target` when the truth of `e` is `when`, else goes on. */
bool cg_jump_if(Compiler *c, expr e, Block *target, bool when)
{
    if (!cstack_allows(" during compilation"))
        return false;
    switch (e->kind) {
    case UnaryOp_kind:
        if (e->v.UnaryOp.op == Not)
            return cg_jump_if(c, e->v.UnaryOp.operand, target, !when);
        break;
    case BoolOp_kind: return jump_if_bool_op(c, e, target, when);
    case IfExp_kind: return jump_if_if_expr(c, e, target, when);
    case Compare_kind:
        AT(c, e);
        if (seq_len(e->v.Compare.ops) > 1)
            return jump_if_chain(c, e, target, when);
        break;
    default: break;
    }
    return cg_expr(c, e) && cg_jump(c, when ? OP_POP_JUMP_IF_TRUE : OP_POP_JUMP_IF_FALSE, target);
}

/* -- Displays --------------------------------------------------------------------------------- */

/* Are seq[begin, end) constants? */
bool cg_all_const(expr_seq *seq, Py_ssize_t begin, Py_ssize_t end)
{
    for (Py_ssize_t i = begin; i < end; i++)
        if (seq->at[i] == NULL || seq->at[i]->kind != Constant_kind)
            return false;
    return true;
}

static PyObject *const_tuple(expr_seq *seq, Py_ssize_t begin, Py_ssize_t end)
{
    PyObject *tuple = PyTuple_New(end - begin);
    for (Py_ssize_t i = begin; tuple && i < end; i++)
        PyTuple_SET_ITEM(tuple, i - begin, Py_NewRef(seq->at[i]->v.Constant.value));
    return tuple;
}

static bool cg_folded(Compiler *c, expr_seq *elts, Py_ssize_t pushed, int build, int add,
                      int extend, bool tuple)
{
    PyObject *folded = const_tuple(elts, 0, seq_len(elts));
    if (folded == NULL || (tuple && !pushed))
        return cg_const_steal(c, folded);
    if (add == OP_SET_ADD)
        Py_SETREF(folded, PyFrozenSet_New(folded));
    if (folded == NULL || !cg_op_arg(c, build, pushed)) {
        Py_XDECREF(folded);
        return false;
    }
    return cg_const_steal(c, folded) && cg_op_arg(c, extend, 1) &&
           (!tuple || cg_op(c, OP_LIST_TO_TUPLE));
}

static bool has_starred(expr_seq *elts)
{
    for (Py_ssize_t i = 0; i < seq_len(elts); i++)
        if (elts->at[i]->kind == Starred_kind)
            return true;
    return false;
}

/* A list, set or tuple of `elts` after `pushed` values that are on the stack already. */
bool cg_star_build(Compiler *c, expr_seq *elts, Py_ssize_t pushed, int build, int add, int extend,
                   bool tuple)
{
    Py_ssize_t n = seq_len(elts);
    if (n > 2 && cg_all_const(elts, 0, n))
        return cg_folded(c, elts, pushed, build, add, extend, tuple);
    bool big = n + pushed > STACK_USE_GUIDELINE;
    if (!big && !has_starred(elts))
        return cg_exprs(c, elts) && cg_op_arg(c, tuple ? OP_BUILD_TUPLE : build, n + pushed);
    bool built = big;
    if (big && !cg_op_arg(c, build, pushed))
        return false;
    for (Py_ssize_t i = 0; i < n; i++) {
        expr e = elts->at[i];
        if (e->kind == Starred_kind) {
            if (!built && !cg_op_arg(c, build, i + pushed))
                return false;
            built = true;
            if (!cg_expr(c, e->v.Starred.value) || !cg_op_arg(c, extend, 1))
                return false;
        }
        else if (!cg_expr(c, e) || (built && !cg_op_arg(c, add, 1)))
            return false;
    }
    return !tuple || cg_op(c, OP_LIST_TO_TUPLE);
}

static bool cg_unpack(Compiler *c, expr_seq *elts)
{
    Py_ssize_t n = seq_len(elts);
    bool starred = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (elts->at[i]->kind != Starred_kind)
            continue;
        if (starred)
            return cg_error(c, "multiple starred expressions in assignment");
        if (i >= 1 << 8 || n - i - 1 >= INT_MAX >> 8)
            return cg_error(c, "too many expressions in star-unpacking assignment");
        if (!cg_op_arg(c, OP_UNPACK_EX, i + ((n - i - 1) << 8)))
            return false;
        starred = true;
    }
    return starred || cg_op_arg(c, OP_UNPACK_SEQUENCE, n);
}

/* A display to load, or a target to unpack into. */
static bool cg_sequence(Compiler *c, expr_seq *elts, expr_context ctx, bool tuple)
{
    if (ctx == Load)
        return cg_star_build(c, elts, 0, OP_BUILD_LIST, OP_LIST_APPEND, OP_LIST_EXTEND, tuple);
    if (ctx == Store && !cg_unpack(c, elts))
        return false;
    for (Py_ssize_t i = 0; i < seq_len(elts); i++) {
        expr e = elts->at[i];
        if (!cg_expr(c, ctx == Store && e->kind == Starred_kind ? e->v.Starred.value : e))
            return false;
    }
    return true;
}

/* The pairs [begin, end) as a new dict. */
static bool cg_dict_part(Compiler *c, expr e, Py_ssize_t begin, Py_ssize_t end)
{
    expr_seq *keys = e->v.Dict.keys, *values = e->v.Dict.values;
    Py_ssize_t n = end - begin;
    bool big = 2 * n > STACK_USE_GUIDELINE;
    if (n > 1 && !big && cg_all_const(keys, begin, end)) {
        for (Py_ssize_t i = begin; i < end; i++)
            if (!cg_expr(c, values->at[i]))
                return false;
        return cg_const_steal(c, const_tuple(keys, begin, end)) &&
               cg_op_arg(c, OP_BUILD_CONST_KEY_MAP, n);
    }
    if (big && !cg_op_arg(c, OP_BUILD_MAP, 0))
        return false;
    for (Py_ssize_t i = begin; i < end; i++)
        if (!cg_expr(c, keys->at[i]) || !cg_expr(c, values->at[i]) ||
            (big && !cg_op_arg(c, OP_MAP_ADD, 1)))
            return false;
    return big || cg_op_arg(c, OP_BUILD_MAP, n);
}

/* The pairs [i-n, i) become a dict, or are added to the one there is. */
static bool cg_dict_flush(Compiler *c, expr e, Py_ssize_t begin, Py_ssize_t end, bool *have)
{
    if (!cg_dict_part(c, e, begin, end) || (*have && !cg_op_arg(c, OP_DICT_UPDATE, 1)))
        return false;
    *have = true;
    return true;
}

/* Runs of pairs, with DICT_UPDATE for each `**x` between them. */
static bool cg_dict(Compiler *c, expr e)
{
    Py_ssize_t n = seq_len(e->v.Dict.values), waiting = 0;
    bool have = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (e->v.Dict.keys->at[i]) {
            if (waiting * 2 <= STACK_USE_GUIDELINE) {
                waiting++;
                continue;
            }
            if (!cg_dict_flush(c, e, i - waiting, i + 1, &have))
                return false;
            waiting = 0;
            continue;
        }
        if (waiting && !cg_dict_flush(c, e, i - waiting, i, &have))
            return false;
        waiting = 0;
        if (!have && !cg_op_arg(c, OP_BUILD_MAP, 0))
            return false;
        have = true;
        if (!cg_expr(c, e->v.Dict.values->at[i]) || !cg_op_arg(c, OP_DICT_UPDATE, 1))
            return false;
    }
    if (waiting && !cg_dict_flush(c, e, n - waiting, n, &have))
        return false;
    return have || cg_op_arg(c, OP_BUILD_MAP, 0);
}

/* -- Formatted strings ------------------------------------------------------------------------ */

static bool cg_joined_str(Compiler *c, expr e)
{
    expr_seq *values = e->v.JoinedStr.values;
    Py_ssize_t n = seq_len(values);
    if (n <= STACK_USE_GUIDELINE)
        return cg_exprs(c, values) && (n == 1 || cg_op_arg(c, OP_BUILD_STRING, n));
    if (!cg_const(c, EMPTY_STR) || !cg_op_name(c, OP_LOAD_METHOD, ID(join)) ||
        !cg_op_arg(c, OP_BUILD_LIST, 0))
        return false;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!cg_expr(c, values->at[i]) || !cg_op_arg(c, OP_LIST_APPEND, 1))
            return false;
    return cg_call(c, 1);
}

static bool cg_formatted_value(Compiler *c, expr e)
{
    int how;
    if (!cg_expr(c, e->v.FormattedValue.value))
        return false;
    switch (e->v.FormattedValue.conversion) {
    case 's': how = 1; break;
    case 'r': how = 2; break;
    case 'a': how = 3; break;
    case -1: how = 0; break;
    default:
        PyErr_Format(PyExc_SystemError, "Unrecognized conversion character %d",
                     e->v.FormattedValue.conversion);
        return false;
    }
    if (e->v.FormattedValue.format_spec) {
        if (!cg_expr(c, e->v.FormattedValue.format_spec))
            return false;
        how |= 4;
    }
    return cg_op_arg(c, OP_FORMAT_VALUE, how);
}

/* -- Attributes and subscripts ---------------------------------------------------------------- */

/* An attribute on several lines: its instruction starts at the name, which ends it. */
bool cg_attr_pos(Compiler *c, expr e)
{
    Pos *p = &c->u->pos;
    if (p->lineno == e->pos.end_lineno)
        return true;
    Py_ssize_t n = PyUnicode_GET_LENGTH(e->v.Attribute.attr);
    p->lineno = e->pos.end_lineno;
    if (n <= e->pos.end_col_offset)
        p->col_offset = e->pos.end_col_offset - (int)n;
    else /* a tree that no source gives */
        p->col_offset = p->end_col_offset = -1;
    p->end_lineno = Py_MAX(p->lineno, p->end_lineno);
    return true;
}

static bool cg_attribute(Compiler *c, expr e)
{
    static const int ops[] = {
        [Load] = OP_LOAD_ATTR, [Store] = OP_STORE_ATTR, [Del] = OP_DELETE_ATTR};
    expr_context ctx = e->v.Attribute.ctx;
    return cg_expr(c, e->v.Attribute.value) && cg_attr_pos(c, e) &&
           (ctx == Del || cg_allowed_name(c, e->v.Attribute.attr, ctx)) &&
           cg_op_name(c, ops[ctx], e->v.Attribute.attr);
}

static bool cg_subscript(Compiler *c, expr e)
{
    static const int ops[] = {
        [Load] = OP_BINARY_SUBSCR, [Store] = OP_STORE_SUBSCR, [Del] = OP_DELETE_SUBSCR};
    expr_context ctx = e->v.Subscript.ctx;
    if (ctx == Load && !check_subscript(c, e->v.Subscript.value, e->v.Subscript.slice))
        return false;
    return cg_expr(c, e->v.Subscript.value) && cg_expr(c, e->v.Subscript.slice) &&
           cg_op(c, ops[ctx]);
}

/* A missing bound of a slice. */
static bool cg_or_none(Compiler *c, expr e)
{
    return e ? cg_expr(c, e) : cg_const(c, Py_None);
}

static bool cg_slice(Compiler *c, expr e)
{
    return cg_or_none(c, e->v.Slice.lower) && cg_or_none(c, e->v.Slice.upper) &&
           (!e->v.Slice.step || cg_expr(c, e->v.Slice.step)) &&
           cg_op_arg(c, OP_BUILD_SLICE, e->v.Slice.step ? 3 : 2);
}

static bool cg_starred(Compiler *c, expr e)
{
    return cg_error(c, e->v.Starred.ctx == Store
                           ? "starred assignment target must be in a list or tuple"
                           : "can't use starred expression here");
}

/* -- Generators and coroutines ---------------------------------------------------------------- */

bool cg_yield(Compiler *c)
{
    Scope *s = c->u->scope;
    return (!(s->generator && s->coroutine) || cg_op(c, OP_ASYNC_GEN_WRAP)) &&
           cg_op(c, OP_YIELD_VALUE) && cg_op_arg(c, OP_RESUME, 1);
}

static bool cg_yield_expr(Compiler *c, expr e)
{
    if (c->u->scope->type != FUNCTION_BLOCK)
        return cg_error(c, "'yield' outside function");
    return cg_or_none(c, e->v.Yield.value) && cg_yield(c);
}

static bool cg_yield_from_expr(Compiler *c, expr e)
{
    if (c->u->scope->type != FUNCTION_BLOCK)
        return cg_error(c, "'yield' outside function");
    if (c->u->type == UNIT_ASYNC_FUNCTION)
        return cg_error(c, "'yield from' inside async function");
    return cg_expr(c, e->v.YieldFrom.value) && cg_op(c, OP_GET_YIELD_FROM_ITER) &&
           cg_const(c, Py_None) && cg_yield_from(c, false);
}

static bool cg_await_expr(Compiler *c, expr e)
{
    if (!unit_is_top_level_await(c)) {
        if (c->u->scope->type != FUNCTION_BLOCK)
            return cg_error(c, "'await' outside function");
        if (c->u->type != UNIT_ASYNC_FUNCTION && c->u->type != UNIT_COMPREHENSION)
            return cg_error(c, "'await' outside async function");
    }
    return cg_expr(c, e->v.Await.value) && cg_await(c, 0);
}

/* -- All expressions -------------------------------------------------------------------------- */

bool cg_exprs(Compiler *c, expr_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!cg_expr(c, seq->at[i]))
            return false;
    return true;
}

static bool cg_expr_kind(Compiler *c, expr e)
{
    switch (e->kind) {
    case NamedExpr_kind:
        return cg_expr(c, e->v.NamedExpr.value) && cg_op_arg(c, OP_COPY, 1) &&
               cg_expr(c, e->v.NamedExpr.target);
    case BoolOp_kind: return cg_bool_op(c, e);
    case BinOp_kind:
        return cg_expr(c, e->v.BinOp.left) && cg_expr(c, e->v.BinOp.right) &&
               cg_binary(c, e->v.BinOp.op, false);
    case UnaryOp_kind:
        return cg_expr(c, e->v.UnaryOp.operand) && cg_op(c, unary_op(e->v.UnaryOp.op));
    case Lambda_kind: return cg_lambda(c, e);
    case IfExp_kind: return cg_if_expr(c, e);
    case Dict_kind: return cg_dict(c, e);
    case Set_kind:
        return cg_star_build(c, e->v.Set.elts, 0, OP_BUILD_SET, OP_SET_ADD, OP_SET_UPDATE, false);
    case ListComp_kind: case SetComp_kind: case DictComp_kind: case GeneratorExp_kind:
        return cg_comprehension(c, e);
    case Await_kind: return cg_await_expr(c, e);
    case Yield_kind: return cg_yield_expr(c, e);
    case YieldFrom_kind: return cg_yield_from_expr(c, e);
    case Compare_kind: return cg_compare(c, e);
    case Call_kind: return cg_call_expr(c, e);
    case FormattedValue_kind: return cg_formatted_value(c, e);
    case JoinedStr_kind: return cg_joined_str(c, e);
    case Constant_kind: return cg_const(c, e->v.Constant.value);
    case Attribute_kind: return cg_attribute(c, e);
    case Subscript_kind: return cg_subscript(c, e);
    case Starred_kind: return cg_starred(c, e);
    case Name_kind: return cg_name(c, e->v.Name.id, e->v.Name.ctx);
    case List_kind: return cg_sequence(c, e->v.List.elts, e->v.List.ctx, false);
    case Tuple_kind: return cg_sequence(c, e->v.Tuple.elts, e->v.Tuple.ctx, true);
    case Slice_kind: return cg_slice(c, e);
    default:
        PyErr_Format(PyExc_SystemError, "compiler: no expression of kind %d", e->kind);
        return false;
    }
}

bool cg_expr(Compiler *c, expr e)
{
    Pos saved = c->u->pos;
    AT(c, e);
    if (!cstack_allows(" during compilation") || !cg_expr_kind(c, e))
        return false;
    c->u->pos = saved;
    return true;
}
