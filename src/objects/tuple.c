/* SPDX-License-Identifier: MIT
 *
 * Tuples: header, then the items in the same block.
 *
 *     │ collector's words │ refcount │ type │ ob_size │ item 0 │ … │ item n-1 │
 *
 *  T1 Items are set once, by the maker, while nobody else can see the tuple; PyTuple_SetItem and
 *     _PyTuple_Resize insist on one reference.
 *  T2 The empty tuple is one static object.
 *  T3 A tuple is tracked by the collector from the start, and forgotten at a collection when none
 *     of its items can be part of a cycle (_PyTuple_MaybeUntrack).
 *
 * Dead tuples of 1 … 20 items go to a free list of their size, chained through their first item.
 */
#include "base/cstack.h"
#include "objects/compare.h"
#include "objects/contain.h"
#include "objects/repr.h"

/* -- Allocation ------------------------------------------------------------------------------- */

/* Untracked, items not set. */
static PyTupleObject *tuple_alloc(Py_ssize_t n)
{
    if (n < 0) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (n <= TUPLE_FREE_SIZES) {
        struct free_lists *lists = free_lists_get();
        PyTupleObject *op = lists->tuple[n - 1];
        if (LIKELY(op != NULL)) {
            lists->tuple[n - 1] = (PyTupleObject *)op->ob_item[0];
            lists->ntuple[n - 1]--;
            object_renew(op);
            return op;
        }
    } else if ((size_t)n > ((size_t)PY_SSIZE_T_MAX - sizeof(PyTupleObject)) / sizeof(PyObject *)) {
        return (PyTupleObject *)PyErr_NoMemory();
    }
    return PyObject_GC_NewVar(PyTupleObject, &PyTuple_Type, n);
}

static inline PyObject *empty_tuple(void) { return Py_NewRef(EMPTY_TUPLE); }

/* Items are NULL, for the caller to set (T1). Tracked already: the collector skips NULL. */
PyObject *PyTuple_New(Py_ssize_t n)
{
    if (n == 0) {
        return empty_tuple();
    }
    PyTupleObject *op = tuple_alloc(n);
    if (op == NULL) {
        return NULL;
    }
    memset(op->ob_item, 0, (size_t)n * sizeof(PyObject *));
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* Counts the references. */
PyObject *_PyTuple_FromArray(PyObject *const *items, Py_ssize_t n)
{
    if (n == 0) {
        return empty_tuple();
    }
    PyTupleObject *op = tuple_alloc(n);
    if (op == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        op->ob_item[i] = Py_NewRef(items[i]);
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* STEALS the items, on failure too. */
PyObject *_PyTuple_FromArraySteal(PyObject *const *items, Py_ssize_t n)
{
    if (n == 0) {
        return empty_tuple();
    }
    PyTupleObject *op = tuple_alloc(n);
    if (op == NULL) {
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_DECREF(items[i]);
        }
        return NULL;
    }
    memcpy(op->ob_item, items, (size_t)n * sizeof(PyObject *));
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

PyObject *PyTuple_Pack(Py_ssize_t n, ...)
{
    if (n == 0) {
        return empty_tuple();
    }
    PyTupleObject *op = tuple_alloc(n);
    if (op == NULL) {
        return NULL;
    }
    va_list va;
    va_start(va, n);
    for (Py_ssize_t i = 0; i < n; i++) {
        op->ob_item[i] = Py_NewRef(va_arg(va, PyObject *));
    }
    va_end(va);
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* Deep nesting is cut by the trash can, so that no chain overflows the C stack. */
static void tuple_dealloc(PyTupleObject *op)
{
    /* somebody dropped one reference too many: it lives on */
    if (UNLIKELY((PyObject *)op == EMPTY_TUPLE)) {
        Py_SET_REFCNT((PyObject *)op, IMMORTAL_REFCNT);
        return;
    }
    if (gc_is_tracked((PyObject *)op)) {
        gc_untrack((PyObject *)op);
    }
    TRASH_BEGIN(op, tuple_dealloc)
    Py_ssize_t n = Py_SIZE(op);
    for (Py_ssize_t i = n; --i >= 0;) {
        Py_XDECREF(op->ob_item[i]);
    }
    if (n > 0 && n <= TUPLE_FREE_SIZES && Py_IS_TYPE((PyObject *)op, &PyTuple_Type)) {
        struct free_lists *lists = free_lists_get();
        if (lists->ntuple[n - 1] < TUPLE_FREE_MAX) {
            op->ob_item[0] = (PyObject *)lists->tuple[n - 1];
            lists->tuple[n - 1] = op;
            lists->ntuple[n - 1]++;
            goto kept;
        }
    }
    Py_TYPE(op)->tp_free(op);
kept:;
    TRASH_END
}

void tuple_freelist_clear(PyInterpreterState *interp)
{
    struct free_lists *lists = free_lists_get();
    for (int i = 0; i < TUPLE_FREE_SIZES; i++) {
        PyTupleObject *op = lists->tuple[i];
        lists->tuple[i] = NULL;
        lists->ntuple[i] = 0;
        while (op) {
            PyTupleObject *next = (PyTupleObject *)op->ob_item[0];
            PyObject_GC_Del(op);
            op = next;
        }
    }
}

static int tuple_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyTupleObject *op = (PyTupleObject *)self;
    for (Py_ssize_t i = Py_SIZE(op); --i >= 0;) {
        Py_VISIT(op->ob_item[i]);
    }
    return 0;
}

/* T3. A NULL item means that the maker is still at work. */
void _PyTuple_MaybeUntrack(PyObject *op)
{
    if (!PyTuple_CheckExact(op) || !gc_is_tracked(op)) {
        return;
    }
    PyTupleObject *t = (PyTupleObject *)op;
    for (Py_ssize_t i = 0, n = Py_SIZE(t); i < n; i++) {
        if (t->ob_item[i] == NULL || may_be_tracked(t->ob_item[i])) {
            return;
        }
    }
    gc_untrack(op);
}

/* T1. *pv may move; on failure it is dropped and *pv is NULL. New items are NULL. */
int _PyTuple_Resize(PyObject **pv, Py_ssize_t newsize)
{
    PyTupleObject *v = (PyTupleObject *)*pv;
    if (v == NULL || !Py_IS_TYPE((PyObject *)v, &PyTuple_Type)
        || (Py_SIZE(v) != 0 && Py_REFCNT(v) != 1)) {
        *pv = NULL;
        Py_XDECREF(v);
        PyErr_BadInternalCall();
        return -1;
    }
    Py_ssize_t oldsize = Py_SIZE(v);
    if (oldsize == newsize) {
        return 0;
    }
    if (newsize == 0 || oldsize == 0) {
        Py_DECREF(v);
        *pv = PyTuple_New(newsize);
        return *pv ? 0 : -1;
    }
    if (gc_is_tracked((PyObject *)v)) {
        gc_untrack((PyObject *)v);
    }
    for (Py_ssize_t i = newsize; i < oldsize; i++) {
        Py_CLEAR(v->ob_item[i]);
    }
    PyTupleObject *sv = PyObject_GC_Resize(PyTupleObject, v, newsize);
    if (sv == NULL) {
        *pv = NULL;
        PyObject_GC_Del(v);
        return -1;
    }
    if (newsize > oldsize) {
        memset(&sv->ob_item[oldsize], 0, sizeof(PyObject *) * (size_t)(newsize - oldsize));
    }
    *pv = (PyObject *)sv;
    gc_track((PyObject *)sv);
    return 0;
}

/* -- Construction by the type ----------------------------------------------------------------- */

/* A subclass gets its own block, filled from a plain tuple. */
static PyObject *tuple_new_impl(PyTypeObject *type, PyObject *iterable)
{
    if (type == &PyTuple_Type) {
        return iterable ? PySequence_Tuple(iterable) : empty_tuple();
    }
    PyObject *tmp = iterable ? PySequence_Tuple(iterable) : empty_tuple();
    if (tmp == NULL) {
        return NULL;
    }
    Py_ssize_t n = PyTuple_GET_SIZE(tmp);
    PyObject *self = type->tp_alloc(type, n);
    if (self != NULL) {
        for (Py_ssize_t i = 0; i < n; i++) {
            PyTuple_SET_ITEM(self, i, Py_NewRef(PyTuple_GET_ITEM(tmp, i)));
        }
    }
    Py_DECREF(tmp);
    return self;
}

static PyObject *tuple_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *iterable = NULL;
    if ((type == &PyTuple_Type || type->tp_init == PyTuple_Type.tp_init)
        && !_PyArg_NoKeywords("tuple", kwargs)) {
        return NULL;
    }
    if (!PyArg_UnpackTuple(args, "tuple", 0, 1, &iterable)) {
        return NULL;
    }
    return tuple_new_impl(type, iterable);
}

static PyObject *tuple_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("tuple", kwnames) || !_PyArg_CheckPositional("tuple", nargs, 0, 1)) {
        return NULL;
    }
    return tuple_new_impl((PyTypeObject *)type, nargs ? args[0] : NULL);
}

/* -- Hash, comparison, repr ------------------------------------------------------------------- */

/* xxHash's lanes of 64 bits, one for each item; the seed and the length's mix are 3.11's. */
#define XX_PRIME_1 ((Py_uhash_t)11400714785074694791ULL)
#define XX_PRIME_2 ((Py_uhash_t)14029467366897019727ULL)
#define XX_PRIME_5 ((Py_uhash_t)2870177450012600261ULL)

/* Most items are strs whose hash is known, or small ints. */
static inline Py_hash_t item_hash(PyObject *v)
{
    if (PyUnicode_CheckExact(v) && ((PyASCIIObject *)v)->hash != -1) {
        return ((PyASCIIObject *)v)->hash;
    }
    if (PyLong_CheckExact(v) && int_is_compact(v)) {
        return int_compact(v) == -1 ? -2 : int_compact(v);
    }
    return PyObject_Hash(v);
}

static Py_hash_t tuple_hash(PyObject *self)
{
    PyTupleObject *t = (PyTupleObject *)self;
    Py_ssize_t n = Py_SIZE(t);
    Py_uhash_t acc = XX_PRIME_5;
    if (!cstack_allows(" while hashing a tuple")) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_uhash_t lane = (Py_uhash_t)item_hash(t->ob_item[i]);
        if (lane == (Py_uhash_t)-1) {
            return -1;
        }
        acc += lane * XX_PRIME_2;
        acc = (acc << 31) | (acc >> 33);
        acc *= XX_PRIME_1;
    }
    acc += (Py_uhash_t)n ^ (XX_PRIME_5 ^ 3527539UL);
    return acc == (Py_uhash_t)-1 ? 1546275796 : (Py_hash_t)acc;
}

/* The first pair that differs decides, else the lengths. */
static PyObject *tuple_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PyTuple_Check(v) || !PyTuple_Check(w)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyTupleObject *a = (PyTupleObject *)v, *b = (PyTupleObject *)w;
    Py_ssize_t n = Py_SIZE(a), m = Py_SIZE(b), i;
    for (i = 0; i < n && i < m; i++) {
        int same = a->ob_item[i] == b->ob_item[i]
                       ? 1
                       : compare_bool(a->ob_item[i], b->ob_item[i], Py_EQ);
        if (same < 0) {
            return NULL;
        }
        if (!same) {
            break;
        }
    }
    if (i >= n || i >= m) {
        Py_RETURN_RICHCOMPARE(n, m, op);
    }
    if (op == Py_EQ || op == Py_NE) {
        return PyBool_FromLong(op == Py_NE);
    }
    return PyObject_RichCompare(a->ob_item[i], b->ob_item[i], op);
}

static int write_tuple(_PyUnicodeWriter *writer, PyTupleObject *t)
{
    Py_ssize_t n = Py_SIZE(t);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (i > 0 && _PyUnicodeWriter_WriteASCIIString(writer, ", ", 2) < 0) {
            return -1;
        }
        if (write_repr(writer, t->ob_item[i]) < 0) {
            return -1;
        }
    }
    writer->overallocate = 0;
    return n > 1 ? _PyUnicodeWriter_WriteChar(writer, ')')
                 : _PyUnicodeWriter_WriteASCIIString(writer, ",)", 2);
}

static PyObject *tuple_repr(PyObject *self)
{
    PyTupleObject *t = (PyTupleObject *)self;
    if (Py_SIZE(t) == 0) {
        return PyUnicode_FromString("()");
    }
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered > 0 ? PyUnicode_FromString("(...)") : NULL;
    }
    PyObject *result = NULL;
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    writer.overallocate = 1;
    writer.min_length = Py_SIZE(t) > 1 ? 1 + 1 + (2 + 1) * (Py_SIZE(t) - 1) + 1 : 4;
    if (_PyUnicodeWriter_WriteChar(&writer, '(') < 0 || write_tuple(&writer, t) < 0) {
        _PyUnicodeWriter_Dealloc(&writer);
    } else {
        result = _PyUnicodeWriter_Finish(&writer);
    }
    Py_ReprLeave(self);
    return result;
}

/* -- Sequence --------------------------------------------------------------------------------- */

static Py_ssize_t tuple_length(PyObject *self) { return Py_SIZE(self); }

static int tuple_contains(PyObject *self, PyObject *value)
{
    PyTupleObject *t = (PyTupleObject *)self;
    int cmp = 0;
    for (Py_ssize_t i = 0, n = Py_SIZE(t); cmp == 0 && i < n; i++) {
        cmp = t->ob_item[i] == value ? 1 : compare_bool(t->ob_item[i], value, Py_EQ);
    }
    return cmp;
}

static PyObject *tuple_item(PyObject *self, Py_ssize_t i)
{
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "tuple index out of range");
        return NULL;
    }
    return Py_NewRef(((PyTupleObject *)self)->ob_item[i]);
}

/* Bounds are clipped. The whole of an exact tuple is the tuple. */
static PyObject *tuple_slice(PyTupleObject *t, Py_ssize_t low, Py_ssize_t high)
{
    low = low < 0 ? 0 : low;
    high = high > Py_SIZE(t) ? Py_SIZE(t) : high < low ? low : high;
    if (low == 0 && high == Py_SIZE(t) && PyTuple_CheckExact((PyObject *)t)) {
        return Py_NewRef((PyObject *)t);
    }
    return high <= low ? empty_tuple() : _PyTuple_FromArray(t->ob_item + low, high - low);
}

/* An empty side gives the other one, if that is an exact tuple. */
static PyObject *tuple_concat(PyObject *self, PyObject *other)
{
    if (Py_SIZE(self) == 0 && PyTuple_CheckExact(other)) {
        return Py_NewRef(other);
    }
    if (!PyTuple_Check(other)) {
        PyErr_Format(PyExc_TypeError, "can only concatenate tuple (not \"%.200s\") to tuple",
                     Py_TYPE(other)->tp_name);
        return NULL;
    }
    if (Py_SIZE(other) == 0 && PyTuple_CheckExact(self)) {
        return Py_NewRef(self);
    }
    Py_ssize_t n = Py_SIZE(self), m = Py_SIZE(other);
    if (n > PY_SSIZE_T_MAX - m) {
        return PyErr_NoMemory();
    }
    if (n + m == 0) {
        return empty_tuple();
    }
    PyTupleObject *op = tuple_alloc(n + m);
    if (op == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        op->ob_item[i] = Py_NewRef(((PyTupleObject *)self)->ob_item[i]);
    }
    for (Py_ssize_t i = 0; i < m; i++) {
        op->ob_item[n + i] = Py_NewRef(((PyTupleObject *)other)->ob_item[i]);
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

static PyObject *tuple_repeat(PyObject *self, Py_ssize_t times)
{
    Py_ssize_t n = Py_SIZE(self);
    if ((n == 0 || times == 1) && PyTuple_CheckExact(self)) {
        return Py_NewRef(self);
    }
    if (n == 0 || times <= 0) {
        return empty_tuple();
    }
    if (n > PY_SSIZE_T_MAX / times) {
        return PyErr_NoMemory();
    }
    PyTupleObject *op = tuple_alloc(n * times);
    if (op == NULL) {
        return NULL;
    }
    PyObject **items = ((PyTupleObject *)self)->ob_item, **to = op->ob_item;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_SET_REFCNT(items[i], Py_REFCNT(items[i]) + times);
    }
    for (Py_ssize_t k = 0; k < times; k++, to += n) {
        memcpy(to, items, (size_t)n * sizeof(PyObject *));
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* self[index], self[slice]. */
static PyObject *tuple_subscript(PyObject *self, PyObject *index)
{
    PyTupleObject *t = (PyTupleObject *)self;
    if (PyIndex_Check(index)) {
        Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) {
            return NULL;
        }
        return tuple_item(self, i < 0 ? i + Py_SIZE(t) : i);
    }
    if (!PySlice_Check(index)) {
        PyErr_Format(PyExc_TypeError, "tuple indices must be integers or slices, not %.200s",
                     Py_TYPE(index)->tp_name);
        return NULL;
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(index, &start, &stop, &step) < 0) {
        return NULL;
    }
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(t), &start, &stop, step);
    if (n <= 0) {
        return empty_tuple();
    }
    if (step == 1) {
        return tuple_slice(t, start, start + n);
    }
    PyTupleObject *op = tuple_alloc(n);
    if (op == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0, from = start; i < n; i++, from += step) {
        op->ob_item[i] = Py_NewRef(t->ob_item[from]);
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* -- Methods ---------------------------------------------------------------------------------- */

static PyObject *tuple_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyTupleObject *t = (PyTupleObject *)self;
    Py_ssize_t start = 0, stop = PY_SSIZE_T_MAX, n = Py_SIZE(t);
    if (!_PyArg_CheckPositional("index", nargs, 1, 3)
        || (nargs > 1 && !_PyEval_SliceIndexNotNone(args[1], &start))
        || (nargs > 2 && !_PyEval_SliceIndexNotNone(args[2], &stop))) {
        return NULL;
    }
    start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
    stop = stop < 0 ? stop + n : stop > n ? n : stop;
    for (Py_ssize_t i = start; i < stop; i++) {
        int cmp = PyObject_RichCompareBool(t->ob_item[i], args[0], Py_EQ);
        if (cmp != 0) {
            return cmp > 0 ? PyLong_FromSsize_t(i) : NULL;
        }
    }
    PyErr_SetString(PyExc_ValueError, "tuple.index(x): x not in tuple");
    return NULL;
}

static PyObject *tuple_count(PyObject *self, PyObject *value)
{
    PyTupleObject *t = (PyTupleObject *)self;
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0, n = Py_SIZE(t); i < n; i++) {
        int cmp = t->ob_item[i] == value ? 1 : compare_bool(t->ob_item[i], value, Py_EQ);
        if (cmp < 0) {
            return NULL;
        }
        count += cmp;
    }
    return PyLong_FromSsize_t(count);
}

static PyObject *tuple_getnewargs(PyObject *self, PyObject *unused)
{
    return Py_BuildValue("(N)", tuple_slice((PyTupleObject *)self, 0, Py_SIZE(self)));
}

static PyMethodDef tuple_methods[] = {
    {"__getnewargs__", tuple_getnewargs, METH_NOARGS, "__getnewargs__($self, /)\n--\n\n"},
    {"index", (PyCFunction)tuple_index, METH_FASTCALL,
     "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\n"
     "The place of the first item equal to value.\n\nValueError when there is none."},
    {"count", tuple_count, METH_O,
     "count($self, value, /)\n--\n\n"
     "How many items are equal to value."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};

static PySequenceMethods tuple_as_sequence = {
    .sq_length = tuple_length,
    .sq_concat = tuple_concat,
    .sq_repeat = tuple_repeat,
    .sq_item = tuple_item,
    .sq_contains = tuple_contains,
};
static PyMappingMethods tuple_as_mapping = {.mp_length = tuple_length,
                                            .mp_subscript = tuple_subscript};

static PyObject *tuple_iter(PyObject *self);

PyTypeObject PyTuple_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "tuple",
    .tp_basicsize = sizeof(PyTupleObject) - sizeof(PyObject *),
    .tp_itemsize = sizeof(PyObject *),
    .tp_dealloc = (destructor)tuple_dealloc,
    .tp_repr = tuple_repr,
    .tp_as_sequence = &tuple_as_sequence,
    .tp_as_mapping = &tuple_as_mapping,
    .tp_hash = tuple_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | Py_TPFLAGS_TUPLE_SUBCLASS | _Py_TPFLAGS_MATCH_SELF | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "tuple(iterable=(), /)\n--\n\n"
              "Built-in immutable sequence.\n\n"
              "Without an argument it is empty; with one it has the items of the iterable.\n\n"
              "An argument that is a tuple already is returned itself.",
    .tp_traverse = tuple_traverse,
    .tp_richcompare = tuple_richcompare,
    .tp_iter = tuple_iter,
    .tp_methods = tuple_methods,
    .tp_new = tuple_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = tuple_vectorcall,
};

/* -- Iterator --------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Py_ssize_t it_index; /* of the next item */
    PyTupleObject *it_seq; /* strong; NULL when exhausted */
} TupleIter;

static PyObject *tuple_iter(PyObject *self)
{
    TupleIter *it = PyObject_GC_New(TupleIter, &PyTupleIter_Type);
    if (it == NULL) {
        return NULL;
    }
    it->it_index = 0;
    it->it_seq = (PyTupleObject *)Py_NewRef(self);
    gc_track((PyObject *)it);
    return (PyObject *)it;
}

static void tupleiter_dealloc(PyObject *self)
{
    gc_untrack(self);
    Py_XDECREF(((TupleIter *)self)->it_seq);
    PyObject_GC_Del(self);
}

static int tupleiter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((TupleIter *)self)->it_seq);
    return 0;
}

static PyObject *tupleiter_next(PyObject *self)
{
    TupleIter *it = (TupleIter *)self;
    PyTupleObject *t = it->it_seq;
    if (t == NULL) {
        return NULL;
    }
    if (it->it_index < Py_SIZE(t)) {
        return Py_NewRef(t->ob_item[it->it_index++]);
    }
    it->it_seq = NULL;
    Py_DECREF(t);
    return NULL;
}

static PyObject *tupleiter_length_hint(PyObject *self, PyObject *unused)
{
    TupleIter *it = (TupleIter *)self;
    return PyLong_FromSsize_t(it->it_seq ? Py_SIZE(it->it_seq) - it->it_index : 0);
}

static PyObject *tupleiter_reduce(PyObject *self, PyObject *unused)
{
    TupleIter *it = (TupleIter *)self;
    PyObject *iter = _PyEval_GetBuiltin(ID(iter));
    /* Looking the name up may have run code that exhausted the iterator. */
    return it->it_seq ? Py_BuildValue("N(O)n", iter, it->it_seq, it->it_index)
                      : Py_BuildValue("N(())", iter);
}

static PyObject *tupleiter_setstate(PyObject *self, PyObject *state)
{
    TupleIter *it = (TupleIter *)self;
    Py_ssize_t index = PyLong_AsSsize_t(state);
    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (it->it_seq != NULL) {
        it->it_index = index < 0 ? 0 : index > Py_SIZE(it->it_seq) ? Py_SIZE(it->it_seq) : index;
    }
    Py_RETURN_NONE;
}

static PyMethodDef tupleiter_methods[] = {
    {"__length_hint__", tupleiter_length_hint, METH_NOARGS, "How many items are likely left."},
    {"__reduce__", tupleiter_reduce, METH_NOARGS, "What pickle stores."},
    {"__setstate__", tupleiter_setstate, METH_O, "Takes up what pickle stored."},
    {NULL},
};

PyTypeObject PyTupleIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "tuple_iterator",
    .tp_basicsize = sizeof(TupleIter),
    .tp_dealloc = tupleiter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = tupleiter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = tupleiter_next,
    .tp_methods = tupleiter_methods,
};

/* -- C API ------------------------------------------------------------------------------------ */

Py_ssize_t PyTuple_Size(PyObject *op)
{
    if (!PyTuple_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return Py_SIZE(op);
}

PyObject *PyTuple_GetItem(PyObject *op, Py_ssize_t i)
{
    if (!PyTuple_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (i < 0 || i >= Py_SIZE(op)) {
        PyErr_SetString(PyExc_IndexError, "tuple index out of range");
        return NULL;
    }
    return ((PyTupleObject *)op)->ob_item[i];
}

/* STEALS newitem, on failure too. T1 */
int PyTuple_SetItem(PyObject *op, Py_ssize_t i, PyObject *newitem)
{
    if (!PyTuple_Check(op) || Py_REFCNT(op) != 1) {
        Py_XDECREF(newitem);
        PyErr_BadInternalCall();
        return -1;
    }
    if (i < 0 || i >= Py_SIZE(op)) {
        Py_XDECREF(newitem);
        PyErr_SetString(PyExc_IndexError, "tuple assignment index out of range");
        return -1;
    }
    Py_XSETREF(((PyTupleObject *)op)->ob_item[i], newitem);
    return 0;
}

PyObject *PyTuple_GetSlice(PyObject *op, Py_ssize_t low, Py_ssize_t high)
{
    if (op == NULL || !PyTuple_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return tuple_slice((PyTupleObject *)op, low, high);
}

void _PyTuple_DebugMallocStats(FILE *out)
{
    struct free_lists *lists = free_lists_get();
    for (int i = 0; i < TUPLE_FREE_SIZES; i++) {
        char name[64];
        PyOS_snprintf(name, sizeof(name), "free %d-sized PyTupleObject", i + 1);
        _PyDebugAllocatorStats(out, name, lists->ntuple[i],
                               _PyObject_VAR_SIZE(&PyTuple_Type, i + 1));
    }
}
