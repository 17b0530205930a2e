/* SPDX-License-Identifier: MIT
 *
 * What C code may ask of the machine: the current frame's namespaces, names for callables,
 * recursion budget, the PEP 523 hook, indices of slices.
 */
#include "vm/vm_impl.h"
#include <frameobject.h>

/* -- Recursion budget -------------------------------------------------------------------------- */

/* Frames that handling a RecursionError may use beyond the limit. */
enum { RECURSION_HEADROOM = 50 };

int _Py_CheckRecursiveCall(PyThreadState *tstate, const char *where)
{
    if (tstate->recursion_headroom) {
        if (tstate->recursion_remaining < -RECURSION_HEADROOM) {
            Py_FatalError("Cannot recover from stack overflow.");
        }
        return 0;
    }
    if (tstate->recursion_remaining > 0) {
        return 0;
    }
    tstate->recursion_headroom++;
    _PyErr_Format(tstate, PyExc_RecursionError, "maximum recursion depth exceeded%s", where);
    tstate->recursion_headroom--;
    tstate->recursion_remaining++;
    return -1;
}

/* The same error where the limit still allows a level but the C stack has no room for it. */
int cstack_refuse(const char *where)
{
    PyThreadState *tstate = tstate_get();
    if (tstate->recursion_headroom) {
        return 0;
    }
    tstate->recursion_headroom++;
    _PyErr_Format(tstate, PyExc_RecursionError, "maximum recursion depth exceeded%s", where);
    tstate->recursion_headroom--;
    return -1;
}

int Py_EnterRecursiveCall(const char *where) { return vm_recursion_enter_c(tstate_get(), where); }
void Py_LeaveRecursiveCall(void) { vm_recursion_leave(tstate_get()); }
int Py_GetRecursionLimit(void) { return interp_get()->recursion_limit; }

void Py_SetRecursionLimit(int limit)
{
    PyInterpreterState *interp = interp_get();
    interp->recursion_limit = limit;
    for (PyThreadState *t = interp->threads.head; t != NULL; t = t->next) {
        int depth = t->recursion_limit - t->recursion_remaining;
        t->recursion_limit = limit;
        t->recursion_remaining = limit - depth;
    }
}

/* -- The current frame's namespaces ------------------------------------------------------------ */

PyFrameObject *PyEval_GetFrame(void)
{
    Frame *frame = frame_current(tstate_get());
    if (frame == NULL) {
        return NULL;
    }
    PyFrameObject *f = frame_object_ensure(frame);
    if (f == NULL) {
        PyErr_Clear();
    }
    return f;
}

static PyObject *current_builtins(PyThreadState *tstate)
{
    Frame *frame = frame_current(tstate);
    return frame != NULL ? frame->f_builtins : tstate->interp->builtins;
}

PyObject *PyEval_GetBuiltins(void) { return current_builtins(tstate_get()); }

PyObject *PyEval_GetGlobals(void)
{
    Frame *frame = frame_current(tstate_get());
    return frame != NULL ? frame->f_globals : NULL;
}

PyObject *PyEval_GetLocals(void)
{
    PyThreadState *tstate = tstate_get();
    Frame *frame = frame_current(tstate);
    if (frame == NULL) {
        _PyErr_SetString(tstate, PyExc_SystemError, "frame does not exist");
        return NULL;
    }
    return frame_fast_to_locals(frame) < 0 ? NULL : frame->f_locals;
}

PyObject *vm_builtins_of(PyThreadState *tstate, PyObject *globals)
{
    PyObject *builtins = PyDict_GetItemWithError(globals, ID(__builtins__));
    if (builtins != NULL) {
        return PyModule_Check(builtins) ? PyModule_GetDict(builtins) : builtins;
    }
    return PyErr_Occurred() ? NULL : current_builtins(tstate);
}

PyObject *_PyEval_GetBuiltin(PyObject *name)
{
    PyObject *value = PyDict_GetItemWithError(PyEval_GetBuiltins(), name);
    if (value != NULL) {
        return Py_NewRef(value);
    }
    if (!PyErr_Occurred()) {
        PyErr_SetObject(PyExc_AttributeError, name);
    }
    return NULL;
}

PyObject *_PyEval_GetBuiltinId(_Py_Identifier *id)
{
    PyObject *name = _PyUnicode_FromId(id);
    return name == NULL ? NULL : _PyEval_GetBuiltin(name);
}

int PyEval_MergeCompilerFlags(PyCompilerFlags *cf)
{
    Frame *frame = tstate_get()->cframe->current_frame;
    int result = cf->cf_flags != 0;
    if (frame != NULL) {
        int inherited = frame->f_code->co_flags & PyCF_MASK;
        result |= inherited != 0;
        cf->cf_flags |= inherited;
    }
    return result;
}

/* -- Names for messages ------------------------------------------------------------------------ */

const char *PyEval_GetFuncName(PyObject *func)
{
    if (PyMethod_Check(func)) {
        return PyEval_GetFuncName(PyMethod_GET_FUNCTION(func));
    }
    if (PyFunction_Check(func)) {
        return PyUnicode_AsUTF8(((PyFunctionObject *)func)->func_name);
    }
    if (PyCFunction_Check(func)) {
        return ((PyCFunctionObject *)func)->m_ml->ml_name;
    }
    return Py_TYPE(func)->tp_name;
}

const char *PyEval_GetFuncDesc(PyObject *func)
{
    return PyMethod_Check(func) || PyFunction_Check(func) || PyCFunction_Check(func) ? "()"
                                                                                     : " object";
}

/* -- Slices ------------------------------------------------------------------------------------ */

/* `O&` style converters: None keeps *pi; big values are clipped. 1 done, 0 error. */
int _PyEval_SliceIndex(PyObject *v, Py_ssize_t *pi)
{
    if (v != Py_None && !PyIndex_Check(v)) {
        PyErr_SetString(PyExc_TypeError,
                        "slice indices must be integers or None or have an __index__ method");
        return 0;
    }
    return v == Py_None ? 1 : _PyEval_SliceIndexNotNone(v, pi);
}

int _PyEval_SliceIndexNotNone(PyObject *v, Py_ssize_t *pi)
{
    if (!PyIndex_Check(v)) {
        PyErr_SetString(PyExc_TypeError,
                        "slice indices must be integers or have an __index__ method");
        return 0;
    }
    Py_ssize_t x = PyNumber_AsSsize_t(v, NULL);
    if (x == -1 && PyErr_Occurred()) {
        return 0;
    }
    *pi = x;
    return 1;
}

/* -- PEP 523 ----------------------------------------------------------------------------------- */

_PyFrameEvalFunction _PyInterpreterState_GetEvalFrameFunc(PyInterpreterState *interp)
{
    return interp->eval_frame != NULL ? interp->eval_frame : _PyEval_EvalFrameDefault;
}

void _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState *interp,
                                          _PyFrameEvalFunction eval_frame)
{
    interp->eval_frame = eval_frame == _PyEval_EvalFrameDefault ? NULL : eval_frame;
}

Py_ssize_t _PyEval_RequestCodeExtraIndex(freefunc free)
{
    PyInterpreterState *interp = interp_get();
    if (interp->co_extra_user_count == (Py_ssize_t)COUNT_OF(interp->co_extra_freefuncs) - 1) {
        return -1;
    }
    Py_ssize_t index = interp->co_extra_user_count++;
    interp->co_extra_freefuncs[index] = free;
    return index;
}

/* -- Frames of threads ------------------------------------------------------------------------- */

PyFrameObject *PyThreadState_GetFrame(PyThreadState *tstate)
{
    Frame *frame = frame_current(tstate);
    PyFrameObject *f = frame == NULL ? NULL : frame_object_ensure(frame);
    if (f == NULL && frame != NULL) {
        PyErr_Clear();
    }
    return (PyFrameObject *)Py_XNewRef((PyObject *)f);
}
