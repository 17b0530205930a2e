/* SPDX-License-Identifier: MIT
 *
 * Random bytes from the system: getrandom(2), or /dev/urandom where a kernel or a filter does not
 * allow that.
 */
#include "runtime/rt.h"
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

/* 1 done, 0 getrandom cannot be used here, -1 with an exception. */
static int from_getrandom(char *p, Py_ssize_t size, unsigned flags)
{
    while (size > 0) {
        ssize_t n;
        Py_BEGIN_ALLOW_THREADS
        n = getrandom(p, (size_t)size, flags);
        Py_END_ALLOW_THREADS
        if (n >= 0) {
            p += n;
            size -= n;
        } else if (errno == ENOSYS || errno == EPERM || errno == EAGAIN) {
            return 0;
        } else if (errno != EINTR) {
            PyErr_SetFromErrno(PyExc_OSError);
            return -1;
        } else if (PyErr_CheckSignals()) {
            return -1;
        }
    }
    return 1;
}

/* The whole of `size` bytes, or -1 with errno. */
static int from_device(char *p, Py_ssize_t size)
{
    int fd = _Py_open("/dev/urandom", O_RDONLY), res = 0;
    if (fd < 0)
        return -1;
    while (size > 0 && res == 0) {
        Py_ssize_t n = _Py_read(fd, p, (size_t)size);
        if (n == 0)
            PyErr_Format(PyExc_RuntimeError, "Failed to read %zi bytes from /dev/urandom", size);
        if (n <= 0)
            res = -1;
        p += n;
        size -= n;
    }
    close(fd);
    return res;
}

static int urandom(void *buffer, Py_ssize_t size, unsigned flags)
{
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "negative argument not allowed");
        return -1;
    }
    int res = from_getrandom(buffer, size, flags);
    return res ? (res < 0 ? -1 : 0) : from_device(buffer, size);
}

int _PyOS_URandom(void *buffer, Py_ssize_t size) { return urandom(buffer, size, 0); }
int _PyOS_URandomNonblock(void *buffer, Py_ssize_t size)
{
    return urandom(buffer, size, GRND_NONBLOCK);
}
