/* SPDX-License-Identifier: MIT
 *
 * Statements: lists of them, blocks, and the simple ones. Compound statements are in compound.c.
 *
 * A statement that opens with a keyword of its own is recognised by it. Assignments and expression
 * statements are not: the fast pass reads an expression and looks at what follows
 *
 *      e '=' ...   stmt_fast_assign        e ':' ...    annotation
 *      e '+=' ...  augmented               otherwise    expression statement
 *
 * and turns `e` into a target in place. The faithful passes try `assignment` first.
 *
 * Reference: language reference, chapter 7; annotations PEP 526; imports chapter 5.
 */
#include "parse/parse_impl.h"

/* -- Assignment ------------------------------------------------------------------------------ */

/* augassign: '+=' | '-=' | '*=' | '@=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>='
            | '**=' | '//='      operator_none: the next token is none of them */
operator parse_augassign(Parser *p)
{
    static const uint8_t operators[N_TOKENS] = {
        [PLUSEQUAL] = Add,
        [MINEQUAL] = Sub,
        [STAREQUAL] = Mult,
        [ATEQUAL] = MatMult,
        [SLASHEQUAL] = Div,
        [PERCENTEQUAL] = Mod,
        [AMPEREQUAL] = BitAnd,
        [VBAREQUAL] = BitOr,
        [CIRCUMFLEXEQUAL] = BitXor,
        [LEFTSHIFTEQUAL] = LShift,
        [RIGHTSHIFTEQUAL] = RShift,
        [DOUBLESTAREQUAL] = Pow,
        [DOUBLESLASHEQUAL] = FloorDiv,
    };
    int type = peek(p)->type;
    operator op = type >= 0 && type < N_TOKENS ? operators[type] : operator_none;
    if (op)
        p->mark++;
    if (type == ATEQUAL && !parse_check_version(p, 5, "The '@' operator is", p))
        return operator_none;
    return op;
}

/* annotated_rhs: yield_expr | star_expressions */
static expr stmt_rhs(Parser *p)
{
    return at(p, KW_YIELD) ? parse_yield_expr(p) : parse_star_expressions(p);
}

PyObject *parse_type_comment(Parser *p)
{
    Token *t = take(p, TYPE_COMMENT);
    if (!t)
        return NULL;
    return parse_own(p, PyUnicode_DecodeUTF8(token_text(p, t), t->len, NULL));
}

/* ':' expression ['=' annotated_rhs] behind a target; simple: a bare name. */
static stmt stmt_annotated(Parser *p, Token *start, expr target, int simple)
{
    if (!take(p, COLON))
        return NULL;
    expr annotation = parse_expression(p), value = NULL;
    if (!annotation)
        return NULL;
    int mark = p->mark;
    if (take(p, EQUAL) && !(value = stmt_rhs(p)))
        p->mark = mark;
    stmt s = STMT(p, AnnAssign, pos_from(p, start), .target = target, .annotation = annotation,
                  .value = value, .simple = simple);
    return parse_check_version(p, 6, "Variable annotation syntax is", s);
}

/* (star_targets '=')+ (yield_expr | star_expressions) !'=' [TYPE_COMMENT] */
static stmt stmt_assign_chain(Parser *p, Token *start)
{
    int base = p->top, mark = p->mark;
    for (expr target; (target = parse_star_targets(p)) && take(p, EQUAL); mark = p->mark)
        parse_push(p, target);
    p->mark = mark;
    expr value = p->top > base ? stmt_rhs(p) : NULL;
    if (!value || at(p, EQUAL)) {
        parse_cut(p, base);
        return NULL;
    }
    PyObject *comment = parse_type_comment(p);
    expr_seq *targets = parse_seq(p, base);
    return STMT(p, Assign, pos_from(p, start), .targets = targets, .value = value,
                .type_comment = comment);
}

/* assignment: NAME ':' expression ['=' annotated_rhs]
             | ('(' single_target ')' | single_subscript_attribute_target)
               ':' expression ['=' annotated_rhs]
             | (star_targets '=')+ (yield_expr | star_expressions) !'=' [TYPE_COMMENT]
             | single_target augassign ~ (yield_expr | star_expressions)
             | invalid_assignment */
static stmt stmt_assignment(Parser *p)
{
    int mark = p->mark;
    Token *start = peek(p);
    expr target;
    stmt s;
    if (take(p, NAME) && at(p, COLON)
        && (s = stmt_annotated(p, start, parse_name_expr(p, start, Store), 1)))
        return s;
    p->mark = mark;
    if (!take(p, LPAR) || !(target = parse_single_target(p)) || !take(p, RPAR)) {
        p->mark = mark;
        target = parse_single_subscript_attribute_target(p);
    }
    if (target && (s = stmt_annotated(p, start, target, 0)))
        return s;
    p->mark = mark;
    if ((s = stmt_assign_chain(p, start)))
        return s;
    p->mark = mark;
    operator op = operator_none;
    if ((target = parse_single_target(p)) && (op = parse_augassign(p))) {
        expr value = stmt_rhs(p);
        return value ? STMT(p, AugAssign, pos_from(p, start), .target = target, .op = op,
                            .value = value)
                     : NULL;
    }
    p->mark = mark;
    if (p->invalid)
        invalid_assignment(p);
    return NULL;
}

/* -- Fast pass ------------------------------------------------------------------------------- */

/* May it be annotated or augmented? */
static bool stmt_is_single_target(expr e)
{
    return e->kind == Name_kind || e->kind == Attribute_kind || e->kind == Subscript_kind;
}

/* `e` was read and '=' follows. */
static stmt stmt_fast_assign(Parser *p, Token *start, expr e)
{
    int base = p->top;
    while (at(p, EQUAL)) {
        if (!parse_set_target(e, Store, true)) {
            parse_cut(p, base);
            return NULL;
        }
        parse_push(p, e);
        p->mark++;
        if (!(e = stmt_rhs(p))) {
            parse_cut(p, base);
            return NULL;
        }
    }
    PyObject *comment = parse_type_comment(p);
    expr_seq *targets = parse_seq(p, base);
    return STMT(p, Assign, pos_from(p, start), .targets = targets, .value = e,
                .type_comment = comment);
}

/* assignment | star_expressions | yield_stmt */
static stmt stmt_fast_expression(Parser *p)
{
    Token *start = peek(p);
    expr e = stmt_rhs(p);
    if (!e)
        return NULL;
    int type = peek(p)->type;
    if (type == EQUAL)
        return stmt_fast_assign(p, start, e);
    if (type == COLON) {
        /* `(a).b: int` is refused, `(f()).b: int` is not: the faithful pass knows */
        if (!stmt_is_single_target(e) || (start->type == LPAR && e->kind != Name_kind))
            return NULL;
        parse_set_target(e, Store, false);
        return stmt_annotated(p, start, e, start->type == NAME && e->kind == Name_kind);
    }
    operator op = parse_augassign(p);
    if (!op)
        return STMT(p, Expr, pos_from(p, start), .value = e);
    if (!stmt_is_single_target(e))
        return NULL;
    parse_set_target(e, Store, false);
    expr value = stmt_rhs(p);
    return value ? STMT(p, AugAssign, pos_from(p, start), .target = e, .op = op, .value = value)
                 : NULL;
}

/* -- Simple statements with a keyword -------------------------------------------------------- */

/* return_stmt: 'return' [star_expressions] */
static stmt stmt_return(Parser *p)
{
    Token *start = take(p, KW_RETURN);
    int mark = p->mark;
    expr value = parse_star_expressions(p);
    if (!value)
        p->mark = mark;
    return STMT(p, Return, pos_from(p, start), .value = value);
}

/* raise_stmt: 'raise' expression ['from' expression] | 'raise' */
static stmt stmt_raise(Parser *p)
{
    Token *start = take(p, KW_RAISE);
    int mark = p->mark;
    expr exc = parse_expression(p), cause = NULL;
    if (!exc)
        p->mark = mark;
    else {
        mark = p->mark;
        if (take(p, KW_FROM) && !(cause = parse_expression(p)))
            p->mark = mark;
    }
    return STMT(p, Raise, pos_from(p, start), .exc = exc, .cause = cause);
}

/* ','.NAME+ as identifiers */
static identifier_seq *stmt_names(Parser *p)
{
    int base = p->top, mark = p->mark;
    do {
        Token *t = take(p, NAME);
        if (!t) {
            p->mark = p->top > base ? mark : p->mark;
            break;
        }
        parse_push(p, parse_token_id(p, t));
        mark = p->mark;
    } while (take(p, COMMA));
    return parse_seq(p, base);
}

/* global_stmt: 'global' ','.NAME+      nonlocal_stmt: 'nonlocal' ','.NAME+ */
static stmt stmt_scope(Parser *p)
{
    Token *start = p->tokens[p->mark++];
    identifier_seq *names = stmt_names(p);
    if (!names)
        return NULL;
    return start->type == KW_GLOBAL ? STMT(p, Global, pos_from(p, start), .names = names)
                                    : STMT(p, Nonlocal, pos_from(p, start), .names = names);
}

/* del_stmt: 'del' del_targets &(';' | NEWLINE) | invalid_del_stmt */
static stmt stmt_del(Parser *p)
{
    int mark = p->mark;
    Token *start = take(p, KW_DEL);
    expr_seq *targets = parse_del_targets(p);
    if (targets && (at(p, SEMI) || at(p, NEWLINE)))
        return STMT(p, Delete, pos_from(p, start), .targets = targets);
    p->mark = mark;
    if (p->invalid)
        invalid_del_stmt(p);
    return NULL;
}

/* assert_stmt: 'assert' expression [',' expression] */
static stmt stmt_assert(Parser *p)
{
    Token *start = take(p, KW_ASSERT);
    expr test = parse_expression(p), msg = NULL;
    if (!test)
        return NULL;
    int mark = p->mark;
    if (take(p, COMMA) && !(msg = parse_expression(p)))
        p->mark = mark;
    return STMT(p, Assert, pos_from(p, start), .test = test, .msg = msg);
}

/* -- Imports --------------------------------------------------------------------------------- */

/* The position runs from `start` to the last token read. */
static alias stmt_new_alias(Parser *p, Token *start, identifier name, identifier asname)
{
    alias a = parse_alloc(p, sizeof *a);
    *a = (struct alias_node){name, asname, pos_from(p, start)};
    return a;
}

/* ['as' NAME] */
static identifier stmt_as_name(Parser *p)
{
    int mark = p->mark;
    Token *t = take(p, KW_AS) ? take(p, NAME) : NULL;
    if (!t) {
        p->mark = mark;
        return NULL;
    }
    return parse_token_id(p, t);
}

/* dotted_name: dotted_name '.' NAME | NAME      as one identifier with dots */
static identifier stmt_dotted_name(Parser *p)
{
    Token *t = take(p, NAME);
    if (!t)
        return NULL;
    identifier name = parse_token_id(p, t);
    while (name && at(p, DOT) && peek_type(p, 1) == NAME) {
        t = p->tokens[p->mark + 1];
        p->mark += 2;
        identifier part = parse_token_id(p, t);
        PyObject *joined = part ? PyUnicode_FromFormat("%U.%U", name, part) : NULL;
        if (joined)
            PyUnicode_InternInPlace(&joined);
        name = part ? parse_own(p, joined) : NULL;
    }
    return name;
}

/* import_name: 'import' ','.(dotted_name ['as' NAME])+ */
static stmt stmt_import(Parser *p)
{
    Token *start = take(p, KW_IMPORT);
    int base = p->top, mark = p->mark;
    do {
        Token *first = peek(p);
        identifier name = stmt_dotted_name(p);
        if (!name) {
            if (p->top > base)
                p->mark = mark;
            break;
        }
        identifier asname = stmt_as_name(p);
        parse_push(p, stmt_new_alias(p, first, name, asname));
        mark = p->mark;
    } while (take(p, COMMA));
    alias_seq *names = parse_seq(p, base);
    return names ? STMT(p, Import, pos_from(p, start), .names = names) : NULL;
}

/* import_from_as_names: ','.(NAME ['as' NAME])+ */
alias_seq *parse_import_from_as_names(Parser *p)
{
    int base = p->top, mark = p->mark;
    do {
        Token *t = take(p, NAME);
        if (!t) {
            p->mark = mark;
            break;
        }
        identifier asname = stmt_as_name(p);
        parse_push(p, stmt_new_alias(p, t, parse_token_id(p, t), asname));
        mark = p->mark;
    } while (take(p, COMMA));
    return parse_seq(p, base);
}

/* import_from_targets: '(' import_from_as_names [','] ')' | import_from_as_names !',' | '*'
                      | invalid_import_from_targets */
static alias_seq *stmt_import_targets(Parser *p)
{
    int mark = p->mark;
    alias_seq *names;
    if (take(p, LPAR)) {
        names = parse_import_from_as_names(p);
        take(p, COMMA);
        return names && take(p, RPAR) ? names : NULL;
    }
    if ((names = parse_import_from_as_names(p)) && !at(p, COMMA))
        return names;
    p->mark = mark;
    Token *star = take(p, STAR);
    if (star) {
        identifier name = parse_new_identifier(p, "*", 1);
        return parse_seq1(p, stmt_new_alias(p, star, name, NULL));
    }
    if (p->invalid)
        invalid_import_from_targets(p);
    return NULL;
}

/* import_from: 'from' ('.' | '...')* dotted_name 'import' import_from_targets
              | 'from' ('.' | '...')+ 'import' import_from_targets */
static stmt stmt_import_from(Parser *p)
{
    Token *start = take(p, KW_FROM);
    int level = 0;
    for (;;) {
        if (take(p, DOT))
            level++;
        else if (take(p, ELLIPSIS))
            level += 3;
        else
            break;
    }
    identifier module = stmt_dotted_name(p);
    if ((!module && level == 0) || !take(p, KW_IMPORT))
        return NULL;
    alias_seq *names = stmt_import_targets(p);
    return names ? STMT(p, ImportFrom, pos_from(p, start), .module = module, .names = names,
                        .level = level)
                 : NULL;
}

/* -- Simple statements ----------------------------------------------------------------------- */

/* 'pass' | 'break' | 'continue' */
static stmt stmt_word(Parser *p)
{
    Token *t = p->tokens[p->mark++];
    return t->type == KW_PASS    ? STMT(p, Pass, t->pos)
           : t->type == KW_BREAK ? STMT(p, Break, t->pos)
                                 : STMT(p, Continue, t->pos);
}

/* assignment | star_expressions | yield_stmt, faithfully */
static stmt stmt_expression(Parser *p)
{
    int mark = p->mark;
    Token *start = peek(p);
    stmt s = stmt_assignment(p);
    if (s)
        return s;
    p->mark = mark;
    expr e = parse_star_expressions(p);
    if (!e) {
        p->mark = mark;
        e = parse_yield_expr(p);
    }
    return e ? STMT(p, Expr, pos_from(p, start), .value = e) : NULL;
}

/* The rule behind stmt_simple_stmt, chosen by its first token. */
static void *stmt_simple(Parser *p)
{
    switch (peek(p)->type) {
    case KW_RETURN: return stmt_return(p);
    case KW_IMPORT: return stmt_import(p);
    case KW_FROM: return stmt_import_from(p);
    case KW_RAISE: return stmt_raise(p);
    case KW_PASS: case KW_BREAK: case KW_CONTINUE: return stmt_word(p);
    case KW_DEL: return stmt_del(p);
    case KW_ASSERT: return stmt_assert(p);
    case KW_GLOBAL: case KW_NONLOCAL: return stmt_scope(p);
    default: return p->fast ? stmt_fast_expression(p) : stmt_expression(p);
    }
}

/* simple_stmt (memo): assignment | star_expressions | return_stmt | import_stmt | raise_stmt
                     | 'pass' | del_stmt | yield_stmt | assert_stmt | 'break' | 'continue'
                     | global_stmt | nonlocal_stmt */
static stmt stmt_simple_stmt(Parser *p)
{
    return parse_memo(p, MEMO_SIMPLE_STMT, stmt_simple);
}

/* Pushes what is between semicolons; false when it is no line of simple statements. */
static bool stmt_push_simple(Parser *p)
{
    int base = p->top;
    stmt s = stmt_simple_stmt(p);
    if (!s)
        return false;
    parse_push(p, s);
    while (take(p, SEMI)) {
        int mark = p->mark;
        if (!(s = stmt_simple_stmt(p))) {
            p->mark = mark;
            break;
        }
        parse_push(p, s);
    }
    if (take(p, NEWLINE))
        return true;
    parse_cut(p, base);
    return false;
}

/* simple_stmts: simple_stmt !';' NEWLINE | ';'.simple_stmt+ [';'] NEWLINE */
stmt_seq *parse_simple_stmts(Parser *p)
{
    int base = p->top;
    return stmt_push_simple(p) ? parse_seq(p, base) : NULL;
}

/* -- Statements ------------------------------------------------------------------------------ */

/* statement: compound_stmt | simple_stmts      pushes */
static bool stmt_push(Parser *p)
{
    int mark = p->mark;
    stmt s = parse_compound_stmt(p);
    if (s) {
        parse_push(p, s);
        return true;
    }
    p->mark = mark;
    if (stmt_push_simple(p))
        return true;
    p->mark = mark;
    return false;
}

/* statements: statement+ */
stmt_seq *parse_statements(Parser *p)
{
    int base = p->top;
    while (!at(p, ENDMARKER) && !at(p, DEDENT) && stmt_push(p)) {}
    return parse_seq(p, base);
}

/* statement_newline: compound_stmt NEWLINE | simple_stmts | NEWLINE | ENDMARKER */
stmt_seq *parse_statement_newline(Parser *p)
{
    int mark = p->mark;
    stmt s = parse_compound_stmt(p);
    if (s && take(p, NEWLINE))
        return parse_seq1(p, s);
    p->mark = mark;
    stmt_seq *body = parse_simple_stmts(p);
    if (body)
        return body;
    p->mark = mark;
    Token *t = take(p, NEWLINE);
    if (t)
        return parse_seq1(p, STMT(p, Pass, pos_from(p, t)));
    if (take(p, ENDMARKER) && p->errcode)
        *p->errcode = E_EOF;
    return NULL;
}

/* The indented form first. In the fast pass a NEWLINE that opens no block fails at once. */
static void *stmt_block(Parser *p)
{
    int mark = p->mark;
    if (take(p, NEWLINE) && take(p, INDENT)) {
        stmt_seq *body = parse_statements(p);
        if (body && take(p, DEDENT))
            return body;
    }
    p->mark = mark;
    if (!p->fast || !at(p, NEWLINE)) {
        stmt_seq *body = parse_simple_stmts(p);
        if (body)
            return body;
    }
    p->mark = mark;
    if (p->invalid)
        invalid_block(p);
    return NULL;
}

/* block (memo): NEWLINE INDENT statements DEDENT | simple_stmts | invalid_block */
stmt_seq *parse_block(Parser *p)
{
    return parse_memo(p, MEMO_BLOCK, stmt_block);
}
