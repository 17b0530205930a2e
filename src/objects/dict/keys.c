/* SPDX-License-Identifier: MIT
 *
 * Key tables: the hash index and the entries of a dict.
 *
 *   PyDictKeysObject | index: 2^log2_size slots of 1, 2, 4 or 8 bytes | entries in order of
 *   insertion
 *
 * A slot holds an entry's number, DKIX_EMPTY, or DKIX_DUMMY where an entry was taken out. Entries
 * of a table of kind UNICODE or SPLIT have no hash: their keys are exact strs, which carry it.
 *
 *  K1 every live entry has exactly one slot on its probe sequence, with no EMPTY slot before it;
 *  K2 dk_usable + dk_nentries never grows, so arrays sized by it stay large enough;
 *  K3 dk_version is 0 or names the present set of keys and their entry numbers.
 *
 * Probing: slot' = 5 slot + perturb + 1, perturb starting as the hash and losing 5 bits each step;
 * two thirds of the slots are used at most, so an EMPTY one is always met.
 */
#include "mem/outgrown.h"
#include "objects/dict/dict_impl.h"

PyDictKeysObject dict_empty_keys = {
    .dk_refcnt = 1,
    .dk_log2_size = 0,
    .dk_log2_index_bytes = 3,
    .dk_kind = DICT_KEYS_UNICODE,
    .dk_version = 1,
    .dk_indices = {-1, -1, -1, -1, -1, -1, -1, -1},
};

/* -- Versions -------------------------------------------------------------------------------- */

static uint64_t dict_last_version;
static uint32_t keys_next_version = 2; /* 0 once all were given out */

uint64_t dict_version_next(void) { return ++dict_last_version; }

uint32_t dict_keys_version_ensure(PyDictKeysObject *dk)
{
    if (dk->dk_version == 0 && keys_next_version != 0 && DK_IS_UNICODE(dk)) {
        dk->dk_version = keys_next_version++;
    }
    return dk->dk_version;
}

/* -- Allocation ------------------------------------------------------------------------------ */

struct free_lists container_free_lists;

void dict_freelist_clear(PyInterpreterState *interp)
{
    struct free_lists *lists = free_lists_get();
    while (lists->ndict) {
        PyObject_GC_Del(lists->dict[--lists->ndict]);
    }
    while (lists->nkeys) {
        PyObject_Free(lists->keys[--lists->nkeys]);
    }
}

/* Smallest sufficient power of two, but for less than 8
   slots either 8 or, mostly, 16: 3.11's sizes. */
uint8_t keys_log2_for_slots(Py_ssize_t slots)
{
    size_t bits = (((size_t)slots | DICT_MIN_SIZE) - 1) | (DICT_MIN_SIZE - 1);
    return (uint8_t)(64 - __builtin_clzll(bits));
}

uint8_t keys_log2_for_entries(Py_ssize_t entries)
{
    return keys_log2_for_slots((entries * 3 + 1) / 2);
}

static size_t entry_bytes(const PyDictKeysObject *dk)
{
    return DK_IS_UNICODE(dk) ? sizeof(DictUnicodeEntry) : sizeof(DictEntry);
}

size_t keys_bytes(PyDictKeysObject *dk)
{
    return sizeof(PyDictKeysObject) + ((size_t)1 << dk->dk_log2_index_bytes)
           + (size_t)DICT_USABLE(DK_SIZE(dk)) * entry_bytes(dk);
}

Py_ssize_t _PyDict_KeysSize(PyDictKeysObject *dk); /* asked for by type.__sizeof__ */
Py_ssize_t _PyDict_KeysSize(PyDictKeysObject *dk) { return (Py_ssize_t)keys_bytes(dk); }

/* 1, 2, 4 or 8 bytes a slot, whatever can number the entries. */
static uint8_t index_log2_bytes(uint8_t log2_size)
{
    return log2_size < 8    ? log2_size
           : log2_size < 16 ? log2_size + 1
           : log2_size < 32 ? log2_size + 2
                            : log2_size + 3;
}

/* An empty table of 2^log2_size slots with one reference; entries from dk_nentries on are garbage,
   so that a large table takes memory only as it fills. Small str tables come from a free list: most
   dicts need one. */
PyDictKeysObject *keys_new(uint8_t log2_size, bool unicode)
{
    struct free_lists *lists = free_lists_get();
    Py_ssize_t usable = (Py_ssize_t)DICT_USABLE((size_t)1 << log2_size);
    uint8_t log2_bytes = index_log2_bytes(log2_size);
    size_t entry_size = unicode ? sizeof(DictUnicodeEntry) : sizeof(DictEntry);
    PyDictKeysObject *dk;
    if (log2_size == DICT_MIN_LOG2 && unicode && lists->nkeys > 0) {
        dk = lists->keys[--lists->nkeys];
    } else {
        dk = PyObject_Malloc(sizeof(PyDictKeysObject) + ((size_t)1 << log2_bytes)
                             + entry_size * (size_t)usable);
        if (dk == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
    }
    dk->dk_refcnt = 1;
    dk->dk_log2_size = log2_size;
    dk->dk_log2_index_bytes = log2_bytes;
    dk->dk_kind = unicode ? DICT_KEYS_UNICODE : DICT_KEYS_GENERAL;
    dk->dk_version = 0;
    dk->dk_usable = usable;
    dk->dk_nentries = 0;
    memset(dk->dk_indices, 0xff, (size_t)1 << log2_bytes);
    return dk;
}

static void keys_free_block(PyDictKeysObject *dk)
{
    struct free_lists *lists = free_lists_get();
    /* while tracemalloc traces, a table that comes back would keep the place of its first owner */
    if (dk->dk_log2_size == DICT_MIN_LOG2 && dk->dk_kind == DICT_KEYS_UNICODE
        && lists->nkeys < DICT_FREE_MAX && !_Py_tracemalloc_config.tracing) {
        lists->keys[lists->nkeys++] = dk;
    } else {
        PyObject_Free(dk);
    }
}

/* References moved to a larger table. */
void keys_free_outgrown(PyDictKeysObject *dk)
{
    mem_outgrown(dk, keys_bytes(dk));
    keys_free_block(dk);
}

/* The last reference is gone: keys and values go, then the block. */
static void keys_free(PyDictKeysObject *dk)
{
    Py_ssize_t n = dk->dk_nentries;
    if (DK_IS_UNICODE(dk)) {
        DictUnicodeEntry *e = DK_UNICODE_ENTRIES(dk);
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_XDECREF(e[i].me_key);
            Py_XDECREF(e[i].me_value);
        }
    } else {
        DictEntry *e = DK_ENTRIES(dk);
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_XDECREF(e[i].me_key);
            Py_XDECREF(e[i].me_value);
        }
    }
    keys_free_block(dk);
}

void dict_keys_decref(PyDictKeysObject *dk)
{
    if (--dk->dk_refcnt == 0) {
        keys_free(dk);
    }
}

/* One block copied, then the references counted: the fastest way to copy a dict. Only for tables
   without holes. */
PyDictKeysObject *keys_clone(PyDictObject *orig)
{
    PyDictKeysObject *dk = orig->ma_keys;
    PyDictKeysObject *copy = PyObject_Malloc(keys_bytes(dk));
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(copy, dk, (size_t)((char *)dict_keys_entries(dk) - (char *)dk)
                         + (size_t)dk->dk_nentries * entry_bytes(dk));
    if (DK_IS_UNICODE(copy)) {
        DictUnicodeEntry *entry = DK_UNICODE_ENTRIES(copy), *end = entry + copy->dk_nentries;
        for (; entry < end; entry++) {
            if (entry->me_value != NULL) {
                Py_INCREF(entry->me_value);
                Py_INCREF(entry->me_key);
            }
        }
    } else {
        DictEntry *entry = DK_ENTRIES(copy), *end = entry + copy->dk_nentries;
        for (; entry < end; entry++) {
            if (entry->me_value != NULL) {
                Py_INCREF(entry->me_value);
                Py_INCREF(entry->me_key);
            }
        }
    }
    copy->dk_refcnt = 1;
    return copy;
}

/* -- Probing --------------------------------------------------------------------------------- */

/* First reusable slot for a key that is not in the table. */
size_t keys_free_slot(PyDictKeysObject *dk, Py_hash_t hash)
{
    size_t mask = (size_t)DK_SIZE(dk) - 1, perturb = (size_t)hash, i = (size_t)hash & mask;
    if (LIKELY(dk->dk_log2_size < 8)) {
        while (((const int8_t *)dk->dk_indices)[i] >= 0) {
            perturb >>= PERTURB_SHIFT;
            i = (i * 5 + perturb + 1) & mask;
        }
        return i;
    }
    if (dk->dk_log2_size < 16) {
        while (((const int16_t *)dk->dk_indices)[i] >= 0) {
            perturb >>= PERTURB_SHIFT;
            i = (i * 5 + perturb + 1) & mask;
        }
        return i;
    }
    while (keys_index_get(dk, i) >= 0) {
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    return i;
}

/* The entry is in the table, so the probe ends. */
size_t keys_slot_of(PyDictKeysObject *dk, Py_hash_t hash, Py_ssize_t ix)
{
    size_t mask = (size_t)DK_SIZE(dk) - 1, perturb = (size_t)hash, i = (size_t)hash & mask;
    while (keys_index_get(dk, i) != ix) {
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    return i;
}

#define FILL_INDEX(type)                                                                           \
    for (Py_ssize_t ix = 0, n = dk->dk_nentries; ix < n; ix++) {                                   \
        size_t perturb = (size_t)entry_hash(dk, ix), i = perturb & mask;                           \
        while (((const type *)dk->dk_indices)[i] != DKIX_EMPTY) {                                  \
            perturb >>= PERTURB_SHIFT;                                                             \
            i = (i * 5 + perturb + 1) & mask;                                                      \
        }                                                                                          \
        ((type *)dk->dk_indices)[i] = (type)ix;                                                    \
    }

/* Fills an EMPTY index from entries that are all live. */
void keys_build_index(PyDictKeysObject *dk)
{
    size_t mask = (size_t)DK_SIZE(dk) - 1;
    if (dk->dk_log2_size < 8) {
        FILL_INDEX(int8_t)
    } else if (dk->dk_log2_size < 16) {
        FILL_INDEX(int16_t)
    } else if (dk->dk_log2_size < 32) {
        FILL_INDEX(int32_t)
    } else {
        FILL_INDEX(int64_t)
    }
}

/* One probe loop for each width of the index: the width is no longer asked inside. A str key
   compares by address first (interned names), then by hash and text; no code can run. */
#define FIND_STR(type)                                                                             \
    for (;;) {                                                                                     \
        Py_ssize_t ix = ((const type *)dk->dk_indices)[i];                                         \
        if (ix >= 0) {                                                                             \
            PyObject *k = entries[ix].me_key;                                                      \
            if (k == key || (str_hash(k) == hash && str_equal(k, key))) {                          \
                return ix;                                                                         \
            }                                                                                      \
        } else if (ix == DKIX_EMPTY) {                                                             \
            return DKIX_EMPTY;                                                                     \
        }                                                                                          \
        perturb >>= PERTURB_SHIFT;                                                                 \
        i = (i * 5 + perturb + 1) & mask;                                                          \
    }

/* `key` an exact str, the table one of strs. */
Py_ssize_t keys_find_str(PyDictKeysObject *dk, PyObject *key, Py_hash_t hash)
{
    const DictUnicodeEntry *entries = DK_UNICODE_ENTRIES(dk);
    size_t mask = (size_t)DK_SIZE(dk) - 1, perturb = (size_t)hash, i = (size_t)hash & mask;
    if (LIKELY(dk->dk_log2_size < 8)) {
        FIND_STR(int8_t)
    }
    if (dk->dk_log2_size < 16) {
        FIND_STR(int16_t)
    }
    if (dk->dk_log2_size < 32) {
        FIND_STR(int32_t)
    }
    FIND_STR(int64_t)
}

Py_ssize_t dict_keys_find(PyDictKeysObject *dk, PyObject *key)
{
    if (!DK_IS_UNICODE(dk)) {
        return DKIX_EMPTY;
    }
    Py_hash_t hash = str_hash(key) != -1 ? str_hash(key) : PyObject_Hash(key);
    return keys_find_str(dk, key, hash);
}

/* Compares entry ix with `key`, which may run code: 1 equal,
   0 not, or DKIX_ERROR/DKIX_KEY_CHANGED. */
static int entry_matches(PyDictObject *mp, PyDictKeysObject *dk, Py_ssize_t ix, PyObject *key,
                         Py_hash_t hash)
{
    PyObject *k = entry_key(dk, ix);
    if (k == key) {
        return 1;
    }
    if (entry_hash(dk, ix) != hash) {
        return 0;
    }
    if (PyUnicode_CheckExact(k) && PyUnicode_CheckExact(key)) {
        return str_equal(k, key);
    }
    if (PyTuple_CheckExact(k) && keys_surely_equal(k, key)) {
        return 1;
    }
    Py_INCREF(k);
    int equal = PyObject_RichCompareBool(k, key, Py_EQ);
    Py_DECREF(k);
    if (equal < 0) {
        return DKIX_ERROR;
    }
    return dk == mp->ma_keys && entry_key(dk, ix) == k ? equal : DKIX_KEY_CHANGED;
}

/* The same for any key. Small ints compare by value without a call; everything else may run
   code. */
#define FIND_ANY(type)                                                                             \
    for (;;) {                                                                                     \
        Py_ssize_t ix = ((const type *)dk->dk_indices)[i];                                         \
        if (ix >= 0) {                                                                             \
            PyObject *k = entries[ix].me_key;                                                      \
            if (k == key) {                                                                        \
                return ix;                                                                         \
            }                                                                                      \
            if (entries[ix].me_hash == hash) {                                                     \
                int match = compact && PyLong_CheckExact(k) && int_is_compact(k)                   \
                                ? int_compact(k) == int_compact(key)                               \
                                : entry_matches(mp, dk, ix, key, hash);                            \
                if (match != 0) {                                                                  \
                    return match > 0 ? ix : match;                                                 \
                }                                                                                  \
            }                                                                                      \
        } else if (ix == DKIX_EMPTY) {                                                             \
            return DKIX_EMPTY;                                                                     \
        }                                                                                          \
        perturb >>= PERTURB_SHIFT;                                                                 \
        i = (i * 5 + perturb + 1) & mask;                                                          \
    }

/* A general table, any key. DKIX_KEY_CHANGED when a comparison changed the table. */
static Py_ssize_t find_general(PyDictObject *mp, PyDictKeysObject *dk, PyObject *key,
                               Py_hash_t hash)
{
    const DictEntry *entries = DK_ENTRIES(dk);
    size_t mask = (size_t)DK_SIZE(dk) - 1, perturb = (size_t)hash, i = (size_t)hash & mask;
    bool compact = PyLong_CheckExact(key) && int_is_compact(key);
    if (LIKELY(dk->dk_log2_size < 8)) {
        FIND_ANY(int8_t)
    }
    if (dk->dk_log2_size < 16) {
        FIND_ANY(int16_t)
    }
    if (dk->dk_log2_size < 32) {
        FIND_ANY(int32_t)
    }
    FIND_ANY(int64_t)
}

/* A table of strs, a key that is none. */
static Py_ssize_t find_odd(PyDictObject *mp, PyDictKeysObject *dk, PyObject *key, Py_hash_t hash)
{
    size_t mask = (size_t)DK_SIZE(dk) - 1, perturb = (size_t)hash, i = (size_t)hash & mask;
    for (;;) {
        Py_ssize_t ix = keys_index_get(dk, i);
        if (ix == DKIX_EMPTY) {
            return ix;
        }
        if (ix >= 0) {
            int match = entry_matches(mp, dk, ix, key, hash);
            if (match != 0) {
                return match > 0 ? ix : match;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
}

/* Starts over as long as comparisons change the table. */
Py_ssize_t dict_lookup(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject **value)
{
    PyDictKeysObject *dk = mp->ma_keys;
    Py_ssize_t ix;
    if (LIKELY(DK_IS_UNICODE(dk) && PyUnicode_CheckExact(key))) {
        ix = keys_find_str(dk, key, hash);
    } else {
        do {
            dk = mp->ma_keys;
            ix = DK_IS_UNICODE(dk) ? find_odd(mp, dk, key, hash) : find_general(mp, dk, key, hash);
        } while (ix == DKIX_KEY_CHANGED);
    }
    *value = ix >= 0 ? *dict_value_slot(mp, ix) : NULL;
    return ix;
}
