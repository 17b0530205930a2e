/* SPDX-License-Identifier: MIT
 *
 * Patterns of the match statement (PEP 634). One way for all passes: the alternatives differ in
 * their first tokens.
 */
#include "parse/parse_impl.h"

static pattern pattern_as(Parser *p);
static pattern pattern_closed(Parser *p);

/* subject_expr: star_named_expression ',' star_named_expressions? | named_expression */
expr parse_subject_expr(Parser *p)
{
    int mark = p->mark;
    Token *start = peek(p);
    expr first = parse_star_named_expression(p);
    if (first && take(p, COMMA)) {
        int behind = p->mark, base = p->top;
        expr_seq *rest = parse_star_named_expressions(p);
        if (!rest)
            p->mark = behind;
        parse_push(p, first);
        for (Py_ssize_t i = 0; i < seq_len(rest); i++)
            parse_push(p, rest->at[i]);
        expr_seq *elts = parse_seq(p, base);
        return EXPR(p, Tuple, pos_from(p, start), .elts = elts, .ctx = Load);
    }
    if (first && first->kind != Starred_kind && p->fast)
        return first;
    p->mark = mark;
    return parse_named_expression(p);
}

/* guard: 'if' named_expression      MAYBE_NULL */
expr parse_guard(Parser *p)
{
    int mark = p->mark;
    expr e = take(p, KW_IF) ? parse_named_expression(p) : NULL;
    if (!e)
        p->mark = mark;
    return e;
}

/* -- Literals -------------------------------------------------------------------------------- */

/* Is the number imaginary? */
static bool pattern_is_complex(expr e)
{
    return e->kind == Constant_kind && PyComplex_CheckExact(e->v.Constant.value);
}

/* signed_number: NUMBER | '-' NUMBER */
static expr pattern_signed_number(Parser *p)
{
    Token *start = peek(p);
    bool minus = take(p, MINUS) != NULL;
    expr e = parse_number(p);
    return e && minus ? EXPR(p, UnaryOp, pos_from(p, start), .op = USub, .operand = e) : e;
}

/* signed_number !('+' | '-') | complex_number
   complex_number: signed_real_number '+' imaginary_number
                 | signed_real_number '-' imaginary_number */
static expr pattern_number(Parser *p)
{
    Token *start = peek(p);
    expr left = pattern_signed_number(p);
    if (!left || (!at(p, PLUS) && !at(p, MINUS)))
        return left;
    expr real = left->kind == UnaryOp_kind ? left->v.UnaryOp.operand : left;
    if (pattern_is_complex(real))
        return RAISE_AT(p, real, "real number required in complex literal");
    operator op = at(p, PLUS) ? Add : Sub;
    p->mark++;
    expr right = parse_number(p);
    if (!right)
        return NULL;
    if (!pattern_is_complex(right))
        return RAISE_AT(p, right, "imaginary number required in complex literal");
    return EXPR(p, BinOp, pos_from(p, start), .left = left, .op = op, .right = right);
}

static PyObject *pattern_singleton(int type)
{
    return type == KW_NONE    ? Py_None
           : type == KW_TRUE  ? Py_True
           : type == KW_FALSE ? Py_False
                              : NULL;
}

/* literal_expr: signed_number !('+' | '-') | complex_number | strings | 'None' | 'True'
               | 'False' */
static expr pattern_literal_expr(Parser *p)
{
    Token *t = peek(p);
    PyObject *single = pattern_singleton(t->type);
    if (single) {
        p->mark++;
        return EXPR(p, Constant, t->pos, .value = single);
    }
    return t->type == STRING ? parse_strings(p) : pattern_number(p);
}

/* literal_pattern: as literal_expr */
static pattern pattern_literal(Parser *p)
{
    Token *t = peek(p);
    PyObject *single = pattern_singleton(t->type);
    if (single) {
        p->mark++;
        return PATTERN(p, MatchSingleton, t->pos, .value = single);
    }
    expr e = pattern_literal_expr(p);
    return e ? PATTERN(p, MatchValue, pos_from(p, t), .value = e) : NULL;
}

/* -- Names ----------------------------------------------------------------------------------- */

/* Does the name go on as an attribute, a call or a keyword? */
static bool pattern_at_call(Parser *p)
{
    int type = peek(p)->type;
    return type == DOT || type == LPAR || type == EQUAL;
}

/* pattern_capture_target: !"_" NAME !('.' | '(' | '=') */
static identifier pattern_capture_target(Parser *p)
{
    if (at_word(p, "_"))
        return NULL;
    Token *t = take(p, NAME);
    return t && !pattern_at_call(p) ? parse_token_id(p, t) : NULL;
}

/* name_or_attr: attr | NAME      attr: name_or_attr '.' NAME */
expr parse_name_or_attr(Parser *p)
{
    Token *start = take(p, NAME);
    if (!start)
        return NULL;
    expr e = parse_name_expr(p, start, Load);
    while (at(p, DOT) && peek_type(p, 1) == NAME) {
        Token *t = p->tokens[p->mark + 1];
        p->mark += 2;
        e = EXPR(p, Attribute, pos_from(p, start), .value = e, .attr = parse_token_id(p, t),
                 .ctx = Load);
    }
    return e;
}

/* -- Sequences ------------------------------------------------------------------------------- */

static void *pattern_star(Parser *p)
{
    Token *start = take(p, STAR);
    if (!start)
        return NULL;
    int mark = p->mark;
    identifier name = pattern_capture_target(p);
    if (!name) {
        p->mark = mark;
        if (!take_word(p, "_"))
            return NULL;
    }
    return PATTERN(p, MatchStar, pos_from(p, start), .name = name);
}

/* maybe_star_pattern: star_pattern | as_pattern
   star_pattern (memo): '*' pattern_capture_target | '*' wildcard_pattern */
static pattern pattern_maybe_star(Parser *p)
{
    int mark = p->mark;
    pattern star = at(p, STAR) ? parse_memo(p, MEMO_STAR_PATTERN, pattern_star) : NULL;
    if (star)
        return star;
    p->mark = mark;
    return pattern_as(p);
}

/* maybe_sequence_pattern: ','.maybe_star_pattern+ ','?      pushes */
static void pattern_push_sequence(Parser *p)
{
    do {
        int mark = p->mark;
        pattern item = pattern_maybe_star(p);
        if (!item) {
            p->mark = mark;
            break;
        }
        parse_push(p, item);
    } while (take(p, COMMA));
}

/* open_sequence_pattern: maybe_star_pattern ',' maybe_sequence_pattern?      pushes */
static bool pattern_push_open_sequence(Parser *p)
{
    int base = p->top;
    pattern first = pattern_maybe_star(p);
    if (!first || !take(p, COMMA)) {
        parse_cut(p, base);
        return false;
    }
    parse_push(p, first);
    pattern_push_sequence(p);
    return true;
}

/* patterns: open_sequence_pattern | pattern */
pattern parse_patterns(Parser *p)
{
    int mark = p->mark, base = p->top;
    Token *start = peek(p);
    if (pattern_push_open_sequence(p)) {
        pattern_seq *items = parse_seq(p, base);
        return PATTERN(p, MatchSequence, pos_from(p, start), .patterns = items);
    }
    p->mark = mark;
    return pattern_as(p);
}

/* group_pattern: '(' pattern ')'
   sequence_pattern: '[' maybe_sequence_pattern? ']' | '(' open_sequence_pattern? ')' */
static pattern pattern_bracket(Parser *p)
{
    Token *start = p->tokens[p->mark++];
    int mark = p->mark, base = p->top;
    if (start->type == LPAR && p->fast) {
        /* Both alternatives begin alike. Without a memo that is read once, or n open brackets would
           be read 2^n times. */
        if (!at(p, RPAR)) {
            bool star = at(p, STAR);
            pattern first = pattern_maybe_star(p);
            if (!first)
                return NULL;
            if (!star && take(p, RPAR))
                return first;
            if (!take(p, COMMA))
                return NULL;
            parse_push(p, first);
            pattern_push_sequence(p);
        }
    }
    else if (start->type == LPAR) {
        pattern inner = pattern_as(p);
        if (inner && take(p, RPAR))
            return inner;
        p->mark = mark;
        if (!pattern_push_open_sequence(p))
            p->mark = mark;
    }
    else
        pattern_push_sequence(p);
    pattern_seq *items = parse_seq(p, base);
    if (!take(p, start->type == LPAR ? RPAR : RSQB))
        return NULL;
    return PATTERN(p, MatchSequence, pos_from(p, start), .patterns = items);
}

/* -- Mappings -------------------------------------------------------------------------------- */

/* double_star_pattern: '**' pattern_capture_target */
static identifier pattern_double_star(Parser *p)
{
    int mark = p->mark;
    identifier name = take(p, DOUBLESTAR) ? pattern_capture_target(p) : NULL;
    if (!name)
        p->mark = mark;
    return name;
}

/* key_value_pattern: (literal_expr | attr) ':' pattern      pushes key and pattern */
static bool pattern_push_key_value(Parser *p)
{
    expr key;
    if (at(p, NAME)) {
        key = parse_name_or_attr(p);
        if (key && key->kind == Name_kind)
            return false;
    }
    else
        key = pattern_literal_expr(p);
    pattern value = key && take(p, COLON) ? pattern_as(p) : NULL;
    if (!value)
        return false;
    parse_push(p, key);
    parse_push(p, value);
    return true;
}

/* mapping_pattern: '{' '}' | '{' double_star_pattern ','? '}'
                  | '{' items_pattern ',' double_star_pattern ','? '}'
                  | '{' items_pattern ','? '}'      items_pattern: ','.key_value_pattern+ */
static pattern pattern_mapping(Parser *p)
{
    Token *start = p->tokens[p->mark++];
    int base = p->top, mark = p->mark;
    identifier rest = NULL;
    bool comma = true;
    for (; comma && !(rest = pattern_double_star(p)) && pattern_push_key_value(p); mark = p->mark)
        comma = take(p, COMMA) != NULL;
    if (rest)
        take(p, COMMA);
    else
        p->mark = mark;
    int n = (p->top - base) / 2;
    for (int i = 0; i < n; i++)
        parse_push(p, p->stack[base + 2 * i + 1]);
    pattern_seq *patterns = parse_seq(p, base + 2 * n);
    for (int i = 0; i < n; i++)
        p->stack[base + i] = p->stack[base + 2 * i];
    parse_cut(p, base + n);
    expr_seq *keys = parse_seq(p, base);
    if (!take(p, RBRACE))
        return NULL;
    return PATTERN(p, MatchMapping, pos_from(p, start), .keys = keys, .patterns = patterns,
                   .rest = rest);
}

/* -- Classes --------------------------------------------------------------------------------- */

/* positional_patterns: ','.pattern+      pushes */
bool parse_positional_patterns(Parser *p)
{
    int base = p->top, top = base, mark = p->mark;
    do {
        pattern item = pattern_as(p);
        if (!item)
            break;
        parse_push(p, item);
        top = p->top;
        mark = p->mark;
    } while (take(p, COMMA));
    p->mark = mark;
    parse_cut(p, top);
    return top > base;
}

/* keyword_patterns: ','.keyword_pattern+      pushes name and pattern
   keyword_pattern: NAME '=' pattern */
bool parse_keyword_patterns(Parser *p)
{
    int base = p->top, mark = p->mark;
    do {
        Token *name = take(p, NAME);
        pattern item = name && take(p, EQUAL) ? pattern_as(p) : NULL;
        if (!item)
            break;
        parse_push(p, parse_token_id(p, name));
        parse_push(p, item);
        mark = p->mark;
    } while (take(p, COMMA));
    p->mark = mark;
    return p->top > base;
}

/* Keywords pushed above `base` as two sequences. */
static void pattern_split(Parser *p, int base, identifier_seq **names, pattern_seq **patterns)
{
    int n = (p->top - base) / 2;
    for (int i = 0; i < n; i++)
        parse_push(p, p->stack[base + 2 * i + 1]);
    *patterns = parse_seq(p, base + 2 * n);
    for (int i = 0; i < n; i++)
        p->stack[base + i] = p->stack[base + 2 * i];
    parse_cut(p, base + n);
    *names = parse_seq(p, base);
}

/* class_pattern: name_or_attr '(' ')' | name_or_attr '(' positional_patterns ','? ')'
                | name_or_attr '(' keyword_patterns ','? ')'
                | name_or_attr '(' positional_patterns ',' keyword_patterns ','? ')'
                | invalid_class_pattern */
static pattern pattern_class(Parser *p)
{
    int mark = p->mark, base = p->top;
    Token *start = peek(p);
    expr cls = parse_name_or_attr(p);
    if (cls && take(p, LPAR)) {
        pattern_seq *patterns = parse_positional_patterns(p) ? parse_seq(p, base) : NULL,
                    *kwd_patterns;
        identifier_seq *names;
        bool comma = patterns ? take(p, COMMA) != NULL : true;
        if (comma && parse_keyword_patterns(p))
            take(p, COMMA);
        pattern_split(p, base, &names, &kwd_patterns);
        if (take(p, RPAR))
            return PATTERN(p, MatchClass, pos_from(p, start), .cls = cls, .patterns = patterns,
                           .kwd_attrs = names, .kwd_patterns = kwd_patterns);
    }
    p->mark = mark;
    if (p->invalid)
        invalid_class_pattern(p);
    return NULL;
}

/* -- All ------------------------------------------------------------------------------------- */

/* What begins with a name: capture_pattern, wildcard_pattern ("_"), value_pattern
   (attr !('.' | '(' | '=')) or class_pattern. */
static pattern pattern_name(Parser *p)
{
    int mark = p->mark;
    Token *start = peek(p);
    identifier name = pattern_capture_target(p);
    if (name)
        return PATTERN(p, MatchAs, start->pos, .name = name);
    p->mark = mark;
    if (at_word(p, "_")) {
        p->mark++;
        return PATTERN(p, MatchAs, start->pos, .name = NULL);
    }
    expr value = parse_name_or_attr(p);
    if (value && value->kind == Attribute_kind && !pattern_at_call(p))
        return PATTERN(p, MatchValue, pos_from(p, start), .value = value);
    p->mark = mark;
    return pattern_class(p);
}

static void *pattern_closed_of(Parser *p)
{
    switch (peek(p)->type) {
    case NAME: return pattern_name(p);
    case LPAR: case LSQB: return pattern_bracket(p);
    case LBRACE: return pattern_mapping(p);
    default: return pattern_literal(p);
    }
}

/* closed_pattern (memo): literal_pattern | capture_pattern | wildcard_pattern | value_pattern
                        | group_pattern | sequence_pattern | mapping_pattern | class_pattern */
static pattern pattern_closed(Parser *p)
{
    pattern pat = parse_enter(p, 1) ? parse_memo(p, MEMO_CLOSED_PATTERN, pattern_closed_of) : NULL;
    parse_leave(p, 1);
    return pat;
}

/* or_pattern: '|'.closed_pattern+ */
pattern parse_or_pattern(Parser *p)
{
    Token *start = peek(p);
    pattern first = pattern_closed(p);
    if (!first || !at(p, VBAR))
        return first;
    int base = p->top, mark = p->mark;
    parse_push(p, first);
    for (pattern more; take(p, VBAR) && (more = pattern_closed(p)); mark = p->mark)
        parse_push(p, more);
    p->mark = mark;
    if (p->top == base + 1) {
        parse_cut(p, base);
        return first;
    }
    pattern_seq *items = parse_seq(p, base);
    return PATTERN(p, MatchOr, pos_from(p, start), .patterns = items);
}

/* pattern: as_pattern | or_pattern
   as_pattern: or_pattern 'as' pattern_capture_target | invalid_as_pattern */
static pattern pattern_as(Parser *p)
{
    int mark = p->mark, behind;
    Token *start = peek(p);
    pattern inner = parse_or_pattern(p);
    if (!inner)
        return NULL;
    behind = p->mark;
    if (take(p, KW_AS)) {
        identifier name = pattern_capture_target(p);
        if (name)
            return PATTERN(p, MatchAs, pos_from(p, start), .pattern = inner, .name = name);
    }
    if (p->invalid) {
        p->mark = mark;
        invalid_as_pattern(p);
    }
    p->mark = behind;
    return p->error ? NULL : inner;
}
