/* SPDX-License-Identifier: MIT
 *
 * Atoms: names, literals, and everything in brackets (displays, groups, comprehensions).
 *
 *           first item, then ...   ')' ']' '}'     ','        'for'           ':'
 *      (    group or tuple         group           tuple      genexp
 *      [    list or listcomp       list            list       listcomp
 *      {    set or dict            set             set        setcomp         dict, dictcomp
 *
 * The fast pass reads the first item behind a bracket and decides by the token that follows it. The
 * faithful passes try the productions one after the other; the memo of `expression` keeps that
 * linear.
 *
 * Reference: language reference, 6.2.
 */
#include "parse/parse_impl.h"

/* -- Comprehensions -------------------------------------------------------------------------- */

/* for_if_clause: ASYNC 'for' star_targets 'in' ~ disjunction ('if' disjunction)*
                | 'for' star_targets 'in' ~ disjunction ('if' disjunction)* | invalid_for_target */
static comprehension atom_for_if_clause(Parser *p)
{
    int mark = p->mark, base = p->top;
    Token *async = take(p, ASYNC);
    if (!take(p, KW_FOR))
        return NULL;
    expr target = parse_star_targets(p), iter;
    if (!target || !take(p, KW_IN)) {
        p->mark = mark;
        if (p->invalid)
            invalid_for_target(p);
        return NULL;
    }
    if (!(iter = parse_disjunction(p)))
        return NULL;
    for (mark = p->mark; take(p, KW_IF); mark = p->mark) {
        expr test = parse_disjunction(p);
        if (!test)
            break;
        parse_push(p, test);
    }
    p->mark = mark;
    comprehension c = parse_alloc(p, sizeof *c);
    c->target = target;
    c->iter = iter;
    c->ifs = parse_seq(p, base);
    c->is_async = async != NULL;
    return async ? parse_check_version(p, 6, "Async comprehensions are", c) : c;
}

/* for_if_clauses: for_if_clause+ */
comprehension_seq *parse_for_if_clauses(Parser *p)
{
    int base = p->top, mark = p->mark;
    for (comprehension c; (at(p, KW_FOR) || at(p, ASYNC)) && (c = atom_for_if_clause(p));
         mark = p->mark)
        parse_push(p, c);
    p->mark = mark;
    return parse_seq(p, base);
}

/* Does a comprehension begin here? */
static bool atom_at_for(Parser *p)
{
    int type = peek(p)->type;
    return type == KW_FOR || type == ASYNC;
}

/* genexp: '(' (assignment_expression | expression !':=') for_if_clauses ')'
         | invalid_comprehension */
expr parse_genexp(Parser *p)
{
    int mark = p->mark;
    Token *start = take(p, LPAR);
    if (start) {
        expr elt = parse_assignment_expression(p);
        if (!elt) {
            p->mark = mark + 1;
            elt = parse_expression(p);
            if (elt && at(p, COLONEQUAL))
                elt = NULL;
        }
        comprehension_seq *generators = elt ? parse_for_if_clauses(p) : NULL;
        if (generators && take(p, RPAR))
            return EXPR(p, GeneratorExp, pos_from(p, start), .elt = elt, .generators = generators);
    }
    p->mark = mark;
    if (p->invalid)
        invalid_comprehension(p);
    return NULL;
}

/* -- Parentheses ----------------------------------------------------------------------------- */

/* tuple: '(' [star_named_expression ',' [star_named_expressions]] ')' */
expr parse_tuple(Parser *p)
{
    Token *start = take(p, LPAR);
    if (!start)
        return NULL;
    int base = p->top, mark = p->mark;
    expr_seq *elts = NULL;
    expr first = parse_star_named_expression(p);
    if (first && take(p, COMMA)) {
        parse_push(p, first);
        do {
            mark = p->mark;
            expr e = parse_star_named_expression(p);
            if (!e) {
                p->mark = mark;
                break;
            }
            parse_push(p, e);
        } while (take(p, COMMA));
        elts = parse_seq(p, base);
    }
    else
        p->mark = mark;
    if (!take(p, RPAR))
        return NULL;
    return EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Load);
}

/* group: '(' (yield_expr | named_expression) ')' | invalid_group */
static expr atom_group(Parser *p)
{
    int mark = p->mark;
    if (!take(p, LPAR))
        return NULL;
    expr e = at(p, KW_YIELD) ? parse_yield_expr(p) : parse_named_expression(p);
    if (e && take(p, RPAR))
        return e;
    p->mark = mark;
    if (p->invalid)
        invalid_group(p);
    return NULL;
}

/* What '(' opens, decided by the token behind the first item. */
static expr atom_fast_paren(Parser *p)
{
    Token *start = take(p, LPAR);
    if (take(p, RPAR))
        return EXPR(p, Tuple, pos_from(p, start), .ctx = Load);
    if (at(p, KW_YIELD)) {
        expr e = parse_yield_expr(p);
        return e && take(p, RPAR) ? e : NULL;
    }
    expr first = parse_star_named_expression(p);
    if (!first)
        return NULL;
    if (first->kind != Starred_kind) {
        if (take(p, RPAR))
            return first;
        if (atom_at_for(p)) {
            comprehension_seq *generators = parse_for_if_clauses(p);
            if (!generators || !take(p, RPAR))
                return NULL;
            return EXPR(p, GeneratorExp, pos_from(p, start), .elt = first,
                        .generators = generators);
        }
    }
    int base = p->top;
    parse_push(p, first);
    if (!at(p, COMMA)) {
        parse_cut(p, base);
        return NULL;
    }
    while (take(p, COMMA) && !at(p, RPAR)) {
        expr e = parse_star_named_expression(p);
        if (!e) {
            parse_cut(p, base);
            return NULL;
        }
        parse_push(p, e);
    }
    expr_seq *elts = parse_seq(p, base);
    return take(p, RPAR) ? EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Load) : NULL;
}

/* (tuple | group | genexp) */
static expr atom_paren(Parser *p)
{
    if (p->fast)
        return atom_fast_paren(p);
    int mark = p->mark;
    expr e = parse_tuple(p);
    if (e)
        return e;
    p->mark = mark;
    if ((e = atom_group(p)))
        return e;
    p->mark = mark;
    return parse_genexp(p);
}

/* -- Square brackets ------------------------------------------------------------------------- */

/* list: '[' [star_named_expressions] ']' */
expr parse_list(Parser *p)
{
    Token *start = take(p, LSQB);
    if (!start)
        return NULL;
    expr_seq *elts = at(p, RSQB) ? NULL : parse_star_named_expressions(p);
    if (!take(p, RSQB))
        return NULL;
    return EXPR(p, List, pos_from(p, start), .elts = elts, .ctx = Load);
}

/* open named_expression for_if_clauses close | invalid_comprehension */
static comprehension_seq *atom_comprehension(Parser *p, int open, int close, expr *elt)
{
    int mark = p->mark;
    take(p, open);
    *elt = parse_named_expression(p);
    comprehension_seq *generators = *elt ? parse_for_if_clauses(p) : NULL;
    if (generators && take(p, close))
        return generators;
    p->mark = mark;
    if (p->invalid)
        invalid_comprehension(p);
    return NULL;
}

/* listcomp: '[' named_expression for_if_clauses ']' | invalid_comprehension */
static expr atom_listcomp(Parser *p)
{
    expr elt;
    Token *start = peek(p);
    comprehension_seq *generators = atom_comprehension(p, LSQB, RSQB, &elt);
    if (!generators)
        return NULL;
    return EXPR(p, ListComp, pos_from(p, start), .elt = elt, .generators = generators);
}

/* The items behind the first, up to and with the closing token. */
static expr_seq *atom_rest(Parser *p, expr first, int close)
{
    int base = p->top;
    parse_push(p, first);
    while (take(p, COMMA) && !at(p, close)) {
        expr e = parse_star_named_expression(p);
        if (!e) {
            parse_cut(p, base);
            return NULL;
        }
        parse_push(p, e);
    }
    expr_seq *elts = parse_seq(p, base);
    return take(p, close) ? elts : NULL;
}

/* What '[' opens. */
static expr atom_fast_square(Parser *p)
{
    Token *start = take(p, LSQB);
    if (take(p, RSQB))
        return EXPR(p, List, pos_from(p, start), .ctx = Load);
    expr first = parse_star_named_expression(p);
    if (!first)
        return NULL;
    if (first->kind != Starred_kind && atom_at_for(p)) {
        comprehension_seq *generators = parse_for_if_clauses(p);
        if (!generators || !take(p, RSQB))
            return NULL;
        return EXPR(p, ListComp, pos_from(p, start), .elt = first, .generators = generators);
    }
    expr_seq *elts = atom_rest(p, first, RSQB);
    return elts ? EXPR(p, List, pos_from(p, start), .elts = elts, .ctx = Load) : NULL;
}

/* (list | listcomp) */
static expr atom_square(Parser *p)
{
    if (p->fast)
        return atom_fast_square(p);
    int mark = p->mark;
    expr e = parse_list(p);
    if (e)
        return e;
    p->mark = mark;
    return atom_listcomp(p);
}

/* -- Braces ---------------------------------------------------------------------------------- */

/* kvpair: expression ':' expression */
static bool atom_kvpair(Parser *p, expr *key, expr *value)
{
    return (*key = parse_expression(p)) && take(p, COLON) && (*value = parse_expression(p));
}

/* double_starred_kvpair: '**' bitwise_or | kvpair      key is NULL for ** */
bool parse_double_starred_kvpair(Parser *p, expr *key, expr *value)
{
    if (!take(p, DOUBLESTAR))
        return atom_kvpair(p, key, value);
    *key = NULL;
    return (*value = parse_bitwise_or(p)) != NULL;
}

/* The pushed pairs key, value, key, value ... as two sequences. */
static expr atom_dict_of(Parser *p, Token *start, int base)
{
    int n = (p->top - base) / 2;
    expr_seq *keys = n ? parse_alloc(p, sizeof(expr_seq) + n * sizeof(expr)) : NULL;
    expr_seq *values = n ? parse_alloc(p, sizeof(expr_seq) + n * sizeof(expr)) : NULL;
    if (n && !p->error) {
        keys->n = values->n = n;
        for (int i = 0; i < n; i++) {
            keys->at[i] = p->stack[base + 2 * i];
            values->at[i] = p->stack[base + 2 * i + 1];
        }
    }
    parse_cut(p, base);
    return EXPR(p, Dict, pos_from(p, start), .keys = keys, .values = values);
}

/* double_starred_kvpairs: ','.double_starred_kvpair+ [',']      pushes the pairs */
static void atom_kvpairs(Parser *p)
{
    expr key, value;
    do {
        int mark = p->mark;
        if (!parse_double_starred_kvpair(p, &key, &value)) {
            p->mark = mark;
            break;
        }
        parse_push(p, key);
        parse_push(p, value);
    } while (take(p, COMMA));
}

/* dict: '{' [double_starred_kvpairs] '}' | '{' invalid_double_starred_kvpairs '}' */
static expr atom_dict(Parser *p)
{
    int mark = p->mark, base = p->top;
    Token *start = take(p, LBRACE);
    atom_kvpairs(p);
    if (take(p, RBRACE))
        return atom_dict_of(p, start, base);
    parse_cut(p, base);
    p->mark = mark + 1;
    invalid_double_starred_kvpairs(p); /* in every faithful pass: 3.11 does not hold it back */
    return NULL;
}

/* set: '{' star_named_expressions '}' */
static expr atom_set(Parser *p)
{
    Token *start = take(p, LBRACE);
    expr_seq *elts = parse_star_named_expressions(p);
    return elts && take(p, RBRACE) ? EXPR(p, Set, pos_from(p, start), .elts = elts) : NULL;
}

/* dictcomp: '{' kvpair for_if_clauses '}' | invalid_dict_comprehension */
static expr atom_dictcomp(Parser *p)
{
    int mark = p->mark;
    Token *start = take(p, LBRACE);
    expr key, value;
    comprehension_seq *generators = atom_kvpair(p, &key, &value) ? parse_for_if_clauses(p) : NULL;
    if (generators && take(p, RBRACE))
        return EXPR(p, DictComp, pos_from(p, start), .key = key, .value = value,
                    .generators = generators);
    p->mark = mark;
    if (p->invalid)
        invalid_dict_comprehension(p);
    return NULL;
}

/* setcomp: '{' named_expression for_if_clauses '}' | invalid_comprehension */
static expr atom_setcomp(Parser *p)
{
    expr elt;
    Token *start = peek(p);
    comprehension_seq *generators = atom_comprehension(p, LBRACE, RBRACE, &elt);
    if (!generators)
        return NULL;
    return EXPR(p, SetComp, pos_from(p, start), .elt = elt, .generators = generators);
}

/* Behind `key :` in the fast pass: a dict display or comprehension. */
static expr atom_fast_dict(Parser *p, Token *start, expr key)
{
    int base = p->top;
    expr value;
    if (key) {
        if (!(value = parse_expression(p)))
            return NULL;
        if (atom_at_for(p)) {
            comprehension_seq *generators = parse_for_if_clauses(p);
            if (!generators || !take(p, RBRACE))
                return NULL;
            return EXPR(p, DictComp, pos_from(p, start), .key = key, .value = value,
                        .generators = generators);
        }
    }
    else if (!(value = parse_bitwise_or(p)))
        return NULL;
    parse_push(p, key);
    parse_push(p, value);
    if (take(p, COMMA) && !at(p, RBRACE))
        atom_kvpairs(p);
    if (take(p, RBRACE))
        return atom_dict_of(p, start, base);
    parse_cut(p, base);
    return NULL;
}

/* What '{' opens. `{a := b: c}` is no dict: a key is an expression, not a named one. */
static expr atom_fast_brace(Parser *p)
{
    Token *start = take(p, LBRACE);
    if (take(p, RBRACE))
        return EXPR(p, Dict, pos_from(p, start), .keys = NULL);
    if (take(p, DOUBLESTAR))
        return atom_fast_dict(p, start, NULL);
    bool walrus = at(p, NAME) && peek_type(p, 1) == COLONEQUAL; /* no key of a dict */
    expr first = parse_star_named_expression(p);
    if (!first)
        return NULL;
    if (first->kind != Starred_kind) {
        if (!walrus && take(p, COLON))
            return atom_fast_dict(p, start, first);
        if (atom_at_for(p)) {
            comprehension_seq *generators = parse_for_if_clauses(p);
            if (!generators || !take(p, RBRACE))
                return NULL;
            return EXPR(p, SetComp, pos_from(p, start), .elt = first, .generators = generators);
        }
    }
    expr_seq *elts = atom_rest(p, first, RBRACE);
    return elts ? EXPR(p, Set, pos_from(p, start), .elts = elts) : NULL;
}

/* (dict | set | dictcomp | setcomp) */
static expr atom_brace(Parser *p)
{
    if (p->fast)
        return atom_fast_brace(p);
    expr (*const rules[])(Parser *) = {atom_dict, atom_set, atom_dictcomp, atom_setcomp};
    int mark = p->mark, base = p->top;
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        expr e = rules[i](p);
        if (e)
            return e;
        p->mark = mark;
        parse_cut(p, base);
    }
    return NULL;
}

/* -- Atoms ----------------------------------------------------------------------------------- */

/* The next token as a constant. */
static expr atom_singleton(Parser *p, PyObject *value)
{
    Token *t = p->tokens[p->mark++];
    return EXPR(p, Constant, t->pos, .value = value);
}

/* Brackets nest; each pair weighs as much as the rules between two of them in the reference
   grammar. */
static expr atom_bracket(Parser *p, int type)
{
    expr e = NULL;
    if (parse_enter(p, 19))
        e = type == LPAR ? atom_paren(p) : type == LSQB ? atom_square(p) : atom_brace(p);
    parse_leave(p, 19);
    return e;
}

/* atom: NAME | 'True' | 'False' | 'None' | strings | NUMBER | (tuple | group | genexp)
       | (list | listcomp) | (dict | set | dictcomp | setcomp) | '...' */
expr parse_atom(Parser *p)
{
    Token *t = peek(p);
    switch (t->type) {
    case NAME:
        p->mark++;
        return parse_name_expr(p, t, Load);
    case KW_TRUE: return atom_singleton(p, Py_True);
    case KW_FALSE: return atom_singleton(p, Py_False);
    case KW_NONE: return atom_singleton(p, Py_None);
    case ELLIPSIS: return atom_singleton(p, Py_Ellipsis);
    case STRING: return parse_strings(p);
    case NUMBER: return parse_number(p);
    case LPAR: case LSQB: case LBRACE: return atom_bracket(p, t->type);
    default: return NULL;
    }
}
