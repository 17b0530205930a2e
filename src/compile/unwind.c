/* SPDX-License-Identifier: MIT
 *
 * try and with statements, and what return, break and continue undo on their way through them.
 *
 * A handler is entered by the exception table; the graph marks its extent by SETUP_… and
 * POP_BLOCK. A finally body is copied to each way out: the normal end, the exceptional one, and
 * each return, break or continue in it.
 *
 *     stack in a handler:              [… exc]           after SETUP_FINALLY
 *                                      [… lasti exc]     after SETUP_CLEANUP, SETUP_WITH
 *     after PUSH_EXC_INFO:             [… old exc]
 */
#include "compile/compile_impl.h"

/* -- Frame blocks ----------------------------------------------------------------------------- */

bool cg_push_block(Compiler *c, enum frame_block_type type, Block *block, Block *exit, void *datum)
{
    if (c->u->n_frame_blocks >= CO_MAXBLOCKS)
        return cg_error(c, "too many statically nested blocks");
    c->u->frame_blocks[c->u->n_frame_blocks++] = (FrameBlock){type, block, exit, datum};
    return true;
}

/* The innermost block ends. */
void cg_pop_block(Compiler *c)
{
    c->u->n_frame_blocks--;
}

/* exit(None, None, None); exit is on top. */
static bool cg_call_exit(Compiler *c)
{
    return cg_const(c, Py_None) && cg_const(c, Py_None) && cg_const(c, Py_None) && cg_call(c, 2);
}

/* name = None; del name      name may be NULL */
static bool cg_clear_name(Compiler *c, PyObject *name)
{
    return name == NULL ||
           (cg_const(c, Py_None) && cg_name(c, name, Store) && cg_name(c, name, Del));
}

/* The return value goes below what is about to be taken. */
static bool cg_under(Compiler *c, bool keep_top)
{
    return !keep_top || cg_op_arg(c, OP_SWAP, 2);
}

/* A copy of the finally body. While it runs, the return value is just another thing to pop. */
static bool unwind_finally(Compiler *c, FrameBlock *fb, bool keep_top)
{
    if (!cg_op(c, OP_POP_BLOCK) ||
        (keep_top && !cg_push_block(c, FB_POP_VALUE, NULL, NULL, NULL)) || !cg_stmts(c, fb->datum))
        return false;
    if (keep_top)
        cg_pop_block(c);
    NOWHERE(c); /* what follows seems to run after the finally body */
    return true;
}

/* The call of __exit__ with no exception. */
static bool unwind_with(Compiler *c, FrameBlock *fb, bool keep_top)
{
    AT(c, (stmt)fb->datum);
    if (!cg_op(c, OP_POP_BLOCK) || !cg_under(c, keep_top) || !cg_call_exit(c) ||
        (fb->type == FB_ASYNC_WITH && !cg_await(c, 2)) || !cg_op(c, OP_POP_TOP))
        return false;
    NOWHERE(c);
    return true;
}

/* Code that leaves one block. */
bool cg_unwind_one(Compiler *c, FrameBlock *fb, bool keep_top)
{
    switch (fb->type) {
    case FB_FOR_LOOP: case FB_POP_VALUE:
        return cg_under(c, keep_top) && cg_op(c, OP_POP_TOP);
    case FB_TRY_EXCEPT:
        return cg_op(c, OP_POP_BLOCK);
    case FB_FINALLY_TRY:
        return unwind_finally(c, fb, keep_top);
    case FB_FINALLY_END:
        return cg_under(c, keep_top) && cg_op(c, OP_POP_TOP) && cg_under(c, keep_top) &&
               cg_op(c, OP_POP_BLOCK) && cg_op(c, OP_POP_EXCEPT);
    case FB_WITH: case FB_ASYNC_WITH:
        return unwind_with(c, fb, keep_top);
    case FB_HANDLER_CLEANUP:
        return (!fb->datum || cg_op(c, OP_POP_BLOCK)) && cg_under(c, keep_top) &&
               cg_op(c, OP_POP_BLOCK) && cg_op(c, OP_POP_EXCEPT) && cg_clear_name(c, fb->datum);
    default:
        return true;
    }
}

/* Leaves all blocks, or with `loop` those inside the innermost loop, which is stored there.
   Blocks stay on the list, but while one is being left it and those inside it are not. */
bool cg_unwind(Compiler *c, bool keep_top, FrameBlock **loop)
{
    Unit *u = c->u;
    if (u->n_frame_blocks == 0)
        return true;
    FrameBlock *top = &u->frame_blocks[u->n_frame_blocks - 1];
    if (top->type == FB_EXCEPTION_GROUP_HANDLER)
        return cg_error(c, "'break', 'continue' and 'return' cannot appear in an except* block");
    if (loop && (top->type == FB_WHILE_LOOP || top->type == FB_FOR_LOOP)) {
        *loop = top;
        return true;
    }
    FrameBlock copy = *top;
    u->n_frame_blocks--;
    if (!cg_unwind_one(c, &copy, keep_top) || !cg_unwind(c, keep_top, loop))
        return false;
    u->frame_blocks[u->n_frame_blocks++] = copy;
    return true;
}

/* -- try … except ----------------------------------------------------------------------------- */

/* [old lasti exc] -> raise again with the old exception restored. */
static bool cg_restore_and_reraise(Compiler *c)
{
    return cg_op_arg(c, OP_COPY, 3) && cg_op(c, OP_POP_EXCEPT) && cg_op_arg(c, OP_RERAISE, 1);
}

/* The body of a handler, up to its last statement; errors in it go to cleanup_end. */
static bool cg_handler_body(Compiler *c, excepthandler h, Block *cleanup_end)
{
    PyObject *name = h->v.ExceptHandler.name;
    Block *body = cg_block(c);
    if (!cleanup_end || !body || !(name ? cg_name(c, name, Store) : cg_op(c, OP_POP_TOP)) ||
        !cg_jump(c, OP_SETUP_CLEANUP, cleanup_end))
        return false;
    cg_use(c, body);
    if (!cg_push_block(c, FB_HANDLER_CLEANUP, body, NULL, name) ||
        !cg_stmts(c, h->v.ExceptHandler.body))
        return false;
    cg_pop_block(c);
    NOWHERE(c);
    return true;
}

/* except … as name: the body is protected so that the name goes away in any case. */
static bool cg_named_handler(Compiler *c, excepthandler h, Block *end)
{
    PyObject *name = h->v.ExceptHandler.name;
    Block *cleanup_end = cg_block(c);
    if (!cg_handler_body(c, h, cleanup_end))
        return false;
    if (!cg_op(c, OP_POP_BLOCK) || !cg_op(c, OP_POP_BLOCK) || !cg_op(c, OP_POP_EXCEPT) ||
        !cg_clear_name(c, name) || !cg_jump(c, OP_JUMP, end))
        return false;
    cg_use(c, cleanup_end);
    NOWHERE(c);
    return cg_clear_name(c, name) && cg_op_arg(c, OP_RERAISE, 1);
}

/* except … without a name. */
static bool cg_plain_handler(Compiler *c, excepthandler h, Block *end)
{
    Block *body = cg_block(c);
    if (!body || !cg_op(c, OP_POP_TOP))
        return false;
    cg_use(c, body);
    if (!cg_push_block(c, FB_HANDLER_CLEANUP, body, NULL, NULL) ||
        !cg_stmts(c, h->v.ExceptHandler.body))
        return false;
    cg_pop_block(c);
    NOWHERE(c);
    return cg_op(c, OP_POP_BLOCK) && cg_op(c, OP_POP_EXCEPT) && cg_jump(c, OP_JUMP, end);
}

/* One except clause; on no match on to `next`, where the following clause begins. */
static bool cg_handler(Compiler *c, excepthandler h, bool is_last, Block *end)
{
    AT(c, h);
    if (!h->v.ExceptHandler.type && !is_last)
        return cg_error(c, "default 'except:' must be last");
    Block *next = cg_block(c);
    if (next == NULL)
        return false;
    if (h->v.ExceptHandler.type &&
        (!cg_expr(c, h->v.ExceptHandler.type) || !cg_op(c, OP_CHECK_EXC_MATCH) ||
         !cg_jump(c, OP_POP_JUMP_IF_FALSE, next)))
        return false;
    if (!(h->v.ExceptHandler.name ? cg_named_handler(c, h, end) : cg_plain_handler(c, h, end)))
        return false;
    cg_use(c, next);
    return true;
}

/* Start of a handler: the old exception is set aside; an error in the handler goes to `cleanup`. */
static bool cg_enter_handler(Compiler *c, Block *handler, Block *cleanup)
{
    cg_use(c, handler);
    NOWHERE(c);
    return cg_jump(c, OP_SETUP_CLEANUP, cleanup) && cg_op(c, OP_PUSH_EXC_INFO);
}

/*   SETUP_FINALLY except; body; POP_BLOCK; orelse; JUMP end
     except:   SETUP_CLEANUP cleanup; PUSH_EXC_INFO; clauses …; RERAISE
     cleanup:  an error inside a clause: restore the old exception, raise on
     end: */
static bool cg_try_except(Compiler *c, stmt s)
{
    Block *body = cg_block(c), *except = cg_block(c), *end = cg_block(c), *cleanup = cg_block(c);
    if (!body || !except || !end || !cleanup || !cg_jump(c, OP_SETUP_FINALLY, except))
        return false;
    cg_use(c, body);
    if (!cg_push_block(c, FB_TRY_EXCEPT, body, NULL, NULL) || !cg_stmts(c, s->v.Try.body))
        return false;
    cg_pop_block(c);
    if (!cg_op_noline(c, OP_POP_BLOCK) || !cg_stmts(c, s->v.Try.orelse) ||
        !cg_jump_noline(c, OP_JUMP, end) || !cg_enter_handler(c, except, cleanup) ||
        !cg_push_block(c, FB_EXCEPTION_HANDLER, NULL, NULL, NULL))
        return false;
    Py_ssize_t n = seq_len(s->v.Try.handlers);
    for (Py_ssize_t i = 0; i < n; i++)
        if (!cg_handler(c, s->v.Try.handlers->at[i], i == n - 1, end))
            return false;
    NOWHERE(c);
    cg_pop_block(c);
    if (!cg_op_arg(c, OP_RERAISE, 0))
        return false;
    cg_use(c, cleanup);
    if (!cg_restore_and_reraise(c))
        return false;
    cg_use(c, end);
    return true;
}

/* -- try … except* ---------------------------------------------------------------------------- */

/* One except* clause. [orig results rest] in and out; what the body raises is appended to
   results. */
static bool cg_star_handler(Compiler *c, excepthandler h, bool is_first, bool is_last,
                            Block *reraise_star)
{
    PyObject *name = h->v.ExceptHandler.name;
    AT(c, h);
    Block *next = cg_block(c), *matched = cg_block(c);
    if (!next || !matched)
        return false;
    if (is_first &&
        (!cg_op_arg(c, OP_COPY, 1) || !cg_op_arg(c, OP_BUILD_LIST, 0) || !cg_op_arg(c, OP_SWAP, 2)))
        return false;
    if (h->v.ExceptHandler.type &&
        (!cg_expr(c, h->v.ExceptHandler.type) || !cg_op(c, OP_CHECK_EG_MATCH) ||
         !cg_op_arg(c, OP_COPY, 1) || !cg_jump(c, OP_POP_JUMP_IF_NOT_NONE, matched) ||
         !cg_op(c, OP_POP_TOP) || !cg_jump(c, OP_JUMP, next)))
        return false;
    cg_use(c, matched);
    Block *cleanup_end = cg_block(c);
    if (!cg_handler_body(c, h, cleanup_end))
        return false;
    if (!cg_op(c, OP_POP_BLOCK) || !cg_clear_name(c, name) || !cg_jump(c, OP_JUMP, next))
        return false;
    cg_use(c, cleanup_end);
    NOWHERE(c);
    if (!cg_clear_name(c, name) || !cg_op_arg(c, OP_LIST_APPEND, 3) || !cg_op(c, OP_POP_TOP) ||
        !cg_jump(c, OP_JUMP, next))
        return false;
    cg_use(c, next);
    return !is_last || (cg_op_arg(c, OP_LIST_APPEND, 1) && cg_jump(c, OP_JUMP, reraise_star));
}

/* [orig results] -> nothing, or raises what is left. */
static bool cg_reraise_star(Compiler *c, Block *reraise_star, Block *end)
{
    Block *reraise = cg_block(c);
    if (reraise == NULL)
        return false;
    cg_use(c, reraise_star);
    if (!cg_op(c, OP_PREP_RERAISE_STAR) || !cg_op_arg(c, OP_COPY, 1) ||
        !cg_jump(c, OP_POP_JUMP_IF_NOT_NONE, reraise) || !cg_op(c, OP_POP_TOP) ||
        !cg_op(c, OP_POP_BLOCK) || !cg_op(c, OP_POP_EXCEPT) || !cg_jump(c, OP_JUMP, end))
        return false;
    cg_use(c, reraise);
    return cg_op(c, OP_POP_BLOCK) && cg_op_arg(c, OP_SWAP, 2) && cg_op(c, OP_POP_EXCEPT) &&
           cg_op_arg(c, OP_RERAISE, 0);
}

/* As try … except, but every clause is tried, and what is left is raised at the end. */
static bool cg_try_star_except(Compiler *c, stmt s)
{
    Block *body = cg_block(c), *except = cg_block(c), *orelse = cg_block(c), *end = cg_block(c);
    Block *cleanup = cg_block(c), *reraise_star = cg_block(c);
    if (!body || !except || !orelse || !end || !cleanup || !reraise_star ||
        !cg_jump(c, OP_SETUP_FINALLY, except))
        return false;
    cg_use(c, body);
    if (!cg_push_block(c, FB_TRY_EXCEPT, body, NULL, NULL) || !cg_stmts(c, s->v.TryStar.body))
        return false;
    cg_pop_block(c);
    if (!cg_op_noline(c, OP_POP_BLOCK) || !cg_jump_noline(c, OP_JUMP, orelse) ||
        !cg_enter_handler(c, except, cleanup) ||
        !cg_push_block(c, FB_EXCEPTION_GROUP_HANDLER, NULL, NULL, NULL))
        return false;
    Py_ssize_t n = seq_len(s->v.TryStar.handlers);
    for (Py_ssize_t i = 0; i < n; i++)
        if (!cg_star_handler(c, s->v.TryStar.handlers->at[i], i == 0, i == n - 1, reraise_star))
            return false;
    NOWHERE(c);
    cg_pop_block(c);
    if (!cg_reraise_star(c, reraise_star, end))
        return false;
    cg_use(c, cleanup);
    if (!cg_restore_and_reraise(c))
        return false;
    cg_use(c, orelse);
    if (!cg_stmts(c, s->v.TryStar.orelse))
        return false;
    cg_use(c, end);
    return true;
}

/* -- try … finally ---------------------------------------------------------------------------- */

/* The try statement without its finally. */
static bool cg_try_inner(Compiler *c, stmt s)
{
    if (s->kind == TryStar_kind)
        return seq_len(s->v.TryStar.handlers) ? cg_try_star_except(c, s)
                                              : cg_stmts(c, s->v.TryStar.body);
    return seq_len(s->v.Try.handlers) ? cg_try_except(c, s) : cg_stmts(c, s->v.Try.body);
}

/*   SETUP_FINALLY end; body; POP_BLOCK; final; JUMP exit
     end:      SETUP_CLEANUP cleanup; PUSH_EXC_INFO; final; RERAISE
     cleanup:  restore the old exception, raise on
     exit: */
static bool cg_try_finally(Compiler *c, stmt s, stmt_seq *final)
{
    Block *body = cg_block(c), *end = cg_block(c), *exit = cg_block(c);
    if (!body || !end || !exit || !cg_jump(c, OP_SETUP_FINALLY, end))
        return false;
    cg_use(c, body);
    if (!cg_push_block(c, FB_FINALLY_TRY, body, end, final) || !cg_try_inner(c, s) ||
        !cg_op_noline(c, OP_POP_BLOCK))
        return false;
    cg_pop_block(c);
    if (!cg_stmts(c, final) || !cg_jump_noline(c, OP_JUMP, exit))
        return false;
    Block *cleanup = cg_block(c);
    if (cleanup == NULL || !cg_enter_handler(c, end, cleanup) ||
        !cg_push_block(c, FB_FINALLY_END, end, NULL, NULL) || !cg_stmts(c, final))
        return false;
    cg_pop_block(c);
    if (!cg_op_arg(c, OP_RERAISE, 0))
        return false;
    cg_use(c, cleanup);
    if (!cg_restore_and_reraise(c))
        return false;
    cg_use(c, exit);
    return true;
}

bool cg_try(Compiler *c, stmt s)
{
    stmt_seq *final = s->kind == Try_kind ? s->v.Try.finalbody : s->v.TryStar.finalbody;
    if (seq_len(final))
        return cg_try_finally(c, s, final);
    return s->kind == Try_kind ? cg_try_except(c, s) : cg_try_star_except(c, s);
}

/* -- with ------------------------------------------------------------------------------------- */

/* [exit lasti old exc result] -> swallows the exception when the result is true. */
static bool cg_with_finish(Compiler *c, Block *cleanup)
{
    Block *suppress = cg_block(c);
    if (!suppress || !cg_jump(c, OP_POP_JUMP_IF_TRUE, suppress) || !cg_op_arg(c, OP_RERAISE, 2))
        return false;
    cg_use(c, cleanup);
    NOWHERE(c);
    if (!cg_restore_and_reraise(c))
        return false;
    cg_use(c, suppress);
    return cg_op(c, OP_POP_TOP) && cg_op(c, OP_POP_BLOCK) && cg_op(c, OP_POP_EXCEPT) &&
           cg_op(c, OP_POP_TOP) && cg_op(c, OP_POP_TOP);
}

/* Item `index` and, inside it, the ones behind it or the body. */
static bool cg_with_item(Compiler *c, stmt s, bool is_async, Py_ssize_t index)
{
    withitem_seq *items = is_async ? s->v.AsyncWith.items : s->v.With.items;
    stmt_seq *statements = is_async ? s->v.AsyncWith.body : s->v.With.body;
    withitem item = items->at[index];
    if (is_async && unit_is_top_level_await(c))
        c->u->scope->coroutine = true;
    else if (is_async && c->u->type != UNIT_ASYNC_FUNCTION)
        return cg_error(c, "'async with' outside async function");
    Block *block = cg_block(c), *final = cg_block(c), *exit = cg_block(c), *cleanup = cg_block(c);
    if (!block || !final || !exit || !cleanup || !cg_expr(c, item->context_expr) ||
        !cg_op(c, is_async ? OP_BEFORE_ASYNC_WITH : OP_BEFORE_WITH) ||
        (is_async && !cg_await(c, 1)) || !cg_jump(c, OP_SETUP_WITH, final))
        return false;
    cg_use(c, block);
    if (!cg_push_block(c, is_async ? FB_ASYNC_WITH : FB_WITH, block, final, s) ||
        !(item->optional_vars ? cg_expr(c, item->optional_vars) : cg_op(c, OP_POP_TOP)))
        return false;
    if (!(index + 1 == seq_len(items) ? cg_stmts(c, statements)
                                      : cg_with_item(c, s, is_async, index + 1)))
        return false;
    cg_pop_block(c);
    if (!is_async)
        NOWHERE(c);
    if (!cg_op(c, OP_POP_BLOCK))
        return false;
    AT(c, s);
    if (!cg_call_exit(c) || (is_async && !cg_await(c, 2)) || !cg_op(c, OP_POP_TOP) ||
        !cg_jump(c, OP_JUMP, exit))
        return false;
    cg_use(c, final);
    if (!cg_jump(c, OP_SETUP_CLEANUP, cleanup) || !cg_op(c, OP_PUSH_EXC_INFO) ||
        !cg_op(c, OP_WITH_EXCEPT_START) || (is_async && !cg_await(c, 2)) ||
        !cg_with_finish(c, cleanup))
        return false;
    cg_use(c, exit);
    return true;
}

bool cg_with(Compiler *c, stmt s, bool is_async)
{
    return cg_with_item(c, s, is_async, 0);
}
