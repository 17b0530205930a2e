/* SPDX-License-Identifier: MIT
 *
 * The match statement's mapping and class patterns (PEP 634). A pattern that does not match is no
 * error: the results say which of the three it was.
 */
#include "vm/vm_impl.h"

/* -- Mapping patterns -------------------------------------------------------------------------- */

/* Fills values; 1 all keys are there, 0 one is missing, -1 error. */
static int match_values(PyThreadState *tstate, PyObject *map, PyObject *keys, PyObject *get,
                        PyObject *values)
{
    int found = -1;
    PyObject *seen = PySet_New(NULL);
    PyObject *dummy = seen == NULL ? NULL : PyObject_CallNoArgs((PyObject *)&PyBaseObject_Type);
    if (dummy == NULL) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keys); i++) {
        PyObject *key = PyTuple_GET_ITEM(keys, i);
        int is_double = PySet_Contains(seen, key);
        if (is_double != 0 || PySet_Add(seen, key) < 0) {
            if (is_double > 0) {
                _PyErr_Format(tstate, PyExc_ValueError, "mapping pattern checks duplicate key (%R)",
                              key);
            }
            goto done;
        }
        PyObject *value = PyObject_CallFunctionObjArgs(get, key, dummy, NULL);
        if (value == NULL) {
            goto done;
        }
        if (value == dummy) {
            Py_DECREF(value);
            found = 0;
            goto done;
        }
        PyTuple_SET_ITEM(values, i, value);
    }
    found = 1;
done:
    Py_XDECREF(dummy);
    Py_XDECREF(seen);
    return found;
}

/* Tuple of the values of all keys, None when one is missing. map.get is used so that defaults are
   not made. */
PyObject *vm_match_keys(PyThreadState *tstate, PyObject *map, PyObject *keys)
{
    Py_ssize_t n = PyTuple_GET_SIZE(keys);
    if (n == 0) {
        return PyTuple_New(0);
    }
    PyObject *get = PyObject_GetAttr(map, ID(get));
    PyObject *values = get == NULL ? NULL : PyTuple_New(n);
    if (values == NULL) {
        Py_XDECREF(get);
        return NULL;
    }
    int found = match_values(tstate, map, keys, get, values);
    Py_DECREF(get);
    if (found > 0) {
        return values;
    }
    Py_DECREF(values);
    return found < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- Class patterns ---------------------------------------------------------------------------- */

/* One attribute; NULL without an error means no match. `seen` finds doubles. */
static PyObject *match_attr(PyThreadState *tstate, PyObject *subject, PyObject *type,
                            PyObject *name, PyObject *seen)
{
    int is_double = PySet_Contains(seen, name);
    if (is_double != 0 || PySet_Add(seen, name) < 0) {
        if (is_double > 0) {
            _PyErr_Format(tstate, PyExc_TypeError,
                          "%s() got multiple sub-patterns for attribute %R",
                          ((PyTypeObject *)type)->tp_name, name);
        }
        return NULL;
    }
    PyObject *attr = PyObject_GetAttr(subject, name);
    if (attr == NULL && _PyErr_ExceptionMatches(tstate, PyExc_AttributeError)) {
        _PyErr_Clear(tstate);
    }
    return attr;
}

/* __match_args__ (owned), the empty tuple for types that match themselves (*match_self set), NULL
   on errors. */
static PyObject *match_args_of(PyThreadState *tstate, PyObject *type, int *match_self)
{
    PyObject *match_args = PyObject_GetAttr(type, ID2(__match_args__));
    if (match_args != NULL) {
        if (!PyTuple_CheckExact(match_args)) {
            _PyErr_Format(tstate, PyExc_TypeError, "%s.__match_args__ must be a tuple (got %s)",
                          ((PyTypeObject *)type)->tp_name, Py_TYPE(match_args)->tp_name);
            Py_CLEAR(match_args);
        }
        return match_args;
    }
    if (!_PyErr_ExceptionMatches(tstate, PyExc_AttributeError)) {
        return NULL;
    }
    _PyErr_Clear(tstate);
    *match_self = PyType_HasFeature((PyTypeObject *)type, _Py_TPFLAGS_MATCH_SELF);
    return Py_NewRef(EMPTY_TUPLE);
}

/* Appends positional sub-subjects; 0, or -1 with or without an error. */
static int match_positional(PyThreadState *tstate, PyObject *subject, PyObject *type,
                            Py_ssize_t npos, PyObject *seen, PyObject *attrs)
{
    int match_self = 0;
    PyObject *match_args = match_args_of(tstate, type, &match_self);
    if (match_args == NULL) {
        return -1;
    }
    Py_ssize_t allowed = match_self ? 1 : PyTuple_GET_SIZE(match_args);
    int failed = 0;
    if (allowed < npos) {
        _PyErr_Format(tstate, PyExc_TypeError,
                      "%s() accepts %zd positional sub-pattern%s (%zd given)",
                      ((PyTypeObject *)type)->tp_name, allowed, allowed == 1 ? "" : "s", npos);
        failed = -1;
    }
    else if (match_self) {
        failed = PyList_Append(attrs, subject);
    }
    for (Py_ssize_t i = 0; !failed && !match_self && i < npos; i++) {
        PyObject *name = PyTuple_GET_ITEM(match_args, i);
        if (!PyUnicode_CheckExact(name)) {
            _PyErr_Format(tstate, PyExc_TypeError,
                          "__match_args__ elements must be strings (got %s)",
                          Py_TYPE(name)->tp_name);
            failed = -1;
            break;
        }
        PyObject *attr = match_attr(tstate, subject, type, name, seen);
        failed = attr == NULL ? -1 : PyList_Append(attrs, attr);
        Py_XDECREF(attr);
    }
    Py_DECREF(match_args);
    return failed;
}

/* Tuple of sub-subjects; NULL without an error means no match. */
PyObject *vm_match_class(PyThreadState *tstate, PyObject *subject, PyObject *type, Py_ssize_t npos,
                         PyObject *names)
{
    if (!PyType_Check(type)) {
        _PyErr_SetString(tstate, PyExc_TypeError, "called match pattern must be a class");
        return NULL;
    }
    if (PyObject_IsInstance(subject, type) <= 0) {
        return NULL;
    }
    PyObject *seen = PySet_New(NULL), *attrs = PyList_New(0), *result = NULL;
    if (seen == NULL || attrs == NULL
        || (npos > 0 && match_positional(tstate, subject, type, npos, seen, attrs) < 0)) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject *attr = match_attr(tstate, subject, type, PyTuple_GET_ITEM(names, i), seen);
        int failed = attr == NULL ? -1 : PyList_Append(attrs, attr);
        Py_XDECREF(attr);
        if (failed) {
            goto done;
        }
    }
    result = PyList_AsTuple(attrs);
done:
    Py_XDECREF(attrs);
    Py_XDECREF(seen);
    return result;
}
