/* SPDX-License-Identifier: MIT
 *
 * sys for C code: attributes, writing to the streams, warning and -X options, argv and path, audit
 * hooks (PEP 578).
 */
#include "mem/gc.h"
#include "modules/sys.h"

/* -- Attributes ------------------------------------------------------------------------------ */

PyObject *sys_get(const char *name)
{
    PyThreadState *tstate = tstate_get();
    PyObject *dict = tstate->interp->sysdict;
    return dict ? PyDict_GetItemString(dict, name) : NULL;
}

PyObject *PySys_GetObject(const char *name)
{
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *res = sys_get(name);
    PyErr_Restore(type, value, tb);
    return res;
}

EXPORT PyObject *_PySys_GetAttr(PyThreadState *tstate, PyObject *name)
{
    PyObject *dict = tstate->interp->sysdict;
    return dict ? PyDict_GetItemWithError(dict, name) : NULL;
}

int sys_set_obj(PyObject *key, PyObject *value)
{
    PyObject *dict = interp_get()->sysdict;
    if (value)
        return PyDict_SetItem(dict, key, value);
    int has = dict ? PyDict_Contains(dict, key) : 0;
    return has > 0 ? PyDict_DelItem(dict, key) : has;
}

int PySys_SetObject(const char *name, PyObject *value)
{
    PyObject *key = PyUnicode_InternFromString(name);
    int rc = key ? sys_set_obj(key, value) : -1;
    Py_XDECREF(key);
    return rc;
}

/* Size of an object as sys.getsizeof gives it, with the collector's words; (size_t)-1 with an
 * exception. */
size_t _PySys_GetSizeOf(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    if (PyType_Ready(type) < 0)
        return (size_t)-1;
    PyObject *method = _PyType_Lookup(type, ID(__sizeof__)), *res;
    if (!method) {
        PyErr_Format(PyExc_TypeError, "Type %.100s doesn't define __sizeof__", type->tp_name);
        return (size_t)-1;
    }
    descrgetfunc get = Py_TYPE(method)->tp_descr_get;
    method = get ? get(method, o, (PyObject *)type) : Py_NewRef(method);
    res = method ? PyObject_CallNoArgs(method) : NULL;
    Py_XDECREF(method);
    if (!res)
        return (size_t)-1;
    Py_ssize_t size = PyLong_AsSsize_t(res);
    Py_DECREF(res);
    if (size == -1 && PyErr_Occurred())
        return (size_t)-1;
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "__sizeof__() should return >= 0");
        return (size_t)-1;
    }
    return (size_t)size + type_pre_header_size(Py_TYPE(o));
}

/* -- Writing --------------------------------------------------------------------------------- */

void sys_print_exception_to_fd2(const char *text)
{
    ssize_t n = write(2, text, strlen(text));
    (void)n;
}

/* At most 1000 bytes; a stream that fails is replaced by the C one, and no exception is left
 * behind. */
static void write_stream(const char *name, FILE *fallback, const char *format, va_list va)
{
    char buffer[1001];
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *file = sys_get(name);
    int written = PyOS_vsnprintf(buffer, sizeof buffer, format, va);
    if (!file || file == Py_None || PyFile_WriteString(buffer, file) != 0) {
        PyErr_Clear();
        fputs(buffer, fallback);
    }
    if (written < 0 || (size_t)written >= sizeof buffer) {
        if (!file || file == Py_None || PyFile_WriteString("... truncated", file) != 0)
            fputs("... truncated", fallback);
    }
    PyErr_Restore(type, value, tb);
}

void PySys_WriteStdout(const char *format, ...)
{
    va_list va;
    va_start(va, format);
    write_stream("stdout", stdout, format, va);
    va_end(va);
}

void PySys_WriteStderr(const char *format, ...)
{
    va_list va;
    va_start(va, format);
    write_stream("stderr", stderr, format, va);
    va_end(va);
}

static void format_stream(const char *name, FILE *fallback, const char *format, va_list va)
{
    PyObject *type, *value, *tb, *text;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *file = sys_get(name);
    if ((text = PyUnicode_FromFormatV(format, va))) {
        if (!file || file == Py_None || PyFile_WriteObject(text, file, Py_PRINT_RAW) != 0) {
            PyErr_Clear();
            const char *utf8 = PyUnicode_AsUTF8(text);
            if (utf8)
                fputs(utf8, fallback);
        }
        Py_DECREF(text);
    }
    PyErr_Restore(type, value, tb);
}

void PySys_FormatStdout(const char *format, ...)
{
    va_list va;
    va_start(va, format);
    format_stream("stdout", stdout, format, va);
    va_end(va);
}

void PySys_FormatStderr(const char *format, ...)
{
    va_list va;
    va_start(va, format);
    format_stream("stderr", stderr, format, va);
    va_end(va);
}

/* -- Options --------------------------------------------------------------------------------- */

/* sys.warnoptions, made when missing: BORROWED. */
static PyObject *warn_options(void)
{
    PyObject *options = sys_get("warnoptions");
    if (options && PyList_Check(options))
        return options;
    options = PyList_New(0);
    if (!options || PySys_SetObject("warnoptions", options) < 0) {
        Py_XDECREF(options);
        return NULL;
    }
    Py_DECREF(options);
    return options;
}

void PySys_ResetWarnOptions(void)
{
    PyObject *options = tstate_get() ? sys_get("warnoptions") : NULL;
    if (options && PyList_Check(options))
        PyList_SetSlice(options, 0, PyList_GET_SIZE(options), NULL);
}

void PySys_AddWarnOptionUnicode(PyObject *option)
{
    PyObject *options = warn_options();
    if ((!options || PyList_Append(options, option) < 0) && tstate_get())
        PyErr_Clear();
}

void PySys_AddWarnOption(const wchar_t *s)
{
    if (!tstate_get())
        return;
    PyObject *option = PyUnicode_FromWideChar(s, -1);
    if (option)
        PySys_AddWarnOptionUnicode(option);
    Py_XDECREF(option);
}

int PySys_HasWarnOptions(void)
{
    PyObject *options = sys_get("warnoptions");
    return options && PyList_Check(options) && PyList_GET_SIZE(options) > 0;
}

PyObject *PySys_GetXOptions(void)
{
    PyObject *options = sys_get("_xoptions");
    if (options && PyDict_Check(options))
        return options;
    options = PyDict_New();
    if (!options || PySys_SetObject("_xoptions", options) < 0) {
        Py_XDECREF(options);
        return NULL;
    }
    Py_DECREF(options);
    return options;
}

void PySys_AddXOption(const wchar_t *s)
{
    PyObject *options = tstate_get() ? PySys_GetXOptions() : NULL;
    const wchar_t *eq = wcschr(s, L'=');
    PyObject *name = PyUnicode_FromWideChar(s, eq ? eq - s : -1),
             *value = eq ? PyUnicode_FromWideChar(eq + 1, -1) : Py_NewRef(Py_True);
    if (!options || !name || !value || PyDict_SetItem(options, name, value) < 0)
        PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(value);
}

/* -- argv, path ------------------------------------------------------------------------------ */

static void set_wide_list(const char *name, const wchar_t *const *items, Py_ssize_t n)
{
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list && i < n; i++) {
        PyObject *item = PyUnicode_FromWideChar(items[i], -1);
        if (!item || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
    if (!list || PySys_SetObject(name, list) < 0)
        Py_FatalError("can't assign to a sys attribute");
    Py_DECREF(list);
}

void PySys_SetPath(const wchar_t *path)
{
    PyObject *text = PyUnicode_FromWideChar(path, -1);
    PyObject *list = text ? PyUnicode_Split(text, latin1_char(':'), -1) : NULL;
    if (!list || PySys_SetObject("path", list) < 0)
        Py_FatalError("can't assign sys.path");
    Py_DECREF(list);
    Py_DECREF(text);
}

int _PyPathConfig_ComputeSysPath0(const PyWideStringList *argv, PyObject **path0);

void PySys_SetArgvEx(int argc, wchar_t **argv, int updatepath)
{
    wchar_t *empty[] = { L"" };
    PyWideStringList list = { .length = argc < 1 ? 1 : argc, .items = argc < 1 ? empty : argv };
    PyObject *path = sys_get("path"), *path0 = NULL;
    set_wide_list("argv", (const wchar_t *const *)list.items, list.length);
    if (!updatepath || !path || !PyList_Check(path))
        return;
    if (_PyPathConfig_ComputeSysPath0(&list, &path0) > 0 && path0 &&
        PyList_Insert(path, 0, path0) < 0)
        Py_FatalError("can't prepend path0 to sys.path");
    Py_XDECREF(path0);
}

void PySys_SetArgv(int argc, wchar_t **argv) { PySys_SetArgvEx(argc, argv, Py_IsolatedFlag == 0); }

/* -- Audit hooks ----------------------------------------------------------------------------- */

typedef struct AuditHook {
    struct AuditHook *next;
    Py_AuditHookFunction call;
    void *user; /* passed to it */
} AuditHook;

int sys_should_audit(PyInterpreterState *interp)
{
    return _PyRuntime.audit_hook_head || (interp && interp->audit_hooks);
}

/* Python-level hooks run with tracing off unless they have __cantrace__. */
static int call_python_hooks(PyThreadState *tstate, PyObject *hooks, PyObject *event,
                             PyObject *args)
{
    PyObject *it = PyObject_GetIter(hooks), *hook;
    if (!it)
        return -1;
    PyThreadState_EnterTracing(tstate);
    while ((hook = PyIter_Next(it))) {
        PyObject *attribute, *res = NULL;
        int can_trace = _PyObject_LookupAttr(hook, ID(__cantrace__), &attribute);
        if (can_trace > 0) {
            can_trace = PyObject_IsTrue(attribute);
            Py_DECREF(attribute);
        }
        if (can_trace > 0)
            PyThreadState_LeaveTracing(tstate);
        if (can_trace >= 0)
            res = PyObject_CallFunctionObjArgs(hook, event, args, NULL);
        if (can_trace > 0)
            PyThreadState_EnterTracing(tstate);
        Py_DECREF(hook);
        Py_XDECREF(res);
        if (!res)
            break;
    }
    PyThreadState_LeaveTracing(tstate);
    Py_DECREF(it);
    return PyErr_Occurred() ? -1 : 0;
}

static int audit(PyThreadState *tstate, const char *event, PyObject *args)
{
    PyObject *type, *value, *tb, *name = NULL;
    int rc = 0;
    PyErr_Fetch(&type, &value, &tb);
    for (AuditHook *hook = _PyRuntime.audit_hook_head; rc >= 0 && hook; hook = hook->next)
        if (hook->call(event, args, hook->user) < 0)
            rc = -1;
    if (rc == 0 && tstate->interp->audit_hooks) {
        name = PyUnicode_FromString(event);
        rc = name ? call_python_hooks(tstate, tstate->interp->audit_hooks, name, args) : -1;
        Py_XDECREF(name);
    }
    if (rc == 0) {
        PyErr_Restore(type, value, tb);
    } else {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(tb);
    }
    return rc;
}

int PySys_Audit(const char *event, const char *format, ...)
{
    PyThreadState *tstate = tstate_get();
    /* The usual case: nobody listens. */
    if (LIKELY(!tstate || !sys_should_audit(tstate->interp)))
        return 0;
    PyObject *args = NULL;
    if (format && *format) {
        va_list va;
        va_start(va, format);
        args = _Py_VaBuildValue_SizeT(format, va);
        va_end(va);
        if (args && !PyTuple_Check(args))
            Py_SETREF(args, PyTuple_Pack(1, args));
    } else {
        args = PyTuple_New(0);
    }
    int rc = args ? audit(tstate, event, args) : -1;
    Py_XDECREF(args);
    return rc;
}

int sys_audit_tuple(const char *event, PyObject *args) { return audit(tstate_get(), event, args); }

int PySys_AddAuditHook(Py_AuditHookFunction call, void *user)
{
    PyThreadState *tstate = _PyRuntime.initialized ? tstate_get() : NULL;
    /* Existing hooks may veto a new one by an exception derived from Exception. */
    if (tstate && PySys_Audit("sys.addaudithook", NULL) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_RuntimeError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    AuditHook *hook = PyMem_RawMalloc(sizeof *hook),
              **end = (AuditHook **)&_PyRuntime.audit_hook_head;
    if (!hook) {
        if (tstate)
            PyErr_NoMemory();
        return -1;
    }
    *hook = (AuditHook){ NULL, call, user };
    while (*end)
        end = &(*end)->next;
    *end = hook;
    return 0;
}

void sys_clear_audit_hooks(PyThreadState *tstate)
{
    AuditHook *hook = _PyRuntime.audit_hook_head;
    if (!hook)
        return;
    /* The hooks see their own end; nothing can stop it. */
    PySys_Audit("cpython._PySys_ClearAuditHooks", NULL);
    PyErr_Clear();
    _PyRuntime.audit_hook_head = NULL;
    while (hook) {
        AuditHook *next = hook->next;
        PyMem_RawFree(hook);
        hook = next;
    }
}
