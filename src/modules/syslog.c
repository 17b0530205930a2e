/* SPDX-License-Identifier: MIT
 *
 * Module syslog: messages to the system's log.
 *
 * The C library has one connection with the log for the process and keeps the pointer to the
 * identification it was opened with; so the text object is kept here, for the process as well,
 * until the log is opened again or closed.
 */
#include "args.h"
#include "state.h"
#include <syslog.h>

static PyObject *identification; /* strong; what the C library points into, or NULL */
static bool is_open;

/* The last part of sys.argv[0]; NULL without an exception when there is none. */
static PyObject *script_name(void)
{
    PyObject *argv = PySys_GetObject("argv");
    if (!argv || !PyList_Check(argv) || PyList_GET_SIZE(argv) == 0)
        return NULL;
    PyObject *script = PyList_GET_ITEM(argv, 0);
    if (!PyUnicode_Check(script) || PyUnicode_GET_LENGTH(script) == 0)
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(script), slash = PyUnicode_FindChar(script, '/', 0, n, -1);
    if (slash == -2)
        return NULL;
    return slash < 0 ? Py_NewRef(script) : PyUnicode_Substring(script, slash + 1, n);
}

/* Opens the log; STEALS ident, which may be NULL. */
static bool open_log(PyObject *ident, long option, long facility)
{
    const char *text = NULL;
    if (!ident && !(ident = script_name()) && PyErr_Occurred())
        return false;
    if ((ident && !(text = PyUnicode_AsUTF8(ident))) ||
        PySys_Audit("syslog.openlog", "Oll", ident ? ident : Py_None, option, facility) < 0) {
        Py_XDECREF(ident);
        return false;
    }
    openlog(text, (int)option, (int)facility);
    is_open = true;
    Py_XSETREF(identification, ident);
    return true;
}

static PyObject *syslog_openlog(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    ARGS("|Ull:openlog", "ident", "logoption", "facility");
    PyObject *ident = NULL;
    long option = 0, facility = LOG_USER;
    if (!PARSE_PLAIN(&ident, &option, &facility))
        return NULL;
    Py_XINCREF(ident);
    if (!open_log(ident, option, facility))
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *syslog_syslog(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *object;
    int priority = LOG_INFO;
    if (!PARSEP("U", &object)) {
        PyErr_Clear();
        if (!PARSEP("iU", &priority, &object)) {
            PyErr_SetString(PyExc_TypeError, "[priority,] message string");
            return NULL;
        }
    }
    const char *message = PyUnicode_AsUTF8(object);
    if (!message || PySys_Audit("syslog.syslog", "is", priority, message) < 0 ||
        (!is_open && !open_log(NULL, 0, LOG_USER)))
        return NULL;
    PyObject *ident =
        Py_XNewRef(identification); /* another thread may open the log anew meanwhile */
    UNLOCKED(syslog(priority, "%s", message));
    Py_XDECREF(ident);
    Py_RETURN_NONE;
}

static PyObject *syslog_closelog(PyObject *module, PyObject *ignored)
{
    if (PySys_Audit("syslog.closelog", NULL) < 0)
        return NULL;
    if (is_open) {
        closelog();
        Py_CLEAR(identification);
        is_open = false;
    }
    Py_RETURN_NONE;
}

static PyObject *syslog_setlogmask(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    long mask;
    if (!PARSEP("l;mask for priority", &mask) ||
        PySys_Audit("syslog.setlogmask", "(O)", args[0]) < 0)
        return NULL;
    return PyLong_FromLong(setlogmask((int)mask));
}

static PyObject *syslog_LOG_MASK(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    long priority;
    if (!PARSEP("l:LOG_MASK", &priority))
        return NULL;
    return PyLong_FromLong((int)(1u << ((unsigned)priority & 31)));
}

static PyObject *syslog_LOG_UPTO(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    long priority;
    if (!PARSEP("l:LOG_UPTO", &priority))
        return NULL;
    return PyLong_FromLong((int)((1u << (((unsigned)priority + 1) & 31)) - 1));
}

#define CALL(function) (PyCFunction)(void (*)(void))function
static PyMethodDef methods[] = {
    {"openlog", CALL(syslog_openlog), METH_FASTCALL | METH_KEYWORDS,
     "openlog([ident=string, logoption=int, facility=int])\n\nSets what the following messages are "
     "marked with."},
    {"closelog", syslog_closelog, METH_NOARGS, "closelog()\n\nForgets what openlog() set."},
    {"syslog", CALL(syslog_syslog), METH_FASTCALL,
     "syslog([priority=LOG_INFO,] message)\n\nSends a message to the log."},
    {"setlogmask", CALL(syslog_setlogmask), METH_FASTCALL,
     "setlogmask(mask)\n\nSets which priorities are logged; the mask so far."},
    {"LOG_MASK", CALL(syslog_LOG_MASK), METH_FASTCALL,
     "LOG_MASK(priority)\n\nThe mask of one priority."},
    {"LOG_UPTO", CALL(syslog_LOG_UPTO), METH_FASTCALL,
     "LOG_UPTO(priority)\n\nThe mask of all priorities up to one."},
    {NULL, NULL, 0, NULL},
};

#define CONSTANTS(X)                                                                               \
    X(EMERG)                                                                                       \
    X(ALERT) X(CRIT) X(ERR) X(WARNING) X(NOTICE) X(INFO) X(DEBUG) X(PID) X(CONS) X(NDELAY)         \
        X(ODELAY) X(NOWAIT) X(PERROR) X(KERN) X(USER) X(MAIL) X(DAEMON) X(AUTH) X(LPR) X(LOCAL0)   \
            X(LOCAL1) X(LOCAL2) X(LOCAL3) X(LOCAL4) X(LOCAL5) X(LOCAL6) X(LOCAL7) X(SYSLOG)        \
                X(CRON) X(UUCP) X(NEWS) X(AUTHPRIV)

static int syslog_exec(PyObject *module)
{
#define X(name) \
    if (PyModule_AddIntConstant(module, "LOG_" #name, LOG_##name) < 0) \
        return -1;
    CONSTANTS(X)
#undef X
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, syslog_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "syslog", .m_methods = methods, .m_slots = slots,
};

PyMODINIT_FUNC PyInit_syslog(void) { return PyModuleDef_Init(&module_def); }
