/* SPDX-License-Identifier: MIT
 *
 * The type `type`: calling classes, attributes of classes, the attributes every class has, its
 * methods.
 *
 * Ownership: a heap type owns its base, bases, MRO, dict and names; objects of a heap type own a
 * reference to it. Static types are never freed; their bases are borrowed.
 *
 *  T1 A change of a class's dict, bases or MRO goes through PyType_Modified before it can be seen:
 *     caches compare tp_version_tag, of subclasses too.
 *  T2 Setting a special name on a class updates the C slots it feeds, here and in subclasses
 *     (slots_update).
 *  T3 Static types are immutable to programs (Py_TPFLAGS_IMMUTABLETYPE).
 *
 * The rest of a type's life: new.c (class statements), spec.c (PyType_FromSpec), ready.c (slots
 * inherited, dict filled), subtype.c (instances of classes), lookup.c (MRO search, method cache).
 */
#include "objects/type/type_impl.h"
#include "objects/contain.h"

#include <string.h>

/* -- Simple questions ------------------------------------------------------------------------ */

/* By the MRO; before there is one, along tp_base. */
int PyType_IsSubtype(PyTypeObject *a, PyTypeObject *b)
{
    PyObject *mro = a->tp_mro;
    if (LIKELY(mro != NULL)) {
        for (Py_ssize_t i = 0, n = PyTuple_GET_SIZE(mro); i < n; i++) {
            if (PyTuple_GET_ITEM(mro, i) == (PyObject *)b) {
                return 1;
            }
        }
        return 0;
    }
    /* Not ready yet: the chain of bases has to do. */
    for (; a; a = a->tp_base) {
        if (a == b) {
            return 1;
        }
    }
    return b == &PyBaseObject_Type;
}

unsigned long PyType_GetFlags(PyTypeObject *type)
{
    return type->tp_flags;
}

const char *_PyType_Name(PyTypeObject *type)
{
    const char *dot = strrchr(type->tp_name, '.');
    return dot ? dot + 1 : type->tp_name;
}

int PyType_SUPPORTS_WEAKREFS(PyTypeObject *type)
{
    return type->tp_weaklistoffset > 0;
}

EXPORT int _PyType_CheckConsistency(PyTypeObject *type);

int _PyType_CheckConsistency(PyTypeObject *type)
{
    _PyObject_ASSERT((PyObject *)type, Py_REFCNT(type) >= 1);
    _PyObject_ASSERT((PyObject *)type, !type_is_readying(type) && type->tp_dict != NULL);
    return 1;
}

/* -- Calling a class ------------------------------------------------------------------------- */

/* type(x), else __new__, then __init__ when __new__ gave an instance of the class. */
PyObject *type_call(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    if (type == &PyType_Type) {
        Py_ssize_t n = PyTuple_GET_SIZE(args);
        if (n == 1 && (kwds == NULL || PyDict_GET_SIZE(kwds) == 0)) {
            return Py_NewRef(Py_TYPE(PyTuple_GET_ITEM(args, 0)));
        }
        if (n != 3) {
            PyErr_SetString(PyExc_TypeError, "type() takes 1 or 3 arguments");
            return NULL;
        }
    }
    if (type->tp_new == NULL) {
        PyErr_Format(PyExc_TypeError, "cannot create '%s' instances", type->tp_name);
        return NULL;
    }
    PyObject *obj = _Py_CheckFunctionResult(tstate_get(), (PyObject *)type,
                                            type->tp_new(type, args, kwds), NULL);
    if (obj == NULL || !PyObject_TypeCheck(obj, type)) {
        return obj;
    }
    type = Py_TYPE(obj);
    if (type->tp_init && type->tp_init(obj, args, kwds) < 0) {
        Py_CLEAR(obj);
    }
    return obj;
}

/* __init__ of stack[0], which __new__ made, by whatever stands in the slot. */
static int init_vector(PyObject *const *stack, Py_ssize_t nargs, PyObject *kwnames)
{
    PyTypeObject *type = Py_TYPE(stack[0]);
    if (type->tp_init == slot_tp_init) {
        Py_ssize_t unpacked = kwnames ? 1 + nargs + PyTuple_GET_SIZE(kwnames) : 0;
        args_hold(stack, unpacked);
        int done = slot_tp_init_vector(stack, nargs, kwnames);
        args_let_go(stack, unpacked);
        return done;
    }
    if (type->tp_init == NULL || (type->tp_init == object_init && type->tp_new != object_new)) {
        return 0; /* the arguments were for __new__ */
    }
    PyObject *tuple = _PyTuple_FromArray(stack + 1, nargs);
    PyObject *kwds = kwnames && tuple ? _PyStack_AsDict(stack + 1 + nargs, kwnames) : NULL;
    int r = -1;
    if (tuple && (kwds || !kwnames)) {
        r = type->tp_init(stack[0], tuple, kwds);
    }
    Py_XDECREF(kwds);
    Py_XDECREF(tuple);
    return r;
}

bool type_has_python_new(PyObject *o)
{
    return Py_TYPE(o)->tp_call == (ternaryfunc)type_call
           && ((PyTypeObject *)o)->tp_new == slot_tp_new;
}

/* type_call for a class whose __new__ is written in Python, without a tuple and a dict. */
PyObject *type_call_vector(PyTypeObject *type, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames)
{
    if (kwnames && PyTuple_GET_SIZE(kwnames) == 0) {
        kwnames = NULL;
    }
    Py_ssize_t n = nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
    PyObject *few[8], **stack = few;
    if (n >= (Py_ssize_t)COUNT_OF(few) && !(stack = PyMem_New(PyObject *, (size_t)n + 1))) {
        return PyErr_NoMemory();
    }
    stack[0] = (PyObject *)type;
    memcpy(stack + 1, args, (size_t)n * sizeof(PyObject *));
    args_hold(args, n);
    PyObject *obj = NULL, *func = PyObject_GetAttr((PyObject *)type, ID(__new__));
    if (func) {
        if (kwnames) {
            args_hold(stack, n + 1); /* by name, all are unpacked once more for the call */
        }
        obj = PyObject_Vectorcall(func, stack, (size_t)nargs + 1, kwnames);
        if (kwnames) {
            args_let_go(stack, n + 1);
        }
        Py_DECREF(func);
    }
    if (obj && PyObject_TypeCheck(obj, type)) {
        stack[0] = obj;
        if (init_vector(stack, nargs, kwnames) < 0) {
            Py_CLEAR(obj);
        }
    }
    args_let_go(args, n);
    if (stack != few) {
        PyMem_Free(stack);
    }
    return obj;
}

/* type(x) without a tuple; anything else by type_call. */
static PyObject *type_vectorcall(PyObject *metatype, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (n == 1 && metatype == (PyObject *)&PyType_Type) {
        if (!_PyArg_NoKwnames("type", kwnames)) {
            return NULL;
        }
        return Py_NewRef(Py_TYPE(args[0]));
    }
    return _PyObject_MakeTpCall(tstate_get(), metatype, args, n, kwnames);
}

static int type_init(PyObject *cls, PyObject *args, PyObject *kwds)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (kwds && n == 1 && PyDict_GET_SIZE(kwds) != 0) {
        PyErr_SetString(PyExc_TypeError, "type.__init__() takes no keyword arguments");
        return -1;
    }
    if (n != 1 && n != 3) {
        PyErr_SetString(PyExc_TypeError, "type.__init__() takes 1 or 3 arguments");
        return -1;
    }
    return 0;
}

/* -- Attributes of classes ------------------------------------------------------------------- */

/* A class is an object of its metaclass and a holder of attributes for its instances; reading
   cls.name asks both, in the order below. */

/* Reading cls.name: data descriptor of the metaclass, else attribute of the class and its bases
   (bound to no object), else other attribute of the metaclass. */
static PyObject *type_getattr(PyTypeObject *type, PyObject *name, bool suppress)
{
    PyTypeObject *metatype = Py_TYPE(type);
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
                     Py_TYPE(name)->tp_name);
        return NULL;
    }
    if (UNLIKELY(type->tp_dict == NULL) && PyType_Ready(type) < 0) {
        return NULL;
    }
    PyObject *meta = _PyType_Lookup(metatype, name), *result = NULL;
    descrgetfunc meta_get = NULL;
    if (meta) {
        Py_INCREF(meta);
        meta_get = Py_TYPE(meta)->tp_descr_get;
        if (meta_get && PyDescr_IsData(meta)) {
            result = meta_get(meta, (PyObject *)type, (PyObject *)metatype);
            Py_DECREF(meta);
            return result;
        }
    }
    PyObject *attr = _PyType_Lookup(type, name);
    if (attr) {
        descrgetfunc get = Py_TYPE(attr)->tp_descr_get;
        Py_INCREF(attr);
        if (get) {
            result = get(attr, NULL, (PyObject *)type);
            Py_DECREF(attr);
        }
        else {
            result = attr;
        }
        Py_XDECREF(meta);
        return result;
    }
    if (meta_get) {
        result = meta_get(meta, (PyObject *)type, (PyObject *)metatype);
        Py_DECREF(meta);
        return result;
    }
    if (meta) {
        return meta;
    }
    if (!suppress) {
        PyErr_Format(PyExc_AttributeError, "type object '%.50s' has no attribute '%U'",
                     type->tp_name, name);
    }
    return NULL;
}

PyObject *type_getattro(PyTypeObject *type, PyObject *name)
{
    return type_getattr(type, name, false);
}

PyObject *type_getattro_quiet(PyTypeObject *type, PyObject *name)
{
    return type_getattr(type, name, true);
}

/* T1, T2, T3 */
static int type_setattro(PyTypeObject *type, PyObject *name, PyObject *value)
{
    if (HAS(type, Py_TPFLAGS_IMMUTABLETYPE)) {
        PyErr_Format(PyExc_TypeError, "cannot set %R attribute of immutable type '%s'", name,
                     type->tp_name);
        return -1;
    }
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
                     Py_TYPE(name)->tp_name);
        return -1;
    }
    if (PyUnicode_CheckExact(name)) {
        Py_INCREF(name);
        PyUnicode_InternInPlace(&name);
    }
    else {
        name = PyUnicode_FromObject(name);
        if (name == NULL) {
            return -1;
        }
        PyUnicode_InternInPlace(&name);
    }
    int r = _PyObject_GenericSetAttrWithDict((PyObject *)type, name, value, NULL);
    if (r == 0) {
        /* Caches first: the slot update below looks names up. */
        PyType_Modified(type);
        if (is_dunder(name)) {
            r = slots_update(type, name);
        }
    }
    Py_DECREF(name);
    return r;
}

/* -- What every class has -------------------------------------------------------------------- */

/* For a heap type these are fields or entries of its dict; for a static type they are worked out
   from tp_name and tp_doc. */

/* T3; deleting these is refused as well. */
static bool may_set(PyTypeObject *type, PyObject *value, const char *name)
{
    if (HAS(type, Py_TPFLAGS_IMMUTABLETYPE)) {
        PyErr_Format(PyExc_TypeError, "cannot set '%s' attribute of immutable type '%s'", name,
                     type->tp_name);
        return false;
    }
    if (value == NULL) {
        PyErr_Format(PyExc_TypeError, "cannot delete '%s' attribute of immutable type '%s'", name,
                     type->tp_name);
        return false;
    }
    return PySys_Audit("object.__setattr__", "OsO", type, name, value) >= 0;
}

static PyObject *type_name(PyTypeObject *type, void *closure)
{
    return HAS(type, Py_TPFLAGS_HEAPTYPE) ? Py_NewRef(((PyHeapTypeObject *)type)->ht_name)
                                          : PyUnicode_FromString(_PyType_Name(type));
}

static PyObject *type_qualname(PyTypeObject *type, void *closure)
{
    return HAS(type, Py_TPFLAGS_HEAPTYPE) ? Py_NewRef(((PyHeapTypeObject *)type)->ht_qualname)
                                          : PyUnicode_FromString(_PyType_Name(type));
}

/* tp_name points into the str, which ht_name keeps; a NUL inside is a ValueError. */
static int type_set_name(PyTypeObject *type, PyObject *value, void *closure)
{
    if (!may_set(type, value, "__name__")) {
        return -1;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "can only assign string to %s.__name__, not '%s'",
                     type->tp_name, Py_TYPE(value)->tp_name);
        return -1;
    }
    Py_ssize_t n;
    const char *text = PyUnicode_AsUTF8AndSize(value, &n);
    if (text == NULL) {
        return -1;
    }
    if (strlen(text) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "type name must not contain null characters");
        return -1;
    }
    type->tp_name = text;
    Py_SETREF(((PyHeapTypeObject *)type)->ht_name, Py_NewRef(value));
    return 0;
}

static int type_set_qualname(PyTypeObject *type, PyObject *value, void *closure)
{
    if (!may_set(type, value, "__qualname__")) {
        return -1;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "can only assign string to %s.__qualname__, not '%s'",
                     type->tp_name, Py_TYPE(value)->tp_name);
        return -1;
    }
    Py_SETREF(((PyHeapTypeObject *)type)->ht_qualname, Py_NewRef(value));
    return 0;
}

/* Of a static type it is the part of tp_name before the last dot. */
static PyObject *type_module(PyTypeObject *type, void *closure)
{
    if (HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        PyObject *module = dict_peek(type->tp_dict, ID(__module__));
        if (module == NULL && !PyErr_Occurred()) {
            PyErr_Format(PyExc_AttributeError, "__module__");
        }
        return Py_XNewRef(module);
    }
    const char *dot = strrchr(type->tp_name, '.');
    if (dot == NULL) {
        return Py_NewRef(ID(builtins));
    }
    PyObject *module = PyUnicode_FromStringAndSize(type->tp_name, dot - type->tp_name);
    if (module) {
        PyUnicode_InternInPlace(&module);
    }
    return module;
}

static int type_set_module(PyTypeObject *type, PyObject *value, void *closure)
{
    if (!may_set(type, value, "__module__")) {
        return -1;
    }
    PyType_Modified(type);
    return PyDict_SetItem(type->tp_dict, ID(__module__), value);
}

static PyObject *type_abstractmethods(PyTypeObject *type, void *closure)
{
    /* type itself has this descriptor in its dict: do not answer with that. */
    PyObject *value = type != &PyType_Type ? dict_peek(type->tp_dict, ID(__abstractmethods__))
                                           : NULL;
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_AttributeError, ID(__abstractmethods__));
    }
    return Py_XNewRef(value);
}

/* Also keeps the flag that object() looks at. */
static int type_set_abstractmethods(PyTypeObject *type, PyObject *value, void *closure)
{
    int abstract = 0, r;
    if (value) {
        abstract = PyObject_IsTrue(value);
        if (abstract < 0) {
            return -1;
        }
        r = PyDict_SetItem(type->tp_dict, ID(__abstractmethods__), value);
    }
    else {
        r = PyDict_DelItem(type->tp_dict, ID(__abstractmethods__));
        if (r && PyErr_ExceptionMatches(PyExc_KeyError)) {
            PyErr_SetObject(PyExc_AttributeError, ID(__abstractmethods__));
            return -1;
        }
    }
    if (r < 0) {
        return -1;
    }
    PyType_Modified(type);
    type->tp_flags = abstract ? type->tp_flags | Py_TPFLAGS_IS_ABSTRACT
                              : type->tp_flags & ~Py_TPFLAGS_IS_ABSTRACT;
    return 0;
}

static PyObject *type_bases(PyTypeObject *type, void *closure)
{
    return Py_NewRef(type->tp_bases);
}

static PyObject *type_dict(PyTypeObject *type, void *closure)
{
    if (type->tp_dict == NULL) {
        Py_RETURN_NONE;
    }
    return PyDictProxy_New(type->tp_dict);
}

static PyObject *type_doc(PyTypeObject *type, void *closure)
{
    if (!HAS(type, Py_TPFLAGS_HEAPTYPE) && type->tp_doc) {
        return _PyType_GetDocFromInternalDoc(type->tp_name, type->tp_doc);
    }
    PyObject *doc = dict_peek(type->tp_dict, ID(__doc__));
    if (doc == NULL) {
        if (PyErr_Occurred()) {
            return NULL;
        }
        Py_RETURN_NONE;
    }
    descrgetfunc get = Py_TYPE(doc)->tp_descr_get;
    return get ? get(doc, NULL, (PyObject *)type) : Py_NewRef(doc);
}

static int type_set_doc(PyTypeObject *type, PyObject *value, void *closure)
{
    if (!may_set(type, value, "__doc__")) {
        return -1;
    }
    PyType_Modified(type);
    return PyDict_SetItem(type->tp_dict, ID(__doc__), value);
}

static PyObject *type_text_signature(PyTypeObject *type, void *closure)
{
    return _PyType_GetTextSignatureFromInternalDoc(type->tp_name, type->tp_doc);
}

/* Made when first asked for, so that a class always has one of its own. */
static PyObject *type_annotations(PyTypeObject *type, void *closure)
{
    if (!HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        PyErr_Format(PyExc_AttributeError, "type object '%s' has no attribute '__annotations__'",
                     type->tp_name);
        return NULL;
    }
    PyObject *value = dict_peek(type->tp_dict, ID(__annotations__));
    if (value) {
        descrgetfunc get = Py_TYPE(value)->tp_descr_get;
        return get ? get(value, NULL, (PyObject *)type) : Py_NewRef(value);
    }
    value = PyErr_Occurred() ? NULL : PyDict_New();
    if (value) {
        if (PyDict_SetItem(type->tp_dict, ID(__annotations__), value) < 0) {
            Py_CLEAR(value);
        }
        else {
            PyType_Modified(type);
        }
    }
    return value;
}

static int type_set_annotations(PyTypeObject *type, PyObject *value, void *closure)
{
    if (HAS(type, Py_TPFLAGS_IMMUTABLETYPE)) {
        PyErr_Format(PyExc_TypeError,
                     "cannot set '__annotations__' attribute of immutable type '%s'",
                     type->tp_name);
        return -1;
    }
    int r = value ? PyDict_SetItem(type->tp_dict, ID(__annotations__), value)
                  : PyDict_DelItem(type->tp_dict, ID(__annotations__));
    if (r < 0 && value == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_Format(PyExc_AttributeError, "__annotations__");
    }
    if (r == 0) {
        PyType_Modified(type);
    }
    return r;
}

static PyMemberDef type_members[] = {
    {"__basicsize__", T_PYSSIZET, offsetof(PyTypeObject, tp_basicsize), READONLY},
    {"__itemsize__", T_PYSSIZET, offsetof(PyTypeObject, tp_itemsize), READONLY},
    {"__flags__", T_ULONG, offsetof(PyTypeObject, tp_flags), READONLY},
    {"__weakrefoffset__", T_PYSSIZET, offsetof(PyTypeObject, tp_weaklistoffset), READONLY},
    {"__base__", T_OBJECT, offsetof(PyTypeObject, tp_base), READONLY},
    {"__dictoffset__", T_PYSSIZET, offsetof(PyTypeObject, tp_dictoffset), READONLY},
    {"__mro__", T_OBJECT, offsetof(PyTypeObject, tp_mro), READONLY},
    {NULL},
};

static PyGetSetDef type_getsets[] = {
    {"__name__", (getter)type_name, (setter)type_set_name, NULL},
    {"__qualname__", (getter)type_qualname, (setter)type_set_qualname, NULL},
    {"__bases__", (getter)type_bases, (setter)type_set_bases, NULL},
    {"__module__", (getter)type_module, (setter)type_set_module, NULL},
    {"__abstractmethods__", (getter)type_abstractmethods, (setter)type_set_abstractmethods, NULL},
    {"__dict__", (getter)type_dict, NULL, NULL},
    {"__doc__", (getter)type_doc, (setter)type_set_doc, NULL},
    {"__text_signature__", (getter)type_text_signature, NULL, NULL},
    {"__annotations__", (getter)type_annotations, (setter)type_set_annotations, NULL},
    {NULL},
};

/* -- Methods --------------------------------------------------------------------------------- */

/* <class 'module.qualname'>, without "builtins.". */
static PyObject *type_repr(PyTypeObject *type)
{
    if (type->tp_name == NULL) {
        return PyUnicode_FromFormat("<class at %p>", type);
    }
    PyObject *module = type_module(type, NULL);
    if (module == NULL) {
        PyErr_Clear();
    }
    else if (!PyUnicode_Check(module)) {
        Py_CLEAR(module);
    }
    PyObject *name = type_qualname(type, NULL), *result = NULL;
    if (name) {
        result = module && !_PyUnicode_EQ(module, ID(builtins))
                     ? PyUnicode_FromFormat("<class '%U.%U'>", module, name)
                     : PyUnicode_FromFormat("<class '%s'>", type->tp_name);
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
    return result;
}

static PyObject *type_mro_method(PyTypeObject *type, PyObject *unused)
{
    PyObject *mro = type_mro_default(type);
    if (mro == NULL) {
        return NULL;
    }
    PyObject *list = PySequence_List(mro);
    Py_DECREF(mro);
    return list;
}

static PyObject *type_subclasses(PyTypeObject *type, PyObject *unused)
{
    return type_subclasses_list(type);
}

static PyObject *type_prepare(PyObject *cls, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    return PyDict_New();
}

static PyObject *type_instancecheck(PyTypeObject *type, PyObject *instance)
{
    int r = _PyObject_RealIsInstance(instance, (PyObject *)type);
    return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyObject *type_subclasscheck(PyTypeObject *type, PyObject *subclass)
{
    int r = _PyObject_RealIsSubclass(subclass, (PyObject *)type);
    return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyObject *type_dir(PyTypeObject *type, PyObject *unused)
{
    PyObject *dict = PyDict_New(), *result = NULL;
    if (dict && type_merge_dicts(dict, (PyObject *)type) == 0) {
        result = PyDict_Keys(dict);
    }
    Py_XDECREF(dict);
    return result;
}

static size_t shared_keys_size(PyDictKeysObject *keys)
{
    size_t slots = (size_t)1 << keys->dk_log2_size, entries = (slots << 1) / 3;
    return sizeof(*keys) + ((size_t)1 << keys->dk_log2_index_bytes)
           + entries * (DK_IS_UNICODE(keys) ? sizeof(DictUnicodeEntry) : sizeof(DictEntry));
}

static PyObject *type_sizeof(PyTypeObject *type, PyObject *unused)
{
    size_t size = sizeof(PyTypeObject);
    if (HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        PyHeapTypeObject *et = (PyHeapTypeObject *)type;
        size = sizeof(PyHeapTypeObject);
        if (et->ht_cached_keys) {
            size += shared_keys_size(et->ht_cached_keys);
        }
    }
    return PyLong_FromSize_t(size);
}

static PyMethodDef type_methods[] = {
    {"mro", (PyCFunction)type_mro_method, METH_NOARGS,
     "mro($self, /)\n--\n\nWhere attributes are looked up: the class and its bases in order."},
    {"__subclasses__", (PyCFunction)type_subclasses, METH_NOARGS,
     "__subclasses__($self, /)\n--\n\nThe classes that name this one as a base."},
    {"__prepare__", (PyCFunction)(void (*)(void))type_prepare,
     METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
     "__prepare__() -> dict\nnamespace in which a class body runs"},
    {"__instancecheck__", (PyCFunction)type_instancecheck, METH_O,
     "__instancecheck__($self, instance, /)\n--\n\n"
     "Whether the object is an instance of the class."},
    {"__subclasscheck__", (PyCFunction)type_subclasscheck, METH_O,
     "__subclasscheck__($self, subclass, /)\n--\n\nWhether the other class derives from this one."},
    {"__dir__", (PyCFunction)type_dir, METH_NOARGS,
     "__dir__($self, /)\n--\n\nNames of the class and of its bases."},
    {"__sizeof__", (PyCFunction)type_sizeof, METH_NOARGS,
     "__sizeof__($self, /)\n--\n\nBytes in memory."},
    {NULL},
};

/* -- Memory ---------------------------------------------------------------------------------- */

/* Heap types only. Keeps an exception that is under way. */
static void type_dealloc(PyTypeObject *type)
{
    PyHeapTypeObject *et = (PyHeapTypeObject *)type;
    _PyObject_ASSERT((PyObject *)type, HAS(type, Py_TPFLAGS_HEAPTYPE));
    PyObject_GC_UnTrack(type);
    PyObject *error, *value, *traceback;
    PyErr_Fetch(&error, &value, &traceback);
    type_subclasses_remove_from_bases(type, type->tp_bases);
    PyErr_Restore(error, value, traceback);
    PyObject_ClearWeakRefs((PyObject *)type);
    Py_XDECREF(type->tp_base);
    Py_XDECREF(type->tp_dict);
    Py_XDECREF(type->tp_bases);
    Py_XDECREF(type->tp_mro);
    Py_XDECREF(type->tp_cache);
    Py_XDECREF(type->tp_subclasses);
    PyObject_Free((char *)type->tp_doc);
    Py_XDECREF(et->ht_name);
    Py_XDECREF(et->ht_qualname);
    Py_XDECREF(et->ht_slots);
    if (et->ht_cached_keys) {
        dict_keys_decref(et->ht_cached_keys);
    }
    Py_XDECREF(et->ht_module);
    PyMem_Free(et->_ht_tpname);
    Py_TYPE(type)->tp_free(type);
}

/* Only heap types are collected. */
static int type_traverse(PyTypeObject *type, visitproc visit, void *arg)
{
    if (!HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        char msg[200];
        snprintf(msg, sizeof(msg), "type_traverse() called on non-heap type '%.100s'",
                 type->tp_name);
        _PyObject_ASSERT_FAILED_MSG((PyObject *)type, msg);
    }
    Py_VISIT(type->tp_dict);
    Py_VISIT(type->tp_cache);
    Py_VISIT(type->tp_mro);
    Py_VISIT(type->tp_bases);
    Py_VISIT(type->tp_base);
    Py_VISIT(((PyHeapTypeObject *)type)->ht_module);
    /* tp_subclasses holds weak references only; names and slots are strings. */
    return 0;
}

static int type_clear(PyTypeObject *type)
{
    PyHeapTypeObject *et = (PyHeapTypeObject *)type;
    /* What instances still need while they die (bases, MRO's length) stays: emptying the dict and
       the MRO breaks every cycle. */
    PyType_Modified(type);
    if (type->tp_dict) {
        PyDict_Clear(type->tp_dict);
    }
    Py_CLEAR(et->ht_module);
    Py_CLEAR(type->tp_mro);
    return 0;
}

static int type_is_gc(PyTypeObject *type)
{
    return HAS(type, Py_TPFLAGS_HEAPTYPE);
}

static PyNumberMethods type_as_number = {.nb_or = union_type_or};

PyTypeObject PyType_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "type",
    .tp_basicsize = sizeof(PyHeapTypeObject),
    .tp_itemsize = sizeof(PyMemberDef),
    .tp_dealloc = (destructor)type_dealloc,
    .tp_vectorcall_offset = offsetof(PyTypeObject, tp_vectorcall),
    .tp_repr = (reprfunc)type_repr,
    .tp_as_number = &type_as_number,
    .tp_call = (ternaryfunc)type_call,
    .tp_getattro = (getattrofunc)type_getattro,
    .tp_setattro = (setattrofunc)type_setattro,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | Py_TPFLAGS_TYPE_SUBCLASS | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_doc = "type(object) -> the class of an object\n"
              "type(name, bases, dict, **kwds) -> a class that is made now",
    .tp_traverse = (traverseproc)type_traverse,
    .tp_clear = (inquiry)type_clear,
    .tp_weaklistoffset = offsetof(PyTypeObject, tp_weaklist),
    .tp_methods = type_methods,
    .tp_members = type_members,
    .tp_getset = type_getsets,
    .tp_dictoffset = offsetof(PyTypeObject, tp_dict),
    .tp_init = type_init,
    .tp_new = type_new,
    .tp_free = PyObject_GC_Del,
    .tp_is_gc = (inquiry)type_is_gc,
    .tp_vectorcall = type_vectorcall,
};

/* -- C API ----------------------------------------------------------------------------------- */

PyObject *PyType_GetName(PyTypeObject *type)
{
    return type_name(type, NULL);
}

PyObject *PyType_GetQualName(PyTypeObject *type)
{
    return type_qualname(type, NULL);
}
