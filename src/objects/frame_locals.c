/* SPDX-License-Identifier: MIT
 *
 * The two copies of a function's variables: fast locals (slots of the frame) and the dict that
 * f_locals, locals() and tracers see. The dict is a snapshot: fast_to_locals refreshes it,
 * locals_to_fast writes it back, which only tracing does (and `import *` in old code).
 *
 * A slot that the table calls a cell holds one only after its MAKE_CELL ran; before that it is the
 * bare argument.
 */
#include "vm/vm_impl.h"
#include <frameobject.h>

enum { KIND_LOCAL = 0x20, KIND_CELL = 0x40, KIND_FREE = 0x80 };

static int slot_kind(PyCodeObject *code, int i)
{
    return (unsigned char)PyBytes_AS_STRING(code->co_localspluskinds)[i];
}

/* Did the prologue instruction `op oparg` already run? Prologues
   are straight lines before the first RESUME. */
static bool frame_prologue_ran(Frame *frame, int op, int oparg)
{
    _Py_CODEUNIT *start = FRAME_CODE_START(frame->f_code);
    int prefix = 0;
    for (_Py_CODEUNIT *at = start; at < frame->prev_instr; at++) {
        int now = op_deopt[_Py_OPCODE(*at)];
        prefix |= _Py_OPARG(*at);
        if (now == op && prefix == oparg) {
            return true;
        }
        prefix = now == OP_EXTENDED_ARG ? prefix << 8 : 0;
        at += op_caches[now];
    }
    return false;
}

/* Free variables of a frame that has not begun: put the
   closure's cells where COPY_FREE_VARS would. */
static void frame_copy_closure(Frame *frame)
{
    PyCodeObject *code = frame->f_code;
    PyObject *closure = frame->f_func->func_closure;
    if (closure == NULL || _Py_OPCODE(FRAME_CODE_START(code)[0]) != OP_COPY_FREE_VARS) {
        return;
    }
    int offset = code->co_nlocalsplus - code->co_nfreevars;
    for (int i = 0; i < code->co_nfreevars; i++) {
        frame->localsplus[offset + i] = Py_NewRef(PyTuple_GET_ITEM(closure, i));
    }
    frame->prev_instr = FRAME_CODE_START(code); /* COPY_FREE_VARS counts as done */
}

/* BORROWED MAYBE_NULL value of a slot. */
static PyObject *frame_slot_value(Frame *frame, int i, int kind)
{
    PyObject *value = frame->localsplus[i];
    if (frame->stacktop == 0 || value == NULL) {
        return NULL;
    }
    if (kind & KIND_FREE) {
        return PyCell_GET(value);
    }
    if ((kind & KIND_CELL) && PyCell_Check(value) && frame_prologue_ran(frame, OP_MAKE_CELL, i)) {
        return PyCell_GET(value);
    }
    return value;
}

static int locals_put(PyObject *locals, PyObject *name, PyObject *value)
{
    if (value != NULL) {
        return PyObject_SetItem(locals, name, value);
    }
    if (PyObject_DelItem(locals, name) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_KeyError)) {
            return -1;
        }
        PyErr_Clear();
    }
    return 0;
}

/* Names that are unbound by now leave the dict. */
int frame_fast_to_locals(Frame *frame)
{
    if (frame->f_locals == NULL && (frame->f_locals = PyDict_New()) == NULL) {
        return -1;
    }
    PyCodeObject *code = frame->f_code;
    if (frame_lasti(frame) < 0) {
        frame_copy_closure(frame);
    }
    for (int i = 0; i < code->co_nlocalsplus; i++) {
        int kind = slot_kind(code, i);
        if ((kind & KIND_FREE) && !(code->co_flags & CO_OPTIMIZED)) {
            continue; /* a class body's free variables are not its names */
        }
        PyObject *value = frame_slot_value(frame, i, kind);
        Py_XINCREF(value);
        int failed = locals_put(frame->f_locals, PyTuple_GET_ITEM(code->co_localsplusnames, i),
                                value);
        Py_XDECREF(value);
        if (failed) {
            return -1;
        }
    }
    return 0;
}

/* Writes `value` (NULL: unbinds) to slot i, through its cell if it has one. */
static void frame_slot_store(Frame *frame, int i, int kind, PyObject *value)
{
    PyObject **slot = &frame->localsplus[i];
    PyObject *cell = NULL;
    if (kind & KIND_FREE) {
        cell = *slot;
    }
    else if ((kind & KIND_CELL) && *slot != NULL && PyCell_Check(*slot)
             && frame_prologue_ran(frame, OP_MAKE_CELL, i)) {
        cell = *slot;
    }
    Py_XINCREF(value);
    if (cell != NULL) {
        PyObject *old = PyCell_GET(cell);
        PyCell_SET(cell, value);
        Py_XDECREF(old);
    }
    else {
        Py_XSETREF(*slot, value);
    }
}

/* `clear`: names that the dict lacks are unbound. Keeps an exception. */
void frame_locals_to_fast(Frame *frame, int clear)
{
    PyObject *locals = frame->f_locals;
    PyCodeObject *code = frame->f_code;
    if (locals == NULL) {
        return;
    }
    PyObject *type, *error, *tb;
    PyErr_Fetch(&type, &error, &tb);
    for (int i = 0; i < code->co_nlocalsplus; i++) {
        int kind = slot_kind(code, i);
        if ((kind & KIND_FREE) && !(code->co_flags & CO_OPTIMIZED)) {
            continue;
        }
        PyObject *value = PyObject_GetItem(locals, PyTuple_GET_ITEM(code->co_localsplusnames, i));
        if (value == NULL) {
            PyErr_Clear();
            if (!clear) {
                continue;
            }
        }
        frame_slot_store(frame, i, kind, value);
        Py_XDECREF(value);
    }
    PyErr_Restore(type, error, tb);
}

/* -- C API ------------------------------------------------------------------------------------- */

int PyFrame_FastToLocalsWithError(PyFrameObject *f)
{
    if (f == NULL) {
        PyErr_BadInternalCall();
        return -1;
    }
    int result = frame_fast_to_locals(f->f_frame);
    if (result == 0) {
        f->f_fast_as_locals = 1;
    }
    return result;
}

void PyFrame_FastToLocals(PyFrameObject *f)
{
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    if (PyFrame_FastToLocalsWithError(f) < 0) {
        PyErr_Clear();
    }
    PyErr_Restore(type, value, tb);
}

void PyFrame_LocalsToFast(PyFrameObject *f, int clear)
{
    if (f != NULL && f->f_fast_as_locals && f->f_frame->f_locals != NULL) {
        frame_locals_to_fast(f->f_frame, clear);
        f->f_fast_as_locals = 0;
    }
}
