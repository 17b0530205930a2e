/* SPDX-License-Identifier: MIT
 *
 * Parameters of def and lambda. Both have the same rules up to three differences: lambda has no
 * annotations, no type comments, and its list ends in ':' instead of ')'. Every function here takes
 * the flag `lambda`.
 *
 * The reference grammar describes the order (positional-only, plain, defaults, *args, keyword-only,
 * **kwargs) by five alternatives over the same prefix; parse_params walks once through it instead,
 * which accepts the same lists and stops at the same token. invalid_parameters (invalid_params.c)
 * uses the small rules below one by one.
 */
#include "parse/parse_impl.h"

/* The token behind a list of parameters. */
static int params_end(bool lambda) { return lambda ? COLON : RPAR; }

/* -- One parameter --------------------------------------------------------------------------- */

/* annotation: ':' expression      MAYBE_NULL; star: ':' star_expression */
static expr params_annotation(Parser *p, bool star)
{
    int mark = p->mark;
    if (!take(p, COLON))
        return NULL;
    expr e = star ? parse_star_expression(p) : parse_expression(p);
    if (!e)
        p->mark = mark;
    return e;
}

static arg params_new_arg(Parser *p, Token *start, Token *name, expr annotation)
{
    arg a = parse_alloc(p, sizeof *a);
    a->arg = parse_token_id(p, name);
    a->annotation = annotation;
    a->pos = pos_from(p, start);
    return a;
}

/* param: NAME annotation?      lambda_param: NAME */
arg parse_param(Parser *p, bool lambda)
{
    Token *name = take(p, NAME);
    if (!name)
        return NULL;
    expr annotation = lambda ? NULL : params_annotation(p, false);
    return params_new_arg(p, name, name, annotation);
}

/* What ends a parameter: ',' TYPE_COMMENT? | TYPE_COMMENT? &')' */
static bool params_end_of(Parser *p, bool lambda, struct Param *param)
{
    int mark = p->mark;
    bool comma = take(p, COMMA) != NULL;
    PyObject *comment = lambda ? NULL : parse_type_comment(p);
    if (!comma && !at(p, params_end(lambda))) {
        p->mark = mark;
        return false;
    }
    if (comment)
        param->arg->type_comment = comment;
    return true;
}

/* default: '=' expression | invalid_default */
static expr params_default(Parser *p)
{
    int mark = p->mark;
    if (!take(p, EQUAL))
        return NULL;
    expr e = parse_expression(p);
    if (!e && p->invalid) {
        p->mark = mark;
        invalid_default(p);
    }
    return e;
}

/* param_no_default: param ',' TYPE_COMMENT? | param TYPE_COMMENT? &')' */
bool parse_param_no_default(Parser *p, bool lambda, struct Param *param)
{
    int mark = p->mark;
    param->value = NULL;
    if ((param->arg = parse_param(p, lambda)) && params_end_of(p, lambda, param))
        return true;
    p->mark = mark;
    return false;
}

/* param_with_default: param default ',' TYPE_COMMENT? | param default TYPE_COMMENT? &')' */
bool parse_param_with_default(Parser *p, bool lambda, struct Param *param)
{
    int mark = p->mark;
    if ((param->arg = parse_param(p, lambda)) && (param->value = params_default(p))
        && params_end_of(p, lambda, param))
        return true;
    p->mark = mark;
    return false;
}

/* param_maybe_default: param default? ',' TYPE_COMMENT? | param default? TYPE_COMMENT? &')' */
bool parse_param_maybe_default(Parser *p, bool lambda)
{
    struct Param param;
    return parse_param_no_default(p, lambda, &param) || parse_param_with_default(p, lambda, &param);
}

/* '/' ',' | '/' &')' */
static bool params_slash(Parser *p, bool lambda)
{
    int mark = p->mark;
    if (take(p, SLASH) && (take(p, COMMA) || at(p, params_end(lambda))))
        return true;
    p->mark = mark;
    return false;
}

/* slash_no_default: param_no_default+ '/' ',' | param_no_default+ '/' &')' */
bool parse_slash_no_default(Parser *p, bool lambda)
{
    int mark = p->mark, n = 0;
    struct Param param;
    while (parse_param_no_default(p, lambda, &param))
        n++;
    if (n && params_slash(p, lambda))
        return true;
    p->mark = mark;
    return false;
}

/* slash_with_default: param_no_default* param_with_default+ '/' ',' | ... '/' &')' */
bool parse_slash_with_default(Parser *p, bool lambda)
{
    int mark = p->mark, n = 0;
    struct Param param;
    while (parse_param_no_default(p, lambda, &param)) {}
    while (parse_param_with_default(p, lambda, &param))
        n++;
    if (n && params_slash(p, lambda))
        return true;
    p->mark = mark;
    return false;
}

/* -- Star parameters ------------------------------------------------------------------------- */

/* kwds: invalid_kwds | '**' param_no_default */
static arg params_kwds(Parser *p, bool lambda)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_kwds(p, lambda);
        p->mark = mark;
    }
    struct Param param;
    if (take(p, DOUBLESTAR) && parse_param_no_default(p, lambda, &param))
        return param.arg;
    p->mark = mark;
    return NULL;
}

/* param_no_default | param_no_default_star_annotation */
static arg params_vararg(Parser *p, bool lambda)
{
    struct Param param = {NULL, NULL};
    int mark = p->mark;
    if (parse_param_no_default(p, lambda, &param))
        return param.arg;
    Token *name = take(p, NAME);
    expr annotation = name && !lambda ? params_annotation(p, true) : NULL;
    if (annotation) {
        param.arg = params_new_arg(p, name, name, annotation);
        if (params_end_of(p, lambda, &param))
            return param.arg;
    }
    p->mark = mark;
    return NULL;
}

/* Keyword-only parameters, with a NULL default where there is none. */
static bool params_keyword_only(Parser *p, bool lambda, arguments args)
{
    int base = p->top, n = 0;
    for (;; n++) {
        struct Param param;
        if (!parse_param_no_default(p, lambda, &param)
            && !parse_param_with_default(p, lambda, &param))
            break;
        parse_push(p, param.arg);
        parse_push(p, param.value);
    }
    if (n == 0 || p->error) {
        parse_cut(p, base);
        return false;
    }
    args->kwonlyargs = parse_alloc(p, sizeof(arg_seq) + n * sizeof(arg));
    args->kw_defaults = parse_alloc(p, sizeof(expr_seq) + n * sizeof(expr));
    if (!p->error) {
        args->kwonlyargs->n = args->kw_defaults->n = n;
        for (int i = 0; i < n; i++) {
            args->kwonlyargs->at[i] = p->stack[base + 2 * i];
            args->kw_defaults->at[i] = p->stack[base + 2 * i + 1];
        }
    }
    parse_cut(p, base);
    return true;
}

/* star_etc: invalid_star_etc | '*' param_no_default param_maybe_default* [kwds]
           | '*' param_no_default_star_annotation param_maybe_default* [kwds]
           | '*' ',' param_maybe_default+ [kwds] | kwds */
static bool params_star_etc(Parser *p, bool lambda, arguments args)
{
    int mark = p->mark;
    if (p->invalid) {
        invalid_star_etc(p, lambda);
        p->mark = mark;
    }
    if (take(p, STAR)) {
        args->vararg = params_vararg(p, lambda);
        bool bare = !args->vararg && take(p, COMMA);
        if ((!args->vararg && !bare) || (!params_keyword_only(p, lambda, args) && bare)) {
            args->vararg = NULL;
            p->mark = mark;
        }
        else {
            args->kwarg = params_kwds(p, lambda);
            return true;
        }
    }
    args->kwarg = params_kwds(p, lambda);
    return args->kwarg != NULL;
}

/* -- The whole list -------------------------------------------------------------------------- */

/* Positional parameters up to '*' or the end: (arg, default) pairs are pushed, those before '/' are
   stored in args->posonlyargs as well. The number of defaults. */
static int params_positional(Parser *p, bool lambda, arguments args)
{
    int base = p->top, n = 0, ndefaults = 0;
    struct Param param;
    for (;; n++) {
        if (at(p, SLASH)) { /* after at least one: what stands before is positional-only */
            if (n == 0 || args->posonlyargs || !params_slash(p, lambda))
                break;
            args->posonlyargs = parse_alloc(p, sizeof(arg_seq) + n * sizeof(arg));
            if (p->error)
                break;
            args->posonlyargs->n = n;
            for (int i = 0; i < n; i++)
                args->posonlyargs->at[i] = p->stack[base + 2 * i];
            if (!parse_check_version(p, 8, "Positional-only parameters are", args))
                break;
        }
        if (ndefaults == 0 && parse_param_no_default(p, lambda, &param))
            ;
        else if (parse_param_with_default(p, lambda, &param))
            ndefaults++;
        else
            break;
        parse_push(p, param.arg);
        parse_push(p, param.value);
    }
    return ndefaults;
}

/* Splits the pushed (arg, default) pairs. */
static void params_store(Parser *p, int base, int ndefaults, arguments args)
{
    int n = (p->top - base) / 2, npos = (int)seq_len(args->posonlyargs);
    if (n > npos)
        args->args = parse_alloc(p, sizeof(arg_seq) + (n - npos) * sizeof(arg));
    if (ndefaults)
        args->defaults = parse_alloc(p, sizeof(expr_seq) + ndefaults * sizeof(expr));
    if (p->error)
        return;
    if (n > npos)
        args->args->n = n - npos;
    for (int i = npos; i < n; i++)
        args->args->at[i - npos] = p->stack[base + 2 * i];
    if (ndefaults)
        args->defaults->n = ndefaults;
    for (int i = 0; i < ndefaults; i++)
        args->defaults->at[i] = p->stack[base + 2 * (n - ndefaults + i) + 1];
}

arguments parse_empty_arguments(Parser *p)
{
    return parse_alloc(p, sizeof(struct arguments_node));
}

/* params: invalid_parameters | parameters      (empty is fine)
   parameters: slash_no_default param_no_default* param_with_default* [star_etc]
             | slash_with_default param_with_default* [star_etc]
             | param_no_default+ param_with_default* [star_etc]
             | param_with_default+ [star_etc] | star_etc */
arguments parse_params(Parser *p, bool lambda)
{
    int mark = p->mark, base = p->top;
    if (p->invalid) {
        invalid_parameters(p, lambda);
        p->mark = mark;
    }
    arguments args = parse_empty_arguments(p);
    int ndefaults = params_positional(p, lambda, args);
    params_store(p, base, ndefaults, args);
    parse_cut(p, base);
    mark = p->mark;
    if (!params_star_etc(p, lambda, args))
        p->mark = mark;
    return p->error ? NULL : args;
}
