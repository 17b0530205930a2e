/* SPDX-License-Identifier: MIT
 *
 * Attributes of instances: shared keys and the value arrays that belong to them.
 *
 *   prefix: … order[1] order[0] | used | prefix size || values[0] values[1] …
 *                                                      ^ PyDictValues *
 *
 * A class owns one shared key table (ht_cached_keys). An instance starts with only a value array,
 * sized by what its class's instances have used so far: each new instance takes one unit off
 * dk_usable, so that after some thirty of them arrays are as long as there are names. Its dict is
 * made when somebody asks, and takes the array over.
 */
#include "objects/dict/dict_impl.h"

static PyDictKeysObject *cached_keys(PyObject *obj)
{
    return ((PyHeapTypeObject *)Py_TYPE(obj))->ht_cached_keys;
}

/* -- Value arrays ----------------------------------------------------------------------------- */

PyDictValues *values_new(Py_ssize_t capacity)
{
    size_t prefix = ((size_t)capacity + 2 + sizeof(PyObject *) - 1) & ~(sizeof(PyObject *) - 1);
    uint8_t *block = PyMem_Malloc(prefix + (size_t)capacity * sizeof(PyObject *));
    if (block == NULL) {
        return NULL;
    }
    PyDictValues *values = (PyDictValues *)(block + prefix);
    ((uint8_t *)values)[-1] = (uint8_t)prefix;
    ((uint8_t *)values)[-2] = 0;
    for (Py_ssize_t i = 0; i < capacity; i++) {
        values->values[i] = NULL;
    }
    return values;
}

void values_free(PyDictValues *values) { PyMem_Free((uint8_t *)values - ((uint8_t *)values)[-1]); }

void dict_values_note_insert(PyDictValues *values, Py_ssize_t ix)
{
    uint8_t *used = (uint8_t *)values - 2;
    ++*used;
    used[-*used] = (uint8_t)ix;
}

void values_forget(PyDictValues *values, Py_ssize_t ix)
{
    uint8_t *used = (uint8_t *)values - 2;
    int n = *used, i = 1;
    while (i <= n && used[-i] != ix) {
        i++;
    }
    for (; i < n; i++) {
        used[-i] = used[-i - 1];
    }
    *used = (uint8_t)(n - 1);
}

/* -- Shared keys ------------------------------------------------------------------------------ */

PyDictKeysObject *dict_keys_new_shared(void)
{
    PyDictKeysObject *dk = keys_new(SHARED_KEYS_LOG2, true);
    if (dk == NULL) {
        PyErr_Clear();
        return NULL;
    }
    dk->dk_usable = SHARED_KEYS_MAX_SIZE;
    dk->dk_kind = DICT_KEYS_SPLIT;
    return dk;
}

/* Entry of `name` (exact str) in a shared table, appended when
   there is room; DKIX_EMPTY when there is none. */
static Py_ssize_t shared_find_or_add(PyDictKeysObject *dk, PyObject *name, bool add)
{
    Py_hash_t hash = key_hash(name);
    Py_ssize_t ix = keys_find_str(dk, name, hash);
    if (ix >= 0 || !add || dk->dk_usable <= 0) {
        return ix;
    }
    dk->dk_version = 0;
    ix = dk->dk_nentries;
    keys_index_set(dk, keys_free_slot(dk, hash), ix);
    DK_UNICODE_ENTRIES(dk)[ix] = (DictUnicodeEntry){Py_NewRef(name), NULL};
    dk->dk_usable--;
    dk->dk_nentries++;
    return ix;
}

PyObject *dict_new_split(PyDictKeysObject *shared)
{
    PyDictValues *values = values_new(keys_capacity(shared));
    if (values == NULL) {
        return PyErr_NoMemory();
    }
    keys_incref(shared);
    return dict_new_with(shared, values, 0);
}

/* -- Inline values ---------------------------------------------------------------------------- */

/* The array in front of the object stands for its dict until somebody asks for __dict__, or adds a
   name that is no str or that the shared keys have no room for; then the dict takes it over, and
   the slot becomes NULL. */

/* Leaves both slots NULL without memory for the array: a dict is made at the first store. */
int object_values_init(PyObject *obj)
{
    PyTypeObject *tp = Py_TYPE(obj);
    *object_values_slot(obj) = NULL;
    *object_dict_slot(obj) = NULL;
    if (!PyType_HasFeature(tp, Py_TPFLAGS_HEAPTYPE)) {
        return 0;
    }
    PyDictKeysObject *dk = cached_keys(obj);
    if (dk == NULL) {
        return 0;
    }
    if (dk->dk_usable > 1) {
        dk->dk_usable--;
    }
    PyDictValues *values = values_new(keys_capacity(dk));
    if (values == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    *object_values_slot(obj) = values;
    return 0;
}

/* A dict that takes the value array over. Frees the array and its values on failure. */
static PyObject *dict_from_values(PyObject *obj, PyDictValues *values)
{
    PyDictKeysObject *dk = cached_keys(obj);
    Py_ssize_t used = 0;
    bool track = false;
    for (Py_ssize_t i = 0; i < dk->dk_nentries; i++) {
        PyObject *value = values->values[i];
        if (value != NULL) {
            used++;
            track |= may_be_tracked(value);
        }
    }
    keys_incref(dk);
    PyObject *dict = dict_new_with(dk, values, used);
    if (dict && track) {
        gc_track(dict);
    }
    return dict;
}

PyObject *object_dict_ensure(PyObject *obj)
{
    PyObject **slot = object_dict_slot(obj);
    PyDictValues *values = *object_values_slot(obj);
    if (values != NULL) {
        *slot = dict_from_values(obj, values);
        *object_values_slot(obj) = NULL;
    } else if (*slot == NULL) {
        *slot = PyDict_New();
    }
    return Py_XNewRef(*slot);
}

/* The name found no room among the shared keys: from here on the instance has a dict. */
static int store_in_dict(PyObject *obj, PyObject *name, PyObject *value)
{
    PyObject *dict = object_dict_ensure(obj);
    if (dict == NULL) {
        return -1;
    }
    int err = value ? PyDict_SetItem(dict, name, value) : PyDict_DelItem(dict, name);
    Py_DECREF(dict);
    return err;
}

/* A name that the class's instances have not used yet is added to the shared keys. */
int object_values_store(PyObject *obj, PyDictValues *values, PyObject *name, PyObject *value)
{
    Py_ssize_t ix = DKIX_EMPTY;
    if (PyUnicode_CheckExact(name)) {
        ix = shared_find_or_add(cached_keys(obj), name, value != NULL);
    }
    if (ix == DKIX_EMPTY && (value != NULL || !PyUnicode_CheckExact(name))) {
        return store_in_dict(obj, name, value);
    }
    PyObject *old = ix >= 0 ? values->values[ix] : NULL;
    if (old == NULL && value == NULL) {
        PyErr_Format(PyExc_AttributeError, "'%.100s' object has no attribute '%U'",
                     Py_TYPE(obj)->tp_name, name);
        return -1;
    }
    values->values[ix] = Py_XNewRef(value);
    if (old == NULL) {
        dict_values_note_insert(values, ix);
    } else {
        if (value == NULL) {
            values_forget(values, ix);
        }
        Py_DECREF(old);
    }
    return 0;
}

PyObject *object_values_get(PyObject *obj, PyDictValues *values, PyObject *name)
{
    if (UNLIKELY(!PyUnicode_CheckExact(name))) {
        /* an odd key may equal a name through its __eq__ */
        PyObject *dict = object_dict_ensure(obj);
        PyObject *value = dict ? Py_XNewRef(PyDict_GetItemWithError(dict, name)) : NULL;
        Py_XDECREF(dict);
        return value;
    }
    Py_ssize_t ix = dict_keys_find(cached_keys(obj), name);
    return ix < 0 ? NULL : Py_XNewRef(values->values[ix]);
}

int object_values_visit(PyObject *obj, visitproc visit, void *arg)
{
    PyDictValues *values = *object_values_slot(obj);
    if (values != NULL) {
        for (Py_ssize_t i = 0, n = cached_keys(obj)->dk_nentries; i < n; i++) {
            Py_VISIT(values->values[i]);
        }
    }
    return 0;
}

/* The array stays, so that the object remains usable. */
void object_values_clear(PyObject *obj)
{
    PyDictValues *values = *object_values_slot(obj);
    if (values == NULL) {
        return;
    }
    Py_ssize_t n = cached_keys(obj)->dk_nentries;
    ((uint8_t *)values)[-2] = 0;
    /* A finaliser that stores again while this runs finds a
       consistent array; the pointer is read anew. */
    for (Py_ssize_t i = 0; i < n && *object_values_slot(obj) == values; i++) {
        PyObject *value = values->values[i];
        if (value != NULL) {
            values->values[i] = NULL;
            uint8_t *used = (uint8_t *)values - 2;
            for (int k = 1; k <= *used; k++) {
                if (used[-k] == i) {
                    values_forget(values, i);
                    break;
                }
            }
            Py_DECREF(value);
        }
    }
}

void object_values_free(PyObject *obj)
{
    PyDictValues *values = *object_values_slot(obj);
    if (values == NULL) {
        return;
    }
    /* In the order of the class's names, not of insertion. */
    *object_values_slot(obj) = NULL;
    for (Py_ssize_t i = 0, n = cached_keys(obj)->dk_nentries; i < n; i++) {
        Py_XDECREF(values->values[i]);
    }
    values_free(values);
}

/* -- Dicts at a plain dict offset ------------------------------------------------------------- */

int _PyObjectDict_SetItem(PyTypeObject *tp, PyObject **dictptr, PyObject *key, PyObject *value);
int _PyObjectDict_SetItem(PyTypeObject *tp, PyObject **dictptr, PyObject *key, PyObject *value)
{
    PyObject *dict = *dictptr;
    if (dict == NULL) {
        PyDictKeysObject *shared = PyType_HasFeature(tp, Py_TPFLAGS_HEAPTYPE)
                                       ? ((PyHeapTypeObject *)tp)->ht_cached_keys
                                       : NULL;
        dict = shared ? dict_new_split(shared) : PyDict_New();
        if (dict == NULL) {
            return -1;
        }
        *dictptr = dict;
    }
    Py_INCREF(dict); /* the store may drop the object that owns the slot */
    int err = value ? PyDict_SetItem(dict, key, value) : PyDict_DelItem(dict, key);
    Py_DECREF(dict);
    return err;
}
