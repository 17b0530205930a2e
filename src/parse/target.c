/* SPDX-License-Identifier: MIT
 *
 * Assignment, loop and deletion targets.
 *
 * The fast pass reads a primary (or more) and turns it into a target with parse_set_target, which
 * accepts exactly the expressions that the target rules describe. The faithful passes follow those
 * rules.
 *
 * A target ends in a name, an attribute or a subscription. What stands before the last step is a
 * t_primary: a primary behind which one more '(', '[' or '.' follows. The rule reads as far as it
 * may, leaving that last step to its caller.
 */
#include "parse/parse_impl.h"

/* -- Conversion (fast pass) ------------------------------------------------------------------ */

/* Items of a display: in an assignment they may be starred. */
static bool target_set_all(expr_seq *elts, expr_context ctx)
{
    for (Py_ssize_t i = 0; i < seq_len(elts); i++)
        if (!parse_set_target(elts->at[i], ctx, ctx == Store))
            return false;
    return true;
}

bool parse_set_target(expr e, expr_context ctx, bool star)
{
    switch (e->kind) {
    case Name_kind: e->v.Name.ctx = ctx; return true;
    case Attribute_kind: e->v.Attribute.ctx = ctx; return true;
    case Subscript_kind: e->v.Subscript.ctx = ctx; return true;
    case Tuple_kind: e->v.Tuple.ctx = ctx; return target_set_all(e->v.Tuple.elts, ctx);
    case List_kind: e->v.List.ctx = ctx; return target_set_all(e->v.List.elts, ctx);
    case Starred_kind:
        e->v.Starred.ctx = ctx;
        return star && parse_set_target(e->v.Starred.value, ctx, false);
    default: return false;
    }
}

expr parse_fast_target(Parser *p, expr_context ctx)
{
    Token *start = ctx == Store ? take(p, STAR) : NULL;
    expr e = parse_primary(p);
    if (e && start)
        e = EXPR(p, Starred, pos_from(p, start), .value = e, .ctx = ctx);
    return e && parse_set_target(e, ctx, true) ? e : NULL;
}

/* -- t_primary ------------------------------------------------------------------------------- */

/* t_lookahead: '(' | '[' | '.' */
static bool target_lookahead(Parser *p)
{
    int type = peek(p)->type;
    return type == LPAR || type == LSQB || type == DOT;
}

/* One step of t_primary behind `e`. */
static expr target_step(Parser *p, expr e, Token *start)
{
    int mark = p->mark;
    if (take(p, DOT)) {
        Token *name = take(p, NAME);
        if (name && target_lookahead(p))
            return EXPR(p, Attribute, pos_from(p, start), .value = e,
                        .attr = parse_token_id(p, name), .ctx = Load);
        return NULL;
    }
    if (take(p, LSQB)) {
        expr slice = parse_slices(p);
        if (slice && take(p, RSQB) && target_lookahead(p))
            return EXPR(p, Subscript, pos_from(p, start), .value = e, .slice = slice, .ctx = Load);
        p->mark = mark;
    }
    expr genexp = parse_genexp(p);
    if (genexp && target_lookahead(p)) {
        expr_seq *args = parse_seq1(p, genexp);
        return EXPR(p, Call, pos_from(p, start), .func = e, .args = args);
    }
    p->mark = mark;
    if (!take(p, LPAR))
        return NULL;
    expr list = parse_arguments(p);
    if (!list)
        p->mark = mark + 1;
    if (!take(p, RPAR) || !target_lookahead(p))
        return NULL;
    return EXPR(p, Call, pos_from(p, start), .func = e, .args = list ? list->v.Call.args : NULL,
                .keywords = list ? list->v.Call.keywords : NULL);
}

static void *target_t_primary(Parser *p)
{
    Token *start = peek(p);
    expr e = parse_atom(p);
    if (!e || !target_lookahead(p))
        return NULL;
    for (;;) {
        int mark = p->mark;
        expr more = target_step(p, e, start);
        if (!more) {
            p->mark = mark;
            return e;
        }
        e = more;
    }
}

/* t_primary (memo): t_primary '.' NAME &t_lookahead | t_primary '[' slices ']' &t_lookahead
                   | t_primary genexp &t_lookahead
                   | t_primary '(' [arguments] ')' &t_lookahead | atom &t_lookahead */
static expr target_primary(Parser *p)
{
    return parse_memo(p, MEMO_T_PRIMARY, target_t_primary);
}

/* t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead */
static expr target_subscript_attribute(Parser *p, expr_context ctx)
{
    Token *start = peek(p);
    int mark = p->mark;
    expr e = target_primary(p);
    if (e && take(p, DOT)) {
        Token *name = take(p, NAME);
        if (name && !target_lookahead(p))
            return EXPR(p, Attribute, pos_from(p, start), .value = e,
                        .attr = parse_token_id(p, name), .ctx = ctx);
    }
    p->mark = mark;
    e = target_primary(p);
    if (e && take(p, LSQB)) {
        expr slice = parse_slices(p);
        if (slice && take(p, RSQB) && !target_lookahead(p))
            return EXPR(p, Subscript, pos_from(p, start), .value = e, .slice = slice, .ctx = ctx);
    }
    p->mark = mark;
    return NULL;
}

/* -- Assignment targets ---------------------------------------------------------------------- */

static expr target_with_star_atom(Parser *p);

/* ','.item+ [',']     pushes; the number read */
static int target_gather(Parser *p, expr (*item)(Parser *), bool *comma)
{
    int n = 0;
    *comma = false;
    for (;;) {
        int mark = p->mark;
        expr e = item(p);
        if (!e) {
            p->mark = mark;
            break;
        }
        parse_push(p, e);
        n++;
        if (!(*comma = take(p, COMMA) != NULL))
            break;
    }
    return n;
}

/* star_atom: NAME | '(' target_with_star_atom ')' | '(' [star_targets_tuple_seq] ')'
            | '[' [star_targets_list_seq] ']'
   star_targets_tuple_seq: star_target (',' star_target)+ [','] | star_target ','
   star_targets_list_seq: ','.star_target+ [','] */
static expr target_star_atom(Parser *p)
{
    Token *start = peek(p);
    int mark = p->mark, base = p->top;
    bool comma;
    if (take(p, NAME))
        return parse_name_expr(p, start, Store);
    if (take(p, LPAR)) {
        expr e = target_with_star_atom(p);
        if (e && take(p, RPAR))
            return e;
        p->mark = mark + 1;
        int n = target_gather(p, parse_star_target, &comma);
        if (n == 1 && !comma) {
            parse_cut(p, base);
            p->mark = mark + 1;
        }
        expr_seq *elts = parse_seq(p, base);
        return take(p, RPAR) ? EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Store)
                             : NULL;
    }
    if (take(p, LSQB)) {
        target_gather(p, parse_star_target, &comma);
        expr_seq *elts = parse_seq(p, base);
        return take(p, RSQB) ? EXPR(p, List, pos_from(p, start), .elts = elts, .ctx = Store) : NULL;
    }
    return NULL;
}

static void *target_with_star_atom_of(Parser *p)
{
    expr e = target_subscript_attribute(p, Store);
    return e ? e : target_star_atom(p);
}

/* target_with_star_atom (memo): t_primary '.' NAME !t_lookahead
                               | t_primary '[' slices ']' !t_lookahead | star_atom */
static expr target_with_star_atom(Parser *p)
{
    return parse_memo(p, MEMO_TARGET_WITH_STAR_ATOM, target_with_star_atom_of);
}

static void *target_star_target(Parser *p)
{
    Token *start = take(p, STAR);
    if (!start)
        return target_with_star_atom(p);
    expr value = at(p, STAR) ? NULL : parse_star_target(p);
    if (!value)
        return NULL;
    value = parse_with_context(p, value, Store);
    return EXPR(p, Starred, pos_from(p, start), .value = value, .ctx = Store);
}

/* star_target (memo): '*' (!'*' star_target) | target_with_star_atom */
expr parse_star_target(Parser *p)
{
    return p->fast ? parse_fast_target(p, Store)
                   : parse_memo(p, MEMO_STAR_TARGET, target_star_target);
}

/* star_targets: star_target !',' | star_target (',' star_target)* [','] */
expr parse_star_targets(Parser *p)
{
    Token *start = peek(p);
    expr first = parse_star_target(p);
    if (!first || !at(p, COMMA))
        return first;
    int base = p->top;
    bool comma;
    parse_push(p, first);
    take(p, COMMA);
    target_gather(p, parse_star_target, &comma);
    expr_seq *elts = parse_seq(p, base);
    return EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Store);
}

/* single_subscript_attribute_target: t_primary '.' NAME !t_lookahead
                                    | t_primary '[' slices ']' !t_lookahead */
expr parse_single_subscript_attribute_target(Parser *p)
{
    return target_subscript_attribute(p, Store);
}

/* single_target: single_subscript_attribute_target | NAME | '(' single_target ')' */
expr parse_single_target(Parser *p)
{
    int mark = p->mark;
    expr e = target_subscript_attribute(p, Store);
    if (e)
        return e;
    p->mark = mark;
    Token *t = take(p, NAME);
    if (t)
        return parse_name_expr(p, t, Store);
    if (!take(p, LPAR) || !(e = parse_single_target(p)) || !take(p, RPAR))
        return NULL;
    return e;
}

/* -- Deletion targets ------------------------------------------------------------------------ */

static expr target_del_target(Parser *p);

/* del_t_atom: NAME | '(' del_target ')' | '(' [del_targets] ')' | '[' [del_targets] ']' */
static expr target_del_atom(Parser *p)
{
    Token *start = peek(p);
    int mark = p->mark;
    if (take(p, NAME))
        return parse_name_expr(p, start, Del);
    if (take(p, LPAR)) {
        expr e = target_del_target(p);
        if (e && take(p, RPAR))
            return e;
        p->mark = mark + 1;
        expr_seq *elts = parse_del_targets(p);
        return take(p, RPAR) ? EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Del) : NULL;
    }
    if (take(p, LSQB)) {
        expr_seq *elts = parse_del_targets(p);
        return take(p, RSQB) ? EXPR(p, List, pos_from(p, start), .elts = elts, .ctx = Del) : NULL;
    }
    return NULL;
}

static void *target_del_target_of(Parser *p)
{
    expr e = target_subscript_attribute(p, Del);
    return e ? e : target_del_atom(p);
}

/* del_target (memo): t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead
                    | del_t_atom */
static expr target_del_target(Parser *p)
{
    return p->fast ? parse_fast_target(p, Del)
                   : parse_memo(p, MEMO_DEL_TARGET, target_del_target_of);
}

/* del_targets: ','.del_target+ [','] */
expr_seq *parse_del_targets(Parser *p)
{
    int base = p->top;
    bool comma;
    target_gather(p, target_del_target, &comma);
    return parse_seq(p, base);
}
