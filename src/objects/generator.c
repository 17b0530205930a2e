/* SPDX-License-Identifier: MIT
 *
 * Generators, and what coroutines and async generators share with them.
 *
 * A generator object ends in the Frame it runs:
 *
 *     │ object header │ code, names │ gi_exc_state │ gi_frame_state │ Frame │ locals, stack … │
 *
 *     CREATED ──send──> EXECUTING ──yield──> SUSPENDED ──send──> EXECUTING ──return, raise──>
 *     CLEARED
 *
 *  G1 The Frame is valid until CLEARED; afterwards only names and code are left.
 *  G2 While it runs, gi_exc_state is the top of the thread's stack of handled exceptions
 *     (tstate->exc_info), so that an `except` block around a yield keeps its exception.
 *  G3 EXECUTING guards against re-entry: "generator already executing".
 *  G4 A StopIteration that the body raises becomes a RuntimeError (PEP 479).
 *
 * There are two ways in: gen_send_ex2 here, from C, and the loop's inline resume (FOR_ITER, SEND),
 * which leaves through gen_error_leave when the frame fails. throw() and close() go to the
 * innermost delegate of a `yield from` first (PEP 380).
 */
#include "vm/vm_impl.h"
#include <frameobject.h>
#include "objects/generator.h"

extern EXPORT void _PyErr_WarnUnawaitedCoroutine(PyObject *coro);

/* -- Words for messages ------------------------------------------------------------------------ */

/* "generator", "coroutine" or "async generator". */
static const char *gen_kind(PyGenObject *gen)
{
    return PyCoro_CheckExact(gen)       ? "coroutine"
           : PyAsyncGen_CheckExact(gen) ? "async generator"
                                        : "generator";
}

/* -- Running ----------------------------------------------------------------------------------- */

/* The body raised: StopIteration must not look like a normal end. */
static void gen_fix_stop(PyGenObject *gen)
{
    if (PyErr_ExceptionMatches(PyExc_StopIteration)) {
        _PyErr_FormatFromCause(PyExc_RuntimeError, "%s raised StopIteration", gen_kind(gen));
    }
    else if (PyAsyncGen_CheckExact(gen) && PyErr_ExceptionMatches(PyExc_StopAsyncIteration)) {
        _PyErr_FormatFromCause(PyExc_RuntimeError, "async generator raised StopAsyncIteration");
    }
}

/* To CLEARED (G1). */
static void gen_drop_frame(PyGenObject *gen)
{
    Py_CLEAR(gen->gi_exc_state.exc_value); /* it may refer to the frame by its traceback */
    gen->gi_frame_state = FRAME_CLEARED;
    frame_clear(gen_frame(gen));
}

/* The body raised out of the loop's inline resume. */
void gen_error_leave(PyThreadState *tstate, PyGenObject *gen)
{
    tstate->exc_info = gen->gi_exc_state.previous_item;
    gen->gi_exc_state.previous_item = NULL;
    gen_fix_stop(gen);
    gen_drop_frame(gen);
}

/* Why it cannot run now: PYGEN_NEXT means it can. */
static PySendResult gen_check_state(PyGenObject *gen, PyObject *arg, PyObject **result, bool exc,
                                    bool closing)
{
    if (gen->gi_frame_state == FRAME_CREATED && arg != NULL && arg != Py_None) {
        PyErr_Format(PyExc_TypeError, "can't send non-None value to a just-started %s",
                     gen_kind(gen));
        return PYGEN_ERROR;
    }
    if (gen->gi_frame_state == FRAME_EXECUTING) {
        PyErr_Format(PyExc_ValueError, "%s already executing", gen_kind(gen));
        return PYGEN_ERROR;
    }
    if (gen->gi_frame_state < FRAME_COMPLETED) {
        return PYGEN_NEXT;
    }
    if (PyCoro_CheckExact(gen) && !closing) {
        PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited coroutine");
    }
    else if (arg != NULL && !exc) {
        *result = Py_NewRef(Py_None);
        return PYGEN_RETURN;
    }
    return PYGEN_ERROR;
}

/* arg NULL: next(), whose plain end is NULL without an
   exception. exc: one is set and is raised inside. */
static PySendResult gen_send_ex2(PyGenObject *gen, PyObject *arg, PyObject **presult, bool exc,
                                 bool closing)
{
    *presult = NULL;
    PySendResult state = gen_check_state(gen, arg, presult, exc, closing);
    if (state != PYGEN_NEXT) {
        return state;
    }
    PyThreadState *tstate = tstate_get();
    Frame *frame = gen_frame(gen);
    frame_push_value(frame, Py_NewRef(arg != NULL ? arg : Py_None));
    gen->gi_exc_state.previous_item = tstate->exc_info;
    tstate->exc_info = &gen->gi_exc_state;
    if (exc) {
        _PyErr_ChainStackItem(NULL);
    }
    gen->gi_frame_state = FRAME_EXECUTING;
    PyObject *result = vm_eval(tstate, frame, exc);
    if (gen->gi_frame_state == FRAME_EXECUTING) {
        gen->gi_frame_state = FRAME_COMPLETED;
    }
    tstate->exc_info = gen->gi_exc_state.previous_item;
    gen->gi_exc_state.previous_item = NULL;
    frame->previous = NULL;
    if (result != NULL) {
        if (gen->gi_frame_state == FRAME_SUSPENDED) {
            *presult = result;
            return PYGEN_NEXT;
        }
        if (result == Py_None && arg == NULL && !PyAsyncGen_CheckExact(gen)) {
            Py_CLEAR(result);
        }
    }
    else {
        gen_fix_stop(gen);
    }
    gen_drop_frame(gen);
    *presult = result;
    return result != NULL ? PYGEN_RETURN : PYGEN_ERROR;
}

/* As gen_send_ex2, with the end told as StopIteration (or StopAsyncIteration). */
PyObject *gen_send_ex(PyGenObject *gen, PyObject *arg, bool exc, bool closing)
{
    PyObject *result;
    if (gen_send_ex2(gen, arg, &result, exc, closing) != PYGEN_RETURN) {
        return result;
    }
    if (PyAsyncGen_CheckExact(gen)) {
        PyErr_SetNone(PyExc_StopAsyncIteration);
    }
    else if (result == Py_None) {
        PyErr_SetNone(PyExc_StopIteration);
    }
    else {
        _PyGen_SetStopIterationValue(result);
    }
    Py_DECREF(result);
    return NULL;
}

PySendResult gen_am_send(PyObject *self, PyObject *arg, PyObject **result)
{
    return gen_send_ex2((PyGenObject *)self, arg, result, false, false);
}

PySendResult gen_send(PyGenObject *gen, PyObject *arg, PyObject **result)
{
    return gen_send_ex2(gen, arg, result, false, false);
}

PyObject *gen_send_method(PyGenObject *gen, PyObject *arg)
{
    return gen_send_ex(gen, arg, false, false);
}

/* tp_iternext: a plain end is NULL without an exception, so that for loops make none. */
PyObject *gen_iternext(PyGenObject *gen)
{
    PyObject *result;
    if (gen_send_ex2(gen, NULL, &result, false, false) == PYGEN_RETURN) {
        if (result != Py_None) {
            _PyGen_SetStopIterationValue(result);
        }
        Py_CLEAR(result);
    }
    return result;
}

/* -- Delegation -------------------------------------------------------------------------------- */

/* yield from and await: the generator is suspended at a SEND instruction with the delegate on top
   of its stack. While close() or throw() works on the delegate, the outer generator counts as
   executing, so that nobody enters it from below. */

/* What `yield from` or `await` waits for: owned, or NULL. Suspended
   there, the next instruction is RESUME 2 or 3. */
PyObject *gen_yield_from(PyGenObject *gen)
{
    if (gen->gi_frame_state != FRAME_SUSPENDED) {
        return NULL;
    }
    Frame *frame = gen_frame(gen);
    _Py_CODEUNIT next = frame->prev_instr[1];
    if (op_deopt[_Py_OPCODE(next)] != OP_RESUME || _Py_OPARG(next) < 2) {
        return NULL;
    }
    return Py_NewRef(frame_peek(frame));
}

/* Closes what the generator waits for; anything without close() is left alone. */
static int delegate_close(PyObject *delegate)
{
    PyObject *result;
    if (PyGen_CheckExact(delegate) || PyCoro_CheckExact(delegate)) {
        result = gen_close((PyGenObject *)delegate);
    }
    else {
        PyObject *close;
        if (_PyObject_LookupAttr(delegate, ID(close), &close) < 0) {
            PyErr_WriteUnraisable(delegate);
        }
        if (close == NULL) {
            return 0;
        }
        result = PyObject_CallNoArgs(close);
        Py_DECREF(close);
    }
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

/* Raises GeneratorExit inside. A generator that yields once more is an error; one that was never
   started just ends. */
PyObject *gen_close(PyGenObject *gen)
{
    PyObject *delegate = gen_yield_from(gen);
    int failed = 0;
    if (delegate != NULL) {
        int8_t state = gen->gi_frame_state;
        gen->gi_frame_state = FRAME_EXECUTING;
        failed = delegate_close(delegate);
        gen->gi_frame_state = state;
        Py_DECREF(delegate);
    }
    if (!failed) {
        PyErr_SetNone(PyExc_GeneratorExit);
    }
    PyObject *result = gen_send_ex(gen, Py_None, true, true);
    if (result != NULL) {
        Py_DECREF(result);
        PyErr_Format(PyExc_RuntimeError, "%s ignored GeneratorExit", gen_kind(gen));
        return NULL;
    }
    if (PyErr_ExceptionMatches(PyExc_StopIteration)
        || PyErr_ExceptionMatches(PyExc_GeneratorExit)) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    return NULL;
}

/* Sets the exception that throw()'s arguments mean and raises it inside. */
static PyObject *throw_here(PyGenObject *gen, PyObject *type, PyObject *value, PyObject *tb)
{
    if (tb == Py_None) {
        tb = NULL;
    }
    else if (tb != NULL && !PyTraceBack_Check(tb)) {
        PyErr_SetString(PyExc_TypeError, "throw() third argument must be a traceback object");
        return NULL;
    }
    Py_INCREF(type);
    Py_XINCREF(value);
    Py_XINCREF(tb);
    if (PyExceptionClass_Check(type)) {
        PyErr_NormalizeException(&type, &value, &tb);
    }
    else if (!PyExceptionInstance_Check(type)) {
        PyErr_Format(PyExc_TypeError,
                     "exceptions must be classes or instances deriving from BaseException, not %s",
                     Py_TYPE(type)->tp_name);
        goto fail;
    }
    else {
        if (value != NULL && value != Py_None) {
            PyErr_SetString(PyExc_TypeError, "instance exception may not have a separate value");
            goto fail;
        }
        Py_XSETREF(value, type);
        type = Py_NewRef((PyObject *)Py_TYPE(value));
        if (tb == NULL) {
            tb = PyException_GetTraceback(value);
        }
    }
    PyErr_Restore(type, value, tb);
    return gen_send_ex(gen, Py_None, true, false);
fail:
    Py_DECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
    return NULL;
}

enum throw_outcome { THROW_DONE, THROW_NO_METHOD, THROW_FAILED };

/* Calls the delegate's throw with gen's frame on top, so
   that tracebacks and sys._getframe see it. */
static PyObject *delegate_throw(PyGenObject *gen, PyObject *delegate, bool close_on_exit,
                                PyObject *type, PyObject *value, PyObject *tb,
                                enum throw_outcome *outcome)
{
    PyObject *method = NULL, *result;
    bool direct = PyGen_CheckExact(delegate) || PyCoro_CheckExact(delegate);
    if (!direct) {
        *outcome = _PyObject_LookupAttr(delegate, ID(throw), &method) < 0 ? THROW_FAILED
                                                                          : THROW_NO_METHOD;
        if (method == NULL) {
            return NULL;
        }
    }
    *outcome = THROW_DONE;
    PyThreadState *tstate = tstate_get();
    Frame *frame = gen_frame(gen), *previous = tstate->cframe->current_frame;
    int8_t state = gen->gi_frame_state;
    frame->previous = previous;
    tstate->cframe->current_frame = frame;
    gen->gi_frame_state = FRAME_EXECUTING;
    result = direct ? gen_throw((PyGenObject *)delegate, close_on_exit, type, value, tb)
                    : PyObject_CallFunctionObjArgs(method, type, value, tb, NULL);
    gen->gi_frame_state = state;
    tstate->cframe->current_frame = previous;
    frame->previous = NULL;
    Py_XDECREF(method);
    return result;
}

/* The delegate ended: gen goes on behind its SEND with the result, or with the exception. */
static PyObject *delegate_ended(PyGenObject *gen)
{
    Frame *frame = gen_frame(gen);
    PyObject *delegate = frame_pop_value(frame), *value;
    Py_DECREF(delegate);
    /* prev_instr is the YIELD_VALUE right behind SEND; SEND's operand counts from there */
    frame->prev_instr += _Py_OPARG(frame->prev_instr[-1]) - 1;
    if (_PyGen_FetchStopIterationValue(&value) < 0) {
        return gen_send_ex(gen, Py_None, true, false);
    }
    PyObject *result = gen_send_ex(gen, value, false, false);
    Py_DECREF(value);
    return result;
}

/* `close_on_exit`: a GeneratorExit closes the delegate instead of being thrown into it. */
PyObject *gen_throw(PyGenObject *gen, bool close_on_exit, PyObject *type, PyObject *value,
                    PyObject *tb)
{
    PyObject *delegate = gen_yield_from(gen);
    if (delegate == NULL) {
        return throw_here(gen, type, value, tb);
    }
    if (close_on_exit && PyErr_GivenExceptionMatches(type, PyExc_GeneratorExit)) {
        int8_t state = gen->gi_frame_state;
        gen->gi_frame_state = FRAME_EXECUTING;
        int failed = delegate_close(delegate);
        gen->gi_frame_state = state;
        Py_DECREF(delegate);
        return failed ? gen_send_ex(gen, Py_None, true, false) : throw_here(gen, type, value, tb);
    }
    enum throw_outcome outcome;
    PyObject *result = delegate_throw(gen, delegate, close_on_exit, type, value, tb, &outcome);
    Py_DECREF(delegate);
    if (result != NULL || outcome == THROW_FAILED) {
        return result;
    }
    return outcome == THROW_NO_METHOD ? throw_here(gen, type, value, tb) : delegate_ended(gen);
}

PyObject *gen_throw_method(PyGenObject *gen, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("throw", nargs, 1, 3)) {
        return NULL;
    }
    return gen_throw(gen, true, args[0], nargs > 1 ? args[1] : NULL, nargs > 2 ? args[2] : NULL);
}

PyObject *gen_close_method(PyGenObject *gen, PyObject *ignored) { return gen_close(gen); }

/* -- StopIteration's value --------------------------------------------------------------------- */

/* Raises StopIteration(value); tuples and exceptions need an instance made by hand. */
int _PyGen_SetStopIterationValue(PyObject *value)
{
    if (value == NULL || (!PyTuple_Check(value) && !PyExceptionInstance_Check(value))) {
        /* made into an instance only if somebody looks */
        PyErr_SetObject(PyExc_StopIteration, value);
        return 0;
    }
    PyObject *exc = PyObject_CallOneArg(PyExc_StopIteration, value);
    if (exc == NULL) {
        return -1;
    }
    PyErr_SetObject(PyExc_StopIteration, exc);
    Py_DECREF(exc);
    return 0;
}

/* Takes the value out of the StopIteration that is set; no
   exception counts as None. -1: another exception. */
int _PyGen_FetchStopIterationValue(PyObject **pvalue)
{
    PyObject *value = NULL;
    if (PyErr_ExceptionMatches(PyExc_StopIteration)) {
        PyObject *type, *exc, *tb;
        PyErr_Fetch(&type, &exc, &tb);
        if (exc != NULL && Py_IS_TYPE(exc, (PyTypeObject *)type)) {
            value = Py_NewRef(((PyStopIterationObject *)exc)->value);
        }
        else if (exc != NULL && type == PyExc_StopIteration && !PyTuple_Check(exc)) {
            value = Py_NewRef(exc); /* not yet an instance: exc is what it would be made of */
        }
        else if (exc != NULL) {
            PyErr_NormalizeException(&type, &exc, &tb);
            if (!PyObject_TypeCheck(exc, (PyTypeObject *)PyExc_StopIteration)) {
                PyErr_Restore(type, exc, tb);
                return -1;
            }
            value = Py_NewRef(((PyStopIterationObject *)exc)->value);
        }
        Py_XDECREF(exc);
        Py_XDECREF(type);
        Py_XDECREF(tb);
    }
    else if (PyErr_Occurred()) {
        return -1;
    }
    *pvalue = value != NULL ? value : Py_NewRef(Py_None);
    return 0;
}

/* -- Making ------------------------------------------------------------------------------------ */

/* Not tracked; the Frame is for the caller to fill. */
static PyGenObject *gen_alloc(PyTypeObject *type, PyCodeObject *code, PyObject *name,
                              PyObject *qualname)
{
    PyGenObject *gen = PyObject_GC_NewVar(PyGenObject, type,
                                          code->co_nlocalsplus + code->co_stacksize);
    if (gen == NULL) {
        return NULL;
    }
    gen->gi_code = (PyCodeObject *)Py_NewRef((PyObject *)code);
    gen->gi_weakreflist = NULL;
    gen->gi_name = Py_NewRef(name != NULL ? name : code->co_name);
    gen->gi_qualname = Py_NewRef(qualname != NULL ? qualname : code->co_qualname);
    gen->gi_exc_state.exc_value = NULL;
    gen->gi_exc_state.previous_item = NULL;
    gen->gi_origin_or_finalizer = NULL;
    gen->gi_hooks_inited = gen->gi_closed = gen->gi_running_async = 0;
    gen->gi_frame_state = FRAME_CLEARED;
    return gen;
}

/* RETURN_GENERATOR: the frame moves from the data stack into a new object of the kind that the
   code's flags ask for. */
PyObject *gen_from_frame(PyFunctionObject *func, Frame *frame)
{
    int flags = frame->f_code->co_flags;
    PyTypeObject *type = flags & CO_COROUTINE         ? &PyCoro_Type
                         : flags & CO_ASYNC_GENERATOR ? &PyAsyncGen_Type
                                                      : &PyGen_Type;
    PyGenObject *gen = gen_alloc(type, frame->f_code, func->func_name, func->func_qualname);
    if (gen == NULL) {
        return NULL;
    }
    int depth = type == &PyCoro_Type ? tstate_get()->coroutine_origin_tracking_depth : 0;
    if (depth > 0 && (gen->gi_origin_or_finalizer = coro_origin(depth, frame->previous)) == NULL) {
        PyObject_GC_Track(gen);
        Py_DECREF(gen);
        return NULL;
    }
    Frame *own = gen_frame(gen);
    frame_copy(frame, own);
    own->owner = FRAME_OWNED_BY_GENERATOR;
    own->previous = NULL;
    own->is_entry = false;
    if (own->frame_obj != NULL) {
        own->frame_obj->f_frame = own;
        frame->frame_obj = NULL;
    }
    gen->gi_frame_state = FRAME_CREATED;
    PyObject_GC_Track(gen);
    return (PyObject *)gen;
}

/* From a frame object that owns its record. STEALS f. */
static PyObject *gen_from_frame_object(PyTypeObject *type, PyFrameObject *f, PyObject *name,
                                       PyObject *qualname)
{
    Frame *frame = f->f_frame;
    PyGenObject *gen = gen_alloc(type, frame->f_code, name, qualname);
    if (gen == NULL) {
        Py_DECREF(f);
        return NULL;
    }
    Frame *own = gen_frame(gen);
    frame_copy(frame, own);
    own->owner = FRAME_OWNED_BY_GENERATOR;
    own->frame_obj = f;
    own->previous = NULL;
    f->f_frame = own;
    if (PyObject_GC_IsTracked((PyObject *)f)) {
        PyObject_GC_UnTrack(f);
    }
    gen->gi_frame_state = FRAME_CREATED;
    PyObject_GC_Track(gen);
    return (PyObject *)gen;
}

PyObject *PyGen_NewWithQualName(PyFrameObject *f, PyObject *name, PyObject *qualname)
{
    return gen_from_frame_object(&PyGen_Type, f, name, qualname);
}

PyObject *PyGen_New(PyFrameObject *f) { return gen_from_frame_object(&PyGen_Type, f, NULL, NULL); }

PyObject *PyCoro_New(PyFrameObject *f, PyObject *name, PyObject *qualname)
{
    return gen_from_frame_object(&PyCoro_Type, f, name, qualname);
}

PyObject *PyAsyncGen_New(PyFrameObject *f, PyObject *name, PyObject *qualname)
{
    return gen_from_frame_object(&PyAsyncGen_Type, f, name, qualname);
}

/* -- Life -------------------------------------------------------------------------------------- */

/* A generator that dies suspended is closed first, which runs its finally blocks: that may bring
   it back to life, like any finaliser. */

/* A coroutine that nobody awaited warns. */
static PyObject *gen_finalize_body(PyGenObject *gen)
{
    if ((gen->gi_code->co_flags & CO_COROUTINE) && gen->gi_frame_state == FRAME_CREATED) {
        _PyErr_WarnUnawaitedCoroutine((PyObject *)gen);
        return NULL;
    }
    return gen_close(gen);
}

/* Runs `finally` blocks by closing. Keeps an exception that is under way; what goes wrong here is
   unraisable. */
void _PyGen_Finalize(PyObject *self)
{
    PyGenObject *gen = (PyGenObject *)self;
    if (gen->gi_frame_state >= FRAME_COMPLETED) {
        return;
    }
    PyObject *type, *value, *tb, *result;
    PyErr_Fetch(&type, &value, &tb);
    if (PyAsyncGen_CheckExact(self) && gen->gi_origin_or_finalizer != NULL && !gen->gi_closed) {
        result = PyObject_CallOneArg(gen->gi_origin_or_finalizer, self);
    }
    else {
        result = gen_finalize_body(gen);
    }
    if (result == NULL && PyErr_Occurred()) {
        PyErr_WriteUnraisable(self);
    }
    Py_XDECREF(result);
    PyErr_Restore(type, value, tb);
}

/* False when somebody saved the generator. */
static bool gen_let_go(PyGenObject *gen)
{
    PyObject *self = (PyObject *)gen;
    if (gen->gi_weakreflist != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    if (gen->gi_frame_state < FRAME_COMPLETED) {
        PyObject_GC_Track(self);
        if (PyObject_CallFinalizerFromDealloc(self)) {
            return false;
        }
        PyObject_GC_UnTrack(self);
    }
    if (gen->gi_frame_state < FRAME_CLEARED) {
        Frame *frame = gen_frame(gen);
        gen->gi_frame_state = FRAME_CLEARED;
        frame->previous = NULL;
        frame_clear(frame);
    }
    Py_CLEAR(gen->gi_origin_or_finalizer);
    Py_CLEAR(gen->gi_code);
    Py_CLEAR(gen->gi_name);
    Py_CLEAR(gen->gi_qualname);
    Py_CLEAR(gen->gi_exc_state.exc_value);
    return true;
}

/* A generator may hold a generator that holds a generator ... */
void gen_dealloc(PyGenObject *gen)
{
    PyObject_GC_UnTrack(gen);
    Py_TRASHCAN_BEGIN(gen, gen_dealloc)
    if (gen_let_go(gen)) {
        PyObject_GC_Del(gen);
    }
    Py_TRASHCAN_END
}

int gen_traverse(PyGenObject *gen, visitproc visit, void *arg)
{
    Py_VISIT(gen->gi_code);
    Py_VISIT(gen->gi_name);
    Py_VISIT(gen->gi_qualname);
    if (PyAsyncGen_CheckExact(gen)) {
        Py_VISIT(gen->gi_origin_or_finalizer);
    }
    if (gen->gi_frame_state < FRAME_CLEARED) {
        int result = frame_visit(gen_frame(gen), visit, arg);
        if (result) {
            return result;
        }
    }
    Py_VISIT(gen->gi_exc_state.exc_value);
    return 0;
}

/* -- Attributes -------------------------------------------------------------------------------- */

PyObject *gen_repr(PyGenObject *gen)
{
    return PyUnicode_FromFormat("<generator object %S at %p>", gen->gi_qualname, gen);
}

PyObject *gen_get_name(PyGenObject *gen, void *closure) { return Py_NewRef(gen->gi_name); }
PyObject *gen_get_qualname(PyGenObject *gen, void *closure) { return Py_NewRef(gen->gi_qualname); }

static int gen_set_str(PyObject **slot, PyObject *value, const char *what)
{
    if (value == NULL || !PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be set to a string object", what);
        return -1;
    }
    Py_INCREF(value);
    Py_XSETREF(*slot, value);
    return 0;
}

int gen_set_name(PyGenObject *gen, PyObject *value, void *closure)
{
    return gen_set_str(&gen->gi_name, value, "__name__");
}

int gen_set_qualname(PyGenObject *gen, PyObject *value, void *closure)
{
    return gen_set_str(&gen->gi_qualname, value, "__qualname__");
}

PyObject *gen_get_yield_from(PyGenObject *gen, void *closure)
{
    PyObject *delegate = gen_yield_from(gen);
    return delegate != NULL ? delegate : Py_NewRef(Py_None);
}

PyObject *gen_get_running(PyGenObject *gen, void *closure)
{
    return PyBool_FromLong(gen->gi_frame_state == FRAME_EXECUTING);
}

PyObject *gen_get_suspended(PyGenObject *gen, void *closure)
{
    return PyBool_FromLong(gen->gi_frame_state == FRAME_SUSPENDED);
}

PyObject *gen_frame_view(PyGenObject *gen, const char *name)
{
    if (PySys_Audit("object.__getattr__", "Os", gen, name) < 0) {
        return NULL;
    }
    if (gen->gi_frame_state == FRAME_CLEARED) {
        Py_RETURN_NONE;
    }
    return Py_XNewRef((PyObject *)frame_object_ensure(gen_frame(gen)));
}

static PyObject *gen_get_frame(PyGenObject *gen, void *closure)
{
    return gen_frame_view(gen, "gi_frame");
}

PyObject *gen_sizeof(PyGenObject *gen, PyObject *ignored)
{
    PyCodeObject *code = gen->gi_code;
    size_t slots = (size_t)code->co_nlocalsplus + code->co_stacksize;
    return PyLong_FromSize_t(offsetof(PyGenObject, gi_iframe) + offsetof(Frame, localsplus)
                             + slots * sizeof(PyObject *));
}

static PyGetSetDef gen_getset[] = {
    {"__name__", (getter)gen_get_name, (setter)gen_set_name, "name of the generator", NULL},
    {"__qualname__", (getter)gen_get_qualname, (setter)gen_set_qualname,
     "qualified name of the generator", NULL},
    {"gi_yieldfrom", (getter)gen_get_yield_from, NULL,
     "object that yield from waits for, or None", NULL},
    {"gi_running", (getter)gen_get_running, NULL, NULL, NULL},
    {"gi_frame", (getter)gen_get_frame, NULL, NULL, NULL},
    {"gi_suspended", (getter)gen_get_suspended, NULL, NULL, NULL},
    {0},
};
static PyMemberDef gen_members[] = {
    {"gi_code", T_OBJECT, offsetof(PyGenObject, gi_code), READONLY | PY_AUDIT_READ, NULL},
    {0},
};
static PyMethodDef gen_methods[] = {
    {"send", (PyCFunction)gen_send_method, METH_O,
     "send(arg) -> 'arg' becomes what the generator's yield gives;\n"
     "returns what it yields next, or raises StopIteration."},
    {"throw", (PyCFunction)(void (*)(void))gen_throw_method, METH_FASTCALL,
     "throw(value)\n"
     "throw(type[,value[,tb]])\n"
     "\n"
     "The yield where the generator stands raises; returns what it yields\n"
     "next, or raises StopIteration."},
    {"close", (PyCFunction)gen_close_method, METH_NOARGS,
     "close() -> ends the generator with GeneratorExit where it waits."},
    {"__sizeof__", (PyCFunction)gen_sizeof, METH_NOARGS,
     "gen.__sizeof__() -> bytes that gen takes in memory"},
    {0},
};

static PyAsyncMethods gen_as_async = {.am_send = gen_am_send};

PyTypeObject PyGen_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "generator",
    .tp_basicsize = offsetof(PyGenObject, gi_iframe) + offsetof(Frame, localsplus),
    .tp_itemsize = sizeof(PyObject *),
    .tp_dealloc = (destructor)gen_dealloc,
    .tp_as_async = &gen_as_async,
    .tp_repr = (reprfunc)gen_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)gen_traverse,
    .tp_weaklistoffset = offsetof(PyGenObject, gi_weakreflist),
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)gen_iternext,
    .tp_methods = gen_methods,
    .tp_members = gen_members,
    .tp_getset = gen_getset,
    .tp_finalize = _PyGen_Finalize,
};

/* -- Sending to any iterator ------------------------------------------------------------------- */

/* am_send if the type has it, else next() or send(). */
PySendResult PyIter_Send(PyObject *it, PyObject *arg, PyObject **result)
{
    PyTypeObject *type = Py_TYPE(it);
    if (type->tp_as_async != NULL && type->tp_as_async->am_send != NULL) {
        return type->tp_as_async->am_send(it, arg, result);
    }
    *result = arg == Py_None && PyIter_Check(it) ? type->tp_iternext(it)
                                                 : PyObject_CallMethodOneArg(it, ID(send), arg);
    if (*result != NULL) {
        return PYGEN_NEXT;
    }
    return _PyGen_FetchStopIterationValue(result) == 0 ? PYGEN_RETURN : PYGEN_ERROR;
}
