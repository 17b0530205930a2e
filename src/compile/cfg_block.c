/* SPDX-License-Identifier: MIT
 *
 * Optimisation inside one block, by looking at an instruction, the next one, and where a jump
 * lands.
 *
 *   LOAD_CONST c; POP_JUMP_IF_x          decided now
 *   LOAD_CONST None; IS_OP; POP_JUMP_…   POP_JUMP_IF_NONE
 *   LOAD_CONST …; BUILD_TUPLE n          one constant
 *   BUILD_TUPLE n; UNPACK_SEQUENCE n     SWAP, for n up to 3
 *   SWAP …; SWAP …                       fewer, or the stores change places
 *   jump to a jump                       goes to the end of the chain
 *   PUSH_NULL; LOAD_GLOBAL               one instruction
 *
 * Instructions that are not needed become NOPs; cfg.c takes them away.
 */
#include "compile/compile_impl.h"

/* -- Constants -------------------------------------------------------------------------------- */

/* LOAD_CONST; conditional jump. 0, or -1 with an exception set. */
static int fold_jump(Instr *load, Instr *jump, PyObject *consts)
{
    int truth = PyObject_IsTrue(PyList_GET_ITEM(consts, load->arg));
    if (truth < 0)
        return -1;
    bool pops = jump->op == OP_POP_JUMP_IF_FALSE || jump->op == OP_POP_JUMP_IF_TRUE;
    bool when = jump->op == OP_POP_JUMP_IF_TRUE || jump->op == OP_JUMP_IF_TRUE_OR_POP;
    bool jumps = truth == when;
    if (pops || !jumps)
        load->op = OP_NOP;
    jump->op = jumps ? OP_JUMP : OP_NOP;
    return 0;
}

/* LOAD_CONST None; IS_OP; conditional jump. */
static void fold_is_none(Instr *load, Instr *is, Instr *jump)
{
    bool jump_if_none = (is->arg == 1) == (jump->op == OP_POP_JUMP_IF_FALSE);
    load->op = is->op = OP_NOP;
    jump->op = jump_if_none ? OP_POP_JUMP_IF_NONE : OP_POP_JUMP_IF_NOT_NONE;
}

/* What the constant at i allows to decide. */
static bool optimize_load_const(Block *b, int i, PyObject *consts)
{
    Instr *load = &b->instr[i];
    if (i + 1 >= b->used)
        return true;
    switch (load[1].op) {
    case OP_POP_JUMP_IF_FALSE:
    case OP_POP_JUMP_IF_TRUE:
    case OP_JUMP_IF_FALSE_OR_POP:
    case OP_JUMP_IF_TRUE_OR_POP:
        if (fold_jump(load, load + 1, consts) < 0)
            return false;
        if (load[1].op == OP_JUMP)
            b->no_fallthrough = true;
        return true;
    case OP_IS_OP:
        if (i + 2 < b->used && PyList_GET_ITEM(consts, load->arg) == Py_None &&
            (load[2].op == OP_POP_JUMP_IF_FALSE || load[2].op == OP_POP_JUMP_IF_TRUE))
            fold_is_none(load, load + 1, load + 2);
        return true;
    default:
        return true;
    }
}

/* Appends when it is new. By identity: equal constants are one object already. */
static Py_ssize_t index_in_consts(PyObject *consts, PyObject *o)
{
    Py_ssize_t n = PyList_GET_SIZE(consts);
    for (Py_ssize_t i = 0; i < n; i++)
        if (PyList_GET_ITEM(consts, i) == o)
            return i;
    return PyList_Append(consts, o) < 0 ? -1 : n;
}

/* n LOAD_CONSTs from `first` on, then BUILD_TUPLE n. */
static bool fold_tuple(Compiler *c, Instr *first, int n, PyObject *consts)
{
    for (int i = 0; i < n; i++)
        if (first[i].op != OP_LOAD_CONST && first[i].op != OP_KW_NAMES)
            return true;
    PyObject *tuple = PyTuple_New(n);
    if (tuple == NULL)
        return false;
    for (int i = 0; i < n; i++)
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(PyList_GET_ITEM(consts, first[i].arg)));
    Py_ssize_t index = unit_merge_const(c, &tuple) ? index_in_consts(consts, tuple) : -1;
    Py_DECREF(tuple);
    if (index < 0)
        return false;
    for (int i = 0; i < n; i++)
        first[i].op = OP_NOP;
    first[n].op = OP_LOAD_CONST;
    first[n].arg = (int)index;
    return true;
}

/* Only a swap is left of `a, b = b, a`. */
static bool optimize_build_tuple(Compiler *c, Block *b, int i, PyObject *consts)
{
    Instr *build = &b->instr[i];
    int n = build->arg;
    if (i + 1 < b->used && build[1].op == OP_UNPACK_SEQUENCE && build[1].arg == n && n >= 1 &&
        n <= 3) {
        build->op = OP_NOP;
        build[1].op = n == 1 ? OP_NOP : OP_SWAP;
        return true;
    }
    return i < n || fold_tuple(c, build - n, n, consts);
}

/* -- Swaps ------------------------------------------------------------------------------------ */

/* Replaces a run of SWAPs, with NOPs between, by the fewest that have the same effect. SWAP n
   exchanges with the top, so each cycle of the permutation is walked through position 0. *at
   moves to the end of the run. */
static bool shorten_swaps(Block *b, int *at)
{
    Instr *run = &b->instr[*at];
    int depth = run[0].arg, n = 1;
    bool more = false;
    for (; n < b->used - *at && (run[n].op == OP_SWAP || run[n].op == OP_NOP); n++)
        if (run[n].op == OP_SWAP) {
            depth = Py_MAX(depth, run[n].arg);
            more = true;
        }
    if (!more)
        return true;
    int *stack = PyMem_Malloc((size_t)depth * sizeof *stack);
    if (stack == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (int i = 0; i < depth; i++)
        stack[i] = i;
    for (int i = 0; i < n; i++)
        if (run[i].op == OP_SWAP) {
            int top = stack[0];
            stack[0] = stack[run[i].arg - 1];
            stack[run[i].arg - 1] = top;
        }
    int last = n - 1; /* filled from the back */
    for (int i = 0; i < depth; i++) {
        if (stack[i] < 0 || stack[i] == i)
            continue;
        for (int j = i;;) {
            if (j) {
                run[last].op = OP_SWAP;
                run[last--].arg = j + 1;
            }
            if (stack[j] < 0)
                break;
            int next = stack[j];
            stack[j] = -1;
            j = next;
        }
    }
    while (last >= 0)
        run[last--].op = OP_NOP;
    PyMem_Free(stack);
    *at += n - 1;
    return true;
}

/* Instructions that only take the top away, without running code: they may change places. */
static bool is_swappable(int op)
{
    return op == OP_STORE_FAST || op == OP_POP_TOP;
}

/* The next such instruction, on `line` unless that is -1; -1: none. */
static int next_swappable(Block *b, int i, int line)
{
    while (++i < b->used) {
        if (line >= 0 && b->instr[i].pos.lineno != line)
            return -1;
        if (b->instr[i].op == OP_NOP)
            continue;
        return is_swappable(b->instr[i].op) ? i : -1;
    }
    return -1;
}

/* Swaps the instructions instead of the values they take: SWAP 2, STORE a, STORE b is STORE b,
   STORE a. */
static void apply_swaps(Block *b, int i)
{
    for (; i >= 0; i--) {
        Instr *swap = &b->instr[i];
        if (swap->op != OP_SWAP) {
            if (swap->op == OP_NOP || is_swappable(swap->op))
                continue;
            return;
        }
        int first = next_swappable(b, i, -1);
        if (first < 0)
            return;
        int other = first;
        for (int count = swap->arg - 1; count > 0; count--)
            if ((other = next_swappable(b, other, b->instr[first].pos.lineno)) < 0)
                return;
        swap->op = OP_NOP;
        Instr saved = b->instr[first];
        b->instr[first] = b->instr[other];
        b->instr[other] = saved;
    }
}

/* -- Jumps ------------------------------------------------------------------------------------ */

/* Makes a jump to a jump go straight to the end. False where that would lose a line
   or never end. */
static bool thread(Instr *jump, const Instr *landing, int op)
{
    if (jump->pos.lineno != landing->pos.lineno || jump->target == landing->target)
        return false;
    jump->target = landing->target;
    jump->op = op;
    return true;
}

/* The test at the landing is decided already: it does not jump. */
static bool step_over(Instr *jump, const Instr *landing, int op)
{
    if (jump->pos.lineno != landing->pos.lineno)
        return false;
    jump->op = op;
    jump->target = jump->target->next;
    return true;
}

/* True when the jump changed and should be looked at again. */
static bool optimize_jump(Instr *jump, const Instr *landing)
{
    switch (jump->op) {
    case OP_JUMP_IF_FALSE_OR_POP:
        switch (landing->op) {
        case OP_POP_JUMP_IF_FALSE: return thread(jump, landing, OP_POP_JUMP_IF_FALSE);
        case OP_JUMP:
        case OP_JUMP_IF_FALSE_OR_POP:
            return thread(jump, landing, OP_JUMP_IF_FALSE_OR_POP);
        case OP_JUMP_IF_TRUE_OR_POP:
        case OP_POP_JUMP_IF_TRUE:
            return step_over(jump, landing, OP_POP_JUMP_IF_FALSE);
        default: return false;
        }
    case OP_JUMP_IF_TRUE_OR_POP:
        switch (landing->op) {
        case OP_POP_JUMP_IF_TRUE: return thread(jump, landing, OP_POP_JUMP_IF_TRUE);
        case OP_JUMP:
        case OP_JUMP_IF_TRUE_OR_POP:
            return thread(jump, landing, OP_JUMP_IF_TRUE_OR_POP);
        case OP_JUMP_IF_FALSE_OR_POP:
        case OP_POP_JUMP_IF_FALSE:
            return step_over(jump, landing, OP_POP_JUMP_IF_TRUE);
        default: return false;
        }
    case OP_POP_JUMP_IF_FALSE:
    case OP_POP_JUMP_IF_TRUE:
    case OP_POP_JUMP_IF_NONE:
    case OP_POP_JUMP_IF_NOT_NONE:
    case OP_JUMP:
        return landing->op == OP_JUMP && thread(jump, landing, jump->op);
    default:
        return false;
    }
}

/* -- One block -------------------------------------------------------------------------------- */

bool cfg_optimize_block(Compiler *c, Block *b, PyObject *consts)
{
    for (int i = 0; i < b->used; i++) {
        Instr *instr = &b->instr[i];
        if (has_target(instr->op))
            while (instr->target->used == 0)
                instr->target = instr->target->next;
        switch (instr->op) {
        case OP_LOAD_CONST:
            if (!optimize_load_const(b, i, consts))
                return false;
            break;
        case OP_BUILD_TUPLE:
            if (!optimize_build_tuple(c, b, i, consts))
                return false;
            break;
        case OP_SWAP:
            if (instr->arg == 1) {
                instr->op = OP_NOP;
                break;
            }
            if (!shorten_swaps(b, &i))
                return false;
            apply_swaps(b, i);
            break;
        case OP_PUSH_NULL:
            if (i + 1 < b->used && instr[1].op == OP_LOAD_GLOBAL) {
                instr->op = OP_NOP;
                instr[1].arg |= 1;
            }
            break;
        default:
            if (is_jump(instr->op) && optimize_jump(instr, &instr->target->instr[0]))
                i--;
        }
    }
    return true;
}
