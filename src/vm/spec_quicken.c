/* SPDX-License-Identifier: MIT
 *
 * Quickening: after a few runs or loop turns the code is rewritten once, in place. Instructions
 * that have specialised forms become adaptive, RESUME and JUMP_BACKWARD stop counting, frequent
 * neighbours are joined. co_code shows the original at any time, because every form knows its base
 * (op_deopt) and caches are shown as zero.
 */
#include "vm/caches.h"

/* A joined pair replaces the first opcode; the second instruction stays in place for jumps to
   it. */
static int joined(int first, int second)
{
    switch (first) {
    case OP_LOAD_FAST:
        return second == OP_LOAD_FAST    ? OP_LOAD_FAST__LOAD_FAST
               : second == OP_LOAD_CONST ? OP_LOAD_FAST__LOAD_CONST
                                         : 0;
    case OP_LOAD_CONST:
        return second == OP_LOAD_FAST ? OP_LOAD_CONST__LOAD_FAST : 0;
    case OP_STORE_FAST:
        return second == OP_LOAD_FAST ? OP_STORE_FAST__LOAD_FAST
               : second == OP_STORE_FAST ? OP_STORE_FAST__STORE_FAST : 0;
    case OP_COPY:
        return second == OP_COPY ? OP_COPY__COPY : 0;
    case OP_SWAP:
        return second == OP_SWAP ? OP_SWAP__SWAP : 0;
    }
    return 0;
}

/* The first opcode of a group of first, second and `op`, or of second and `op` (ops_fused.h); 0:
   none. */
static int group_of_three(int first, int second, int op)
{
    if (first != OP_LOAD_FAST
        || (op != OP_BINARY_OP && op != OP_COMPARE_OP && op != OP_BINARY_SUBSCR)) {
        return 0;
    }
    return second == OP_LOAD_FAST ? OP_FAST_FAST : second == OP_LOAD_CONST ? OP_FAST_CONST : 0;
}

/* `operand` is that of the second instruction. */
static int group_of_two(int first, int second, int operand, int op)
{
    switch (op) {
    case OP_LOAD_ATTR:
        return second == OP_LOAD_FAST ? OP_LOAD_FAST__LOAD_ATTR : 0;
    case OP_STORE_ATTR:
        return second == OP_LOAD_FAST ? OP_LOAD_FAST__STORE_ATTR : 0;
    case OP_RETURN_VALUE:
        return second == OP_LOAD_FAST ? OP_LOAD_FAST__RETURN_VALUE
               : second == OP_LOAD_CONST ? OP_LOAD_CONST__RETURN_VALUE : 0;
    case OP_JUMP_BACKWARD:
        return second == OP_LIST_APPEND ? OP_LIST_APPEND__JUMP_BACKWARD
               : second == OP_POP_TOP && first != OP_RESUME ? OP_POP_TOP__JUMP_BACKWARD : 0;
    case OP_POP_TOP:
        return second == OP_RESUME && operand != 0 ? OP_RESUME__POP_TOP : 0;
    }
    return 0;
}

/* The form that counts and checks less, or op itself. */
static int quick_form(int op)
{
    switch (op) {
    case OP_JUMP_BACKWARD:
        return OP_JUMP_BACKWARD_QUICK;
    case OP_RESUME:
        return OP_RESUME_QUICK;
    case OP_EXTENDED_ARG:
        return OP_EXTENDED_ARG_QUICK;
    }
    return op;
}

/* The instructions before the current one, nearest first; NULL after one with caches. */
struct recent { _Py_CODEUNIT *at[3]; int op[3]; };
#define NOTHING_BEFORE (struct recent){{NULL}, {-1, -1, -1}}

/* Makes at[i] the start of a group. A pair that would jump over it is taken apart: groups save
   more. */
static void start_group(struct recent *r, int i, int form)
{
    instr_set_op(r->at[i], form);
    if (i + 1 < (int)COUNT_OF(r->at) && r->at[i + 1] != NULL) {
        instr_set_op(r->at[i + 1], quick_form(r->op[i + 1]));
    }
}

/* The best that `op` makes of the instructions before it: a group of three, of two, a pair. */
static void join(struct recent *r, int op)
{
    int form;
    if (r->at[1] != NULL && (form = group_of_three(r->op[1], r->op[0], op)) != 0) {
        start_group(r, 1, form);
    } else if (r->at[0] != NULL
               && (form = group_of_two(r->op[1], r->op[0], _Py_OPARG(*r->at[0]), op)) != 0) {
        start_group(r, 0, form);
    } else if (r->at[0] != NULL && (form = joined(r->op[0], op)) != 0) {
        instr_set_op(r->at[0], form);
    }
}

void spec_quicken(PyCodeObject *code)
{
    _Py_CODEUNIT *instr = FRAME_CODE_START(code), *end = instr + Py_SIZE(code);
    struct recent recent = NOTHING_BEFORE;
    while (instr < end) {
        int op = op_deopt[_Py_OPCODE(*instr)], adaptive = op_adaptive[op];
        join(&recent, op);
        instr_set_op(instr, adaptive ? adaptive : quick_form(op));
        if (adaptive) {
            instr[1] = COUNTER(0, BACKOFF_FIRST); /* specialises at its first run */
            recent = NOTHING_BEFORE;
        }
        else {
            recent = (struct recent){{instr, recent.at[0], recent.at[1]},
                                     {op, recent.op[0], recent.op[1]}};
        }
        instr += 1 + op_caches[op];
    }
}
