/* SPDX-License-Identifier: MIT
 *
 * isinstance() and issubclass(): real types by their MRO, other objects by __bases__, and classes
 * that decide for themselves through __instancecheck__ and __subclasscheck__. Tuples are walked
 * recursively.
 */
#include "capi/capi.h"
#include "objects/genericalias.h"
#include "objects/type/type.h"

#define SECOND_ISINSTANCE "isinstance() arg 2 must be a type, a tuple of types, or a union"
#define SECOND_ISSUBCLASS "issubclass() arg 2 must be a class, a tuple of classes, or a union"

/* -- Classes that are no types --------------------------------------------------------------- */

/* cls.__bases__ when it is a tuple; NULL without error when it is something else or missing. */
static PyObject *bases_get(PyObject *cls)
{
    PyObject *bases;
    (void)_PyObject_LookupAttr(cls, ID(__bases__), &bases);
    if (bases && !PyTuple_Check(bases)) {
        Py_CLEAR(bases);
    }
    return bases;
}

/* TypeError with `error` when cls has no __bases__. */
static bool is_class(PyObject *cls, const char *error)
{
    PyObject *bases = bases_get(cls);
    if (bases == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, error);
        }
        return false;
    }
    Py_DECREF(bases);
    return true;
}

/* Walks __bases__; 1, 0, -1 as everything below. */
static int abstract_issubclass(PyObject *derived, PyObject *cls)
{
    PyObject *bases = NULL; /* keeps `derived` alive while the chain is single */
    for (;;) {
        if (derived == cls) {
            Py_XDECREF(bases);
            return 1;
        }
        Py_XSETREF(bases, bases_get(derived));
        if (bases == NULL) {
            return PyErr_Occurred() ? -1 : 0;
        }
        Py_ssize_t n = PyTuple_GET_SIZE(bases);
        if (n == 1) {
            derived = PyTuple_GET_ITEM(bases, 0);
            continue;
        }
        int r = 0;
        PyThreadState *tstate = tstate_get();
        if (n && recursion_enter(tstate, " in __issubclass__")) {
            Py_DECREF(bases);
            return -1;
        }
        for (Py_ssize_t i = 0; i < n && r == 0; i++) {
            r = abstract_issubclass(PyTuple_GET_ITEM(bases, i), cls);
        }
        if (n) {
            recursion_leave(tstate);
        }
        Py_DECREF(bases);
        return r;
    }
}

/* -- Without the class's own hook ------------------------------------------------------------ */

/* Also believes obj.__class__, which proxies override. */
EXPORT int _PyObject_RealIsInstance(PyObject *inst, PyObject *cls)
{
    PyObject *icls = NULL;
    int r = 0;
    if (PyType_Check(cls)) {
        if (PyObject_TypeCheck(inst, (PyTypeObject *)cls)) {
            return 1;
        }
        if (LIKELY(object_class_is_type(inst))) {
            return 0;
        }
        r = _PyObject_LookupAttr(inst, ID(__class__), &icls);
        if (icls) {
            r = icls != (PyObject *)Py_TYPE(inst) && PyType_Check(icls)
                && PyType_IsSubtype((PyTypeObject *)icls, (PyTypeObject *)cls);
        }
    } else {
        if (!is_class(cls, SECOND_ISINSTANCE)) {
            return -1;
        }
        r = _PyObject_LookupAttr(inst, ID(__class__), &icls);
        if (icls) {
            r = abstract_issubclass(icls, cls);
        }
    }
    Py_XDECREF(icls);
    return r;
}

EXPORT int _PyObject_RealIsSubclass(PyObject *derived, PyObject *cls)
{
    if (PyType_Check(cls) && PyType_Check(derived)) {
        return PyType_IsSubtype((PyTypeObject *)derived, (PyTypeObject *)cls);
    }
    if (!is_class(derived, "issubclass() arg 1 must be a class")
        || !is_class(cls, SECOND_ISSUBCLASS)) {
        return -1;
    }
    return abstract_issubclass(derived, cls);
}

/* -- With it --------------------------------------------------------------------------------- */

/* cls's hook, or NULL: with or without an exception. Functions and methods of C need no binding. */
static PyObject *hook_get(PyObject *cls, PyObject *name, bool *unbound)
{
    PyObject *hook = _PyType_Lookup(Py_TYPE(cls), name);
    *unbound = hook && (PyFunction_Check(hook) || Py_IS_TYPE(hook, &PyMethodDescr_Type));
    return *unbound ? Py_NewRef(hook) : _PyObject_LookupSpecial(cls, name);
}

/* cls's hook applied to o: 1, 0, -1 on error, -2 when there is no hook. */
static int ask_hook(PyThreadState *tstate, PyObject *cls, PyObject *name, PyObject *o,
                    const char *where)
{
    bool unbound;
    PyObject *args[] = {cls, o}, *checker = hook_get(cls, name, &unbound);
    if (checker == NULL) {
        return PyErr_Occurred() ? -1 : -2;
    }
    int r = -1;
    if (!recursion_enter(tstate, where)) {
        PyObject *answer = unbound ? PyObject_Vectorcall(checker, args, 2, NULL)
                                   : PyObject_CallOneArg(checker, o);
        recursion_leave(tstate);
        if (answer) {
            r = PyObject_IsTrue(answer);
            Py_DECREF(answer);
        }
    }
    Py_DECREF(checker);
    return r;
}

typedef int (*instance_test)(PyThreadState *, PyObject *, PyObject *);

/* The first class that says yes. */
static int any_of_tuple(PyThreadState *tstate, PyObject *o, PyObject *classes, const char *where,
                        instance_test test)
{
    if (recursion_enter(tstate, where)) {
        return -1;
    }
    int r = 0;
    Py_ssize_t n = PyTuple_GET_SIZE(classes);
    for (Py_ssize_t i = 0; i < n && r == 0; i++) {
        r = test(tstate, o, PyTuple_GET_ITEM(classes, i));
    }
    recursion_leave(tstate);
    return r;
}

/* The exact type needs no hook: no class may deny its own instances. */
static int instance_check(PyThreadState *tstate, PyObject *inst, PyObject *cls)
{
    if (Py_IS_TYPE(inst, (PyTypeObject *)cls)) {
        return 1;
    }
    if (PyType_CheckExact(cls)) {
        return _PyObject_RealIsInstance(inst, cls);
    }
    if (UNION_CHECK(cls)) {
        cls = union_args(cls);
    }
    if (PyTuple_Check(cls)) {
        return any_of_tuple(tstate, inst, cls, " in __instancecheck__", instance_check);
    }
    int r = ask_hook(tstate, cls, ID(__instancecheck__), inst, " in __instancecheck__");
    return r == -2 ? _PyObject_RealIsInstance(inst, cls) : r;
}

static int subclass_check(PyThreadState *tstate, PyObject *derived, PyObject *cls)
{
    if (PyType_CheckExact(cls)) {
        return derived == cls ? 1 : _PyObject_RealIsSubclass(derived, cls);
    }
    if (UNION_CHECK(cls)) {
        cls = union_args(cls);
    }
    if (PyTuple_Check(cls)) {
        return any_of_tuple(tstate, derived, cls, " in __subclasscheck__", subclass_check);
    }
    int r = ask_hook(tstate, cls, ID(__subclasscheck__), derived, " in __subclasscheck__");
    return r == -2 ? _PyObject_RealIsSubclass(derived, cls) : r;
}

int PyObject_IsInstance(PyObject *inst, PyObject *cls)
{
    return instance_check(tstate_get(), inst, cls);
}

int PyObject_IsSubclass(PyObject *derived, PyObject *cls)
{
    return subclass_check(tstate_get(), derived, cls);
}
