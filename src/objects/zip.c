/* SPDX-License-Identifier: MIT
 *
 * zip(*iterables, strict=False): tuples of items taken in step.
 *
 * The result tuple is reused while nobody else holds it: one allocation for a whole loop.
 */
#include "mem/gc.h"
#include "objects/walk.h"

typedef struct {
    PyObject_HEAD
    Py_ssize_t size;           /* of iters and result */
    PyObject *iters, *result;  /* strong: tuples */
    int strict; /* lengths must agree */
} Zip;

static PyObject *zip_make(PyTypeObject *type, PyObject *const *args, Py_ssize_t n, int strict)
{
    PyObject *iters = PyTuple_New(n), *result = iters ? PyTuple_New(n) : NULL;
    for (Py_ssize_t i = 0; result && i < n; i++) {
        PyObject *arg = Py_NewRef(args[i]), *it = PyObject_GetIter(arg);
        Py_DECREF(arg);
        if (!it) {
            Py_CLEAR(result);
            break;
        }
        PyTuple_SET_ITEM(iters, i, it);
        PyTuple_SET_ITEM(result, i, Py_NewRef(Py_None));
    }
    Zip *self = result ? (Zip *)type->tp_alloc(type, 0) : NULL;
    if (!self) {
        Py_XDECREF(iters);
        Py_XDECREF(result);
        return NULL;
    }
    self->size = n;
    self->iters = iters;
    self->result = result;
    self->strict = strict;
    return (PyObject *)self;
}

static PyObject *zip_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    int strict = 0;
    if (kwds) {
        static char *keywords[] = { "strict", NULL };
        int ok = PyArg_ParseTupleAndKeywords(EMPTY_TUPLE, kwds, "|$p:zip", keywords, &strict);
        if (!ok)
            return NULL;
    }
    return zip_make(type, ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), strict);
}

static PyObject *zip_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    return kwnames ? _PyObject_MakeTpCall(tstate_get(), type, args, n, kwnames)
                   : zip_make((PyTypeObject *)type, args, n, 0);
}

static void zip_dealloc(Zip *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->iters);
    Py_XDECREF(self->result);
    Py_TYPE(self)->tp_free(self);
}

static int zip_traverse(Zip *self, visitproc visit, void *arg)
{
    Py_VISIT(self->iters);
    Py_VISIT(self->result);
    return 0;
}

/* strict: iterator `i` ended before the others, or an earlier one ended and `i` still has items. */
static PyObject *zip_unequal(Zip *self, Py_ssize_t i)
{
    if (PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_StopIteration))
            return NULL;
        PyErr_Clear();
    }
    if (i > 0)
        return PyErr_Format(PyExc_ValueError, "zip() argument %zd is shorter than argument%s%zd",
                            i + 1, i == 1 ? " " : "s 1-", i);
    for (i = 1; i < self->size; i++) {
        PyObject *it = PyTuple_GET_ITEM(self->iters, i), *item = Py_TYPE(it)->tp_iternext(it);
        if (item) {
            Py_DECREF(item);
            return PyErr_Format(PyExc_ValueError, "zip() argument %zd is longer than argument%s%zd",
                                i + 1, i == 1 ? " " : "s 1-", i);
        }
        if (PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_StopIteration))
                return NULL;
            PyErr_Clear();
        }
    }
    return NULL;
}

/* strict: when one ends, the ones before it must not have given an item in this round, and the
   ones behind must end too. */
static PyObject *zip_next(Zip *self)
{
    PyObject *result = self->result;
    Py_ssize_t n = self->size;
    if (n == 0)
        return NULL;
    bool reuse = Py_REFCNT(result) == 1;
    if (reuse)
        Py_INCREF(result);
    else if (!(result = PyTuple_New(n)))
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *it = PyTuple_GET_ITEM(self->iters, i), *item = iterator_step(it);
        if (!item) {
            Py_DECREF(result);
            return self->strict ? zip_unequal(self, i) : NULL;
        }
        PyObject *old = PyTuple_GET_ITEM(result, i);
        PyTuple_SET_ITEM(result, i, item);
        Py_XDECREF(old);
    }
    /* The collector may have untracked the tuple when it held atoms. */
    if (reuse && !gc_is_tracked(result))
        gc_track(result);
    return result;
}

static PyObject *zip_reduce(Zip *self, PyObject *unused)
{
    return self->strict ? PyTuple_Pack(3, Py_TYPE(self), self->iters, Py_True)
                        : PyTuple_Pack(2, Py_TYPE(self), self->iters);
}

static PyObject *zip_setstate(Zip *self, PyObject *state)
{
    int strict = PyObject_IsTrue(state);
    if (strict < 0)
        return NULL;
    self->strict = strict;
    Py_RETURN_NONE;
}

static PyMethodDef zip_methods[] = {
    { "__reduce__", (PyCFunction)zip_reduce, METH_NOARGS, "What pickle stores." },
    { "__setstate__", (PyCFunction)zip_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PyZip_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "zip",
    .tp_basicsize = sizeof(Zip),
    .tp_dealloc = (destructor)zip_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\n"
              "   >>> list(zip('abcdefg', range(3), range(4)))\n"
              "   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]\n\n"
              ""
              "The i-th tuple holds the i-th item of each iterable. With strict=True, iterables "
              "of different\n"
              "lengths raise ValueError.",
    .tp_traverse = (traverseproc)zip_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)zip_next,
    .tp_methods = zip_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = zip_new,
    .tp_vectorcall = zip_vectorcall,
    .tp_free = PyObject_GC_Del,
};
