/* SPDX-License-Identifier: MIT
 *
 * What the files of this folder share: the index of a key table, entry access that does not care
 * for the table's kind, and the steps of a mutation.
 *
 * Reading order: keys.c (tables), dict.c (objects), merge.c, dict_methods.c, views.c, instance.c.
 */
#ifndef VITRO_DICT_IMPL_H
#define VITRO_DICT_IMPL_H

#include "objects/dict/dict.h"
#include "objects/contain.h"
#include "objects/int/int.h"

#define DICT_MIN_LOG2 3    /* a fresh table has 8 slots */
#define DICT_MIN_SIZE (1 << DICT_MIN_LOG2)
#define SHARED_KEYS_LOG2 6 /* slots of a class's table: room for SHARED_KEYS_MAX_SIZE names */
#define DICT_USABLE(n) (((n) << 1) / 3) /* entries that a table of n slots takes: load 2/3 */

extern PyDictKeysObject dict_empty_keys; /* shared by all dicts without entries of their own */
#define EMPTY_KEYS (&dict_empty_keys)

/* -- Index ----------------------------------------------------------------------------------- */

/* The index has the narrowest slots that can number all entries. */
static inline Py_ssize_t keys_index_get(const PyDictKeysObject *dk, size_t slot)
{
    int log2 = dk->dk_log2_size;
    if (log2 < 8) {
        return ((const int8_t *)dk->dk_indices)[slot];
    }
    if (log2 < 16) {
        return ((const int16_t *)dk->dk_indices)[slot];
    }
    if (log2 < 32) {
        return ((const int32_t *)dk->dk_indices)[slot];
    }
    return ((const int64_t *)dk->dk_indices)[slot];
}

static inline void keys_index_set(PyDictKeysObject *dk, size_t slot, Py_ssize_t ix)
{
    int log2 = dk->dk_log2_size;
    if (log2 < 8) {
        ((int8_t *)dk->dk_indices)[slot] = (int8_t)ix;
    } else if (log2 < 16) {
        ((int16_t *)dk->dk_indices)[slot] = (int16_t)ix;
    } else if (log2 < 32) {
        ((int32_t *)dk->dk_indices)[slot] = (int32_t)ix;
    } else {
        ((int64_t *)dk->dk_indices)[slot] = ix;
    }
}

/* -- Entries --------------------------------------------------------------------------------- */

static inline Py_hash_t str_hash(PyObject *s) { return ((PyASCIIObject *)s)->hash; }

/* Hash of a key; -1 with an error when it has none. */
static inline Py_hash_t key_hash(PyObject *key)
{
    if (LIKELY(PyUnicode_CheckExact(key)) && str_hash(key) != -1) {
        return str_hash(key);
    }
    if (PyLong_CheckExact(key) && int_is_compact(key)) {
        return int_compact(key) == -1 ? -2 : int_compact(key);
    }
    return PyObject_Hash(key);
}

/* Both exact, ready strs. */
static inline bool str_equal(PyObject *a, PyObject *b)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(a);
    unsigned kind = PyUnicode_KIND(a);
    return n == PyUnicode_GET_LENGTH(b) && kind == PyUnicode_KIND(b)
           && memcmp(PyUnicode_DATA(a), PyUnicode_DATA(b), (size_t)n * kind) == 0;
}

/* Whether two keys of one hash are equal without a comparison that could run code: exact tuples of
   the same items, exact strs, small ints. False: not known. */
static inline bool keys_surely_equal(PyObject *a, PyObject *b)
{
    if (Py_TYPE(a) != Py_TYPE(b)) {
        return false;
    }
    if (PyTuple_CheckExact(a)) {
        Py_ssize_t n = PyTuple_GET_SIZE(a);
        return n == PyTuple_GET_SIZE(b)
               && memcmp(((PyTupleObject *)a)->ob_item, ((PyTupleObject *)b)->ob_item,
                         (size_t)n * sizeof(PyObject *))
                      == 0;
    }
    return PyUnicode_CheckExact(a) ? str_equal(a, b)
           : PyLong_CheckExact(a)  ? int_is_compact(a) && int_is_compact(b)
                                        && int_compact(a) == int_compact(b)
                                   : false;
}

static inline PyObject *entry_key(PyDictKeysObject *dk, Py_ssize_t ix)
{
    return DK_IS_UNICODE(dk) ? DK_UNICODE_ENTRIES(dk)[ix].me_key : DK_ENTRIES(dk)[ix].me_key;
}

static inline Py_hash_t entry_hash(PyDictKeysObject *dk, Py_ssize_t ix)
{
    return DK_IS_UNICODE(dk) ? str_hash(DK_UNICODE_ENTRIES(dk)[ix].me_key)
                             : DK_ENTRIES(dk)[ix].me_hash;
}

static inline PyObject **entry_value_slot(PyDictKeysObject *dk, Py_ssize_t ix)
{
    return DK_IS_UNICODE(dk) ? &DK_UNICODE_ENTRIES(dk)[ix].me_value : &DK_ENTRIES(dk)[ix].me_value;
}

static inline PyObject **dict_value_slot(PyDictObject *mp, Py_ssize_t ix)
{
    return mp->ma_values ? &mp->ma_values->values[ix] : entry_value_slot(mp->ma_keys, ix);
}

/* -- Values of split tables: insertion order in the bytes before the array -------------------- */

/* Entries of the insertion order. */
static inline int values_used(PyDictValues *values) { return ((uint8_t *)values)[-2]; }
static inline int values_order(PyDictValues *values, Py_ssize_t i)
{
    return ((uint8_t *)values)[-3 - i];
}

static inline Py_ssize_t keys_capacity(PyDictKeysObject *dk)
{
    return dk->dk_nentries + dk->dk_usable;
}

PyDictValues *values_new(Py_ssize_t capacity); /* without setting an error */
void values_free(PyDictValues *values);
void values_forget(PyDictValues *values, Py_ssize_t ix); /* takes ix out of the insertion order */

/* The pos-th live entry at or after *pos in insertion order: its
   index, or -1 at the end. *pos moves past it. */
static inline Py_ssize_t dict_next_index(PyDictObject *mp, Py_ssize_t *pos)
{
    Py_ssize_t i = *pos;
    if (mp->ma_values) {
        if (i < 0 || i >= mp->ma_used) {
            return -1;
        }
        *pos = i + 1;
        return values_order(mp->ma_values, i);
    }
    PyDictKeysObject *dk = mp->ma_keys;
    Py_ssize_t n = dk->dk_nentries;
    if (i < 0) {
        return -1;
    }
    if (DK_IS_UNICODE(dk)) {
        for (DictUnicodeEntry *e = DK_UNICODE_ENTRIES(dk) + i; i < n && !e->me_value; e++, i++) {}
    } else {
        for (DictEntry *e = DK_ENTRIES(dk) + i; i < n && !e->me_value; e++, i++) {}
    }
    if (i >= n) {
        return -1;
    }
    *pos = i + 1;
    return i;
}

/* -- Key tables (keys.c) ---------------------------------------------------------------------- */

PyDictKeysObject *keys_new(uint8_t log2_size, bool unicode);
/* Frees the table's block and nothing that its entries hold. */
void keys_free_outgrown(PyDictKeysObject *dk);
size_t keys_bytes(PyDictKeysObject *dk);
uint8_t keys_log2_for_slots(Py_ssize_t slots);     /* smallest table with that many slots */
uint8_t keys_log2_for_entries(Py_ssize_t entries); /* smallest table that holds so many entries */
/* The first slot on the probe of `hash` that holds no entry. */
size_t keys_free_slot(PyDictKeysObject *dk, Py_hash_t hash);
/* slot that points at entry ix */
size_t keys_slot_of(PyDictKeysObject *dk, Py_hash_t hash, Py_ssize_t ix);
/* Fills an empty index from entries that have no holes. */
void keys_build_index(PyDictKeysObject *dk);
Py_ssize_t keys_find_str(PyDictKeysObject *dk, PyObject *key, Py_hash_t hash);
/* Copy of a combined table, its references counted. */
PyDictKeysObject *keys_clone(PyDictObject *orig);
static inline void keys_incref(PyDictKeysObject *dk) { dk->dk_refcnt++; }

/* -- Objects (dict.c) -------------------------------------------------------------------------- */

/* STEALS keys and values, even on failure. */
PyObject *dict_new_with(PyDictKeysObject *keys, PyDictValues *values, Py_ssize_t used);
PyObject *dict_new_split(PyDictKeysObject *shared);
/* Also drops dead entries. -1 with MemoryError, the dict as before. */
int dict_resize(PyDictObject *mp, uint8_t log2_size, bool unicode);
/* STEALS key and value. */
int dict_insert_steal(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value);
static inline int dict_insert(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value)
{
    Py_INCREF(key);
    Py_INCREF(value);
    return dict_insert_steal(mp, key, hash, value);
}
/* Takes entry ix out; the caller owns the value that was there. */
PyObject *dict_take_entry(PyDictObject *mp, Py_hash_t hash, Py_ssize_t ix);
/* self.update(arg): a mapping or an iterable of pairs. */
int dict_update_arg(PyObject *self, PyObject *arg);
/* D1 of dict.c. */
static inline void dict_touch(PyDictObject *mp) { mp->ma_version_tag = dict_version_next(); }
/* D2 of dict.c. */
static inline void dict_track_for(PyDictObject *mp, PyObject *key, PyObject *value)
{
    if (!gc_is_tracked((PyObject *)mp) && (may_be_tracked(key) || may_be_tracked(value))) {
        gc_track((PyObject *)mp);
    }
}
PyObject *dict_copy(PyObject *o);
PyObject *dict_from_keys(PyObject *cls, PyObject *iterable, PyObject *value);
int dict_contains(PyObject *self, PyObject *key);

/* -- Methods and views ----------------------------------------------------------------------- */

PyObject *dict_iter(PyObject *self);
PyObject *dict_iterator(PyDictObject *dict, PyTypeObject *type); /* one of the six iterator types */
PyObject *dict_keys(PyObject *self, PyObject *unused);
PyObject *dict_values(PyObject *self, PyObject *unused);
PyObject *dict_items(PyObject *self, PyObject *unused);
PyObject *dict_reversed(PyObject *self, PyObject *unused);

#endif
