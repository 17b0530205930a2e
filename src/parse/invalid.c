/* SPDX-License-Identifier: MIT
 *
 * Mistakes in expressions, arguments, displays and assignments. (Parameters: invalid_params.c;
 * statements: invalid_stmt.c.)
 *
 * Each function is a rule invalid_* of 3.11's grammar: a list of productions that describe wrong
 * programs, in the order in which they are tried, each with its message. The place of a call inside
 * the grammar decides which mistake is found first, so neither may be moved.
 *
 * The shape of a function is always the same: each production is one `if` whose condition reads it
 * and whose body raises; begin() goes back to where the rule began and is false once one has
 * raised; at the end `mark` is as it was.
 */
#include "parse/parse_impl.h"

/* -- Expressions ----------------------------------------------------------------------------- */

/* expression_without_invalid: disjunction 'if' disjunction 'else' expression | disjunction
                             | lambdef */
static expr expression_without_invalid(Parser *p)
{
    int mark = p->mark;
    bool invalid = p->invalid;
    Token *start = peek(p);
    p->invalid = false;
    expr a = parse_disjunction(p), b, c, result = NULL;
    if (a && take(p, KW_IF) && (b = parse_disjunction(p)) && take(p, KW_ELSE)
        && (c = parse_expression(p)))
        result = EXPR(p, IfExp, pos_from(p, start), .test = b, .body = a, .orelse = c);
    if (!result) {
        p->mark = mark;
        result = parse_disjunction(p);
    }
    if (!result) {
        p->mark = mark;
        result = parse_lambdef(p);
    }
    p->invalid = invalid;
    return result;
}

/* Statements of Python 2 that people still write without parentheses. */
static bool is_legacy_stmt(Parser *p, const Token *t)
{
    return t->type == NAME && (token_is(p, t, "print") || token_is(p, t, "exec"));
}

/* The same of an expression. */
static bool is_legacy_name(expr e)
{
    return e->kind == Name_kind && (PyUnicode_CompareWithASCIIString(e->v.Name.id, "print") == 0
                                    || PyUnicode_CompareWithASCIIString(e->v.Name.id, "exec") == 0);
}

/* SOFT_KEYWORD; 3.11 takes any beginning of one (`m`, `ca`) for it. */
static bool is_soft_keyword(Parser *p, const Token *t)
{
    const char *s = token_text(p, t);
    return t->type == NAME
           && (!strncmp("match", s, t->len) || !strncmp("case", s, t->len)
               || !strncmp("_", s, t->len));
}

/* invalid_expression: !(NAME STRING | SOFT_KEYWORD) disjunction expression_without_invalid
                     | disjunction 'if' disjunction !('else' | ':')
   invalid_legacy_expression: NAME !'(' star_expressions */
void invalid_expression(Parser *p)
{
    int mark = p->mark;
    Token *t = peek(p);
    expr a, b;
    if (!(t->type == NAME && peek_type(p, 1) == STRING) && !is_soft_keyword(p, t) && begin(p, mark)
        && (a = parse_disjunction(p)) && (b = expression_without_invalid(p))) {
        if (!is_legacy_name(a) && p->tokens[p->mark - 1]->level > 0)
            RAISE_RANGE(p, a, b, "invalid syntax. Perhaps you forgot a comma?");
    }
    if (begin(p, mark) && (a = parse_disjunction(p)) && take(p, KW_IF) && (b = parse_disjunction(p))
        && !at(p, KW_ELSE) && !at(p, COLON))
        RAISE_RANGE(p, a, b, "expected 'else' after 'if' expression");
    if (begin(p, mark) && take(p, NAME) && !at(p, LPAR) && (b = parse_star_expressions(p))
        && is_legacy_stmt(p, t)) {
        identifier name = parse_token_id(p, t);
        RAISE_RANGE(p, t, b, "Missing parentheses in call to '%U'. Did you mean %U(...)?", name,
                    name);
    }
    p->mark = mark;
}

static bool at_equal_or_walrus(Parser *p)
{
    return at(p, EQUAL) || at(p, COLONEQUAL);
}

/* !(list | tuple | genexp | 'True' | 'None' | 'False') */
static bool is_display_or_singleton(Parser *p)
{
    int mark = p->mark, type = peek(p)->type;
    bool found = type == KW_TRUE || type == KW_NONE || type == KW_FALSE;
    if (type == LSQB)
        found = parse_list(p) != NULL;
    else if (type == LPAR)
        found = parse_tuple(p) || (begin(p, mark) && parse_genexp(p));
    p->mark = mark;
    return found;
}

static void *invalid_named(Parser *p)
{
    int mark = p->mark;
    Token *t = peek(p);
    expr a, b;
    if ((a = parse_expression(p)) && take(p, COLONEQUAL) && parse_expression(p))
        RAISE_AT(p, a, "cannot use assignment expressions with %s", parse_expr_name(a));
    if (begin(p, mark) && take(p, NAME) && take(p, EQUAL) && (b = parse_bitwise_or(p))
        && !at_equal_or_walrus(p))
        RAISE_RANGE(p, t, b, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    if (begin(p, mark) && !is_display_or_singleton(p) && (a = parse_bitwise_or(p)) && take(p, EQUAL)
        && parse_bitwise_or(p) && !at_equal_or_walrus(p))
        RAISE_AT(p, a, "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                 parse_expr_name(a));
    return NULL;
}

/* invalid_named_expression (memo): expression ':=' expression
     | NAME '=' bitwise_or !('=' | ':=')
     | !(list | tuple | genexp | 'True' | 'None' | 'False') bitwise_or '=' bitwise_or
       !('=' | ':=') */
void invalid_named_expression(Parser *p)
{
    int mark = p->mark;
    parse_memo_slow(p, MEMO_INVALID_NAMED, invalid_named);
    p->mark = mark;
}

/* invalid_group: '(' starred_expression ')' | '(' '**' expression ')' */
void invalid_group(Parser *p)
{
    int mark = p->mark;
    expr a;
    Token *t;
    if (take(p, LPAR) && (a = parse_starred_expression(p)) && take(p, RPAR))
        RAISE_AT(p, a, "cannot use starred expression here");
    if (begin(p, mark) && take(p, LPAR) && (t = take(p, DOUBLESTAR)) && parse_expression(p)
        && take(p, RPAR))
        RAISE_AT(p, t, "cannot use double starred expression here");
    p->mark = mark;
}

/* -- Comprehensions and displays ------------------------------------------------------------- */

/* invalid_comprehension: ('[' | '(' | '{') starred_expression for_if_clauses
     | ('[' | '{') star_named_expression ',' star_named_expressions for_if_clauses
     | ('[' | '{') star_named_expression ',' for_if_clauses */
void invalid_comprehension(Parser *p)
{
    int mark = p->mark, open = peek(p)->type;
    expr a;
    expr_seq *b;
    Token *comma;
    if (open != LSQB && open != LPAR && open != LBRACE)
        return;
    if (begin(p, mark + 1) && (a = parse_starred_expression(p)) && parse_for_if_clauses(p))
        RAISE_AT(p, a, "iterable unpacking cannot be used in comprehension");
    if (open != LPAR) {
        if (begin(p, mark + 1) && (a = parse_star_named_expression(p)) && take(p, COMMA)
            && (b = parse_star_named_expressions(p)) && parse_for_if_clauses(p))
            RAISE_RANGE(p, a, seq_last(b),
                        "did you forget parentheses around the comprehension target?");
        if (begin(p, mark + 1) && (a = parse_star_named_expression(p)) && (comma = take(p, COMMA))
            && parse_for_if_clauses(p))
            RAISE_RANGE(p, a, comma, "did you forget parentheses around the comprehension target?");
    }
    p->mark = mark;
}

/* invalid_dict_comprehension: '{' '**' bitwise_or for_if_clauses '}' */
void invalid_dict_comprehension(Parser *p)
{
    int mark = p->mark;
    Token *t;
    if (take(p, LBRACE) && (t = take(p, DOUBLESTAR)) && parse_bitwise_or(p)
        && parse_for_if_clauses(p) && take(p, RBRACE))
        RAISE_AT(p, t, "dict unpacking cannot be used in dict comprehension");
    p->mark = mark;
}

/* The two productions that invalid_double_starred_kvpairs and invalid_kvpair share:
   expression ':' '*' bitwise_or | expression ':' &('}' | ',') */
static void invalid_dict_value(Parser *p, int mark)
{
    Token *t;
    if (begin(p, mark) && parse_expression(p) && take(p, COLON) && (t = take(p, STAR))
        && parse_bitwise_or(p))
        RAISE_FROM(p, t, "cannot use a starred expression in a dictionary value");
    if (begin(p, mark) && parse_expression(p) && (t = take(p, COLON))
        && (at(p, RBRACE) || at(p, COMMA)))
        RAISE_AT(p, t, "expression expected after dictionary key and ':'");
}

/* invalid_kvpair: expression !':' | expression ':' '*' bitwise_or | expression ':' &('}' | ',') */
static void invalid_kvpair(Parser *p)
{
    int mark = p->mark;
    expr a = parse_expression(p);
    if (a && !at(p, COLON))
        parse_raise_at(p, PyExc_SyntaxError, a->pos.lineno, a->pos.end_col_offset - 1,
                       a->pos.end_lineno, -1, "':' expected after dictionary key");
    invalid_dict_value(p, mark);
    p->mark = mark;
}

/* invalid_double_starred_kvpairs: ','.double_starred_kvpair+ ',' invalid_kvpair
     | expression ':' '*' bitwise_or | expression ':' &('}' | ',') */
void invalid_double_starred_kvpairs(Parser *p)
{
    int mark = p->mark, n = 0, last = mark;
    expr key, value;
    while (parse_double_starred_kvpair(p, &key, &value)) {
        n++;
        last = p->mark;
        if (!take(p, COMMA))
            break;
    }
    if (n && begin(p, last) && take(p, COMMA))
        invalid_kvpair(p);
    invalid_dict_value(p, mark);
    p->mark = mark;
}

/* -- Arguments ------------------------------------------------------------------------------- */

/* Where a comprehension ends. */
static expr last_comprehension_item(comprehension_seq *generators)
{
    comprehension last = seq_last(generators);
    return last->ifs ? seq_last(last->ifs) : last->iter;
}

static const char MAYBE_EQUAL[] = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
static const char PARENTHESIZE_GENEXP[] = "Generator expression must be parenthesized";

/* NAME '=' expression for_if_clauses */
static void invalid_keyword_genexp(Parser *p)
{
    Token *name = take(p, NAME), *equal;
    if (name && (equal = take(p, EQUAL)) && parse_expression(p) && parse_for_if_clauses(p))
        RAISE_RANGE(p, name, equal, MAYBE_EQUAL);
}

static void raise_positional_follows(Parser *p, expr list)
{
    keyword_seq *keywords = list->v.Call.keywords;
    bool unpacking = false;
    for (Py_ssize_t i = 0; i < seq_len(keywords); i++)
        unpacking |= !keywords->at[i]->arg;
    RAISE(p, unpacking ? "positional argument follows keyword argument unpacking"
                       : "positional argument follows keyword argument");
}

/* invalid_arguments: args ',' '*'
     | expression for_if_clauses ',' [args | expression for_if_clauses]
     | NAME '=' expression for_if_clauses | args for_if_clauses
     | args ',' expression for_if_clauses | args ',' args */
void invalid_arguments(Parser *p)
{
    int mark = p->mark, behind;
    expr a, list;
    comprehension_seq *b;
    if ((list = parse_args(p)) && take(p, COMMA) && take(p, STAR))
        RAISE_AT(p, list, "iterable argument unpacking follows keyword argument unpacking");
    if (begin(p, mark) && (a = parse_expression(p)) && (b = parse_for_if_clauses(p))
        && take(p, COMMA)) {
        behind = p->mark;
        if (!parse_args(p) && begin(p, behind) && parse_expression(p))
            parse_for_if_clauses(p);
        if (!p->error)
            RAISE_RANGE(p, a, last_comprehension_item(b), PARENTHESIZE_GENEXP);
    }
    if (begin(p, mark))
        invalid_keyword_genexp(p);
    if (begin(p, mark) && (list = parse_args(p)) && (b = parse_for_if_clauses(p))
        && seq_len(list->v.Call.args) > 1)
        RAISE_RANGE(p, seq_last(list->v.Call.args), last_comprehension_item(b),
                    PARENTHESIZE_GENEXP);
    if (begin(p, mark) && parse_args(p) && take(p, COMMA) && (a = parse_expression(p))
        && (b = parse_for_if_clauses(p)))
        RAISE_RANGE(p, a, last_comprehension_item(b), PARENTHESIZE_GENEXP);
    if (begin(p, mark) && (list = parse_args(p)) && take(p, COMMA) && parse_args(p))
        raise_positional_follows(p, list);
    p->mark = mark;
}

/* invalid_kwarg: ('True' | 'False' | 'None') '=' | NAME '=' expression for_if_clauses
     | !(NAME '=') expression '=' */
void invalid_kwarg(Parser *p)
{
    int mark = p->mark;
    Token *t = peek(p), *equal;
    expr a;
    if ((take(p, KW_TRUE) || take(p, KW_FALSE) || take(p, KW_NONE)) && (equal = take(p, EQUAL)))
        RAISE_RANGE(p, t, equal, "cannot assign to %s",
                    t->type == KW_TRUE ? "True" : t->type == KW_FALSE ? "False" : "None");
    if (begin(p, mark))
        invalid_keyword_genexp(p);
    if (begin(p, mark) && !(at(p, NAME) && peek_type(p, 1) == EQUAL) && (a = parse_expression(p))
        && (equal = take(p, EQUAL)))
        RAISE_RANGE(p, a, equal, "expression cannot contain assignment, perhaps you meant \"==\"?");
    p->mark = mark;
}

/* -- Assignments ----------------------------------------------------------------------------- */

/* invalid_ann_assign_target: list | tuple | '(' invalid_ann_assign_target ')' */
static expr invalid_ann_assign_target(Parser *p)
{
    int mark = p->mark;
    expr a = parse_list(p);
    if (a || (begin(p, mark) && (a = parse_tuple(p))))
        return a;
    if (begin(p, mark) && take(p, LPAR) && (a = invalid_ann_assign_target(p)) && take(p, RPAR))
        return a;
    return NULL;
}

/* (star_targets '=')* */
static void skip_targets(Parser *p)
{
    int mark = p->mark;
    while (parse_star_targets(p) && take(p, EQUAL))
        mark = p->mark;
    p->mark = mark;
}

/* invalid_assignment: invalid_ann_assign_target ':' expression
     | star_named_expression ',' star_named_expressions* ':' expression | expression ':' expression
     | (star_targets '=')* star_expressions '=' | (star_targets '=')* yield_expr '='
     | star_expressions augassign (yield_expr | star_expressions) */
void invalid_assignment(Parser *p)
{
    int mark = p->mark, behind;
    expr a;
    if ((a = invalid_ann_assign_target(p)) && take(p, COLON) && parse_expression(p))
        RAISE_AT(p, a, "only single target (not %s) can be annotated",
                 a->kind == List_kind ? "list" : "tuple");
    if (begin(p, mark) && (a = parse_star_named_expression(p)) && take(p, COMMA)) {
        behind = p->mark;
        while (parse_star_named_expressions(p))
            behind = p->mark;
        p->mark = behind;
        if (take(p, COLON) && parse_expression(p))
            RAISE_AT(p, a, "only single target (not tuple) can be annotated");
    }
    if (begin(p, mark) && (a = parse_expression(p)) && take(p, COLON) && parse_expression(p))
        RAISE_AT(p, a, "illegal target for annotation");
    if (begin(p, mark)) {
        skip_targets(p);
        if ((a = parse_star_expressions(p)) && take(p, EQUAL))
            parse_raise_invalid_target(p, STAR_TARGETS, a);
    }
    if (begin(p, mark)) {
        skip_targets(p);
        if ((a = parse_yield_expr(p)) && take(p, EQUAL))
            RAISE_AT(p, a, "assignment to yield expression not possible");
    }
    if (begin(p, mark) && (a = parse_star_expressions(p)) && parse_augassign(p)) {
        behind = p->mark;
        if (parse_yield_expr(p) || (begin(p, behind) && parse_star_expressions(p)))
            RAISE_AT(p, a, "'%s' is an illegal expression for augmented assignment",
                     parse_expr_name(a));
    }
    p->mark = mark;
}

/* invalid_del_stmt: 'del' star_expressions */
void invalid_del_stmt(Parser *p)
{
    int mark = p->mark;
    expr a;
    if (take(p, KW_DEL) && (a = parse_star_expressions(p)))
        parse_raise_invalid_target(p, DEL_TARGETS, a);
    p->mark = mark;
}

/* invalid_for_target: ASYNC? 'for' star_expressions */
void invalid_for_target(Parser *p)
{
    int mark = p->mark;
    expr a;
    take(p, ASYNC);
    if (take(p, KW_FOR) && (a = parse_star_expressions(p)))
        parse_raise_invalid_target(p, FOR_TARGETS, a);
    p->mark = mark;
}

/* invalid_with_item: expression 'as' expression &(',' | ')' | ':') */
void invalid_with_item(Parser *p)
{
    int mark = p->mark;
    expr a;
    if (parse_expression(p) && take(p, KW_AS) && (a = parse_expression(p))
        && (at(p, COMMA) || at(p, RPAR) || at(p, COLON)))
        parse_raise_invalid_target(p, STAR_TARGETS, a);
    p->mark = mark;
}

/* invalid_import_from_targets: import_from_as_names ',' NEWLINE */
void invalid_import_from_targets(Parser *p)
{
    int mark = p->mark;
    if (parse_import_from_as_names(p) && take(p, COMMA) && take(p, NEWLINE))
        RAISE(p, "trailing comma not allowed without surrounding parentheses");
    p->mark = mark;
}
