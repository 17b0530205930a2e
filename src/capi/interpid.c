/* SPDX-License-Identifier: MIT
 *
 * InterpreterID: an int-like handle of an interpreter that keeps a count of itself in that
 * interpreter.
 */
#include "capi/capi.h"
#include "objects/int/int.h"

extern EXPORT PyInterpreterState *_PyInterpreterState_LookUpID(int64_t id);
extern EXPORT int _PyInterpreterState_IDInitref(PyInterpreterState *);
extern EXPORT int _PyInterpreterState_IDIncref(PyInterpreterState *);
extern EXPORT void _PyInterpreterState_IDDecref(PyInterpreterState *);
extern EXPORT PyTypeObject _PyInterpreterID_Type;

typedef struct {
    PyObject_HEAD
    int64_t id; /* of an interpreter that may be gone */
} InterpreterID;

/* `force`: an ID without an interpreter will do. */
static InterpreterID *interpid_make(PyTypeObject *type, int64_t id, bool force)
{
    PyInterpreterState *interp = _PyInterpreterState_LookUpID(id);
    if (interp == NULL) {
        if (!force) {
            return NULL;
        }
        PyErr_Clear();
    } else if (_PyInterpreterState_IDIncref(interp) < 0) {
        return NULL;
    }
    InterpreterID *self = PyObject_New(InterpreterID, type);
    if (self == NULL) {
        if (interp) {
            _PyInterpreterState_IDDecref(interp);
        }
        return NULL;
    }
    self->id = id;
    return self;
}

/* The id in an InterpreterID or an int; -1 with an exception. */
static int interpid_converter(PyObject *arg, void *out)
{
    int64_t id;
    if (PyObject_TypeCheck(arg, &_PyInterpreterID_Type)) {
        id = ((InterpreterID *)arg)->id;
    } else if (PyIndex_Check(arg)) {
        id = PyLong_AsLongLong(arg);
        if (id == -1 && PyErr_Occurred()) {
            return 0;
        }
        if (id < 0) {
            PyErr_Format(PyExc_ValueError, "interpreter ID must be a non-negative int, got %R",
                         arg);
            return 0;
        }
    } else {
        PyErr_Format(PyExc_TypeError, "interpreter ID must be an int, got %.100s",
                     Py_TYPE(arg)->tp_name);
        return 0;
    }
    *(int64_t *)out = id;
    return 1;
}

static PyObject *interpid_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"id", "force", NULL};
    int64_t id;
    int force = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&|$p:InterpreterID.__init__", names,
                                     interpid_converter, &id, &force)) {
        return NULL;
    }
    return (PyObject *)interpid_make(type, id, force != 0);
}

static void interpid_dealloc(InterpreterID *self)
{
    PyInterpreterState *interp = _PyInterpreterState_LookUpID(self->id);
    if (interp) {
        _PyInterpreterState_IDDecref(interp);
    } else {
        PyErr_Clear(); /* gone already */
    }
    Py_TYPE(self)->tp_free(self);
}

static PyObject *interpid_repr(InterpreterID *self)
{
    return PyUnicode_FromFormat("%s(%lld)", Py_TYPE(self)->tp_name, (long long)self->id);
}

static PyObject *interpid_str(InterpreterID *self)
{
    return PyUnicode_FromFormat("%lld", (long long)self->id);
}

static PyObject *interpid_int(InterpreterID *self) { return PyLong_FromLongLong(self->id); }

static Py_hash_t interpid_hash(InterpreterID *self)
{
    PyObject *id = PyLong_FromLongLong(self->id);
    Py_hash_t hash = id ? PyObject_Hash(id) : -1;
    Py_XDECREF(id);
    return hash;
}

/* With ints too. */
static PyObject *interpid_richcompare(InterpreterID *self, PyObject *other, int op)
{
    if (op != Py_EQ && op != Py_NE) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    bool equal;
    if (PyObject_TypeCheck(other, &_PyInterpreterID_Type)) {
        equal = self->id == ((InterpreterID *)other)->id;
    } else if (PyLong_Check(other)) {
        int overflow;
        long long id = PyLong_AsLongLongAndOverflow(other, &overflow);
        equal = !overflow && id == self->id;
    } else if (PyNumber_Check(other)) {
        PyObject *id = interpid_int(self), *r = id ? PyObject_RichCompare(id, other, op) : NULL;
        Py_XDECREF(id);
        return r;
    } else {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyBool_FromLong(equal == (op == Py_EQ));
}

static PyNumberMethods interpid_as_number = {
    .nb_int = (unaryfunc)interpid_int,
    .nb_index = (unaryfunc)interpid_int,
};

PyTypeObject _PyInterpreterID_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "InterpreterID",
    .tp_basicsize = sizeof(InterpreterID),
    .tp_dealloc = (destructor)interpid_dealloc,
    .tp_repr = (reprfunc)interpid_repr,
    .tp_as_number = &interpid_as_number,
    .tp_hash = (hashfunc)interpid_hash,
    .tp_str = (reprfunc)interpid_str,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "Number of an interpreter, good wherever an int is.",
    .tp_richcompare = (richcmpfunc)interpid_richcompare,
    .tp_new = interpid_new,
};

EXPORT PyObject *_PyInterpreterID_New(int64_t id)
{
    return (PyObject *)interpid_make(&_PyInterpreterID_Type, id, false);
}

EXPORT PyInterpreterState *_PyInterpreterID_LookUp(PyObject *requested)
{
    int64_t id;
    return interpid_converter(requested, &id) ? _PyInterpreterState_LookUpID(id) : NULL;
}

EXPORT PyObject *_PyInterpreterState_GetIDObject(PyInterpreterState *interp)
{
    if (_PyInterpreterState_IDInitref(interp) != 0) {
        return NULL;
    }
    int64_t id = PyInterpreterState_GetID(interp);
    return id < 0 ? NULL : (PyObject *)interpid_make(&_PyInterpreterID_Type, id, false);
}
