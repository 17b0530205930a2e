/* SPDX-License-Identifier: MIT
 *
 * C(...) without C recursion, when C is an ordinary class: object.__new__ and an __init__ written
 * in Python.
 *
 *      caller's frame <── shim: [self] │ OP_INIT_RETURN <── frame of __init__(self, ...)
 *
 * Between the caller and __init__ lies a shim frame. It owns the new object on its value stack and
 * runs one private instruction, OP_INIT_RETURN, which checks that __init__ returned None and leaves
 * with the object. The shim's code claims that its first traceable instruction never comes, so the
 * frame counts as incomplete: no traceback, no f_back, no sys._getframe ever shows it.
 */
#include "vm/construct.h"
#include "objects/type/slot_funcs.h"

/* made once, never freed; its code is the same for all interpreters */
static PyFunctionObject *shim_function;

/* The function whose code the shims run; NULL with an exception. */
static PyFunctionObject *shim_make(void)
{
    PyCodeObject *code = PyCode_NewEmpty("<init>", "<init>", 1);
    PyObject *globals = code == NULL ? NULL : PyDict_New();
    if (globals == NULL) {
        Py_XDECREF(code);
        return NULL;
    }
    static const uint8_t body[] = {OP_NOP, 0, OP_INIT_RETURN, 0};
    memcpy(FRAME_CODE_START(code), body, sizeof(body));
    code->co_warmup = 0;
    code->_co_firsttraceable = INT_MAX / 2;
    if (code->co_stacksize < 2) {
        code->co_stacksize = 2;
    }
    PyFrameConstructor parts = {
        .fc_globals = globals, .fc_builtins = globals, .fc_name = code->co_name,
        .fc_qualname = code->co_name, .fc_code = (PyObject *)code,
    };
    shim_function = function_from_parts(&parts);
    if (shim_function != NULL) {
        PyObject_GC_UnTrack(shim_function);
    }
    Py_DECREF(globals);
    Py_DECREF(code);
    return shim_function;
}

PyFunctionObject *construct_init_of(PyTypeObject *type)
{
    if (!Py_IS_TYPE(type, &PyType_Type) || type->tp_new != PyBaseObject_Type.tp_new
        || type->tp_init != slot_tp_init || (type->tp_flags & Py_TPFLAGS_IS_ABSTRACT)) {
        return NULL;
    }
    PyObject *init = _PyType_Lookup(type, ID(__init__));
    if (init == NULL || !PyFunction_Check(init) || !PyFunction_vectorcall_is(init)
        || !(((PyCodeObject *)((PyFunctionObject *)init)->func_code)->co_flags & CO_OPTIMIZED)) {
        return NULL;
    }
    return (PyFunctionObject *)init;
}

Frame *construct_push(PyThreadState *tstate, PyTypeObject *type, PyFunctionObject *init,
                      PyObject **args, Py_ssize_t positional, PyObject *kwnames)
{
    PyObject *self = NULL;
    Frame *shim = NULL;
    Py_INCREF(init);
    if ((shim_function != NULL || shim_make() != NULL)
        && (self = type->tp_new(type, EMPTY_TUPLE, NULL)) != NULL) {
        shim = vm_stack_alloc(tstate, frame_words((PyCodeObject *)shim_function->func_code));
    }
    if (shim == NULL) {
        Py_XDECREF(self);
        Py_DECREF(init);
        Py_ssize_t total = positional + (kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames));
        for (Py_ssize_t i = 1; i <= total; i++) {
            Py_DECREF(args[i]);
        }
        return NULL;
    }
    PyCodeObject *code = (PyCodeObject *)shim_function->func_code;
    frame_init(shim, (PyFunctionObject *)Py_NewRef((PyObject *)shim_function), NULL, code);
    shim->localsplus[0] = self;
    shim->stacktop = 1;
    shim->prev_instr = FRAME_CODE_START(code);
    args[0] = Py_NewRef(self);
    Frame *callee = vm_push_call(tstate, init, NULL, args, (size_t)positional + 1, kwnames);
    if (callee == NULL) {
        vm_frame_drop(tstate, shim);
        return NULL;
    }
    callee->previous = shim;
    return callee;
}

bool construct_check_result(PyThreadState *tstate, PyObject *result)
{
    if (LIKELY(result == Py_None)) {
        return true;
    }
    _PyErr_Format(tstate, PyExc_TypeError, "__init__() should return None, not '%.200s'",
                  Py_TYPE(result)->tp_name);
    return false;
}
