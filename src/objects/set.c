/* SPDX-License-Identifier: MIT
 *
 * set and frozenset: open addressing over a table of (key, hash) pairs.
 *
 *     table, mask + 1 slots (a power of two)
 *     ┌──────────┬──────────┬──────────┬──────────┬───
 *     │ key hash │ free     │ dummy    │ key hash │ …      smalltable (8 slots) is in the object
 *     └──────────┴──────────┴──────────┴──────────┴───
 *
 * Probing looks at a run of LINEAR_PROBES neighbours (one or two cache lines) before it jumps by
 * the perturbed recurrence that dicts use.
 *
 *  S1 `fill` counts live and dummy slots, `used` live ones.
 *  S2 A slot is free (key NULL, hash 0), dummy (key DUMMY, hash -1: deleted) or live.
 *  S3 fill * 5 < mask * 3 after every insertion, so that a free slot always ends a probe.
 *  S4 A comparison may run code that changes the set: the search starts over when the slot or the
 *     table is not what it was.
 *
 * Order of iteration is that of the slots, as in 3.11, so it shows to programs: the probe sequence,
 * the growth (four times the keys, twice above 50,000) and what resets the table must not change.
 * set_fault() checks S1 to S3 for -X check=heap. Operators and methods are in set_methods.c.
 */
#include "base/cstack.h"
#include "objects/compare.h"
#include "mem/gc.h"
#include "mem/outgrown.h"
#include "objects/dict/dict.h"
#include "objects/set.h"

/* neighbours looked at before a jump */
#define LINEAR_PROBES 9
#define PERTURB_SHIFT 5
/* slots of a table that is cleared by the allocator, if at all */
#define LARGE 4096

/* The key of deleted entries; its address is the only thing that matters. */
static PyTypeObject set_dummy_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "<dummy key> type"};
PyObject set_dummy_object = { .ob_refcnt = IMMORTAL_REFCNT, .ob_type = &set_dummy_type };
EXPORT PyObject *_PySet_Dummy = DUMMY;

/* -- Search ---------------------------------------------------------------------------------- */

/* One probe sequence serves search, insertion and rebuilding. Walking it starts at the hash's low
   bits and takes in five further bits of the hash at each jump, so that keys with equal low bits
   part. */

/* 1 equal, 0 different, -1 error, 2 the table changed: start over. */
static int entry_matches(PySetObject *so, setentry *table, setentry *entry, PyObject *key,
                         Py_hash_t hash)
{
    PyObject *start = entry->key;
    int simple = compare_simple(start, key, Py_EQ);
    if (simple >= 0)
        return simple;
    Py_INCREF(start);
    int cmp = PyObject_RichCompareBool(start, key, Py_EQ);
    Py_DECREF(start);
    if (cmp < 0)
        return -1;
    return table != so->table || entry->key != start ? 2 : cmp;
}

/* The live entry of a key, or the free one where the search ended; NULL with an exception.
   *reusable becomes the last dummy on the way, or NULL. */
static inline setentry *set_search(PySetObject *so, PyObject *key, Py_hash_t hash,
                                   setentry **reusable)
{
restart: {
    *reusable = NULL;
    setentry *table = so->table;
    size_t mask = (size_t)so->mask, i = (size_t)hash & mask, perturb = (size_t)hash;
    for (;;) {
        setentry *entry = &table[i];
        for (size_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;; entry++) {
            if (entry->hash == 0 && !entry->key)
                return entry;
            if (entry->hash == -1)
                *reusable = entry;
            if (entry->hash == hash) {
                if (entry->key == key)
                    return entry;
                int match = entry_matches(so, table, entry, key, hash);
                if (match == 1)
                    return entry;
                if (match < 0)
                    return NULL;
                if (match == 2)
                    goto restart;
                mask = (size_t)so->mask;
            }
            if (probes-- == 0)
                break;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}
}

static setentry *set_lookup(PySetObject *so, PyObject *key, Py_hash_t hash)
{
    setentry *reusable;
    return set_search(so, key, hash, &reusable);
}

/* Puts a key that is not there into a table without dummies. STEALS key. */
static inline void insert_clean(setentry *table, size_t mask, PyObject *key, Py_hash_t hash)
{
    size_t i = (size_t)hash & mask, perturb = (size_t)hash;
    if (LIKELY(!table[i].key)) {
        table[i].key = key;
        table[i].hash = hash;
        return;
    }
    for (;;) {
        setentry *entry = &table[i];
        for (size_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;; entry++) {
            if (!entry->key) {
                entry->key = key;
                entry->hash = hash;
                return;
            }
            if (probes-- == 0)
                break;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

/* Makes room for at least `minused` keys and drops dummies. */
static int table_resize(PySetObject *so, Py_ssize_t minused)
{
    size_t size = PySet_MINSIZE;
    setentry small[PySet_MINSIZE], *old = so->table, *new;
    bool old_allocated = old != so->smalltable;
    size_t old_mask = (size_t)so->mask;
    while (size <= (size_t)minused)
        size <<= 1;
    if (size == PySet_MINSIZE) {
        new = so->smalltable;
        if (new == old) {
            if (so->fill == so->used)
                return 0;
            memcpy(small, old, sizeof small);
            old = small;
        }
    } else {
        /* of a large one pages are taken as the table fills */
        new = size > LARGE ? PyMem_Calloc(size, sizeof(setentry)) : PyMem_New(setentry, size);
        if (!new) {
            PyErr_NoMemory();
            return -1;
        }
    }
    if (size <= LARGE)
        memset(new, 0, size * sizeof(setentry));
    so->mask = (Py_ssize_t)size - 1;
    so->table = new;
    so->fill = so->used;
    Py_ssize_t left = so->used;
    for (setentry *e = old; left > 0; e++)
        if (e->key && e->key != DUMMY) {
            insert_clean(new, size - 1, e->key, e->hash);
            left--;
        }
    if (old_allocated) {
        mem_outgrown(old, (old_mask + 1) * sizeof(setentry));
        PyMem_Free(old);
    }
    return 0;
}

/* -- Changing -------------------------------------------------------------------------------- */

/* The key's hash is known. A home slot that is free or has the key needs no search. */
int set_add_entry(PySetObject *so, PyObject *key, Py_hash_t hash)
{
    setentry *reusable = NULL, *entry = &so->table[(size_t)hash & (size_t)so->mask];
    if (entry->key == key)
        return 0;
    Py_INCREF(key);
    if (entry->key) {
        entry = set_search(so, key, hash, &reusable);
        if (!entry || entry->key) {
            Py_DECREF(key);
            return entry ? 0 : -1;
        }
    }
    so->used++;
    if (reusable) {
        reusable->key = key;
        reusable->hash = hash;
        return 0;
    }
    entry->key = key;
    entry->hash = hash;
    so->fill++;
    if ((size_t)so->fill * 5 < (size_t)so->mask * 3)
        return 0;
    return table_resize(so, so->used > 50000 ? so->used * 2 : so->used * 4);
}

/* Drops the dummies when they take more than a quarter of the table. */
int set_purge(PySetObject *so)
{
    if ((size_t)(so->fill - so->used) <= (size_t)so->mask / 4)
        return 0;
    return table_resize(so, so->used > 50000 ? so->used * 2 : so->used * 4);
}

/* Hash of a key: str keys usually have it. -1 with an exception. */
static inline Py_hash_t key_hash(PyObject *key)
{
    if (PyUnicode_CheckExact(key) && ((PyASCIIObject *)key)->hash != -1)
        return ((PyASCIIObject *)key)->hash;
    if (PyLong_CheckExact(key) && int_is_compact(key))
        return int_compact(key) == -1 ? -2 : int_compact(key);
    return PyObject_Hash(key);
}

int set_add_key(PySetObject *so, PyObject *key)
{
    Py_hash_t hash = key_hash(key);
    return hash == -1 ? -1 : set_add_entry(so, key, hash);
}

/* Most searches end at the home slot. */
int set_contains_entry(PySetObject *so, PyObject *key, Py_hash_t hash)
{
    setentry *entry = &so->table[(size_t)hash & (size_t)so->mask];
    if (!entry->key || entry->key == key)
        return entry->key != NULL;
    entry = set_lookup(so, key, hash);
    return entry ? entry->key != NULL : -1;
}

int set_contains_key(PySetObject *so, PyObject *key)
{
    Py_hash_t hash = key_hash(key);
    return hash == -1 ? -1 : set_contains_entry(so, key, hash);
}

/* 1 gone, 0 was not there, -1. */
int set_discard_entry(PySetObject *so, PyObject *key, Py_hash_t hash)
{
    setentry *entry = set_lookup(so, key, hash);
    if (!entry || !entry->key)
        return entry ? 0 : -1;
    PyObject *old = entry->key;
    set_take_entry(so, entry);
    Py_DECREF(old);
    return 1;
}

int set_discard_key(PySetObject *so, PyObject *key)
{
    Py_hash_t hash = key_hash(key);
    return hash == -1 ? -1 : set_discard_entry(so, key, hash);
}

/* The state of a new set. */
static void table_empty(PySetObject *so)
{
    memset(so->smalltable, 0, sizeof so->smalltable);
    so->fill = so->used = 0;
    so->mask = PySet_MINSIZE - 1;
    so->table = so->smalltable;
    so->hash = -1;
}

/* Empty first, then the keys go, since that runs code; a small table is copied out for it. */
int set_clear_table(PySetObject *so)
{
    setentry small[PySet_MINSIZE], *table = so->table;
    bool allocated = table != so->smalltable;
    Py_ssize_t used = so->used;
    if (!allocated && so->fill == 0)
        return 0;
    if (!allocated) {
        memcpy(small, table, sizeof small);
        table = small;
    }
    /* Emptied first: destructors may look at the set. */
    table_empty(so);
    for (setentry *e = table; used > 0; e++)
        if (e->key && e->key != DUMMY) {
            used--;
            Py_DECREF(e->key);
        }
    if (allocated)
        PyMem_Free(table);
    return 0;
}

/* Into an empty table with room; one of the same size takes a set without dummies slot by slot. */
static void copy_entries(PySetObject *so, PySetObject *other)
{
    setentry *to = so->table, *e = other->table;
    size_t mask = (size_t)so->mask;
    bool same_slots = so->mask == other->mask && other->fill == other->used;
    Py_ssize_t left = other->used;
    so->fill = so->used = left;
    for (; left > 0; e++) {
        if (!e->key || e->key == DUMMY)
            continue;
        Py_INCREF(e->key);
        if (same_slots)
            to[e - other->table] = *e;
        else
            insert_clean(to, mask, e->key, e->hash);
        left--;
    }
}

/* Adds another set. */
int set_merge(PySetObject *so, PyObject *other_object)
{
    PySetObject *other = (PySetObject *)other_object;
    if (other == so || other->used == 0)
        return 0;
    /* Room for both at once, so that there is one resize at most. */
    if ((size_t)(so->fill + other->used) * 5 >= (size_t)so->mask * 3
        && table_resize(so, (so->used + other->used) * 2) < 0)
        return -1;
    if (so->fill == 0) {
        copy_entries(so, other);
        return 0;
    }
    for (Py_ssize_t i = 0; i <= other->mask; i++) {
        PyObject *key = other->table[i].key;
        if (key && key != DUMMY && set_add_entry(so, key, other->table[i].hash) < 0)
            return -1;
    }
    return 0;
}

/* As _PyDict_Next, which is asked about the tables that instances share. BORROWED key. The table is
   looked at anew each time: comparing keys may change it. */
static inline bool next_key(PyObject *dict, Py_ssize_t *pos, PyObject **key, Py_hash_t *hash)
{
    PyDictKeysObject *dk = ((PyDictObject *)dict)->ma_keys;
    PyObject *value;
    if (dk->dk_kind == DICT_KEYS_UNICODE) {
        for (DictUnicodeEntry *e = DK_UNICODE_ENTRIES(dk) + *pos; *pos < dk->dk_nentries; e++) {
            ++*pos;
            if (e->me_value) {
                *key = e->me_key;
                *hash = ((PyASCIIObject *)e->me_key)->hash;
                return true;
            }
        }
        return false;
    }
    if (dk->dk_kind == DICT_KEYS_GENERAL) {
        for (DictEntry *e = DK_ENTRIES(dk) + *pos; *pos < dk->dk_nentries; e++) {
            ++*pos;
            if (e->me_value) {
                *key = e->me_key;
                *hash = e->me_hash;
                return true;
            }
        }
        return false;
    }
    return _PyDict_Next(dict, pos, key, &value, hash);
}

/* Adds the items of any iterable; hashes of a set or dict are reused. */
int set_update_from(PySetObject *so, PyObject *other)
{
    if (PyAnySet_Check(other))
        return set_merge(so, other);
    if (PyDict_CheckExact(other)) {
        PyObject *key;
        Py_ssize_t pos = 0, n = PyDict_GET_SIZE(other);
        Py_hash_t hash;
        if ((size_t)(so->fill + n) * 5 >= (size_t)so->mask * 3
            && table_resize(so, (so->used + n) * 2) < 0)
            return -1;
        while (next_key(other, &pos, &key, &hash))
            if (set_add_entry(so, key, hash) < 0)
                return -1;
        return 0;
    }
    if (PyList_CheckExact(other) || PyTuple_CheckExact(other)) {
        /* A list may change while a key is hashed or compared. */
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(other); i++) {
            PyObject *key = Py_NewRef(PySequence_Fast_GET_ITEM(other, i));
            int rc = set_add_key(so, key);
            Py_DECREF(key);
            if (rc < 0)
                return -1;
        }
        return 0;
    }
    PyObject *key, *it = PyObject_GetIter(other);
    if (!it)
        return -1;
    int rc = 0;
    while (rc == 0 && (key = cstack_iter_next(it))) {
        rc = set_add_key(so, key);
        Py_DECREF(key);
    }
    if (rc == 0 && PyErr_Occurred()) {
        rc = PyErr_ExceptionMatches(PyExc_StopIteration) ? 0 : -1;
        if (rc == 0)
            PyErr_Clear();
    }
    Py_DECREF(it);
    return rc;
}

/* -- Life ------------------------------------------------------------------------------------ */

/* A new set uses the table inside the object. set() and frozenset() fill it before anybody else
   sees it; frozensets never change afterwards, which lets them keep their hash. */

PyObject *set_make(PyTypeObject *type, PyObject *iterable)
{
    PySetObject *so = (PySetObject *)type->tp_alloc(type, 0);
    if (!so)
        return NULL;
    so->mask = PySet_MINSIZE - 1; /* the rest is 0 */
    so->table = so->smalltable;
    so->hash = -1;
    if (iterable && set_update_from(so, iterable) < 0)
        Py_CLEAR(so);
    return (PyObject *)so;
}

PyObject *set_make_base(PyTypeObject *type, PyObject *iterable)
{
    if (type != &PySet_Type && type != &PyFrozenSet_Type)
        type = PyType_IsSubtype(type, &PySet_Type) ? &PySet_Type : &PyFrozenSet_Type;
    return set_make(type, iterable);
}

/* Exchanges the contents, tables inside the objects too. Hashes stay with frozensets only. */
void set_swap_bodies(PySetObject *a, PySetObject *b)
{
    PySetObject t = *a;
    bool a_small = a->table == a->smalltable, b_small = b->table == b->smalltable;
    a->fill = b->fill;
    a->used = b->used;
    a->mask = b->mask;
    a->table = b_small ? a->smalltable : b->table;
    memcpy(a->smalltable, b->smalltable, sizeof a->smalltable);
    b->fill = t.fill;
    b->used = t.used;
    b->mask = t.mask;
    b->table = a_small ? b->smalltable : t.table;
    memcpy(b->smalltable, t.smalltable, sizeof b->smalltable);
    bool frozen = PyType_IsSubtype(Py_TYPE(a), &PyFrozenSet_Type)
                  && PyType_IsSubtype(Py_TYPE(b), &PyFrozenSet_Type);
    a->hash = frozen ? b->hash : -1;
    b->hash = frozen ? t.hash : -1;
}

static PyObject *set_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return set_make(type, NULL);
}

static int set_init(PySetObject *self, PyObject *args, PyObject *kwds)
{
    PyObject *iterable = NULL;
    if (!_PyArg_NoKeywords("set", kwds)
        || !PyArg_UnpackTuple(args, Py_TYPE(self)->tp_name, 0, 1, &iterable))
        return -1;
    if (self->fill)
        set_clear_table(self);
    self->hash = -1;
    return iterable ? set_update_from(self, iterable) : 0;
}

static PyObject *set_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("set", kwnames) || !_PyArg_CheckPositional("set", nargs, 0, 1))
        return NULL;
    return set_make((PyTypeObject *)type, nargs ? args[0] : NULL);
}

static PyObject *frozenset_from(PyTypeObject *type, PyObject *iterable)
{
    if (type == &PyFrozenSet_Type && iterable && PyFrozenSet_CheckExact(iterable))
        return Py_NewRef(iterable);
    return set_make(type, iterable);
}

static PyObject *frozenset_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *iterable = NULL;
    if ((type == &PyFrozenSet_Type || type->tp_init == PyFrozenSet_Type.tp_init)
        && !_PyArg_NoKeywords("frozenset", kwds))
        return NULL;
    return PyArg_UnpackTuple(args, type->tp_name, 0, 1, &iterable) ? frozenset_from(type, iterable)
                                                                   : NULL;
}

/* An exact frozenset argument is returned as it is. */
static PyObject *frozenset_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                      PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("frozenset", kwnames)
        || !_PyArg_CheckPositional("frozenset", nargs, 0, 1))
        return NULL;
    return frozenset_from((PyTypeObject *)type, nargs ? args[0] : NULL);
}

static void set_dealloc(PySetObject *so)
{
    PyObject_GC_UnTrack(so);
    TRASH_BEGIN(so, set_dealloc)
    if (so->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)so);
    Py_ssize_t used = so->used;
    for (setentry *e = so->table; used > 0; e++)
        if (e->key && e->key != DUMMY) {
            used--;
            Py_DECREF(e->key);
        }
    if (so->table != so->smalltable)
        PyMem_Free(so->table);
    Py_TYPE(so)->tp_free(so);
    TRASH_END
}

static int set_traverse(PySetObject *so, visitproc visit, void *arg)
{
    setentry *entry;
    for (Py_ssize_t pos = 0; set_next(so, &pos, &entry);)
        Py_VISIT(entry->key);
    return 0;
}

/* -- Slots ----------------------------------------------------------------------------------- */

static Py_ssize_t set_len(PySetObject *so) { return so->used; }

/* A set as a key is looked up as the equal frozenset. */
static int set_contains(PySetObject *so, PyObject *key)
{
    int rc = set_contains_key(so, key);
    if (rc >= 0 || !PySet_Check(key) || !PyErr_ExceptionMatches(PyExc_TypeError))
        return rc;
    PyErr_Clear();
    PyObject *frozen = set_make(&PyFrozenSet_Type, key);
    rc = frozen ? set_contains_key(so, frozen) : -1;
    Py_XDECREF(frozen);
    return rc;
}

/* Nested in itself: set(...). */
static PyObject *set_repr(PySetObject *so)
{
    int status = Py_ReprEnter((PyObject *)so);
    PyObject *res = NULL, *keys, *inner;
    if (status)
        return status < 0 ? NULL : PyUnicode_FromFormat("%s(...)", Py_TYPE(so)->tp_name);
    if (!so->used) {
        Py_ReprLeave((PyObject *)so);
        return PyUnicode_FromFormat("%s()", Py_TYPE(so)->tp_name);
    }
    keys = PySequence_List((PyObject *)so);
    PyObject *text = keys ? PyObject_Repr(keys) : NULL;
    Py_XDECREF(keys);
    if (text) {
        inner = PyUnicode_Substring(text, 1, PyUnicode_GET_LENGTH(text) - 1);
        if (inner)
            res = PySet_CheckExact(so)
                      ? PyUnicode_FromFormat("{%U}", inner)
                      : PyUnicode_FromFormat("%s({%U})", Py_TYPE(so)->tp_name, inner);
        Py_XDECREF(inner);
        Py_DECREF(text);
    }
    Py_ReprLeave((PyObject *)so);
    return res;
}

/* Mixes each hash so that sets of nearby ints do not cancel
   out; the result does not depend on the order. */
static size_t shuffle_bits(size_t h) { return ((h ^ 89869747UL) ^ (h << 16)) * 3644798167UL; }

/* Independent of order and of the table's size; never -1. */
static Py_hash_t frozenset_hash(PyObject *self)
{
    PySetObject *so = (PySetObject *)self;
    size_t hash = 0;
    if (so->hash != -1)
        return so->hash;
    /* Every slot takes part; the free and dummy ones are then taken out again. */
    for (setentry *e = so->table; e <= so->table + so->mask; e++)
        hash ^= shuffle_bits((size_t)e->hash);
    if ((so->mask + 1 - so->fill) & 1)
        hash ^= shuffle_bits(0);
    if ((so->fill - so->used) & 1)
        hash ^= shuffle_bits((size_t)-1);
    hash ^= ((size_t)so->used + 1) * 1927868237UL;
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash * 69069U + 907133923UL;
    if (hash == (size_t)-1)
        hash = 590923713UL;
    return so->hash = (Py_hash_t)hash;
}

/* -- Iterator -------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PySetObject *set; /* strong; NULL when exhausted */
    Py_ssize_t used;  /* size at the start; another one is an error, which stays (-1) */
    Py_ssize_t pos;   /* slot to go on from */
    Py_ssize_t len;   /* keys left, for the length hint */
} SetIterator;

static PyObject *set_iter(PySetObject *so)
{
    SetIterator *it = PyObject_GC_New(SetIterator, &PySetIter_Type);
    if (!it)
        return NULL;
    it->set = (PySetObject *)Py_NewRef((PyObject *)so);
    it->used = it->len = so->used;
    it->pos = 0;
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static void setiter_dealloc(SetIterator *it)
{
    PyObject_GC_UnTrack(it);
    Py_XDECREF(it->set);
    PyObject_GC_Del(it);
}

static int setiter_traverse(SetIterator *it, visitproc visit, void *arg)
{
    Py_VISIT(it->set);
    return 0;
}

/* A change of size is an error, at once and for ever; same size with other keys is not noticed,
   as in 3.11. */
static PyObject *setiter_next(SetIterator *it)
{
    PySetObject *so = it->set;
    setentry *entry;
    if (!so)
        return NULL;
    if (it->used != so->used) {
        PyErr_SetString(PyExc_RuntimeError, "Set changed size during iteration");
        it->used = -1; /* stays wrong */
        return NULL;
    }
    if (set_next(so, &it->pos, &entry)) {
        it->len--;
        return Py_NewRef(entry->key);
    }
    it->set = NULL;
    Py_DECREF(so);
    return NULL;
}

static PyObject *setiter_length_hint(SetIterator *it, PyObject *unused)
{
    return PyLong_FromSsize_t(it->set && it->used == it->set->used ? it->len : 0);
}

static PyObject *setiter_reduce(SetIterator *it, PyObject *unused)
{
    SetIterator copy = *it;
    Py_XINCREF(copy.set);
    PyObject *list = PySequence_List((PyObject *)&copy);
    Py_XDECREF(copy.set);
    if (!list)
        return NULL;
    return Py_BuildValue("N(N)", _PyEval_GetBuiltin(ID(iter)), list);
}

static PyMethodDef setiter_methods[] = {
    { "__length_hint__", (PyCFunction)setiter_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)setiter_reduce, METH_NOARGS, "What pickle stores." },
    { NULL },
};

PyTypeObject PySetIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "set_iterator",
    .tp_basicsize = sizeof(SetIterator),
    .tp_dealloc = (destructor)setiter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)setiter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)setiter_next,
    .tp_methods = setiter_methods,
};

/* -- Checking -------------------------------------------------------------------------------- */

/* The probe for `wanted` meets it before a free entry. */
static bool entry_is_found(PySetObject *so, setentry *wanted)
{
    size_t mask = (size_t)so->mask, perturb = (size_t)wanted->hash, i = perturb & mask;
    for (size_t n = 0; n <= mask + 64; n++) {
        setentry *entry = &so->table[i];
        for (size_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;; entry++) {
            if (entry == wanted || !entry->key)
                return entry == wanted;
            if (probes-- == 0)
                break;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
    return false;
}

/* What is wrong with the set, or NULL. Runs no code of the keys. */
const char *set_fault(PySetObject *so)
{
    Py_ssize_t live = 0, dummies = 0;
    if (so->mask < PySet_MINSIZE - 1 || (so->mask & (so->mask + 1))
        || (so->table == so->smalltable) != (so->mask == PySet_MINSIZE - 1))
        return "set with a table of wrong size";
    for (setentry *e = so->table; e <= so->table + so->mask; e++) {
        live += e->key && e->key != DUMMY;
        dummies += e->key == DUMMY;
        if (e->key && e->key != DUMMY && !entry_is_found(so, e))
            return "key that its hash does not find";
    }
    if (live != so->used || live + dummies != so->fill)
        return "set with a wrong count"; /* I1 */
    /* I3, an insertion may be under way */
    return so->fill * 5 < so->mask * 5 ? NULL : "set without a free entry";
}

/* -- Type objects ---------------------------------------------------------------------------- */

static PySequenceMethods set_as_sequence = {.sq_length = (lenfunc)set_len,
                                            .sq_contains = (objobjproc)set_contains};

PyTypeObject PySet_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "set",
    .tp_basicsize = sizeof(PySetObject),
    .tp_dealloc = (destructor)set_dealloc,
    .tp_repr = (reprfunc)set_repr,
    .tp_as_number = &set_as_number,
    .tp_as_sequence = &set_as_sequence,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = "set() -> new empty set object\n"
              "set(iterable) -> new set object\n\n"
              "Distinct hashable items, in no order.",
    .tp_traverse = (traverseproc)set_traverse,
    .tp_clear = (inquiry)set_clear_table,
    .tp_richcompare = set_richcompare,
    .tp_weaklistoffset = offsetof(PySetObject, weakreflist),
    .tp_iter = (getiterfunc)set_iter,
    .tp_methods = set_methods,
    .tp_init = (initproc)set_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = set_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = set_vectorcall,
};

PyTypeObject PyFrozenSet_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "frozenset",
    .tp_basicsize = sizeof(PySetObject),
    .tp_dealloc = (destructor)set_dealloc,
    .tp_repr = (reprfunc)set_repr,
    .tp_as_number = &frozenset_as_number,
    .tp_as_sequence = &set_as_sequence,
    .tp_hash = frozenset_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = "frozenset() -> empty frozenset object\n"
              "frozenset(iterable) -> frozenset object\n"
              "\n"
              "A set that never changes, and so can be a key or in another set.",
    .tp_traverse = (traverseproc)set_traverse,
    .tp_clear = (inquiry)set_clear_table,
    .tp_richcompare = set_richcompare,
    .tp_weaklistoffset = offsetof(PySetObject, weakreflist),
    .tp_iter = (getiterfunc)set_iter,
    .tp_methods = frozenset_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = frozenset_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = frozenset_vectorcall,
};

/* -- C API ----------------------------------------------------------------------------------- */

PyObject *PySet_New(PyObject *iterable) { return set_make(&PySet_Type, iterable); }
PyObject *PyFrozenSet_New(PyObject *iterable) { return set_make(&PyFrozenSet_Type, iterable); }

/* Leaves the function with SystemError when the argument is no set. */
#define REQUIRE(check, set, failure) \
    do { \
        if (!check(set)) { \
            PyErr_BadInternalCall(); \
            return failure; \
        } \
    } while (0)

Py_ssize_t PySet_Size(PyObject *set)
{
    REQUIRE(PyAnySet_Check, set, -1);
    return PySet_GET_SIZE(set);
}

int PySet_Clear(PyObject *set)
{
    REQUIRE(PySet_Check, set, -1);
    return set_clear_table((PySetObject *)set);
}

int PySet_Contains(PyObject *set, PyObject *key)
{
    REQUIRE(PyAnySet_Check, set, -1);
    return set_contains_key((PySetObject *)set, key);
}

int PySet_Discard(PyObject *set, PyObject *key)
{
    REQUIRE(PySet_Check, set, -1);
    return set_discard_key((PySetObject *)set, key);
}

int PySet_Add(PyObject *set, PyObject *key)
{
    /* A frozenset may be filled while only its maker holds it. */
    if (!PySet_Check(set) && (!PyFrozenSet_Check(set) || Py_REFCNT(set) != 1)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return set_add_key((PySetObject *)set, key);
}

int _PySet_NextEntry(PyObject *set, Py_ssize_t *pos, PyObject **key, Py_hash_t *hash)
{
    setentry *entry;
    REQUIRE(PyAnySet_Check, set, -1);
    if (!set_next((PySetObject *)set, pos, &entry))
        return 0;
    *key = entry->key;
    *hash = entry->hash;
    return 1;
}

PyObject *PySet_Pop(PyObject *set)
{
    REQUIRE(PySet_Check, set, NULL);
    return set_pop((PySetObject *)set, NULL);
}

int _PySet_Update(PyObject *set, PyObject *iterable)
{
    REQUIRE(PySet_Check, set, -1);
    return set_update_from((PySetObject *)set, iterable);
}
