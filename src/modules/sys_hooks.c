/* SPDX-License-Identifier: MIT
 *
 * Hooks of module sys: displaying values and exceptions, breakpoints, tracing, auditing.
 *
 * A trace or profile function is the thread's (c_tracefunc, c_traceobj in the thread state); the
 * functions here put a C function there that calls the Python one (…_trampoline).
 */
#include "modules/sys.h"

#include "objects/frame.h"

#include <frameobject.h>

#include "vm/vm.h"

extern EXPORT int _PyEval_SetTrace(PyThreadState *tstate, Py_tracefunc func, PyObject *arg);
extern EXPORT int _PyEval_SetProfile(PyThreadState *tstate, Py_tracefunc func, PyObject *arg);

/* -- Display --------------------------------------------------------------------------------- */

/* Writes repr(o); what the stream cannot encode is escaped. */
static int write_repr(PyObject *out, PyObject *o)
{
    if (PyFile_WriteObject(o, out, 0) == 0)
        return 0;
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return -1;
    PyErr_Clear();
    PyObject *encoding = PyObject_GetAttr(out, ID(encoding)), *repr = NULL, *bytes = NULL,
             *buffer = NULL, *res = NULL;
    const char *name = encoding ? PyUnicode_AsUTF8(encoding) : NULL;
    if (name && (repr = PyObject_Repr(o)) &&
        (bytes = PyUnicode_AsEncodedString(repr, name, "backslashreplace"))) {
        if (_PyObject_LookupAttr(out, ID(buffer), &buffer) > 0) {
            res = PyObject_CallMethodOneArg(buffer, ID(write), bytes);
        } else if (!PyErr_Occurred()) {
            PyObject *text = PyUnicode_FromEncodedObject(bytes, name, "strict");
            if (text && PyFile_WriteObject(text, out, Py_PRINT_RAW) == 0)
                res = Py_NewRef(Py_None);
            Py_XDECREF(text);
        }
    }
    Py_XDECREF(encoding);
    Py_XDECREF(repr);
    Py_XDECREF(bytes);
    Py_XDECREF(buffer);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

static PyObject *sys_displayhook(PyObject *module, PyObject *o)
{
    PyObject *builtins = PyImport_GetModule(ID(builtins));
    if (!builtins) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "lost builtins module");
        return NULL;
    }
    Py_DECREF(builtins);
    if (o == Py_None)
        Py_RETURN_NONE;
    /* `_` is unset meanwhile, so that the stream's write sees no stale value. */
    if (PyObject_SetAttr(builtins, ID(_), Py_None) < 0)
        return NULL;
    PyObject *out = sys_get("stdout");
    if (!out || out == Py_None) {
        PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
        return NULL;
    }
    if (write_repr(out, o) < 0 || PyFile_WriteObject(latin1_char('\n'), out, Py_PRINT_RAW) != 0 ||
        PyObject_SetAttr(builtins, ID(_), o) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *sys_excepthook(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("excepthook", nargs, 3, 3))
        return NULL;
    PyErr_Display(args[0], args[1], args[2]);
    Py_RETURN_NONE;
}

static PyObject *sys_unraisablehook(PyObject *module, PyObject *unraisable)
{
    return _PyErr_WriteUnraisableDefaultHook(unraisable);
}

/* PYTHONBREAKPOINT names the function; empty is pdb.set_trace, 0 nothing. */
static PyObject *sys_breakpointhook(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    const char *name = _Py_GetEnv(interp_get()->config.use_environment, "PYTHONBREAKPOINT");
    if (!name || !*name)
        name = "pdb.set_trace";
    else if (!strcmp(name, "0"))
        Py_RETURN_NONE;
    char *copy = _PyMem_RawStrdup(name);
    if (!copy)
        return PyErr_NoMemory();
    char *dot = strrchr(copy, '.');
    const char *module_name = dot ? copy : "builtins", *attribute = dot ? dot + 1 : copy;
    if (dot)
        *dot = 0;
    bool importable = dot != copy; /* a name may not begin with a dot */
    PyObject *module = importable ? PyImport_ImportModule(module_name) : NULL;
    PyObject *hook = module ? PyObject_GetAttrString(module, attribute) : NULL, *res = NULL;
    if (!module && importable)
        importable = !PyErr_ExceptionMatches(PyExc_ImportError);
    else if (module && !hook)
        importable = !PyErr_ExceptionMatches(PyExc_AttributeError);
    Py_XDECREF(module);
    if (hook)
        res = PyObject_Vectorcall(hook, args, (size_t)nargs, kwnames);
    else if (!importable) {
        PyErr_Clear();
        if (PyErr_WarnFormat(PyExc_RuntimeWarning, 0,
                             "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", name) == 0)
            res = Py_NewRef(Py_None);
    }
    Py_XDECREF(hook);
    PyMem_RawFree(copy);
    return res;
}

/* -- Tracing --------------------------------------------------------------------------------- */

/* Calls a Python trace or profile function with the frame, the event's name and its argument. */
static PyObject *call_tracer(PyObject *callback, PyFrameObject *frame, int what, PyObject *arg)
{
    PyObject *const names[] = {ID(call),   ID(exception),   ID(line),     ID(return ),
                               ID(c_call), ID(c_exception), ID(c_return), ID(opcode)};
    if (PyFrame_FastToLocalsWithError(frame) < 0)
        return NULL;
    PyObject *stack[] = { (PyObject *)frame, names[what], arg ? arg : Py_None };
    PyObject *res = PyObject_Vectorcall(callback, stack, 3, NULL);
    PyFrame_LocalsToFast(frame, 1);
    if (!res)
        PyTraceBack_Here(frame);
    return res;
}

static int profile_trampoline(PyObject *self, PyFrameObject *frame, int what, PyObject *arg)
{
    PyObject *res = call_tracer(self, frame, what, arg);
    if (!res)
        _PyEval_SetProfile(tstate_get(), NULL, NULL);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* The global function sees calls; what it returns traces the frame. */
static int trace_trampoline(PyObject *self, PyFrameObject *frame, int what, PyObject *arg)
{
    PyObject *callback = what == PyTrace_CALL ? self : frame->f_trace;
    if (!callback)
        return 0;
    PyObject *res = call_tracer(callback, frame, what, arg);
    if (!res) {
        _PyEval_SetTrace(tstate_get(), NULL, NULL);
        Py_CLEAR(frame->f_trace);
        return -1;
    }
    if (res != Py_None)
        Py_XSETREF(frame->f_trace, res);
    else
        Py_DECREF(res);
    return 0;
}

static PyObject *sys_settrace(PyObject *self, PyObject *function)
{
    PyThreadState *tstate = tstate_get();
    int rc = function == Py_None ? _PyEval_SetTrace(tstate, NULL, NULL)
                                 : _PyEval_SetTrace(tstate, trace_trampoline, function);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *sys_setprofile(PyObject *self, PyObject *function)
{
    PyThreadState *tstate = tstate_get();
    int rc = function == Py_None ? _PyEval_SetProfile(tstate, NULL, NULL)
                                 : _PyEval_SetProfile(tstate, profile_trampoline, function);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *sys_gettrace(PyObject *module, PyObject *unused)
{
    PyObject *function = tstate_get()->c_traceobj;
    return Py_NewRef(function ? function : Py_None);
}

static PyObject *sys_getprofile(PyObject *module, PyObject *unused)
{
    PyObject *function = tstate_get()->c_profileobj;
    return Py_NewRef(function ? function : Py_None);
}

static PyObject *sys_call_tracing(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("call_tracing", nargs, 2, 2))
        return NULL;
    if (!PyTuple_Check(args[1])) {
        _PyArg_BadArgument("call_tracing", "argument 2", "tuple", args[1]);
        return NULL;
    }
    return _PyEval_CallTracing(args[0], args[1]);
}

/* -- Auditing -------------------------------------------------------------------------------- */

static PyObject *sys_addaudithook(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                  PyObject *kwnames)
{
    ARGS("O:addaudithook", "hook");
    PyObject *hook;
    PyInterpreterState *interp = interp_get();
    if (!PARSE(&hook))
        return NULL;
    if (PySys_Audit("sys.addaudithook", NULL) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_Exception))
            return NULL;
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    if (!interp->audit_hooks) {
        if (!(interp->audit_hooks = PyList_New(0)))
            return NULL;
        PyObject_GC_UnTrack(interp->audit_hooks); /* nobody shall find the hooks through gc */
    }
    return PyList_Append(interp->audit_hooks, hook) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *sys_audit(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs == 0)
        return PyErr_Format(PyExc_TypeError,
                            "audit() missing 1 required positional argument: 'event'");
    if (!sys_should_audit(interp_get()))
        Py_RETURN_NONE;
    if (!PyUnicode_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "expected str for argument 'event', not %.200s",
                            Py_TYPE(args[0])->tp_name);
    const char *event = PyUnicode_AsUTF8(args[0]);
    PyObject *rest = event ? PyTuple_New(nargs - 1) : NULL;
    if (!rest)
        return NULL;
    for (Py_ssize_t i = 1; i < nargs; i++)
        PyTuple_SET_ITEM(rest, i - 1, Py_NewRef(args[i]));
    int rc = sys_audit_tuple(event, rest);
    Py_DECREF(rest);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

PyMethodDef sys_hooks_methods[] = {
    FASTKW(addaudithook, "($module, /, hook)",
           "Add a function that is called with (event, args) for every audit event."),
    {"audit", (PyCFunction)(void (*)(void))sys_audit, METH_FASTCALL,
     "audit(event, *args)\n\nPass an event to the audit hooks."},
    {"breakpointhook", (PyCFunction)(void (*)(void))sys_breakpointhook,
     METH_FASTCALL | METH_KEYWORDS, "breakpointhook(*args, **kws)\n\nWhat breakpoint() calls."},
    FAST(call_tracing, "($module, func, args, /)",
         "Call func(*args) with tracing on; for recursive debugging."),
    ONEARG(displayhook, "($module, object, /)",
           "Print an object to sys.stdout and keep it as builtins._; what the prompt does with "
           "values."),
    FAST(excepthook, "($module, exctype, value, traceback, /)",
         "Print an exception and its traceback to sys.stderr."),
    NOARG(getprofile, "The profile function, or None."),
    NOARG(gettrace, "The trace function, or None."),
    {"setprofile", sys_setprofile, METH_O,
     "setprofile(function)\n\nSet the function called at calls, returns and exceptions of "
     "functions."},
    {"settrace", sys_settrace, METH_O,
     "settrace(function)\n\nSet the function called at each call; what it returns is called at the "
     "frame's lines."},
    ONEARG(unraisablehook, "($module, unraisable, /)",
           "Print an exception that nobody can handle to sys.stderr."),
    {NULL},
};
