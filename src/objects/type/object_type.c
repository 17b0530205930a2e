/* SPDX-License-Identifier: MIT
 *
 * The type `object`: what every object can do unless its type says otherwise.
 *
 * object() and object.__init__ refuse arguments, but only when the class overrides neither or both
 * of __new__ and __init__: a class that overrides one of them may pass its arguments through to the
 * other's default. obj.__class__ = C is allowed between types of the same layout, both of heap
 * memory, or both modules.
 */
#include "objects/type/type_impl.h"

/* -- Construction ---------------------------------------------------------------------------- */

static bool excess_args(PyObject *args, PyObject *kwds)
{
    return PyTuple_GET_SIZE(args) || (kwds && PyDict_Check(kwds) && PyDict_GET_SIZE(kwds));
}

/* Arguments are an error unless the class overrides the other one
   of __new__ and __init__, which then used them. */
int object_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    PyTypeObject *type = Py_TYPE(self);
    if (!excess_args(args, kwds)) {
        return 0;
    }
    if (type->tp_init != object_init) {
        PyErr_SetString(PyExc_TypeError,
                        "object.__init__() takes exactly one argument (the instance to "
                        "initialize)");
        return -1;
    }
    if (type->tp_new == object_new) {
        PyErr_Format(PyExc_TypeError,
                     "%.200s.__init__() takes exactly one argument (the instance to initialize)",
                     type->tp_name);
        return -1;
    }
    return 0;
}

/* "Can't instantiate abstract class C with abstract methods a, b" */
static void raise_abstract(PyTypeObject *type)
{
    PyObject *methods = PyObject_GetAttr((PyObject *)type, ID(__abstractmethods__));
    PyObject *sorted = methods ? PySequence_List(methods) : NULL;
    Py_XDECREF(methods);
    if (sorted && PyList_Sort(sorted) == 0) {
        PyObject *joined = PyUnicode_Join(LITERAL(comma_sep), sorted);
        if (joined) {
            PyErr_Format(PyExc_TypeError,
                         "Can't instantiate abstract class %s with abstract method%s %U",
                         type->tp_name, PyList_GET_SIZE(sorted) > 1 ? "s" : "", joined);
            Py_DECREF(joined);
        }
    }
    Py_XDECREF(sorted);
}

/* TypeError for abstract classes, and for arguments that nobody takes. */
PyObject *object_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    if (excess_args(args, kwds)) {
        if (type->tp_new != object_new) {
            PyErr_SetString(PyExc_TypeError,
                            "object.__new__() takes exactly one argument (the type to "
                            "instantiate)");
            return NULL;
        }
        if (type->tp_init == object_init) {
            PyErr_Format(PyExc_TypeError, "%.200s() takes no arguments", type->tp_name);
            return NULL;
        }
    }
    if (HAS(type, Py_TPFLAGS_IS_ABSTRACT)) {
        raise_abstract(type);
        return NULL;
    }
    PyObject *obj = type->tp_alloc(type, 0);
    if (obj && HAS(type, Py_TPFLAGS_MANAGED_DICT) && object_values_init(obj) < 0) {
        Py_CLEAR(obj);
    }
    return obj;
}

static PyObject *object_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    return n || kwnames ? _PyObject_MakeTpCall(tstate_get(), type, args, n, kwnames)
                        : PyType_GenericAlloc((PyTypeObject *)type, 0);
}

static void object_dealloc(PyObject *self)
{
    Py_TYPE(self)->tp_free(self);
}

/* -- Slots ----------------------------------------------------------------------------------- */

/* <module.qualname object at 0x…> */
static PyObject *object_repr(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject *module = PyObject_GetAttr((PyObject *)type, ID(__module__));
    if (module == NULL) {
        PyErr_Clear();
    }
    else if (!PyUnicode_Check(module)) {
        Py_CLEAR(module);
    }
    PyObject *name = PyType_GetQualName(type), *result = NULL;
    if (name) {
        result = module && !_PyUnicode_EQ(module, ID(builtins))
                     ? PyUnicode_FromFormat("<%U.%U object at %p>", module, name, self)
                     : PyUnicode_FromFormat("<%s object at %p>", type->tp_name, self);
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
    return result;
}

static PyObject *object_str(PyObject *self)
{
    reprfunc repr = Py_TYPE(self)->tp_repr;
    return (repr ? repr : object_repr)(self);
}

/* != is the opposite of what == says. */
static PyObject *object_richcompare(PyObject *self, PyObject *other, int op)
{
    PyObject *result;
    switch (op) {
    case Py_EQ:
        /* NotImplemented, not False: the other side shall be asked. */
        result = self == other ? Py_True : Py_NotImplemented;
        return Py_NewRef(result);
    case Py_NE:
        if (Py_TYPE(self)->tp_richcompare == NULL) {
            break;
        }
        result = Py_TYPE(self)->tp_richcompare(self, other, Py_EQ);
        if (result && result != Py_NotImplemented) {
            int r = PyObject_IsTrue(result);
            Py_DECREF(result);
            result = r < 0 ? NULL : Py_NewRef(r ? Py_False : Py_True);
        }
        return result;
    }
    Py_RETURN_NOTIMPLEMENTED;
}

/* -- __class__ ------------------------------------------------------------------------------- */

static PyObject *object_get_class(PyObject *self, void *closure)
{
    return Py_NewRef(Py_TYPE(self));
}

/* The reference to the class moves with the object. */
static int object_set_class(PyObject *self, PyObject *value, void *closure)
{
    PyTypeObject *oldto = Py_TYPE(self), *newto = (PyTypeObject *)value;
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError, "can't delete __class__ attribute");
        return -1;
    }
    if (!PyType_Check(value)) {
        PyErr_Format(PyExc_TypeError, "__class__ must be set to a class, not '%s' object",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    if (PySys_Audit("object.__setattr__", "OsO", self, "__class__", value) < 0) {
        return -1;
    }
    /* Instances of immutable types may be shared or cached; modules are the one exception. */
    bool modules = PyType_IsSubtype(newto, &PyModule_Type)
                   && PyType_IsSubtype(oldto, &PyModule_Type);
    if (!modules
        && (HAS(newto, Py_TPFLAGS_IMMUTABLETYPE) || HAS(oldto, Py_TPFLAGS_IMMUTABLETYPE))) {
        PyErr_Format(PyExc_TypeError,
                     "__class__ assignment only supported for mutable types or ModuleType "
                     "subclasses");
        return -1;
    }
    if (!type_layout_compatible(newto, oldto, "__class__")) {
        return -1;
    }
    if (HAS(oldto, Py_TPFLAGS_MANAGED_DICT)) {
        /* Inline values belong to the old class's keys. */
        _PyObject_GetDictPtr(self);
        if (*object_values_slot(self)) {
            PyErr_NoMemory();
            return -1;
        }
    }
    if (HAS(newto, Py_TPFLAGS_HEAPTYPE)) {
        Py_INCREF(newto);
    }
    Py_SET_TYPE(self, newto);
    if (HAS(oldto, Py_TPFLAGS_HEAPTYPE)) {
        Py_DECREF(oldto);
    }
    return 0;
}

static PyGetSetDef object_getsets[] = {
    {"__class__", object_get_class, object_set_class, "the object's class"},
    {NULL},
};

/* Objects find a data descriptor of their type before all else. */
bool object_class_is_type(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    if (type->tp_getattro != PyObject_GenericGetAttr
        && type->tp_getattro != (getattrofunc)type_getattro) {
        return false;
    }
    PyObject *descr = _PyType_Lookup(type, ID(__class__));
    return descr && Py_IS_TYPE(descr, &PyGetSetDescr_Type)
           && ((PyGetSetDescrObject *)descr)->d_getset == object_getsets;
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *object_subclasshook(PyObject *cls, PyObject *args)
{
    Py_RETURN_NOTIMPLEMENTED;
}

static PyObject *object_init_subclass(PyObject *cls, PyObject *unused)
{
    Py_RETURN_NONE;
}

static PyObject *object_format(PyObject *self, PyObject *spec)
{
    if (!PyUnicode_Check(spec)) {
        _PyArg_BadArgument("__format__", "argument", "str", spec);
        return NULL;
    }
    if (PyUnicode_GET_LENGTH(spec) > 0) {
        PyErr_Format(PyExc_TypeError, "unsupported format string passed to %.200s.__format__",
                     Py_TYPE(self)->tp_name);
        return NULL;
    }
    return PyObject_Str(self);
}

static PyObject *object_sizeof(PyObject *self, PyObject *unused)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_ssize_t size = type->tp_itemsize > 0 ? Py_SIZE(self) * type->tp_itemsize : 0;
    return PyLong_FromSsize_t(size + type->tp_basicsize);
}

/* Adds the names of a class and, recursively, of its
   __bases__: also of things that are no types. */
int type_merge_dicts(PyObject *dict, PyObject *cls)
{
    PyObject *attr;
    if (_PyObject_LookupAttr(cls, ID(__dict__), &attr) < 0) {
        return -1;
    }
    if (attr) {
        int r = PyDict_Update(dict, attr);
        Py_DECREF(attr);
        if (r < 0) {
            return -1;
        }
    }
    if (_PyObject_LookupAttr(cls, ID(__bases__), &attr) < 0) {
        return -1;
    }
    if (attr == NULL) {
        return 0;
    }
    Py_ssize_t n = PySequence_Size(attr);
    int r = n < 0 ? -1 : 0;
    for (Py_ssize_t i = 0; r == 0 && i < n; i++) {
        PyObject *base = PySequence_GetItem(attr, i);
        r = base ? type_merge_dicts(dict, base) : -1;
        Py_XDECREF(base);
    }
    Py_DECREF(attr);
    return r;
}

/* The instance's dict, its class's, and those of all bases. */
static PyObject *object_dir(PyObject *self, PyObject *unused)
{
    PyObject *dict, *cls = NULL, *result = NULL;
    if (_PyObject_LookupAttr(self, ID(__dict__), &dict) < 0) {
        return NULL;
    }
    if (dict && PyDict_Check(dict)) {
        Py_SETREF(dict, PyDict_Copy(dict));
    }
    else {
        Py_XDECREF(dict);
        dict = PyDict_New();
    }
    if (dict && _PyObject_LookupAttr(self, ID(__class__), &cls) >= 0
        && (cls == NULL || type_merge_dicts(dict, cls) == 0)) {
        result = PyDict_Keys(dict);
    }
    Py_XDECREF(cls);
    Py_XDECREF(dict);
    return result;
}

PyMethodDef object_methods[] = {
    {"__reduce_ex__", object_reduce_ex, METH_O,
     "__reduce_ex__($self, protocol, /)\n--\n\n"
     "Helper for pickle."},
    {"__reduce__", object_reduce, METH_NOARGS, "__reduce__($self, /)\n--\n\nHelper for pickle."},
    {"__getstate__", object_getstate_method, METH_NOARGS,
     "__getstate__($self, /)\n--\n\n"
     "Helper for pickle."},
    {"__subclasshook__", object_subclasshook, METH_CLASS | METH_VARARGS,
     "The say of an abstract class on issubclass().\n"
     "\n"
     "abc.ABCMeta.__subclasscheck__() asks it first.  It should return True,\n"
     "False or NotImplemented; the last means that the usual algorithm decides.\n"},
    {"__init_subclass__", object_init_subclass, METH_CLASS | METH_NOARGS,
     "Called on a class whenever another one derives from it.\n"
     "\n"
     "This one does nothing; overriding it changes how subclasses are made.\n"},
    {"__format__", object_format, METH_O,
     "__format__($self, format_spec, /)\n--\n\n"
     "Default object formatter."},
    {"__sizeof__", object_sizeof, METH_NOARGS, "__sizeof__($self, /)\n--\n\nBytes in memory."},
    {"__dir__", object_dir, METH_NOARGS, "__dir__($self, /)\n--\n\nDefault dir() implementation."},
    {NULL},
};

PyTypeObject PyBaseObject_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "object",
    .tp_basicsize = sizeof(PyObject),
    .tp_dealloc = object_dealloc,
    .tp_repr = object_repr,
    .tp_hash = (hashfunc)_Py_HashPointer,
    .tp_str = object_str,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc =
        "object()\n--\n\n"
        "What all classes derive from.\n\n"
        "Its own instances have no attributes and take none.\n"
        "",
    .tp_richcompare = object_richcompare,
    .tp_methods = object_methods,
    .tp_getset = object_getsets,
    .tp_init = object_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = object_new,
    .tp_vectorcall = object_vectorcall,
    .tp_free = PyObject_Free,
};
