/* SPDX-License-Identifier: MIT
 *
 * Comprehensions and generator expressions: a function of one argument, the iterator of the first
 * `for`, which is called at once. Its stack: the container being built (not for a generator),
 * then one iterator a level.
 *
 *      BUILD_LIST                             [list]
 *      LOAD_FAST .0                           [list it]
 *   ┌> FOR_ITER ──────────────┐               [list it x]
 *   │  store target           │
 *   │  conditions: skip ──┐   │
 *   │  (inner `for`, or)  │   │
 *   │  element LIST_APPEND depth + 1
 *   └─ JUMP <─────────────┘   │
 *      RETURN_VALUE <─────────┘
 */
#include "base/cstack.h"
#include "compile/compile_impl.h"

/* What the four kinds of node have in common; all borrowed. */
typedef struct {
    enum expr_kind kind;
    comprehension_seq *generators;
    expr elt, value;   /* value: of a dict's item */
    PyObject *name;
} Comp;

static Comp comp_of(expr e)
{
    switch (e->kind) {
    case ListComp_kind:
        return (Comp){e->kind, e->v.ListComp.generators, e->v.ListComp.elt, NULL,
                      LITERAL(anon_listcomp)};
    case SetComp_kind:
        return (Comp){e->kind, e->v.SetComp.generators, e->v.SetComp.elt, NULL,
                      LITERAL(anon_setcomp)};
    case DictComp_kind:
        return (Comp){e->kind, e->v.DictComp.generators, e->v.DictComp.key, e->v.DictComp.value,
                      LITERAL(anon_dictcomp)};
    default:
        return (Comp){e->kind, e->v.GeneratorExp.generators, e->v.GeneratorExp.elt, NULL,
                      LITERAL(anon_genexpr)};
    }
}

static bool cg_generator(Compiler *c, const Comp *comp, Py_ssize_t index, int depth);

/* The element goes to the container, `depth` iterators below the top, or is yielded. */
static bool cg_element(Compiler *c, const Comp *comp, int depth)
{
    if (!cg_expr(c, comp->elt))
        return false;
    switch (comp->kind) {
    case ListComp_kind: return cg_op_arg(c, OP_LIST_APPEND, depth + 1);
    case SetComp_kind: return cg_op_arg(c, OP_SET_ADD, depth + 1);
    case DictComp_kind: return cg_expr(c, comp->value) && cg_op_arg(c, OP_MAP_ADD, depth + 1);
    default: return cg_yield(c) && cg_op(c, OP_POP_TOP);
    }
}

/* Target, conditions, then the next `for` or the element. */
static bool cg_inside(Compiler *c, const Comp *comp, Py_ssize_t index, int depth, Block *skip)
{
    comprehension gen = comp->generators->at[index];
    if (!cg_expr(c, gen->target))
        return false;
    for (Py_ssize_t i = 0; i < seq_len(gen->ifs); i++)
        if (!cg_jump_if(c, gen->ifs->at[i], skip, false))
            return false;
    return index + 1 < seq_len(comp->generators) ? cg_generator(c, comp, index + 1, depth)
                                                 : cg_element(c, comp, depth);
}

/* `for x in [y]` just assigns: the one element, or NULL. */
static expr only_element(expr iter)
{
    expr_seq *elts = iter->kind == List_kind    ? iter->v.List.elts
                     : iter->kind == Tuple_kind ? iter->v.Tuple.elts
                                                : NULL;
    return seq_len(elts) == 1 && elts->at[0]->kind != Starred_kind ? elts->at[0] : NULL;
}

/* `for` number `index` and all inside it. */
static bool cg_sync_generator(Compiler *c, const Comp *comp, Py_ssize_t index, int depth)
{
    comprehension gen = comp->generators->at[index];
    Block *start = cg_block(c), *skip = cg_block(c), *anchor = cg_block(c);
    expr single = index ? only_element(gen->iter) : NULL;
    if (!start || !skip || !anchor)
        return false;
    if (index == 0) {
        c->u->argcount = 1;
        if (!cg_op_arg(c, OP_LOAD_FAST, 0))
            return false;
    }
    else if (!cg_expr(c, single ? single : gen->iter) || (!single && !cg_op(c, OP_GET_ITER)))
        return false;
    if (!single) {
        depth++;
        cg_use(c, start);
        if (!cg_jump(c, OP_FOR_ITER, anchor))
            return false;
    }
    if (!cg_inside(c, comp, index, depth, skip))
        return false;
    cg_use(c, skip);
    if (!single) {
        if (!cg_jump(c, OP_JUMP, start))
            return false;
        cg_use(c, anchor);
    }
    return true;
}

/* `async for`: the handler catches StopAsyncIteration. */
static bool cg_async_generator(Compiler *c, const Comp *comp, Py_ssize_t index, int depth)
{
    comprehension gen = comp->generators->at[index];
    Block *start = cg_block(c), *except = cg_block(c), *skip = cg_block(c);
    if (!start || !except || !skip)
        return false;
    if (index == 0) {
        c->u->argcount = 1;
        if (!cg_op_arg(c, OP_LOAD_FAST, 0))
            return false;
    }
    else if (!cg_expr(c, gen->iter) || !cg_op(c, OP_GET_AITER))
        return false;
    cg_use(c, start);
    if (!cg_push_block(c, FB_ASYNC_COMPREHENSION, start, NULL, NULL) ||
        !cg_jump(c, OP_SETUP_FINALLY, except) || !cg_op(c, OP_GET_ANEXT) || !cg_const(c, Py_None) ||
        !cg_yield_from(c, true) || !cg_op(c, OP_POP_BLOCK) ||
        !cg_inside(c, comp, index, depth + 1, skip))
        return false;
    cg_use(c, skip);
    if (!cg_jump(c, OP_JUMP, start))
        return false;
    cg_pop_block(c);
    cg_use(c, except);
    return cg_op(c, OP_END_ASYNC_FOR);
}

static bool cg_generator(Compiler *c, const Comp *comp, Py_ssize_t index, int depth)
{
    if (!cstack_allows(" during compilation"))
        return false;
    return comp->generators->at[index]->is_async ? cg_async_generator(c, comp, index, depth)
                                                 : cg_sync_generator(c, comp, index, depth);
}

/* What makes the empty container. */
static int build_op(enum expr_kind kind)
{
    return kind == ListComp_kind  ? OP_BUILD_LIST
           : kind == SetComp_kind ? OP_BUILD_SET
                                  : OP_BUILD_MAP;
}

static PyCodeObject *comprehension_code(Compiler *c, const Comp *comp)
{
    bool is_generator = comp->kind == GeneratorExp_kind;
    if ((!is_generator && !cg_op_arg(c, build_op(comp->kind), 0)) || !cg_generator(c, comp, 0, 0) ||
        (!is_generator && !cg_op(c, OP_RETURN_VALUE)))
        return NULL;
    return asm_unit(c, true);
}

bool cg_comprehension(Compiler *c, expr e)
{
    Comp comp = comp_of(e);
    comprehension first = comp.generators->at[0];
    bool top_level = unit_is_top_level_await(c);
    bool may_await =
        top_level || c->u->type == UNIT_ASYNC_FUNCTION || c->u->type == UNIT_COMPREHENSION;
    if (!unit_enter(c, comp.name, UNIT_COMPREHENSION, e, e->pos.lineno))
        return false;
    AT(c, e);
    bool awaits = c->u->scope->coroutine && e->kind != GeneratorExp_kind;
    if (awaits && !may_await)
        return cg_error(c, "asynchronous comprehension outside of an asynchronous function");
    bool is_async = c->u->scope->coroutine;
    PyCodeObject *co = comprehension_code(c, &comp);
    if (co == NULL)
        return false;
    unit_leave(c);
    if (top_level && is_async)
        c->u->scope->coroutine = true;
    return cg_make_function(c, co, 0) && cg_expr(c, first->iter) &&
           cg_op(c, first->is_async ? OP_GET_AITER : OP_GET_ITER) && cg_call(c, 0) &&
           (!awaits || cg_await(c, 0));
}
