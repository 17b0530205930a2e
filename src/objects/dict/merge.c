/* SPDX-License-Identifier: MIT
 *
 * Many entries at once: update, merge, copy, fromkeys.
 *
 * `override`: 0 the first value of a key wins, 1 the last, 2 a key met twice is a KeyError (for
 * calls with ** and for dict displays, where the caller words the TypeError).
 *
 * The three shapes of a source, cheapest first:
 *    a dict without an __iter__ of its own   entries are walked in its table, hashes reused;
 *    anything with keys()                    key by key through its __getitem__;
 *    an iterable of pairs                    each a sequence of two.
 * Walking a table while inserting elsewhere may run code (__eq__): the source is watched, and a
 * change of its size is a RuntimeError.
 */
#include "objects/dict/dict_impl.h"

/* Whether iterating over `b` means what its table says (no
   subclass with an __iter__ of its own). */
static bool has_plain_iter(PyObject *b)
{
    return PyDict_Check(b) && Py_TYPE(b)->tp_iter == dict_iter;
}

/* -- dict into dict ---------------------------------------------------------------------------- */

/* An empty dict takes a copy of a dense table as it is: 1 done, 0 not possible. */
static int merge_by_clone(PyDictObject *mp, PyDictObject *other)
{
    PyDictKeysObject *dk = other->ma_keys;
    if (mp->ma_used != 0 || mp->ma_values || other->ma_values || other->ma_used != dk->dk_nentries
        || !(dk->dk_log2_size == DICT_MIN_LOG2 || DICT_USABLE(DK_SIZE(dk) / 2) < other->ma_used)) {
        return 0;
    }
    PyDictKeysObject *keys = keys_clone(other);
    if (keys == NULL) {
        return -1;
    }
    PyDictKeysObject *old = mp->ma_keys;
    mp->ma_keys = keys;
    mp->ma_used = other->ma_used;
    dict_touch(mp);
    dict_keys_decref(old);
    if (gc_is_tracked((PyObject *)other) && !gc_is_tracked((PyObject *)mp)) {
        gc_track((PyObject *)mp);
    }
    return 1;
}

/* One entry of a dict; the references are taken by the caller. */
static int merge_entry(PyDictObject *mp, PyObject *key, Py_hash_t hash, PyObject *value,
                       int override)
{
    if (override != 1) {
        int found = _PyDict_Contains_KnownHash((PyObject *)mp, key, hash);
        if (found > 0 && override != 0) {
            _PyErr_SetKeyError(key);
            return -1;
        }
        if (found != 0) {
            return found < 0 ? -1 : 0;
        }
    }
    return dict_insert(mp, key, hash, value);
}

/* The next entry from *pos on, owned; false at the end. */
static inline bool next_entry(PyDictObject *mp, Py_ssize_t *pos, PyObject **key, PyObject **value,
                              Py_hash_t *hash)
{
    PyDictKeysObject *dk = mp->ma_keys;
    if (UNLIKELY(mp->ma_values != NULL)) {
        if (!_PyDict_Next((PyObject *)mp, pos, key, value, hash)) {
            return false;
        }
    } else {
        do {
            if (*pos >= dk->dk_nentries) {
                return false;
            }
            *value = *entry_value_slot(dk, *pos);
            ++*pos;
        } while (*value == NULL);
        *key = entry_key(dk, *pos - 1);
        *hash = entry_hash(dk, *pos - 1);
    }
    Py_INCREF(*key);
    Py_INCREF(*value);
    return true;
}

/* Grows at most once: room for all is made before the walk. */
static int merge_dict(PyDictObject *mp, PyDictObject *other, int override)
{
    if (other == mp || other->ma_used == 0) {
        return 0;
    }
    if (mp->ma_used == 0) {
        override = 1; /* nothing there to be kept */
    }
    int cloned = merge_by_clone(mp, other);
    if (cloned != 0) {
        return cloned < 0 ? -1 : 0;
    }
    if (DICT_USABLE(DK_SIZE(mp->ma_keys)) < other->ma_used
        && dict_resize(mp, keys_log2_for_entries(mp->ma_used + other->ma_used),
                       DK_IS_UNICODE(other->ma_keys))
               < 0) {
        return -1;
    }
    Py_ssize_t n = other->ma_keys->dk_nentries, pos = 0;
    PyObject *key, *value;
    Py_hash_t hash;
    while (next_entry(other, &pos, &key, &value, &hash)) {
        int err = merge_entry(mp, key, hash, value, override);
        Py_DECREF(value);
        Py_DECREF(key);
        if (err < 0) {
            return -1;
        }
        if (n != other->ma_keys->dk_nentries) {
            PyErr_SetString(PyExc_RuntimeError, "dict mutated during update");
            return -1;
        }
    }
    return 0;
}

/* -- Any mapping into dict -------------------------------------------------------------------- */

/* One key of a mapping: 0 done, -1 error. */
static int merge_key(PyObject *a, PyObject *b, PyObject *key, int override)
{
    if (override != 1) {
        int found = PyDict_Contains(a, key);
        if (found > 0 && override != 0) {
            _PyErr_SetKeyError(key);
            return -1;
        }
        if (found != 0) {
            return found < 0 ? -1 : 0;
        }
    }
    PyObject *value = PyObject_GetItem(b, key);
    if (value == NULL) {
        return -1;
    }
    int err = PyDict_SetItem(a, key, value);
    Py_DECREF(value);
    return err;
}

/* keys() may give any iterable. */
static int merge_mapping(PyObject *a, PyObject *b, int override)
{
    PyObject *keys = PyMapping_Keys(b);
    if (keys == NULL) {
        return -1;
    }
    PyObject *iter = PyObject_GetIter(keys), *key;
    Py_DECREF(keys);
    if (iter == NULL) {
        return -1;
    }
    int err = 0;
    while (err == 0 && (key = PyIter_Next(iter)) != NULL) {
        err = merge_key(a, b, key, override);
        Py_DECREF(key);
    }
    Py_DECREF(iter);
    return err < 0 || PyErr_Occurred() ? -1 : 0;
}

/* The general form of PyDict_Merge. */
int _PyDict_MergeEx(PyObject *a, PyObject *b, int override)
{
    if (a == NULL || !PyDict_Check(a) || b == NULL) {
        PyErr_BadInternalCall();
        return -1;
    }
    return has_plain_iter(b) ? merge_dict((PyDictObject *)a, (PyDictObject *)b, override)
                             : merge_mapping(a, b, override);
}

int PyDict_Merge(PyObject *a, PyObject *b, int override)
{
    return _PyDict_MergeEx(a, b, override != 0);
}

int PyDict_Update(PyObject *a, PyObject *b) { return _PyDict_MergeEx(a, b, 1); }

/* -- Pairs into dict -------------------------------------------------------------------------- */

/* ValueError for a sequence of another length, with its number. */
static int merge_pair(PyObject *d, PyObject *item, Py_ssize_t i, int override)
{
    PyObject *fast = PySequence_Fast(item, "");
    if (fast == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Format(PyExc_TypeError,
                         "cannot convert dictionary update sequence element #%zd to a sequence", i);
        }
        return -1;
    }
    int err = -1;
    Py_ssize_t n = PySequence_Fast_GET_SIZE(fast);
    if (n != 2) {
        PyErr_Format(PyExc_ValueError,
                     "dictionary update sequence element #%zd has length %zd; 2 is required", i, n);
    } else {
        PyObject *key = Py_NewRef(PySequence_Fast_GET_ITEM(fast, 0));
        PyObject *value = Py_NewRef(PySequence_Fast_GET_ITEM(fast, 1));
        err = override ? PyDict_SetItem(d, key, value) : PyDict_SetDefault(d, key, value) ? 0 : -1;
        Py_DECREF(key);
        Py_DECREF(value);
    }
    Py_DECREF(fast);
    return err;
}

/* Pairs before the one in error stay. */
int PyDict_MergeFromSeq2(PyObject *d, PyObject *seq2, int override)
{
    PyObject *iter = PyObject_GetIter(seq2), *item;
    if (iter == NULL) {
        return -1;
    }
    int err = 0;
    for (Py_ssize_t i = 0; err == 0 && (item = PyIter_Next(iter)) != NULL; i++) {
        err = merge_pair(d, item, i, override);
        Py_DECREF(item);
    }
    Py_DECREF(iter);
    return err < 0 || PyErr_Occurred() ? -1 : 0;
}

/* The positional argument of dict() and update(), the right side of |=. */
int dict_update_arg(PyObject *self, PyObject *arg)
{
    if (PyDict_CheckExact(arg)) {
        return PyDict_Merge(self, arg, 1);
    }
    PyObject *keys;
    if (_PyObject_LookupAttr(arg, ID(keys), &keys) < 0) {
        return -1;
    }
    if (keys != NULL) {
        Py_DECREF(keys);
        return PyDict_Merge(self, arg, 1);
    }
    return PyDict_MergeFromSeq2(self, arg, 1);
}

/* -- Copies ----------------------------------------------------------------------------------- */

/* Shares the key table: only the values are copied. */
static PyObject *copy_split(PyDictObject *mp)
{
    PyDictKeysObject *dk = mp->ma_keys;
    PyDictValues *values = values_new(keys_capacity(dk));
    if (values == NULL) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < dk->dk_nentries; i++) {
        values->values[i] = Py_XNewRef(mp->ma_values->values[i]);
    }
    for (Py_ssize_t i = 0; i < mp->ma_used; i++) {
        dict_values_note_insert(values, values_order(mp->ma_values, i));
    }
    keys_incref(dk);
    return dict_new_with(dk, values, mp->ma_used);
}

/* A dense combined table is cloned; one with many holes, or that of a subclass, is merged into a
   new dict. */
PyObject *dict_copy(PyObject *o)
{
    PyDictObject *mp = (PyDictObject *)o;
    if (mp->ma_used == 0) {
        return PyDict_New();
    }
    PyObject *copy = NULL;
    if (mp->ma_values) {
        copy = copy_split(mp);
    } else if (Py_TYPE(mp)->tp_iter == dict_iter
               && mp->ma_used >= (mp->ma_keys->dk_nentries * 2) / 3) {
        PyDictKeysObject *keys = keys_clone(mp);
        copy = keys ? dict_new_with(keys, NULL, mp->ma_used) : NULL;
    } else {
        copy = PyDict_New();
        if (copy && _PyDict_MergeEx(copy, o, 1) < 0) {
            Py_CLEAR(copy);
        }
        return copy;
    }
    if (copy && gc_is_tracked(o)) {
        gc_track(copy);
    }
    return copy;
}

PyObject *PyDict_Copy(PyObject *o)
{
    if (o == NULL || !PyDict_Check(o)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return dict_copy(o);
}

/* -- fromkeys --------------------------------------------------------------------------------- */

static int fill_from_dict(PyDictObject *mp, PyObject *source, PyObject *value)
{
    Py_ssize_t pos = 0;
    PyObject *key;
    Py_hash_t hash;
    if (dict_resize(mp, keys_log2_for_entries(PyDict_GET_SIZE(source)),
                    DK_IS_UNICODE(((PyDictObject *)source)->ma_keys))
        < 0) {
        return -1;
    }
    while (_PyDict_Next(source, &pos, &key, NULL, &hash)) {
        if (dict_insert(mp, key, hash, value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int fill_from_set(PyDictObject *mp, PyObject *source, PyObject *value)
{
    Py_ssize_t pos = 0;
    PyObject *key;
    Py_hash_t hash;
    if (dict_resize(mp, keys_log2_for_entries(PySet_GET_SIZE(source)), false) < 0) {
        return -1;
    }
    while (_PySet_NextEntry(source, &pos, &key, &hash)) {
        if (dict_insert(mp, key, hash, value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int fill_from_iter(PyObject *d, PyObject *iterable, PyObject *value)
{
    PyObject *iter = PyObject_GetIter(iterable), *key;
    if (iter == NULL) {
        return -1;
    }
    int err = 0;
    while (err == 0 && (key = PyIter_Next(iter)) != NULL) {
        err = PyDict_CheckExact(d) ? PyDict_SetItem(d, key, value)
                                   : PyObject_SetItem(d, key, value);
        Py_DECREF(key);
    }
    Py_DECREF(iter);
    return err < 0 || PyErr_Occurred() ? -1 : 0;
}

/* Through item assignment when cls() gives no plain empty dict. */
PyObject *dict_from_keys(PyObject *cls, PyObject *iterable, PyObject *value)
{
    PyObject *d = PyObject_CallNoArgs(cls);
    if (d == NULL) {
        return NULL;
    }
    bool fresh = PyDict_CheckExact(d) && PyDict_GET_SIZE(d) == 0;
    int err;
    if (fresh && PyDict_CheckExact(iterable)) {
        err = fill_from_dict((PyDictObject *)d, iterable, value);
    } else if (fresh && PyAnySet_CheckExact(iterable)) {
        err = fill_from_set((PyDictObject *)d, iterable, value);
    } else {
        err = fill_from_iter(d, iterable, value);
    }
    if (err < 0) {
        Py_CLEAR(d);
    }
    return d;
}

/* for OrderedDict */
PyObject *_PyDict_FromKeys(PyObject *cls, PyObject *iterable, PyObject *value);
PyObject *_PyDict_FromKeys(PyObject *cls, PyObject *iterable, PyObject *value)
{
    return dict_from_keys(cls, iterable, value);
}
