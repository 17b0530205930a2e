/* SPDX-License-Identifier: MIT
 *
 * Module _sha3: SHA-3 and SHAKE (FIPS 202).
 *
 * A sponge: 25 lanes of 64 bits. Data is xored into the first `rate` bytes, and the permutation
 * Keccak-f[1600] runs whenever they are full. To finish, the suffix of the kind and the last bit of
 * the rate are xored in; the output is read from the same bytes, with a permutation between blocks.
 */
#include "hashing.h"

#define LANES 25
#define ROUNDS 24
#define RATE_MAX 168
#define SHAKE_LENGTH_MAX (1UL << 29)

struct sha3_kind {
    const char *name, *type_name;
    int size;             /* of the digest in bytes; 0: as long as asked */
    int rate;             /* bytes of a block */
    unsigned char suffix; /* what ends the message, with the first bit of the padding */
    const char *doc;
};

typedef struct {
    PyObject_HEAD
    const struct sha3_kind *kind; /* borrowed, static */
    HashLock lock;                /* owned, MAYBE_NULL; guards what follows */
    unsigned fill;                /* bytes xored into the current block, < rate */
    uint64_t lanes[LANES];
} Sha3;

/* -- The permutation ------------------------------------------------------------------------- */

static const uint64_t round_constants[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};
static const unsigned char offsets[LANES] = {
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
};

static inline uint64_t rotate(uint64_t x, int n) { return n ? x << n | x >> (64 - n) : x; }

/* Lane (x, y) of the text is a[x + 5 * y]. The loops are unrolled so that both arrays live in
 * registers. */
static void permute(uint64_t *lanes)
{
    uint64_t a[LANES], b[LANES], c[5], d[5];
    memcpy(a, lanes, sizeof a);
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 5
        for (int x = 0; x < 5; x++)
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
        for (int x = 0; x < 5; x++)
            d[x] = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
#pragma GCC unroll 25
        for (int i = 0; i < LANES; i++) {
            int x = i % 5, y = i / 5;
            b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[i] ^ d[x], offsets[i]);
        }
#pragma GCC unroll 25
        for (int i = 0; i < LANES; i++)
            a[i] = b[i] ^ (~b[i / 5 * 5 + (i + 1) % 5] & b[i / 5 * 5 + (i + 2) % 5]);
        a[0] ^= round_constants[round];
    }
    memcpy(lanes, a, sizeof a);
}

/* -- The sponge ------------------------------------------------------------------------------ */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "lanes are read and written as bytes in their little-endian order"
#endif

/* Fills a block that began before, or begins one that stays open. */
static void xor_bytes(Sha3 *self, const unsigned char *from, size_t n)
{
    unsigned char *to = (unsigned char *)self->lanes + self->fill;
    for (size_t i = 0; i < n; i++)
        to[i] ^= from[i];
    self->fill += (unsigned)n;
}

/* Whole blocks are xored by lanes straight from the input; only the ends go byte by byte. */
static void absorb(void *hash, const unsigned char *from, size_t n)
{
    Sha3 *self = hash;
    size_t rate = (size_t)self->kind->rate;
    if (self->fill) {
        size_t part = n < rate - self->fill ? n : rate - self->fill;
        xor_bytes(self, from, part);
        if (self->fill < rate)
            return;
        permute(self->lanes);
        self->fill = 0;
        from += part;
        n -= part;
    }
    for (; n >= rate; n -= rate, from += rate) {
        for (size_t i = 0; i < rate / 8; i++) {
            uint64_t lane;
            memcpy(&lane, from + 8 * i, 8);
            self->lanes[i] ^= lane;
        }
        permute(self->lanes);
    }
    xor_bytes(self, from, n);
}

/* Writes `n` bytes of output; `self` itself goes on unchanged. */
static void squeeze(Sha3 *self, unsigned char *to, size_t n)
{
    uint64_t lanes[LANES];
    size_t rate = (size_t)self->kind->rate;
    hashing_lock(self->lock);
    memcpy(lanes, self->lanes, sizeof lanes);
    unsigned fill = self->fill;
    hashing_unlock(self->lock);
    ((unsigned char *)lanes)[fill] ^= self->kind->suffix;
    ((unsigned char *)lanes)[rate - 1] ^= 0x80;
    for (;; to += rate, n -= rate) {
        permute(lanes);
        memcpy(to, lanes, n < rate ? n : rate);
        if (n <= rate)
            return;
    }
}

/* -- Methods --------------------------------------------------------------------------------- */

typedef struct {
    PyTypeObject *types[6];
} State; /* strong, in the order of `kinds` */

static const struct sha3_kind kinds[] = {
#define DOC(text) "([data], *, usedforsecurity=True) -> " text
    {"sha3_224", "_sha3.sha3_224", 28, 144, 0x06,
     "sha3_224" DOC("SHA3 object\n\nA new SHA-3 hash of 28 bytes.")},
    {"sha3_256", "_sha3.sha3_256", 32, 136, 0x06,
     "sha3_256" DOC("SHA3 object\n\nA new SHA-3 hash of 32 bytes.")},
    {"sha3_384", "_sha3.sha3_384", 48, 104, 0x06,
     "sha3_384" DOC("SHA3 object\n\nA new SHA-3 hash of 48 bytes.")},
    {"sha3_512", "_sha3.sha3_512", 64, 72, 0x06,
     "sha3_512" DOC("SHA3 object\n\nA new SHA-3 hash of 64 bytes.")},
    {"shake_128", "_sha3.shake_128", 0, 168, 0x1f,
     "shake_128" DOC("SHAKE object\n\nA new SHAKE hash of any length.")},
    {"shake_256", "_sha3.shake_256", 0, 136, 0x1f,
     "shake_256" DOC("SHAKE object\n\nA new SHAKE hash of any length.")},
#undef DOC
};

static const struct sha3_kind *kind_of_type(PyTypeObject *type)
{
    State *state = PyType_GetModuleState(type);
    size_t i = 0;
    while (i < COUNT_OF(kinds) - 1 && state->types[i] != type)
        i++;
    return &kinds[i];
}

static Sha3 *sha3_make(PyTypeObject *type, const struct sha3_kind *kind)
{
    Sha3 *self = (Sha3 *)type->tp_alloc(type, 0);
    if (self)
        self->kind = kind;
    return self;
}

static PyObject *sha3_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    PyObject *data = NULL;
    int security = 1;
    if (kwnames || nargs > 1) {
        ARGS("|O$p:sha3_224", "", "usedforsecurity");
        if (!PARSE(&data, &security))
            return NULL;
    } else if (nargs) {
        data = args[0];
    }
    Sha3 *self = sha3_make((PyTypeObject *)type, kind_of_type((PyTypeObject *)type));
    if (self && data && hashing_update(self, &self->lock, data, absorb) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyObject *sha3_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"", "usedforsecurity", NULL};
    PyObject *data = NULL;
    int security = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O$p:sha3_224", names, &data, &security))
        return NULL;
    return sha3_vectorcall((PyObject *)type, &data, data != NULL, NULL);
}

static void sha3_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (((Sha3 *)self)->lock)
        PyThread_free_lock(((Sha3 *)self)->lock);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *sha3_copy(Sha3 *self, PyObject *ignored)
{
    Sha3 *copy = sha3_make(Py_TYPE(self), self->kind);
    if (copy) {
        hashing_lock(self->lock);
        copy->fill = self->fill;
        memcpy(copy->lanes, self->lanes, sizeof self->lanes);
        hashing_unlock(self->lock);
    }
    return (PyObject *)copy;
}

static PyObject *sha3_digest(Sha3 *self, PyObject *ignored)
{
    unsigned char bytes[64];
    squeeze(self, bytes, (size_t)self->kind->size);
    return PyBytes_FromStringAndSize((char *)bytes, self->kind->size);
}

static PyObject *sha3_hexdigest(Sha3 *self, PyObject *ignored)
{
    unsigned char bytes[64];
    squeeze(self, bytes, (size_t)self->kind->size);
    return _Py_strhex((char *)bytes, self->kind->size);
}

static PyObject *sha3_update(Sha3 *self, PyObject *data)
{
    return hashing_update(self, &self->lock, data, absorb) < 0 ? NULL : Py_NewRef(Py_None);
}

/* SHAKE's digest of the length that `number` says. */
static PyObject *shake_bytes(Sha3 *self, PyObject *number)
{
    unsigned long length;
    if (!_PyLong_UnsignedLong_Converter(number, &length))
        return NULL;
    if (length >= SHAKE_LENGTH_MAX) {
        PyErr_SetString(PyExc_ValueError, "length is too large");
        return NULL;
    }
    PyObject *res = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)length);
    if (res && length)
        squeeze(self, (unsigned char *)PyBytes_AS_STRING(res), length);
    return res;
}

static PyObject *shake_hexdigest(Sha3 *self, PyObject *number)
{
    PyObject *bytes = shake_bytes(self, number);
    PyObject *res = bytes ? _Py_strhex(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes)) : NULL;
    Py_XDECREF(bytes);
    return res;
}

/* -- Types ----------------------------------------------------------------------------------- */

static PyObject *get_block_size(Sha3 *self, void *ignored)
{
    return PyLong_FromLong(self->kind->rate);
}
static PyObject *get_name(Sha3 *self, void *ignored)
{
    return PyUnicode_FromString(self->kind->name);
}
static PyObject *get_digest_size(Sha3 *self, void *ignored)
{
    return PyLong_FromLong(self->kind->size);
}
static PyObject *get_rate_bits(Sha3 *self, void *ignored)
{
    return PyLong_FromLong(self->kind->rate * 8);
}
static PyObject *get_capacity_bits(Sha3 *self, void *ignored)
{
    return PyLong_FromLong(1600 - self->kind->rate * 8);
}
static PyObject *get_suffix(Sha3 *self, void *ignored)
{
    return PyBytes_FromStringAndSize((const char *)&self->kind->suffix, 1);
}

static PyGetSetDef sha3_getset[] = {
    {"block_size", (getter)get_block_size, NULL, NULL, NULL},
    {"name", (getter)get_name, NULL, NULL, NULL},
    {"digest_size", (getter)get_digest_size, NULL, NULL, NULL},
    {"_capacity_bits", (getter)get_capacity_bits, NULL, NULL, NULL},
    {"_rate_bits", (getter)get_rate_bits, NULL, NULL, NULL},
    {"_suffix", (getter)get_suffix, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

#define COMMON_METHODS \
    {"copy", (PyCFunction)sha3_copy, METH_NOARGS, \
     "copy($self, /)\n--\n\nA copy that goes on by itself."}, \
    {"update", (PyCFunction)sha3_update, METH_O, \
     "update($self, data, /)\n--\n\nHashes more data."}, \
    {NULL, NULL, 0, NULL}

static PyMethodDef sha3_methods[] = {
    {"digest", (PyCFunction)sha3_digest, METH_NOARGS,
     "digest($self, /)\n--\n\nThe digest so far, as bytes."},
    {"hexdigest", (PyCFunction)sha3_hexdigest, METH_NOARGS,
     "hexdigest($self, /)\n--\n\nThe digest so far, as hexadecimal digits."},
    COMMON_METHODS,
};

static PyMethodDef shake_methods[] = {
    {"digest", (PyCFunction)shake_bytes, METH_O,
     "digest($self, length, /)\n--\n\nThe digest so far, as bytes."},
    {"hexdigest", (PyCFunction)shake_hexdigest, METH_O,
     "hexdigest($self, length, /)\n--\n\nThe digest so far, as hexadecimal digits."},
    COMMON_METHODS,
};

static PyTypeObject *type_make(PyObject *module, const struct sha3_kind *kind)
{
    PyType_Slot slots[] = {
        {Py_tp_new, sha3_new},          {Py_tp_dealloc, sha3_dealloc},
        {Py_tp_getset, sha3_getset},    {Py_tp_methods, kind->size ? sha3_methods : shake_methods},
        {Py_tp_doc, (void *)kind->doc}, {0, NULL},
    };
    PyType_Spec spec = {
        .name = kind->type_name,
        .basicsize = sizeof(Sha3),
        .slots = slots,
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    };
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    if (type)
        type->tp_vectorcall = sha3_vectorcall;
    return type;
}

/* -- Module ---------------------------------------------------------------------------------- */

static int exec_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        state->types[i] = type_make(module, &kinds[i]);
        if (!state->types[i] ||
            PyModule_AddObjectRef(module, kinds[i].name, (PyObject *)state->types[i]) < 0)
            return -1;
    }
    /* Told because programs print them: who computes, and how. */
    if (PyModule_AddIntConstant(module, "keccakopt", 0) < 0)
        return -1;
    return PyModule_AddStringConstant(module, "implementation", "tiny_sha3");
}

static int traverse_module(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        Py_VISIT(state->types[i]);
    return 0;
}

static int clear_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        Py_CLEAR(state->types[i]);
    return 0;
}

static void free_module(void *module) { clear_module(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec_module}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,         .m_name = "_sha3",
    .m_size = sizeof(State),       .m_slots = slots,
    .m_traverse = traverse_module, .m_clear = clear_module,
    .m_free = free_module,
};
PyMODINIT_FUNC PyInit__sha3(void) { return PyModuleDef_Init(&module_def); }
