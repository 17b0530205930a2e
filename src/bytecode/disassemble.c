/* SPDX-License-Identifier: MIT
 *
 * -X dump=bytecode: a code object as text, one line an instruction; -X dump=ops: the quickened
 * form, caches too. Inner code objects follow the one that contains them.
 */
#include "bytecode/code.h"
#include "bytecode/opcodes.h"

/* BORROWED; NULL beyond the end: code may be made by hand. */
static PyObject *tuple_item(PyObject *tuple, int i)
{
    return i < PyTuple_GET_SIZE(tuple) ? PyTuple_GET_ITEM(tuple, i) : NULL;
}

/* An inner code object is named, not shown with its address: the same program gives the same
   dump. */
static void dump_object(FILE *out, PyObject *o, bool quoted)
{
    if (o && PyCode_Check(o)) {
        fprintf(out, " (code %s)", PyUnicode_AsUTF8(((PyCodeObject *)o)->co_qualname));
        return;
    }
    PyObject *text = o == NULL ? NULL : quoted ? PyObject_Repr(o) : PyObject_Str(o);
    const char *s = text ? PyUnicode_AsUTF8(text) : NULL;
    fprintf(out, " (%.100s)", s ? s : "?");
    PyErr_Clear();
    Py_XDECREF(text);
}

static void dump_operand(FILE *out, PyCodeObject *co, const struct op_info *info, int arg, int next)
{
    switch (info->operand) {
    case OPK_NONE: break;
    case OPK_CONST: dump_object(out, tuple_item(co->co_consts, arg), true); break;
    case OPK_NAME: dump_object(out, tuple_item(co->co_names, arg), false); break;
    case OPK_GLOBAL: dump_object(out, tuple_item(co->co_names, arg >> 1), false); break;
    case OPK_LOCAL:
    case OPK_FREE:
        dump_object(out, tuple_item(co->co_localsplusnames, arg), false);
        break;
    case OPK_JUMP_FORWARD: fprintf(out, " (to %d)", 2 * (next + arg)); break;
    case OPK_JUMP_BACKWARD: fprintf(out, " (to %d)", 2 * (next - arg)); break;
    default: break;
    }
}

static void dump_caches(FILE *out, const _Py_CODEUNIT *cache, int n)
{
    if (n)
        fprintf(out, "   [");
    for (int i = 0; i < n; i++)
        fprintf(out, "%s%04x", i ? " " : "", cache[i]);
    if (n)
        fprintf(out, "]");
}

static void dump_instructions(FILE *out, PyCodeObject *co, bool quickened)
{
    struct code_position_cursor where;
    code_positions_init(co, &where);
    int arg = 0, line = -1;
    for (int i = 0, n = (int)Py_SIZE(co); i < n;) {
        _Py_CODEUNIT unit = code_units(co)[i];
        const struct op_info *info =
            &op_table[quickened ? _Py_OPCODE(unit) : op_deopt[_Py_OPCODE(unit)]];
        int next = i + 1 + info->caches;
        while (where.now.end <= 2 * i && code_positions_next(&where))
            ;
        if (where.now.line != line && where.now.line >= 0)
            fprintf(out, "%5d ", line = where.now.line);
        else
            fprintf(out, "      ");
        arg = arg << 8 | _Py_OPARG(unit);
        fprintf(out, "%6d %-38s", 2 * i, info->name ? info->name : "?");
        if (info->operand != OPK_NONE)
            fprintf(out, " %4d", arg);
        dump_operand(out, co, info, arg, next);
        if (quickened)
            dump_caches(out, code_units(co) + i + 1, info->caches);
        fputc('\n', out);
        if (info->operand != OPK_EXTENDED)
            arg = 0;
        i = next;
    }
}

static void dump_handlers(FILE *out, PyCodeObject *co)
{
    const uint8_t *at = NULL;
    struct code_handler h;
    while (code_next_handler(co, &at, &h))
        fprintf(out, "  %d to %d -> %d, depth %d%s\n", 2 * h.start, 2 * (h.end - 1), 2 * h.target,
                h.depth, h.push_lasti ? ", lasti" : "");
}

void op_dump(FILE *out, PyCodeObject *co, bool quickened)
{
    fprintf(out, "code %s, line %d, stack %d, flags 0x%x\n", PyUnicode_AsUTF8(co->co_qualname),
            co->co_firstlineno, co->co_stacksize, co->co_flags);
    dump_instructions(out, co, quickened);
    dump_handlers(out, co);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(co->co_consts); i++)
        if (PyCode_Check(PyTuple_GET_ITEM(co->co_consts, i)))
            op_dump(out, (PyCodeObject *)PyTuple_GET_ITEM(co->co_consts, i), quickened);
}
