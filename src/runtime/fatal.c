/* SPDX-License-Identifier: MIT
 *
 * Fatal errors, and tracebacks written without Python: straight to a descriptor, from any state,
 * even from a signal handler. Nothing here allocates, takes a lock or runs Python code (but
 * fatal_error, when it can show an exception).
 */
#include "runtime/rt.h"
#include "objects/frame.h"
#include <unistd.h>

#define MAX_STRING 500 /* characters shown of a name */
#define MAX_DEPTH 100 /* frames shown of a thread */
#define MAX_THREADS 100 /* threads shown */

static void puts_fd(int fd, const char *s) { _Py_write_noraise(fd, s, strlen(s)); }

/* -- Numbers and text ------------------------------------------------------------------------ */

void _Py_DumpDecimal(int fd, size_t value)
{
    char buf[24], *p = buf + sizeof buf;
    *--p = 0;
    do {
        *--p = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    puts_fd(fd, p);
}

/* At least `width` digits. */
void _Py_DumpHexadecimal(int fd, uintptr_t value, Py_ssize_t width)
{
    char buf[sizeof value * 2 + 1], *end = buf + sizeof buf - 1, *p = end;
    if (width > (Py_ssize_t)sizeof buf - 1)
        width = sizeof buf - 1;
    *end = 0;
    do {
        *--p = Py_hexdigits[value & 15];
        value >>= 4;
    } while (end - p < width || value);
    puts_fd(fd, p);
}

/* Escaped unless printable ASCII. */
static void dump_char(int fd, Py_UCS4 c)
{
    char one[1] = {(char)c};
    if (c >= ' ' && c <= 126) {
        _Py_write_noraise(fd, one, 1);
        return;
    }
    puts_fd(fd, c <= 0xff ? "\\x" : c <= 0xffff ? "\\u" : "\\U");
    _Py_DumpHexadecimal(fd, c, c <= 0xff ? 2 : c <= 0xffff ? 4 : 8);
}

/* Only compact and ready strings are looked into; others would need memory. */
void _Py_DumpASCII(int fd, PyObject *text)
{
    PyASCIIObject *a = (PyASCIIObject *)text;
    if (!PyUnicode_Check(text) || !a->state.compact)
        return;
    Py_ssize_t size = a->length, shown = Py_MIN(size, MAX_STRING);
    const void *data = a->state.ascii ? (void *)(a + 1)
                                      : (void *)((PyCompactUnicodeObject *)text + 1);
    for (Py_ssize_t i = 0; i < shown; i++)
        dump_char(fd, PyUnicode_READ(a->state.kind, data, i));
    if (shown < size)
        puts_fd(fd, "...");
}

/* -- Frames ---------------------------------------------------------------------------------- */

/* May meet a frame in any state: checks what it can, believes the rest. */
static void dump_frame(int fd, Frame *frame)
{
    PyCodeObject *code = frame->f_code;
    puts_fd(fd, "  File ");
    if (code->co_filename && PyUnicode_Check(code->co_filename)) {
        puts_fd(fd, "\"");
        _Py_DumpASCII(fd, code->co_filename);
        puts_fd(fd, "\"");
    } else {
        puts_fd(fd, "???");
    }
    int line = PyCode_Addr2Line(code, frame_lasti(frame) * (int)sizeof(_Py_CODEUNIT));
    puts_fd(fd, ", line ");
    if (line >= 0)
        _Py_DumpDecimal(fd, (size_t)line);
    else
        puts_fd(fd, "???");
    puts_fd(fd, " in ");
    if (code->co_name && PyUnicode_Check(code->co_name))
        _Py_DumpASCII(fd, code->co_name);
    else
        puts_fd(fd, "???");
    puts_fd(fd, "\n");
}

/* At most MAX_DEPTH frames, innermost first. */
static void dump_frames(int fd, PyThreadState *tstate, bool header)
{
    if (header)
        puts_fd(fd, "Stack (most recent call first):\n");
    Frame *frame = tstate->cframe ? tstate->cframe->current_frame : NULL;
    if (!frame) {
        puts_fd(fd, "  <no Python frame>\n");
        return;
    }
    for (unsigned depth = 0; frame; frame = frame->previous, depth++) {
        if (depth >= MAX_DEPTH) {
            puts_fd(fd, "  ...\n");
            break;
        }
        dump_frame(fd, frame);
    }
}

void _Py_DumpTraceback(int fd, PyThreadState *tstate) { dump_frames(fd, tstate, true); }

static void dump_thread_head(int fd, PyThreadState *tstate, bool current)
{
    puts_fd(fd, current ? "Current thread 0x" : "Thread 0x");
    _Py_DumpHexadecimal(fd, tstate->thread_id, sizeof(unsigned long) * 2);
    puts_fd(fd, " (most recent call first):\n");
}

/* Tracebacks of all threads; a message on failure, else NULL. current NULL: find out. */
const char *_Py_DumpTracebackThreads(int fd, PyInterpreterState *interp, PyThreadState *current)
{
    if (!current)
        current = PyGILState_GetThisThreadState();
    if (!interp)
        interp = current ? current->interp : _PyGILState_GetInterpreterStateUnsafe();
    if (!interp)
        return "unable to get the interpreter state";
    PyThreadState *t = PyInterpreterState_ThreadHead(interp);
    if (!t)
        return "unable to get the thread head state";
    for (unsigned n = 0; t; t = PyThreadState_Next(t), n++) {
        if (n)
            puts_fd(fd, "\n");
        if (n >= MAX_THREADS) {
            puts_fd(fd, "...\n");
            break;
        }
        dump_thread_head(fd, t, t == current);
        if (t == current && tstate_get() == NULL && interp->gc.collecting)
            puts_fd(fd, "  Garbage-collecting\n");
        else if (t == current && interp->gc.collecting)
            puts_fd(fd, "  Garbage-collecting\n");
        dump_frames(fd, t, false);
    }
    return NULL;
}

/* sys.stdlib_module_names, found without allocating: the thread may lack the lock. BORROWED */
static PyObject *stdlib_names(PyInterpreterState *interp)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (interp->sysdict && PyDict_Next(interp->sysdict, &pos, &key, &value))
        if (PyUnicode_Check(key) && _PyUnicode_EqualToASCIIString(key, "stdlib_module_names"))
            return value;
    return NULL;
}

/* Names of loaded modules that are neither built in nor part of the standard library. */
EXPORT void _Py_DumpExtensionModules(int fd, PyInterpreterState *interp)
{
    PyObject *modules = interp ? interp->modules : NULL, *key, *value;
    Py_ssize_t pos = 0, count = 0;
    if (!modules || !PyDict_Check(modules))
        return;
    PyObject *stdlib = stdlib_names(interp);
    while (PyDict_Next(modules, &pos, &key, &value)) {
        PyModuleDef *def = PyUnicode_Check(key) && PyModule_Check(value) ? PyModule_GetDef(value)
                                                                         : NULL;
        if (!def || (stdlib && PyAnySet_Check(stdlib) && PySet_Contains(stdlib, key) > 0))
            continue;
        puts_fd(fd, count++ ? ", " : "\nExtension modules: ");
        _Py_DumpASCII(fd, key);
    }
    if (!count)
        return;
    puts_fd(fd, " (total: ");
    _Py_DumpDecimal(fd, (size_t)count);
    puts_fd(fd, ")\n");
}

/* -- Fatal errors ---------------------------------------------------------------------------- */

static void dump_runtime_state(int fd)
{
    puts_fd(fd, "Python runtime state: ");
    PyThreadState *finalizing = _PyRuntime.finalizing;
    if (finalizing) {
        puts_fd(fd, "finalizing (tstate=0x");
        _Py_DumpHexadecimal(fd, (uintptr_t)finalizing, sizeof finalizing * 2);
        puts_fd(fd, ")");
    } else if (_PyRuntime.initialized) {
        puts_fd(fd, "initialized");
    } else if (_PyRuntime.core_initialized) {
        puts_fd(fd, "core initialized");
    } else if (_PyRuntime.preinitialized) {
        puts_fd(fd, "preinitialized");
    } else {
        puts_fd(fd, _PyRuntime.preinitializing ? "preinitializing" : "unknown");
    }
    puts_fd(fd, "\n");
}

/* Shows the raised exception with Python's own means; false when there is none. */
static bool print_exception(PyThreadState *tstate)
{
    PyObject *type, *value, *tb;
    if (!tstate || tstate != tstate_get() || !tstate->curexc_type)
        return false;
    _PyErr_Fetch(tstate, &type, &value, &tb);
    PyObject *file = tstate->interp->sysdict ? sys_get("stderr") : NULL;
    if (!file || file == Py_None)
        return false;
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    if (!tb)
        tb = Py_NewRef(Py_None);
    PyException_SetTraceback(value, tb);
    bool has_tb = tb != Py_None;
    PyErr_Display(type, value, tb);
    PyObject *res = PyObject_CallMethodNoArgs(file, ID(flush));
    if (!res)
        _PyErr_Clear(tstate);
    Py_XDECREF(res);
    return has_tb;
}

/* status < 0: abort(), which leaves a core. A fatal error within a fatal error says no more than
   its message. */
static _Py_NO_RETURN void fatal_error(const char *func, const char *msg, int status)
{
    static bool reentrant;
    int fd = fileno(stderr);
    fflush(stderr);
    puts_fd(fd, "Fatal Python error: ");
    if (func) {
        puts_fd(fd, func);
        puts_fd(fd, ": ");
    }
    puts_fd(fd, msg ? msg : "<message not set>");
    puts_fd(fd, "\n");
    dump_runtime_state(fd);
    if (!reentrant) {
        reentrant = true;
        PyThreadState *tstate = tstate_get();
        PyThreadState *mine = PyGILState_GetThisThreadState();
        PyInterpreterState *interp = tstate ? tstate->interp : mine ? mine->interp : NULL;
        if (tstate && tstate == mine && print_exception(tstate)) {
            rt_flush_std_files();
        } else {
            puts_fd(fd, "\n");
            if (interp)
                _Py_DumpTracebackThreads(fd, interp, mine);
        }
        _Py_DumpExtensionModules(fd, interp);
    }
    if (status < 0)
        abort();
    exit(status);
}

#undef Py_FatalError
void _Py_NO_RETURN Py_FatalError(const char *msg) { fatal_error(NULL, msg, -1); }
void _Py_NO_RETURN _Py_FatalErrorFunc(const char *func, const char *msg)
{
    fatal_error(func, msg, -1);
}

void _Py_NO_RETURN _Py_FatalErrorFormat(const char *func, const char *format, ...)
{
    char msg[1024];
    va_list va;
    va_start(va, format);
    vsnprintf(msg, sizeof msg, format, va);
    va_end(va);
    fatal_error(func, msg, -1);
}

void _Py_NO_RETURN _Py_FatalError_TstateNULL(const char *func)
{
    fatal_error(func, "the function must be called with the GIL held, but the GIL is released "
                "(the current Python thread state is NULL)", -1);
}

EXPORT void _Py_NO_RETURN _Py_FatalRefcountErrorFunc(const char *func, const char *msg)
{
    _Py_FatalErrorFormat(func, "%s: bug likely caused by a refcount error in a C extension", msg);
}

void _Py_NO_RETURN Py_ExitStatusException(PyStatus status)
{
    if (PyStatus_IsExit(status))
        exit(status.exitcode);
    if (PyStatus_IsError(status))
        fatal_error(status.func, status.err_msg, 1);
    Py_FatalError("Py_ExitStatusException() must not be called on success");
}
