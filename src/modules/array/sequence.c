/* SPDX-License-Identifier: MIT
 *
 * An array as a sequence: memory, insertion and removal, the slots for operators, subscripts and
 * comparisons.
 *
 * Ownership: an array owns its block. A size is changed by array_resize alone, which keeps I1.
 */
#include "array.h"

/* -- Memory ---------------------------------------------------------------------------------- */

int array_resize(Array *self, Py_ssize_t n)
{
    if (self->exports > 0 && n != Py_SIZE(self)) { /* I1 */
        PyErr_SetString(PyExc_BufferError, "cannot resize an array that is exporting buffers");
        return -1;
    }
    if (self->allocated >= n && Py_SIZE(self) < n + 16 && self->items != NULL) {
        Py_SET_SIZE(self, n);
        return 0;
    }
    if (n == 0) {
        PyMem_Free(self->items);
        self->items = NULL;
        Py_SET_SIZE(self, 0);
        self->allocated = 0;
        return 0;
    }
    /* Room for a sixteenth more, so that appending one at a time is linear. */
    size_t room = ((size_t)n >> 4) + (Py_SIZE(self) < 8 ? 3 : 7) + (size_t)n;
    char *p = room <= (size_t)PY_SSIZE_T_MAX / (size_t)self->item->size
                  ? PyMem_Realloc(self->items, room * (size_t)self->item->size) : NULL;
    if (p == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->items = p;
    self->allocated = (Py_ssize_t)room;
    Py_SET_SIZE(self, n);
    return 0;
}

/* Items are not initialised. */
Array *array_make(PyTypeObject *type, Py_ssize_t n, const Item *item)
{
    if (n < 0) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (n > PY_SSIZE_T_MAX / item->size) {
        return (Array *)PyErr_NoMemory();
    }
    Array *self = (Array *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->item = item;
    self->allocated = n;
    self->items = n ? PyMem_Malloc((size_t)(n * item->size)) : NULL;
    if (n && self->items == NULL) {
        Py_DECREF(self);
        return (Array *)PyErr_NoMemory();
    }
    Py_SET_SIZE(self, n);
    return self;
}

void array_dealloc(Array *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    PyMem_Free(self->items);
    type->tp_free(self);
    Py_DECREF(type);
}

int array_traverse(Array *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

/* -- Insertion and removal ------------------------------------------------------------------- */

int array_insert_at(Array *self, Py_ssize_t where, PyObject *v)
{
    char value[sizeof(long long)];
    if (self->item->set(value, v) < 0) {
        return -1;
    }
    Py_ssize_t n = Py_SIZE(self); /* I2 */
    if (array_resize(self, n + 1) < 0) {
        return -1;
    }
    if (where < 0) {
        where = Py_MAX(where + n, 0);
    }
    where = Py_MIN(where, n);
    if (where != n) {
        memmove(item_at(self, where + 1), item_at(self, where),
                (size_t)((n - where) * self->item->size));
    }
    memcpy(item_at(self, where), value, (size_t)self->item->size);
    return 0;
}

int array_delete_range(Array *self, Py_ssize_t low, Py_ssize_t high)
{
    Py_ssize_t n = Py_SIZE(self);
    low = Py_MIN(Py_MAX(low, 0), n);
    high = Py_MIN(Py_MAX(high, low), n);
    if (high == low) {
        return 0;
    }
    if (self->exports > 0) {
        PyErr_SetString(PyExc_BufferError, "cannot resize an array that is exporting buffers");
        return -1;
    }
    if (high < n) {
        memmove(item_at(self, low), item_at(self, high), (size_t)((n - high) * self->item->size));
    }
    return array_resize(self, n - (high - low));
}

static int array_extend_array(Array *self, Array *other)
{
    if (self->item != other->item) {
        PyErr_SetString(PyExc_TypeError, "can only extend with array of same kind");
        return -1;
    }
    Py_ssize_t n = Py_SIZE(self), m = Py_SIZE(other);
    if (n > PY_SSIZE_T_MAX - m || n + m > PY_SSIZE_T_MAX / self->item->size) {
        PyErr_NoMemory();
        return -1;
    }
    if (array_resize(self, n + m) < 0) {
        return -1;
    }
    if (m > 0) {
        memcpy(item_at(self, n), other->items, (size_t)(m * self->item->size));
    }
    return 0;
}

int array_extend_any(ArrayState *state, Array *self, PyObject *source)
{
    if (is_array(state, source)) {
        return array_extend_array(self, (Array *)source);
    }
    PyObject *iter = PyObject_GetIter(source), *v;
    if (iter == NULL) {
        return -1;
    }
    while ((v = PyIter_Next(iter)) != NULL) {
        int r = array_insert_at(self, Py_SIZE(self), v);
        Py_DECREF(v);
        if (r < 0) {
            break;
        }
    }
    Py_DECREF(iter);
    return PyErr_Occurred() ? -1 : 0;
}

/* Appends the bytes of a buffer. */
int array_append_bytes(Array *self, const Py_buffer *view)
{
    int size = self->item->size;
    if (view->itemsize != 1) {
        PyErr_SetString(PyExc_TypeError, "a bytes-like object is required");
        return -1;
    }
    if (view->len % size) {
        PyErr_SetString(PyExc_ValueError, "bytes length not a multiple of item size");
        return -1;
    }
    Py_ssize_t n = view->len / size, old = Py_SIZE(self);
    if (n > 0) {
        if (n > PY_SSIZE_T_MAX - old || old + n > PY_SSIZE_T_MAX / size) {
            PyErr_NoMemory();
            return -1;
        }
        if (array_resize(self, old + n) < 0) {
            return -1;
        }
        memcpy(item_at(self, old), view->buf, (size_t)view->len);
    }
    return 0;
}

/* -- Sequence slots -------------------------------------------------------------------------- */

Py_ssize_t array_length(Array *self) { return Py_SIZE(self); }

PyObject *array_item(Array *self, Py_ssize_t i)
{
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "array index out of range");
        return NULL;
    }
    return self->item->get(item_at(self, i));
}

Array *array_slice(Array *self, Py_ssize_t low, Py_ssize_t high)
{
    ArrayState *state = state_of_type(Py_TYPE(self));
    low = Py_MIN(Py_MAX(low, 0), Py_SIZE(self));
    high = Py_MIN(Py_MAX(high, low), Py_SIZE(self));
    Array *copy = array_make(state->array, high - low, self->item);
    if (copy && high > low) {
        memcpy(copy->items, item_at(self, low), (size_t)((high - low) * self->item->size));
    }
    return copy;
}

PyObject *array_concat(Array *a, PyObject *bb)
{
    ArrayState *state = state_of_type(Py_TYPE(a));
    if (!is_array(state, bb)) {
        PyErr_Format(PyExc_TypeError, "can only append array (not \"%.200s\") to array",
                     Py_TYPE(bb)->tp_name);
        return NULL;
    }
    Array *b = (Array *)bb;
    if (a->item != b->item) {
        PyErr_BadArgument();
        return NULL;
    }
    if (Py_SIZE(a) > PY_SSIZE_T_MAX - Py_SIZE(b)) {
        return PyErr_NoMemory();
    }
    Array *r = array_make(state->array, Py_SIZE(a) + Py_SIZE(b), a->item);
    if (r) {
        if (Py_SIZE(a)) {
            memcpy(r->items, a->items, (size_t)(Py_SIZE(a) * a->item->size));
        }
        if (Py_SIZE(b)) {
            memcpy(item_at(r, Py_SIZE(a)), b->items, (size_t)(Py_SIZE(b) * a->item->size));
        }
    }
    return (PyObject *)r;
}

/* Fills `total` bytes at p by repeating its first `block`. */
static void repeat_bytes(char *p, Py_ssize_t block, Py_ssize_t total)
{
    for (Py_ssize_t done = block; done < total;) {
        Py_ssize_t n = Py_MIN(done, total - done);
        memcpy(p + done, p, (size_t)n);
        done += n;
    }
}

PyObject *array_repeat(Array *a, Py_ssize_t n)
{
    ArrayState *state = state_of_type(Py_TYPE(a));
    n = Py_MAX(n, 0);
    if (Py_SIZE(a) && n > PY_SSIZE_T_MAX / Py_SIZE(a)) {
        return PyErr_NoMemory();
    }
    Array *r = array_make(state->array, Py_SIZE(a) * n, a->item);
    if (r && Py_SIZE(r)) {
        Py_ssize_t block = Py_SIZE(a) * a->item->size;
        memcpy(r->items, a->items, (size_t)block);
        repeat_bytes(r->items, block, block * n);
    }
    return (PyObject *)r;
}

PyObject *array_inplace_concat(Array *self, PyObject *bb)
{
    ArrayState *state = state_of_type(Py_TYPE(self));
    if (!is_array(state, bb)) {
        PyErr_Format(PyExc_TypeError, "can only extend array with array (not \"%.200s\")",
                     Py_TYPE(bb)->tp_name);
        return NULL;
    }
    return array_extend_array(self, (Array *)bb) < 0 ? NULL : Py_NewRef(self);
}

PyObject *array_inplace_repeat(Array *self, Py_ssize_t n)
{
    Py_ssize_t size = Py_SIZE(self);
    if (size > 0 && n != 1) {
        n = Py_MAX(n, 0);
        if (n > 0 && (self->item->size * size > PY_SSIZE_T_MAX / n)) {
            return PyErr_NoMemory();
        }
        if (array_resize(self, size * n) < 0) {
            return NULL;
        }
        repeat_bytes(self->items, size * self->item->size, size * self->item->size * n);
    }
    return Py_NewRef(self);
}

int array_ass_item(Array *self, Py_ssize_t i, PyObject *v)
{
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "array assignment index out of range");
        return -1;
    }
    if (v == NULL) {
        return array_delete_range(self, i, i + 1);
    }
    char value[sizeof(long long)];
    if (self->item->set(value, v) < 0) {
        return -1;
    }
    if (i >= Py_SIZE(self)) { /* I2 */
        PyErr_SetString(PyExc_IndexError, "array assignment index out of range");
        return -1;
    }
    memcpy(item_at(self, i), value, (size_t)self->item->size);
    return 0;
}

int array_contains(Array *self, PyObject *v)
{
    int cmp = 0;
    for (Py_ssize_t i = 0; cmp == 0 && i < Py_SIZE(self); i++) {
        PyObject *item = array_item(self, i);
        if (item == NULL) {
            return -1;
        }
        cmp = PyObject_RichCompareBool(item, v, Py_EQ);
        Py_DECREF(item);
    }
    return cmp;
}

/* -- Subscripts ------------------------------------------------------------------------------ */

PyObject *array_subscript(Array *self, PyObject *key)
{
    if (PyIndex_Check(key)) {
        Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) {
            return NULL;
        }
        return array_item(self, i < 0 ? i + Py_SIZE(self) : i);
    }
    if (!PySlice_Check(key)) {
        PyErr_SetString(PyExc_TypeError, "array indices must be integers");
        return NULL;
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(key, &start, &stop, &step) < 0) {
        return NULL;
    }
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(self), &start, &stop, step);
    if (step == 1) {
        return (PyObject *)array_slice(self, start, start + n);
    }
    Array *r = array_make(state_of_type(Py_TYPE(self))->array, n, self->item);
    for (Py_ssize_t i = 0; r && i < n; i++) {
        memcpy(item_at(r, i), item_at(self, start + i * step), (size_t)self->item->size);
    }
    return (PyObject *)r;
}

/* self[start:stop:step] = other, or its deletion. */
static int array_ass_slice(Array *self, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t step,
                           Py_ssize_t n, Array *other)
{
    int size = self->item->size;
    Py_ssize_t needed = other ? Py_SIZE(other) : 0;
    if ((step > 0 && stop < start) || (step < 0 && stop > start)) {
        stop = start;
    }
    if (self->exports > 0 && (needed == 0 || n != needed) && !(n == needed)) {
        PyErr_SetString(PyExc_BufferError, "cannot resize an array that is exporting buffers");
        return -1;
    }
    if (step == 1) {
        Py_ssize_t old = Py_SIZE(self);
        if (n > needed) {
            memmove(item_at(self, start + needed), item_at(self, stop),
                    (size_t)((old - stop) * size));
            if (array_resize(self, old + needed - n) < 0) {
                return -1;
            }
        } else if (n < needed) {
            if (array_resize(self, old + needed - n) < 0) {
                return -1;
            }
            memmove(item_at(self, start + needed), item_at(self, stop),
                    (size_t)((old - stop) * size));
        }
        if (needed > 0) {
            memcpy(item_at(self, start), other->items, (size_t)(needed * size));
        }
        return 0;
    }
    if (other == NULL) { /* delete every step-th */
        if (step < 0) {
            stop = start + 1;
            start = stop + step * (n - 1) - 1;
            step = -step;
        }
        Py_ssize_t cur = start, i = 0;
        for (; i < n; cur += step, i++) {
            Py_ssize_t lim = Py_MIN(step - 1, Py_SIZE(self) - cur - 1);
            memmove(item_at(self, cur - i), item_at(self, cur + 1), (size_t)(lim * size));
        }
        size_t rest =
            (size_t)start + (size_t)n * (size_t)step; /* may wrap: then it is past the end */
        if (rest < (size_t)Py_SIZE(self)) {
            memmove(item_at(self, (Py_ssize_t)rest - n), item_at(self, (Py_ssize_t)rest),
                    (size_t)((Py_SIZE(self) - (Py_ssize_t)rest) * size));
        }
        return array_resize(self, Py_SIZE(self) - n);
    }
    if (needed != n) {
        PyErr_Format(PyExc_ValueError,
                     "attempt to assign array of size %zd to extended slice of size %zd", needed,
                     n);
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        memcpy(item_at(self, start + i * step), item_at(other, i), (size_t)size);
    }
    return 0;
}

int array_ass_subscript(Array *self, PyObject *key, PyObject *value)
{
    ArrayState *state = state_of_type(Py_TYPE(self));
    if (PyIndex_Check(key)) {
        Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) {
            return -1;
        }
        return array_ass_item(self, i < 0 ? i + Py_SIZE(self) : i, value);
    }
    if (!PySlice_Check(key)) {
        PyErr_SetString(PyExc_TypeError, "array indices must be integers");
        return -1;
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(key, &start, &stop, &step) < 0) {
        return -1;
    }
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(self), &start, &stop, step);
    if (value && !is_array(state, value)) {
        PyErr_Format(PyExc_TypeError, "can only assign array (not \"%.200s\") to array slice",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    Array *other = (Array *)value;
    if (other && other->item != self->item) {
        PyErr_BadArgument();
        return -1;
    }
    if (other == self) { /* a copy keeps the source from changing below us */
        other = array_slice(self, 0, Py_SIZE(self));
        if (other == NULL) {
            return -1;
        }
        int r = array_ass_slice(self, start, stop, step, n, other);
        Py_DECREF(other);
        return r;
    }
    return array_ass_slice(self, start, stop, step, n, other);
}

/* -- Comparison ------------------------------------------------------------------------------ */

/* -1, 0 or 1. Items are read by memcpy: those of an array unpickled or sliced are aligned, but the
   compiler need not know. */
static int compare_raw(const Item *item, const char *a, const char *b)
{
#define CMP(type)                                                                                  \
    do {                                                                                           \
        type x, y;                                                                                 \
        memcpy(&x, a, sizeof(x));                                                                  \
        memcpy(&y, b, sizeof(y));                                                                  \
        return x < y ? -1 : x > y;                                                                 \
    } while (0)
    switch (item->code) {
    case 'b': CMP(signed char);
    case 'B': CMP(unsigned char);
    case 'h': CMP(short);
    case 'H': CMP(unsigned short);
    case 'i': CMP(int);
    case 'I': CMP(unsigned int);
    case 'l': CMP(long);
    case 'L': CMP(unsigned long);
    case 'q': CMP(long long);
    default: CMP(unsigned long long);
    }
#undef CMP
}

static PyObject *order_result(int64_t cmp, int op) { Py_RETURN_RICHCOMPARE(cmp, 0, op); }

/* Integers of one type are compared without objects. */
PyObject *array_richcompare(PyObject *v, PyObject *w, int op)
{
    ArrayState *state = state_of_type(Py_TYPE(v));
    if (!is_array(state, v) || !is_array(state, w)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    Array *a = (Array *)v, *b = (Array *)w;
    if (Py_SIZE(a) != Py_SIZE(b) && (op == Py_EQ || op == Py_NE)) {
        return PyBool_FromLong(op == Py_NE);
    }
    if (a->item == b->item && a->item->is_integer) {
        Py_ssize_t n = Py_MIN(Py_SIZE(a), Py_SIZE(b));
        for (Py_ssize_t i = 0; i < n; i++) {
            int cmp = compare_raw(a->item, item_at(a, i), item_at(b, i));
            if (cmp) {
                return order_result(cmp, op);
            }
        }
        return order_result(Py_SIZE(a) - Py_SIZE(b), op);
    }
    for (Py_ssize_t i = 0; i < Py_SIZE(a) && i < Py_SIZE(b); i++) {
        PyObject *x = array_item(a, i), *y = x ? array_item(b, i) : NULL, *r = NULL;
        int equal = y ? PyObject_RichCompareBool(x, y, Py_EQ) : -1;
        if (equal == 0) {
            r = op == Py_EQ   ? Py_NewRef(Py_False)
                : op == Py_NE ? Py_NewRef(Py_True)
                              : PyObject_RichCompare(x, y, op);
        }
        Py_XDECREF(x);
        Py_XDECREF(y);
        if (equal <= 0) {
            return r;
        }
    }
    return order_result(Py_SIZE(a) - Py_SIZE(b), op);
}
