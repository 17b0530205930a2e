/* SPDX-License-Identifier: MIT
 *
 * Functions of module sys that read or set something of the interpreter: objects and their sizes,
 * exceptions, frames of all threads, limits, encodings, async generator hooks. What calls back into
 * Python (display, tracing, audit) is in sys_hooks.c.
 */
#include "modules/sys.h"

#include "objects/frame.h"
#include "vm/vm.h"

#include <dlfcn.h>

/* -- Objects --------------------------------------------------------------------------------- */

static PyObject *sys_getrefcount(PyObject *module, PyObject *object)
{
    return PyLong_FromSsize_t(Py_REFCNT(object));
}

static PyObject *sys_getsizeof(PyObject *self, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = { "object", "default", NULL };
    PyObject *o, *fallback = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O|O:getsizeof", keywords, &o, &fallback))
        return NULL;
    size_t size = _PySys_GetSizeOf(o);
    if (size != (size_t)-1 || !PyErr_Occurred())
        return PyLong_FromSize_t(size);
    if (!fallback || !PyErr_ExceptionMatches(PyExc_TypeError))
        return NULL;
    PyErr_Clear();
    return Py_NewRef(fallback);
}

static PyObject *sys_intern(PyObject *module, PyObject *string)
{
    if (!PyUnicode_Check(string)) {
        _PyArg_BadArgument("intern", "argument", "str", string);
        return NULL;
    }
    if (!PyUnicode_CheckExact(string))
        return PyErr_Format(PyExc_TypeError, "can't intern %.400s", Py_TYPE(string)->tp_name);
    Py_INCREF(string);
    PyUnicode_InternInPlace(&string);
    return string;
}

extern EXPORT Py_ssize_t _Py_GetAllocatedBlocks(void);
static PyObject *sys_getallocatedblocks(PyObject *module, PyObject *unused)
{
    return PyLong_FromSsize_t(_Py_GetAllocatedBlocks());
}

extern EXPORT int _PyObject_DebugMallocStats(FILE *out);
static PyObject *sys__debugmallocstats(PyObject *module, PyObject *unused)
{
    if (_PyObject_DebugMallocStats(stderr))
        fputc('\n', stderr);
    _PyObject_DebugTypeStats(stderr);
    Py_RETURN_NONE;
}

static PyObject *sys__clear_type_cache(PyObject *module, PyObject *unused)
{
    PyType_ClearCache();
    Py_RETURN_NONE;
}

static PyObject *sys__getquickenedcount(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(0);
}

/* -- Frames and exceptions ------------------------------------------------------------------- */

static PyObject *sys__getframe(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int depth = 0;
    if (!PARSEP("|i:_getframe", &depth))
        return NULL;
    Frame *record = frame_current(tstate_get());
    for (; record && depth > 0; depth--)
        record = frame_caller(record);
    if (!record)
        return PyErr_Format(PyExc_ValueError, "call stack is not deep enough");
    PyFrameObject *frame = (PyFrameObject *)Py_XNewRef((PyObject *)frame_object_ensure(record));
    if (!frame)
        return NULL;
    if (PySys_Audit("sys._getframe", "(O)", frame) < 0)
        Py_CLEAR(frame);
    return (PyObject *)frame;
}

EXPORT PyObject *_PyThread_CurrentFrames(void);
EXPORT PyObject *_PyThread_CurrentExceptions(void);
static PyObject *sys__current_frames(PyObject *module, PyObject *unused)
{
    return _PyThread_CurrentFrames();
}
static PyObject *sys__current_exceptions(PyObject *module, PyObject *unused)
{
    return _PyThread_CurrentExceptions();
}

static PyObject *sys_exc_info(PyObject *module, PyObject *unused)
{
    PyObject *type, *value, *tb;
    PyErr_GetExcInfo(&type, &value, &tb);
    return Py_BuildValue("(NNN)", type ? type : Py_NewRef(Py_None),
                         value ? value : Py_NewRef(Py_None), tb ? tb : Py_NewRef(Py_None));
}

static PyObject *sys_exception(PyObject *module, PyObject *unused)
{
    PyObject *exc = PyErr_GetHandledException();
    return exc ? exc : Py_NewRef(Py_None);
}

static PyObject *sys_exit(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (_PyArg_CheckPositional("exit", nargs, 0, 1))
        PyErr_SetObject(PyExc_SystemExit, nargs ? args[0] : Py_None);
    return NULL;
}

/* -- Limits and switches --------------------------------------------------------------------- */

static PyObject *sys_getrecursionlimit(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(Py_GetRecursionLimit());
}

static PyObject *sys_setrecursionlimit(PyObject *module, PyObject *limit_object)
{
    int limit = _PyLong_AsInt(limit_object);
    if (limit == -1 && PyErr_Occurred())
        return NULL;
    if (limit < 1)
        return PyErr_Format(PyExc_ValueError, "recursion limit must be greater or equal than 1");
    PyThreadState *tstate = tstate_get();
    int depth = tstate->recursion_limit - tstate->recursion_remaining;
    if (depth >= limit)
        return PyErr_Format(
            PyExc_RecursionError,
            "cannot set the recursion limit to %i at the recursion depth %i: the limit is too low",
            limit, depth);
    Py_SetRecursionLimit(limit);
    Py_RETURN_NONE;
}

extern EXPORT void _PyEval_SetSwitchInterval(unsigned long microseconds);
extern EXPORT unsigned long _PyEval_GetSwitchInterval(void);

static PyObject *sys_setswitchinterval(PyObject *module, PyObject *interval)
{
    double seconds = PyFloat_AsDouble(interval);
    if (seconds == -1.0 && PyErr_Occurred())
        return NULL;
    if (seconds <= 0.0)
        return PyErr_Format(PyExc_ValueError, "switch interval must be strictly positive");
    _PyEval_SetSwitchInterval((unsigned long)(1e6 * seconds));
    Py_RETURN_NONE;
}

static PyObject *sys_getswitchinterval(PyObject *module, PyObject *unused)
{
    return PyFloat_FromDouble(1e-6 * (double)_PyEval_GetSwitchInterval());
}

static PyObject *sys_get_int_max_str_digits(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(interp_get()->int_max_str_digits);
}

static PyObject *sys_set_int_max_str_digits(PyObject *module, PyObject *const *args,
                                            Py_ssize_t nargs, PyObject *kwnames)
{
    ARGS("i:set_int_max_str_digits", "maxdigits");
    int digits;
    if (!PARSE(&digits))
        return NULL;
    if (digits != 0 && digits < 640)
        return PyErr_Format(PyExc_ValueError, "maxdigits must be 0 or larger than %d", 640);
    interp_get()->int_max_str_digits = digits;
    Py_RETURN_NONE;
}

static PyObject *sys_getdlopenflags(PyObject *module, PyObject *unused)
{
    int flags = interp_get()->dlopenflags;
    return PyLong_FromLong(flags ? flags : RTLD_NOW);
}

static PyObject *sys_setdlopenflags(PyObject *module, PyObject *flags)
{
    int value = _PyLong_AsInt(flags);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    interp_get()->dlopenflags = value;
    Py_RETURN_NONE;
}

static PyObject *sys_is_finalizing(PyObject *module, PyObject *unused)
{
    return PyBool_FromLong(_Py_IsFinalizing());
}

/* -- Encodings ------------------------------------------------------------------------------- */

static PyObject *sys_getdefaultencoding(PyObject *module, PyObject *unused)
{
    return PyUnicode_InternFromString(PyUnicode_GetDefaultEncoding());
}

static PyObject *interned_wide(const wchar_t *s)
{
    PyObject *text = PyUnicode_FromWideChar(s, -1);
    if (text)
        PyUnicode_InternInPlace(&text);
    return text;
}
static PyObject *sys_getfilesystemencoding(PyObject *module, PyObject *unused)
{
    return interned_wide(interp_get()->config.filesystem_encoding);
}
static PyObject *sys_getfilesystemencodeerrors(PyObject *module, PyObject *unused)
{
    return interned_wide(interp_get()->config.filesystem_errors);
}

/* -- Coroutines ------------------------------------------------------------------------------ */

static PyObject *sys_set_coroutine_origin_tracking_depth(PyObject *module, PyObject *const *args,
                                                         Py_ssize_t nargs, PyObject *kwnames)
{
    ARGS("i:set_coroutine_origin_tracking_depth", "depth");
    int depth;
    if (!PARSE(&depth))
        return NULL;
    if (depth < 0)
        return PyErr_Format(PyExc_ValueError, "depth must be >= 0");
    tstate_get()->coroutine_origin_tracking_depth = depth;
    Py_RETURN_NONE;
}

static PyObject *sys_get_coroutine_origin_tracking_depth(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(tstate_get()->coroutine_origin_tracking_depth);
}

static int check_hook(PyObject *hook, const char *name)
{
    if (!hook || hook == Py_None || PyCallable_Check(hook))
        return 0;
    PyErr_Format(PyExc_TypeError, "callable %s expected, got %.50s", name, Py_TYPE(hook)->tp_name);
    return -1;
}

static PyObject *sys_set_asyncgen_hooks(PyObject *self, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = { "firstiter", "finalizer", NULL };
    PyObject *firstiter = NULL, *finalizer = NULL;
    PyThreadState *tstate = tstate_get();
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "|OO", keywords, &firstiter, &finalizer) ||
        check_hook(finalizer, "finalizer") < 0 || check_hook(firstiter, "firstiter") < 0)
        return NULL;
    if (finalizer) {
        if (PySys_Audit("sys.set_asyncgen_hook_finalizer", NULL) < 0)
            return NULL;
        Py_XSETREF(tstate->async_gen_finalizer, finalizer == Py_None ? NULL : Py_NewRef(finalizer));
    }
    if (firstiter) {
        if (PySys_Audit("sys.set_asyncgen_hook_firstiter", NULL) < 0)
            return NULL;
        Py_XSETREF(tstate->async_gen_firstiter, firstiter == Py_None ? NULL : Py_NewRef(firstiter));
    }
    Py_RETURN_NONE;
}

static PyObject *sys_get_asyncgen_hooks(PyObject *module, PyObject *unused)
{
    PyThreadState *tstate = tstate_get();
    PyObject *res = PyStructSequence_New(&sys_asyncgen_hooks_type);
    if (res) {
        PyStructSequence_SET_ITEM(
            res, 0, Py_NewRef(tstate->async_gen_firstiter ? tstate->async_gen_firstiter : Py_None));
        PyStructSequence_SET_ITEM(
            res, 1, Py_NewRef(tstate->async_gen_finalizer ? tstate->async_gen_finalizer : Py_None));
    }
    return res;
}

PyMethodDef sys_funcs_methods[] = {
    NOARG(_clear_type_cache, "Clear the cache of attribute lookups on types."),
    NOARG(_current_frames, "Dictionary of each thread's topmost frame by thread id."),
    NOARG(_current_exceptions, "Dictionary of each thread's handled exception by thread id."),
    NOARG(_debugmallocstats, "Print what the small object allocator holds to stderr."),
    FAST(_getframe, "($module, depth=0, /)",
         "A frame of the call stack, depth calls below the top."),
    NOARG(_getquickenedcount, "Number of code objects that a debug build of 3.11 counts; 0 here."),
    NOARG(exc_info, "The exception being handled as (type, value, traceback)."),
    NOARG(exception, "The exception being handled, or None."),
    FAST(exit, "($module, status=None, /)",
         "Raise SystemExit(status): 0 or None is success, other ints are exit codes, anything else "
         "is printed."),
    NOARG(get_asyncgen_hooks, "The hooks of asynchronous generators."),
    NOARG(get_coroutine_origin_tracking_depth,
          "Depth of coroutine origin tracking in this thread."),
    NOARG(get_int_max_str_digits, "Limit on digits in conversions between int and str; 0 is none."),
    NOARG(getallocatedblocks, "Number of memory blocks in use."),
    NOARG(getdefaultencoding, "Encoding that str and bytes use by default: 'utf-8'."),
    NOARG(getdlopenflags, "Flags that extension modules are loaded with."),
    NOARG(getfilesystemencodeerrors, "Error handler for file names."),
    NOARG(getfilesystemencoding, "Encoding of file names."),
    NOARG(getrecursionlimit, "Maximum depth of the call stack."),
    {"getrefcount", sys_getrefcount, METH_O,
     "getrefcount($module, object, /)\n--\n\nReference count of an object; one more than expected, "
     "for the argument."},
    {"getsizeof", (PyCFunction)(void (*)(void))sys_getsizeof, METH_VARARGS | METH_KEYWORDS,
     "getsizeof(object [, default]) -> int\n"
     "\n"
     "Bytes of memory that the object itself takes."},
    NOARG(getswitchinterval, "Seconds that a thread may run while others wait for the lock."),
    ONEARG(intern, "($module, string, /)",
           "The one str with this text that all interned names share."),
    NOARG(is_finalizing, "True while the interpreter shuts down."),
    {"set_asyncgen_hooks", (PyCFunction)(void (*)(void))sys_set_asyncgen_hooks,
     METH_VARARGS | METH_KEYWORDS,
     "set_asyncgen_hooks(* [, firstiter] [, finalizer])\n\nSet the hooks of asynchronous "
     "generators."},
    FASTKW(set_coroutine_origin_tracking_depth, "($module, /, depth)",
           "Let coroutines record depth frames of their creation; 0 turns it off."),
    FASTKW(set_int_max_str_digits, "($module, /, maxdigits)",
           "Set the limit on digits in conversions between int and str."),
    ONEARG(setdlopenflags, "($module, flags, /)",
           "Set the flags that extension modules are loaded with."),
    ONEARG(setrecursionlimit, "($module, limit, /)", "Set the maximum depth of the call stack."),
    ONEARG(setswitchinterval, "($module, interval, /)",
           "Set the seconds that a thread may run while others wait for the lock."),
    {NULL},
};
