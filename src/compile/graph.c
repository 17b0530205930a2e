/* SPDX-License-Identifier: MIT
 *
 * Making blocks and instructions. Instructions go to c->u->current and get the position c->u->pos.
 *
 *      u->blocks ─list─> newest ... oldest           all that exist, in no order that matters
 *      oldest = entry ─next─> ... ─next─> current    the code so far
 *
 * A block exists from cg_block on and joins the code at cg_use; jumps may lead to it before.
 */
#include "compile/compile_impl.h"

/* -- Blocks ----------------------------------------------------------------------------------- */

Block *cg_block(Compiler *c)
{
    Block *b = PyMem_Calloc(1, sizeof *b);
    if (b == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    b->list = c->u->blocks;
    c->u->blocks = b;
    return b;
}

void cg_use(Compiler *c, Block *b)
{
    c->u->current->next = b;
    c->u->current = b;
}

Instr *block_add(Block *b)
{
    if (b->used == b->room) {
        int room = b->room ? 2 * b->room : 16;
        Instr *instr = PyMem_Realloc(b->instr, (size_t)room * sizeof *instr);
        if (instr == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        b->instr = instr;
        b->room = room;
    }
    Instr *i = &b->instr[b->used++];
    memset(i, 0, sizeof *i);
    return i;
}

bool block_insert(Block *b, int at, const Instr *instr)
{
    if (block_add(b) == NULL)
        return false;
    memmove(&b->instr[at + 1], &b->instr[at], (size_t)(b->used - 1 - at) * sizeof *instr);
    b->instr[at] = *instr;
    return true;
}

static bool ends_block(int op)
{
    return is_jump(op) || op == OP_RETURN_VALUE || op == OP_RAISE_VARARGS || op == OP_RERAISE;
}

/* -- Instructions ----------------------------------------------------------------------------- */

/* Adds an instruction. Behind one that ends a block a fresh block begins, which nothing jumps to:
   dead code, dropped by cfg.c. */
static bool emit(Compiler *c, int op, int arg, Block *target, Pos pos)
{
    Block *b = c->u->current;
    if (b->used && ends_block(block_last(b)->op)) { /* I2 */
        if ((b = cg_block(c)) == NULL)
            return false;
        cg_use(c, b);
    }
    Instr *i = block_add(b);
    if (i == NULL)
        return false;
    i->op = op;
    i->arg = arg;
    i->target = target;
    i->pos = pos;
    if (op == OP_RETURN_VALUE)
        b->returns = true;
    return true;
}

bool cg_op(Compiler *c, int op)
{
    return emit(c, op, 0, NULL, c->u->pos);
}

bool cg_op_arg(Compiler *c, int op, Py_ssize_t arg)
{
    return emit(c, op, (int)arg, NULL, c->u->pos);
}

bool cg_jump(Compiler *c, int op, Block *target)
{
    return emit(c, op, 0, target, c->u->pos);
}

bool cg_op_noline(Compiler *c, int op)
{
    return emit(c, op, 0, NULL, NO_POS);
}

bool cg_op_arg_noline(Compiler *c, int op, Py_ssize_t arg)
{
    return emit(c, op, (int)arg, NULL, NO_POS);
}

bool cg_jump_noline(Compiler *c, int op, Block *target)
{
    return emit(c, op, 0, target, NO_POS);
}

bool cg_const(Compiler *c, PyObject *o)
{
    Py_ssize_t index = unit_const(c, o);
    return index >= 0 && cg_op_arg(c, OP_LOAD_CONST, index);
}

bool cg_const_steal(Compiler *c, PyObject *o)
{
    if (o == NULL)
        return false;
    bool ok = cg_const(c, o);
    Py_DECREF(o);
    return ok;
}

bool cg_call(Compiler *c, Py_ssize_t nargs)
{
    return cg_op_arg(c, OP_PRECALL, nargs) && cg_op_arg(c, OP_CALL, nargs);
}

/* -- Names ------------------------------------------------------------------------------------ */

bool cg_op_plain_name(Compiler *c, int op, PyObject *name)
{
    Py_ssize_t index = unit_index(c->u->names, name);
    return index >= 0 && cg_op_arg(c, op, index);
}

bool cg_op_name(Compiler *c, int op, PyObject *name)
{
    PyObject *mangled = sym_mangle(c->u->private_name, name);
    bool ok = mangled && cg_op_plain_name(c, op, mangled);
    Py_XDECREF(mangled);
    return ok;
}

/* How a variable is reached. */
enum access { ACCESS_NAME, ACCESS_GLOBAL, ACCESS_FAST, ACCESS_DEREF };

static enum access access_of(Compiler *c, int scope)
{
    bool function = c->u->scope->type == FUNCTION_BLOCK;
    switch (scope) {
    case SCOPE_FREE: case SCOPE_CELL: return ACCESS_DEREF;
    case SCOPE_LOCAL: return function ? ACCESS_FAST : ACCESS_NAME;
    case SCOPE_GLOBAL_IMPLICIT: return function ? ACCESS_GLOBAL : ACCESS_NAME;
    case SCOPE_GLOBAL_EXPLICIT: return ACCESS_GLOBAL;
    default: return ACCESS_NAME;
    }
}

/* Load, store or delete. A class body looks into its own dict before the cell. */
static bool name_mangled(Compiler *c, PyObject *mangled, expr_context ctx)
{
    static const int ops[4][3] = {
        [ACCESS_NAME] = {OP_LOAD_NAME, OP_STORE_NAME, OP_DELETE_NAME},
        [ACCESS_GLOBAL] = {OP_LOAD_GLOBAL, OP_STORE_GLOBAL, OP_DELETE_GLOBAL},
        [ACCESS_FAST] = {OP_LOAD_FAST, OP_STORE_FAST, OP_DELETE_FAST},
        [ACCESS_DEREF] = {OP_LOAD_DEREF, OP_STORE_DEREF, OP_DELETE_DEREF},
    };
    int scope = sym_scope_of(c->u->scope, mangled);
    enum access access = access_of(c, scope);
    int op = ops[access][ctx - Load];
    if (op == OP_LOAD_DEREF && c->u->scope->type == CLASS_BLOCK)
        op = OP_LOAD_CLASSDEREF;
    PyObject *dict = access == ACCESS_FAST ? c->u->varnames
                     : access == ACCESS_DEREF
                         ? (scope == SCOPE_FREE ? c->u->freevars : c->u->cellvars)
                         : c->u->names;
    Py_ssize_t index = unit_index(dict, mangled);
    return index >= 0 && cg_op_arg(c, op, op == OP_LOAD_GLOBAL ? index << 1 : index);
}

bool cg_name(Compiler *c, PyObject *name, expr_context ctx)
{
    if (!cg_allowed_name(c, name, ctx))
        return false;
    PyObject *mangled = sym_mangle(c->u->private_name, name);
    bool ok = mangled && name_mangled(c, mangled, ctx);
    Py_XDECREF(mangled);
    return ok;
}

/* -- Awaiting --------------------------------------------------------------------------------- */

/* [receiver value] -> [result]:   send: SEND exit; YIELD_VALUE; RESUME; JUMP send;   exit: */
bool cg_yield_from(Compiler *c, bool await)
{
    Block *send = cg_block(c), *resume = cg_block(c), *exit = cg_block(c);
    if (!send || !resume || !exit)
        return false;
    cg_use(c, send);
    if (!cg_jump(c, OP_SEND, exit))
        return false;
    cg_use(c, resume);
    if (!cg_op(c, OP_YIELD_VALUE) || !cg_op_arg(c, OP_RESUME, await ? 3 : 2) ||
        !cg_jump(c, OP_JUMP_NO_INTERRUPT, send))
        return false;
    cg_use(c, exit);
    return true;
}

bool cg_await(Compiler *c, int where)
{
    return cg_op_arg(c, OP_GET_AWAITABLE, where) && cg_const(c, Py_None) && cg_yield_from(c, true);
}
