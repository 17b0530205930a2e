/* SPDX-License-Identifier: MIT
 *
 * What the hash modules _md5, _sha1, _sha256 and _sha512 share: the hash object, its methods,
 * padding, the module.
 *
 * A module describes its algorithms (struct digest_kind) and includes this header once. All four
 * hash blocks of 16 words, pad with 0x80, zeros and the length in bits, and give the words of their
 * state as the digest.
 */
#ifndef VITRO_DIGEST_H
#define VITRO_DIGEST_H

#include "hashing.h"

struct digest_kind {
    const char *name;           /* of the hash and of its constructor */
    const char *type_name;      /* "_module.name" */
    const char *type_attribute; /* name of the type in the module, NULL: none */
    int size, word;             /* of the digest and of a word, in bytes */
    bool little;                /* byte order of words */
    uint64_t start[8];          /* the state of an empty message */
    void (*compress)(uint64_t *state, const unsigned char *block);
};

typedef struct {
    PyObject_HEAD
    const struct digest_kind *kind; /* borrowed, static */
    uint64_t state[8],
        length; /* length: bytes so far; the last length % block size of them are in block */
    unsigned char block[128];
} Digest;

struct digest_state {
    PyTypeObject *types[2]; /* strong */
};

static inline int digest_block(const struct digest_kind *kind) { return 16 * kind->word; }

static void digest_feed(Digest *self, const unsigned char *from, size_t n)
{
    size_t size = (size_t)digest_block(self->kind), fill = self->length % size;
    self->length += n;
    if (fill) {
        size_t part = n < size - fill ? n : size - fill;
        memcpy(self->block + fill, from, part);
        if (fill + part < size)
            return;
        self->kind->compress(self->state, self->block);
        from += part;
        n -= part;
    }
    for (; n >= size; n -= size, from += size)
        self->kind->compress(self->state, from);
    memcpy(self->block, from, n);
}

/* Feeds a bytes-like object. */
static int digest_feed_object(Digest *self, PyObject *object)
{
    Py_buffer data;
    if (hashing_open(object, &data) < 0)
        return -1;
    digest_feed(self, data.buf, (size_t)data.len);
    PyBuffer_Release(&data);
    return 0;
}

/* Writes the digest; `self` itself goes on unchanged. */
static void digest_finish(const Digest *self, unsigned char *to)
{
    static const unsigned char padding[128] = {0x80};
    const struct digest_kind *kind = self->kind;
    Digest last = *self;
    int size = digest_block(kind), tail = 2 * kind->word,
        fill = (int)(self->length % (uint64_t)size);
    unsigned char bits[16] = {0};
    for (int i = 0; i < 8; i++)
        bits[kind->little ? i : tail - 1 - i] = (unsigned char)(self->length << 3 >> 8 * i);
    if (kind->word == 8)
        bits[7] = (unsigned char)(self->length >> 61);
    digest_feed(&last, padding,
                (size_t)(fill < size - tail ? size - tail - fill : 2 * size - tail - fill));
    digest_feed(&last, bits, (size_t)tail);
    for (int i = 0; i < kind->size; i++) {
        int byte = i % kind->word;
        to[i] = (unsigned char)(last.state[i / kind->word] >>
                                8 * (kind->little ? byte : kind->word - 1 - byte));
    }
}

static PyObject *digest_digest(Digest *self, PyObject *ignored)
{
    unsigned char bytes[64];
    digest_finish(self, bytes);
    return PyBytes_FromStringAndSize((char *)bytes, self->kind->size);
}

static PyObject *digest_hexdigest(Digest *self, PyObject *ignored)
{
    unsigned char bytes[64];
    digest_finish(self, bytes);
    return _Py_strhex((char *)bytes, self->kind->size);
}

static PyObject *digest_update(Digest *self, PyObject *object)
{
    if (digest_feed_object(self, object) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *digest_copy(Digest *self, PyObject *ignored)
{
    Digest *copy = PyObject_GC_New(Digest, Py_TYPE(self));
    if (copy) {
        copy->kind = self->kind;
        memcpy(copy->state, self->state, sizeof self->state);
        copy->length = self->length;
        memcpy(copy->block, self->block, sizeof self->block);
        PyObject_GC_Track(copy);
    }
    return (PyObject *)copy;
}

static void digest_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static int digest_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static PyObject *digest_get_name(Digest *self, void *ignored)
{
    return PyUnicode_FromString(self->kind->name);
}
static PyObject *digest_get_size(Digest *self, void *ignored)
{
    return PyLong_FromLong(self->kind->size);
}
static PyObject *digest_get_block(Digest *self, void *ignored)
{
    return PyLong_FromLong(digest_block(self->kind));
}

static PyMethodDef digest_methods[] = {
    {"copy", (PyCFunction)digest_copy, METH_NOARGS,
     "copy($self, /)\n--\n\nA copy that goes on by itself."},
    {"digest", (PyCFunction)digest_digest, METH_NOARGS,
     "digest($self, /)\n--\n\nThe digest so far, as bytes."},
    {"hexdigest", (PyCFunction)digest_hexdigest, METH_NOARGS,
     "hexdigest($self, /)\n--\n\nThe digest so far, as hexadecimal digits."},
    {"update", (PyCFunction)digest_update, METH_O,
     "update($self, obj, /)\n--\n\nHashes more data."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef digest_getset[] = {
    {"block_size", (getter)digest_get_block, NULL, NULL, NULL},
    {"name", (getter)digest_get_name, NULL, NULL, NULL},
    {"digest_size", (getter)digest_get_size, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot digest_slots[] = {
    {Py_tp_dealloc, digest_dealloc},
    {Py_tp_traverse, digest_traverse},
    {Py_tp_methods, digest_methods},
    {Py_tp_getset, digest_getset},
    {0, NULL},
};

/* The body of a constructor: a hash of kind `kind`, whose type is number `index` of the module. */
static PyObject *digest_new(PyObject *module, int index, const struct digest_kind *kind,
                            PyObject *string)
{
    Digest *self =
        PyObject_GC_New(Digest, ((struct digest_state *)PyModule_GetState(module))->types[index]);
    if (!self)
        return NULL;
    self->kind = kind;
    memcpy(self->state, kind->start, sizeof self->state);
    self->length = 0;
    PyObject_GC_Track(self);
    if (string && digest_feed_object(self, string) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

#define DIGEST_CONSTRUCTOR(name_, index, kind)                                                     \
    static PyObject *new_##name_(PyObject *module, PyObject *const *args, Py_ssize_t nargs,        \
                                 PyObject *kwnames)                                                \
    {                                                                                              \
        ARGS("|O$p:" #name_, "string", "usedforsecurity");                                         \
        PyObject *string = NULL;                                                                   \
        int security = 1;                                                                          \
        return PARSE(&string, &security) ? digest_new(module, index, kind, string) : NULL;         \
    }
#define DIGEST_METHOD(name_, doc) \
    {#name_, (PyCFunction)(void (*)(void))new_##name_, METH_FASTCALL | METH_KEYWORDS, \
     #name_ "($module, /, string=b'', *, usedforsecurity=True)\n--\n\n" doc}

/* Makes type number `index`, and enters it in the module. */
static int digest_add_type(PyObject *module, int index, const struct digest_kind *kind)
{
    PyType_Spec spec = {
        .name = kind->type_name, .basicsize = sizeof(Digest), .slots = digest_slots,
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE
               | Py_TPFLAGS_HAVE_GC,
    };
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    ((struct digest_state *)PyModule_GetState(module))->types[index] = (PyTypeObject *)type;
    if (!type)
        return -1;
    return kind->type_attribute ? PyModule_AddObjectRef(module, kind->type_attribute, type) : 0;
}

static int digest_module_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct digest_state *state = PyModule_GetState(module);
    Py_VISIT(state->types[0]);
    Py_VISIT(state->types[1]);
    return 0;
}

static int digest_module_clear(PyObject *module)
{
    struct digest_state *state = PyModule_GetState(module);
    Py_CLEAR(state->types[0]);
    Py_CLEAR(state->types[1]);
    return 0;
}

static void digest_module_free(void *module) { digest_module_clear(module); }

/* The module's definition and entry point. */
#define DIGEST_MODULE(module_, doc)                                                                \
    static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec_module}, {0, NULL}};                     \
    static PyModuleDef module_def = {                                                              \
        PyModuleDef_HEAD_INIT,                                                                     \
        .m_name = #module_,                                                                        \
        .m_doc = doc,                                                                              \
        .m_size = sizeof(struct digest_state),                                                     \
        .m_methods = methods,                                                                      \
        .m_slots = slots,                                                                          \
        .m_traverse = digest_module_traverse,                                                      \
        .m_clear = digest_module_clear,                                                            \
        .m_free = digest_module_free,                                                              \
    };                                                                                             \
    PyMODINIT_FUNC PyInit_##module_(void) { return PyModuleDef_Init(&module_def); }

#endif
