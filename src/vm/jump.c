/* SPDX-License-Identifier: MIT
 *
 * Setting f_lineno from a trace function: moves the frame to another line, if what lies on the
 * value stack there can be had by dropping what lies on it now.
 *
 * stack_shapes follows all paths through the code and notes for each instruction what its stack
 * holds, as three bits a value, the top lowest: an iterator of a for loop, a saved exception, a
 * saved instruction, NULL, or any object.
 *
 *      for x in a:          before GET_ITER  object      behind it   iterator
 *          f(x)             before CALL      iterator, NULL, object, object
 *
 * Of the instructions that begin the line asked for, the one whose stack keeps most of ours wins;
 * if none fits, the first one says why not.
 */
#include "bytecode/code.h"
#include "vm/vm_impl.h"
#include <frameobject.h>

/* What a value is, as far as a jump cares; 0: there is none. */
enum slot_shape {
    SHAPE_ITERATOR = 1,
    SHAPE_EXCEPT = 2,
    SHAPE_OBJECT = 3,
    SHAPE_NULL = 4,
    SHAPE_LASTI = 5
};
/* 21 values fit into a word; deeper code cannot be jumped in. */
enum { SHAPE_BITS = 3, SHAPE_MASK = 7, SHAPES_MAX = 21 };
#define STACK_UNKNOWN ((int64_t)-2)  /* no path leads there */
#define STACK_OVERFLOW ((int64_t)-1) /* deeper than the word holds */

static int64_t shape_push(int64_t stack, enum slot_shape shape)
{
    if (stack < 0 || (uint64_t)stack >= (uint64_t)1 << (SHAPE_BITS * (SHAPES_MAX - 1))) {
        return STACK_OVERFLOW;
    }
    return stack << SHAPE_BITS | shape;
}
static int64_t shape_pop(int64_t stack) { return stack < 0 ? stack : stack >> SHAPE_BITS; }
static int64_t shape_popn(int64_t stack, int n)
{
    while (n-- > 0) {
        stack = shape_pop(stack);
    }
    return stack;
}
static int shape_top(int64_t stack) { return (int)(stack & SHAPE_MASK); }
static int shape_peek(int64_t stack, int n)
{
    return (int)(stack >> (SHAPE_BITS * (n - 1)) & SHAPE_MASK);
}
static int64_t shape_swap(int64_t stack, int n)
{
    int top = shape_top(stack), other = shape_peek(stack, n), shift = SHAPE_BITS * (n - 1);
    stack &= ~((int64_t)SHAPE_MASK | (int64_t)SHAPE_MASK << shift);
    return stack | other | (int64_t)top << shift;
}
static int shape_depth(int64_t stack)
{
    int depth = 0;
    for (; stack > 0; stack >>= SHAPE_BITS) {
        depth++;
    }
    return depth;
}

/* -- Following the code ------------------------------------------------------------------------ */

/* The walk: repeated over the code until nothing changes. */
struct shapes {
    PyCodeObject *code;
    int length;
    int64_t *at;   /* before each instruction */
    bool changed;
};

/* The first path to an instruction decides its stack: in compiled code all agree. */
static void shapes_reach(struct shapes *s, int where, int64_t stack)
{
    if (where >= 0 && where < s->length && s->at[where] == STACK_UNKNOWN) {
        s->at[where] = stack;
        s->changed = true;
    }
}

/* Stack after an instruction that falls through. */
static int64_t shapes_after(int64_t stack, int op, int oparg)
{
    switch (op) {
    case OP_GET_ITER:
    case OP_GET_AITER:
        return shape_push(shape_pop(stack), SHAPE_ITERATOR);
    case OP_PUSH_EXC_INFO:
        return shape_push(shape_push(shape_pop(stack), SHAPE_EXCEPT), SHAPE_OBJECT);
    case OP_PUSH_NULL:
        return shape_push(stack, SHAPE_NULL);
    case OP_LOAD_GLOBAL:
        return shape_push(oparg & 1 ? shape_push(stack, SHAPE_NULL) : stack, SHAPE_OBJECT);
    case OP_LOAD_METHOD:
        return shape_push(shape_push(shape_pop(stack), SHAPE_NULL), SHAPE_OBJECT);
    case OP_CALL:
        return shape_push(shape_popn(stack, oparg + 2), SHAPE_OBJECT);
    case OP_PRECALL:
        return stack; /* CALL takes the arguments */
    case OP_SWAP:
        return shape_swap(stack, oparg);
    case OP_COPY:
        return shape_push(stack, shape_peek(stack, oparg));
    }
    int delta = op_stack_effect(op, oparg, 0);
    for (; delta < 0; delta++) {
        stack = shape_pop(stack);
    }
    for (; delta > 0; delta--) {
        stack = shape_push(stack, SHAPE_OBJECT);
    }
    return stack;
}

/* Carries the stack of instruction i on to all that may follow. */
static void shapes_step(struct shapes *s, int i, int next, int op, int oparg)
{
    int64_t stack = s->at[i];
    switch (op) {
    case OP_JUMP_FORWARD:
        shapes_reach(s, next + oparg, stack);
        return;
    case OP_JUMP_BACKWARD:
    case OP_JUMP_BACKWARD_NO_INTERRUPT:
        shapes_reach(s, next - oparg, stack);
        return;
    case OP_JUMP_IF_FALSE_OR_POP:
    case OP_JUMP_IF_TRUE_OR_POP:
        shapes_reach(s, next + oparg, stack);
        shapes_reach(s, next, shape_pop(stack));
        return;
    case OP_FOR_ITER:
        shapes_reach(s, next + oparg, shape_pop(stack));
        shapes_reach(s, next, shape_push(stack, SHAPE_OBJECT));
        return;
    case OP_SEND:
        shapes_reach(s, next + oparg, shape_push(shape_popn(stack, 2), SHAPE_OBJECT));
        shapes_reach(s, next, stack);
        return;
    case OP_END_ASYNC_FOR:
        shapes_reach(s, next, shape_popn(stack, 2));
        return;
    case OP_RETURN_VALUE:
    case OP_RAISE_VARARGS:
    case OP_RERAISE:
        return;
    }
    if (op_is_jump(op)) {
        int64_t taken = shape_pop(stack);
        shapes_reach(s, op_is_backward(op) ? next - oparg : next + oparg, taken);
        shapes_reach(s, next, taken);
        return;
    }
    shapes_reach(s, next, shapes_after(stack, op, oparg));
}

/* A handler is reached from any instruction that it protects. */
static void shapes_handlers(struct shapes *s)
{
    for (int i = 0; i < s->length; i++) {
        int handler, depth, lasti;
        if (s->at[i] == STACK_UNKNOWN || !unwind_find(s->code, i, &handler, &depth, &lasti)
            || s->at[handler] != STACK_UNKNOWN || s->at[i] < 0) {
            continue;
        }
        int64_t stack = s->at[i];
        while (shape_depth(stack) > depth) {
            stack = shape_pop(stack);
        }
        if (lasti) {
            stack = shape_push(stack, SHAPE_LASTI);
        }
        shapes_reach(s, handler, shape_push(stack, SHAPE_EXCEPT));
    }
}

/* Freed with PyMem_Free. */
static int64_t *stack_shapes(PyCodeObject *code, int length)
{
    struct shapes s = {code, length, PyMem_New(int64_t, length + 1), true};
    if (s.at == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (int i = 0; i <= length; i++) {
        s.at[i] = STACK_UNKNOWN;
    }
    /* a generator's first instructions run with nothing, RESUME of one with the value it was sent
       popped */
    s.at[0] = 0;
    while (s.changed) {
        s.changed = false;
        int prefix = 0;
        for (int i = 0; i < length;) {
            _Py_CODEUNIT word = FRAME_CODE_START(code)[i];
            int op = op_deopt[_Py_OPCODE(word)], oparg = prefix << 8 | _Py_OPARG(word),
                next = i + 1 + op_caches[op];
            if (s.at[i] != STACK_UNKNOWN) {
                if (op == OP_RETURN_GENERATOR) {
                    shapes_reach(&s, next, shape_push(s.at[i], SHAPE_OBJECT));
                }
                else {
                    shapes_step(&s, i, next, op, oparg);
                }
            }
            prefix = op == OP_EXTENDED_ARG ? oparg : 0;
            i = next;
        }
        shapes_handlers(&s);
    }
    return s.at;
}

/* -- Lines ------------------------------------------------------------------------------------- */

/* For each instruction the line that starts there, or -1. Freed with PyMem_Free. */
static int *line_starts(PyCodeObject *code, int length)
{
    int *starts = PyMem_New(int, length + 1);
    if (starts == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    PyCodeAddressRange bounds;
    code_lines_init(code, &bounds);
    int last_line = -1;
    for (int i = 0; i < length; i++) {
        int line = _PyCode_CheckLineNumber(i * (int)sizeof(_Py_CODEUNIT), &bounds);
        bool starts_range = bounds.ar_start == i * (int)sizeof(_Py_CODEUNIT);
        starts[i] = starts_range && line != last_line && line != -1 ? line : -1;
        if (starts_range) {
            last_line = line;
        }
    }
    return starts;
}

/* The first line from `line` on that has code; -1: none. */
static int first_line_not_before(int *starts, int length, int line)
{
    int best = INT_MAX;
    for (int i = 0; i < length; i++) {
        if (starts[i] < best && starts[i] >= line) {
            best = starts[i];
        }
    }
    return best == INT_MAX ? -1 : best;
}

/* -- Choosing where to go ---------------------------------------------------------------------- */

/* Can a value of one shape stand where another is expected? */
static bool shape_fits(int from, int to)
{
    if (to == 0) {
        return false;
    }
    return to == SHAPE_OBJECT ? from != SHAPE_NULL : to == SHAPE_NULL ? true : from == to;
}

/* Does dropping the top of `from` leave a stack like `to`? */
static bool stack_fits(int64_t from, int64_t to)
{
    if (from < 0 || to < 0) {
        return false;
    }
    while (shape_depth(from) > shape_depth(to)) {
        from = shape_pop(from);
    }
    for (; from != 0 && to != 0; from = shape_pop(from), to = shape_pop(to)) {
        if (!shape_fits(shape_top(from), shape_top(to))) {
            return false;
        }
    }
    return to == 0;
}

/* For the ValueError. */
static const char *why_not(int64_t to)
{
    if (to == STACK_OVERFLOW) {
        return "stack is too deep to analyze";
    }
    if (to == STACK_UNKNOWN) {
        return "can't jump into an exception handler, or code may be unreachable";
    }
    for (; to != 0; to = shape_pop(to)) {
        switch (shape_top(to)) {
        case SHAPE_EXCEPT:
            return "can't jump into an 'except' block as there's no exception";
        case SHAPE_LASTI:
            return "can't jump into a re-raising block as there's no location";
        case SHAPE_ITERATOR:
            return "can't jump into the body of a for loop";
        }
    }
    return "incompatible stacks";
}

/* Instruction of the line whose stack keeps most of ours, or -1 with *problem. */
static int best_target(int *starts, int64_t *shapes, int length, int line, int64_t start,
                       const char **problem)
{
    int best = -1;
    int64_t best_stack = STACK_OVERFLOW;
    *problem = "cannot find bytecode for specified line";
    bool explained = false;
    for (int i = 0; i < length; i++) {
        if (starts[i] != line) {
            continue;
        }
        if (stack_fits(start, shapes[i])) {
            if (shapes[i] > best_stack) {
                best = i;
                best_stack = shapes[i];
            }
        }
        else if (best < 0 && !explained) {
            if (start == STACK_OVERFLOW) {
                *problem = "stack to deep to analyze";
            }
            else if (start == STACK_UNKNOWN) {
                *problem = "can't jump from unreachable code";
            }
            else {
                *problem = why_not(shapes[i]);
                explained = true;
            }
        }
    }
    return best;
}

static bool jump_allowed(PyFrameObject *f)
{
    int what = tstate_get()->tracing_what;
    bool suspended = f->f_frame->owner == FRAME_OWNED_BY_GENERATOR
                     && frame_generator(f->f_frame)->gi_frame_state == FRAME_SUSPENDED;
    if (what == PyTrace_CALL) {
        PyErr_SetString(PyExc_ValueError, "can't jump from the 'call' trace event of a new frame");
        return false;
    }
    if (what != PyTrace_LINE && !(what == PyTrace_RETURN && suspended)) {
        PyErr_SetString(PyExc_ValueError, "can only jump from a 'line' trace event");
        return false;
    }
    if (f->f_trace == NULL) {
        PyErr_SetString(PyExc_ValueError, "f_lineno can only be set by a trace function");
        return false;
    }
    return true;
}

/* Line to go to: the one asked for, or the next that has code; -1 with an exception. */
static int target_line(PyCodeObject *code, int *starts, int length, PyObject *value)
{
    int overflow;
    long line = PyLong_AsLongAndOverflow(value, &overflow);
    if (overflow != 0 || line > INT_MAX || line < INT_MIN) {
        PyErr_SetString(PyExc_ValueError, "lineno out of range");
        return -1;
    }
    if (line < code->co_firstlineno) {
        PyErr_Format(PyExc_ValueError, "line %d comes before the current code block", (int)line);
        return -1;
    }
    int found = first_line_not_before(starts, length, (int)line);
    if (found < 0) {
        PyErr_Format(PyExc_ValueError, "line %d comes after the current code block", (int)line);
    }
    return found;
}

static void drop_down_to(Frame *frame, int64_t stack, int64_t target)
{
    for (; shape_depth(stack) > shape_depth(target); stack = shape_pop(stack)) {
        PyObject *value = frame_pop_value(frame);
        if (shape_top(stack) == SHAPE_EXCEPT) { /* leaves the except block */
            _PyErr_StackItem *info = tstate_get()->exc_info;
            PyObject *handled = info->exc_value;
            info->exc_value = value;
            value = handled;
        }
        Py_XDECREF(value);
    }
}

int frame_set_lineno(PyFrameObject *f, PyObject *value, void *closure)
{
    Frame *frame = f->f_frame;
    PyCodeObject *code = frame->f_code;
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "cannot delete attribute");
        return -1;
    }
    if (!PyLong_CheckExact(value)) {
        PyErr_SetString(PyExc_ValueError, "lineno must be an integer");
        return -1;
    }
    if (!jump_allowed(f)) {
        return -1;
    }
    int length = (int)Py_SIZE(code), result = -1, line, target;
    int *starts = line_starts(code, length);
    int64_t *shapes = starts == NULL ? NULL : stack_shapes(code, length);
    if (shapes == NULL || (line = target_line(code, starts, length, value)) < 0) {
        goto done;
    }
    int64_t start = shapes[frame_lasti(frame) < 0 ? 0 : frame_lasti(frame)];
    const char *problem;
    if ((target = best_target(starts, shapes, length, line, start, &problem)) < 0) {
        PyErr_SetString(PyExc_ValueError, problem);
        goto done;
    }
    if (frame->owner == FRAME_OWNED_BY_GENERATOR
        && frame_generator(frame)->gi_frame_state == FRAME_SUSPENDED) {
        start = shape_pop(start); /* the yielded value is gone from the stack already */
    }
    drop_down_to(frame, start, shapes[target]);
    f->f_lineno = 0;
    frame->prev_instr = FRAME_CODE_START(code) + target;
    result = 0;
done:
    PyMem_Free(shapes);
    PyMem_Free(starts);
    return result;
}
