/* SPDX-License-Identifier: MIT
 *
 * Shared inside the machine (src/vm and the object files that live off frames).
 *
 * Reading order: frames on the data stack; calls (args.c, call.c); errors and unwinding (errors.c,
 * unwind.c); helpers of single instructions (unpack.c, match.c, import.c, names.c); tracing
 * (trace.c); specialisation (spec_*.c). Thread rule: all of it needs the lock. Ownership: arguments
 * borrowed, results owned, unless marked.
 */
#ifndef VITRO_VM_IMPL_H
#define VITRO_VM_IMPL_H

#include "state.h"
#include "base/cstack.h"
#include "bytecode/opcodes.h"
#include "vm/vm.h"

/* -- Private names of 3.11 that no public header declares -------------------------------------- */

extern EXPORT int _Py_CheckRecursiveCall(PyThreadState *, const char *where);
extern EXPORT void _PyErr_Fetch(PyThreadState *, PyObject **, PyObject **, PyObject **);
extern EXPORT int _PyErr_ExceptionMatches(PyThreadState *, PyObject *);
extern EXPORT void _PyErr_Restore(PyThreadState *, PyObject *, PyObject *, PyObject *);
extern EXPORT void _PyErr_SetObject(PyThreadState *, PyObject *, PyObject *);
extern EXPORT void _PyErr_ChainStackItem(_PyErr_StackItem *);
extern EXPORT void _PyErr_Clear(PyThreadState *);
extern EXPORT void _PyErr_SetNone(PyThreadState *, PyObject *);
extern EXPORT void _PyErr_SetString(PyThreadState *, PyObject *, const char *);
extern EXPORT PyObject *_PyErr_Format(PyThreadState *, PyObject *, const char *, ...);
extern EXPORT void _PyErr_NormalizeException(PyThreadState *, PyObject **, PyObject **,
                                             PyObject **);
extern EXPORT PyObject *_PyErr_FormatFromCauseTstate(PyThreadState *, PyObject *, const char *,
                                                     ...);
extern EXPORT PyObject *_PyErr_FormatFromCause(PyObject *, const char *, ...);
extern EXPORT PyObject *_PyExc_CreateExceptionGroup(const char *, PyObject *);
extern EXPORT PyObject *_PyExc_PrepReraiseStar(PyObject *orig, PyObject *excs);
extern EXPORT PyObject *_PyObject_Call(PyThreadState *, PyObject *, PyObject *, PyObject *);
extern EXPORT PyObject *_PyObject_MakeTpCall(PyThreadState *, PyObject *, PyObject *const *,
                                             Py_ssize_t, PyObject *);
extern EXPORT PyObject *_Py_CheckFunctionResult(PyThreadState *, PyObject *, PyObject *,
                                                const char *);
#undef _PyObject_LookupSpecial
extern EXPORT PyObject *_PyObject_LookupSpecial(PyObject *, PyObject *);
extern EXPORT PyObject *_PyList_Extend(PyListObject *, PyObject *);

/* The flags of a PyMethodDef that say how it is called; the others (class, static, coexist) only
   say how it is bound. */
#define CALL_CONVENTION \
    (METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_O | METH_FASTCALL | METH_METHOD)

/* -- Recursion --------------------------------------------------------------------------------- */

/* Counts a level; nonzero with RecursionError. */
static ALWAYS_INLINE int vm_recursion_enter(PyThreadState *tstate, const char *where)
{
    return UNLIKELY(tstate->recursion_remaining-- <= 0) && _Py_CheckRecursiveCall(tstate, where);
}
/* The same from C, where a level takes C stack. */
static ALWAYS_INLINE int vm_recursion_enter_c(PyThreadState *tstate, const char *where)
{
    if (cstack_low() && cstack_refuse(where) < 0) {
        return -1;
    }
    return vm_recursion_enter(tstate, where);
}
static inline void vm_recursion_leave(PyThreadState *tstate) { tstate->recursion_remaining++; }

/* -- Frames on the data stack ------------------------------------------------------------------ */

#define FRAME_SPECIALS_WORDS ((sizeof(Frame) - 1) / sizeof(PyObject *))

/* Words of a frame: its specials, its variables, its value stack. */
static inline size_t frame_words(const PyCodeObject *code)
{
    return (size_t)code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_WORDS;
}

/* A new chunk for the data stack with room for `words`; NULL with MemoryError. (frames.c) */
Frame *vm_stack_grow(PyThreadState *tstate, size_t words);
/* Takes the topmost record off the data stack (its references are gone already). */
void vm_stack_pop(PyThreadState *tstate, Frame *frame);

/* Room for a record of `words` on top of the data stack. NULL with MemoryError. */
static ALWAYS_INLINE Frame *vm_stack_alloc(PyThreadState *tstate, size_t words)
{
    PyObject **top = tstate->datastack_top;
    if (LIKELY(top != NULL && words < (size_t)(tstate->datastack_limit - top))) {
        tstate->datastack_top = top + words;
        return (Frame *)top;
    }
    return vm_stack_grow(tstate, words);
}

/* Fills the specials. STEALS func and locals; localsplus is the caller's to fill. */
static ALWAYS_INLINE void frame_init(Frame *frame, PyFunctionObject *func, PyObject *locals,
                                     PyCodeObject *code)
{
    frame->f_func = func;
    frame->f_code = (PyCodeObject *)Py_NewRef((PyObject *)code);
    frame->f_builtins = func->func_builtins;
    frame->f_globals = func->func_globals;
    frame->f_locals = locals;
    frame->stacktop = code->co_nlocalsplus;
    frame->frame_obj = NULL;
    frame->prev_instr = FRAME_CODE_START(code) - 1;
    frame->is_entry = false;
    frame->owner = FRAME_OWNED_BY_THREAD;
    frame->held = false;
}

/* Not yet at its first RESUME: cells or the generator are still being made, nobody may see it. */
static inline bool frame_is_incomplete(const Frame *frame)
{
    return frame->owner != FRAME_OWNED_BY_GENERATOR
           && frame->prev_instr
                  < FRAME_CODE_START(frame->f_code) + frame->f_code->_co_firsttraceable;
}

static inline PyGenObject *frame_generator(Frame *frame)
{
    return (PyGenObject *)((char *)frame - offsetof(PyGenObject, gi_iframe));
}

/* The value stack of a frame that does not run (I2 of loop.c). */
static inline PyObject *frame_peek(Frame *frame) { return frame->localsplus[frame->stacktop - 1]; }
static inline PyObject *frame_pop_value(Frame *frame)
{
    return frame->localsplus[--frame->stacktop];
}
static inline void frame_push_value(Frame *frame, PyObject *value)
{
    frame->localsplus[frame->stacktop++] = value;
}

int frame_line(Frame *frame);                       /* 0 when none is known */
int frame_visit(Frame *frame, visitproc visit, void *arg);
void frame_copy(Frame *src, Frame *dest);
int frame_fast_to_locals(Frame *frame);             /* -1 with an exception */
void frame_locals_to_fast(Frame *frame, int clear);

/* -- Calls ------------------------------------------------------------------------------------- */

/* Binds arguments into localsplus. STEALS args (the references, not the array) even on failure. */
int vm_bind_args(PyThreadState *tstate, PyFunctionObject *func, PyObject **localsplus,
                 PyObject *const *args, Py_ssize_t argcount, PyObject *kwnames);
/* A frame for a call of func. STEALS func, locals and args, even when it fails. */
Frame *vm_push_call(PyThreadState *tstate, PyFunctionObject *func, PyObject *locals,
                    PyObject *const *args, size_t argcount, PyObject *kwnames);
/* The same from a tuple and a dict (MAYBE_NULL), both stolen: f(*args, **kwargs), where f is a
   function or a bound one. All three live as long as the frame. */
Frame *vm_push_call_ex(PyThreadState *tstate, PyObject *callable, PyObject *args,
                       PyObject *kwargs);
/* A call that 3.11 makes through C, where a reference to `kept` lasts until it returns. */
Frame *vm_push_held(PyThreadState *tstate, PyFunctionObject *func, PyObject *kept,
                    PyObject *const *args, size_t argcount);
/* Drops what vm_push_call_ex keeps for a frame (frame->held). */
void vm_held_drop(Frame *frame);
/* Drops what the frame owns and its place on the data stack. */
void vm_frame_drop(PyThreadState *tstate, Frame *frame);
/* Runs func with borrowed args. */
PyObject *vm_call_function(PyThreadState *tstate, PyFunctionObject *func, PyObject *locals,
                           PyObject *const *args, size_t argcount, PyObject *kwnames);

/* Runs a frame that was pushed, through the hook of PEP 523 if there is one. */
static inline PyObject *vm_eval(PyThreadState *tstate, Frame *frame, int throwflag)
{
    _PyFrameEvalFunction hook = tstate->interp->eval_frame;
    return UNLIKELY(hook != NULL) ? hook(tstate, frame, throwflag)
                                  : _PyEval_EvalFrameDefault(tstate, frame, throwflag);
}

/* Function objects made by the machine (src/objects/function.c). */
PyFunctionObject *function_from_parts(PyFrameConstructor *parts);
/* Version for caches; 0 when they ran out. */
uint32_t function_version(PyFunctionObject *func);
/* Builtins dict that code with these globals sees; BORROWED, NULL with an exception. */
PyObject *vm_builtins_of(PyThreadState *tstate, PyObject *globals);
/* Is the function called the ordinary way? */
#define PyFunction_vectorcall_is(func) \
    (((PyFunctionObject *)(func))->vectorcall == _PyFunction_Vectorcall)

/* C calls under a profiler or tracer (trace.c): c_call, c_return, c_exception. */
PyObject *vm_call_traced(PyThreadState *tstate, Frame *frame, PyObject *callable,
                         PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* -- Generators (src/objects/generator.c) ------------------------------------------------------ */

/* RETURN_GENERATOR: moves the frame in */
PyObject *gen_from_frame(PyFunctionObject *func, Frame *frame);
PyObject *gen_yield_from(PyGenObject *gen);           /* what it delegates to, or NULL */
PySendResult gen_send(PyGenObject *gen, PyObject *arg, PyObject **result);
PyObject *coro_await_iter(PyObject *o);               /* iterator for await o */
PyObject *asyncgen_wrap(PyObject *value);             /* STEALS nothing */
/* A generator's frame has left by an error: names StopIteration, marks it done. (generator.c) */
void gen_error_leave(PyThreadState *tstate, PyGenObject *gen);

/* -- Errors (errors.c) ------------------------------------------------------------------------- */

/* STEALS both; 1: re-raise, else 0 */
int vm_raise(PyThreadState *tstate, PyObject *exc, PyObject *cause);
void vm_error_unbound_local(PyThreadState *tstate, PyCodeObject *code, int oparg);
void vm_error_unbound_deref(PyThreadState *tstate, PyCodeObject *code, int oparg);
void vm_error_name(PyThreadState *tstate, PyObject *exc, const char *format, PyObject *name);
void vm_error_kwargs(PyThreadState *tstate, PyObject *func, PyObject *kwargs);
int vm_check_args_iterable(PyThreadState *tstate, PyObject *func, PyObject *args);
int vm_check_except_type(PyThreadState *tstate, PyObject *right);
int vm_check_except_star_type(PyThreadState *tstate, PyObject *right);
int vm_match_group(PyObject *exc, PyObject *type, PyObject **match, PyObject **rest);
void vm_error_awaitable(PyThreadState *tstate, PyTypeObject *type, int oparg);

/* Handler for the instruction at `offset` in the exception table; false when there is none. */
bool unwind_find(PyCodeObject *code, int offset, int *handler, int *depth, int *lasti);

/* o[start:stop] of an exact list, tuple, str or bytes with bounds that are None or small ints: true
   with *part, NULL when memory is short. (unpack.c) */
bool vm_slice_of(PyObject *o, PyObject *start, PyObject *stop, PyObject **part);

/* -- Instructions' slow halves ----------------------------------------------------------------- */

/* unpack.c */
int vm_unpack(PyThreadState *tstate, PyObject *v, int before, int after, PyObject **sp);
/* match.c */
PyObject *vm_match_keys(PyThreadState *tstate, PyObject *map, PyObject *keys);
PyObject *vm_match_class(PyThreadState *tstate, PyObject *subject, PyObject *type, Py_ssize_t npos,
                         PyObject *names);
/* import.c */
PyObject *vm_import_name(PyThreadState *tstate, Frame *frame, PyObject *name, PyObject *fromlist,
                         PyObject *level);
PyObject *vm_import_from(PyThreadState *tstate, PyObject *module, PyObject *name);
int vm_import_star(PyThreadState *tstate, PyObject *locals, PyObject *module);
/* names.c */
PyObject *vm_load_name(PyThreadState *tstate, Frame *frame, PyObject *name, bool lacking);
PyObject *vm_load_global_slow(PyThreadState *tstate, Frame *frame, PyObject *name);
int vm_setup_annotations(PyThreadState *tstate, Frame *frame);
PyObject *vm_format_value(PyObject *value, PyObject *spec, int oparg);

/* -- Tracing (trace.c) ------------------------------------------------------------------------- */

/* Each returns nonzero when a trace function raised. */
int trace_enter_function(PyThreadState *tstate, Frame *frame);
int trace_enter_throw(PyThreadState *tstate, Frame *frame);
int trace_leave_function(PyThreadState *tstate, Frame *frame, PyObject *retval);
int trace_line(PyThreadState *tstate, Frame *frame, int instr_prev);
void trace_exception(PyThreadState *tstate, Frame *frame);
void trace_init_lines(PyThreadState *tstate, PyCodeObject *code);

/* Line tables, from src/bytecode/code.c through the public checker. */
static inline int trace_check_line(int lasti, PyCodeAddressRange *bounds)
{
    return _PyCode_CheckLineNumber(lasti, bounds);
}

#endif
