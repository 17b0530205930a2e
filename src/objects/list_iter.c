/* SPDX-License-Identifier: MIT
 *
 * Iterators over lists. They look at the list's size at each step, so items added meanwhile are
 * met.
 */
#include "objects/list_impl.h"
#include "objects/walk.h"

typedef struct {
    PyObject_HEAD
    Py_ssize_t it_index;  /* next item; backwards -1 when exhausted */
    PyListObject *it_seq; /* strong; NULL when exhausted */
} ListIter;

/* Others step list iterators inline (walk.h). */
static_assert(sizeof(ListIter) == sizeof(struct list_iterator)
              && offsetof(ListIter, it_seq) == offsetof(struct list_iterator, list), "one layout");

static PyObject *listiter_new(PyObject *list, PyTypeObject *type, Py_ssize_t index)
{
    ListIter *it = PyObject_GC_New(ListIter, type);
    if (it == NULL) {
        return NULL;
    }
    it->it_index = index;
    it->it_seq = (PyListObject *)Py_NewRef(list);
    gc_track((PyObject *)it);
    return (PyObject *)it;
}

PyObject *list_iter(PyObject *self) { return listiter_new(self, &PyListIter_Type, 0); }

PyObject *list_reversed(PyObject *self, PyObject *unused)
{
    return listiter_new(self, &PyListRevIter_Type, Py_SIZE(self) - 1);
}

static void listiter_dealloc(PyObject *self)
{
    gc_untrack(self);
    Py_XDECREF(((ListIter *)self)->it_seq);
    PyObject_GC_Del(self);
}

static int listiter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((ListIter *)self)->it_seq);
    return 0;
}

/* Exhausted for good, even if the list grows later. */
static PyObject *listiter_next(PyObject *self)
{
    ListIter *it = (ListIter *)self;
    PyListObject *list = it->it_seq;
    if (list == NULL) {
        return NULL;
    }
    if (it->it_index < Py_SIZE(list)) {
        return Py_NewRef(list->ob_item[it->it_index++]);
    }
    it->it_seq = NULL;
    Py_DECREF(list);
    return NULL;
}

static PyObject *listreviter_next(PyObject *self)
{
    ListIter *it = (ListIter *)self;
    PyListObject *list = it->it_seq;
    if (list == NULL) {
        return NULL;
    }
    Py_ssize_t i = it->it_index;
    if (i >= 0 && i < Py_SIZE(list)) {
        it->it_index--;
        return Py_NewRef(list->ob_item[i]);
    }
    it->it_index = -1;
    it->it_seq = NULL;
    Py_DECREF(list);
    return NULL;
}

static PyObject *listiter_length_hint(PyObject *self, PyObject *unused)
{
    ListIter *it = (ListIter *)self;
    Py_ssize_t left = it->it_seq ? Py_SIZE(it->it_seq) - it->it_index : 0;
    return PyLong_FromSsize_t(left < 0 ? 0 : left);
}

static PyObject *listreviter_length_hint(PyObject *self, PyObject *unused)
{
    ListIter *it = (ListIter *)self;
    Py_ssize_t left = it->it_index + 1;
    return PyLong_FromSsize_t(it->it_seq == NULL || Py_SIZE(it->it_seq) < left ? 0 : left);
}

/* `name` is the builtin to be called: iter or reversed. */
static PyObject *reduce(PyObject *self, PyObject *name)
{
    ListIter *it = (ListIter *)self;
    PyObject *builtin = _PyEval_GetBuiltin(it->it_seq ? name : ID(iter));
    if (it->it_seq) { /* looking the builtin up may have run code */
        return Py_BuildValue("N(O)n", builtin, it->it_seq, it->it_index);
    }
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        Py_XDECREF(builtin);
        return NULL;
    }
    return Py_BuildValue("N(N)", builtin, list);
}

static PyObject *listiter_reduce(PyObject *self, PyObject *unused)
{
    return reduce(self, ID(iter));
}

static PyObject *listreviter_reduce(PyObject *self, PyObject *unused)
{
    return reduce(self, ID(reversed));
}

/* Clipped to [least, size + beyond]. */
static PyObject *set_index(PyObject *self, PyObject *state, Py_ssize_t least, Py_ssize_t beyond)
{
    ListIter *it = (ListIter *)self;
    Py_ssize_t index = PyLong_AsSsize_t(state);
    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (it->it_seq != NULL) {
        Py_ssize_t most = Py_SIZE(it->it_seq) + beyond;
        it->it_index = index < least ? least : index > most ? most : index;
    }
    Py_RETURN_NONE;
}

static PyObject *listiter_setstate(PyObject *self, PyObject *state)
{
    return set_index(self, state, 0, 0);
}

static PyObject *listreviter_setstate(PyObject *self, PyObject *state)
{
    return set_index(self, state, -1, -1);
}

static PyMethodDef listiter_methods[] = {
    {"__length_hint__", listiter_length_hint, METH_NOARGS, "How many items are likely left."},
    {"__reduce__", listiter_reduce, METH_NOARGS, "What pickle stores."},
    {"__setstate__", listiter_setstate, METH_O, "Takes up what pickle stored."},
    {NULL},
};
static PyMethodDef listreviter_methods[] = {
    {"__length_hint__", listreviter_length_hint, METH_NOARGS, "How many items are likely left."},
    {"__reduce__", listreviter_reduce, METH_NOARGS, "What pickle stores."},
    {"__setstate__", listreviter_setstate, METH_O, "Takes up what pickle stored."},
    {NULL},
};

#define LIST_ITERATOR(variable, name, prefix)                                                      \
    PyTypeObject variable = {                                                                      \
        PyVarObject_HEAD_INIT(&PyType_Type, 0)                                                     \
        .tp_name = name,                                                                           \
        .tp_basicsize = sizeof(ListIter),                                                          \
        .tp_dealloc = listiter_dealloc,                                                            \
        .tp_getattro = PyObject_GenericGetAttr,                                                    \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                                       \
        .tp_traverse = listiter_traverse,                                                          \
        .tp_iter = PyObject_SelfIter,                                                              \
        .tp_iternext = prefix##_next,                                                              \
        .tp_methods = prefix##_methods,                                                            \
    }
LIST_ITERATOR(PyListIter_Type, "list_iterator", listiter);
LIST_ITERATOR(PyListRevIter_Type, "list_reverseiterator", listreviter);
