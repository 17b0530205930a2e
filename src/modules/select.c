/* SPDX-License-Identifier: MIT
 *
 * Module select: waiting for descriptors with select(), poll objects, and epoll objects.
 *
 * Waits run without the lock; after a signal whose handler returns, they go on for the time that is
 * left (PEP 475). A poll object keeps a dict from descriptor to events, and builds the system's
 * array of it when it changed.
 */
#include "args.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <structmember.h>
#include <unistd.h>

struct select_state {
    PyTypeObject *poll, *epoll; /* strong */
};

static struct select_state *state_of(PyObject *module) { return PyModule_GetState(module); }
static PyObject *os_error(void) { return PyErr_SetFromErrno(PyExc_OSError); }

/* Reads a time limit: None (or no object) is -1. False with an exception. */
static bool read_timeout(PyObject *object, bool seconds, _PyTime_t *timeout, const char *type_error)
{
    *timeout = -1;
    if (!object || object == Py_None)
        return true;
    int res = seconds ? _PyTime_FromSecondsObject(timeout, object, _PyTime_ROUND_TIMEOUT)
                      : _PyTime_FromMillisecondsObject(timeout, object, _PyTime_ROUND_TIMEOUT);
    if (res < 0 && PyErr_ExceptionMatches(PyExc_TypeError))
        PyErr_SetString(PyExc_TypeError, type_error);
    return res == 0;
}

/* -- select ---------------------------------------------------------------------------------- */

struct watched {
    PyObject *list;      /* strong: the fast sequence of objects */
    int fds[FD_SETSIZE]; /* theirs, in the same order */
    fd_set set;          /* for select(2), and what it gave */
    int top;             /* the highest descriptor + 1; 0: nothing to watch */
};

/* The highest descriptor + 1; -1 with an exception. */
static int watched_fill(struct watched *w, PyObject *objects)
{
    int top = w->top = 0;
    FD_ZERO(&w->set);
    w->list = PySequence_Fast(objects, "arguments 1-3 must be sequences");
    if (!w->list)
        return -1;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(w->list); i++) {
        PyObject *object = Py_NewRef(PySequence_Fast_GET_ITEM(w->list, i));
        int fd = PyObject_AsFileDescriptor(object);
        Py_DECREF(object);
        if (fd < 0)
            return -1;
        if (fd >= FD_SETSIZE) {
            PyErr_SetString(PyExc_ValueError, "filedescriptor out of range in select()");
            return -1;
        }
        if (i >= FD_SETSIZE) {
            PyErr_SetString(PyExc_ValueError, "too many file descriptors in select()");
            return -1;
        }
        w->fds[i] = fd;
        FD_SET(fd, &w->set);
        if (fd >= top)
            top = fd + 1;
    }
    w->top = top;
    return top;
}

/* For select(2), which need not look at an empty set. */
static fd_set *watched_set(struct watched *w) { return w->top ? &w->set : NULL; }

static PyObject *watched_ready(struct watched *w)
{
    PyObject *ready = PyList_New(0);
    for (Py_ssize_t i = 0; ready && i < PySequence_Fast_GET_SIZE(w->list) && i < FD_SETSIZE; i++)
        if (FD_ISSET(w->fds[i], &w->set) &&
            PyList_Append(ready, PySequence_Fast_GET_ITEM(w->list, i)) < 0)
            Py_CLEAR(ready);
    return ready;
}

/* Waits; the result of select(2), with sets that say what is ready, or -1 with an exception. */
static int select_wait(struct watched *w, int top, _PyTime_t timeout)
{
    fd_set wanted[3] = {w[0].set, w[1].set, w[2].set};
    struct timeval left, *limit = timeout < 0 ? NULL : &left;
    _PyTime_t deadline = limit ? _PyDeadline_Init(timeout) : 0;
    for (;;) {
        int n;
        if (limit && _PyTime_AsTimeval(timeout, &left, _PyTime_ROUND_TIMEOUT) < 0)
            return -1;
        errno = 0;
        UNLOCKED(n = select(top, watched_set(&w[0]), watched_set(&w[1]), watched_set(&w[2]),
                            limit));
        if (errno != EINTR || n >= 0) {
            if (n < 0)
                os_error();
            return n;
        }
        if (PyErr_CheckSignals())
            return -1;
        if (limit && (timeout = _PyDeadline_Get(deadline)) < 0) {
            for (int i = 0; i < 3; i++)
                FD_ZERO(&w[i].set);
            return 0;
        }
        for (int i = 0; i < 3; i++)
            w[i].set = wanted[i];
    }
}

/* The three sets are on the heap: with room for FD_SETSIZE descriptors each they would take 12 KiB
   of stack. */
static PyObject *select_select(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    _PyTime_t timeout;
    int top = 0;
    PyObject *res = NULL;
    if (!_PyArg_CheckPositional("select", nargs, 3, 4) ||
        !read_timeout(nargs > 3 ? args[3] : NULL, true, &timeout,
                      "timeout must be a float or None"))
        return NULL;
    if (nargs > 3 && args[3] != Py_None && timeout < 0) {
        PyErr_SetString(PyExc_ValueError, "timeout must be non-negative");
        return NULL;
    }
    struct watched *w = PyMem_New(struct watched, 3);
    if (!w)
        return PyErr_NoMemory();
    w[0].list = w[1].list = w[2].list = NULL;
    for (int i = 0; i < 3 && top >= 0; i++) {
        int n = watched_fill(&w[i], args[i]);
        top = n < 0 ? -1 : Py_MAX(top, n);
    }
    if (top >= 0 && select_wait(w, top, timeout) >= 0) {
        PyObject *ready[3];
        for (int i = 0; i < 3; i++)
            ready[i] = watched_ready(&w[i]);
        if (ready[0] && ready[1] && ready[2])
            res = PyTuple_Pack(3, ready[0], ready[1], ready[2]);
        for (int i = 0; i < 3; i++)
            Py_XDECREF(ready[i]);
    }
    for (int i = 0; i < 3; i++)
        Py_XDECREF(w[i].list);
    PyMem_Free(w);
    return res;
}

/* -- poll ------------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    PyObject *events;    /* strong dict: descriptor -> events */
    struct pollfd *fds;  /* valid unless stale */
    Py_ssize_t count;
    bool stale, polling; /* polling: a thread waits, fds must stay */
} Poll;

static int event_mask(PyObject *object, void *to)
{
    unsigned long value;
    PyObject *number = PyNumber_Index(object);
    if (!number)
        return 0;
    if (_PyLong_Sign(number) < 0) {
        PyErr_SetString(PyExc_ValueError, "value must be positive");
        Py_DECREF(number);
        return 0;
    }
    value = PyLong_AsUnsignedLong(number);
    Py_DECREF(number);
    if (value == (unsigned long)-1 && PyErr_Occurred())
        return 0;
    if (value > USHRT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large for C unsigned short");
        return 0;
    }
    *(unsigned short *)to = (unsigned short)value;
    return 1;
}

/* `modify` wants the descriptor there already. */
static PyObject *poll_set(Poll *self, PyObject *const *args, Py_ssize_t nargs, bool modify)
{
    unsigned short events = POLLIN | POLLPRI | POLLOUT;
    if (!_PyArg_CheckPositional(modify ? "modify" : "register", nargs, modify ? 2 : 1, 2))
        return NULL;
    int fd = PyObject_AsFileDescriptor(args[0]);
    if (fd < 0 || (nargs > 1 && !event_mask(args[1], &events)))
        return NULL;
    PyObject *key = PyLong_FromLong(fd), *value = key ? PyLong_FromLong(events) : NULL;
    int res = value ? 0 : -1;
    if (value && modify && (res = PyDict_Contains(self->events, key)) == 0) {
        errno = ENOENT;
        os_error();
        res = -1;
    }
    if (res >= 0)
        res = PyDict_SetItem(self->events, key, value);
    Py_XDECREF(key);
    Py_XDECREF(value);
    if (res < 0)
        return NULL;
    self->stale = true;
    Py_RETURN_NONE;
}

static PyObject *poll_register(Poll *self, PyObject *const *args, Py_ssize_t nargs)
{
    return poll_set(self, args, nargs, false);
}

static PyObject *poll_modify(Poll *self, PyObject *const *args, Py_ssize_t nargs)
{
    return poll_set(self, args, nargs, true);
}

static PyObject *poll_unregister(Poll *self, PyObject *object)
{
    int fd = PyObject_AsFileDescriptor(object);
    PyObject *key = fd < 0 ? NULL : PyLong_FromLong(fd);
    if (!key)
        return NULL;
    int res = PyDict_DelItem(self->events, key);
    Py_DECREF(key);
    if (res < 0)
        return NULL;
    self->stale = true;
    Py_RETURN_NONE;
}

static bool poll_refresh(Poll *self)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0, i = 0, n = PyDict_GET_SIZE(self->events);
    if (!self->stale)
        return true;
    struct pollfd *fds = PyMem_Realloc(self->fds, (size_t)(n ? n : 1) * sizeof *fds);
    if (!fds) {
        PyErr_NoMemory();
        return false;
    }
    self->fds = fds;
    self->count = n;
    for (; PyDict_Next(self->events, &pos, &key, &value); i++)
        fds[i] =
            (struct pollfd){.fd = (int)PyLong_AsLong(key), .events = (short)PyLong_AsLong(value)};
    self->stale = false;
    return true;
}

/* After a signal cut a wait short: 1 with the milliseconds left, 0 when the time is up, -1 when the
   signal's handler raised. */
static int go_on(bool limited, _PyTime_t deadline, int *ms)
{
    if (PyErr_CheckSignals())
        return -1;
    if (!limited)
        return 1;
    _PyTime_t left = _PyDeadline_Get(deadline);
    *ms = (int)_PyTime_AsMilliseconds(left, _PyTime_ROUND_CEILING);
    return left >= 0;
}

/* The result of poll(2), -1 with an exception. */
static int poll_wait(Poll *self, _PyTime_t timeout, int ms)
{
    _PyTime_t deadline = timeout >= 0 ? _PyDeadline_Init(timeout) : 0;
    int n;
    for (;;) {
        errno = 0;
        UNLOCKED(n = poll(self->fds, (nfds_t)self->count, ms));
        if (n >= 0 || errno != EINTR)
            break;
        int rc = go_on(timeout >= 0, deadline, &ms);
        if (rc <= 0)
            return rc;
    }
    if (n < 0)
        os_error();
    return n;
}

/* Another thread may change the dict meanwhile, but not the array: `polling` keeps it out. */
static PyObject *poll_poll(Poll *self, PyObject *const *args, Py_ssize_t nargs)
{
    _PyTime_t timeout, ms = -1;
    if (!_PyArg_CheckPositional("poll", nargs, 0, 1) ||
        !read_timeout(nargs ? args[0] : NULL, false, &timeout,
                      "timeout must be an integer or None"))
        return NULL;
    if (nargs && args[0] != Py_None) {
        ms = _PyTime_AsMilliseconds(timeout, _PyTime_ROUND_TIMEOUT);
        if (ms < INT_MIN || ms > INT_MAX) {
            PyErr_SetString(PyExc_OverflowError, "timeout is too large");
            return NULL;
        }
        if (ms < 0)
            ms = timeout = -1;
    }
    if (self->polling) {
        PyErr_SetString(PyExc_RuntimeError, "concurrent poll() invocation");
        return NULL;
    }
    if (!poll_refresh(self))
        return NULL;
    self->polling = true;
    int n = poll_wait(self, timeout, (int)ms);
    self->polling = false;
    PyObject *list = n < 0 ? NULL : PyList_New(n);
    for (Py_ssize_t i = 0, k = 0; list && i < self->count && k < n; i++) {
        if (!self->fds[i].revents)
            continue;
        PyObject *pair = Py_BuildValue("ii", self->fds[i].fd, self->fds[i].revents & 0xffff);
        if (!pair)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, k++, pair);
    }
    return list;
}

static PyObject *select_poll(PyObject *module, PyObject *ignored)
{
    Poll *self = PyObject_New(Poll, state_of(module)->poll);
    if (!self)
        return NULL;
    self->fds = NULL;
    self->count = 0;
    self->stale = true;
    self->polling = false;
    self->events = PyDict_New();
    if (!self->events)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void poll_dealloc(Poll *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->fds);
    Py_XDECREF(self->events);
    PyObject_Free(self);
    Py_DECREF(type);
}

#define M(prefix, name, flags, signature, doc) \
    {#name, (PyCFunction)(void (*)(void))prefix##_##name, flags, #name signature "\n--\n\n" doc}
#define KW (METH_FASTCALL | METH_KEYWORDS)

static PyMethodDef poll_methods[] = {
    M(poll, register, METH_FASTCALL,
      "($self, fd,\n         eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)",
      "Watches a descriptor for events."),
    M(poll, modify, METH_FASTCALL, "($self, fd, eventmask, /)",
      "Changes the events of a watched descriptor."),
    M(poll, unregister, METH_O, "($self, fd, /)", "Watches a descriptor no more."),
    M(poll, poll, METH_FASTCALL, "($self, timeout=None, /)",
      "Waits at most timeout milliseconds; the list of (descriptor, events) that are ready."),
    {NULL, NULL, 0, NULL},
};
static PyType_Slot poll_slots[] = {
    {Py_tp_dealloc, poll_dealloc}, {Py_tp_methods, poll_methods}, {0, NULL}};
static PyType_Spec poll_spec = {
    .name = "select.poll", .basicsize = sizeof(Poll), .slots = poll_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

/* -- epoll ----------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    int fd; /* -1: closed */
} Epoll;

#define EPOLL_OPEN(self) \
    if ((self)->fd < 0) { \
        PyErr_SetString(PyExc_ValueError, "I/O operation on closed epoll object"); \
        return NULL; \
    }

/* Takes over fd, or makes a new one when it is -1. */
static PyObject *epoll_create_object(PyTypeObject *type, int fd)
{
    Epoll *self = (Epoll *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->fd = fd;
    if (fd == -1)
        UNLOCKED(self->fd = epoll_create1(EPOLL_CLOEXEC));
    if (self->fd < 0) {
        Py_DECREF(self);
        return os_error();
    }
    return (PyObject *)self;
}

static PyObject *epoll_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    ARGS("|ii:epoll", "sizehint", "flags");
    int size = -1, flags = 0;
    if (!PARSE_TUPLE(&size, &flags))
        return NULL;
    if (size != -1 && size <= 0) {
        PyErr_SetString(PyExc_ValueError, "negative sizehint");
        return NULL;
    }
    if (flags && flags != EPOLL_CLOEXEC) {
        PyErr_SetString(PyExc_OSError, "invalid flags");
        return NULL;
    }
    return epoll_create_object(type, -1);
}

static PyObject *epoll_fromfd(PyTypeObject *type, PyObject *arg)
{
    int fd = _PyLong_AsInt(arg);
    if (fd == -1 && PyErr_Occurred())
        return NULL;
    return epoll_create_object(type, fd);
}

static int epoll_shut(Epoll *self)
{
    int fd = self->fd, res = 0;
    self->fd = -1;
    if (fd >= 0)
        UNLOCKED(res = close(fd));
    return res;
}

static void epoll_dealloc(Epoll *self)
{
    PyTypeObject *type = Py_TYPE(self);
    epoll_shut(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *epoll_close(Epoll *self, PyObject *ignored)
{
    if (epoll_shut(self) < 0)
        return os_error();
    Py_RETURN_NONE;
}

static PyObject *epoll_fileno(Epoll *self, PyObject *ignored)
{
    EPOLL_OPEN(self);
    return PyLong_FromLong(self->fd);
}

static PyObject *epoll_get_closed(Epoll *self, void *ignored)
{
    return PyBool_FromLong(self->fd < 0);
}

static PyObject *epoll_control(Epoll *self, int operation, PyObject *object, unsigned events)
{
    int fd = PyObject_AsFileDescriptor(object), res;
    if (fd < 0)
        return NULL;
    EPOLL_OPEN(self);
    struct epoll_event event = {.events = events, .data.fd = fd};
    UNLOCKED(res = epoll_ctl(self->fd, operation, fd, &event));
    if (res < 0)
        return os_error();
    Py_RETURN_NONE;
}

#define FN(name)                                                                                   \
    static PyObject *epoll_##name(Epoll *self, PyObject *const *args, Py_ssize_t nargs,            \
                                  PyObject *kwnames)

FN(register)
{
    ARGS("O|I:register", "fd", "eventmask");
    PyObject *fd;
    unsigned events = EPOLLIN | EPOLLPRI | EPOLLOUT;
    return PARSE(&fd, &events) ? epoll_control(self, EPOLL_CTL_ADD, fd, events) : NULL;
}

FN(modify)
{
    ARGS("OI:modify", "fd", "eventmask");
    PyObject *fd;
    unsigned events;
    return PARSE(&fd, &events) ? epoll_control(self, EPOLL_CTL_MOD, fd, events) : NULL;
}

FN(unregister)
{
    ARGS("O:unregister", "fd");
    PyObject *fd;
    return PARSE(&fd) ? epoll_control(self, EPOLL_CTL_DEL, fd, 0) : NULL;
}

/* The result of epoll_wait(2), -1 with an exception. */
static int epoll_await(int fd, struct epoll_event *events, int max, _PyTime_t timeout, int ms)
{
    _PyTime_t deadline = timeout >= 0 ? _PyDeadline_Init(timeout) : 0;
    int n;
    for (;;) {
        errno = 0;
        UNLOCKED(n = epoll_wait(fd, events, max, ms));
        if (n >= 0 || errno != EINTR)
            break;
        int rc = go_on(timeout >= 0, deadline, &ms);
        if (rc <= 0)
            return rc;
    }
    if (n < 0)
        os_error();
    return n;
}

FN(poll)
{
    ARGS("|Oi:poll", "timeout", "maxevents");
    PyObject *limit = Py_None;
    int max = -1;
    _PyTime_t timeout, ms = -1;
    if (!PARSE(&limit, &max))
        return NULL;
    EPOLL_OPEN(self);
    if (!read_timeout(limit, true, &timeout, "timeout must be an integer or None"))
        return NULL;
    if (limit != Py_None) {
        ms = _PyTime_AsMilliseconds(timeout, _PyTime_ROUND_CEILING);
        if (ms < INT_MIN || ms > INT_MAX) {
            PyErr_SetString(PyExc_OverflowError, "timeout is too large");
            return NULL;
        }
        if (ms < 0)
            ms = timeout = -1;
    }
    if (max == -1)
        max = FD_SETSIZE - 1;
    else if (max < 1)
        return PyErr_Format(PyExc_ValueError, "maxevents must be greater than 0, got %d", max);
    struct epoll_event *events = PyMem_New(struct epoll_event, max);
    if (!events)
        return PyErr_NoMemory();
    int n = epoll_await(self->fd, events, max, timeout, (int)ms);
    PyObject *list = n < 0 ? NULL : PyList_New(n);
    for (int i = 0; list && i < n; i++) {
        PyObject *pair = Py_BuildValue("iI", events[i].data.fd, events[i].events);
        if (!pair)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, pair);
    }
    PyMem_Free(events);
    return list;
}

static PyObject *epoll___enter__(Epoll *self, PyObject *ignored)
{
    EPOLL_OPEN(self);
    return Py_NewRef(self);
}

static PyObject *epoll___exit__(Epoll *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("__exit__", nargs, 0, 3))
        return NULL;
    return PyObject_CallMethod((PyObject *)self, "close", NULL);
}

static PyMethodDef epoll_methods[] = {
    M(epoll, fromfd, METH_O | METH_CLASS, "($type, fd, /)",
      "An epoll object of an open epoll descriptor."),
    M(epoll, close, METH_NOARGS, "($self, /)",
      "Closes the descriptor; closing again does nothing."),
    M(epoll, fileno, METH_NOARGS, "($self, /)", "The epoll object's own descriptor."),
    M(epoll, modify, KW, "($self, /, fd, eventmask)",
      "Changes the events of a watched descriptor."),
    M(epoll, register, KW,
      "($self, /, fd,\n         eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
      "Watches a descriptor for events."),
    M(epoll, unregister, KW, "($self, /, fd)", "Watches a descriptor no more."),
    M(epoll, poll, KW, "($self, /, timeout=None, maxevents=-1)",
      "Waits at most timeout seconds; the list of (descriptor, events) that are ready."),
    M(epoll, __enter__, METH_NOARGS, "($self, /)", ""),
    M(epoll, __exit__, METH_FASTCALL, "($self, exc_type=None, exc_value=None, exc_tb=None, /)", ""),
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef epoll_getset[] = {
    {"closed", (getter)epoll_get_closed, NULL, "Whether the object is closed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot epoll_slots[] = {
    {Py_tp_dealloc, epoll_dealloc},
    {Py_tp_methods, epoll_methods},
    {Py_tp_getset, epoll_getset},
    {Py_tp_new, epoll_new},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_doc, "select.epoll(sizehint=-1, flags=0)\n\nAn epoll object; both arguments are of no "
                "effect today."},
    {0, NULL},
};
static PyType_Spec epoll_spec = {
    .name = "select.epoll",
    .basicsize = sizeof(Epoll),
    .slots = epoll_slots,
    .flags = Py_TPFLAGS_DEFAULT,
};

/* -- Module ---------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    M(select, select, METH_FASTCALL, "($module, rlist, wlist, xlist, timeout=None, /)",
      "Waits until descriptors are ready to read, to write, or have an exceptional condition.\n\n"
      "The arguments are sequences of descriptors or of objects with fileno(), and a limit in "
      "seconds;\n"
      "the result is three lists of those that are ready."),
    M(select, poll, METH_NOARGS, "($module, /)", "A new poll object."),
    {NULL, NULL, 0, NULL},
};

#define N(name) {#name, name}
static const struct {
    const char *name;
    long long value;
} numbers[] = {
    N(PIPE_BUF),
    N(POLLIN),
    N(POLLPRI),
    N(POLLOUT),
    N(POLLERR),
    N(POLLHUP),
    N(POLLNVAL),
    {"POLLRDNORM", 0x40},
    {"POLLRDBAND", 0x80},
    {"POLLWRNORM", 0x100},
    {"POLLWRBAND", 0x200},
    {"POLLMSG", 0x400},
    {"POLLRDHUP", 0x2000},
    N(EPOLLIN),
    N(EPOLLOUT),
    N(EPOLLPRI),
    N(EPOLLERR),
    N(EPOLLHUP),
    N(EPOLLRDHUP),
    {"EPOLLET", 1LL << 31},
    N(EPOLLONESHOT),
    N(EPOLLEXCLUSIVE),
    N(EPOLLRDNORM),
    N(EPOLLRDBAND),
    N(EPOLLWRNORM),
    N(EPOLLWRBAND),
    N(EPOLLMSG),
    N(EPOLL_CLOEXEC),
};

static int select_exec(PyObject *module)
{
    struct select_state *state = state_of(module);
    if (PyModule_AddObjectRef(module, "error", PyExc_OSError) < 0)
        return -1;
    for (size_t i = 0; i < Py_ARRAY_LENGTH(numbers); i++)
        if (PyModule_AddIntConstant(module, numbers[i].name, (long)numbers[i].value) < 0)
            return -1;
    state->poll = (PyTypeObject *)PyType_FromModuleAndSpec(module, &poll_spec, NULL);
    state->epoll = (PyTypeObject *)PyType_FromModuleAndSpec(module, &epoll_spec, NULL);
    return state->poll && state->epoll ? PyModule_AddType(module, state->epoll) : -1;
}

static int select_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->poll);
    Py_VISIT(state_of(module)->epoll);
    return 0;
}

static int select_clear(PyObject *module)
{
    Py_CLEAR(state_of(module)->poll);
    Py_CLEAR(state_of(module)->epoll);
    return 0;
}

static void select_free(void *module) { select_clear(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, select_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "select", .m_doc = "Waiting for descriptors to be ready.",
    .m_size = sizeof(struct select_state), .m_methods = methods, .m_slots = slots,
    .m_traverse = select_traverse, .m_clear = select_clear, .m_free = select_free,
};

PyMODINIT_FUNC PyInit_select(void) { return PyModuleDef_Init(&module_def); }
