/* SPDX-License-Identifier: MIT
 *
 * Iterators that pass on, drop or pair what one or more iterators give: chain, compress, cycle,
 * dropwhile, filterfalse, islice, pairwise, starmap, takewhile, zip_longest.
 */
#include "modules/itertools/itertools.h"

/* -- Predicates: dropwhile, takewhile, filterfalse, starmap ------------------------------------ */

typedef struct {
    PyObject_HEAD
    PyObject *func; /* strong */
    PyObject *it;   /* strong */
    long done;      /* dropwhile: dropping is over; takewhile: the end was met */
} WithFunc;
typedef struct { PyObject_HEAD PyObject *func, *it; } FuncIter;

#define WITHFUNC_REFS(F) F(func) F(it)

static PyObject *withfunc_make(PyTypeObject *type, PyTypeObject *base, const char *name,
                               const Given *given)
{
    PyObject *it;
    if (!given_by_position(type, base, name, given, 2, 2)
        || (it = PyObject_GetIter(given->items[1])) == NULL) {
        return NULL;
    }
    FuncIter *o = (FuncIter *)type->tp_alloc(type, 0);
    if (o == NULL) {
        Py_DECREF(it);
        return NULL;
    }
    o->func = Py_NewRef(given->items[0]);
    o->it = it;
    return (PyObject *)o;
}

/* 1 when func(item) is true, 0, -1 */
static int ask(PyObject *func, PyObject *item)
{
    PyObject *answer = PyObject_CallOneArg(func, item);
    int ok = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return ok;
}

#define WITHFUNC_NEW(prefix)                                                                       \
    static PyObject *prefix##_make(PyTypeObject *type, const Given *given)                         \
    {                                                                                              \
        return withfunc_make(type, &prefix##_type, #prefix, given);                                \
    }                                                                                              \
    MADE_FROM_GIVEN(prefix)

static PyObject *withfunc_reduce(PyObject *self, PyObject *unused)
{
    WithFunc *o = (WithFunc *)self;
    return Py_BuildValue("O(OO)l", Py_TYPE(self), o->func, o->it, o->done);
}

static PyObject *withfunc_setstate(PyObject *self, PyObject *state)
{
    int done = PyObject_IsTrue(state);
    if (done < 0) {
        return NULL;
    }
    ((WithFunc *)self)->done = done;
    Py_RETURN_NONE;
}

static PyMethodDef withfunc_methods[] = {REDUCE(withfunc), SETSTATE(withfunc), {NULL}};
#define dropwhile_methods withfunc_methods
#define takewhile_methods withfunc_methods

static PyObject *dropwhile_next(PyObject *self)
{
    WithFunc *o = (WithFunc *)self;
    PyObject *item;
    while ((item = iter_next(o->it)) != NULL) {
        if (o->done) {
            return item;
        }
        int ok = ask(o->func, item);
        if (ok == 0) {
            o->done = 1;
            return item;
        }
        Py_DECREF(item);
        if (ok < 0) {
            return NULL;
        }
    }
    return NULL;
}

ITERATOR_LIFE(dropwhile, WithFunc, WITHFUNC_REFS)
WITHFUNC_NEW(dropwhile)
ITERATOR_TYPE(dropwhile, "itertools.dropwhile", WithFunc,
              "dropwhile(predicate, iterable, /)\n--\n\n"
              "Skip items while predicate(item) is true; from then on give every item.");

static PyObject *takewhile_next(PyObject *self)
{
    WithFunc *o = (WithFunc *)self;
    PyObject *item;
    if (o->done || (item = iter_next(o->it)) == NULL) {
        return NULL;
    }
    int ok = ask(o->func, item);
    if (ok > 0) {
        return item;
    }
    Py_DECREF(item);
    if (ok == 0) {
        o->done = 1;
    }
    return NULL;
}

ITERATOR_LIFE(takewhile, WithFunc, WITHFUNC_REFS)
WITHFUNC_NEW(takewhile)
ITERATOR_TYPE(takewhile, "itertools.takewhile", WithFunc,
              "takewhile(predicate, iterable, /)\n--\n\n"
              "Give items as long as predicate(item) is true.");

static PyObject *funciter_reduce(PyObject *self, PyObject *unused)
{
    FuncIter *o = (FuncIter *)self;
    return Py_BuildValue("O(OO)", Py_TYPE(self), o->func, o->it);
}
static PyMethodDef funciter_methods[] = {REDUCE(funciter), {NULL}};
#define filterfalse_methods funciter_methods
#define starmap_methods funciter_methods

static PyObject *filterfalse_next(PyObject *self)
{
    FuncIter *o = (FuncIter *)self;
    bool plain = o->func == Py_None || o->func == (PyObject *)&PyBool_Type;
    PyObject *item;
    while ((item = iter_next(o->it)) != NULL) {
        int ok = plain ? PyObject_IsTrue(item) : ask(o->func, item);
        if (ok == 0) {
            return item;
        }
        Py_DECREF(item);
        if (ok < 0) {
            return NULL;
        }
    }
    return NULL;
}

ITERATOR_LIFE(filterfalse, FuncIter, WITHFUNC_REFS)
WITHFUNC_NEW(filterfalse)
ITERATOR_TYPE(filterfalse, "itertools.filterfalse", FuncIter,
              "filterfalse(function, iterable, /)\n--\n\n"
              "Give the items for which function(item) is false.\n\n"
              "With None as function, give the items that are false themselves.");

static PyObject *starmap_next(PyObject *self)
{
    FuncIter *o = (FuncIter *)self;
    PyObject *args = iter_next(o->it);
    if (args == NULL) {
        return NULL;
    }
    if (!PyTuple_CheckExact(args)) {
        PyObject *tuple = PySequence_Tuple(args);
        Py_DECREF(args);
        if (tuple == NULL) {
            return NULL;
        }
        args = tuple;
    }
    PyObject *result = PyObject_Call(o->func, args, NULL);
    Py_DECREF(args);
    return result;
}

ITERATOR_LIFE(starmap, FuncIter, WITHFUNC_REFS)
WITHFUNC_NEW(starmap)
ITERATOR_TYPE(starmap, "itertools.starmap", FuncIter,
              "starmap(function, iterable, /)\n--\n\n"
              "Give function(*args) for each args of the iterable.");

/* -- compress ---------------------------------------------------------------------------------- */

typedef struct { PyObject_HEAD PyObject *data, *selectors; } Compress;
#define COMPRESS_REFS(F) F(data) F(selectors)

static PyObject *compress_make(PyTypeObject *type, const Given *given)
{
    ARGS("OO:compress", "data", "selectors");
    PyObject *row[2], *it, *sit;
    if (!GIVEN_ROW(row, 2, 2) || (it = PyObject_GetIter(row[0])) == NULL) {
        return NULL;
    }
    Compress *o = NULL;
    if ((sit = PyObject_GetIter(row[1])) == NULL ||
        (o = (Compress *)type->tp_alloc(type, 0)) == NULL) {
        Py_DECREF(it);
        Py_XDECREF(sit);
        return NULL;
    }
    o->data = it;
    o->selectors = sit;
    return (PyObject *)o;
}
MADE_FROM_GIVEN(compress)

static PyObject *compress_next(PyObject *self)
{
    Compress *o = (Compress *)self;
    for (;;) {
        PyObject *item = iter_next(o->data), *selector;
        if (item == NULL) {
            return NULL;
        }
        if ((selector = iter_next(o->selectors)) == NULL) {
            Py_DECREF(item);
            return NULL;
        }
        int ok = PyObject_IsTrue(selector);
        Py_DECREF(selector);
        if (ok > 0) {
            return item;
        }
        Py_DECREF(item);
        if (ok < 0) {
            return NULL;
        }
    }
}

static PyObject *compress_reduce(PyObject *self, PyObject *unused)
{
    Compress *o = (Compress *)self;
    return Py_BuildValue("O(OO)", Py_TYPE(self), o->data, o->selectors);
}

static PyMethodDef compress_methods[] = {REDUCE(compress), {NULL}};
ITERATOR_LIFE(compress, Compress, COMPRESS_REFS)
ITERATOR_TYPE(compress, "itertools.compress", Compress,
              "compress(data, selectors)\n--\n\n"
              "Give the elements of data whose partner among the selectors is true.");

/* -- chain ------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *source; /* strong: iterator over the iterables; NULL when exhausted */
    PyObject *active; /* strong: iterator over the present one, or NULL */
} Chain;
#define CHAIN_REFS(F) F(active) F(source)

/* STEALS source. */
static PyObject *chain_make(PyTypeObject *type, PyObject *source)
{
    Chain *o = source ? (Chain *)type->tp_alloc(type, 0) : NULL;
    if (o == NULL) {
        Py_XDECREF(source);
        return NULL;
    }
    o->source = source;
    return (PyObject *)o;
}

static PyObject *chain_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return keywords_ok(type, &chain_type, "chain", kwargs)
               ? chain_make(type, PyObject_GetIter(args))
               : NULL;
}

static PyObject *chain_from_iterable(PyObject *type, PyObject *iterable)
{
    return chain_make((PyTypeObject *)type, PyObject_GetIter(iterable));
}

/* `active` is dropped as soon as it ends; after an error in the outer iterator there is no more. */
static PyObject *chain_next(PyObject *self)
{
    Chain *o = (Chain *)self;
    while (o->source != NULL) {
        if (o->active == NULL) {
            PyObject *iterable = PyIter_Next(o->source);
            if (iterable == NULL) {
                Py_CLEAR(o->source);
                return NULL;
            }
            o->active = PyObject_GetIter(iterable);
            Py_DECREF(iterable);
            if (o->active == NULL) {
                Py_CLEAR(o->source);
                return NULL;
            }
        }
        PyObject *item = iter_next(o->active);
        if (item != NULL) {
            return item;
        }
        if (PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
                return NULL;
            }
            PyErr_Clear();
        }
        Py_CLEAR(o->active);
    }
    return NULL;
}

static PyObject *chain_reduce(PyObject *self, PyObject *unused)
{
    Chain *o = (Chain *)self;
    if (o->source == NULL) {
        return Py_BuildValue("O()", Py_TYPE(self));
    }
    return o->active ? Py_BuildValue("O()(OO)", Py_TYPE(self), o->source, o->active)
                     : Py_BuildValue("O()(O)", Py_TYPE(self), o->source);
}

static PyObject *chain_setstate(PyObject *self, PyObject *state)
{
    Chain *o = (Chain *)self;
    PyObject *source, *active = NULL;
    if (require_tuple(state) < 0 || !PyArg_ParseTuple(state, "O|O", &source, &active)) {
        return NULL;
    }
    if (!PyIter_Check(source) || (active != NULL && !PyIter_Check(active))) {
        PyErr_SetString(PyExc_TypeError, "Arguments must be iterators.");
        return NULL;
    }
    Py_XINCREF(active);
    Py_INCREF(source);
    Py_XSETREF(o->source, source);
    Py_XSETREF(o->active, active);
    Py_RETURN_NONE;
}

static PyMethodDef chain_methods[] = {
    {"from_iterable", chain_from_iterable, METH_O | METH_CLASS,
     "from_iterable($type, iterable, /)\n--\n\nA chain over the iterables that one iterable "
     "gives."},
    REDUCE(chain),
    SETSTATE(chain),
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};
ITERATOR_LIFE(chain, Chain, CHAIN_REFS)
#define chain_vectorcall NULL
ITERATOR_TYPE(chain, "itertools.chain", Chain,
              "chain(*iterables) --> chain object\n\n"
              "Give the elements of the first iterable, then those of the second, and so on.");

/* -- cycle ------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *it;     /* strong; NULL once all items are saved */
    PyObject *saved;  /* strong: list */
    Py_ssize_t index; /* in saved */
    int saved_before; /* the items that `it` still gives are in the list already */
} Cycle;
#define CYCLE_REFS(F) F(it) F(saved)

static PyObject *cycle_make(PyTypeObject *type, const Given *given)
{
    PyObject *it, *saved;
    if (!given_by_position(type, &cycle_type, "cycle", given, 1, 1)
        || (it = PyObject_GetIter(given->items[0])) == NULL) {
        return NULL;
    }
    Cycle *o = NULL;
    if ((saved = PyList_New(0)) == NULL || (o = (Cycle *)type->tp_alloc(type, 0)) == NULL) {
        Py_DECREF(it);
        Py_XDECREF(saved);
        return NULL;
    }
    o->it = it;
    o->saved = saved;
    return (PyObject *)o;
}
MADE_FROM_GIVEN(cycle)

/* Items are kept while the source gives them, then given out in turn. */
static PyObject *cycle_next(PyObject *self)
{
    Cycle *o = (Cycle *)self;
    if (o->it != NULL) {
        PyObject *item = iter_next_or_end(o->it);
        if (item != NULL) {
            if (!o->saved_before && PyList_Append(o->saved, item) < 0) {
                Py_DECREF(item);
                return NULL;
            }
            return item;
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
        Py_CLEAR(o->it);
    }
    if (PyList_GET_SIZE(o->saved) == 0) {
        return NULL;
    }
    PyObject *item = Py_NewRef(PyList_GET_ITEM(o->saved, o->index));
    if (++o->index >= PyList_GET_SIZE(o->saved)) {
        o->index = 0;
    }
    return item;
}

static PyObject *cycle_reduce(PyObject *self, PyObject *unused)
{
    Cycle *o = (Cycle *)self;
    if (o->it != NULL) {
        return Py_BuildValue("O(O)(OO)", Py_TYPE(self), o->it, o->saved,
                             o->saved_before ? Py_True : Py_False);
    }
    PyObject *it = PyObject_GetIter(o->saved);
    if (it == NULL) {
        return NULL;
    }
    if (o->index != 0) {
        PyObject *res = _PyObject_CallMethod(it, ID(__setstate__), "n", o->index);
        if (res == NULL) {
            Py_DECREF(it);
            return NULL;
        }
        Py_DECREF(res);
    }
    return Py_BuildValue("O(N)(OO)", Py_TYPE(self), it, o->saved, Py_True);
}

static PyObject *cycle_setstate(PyObject *self, PyObject *state)
{
    Cycle *o = (Cycle *)self;
    PyObject *saved;
    int saved_before;
    if (require_tuple(state) < 0 ||
        !PyArg_ParseTuple(state, "O!i", &PyList_Type, &saved, &saved_before)) {
        return NULL;
    }
    Py_INCREF(saved);
    Py_XSETREF(o->saved, saved);
    o->saved_before = saved_before != 0;
    o->index = 0;
    Py_RETURN_NONE;
}

static PyMethodDef cycle_methods[] = {REDUCE(cycle), SETSTATE(cycle), {NULL}};
ITERATOR_LIFE(cycle, Cycle, CYCLE_REFS)
ITERATOR_TYPE(cycle, "itertools.cycle", Cycle,
              "cycle(iterable, /)\n--\n\nGive the elements of the iterable, then all of them "
              "again, without end.");

/* -- islice ------------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    PyObject *it;    /* strong; NULL when exhausted */
    Py_ssize_t next; /* index of the item to give next */
    Py_ssize_t stop; /* -1: no end */
    Py_ssize_t step;
    Py_ssize_t count; /* items consumed */
} ISlice;
#define ISLICE_REFS(F) F(it)

/* None and NULL leave *out; what is no index, or too large, becomes -1. */
static void read_bound(PyObject *arg, Py_ssize_t *out)
{
    if (arg != NULL && arg != Py_None) {
        *out = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
        if (*out == -1) {
            PyErr_Clear();
        }
    }
}

static PyObject *islice_make(PyTypeObject *type, const Given *given)
{
    Py_ssize_t start = 0, stop = -1, step = 1;
    if (!given_by_position(type, &islice_type, "islice", given, 2, 4)) {
        return NULL;
    }
    PyObject *const *items = given->items;
    PyObject *a1 = given->n > 2 ? items[1] : NULL, *a2 = items[given->n > 2 ? 2 : 1],
             *a3 = given->n > 3 ? items[3] : NULL;
    read_bound(a1, &start);
    read_bound(a2, &stop);
    read_bound(a3, &step);
    if (stop == -1 && a2 != Py_None) {
        PyErr_SetString(
            PyExc_ValueError,
            "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
        return NULL;
    }
    if (start < 0 || stop < -1) {
        PyErr_SetString(PyExc_ValueError,
                        "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
        return NULL;
    }
    if (step < 1) {
        PyErr_SetString(PyExc_ValueError, "Step for islice() must be a positive integer or None.");
        return NULL;
    }
    PyObject *it = PyObject_GetIter(items[0]);
    ISlice *o = it ? (ISlice *)type->tp_alloc(type, 0) : NULL;
    if (o == NULL) {
        Py_XDECREF(it);
        return NULL;
    }
    o->it = it;
    o->next = start;
    o->stop = stop;
    o->step = step;
    return (PyObject *)o;
}
MADE_FROM_GIVEN(islice)

/* `next` is the number of the item to give, `count` of the next that the source will give. A step
   past the end stands on `stop`, so the source is read no further than it must be. */
static PyObject *islice_next(PyObject *self)
{
    ISlice *o = (ISlice *)self;
    PyObject *it = o->it, *item;
    Py_ssize_t stop = o->stop;
    if (it == NULL) {
        return NULL;
    }
    while (o->count < o->next) {
        if ((item = iter_next(it)) == NULL) {
            goto empty;
        }
        Py_DECREF(item);
        o->count++;
    }
    if ((stop != -1 && o->count >= stop) || (item = iter_next(it)) == NULL) {
        goto empty;
    }
    o->count++;
    size_t next = (size_t)o->next + (size_t)o->step;
    o->next = next > (size_t)PY_SSIZE_T_MAX || (stop != -1 && next > (size_t)stop)
                  ? stop
                  : (Py_ssize_t)next;
    return item;
empty:
    Py_CLEAR(o->it);
    return NULL;
}

static PyObject *islice_reduce(PyObject *self, PyObject *unused)
{
    ISlice *o = (ISlice *)self;
    if (o->it == NULL) {
        PyObject *list = PyList_New(0), *it = list ? PyObject_GetIter(list) : NULL;
        Py_XDECREF(list);
        return it ? Py_BuildValue("O(Nn)n", Py_TYPE(self), it, (Py_ssize_t)0, (Py_ssize_t)0) : NULL;
    }
    PyObject *stop = o->stop == -1 ? Py_NewRef(Py_None) : PyLong_FromSsize_t(o->stop);
    return stop ? Py_BuildValue("O(OnNn)n", Py_TYPE(self), o->it, o->next, stop, o->step, o->count)
                : NULL;
}

static PyObject *islice_setstate(PyObject *self, PyObject *state)
{
    Py_ssize_t count = PyLong_AsSsize_t(state);
    if (count == -1 && PyErr_Occurred()) {
        return NULL;
    }
    ((ISlice *)self)->count = count;
    Py_RETURN_NONE;
}

static PyMethodDef islice_methods[] = {REDUCE(islice), SETSTATE(islice), {NULL}};
ITERATOR_LIFE(islice, ISlice, ISLICE_REFS)
ITERATOR_TYPE(islice, "itertools.islice", ISlice,
              "islice(iterable, stop) --> islice object\n"
              "islice(iterable, start, stop[, step]) --> islice object\n\n"
              "Give what iterable[start:stop:step] would give, one element after the other.\n"
              "The bounds are not negative.");

/* -- pairwise ---------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *it, *old;
} Pairwise; /* both strong; NULL at the end, old NULL at the start */
#define PAIRWISE_REFS(F) F(it) F(old)

static PyObject *pairwise_make(PyTypeObject *type, const Given *given)
{
    PyObject *it;
    if (!given_by_position(type, &pairwise_type, "pairwise", given, 1, 1)
        || (it = PyObject_GetIter(given->items[0])) == NULL) {
        return NULL;
    }
    Pairwise *o = (Pairwise *)type->tp_alloc(type, 0);
    if (o == NULL) {
        Py_DECREF(it);
        return NULL;
    }
    o->it = it;
    return (PyObject *)o;
}
MADE_FROM_GIVEN(pairwise)

static PyObject *pairwise_next(PyObject *self)
{
    Pairwise *o = (Pairwise *)self;
    PyObject *it = o->it, *old = o->old, *new;
    if (it == NULL) {
        return NULL;
    }
    Py_INCREF(it); /* the iterator may come back here */
    if (old == NULL) {
        old = iter_next(it);
        Py_XSETREF(o->old, old);
        if (old == NULL || o->it == NULL) {
            Py_CLEAR(o->it);
            Py_CLEAR(o->old);
            Py_DECREF(it);
            return NULL;
        }
    }
    Py_INCREF(old);
    new = iter_next(it);
    Py_DECREF(it);
    if (new == NULL) {
        Py_CLEAR(o->it);
        Py_CLEAR(o->old);
        Py_DECREF(old);
        return NULL;
    }
    PyObject *pair = _PyTuple_FromArray((PyObject *[]){old, new}, 2);
    Py_XSETREF(o->old, new);
    Py_DECREF(old);
    return pair;
}

static PyMethodDef pairwise_methods[] = {{NULL}};
ITERATOR_LIFE(pairwise, Pairwise, PAIRWISE_REFS)
ITERATOR_TYPE(pairwise, "itertools.pairwise", Pairwise,
              "pairwise(iterable, /)\n--\n\n"
              "Give pairs of neighbours: s -> (s0,s1), (s1,s2), (s2, s3), ...\n\n"
              "With fewer than two items there are none.");

/* -- zip_longest ------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Py_ssize_t size;
    Py_ssize_t active;   /* iterators not exhausted */
    PyObject *iterators; /* strong: tuple; an exhausted one is NULL */
    PyObject *result;    /* strong: tuple, used again while nobody else holds it */
    PyObject *fill;      /* strong */
} ZipLongest;
#define ZIP_LONGEST_REFS(F) F(iterators) F(result) F(fill)

static PyObject *zip_longest_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *fill = Py_None, *iterators, *result;
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (kwargs != NULL && PyDict_CheckExact(kwargs) && PyDict_GET_SIZE(kwargs) > 0) {
        fill = PyDict_GET_SIZE(kwargs) == 1 ? PyDict_GetItemWithError(kwargs, ID(fillvalue)) : NULL;
        if (fill == NULL) {
            if (!PyErr_Occurred()) {
                PyErr_SetString(PyExc_TypeError,
                                "zip_longest() got an unexpected keyword argument");
            }
            return NULL;
        }
    }
    if ((iterators = PyTuple_New(n)) == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *it = PyObject_GetIter(PyTuple_GET_ITEM(args, i));
        if (it == NULL) {
            Py_DECREF(iterators);
            return NULL;
        }
        PyTuple_SET_ITEM(iterators, i, it);
    }
    ZipLongest *o = NULL;
    if ((result = PyTuple_New(n)) == NULL || (o = (ZipLongest *)type->tp_alloc(type, 0)) == NULL) {
        Py_XDECREF(result);
        Py_DECREF(iterators);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyTuple_SET_ITEM(result, i, Py_NewRef(Py_None));
    }
    o->iterators = iterators;
    o->size = o->active = n;
    o->result = result;
    o->fill = Py_NewRef(fill);
    return (PyObject *)o;
}

/* The next item of column i or the fill value; NULL at the end of all, or on error. */
static PyObject *zip_longest_column(ZipLongest *o, Py_ssize_t i)
{
    PyObject *it = PyTuple_GET_ITEM(o->iterators, i);
    if (it == NULL) {
        return Py_NewRef(o->fill);
    }
    PyObject *item = iter_next_or_end(it);
    if (item != NULL) {
        return item;
    }
    o->active--;
    if (o->active == 0 || PyErr_Occurred()) {
        o->active = 0;
        return NULL;
    }
    PyTuple_SET_ITEM(o->iterators, i, NULL);
    Py_DECREF(it);
    return Py_NewRef(o->fill);
}

/* The result tuple is used again when nobody else holds it. */
static PyObject *zip_longest_next(PyObject *self)
{
    ZipLongest *o = (ZipLongest *)self;
    PyObject *result = o->result;
    if (o->size == 0 || o->active == 0) {
        return NULL;
    }
    if (Py_REFCNT(result) == 1) {
        Py_INCREF(result);
    } else if ((result = PyTuple_New(o->size)) == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < o->size; i++) {
        PyObject *item = zip_longest_column(o, i);
        if (item == NULL) {
            Py_DECREF(result);
            return NULL;
        }
        PyObject *old = PyTuple_GET_ITEM(result, i);
        PyTuple_SET_ITEM(result, i, item);
        Py_XDECREF(old);
    }
    if (!PyObject_GC_IsTracked(result)) {
        PyObject_GC_Track(result);
    }
    return result;
}

static PyObject *zip_longest_reduce(PyObject *self, PyObject *unused)
{
    ZipLongest *o = (ZipLongest *)self;
    Py_ssize_t n = PyTuple_GET_SIZE(o->iterators);
    PyObject *args = PyTuple_New(n);
    if (args == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) { /* an empty tuple stands for an exhausted iterator */
        PyObject *it = PyTuple_GET_ITEM(o->iterators, i);
        PyObject *item = it ? Py_NewRef(it) : PyTuple_New(0);
        if (item == NULL) {
            Py_DECREF(args);
            return NULL;
        }
        PyTuple_SET_ITEM(args, i, item);
    }
    return Py_BuildValue("ONO", Py_TYPE(self), args, o->fill);
}

static PyObject *zip_longest_setstate(PyObject *self, PyObject *state)
{
    Py_INCREF(state);
    Py_XSETREF(((ZipLongest *)self)->fill, state);
    Py_RETURN_NONE;
}

static PyMethodDef zip_longest_methods[] = {REDUCE(zip_longest), SETSTATE(zip_longest), {NULL}};
ITERATOR_LIFE(zip_longest, ZipLongest, ZIP_LONGEST_REFS)
#define zip_longest_vectorcall NULL
ITERATOR_TYPE(
    zip_longest, "itertools.zip_longest", ZipLongest,
    "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\n"
    "Give tuples of the iterables' elements side by side, as zip() does, until the longest one is\n"
    "exhausted. The fill value takes the place of elements that are missing.");
