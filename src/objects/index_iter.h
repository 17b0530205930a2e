/* SPDX-License-Identifier: MIT
 *
 * Iterators that are a sequence and the index of the next item: of bytes, bytearray, str, and of
 * anything with __getitem__. What differs (the step, how many are left) is in the type's own file.
 *
 * An exhausted iterator has dropped its sequence and stays so, even if the sequence grows.
 */
#ifndef VITRO_INDEX_ITER_H
#define VITRO_INDEX_ITER_H

#include "state.h"

typedef struct {
    PyObject_HEAD
    Py_ssize_t index; /* of the next item */
    PyObject *seq;    /* strong; NULL when exhausted */
} IndexIter;

static inline PyObject *index_iter_new(PyTypeObject *type, PyObject *seq)
{
    IndexIter *it = PyObject_GC_New(IndexIter, type);
    if (!it)
        return NULL;
    it->index = 0;
    it->seq = Py_NewRef(seq);
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static inline void index_iter_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((IndexIter *)self)->seq);
    PyObject_GC_Del(self);
}

static inline int index_iter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((IndexIter *)self)->seq);
    return 0;
}

/* iter(seq) and the index, or what iterates over nothing. */
static inline PyObject *index_iter_reduce(IndexIter *it, PyObject *unused)
{
    PyObject *iter = _PyEval_GetBuiltin(ID(iter));
    if (!iter)
        return NULL;
    return it->seq ? Py_BuildValue("N(O)n", iter, it->seq, it->index)
                   : Py_BuildValue("N(())", iter);
}

/* __setstate__ of an iterator over `length` items; the index is cut to 0 … length. */
static inline PyObject *index_iter_set(IndexIter *it, PyObject *state, Py_ssize_t length)
{
    Py_ssize_t index = PyLong_AsSsize_t(state);
    if (index == -1 && PyErr_Occurred())
        return NULL;
    if (it->seq)
        it->index = Py_MIN(Py_MAX(index, 0), length);
    Py_RETURN_NONE;
}

#endif
