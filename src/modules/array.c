/* SPDX-License-Identifier: MIT
 *
 * array: sequences of C numbers in one block of memory.
 *
 *   Array: head | ob_size items | items -> [item 0][item 1]…[room up to `allocated`]
 *
 * I1: while a buffer of the array is exported its memory neither moves nor changes size.
 * I2: conversions of items run foreign code: sizes are read again after them.
 */
#include "modules/args.h"
#include "objects/int/int.h"
#include <wchar.h>

typedef struct Array Array;
typedef struct {
    char code;                        /* type code */
    int size;                         /* bytes */
    PyObject *(*get)(const char *p);  /* an item as object */
    int (*set)(char *p, PyObject *v); /* converts v and stores it */
    const char *format;               /* of exported buffers */
    bool is_integer, is_signed;
} Item;

struct Array {
    PyObject_VAR_HEAD
    char *items;        /* owned, `allocated` items of room */
    Py_ssize_t allocated;
    const Item *item;   /* what they are */
    PyObject *weakrefs;
    Py_ssize_t exports; /* buffers given out: the size is fixed */
};
typedef struct {
    PyObject_HEAD
    Py_ssize_t index;
    Array *array;                   /* strong; NULL when exhausted */
    PyObject *(*get)(const char *); /* the array's item->get */
} ArrayIter;
typedef struct { PyTypeObject *array, *iter; } ArrayState;

static struct PyModuleDef array_module;
static inline ArrayState *state_of(PyObject *module) { return PyModule_GetState(module); }
static inline ArrayState *state_of_type(PyTypeObject *type)
{
    return state_of(PyType_GetModuleByDef(type, &array_module));
}
static inline bool is_array(ArrayState *state, PyObject *o)
{
    return PyObject_TypeCheck(o, state->array);
}
static inline char *item_at(Array *a, Py_ssize_t i) { return a->items + i * a->item->size; }

/* -- Item types ------------------------------------------------------------------------------ */

static int overflow(const char *message)
{
    PyErr_SetString(PyExc_OverflowError, message);
    return -1;
}

#define GETTER(name, type, make) \
    static PyObject *name##_get(const char *p) { type v; memcpy(&v, p, sizeof(v)); return make(v); }
GETTER(b, signed char, PyLong_FromLong)
GETTER(ub, unsigned char, PyLong_FromLong)
GETTER(h, short, PyLong_FromLong)
GETTER(uh, unsigned short, PyLong_FromLong)
GETTER(i, int, PyLong_FromLong)
GETTER(ui, unsigned int, PyLong_FromUnsignedLong)
GETTER(l, long, PyLong_FromLong)
GETTER(ul, unsigned long, PyLong_FromUnsignedLong)
GETTER(q, long long, PyLong_FromLongLong)
GETTER(uq, unsigned long long, PyLong_FromUnsignedLongLong)
GETTER(f, float, PyFloat_FromDouble)
GETTER(d, double, PyFloat_FromDouble)

static PyObject *u_get(const char *p)
{
    wchar_t c;
    memcpy(&c, p, sizeof(c));
    return PyUnicode_FromWideChar(&c, 1);
}

#define STORE(type, value)                                                                         \
    do {                                                                                           \
        type v_ = (type)(value);                                                                   \
        memcpy(p, &v_, sizeof(v_));                                                                \
        return 0;                                                                                  \
    } while (0)

/* An exact int of one digit within bounds is stored; others go on to the conversion below. */
#define STORE_COMPACT(type, low, high)                                                             \
    do {                                                                                           \
        if (LIKELY(PyLong_CheckExact(v) && int_is_compact(v) && int_compact(v) >= (low)            \
                   && int_compact(v) <= (high))) {                                                 \
            STORE(type, int_compact(v));                                                           \
        }                                                                                          \
    } while (0)
#define ANY_COMPACT (Py_ssize_t)PyLong_MASK

static int b_set(char *p, PyObject *v)
{
    STORE_COMPACT(signed char, SCHAR_MIN, SCHAR_MAX);
    short x;
    if (!PyArg_Parse(v, "h;array item must be integer", &x)) {
        return -1;
    }
    if (x < -128) {
        return overflow("signed char is less than minimum");
    }
    if (x > 127) {
        return overflow("signed char is greater than maximum");
    }
    STORE(signed char, x);
}

static int ub_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned char, 0, UCHAR_MAX);
    unsigned char x;
    if (!PyArg_Parse(v, "b;array item must be integer", &x)) {
        return -1;
    }
    STORE(unsigned char, x);
}

static int h_set(char *p, PyObject *v)
{
    STORE_COMPACT(short, SHRT_MIN, SHRT_MAX);
    short x;
    if (!PyArg_Parse(v, "h;array item must be integer", &x)) {
        return -1;
    }
    STORE(short, x);
}

static int uh_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned short, 0, USHRT_MAX);
    int x;
    if (!PyArg_Parse(v, "i;array item must be integer", &x)) {
        return -1;
    }
    if (x < 0) {
        return overflow("unsigned short is less than minimum");
    }
    if (x > USHRT_MAX) {
        return overflow("unsigned short is greater than maximum");
    }
    STORE(unsigned short, x);
}

static int i_set(char *p, PyObject *v)
{
    STORE_COMPACT(int, -ANY_COMPACT, ANY_COMPACT);
    int x;
    if (!PyArg_Parse(v, "i;array item must be integer", &x)) {
        return -1;
    }
    STORE(int, x);
}

static int l_set(char *p, PyObject *v)
{
    STORE_COMPACT(long, -ANY_COMPACT, ANY_COMPACT);
    long x = PyLong_AsLong(v);
    if (x == -1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(long, x);
}

static int q_set(char *p, PyObject *v)
{
    STORE_COMPACT(long long, -ANY_COMPACT, ANY_COMPACT);
    long long x = PyLong_AsLongLong(v);
    if (x == -1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(long long, x);
}

/* The int behind v, owned. */
static PyObject *as_int(PyObject *v) { return PyLong_Check(v) ? Py_NewRef(v) : PyNumber_Index(v); }

static int ui_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned int, 0, ANY_COMPACT);
    PyObject *n = as_int(v);
    unsigned long x = n ? PyLong_AsUnsignedLong(n) : (unsigned long)-1;
    Py_XDECREF(n);
    if (x == (unsigned long)-1 && PyErr_Occurred()) {
        return -1;
    }
    if (x > UINT_MAX) {
        return overflow("unsigned int is greater than maximum");
    }
    STORE(unsigned int, x);
}

static int ul_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned long, 0, ANY_COMPACT);
    PyObject *n = as_int(v);
    unsigned long x = n ? PyLong_AsUnsignedLong(n) : (unsigned long)-1;
    Py_XDECREF(n);
    if (x == (unsigned long)-1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(unsigned long, x);
}

static int uq_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned long long, 0, ANY_COMPACT);
    PyObject *n = as_int(v);
    unsigned long long x = n ? PyLong_AsUnsignedLongLong(n) : (unsigned long long)-1;
    Py_XDECREF(n);
    if (x == (unsigned long long)-1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(unsigned long long, x);
}

static int f_set(char *p, PyObject *v)
{
    double x = PyFloat_AsDouble(v);
    if (x == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    STORE(float, x);
}

static int d_set(char *p, PyObject *v)
{
    double x = PyFloat_AsDouble(v);
    if (x == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    STORE(double, x);
}

static int u_set(char *p, PyObject *v)
{
    wchar_t w[2];
    if (!PyUnicode_Check(v) || PyUnicode_AsWideChar(v, w, 2) != 1) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "array item must be unicode character");
        }
        return -1;
    }
    STORE(wchar_t, w[0]);
}

static const Item items[] = {
    {'b', sizeof(char), b_get, b_set, "b", true, true},
    {'B', sizeof(char), ub_get, ub_set, "B", true, false},
    {'u', sizeof(wchar_t), u_get, u_set, "w", false, false},
    {'h', sizeof(short), h_get, h_set, "h", true, true},
    {'H', sizeof(short), uh_get, uh_set, "H", true, false},
    {'i', sizeof(int), i_get, i_set, "i", true, true},
    {'I', sizeof(int), ui_get, ui_set, "I", true, false},
    {'l', sizeof(long), l_get, l_set, "l", true, true},
    {'L', sizeof(long), ul_get, ul_set, "L", true, false},
    {'q', sizeof(long long), q_get, q_set, "q", true, true},
    {'Q', sizeof(long long), uq_get, uq_set, "Q", true, false},
    {'f', sizeof(float), f_get, f_set, "f", false, false},
    {'d', sizeof(double), d_get, d_set, "d", false, false},
};

static const Item *item_for(int code)
{
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        if (items[i].code == code) {
            return &items[i];
        }
    }
    return NULL;
}

/* -- Memory ---------------------------------------------------------------------------------- */

static int array_resize(Array *self, Py_ssize_t n)
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
static Array *array_make(PyTypeObject *type, Py_ssize_t n, const Item *item)
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

static void array_dealloc(Array *self)
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

static int array_traverse(Array *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

/* -- Insertion and removal ------------------------------------------------------------------- */

static int array_insert_at(Array *self, Py_ssize_t where, PyObject *v)
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

static int array_delete_range(Array *self, Py_ssize_t low, Py_ssize_t high)
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

static int array_extend_any(ArrayState *state, Array *self, PyObject *source)
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
static int array_append_bytes(Array *self, const Py_buffer *view)
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

static Py_ssize_t array_length(Array *self) { return Py_SIZE(self); }

static PyObject *array_item(Array *self, Py_ssize_t i)
{
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "array index out of range");
        return NULL;
    }
    return self->item->get(item_at(self, i));
}

static Array *array_slice(Array *self, Py_ssize_t low, Py_ssize_t high)
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

static PyObject *array_concat(Array *a, PyObject *bb)
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

static PyObject *array_repeat(Array *a, Py_ssize_t n)
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

static PyObject *array_inplace_concat(Array *self, PyObject *bb)
{
    ArrayState *state = state_of_type(Py_TYPE(self));
    if (!is_array(state, bb)) {
        PyErr_Format(PyExc_TypeError, "can only extend array with array (not \"%.200s\")",
                     Py_TYPE(bb)->tp_name);
        return NULL;
    }
    return array_extend_array(self, (Array *)bb) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *array_inplace_repeat(Array *self, Py_ssize_t n)
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

static int array_ass_item(Array *self, Py_ssize_t i, PyObject *v)
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

static int array_contains(Array *self, PyObject *v)
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

static PyObject *array_subscript(Array *self, PyObject *key)
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

static int array_ass_subscript(Array *self, PyObject *key, PyObject *value)
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
static PyObject *array_richcompare(PyObject *v, PyObject *w, int op)
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

/* -- Methods: sequence ----------------------------------------------------------------------- */

static PyObject *none_or_error(int r) { return r < 0 ? NULL : Py_NewRef(Py_None); }

static bool index_argument(PyObject *o, Py_ssize_t *i)
{
    PyObject *index = PyNumber_Index(o);
    *i = index ? PyLong_AsSsize_t(index) : -1;
    Py_XDECREF(index);
    return *i != -1 || !PyErr_Occurred();
}

static PyObject *array_append(Array *self, PyObject *v)
{
    return none_or_error(array_insert_at(self, Py_SIZE(self), v));
}

static PyObject *array_insert(Array *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t i;
    if (!_PyArg_CheckPositional("insert", nargs, 2, 2) || !index_argument(args[0], &i)) {
        return NULL;
    }
    return none_or_error(array_insert_at(self, i, args[1]));
}

static PyObject *array_extend(Array *self, PyObject *source)
{
    return none_or_error(array_extend_any(state_of_type(Py_TYPE(self)), self, source));
}

static PyObject *array_count(Array *self, PyObject *v)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        PyObject *item = array_item(self, i);
        int equal = item ? PyObject_RichCompareBool(item, v, Py_EQ) : -1;
        Py_XDECREF(item);
        if (equal < 0) {
            return NULL;
        }
        count += equal;
    }
    return PyLong_FromSsize_t(count);
}

/* Position of v in [start, stop), -1 not found, -2 error. */
static Py_ssize_t array_find(Array *self, PyObject *v, Py_ssize_t start, Py_ssize_t stop)
{
    for (Py_ssize_t i = start; i < stop && i < Py_SIZE(self); i++) {
        PyObject *item = array_item(self, i);
        int equal = item ? PyObject_RichCompareBool(item, v, Py_EQ) : -1;
        Py_XDECREF(item);
        if (equal) {
            return equal < 0 ? -2 : i;
        }
    }
    return -1;
}

extern EXPORT int _PyEval_SliceIndexNotNone(PyObject *, Py_ssize_t *);
extern EXPORT const char *_PyType_Name(PyTypeObject *);

static PyObject *array_index(Array *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t start = 0, stop = PY_SSIZE_T_MAX;
    if (!_PyArg_CheckPositional("index", nargs, 1, 3)
        || (nargs > 1 && !_PyEval_SliceIndexNotNone(args[1], &start))
        || (nargs > 2 && !_PyEval_SliceIndexNotNone(args[2], &stop))) {
        return NULL;
    }
    if (start < 0) {
        start = Py_MAX(start + Py_SIZE(self), 0);
    }
    if (stop < 0) {
        stop += Py_SIZE(self);
    }
    Py_ssize_t i = array_find(self, args[0], start, stop);
    if (i == -1) {
        PyErr_SetString(PyExc_ValueError, "array.index(x): x not in array");
    }
    return i < 0 ? NULL : PyLong_FromSsize_t(i);
}

static PyObject *array_remove(Array *self, PyObject *v)
{
    Py_ssize_t i = array_find(self, v, 0, PY_SSIZE_T_MAX);
    if (i == -1) {
        PyErr_SetString(PyExc_ValueError, "array.remove(x): x not in array");
    }
    return i < 0 ? NULL : none_or_error(array_delete_range(self, i, i + 1));
}

static PyObject *array_pop(Array *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t i = -1;
    if (!_PyArg_CheckPositional("pop", nargs, 0, 1) || (nargs && !index_argument(args[0], &i))) {
        return NULL;
    }
    if (Py_SIZE(self) == 0) {
        PyErr_SetString(PyExc_IndexError, "pop from empty array");
        return NULL;
    }
    if (i < 0) {
        i += Py_SIZE(self);
    }
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "pop index out of range");
        return NULL;
    }
    PyObject *v = array_item(self, i);
    if (v && array_delete_range(self, i, i + 1) < 0) {
        Py_CLEAR(v);
    }
    return v;
}

static PyObject *array_reverse(Array *self, PyObject *noargs)
{
    char t[sizeof(long long)];
    size_t size = (size_t)self->item->size;
    for (Py_ssize_t i = 0, j = Py_SIZE(self) - 1; i < j; i++, j--) {
        memcpy(t, item_at(self, i), size);
        memcpy(item_at(self, i), item_at(self, j), size);
        memcpy(item_at(self, j), t, size);
    }
    Py_RETURN_NONE;
}

static PyObject *array_copy(Array *self, PyObject *unused)
{
    return (PyObject *)array_slice(self, 0, Py_SIZE(self));
}

static PyObject *array_tolist(Array *self, PyObject *noargs)
{
    PyObject *list = PyList_New(Py_SIZE(self));
    for (Py_ssize_t i = 0; list && i < Py_SIZE(self); i++) {
        PyObject *v = array_item(self, i);
        if (v == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, v);
        }
    }
    return list;
}

static PyObject *array_fromlist(Array *self, PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "arg must be list");
        return NULL;
    }
    Py_ssize_t n = PyList_Size(list), old = Py_SIZE(self);
    if (n == 0) {
        Py_RETURN_NONE;
    }
    if (array_resize(self, old + n) < 0) {
        return NULL;
    }
    memset(item_at(self, old), 0, (size_t)(n * self->item->size));
    for (Py_ssize_t i = 0; i < n; i++) {
        char value[sizeof(long long)];
        if (self->item->set(value, PyList_GET_ITEM(list, i)) < 0) {
            array_resize(self, old);
            return NULL;
        }
        if (n != PyList_GET_SIZE(list)) { /* I2 */
            PyErr_SetString(PyExc_RuntimeError, "list changed size during iteration");
            array_resize(self, old);
            return NULL;
        }
        if (old + i < Py_SIZE(self)) {
            memcpy(item_at(self, old + i), value, (size_t)self->item->size);
        }
    }
    Py_RETURN_NONE;
}

/* -- Methods: bytes, files, text ------------------------------------------------------------- */

static PyObject *array_tobytes(Array *self, PyObject *noargs)
{
    if (Py_SIZE(self) > PY_SSIZE_T_MAX / self->item->size) {
        return PyErr_NoMemory();
    }
    return PyBytes_FromStringAndSize(self->items, Py_SIZE(self) * self->item->size);
}

static PyObject *array_frombytes(Array *self, PyObject *source)
{
    Py_buffer view;
    if (PyObject_GetBuffer(source, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *r = none_or_error(array_append_bytes(self, &view));
    PyBuffer_Release(&view);
    return r;
}

/* The bytes read are appended even when there were too few (EOFError). */
static PyObject *array_fromfile(Array *self, OF_CLASS_PARAMETERS)
{
    ARGS("On:fromfile", "", "");
    PyObject *f;
    Py_ssize_t n;
    if (!PARSE(&f, &n)) {
        return NULL;
    }
    if (n < 0) {
        PyErr_SetString(PyExc_ValueError, "negative count");
        return NULL;
    }
    if (n > PY_SSIZE_T_MAX / self->item->size) {
        return PyErr_NoMemory();
    }
    Py_ssize_t wanted = n * self->item->size;
    PyObject *b = PyObject_CallMethod(f, "read", "n", wanted);
    if (b == NULL) {
        return NULL;
    }
    if (!PyBytes_Check(b)) {
        PyErr_SetString(PyExc_TypeError, "read() didn't return bytes");
        Py_DECREF(b);
        return NULL;
    }
    bool enough = PyBytes_GET_SIZE(b) == wanted;
    PyObject *r = array_frombytes(self, b);
    Py_DECREF(b);
    if (r && !enough) {
        PyErr_SetString(PyExc_EOFError, "read() didn't return enough bytes");
        Py_CLEAR(r);
    }
    return r;
}

static PyObject *array_tofile(Array *self, PyObject *f)
{
    enum { BLOCK = 64 * 1024 };
    Py_ssize_t total = Py_SIZE(self) * self->item->size;
    for (Py_ssize_t at = 0; at < total; at += BLOCK) {
        PyObject *bytes = PyBytes_FromStringAndSize(self->items + at, Py_MIN(BLOCK, total - at));
        PyObject *r = bytes ? PyObject_CallMethod(f, "write", "O", bytes) : NULL;
        Py_XDECREF(bytes);
        if (r == NULL) {
            return NULL;
        }
        Py_DECREF(r);
        total = Py_SIZE(self) * self->item->size; /* I2 */
    }
    Py_RETURN_NONE;
}

static PyObject *array_fromunicode(Array *self, PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        _PyArg_BadArgument("fromunicode", "argument", "str", text);
        return NULL;
    }
    if (self->item->code != 'u') {
        PyErr_SetString(PyExc_ValueError,
                        "fromunicode() may only be called on unicode type arrays");
        return NULL;
    }
    Py_ssize_t n;
    wchar_t *w = PyUnicode_AsWideCharString(text, &n);
    if (w == NULL) {
        return NULL;
    }
    Py_ssize_t old = Py_SIZE(self);
    int r = n > 0 ? array_resize(self, old + n) : 0;
    if (r == 0 && n > 0) {
        memcpy(item_at(self, old), w, (size_t)n * sizeof(wchar_t));
    }
    PyMem_Free(w);
    return none_or_error(r);
}

static PyObject *array_tounicode(Array *self, PyObject *noargs)
{
    if (self->item->code != 'u') {
        PyErr_SetString(PyExc_ValueError, "tounicode() may only be called on unicode type arrays");
        return NULL;
    }
    return PyUnicode_FromWideChar((wchar_t *)self->items, Py_SIZE(self));
}

static PyObject *array_byteswap(Array *self, PyObject *noargs)
{
    int size = self->item->size;
    for (Py_ssize_t i = 0; size > 1 && i < Py_SIZE(self); i++) {
        char *p = item_at(self, i);
        for (int a = 0, b = size - 1; a < b; a++, b--) {
            char t = p[a];
            p[a] = p[b];
            p[b] = t;
        }
    }
    Py_RETURN_NONE;
}

static PyObject *array_buffer_info(Array *self, PyObject *noargs)
{
    return Py_BuildValue("(Nn)", PyLong_FromVoidPtr(self->items), Py_SIZE(self));
}

static PyObject *array_sizeof(Array *self, PyObject *noargs)
{
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + self->allocated * self->item->size);
}

/* -- Pickling -------------------------------------------------------------------------------- */

/* Machine formats, as numbered in pickles. */
enum { UTF16_LE = 18, UTF32_LE = 20, FORMAT_LAST = 21 };
static const struct {
    unsigned char size;
    bool is_integer, is_signed, big;
} machine_formats[] = {
    {1, true, false, false},  {1, true, true, false},   {2, true, false, false},
    {2, true, false, true},   {2, true, true, false},   {2, true, true, true},
    {4, true, false, false},  {4, true, false, true},   {4, true, true, false},
    {4, true, true, true},    {8, true, false, false},  {8, true, false, true},
    {8, true, true, false},   {8, true, true, true},    {4, false, false, false},
    {4, false, false, true},  {8, false, false, false}, {8, false, false, true},
    {4, false, false, false}, {4, false, false, true},  {8, false, false, false},
    {8, false, false, true},
};

static int machine_format(const Item *item)
{
    if (item->code == 'u') {
        return UTF32_LE + PY_BIG_ENDIAN;
    }
    if (item->code == 'f') {
        return 14 + PY_BIG_ENDIAN;
    }
    if (item->code == 'd') {
        return 16 + PY_BIG_ENDIAN;
    }
    for (int i = 0; i < 14; i++) {
        if (machine_formats[i].size == item->size && machine_formats[i].is_signed == item->is_signed
            && (item->size == 1 || machine_formats[i].big == PY_BIG_ENDIAN)) {
            return i;
        }
    }
    return -1;
}

/* An array of `code` from bytes in any machine format, item by item. */
static PyObject *list_from_format(int format, PyObject *bytes)
{
    const char *p = PyBytes_AS_STRING(bytes);
    Py_ssize_t n = PyBytes_GET_SIZE(bytes), size = machine_formats[format].size, count = n / size;
    bool little = !machine_formats[format].big;
    if (n % size) {
        PyErr_SetString(PyExc_ValueError, "string length not a multiple of item size");
        return NULL;
    }
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list && i < count; i++, p += size) {
        PyObject *v;
        if (machine_formats[format].is_integer) {
            v = _PyLong_FromByteArray((const unsigned char *)p, (size_t)size, little,
                                      machine_formats[format].is_signed);
        } else {
            double d = size == 4 ? PyFloat_Unpack4(p, little) : PyFloat_Unpack8(p, little);
            v = d == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(d);
        }
        if (v == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, v);
        }
    }
    return list;
}

static PyObject *make_from(PyTypeObject *type, int code, PyObject *initial)
{
    PyObject *r = PyObject_CallFunction((PyObject *)type, "CO", code, initial);
    Py_DECREF(initial);
    return r;
}

static PyObject *array_reconstructor(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyTypeObject *type;
    int code, format;
    PyObject *bytes;
    if (!PARSEP("OCiO:_array_reconstructor", &type, &code, &format, &bytes)) {
        return NULL;
    }
    ArrayState *state = state_of(module);
    if (!PyType_Check(type)) {
        PyErr_Format(PyExc_TypeError, "first argument must be a type object, not %.200s",
                     Py_TYPE(type)->tp_name);
        return NULL;
    }
    if (!PyType_IsSubtype(type, state->array)) {
        PyErr_Format(PyExc_TypeError, "%.200s is not a subtype of %.200s", type->tp_name,
                     state->array->tp_name);
        return NULL;
    }
    const Item *item = item_for(code);
    if (item == NULL) {
        PyErr_SetString(PyExc_ValueError, "second argument must be a valid type code");
        return NULL;
    }
    if (format < 0 || format > FORMAT_LAST) {
        PyErr_SetString(PyExc_ValueError, "third argument must be a valid machine format code.");
        return NULL;
    }
    if (!PyBytes_Check(bytes)) {
        PyErr_Format(PyExc_TypeError, "fourth argument should be bytes, not %.200s",
                     Py_TYPE(bytes)->tp_name);
        return NULL;
    }
    if (format == machine_format(item)) {
        return make_from(type, code, Py_NewRef(bytes));
    }
    if (format >= UTF16_LE) {
        int order = format & 1 ? 1 : -1;
        PyObject *text = format < UTF32_LE
                             ? PyUnicode_DecodeUTF16(PyBytes_AS_STRING(bytes),
                                                     PyBytes_GET_SIZE(bytes), "strict", &order)
                             : PyUnicode_DecodeUTF32(PyBytes_AS_STRING(bytes),
                                                     PyBytes_GET_SIZE(bytes), "strict", &order);
        return text ? make_from(type, code, text) : NULL;
    }
    PyObject *list = list_from_format(format, bytes);
    if (list == NULL) {
        return NULL;
    }
    if (machine_formats[format].is_integer) { /* the pickled size decides, not the letter */
        for (size_t i = 0; i < COUNT_OF(items); i++) {
            if (items[i].is_integer && items[i].size == machine_formats[format].size
                && items[i].is_signed == machine_formats[format].is_signed) {
                code = items[i].code;
                if (items[i].code == item->code) {
                    break;
                }
            }
        }
    }
    return make_from(type, code, list);
}

/* From protocol 3 on the bytes themselves, with a number for their machine format; before that, or
   when the format has no number, a list of items. */
static PyObject *array_reduce_ex(Array *self, PyObject *value)
{
    if (!PyLong_Check(value)) {
        PyErr_Format(PyExc_TypeError, "__reduce_ex__ argument should be an integer");
        return NULL;
    }
    long protocol = PyLong_AsLong(value);
    if (protocol == -1 && PyErr_Occurred()) {
        return NULL;
    }
    PyObject *dict = PyObject_GetAttrString((PyObject *)self, "__dict__");
    if (dict == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return NULL;
        }
        PyErr_Clear();
        dict = Py_NewRef(Py_None);
    }
    int format = machine_format(self->item);
    if (format < 0 || protocol < 3) {
        PyObject *list = array_tolist(self, NULL);
        if (list == NULL) {
            Py_DECREF(dict);
            return NULL;
        }
        return Py_BuildValue("O(CN)N", Py_TYPE(self), self->item->code, list, dict);
    }
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &array_module);
    PyObject *function = module ? PyObject_GetAttrString(module, "_array_reconstructor") : NULL;
    PyObject *bytes = function ? array_tobytes(self, NULL) : NULL;
    if (bytes == NULL) {
        Py_XDECREF(function);
        Py_DECREF(dict);
        return NULL;
    }
    return Py_BuildValue("N(OCiN)N", function, Py_TYPE(self), self->item->code, format, bytes,
                         dict);
}

/* -- Buffer, repr, construction -------------------------------------------------------------- */

static int array_getbuffer(Array *self, Py_buffer *view, int flags)
{
    static char empty[1];
    if (view == NULL) {
        PyErr_SetString(PyExc_BufferError, "array_buffer_getbuf: view==NULL argument is obsolete");
        return -1;
    }
    view->buf = self->items ? self->items : empty;
    view->obj = Py_NewRef(self);
    view->len = Py_SIZE(self) * self->item->size;
    view->readonly = 0;
    view->ndim = 1;
    view->itemsize = self->item->size;
    view->suboffsets = NULL;
    view->shape = flags & PyBUF_ND ? &((PyVarObject *)self)->ob_size : NULL;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? &view->itemsize : NULL;
    view->format = flags & PyBUF_FORMAT ? (char *)self->item->format : NULL;
    view->internal = NULL;
    self->exports++;
    return 0;
}

static void array_releasebuffer(Array *self, Py_buffer *view) { self->exports--; }

static PyObject *array_repr(Array *self)
{
    const char *name = _PyType_Name(Py_TYPE(self));
    if (Py_SIZE(self) == 0) {
        return PyUnicode_FromFormat("%s('%c')", name, self->item->code);
    }
    PyObject *v = self->item->code == 'u' ? array_tounicode(self, NULL) : array_tolist(self, NULL);
    if (v == NULL) {
        return NULL;
    }
    PyObject *s = PyUnicode_FromFormat("%s('%c', %R)", name, self->item->code, v);
    Py_DECREF(v);
    return s;
}

static int array_fill(ArrayState *state, Array *self, PyObject *initial)
{
    if (PyList_Check(initial) || PyTuple_Check(initial)) {
        for (Py_ssize_t i = 0; i < Py_SIZE(self) && i < PySequence_Fast_GET_SIZE(initial); i++) {
            PyObject *v = Py_NewRef(PySequence_Fast_GET_ITEM(initial, i));
            int r = array_ass_item(self, i, v);
            Py_DECREF(v);
            if (r < 0) {
                return -1;
            }
        }
        return 0;
    }
    PyObject *r;
    if (PyByteArray_Check(initial) || PyBytes_Check(initial)) {
        r = array_frombytes(self, initial);
    } else if (PyUnicode_Check(initial)) {
        r = array_fromunicode(self, initial);
        if (r && Py_SIZE(self)) { /* no spare room: the text is all there will be */
            char *p = PyMem_Realloc(self->items, (size_t)(Py_SIZE(self) * self->item->size));
            self->items = p ? p : self->items;
            self->allocated = p ? Py_SIZE(self) : self->allocated;
        }
    } else {
        return array_extend_any(state, self, initial);
    }
    Py_XDECREF(r);
    return r ? 0 : -1;
}

static PyObject *array_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *module = PyType_GetModuleByDef(type, &array_module), *initial = NULL;
    int code;
    if (module == NULL) {
        return NULL;
    }
    ArrayState *state = state_of(module);
    if ((type == state->array || type->tp_init == state->array->tp_init) &&
        !_PyArg_NoKeywords("array.array", kwargs)) {
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "C|O:array", &code, &initial)
        || PySys_Audit("array.__new__", "CO", code, initial ? initial : Py_None) < 0) {
        return NULL;
    }
    if (initial && code != 'u') {
        if (PyUnicode_Check(initial)) {
            PyErr_Format(PyExc_TypeError,
                         "cannot use a str to initialize an array with typecode '%c'", code);
            return NULL;
        }
        if (is_array(state, initial) && ((Array *)initial)->item->code == 'u') {
            PyErr_Format(PyExc_TypeError,
                         "cannot use a unicode array to initialize an array with typecode '%c'",
                         code);
            return NULL;
        }
    }
    const Item *item = item_for(code);
    if (item == NULL) {
        PyErr_SetString(PyExc_ValueError,
                        "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
        return NULL;
    }
    if (initial && is_array(state, initial) && ((Array *)initial)->item == item) {
        Array *source = (Array *)initial, *copy = array_make(type, Py_SIZE(source), item);
        if (copy && Py_SIZE(source)) {
            memcpy(copy->items, source->items, (size_t)(Py_SIZE(source) * item->size));
        }
        return (PyObject *)copy;
    }
    bool counted = initial && (PyList_Check(initial) || PyTuple_Check(initial));
    Array *self = array_make(type, counted ? PySequence_Size(initial) : 0, item);
    if (self == NULL) {
        return NULL;
    }
    if (counted && Py_SIZE(self)) {
        memset(self->items, 0, (size_t)(Py_SIZE(self) * item->size));
    }
    if (initial) {
        PyObject *source = Py_NewRef(initial);
        if (is_array(state, initial)) { /* of another kind: convert item by item */
            Py_SETREF(source, PyObject_GetIter(initial));
        }
        if (source == NULL || array_fill(state, self, source) < 0) {
            Py_CLEAR(self);
        }
        Py_XDECREF(source);
    }
    return (PyObject *)self;
}

/* -- Iterator -------------------------------------------------------------------------------- */

static PyObject *array_iter(Array *self)
{
    ArrayState *state = state_of_type(Py_TYPE(self));
    ArrayIter *it = PyObject_GC_New(ArrayIter, state->iter);
    if (it == NULL) {
        return NULL;
    }
    it->array = (Array *)Py_NewRef(self);
    it->index = 0;
    it->get = self->item->get;
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static PyObject *arrayiter_next(ArrayIter *it)
{
    Array *a = it->array;
    if (a == NULL) {
        return NULL;
    }
    if (it->index < Py_SIZE(a)) {
        return it->get(item_at(a, it->index++));
    }
    it->array = NULL;
    Py_DECREF(a);
    return NULL;
}

static void arrayiter_dealloc(ArrayIter *it)
{
    PyTypeObject *type = Py_TYPE(it);
    PyObject_GC_UnTrack(it);
    Py_XDECREF(it->array);
    PyObject_GC_Del(it);
    Py_DECREF(type);
}

static int arrayiter_traverse(ArrayIter *it, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(it));
    Py_VISIT(it->array);
    return 0;
}

static PyObject *builtin(const char *name)
{
    PyObject *dict = PyEval_GetBuiltins(), *v = dict ? PyDict_GetItemString(dict, name) : NULL;
    return Py_XNewRef(v);
}

static PyObject *arrayiter_reduce(ArrayIter *it, PyObject *noargs)
{
    PyObject *func = builtin("iter");
    if (func == NULL) {
        return NULL;
    }
    return it->array ? Py_BuildValue("N(O)n", func, it->array, it->index)
                     : Py_BuildValue("N(())", func);
}

static PyObject *arrayiter_setstate(ArrayIter *it, PyObject *state)
{
    Py_ssize_t index = PyLong_AsSsize_t(state);
    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    Py_ssize_t n = it->array ? Py_SIZE(it->array) : 0;
    it->index = Py_MIN(Py_MAX(index, 0), n);
    Py_RETURN_NONE;
}

static PyMethodDef arrayiter_methods[] = {
    {"__reduce__", (PyCFunction)arrayiter_reduce, METH_NOARGS,
     "__reduce__($self, /)\n--\n\nWhat pickle stores."},
    {"__setstate__", (PyCFunction)arrayiter_setstate, METH_O,
     "__setstate__($self, state, /)\n--\n\nTakes up what pickle stored."},
    {NULL},
};
static PyType_Slot arrayiter_slots[] = {
    {Py_tp_dealloc, arrayiter_dealloc},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_traverse, arrayiter_traverse},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, arrayiter_next},
    {Py_tp_methods, arrayiter_methods},
    {0, NULL},
};
static PyType_Spec arrayiter_spec = {
    .name = "array.arrayiterator",
    .basicsize = sizeof(ArrayIter),
    .slots = arrayiter_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
};

/* -- Type and module ------------------------------------------------------------------------- */

#define NOARGS(name, function, text) \
    {name, (PyCFunction)array_##function, METH_NOARGS, name "($self, /)\n--\n\n" text}
#define ONE(name, function, arg, text) \
    {name, (PyCFunction)array_##function, METH_O, name "($self, " arg ", /)\n--\n\n" text}
#define FAST(name, args, text)                                                                     \
    {                                                                                              \
#name, _PyCFunction_CAST(array_##name), METH_FASTCALL,                                     \
            #name "($self, " args ", /)\n--\n\n" text                                              \
    }
#define OF(name, function, arg, text)                                                              \
    {                                                                                              \
        name, _PyCFunction_CAST(array_##function##_of_class), OF_CLASS,                            \
            name "($self, " arg ", /)\n--\n\n" text                                                \
    }

OF_CLASS_ONE(Array, array_extend, "extend")
OF_CLASS_ONE(Array, array_tofile, "tofile")
OF_CLASS_ONE(Array, array_reduce_ex, "__reduce_ex__")

static PyMethodDef array_methods[] = {
    ONE("append", append, "v", "Add one item at the end; TypeError when it is of the wrong type."),
    NOARGS("buffer_info", buffer_info,
           "(address, number of items) of the memory behind the array.\n"
           "\n"
           "Multiply by itemsize for bytes; any change of size makes it void."),
    NOARGS("byteswap", byteswap,
           "Byteswap all items of the array.\n\nFor data written on a machine of other order."),
    NOARGS("__copy__", copy, "Return a copy of the array."),
    ONE("count", count, "v", "How many items equal v."),
    ONE("__deepcopy__", copy, "unused", "Return a copy of the array."),
    OF("extend", extend, "bb",
       "Add all items of an iterable or of an array of the same type at the end."),
    {"fromfile", _PyCFunction_CAST(array_fromfile), OF_CLASS,
     "fromfile($self, f, n, /)\n--\n\n"
     "Appends n items, read as machine values from the file f."},
    ONE("fromlist", fromlist, "list", "Append items to array from list."),
    ONE("frombytes", frombytes, "buffer",
        "Appends the items whose machine values these bytes are."),
    ONE("fromunicode", fromunicode, "ustr",
        "Adds the characters of ustr at the end.\n"
        "\n"
        "Only for arrays of type 'u'; otherwise ValueError."),
    FAST(index, "v, start=0, stop=sys.maxsize",
         "The index at which v comes first.\n\n"
         "ValueError when it is not there."),
    FAST(insert, "i, v", "Put v in front of item i."),
    FAST(pop, "i=-1", "Takes item i out of the array and gives it.\n\nThe last one by default."),
    OF("__reduce_ex__", reduce_ex, "value", "What pickle stores."),
    ONE("remove", remove, "v", "Delete the first item equal to v; ValueError when there is none."),
    NOARGS("reverse", reverse, "Turn the array round, in place."),
    OF("tofile", tofile, "f", "Writes the machine values of all items to the file f."),
    NOARGS("tolist", tolist, "All items in a list."),
    NOARGS("tobytes", tobytes, "The machine values of all items, as bytes."),
    NOARGS("tounicode", tounicode,
           "All items as one str.\n"
           "\n"
           "Only for arrays of type 'u'; otherwise ValueError."),
    NOARGS("__sizeof__", sizeof, "Bytes of memory that the array takes."),
    {NULL},
};

static PyObject *array_get_typecode(Array *self, void *closure)
{
    return PyUnicode_FromOrdinal((unsigned char)self->item->code);
}
static PyObject *array_get_itemsize(Array *self, void *closure)
{
    return PyLong_FromLong(self->item->size);
}

static PyGetSetDef array_getset[] = {
    {"typecode", (getter)array_get_typecode, NULL, "the letter that says what the items are"},
    {"itemsize", (getter)array_get_itemsize, NULL, "bytes that each item takes"},
    {NULL},
};
static PyMemberDef array_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Array, weakrefs), READONLY}, {NULL},
};

PyDoc_STRVAR(array_doc,
"array(typecode [, initializer]) -> array\n\n"
"A sequence whose items are all of one C type, which the typecode names:\n"
"b B signed and unsigned char, u wchar_t, h H short, i I int, l L long,\n"
"q Q long long, f float, d double. The initializer is an iterable of items,\n"
"a bytes-like object of machine values, or for 'u' a str.\n\n"
"Arrays behave like lists; besides they convert to and from bytes and files,\n"
"swap bytes, and export their memory as a buffer.");

static PyType_Slot array_slots[] = {
    {Py_tp_dealloc, array_dealloc},
    {Py_tp_repr, array_repr},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_doc, (void *)array_doc},
    {Py_tp_richcompare, array_richcompare},
    {Py_tp_iter, array_iter},
    {Py_tp_methods, array_methods},
    {Py_tp_members, array_members},
    {Py_tp_getset, array_getset},
    {Py_tp_alloc, PyType_GenericAlloc},
    {Py_tp_new, array_new},
    {Py_tp_traverse, array_traverse},
    {Py_sq_length, array_length},
    {Py_sq_concat, array_concat},
    {Py_sq_repeat, array_repeat},
    {Py_sq_item, array_item},
    {Py_sq_ass_item, array_ass_item},
    {Py_sq_contains, array_contains},
    {Py_sq_inplace_concat, array_inplace_concat},
    {Py_sq_inplace_repeat, array_inplace_repeat},
    {Py_mp_length, array_length},
    {Py_mp_subscript, array_subscript},
    {Py_mp_ass_subscript, array_ass_subscript},
    {Py_bf_getbuffer, array_getbuffer},
    {Py_bf_releasebuffer, array_releasebuffer},
    {0, NULL},
};
static PyType_Spec array_spec = {
    .name = "array.array",
    .basicsize = sizeof(Array),
    .slots = array_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_SEQUENCE,
};

static PyMethodDef module_methods[] = {
    {"_array_reconstructor", _PyCFunction_CAST(array_reconstructor), METH_FASTCALL,
     "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                    "
     " /)\n--\n\n"
     "Internal. Used for pickling support."},
    {NULL},
};

/* Registers with collections.abc, so that arrays are MutableSequences. */
static int array_exec(PyObject *module)
{
    ArrayState *state = state_of(module);
    char codes[COUNT_OF(items) + 1] = {0};
    if ((state->array = (PyTypeObject *)PyType_FromModuleAndSpec(module, &array_spec, NULL)) ==
            NULL ||
        (state->iter = (PyTypeObject *)PyType_FromModuleAndSpec(module, &arrayiter_spec, NULL)) ==
            NULL) {
        return -1;
    }
    if (PyModule_AddObjectRef(module, "ArrayType", (PyObject *)state->array) < 0
        || PyModule_AddType(module, state->array) < 0) {
        return -1;
    }
    PyObject *abc = PyImport_ImportModule("collections.abc");
    PyObject *mutable = abc ? PyObject_GetAttrString(abc, "MutableSequence") : NULL;
    PyObject *r = mutable ? PyObject_CallMethod(mutable, "register", "O", state->array) : NULL;
    Py_XDECREF(abc);
    Py_XDECREF(mutable);
    if (r == NULL) {
        return -1;
    }
    Py_DECREF(r);
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        codes[i] = items[i].code;
    }
    return PyModule_AddStringConstant(module, "typecodes", codes);
}

static int array_module_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->array);
    Py_VISIT(state_of(module)->iter);
    return 0;
}
static int array_module_clear(PyObject *module)
{
    Py_CLEAR(state_of(module)->array);
    Py_CLEAR(state_of(module)->iter);
    return 0;
}
static void array_module_free(void *module) { array_module_clear(module); }

PyDoc_STRVAR(module_doc,
"Arrays: sequences whose items are all machine values of one kind,\n"
"numbers or characters, and take no more memory than those.");

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, array_exec}, {0, NULL}};
static struct PyModuleDef array_module = {
    PyModuleDef_HEAD_INIT, .m_name = "array", .m_doc = module_doc, .m_size = sizeof(ArrayState),
    .m_methods = module_methods, .m_slots = module_slots, .m_traverse = array_module_traverse,
    .m_clear = array_module_clear, .m_free = array_module_free,
};

PyMODINIT_FUNC PyInit_array(void) { return PyModuleDef_Init(&array_module); }
