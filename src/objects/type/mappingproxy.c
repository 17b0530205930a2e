/* SPDX-License-Identifier: MIT
 *
 * The type `mappingproxy`: a read-only view of a mapping (strong), such as cls.__dict__.
 */
#include "objects/type/type_impl.h"

typedef struct {
    PyObject_HEAD
    PyObject *mapping; /* strong */
} ProxyObject;

#define MAPPING(op) (((ProxyObject *)(op))->mapping)

static Py_ssize_t mappingproxy_len(PyObject *self)
{
    return PyObject_Size(MAPPING(self));
}

static PyObject *mappingproxy_getitem(PyObject *self, PyObject *key)
{
    return PyObject_GetItem(MAPPING(self), key);
}

static int mappingproxy_contains(PyObject *self, PyObject *key)
{
    PyObject *mapping = MAPPING(self);
    return PyDict_CheckExact(mapping) ? PyDict_Contains(mapping, key)
                                      : PySequence_Contains(mapping, key);
}

static PyObject *unwrapped(PyObject *op)
{
    return PyObject_TypeCheck(op, &PyDictProxy_Type) ? MAPPING(op) : op;
}

static PyObject *mappingproxy_or(PyObject *left, PyObject *right)
{
    return PyNumber_Or(unwrapped(left), unwrapped(right));
}

static PyObject *mappingproxy_ior(PyObject *self, PyObject *other)
{
    return PyErr_Format(PyExc_TypeError, "'|=' is not supported by %s; use '|' instead",
                        Py_TYPE(self)->tp_name);
}

static PyObject *mappingproxy_iter(PyObject *self)
{
    return PyObject_GetIter(MAPPING(self));
}

static PyObject *mappingproxy_str(PyObject *self)
{
    return PyObject_Str(MAPPING(self));
}

static PyObject *mappingproxy_repr(PyObject *self)
{
    return PyUnicode_FromFormat("mappingproxy(%R)", MAPPING(self));
}

static PyObject *mappingproxy_richcompare(PyObject *self, PyObject *other, int op)
{
    return PyObject_RichCompare(MAPPING(self), other, op);
}

static void mappingproxy_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_DECREF(MAPPING(self));
    PyObject_GC_Del(self);
}

static int mappingproxy_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(MAPPING(self));
    return 0;
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *mappingproxy_get(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("get", nargs, 1, 2)) {
        return NULL;
    }
    PyObject *call[] = {MAPPING(self), args[0], nargs > 1 ? args[1] : Py_None};
    return PyObject_VectorcallMethod(ID(get), call, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

static PyObject *mappingproxy_keys(PyObject *self, PyObject *unused)
{
    return PyObject_CallMethodNoArgs(MAPPING(self), ID(keys));
}

static PyObject *mappingproxy_values(PyObject *self, PyObject *unused)
{
    return PyObject_CallMethodNoArgs(MAPPING(self), ID(values));
}

static PyObject *mappingproxy_items(PyObject *self, PyObject *unused)
{
    return PyObject_CallMethodNoArgs(MAPPING(self), ID(items));
}

static PyObject *mappingproxy_copy(PyObject *self, PyObject *unused)
{
    return PyObject_CallMethodNoArgs(MAPPING(self), ID(copy));
}

static PyObject *mappingproxy_reversed(PyObject *self, PyObject *unused)
{
    return PyObject_CallMethodNoArgs(MAPPING(self), ID(__reversed__));
}

static PyMethodDef mappingproxy_methods[] = {
    {"get", (PyCFunction)(void (*)(void))mappingproxy_get, METH_FASTCALL,
     "D.get(k[,d]) -> value of the key k; d, or None, when there is no such key."},
    {"keys", mappingproxy_keys, METH_NOARGS,
     "D.keys() -> D's keys, seen as a set"},
    {"values", mappingproxy_values, METH_NOARGS,
     "D.values() -> D's values, seen as a collection"},
    {"items", mappingproxy_items, METH_NOARGS,
     "D.items() -> D's (key, value) pairs, seen as a set"},
    {"copy", mappingproxy_copy, METH_NOARGS, "D.copy() -> a dict with the same entries"},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {"__reversed__", mappingproxy_reversed, METH_NOARGS, "D.__reversed__() -> reverse iterator"},
    {NULL},
};

static PyNumberMethods mappingproxy_as_number = {.nb_or = mappingproxy_or,
                                                 .nb_inplace_or = mappingproxy_ior};
static PyMappingMethods mappingproxy_as_mapping = {mappingproxy_len, mappingproxy_getitem, NULL};
static PySequenceMethods mappingproxy_as_sequence = {.sq_contains = mappingproxy_contains};

static int check_mapping(PyObject *mapping)
{
    if (!PyMapping_Check(mapping) || PyList_Check(mapping) || PyTuple_Check(mapping)) {
        PyErr_Format(PyExc_TypeError, "mappingproxy() argument must be a mapping, not %s",
                     Py_TYPE(mapping)->tp_name);
        return -1;
    }
    return 0;
}

static PyObject *mappingproxy_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"mapping", NULL};
    PyObject *mapping;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O:mappingproxy", keywords, &mapping)) {
        return NULL;
    }
    return PyDictProxy_New(mapping);
}

PyTypeObject PyDictProxy_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "mappingproxy",
    .tp_basicsize = sizeof(ProxyObject),
    .tp_dealloc = mappingproxy_dealloc,
    .tp_repr = mappingproxy_repr,
    .tp_as_number = &mappingproxy_as_number,
    .tp_as_sequence = &mappingproxy_as_sequence,
    .tp_as_mapping = &mappingproxy_as_mapping,
    .tp_str = mappingproxy_str,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_MAPPING,
    .tp_traverse = mappingproxy_traverse,
    .tp_richcompare = mappingproxy_richcompare,
    .tp_iter = mappingproxy_iter,
    .tp_methods = mappingproxy_methods,
    .tp_new = mappingproxy_new,
};

PyObject *PyDictProxy_New(PyObject *mapping)
{
    if (check_mapping(mapping) < 0) {
        return NULL;
    }
    ProxyObject *self = PyObject_GC_New(ProxyObject, &PyDictProxy_Type);
    if (self) {
        self->mapping = Py_NewRef(mapping);
        gc_track((PyObject *)self);
    }
    return (PyObject *)self;
}
