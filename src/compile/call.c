/* SPDX-License-Identifier: MIT
 *
 * Code of calls. Three shapes:
 *
 *      o.name(a, b=c)     o LOAD_METHOD name, a, c, KW_NAMES, PRECALL 2, CALL 2
 *      f(a, b=c)          NULL f, a, c, KW_NAMES, PRECALL 2, CALL 2
 *      f(*a, **b)         NULL f, list to tuple, dict, CALL_FUNCTION_EX
 *
 * The last one is also taken when there are so many arguments that the value stack would grow
 * (STACK_USE_GUIDELINE). A call of an attribute of an imported name is taken for module.f(), which
 * is no method call.
 */
#include "compile/compile_impl.h"

/* -- Keywords --------------------------------------------------------------------------------- */

/* No keyword twice, none called __debug__. */
static bool check_keywords(Compiler *c, keyword_seq *keywords)
{
    for (Py_ssize_t i = 0; i < seq_len(keywords); i++) {
        PyObject *name = keywords->at[i]->arg;
        if (name == NULL)
            continue;
        if (!cg_allowed_name(c, name, Store))
            return false;
        for (Py_ssize_t j = i + 1; j < seq_len(keywords); j++) {
            keyword other = keywords->at[j];
            if (other->arg && PyUnicode_Compare(name, other->arg) == 0) {
                AT(c, other);
                return cg_error(c, "keyword argument repeated: %U", name);
            }
        }
    }
    return true;
}

static PyObject *keyword_names(keyword_seq *keywords, Py_ssize_t begin, Py_ssize_t end)
{
    PyObject *names = PyTuple_New(end - begin);
    for (Py_ssize_t i = begin; names && i < end; i++)
        PyTuple_SET_ITEM(names, i - begin, Py_NewRef(keywords->at[i]->arg));
    return names;
}

/* Pushes the values of [begin, end). */
static bool cg_keyword_values(Compiler *c, keyword_seq *keywords, Py_ssize_t begin, Py_ssize_t end)
{
    for (Py_ssize_t i = begin; i < end; i++)
        if (!cg_expr(c, keywords->at[i]->value))
            return false;
    return true;
}

/* Values on the stack, names in KW_NAMES. */
static bool cg_plain_keywords(Compiler *c, keyword_seq *keywords)
{
    Py_ssize_t n = seq_len(keywords);
    if (n == 0)
        return true;
    if (!cg_keyword_values(c, keywords, 0, n))
        return false;
    PyObject *names = keyword_names(keywords, 0, n);
    Py_ssize_t index = names ? unit_const(c, names) : -1;
    Py_XDECREF(names);
    return index >= 0 && cg_op_arg(c, OP_KW_NAMES, index);
}

/* A dict of the named keywords [begin, end). */
static bool cg_keyword_dict(Compiler *c, keyword_seq *keywords, Py_ssize_t begin, Py_ssize_t end)
{
    Py_ssize_t n = end - begin;
    bool big = 2 * n > STACK_USE_GUIDELINE;
    if (n > 1 && !big)
        return cg_keyword_values(c, keywords, begin, end) &&
               cg_const_steal(c, keyword_names(keywords, begin, end)) &&
               cg_op_arg(c, OP_BUILD_CONST_KEY_MAP, n);
    if (big && !cg_op_arg_noline(c, OP_BUILD_MAP, 0))
        return false;
    for (Py_ssize_t i = begin; i < end; i++)
        if (!cg_const(c, keywords->at[i]->arg) || !cg_expr(c, keywords->at[i]->value) ||
            (big && !cg_op_arg_noline(c, OP_MAP_ADD, 1)))
            return false;
    return big || cg_op_arg(c, OP_BUILD_MAP, n);
}

/* Names [begin, end) into the dict on the stack, or as the first one. */
static bool cg_merge_keywords(Compiler *c, keyword_seq *keywords, Py_ssize_t begin, Py_ssize_t end,
                              bool *have)
{
    if (!cg_keyword_dict(c, keywords, begin, end) || (*have && !cg_op_arg(c, OP_DICT_MERGE, 1)))
        return false;
    *have = true;
    return true;
}

/* One dict of all keywords, in order: named ones in runs, `**x` one by one. */
static bool cg_star_keywords(Compiler *c, keyword_seq *keywords)
{
    Py_ssize_t n = seq_len(keywords), waiting = 0;
    bool have = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (keywords->at[i]->arg) {
            waiting++;
            continue;
        }
        if (waiting && !cg_merge_keywords(c, keywords, i - waiting, i, &have))
            return false;
        waiting = 0;
        if (!have && !cg_op_arg(c, OP_BUILD_MAP, 0))
            return false;
        have = true;
        if (!cg_expr(c, keywords->at[i]->value) || !cg_op_arg(c, OP_DICT_MERGE, 1))
            return false;
    }
    return !waiting || cg_merge_keywords(c, keywords, n - waiting, n, &have);
}

/* -- Calls ------------------------------------------------------------------------------------ */

static bool has_stars(expr_seq *args, keyword_seq *keywords)
{
    for (Py_ssize_t i = 0; i < seq_len(args); i++)
        if (args->at[i]->kind == Starred_kind)
            return true;
    for (Py_ssize_t i = 0; i < seq_len(keywords); i++)
        if (keywords->at[i]->arg == NULL)
            return true;
    return false;
}

/* Positional arguments as a tuple (a lone *x as it is), keywords as a dict. */
static bool cg_star_call(Compiler *c, Py_ssize_t n, expr_seq *args, keyword_seq *keywords)
{
    if (n == 0 && seq_len(args) == 1 && args->at[0]->kind == Starred_kind) {
        if (!cg_expr(c, args->at[0]->v.Starred.value))
            return false;
    }
    else if (!cg_star_build(c, args, n, OP_BUILD_LIST, OP_LIST_APPEND, OP_LIST_EXTEND, true))
        return false;
    return cg_star_keywords(c, keywords) &&
           cg_op_arg(c, OP_CALL_FUNCTION_EX, seq_len(keywords) > 0);
}

/* Calls what is on the stack with `n` values above it and these arguments. */
bool cg_call_args(Compiler *c, Py_ssize_t n, expr_seq *args, keyword_seq *keywords)
{
    if (!check_keywords(c, keywords))
        return false;
    Py_ssize_t nargs = seq_len(args), nkeywords = seq_len(keywords);
    if (nargs + 2 * nkeywords > STACK_USE_GUIDELINE || has_stars(args, keywords))
        return cg_star_call(c, n, args, keywords);
    return cg_exprs(c, args) && cg_plain_keywords(c, keywords) && cg_call(c, n + nargs + nkeywords);
}

/* A name the module imports: module.f(...) is no method call. */
static bool is_imported(Compiler *c, expr e)
{
    return e->kind == Name_kind && sym_flags_of(c->st->top, e->v.Name.id) & DEF_IMPORT;
}

static bool is_method_call(Compiler *c, expr e)
{
    expr f = e->v.Call.func;
    Py_ssize_t nargs = seq_len(e->v.Call.args), nkeywords = seq_len(e->v.Call.keywords);
    return f->kind == Attribute_kind && f->v.Attribute.ctx == Load &&
           !is_imported(c, f->v.Attribute.value) &&
           nargs + nkeywords + (nkeywords != 0) < STACK_USE_GUIDELINE &&
           !has_stars(e->v.Call.args, e->v.Call.keywords);
}

static bool cg_method_call(Compiler *c, expr e)
{
    expr f = e->v.Call.func;
    if (!cg_expr(c, f->v.Attribute.value))
        return false;
    AT(c, f);
    cg_attr_pos(c, f);
    if (!cg_op_name(c, OP_LOAD_METHOD, f->v.Attribute.attr) || !cg_exprs(c, e->v.Call.args) ||
        !cg_plain_keywords(c, e->v.Call.keywords))
        return false;
    AT(c, e);
    cg_attr_pos(c, f);
    return cg_call(c, seq_len(e->v.Call.args) + seq_len(e->v.Call.keywords));
}

bool cg_call_expr(Compiler *c, expr e)
{
    expr f = e->v.Call.func;
    if (!check_keywords(c, e->v.Call.keywords))
        return false;
    if (is_method_call(c, e))
        return cg_method_call(c, e);
    if (!check_caller(c, f))
        return false;
    AT(c, f);
    if (!cg_op(c, OP_PUSH_NULL) || !cg_expr(c, f))
        return false;
    AT(c, e);
    return cg_call_args(c, 0, e->v.Call.args, e->v.Call.keywords);
}
