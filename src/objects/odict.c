/* SPDX-License-Identifier: MIT
 *
 * collections.OrderedDict: a dict and an order of its own.
 *
 *   first → node ⇄ node ⇄ node ← last            by_entry[ix] → the node of the dict's entry ix
 *
 * A node holds a key (strong) and its hash. by_entry runs beside the entries of the dict's key
 * table and is made anew when the dict has changed its table (by_entry_keys and by_entry_size
 * tell). So a node is found with one lookup.
 *
 *  O1 each key of the dict has one node, as long as nobody uses dict's own methods on the object;
 *     then keys and nodes may differ, and whoever meets a node without a value raises KeyError;
 *  O2 od_state changes whenever a node comes or goes on its own, so that iterators notice.
 */
#include "objects/dict/dict_impl.h"

typedef struct Node Node;
struct Node {
    PyObject *key; /* strong */
    Py_hash_t hash;
    Node *next, *prev; /* NULL at the ends */
};

struct _odictobject {
    PyDictObject od_dict; /* the mapping itself; must come first */
    Node **by_entry; /* the node of each entry of the key table, NULL: none */
    Py_ssize_t by_entry_size; /* entries that by_entry has room for */
    void *by_entry_keys;   /* the table that by_entry belongs to; compared only */
    size_t od_state; /* O2 */
    Node *first, *last; /* the order; NULL when empty */
    PyObject *od_inst_dict; /* strong, may be NULL */
    PyObject *od_weakrefs; /* list of weak references */
};

#define AS_OD(o) ((PyODictObject *)(o))

/* -- Nodes ------------------------------------------------------------------------------------ */

/* The dict has another key table than by_entry was made for. */
static bool index_is_stale(PyODictObject *od)
{
    return od->by_entry_keys != od->od_dict.ma_keys
           || od->by_entry_size != DK_SIZE(od->od_dict.ma_keys);
}

/* Makes by_entry anew. Lookups may run code; then it starts again. */
static int index_rebuild(PyODictObject *od)
{
    for (;;) {
        PyDictKeysObject *keys = od->od_dict.ma_keys;
        Py_ssize_t size = (Py_ssize_t)DK_SIZE(keys);
        size_t state = od->od_state;
        bool changed = false;
        Node **index = PyMem_Calloc((size_t)size, sizeof(Node *));
        if (index == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        for (Node *node = od->first; node != NULL && !changed; node = node->next) {
            PyObject *value;
            Py_ssize_t ix = dict_lookup(&od->od_dict, node->key, node->hash, &value);
            if (ix == DKIX_ERROR) {
                PyMem_Free(index);
                return -1;
            }
            changed = keys != od->od_dict.ma_keys || state != od->od_state;
            if (ix >= 0 && !changed) {
                index[ix] = node;
            }
        }
        if (!changed) {
            PyMem_Free(od->by_entry);
            od->by_entry = index;
            od->by_entry_size = size;
            od->by_entry_keys = keys;
            return 0;
        }
        PyMem_Free(index);
    }
}

/* Entry of key in the dict with the index up to date; DKIX_EMPTY or DKIX_ERROR. */
static Py_ssize_t entry_of(PyODictObject *od, PyObject *key, Py_hash_t hash)
{
    for (;;) {
        if (index_is_stale(od) && index_rebuild(od) < 0) {
            return DKIX_ERROR;
        }
        PyObject *value;
        Py_ssize_t ix = dict_lookup(&od->od_dict, key, hash, &value);
        if (ix < 0 || !index_is_stale(od)) {
            return ix;
        }
    }
}

/* NULL, perhaps with an error. */
static Node *node_find(PyODictObject *od, PyObject *key, Py_hash_t hash)
{
    if (od->first == NULL) {
        return NULL;
    }
    Py_ssize_t ix = entry_of(od, key, hash);
    return ix < 0 ? NULL : od->by_entry[ix];
}

static void link_last(PyODictObject *od, Node *node)
{
    node->next = NULL;
    node->prev = od->last;
    if (od->last) {
        od->last->next = node;
    } else {
        od->first = node;
    }
    od->last = node;
    od->od_state++;
}

static void link_first(PyODictObject *od, Node *node)
{
    node->prev = NULL;
    node->next = od->first;
    if (od->first) {
        od->first->prev = node;
    } else {
        od->last = node;
    }
    od->first = node;
    od->od_state++;
}

static void node_unlink(PyODictObject *od, Node *node)
{
    if (node->prev) {
        node->prev->next = node->next;
    } else {
        od->first = node->next;
    }
    if (node->next) {
        node->next->prev = node->prev;
    } else {
        od->last = node->prev;
    }
    node->prev = node->next = NULL;
    od->od_state++;
}

/* A node at the end for a key that the dict has just got, unless it has one. */
static int node_add(PyODictObject *od, PyObject *key, Py_hash_t hash)
{
    Py_ssize_t ix = entry_of(od, key, hash);
    if (ix < 0) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return -1;
    }
    if (od->by_entry[ix] != NULL) {
        return 0;
    }
    Node *node = PyMem_Malloc(sizeof(Node));
    if (node == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    node->key = Py_NewRef(key);
    node->hash = hash;
    od->by_entry[ix] = node;
    link_last(od, node);
    return 0;
}

/* Drops the node of a key (`node` may be NULL: look for it). No node is no error. */
static int node_drop(PyODictObject *od, Node *node, PyObject *key, Py_hash_t hash)
{
    if (od->first == NULL) {
        return 0;
    }
    Py_ssize_t ix = entry_of(od, key, hash);
    if (ix < 0) {
        return PyErr_Occurred() ? -1 : 0;
    }
    node = od->by_entry[ix];
    if (node != NULL) {
        od->by_entry[ix] = NULL;
        node_unlink(od, node);
        Py_DECREF(node->key);
        PyMem_Free(node);
    }
    return 0;
}

/* Forgets all nodes at once. Keys are dropped when the order is empty already, since that runs
   code. */
static void nodes_clear(PyODictObject *od)
{
    Node *node = od->first;
    PyMem_Free(od->by_entry);
    od->by_entry = NULL;
    od->by_entry_size = 0;
    od->by_entry_keys = NULL;
    od->first = od->last = NULL;
    while (node != NULL) {
        Node *next = node->next;
        Py_DECREF(node->key);
        PyMem_Free(node);
        node = next;
    }
}

/* -- Items ------------------------------------------------------------------------------------ */

/* Both or neither: without memory for a node the entry is taken back. */
static int odict_set_hashed(PyObject *od, PyObject *key, PyObject *value, Py_hash_t hash)
{
    int err = _PyDict_SetItem_KnownHash(od, key, value, hash);
    if (err == 0 && (err = node_add(AS_OD(od), key, hash)) < 0) {
        PyObject *type, *exc, *tb; /* take the entry back; the first error counts */
        PyErr_Fetch(&type, &exc, &tb);
        if (_PyDict_DelItem_KnownHash(od, key, hash) < 0) {
            PyErr_Clear();
        }
        PyErr_Restore(type, exc, tb);
    }
    return err;
}

int PyODict_SetItem(PyObject *od, PyObject *key, PyObject *value)
{
    Py_hash_t hash = PyObject_Hash(key);
    return hash == -1 ? -1 : odict_set_hashed(od, key, value, hash);
}

/* The node first: what then fails in the dict raises KeyError (O1). */
int PyODict_DelItem(PyObject *od, PyObject *key)
{
    Py_hash_t hash = PyObject_Hash(key);
    if (hash == -1 || node_drop(AS_OD(od), NULL, key, hash) < 0) {
        return -1;
    }
    return _PyDict_DelItem_KnownHash(od, key, hash);
}

static int odict_ass_subscript(PyObject *od, PyObject *key, PyObject *value)
{
    return value ? PyODict_SetItem(od, key, value) : PyODict_DelItem(od, key);
}

PyObject *_PyDict_Pop_KnownHash(PyObject *dict, PyObject *key, Py_hash_t hash, PyObject *deflt);

static PyObject *pop_hashed(PyObject *od, PyObject *key, PyObject *deflt, Py_hash_t hash)
{
    if (node_drop(AS_OD(od), NULL, key, hash) < 0) {
        return NULL;
    }
    return _PyDict_Pop_KnownHash(od, key, hash, deflt);
}

/* BORROWED value of a node's key; KeyError when the dict has lost it (O1). */
static PyObject *node_value(PyObject *od, Node *node)
{
    PyObject *value = PyODict_GetItemWithError(od, node->key);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_KeyError, node->key);
    }
    return value;
}

/* -- Update ----------------------------------------------------------------------------------- */

/* update() and the constructor go through the public item assignment, so that a subclass that
   overrides __setitem__ sees every pair. */

/* self[key] = value for one pair. */
static int update_pair(PyObject *self, PyObject *pair)
{
    PyObject *it = PyObject_GetIter(pair), *key = NULL, *value = NULL, *third;
    int err = -1;
    if (it == NULL) {
        return -1;
    }
    key = PyIter_Next(it);
    if (key == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, "need more than 0 values to unpack");
        }
        goto done;
    }
    value = PyIter_Next(it);
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, "need more than 1 value to unpack");
        }
        goto done;
    }
    third = PyIter_Next(it);
    if (third != NULL) {
        Py_DECREF(third);
        PyErr_SetString(PyExc_ValueError, "too many values to unpack (expected 2)");
        goto done;
    }
    if (!PyErr_Occurred()) {
        err = PyObject_SetItem(self, key, value);
    }
done:
    Py_XDECREF(value);
    Py_XDECREF(key);
    Py_DECREF(it);
    return err;
}

/* STEALS pairs (NULL: an error is set). */
static int update_pairs_steal(PyObject *self, PyObject *pairs)
{
    PyObject *it = pairs ? PyObject_GetIter(pairs) : NULL, *pair;
    Py_XDECREF(pairs);
    if (it == NULL) {
        return -1;
    }
    int err = 0;
    while (err == 0 && (pair = PyIter_Next(it)) != NULL) {
        err = update_pair(self, pair);
        Py_DECREF(pair);
    }
    Py_DECREF(it);
    return err < 0 || PyErr_Occurred() ? -1 : 0;
}

/* STEALS keys (NULL: an error is set). */
static int update_keys_steal(PyObject *self, PyObject *other, PyObject *keys)
{
    PyObject *it = keys ? PyObject_GetIter(keys) : NULL, *key;
    Py_XDECREF(keys);
    if (it == NULL) {
        return -1;
    }
    int err = 0;
    while (err == 0 && (key = PyIter_Next(it)) != NULL) {
        PyObject *value = PyObject_GetItem(other, key);
        err = value ? PyObject_SetItem(self, key, value) : -1;
        Py_XDECREF(value);
        Py_DECREF(key);
    }
    Py_DECREF(it);
    return err < 0 || PyErr_Occurred() ? -1 : 0;
}

/* As dict.update does: a mapping by its keys(), anything else by pairs; each goes through
   self[key] = value, which a subclass may have replaced. */
static int update_arg(PyObject *self, PyObject *other)
{
    PyObject *method;
    if (PyDict_CheckExact(other)) {
        return update_pairs_steal(self, PyDict_Items(other));
    }
    if (_PyObject_LookupAttr(other, ID(keys), &method) < 0) {
        return -1;
    }
    if (method != NULL) {
        PyObject *keys = PyObject_CallNoArgs(method);
        Py_DECREF(method);
        return update_keys_steal(self, other, keys);
    }
    if (_PyObject_LookupAttr(other, ID(items), &method) < 0) {
        return -1;
    }
    if (method != NULL) {
        PyObject *items = PyObject_CallNoArgs(method);
        Py_DECREF(method);
        return update_pairs_steal(self, items);
    }
    return update_pairs_steal(self, Py_NewRef(other));
}

static int update(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) && update_arg(self, PyTuple_GET_ITEM(args, 0)) < 0) {
        return -1;
    }
    if (kwargs != NULL) {
        return PyArg_ValidateKeywordArguments(kwargs)
                   ? update_pairs_steal(self, PyDict_Items(kwargs))
                   : -1;
    }
    return 0;
}

static PyObject *odict_update(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n > 1) {
        PyErr_Format(PyExc_TypeError, "update() takes at most 1 positional argument (%zd given)",
                     n);
        return NULL;
    }
    if (update(self, args, kwargs) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static int odict_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n > 1) {
        PyErr_Format(PyExc_TypeError, "expected at most 1 arguments, got %zd", n);
        return -1;
    }
    return update(self, args, kwargs);
}

static PyObject *odict_or(PyObject *left, PyObject *right)
{
    if (!PyDict_Check(left) || !PyDict_Check(right)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyTypeObject *type = PyODict_Check(left) ? Py_TYPE(left) : Py_TYPE(right);
    PyObject *merged = PyObject_CallOneArg((PyObject *)type, left);
    if (merged != NULL && update_arg(merged, right) < 0) {
        Py_CLEAR(merged);
    }
    return merged;
}

static PyObject *odict_ior(PyObject *self, PyObject *other)
{
    return update_arg(self, other) < 0 ? NULL : Py_NewRef(self);
}

/* -- Life, comparison, repr ------------------------------------------------------------------- */

static void odict_dealloc(PyObject *self)
{
    PyODictObject *od = AS_OD(self);
    PyObject_GC_UnTrack(self);
    TRASH_BEGIN(self, odict_dealloc)
    Py_CLEAR(od->od_inst_dict);
    if (od->od_weakrefs != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    nodes_clear(od);
    PyDict_Type.tp_dealloc(self);
    TRASH_END
}

static int odict_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(AS_OD(self)->od_inst_dict);
    for (Node *node = AS_OD(self)->first; node != NULL; node = node->next) {
        Py_VISIT(node->key);
    }
    return PyDict_Type.tp_traverse(self, visit, arg);
}

static int odict_tp_clear(PyObject *self)
{
    Py_CLEAR(AS_OD(self)->od_inst_dict);
    PyDict_Clear(self);
    nodes_clear(AS_OD(self));
    return 0;
}

/* Whether the keys are the same in the same order: 1, 0, -1. */
static int same_order(PyODictObject *a, PyODictObject *b)
{
    size_t state_a = a->od_state, state_b = b->od_state;
    Node *x = a->first, *y = b->first;
    for (;;) {
        if (x == NULL || y == NULL) {
            return x == y;
        }
        PyObject *key_x = Py_NewRef(x->key), *key_y = Py_NewRef(y->key);
        int same = PyObject_RichCompareBool(key_x, key_y, Py_EQ);
        Py_DECREF(key_x);
        Py_DECREF(key_y);
        if (same <= 0) {
            return same;
        }
        if (a->od_state != state_a || b->od_state != state_b) {
            PyErr_SetString(PyExc_RuntimeError, "OrderedDict mutated during iteration");
            return -1;
        }
        x = x->next;
        y = y->next;
    }
}

static PyObject *odict_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PyODict_Check(v) || !PyDict_Check(w) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *result = PyDict_Type.tp_richcompare(v, w, op);
    if (result == NULL || !PyODict_Check(w) || result == (op == Py_EQ ? Py_False : Py_True)) {
        return result;
    }
    Py_DECREF(result);
    int same = same_order(AS_OD(v), AS_OD(w));
    return same < 0 ? NULL : PyBool_FromLong(same == (op == Py_EQ));
}

/* [(key, value), …] in order. */
static PyObject *pairs_list(PyObject *self)
{
    if (!PyODict_CheckExact(self)) {
        PyObject *items = PyObject_CallMethodNoArgs(self, ID(items));
        PyObject *list = items ? PySequence_List(items) : NULL;
        Py_XDECREF(items);
        return list;
    }
    PyObject *list = PyList_New(0);
    for (Node *node = AS_OD(self)->first; list && node != NULL; node = node->next) {
        PyObject *value = node_value(self, node);
        PyObject *pair = value ? PyTuple_Pack(2, node->key, value) : NULL;
        if (pair == NULL || PyList_Append(list, pair) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(pair);
    }
    return list;
}

static PyObject *odict_repr(PyObject *self)
{
    if (PyODict_SIZE(self) == 0) {
        return PyUnicode_FromFormat("%s()", _PyType_Name(Py_TYPE(self)));
    }
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered > 0 ? PyUnicode_FromString("...") : NULL;
    }
    PyObject *pairs = pairs_list(self), *result = NULL;
    if (pairs != NULL) {
        result = PyUnicode_FromFormat("%s(%R)", _PyType_Name(Py_TYPE(self)), pairs);
        Py_DECREF(pairs);
    }
    Py_ReprLeave(self);
    return result;
}

/* -- Methods ---------------------------------------------------------------------------------- */

/* Declares `a`: the arguments of the method around it, in
   the order of names; a missing one is NULL. */
#define UNPACK(name, min, ...) \
    static const char *const words[] = {__VA_ARGS__, NULL}; \
    static _PyArg_Parser parser = {.keywords = words, .fname = name}; \
    enum { MAX_ARGS = COUNT_OF(words) - 1 }; \
    PyObject *room[MAX_ARGS] = {NULL}; \
    PyObject *const *a = args; \
    if (kwnames != NULL || nargs < min || nargs > MAX_ARGS) { \
        a = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, min, MAX_ARGS, 0, room); \
    } \
    if (a == NULL) { \
        return NULL; \
    } \
    if (a != room) { \
        memcpy(room, a, (size_t)nargs * sizeof *a); \
        a = room; \
    }
#define SIGNATURE PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames

static PyObject *odict_fromkeys(SIGNATURE)
{
    UNPACK("fromkeys", 1, "iterable", "value")
    return dict_from_keys(self, a[0], a[1] ? a[1] : Py_None);
}

static PyObject *odict_sizeof(PyObject *self, PyObject *unused)
{
    PyODictObject *od = AS_OD(self);
    Py_ssize_t size = _PyDict_SizeOf(&od->od_dict) + (Py_ssize_t)sizeof(Node *) * od->by_entry_size;
    if (od->first != NULL) {
        size += (Py_ssize_t)sizeof(Node) * PyODict_SIZE(self);
    }
    return PyLong_FromSsize_t(size);
}

static PyObject *odict_reduce(PyObject *self, PyObject *unused)
{
    PyObject *state = _PyObject_GetState(self), *result = NULL;
    PyObject *items = state ? PyObject_CallMethodNoArgs(self, ID(items)) : NULL;
    PyObject *it = items ? PyObject_GetIter(items) : NULL;
    if (it != NULL) {
        result = PyTuple_Pack(5, Py_TYPE(self), EMPTY_TUPLE, state, Py_None, it);
    }
    Py_XDECREF(it);
    Py_XDECREF(items);
    Py_XDECREF(state);
    return result;
}

static PyObject *odict_setdefault(SIGNATURE)
{
    UNPACK("setdefault", 1, "key", "default")
    PyObject *key = a[0], *value = a[1] ? a[1] : Py_None;
    if (PyODict_CheckExact(self)) {
        PyObject *found = PyODict_GetItemWithError(self, key);
        if (found != NULL) {
            return Py_NewRef(found);
        }
        return PyErr_Occurred() || PyODict_SetItem(self, key, value) < 0 ? NULL : Py_NewRef(value);
    }
    int found = PySequence_Contains(self, key);
    if (found != 0) {
        return found < 0 ? NULL : PyObject_GetItem(self, key);
    }
    return PyObject_SetItem(self, key, value) < 0 ? NULL : Py_NewRef(value);
}

static PyObject *odict_pop(SIGNATURE)
{
    UNPACK("pop", 1, "key", "default")
    Py_hash_t hash = PyObject_Hash(a[0]);
    return hash == -1 ? NULL : pop_hashed(self, a[0], a[1], hash);
}

/* From the end, or with last=False from the beginning. */
static PyObject *odict_popitem(SIGNATURE)
{
    UNPACK("popitem", 0, "last")
    int last = a[0] ? PyObject_IsTrue(a[0]) : 1;
    if (last < 0) {
        return NULL;
    }
    Node *node = last ? AS_OD(self)->last : AS_OD(self)->first;
    if (node == NULL) {
        PyErr_SetString(PyExc_KeyError, "dictionary is empty");
        return NULL;
    }
    Py_hash_t hash = node->hash;
    /* which may run the collector: node may be gone */
    PyObject *key = Py_NewRef(node->key), *pair = PyTuple_New(2);
    PyObject *value = pair ? pop_hashed(self, key, NULL, hash) : NULL;
    if (value == NULL) {
        Py_DECREF(key);
        Py_XDECREF(pair);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, key);
    PyTuple_SET_ITEM(pair, 1, value);
    return pair;
}

static PyObject *odict_clear(PyObject *self, PyObject *unused)
{
    PyDict_Clear(self);
    nodes_clear(AS_OD(self));
    Py_RETURN_NONE;
}

/* A subclass is made by its own class and filled by item assignment. */
static PyObject *odict_copy(PyObject *self, PyObject *unused)
{
    bool exact = PyODict_CheckExact(self);
    PyObject *copy = exact ? PyODict_New() : PyObject_CallNoArgs((PyObject *)Py_TYPE(self));
    if (copy == NULL) {
        return NULL;
    }
    size_t state = AS_OD(self)->od_state;
    for (Node *node = AS_OD(self)->first; node != NULL; node = node->next) {
        PyObject *key = Py_NewRef(node->key);
        PyObject *value = exact ? Py_XNewRef(node_value(self, node)) : PyObject_GetItem(self, key);
        int err = value == NULL ? -1
                  : exact       ? odict_set_hashed(copy, key, value, node->hash)
                                : PyObject_SetItem(copy, key, value);
        Py_XDECREF(value);
        Py_DECREF(key);
        if (err == 0 && AS_OD(self)->od_state != state) {
            PyErr_SetString(PyExc_RuntimeError, "OrderedDict mutated during iteration");
            err = -1;
        }
        if (err < 0) {
            Py_DECREF(copy);
            return NULL;
        }
    }
    return copy;
}

/* O(1) after the lookup; KeyError when missing. */
static PyObject *odict_move_to_end(SIGNATURE)
{
    UNPACK("move_to_end", 1, "key", "last")
    PyODictObject *od = AS_OD(self);
    PyObject *key = a[0];
    int last = a[1] ? PyObject_IsTrue(a[1]) : 1;
    if (last < 0) {
        return NULL;
    }
    if (od->first == NULL) {
        PyErr_SetObject(PyExc_KeyError, key);
        return NULL;
    }
    Node *end = last ? od->last : od->first;
    if (key != end->key) {
        Py_hash_t hash = PyObject_Hash(key);
        Node *node = hash == -1 ? NULL : node_find(od, key, hash);
        if (node == NULL) {
            if (!PyErr_Occurred()) {
                PyErr_SetObject(PyExc_KeyError, key);
            }
            return NULL;
        }
        end = last ? od->last : od->first;
        if (node != end) {
            node_unlink(od, node);
            if (last) {
                link_last(od, node);
            } else {
                link_first(od, node);
            }
        }
    }
    Py_RETURN_NONE;
}

static PyObject *odict_iterator(PyObject *od, int kind);
enum { ITER_REVERSED = 1, ITER_KEYS = 2, ITER_VALUES = 4, ITER_ITEMS = ITER_KEYS | ITER_VALUES };

static PyObject *odict_iter(PyObject *self) { return odict_iterator(self, ITER_KEYS); }
static PyObject *odict_reversed(PyObject *self, PyObject *unused)
{
    return odict_iterator(self, ITER_KEYS | ITER_REVERSED);
}

static PyObject *odict_keys(PyObject *self, PyObject *unused)
{
    return _PyDictView_New(self, &PyODictKeys_Type);
}

static PyObject *odict_values(PyObject *self, PyObject *unused)
{
    return _PyDictView_New(self, &PyODictValues_Type);
}

static PyObject *odict_items(PyObject *self, PyObject *unused)
{
    return _PyDictView_New(self, &PyODictItems_Type);
}

#define WITH_KEYWORDS(f) (PyCFunction)(void (*)(void))f, METH_FASTCALL | METH_KEYWORDS
static PyMethodDef odict_methods[] = {
    {"fromkeys", (PyCFunction)(void (*)(void))odict_fromkeys,
     METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
     "fromkeys($type, /, iterable, value=None)\n--\n\n"
     "A new ordered dictionary whose keys come from iterable and share one value."},
    {"__sizeof__", odict_sizeof, METH_NOARGS, "od.__sizeof__() -> size of od in memory, in bytes"},
    {"__reduce__", odict_reduce, METH_NOARGS, "What pickle stores"},
    {"setdefault", WITH_KEYWORDS(odict_setdefault),
     "setdefault($self, /, key, default=None)\n--\n\n"
     "The value of key; a key that is missing is inserted with default first."},
    {"pop", WITH_KEYWORDS(odict_pop),
     "pop($self, /, key, default=<unrepresentable>)\n--\n\n"
     "od.pop(key[,default]) -> v, remove the key and return its value.\n\n"
     "A missing key gives default, or KeyError when there is no default."},
    {"popitem", WITH_KEYWORDS(odict_popitem),
     "popitem($self, /, last=True)\n--\n\n"
     "Remove a (key, value) pair and return it: the last one, or the first one if last is false."},
    {"keys", odict_keys, METH_NOARGS, NULL},
    {"values", odict_values, METH_NOARGS, NULL},
    {"items", odict_items, METH_NOARGS, NULL},
    {"update", (PyCFunction)(void (*)(void))odict_update, METH_VARARGS | METH_KEYWORDS, NULL},
    {"clear", odict_clear, METH_NOARGS, "od.clear() -> None.  Remove all entries."},
    {"copy", odict_copy, METH_NOARGS, "od.copy() -> an OrderedDict with the same entries"},
    {"__reversed__", odict_reversed, METH_NOARGS, "od.__reversed__() <==> reversed(od)"},
    {"move_to_end", WITH_KEYWORDS(odict_move_to_end),
     "move_to_end($self, /, key, last=True)\n--\n\n"
     "Move a key to the end, or to the beginning if last is false.\n\n"
     "KeyError when the key is missing."},
    {NULL},
};

static PyGetSetDef odict_getset[] = {{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict},
                                     {NULL}};
static PyNumberMethods odict_as_number = {.nb_or = odict_or, .nb_inplace_or = odict_ior};
static PyMappingMethods odict_as_mapping = {.mp_ass_subscript = odict_ass_subscript};

PyTypeObject PyODict_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "collections.OrderedDict",
    .tp_basicsize = sizeof(PyODictObject),
    .tp_dealloc = odict_dealloc,
    .tp_repr = odict_repr,
    .tp_as_number = &odict_as_number,
    .tp_as_mapping = &odict_as_mapping,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "Dictionary that remembers insertion order",
    .tp_traverse = odict_traverse,
    .tp_clear = odict_tp_clear,
    .tp_richcompare = odict_richcompare,
    .tp_weaklistoffset = offsetof(PyODictObject, od_weakrefs),
    .tp_iter = odict_iter,
    .tp_methods = odict_methods,
    .tp_getset = odict_getset,
    .tp_base = &PyDict_Type,
    .tp_dictoffset = offsetof(PyODictObject, od_inst_dict),
    .tp_init = odict_init,
    .tp_alloc = PyType_GenericAlloc,
};

PyObject *PyODict_New(void) { return PyDict_Type.tp_new(&PyODict_Type, NULL, NULL); }

/* -- Iterator --------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    int kind;             /* ITER_… */
    PyODictObject *od;    /* strong; NULL when exhausted */
    Py_ssize_t size; /* of the dict at the start */
    size_t state; /* od_state at the start (O2) */
    /* strong: pair used again while nobody else holds it; NULL for keys and values */
    PyObject *result;
    PyObject *current;    /* strong: the key to give next, NULL at the end */
} ODictIter;

static PyObject *odict_iterator(PyObject *od, int kind)
{
    ODictIter *it = PyObject_GC_New(ODictIter, &PyODictIter_Type);
    if (it == NULL) {
        return NULL;
    }
    Node *node = kind & ITER_REVERSED ? AS_OD(od)->last : AS_OD(od)->first;
    it->kind = kind;
    it->od = (PyODictObject *)Py_NewRef(od);
    it->size = PyODict_SIZE(od);
    it->state = AS_OD(od)->od_state;
    it->current = node ? Py_NewRef(node->key) : NULL;
    it->result = NULL;
    PyObject_GC_Track(it);
    if ((kind & ITER_ITEMS) == ITER_ITEMS
        && (it->result = PyTuple_Pack(2, Py_None, Py_None)) == NULL) {
        Py_DECREF(it);
        return NULL;
    }
    return (PyObject *)it;
}

static void odictiter_dealloc(PyObject *self)
{
    ODictIter *it = (ODictIter *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(it->od);
    Py_XDECREF(it->current);
    Py_XDECREF(it->result);
    PyObject_GC_Del(self);
}

static int odictiter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((ODictIter *)self)->od);
    Py_VISIT(((ODictIter *)self)->current);
    Py_VISIT(((ODictIter *)self)->result);
    return 0;
}

/* Owned key at which the iterator stands; it moves on. */
static PyObject *odictiter_step(ODictIter *it)
{
    PyODictObject *od = it->od;
    if (od == NULL) {
        return NULL;
    }
    if (it->current == NULL) {
        goto done;
    }
    if (od->od_state != it->state) {
        PyErr_SetString(PyExc_RuntimeError, "OrderedDict mutated during iteration");
        goto done;
    }
    if (it->size != PyODict_SIZE(od)) {
        PyErr_SetString(PyExc_RuntimeError, "OrderedDict changed size during iteration");
        it->size = -1;
        goto done;
    }
    PyObject *key = it->current;
    it->current = NULL;
    Py_hash_t hash = PyObject_Hash(key);
    Node *node = hash == -1 ? NULL : node_find(od, key, hash);
    if (node == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        Py_DECREF(key);
        return NULL;
    }
    node = it->kind & ITER_REVERSED ? node->prev : node->next;
    it->current = node ? Py_NewRef(node->key) : NULL;
    return key;
done:
    Py_CLEAR(it->od);
    return NULL;
}

/* STEALS both. */
static PyObject *odictiter_pair(ODictIter *it, PyObject *key, PyObject *value)
{
    PyObject *pair = it->result;
    if (Py_REFCNT(pair) == 1) {
        PyObject *old_key = PyTuple_GET_ITEM(pair, 0), *old_value = PyTuple_GET_ITEM(pair, 1);
        PyTuple_SET_ITEM(pair, 0, key);
        PyTuple_SET_ITEM(pair, 1, value);
        Py_INCREF(pair);
        Py_DECREF(old_key);
        Py_DECREF(old_value);
        if (!gc_is_tracked(pair)) {
            gc_track(pair);
        }
        return pair;
    }
    return _PyTuple_FromArraySteal((PyObject *[]){key, value}, 2);
}

/* RuntimeError when the order changed (O2) or the size did. */
static PyObject *odictiter_next(PyObject *self)
{
    ODictIter *it = (ODictIter *)self;
    PyObject *key = odictiter_step(it);
    if (key == NULL || !(it->kind & ITER_VALUES)) {
        return key;
    }
    PyObject *value = Py_XNewRef(PyODict_GetItemWithError((PyObject *)it->od, key));
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        Py_DECREF(key);
        Py_CLEAR(it->current);
        Py_CLEAR(it->od);
        return NULL;
    }
    if (it->kind & ITER_KEYS) {
        return odictiter_pair(it, key, value);
    }
    Py_DECREF(key);
    return value;
}

static PyObject *odictiter_reduce(PyObject *self, PyObject *unused)
{
    ODictIter copy = *(ODictIter *)self; /* the iterator itself stays where it is */
    Py_XINCREF(copy.od);
    Py_XINCREF(copy.current);
    Py_XINCREF(copy.result);
    PyObject *list = PySequence_List((PyObject *)&copy);
    Py_XDECREF(copy.od);
    Py_XDECREF(copy.current);
    Py_XDECREF(copy.result);
    return list ? Py_BuildValue("N(N)", _PyEval_GetBuiltin(ID(iter)), list) : NULL;
}

static PyMethodDef odictiter_methods[] = {
    {"__reduce__", odictiter_reduce, METH_NOARGS, "What pickle stores"}, {NULL}};

PyTypeObject PyODictIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "odict_iterator",
    .tp_basicsize = sizeof(ODictIter),
    .tp_dealloc = odictiter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = odictiter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = odictiter_next,
    .tp_methods = odictiter_methods,
};

/* -- Views ------------------------------------------------------------------------------------ */

/* The views of dict with iterators that follow the order of the nodes. */

#define ODICT_VIEW(prefix, variable, name, base, kind)                                             \
    static PyObject *prefix##_iter(PyObject *self)                                                 \
    {                                                                                              \
        PyDictObject *dict = ((_PyDictViewObject *)self)->dv_dict;                                 \
        return dict ? odict_iterator((PyObject *)dict, kind) : Py_NewRef(Py_None);                 \
    }                                                                                              \
    static PyObject *prefix##_reversed(PyObject *self, PyObject *unused)                           \
    {                                                                                              \
        PyDictObject *dict = ((_PyDictViewObject *)self)->dv_dict;                                 \
        return dict ? odict_iterator((PyObject *)dict, (kind) | ITER_REVERSED)                     \
                    : Py_NewRef(Py_None);                                                          \
    }                                                                                              \
    static PyMethodDef prefix##_methods[] = {                                                      \
        {"__reversed__", prefix##_reversed, METH_NOARGS, NULL},                                    \
        {NULL},                                                                                    \
    };                                                                                             \
    PyTypeObject variable = {                                                                      \
        PyVarObject_HEAD_INIT(&PyType_Type, 0)                                                     \
        .tp_name = name,                                                                           \
        .tp_flags = Py_TPFLAGS_DEFAULT,                                                            \
        .tp_iter = prefix##_iter,                                                                  \
        .tp_methods = prefix##_methods,                                                            \
        .tp_base = &base,                                                                          \
    }
ODICT_VIEW(odictkeys, PyODictKeys_Type, "odict_keys", PyDictKeys_Type, ITER_KEYS);
ODICT_VIEW(odictvalues, PyODictValues_Type, "odict_values", PyDictValues_Type, ITER_VALUES);
ODICT_VIEW(odictitems, PyODictItems_Type, "odict_items", PyDictItems_Type, ITER_ITEMS);
