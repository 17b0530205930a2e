/* SPDX-License-Identifier: MIT
 *
 * Lists: a header that points at an array of items.
 *
 *    PyListObject                    array of `allocated` pointers
 *   ┌──────────────┐                ┌────────┬─────┬──────────────┬───────────┐
 *   │ ob_item ─────┼───────────────>│ item 0 │  …  │ item size-1  │ not set … │
 *   │ ob_size      │                └────────┴─────┴──────────────┴───────────┘
 *   │ allocated    │
 *   └──────────────┘
 *
 *  L1 0 ≤ ob_size ≤ allocated, ob_item is NULL only when both are 0; while a sort runs, allocated
 *     is -1 (list_sort.c);
 *  L2 references that a change drops are dropped when the list is consistent again, since that runs
 *     foreign code;
 *  L3 code that calls out (comparison, hash, iteration) looks at size and items anew afterwards.
 *
 * The array grows by an eighth and a little, as in 3.11 (sys.getsizeof shows it), so that n appends
 * cost O(n); it shrinks when less than half is used. Items are references that the list owns; an
 * item is NULL only between PyList_New and the caller's PyList_SET_ITEM.
 *
 * Dead headers of exact lists wait in a list of the interpreter (free_lists) for the next one.
 */
#include "objects/compare.h"
#include "objects/list_impl.h"
#include "objects/repr.h"

/* -- Allocation ------------------------------------------------------------------------------- */

int list_resize(PyListObject *self, Py_ssize_t newsize)
{
    Py_ssize_t allocated = self->allocated;
    if (allocated >= newsize && newsize >= (allocated >> 1)) {
        Py_SET_SIZE(self, newsize);
        return 0;
    }
    size_t room = ((size_t)newsize + ((size_t)newsize >> 3) + 6) & ~(size_t)3;
    if (newsize - Py_SIZE(self) > (Py_ssize_t)(room - (size_t)newsize)) {
        room = ((size_t)newsize + 3) & ~(size_t)3; /* a big step: do not reserve more */
    }
    if (newsize == 0) {
        room = 0;
    }
    if (room > (size_t)PY_SSIZE_T_MAX / sizeof(PyObject *)) {
        PyErr_NoMemory();
        return -1;
    }
    PyObject **items = PyMem_Realloc(self->ob_item, room * sizeof(PyObject *));
    if (items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->ob_item = items;
    Py_SET_SIZE(self, newsize);
    self->allocated = (Py_ssize_t)room;
    return 0;
}

/* Room for n items in a list that has no array yet. */
static int list_preallocate(PyListObject *self, Py_ssize_t n)
{
    n = (Py_ssize_t)(((size_t)n + 1) & ~(size_t)1);
    PyObject **items = (size_t)n > (size_t)PY_SSIZE_T_MAX / sizeof(PyObject *)
                           ? NULL
                           : PyMem_New(PyObject *, (size_t)n);
    if (items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->ob_item = items;
    self->allocated = n;
    return 0;
}

/* A list of n items not set yet, untracked. */
static PyListObject *list_alloc(Py_ssize_t n)
{
    struct free_lists *lists = free_lists_get();
    PyListObject *op;
    if (LIKELY(lists->nlist > 0)) {
        op = lists->list[--lists->nlist];
        object_renew(op);
    } else {
        op = PyObject_GC_New(PyListObject, &PyList_Type);
        if (op == NULL) {
            return NULL;
        }
    }
    op->ob_item = NULL;
    if (n > 0) {
        op->ob_item = (size_t)n > (size_t)PY_SSIZE_T_MAX / sizeof(PyObject *)
                          ? NULL : PyMem_Malloc((size_t)n * sizeof(PyObject *));
        if (op->ob_item == NULL) {
            Py_SET_SIZE(op, 0);
            op->allocated = 0;
            Py_DECREF(op);
            return (PyListObject *)PyErr_NoMemory();
        }
    }
    Py_SET_SIZE(op, n);
    op->allocated = n;
    return op;
}

/* Items are NULL: the caller sets them all before anybody else can see the list. */
PyObject *PyList_New(Py_ssize_t size)
{
    if (size < 0) {
        PyErr_BadInternalCall();
        return NULL;
    }
    PyListObject *op = list_alloc(size);
    if (op == NULL) {
        return NULL;
    }
    if (size > 0) {
        memset(op->ob_item, 0, (size_t)size * sizeof(PyObject *));
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* STEALS the items, on failure too. */
PyObject *list_from_array_steal(PyObject *const *items, Py_ssize_t n)
{
    PyListObject *op = list_alloc(n);
    if (op == NULL) {
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_DECREF(items[i]);
        }
        return NULL;
    }
    if (n > 0) {
        memcpy(op->ob_item, items, (size_t)n * sizeof(PyObject *));
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

PyObject *_PyList_FromArraySteal(PyObject *const *items, Py_ssize_t n);
PyObject *_PyList_FromArraySteal(PyObject *const *items, Py_ssize_t n)
{
    return list_from_array_steal(items, n);
}

static PyObject *list_from_array(PyObject *const *items, Py_ssize_t n)
{
    PyListObject *op = list_alloc(n);
    if (op == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        op->ob_item[i] = Py_NewRef(items[i]);
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* Last item first, as 3.11 does, which programs see by the order of destructors. */
static void list_dealloc(PyObject *self)
{
    PyListObject *op = (PyListObject *)self;
    if (LIKELY(gc_is_tracked(self))) {
        gc_untrack(self);
    }
    TRASH_BEGIN(op, list_dealloc)
    if (op->ob_item != NULL) {
        for (Py_ssize_t i = Py_SIZE(op); --i >= 0;) {
            Py_XDECREF(op->ob_item[i]);
        }
        PyMem_Free(op->ob_item);
    }
    struct free_lists *lists = free_lists_get();
    if (lists->nlist < LIST_FREE_MAX && PyList_CheckExact(self)) {
        lists->list[lists->nlist++] = op;
    } else {
        Py_TYPE(op)->tp_free(self);
    }
    TRASH_END
}

void list_freelist_clear(PyInterpreterState *interp)
{
    struct free_lists *lists = free_lists_get();
    while (lists->nlist) {
        PyObject_GC_Del(lists->list[--lists->nlist]);
    }
}

static int list_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyListObject *op = (PyListObject *)self;
    for (Py_ssize_t i = Py_SIZE(op); --i >= 0;) {
        Py_VISIT(op->ob_item[i]);
    }
    return 0;
}

int list_tp_clear(PyObject *self)
{
    PyListObject *op = (PyListObject *)self;
    PyObject **items = op->ob_item;
    if (items != NULL) {
        Py_ssize_t i = Py_SIZE(op);
        Py_SET_SIZE(op, 0);
        op->ob_item = NULL;
        op->allocated = 0;
        while (--i >= 0) {
            Py_XDECREF(items[i]);
        }
        PyMem_Free(items);
    }
    return 0;
}

/* -- Adding ----------------------------------------------------------------------------------- */

/* All growth goes through list_resize, so the rule at the head is the only one. append has its
   fast half in the callers (room is left: store, count) and its slow half here. */

/* STEALS item. The slow half of append, when the array is full. */
int _PyList_AppendTakeRefListResize(PyListObject *self, PyObject *item)
{
    Py_ssize_t n = Py_SIZE(self);
    if (list_resize(self, n + 1) < 0) {
        Py_DECREF(item);
        return -1;
    }
    self->ob_item[n] = item;
    return 0;
}

/* Any `where`: clipped as insert() documents. */
static int list_insert_at(PyListObject *self, Py_ssize_t where, PyObject *item)
{
    Py_ssize_t n = Py_SIZE(self);
    if (list_resize(self, n + 1) < 0) {
        return -1;
    }
    where = where < 0 ? (where + n < 0 ? 0 : where + n) : where > n ? n : where;
    PyObject **items = self->ob_item;
    memmove(items + where + 1, items + where, (size_t)(n - where) * sizeof(PyObject *));
    items[where] = Py_NewRef(item);
    return 0;
}

/* From a list or tuple. */
static int extend_fast(PyListObject *self, PyObject *iterable)
{
    Py_ssize_t m = Py_SIZE(self), n = PySequence_Fast_GET_SIZE(iterable);
    if (n == 0) {
        return 0;
    }
    if (self->ob_item == NULL) {
        if (list_preallocate(self, n) < 0) {
            return -1;
        }
        Py_SET_SIZE(self, n);
    } else if (list_resize(self, m + n) < 0) {
        return -1;
    }
    /* may be the same list */
    PyObject **from = PySequence_Fast_ITEMS(iterable), **to = self->ob_item + m;
    for (Py_ssize_t i = 0; i < n; i++) {
        to[i] = Py_NewRef(from[i]);
    }
    return 0;
}

/* Appends what `it` yields. The list may be changed by the iterator meanwhile (L3): each item
   goes to the end that there is then. */
static int extend_from_iterator(PyListObject *self, PyObject *it)
{
    iternextfunc next = Py_TYPE(it)->tp_iternext;
    for (;;) {
        PyObject *item = next(it);
        if (item == NULL) {
            if (PyErr_Occurred()) {
                if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
                    return -1;
                }
                PyErr_Clear();
            }
            break;
        }
        if (list_append_steal(self, item) < 0) {
            return -1;
        }
    }
    /* Give back what the hint was too much. */
    return Py_SIZE(self) < self->allocated ? list_resize(self, Py_SIZE(self)) : 0;
}

/* Lists and tuples are copied in one step; other iterables are asked for a length hint and
   walked. */
int list_extend(PyListObject *self, PyObject *iterable)
{
    if (PyList_CheckExact(iterable) || PyTuple_CheckExact(iterable)
        || (PyObject *)self == iterable) {
        return extend_fast(self, iterable);
    }
    PyObject *it = PyObject_GetIter(iterable);
    if (it == NULL) {
        return -1;
    }
    Py_ssize_t hint = PyObject_LengthHint(iterable, 8), m = Py_SIZE(self);
    int err = hint < 0 ? -1 : 0;
    if (err == 0 && hint <= PY_SSIZE_T_MAX - m) { /* a hint beyond that is a lie */
        if (self->ob_item == NULL) {
            err = hint ? list_preallocate(self, hint) : 0;
        } else if ((err = list_resize(self, m + hint)) == 0) {
            Py_SET_SIZE(self, m);
        }
    }
    if (err == 0) {
        err = extend_from_iterator(self, it);
    }
    Py_DECREF(it);
    return err;
}

/* -- Slices ----------------------------------------------------------------------------------- */

/* One function does insertion, deletion and replacement of a slice: the tail is moved once, what
   goes is put aside and released last (L2). Extended slices (a step) are list_subscript's and
   list_ass_subscript's, since they cannot change the length except by deletion. */

PyObject *list_slice(PyListObject *a, Py_ssize_t low, Py_ssize_t high)
{
    return list_from_array(a->ob_item + low, high > low ? high - low : 0);
}

/* a[low:high] = v, or del with v NULL. */
int list_ass_slice(PyListObject *a, Py_ssize_t low, Py_ssize_t high, PyObject *v)
{
    PyObject *fast = NULL, **from = NULL, *few[8], **recycle = few;
    Py_ssize_t n = 0, size = Py_SIZE(a);
    int result = -1;
    if (v != NULL) {
        if ((PyObject *)a == v) {
            PyObject *copy = list_slice(a, 0, size);
            result = copy ? list_ass_slice(a, low, high, copy) : -1;
            Py_XDECREF(copy);
            return result;
        }
        fast = PySequence_Fast(v, "can only assign an iterable");
        if (fast == NULL) {
            return -1;
        }
        n = PySequence_Fast_GET_SIZE(fast);
        from = PySequence_Fast_ITEMS(fast);
        size = Py_SIZE(a); /* L3 */
    }
    low = low < 0 ? 0 : low > size ? size : low;
    high = high < low ? low : high > size ? size : high;
    Py_ssize_t gone = high - low, grow = n - gone;
    if (size + grow == 0) {
        Py_XDECREF(fast);
        return list_tp_clear((PyObject *)a);
    }
    if (gone > (Py_ssize_t)COUNT_OF(few)) {
        recycle = PyMem_Malloc((size_t)gone * sizeof(PyObject *));
        if (recycle == NULL) {
            PyErr_NoMemory();
            goto done;
        }
    }
    if (gone > 0) {
        memcpy(recycle, a->ob_item + low, (size_t)gone * sizeof(PyObject *));
    }
    size_t tail = (size_t)(size - high) * sizeof(PyObject *);
    if (grow < 0) {
        memmove(a->ob_item + high + grow, a->ob_item + high, tail);
        if (list_resize(a, size + grow) < 0) {
            memmove(a->ob_item + high, a->ob_item + high + grow, tail);
            memcpy(a->ob_item + low, recycle, (size_t)gone * sizeof(PyObject *));
            goto done;
        }
    } else if (grow > 0) {
        if (list_resize(a, size + grow) < 0) {
            goto done;
        }
        memmove(a->ob_item + high + grow, a->ob_item + high, tail);
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        a->ob_item[low + k] = Py_XNewRef(from[k]);
    }
    for (Py_ssize_t k = gone; --k >= 0;) { /* L2 */
        Py_XDECREF(recycle[k]);
    }
    result = 0;
done:
    if (recycle != few) {
        PyMem_Free(recycle);
    }
    Py_XDECREF(fast);
    return result;
}

/* -- Slots ------------------------------------------------------------------------------------ */

/* Slots take any subclass of list; results are exact lists. */

/* A list may shrink while an item's repr runs (L3). */
static PyObject *list_repr_items(PyListObject *v)
{
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    writer.overallocate = 1;
    writer.min_length = 1 + 1 + (2 + 1) * (Py_SIZE(v) - 1) + 1;
    if (_PyUnicodeWriter_WriteChar(&writer, '[') < 0) {
        goto fail;
    }
    for (Py_ssize_t i = 0; i < Py_SIZE(v); i++) {
        if (i > 0 && _PyUnicodeWriter_WriteASCIIString(&writer, ", ", 2) < 0) {
            goto fail;
        }
        if (write_repr(&writer, v->ob_item[i]) < 0) {
            goto fail;
        }
    }
    writer.overallocate = 0;
    if (_PyUnicodeWriter_WriteChar(&writer, ']') < 0) {
        goto fail;
    }
    return _PyUnicodeWriter_Finish(&writer);
fail:
    _PyUnicodeWriter_Dealloc(&writer);
    return NULL;
}

/* A list that contains itself shows as [...]. */
static PyObject *list_repr(PyObject *self)
{
    if (Py_SIZE(self) == 0) {
        return PyUnicode_FromString("[]");
    }
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered > 0 ? PyUnicode_FromString("[...]") : NULL;
    }
    PyObject *result = list_repr_items((PyListObject *)self);
    Py_ReprLeave(self);
    return result;
}

static Py_ssize_t list_length(PyObject *self) { return Py_SIZE(self); }

/* Whether item i equals value; 1, 0, -1. */
static inline int item_equals(PyListObject *a, Py_ssize_t i, PyObject *value)
{
    PyObject *item = a->ob_item[i];
    if (item == value) {
        return 1;
    }
    int cmp = compare_simple(item, value, Py_EQ);
    if (cmp < 0) {
        Py_INCREF(item);
        cmp = PyObject_RichCompareBool(item, value, Py_EQ);
        Py_DECREF(item);
    }
    return cmp;
}

static int list_contains(PyObject *self, PyObject *value)
{
    PyListObject *a = (PyListObject *)self;
    int cmp = 0;
    for (Py_ssize_t i = 0; cmp == 0 && i < Py_SIZE(a); i++) {
        cmp = item_equals(a, i, value);
    }
    return cmp;
}

static PyObject *list_item(PyObject *self, Py_ssize_t i)
{
    if (UNLIKELY((size_t)i >= (size_t)Py_SIZE(self))) {
        PyErr_SetObject(PyExc_IndexError, LITERAL(list_err));
        return NULL;
    }
    return Py_NewRef(((PyListObject *)self)->ob_item[i]);
}

/* list + list, exact or not: the result is an exact list. */
static PyObject *list_concat(PyObject *self, PyObject *other)
{
    if (!PyList_Check(other)) {
        PyErr_Format(PyExc_TypeError, "can only concatenate list (not \"%.200s\") to list",
                     Py_TYPE(other)->tp_name);
        return NULL;
    }
    Py_ssize_t n = Py_SIZE(self), m = Py_SIZE(other);
    if (n > PY_SSIZE_T_MAX - m) {
        return PyErr_NoMemory();
    }
    PyListObject *op = list_alloc(n + m);
    if (op == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        op->ob_item[i] = Py_NewRef(((PyListObject *)self)->ob_item[i]);
    }
    for (Py_ssize_t i = 0; i < m; i++) {
        op->ob_item[n + i] = Py_NewRef(((PyListObject *)other)->ob_item[i]);
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* Fills to[0 … n*times) with copies of its first n items,
   doubling what is there; counts the references. */
static void repeat_items(PyObject **to, Py_ssize_t n, Py_ssize_t times, Py_ssize_t new_refs)
{
    Py_ssize_t done = n, total = n * times;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_SET_REFCNT(to[i], Py_REFCNT(to[i]) + new_refs);
    }
    if (n == 1) {
        for (PyObject *item = to[0]; done < total; done++) {
            to[done] = item;
        }
    }
    while (done < total) {
        Py_ssize_t step = done < total - done ? done : total - done;
        memcpy(to + done, to, (size_t)step * sizeof(PyObject *));
        done += step;
    }
}

static PyObject *list_repeat(PyObject *self, Py_ssize_t times)
{
    Py_ssize_t n = Py_SIZE(self);
    if (n == 0 || times <= 0) {
        return PyList_New(0);
    }
    if (n > PY_SSIZE_T_MAX / times) {
        return PyErr_NoMemory();
    }
    PyListObject *op = list_alloc(n * times);
    if (op == NULL) {
        return NULL;
    }
    memcpy(op->ob_item, ((PyListObject *)self)->ob_item, (size_t)n * sizeof(PyObject *));
    repeat_items(op->ob_item, n, times, times);
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* self *= times; less than one empties it. */
static PyObject *list_inplace_repeat(PyObject *self, Py_ssize_t times)
{
    PyListObject *op = (PyListObject *)self;
    Py_ssize_t n = Py_SIZE(op);
    if (n == 0 || times == 1) {
        return Py_NewRef(self);
    }
    if (times < 1) {
        list_tp_clear(self);
        return Py_NewRef(self);
    }
    if (n > PY_SSIZE_T_MAX / times) {
        return PyErr_NoMemory();
    }
    if (list_resize(op, n * times) < 0) {
        return NULL;
    }
    repeat_items(op->ob_item, n, times, times - 1);
    return Py_NewRef(self);
}

static PyObject *list_inplace_concat(PyObject *self, PyObject *other)
{
    return list_extend((PyListObject *)self, other) < 0 ? NULL : Py_NewRef(self);
}

/* a[i] = v, or del a[i] with v NULL. The old item goes last (L2). */
static int list_ass_item(PyObject *self, Py_ssize_t i, PyObject *v)
{
    PyListObject *a = (PyListObject *)self;
    if ((size_t)i >= (size_t)Py_SIZE(a)) {
        PyErr_SetString(PyExc_IndexError, "list assignment index out of range");
        return -1;
    }
    if (v == NULL) {
        return list_ass_slice(a, i, i + 1, NULL);
    }
    Py_INCREF(v);
    Py_SETREF(a->ob_item[i], v);
    return 0;
}

/* a[index], a[slice]. */
static PyObject *list_subscript(PyObject *self, PyObject *index)
{
    PyListObject *a = (PyListObject *)self;
    if (PyIndex_Check(index)) {
        Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) {
            return NULL;
        }
        return list_item(self, i < 0 ? i + Py_SIZE(a) : i);
    }
    if (!PySlice_Check(index)) {
        PyErr_Format(PyExc_TypeError, "list indices must be integers or slices, not %.200s",
                     Py_TYPE(index)->tp_name);
        return NULL;
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(index, &start, &stop, &step) < 0) {
        return NULL;
    }
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(a), &start, &stop, step);
    if (n <= 0) {
        return PyList_New(0);
    }
    if (step == 1) {
        return list_slice(a, start, stop);
    }
    PyListObject *op = list_alloc(n);
    if (op == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0, from = start; i < n; i++, from += step) {
        op->ob_item[i] = Py_NewRef(a->ob_item[from]);
    }
    gc_track((PyObject *)op);
    return (PyObject *)op;
}

/* del a[start::step], n items, step not 1. */
static int delete_stepped(PyListObject *a, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n)
{
    if (n <= 0) {
        return 0;
    }
    if (step < 0) {
        start += step * (n - 1);
        step = -step;
    }
    PyObject **gone = PyMem_Malloc((size_t)n * sizeof(PyObject *)), **items = a->ob_item;
    if (gone == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t size = Py_SIZE(a), w = start;
    for (Py_ssize_t i = 0, at = start; i < n; i++, at += step) {
        gone[i] = items[at];
        Py_ssize_t kept = (i < n - 1 ? at + step : size) - at - 1; /* up to the next one to go */
        memmove(items + w, items + at + 1, (size_t)kept * sizeof(PyObject *));
        w += kept;
    }
    Py_SET_SIZE(a, size - n);
    int err = list_resize(a, size - n);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(gone[i]);
    }
    PyMem_Free(gone);
    return err;
}

/* a[start::step] = value, n places, step not 1. */
static int assign_stepped(PyListObject *a, PyObject *index, PyObject *value)
{
    PyObject *seq = (PyObject *)a == value
                        ? list_slice(a, 0, Py_SIZE(a))
                        : PySequence_Fast(value, "must assign iterable to extended slice");
    if (seq == NULL) {
        return -1;
    }
    Py_ssize_t start, stop, step;
    PyObject **gone = NULL;
    int result = -1;
    if (PySlice_Unpack(index, &start, &stop, &step) < 0) {
        goto done;
    }
    /* L3: the size of this moment */
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(a), &start, &stop, step);
    if (PySequence_Fast_GET_SIZE(seq) != n) {
        PyErr_Format(PyExc_ValueError,
                     "attempt to assign sequence of size %zd to extended slice of size %zd",
                     PySequence_Fast_GET_SIZE(seq), n);
        goto done;
    }
    if (n == 0) {
        result = 0;
        goto done;
    }
    if ((gone = PyMem_Malloc((size_t)n * sizeof(PyObject *))) == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    PyObject **from = PySequence_Fast_ITEMS(seq);
    for (Py_ssize_t i = 0, at = start; i < n; i++, at += step) {
        gone[i] = a->ob_item[at];
        a->ob_item[at] = Py_NewRef(from[i]);
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(gone[i]);
    }
    result = 0;
done:
    PyMem_Free(gone);
    Py_DECREF(seq);
    return result;
}

/* a[index] = value, a[slice] = value; value NULL deletes. */
static int list_ass_subscript(PyObject *self, PyObject *index, PyObject *value)
{
    PyListObject *a = (PyListObject *)self;
    if (PyIndex_Check(index)) {
        Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) {
            return -1;
        }
        return list_ass_item(self, i < 0 ? i + Py_SIZE(a) : i, value);
    }
    if (!PySlice_Check(index)) {
        PyErr_Format(PyExc_TypeError, "list indices must be integers or slices, not %.200s",
                     Py_TYPE(index)->tp_name);
        return -1;
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(index, &start, &stop, &step) < 0) {
        return -1;
    }
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(a), &start, &stop, step);
    if (step == 1) {
        return list_ass_slice(a, start, stop, value);
    }
    return value ? assign_stepped(a, index, value) : delete_stepped(a, start, step, n);
}

/* The first pair that differs decides; lengths do when there is none. == and != of different
   lengths need no comparison. */
static PyObject *list_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PyList_Check(v) || !PyList_Check(w)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyListObject *a = (PyListObject *)v, *b = (PyListObject *)w;
    if (Py_SIZE(a) != Py_SIZE(b) && (op == Py_EQ || op == Py_NE)) {
        return PyBool_FromLong(op == Py_NE);
    }
    Py_ssize_t i;
    for (i = 0; i < Py_SIZE(a) && i < Py_SIZE(b); i++) {
        PyObject *x = a->ob_item[i], *y = b->ob_item[i];
        if (x == y) {
            continue;
        }
        Py_INCREF(x);
        Py_INCREF(y);
        int same = PyObject_RichCompareBool(x, y, Py_EQ);
        Py_DECREF(x);
        Py_DECREF(y);
        if (same < 0) {
            return NULL;
        }
        if (!same) {
            break;
        }
    }
    if (i >= Py_SIZE(a) || i >= Py_SIZE(b)) {
        Py_RETURN_RICHCOMPARE(Py_SIZE(a), Py_SIZE(b), op);
    }
    if (op == Py_EQ || op == Py_NE) {
        return PyBool_FromLong(op == Py_NE);
    }
    PyObject *x = Py_NewRef(a->ob_item[i]), *y = Py_NewRef(b->ob_item[i]);
    PyObject *result = PyObject_RichCompare(x, y, op);
    Py_DECREF(x);
    Py_DECREF(y);
    return result;
}

static int init_from(PyListObject *self, PyObject *iterable)
{
    if (self->ob_item != NULL) {
        list_tp_clear((PyObject *)self);
    }
    return iterable ? list_extend(self, iterable) : 0;
}

/* A subclass may take keywords for its own __init__. */
static int list_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *iterable = NULL;
    if ((Py_IS_TYPE(self, &PyList_Type) || Py_TYPE(self)->tp_new == PyList_Type.tp_new)
        && !_PyArg_NoKeywords("list", kwargs)) {
        return -1;
    }
    if (!PyArg_UnpackTuple(args, "list", 0, 1, &iterable)) {
        return -1;
    }
    return init_from((PyListObject *)self, iterable);
}

static PyObject *list_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("list", kwnames) || !_PyArg_CheckPositional("list", nargs, 0, 1)) {
        return NULL;
    }
    PyObject *list = type == (PyObject *)&PyList_Type
                         ? PyList_New(0)
                         : PyType_GenericAlloc((PyTypeObject *)type, 0);
    if (list && nargs && init_from((PyListObject *)list, args[0]) < 0) {
        Py_CLEAR(list);
    }
    return list;
}

/* -- Methods ---------------------------------------------------------------------------------- */

/* Methods check their arguments before they look at the list: __index__ may change it (L3). */

static PyObject *list_append(PyObject *self, PyObject *item)
{
    if (list_append_steal((PyListObject *)self, Py_NewRef(item)) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *list_insert(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("insert", nargs, 2, 2)) {
        return NULL;
    }
    PyObject *number = _PyNumber_Index(args[0]);
    Py_ssize_t where = number ? PyLong_AsSsize_t(number) : -1;
    Py_XDECREF(number);
    if ((where == -1 && PyErr_Occurred())
        || list_insert_at((PyListObject *)self, where, args[1]) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *list_extend_method(PyObject *self, PyObject *iterable)
{
    if (list_extend((PyListObject *)self, iterable) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* The last item needs no move. */
static PyObject *list_pop(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyListObject *a = (PyListObject *)self;
    Py_ssize_t i = -1;
    if (!_PyArg_CheckPositional("pop", nargs, 0, 1)) {
        return NULL;
    }
    if (nargs == 1) {
        PyObject *number = _PyNumber_Index(args[0]);
        i = number ? PyLong_AsSsize_t(number) : -1;
        Py_XDECREF(number);
        if (i == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    Py_ssize_t n = Py_SIZE(a);
    if (n == 0) {
        PyErr_SetString(PyExc_IndexError, "pop from empty list");
        return NULL;
    }
    i = i < 0 ? i + n : i;
    if ((size_t)i >= (size_t)n) {
        PyErr_SetString(PyExc_IndexError, "pop index out of range");
        return NULL;
    }
    PyObject *item = a->ob_item[i];
    memmove(a->ob_item + i, a->ob_item + i + 1, (size_t)(n - 1 - i) * sizeof(PyObject *));
    if (list_resize(a, n - 1) < 0) {
        memmove(a->ob_item + i + 1, a->ob_item + i, (size_t)(n - 1 - i) * sizeof(PyObject *));
        a->ob_item[i] = item;
        return NULL;
    }
    return item;
}

/* The first equal item; comparisons may change the list (L3). */
static PyObject *list_remove(PyObject *self, PyObject *value)
{
    PyListObject *a = (PyListObject *)self;
    for (Py_ssize_t i = 0; i < Py_SIZE(a); i++) {
        int cmp = item_equals(a, i, value);
        if (cmp > 0) {
            if (list_ass_slice(a, i, i + 1, NULL) < 0) {
                return NULL;
            }
            Py_RETURN_NONE;
        }
        if (cmp < 0) {
            return NULL;
        }
    }
    PyErr_SetString(PyExc_ValueError, "list.remove(x): x not in list");
    return NULL;
}

/* Bounds as slices have them. */
static PyObject *list_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyListObject *a = (PyListObject *)self;
    Py_ssize_t start = 0, stop = PY_SSIZE_T_MAX, n;
    if (!_PyArg_CheckPositional("index", nargs, 1, 3)
        || (nargs > 1 && !_PyEval_SliceIndexNotNone(args[1], &start))
        || (nargs > 2 && !_PyEval_SliceIndexNotNone(args[2], &stop))) {
        return NULL;
    }
    n = Py_SIZE(a);
    start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
    stop = stop < 0 ? (stop + n < 0 ? 0 : stop + n) : stop;
    for (Py_ssize_t i = start; i < stop && i < Py_SIZE(a); i++) {
        int cmp = item_equals(a, i, args[0]);
        if (cmp != 0) {
            return cmp > 0 ? PyLong_FromSsize_t(i) : NULL;
        }
    }
    PyErr_Format(PyExc_ValueError, "%R is not in list", args[0]);
    return NULL;
}

static PyObject *list_count(PyObject *self, PyObject *value)
{
    PyListObject *a = (PyListObject *)self;
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(a); i++) {
        int cmp = item_equals(a, i, value);
        if (cmp < 0) {
            return NULL;
        }
        count += cmp;
    }
    return PyLong_FromSsize_t(count);
}

static PyObject *list_clear(PyObject *self, PyObject *unused)
{
    list_tp_clear(self);
    Py_RETURN_NONE;
}

static PyObject *list_copy(PyObject *self, PyObject *unused)
{
    return list_slice((PyListObject *)self, 0, Py_SIZE(self));
}

static PyObject *list_reverse(PyObject *self, PyObject *unused)
{
    list_reverse_range(((PyListObject *)self)->ob_item, Py_SIZE(self));
    Py_RETURN_NONE;
}

static PyObject *list_sizeof(PyObject *self, PyObject *unused)
{
    Py_ssize_t size = Py_TYPE(self)->tp_basicsize
                      + ((PyListObject *)self)->allocated * (Py_ssize_t)sizeof(PyObject *);
    return PyLong_FromSsize_t(size);
}

static PyMethodDef list_methods[] = {
    {"__getitem__", list_subscript, METH_O | METH_COEXIST, "x.__getitem__(y) <==> x[y]"},
    {"__reversed__", list_reversed, METH_NOARGS,
     "__reversed__($self, /)\n--\n\n"
     "A reverse iterator over the list."},
    {"__sizeof__", list_sizeof, METH_NOARGS,
     "__sizeof__($self, /)\n--\n\nBytes of memory that the list takes."},
    {"clear", list_clear, METH_NOARGS, "clear($self, /)\n--\n\nRemove all items."},
    {"copy", list_copy, METH_NOARGS, "copy($self, /)\n--\n\nA shallow copy of the list."},
    {"append", list_append, METH_O,
     "append($self, object, /)\n--\n\n"
     "Add object at the end of the list."},
    {"insert", (PyCFunction)list_insert, METH_FASTCALL,
     "insert($self, index, object, /)\n--\n\nPut object in front of the item at index."},
    {"extend", list_extend_method, METH_O,
     "extend($self, iterable, /)\n--\n\nAdd the elements of iterable at the end of the list."},
    {"pop", (PyCFunction)list_pop, METH_FASTCALL,
     "pop($self, index=-1, /)\n"
     "--\n"
     "\n"
     "Take the item at index out of the list, by default the last one.\n"
     "\n"
     "IndexError when the list is empty or has no such index."},
    {"remove", list_remove, METH_O,
     "remove($self, value, /)\n--\n\n"
     "Remove the first item equal to value.\n\n"
     "ValueError when there is none."},
    {"index", (PyCFunction)list_index, METH_FASTCALL,
     "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\n"
     "The place of the first item equal to value.\n\nValueError when there is none."},
    {"count", list_count, METH_O,
     "count($self, value, /)\n--\n\n"
     "How many items are equal to value."},
    {"reverse", list_reverse, METH_NOARGS,
     "reverse($self, /)\n--\n\n"
     "Turn the order of the items around, in place."},
    {"sort", (PyCFunction)(void (*)(void))list_sort, METH_FASTCALL | METH_KEYWORDS,
     "sort($self, /, *, key=None, reverse=False)\n--\n\n"
     "Sort the list in ascending order, in place, and return None.\n\n"
     "The sort is stable: equal items keep their order. With a key function, which is called once "
     "for each item,\n"
     ""
     "its results are compared instead. reverse=True sorts in descending order."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};

static PySequenceMethods list_as_sequence = {
    .sq_length = list_length,
    .sq_concat = list_concat,
    .sq_repeat = list_repeat,
    .sq_item = list_item,
    .sq_ass_item = list_ass_item,
    .sq_contains = list_contains,
    .sq_inplace_concat = list_inplace_concat,
    .sq_inplace_repeat = list_inplace_repeat,
};
static PyMappingMethods list_as_mapping = {.mp_length = list_length,
                                           .mp_subscript = list_subscript,
                                           .mp_ass_subscript = list_ass_subscript};

PyTypeObject PyList_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "list",
    .tp_basicsize = sizeof(PyListObject),
    .tp_dealloc = list_dealloc,
    .tp_repr = list_repr,
    .tp_as_sequence = &list_as_sequence,
    .tp_as_mapping = &list_as_mapping,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | Py_TPFLAGS_LIST_SUBCLASS | _Py_TPFLAGS_MATCH_SELF | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "list(iterable=(), /)\n--\n\n"
              "Built-in mutable sequence.\n\n"
              "Without an argument it is new and empty; with one it has the items of the iterable.",
    .tp_traverse = list_traverse,
    .tp_clear = list_tp_clear,
    .tp_richcompare = list_richcompare,
    .tp_iter = list_iter,
    .tp_methods = list_methods,
    .tp_init = list_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = list_vectorcall,
};

/* -- C API ------------------------------------------------------------------------------------ */

Py_ssize_t PyList_Size(PyObject *op)
{
    if (!PyList_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return Py_SIZE(op);
}

PyObject *PyList_GetItem(PyObject *op, Py_ssize_t i)
{
    if (!PyList_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if ((size_t)i >= (size_t)Py_SIZE(op)) {
        PyErr_SetObject(PyExc_IndexError, LITERAL(list_err));
        return NULL;
    }
    return ((PyListObject *)op)->ob_item[i];
}

int PyList_SetItem(PyObject *op, Py_ssize_t i, PyObject *newitem)
{
    if (!PyList_Check(op)) {
        Py_XDECREF(newitem);
        PyErr_BadInternalCall();
        return -1;
    }
    if ((size_t)i >= (size_t)Py_SIZE(op)) {
        Py_XDECREF(newitem);
        PyErr_SetString(PyExc_IndexError, "list assignment index out of range");
        return -1;
    }
    Py_XSETREF(((PyListObject *)op)->ob_item[i], newitem);
    return 0;
}

int PyList_Insert(PyObject *op, Py_ssize_t where, PyObject *item)
{
    if (!PyList_Check(op) || item == NULL) {
        PyErr_BadInternalCall();
        return -1;
    }
    return list_insert_at((PyListObject *)op, where, item);
}

int PyList_Append(PyObject *op, PyObject *item)
{
    if (!PyList_Check(op) || item == NULL) {
        PyErr_BadInternalCall();
        return -1;
    }
    return list_append_steal((PyListObject *)op, Py_NewRef(item));
}

PyObject *PyList_GetSlice(PyObject *a, Py_ssize_t low, Py_ssize_t high)
{
    if (!PyList_Check(a)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    low = low < 0 ? 0 : low > Py_SIZE(a) ? Py_SIZE(a) : low;
    high = high < low ? low : high > Py_SIZE(a) ? Py_SIZE(a) : high;
    return list_slice((PyListObject *)a, low, high);
}

int PyList_SetSlice(PyObject *a, Py_ssize_t low, Py_ssize_t high, PyObject *v)
{
    if (!PyList_Check(a)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return list_ass_slice((PyListObject *)a, low, high, v);
}

int PyList_Reverse(PyObject *v)
{
    if (v == NULL || !PyList_Check(v)) {
        PyErr_BadInternalCall();
        return -1;
    }
    list_reverse_range(((PyListObject *)v)->ob_item, Py_SIZE(v));
    return 0;
}

/* For tuple(list) and star-arguments. */
PyObject *PyList_AsTuple(PyObject *v)
{
    if (v == NULL || !PyList_Check(v)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return _PyTuple_FromArray(((PyListObject *)v)->ob_item, Py_SIZE(v));
}

PyObject *_PyList_Extend(PyListObject *self, PyObject *iterable)
{
    return list_extend_method((PyObject *)self, iterable);
}

void _PyList_DebugMallocStats(FILE *out)
{
    _PyDebugAllocatorStats(out, "free PyListObject", free_lists_get()->nlist, sizeof(PyListObject));
}
