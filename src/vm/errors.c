/* SPDX-License-Identifier: MIT
 *
 * Raising, matching and finding handlers.
 *
 * Exception table: for each range of instructions start, length, handler, (depth << 1 | push
 * lasti), as numbers of six bits a byte, most significant first; bit 6 says that more follows, bit
 * 7 marks the first byte of an entry. Entries are sorted by start. All positions count code units.
 *
 * Failure is the purpose here: a function either raises what its name says or reports that it
 * raised (-1, 0, NULL). Messages are 3.11's to the letter.
 */
#include "vm/vm_impl.h"

/* -- Finding the handler ----------------------------------------------------------------------- */

static inline const unsigned char *varint_read(const unsigned char *p, int *value)
{
    int v = *p & 63;
    while (*p & 64) {
        v = v << 6 | (*++p & 63);
    }
    *value = v;
    return p + 1;
}

static inline const unsigned char *entry_start(const unsigned char *low, const unsigned char *p)
{
    while (p > low && !(*p & 128)) {
        p--;
    }
    return p;
}

bool unwind_find(PyCodeObject *code, int offset, int *handler, int *depth, int *lasti)
{
    const unsigned char *low = (unsigned char *)PyBytes_AS_STRING(code->co_exceptiontable);
    const unsigned char *end = low + PyBytes_GET_SIZE(code->co_exceptiontable);
    const unsigned char *high = end;
    int start, length, depth_lasti;
    while (high - low > 40) { /* halve while that is cheaper than walking */
        const unsigned char *middle = entry_start(low, low + (high - low) / 2);
        if (middle == low) {
            break;
        }
        varint_read(middle, &start);
        if (start > offset) {
            high = middle;
        }
        else {
            low = middle;
        }
    }
    while (low < end) {
        const unsigned char *p = varint_read(low, &start);
        if (start > offset) {
            break;
        }
        p = varint_read(p, &length);
        p = varint_read(p, handler);
        p = varint_read(p, &depth_lasti);
        if (offset < start + length) {
            *depth = depth_lasti >> 1;
            *lasti = depth_lasti & 1;
            return true;
        }
        low = p;
    }
    return false;
}

/* -- raise ------------------------------------------------------------------------------------- */

/* `raise` alone: the exception that is being handled. 1, or 0 with RuntimeError. */
static int reraise_handled(PyThreadState *tstate)
{
    PyObject *value = _PyErr_GetTopmostException(tstate)->exc_value;
    if (value == NULL || value == Py_None) {
        _PyErr_SetString(tstate, PyExc_RuntimeError, "No active exception to reraise");
        return 0;
    }
    PyObject *tb = PyException_GetTraceback(value);
    _PyErr_Restore(tstate, Py_NewRef((PyObject *)Py_TYPE(value)), Py_NewRef(value), tb);
    return 1;
}

/* An instance from what `raise` or `from` was given; NULL with an exception. */
static PyObject *exception_instance(PyThreadState *tstate, PyObject *given, const char *complaint)
{
    if (PyExceptionInstance_Check(given)) {
        return Py_NewRef(given);
    }
    if (!PyExceptionClass_Check(given)) {
        _PyErr_SetString(tstate, PyExc_TypeError, complaint);
        return NULL;
    }
    return PyObject_CallNoArgs(given);
}

int vm_raise(PyThreadState *tstate, PyObject *exc, PyObject *cause)
{
    if (exc == NULL) {
        return reraise_handled(tstate);
    }
    PyObject *value = exception_instance(tstate, exc, "exceptions must derive from BaseException");
    if (value != NULL && !PyExceptionInstance_Check(value)) {
        _PyErr_Format(tstate, PyExc_TypeError,
                      "calling %R should have returned an instance of BaseException, not %R", exc,
                      Py_TYPE(value));
        Py_CLEAR(value);
    }
    if (value != NULL && cause != NULL) {
        PyObject *fixed = NULL;
        if (cause != Py_None) {
            fixed = exception_instance(tstate, cause,
                                       "exception causes must derive from BaseException");
            if (fixed == NULL) {
                Py_CLEAR(value);
            }
        }
        if (value != NULL) {
            PyException_SetCause(value, fixed);
        }
    }
    if (value != NULL) {
        _PyErr_SetObject(tstate, (PyObject *)Py_TYPE(value), value);
        Py_DECREF(value);
    }
    Py_DECREF(exc);
    Py_XDECREF(cause);
    return 0;
}

/* -- Names ------------------------------------------------------------------------------------- */

void vm_error_name(PyThreadState *tstate, PyObject *exc, const char *format, PyObject *name)
{
    if (name == NULL) {
        return;
    }
    const char *text = PyUnicode_AsUTF8(name);
    if (text == NULL) {
        return;
    }
    _PyErr_Format(tstate, exc, format, text);
    if (exc != PyExc_NameError) {
        return;
    }
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    if (PyErr_GivenExceptionMatches(value, PyExc_NameError)
        && ((PyNameErrorObject *)value)->name == NULL) {
        (void)PyObject_SetAttr(value, ID(name), name); /* suggestions are made from it */
    }
    _PyErr_Restore(tstate, type, value, tb);
}

void vm_error_unbound_local(PyThreadState *tstate, PyCodeObject *code, int oparg)
{
    vm_error_name(tstate, PyExc_UnboundLocalError,
                  "cannot access local variable '%s' where it is not associated with a value",
                  PyTuple_GET_ITEM(code->co_localsplusnames, oparg));
}

void vm_error_unbound_deref(PyThreadState *tstate, PyCodeObject *code, int oparg)
{
    if (tstate->curexc_type != NULL) {
        return; /* a mapping's own error stays */
    }
    if (oparg < code->co_nlocalsplus - code->co_nfreevars) {
        vm_error_unbound_local(tstate, code, oparg);
        return;
    }
    vm_error_name(tstate, PyExc_NameError,
                  "cannot access free variable '%s' where it is not associated with a value"
                  " in enclosing scope",
                  PyTuple_GET_ITEM(code->co_localsplusnames, oparg));
}

/* -- Calls with * and ** ----------------------------------------------------------------------- */

static void error_argument_kind(PyThreadState *tstate, PyObject *func, PyObject *given,
                                const char *format)
{
    _PyErr_Clear(tstate); /* _PyObject_FunctionStr must not run with an error set */
    PyObject *name = _PyObject_FunctionStr(func);
    if (name != NULL) {
        _PyErr_Format(tstate, PyExc_TypeError, format, name, Py_TYPE(given)->tp_name);
        Py_DECREF(name);
    }
}

int vm_check_args_iterable(PyThreadState *tstate, PyObject *func, PyObject *args)
{
    if (Py_TYPE(args)->tp_iter != NULL || PySequence_Check(args)) {
        return 0;
    }
    error_argument_kind(tstate, func, args, "%U argument after * must be an iterable, not %.200s");
    return -1;
}

/* Rewords what merging **kwargs raised. */
void vm_error_kwargs(PyThreadState *tstate, PyObject *func, PyObject *kwargs)
{
    if (_PyErr_ExceptionMatches(tstate, PyExc_AttributeError)) {
        error_argument_kind(tstate, func, kwargs,
                            "%U argument after ** must be a mapping, not %.200s");
        return;
    }
    if (!_PyErr_ExceptionMatches(tstate, PyExc_KeyError)) {
        return;
    }
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    if (value == NULL || !PyTuple_Check(value) || PyTuple_GET_SIZE(value) != 1) {
        _PyErr_Restore(tstate, type, value, tb); /* raised by the mapping's own code */
        return;
    }
    PyObject *key = PyTuple_GET_ITEM(value, 0), *name = _PyObject_FunctionStr(func);
    if (name != NULL) {
        _PyErr_Format(tstate, PyExc_TypeError, "%U got multiple values for keyword argument '%S'",
                      name, key);
        Py_DECREF(name);
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
}

/* -- except ------------------------------------------------------------------------------------ */

#define CANNOT_CATCH "catching classes that do not inherit from BaseException is not allowed"
#define CANNOT_CATCH_GROUP                                          \
    "catching ExceptionGroup with except* is not allowed. Use except instead."

int vm_check_except_type(PyThreadState *tstate, PyObject *right)
{
    if (LIKELY(PyExceptionClass_Check(right))) {
        return 0;
    }
    bool ok = PyTuple_Check(right);
    for (Py_ssize_t i = 0; ok && i < PyTuple_GET_SIZE(right); i++) {
        ok = PyExceptionClass_Check(PyTuple_GET_ITEM(right, i));
    }
    if (!ok) {
        _PyErr_SetString(tstate, PyExc_TypeError, CANNOT_CATCH);
    }
    return ok ? 0 : -1;
}

int vm_check_except_star_type(PyThreadState *tstate, PyObject *right)
{
    if (vm_check_except_type(tstate, right) < 0) {
        return -1;
    }
    Py_ssize_t n = PyTuple_Check(right) ? PyTuple_GET_SIZE(right) : 1;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *type = PyTuple_Check(right) ? PyTuple_GET_ITEM(right, i) : right;
        int is = PyObject_IsSubclass(type, PyExc_BaseExceptionGroup);
        if (is != 0) {
            if (is > 0) {
                _PyErr_SetString(tstate, PyExc_TypeError, CANNOT_CATCH_GROUP);
            }
            return -1;
        }
    }
    return 0;
}

/* exc.split(type); anything but a pair of it is an error. */
static int split_group(PyObject *exc, PyObject *type, PyObject **match, PyObject **rest)
{
    PyObject *pair = PyObject_CallMethod(exc, "split", "(O)", type);
    if (pair == NULL) {
        return -1;
    }
    if (!PyTuple_CheckExact(pair)) {
        PyErr_Format(PyExc_TypeError, "%.200s.split must return a tuple, not %.200s",
                     Py_TYPE(exc)->tp_name, Py_TYPE(pair)->tp_name);
        Py_DECREF(pair);
        return -1;
    }
    if (PyTuple_GET_SIZE(pair) < 2) { /* 3.11 lets longer ones pass */
        PyErr_Format(PyExc_TypeError, "%.200s.split must return a 2-tuple, got tuple of size %zd",
                     Py_TYPE(exc)->tp_name, PyTuple_GET_SIZE(pair));
        Py_DECREF(pair);
        return -1;
    }
    *match = Py_NewRef(PyTuple_GET_ITEM(pair, 0));
    *rest = Py_NewRef(PyTuple_GET_ITEM(pair, 1));
    Py_DECREF(pair);
    return 0;
}

/* except*: what of exc the clause takes (a group always) and what is left; None for nothing. */
int vm_match_group(PyObject *exc, PyObject *type, PyObject **match, PyObject **rest)
{
    bool is_group = PyObject_TypeCheck(exc, (PyTypeObject *)PyExc_BaseExceptionGroup);
    if (exc == Py_None) {
        *match = Py_NewRef(Py_None);
        *rest = Py_NewRef(Py_None);
        return 0;
    }
    if (PyErr_GivenExceptionMatches(exc, type)) {
        if (is_group) {
            *match = Py_NewRef(exc);
        }
        else {
            PyObject *one = PyTuple_Pack(1, exc);
            *match = one == NULL ? NULL : _PyExc_CreateExceptionGroup("", one);
            Py_XDECREF(one);
            if (*match == NULL) {
                return -1;
            }
        }
        *rest = Py_NewRef(Py_None);
        return 0;
    }
    if (is_group) {
        return split_group(exc, type, match, rest);
    }
    *match = Py_NewRef(Py_None);
    *rest = Py_NewRef(exc);
    return 0;
}

/* -- await ------------------------------------------------------------------------------------- */

void vm_error_awaitable(PyThreadState *tstate, PyTypeObject *type, int oparg)
{
    if (type->tp_as_async != NULL && type->tp_as_async->am_await != NULL) {
        return;
    }
    if (oparg == 1 || oparg == 2) {
        _PyErr_Format(
            tstate, PyExc_TypeError,
            "'async with' received an object from %s that does not implement __await__: %.100s",
            oparg == 1 ? "__aenter__" : "__aexit__", type->tp_name);
    }
}
