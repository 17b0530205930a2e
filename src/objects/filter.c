/* SPDX-License-Identifier: MIT
 *
 * filter(function, iterable): the items for which function is true; None and bool test the item
 * itself.
 */
#include "base/cstack.h"
#include "mem/gc.h"
#include "state.h"

typedef struct {
    PyObject_HEAD
    PyObject *func; /* strong; None and bool are not called */
    PyObject *it;   /* strong */
} Filter;

static PyObject *filter_make(PyTypeObject *type, PyObject *func, PyObject *iterable)
{
    PyObject *it = PyObject_GetIter(iterable);
    Filter *self = it ? (Filter *)type->tp_alloc(type, 0) : NULL;
    if (!self) {
        Py_XDECREF(it);
        return NULL;
    }
    self->func = Py_NewRef(func);
    self->it = it;
    return (PyObject *)self;
}

static PyObject *filter_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *func, *iterable;
    if ((type == &PyFilter_Type || type->tp_init == PyFilter_Type.tp_init)
        && !_PyArg_NoKeywords("filter", kwds))
        return NULL;
    return PyArg_UnpackTuple(args, "filter", 2, 2, &func, &iterable)
               ? filter_make(type, func, iterable)
               : NULL;
}

static PyObject *filter_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("filter", kwnames) || !_PyArg_CheckPositional("filter", nargs, 2, 2))
        return NULL;
    return filter_make((PyTypeObject *)type, args[0], args[1]);
}

static void filter_dealloc(Filter *self)
{
    PyObject_GC_UnTrack(self);
    TRASH_BEGIN(self, filter_dealloc)
    Py_XDECREF(self->func);
    Py_XDECREF(self->it);
    Py_TYPE(self)->tp_free(self);
    TRASH_END
}

static int filter_traverse(Filter *self, visitproc visit, void *arg)
{
    Py_VISIT(self->it);
    Py_VISIT(self->func);
    return 0;
}

/* Goes on until an item passes, without making anything. */
static PyObject *filter_next(Filter *self)
{
    PyObject *it = self->it, *item;
    bool plain = self->func == Py_None || self->func == (PyObject *)&PyBool_Type;
    while ((item = cstack_iter_next(it))) {
        int ok;
        if (plain) {
            ok = PyObject_IsTrue(item);
        } else {
            PyObject *good = PyObject_CallOneArg(self->func, item);
            ok = good ? PyObject_IsTrue(good) : -1;
            Py_XDECREF(good);
        }
        if (ok > 0)
            return item;
        Py_DECREF(item);
        if (ok < 0)
            return NULL;
    }
    return NULL;
}

static PyObject *filter_reduce(Filter *self, PyObject *unused)
{
    return Py_BuildValue("O(OO)", Py_TYPE(self), self->func, self->it);
}

static PyMethodDef filter_methods[] = {
    { "__reduce__", (PyCFunction)filter_reduce, METH_NOARGS, "What pickle stores." },
    { NULL },
};

PyTypeObject PyFilter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "filter",
    .tp_basicsize = sizeof(Filter),
    .tp_dealloc = (destructor)filter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "filter(function or None, iterable) --> filter object\n\nIterator over the items for "
              "which function(item) is true; for None, over the true items.",
    .tp_traverse = (traverseproc)filter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)filter_next,
    .tp_methods = filter_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = filter_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = filter_vectorcall,
};
