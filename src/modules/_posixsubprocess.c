/* SPDX-License-Identifier: MIT
 *
 * Module _posixsubprocess: fork_exec, which starts the child of subprocess.Popen.
 *
 * Everything that takes memory or the lock is made ready before the fork, so that the child calls
 * only what is safe there — unless a preexec_fn is to run, which makes the child a Python process
 * until it ends. A child that fails writes "ExceptionName:hex errno:message" to errpipe_write; the
 * parent reads end of file when exec succeeds.
 */
#include "args.h"
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child needs, as plain data. */
struct child {
    char *const *programs, *const *argv, *const *envp; /* envp NULL: the environment as it is */
    const char *cwd;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
    bool close_fds, restore_signals, set_session, set_gid, set_groups, set_uid;
    pid_t group;          /* -1: the parent's */
    gid_t gid;
    uid_t uid;
    int umask;            /* -1: the parent's */
    Py_ssize_t group_count, keep_count;
    gid_t *groups;
    int *keep;            /* descriptors to leave open, ascending */
    PyObject *preexec;    /* borrowed, NULL: none */
    const sigset_t *mask; /* to restore, NULL: leave */
};

/* -- Before the fork ------------------------------------------------------------------------- */

static void free_strings(char *const *strings)
{
    for (char *const *p = strings; p && *p; p++)
        PyMem_RawFree(*p);
    PyMem_RawFree((void *)strings);
}

/* The items (str, bytes or paths) as C strings. `changed`: what to say when the sequence changes
 * meanwhile. */
static char *const *strings_of(PyObject *items, const char *changed)
{
    PyObject *fast = PySequence_Fast(items, "argv must be a tuple");
    Py_ssize_t n = fast ? PySequence_Fast_GET_SIZE(fast) : 0;
    char **res = fast ? PyMem_RawCalloc((size_t)n + 1, sizeof *res) : NULL;
    if (fast && !res)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; res && i < n; i++) {
        PyObject *bytes = NULL;
        if (PySequence_Fast_GET_SIZE(fast) != n)
            PyErr_SetString(PyExc_RuntimeError, changed);
        else if (PyUnicode_FSConverter(PySequence_Fast_GET_ITEM(fast, i), &bytes)) {
            size_t size = (size_t)PyBytes_GET_SIZE(bytes) + 1;
            if ((res[i] = PyMem_RawMalloc(size)))
                memcpy(res[i], PyBytes_AS_STRING(bytes), size);
            else
                PyErr_NoMemory();
            Py_DECREF(bytes);
        }
        if (!res[i]) {
            free_strings(res);
            res = NULL;
        }
    }
    Py_XDECREF(fast);
    return res;
}

/* As strings_of, of a sequence of bytes objects. */
static char *const *bytes_strings_of(PyObject *items)
{
    Py_ssize_t n = PySequence_Size(items);
    char **res = n < 0 ? NULL : PyMem_RawCalloc((size_t)n + 1, sizeof *res);
    if (n >= 0 && !res)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; res && i < n; i++) {
        PyObject *item = PySequence_GetItem(items, i);
        char *bytes;
        Py_ssize_t size;
        if (item && PyBytes_AsStringAndSize(item, &bytes, NULL) == 0) {
            size = PyBytes_GET_SIZE(item) + 1;
            if ((res[i] = PyMem_RawMalloc((size_t)size)))
                memcpy(res[i], bytes, (size_t)size);
            else
                PyErr_NoMemory();
        }
        Py_XDECREF(item);
        if (!res[i]) {
            free_strings(res);
            res = NULL;
        }
    }
    return res;
}

/* Reads the tuple of descriptors to keep: ints, positive, ascending. */
static bool read_keep(PyObject *keep, struct child *child)
{
    Py_ssize_t n = PyTuple_GET_SIZE(keep);
    child->keep = PyMem_RawMalloc(((size_t)n + 1) * sizeof(int));
    child->keep_count = n;
    if (!child->keep) {
        PyErr_NoMemory();
        return false;
    }
    long last = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyTuple_GET_ITEM(keep, i);
        long fd = PyLong_Check(item) ? PyLong_AsLong(item) : -1;
        if (fd < 0 || fd <= last || fd > INT_MAX) {
            PyErr_Clear();
            PyErr_SetString(PyExc_ValueError, "bad value(s) in fds_to_keep");
            return false;
        }
        child->keep[i] = (int)(last = fd);
    }
    return true;
}

/* A user or group number; None (set stays false) for "as it is". */
static bool read_id(PyObject *object, const char *what, unsigned *id, bool *set)
{
    if (object == Py_None)
        return true;
    PyObject *number = PyNumber_Index(object);
    if (!number) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(PyExc_TypeError, "%s should be integer, not %.200s", what,
                         Py_TYPE(object)->tp_name);
        return false;
    }
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    if (overflow || value < -1 || value > UINT32_MAX) {
        PyErr_Format(PyExc_OverflowError, "%s is %s", what,
                     overflow > 0 ? "greater than maximum"
                                  : "less than minimum"); /* as 3.11: of long's range */
        return false;
    }
    *id = (unsigned)value;
    *set = true;
    return true;
}

/* Must happen before the fork: the child of a threaded process may not allocate. */
static bool read_groups(PyObject *list, struct child *child)
{
    if (list == Py_None)
        return true;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "setgroups argument must be a list");
        return false;
    }
    Py_ssize_t n = PySequence_Size(list);
    if (n > NGROUPS_MAX) {
        PyErr_SetString(PyExc_ValueError, "too many groups");
        return false;
    }
    child->groups = PyMem_RawMalloc(((size_t)n + 1) * sizeof(gid_t));
    if (!child->groups) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyList_GetItem(list, i);
        bool set;
        if (!item)
            return false;
        if (!PyLong_Check(item)) {
            PyErr_SetString(PyExc_TypeError, "groups must be integers");
            return false;
        }
        Py_INCREF(item);
        if (!read_id(item, "gid", &child->groups[i], &set)) {
            Py_DECREF(item);
            PyErr_SetString(PyExc_ValueError, "invalid group id");
            return false;
        }
        Py_DECREF(item);
    }
    child->group_count = n;
    child->set_groups = true;
    return true;
}

/* -- In the child: only calls that are safe after fork ----------------------------------------- */

static void close_span(int first, int last)
{
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
        return;
    long top = sysconf(_SC_OPEN_MAX);
    if (top < 0 || top > 65536)
        top = 65536;
    for (int fd = first; fd <= last && fd < top; fd++)
        close(fd);
}

/* Closes all descriptors from 3 on but the kept ones. */
static void close_others(const struct child *child)
{
    int first = 3;
    for (Py_ssize_t i = 0; i < child->keep_count; i++) {
        int fd = child->keep[i];
        if (fd < first)
            continue;
        close_span(first, fd - 1);
        first = fd + 1;
    }
    close_span(first, INT_MAX);
}

static int set_inherited(int fd, bool inherited)
{
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? -1
                     : fcntl(fd, F_SETFD, inherited ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
}

/* Makes `fd` the standard descriptor `target`. */
static int place(int fd, int target)
{
    if (fd == target)
        return set_inherited(fd, true);
    return fd < 0 ? 0 : dup2(fd, target) < 0 ? -1 : 0;
}

static int child_descriptors(struct child *c)
{
    for (Py_ssize_t i = 0; i < c->keep_count; i++)
        if (c->keep[i] != c->errpipe_write)
            set_inherited(c->keep[i], true); /* one that is not open is no error */
    int parents[] = {c->p2cwrite, c->c2pread, c->errread};
    for (int i = 0; i < 3; i++)
        if (parents[i] >= 0)
            close(parents[i]);
    close(c->errpipe_read);

    /* Descriptors that stand where another one must go move away first. */
    if (c->c2pwrite == 0 && (c->c2pwrite = fcntl(0, F_DUPFD_CLOEXEC, 3)) < 0)
        return -1;
    while (c->errwrite == 0 || c->errwrite == 1)
        if ((c->errwrite = fcntl(c->errwrite, F_DUPFD_CLOEXEC, 3)) < 0)
            return -1;
    return place(c->p2cread, 0) < 0 || place(c->c2pwrite, 1) < 0 || place(c->errwrite, 2) < 0 ? -1
                                                                                              : 0;
}

static void default_signals(void)
{
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
}

static int child_identity(const struct child *c)
{
    if (c->set_session)
        setsid();
    if (c->group >= 0 && setpgid(0, c->group) < 0)
        return -1;
    /* The system calls themselves: the C library's would stop other threads, which are not here. */
    if (c->set_groups && syscall(SYS_setgroups, (size_t)c->group_count, c->groups) < 0)
        return -1;
    if (c->set_gid && syscall(SYS_setregid, c->gid, c->gid) < 0)
        return -1;
    return c->set_uid ? (int)syscall(SYS_setreuid, c->uid, c->uid) : 0;
}

static void report(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        return; /* nobody to tell */
}

static void report_errno(int fd, int error, const char *message)
{
    char hex[2 * sizeof(int) + 1], *p = hex + sizeof hex - 1;
    *p = 0;
    for (unsigned rest = (unsigned)error; rest && p > hex; rest >>= 4)
        *--p = "0123456789ABCDEF"[rest & 15];
    report(fd, "OSError:");
    report(fd, p);
    report(fd, ":");
    report(fd, message);
}

/* Runs preexec_fn; true when it returned. */
static bool child_preexec(const struct child *c)
{
    if (!c->preexec)
        return true;
    PyObject *res = PyObject_CallNoArgs(c->preexec);
    if (res) {
        Py_DECREF(res);
        return true;
    }
    PyErr_Clear();
    report(c->errpipe_write, "SubprocessError:0:Exception occurred in preexec_fn.");
    return false;
}

/* Never returns. */
static void child_run(struct child *c)
{
    int error = 0;
    const char *message = "noexec"; /* of failures before the program is tried */
    if (child_descriptors(c) < 0)
        goto failed;
    if (c->cwd && chdir(c->cwd) < 0)
        goto failed;
    if (c->umask >= 0)
        umask((mode_t)c->umask);
    if (c->restore_signals)
        default_signals();
    if (c->mask)
        sigprocmask(SIG_SETMASK, c->mask, NULL);
    if (child_identity(c) < 0)
        goto failed;
    if (!child_preexec(c))
        _exit(255);
    if (c->close_fds)
        close_others(c);
    message = "";
    for (char *const *program = c->programs; *program; program++) {
        if (c->envp)
            execve(*program, c->argv, c->envp);
        else
            execv(*program, c->argv);
        if (errno != ENOENT && errno != ENOTDIR && !error)
            error = errno; /* a program that was there tells more than one that was not */
    }
    if (error)
        errno = error;
failed:
    report_errno(c->errpipe_write, errno, message);
    _exit(255);
}

/* -- In the parent --------------------------------------------------------------------------- */

/* vfork shares memory with the child until it execs, so all signals wait meanwhile: a handler must
 * not run there. */
__attribute__((noinline)) static pid_t start_shared(struct child *child)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    child->mask = &before;
    pid_t pid = vfork();
    if (pid == 0)
        child_run(child);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return pid;
}

static pid_t start_plain(struct child *child)
{
    pid_t pid = fork();
    if (pid == 0)
        child_run(child);
    return pid;
}

/* With a preexec_fn: the child is a Python process until exec. */
static pid_t start_python(struct child *child)
{
    int collecting = PyGC_Disable();
    PyOS_BeforeFork();
    pid_t pid = fork();
    if (pid == 0) {
        PyOS_AfterFork_Child();
        child_run(child);
    }
    int error = errno;
    PyOS_AfterFork_Parent();
    if (collecting)
        PyGC_Enable();
    errno = error;
    return pid;
}

static pid_t start(struct child *child, bool share)
{
    if (child->preexec)
        return start_python(child);
    return share && !child->set_uid && !child->set_gid && !child->set_groups ? start_shared(child)
                                                                             : start_plain(child);
}

/* Everything the child needs is turned into plain C data first (struct child). */
static PyObject *subprocess_fork_exec(PyObject *module, PyObject *args)
{
    PyObject *argv, *programs, *keep, *cwd, *env, *gid, *groups, *uid, *preexec, *cwd_bytes = NULL,
                                                                                 *res = NULL;
    int close_fds, restore, session, share, group;
    struct child c = {.umask = -1};
    if (!PyArg_ParseTuple(args, "OOpO!OOiiiiiiiippiOOOiOp:fork_exec", &argv, &programs, &close_fds,
                          &PyTuple_Type, &keep, &cwd, &env, &c.p2cread, &c.p2cwrite, &c.c2pread,
                          &c.c2pwrite, &c.errread, &c.errwrite, &c.errpipe_read, &c.errpipe_write,
                          &restore, &session, &group, &gid, &groups, &uid, &c.umask, &preexec,
                          &share))
        return NULL;
    c.close_fds = close_fds;
    c.restore_signals = restore;
    c.set_session = session;
    c.group = group;
    c.preexec = preexec == Py_None ? NULL : preexec;
    if (c.preexec && PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_RuntimeError, "preexec_fn not supported within subinterpreters");
        return NULL;
    }
    if (close_fds && c.errpipe_write < 3) {
        PyErr_SetString(PyExc_ValueError, "errpipe_write must be >= 3");
        return NULL;
    }
    if (!read_keep(keep, &c) || !(c.programs = bytes_strings_of(programs)) ||
        (argv != Py_None && !(c.argv = strings_of(argv, "args changed during iteration"))) ||
        (env != Py_None && !(c.envp = bytes_strings_of(env))) ||
        (cwd != Py_None && !PyUnicode_FSConverter(cwd, &cwd_bytes)) || !read_groups(groups, &c) ||
        !read_id(gid, "gid", &c.gid, &c.set_gid) || !read_id(uid, "uid", &c.uid, &c.set_uid))
        goto done;
    c.cwd = cwd_bytes ? PyBytes_AS_STRING(cwd_bytes) : NULL;
    pid_t pid = start(&c, share);
    res = pid < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLong(pid);
done:
    free_strings(c.programs);
    free_strings(c.argv);
    free_strings(c.envp);
    PyMem_RawFree(c.groups);
    PyMem_RawFree(c.keep);
    Py_XDECREF(cwd_bytes);
    return res;
}

static PyMethodDef methods[] = {
    {"fork_exec", subprocess_fork_exec, METH_VARARGS,
     "fork_exec(args, executable_list, close_fds, pass_fds, cwd, env,\n"
     "          p2cread, p2cwrite, c2pread, c2pwrite,\n"
     "          errread, errwrite, errpipe_read, errpipe_write,\n"
     "          restore_signals, call_setsid, pgid_to_set,\n"
     "          gid, extra_groups, uid,\n"
     "          preexec_fn, allow_vfork)\n\n"
     "Starts a child that runs the first of the executables that can be run, and returns its "
     "process id.\n\n"
     "A preexec_fn runs in the child first; with threads about, that may deadlock."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_posixsubprocess",
    .m_doc = "Starting of child processes for subprocess.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__posixsubprocess(void) { return PyModuleDef_Init(&module_def); }
