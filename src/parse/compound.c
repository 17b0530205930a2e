/* SPDX-License-Identifier: MIT
 *
 * Compound statements: def, class, if, while, for, with, try, match. Each looks for its own
 * mistakes first when the rules of invalid*.c are on.
 *
 * Every clause is "header ':' block". A clause that fails makes its statement fail, but an optional
 * one (else, finally) only stays unread: what follows then fails in the caller, at the token where
 * 3.11 reports it.
 *
 * Reference: language reference, chapter 8; parenthesized with PEP 617, except* PEP 654, match
 * PEP 634. Nesting is bounded by MAX_INDENTS of the lexer; a chain of elif counts levels of its
 * own.
 */
#include "parse/parse_impl.h"

/* -- Headers --------------------------------------------------------------------------------- */

/* ['else' &&':' block]      MAYBE_NULL; `mark` stays when there is none */
static stmt_seq *compound_else(Parser *p)
{
    int mark = p->mark;
    if (!at(p, KW_ELSE))
        return NULL;
    if (p->invalid) {
        invalid_bare_stmt(p, KW_ELSE, "else");
        p->mark = mark;
    }
    stmt_seq *body = NULL;
    if (take(p, KW_ELSE) && parse_force(p, COLON, ":"))
        body = parse_block(p);
    if (!body)
        p->mark = mark;
    return body;
}

/* -- if, while ------------------------------------------------------------------------------- */

/* if_stmt: invalid_if_stmt | 'if' named_expression ':' block elif_stmt
          | 'if' named_expression ':' block [else_block]
   elif_stmt: invalid_elif_stmt | 'elif' named_expression ':' block elif_stmt
            | 'elif' named_expression ':' block [else_block]      keyword: which of the two */
static stmt compound_if(Parser *p, int keyword)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_condition_stmt(p, keyword, keyword == KW_IF ? "if" : "elif");
        p->mark = mark;
    }
    Token *start = take(p, keyword);
    expr test = start ? parse_named_expression(p) : NULL;
    if (!test || !take(p, COLON))
        return NULL;
    stmt_seq *body = parse_block(p), *orelse = NULL;
    if (!body)
        return NULL;
    mark = p->mark;
    if (at(p, KW_ELIF)) {
        p->level++;
        stmt inner = compound_if(p, KW_ELIF);
        p->level--;
        if (inner)
            orelse = parse_seq1(p, inner);
        else
            p->mark = mark;
    }
    else
        orelse = compound_else(p);
    return STMT(p, If, pos_from(p, start), .test = test, .body = body, .orelse = orelse);
}

/* while_stmt: invalid_while_stmt | 'while' named_expression ':' block [else_block] */
static stmt compound_while(Parser *p)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_condition_stmt(p, KW_WHILE, "while");
        p->mark = mark;
    }
    Token *start = take(p, KW_WHILE);
    expr test = parse_named_expression(p);
    stmt_seq *body = test && take(p, COLON) ? parse_block(p) : NULL;
    if (!body)
        return NULL;
    stmt_seq *orelse = compound_else(p);
    return STMT(p, While, pos_from(p, start), .test = test, .body = body, .orelse = orelse);
}

/* -- for ------------------------------------------------------------------------------------- */

/* for_stmt: invalid_for_stmt
           | 'for' star_targets 'in' ~ star_expressions ':' [TYPE_COMMENT] block [else_block]
           | ASYNC 'for' ... | invalid_for_target */
static stmt compound_for(Parser *p)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_for_stmt(p);
        p->mark = mark;
    }
    Token *start = peek(p);
    bool async = take(p, ASYNC) != NULL;
    expr target = take(p, KW_FOR) ? parse_star_targets(p) : NULL;
    if (!target || !take(p, KW_IN)) {
        p->mark = mark;
        if (p->invalid)
            invalid_for_target(p);
        return NULL;
    }
    expr iter = parse_star_expressions(p);
    if (!iter || !take(p, COLON))
        return NULL;
    PyObject *comment = parse_type_comment(p);
    stmt_seq *body = parse_block(p);
    if (!body)
        return NULL;
    stmt_seq *orelse = compound_else(p);
    if (!async)
        return STMT(p, For, pos_from(p, start), .target = target, .iter = iter, .body = body,
                    .orelse = orelse, .type_comment = comment);
    stmt s = STMT(p, AsyncFor, pos_from(p, start), .target = target, .iter = iter, .body = body,
                  .orelse = orelse, .type_comment = comment);
    return parse_check_version(p, 5, "Async for loops are", s);
}

/* -- with ------------------------------------------------------------------------------------ */

/* with_item: expression 'as' star_target &(',' | ')' | ':') | invalid_with_item | expression */
static withitem compound_with_item(Parser *p)
{
    int mark = p->mark;
    expr context = parse_expression(p), target = NULL;
    if (context && take(p, KW_AS)) {
        target = parse_star_target(p);
        int type = target ? peek(p)->type : 0;
        if (type != COMMA && type != RPAR && type != COLON)
            target = NULL;
    }
    if (!target) {
        p->mark = mark;
        if (p->invalid) {
            invalid_with_item(p);
            p->mark = mark;
        }
        if (!(context = parse_expression(p)))
            return NULL;
    }
    withitem item = parse_alloc(p, sizeof *item);
    *item = (struct withitem_node){context, target, {0}};
    return item;
}

/* ','.with_item+ */
static withitem_seq *compound_with_items(Parser *p)
{
    int base = p->top, mark;
    do {
        mark = p->top > base ? p->mark - 1 : p->mark;
        withitem item = compound_with_item(p);
        if (!item) {
            p->mark = mark;
            break;
        }
        parse_push(p, item);
    } while (take(p, COMMA));
    return parse_seq(p, base);
}

/* with_stmt: invalid_with_stmt_indent | 'with' '(' ','.with_item+ ','? ')' ':' block
            | 'with' ','.with_item+ ':' [TYPE_COMMENT] block | ASYNC 'with' ...
            | invalid_with_stmt
   Only a ':' behind the parenthesis tells a list of items from a tuple. */
static stmt compound_with(Parser *p)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_with_stmt_indent(p);
        p->mark = mark;
    }
    Token *start = peek(p);
    bool async = take(p, ASYNC) != NULL, parenthesized = false;
    withitem_seq *items = NULL;
    stmt_seq *body = NULL;
    PyObject *comment = NULL;
    if (take(p, KW_WITH)) {
        int behind = p->mark;
        if (take(p, LPAR) && (items = compound_with_items(p))) {
            take(p, COMMA);
            if (take(p, RPAR) && take(p, COLON))
                body = parse_block(p);
            parenthesized = body != NULL;
        }
        if (!body) {
            p->mark = behind;
            if ((items = compound_with_items(p)) && take(p, COLON)) {
                comment = parse_type_comment(p);
                body = parse_block(p);
            }
        }
    }
    if (!body) {
        p->mark = mark;
        if (p->invalid)
            invalid_with_stmt(p);
        return NULL;
    }
    if (parenthesized && !parse_check_version(p, 9, "Parenthesized context managers are", items))
        return NULL;
    if (!async)
        return STMT(p, With, pos_from(p, start), .items = items, .body = body,
                    .type_comment = comment);
    stmt s = STMT(p, AsyncWith, pos_from(p, start), .items = items, .body = body,
                  .type_comment = comment);
    return parse_check_version(p, 5, "Async with statements are", s);
}

/* -- try ------------------------------------------------------------------------------------- */

static excepthandler compound_new_handler(Parser *p, Token *start, expr type, identifier name,
                                          stmt_seq *body)
{
    excepthandler h = parse_alloc(p, sizeof *h);
    h->kind = ExceptHandler_kind;
    h->pos = pos_from(p, start);
    h->v.ExceptHandler.type = type;
    h->v.ExceptHandler.name = name;
    h->v.ExceptHandler.body = body;
    return h;
}

/* expression ['as' NAME] ':' block behind 'except' or 'except' '*' */
static excepthandler compound_handler(Parser *p, Token *start)
{
    expr type = parse_expression(p);
    if (!type)
        return NULL;
    int mark = p->mark;
    Token *name = take(p, KW_AS) ? take(p, NAME) : NULL;
    if (!name)
        p->mark = mark;
    stmt_seq *body = take(p, COLON) ? parse_block(p) : NULL;
    return body ? compound_new_handler(p, start, type, name ? parse_token_id(p, name) : NULL, body)
                : NULL;
}

/* except_block: invalid_except_stmt_indent | 'except' expression ['as' NAME] ':' block
               | 'except' ':' block | invalid_except_stmt */
excepthandler parse_except_block(Parser *p)
{
    int mark = p->mark;
    if (!at(p, KW_EXCEPT))
        return NULL;
    if (p->invalid) {
        invalid_except_stmt_indent(p);
        p->mark = mark;
    }
    Token *start = take(p, KW_EXCEPT);
    excepthandler h = start ? compound_handler(p, start) : NULL;
    if (h)
        return h;
    p->mark = mark + 1;
    stmt_seq *body = take(p, COLON) ? parse_block(p) : NULL;
    if (body)
        return compound_new_handler(p, start, NULL, NULL, body);
    p->mark = mark;
    if (p->invalid)
        invalid_except_stmt(p);
    return NULL;
}

/* except_star_block: invalid_except_star_stmt_indent
                    | 'except' '*' expression ['as' NAME] ':' block | invalid_except_stmt */
excepthandler parse_except_star_block(Parser *p)
{
    int mark = p->mark;
    if (!at(p, KW_EXCEPT))
        return NULL;
    if (p->invalid) {
        invalid_except_star_stmt_indent(p);
        p->mark = mark;
    }
    Token *start = take(p, KW_EXCEPT);
    excepthandler h = start && take(p, STAR) ? compound_handler(p, start) : NULL;
    if (h)
        return h;
    p->mark = mark;
    if (p->invalid)
        invalid_except_stmt(p);
    return NULL;
}

/* rule*      NULL: none */
static excepthandler_seq *compound_handlers(Parser *p, excepthandler (*rule)(Parser *))
{
    int base = p->top, mark = p->mark;
    for (excepthandler h; (h = rule(p)); mark = p->mark)
        parse_push(p, h);
    p->mark = mark;
    return parse_seq(p, base);
}

/* finally_block: invalid_finally_stmt | 'finally' &&':' block */
static stmt_seq *compound_finally(Parser *p)
{
    int mark = p->mark;
    if (!at(p, KW_FINALLY))
        return NULL;
    if (p->invalid) {
        invalid_bare_stmt(p, KW_FINALLY, "finally");
        p->mark = mark;
    }
    stmt_seq *body = NULL;
    if (take(p, KW_FINALLY) && parse_force(p, COLON, ":"))
        body = parse_block(p);
    if (!body)
        p->mark = mark;
    return body;
}

/* try_stmt: invalid_try_stmt | 'try' &&':' block finally_block
           | 'try' &&':' block except_block+ [else_block] [finally_block]
           | 'try' &&':' block except_star_block+ [else_block] [finally_block] */
static stmt compound_try(Parser *p)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_try_stmt(p);
        p->mark = mark;
    }
    Token *start = take(p, KW_TRY);
    if (!start || !parse_force(p, COLON, ":"))
        return NULL;
    stmt_seq *body = parse_block(p), *orelse, *finalbody;
    if (!body)
        return NULL;
    if ((finalbody = compound_finally(p)))
        return STMT(p, Try, pos_from(p, start), .body = body, .finalbody = finalbody);
    mark = p->mark;
    excepthandler_seq *handlers = compound_handlers(p, parse_except_block);
    bool star = !handlers;
    if (star) {
        p->mark = mark;
        handlers = compound_handlers(p, parse_except_star_block);
    }
    if (!handlers)
        return NULL;
    orelse = compound_else(p);
    finalbody = compound_finally(p);
    if (!star)
        return STMT(p, Try, pos_from(p, start), .body = body, .handlers = handlers,
                    .orelse = orelse, .finalbody = finalbody);
    stmt s = STMT(p, TryStar, pos_from(p, start), .body = body, .handlers = handlers,
                  .orelse = orelse, .finalbody = finalbody);
    return parse_check_version(p, 11, "Exception groups are", s);
}

/* -- match ----------------------------------------------------------------------------------- */

/* case_block: invalid_case_block | "case" patterns guard? ':' block */
static match_case compound_case(Parser *p)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_case_block(p);
        p->mark = mark;
    }
    if (!take_word(p, "case"))
        return NULL;
    pattern pat = parse_patterns(p);
    if (!pat)
        return NULL;
    expr guard = parse_guard(p);
    stmt_seq *body = take(p, COLON) ? parse_block(p) : NULL;
    if (!body)
        return NULL;
    match_case c = parse_alloc(p, sizeof *c);
    *c = (struct match_case_node){pat, guard, body, {0}};
    return c;
}

/* match_stmt: "match" subject_expr ':' NEWLINE INDENT case_block+ DEDENT | invalid_match_stmt */
stmt parse_match_stmt(Parser *p)
{
    int mark = p->mark, base = p->top, behind;
    Token *start = take_word(p, "match");
    if (!start)
        return NULL;
    expr subject = parse_subject_expr(p);
    if (subject && take(p, COLON) && take(p, NEWLINE) && take(p, INDENT)) {
        behind = p->mark;
        for (match_case c; (c = compound_case(p)); behind = p->mark)
            parse_push(p, c);
        p->mark = behind;
        match_case_seq *cases = parse_seq(p, base);
        if (cases && take(p, DEDENT)) {
            stmt s = STMT(p, Match, pos_from(p, start), .subject = subject, .cases = cases);
            return parse_check_version(p, 10, "Pattern matching is", s);
        }
    }
    p->mark = mark;
    if (p->invalid)
        invalid_match_stmt(p);
    return NULL;
}

/* -- def, class ------------------------------------------------------------------------------ */

/* decorators: ('@' named_expression NEWLINE)+ */
bool parse_decorators(Parser *p, expr_seq **decorators)
{
    int base = p->top, mark = p->mark;
    while (take(p, AT)) {
        expr e = parse_named_expression(p);
        if (!e || !take(p, NEWLINE)) {
            p->mark = mark;
            break;
        }
        parse_push(p, e);
        mark = p->mark;
    }
    *decorators = parse_seq(p, base);
    return *decorators != NULL;
}

/* func_type_comment: NEWLINE TYPE_COMMENT &(NEWLINE INDENT) | invalid_double_type_comments
                    | TYPE_COMMENT */
static PyObject *compound_type_comment(Parser *p)
{
    int mark = p->mark;
    if (take(p, NEWLINE)) {
        PyObject *comment = parse_type_comment(p);
        if (comment && at(p, NEWLINE) && peek_type(p, 1) == INDENT)
            return comment;
        p->mark = mark;
    }
    if (p->invalid) {
        invalid_double_type_comments(p);
        p->mark = mark;
    }
    return parse_type_comment(p);
}

/* function_def_raw: invalid_def_raw
                   | 'def' NAME &&'(' [params] ')' ['->' expression] &&':' [func_type_comment] block
                   | ASYNC 'def' ... */
stmt parse_function_def_raw(Parser *p, expr_seq *decorators)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_def_raw(p);
        p->mark = mark;
    }
    Token *start = peek(p), *name;
    bool async = take(p, ASYNC) != NULL;
    if (!take(p, KW_DEF) || !(name = take(p, NAME)) || !parse_force(p, LPAR, "("))
        return NULL;
    arguments args = parse_params(p, false);
    if (!args || !take(p, RPAR))
        return NULL;
    expr returns = NULL;
    mark = p->mark;
    if (take(p, RARROW) && !(returns = parse_expression(p)))
        p->mark = mark;
    if (!parse_force(p, COLON, ":"))
        return NULL;
    PyObject *comment = !p->fast || p->flags & PyCF_TYPE_COMMENTS ? compound_type_comment(p) : NULL;
    stmt_seq *body = parse_block(p);
    if (!body)
        return NULL;
    identifier id = parse_token_id(p, name);
    if (!async)
        return STMT(p, FunctionDef, pos_from(p, start), .name = id, .args = args, .body = body,
                    .decorator_list = decorators, .returns = returns, .type_comment = comment);
    stmt s = STMT(p, AsyncFunctionDef, pos_from(p, start), .name = id, .args = args, .body = body,
                  .decorator_list = decorators, .returns = returns, .type_comment = comment);
    return parse_check_version(p, 5, "Async functions are", s);
}

/* class_def_raw: invalid_class_def_raw | 'class' NAME ['(' [arguments] ')'] ':' block */
stmt parse_class_def_raw(Parser *p, expr_seq *decorators)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_class_def_raw(p);
        p->mark = mark;
    }
    Token *start = take(p, KW_CLASS), *name;
    if (!start || !(name = take(p, NAME)))
        return NULL;
    expr list = NULL;
    mark = p->mark;
    if (at(p, LPAR) && p->fast)
        list = parse_fast_call(p, NULL, start);
    else if (take(p, LPAR)) {
        if (!(list = parse_arguments(p)))
            p->mark = mark + 1;
        if (!take(p, RPAR)) {
            list = NULL;
            p->mark = mark;
        }
    }
    stmt_seq *body = take(p, COLON) ? parse_block(p) : NULL;
    if (!body)
        return NULL;
    return STMT(p, ClassDef, pos_from(p, start), .name = parse_token_id(p, name),
                .bases = list ? list->v.Call.args : NULL,
                .keywords = list ? list->v.Call.keywords : NULL, .body = body,
                .decorator_list = decorators);
}

/* function_def: decorators function_def_raw | function_def_raw
   class_def: decorators class_def_raw | class_def_raw */
static stmt compound_decorated(Parser *p)
{
    expr_seq *decorators;
    if (!parse_decorators(p, &decorators))
        return NULL;
    return at(p, KW_CLASS) ? parse_class_def_raw(p, decorators)
                           : parse_function_def_raw(p, decorators);
}

/* -- All ------------------------------------------------------------------------------------- */

/* compound_stmt: function_def | if_stmt | class_def | with_stmt | for_stmt | try_stmt
                | while_stmt | match_stmt      chosen by the first token; "match" is a NAME */
stmt parse_compound_stmt(Parser *p)
{
    switch (peek(p)->type) {
    case KW_DEF: return parse_function_def_raw(p, NULL);
    case AT: return compound_decorated(p);
    case KW_CLASS: return parse_class_def_raw(p, NULL);
    case KW_IF: return compound_if(p, KW_IF);
    case KW_WHILE: return compound_while(p);
    case KW_FOR: return compound_for(p);
    case KW_WITH: return compound_with(p);
    case KW_TRY: return compound_try(p);
    case NAME: return parse_match_stmt(p);
    case ASYNC: {
        int next = peek_type(p, 1);
        return next == KW_DEF ? parse_function_def_raw(p, NULL) : next == KW_WITH ? compound_with(p)
             : next == KW_FOR ? compound_for(p) : NULL;
    }
    default: return NULL;
    }
}
