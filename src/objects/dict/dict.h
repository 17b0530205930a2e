/* SPDX-License-Identifier: MIT
 *
 * What others may know of dicts: key tables, shared keys, inline values, and the lookups that
 * caches rest on.
 *
 * A key table is a hash index of 1, 2, 4 or 8-byte slots followed by entries in insertion order:
 *
 *    dk_indices: slot → ix │ ix │ EMPTY │ DUMMY │ …   then  entry 0 │ entry 1 │ …
 *
 * Split tables share one key table among the instances of a class and keep values apart
 * (PyDictValues), where their position in the array is that of the key's entry.
 *
 * Thread rule: under the lock. Lookups may run __eq__ unless they say "never raises". Reading
 * order: the structs, dict_lookup, then what instances keep in front of the object.
 */
#ifndef VITRO_DICT_H
#define VITRO_DICT_H

#include "vitro.h"

enum dict_kind {
    DICT_KEYS_GENERAL = 0, /* any keys: DictEntry, with hashes */
    DICT_KEYS_UNICODE = 1, /* exact str only: DictUnicodeEntry, hashes are in the keys */
    DICT_KEYS_SPLIT = 2,   /* the same, shared by instances; entries hold no values */
};
enum {
    DKIX_EMPTY = -1,       /* slot never used: a probe ends here; as a result: not found */
    DKIX_DUMMY = -2,       /* slot of a deleted entry: a probe goes on */
    DKIX_ERROR = -3,       /* result: an exception is set */
    DKIX_KEY_CHANGED = -4, /* result: a comparison changed the table, look again */
};
#define PERTURB_SHIFT 5    /* bits of the hash that each further probe takes in */
#define SHARED_KEYS_MAX_SIZE 30 /* names in a shared table; more, and instances get dicts */

/* general tables; value NULL: a hole */
typedef struct { Py_hash_t me_hash; PyObject *me_key, *me_value; } DictEntry;
/* all keys exact str */
typedef struct { PyObject *me_key, *me_value; } DictUnicodeEntry;

struct _dictkeysobject {
    Py_ssize_t dk_refcnt; /* dicts and classes that hold the table */
    uint8_t dk_log2_size;        /* slots in the index: 1 << this */
    uint8_t dk_log2_index_bytes; /* bytes of the index: 1 << this */
    uint8_t dk_kind;             /* enum dict_kind */
    uint32_t dk_version;         /* 0: none; caches compare it; reset to 0 by any change of keys */
    Py_ssize_t dk_usable;        /* entries that still fit */
    Py_ssize_t dk_nentries;      /* entries used, dead ones included */
    char dk_indices[];           /* index, then entries */
};

struct _dictvalues {
    /* bytes before it: [-1] size of prefix, [-2] number used, then insertion order */
    PyObject *values[1];
};

#define DK_LOG_SIZE(dk) ((dk)->dk_log2_size)
#define DK_SIZE(dk) ((int64_t)1 << DK_LOG_SIZE(dk))
static inline void *dict_keys_entries(const PyDictKeysObject *dk)
{
    return (char *)dk->dk_indices + ((size_t)1 << dk->dk_log2_index_bytes);
}
#define DK_ENTRIES(dk) ((DictEntry *)dict_keys_entries(dk))
#define DK_UNICODE_ENTRIES(dk) ((DictUnicodeEntry *)dict_keys_entries(dk))
#define DK_IS_UNICODE(dk) ((dk)->dk_kind != DICT_KEYS_GENERAL)

/* Index of `key` (exact str with hash) in a table of str keys, or DKIX_EMPTY. Never raises. */
Py_ssize_t dict_keys_find(PyDictKeysObject *dk, PyObject *key);
/* Where the value of `name` (exact str with hash) lies in a namespace that is an exact dict with a
   table of strs of its own; DKIX_EMPTY: it lacks the name; DKIX_ERROR: the general lookup has to
   say, the namespace (may be NULL) is another. Never raises. */
static inline Py_ssize_t dict_find_name(PyObject *namespace, PyObject *name)
{
    if (UNLIKELY(namespace == NULL || !PyDict_CheckExact(namespace))) {
        return DKIX_ERROR;
    }
    const PyDictKeysObject *dk = ((PyDictObject *)namespace)->ma_keys;
    if (dk->dk_kind != DICT_KEYS_UNICODE || dk->dk_log2_size >= 16) {
        return DKIX_ERROR;
    }
    const DictUnicodeEntry *entries = DK_UNICODE_ENTRIES(dk);
    bool narrow = dk->dk_log2_size < 8;
    size_t hash = (size_t)((PyASCIIObject *)name)->hash, perturb = hash;
    size_t mask = ((size_t)1 << dk->dk_log2_size) - 1, slot = hash & mask;
    for (;;) {
        Py_ssize_t ix = narrow ? ((const int8_t *)dk->dk_indices)[slot]
                               : ((const int16_t *)dk->dk_indices)[slot];
        if (ix >= 0) {
            PyObject *key = entries[ix].me_key;
            if (key == name) {
                return ix;
            }
            if ((size_t)((PyASCIIObject *)key)->hash == hash) {
                return DKIX_ERROR;
            }
        } else if (ix == DKIX_EMPTY) {
            return hash == (size_t)-1 ? DKIX_ERROR : DKIX_EMPTY;
        }
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + perturb + 1) & mask;
    }
}

/* The table's version, assigned on demand; 0 when versions ran out or keys are not all str. */
uint32_t dict_keys_version_ensure(PyDictKeysObject *dk);
/* Index or DKIX_EMPTY/DKIX_ERROR; *value BORROWED MAYBE_NULL. */
Py_ssize_t dict_lookup(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject **value);
/* Stamp for ma_version_tag; every mutation takes a new one. */
uint64_t dict_version_next(void);
/* BORROWED: the value at the index dict_find_name gave. */
static inline PyObject *dict_name_at(PyObject *namespace, Py_ssize_t ix)
{
    return DK_UNICODE_ENTRIES(((PyDictObject *)namespace)->ma_keys)[ix].me_value;
}
/* STEALS value. Replaces the value there and gives the old one to the caller; the dict must be
   tracked already if the new value may be. */
static inline PyObject *dict_replace_at(PyObject *namespace, Py_ssize_t ix, PyObject *value)
{
    PyDictObject *mp = (PyDictObject *)namespace;
    PyObject **slot = &DK_UNICODE_ENTRIES(mp->ma_keys)[ix].me_value, *old = *slot;
    *slot = value;
    if (old != value) {
        mp->ma_version_tag = dict_version_next();
    }
    return old;
}
/* The value there, of one reference, moved to `value`, with other contents. */
static inline void dict_moved_at(PyObject *namespace, Py_ssize_t ix, PyObject *value)
{
    PyDictObject *mp = (PyDictObject *)namespace;
    DK_UNICODE_ENTRIES(mp->ma_keys)[ix].me_value = value;
    mp->ma_version_tag = dict_version_next();
}
/* check.c: what is broken in a dict, or in the inline values
   of an instance; NULL when nothing is. */
const char *dict_fault(PyDictObject *mp);
const char *object_values_fault(PyObject *obj);
/* A dict of length pairs, each array read with its own stride. */
PyObject *_PyDict_FromItems(PyObject *const *keys, Py_ssize_t keys_offset, PyObject *const *values,
                            Py_ssize_t values_offset, Py_ssize_t length);
/* owned; NULL without error when missing */
PyObject *dict_load_global(PyDictObject *globals, PyDictObject *builtins, PyObject *name);

/* -- Instances of managed-dict types: obj[-4] values,
   obj[-3] dict, then the collector's two words  */

static inline PyDictValues **object_values_slot(PyObject *obj) { return (PyDictValues **)obj - 4; }
static inline PyObject **object_dict_slot(PyObject *obj) { return (PyObject **)obj - 3; }

PyDictKeysObject *dict_keys_new_shared(void);
/* Drops one reference to a key table. */
void dict_keys_decref(PyDictKeysObject *dk);
/* Gives a fresh instance its empty values (shared keys allow) or leaves both slots NULL. */
int object_values_init(PyObject *obj);
void object_values_free(PyObject *obj);
/* Sets or (value NULL) deletes an attribute kept in inline values; may turn them into a dict. */
int object_values_store(PyObject *obj, PyDictValues *values, PyObject *name, PyObject *value);
/* Owned, NULL without error when missing. */
PyObject *object_values_get(PyObject *obj, PyDictValues *values, PyObject *name);
/* The instance's __dict__, made from its values when there is none yet. Owned. */
PyObject *object_dict_ensure(PyObject *obj);
int object_values_visit(PyObject *obj, visitproc visit, void *arg);
void object_values_clear(PyObject *obj);
/* Insertion order bookkeeping when the machine stores a value into a so far empty slot `ix`. */
void dict_values_note_insert(PyDictValues *values, Py_ssize_t ix);

#endif
