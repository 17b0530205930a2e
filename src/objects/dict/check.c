/* SPDX-License-Identifier: MIT
 *
 * For the heap checker (-X check=heap): whether a dict or an instance's values are what this
 * folder's invariants say.
 *
 * Runs no code of others and allocates nothing but C memory; may be asked whenever the collector
 * may run.
 */
#include "objects/dict/dict_impl.h"

#include <stdlib.h>

/* -- Key tables ------------------------------------------------------------------------------- */

static const char *keys_shape_fault(PyDictKeysObject *dk)
{
    if (dk->dk_refcnt < 1) {
        return "key table without references";
    }
    if (dk->dk_kind > DICT_KEYS_SPLIT ||
        (dk != EMPTY_KEYS && (dk->dk_log2_size < DICT_MIN_LOG2 || dk->dk_log2_size > 60))) {
        return "key table of unknown kind or size";
    }
    Py_ssize_t most = dk == EMPTY_KEYS ? 0 : (Py_ssize_t)DICT_USABLE(DK_SIZE(dk));
    if (dk->dk_usable < 0 || dk->dk_nentries < 0 || dk->dk_usable + dk->dk_nentries > most) {
        return "key table with more entries than room";
    }
    return NULL;
}

/* The probe for entry ix meets its slot before an empty one. */
static bool entry_is_found(PyDictKeysObject *dk, Py_ssize_t ix)
{
    size_t mask = (size_t)DK_SIZE(dk) - 1, perturb = (size_t)entry_hash(dk, ix), i = perturb & mask;
    for (size_t n = 0; n <= mask + 64; n++) {
        Py_ssize_t found = keys_index_get(dk, i);
        if (found == ix || found == DKIX_EMPTY) {
            return found == ix;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    return false;
}

/* Every slot names an entry of its own, every key is where its hash says. */
static const char *keys_index_fault(PyDictKeysObject *dk, uint8_t *named)
{
    Py_ssize_t keys = 0, slots = 0;
    for (Py_ssize_t i = 0; i < DK_SIZE(dk); i++) {
        Py_ssize_t ix = keys_index_get(dk, (size_t)i);
        if (ix == DKIX_EMPTY || ix == DKIX_DUMMY) {
            continue;
        }
        if (ix < 0 || ix >= dk->dk_nentries || named[ix]++) {
            return "index slot that names no entry, or one named twice";
        }
        slots++;
    }
    for (Py_ssize_t ix = 0; ix < dk->dk_nentries; ix++) {
        PyObject *key = entry_key(dk, ix);
        if (key == NULL) {
            continue;
        }
        keys++;
        if (DK_IS_UNICODE(dk) && (!PyUnicode_CheckExact(key) || str_hash(key) == -1)) {
            return "key that is no hashed str in a table of strs";
        }
        if (!entry_is_found(dk, ix)) {
            return "key that its hash does not find";
        }
    }
    return keys == slots ? NULL : "index and entries differ";
}

static const char *keys_fault(PyDictKeysObject *dk)
{
    const char *fault = keys_shape_fault(dk);
    if (fault || dk->dk_nentries == 0) {
        return fault;
    }
    uint8_t *named = calloc((size_t)dk->dk_nentries, 1);
    if (named == NULL) {
        return NULL; /* nothing can be said */
    }
    fault = keys_index_fault(dk, named);
    free(named);
    return fault;
}

/* -- Values ------------------------------------------------------------------------------------ */

/* The order of insertion names every value that is set, once. */
static const char *values_fault(PyDictKeysObject *dk, PyDictValues *values, Py_ssize_t used)
{
    uint64_t seen = 0;
    Py_ssize_t prefix = ((uint8_t *)values)[-1];
    if (dk->dk_kind != DICT_KEYS_SPLIT) {
        return "value array with a table that is not shared";
    }
    if (used != values_used(values) || used + 2 > prefix ||
        dk->dk_nentries > SHARED_KEYS_MAX_SIZE) {
        return "value array with a wrong count";
    }
    for (Py_ssize_t i = 0; i < used; i++) {
        int ix = values_order(values, i);
        if (ix >= dk->dk_nentries || seen >> ix & 1 || values->values[ix] == NULL) {
            return "insertion order that does not fit the values";
        }
        seen |= (uint64_t)1 << ix;
    }
    return NULL;
}

static const char *entries_fault(PyDictObject *mp)
{
    PyDictKeysObject *dk = mp->ma_keys;
    Py_ssize_t live = 0;
    for (Py_ssize_t ix = 0; ix < dk->dk_nentries; ix++) {
        PyObject *value = *entry_value_slot(dk, ix);
        live += value != NULL;
        if ((value != NULL) != (entry_key(dk, ix) != NULL)) {
            return "entry with a key or a value alone";
        }
    }
    return live == mp->ma_used ? NULL : "wrong number of entries";
}

/* A dict that the collector does not see must hold nothing that it needs to see. */
static const char *tracking_fault(PyDictObject *mp)
{
    Py_ssize_t pos = 0, ix;
    if (!PyDict_CheckExact(mp) || gc_is_tracked((PyObject *)mp)) {
        return NULL;
    }
    while ((ix = dict_next_index(mp, &pos)) >= 0) {
        if (may_be_tracked(entry_key(mp->ma_keys, ix)) ||
            may_be_tracked(*dict_value_slot(mp, ix))) {
            return "untracked dict with tracked contents";
        }
    }
    return NULL;
}

const char *dict_fault(PyDictObject *mp)
{
    const char *fault = keys_fault(mp->ma_keys);
    if (fault == NULL) {
        fault = mp->ma_values ? values_fault(mp->ma_keys, mp->ma_values, mp->ma_used)
                              : entries_fault(mp);
    }
    return fault ? fault : tracking_fault(mp);
}

const char *object_values_fault(PyObject *obj)
{
    PyDictValues *values = *object_values_slot(obj);
    if (values == NULL) {
        return NULL;
    }
    if (*object_dict_slot(obj)) {
        return "instance with inline values and a dict";
    }
    return values_fault(((PyHeapTypeObject *)Py_TYPE(obj))->ht_cached_keys, values,
                        values_used(values));
}
