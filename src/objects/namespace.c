/* SPDX-License-Identifier: MIT
 *
 * types.SimpleNamespace: an object that is all attributes.
 */
#include "state.h"
#include "objects/type/type.h"

typedef struct {
    PyObject_HEAD
    PyObject *dict; /* strong */
} NamespaceObject;

extern EXPORT PyTypeObject _PyNamespace_Type;
extern EXPORT PyObject *_PyNamespace_New(PyObject *kwds);

#define DICT(op) (((NamespaceObject *)(op))->dict)

static PyObject *namespace_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *self = type->tp_alloc(type, 0);
    if (self) {
        DICT(self) = PyDict_New();
        if (DICT(self) == NULL) {
            Py_CLEAR(self);
        }
    }
    return self;
}

static int namespace_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    if (PyTuple_GET_SIZE(args) != 0) {
        PyErr_Format(PyExc_TypeError, "no positional arguments expected");
        return -1;
    }
    if (kwds == NULL) {
        return 0;
    }
    return PyArg_ValidateKeywordArguments(kwds) ? PyDict_Update(DICT(self), kwds) : -1;
}

static void namespace_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(DICT(self));
    Py_TYPE(self)->tp_free(self);
}

static int namespace_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(DICT(self));
    return 0;
}

static int namespace_clear(PyObject *self)
{
    Py_CLEAR(DICT(self));
    return 0;
}

/* "a=1, b=2" as a list of parts. */
static PyObject *repr_parts(PyObject *dict)
{
    PyObject *parts = PyList_New(0), *keys = parts ? PyDict_Keys(dict) : NULL;
    for (Py_ssize_t i = 0; keys && i < PyList_GET_SIZE(keys); i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        if (!PyUnicode_Check(key) || PyUnicode_GET_LENGTH(key) == 0) {
            continue;
        }
        /* a repr may have removed it */
        PyObject *value = Py_XNewRef(PyDict_GetItemWithError(dict, key));
        if (value) {
            PyObject *part = PyUnicode_FromFormat("%S=%R", key, value);
            Py_DECREF(value);
            int r = part ? PyList_Append(parts, part) : -1;
            Py_XDECREF(part);
            if (r < 0) {
                Py_CLEAR(keys);
            }
        }
        else if (PyErr_Occurred()) {
            Py_CLEAR(keys);
        }
    }
    if (keys == NULL) {
        Py_XDECREF(parts);
        return NULL;
    }
    Py_DECREF(keys);
    return parts;
}

/* Attributes in the order of the dict; nested in itself namespace(...). */
static PyObject *namespace_repr(PyObject *self)
{
    const char *name = Py_IS_TYPE(self, &_PyNamespace_Type) ? "namespace" : Py_TYPE(self)->tp_name;
    int entered = Py_ReprEnter(self);
    if (entered) {
        return entered > 0 ? PyUnicode_FromFormat("%s(...)", name) : NULL;
    }
    PyObject *parts = repr_parts(DICT(self)), *result = NULL;
    PyObject *joined = parts ? PyUnicode_Join(LITERAL(comma_sep), parts) : NULL;
    if (joined) {
        result = PyUnicode_FromFormat("%s(%S)", name, joined);
    }
    Py_XDECREF(joined);
    Py_XDECREF(parts);
    Py_ReprLeave(self);
    return result;
}

static PyObject *namespace_richcompare(PyObject *self, PyObject *other, int op)
{
    if (PyObject_TypeCheck(self, &_PyNamespace_Type)
        && PyObject_TypeCheck(other, &_PyNamespace_Type)) {
        return PyObject_RichCompare(DICT(self), DICT(other), op);
    }
    Py_RETURN_NOTIMPLEMENTED;
}

static PyObject *namespace_reduce(PyObject *self, PyObject *unused)
{
    return PyTuple_Pack(3, Py_TYPE(self), EMPTY_TUPLE, DICT(self));
}

static PyMethodDef namespace_methods[] = {
    {"__reduce__", namespace_reduce, METH_NOARGS, "What pickle stores"},
    {NULL},
};

static PyMemberDef namespace_members[] = {{"__dict__", T_OBJECT, offsetof(NamespaceObject, dict),
                                           0},
                                          {NULL}};

PyTypeObject _PyNamespace_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "types.SimpleNamespace",
    .tp_basicsize = sizeof(NamespaceObject),
    .tp_dealloc = namespace_dealloc,
    .tp_repr = namespace_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "An object with the given attributes.\n\nSimpleNamespace(**kwargs)",
    .tp_traverse = namespace_traverse,
    .tp_clear = namespace_clear,
    .tp_richcompare = namespace_richcompare,
    .tp_methods = namespace_methods,
    .tp_members = namespace_members,
    .tp_dictoffset = offsetof(NamespaceObject, dict),
    .tp_init = namespace_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = namespace_new,
    .tp_free = PyObject_GC_Del,
};

PyObject *_PyNamespace_New(PyObject *kwds)
{
    PyObject *self = namespace_new(&_PyNamespace_Type, NULL, NULL);
    if (self && kwds && PyDict_Update(DICT(self), kwds) < 0) {
        Py_CLEAR(self);
    }
    return self;
}
