/* SPDX-License-Identifier: MIT
 *
 * Processes: fork, exec, exit, kill, and the family of waits.
 *
 * fork runs with the import lock and all fork hooks held (PyOS_BeforeFork and its two ends).
 */
#include "posix_impl.h"

#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* -- Strings for exec ------------------------------------------------------------------------ */

void strings_free(char **strings)
{
    for (char **s = strings; s && *s; s++)
        PyMem_Free(*s);
    PyMem_Free(strings);
}

static char *fs_string(PyObject *o)
{
    PyObject *bytes;
    if (!PyUnicode_FSConverter(o, &bytes))
        return NULL;
    size_t n = (size_t)PyBytes_GET_SIZE(bytes) + 1;
    char *copy = PyMem_Malloc(n);
    if (copy)
        memcpy(copy, PyBytes_AS_STRING(bytes), n);
    else
        PyErr_NoMemory();
    Py_DECREF(bytes);
    return copy;
}

char **argv_from_sequence(PyObject *seq, Py_ssize_t *count)
{
    Py_ssize_t n = PySequence_Size(seq);
    char **argv = n < 0 ? NULL : PyMem_Calloc((size_t)n + 1, sizeof(char *));
    if (n >= 0 && !argv)
        return (char **)PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PySequence_ITEM(seq, i);
        argv[i] = item ? fs_string(item) : NULL;
        Py_XDECREF(item);
        if (!argv[i]) {
            strings_free(argv);
            return NULL;
        }
    }
    *count = n;
    return argv;
}

static char *env_entry(PyObject *key, PyObject *value)
{
    PyObject *k = NULL, *v = NULL;
    char *entry = NULL;
    if (!PyUnicode_FSConverter(key, &k) || !PyUnicode_FSConverter(value, &v))
        goto done;
    if (PyBytes_GET_SIZE(k) == 0 || strchr(PyBytes_AS_STRING(k) + 1, '=')) {
        PyErr_SetString(PyExc_ValueError, "illegal environment variable name");
        goto done;
    }
    size_t n = (size_t)(PyBytes_GET_SIZE(k) + PyBytes_GET_SIZE(v)) + 2;
    entry = PyMem_Malloc(n);
    if (entry)
        snprintf(entry, n, "%s=%s", PyBytes_AS_STRING(k), PyBytes_AS_STRING(v));
    else
        PyErr_NoMemory();
done:
    Py_XDECREF(k);
    Py_XDECREF(v);
    return entry;
}

/* "KEY=VALUE" strings, for strings_free; NULL with an exception. */
char **envp_from_mapping(PyObject *env)
{
    char **envp = NULL;
    PyObject *keys = PyMapping_Keys(env), *values = keys ? PyMapping_Values(env) : NULL;
    if (!values)
        goto fail;
    if (!PyList_Check(keys) || !PyList_Check(values)) {
        PyErr_SetString(PyExc_TypeError, "env.keys() or env.values() is not a list");
        goto fail;
    }
    Py_ssize_t n = PyList_GET_SIZE(keys);
    envp = PyMem_Calloc((size_t)n + 1, sizeof(char *));
    if (!envp) {
        PyErr_NoMemory();
        goto fail;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        if (!(envp[i] = env_entry(PyList_GetItem(keys, i), PyList_GetItem(values, i))))
            goto fail;
    Py_DECREF(keys);
    Py_DECREF(values);
    return envp;
fail:
    strings_free(envp);
    Py_XDECREF(keys);
    Py_XDECREF(values);
    return NULL;
}

/* -- Exec ------------------------------------------------------------------------------------ */

/* argv for execv(e): checked as 3.11 does; `function` names the caller. */
static char **exec_argv(const char *function, PyObject *argv)
{
    Py_ssize_t n;
    bool plain = !strcmp(function, "execv");
    if (!PyList_Check(argv) && !PyTuple_Check(argv)) {
        PyErr_Format(PyExc_TypeError,
                     plain ? "execv() arg 2 must be a tuple or list"
                           : "%s: argv must be a tuple or list",
                     function);
        return NULL;
    }
    if (PySequence_Size(argv) < 1) {
        PyErr_Format(PyExc_ValueError,
                     plain ? "execv() arg 2 must not be empty" : "%s: argv must not be empty",
                     function);
        return NULL;
    }
    char **list = argv_from_sequence(argv, &n);
    if (list && !list[0][0]) {
        PyErr_Format(PyExc_ValueError, plain ? "execv() arg 2 first element cannot be empty"
                                             : "%s: argv first element cannot be empty", function);
        strings_free(list);
        return NULL;
    }
    return list;
}

FNP(execv)
{
    PathArg path = PATH_ARG("execv", "path", false, false);
    PyObject *args_object;
    if (!PARSEP("O&O:execv", path_converter, &path, &args_object))
        return NULL;
    char **argv = exec_argv("execv", args_object);
    if (argv && PySys_Audit("os.exec", "OOO", path.object, args_object, Py_None) >= 0) {
        execv(path.narrow, argv);
        posix_error();
    }
    strings_free(argv);
    path_done(&path);
    return NULL;
}

FN(execve)
{
    ARGS("O&OO:execve", "path", "argv", "env");
    PathArg path = PATH_ARG("execve", "path", false, true);
    PyObject *args_object, *env;
    char **argv = NULL, **envp = NULL;
    if (!PARSE(path_converter, &path, &args_object, &env))
        return NULL;
    if (!(argv = exec_argv("execve", args_object)))
        goto done;
    if (!PyMapping_Check(env)) {
        PyErr_SetString(PyExc_TypeError, "execve: environment must be a mapping object");
        goto done;
    }
    if (!(envp = envp_from_mapping(env)) ||
        PySys_Audit("os.exec", "OOO", path.object, args_object, env) < 0)
        goto done;
    if (path.fd > -1)
        fexecve(path.fd, argv, envp);
    else
        execve(path_address(&path), argv, envp);
    path_error(&path);
done:
    strings_free(argv);
    strings_free(envp);
    path_done(&path);
    return NULL;
}

/* -- Fork ------------------------------------------------------------------------------------ */

static PyObject *fork_result(pid_t pid)
{
    if (pid == 0) {
        PyOS_AfterFork_Child();
        return PyLong_FromLong(0);
    }
    int saved = errno;
    PyOS_AfterFork_Parent();
    errno = saved;
    return pid < 0 ? posix_error() : PyLong_FromLong(pid);
}

FN0(fork)
{
    if (_Py_GetConfig()->_isolated_interpreter)
        return PyErr_Format(PyExc_RuntimeError, "fork not supported for isolated subinterpreters");
    if (PySys_Audit("os.fork", NULL) < 0)
        return NULL;
    PyOS_BeforeFork();
    return fork_result(fork());
}

FN0(forkpty)
{
    int master = -1;
    if (PySys_Audit("os.forkpty", NULL) < 0)
        return NULL;
    PyOS_BeforeFork();
    pid_t pid = forkpty(&master, NULL, NULL, NULL);
    PyObject *res = fork_result(pid);
    return res ? Py_BuildValue("(Ni)", res, master) : NULL;
}

FN(register_at_fork)
{
    ARGS("|$OOO:register_at_fork", "before", "after_in_child", "after_in_parent");
    PyObject *given[3] = { NULL };
    PyInterpreterState *interp = PyInterpreterState_Get();
    PyObject **lists[3] = {&interp->before_forkers, &interp->after_forkers_child,
                           &interp->after_forkers_parent};
    static const char *const names[] = { "before", "after_in_child", "after_in_parent" };
    if (!PARSE(&given[0], &given[1], &given[2]))
        return NULL;
    if (!given[0] && !given[1] && !given[2])
        return PyErr_Format(PyExc_TypeError, "At least one argument is required.");
    for (int i = 0; i < 3; i++)
        if (given[i] && !PyCallable_Check(given[i]))
            return PyErr_Format(PyExc_TypeError, "'%s' must be callable, not %.200s", names[i],
                                Py_TYPE(given[i])->tp_name);
    for (int i = 0; i < 3; i++) {
        if (!given[i])
            continue;
        if (!*lists[i] && !(*lists[i] = PyList_New(0)))
            return NULL;
        if (PyList_Append(*lists[i], given[i]) < 0)
            return NULL;
    }
    Py_RETURN_NONE;
}

/* -- Signals, exit --------------------------------------------------------------------------- */

FNP(kill)
{
    pid_t pid;
    int signal;
    if (!PARSEP_PLAIN("O&i:kill", pid_converter, &pid, &signal) ||
        PySys_Audit("os.kill", "ii", pid, signal) < 0)
        return NULL;
    if (kill(pid, signal) < 0)
        return posix_error();
    /* A signal to ourselves is handled before the call returns. */
    if (PyErr_CheckSignals() < 0)
        return NULL;
    Py_RETURN_NONE;
}

FNP(killpg)
{
    pid_t pgid;
    int signal;
    if (!PARSEP_PLAIN("O&i:killpg", pid_converter, &pgid, &signal) ||
        PySys_Audit("os.killpg", "ii", pgid, signal) < 0)
        return NULL;
    if (killpg(pgid, signal) < 0)
        return posix_error();
    if (PyErr_CheckSignals() < 0)
        return NULL;
    Py_RETURN_NONE;
}

FN(_exit)
{
    ARGS("i:_exit", "status");
    int status;
    if (!PARSE(&status))
        return NULL;
    _exit(status);
}

FN0(abort) { abort(); }

FN(system)
{
    ARGS("O&:system", "command");
    PyObject *command;
    long result;
    if (!PARSE(PyUnicode_FSConverter, &command))
        return NULL;
    if (PySys_Audit("os.system", "(O)", command) < 0) {
        Py_DECREF(command);
        return NULL;
    }
    UNLOCKED(result = system(PyBytes_AS_STRING(command)));
    Py_DECREF(command);
    return PyLong_FromLong(result);
}

/* -- Waiting --------------------------------------------------------------------------------- */

static PyObject *pid_status(pid_t pid, int status, int signalled)
{
    return pid < 0 ? (signalled ? NULL : posix_error()) : Py_BuildValue("(ii)", pid, status);
}

FN0(wait)
{
    int status = 0, signalled = 0;
    pid_t pid;
    RETRY_EINTR(pid, signalled, wait(&status));
    return pid_status(pid, status, signalled);
}

FNP(waitpid)
{
    pid_t pid, res;
    int options, status = 0, signalled = 0;
    if (!PARSEP_PLAIN("O&i:waitpid", pid_converter, &pid, &options))
        return NULL;
    RETRY_EINTR(res, signalled, waitpid(pid, &status, options));
    return pid_status(res, status, signalled);
}

/* wait4's result (pid, status, struct_rusage), the type taken from module resource. */
static PyObject *wait_usage(pid_t pid, int options)
{
    struct rusage u = { 0 };
    int status = 0, signalled = 0;
    pid_t res;
    RETRY_EINTR(res, signalled, wait4(pid, &status, options, &u));
    if (res < 0)
        return signalled ? NULL : posix_error();
    PyObject *resource = PyImport_ImportModule("resource");
    PyObject *type = resource ? PyObject_GetAttrString(resource, "struct_rusage") : NULL;
    PyObject *usage = NULL;
    if (type) {
        PyObject *values = Py_BuildValue(
            "(ddllllllllllllll)", (double)u.ru_utime.tv_sec + 1e-6 * (double)u.ru_utime.tv_usec,
            (double)u.ru_stime.tv_sec + 1e-6 * (double)u.ru_stime.tv_usec, u.ru_maxrss, u.ru_ixrss,
            u.ru_idrss, u.ru_isrss, u.ru_minflt, u.ru_majflt, u.ru_nswap, u.ru_inblock,
            u.ru_oublock, u.ru_msgsnd, u.ru_msgrcv, u.ru_nsignals, u.ru_nvcsw, u.ru_nivcsw);
        usage = values ? PyObject_CallOneArg(type, values) : NULL;
        Py_XDECREF(values);
    }
    Py_XDECREF(type);
    Py_XDECREF(resource);
    return usage ? Py_BuildValue("(iiN)", res, status, usage) : NULL;
}

FN(wait3)
{
    ARGS("i:wait3", "options");
    int options;
    return PARSE(&options) ? wait_usage(-1, options) : NULL;
}

FN(wait4)
{
    ARGS("O&i:wait4", "pid", "options");
    pid_t pid;
    int options;
    return PARSE_PLAIN(pid_converter, &pid, &options) ? wait_usage(pid, options) : NULL;
}

static PyStructSequence_Field waitid_fields[] = {
    {"si_pid", ""},    {"si_uid", ""},  {"si_signo", ""},
    {"si_status", ""}, {"si_code", ""}, {NULL, NULL},
};
static PyStructSequence_Desc waitid_desc = {
    "posix.waitid_result",
    "waitid_result: Result from waitid.\n\nA tuple of (si_pid, si_uid, si_signo, si_status, "
    "si_code) whose items are also attributes.",
    waitid_fields, 5};

FNP(waitid)
{
    int idtype, options, rc, signalled = 0;
    pid_t id;
    siginfo_t info = { 0 };
    if (!PARSEP_PLAIN("iO&i:waitid", &idtype, pid_converter, &id, &options))
        return NULL;
    RETRY_EINTR(rc, signalled, waitid((idtype_t)idtype, (id_t)id, &info, options));
    if (rc < 0)
        return signalled ? NULL : posix_error();
    if (info.si_pid == 0)
        Py_RETURN_NONE;
    PyObject *res = PyStructSequence_New(posix_state(module)->WaitidResult);
    if (!res)
        return NULL;
    PyStructSequence_SET_ITEM(res, 0, PyLong_FromLong(info.si_pid));
    PyStructSequence_SET_ITEM(res, 1, uid_to_object(info.si_uid));
    PyStructSequence_SET_ITEM(res, 2, PyLong_FromLong(info.si_signo));
    PyStructSequence_SET_ITEM(res, 3, PyLong_FromLong(info.si_status));
    PyStructSequence_SET_ITEM(res, 4, PyLong_FromLong(info.si_code));
    if (PyErr_Occurred())
        Py_CLEAR(res);
    return res;
}

FN(pidfd_open)
{
    ARGS("O&|I:pidfd_open", "pid", "flags");
    pid_t pid;
    unsigned flags = 0;
    if (!PARSE_PLAIN(pid_converter, &pid, &flags))
        return NULL;
    int fd = (int)syscall(SYS_pidfd_open, pid, flags);
    return fd < 0 ? posix_error() : PyLong_FromLong(fd);
}

/* -- Exit statuses --------------------------------------------------------------------------- */

FN1(WCOREDUMP)
{
    int status;
    return PARSEP("i:WCOREDUMP", &status) ? PyBool_FromLong(WCOREDUMP(status)) : NULL;
}

#define STATUS_FUNCTION(name, convert) \
    FN(name) \
    { \
        ARGS("i:" #name, "status"); \
        int status; \
        return PARSE(&status) ? convert(name(status)) : NULL; \
    }
STATUS_FUNCTION(WIFCONTINUED, PyBool_FromLong)
STATUS_FUNCTION(WIFSTOPPED, PyBool_FromLong)
STATUS_FUNCTION(WIFSIGNALED, PyBool_FromLong)
STATUS_FUNCTION(WIFEXITED, PyBool_FromLong)
STATUS_FUNCTION(WEXITSTATUS, PyLong_FromLong)
STATUS_FUNCTION(WTERMSIG, PyLong_FromLong)
STATUS_FUNCTION(WSTOPSIG, PyLong_FromLong)

FN(waitstatus_to_exitcode)
{
    ARGS("i:waitstatus_to_exitcode", "status");
    int status;
    if (!PARSE(&status))
        return NULL;
    if (WIFEXITED(status))
        return PyLong_FromLong(WEXITSTATUS(status));
    if (WIFSIGNALED(status))
        return PyLong_FromLong(-WTERMSIG(status));
    if (WIFSTOPPED(status))
        return PyErr_Format(PyExc_ValueError, "process stopped by delivery of signal %i",
                            WSTOPSIG(status));
    return PyErr_Format(PyExc_ValueError, "invalid wait status: %i", status);
}

int posix_process_init(PyObject *module)
{
    return posix_add_structseq(module, &waitid_desc, &posix_state(module)->WaitidResult);
}

PyMethodDef posix_process_methods[] = {
    METHODP(execv, "($module, path, argv, /)", "Replace this process by a program."),
    METHOD(execve, "($module, /, path, argv, env)",
           "Replace this process by a program with an environment."),
    METHOD0(fork, "Fork; 0 in the child, the child's id in the parent."),
    METHOD0(forkpty, "Fork with a new pseudo-terminal; returns (pid, master_fd)."),
    METHOD(register_at_fork,
           "($module, /, *, before=<unrepresentable>,\n                 "
           "after_in_child=<unrepresentable>,\n                 after_in_parent=<unrepresentable>)",
           "Register functions to be called around a fork."),
    METHODP(kill, "($module, pid, signal, /)", "Send a signal to a process."),
    METHODP(killpg, "($module, pgid, signal, /)", "Send a signal to a process group."),
    METHOD(_exit, "($module, /, status)", "End the process at once, without cleaning up."),
    METHOD0(abort, "End the process with SIGABRT."),
    METHOD(system, "($module, /, command)", "Run a command in a shell; returns its wait status."),
    METHOD0(wait, "Wait for a child; returns (pid, status)."),
    METHODP(waitpid, "($module, pid, options, /)",
            "Wait for a given child; returns (pid, status)."),
    METHOD(wait3, "($module, /, options)",
           "Wait for a child; returns (pid, status, resource usage)."),
    METHOD(wait4, "($module, /, pid, options)",
           "Wait for a given child; returns (pid, status, resource usage)."),
    METHODP(waitid, "($module, idtype, id, options, /)",
            "Wait for a change of state; returns os.waitid_result or None."),
    METHOD(pidfd_open, "($module, /, pid, flags=0)", "Descriptor that refers to a process."),
    METHOD1(WCOREDUMP, "($module, status, /)", "True when a core dump was made."),
    METHOD(WIFCONTINUED, "($module, /, status)", "True when the process was continued."),
    METHOD(WIFSTOPPED, "($module, /, status)", "True when the process was stopped."),
    METHOD(WIFSIGNALED, "($module, /, status)", "True when a signal ended the process."),
    METHOD(WIFEXITED, "($module, /, status)", "True when the process ended by exit."),
    METHOD(WEXITSTATUS, "($module, /, status)", "Exit code of a wait status."),
    METHOD(WTERMSIG, "($module, /, status)", "Signal that ended the process."),
    METHOD(WSTOPSIG, "($module, /, status)", "Signal that stopped the process."),
    METHOD(waitstatus_to_exitcode, "($module, /, status)",
           "Exit code of a wait status; minus the signal number when a signal ended it."),
    {NULL},
};
