/* SPDX-License-Identifier: MIT
 *
 * Code of statements, except definitions (scopes.c), try and with (unwind.c) and match (match.c).
 */
#include "base/cstack.h"
#include "compile/compile_impl.h"

/* -- Branches and loops ----------------------------------------------------------------------- */

static bool cg_if(Compiler *c, stmt s)
{
    Block *end = cg_block(c), *otherwise = end;
    bool has_else = seq_len(s->v.If.orelse);
    if (end == NULL || (has_else && (otherwise = cg_block(c)) == NULL))
        return false;
    if (!cg_jump_if(c, s->v.If.test, otherwise, false) || !cg_stmts(c, s->v.If.body))
        return false;
    if (has_else) {
        if (!cg_jump_noline(c, OP_JUMP, end))
            return false;
        cg_use(c, otherwise);
        if (!cg_stmts(c, s->v.If.orelse))
            return false;
    }
    cg_use(c, end);
    return true;
}

/*   iter; GET_ITER
     start:    FOR_ITER cleanup; target; body; JUMP start
     cleanup:  orelse
     end:                                    `break` comes here */
static bool cg_for(Compiler *c, stmt s)
{
    Block *start = cg_block(c), *body = cg_block(c), *cleanup = cg_block(c), *end = cg_block(c);
    if (!start || !body || !cleanup || !end || !cg_push_block(c, FB_FOR_LOOP, start, end, NULL) ||
        !cg_expr(c, s->v.For.iter) || !cg_op(c, OP_GET_ITER))
        return false;
    cg_use(c, start);
    if (!cg_jump(c, OP_FOR_ITER, cleanup))
        return false;
    cg_use(c, body);
    if (!cg_expr(c, s->v.For.target) || !cg_stmts(c, s->v.For.body))
        return false;
    NOWHERE(c);
    if (!cg_jump(c, OP_JUMP, start))
        return false;
    cg_use(c, cleanup);
    cg_pop_block(c);
    if (!cg_stmts(c, s->v.For.orelse))
        return false;
    cg_use(c, end);
    return true;
}

/*   iter; GET_AITER
     start:    SETUP_FINALLY except; GET_ANEXT; await; POP_BLOCK; target; body; JUMP start
     except:   END_ASYNC_FOR: StopAsyncIteration ends the loop, others go on
     end: */
static bool cg_async_for(Compiler *c, stmt s)
{
    if (unit_is_top_level_await(c))
        c->u->scope->coroutine = true;
    else if (c->u->type != UNIT_ASYNC_FUNCTION)
        return cg_error(c, "'async for' outside async function");
    Block *start = cg_block(c), *except = cg_block(c), *end = cg_block(c);
    if (!start || !except || !end || !cg_expr(c, s->v.AsyncFor.iter) || !cg_op(c, OP_GET_AITER))
        return false;
    cg_use(c, start);
    if (!cg_push_block(c, FB_FOR_LOOP, start, end, NULL) || !cg_jump(c, OP_SETUP_FINALLY, except) ||
        !cg_op(c, OP_GET_ANEXT) || !cg_const(c, Py_None) || !cg_yield_from(c, true) ||
        !cg_op(c, OP_POP_BLOCK) || !cg_expr(c, s->v.AsyncFor.target) ||
        !cg_stmts(c, s->v.AsyncFor.body))
        return false;
    NOWHERE(c);
    if (!cg_jump(c, OP_JUMP, start))
        return false;
    cg_pop_block(c);
    cg_use(c, except);
    AT(c, s->v.AsyncFor.iter); /* the loop ends at the `for`, not at its body */
    if (!cg_op(c, OP_END_ASYNC_FOR) || !cg_stmts(c, s->v.AsyncFor.orelse))
        return false;
    cg_use(c, end);
    return true;
}

/* The test is made twice: once at the top, once at the end of the body. */
static bool cg_while(Compiler *c, stmt s)
{
    Block *loop = cg_block(c), *body = cg_block(c), *anchor = cg_block(c), *end = cg_block(c);
    if (!loop || !body || !anchor || !end)
        return false;
    cg_use(c, loop);
    if (!cg_push_block(c, FB_WHILE_LOOP, loop, end, NULL) ||
        !cg_jump_if(c, s->v.While.test, anchor, false))
        return false;
    cg_use(c, body);
    if (!cg_stmts(c, s->v.While.body))
        return false;
    AT(c, s);
    if (!cg_jump_if(c, s->v.While.test, body, true))
        return false;
    cg_pop_block(c);
    cg_use(c, anchor);
    if (!cg_stmts(c, s->v.While.orelse))
        return false;
    cg_use(c, end);
    return true;
}

/* -- Leaving ---------------------------------------------------------------------------------- */

/* A constant is loaded behind the unwinding, any other value before it. NOPs mark the lines. */
static bool cg_return(Compiler *c, stmt s)
{
    expr value = s->v.Return.value;
    bool keep_top = value && value->kind != Constant_kind;
    if (c->u->scope->type != FUNCTION_BLOCK)
        return cg_error(c, "'return' outside function");
    if (value && c->u->scope->coroutine && c->u->scope->generator)
        return cg_error(c, "'return' with value in async generator");
    if (keep_top) {
        if (!cg_expr(c, value))
            return false;
    }
    else if (value) {
        AT(c, value);
        if (!cg_op(c, OP_NOP))
            return false;
    }
    if (value == NULL || value->pos.lineno != s->pos.lineno) {
        AT(c, s);
        if (!cg_op(c, OP_NOP))
            return false;
    }
    if (!cg_unwind(c, keep_top, NULL))
        return false;
    if (!keep_top && !cg_const(c, value ? value->v.Constant.value : Py_None))
        return false;
    return cg_op(c, OP_RETURN_VALUE);
}

/* The code behind is dead but keeps its position. */
static bool cg_break(Compiler *c)
{
    FrameBlock *loop = NULL;
    Pos saved = c->u->pos;
    if (!cg_op(c, OP_NOP) || !cg_unwind(c, false, &loop))
        return false;
    if (loop == NULL) {
        c->u->pos = saved;
        return cg_error(c, "'break' outside loop");
    }
    if (!cg_unwind_one(c, loop, false) || !cg_jump(c, OP_JUMP, loop->exit))
        return false;
    c->u->pos = saved;
    return true;
}

static bool cg_continue(Compiler *c)
{
    FrameBlock *loop = NULL;
    Pos saved = c->u->pos;
    if (!cg_op(c, OP_NOP) || !cg_unwind(c, false, &loop))
        return false;
    if (loop == NULL) {
        c->u->pos = saved;
        return cg_error(c, "'continue' not properly in loop");
    }
    if (!cg_jump(c, OP_JUMP, loop->block))
        return false;
    c->u->pos = saved;
    return true;
}

static bool cg_raise(Compiler *c, stmt s)
{
    expr exc = s->v.Raise.exc, cause = exc ? s->v.Raise.cause : NULL;
    if ((exc && !cg_expr(c, exc)) || (cause && !cg_expr(c, cause)))
        return false;
    return cg_op_arg(c, OP_RAISE_VARARGS, !!exc + !!cause);
}

/* A non-empty tuple is always true: `assert (x, "message")` is a mistake. */
static bool cg_assert(Compiler *c, stmt s)
{
    expr test = s->v.Assert.test;
    bool is_tuple = (test->kind == Tuple_kind && seq_len(test->v.Tuple.elts)) ||
                    (test->kind == Constant_kind && PyTuple_Check(test->v.Constant.value) &&
                     PyTuple_GET_SIZE(test->v.Constant.value));
    if (is_tuple && !cg_warn(c, "assertion is always true, perhaps remove parentheses?"))
        return false;
    if (c->optimize)
        return true;
    Block *end = cg_block(c);
    if (end == NULL || !cg_jump_if(c, test, end, true) || !cg_op(c, OP_LOAD_ASSERTION_ERROR))
        return false;
    if (s->v.Assert.msg && (!cg_expr(c, s->v.Assert.msg) || !cg_call(c, 0)))
        return false;
    if (!cg_op_arg(c, OP_RAISE_VARARGS, 1))
        return false;
    cg_use(c, end);
    return true;
}

/* -- Imports ---------------------------------------------------------------------------------- */

/* import a.b.c as d: walks down from the module `a` that IMPORT_NAME pushed. */
static bool cg_import_as(Compiler *c, PyObject *name, PyObject *asname)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name), dot = PyUnicode_FindChar(name, '.', 0, n, 1);
    if (dot < 0)
        return cg_name(c, asname, Store);
    for (;;) {
        Py_ssize_t start = dot + 1;
        dot = PyUnicode_FindChar(name, '.', start, n, 1);
        PyObject *part = PyUnicode_Substring(name, start, dot < 0 ? n : dot);
        bool ok = part && cg_op_plain_name(c, OP_IMPORT_FROM, part);
        Py_XDECREF(part);
        if (!ok)
            return false;
        if (dot < 0)
            break;
        if (!cg_op_arg(c, OP_SWAP, 2) || !cg_op(c, OP_POP_TOP))
            return false;
    }
    return cg_name(c, asname, Store) && cg_op(c, OP_POP_TOP);
}

static bool cg_import_one(Compiler *c, alias a)
{
    if (!cg_const(c, SMALL_INT(0)) || !cg_const(c, Py_None) ||
        !cg_op_name(c, OP_IMPORT_NAME, a->name))
        return false;
    if (a->asname)
        return cg_import_as(c, a->name, a->asname);
    Py_ssize_t dot = PyUnicode_FindChar(a->name, '.', 0, PyUnicode_GET_LENGTH(a->name), 1);
    if (dot < 0)
        return cg_name(c, a->name, Store);
    PyObject *first = PyUnicode_Substring(a->name, 0, dot);
    bool ok = first && cg_name(c, first, Store);
    Py_XDECREF(first);
    return ok;
}

static bool cg_import(Compiler *c, stmt s)
{
    for (Py_ssize_t i = 0; i < seq_len(s->v.Import.names); i++)
        if (!cg_import_one(c, s->v.Import.names->at[i]))
            return false;
    return true;
}

/* The names of `from m import a, b` as a tuple. */
static PyObject *alias_names(alias_seq *seq)
{
    PyObject *names = PyTuple_New(seq_len(seq));
    for (Py_ssize_t i = 0; names && i < seq_len(seq); i++)
        PyTuple_SET_ITEM(names, i, Py_NewRef(seq->at[i]->name));
    return names;
}

static bool cg_import_from(Compiler *c, stmt s)
{
    PyObject *module = s->v.ImportFrom.module;
    alias_seq *names = s->v.ImportFrom.names;
    if (s->pos.lineno > c->future.lineno && module &&
        PyUnicode_CompareWithASCIIString(module, "__future__") == 0)
        return cg_error(c, "from __future__ imports must occur at the beginning of the file");
    if (!cg_const_steal(c, PyLong_FromLong(s->v.ImportFrom.level)) ||
        !cg_const_steal(c, alias_names(names)) ||
        !cg_op_name(c, OP_IMPORT_NAME, module ? module : EMPTY_STR))
        return false;
    for (Py_ssize_t i = 0; i < seq_len(names); i++) {
        alias a = names->at[i];
        if (i == 0 && PyUnicode_READ_CHAR(a->name, 0) == '*')
            return cg_op(c, OP_IMPORT_STAR);
        if (!cg_op_name(c, OP_IMPORT_FROM, a->name) ||
            !cg_name(c, a->asname ? a->asname : a->name, Store))
            return false;
    }
    return cg_op(c, OP_POP_TOP);
}

/* -- Assignments ------------------------------------------------------------------------------ */

static bool cg_assign(Compiler *c, stmt s)
{
    expr_seq *targets = s->v.Assign.targets;
    if (!cg_expr(c, s->v.Assign.value))
        return false;
    for (Py_ssize_t i = 0; i < seq_len(targets); i++)
        if ((i + 1 < seq_len(targets) && !cg_op_arg(c, OP_COPY, 1)) || !cg_expr(c, targets->at[i]))
            return false;
    return true;
}

/* The target's value, above what the store will need. */
static bool cg_aug_load(Compiler *c, expr e)
{
    switch (e->kind) {
    case Attribute_kind:
        return cg_expr(c, e->v.Attribute.value) && cg_op_arg(c, OP_COPY, 1) && cg_attr_pos(c, e) &&
               cg_op_name(c, OP_LOAD_ATTR, e->v.Attribute.attr);
    case Subscript_kind:
        return cg_expr(c, e->v.Subscript.value) && cg_expr(c, e->v.Subscript.slice) &&
               cg_op_arg(c, OP_COPY, 2) && cg_op_arg(c, OP_COPY, 2) && cg_op(c, OP_BINARY_SUBSCR);
    case Name_kind:
        return cg_name(c, e->v.Name.id, Load);
    default:
        PyErr_Format(PyExc_SystemError, "invalid node type (%d) for augmented assignment", e->kind);
        return false;
    }
}

static bool cg_aug_store(Compiler *c, expr e)
{
    switch (e->kind) {
    case Attribute_kind:
        return cg_attr_pos(c, e) && cg_op_arg(c, OP_SWAP, 2) &&
               cg_op_name(c, OP_STORE_ATTR, e->v.Attribute.attr);
    case Subscript_kind:
        return cg_op_arg(c, OP_SWAP, 3) && cg_op_arg(c, OP_SWAP, 2) && cg_op(c, OP_STORE_SUBSCR);
    default:
        return cg_name(c, e->v.Name.id, Store);
    }
}

static bool cg_aug_assign(Compiler *c, stmt s)
{
    expr target = s->v.AugAssign.target;
    Pos saved = c->u->pos;
    AT(c, target);
    if (!cg_aug_load(c, target))
        return false;
    c->u->pos = saved;
    if (!cg_expr(c, s->v.AugAssign.value) || !cg_binary(c, s->v.AugAssign.op, true))
        return false;
    AT(c, target);
    return cg_aug_store(c, target);
}

/* -- Annotated assignments -------------------------------------------------------------------- */

/* For its effects only; NULL: nothing. */
static bool cg_evaluate(Compiler *c, expr e)
{
    return e == NULL || (cg_expr(c, e) && cg_op(c, OP_POP_TOP));
}

static bool cg_evaluate_subscript(Compiler *c, expr e)
{
    if (e->kind == Slice_kind)
        return cg_evaluate(c, e->v.Slice.lower) && cg_evaluate(c, e->v.Slice.upper) &&
               cg_evaluate(c, e->v.Slice.step);
    if (e->kind != Tuple_kind)
        return cg_evaluate(c, e);
    for (Py_ssize_t i = 0; i < seq_len(e->v.Tuple.elts); i++)
        if (!cg_evaluate_subscript(c, e->v.Tuple.elts->at[i]))
            return false;
    return true;
}

/* Only modules and classes have __annotations__. */
static bool keeps_annotations(Compiler *c)
{
    return c->u->type == UNIT_MODULE || c->u->type == UNIT_CLASS;
}

static bool cg_ann_name(Compiler *c, stmt s, PyObject *name)
{
    if (!cg_allowed_name(c, name, Store))
        return false;
    if (!s->v.AnnAssign.simple || !keeps_annotations(c))
        return true;
    return cg_annotation(c, s->v.AnnAssign.annotation) &&
           cg_op_name(c, OP_LOAD_NAME, ID(__annotations__)) &&
           cg_const_steal(c, sym_mangle(c->u->private_name, name)) && cg_op(c, OP_STORE_SUBSCR);
}

/* Without a value the parts of the target are evaluated all the same. */
static bool cg_ann_target(Compiler *c, stmt s)
{
    expr target = s->v.AnnAssign.target;
    bool has_value = s->v.AnnAssign.value;
    switch (target->kind) {
    case Name_kind:
        return cg_ann_name(c, s, target->v.Name.id);
    case Attribute_kind:
        return cg_allowed_name(c, target->v.Attribute.attr, Store) &&
               (has_value || cg_evaluate(c, target->v.Attribute.value));
    case Subscript_kind:
        return has_value || (cg_evaluate(c, target->v.Subscript.value) &&
                             cg_evaluate_subscript(c, target->v.Subscript.slice));
    default:
        PyErr_Format(PyExc_SystemError, "invalid node type (%d) for annotated assignment",
                     target->kind);
        return false;
    }
}

static bool cg_ann_assign(Compiler *c, stmt s)
{
    if (s->v.AnnAssign.value &&
        (!cg_expr(c, s->v.AnnAssign.value) || !cg_expr(c, s->v.AnnAssign.target)))
        return false;
    if (!cg_ann_target(c, s))
        return false;
    if (s->v.AnnAssign.simple || (c->future.features & CO_FUTURE_ANNOTATIONS) ||
        !keeps_annotations(c))
        return true;
    return cg_evaluate(c, s->v.AnnAssign.annotation);
}

/* -- Expressions as statements ---------------------------------------------------------------- */

/* At the prompt the value is printed; a constant leaves only its line. */
static bool cg_expr_stmt(Compiler *c, expr value)
{
    if (c->interactive && c->nest_level <= 1)
        return cg_expr(c, value) && cg_op(c, OP_PRINT_EXPR);
    if (value->kind == Constant_kind)
        return cg_op(c, OP_NOP);
    if (!cg_expr(c, value))
        return false;
    NOWHERE(c);
    return cg_op(c, OP_POP_TOP);
}

/* -- All statements --------------------------------------------------------------------------- */

bool cg_stmts(Compiler *c, stmt_seq *seq)
{
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        if (!cg_stmt(c, seq->at[i]))
            return false;
    return true;
}

bool cg_stmt(Compiler *c, stmt s)
{
    if (!cstack_allows(" during compilation"))
        return false;
    AT(c, s);
    switch (s->kind) {
    case FunctionDef_kind: return cg_function(c, s, false);
    case AsyncFunctionDef_kind: return cg_function(c, s, true);
    case ClassDef_kind: return cg_class(c, s);
    case Return_kind: return cg_return(c, s);
    case Delete_kind: return cg_exprs(c, s->v.Delete.targets);
    case Assign_kind: return cg_assign(c, s);
    case AugAssign_kind: return cg_aug_assign(c, s);
    case AnnAssign_kind: return cg_ann_assign(c, s);
    case For_kind: return cg_for(c, s);
    case AsyncFor_kind: return cg_async_for(c, s);
    case While_kind: return cg_while(c, s);
    case If_kind: return cg_if(c, s);
    case With_kind: return cg_with(c, s, false);
    case AsyncWith_kind: return cg_with(c, s, true);
    case Match_kind: return cg_match(c, s);
    case Raise_kind: return cg_raise(c, s);
    case Try_kind: case TryStar_kind: return cg_try(c, s);
    case Assert_kind: return cg_assert(c, s);
    case Import_kind: return cg_import(c, s);
    case ImportFrom_kind: return cg_import_from(c, s);
    case Expr_kind: return cg_expr_stmt(c, s->v.Expr.value);
    case Pass_kind: return cg_op(c, OP_NOP);
    case Break_kind: return cg_break(c);
    case Continue_kind: return cg_continue(c);
    default: return true; /* global and nonlocal have done their work */
    }
}
