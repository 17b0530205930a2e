/* SPDX-License-Identifier: MIT
 *
 * object.__reduce_ex__, __reduce__, __getstate__: how copy and pickle take any object apart.
 *
 * Protocols 0 and 1 are copyreg._reduce_ex's business. From 2 on the answer is (PEP 307)
 *
 *     (copyreg.__newobj__ or __newobj_ex__, arguments of __new__, state, items, key pairs)
 *
 * with state from __getstate__ (dict, or (dict, slots)), items an iterator for list subclasses, key
 * pairs one for dict subclasses, both None otherwise.
 */
#include "objects/type/type_impl.h"

static PyObject *import_copyreg(void)
{
    PyObject *module = PyImport_GetModule(ID(copyreg));
    if (module || PyErr_Occurred()) {
        return module;
    }
    return PyImport_Import(ID(copyreg));
}

/* -- State ----------------------------------------------------------------------------------- */

/* Names of all __slots__ of the class and its bases: a list, or None. */
static PyObject *slot_names(PyTypeObject *cls)
{
    PyObject *names = dict_peek(cls->tp_dict, ID(__slotnames__));
    if (names) {
        if (names != Py_None && !PyList_Check(names)) {
            PyErr_Format(PyExc_TypeError,
                         "%.200s.__slotnames__ should be a list or None, not %.200s", cls->tp_name,
                         Py_TYPE(names)->tp_name);
            return NULL;
        }
        return Py_NewRef(names);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    PyObject *copyreg = import_copyreg();
    if (copyreg == NULL) {
        return NULL;
    }
    names = PyObject_CallMethodOneArg(copyreg, ID(_slotnames), (PyObject *)cls);
    Py_DECREF(copyreg);
    if (names && names != Py_None && !PyList_Check(names)) {
        PyErr_SetString(PyExc_TypeError, "copyreg._slotnames didn't return a list or None");
        Py_CLEAR(names);
    }
    return names;
}

/* Nothing but slots, a dict and a weak reference list: else there is C state that we cannot see. */
static bool has_hidden_state(PyTypeObject *type, Py_ssize_t nslots)
{
    Py_ssize_t visible = PyBaseObject_Type.tp_basicsize + nslots * (Py_ssize_t)sizeof(PyObject *);
    if (type->tp_dictoffset != 0 && !HAS(type, Py_TPFLAGS_MANAGED_DICT)) {
        visible += (Py_ssize_t)sizeof(PyObject *);
    }
    if (type->tp_weaklistoffset > 0) {
        visible += (Py_ssize_t)sizeof(PyObject *);
    }
    return type->tp_basicsize > visible;
}

/* {name: value} of the slots that are set. */
static PyObject *slot_values(PyObject *obj, PyObject *names)
{
    PyObject *slots = PyDict_New();
    Py_ssize_t n = PyList_GET_SIZE(names);
    for (Py_ssize_t i = 0; slots && i < n; i++) {
        PyObject *name = Py_NewRef(PyList_GET_ITEM(names, i)), *value;
        int r = _PyObject_LookupAttr(obj, name, &value);
        if (r > 0) {
            r = PyDict_SetItem(slots, name, value);
            Py_DECREF(value);
        }
        Py_DECREF(name);
        if (r >= 0 && n != PyList_GET_SIZE(names)) {
            PyErr_Format(PyExc_RuntimeError, "__slotsname__ changed size during iteration");
            r = -1;
        }
        if (r < 0) {
            Py_CLEAR(slots);
        }
    }
    return slots;
}

/* `required`: without __getnewargs__ an object with C fields that nobody saves is refused. */
static PyObject *getstate_default(PyObject *obj, bool required)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (required && type->tp_itemsize) {
        PyErr_Format(PyExc_TypeError, "cannot pickle %.200s objects", type->tp_name);
        return NULL;
    }
    PyObject *state = object_dict_is_empty(obj) ? Py_NewRef(Py_None)
                                                : PyObject_GenericGetDict(obj, NULL);
    PyObject *names = state ? slot_names(type) : NULL, *slots = NULL;
    if (names == NULL) {
        goto fail;
    }
    Py_ssize_t n = names == Py_None ? 0 : PyList_GET_SIZE(names);
    if (required && has_hidden_state(type, n)) {
        PyErr_Format(PyExc_TypeError, "cannot pickle '%.200s' object", type->tp_name);
        goto fail;
    }
    if (n > 0) {
        slots = slot_values(obj, names);
        if (slots == NULL) {
            goto fail;
        }
        if (PyDict_GET_SIZE(slots) > 0) {
            Py_SETREF(state, PyTuple_Pack(2, state, slots));
        }
    }
    Py_XDECREF(slots);
    Py_DECREF(names);
    return state;
fail:
    Py_XDECREF(slots);
    Py_XDECREF(names);
    Py_XDECREF(state);
    return NULL;
}

PyObject *object_getstate_method(PyObject *self, PyObject *unused)
{
    return getstate_default(self, false);
}

/* The default is called directly, since it knows `required`. */
static PyObject *getstate(PyObject *obj, bool required)
{
    PyObject *method = PyObject_GetAttr(obj, ID(__getstate__)), *state;
    if (method == NULL) {
        return NULL;
    }
    if (PyCFunction_Check(method) && PyCFunction_GET_SELF(method) == obj
        && PyCFunction_GET_FUNCTION(method) == object_getstate_method) {
        state = getstate_default(obj, required);
    }
    else {
        state = PyObject_CallNoArgs(method);
    }
    Py_DECREF(method);
    return state;
}

PyObject *_PyObject_GetState(PyObject *obj)
{
    return getstate(obj, false);
}

/* -- Arguments of __new__ -------------------------------------------------------------------- */

static int check_tuple(PyObject *value, const char *format)
{
    if (!PyTuple_Check(value)) {
        PyErr_Format(PyExc_TypeError, format, Py_TYPE(value)->tp_name);
        return -1;
    }
    return 0;
}

/* Owned args and kwargs. */
static int split_newargs_ex(PyObject *newargs, PyObject **args, PyObject **kwargs)
{
    if (check_tuple(newargs, "__getnewargs_ex__ should return a tuple, not '%.200s'") < 0) {
        return -1;
    }
    if (PyTuple_GET_SIZE(newargs) != 2) {
        PyErr_Format(PyExc_ValueError,
                     "__getnewargs_ex__ should return a tuple of length 2, not %zd",
                     PyTuple_GET_SIZE(newargs));
        return -1;
    }
    PyObject *first = PyTuple_GET_ITEM(newargs, 0), *second = PyTuple_GET_ITEM(newargs, 1);
    if (check_tuple(first, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, "
                           "not '%.200s'")
        < 0) {
        return -1;
    }
    if (!PyDict_Check(second)) {
        PyErr_Format(PyExc_TypeError,
                     "second item of the tuple returned by __getnewargs_ex__ must be a dict, not "
                     "'%.200s'",
                     Py_TYPE(second)->tp_name);
        return -1;
    }
    *args = Py_NewRef(first);
    *kwargs = Py_NewRef(second);
    return 0;
}

/* Both NULL when the object says nothing. */
static int new_arguments(PyObject *obj, PyObject **args, PyObject **kwargs)
{
    *args = *kwargs = NULL;
    PyObject *method = _PyObject_LookupSpecial(obj, ID(__getnewargs_ex__));
    if (method) {
        PyObject *newargs = PyObject_CallNoArgs(method);
        Py_DECREF(method);
        int r = newargs ? split_newargs_ex(newargs, args, kwargs) : -1;
        Py_XDECREF(newargs);
        return r;
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    method = _PyObject_LookupSpecial(obj, ID(__getnewargs__));
    if (method == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    *args = PyObject_CallNoArgs(method);
    Py_DECREF(method);
    if (*args && check_tuple(*args, "__getnewargs__ should return a tuple, not '%.200s'") < 0) {
        Py_CLEAR(*args);
    }
    return *args ? 0 : -1;
}

/* (cls, *args) */
static PyObject *prepend_class(PyObject *cls, PyObject *args)
{
    Py_ssize_t n = args ? PyTuple_GET_SIZE(args) : 0;
    PyObject *result = PyTuple_New(n + 1);
    if (result) {
        PyTuple_SET_ITEM(result, 0, Py_NewRef(cls));
        for (Py_ssize_t i = 0; i < n; i++) {
            PyTuple_SET_ITEM(result, i + 1, Py_NewRef(PyTuple_GET_ITEM(args, i)));
        }
    }
    return result;
}

/* -- Items ----------------------------------------------------------------------------------- */

/* Owned, Py_None where there are none. */
static int item_iterators(PyObject *obj, PyObject **list_items, PyObject **dict_items)
{
    *list_items = PyList_Check(obj) ? PyObject_GetIter(obj) : Py_NewRef(Py_None);
    *dict_items = NULL;
    if (*list_items == NULL) {
        return -1;
    }
    if (!PyDict_Check(obj)) {
        *dict_items = Py_NewRef(Py_None);
        return 0;
    }
    PyObject *items = PyObject_CallMethodNoArgs(obj, ID(items));
    if (items) {
        *dict_items = PyObject_GetIter(items);
        Py_DECREF(items);
    }
    if (*dict_items == NULL) {
        Py_CLEAR(*list_items);
        return -1;
    }
    return 0;
}

/* -- Reduction ------------------------------------------------------------------------------- */

/* Protocol 2 and later. */
static PyObject *reduce_newobj(PyObject *obj)
{
    PyObject *args, *kwargs, *func = NULL, *newargs = NULL, *state = NULL, *list_items = NULL,
                             *dict_items = NULL;
    PyObject *result = NULL, *copyreg, *cls = (PyObject *)Py_TYPE(obj);
    if (Py_TYPE(obj)->tp_new == NULL) {
        PyErr_Format(PyExc_TypeError, "cannot pickle '%.200s' object", Py_TYPE(obj)->tp_name);
        return NULL;
    }
    if (new_arguments(obj, &args, &kwargs) < 0) {
        return NULL;
    }
    bool has_args = args != NULL;
    copyreg = import_copyreg();
    if (copyreg == NULL) {
        goto done;
    }
    if (kwargs == NULL || PyDict_GET_SIZE(kwargs) == 0) {
        func = PyObject_GetAttr(copyreg, ID(__newobj__));
        newargs = prepend_class(cls, args);
    }
    else {
        func = PyObject_GetAttr(copyreg, ID(__newobj_ex__));
        newargs = PyTuple_Pack(3, cls, args, kwargs);
    }
    if (func == NULL || newargs == NULL) {
        goto done;
    }
    state = getstate(obj, !(has_args || PyList_Check(obj) || PyDict_Check(obj)));
    if (state == NULL || item_iterators(obj, &list_items, &dict_items) < 0) {
        goto done;
    }
    result = PyTuple_Pack(5, func, newargs, state, list_items, dict_items);
done:
    Py_XDECREF(dict_items);
    Py_XDECREF(list_items);
    Py_XDECREF(state);
    Py_XDECREF(newargs);
    Py_XDECREF(func);
    Py_XDECREF(copyreg);
    Py_XDECREF(kwargs);
    Py_XDECREF(args);
    return result;
}

static PyObject *common_reduce(PyObject *self, int protocol)
{
    if (protocol >= 2) {
        return reduce_newobj(self);
    }
    PyObject *copyreg = import_copyreg();
    if (copyreg == NULL) {
        return NULL;
    }
    PyObject *result = PyObject_CallMethod(copyreg, "_reduce_ex", "Oi", self, protocol);
    Py_DECREF(copyreg);
    return result;
}

PyObject *object_reduce(PyObject *self, PyObject *unused)
{
    return common_reduce(self, 0);
}

/* An overridden __reduce__ goes first, as in old pickles. */
PyObject *object_reduce_ex(PyObject *self, PyObject *arg)
{
    int protocol = _PyLong_AsInt(arg);
    if (protocol == -1 && PyErr_Occurred()) {
        return NULL;
    }
    PyObject *usual = dict_peek(PyBaseObject_Type.tp_dict, ID(__reduce__)), *reduce;
    if (_PyObject_LookupAttr(self, ID(__reduce__), &reduce) < 0) {
        return NULL;
    }
    if (reduce) {
        PyObject *of_class = PyObject_GetAttr((PyObject *)Py_TYPE(self), ID(__reduce__));
        if (of_class == NULL) {
            Py_DECREF(reduce);
            return NULL;
        }
        bool overridden = of_class != usual;
        Py_DECREF(of_class);
        if (overridden) {
            PyObject *result = PyObject_CallNoArgs(reduce);
            Py_DECREF(reduce);
            return result;
        }
        Py_DECREF(reduce);
    }
    return common_reduce(self, protocol);
}
