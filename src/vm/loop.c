/* SPDX-License-Identifier: MIT
 *
 * The machine: executes the instructions of a frame, and of the frames it enters from there,
 * without C recursion for Python-to-Python calls, generators in for loops, and await.
 *
 * Registers:  frame   the running Frame           sp    first free slot of its value stack
 *             ip      next instruction            oparg operand of the current one
 *             kwnames keyword names for the next CALL, borrowed from co_consts
 *             consts  the items of co_consts
 *
 * I1  frame->prev_instr is the current instruction whenever code outside the loop may run or an
 *     error is raised. Handlers marked LIGHT set it only on the paths that need it.
 * I2  frame->stacktop is -1 while the frame runs here; it is written when control leaves the frame.
 * I3  Whatever lies on the value stack is an owned reference or NULL, so `goto error` may leave
 *     operands there.
 * I4  cframe.use_tracing is 0 or 255 and is ORed into opcodes: 255 is DO_TRACING.
 *
 * Handlers come in four kinds:
 *   TARGET        ip is past the instruction, I1 holds
 *   TARGET_LIGHT  ip is past the instruction, prev_instr is stale
 *   SPECIAL       a specialised form: ip still at the instruction; MISS_IF falls back to the base
 *                 form
 *   ADAPTIVE      counts down, then lets spec_*.c rewrite the instruction
 *
 * The ways out of a handler:
 *   NEXT()              the next instruction (NEXT_AFTER: behind this one's caches)
 *   ENTER_FRAME(f)      start_frame: goes on in a frame that was pushed
 *   goto error          an exception is set: traceback entry, tracer, then unwind
 *   UNWIND_FROM(where)  the same without a traceback entry: re-raising
 *   goto miss           (SPECIAL) counts the miss, then the base form
 *   return              only from a frame with is_entry
 *
 * unwind looks into the exception table: a handler goes on here, none leaves the frame for its
 * caller (exit_unwind), which raises in turn, until a frame with is_entry returns NULL.
 *
 * With VITRO_SWITCH_LOOP the same text compiles to a plain switch instead of computed gotos. The
 * Makefile keeps gcse and crossjumping away from this file: both share code between handlers, and
 * every handler should end in an indirect jump of its own, which the branch predictor tells apart.
 */
#include "vm/caches.h"
#include "vm/construct.h"
#include "objects/box.h"
#include "objects/walk.h"
#include "objects/dict/dict.h"
#include "objects/str/str.h"
#include "objects/type/super.h"
#include "objects/type/type.h"

/* -- Small helpers, inlined into handlers ------------------------------------------------------ */

/* NB_POWER has two operands, pow() three. */
static PyObject *binary_power(PyObject *a, PyObject *b) { return PyNumber_Power(a, b, Py_None); }
static PyObject *binary_inplace_power(PyObject *a, PyObject *b)
{
    return PyNumber_InPlacePower(a, b, Py_None);
}

/* What BINARY_OP does with operands that no form knows. */
static const binaryfunc binary_ops[] = {
    [NB_ADD] = PyNumber_Add,
    [NB_AND] = PyNumber_And,
    [NB_FLOOR_DIVIDE] = PyNumber_FloorDivide,
    [NB_LSHIFT] = PyNumber_Lshift,
    [NB_MATRIX_MULTIPLY] = PyNumber_MatrixMultiply,
    [NB_MULTIPLY] = PyNumber_Multiply,
    [NB_REMAINDER] = PyNumber_Remainder,
    [NB_OR] = PyNumber_Or,
    [NB_POWER] = binary_power,
    [NB_RSHIFT] = PyNumber_Rshift,
    [NB_SUBTRACT] = PyNumber_Subtract,
    [NB_TRUE_DIVIDE] = PyNumber_TrueDivide,
    [NB_XOR] = PyNumber_Xor,
    [NB_INPLACE_ADD] = PyNumber_InPlaceAdd,
    [NB_INPLACE_AND] = PyNumber_InPlaceAnd,
    [NB_INPLACE_FLOOR_DIVIDE] = PyNumber_InPlaceFloorDivide,
    [NB_INPLACE_LSHIFT] = PyNumber_InPlaceLshift,
    [NB_INPLACE_MATRIX_MULTIPLY] = PyNumber_InPlaceMatrixMultiply,
    [NB_INPLACE_MULTIPLY] = PyNumber_InPlaceMultiply,
    [NB_INPLACE_REMAINDER] = PyNumber_InPlaceRemainder,
    [NB_INPLACE_OR] = PyNumber_InPlaceOr,
    [NB_INPLACE_POWER] = binary_inplace_power,
    [NB_INPLACE_RSHIFT] = PyNumber_InPlaceRshift,
    [NB_INPLACE_SUBTRACT] = PyNumber_InPlaceSubtract,
    [NB_INPLACE_TRUE_DIVIDE] = PyNumber_InPlaceTrueDivide,
    [NB_INPLACE_XOR] = PyNumber_InPlaceXor,
};

/* Ints by size: a digit holds 30 bits (Py_SIZE -1, 0 or 1), a word is two digits at most. The
   comparisons are single unsigned ones. */

static ALWAYS_INLINE bool int_is_digit(PyObject *v) { return (size_t)(Py_SIZE(v) + 1) <= 2; }
static ALWAYS_INLINE int64_t int_digit_value(PyObject *v)
{
    return Py_SIZE(v) * (int64_t)((PyLongObject *)v)->ob_digit[0];
}
/* May the dying box hold r? Not when r has a shared object of its own. */
static ALWAYS_INLINE bool int_fits_box(PyObject *box, int64_t r)
{
    return Py_SIZE(box) != 0 && !int_is_small(r) && r > -(int64_t)PyLong_BASE
           && r < (int64_t)PyLong_BASE;
}
/* Writes r over the box's value. */
static ALWAYS_INLINE void int_box_set(PyObject *box, int64_t r)
{
    Py_SET_SIZE(box, r < 0 ? -1 : 1);
    ((PyLongObject *)box)->ob_digit[0] = (digit)(r < 0 ? -r : r);
}
static ALWAYS_INLINE bool int_is_word(PyObject *v) { return (size_t)(Py_SIZE(v) + 2) <= 4; }
static ALWAYS_INLINE int64_t int_word_value(PyObject *v)
{
    Py_ssize_t size = Py_SIZE(v);
    const digit *d = ((PyLongObject *)v)->ob_digit;
    if (size == 2 || size == -2) {
        int64_t abs = (int64_t)d[1] << PyLong_SHIFT | d[0];
        return size < 0 ? -abs : abs;
    }
    return size * (int64_t)d[0];
}
/* Does the dying two-digit box fit r exactly? */
static inline bool int_fits_pair(PyObject *box, int64_t r)
{
    uint64_t abs = r < 0 ? 0 - (uint64_t)r : (uint64_t)r;
    return Py_ABS(Py_SIZE(box)) == 2 && abs >= PyLong_BASE
           && abs < (uint64_t)1 << (2 * PyLong_SHIFT);
}
static inline void int_pair_set(PyObject *box, int64_t r)
{
    uint64_t abs = r < 0 ? 0 - (uint64_t)r : (uint64_t)r;
    Py_SET_SIZE(box, r < 0 ? -2 : 2);
    ((PyLongObject *)box)->ob_digit[0] = (digit)(abs & PyLong_MASK);
    ((PyLongObject *)box)->ob_digit[1] = (digit)(abs >> PyLong_SHIFT);
}
/* Sign of a - b for any ints. */
static __attribute__((noinline)) int int_order(PyObject *a, PyObject *b)
{
    Py_ssize_t size = Py_SIZE(a);
    if (size != Py_SIZE(b)) {
        return size < Py_SIZE(b) ? -1 : 1;
    }
    const digit *x = ((PyLongObject *)a)->ob_digit, *y = ((PyLongObject *)b)->ob_digit;
    for (Py_ssize_t i = Py_ABS(size); i-- > 0;) {
        if (x[i] != y[i]) {
            return (x[i] < y[i]) == (size > 0) ? -1 : 1;
        }
    }
    return 0;
}

/* Outcome bits of a comparison: less 1, equal 2, greater 4, not ordered 8. */
static ALWAYS_INLINE int int_compare_bit(PyObject *a, PyObject *b)
{
    int64_t difference = LIKELY(int_is_digit(a) && int_is_digit(b))
                             ? int_digit_value(a) - int_digit_value(b)
                             : int_order(a, b);
    return difference < 0 ? 1 : difference == 0 ? 2 : 4;
}
static ALWAYS_INLINE int float_compare_bit(double a, double b)
{
    return a < b ? 1 : a == b ? 2 : a > b ? 4 : 8;
}

/* a OP b of BINARY_OP_INT in *r; false: not for machine words, or an error to raise. */
static ALWAYS_INLINE bool int_word_op(int op, int64_t a, int64_t b, int64_t *r)
{
    switch (op) {
    case NB_AND:
    case NB_INPLACE_AND:
        *r = a & b;
        return true;
    case NB_OR:
    case NB_INPLACE_OR:
        *r = a | b;
        return true;
    case NB_XOR:
    case NB_INPLACE_XOR:
        *r = a ^ b;
        return true;
    case NB_LSHIFT:
    case NB_INPLACE_LSHIFT:
        *r = (int64_t)((uint64_t)a << (b & 63));
        return (uint64_t)b < 62 && *r >> b == a;
    case NB_RSHIFT:
    case NB_INPLACE_RSHIFT:
        *r = a >> (b > 63 ? 63 : b & 63);
        return b >= 0;
    case NB_FLOOR_DIVIDE:
    case NB_INPLACE_FLOOR_DIVIDE:
        if (b == 0) {
            return false;
        }
        *r = a / b - (a % b != 0 && (a < 0) != (b < 0));
        return true;
    case NB_REMAINDER:
    case NB_INPLACE_REMAINDER:
        if (b == 0) {
            return false;
        }
        if (LIKELY((a | b) >> 31 == 0)) { /* the short division is the quicker one */
            *r = (uint32_t)a % (uint32_t)b;
            return true;
        }
        *r = a % b;
        *r += *r != 0 && (*r < 0) != (b < 0) ? b : 0;
        return true;
    }
    return false;
}

/* a OP b of BINARY_OP_FLOAT. */
static ALWAYS_INLINE bool float_op(int op, double a, double b, double *r)
{
    switch (op) {
    case NB_ADD:
    case NB_INPLACE_ADD:
        *r = a + b;
        return true;
    case NB_SUBTRACT:
    case NB_INPLACE_SUBTRACT:
        *r = a - b;
        return true;
    case NB_MULTIPLY:
    case NB_INPLACE_MULTIPLY:
        *r = a * b;
        return true;
    case NB_TRUE_DIVIDE:
    case NB_INPLACE_TRUE_DIVIDE:
        *r = a / b;
        return b != 0.0;
    }
    return false;
}

/* PyObject_IsTrue of what is no bool; the usual cases by what lies in the object. */
static __attribute__((noinline)) int truth_of_object(PyObject *v)
{
    PyTypeObject *type = Py_TYPE(v);
    return type == &PyUnicode_Type                         ? PyUnicode_GET_LENGTH(v) != 0
           : type == &PyList_Type || type == &PyTuple_Type ? Py_SIZE(v) != 0
           : type == &PyDict_Type                          ? PyDict_GET_SIZE(v) != 0
                                                           : PyObject_IsTrue(v);
}
static ALWAYS_INLINE int truth_of(PyObject *v)
{
    return v == Py_None ? 0 : PyLong_CheckExact(v) ? Py_SIZE(v) != 0 : truth_of_object(v);
}

/* Two exact strings; both are ready. */
static inline int str_equal(PyObject *a, PyObject *b)
{
    if (a == b) {
        return 1;
    }
    if (PyUnicode_GET_LENGTH(a) != PyUnicode_GET_LENGTH(b)
        || PyUnicode_KIND(a) != PyUnicode_KIND(b)) {
        return 0;
    }
    return memcmp(PyUnicode_DATA(a), PyUnicode_DATA(b),
                  (size_t)PyUnicode_GET_LENGTH(a) * PyUnicode_KIND(a))
           == 0;
}

/* STEALS item. */
static ALWAYS_INLINE int list_append_item(PyListObject *list, PyObject *item)
{
    Py_ssize_t n = PyList_GET_SIZE(list);
    if (LIKELY(n < list->allocated)) {
        list->ob_item[n] = item;
        Py_SET_SIZE(list, n + 1);
        return 0;
    }
    int failed = PyList_Append((PyObject *)list, item);
    Py_DECREF(item);
    return failed;
}

/* Where entry `hint` of a dict keeps its value, if that entry is called `name`. */
static inline PyObject **dict_place(PyDictObject *dict, Py_ssize_t hint, PyObject *name)
{
    PyDictKeysObject *keys = dict->ma_keys;
    if (hint >= keys->dk_nentries) {
        return NULL;
    }
    if (DK_IS_UNICODE(keys)) {
        DictUnicodeEntry *entry = &DK_UNICODE_ENTRIES(keys)[hint];
        return entry->me_key != name ? NULL
               : dict->ma_values != NULL ? &dict->ma_values->values[hint] : &entry->me_value;
    }
    DictEntry *entry = &DK_ENTRIES(keys)[hint];
    return entry->me_key != name ? NULL : &entry->me_value;
}

/* What FOR_ITER reads without a call: the layout of objects/range.c. */
struct range_iter { PyObject_HEAD long index, start, step, length; };

/* SEND while a trace function is set: StopIteration is shown to it. */
static PySendResult vm_send_traced(PyThreadState *tstate, Frame *frame, PyObject *receiver,
                                   PyObject *value, PyObject **result)
{
    if (value == Py_None && PyIter_Check(receiver)) {
        *result = Py_TYPE(receiver)->tp_iternext(receiver);
    }
    else {
        *result = PyObject_CallMethodOneArg(receiver, ID(send), value);
    }
    if (*result != NULL) {
        return PYGEN_NEXT;
    }
    if (tstate->c_tracefunc != NULL && tstate->curexc_type != NULL
        && _PyErr_ExceptionMatches(tstate, PyExc_StopIteration)) {
        trace_exception(tstate, frame);
    }
    return _PyGen_FetchStopIterationValue(result) == 0 ? PYGEN_RETURN : PYGEN_ERROR;
}

/* GET_ANEXT of anything but an async generator: the iterator that awaiting __anext__() gives. */
static PyObject *vm_anext_awaitable(PyThreadState *tstate, PyObject *ait)
{
    PyTypeObject *type = Py_TYPE(ait);
    unaryfunc getter = type->tp_as_async != NULL ? type->tp_as_async->am_anext : NULL;
    if (getter == NULL) {
        _PyErr_Format(tstate, PyExc_TypeError,
                      "'async for' requires an iterator with __anext__ method, got %.100s",
                      type->tp_name);
        return NULL;
    }
    PyObject *next = getter(ait);
    if (next == NULL) {
        return NULL;
    }
    PyObject *awaitable = coro_await_iter(next);
    if (awaitable == NULL) {
        _PyErr_FormatFromCause(PyExc_TypeError,
                               "'async for' received an invalid object from __anext__: %.100s",
                               Py_TYPE(next)->tp_name);
    }
    Py_DECREF(next);
    return awaitable;
}

/* CALL_FUNCTION_EX while somebody listens; args is a tuple, kwargs a dict or NULL. */
static PyObject *vm_call_ex_traced(PyThreadState *tstate, Frame *frame, PyObject *callable,
                                   PyObject *args, PyObject *kwargs)
{
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) == 0) {
        kwargs = NULL;
    }
    if (kwargs == NULL) {
        return vm_call_traced(tstate, frame, callable, ((PyTupleObject *)args)->ob_item,
                              (size_t)PyTuple_GET_SIZE(args), NULL);
    }
    Py_ssize_t n = PyTuple_GET_SIZE(args), nkw = PyDict_GET_SIZE(kwargs), i = 0;
    PyObject **flat = PyMem_New(PyObject *, n + nkw), *kwnames = PyTuple_New(nkw), *result = NULL;
    if (flat == NULL || kwnames == NULL) {
        PyErr_NoMemory();
    }
    else {
        PyObject *key, *value;
        memcpy(flat, ((PyTupleObject *)args)->ob_item, (size_t)n * sizeof(PyObject *));
        for (Py_ssize_t pos = 0; PyDict_Next(kwargs, &pos, &key, &value); i++) {
            PyTuple_SET_ITEM(kwnames, i, Py_NewRef(key));
            flat[n + i] = Py_NewRef(value);
        }
        result = vm_call_traced(tstate, frame, callable, flat, (size_t)n, kwnames);
    }
    while (i-- > 0) {
        Py_DECREF(flat[n + i]);
    }
    PyMem_Free(flat);
    Py_XDECREF(kwnames);
    return result;
}

/* vm_frame_drop and vm_recursion_leave for the usual frame, which nobody has looked at. */
static ALWAYS_INLINE void frame_leave(PyThreadState *tstate, Frame *frame)
{
    if (UNLIKELY(frame->frame_obj != NULL || frame->f_locals != NULL || frame->held
                 || (PyObject **)frame == &tstate->datastack_chunk->data[0])) {
        vm_recursion_leave(tstate);
        vm_frame_drop(tstate, frame);
        return;
    }
    for (PyObject **slot = frame->localsplus, **end = slot + frame->stacktop; slot < end; slot++) {
        Py_XDECREF(*slot);
    }
    Py_DECREF(frame->f_func);
    Py_DECREF(frame->f_code);
    vm_recursion_leave(tstate);
    tstate->datastack_top = (PyObject **)frame;
}

/* An inlined generator ended: leave its exception context, drop its frame. */
static void gen_frame_done(PyThreadState *tstate, Frame *frame)
{
    PyGenObject *gen = frame_generator(frame);
    tstate->exc_info = gen->gi_exc_state.previous_item;
    gen->gi_exc_state.previous_item = NULL;
    Py_CLEAR(gen->gi_exc_state.exc_value);
    gen->gi_frame_state = FRAME_CLEARED;
    frame->previous = NULL;
    frame_clear(frame);
}

/* Forms of a group for the specialised form of its third instruction (ops_fused.h). */
#define FUSED_FORMS(GROUP)                                      \
    [OP_BINARY_OP_ADD_INT] = OP_##GROUP##_ADD_INT,              \
    [OP_BINARY_OP_SUBTRACT_INT] = OP_##GROUP##_SUBTRACT_INT,    \
    [OP_BINARY_OP_MULTIPLY_INT] = OP_##GROUP##_MULTIPLY_INT,    \
    [OP_BINARY_OP_INT] = OP_##GROUP##_BINARY_INT,               \
    [OP_BINARY_OP_ADD_FLOAT] = OP_##GROUP##_ADD_FLOAT,          \
    [OP_BINARY_OP_SUBTRACT_FLOAT] = OP_##GROUP##_SUBTRACT_FLOAT, \
    [OP_BINARY_OP_MULTIPLY_FLOAT] = OP_##GROUP##_MULTIPLY_FLOAT, \
    [OP_COMPARE_OP_INT_JUMP] = OP_##GROUP##_COMPARE_INT_JUMP,   \
    [OP_COMPARE_OP_FLOAT_JUMP] = OP_##GROUP##_COMPARE_FLOAT_JUMP, \
    [OP_BINARY_SUBSCR_LIST_INT] = OP_##GROUP##_LIST_ITEM,       \
    [OP_BINARY_SUBSCR_TUPLE_INT] = OP_##GROUP##_TUPLE_ITEM,
static const uint8_t fused_with_fast[256] = {FUSED_FORMS(FAST_FAST)};
static const uint8_t fused_with_const[256] = {FUSED_FORMS(FAST_CONST)};

/* -- Words of the handlers --------------------------------------------------------------------- */

/* Operands: macros, since they work on the registers. */
#define PUSH(v) (*sp++ = (v))
#define POP() (*--sp)
#define TOP() (sp[-1])
#define PEEK(n) (sp[-(n)])
#define LOCAL(i) (frame->localsplus[i])
#define CONST(i) (consts[i])
#define NAME(i) (((PyTupleObject *)frame->f_code->co_names)->ob_item[i])
#define ERROR_IS_SET() (tstate->curexc_type != NULL)
#define KWNAMES_COUNT() (kwnames == NULL ? 0 : (int)PyTuple_GET_SIZE(kwnames))

/* Decref where prev_instr may be stale: it is brought up to date only if a destructor runs. */
#define DROP_WITH(value, where)                 \
    do {                                        \
        PyObject *dropped_ = (value);           \
        if (--dropped_->ob_refcnt == 0) {       \
            frame->prev_instr = (where);        \
            _Py_Dealloc(dropped_);              \
        }                                       \
    } while (0)
#define DROP(value) DROP_WITH(value, ip - 1)    /* in LIGHT handlers */
#define DROP_AT(value) DROP_WITH(value, ip)     /* in SPECIAL handlers */
#define XDROP(value)            \
    do {                        \
        if ((value) != NULL) {  \
            DROP(value);        \
        }                       \
    } while (0)
/* True, False, None never reach 0. */
#define Py_DECREF_IMMORTAL(value) ((void)((value)->ob_refcnt--))

#define DROP_ARGS(n)                            \
    for (int i_ = (n); i_ > 0; i_--) {          \
        PyObject *arg_ = PEEK(i_);              \
        Py_DECREF(arg_);                        \
    }

/* Signals, pending calls, a thread that wants the lock: looked at where loops turn and functions
   begin. */
#define BREAKER_SET() (__atomic_load_n(breaker, __ATOMIC_RELAXED) != 0)
#define CHECK_BREAKER()                 \
    do {                                \
        if (UNLIKELY(BREAKER_SET())) {  \
            goto handle_breaker;        \
        }                               \
    } while (0)

#ifdef VITRO_SWITCH_LOOP
#define LABEL(name) case OP_##name: L_##name: UNUSED;
#define DISPATCH_OPCODE() goto dispatch
#else
#define LABEL(name) L_##name: UNUSED;
#define DISPATCH_OPCODE() goto *labels[opcode]
#endif

/* cframe.use_tracing with the bytes behind it, which are 0: ORed as a word it needs no widening. */
#define TRACING_WORD() (*(uint32_t *)(void *)&cframe)

#ifdef VITRO_SWITCH_LOOP
#define NEXT()                                              \
    do {                                                    \
        opcode = _Py_OPCODE(*ip) | cframe.use_tracing;      \
        oparg = _Py_OPARG(*ip);                             \
        DISPATCH_OPCODE();                                  \
    } while (0)
#else
#define NEXT()                                                          \
    do {                                                                \
        const uint8_t *unit_ = (const uint8_t *)ip; /* op, operand */   \
        oparg = unit_[1];                                               \
        goto *labels[unit_[0] | TRACING_WORD()];                        \
    } while (0)
#endif
#define NEXT_AFTER(caches) do { ip += 1 + (caches); NEXT(); } while (0)

/* The four kinds of handlers. TARGET_ALSO_LIGHT enters a LIGHT handler from the one above it. */
#define TARGET(name) LABEL(name) frame->prev_instr = ip++;
#define TARGET_LIGHT(name) LABEL(name) ip++;
#define TARGET_ALSO_LIGHT(name) goto also_##name; LABEL(name) ip++; also_##name:
#define SPECIAL(name) LABEL(name)
#define ADAPTIVE(name, specialise)              \
    LABEL(name##_ADAPTIVE) {                    \
        if (counter_done(ip[1])) {              \
            specialise                          \
            opcode = _Py_OPCODE(*ip);           \
            DISPATCH_OPCODE();                  \
        }                                       \
        ip[1] -= COUNTER_ONE;                   \
        goto L_##name;                          \
    }
#define MISS_IF(condition, base) if (UNLIKELY(condition)) goto miss

/* Restores the registers from a frame that is (again) on top. */
#define LOAD_FRAME()                                                        \
    do {                                                                    \
        ip = frame->prev_instr + 1;                                         \
        consts = ((PyTupleObject *)frame->f_code->co_consts)->ob_item;      \
        sp = frame->localsplus + frame->stacktop;                           \
        frame->stacktop = -1;                                               \
    } while (0)

/* A call of it may go on in this loop. */
#define CAN_PUSH_FRAME(callable)                                                        \
    (Py_IS_TYPE(callable, &PyFunction_Type) && tstate->interp->eval_frame == NULL       \
     && PyFunction_vectorcall_is(callable))

/* Goes on in a pushed frame; prev_instr of this one is where it goes on after the call. */
#define ENTER_FRAME(callee)                                     \
    do {                                                        \
        frame->stacktop = (int)(sp - frame->localsplus);        \
        (callee)->previous = frame;                             \
        cframe.current_frame = frame = (callee);                \
        goto start_frame;                                       \
    } while (0)

/* The same for a frame of `code` that frame_init made: what LOAD_FRAME would read back is known.
   Its RESUME runs here. */
#define ENTER_FRESH(callee, code)                                                   \
    do {                                                                            \
        frame->stacktop = (int)(sp - frame->localsplus);                            \
        (callee)->previous = frame;                                                 \
        cframe.current_frame = frame = (callee);                                    \
        if (UNLIKELY(vm_recursion_enter(tstate, ""))) {                             \
            goto exit_unwind_uncounted;                                             \
        }                                                                           \
        ip = FRAME_CODE_START(code);                                                \
        consts = ((PyTupleObject *)(code)->co_consts)->ob_item;                     \
        sp = frame->localsplus + (code)->co_nlocalsplus;                            \
        frame->stacktop = -1;                                                       \
        if (LIKELY(_Py_OPCODE(*ip) == OP_RESUME_QUICK && !cframe.use_tracing)) {    \
            frame->prev_instr = ip++;                                               \
            CHECK_BREAKER();                                                        \
        }                                                                           \
        NEXT();                                                                     \
    } while (0)

/* Generators whose instruction has no prefix (LEAVE reads the distance from it), unseen by tracers
   and PEP 523. */
#define CAN_RESUME_INLINE(gen)                                                                     \
    ((gen)->gi_frame_state < FRAME_EXECUTING && oparg < 256 && cframe.use_tracing == 0             \
     && tstate->interp->eval_frame == NULL)
#define RESUME_GENERATOR(gen, sent)                                 \
    do {                                                            \
        PyGenObject *gen_ = (gen);                                  \
        Frame *resumed_ = gen_frame(gen_);                          \
        frame_push_value(resumed_, (sent));                         \
        gen_->gi_frame_state = FRAME_EXECUTING;                     \
        gen_->gi_exc_state.previous_item = tstate->exc_info;        \
        tstate->exc_info = &gen_->gi_exc_state;                     \
        resumed_->is_entry = false;                                 \
        ENTER_FRAME(resumed_);                                      \
    } while (0)

#define UNWIND_FROM(where)                                                      \
    do {                                                                        \
        error_at = (int)((where) - FRAME_CODE_START(frame->f_code));            \
        goto unwind;                                                            \
    } while (0)

/* -- The loop ---------------------------------------------------------------------------------- */

/* Runs `frame` (already pushed) until it returns, yields or raises. The name is an interface: numpy
 * looks for it in the C stack before it writes into a temporary; debuggers and profilers know
 * frames of Python code by it. */
PyObject *_PyEval_EvalFrameDefault(PyThreadState *tstate, Frame *frame, int throwflag)
{
#ifndef VITRO_SWITCH_LOOP
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
    static const void *const labels[256] = {
        [0 ... 255] = &&L_unknown,
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence) \
        [number] = &&L_##name,
#define SPEC(number, name, base, sentence) [number] = &&L_##name,
#include "bytecode/opcodes.def"
        [OP_INIT_RETURN] = &&L_INIT_RETURN,
    };
#pragma GCC diagnostic pop
#endif
    _PyCFrame cframe, *outer = tstate->cframe;
    _Py_CODEUNIT *ip;
    PyObject **sp, **consts, *kwnames = NULL;
    int opcode, error_at;
    Py_ssize_t oparg; /* as wide as an index, so that no use extends it */
    const int *breaker = &tstate->interp->eval_breaker;

    TRACING_WORD() = outer->use_tracing; /* as a word, since a word is read next */
    cframe.previous = outer;
    tstate->cframe = &cframe;
    frame->is_entry = true;
    frame->previous = outer->current_frame;
    cframe.current_frame = frame;

    if (cstack_low() && cstack_refuse("") < 0) {
        goto exit_unwind_uncounted;
    }
    if (UNLIKELY(throwflag)) {
        if (vm_recursion_enter(tstate, "")) {
            goto exit_unwind_uncounted;
        }
        if (cframe.use_tracing && trace_enter_throw(tstate, frame)) {
            goto exit_unwind;
        }
        goto resume_with_error;
    }

start_frame:
    if (UNLIKELY(vm_recursion_enter(tstate, ""))) {
        goto exit_unwind_uncounted;
    }
    LOAD_FRAME();
    NEXT();

handle_breaker:
    if (rt_handle_eval_breaker(tstate) != 0) {
        goto error;
    }
    NEXT();

#ifdef VITRO_SWITCH_LOOP
dispatch:
    switch (opcode) {
#endif

#include "vm/ops_load.h"
#include "vm/ops_attr.h"
#include "vm/ops_arith.h"
#include "vm/ops_build.h"
#include "vm/ops_control.h"
#include "vm/ops_call.h"
#include "vm/ops_except.h"
#include "vm/ops_async.h"
#include "vm/ops_fused.h"

LABEL(CACHE)
#ifdef VITRO_SWITCH_LOOP
    default:
#endif
L_unknown: UNUSED;
    frame->prev_instr = ip;
    _PyErr_Format(tstate, PyExc_SystemError, "%U:%d: unknown opcode %d", frame->f_code->co_filename,
                  frame_line(frame), _Py_OPCODE(*ip));
    goto error;

#ifdef VITRO_SWITCH_LOOP
    }
    Py_UNREACHABLE();
#endif

miss:
    spec_miss(ip);
    opcode = op_deopt[_Py_OPCODE(*ip)];
    DISPATCH_OPCODE();

unbound_local:
    frame->prev_instr = ip - 1;
    vm_error_unbound_local(tstate, frame->f_code, oparg);
    goto error;

spec_error:
    frame->prev_instr = ip;

error:
    kwnames = NULL;
    if (UNLIKELY(tstate->curexc_type == NULL)) {
        PyErr_SetString(PyExc_SystemError, "error return without exception set");
    }
    if (!frame_is_incomplete(frame)) {
        PyFrameObject *f = frame_object_ensure(frame);
        if (f != NULL) {
            PyTraceBack_Here(f);
        }
        if (tstate->c_tracefunc != NULL) {
            trace_exception(tstate, frame);
        }
    }
    error_at = frame_lasti(frame);

unwind: {
    int handler, depth, push_lasti;
    if (!unwind_find(frame->f_code, error_at, &handler, &depth, &push_lasti)) {
        PyObject **base = frame_stack_base(frame);
        while (sp > base) {
            PyObject *value = POP();
            Py_XDECREF(value);
        }
        frame->stacktop = (int)(sp - frame->localsplus);
        if (cframe.use_tracing && !frame_is_incomplete(frame)) {
            trace_leave_function(tstate, frame, NULL);
        }
        goto exit_unwind;
    }
    PyObject **level = frame_stack_base(frame) + depth;
    while (sp > level) {
        PyObject *value = POP();
        Py_XDECREF(value);
    }
    if (push_lasti) {
        PyObject *lasti = PyLong_FromLong(frame_lasti(frame));
        if (lasti == NULL) {
            UNWIND_FROM(FRAME_CODE_START(frame->f_code) + error_at);
        }
        PUSH(lasti);
    }
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    PyException_SetTraceback(value, tb != NULL ? tb : Py_None);
    Py_XDECREF(tb);
    Py_XDECREF(type);
    PUSH(value);
    ip = FRAME_CODE_START(frame->f_code) + handler;
    NEXT();
}

exit_unwind_uncounted:
    tstate->recursion_remaining--; /* the refused entry counted itself out again */
exit_unwind:
    vm_recursion_leave(tstate);
    if (frame->is_entry) {
        tstate->cframe = cframe.previous;
        tstate->cframe->use_tracing = cframe.use_tracing;
        return NULL;
    }
    {
        Frame *dead = frame;
        frame = cframe.current_frame = dead->previous;
        if (dead->owner == FRAME_OWNED_BY_GENERATOR) {
            gen_error_leave(tstate, frame_generator(dead));
            dead->previous = NULL;
        }
        else {
            vm_frame_drop(tstate, dead);
        }
    }

resume_with_error:
    LOAD_FRAME();
    goto error;
}
