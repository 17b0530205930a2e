/* SPDX-License-Identifier: MIT
 *
 * Attribute access on instances.
 *
 * Reading obj.name: data descriptor of the type, else the instance's own value, else other
 * attribute of the type (bound if it is a descriptor), else AttributeError. Writing: data
 * descriptor of the type, else the instance. (Language reference, "Invoking Descriptors".)
 *
 * An instance's own values are in one of three places (object_dict_pointer, dict.h):
 *
 *     inline values       obj[-4] points at the array, names are in the class's shared keys
 *     managed dict        obj[-3] points at a dict, made when __dict__ is asked for or keys
 *                             overflow
 *     dict at an offset   tp_dictoffset, counted from the end when negative (variable size)
 *
 *  A1 A descriptor found in the type is held over the call: running code may replace it.
 */
#include "objects/type/type_impl.h"

/* -- Where the dict is ----------------------------------------------------------------------- */

/* NULL when the type has none. */
static PyObject **computed_dict_pointer(PyObject *obj)
{
    PyTypeObject *type = Py_TYPE(obj);
    Py_ssize_t offset = type->tp_dictoffset;
    if (offset == 0) {
        return NULL;
    }
    if (offset < 0) {
        Py_ssize_t n = Py_SIZE(obj);
        offset += (Py_ssize_t)_PyObject_VAR_SIZE(type, n < 0 ? -n : n);
    }
    return (PyObject **)((char *)obj + offset);
}

PyObject **object_dict_pointer(PyObject *obj)
{
    return HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT) ? object_dict_slot(obj)
                                                      : computed_dict_pointer(obj);
}

/* The slot, with inline values turned into a dict: who asks may replace it. */
PyObject **_PyObject_GetDictPtr(PyObject *obj)
{
    if (!HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT)) {
        return computed_dict_pointer(obj);
    }
    if (*object_values_slot(obj)) {
        PyObject *dict = object_dict_ensure(obj);
        if (dict == NULL) {
            PyErr_Clear();
            return NULL;
        }
        Py_DECREF(dict);
    }
    return object_dict_slot(obj);
}

/* Made if there is none yet. */
PyObject *PyObject_GenericGetDict(PyObject *obj, void *context)
{
    if (HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT)) {
        return object_dict_ensure(obj);
    }
    PyObject **slot = computed_dict_pointer(obj);
    if (slot == NULL) {
        PyErr_SetString(PyExc_AttributeError, "This object has no __dict__");
        return NULL;
    }
    if (*slot == NULL) {
        *slot = PyDict_New();
    }
    return Py_XNewRef(*slot);
}

/* Any dict or subclass; inline values are dropped for it. */
int PyObject_GenericSetDict(PyObject *obj, PyObject *value, void *context)
{
    PyObject **slot = _PyObject_GetDictPtr(obj);
    if (slot == NULL) {
        if (HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT)) {
            PyErr_NoMemory();
            return -1;
        }
        PyErr_SetString(PyExc_AttributeError, "This object has no __dict__");
        return -1;
    }
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError, "cannot delete __dict__");
        return -1;
    }
    if (!PyDict_Check(value)) {
        PyErr_Format(PyExc_TypeError, "__dict__ must be set to a dictionary, not a '%.200s'",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    Py_XSETREF(*slot, Py_NewRef(value));
    return 0;
}

/* True as well when instances of the type have no dict. */
bool object_dict_is_empty(PyObject *obj)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (type->tp_dictoffset == 0 && !HAS(type, Py_TPFLAGS_MANAGED_DICT)) {
        return true;
    }
    if (HAS(type, Py_TPFLAGS_MANAGED_DICT) && *object_values_slot(obj)) {
        PyDictValues *values = *object_values_slot(obj);
        PyDictKeysObject *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
        for (Py_ssize_t i = 0; i < keys->dk_nentries; i++) {
            if (values->values[i]) {
                return false;
            }
        }
        return true;
    }
    PyObject *dict = *object_dict_pointer(obj);
    return dict == NULL || PyDict_GET_SIZE(dict) == 0;
}

/* -- Errors ---------------------------------------------------------------------------------- */

/* Keeps what is set already: a nested lookup may have raised for another object. */
int attribute_error_set_context(PyObject *obj, PyObject *name)
{
    PyObject *type, *value, *traceback;
    if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return 0;
    }
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value && PyErr_GivenExceptionMatches(value, PyExc_AttributeError)) {
        PyAttributeErrorObject *error = (PyAttributeErrorObject *)value;
        if (error->name == NULL && error->obj == NULL) {
            error->name = Py_NewRef(name);
            error->obj = Py_NewRef(obj);
        }
    }
    PyErr_Restore(type, value, traceback);
    return 0;
}

static bool check_name(PyObject *name)
{
    if (UNLIKELY(!PyUnicode_Check(name))) {
        PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
                     Py_TYPE(name)->tp_name);
        return false;
    }
    return true;
}

static void raise_no_attribute(PyObject *obj, PyObject *name)
{
    PyErr_Format(PyExc_AttributeError, "'%.50s' object has no attribute '%U'",
                 Py_TYPE(obj)->tp_name, name);
    attribute_error_set_context(obj, name);
}

/* A caller that ignores AttributeError gets none. */
static PyObject *suppressed(PyObject *result, int suppress)
{
    if (result == NULL && suppress && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
    }
    return result;
}

/* -- Reading --------------------------------------------------------------------------------- */

/* The lookup in the type comes first even for plain instance attributes, because a data
   descriptor wins; the method cache makes it cheap. */

/* The instance's own value: owned, NULL with or without an error. */
static PyObject *own_value(PyObject *obj, PyObject *name, PyObject *dict)
{
    if (dict == NULL) {
        if (HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT)) {
            PyDictValues *values = *object_values_slot(obj);
            if (values && PyUnicode_CheckExact(name)) {
                return object_values_get(obj, values, name);
            }
            if (values) {
                PyObject **slot = _PyObject_GetDictPtr(obj);
                if (slot == NULL) {
                    PyErr_NoMemory();
                    return NULL;
                }
            }
        }
        PyObject **slot = object_dict_pointer(obj);
        dict = slot ? *slot : NULL;
        if (dict == NULL) {
            return NULL;
        }
    }
    Py_ssize_t ix = PyUnicode_CheckExact(name) ? dict_find_name(dict, name) : DKIX_ERROR;
    if (LIKELY(ix != DKIX_ERROR)) {
        return ix >= 0 ? Py_NewRef(dict_name_at(dict, ix)) : NULL;
    }
    Py_INCREF(dict);
    PyObject *value = Py_XNewRef(PyDict_GetItemWithError(dict, name));
    Py_DECREF(dict);
    return value;
}

/* dict NULL: the instance's own. `suppress`: NULL without an AttributeError. */
PyObject *_PyObject_GenericGetAttrWithDict(PyObject *obj, PyObject *name, PyObject *dict,
                                           int suppress)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (!check_name(name)) {
        return NULL;
    }
    if (UNLIKELY(type->tp_dict == NULL) && PyType_Ready(type) < 0) {
        return NULL;
    }
    PyObject *descr = _PyType_Lookup(type, name), *result;
    descrgetfunc get = NULL;
    Py_INCREF(name);
    if (descr) {
        Py_INCREF(descr);
        get = Py_TYPE(descr)->tp_descr_get;
        if (get && PyDescr_IsData(descr)) {
            result = suppressed(get(descr, obj, (PyObject *)type), suppress);
            goto done;
        }
    }
    result = own_value(obj, name, dict);
    if (result) {
        goto done;
    }
    if (PyErr_Occurred()) {
        suppressed(NULL, suppress);
        if (PyErr_Occurred()) {
            goto done;
        }
    }
    if (get) {
        result = suppressed(get(descr, obj, (PyObject *)type), suppress);
    }
    else if (descr) {
        result = Py_NewRef(descr);
    }
    else if (!suppress) {
        raise_no_attribute(obj, name);
    }
done:
    Py_XDECREF(descr);
    Py_DECREF(name);
    return result;
}

PyObject *PyObject_GenericGetAttr(PyObject *obj, PyObject *name)
{
    return _PyObject_GenericGetAttrWithDict(obj, name, NULL, 0);
}

/* 1: *method is a function to call with obj first; 0:
   *method is the attribute itself (NULL: error). */
int _PyObject_GetMethod(PyObject *obj, PyObject *name, PyObject **method)
{
    PyTypeObject *type = Py_TYPE(obj);
    *method = NULL;
    if (type->tp_getattro != PyObject_GenericGetAttr || !PyUnicode_CheckExact(name)) {
        *method = PyObject_GetAttr(obj, name);
        return 0;
    }
    if (UNLIKELY(type->tp_dict == NULL) && PyType_Ready(type) < 0) {
        return 0;
    }
    PyObject *descr = _PyType_Lookup(type, name);
    descrgetfunc get = NULL;
    bool is_method = false;
    if (descr) {
        Py_INCREF(descr);
        if (HAS(Py_TYPE(descr), Py_TPFLAGS_METHOD_DESCRIPTOR)) {
            is_method = true;
        }
        else {
            get = Py_TYPE(descr)->tp_descr_get;
            if (get && PyDescr_IsData(descr)) {
                *method = get(descr, obj, (PyObject *)type);
                Py_DECREF(descr);
                return 0;
            }
        }
    }
    *method = own_value(obj, name, NULL);
    if (*method || PyErr_Occurred()) {
        Py_XDECREF(descr);
        return 0;
    }
    if (is_method) {
        *method = descr;
        return 1;
    }
    if (get) {
        *method = get(descr, obj, (PyObject *)type);
        Py_DECREF(descr);
        return 0;
    }
    if (descr) {
        *method = descr;
        return 0;
    }
    raise_no_attribute(obj, name);
    return 0;
}

/* -- Writing --------------------------------------------------------------------------------- */

static int set_in_dict(PyObject *dict, PyObject *name, PyObject *value)
{
    if (value && PyUnicode_CheckExact(name)) {
        Py_ssize_t ix = dict_find_name(dict, name);
        if (ix >= 0 && PyObject_GC_IsTracked(dict)) {
            PyObject *old = dict_replace_at(dict, ix, Py_NewRef(value));
            Py_DECREF(old);
            return 0;
        }
    }
    Py_INCREF(dict);
    int r = value ? PyDict_SetItem(dict, name, value) : PyDict_DelItem(dict, name);
    Py_DECREF(dict);
    return r;
}

/* Always -1. */
static int set_missing(PyObject *obj, PyObject *name, PyObject *descr)
{
    if (descr) {
        PyErr_Format(PyExc_AttributeError, "'%.50s' object attribute '%U' is read-only",
                     Py_TYPE(obj)->tp_name, name);
    }
    else {
        PyErr_Format(PyExc_AttributeError, "'%.100s' object has no attribute '%U'",
                     Py_TYPE(obj)->tp_name, name);
    }
    return -1;
}

/* value NULL deletes. */
static int set_own_value(PyObject *obj, PyObject *name, PyObject *value, PyObject *descr)
{
    PyObject **slot;
    if (HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT)) {
        PyDictValues *values = *object_values_slot(obj);
        if (values && PyUnicode_CheckExact(name)) {
            return object_values_store(obj, values, name, value);
        }
        slot = _PyObject_GetDictPtr(obj);
        if (slot == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    else {
        slot = computed_dict_pointer(obj);
        if (slot == NULL) {
            return set_missing(obj, name, descr);
        }
    }
    if (*slot == NULL) {
        if (value == NULL) {
            PyErr_SetObject(PyExc_KeyError, name);
            return -1;
        }
        PyObject *dict = HAS(Py_TYPE(obj), Py_TPFLAGS_MANAGED_DICT) ? object_dict_ensure(obj)
                                                                    : PyDict_New();
        if (dict == NULL) {
            return -1;
        }
        if (*slot == NULL) {
            *slot = dict;
        }
        else {
            Py_DECREF(dict);
        }
    }
    return set_in_dict(*slot, name, value);
}

/* dict NULL: the instance's own. value NULL deletes. */
int _PyObject_GenericSetAttrWithDict(PyObject *obj, PyObject *name, PyObject *value, PyObject *dict)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (!check_name(name)) {
        return -1;
    }
    if (UNLIKELY(type->tp_dict == NULL) && PyType_Ready(type) < 0) {
        return -1;
    }
    int r;
    Py_INCREF(name);
    Py_INCREF(type);
    PyObject *descr = Py_XNewRef(_PyType_Lookup(type, name));
    descrsetfunc set = descr ? Py_TYPE(descr)->tp_descr_set : NULL;
    if (set) {
        r = set(descr, obj, value);
        goto done;
    }
    r = dict ? set_in_dict(dict, name, value) : set_own_value(obj, name, value, descr);
    if (r < 0 && PyErr_ExceptionMatches(PyExc_KeyError)) {
        if (PyType_Check(obj)) {
            PyErr_Format(PyExc_AttributeError, "type object '%.50s' has no attribute '%U'",
                         ((PyTypeObject *)obj)->tp_name, name);
        }
        else {
            PyErr_Format(PyExc_AttributeError, "'%.100s' object has no attribute '%U'",
                         type->tp_name, name);
        }
    }
done:
    Py_XDECREF(descr);
    Py_DECREF(type);
    Py_DECREF(name);
    return r;
}

int PyObject_GenericSetAttr(PyObject *obj, PyObject *name, PyObject *value)
{
    return _PyObject_GenericSetAttrWithDict(obj, name, value, NULL);
}
