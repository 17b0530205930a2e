/* SPDX-License-Identifier: MIT
 *
 * Waiting and time limits of sockets.
 *
 * A socket with a time limit is non-blocking for the system; every action on it first polls for at
 * most the time left. Signals interrupt neither: their handlers run, and the wait goes on for what
 * remains (PEP 475).
 */
#include "socket_impl.h"
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>

PyObject *socket_error(void) { return PyErr_SetFromErrno(PyExc_OSError); }

bool socket_set_blocking(Socket *self, bool blocking)
{
    int res;
    unsigned flag = !blocking;
    UNLOCKED(res = ioctl(self->fd, FIONBIO, &flag));
    if (res < 0)
        self->errorhandler();
    return res == 0;
}

bool socket_read_timeout(PyObject *object, _PyTime_t *timeout)
{
    *timeout = -1;
    if (object == Py_None)
        return true;
    if (_PyTime_FromSecondsObject(timeout, object, _PyTime_ROUND_TIMEOUT) < 0)
        return false;
    if (*timeout < 0) {
        PyErr_SetString(PyExc_ValueError, "Timeout value out of range");
        return false;
    }
    return true;
}

/* 1: ready, 0: the time is over, -1: errno. `left` < 0 waits for ever. */
static int wait_ready(Socket *self, bool writing, bool connecting, _PyTime_t left)
{
    int n;
    if (self->fd < 0)
        return 1; /* closed meanwhile: let the action say so */
    struct pollfd p = {.fd = self->fd, .events = writing ? POLLOUT : POLLIN};
    if (connecting)
        p.events |= POLLERR;
    _PyTime_t ms = left < 0 ? -1 : _PyTime_AsMilliseconds(left, _PyTime_ROUND_CEILING);
    UNLOCKED(n = poll(&p, 1, (int)Py_MIN(ms, INT_MAX)));
    if (n == 0 && ms > INT_MAX) { /* more than poll can wait at once: like an interruption */
        errno = EINTR;
        n = -1;
    }
    return n < 0 ? -1 : n > 0;
}

/* Did the action fail for good? errno is left as it was. */
static bool give_up(Socket *self, int *error)
{
    if (error)
        *error = errno;
    else
        self->errorhandler();
    return false;
}

static bool timed_out(int *error)
{
    if (error)
        *error = SOCKET_TIMED_OUT;
    else
        PyErr_SetString(PyExc_TimeoutError, "timed out");
    return false;
}

/* After EINTR: true to go on, false when a handler raised. */
static bool signals_handled(int *error)
{
    if (!PyErr_CheckSignals())
        return true;
    if (error)
        *error = -1;
    return false;
}

bool socket_call_until(Socket *self, bool writing, socket_action action, void *data,
                       bool connecting, int *error, _PyTime_t timeout)
{
    bool limited = timeout > 0, done;
    _PyTime_t deadline = limited ? _PyDeadline_Init(timeout) : 0, left = timeout;
    for (;;) {
        if (limited || connecting) {
            int ready = limited && left < 0 ? 0 : wait_ready(self, writing, connecting, left);
            if (ready < 0 && errno != EINTR)
                return give_up(self, error);
            if (ready < 0 && !signals_handled(error))
                return false;
            if (ready == 0)
                return timed_out(error);
            if (ready < 0) {
                left = limited ? _PyDeadline_Get(deadline) : left;
                continue;
            }
        }
        for (;;) {
            UNLOCKED(done = action(self, data));
            if (done)
                break;
            if (errno != EINTR)
                break;
            if (!signals_handled(error))
                return false;
        }
        if (done) {
            if (error)
                *error = 0;
            return true;
        }
        if (!limited || (errno != EWOULDBLOCK && errno != EAGAIN))
            return give_up(self, error);
        left = _PyDeadline_Get(deadline); /* poll was wrong (somebody else took it): wait again */
    }
}
