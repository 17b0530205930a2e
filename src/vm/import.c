/* SPDX-License-Identifier: MIT
 *
 * import, from ... import, from ... import *.
 *
 * builtins.__import__ decides; when it is the original one, the C function behind it is called at
 * once. Words of the errors: "cannot import name" knows about partially initialized modules.
 */
#include "vm/vm_impl.h"

PyObject *vm_import_name(PyThreadState *tstate, Frame *frame, PyObject *name, PyObject *fromlist,
                         PyObject *level)
{
    PyObject *import = _PyDict_GetItemWithError(frame->f_builtins, ID(__import__));
    if (import == NULL) {
        if (tstate->curexc_type == NULL) {
            _PyErr_SetString(tstate, PyExc_ImportError, "__import__ not found");
        }
        return NULL;
    }
    PyObject *locals = frame->f_locals;
    if (import == tstate->interp->import_func) { /* nobody replaced it */
        int number = _PyLong_AsInt(level);
        if (number == -1 && tstate->curexc_type != NULL) {
            return NULL;
        }
        return PyImport_ImportModuleLevelObject(
            name, frame->f_globals, locals == NULL ? Py_None : locals, fromlist, number);
    }
    Py_INCREF(import);
    PyObject *args[5] = {name, frame->f_globals, locals == NULL ? Py_None : locals, fromlist,
                         level};
    PyObject *module = PyObject_Vectorcall(import, args, 5, NULL);
    Py_DECREF(import);
    return module;
}

/* -- from module import name ------------------------------------------------------------------- */

/* The module calls itself to be in the middle of its own import. */
static int module_is_initializing(PyObject *module)
{
    PyObject *spec, *value = NULL;
    if (_PyObject_LookupAttr(module, ID(__spec__), &spec) < 0 || spec == NULL) {
        PyErr_Clear();
        return 0;
    }
    int is = 0;
    if (spec != Py_None && _PyObject_LookupAttr(spec, ID(_initializing), &value) == 1) {
        is = PyObject_IsTrue(value);
        Py_DECREF(value);
    }
    Py_DECREF(spec);
    if (is < 0 || PyErr_Occurred()) {
        PyErr_Clear();
        is = 0;
    }
    return is;
}

/* ImportError with name and path, in one of three wordings. */
static void error_import_from(PyObject *module, PyObject *pkgname, PyObject *name)
{
    PyObject *shown =
        pkgname != NULL ? Py_NewRef(pkgname) : PyUnicode_FromString("<unknown module name>");
    if (shown == NULL) {
        return;
    }
    PyObject *path = PyModule_Check(module) ? PyModule_GetFilenameObject(module) : NULL;
    if (path == NULL && !PyModule_Check(module)) {
        PyErr_SetString(PyExc_SystemError, "bad argument to internal function");
    }
    PyObject *message;
    if (path == NULL) {
        PyErr_Clear();
        message =
            PyUnicode_FromFormat("cannot import name %R from %R (unknown location)", name, shown);
    }
    else {
        message = PyUnicode_FromFormat(
            module_is_initializing(module)
                ? "cannot import name %R from partially initialized module %R"
                  " (most likely due to a circular import) (%S)"
                : "cannot import name %R from %R (%S)",
            name, shown, path);
    }
    PyErr_SetImportError(message, pkgname, path);
    Py_XDECREF(message);
    Py_DECREF(shown);
    Py_XDECREF(path);
}

PyObject *vm_import_from(PyThreadState *tstate, PyObject *module, PyObject *name)
{
    PyObject *value;
    if (_PyObject_LookupAttr(module, name, &value) != 0) {
        return value;
    }
    /* In a circular import the submodule may be in sys.modules before it is an attribute. */
    PyObject *pkgname;
    if (_PyObject_LookupAttr(module, ID(__name__), &pkgname) < 0) {
        return NULL;
    }
    if (pkgname != NULL && !PyUnicode_Check(pkgname)) {
        Py_CLEAR(pkgname);
    }
    if (pkgname != NULL) {
        PyObject *fullname = PyUnicode_FromFormat("%U.%U", pkgname, name);
        value = fullname == NULL ? NULL : PyImport_GetModule(fullname);
        Py_XDECREF(fullname);
    }
    if (value == NULL && tstate->curexc_type == NULL) {
        error_import_from(module, pkgname, name);
    }
    Py_XDECREF(pkgname);
    return value;
}

/* -- from module import * ---------------------------------------------------------------------- */

/* Owned list of names; *from_all says whether __all__ gave them. */
static PyObject *star_names(PyThreadState *tstate, PyObject *module, bool *from_all)
{
    PyObject *all, *dict;
    if (_PyObject_LookupAttr(module, ID(__all__), &all) < 0) {
        return NULL;
    }
    *from_all = all != NULL;
    if (all != NULL) {
        return all;
    }
    if (_PyObject_LookupAttr(module, ID(__dict__), &dict) < 0) {
        return NULL;
    }
    if (dict == NULL) {
        _PyErr_SetString(tstate, PyExc_ImportError,
                         "from-import-* object has no __dict__ and no __all__");
        return NULL;
    }
    PyObject *keys = PyMapping_Keys(dict);
    Py_DECREF(dict);
    return keys;
}

static void error_star_name(PyThreadState *tstate, PyObject *module, PyObject *name, bool from_all)
{
    PyObject *modname = PyObject_GetAttr(module, ID(__name__));
    if (modname == NULL) {
        return;
    }
    if (!PyUnicode_Check(modname)) {
        _PyErr_Format(tstate, PyExc_TypeError, "module __name__ must be a string, not %.100s",
                      Py_TYPE(modname)->tp_name);
    }
    else {
        _PyErr_Format(tstate, PyExc_TypeError, "%s in %U.%s must be str, not %.100s",
                      from_all ? "Item" : "Key", modname, from_all ? "__all__" : "__dict__",
                      Py_TYPE(name)->tp_name);
    }
    Py_DECREF(modname);
}

/* One name of `import *`; without __all__ those with an underscore are left out. */
static int star_bind(PyThreadState *tstate, PyObject *locals, PyObject *module, PyObject *name,
                     bool from_all)
{
    if (!PyUnicode_Check(name)) {
        error_star_name(tstate, module, name, from_all);
        return -1;
    }
    if (!from_all && PyUnicode_GET_LENGTH(name) > 0 && PyUnicode_READ_CHAR(name, 0) == '_') {
        return 0;
    }
    PyObject *value = PyObject_GetAttr(module, name);
    if (value == NULL) {
        return -1;
    }
    int result = PyDict_CheckExact(locals) ? PyDict_SetItem(locals, name, value)
                                           : PyObject_SetItem(locals, name, value);
    Py_DECREF(value);
    return result;
}

int vm_import_star(PyThreadState *tstate, PyObject *locals, PyObject *module)
{
    bool from_all;
    PyObject *names = star_names(tstate, module, &from_all);
    if (names == NULL) {
        return -1;
    }
    int result = 0;
    for (Py_ssize_t i = 0; result == 0; i++) {
        PyObject *name = PySequence_GetItem(names, i);
        if (name == NULL) {
            if (_PyErr_ExceptionMatches(tstate, PyExc_IndexError)) {
                _PyErr_Clear(tstate);
            }
            else {
                result = -1;
            }
            break;
        }
        result = star_bind(tstate, locals, module, name, from_all);
        Py_DECREF(name);
    }
    Py_DECREF(names);
    return result;
}
