/* SPDX-License-Identifier: MIT
 *
 * Options of sockets: those of the system (getsockopt, setsockopt), and time limits.
 */
#include "socket_impl.h"
#include <limits.h>

/* -- The system's options -------------------------------------------------------------------- */

static PyObject *set_result(Socket *self, int res)
{
    if (res < 0)
        return self->errorhandler();
    Py_RETURN_NONE;
}

/* An option is an int, a buffer, or no data with a length only. */
FAST(socket_setsockopt)
{
    int level, option, number, res;
    unsigned long long wide;
    unsigned len;
    PyObject *none;
    Py_buffer data;
    if (self->family == AF_VSOCK) {
        if (!PARSEP("iiK:setsockopt", &level, &option, &wide))
            return NULL;
        return set_result(self, setsockopt(self->fd, level, option, &wide, sizeof wide));
    }
    if (PARSEP("iii:setsockopt", &level, &option, &number))
        return set_result(self, setsockopt(self->fd, level, option, &number, sizeof number));
    PyErr_Clear();
    if (PARSEP("iiO!I:setsockopt", &level, &option, Py_TYPE(Py_None), &none, &len))
        return set_result(self, setsockopt(self->fd, level, option, NULL, len));
    PyErr_Clear();
    if (!PARSEP("iiy*:setsockopt", &level, &option, &data))
        return NULL;
    if (data.len > INT_MAX) {
        PyBuffer_Release(&data);
        return PyErr_Format(PyExc_OverflowError, "socket option is larger than %i bytes", INT_MAX);
    }
    res = setsockopt(self->fd, level, option, data.buf, (socklen_t)data.len);
    PyBuffer_Release(&data);
    return set_result(self, res);
}

static PyObject *get_number(Socket *self, int level, int option)
{
    uint64_t wide = 0;
    int number = 0;
    socklen_t len;
    if (self->family == AF_VSOCK) {
        len = sizeof wide;
        return getsockopt(self->fd, level, option, &wide, &len) < 0 ? self->errorhandler()
                                                                    : PyLong_FromUnsignedLong(wide);
    }
    len = sizeof number;
    return getsockopt(self->fd, level, option, &number, &len) < 0 ? self->errorhandler()
                                                                  : PyLong_FromLong(number);
}

FAST(socket_getsockopt)
{
    int level, option, size = 0;
    if (!PARSEP("ii|i:getsockopt", &level, &option, &size))
        return NULL;
    if (size == 0)
        return get_number(self, level, option);
    if (self->family == AF_VSOCK) {
        PyErr_SetString(PyExc_OSError, "getsockopt string buffer not allowed");
        return NULL;
    }
    if (size < 0 || size > 1024) {
        PyErr_SetString(PyExc_OSError, "getsockopt buflen out of range");
        return NULL;
    }
    socklen_t len = (socklen_t)size;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (!bytes)
        return NULL;
    if (getsockopt(self->fd, level, option, PyBytes_AS_STRING(bytes), &len) < 0) {
        Py_DECREF(bytes);
        return self->errorhandler();
    }
    _PyBytes_Resize(&bytes, (Py_ssize_t)len);
    return bytes;
}

/* -- Time limits ----------------------------------------------------------------------------- */

static PyObject *set_timeout(Socket *self, _PyTime_t timeout)
{
    self->timeout = timeout;
    if (!socket_set_blocking(self, timeout < 0))
        return NULL;
    Py_RETURN_NONE;
}

PyObject *socket_settimeout(Socket *self, PyObject *object)
{
    _PyTime_t timeout;
    return socket_read_timeout(object, &timeout) ? set_timeout(self, timeout) : NULL;
}

PyObject *socket_gettimeout(Socket *self, PyObject *ignored)
{
    if (self->timeout < 0)
        Py_RETURN_NONE;
    return PyFloat_FromDouble(_PyTime_AsSecondsDouble(self->timeout));
}

PyObject *socket_setblocking(Socket *self, PyObject *flag)
{
    long blocking = PyLong_AsLong(flag);
    if (blocking == -1 && PyErr_Occurred())
        return NULL;
    return set_timeout(self, blocking ? -1 : 0);
}

PyObject *socket_getblocking(Socket *self, PyObject *ignored)
{
    return PyBool_FromLong(self->timeout != 0);
}
