/* SPDX-License-Identifier: MIT
 *
 * What __anext__(), asend(), athrow() and aclose() return. Each can be awaited once: INIT -> ITER
 * -> CLOSED. A value that the generator yields ends the await (StopIteration with the value);
 * anything else is passed up.
 */
#include "objects/asyncgen.h"

enum await_state { AWAIT_INIT, AWAIT_ITER, AWAIT_CLOSED };

typedef struct {
    PyObject_HEAD
    PyAsyncGenObject *gen;  /* strong */
    PyObject *payload;      /* strong, may be NULL: value to send, or athrow's arguments */
    enum await_state state;
} Awaitable;

static PyObject *awaitable_new(PyTypeObject *type, PyAsyncGenObject *gen, PyObject *payload)
{
    Awaitable *a = PyObject_GC_New(Awaitable, type);
    if (a == NULL) {
        return NULL;
    }
    a->gen = (PyAsyncGenObject *)Py_NewRef((PyObject *)gen);
    a->payload = Py_XNewRef(payload);
    a->state = AWAIT_INIT;
    PyObject_GC_Track(a);
    return (PyObject *)a;
}

static void awaitable_dealloc(Awaitable *a)
{
    PyObject_GC_UnTrack(a);
    Py_CLEAR(a->gen);
    Py_CLEAR(a->payload);
    PyObject_GC_Del(a);
}

static int awaitable_traverse(Awaitable *a, visitproc visit, void *arg)
{
    Py_VISIT(a->gen);
    Py_VISIT(a->payload);
    return 0;
}

static PyObject *awaitable_close(Awaitable *a, PyObject *ignored)
{
    a->state = AWAIT_CLOSED;
    Py_RETURN_NONE;
}

/* -- asend ------------------------------------------------------------------------------------- */

PyObject *asyncgen_asend_new(PyAsyncGenObject *gen, PyObject *value)
{
    return awaitable_new(&_PyAsyncGenASend_Type, gen, value);
}

/* The first send starts the generator: None stands for __anext__, and the payload is what asend()
   was given. */
static PyObject *asend_send(Awaitable *a, PyObject *arg)
{
    if (a->state == AWAIT_CLOSED) {
        PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
        return NULL;
    }
    if (a->state == AWAIT_INIT) {
        if (a->gen->ag_running_async) {
            PyErr_SetString(PyExc_RuntimeError,
                            "anext(): asynchronous generator is already running");
            return NULL;
        }
        if (arg == NULL || arg == Py_None) {
            arg = a->payload;
        }
        a->state = AWAIT_ITER;
    }
    a->gen->ag_running_async = 1;
    PyObject *result = asyncgen_unwrap(a->gen,
                                       gen_send_ex((PyGenObject *)a->gen, arg, false, false));
    if (result == NULL) {
        a->state = AWAIT_CLOSED;
    }
    return result;
}

static PyObject *asend_iternext(Awaitable *a) { return asend_send(a, NULL); }

static PyObject *asend_throw(Awaitable *a, PyObject *const *args, Py_ssize_t nargs)
{
    if (a->state == AWAIT_CLOSED) {
        PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
        return NULL;
    }
    PyObject *result = asyncgen_unwrap(a->gen,
                                       gen_throw_method((PyGenObject *)a->gen, args, nargs));
    if (result == NULL) {
        a->state = AWAIT_CLOSED;
    }
    return result;
}

#define DOC_SEND "send(arg) -> 'arg' becomes what the generator's yield gives;\n" \
                 "returns what it yields next, or raises StopIteration."
#define DOC_THROW "throw(value)\n" \
                  "throw(type[,value[,tb]])\n" \
                  "\n" \
                  "The generator's yield raises; returns what it yields next, or raises\n" \
                  "StopIteration."
#define DOC_CLOSE "close() -> give up waiting."

static PyMethodDef asend_methods[] = {
    {"send", (PyCFunction)asend_send, METH_O, DOC_SEND},
    {"throw", (PyCFunction)(void (*)(void))asend_throw, METH_FASTCALL, DOC_THROW},
    {"close", (PyCFunction)awaitable_close, METH_NOARGS, DOC_CLOSE},
    {0},
};
static PyAsyncMethods awaitable_as_async = {.am_await = PyObject_SelfIter};

PyTypeObject _PyAsyncGenASend_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "async_generator_asend",
    .tp_basicsize = sizeof(Awaitable),
    .tp_dealloc = (destructor)awaitable_dealloc,
    .tp_as_async = &awaitable_as_async,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)awaitable_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)asend_iternext,
    .tp_methods = asend_methods,
};

/* -- athrow, aclose ---------------------------------------------------------------------------- */

PyObject *asyncgen_athrow_new(PyAsyncGenObject *gen, PyObject *args)
{
    return awaitable_new(&_PyAsyncGenAThrow_Type, gen, args);
}

static bool is_aclose(Awaitable *a) { return a->payload == NULL; }

/* The generator yielded instead of ending. */
static PyObject *athrow_ignored(Awaitable *a, PyObject *yielded)
{
    Py_DECREF(yielded);
    a->gen->ag_running_async = 0;
    a->state = AWAIT_CLOSED;
    PyErr_SetString(PyExc_RuntimeError, "async generator ignored GeneratorExit");
    return NULL;
}

static PyObject *athrow_failed(Awaitable *a)
{
    a->gen->ag_running_async = 0;
    a->state = AWAIT_CLOSED;
    if (is_aclose(a) && (PyErr_ExceptionMatches(PyExc_StopAsyncIteration)
                         || PyErr_ExceptionMatches(PyExc_GeneratorExit))) {
        PyErr_Clear(); /* what aclose() is for has happened */
        PyErr_SetNone(PyExc_StopIteration);
    }
    return NULL;
}

/* The first step: raises inside. */
static PyObject *athrow_start(Awaitable *a, PyObject *arg)
{
    PyAsyncGenObject *gen = a->gen;
    if (gen->ag_running_async) {
        a->state = AWAIT_CLOSED;
        PyErr_SetString(PyExc_RuntimeError,
                        is_aclose(a) ? "aclose(): asynchronous generator is already running"
                                     : "athrow(): asynchronous generator is already running");
        return NULL;
    }
    if (gen->ag_closed) {
        a->state = AWAIT_CLOSED;
        PyErr_SetNone(PyExc_StopAsyncIteration);
        return NULL;
    }
    if (arg != Py_None) {
        PyErr_SetString(PyExc_RuntimeError,
                        "can't send non-None value to a just-started coroutine");
        return NULL;
    }
    a->state = AWAIT_ITER;
    gen->ag_running_async = 1;
    PyObject *result;
    if (is_aclose(a)) {
        gen->ag_closed = 1;
        result = gen_throw((PyGenObject *)gen, false, PyExc_GeneratorExit, NULL, NULL);
        if (result != NULL && is_wrapped(result)) {
            return athrow_ignored(a, result);
        }
    }
    else {
        PyObject *type, *value = NULL, *tb = NULL;
        if (!PyArg_UnpackTuple(a->payload, "athrow", 1, 3, &type, &value, &tb)) {
            return NULL;
        }
        result = asyncgen_unwrap(gen, gen_throw((PyGenObject *)gen, false, type, value, tb));
    }
    return result != NULL ? result : athrow_failed(a);
}

/* athrow's arguments are raised inside at the first send; aclose (no payload) raises
   GeneratorExit and wants no more values. */
static PyObject *athrow_send(Awaitable *a, PyObject *arg)
{
    PyGenObject *gen = (PyGenObject *)a->gen;
    if (a->state == AWAIT_CLOSED) {
        PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
        return NULL;
    }
    if (gen->gi_frame_state >= FRAME_COMPLETED) {
        a->state = AWAIT_CLOSED;
        PyErr_SetNone(PyExc_StopIteration);
        return NULL;
    }
    if (a->state == AWAIT_INIT) {
        return athrow_start(a, arg);
    }
    PyObject *result = gen_send_ex(gen, arg, false, false);
    if (!is_aclose(a)) {
        return asyncgen_unwrap(a->gen, result);
    }
    if (result == NULL) {
        return athrow_failed(a);
    }
    return is_wrapped(result) ? athrow_ignored(a, result) : result;
}

static PyObject *athrow_iternext(Awaitable *a) { return athrow_send(a, Py_None); }

static PyObject *athrow_throw(Awaitable *a, PyObject *const *args, Py_ssize_t nargs)
{
    if (a->state == AWAIT_CLOSED) {
        PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
        return NULL;
    }
    PyObject *result = gen_throw_method((PyGenObject *)a->gen, args, nargs);
    if (!is_aclose(a)) {
        return asyncgen_unwrap(a->gen, result);
    }
    if (result != NULL && is_wrapped(result)) {
        return athrow_ignored(a, result);
    }
    if (result == NULL && (PyErr_ExceptionMatches(PyExc_StopAsyncIteration)
                           || PyErr_ExceptionMatches(PyExc_GeneratorExit))) {
        PyErr_Clear();
        PyErr_SetNone(PyExc_StopIteration);
    }
    return result;
}

static PyMethodDef athrow_methods[] = {
    {"send", (PyCFunction)athrow_send, METH_O, DOC_SEND},
    {"throw", (PyCFunction)(void (*)(void))athrow_throw, METH_FASTCALL, DOC_THROW},
    {"close", (PyCFunction)awaitable_close, METH_NOARGS, DOC_CLOSE},
    {0},
};

PyTypeObject _PyAsyncGenAThrow_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "async_generator_athrow",
    .tp_basicsize = sizeof(Awaitable),
    .tp_dealloc = (destructor)awaitable_dealloc,
    .tp_as_async = &awaitable_as_async,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)awaitable_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)athrow_iternext,
    .tp_methods = athrow_methods,
};
