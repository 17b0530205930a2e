/* SPDX-License-Identifier: MIT
 *
 * Quickening: after a few runs or loop turns the code is rewritten once, in place. Instructions that have specialised
 * forms become adaptive, RESUME and JUMP_BACKWARD stop counting, frequent neighbours are joined. co_code shows the
 * original at any time, because every form knows its base (op_deopt) and caches are shown as zero.
 */
#include "vm/caches.h"

/* A joined pair replaces the first opcode; the second instruction stays in place for jumps to it. */
static int joined(int first, int second)
{
    switch (first) {
    case OP_LOAD_FAST:
        return second == OP_LOAD_FAST ? OP_LOAD_FAST__LOAD_FAST : second == OP_LOAD_CONST ? OP_LOAD_FAST__LOAD_CONST : 0;
    case OP_LOAD_CONST:
        return second == OP_LOAD_FAST ? OP_LOAD_CONST__LOAD_FAST : 0;
    case OP_STORE_FAST:
        return second == OP_LOAD_FAST ? OP_STORE_FAST__LOAD_FAST
               : second == OP_STORE_FAST ? OP_STORE_FAST__STORE_FAST : 0;
    }
    return 0;
}

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

void spec_quicken(PyCodeObject *code)
{
    _Py_CODEUNIT *instr = FRAME_CODE_START(code), *end = instr + Py_SIZE(code), *previous = NULL;
    int previous_op = -1;
    while (instr < end) {
        int op = op_deopt[_Py_OPCODE(*instr)], adaptive = op_adaptive[op];
        if (adaptive) {
            instr_set_op(instr, adaptive);
            instr[1] = COUNTER(0, BACKOFF_FIRST); /* specialises at its first run */
        }
        else {
            int pair = previous == NULL ? 0 : joined(previous_op, op);
            if (pair) {
                instr_set_op(previous, pair);
            }
            instr_set_op(instr, quick_form(op));
        }
        previous = instr;
        previous_op = op;
        instr += 1 + op_caches[op];
    }
}
