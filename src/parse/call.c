/* SPDX-License-Identifier: MIT
 *
 * Arguments of calls and of class definitions. A list of arguments is a Call node without func;
 * positional arguments stand before starred ones that follow keywords, in source order otherwise.
 *
 *      stack, base ..   arg | arg | keyword+1 | arg | keyword+1      source order
 *      Call             args: arg arg arg     keywords: keyword keyword
 *
 * While collected, a keyword is told from an expression by bit 0 of its pointer (nodes are 8-byte
 * aligned).
 */
#include "parse/parse_impl.h"

static void *call_tag(void *kw) { return (void *)((uintptr_t)kw | 1); }
static bool call_is_tagged(void *item) { return (uintptr_t)item & 1; }

/* The items above `base` as a Call node without func. */
static expr call_collect(Parser *p, int base, Pos pos)
{
    int n = p->top - base, nkeywords = 0;
    for (int i = base; i < p->top; i++)
        nkeywords += call_is_tagged(p->stack[i]);
    expr_seq *args = NULL;
    keyword_seq *keywords = NULL;
    if (n > nkeywords)
        args = parse_alloc(p, sizeof(expr_seq) + (n - nkeywords) * sizeof(expr));
    if (nkeywords)
        keywords = parse_alloc(p, sizeof(keyword_seq) + nkeywords * sizeof(keyword));
    if (p->error) {
        parse_cut(p, base);
        return NULL;
    }
    for (int i = base; i < p->top; i++) {
        void *item = p->stack[i];
        if (call_is_tagged(item))
            keywords->at[keywords->n++] = (void *)((uintptr_t)item & ~(uintptr_t)1);
        else
            args->at[args->n++] = item;
    }
    parse_cut(p, base);
    return EXPR(p, Call, pos, .args = args, .keywords = keywords);
}

/* name NULL: '**' value */
static keyword call_new_keyword(Parser *p, Token *start, Token *name, expr value)
{
    keyword kw = parse_alloc(p, sizeof *kw);
    *kw = (struct keyword_node){name ? parse_token_id(p, name) : NULL, value, pos_from(p, start)};
    return kw;
}

/* -- Keyword arguments ----------------------------------------------------------------------- */

/* NAME '=' expression */
static void *call_name_value(Parser *p)
{
    Token *name = take(p, NAME);
    if (!name || !take(p, EQUAL))
        return NULL;
    expr value = parse_expression(p);
    return value ? call_tag(call_new_keyword(p, name, name, value)) : NULL;
}

/* '**' expression */
static void *call_double_starred(Parser *p)
{
    Token *start = take(p, DOUBLESTAR);
    expr value = start ? parse_expression(p) : NULL;
    return value ? call_tag(call_new_keyword(p, start, NULL, value)) : NULL;
}

/* kwarg_or_starred: invalid_kwarg | NAME '=' expression | starred_expression
   kwarg_or_double_starred: invalid_kwarg | NAME '=' expression | '**' expression */
static void *call_kwarg_or(Parser *p, bool doubled)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_kwarg(p);
        p->mark = mark;
    }
    void *item = call_name_value(p);
    if (item)
        return item;
    p->mark = mark;
    return doubled ? call_double_starred(p) : parse_starred_expression(p);
}

/* ','.item+      pushes; false when there is none */
static bool call_gather_kwargs(Parser *p, bool doubled)
{
    int base = p->top, mark;
    do {
        mark = p->top > base ? p->mark - 1 : p->mark;
        void *item = call_kwarg_or(p, doubled);
        if (!item) {
            p->mark = mark;
            break;
        }
        parse_push(p, item);
    } while (take(p, COMMA));
    return p->top > base;
}

/* kwargs: ','.kwarg_or_starred+ ',' ','.kwarg_or_double_starred+ | ','.kwarg_or_starred+
         | ','.kwarg_or_double_starred+ */
static bool call_kwargs(Parser *p)
{
    int mark = p->mark;
    if (!call_gather_kwargs(p, false)) {
        p->mark = mark;
        return call_gather_kwargs(p, true);
    }
    mark = p->mark;
    if (!take(p, COMMA) || !call_gather_kwargs(p, true))
        p->mark = mark;
    return true;
}

/* -- All arguments --------------------------------------------------------------------------- */

/* starred_expression | (assignment_expression | expression !':=') !'=' */
static expr call_positional(Parser *p)
{
    int mark = p->mark;
    expr e = parse_starred_expression(p);
    if (e)
        return e;
    p->mark = mark;
    if (!(e = parse_assignment_expression(p))) {
        p->mark = mark;
        e = parse_expression(p);
        if (e && at(p, COLONEQUAL))
            e = NULL;
    }
    return e && !at(p, EQUAL) ? e : NULL;
}

/* args: ','.(starred_expression | (assignment_expression | expression !':=') !'=')+ [',' kwargs]
       | kwargs */
expr parse_args(Parser *p)
{
    int mark = p->mark, base = p->top;
    Token *start = peek(p);
    do {
        mark = p->top > base ? p->mark - 1 : p->mark;
        expr e = call_positional(p);
        if (!e) {
            p->mark = mark;
            break;
        }
        parse_push(p, e);
    } while (take(p, COMMA));
    mark = p->mark;
    if (p->top == base) {
        if (!call_kwargs(p))
            return NULL;
    }
    else if (!take(p, COMMA) || !call_kwargs(p))
        p->mark = mark;
    return call_collect(p, base, pos_from(p, start));
}

static void *call_arguments(Parser *p)
{
    int mark = p->mark;
    expr list = parse_args(p);
    if (list) {
        take(p, COMMA);
        if (at(p, RPAR))
            return list;
    }
    p->mark = mark;
    if (p->invalid)
        invalid_arguments(p);
    return NULL;
}

/* arguments (memo): args [','] &')' | invalid_arguments */
expr parse_arguments(Parser *p)
{
    return parse_memo(p, MEMO_ARGUMENTS, call_arguments);
}

/* -- Fast pass ------------------------------------------------------------------------------- */

/* A lone generator expression as the only argument: its parentheses are those of the call. */
static bool call_fast_genexp(Parser *p, expr elt, Token *open, int base)
{
    comprehension_seq *generators = parse_for_if_clauses(p);
    if (!generators || p->top != base || !take(p, RPAR))
        return false;
    parse_push(p, EXPR(p, GeneratorExp, pos_from(p, open), .elt = elt, .generators = generators));
    return true;
}

/* What may still follow: anything; after NAME '=' value only starred ones and keywords; after '**'
   only keywords and '**'. */
enum { POSITIONAL_MAY_FOLLOW, STARRED_MAY_FOLLOW, KEYWORD_MAY_FOLLOW };

/* One argument, pushed. `open`: the parenthesis, NULL where a bare generator expression is wrong.
   *state tells what may follow; *done: the closing parenthesis was read too. */
static bool call_fast_argument(Parser *p, Token *open, int base, int *state, bool *done)
{
    Token *t = peek(p);
    void *item;
    if (t->type == DOUBLESTAR) {
        item = call_double_starred(p);
        *state = KEYWORD_MAY_FOLLOW;
    }
    else if (t->type == STAR)
        item = *state == KEYWORD_MAY_FOLLOW ? NULL : parse_starred_expression(p);
    else {
        int next = t->type == NAME ? peek_type(p, 1) : 0;
        if (next == EQUAL) {
            item = call_name_value(p);
            if (*state == POSITIONAL_MAY_FOLLOW)
                *state = STARRED_MAY_FOLLOW;
        }
        else if (*state != POSITIONAL_MAY_FOLLOW)
            return false;
        else {
            item = next == COLONEQUAL ? parse_assignment_expression(p) : parse_expression(p);
            int type = peek(p)->type;
            if (item && open && (type == KW_FOR || type == ASYNC))
                return *done = call_fast_genexp(p, item, open, base);
        }
    }
    if (item)
        parse_push(p, item);
    return item != NULL;
}

/* '(' arguments ')' behind `func`, or (func NULL) behind a class's name. */
expr parse_fast_call(Parser *p, expr func, Token *start)
{
    Token *open = take(p, LPAR);
    if (!func)
        open = NULL;
    int base = p->top, state = POSITIONAL_MAY_FOLLOW;
    bool done = false;
    while (!at(p, RPAR)) {
        if (!call_fast_argument(p, open, base, &state, &done)) {
            parse_cut(p, base);
            return NULL;
        }
        if (done || !take(p, COMMA))
            break;
    }
    if (!done && !take(p, RPAR)) {
        parse_cut(p, base);
        return NULL;
    }
    expr call = call_collect(p, base, pos_from(p, start));
    if (call)
        call->v.Call.func = func;
    return call;
}
