/* SPDX-License-Identifier: MIT
 *
 * range(start, stop, step): an immutable sequence of ints of any size, never stored.
 *
 * All fields are int objects; item i is start + i * step. Iterating over a range that fits machine
 * words uses range_iterator (three longs), any other longrange_iterator.
 */
#include "state.h"

typedef struct {
    PyObject_HEAD
    PyObject *start, *stop, *step; /* exact ints, step not 0 */
    PyObject *length;              /* number of items, an exact int */
} Range;

typedef struct {
    PyObject_HEAD
    long index;            /* items given so far */
    long start, step, len; /* item i is start + i * step, for i < len */
} RangeIterator;

/* The same with ints of any size. */
typedef struct {
    PyObject_HEAD
    PyObject *index, *start, *step, *len;
} LongRangeIterator;

/* -- Construction ---------------------------------------------------------------------------- */

/* Number of items as a machine word, or -1 when it does not fit. Words in, no overflow. */
static unsigned long word_length(long start, long stop, long step)
{
    if (step > 0 && start < stop)
        return 1UL + ((unsigned long)stop - 1UL - (unsigned long)start) / (unsigned long)step;
    if (step < 0 && start > stop)
        return 1UL
               + ((unsigned long)start - 1UL - (unsigned long)stop) / (0UL - (unsigned long)step);
    return 0UL;
}

/* By words when all three are, else with int objects. */
static PyObject *range_length_object(PyObject *start, PyObject *stop, PyObject *step)
{
    int o1, o2, o3;
    long a = PyLong_AsLongAndOverflow(start, &o1), b = PyLong_AsLongAndOverflow(stop, &o2),
         c = PyLong_AsLongAndOverflow(step, &o3);
    if (!o1 && !o2 && !o3)
        return PyLong_FromUnsignedLong(word_length(a, b, c));
    bool up = _PyLong_Sign(step) > 0;
    PyObject *low = up ? start : stop, *high = up ? stop : start, *res = NULL;
    int empty = PyObject_RichCompareBool(low, high, Py_GE);
    if (empty)
        return empty < 0 ? NULL : PyLong_FromLong(0);
    PyObject *size = up ? Py_NewRef(step) : PyNumber_Negative(step);
    PyObject *span = size ? PyNumber_Subtract(high, low) : NULL;
    PyObject *less = span ? PyNumber_Subtract(span, SMALL_INT(1)) : NULL;
    PyObject *quotient = less ? PyNumber_FloorDivide(less, size) : NULL;
    if (quotient)
        res = PyNumber_Add(quotient, SMALL_INT(1));
    Py_XDECREF(quotient);
    Py_XDECREF(less);
    Py_XDECREF(span);
    Py_XDECREF(size);
    return res;
}

/* STEALS start, stop, step. */
static PyObject *range_make(PyTypeObject *type, PyObject *start, PyObject *stop, PyObject *step)
{
    PyObject *length = range_length_object(start, stop, step);
    Range *self = length ? PyObject_New(Range, type) : NULL;
    if (!self) {
        Py_XDECREF(length);
        Py_DECREF(start);
        Py_DECREF(stop);
        Py_DECREF(step);
        return NULL;
    }
    self->start = start;
    self->stop = stop;
    self->step = step;
    self->length = length;
    return (PyObject *)self;
}

/* One argument is the stop. */
static PyObject *range_from_args(PyTypeObject *type, PyObject *const *args, Py_ssize_t n)
{
    PyObject *start = NULL, *stop = NULL, *step = NULL;
    if (n == 0)
        return PyErr_Format(PyExc_TypeError, "range expected at least 1 argument, got 0");
    if (n > 3)
        return PyErr_Format(PyExc_TypeError, "range expected at most 3 arguments, got %zd", n);
    start = n == 1 ? Py_NewRef(SMALL_INT(0)) : PyNumber_Index(args[0]);
    stop = start ? PyNumber_Index(args[n == 1 ? 0 : 1]) : NULL;
    step = !stop ? NULL : n == 3 ? PyNumber_Index(args[2]) : Py_NewRef(SMALL_INT(1));
    if (step && _PyLong_Sign(step) == 0) {
        PyErr_SetString(PyExc_ValueError, "range() arg 3 must not be zero");
        Py_CLEAR(step);
    }
    if (step)
        return range_make(type, start, stop, step);
    Py_XDECREF(start);
    Py_XDECREF(stop);
    return NULL;
}

static PyObject *range_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return _PyArg_NoKeywords("range", kwds)
               ? range_from_args(type, ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args))
               : NULL;
}

static PyObject *range_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    return _PyArg_NoKwnames("range", kwnames)
               ? range_from_args((PyTypeObject *)type, args, PyVectorcall_NARGS(nargsf))
               : NULL;
}

static void range_dealloc(Range *r)
{
    Py_DECREF(r->start);
    Py_DECREF(r->stop);
    Py_DECREF(r->step);
    Py_DECREF(r->length);
    PyObject_Free(r);
}

/* -- Items ----------------------------------------------------------------------------------- */

static Py_ssize_t range_length(Range *r) { return PyLong_AsSsize_t(r->length); }

/* start + i * step */
static PyObject *item_at(PyObject *start, PyObject *step, PyObject *i)
{
    PyObject *offset = step == SMALL_INT(1) ? Py_NewRef(i) : PyNumber_Multiply(i, step);
    PyObject *res = offset ? PyNumber_Add(start, offset) : NULL;
    Py_XDECREF(offset);
    return res;
}

/* The item at an int object that may be negative; IndexError outside. */
static PyObject *range_item_at(Range *r, PyObject *index)
{
    PyObject *i = _PyLong_Sign(index) < 0 ? PyNumber_Add(index, r->length) : Py_NewRef(index),
             *res = NULL;
    if (!i)
        return NULL;
    int outside = _PyLong_Sign(i) < 0 ? 1 : PyObject_RichCompareBool(i, r->length, Py_GE);
    if (outside > 0)
        PyErr_SetString(PyExc_IndexError, "range object index out of range");
    else if (outside == 0)
        res = item_at(r->start, r->step, i);
    Py_DECREF(i);
    return res;
}

static PyObject *range_item(Range *r, Py_ssize_t i)
{
    PyObject *index = PyLong_FromSsize_t(i), *res = index ? range_item_at(r, index) : NULL;
    Py_XDECREF(index);
    return res;
}

extern EXPORT int _PySlice_GetLongIndices(PySliceObject *self, PyObject *length, PyObject **start,
                                          PyObject **stop, PyObject **step);

/* A range again: O(1), nothing is copied. */
static PyObject *range_slice(Range *r, PyObject *slice)
{
    PyObject *start, *stop, *step, *a = NULL, *b = NULL, *c = NULL;
    if (_PySlice_GetLongIndices((PySliceObject *)slice, r->length, &start, &stop, &step) < 0)
        return NULL;
    c = PyNumber_Multiply(r->step, step);
    a = c ? item_at(r->start, r->step, start) : NULL;
    b = a ? item_at(r->start, r->step, stop) : NULL;
    Py_DECREF(start);
    Py_DECREF(stop);
    Py_DECREF(step);
    if (b)
        return range_make(&PyRange_Type, a, b, c);
    Py_XDECREF(a);
    Py_XDECREF(c);
    return NULL;
}

static PyObject *range_subscript(Range *r, PyObject *item)
{
    if (PySlice_Check(item))
        return range_slice(r, item);
    if (!PyIndex_Check(item))
        return PyErr_Format(PyExc_TypeError, "range indices must be integers or slices, not %.200s",
                            Py_TYPE(item)->tp_name);
    PyObject *i = PyNumber_Index(item), *res = i ? range_item_at(r, i) : NULL;
    Py_XDECREF(i);
    return res;
}

/* -- Membership ------------------------------------------------------------------------------ */

/* For ints: between the bounds and on a step; no search. */
static int range_contains_int(Range *r, PyObject *v)
{
    bool up = _PyLong_Sign(r->step) > 0;
    int ok = up ? PyObject_RichCompareBool(r->start, v, Py_LE)
                : PyObject_RichCompareBool(v, r->start, Py_LE);
    if (ok > 0)
        ok = up ? PyObject_RichCompareBool(v, r->stop, Py_LT)
                : PyObject_RichCompareBool(r->stop, v, Py_LT);
    if (ok <= 0)
        return ok;
    PyObject *offset = PyNumber_Subtract(v, r->start),
             *rest = offset ? PyNumber_Remainder(offset, r->step) : NULL;
    ok = rest ? _PyLong_Sign(rest) == 0 : -1;
    Py_XDECREF(offset);
    Py_XDECREF(rest);
    return ok;
}

static int range_contains(Range *r, PyObject *v)
{
    if (PyLong_CheckExact(v) || PyBool_Check(v))
        return range_contains_int(r, v);
    return (int)_PySequence_IterSearch((PyObject *)r, v, PY_ITERSEARCH_CONTAINS);
}

/* Ints are computed; other objects may equal an int, so they are searched for. */
static PyObject *range_count(Range *r, PyObject *v)
{
    if (PyLong_CheckExact(v) || PyBool_Check(v)) {
        int found = range_contains_int(r, v);
        return found < 0 ? NULL : PyLong_FromLong(found);
    }
    Py_ssize_t n = _PySequence_IterSearch((PyObject *)r, v, PY_ITERSEARCH_COUNT);
    return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *range_index(Range *r, PyObject *v)
{
    if (!PyLong_CheckExact(v) && !PyBool_Check(v)) {
        Py_ssize_t i = _PySequence_IterSearch((PyObject *)r, v, PY_ITERSEARCH_INDEX);
        return i < 0 ? NULL : PyLong_FromSsize_t(i);
    }
    int found = range_contains_int(r, v);
    if (found < 0)
        return NULL;
    if (!found)
        return PyErr_Format(PyExc_ValueError, "%R is not in range", v);
    PyObject *offset = PyNumber_Subtract(v, r->start),
             *res = offset ? PyNumber_FloorDivide(offset, r->step) : NULL;
    Py_XDECREF(offset);
    return res;
}

/* -- Comparison, hash, text ------------------------------------------------------------------ */

/* Equal as sequences: same length, and then same start
   unless empty, and same step unless single. */
static int range_equals(Range *a, Range *b)
{
    if (a == b)
        return 1;
    int eq = PyObject_RichCompareBool(a->length, b->length, Py_EQ);
    if (eq <= 0 || _PyLong_Sign(a->length) == 0)
        return eq;
    eq = PyObject_RichCompareBool(a->start, b->start, Py_EQ);
    if (eq <= 0)
        return eq;
    int single = PyObject_RichCompareBool(a->length, SMALL_INT(1), Py_EQ);
    return single ? single : PyObject_RichCompareBool(a->step, b->step, Py_EQ);
}

static PyObject *range_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!PyRange_Check(other) || (op != Py_EQ && op != Py_NE))
        Py_RETURN_NOTIMPLEMENTED;
    int eq = range_equals((Range *)self, (Range *)other);
    return eq < 0 ? NULL : PyBool_FromLong(op == Py_EQ ? eq : !eq);
}

/* Of what equality looks at, so that equal ranges have equal hashes. */
static Py_hash_t range_hash(Range *r)
{
    bool empty = _PyLong_Sign(r->length) == 0,
         single = !empty && PyObject_RichCompareBool(r->length, SMALL_INT(1), Py_EQ) == 1;
    PyObject *key = PyTuple_Pack(3, r->length, empty ? Py_None : r->start,
                                 empty || single ? Py_None : r->step);
    if (!key)
        return -1;
    Py_hash_t hash = PyObject_Hash(key);
    Py_DECREF(key);
    return hash;
}

static PyObject *range_repr(Range *r)
{
    int one = PyObject_RichCompareBool(r->step, SMALL_INT(1), Py_EQ);
    return one < 0 ? NULL
           : one   ? PyUnicode_FromFormat("range(%R, %R)", r->start, r->stop)
                   : PyUnicode_FromFormat("range(%R, %R, %R)", r->start, r->stop, r->step);
}

static int range_bool(Range *r) { return _PyLong_Sign(r->length) != 0; }

static PyObject *range_reduce(Range *r, PyObject *unused)
{
    return Py_BuildValue("(O(OOO))", Py_TYPE(r), r->start, r->stop, r->step);
}

/* -- Iterators ------------------------------------------------------------------------------- */

static PyObject *fast_iter(long start, long step, long len)
{
    RangeIterator *it = PyObject_New(RangeIterator, &PyRangeIter_Type);
    if (it) {
        it->index = 0;
        it->start = start;
        it->step = step;
        it->len = len;
    }
    return (PyObject *)it;
}

static PyObject *long_iter(PyObject *start, PyObject *step, PyObject *len)
{
    LongRangeIterator *it = PyObject_New(LongRangeIterator, &PyLongRangeIter_Type);
    if (it) {
        it->index = Py_NewRef(SMALL_INT(0));
        it->start = Py_NewRef(start);
        it->step = Py_NewRef(step);
        it->len = Py_NewRef(len);
    }
    return (PyObject *)it;
}

/* Words when start, step, length and the position after the last item are words. */
static PyObject *iter_over(PyObject *start, PyObject *step, PyObject *length)
{
    int o1, o2, o3;
    long a = PyLong_AsLongAndOverflow(start, &o1), c = PyLong_AsLongAndOverflow(step, &o2),
         n = PyLong_AsLongAndOverflow(length, &o3), span, end;
    if (!o1 && !o2 && !o3 && !__builtin_mul_overflow(n, c, &span)
        && !__builtin_add_overflow(a, span, &end))
        return fast_iter(a, c, n);
    return long_iter(start, step, length);
}

static PyObject *range_iter(PyObject *seq)
{
    Range *r = (Range *)seq;
    return iter_over(r->start, r->step, r->length);
}

/* An iterator over the same items from the last to the first. */
static PyObject *range_reverse(Range *r, PyObject *unused)
{
    PyObject *last = PyNumber_Subtract(r->length, SMALL_INT(1)),
             *step = last ? PyNumber_Negative(r->step) : NULL;
    PyObject *start = step ? item_at(r->start, r->step, last) : NULL;
    PyObject *res = start ? iter_over(start, step, r->length) : NULL;
    Py_XDECREF(last);
    Py_XDECREF(step);
    Py_XDECREF(start);
    return res;
}

static PyObject *rangeiter_next(RangeIterator *it)
{
    return it->index < it->len ? PyLong_FromLong(it->start + it->index++ * it->step) : NULL;
}

static PyObject *rangeiter_length_hint(RangeIterator *it, PyObject *unused)
{
    return PyLong_FromLong(it->len - it->index);
}

static PyObject *iter_reduce(PyObject *start, PyObject *step, PyObject *len, PyObject *index)
{
    PyObject *stop = start && step && len ? item_at(start, step, len) : NULL, *range = NULL;
    if (stop)
        range = range_make(&PyRange_Type, Py_NewRef(start), stop, Py_NewRef(step));
    PyObject *iter = range ? _PyEval_GetBuiltin(ID(iter)) : NULL;
    PyObject *res = iter && index ? Py_BuildValue("N(O)O", iter, range, index) : NULL;
    Py_XDECREF(range);
    return res;
}

static PyObject *rangeiter_reduce(RangeIterator *it, PyObject *unused)
{
    PyObject *start = PyLong_FromLong(it->start), *step = PyLong_FromLong(it->step),
             *len = PyLong_FromLong(it->len), *index = PyLong_FromLong(it->index);
    PyObject *res = iter_reduce(start, step, len, index);
    Py_XDECREF(start);
    Py_XDECREF(step);
    Py_XDECREF(len);
    Py_XDECREF(index);
    return res;
}

static PyObject *rangeiter_setstate(RangeIterator *it, PyObject *state)
{
    long index = PyLong_AsLong(state);
    if (index == -1 && PyErr_Occurred())
        return NULL;
    it->index = index < 0 ? 0 : index > it->len ? it->len : index;
    Py_RETURN_NONE;
}

static PyMethodDef rangeiter_methods[] = {
    { "__length_hint__", (PyCFunction)rangeiter_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)rangeiter_reduce, METH_NOARGS, "What pickle stores." },
    { "__setstate__", (PyCFunction)rangeiter_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PyRangeIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "range_iterator",
    .tp_basicsize = sizeof(RangeIterator),
    .tp_dealloc = (destructor)PyObject_Free,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)rangeiter_next,
    .tp_methods = rangeiter_methods,
};

static void longrangeiter_dealloc(LongRangeIterator *it)
{
    Py_XDECREF(it->index);
    Py_XDECREF(it->start);
    Py_XDECREF(it->step);
    Py_XDECREF(it->len);
    PyObject_Free(it);
}

static PyObject *longrangeiter_next(LongRangeIterator *it)
{
    if (PyObject_RichCompareBool(it->index, it->len, Py_LT) != 1)
        return NULL;
    PyObject *next = PyNumber_Add(it->index, SMALL_INT(1)),
             *res = next ? item_at(it->start, it->step, it->index) : NULL;
    if (res)
        Py_SETREF(it->index, Py_NewRef(next));
    Py_XDECREF(next);
    return res;
}

static PyObject *longrangeiter_length_hint(LongRangeIterator *it, PyObject *unused)
{
    return PyNumber_Subtract(it->len, it->index);
}

static PyObject *longrangeiter_reduce(LongRangeIterator *it, PyObject *unused)
{
    return iter_reduce(it->start, it->step, it->len, it->index);
}

static PyObject *longrangeiter_setstate(LongRangeIterator *it, PyObject *state)
{
    if (!PyLong_CheckExact(state))
        return PyErr_Format(PyExc_TypeError, "state must be an int, not %.200s",
                            Py_TYPE(state)->tp_name);
    int over = PyObject_RichCompareBool(it->len, state, Py_LT);
    if (over < 0)
        return NULL;
    Py_SETREF(it->index, Py_NewRef(_PyLong_Sign(state) < 0 ? SMALL_INT(0)
                                   : over                  ? it->len
                                                           : state));
    Py_RETURN_NONE;
}

static PyMethodDef longrangeiter_methods[] = {
    { "__length_hint__", (PyCFunction)longrangeiter_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)longrangeiter_reduce, METH_NOARGS, "What pickle stores." },
    { "__setstate__", (PyCFunction)longrangeiter_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PyLongRangeIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "longrange_iterator",
    .tp_basicsize = sizeof(LongRangeIterator),
    .tp_dealloc = (destructor)longrangeiter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)longrangeiter_next,
    .tp_methods = longrangeiter_methods,
};

/* -- Type object ----------------------------------------------------------------------------- */

static PyNumberMethods range_as_number = { .nb_bool = (inquiry)range_bool };
static PySequenceMethods range_as_sequence = {
    .sq_length = (lenfunc)range_length,
    .sq_item = (ssizeargfunc)range_item,
    .sq_contains = (objobjproc)range_contains,
};
static PyMappingMethods range_as_mapping = {.mp_length = (lenfunc)range_length,
                                            .mp_subscript = (binaryfunc)range_subscript};
static PyMethodDef range_methods[] = {
    { "__reversed__", (PyCFunction)range_reverse, METH_NOARGS, "Return a reverse iterator." },
    { "__reduce__", (PyCFunction)range_reduce, METH_NOARGS, NULL },
    { "count", (PyCFunction)range_count, METH_O,
      "rangeobject.count(value) -> integer -- 1 when value is in the range, else 0" },
    { "index", (PyCFunction)range_index, METH_O,
      "rangeobject.index(value) -> integer -- how many items come before value.\n"
      "ValueError when it is not in the range." },
    { NULL },
};
static PyMemberDef range_members[] = {
    { "start", T_OBJECT_EX, offsetof(Range, start), READONLY, NULL },
    { "stop", T_OBJECT_EX, offsetof(Range, stop), READONLY, NULL },
    { "step", T_OBJECT_EX, offsetof(Range, step), READONLY, NULL },
    { NULL },
};

PyTypeObject PyRange_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "range",
    .tp_basicsize = sizeof(Range),
    .tp_dealloc = (destructor)range_dealloc,
    .tp_repr = (reprfunc)range_repr,
    .tp_as_number = &range_as_number,
    .tp_as_sequence = &range_as_sequence,
    .tp_as_mapping = &range_as_mapping,
    .tp_hash = (hashfunc)range_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
              "The ints from start (inclusive, 0 by default) to stop (exclusive) by step: a "
              "sequence that takes no\n"
              ""
              "memory for its items. range(4) holds 0, 1, 2, 3: the valid indices of a list of 4.",
    .tp_richcompare = range_richcompare,
    .tp_iter = range_iter,
    .tp_methods = range_methods,
    .tp_members = range_members,
    .tp_new = range_new,
    .tp_vectorcall = range_vectorcall,
};
