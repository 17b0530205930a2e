/* SPDX-License-Identifier: MIT
 *
 * Names in module and class bodies, globals, annotations, f-string fields: slow halves of
 * instructions.
 */
#include "vm/vm_impl.h"
#include "objects/dict/dict.h"

#define NAME_ERROR "name '%.200s' is not defined"

/* Owned; NULL without an error when missing. `namespace` is a dict or any mapping. */
static PyObject *namespace_get(PyThreadState *tstate, PyObject *namespace, PyObject *name)
{
    Py_ssize_t ix = dict_find_name(namespace, name);
    if (ix >= 0) {
        return Py_NewRef(dict_name_at(namespace, ix));
    }
    if (PyDict_CheckExact(namespace)) {
        return ix == DKIX_EMPTY ? NULL : Py_XNewRef(PyDict_GetItemWithError(namespace, name));
    }
    PyObject *value = PyObject_GetItem(namespace, name);
    if (value == NULL && _PyErr_ExceptionMatches(tstate, PyExc_KeyError)) {
        _PyErr_Clear(tstate);
    }
    return value;
}

/* `lacking`: the locals are a plain dict without the name. */
PyObject *vm_load_name(PyThreadState *tstate, Frame *frame, PyObject *name, bool lacking)
{
    if (frame->f_locals == NULL) {
        _PyErr_Format(tstate, PyExc_SystemError, "no locals when loading %R", name);
        return NULL;
    }
    PyObject *value = lacking ? NULL : namespace_get(tstate, frame->f_locals, name);
    bool asked = frame->f_locals == frame->f_globals && PyDict_CheckExact(frame->f_locals);
    if (value == NULL && tstate->curexc_type == NULL && !asked) {
        value = Py_XNewRef(PyDict_GetItemWithError(frame->f_globals, name));
    }
    if (value == NULL && tstate->curexc_type == NULL) {
        value = namespace_get(tstate, frame->f_builtins, name);
    }
    if (value == NULL && tstate->curexc_type == NULL) {
        vm_error_name(tstate, PyExc_NameError, NAME_ERROR, name);
    }
    return value;
}

PyObject *vm_load_global_slow(PyThreadState *tstate, Frame *frame, PyObject *name)
{
    PyObject *value;
    if (PyDict_CheckExact(frame->f_globals) && PyDict_CheckExact(frame->f_builtins)) {
        value = dict_load_global((PyDictObject *)frame->f_globals,
                                 (PyDictObject *)frame->f_builtins, name);
    }
    else {
        value = namespace_get(tstate, frame->f_globals, name);
        if (value == NULL && tstate->curexc_type == NULL) {
            value = namespace_get(tstate, frame->f_builtins, name);
        }
    }
    if (value == NULL && tstate->curexc_type == NULL) {
        vm_error_name(tstate, PyExc_NameError, NAME_ERROR, name);
    }
    return value;
}

/* Makes __annotations__ unless the namespace has it. */
int vm_setup_annotations(PyThreadState *tstate, Frame *frame)
{
    PyObject *locals = frame->f_locals;
    if (locals == NULL) {
        _PyErr_Format(tstate, PyExc_SystemError, "no locals found when setting up annotations");
        return -1;
    }
    PyObject *notes = namespace_get(tstate, locals, ID(__annotations__));
    if (notes != NULL || tstate->curexc_type != NULL) {
        Py_XDECREF(notes);
        return notes != NULL ? 0 : -1;
    }
    if ((notes = PyDict_New()) == NULL) {
        return -1;
    }
    int result = PyDict_CheckExact(locals) ? PyDict_SetItem(locals, ID(__annotations__), notes)
                                           : PyObject_SetItem(locals, ID(__annotations__), notes);
    Py_DECREF(notes);
    return result;
}

/* FORMAT_VALUE: STEALS value and spec (MAYBE_NULL). */
PyObject *vm_format_value(PyObject *value, PyObject *spec, int oparg)
{
    int conversion = oparg & FVC_MASK;
    if (conversion != FVC_NONE) {
        PyObject *shown = conversion == FVC_STR ? PyObject_Str(value)
                          : conversion == FVC_REPR ? PyObject_Repr(value) : PyObject_ASCII(value);
        Py_SETREF(value, shown);
    }
    if (value != NULL && (spec != NULL || !PyUnicode_CheckExact(value))) {
        PyObject *text = PyObject_Format(value, spec);
        Py_SETREF(value, text);
    }
    Py_XDECREF(spec);
    return value;
}
