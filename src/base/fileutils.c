/* SPDX-License-Identifier: MIT
 *
 * File descriptors and paths.
 *
 * I1  System calls interrupted by a signal are repeated after its Python handlers ran (PEP 475);
 *     when a handler raises, its exception is the result.
 * I2  Every descriptor made here is closed on exec (PEP 446).
 * I3  Calls that may wait give up the lock; errno is saved before it is taken again, since taking
 *     it makes system calls too.
 *
 * A raising function sets OSError (with the file's name where it knows one). Audit events are sent
 * before the call that they tell of (PEP 578).
 */
#include "base/fileutils.h"
#include "state.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* -- Status ---------------------------------------------------------------------------------- */

int _Py_fstat_noraise(int fd, struct stat *status) { return fstat(fd, status); }

int _Py_fstat(int fd, struct stat *status)
{
    int r;
    Py_BEGIN_ALLOW_THREADS
    r = fstat(fd, status);
    Py_END_ALLOW_THREADS
    if (r != 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return 0;
}

/* -2: the path cannot be encoded (exception set); -1: errno. */
int _Py_stat(PyObject *path, struct stat *status)
{
    PyObject *bytes = PyUnicode_EncodeFSDefault(path);
    if (bytes == NULL) {
        return -2;
    }
    char *name;
    int r = -2;
    if (PyBytes_AsStringAndSize(bytes, &name, NULL) == 0) {
        r = stat(name, status);
    }
    Py_DECREF(bytes);
    return r;
}

int file_wstat(const wchar_t *path, struct stat *status)
{
    char *name = _Py_EncodeLocaleRaw(path, NULL);
    if (name == NULL) {
        errno = EINVAL;
        return -1;
    }
    int r = stat(name, status);
    PyMem_RawFree(name);
    return r;
}

/* -- Inheritance ----------------------------------------------------------------------------- */

static int inheritable_get(int fd, bool raise)
{
    int flags = fcntl(fd, F_GETFD, 0);
    if (flags == -1) {
        if (raise) {
            PyErr_SetFromErrno(PyExc_OSError);
        }
        return -1;
    }
    return !(flags & FD_CLOEXEC);
}

/* ioctl first: one system call where fcntl needs two. ENOTTY and EACCES are the answers of kernels
   and sandboxes that do not know it for this descriptor; they get the two. */
static int inheritable_set(int fd, int inheritable, bool raise, int *atomic_flag_works)
{
    /* The kernel honoured O_CLOEXEC when the descriptor is closed on exec already. */
    if (atomic_flag_works && !inheritable) {
        if (*atomic_flag_works == -1) {
            int now = inheritable_get(fd, raise);
            if (now == -1) {
                return -1;
            }
            *atomic_flag_works = !now;
        }
        if (*atomic_flag_works) {
            return 0;
        }
    }
    if (ioctl(fd, inheritable ? FIONCLEX : FIOCLEX, NULL) == 0) {
        return 0;
    }
    if (errno != ENOTTY && errno != EACCES) {
        if (raise) {
            PyErr_SetFromErrno(PyExc_OSError);
        }
        return -1;
    }
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0) {
        flags = inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
        if (fcntl(fd, F_SETFD, flags) >= 0) {
            return 0;
        }
    }
    if (raise) {
        PyErr_SetFromErrno(PyExc_OSError);
    }
    return -1;
}

int _Py_get_inheritable(int fd) { return inheritable_get(fd, true); }
int _Py_set_inheritable(int fd, int inheritable, int *works)
{
    return inheritable_set(fd, inheritable, true, works);
}
int _Py_set_inheritable_async_safe(int fd, int inheritable, int *works)
{
    return inheritable_set(fd, inheritable, false, works);
}

/* -- Opening --------------------------------------------------------------------------------- */

int _Py_open(const char *path, int flags)
{
    int fd, interrupted = 0;
    if (PySys_Audit("open", "sOi", path, Py_None, flags | O_CLOEXEC) < 0) {
        return -1;
    }
    do {
        Py_BEGIN_ALLOW_THREADS
        fd = open(path, flags | O_CLOEXEC);
        Py_END_ALLOW_THREADS
    } while (fd < 0 && errno == EINTR && !(interrupted = PyErr_CheckSignals()));
    if (interrupted) {
        return -1;
    }
    if (fd < 0) {
        PyErr_SetFromErrnoWithFilename(PyExc_OSError, path);
    }
    return fd;
}

int _Py_open_noraise(const char *path, int flags) { return open(path, flags | O_CLOEXEC); }

/* STEALS f: it is closed when the flag cannot be set. fopen has no portable flag for this. */
static FILE *close_on_exec(FILE *f, bool raise)
{
    if (f && inheritable_set(fileno(f), 0, raise, NULL) < 0) {
        fclose(f);
        return NULL;
    }
    return f;
}

FILE *_Py_wfopen(const wchar_t *path, const wchar_t *mode)
{
    char cmode[10];
    if (PySys_Audit("open", "uui", path, mode, 0) < 0) {
        return NULL;
    }
    size_t n = wcstombs(cmode, mode, sizeof(cmode));
    if (n == (size_t)-1 || n >= sizeof(cmode)) {
        errno = EINVAL;
        return NULL;
    }
    char *name = _Py_EncodeLocaleRaw(path, NULL);
    if (name == NULL) {
        return NULL;
    }
    FILE *f = fopen(name, cmode);
    PyMem_RawFree(name);
    return close_on_exec(f, false);
}

FILE *_Py_fopen_obj(PyObject *path, const char *mode)
{
    PyObject *bytes;
    FILE *f;
    int interrupted = 0;
    if (!PyUnicode_FSConverter(path, &bytes)) {
        return NULL;
    }
    if (PySys_Audit("open", "Osi", path, mode, 0) < 0) {
        Py_DECREF(bytes);
        return NULL;
    }
    do {
        Py_BEGIN_ALLOW_THREADS
        f = fopen(PyBytes_AS_STRING(bytes), mode);
        Py_END_ALLOW_THREADS
    } while (f == NULL && errno == EINTR && !(interrupted = PyErr_CheckSignals()));
    int err = errno;
    Py_DECREF(bytes);
    if (interrupted) {
        return NULL;
    }
    if (f == NULL) {
        errno = err;
        PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
        return NULL;
    }
    return close_on_exec(f, true);
}

/* -- Reading and writing --------------------------------------------------------------------- */

/* What read or write gave. errno is the call's afterwards, whatever the exception is. */
static Py_ssize_t io_result(Py_ssize_t n, int err, bool interrupted)
{
    if (n >= 0 && !interrupted) {
        return n;
    }
    if (!interrupted) {
        errno = err;
        PyErr_SetFromErrno(PyExc_OSError);
    }
    errno = err;
    return -1;
}

Py_ssize_t _Py_read(int fd, void *buf, size_t count)
{
    Py_ssize_t n;
    int err, interrupted = 0;
    count = Py_MIN(count, (size_t)PY_SSIZE_T_MAX);
    do {
        Py_BEGIN_ALLOW_THREADS
        errno = 0;
        n = read(fd, buf, count);
        err = errno; /* the lock's calls may change it */
        Py_END_ALLOW_THREADS
    } while (n < 0 && err == EINTR && !(interrupted = PyErr_CheckSignals()));
    return io_result(n, err, interrupted);
}

Py_ssize_t _Py_write(int fd, const void *buf, size_t count)
{
    Py_ssize_t n;
    int err, interrupted = 0; /* as in _Py_read */
    count = Py_MIN(count, (size_t)PY_SSIZE_T_MAX);
    do {
        Py_BEGIN_ALLOW_THREADS
        errno = 0;
        n = write(fd, buf, count);
        err = errno;
        Py_END_ALLOW_THREADS
    } while (n < 0 && err == EINTR && !(interrupted = PyErr_CheckSignals()));
    return io_result(n, err, interrupted);
}

Py_ssize_t _Py_write_noraise(int fd, const void *buf, size_t count)
{
    Py_ssize_t n;
    do {
        errno = 0;
        n = write(fd, buf, Py_MIN(count, (size_t)PY_SSIZE_T_MAX));
    } while (n < 0 && errno == EINTR);
    return n;
}

int _Py_dup(int fd)
{
    Py_BEGIN_ALLOW_THREADS
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    Py_END_ALLOW_THREADS
    if (fd < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
    }
    return fd;
}

int _Py_get_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL, 0);
    if (flags < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return !(flags & O_NONBLOCK);
}

int _Py_set_blocking(int fd, int blocking)
{
    int arg = !blocking;
    if (ioctl(fd, FIONBIO, &arg) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return 0;
}

void _Py_closerange(int first, int last)
{
    first = Py_MAX(first, 0);
    if (first > last || close_range((unsigned)first, (unsigned)last, 0) == 0) {
        return;
    }
    for (int fd = first; fd <= last; fd++) {
        (void)close(fd);
    }
}

/* -- Paths ----------------------------------------------------------------------------------- */

/* Length of the target in `buf`, which gets a NUL. */
int _Py_wreadlink(const wchar_t *path, wchar_t *buf, size_t buflen)
{
    char target[PATH_MAX + 1], *name = _Py_EncodeLocaleRaw(path, NULL);
    if (name == NULL) {
        errno = EINVAL;
        return -1;
    }
    ssize_t n = readlink(name, target, PATH_MAX);
    PyMem_RawFree(name);
    if (n < 0) {
        return -1;
    }
    target[n] = '\0';
    size_t len;
    wchar_t *w = Py_DecodeLocale(target, &len);
    if (w == NULL || len >= buflen) {
        PyMem_RawFree(w);
        errno = EINVAL;
        return -1;
    }
    wmemcpy(buf, w, len + 1);
    PyMem_RawFree(w);
    return (int)len;
}

/* BORROWED: `resolved`. */
wchar_t *_Py_wrealpath(const wchar_t *path, wchar_t *resolved, size_t resolved_len)
{
    char target[PATH_MAX], *name = _Py_EncodeLocaleRaw(path, NULL);
    if (name == NULL) {
        errno = EINVAL;
        return NULL;
    }
    char *r = realpath(name, target);
    PyMem_RawFree(name);
    if (r == NULL) {
        return NULL;
    }
    size_t len;
    wchar_t *w = Py_DecodeLocale(target, &len);
    if (w == NULL || len >= resolved_len) {
        PyMem_RawFree(w);
        errno = EINVAL;
        return NULL;
    }
    wmemcpy(resolved, w, len + 1);
    PyMem_RawFree(w);
    return resolved;
}

/* BORROWED: `buf`. */
wchar_t *_Py_wgetcwd(wchar_t *buf, size_t buflen)
{
    char name[PATH_MAX];
    if (getcwd(name, sizeof(name)) == NULL) {
        return NULL;
    }
    size_t len;
    wchar_t *w = Py_DecodeLocale(name, &len);
    if (w == NULL || len >= buflen) {
        PyMem_RawFree(w);
        return NULL;
    }
    wmemcpy(buf, w, len + 1);
    PyMem_RawFree(w);
    return buf;
}

/* One pass with two cursors, `in` ahead of `out`, over the same text: a component is copied down,
   dropped ("." or nothing), or takes its parent with it (".."). ".." stays where there is no
   parent to take: at the beginning of a relative path, or behind another "..". `root` is the end
   of the leading slashes, which ".." never crosses. */
wchar_t *_Py_normpath(wchar_t *path, Py_ssize_t size)
{
    size_t n = size < 0 ? wcslen(path) : (size_t)size, in = 0, out = 0, root;
    if (n == 0) {
        return path;
    }
    if (path[0] == L'.' && n > 1 && path[1] == L'/') {
        in = 2; /* a leading "./" goes */
        while (in < n && path[in] == L'/') {
            in++;
        }
    } else if (path[0] == L'/') {
        /* exactly two leading slashes are kept (POSIX) */
        size_t slashes = 0;
        while (slashes < n && path[slashes] == L'/') {
            slashes++;
        }
        in = slashes;
        out = slashes == 2 ? 2 : 1;
    }
    root = out;
    bool absolute = root > 0;
    while (in < n && path[in]) {
        size_t end = in;
        while (end < n && path[end] && path[end] != L'/') {
            end++;
        }
        size_t len = end - in;
        if (len == 2 && path[in] == L'.' && path[in + 1] == L'.') {
            size_t last = out;
            while (last > root && path[last - 1] != L'/') {
                last--;
            }
            bool parent_is_dots = out - last == 2 && path[last] == L'.' && path[last + 1] == L'.';
            if (out > root && !parent_is_dots) {
                out = last > root ? last - 1 : root;
            } else if (!absolute) {
                if (out > root) {
                    path[out++] = L'/';
                }
                path[out++] = L'.';
                path[out++] = L'.';
            }
        } else if (len && !(len == 1 && path[in] == L'.')) {
            if (out > root) {
                path[out++] = L'/';
            }
            wmemmove(path + out, path + in, len);
            out += len;
        }
        in = end + 1;
    }
    path[out] = L'\0';
    return path;
}
