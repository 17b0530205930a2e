/* SPDX-License-Identifier: MIT
 *
 * anext_awaitable: what anext(it, default) returns. It drives the wrapped awaitable and turns
 * StopAsyncIteration into StopIteration(default).
 */
#include "objects/generator.h"

typedef struct {
    PyObject_HEAD
    PyObject *wrapped;       /* strong */
    PyObject *default_value; /* strong */
} AnextAwaitable;

PyTypeObject PyAnextAwaitable_Type;

PyObject *anext_awaitable_new(PyObject *awaitable, PyObject *default_value)
{
    AnextAwaitable *a = PyObject_GC_New(AnextAwaitable, &PyAnextAwaitable_Type);
    if (a == NULL) {
        return NULL;
    }
    a->wrapped = Py_NewRef(awaitable);
    a->default_value = Py_NewRef(default_value);
    PyObject_GC_Track(a);
    return (PyObject *)a;
}

static void anext_dealloc(AnextAwaitable *a)
{
    PyObject_GC_UnTrack(a);
    Py_XDECREF(a->wrapped);
    Py_XDECREF(a->default_value);
    PyObject_GC_Del(a);
}

static int anext_traverse(AnextAwaitable *a, visitproc visit, void *arg)
{
    Py_VISIT(a->wrapped);
    Py_VISIT(a->default_value);
    return 0;
}

/* An iterator over the wrapped awaitable; coroutines need one step more to become one. */
static PyObject *anext_iterator(AnextAwaitable *a)
{
    PyObject *it = coro_await_iter(a->wrapped);
    if (it == NULL || Py_TYPE(it)->tp_iternext != NULL) {
        return it;
    }
    PyObject *inner = Py_TYPE(it)->tp_as_async->am_await(it);
    Py_SETREF(it, inner);
    if (it != NULL && !PyIter_Check(it)) {
        PyErr_SetString(PyExc_TypeError, "__await__ returned a non-iterable");
        Py_CLEAR(it);
    }
    return it;
}

static PyObject *anext_result(AnextAwaitable *a, PyObject *result)
{
    if (result == NULL && PyErr_ExceptionMatches(PyExc_StopAsyncIteration)) {
        _PyGen_SetStopIterationValue(a->default_value);
    }
    return result;
}

static PyObject *anext_iternext(AnextAwaitable *a)
{
    PyObject *it = anext_iterator(a);
    if (it == NULL) {
        return NULL;
    }
    PyObject *result = Py_TYPE(it)->tp_iternext(it);
    Py_DECREF(it);
    return anext_result(a, result);
}

/* send, throw and close of the iterator below. */
static PyObject *anext_forward(AnextAwaitable *a, PyObject *name, PyObject *args)
{
    PyObject *it = anext_iterator(a);
    if (it == NULL) {
        return NULL;
    }
    PyObject *method = PyObject_GetAttr(it, name);
    Py_DECREF(it);
    if (method == NULL) {
        return NULL;
    }
    PyObject *result = PyObject_CallObject(method, args);
    Py_DECREF(method);
    return anext_result(a, result);
}

static PyObject *anext_send(AnextAwaitable *a, PyObject *args)
{
    return anext_forward(a, ID(send), args);
}

static PyObject *anext_throw(AnextAwaitable *a, PyObject *args)
{
    return anext_forward(a, ID(throw), args);
}

static PyObject *anext_close(AnextAwaitable *a, PyObject *args)
{
    return anext_forward(a, ID(close), args);
}

static PyMethodDef anext_methods[] = {
    {"send", (PyCFunction)anext_send, METH_VARARGS,
     "send(arg) -> go on with 'arg' in the wrapped iterator,\n"
     "return the next yielded value or raise StopIteration."},
    {"throw", (PyCFunction)anext_throw, METH_VARARGS,
     "throw(typ[,val[,tb]]) -> raise inside the iterator below;\n"
     "gives what it yields next or raises StopIteration."},
    {"close", (PyCFunction)anext_close, METH_VARARGS,
     "close() -> raise GeneratorExit inside the generator."},
    {0},
};
static PyAsyncMethods anext_as_async = {.am_await = PyObject_SelfIter};

PyTypeObject PyAnextAwaitable_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "anext_awaitable",
    .tp_basicsize = sizeof(AnextAwaitable),
    .tp_dealloc = (destructor)anext_dealloc,
    .tp_as_async = &anext_as_async,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)anext_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)anext_iternext,
    .tp_methods = anext_methods,
};
