/* SPDX-License-Identifier: MIT
 *
 * Iterators over str: one for compact ASCII, whose characters are table look-ups, and one for the
 * rest. Both drop their string when exhausted.
 */
#include "str_impl.h"
#include "objects/index_iter.h"

static PyObject *striter_next(IndexIter *it)
{
    PyObject *s = it->seq;
    if (!s)
        return NULL;
    if (it->index < str_len(s))
        return str_from_char(str_get(s, it->index++));
    it->seq = NULL;
    Py_DECREF(s);
    return NULL;
}

static PyObject *striter_next_ascii(IndexIter *it)
{
    PyObject *s = it->seq;
    if (!s)
        return NULL;
    if (it->index < str_len(s))
        return Py_NewRef(
            (PyObject *)&_PyRuntime.ascii[((uint8_t *)((PyASCIIObject *)s + 1))[it->index++]]);
    it->seq = NULL;
    Py_DECREF(s);
    return NULL;
}

static PyObject *striter_length_hint(IndexIter *it, PyObject *unused)
{
    return PyLong_FromSsize_t(it->seq ? str_len(it->seq) - it->index : 0);
}

static PyObject *striter_reduce(IndexIter *it, PyObject *unused)
{
    PyObject *iter = _PyEval_GetBuiltin(ID(iter));
    if (!iter)
        return NULL;
    if (it->seq)
        return Py_BuildValue("N(O)n", iter, it->seq, it->index);
    PyObject *empty = str_empty_get();
    return Py_BuildValue("N(N)", iter, empty);
}

static PyObject *striter_setstate(IndexIter *it, PyObject *state)
{
    return index_iter_set(it, state, it->seq ? str_len(it->seq) : 0);
}

static PyMethodDef striter_methods[] = {
    { "__length_hint__", (PyCFunction)striter_length_hint, METH_NOARGS,
      "How many characters are left." },
    { "__reduce__", (PyCFunction)striter_reduce, METH_NOARGS, "State for pickling." },
    { "__setstate__", (PyCFunction)striter_setstate, METH_O,
      "Set the position from pickled state." },
    { NULL }
};

#define ITER_TYPE(name, next) { \
    PyVarObject_HEAD_INIT(&PyType_Type, 0) \
    .tp_name = name, \
    .tp_basicsize = sizeof(IndexIter), \
    .tp_dealloc = index_iter_dealloc, \
    .tp_getattro = PyObject_GenericGetAttr, \
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, \
    .tp_traverse = index_iter_traverse, \
    .tp_iter = PyObject_SelfIter, \
    .tp_iternext = (iternextfunc)next, \
    .tp_methods = striter_methods, \
}
PyTypeObject PyUnicodeIter_Type = ITER_TYPE("str_iterator", striter_next);
PyTypeObject str_ascii_iter_type = ITER_TYPE("str_ascii_iterator", striter_next_ascii);

PyObject *str_iter(PyObject *s)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    return index_iter_new(PyUnicode_IS_COMPACT_ASCII(s) ? &str_ascii_iter_type
                                                        : &PyUnicodeIter_Type,
                          s);
}
