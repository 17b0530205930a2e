/* SPDX-License-Identifier: MIT
 *
 * The mapping protocol. Keys(), Items() and Values() give lists; the HasKey functions hide every
 * exception.
 */
#include "capi/capi.h"

int PyMapping_Check(PyObject *o)
{
    return o && Py_TYPE(o)->tp_as_mapping && Py_TYPE(o)->tp_as_mapping->mp_subscript;
}

/* mp_length; a sequence is told that it is no mapping. */
Py_ssize_t PyMapping_Size(PyObject *o)
{
    if (o == NULL) {
        return raise_null_int();
    }
    PyMappingMethods *m = Py_TYPE(o)->tp_as_mapping;
    if (m && m->mp_length) {
        return m->mp_length(o);
    }
    if (Py_TYPE(o)->tp_as_sequence && Py_TYPE(o)->tp_as_sequence->sq_length) {
        raise_type("%.200s is not a mapping", o);
    } else {
        raise_type("object of type '%.200s' has no len()", o);
    }
    return -1;
}

#undef PyMapping_Length
Py_ssize_t PyMapping_Length(PyObject *o) { return PyMapping_Size(o); }

PyObject *PyMapping_GetItemString(PyObject *o, const char *key)
{
    if (key == NULL) {
        return raise_null();
    }
    PyObject *name = PyUnicode_FromString(key);
    if (name == NULL) {
        return NULL;
    }
    PyObject *r = PyObject_GetItem(o, name);
    Py_DECREF(name);
    return r;
}

int PyMapping_SetItemString(PyObject *o, const char *key, PyObject *value)
{
    if (key == NULL) {
        return raise_null_int();
    }
    PyObject *name = PyUnicode_FromString(key);
    if (name == NULL) {
        return -1;
    }
    int r = PyObject_SetItem(o, name, value);
    Py_DECREF(name);
    return r;
}

static int found(PyObject *value)
{
    if (value) {
        Py_DECREF(value);
        return 1;
    }
    PyErr_Clear();
    return 0;
}

int PyMapping_HasKeyString(PyObject *o, const char *key)
{
    return found(PyMapping_GetItemString(o, key));
}

int PyMapping_HasKey(PyObject *o, PyObject *key) { return found(PyObject_GetItem(o, key)); }

/* list(o.name()) */
static PyObject *method_as_list(PyObject *o, PyObject *name)
{
    PyObject *answer = PyObject_CallMethodNoArgs(o, name);
    if (answer == NULL || PyList_CheckExact(answer)) {
        return answer;
    }
    PyObject *iter = PyObject_GetIter(answer);
    if (iter == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Format(PyExc_TypeError, "%.200s.%U() returned a non-iterable (type %.200s)",
                         Py_TYPE(o)->tp_name, name, Py_TYPE(answer)->tp_name);
        }
        Py_DECREF(answer);
        return NULL;
    }
    Py_DECREF(answer);
    PyObject *list = PySequence_List(iter);
    Py_DECREF(iter);
    return list;
}

PyObject *PyMapping_Keys(PyObject *o)
{
    if (o == NULL) {
        return raise_null();
    }
    return PyDict_CheckExact(o) ? PyDict_Keys(o) : method_as_list(o, ID(keys));
}

PyObject *PyMapping_Items(PyObject *o)
{
    if (o == NULL) {
        return raise_null();
    }
    return PyDict_CheckExact(o) ? PyDict_Items(o) : method_as_list(o, ID(items));
}

PyObject *PyMapping_Values(PyObject *o)
{
    if (o == NULL) {
        return raise_null();
    }
    return PyDict_CheckExact(o) ? PyDict_Values(o) : method_as_list(o, ID(values));
}
