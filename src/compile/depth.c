/* SPDX-License-Identifier: MIT
 *
 * Walks over the graph along its edges: depth of the value stack, and which handler protects
 * which instruction.
 *
 * Both start at the entry with a work list. Depth: a block is looked at again when it is reached
 * with a deeper stack; in code that we make each is reached with one depth only. Handlers: the
 * stack of handlers at a block's start is the same on all ways to it, so the first one decides.
 *
 * I1  After cfg_stack_depth, Block.depth of a handler is the stack it finds: what unwinding keeps,
 *     plus lasti when it wants it, plus the exception.
 */
#include "compile/compile_impl.h"

/* -- Stack depth ------------------------------------------------------------------------------ */

/* Change of the stack's depth; `jump`: along the jump, or into the handler. */
static int effect(const Instr *i, bool jump)
{
    switch (i->op) {
    case OP_SETUP_FINALLY: case OP_SETUP_WITH: return jump ? 1 : 0;
    case OP_SETUP_CLEANUP: return jump ? 2 : 0;
    case OP_POP_BLOCK: case OP_JUMP: case OP_JUMP_NO_INTERRUPT: return 0;
    case OP_POP_JUMP_IF_FALSE:
    case OP_POP_JUMP_IF_TRUE:
    case OP_POP_JUMP_IF_NONE:
    case OP_POP_JUMP_IF_NOT_NONE:
        return -1;
    default: return op_stack_effect(i->op, i->arg, jump);
    }
}

/* Control does not go on behind it. */
static bool ends_flow(int op)
{
    return op == OP_JUMP || op == OP_JUMP_NO_INTERRUPT || op == OP_RETURN_VALUE ||
           op == OP_RAISE_VARARGS || op == OP_RERAISE;
}

/* Schedules a block if it is deeper than known. 100 is 3.11's guard against endless growth. */
static void visit_at(Block *b, int depth, Block ***top)
{
    if (b->depth < depth && b->depth < 100) {
        b->depth = depth;
        *(*top)++ = b;
    }
}

static void walk_depth(Block *b, Block ***top, int *most)
{
    int depth = b->depth;
    for (int i = 0; i < b->used; i++) {
        const Instr *instr = &b->instr[i];
        int after = depth + effect(instr, false);
        *most = Py_MAX(*most, after);
        if (has_target(instr->op)) {
            int landing = depth + effect(instr, true);
            *most = Py_MAX(*most, landing);
            visit_at(instr->target, landing, top);
        }
        depth = after;
        if (ends_flow(instr->op))
            return;
    }
    if (b->next)
        visit_at(b->next, depth, top);
}

/* A stack big enough for every block to be on it. NULL with MemoryError set. */
static Block **block_stack(Compiler *c)
{
    size_t n = 0;
    for (Block *b = c->u->blocks; b; b = b->list)
        n++;
    Block **stack = PyMem_Malloc((2 * n + 1) * sizeof *stack);
    if (stack == NULL)
        PyErr_NoMemory();
    return stack;
}

/* The deepest stack of the unit, or -1. */
int cfg_stack_depth(Compiler *c, Block *entry)
{
    Block **stack = block_stack(c), **top = stack;
    int most = 0;
    if (stack == NULL)
        return -1;
    for (Block *b = c->u->blocks; b; b = b->list)
        b->depth = INT_MIN;
    /* A generator's frame is resumed with a value on the stack. */
    visit_at(entry, c->u->scope->generator || c->u->scope->coroutine ? 1 : 0, &top);
    while (top > stack)
        walk_depth(*--top, &top, &most);
    PyMem_Free(stack);
    return most;
}

/* -- Handlers --------------------------------------------------------------------------------- */

/* Handlers around an instruction, the innermost last; entry 0 is none. */
struct handler_stack { Block *handlers[CO_MAXBLOCKS + 2]; int depth; };

static struct handler_stack *copy_stack(const struct handler_stack *s)
{
    struct handler_stack *copy = PyMem_Malloc(sizeof *copy);
    if (copy == NULL)
        PyErr_NoMemory();
    else
        *copy = *s;
    return copy;
}

/* Schedules a block that is entered with these handlers. */
static bool schedule(Block *b, const struct handler_stack *s, Block ***top)
{
    if (b->visited)
        return true;
    b->visited = true;
    b->handlers = copy_stack(s);
    *(*top)++ = b;
    return b->handlers != NULL;
}

/* SETUP_… and POP_BLOCK are NOPs in the end and need no handler. */
static bool label_instr(Instr *i, struct handler_stack *s, Block ***top)
{
    if (is_setup(i->op)) {
        if (!schedule(i->target, s, top))
            return false;
        if (i->op != OP_SETUP_FINALLY)
            i->target->keeps_lasti = true;
        s->handlers[++s->depth] = i->target;
        return true;
    }
    if (i->op == OP_POP_BLOCK) {
        s->depth--;
        return true;
    }
    i->handler = s->handlers[s->depth];
    return !is_jump(i->op) || schedule(i->target, s, top);
}

/* Handlers of the instructions of one block; frees the block's copy of the stack. */
static bool label_block(Block *b, Block ***top)
{
    struct handler_stack *s = b->handlers;
    bool ok = s != NULL;
    for (int i = 0; ok && i < b->used; i++)
        ok = label_instr(&b->instr[i], s, top);
    if (ok && !b->no_fallthrough && b->next)
        ok = schedule(b->next, s, top);
    PyMem_Free(s);
    b->handlers = NULL;
    return ok;
}

static void drop_marks(Block *entry)
{
    for (Block *b = entry; b; b = b->next)
        for (int i = 0; i < b->used; i++)
            if (is_setup(b->instr[i].op) || b->instr[i].op == OP_POP_BLOCK)
                b->instr[i].op = OP_NOP;
}

/* Fills Instr.handler and turns SETUP_… and POP_BLOCK into NOPs. */
bool cfg_label_handlers(Block *entry)
{
    size_t n = 0;
    for (Block *b = entry; b; b = b->next) {
        b->visited = false;
        n++;
    }
    Block **stack = PyMem_Malloc((n + 1) * sizeof *stack), **top = stack;
    if (stack == NULL) {
        PyErr_NoMemory();
        return false;
    }
    struct handler_stack none = {.depth = 0};
    bool ok = schedule(entry, &none, &top);
    while (ok && top > stack)
        ok = label_block(*--top, &top);
    while (top > stack) { /* after an error */
        Block *b = *--top;
        PyMem_Free(b->handlers);
        b->handlers = NULL;
    }
    PyMem_Free(stack);
    if (ok)
        drop_marks(entry);
    return ok;
}
