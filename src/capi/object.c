/* SPDX-License-Identifier: MIT
 *
 * The object protocol that is nobody's type: size, length hint, subscription, format, file
 * descriptors.
 *
 * Every function dispatches on slots of the argument's type and raises the messages programs know.
 * Attribute access, comparison, hashing and text live with `object` in src/objects/type.
 */
#include "capi/capi.h"
#include "objects/str/str.h"

PyObject *raise_type(const char *format, PyObject *o)
{
    PyErr_Format(PyExc_TypeError, format, Py_TYPE(o)->tp_name);
    return NULL;
}

PyObject *PyObject_Type(PyObject *o)
{
    return o ? Py_NewRef(Py_TYPE(o)) : raise_null();
}

/* -- Size ------------------------------------------------------------------------------------ */

/* sq_length, else mp_length. */
Py_ssize_t PyObject_Size(PyObject *o)
{
    if (o == NULL) {
        return raise_null_int();
    }
    PySequenceMethods *m = Py_TYPE(o)->tp_as_sequence;
    if (m && m->sq_length) {
        return m->sq_length(o);
    }
    return PyMapping_Size(o);
}

#undef PyObject_Length
Py_ssize_t PyObject_Length(PyObject *o) { return PyObject_Size(o); }

EXPORT int _PyObject_HasLen(PyObject *o)
{
    return (Py_TYPE(o)->tp_as_sequence && Py_TYPE(o)->tp_as_sequence->sq_length)
           || (Py_TYPE(o)->tp_as_mapping && Py_TYPE(o)->tp_as_mapping->mp_length);
}

/* Turns a pending TypeError into "no answer"; -1 when another exception is set. */
static Py_ssize_t hint_forgive(Py_ssize_t fallback)
{
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) {
        return -1;
    }
    PyErr_Clear();
    return fallback;
}

/* len(), else __length_hint__ (PEP 424), else the fallback. -1 with an exception. */
Py_ssize_t PyObject_LengthHint(PyObject *o, Py_ssize_t fallback)
{
    if (_PyObject_HasLen(o)) {
        Py_ssize_t n = PyObject_Size(o);
        if (n >= 0) {
            return n;
        }
        if (hint_forgive(0) < 0) {
            return -1;
        }
    }
    PyObject *hint = _PyObject_LookupSpecial(o, ID(__length_hint__));
    if (hint == NULL) {
        return PyErr_Occurred() ? -1 : fallback;
    }
    PyObject *result = PyObject_CallNoArgs(hint);
    Py_DECREF(hint);
    if (result == NULL) {
        return hint_forgive(fallback);
    }
    Py_ssize_t n = -1;
    if (result == Py_NotImplemented) {
        n = fallback;
    } else if (!PyLong_Check(result)) {
        raise_type("__length_hint__ must be an integer, not %.100s", result);
    } else {
        n = PyLong_AsSsize_t(result);
        if (n < 0 && !PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "__length_hint__() should return >= 0");
            n = -1;
        }
    }
    Py_DECREF(result);
    return n;
}

/* -- Subscription ---------------------------------------------------------------------------- */

/* cls[key] where the metaclass has no say: type itself, or __class_getitem__. */
static PyObject *class_getitem(PyObject *cls, PyObject *key)
{
    if (cls == (PyObject *)&PyType_Type) {
        return Py_GenericAlias(cls, key);
    }
    PyObject *method, *result = NULL;
    if (_PyObject_LookupAttr(cls, ID(__class_getitem__), &method) < 0) {
        return NULL;
    }
    if (method && method != Py_None) {
        result = PyObject_CallOneArg(method, key);
    } else {
        PyErr_Format(PyExc_TypeError, "type '%.200s' is not subscriptable",
                     ((PyTypeObject *)cls)->tp_name);
    }
    Py_XDECREF(method);
    return result;
}

/* Mappings first, then sequences by index, then classes. */
PyObject *PyObject_GetItem(PyObject *o, PyObject *key)
{
    if (o == NULL || key == NULL) {
        return raise_null();
    }
    PyMappingMethods *m = Py_TYPE(o)->tp_as_mapping;
    if (m && m->mp_subscript) {
        return m->mp_subscript(o, key);
    }
    PySequenceMethods *s = Py_TYPE(o)->tp_as_sequence;
    if (s && s->sq_item) {
        if (!is_index(key)) {
            return raise_type("sequence index must be integer, not '%.200s'", key);
        }
        Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        return i == -1 && PyErr_Occurred() ? NULL : PySequence_GetItem(o, i);
    }
    if (PyType_Check(o)) {
        return class_getitem(o, key);
    }
    return raise_type("'%.200s' object is not subscriptable", o);
}

/* Mappings first, then sequences by index. */
int PyObject_SetItem(PyObject *o, PyObject *key, PyObject *value)
{
    if (o == NULL || key == NULL || value == NULL) {
        return raise_null_int();
    }
    PyMappingMethods *m = Py_TYPE(o)->tp_as_mapping;
    if (m && m->mp_ass_subscript) {
        return m->mp_ass_subscript(o, key, value);
    }
    PySequenceMethods *s = Py_TYPE(o)->tp_as_sequence;
    if (s) {
        if (is_index(key)) {
            Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
            return i == -1 && PyErr_Occurred() ? -1 : PySequence_SetItem(o, i, value);
        }
        if (s->sq_ass_item) {
            raise_type("sequence index must be integer, not '%.200s'", key);
            return -1;
        }
    }
    raise_type("'%.200s' object does not support item assignment", o);
    return -1;
}

int PyObject_DelItem(PyObject *o, PyObject *key)
{
    if (o == NULL || key == NULL) {
        return raise_null_int();
    }
    PyMappingMethods *m = Py_TYPE(o)->tp_as_mapping;
    if (m && m->mp_ass_subscript) {
        return m->mp_ass_subscript(o, key, NULL);
    }
    PySequenceMethods *s = Py_TYPE(o)->tp_as_sequence;
    if (s) {
        if (is_index(key)) {
            Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
            return i == -1 && PyErr_Occurred() ? -1 : PySequence_DelItem(o, i);
        }
        if (s->sq_ass_item) {
            raise_type("sequence index must be integer, not '%.200s'", key);
            return -1;
        }
    }
    raise_type("'%.200s' object does not support item deletion", o);
    return -1;
}

int PyObject_DelItemString(PyObject *o, const char *key)
{
    if (o == NULL || key == NULL) {
        return raise_null_int();
    }
    PyObject *name = PyUnicode_FromString(key);
    if (name == NULL) {
        return -1;
    }
    int r = PyObject_DelItem(o, name);
    Py_DECREF(name);
    return r;
}

/* -- Format ---------------------------------------------------------------------------------- */

/* str and int with an empty specification need no call. */
PyObject *PyObject_Format(PyObject *o, PyObject *spec)
{
    if (spec && !PyUnicode_Check(spec)) {
        PyErr_Format(PyExc_SystemError, "Format specifier must be a string, not %.200s",
                     Py_TYPE(spec)->tp_name);
        return NULL;
    }
    bool plain = spec == NULL || PyUnicode_GET_LENGTH(spec) == 0;
    if (plain && PyUnicode_CheckExact(o)) {
        return Py_NewRef(o);
    }
    if (plain && PyLong_CheckExact(o)) {
        return PyObject_Str(o);
    }
    if (!plain && PyLong_CheckExact(o)) {
        return str_format_builtin(o, spec, _PyLong_FormatAdvancedWriter);
    }
    if (!plain && PyFloat_CheckExact(o)) {
        return str_format_builtin(o, spec, _PyFloat_FormatAdvancedWriter);
    }
    if (PyUnicode_CheckExact(o)) {
        return str_format_builtin(o, spec, _PyUnicode_FormatAdvancedWriter);
    }
    PyObject *method = _PyObject_LookupSpecial(o, ID(__format__));
    if (method == NULL) {
        return PyErr_Occurred() ? NULL : raise_type("Type %.100s doesn't define __format__", o);
    }
    PyObject *result = PyObject_CallOneArg(method, spec ? spec : EMPTY_STR);
    Py_DECREF(method);
    if (result && !PyUnicode_Check(result)) {
        raise_type("__format__ must return a str, not %.200s", result);
        Py_CLEAR(result);
    }
    return result;
}

/* -- File descriptors ------------------------------------------------------------------------ */

/* An int, or what fileno() gives. */
int PyObject_AsFileDescriptor(PyObject *o)
{
    int fd;
    if (PyLong_Check(o)) {
        fd = _PyLong_AsInt(o);
    } else {
        PyObject *method;
        if (_PyObject_LookupAttr(o, ID(fileno), &method) < 0) {
            return -1;
        }
        if (method == NULL) {
            PyErr_SetString(PyExc_TypeError, "argument must be an int, or have a fileno() method.");
            return -1;
        }
        PyObject *number = PyObject_CallNoArgs(method);
        Py_DECREF(method);
        if (number == NULL) {
            return -1;
        }
        if (!PyLong_Check(number)) {
            PyErr_SetString(PyExc_TypeError, "fileno() returned a non-integer");
            Py_DECREF(number);
            return -1;
        }
        fd = _PyLong_AsInt(number);
        Py_DECREF(number);
    }
    if (fd == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (fd < 0) {
        PyErr_Format(PyExc_ValueError, "file descriptor cannot be a negative integer (%i)", fd);
        return -1;
    }
    return fd;
}

int _PyLong_FileDescriptor_Converter(PyObject *o, void *ptr)
{
    int fd = PyObject_AsFileDescriptor(o);
    if (fd == -1) {
        return 0;
    }
    *(int *)ptr = fd;
    return 1;
}
