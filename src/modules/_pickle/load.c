/* SPDX-License-Identifier: MIT
 *
 * The unpickler's machine: reads opcodes and runs them until STOP.
 *
 * Each load() has its own stack in this frame, and its marks above those of an outer load() of the
 * same unpickler, which a hook may have called. The frequent opcodes are handled here, the others
 * in load_data.c and load_objects.c.
 */
#include "modules/_pickle/pickle_impl.h"

/* -- Memo opcodes ---------------------------------------------------------------------------- */

static inline int push_memo(Unpickler *u, Py_ssize_t id)
{
    PyObject *obj = id >= 0 && id < u->memo_size ? u->memo[id] : NULL;
    if (UNLIKELY(!obj)) {
        PyErr_Format(u->state->UnpicklingError, "Memo value not found at index %ld", (long)id);
        return -1;
    }
    return unpickle_push(u, Py_NewRef(obj));
}

/* The number in a line; -1 with an exception. Before it is read, `needed` objects must be on the
 * stack. */
static Py_ssize_t line_number(Unpickler *u, int needed)
{
    char *line;
    Py_ssize_t n = unpickle_in_line(u, &line), id;
    if (n < 0)
        return -1;
    if (n < 2)
        return unpickle_truncated(u);
    if (u->stack->length - u->stack->fence < needed)
        return unpickle_underflow(u);
    PyObject *number = PyLong_FromString(line, NULL, 10);
    if (!number)
        return -1;
    id = PyLong_AsSsize_t(number);
    Py_DECREF(number);
    return id;
}

static int load_get(Unpickler *u)
{
    Py_ssize_t id = line_number(u, 0);
    return id == -1 && PyErr_Occurred() ? -1 : push_memo(u, id);
}

static inline int load_binget(Unpickler *u, int bytes)
{
    const char *at;
    return unpickle_in(u, &at, bytes) < 0 ? -1 : push_memo(u, unpickle_le(at, bytes));
}

static inline int put(Unpickler *u, Py_ssize_t id)
{
    Stack *s = u->stack;
    if (s->length <= s->fence)
        return unpickle_underflow(u);
    return unpickle_memo_set(u, id, s->items[s->length - 1]);
}

static int load_put(Unpickler *u)
{
    Py_ssize_t id = line_number(u, 1);
    if (id >= 0)
        return put(u, id);
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "negative PUT argument");
    return -1;
}

static int load_binput(Unpickler *u, int bytes)
{
    const char *at;
    return unpickle_in(u, &at, bytes) < 0 ? -1 : put(u, unpickle_le(at, bytes));
}

/* -- Stack opcodes --------------------------------------------------------------------------- */

/* Drops the top object, or the mark that is there. */
static int load_pop(Unpickler *u)
{
    Stack *s = u->stack;
    if (u->mark_count > s->mark_base && u->marks[u->mark_count - 1] == s->length)
        return unpickle_unmark(u) < 0 ? -1 : 0;
    PyObject *obj = unpickle_pop(u);
    Py_XDECREF(obj);
    return obj ? 0 : -1;
}

static int load_pop_mark(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    if (mark < 0)
        return -1;
    unpickle_stack_cut(u->stack, mark);
    return 0;
}

static int load_dup(Unpickler *u)
{
    Stack *s = u->stack;
    if (s->length <= s->fence)
        return unpickle_underflow(u);
    return unpickle_push(u, Py_NewRef(s->items[s->length - 1]));
}

/* -- Small data ------------------------------------------------------------------------------ */

static inline int push_utf8(Unpickler *u, Py_ssize_t size)
{
    const char *at;
    if (size < 0) {
        PyErr_Format(PyExc_OverflowError, "BINUNICODE exceeds system's maximum size of %zd bytes",
                     PY_SSIZE_T_MAX);
        return -1;
    }
    if (unpickle_in(u, &at, size) < 0)
        return -1;
    return unpickle_push(u, PyUnicode_DecodeUTF8(at, size, "surrogatepass"));
}

static inline int load_binunicode(Unpickler *u, int bytes)
{
    const char *at;
    return unpickle_in(u, &at, bytes) < 0 ? -1 : push_utf8(u, unpickle_le(at, bytes));
}

static inline int load_binint(Unpickler *u, int bytes)
{
    const char *at;
    if (unpickle_in(u, &at, bytes) < 0)
        return -1;
    Py_ssize_t value = unpickle_le(at, bytes);
    return unpickle_push(u, PyLong_FromLong(bytes == 4 ? (long)(int32_t)value : (long)value));
}

/* -- Tuples and lists ------------------------------------------------------------------------ */

static inline int load_short_tuple(Unpickler *u, int n)
{
    Stack *s = u->stack;
    return s->length < n ? unpickle_underflow(u)
                         : unpickle_push(u, unpickle_pop_tuple(u, s->length - n));
}

static int load_tuple(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    return mark < 0 ? -1 : unpickle_push(u, unpickle_pop_tuple(u, mark));
}

static int load_list(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    return mark < 0 ? -1 : unpickle_push(u, unpickle_pop_list(u, mark));
}

static int load_append(Unpickler *u)
{
    Stack *s = u->stack;
    return s->length - 1 <= s->fence ? unpickle_underflow(u) : unpickle_append(u, s->length - 1);
}

static int load_appends(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    return mark < 0 ? -1 : unpickle_append(u, mark);
}

static int load_setitems(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    return mark < 0 ? -1 : unpickle_setitems(u, mark);
}

/* -- Stream ---------------------------------------------------------------------------------- */

static int load_proto(Unpickler *u)
{
    const char *at;
    if (unpickle_in(u, &at, 1) < 0)
        return -1;
    int protocol = (unsigned char)*at;
    if (protocol > PICKLE_HIGHEST) {
        PyErr_Format(PyExc_ValueError, "unsupported pickle protocol: %d", protocol);
        return -1;
    }
    u->protocol = (int8_t)protocol;
    return 0;
}

/* Brings the whole frame in; its opcodes then find their arguments in the buffer. */
static int load_frame(Unpickler *u)
{
    const char *at;
    if (unpickle_in(u, &at, 8) < 0)
        return -1;
    Py_ssize_t size = unpickle_le(at, 8);
    if (size < 0) {
        PyErr_Format(PyExc_OverflowError, "FRAME length exceeds system's maximum of %zd bytes",
                     PY_SSIZE_T_MAX);
        return -1;
    }
    if (unpickle_in(u, &at, size) < 0)
        return -1;
    u->next -= size;
    return 0;
}

static int unknown_opcode(Unpickler *u, unsigned char op)
{
    if (op >= ' ' && op <= '~' && op != '\'' && op != '\\')
        PyErr_Format(u->state->UnpicklingError, "invalid load key, '%c'.", op);
    else
        PyErr_Format(u->state->UnpicklingError, "invalid load key, '\\x%02x'.", op);
    return -1;
}

/* -- The loop -------------------------------------------------------------------------------- */

/* Data and containers without code of others: returns -1 also for opcodes that are none. */
static int load_more(Unpickler *u, unsigned char op)
{
    switch (op) {
    case OP_INT:
        return unpickle_text_int(u);
    case OP_LONG:
        return unpickle_text_long(u);
    case OP_LONG1:
        return unpickle_long(u, 1);
    case OP_LONG4:
        return unpickle_long(u, 4);
    case OP_FLOAT:
        return unpickle_text_float(u);
    case OP_STRING:
        return unpickle_text_string(u);
    case OP_UNICODE:
        return unpickle_text_unicode(u);
    case OP_SHORT_BINBYTES:
        return unpickle_binbytes(u, 1);
    case OP_BINBYTES:
        return unpickle_binbytes(u, 4);
    case OP_BINBYTES8:
        return unpickle_binbytes(u, 8);
    case OP_BYTEARRAY8:
        return unpickle_bytearray(u);
    case OP_NEXT_BUFFER:
        return unpickle_next_buffer(u);
    case OP_READONLY_BUFFER:
        return unpickle_readonly_buffer(u);
    case OP_SHORT_BINSTRING:
        return unpickle_binstring(u, 1);
    case OP_BINSTRING:
        return unpickle_binstring(u, 4);
    case OP_BINUNICODE8:
        return load_binunicode(u, 8);
    case OP_DICT:
        return unpickle_dict(u);
    case OP_EMPTY_SET:
        return unpickle_push(u, PySet_New(NULL));
    case OP_ADDITEMS:
        return unpickle_additems(u);
    case OP_FROZENSET:
        return unpickle_frozenset(u);
    case OP_LIST:
        return load_list(u);
    case OP_OBJ:
        return unpickle_obj(u);
    case OP_INST:
        return unpickle_inst(u);
    case OP_NEWOBJ:
        return unpickle_newobj(u, false);
    case OP_NEWOBJ_EX:
        return unpickle_newobj(u, true);
    case OP_REDUCE:
        return unpickle_reduce(u);
    case OP_BUILD:
        return unpickle_build(u);
    case OP_GLOBAL:
        return unpickle_global(u);
    case OP_STACK_GLOBAL:
        return unpickle_stack_global(u);
    case OP_EXT1:
        return unpickle_extension(u, 1);
    case OP_EXT2:
        return unpickle_extension(u, 2);
    case OP_EXT4:
        return unpickle_extension(u, 4);
    case OP_PERSID:
        return unpickle_persid(u);
    case OP_BINPERSID:
        return unpickle_binpersid(u);
    case OP_GET:
        return load_get(u);
    case OP_PUT:
        return load_put(u);
    case OP_POP:
        return load_pop(u);
    case OP_POP_MARK:
        return load_pop_mark(u);
    case OP_DUP:
        return load_dup(u);
    case OP_PROTO:
        return load_proto(u);
    case OP_FRAME:
        return load_frame(u);
    default:
        return unknown_opcode(u, op);
    }
}

/* Opcodes that make up most of a pickle; load_more has the rest. */
static int load_opcode(Unpickler *u, unsigned char op)
{
    switch (op) {
    case OP_MEMOIZE:
        return put(u, u->memo_count);
    case OP_BININT1:
        return load_binint(u, 1);
    case OP_SHORT_BINUNICODE:
        return load_binunicode(u, 1);
    case OP_BINGET:
        return load_binget(u, 1);
    case OP_LONG_BINGET:
        return load_binget(u, 4);
    case OP_BINPUT:
        return load_binput(u, 1);
    case OP_LONG_BINPUT:
        return load_binput(u, 4);
    case OP_NONE:
        return unpickle_push(u, Py_NewRef(Py_None));
    case OP_BININT:
        return load_binint(u, 4);
    case OP_BININT2:
        return load_binint(u, 2);
    case OP_BINFLOAT:
        return unpickle_binfloat(u);
    case OP_BINUNICODE:
        return load_binunicode(u, 4);
    case OP_MARK:
        return unpickle_mark(u);
    case OP_TUPLE:
        return load_tuple(u);
    case OP_EMPTY_TUPLE:
        return unpickle_push(u, PyTuple_New(0));
    case OP_TUPLE1:
        return load_short_tuple(u, 1);
    case OP_TUPLE2:
        return load_short_tuple(u, 2);
    case OP_TUPLE3:
        return load_short_tuple(u, 3);
    case OP_EMPTY_LIST:
        return unpickle_push(u, PyList_New(0));
    case OP_APPEND:
        return load_append(u);
    case OP_APPENDS:
        return load_appends(u);
    case OP_EMPTY_DICT:
        return unpickle_push(u, PyDict_New());
    case OP_SETITEM:
        return unpickle_setitems(u, u->stack->length - 2);
    case OP_SETITEMS:
        return load_setitems(u);
    case OP_NEWTRUE:
        return unpickle_push(u, Py_NewRef(Py_True));
    case OP_NEWFALSE:
        return unpickle_push(u, Py_NewRef(Py_False));
    default:
        return load_more(u, op);
    }
}

static PyObject *run(Unpickler *u)
{
    const char *at;
    for (;;) {
        if (unpickle_in(u, &at, 1) < 0) {
            /* Between two opcodes an end of data is an end of file. */
            if (PyErr_ExceptionMatches(u->state->UnpicklingError))
                PyErr_Format(PyExc_EOFError, "Ran out of input");
            return NULL;
        }
        unsigned char op = (unsigned char)*at;
        if (UNLIKELY(op == OP_STOP))
            break;
        if (UNLIKELY(load_opcode(u, op) < 0))
            return NULL;
    }
    if (unpickle_skip_consumed(u) < 0)
        return NULL;
    return unpickle_pop(u);
}

/* A hook may call load() again on the same machine, so stack and marks of the outer one are put
   back afterwards. */
PyObject *unpickle_load(Unpickler *u)
{
    Stack stack, *outer = u->stack;
    u->state = pickle_state();
    if (!u->state)
        return NULL;
    stack.items = stack.inside;
    stack.capacity = COUNT_OF(stack.inside);
    stack.length = stack.fence = 0;
    stack.mark_base = u->mark_count;
    u->stack = &stack;
    u->protocol = 0;
    PyObject *result = run(u);
    u->stack = outer;
    u->mark_count = (int32_t)stack.mark_base;
    unpickle_stack_cut(&stack, 0);
    if (stack.items != stack.inside)
        PyMem_Free(stack.items);
    return result;
}
