/* SPDX-License-Identifier: MIT
 *
 * None, NotImplemented and Ellipsis: three objects, three types, nothing inside. Their references
 * are counted as any object's; the one they start with is never dropped.
 */
#include "state.h"

static PyObject *no_arguments(PyTypeObject *type, PyObject *args, PyObject *kwds,
                              PyObject *singleton, const char *name)
{
    if (PyTuple_GET_SIZE(args) || (kwds && PyDict_GET_SIZE(kwds))) {
        PyErr_Format(PyExc_TypeError, "%s takes no arguments", name);
        return NULL;
    }
    return Py_NewRef(singleton);
}

/* Somebody dropped a reference too many: give the object a new life instead of a crash. */
static void singleton_dealloc(PyObject *op)
{
    Py_SET_REFCNT(op, IMMORTAL_REFCNT);
}

/* -- None ------------------------------------------------------------------------------------ */

static PyObject *none_repr(PyObject *op)
{
    return PyUnicode_FromString("None");
}

static PyObject *none_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return no_arguments(type, args, kwds, Py_None, "NoneType");
}

static int none_bool(PyObject *op)
{
    return 0;
}

static void none_dealloc(PyObject *op)
{
    Py_FatalError("deallocating None");
}

static PyNumberMethods none_as_number = {.nb_bool = none_bool};

PyTypeObject _PyNone_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "NoneType",
    .tp_dealloc = none_dealloc,
    .tp_repr = none_repr,
    .tp_as_number = &none_as_number,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = none_new,
};

/* None, and room behind it. Extension modules that take None for an object of theirs write into its
   fields: psycopg2's casts, called with None for the cursor, store a pointer 120 bytes on and put
   back what was there. Only the assembler gives a symbol of 16 bytes more room than that. */
__asm__(".pushsection .data\n"
        "\t.balign 64\n"
        "\t.globl _Py_NoneStruct\n"
        "\t.type _Py_NoneStruct, @object\n"
        "\t.size _Py_NoneStruct, 16\n"
        "_Py_NoneStruct:\n"
        "\t.quad 1\n"
        "\t.quad _PyNone_Type\n"
        "\t.zero 496\n"
        "\t.popsection\n");

/* -- NotImplemented -------------------------------------------------------------------------- */

static PyObject *notimplemented_repr(PyObject *op)
{
    return PyUnicode_FromString("NotImplemented");
}

static PyObject *notimplemented_reduce(PyObject *op, PyObject *unused)
{
    return PyUnicode_FromString("NotImplemented");
}

static PyObject *notimplemented_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return no_arguments(type, args, kwds, Py_NotImplemented, "NotImplementedType");
}

static int notimplemented_bool(PyObject *op)
{
    if (PyErr_WarnEx(PyExc_DeprecationWarning,
                     "NotImplemented should not be used in a boolean context", 1)
        < 0) {
        return -1;
    }
    return 1;
}

static PyMethodDef notimplemented_methods[] = {{"__reduce__", notimplemented_reduce, METH_NOARGS,
                                                NULL},
                                               {NULL}};
static PyNumberMethods notimplemented_as_number = {.nb_bool = notimplemented_bool};

PyTypeObject _PyNotImplemented_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "NotImplementedType",
    .tp_dealloc = singleton_dealloc,
    .tp_repr = notimplemented_repr,
    .tp_as_number = &notimplemented_as_number,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = notimplemented_methods,
    .tp_new = notimplemented_new,
};

PyObject _Py_NotImplementedStruct = {1, &_PyNotImplemented_Type};

/* -- Ellipsis -------------------------------------------------------------------------------- */

static PyObject *ellipsis_repr(PyObject *op)
{
    return PyUnicode_FromString("Ellipsis");
}

static PyObject *ellipsis_reduce(PyObject *op, PyObject *unused)
{
    return PyUnicode_FromString("Ellipsis");
}

static PyObject *ellipsis_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return no_arguments(type, args, kwds, Py_Ellipsis, "EllipsisType");
}

static PyMethodDef ellipsis_methods[] = {{"__reduce__", ellipsis_reduce, METH_NOARGS, NULL},
                                         {NULL}};

PyTypeObject PyEllipsis_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "ellipsis",
    .tp_dealloc = singleton_dealloc,
    .tp_repr = ellipsis_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = ellipsis_methods,
    .tp_new = ellipsis_new,
};

PyObject _Py_EllipsisObject = {1, &PyEllipsis_Type};
