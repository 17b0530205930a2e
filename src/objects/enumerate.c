/* SPDX-License-Identifier: MIT
 *
 * enumerate(iterable, start) and reversed(sequence).
 *
 * enumerate counts in a machine word and goes over to int objects when that overflows; like zip it
 * reuses its result tuple while nobody else holds it.
 */
#include "objects/box.h"
#include "objects/walk.h"
#include "state.h"

typedef struct {
    PyObject_HEAD
    Py_ssize_t index;       /* next count, PY_SSIZE_T_MAX: `longindex` has it */
    PyObject *it, *result;  /* strong; result is the reusable pair */
    PyObject *longindex;    /* strong, NULL while index counts */
    PyObject *one;          /* borrowed: the int 1 */
} Enumerate;
/* index -1: exhausted */
typedef struct {
    PyObject_HEAD
    Py_ssize_t index; /* of the next item, counted down */
    PyObject *seq;    /* strong; NULL when exhausted */
} Reversed;

/* -- enumerate ------------------------------------------------------------------------------- */

/* start NULL: 0. Any index object. */
static PyObject *enum_make(PyTypeObject *type, PyObject *iterable, PyObject *start)
{
    Enumerate *self = (Enumerate *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->one = SMALL_INT(1);
    if (start) {
        start = PyNumber_Index(start);
        if (!start)
            goto fail;
        self->index = PyLong_AsSsize_t(start);
        if (self->index == -1 && PyErr_Occurred()) {
            PyErr_Clear();
            self->index = PY_SSIZE_T_MAX;
            self->longindex = start;
        } else {
            Py_DECREF(start);
        }
    }
    self->it = PyObject_GetIter(iterable);
    self->result = self->it ? PyTuple_Pack(2, Py_None, Py_None) : NULL;
    if (self->result)
        return (PyObject *)self;
fail:
    Py_DECREF(self);
    return NULL;
}

static PyObject *enum_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = { "iterable", "start", NULL };
    PyObject *iterable, *start = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O|O:enumerate", keywords, &iterable, &start))
        return NULL;
    return enum_make(type, iterable, start);
}

/* Keyword i must be `name`: false with TypeError. */
static bool is_keyword(PyObject *kwnames, Py_ssize_t i, const char *name)
{
    PyObject *keyword = PyTuple_GET_ITEM(kwnames, i);
    if (_PyUnicode_EqualToASCIIString(keyword, name))
        return true;
    PyErr_Format(PyExc_TypeError, "'%.200U' is an invalid keyword argument for enumerate()",
                 keyword);
    return false;
}

/* Both by name, in either order. */
static bool both_keywords(PyObject *kwnames, bool *start_first)
{
    *start_first = _PyUnicode_EqualToASCIIString(PyTuple_GET_ITEM(kwnames, 0), "start");
    return *start_first ? is_keyword(kwnames, 1, "iterable")
                        : is_keyword(kwnames, 0, "iterable") && is_keyword(kwnames, 1, "start");
}

static PyObject *enum_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    PyTypeObject *cls = (PyTypeObject *)type;
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf), named = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    if (LIKELY(named == 0 && nargs >= 1 && nargs <= 2))
        return enum_make(cls, args[0], nargs == 2 ? args[1] : NULL);
    if (nargs == 1 && named == 1)
        return is_keyword(kwnames, 0, "start") ? enum_make(cls, args[0], args[1]) : NULL;
    if (nargs == 0 && named == 1)
        return is_keyword(kwnames, 0, "iterable") ? enum_make(cls, args[0], NULL) : NULL;
    if (nargs == 0 && named == 2) {
        bool start_first;
        return both_keywords(kwnames, &start_first)
                   ? enum_make(cls, args[start_first], args[!start_first])
                   : NULL;
    }
    if (nargs == 0)
        return PyErr_Format(PyExc_TypeError, "enumerate() missing required argument 'iterable'");
    return PyErr_Format(PyExc_TypeError, "enumerate() takes at most 2 arguments (%zd given)",
                        nargs + named);
}

static void enum_dealloc(Enumerate *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->it);
    Py_XDECREF(self->result);
    Py_XDECREF(self->longindex);
    Py_TYPE(self)->tp_free(self);
}

static int enum_traverse(Enumerate *self, visitproc visit, void *arg)
{
    Py_VISIT(self->it);
    Py_VISIT(self->result);
    Py_VISIT(self->longindex);
    return 0;
}

/* The next count: owned. */
static PyObject *enum_count(Enumerate *self)
{
    if (self->index < PY_SSIZE_T_MAX)
        return int_make(self->index++);
    if (!self->longindex && !(self->longindex = PyLong_FromSsize_t(PY_SSIZE_T_MAX)))
        return NULL;
    PyObject *count = self->longindex, *next = PyNumber_Add(count, self->one);
    if (!next)
        return NULL;
    self->longindex = next;
    return count;
}

/* The pair is used again while nobody else holds it. */
static PyObject *enum_next(Enumerate *self)
{
    PyObject *it = self->it, *item = iterator_step(it), *result = self->result;
    if (!item)
        return NULL;
    PyObject *count = enum_count(self);
    if (!count) {
        Py_DECREF(item);
        return NULL;
    }
    if (Py_REFCNT(result) == 1) {
        Py_INCREF(result);
        PyObject *old_count = PyTuple_GET_ITEM(result, 0), *old_item = PyTuple_GET_ITEM(result, 1);
        PyTuple_SET_ITEM(result, 0, count);
        PyTuple_SET_ITEM(result, 1, item);
        Py_DECREF(old_count);
        Py_DECREF(old_item);
        if (!gc_is_tracked(result))
            gc_track(result);
        return result;
    }
    result = PyTuple_New(2);
    if (!result) {
        Py_DECREF(count);
        Py_DECREF(item);
        return NULL;
    }
    PyTuple_SET_ITEM(result, 0, count);
    PyTuple_SET_ITEM(result, 1, item);
    return result;
}

static PyObject *enum_reduce(Enumerate *self, PyObject *unused)
{
    return self->longindex ? Py_BuildValue("O(OO)", Py_TYPE(self), self->it, self->longindex)
                           : Py_BuildValue("O(On)", Py_TYPE(self), self->it, self->index);
}

static PyMethodDef enum_methods[] = {
    { "__reduce__", (PyCFunction)enum_reduce, METH_NOARGS, "What pickle stores." },
    { "__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585" },
    { NULL },
};

PyTypeObject PyEnum_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "enumerate",
    .tp_basicsize = sizeof(Enumerate),
    .tp_dealloc = (destructor)enum_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc =
        "enumerate(iterable, start=0)\n--\n\n"
        "Pairs of a count, from start, and an item of iterable: (0, seq[0]), (1, seq[1]), ...",
    .tp_traverse = (traverseproc)enum_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)enum_next,
    .tp_methods = enum_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = enum_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = enum_vectorcall,
};

/* -- reversed -------------------------------------------------------------------------------- */

/* __reversed__, else by length and index; None forbids. */
static PyObject *reversed_make(PyTypeObject *type, PyObject *seq)
{
    PyObject *method = _PyType_Lookup(Py_TYPE(seq), ID(__reversed__));
    if (method == Py_None)
        return PyErr_Format(PyExc_TypeError, "'%.200s' object is not reversible",
                            Py_TYPE(seq)->tp_name);
    if (method) {
        descrgetfunc get = Py_TYPE(method)->tp_descr_get;
        method = get ? get(method, seq, (PyObject *)Py_TYPE(seq)) : Py_NewRef(method);
        PyObject *res = method ? PyObject_CallNoArgs(method) : NULL;
        Py_XDECREF(method);
        return res;
    }
    if (!PySequence_Check(seq))
        return PyErr_Format(PyExc_TypeError, "'%.200s' object is not reversible",
                            Py_TYPE(seq)->tp_name);
    Py_ssize_t n = PySequence_Size(seq);
    if (n == -1)
        return NULL;
    Reversed *self = (Reversed *)type->tp_alloc(type, 0);
    if (self) {
        self->index = n - 1;
        self->seq = Py_NewRef(seq);
    }
    return (PyObject *)self;
}

static PyObject *reversed_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *seq;
    if ((type == &PyReversed_Type || type->tp_init == PyReversed_Type.tp_init)
        && !_PyArg_NoKeywords("reversed", kwds))
        return NULL;
    return PyArg_UnpackTuple(args, "reversed", 1, 1, &seq) ? reversed_make(type, seq) : NULL;
}

static PyObject *reversed_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                     PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("reversed", kwnames) || !_PyArg_CheckPositional("reversed", nargs, 1, 1))
        return NULL;
    return reversed_make((PyTypeObject *)type, args[0]);
}

static void reversed_dealloc(Reversed *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->seq);
    Py_TYPE(self)->tp_free(self);
}

static int reversed_traverse(Reversed *self, visitproc visit, void *arg)
{
    Py_VISIT(self->seq);
    return 0;
}

static PyObject *reversed_next(Reversed *self)
{
    if (self->index >= 0) {
        PyObject *item = PySequence_GetItem(self->seq, self->index);
        if (item) {
            self->index--;
            return item;
        }
        if (PyErr_ExceptionMatches(PyExc_IndexError) || PyErr_ExceptionMatches(PyExc_StopIteration))
            PyErr_Clear();
    }
    self->index = -1;
    Py_CLEAR(self->seq);
    return NULL;
}

static PyObject *reversed_length_hint(Reversed *self, PyObject *unused)
{
    if (!self->seq)
        return PyLong_FromLong(0);
    Py_ssize_t n = PySequence_Size(self->seq), position = self->index + 1;
    return n == -1 ? NULL : PyLong_FromSsize_t(n < position ? 0 : position);
}

static PyObject *reversed_reduce(Reversed *self, PyObject *unused)
{
    return self->seq ? Py_BuildValue("O(O)n", Py_TYPE(self), self->seq, self->index)
                     : Py_BuildValue("O(())", Py_TYPE(self));
}

static PyObject *reversed_setstate(Reversed *self, PyObject *state)
{
    Py_ssize_t index = PyLong_AsSsize_t(state);
    if (index == -1 && PyErr_Occurred())
        return NULL;
    if (self->seq) {
        Py_ssize_t n = PySequence_Size(self->seq);
        if (n < 0)
            return NULL;
        self->index = index < -1 ? -1 : index > n - 1 ? n - 1 : index;
    }
    Py_RETURN_NONE;
}

static PyMethodDef reversed_methods[] = {
    { "__length_hint__", (PyCFunction)reversed_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)reversed_reduce, METH_NOARGS, "What pickle stores." },
    { "__setstate__", (PyCFunction)reversed_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PyReversed_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "reversed",
    .tp_basicsize = sizeof(Reversed),
    .tp_dealloc = (destructor)reversed_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "reversed(sequence, /)\n--\n\nIterator from the last item of sequence to the first.",
    .tp_traverse = (traverseproc)reversed_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)reversed_next,
    .tp_methods = reversed_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = reversed_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = reversed_vectorcall,
};
