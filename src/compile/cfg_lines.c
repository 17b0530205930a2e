/* SPDX-License-Identifier: MIT
 *
 * Gives instructions without a line the position of what runs before them, where that is one
 * place only; and a dump of the graph.
 */
#include "compile/compile_impl.h"

/* Inside a block, and on to blocks that only it leads to. */
static void propagate_in_block(Block *b)
{
    Pos pos = NO_POS;
    for (int i = 0; i < b->used; i++) {
        if (b->instr[i].pos.lineno < 0)
            b->instr[i].pos = pos;
        else
            pos = b->instr[i].pos;
    }
    if (!b->no_fallthrough && b->next && b->next->predecessors == 1 && b->next->used &&
        b->next->instr[0].pos.lineno < 0)
        b->next->instr[0].pos = pos;
    Instr *last = block_last(b);
    if (last && is_jump(last->op) && last->target->predecessors == 1 &&
        last->target->instr[0].pos.lineno < 0)
        last->target->instr[0].pos = pos;
}

/* A return without a line gets that of the code before it in the file's order. */
static void guarantee_exit_lines(Block *entry, int line)
{
    for (Block *b = entry; b; b = b->next) {
        Instr *last = block_last(b);
        if (last == NULL)
            continue;
        if (last->pos.lineno >= 0)
            line = last->pos.lineno;
        else if (last->op == OP_RETURN_VALUE)
            for (int i = 0; i < b->used; i++)
                b->instr[i].pos.lineno = line;
    }
}

void cfg_propagate_lines(Block *entry, int firstlineno)
{
    for (Block *b = entry; b; b = b->next)
        if (b->used)
            propagate_in_block(b);
    guarantee_exit_lines(entry, firstlineno);
}

/* -- Dump ------------------------------------------------------------------------------------- */

static const char *op_name(int op)
{
    static const char *const pseudo[] = {
        "SETUP_FINALLY", "SETUP_CLEANUP", "SETUP_WITH", "POP_BLOCK", "JUMP", "JUMP_NO_INTERRUPT",
        "POP_JUMP_IF_FALSE", "POP_JUMP_IF_TRUE", "POP_JUMP_IF_NONE", "POP_JUMP_IF_NOT_NONE",
    };
    return op >= 256 ? pseudo[op - 256] : op_table[op].name;
}

static int block_number(Block *entry, Block *b)
{
    int n = 0;
    while (entry && entry != b) {
        entry = entry->next;
        n++;
    }
    return n;
}

static void dump_instr(FILE *out, Block *entry, const Instr *i)
{
    if (i->pos.lineno >= 0)
        fprintf(out, "  %5d:%-4d ", i->pos.lineno, i->pos.col_offset);
    else
        fprintf(out, "      -     ");
    fprintf(out, "%-24s", op_name(i->op));
    if (has_target(i->op))
        fprintf(out, " block %d", block_number(entry, i->target));
    else if (i->op >= OP_HAVE_ARGUMENT && i->op < 256)
        fprintf(out, " %d", i->arg);
    if (i->handler)
        fprintf(out, "   (handler block %d)", block_number(entry, i->handler));
    fputc('\n', out);
}

void cfg_dump(FILE *out, Block *entry)
{
    for (Block *b = entry; b; b = b->next) {
        fprintf(out, "block %d%s%s, depth %d, %d predecessors\n", block_number(entry, b),
                b->exits ? " exit" : "", b->no_fallthrough ? "" : " falls through", b->depth,
                b->predecessors);
        for (int i = 0; i < b->used; i++)
            dump_instr(out, entry, &b->instr[i]);
    }
}
