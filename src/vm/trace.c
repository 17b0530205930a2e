/* SPDX-License-Identifier: MIT
 *
 * sys.settrace and sys.setprofile: when events fire, and how C functions are told of them.
 *
 *      call       RESUME of a new frame          line     DO_TRACING, where a line begins
 *      return     leaving, also by an exception  opcode   every instruction, if f_trace_opcodes
 *      exception  raised in a frame              c_*      calls of C functions (profilers only)
 *
 * cframe->use_tracing is 255 while somebody listens; the loop ORs it into every opcode, so each
 * instruction goes through DO_TRACING first and runs unspecialised. tstate->tracing counts trace
 * functions that run just now: they are not traced themselves.
 */
#include "bytecode/code.h"
#include "vm/vm_impl.h"
#include <frameobject.h>

/* -- Switching --------------------------------------------------------------------------------- */

/* Recomputes use_tracing after either function or the count has changed. */
static void tracing_update(PyThreadState *tstate)
{
    bool on =
        tstate->tracing == 0 && (tstate->c_tracefunc != NULL || tstate->c_profilefunc != NULL);
    tstate->cframe->use_tracing = on ? 255 : 0;
}

void PyThreadState_EnterTracing(PyThreadState *tstate)
{
    tstate->tracing++;
    tstate->cframe->use_tracing = 0;
}

void PyThreadState_LeaveTracing(PyThreadState *tstate)
{
    tstate->tracing--;
    tracing_update(tstate);
}

/* What tells settrace and setprofile apart. `busy` guards against a destructor that installs
   another one. */
struct tracing_kind { const char *event, *busy_message; bool busy; };

static int tracing_set(PyThreadState *tstate, struct tracing_kind *kind, Py_tracefunc *func_slot,
                       PyObject **obj_slot, Py_tracefunc func, PyObject *arg)
{
    if (PySys_Audit(kind->event, NULL) < 0) {
        return -1;
    }
    if (kind->busy) {
        _PyErr_SetString(tstate, PyExc_RuntimeError, kind->busy_message);
        kind->busy = false;
        return -1;
    }
    kind->busy = true;
    PyObject *old = *obj_slot;
    *func_slot = NULL;
    *obj_slot = NULL;
    tracing_update(tstate);
    Py_XDECREF(old); /* may run code, which finds no half-set pair */
    *obj_slot = Py_XNewRef(arg);
    *func_slot = func;
    tracing_update(tstate);
    kind->busy = false;
    return 0;
}

int _PyEval_SetTrace(PyThreadState *tstate, Py_tracefunc func, PyObject *arg)
{
    static struct tracing_kind kind = {
        "sys.settrace",
        "Cannot install a trace function while another trace function is being installed",
        false,
    };
    return tracing_set(tstate, &kind, &tstate->c_tracefunc, &tstate->c_traceobj, func, arg);
}

int _PyEval_SetProfile(PyThreadState *tstate, Py_tracefunc func, PyObject *arg)
{
    static struct tracing_kind kind = {
        "sys.setprofile",
        "Cannot install a profile function while another profile function is being installed",
        false,
    };
    return tracing_set(tstate, &kind, &tstate->c_profilefunc, &tstate->c_profileobj, func, arg);
}

void PyEval_SetTrace(Py_tracefunc func, PyObject *arg)
{
    if (_PyEval_SetTrace(tstate_get(), func, arg) < 0) {
        PyErr_WriteUnraisable(NULL);
    }
}

void PyEval_SetProfile(Py_tracefunc func, PyObject *arg)
{
    if (_PyEval_SetProfile(tstate_get(), func, arg) < 0) {
        PyErr_WriteUnraisable(NULL);
    }
}

/* sys.call_tracing: func(*args) with tracing on, even inside a trace function. */
PyObject *_PyEval_CallTracing(PyObject *func, PyObject *args)
{
    PyThreadState *tstate = tstate_get();
    int tracing = tstate->tracing;
    tstate->tracing = 0;
    tracing_update(tstate);
    PyObject *result = PyObject_Call(func, args, NULL);
    tstate->tracing = tracing;
    tracing_update(tstate);
    return result;
}

/* -- One event --------------------------------------------------------------------------------- */

/* Makes the thread's cursor over the line table stand at the beginning of `code`, unless it stands
   in it already: tracing asks for neighbouring instructions again and again. */
void trace_init_lines(PyThreadState *tstate, PyCodeObject *code)
{
    PyTraceInfo *info = &tstate->trace_info;
    if (info->code != code) {
        info->code = code;
        code_lines_init(code, &info->bounds);
    }
}

static int call_event(Py_tracefunc func, PyObject *obj, PyThreadState *tstate, Frame *frame,
                      int what, PyObject *arg)
{
    if (tstate->tracing) {
        return 0;
    }
    PyFrameObject *f = frame_object_ensure(frame);
    if (f == NULL) {
        return -1;
    }
    int old_what = tstate->tracing_what;
    tstate->tracing_what = what;
    PyThreadState_EnterTracing(tstate);
    if (frame_lasti(frame) < 0) {
        f->f_lineno = frame->f_code->co_firstlineno;
    }
    else {
        trace_init_lines(tstate, frame->f_code);
        int addr = frame_lasti(frame) * (int)sizeof(_Py_CODEUNIT);
        f->f_lineno = trace_check_line(addr, &tstate->trace_info.bounds);
    }
    int result = func(obj, f, what, arg);
    f->f_lineno = 0;
    PyThreadState_LeaveTracing(tstate);
    tstate->tracing_what = old_what;
    return result;
}

/* An event while an exception may be set: that one survives, unless the trace function raises. */
static int call_event_protected(Py_tracefunc func, PyObject *obj, PyThreadState *tstate,
                                Frame *frame, int what, PyObject *arg)
{
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    int failed = call_event(func, obj, tstate, frame, what, arg);
    if (failed == 0) {
        _PyErr_Restore(tstate, type, value, tb);
        return 0;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
    return -1;
}

/* -- Functions --------------------------------------------------------------------------------- */

/* "call" for the tracer, then for the profiler. */
int trace_enter_function(PyThreadState *tstate, Frame *frame)
{
    if (tstate->c_tracefunc != NULL
        && call_event(tstate->c_tracefunc, tstate->c_traceobj, tstate, frame, PyTrace_CALL,
                      Py_None)) {
        return -1;
    }
    return tstate->c_profilefunc != NULL
           && call_event(tstate->c_profilefunc, tstate->c_profileobj, tstate, frame, PyTrace_CALL,
                         Py_None);
}

/* The frame is entered by throw(): the exception that is set must outlive the trace function. */
int trace_enter_throw(PyThreadState *tstate, Frame *frame)
{
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    int failed = trace_enter_function(tstate, frame);
    if (failed == 0) {
        _PyErr_Restore(tstate, type, value, tb);
        return 0;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
    return -1;
}

/* "return" likewise; retval NULL: an exception leaves the frame. */
int trace_leave_function(PyThreadState *tstate, Frame *frame, PyObject *retval)
{
    if (tstate->c_tracefunc != NULL
        && call_event_protected(tstate->c_tracefunc, tstate->c_traceobj, tstate, frame,
                                PyTrace_RETURN, retval)) {
        return -1;
    }
    return tstate->c_profilefunc != NULL
           && call_event_protected(tstate->c_profilefunc, tstate->c_profileobj, tstate, frame,
                                   PyTrace_RETURN, retval);
}

/* "exception" with the triple; what is set stays set. */
void trace_exception(PyThreadState *tstate, Frame *frame)
{
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    if (value == NULL) {
        value = Py_NewRef(Py_None);
    }
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    PyObject *shown_tb = tb != NULL ? tb : Py_None;
    PyObject *arg = PyTuple_Pack(3, type, value, shown_tb);
    if (arg == NULL) {
        _PyErr_Restore(tstate, type, value, tb);
        return;
    }
    int failed =
        call_event(tstate->c_tracefunc, tstate->c_traceobj, tstate, frame, PyTrace_EXCEPTION, arg);
    Py_DECREF(arg);
    if (failed == 0) {
        _PyErr_Restore(tstate, type, value, tb);
        return;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
}

/* -- Lines and instructions -------------------------------------------------------------------- */

/* A line event fires when the line changes and at backward jumps (but not while `yield from`
   waits). */
int trace_line(PyThreadState *tstate, Frame *frame, int instr_prev)
{
    trace_init_lines(tstate, frame->f_code);
    PyCodeAddressRange *bounds = &tstate->trace_info.bounds;
    int unit = (int)sizeof(_Py_CODEUNIT), last_line = -1, result = 0;
    if (instr_prev > frame->f_code->_co_firsttraceable) {
        last_line = trace_check_line(instr_prev * unit, bounds);
    }
    int lasti = frame_lasti(frame);
    int line = trace_check_line(lasti * unit, bounds);
    PyFrameObject *f = frame_object_ensure(frame);
    if (f == NULL) {
        return -1;
    }
    if (line != -1 && f->f_trace_lines) {
        bool jumped_back = lasti < instr_prev && _Py_OPCODE(*frame->prev_instr) != OP_SEND;
        if (line != last_line || jumped_back) {
            result = call_event(tstate->c_tracefunc, tstate->c_traceobj, tstate, frame,
                                PyTrace_LINE, Py_None);
        }
    }
    if (f->f_trace_opcodes && result == 0) {
        result = call_event(tstate->c_tracefunc, tstate->c_traceobj, tstate, frame, PyTrace_OPCODE,
                            Py_None);
    }
    return result;
}

/* -- C functions ------------------------------------------------------------------------------- */

/* A call between c_call and c_return, or c_exception. */
static PyObject *call_profiled(PyThreadState *tstate, Frame *frame, PyObject *func,
                               PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    if (call_event(tstate->c_profilefunc, tstate->c_profileobj, tstate, frame, PyTrace_C_CALL,
                   func)) {
        return NULL;
    }
    PyObject *result = PyObject_Vectorcall(func, args, nargsf, kwnames);
    if (tstate->c_profilefunc == NULL) {
        return result;
    }
    if (result == NULL) {
        call_event_protected(tstate->c_profilefunc, tstate->c_profileobj, tstate, frame,
                             PyTrace_C_EXCEPTION, func);
    } else if (call_event(tstate->c_profilefunc, tstate->c_profileobj, tstate, frame,
                          PyTrace_C_RETURN, func)) {
        Py_CLEAR(result);
    }
    return result;
}

/* Method descriptors of C types are bound first, so that the profiler sees which object they work
   on. */
PyObject *vm_call_traced(PyThreadState *tstate, Frame *frame, PyObject *callable,
                         PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    if (tstate->c_profilefunc == NULL) {
        return PyObject_Vectorcall(callable, args, nargsf, kwnames);
    }
    if (PyCFunction_CheckExact(callable) || PyCMethod_CheckExact(callable)) {
        return call_profiled(tstate, frame, callable, args, nargsf, kwnames);
    }
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!Py_IS_TYPE(callable, &PyMethodDescr_Type) || nargs == 0) {
        return PyObject_Vectorcall(callable, args, nargsf, kwnames);
    }
    PyObject *self = args[0];
    PyObject *bound = Py_TYPE(callable)->tp_descr_get(callable, self, (PyObject *)Py_TYPE(self));
    if (bound == NULL) {
        return NULL;
    }
    PyObject *result = call_profiled(tstate, frame, bound, args + 1, (size_t)(nargs - 1), kwnames);
    Py_DECREF(bound);
    return result;
}
