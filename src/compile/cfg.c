/* SPDX-License-Identifier: MIT
 *
 * Passes over the whole graph, in the order in which the assembler runs them.
 *
 *   normalize        marks how blocks end; a jump to an empty block goes to what follows it
 *   extend           a jump to a short exit without a line becomes a copy of it
 *   (per block)      cfg_block.c
 *   reachable        counts predecessors; blocks without any lose their instructions
 *   nops, empties    instructions and blocks that do nothing go away, jumps to the next block too
 *   trim             constants that nothing loads any more
 *   duplicate        exits without a line get a copy for each jump to them, each with a line
 *
 * An exit is a block that leaves the frame. One without a line (the implicit `return None`) takes
 * the line of what came before it; two ways with different lines need two copies, or a tracer would
 * see a wrong one.
 *
 * Each pass is linear but for skip_empty, which walks chains of empty blocks. The passes are
 * 3.11's, not the best possible ones: the code must come out equal.
 */
#include "compile/compile_impl.h"

/* -- Ends of blocks --------------------------------------------------------------------------- */

/* The first block from *target on that has instructions. */
static void skip_empty(Block **target)
{
    while ((*target)->used == 0)
        *target = (*target)->next;
}

/* How the block ends, from its instructions. */
static bool normalize(Block *b)
{
    for (int i = 0; i < b->used; i++) {
        int op = b->instr[i].op;
        if (op == OP_RETURN_VALUE || op == OP_RAISE_VARARGS || op == OP_RERAISE)
            b->exits = b->no_fallthrough = true;
        else if (op == OP_JUMP || op == OP_JUMP_NO_INTERRUPT)
            b->no_fallthrough = true;
        if (!is_jump(op))
            continue;
        if (i != b->used - 1) {
            PyErr_SetString(PyExc_SystemError, "malformed control flow graph.");
            return false;
        }
        skip_empty(&b->instr[i].target);
    }
    return true;
}

#define COPY_LIMIT 4

static bool is_exit_without_line(Block *b)
{
    if (!b->exits)
        return false;
    for (int i = 0; i < b->used; i++)
        if (b->instr[i].pos.lineno >= 0)
            return false;
    return true;
}

/* A jump to a small exit becomes the exit itself. */
static bool extend(Block *b)
{
    Instr *last = block_last(b);
    if (last == NULL || last->op != OP_JUMP)
        return true;
    Block *exit = last->target;
    if (!is_exit_without_line(exit) || exit->used > COPY_LIMIT)
        return true;
    last->op = OP_NOP;
    for (int i = 0; i < exit->used; i++) {
        Instr *copy = block_add(b);
        if (copy == NULL)
            return false;
        *copy = exit->instr[i];
    }
    b->exits = true;
    return true;
}

static bool extend_all(Compiler *c)
{
    for (Block *b = c->u->blocks; b; b = b->list)
        if (!extend(b))
            return false;
    return true;
}

bool cfg_normalize(Compiler *c)
{
    for (Block *b = c->u->blocks; b; b = b->list)
        if (!normalize(b))
            return false;
    return extend_all(c);
}

/* -- Reachability ----------------------------------------------------------------------------- */

/* Counts an edge to `b`; the first one schedules it. */
static void reach(Block *b, Block ***top)
{
    if (b->predecessors++ == 0)
        *(*top)++ = b;
}

/* Depth first from the entry along fall-through, jumps and handlers. */
static bool count_predecessors(Compiler *c, Block *entry)
{
    size_t n = 0;
    for (Block *b = c->u->blocks; b; b = b->list)
        n++;
    Block **stack = PyMem_Malloc(n * sizeof *stack), **top = stack;
    if (stack == NULL) {
        PyErr_NoMemory();
        return false;
    }
    reach(entry, &top);
    while (top > stack) {
        Block *b = *--top;
        if (b->next && !b->no_fallthrough)
            reach(b->next, &top);
        for (int i = 0; i < b->used; i++)
            if (has_target(b->instr[i].op))
                reach(b->instr[i].target, &top);
    }
    PyMem_Free(stack);
    return true;
}

static void drop_unreachable(Block *entry)
{
    for (Block *b = entry; b; b = b->next)
        if (b->predecessors == 0) {
            b->used = 0;
            b->no_fallthrough = false;
        }
}

/* -- Things that do nothing ------------------------------------------------------------------- */

/* A NOP is needed only where a tracer would miss a line without it. */
static bool nop_is_needed(Block *b, int i, int previous_line)
{
    int line = b->instr[i].pos.lineno;
    if (line < 0 || line == previous_line)
        return false;
    if (i + 1 < b->used) {
        if (b->instr[i + 1].pos.lineno < 0)
            b->instr[i + 1].pos = b->instr[i].pos;
        return b->instr[i + 1].pos.lineno != line;
    }
    Block *next = b->next;
    while (next && next->used == 0)
        next = next->next;
    return !next || next->instr[0].pos.lineno != line;
}

void cfg_remove_nops(Block *b)
{
    int previous_line = -1;
    int kept = 0;
    for (int i = 0; i < b->used; i++) {
        int line = b->instr[i].pos.lineno;
        if (b->instr[i].op == OP_NOP) {
            if (!nop_is_needed(b, i, previous_line))
                continue;
            b->instr[i].arg = 0;
        }
        b->instr[kept++] = b->instr[i];
        previous_line = line;
    }
    b->used = kept;
}

/* Unlinks them and corrects the jumps; the last block stays. */
static void remove_empty_blocks(Block *entry)
{
    for (Block *b = entry; b; b = b->next)
        while (b->next && b->next->used == 0 && b->next->next)
            b->next = b->next->next;
    for (Block *b = entry; b; b = b->next)
        for (int i = 0; i < b->used; i++)
            if (has_target(b->instr[i].op))
                skip_empty(&b->instr[i].target);
}

static void remove_jumps_to_next(Block *entry)
{
    bool changed = false;
    for (Block *b = entry; b; b = b->next) {
        Instr *last = block_last(b);
        if (last && (last->op == OP_JUMP || last->op == OP_JUMP_NO_INTERRUPT) &&
            last->target == b->next) {
            b->no_fallthrough = false;
            last->op = OP_NOP;
            changed = true;
        }
    }
    if (changed)
        remove_empty_blocks(entry);
}

bool cfg_optimize(Compiler *c, Block *entry, PyObject *consts)
{
    for (Block *b = entry; b; b = b->next) {
        if (!cfg_optimize_block(c, b, consts))
            return false;
        cfg_remove_nops(b);
    }
    if (!extend_all(c) || !count_predecessors(c, entry))
        return false;
    drop_unreachable(entry);
    for (Block *b = entry; b; b = b->next)
        cfg_remove_nops(b);
    remove_empty_blocks(entry);
    remove_jumps_to_next(entry);
    return true;
}

/* -- Constants -------------------------------------------------------------------------------- */

/* The first constant stays: it may be the docstring. */
void cfg_trim_consts(Block *entry, PyObject *consts)
{
    int highest = 0;
    for (Block *b = entry; b; b = b->next)
        for (int i = 0; i < b->used; i++) {
            int op = b->instr[i].op;
            if ((op == OP_LOAD_CONST || op == OP_KW_NAMES) && b->instr[i].arg > highest)
                highest = b->instr[i].arg;
        }
    if (highest + 1 < PyList_GET_SIZE(consts))
        PyList_SetSlice(consts, highest + 1, PyList_GET_SIZE(consts), NULL);
}

/* -- Exits without a line --------------------------------------------------------------------- */

/* A copy of `b` right behind it. */
static Block *copy_exit(Compiler *c, Block *b)
{
    Block *copy = cg_block(c);
    for (int i = 0; copy && i < b->used; i++) {
        Instr *instr = block_add(copy);
        if (instr == NULL)
            return NULL;
        *instr = b->instr[i];
    }
    if (copy) {
        copy->exits = true;
        copy->no_fallthrough = true;
        copy->predecessors = 1;
        copy->next = b->next;
        b->next = copy;
    }
    return copy;
}

bool cfg_duplicate_exits(Compiler *c, Block *entry)
{
    for (Block *b = c->u->blocks; b; b = b->list) {
        Instr *last = block_last(b);
        if (last == NULL || !is_jump(last->op) || !is_exit_without_line(last->target) ||
            last->target->predecessors <= 1)
            continue;
        Block *target = last->target, *copy = copy_exit(c, target);
        if (copy == NULL)
            return false;
        copy->instr[0].pos = last->pos;
        last->target = copy;
        target->predecessors--;
    }
    if (is_exit_without_line(entry) && entry->used)
        entry->instr[0].pos.lineno = c->u->firstlineno;
    /* The others are reached by falling through, from one place. */
    for (Block *b = entry; b; b = b->next)
        if (!b->no_fallthrough && b->next && b->used && b->next->used &&
            is_exit_without_line(b->next))
            b->next->instr[0].pos = block_last(b)->pos;
    return true;
}
