/* SPDX-License-Identifier: MIT
 *
 * Module _blake2: the hashes BLAKE2b and BLAKE2s, with keys, salts and the parameters of tree
 * hashing.
 *
 * Both types are one object with one set of methods; struct blake2_kind says what differs.
 */
#include "blake2.h"

struct blake2_kind {
    const char *name, *type_name, *upper, *doc; /* upper: prefix of the type's constants */
    int size_max, salt_max;  /* of a digest and of a key; of a salt and of a person */
    int block, offset_bytes; /* of a block; of a node's offset */
    int state_size;          /* bytes of NAME(State) */
    void (*start)(void *state, const unsigned char *parameters);
    void (*feed)(void *state, const unsigned char *from, size_t n);
    void (*finish)(void *state, unsigned char *to);
};

union blake2_state {
    Blake2bState b;
    Blake2sState s;
};

typedef struct {
    PyObject_HEAD
    const struct blake2_kind *kind; /* borrowed, static */
    HashLock lock;                  /* owned, MAYBE_NULL; guards the state */
    union blake2_state state;       /* only the part that the kind has is allocated */
} Blake2;

typedef struct {
    PyTypeObject *types[2];
} State; /* strong, in the order of `kinds` */

#define SIGNATURE(name) \
    name "(data=b'', /, *, digest_size=_blake2." name ".MAX_DIGEST_SIZE,\n" \
    "        key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,\n" \
    "        node_offset=0, node_depth=0, inner_size=0, last_node=False,\n" \
    "        usedforsecurity=True)\n--\n\n"

static const struct blake2_kind kinds[] = {
    {"blake2b", "_blake2.blake2b", "BLAKE2B", SIGNATURE("blake2b") "A new BLAKE2b hash.", 64, 16,
     128, 8, sizeof(Blake2bState), blake2b_start, blake2b_feed, blake2b_finish},
    {"blake2s", "_blake2.blake2s", "BLAKE2S", SIGNATURE("blake2s") "A new BLAKE2s hash.", 32, 8, 64,
     6, sizeof(Blake2sState), blake2s_start, blake2s_feed, blake2s_finish},
};

static const struct blake2_kind *kind_of_type(PyTypeObject *type)
{
    return &kinds[((State *)PyType_GetModuleState(type))->types[0] != type];
}

/* -- Parameters ------------------------------------------------------------------------------ */

/* What a constructor was given; `data` and the numbers as the caller wrote them. */
struct blake2_options {
    PyObject *data;
    Py_buffer key, salt, person;
    int size, fanout, depth, node_depth, inner_size, last_node, security;
    unsigned long leaf_size;
    unsigned long long node_offset;
};

static int bad(PyObject *type, const char *format, const char *what, int limit)
{
    PyErr_Format(type, format, what, limit);
    return -1;
}

static int check_options(const struct blake2_kind *kind, const struct blake2_options *o)
{
    if (o->size <= 0 || o->size > kind->size_max)
        return bad(PyExc_ValueError, "%s must be between 1 and %d bytes", "digest_size",
                   kind->size_max);
    if (o->salt.len > kind->salt_max)
        return bad(PyExc_ValueError, "maximum %s length is %d bytes", "salt", kind->salt_max);
    if (o->person.len > kind->salt_max)
        return bad(PyExc_ValueError, "maximum %s length is %d bytes", "person", kind->salt_max);
    if (o->fanout < 0 || o->fanout > 255)
        return bad(PyExc_ValueError, "%s must be between 0 and %d", "fanout", 255);
    if (o->depth <= 0 || o->depth > 255)
        return bad(PyExc_ValueError, "%s must be between 1 and %d", "depth", 255);
    if (o->leaf_size > 0xffffffffu)
        return bad(PyExc_OverflowError, "%s is too large", "leaf_size", 0);
    if (kind->offset_bytes < 8 && o->node_offset >> 8 * kind->offset_bytes)
        return bad(PyExc_OverflowError, "%s is too large", "node_offset", 0);
    if (o->node_depth < 0 || o->node_depth > 255)
        return bad(PyExc_ValueError, "%s must be between 0 and %d", "node_depth", 255);
    if (o->inner_size < 0 || o->inner_size > kind->size_max)
        return bad(PyExc_ValueError, "%s must be between 0 and is %d", "inner_size",
                   kind->size_max);
    if (o->key.len > kind->size_max)
        return bad(PyExc_ValueError, "maximum %s length is %d bytes", "key", kind->size_max);
    return 0;
}

/* The parameter block; bytes that are reserved stay 0. */
static void fill_parameters(const struct blake2_kind *kind, const struct blake2_options *o,
                            unsigned char *to)
{
    const unsigned char head[4] = {(unsigned char)o->size, (unsigned char)o->key.len,
                                   (unsigned char)o->fanout, (unsigned char)o->depth};
    memset(to, 0, 64);
    memcpy(to, head, 4);
    memcpy(to + 4, &o->leaf_size, 4);
    memcpy(to + 8, &o->node_offset, (size_t)kind->offset_bytes);
    to[8 + kind->offset_bytes] = (unsigned char)o->node_depth;
    to[9 + kind->offset_bytes] = (unsigned char)o->inner_size;
    unsigned char *salt = to + 2 * kind->salt_max;
    if (o->salt.len)
        memcpy(salt, o->salt.buf, (size_t)o->salt.len);
    if (o->person.len)
        memcpy(salt + kind->salt_max, o->person.buf, (size_t)o->person.len);
}

static void set_last_node(Blake2 *self)
{
    if (self->kind == &kinds[0])
        self->state.b.last_node = 1;
    else
        self->state.s.last_node = 1;
}

/* A key is hashed first, as a block of its own. */
static void feed_key(Blake2 *self, const Py_buffer *key)
{
    unsigned char block[128] = {0};
    memcpy(block, key->buf, (size_t)key->len);
    self->kind->feed(&self->state, block, (size_t)self->kind->block);
    explicit_bzero(block, sizeof block);
}

/* -- Methods --------------------------------------------------------------------------------- */

static void blake2_feed(void *self, const unsigned char *from, size_t n)
{
    ((Blake2 *)self)->kind->feed(&((Blake2 *)self)->state, from, n);
}

static PyObject *blake2_make(PyTypeObject *type, const struct blake2_kind *kind,
                             const struct blake2_options *o)
{
    unsigned char parameters[64];
    if (check_options(kind, o) < 0)
        return NULL;
    Blake2 *self = (Blake2 *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->kind = kind;
    fill_parameters(kind, o, parameters);
    kind->start(&self->state, parameters);
    if (o->last_node)
        set_last_node(self);
    if (o->key.len)
        feed_key(self, &o->key);
    if (o->data && hashing_update(self, &self->lock, o->data, blake2_feed) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* Converters whose messages do not name the argument. */
static int convert_int(PyObject *object, void *to)
{
    *(int *)to = _PyLong_AsInt(object);
    return *(int *)to != -1 || !PyErr_Occurred();
}
static int convert_buffer(PyObject *object, void *to)
{
    return PyObject_GetBuffer(object, to, PyBUF_SIMPLE) == 0;
}

static const char *const keywords[] = {
    "", "digest_size", "key", "salt", "person", "fanout", "depth", "leaf_size", "node_offset",
    "node_depth", "inner_size", "last_node", "usedforsecurity", NULL,
};
static _PyArg_Parser parsers[2] = {
    {.format = "|O$O&O&O&O&O&O&O&O&O&O&pp:blake2b", .keywords = keywords},
    {.format = "|O$O&O&O&O&O&O&O&O&O&O&pp:blake2s", .keywords = keywords},
};
#define OPTION_TARGETS(o) \
    &(o)->data, convert_int, &(o)->size, convert_buffer, &(o)->key, convert_buffer, &(o)->salt, \
    convert_buffer, &(o)->person, convert_int, &(o)->fanout, convert_int, &(o)->depth, \
    _PyLong_UnsignedLong_Converter, &(o)->leaf_size, _PyLong_UnsignedLongLong_Converter, \
    &(o)->node_offset, convert_int, &(o)->node_depth, convert_int, &(o)->inner_size, \
    &(o)->last_node, &(o)->security

static struct blake2_options default_options(const struct blake2_kind *kind)
{
    return (struct blake2_options){.size = kind->size_max, .fanout = 1, .depth = 1};
}

static PyObject *release_options(struct blake2_options *o)
{
    PyBuffer_Release(&o->key);
    PyBuffer_Release(&o->salt);
    PyBuffer_Release(&o->person);
    return NULL;
}

/* Makes a hash from options that were read, and lets them go. */
static PyObject *blake2_make_release(PyTypeObject *type, const struct blake2_kind *kind,
                                     struct blake2_options *o)
{
    PyObject *self = blake2_make(type, kind, o);
    release_options(o);
    return self;
}

static PyObject *blake2_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    const struct blake2_kind *kind = kind_of_type((PyTypeObject *)type);
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    struct blake2_options o = default_options(kind);
    if (nargs <= 1 && !kwnames)
        o.data = nargs ? args[0] : NULL;
    else if (!_PyArg_ParseStackAndKeywords(args, nargs, kwnames, &parsers[kind - kinds],
                                           OPTION_TARGETS(&o)))
        return release_options(&o);
    return blake2_make_release((PyTypeObject *)type, kind, &o);
}

static PyObject *blake2_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    const struct blake2_kind *kind = kind_of_type(type);
    struct blake2_options o = default_options(kind);
    if (!_PyArg_ParseTupleAndKeywordsFast(args, kwargs, &parsers[kind - kinds], OPTION_TARGETS(&o)))
        return release_options(&o);
    return blake2_make_release(type, kind, &o);
}

static void blake2_dealloc(PyObject *object)
{
    Blake2 *self = (Blake2 *)object;
    PyTypeObject *type = Py_TYPE(object);
    explicit_bzero(&self->state, (size_t)self->kind->state_size);
    if (self->lock)
        PyThread_free_lock(self->lock);
    PyObject_Free(object);
    Py_DECREF(type);
}

static void copy_state(Blake2 *self, union blake2_state *to)
{
    hashing_lock(self->lock);
    memcpy(to, &self->state, (size_t)self->kind->state_size);
    hashing_unlock(self->lock);
}

static PyObject *blake2_copy(Blake2 *self, PyObject *ignored)
{
    Blake2 *copy = (Blake2 *)Py_TYPE(self)->tp_alloc(Py_TYPE(self), 0);
    if (copy) {
        copy->kind = self->kind;
        copy_state(self, &copy->state);
    }
    return (PyObject *)copy;
}

static PyObject *blake2_update(Blake2 *self, PyObject *data)
{
    return hashing_update(self, &self->lock, data, blake2_feed) < 0 ? NULL : Py_NewRef(Py_None);
}

static int state_size(Blake2 *self)
{
    return self->kind == &kinds[0] ? self->state.b.size : self->state.s.size;
}

/* Writes the digest, and says its size. */
static int blake2_finish(Blake2 *self, unsigned char *to)
{
    union blake2_state last;
    copy_state(self, &last);
    self->kind->finish(&last, to);
    explicit_bzero(&last, sizeof last);
    return state_size(self);
}

static PyObject *blake2_digest(Blake2 *self, PyObject *ignored)
{
    unsigned char bytes[64];
    int size = blake2_finish(self, bytes);
    return PyBytes_FromStringAndSize((char *)bytes, size);
}

static PyObject *blake2_hexdigest(Blake2 *self, PyObject *ignored)
{
    unsigned char bytes[64];
    int size = blake2_finish(self, bytes);
    return _Py_strhex((char *)bytes, size);
}

/* -- Types ----------------------------------------------------------------------------------- */

static PyObject *get_name(Blake2 *self, void *ignored)
{
    return PyUnicode_FromString(self->kind->name);
}
static PyObject *get_block_size(Blake2 *self, void *ignored)
{
    return PyLong_FromLong(self->kind->block);
}
static PyObject *get_digest_size(Blake2 *self, void *ignored)
{
    return PyLong_FromLong(state_size(self));
}

static PyGetSetDef blake2_getset[] = {
    {"name", (getter)get_name, NULL, NULL, NULL},
    {"block_size", (getter)get_block_size, NULL, NULL, NULL},
    {"digest_size", (getter)get_digest_size, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef blake2_methods[] = {
    {"copy", (PyCFunction)blake2_copy, METH_NOARGS,
     "copy($self, /)\n--\n\nA copy that goes on by itself."},
    {"digest", (PyCFunction)blake2_digest, METH_NOARGS,
     "digest($self, /)\n--\n\nThe digest so far, as bytes."},
    {"hexdigest", (PyCFunction)blake2_hexdigest, METH_NOARGS,
     "hexdigest($self, /)\n--\n\nThe digest so far, as hexadecimal digits."},
    {"update", (PyCFunction)blake2_update, METH_O,
     "update($self, data, /)\n--\n\nHashes more data."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject *type_make(PyObject *module, const struct blake2_kind *kind)
{
    PyType_Slot slots[] = {
        {Py_tp_new, blake2_new},        {Py_tp_dealloc, blake2_dealloc},
        {Py_tp_getset, blake2_getset},  {Py_tp_methods, blake2_methods},
        {Py_tp_doc, (void *)kind->doc}, {0, NULL},
    };
    PyType_Spec spec = {
        .name = kind->type_name,
        .slots = slots,
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
        .basicsize = (int)offsetof(Blake2, state) + (kind->state_size + 7) / 8 * 8,
    };
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    if (type)
        type->tp_vectorcall = blake2_vectorcall;
    return type;
}

/* Enters a limit in the type's dict, and in the module as, say, BLAKE2B_SALT_SIZE. */
static int add_limit(PyObject *module, PyTypeObject *type, const struct blake2_kind *kind,
                     const char *name, int value)
{
    char global[40];
    PyObject *number = PyLong_FromLong(value);
    int res = number ? PyDict_SetItemString(type->tp_dict, name, number) : -1;
    Py_XDECREF(number);
    PyOS_snprintf(global, sizeof global, "%s_%s", kind->upper, name);
    return res < 0 ? -1 : PyModule_AddIntConstant(module, global, value);
}

/* -- Module ---------------------------------------------------------------------------------- */

static int exec_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct blake2_kind *kind = &kinds[i];
        PyTypeObject *type = state->types[i] = type_make(module, kind);
        if (!type || PyModule_AddType(module, type) < 0 ||
            add_limit(module, type, kind, "SALT_SIZE", kind->salt_max) < 0 ||
            add_limit(module, type, kind, "PERSON_SIZE", kind->salt_max) < 0 ||
            add_limit(module, type, kind, "MAX_KEY_SIZE", kind->size_max) < 0 ||
            add_limit(module, type, kind, "MAX_DIGEST_SIZE", kind->size_max) < 0)
            return -1;
    }
    return 0;
}

static int traverse_module(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->types[0]);
    Py_VISIT(state->types[1]);
    return 0;
}

static int clear_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->types[0]);
    Py_CLEAR(state->types[1]);
    return 0;
}

static void free_module(void *module) { clear_module(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec_module}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,   .m_name = "_blake2",   .m_doc = "The hashes BLAKE2b and BLAKE2s.",
    .m_size = sizeof(State), .m_slots = slots,      .m_traverse = traverse_module,
    .m_clear = clear_module, .m_free = free_module,
};
PyMODINIT_FUNC PyInit__blake2(void) { return PyModuleDef_Init(&module_def); }
