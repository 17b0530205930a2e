/* SPDX-License-Identifier: MIT
 *
 * Specialisation of operators, comparisons, subscripts, unpacking and calls.
 *
 * Each choose_* looks at the operands that are there this time and bets that the next ones are of
 * the same types; the form checks them. 0: no form fits. Nothing here raises or runs code of the
 * program.
 */
#include "vm/caches.h"

/* Becomes `form`, or waits longer when it is 0. */
static void spec_end(_Py_CODEUNIT *instr, int form)
{
    if (form != 0) {
        spec_succeed(instr, form);
    }
    else {
        spec_fail(instr);
    }
}

/* -- Operators --------------------------------------------------------------------------------- */

static bool is_word_int(PyObject *v) { return PyLong_CheckExact(v) && Py_ABS(Py_SIZE(v)) <= 2; }
static bool is_number(PyObject *v)
{
    return PyFloat_CheckExact(v) || (PyLong_CheckExact(v) && Py_ABS(Py_SIZE(v)) <= 1);
}

static int choose_int(int oparg, bool words)
{
    switch (oparg) {
    case NB_ADD:
    case NB_INPLACE_ADD:
        return OP_BINARY_OP_ADD_INT;
    case NB_SUBTRACT:
    case NB_INPLACE_SUBTRACT:
        return OP_BINARY_OP_SUBTRACT_INT;
    case NB_MULTIPLY:
    case NB_INPLACE_MULTIPLY:
        return OP_BINARY_OP_MULTIPLY_INT;
    case NB_POWER:
    case NB_INPLACE_POWER:
    case NB_TRUE_DIVIDE:
    case NB_INPLACE_TRUE_DIVIDE:
    case NB_MATRIX_MULTIPLY:
    case NB_INPLACE_MATRIX_MULTIPLY:
        return 0;
    }
    return words ? OP_BINARY_OP_INT : 0;
}

/* both: two floats; else one of them is a small int. */
static int choose_float(int oparg, bool both)
{
    switch (oparg) {
    case NB_ADD:
    case NB_INPLACE_ADD:
        return both ? OP_BINARY_OP_ADD_FLOAT : OP_BINARY_OP_FLOAT;
    case NB_SUBTRACT:
    case NB_INPLACE_SUBTRACT:
        return both ? OP_BINARY_OP_SUBTRACT_FLOAT : OP_BINARY_OP_FLOAT;
    case NB_MULTIPLY:
    case NB_INPLACE_MULTIPLY:
        return both ? OP_BINARY_OP_MULTIPLY_FLOAT : OP_BINARY_OP_FLOAT;
    case NB_TRUE_DIVIDE:
    case NB_INPLACE_TRUE_DIVIDE:
        return OP_BINARY_OP_FLOAT;
    }
    return 0;
}

/* str + str; in place when the result replaces the left operand's local, or may do so in a
   namespace. */
static int choose_concat(PyObject *left, _Py_CODEUNIT next, PyObject **locals)
{
    switch (op_deopt[_Py_OPCODE(next)]) {
    case OP_STORE_FAST:
        return locals[_Py_OPARG(next)] == left ? OP_BINARY_OP_INPLACE_ADD_UNICODE
                                               : OP_BINARY_OP_ADD_UNICODE;
    case OP_STORE_NAME:
    case OP_STORE_GLOBAL:
        return OP_BINARY_OP_EXTEND_NAME;
    }
    return OP_BINARY_OP_ADD_UNICODE;
}

void spec_binary_op(PyObject *left, PyObject *right, _Py_CODEUNIT *instr, int oparg,
                    PyObject **locals)
{
    int form = 0;
    if (PyLong_CheckExact(left) && PyLong_CheckExact(right)) {
        form = choose_int(oparg, is_word_int(left) && is_word_int(right));
    }
    else if (PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right)) {
        form = oparg == NB_ADD || oparg == NB_INPLACE_ADD
                   ? choose_concat(left, instr[1 + CACHES_BINARY_OP], locals) : 0;
    }
    if (form == 0 && is_number(left) && is_number(right)
        && (PyFloat_CheckExact(left) || PyFloat_CheckExact(right) || oparg == NB_TRUE_DIVIDE
            || oparg == NB_INPLACE_TRUE_DIVIDE)) {
        form = choose_float(oparg, PyFloat_CheckExact(left) && PyFloat_CheckExact(right));
    }
    spec_end(instr, form);
}

void spec_compare_op(PyObject *left, PyObject *right, _Py_CODEUNIT *instr, int oparg)
{
    /* outcomes that make each comparison true, in the order of Py_LT ... Py_GE */
    static const uint8_t truths[] = {
        [Py_LT] = 1, [Py_LE] = 3, [Py_EQ] = 2, [Py_NE] = 13, [Py_GT] = 4, [Py_GE] = 6};
    int mask = truths[oparg], form = 0;
    bool jumps = true;
    switch (op_deopt[_Py_OPCODE(instr[1 + CACHES_COMPARE])]) {
    case OP_POP_JUMP_FORWARD_IF_TRUE:
        break;
    case OP_POP_JUMP_FORWARD_IF_FALSE:
        mask ^= 15;
        break;
    case OP_POP_JUMP_BACKWARD_IF_TRUE:
        mask |= COMPARE_JUMPS_BACK;
        break;
    case OP_POP_JUMP_BACKWARD_IF_FALSE:
        mask = (mask ^ 15) | COMPARE_JUMPS_BACK;
        break;
    default:
        jumps = false;
    }
    if (PyFloat_CheckExact(left) && PyFloat_CheckExact(right)) {
        form = jumps ? OP_COMPARE_OP_FLOAT_JUMP : OP_COMPARE_OP_FLOAT;
    }
    else if (PyLong_CheckExact(left) && PyLong_CheckExact(right)) {
        form = jumps ? OP_COMPARE_OP_INT_JUMP : OP_COMPARE_OP_INT;
    }
    else if (is_number(left) && is_number(right)) {
        form = jumps ? OP_COMPARE_OP_MIXED_JUMP : OP_COMPARE_OP_FLOAT;
    } else if (PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right)
               && (oparg == Py_EQ || oparg == Py_NE)) {
        form = jumps ? OP_COMPARE_OP_STR_JUMP : OP_COMPARE_OP_STR;
    }
    ((struct cache_compare *)(instr + 1))->mask = (uint16_t)mask;
    spec_end(instr, form);
}

/* -- Subscripts -------------------------------------------------------------------------------- */

static bool is_small_index(PyObject *key)
{
    return PyLong_CheckExact(key) && Py_ABS(Py_SIZE(key)) <= 1;
}

/* A function whose call needs no more than copying its arguments. */
static bool is_simple_function(PyFunctionObject *func)
{
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    return (code->co_flags & (CO_VARKEYWORDS | CO_VARARGS | CO_OPTIMIZED)) == CO_OPTIMIZED
           && code->co_kwonlyargcount == 0;
}

/* A class whose __getitem__ is a plain Python function. */
static int choose_getitem(PyObject *container, struct cache_subscr *cache)
{
    PyTypeObject *type = Py_TYPE(container);
    PyObject *getitem = _PyType_Lookup(type, ID(__getitem__));
    if (getitem == NULL || !PyFunction_Check(getitem)
        || !PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) || type->tp_version_tag == 0) {
        return 0;
    }
    PyFunctionObject *func = (PyFunctionObject *)getitem;
    if (!is_simple_function(func) || ((PyCodeObject *)func->func_code)->co_argcount != 2) {
        return 0;
    }
    uint32_t version = function_version(func);
    if (version == 0 || version > UINT16_MAX) {
        return 0;
    }
    cache_set_u32(cache->type_version, type->tp_version_tag);
    cache->func_version = (uint16_t)version;
    /* borrowed; the type's version guards it */
    ((PyHeapTypeObject *)type)->_spec_cache.getitem = getitem;
    return OP_BINARY_SUBSCR_GETITEM;
}

void spec_binary_subscr(PyObject *container, PyObject *key, _Py_CODEUNIT *instr)
{
    int form;
    if (PyList_CheckExact(container)) {
        form = is_small_index(key) ? OP_BINARY_SUBSCR_LIST_INT : 0;
    }
    else if (PyTuple_CheckExact(container)) {
        form = is_small_index(key) ? OP_BINARY_SUBSCR_TUPLE_INT : 0;
    }
    else if (PyDict_CheckExact(container)) {
        form = OP_BINARY_SUBSCR_DICT;
    }
    else if (PyUnicode_CheckExact(container)) {
        form = is_small_index(key) ? OP_BINARY_SUBSCR_STR_INT : 0;
    }
    else if (PyBytes_CheckExact(container) || PyByteArray_CheckExact(container)) {
        form = is_small_index(key) ? OP_BINARY_SUBSCR_BYTE : 0;
    }
    else {
        form = choose_getitem(container, (struct cache_subscr *)(instr + 1));
    }
    spec_end(instr, form);
}

void spec_store_subscr(PyObject *container, PyObject *key, _Py_CODEUNIT *instr)
{
    int form = 0;
    if (PyList_CheckExact(container)) {
        form = is_small_index(key) ? OP_STORE_SUBSCR_LIST_INT : 0;
    }
    else if (PyDict_CheckExact(container)) {
        form = OP_STORE_SUBSCR_DICT;
    }
    else if (PyByteArray_CheckExact(container)) {
        form = is_small_index(key) ? OP_STORE_SUBSCR_BYTE : 0;
    }
    spec_end(instr, form);
}

void spec_unpack_sequence(PyObject *seq, _Py_CODEUNIT *instr, int oparg)
{
    int form = 0;
    if (PyTuple_CheckExact(seq) && PyTuple_GET_SIZE(seq) == oparg) {
        form = oparg == 2 ? OP_UNPACK_SEQUENCE_TWO_TUPLE : OP_UNPACK_SEQUENCE_TUPLE;
    }
    else if (PyList_CheckExact(seq) && PyList_GET_SIZE(seq) == oparg) {
        form = OP_UNPACK_SEQUENCE_LIST;
    }
    spec_end(instr, form);
}

/* -- Calls ------------------------------------------------------------------------------------- */

/* By the calling convention of a built-in function. */
static int choose_cfunction(PyThreadState *tstate, PyObject *callable, int nargs, PyObject *kwnames)
{
    struct callable_cache *known = &tstate->interp->callable_cache;
    switch (PyCFunction_GET_FLAGS(callable) & CALL_CONVENTION) {
    case METH_O:
        return kwnames != NULL || nargs != 1 ? 0
               : callable == known->len ? OP_PRECALL_NO_KW_LEN : OP_PRECALL_NO_KW_BUILTIN_O;
    case METH_FASTCALL:
        return kwnames != NULL ? 0
               : nargs == 2 && callable == known->isinstance ? OP_PRECALL_NO_KW_ISINSTANCE
                                                             : OP_PRECALL_NO_KW_BUILTIN_FAST;
    case METH_FASTCALL | METH_KEYWORDS:
        return OP_PRECALL_BUILTIN_FAST_WITH_KEYWORDS;
    }
    return 0;
}

static int choose_method_descr(PyThreadState *tstate, PyMethodDescrObject *descr, int nargs,
                               PyObject *kwnames, int oparg, _Py_CODEUNIT *instr)
{
    int convention = descr->d_method->ml_flags & CALL_CONVENTION;
    if (kwnames != NULL && convention != (METH_FASTCALL | METH_KEYWORDS)) {
        return 0;
    }
    switch (convention) {
    case METH_NOARGS:
        return nargs == 1 ? OP_PRECALL_NO_KW_METHOD_DESCRIPTOR_NOARGS : 0;
    case METH_O: {
        _Py_CODEUNIT next = instr[1 + CACHES_PRECALL + 1 + CACHES_CALL];
        bool result_dropped = op_deopt[_Py_OPCODE(next)] == OP_POP_TOP;
        if ((PyObject *)descr == tstate->interp->callable_cache.list_append && oparg == 1
            && nargs == 2 && result_dropped) {
            return OP_PRECALL_NO_KW_LIST_APPEND;
        }
        return nargs == 2 ? OP_PRECALL_NO_KW_METHOD_DESCRIPTOR_O : 0;
    }
    case METH_FASTCALL:
        return OP_PRECALL_NO_KW_METHOD_DESCRIPTOR_FAST;
    case METH_FASTCALL | METH_KEYWORDS:
        return OP_PRECALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS;
    }
    return 0;
}

/* type(x), str(x), tuple(x), and classes with a vectorcall of their own. */
static int choose_class(PyTypeObject *type, int nargs, PyObject *kwnames, int oparg)
{
    if (!Py_IS_TYPE(type, &PyType_Type) || !PyType_HasFeature(type, Py_TPFLAGS_IMMUTABLETYPE)) {
        return 0;
    }
    if (nargs == 1 && oparg == 1 && kwnames == NULL) {
        if (type == &PyUnicode_Type) {
            return OP_PRECALL_NO_KW_STR_1;
        }
        if (type == &PyType_Type) {
            return OP_PRECALL_NO_KW_TYPE_1;
        }
        if (type == &PyTuple_Type) {
            return OP_PRECALL_NO_KW_TUPLE_1;
        }
    }
    return type->tp_vectorcall != NULL ? OP_PRECALL_BUILTIN_CLASS : 0;
}

void spec_precall(PyThreadState *tstate, PyObject *callable, _Py_CODEUNIT *instr, int nargs,
                  PyObject *kwnames, int oparg)
{
    int form = 0;
    if (PyFunction_Check(callable)) {
        form = OP_PRECALL_PYFUNC;
    }
    else if (Py_IS_TYPE(callable, &PyMethod_Type)) {
        form = OP_PRECALL_BOUND_METHOD;
    }
    else if (PyCFunction_CheckExact(callable)) {
        form = choose_cfunction(tstate, callable, nargs, kwnames);
    }
    else if (Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
        form = choose_method_descr(tstate, (PyMethodDescrObject *)callable, nargs, kwnames, oparg,
                                   instr);
    }
    else if (callable == (PyObject *)&PySuper_Type && oparg == 0 && nargs == 0) {
        form = spec_super(tstate, instr);
    }
    else if (PyType_Check(callable)) {
        form = choose_class((PyTypeObject *)callable, nargs, kwnames, oparg);
    }
    spec_end(instr, form);
}

void spec_call(PyThreadState *tstate, PyObject *callable, _Py_CODEUNIT *instr, int nargs,
               PyObject *kwnames)
{
    struct cache_call *cache = (struct cache_call *)(instr + 1);
    int form = 0;
    if (PyFunction_Check(callable) && kwnames == NULL
        && is_simple_function((PyFunctionObject *)callable)) {
        PyFunctionObject *func = (PyFunctionObject *)callable;
        int takes = ((PyCodeObject *)func->func_code)->co_argcount;
        Py_ssize_t ndefaults =
            func->func_defaults == NULL ? 0 : PyTuple_GET_SIZE(func->func_defaults);
        uint32_t version = function_version(func);
        if (version != 0 && ndefaults <= takes && nargs <= takes && nargs >= takes - ndefaults
            && takes <= UINT16_MAX) {
            cache_set_u32(cache->func_version, version);
            cache->min_args = (uint16_t)(takes - ndefaults);
            form = nargs == takes ? OP_CALL_PY_EXACT_ARGS : OP_CALL_PY_WITH_DEFAULTS;
        }
    }
    spec_end(instr, form);
}
