/* SPDX-License-Identifier: MIT
 *
 * PyType_Ready: from a filled-in PyTypeObject to a working type.
 *
 *   ready_bases       base, bases and metatype; object where nothing is said
 *   ready_mro         the order of lookup
 *   ready_set_new     __new__ in the dict, or a type that makes no instances
 *   ready_fill_dict   wrappers of slots, methods, members, getsets, doc
 *   ready_inherit     slots, flags and sizes that the type leaves empty
 *   ready_hash        __eq__ without __hash__: unhashable
 *   then              an entry in the bases' subclass lists
 *
 * Slots are inherited along the MRO: an empty slot takes the base's value, unless the base itself
 * only has it from its own base (then a later entry of the MRO decides).
 *
 *  R1 A type is READY or not; READYING in between lets the steps call each other's types. On
 *     failure it stays unready and may be tried again.
 */
#include "objects/contain.h"
#include "objects/type/type_impl.h"

#include <string.h>

/* -- __new__ --------------------------------------------------------------------------------- */

/* __new__ of a C type, as seen from Python: the type asked for must be a subtype whose layout
   this tp_new can make. */
PyObject *type_new_wrapper(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames)
{
    if (self == NULL || !PyType_Check(self)) {
        PyErr_Format(PyExc_SystemError, "__new__() called with non-type 'self'");
        return NULL;
    }
    PyTypeObject *type = (PyTypeObject *)self;
    if (nargs < 1) {
        PyErr_Format(PyExc_TypeError, "%s.__new__(): not enough arguments", type->tp_name);
        return NULL;
    }
    PyObject *arg0 = args[0];
    if (!PyType_Check(arg0)) {
        PyErr_Format(PyExc_TypeError, "%s.__new__(X): X is not a type object (%s)", type->tp_name,
                     Py_TYPE(arg0)->tp_name);
        return NULL;
    }
    PyTypeObject *subtype = (PyTypeObject *)arg0;
    if (!PyType_IsSubtype(subtype, type)) {
        PyErr_Format(PyExc_TypeError, "%s.__new__(%s): %s is not a subtype of %s", type->tp_name,
                     subtype->tp_name, subtype->tp_name, type->tp_name);
        return NULL;
    }
    /* object.__new__(dict) would make a dict without its table: ask the nearest C type. */
    PyTypeObject *c_type = subtype;
    while (c_type && c_type->tp_new == slot_tp_new) {
        c_type = c_type->tp_base;
    }
    if (c_type && c_type->tp_new != type->tp_new) {
        PyErr_Format(PyExc_TypeError, "%s.__new__(%s) is not safe, use %s.__new__()", type->tp_name,
                     subtype->tp_name, c_type->tp_name);
        return NULL;
    }
    PyObject *rest = _PyTuple_FromArray(args + 1, nargs - 1), *kwds = NULL, *result = NULL;
    if (rest && (!kwnames || (kwds = _PyStack_AsDict(args + nargs, kwnames)))) {
        args_hold(args, nargs); /* as the tuple does that `rest` is a slice of in 3.11 */
        result = type->tp_new(subtype, rest, kwds);
        args_let_go(args, nargs);
    }
    Py_XDECREF(kwds);
    Py_XDECREF(rest);
    return result;
}

static PyMethodDef new_method = {
    "__new__", (PyCFunction)(void (*)(void))type_new_wrapper, METH_FASTCALL | METH_KEYWORDS,
    "__new__($type, *args, **kwargs)\n--\n\n"
    "Create and return a new object.  See help(type) for accurate signature."};

/* See type_new_wrapper. */
static int ready_set_new(PyTypeObject *type, PyTypeObject *base)
{
    /* A static type directly below object makes no instances unless it says how. */
    if (type->tp_new == NULL && base == &PyBaseObject_Type && !HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        type->tp_flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
    }
    if (HAS(type, Py_TPFLAGS_DISALLOW_INSTANTIATION)) {
        type->tp_new = NULL;
        return 0;
    }
    if (type->tp_new == NULL) {
        type->tp_new = base->tp_new;
        return 0;
    }
    int has = PyDict_Contains(type->tp_dict, ID(__new__));
    if (has) {
        return has < 0 ? -1 : 0;
    }
    PyObject *func = PyCFunction_NewEx(&new_method, (PyObject *)type, NULL);
    if (func == NULL) {
        return -1;
    }
    int r = PyDict_SetItem(type->tp_dict, ID(__new__), func);
    Py_DECREF(func);
    return r;
}

/* -- The dict -------------------------------------------------------------------------------- */

/* Entries never replace one another here: what the type's author put into the dict, or an earlier
   table, wins. Slot wrappers go first. */

/* STEALS value. Without `replace` what is there stays. */
static int add_new(PyObject *dict, PyObject *name, PyObject *value, bool replace)
{
    if (value == NULL) {
        return -1;
    }
    int r = replace ? PyDict_SetItem(dict, name, value)
                    : (PyDict_SetDefault(dict, name, value) ? 0 : -1);
    Py_DECREF(value);
    return r;
}

static PyObject *static_method_new(PyTypeObject *type, PyMethodDef *m)
{
    PyObject *func = PyCFunction_NewEx(m, (PyObject *)type, NULL);
    if (func == NULL) {
        return NULL;
    }
    PyObject *descr = PyStaticMethod_New(func);
    Py_DECREF(func);
    return descr;
}

/* METH_COEXIST replaces a slot's wrapper of the same name. */
static int add_methods(PyTypeObject *type)
{
    for (PyMethodDef *m = type->tp_methods; m && m->ml_name; m++) {
        PyObject *descr;
        if (m->ml_flags & METH_CLASS) {
            if (m->ml_flags & METH_STATIC) {
                PyErr_SetString(PyExc_ValueError, "method cannot be both class and static");
                return -1;
            }
            descr = PyDescr_NewClassMethod(type, m);
        }
        else if (m->ml_flags & METH_STATIC) {
            descr = static_method_new(type, m);
        }
        else {
            descr = PyDescr_NewMethod(type, m);
        }
        PyObject *name = descr == NULL                      ? NULL
                         : m->ml_flags & METH_STATIC        ? PyUnicode_InternFromString(m->ml_name)
                                                            : Py_NewRef(PyDescr_NAME(descr));
        if (name == NULL) {
            Py_XDECREF(descr);
            return -1;
        }
        int r = add_new(type->tp_dict, name, descr, (m->ml_flags & METH_COEXIST) != 0);
        Py_DECREF(name);
        if (r < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_members(PyTypeObject *type)
{
    for (PyMemberDef *m = type->tp_members; m && m->name; m++) {
        PyObject *descr = PyDescr_NewMember(type, m);
        if (descr == NULL || add_new(type->tp_dict, PyDescr_NAME(descr), descr, false) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_getsets(PyTypeObject *type)
{
    for (PyGetSetDef *g = type->tp_getset; g && g->name; g++) {
        PyObject *descr = PyDescr_NewGetSet(type, g);
        if (descr == NULL || add_new(type->tp_dict, PyDescr_NAME(descr), descr, false) < 0) {
            return -1;
        }
    }
    return 0;
}

/* __doc__ is always there, maybe None, so that no base's shows through. */
int type_dict_set_doc(PyTypeObject *type)
{
    int has = PyDict_Contains(type->tp_dict, ID(__doc__));
    if (has) {
        return has < 0 ? -1 : 0;
    }
    PyObject *doc = type->tp_doc
                        ? PyUnicode_FromString(doc_without_signature(type->tp_name, type->tp_doc))
                        : Py_NewRef(Py_None);
    return add_new(type->tp_dict, ID(__doc__), doc, true);
}

static int ready_fill_dict(PyTypeObject *type)
{
    bool failed = slots_add_wrappers(type) < 0 || add_methods(type) < 0 || add_members(type) < 0
                  || add_getsets(type) < 0 || type_dict_set_doc(type) < 0;
    return failed ? -1 : 0;
}

/* -- Inheritance ----------------------------------------------------------------------------- */

#define SUBCLASS_FLAGS                                                                             \
    (Py_TPFLAGS_LONG_SUBCLASS | Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS               \
     | Py_TPFLAGS_BYTES_SUBCLASS | Py_TPFLAGS_UNICODE_SUBCLASS | Py_TPFLAGS_DICT_SUBCLASS          \
     | Py_TPFLAGS_BASE_EXC_SUBCLASS | Py_TPFLAGS_TYPE_SUBCLASS)
#define PATTERN_FLAGS (Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING)

/* Flags and sizes, and the collector's functions: all or none of those. */
static void inherit_special(PyTypeObject *type, PyTypeObject *base)
{
    if (!HAS(type, Py_TPFLAGS_HAVE_GC) && HAS(base, Py_TPFLAGS_HAVE_GC) && type->tp_traverse == NULL
        && type->tp_clear == NULL) {
        type->tp_flags |= Py_TPFLAGS_HAVE_GC;
        type->tp_traverse = base->tp_traverse;
        type->tp_clear = base->tp_clear;
    }
    type->tp_flags |= base->tp_flags
                      & (Py_TPFLAGS_MANAGED_DICT | SUBCLASS_FLAGS | _Py_TPFLAGS_MATCH_SELF);
    if (type->tp_basicsize == 0) {
        type->tp_basicsize = base->tp_basicsize;
    }
    if (type->tp_itemsize == 0) {
        type->tp_itemsize = base->tp_itemsize;
    }
    if (type->tp_weaklistoffset == 0) {
        type->tp_weaklistoffset = base->tp_weaklistoffset;
    }
    if (type->tp_dictoffset == 0) {
        type->tp_dictoffset = base->tp_dictoffset;
    }
}

/* Copies the empty entries of one suite of methods (an array of function pointers). */
static void inherit_suite(void *to, void *from, void *from_base, size_t size)
{
    void **t = to, **f = from, **b = from_base;
    if (t == NULL || f == NULL || t == f) {
        return;
    }
    for (size_t i = 0; i < size / sizeof(void *); i++) {
        if (t[i] == NULL && f[i] && (b == NULL || f[i] != b[i])) {
            t[i] = f[i];
        }
    }
}

static int overrides_name(PyTypeObject *type, PyObject *name)
{
    return PyDict_Contains(type->tp_dict, name);
}

static int overrides_hash(PyTypeObject *type)
{
    int r = overrides_name(type, ID(__eq__));
    return r ? r : overrides_name(type, ID(__hash__));
}

#define DEFINES(base, bb, slot) ((base)->slot != 0 && ((bb) == NULL || (base)->slot != (bb)->slot))
/* The slot of the base, if the type has none and the base did not just inherit it. */
#define INHERIT(slot)                                                                              \
    do {                                                                                           \
        if (!type->slot && DEFINES(base, bb, slot)) {                                              \
            type->slot = base->slot;                                                               \
        }                                                                                          \
    } while (0)

/* Some slots come in groups: comparison and hash, attribute reading by str or char *; overriding
   one of a group keeps the others. */
static int inherit_slots(PyTypeObject *type, PyTypeObject *base)
{
    PyTypeObject *bb = base->tp_base;
#define SUITE(field, kind)                                                                         \
    inherit_suite(type->field, base->field, bb ? bb->field : NULL, sizeof(kind))
    SUITE(tp_as_number, PyNumberMethods);
    SUITE(tp_as_async, PyAsyncMethods);
    SUITE(tp_as_sequence, PySequenceMethods);
    SUITE(tp_as_mapping, PyMappingMethods);
    SUITE(tp_as_buffer, PyBufferProcs);
#undef SUITE
    INHERIT(tp_dealloc);
    if (type->tp_getattr == NULL && type->tp_getattro == NULL) {
        type->tp_getattr = base->tp_getattr;
        type->tp_getattro = base->tp_getattro;
    }
    if (type->tp_setattr == NULL && type->tp_setattro == NULL) {
        type->tp_setattr = base->tp_setattr;
        type->tp_setattro = base->tp_setattro;
    }
    INHERIT(tp_repr);
    /* The offset is always inherited so that tp_call =
       PyVectorcall_Call works; the flag only by immutable types. */
    INHERIT(tp_vectorcall_offset);
    if (!type->tp_call && HAS(base, Py_TPFLAGS_HAVE_VECTORCALL)
        && HAS(type, Py_TPFLAGS_IMMUTABLETYPE)) {
        type->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
    }
    INHERIT(tp_call);
    INHERIT(tp_str);
    if (type->tp_richcompare == NULL && type->tp_hash == NULL) {
        int r = overrides_hash(type);
        if (r < 0) {
            return -1;
        }
        if (!r) {
            type->tp_richcompare = base->tp_richcompare;
            type->tp_hash = base->tp_hash;
        }
    }
    INHERIT(tp_iter);
    INHERIT(tp_iternext);
    INHERIT(tp_descr_get);
    if (base->tp_descr_get && type->tp_descr_get == base->tp_descr_get
        && HAS(type, Py_TPFLAGS_IMMUTABLETYPE) && HAS(base, Py_TPFLAGS_METHOD_DESCRIPTOR)) {
        type->tp_flags |= Py_TPFLAGS_METHOD_DESCRIPTOR;
    }
    INHERIT(tp_descr_set);
    INHERIT(tp_dictoffset);
    INHERIT(tp_init);
    INHERIT(tp_alloc);
    INHERIT(tp_is_gc);
    INHERIT(tp_finalize);
    if (HAS(type, Py_TPFLAGS_HAVE_GC) == HAS(base, Py_TPFLAGS_HAVE_GC)) {
        INHERIT(tp_free);
    } else if (HAS(type, Py_TPFLAGS_HAVE_GC) && type->tp_free == NULL
               && base->tp_free == PyObject_Free) {
        type->tp_free = PyObject_GC_Del;
    }
    return 0;
}

/* From each class of the MRO behind the type, first the nearest. */
static int ready_inherit(PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base;
    if (base) {
        inherit_special(type, base);
    }
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(type->tp_mro); i++) {
        PyObject *b = PyTuple_GET_ITEM(type->tp_mro, i);
        if (!PyType_Check(b)) {
            continue;
        }
        if (inherit_slots(type, (PyTypeObject *)b) < 0) {
            return -1;
        }
        if ((type->tp_flags & PATTERN_FLAGS) == 0) {
            type->tp_flags |= ((PyTypeObject *)b)->tp_flags & PATTERN_FLAGS;
        }
    }
    if (base) {
        type->tp_as_async = type->tp_as_async ? type->tp_as_async : base->tp_as_async;
        type->tp_as_number = type->tp_as_number ? type->tp_as_number : base->tp_as_number;
        type->tp_as_sequence = type->tp_as_sequence ? type->tp_as_sequence : base->tp_as_sequence;
        type->tp_as_mapping = type->tp_as_mapping ? type->tp_as_mapping : base->tp_as_mapping;
        type->tp_as_buffer = type->tp_as_buffer ? type->tp_as_buffer : base->tp_as_buffer;
    }
    if (HAS(type, Py_TPFLAGS_HAVE_GC) && HAS(type, Py_TPFLAGS_BASETYPE)
        && (type->tp_free == NULL || type->tp_free == PyObject_Free)) {
        PyErr_Format(PyExc_TypeError,
                     "type '%.100s' participates in gc and is a base type but has inappropriate "
                     "tp_free slot",
                     type->tp_name);
        return -1;
    }
    return 0;
}

/* -- Steps ----------------------------------------------------------------------------------- */

/* Base and metatype are inherited when not given; a base that is not ready is readied. */
static int ready_bases(PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base;
    if (base == NULL && type != &PyBaseObject_Type) {
        base = &PyBaseObject_Type;
        if (HAS(type, Py_TPFLAGS_HEAPTYPE)) {
            Py_INCREF(base);
        }
        type->tp_base = base;
    }
    if (base && base->tp_dict == NULL && PyType_Ready(base) < 0) {
        return -1;
    }
    if (Py_TYPE(type) == NULL && base) {
        Py_SET_TYPE(type, Py_TYPE(base));
    }
    if (type->tp_bases == NULL) {
        type->tp_bases = base ? PyTuple_Pack(1, base) : PyTuple_New(0);
    }
    return type->tp_bases ? 0 : -1;
}

/* A static type may not derive from a heap type. */
static int ready_mro(PyTypeObject *type)
{
    if (type_mro_compute(type, NULL) < 0) {
        return -1;
    }
    if (HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(type->tp_mro, i);
        if (PyType_Check(base) && HAS(base, Py_TPFLAGS_HEAPTYPE)) {
            PyErr_Format(PyExc_TypeError,
                         "type '%.100s' is not dynamically allocated but its base type '%.100s' is "
                         "dynamically allocated",
                         type->tp_name, base->tp_name);
            return -1;
        }
    }
    return 0;
}

/* tp_hash NULL and no __hash__ in the dict: None is put there. */
static int ready_hash(PyTypeObject *type)
{
    if (type->tp_hash) {
        return 0;
    }
    int r = PyDict_Contains(type->tp_dict, ID(__hash__));
    if (r) {
        return r < 0 ? -1 : 0;
    }
    type->tp_hash = PyObject_HashNotImplemented;
    return PyDict_SetItem(type->tp_dict, ID(__hash__), Py_None);
}

/* A managed dict needs the collector and a heap type, and gives the class shared keys. */
static int ready_managed_dict(PyTypeObject *type)
{
    if (!HAS(type, Py_TPFLAGS_MANAGED_DICT)) {
        return 0;
    }
    if (!HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        PyErr_Format(PyExc_SystemError,
                     "type %s has the Py_TPFLAGS_MANAGED_DICT flag but not Py_TPFLAGS_HEAPTYPE "
                     "flag",
                     type->tp_name);
        return -1;
    }
    PyHeapTypeObject *et = (PyHeapTypeObject *)type;
    if (et->ht_cached_keys == NULL) {
        et->ht_cached_keys = dict_keys_new_shared();
        if (et->ht_cached_keys == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

/* In the order of the head. */
static int ready_steps(PyTypeObject *type)
{
    if (type->tp_name == NULL) {
        PyErr_Format(PyExc_SystemError, "Type does not define the tp_name field.");
        return -1;
    }
    if (type->tp_dict == NULL && (type->tp_dict = PyDict_New()) == NULL) {
        return -1;
    }
    if (ready_bases(type) < 0 || ready_mro(type) < 0 || ready_set_new(type, type->tp_base) < 0
        || ready_fill_dict(type) < 0 || ready_inherit(type) < 0 || ready_hash(type) < 0
        || type_subclasses_add_to_bases(type, type->tp_bases) < 0) {
        return -1;
    }
    if (HAS(type, Py_TPFLAGS_HAVE_GC) && type->tp_traverse == NULL) {
        PyErr_Format(PyExc_SystemError,
                     "type %s has the Py_TPFLAGS_HAVE_GC flag but has no traverse function",
                     type->tp_name);
        return -1;
    }
    return ready_managed_dict(type);
}

/* R1 */
int PyType_Ready(PyTypeObject *type)
{
    if (HAS(type, Py_TPFLAGS_READY)) {
        return 0;
    }
    type->tp_flags |= Py_TPFLAGS_READYING;
    if (!HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
    }
    int r = ready_steps(type);
    type->tp_flags &= ~Py_TPFLAGS_READYING;
    if (r == 0) {
        type->tp_flags |= Py_TPFLAGS_READY;
    }
    return r;
}
