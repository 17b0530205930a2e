/* SPDX-License-Identifier: MIT
 *
 * The type `dict`: slots and methods, as thin layers over dict.c and merge.c. What iterates is in
 * iter.c, keys(), values() and items() are in views.c.
 *
 * Subclasses: a dict's own methods never call an overridden __getitem__ or __setitem__; only
 * __missing__ is looked up, by self[key]. Construction with keywords or of an exact dict goes
 * through dict_vectorcall, without a tuple.
 */
#include "objects/compare.h"
#include "objects/dict/dict_impl.h"
#include "objects/repr.h"

/* -- Life ------------------------------------------------------------------------------------- */

/* The trash can bounds the C stack; an exact dict's header goes to the free list. */
static void dict_dealloc(PyObject *self)
{
    PyDictObject *mp = (PyDictObject *)self;
    PyDictKeysObject *keys = mp->ma_keys;
    PyDictValues *values = mp->ma_values;
    if (gc_is_tracked(self)) {
        gc_untrack(self);
    }
    TRASH_BEGIN(mp, dict_dealloc)
    if (values != NULL) {
        for (Py_ssize_t i = 0, n = keys->dk_nentries; i < n; i++) {
            Py_XDECREF(values->values[i]);
        }
        values_free(values);
    }
    if (keys != NULL) {
        dict_keys_decref(keys);
    }
    struct free_lists *lists = free_lists_get();
    if (Py_IS_TYPE(self, &PyDict_Type) && lists->ndict < DICT_FREE_MAX) {
        lists->dict[lists->ndict++] = mp;
    } else {
        Py_TYPE(self)->tp_free(self);
    }
    TRASH_END
}

/* A str table need visit no keys: strs are never part of a cycle. */
static int dict_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyDictObject *mp = (PyDictObject *)self;
    PyDictKeysObject *dk = mp->ma_keys;
    Py_ssize_t n = dk->dk_nentries;
    if (mp->ma_values) {
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_VISIT(mp->ma_values->values[i]);
        }
    } else if (DK_IS_UNICODE(dk)) {
        DictUnicodeEntry *e = DK_UNICODE_ENTRIES(dk);
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_VISIT(e[i].me_value);
        }
    } else {
        DictEntry *e = DK_ENTRIES(dk);
        for (Py_ssize_t i = 0; i < n; i++) {
            if (e[i].me_value != NULL) {
                Py_VISIT(e[i].me_value);
                Py_VISIT(e[i].me_key);
            }
        }
    }
    return 0;
}

static int dict_tp_clear(PyObject *self)
{
    PyDict_Clear(self);
    return 0;
}

static PyObject *dict_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    PyDictObject *mp = (PyDictObject *)self;
    mp->ma_used = 0;
    mp->ma_values = NULL;
    keys_incref(EMPTY_KEYS);
    mp->ma_keys = EMPTY_KEYS;
    dict_touch(mp);
    if (type == &PyDict_Type) {
        gc_untrack(self); /* D2; subclasses may hold more than entries */
    }
    return self;
}

static int dict_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *arg = NULL;
    if (!PyArg_UnpackTuple(args, "dict", 0, 1, &arg)
        || (arg != NULL && dict_update_arg(self, arg) < 0)) {
        return -1;
    }
    if (kwargs == NULL) {
        return 0;
    }
    return PyArg_ValidateKeywordArguments(kwargs) ? PyDict_Merge(self, kwargs, 1) : -1;
}

/* dict(), dict(x), dict(a=1) without tuple and dict of arguments. */
static PyObject *dict_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_CheckPositional("dict", nargs, 0, 1)) {
        return NULL;
    }
    PyObject *self = type == (PyObject *)&PyDict_Type ? PyDict_New()
                                                      : dict_new((PyTypeObject *)type, NULL, NULL);
    if (self == NULL) {
        return NULL;
    }
    if (nargs == 1 && dict_update_arg(self, *args++) < 0) {
        goto fail;
    }
    if (kwnames != NULL) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kwnames); i++) {
            if (PyDict_SetItem(self, PyTuple_GET_ITEM(kwnames, i), args[i]) < 0) {
                goto fail;
            }
        }
    }
    return self;
fail:
    Py_DECREF(self);
    return NULL;
}

/* -- Representation and comparison ------------------------------------------------------------ */

/* The dict may change while a repr runs: PyDict_Next copes, and the pair is held. */
static int write_items(_PyUnicodeWriter *writer, PyObject *self)
{
    Py_ssize_t pos = 0;
    PyObject *key, *value;
    bool first = true;
    while (PyDict_Next(self, &pos, &key, &value)) {
        Py_INCREF(key); /* reprs may change the dict */
        Py_INCREF(value);
        int err = (!first && _PyUnicodeWriter_WriteASCIIString(writer, ", ", 2) < 0)
                  || write_repr(writer, key) < 0
                  || _PyUnicodeWriter_WriteASCIIString(writer, ": ", 2) < 0
                  || write_repr(writer, value) < 0;
        Py_DECREF(value);
        Py_DECREF(key);
        if (err) {
            return -1;
        }
        first = false;
    }
    return 0;
}

static PyObject *dict_repr(PyObject *self)
{
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered > 0 ? PyUnicode_FromString("{...}") : NULL;
    }
    PyObject *result = NULL;
    if (((PyDictObject *)self)->ma_used == 0) {
        result = PyUnicode_FromString("{}");
        goto done;
    }
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    writer.overallocate = 1;
    writer.min_length = 1 + 4 + (2 + 4) * (((PyDictObject *)self)->ma_used - 1) + 1;
    if (_PyUnicodeWriter_WriteChar(&writer, '{') < 0 || write_items(&writer, self) < 0) {
        goto fail;
    }
    writer.overallocate = 0;
    if (_PyUnicodeWriter_WriteChar(&writer, '}') < 0) {
        goto fail;
    }
    result = _PyUnicodeWriter_Finish(&writer);
    goto done;
fail:
    _PyUnicodeWriter_Dealloc(&writer);
done:
    Py_ReprLeave(self);
    return result;
}

/* Whether b, a table of strs, has value `v` under the exact str `key`; to find it runs no code. */
static inline int has_value(PyDictObject *b, PyObject *key, Py_hash_t hash, PyObject *v)
{
    PyObject *w;
    Py_ssize_t ix = dict_lookup(b, key, hash, &w);
    if (ix < 0 || w == NULL || v == w) {
        return ix >= 0 && w != NULL;
    }
    int equal = compare_simple(v, w, Py_EQ);
    if (equal < 0) {
        Py_INCREF(v);
        Py_INCREF(w);
        equal = PyObject_RichCompareBool(v, w, Py_EQ);
        Py_DECREF(w);
        Py_DECREF(v);
    }
    return equal;
}

/* 1 equal, 0 not, -1 error. */
static int dict_equal(PyDictObject *a, PyDictObject *b)
{
    if (a->ma_used != b->ma_used) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < a->ma_keys->dk_nentries; i++) {
        PyObject *avalue = *dict_value_slot(a, i), *bvalue;
        if (avalue == NULL) {
            continue;
        }
        PyObject *key = entry_key(a->ma_keys, i);
        Py_hash_t hash = entry_hash(a->ma_keys, i);
        int equal;
        if (DK_IS_UNICODE(b->ma_keys) && PyUnicode_CheckExact(key)) {
            equal = has_value(b, key, hash, avalue);
            if (equal <= 0) {
                return equal;
            }
            continue;
        }
        Py_INCREF(key);
        Py_INCREF(avalue);
        Py_ssize_t ix = dict_lookup(b, key, hash, &bvalue);
        equal = ix == DKIX_ERROR ? -1 : 0;
        if (bvalue != NULL) {
            Py_INCREF(bvalue);
            equal = PyObject_RichCompareBool(avalue, bvalue, Py_EQ);
            Py_DECREF(bvalue);
        }
        Py_DECREF(key);
        Py_DECREF(avalue);
        if (equal <= 0) {
            return equal;
        }
    }
    return 1;
}

static PyObject *dict_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PyDict_Check(v) || !PyDict_Check(w) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    int equal = dict_equal((PyDictObject *)v, (PyDictObject *)w);
    return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

/* -- Mapping ---------------------------------------------------------------------------------- */

static Py_ssize_t dict_length(PyObject *self) { return ((PyDictObject *)self)->ma_used; }

/* The key is not there: __missing__ of a subclass, else KeyError. */
static PyObject *subscript_missing(PyObject *self, PyObject *key)
{
    if (!PyDict_CheckExact(self)) {
        PyObject *missing = _PyObject_LookupSpecial(self, ID(__missing__));
        if (missing != NULL) {
            PyObject *res = PyObject_CallOneArg(missing, key);
            Py_DECREF(missing);
            return res;
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    _PyErr_SetKeyError(key);
    return NULL;
}

static PyObject *dict_subscript(PyObject *self, PyObject *key)
{
    Py_hash_t hash = key_hash(key);
    if (hash == -1) {
        return NULL;
    }
    PyObject *value;
    Py_ssize_t ix = dict_lookup((PyDictObject *)self, key, hash, &value);
    if (LIKELY(value != NULL)) {
        return Py_NewRef(value);
    }
    return ix == DKIX_ERROR ? NULL : subscript_missing(self, key);
}

static int dict_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
    return value ? PyDict_SetItem(self, key, value) : PyDict_DelItem(self, key);
}

static PyObject *dict_or(PyObject *self, PyObject *other)
{
    if (!PyDict_Check(self) || !PyDict_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *merged = PyDict_Copy(self);
    if (merged && dict_update_arg(merged, other) < 0) {
        Py_CLEAR(merged);
    }
    return merged;
}

static PyObject *dict_ior(PyObject *self, PyObject *other)
{
    return dict_update_arg(self, other) < 0 ? NULL : Py_NewRef(self);
}

/* -- Methods ---------------------------------------------------------------------------------- */

static PyObject *dict___contains__(PyObject *self, PyObject *key)
{
    int found = dict_contains(self, key);
    return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *dict_get(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("get", nargs, 1, 2)) {
        return NULL;
    }
    Py_hash_t hash = key_hash(args[0]);
    if (hash == -1) {
        return NULL;
    }
    PyObject *value;
    if (dict_lookup((PyDictObject *)self, args[0], hash, &value) == DKIX_ERROR) {
        return NULL;
    }
    return Py_NewRef(value ? value : nargs == 2 ? args[1] : Py_None);
}

static PyObject *dict_setdefault(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("setdefault", nargs, 1, 2)) {
        return NULL;
    }
    return Py_XNewRef(PyDict_SetDefault(self, args[0], nargs == 2 ? args[1] : Py_None));
}

static PyObject *dict_pop(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("pop", nargs, 1, 2)) {
        return NULL;
    }
    return _PyDict_Pop(self, args[0], nargs == 2 ? args[1] : NULL);
}

/* The last entry; a split table turns combined first, and entries at the end are forgotten so
   that emptying a dict is linear. */
static PyObject *dict_popitem(PyObject *self, PyObject *unused)
{
    PyDictObject *mp = (PyDictObject *)self;
    PyObject *pair = PyTuple_New(2); /* first: making it may collect and run code */
    if (pair == NULL) {
        return NULL;
    }
    if (mp->ma_used == 0) {
        Py_DECREF(pair);
        PyErr_SetString(PyExc_KeyError, "popitem(): dictionary is empty");
        return NULL;
    }
    if (mp->ma_values && dict_resize(mp, mp->ma_keys->dk_log2_size, true) < 0) {
        Py_DECREF(pair);
        return NULL;
    }
    PyDictKeysObject *dk = mp->ma_keys;
    Py_ssize_t i = dk->dk_nentries - 1;
    while (*entry_value_slot(dk, i) == NULL) {
        i--;
    }
    PyTuple_SET_ITEM(pair, 0, Py_NewRef(entry_key(dk, i)));
    PyTuple_SET_ITEM(pair, 1, dict_take_entry(mp, entry_hash(dk, i), i));
    dk->dk_nentries = i; /* K2: usable stays, so the index cannot fill up with dummies */
    return pair;
}

/* Keywords that fit without growing are put in one by one; others as update() of a dict of them
   would, so that the table gets the same size. */
static int update_keywords(PyDictObject *mp, PyObject *const *values, PyObject *names)
{
    Py_ssize_t n = PyTuple_GET_SIZE(names);
    if (mp->ma_used == 0 || n > DICT_USABLE(DK_SIZE(mp->ma_keys))) {
        PyObject *all = _PyStack_AsDict(values, names);
        int err = all ? PyDict_Merge((PyObject *)mp, all, 1) : -1;
        Py_XDECREF(all);
        return err;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (PyDict_SetItem((PyObject *)mp, PyTuple_GET_ITEM(names, i), values[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyObject *dict_update(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    if (!_PyArg_CheckPositional("update", nargs, 0, 1)
        || (nargs == 1 && dict_update_arg(self, args[0]) < 0)
        || (kwnames != NULL && update_keywords((PyDictObject *)self, args + nargs, kwnames) < 0)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *dict_fromkeys(PyObject *cls, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("fromkeys", nargs, 1, 2)) {
        return NULL;
    }
    return dict_from_keys(cls, args[0], nargs == 2 ? args[1] : Py_None);
}

static PyObject *dict_clear(PyObject *self, PyObject *unused)
{
    PyDict_Clear(self);
    Py_RETURN_NONE;
}

static PyObject *dict_copy_method(PyObject *self, PyObject *unused) { return dict_copy(self); }

static PyObject *dict_sizeof(PyObject *self, PyObject *unused)
{
    return PyLong_FromSsize_t(_PyDict_SizeOf((PyDictObject *)self));
}

static PyMethodDef dict_methods[] = {
    {"__contains__", dict___contains__, METH_O | METH_COEXIST,
     "__contains__($self, key, /)\n--\n\nWhether the dictionary has this key."},
    {"__getitem__", dict_subscript, METH_O | METH_COEXIST, "x.__getitem__(y) <==> x[y]"},
    {"__sizeof__", dict_sizeof, METH_NOARGS, "D.__sizeof__() -> bytes of memory that D takes"},
    {"get", (PyCFunction)dict_get, METH_FASTCALL,
     "get($self, key, default=None, /)\n--\n\nThe value of key, or default when there is none."},
    {"setdefault", (PyCFunction)dict_setdefault, METH_FASTCALL,
     "setdefault($self, key, default=None, /)\n--\n\n"
     "The value of key; a key that is missing is inserted with default first."},
    {"pop", (PyCFunction)dict_pop, METH_FASTCALL,
     "pop($self, key, default=<unrepresentable>, /)\n--\n\n"
     "D.pop(k[,d]) -> v, remove the key and return its value.\n\n"
     "A missing key gives default, or KeyError when there is no default."},
    {"popitem", dict_popitem, METH_NOARGS,
     "popitem($self, /)\n--\n\n"
     "Remove the pair inserted last and return it as a (key, value) tuple.\n\n"
     "KeyError when the dict is empty."},
    {"keys", dict_keys, METH_NOARGS, "D.keys() -> a set-like object that shows D's keys"},
    {"items", dict_items, METH_NOARGS, "D.items() -> a set-like object that shows D's items"},
    {"values", dict_values, METH_NOARGS, "D.values() -> an object that shows D's values"},
    {"update", (PyCFunction)(void (*)(void))dict_update, METH_FASTCALL | METH_KEYWORDS,
     "D.update([E, ]**F) -> None.  Take entries over from a mapping or from pairs E, and from "
     "keywords F.\n\n"
     ""
     "E with a method keys():  for k in E.keys(): D[k] = E[k]\n"
     "E without one:           for k, v in E: D[k] = v\n"
     "Then:                    for k in F: D[k] = F[k]"},
    {"fromkeys", (PyCFunction)dict_fromkeys, METH_FASTCALL | METH_CLASS,
     "fromkeys($type, iterable, value=None, /)\n--\n\n"
     "A new dictionary whose keys come from iterable and share one value."},
    {"clear", dict_clear, METH_NOARGS, "D.clear() -> None.  Remove all entries."},
    {"copy", dict_copy_method, METH_NOARGS, "D.copy() -> a dict with the same entries"},
    {"__reversed__", dict_reversed, METH_NOARGS,
     "__reversed__($self, /)\n--\n\nA reverse iterator over the keys."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};

/* -- Type ------------------------------------------------------------------------------------- */

static PySequenceMethods dict_as_sequence = {.sq_contains = dict_contains};
static PyMappingMethods dict_as_mapping = {.mp_length = dict_length,
                                           .mp_subscript = dict_subscript,
                                           .mp_ass_subscript = dict_ass_subscript};
static PyNumberMethods dict_as_number = {.nb_or = dict_or, .nb_inplace_or = dict_ior};

PyTypeObject PyDict_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "dict",
    .tp_basicsize = sizeof(PyDictObject),
    .tp_dealloc = dict_dealloc,
    .tp_repr = dict_repr,
    .tp_as_number = &dict_as_number,
    .tp_as_sequence = &dict_as_sequence,
    .tp_as_mapping = &dict_as_mapping,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | Py_TPFLAGS_DICT_SUBCLASS | _Py_TPFLAGS_MATCH_SELF | Py_TPFLAGS_MAPPING,
    .tp_doc = "dict() -> new empty dictionary\n"
              "dict(mapping) -> new dictionary with the pairs of a mapping\n"
              "dict(iterable) -> new dictionary made from (key, value) pairs, as by:\n"
              "    for key, value in iterable: d[key] = value\n"
              "dict(**kwargs) -> new dictionary with the keywords' names as keys: dict(one=1, "
              "two=2)",
    .tp_traverse = dict_traverse,
    .tp_clear = dict_tp_clear,
    .tp_richcompare = dict_richcompare,
    .tp_iter = dict_iter,
    .tp_methods = dict_methods,
    .tp_init = dict_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = dict_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = dict_vectorcall,
};

/* -- Sequences of a dict's contents ----------------------------------------------------------- */

/* A list of the keys, the values or the pairs. Making it may run
   code that changes the dict: then it starts again. */
static PyObject *collect(PyObject *op, bool keys, bool values)
{
    PyDictObject *mp = (PyDictObject *)op;
    if (op == NULL || !PyDict_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    for (;;) {
        Py_ssize_t n = mp->ma_used, pos = 0, j = 0;
        PyObject *list = PyList_New(n), *key, *value;
        if (list == NULL) {
            return NULL;
        }
        for (Py_ssize_t i = 0; keys && values && i < n; i++) {
            PyObject *pair = PyTuple_New(2);
            if (pair == NULL) {
                Py_DECREF(list);
                return NULL;
            }
            PyList_SET_ITEM(list, i, pair);
        }
        if (n != mp->ma_used) {
            Py_DECREF(list);
            continue;
        }
        while (PyDict_Next(op, &pos, &key, &value)) {
            if (keys && values) {
                PyObject *pair = PyList_GET_ITEM(list, j++);
                PyTuple_SET_ITEM(pair, 0, Py_NewRef(key));
                PyTuple_SET_ITEM(pair, 1, Py_NewRef(value));
            } else {
                PyList_SET_ITEM(list, j++, Py_NewRef(keys ? key : value));
            }
        }
        return list;
    }
}

PyObject *PyDict_Keys(PyObject *dict) { return collect(dict, true, false); }
PyObject *PyDict_Values(PyObject *dict) { return collect(dict, false, true); }
PyObject *PyDict_Items(PyObject *dict) { return collect(dict, true, true); }
