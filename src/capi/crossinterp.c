/* SPDX-License-Identifier: MIT
 *
 * Passing simple values between interpreters: a registry of types and functions that turn an object
 * into data without objects (_PyCrossInterpreterData), from which the other interpreter makes its
 * own.
 */
#include "capi/capi.h"

extern EXPORT PyInterpreterState *_PyInterpreterState_LookUpID(int64_t id);

typedef struct Registration {
    struct Registration *next;
    PyTypeObject *type;       /* strong, unless built in; matched exactly */
    crossinterpdatafunc func; /* fills the data; 0 or -1 */
} Registration;

/* -- Built-in types -------------------------------------------------------------------------- */

/* bytes and str: points into the object, which the data holds. */
typedef struct {
    Py_ssize_t len;   /* bytes, or characters */
    int kind;         /* of the characters */
    const void *data;
} SharedText;

static PyObject *none_new(_PyCrossInterpreterData *data) { return Py_NewRef(Py_None); }
static int none_share(PyObject *obj, _PyCrossInterpreterData *data)
{
    data->new_object = none_new;
    data->free = NULL;
    return 0;
}

static PyObject *int_new_shared(_PyCrossInterpreterData *data)
{
    return PyLong_FromSsize_t((Py_ssize_t)data->data);
}

static int int_share(PyObject *obj, _PyCrossInterpreterData *data)
{
    Py_ssize_t v = PyLong_AsSsize_t(obj);
    if (v == -1 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
            PyErr_SetString(PyExc_OverflowError, "try sending as bytes");
        }
        return -1;
    }
    data->data = (void *)v;
    data->new_object = int_new_shared;
    data->free = NULL;
    return 0;
}

static PyObject *bytes_new_shared(_PyCrossInterpreterData *data)
{
    SharedText *t = data->data;
    return PyBytes_FromStringAndSize(t->data, t->len);
}
static PyObject *str_new_shared(_PyCrossInterpreterData *data)
{
    SharedText *t = data->data;
    return PyUnicode_FromKindAndData(t->kind, t->data, t->len);
}

/* The block is freed with the data. */
static int text_share(PyObject *obj, _PyCrossInterpreterData *data)
{
    SharedText *t = PyMem_New(SharedText, 1);
    if (t == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (PyBytes_Check(obj)) {
        *t = (SharedText){PyBytes_GET_SIZE(obj), 0, PyBytes_AS_STRING(obj)};
        data->new_object = bytes_new_shared;
    } else {
        *t = (SharedText){PyUnicode_GET_LENGTH(obj), PyUnicode_KIND(obj), PyUnicode_DATA(obj)};
        data->new_object = str_new_shared;
    }
    data->data = t;
    data->obj = Py_NewRef(obj); /* owns what t points into */
    data->free = PyMem_Free;
    return 0;
}

/* -- Registry -------------------------------------------------------------------------------- */

/* The newest registration of a type is found first. */
int _PyCrossInterpreterData_RegisterClass(PyTypeObject *type, crossinterpdatafunc func)
{
    if (type == NULL || PyType_Check(type) == 0) {
        PyErr_Format(PyExc_ValueError, "only classes may be registered");
        return -1;
    }
    if (func == NULL) {
        PyErr_Format(PyExc_ValueError, "missing 'getdata' func");
        return -1;
    }
    Registration *r = PyMem_RawMalloc(sizeof(*r));
    if (r == NULL) {
        return -1;
    }
    *r = (Registration){_PyRuntime.xidregistry.head, (PyTypeObject *)Py_NewRef(type), func};
    _PyRuntime.xidregistry.head = r;
    return 0;
}

/* The built-in types are registered at the first call. */
crossinterpdatafunc _PyCrossInterpreterData_Lookup(PyObject *obj)
{
    PyTypeObject *type = Py_TYPE(obj);
    for (Registration *r = _PyRuntime.xidregistry.head; r; r = r->next) {
        if (r->type == type) {
            return r->func;
        }
    }
    if (obj == Py_None) {
        return none_share;
    }
    if (type == &PyLong_Type) {
        return int_share;
    }
    return type == &PyBytes_Type || type == &PyUnicode_Type ? text_share : NULL;
}

int _PyObject_CheckCrossInterpreterData(PyObject *obj)
{
    if (_PyCrossInterpreterData_Lookup(obj)) {
        return 0;
    }
    if (!PyErr_Occurred()) {
        PyErr_Format(PyExc_ValueError, "%S does not support cross-interpreter data", obj);
    }
    return -1;
}

/* The data must say how the other interpreter makes its object (new_object), and remembers where
   it came from. */
int _PyObject_GetCrossInterpreterData(PyObject *obj, _PyCrossInterpreterData *data)
{
    *data = (_PyCrossInterpreterData){0};
    if (_PyObject_CheckCrossInterpreterData(obj) < 0) {
        return -1;
    }
    if (_PyCrossInterpreterData_Lookup(obj)(obj, data) != 0) {
        return -1;
    }
    data->interp = PyInterpreterState_GetID(interp_get());
    if (data->new_object == NULL) {
        PyErr_SetString(PyExc_SystemError, "missing new_object func");
        return -1;
    }
    return 0;
}

PyObject *_PyCrossInterpreterData_NewObject(_PyCrossInterpreterData *data)
{
    return data->new_object(data);
}

/* Switches to the interpreter that owns the object, if it is still there. */
void _PyCrossInterpreterData_Release(_PyCrossInterpreterData *data)
{
    if (data->data == NULL && data->obj == NULL) {
        return;
    }
    /* The object belongs to the interpreter it came from. */
    PyInterpreterState *interp = _PyInterpreterState_LookUpID(data->interp);
    if (interp == NULL) {
        PyErr_Clear();
        return;
    }
    PyThreadState *saved = NULL;
    if (interp != interp_get()) {
        PyThreadState *other = PyInterpreterState_ThreadHead(interp);
        saved = other ? PyThreadState_Swap(other) : NULL;
    }
    if (data->free) {
        data->free(data->data);
    }
    data->data = NULL;
    Py_CLEAR(data->obj);
    if (saved) {
        PyThreadState_Swap(saved);
    }
}
