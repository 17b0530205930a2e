/* SPDX-License-Identifier: MIT
 *
 * Calling objects.
 *
 *     vectorcall   args:  │ (room) │ positional 0 … n-1 │ keyword values │      kwnames: tuple of
 *                      names
 *     tp_call      a tuple and a dict, or NULL
 *
 * A vectorcall passes a C array: positional arguments, then the values of keyword arguments whose
 * names are in the tuple `kwnames`. Types without it are called with a tuple and a dict; the
 * functions here turn either form into the other.
 *
 *  I1 a result is non-NULL exactly when no exception is set; _Py_CheckFunctionResult enforces it
 *     for foreign code.
 *  I2 when PY_VECTORCALL_ARGUMENTS_OFFSET is in nargsf, the callee may write args[-1] and must
 *     restore it: a bound method puts its self there and copies nothing.
 */
#include "objects/dict/dict.h"
#include "objects/type/type.h"
#include "capi/capi.h"

#define SMALL_STACK 6 /* arguments put together on the C stack, without memory */

/* -- Results --------------------------------------------------------------------------------- */

/* I1 is broken: SystemError, with what was raised as its cause. */
static PyObject *result_slow(PyThreadState *tstate, PyObject *callable, PyObject *result,
                             const char *where)
{
    if (result == NULL) {
        if (callable) {
            PyErr_Format(PyExc_SystemError, "%R returned NULL without setting an exception",
                         callable);
        } else {
            PyErr_Format(PyExc_SystemError, "%s returned NULL without setting an exception", where);
        }
        return NULL;
    }
    Py_DECREF(result);
    if (callable) {
        _PyErr_FormatFromCauseTstate(tstate, PyExc_SystemError,
                                     "%R returned a result with an exception set", callable);
    } else {
        _PyErr_FormatFromCauseTstate(tstate, PyExc_SystemError,
                                     "%s returned a result with an exception set", where);
    }
    return NULL;
}

PyObject *_Py_CheckFunctionResult(PyThreadState *tstate, PyObject *callable, PyObject *result,
                                  const char *where)
{
    if (LIKELY((result != NULL) != (tstate->curexc_type != NULL))) {
        return result;
    }
    return result_slow(tstate, callable, result, where);
}

/* -- Keyword packing ------------------------------------------------------------------------- */

EXPORT PyObject *_PyStack_AsDict(PyObject *const *values, PyObject *kwnames)
{
    return _PyDict_FromItems(((PyTupleObject *)kwnames)->ob_item, 1, values, 1,
                             PyTuple_GET_SIZE(kwnames));
}

/* Keys must be str (TypeError). */
PyObject *const *call_unpack_dict(PyObject *const *args, Py_ssize_t nargs, PyObject *kwargs,
                                  PyObject **kwnames)
{
    Py_ssize_t nkwargs = PyDict_GET_SIZE(kwargs), total = 1 + nargs + nkwargs;
    if (nargs > PY_SSIZE_T_MAX / (Py_ssize_t)sizeof(PyObject *) - nkwargs - 1) {
        PyErr_NoMemory();
        return NULL;
    }
    PyObject **stack = PyMem_Malloc((size_t)total * sizeof(PyObject *));
    if (stack == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    *kwnames = PyTuple_New(nkwargs);
    if (*kwnames == NULL) {
        PyMem_Free(stack);
        return NULL;
    }
    stack++; /* [-1] is the callee's to write */
    for (Py_ssize_t i = 0; i < nargs; i++) {
        stack[i] = Py_NewRef(args[i]);
    }
    Py_ssize_t pos = 0, i = 0;
    PyObject *key, *value;
    unsigned long strings = Py_TPFLAGS_UNICODE_SUBCLASS;
    PyDictKeysObject *keys = ((PyDictObject *)kwargs)->ma_keys;
    if (LIKELY(keys->dk_kind == DICT_KEYS_UNICODE)) {
        for (DictUnicodeEntry *entry = DK_UNICODE_ENTRIES(keys); i < nkwargs; entry++) {
            if (entry->me_value) {
                PyTuple_SET_ITEM(*kwnames, i, Py_NewRef(entry->me_key));
                stack[nargs + i++] = Py_NewRef(entry->me_value);
            }
        }
    } else {
        while (PyDict_Next(kwargs, &pos, &key, &value)) {
            strings &= Py_TYPE(key)->tp_flags;
            PyTuple_SET_ITEM(*kwnames, i, Py_NewRef(key));
            stack[nargs + i++] = Py_NewRef(value);
        }
    }
    if (!strings) {
        PyErr_SetString(PyExc_TypeError, "keywords must be strings");
        call_unpacked_free(stack, nargs, *kwnames);
        return NULL;
    }
    return stack;
}

void call_unpacked_free(PyObject *const *stack, Py_ssize_t nargs, PyObject *kwnames)
{
    Py_ssize_t n = nargs + PyTuple_GET_SIZE(kwnames);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(stack[i]);
    }
    PyMem_Free((void *)(stack - 1));
    Py_DECREF(kwnames);
}

/* -- tp_call --------------------------------------------------------------------------------- */

static PyObject *not_callable(PyObject *callable)
{
    return raise_type("'%.200s' object is not callable", callable);
}

static PyObject *tuple_of(PyObject *const *items, Py_ssize_t n)
{
    if (n == 0) {
        return Py_NewRef(EMPTY_TUPLE);
    }
    PyObject *tuple = PyTuple_New(n);
    if (tuple) {
        for (Py_ssize_t i = 0; i < n; i++) {
            PyTuple_SET_ITEM(tuple, i, Py_NewRef(items[i]));
        }
    }
    return tuple;
}

/* With the recursion check that vectorcall callees do themselves. */
static PyObject *call_slot(PyThreadState *tstate, ternaryfunc call, PyObject *callable,
                           PyObject *args, PyObject *kwargs)
{
    PyObject *result = NULL;
    if (!recursion_enter(tstate, " while calling a Python object")) {
        result = call(callable, args, kwargs);
        recursion_leave(tstate);
        result = _Py_CheckFunctionResult(tstate, callable, result, NULL);
    }
    return result;
}

/* `keywords` is NULL, a dict, or a tuple of names whose values follow the nargs arguments. */
PyObject *_PyObject_MakeTpCall(PyThreadState *tstate, PyObject *callable, PyObject *const *args,
                               Py_ssize_t nargs, PyObject *keywords)
{
    ternaryfunc call = Py_TYPE(callable)->tp_call;
    if (call == NULL) {
        return not_callable(callable);
    }
    PyObject *kwdict = NULL, *result = NULL;
    if (type_has_python_new(callable) && (keywords == NULL || PyTuple_Check(keywords))) {
        if (!recursion_enter(tstate, " while calling a Python object")) {
            result = type_call_vector((PyTypeObject *)callable, args, nargs, keywords);
            recursion_leave(tstate);
        }
        return result;
    }
    if (keywords == NULL && is_slot_wrapper(callable)) {
        if (!recursion_enter(tstate, " while calling a Python object")) {
            result = slot_wrapper_call(callable, args, nargs);
            recursion_leave(tstate);
        }
        return _Py_CheckFunctionResult(tstate, callable, result, NULL);
    }
    PyObject *tuple = tuple_of(args, nargs);
    if (tuple == NULL) {
        return NULL;
    }
    if (keywords && PyDict_Check(keywords)) {
        kwdict = Py_NewRef(keywords);
    } else if (keywords && PyTuple_GET_SIZE(keywords)) {
        kwdict = _PyStack_AsDict(args + nargs, keywords);
        if (kwdict == NULL) {
            goto done;
        }
    }
    result = call_slot(tstate, call, callable, tuple, kwdict);
done:
    Py_XDECREF(kwdict);
    Py_DECREF(tuple);
    return result;
}

/* -- Vectorcall ------------------------------------------------------------------------------ */

#undef PyVectorcall_Function
vectorcallfunc PyVectorcall_Function(PyObject *callable) { return vectorcall_of(callable); }

PyObject *PyObject_Vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
                              PyObject *kwnames)
{
    return call_vector(tstate_get(), callable, args, nargsf, kwnames);
}

/* Keywords as a dict, for callers that have one. */
PyObject *_PyObject_FastCallDictTstate(PyThreadState *tstate, PyObject *callable,
                                       PyObject *const *args, size_t nargsf, PyObject *kwargs)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    vectorcallfunc func = vectorcall_of(callable);
    if (func == NULL) {
        return _PyObject_MakeTpCall(tstate, callable, args, nargs, kwargs);
    }
    if (kwargs == NULL || PyDict_GET_SIZE(kwargs) == 0) {
        return _Py_CheckFunctionResult(tstate, callable, func(callable, args, nargsf, NULL), NULL);
    }
    PyObject *kwnames;
    PyObject *const *stack = call_unpack_dict(args, nargs, kwargs, &kwnames);
    if (stack == NULL) {
        return NULL;
    }
    PyObject *r = func(callable, stack, (size_t)nargs | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
    call_unpacked_free(stack, nargs, kwnames);
    return _Py_CheckFunctionResult(tstate, callable, r, NULL);
}

PyObject *PyObject_VectorcallDict(PyObject *callable, PyObject *const *args, size_t nargsf,
                                  PyObject *kwargs)
{
    return _PyObject_FastCallDictTstate(tstate_get(), callable, args, nargsf, kwargs);
}

EXPORT PyObject *_PyObject_FastCall(PyObject *func, PyObject *const *args, Py_ssize_t nargs)
{
    return call_vector(tstate_get(), func, args, (size_t)nargs, NULL);
}

/* Spreads tuple and dict into an array for a vectorcall. */
static PyObject *vector_from_tuple(PyThreadState *tstate, vectorcallfunc func, PyObject *callable,
                                   PyObject *tuple, PyObject *kwargs)
{
    Py_ssize_t nargs = PyTuple_GET_SIZE(tuple);
    PyObject *const *items = ((PyTupleObject *)tuple)->ob_item;
    if (kwargs == NULL || PyDict_GET_SIZE(kwargs) == 0) {
        return _Py_CheckFunctionResult(tstate, callable, func(callable, items, (size_t)nargs, NULL),
                                       NULL);
    }
    PyObject *kwnames;
    PyObject *const *stack = call_unpack_dict(items, nargs, kwargs, &kwnames);
    if (stack == NULL) {
        return NULL;
    }
    PyObject *r = func(callable, stack, (size_t)nargs | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
    call_unpacked_free(stack, nargs, kwnames);
    return _Py_CheckFunctionResult(tstate, callable, r, NULL);
}

/* tp_call of types that only know vectorcall. */
PyObject *PyVectorcall_Call(PyObject *callable, PyObject *tuple, PyObject *kwargs)
{
    Py_ssize_t offset = Py_TYPE(callable)->tp_vectorcall_offset;
    vectorcallfunc func = offset > 0 ? *(vectorcallfunc *)((char *)callable + offset) : NULL;
    if (func == NULL) {
        return raise_type("'%.200s' object does not support vectorcall", callable);
    }
    return vector_from_tuple(tstate_get(), func, callable, tuple, kwargs);
}

/* -- With a tuple and a dict ----------------------------------------------------------------- */

PyObject *_PyObject_Call(PyThreadState *tstate, PyObject *callable, PyObject *args,
                         PyObject *kwargs)
{
    vectorcallfunc func = vectorcall_of(callable);
    if (func) {
        return vector_from_tuple(tstate, func, callable, args, kwargs);
    }
    ternaryfunc call = Py_TYPE(callable)->tp_call;
    return call ? call_slot(tstate, call, callable, args, kwargs) : not_callable(callable);
}

PyObject *PyObject_Call(PyObject *callable, PyObject *args, PyObject *kwargs)
{
    return _PyObject_Call(tstate_get(), callable, args, kwargs);
}

PyObject *PyObject_CallObject(PyObject *callable, PyObject *args)
{
    if (args == NULL) {
        return PyObject_CallNoArgs(callable);
    }
    if (!PyTuple_Check(args)) {
        PyErr_SetString(PyExc_TypeError, "argument list must be a tuple");
        return NULL;
    }
    return PyObject_Call(callable, args, NULL);
}

EXPORT PyObject *PyEval_CallObjectWithKeywords(PyObject *callable, PyObject *args, PyObject *kwargs)
{
    if (args && !PyTuple_Check(args)) {
        PyErr_SetString(PyExc_TypeError, "argument list must be a tuple");
        return NULL;
    }
    if (kwargs && !PyDict_Check(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "keyword list must be a dictionary");
        return NULL;
    }
    return args ? PyObject_Call(callable, args, kwargs)
                : PyObject_VectorcallDict(callable, NULL, 0, kwargs);
}

/* callable(obj, *args, **kwargs) */
PyObject *_PyObject_Call_Prepend(PyThreadState *tstate, PyObject *callable, PyObject *obj,
                                 PyObject *args, PyObject *kwargs)
{
    PyObject *small[SMALL_STACK], **stack = small;
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n + 1 > SMALL_STACK) {
        stack = PyMem_Malloc((size_t)(n + 1) * sizeof(PyObject *));
        if (stack == NULL) {
            return PyErr_NoMemory();
        }
    }
    stack[0] = obj;
    memcpy(stack + 1, ((PyTupleObject *)args)->ob_item, (size_t)n * sizeof(PyObject *));
    PyObject *r = _PyObject_FastCallDictTstate(tstate, callable, stack, (size_t)n + 1, kwargs);
    if (stack != small) {
        PyMem_Free(stack);
    }
    return r;
}

/* -- Few arguments --------------------------------------------------------------------------- */

PyObject *PyObject_CallNoArgs(PyObject *func)
{
    return call_vector(tstate_get(), func, NULL, 0, NULL);
}

#undef PyObject_CallOneArg
PyObject *PyObject_CallOneArg(PyObject *func, PyObject *arg)
{
    PyObject *stack[2] = {NULL, arg};
    return call_vector(tstate_get(), func, stack + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

/* -- Methods --------------------------------------------------------------------------------- */

/* Calls by name avoid making a bound method: the function is looked up in the type and called
   with the object in front. */

/* args[0] is the object. */
PyObject *PyObject_VectorcallMethod(PyObject *name, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames)
{
    PyObject *callable = NULL;
    int unbound = _PyObject_GetMethod(args[0], name, &callable);
    if (callable == NULL) {
        return NULL;
    }
    if (unbound) {
        /* args[-1] is not ours to lend once self stays */
        nargsf &= ~PY_VECTORCALL_ARGUMENTS_OFFSET;
    } else {
        args++;
        nargsf--;
    }
    PyObject *r = call_vector(tstate_get(), callable, args, nargsf, kwnames);
    Py_DECREF(callable);
    return r;
}

/* -- NULL-terminated object arguments -------------------------------------------------------- */

/* callable([base,] objects…) */
static PyObject *call_objects(PyThreadState *tstate, PyObject *base, PyObject *callable, va_list va)
{
    PyObject *small[SMALL_STACK], **stack = small;
    if (callable == NULL) {
        return raise_null();
    }
    va_list count;
    va_copy(count, va);
    Py_ssize_t n = base ? 1 : 0;
    while (va_arg(count, PyObject *)) {
        n++;
    }
    va_end(count);
    if (n > SMALL_STACK) {
        stack = PyMem_Malloc((size_t)n * sizeof(PyObject *));
        if (stack == NULL) {
            return PyErr_NoMemory();
        }
    }
    Py_ssize_t i = 0;
    if (base) {
        stack[i++] = base;
    }
    for (; i < n; i++) {
        stack[i] = va_arg(va, PyObject *);
    }
    PyObject *r = call_vector(tstate, callable, stack, (size_t)n, NULL);
    if (stack != small) {
        PyMem_Free(stack);
    }
    return r;
}

PyObject *PyObject_CallFunctionObjArgs(PyObject *callable, ...)
{
    va_list va;
    va_start(va, callable);
    PyObject *r = call_objects(tstate_get(), NULL, callable, va);
    va_end(va);
    return r;
}

static PyObject *call_method_objects(PyObject *obj, PyObject *name, va_list va)
{
    if (obj == NULL || name == NULL) {
        return raise_null();
    }
    PyObject *callable = NULL;
    int unbound = _PyObject_GetMethod(obj, name, &callable);
    if (callable == NULL) {
        return NULL;
    }
    PyObject *r = call_objects(tstate_get(), unbound ? obj : NULL, callable, va);
    Py_DECREF(callable);
    return r;
}

PyObject *PyObject_CallMethodObjArgs(PyObject *obj, PyObject *name, ...)
{
    va_list va;
    va_start(va, name);
    PyObject *r = call_method_objects(obj, name, va);
    va_end(va);
    return r;
}

PyObject *_PyObject_CallMethodIdObjArgs(PyObject *obj, _Py_Identifier *name, ...)
{
    PyObject *str = _PyUnicode_FromId(name); /* borrowed */
    if (str == NULL) {
        return NULL;
    }
    va_list va;
    va_start(va, name);
    PyObject *r = call_method_objects(obj, str, va);
    va_end(va);
    return r;
}
