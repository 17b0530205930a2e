/* SPDX-License-Identifier: MIT
 *
 * Calls whose arguments come from a Py_BuildValue format. Each exists twice: names ending in _SizeT
 * are what callers get who define PY_SSIZE_T_CLEAN.
 *
 * A format that builds a single tuple, as "O" with a tuple argument or "(ii)", passes its items.
 */
#include "capi/capi.h"

#undef PyObject_CallFunction
#undef PyObject_CallMethod
#undef _PyObject_CallMethodId
#undef _PyObject_CallMethod
#undef PyEval_CallFunction
#undef PyEval_CallMethod
#undef _Py_VaBuildStack
#undef Py_VaBuildValue

extern EXPORT PyObject **_Py_VaBuildStack(PyObject **, Py_ssize_t, const char *, va_list,
                                          Py_ssize_t *);
extern EXPORT PyObject **_Py_VaBuildStack_SizeT(PyObject **, Py_ssize_t, const char *, va_list,
                                                Py_ssize_t *);
extern EXPORT PyObject *Py_VaBuildValue(const char *, va_list);

#define SMALL_STACK 6 /* arguments put together on the C stack, without memory */

/* An empty or missing format: no arguments. */
static PyObject *call_format(PyObject *callable, const char *format, va_list va, bool size_t_clean)
{
    PyThreadState *tstate = tstate_get();
    PyObject *small[SMALL_STACK], **stack, *r;
    Py_ssize_t n;
    if (callable == NULL) {
        return raise_null();
    }
    if (format == NULL || *format == '\0') {
        return call_vector(tstate, callable, NULL, 0, NULL);
    }
    stack = (size_t_clean ? _Py_VaBuildStack_SizeT : _Py_VaBuildStack)(small, SMALL_STACK, format,
                                                                       va, &n);
    if (stack == NULL) {
        return NULL;
    }
    if (n == 1 && PyTuple_Check(stack[0])) {
        PyTupleObject *args = (PyTupleObject *)stack[0];
        r = call_vector(tstate, callable, args->ob_item, (size_t)Py_SIZE(args), NULL);
    } else {
        r = call_vector(tstate, callable, stack, (size_t)n, NULL);
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(stack[i]);
    }
    if (stack != small) {
        PyMem_Free(stack);
    }
    return r;
}

/* STEALS callable. */
static PyObject *call_method_format(PyObject *callable, const char *format, va_list va,
                                    bool size_t_clean)
{
    if (callable == NULL) {
        return NULL;
    }
    PyObject *r;
    if (!PyCallable_Check(callable)) {
        r = raise_type("attribute of type '%.200s' is not callable", callable);
    } else {
        r = call_format(callable, format, va, size_t_clean);
    }
    Py_DECREF(callable);
    return r;
}

#define FUNCTION(name, clean) \
    EXPORT PyObject *name(PyObject *callable, const char *format, ...) \
    { \
        va_list va; \
        va_start(va, format); \
        PyObject *r = call_format(callable, format, va, clean); \
        va_end(va); \
        return r; \
    }
#define METHOD(fn, clean, name_type, getter) \
    EXPORT PyObject *fn(PyObject *obj, name_type name, const char *format, ...) \
    { \
        if (obj == NULL || name == NULL) { \
            return raise_null(); \
        } \
        va_list va; \
        va_start(va, format); \
        PyObject *r = call_method_format(getter(obj, name), format, va, clean); \
        va_end(va); \
        return r; \
    }

FUNCTION(PyObject_CallFunction, false)
FUNCTION(_PyObject_CallFunction_SizeT, true)
METHOD(PyObject_CallMethod, false, const char *, PyObject_GetAttrString)
METHOD(_PyObject_CallMethod_SizeT, true, const char *, PyObject_GetAttrString)
METHOD(_PyObject_CallMethod, false, PyObject *, PyObject_GetAttr)
METHOD(_PyObject_CallMethodId, false, _Py_Identifier *, _PyObject_GetAttrId)
METHOD(_PyObject_CallMethodId_SizeT, true, _Py_Identifier *, _PyObject_GetAttrId)

/* -- Oldest spellings: the format always builds the argument tuple ---------------------------- */

EXPORT PyObject *PyEval_CallFunction(PyObject *callable, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *args = Py_VaBuildValue(format, va);
    va_end(va);
    if (args == NULL) {
        return NULL;
    }
    PyObject *r = PyObject_CallObject(callable, args);
    Py_DECREF(args);
    return r;
}

EXPORT PyObject *PyEval_CallMethod(PyObject *obj, const char *name, const char *format, ...)
{
    PyObject *method = PyObject_GetAttrString(obj, name);
    if (method == NULL) {
        return NULL;
    }
    va_list va;
    va_start(va, format);
    PyObject *args = Py_VaBuildValue(format, va), *r = NULL;
    va_end(va);
    if (args) {
        r = PyObject_CallObject(method, args);
        Py_DECREF(args);
    }
    Py_DECREF(method);
    return r;
}
