/* SPDX-License-Identifier: MIT
 *
 * Dict objects: making, reading, changing and dropping them, and the C API for it.
 *
 *     combined   ma_keys ──> table of its own (or EMPTY_KEYS), values in the entries
 *                ma_values = NULL
 *
 *     split      ma_keys ──> the class's shared table
 *                ma_values ──> values[ix] is the value of entry ix, NULL: not set in this dict
 *
 *  D1 every mutation gives ma_version_tag a fresh stamp;
 *  D2 the collector tracks a dict once a key or value may be tracked, and may forget it again
 *     (_PyDict_MaybeUntrack);
 *  D3 foreign code (__eq__, __hash__, __del__) may change or clear any dict: after a call that may
 *     run it, nothing read before is believed, and references are dropped only when the table is
 *     consistent again;
 *  D4 ma_used counts live entries; an entry is dead when its value is NULL. Entries are only ever
 *     appended, so iteration in order of insertion is a walk; holes go at the next resize.
 *
 * A new dict has no table; the first insertion makes one of 8 slots. A full table grows to hold
 * three times the live entries, as in 3.11: sys.getsizeof and the moment of growth show to
 * programs.
 */
#include "objects/dict/dict_impl.h"

/* -- Allocation ------------------------------------------------------------------------------ */

PyObject *dict_new_with(PyDictKeysObject *keys, PyDictValues *values, Py_ssize_t used)
{
    struct free_lists *lists = free_lists_get();
    PyDictObject *mp;
    if (LIKELY(lists->ndict > 0)) {
        mp = lists->dict[--lists->ndict];
        object_renew(mp);
    } else {
        mp = PyObject_GC_New(PyDictObject, &PyDict_Type);
        if (mp == NULL) {
            for (Py_ssize_t i = 0; values && i < keys->dk_nentries; i++) {
                Py_XDECREF(values->values[i]);
            }
            if (values) {
                values_free(values);
            }
            dict_keys_decref(keys);
            return NULL;
        }
    }
    mp->ma_keys = keys;
    mp->ma_values = values;
    mp->ma_used = used;
    dict_touch(mp);
    return (PyObject *)mp;
}

PyObject *PyDict_New(void)
{
    keys_incref(EMPTY_KEYS);
    return dict_new_with(EMPTY_KEYS, NULL, 0);
}

/* Room for `minused` entries without growth, up to a bound: callers' numbers may be lies. */
static PyObject *new_presized(Py_ssize_t minused, bool unicode)
{
    const uint8_t max_log2 = 17;
    if (minused <= DICT_USABLE(DICT_MIN_SIZE)) {
        return PyDict_New();
    }
    bool huge = minused > (Py_ssize_t)DICT_USABLE((size_t)1 << max_log2);
    PyDictKeysObject *keys = keys_new(huge ? max_log2 : keys_log2_for_entries(minused), unicode);
    return keys ? dict_new_with(keys, NULL, 0) : NULL;
}

PyObject *_PyDict_NewPresized(Py_ssize_t minused) { return new_presized(minused, false); }

PyObject *_PyDict_FromItems(PyObject *const *keys, Py_ssize_t keys_offset, PyObject *const *values,
                            Py_ssize_t values_offset, Py_ssize_t length)
{
    bool unicode = true;
    for (Py_ssize_t i = 0; unicode && i < length; i++) {
        unicode = PyUnicode_CheckExact(keys[i * keys_offset]);
    }
    PyDictKeysObject *small = length > 0 && length <= DICT_USABLE(DICT_MIN_SIZE) && unicode
                                  ? keys_new(DICT_MIN_LOG2, true)
                                  : NULL;
    PyObject *dict = small ? dict_new_with(small, NULL, 0) : new_presized(length, unicode);
    for (Py_ssize_t i = 0; dict && i < length; i++) {
        if (PyDict_SetItem(dict, keys[i * keys_offset], values[i * values_offset]) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

/* -- Growth ---------------------------------------------------------------------------------- */

/* Moves the n live entries of a split table into fresh combined `to` (kind UNICODE or GENERAL). */
static void move_split(PyDictObject *mp, PyDictKeysObject *to)
{
    PyDictKeysObject *from = mp->ma_keys;
    for (Py_ssize_t i = 0; i < mp->ma_used; i++) {
        int ix = values_order(mp->ma_values, i);
        PyObject *key = DK_UNICODE_ENTRIES(from)[ix].me_key, *value = mp->ma_values->values[ix];
        Py_INCREF(key);
        if (DK_IS_UNICODE(to)) {
            DK_UNICODE_ENTRIES(to)[i] = (DictUnicodeEntry){key, value};
        } else {
            DK_ENTRIES(to)[i] = (DictEntry){str_hash(key), key, value};
        }
    }
}

/* Entries go over without the holes; references move, no counts change. */
static void move_combined(PyDictKeysObject *from, PyDictKeysObject *to)
{
    Py_ssize_t n = from->dk_nentries, w = 0;
    if (!DK_IS_UNICODE(from)) {
        for (Py_ssize_t i = 0; i < n; i++) {
            if (DK_ENTRIES(from)[i].me_value) {
                DK_ENTRIES(to)[w++] = DK_ENTRIES(from)[i];
            }
        }
        return;
    }
    DictUnicodeEntry *e = DK_UNICODE_ENTRIES(from);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (e[i].me_value == NULL) {
            continue;
        }
        if (DK_IS_UNICODE(to)) {
            DK_UNICODE_ENTRIES(to)[w++] = e[i];
        } else {
            DK_ENTRIES(to)[w++] = (DictEntry){str_hash(e[i].me_key), e[i].me_key, e[i].me_value};
        }
    }
}

/* Gives the dict a combined table of its own with 2^log2_size
   slots. `unicode`: str keys are all to be expected. */
int dict_resize(PyDictObject *mp, uint8_t log2_size, bool unicode)
{
    if (log2_size >= 8 * sizeof(size_t) - 2) {
        PyErr_NoMemory();
        return -1;
    }
    PyDictKeysObject *old = mp->ma_keys;
    PyDictValues *old_values = mp->ma_values;
    PyDictKeysObject *keys = keys_new(log2_size, unicode && DK_IS_UNICODE(old));
    if (keys == NULL) {
        return -1;
    }
    if (old_values) {
        move_split(mp, keys);
    } else {
        move_combined(old, keys);
    }
    keys->dk_usable -= mp->ma_used;
    keys->dk_nentries = mp->ma_used;
    keys_build_index(keys);
    mp->ma_keys = keys;
    mp->ma_values = NULL;
    if (old_values) {
        dict_keys_decref(old);
        values_free(old_values);
    } else if (old == EMPTY_KEYS) {
        dict_keys_decref(old);
    } else {
        keys_free_outgrown(old);
    }
    return 0;
}

/* Room for three times the entries. */
static int grow(PyDictObject *mp, bool unicode)
{
    return dict_resize(mp, keys_log2_for_slots(mp->ma_used * 3), unicode);
}

/* -- Insertion ------------------------------------------------------------------------------- */

/* Lookup, then one of four ways: the key is there (replace the value), the table is the shared
   empty one (make one), a split table has no such name (turn combined), or append an entry,
   growing first when no room is left. */

/* Appends an entry for a key that is not there. STEALS key and value. */
static int insert_new_steal(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value)
{
    bool unicode = PyUnicode_CheckExact(key);
    PyDictKeysObject *dk = mp->ma_keys;
    /* A comparison may have changed the table since it was made fit for the key. */
    if (UNLIKELY(dk->dk_usable <= 0 || (DK_IS_UNICODE(dk) && !unicode))) {
        if (grow(mp, unicode) < 0) {
            Py_DECREF(key);
            Py_DECREF(value);
            return -1;
        }
        dk = mp->ma_keys;
    }
    dk->dk_version = 0;
    Py_ssize_t ix = dk->dk_nentries;
    keys_index_set(dk, keys_free_slot(dk, hash), ix);
    if (!DK_IS_UNICODE(dk)) {
        DK_ENTRIES(dk)[ix] = (DictEntry){hash, key, value};
    } else if (mp->ma_values) {
        DK_UNICODE_ENTRIES(dk)[ix] = (DictUnicodeEntry){key, NULL};
        mp->ma_values->values[ix] = value;
        dict_values_note_insert(mp->ma_values, ix);
    } else {
        DK_UNICODE_ENTRIES(dk)[ix] = (DictUnicodeEntry){key, value};
    }
    dk->dk_usable--;
    dk->dk_nentries++;
    mp->ma_used++;
    dict_touch(mp);
    return 0;
}

/* Puts a value (STOLEN) into a slot whose value was `old` (NULL: a hole of a split table). */
static void replace_value_steal(PyDictObject *mp, Py_ssize_t ix, PyObject *old, PyObject *value)
{
    if (old == value) {
        Py_DECREF(value);
        return;
    }
    *dict_value_slot(mp, ix) = value;
    if (old == NULL) {
        dict_values_note_insert(mp->ma_values, ix);
        mp->ma_used++;
    }
    dict_touch(mp);
    Py_XDECREF(old);
}

/* STEALS key and value. */
static int first_insert_steal(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value)
{
    PyDictKeysObject *dk = keys_new(DICT_MIN_LOG2, PyUnicode_CheckExact(key));
    if (dk == NULL) {
        Py_DECREF(key);
        Py_DECREF(value);
        return -1;
    }
    dict_keys_decref(EMPTY_KEYS);
    mp->ma_keys = dk;
    mp->ma_values = NULL;
    return insert_new_steal(mp, key, hash, value);
}

/* The next entry, for a new key whose place in the index is `slot`; the caller fills it. A narrow
   index has a byte for each slot, another one two. */
static inline Py_ssize_t claim_entry(PyDictObject *mp, PyDictKeysObject *dk, size_t slot,
                                     bool narrow)
{
    Py_ssize_t ix = dk->dk_nentries++;
    if (narrow) {
        ((int8_t *)dk->dk_indices)[slot] = (int8_t)ix;
    } else {
        ((int16_t *)dk->dk_indices)[slot] = (int16_t)ix;
    }
    dk->dk_version = 0;
    dk->dk_usable--;
    mp->ma_used++;
    dict_touch(mp);
    return ix;
}

/* An exact str into a table of strs that is not shared, below 2^16 slots: one probe finds the
   entry, or else the slot for a new one. No comparison runs code. STEALS key and value. */
static inline int insert_str_steal(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value)
{
    PyDictKeysObject *dk = mp->ma_keys;
    DictUnicodeEntry *entries = DK_UNICODE_ENTRIES(dk);
    bool narrow = dk->dk_log2_size < 8;
    size_t mask = ((size_t)1 << dk->dk_log2_size) - 1, perturb = (size_t)hash, i = perturb & mask;
    size_t slot = SIZE_MAX; /* the first on the way that holds no entry */
    for (;;) {
        Py_ssize_t ix = narrow ? ((const int8_t *)dk->dk_indices)[i]
                               : ((const int16_t *)dk->dk_indices)[i];
        if (ix >= 0) {
            PyObject *k = entries[ix].me_key;
            if (k == key || (str_hash(k) == hash && str_equal(k, key))) {
                replace_value_steal(mp, ix, entries[ix].me_value, value);
                Py_DECREF(key);
                return 0;
            }
        } else {
            slot = slot == SIZE_MAX ? i : slot;
            if (ix == DKIX_EMPTY) {
                break;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    if (UNLIKELY(dk->dk_usable <= 0)) {
        return insert_new_steal(mp, key, hash, value);
    }
    entries[claim_entry(mp, dk, slot, narrow)] = (DictUnicodeEntry){key, value};
    return 0;
}

/* Any key into a general table: as above, and false, with nothing done, when a key of the same hash
   is met that has to be compared. */
static inline bool insert_any_steal(PyDictObject *mp, PyObject *key, Py_hash_t hash,
                                    PyObject *value)
{
    PyDictKeysObject *dk = mp->ma_keys;
    DictEntry *entries = DK_ENTRIES(dk);
    bool narrow = dk->dk_log2_size < 8;
    size_t mask = ((size_t)1 << dk->dk_log2_size) - 1, perturb = (size_t)hash, i = perturb & mask;
    size_t slot = SIZE_MAX;
    for (;;) {
        Py_ssize_t ix = narrow ? ((const int8_t *)dk->dk_indices)[i]
                               : ((const int16_t *)dk->dk_indices)[i];
        if (ix >= 0) {
            PyObject *k = entries[ix].me_key;
            if (k == key || (entries[ix].me_hash == hash && keys_surely_equal(k, key))) {
                replace_value_steal(mp, ix, entries[ix].me_value, value);
                Py_DECREF(key);
                return true;
            }
            if (entries[ix].me_hash == hash) {
                return false;
            }
        } else {
            slot = slot == SIZE_MAX ? i : slot;
            if (ix == DKIX_EMPTY) {
                break;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    if (UNLIKELY(dk->dk_usable <= 0)) {
        return false;
    }
    entries[claim_entry(mp, dk, slot, narrow)] = (DictEntry){hash, key, value};
    return true;
}

/* A key that is no exact str first turns a str table into a general one. */
int dict_insert_steal(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value)
{
    dict_track_for(mp, key, value);
    if (mp->ma_keys == EMPTY_KEYS) {
        return first_insert_steal(mp, key, hash, value);
    }
    if (LIKELY(mp->ma_keys->dk_kind == DICT_KEYS_UNICODE && mp->ma_keys->dk_log2_size < 16
               && PyUnicode_CheckExact(key))) {
        return insert_str_steal(mp, key, hash, value);
    }
    if (mp->ma_keys->dk_kind == DICT_KEYS_GENERAL && mp->ma_keys->dk_log2_size < 16
        && insert_any_steal(mp, key, hash, value)) {
        return 0;
    }
    if (UNLIKELY(DK_IS_UNICODE(mp->ma_keys) && !PyUnicode_CheckExact(key)) && grow(mp, false) < 0) {
        Py_DECREF(key);
        Py_DECREF(value);
        return -1;
    }
    PyObject *old;
    Py_ssize_t ix = dict_lookup(mp, key, hash, &old);
    if (ix == DKIX_EMPTY) {
        return mp->ma_keys == EMPTY_KEYS ? first_insert_steal(mp, key, hash, value)
                                         : insert_new_steal(mp, key, hash, value);
    }
    if (ix == DKIX_ERROR) {
        Py_DECREF(key);
        Py_DECREF(value);
        return -1;
    }
    replace_value_steal(mp, ix, old, value);
    Py_DECREF(key);
    return 0;
}

/* STEALS key and value. */
static inline int set_item_steal(PyDictObject *mp, PyObject *key, PyObject *value)
{
    Py_hash_t hash = key_hash(key);
    if (UNLIKELY(hash == -1)) {
        Py_DECREF(key);
        Py_DECREF(value);
        return -1;
    }
    return dict_insert_steal(mp, key, hash, value);
}

/* STEALS key and value. */
int _PyDict_SetItem_Take2(PyDictObject *mp, PyObject *key, PyObject *value);
int _PyDict_SetItem_Take2(PyDictObject *mp, PyObject *key, PyObject *value)
{
    return set_item_steal(mp, key, value);
}

int PyDict_SetItem(PyObject *op, PyObject *key, PyObject *value)
{
    if (UNLIKELY(!PyDict_Check(op))) {
        PyErr_BadInternalCall();
        return -1;
    }
    Py_INCREF(key);
    Py_INCREF(value);
    return set_item_steal((PyDictObject *)op, key, value);
}

int _PyDict_SetItem_KnownHash(PyObject *op, PyObject *key, PyObject *value, Py_hash_t hash)
{
    if (!PyDict_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return dict_insert((PyDictObject *)op, key, hash, value);
}

/* BORROWED: the value that is there, or the one put in. One lookup. */
PyObject *PyDict_SetDefault(PyObject *d, PyObject *key, PyObject *value)
{
    PyDictObject *mp = (PyDictObject *)d;
    if (!PyDict_Check(d)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    Py_hash_t hash = key_hash(key);
    if (hash == -1) {
        return NULL;
    }
    if (mp->ma_keys != EMPTY_KEYS && DK_IS_UNICODE(mp->ma_keys) && !PyUnicode_CheckExact(key)
        && grow(mp, false) < 0) {
        return NULL;
    }
    PyObject *old;
    Py_ssize_t ix = dict_lookup(mp, key, hash, &old);
    if (ix == DKIX_ERROR || old != NULL) {
        return old;
    }
    dict_track_for(mp, key, value);
    Py_INCREF(value);
    if (ix >= 0) {
        replace_value_steal(mp, ix, NULL, value);
        return value;
    }
    Py_INCREF(key);
    int err = mp->ma_keys == EMPTY_KEYS ? first_insert_steal(mp, key, hash, value)
                                        : insert_new_steal(mp, key, hash, value);
    return err < 0 ? NULL : value;
}

/* -- Deletion -------------------------------------------------------------------------------- */

/* The index slot becomes a dummy, the entry a hole; nothing moves. In a split dict only the value
   goes, and its place in the order of insertion: the table is shared. */

PyObject *dict_take_entry(PyDictObject *mp, Py_hash_t hash, Py_ssize_t ix)
{
    PyObject *value, *key = NULL;
    mp->ma_used--;
    dict_touch(mp);
    if (mp->ma_values) {
        value = mp->ma_values->values[ix];
        mp->ma_values->values[ix] = NULL;
        values_forget(mp->ma_values, ix);
        return value;
    }
    PyDictKeysObject *dk = mp->ma_keys;
    keys_index_set(dk, keys_slot_of(dk, hash, ix), DKIX_DUMMY);
    dk->dk_version = 0;
    PyObject **slot = entry_value_slot(dk, ix);
    value = *slot;
    *slot = NULL;
    if (DK_IS_UNICODE(dk)) {
        key = DK_UNICODE_ENTRIES(dk)[ix].me_key;
        DK_UNICODE_ENTRIES(dk)[ix].me_key = NULL;
    } else {
        DictEntry *e = &DK_ENTRIES(dk)[ix];
        key = e->me_key;
        e->me_key = NULL;
        e->me_hash = 0;
    }
    Py_DECREF(key);
    return value;
}

int _PyDict_DelItem_KnownHash(PyObject *op, PyObject *key, Py_hash_t hash)
{
    PyDictObject *mp = (PyDictObject *)op;
    if (!PyDict_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    PyObject *old;
    Py_ssize_t ix = dict_lookup(mp, key, hash, &old);
    if (old == NULL) {
        if (ix != DKIX_ERROR) {
            _PyErr_SetKeyError(key);
        }
        return -1;
    }
    Py_DECREF(dict_take_entry(mp, hash, ix));
    return 0;
}

int PyDict_DelItem(PyObject *op, PyObject *key)
{
    Py_hash_t hash = key_hash(key);
    return hash == -1 ? -1 : _PyDict_DelItem_KnownHash(op, key, hash);
}

/* Deletes if predicate(value) is true; it may not change the dict. */
int _PyDict_DelItemIf(PyObject *op, PyObject *key, int (*predicate)(PyObject *value))
{
    PyDictObject *mp = (PyDictObject *)op;
    if (!PyDict_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    Py_hash_t hash = PyObject_Hash(key);
    if (hash == -1) {
        return -1;
    }
    PyObject *old;
    Py_ssize_t ix = dict_lookup(mp, key, hash, &old);
    if (old == NULL) {
        if (ix != DKIX_ERROR) {
            _PyErr_SetKeyError(key);
        }
        return -1;
    }
    int res = predicate(old);
    if (res > 0) {
        Py_DECREF(dict_take_entry(mp, hash, ix));
        return 0;
    }
    return res;
}

PyObject *_PyDict_Pop_KnownHash(PyObject *dict, PyObject *key, Py_hash_t hash, PyObject *deflt);
PyObject *_PyDict_Pop_KnownHash(PyObject *dict, PyObject *key, Py_hash_t hash, PyObject *deflt)
{
    PyDictObject *mp = (PyDictObject *)dict;
    PyObject *old = NULL;
    Py_ssize_t ix = mp->ma_used == 0 ? DKIX_EMPTY : dict_lookup(mp, key, hash, &old);
    if (ix == DKIX_ERROR) {
        return NULL;
    }
    if (old != NULL) {
        return dict_take_entry(mp, hash, ix);
    }
    if (deflt == NULL) {
        _PyErr_SetKeyError(key);
        return NULL;
    }
    return Py_NewRef(deflt);
}

/* deflt NULL: KeyError when missing. */
PyObject *_PyDict_Pop(PyObject *dict, PyObject *key, PyObject *deflt)
{
    if (((PyDictObject *)dict)->ma_used == 0) {
        if (deflt) {
            return Py_NewRef(deflt);
        }
        _PyErr_SetKeyError(key);
        return NULL;
    }
    Py_hash_t hash = key_hash(key);
    return hash == -1 ? NULL : _PyDict_Pop_KnownHash(dict, key, hash, deflt);
}

/* Empty first, then the contents go (D3). */
void PyDict_Clear(PyObject *op)
{
    PyDictObject *mp = (PyDictObject *)op;
    if (!PyDict_Check(op) || mp->ma_keys == EMPTY_KEYS) {
        return;
    }
    PyDictKeysObject *keys = mp->ma_keys;
    PyDictValues *values = mp->ma_values;
    dict_touch(mp);
    keys_incref(EMPTY_KEYS);
    mp->ma_keys = EMPTY_KEYS;
    mp->ma_values = NULL;
    mp->ma_used = 0;
    if (values) {
        for (Py_ssize_t i = 0, n = keys->dk_nentries; i < n; i++) {
            Py_CLEAR(values->values[i]);
        }
        values_free(values);
    }
    dict_keys_decref(keys);
}

/* -- Lookup ---------------------------------------------------------------------------------- */

PyObject *_PyDict_GetItem_KnownHash(PyObject *op, PyObject *key, Py_hash_t hash)
{
    if (!PyDict_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    PyObject *value;
    dict_lookup((PyDictObject *)op, key, hash, &value);
    return value;
}

/* BORROWED; NULL without an exception: missing. */
PyObject *PyDict_GetItemWithError(PyObject *op, PyObject *key)
{
    if (UNLIKELY(!PyDict_Check(op))) {
        PyErr_BadInternalCall();
        return NULL;
    }
    Py_hash_t hash = key_hash(key);
    if (hash == -1) {
        return NULL;
    }
    PyObject *value;
    dict_lookup((PyDictObject *)op, key, hash, &value);
    return value;
}

PyObject *_PyDict_GetItemWithError(PyObject *dp, PyObject *key)
{
    return PyDict_GetItemWithError(dp, key);
}

/* Swallows errors of its own and keeps one that was set before. */
PyObject *PyDict_GetItem(PyObject *op, PyObject *key)
{
    if (!PyDict_Check(op)) {
        return NULL;
    }
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *res = PyDict_GetItemWithError(op, key);
    PyErr_Restore(type, value, tb);
    return res;
}

int _PyDict_Contains_KnownHash(PyObject *op, PyObject *key, Py_hash_t hash)
{
    PyObject *value;
    Py_ssize_t ix = dict_lookup((PyDictObject *)op, key, hash, &value);
    return ix == DKIX_ERROR ? -1 : value != NULL;
}

int dict_contains(PyObject *self, PyObject *key)
{
    Py_hash_t hash = key_hash(key);
    return hash == -1 ? -1 : _PyDict_Contains_KnownHash(self, key, hash);
}

int PyDict_Contains(PyObject *op, PyObject *key) { return dict_contains(op, key); }

/* LOAD_GLOBAL and LOAD_NAME: two dicts, one hash. */
PyObject *dict_load_global(PyDictObject *globals, PyDictObject *builtins, PyObject *name)
{
    Py_hash_t hash = key_hash(name);
    if (hash == -1) {
        return NULL;
    }
    PyObject *value;
    Py_ssize_t ix = dict_lookup(globals, name, hash, &value);
    if (value == NULL && ix != DKIX_ERROR) {
        dict_lookup(builtins, name, hash, &value);
    }
    return Py_XNewRef(value);
}

/* BORROWED key and value. The dict's keys must not change between calls; values may. */
int _PyDict_Next(PyObject *op, Py_ssize_t *ppos, PyObject **pkey, PyObject **pvalue,
                 Py_hash_t *phash)
{
    if (!PyDict_Check(op)) {
        return 0;
    }
    PyDictObject *mp = (PyDictObject *)op;
    Py_ssize_t ix = dict_next_index(mp, ppos);
    if (ix < 0) {
        return 0;
    }
    if (pkey) {
        *pkey = entry_key(mp->ma_keys, ix);
    }
    if (pvalue) {
        *pvalue = *dict_value_slot(mp, ix);
    }
    if (phash) {
        *phash = entry_hash(mp->ma_keys, ix);
    }
    return 1;
}

int PyDict_Next(PyObject *op, Py_ssize_t *ppos, PyObject **pkey, PyObject **pvalue)
{
    return _PyDict_Next(op, ppos, pkey, pvalue, NULL);
}

Py_ssize_t PyDict_Size(PyObject *mp)
{
    if (mp == NULL || !PyDict_Check(mp)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return ((PyDictObject *)mp)->ma_used;
}

/* For ** in calls. A table of str keys needs no look. */
int _PyDict_HasOnlyStringKeys(PyObject *dict)
{
    PyDictObject *mp = (PyDictObject *)dict;
    if (DK_IS_UNICODE(mp->ma_keys)) {
        return 1;
    }
    PyObject *key;
    Py_ssize_t pos = 0;
    while (PyDict_Next(dict, &pos, &key, NULL)) {
        if (!PyUnicode_Check(key)) {
            return 0;
        }
    }
    return 1;
}

/* -- Collector, size, checks ------------------------------------------------------------------ */

void _PyDict_MaybeUntrack(PyObject *op)
{
    if (!PyDict_CheckExact(op) || !gc_is_tracked(op)) {
        return;
    }
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next(op, &pos, &key, &value)) {
        if (may_be_tracked(value) || may_be_tracked(key)) {
            return;
        }
    }
    gc_untrack(op);
}

/* A shared table is counted for nobody. */
Py_ssize_t _PyDict_SizeOf(PyDictObject *mp)
{
    Py_ssize_t size = Py_TYPE(mp)->tp_basicsize;
    if (mp->ma_values) {
        size += keys_capacity(mp->ma_keys) * (Py_ssize_t)sizeof(PyObject *);
    }
    return mp->ma_keys->dk_refcnt == 1 ? size + (Py_ssize_t)keys_bytes(mp->ma_keys) : size;
}

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            _PyObject_ASSERT_FAILED_MSG(op, #condition);                                           \
        }                                                                                          \
    } while (0)

EXPORT int _PyDict_CheckConsistency(PyObject *op, int check_content);
int _PyDict_CheckConsistency(PyObject *op, int check_content)
{
    PyDictObject *mp = (PyDictObject *)op;
    PyDictKeysObject *dk = mp->ma_keys;
    Py_ssize_t usable = (Py_ssize_t)DICT_USABLE(DK_SIZE(dk));
    CHECK(PyDict_Check(op));
    CHECK(0 <= mp->ma_used && mp->ma_used <= usable);
    CHECK(0 <= dk->dk_usable && dk->dk_usable <= usable);
    CHECK(0 <= dk->dk_nentries && dk->dk_nentries <= usable);
    CHECK(dk->dk_usable + dk->dk_nentries <= usable);
    CHECK(mp->ma_values ? dk->dk_kind == DICT_KEYS_SPLIT : dk->dk_kind != DICT_KEYS_SPLIT);
    if (check_content) {
        Py_ssize_t live = 0;
        for (Py_ssize_t i = 0; i < dk->dk_nentries; i++) {
            PyObject *key = entry_key(dk, i);
            live += *dict_value_slot(mp, i) != NULL;
            CHECK(key != NULL || *dict_value_slot(mp, i) == NULL);
            CHECK(!DK_IS_UNICODE(dk) || key == NULL || PyUnicode_CheckExact(key));
        }
        CHECK(live == mp->ma_used);
    }
    return 1;
}

void _PyDict_DebugMallocStats(FILE *out)
{
    _PyDebugAllocatorStats(out, "free PyDictObject", free_lists_get()->ndict, sizeof(PyDictObject));
}

/* -- Names and C strings ---------------------------------------------------------------------- */

PyObject *_PyDict_GetItemIdWithError(PyObject *dp, _Py_Identifier *id)
{
    PyObject *key = _PyUnicode_FromId(id); /* borrowed */
    return key ? PyDict_GetItemWithError(dp, key) : NULL;
}

PyObject *_PyDict_GetItemStringWithError(PyObject *v, const char *name)
{
    PyObject *key = PyUnicode_FromString(name);
    PyObject *value = key ? PyDict_GetItemWithError(v, key) : NULL;
    Py_XDECREF(key);
    return value;
}

PyObject *PyDict_GetItemString(PyObject *v, const char *name)
{
    PyObject *key = PyUnicode_FromString(name);
    if (key == NULL) {
        PyErr_Clear();
        return NULL;
    }
    PyObject *value = PyDict_GetItem(v, key);
    Py_DECREF(key);
    return value;
}

int _PyDict_SetItemId(PyObject *v, _Py_Identifier *id, PyObject *item)
{
    PyObject *key = _PyUnicode_FromId(id);
    return key ? PyDict_SetItem(v, key, item) : -1;
}

int PyDict_SetItemString(PyObject *v, const char *name, PyObject *item)
{
    PyObject *key = PyUnicode_FromString(name);
    if (key == NULL) {
        return -1;
    }
    PyUnicode_InternInPlace(&key);
    int err = PyDict_SetItem(v, key, item);
    Py_DECREF(key);
    return err;
}

int _PyDict_DelItemId(PyObject *v, _Py_Identifier *id)
{
    PyObject *key = _PyUnicode_FromId(id);
    return key ? PyDict_DelItem(v, key) : -1;
}

int PyDict_DelItemString(PyObject *v, const char *name)
{
    PyObject *key = PyUnicode_FromString(name);
    if (key == NULL) {
        return -1;
    }
    int err = PyDict_DelItem(v, key);
    Py_DECREF(key);
    return err;
}

int _PyDict_ContainsId(PyObject *op, _Py_Identifier *id)
{
    PyObject *key = _PyUnicode_FromId(id);
    return key ? PyDict_Contains(op, key) : -1;
}
