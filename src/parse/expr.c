/* SPDX-License-Identifier: MIT
 *
 * Expressions from the weakest operator down to primaries; atoms are in atom.c.
 *
 *      star_expressions   expression   disjunction   conjunction   inversion   comparison
 *      bitwise_or ... term (one function)   factor   power   await_primary   primary   atom
 *
 * Left-recursive rules of the reference grammar are loops here: `a: a '+' b | b` reads b, then as
 * long as an operator follows, another b. A binary operator whose right side fails gives back the
 * left side alone (the operator stays unread), as the alternatives of the grammar do.
 *
 * The six binary levels are one function with a strength instead of six functions: a lone name goes
 * through one call there, not six. Reference: language reference, chapter 6.
 */
#include "parse/parse_impl.h"

/* -- Lists of expressions -------------------------------------------------------------------- */

/* The tuple that begins with `first`, at start: (',' item)* [','] follow. */
static expr expr_tuple_rest(Parser *p, Token *start, expr first, expr (*item)(Parser *))
{
    int base = p->top;
    parse_push(p, first);
    while (take(p, COMMA)) {
        int mark = p->mark;
        expr e = item(p);
        if (!e) {
            p->mark = mark;
            break;
        }
        parse_push(p, e);
    }
    expr_seq *elts = parse_seq(p, base);
    return EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Load);
}

/* item (',' item)+ [','] | item ',' | item      more than one: a tuple */
static expr expr_tuple_of(Parser *p, expr (*item)(Parser *))
{
    Token *start = peek(p);
    expr first = item(p);
    return first && at(p, COMMA) ? expr_tuple_rest(p, start, first, item) : first;
}

/* expressions: expression (',' expression)+ [','] | expression ',' | expression */
expr parse_expressions(Parser *p)
{
    return expr_tuple_of(p, parse_expression);
}

/* star_expressions: star_expression (',' star_expression)+ [','] | star_expression ','
                   | star_expression */
expr parse_star_expressions(Parser *p)
{
    return expr_tuple_of(p, parse_star_expression);
}

/* '*' bitwise_or */
static expr expr_star_bitwise_or(Parser *p)
{
    Token *start = take(p, STAR);
    expr value = parse_bitwise_or(p);
    return value ? EXPR(p, Starred, pos_from(p, start), .value = value, .ctx = Load) : NULL;
}

static void *expr_star_expression(Parser *p)
{
    return at(p, STAR) ? expr_star_bitwise_or(p) : parse_expression(p);
}

/* star_expression (memo): '*' bitwise_or | expression */
expr parse_star_expression(Parser *p)
{
    return parse_memo(p, MEMO_STAR_EXPRESSION, expr_star_expression);
}

/* star_named_expressions: ','.star_named_expression+ [','] */
expr_seq *parse_star_named_expressions(Parser *p)
{
    int base = p->top;
    do {
        int mark = p->mark;
        expr e = parse_star_named_expression(p);
        if (!e) {
            p->mark = mark;
            break;
        }
        parse_push(p, e);
    } while (take(p, COMMA));
    return parse_seq(p, base);
}

/* star_named_expression: '*' bitwise_or | named_expression */
expr parse_star_named_expression(Parser *p)
{
    return at(p, STAR) ? expr_star_bitwise_or(p) : parse_named_expression(p);
}

/* starred_expression: '*' expression */
expr parse_starred_expression(Parser *p)
{
    Token *start = take(p, STAR);
    expr value = start ? parse_expression(p) : NULL;
    return value ? EXPR(p, Starred, pos_from(p, start), .value = value, .ctx = Load) : NULL;
}

/* -- Named and conditional expressions ------------------------------------------------------- */

/* assignment_expression: NAME ':=' ~ expression */
expr parse_assignment_expression(Parser *p)
{
    Token *name = take(p, NAME);
    if (!name || !take(p, COLONEQUAL))
        return NULL;
    expr value = parse_expression(p);
    if (!value || !parse_check_version(p, 8, "Assignment expressions are", value))
        return NULL;
    expr target = parse_name_expr(p, name, Store);
    return EXPR(p, NamedExpr, pos_from(p, name), .target = target, .value = value);
}

/* named_expression: assignment_expression | invalid_named_expression | expression !':=' */
expr parse_named_expression(Parser *p)
{
    int mark = p->mark;
    if (at(p, NAME) && peek_type(p, 1) == COLONEQUAL)
        return parse_assignment_expression(p); /* the cut: no other alternative */
    if (p->invalid) {
        invalid_named_expression(p);
        p->mark = mark;
    }
    expr e = parse_expression(p);
    return e && !at(p, COLONEQUAL) ? e : NULL;
}

/* The rule behind parse_expression. A conditional whose second half fails is its first half. */
static void *expr_expression(Parser *p)
{
    if (p->invalid)
        invalid_expression(p);
    if (at(p, KW_LAMBDA))
        return parse_lambdef(p);
    Token *start = peek(p);
    expr body = parse_disjunction(p), test, orelse;
    if (!body || !at(p, KW_IF))
        return body;
    int mark = p->mark++;
    if ((test = parse_disjunction(p)) && take(p, KW_ELSE) && (orelse = parse_expression(p)))
        return EXPR(p, IfExp, pos_from(p, start), .test = test, .body = body, .orelse = orelse);
    p->mark = mark;
    return body;
}

/* expression (memo): invalid_expression | invalid_legacy_expression
                    | disjunction 'if' disjunction 'else' expression | disjunction | lambdef */
expr parse_expression(Parser *p)
{
    expr e = NULL;
    if (parse_enter(p, 1))
        e = parse_memo(p, MEMO_EXPRESSION, expr_expression);
    parse_leave(p, 1);
    return e;
}

/* yield_expr: 'yield' 'from' expression | 'yield' [star_expressions] */
expr parse_yield_expr(Parser *p)
{
    Token *start = take(p, KW_YIELD);
    if (!start)
        return NULL;
    int mark = p->mark;
    if (take(p, KW_FROM)) {
        expr value = parse_expression(p);
        if (value)
            return EXPR(p, YieldFrom, pos_from(p, start), .value = value);
        p->mark = mark;
    }
    expr value = parse_star_expressions(p);
    if (!value)
        p->mark = mark;
    return EXPR(p, Yield, pos_from(p, start), .value = value);
}

/* lambdef: 'lambda' [lambda_params] ':' expression */
expr parse_lambdef(Parser *p)
{
    Token *start = take(p, KW_LAMBDA);
    if (!start)
        return NULL;
    arguments args = parse_enter(p, 8) ? parse_params(p, true) : NULL;
    parse_leave(p, 8);
    if (!args || !take(p, COLON))
        return NULL;
    expr body = parse_enter(p, 1) ? parse_expression(p) : NULL;
    parse_leave(p, 1);
    return body ? EXPR(p, Lambda, pos_from(p, start), .args = args, .body = body) : NULL;
}

/* -- Boolean operators ----------------------------------------------------------------------- */

/* operand (keyword operand)*      one operand is given as it is */
static expr expr_bool(Parser *p, expr (*operand)(Parser *), int keyword, boolop op)
{
    Token *start = peek(p);
    expr first = operand(p);
    if (!first || !at(p, keyword))
        return first;
    int base = p->top, mark;
    parse_push(p, first);
    while (mark = p->mark, take(p, keyword)) {
        expr e = operand(p);
        if (!e)
            break;
        parse_push(p, e);
    }
    p->mark = mark;
    if (p->top == base + 1) {
        parse_cut(p, base);
        return first;
    }
    expr_seq *values = parse_seq(p, base);
    return EXPR(p, BoolOp, pos_from(p, start), .op = op, .values = values);
}

static expr expr_conjunction_of(Parser *p);
static expr expr_inversion_of(Parser *p);

static void *expr_disjunction(Parser *p)
{
    return expr_bool(p, expr_conjunction_of, KW_OR, Or);
}

/* disjunction (memo): conjunction ('or' conjunction)+ | conjunction */
expr parse_disjunction(Parser *p)
{
    return parse_memo(p, MEMO_DISJUNCTION, expr_disjunction);
}

static void *expr_conjunction(Parser *p)
{
    return expr_bool(p, expr_inversion_of, KW_AND, And);
}

/* conjunction (memo): inversion ('and' inversion)+ | inversion */
static expr expr_conjunction_of(Parser *p)
{
    return parse_memo(p, MEMO_CONJUNCTION, expr_conjunction);
}

static expr expr_comparison(Parser *p);

static void *expr_inversion(Parser *p)
{
    Token *start = take(p, KW_NOT);
    if (!start)
        return expr_comparison(p);
    expr operand = parse_enter(p, 1) ? expr_inversion_of(p) : NULL;
    parse_leave(p, 1);
    return operand ? EXPR(p, UnaryOp, pos_from(p, start), .op = Not, .operand = operand) : NULL;
}

/* inversion (memo): 'not' inversion | comparison */
static expr expr_inversion_of(Parser *p)
{
    return parse_memo(p, MEMO_INVERSION, expr_inversion);
}

/* -- Comparisons ----------------------------------------------------------------------------- */

/* '!=', or '<>' when `from __future__ import barry_as_FLUFL` rules. */
static bool expr_is_noteq(Parser *p, Token *t)
{
    bool flufl = p->flags & CO_FUTURE_BARRY_AS_BDFL, old = token_text(p, t)[0] == '<';
    if (flufl && !old) {
        RAISE(p, "with Barry as BDFL, use '<>' instead of '!='");
        return false;
    }
    return flufl || !old;
}

/* Reads a comparison operator; 0: none. */
static cmpop expr_cmpop(Parser *p)
{
    Token *t = peek(p);
    switch (t->type) {
    case EQEQUAL: p->mark++; return Eq;
    case LESS: p->mark++; return Lt;
    case LESSEQUAL: p->mark++; return LtE;
    case GREATER: p->mark++; return Gt;
    case GREATEREQUAL: p->mark++; return GtE;
    case NOTEQUAL:
        p->mark++;
        return expr_is_noteq(p, t) ? NotEq : cmpop_none;
    case KW_IN: p->mark++; return In;
    case KW_NOT:
        p->mark++;
        return take(p, KW_IN) ? NotIn : cmpop_none;
    case KW_IS:
        p->mark++;
        return take(p, KW_NOT) ? IsNot : Is;
    default: return cmpop_none;
    }
}

/* The operators among the pushed pairs operator, operand. */
static cmpop_seq *expr_cmpops(Parser *p, int base, int n)
{
    cmpop_seq *ops = parse_alloc(p, sizeof(cmpop_seq) + n * sizeof(cmpop));
    if ((void *)ops == (void *)&p->scratch)
        n = 0;
    ops->n = n;
    for (int i = 0; i < n; i++)
        ops->at[i] = (cmpop)(intptr_t)p->stack[base + 2 * i];
    return ops;
}

/* comparison: bitwise_or (('==' | '!=' | '<=' | '<' | '>=' | '>' | 'not' 'in' | 'in'
                           | 'is' 'not' | 'is') bitwise_or)* */
static expr expr_comparison(Parser *p)
{
    Token *start = peek(p);
    expr left = parse_bitwise_or(p);
    if (!left)
        return NULL;
    int base = p->top, mark = p->mark;
    for (cmpop op; (op = expr_cmpop(p)); mark = p->mark) {
        expr e = parse_bitwise_or(p);
        if (!e)
            break;
        parse_push(p, (void *)(intptr_t)op);
        parse_push(p, e);
    }
    p->mark = mark;
    int n = (p->top - base) / 2;
    if (n == 0 || p->error) {
        parse_cut(p, base);
        return left;
    }
    cmpop_seq *ops = expr_cmpops(p, base, n);
    for (int i = 0; i < n; i++)
        p->stack[base + i] = p->stack[base + 2 * i + 1];
    p->top = base + n;
    expr_seq *comparators = parse_seq(p, base);
    return EXPR(p, Compare, pos_from(p, start), .left = left, .ops = ops,
                .comparators = comparators);
}

/* -- Arithmetic ------------------------------------------------------------------------------ */

/* Binding strength of a binary operator token (1: '|' ... 6: '*'), 0: none. */
static const uint8_t expr_strength[N_TOKENS] = {
    [VBAR] = 1,  [CIRCUMFLEX] = 2, [AMPER] = 3, [LEFTSHIFT] = 4,   [RIGHTSHIFT] = 4, [PLUS] = 5,
    [MINUS] = 5, [STAR] = 6,       [SLASH] = 6, [DOUBLESLASH] = 6, [PERCENT] = 6,    [AT] = 6,
};
/* And the operator of the tree. */
static const uint8_t expr_operator[N_TOKENS] = {
    [VBAR] = BitOr,        [CIRCUMFLEX] = BitXor,
    [AMPER] = BitAnd,      [LEFTSHIFT] = LShift,
    [RIGHTSHIFT] = RShift, [PLUS] = Add,
    [MINUS] = Sub,         [STAR] = Mult,
    [SLASH] = Div,         [DOUBLESLASH] = FloorDiv,
    [PERCENT] = Mod,       [AT] = MatMult,
};

static expr expr_factor_of(Parser *p);

/* bitwise_or: bitwise_or '|' bitwise_xor | bitwise_xor
   bitwise_xor: bitwise_xor '^' bitwise_and | bitwise_and
   bitwise_and: bitwise_and '&' shift_expr | shift_expr
   shift_expr: shift_expr ('<<' | '>>') sum | sum
   sum: sum ('+' | '-') term | term
   term: term ('*' | '/' | '//' | '%' | '@') factor | factor
   All six by precedence climbing: operators at least as strong as `strength`. */
static expr expr_binary(Parser *p, int strength)
{
    Token *start = peek(p);
    expr left = expr_factor_of(p);
    while (left) {
        int mark = p->mark, type = peek(p)->type;
        int own = type < N_TOKENS ? expr_strength[type] : 0;
        if (own == 0 || own < strength)
            break;
        p->mark++;
        expr right = expr_binary(p, own + 1);
        if (!right) {
            p->mark = mark;
            break;
        }
        left = EXPR(p, BinOp, pos_from(p, start), .left = left, .op = expr_operator[type],
                    .right = right);
        if (type == AT && !parse_check_version(p, 5, "The '@' operator is", left))
            return NULL;
    }
    return left;
}

static void *expr_bitwise_or(Parser *p)
{
    return expr_binary(p, 1);
}

expr parse_bitwise_or(Parser *p)
{
    return parse_memo(p, MEMO_BITWISE_OR, expr_bitwise_or);
}

static expr expr_await_primary_of(Parser *p);

/* power: await_primary '**' factor | await_primary */
static expr expr_power(Parser *p)
{
    Token *start = peek(p);
    expr left = expr_await_primary_of(p);
    if (!left || !at(p, DOUBLESTAR))
        return left;
    int mark = p->mark++;
    expr right = parse_enter(p, 2) ? expr_factor_of(p) : NULL;
    parse_leave(p, 2);
    if (right)
        return EXPR(p, BinOp, pos_from(p, start), .left = left, .op = Pow, .right = right);
    p->mark = mark;
    return left;
}

static void *expr_factor(Parser *p)
{
    Token *start = peek(p);
    unaryop op = start->type == MINUS   ? USub
                 : start->type == PLUS  ? UAdd
                 : start->type == TILDE ? Invert
                                        : unaryop_none;
    if (!op)
        return expr_power(p);
    p->mark++;
    expr operand = parse_enter(p, 1) ? expr_factor_of(p) : NULL;
    parse_leave(p, 1);
    return operand ? EXPR(p, UnaryOp, pos_from(p, start), .op = op, .operand = operand) : NULL;
}

/* factor (memo): '+' factor | '-' factor | '~' factor | power */
static expr expr_factor_of(Parser *p)
{
    return parse_memo(p, MEMO_FACTOR, expr_factor);
}

/* -- Primaries ------------------------------------------------------------------------------- */

static void *expr_await_primary(Parser *p)
{
    Token *start = take(p, AWAIT);
    if (!start)
        return parse_primary(p);
    expr value = parse_primary(p);
    if (!value || !parse_check_version(p, 5, "Await expressions are", value))
        return NULL;
    return EXPR(p, Await, pos_from(p, start), .value = value);
}

/* await_primary (memo): AWAIT primary | primary */
static expr expr_await_primary_of(Parser *p)
{
    return at(p, AWAIT) ? parse_memo(p, MEMO_AWAIT_PRIMARY, expr_await_primary) : parse_primary(p);
}

/* '(' [arguments] ')' behind `func`; NULL when it is no call. */
static expr expr_call(Parser *p, expr func, Token *start)
{
    if (p->fast)
        return parse_fast_call(p, func, start);
    int mark = p->mark;
    expr genexp = parse_genexp(p);
    if (genexp) {
        expr_seq *args = parse_seq1(p, genexp);
        return EXPR(p, Call, pos_from(p, start), .func = func, .args = args);
    }
    p->mark = mark + 1;
    expr list = parse_arguments(p);
    if (!list)
        p->mark = mark + 1;
    if (!take(p, RPAR))
        return NULL;
    return EXPR(p, Call, pos_from(p, start), .func = func, .args = list ? list->v.Call.args : NULL,
                .keywords = list ? list->v.Call.keywords : NULL);
}

/* '[' slices ']' behind `value` */
static expr expr_subscript(Parser *p, expr value, Token *start)
{
    p->mark++;
    expr slice = parse_slices(p);
    if (!slice || !take(p, RSQB))
        return NULL;
    return EXPR(p, Subscript, pos_from(p, start), .value = value, .slice = slice, .ctx = Load);
}

/* '.' NAME behind `value` */
static expr expr_attribute(Parser *p, expr value, Token *start)
{
    p->mark++;
    Token *name = take(p, NAME);
    if (!name)
        return NULL;
    return EXPR(p, Attribute, pos_from(p, start), .value = value, .attr = parse_token_id(p, name),
                .ctx = Load);
}

static void *expr_primary(Parser *p)
{
    Token *start = peek(p);
    expr e = parse_atom(p);
    while (e) {
        int mark = p->mark, type = peek(p)->type;
        expr more = NULL;
        if (p->invalid && (type == LSQB || type == LBRACE)) {
            /* `primary genexp` ends in that rule, which any bracket may open */
            invalid_comprehension(p);
            p->mark = mark;
        }
        if (type == DOT)
            more = expr_attribute(p, e, start);
        else if (type == LPAR || type == LSQB) {
            if (parse_enter(p, 19))
                more = type == LPAR ? expr_call(p, e, start) : expr_subscript(p, e, start);
            parse_leave(p, 19);
        }
        if (!more) {
            p->mark = mark;
            break;
        }
        e = more;
    }
    return e;
}

/* primary (memo): primary '.' NAME | primary genexp | primary '(' [arguments] ')'
                 | primary '[' slices ']' | atom */
expr parse_primary(Parser *p)
{
    return parse_memo(p, MEMO_PRIMARY, expr_primary);
}

/* slice: [expression] ':' [expression] [':' [expression]] | named_expression */
static expr expr_slice(Parser *p)
{
    int mark = p->mark;
    Token *start = peek(p);
    expr lower = NULL, upper = NULL, step = NULL;
    if (p->fast && start->type != COLON) {
        if (start->type == NAME && peek_type(p, 1) == COLONEQUAL)
            return parse_named_expression(p);
        lower = parse_expression(p);
        if (!lower || !at(p, COLON))
            return lower;
    }
    else if (!(lower = parse_expression(p)))
        p->mark = mark;
    if (!take(p, COLON)) {
        p->mark = mark;
        return parse_named_expression(p);
    }
    mark = p->mark;
    if (!(upper = parse_expression(p)))
        p->mark = mark;
    if (take(p, COLON)) {
        mark = p->mark;
        if (!(step = parse_expression(p)))
            p->mark = mark;
    }
    return EXPR(p, Slice, pos_from(p, start), .lower = lower, .upper = upper, .step = step);
}

/* slice | starred_expression */
static expr expr_slice_or_starred(Parser *p)
{
    int mark = p->mark;
    if (p->fast && at(p, STAR))
        return parse_starred_expression(p);
    expr e = expr_slice(p);
    if (e)
        return e;
    p->mark = mark;
    return parse_starred_expression(p);
}

/* slices: slice !',' | ','.(slice | starred_expression)+ [',']
   A lone starred_expression makes a tuple, a lone slice does not. */
expr parse_slices(Parser *p)
{
    Token *start = peek(p);
    bool starred = start->type == STAR;
    expr first = expr_slice_or_starred(p);
    if (!first || (!at(p, COMMA) && !starred))
        return first;
    return expr_tuple_rest(p, start, first, expr_slice_or_starred);
}
