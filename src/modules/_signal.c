/* SPDX-License-Identifier: MIT
 *
 * Module _signal, and the signals' way from the C handler to Python code.
 *
 *   signal -> c_handler: tripped[signum] = 1, is_tripped = 1, eval_breaker, a byte to the wakeup
 *             descriptor
 *   main thread, next check -> _PyErr_CheckSignalsTstate: calls the Python handler of each tripped
 *             signal
 *
 * The table of handlers is one per process and used on the main thread only; its function fields
 * are read by the C handler, so they are atomic. A handler that raises leaves the rest tripped for
 * the next check.
 */
#include "runtime/rt.h"
#include "modules/args.h"
#include "objects/frame.h"
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef Py_NSIG
#define Py_NSIG NSIG /* 65 */
#endif

static struct {
    int tripped;    /* came and was not handled yet */
    PyObject *func; /* strong; NULL: none known */
} handlers[Py_NSIG];
static int is_tripped;
static struct {
    int fd;                  /* the signal's number is written there; -1: nowhere */
    int warn_on_full_buffer; /* say so when it cannot be */
} wakeup = {.fd = -1, .warn_on_full_buffer = 1};
static PyObject *default_handler, *ignore_handler; /* strong ints: SIG_DFL, SIG_IGN */
static PyObject *int_handler;                      /* strong: signal.default_int_handler */
static PyObject *itimer_error;
static PyTypeObject *siginfo_type;

int _PyOS_IsMainThread(void) { return rt_can_handle_signals(interp_get()); }

/* -- C side ---------------------------------------------------------------------------------- */

static int report_wakeup_error(void *data)
{
    PyObject *t, *v, *tb;
    errno = (int)(intptr_t)data;
    PyErr_Fetch(&t, &v, &tb);
    PyErr_SetFromErrno(PyExc_OSError);
    _PyErr_WriteUnraisableMsg("when trying to write to the signal wakeup fd", NULL);
    PyErr_Restore(t, v, tb);
    return 0;
}

static void trip(int signum)
{
    __atomic_store_n(&handlers[signum].tripped, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&is_tripped, 1, __ATOMIC_SEQ_CST);
    PyInterpreterState *interp = _PyRuntime.interpreters.main;
    if (interp)
        _PyEval_SignalReceived(interp);
    int fd = wakeup.fd;
    if (fd == -1)
        return;
    unsigned char byte = (unsigned char)signum;
    if (_Py_write_noraise(fd, &byte, 1) < 0
        && (wakeup.warn_on_full_buffer || (errno != EWOULDBLOCK && errno != EAGAIN)) && interp)
        _PyEval_AddPendingCall(interp, report_wakeup_error, (void *)(intptr_t)errno);
}

static void c_handler(int signum)
{
    int saved = errno;
    trip(signum);
    errno = saved;
}

PyOS_sighandler_t PyOS_getsig(int sig)
{
    struct sigaction action;
    return sigaction(sig, NULL, &action) == -1 ? SIG_ERR : action.sa_handler;
}

PyOS_sighandler_t PyOS_setsig(int sig, PyOS_sighandler_t handler)
{
    struct sigaction action = {.sa_handler = handler}, old;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_ONSTACK; /* an embedding program may have small stacks */
    return sigaction(sig, &action, &old) == -1 ? SIG_ERR : old.sa_handler;
}

/* -- Python side ----------------------------------------------------------------------------- */

static int call_handler(PyThreadState *tstate, int signum)
{
    PyObject *func = handlers[signum].func;
    if (!func || func == Py_None || func == ignore_handler || func == default_handler) {
        /* Changed between arrival and now. */
        PyErr_Format(PyExc_OSError, "Signal %i ignored due to race condition", signum);
        PyErr_WriteUnraisable(Py_None);
        return 0;
    }
    Frame *frame = frame_current(tstate);
    PyObject *view = frame ? (PyObject *)frame_object_ensure(frame) : Py_None,
             *number = PyLong_FromLong(signum);
    PyObject *res = view && number ? PyObject_CallFunctionObjArgs(func, number, view, NULL) : NULL;
    Py_XDECREF(number);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

int _PyErr_CheckSignalsTstate(PyThreadState *tstate)
{
    if (!__atomic_load_n(&is_tripped, __ATOMIC_RELAXED))
        return 0;
    __atomic_store_n(&is_tripped, 0,
                     __ATOMIC_SEQ_CST); /* before the table is read: a later one sets it again */
    for (int i = 1; i < Py_NSIG; i++) {
        if (!__atomic_load_n(&handlers[i].tripped, __ATOMIC_RELAXED))
            continue;
        __atomic_store_n(&handlers[i].tripped, 0, __ATOMIC_RELAXED);
        if (call_handler(tstate, i) < 0) {
            __atomic_store_n(&is_tripped, 1, __ATOMIC_SEQ_CST);
            _PyEval_SignalReceived(tstate->interp);
            return -1;
        }
    }
    return 0;
}

int _PyErr_CheckSignals(void) { return _PyErr_CheckSignalsTstate(tstate_get()); }

int PyErr_CheckSignals(void)
{
    PyThreadState *tstate = tstate_get();
    return rt_can_handle_signals(tstate->interp) ? _PyErr_CheckSignalsTstate(tstate) : 0;
}

int PyErr_SetInterruptEx(int signum)
{
    if (signum < 1 || signum >= Py_NSIG)
        return -1;
    PyObject *func = handlers[signum].func;
    if (func && func != ignore_handler && func != default_handler && func != Py_None)
        trip(signum);
    return 0;
}

void PyErr_SetInterrupt(void) { PyErr_SetInterruptEx(SIGINT); }

int _PyOS_InterruptOccurred(PyThreadState *tstate)
{
    if (!rt_can_handle_signals(tstate->interp) || !handlers[SIGINT].tripped)
        return 0;
    handlers[SIGINT].tripped = 0;
    return 1;
}

int PyOS_InterruptOccurred(void) { return _PyOS_InterruptOccurred(tstate_get()); }

void signals_after_fork(void)
{
    is_tripped = 0;
    for (int i = 1; i < Py_NSIG; i++)
        handlers[i].tripped = 0;
}

int PySignal_SetWakeupFd(int fd)
{
    int old = wakeup.fd;
    wakeup.fd = fd < 0 ? -1 : fd;
    return old;
}

/* -- signal() and getsignal() ---------------------------------------------------------------- */

static int check_signum(int n, const char *message)
{
    if (n >= 1 && n < Py_NSIG)
        return 0;
    PyErr_SetString(PyExc_ValueError, message);
    return -1;
}

static PyObject *py_default_int_handler(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    int signum;
    PyObject *frame;
    if (!_PyArg_CheckPositional("default_int_handler", nargs, 2, 2)
        || !args_parse_stack(args, nargs, "iO:default_int_handler", &signum, &frame))
        return NULL;
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    return NULL;
}

static bool same_handler(PyObject *a, PyObject *b)
{
    /* No subclass of int: its __eq__ could do anything. */
    return PyLong_CheckExact(a) && PyLong_CheckExact(b) &&
           PyObject_RichCompareBool(a, b, Py_EQ) == 1;
}

static PyObject *py_signal(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    int signum;
    PyObject *handler;
    void (*func)(int);
    if (!_PyArg_CheckPositional("signal", nargs, 2, 2)
        || !args_parse_stack(args, nargs, "iO:signal", &signum, &handler))
        return NULL;
    if (!rt_can_handle_signals(interp_get())) {
        PyErr_SetString(PyExc_ValueError,
                        "signal only works in main thread of the main interpreter");
        return NULL;
    }
    if (check_signum(signum, "signal number out of range") < 0)
        return NULL;
    if (PyCallable_Check(handler)) {
        func = c_handler;
    } else if (same_handler(handler, ignore_handler)) {
        func = SIG_IGN;
    } else if (same_handler(handler, default_handler)) {
        func = SIG_DFL;
    } else {
        PyErr_SetString(
            PyExc_TypeError,
            "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
        return NULL;
    }
    if (_PyErr_CheckSignalsTstate(tstate_get()) < 0)
        return NULL; /* those that came before belong to the old handler */
    if (PyOS_setsig(signum, func) == SIG_ERR) {
        PyErr_SetFromErrno(PyExc_OSError);
        return NULL;
    }
    PyObject *old = handlers[signum].func;
    handlers[signum].func = Py_NewRef(handler);
    return old ? old : Py_NewRef(Py_None);
}

static PyObject *py_getsignal(PyObject *m, PyObject *arg)
{
    int signum = _PyLong_AsInt(arg);
    if ((signum == -1 && PyErr_Occurred()) ||
        check_signum(signum, "signal number out of range") < 0)
        return NULL;
    PyObject *old = handlers[signum].func;
    return Py_NewRef(old ? old : Py_None);
}

static PyObject *py_siginterrupt(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    int signum, flag;
    struct sigaction act;
    if (!_PyArg_CheckPositional("siginterrupt", nargs, 2, 2)
        || !args_parse_stack(args, nargs, "ii:siginterrupt", &signum, &flag)
        || check_signum(signum, "signal number out of range") < 0)
        return NULL;
    sigaction(signum, NULL, &act);
    if (flag)
        act.sa_flags &= ~SA_RESTART;
    else
        act.sa_flags |= SA_RESTART;
    if (sigaction(signum, &act, NULL) < 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyObject *py_strsignal(PyObject *m, PyObject *arg)
{
    int signum = _PyLong_AsInt(arg);
    if ((signum == -1 && PyErr_Occurred()) ||
        check_signum(signum, "signal number out of range") < 0)
        return NULL;
    errno = 0;
    const char *text = strsignal(signum);
    if (errno || !text || strstr(text, "Unknown signal"))
        Py_RETURN_NONE;
    return PyUnicode_FromString(text);
}

/* A blocking descriptor is refused: the C handler writes to it and must never wait. */
static PyObject *py_set_wakeup_fd(PyObject *m, PyObject *args, PyObject *kwds)
{
    static char *names[] = {"", "warn_on_full_buffer", NULL};
    int warn = 1, fd;
    struct stat st;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "i|$p:set_wakeup_fd", names, &fd, &warn))
        return NULL;
    if (!rt_can_handle_signals(interp_get())) {
        PyErr_SetString(PyExc_ValueError,
                        "set_wakeup_fd only works in main thread of the main interpreter");
        return NULL;
    }
    if (fd != -1) {
        if (_Py_fstat(fd, &st) != 0)
            return NULL;
        int blocking = _Py_get_blocking(fd);
        if (blocking < 0)
            return NULL;
        if (blocking) {
            PyErr_Format(PyExc_ValueError, "the fd %i must be in non-blocking mode", fd);
            return NULL;
        }
    }
    int old = wakeup.fd;
    wakeup.fd = fd;
    wakeup.warn_on_full_buffer = warn;
    return PyLong_FromLong(old);
}

/* -- Timers ---------------------------------------------------------------------------------- */

static PyObject *py_alarm(PyObject *m, PyObject *arg)
{
    int seconds = _PyLong_AsInt(arg);
    return seconds == -1 && PyErr_Occurred() ? NULL : PyLong_FromLong(alarm((unsigned)seconds));
}

static PyObject *py_pause(PyObject *m, PyObject *ignored)
{
    UNLOCKED(pause());
    if (PyErr_CheckSignals())
        return NULL;
    Py_RETURN_NONE;
}

static int timeval_from(PyObject *obj, struct timeval *tv)
{
    _PyTime_t t;
    *tv = (struct timeval){0};
    if (!obj)
        return 0;
    if (_PyTime_FromSecondsObject(&t, obj, _PyTime_ROUND_CEILING) < 0)
        return -1;
    return _PyTime_AsTimeval(t, tv, _PyTime_ROUND_CEILING);
}

static double timeval_seconds(const struct timeval *tv)
{
    return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

static PyObject *itimer_pair(const struct itimerval *iv)
{
    return Py_BuildValue("(dd)", timeval_seconds(&iv->it_value), timeval_seconds(&iv->it_interval));
}

static PyObject *py_setitimer(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    int which;
    PyObject *seconds, *interval = NULL;
    struct itimerval new, old;
    if (!_PyArg_CheckPositional("setitimer", nargs, 2, 3)
        || !args_parse_stack(args, nargs, "iO|O:setitimer", &which, &seconds, &interval)
        || timeval_from(seconds, &new.it_value) < 0 || timeval_from(interval, &new.it_interval) < 0)
        return NULL;
    if (setitimer(which, &new, &old) != 0)
        return PyErr_SetFromErrno(itimer_error);
    return itimer_pair(&old);
}

static PyObject *py_getitimer(PyObject *m, PyObject *arg)
{
    struct itimerval old;
    int which = _PyLong_AsInt(arg);
    if (which == -1 && PyErr_Occurred())
        return NULL;
    if (getitimer(which, &old) != 0)
        return PyErr_SetFromErrno(itimer_error);
    return itimer_pair(&old);
}

/* -- Sets of signals ------------------------------------------------------------------------- */

static PyObject *sigset_to_set(const sigset_t *mask)
{
    PyObject *set = PySet_New(NULL);
    for (int sig = 1; set && sig < Py_NSIG; sig++) {
        if (sigismember(mask, sig) != 1)
            continue;
        PyObject *n = PyLong_FromLong(sig);
        if (!n || PySet_Add(set, n) < 0)
            Py_CLEAR(set);
        Py_XDECREF(n);
    }
    return set;
}

/* One signal of an iterable into the mask. */
static int sigset_add(sigset_t *mask, PyObject *item)
{
    int overflow;
    long signum = PyLong_AsLongAndOverflow(item, &overflow);
    if (signum <= 0 || signum >= Py_NSIG) {
        if (overflow || signum != -1 || !PyErr_Occurred())
            PyErr_Format(PyExc_ValueError, "signal number %ld out of range [1; %i]", signum,
                         Py_NSIG - 1);
        return -1;
    }
    if (sigaddset(mask, (int)signum) == 0)
        return 0;
    if (errno != EINVAL) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    /* range(1, NSIG) holds numbers that the C library keeps for itself */
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                            "invalid signal number %ld, please use valid_signals()", signum);
}

EXPORT int _Py_Sigset_Converter(PyObject *obj, void *addr)
{
    sigset_t *mask = addr;
    PyObject *iter, *item;
    if (sigemptyset(mask) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return 0;
    }
    if (!(iter = PyObject_GetIter(obj)))
        return 0;
    while ((item = PyIter_Next(iter))) {
        int res = sigset_add(mask, item);
        Py_DECREF(item);
        if (res < 0)
            break;
    }
    Py_DECREF(iter);
    return !PyErr_Occurred();
}

static PyObject *py_pthread_kill(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    unsigned long thread;
    int signum;
    if (!_PyArg_CheckPositional("pthread_kill", nargs, 2, 2)
        || !args_parse_stack(args, nargs, "ki:pthread_kill", &thread, &signum)
        || PySys_Audit("signal.pthread_kill", "ki", thread, signum) < 0)
        return NULL;
    int err = pthread_kill((pthread_t)thread, signum);
    if (err) {
        errno = err;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    if (PyErr_CheckSignals())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *py_pthread_sigmask(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    int how;
    sigset_t mask, old;
    if (!_PyArg_CheckPositional("pthread_sigmask", nargs, 2, 2)
        || !args_parse_stack(args, nargs, "iO&:pthread_sigmask", &how, _Py_Sigset_Converter, &mask))
        return NULL;
    int err = pthread_sigmask(how, &mask, &old);
    if (err) {
        errno = err;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return PyErr_CheckSignals() ? NULL : sigset_to_set(&old);
}

static PyObject *py_sigpending(PyObject *m, PyObject *ignored)
{
    sigset_t mask;
    return sigpending(&mask) ? PyErr_SetFromErrno(PyExc_OSError) : sigset_to_set(&mask);
}

static PyObject *py_sigwait(PyObject *m, PyObject *arg)
{
    sigset_t set;
    int err, signum;
    if (!_Py_Sigset_Converter(arg, &set))
        return NULL;
    UNLOCKED(err = sigwait(&set, &signum));
    if (err) {
        errno = err;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return PyLong_FromLong(signum);
}

static PyObject *siginfo_tuple(const siginfo_t *si)
{
    PyObject *res = PyStructSequence_New(siginfo_type);
    if (!res)
        return NULL;
    PyStructSequence_SET_ITEM(res, 0, PyLong_FromLong(si->si_signo));
    PyStructSequence_SET_ITEM(res, 1, PyLong_FromLong(si->si_code));
    PyStructSequence_SET_ITEM(res, 2, PyLong_FromLong(si->si_errno));
    PyStructSequence_SET_ITEM(res, 3, PyLong_FromPid(si->si_pid));
    PyStructSequence_SET_ITEM(res, 4, PyLong_FromUnsignedLong(si->si_uid));
    PyStructSequence_SET_ITEM(res, 5, PyLong_FromLong(si->si_status));
    PyStructSequence_SET_ITEM(res, 6, PyLong_FromLong(si->si_band));
    if (PyErr_Occurred())
        Py_CLEAR(res);
    return res;
}

static PyObject *py_sigwaitinfo(PyObject *m, PyObject *arg)
{
    sigset_t set;
    siginfo_t si;
    int err, stop = 0;
    if (!_Py_Sigset_Converter(arg, &set))
        return NULL;
    RETRY_EINTR(err, stop, sigwaitinfo(&set, &si));
    if (err == -1)
        return stop ? NULL : PyErr_SetFromErrno(PyExc_OSError);
    return siginfo_tuple(&si);
}

/* PEP 475: goes on for the time left after a signal that is not in the set. */
static PyObject *py_sigtimedwait(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    sigset_t set;
    PyObject *timeout_obj;
    _PyTime_t timeout;
    struct timespec ts;
    siginfo_t si;
    int res;
    if (!_PyArg_CheckPositional("sigtimedwait", nargs, 2, 2) ||
        !args_parse_stack(args, nargs, "O&O:sigtimedwait", _Py_Sigset_Converter, &set,
                          &timeout_obj) ||
        _PyTime_FromSecondsObject(&timeout, timeout_obj, _PyTime_ROUND_CEILING) < 0)
        return NULL;
    if (timeout < 0) {
        PyErr_SetString(PyExc_ValueError, "timeout must be non-negative");
        return NULL;
    }
    _PyTime_t deadline = _PyTime_Add(_PyTime_GetMonotonicClock(), timeout);
    do {
        if (_PyTime_AsTimespec(timeout, &ts) < 0)
            return NULL;
        UNLOCKED(res = sigtimedwait(&set, &si, &ts));
        if (res != -1)
            return siginfo_tuple(&si);
        if (errno == EAGAIN)
            Py_RETURN_NONE;
        if (errno != EINTR)
            return PyErr_SetFromErrno(PyExc_OSError);
        if (PyErr_CheckSignals())
            return NULL;
        timeout = deadline - _PyTime_GetMonotonicClock();
    } while (timeout >= 0);
    Py_RETURN_NONE;
}

static PyObject *py_valid_signals(PyObject *m, PyObject *ignored)
{
    sigset_t mask;
    if (sigemptyset(&mask) || sigfillset(&mask))
        return PyErr_SetFromErrno(PyExc_OSError);
    return sigset_to_set(&mask);
}

static PyObject *py_raise_signal(PyObject *m, PyObject *arg)
{
    int signum = _PyLong_AsInt(arg), err;
    if (signum == -1 && PyErr_Occurred())
        return NULL;
    UNLOCKED(err = raise(signum));
    if (err)
        return PyErr_SetFromErrno(PyExc_OSError);
    if (_PyOS_IsMainThread() && PyErr_CheckSignals() < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *py_pidfd_send_signal(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    int pidfd, signum, flags = 0;
    PyObject *info = Py_None;
    if (!_PyArg_CheckPositional("pidfd_send_signal", nargs, 2, 4) ||
        !args_parse_stack(args, nargs, "ii|Oi:pidfd_send_signal", &pidfd, &signum, &info, &flags))
        return NULL;
    if (info != Py_None) {
        PyErr_SetString(PyExc_TypeError, "siginfo must be None");
        return NULL;
    }
    if (syscall(SYS_pidfd_send_signal, pidfd, signum, NULL, flags) < 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

/* -- Module ---------------------------------------------------------------------------------- */

#define FAST(f) (PyCFunction)(void (*)(void))(f)
static PyMethodDef methods[] = {
    {"default_int_handler", FAST(py_default_int_handler), METH_FASTCALL,
     "default_int_handler($module, signalnum, frame, /)\n--\n\nThe handler of SIGINT at start: "
     "raises KeyboardInterrupt."},
    {"alarm", py_alarm, METH_O,
     "alarm($module, seconds, /)\n--\n\nHave SIGALRM sent after some seconds."},
    {"setitimer", FAST(py_setitimer), METH_FASTCALL,
     "setitimer($module, which, seconds, interval=0.0, /)\n--\n\n"
     "Set a timer: first after `seconds`, then every `interval`. Gives the old (delay, interval)."},
    {"getitimer", py_getitimer, METH_O,
     "getitimer($module, which, /)\n--\n\nState of a timer: (delay, interval)."},
    {"signal", FAST(py_signal), METH_FASTCALL,
     "signal($module, signalnum, handler, /)\n--\n\n"
     "Set what happens on a signal: SIG_DFL, SIG_IGN, or a function of (signalnum, frame).\n\n"
     "Gives what happened before. Only for the main thread."},
    {"raise_signal", py_raise_signal, METH_O,
     "raise_signal($module, signalnum, /)\n--\n\nSend a signal to this process."},
    {"strsignal", py_strsignal, METH_O,
     "strsignal($module, signalnum, /)\n--\n\nThe system's text for a signal."},
    {"getsignal", py_getsignal, METH_O,
     "getsignal($module, signalnum, /)\n--\n\nWhat happens on a signal; None when Python does not "
     "know."},
    {"set_wakeup_fd", FAST(py_set_wakeup_fd), METH_VARARGS | METH_KEYWORDS,
     "set_wakeup_fd(fd, *, warn_on_full_buffer=True) -> fd\n\n"
     "A descriptor to which the number of each arriving signal is written. Gives the old one."},
    {"siginterrupt", FAST(py_siginterrupt), METH_FASTCALL,
     "siginterrupt($module, signalnum, flag, /)\n--\n\nDo system calls end (true) or go on when a "
     "signal comes?"},
    {"pause", py_pause, METH_NOARGS, "pause($module, /)\n--\n\nWait for a signal."},
    {"pthread_kill", FAST(py_pthread_kill), METH_FASTCALL,
     "pthread_kill($module, thread_id, signalnum, /)\n--\n\nSend a signal to a thread."},
    {"pthread_sigmask", FAST(py_pthread_sigmask), METH_FASTCALL,
     "pthread_sigmask($module, how, mask, /)\n--\n\nChange this thread's mask of blocked signals; "
     "gives the old one."},
    {"sigpending", py_sigpending, METH_NOARGS,
     "sigpending($module, /)\n--\n\nSignals that wait for being unblocked."},
    {"sigwait", py_sigwait, METH_O,
     "sigwait($module, sigset, /)\n--\n\nWait for one of the signals; gives its number."},
    {"sigwaitinfo", py_sigwaitinfo, METH_O,
     "sigwaitinfo($module, sigset, /)\n--\n\nWait for one of the signals; gives what is known "
     "about it."},
    {"sigtimedwait", FAST(py_sigtimedwait), METH_FASTCALL,
     "sigtimedwait($module, sigset, timeout, /)\n--\n\nsigwaitinfo() with a limit in seconds; None "
     "when it passed."},
    {"valid_signals", py_valid_signals, METH_NOARGS,
     "valid_signals($module, /)\n--\n\nThe signals of this system."},
    {"pidfd_send_signal", FAST(py_pidfd_send_signal), METH_FASTCALL,
     "pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)\n--\n\n"
     "Send a signal to the process that a descriptor stands for."},
    {NULL},
};

static PyStructSequence_Field siginfo_fields[] = {
    {"si_signo", "signal number"},
    {"si_code", "signal code"},
    {"si_errno", "errno associated with this signal"},
    {"si_pid", "sending process ID"},
    {"si_uid", "real user ID of sending process"},
    {"si_status", "exit value or signal"},
    {"si_band", "band event for SIGPOLL"},
    {NULL},
};
static PyStructSequence_Desc siginfo_desc = {
    "signal.struct_siginfo",
    "struct_siginfo: what sigwaitinfo() and sigtimedwait() tell.",
    siginfo_fields,
    7,
};

#define NUMBERS(X)                                                                                 \
    X(SIGHUP)                                                                                      \
    X(SIGINT) X(SIGQUIT) X(SIGILL) X(SIGTRAP) X(SIGIOT) X(SIGABRT) X(SIGFPE) X(SIGKILL) X(SIGBUS)  \
        X(SIGSEGV) X(SIGSYS) X(SIGPIPE) X(SIGALRM) X(SIGTERM) X(SIGUSR1) X(SIGUSR2) X(SIGCLD)      \
            X(SIGCHLD) X(SIGPWR) X(SIGIO) X(SIGURG) X(SIGWINCH) X(SIGPOLL) X(SIGSTOP) X(SIGTSTP)   \
                X(SIGCONT) X(SIGTTIN) X(SIGTTOU) X(SIGVTALRM) X(SIGPROF) X(SIGXCPU) X(SIGXFSZ)     \
                    X(SIGSTKFLT) X(ITIMER_REAL) X(ITIMER_VIRTUAL) X(ITIMER_PROF) X(SIG_BLOCK)      \
                        X(SIG_UNBLOCK) X(SIG_SETMASK)

static int add_number(PyObject *m, const char *name, long value)
{
    return PyModule_AddIntConstant(m, name, value);
}

/* The objects are the process's, as the handlers are: made once, shared by all interpreters. */
static int signal_exec(PyObject *m)
{
#define X(name) || add_number(m, #name, name) < 0
    if (add_number(m, "NSIG", Py_NSIG) < 0 || add_number(m, "SIGRTMIN", SIGRTMIN) < 0
        || add_number(m, "SIGRTMAX", SIGRTMAX) < 0 NUMBERS(X))
        return -1;
#undef X
    if (!default_handler && !(default_handler = PyLong_FromVoidPtr((void *)SIG_DFL)))
        return -1;
    if (!ignore_handler && !(ignore_handler = PyLong_FromVoidPtr((void *)SIG_IGN)))
        return -1;
    if (!itimer_error &&
        !(itimer_error = PyErr_NewException("signal.itimer_error", PyExc_OSError, NULL)))
        return -1;
    if (!siginfo_type && !(siginfo_type = PyStructSequence_NewType(&siginfo_desc)))
        return -1;
    if (PyModule_AddObjectRef(m, "SIG_DFL", default_handler) < 0 ||
        PyModule_AddObjectRef(m, "SIG_IGN", ignore_handler) < 0 ||
        PyModule_AddObjectRef(m, "ItimerError", itimer_error) < 0 ||
        PyModule_AddType(m, siginfo_type) < 0)
        return -1;
    PyObject *func = PyObject_GetAttrString(m, "default_int_handler");
    if (!func)
        return -1;
    Py_XSETREF(int_handler, func);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, signal_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "_signal",
    .m_doc = "Signal handlers in Python.\n\n"
             "A handler is called with the signal's number and the frame that was interrupted.",
    .m_methods = methods, .m_slots = slots,
};

PyMODINIT_FUNC PyInit__signal(void) { return PyModuleDef_Init(&module_def); }

/* -- Start and end --------------------------------------------------------------------------- */

/* What the process inherited, as the table shows it. */
static void read_inherited(void)
{
    for (int i = 1; i < Py_NSIG; i++) {
        void (*c)(int) = PyOS_getsig(i);
        PyObject *func = c == SIG_DFL ? default_handler : c == SIG_IGN ? ignore_handler : Py_None;
        Py_XSETREF(handlers[i].func, Py_NewRef(func));
    }
}

/* Makes the module early, so that the table is there; installs Python's own choices when asked to.
 */
int signals_init(int install)
{
    if (install) {
        PyOS_setsig(SIGPIPE, SIG_IGN);
        PyOS_setsig(SIGXFSZ, SIG_IGN);
    }
    PyObject *m = PyImport_ImportModule("_signal");
    if (!m)
        return -1;
    Py_DECREF(m);
    read_inherited();
    if (install && handlers[SIGINT].func == default_handler) {
        Py_SETREF(handlers[SIGINT].func, Py_NewRef(int_handler));
        PyOS_setsig(SIGINT, c_handler);
    }
    return 0;
}

void signals_fini(void)
{
    for (int i = 1; i < Py_NSIG; i++) {
        PyObject *func = handlers[i].func;
        handlers[i].tripped = 0;
        handlers[i].func = NULL;
        if (func && func != Py_None && func != default_handler && func != ignore_handler)
            PyOS_setsig(i, SIG_DFL);
        Py_XDECREF(func);
    }
    Py_CLEAR(int_handler);
}
