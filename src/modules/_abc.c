/* SPDX-License-Identifier: MIT
 *
 * Module _abc: the machinery of abc.ABCMeta.
 *
 * Each abstract base class has an attribute _abc_impl (AbcData) with three sets of weak references:
 * classes that were registered, classes known to be subclasses, and classes known not to be. The
 * last is valid for one value of the module's counter, which every registration anywhere
 * increments.
 */
#include "state.h"

#define PATTERN_FLAGS (Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING)

typedef struct {
    PyTypeObject *data_type;          /* strong */
    unsigned long long invalidations; /* registrations so far */
} AbcState;

typedef struct {
    PyObject_HEAD
    PyObject *registry;                  /* strong sets, or NULL while empty */
    PyObject *cache;                     /* classes known to be subclasses */
    PyObject *negative_cache;            /* classes known to be none, while */
    unsigned long long negative_version; /* this equals the state's `invalidations` */
} AbcData;

static AbcState *abc_state(PyObject *module)
{
    return PyModule_GetState(module);
}

/* -- AbcData --------------------------------------------------------------------------------- */

static PyObject *abcdata_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    AbcData *self = (AbcData *)type->tp_alloc(type, 0);
    if (self) {
        PyObject *module = PyType_GetModule(type);
        if (module == NULL) {
            Py_DECREF(self);
            return NULL;
        }
        self->negative_version = abc_state(module)->invalidations;
    }
    return (PyObject *)self;
}

static int abcdata_traverse(AbcData *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->registry);
    Py_VISIT(self->cache);
    Py_VISIT(self->negative_cache);
    return 0;
}

static int abcdata_clear(AbcData *self)
{
    Py_CLEAR(self->registry);
    Py_CLEAR(self->cache);
    Py_CLEAR(self->negative_cache);
    return 0;
}

static void abcdata_dealloc(AbcData *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    abcdata_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot abcdata_slots[] = {
    {Py_tp_doc, "Internal state held by ABC machinery."},
    {Py_tp_new, abcdata_new},
    {Py_tp_dealloc, abcdata_dealloc},
    {Py_tp_traverse, abcdata_traverse},
    {Py_tp_clear, abcdata_clear},
    {0, NULL},
};

static PyType_Spec abcdata_spec = {"_abc._abc_data", sizeof(AbcData), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, abcdata_slots};

/* The class's data: owned. */
static AbcData *get_data(PyObject *module, PyObject *cls)
{
    PyObject *data = PyObject_GetAttr(cls, ID(_abc_impl));
    if (data && !Py_IS_TYPE(data, abc_state(module)->data_type)) {
        PyErr_SetString(PyExc_TypeError, "_abc_impl is set to a wrong type");
        Py_CLEAR(data);
    }
    return (AbcData *)data;
}

/* -- Weak sets ------------------------------------------------------------------------------- */

static int weakset_contains(PyObject *set, PyObject *cls)
{
    if (set == NULL || PySet_GET_SIZE(set) == 0) {
        return 0;
    }
    PyObject *ref = PyWeakref_NewRef(cls, NULL);
    if (ref == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) {
            return -1;
        }
        PyErr_Clear();
        return 0;
    }
    int r = PySet_Contains(set, ref);
    Py_DECREF(ref);
    return r;
}

/* Callback of the references in a set; self is a weak reference to the set. */
static PyObject *weakset_discard(PyObject *self, PyObject *ref)
{
    PyObject *set = PyWeakref_GET_OBJECT(self);
    if (set != Py_None) {
        Py_INCREF(set);
        int r = PySet_Discard(set, ref);
        Py_DECREF(set);
        if (r < 0) {
            return NULL;
        }
    }
    Py_RETURN_NONE;
}

static PyMethodDef discard_method = {"_destroy", weakset_discard, METH_O, NULL};

static int weakset_add(PyObject **set, PyObject *cls)
{
    if (*set == NULL && (*set = PySet_New(NULL)) == NULL) {
        return -1;
    }
    PyObject *set_ref = PyWeakref_NewRef(*set, NULL);
    PyObject *discard = set_ref ? PyCFunction_NewEx(&discard_method, set_ref, NULL) : NULL;
    PyObject *ref = discard ? PyWeakref_NewRef(cls, discard) : NULL;
    int r = ref ? PySet_Add(*set, ref) : -1;
    Py_XDECREF(ref);
    Py_XDECREF(discard);
    Py_XDECREF(set_ref);
    return r;
}

/* -- Set-up of a class ----------------------------------------------------------------------- */

/* Adds the names in the class's own dict whose values say __isabstractmethod__. The dict may be a
   mapping of a metaclass, hence its items() and the checks. */
static int add_own_abstracts(PyObject *cls, PyObject *abstracts)
{
    PyObject *ns = PyObject_GetAttr(cls, ID(__dict__));
    PyObject *items = ns ? PyMapping_Items(ns) : NULL;
    int r = items ? 0 : -1;
    for (Py_ssize_t i = 0; r == 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *item = PySequence_Tuple(PyList_GET_ITEM(items, i));
        if (item == NULL) {
            r = -1;
            break;
        }
        if (PyTuple_GET_SIZE(item) != 2) {
            PyErr_SetString(PyExc_TypeError,
                            "Iteration over __dict__.items() returned item which is not a 2-tuple");
            r = -1;
        }
        else {
            int abstract = _PyObject_IsAbstract(PyTuple_GET_ITEM(item, 1));
            r = abstract > 0 ? PySet_Add(abstracts, PyTuple_GET_ITEM(item, 0)) : abstract;
        }
        Py_DECREF(item);
    }
    Py_XDECREF(items);
    Py_XDECREF(ns);
    return r;
}

static int add_if_still_abstract(PyObject *cls, PyObject *name, PyObject *abstracts)
{
    PyObject *value;
    int r = _PyObject_LookupAttr(cls, name, &value);
    if (r > 0) {
        r = _PyObject_IsAbstract(value);
        Py_DECREF(value);
    }
    return r > 0 ? PySet_Add(abstracts, name) : r;
}

static int add_inherited_abstracts(PyObject *cls, PyObject *base, PyObject *abstracts)
{
    PyObject *names, *name;
    if (_PyObject_LookupAttr(base, ID(__abstractmethods__), &names) < 0) {
        return -1;
    }
    if (names == NULL) {
        return 0;
    }
    PyObject *iter = PyObject_GetIter(names);
    Py_DECREF(names);
    if (iter == NULL) {
        return -1;
    }
    int r = 0;
    while (r == 0 && (name = PyIter_Next(iter))) {
        r = add_if_still_abstract(cls, name, abstracts);
        Py_DECREF(name);
    }
    Py_DECREF(iter);
    return PyErr_Occurred() ? -1 : r;
}

static int compute_abstract_methods(PyObject *cls)
{
    PyObject *abstracts = PyFrozenSet_New(NULL), *bases = NULL;
    int r = abstracts ? add_own_abstracts(cls, abstracts) : -1;
    if (r == 0) {
        bases = PyObject_GetAttr(cls, ID(__bases__));
        r = bases ? 0 : -1;
    }
    if (r == 0 && !PyTuple_Check(bases)) {
        PyErr_SetString(PyExc_TypeError, "__bases__ is not tuple");
        r = -1;
    }
    for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(bases); i++) {
        r = add_inherited_abstracts(cls, PyTuple_GET_ITEM(bases, i), abstracts);
    }
    if (r == 0) {
        r = PyObject_SetAttr(cls, ID(__abstractmethods__), abstracts);
    }
    Py_XDECREF(bases);
    Py_XDECREF(abstracts);
    return r;
}

/* __abc_tpflags__ of a class body makes the class a sequence or mapping for pattern matching. */
static int take_pattern_flags(PyTypeObject *cls)
{
    PyObject *flags = PyDict_GetItemWithError(cls->tp_dict, ID(__abc_tpflags__));
    if (flags == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    if (!PyLong_CheckExact(flags)) {
        return 0;
    }
    long value = PyLong_AsLong(flags);
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    if ((value & PATTERN_FLAGS) == PATTERN_FLAGS) {
        PyErr_SetString(
            PyExc_TypeError,
            "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        return -1;
    }
    cls->tp_flags |= (unsigned long)value & PATTERN_FLAGS;
    return PyDict_DelItem(cls->tp_dict, ID(__abc_tpflags__));
}

static PyObject *abc_init(PyObject *module, PyObject *cls)
{
    if (compute_abstract_methods(cls) < 0) {
        return NULL;
    }
    PyObject *data = abcdata_new(abc_state(module)->data_type, NULL, NULL);
    if (data == NULL) {
        return NULL;
    }
    int r = PyObject_SetAttr(cls, ID(_abc_impl), data);
    Py_DECREF(data);
    if (r < 0 || (PyType_Check(cls) && take_pattern_flags((PyTypeObject *)cls) < 0)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* -- Registration ---------------------------------------------------------------------------- */

static void set_pattern_flags(PyTypeObject *cls, unsigned long flags)
{
    if ((cls->tp_flags & PATTERN_FLAGS) == flags ||
        PyType_HasFeature(cls, Py_TPFLAGS_IMMUTABLETYPE)) {
        return;
    }
    cls->tp_flags = (cls->tp_flags & ~(unsigned long)PATTERN_FLAGS) | flags;
    PyObject *subclasses = cls->tp_subclasses ? PyDict_Values(cls->tp_subclasses) : NULL;
    for (Py_ssize_t i = 0; subclasses && i < PyList_GET_SIZE(subclasses); i++) {
        PyObject *sub = PyWeakref_GET_OBJECT(PyList_GET_ITEM(subclasses, i));
        if (PyType_Check(sub)) {
            set_pattern_flags((PyTypeObject *)sub, flags);
        }
    }
    Py_XDECREF(subclasses);
}

/* Raising `invalidations` makes the negative caches of all abstract classes stale; the positive
   ones stay right, since nobody is unregistered. */
static PyObject *abc_register(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_abc_register", nargs, 2, 2)) {
        return NULL;
    }
    PyObject *cls = args[0], *subclass = args[1];
    if (!PyType_Check(subclass)) {
        PyErr_SetString(PyExc_TypeError, "Can only register classes");
        return NULL;
    }
    int r = PyObject_IsSubclass(subclass, cls);
    if (r) {
        return r > 0 ? Py_NewRef(subclass) : NULL;
    }
    r = PyObject_IsSubclass(cls, subclass);
    if (r) {
        if (r > 0) {
            PyErr_SetString(PyExc_RuntimeError, "Refusing to create an inheritance cycle");
        }
        return NULL;
    }
    AbcData *data = get_data(module, cls);
    if (data == NULL) {
        return NULL;
    }
    r = weakset_add(&data->registry, subclass);
    Py_DECREF(data);
    if (r < 0) {
        return NULL;
    }
    abc_state(module)->invalidations++;
    if (PyType_Check(cls)) {
        unsigned long flags = ((PyTypeObject *)cls)->tp_flags & PATTERN_FLAGS;
        if (flags) {
            set_pattern_flags((PyTypeObject *)subclass, flags);
        }
    }
    return Py_NewRef(subclass);
}

/* -- Checks ---------------------------------------------------------------------------------- */

static PyObject *call_subclasscheck(PyObject *cls, PyObject *subclass)
{
    return PyObject_CallMethodOneArg(cls, ID(__subclasscheck__), subclass);
}

/* subclass is the object's __class__, subtype its type: they differ for proxies and mocks, and then
   either may answer. */
static PyObject *instancecheck(AbcData *data, AbcState *state, PyObject *cls, PyObject *subclass,
                               PyObject *subtype)
{
    int known = weakset_contains(data->cache, subclass);
    if (known) {
        return known > 0 ? Py_NewRef(Py_True) : NULL;
    }
    if (subtype == subclass) {
        if (data->negative_version == state->invalidations) {
            known = weakset_contains(data->negative_cache, subclass);
            if (known) {
                return known > 0 ? Py_NewRef(Py_False) : NULL;
            }
        }
        return call_subclasscheck(cls, subclass);
    }
    PyObject *result = call_subclasscheck(cls, subclass);
    if (result == NULL) {
        return NULL;
    }
    int r = PyObject_IsTrue(result);
    if (r > 0) {
        return result;
    }
    Py_DECREF(result);
    return r < 0 ? NULL : call_subclasscheck(cls, subtype);
}

static PyObject *abc_instancecheck(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_abc_instancecheck", nargs, 2, 2)) {
        return NULL;
    }
    AbcData *data = get_data(module, args[0]);
    PyObject *subclass = data ? PyObject_GetAttr(args[1], ID(__class__)) : NULL, *result = NULL;
    if (subclass) {
        result =
            instancecheck(data, abc_state(module), args[0], subclass, (PyObject *)Py_TYPE(args[1]));
    }
    Py_XDECREF(subclass);
    Py_XDECREF(data);
    return result;
}

/* 1, 0 or -1; a positive answer is cached by the caller. */
static int check_registry(AbcData *data, PyObject *subclass)
{
    int r = weakset_contains(data->registry, subclass);
    if (r || data->registry == NULL) {
        return r;
    }
    PyObject *refs = PySequence_List(data->registry); /* checks may run code that changes it */
    if (refs == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; r == 0 && i < PyList_GET_SIZE(refs); i++) {
        PyObject *registered = PyWeakref_GetObject(PyList_GET_ITEM(refs, i));
        if (registered == NULL) {
            r = -1;
        }
        else if (registered != Py_None) {
            Py_INCREF(registered);
            r = PyObject_IsSubclass(subclass, registered);
            Py_DECREF(registered);
        }
    }
    Py_DECREF(refs);
    return r;
}

static int check_subclasses(PyObject *cls, PyObject *subclass)
{
    PyObject *subclasses = PyObject_CallMethod(cls, "__subclasses__", NULL);
    if (subclasses == NULL) {
        return -1;
    }
    int r = 0;
    if (!PyList_Check(subclasses)) {
        PyErr_SetString(PyExc_TypeError, "__subclasses__() must return a list");
        r = -1;
    }
    for (Py_ssize_t i = 0; r == 0 && i < PyList_GET_SIZE(subclasses); i++) {
        PyObject *sub = Py_NewRef(PyList_GET_ITEM(subclasses, i));
        r = PyObject_IsSubclass(subclass, sub);
        Py_DECREF(sub);
    }
    Py_DECREF(subclasses);
    return r;
}

/* 1 or 0: what __subclasshook__ decides; 2: it leaves the decision to others; -1. */
static int ask_hook(PyObject *cls, PyObject *subclass)
{
    PyObject *answer = PyObject_CallMethodOneArg(cls, ID(__subclasshook__), subclass);
    if (answer == NULL) {
        return -1;
    }
    int r = answer == Py_True ? 1 : answer == Py_False ? 0 : 2;
    if (r == 2 && answer != Py_NotImplemented) {
        PyErr_SetString(PyExc_AssertionError,
                        "__subclasshook__ must return either False, True, or NotImplemented");
        r = -1;
    }
    Py_DECREF(answer);
    return r;
}

static int subclasscheck(AbcData *data, AbcState *state, PyObject *cls, PyObject *subclass)
{
    int r = weakset_contains(data->cache, subclass);
    if (r) {
        return r;
    }
    if (data->negative_version < state->invalidations) {
        if (data->negative_cache && PySet_Clear(data->negative_cache) < 0) {
            return -1;
        }
        data->negative_version = state->invalidations;
    }
    else {
        r = weakset_contains(data->negative_cache, subclass);
        if (r) {
            return r > 0 ? 0 : -1;
        }
    }
    r = ask_hook(cls, subclass);
    if (r == 2) {
        r = PyType_IsSubtype((PyTypeObject *)subclass, (PyTypeObject *)cls);
        if (r == 0) {
            r = check_registry(data, subclass);
            if (r > 0 && weakset_contains(data->registry, subclass) > 0) {
                return 1; /* registered itself: no need to cache */
            }
        }
        if (r == 0) {
            r = check_subclasses(cls, subclass);
        }
    }
    if (r < 0 || weakset_add(r ? &data->cache : &data->negative_cache, subclass) < 0) {
        return -1;
    }
    return r;
}

static PyObject *abc_subclasscheck(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_abc_subclasscheck", nargs, 2, 2)) {
        return NULL;
    }
    if (!PyType_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "issubclass() arg 1 must be a class");
        return NULL;
    }
    AbcData *data = get_data(module, args[0]);
    if (data == NULL) {
        return NULL;
    }
    int r = subclasscheck(data, abc_state(module), args[0], args[1]);
    Py_DECREF(data);
    return r < 0 ? NULL : PyBool_FromLong(r);
}

/* -- Looking and resetting ------------------------------------------------------------------- */

static PyObject *abc_get_cache_token(PyObject *module, PyObject *unused)
{
    return PyLong_FromUnsignedLongLong(abc_state(module)->invalidations);
}

static PyObject *abc_get_dump(PyObject *module, PyObject *cls)
{
    AbcData *data = get_data(module, cls);
    if (data == NULL) {
        return NULL;
    }
    PyObject *result = Py_BuildValue("NNNK", PySet_New(data->registry), PySet_New(data->cache),
                                     PySet_New(data->negative_cache), data->negative_version);
    Py_DECREF(data);
    return result;
}

static PyObject *abc_reset_registry(PyObject *module, PyObject *cls)
{
    AbcData *data = get_data(module, cls);
    if (data == NULL) {
        return NULL;
    }
    int r = data->registry ? PySet_Clear(data->registry) : 0;
    Py_DECREF(data);
    return r < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *abc_reset_caches(PyObject *module, PyObject *cls)
{
    AbcData *data = get_data(module, cls);
    if (data == NULL) {
        return NULL;
    }
    int r = (data->cache && PySet_Clear(data->cache) < 0)
            || (data->negative_cache && PySet_Clear(data->negative_cache) < 0);
    Py_DECREF(data);
    return r ? NULL : Py_NewRef(Py_None);
}

/* -- Module ---------------------------------------------------------------------------------- */

#define INTERNAL "For the module abc alone."

static PyMethodDef abc_functions[] = {
    {"get_cache_token", abc_get_cache_token, METH_NOARGS,
     "get_cache_token($module, /)\n--\n\nReturns the current ABC cache token.\n\n"
     "It compares unequal to tokens from before any register() on any ABC."},
    {"_abc_init", abc_init, METH_O,
     "_abc_init($module, self, /)\n--\n\nPrepares a class that ABCMeta makes. " INTERNAL},
    {"_reset_registry", abc_reset_registry, METH_O,
     "_reset_registry($module, self, /)\n--\n\nEmpties the registry of a class.\n\n"
     "For hunting reference leaks."},
    {"_reset_caches", abc_reset_caches, METH_O,
     "_reset_caches($module, self, /)\n--\n\nEmpties both caches of a class.\n\n"
     "For hunting reference leaks."},
    {"_get_dump", abc_get_dump, METH_O,
     "_get_dump($module, self, /)\n--\n\nThe registry and the caches of a class.\n\n"
     "Return copies of the registry and of both caches, and the negative\ncache's version. "
     "ABC._dump_registry() shows them nicely."},
    {"_abc_register", (PyCFunction)(void (*)(void))abc_register, METH_FASTCALL,
     "_abc_register($module, self, subclass, /)\n--\n\nABCMeta.register. " INTERNAL},
    {"_abc_instancecheck", (PyCFunction)(void (*)(void))abc_instancecheck, METH_FASTCALL,
     "_abc_instancecheck($module, self, instance, /)\n--\n\nABCMeta.__instancecheck__. " INTERNAL},
    {"_abc_subclasscheck", (PyCFunction)(void (*)(void))abc_subclasscheck, METH_FASTCALL,
     "_abc_subclasscheck($module, self, subclass, /)\n--\n\nABCMeta.__subclasscheck__. " INTERNAL},
    {NULL},
};

static int abc_exec(PyObject *module)
{
    AbcState *state = abc_state(module);
    state->invalidations = 0;
    state->data_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &abcdata_spec, NULL);
    return state->data_type ? 0 : -1;
}

static int abc_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(abc_state(module)->data_type);
    return 0;
}

static int abc_clear(PyObject *module)
{
    Py_CLEAR(abc_state(module)->data_type);
    return 0;
}

static void abc_free(void *module)
{
    abc_clear(module);
}

static PyModuleDef_Slot abc_slots[] = {{Py_mod_exec, abc_exec}, {0, NULL}};

static PyModuleDef abc_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_abc",
    .m_doc = "What abc.ABCMeta is made of, in C.",
    .m_size = sizeof(AbcState),
    .m_methods = abc_functions,
    .m_slots = abc_slots,
    .m_traverse = abc_traverse,
    .m_clear = abc_clear,
    .m_free = abc_free,
};

PyMODINIT_FUNC PyInit__abc(void)
{
    return PyModuleDef_Init(&abc_module);
}
