/* SPDX-License-Identifier: MIT
 *
 * Iterators over dicts, forwards and backwards.
 *
 * di_used is the size at the start: another size is an error for good (di_used becomes -1). di_pos
 * is the place in the order of insertion. di_left counts what is still to come; a key more than
 * that means that keys were replaced.
 */
#include "objects/dict/dict_impl.h"

typedef struct {
    PyObject_HEAD
    PyDictObject *di_dict;  /* strong; NULL when exhausted */
    Py_ssize_t di_used;     /* size at the start, -1 after an error */
    Py_ssize_t di_pos;      /* next place in the order of insertion */
    PyObject *di_result;    /* strong: pair reused by item iterators while nobody else holds it */
    Py_ssize_t di_left; /* items still to come */
} DictIter;

enum what { KEYS, VALUES, ITEMS }; /* what a step gives */

/* Backwards iterators start at the last entry; item iterators bring their pair along. */
static PyObject *dictiter_new(PyDictObject *dict, PyTypeObject *type)
{
    DictIter *di = PyObject_GC_New(DictIter, type);
    if (di == NULL) {
        return NULL;
    }
    di->di_dict = (PyDictObject *)Py_NewRef(dict);
    di->di_used = di->di_left = dict->ma_used;
    di->di_pos = 0;
    di->di_result = NULL;
    if (type == &PyDictRevIterKey_Type || type == &PyDictRevIterItem_Type
        || type == &PyDictRevIterValue_Type) {
        di->di_pos = dict->ma_values ? dict->ma_used - 1 : dict->ma_keys->dk_nentries - 1;
    }
    if (type == &PyDictIterItem_Type || type == &PyDictRevIterItem_Type) {
        di->di_result = PyTuple_Pack(2, Py_None, Py_None);
        if (di->di_result == NULL) {
            gc_track((PyObject *)di);
            Py_DECREF(di);
            return NULL;
        }
    }
    gc_track((PyObject *)di);
    return (PyObject *)di;
}

static void dictiter_dealloc(PyObject *self)
{
    DictIter *di = (DictIter *)self;
    gc_untrack(self);
    Py_XDECREF(di->di_dict);
    Py_XDECREF(di->di_result);
    PyObject_GC_Del(di);
}

static int dictiter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((DictIter *)self)->di_dict);
    Py_VISIT(((DictIter *)self)->di_result);
    return 0;
}

/* -- Steps ------------------------------------------------------------------------------------ */

/* The end, for good: later insertions do not revive an iterator. */
static PyObject *dictiter_finish(DictIter *di)
{
    PyDictObject *d = di->di_dict;
    di->di_dict = NULL;
    Py_DECREF(d);
    return NULL;
}

/* Whether the dict still has the size it had; if not RuntimeError. */
static bool same_size(DictIter *di)
{
    if (LIKELY(di->di_used == di->di_dict->ma_used)) {
        return true;
    }
    PyErr_SetString(PyExc_RuntimeError, "dictionary changed size during iteration");
    di->di_used = -1;
    return false;
}

/* Index of the next entry, or -1 at the end and with an error. */
static inline Py_ssize_t dictiter_step(DictIter *di)
{
    if (di->di_dict == NULL || !same_size(di)) {
        return -1;
    }
    Py_ssize_t ix = dict_next_index(di->di_dict, &di->di_pos);
    if (UNLIKELY(ix < 0)) {
        dictiter_finish(di);
        return -1;
    }
    if (UNLIKELY(di->di_left == 0)) {
        PyErr_SetString(PyExc_RuntimeError, "dictionary keys changed during iteration");
        dictiter_finish(di);
        return -1;
    }
    di->di_left--;
    return ix;
}

/* The same from the end. */
static Py_ssize_t dictreviter_step(DictIter *di)
{
    PyDictObject *d = di->di_dict;
    if (d == NULL || !same_size(di)) {
        return -1;
    }
    Py_ssize_t i = di->di_pos, ix = -1;
    if (d->ma_values) {
        ix = i >= 0 && i < d->ma_used ? values_order(d->ma_values, i) : -1;
    } else if (i >= 0 && i < d->ma_keys->dk_nentries) {
        while (i >= 0 && *entry_value_slot(d->ma_keys, i) == NULL) {
            i--;
        }
        ix = i;
    }
    if (ix < 0) {
        dictiter_finish(di);
        return -1;
    }
    di->di_pos = i - 1;
    di->di_left--;
    return ix;
}

/* The pair of entry ix; the last pair again when only the iterator holds it. */
static PyObject *pair_at(DictIter *di, Py_ssize_t ix)
{
    PyDictObject *d = di->di_dict;
    PyObject *key = Py_NewRef(entry_key(d->ma_keys, ix)),
             *value = Py_NewRef(*dict_value_slot(d, ix));
    PyObject *pair = di->di_result;
    if (Py_REFCNT(pair) == 1) {
        PyObject *old_key = PyTuple_GET_ITEM(pair, 0), *old_value = PyTuple_GET_ITEM(pair, 1);
        PyTuple_SET_ITEM(pair, 0, key);
        PyTuple_SET_ITEM(pair, 1, value);
        Py_INCREF(pair);
        Py_DECREF(old_key);
        Py_DECREF(old_value);
        if (!gc_is_tracked(pair)) { /* a collection forgot it while it held None */
            gc_track(pair);
        }
        return pair;
    }
    pair = PyTuple_New(2);
    if (pair == NULL) {
        Py_DECREF(key);
        Py_DECREF(value);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, key);
    PyTuple_SET_ITEM(pair, 1, value);
    return pair;
}

static PyObject *dictiter_nextkey(PyObject *self)
{
    DictIter *di = (DictIter *)self;
    Py_ssize_t ix = dictiter_step(di);
    return ix < 0 ? NULL : Py_NewRef(entry_key(di->di_dict->ma_keys, ix));
}

static PyObject *dictiter_nextvalue(PyObject *self)
{
    DictIter *di = (DictIter *)self;
    Py_ssize_t ix = dictiter_step(di);
    return ix < 0 ? NULL : Py_NewRef(*dict_value_slot(di->di_dict, ix));
}

static PyObject *dictiter_nextitem(PyObject *self)
{
    DictIter *di = (DictIter *)self;
    Py_ssize_t ix = dictiter_step(di);
    return ix < 0 ? NULL : pair_at(di, ix);
}

static PyObject *dictreviter_next(PyObject *self)
{
    DictIter *di = (DictIter *)self;
    Py_ssize_t ix = dictreviter_step(di);
    if (ix < 0) {
        return NULL;
    }
    if (Py_IS_TYPE(self, &PyDictRevIterItem_Type)) {
        return pair_at(di, ix);
    }
    return Py_NewRef(Py_IS_TYPE(self, &PyDictRevIterKey_Type) ? entry_key(di->di_dict->ma_keys, ix)
                                                              : *dict_value_slot(di->di_dict, ix));
}

/* -- Methods ---------------------------------------------------------------------------------- */

static PyObject *dictiter_length_hint(PyObject *self, PyObject *unused)
{
    DictIter *di = (DictIter *)self;
    return PyLong_FromSsize_t(di->di_dict && di->di_used == di->di_dict->ma_used ? di->di_left : 0);
}

/* Pickled as iter(list of what is left). */
static PyObject *dictiter_reduce(PyObject *self, PyObject *unused)
{
    DictIter copy = *(DictIter *)self; /* works on a copy: the iterator itself stays where it is */
    Py_XINCREF(copy.di_dict);
    Py_XINCREF(copy.di_result);
    PyObject *list = PySequence_List((PyObject *)&copy);
    Py_XDECREF(copy.di_dict);
    Py_XDECREF(copy.di_result);
    return list ? Py_BuildValue("N(N)", _PyEval_GetBuiltin(ID(iter)), list) : NULL;
}

static PyMethodDef dictiter_methods[] = {
    {"__length_hint__", dictiter_length_hint, METH_NOARGS, "How many items are likely left."},
    {"__reduce__", dictiter_reduce, METH_NOARGS, "What pickle stores."},
    {NULL},
};

#define ITERATOR_TYPE(variable, name, next, getattro)                                              \
    PyTypeObject variable = {                                                                      \
        PyVarObject_HEAD_INIT(&PyType_Type, 0)                                                     \
        .tp_name = name,                                                                           \
        .tp_basicsize = sizeof(DictIter),                                                          \
        .tp_dealloc = dictiter_dealloc,                                                            \
        .tp_getattro = getattro,                                                                   \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                                       \
        .tp_traverse = dictiter_traverse,                                                          \
        .tp_iter = PyObject_SelfIter,                                                              \
        .tp_iternext = next,                                                                       \
        .tp_methods = dictiter_methods,                                                            \
    }

ITERATOR_TYPE(PyDictIterKey_Type, "dict_keyiterator", dictiter_nextkey, PyObject_GenericGetAttr);
ITERATOR_TYPE(PyDictIterValue_Type, "dict_valueiterator", dictiter_nextvalue,
              PyObject_GenericGetAttr);
ITERATOR_TYPE(PyDictIterItem_Type, "dict_itemiterator", dictiter_nextitem, PyObject_GenericGetAttr);
ITERATOR_TYPE(PyDictRevIterKey_Type, "dict_reversekeyiterator", dictreviter_next, NULL);
ITERATOR_TYPE(PyDictRevIterValue_Type, "dict_reversevalueiterator", dictreviter_next, NULL);
ITERATOR_TYPE(PyDictRevIterItem_Type, "dict_reverseitemiterator", dictreviter_next, NULL);

/* -- Doors ------------------------------------------------------------------------------------ */

PyObject *dict_iter(PyObject *self)
{
    return dictiter_new((PyDictObject *)self, &PyDictIterKey_Type);
}

PyObject *dict_reversed(PyObject *self, PyObject *unused)
{
    return dictiter_new((PyDictObject *)self, &PyDictRevIterKey_Type);
}

PyObject *dict_iterator(PyDictObject *dict, PyTypeObject *type) { return dictiter_new(dict, type); }
