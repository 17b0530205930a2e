/* SPDX-License-Identifier: MIT
 *
 * collections.deque: a doubly linked list of blocks of 64 items.
 *
 *   left block          …          right block
 *   [ . . x x x x ] <-> [ x x x ] <-> [ x x . . ]
 *         ^ left_index                     ^ right_index
 *
 * Invariants
 *  Q1  There is at least one block; when empty, left_index == right_index + 1, in its middle.
 *  Q2  The outer links of the outer blocks are never followed (and not set).
 *  Q3  `state` changes with every change of the items' places, so that iterators notice.
 *  Q4  References are dropped when the deque is consistent again, since that runs foreign code.
 *
 * A few unused blocks are kept with the deque that emptied them.
 */
#include "modules/_collections.h"
#include "objects/contain.h"
#include "state.h"

extern EXPORT PyObject *_PyObject_GetState(PyObject *);

#define BLOCK_LEN 64
#define CENTER ((BLOCK_LEN - 1) / 2)
#define FREE_BLOCKS_MAX 16

typedef struct Block Block;
struct Block {
    Block *left;
    PyObject *data[BLOCK_LEN];
    Block *right;
};

typedef struct {
    PyObject_VAR_HEAD
    Block *left, *right;                /* the outer blocks */
    Py_ssize_t left_index, right_index; /* places of the outer items in them */
    size_t state;                       /* Q3 */
    Py_ssize_t maxlen;                  /* -1: no bound */
    Py_ssize_t nfree;                   /* unused blocks in `free` */
    Block *free[FREE_BLOCKS_MAX];
    PyObject *weakrefs;
} Deque;

/* -- Blocks ------------------------------------------------------------------------------------ */

static Block *block_new(Deque *d)
{
    if (d->nfree) {
        return d->free[--d->nfree];
    }
    Block *b = PyMem_Malloc(sizeof(Block));
    if (b == NULL) {
        PyErr_NoMemory();
    }
    return b;
}

static void block_free(Deque *d, Block *b)
{
    if (KEEP_FREED && d->nfree < FREE_BLOCKS_MAX) {
        d->free[d->nfree++] = b;
    } else {
        PyMem_Free(b);
    }
}

static inline void center(Deque *d)
{
    d->left_index = CENTER + 1;
    d->right_index = CENTER;
}

/* -- Both ends --------------------------------------------------------------------------------- */

/* STEALS item. */
static inline int push_right(Deque *d, PyObject *item)
{
    if (d->right_index == BLOCK_LEN - 1) {
        Block *b = block_new(d);
        if (b == NULL) {
            Py_DECREF(item);
            return -1;
        }
        b->left = d->right;
        d->right->right = b;
        d->right = b;
        d->right_index = -1;
    }
    Py_SET_SIZE(d, Py_SIZE(d) + 1);
    d->right->data[++d->right_index] = item;
    return 0;
}

/* STEALS item. */
static inline int push_left(Deque *d, PyObject *item)
{
    if (d->left_index == 0) {
        Block *b = block_new(d);
        if (b == NULL) {
            Py_DECREF(item);
            return -1;
        }
        b->right = d->left;
        d->left->left = b;
        d->left = b;
        d->left_index = BLOCK_LEN;
    }
    Py_SET_SIZE(d, Py_SIZE(d) + 1);
    d->left->data[--d->left_index] = item;
    return 0;
}

static PyObject *raise_empty(void)
{
    PyErr_SetString(PyExc_IndexError, "pop from an empty deque");
    return NULL;
}

/* The deque is not empty. */
static PyObject *take_right(Deque *d)
{
    PyObject *item = d->right->data[d->right_index--];
    Py_SET_SIZE(d, Py_SIZE(d) - 1);
    d->state++;
    if (d->right_index < 0) {
        if (Py_SIZE(d)) {
            Block *prev = d->right->left;
            block_free(d, d->right);
            d->right = prev;
            d->right_index = BLOCK_LEN - 1;
        } else {
            center(d);
        }
    }
    return item;
}

static PyObject *take_left(Deque *d)
{
    PyObject *item = d->left->data[d->left_index++];
    Py_SET_SIZE(d, Py_SIZE(d) - 1);
    d->state++;
    if (d->left_index == BLOCK_LEN) {
        if (Py_SIZE(d)) {
            Block *next = d->left->right;
            block_free(d, d->left);
            d->left = next;
            d->left_index = 0;
        } else {
            center(d);
        }
    }
    return item;
}

/* STEALS item; an item beyond maxlen falls off the other end. */
static inline int append_right(Deque *d, PyObject *item)
{
    if (push_right(d, item) < 0) {
        return -1;
    }
    if ((size_t)Py_SIZE(d) > (size_t)d->maxlen) {
        Py_DECREF(take_left(d));
    } else {
        d->state++;
    }
    return 0;
}

static inline int append_left(Deque *d, PyObject *item)
{
    if (push_left(d, item) < 0) {
        return -1;
    }
    if ((size_t)Py_SIZE(d) > (size_t)d->maxlen) {
        Py_DECREF(take_right(d));
    } else {
        d->state++;
    }
    return 0;
}

static PyObject *deque_pop(PyObject *self, PyObject *unused)
{
    return Py_SIZE(self) ? take_right((Deque *)self) : raise_empty();
}

static PyObject *deque_popleft(PyObject *self, PyObject *unused)
{
    return Py_SIZE(self) ? take_left((Deque *)self) : raise_empty();
}

static PyObject *deque_append(PyObject *self, PyObject *item)
{
    if (append_right((Deque *)self, Py_NewRef(item)) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *deque_appendleft(PyObject *self, PyObject *item)
{
    if (append_left((Deque *)self, Py_NewRef(item)) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static int extend(Deque *d, PyObject *iterable, bool left)
{
    if ((PyObject *)d == iterable) {
        PyObject *list = PySequence_List(iterable);
        int err = list ? extend(d, list, left) : -1;
        Py_XDECREF(list);
        return err;
    }
    PyObject *it = PyObject_GetIter(iterable), *item;
    if (it == NULL) {
        return -1;
    }
    int err = 0;
    if (Py_SIZE(d) == 0 &&
        d->maxlen != 0) { /* nothing there: start so that the first block fills up */
        d->left_index = left ? BLOCK_LEN - 1 : 1;
        d->right_index = d->left_index - 1;
    }
    iternextfunc next = *Py_TYPE(it)->tp_iternext;
    while (err == 0 && (item = next(it)) != NULL) {
        if (d->maxlen == 0) {
            Py_DECREF(item);
        } else {
            err = left ? append_left(d, item) : append_right(d, item);
        }
    }
    if (err == 0 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_StopIteration)) {
            PyErr_Clear();
        } else {
            err = -1;
        }
    }
    if (Py_SIZE(d) == 0) {
        center(d);
    }
    Py_DECREF(it);
    return err;
}

static PyObject *deque_extend(PyObject *self, PyObject *iterable)
{
    if (extend((Deque *)self, iterable, false) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *deque_extendleft(PyObject *self, PyObject *iterable)
{
    if (extend((Deque *)self, iterable, true) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *deque_inplace_concat(PyObject *self, PyObject *other)
{
    return extend((Deque *)self, other, false) < 0 ? NULL : Py_NewRef(self);
}

/* -- Places in the middle ---------------------------------------------------------------------- */

/* Address of item i; walks from the nearer end. */
static PyObject **item_at(Deque *d, Py_ssize_t i)
{
    Py_ssize_t from_left = i;
    i += d->left_index;
    Py_ssize_t n = i / BLOCK_LEN;
    Block *b;
    if (from_left < (Py_SIZE(d) >> 1)) {
        for (b = d->left; n > 0; n--) {
            b = b->right;
        }
    } else {
        n = (d->left_index + Py_SIZE(d) - 1) / BLOCK_LEN - n;
        for (b = d->right; n > 0; n--) {
            b = b->left;
        }
    }
    return &b->data[i % BLOCK_LEN];
}

/* A block for one end: the one that the other end emptied last, else a new one. */
static Block *take_spare(Deque *d, Block **spare)
{
    Block *b = *spare ? *spare : block_new(d);
    *spare = NULL;
    return b;
}

static void keep_spare(Deque *d, Block **spare, Block *emptied)
{
    if (*spare) {
        block_free(d, *spare);
    }
    *spare = emptied;
}

/* Moves n items from the right end to the left one, as many at once as both blocks allow. */
static int rotate_right(Deque *d, Py_ssize_t n, Block **spare)
{
    while (n > 0) {
        if (d->left_index == 0) {
            Block *b = take_spare(d, spare);
            if (b == NULL) {
                return -1;
            }
            b->right = d->left;
            d->left->left = b;
            d->left = b;
            d->left_index = BLOCK_LEN;
        }
        Py_ssize_t m = n;
        m = m > d->right_index + 1 ? d->right_index + 1 : m;
        m = m > d->left_index ? d->left_index : m;
        d->right_index -= m;
        d->left_index -= m;
        n -= m;
        memmove(&d->left->data[d->left_index], &d->right->data[d->right_index + 1],
                (size_t)m * sizeof(PyObject *));
        if (d->right_index < 0) {
            Block *prev = d->right->left;
            keep_spare(d, spare, d->right);
            d->right = prev;
            d->right_index = BLOCK_LEN - 1;
        }
    }
    return 0;
}

/* The same the other way. */
static int rotate_left(Deque *d, Py_ssize_t n, Block **spare)
{
    while (n > 0) {
        if (d->right_index == BLOCK_LEN - 1) {
            Block *b = take_spare(d, spare);
            if (b == NULL) {
                return -1;
            }
            b->left = d->right;
            d->right->right = b;
            d->right = b;
            d->right_index = -1;
        }
        Py_ssize_t m = n;
        m = m > BLOCK_LEN - d->left_index ? BLOCK_LEN - d->left_index : m;
        m = m > BLOCK_LEN - 1 - d->right_index ? BLOCK_LEN - 1 - d->right_index : m;
        memmove(&d->right->data[d->right_index + 1], &d->left->data[d->left_index],
                (size_t)m * sizeof(PyObject *));
        d->left_index += m;
        d->right_index += m;
        n -= m;
        if (d->left_index == BLOCK_LEN) {
            Block *next = d->left->right;
            keep_spare(d, spare, d->left);
            d->left = next;
            d->left_index = 0;
        }
    }
    return 0;
}

/* n > 0 to the right, n < 0 to the left; fails only without memory for a block. */
static int rotate(Deque *d, Py_ssize_t n)
{
    Py_ssize_t len = Py_SIZE(d), half = len >> 1;
    if (len <= 1) {
        return 0;
    }
    if (n > half || n < -half) { /* the shorter way round */
        n %= len;
        if (n > half) {
            n -= len;
        } else if (n < -half) {
            n += len;
        }
    }
    d->state++;
    Block *spare = NULL;
    int result = n > 0 ? rotate_right(d, n, &spare) : rotate_left(d, -n, &spare);
    keep_spare(d, &spare, NULL);
    return result;
}

static PyObject *deque_rotate(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = 1;
    if (!_PyArg_CheckPositional("rotate", nargs, 0, 1)) {
        return NULL;
    }
    if (nargs) {
        PyObject *index = _PyNumber_Index(args[0]);
        if (index == NULL) {
            return NULL;
        }
        n = PyLong_AsSsize_t(index);
        Py_DECREF(index);
        if (n == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    if (rotate((Deque *)self, n) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *deque_reverse(PyObject *self, PyObject *unused)
{
    Deque *d = (Deque *)self;
    Block *lb = d->left, *rb = d->right;
    Py_ssize_t li = d->left_index, ri = d->right_index;
    for (Py_ssize_t n = Py_SIZE(d) >> 1; n > 0; n--) {
        PyObject *t = lb->data[li];
        lb->data[li] = rb->data[ri];
        rb->data[ri] = t;
        if (++li == BLOCK_LEN) {
            lb = lb->right;
            li = 0;
        }
        if (--ri < 0) {
            rb = rb->left;
            ri = BLOCK_LEN - 1;
        }
    }
    Py_RETURN_NONE;
}

static int delete_item(Deque *d, Py_ssize_t i)
{
    if (rotate(d, -i) < 0) {
        return -1;
    }
    PyObject *item = take_left(d);
    int err = rotate(d, i);
    Py_DECREF(item);
    return err;
}

static PyObject *raise_range(void)
{
    PyErr_SetString(PyExc_IndexError, "deque index out of range");
    return NULL;
}

static PyObject *deque_item(PyObject *self, Py_ssize_t i)
{
    if ((size_t)i >= (size_t)Py_SIZE(self)) {
        return raise_range();
    }
    return Py_NewRef(*item_at((Deque *)self, i));
}

static int deque_ass_item(PyObject *self, Py_ssize_t i, PyObject *v)
{
    Deque *d = (Deque *)self;
    if ((size_t)i >= (size_t)Py_SIZE(d)) {
        raise_range();
        return -1;
    }
    if (v == NULL) {
        return delete_item(d, i);
    }
    PyObject **slot = item_at(d, i), *old = *slot;
    *slot = Py_NewRef(v);
    Py_DECREF(old);
    return 0;
}

/* Turns the place to an end, appends there and turns back. */
static PyObject *deque_insert(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Deque *d = (Deque *)self;
    Py_ssize_t n = Py_SIZE(d);
    if (!_PyArg_CheckPositional("insert", nargs, 2, 2)) {
        return NULL;
    }
    PyObject *number = _PyNumber_Index(args[0]);
    Py_ssize_t i = number ? PyLong_AsSsize_t(number) : -1;
    Py_XDECREF(number);
    if (i == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (d->maxlen == n) {
        PyErr_SetString(PyExc_IndexError, "deque already at its maximum size");
        return NULL;
    }
    if (i >= n) {
        return deque_append(self, args[1]);
    }
    if (i <= -n || i == 0) {
        return deque_appendleft(self, args[1]);
    }
    if (rotate(d, -i) < 0) {
        return NULL;
    }
    int err = i < 0 ? append_right(d, Py_NewRef(args[1])) : append_left(d, Py_NewRef(args[1]));
    if (err < 0 || rotate(d, i) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* -- Searching --------------------------------------------------------------------------------- */

enum { NOT_FOUND = -1, FAILED = -2, MUTATED = -3 };

/* Index in [start, stop) of the first item equal to value; `count` set: counts all of them there
 * instead. */
static Py_ssize_t find(Deque *d, PyObject *value, Py_ssize_t start, Py_ssize_t stop,
                       Py_ssize_t *count)
{
    if (start >= stop) {
        return NOT_FOUND;
    }
    size_t state = d->state;
    Py_ssize_t at = d->left_index + start;
    Block *b = d->left;
    for (; at >= BLOCK_LEN; at -= BLOCK_LEN) {
        b = b->right;
    }
    for (Py_ssize_t i = start; i < stop; i++) {
        PyObject *item = Py_NewRef(b->data[at]);
        int cmp = PyObject_RichCompareBool(item, value, Py_EQ);
        Py_DECREF(item);
        if (cmp < 0) {
            return FAILED;
        }
        if (cmp > 0 && count == NULL) {
            return i;
        }
        if (d->state != state) {
            return MUTATED;
        }
        if (count) {
            *count += cmp;
        }
        if (++at == BLOCK_LEN) {
            b = b->right;
            at = 0;
        }
    }
    return NOT_FOUND;
}

static PyObject *raise_mutated(void)
{
    PyErr_SetString(PyExc_RuntimeError, "deque mutated during iteration");
    return NULL;
}

static PyObject *deque_count(PyObject *self, PyObject *value)
{
    Py_ssize_t count = 0, res = find((Deque *)self, value, 0, Py_SIZE(self), &count);
    if (res == MUTATED) {
        return raise_mutated();
    }
    return res == FAILED ? NULL : PyLong_FromSsize_t(count);
}

static int deque_contains(PyObject *self, PyObject *value)
{
    Py_ssize_t res = find((Deque *)self, value, 0, Py_SIZE(self), NULL);
    if (res == MUTATED) {
        raise_mutated();
    }
    return res >= 0 ? 1 : res == NOT_FOUND ? 0 : -1;
}

static PyObject *deque_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = Py_SIZE(self), start = 0, stop = n;
    if (!_PyArg_CheckPositional("index", nargs, 1, 3) ||
        (nargs > 1 && !_PyEval_SliceIndexNotNone(args[1], &start)) ||
        (nargs > 2 && !_PyEval_SliceIndexNotNone(args[2], &stop))) {
        return NULL;
    }
    start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
    stop = stop < 0 ? (stop + n < 0 ? 0 : stop + n) : stop;
    stop = stop > n ? n : stop;
    Py_ssize_t res = find((Deque *)self, args[0], start > stop ? stop : start, stop, NULL);
    if (res >= 0) {
        return PyLong_FromSsize_t(res);
    }
    if (res == MUTATED) {
        return raise_mutated();
    }
    if (res == NOT_FOUND) {
        PyErr_Format(PyExc_ValueError, "%R is not in deque", args[0]);
    }
    return NULL;
}

static PyObject *deque_remove(PyObject *self, PyObject *value)
{
    size_t state = ((Deque *)self)->state;
    Py_ssize_t res = find((Deque *)self, value, 0, Py_SIZE(self), NULL);
    if (res >= 0 && ((Deque *)self)->state != state) {
        res = MUTATED;
    }
    if (res >= 0) {
        if (delete_item((Deque *)self, res) < 0) {
            return NULL;
        }
        Py_RETURN_NONE;
    }
    if (res == MUTATED) {
        PyErr_SetString(PyExc_IndexError, "deque mutated during remove().");
    } else if (res == NOT_FOUND) {
        PyErr_SetString(PyExc_ValueError, "deque.remove(x): x not in deque");
    }
    return NULL;
}

/* -- Life -------------------------------------------------------------------------------------- */

static PyObject *deque_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Deque *d = (Deque *)type->tp_alloc(type, 0);
    if (d == NULL) {
        return NULL;
    }
    Block *b = block_new(d);
    if (b == NULL) {
        Py_DECREF(d);
        return NULL;
    }
    Py_SET_SIZE(d, 0);
    d->left = d->right = b;
    center(d);
    d->maxlen = -1;
    return (PyObject *)d;
}

static int deque_tp_clear(PyObject *self)
{
    Deque *d = (Deque *)self;
    if (Py_SIZE(d) == 0) {
        return 0;
    }
    Block *fresh = block_new(d);
    if (fresh == NULL) { /* no memory: item by item */
        PyErr_Clear();
        while (Py_SIZE(d)) {
            Py_DECREF(take_right(d));
        }
        return 0;
    }
    Block *b = d->left;
    Py_ssize_t n = Py_SIZE(d), i = d->left_index;
    Py_SET_SIZE(d, 0);
    d->left = d->right = fresh;
    center(d);
    d->state++;
    for (; n > 0; n--) { /* Q4 */
        if (i == BLOCK_LEN) {
            Block *gone = b;
            b = b->right;
            i = 0;
            block_free(d, gone);
        }
        Py_DECREF(b->data[i++]);
    }
    block_free(d, b);
    return 0;
}

static PyObject *deque_clear(PyObject *self, PyObject *unused)
{
    deque_tp_clear(self);
    Py_RETURN_NONE;
}

static void deque_dealloc(PyObject *self)
{
    Deque *d = (Deque *)self;
    PyObject_GC_UnTrack(self);
    if (d->weakrefs != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    if (d->left != NULL) {
        deque_tp_clear(self);
        PyMem_Free(d->left);
        d->left = d->right = NULL;
    }
    while (d->nfree > 0) {
        PyMem_Free(d->free[--d->nfree]);
    }
    Py_TYPE(self)->tp_free(self);
}

static int deque_traverse(PyObject *self, visitproc visit, void *arg)
{
    Deque *d = (Deque *)self;
    Block *b = d->left;
    for (Py_ssize_t n = Py_SIZE(d), i = d->left_index; n > 0; n--, i++) {
        if (i == BLOCK_LEN) {
            b = b->right;
            i = 0;
        }
        Py_VISIT(b->data[i]);
    }
    return 0;
}

static int deque_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"iterable", "maxlen", NULL};
    Deque *d = (Deque *)self;
    PyObject *iterable = NULL, *bound = NULL;
    Py_ssize_t maxlen = -1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:deque", names, &iterable, &bound)) {
        return -1;
    }
    if (bound != NULL && bound != Py_None) {
        maxlen = PyLong_AsSsize_t(bound);
        if (maxlen == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (maxlen < 0) {
            PyErr_SetString(PyExc_ValueError, "maxlen must be non-negative");
            return -1;
        }
    }
    d->maxlen = maxlen;
    if (Py_SIZE(d) > 0) {
        deque_tp_clear(self);
    }
    return iterable ? extend(d, iterable, false) : 0;
}

/* -- Copies, concatenation, repetition --------------------------------------------------------- */

/* A subclass is called as its constructor would be, so that it may set itself up. */
static PyObject *deque_copy(PyObject *self, PyObject *unused)
{
    Deque *d = (Deque *)self;
    if (Py_IS_TYPE(self, &deque_type)) {
        PyObject *copy = deque_new(&deque_type, NULL, NULL);
        if (copy == NULL) {
            return NULL;
        }
        ((Deque *)copy)->maxlen = d->maxlen;
        int err = Py_SIZE(d) == 1 ? append_right((Deque *)copy, Py_NewRef(*item_at(d, 0)))
                                  : extend((Deque *)copy, self, false);
        if (err < 0) {
            Py_CLEAR(copy);
        }
        return copy;
    }
    PyObject *result = d->maxlen < 0 ? PyObject_CallOneArg((PyObject *)Py_TYPE(self), self)
                                     : PyObject_CallFunction((PyObject *)Py_TYPE(self), "Oi", self,
                                                             (int)d->maxlen);
    if (result != NULL && !PyObject_TypeCheck(result, &deque_type)) {
        PyErr_Format(PyExc_TypeError, "%.200s() must return a deque, not %.200s",
                     Py_TYPE(self)->tp_name, Py_TYPE(result)->tp_name);
        Py_CLEAR(result);
    }
    return result;
}

static PyObject *deque_concat(PyObject *self, PyObject *other)
{
    if (!PyObject_TypeCheck(other, &deque_type)) {
        PyErr_Format(PyExc_TypeError, "can only concatenate deque (not \"%.200s\") to deque",
                     Py_TYPE(other)->tp_name);
        return NULL;
    }
    PyObject *result = deque_copy(self, NULL);
    if (result && extend((Deque *)result, other, false) < 0) {
        Py_CLEAR(result);
    }
    return result;
}

static PyObject *deque_inplace_repeat(PyObject *self, Py_ssize_t n)
{
    Deque *d = (Deque *)self;
    Py_ssize_t size = Py_SIZE(d);
    if (size == 0 || n == 1) {
        return Py_NewRef(self);
    }
    if (n <= 0) {
        deque_tp_clear(self);
        return Py_NewRef(self);
    }
    if (size > PY_SSIZE_T_MAX / n) {
        return PyErr_NoMemory();
    }
    PyObject *items = PySequence_List(self);
    if (items == NULL) {
        return NULL;
    }
    if (d->maxlen >= 0 && n * size > d->maxlen) { /* no more rounds than are kept */
        n = (d->maxlen + size - 1) / size;
    }
    int err = 0;
    for (Py_ssize_t i = 0; err == 0 && i < n - 1; i++) {
        err = extend(d, items, false);
    }
    Py_DECREF(items);
    return err < 0 ? NULL : Py_NewRef(self);
}

static PyObject *deque_repeat(PyObject *self, Py_ssize_t n)
{
    PyObject *copy = deque_copy(self, NULL), *result;
    if (copy == NULL) {
        return NULL;
    }
    result = deque_inplace_repeat(copy, n);
    Py_DECREF(copy);
    return result;
}

static PyObject *deque_reduce(PyObject *self, PyObject *unused)
{
    Deque *d = (Deque *)self;
    PyObject *state = _PyObject_GetState(self), *it;
    if (state == NULL || (it = PyObject_GetIter(self)) == NULL) {
        Py_XDECREF(state);
        return NULL;
    }
    return d->maxlen < 0 ? Py_BuildValue("O()NN", Py_TYPE(self), state, it)
                         : Py_BuildValue("O(()n)NN", Py_TYPE(self), d->maxlen, state, it);
}

static PyObject *deque_repr(PyObject *self)
{
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered > 0 ? PyUnicode_FromString("[...]") : NULL;
    }
    PyObject *list = PySequence_List(self), *result = NULL;
    if (list != NULL) {
        Py_ssize_t maxlen = ((Deque *)self)->maxlen;
        const char *name = _PyType_Name(Py_TYPE(self));
        result = maxlen >= 0 ? PyUnicode_FromFormat("%s(%R, maxlen=%zd)", name, list, maxlen)
                             : PyUnicode_FromFormat("%s(%R)", name, list);
        Py_DECREF(list);
    }
    Py_ReprLeave(self);
    return result;
}

/* The first difference decides; without one the longer deque is greater. */
static PyObject *compare_items(PyObject *it1, PyObject *it2, int op)
{
    PyObject *x = NULL, *y = NULL;
    for (;;) {
        x = PyIter_Next(it1);
        if (x == NULL && PyErr_Occurred()) {
            return NULL;
        }
        y = PyIter_Next(it2);
        if (x == NULL || y == NULL) {
            break;
        }
        int same = PyObject_RichCompareBool(x, y, Py_EQ);
        if (same <= 0) {
            PyObject *result = same < 0 ? NULL : PyObject_RichCompare(x, y, op);
            Py_DECREF(x);
            Py_DECREF(y);
            return result;
        }
        Py_DECREF(x);
        Py_DECREF(y);
    }
    int more1 = x != NULL, more2 = y != NULL;
    Py_XDECREF(x);
    Py_XDECREF(y);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_RICHCOMPARE(more1, more2, op);
}

static PyObject *deque_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PyObject_TypeCheck(v, &deque_type) || !PyObject_TypeCheck(w, &deque_type)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    if ((op == Py_EQ || op == Py_NE) && (v == w || Py_SIZE(v) != Py_SIZE(w))) {
        return PyBool_FromLong((v == w) == (op == Py_EQ));
    }
    PyObject *it1 = PyObject_GetIter(v), *it2 = it1 ? PyObject_GetIter(w) : NULL;
    PyObject *result = it2 ? compare_items(it1, it2, op) : NULL;
    Py_XDECREF(it1);
    Py_XDECREF(it2);
    return result;
}

static Py_ssize_t deque_len(PyObject *self) { return Py_SIZE(self); }

static PyObject *deque_sizeof(PyObject *self, PyObject *unused)
{
    Deque *d = (Deque *)self;
    Py_ssize_t blocks = (d->left_index + Py_SIZE(d) + BLOCK_LEN - 1) / BLOCK_LEN;
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + blocks * (Py_ssize_t)sizeof(Block));
}

static PyObject *deque_get_maxlen(PyObject *self, void *unused)
{
    Py_ssize_t maxlen = ((Deque *)self)->maxlen;
    if (maxlen < 0) {
        Py_RETURN_NONE;
    }
    return PyLong_FromSsize_t(maxlen);
}

static PyGetSetDef deque_getset[] = {
    {"maxlen", deque_get_maxlen, NULL, "how many items fit, None: any number", NULL},
    {NULL},
};

static PyObject *deque_iter(PyObject *self);
static PyObject *deque_reversed(PyObject *self, PyObject *unused);

static PyMethodDef deque_methods[] = {
    {"append", deque_append, METH_O, "Add an element at the right end."},
    {"appendleft", deque_appendleft, METH_O, "Add an element at the left end."},
    {"clear", deque_clear, METH_NOARGS, "Remove all elements."},
    {"__copy__", deque_copy, METH_NOARGS, "A shallow copy of the deque."},
    {"copy", deque_copy, METH_NOARGS, "A shallow copy of the deque."},
    {"count", deque_count, METH_O, "D.count(value) -- how many elements are equal to value"},
    {"extend", deque_extend, METH_O, "Add the elements of an iterable at the right end."},
    {"extendleft", deque_extendleft, METH_O,
     "Add the elements of an iterable at the left end, one after the other."},
    {"index", (PyCFunction)(void (*)(void))deque_index, METH_FASTCALL,
     "D.index(value, [start, [stop]]) -- place of the first element equal to value.\n"
     "ValueError when there is none."},
    {"insert", (PyCFunction)(void (*)(void))deque_insert, METH_FASTCALL,
     "D.insert(index, object) -- put object in front of the element at index"},
    {"pop", deque_pop, METH_NOARGS, "Remove the rightmost element and return it."},
    {"popleft", deque_popleft, METH_NOARGS, "Remove the leftmost element and return it."},
    {"__reduce__", deque_reduce, METH_NOARGS, "What pickle stores."},
    {"remove", deque_remove, METH_O, "D.remove(value) -- remove the first element equal to value."},
    {"__reversed__", deque_reversed, METH_NOARGS,
     "D.__reversed__() -- iterate from the last item to the first"},
    {"reverse", deque_reverse, METH_NOARGS, "D.reverse() -- turn the order around *IN PLACE*"},
    {"rotate", (PyCFunction)(void (*)(void))deque_rotate, METH_FASTCALL,
     "Move n items (by default one) from the right end to the left, the other way when n is "
     "negative."},
    {"__sizeof__", deque_sizeof, METH_NOARGS, "D.__sizeof__() -- bytes of memory that D takes"},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};

static PySequenceMethods deque_as_sequence = {
    .sq_length = deque_len,
    .sq_concat = deque_concat,
    .sq_repeat = deque_repeat,
    .sq_item = deque_item,
    .sq_ass_item = deque_ass_item,
    .sq_contains = deque_contains,
    .sq_inplace_concat = deque_inplace_concat,
    .sq_inplace_repeat = deque_inplace_repeat,
};

PyTypeObject deque_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "collections.deque",
    .tp_basicsize = sizeof(Deque),
    .tp_dealloc = deque_dealloc,
    .tp_repr = deque_repr,
    .tp_as_sequence = &deque_as_sequence,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_SEQUENCE
                | Py_TPFLAGS_IMMUTABLETYPE,
    .tp_doc = "deque([iterable[, maxlen]]) --> deque object\n\n"
              "A sequence like a list that is fast at both of its ends.",
    .tp_traverse = deque_traverse,
    .tp_clear = deque_tp_clear,
    .tp_richcompare = deque_richcompare,
    .tp_weaklistoffset = offsetof(Deque, weakrefs),
    .tp_iter = deque_iter,
    .tp_methods = deque_methods,
    .tp_getset = deque_getset,
    .tp_init = deque_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = deque_new,
    .tp_free = PyObject_GC_Del,
};

/* -- Iterators --------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Block *block;     /* the next item's */
    Deque *deque;     /* strong */
    Py_ssize_t index; /* of the next item in its block */
    size_t state;     /* the deque's when iteration began, Q3 */
    Py_ssize_t left;  /* items still to come */
} DequeIter;

static PyObject *dequeiter_make(Deque *d, PyTypeObject *type)
{
    DequeIter *it = PyObject_GC_New(DequeIter, type);
    if (it == NULL) {
        return NULL;
    }
    bool forward = type == &deque_iter_type;
    it->block = forward ? d->left : d->right;
    it->index = forward ? d->left_index : d->right_index;
    it->deque = (Deque *)Py_NewRef(d);
    it->state = d->state;
    it->left = Py_SIZE(d);
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static PyObject *deque_iter(PyObject *self)
{
    return dequeiter_make((Deque *)self, &deque_iter_type);
}

static PyObject *deque_reversed(PyObject *self, PyObject *unused)
{
    return dequeiter_make((Deque *)self, &deque_reviter_type);
}

static int dequeiter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((DequeIter *)self)->deque);
    return 0;
}

static void dequeiter_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((DequeIter *)self)->deque);
    PyObject_GC_Del(self);
}

/* The next item (BORROWED) in front of which the iterator stands, or NULL. */
static PyObject *dequeiter_peek(DequeIter *it)
{
    if (it->deque->state != it->state) {
        it->left = 0;
        return raise_mutated();
    }
    return it->left ? it->block->data[it->index] : NULL;
}

static PyObject *dequeiter_next(PyObject *self)
{
    DequeIter *it = (DequeIter *)self;
    PyObject *item = dequeiter_peek(it);
    if (item == NULL) {
        return NULL;
    }
    it->left--;
    if (++it->index == BLOCK_LEN && it->left > 0) {
        it->block = it->block->right;
        it->index = 0;
    }
    return Py_NewRef(item);
}

static PyObject *dequereviter_next(PyObject *self)
{
    DequeIter *it = (DequeIter *)self;
    PyObject *item = dequeiter_peek(it);
    if (item == NULL) {
        return NULL;
    }
    it->left--;
    if (--it->index < 0 && it->left > 0) {
        it->block = it->block->left;
        it->index = BLOCK_LEN - 1;
    }
    return Py_NewRef(item);
}

/* (deque, number of items to skip) */
static PyObject *dequeiter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *deque;
    Py_ssize_t skip = 0;
    if (!PyArg_ParseTuple(args, "O!|n", &deque_type, &deque, &skip)) {
        return NULL;
    }
    PyObject *it = dequeiter_make((Deque *)deque, type);
    if (it == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < skip; i++) {
        PyObject *item = Py_TYPE(it)->tp_iternext(it);
        if (item == NULL) {
            if (((DequeIter *)it)->left == 0 && !PyErr_Occurred()) {
                break;
            }
            Py_DECREF(it);
            return NULL;
        }
        Py_DECREF(item);
    }
    return it;
}

static PyObject *dequeiter_length_hint(PyObject *self, PyObject *unused)
{
    return PyLong_FromSsize_t(((DequeIter *)self)->left);
}

static PyObject *dequeiter_reduce(PyObject *self, PyObject *unused)
{
    DequeIter *it = (DequeIter *)self;
    return Py_BuildValue("O(On)", Py_TYPE(self), it->deque, Py_SIZE(it->deque) - it->left);
}

static PyMethodDef dequeiter_methods[] = {
    {"__length_hint__", dequeiter_length_hint, METH_NOARGS, "How many items are likely left."},
    {"__reduce__", dequeiter_reduce, METH_NOARGS, "What pickle stores."},
    {NULL},
};

#define DEQUE_ITERATOR(variable, name, next)                                                       \
    PyTypeObject variable = {                                                                      \
        PyVarObject_HEAD_INIT(NULL, 0)                                                             \
        .tp_name = name,                                                                           \
        .tp_basicsize = sizeof(DequeIter),                                                         \
        .tp_dealloc = dequeiter_dealloc,                                                           \
        .tp_getattro = PyObject_GenericGetAttr,                                                    \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                                       \
        .tp_traverse = dequeiter_traverse,                                                         \
        .tp_iter = PyObject_SelfIter,                                                              \
        .tp_iternext = next,                                                                       \
        .tp_methods = dequeiter_methods,                                                           \
        .tp_new = dequeiter_new,                                                                   \
    }
DEQUE_ITERATOR(deque_iter_type, "_collections._deque_iterator", dequeiter_next);
DEQUE_ITERATOR(deque_reviter_type, "_collections._deque_reverse_iterator", dequereviter_next);
