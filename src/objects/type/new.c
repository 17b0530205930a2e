/* SPDX-License-Identifier: MIT
 *
 * type.__new__: a class statement becomes a heap type.
 *
 *   metaclass and best base            choose_bases
 *   __slots__                          plan_slots
 *   memory                             allocate: PyHeapTypeObject, then one PyMemberDef a slot
 *   names, module, doc, layout         fill
 *   PyType_Ready, dispatchers          build
 *   __classcell__, __set_name__,       build: the class is complete when these see it
 *   __init_subclass__
 *
 * Instance layout: the best base's, then one pointer a slot, then the weak reference list if the
 * class adds one:
 *
 *     [values, dict] [collector] │ base's fields │ slot 0 │ … │ slot n-1 │ weak references │
 *
 * A dict is managed (two words in front, dictoffset is informational) unless the base has variable
 * size: then its pointer is the last word (dictoffset -8).
 */
#include "objects/type/type_impl.h"

#include <string.h>

/* What the steps hand on. All but dict and slots is BORROWED from the arguments. */
struct class_builder {
    PyTypeObject *metatype, *base; /* the winners of choose_bases */
    PyObject *name, *bases, *kwds; /* arguments of the class statement; kwds may be NULL */
    PyObject *dict;            /* owned copy of the namespace */
    PyObject *slots;           /* owned tuple of slot names, or NULL: no __slots__ */
    Py_ssize_t nslots;         /* names in slots */
    bool add_dict, add_weak;   /* instances get them here */
    bool may_add_dict, may_add_weak; /* the base has none yet */
};

/* -- Metaclass ------------------------------------------------------------------------------- */

/* The most derived metaclass of all bases; TypeError when there is none. BORROWED. */
PyTypeObject *_PyType_CalculateMetaclass(PyTypeObject *metatype, PyObject *bases)
{
    PyTypeObject *winner = metatype;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyTypeObject *candidate = Py_TYPE(PyTuple_GET_ITEM(bases, i));
        if (PyType_IsSubtype(winner, candidate)) {
            continue;
        }
        if (PyType_IsSubtype(candidate, winner)) {
            winner = candidate;
            continue;
        }
        PyErr_SetString(PyExc_TypeError,
                        "metaclass conflict: the metaclass of a derived class must be a "
                        "(non-strict) subclass of the "
                        "metaclasses of all its bases");
        return NULL;
    }
    return winner;
}

/* 1: *result is what a more special metaclass made (or NULL),
   0: go on with b->metatype and b->base, -1. */
static int choose_bases(struct class_builder *b, PyObject *args, PyObject **result)
{
    Py_ssize_t n = PyTuple_GET_SIZE(b->bases);
    if (n == 0) {
        b->base = &PyBaseObject_Type;
        b->bases = PyTuple_Pack(1, b->base);
        return b->bases ? 0 : -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *base = PyTuple_GET_ITEM(b->bases, i), *entries;
        if (PyType_Check(base)) {
            continue;
        }
        if (_PyObject_LookupAttr(base, ID(__mro_entries__), &entries) < 0) {
            return -1;
        }
        if (entries) {
            Py_DECREF(entries);
            PyErr_SetString(PyExc_TypeError,
                            "type() doesn't support MRO entry resolution; use types.new_class()");
            return -1;
        }
    }
    PyTypeObject *winner = _PyType_CalculateMetaclass(b->metatype, b->bases);
    if (winner == NULL) {
        return -1;
    }
    if (winner != b->metatype) {
        if (winner->tp_new != type_new) {
            *result = winner->tp_new(winner, args, b->kwds);
            return 1;
        }
        b->metatype = winner;
    }
    b->base = type_best_base(b->bases);
    if (b->base == NULL) {
        return -1;
    }
    Py_INCREF(b->bases);
    return 0;
}

/* -- __slots__ ------------------------------------------------------------------------------- */

/* _Class__name for a private name. */
static PyObject *mangle(PyObject *cls, PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name), nc = PyUnicode_GET_LENGTH(cls), i = 0;
    if (n < 2 || PyUnicode_READ_CHAR(name, 0) != '_' || PyUnicode_READ_CHAR(name, 1) != '_'
        || (PyUnicode_READ_CHAR(name, n - 1) == '_' && PyUnicode_READ_CHAR(name, n - 2) == '_')
        || PyUnicode_FindChar(name, '.', 0, n, 1) != -1) {
        return Py_NewRef(name);
    }
    while (i < nc && PyUnicode_READ_CHAR(cls, i) == '_') {
        i++;
    }
    if (i == nc) {
        return Py_NewRef(name);
    }
    PyObject *stripped = PyUnicode_Substring(cls, i, nc), *result = NULL;
    if (stripped) {
        result = PyUnicode_FromFormat("_%U%U", stripped, name);
        Py_DECREF(stripped);
    }
    if (result) {
        PyUnicode_InternInPlace(&result);
    }
    return result;
}

/* An identifier, each special one at most once, and only if the base lacks it. */
static int check_slot_name(struct class_builder *b, PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "__slots__ items must be strings, not '%.200s'",
                     Py_TYPE(name)->tp_name);
        return -1;
    }
    if (!PyUnicode_IsIdentifier(name)) {
        PyErr_SetString(PyExc_TypeError, "__slots__ must be identifiers");
        return -1;
    }
    if (_PyUnicode_EQ(name, ID(__dict__))) {
        if (!b->may_add_dict || b->add_dict) {
            PyErr_SetString(PyExc_TypeError, "__dict__ slot disallowed: we already got one");
            return -1;
        }
        b->add_dict = true;
    }
    if (_PyUnicode_EQ(name, ID(__weakref__))) {
        if (!b->may_add_weak || b->add_weak) {
            PyErr_SetString(PyExc_TypeError, "__weakref__ slot disallowed: either we already got "
                                             "one, or __itemsize__ != 0");
            return -1;
        }
        b->add_weak = true;
    }
    return 0;
}

/* Sorted, mangled names without __dict__ and __weakref__. */
static PyObject *clean_slots(struct class_builder *b, PyObject *slots)
{
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(slots); i++) {
        PyObject *name = PyTuple_GET_ITEM(slots, i);
        if ((b->add_dict && _PyUnicode_EQ(name, ID(__dict__)))
            || (b->add_weak && _PyUnicode_EQ(name, ID(__weakref__)))) {
            continue;
        }
        PyObject *mangled = mangle(b->name, name);
        if (mangled == NULL || PyList_Append(list, mangled) < 0) {
            Py_XDECREF(mangled);
            Py_CLEAR(list);
            break;
        }
        int clash = PyDict_Contains(b->dict, mangled);
        /* The compiler puts these into the namespace; as slots they are harmless. */
        if (clash > 0 && !_PyUnicode_EQ(mangled, ID(__qualname__))
            && !_PyUnicode_EQ(mangled, ID(__classcell__))) {
            PyErr_Format(PyExc_ValueError, "%R in __slots__ conflicts with class variable",
                         mangled);
            clash = -1;
        }
        Py_DECREF(mangled);
        if (clash < 0) {
            Py_CLEAR(list);
        }
    }
    if (list == NULL || PyList_Sort(list) < 0) {
        Py_XDECREF(list);
        return NULL;
    }
    PyObject *tuple = PyList_AsTuple(list);
    Py_DECREF(list);
    return tuple;
}

/* A secondary base may bring a dict or a weak reference list,
   which the class then has to have room for. */
static void slots_from_other_bases(struct class_builder *b)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(b->bases); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(b->bases, i);
        if (base == b->base || !PyType_Check(base)) {
            continue;
        }
        if (b->may_add_dict && !b->add_dict && base->tp_dictoffset != 0) {
            b->add_dict = true;
        }
        if (b->may_add_weak && !b->add_weak && base->tp_weaklistoffset != 0) {
            b->add_weak = true;
        }
    }
}

/* Without __slots__ instances get dict and weak references if they can. */
static int plan_slots(struct class_builder *b)
{
    PyObject *slots = dict_peek(b->dict, ID(__slots__));
    if (slots == NULL && PyErr_Occurred()) {
        return -1;
    }
    b->may_add_dict = b->base->tp_dictoffset == 0;
    b->may_add_weak = b->base->tp_weaklistoffset == 0 && b->base->tp_itemsize == 0;
    if (slots == NULL) {
        b->add_dict = b->may_add_dict;
        b->add_weak = b->may_add_weak;
        return 0;
    }
    slots = PyUnicode_Check(slots) ? PyTuple_Pack(1, slots) : PySequence_Tuple(slots);
    if (slots == NULL) {
        return -1;
    }
    if (PyTuple_GET_SIZE(slots) > 0 && b->base->tp_itemsize != 0) {
        PyErr_Format(PyExc_TypeError, "nonempty __slots__ not supported for subtype of '%s'",
                     b->base->tp_name);
        Py_DECREF(slots);
        return -1;
    }
    int r = 0;
    for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(slots); i++) {
        r = check_slot_name(b, PyTuple_GET_ITEM(slots, i));
    }
    if (r == 0) {
        b->slots = clean_slots(b, slots);
    }
    Py_DECREF(slots);
    if (b->slots == NULL) {
        return -1;
    }
    b->nslots = PyTuple_GET_SIZE(b->slots);
    slots_from_other_bases(b);
    return 0;
}

/* -- Filling the type ------------------------------------------------------------------------ */

/* The type with its flags, names and suites (PyHeapTypeObject has them inside), dict owned. */
static PyTypeObject *allocate(struct class_builder *b)
{
    PyTypeObject *type = (PyTypeObject *)b->metatype->tp_alloc(b->metatype, b->nslots);
    if (type == NULL) {
        return NULL;
    }
    PyHeapTypeObject *et = (PyHeapTypeObject *)type;
    type->tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_BASETYPE;
    type->tp_as_async = &et->as_async;
    type->tp_as_sequence = &et->as_sequence;
    type->tp_as_mapping = &et->as_mapping;
    type->tp_as_number = &et->as_number;
    type->tp_as_buffer = &et->as_buffer;
    type->tp_bases = Py_NewRef(b->bases);
    type->tp_base = (PyTypeObject *)Py_NewRef(b->base);
    type->tp_dict = Py_NewRef(b->dict);
    et->ht_slots = Py_XNewRef(b->slots);
    et->ht_module = NULL;
    et->_ht_tpname = NULL;
    return type;
}

/* tp_name points into the str, which ht_name keeps alive. */
static int set_name(struct class_builder *b, PyTypeObject *type)
{
    Py_ssize_t n;
    type->tp_name = PyUnicode_AsUTF8AndSize(b->name, &n);
    if (type->tp_name == NULL) {
        return -1;
    }
    if (strlen(type->tp_name) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "type name must not contain null characters");
        return -1;
    }
    ((PyHeapTypeObject *)type)->ht_name = Py_NewRef(b->name);
    return 0;
}

/* From the globals of the code that runs the class statement. */
static int set_module(PyTypeObject *type)
{
    int has = PyDict_Contains(type->tp_dict, ID(__module__));
    PyObject *globals = has ? NULL : PyEval_GetGlobals();
    if (globals == NULL) {
        return has < 0 ? -1 : 0;
    }
    PyObject *module = dict_peek(globals, ID(__name__));
    if (module) {
        return PyDict_SetItem(type->tp_dict, ID(__module__), module);
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* Moves from the namespace into the type. */
static int set_qualname(PyTypeObject *type)
{
    PyHeapTypeObject *et = (PyHeapTypeObject *)type;
    PyObject *qualname = dict_peek(type->tp_dict, ID(__qualname__));
    if (qualname == NULL) {
        et->ht_qualname = Py_NewRef(et->ht_name);
        return PyErr_Occurred() ? -1 : 0;
    }
    if (!PyUnicode_Check(qualname)) {
        PyErr_Format(PyExc_TypeError, "type __qualname__ must be a str, not %s",
                     Py_TYPE(qualname)->tp_name);
        return -1;
    }
    et->ht_qualname = Py_NewRef(qualname);
    return PyDict_DelItem(type->tp_dict, ID(__qualname__));
}

/* A C copy, for tools that read tp_doc. */
static int set_doc(PyTypeObject *type)
{
    PyObject *doc = dict_peek(type->tp_dict, ID(__doc__));
    if (doc == NULL || !PyUnicode_Check(doc)) {
        return PyErr_Occurred() ? -1 : 0;
    }
    const char *text = PyUnicode_AsUTF8(doc);
    if (text == NULL) {
        return -1;
    }
    size_t n = strlen(text) + 1;
    char *copy = PyObject_Malloc(n);
    if (copy == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    type->tp_doc = memcpy(copy, text, n);
    return 0;
}

/* A plain function under this name is wrapped without being asked for. */
static int wrap_function(PyTypeObject *type, PyObject *name, PyObject *(*wrap)(PyObject *))
{
    PyObject *func = dict_peek(type->tp_dict, name);
    if (func == NULL || !PyFunction_Check(func)) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *wrapped = wrap(func);
    if (wrapped == NULL) {
        return -1;
    }
    int r = PyDict_SetItem(type->tp_dict, name, wrapped);
    Py_DECREF(wrapped);
    return r;
}

/* Offsets of slots, dict and weak references; see the head. */
static int set_layout(struct class_builder *b, PyTypeObject *type)
{
    PyTypeObject *base = b->base;
    Py_ssize_t offset = base->tp_basicsize;
    PyMemberDef *members = heap_type_members((PyHeapTypeObject *)type);
    for (Py_ssize_t i = 0; i < b->nslots; i++, offset += (Py_ssize_t)sizeof(PyObject *)) {
        members[i].name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(b->slots, i));
        if (members[i].name == NULL) {
            return -1;
        }
        members[i].type = T_OBJECT_EX;
        members[i].offset = offset;
    }
    if (b->add_dict && base->tp_itemsize) {
        type->tp_dictoffset = -(Py_ssize_t)sizeof(PyObject *);
        offset += (Py_ssize_t)sizeof(PyObject *);
    }
    if (b->add_weak) {
        type->tp_weaklistoffset = offset;
        offset += (Py_ssize_t)sizeof(PyObject *);
    }
    if (b->add_dict && base->tp_itemsize == 0) {
        type->tp_flags |= Py_TPFLAGS_MANAGED_DICT;
        type->tp_dictoffset = -offset - (Py_ssize_t)sizeof(PyObject *) * 3;
    }
    type->tp_basicsize = offset;
    type->tp_itemsize = base->tp_itemsize;
    type->tp_members = members;
    type->tp_getset = type->tp_weaklistoffset && type->tp_dictoffset ? subtype_getsets_full
                      : type->tp_weaklistoffset                      ? subtype_getsets_weakref_only
                      : type->tp_dictoffset                          ? subtype_getsets_dict_only
                                                                     : NULL;
    return 0;
}

/* Instances own their class, so they are always collected. */
static void set_memory_slots(PyTypeObject *type)
{
    type->tp_dealloc = subtype_dealloc;
    type->tp_alloc = PyType_GenericAlloc;
    type->tp_flags |= Py_TPFLAGS_HAVE_GC; /* instances own their class */
    type->tp_free = PyObject_GC_Del;
    type->tp_traverse = subtype_traverse;
    type->tp_clear = subtype_clear;
}

static int fill(struct class_builder *b, PyTypeObject *type)
{
    bool failed = set_name(b, type) < 0 || set_module(type) < 0 || set_qualname(type) < 0
                  || set_doc(type) < 0 || wrap_function(type, ID(__new__), PyStaticMethod_New) < 0
                  || wrap_function(type, ID(__init_subclass__), PyClassMethod_New) < 0
                  || wrap_function(type, ID(__class_getitem__), PyClassMethod_New) < 0
                  || set_layout(b, type) < 0;
    return failed ? -1 : 0;
}

/* -- Telling others -------------------------------------------------------------------------- */

/* The cell that super() and __class__ in methods read. */
static int set_classcell(PyTypeObject *type)
{
    PyObject *cell = dict_peek(type->tp_dict, ID(__classcell__));
    if (cell == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    if (!PyCell_Check(cell)) {
        PyErr_Format(PyExc_TypeError, "__classcell__ must be a nonlocal cell, not %.200R",
                     Py_TYPE(cell));
        return -1;
    }
    PyCell_Set(cell, (PyObject *)type);
    return PyDict_DelItem(type->tp_dict, ID(__classcell__));
}

static int call_set_name(PyTypeObject *type, PyObject *key, PyObject *value)
{
    PyObject *func = _PyObject_LookupSpecial(value, ID(__set_name__));
    if (func == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *args[] = {NULL, (PyObject *)type, key};
    PyObject *result = PyObject_Vectorcall(func, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                           NULL);
    Py_DECREF(func);
    if (result == NULL) {
        _PyErr_FormatFromCause(PyExc_RuntimeError,
                               "Error calling __set_name__ on '%.100s' instance %R in '%.100s'",
                               Py_TYPE(value)->tp_name, key, type->tp_name);
        return -1;
    }
    Py_DECREF(result);
    return 0;
}

/* On a copy: __set_name__ may change the namespace (PEP 487). */
static int call_set_names(PyTypeObject *type)
{
    PyObject *copy = PyDict_Copy(type->tp_dict), *key, *value;
    Py_ssize_t pos = 0;
    int r = copy ? 0 : -1;
    while (r == 0 && PyDict_Next(copy, &pos, &key, &value)) {
        if (_PyType_Lookup(Py_TYPE(value), ID(__set_name__)) == NULL) {
            continue;
        }
        r = call_set_name(type, key, value);
    }
    Py_XDECREF(copy);
    return r;
}

/* super(type, type).__init_subclass__(**kwds) */
static int call_init_subclass(PyTypeObject *type, PyObject *kwds)
{
    PyObject *args[] = {(PyObject *)type, (PyObject *)type};
    PyObject *super = PyObject_Vectorcall((PyObject *)&PySuper_Type, args, 2, NULL);
    PyObject *func = super ? PyObject_GetAttr(super, ID(__init_subclass__)) : NULL;
    Py_XDECREF(super);
    PyObject *result = func ? PyObject_VectorcallDict(func, NULL, 0, kwds) : NULL;
    Py_XDECREF(func);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

/* -- type.__new__ ---------------------------------------------------------------------------- */

/* The order of the steps is visible to metaclasses and descriptors. */
static PyObject *build(struct class_builder *b)
{
    if (plan_slots(b) < 0) {
        return NULL;
    }
    PyTypeObject *type = allocate(b);
    if (type == NULL) {
        return NULL;
    }
    if (fill(b, type) < 0) {
        goto fail;
    }
    set_memory_slots(type);
    if (set_classcell(type) < 0 || PyType_Ready(type) < 0) {
        goto fail;
    }
    slots_fixup_dispatchers(type);
    if (call_set_names(type) < 0 || call_init_subclass(type, b->kwds) < 0) {
        goto fail;
    }
    return (PyObject *)type;
fail:
    Py_DECREF(type);
    return NULL;
}

/* A metaclass that derives from the chosen one is called instead. */
PyObject *type_new(PyTypeObject *metatype, PyObject *args, PyObject *kwds)
{
    struct class_builder b = {.metatype = metatype, .kwds = kwds};
    PyObject *namespace, *result = NULL;
    if (!PyArg_ParseTuple(args, "UO!O!:type.__new__", &b.name, &PyTuple_Type, &b.bases,
                          &PyDict_Type, &namespace)) {
        return NULL;
    }
    if (choose_bases(&b, args, &result) != 0) {
        return result;
    }
    b.dict = PyDict_Copy(namespace);
    if (b.dict) {
        result = build(&b);
    }
    Py_XDECREF(b.dict);
    Py_XDECREF(b.slots);
    Py_DECREF(b.bases);
    return result;
}
