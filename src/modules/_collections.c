/* SPDX-License-Identifier: MIT
 *
 * Module _collections: deque (_collections_deque.c), defaultdict, OrderedDict (objects/odict.c),
 * and the fast halves of namedtuple (_tuplegetter) and Counter (_count_elements).
 */
#include "modules/_collections.h"
#include "state.h"

/* -- defaultdict ------------------------------------------------------------------------------- */

typedef struct {
    PyDictObject dict;
    PyObject *factory; /* strong, may be NULL */
} DefDict;

static PyTypeObject defdict_type;

static PyObject *defdict_missing(PyObject *self, PyObject *key)
{
    PyObject *factory = ((DefDict *)self)->factory;
    if (factory == NULL || factory == Py_None) {
        PyObject *args = PyTuple_Pack(1, key); /* a tuple as key stays one argument */
        if (args != NULL) {
            PyErr_SetObject(PyExc_KeyError, args);
            Py_DECREF(args);
        }
        return NULL;
    }
    PyObject *value = PyObject_CallNoArgs(factory);
    if (value != NULL && PyObject_SetItem(self, key, value) < 0) {
        Py_CLEAR(value);
    }
    return value;
}

/* A new instance of self's type with self's factory and the entries of `source`. */
static PyObject *defdict_like(PyObject *self, PyObject *source)
{
    PyObject *factory = ((DefDict *)self)->factory;
    return PyObject_CallFunctionObjArgs((PyObject *)Py_TYPE(self), factory ? factory : Py_None,
                                        source, NULL);
}

static PyObject *defdict_copy(PyObject *self, PyObject *unused) { return defdict_like(self, self); }

static PyObject *defdict_reduce(PyObject *self, PyObject *unused)
{
    PyObject *factory = ((DefDict *)self)->factory;
    PyObject *args =
        factory == NULL || factory == Py_None ? PyTuple_New(0) : PyTuple_Pack(1, factory);
    PyObject *items = args ? PyObject_CallMethodNoArgs(self, ID(items)) : NULL;
    PyObject *iter = items ? PyObject_GetIter(items) : NULL;
    PyObject *result = iter ? PyTuple_Pack(5, Py_TYPE(self), args, Py_None, Py_None, iter) : NULL;
    Py_XDECREF(iter);
    Py_XDECREF(items);
    Py_XDECREF(args);
    return result;
}

/* The factory may be a method of this very dict, so its repr is guarded against recursion too. */
static PyObject *defdict_repr(PyObject *self)
{
    PyObject *base = PyDict_Type.tp_repr(self), *factory = ((DefDict *)self)->factory,
             *shown = NULL, *result = NULL;
    if (base == NULL) {
        return NULL;
    }
    if (factory == NULL) {
        shown = PyUnicode_FromString("None");
    } else {
        int entered = Py_ReprEnter(factory);
        if (entered > 0) {
            shown = PyUnicode_FromString("...");
        } else if (entered == 0) {
            shown = PyObject_Repr(factory);
            Py_ReprLeave(factory);
        }
    }
    if (shown != NULL) {
        result = PyUnicode_FromFormat("%s(%U, %U)", _PyType_Name(Py_TYPE(self)), shown, base);
        Py_DECREF(shown);
    }
    Py_DECREF(base);
    return result;
}

static PyObject *defdict_or(PyObject *left, PyObject *right)
{
    PyObject *self = PyObject_TypeCheck(left, &defdict_type) ? left : right;
    PyObject *other = self == left ? right : left;
    if (!PyDict_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *merged = defdict_like(self, left);
    if (merged != NULL && PyDict_Update(merged, right) < 0) {
        Py_CLEAR(merged);
    }
    return merged;
}

static int defdict_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    DefDict *dd = (DefDict *)self;
    PyObject *factory = NULL, *old = dd->factory, *rest;
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n > 0) {
        factory = PyTuple_GET_ITEM(args, 0);
        if (factory != Py_None && !PyCallable_Check(factory)) {
            PyErr_SetString(PyExc_TypeError, "first argument must be callable or None");
            return -1;
        }
    }
    rest = PyTuple_GetSlice(args, n ? 1 : 0, n);
    if (rest == NULL) {
        return -1;
    }
    dd->factory = Py_XNewRef(factory);
    int err = PyDict_Type.tp_init(self, rest, kwargs);
    Py_DECREF(rest);
    Py_XDECREF(old);
    return err;
}

static int defdict_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((DefDict *)self)->factory);
    return PyDict_Type.tp_traverse(self, visit, arg);
}

static int defdict_clear(PyObject *self)
{
    Py_CLEAR(((DefDict *)self)->factory);
    return PyDict_Type.tp_clear(self);
}

static void defdict_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(((DefDict *)self)->factory);
    PyDict_Type.tp_dealloc(self);
}

static PyMethodDef defdict_methods[] = {
    {"__missing__", defdict_missing, METH_O,
     "__missing__(key)\n\nWhat d[key] calls for a key that is not there: stores what "
     "default_factory() returns and\n"
     "gives it; KeyError without a factory."},
    {"copy", defdict_copy, METH_NOARGS,
     "D.copy() -> a defaultdict with the same entries and factory."},
    {"__copy__", defdict_copy, METH_NOARGS,
     "D.copy() -> a defaultdict with the same entries and factory."},
    {"__reduce__", defdict_reduce, METH_NOARGS, "What pickle stores."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};

static PyMemberDef defdict_members[] = {
    {"default_factory", T_OBJECT, offsetof(DefDict, factory), 0,
     "What __missing__() calls for the value of a new key, or None."},
    {NULL},
};

static PyNumberMethods defdict_as_number = {.nb_or = defdict_or};

static PyTypeObject defdict_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "collections.defaultdict",
    .tp_basicsize = sizeof(DefDict),
    .tp_dealloc = defdict_dealloc,
    .tp_repr = defdict_repr,
    .tp_as_number = &defdict_as_number,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\n"
              "A dict that makes the value of a missing key, asked for by d[key], with a call of "
              "the factory\n"
              "without arguments. All other arguments are those of dict().\n",
    .tp_traverse = defdict_traverse,
    .tp_clear = defdict_clear,
    .tp_methods = defdict_methods,
    .tp_members = defdict_members,
    .tp_init = defdict_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_free = PyObject_GC_Del,
};

/* -- _tuplegetter ------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    Py_ssize_t index;
    PyObject *doc; /* strong */
} TupleGetter;

static PyObject *tuplegetter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t index;
    PyObject *doc;
    if ((type == NULL || !_PyArg_NoKeywords("_tuplegetter", kwargs)) ||
        !_PyArg_CheckPositional("_tuplegetter", PyTuple_GET_SIZE(args), 2, 2) ||
        !PyArg_ParseTuple(args, "nO:_tuplegetter", &index, &doc)) {
        return NULL;
    }
    TupleGetter *self = (TupleGetter *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->index = index;
        self->doc = Py_NewRef(doc);
    }
    return (PyObject *)self;
}

static PyObject *tuplegetter_descr_get(PyObject *self, PyObject *obj, PyObject *type)
{
    Py_ssize_t index = ((TupleGetter *)self)->index;
    if (obj == NULL || (obj == Py_None && type != (PyObject *)Py_TYPE(Py_None))) {
        return Py_NewRef(self);
    }
    if (!PyTuple_Check(obj)) {
        PyErr_Format(PyExc_TypeError,
                     "descriptor for index '%zd' for tuple subclasses doesn't apply to '%s' object",
                     index, Py_TYPE(obj)->tp_name);
        return NULL;
    }
    if ((size_t)index >= (size_t)PyTuple_GET_SIZE(obj)) {
        PyErr_SetString(PyExc_IndexError, "tuple index out of range");
        return NULL;
    }
    return Py_NewRef(PyTuple_GET_ITEM(obj, index));
}

static int tuplegetter_descr_set(PyObject *self, PyObject *obj, PyObject *value)
{
    PyErr_SetString(PyExc_AttributeError, value ? "can't set attribute" : "can't delete attribute");
    return -1;
}

static int tuplegetter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((TupleGetter *)self)->doc);
    return 0;
}

static int tuplegetter_clear(PyObject *self)
{
    Py_CLEAR(((TupleGetter *)self)->doc);
    return 0;
}

static void tuplegetter_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    tuplegetter_clear(self);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *tuplegetter_reduce(PyObject *self, PyObject *unused)
{
    TupleGetter *g = (TupleGetter *)self;
    return Py_BuildValue("(O(nO))", Py_TYPE(self), g->index, g->doc);
}

static PyObject *tuplegetter_repr(PyObject *self)
{
    TupleGetter *g = (TupleGetter *)self;
    return PyUnicode_FromFormat("%s(%zd, %R)", _PyType_Name(Py_TYPE(self)), g->index, g->doc);
}

static PyMemberDef tuplegetter_members[] = {{"__doc__", T_OBJECT, offsetof(TupleGetter, doc), 0},
                                            {NULL}};
static PyMethodDef tuplegetter_methods[] = {{"__reduce__", tuplegetter_reduce, METH_NOARGS, NULL},
                                            {NULL}};

static PyTypeObject tuplegetter_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_collections._tuplegetter",
    .tp_basicsize = sizeof(TupleGetter),
    .tp_dealloc = tuplegetter_dealloc,
    .tp_repr = tuplegetter_repr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = tuplegetter_traverse,
    .tp_clear = tuplegetter_clear,
    .tp_methods = tuplegetter_methods,
    .tp_members = tuplegetter_members,
    .tp_descr_get = tuplegetter_descr_get,
    .tp_descr_set = tuplegetter_descr_set,
    .tp_new = tuplegetter_new,
};

/* -- _count_elements --------------------------------------------------------------------------- */

/* mapping[key] += 1 for a plain dict: one hash. */
static int count_in_dict(PyObject *dict, PyObject *key, PyObject *one)
{
    Py_hash_t hash = PyObject_Hash(key);
    if (hash == -1) {
        return -1;
    }
    PyObject *old = _PyDict_GetItem_KnownHash(dict, key, hash);
    if (old == NULL) {
        return PyErr_Occurred() ? -1 : _PyDict_SetItem_KnownHash(dict, key, one, hash);
    }
    bool small = PyLong_CheckExact(old) && (size_t)Py_SIZE(old) <= 1; /* zero or one digit */
    PyObject *sum =
        small ? PyLong_FromLong((Py_SIZE(old) ? (long)((PyLongObject *)old)->ob_digit[0] : 0) + 1)
              : PyNumber_Add(old, one);
    int err = sum ? _PyDict_SetItem_KnownHash(dict, key, sum, hash) : -1;
    Py_XDECREF(sum);
    return err;
}

static int count_in_mapping(PyObject *mapping, PyObject *bound_get, PyObject *key, PyObject *zero,
                            PyObject *one)
{
    PyObject *old = PyObject_CallFunctionObjArgs(bound_get, key, zero, NULL);
    PyObject *sum = old ? PyNumber_Add(old, one) : NULL;
    int err = sum ? PyObject_SetItem(mapping, key, sum) : -1;
    Py_XDECREF(sum);
    Py_XDECREF(old);
    return err;
}

/* Whether the mapping reads and writes as a dict does. */
static bool counts_like_dict(PyObject *mapping, PyObject *get, PyObject *setitem)
{
    PyObject *dict_get = _PyType_Lookup(&PyDict_Type, get),
             *dict_set = _PyType_Lookup(&PyDict_Type, setitem);
    PyObject *map_get = _PyType_Lookup(Py_TYPE(mapping), get);
    PyObject *map_set = _PyType_Lookup(Py_TYPE(mapping), setitem);
    return map_get != NULL && map_get == dict_get && map_set != NULL && map_set == dict_set &&
           PyDict_Check(mapping);
}

/* A subclass that overrides get or __setitem__ (Counter does not) is asked item by item. */
static PyObject *count_elements(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_count_elements", nargs, 2, 2)) {
        return NULL;
    }
    PyObject *mapping = args[0], *bound_get = NULL, *key, *zero = NULL, *one = NULL, *result = NULL;
    PyObject *it = PyObject_GetIter(args[1]);
    if (it == NULL || (zero = PyLong_FromLong(0)) == NULL || (one = PyLong_FromLong(1)) == NULL) {
        goto done;
    }
    bool plain = counts_like_dict(mapping, ID(get), ID(__setitem__));
    if (!plain && (bound_get = PyObject_GetAttr(mapping, ID(get))) == NULL) {
        goto done;
    }
    int err = 0;
    while (err == 0 && (key = PyIter_Next(it)) != NULL) {
        err = plain ? count_in_dict(mapping, key, one)
                    : count_in_mapping(mapping, bound_get, key, zero, one);
        Py_DECREF(key);
    }
    if (err == 0 && !PyErr_Occurred()) {
        result = Py_NewRef(Py_None);
    }
done:
    Py_XDECREF(bound_get);
    Py_XDECREF(one);
    Py_XDECREF(zero);
    Py_XDECREF(it);
    return result;
}

/* -- Module ------------------------------------------------------------------------------------ */

static PyMethodDef module_methods[] = {
    {"_count_elements", (PyCFunction)(void (*)(void))count_elements, METH_FASTCALL,
     "_count_elements($module, mapping, iterable, /)\n--\n\nCount the elements of the iterable in "
     "the mapping."},
    {NULL},
};

static int module_exec(PyObject *module)
{
    PyTypeObject *types[] = {&deque_type,      &defdict_type,       &PyODict_Type,
                             &deque_iter_type, &deque_reviter_type, &tuplegetter_type};
    defdict_type.tp_base = &PyDict_Type;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (PyModule_AddType(module, types[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_collections",
    .m_doc = "Containers for the module collections: deque, defaultdict, OrderedDict.",
    .m_size = 0,
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__collections(void) { return PyModuleDef_Init(&module_def); }
