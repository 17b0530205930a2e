/* SPDX-License-Identifier: MIT
 *
 * Exceptions that nobody can catch: in destructors, callbacks, at the end. They go to
 * sys.unraisablehook.
 */
#include "runtime/rt.h"

PyDoc_STRVAR(args_doc, "UnraisableHookArgs\n\nWhat sys.unraisablehook is called with.");
static PyStructSequence_Field args_fields[] = {
    {"exc_type", "Exception type"},
    {"exc_value", "Exception value"},
    {"exc_traceback", "Exception traceback"},
    {"err_msg", "Error message"},
    {"object", "Object causing the exception"},
    {NULL},
};
static PyStructSequence_Desc args_desc = {"UnraisableHookArgs", args_doc, args_fields, 5};
PyTypeObject unraisable_args_type;

int unraisable_init(void)
{
    return unraisable_args_type.tp_name
               ? 0
               : PyStructSequence_InitType2(&unraisable_args_type, &args_desc);
}

/* -- Printing -------------------------------------------------------------------------------- */

/* "module.Class" without builtins and __main__. */
static int write_class(PyObject *type, PyObject *file)
{
    PyObject *module = PyObject_GetAttr(type, ID(__module__));
    if (!module || !PyUnicode_Check(module)) {
        PyErr_Clear();
        Py_XDECREF(module);
        if (PyFile_WriteString("<unknown>.", file) < 0)
            return -1;
    } else {
        bool plain = _PyUnicode_EqualToASCIIString(module, "builtins")
                     || _PyUnicode_EqualToASCIIString(module, "__main__");
        int res = plain ? 0 : PyFile_WriteObject(module, file, Py_PRINT_RAW);
        if (res == 0 && !plain)
            res = PyFile_WriteString(".", file);
        Py_DECREF(module);
        if (res < 0)
            return -1;
    }
    PyObject *name = PyObject_GetAttr(type, ID(__qualname__));
    if (!name || !PyUnicode_Check(name)) {
        PyErr_Clear();
        Py_XDECREF(name);
        return PyFile_WriteString("<unknown>", file);
    }
    int res = PyFile_WriteObject(name, file, Py_PRINT_RAW);
    Py_DECREF(name);
    return res;
}

/* "Exception ignored in: repr", or err_msg and the object. */
static int write_head(PyObject *err_msg, PyObject *obj, PyObject *file)
{
    bool message = err_msg && err_msg != Py_None;
    if (obj && obj != Py_None) {
        if (message ? PyFile_WriteObject(err_msg, file, Py_PRINT_RAW) < 0
                          || PyFile_WriteString(": ", file) < 0
                    : PyFile_WriteString("Exception ignored in: ", file) < 0)
            return -1;
        if (PyFile_WriteObject(obj, file, 0) < 0) {
            PyErr_Clear();
            if (PyFile_WriteString("<object repr() failed>", file) < 0)
                return -1;
        }
        return PyFile_WriteString("\n", file);
    }
    if (!message)
        return 0;
    return PyFile_WriteObject(err_msg, file, Py_PRINT_RAW) < 0 ? -1
                                                               : PyFile_WriteString(":\n", file);
}

/* As much as can be written; -1 ends the attempt. */
static int write_unraisable(PyObject *type, PyObject *value, PyObject *tb, PyObject *err_msg,
                            PyObject *obj, PyObject *file)
{
    if (write_head(err_msg, obj, file) < 0)
        return -1;
    if (tb && tb != Py_None && PyTraceBack_Print(tb, file) < 0)
        PyErr_Clear();
    if (!type || type == Py_None)
        return -1;
    if (write_class(type, file) < 0)
        return -1;
    if (value && value != Py_None) {
        if (PyFile_WriteString(": ", file) < 0)
            return -1;
        if (PyFile_WriteObject(value, file, Py_PRINT_RAW) < 0) {
            PyErr_Clear();
            if (PyFile_WriteString("<exception str() failed>", file) < 0)
                return -1;
        }
    }
    if (PyFile_WriteString("\n", file) < 0)
        return -1;
    PyObject *res = PyObject_CallMethodNoArgs(file, ID(flush));
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* The hook that is used when there is none, or when it fails. */
static int write_to_stderr(PyObject *type, PyObject *value, PyObject *tb, PyObject *err_msg,
                           PyObject *obj)
{
    PyObject *file = sys_get("stderr");
    if (!file || file == Py_None)
        return 0;
    Py_INCREF(file);
    int res = write_unraisable(type, value, tb, err_msg, obj, file);
    Py_DECREF(file);
    return res;
}

/* sys.unraisablehook as it is at start. */
PyObject *_PyErr_WriteUnraisableDefaultHook(PyObject *args)
{
    if (!Py_IS_TYPE(args, &unraisable_args_type)) {
        PyErr_SetString(PyExc_TypeError,
                        "sys.unraisablehook argument type must be UnraisableHookArgs");
        return NULL;
    }
#define ITEM(i) PyStructSequence_GET_ITEM(args, i)
    if (write_to_stderr(ITEM(0), ITEM(1), ITEM(2), ITEM(3), ITEM(4)) < 0)
        return NULL;
#undef ITEM
    Py_RETURN_NONE;
}

/* -- Calling the hook ------------------------------------------------------------------------ */

static PyObject *make_args(PyObject *type, PyObject *value, PyObject *tb, PyObject *err_msg,
                           PyObject *obj)
{
    PyObject *args = PyStructSequence_New(&unraisable_args_type),
             *items[] = {type, value, tb, err_msg, obj};
    for (int i = 0; args && i < 5; i++)
        PyStructSequence_SET_ITEM(args, i, Py_NewRef(items[i] ? items[i] : Py_None));
    return args;
}

/* Adds the place where it was raised when C code raised it, and ties the traceback to the value. */
static void complete(PyThreadState *tstate, PyObject **type, PyObject **value, PyObject **tb)
{
    EXPORT PyObject *_PyTraceBack_FromFrame(PyObject *next, PyFrameObject *frame);
    if (!*tb) {
        PyFrameObject *frame = PyThreadState_GetFrame(tstate);
        if (frame) {
            *tb = _PyTraceBack_FromFrame(NULL, frame);
            if (!*tb)
                _PyErr_Clear(tstate);
            Py_DECREF(frame);
        }
    }
    _PyErr_NormalizeException(tstate, type, value, tb);
    if (*tb && *tb != Py_None && PyException_SetTraceback(*value, *tb) < 0)
        _PyErr_Clear(tstate);
}

/* Calls sys.unraisablehook; -1 when there is none to call or it
   failed (the exception raised is the hook's). */
static int call_hook(PyObject *args)
{
    PyObject *hook = sys_get("unraisablehook");
    if (!hook)
        return -1;
    Py_INCREF(hook);
    int audit = PySys_Audit("sys.unraisablehook", "OO", hook, args);
    PyObject *res = audit < 0 || hook == Py_None ? NULL : PyObject_CallOneArg(hook, args);
    Py_DECREF(hook);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* text NULL or what follows "Exception ignored". Nothing is raised afterwards. */
void _PyErr_WriteUnraisableMsg(const char *text, PyObject *obj)
{
    PyThreadState *tstate = tstate_get();
    PyObject *type, *value, *tb, *err_msg = NULL, *args = NULL;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    if (!type)
        goto done;
    complete(tstate, &type, &value, &tb);
    if (text && !(err_msg = PyUnicode_FromFormat("Exception ignored %s", text)))
        PyErr_Clear();
    if (unraisable_init() == 0)
        args = make_args(type, value, tb, err_msg, obj);
    if (args && call_hook(args) == 0)
        goto done;
    if (args && PyErr_Occurred()) {
        /* The hook failed: report both, the hook's failure first. */
        PyObject *t2, *v2, *tb2, *hook = sys_get("unraisablehook");
        _PyErr_Fetch(tstate, &t2, &v2, &tb2);
        complete(tstate, &t2, &v2, &tb2);
        PyObject *msg2 = PyUnicode_FromString("Exception ignored in sys.unraisablehook");
        write_to_stderr(t2, v2, tb2, msg2, hook);
        Py_XDECREF(msg2);
        Py_XDECREF(t2);
        Py_XDECREF(v2);
        Py_XDECREF(tb2);
    } else {
        write_to_stderr(type, value, tb, err_msg, obj);
    }
done:
    Py_XDECREF(args);
    Py_XDECREF(err_msg);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
    _PyErr_Clear(tstate);
}

void PyErr_WriteUnraisable(PyObject *obj) { _PyErr_WriteUnraisableMsg(NULL, obj); }
