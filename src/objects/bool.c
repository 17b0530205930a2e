/* SPDX-License-Identifier: MIT
 *
 * bool: a subtype of int with exactly two instances, which live for ever.
 */
#include "objects/int/int_impl.h"

struct _longobject _Py_FalseStruct = {PyVarObject_HEAD_INIT(&PyBool_Type, 0){0}};
struct _longobject _Py_TrueStruct = {PyVarObject_HEAD_INIT(&PyBool_Type, 1){1}};

PyObject *PyBool_FromLong(long ok) { return Py_NewRef(ok ? Py_True : Py_False); }

static PyObject *bool_repr(PyObject *self)
{
    return Py_NewRef(self == Py_True ? ID(True) : ID(False));
}

static PyObject *bool_of(PyObject *x)
{
    int truth = PyObject_IsTrue(x);
    return truth < 0 ? NULL : PyBool_FromLong(truth);
}

static PyObject *bool_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *x = Py_False;
    if (!_PyArg_NoKeywords("bool", kwargs) || !PyArg_UnpackTuple(args, "bool", 0, 1, &x)) {
        return NULL;
    }
    return bool_of(x);
}

static PyObject *bool_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames("bool", kwnames) || !_PyArg_CheckPositional("bool", n, 0, 1)) {
        return NULL;
    }
    return n ? bool_of(args[0]) : Py_NewRef(Py_False);
}

/* Between two bools the result is a bool, otherwise int's. */
static PyObject *bool_and(PyObject *a, PyObject *b)
{
    return PyBool_Check(a) && PyBool_Check(b) ? PyBool_FromLong((a == Py_True) & (b == Py_True))
                                              : int_and(a, b);
}
static PyObject *bool_or(PyObject *a, PyObject *b)
{
    return PyBool_Check(a) && PyBool_Check(b) ? PyBool_FromLong((a == Py_True) | (b == Py_True))
                                              : int_or(a, b);
}
static PyObject *bool_xor(PyObject *a, PyObject *b)
{
    return PyBool_Check(a) && PyBool_Check(b) ? PyBool_FromLong((a == Py_True) ^ (b == Py_True))
                                              : int_xor(a, b);
}

/* Only a wrong count of references gets here: the two are put back to life. */
static void bool_dealloc(PyObject *self)
{
    Py_SET_REFCNT(self, IMMORTAL_REFCNT);
}

static PyNumberMethods bool_as_number = {.nb_and = bool_and, .nb_xor = bool_xor, .nb_or = bool_or};

PyDoc_STRVAR(bool_doc,
"bool(x) -> bool\n\n"
"True when x is true, otherwise False, which are the only two instances of\n"
"this class. It is a subclass of int and cannot itself be subclassed.");

PyTypeObject PyBool_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "bool",
    .tp_basicsize = sizeof(struct _longobject),
    .tp_dealloc = bool_dealloc,
    .tp_repr = bool_repr,
    .tp_as_number = &bool_as_number,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = bool_doc,
    .tp_base = &PyLong_Type,
    .tp_new = bool_new,
    .tp_vectorcall = bool_vectorcall,
};
