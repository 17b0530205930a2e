/* SPDX-License-Identifier: MIT
 *
 * What the files of module itertools share: the types, and the parts of a type that are alike in
 * all of them.
 */
#ifndef VITRO_ITERTOOLS_H
#define VITRO_ITERTOOLS_H

#include "base/cstack.h"
#include "modules/args.h"
#include "objects/contain.h"
#include "vitro.h"
#include "state.h"

extern PyTypeObject accumulate_type, chain_type, combinations_type, compress_type, count_type,
    cwr_type, cycle_type, dropwhile_type, filterfalse_type, groupby_type, grouper_type, islice_type,
    pairwise_type, permutations_type, product_type, repeat_type, starmap_type, takewhile_type,
    tee_type, teedata_type, zip_longest_type;

PyObject *itertools_tee(PyObject *module, PyObject *const *args, Py_ssize_t nargs);

/* -- Life: REFS(F) applies F to each owned field ----------------------------------------------- */

#define LIFE_VISIT(field) Py_VISIT(o->field);
#define LIFE_DROP(field) Py_XDECREF(o->field);
#define ITERATOR_LIFE(prefix, Struct, REFS)                                                        \
    static int prefix##_traverse(PyObject *self, visitproc visit, void *arg)                       \
    {                                                                                              \
        Struct *o = (Struct *)self;                                                                \
        REFS(LIFE_VISIT)                                                                           \
        return 0;                                                                                  \
    }                                                                                              \
    static void prefix##_dealloc(PyObject *self)                                                   \
    {                                                                                              \
        Struct *o = (Struct *)self;                                                                \
        PyObject_GC_UnTrack(self);                                                                 \
        REFS(LIFE_DROP)                                                                            \
        Py_TYPE(self)->tp_free(self);                                                              \
    }

#define ITERATOR_TYPE(prefix, name, Struct, doc)                                                   \
    PyTypeObject prefix##_type = {                                                                 \
        PyVarObject_HEAD_INIT(NULL, 0)                                                             \
        .tp_name = name,                                                                           \
        .tp_basicsize = sizeof(Struct),                                                            \
        .tp_dealloc = prefix##_dealloc,                                                            \
        .tp_getattro = PyObject_GenericGetAttr,                                                    \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,                 \
        .tp_doc = doc,                                                                             \
        .tp_traverse = prefix##_traverse,                                                          \
        .tp_iter = PyObject_SelfIter,                                                              \
        .tp_iternext = prefix##_next,                                                              \
        .tp_methods = prefix##_methods,                                                            \
        .tp_alloc = PyType_GenericAlloc,                                                           \
        .tp_new = prefix##_new,                                                                    \
        .tp_free = PyObject_GC_Del,                                                                \
        .tp_vectorcall = prefix##_vectorcall,                                                      \
    }

/* -- Making ------------------------------------------------------------------------------------ */

/* The arguments of a call, which came in a tuple and a dict or in a row with names behind. */
typedef struct {
    PyObject *const *items;
    Py_ssize_t n;
    PyObject *kwargs, *kwnames; /* MAYBE_NULL */
} Given;

/* prefix_make(type, given) becomes tp_new and, for the type itself, a call without a tuple. */
#define MADE_FROM_GIVEN(prefix)                                                                    \
    static PyObject *prefix##_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)            \
    {                                                                                              \
        PyObject **items = ((PyTupleObject *)args)->ob_item;                                       \
        return prefix##_make(type, &(Given){items, PyTuple_GET_SIZE(args), kwargs, NULL});         \
    }                                                                                              \
    static PyObject *prefix##_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,     \
                                         PyObject *kwnames)                                        \
    {                                                                                              \
        Given given = {args, PyVectorcall_NARGS(nargsf), NULL, kwnames};                           \
        return prefix##_make((PyTypeObject *)type, &given);                                        \
    }

/* By parameter, as ROW_TUPLE in args.h. */
#define GIVEN_ROW(row, least, most)                                                                \
    args_row(row, COUNT_OF(row), given->items, given->n, given->kwargs, given->kwnames, &parser,   \
             least, most)

/* Subclasses with an __init__ of their own may take keywords. */
static inline bool keywords_ok(PyTypeObject *type, PyTypeObject *base, const char *name,
                               PyObject *kwargs)
{
    return (type != base && type->tp_init != base->tp_init) || _PyArg_NoKeywords(name, kwargs);
}

/* Only by position, at least `least` of them and at most `most`. */
static inline bool given_by_position(PyTypeObject *type, PyTypeObject *base, const char *name,
                                     const Given *given, Py_ssize_t least, Py_ssize_t most)
{
    return keywords_ok(type, base, name, given->kwargs) && _PyArg_NoKwnames(name, given->kwnames)
           && _PyArg_CheckPositional(name, given->n, least, most);
}

#define REDUCE(prefix)                                                                             \
    {"__reduce__", prefix##_reduce, METH_NOARGS, "What pickle stores."}
#define SETSTATE(prefix)                                                                           \
    {"__setstate__", prefix##_setstate, METH_O, "Takes up what pickle stored."}
#define SIZEOF(prefix)                                                                             \
    {"__sizeof__", prefix##_sizeof, METH_NOARGS, "Bytes in memory."}

/* -- Steps ------------------------------------------------------------------------------------- */

static inline PyObject *iter_next(PyObject *it) { return cstack_iter_next(it); }

/* The same; a plain end is NULL without an exception. */
static inline PyObject *iter_next_or_end(PyObject *it)
{
    PyObject *item = iter_next(it);
    if (item == NULL && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_StopIteration)) {
        PyErr_Clear();
    }
    return item;
}

static inline int require_tuple(PyObject *state)
{
    if (PyTuple_Check(state)) {
        return 0;
    }
    PyErr_SetString(PyExc_TypeError, "state is not a tuple");
    return -1;
}

/* The result tuple of the last step when nobody else holds it, else a copy in its place. *result is
   owned by the iterator; returns it BORROWED. */
static inline PyObject *fresh_result(PyObject **result)
{
    PyObject *old = *result;
    if (Py_REFCNT(old) > 1) {
        PyObject *copy =
            _PyTuple_FromArray(((PyTupleObject *)old)->ob_item, PyTuple_GET_SIZE(old));
        if (copy == NULL) {
            return NULL;
        }
        *result = copy;
        Py_DECREF(old);
    } else if (PyTuple_GET_SIZE(old) && !PyObject_GC_IsTracked(old)) {
        PyObject_GC_Track(old); /* a collection forgot it while its items were plain */
    }
    return *result;
}

static inline void result_set(PyObject *result, Py_ssize_t i, PyObject *item)
{
    PyObject *old = PyTuple_GET_ITEM(result, i);
    PyTuple_SET_ITEM(result, i, Py_NewRef(item));
    Py_DECREF(old);
}

#endif
