/* SPDX-License-Identifier: MIT
 *
 * Mistakes in compound statements and patterns: a missing colon, a missing block, clauses in the
 * wrong place.
 */
#include "parse/parse_impl.h"

/* NEWLINE !INDENT */
static bool no_block(Parser *p)
{
    return take(p, NEWLINE) && !at(p, INDENT) && !p->error;
}

/* The clause `what` that began with token t has no block. */
static void raise_no_block(Parser *p, const char *what, Token *t)
{
    RAISE_INDENT(p, "expected an indented block after %s on line %d", what, t->pos.lineno);
}

/* invalid_block: NEWLINE !INDENT */
void invalid_block(Parser *p)
{
    int mark = p->mark;
    if (no_block(p))
        RAISE_INDENT(p, "expected an indented block");
    p->mark = mark;
}

/* -- if, elif, while, else, finally ---------------------------------------------------------- */

/* keyword named_expression NEWLINE | keyword named_expression ':' NEWLINE !INDENT */
void invalid_condition_stmt(Parser *p, int keyword, const char *word)
{
    int mark = p->mark;
    char what[24];
    Token *t;
    if (take(p, keyword) && parse_named_expression(p) && take(p, NEWLINE))
        RAISE(p, "expected ':'");
    snprintf(what, sizeof what, "'%s' statement", word);
    if (begin(p, mark) && (t = take(p, keyword)) && parse_named_expression(p) && take(p, COLON)
        && no_block(p))
        raise_no_block(p, what, t);
    p->mark = mark;
}

/* keyword ':' NEWLINE !INDENT */
void invalid_bare_stmt(Parser *p, int keyword, const char *word)
{
    int mark = p->mark;
    char what[24];
    Token *t = take(p, keyword);
    snprintf(what, sizeof what, "'%s' statement", word);
    if (t && take(p, COLON) && no_block(p))
        raise_no_block(p, what, t);
    p->mark = mark;
}

/* -- for, with ------------------------------------------------------------------------------- */

/* ASYNC? 'for' star_targets 'in' star_expressions */
static Token *for_header(Parser *p)
{
    Token *t;
    take(p, ASYNC);
    return (t = take(p, KW_FOR)) && parse_star_targets(p) && take(p, KW_IN)
                   && parse_star_expressions(p)
               ? t
               : NULL;
}

/* invalid_for_stmt: ASYNC? 'for' star_targets 'in' star_expressions NEWLINE
                   | ASYNC? 'for' star_targets 'in' star_expressions ':' NEWLINE !INDENT */
void invalid_for_stmt(Parser *p)
{
    int mark = p->mark;
    Token *t;
    if (for_header(p) && take(p, NEWLINE))
        RAISE(p, "expected ':'");
    if (begin(p, mark) && (t = for_header(p)) && take(p, COLON) && no_block(p))
        raise_no_block(p, "'for' statement", t);
    p->mark = mark;
}

/* ','.(expression ['as' star_target])+ */
static bool with_items(Parser *p, expr (*context)(Parser *))
{
    int n = 0, mark;
    do {
        mark = n ? p->mark - 1 : p->mark;
        if (!context(p)) {
            p->mark = mark;
            break;
        }
        int behind = p->mark;
        if (!take(p, KW_AS) || !parse_star_target(p))
            p->mark = behind;
        n++;
    } while (take(p, COMMA));
    return n > 0;
}

/* ASYNC? 'with' items, or ASYNC? 'with' '(' items ','? ')' */
static Token *with_header(Parser *p, bool parenthesized)
{
    take(p, ASYNC);
    Token *t = take(p, KW_WITH);
    if (!t)
        return NULL;
    if (!parenthesized)
        return with_items(p, parse_expression) ? t : NULL;
    if (!take(p, LPAR) || !with_items(p, parse_expressions))
        return NULL;
    take(p, COMMA);
    return take(p, RPAR) ? t : NULL;
}

/* invalid_with_stmt: ASYNC? 'with' ','.(expression ['as' star_target])+ NEWLINE
                    | ASYNC? 'with' '(' ','.(expressions ['as' star_target])+ ','? ')' NEWLINE */
void invalid_with_stmt(Parser *p)
{
    int mark = p->mark;
    for (int parenthesized = 0; parenthesized < 2; parenthesized++)
        if (begin(p, mark) && with_header(p, parenthesized) && take(p, NEWLINE))
            RAISE(p, "expected ':'");
    p->mark = mark;
}

/* invalid_with_stmt_indent: the same headers, then ':' NEWLINE !INDENT */
void invalid_with_stmt_indent(Parser *p)
{
    int mark = p->mark;
    Token *t;
    for (int parenthesized = 0; parenthesized < 2; parenthesized++)
        if (begin(p, mark) && (t = with_header(p, parenthesized)) && take(p, COLON) && no_block(p))
            raise_no_block(p, "'with' statement", t);
    p->mark = mark;
}

/* -- try ------------------------------------------------------------------------------------- */

/* rule+ */
static bool skip_handlers(Parser *p, excepthandler (*rule)(Parser *))
{
    int n = 0, mark = p->mark;
    while (rule(p)) {
        n++;
        mark = p->mark;
    }
    p->mark = mark;
    return n > 0;
}

/* ['as' NAME] */
static void skip_as_name(Parser *p)
{
    int mark = p->mark;
    if (!take(p, KW_AS) || !take(p, NAME))
        p->mark = mark;
}

/* expression ['as' NAME] ':' */
static bool handler_header(Parser *p)
{
    if (!parse_expression(p))
        return false;
    skip_as_name(p);
    return take(p, COLON) != NULL;
}

/* invalid_try_stmt: 'try' ':' NEWLINE !INDENT | 'try' ':' block !('except' | 'finally')
     | 'try' ':' block* except_block+ 'except' '*' expression ['as' NAME] ':'
     | 'try' ':' block* except_star_block+ 'except' [expression ['as' NAME]] ':' */
void invalid_try_stmt(Parser *p)
{
    int mark = p->mark, behind;
    Token *t = take(p, KW_TRY);
    if (t && take(p, COLON) && no_block(p))
        raise_no_block(p, "'try' statement", t);
    if (begin(p, mark) && take(p, KW_TRY) && take(p, COLON) && parse_block(p) && !at(p, KW_EXCEPT)
        && !at(p, KW_FINALLY) && !p->error)
        RAISE(p, "expected 'except' or 'finally' block");
    if (begin(p, mark) && take(p, KW_TRY) && take(p, COLON)) {
        for (behind = p->mark; parse_block(p); behind = p->mark) {}
        p->mark = behind;
        Token *star;
        if (skip_handlers(p, parse_except_block) && (t = take(p, KW_EXCEPT))
            && (star = take(p, STAR)) && handler_header(p))
            RAISE_RANGE(p, t, star, "cannot have both 'except' and 'except*' on the same 'try'");
        if (begin(p, behind) && skip_handlers(p, parse_except_star_block)
            && (t = take(p, KW_EXCEPT))) {
            behind = p->mark;
            if (handler_header(p) || (begin(p, behind) && take(p, COLON)))
                RAISE_AT(p, t, "cannot have both 'except' and 'except*' on the same 'try'");
        }
    }
    p->mark = mark;
}

/* invalid_except_stmt: 'except' '*'? expression ',' expressions ['as' NAME] ':'
     | 'except' '*'? expression ['as' NAME] NEWLINE | 'except' NEWLINE
     | 'except' '*' (NEWLINE | ':') */
void invalid_except_stmt(Parser *p)
{
    int mark = p->mark;
    expr a;
    if (!take(p, KW_EXCEPT))
        return;
    take(p, STAR);
    if ((a = parse_expression(p)) && take(p, COMMA) && parse_expressions(p)) {
        skip_as_name(p);
        if (take(p, COLON))
            RAISE_FROM(p, a, "multiple exception types must be parenthesized");
    }
    if (begin(p, mark + 1)) {
        take(p, STAR);
        if (parse_expression(p)) {
            skip_as_name(p);
            if (take(p, NEWLINE))
                RAISE(p, "expected ':'");
        }
    }
    if (begin(p, mark + 1) && take(p, NEWLINE))
        RAISE(p, "expected ':'");
    if (begin(p, mark + 1) && take(p, STAR) && (take(p, NEWLINE) || take(p, COLON)))
        RAISE(p, "expected one or more exception types");
    p->mark = mark;
}

/* invalid_except_stmt_indent: 'except' expression ['as' NAME] ':' NEWLINE !INDENT
     | 'except' ':' NEWLINE !INDENT */
void invalid_except_stmt_indent(Parser *p)
{
    int mark = p->mark;
    Token *t = take(p, KW_EXCEPT);
    if (t && parse_expression(p)) {
        skip_as_name(p);
        if (take(p, COLON) && no_block(p))
            raise_no_block(p, "'except' statement", t);
    }
    if (t && begin(p, mark + 1) && take(p, COLON) && no_block(p))
        raise_no_block(p, "'except' statement", t);
    p->mark = mark;
}

/* invalid_except_star_stmt_indent: 'except' '*' expression ['as' NAME] ':' NEWLINE !INDENT */
void invalid_except_star_stmt_indent(Parser *p)
{
    int mark = p->mark;
    Token *t = take(p, KW_EXCEPT);
    if (t && take(p, STAR) && parse_expression(p)) {
        skip_as_name(p);
        if (take(p, COLON) && no_block(p))
            raise_no_block(p, "'except*' statement", t);
    }
    p->mark = mark;
}

/* -- match ----------------------------------------------------------------------------------- */

/* invalid_match_stmt: "match" subject_expr NEWLINE | "match" subject_expr ':' NEWLINE !INDENT */
void invalid_match_stmt(Parser *p)
{
    int mark = p->mark;
    Token *t = take_word(p, "match");
    if (t && parse_subject_expr(p) && take(p, NEWLINE)
        && parse_check_version(p, 10, "Pattern matching is", p))
        RAISE(p, "expected ':'");
    if (begin(p, mark) && (t = take_word(p, "match")) && parse_subject_expr(p) && take(p, COLON)
        && no_block(p))
        raise_no_block(p, "'match' statement", t);
    p->mark = mark;
}

/* "case" patterns guard? */
static Token *case_header(Parser *p)
{
    Token *t = take_word(p, "case");
    if (!t || !parse_patterns(p))
        return NULL;
    parse_guard(p);
    return t;
}

/* invalid_case_block: "case" patterns guard? NEWLINE
     | "case" patterns guard? ':' NEWLINE !INDENT */
void invalid_case_block(Parser *p)
{
    int mark = p->mark;
    Token *t;
    if (case_header(p) && take(p, NEWLINE))
        RAISE(p, "expected ':'");
    if (begin(p, mark) && (t = case_header(p)) && take(p, COLON) && no_block(p))
        raise_no_block(p, "'case' statement", t);
    p->mark = mark;
}

/* invalid_as_pattern: or_pattern 'as' "_" | or_pattern 'as' !NAME expression */
void invalid_as_pattern(Parser *p)
{
    int mark = p->mark;
    Token *t;
    expr a;
    if (parse_or_pattern(p) && take(p, KW_AS) && (t = take_word(p, "_")))
        RAISE_AT(p, t, "cannot use '_' as a target");
    if (begin(p, mark) && parse_or_pattern(p) && take(p, KW_AS) && !at(p, NAME)
        && (a = parse_expression(p)))
        RAISE_AT(p, a, "invalid pattern target");
    p->mark = mark;
}

/* invalid_class_pattern: name_or_attr '(' [positional_patterns ','] keyword_patterns ','
     positional_patterns */
void invalid_class_pattern(Parser *p)
{
    int mark = p->mark, base = p->top;
    if (parse_name_or_attr(p) && take(p, LPAR)) {
        int behind = p->mark;
        if (!parse_positional_patterns(p) || !take(p, COMMA))
            p->mark = behind;
        if (parse_keyword_patterns(p) && take(p, COMMA)) {
            parse_cut(p, base);
            if (parse_positional_patterns(p)) {
                pattern_seq *items = parse_seq(p, base);
                if (p->error && !p->fatal) { /* goes before a mistake inside the later patterns */
                    PyErr_Clear();
                    p->error = false;
                }
                RAISE_RANGE(p, items->at[0], seq_last(items),
                            "positional patterns follow keyword patterns");
            }
        }
    }
    parse_cut(p, base);
    p->mark = mark;
}

/* -- def, class ------------------------------------------------------------------------------ */

/* invalid_def_raw: ASYNC? 'def' NAME '(' [params] ')' ['->' expression] ':' NEWLINE !INDENT */
void invalid_def_raw(Parser *p)
{
    int mark = p->mark;
    take(p, ASYNC);
    Token *t = take(p, KW_DEF);
    if (t && take(p, NAME) && take(p, LPAR) && parse_params(p, false) && take(p, RPAR)) {
        int behind = p->mark;
        if (!take(p, RARROW) || !parse_expression(p))
            p->mark = behind;
        if (take(p, COLON) && no_block(p))
            raise_no_block(p, "function definition", t);
    }
    p->mark = mark;
}

/* 'class' NAME ['(' [arguments] ')'] */
static Token *class_header(Parser *p)
{
    Token *t = take(p, KW_CLASS);
    if (!t || !take(p, NAME))
        return NULL;
    int mark = p->mark;
    if (take(p, LPAR)) {
        if (!parse_arguments(p))
            p->mark = mark + 1;
        if (!take(p, RPAR))
            p->mark = mark;
    }
    return t;
}

/* invalid_class_def_raw: 'class' NAME ['(' [arguments] ')'] NEWLINE
                        | 'class' NAME ['(' [arguments] ')'] ':' NEWLINE !INDENT */
void invalid_class_def_raw(Parser *p)
{
    int mark = p->mark;
    Token *t;
    if (class_header(p) && take(p, NEWLINE))
        RAISE(p, "expected ':'");
    if (begin(p, mark) && (t = class_header(p)) && take(p, COLON) && no_block(p))
        raise_no_block(p, "class definition", t);
    p->mark = mark;
}

/* invalid_double_type_comments: TYPE_COMMENT NEWLINE TYPE_COMMENT NEWLINE INDENT */
void invalid_double_type_comments(Parser *p)
{
    int mark = p->mark;
    if (take(p, TYPE_COMMENT) && take(p, NEWLINE) && take(p, TYPE_COMMENT) && take(p, NEWLINE)
        && take(p, INDENT))
        RAISE(p, "Cannot have two type comments on def");
    p->mark = mark;
}
