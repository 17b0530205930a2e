/* SPDX-License-Identifier: MIT
 *
 * Hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001), for contextvars.
 *
 * A node of level n looks at five bits of the key's 32-bit hash. Its bitmap says which of the 32
 * places are in use; slots hold, for each used place in order, a pair key, value - or NULL, node
 * when several keys share the place. Keys whose whole hashes are equal end up in a collision node,
 * a plain list of pairs.
 *
 *   bitmap node     ob_size = 2 * used places | bits | key0 value0 key1 value1 ...
 *   collision node  ob_size = 2 * pairs       | hash | key0 value0 ...
 *
 *  H1 Nodes never change once somebody else can see them: an insertion copies the path from the
 *     root, at most MAX_DEPTH nodes, and shares the rest.
 *  H2 Comparing keys may run code and raise; nothing is modified then.
 *  H3 A bitmap node below the root never holds a single pair alone: removal pulls that up.
 */
#include "mem/gc.h"
#include "objects/hamt.h"
#include "state.h"

enum { LEVEL_BITS = 5, LEVEL_MASK = 31, MAX_SHIFT = 30, MAX_DEPTH = 8 };

typedef struct {
    PyObject_VAR_HEAD
    uint32_t bits; /* bitmap, or the hash that all keys of a collision node have */
    PyObject *slots[]; /* strong: pairs, or (NULL, node) */
} Node;

extern PyTypeObject hamt_bitmap_type, hamt_collision_type, hamt_keys_type, hamt_values_type,
    hamt_items_type;

static bool is_collision(Node *node) { return Py_IS_TYPE(node, &hamt_collision_type); }

/* -- Nodes ------------------------------------------------------------------------------------- */

/* Slots NULL, tracked. */
static Node *node_new(PyTypeObject *type, Py_ssize_t slots, uint32_t bits)
{
    Node *node = PyObject_GC_NewVar(Node, type, slots);
    if (node != NULL) {
        node->bits = bits;
        memset(node->slots, 0, (size_t)slots * sizeof(PyObject *));
        PyObject_GC_Track(node);
    }
    return node;
}

static void node_dealloc(Node *node)
{
    PyObject_GC_UnTrack(node);
    TRASH_BEGIN(node, node_dealloc)
    for (Py_ssize_t i = 0; i < Py_SIZE(node); i++) {
        Py_XDECREF(node->slots[i]);
    }
    PyObject_GC_Del(node);
    TRASH_END
}

static int node_traverse(Node *node, visitproc visit, void *arg)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(node); i++) {
        Py_VISIT(node->slots[i]);
    }
    return 0;
}

/* Copy with `gap` more slots at `at` (negative: that many fewer). */
static Node *node_copy(Node *node, Py_ssize_t at, Py_ssize_t gap, uint32_t bits)
{
    Py_ssize_t size = Py_SIZE(node), after = gap < 0 ? at - gap : at;
    Node *copy = node_new(Py_TYPE(node), size + gap, bits);
    if (copy == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < at; i++) {
        copy->slots[i] = Py_XNewRef(node->slots[i]);
    }
    for (Py_ssize_t i = after; i < size; i++) {
        copy->slots[i + gap] = Py_XNewRef(node->slots[i]);
    }
    return copy;
}

/* A copy with another pair at `at`. */
static Node *node_with_pair(Node *node, Py_ssize_t at, PyObject *key, PyObject *value)
{
    Node *copy = node_copy(node, at, 0, node->bits);
    if (copy != NULL) {
        Py_XINCREF(key);
        Py_XSETREF(copy->slots[at], key);
        Py_SETREF(copy->slots[at + 1], Py_NewRef(value));
    }
    return copy;
}

static uint32_t place_bit(uint32_t hash, int shift)
{
    return (uint32_t)1 << ((hash >> shift) & LEVEL_MASK);
}

static Py_ssize_t place_slot(Node *node, uint32_t bit)
{
    return 2 * (Py_ssize_t)__builtin_popcount(node->bits & (bit - 1));
}

static int key_hash(PyObject *key, uint32_t *hash)
{
    Py_hash_t h = PyObject_Hash(key);
    if (h == -1) {
        return -1;
    }
    *hash = (uint32_t)h ^ (uint32_t)((uint64_t)h >> 32);
    return 0;
}

/* Slot of key among a collision node's pairs: its index, Py_SIZE when missing, -1 error. */
static Py_ssize_t collision_find(Node *node, PyObject *key)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(node); i += 2) {
        int same = PyObject_RichCompareBool(key, node->slots[i], Py_EQ);
        if (same != 0) {
            return same < 0 ? -1 : i;
        }
    }
    return Py_SIZE(node);
}

/* -- Find -------------------------------------------------------------------------------------- */

/* 1, 0, -1; *value BORROWED. */
int hamt_find(Hamt *map, PyObject *key, PyObject **value)
{
    uint32_t hash;
    if (map->count == 0) {
        return 0;
    }
    if (key_hash(key, &hash) < 0) {
        return -1;
    }
    Node *node = (Node *)map->root;
    for (int shift = 0; !is_collision(node); shift += LEVEL_BITS) {
        uint32_t bit = place_bit(hash, shift);
        if (!(node->bits & bit)) {
            return 0;
        }
        Py_ssize_t at = place_slot(node, bit);
        if (node->slots[at] != NULL) {
            int same = PyObject_RichCompareBool(key, node->slots[at], Py_EQ);
            *value = node->slots[at + 1];
            return same;
        }
        node = (Node *)node->slots[at + 1];
    }
    Py_ssize_t at = node->bits == hash ? collision_find(node, key) : Py_SIZE(node);
    if (at < 0 || at == Py_SIZE(node)) {
        return at < 0 ? -1 : 0;
    }
    *value = node->slots[at + 1];
    return 1;
}

/* -- Add --------------------------------------------------------------------------------------- */

static Node *node_assoc(Node *node, int shift, uint32_t hash, PyObject *key, PyObject *value,
                        bool *added);

/* A subtree of two keys that shared a place one level up. */
static Node *node_of_two(int shift, uint32_t hash1, PyObject *key1, PyObject *value1,
                         uint32_t hash2, PyObject *key2, PyObject *value2)
{
    bool added;
    if (hash1 == hash2) {
        Node *node = node_new(&hamt_collision_type, 4, hash1);
        if (node != NULL) {
            node->slots[0] = Py_NewRef(key1);
            node->slots[1] = Py_NewRef(value1);
            node->slots[2] = Py_NewRef(key2);
            node->slots[3] = Py_NewRef(value2);
        }
        return node;
    }
    Node *one = node_new(&hamt_bitmap_type, 2, place_bit(hash1, shift));
    if (one == NULL) {
        return NULL;
    }
    one->slots[0] = Py_NewRef(key1);
    one->slots[1] = Py_NewRef(value1);
    Node *two = node_assoc(one, shift, hash2, key2, value2, &added);
    Py_DECREF(one);
    return two;
}

/* NULL with an exception; the node itself when nothing changes. */
static Node *collision_assoc(Node *node, int shift, uint32_t hash, PyObject *key, PyObject *value,
                             bool *added)
{
    if (hash != node->bits) { /* another hash: push this node one level down */
        Node *parent = node_new(&hamt_bitmap_type, 2, place_bit(node->bits, shift));
        if (parent == NULL) {
            return NULL;
        }
        parent->slots[1] = Py_NewRef((PyObject *)node);
        Node *result = node_assoc(parent, shift, hash, key, value, added);
        Py_DECREF(parent);
        return result;
    }
    Py_ssize_t at = collision_find(node, key);
    if (at < 0) {
        return NULL;
    }
    if (at < Py_SIZE(node)) {
        return node->slots[at + 1] == value ? (Node *)Py_NewRef((PyObject *)node)
                                            : node_with_pair(node, at, key, value);
    }
    Node *copy = node_copy(node, at, 2, node->bits);
    if (copy != NULL) {
        *added = true;
        copy->slots[at] = Py_NewRef(key);
        copy->slots[at + 1] = Py_NewRef(value);
    }
    return copy;
}

static Node *node_assoc(Node *node, int shift, uint32_t hash, PyObject *key, PyObject *value,
                        bool *added)
{
    if (is_collision(node)) {
        return collision_assoc(node, shift, hash, key, value, added);
    }
    uint32_t bit = place_bit(hash, shift);
    Py_ssize_t at = place_slot(node, bit);
    if (!(node->bits & bit)) {
        Node *copy = node_copy(node, at, 2, node->bits | bit);
        if (copy != NULL) {
            *added = true;
            copy->slots[at] = Py_NewRef(key);
            copy->slots[at + 1] = Py_NewRef(value);
        }
        return copy;
    }
    PyObject *there = node->slots[at];
    Node *child;
    if (there == NULL) {
        child = node_assoc((Node *)node->slots[at + 1], shift + LEVEL_BITS, hash, key, value,
                           added);
    }
    else {
        int same = PyObject_RichCompareBool(key, there, Py_EQ);
        if (same < 0) {
            return NULL;
        }
        if (same) {
            return node->slots[at + 1] == value ? (Node *)Py_NewRef((PyObject *)node)
                                                : node_with_pair(node, at, there, value);
        }
        uint32_t other;
        if (key_hash(there, &other) < 0) {
            return NULL;
        }
        *added = true;
        child = node_of_two(shift + LEVEL_BITS, other, there, node->slots[at + 1], hash, key,
                            value);
    }
    if (child == NULL) {
        return NULL;
    }
    Node *copy = node_with_pair(node, at, NULL, (PyObject *)child);
    Py_DECREF(child);
    return copy;
}

/* -- Remove ------------------------------------------------------------------------------------ */

/* The node without key: NULL with *empty set when nothing is left,
   NULL with *missing or an exception otherwise. */
static Node *node_without(Node *node, int shift, uint32_t hash, PyObject *key, bool *empty,
                          bool *missing)
{
    Py_ssize_t at;
    uint32_t bits = node->bits;
    if (is_collision(node)) {
        at = hash == bits ? collision_find(node, key) : Py_SIZE(node);
        if (at < 0 || at == Py_SIZE(node)) {
            *missing = at >= 0;
            return NULL;
        }
    }
    else {
        uint32_t bit = place_bit(hash, shift);
        at = place_slot(node, bit);
        if (!(bits & bit)) {
            *missing = true;
            return NULL;
        }
        if (node->slots[at] == NULL) {
            bool child_empty = false;
            Node *child = node_without((Node *)node->slots[at + 1], shift + LEVEL_BITS, hash, key,
                                       &child_empty, missing);
            if (child != NULL) {
                /* a child with one pair left is lifted into this node */
                bool lift = Py_SIZE(child) == 2 && child->slots[0] != NULL;
                Node *copy = node_with_pair(node, at, lift ? child->slots[0] : NULL,
                                            lift ? child->slots[1] : (PyObject *)child);
                Py_DECREF(child);
                return copy;
            }
            if (!child_empty) {
                return NULL;
            }
        }
        else {
            int same = PyObject_RichCompareBool(key, node->slots[at], Py_EQ);
            if (same <= 0) {
                *missing = same == 0;
                return NULL;
            }
        }
        bits &= ~bit;
    }
    if (Py_SIZE(node) == 2) {
        *empty = true;
        return NULL;
    }
    return node_copy(node, at, -2, bits);
}

/* -- Maps -------------------------------------------------------------------------------------- */

/* STEALS root. */
static Hamt *hamt_with_root(Node *root, Py_ssize_t count)
{
    Hamt *map = PyObject_GC_New(Hamt, &PyHamt_Type);
    if (map == NULL) {
        Py_DECREF(root);
        return NULL;
    }
    map->root = (PyObject *)root;
    map->weakreflist = NULL;
    map->count = count;
    PyObject_GC_Track(map);
    return map;
}

Hamt *hamt_new(void)
{
    Node *root = node_new(&hamt_bitmap_type, 0, 0);
    return root == NULL ? NULL : hamt_with_root(root, 0);
}

/* A new map; the same one when nothing changes. */
Hamt *hamt_assoc(Hamt *map, PyObject *key, PyObject *value)
{
    uint32_t hash;
    bool added = false;
    if (key_hash(key, &hash) < 0) {
        return NULL;
    }
    Node *root = node_assoc((Node *)map->root, 0, hash, key, value, &added);
    if (root == NULL) {
        return NULL;
    }
    if ((PyObject *)root == map->root) {
        Py_DECREF(root);
        return (Hamt *)Py_NewRef((PyObject *)map);
    }
    return hamt_with_root(root, map->count + added);
}

Hamt *hamt_without(Hamt *map, PyObject *key)
{
    uint32_t hash;
    bool empty = false, missing = false;
    if (key_hash(key, &hash) < 0) {
        return NULL;
    }
    Node *root = node_without((Node *)map->root, 0, hash, key, &empty, &missing);
    if (root == NULL && empty) {
        return hamt_new();
    }
    if (root == NULL) {
        return missing ? (Hamt *)Py_NewRef((PyObject *)map) : NULL;
    }
    return hamt_with_root(root, map->count - 1);
}

/* -- Iteration: depth first, along the path of nodes from the root ---------------------------- */

typedef struct {
    PyObject_HEAD
    Hamt *map;             /* strong, keeps all nodes */
    Node *nodes[MAX_DEPTH]; /* BORROWED path from the root */
    Py_ssize_t pos[MAX_DEPTH]; /* next slot in each */
    int depth;             /* -1: done */
    PyObject *(*item)(PyObject *key, PyObject *value); /* what a step gives */
} HamtIter;

static void path_start(HamtIter *it, Hamt *map)
{
    it->nodes[0] = (Node *)map->root;
    it->pos[0] = 0;
    it->depth = 0;
}

/* Next pair, BORROWED; false at the end. */
static bool path_next(HamtIter *it, PyObject **key, PyObject **value)
{
    while (it->depth >= 0) {
        Node *node = it->nodes[it->depth];
        Py_ssize_t at = it->pos[it->depth];
        if (at >= Py_SIZE(node)) {
            it->depth--;
            continue;
        }
        it->pos[it->depth] = at + 2;
        if (node->slots[at] != NULL) {
            *key = node->slots[at];
            *value = node->slots[at + 1];
            return true;
        }
        it->depth++;
        it->nodes[it->depth] = (Node *)node->slots[at + 1];
        it->pos[it->depth] = 0;
    }
    return false;
}

/* Same keys with equal values: 1, 0, -1. */
int hamt_equal(Hamt *a, Hamt *b)
{
    if (a == b || a->count != b->count) {
        return a == b;
    }
    HamtIter it;
    PyObject *key, *value, *other;
    for (path_start(&it, a); path_next(&it, &key, &value);) {
        int found = hamt_find(b, key, &other);
        int same = found <= 0 ? found : PyObject_RichCompareBool(value, other, Py_EQ);
        if (same <= 0) {
            return same;
        }
    }
    return 1;
}

static PyObject *item_key(PyObject *key, PyObject *value) { return Py_NewRef(key); }
static PyObject *item_value(PyObject *key, PyObject *value) { return Py_NewRef(value); }
static PyObject *item_pair(PyObject *key, PyObject *value) { return PyTuple_Pack(2, key, value); }

static PyObject *iter_new(PyTypeObject *type, Hamt *map, PyObject *(*item)(PyObject *, PyObject *))
{
    HamtIter *it = PyObject_GC_New(HamtIter, type);
    if (it == NULL) {
        return NULL;
    }
    it->map = (Hamt *)Py_NewRef((PyObject *)map);
    it->item = item;
    path_start(it, map);
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

PyObject *hamt_keys_iter(Hamt *map) { return iter_new(&hamt_keys_type, map, item_key); }
PyObject *hamt_values_iter(Hamt *map) { return iter_new(&hamt_values_type, map, item_value); }
PyObject *hamt_items_iter(Hamt *map) { return iter_new(&hamt_items_type, map, item_pair); }

static void iter_dealloc(HamtIter *it)
{
    PyObject_GC_UnTrack(it);
    Py_XDECREF(it->map);
    PyObject_GC_Del(it);
}

static int iter_traverse(HamtIter *it, visitproc visit, void *arg)
{
    Py_VISIT(it->map);
    return 0;
}

static PyObject *iter_next(HamtIter *it)
{
    PyObject *key, *value;
    if (!path_next(it, &key, &value)) {
        return NULL;
    }
    return it->item(key, value);
}

static Py_ssize_t iter_length(HamtIter *it) { return it->map->count; }

static PyMappingMethods iter_as_mapping = {.mp_length = (lenfunc)iter_length};

#define ITER_TYPE(name)                                        \
    {                                                          \
        PyVarObject_HEAD_INIT(&PyType_Type, 0)                 \
        .tp_name = name,                                       \
        .tp_basicsize = sizeof(HamtIter),                      \
        .tp_dealloc = (destructor)iter_dealloc,                \
        .tp_as_mapping = &iter_as_mapping,                     \
        .tp_getattro = PyObject_GenericGetAttr,                \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,   \
        .tp_traverse = (traverseproc)iter_traverse,            \
        .tp_iter = PyObject_SelfIter,                          \
        .tp_iternext = (iternextfunc)iter_next,                \
    }
PyTypeObject hamt_keys_type = ITER_TYPE("keys"), hamt_values_type = ITER_TYPE("values"),
             hamt_items_type = ITER_TYPE("items");

/* -- Types ------------------------------------------------------------------------------------- */

#define NODE_TYPE(name)                                        \
    {                                                          \
        PyVarObject_HEAD_INIT(&PyType_Type, 0)                 \
        .tp_name = name,                                       \
        .tp_basicsize = offsetof(Node, slots),                 \
        .tp_itemsize = sizeof(PyObject *),                     \
        .tp_dealloc = (destructor)node_dealloc,                \
        .tp_hash = PyObject_HashNotImplemented,                \
        .tp_getattro = PyObject_GenericGetAttr,                \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,   \
        .tp_traverse = (traverseproc)node_traverse,            \
    }
PyTypeObject hamt_bitmap_type = NODE_TYPE("hamt_bitmap_node"),
             hamt_collision_type = NODE_TYPE("hamt_collision_node");

static void hamt_dealloc(Hamt *map)
{
    PyObject_GC_UnTrack(map);
    if (map->weakreflist != NULL) {
        PyObject_ClearWeakRefs((PyObject *)map);
    }
    Py_CLEAR(map->root);
    PyObject_GC_Del(map);
}

static int hamt_traverse(Hamt *map, visitproc visit, void *arg)
{
    Py_VISIT(map->root);
    return 0;
}

static int hamt_clear(Hamt *map)
{
    Py_CLEAR(map->root);
    return 0;
}

static PyObject *hamt_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return (PyObject *)hamt_new();
}

static Py_ssize_t hamt_length(Hamt *map) { return map->count; }

static int hamt_contains(Hamt *map, PyObject *key)
{
    PyObject *value;
    return hamt_find(map, key, &value);
}

static PyObject *hamt_subscript(Hamt *map, PyObject *key)
{
    PyObject *value;
    int found = hamt_find(map, key, &value);
    if (found == 0) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return found > 0 ? Py_NewRef(value) : NULL;
}

static PyObject *hamt_richcompare(PyObject *a, PyObject *b, int op)
{
    if (!is_hamt(a) || !is_hamt(b) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    int equal = hamt_equal((Hamt *)a, (Hamt *)b);
    return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

static PyObject *hamt_set_method(Hamt *map, PyObject *args)
{
    PyObject *key, *value;
    return PyArg_UnpackTuple(args, "set", 2, 2, &key, &value)
               ? (PyObject *)hamt_assoc(map, key, value)
               : NULL;
}

static PyObject *hamt_get_method(Hamt *map, PyObject *args)
{
    PyObject *key, *fallback = NULL, *value;
    if (!PyArg_UnpackTuple(args, "get", 1, 2, &key, &fallback)) {
        return NULL;
    }
    int found = hamt_find(map, key, &value);
    return found < 0 ? NULL : Py_NewRef(found ? value : fallback != NULL ? fallback : Py_None);
}

static PyObject *hamt_delete_method(Hamt *map, PyObject *key)
{
    return (PyObject *)hamt_without(map, key);
}

static PyObject *hamt_keys_method(Hamt *map, PyObject *ignored) { return hamt_keys_iter(map); }
static PyObject *hamt_values_method(Hamt *map, PyObject *ignored) { return hamt_values_iter(map); }
static PyObject *hamt_items_method(Hamt *map, PyObject *ignored) { return hamt_items_iter(map); }

static PyMethodDef hamt_methods[] = {
    {"set", (PyCFunction)hamt_set_method, METH_VARARGS, NULL},
    {"get", (PyCFunction)hamt_get_method, METH_VARARGS, NULL},
    {"delete", (PyCFunction)hamt_delete_method, METH_O, NULL},
    {"items", (PyCFunction)hamt_items_method, METH_NOARGS, NULL},
    {"keys", (PyCFunction)hamt_keys_method, METH_NOARGS, NULL},
    {"values", (PyCFunction)hamt_values_method, METH_NOARGS, NULL},
    {0},
};
static PySequenceMethods hamt_as_sequence = {.sq_contains = (objobjproc)hamt_contains};
static PyMappingMethods hamt_as_mapping = {.mp_length = (lenfunc)hamt_length,
                                           .mp_subscript = (binaryfunc)hamt_subscript};

PyTypeObject PyHamt_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "hamt",
    .tp_basicsize = sizeof(Hamt),
    .tp_dealloc = (destructor)hamt_dealloc,
    .tp_as_sequence = &hamt_as_sequence,
    .tp_as_mapping = &hamt_as_mapping,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)hamt_traverse,
    .tp_clear = (inquiry)hamt_clear,
    .tp_richcompare = hamt_richcompare,
    .tp_weaklistoffset = offsetof(Hamt, weakreflist),
    .tp_iter = (getiterfunc)hamt_keys_iter,
    .tp_methods = hamt_methods,
    .tp_new = hamt_tp_new,
    .tp_alloc = PyType_GenericAlloc,
};
