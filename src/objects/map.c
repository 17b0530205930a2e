/* SPDX-License-Identifier: MIT
 *
 * map(func, *iterables): calls func on items taken from all iterables in step; ends with the
 * shortest.
 */
#include "capi/capi.h"
#include "base/cstack.h"
#include "state.h"

typedef struct {
    PyObject_HEAD
    PyObject *iters; /* strong tuple of iterators */
    PyObject *func;  /* strong */
} Map;

#define SMALL_STACK 6 /* arguments put together on the C stack, without memory */

/* args[0] is the function. */
static PyObject *map_make(PyTypeObject *type, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs < 2) {
        PyErr_SetString(PyExc_TypeError, "map() must have at least two arguments.");
        return NULL;
    }
    PyObject *iters = PyTuple_New(nargs - 1);
    for (Py_ssize_t i = 1; iters && i < nargs; i++) {
        PyObject *it = PyObject_GetIter(args[i]);
        if (!it)
            Py_CLEAR(iters);
        else
            PyTuple_SET_ITEM(iters, i - 1, it);
    }
    Map *self = iters ? (Map *)type->tp_alloc(type, 0) : NULL;
    if (!self) {
        Py_XDECREF(iters);
        return NULL;
    }
    self->iters = iters;
    self->func = Py_NewRef(args[0]);
    return (PyObject *)self;
}

static PyObject *map_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    if ((type == &PyMap_Type || type->tp_init == PyMap_Type.tp_init)
        && !_PyArg_NoKeywords("map", kwds))
        return NULL;
    return map_make(type, ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args));
}

static PyObject *map_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames)
{
    return _PyArg_NoKwnames("map", kwnames)
               ? map_make((PyTypeObject *)type, args, PyVectorcall_NARGS(nargsf))
               : NULL;
}

static void map_dealloc(Map *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->iters);
    Py_XDECREF(self->func);
    Py_TYPE(self)->tp_free(self);
}

static int map_traverse(Map *self, visitproc visit, void *arg)
{
    Py_VISIT(self->iters);
    Py_VISIT(self->func);
    return 0;
}

/* The first iterator that ends, ends it; items taken already are dropped. */
/* func(item); in front of the item is room for the self of a bound method. */
static PyObject *map_next_of_one(Map *self)
{
    PyObject *stack[2] = {NULL, cstack_iter_next(PyTuple_GET_ITEM(self->iters, 0))};
    if (!stack[1])
        return NULL;
    PyObject *res = call_vector(tstate_get(), self->func, stack + 1,
                                1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_DECREF(stack[1]);
    return res;
}

static PyObject *map_next(Map *self)
{
    PyObject *small[SMALL_STACK], **stack = small, *res = NULL;
    Py_ssize_t n = PyTuple_GET_SIZE(self->iters), got = 0;
    if (LIKELY(n == 1))
        return map_next_of_one(self);
    if (n > SMALL_STACK && !(stack = PyMem_New(PyObject *, (size_t)n)))
        return PyErr_NoMemory();
    for (; got < n; got++) {
        PyObject *it = PyTuple_GET_ITEM(self->iters, got);
        if (!(stack[got] = cstack_iter_next(it)))
            goto done;
    }
    res = PyObject_Vectorcall(self->func, stack, (size_t)n, NULL);
done:
    while (got > 0)
        Py_DECREF(stack[--got]);
    if (stack != small)
        PyMem_Free(stack);
    return res;
}

static PyObject *map_reduce(Map *self, PyObject *unused)
{
    Py_ssize_t n = PyTuple_GET_SIZE(self->iters);
    PyObject *args = PyTuple_New(n + 1);
    if (!args)
        return NULL;
    PyTuple_SET_ITEM(args, 0, Py_NewRef(self->func));
    for (Py_ssize_t i = 0; i < n; i++)
        PyTuple_SET_ITEM(args, i + 1, Py_NewRef(PyTuple_GET_ITEM(self->iters, i)));
    return Py_BuildValue("ON", Py_TYPE(self), args);
}

static PyMethodDef map_methods[] = {
    { "__reduce__", (PyCFunction)map_reduce, METH_NOARGS, "What pickle stores." },
    { NULL },
};

PyTypeObject PyMap_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "map",
    .tp_basicsize = sizeof(Map),
    .tp_dealloc = (destructor)map_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "map(func, *iterables) --> map object\n\nIterator over func(*items) for items taken "
              "in step from the iterables, until one of them ends.",
    .tp_traverse = (traverseproc)map_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)map_next,
    .tp_methods = map_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = map_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = map_vectorcall,
};
