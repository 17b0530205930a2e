/* SPDX-License-Identifier: MIT
 *
 * Mistakes in parameter lists of def and lambda. The shape of the functions: see invalid.c.
 *
 * Both lists have the same mistakes; the flag `lambda` chooses rules and words.
 */
#include "parse/parse_impl.h"

/* param_no_default* */
static void skip_no_default(Parser *p, bool lambda)
{
    struct Param param;
    while (parse_param_no_default(p, lambda, &param)) {}
}

/* param_maybe_default*: how many */
static int skip_maybe_default(Parser *p, bool lambda)
{
    int n = 0;
    while (parse_param_maybe_default(p, lambda))
        n++;
    return n;
}

/* slash_no_default | slash_with_default */
static bool slash(Parser *p, bool lambda)
{
    return parse_slash_no_default(p, lambda) || parse_slash_with_default(p, lambda);
}

/* invalid_parameters_helper: slash_with_default | param_with_default+ */
static bool helper(Parser *p, bool lambda)
{
    struct Param param;
    int n = 0;
    if (parse_slash_with_default(p, lambda))
        return true;
    while (parse_param_with_default(p, lambda, &param))
        n++;
    return n > 0;
}

/* '(' param_no_default+ ','? ')'; for lambda '(' ','.param+ ','? ')' */
static bool parenthesized(Parser *p, bool lambda, Token **open, Token **close)
{
    if (!(*open = take(p, LPAR)))
        return false;
    struct Param param;
    int n = 0, mark = p->mark;
    if (lambda) {
        for (; take(p, NAME); n++) {
            mark = p->mark;
            if (!take(p, COMMA)) {
                n++;
                break;
            }
        }
        p->mark = mark;
    }
    else
        while (parse_param_no_default(p, false, &param))
            n++;
    if (!n)
        return false;
    take(p, COMMA);
    return (*close = take(p, RPAR)) != NULL;
}

/* ',' | param_no_default */
static bool comma_or_param(Parser *p, bool lambda)
{
    struct Param param;
    return take(p, COMMA) || parse_param_no_default(p, lambda, &param);
}

/* The productions of invalid_parameters with a misplaced '/'. */
static void invalid_slashes(Parser *p, bool lambda, int mark)
{
    Token *t;
    if (begin(p, mark) && (t = take(p, SLASH)) && take(p, COMMA))
        RAISE_AT(p, t, "at least one argument must precede /");
    if (begin(p, mark) && slash(p, lambda)) {
        skip_maybe_default(p, lambda);
        if ((t = take(p, SLASH)))
            RAISE_AT(p, t, "/ may appear only once");
    }
    if (begin(p, mark)) {
        slash(p, lambda);
        skip_maybe_default(p, lambda);
        if (take(p, STAR) && comma_or_param(p, lambda)) {
            skip_maybe_default(p, lambda);
            if ((t = take(p, SLASH)))
                RAISE_AT(p, t, "/ must be ahead of *");
        }
    }
    if (begin(p, mark) && skip_maybe_default(p, lambda) && take(p, SLASH) && (t = take(p, STAR)))
        RAISE_AT(p, t, "expected comma between / and *");
}

/* invalid_parameters: param_no_default* invalid_parameters_helper param_no_default
     | param_no_default* '(' param_no_default+ ','? ')' | '/' ','
     | (slash_no_default | slash_with_default) param_maybe_default* '/'
     | (slash_no_default | slash_with_default)? param_maybe_default*
       '*' (',' | param_no_default) param_maybe_default* '/'
     | param_maybe_default+ '/' '*' */
void invalid_parameters(Parser *p, bool lambda)
{
    int mark = p->mark;
    struct Param param;
    Token *open, *close;
    skip_no_default(p, lambda);
    if (helper(p, lambda) && parse_param_no_default(p, lambda, &param))
        RAISE_AT(p, param.arg, "non-default argument follows default argument");
    if (begin(p, mark)) {
        skip_no_default(p, lambda);
        if (parenthesized(p, lambda, &open, &close))
            RAISE_RANGE(p, open, close,
                        lambda ? "Lambda expression parameters cannot be parenthesized"
                               : "Function parameters cannot be parenthesized");
    }
    invalid_slashes(p, lambda, mark);
    p->mark = mark;
}

/* '*' (end | ',' (end | '**')) */
static bool bare_star(Parser *p, bool lambda, Token **star)
{
    int end = lambda ? COLON : RPAR;
    if (!(*star = take(p, STAR)))
        return false;
    return take(p, end) || (take(p, COMMA) && (take(p, end) || take(p, DOUBLESTAR)));
}

/* invalid_star_etc: '*' (')' | ',' (')' | '**')) | '*' ',' TYPE_COMMENT | '*' param '='
     | '*' (param_no_default | ',') param_maybe_default* '*' (param_no_default | ',') */
void invalid_star_etc(Parser *p, bool lambda)
{
    int mark = p->mark;
    Token *t;
    struct Param param;
    if (!at(p, STAR))
        return;
    if (bare_star(p, lambda, &t)) {
        if (lambda)
            RAISE(p, "named arguments must follow bare *");
        else
            RAISE_AT(p, t, "named arguments must follow bare *");
    }
    if (!lambda && begin(p, mark) && take(p, STAR) && take(p, COMMA) && take(p, TYPE_COMMENT))
        RAISE(p, "bare * has associated type comment");
    if (begin(p, mark) && take(p, STAR) && parse_param(p, lambda) && (t = take(p, EQUAL)))
        RAISE_AT(p, t, "var-positional argument cannot have default value");
    if (begin(p, mark) && take(p, STAR)
        && (parse_param_no_default(p, lambda, &param) || take(p, COMMA))) {
        skip_maybe_default(p, lambda);
        if ((t = take(p, STAR)) && (parse_param_no_default(p, lambda, &param) || take(p, COMMA)))
            RAISE_AT(p, t, "* argument may appear only once");
    }
    p->mark = mark;
}

/* invalid_kwds: '**' param '=' | '**' param ',' param | '**' param ',' ('*' | '**' | '/') */
void invalid_kwds(Parser *p, bool lambda)
{
    int mark = p->mark;
    Token *t;
    arg a;
    if (!at(p, DOUBLESTAR))
        return;
    if (take(p, DOUBLESTAR) && parse_param(p, lambda) && (t = take(p, EQUAL)))
        RAISE_AT(p, t, "var-keyword argument cannot have default value");
    if (begin(p, mark) && take(p, DOUBLESTAR) && parse_param(p, lambda) && take(p, COMMA)
        && (a = parse_param(p, lambda)))
        RAISE_AT(p, a, "arguments cannot follow var-keyword argument");
    if (begin(p, mark) && take(p, DOUBLESTAR) && parse_param(p, lambda) && take(p, COMMA)
        && ((t = take(p, STAR)) || (t = take(p, DOUBLESTAR)) || (t = take(p, SLASH))))
        RAISE_AT(p, t, "arguments cannot follow var-keyword argument");
    p->mark = mark;
}

/* invalid_default: '=' &(')' | ',') */
void invalid_default(Parser *p)
{
    int mark = p->mark;
    Token *t = take(p, EQUAL);
    if (t && (at(p, RPAR) || at(p, COMMA)))
        RAISE_AT(p, t, "expected default value expression");
    p->mark = mark;
}
