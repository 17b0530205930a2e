/* SPDX-License-Identifier: MIT
 *
 * Graph to code object: slots of cells, the prefix of a function, direction of jumps, offsets,
 * the three tables.
 *
 *      number_cells, insert_prefix, fix_cells     slots and the instructions that make cells
 *      cfg_optimize … cfg_label_handlers          the graph in its last form
 *      direct_jumps, resolve_jumps                offsets, until no instruction grows any more
 *      emit_code, emit_locations, emit_handlers   co_code, co_linetable, co_exceptiontable
 *      make_code                                  the object
 *
 * Slots: the code generator numbers locals, and apart from them cells and free variables. In the
 * frame they share one array, in which a cell that is also an argument takes the argument's
 * place.
 *
 *      code generator    a b c │ cells: b x │ free: y       number 0 1 2 │ 0 1 │ 2
 *      frame             a b c x y                          b: its argument's slot 1
 *
 * I1  A jump's size depends on its distance, which depends on sizes: resolve_jumps repeats until
 *     nothing grew. Sizes never shrink, so it ends.
 */
#include "compile/compile_impl.h"

/* State of one assembly; owns the objects. */
typedef struct {
    Compiler *c;
    Block *entry;             /* the oldest block */
    PyObject *consts;         /* list */
    int *slots;               /* number of a cell or free variable -> slot in the frame */
    int nlocals, ncells, nfrees, dropped; /* dropped: cells that share an argument's slot */
    PyObject *code, *linetable, *exceptiontable; /* bytes, longer than used until the end */
    Py_ssize_t lines_used, handlers_used; /* of the two tables */
    int line;                 /* of the last location entry */
} Assembler;

/* -- Cells ------------------------------------------------------------------------------------ */

/* First: slots as if no argument were dropped. */
static bool number_cells(Assembler *a)
{
    Unit *u = a->c->u;
    a->nlocals = (int)PyDict_GET_SIZE(u->varnames);
    a->ncells = (int)PyDict_GET_SIZE(u->cellvars);
    a->nfrees = (int)PyDict_GET_SIZE(u->freevars);
    int n = a->ncells + a->nfrees;
    a->slots = PyMem_Malloc((size_t)(n + 1) * sizeof(int));
    if (a->slots == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (int i = 0; i < n; i++)
        a->slots[i] = a->nlocals + i;
    Py_ssize_t at = 0;
    PyObject *name, *number;
    while (PyDict_Next(u->cellvars, &at, &name, &number)) {
        PyObject *local = PyDict_GetItemWithError(u->varnames, name);
        if (local)
            a->slots[PyLong_AsLong(number)] = (int)PyLong_AsLong(local);
        else if (PyErr_Occurred())
            return false;
    }
    return true;
}

/* Then: the final slots, written into the instructions. */
static void fix_cells(Assembler *a)
{
    for (int i = 0; i < a->ncells + a->nfrees; i++) {
        if (a->slots[i] == i + a->nlocals)
            a->slots[i] -= a->dropped;
        else
            a->dropped++;
    }
    for (Block *b = a->entry; b; b = b->next)
        for (int i = 0; i < b->used; i++) {
            int op = b->instr[i].op;
            if (op < 256 && op_table[op].operand == OPK_FREE)
                b->instr[i].arg = a->slots[b->instr[i].arg];
        }
}

/* -- The prefix ------------------------------------------------------------------------------- */

static bool insert_op(Assembler *a, int at, int op, int arg, Pos pos)
{
    Instr instr = {.op = op, .arg = arg, .pos = pos};
    return block_insert(a->entry, at, &instr);
}

/* MAKE_CELL for each cell, in the order of the slots. */
static bool insert_make_cells(Assembler *a)
{
    int n = a->ncells + a->nlocals, at = 0;
    int *cell_of_slot = PyMem_Calloc((size_t)n + 1, sizeof(int));
    if (cell_of_slot == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (int i = 0; i < a->ncells; i++)
        cell_of_slot[a->slots[i]] = i + 1;
    bool ok = true;
    for (int slot = 0; ok && slot < n; slot++)
        if (cell_of_slot[slot])
            ok = insert_op(a, at++, OP_MAKE_CELL, cell_of_slot[slot] - 1, NO_POS);
    PyMem_Free(cell_of_slot);
    return ok;
}

/* COPY_FREE_VARS; MAKE_CELL …; RETURN_GENERATOR; POP_TOP, as far as needed. */
static bool insert_prefix(Assembler *a)
{
    int line = a->c->u->firstlineno;
    if (unit_code_flags(a->c) & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) {
        if (!insert_op(a, 0, OP_RETURN_GENERATOR, 0, (Pos){line, -1, line, -1}) ||
            !insert_op(a, 1, OP_POP_TOP, 0, NO_POS))
            return false;
    }
    if (a->ncells && !insert_make_cells(a))
        return false;
    return !a->nfrees || insert_op(a, 0, OP_COPY_FREE_VARS, a->nfrees, NO_POS);
}

/* -- Jumps ------------------------------------------------------------------------------------ */

static int directed_jump(int op, bool forward)
{
    switch (op) {
    case OP_JUMP: return forward ? OP_JUMP_FORWARD : OP_JUMP_BACKWARD;
    case OP_JUMP_NO_INTERRUPT: return forward ? OP_JUMP_FORWARD : OP_JUMP_BACKWARD_NO_INTERRUPT;
    case OP_POP_JUMP_IF_FALSE:
        return forward ? OP_POP_JUMP_FORWARD_IF_FALSE : OP_POP_JUMP_BACKWARD_IF_FALSE;
    case OP_POP_JUMP_IF_TRUE:
        return forward ? OP_POP_JUMP_FORWARD_IF_TRUE : OP_POP_JUMP_BACKWARD_IF_TRUE;
    case OP_POP_JUMP_IF_NONE:
        return forward ? OP_POP_JUMP_FORWARD_IF_NONE : OP_POP_JUMP_BACKWARD_IF_NONE;
    case OP_POP_JUMP_IF_NOT_NONE:
        return forward ? OP_POP_JUMP_FORWARD_IF_NOT_NONE : OP_POP_JUMP_BACKWARD_IF_NOT_NONE;
    default: return op;
    }
}

/* Forward or backward, by the order of the code. */
static void direct_jumps(Block *entry)
{
    for (Block *b = entry; b; b = b->next)
        b->visited = false;
    for (Block *b = entry; b; b = b->next) {
        b->visited = true;
        Instr *last = block_last(b);
        if (last && is_jump(last->op))
            last->op = directed_jump(last->op, !last->target->visited);
    }
}

int instr_size(const Instr *i)
{
    unsigned arg = (unsigned)i->arg;
    return (arg > 0xff) + (arg > 0xffff) + (arg > 0xffffff) + 1 + op_caches[i->op];
}

/* Offsets of the blocks; the number of units. */
static int place_blocks(Block *entry)
{
    int offset = 0;
    for (Block *b = entry; b; b = b->next) {
        b->offset = offset;
        for (int i = 0; i < b->used; i++)
            offset += instr_size(&b->instr[i]);
    }
    return offset;
}

/* Distances of jumps; true when one of them changed an instruction's size. */
static bool measure_jumps(Block *entry)
{
    bool grown = false;
    for (Block *b = entry; b; b = b->next) {
        int offset = b->offset;
        for (int i = 0; i < b->used; i++) {
            Instr *instr = &b->instr[i];
            int size = instr_size(instr);
            offset += size;
            if (!is_jump(instr->op))
                continue;
            int target = instr->target->offset;
            instr->arg = target < offset ? offset - target : target - offset;
            grown |= instr_size(instr) != size;
        }
    }
    return grown;
}

static int resolve_jumps(Block *entry)
{
    int size;
    do
        size = place_blocks(entry);
    while (measure_jumps(entry));
    return size;
}

/* -- Instructions ----------------------------------------------------------------------------- */

/* EXTENDED_ARGs, the instruction, its caches. */
static _Py_CODEUNIT *emit_instr(_Py_CODEUNIT *at, const Instr *i)
{
    unsigned arg = (unsigned)i->arg;
    for (int shift = 24; shift > 0; shift -= 8)
        if (arg >> shift)
            *at++ = (_Py_CODEUNIT)_Py_MAKECODEUNIT(OP_EXTENDED_ARG, arg >> shift & 0xff);
    *at++ = (_Py_CODEUNIT)_Py_MAKECODEUNIT(i->op, arg & 0xff);
    for (int n = op_caches[i->op]; n > 0; n--)
        *at++ = OP_CACHE;
    return at;
}

static bool emit_code(Assembler *a, int units)
{
    a->code = PyBytes_FromStringAndSize(NULL, units * (Py_ssize_t)sizeof(_Py_CODEUNIT));
    if (a->code == NULL)
        return false;
    _Py_CODEUNIT *at = (_Py_CODEUNIT *)PyBytes_AS_STRING(a->code);
    for (Block *b = a->entry; b; b = b->next)
        for (int i = 0; i < b->used; i++)
            at = emit_instr(at, &b->instr[i]);
    return true;
}

/* -- Tables ----------------------------------------------------------------------------------- */

/* Room for `n` more bytes. */
static char *table_room(PyObject **bytes, Py_ssize_t used, Py_ssize_t n)
{
    Py_ssize_t size = PyBytes_GET_SIZE(*bytes);
    if (used + n > size && _PyBytes_Resize(bytes, 2 * size + n) < 0)
        return NULL;
    return PyBytes_AS_STRING(*bytes) + used;
}

/* Six bits a byte, the lowest first; bit 6: more follow. */
static char *put_varint(char *at, unsigned v)
{
    for (; v >= 64; v >>= 6)
        *at++ = (char)(64 | (v & 63));
    *at++ = (char)v;
    return at;
}

static char *put_signed_varint(char *at, int v)
{
    return put_varint(at, v < 0 ? (unsigned)-v << 1 | 1 : (unsigned)v << 1);
}

/* The head of a location entry. */
static char *put_entry(char *at, int kind, int units)
{
    *at++ = (char)(0x80 | kind << 3 | (units - 1));
    return at;
}

static char *put_long_location(char *at, int units, Pos p, int delta)
{
    at = put_entry(at, PY_CODE_LOCATION_INFO_LONG, units);
    at = put_signed_varint(at, delta);
    at = put_varint(at, (unsigned)(p.end_lineno - p.lineno));
    at = put_varint(at, (unsigned)(p.col_offset + 1));
    return put_varint(at, (unsigned)(p.end_col_offset + 1));
}

/* One entry for at most 8 units, in the shortest form. */
static char *put_location(Assembler *a, char *at, int units, Pos p)
{
    if (p.lineno < 0)
        return put_entry(at, PY_CODE_LOCATION_INFO_NONE, units);
    int delta = p.lineno - a->line, column = p.col_offset, end = p.end_col_offset;
    a->line = p.lineno;
    if (column < 0 || end < 0) {
        if (p.end_lineno == p.lineno || p.end_lineno == -1)
            return put_signed_varint(put_entry(at, PY_CODE_LOCATION_INFO_NO_COLUMNS, units), delta);
    }
    else if (p.end_lineno == p.lineno) {
        if (delta == 0 && column < 80 && end >= column && end - column < 16) {
            at = put_entry(at, column >> 3, units);
            *at++ = (char)((column & 7) << 4 | (end - column));
            return at;
        }
        if (delta >= 0 && delta < 3 && column < 128 && end < 128) {
            at = put_entry(at, PY_CODE_LOCATION_INFO_ONE_LINE0 + delta, units);
            *at++ = (char)column;
            *at++ = (char)end;
            return at;
        }
    }
    return put_long_location(at, units, p, delta);
}

enum { LOCATION_ROOM = 32 };

static bool emit_locations(Assembler *a)
{
    a->line = a->c->u->firstlineno;
    a->linetable = PyBytes_FromStringAndSize(NULL, 256);
    if (a->linetable == NULL)
        return false;
    for (Block *b = a->entry; b; b = b->next)
        for (int i = 0; i < b->used; i++)
            for (int units = instr_size(&b->instr[i]); units > 0; units -= 8) {
                char *at = table_room(&a->linetable, a->lines_used, LOCATION_ROOM);
                if (at == NULL)
                    return false;
                at = put_location(a, at, Py_MIN(units, 8), b->instr[i].pos);
                a->lines_used = at - PyBytes_AS_STRING(a->linetable);
            }
    return _PyBytes_Resize(&a->linetable, a->lines_used) == 0;
}

/* Six bits a byte, the highest first; `mark` goes into the first byte. */
static char *put_big_varint(char *at, unsigned v, int mark)
{
    int shift = 0;
    while (shift < 30 && v >> (shift + 6))
        shift += 6;
    for (; shift > 0; shift -= 6, mark = 0)
        *at++ = (char)((v >> shift & 63) | 64 | mark);
    *at++ = (char)((v & 63) | mark);
    return at;
}

/* An entry of the exception table: start, size, target, depth and lasti. */
static bool emit_handler(Assembler *a, int start, int end, Block *handler)
{
    char *at = table_room(&a->exceptiontable, a->handlers_used, LOCATION_ROOM);
    if (at == NULL)
        return false;
    int depth = handler->depth - 1 - handler->keeps_lasti;
    at = put_big_varint(at, (unsigned)start, 0x80);
    at = put_big_varint(at, (unsigned)(end - start), 0);
    at = put_big_varint(at, (unsigned)handler->offset, 0);
    at = put_big_varint(at, (unsigned)(depth << 1 | handler->keeps_lasti), 0);
    a->handlers_used = at - PyBytes_AS_STRING(a->exceptiontable);
    return true;
}

/* One entry for each run of instructions with the same handler. */
static bool emit_handlers(Assembler *a)
{
    Block *handler = NULL;
    int start = -1, offset = 0;
    a->exceptiontable = PyBytes_FromStringAndSize(NULL, 64);
    if (a->exceptiontable == NULL)
        return false;
    for (Block *b = a->entry; b; b = b->next)
        for (int i = 0; i < b->used; i++) {
            if (b->instr[i].handler != handler) {
                if (handler && !emit_handler(a, start, offset, handler))
                    return false;
                start = offset;
                handler = b->instr[i].handler;
            }
            offset += instr_size(&b->instr[i]);
        }
    if (handler && !emit_handler(a, start, offset, handler))
        return false;
    return _PyBytes_Resize(&a->exceptiontable, a->handlers_used) == 0;
}

/* -- The code object -------------------------------------------------------------------------- */

static PyObject *tuple_of_dict(PyObject *dict)
{
    PyObject *tuple = PyTuple_New(PyDict_GET_SIZE(dict)), *key, *index;
    Py_ssize_t at = 0;
    while (tuple && PyDict_Next(dict, &at, &key, &index))
        PyTuple_SET_ITEM(tuple, PyLong_AsSsize_t(index), Py_NewRef(key));
    return tuple;
}

static void set_slot(PyObject *names, char *kinds, Py_ssize_t slot, PyObject *name, int kind)
{
    PyTuple_SET_ITEM(names, slot, Py_NewRef(name));
    kinds[slot] = (char)kind;
}

/* Names and kinds of the frame's slots. */
static void fill_slots(Assembler *a, PyObject *names, char *kinds)
{
    Unit *u = a->c->u;
    PyObject *name, *number;
    Py_ssize_t at = 0;
    while (PyDict_Next(u->varnames, &at, &name, &number))
        set_slot(names, kinds, PyLong_AsSsize_t(number), name,
                 CO_FAST_LOCAL | (PyDict_Contains(u->cellvars, name) > 0 ? CO_FAST_CELL : 0));
    for (at = 0; PyDict_Next(u->cellvars, &at, &name, &number);)
        if (PyDict_Contains(u->varnames, name) <= 0)
            set_slot(names, kinds, a->slots[PyLong_AsSsize_t(number)], name, CO_FAST_CELL);
    for (at = 0; PyDict_Next(u->freevars, &at, &name, &number);)
        set_slot(names, kinds, a->slots[PyLong_AsSsize_t(number)], name, CO_FAST_FREE);
}

static PyCodeObject *make_code(Assembler *a, int depth)
{
    Unit *u = a->c->u;
    Py_ssize_t n = a->nlocals + a->ncells + a->nfrees - a->dropped;
    PyObject *names = tuple_of_dict(u->names), *consts = PyList_AsTuple(a->consts);
    PyObject *slot_names = PyTuple_New(n), *kinds = PyBytes_FromStringAndSize(NULL, n);
    PyCodeObject *co = NULL;
    if (!names || !consts || !slot_names || !kinds || !unit_merge_const(a->c, &names) ||
        !unit_merge_const(a->c, &consts))
        goto done;
    fill_slots(a, slot_names, PyBytes_AS_STRING(kinds));
    if (!unit_merge_const(a->c, &slot_names))
        goto done;
    struct _PyCodeConstructor con = {
        .filename = a->c->filename,
        .name = u->name,
        .qualname = u->qualname,
        .flags = unit_code_flags(a->c),
        .code = a->code,
        .firstlineno = u->firstlineno,
        .linetable = a->linetable,
        .consts = consts,
        .names = names,
        .localsplusnames = slot_names,
        .localspluskinds = kinds,
        .argcount = u->argcount + u->posonlyargcount,
        .posonlyargcount = u->posonlyargcount,
        .kwonlyargcount = u->kwonlyargcount,
        .stacksize = depth,
        .exceptiontable = a->exceptiontable,
    };
    co = _PyCode_New(&con);
done:
    Py_XDECREF(kinds);
    Py_XDECREF(slot_names);
    Py_XDECREF(consts);
    Py_XDECREF(names);
    return co;
}

static PyCodeObject *assemble(Assembler *a)
{
    Compiler *c = a->c;
    if (!number_cells(a) || !insert_prefix(a))
        return NULL;
    fix_cells(a);
    if ((a->consts = unit_const_list(c->u->consts)) == NULL ||
        !cfg_optimize(c, a->entry, a->consts) || !cfg_duplicate_exits(c, a->entry))
        return NULL;
    cfg_trim_consts(a->entry, a->consts);
    cfg_propagate_lines(a->entry, c->u->firstlineno);
    int depth = cfg_stack_depth(c, a->entry);
    if (depth < 0 || !cfg_label_handlers(a->entry))
        return NULL;
    for (Block *b = a->entry; b; b = b->next)
        cfg_remove_nops(b);
    if (c->dump)
        cfg_dump(c->dump, a->entry);
    direct_jumps(a->entry);
    int units = resolve_jumps(a->entry);
    if (!emit_code(a, units) || !emit_locations(a) || !emit_handlers(a) ||
        !unit_merge_const(c, &a->exceptiontable) || !unit_merge_const(c, &a->linetable) ||
        !unit_merge_const(c, &a->code))
        return NULL;
    return make_code(a, depth);
}

/* The unit is complete. add_none: what falls off the end returns None. */
PyCodeObject *asm_unit(Compiler *c, bool add_none)
{
    if (!c->u->current->returns) {
        NOWHERE(c);
        if ((add_none && !cg_const(c, Py_None)) || !cg_op(c, OP_RETURN_VALUE))
            return NULL;
    }
    if (!cfg_normalize(c))
        return NULL;
    Assembler a = {.c = c};
    for (Block *b = c->u->blocks; b; b = b->list)
        a.entry = b;
    PyCodeObject *co = assemble(&a);
    PyMem_Free(a.slots);
    Py_XDECREF(a.consts);
    Py_XDECREF(a.code);
    Py_XDECREF(a.linetable);
    Py_XDECREF(a.exceptiontable);
    return co;
}
