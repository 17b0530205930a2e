/* SPDX-License-Identifier: MIT
 *
 * Async generators, and the box for values they yield: `yield v` wraps v (ASYNC_GEN_WRAP), so that
 * whoever drives the frame can tell it from what an inner await yields. __anext__, asend, athrow
 * and aclose return the awaitables of asyncgen_awaitables.c.
 */
#include "objects/asyncgen.h"

/* -- Wrapped values ---------------------------------------------------------------------------- */

/* A fresh box: nobody else may hold it, since the driver takes the value out. */
PyObject *asyncgen_wrap(PyObject *value)
{
    WrappedValue *w = PyObject_GC_New(WrappedValue, &_PyAsyncGenWrappedValue_Type);
    if (w == NULL) {
        return NULL;
    }
    w->value = Py_NewRef(value);
    PyObject_GC_Track(w);
    return (PyObject *)w;
}

static void wrapped_dealloc(WrappedValue *w)
{
    PyObject_GC_UnTrack(w);
    Py_CLEAR(w->value);
    PyObject_GC_Del(w);
}

static int wrapped_traverse(WrappedValue *w, visitproc visit, void *arg)
{
    Py_VISIT(w->value);
    return 0;
}

PyTypeObject _PyAsyncGenWrappedValue_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "async_generator_wrapped_value",
    .tp_basicsize = sizeof(WrappedValue),
    .tp_dealloc = (destructor)wrapped_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)wrapped_traverse,
};

/* What one step of the frame means to the awaitable that drove it. STEALS result (MAYBE_NULL). */
PyObject *asyncgen_unwrap(PyAsyncGenObject *gen, PyObject *result)
{
    if (result == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetNone(PyExc_StopAsyncIteration);
        }
        if (PyErr_ExceptionMatches(PyExc_StopAsyncIteration)
            || PyErr_ExceptionMatches(PyExc_GeneratorExit)) {
            gen->ag_closed = 1;
        }
        gen->ag_running_async = 0;
        return NULL;
    }
    if (!is_wrapped(result)) {
        return result; /* an inner await waits */
    }
    _PyGen_SetStopIterationValue(((WrappedValue *)result)->value);
    Py_DECREF(result);
    gen->ag_running_async = 0;
    return NULL;
}

/* -- Methods ----------------------------------------------------------------------------------- */

/* On first use: remembers the finalizer hook and tells the firstiter hook. */
static int asyncgen_init_hooks(PyAsyncGenObject *gen)
{
    if (gen->ag_hooks_inited) {
        return 0;
    }
    gen->ag_hooks_inited = 1;
    PyThreadState *tstate = tstate_get();
    if (tstate->async_gen_finalizer != NULL) {
        gen->ag_origin_or_finalizer = Py_NewRef(tstate->async_gen_finalizer);
    }
    PyObject *firstiter = tstate->async_gen_firstiter;
    if (firstiter == NULL) {
        return 0;
    }
    Py_INCREF(firstiter);
    PyObject *result = PyObject_CallOneArg(firstiter, (PyObject *)gen);
    Py_DECREF(firstiter);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static PyObject *asyncgen_anext(PyAsyncGenObject *gen)
{
    return asyncgen_init_hooks(gen) < 0 ? NULL : asyncgen_asend_new(gen, NULL);
}

static PyObject *asyncgen_asend(PyAsyncGenObject *gen, PyObject *value)
{
    return asyncgen_init_hooks(gen) < 0 ? NULL : asyncgen_asend_new(gen, value);
}

static PyObject *asyncgen_aclose(PyAsyncGenObject *gen, PyObject *ignored)
{
    return asyncgen_init_hooks(gen) < 0 ? NULL : asyncgen_athrow_new(gen, NULL);
}

static PyObject *asyncgen_athrow(PyAsyncGenObject *gen, PyObject *args)
{
    return asyncgen_init_hooks(gen) < 0 ? NULL : asyncgen_athrow_new(gen, args);
}

static PyObject *asyncgen_repr(PyAsyncGenObject *gen)
{
    return PyUnicode_FromFormat("<async_generator object %S at %p>", gen->ag_qualname, gen);
}

static PyObject *asyncgen_get_frame(PyGenObject *gen, void *closure)
{
    return gen_frame_view(gen, "ag_frame");
}

static PyGetSetDef asyncgen_getset[] = {
    {"__name__", (getter)gen_get_name, (setter)gen_set_name, "name of the async generator", NULL},
    {"__qualname__", (getter)gen_get_qualname, (setter)gen_set_qualname,
     "qualified name of the async generator", NULL},
    {"ag_await", (getter)gen_get_yield_from, NULL, "object that is awaited, or None", NULL},
    {"ag_frame", (getter)asyncgen_get_frame, NULL, NULL, NULL},
    {0},
};
static PyMemberDef asyncgen_members[] = {
    {"ag_running", T_BOOL, offsetof(PyAsyncGenObject, ag_running_async), READONLY, NULL},
    {"ag_code", T_OBJECT, offsetof(PyAsyncGenObject, ag_code), READONLY | PY_AUDIT_READ, NULL},
    {0},
};
static PyMethodDef asyncgen_methods[] = {
    {"asend", (PyCFunction)asyncgen_asend, METH_O, "asend(v) -> awaitable that goes on with 'v'."},
    {"athrow", (PyCFunction)asyncgen_athrow, METH_VARARGS,
     "athrow(typ[,val[,tb]]) -> awaitable that raises inside."},
    {"aclose", (PyCFunction)asyncgen_aclose, METH_NOARGS,
     "aclose() -> awaitable that raises GeneratorExit inside."},
    {"__sizeof__", (PyCFunction)gen_sizeof, METH_NOARGS,
     "gen.__sizeof__() -> bytes that gen takes in memory"},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {0},
};

static PyAsyncMethods asyncgen_as_async = {
    .am_aiter = PyObject_SelfIter,
    .am_anext = (unaryfunc)asyncgen_anext,
    .am_send = gen_am_send,
};

PyTypeObject PyAsyncGen_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "async_generator",
    .tp_basicsize = offsetof(PyGenObject, gi_iframe) + offsetof(Frame, localsplus),
    .tp_itemsize = sizeof(PyObject *),
    .tp_dealloc = (destructor)gen_dealloc,
    .tp_as_async = &asyncgen_as_async,
    .tp_repr = (reprfunc)asyncgen_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)gen_traverse,
    .tp_weaklistoffset = offsetof(PyAsyncGenObject, ag_weakreflist),
    .tp_methods = asyncgen_methods,
    .tp_members = asyncgen_members,
    .tp_getset = asyncgen_getset,
    .tp_finalize = _PyGen_Finalize,
};
