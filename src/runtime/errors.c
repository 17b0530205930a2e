/* SPDX-License-Identifier: MIT
 *
 * PyErr_*: the exception that is being raised (tstate->curexc_*) and the ones that are being
 * handled (exc_info).
 *
 *   curexc_type, curexc_value, curexc_traceback
 *        raised; value may still be an argument, not an instance
 *   exc_info ──> item ──> item ──> exc_state
 *        handled; one item a generator or coroutine that runs, the thread's own at the end
 *
 *  I1 curexc_type is NULL exactly when nothing is raised; all three are strong or NULL.
 *  I2 Raising while another exception is handled sets __context__, and never makes a cycle of
 *     contexts.
 *  I3 Dropping an old exception runs foreign code, so it is the last thing a setter does.
 *
 * "Normalising" turns (class, argument) into (class, instance). The machine does it before a
 * handler sees the exception; C code that only raises never pays for it.
 */
#include "runtime/rt.h"

/* -- Raised: get and set --------------------------------------------------------------------- */

/* STEALS all three. I3 */
void _PyErr_Restore(PyThreadState *tstate, PyObject *type, PyObject *value, PyObject *tb)
{
    if (tb && !PyTraceBack_Check(tb))
        Py_CLEAR(tb);
    PyObject *old_type = tstate->curexc_type, *old_value = tstate->curexc_value,
             *old_tb = tstate->curexc_traceback;
    tstate->curexc_type = type;
    tstate->curexc_value = value;
    tstate->curexc_traceback = tb;
    Py_XDECREF(old_type);
    Py_XDECREF(old_value);
    Py_XDECREF(old_tb);
}

void PyErr_Restore(PyObject *type, PyObject *value, PyObject *tb)
{
    _PyErr_Restore(tstate_get(), type, value, tb);
}

/* Owned; nothing is raised afterwards. */
void _PyErr_Fetch(PyThreadState *tstate, PyObject **type, PyObject **value, PyObject **tb)
{
    *type = tstate->curexc_type;
    *value = tstate->curexc_value;
    *tb = tstate->curexc_traceback;
    tstate->curexc_type = tstate->curexc_value = tstate->curexc_traceback = NULL;
}

void PyErr_Fetch(PyObject **type, PyObject **value, PyObject **tb)
{
    _PyErr_Fetch(tstate_get(), type, value, tb);
}

void _PyErr_Clear(PyThreadState *tstate)
{
    if (tstate->curexc_type || tstate->curexc_value || tstate->curexc_traceback)
        _PyErr_Restore(tstate, NULL, NULL, NULL);
}

void PyErr_Clear(void) { _PyErr_Clear(tstate_get()); }
PyObject *PyErr_Occurred(void) { return tstate_get()->curexc_type; }

/* -- Handled --------------------------------------------------------------------------------- */

/* What sys.exception() shows. Each running generator has an item of its own in the chain, so that
   what its caller handles is not seen as its own. */

/* The innermost item that handles something, or the last one. */
_PyErr_StackItem *_PyErr_GetTopmostException(PyThreadState *tstate)
{
    _PyErr_StackItem *item = tstate->exc_info;
    while ((!item->exc_value || item->exc_value == Py_None) && item->previous_item)
        item = item->previous_item;
    return item;
}

static PyObject *type_of_value(PyObject *value) /* BORROWED */
{
    return !value || value == Py_None ? Py_None : (PyObject *)Py_TYPE(value);
}

static PyObject *traceback_of_value(PyObject *value)
{
    PyObject *tb = value && value != Py_None ? PyException_GetTraceback(value) : NULL;
    return tb ? tb : Py_NewRef(Py_None);
}

void _PyErr_GetExcInfo(PyThreadState *tstate, PyObject **type, PyObject **value, PyObject **tb)
{
    PyObject *v = _PyErr_GetTopmostException(tstate)->exc_value;
    *type = Py_NewRef(type_of_value(v));
    *tb = traceback_of_value(v);
    *value = Py_XNewRef(v);
}

void PyErr_GetExcInfo(PyObject **type, PyObject **value, PyObject **tb)
{
    _PyErr_GetExcInfo(tstate_get(), type, value, tb);
}

PyObject *_PyErr_GetHandledException(PyThreadState *tstate)
{
    PyObject *v = _PyErr_GetTopmostException(tstate)->exc_value;
    return v && v != Py_None ? Py_NewRef(v) : NULL;
}

PyObject *PyErr_GetHandledException(void) { return _PyErr_GetHandledException(tstate_get()); }

void _PyErr_SetHandledException(PyThreadState *tstate, PyObject *exc)
{
    Py_XSETREF(tstate->exc_info->exc_value, Py_XNewRef(exc)); /* None stays None */
}

void PyErr_SetHandledException(PyObject *exc) { _PyErr_SetHandledException(tstate_get(), exc); }

void PyErr_SetExcInfo(PyObject *type, PyObject *value, PyObject *tb /* STEALS all */)
{
    PyErr_SetHandledException(value);
    Py_XDECREF(value);
    Py_XDECREF(type); /* class and traceback follow from the value */
    Py_XDECREF(tb);
}

PyObject *_PyErr_StackItemToExcInfoTuple(_PyErr_StackItem *item)
{
    PyObject *v = item->exc_value ? item->exc_value : Py_None, *tb = traceback_of_value(v);
    PyObject *res = PyTuple_Pack(3, type_of_value(v), v, tb);
    Py_DECREF(tb);
    return res;
}

/* -- Raising --------------------------------------------------------------------------------- */

/* type(), type(*value) for a tuple, type(value). */
static PyObject *exception_create(PyObject *type, PyObject *value)
{
    PyObject *exc;
    if (!value || value == Py_None)
        exc = PyObject_CallNoArgs(type);
    else if (PyTuple_Check(value))
        exc = PyObject_Call(type, value, NULL);
    else
        exc = PyObject_CallOneArg(type, value);
    if (exc && !PyExceptionInstance_Check(exc)) {
        PyErr_Format(PyExc_TypeError,
                     "calling %R should have returned an instance of BaseException, not %s", type,
                     Py_TYPE(exc)->tp_name);
        Py_CLEAR(exc);
    }
    return exc;
}

/* Makes `handled` the context of `value`, cutting value out of handled's own chain first (I2). */
static void chain_context(PyObject *value, PyObject *handled)
{
    PyObject *o = handled, *slow = handled, *context;
    bool move_slow = false;
    while ((context = PyException_GetContext(o))) {
        Py_DECREF(context);
        if (context == value) {
            PyException_SetContext(o, NULL);
            break;
        }
        o = context;
        if (o == slow)
            break; /* a cycle that somebody made by hand */
        if (move_slow) {
            slow = PyException_GetContext(slow);
            Py_DECREF(slow);
        }
        move_slow = !move_slow;
    }
    PyException_SetContext(value, Py_NewRef(handled));
}

/* I2. Borrows both; value may be an instance already. */
void _PyErr_SetObject(PyThreadState *tstate, PyObject *type, PyObject *value)
{
    PyObject *tb = NULL;
    if (type && !PyExceptionClass_Check(type)) {
        _PyErr_Format(tstate, PyExc_SystemError,
                      "_PyErr_SetObject: exception %R is not a BaseException subclass", type);
        return;
    }
    Py_XINCREF(value);
    PyObject *handled = _PyErr_GetTopmostException(tstate)->exc_value;
    if (handled && handled != Py_None) {
        Py_INCREF(handled);
        _PyErr_Clear(tstate);
        if (!value || !PyExceptionInstance_Check(value)) {
            PyObject *fixed = exception_create(type, value);
            Py_XDECREF(value);
            if (!fixed) {
                Py_DECREF(handled);
                return;
            }
            value = fixed;
        }
        if (handled != value)
            chain_context(value, handled);
        Py_DECREF(handled);
    }
    if (value && PyExceptionInstance_Check(value))
        tb = PyException_GetTraceback(value);
    _PyErr_Restore(tstate, Py_XNewRef(type), value, tb);
}

void PyErr_SetObject(PyObject *type, PyObject *value)
{
    _PyErr_SetObject(tstate_get(), type, value);
}

void _PyErr_SetNone(PyThreadState *tstate, PyObject *exc) { _PyErr_SetObject(tstate, exc, NULL); }
void PyErr_SetNone(PyObject *type) { _PyErr_SetObject(tstate_get(), type, NULL); }

void _PyErr_SetString(PyThreadState *tstate, PyObject *exc, const char *string)
{
    PyObject *value = PyUnicode_FromString(string);
    if (!value)
        return;
    _PyErr_SetObject(tstate, exc, value);
    Py_DECREF(value);
}

void PyErr_SetString(PyObject *exc, const char *string)
{
    _PyErr_SetString(tstate_get(), exc, string);
}

/* A tuple key must not be taken for the argument list. */
void _PyErr_SetKeyError(PyObject *key)
{
    PyObject *args = PyTuple_Pack(1, key);
    if (!args)
        return;
    PyErr_SetObject(PyExc_KeyError, args);
    Py_DECREF(args);
}

/* Always NULL, so that callers can return it. */
static PyObject *format_v(PyThreadState *tstate, PyObject *exc, const char *format, va_list va)
{
    _PyErr_Clear(tstate); /* formatting may call code that must not see it */
    PyObject *text = PyUnicode_FromFormatV(format, va);
    if (text) {
        _PyErr_SetObject(tstate, exc, text);
        Py_DECREF(text);
    }
    return NULL;
}

PyObject *PyErr_FormatV(PyObject *exc, const char *format, va_list va)
{
    return format_v(tstate_get(), exc, format, va);
}

PyObject *_PyErr_Format(PyThreadState *tstate, PyObject *exc, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    format_v(tstate, exc, format, va);
    va_end(va);
    return NULL;
}

PyObject *PyErr_Format(PyObject *exc, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    format_v(tstate_get(), exc, format, va);
    va_end(va);
    return NULL;
}

int PyErr_BadArgument(void)
{
    PyErr_SetString(PyExc_TypeError, "bad argument type for built-in operation");
    return 0;
}

void _PyErr_BadInternalCall(const char *filename, int lineno)
{
    PyErr_Format(PyExc_SystemError, "%s:%d: bad argument to internal function", filename, lineno);
}

#undef PyErr_BadInternalCall
void PyErr_BadInternalCall(void)
{
    PyErr_SetString(PyExc_SystemError, "bad argument to internal function");
}

/* -- Matching -------------------------------------------------------------------------------- */

/* err: class or instance; exc: class or nested tuples of classes. Never raises. */
int PyErr_GivenExceptionMatches(PyObject *err, PyObject *exc)
{
    if (!err || !exc)
        return 0;
    if (PyTuple_Check(exc)) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(exc); i++)
            if (PyErr_GivenExceptionMatches(err, PyTuple_GET_ITEM(exc, i)))
                return 1;
        return 0;
    }
    if (PyExceptionInstance_Check(err))
        err = PyExceptionInstance_Class(err);
    if (PyExceptionClass_Check(err) && PyExceptionClass_Check(exc))
        return PyType_IsSubtype((PyTypeObject *)err, (PyTypeObject *)exc);
    return err == exc;
}

int _PyErr_ExceptionMatches(PyThreadState *tstate, PyObject *exc)
{
    return PyErr_GivenExceptionMatches(tstate->curexc_type, exc);
}

int PyErr_ExceptionMatches(PyObject *exc) { return _PyErr_ExceptionMatches(tstate_get(), exc); }

/* -- Normalising ----------------------------------------------------------------------------- */

/* attempts before a class that keeps failing to be called is given up */
#define NORMALIZE_LIMIT 32

/* Makes *value an instance of *type or of a subclass, which *type
   becomes. -1 with another exception raised. */
static int normalize_once(PyObject **type, PyObject **value)
{
    PyObject *t = *type, *v = *value ? *value : Py_None, *cls = NULL;
    if (!PyExceptionClass_Check(t)) {
        if (!*value)
            *value = Py_NewRef(Py_None);
        return 0;
    }
    if (PyExceptionInstance_Check(v)) {
        cls = PyExceptionInstance_Class(v);
        int sub = PyObject_IsSubclass(cls, t);
        if (sub < 0)
            return -1;
        if (!sub)
            cls = NULL;
    }
    if (!cls) {
        PyObject *made = exception_create(t, v);
        if (!made)
            return -1;
        Py_XSETREF(*value, made);
    } else if (cls != t) {
        Py_SETREF(*type, Py_NewRef(cls));
    }
    return 0;
}

/* What goes wrong becomes the exception. Never fails. */
void _PyErr_NormalizeException(PyThreadState *tstate, PyObject **type, PyObject **value,
                               PyObject **tb)
{
    for (int depth = 0; *type; depth++) {
        tstate->recursion_headroom++; /* a RecursionError must be made when there is no room left */
        int failed = normalize_once(type, value);
        tstate->recursion_headroom--;
        if (!failed)
            return;
        /* Making the instance failed: that exception takes the place of the first. */
        PyObject *old_tb = *tb;
        Py_DECREF(*type);
        Py_XDECREF(*value);
        if (depth == NORMALIZE_LIMIT)
            _PyErr_SetString(tstate, PyExc_RecursionError,
                             "maximum recursion depth exceeded while normalizing an exception");
        _PyErr_Fetch(tstate, type, value, tb);
        if (old_tb && !*tb)
            *tb = old_tb;
        else
            Py_XDECREF(old_tb);
        if (depth >= NORMALIZE_LIMIT + 2)
            Py_FatalError(PyErr_GivenExceptionMatches(*type, PyExc_MemoryError)
                              ? "Cannot recover from MemoryErrors while normalizing exceptions."
                              : "Cannot recover from the recursive normalization of an exception.");
    }
}

void PyErr_NormalizeException(PyObject **type, PyObject **value, PyObject **tb)
{
    _PyErr_NormalizeException(tstate_get(), type, value, tb);
}

/* -- Chaining -------------------------------------------------------------------------------- */

/* For C code that fails while it handles a failure: the first exception must not get lost. */

/* Normalised, and with its traceback attached. */
static void fetch_whole(PyThreadState *tstate, PyObject **type, PyObject **value, PyObject **tb)
{
    _PyErr_Fetch(tstate, type, value, tb);
    _PyErr_NormalizeException(tstate, type, value, tb);
    if (*tb)
        PyException_SetTraceback(*value, *tb);
}

/* Raises the given exception again; when another is raised, it becomes that one's context. */
void _PyErr_ChainExceptions(PyObject *type, PyObject *value, PyObject *tb /* STEALS all */)
{
    PyThreadState *tstate = tstate_get();
    if (!type)
        return;
    if (!tstate->curexc_type) {
        _PyErr_Restore(tstate, type, value, tb);
        return;
    }
    PyObject *type2, *value2, *tb2;
    _PyErr_Fetch(tstate, &type2, &value2, &tb2);
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    if (tb) {
        PyException_SetTraceback(value, tb);
        Py_DECREF(tb);
    }
    Py_DECREF(type);
    _PyErr_NormalizeException(tstate, &type2, &value2, &tb2);
    PyException_SetContext(value2, value);
    _PyErr_Restore(tstate, type2, value2, tb2);
}

/* Gives the raised exception the context that `item` (or the
   thread) handles: for what was raised outside of it. */
void _PyErr_ChainStackItem(_PyErr_StackItem *item)
{
    PyThreadState *tstate = tstate_get();
    _PyErr_StackItem *given = item ? item : tstate->exc_info, *saved = tstate->exc_info;
    if (!given->exc_value || given->exc_value == Py_None)
        return;
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    tstate->exc_info = given;
    _PyErr_SetObject(tstate, type, value);
    tstate->exc_info = saved;
    if (tb && !tstate->curexc_traceback)
        tstate->curexc_traceback = Py_NewRef(tb);
    Py_DECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
}

/* The raised exception becomes cause and context of a new one. */
static PyObject *from_cause_v(PyThreadState *tstate, PyObject *exception, const char *format,
                              va_list va)
{
    PyObject *type, *cause, *tb;
    fetch_whole(tstate, &type, &cause, &tb);
    Py_XDECREF(tb);
    Py_DECREF(type);
    format_v(tstate, exception, format, va);
    PyObject *type2, *value2, *tb2;
    _PyErr_Fetch(tstate, &type2, &value2, &tb2);
    _PyErr_NormalizeException(tstate, &type2, &value2, &tb2);
    PyException_SetCause(value2, Py_NewRef(cause));
    PyException_SetContext(value2, cause);
    _PyErr_Restore(tstate, type2, value2, tb2);
    return NULL;
}

EXPORT PyObject *_PyErr_FormatFromCauseTstate(PyThreadState *tstate, PyObject *exception,
                                              const char *format, ...)
{
    va_list va;
    va_start(va, format);
    from_cause_v(tstate, exception, format, va);
    va_end(va);
    return NULL;
}

PyObject *_PyErr_FormatFromCause(PyObject *exception, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    from_cause_v(tstate_get(), exception, format, va);
    va_end(va);
    return NULL;
}

/* May the exception be made again with only a new message? Its class adds no fields, it has at most
   one str argument and nothing in its dict. */
static bool can_rewrite(PyObject *type, PyObject *value)
{
    PyTypeObject *t = (PyTypeObject *)type, *base = (PyTypeObject *)PyExc_BaseException;
    Py_ssize_t size = sizeof(PyBaseExceptionObject);
    if (t->tp_weaklistoffset > 0)
        size += sizeof(PyObject *);
    if (t->tp_init != base->tp_init || t->tp_new != base->tp_new || t->tp_basicsize != size
        || t->tp_itemsize)
        return false;
    PyBaseExceptionObject *e = (PyBaseExceptionObject *)value;
    Py_ssize_t n = PyTuple_GET_SIZE(e->args);
    if (n > 1 || (n == 1 && !PyUnicode_CheckExact(PyTuple_GET_ITEM(e->args, 0))))
        return false;
    return !e->dict || PyDict_GET_SIZE(e->dict) == 0;
}

/* The raised exception again, of the same class, with a message of its own, if its class allows
   that. */
PyObject *_PyErr_TrySetFromCause(const char *format, ...)
{
    PyThreadState *tstate = tstate_get();
    PyObject *type, *value, *tb;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    if (!can_rewrite(type, value)) {
        _PyErr_Restore(tstate, type, value, tb);
        return NULL;
    }
    if (tb) {
        PyException_SetTraceback(value, tb);
        Py_DECREF(tb);
    }
    va_list va;
    va_start(va, format);
    PyObject *prefix = PyUnicode_FromFormatV(format, va);
    va_end(va);
    if (!prefix) {
        Py_DECREF(type);
        Py_DECREF(value);
        return NULL;
    }
    PyErr_Format(type, "%U (%s: %S)", prefix, Py_TYPE(value)->tp_name, value);
    Py_DECREF(type);
    Py_DECREF(prefix);
    PyObject *type2, *value2, *tb2;
    _PyErr_Fetch(tstate, &type2, &value2, &tb2);
    _PyErr_NormalizeException(tstate, &type2, &value2, &tb2);
    PyException_SetCause(value2, Py_NewRef(value));
    PyException_SetContext(value2, value);
    _PyErr_Restore(tstate, type2, value2, tb2);
    return value2;
}
