/* SPDX-License-Identifier: MIT
 *
 * Attribute lookup in a type: the MRO walk, the method cache before it, version tags and subclass
 * links.
 *
 *  L1 A type with Py_TPFLAGS_VALID_VERSION_TAG has a non-zero tag that no other type has or had,
 *     and all its bases have valid tags. Any change to a type or its MRO clears its tag and those
 *     of all subclasses.
 *  L2 Cache entry (version, name, value): value is what the MRO walk gives, as long as some type
 *     has this version. `name` is strong, `value` borrowed: the type's dict keeps it alive while
 *     the version lives.
 *  L3 tp_subclasses is a dict {address: weak reference}; a dead subclass removes itself.
 *
 * The cache is direct-mapped by version and name's address: one probe, no list, and a change to a
 * class costs a new version instead of a search. Tags are 32 bits; when they run out nothing is
 * cached any more, and everything still works.
 */
#include "objects/type/type_impl.h"

/* process-wide: static types are shared by all interpreters */
static unsigned int next_version_tag = 1;

#define CACHE_MAX_NAME 100 /* longer names would only be kept alive by the cache */

/* -- Version tags ---------------------------------------------------------------------------- */

/* Bases first (L1). */
static bool version_assign(PyTypeObject *type)
{
    if (HAS(type, Py_TPFLAGS_VALID_VERSION_TAG)) {
        return true;
    }
    if (!HAS(type, Py_TPFLAGS_READY) || next_version_tag == 0) {
        return false;
    }
    type->tp_version_tag = next_version_tag++;
    PyObject *bases = type->tp_bases;
    for (Py_ssize_t i = 0; bases && i < PyTuple_GET_SIZE(bases); i++) {
        if (!version_assign((PyTypeObject *)PyTuple_GET_ITEM(bases, i))) {
            return false; /* L1 */
        }
    }
    type->tp_flags |= Py_TPFLAGS_VALID_VERSION_TAG;
    return true;
}

unsigned int type_version_ensure(PyTypeObject *type)
{
    return version_assign(type) ? type->tp_version_tag : 0;
}

/* Calls visit for the living direct subclasses; stops at the first non-zero result. */
static int subclasses_visit(PyTypeObject *type, int (*visit)(PyTypeObject *, void *), void *arg)
{
    PyObject *subclasses = type->tp_subclasses, *ref;
    Py_ssize_t pos = 0;
    while (subclasses && PyDict_Next(subclasses, &pos, NULL, &ref)) {
        PyObject *sub = PyWeakref_GET_OBJECT(ref);
        if (sub == Py_None) {
            continue;
        }
        Py_INCREF(sub);
        int r = visit((PyTypeObject *)sub, arg);
        Py_DECREF(sub);
        if (r) {
            return r;
        }
    }
    return 0;
}

static int modified_visit(PyTypeObject *type, void *arg)
{
    PyType_Modified(type);
    return 0;
}

/* Subclasses first: nothing else would find them later. */
void PyType_Modified(PyTypeObject *type)
{
    if (!HAS(type, Py_TPFLAGS_VALID_VERSION_TAG)) {
        return; /* L1: then no subclass has one */
    }
    subclasses_visit(type, modified_visit, NULL);
    type->tp_flags &= ~Py_TPFLAGS_VALID_VERSION_TAG;
    type->tp_version_tag = 0;
    if (HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        ((PyHeapTypeObject *)type)->_spec_cache.getitem = NULL;
    }
}

/* A custom mro() may list types that are no bases: changes
   to those would not reach this type's tag. */
void type_mro_modified(PyTypeObject *type, PyObject *bases)
{
    bool clear = false;
    if (!Py_IS_TYPE(type, &PyType_Type)) {
        int unbound;
        PyObject *mro = type_lookup_method((PyObject *)type, ID(mro), &unbound);
        PyObject *usual = dict_peek(PyType_Type.tp_dict, ID(mro));
        clear = mro == NULL || mro != usual;
        Py_XDECREF(mro);
    }
    for (Py_ssize_t i = 0; !clear && i < PyTuple_GET_SIZE(bases); i++) {
        clear = !PyType_IsSubtype(type, (PyTypeObject *)PyTuple_GET_ITEM(bases, i));
    }
    if (clear) {
        type->tp_flags &= ~Py_TPFLAGS_VALID_VERSION_TAG;
        type->tp_version_tag = 0;
        if (HAS(type, Py_TPFLAGS_HEAPTYPE)) {
            ((PyHeapTypeObject *)type)->_spec_cache.getitem = NULL;
        }
    }
}

/* -- The walk -------------------------------------------------------------------------------- */

/* Walks a strong reference to the MRO: key comparisons may replace it. */
PyObject *type_find_in_mro(PyTypeObject *type, PyObject *name, int *error)
{
    *error = 0;
    Py_hash_t hash = ((PyASCIIObject *)name)->hash;
    if (hash == -1 || !PyUnicode_CheckExact(name)) {
        hash = PyObject_Hash(name);
        if (hash == -1) {
            *error = -1;
            return NULL;
        }
    }
    if (type->tp_mro == NULL && !type_is_readying(type) && PyType_Ready(type) < 0) {
        *error = -1;
        return NULL;
    }
    PyObject *mro = type->tp_mro;
    if (mro == NULL) {
        *error = 1;
        return NULL;
    }
    PyObject *found = NULL;
    Py_INCREF(mro); /* a key's __eq__ may replace it */
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
        PyObject *dict = ((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_dict;
        found = _PyDict_GetItem_KnownHash(dict, name, hash);
        if (found) {
            break;
        }
        if (PyErr_Occurred()) {
            *error = -1;
            break;
        }
    }
    Py_DECREF(mro);
    return found;
}

static inline bool name_cacheable(PyObject *name)
{
    return PyUnicode_CheckExact(name) && PyUnicode_GET_LENGTH(name) <= CACHE_MAX_NAME;
}

static inline unsigned int cache_index(unsigned int version, PyObject *name)
{
    return (version ^ (unsigned int)((uintptr_t)name >> 3)) & ((1 << METHOD_CACHE_BITS) - 1);
}

/* The walk, then an entry in the cache (L2). */
static PyObject *lookup_slow(PyTypeObject *type, PyObject *name, struct type_state *state)
{
    /* The walk below may run key comparisons that fail; nobody expects an error from here. */
    int error;
    PyObject *value = type_find_in_mro(type, name, &error);
    if (error) {
        if (error < 0) {
            PyErr_Clear();
        }
        return NULL;
    }
    if (state && name_cacheable(name) && version_assign(type)) {
        unsigned int h = cache_index(type->tp_version_tag, name);
        PyObject *old = state->cache[h].name;
        state->cache[h].version = type->tp_version_tag;
        state->cache[h].value = value;
        state->cache[h].name = Py_NewRef(name);
        Py_XDECREF(old);
    }
    return value;
}

/* BORROWED MAYBE_NULL; never raises. */
PyObject *_PyType_Lookup(PyTypeObject *type, PyObject *name)
{
    struct type_state *state = interp_get()->types;
    if (LIKELY(state != NULL)) {
        unsigned int h = cache_index(type->tp_version_tag, name);
        if (LIKELY(state->cache[h].version == type->tp_version_tag && state->cache[h].name == name
                   && type->tp_version_tag)) {
            return state->cache[h].value;
        }
    }
    return lookup_slow(type, name, state);
}

PyObject *_PyType_LookupId(PyTypeObject *type, _Py_Identifier *id)
{
    PyObject *name = _PyUnicode_FromId(id);
    return name ? _PyType_Lookup(type, name) : NULL;
}

static void cache_clear(struct type_state *state)
{
    for (size_t i = 0; i < COUNT_OF(state->cache); i++) {
        state->cache[i].version = 0;
        state->cache[i].value = NULL;
        Py_CLEAR(state->cache[i].name);
    }
}

/* The last version handed out. */
unsigned int PyType_ClearCache(void)
{
    struct type_state *state = interp_get()->types;
    if (state) {
        cache_clear(state);
    }
    return next_version_tag - 1;
}

int type_interp_init(PyInterpreterState *interp)
{
    if (interp->types == NULL) {
        interp->types = PyMem_RawCalloc(1, sizeof(struct type_state));
    }
    return interp->types ? 0 : -1;
}

void type_interp_fini(PyInterpreterState *interp)
{
    struct type_state *state = interp->types;
    if (state) {
        interp->types = NULL;
        cache_clear(state);
        PyMem_RawFree(state);
    }
}

/* -- Special methods ------------------------------------------------------------------------- */

PyObject *type_lookup_method(PyObject *self, PyObject *name, int *unbound)
{
    PyObject *method = _PyType_Lookup(Py_TYPE(self), name);
    *unbound = 0;
    if (method == NULL) {
        return NULL;
    }
    if (HAS(Py_TYPE(method), Py_TPFLAGS_METHOD_DESCRIPTOR)) {
        *unbound = 1;
        return Py_NewRef(method);
    }
    descrgetfunc get = Py_TYPE(method)->tp_descr_get;
    return get ? get(method, self, (PyObject *)Py_TYPE(self)) : Py_NewRef(method);
}

PyObject *_PyObject_LookupSpecial(PyObject *self, PyObject *name)
{
    PyObject *method = _PyType_Lookup(Py_TYPE(self), name);
    if (method == NULL) {
        return NULL;
    }
    descrgetfunc get = Py_TYPE(method)->tp_descr_get;
    return get ? get(method, self, (PyObject *)Py_TYPE(self)) : Py_NewRef(method);
}

PyObject *_PyObject_LookupSpecialId(PyObject *self, _Py_Identifier *id)
{
    PyObject *name = _PyUnicode_FromId(id);
    return name ? _PyObject_LookupSpecial(self, name) : NULL;
}

/* -- Subclasses (L3) ------------------------------------------------------------------------- */

/* The table is looked at last: making the rest may collect the other
   subclasses, and with the last the table goes. */
static int subclass_add(PyTypeObject *base, PyTypeObject *type)
{
    PyObject *key = PyLong_FromVoidPtr(type), *ref = PyWeakref_NewRef((PyObject *)type, NULL);
    PyObject *table = key && ref ? PyDict_New() : NULL;
    if (table && base->tp_subclasses == NULL) {
        base->tp_subclasses = Py_NewRef(table);
    }
    int r = table ? PyDict_SetItem(base->tp_subclasses, key, ref) : -1;
    Py_XDECREF(table);
    Py_XDECREF(key);
    Py_XDECREF(ref);
    return r;
}

int type_subclasses_add_to_bases(PyTypeObject *type, PyObject *bases)
{
    int r = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyObject *base = PyTuple_GET_ITEM(bases, i);
        if (PyType_Check(base) && subclass_add((PyTypeObject *)base, type) < 0) {
            r = -1;
        }
    }
    return r;
}

static void subclass_remove(PyTypeObject *base, PyTypeObject *type)
{
    if (base->tp_subclasses == NULL) {
        return;
    }
    PyObject *key = PyLong_FromVoidPtr(type);
    if (key == NULL || PyDict_DelItem(base->tp_subclasses, key) < 0) {
        PyErr_Clear(); /* it was not there, or no memory: a dead entry does no harm */
    }
    Py_XDECREF(key);
    if (PyDict_GET_SIZE(base->tp_subclasses) == 0) {
        Py_CLEAR(base->tp_subclasses);
    }
}

void type_subclasses_remove_from_bases(PyTypeObject *type, PyObject *bases)
{
    for (Py_ssize_t i = 0; bases && i < PyTuple_GET_SIZE(bases); i++) {
        PyObject *base = PyTuple_GET_ITEM(bases, i);
        if (PyType_Check(base)) {
            subclass_remove((PyTypeObject *)base, type);
        }
    }
}

static int append_visit(PyTypeObject *type, void *list)
{
    return PyList_Append(list, (PyObject *)type);
}

PyObject *type_subclasses_list(PyTypeObject *type)
{
    PyObject *list = PyList_New(0);
    if (list && subclasses_visit(type, append_visit, list) < 0) {
        Py_CLEAR(list);
    }
    return list;
}
