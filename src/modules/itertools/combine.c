/* SPDX-License-Identifier: MIT
 *
 * Combinatoric iterators: product, permutations, combinations, combinations_with_replacement.
 *
 * Each keeps a pool of elements, the indices of the present result, and the result itself; the next
 * result is the next one in lexicographic order of the indices. The result tuple is changed in
 * place when nobody else holds it.
 */
#include "modules/itertools/itertools.h"

/* indices[0 … n) as a tuple of ints. */
static PyObject *indices_tuple(const Py_ssize_t *indices, Py_ssize_t n)
{
    PyObject *tuple = PyTuple_New(n);
    for (Py_ssize_t i = 0; tuple && i < n; i++) {
        PyObject *index = PyLong_FromSsize_t(indices[i]);
        if (index == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SET_ITEM(tuple, i, index);
    }
    return tuple;
}

/* Reads an int of a pickled state into [least, most]. */
static int read_index(PyObject *tuple, Py_ssize_t i, Py_ssize_t least, Py_ssize_t most,
                      Py_ssize_t *out)
{
    Py_ssize_t index = PyLong_AsSsize_t(PyTuple_GET_ITEM(tuple, i));
    if (index == -1 && PyErr_Occurred()) {
        return -1;
    }
    *out = index < least ? least : index > most ? most : index;
    return 0;
}

static PyObject *invalid_arguments(void)
{
    PyErr_SetString(PyExc_ValueError, "invalid arguments");
    return NULL;
}

/* (pool[indices[0]], …) */
static PyObject *pick(PyObject *pool, const Py_ssize_t *indices, Py_ssize_t r)
{
    PyObject *result = PyTuple_New(r);
    for (Py_ssize_t i = 0; result && i < r; i++) {
        PyTuple_SET_ITEM(result, i, Py_NewRef(PyTuple_GET_ITEM(pool, indices[i])));
    }
    return result;
}

static Py_ssize_t *index_array(Py_ssize_t n)
{
    Py_ssize_t *array = PyMem_New(Py_ssize_t, n);
    if (array == NULL) {
        PyErr_NoMemory();
    }
    return array;
}

/* -- product ----------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *pools;     /* strong: tuple of tuples */
    Py_ssize_t *indices; /* one for each pool */
    PyObject *result;    /* strong; NULL before the first step */
    int stopped;
} Product;

/* The pools are repeated by reference; an index for each stands on its first item. */
static PyObject *product_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t repeat = 1, nargs;
    if (kwargs != NULL) {
        static char *names[] = {"repeat", NULL};
        PyObject *none = PyTuple_New(0);
        int ok = none && PyArg_ParseTupleAndKeywords(none, kwargs, "|n:product", names, &repeat);
        Py_XDECREF(none);
        if (!ok) {
            return NULL;
        }
        if (repeat < 0) {
            PyErr_SetString(PyExc_ValueError, "repeat argument cannot be negative");
            return NULL;
        }
    }
    nargs = repeat ? PyTuple_GET_SIZE(args) : 0;
    if (repeat && (size_t)nargs > PY_SSIZE_T_MAX / sizeof(Py_ssize_t) / (size_t)repeat) {
        PyErr_SetString(PyExc_OverflowError, "repeat argument too large");
        return NULL;
    }
    Py_ssize_t n = nargs * repeat;
    Py_ssize_t *indices = index_array(n);
    PyObject *pools = indices ? PyTuple_New(n) : NULL;
    if (pools == NULL) {
        goto fail;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *pool = i < nargs ? PySequence_Tuple(PyTuple_GET_ITEM(args, i))
                                   : Py_NewRef(PyTuple_GET_ITEM(pools, i - nargs));
        if (pool == NULL) {
            goto fail;
        }
        PyTuple_SET_ITEM(pools, i, pool);
        indices[i] = 0;
    }
    Product *o = (Product *)type->tp_alloc(type, 0);
    if (o == NULL) {
        goto fail;
    }
    o->pools = pools;
    o->indices = indices;
    return (PyObject *)o;
fail:
    Py_XDECREF(pools);
    PyMem_Free(indices);
    return NULL;
}

static void product_dealloc(PyObject *self)
{
    Product *o = (Product *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(o->pools);
    Py_XDECREF(o->result);
    PyMem_Free(o->indices);
    Py_TYPE(self)->tp_free(self);
}

static int product_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Product *)self)->pools);
    Py_VISIT(((Product *)self)->result);
    return 0;
}

/* The first elements of all pools, or NULL (stopped) when one is empty. */
static PyObject *product_first(Product *o)
{
    Py_ssize_t n = PyTuple_GET_SIZE(o->pools);
    PyObject *result = PyTuple_New(n);
    for (Py_ssize_t i = 0; result && i < n; i++) {
        PyObject *pool = PyTuple_GET_ITEM(o->pools, i);
        if (PyTuple_GET_SIZE(pool) == 0) {
            Py_CLEAR(result);
            break;
        }
        PyTuple_SET_ITEM(result, i, Py_NewRef(PyTuple_GET_ITEM(pool, 0)));
    }
    return result;
}

static PyObject *product_next(PyObject *self)
{
    Product *o = (Product *)self;
    if (o->stopped) {
        return NULL;
    }
    if (o->result == NULL) {
        o->result = product_first(o);
        if (o->result == NULL) {
            o->stopped = 1;
        }
        return Py_XNewRef(o->result);
    }
    PyObject *result = fresh_result(&o->result);
    Py_ssize_t i = PyTuple_GET_SIZE(o->pools) - 1;
    for (; result && i >= 0;
         i--) { /* as a car's counter: the rightmost wheel that does not roll over */
        PyObject *pool = PyTuple_GET_ITEM(o->pools, i);
        bool rolls = ++o->indices[i] == PyTuple_GET_SIZE(pool);
        if (rolls) {
            o->indices[i] = 0;
        }
        result_set(result, i, PyTuple_GET_ITEM(pool, o->indices[i]));
        if (!rolls) {
            break;
        }
    }
    if (result == NULL || i < 0) {
        o->stopped = 1;
        return NULL;
    }
    return Py_NewRef(result);
}

static PyObject *product_reduce(PyObject *self, PyObject *unused)
{
    Product *o = (Product *)self;
    if (o->stopped) {
        return Py_BuildValue("O(())", Py_TYPE(self));
    }
    if (o->result == NULL) {
        return Py_BuildValue("OO", Py_TYPE(self), o->pools);
    }
    PyObject *indices = indices_tuple(o->indices, PyTuple_GET_SIZE(o->pools));
    return indices ? Py_BuildValue("OON", Py_TYPE(self), o->pools, indices) : NULL;
}

/* The state is the indices; a pool without items ends the iteration at once. */
static PyObject *product_setstate(PyObject *self, PyObject *state)
{
    Product *o = (Product *)self;
    Py_ssize_t n = PyTuple_GET_SIZE(o->pools);
    if (!PyTuple_Check(state) || PyTuple_GET_SIZE(state) != n) {
        return invalid_arguments();
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_ssize_t size = PyTuple_GET_SIZE(PyTuple_GET_ITEM(o->pools, i)), unused;
        if (read_index(state, i, 0, size - 1, size ? &o->indices[i] : &unused) < 0) {
            return NULL;
        }
        if (size == 0) {
            o->stopped = 1;
            Py_RETURN_NONE;
        }
    }
    PyObject *result = PyTuple_New(n);
    if (result == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyTuple_SET_ITEM(result, i,
                         Py_NewRef(PyTuple_GET_ITEM(PyTuple_GET_ITEM(o->pools, i), o->indices[i])));
    }
    Py_XSETREF(o->result, result);
    Py_RETURN_NONE;
}

static PyObject *product_sizeof(PyObject *self, PyObject *unused)
{
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize +
                              PyTuple_GET_SIZE(((Product *)self)->pools) *
                                  (Py_ssize_t)sizeof(Py_ssize_t));
}

static PyMethodDef product_methods[] = {
    REDUCE(product), SETSTATE(product), SIZEOF(product), {NULL}};
#define product_vectorcall NULL
ITERATOR_TYPE(product, "itertools.product", Product,
              "product(*iterables, repeat=1) --> product object\n\n"
              "Cartesian product of the iterables, as of nested for loops; the rightmost element "
              "changes fastest.\n\n"
              "product(A, repeat=4) means product(A, A, A, A).\n\n"
              "product('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)");

/* -- combinations, with and without replacement ------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    PyObject *pool;      /* strong */
    Py_ssize_t *indices; /* r of them */
    PyObject *result;    /* strong; NULL before the first step */
    Py_ssize_t r;        /* items of a combination */
    int stopped;
} Combinations;

/* `again`: items may be taken more than once. */
static PyObject *comb_make(PyTypeObject *type, PyObject *args, PyObject *kwargs, const char *format,
                           bool again)
{
    static char *names[] = {"iterable", "r", NULL};
    PyObject *iterable, *pool;
    Py_ssize_t r, *indices = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, format, names, &iterable, &r)
        || (pool = PySequence_Tuple(iterable)) == NULL) {
        return NULL;
    }
    Combinations *o = NULL;
    if (r < 0) {
        PyErr_SetString(PyExc_ValueError, "r must be non-negative");
    } else if ((indices = index_array(r)) != NULL) {
        o = (Combinations *)type->tp_alloc(type, 0);
    }
    if (o == NULL) {
        PyMem_Free(indices);
        Py_DECREF(pool);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < r; i++) {
        indices[i] = again ? 0 : i;
    }
    o->pool = pool;
    o->indices = indices;
    o->r = r;
    o->stopped = again ? PyTuple_GET_SIZE(pool) == 0 && r > 0 : r > PyTuple_GET_SIZE(pool);
    return (PyObject *)o;
}

static void comb_dealloc(PyObject *self)
{
    Combinations *o = (Combinations *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(o->pool);
    Py_XDECREF(o->result);
    PyMem_Free(o->indices);
    Py_TYPE(self)->tp_free(self);
}

static int comb_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Combinations *)self)->pool);
    Py_VISIT(((Combinations *)self)->result);
    return 0;
}

/* `again`: an element may be taken several times. */
static inline PyObject *comb_step(Combinations *o, bool again)
{
    Py_ssize_t n = PyTuple_GET_SIZE(o->pool), r = o->r, *indices = o->indices, i;
    if (o->stopped) {
        return NULL;
    }
    if (o->result == NULL) {
        o->result = pick(o->pool, indices, r);
        o->stopped = o->result == NULL;
        return Py_XNewRef(o->result);
    }
    PyObject *result = fresh_result(&o->result);
    if (result == NULL) {
        o->stopped = 1;
        return NULL;
    }
    for (i = r - 1; i >= 0 && indices[i] == (again ? n - 1 : i + n - r); i--) {}
    if (i < 0) {
        o->stopped = 1;
        return NULL;
    }
    Py_ssize_t index = indices[i] + 1;
    for (; i < r; i++, index += !again) {
        indices[i] = index;
        result_set(result, i, PyTuple_GET_ITEM(o->pool, index));
    }
    return Py_NewRef(result);
}

static PyObject *comb_reduce(PyObject *self, PyObject *unused)
{
    Combinations *o = (Combinations *)self;
    if (o->result == NULL) {
        return Py_BuildValue("O(On)", Py_TYPE(self), o->pool, o->r);
    }
    if (o->stopped) {
        return Py_BuildValue("O(()n)", Py_TYPE(self), o->r);
    }
    PyObject *indices = indices_tuple(o->indices, o->r);
    return indices ? Py_BuildValue("O(On)N", Py_TYPE(self), o->pool, o->r, indices) : NULL;
}

static PyObject *comb_restore(PyObject *self, PyObject *state, bool again)
{
    Combinations *o = (Combinations *)self;
    Py_ssize_t n = PyTuple_GET_SIZE(o->pool);
    if (!PyTuple_Check(state) || PyTuple_GET_SIZE(state) != o->r || (n == 0 && o->r > 0)) {
        return invalid_arguments();
    }
    for (Py_ssize_t i = 0; i < o->r; i++) {
        if (read_index(state, i, 0, again ? n - 1 : i + n - o->r, &o->indices[i]) < 0) {
            return NULL;
        }
        if (o->indices[i] < 0) {
            o->indices[i] = 0;
        }
    }
    PyObject *result = pick(o->pool, o->indices, o->r);
    if (result == NULL) {
        return NULL;
    }
    Py_XSETREF(o->result, result);
    Py_RETURN_NONE;
}

static PyObject *comb_sizeof(PyObject *self, PyObject *unused)
{
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize +
                              ((Combinations *)self)->r * (Py_ssize_t)sizeof(Py_ssize_t));
}

#define COMB(prefix, name, again, doc)                                                             \
    static PyObject *prefix##_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)            \
    {                                                                                              \
        return comb_make(type, args, kwargs, "On:" name, again);                                   \
    }                                                                                              \
    static PyObject *prefix##_next(PyObject *self)                                                 \
    {                                                                                              \
        return comb_step((Combinations *)self, again);                                             \
    }                                                                                              \
    static PyObject *prefix##_setstate(PyObject *self, PyObject *state)                            \
    {                                                                                              \
        return comb_restore(self, state, again);                                                   \
    }                                                                                              \
    static PyMethodDef prefix##_methods[] = {                                                      \
        REDUCE(comb), SETSTATE(prefix), SIZEOF(comb), {NULL}};                                     \
    ITERATOR_TYPE(prefix, "itertools." name, Combinations, doc)

#define combinations_dealloc comb_dealloc
#define combinations_traverse comb_traverse
#define combinations_vectorcall NULL
#define cwr_vectorcall NULL
#define cwr_dealloc comb_dealloc
#define cwr_traverse comb_traverse

COMB(combinations, "combinations", false,
     "combinations(iterable, r)\n--\n\n"
     "Give all ways to choose r elements of the iterable.\n\n"
     "combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)");
COMB(cwr, "combinations_with_replacement", true,
     "combinations_with_replacement(iterable, r)\n--\n\n"
     "Give all ways to choose r elements of the iterable, each as often as wanted.\n\n"
     "combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), "
     "('B','C'), ('C','C')");

/* -- permutations ------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    PyObject *pool;      /* strong */
    Py_ssize_t *indices; /* all n, the first r of them show */
    Py_ssize_t *cycles;  /* r of them: rotations left at each place */
    PyObject *result;    /* strong; NULL before the first step */
    Py_ssize_t r;        /* items of a permutation */
    int stopped;
} Permutations;

/* indices is the present order; cycles[i] counts how often place i still moves (the algorithm in
   the documentation of itertools.permutations). */
static PyObject *permutations_make(PyTypeObject *type, const Given *given)
{
    ARGS("O|O:permutations", "iterable", "r");
    PyObject *row[2], *pool;
    if (!GIVEN_ROW(row, 1, 2) || (pool = PySequence_Tuple(row[0])) == NULL) {
        return NULL;
    }
    PyObject *robj = row[1] ? row[1] : Py_None;
    Py_ssize_t n = PyTuple_GET_SIZE(pool), r = n, *indices = NULL, *cycles = NULL;
    Permutations *o = NULL;
    if (robj != Py_None) {
        if (!PyLong_Check(robj)) {
            PyErr_SetString(PyExc_TypeError, "Expected int as r");
            goto fail;
        }
        r = PyLong_AsSsize_t(robj);
        if (r == -1 && PyErr_Occurred()) {
            goto fail;
        }
    }
    if (r < 0) {
        PyErr_SetString(PyExc_ValueError, "r must be non-negative");
        goto fail;
    }
    if ((indices = index_array(n)) == NULL || (cycles = index_array(r)) == NULL
        || (o = (Permutations *)type->tp_alloc(type, 0)) == NULL) {
        goto fail;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        indices[i] = i;
    }
    for (Py_ssize_t i = 0; i < r; i++) {
        cycles[i] = n - i;
    }
    o->pool = pool;
    o->indices = indices;
    o->cycles = cycles;
    o->r = r;
    o->stopped = r > n;
    return (PyObject *)o;
fail:
    PyMem_Free(indices);
    PyMem_Free(cycles);
    Py_DECREF(pool);
    return NULL;
}
MADE_FROM_GIVEN(permutations)

static void permutations_dealloc(PyObject *self)
{
    Permutations *o = (Permutations *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(o->pool);
    Py_XDECREF(o->result);
    PyMem_Free(o->indices);
    PyMem_Free(o->cycles);
    Py_TYPE(self)->tp_free(self);
}

static int permutations_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Permutations *)self)->pool);
    Py_VISIT(((Permutations *)self)->result);
    return 0;
}

static PyObject *permutations_next(PyObject *self)
{
    Permutations *o = (Permutations *)self;
    Py_ssize_t n = PyTuple_GET_SIZE(o->pool), r = o->r, *indices = o->indices, *cycles = o->cycles,
               i;
    if (o->stopped) {
        return NULL;
    }
    if (o->result == NULL) {
        o->result = pick(o->pool, indices, r);
        o->stopped = o->result == NULL;
        return Py_XNewRef(o->result);
    }
    PyObject *result = fresh_result(&o->result);
    if (result == NULL || n == 0) {
        o->stopped = 1;
        return NULL;
    }
    for (i = r - 1; i >= 0; i--) {
        if (--cycles[i] == 0) { /* all seen at this place: rotate back, carry to the left */
            Py_ssize_t index = indices[i];
            memmove(indices + i, indices + i + 1, (size_t)(n - 1 - i) * sizeof(Py_ssize_t));
            indices[n - 1] = index;
            cycles[i] = n - i;
            continue;
        }
        Py_ssize_t j = n - cycles[i], index = indices[i];
        indices[i] = indices[j];
        indices[j] = index;
        for (Py_ssize_t k = i; k < r; k++) {
            result_set(result, k, PyTuple_GET_ITEM(o->pool, indices[k]));
        }
        return Py_NewRef(result);
    }
    o->stopped = 1;
    return NULL;
}

static PyObject *permutations_reduce(PyObject *self, PyObject *unused)
{
    Permutations *o = (Permutations *)self;
    if (o->result == NULL) {
        return Py_BuildValue("O(On)", Py_TYPE(self), o->pool, o->r);
    }
    if (o->stopped) {
        return Py_BuildValue("O(()n)", Py_TYPE(self), o->r);
    }
    PyObject *indices = indices_tuple(o->indices, PyTuple_GET_SIZE(o->pool));
    PyObject *cycles = indices ? indices_tuple(o->cycles, o->r) : NULL;
    if (cycles == NULL) {
        Py_XDECREF(indices);
        return NULL;
    }
    return Py_BuildValue("O(On)(NN)", Py_TYPE(self), o->pool, o->r, indices, cycles);
}

static PyObject *permutations_setstate(PyObject *self, PyObject *state)
{
    Permutations *o = (Permutations *)self;
    PyObject *indices, *cycles;
    Py_ssize_t n = PyTuple_GET_SIZE(o->pool);
    if (require_tuple(state) < 0 ||
        !PyArg_ParseTuple(state, "O!O!", &PyTuple_Type, &indices, &PyTuple_Type, &cycles)) {
        return NULL;
    }
    if (PyTuple_GET_SIZE(indices) != n || PyTuple_GET_SIZE(cycles) != o->r || o->r > n) {
        return invalid_arguments();
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (read_index(indices, i, 0, n - 1, &o->indices[i]) < 0) {
            return NULL;
        }
    }
    for (Py_ssize_t i = 0; i < o->r; i++) {
        if (read_index(cycles, i, 1, n - i, &o->cycles[i]) < 0) {
            return NULL;
        }
    }
    PyObject *result = pick(o->pool, o->indices, o->r);
    if (result == NULL) {
        return NULL;
    }
    Py_XSETREF(o->result, result);
    Py_RETURN_NONE;
}

static PyObject *permutations_sizeof(PyObject *self, PyObject *unused)
{
    Permutations *o = (Permutations *)self;
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize +
                              (PyTuple_GET_SIZE(o->pool) + o->r) * (Py_ssize_t)sizeof(Py_ssize_t));
}

static PyMethodDef permutations_methods[] = {
    REDUCE(permutations), SETSTATE(permutations), SIZEOF(permutations), {NULL}};
ITERATOR_TYPE(permutations, "itertools.permutations", Permutations,
              "permutations(iterable, r=None)\n--\n\n"
              "Give all orders of r elements of the iterable, of all of them when r is None.\n\n"
              "permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)");
