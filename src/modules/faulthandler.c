/* SPDX-License-Identifier: MIT
 *
 * Module faulthandler: tracebacks on fatal signals, on demand, on a chosen signal, and after a
 * time.
 *
 * The handlers use only what fatal.c offers: no memory, no lock, no Python. A watchdog thread that
 * Python does not know waits on a lock for dump_traceback_later().
 */
#include "runtime/rt.h"
#include "modules/args.h"
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef Py_NSIG
#define Py_NSIG NSIG /* 65 */
#endif

static void puts_fd(int fd, const char *s) { _Py_write_noraise(fd, s, strlen(s)); }

static struct {
    bool enabled, all_threads;
    PyObject *file;             /* strong, may be NULL: keeps fd open */
    int fd;                     /* written to by the handlers */
    PyInterpreterState *interp; /* whose threads are shown */
} fatal;

static struct fatal_signal {
    int signum;
    const char *name;
    bool installed;
    struct sigaction previous;                              /* given back by disable() */
} fatal_signals[] = {
    {SIGBUS, "Bus error"}, {SIGILL, "Illegal instruction"}, {SIGFPE, "Floating point exception"},
    {SIGABRT, "Aborted"},  {SIGSEGV, "Segmentation fault"}, /* last: its handler is restored last */
};

struct user_signal {
    bool enabled, all_threads, chain;
    PyObject *file;            /* strong */
    int fd;
    struct sigaction previous; /* given back by unregister(), called when `chain` */
    PyInterpreterState *interp;
};
static struct user_signal *user_signals; /* by number, made on first use */

static struct {
    PyObject *file;                     /* strong, MAYBE_NULL */
    int fd;
    PY_TIMEOUT_T timeout_us;
    int repeat, exit;
    char *header;                       /* owned: "Timeout (H:MM:SS)!" */
    size_t header_len;
    PyInterpreterState *interp;
    PyThread_type_lock cancel, running; /* cancel is held while a watch is on */
} later;

/* -- Files ----------------------------------------------------------------------------------- */

/* The descriptor of a file argument (NULL: sys.stderr); *keep borrowed, NULL for a plain number. */
static int get_fileno(PyObject **file)
{
    PyObject *f = *file;
    if (!f || f == Py_None) {
        f = *file = sys_get("stderr");
        if (!f) {
            PyErr_SetString(PyExc_RuntimeError, "unable to get sys.stderr");
            return -1;
        }
        if (f == Py_None) {
            PyErr_SetString(PyExc_RuntimeError, "sys.stderr is None");
            return -1;
        }
    } else if (PyLong_Check(f)) {
        int fd = _PyLong_AsInt(f);
        *file = NULL;
        if (fd == -1 && PyErr_Occurred())
            return -1;
        if (fd < 0)
            PyErr_SetString(PyExc_ValueError, "file is not a valid file descripter");
        return fd < 0 ? -1 : fd;
    }
    PyObject *res = PyObject_CallMethod(f, "fileno", NULL);
    if (!res)
        return -1;
    int fd = PyLong_Check(res) ? _PyLong_AsInt(res) : -1;
    Py_DECREF(res);
    if (fd < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "file.fileno() is not a valid file descriptor");
        return -1;
    }
    res = PyObject_CallMethodNoArgs(f, ID(flush));
    if (!res)
        PyErr_Clear();
    Py_XDECREF(res);
    return fd;
}

static PyThreadState *get_tstate(void)
{
    PyThreadState *t = tstate_get();
    if (!t)
        PyErr_SetString(PyExc_RuntimeError, "unable to get the current thread state");
    return t;
}

/* -- Dumping --------------------------------------------------------------------------------- */

static void dump(int fd, bool all_threads, PyInterpreterState *interp)
{
    static volatile int reentrant;
    if (reentrant)
        return;
    reentrant = 1;
    PyThreadState *t =
        PyGILState_GetThisThreadState(); /* the running thread, whether or not it holds the lock */
    if (all_threads)
        _Py_DumpTracebackThreads(fd, interp, t);
    else if (t)
        _Py_DumpTraceback(fd, t);
    reentrant = 0;
}

static PyObject *fh_dump_traceback(PyObject *m, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"file", "all_threads", NULL};
    PyObject *file = NULL;
    int all = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|Oi:dump_traceback", names, &file, &all))
        return NULL;
    int fd = get_fileno(&file);
    PyThreadState *t = fd < 0 ? NULL : get_tstate();
    if (!t)
        return NULL;
    if (all) {
        const char *err = _Py_DumpTracebackThreads(fd, NULL, t);
        if (err) {
            PyErr_SetString(PyExc_RuntimeError, err);
            return NULL;
        }
    } else {
        _Py_DumpTraceback(fd, t);
    }
    if (PyErr_CheckSignals())
        return NULL;
    Py_RETURN_NONE;
}

/* -- Fatal signals --------------------------------------------------------------------------- */

static void restore(struct fatal_signal *h)
{
    if (!h->installed)
        return;
    h->installed = false;
    sigaction(h->signum, &h->previous, NULL);
}

static void on_fatal(int signum)
{
    int saved = errno;
    struct fatal_signal *h = fatal_signals;
    if (!fatal.enabled)
        return;
    while (h->signum != signum && h < fatal_signals + COUNT_OF(fatal_signals) - 1)
        h++;
    restore(h);
    puts_fd(fatal.fd, "Fatal Python error: ");
    puts_fd(fatal.fd, h->name);
    puts_fd(fatal.fd, "\n\n");
    dump(fatal.fd, fatal.all_threads, fatal.interp);
    _Py_DumpExtensionModules(fatal.fd, fatal.interp);
    errno = saved;
    raise(signum); /* the previous handler, usually the end */
}

static stack_t alt_stack, old_stack;

static void use_alt_stack(void)
{
    if (alt_stack.ss_sp)
        return;
    alt_stack.ss_size = (size_t)SIGSTKSZ * 2 + 16384;
    alt_stack.ss_sp = PyMem_Malloc(alt_stack.ss_size);
    if (alt_stack.ss_sp && sigaltstack(&alt_stack, &old_stack) != 0) {
        PyMem_Free(alt_stack.ss_sp);
        alt_stack.ss_sp = NULL;
    }
}

static int enable_handlers(void)
{
    if (fatal.enabled)
        return 0;
    fatal.enabled = true;
    use_alt_stack();
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++) {
        struct sigaction action = {.sa_handler = on_fatal};
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_NODEFER | (alt_stack.ss_sp ? SA_ONSTACK : 0);
        if (sigaction(fatal_signals[i].signum, &action, &fatal_signals[i].previous)) {
            PyErr_SetFromErrno(PyExc_RuntimeError);
            return -1;
        }
        fatal_signals[i].installed = true;
    }
    return 0;
}

static void disable_handlers(void)
{
    if (fatal.enabled) {
        fatal.enabled = false;
        for (size_t i = 0; i < COUNT_OF(fatal_signals); i++)
            restore(&fatal_signals[i]);
    }
    Py_CLEAR(fatal.file);
}

static PyObject *fh_enable(PyObject *m, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"file", "all_threads", NULL};
    PyObject *file = NULL;
    int all = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|Oi:enable", names, &file, &all))
        return NULL;
    int fd = get_fileno(&file);
    PyThreadState *t = fd < 0 ? NULL : get_tstate();
    if (!t)
        return NULL;
    Py_XSETREF(fatal.file, Py_XNewRef(file));
    fatal.fd = fd;
    fatal.all_threads = all;
    fatal.interp = t->interp;
    if (enable_handlers() < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *fh_disable(PyObject *m, PyObject *ignored)
{
    if (!fatal.enabled)
        Py_RETURN_FALSE;
    disable_handlers();
    Py_RETURN_TRUE;
}

static PyObject *fh_is_enabled(PyObject *m, PyObject *ignored)
{
    return PyBool_FromLong(fatal.enabled);
}

/* -- Later ----------------------------------------------------------------------------------- */

static void watchdog(void *unused)
{
    sigset_t set;
    sigfillset(&set);
    pthread_sigmask(SIG_SETMASK, &set, NULL); /* signals are for threads that Python knows */
    PyLockStatus st;
    do {
        st = PyThread_acquire_lock_timed(later.cancel, later.timeout_us, 0);
        if (st == PY_LOCK_ACQUIRED) {
            PyThread_release_lock(later.cancel);
            break;
        }
        _Py_write_noraise(later.fd, later.header, later.header_len);
        const char *err = _Py_DumpTracebackThreads(later.fd, later.interp, NULL);
        if (later.exit)
            _exit(1);
        if (err)
            break;
    } while (later.repeat);
    PyThread_release_lock(later.running);
}

static void cancel_later(void)
{
    if (!later.cancel)
        return;
    PyThread_release_lock(later.cancel);
    PyThread_acquire_lock(later.running, 1); /* the watchdog has ended */
    PyThread_release_lock(later.running);
    PyThread_acquire_lock(later.cancel, 1);
    Py_CLEAR(later.file);
    PyMem_Free(later.header);
    later.header = NULL;
}

static char *format_timeout(_PyTime_t us)
{
    char buffer[100];
    unsigned long sec = (unsigned long)(us / 1000000), frac = (unsigned long)(us % 1000000);
    unsigned long min = sec / 60, hour = min / 60;
    sec %= 60;
    min %= 60;
    if (frac)
        PyOS_snprintf(buffer, sizeof buffer, "Timeout (%lu:%02lu:%02lu.%06lu)!\n", hour, min, sec,
                      frac);
    else
        PyOS_snprintf(buffer, sizeof buffer, "Timeout (%lu:%02lu:%02lu)!\n", hour, min, sec);
    char *copy = PyMem_Malloc(strlen(buffer) + 1);
    return copy ? strcpy(copy, buffer) : NULL;
}

static int locks_ready(void)
{
    if (!later.cancel) {
        if (!(later.cancel = PyThread_allocate_lock()))
            return PyErr_NoMemory(), -1;
        PyThread_acquire_lock(later.cancel, 1);
    }
    if (!later.running && !(later.running = PyThread_allocate_lock()))
        return PyErr_NoMemory(), -1;
    return 0;
}

/* The watchdog waits for `cancel` with a time limit; it holds `running` while it lives. The text is
   made here, since the thread may not touch objects. */
static PyObject *fh_dump_later(PyObject *m, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"timeout", "repeat", "file", "exit", NULL};
    PyObject *timeout_obj, *file = NULL;
    int repeat = 0, do_exit = 0;
    _PyTime_t timeout;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|iOi:dump_traceback_later", names,
                                     &timeout_obj, &repeat, &file, &do_exit) ||
        _PyTime_FromSecondsObject(&timeout, timeout_obj, _PyTime_ROUND_TIMEOUT) < 0)
        return NULL;
    _PyTime_t us = _PyTime_AsMicroseconds(timeout, _PyTime_ROUND_TIMEOUT);
    if (us <= 0) {
        PyErr_SetString(PyExc_ValueError, "timeout must be greater than 0");
        return NULL;
    }
    if (us > PY_TIMEOUT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
        return NULL;
    }
    PyThreadState *t = get_tstate();
    int fd = t ? get_fileno(&file) : -1;
    if (fd < 0 || locks_ready() < 0)
        return NULL;
    char *header = format_timeout(us);
    if (!header)
        return PyErr_NoMemory();
    cancel_later();
    Py_XSETREF(later.file, Py_XNewRef(file));
    later.fd = fd;
    later.timeout_us = us;
    later.repeat = repeat;
    later.interp = t->interp;
    later.exit = do_exit;
    later.header = header;
    later.header_len = strlen(header);
    PyThread_acquire_lock(later.running, 1);
    if (PyThread_start_new_thread(watchdog, NULL) == PYTHREAD_INVALID_THREAD_ID) {
        PyThread_release_lock(later.running);
        Py_CLEAR(later.file);
        PyMem_Free(header);
        later.header = NULL;
        PyErr_SetString(PyExc_RuntimeError, "unable to start watchdog thread");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *fh_cancel(PyObject *m, PyObject *ignored)
{
    cancel_later();
    Py_RETURN_NONE;
}

/* -- Chosen signals -------------------------------------------------------------------------- */

static void on_user(int signum);

static int user_install(int signum, int chain, struct sigaction *previous)
{
    struct sigaction action = {.sa_handler = on_user};
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART | (chain ? SA_NODEFER : 0) | (alt_stack.ss_sp ? SA_ONSTACK : 0);
    return sigaction(signum, &action, previous);
}

static void on_user(int signum)
{
    int saved = errno;
    struct user_signal *u = &user_signals[signum];
    if (!u->enabled)
        return;
    dump(u->fd, u->all_threads, u->interp);
    if (u->chain) {
        sigaction(signum, &u->previous, NULL);
        errno = saved;
        raise(signum);
        saved = errno;
        user_install(signum, u->chain, NULL);
    }
    errno = saved;
}

static bool bad_signum(int signum)
{
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++) {
        if (fatal_signals[i].signum == signum) {
            PyErr_Format(PyExc_RuntimeError, "signal %i cannot be registered, use enable() instead",
                         signum);
            return true;
        }
    }
    if (signum < 1 || signum >= Py_NSIG)
        PyErr_SetString(PyExc_ValueError, "signal number out of range");
    return signum < 1 || signum >= Py_NSIG;
}

/* The handler for the signal stays installed until unregister; calling again changes what it
   does. */
static PyObject *fh_register(PyObject *m, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"signum", "file", "all_threads", "chain", NULL};
    int signum, all = 1, chain = 0;
    PyObject *file = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "i|Oii:register", names, &signum, &file, &all,
                                     &chain) ||
        bad_signum(signum))
        return NULL;
    PyThreadState *t = get_tstate();
    int fd = t ? get_fileno(&file) : -1;
    if (fd < 0)
        return NULL;
    if (!user_signals && !(user_signals = PyMem_Calloc(Py_NSIG, sizeof *user_signals)))
        return PyErr_NoMemory();
    struct user_signal *u = &user_signals[signum];
    use_alt_stack();
    if (!u->enabled && user_install(signum, chain, &u->previous)) {
        PyErr_SetFromErrno(PyExc_OSError);
        return NULL;
    }
    Py_XSETREF(u->file, Py_XNewRef(file));
    u->fd = fd;
    u->all_threads = all;
    u->chain = chain;
    u->interp = t->interp;
    u->enabled = true;
    Py_RETURN_NONE;
}

static bool user_remove(int signum)
{
    struct user_signal *u = &user_signals[signum];
    if (!u->enabled)
        return false;
    u->enabled = false;
    sigaction(signum, &u->previous, NULL);
    Py_CLEAR(u->file);
    u->fd = -1;
    return true;
}

static PyObject *fh_unregister(PyObject *m, PyObject *arg)
{
    int signum = _PyLong_AsInt(arg);
    if ((signum == -1 && PyErr_Occurred()) || bad_signum(signum))
        return NULL;
    return PyBool_FromLong(user_signals && user_remove(signum));
}

/* -- For tests: ways to crash ---------------------------------------------------------------- */

static void no_core_file(void)
{
    struct rlimit rl;
    if (getrlimit(RLIMIT_CORE, &rl) == 0) {
        rl.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &rl);
    }
}

static PyObject *fh_read_null(PyObject *m, PyObject *args)
{
    volatile int *p = NULL;
    no_core_file();
    return PyLong_FromLong(*p);
}

static PyObject *fh_sigsegv(PyObject *m, PyObject *args)
{
    int release = 0;
    if (!PyArg_ParseTuple(args, "|i:_sigsegv", &release))
        return NULL;
    no_core_file();
    if (release)
        UNLOCKED(raise(SIGSEGV));
    else
        raise(SIGSEGV);
    Py_RETURN_NONE;
}

static PyObject *fh_sigfpe(PyObject *m, PyObject *ignored)
{
    no_core_file();
    raise(SIGFPE);
    Py_RETURN_NONE;
}

static PyObject *fh_sigabrt(PyObject *m, PyObject *ignored)
{
    no_core_file();
    abort();
}

static _Py_NO_RETURN void fatal_thread(void *lock)
{
    (void)lock;
    no_core_file();
    _Py_FatalErrorFunc("faulthandler_fatal_error_thread", "in new thread");
}

static PyObject *fh_fatal_error_thread(PyObject *m, PyObject *ignored)
{
    PyThread_type_lock lock = PyThread_allocate_lock();
    if (!lock)
        return PyErr_NoMemory();
    PyThread_acquire_lock(lock, WAIT_LOCK);
    if (PyThread_start_new_thread((void (*)(void *))fatal_thread, lock) ==
        PYTHREAD_INVALID_THREAD_ID) {
        PyThread_free_lock(lock);
        PyErr_SetString(PyExc_RuntimeError, "unable to start the thread");
        return NULL;
    }
    PyThread_acquire_lock(lock, WAIT_LOCK); /* never comes: the thread ends the process */
    Py_RETURN_NONE;
}

static uintptr_t overflow_stack(uintptr_t low, uintptr_t high, size_t *depth)
{
    volatile unsigned char buffer[500 * 1000]; /* read after the call: it must not become a jump */
    uintptr_t sp = (uintptr_t)&sp;
    *depth += 1;
    if (sp < low || high < sp)
        return sp;
    for (size_t i = 0; i < sizeof buffer; i += 4096)
        buffer[i] = 1;
    sp = overflow_stack(low, high, depth);
    return buffer[0] ? sp : 0;
}

static PyObject *fh_stack_overflow(PyObject *m, PyObject *ignored)
{
    size_t depth = 0, size = 100 * 1024 * 1024;
    uintptr_t sp = (uintptr_t)&depth, low = sp > size ? sp - size : 0, high = sp + size;
    no_core_file();
    uintptr_t end = overflow_stack(low, high, &depth);
    size = sp < end ? end - sp : sp - end;
    PyErr_Format(PyExc_RuntimeError,
                 "unable to raise a stack overflow (allocated %zu bytes on the stack, %zu "
                 "recursive calls)",
                 size, depth);
    return NULL;
}

/* -- Module ---------------------------------------------------------------------------------- */

#define KW(f) (PyCFunction)(void (*)(void))(f), METH_VARARGS | METH_KEYWORDS
static PyMethodDef methods[] = {
    {"enable", KW(fh_enable),
     "enable(file=sys.stderr, all_threads=True): print tracebacks on fatal signals"},
    {"disable", fh_disable, METH_NOARGS, "disable(): let fatal signals be"},
    {"is_enabled", fh_is_enabled, METH_NOARGS, "is_enabled()->bool: are fatal signals handled?"},
    {"dump_traceback", KW(fh_dump_traceback),
     "dump_traceback(file=sys.stderr, all_threads=True):\nwrite the traceback of this thread, or "
     "of all, to a file"},
    {"dump_traceback_later", KW(fh_dump_later),
     "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\n"
     "write the tracebacks of all threads after some seconds,\nagain and again if repeat is true, "
     "and end the process if "
     "exit is"},
    {"cancel_dump_traceback_later", fh_cancel, METH_NOARGS,
     "cancel_dump_traceback_later():\ntake back what dump_traceback_later() ordered"},
    {"register", KW(fh_register),
     "register(signum, file=sys.stderr, all_threads=True, chain=False): write tracebacks when the "
     "signal comes"},
    {"unregister", fh_unregister, METH_O, "unregister(signum): take register() back"},
    {"_read_null", fh_read_null, METH_NOARGS, "_read_null(): read from address 0, to crash"},
    {"_sigsegv", fh_sigsegv, METH_VARARGS, "_sigsegv(release_gil=False): raise SIGSEGV"},
    {"_fatal_error_c_thread", fh_fatal_error_thread, METH_NOARGS,
     "_fatal_error_c_thread(): fatal error in a C thread"},
    {"_sigabrt", fh_sigabrt, METH_NOARGS, "_sigabrt(): raise SIGABRT"},
    {"_sigfpe", fh_sigfpe, METH_NOARGS, "_sigfpe(): raise SIGFPE"},
    {"_stack_overflow", fh_stack_overflow, METH_NOARGS,
     "_stack_overflow(): recurse until the stack ends"},
    {NULL},
};

static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "faulthandler",
    .m_doc = "Tracebacks when things go wrong below Python.",
    .m_methods = methods,
    .m_slots = (PyModuleDef_Slot[]){{0, NULL}},
};

PyMODINIT_FUNC PyInit_faulthandler(void) { return PyModuleDef_Init(&module_def); }

/* -X faulthandler. sys.stderr may not be there yet. */
PyStatus faulthandler_init(int enable)
{
    if (!enable)
        return STATUS_OK();
    fatal.fd = fileno(stderr);
    fatal.all_threads = true;
    fatal.interp = interp_get();
    return enable_handlers() < 0
               ? STATUS_ERR_IN("faulthandler_init", "failed to enable faulthandler")
               : STATUS_OK();
}

void faulthandler_fini(void)
{
    if (later.cancel) {
        cancel_later();
        PyThread_release_lock(later.cancel);
        PyThread_free_lock(later.cancel);
        later.cancel = NULL;
    }
    if (later.running) {
        PyThread_free_lock(later.running);
        later.running = NULL;
    }
    for (int i = 0; user_signals && i < Py_NSIG; i++)
        user_remove(i);
    PyMem_Free(user_signals);
    user_signals = NULL;
    disable_handlers();
    if (alt_stack.ss_sp) {
        sigaltstack(&old_stack, NULL);
        PyMem_Free(alt_stack.ss_sp);
        alt_stack.ss_sp = NULL;
    }
}
