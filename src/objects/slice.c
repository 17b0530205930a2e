/* SPDX-License-Identifier: MIT
 *
 * slice(start, stop, step): the object that x[a:b:c] makes, and the arithmetic of slicing.
 *
 * Two steps, since the first may run code that changes the length of the sequence:
 *   PySlice_Unpack         the three fields as machine words (None: defaults, huge ones clamped)
 *   PySlice_AdjustIndices  negative bounds wrapped by the length, all clipped to it; how many items
 *
 * One dead slice is kept for reuse (interp->slice_cache), because subscripting makes and drops one
 * each time. Fields are any objects; they are looked at only when the slice is used.
 */
#include "objects/contain.h"
#include "objects/int/int.h"
#include "state.h"

static PySliceObject *slice_alloc(void)
{
    PyInterpreterState *interp = interp_get();
    PySliceObject *s = interp->slice_cache;
    if (s) {
        interp->slice_cache = NULL;
        _Py_NewReference((PyObject *)s);
        return s;
    }
    return PyObject_GC_New(PySliceObject, &PySlice_Type);
}

/* STEALS all three. */
static PyObject *slice_steal(PyObject *start, PyObject *stop, PyObject *step)
{
    PySliceObject *s = slice_alloc();
    if (!s) {
        Py_DECREF(start);
        Py_DECREF(stop);
        Py_DECREF(step);
        return NULL;
    }
    s->start = start;
    s->stop = stop;
    s->step = step;
    gc_track((PyObject *)s);
    return (PyObject *)s;
}

PyObject *PySlice_New(PyObject *start, PyObject *stop, PyObject *step)
{
    return slice_steal(Py_NewRef(start ? start : Py_None), Py_NewRef(stop ? stop : Py_None),
                       Py_NewRef(step ? step : Py_None));
}

EXPORT PyObject *_PySlice_FromIndices(Py_ssize_t start, Py_ssize_t stop)
{
    PyObject *a = PyLong_FromSsize_t(start), *b = a ? PyLong_FromSsize_t(stop) : NULL;
    if (!b) {
        Py_XDECREF(a);
        return NULL;
    }
    return slice_steal(a, b, Py_NewRef(Py_None));
}

void slice_clear_cache(PyInterpreterState *interp)
{
    PySliceObject *s = interp->slice_cache;
    interp->slice_cache = NULL;
    if (s)
        PyObject_GC_Del(s);
}

/* -- Arithmetic ------------------------------------------------------------------------------ */

/* The usual bounds: None, or a small int. */
static inline bool plain_bound(PyObject *v, Py_ssize_t missing, Py_ssize_t *out)
{
    bool number = PyLong_CheckExact(v) && int_is_compact(v);
    *out = number ? int_compact(v) : missing;
    return number || v == Py_None;
}

/* ValueError for step 0. *step is at least -PY_SSIZE_T_MAX, so that -step is safe. */
int PySlice_Unpack(PyObject *r, Py_ssize_t *start, Py_ssize_t *stop, Py_ssize_t *step)
{
    PySliceObject *s = (PySliceObject *)r;
    if (LIKELY(plain_bound(s->step, 1, step) && *step != 0)
        && plain_bound(s->start, *step < 0 ? PY_SSIZE_T_MAX : 0, start)
        && plain_bound(s->stop, *step < 0 ? PY_SSIZE_T_MIN : PY_SSIZE_T_MAX, stop))
        return 0;
    *step = 1;
    if (s->step != Py_None) {
        if (!_PyEval_SliceIndex(s->step, step))
            return -1;
        if (*step == 0) {
            PyErr_SetString(PyExc_ValueError, "slice step cannot be zero");
            return -1;
        }
        /* So that -step does not overflow; no sequence is long enough to tell. */
        if (*step < -PY_SSIZE_T_MAX)
            *step = -PY_SSIZE_T_MAX;
    }
    *start = *step < 0 ? PY_SSIZE_T_MAX : 0;
    *stop = *step < 0 ? PY_SSIZE_T_MIN : PY_SSIZE_T_MAX;
    bool failed = (s->start != Py_None && !_PyEval_SliceIndex(s->start, start))
                  || (s->stop != Py_None && !_PyEval_SliceIndex(s->stop, stop));
    return failed ? -1 : 0;
}

/* A bound within [low, high] for a sequence of `length`. */
static Py_ssize_t clip(Py_ssize_t i, Py_ssize_t length, Py_ssize_t step)
{
    if (i < 0) {
        i += length;
        if (i < 0)
            i = step < 0 ? -1 : 0;
    } else if (i >= length) {
        i = step < 0 ? length - 1 : length;
    }
    return i;
}

/* Never fails; the number of items. */
Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
                                 Py_ssize_t step)
{
    *start = clip(*start, length, step);
    *stop = clip(*stop, length, step);
    if (step < 0)
        return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
    return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

#undef PySlice_GetIndicesEx
int PySlice_GetIndicesEx(PyObject *r, Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
                         Py_ssize_t *step, Py_ssize_t *n)
{
    if (PySlice_Unpack(r, start, stop, step) < 0)
        return -1;
    *n = PySlice_AdjustIndices(length, start, stop, *step);
    return 0;
}

/* The old form: only exact ints, bounds checked instead of clipped. */
int PySlice_GetIndices(PyObject *r, Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *stop,
                       Py_ssize_t *step)
{
    PySliceObject *s = (PySliceObject *)r;
    if (s->step == Py_None) {
        *step = 1;
    } else {
        if (!PyLong_Check(s->step))
            return -1;
        *step = PyLong_AsSsize_t(s->step);
    }
    if (s->start == Py_None) {
        *start = *step < 0 ? length - 1 : 0;
    } else {
        if (!PyLong_Check(s->start))
            return -1;
        *start = PyLong_AsSsize_t(s->start);
        if (*start < 0)
            *start += length;
    }
    if (s->stop == Py_None) {
        *stop = *step < 0 ? -1 : length;
    } else {
        if (!PyLong_Check(s->stop))
            return -1;
        *stop = PyLong_AsSsize_t(s->stop);
        if (*stop < 0)
            *stop += length;
    }
    return *stop > length || *start >= length || *step == 0 ? -1 : 0;
}

/* -- indices() on ints of any size ----------------------------------------------------------- */

static PyObject *long_index(PyObject *v)
{
    if (PyIndex_Check(v))
        return PyNumber_Index(v);
    PyErr_SetString(PyExc_TypeError,
                    "slice indices must be integers or None or have an __index__ method");
    return NULL;
}

/* Bound `v` (or the default for None) clipped to [lower, upper]; owned. */
static PyObject *long_bound(PyObject *v, PyObject *fallback, PyObject *length, PyObject *lower,
                            PyObject *upper)
{
    if (v == Py_None)
        return Py_NewRef(fallback);
    PyObject *i = long_index(v);
    if (!i)
        return NULL;
    int negative = _PyLong_Sign(i) < 0, outside;
    if (negative) {
        Py_SETREF(i, PyNumber_Add(i, length));
        if (!i)
            return NULL;
    }
    outside = PyObject_RichCompareBool(i, negative ? lower : upper, negative ? Py_LT : Py_GT);
    if (outside < 0)
        Py_CLEAR(i);
    else if (outside)
        Py_SETREF(i, Py_NewRef(negative ? lower : upper));
    return i;
}

/* For range and slice.indices(): the same arithmetic on int objects, owned results. */
EXPORT int _PySlice_GetLongIndices(PySliceObject *self, PyObject *length, PyObject **start_out,
                                   PyObject **stop_out, PyObject **step_out)
{
    PyObject *start = NULL, *stop = NULL, *step = NULL, *lower = NULL, *upper = NULL;
    step = self->step == Py_None ? Py_NewRef(SMALL_INT(1)) : long_index(self->step);
    if (!step)
        goto fail;
    int sign = _PyLong_Sign(step);
    if (sign == 0) {
        PyErr_SetString(PyExc_ValueError, "slice step cannot be zero");
        goto fail;
    }
    lower = Py_NewRef(SMALL_INT(sign < 0 ? -1 : 0));
    upper = sign < 0 ? PyNumber_Add(length, lower) : Py_NewRef(length);
    if (!upper || !(start = long_bound(self->start, sign < 0 ? upper : lower, length, lower, upper))
        || !(stop = long_bound(self->stop, sign < 0 ? lower : upper, length, lower, upper)))
        goto fail;
    Py_DECREF(lower);
    Py_DECREF(upper);
    *start_out = start;
    *stop_out = stop;
    *step_out = step;
    return 0;
fail:
    *start_out = *stop_out = *step_out = NULL;
    Py_XDECREF(start);
    Py_XDECREF(stop);
    Py_XDECREF(step);
    Py_XDECREF(lower);
    Py_XDECREF(upper);
    return -1;
}

static PyObject *slice_indices(PySliceObject *self, PyObject *len)
{
    PyObject *start, *stop, *step, *length = PyNumber_Index(len);
    if (!length)
        return NULL;
    if (_PyLong_Sign(length) < 0) {
        PyErr_SetString(PyExc_ValueError, "length should not be negative");
        Py_DECREF(length);
        return NULL;
    }
    int rc = _PySlice_GetLongIndices(self, length, &start, &stop, &step);
    Py_DECREF(length);
    return rc < 0 ? NULL : Py_BuildValue("(NNN)", start, stop, step);
}

/* -- Slots ----------------------------------------------------------------------------------- */

static PyObject *slice_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *start = NULL, *stop = NULL, *step = NULL;
    if (!_PyArg_NoKeywords("slice", kwds)
        || !PyArg_UnpackTuple(args, "slice", 1, 3, &start, &stop, &step))
        return NULL;
    /* One argument is the stop. */
    return stop ? PySlice_New(start, stop, step) : PySlice_New(NULL, start, NULL);
}

/* Without a tuple of arguments. */
static PyObject *slice_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("slice", kwnames) || !_PyArg_CheckPositional("slice", n, 1, 3))
        return NULL;
    return n == 1 ? PySlice_New(NULL, args[0], NULL)
                  : PySlice_New(args[0], args[1], n == 3 ? args[2] : NULL);
}

static void slice_dealloc(PySliceObject *s)
{
    PyInterpreterState *interp = interp_get();
    if (LIKELY(gc_is_tracked((PyObject *)s)))
        gc_untrack((PyObject *)s);
    Py_DECREF(s->step);
    Py_DECREF(s->start);
    Py_DECREF(s->stop);
    if (KEEP_FREED && !interp->slice_cache)
        interp->slice_cache = s;
    else
        PyObject_GC_Del(s);
}

static PyObject *slice_repr(PySliceObject *s)
{
    return PyUnicode_FromFormat("slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static PyObject *slice_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PySlice_Check(v) || !PySlice_Check(w))
        Py_RETURN_NOTIMPLEMENTED;
    if (v == w)
        return PyBool_FromLong(op == Py_EQ || op == Py_LE || op == Py_GE);
    PySliceObject *a = (PySliceObject *)v, *b = (PySliceObject *)w;
    PyObject *x = PyTuple_Pack(3, a->start, a->stop, a->step),
             *y = PyTuple_Pack(3, b->start, b->stop, b->step);
    PyObject *res = x && y ? PyObject_RichCompare(x, y, op) : NULL;
    Py_XDECREF(x);
    Py_XDECREF(y);
    return res;
}

static int slice_traverse(PySliceObject *s, visitproc visit, void *arg)
{
    Py_VISIT(s->start);
    Py_VISIT(s->stop);
    Py_VISIT(s->step);
    return 0;
}

static PyObject *slice_reduce(PySliceObject *s, PyObject *unused)
{
    return Py_BuildValue("O(OOO)", Py_TYPE(s), s->start, s->stop, s->step);
}

static PyMemberDef slice_members[] = {
    { "start", T_OBJECT, offsetof(PySliceObject, start), READONLY, NULL },
    { "stop", T_OBJECT, offsetof(PySliceObject, stop), READONLY, NULL },
    { "step", T_OBJECT, offsetof(PySliceObject, step), READONLY, NULL },
    { NULL },
};
static PyMethodDef slice_methods[] = {
    { "indices", (PyCFunction)slice_indices, METH_O,
      "S.indices(len) -> (start, stop, stride)\n\n"
      "Bounds for a sequence of the given length, clipped as slicing does." },
    { "__reduce__", (PyCFunction)slice_reduce, METH_NOARGS, "What pickle stores." },
    { NULL },
};

PyTypeObject PySlice_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "slice",
    .tp_basicsize = sizeof(PySliceObject),
    .tp_dealloc = (destructor)slice_dealloc,
    .tp_repr = (reprfunc)slice_repr,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "slice(stop)\nslice(start, stop[, step])\n\nWhat stands in brackets: "
              "a[start:stop:step] asks a for slice(start, stop, step).",
    .tp_traverse = (traverseproc)slice_traverse,
    .tp_richcompare = slice_richcompare,
    .tp_methods = slice_methods,
    .tp_members = slice_members,
    .tp_new = slice_new,
    .tp_vectorcall = slice_vectorcall,
};
