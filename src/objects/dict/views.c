/* SPDX-License-Identifier: MIT
 *
 * dict_keys, dict_values, dict_items: windows on a dict. Keys and items behave as sets.
 *
 * A view is a reference to its dict (dv_dict; NULL only after the collector cleared it) and nothing
 * else: length, membership and iteration ask the dict each time. Set operations give plain sets;
 * those of items() need hashable values. All view types share their slots; one macro makes each
 * type.
 */
#include "objects/dict/dict_impl.h"

#define VIEW_DICT(v) (((_PyDictViewObject *)(v))->dv_dict)

/* -- Life ------------------------------------------------------------------------------------- */

/* type is one of the three view types, or a subtype of an OrderedDict. */
PyObject *_PyDictView_New(PyObject *dict, PyTypeObject *type)
{
    if (dict == NULL) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (!PyDict_Check(dict)) {
        PyErr_Format(PyExc_TypeError, "%s() requires a dict argument, not '%s'", type->tp_name,
                     Py_TYPE(dict)->tp_name);
        return NULL;
    }
    _PyDictViewObject *view = PyObject_GC_New(_PyDictViewObject, type);
    if (view == NULL) {
        return NULL;
    }
    view->dv_dict = (PyDictObject *)Py_NewRef(dict);
    gc_track((PyObject *)view);
    return (PyObject *)view;
}

static void dictview_dealloc(PyObject *self)
{
    gc_untrack(self);
    Py_XDECREF(VIEW_DICT(self));
    PyObject_GC_Del(self);
}

static int dictview_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(VIEW_DICT(self));
    return 0;
}

static Py_ssize_t dictview_len(PyObject *self)
{
    return VIEW_DICT(self) ? VIEW_DICT(self)->ma_used : 0;
}

static PyObject *dictview_mapping(PyObject *self, void *unused)
{
    return PyDictProxy_New((PyObject *)VIEW_DICT(self));
}

static PyGetSetDef dictview_getset[] = {
    {"mapping", dictview_mapping, NULL, "the dict behind the view, read-only", NULL},
    {NULL},
};

static PyObject *dictview_repr(PyObject *self)
{
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered > 0 ? PyUnicode_FromString("...") : NULL;
    }
    PyObject *result = NULL, *list = PySequence_List(self);
    if (list != NULL) {
        result = PyUnicode_FromFormat("%s(%R)", Py_TYPE(self)->tp_name, list);
        Py_DECREF(list);
    }
    Py_ReprLeave(self);
    return result;
}

/* -- Membership and comparison ---------------------------------------------------------------- */

static int dictkeys_contains(PyObject *self, PyObject *key)
{
    return VIEW_DICT(self) ? PyDict_Contains((PyObject *)VIEW_DICT(self), key) : 0;
}

/* The key must be there with an equal value. */
static int dictitems_contains(PyObject *self, PyObject *pair)
{
    if (VIEW_DICT(self) == NULL || !PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
        return 0;
    }
    PyObject *found = PyDict_GetItemWithError((PyObject *)VIEW_DICT(self),
                                              PyTuple_GET_ITEM(pair, 0));
    if (found == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_INCREF(found);
    int equal = PyObject_RichCompareBool(found, PyTuple_GET_ITEM(pair, 1), Py_EQ);
    Py_DECREF(found);
    return equal;
}

/* 1 when `container` has all that `iterable` gives. */
static int contains_all(PyObject *iterable, PyObject *container)
{
    PyObject *iter = PyObject_GetIter(iterable), *item;
    if (iter == NULL) {
        return -1;
    }
    int ok = 1;
    while (ok > 0 && (item = PyIter_Next(iter)) != NULL) {
        ok = PySequence_Contains(container, item);
        Py_DECREF(item);
    }
    Py_DECREF(iter);
    return ok > 0 && PyErr_Occurred() ? -1 : ok;
}

/* With sets and views, as sets compare: <= is "is a subset". */
static PyObject *dictview_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!PyAnySet_Check(other) && !PyDictViewSet_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    Py_ssize_t n = PyObject_Size(self), m = n < 0 ? -1 : PyObject_Size(other);
    if (m < 0) {
        return NULL;
    }
    int ok = 0;
    switch (op) {
    case Py_NE:
    case Py_EQ: ok = n == m ? contains_all(self, other) : 0; break;
    case Py_LT: ok = n < m ? contains_all(self, other) : 0; break;
    case Py_LE: ok = n <= m ? contains_all(self, other) : 0; break;
    case Py_GT: ok = n > m ? contains_all(other, self) : 0; break;
    case Py_GE: ok = n >= m ? contains_all(other, self) : 0; break;
    }
    if (ok < 0) {
        return NULL;
    }
    return PyBool_FromLong(op == Py_NE ? !ok : ok);
}

/* -- Set operations --------------------------------------------------------------------------- */

static PyObject *dictview_to_set(PyObject *self)
{
    PyObject *source = self;
    if (PyDictKeys_Check(self) && PyDict_CheckExact((PyObject *)VIEW_DICT(self))) {
        source = (PyObject *)VIEW_DICT(self); /* its hashes are taken over */
    }
    return PySet_New(source);
}

/* set(self).method(other); the set. */
static PyObject *set_and_call(PyObject *self, PyObject *method, PyObject *other)
{
    PyObject *set = dictview_to_set(self);
    if (set != NULL) {
        PyObject *none = PyObject_CallMethodOneArg(set, method, other);
        if (none == NULL) {
            Py_CLEAR(set);
        }
        Py_XDECREF(none);
    }
    return set;
}

static PyObject *dictviews_sub(PyObject *self, PyObject *other)
{
    return set_and_call(self, ID(difference_update), other);
}

static PyObject *dictviews_or(PyObject *self, PyObject *other)
{
    PyObject *set = dictview_to_set(self);
    if (set && _PySet_Update(set, other) < 0) {
        Py_CLEAR(set);
    }
    return set;
}

/* Walks the smaller side and asks the larger. */
PyObject *_PyDictView_Intersect(PyObject *self, PyObject *other)
{
    if (!PyDictViewSet_Check(self) /* the view stands on the right */
        || (PyDictViewSet_Check(other) && dictview_len(other) > dictview_len(self))) {
        PyObject *swap = other;
        other = self;
        self = swap;
    }
    if (PySet_CheckExact(other) && dictview_len(self) <= PyObject_Size(other)) {
        return PyObject_CallMethodOneArg(other, ID(intersection), self);
    }
    PyObject *result = PySet_New(NULL), *iter, *key;
    if (result == NULL) {
        return NULL;
    }
    int (*contains)(PyObject *, PyObject *) = PyDictKeys_Check(self) ? dictkeys_contains
                                                                     : dictitems_contains;
    if ((iter = PyObject_GetIter(other)) == NULL) {
        Py_DECREF(result);
        return NULL;
    }
    int err = 0;
    while (err >= 0 && (key = PyIter_Next(iter)) != NULL) {
        err = contains(self, key);
        if (err > 0) {
            err = PySet_Add(result, key);
        }
        Py_DECREF(key);
    }
    Py_DECREF(iter);
    if (err < 0 || PyErr_Occurred()) {
        Py_CLEAR(result);
    }
    return result;
}

/* One item of the smaller side: equal in `rest` means gone
   there, otherwise it belongs to `result`. */
static int xor_item(PyObject *rest, PyObject *result, PyObject *key, Py_hash_t hash,
                    PyObject *value)
{
    PyObject *other;
    if (dict_lookup((PyDictObject *)rest, key, hash, &other) == DKIX_ERROR) {
        return -1;
    }
    if (other != NULL) {
        Py_INCREF(other);
        int equal = PyObject_RichCompareBool(other, value, Py_EQ);
        Py_DECREF(other);
        if (equal != 0) {
            return equal < 0 ? -1 : _PyDict_DelItem_KnownHash(rest, key, hash);
        }
    }
    PyObject *pair = PyTuple_Pack(2, key, value);
    int err = pair ? PySet_Add(result, pair) : -1;
    Py_XDECREF(pair);
    return err;
}

/* Pairs are compared by key first, so that values need be hashed only when they go into the
   result. */
static PyObject *dictitems_xor(PyObject *self, PyObject *other)
{
    PyDictObject *big = VIEW_DICT(self), *small = VIEW_DICT(other);
    if (big->ma_used > small->ma_used) {
        PyDictObject *swap = big;
        big = small;
        small = swap;
    }
    PyObject *rest = dict_copy((PyObject *)big), *result = NULL, *items = NULL, *key, *value;
    Py_ssize_t pos = 0;
    Py_hash_t hash;
    if (rest == NULL || (result = PySet_New(NULL)) == NULL) {
        goto fail;
    }
    while (_PyDict_Next((PyObject *)small, &pos, &key, &value, &hash)) {
        Py_INCREF(key);
        Py_INCREF(value);
        int err = xor_item(rest, result, key, hash, value);
        Py_DECREF(value);
        Py_DECREF(key);
        if (err < 0) {
            goto fail;
        }
    }
    items = dict_items(rest, NULL);
    if (items == NULL || _PySet_Update(result, items) < 0) {
        goto fail;
    }
    Py_DECREF(items);
    Py_DECREF(rest);
    return result;
fail:
    Py_XDECREF(items);
    Py_XDECREF(result);
    Py_XDECREF(rest);
    return NULL;
}

static PyObject *dictviews_xor(PyObject *self, PyObject *other)
{
    if (PyDictItems_Check(self) && PyDictItems_Check(other)) {
        return dictitems_xor(self, other);
    }
    return set_and_call(self, ID(symmetric_difference_update), other);
}

/* Walks the smaller side, if the other has a length. */
static PyObject *dictviews_isdisjoint(PyObject *self, PyObject *other)
{
    if (self == other) {
        return PyBool_FromLong(dictview_len(self) == 0);
    }
    if (PyAnySet_CheckExact(other) || PyDictViewSet_Check(other)) {
        Py_ssize_t n = dictview_len(self), m = PyObject_Size(other);
        if (m < 0) {
            return NULL;
        }
        if (m > n) {
            PyObject *swap = other;
            other = self;
            self = swap;
        }
    }
    PyObject *iter = PyObject_GetIter(other), *item;
    if (iter == NULL) {
        return NULL;
    }
    int found = 0;
    while (found == 0 && (item = PyIter_Next(iter)) != NULL) {
        found = PySequence_Contains(self, item);
        Py_DECREF(item);
    }
    Py_DECREF(iter);
    return found < 0 || PyErr_Occurred() ? NULL : PyBool_FromLong(!found);
}

/* -- Types ------------------------------------------------------------------------------------ */

static PyObject *view_iterator(PyObject *self, PyTypeObject *type)
{
    if (VIEW_DICT(self) == NULL) {
        Py_RETURN_NONE;
    }
    return dict_iterator(VIEW_DICT(self), type);
}

#define VIEW_ITERATORS(name, forward, backward)                                                    \
    static PyObject *name##_iter(PyObject *self) { return view_iterator(self, &forward); }         \
    static PyObject *name##_reversed(PyObject *self, PyObject *unused)                             \
    {                                                                                              \
        return view_iterator(self, &backward);                                                     \
    }
VIEW_ITERATORS(dictkeys, PyDictIterKey_Type, PyDictRevIterKey_Type)
VIEW_ITERATORS(dictvalues, PyDictIterValue_Type, PyDictRevIterValue_Type)
VIEW_ITERATORS(dictitems, PyDictIterItem_Type, PyDictRevIterItem_Type)

static PySequenceMethods dictkeys_as_sequence = {.sq_length = dictview_len,
                                                 .sq_contains = dictkeys_contains};
static PySequenceMethods dictitems_as_sequence = {.sq_length = dictview_len,
                                                  .sq_contains = dictitems_contains};
static PySequenceMethods dictvalues_as_sequence = {.sq_length = dictview_len};

static PyNumberMethods dictviews_as_number = {
    .nb_subtract = dictviews_sub,
    .nb_and = _PyDictView_Intersect,
    .nb_xor = dictviews_xor,
    .nb_or = dictviews_or,
};

#define ISDISJOINT                                                                                 \
    {"isdisjoint", dictviews_isdisjoint, METH_O,                                                   \
     "True when the view and the iterable have nothing in common."}
static PyMethodDef dictkeys_methods[] = {
    ISDISJOINT,
    {"__reversed__", dictkeys_reversed, METH_NOARGS, "A reverse iterator over the keys."},
    {NULL},
};
static PyMethodDef dictitems_methods[] = {
    ISDISJOINT,
    {"__reversed__", dictitems_reversed, METH_NOARGS, "A reverse iterator over the items."},
    {NULL},
};
static PyMethodDef dictvalues_methods[] = {
    {"__reversed__", dictvalues_reversed, METH_NOARGS, "A reverse iterator over the values."},
    {NULL},
};

#define VIEW_TYPE(variable, name, prefix, number, compare)                                         \
    PyTypeObject variable = {                                                                      \
        PyVarObject_HEAD_INIT(&PyType_Type, 0)                                                     \
        .tp_name = name,                                                                           \
        .tp_basicsize = sizeof(_PyDictViewObject),                                                 \
        .tp_dealloc = dictview_dealloc,                                                            \
        .tp_repr = dictview_repr,                                                                  \
        .tp_as_number = number,                                                                    \
        .tp_as_sequence = &prefix##_as_sequence,                                                   \
        .tp_getattro = PyObject_GenericGetAttr,                                                    \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                                       \
        .tp_traverse = dictview_traverse,                                                          \
        .tp_richcompare = compare,                                                                 \
        .tp_iter = prefix##_iter,                                                                  \
        .tp_methods = prefix##_methods,                                                            \
        .tp_getset = dictview_getset,                                                              \
    }
VIEW_TYPE(PyDictKeys_Type, "dict_keys", dictkeys, &dictviews_as_number, dictview_richcompare);
VIEW_TYPE(PyDictItems_Type, "dict_items", dictitems, &dictviews_as_number, dictview_richcompare);
VIEW_TYPE(PyDictValues_Type, "dict_values", dictvalues, NULL, NULL);

PyObject *dict_keys(PyObject *self, PyObject *unused)
{
    return _PyDictView_New(self, &PyDictKeys_Type);
}

PyObject *dict_values(PyObject *self, PyObject *unused)
{
    return _PyDictView_New(self, &PyDictValues_Type);
}

PyObject *dict_items(PyObject *self, PyObject *unused)
{
    return _PyDictView_New(self, &PyDictItems_Type);
}
