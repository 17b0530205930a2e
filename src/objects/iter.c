/* SPDX-License-Identifier: MIT
 *
 * The two general iterators: over anything with __getitem__ (iter(seq)) and over calls until a
 * sentinel (iter(callable, sentinel)).
 */
#include "objects/index_iter.h"

typedef struct {
    PyObject_HEAD
    PyObject *callable, *sentinel; /* strong; both NULL when exhausted */
} CallIterator;

/* -- Sequence iterator ----------------------------------------------------------------------- */

PyObject *PySeqIter_New(PyObject *seq)
{
    if (!PySequence_Check(seq)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return index_iter_new(&PySeqIter_Type, seq);
}

/* IndexError and StopIteration end it, for good. */
static PyObject *seqiter_next(IndexIter *it)
{
    PyObject *seq = it->seq;
    if (!seq)
        return NULL;
    if (it->index == PY_SSIZE_T_MAX) {
        PyErr_SetString(PyExc_OverflowError, "iter index too large");
        return NULL;
    }
    PyObject *item = PySequence_GetItem(seq, it->index);
    if (item) {
        it->index++;
        return item;
    }
    if (PyErr_ExceptionMatches(PyExc_IndexError) || PyErr_ExceptionMatches(PyExc_StopIteration)) {
        PyErr_Clear();
        it->seq = NULL;
        Py_DECREF(seq);
    }
    return NULL;
}

static PyObject *seqiter_length_hint(IndexIter *it, PyObject *unused)
{
    if (!it->seq)
        return PyLong_FromLong(0);
    if (!(Py_TYPE(it->seq)->tp_as_sequence && Py_TYPE(it->seq)->tp_as_sequence->sq_length) &&
        !(Py_TYPE(it->seq)->tp_as_mapping && Py_TYPE(it->seq)->tp_as_mapping->mp_length))
        Py_RETURN_NOTIMPLEMENTED;
    Py_ssize_t n = PySequence_Size(it->seq);
    if (n == -1)
        return NULL;
    return PyLong_FromSsize_t(n > it->index ? n - it->index : 0);
}

static PyObject *seqiter_setstate(IndexIter *it, PyObject *state)
{
    return index_iter_set(it, state, PY_SSIZE_T_MAX);
}

static PyMethodDef seqiter_methods[] = {
    { "__length_hint__", (PyCFunction)seqiter_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)index_iter_reduce, METH_NOARGS, "What pickle stores." },
    { "__setstate__", (PyCFunction)seqiter_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PySeqIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "iterator",
    .tp_basicsize = sizeof(IndexIter),
    .tp_dealloc = index_iter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = index_iter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)seqiter_next,
    .tp_methods = seqiter_methods,
};

/* -- Call iterator --------------------------------------------------------------------------- */

PyObject *PyCallIter_New(PyObject *callable, PyObject *sentinel)
{
    CallIterator *it = PyObject_GC_New(CallIterator, &PyCallIter_Type);
    if (!it)
        return NULL;
    it->callable = Py_NewRef(callable);
    it->sentinel = Py_NewRef(sentinel);
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static int calliter_traverse(CallIterator *it, visitproc visit, void *arg)
{
    Py_VISIT(it->callable);
    Py_VISIT(it->sentinel);
    return 0;
}

static void calliter_dealloc(CallIterator *it)
{
    PyObject_GC_UnTrack(it);
    Py_XDECREF(it->callable);
    Py_XDECREF(it->sentinel);
    PyObject_GC_Del(it);
}

static void calliter_end(CallIterator *it)
{
    Py_CLEAR(it->callable);
    Py_CLEAR(it->sentinel);
}

/* The call may exhaust the iterator itself (by a nested next), hence the reference. */
static PyObject *calliter_next(CallIterator *it)
{
    if (!it->callable)
        return NULL;
    PyObject *callable = Py_NewRef(it->callable), *item = PyObject_CallNoArgs(callable);
    Py_DECREF(callable);
    if (!item) {
        if (PyErr_ExceptionMatches(PyExc_StopIteration)) {
            PyErr_Clear();
            calliter_end(it);
        }
        return NULL;
    }
    /* The call may have exhausted this very iterator. */
    if (it->sentinel) {
        PyObject *sentinel = Py_NewRef(it->sentinel);
        int equal = PyObject_RichCompareBool(sentinel, item, Py_EQ);
        Py_DECREF(sentinel);
        if (equal == 0)
            return item;
        if (equal > 0)
            calliter_end(it);
    }
    Py_DECREF(item);
    return NULL;
}

static PyObject *calliter_reduce(CallIterator *it, PyObject *unused)
{
    PyObject *iter = _PyEval_GetBuiltin(ID(iter));
    if (!iter)
        return NULL;
    return it->callable ? Py_BuildValue("N(OO)", iter, it->callable, it->sentinel)
                        : Py_BuildValue("N(())", iter);
}

static PyMethodDef calliter_methods[] = {
    { "__reduce__", (PyCFunction)calliter_reduce, METH_NOARGS, "What pickle stores." },
    { NULL },
};

PyTypeObject PyCallIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "callable_iterator",
    .tp_basicsize = sizeof(CallIterator),
    .tp_dealloc = (destructor)calliter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)calliter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)calliter_next,
    .tp_methods = calliter_methods,
};
