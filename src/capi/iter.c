/* SPDX-License-Identifier: MIT
 *
 * The iterator protocol: getting iterators and stepping them. PyIter_Next ends an iteration by NULL
 * without an exception; a StopIteration raised by the iterator is swallowed.
 */
#include "base/cstack.h"
#include "capi/capi.h"

extern EXPORT PyObject *_PyObject_NextNotImplemented(PyObject *);

int PyIter_Check(PyObject *o)
{
    iternextfunc next = Py_TYPE(o)->tp_iternext;
    return next && next != _PyObject_NextNotImplemented;
}

PyObject *PyIter_Next(PyObject *iter)
{
    PyObject *result = cstack_iter_next(iter);
    if (result == NULL && tstate_get()->curexc_type
        && PyErr_ExceptionMatches(PyExc_StopIteration)) {
        PyErr_Clear();
    }
    return result;
}

/* TypeError unless __iter__ gives an iterator. Without it sequences are walked by index. */
PyObject *PyObject_GetIter(PyObject *o)
{
    getiterfunc get = Py_TYPE(o)->tp_iter;
    if (get == NULL) {
        if (PySequence_Check(o)) {
            return PySeqIter_New(o);
        }
        return raise_type("'%.200s' object is not iterable", o);
    }
    PyObject *iter = get(o);
    if (iter && !PyIter_Check(iter)) {
        raise_type("iter() returned non-iterator of type '%.100s'", iter);
        Py_CLEAR(iter);
    }
    return iter;
}

int PyAIter_Check(PyObject *o)
{
    PyAsyncMethods *m = Py_TYPE(o)->tp_as_async;
    return m && m->am_anext && m->am_anext != _PyObject_NextNotImplemented;
}

PyObject *PyObject_GetAIter(PyObject *o)
{
    PyAsyncMethods *m = Py_TYPE(o)->tp_as_async;
    if (m == NULL || m->am_aiter == NULL) {
        return raise_type("'%.200s' object is not an async iterable", o);
    }
    PyObject *iter = m->am_aiter(o);
    if (iter && !PyAIter_Check(iter)) {
        raise_type("aiter() returned not an async iterator of type '%.100s'", iter);
        Py_CLEAR(iter);
    }
    return iter;
}
