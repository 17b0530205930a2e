/* SPDX-License-Identifier: MIT
 *
 * _random: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), whose sequence for a seed
 * is fixed.
 *
 * State: 624 words and the index of the next one to temper; 624 means that all are used up.
 */
#include "vitro.h"
#include <time.h>
#include <unistd.h>
#include <sys/random.h>

#define N 624
#define M 397
#define UPPER 0x80000000U
#define LOWER 0x7fffffffU

typedef struct { PyObject_HEAD int index; uint32_t state[N]; } Random;
typedef struct { PyTypeObject *type; } RandomState;

static struct PyModuleDef random_module;

/* -- Generator ------------------------------------------------------------------------------- */

static inline uint32_t twist(uint32_t a, uint32_t b, uint32_t far)
{
    uint32_t y = (a & UPPER) | (b & LOWER);
    return far ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfU : 0);
}

static void refill(Random *self)
{
    uint32_t *mt = self->state;
    int k;
    for (k = 0; k < N - M; k++) {
        mt[k] = twist(mt[k], mt[k + 1], mt[k + M]);
    }
    for (; k < N - 1; k++) {
        mt[k] = twist(mt[k], mt[k + 1], mt[k + M - N]);
    }
    mt[N - 1] = twist(mt[N - 1], mt[0], mt[M - 1]);
    self->index = 0;
}

static uint32_t next_word(Random *self)
{
    if (self->index >= N) {
        refill(self);
    }
    uint32_t y = self->state[self->index++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
}

static void seed_word(Random *self, uint32_t s)
{
    self->state[0] = s;
    for (uint32_t i = 1; i < N; i++) {
        s = 1812433253U * (s ^ (s >> 30)) + i;
        self->state[i] = s;
    }
    self->index = N;
}

/* init_by_array of Matsumoto and Nishimura's mt19937ar.c. */
static void seed_words(Random *self, const uint32_t *key, size_t len)
{
    uint32_t *mt = self->state, last; /* mt[i - 1] */
    size_t i = 1, j = 0;
    seed_word(self, 19650218U);
    last = mt[0];
    for (size_t k = N > len ? N : len; k; k--) {
        last = (mt[i] ^ ((last ^ (last >> 30)) * 1664525U)) + key[j] + (uint32_t)j;
        mt[i] = last;
        i++;
        j++;
        if (i >= N) {
            mt[0] = last;
            i = 1;
        }
        if (j >= len) {
            j = 0;
        }
    }
    for (size_t k = N - 1; k; k--) {
        last = (mt[i] ^ ((last ^ (last >> 30)) * 1566083941U)) - (uint32_t)i;
        mt[i] = last;
        i++;
        if (i >= N) {
            mt[0] = last;
            i = 1;
        }
    }
    mt[0] = UPPER;
}

/* -- Seeding --------------------------------------------------------------------------------- */

static void seed_from_time(Random *self)
{
    struct timespec now, mono;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_MONOTONIC, &mono);
    uint64_t t = (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
    uint64_t m = (uint64_t)mono.tv_sec * 1000000000U + (uint64_t)mono.tv_nsec;
    uint32_t key[5] = {(uint32_t)t, (uint32_t)(t >> 32), (uint32_t)getpid(), (uint32_t)m,
                       (uint32_t)(m >> 32)};
    seed_words(self, key, COUNT_OF(key));
}

static int seed_from_system(Random *self)
{
    uint32_t key[N];
    unsigned char *p = (unsigned char *)key;
    size_t left = sizeof(key);
    while (left) {
        ssize_t n = getrandom(p, left, GRND_NONBLOCK);
        if (n <= 0) {
            return -1;
        }
        p += n;
        left -= (size_t)n;
    }
    seed_words(self, key, N);
    return 0;
}

/* Seeds by None (the system), the absolute value of an int, or the hash of anything else. */
static int random_set_seed(Random *self, PyObject *arg)
{
    if (arg == NULL || arg == Py_None) {
        if (seed_from_system(self) < 0) {
            seed_from_time(self);
        }
        return 0;
    }
    PyObject *n;
    if (PyLong_CheckExact(arg)) {
        n = PyNumber_Absolute(arg);
    } else if (PyLong_Check(arg)) {
        n = PyLong_Type.tp_as_number->nb_absolute(arg); /* not a subclass's idea of it */
    } else {
        Py_hash_t hash = PyObject_Hash(arg);
        if (hash == -1) {
            return -1;
        }
        n = PyLong_FromSize_t((size_t)hash);
    }
    if (n == NULL) {
        return -1;
    }
    size_t bits = _PyLong_NumBits(n), words = bits == 0 ? 1 : (bits - 1) / 32 + 1;
    uint32_t *key = PyMem_New(uint32_t, words);
    int r = -1;
    if (key == NULL) {
        PyErr_NoMemory();
    } else if (_PyLong_AsByteArray((PyLongObject *)n, (unsigned char *)key, words * 4, 1, 0) == 0) {
        seed_words(self, key, words);
        r = 0;
    }
    PyMem_Free(key);
    Py_DECREF(n);
    return r;
}

/* -- Methods --------------------------------------------------------------------------------- */

/* 53 random bits / 2^53. */
static PyObject *random_random(Random *self, PyObject *noargs)
{
    uint32_t a = next_word(self) >> 5, b = next_word(self) >> 6;
    return PyFloat_FromDouble((a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

static PyObject *random_seed(Random *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("seed", nargs, 0, 1)
        || random_set_seed(self, nargs ? args[0] : NULL) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *random_getstate(Random *self, PyObject *noargs)
{
    PyObject *tuple = PyTuple_New(N + 1);
    for (int i = 0; tuple && i <= N; i++) {
        PyObject *v = PyLong_FromUnsignedLong(i < N ? self->state[i] : (unsigned long)self->index);
        if (v == NULL) {
            Py_CLEAR(tuple);
        } else {
            PyTuple_SET_ITEM(tuple, i, v);
        }
    }
    return tuple;
}

/* Read into a copy: a bad state changes nothing. */
static PyObject *random_setstate(Random *self, PyObject *state)
{
    uint32_t fresh[N];
    if (!PyTuple_Check(state)) {
        PyErr_SetString(PyExc_TypeError, "state vector must be a tuple");
        return NULL;
    }
    if (PyTuple_Size(state) != N + 1) {
        PyErr_SetString(PyExc_ValueError, "state vector is the wrong size");
        return NULL;
    }
    for (int i = 0; i < N; i++) {
        unsigned long v = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(state, i));
        if (v == (unsigned long)-1 && PyErr_Occurred()) {
            return NULL;
        }
        fresh[i] = (uint32_t)v;
    }
    long index = PyLong_AsLong(PyTuple_GET_ITEM(state, N));
    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (index < 0 || index > N) {
        PyErr_SetString(PyExc_ValueError, "invalid state");
        return NULL;
    }
    self->index = (int)index;
    memcpy(self->state, fresh, sizeof(fresh));
    Py_RETURN_NONE;
}

static PyObject *random_getrandbits(Random *self, PyObject *arg)
{
    int k = _PyLong_AsInt(arg);
    if (k == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (k < 0) {
        PyErr_SetString(PyExc_ValueError, "number of bits must be non-negative");
        return NULL;
    }
    if (k == 0) {
        return PyLong_FromLong(0);
    }
    if (k <= 32) {
        return PyLong_FromUnsignedLong(next_word(self) >> (32 - k));
    }
    size_t words = (size_t)(k - 1) / 32 + 1;
    uint32_t *out = PyMem_New(uint32_t, words);
    if (out == NULL) {
        return PyErr_NoMemory();
    }
    for (size_t i = 0; i < words; i++, k -= 32) { /* least significant word first */
        uint32_t w = next_word(self);
        out[i] = k < 32 ? w >> (32 - k) : w;
    }
    PyObject *r = _PyLong_FromByteArray((unsigned char *)out, words * 4, 1, 0);
    PyMem_Free(out);
    return r;
}

/* -- Type and module ------------------------------------------------------------------------- */

static int random_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *arg = NULL;
    if (!_PyArg_NoKeywords("Random", kwargs)) {
        return -1;
    }
    if (PyTuple_GET_SIZE(args) > 1) {
        PyErr_SetString(PyExc_TypeError, "Random() requires 0 or 1 argument");
        return -1;
    }
    if (PyTuple_GET_SIZE(args) == 1) {
        arg = PyTuple_GET_ITEM(args, 0);
    }
    return random_set_seed((Random *)self, arg);
}

static PyMethodDef random_methods[] = {
    {"random", (PyCFunction)random_random, METH_NOARGS,
     "random($self, /)\n--\n\nrandom() -> a float from 0 to below 1, all equally likely."},
    {"seed", _PyCFunction_CAST(random_seed), METH_FASTCALL,
     "seed($self, n=None, /)\n--\n\nseed([n]) -> None.\n\nNone takes bytes of the operating "
     "system, or the time."},
    {"getstate", (PyCFunction)random_getstate, METH_NOARGS,
     "getstate($self, /)\n--\n\ngetstate() -> tuple containing the current state."},
    {"setstate", (PyCFunction)random_setstate, METH_O,
     "setstate($self, state, /)\n--\n\nsetstate(state) -> None.  Restores generator state."},
    {"getrandbits", (PyCFunction)random_getrandbits, METH_O,
     "getrandbits($self, k, /)\n--\n\ngetrandbits(k) -> int of k random bits."},
    {NULL},
};

static PyType_Slot random_slots[] = {
    {Py_tp_doc, (void *)"Random(): a generator of random numbers that shares no state."},
    {Py_tp_methods, random_methods}, {Py_tp_new, PyType_GenericNew}, {Py_tp_init, random_init},
    {Py_tp_free, PyObject_Free}, {0, NULL},
};
static PyType_Spec random_spec = {
    .name = "_random.Random", .basicsize = sizeof(Random), .slots = random_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
};

static int random_exec(PyObject *module)
{
    RandomState *state = PyModule_GetState(module);
    state->type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &random_spec, NULL);
    return state->type ? PyModule_AddType(module, state->type) : -1;
}

static int random_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(((RandomState *)PyModule_GetState(module))->type);
    return 0;
}
static int random_clear(PyObject *module)
{
    Py_CLEAR(((RandomState *)PyModule_GetState(module))->type);
    return 0;
}
static void random_free(void *module) { random_clear(module); }

static PyModuleDef_Slot random_module_slots[] = {{Py_mod_exec, random_exec}, {0, NULL}};
static struct PyModuleDef random_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_random",
    .m_doc = "Random numbers of the Mersenne Twister.",
    .m_size = sizeof(RandomState),
    .m_slots = random_module_slots,
    .m_traverse = random_traverse,
    .m_clear = random_clear,
    .m_free = random_free,
};

PyMODINIT_FUNC PyInit__random(void) { return PyModuleDef_Init(&random_module); }
