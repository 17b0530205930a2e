/* SPDX-License-Identifier: MIT
 *
 * Open files: descriptors, reading, writing, positions, pipes, terminals. System calls run without
 * the lock and are repeated after a signal whose handler returns (PEP 475); new descriptors are not
 * inherited (PEP 446).
 */
#include "posix_impl.h"

#include <limits.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <termios.h>
#include <utmp.h>

FN(open)
{
    ARGS("O&i|i$O&:open", "path", "flags", "mode", "dir_fd");
    PathArg path = PATH_ARG("open", "path", false, false);
    int flags, mode = 0777, dir_fd = DEFAULT_DIR_FD, fd, signalled = 0;

    if (!PARSE(path_converter, &path, &flags, &mode, dir_fd_converter, &dir_fd))
        return NULL;
    if (PySys_Audit("open", "OOi", path.object, Py_None, flags) < 0) {
        path_done(&path);
        return NULL;
    }
    RETRY_EINTR(fd, signalled, openat(dir_fd, path.narrow, flags | O_CLOEXEC, mode));
    if (fd < 0 && !signalled)
        path_error(&path);
    path_done(&path);
    return fd < 0 ? NULL : PyLong_FromLong(fd);
}

FN(close)
{
    ARGS("i:close", "fd");
    int fd, rc;
    if (!PARSE(&fd))
        return NULL;
    UNLOCKED(rc = close(fd));
    /* After EINTR the descriptor is closed on Linux. */
    return posix_done(rc < 0 && errno != EINTR ? rc : 0);
}

FNP(closerange)
{
    int low, high;
    if (!PARSEP("ii:closerange", &low, &high))
        return NULL;
    if (low < 0)
        low = 0;
    if (high > low)
        UNLOCKED(if (close_range(low, high - 1, 0) < 0) for (int fd = low; fd < high; fd++)
                     close(fd));
    Py_RETURN_NONE;
}

FN1(dup)
{
    int fd;
    if (!PARSEP("i:dup", &fd))
        return NULL;
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? posix_error() : PyLong_FromLong(fd);
}

FN(dup2)
{
    ARGS("ii|p:dup2", "fd", "fd2", "inheritable");
    int fd, fd2, inheritable = 1, rc;
    if (!PARSE(&fd, &fd2, &inheritable))
        return NULL;
    if (fd < 0 || fd2 < 0) {
        errno = EBADF;
        return posix_error();
    }
    UNLOCKED(rc = inheritable || fd == fd2 ? dup2(fd, fd2) : dup3(fd, fd2, O_CLOEXEC));
    return rc < 0 ? posix_error() : PyLong_FromLong(rc);
}

FNP(lseek)
{
    int fd, how;
    off_t position;
    if (!PARSEP("iO&i:lseek", &fd, off_converter, &position, &how))
        return NULL;
    UNLOCKED(position = lseek(fd, position, how));
    return position < 0 ? posix_error() : PyLong_FromLongLong(position);
}

/* Largest count that a read or write asks the system for. */
static size_t io_count(Py_ssize_t n) { return n > 0x7ffff000 ? 0x7ffff000 : (size_t)n; }

/* Shared by read and pread: offset < 0 reads at the current position. */
static PyObject *read_bytes(int fd, Py_ssize_t length, bool at, off_t offset)
{
    Py_ssize_t n;
    int signalled = 0;
    if (length < 0) {
        errno = EINVAL;
        return posix_error();
    }
    PyObject *buffer = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)io_count(length));
    if (!buffer)
        return NULL;
    RETRY_EINTR(n, signalled, at ? pread(fd, PyBytes_AS_STRING(buffer), io_count(length), offset)
                                 : read(fd, PyBytes_AS_STRING(buffer), io_count(length)));
    if (n < 0) {
        Py_DECREF(buffer);
        return signalled ? NULL : posix_error();
    }
    if (n != length)
        _PyBytes_Resize(&buffer, n);
    return buffer;
}

FNP(read)
{
    int fd;
    Py_ssize_t length;
    if (!PARSEP("in:read", &fd, &length))
        return NULL;
    return read_bytes(fd, length, false, 0);
}

FNP(pread)
{
    int fd;
    Py_ssize_t length;
    off_t offset;
    if (!PARSEP("inO&:pread", &fd, &length, off_converter, &offset))
        return NULL;
    return read_bytes(fd, length, true, offset);
}

FNP(write)
{
    int fd, signalled = 0;
    Py_buffer data;
    Py_ssize_t n;
    if (!PARSEP("iy*:write", &fd, &data))
        return NULL;
    RETRY_EINTR(n, signalled, write(fd, data.buf, io_count(data.len)));
    PyObject *res = n >= 0 ? PyLong_FromSsize_t(n) : signalled ? NULL : posix_error();
    PyBuffer_Release(&data);
    return res;
}

FNP(pwrite)
{
    int fd, signalled = 0;
    Py_buffer data;
    Py_ssize_t n;
    off_t offset;
    if (!PARSEP("iy*O&:pwrite", &fd, &data, off_converter, &offset))
        return NULL;
    RETRY_EINTR(n, signalled, pwrite(fd, data.buf, io_count(data.len), offset));
    PyObject *res = n >= 0 ? PyLong_FromSsize_t(n) : signalled ? NULL : posix_error();
    PyBuffer_Release(&data);
    return res;
}

/* -- Vectors --------------------------------------------------------------------------------- */

typedef struct { struct iovec *iov; Py_buffer *buffers; Py_ssize_t count, total; } Vector;

static void vector_done(Vector *v)
{
    for (Py_ssize_t i = 0; i < v->count; i++)
        PyBuffer_Release(&v->buffers[i]);
    PyMem_Free(v->iov);
    PyMem_Free(v->buffers);
}

/* Buffers of a sequence for readv and the like; vector_done lets them go. */
static int vector_get(Vector *v, const char *function, PyObject *seq, int flags)
{
    *v = (Vector){ 0 };
    if (!PySequence_Check(seq)) {
        PyErr_Format(PyExc_TypeError, "%s() arg 2 must be a sequence", function);
        return -1;
    }
    Py_ssize_t n = PySequence_Size(seq);
    if (n < 0)
        return -1;
    v->iov = PyMem_New(struct iovec, n + 1);
    v->buffers = PyMem_New(Py_buffer, n + 1);
    if (!v->iov || !v->buffers) {
        PyErr_NoMemory();
        goto fail;
    }
    for (; v->count < n; v->count++) {
        PyObject *item = PySequence_GetItem(seq, v->count);
        if (!item)
            goto fail;
        int rc = PyObject_GetBuffer(item, &v->buffers[v->count], flags);
        Py_DECREF(item);
        if (rc < 0)
            goto fail;
        v->iov[v->count].iov_base = v->buffers[v->count].buf;
        v->iov[v->count].iov_len = (size_t)v->buffers[v->count].len;
        v->total += v->buffers[v->count].len;
    }
    return 0;
fail:
    vector_done(v);
    return -1;
}

static PyObject *vector_result(Vector *v, Py_ssize_t n, int signalled)
{
    int saved = errno;
    vector_done(v);
    errno = saved;
    return n >= 0 ? PyLong_FromSsize_t(n) : signalled ? NULL : posix_error();
}

FNP(readv)
{
    int fd, signalled = 0;
    PyObject *seq;
    Vector v;
    Py_ssize_t n;
    if (!PARSEP("iO:readv", &fd, &seq) || vector_get(&v, "readv", seq, PyBUF_WRITABLE) < 0)
        return NULL;
    RETRY_EINTR(n, signalled, readv(fd, v.iov, (int)v.count));
    return vector_result(&v, n, signalled);
}

FNP(writev)
{
    int fd, signalled = 0;
    PyObject *seq;
    Vector v;
    Py_ssize_t n;
    if (!PARSEP("iO:writev", &fd, &seq) || vector_get(&v, "writev", seq, PyBUF_SIMPLE) < 0)
        return NULL;
    RETRY_EINTR(n, signalled, writev(fd, v.iov, (int)v.count));
    return vector_result(&v, n, signalled);
}

FNP(preadv)
{
    int fd, flags = 0, signalled = 0;
    PyObject *seq;
    off_t offset;
    Vector v;
    Py_ssize_t n;
    if (!PARSEP("iOO&|i:preadv", &fd, &seq, off_converter, &offset, &flags) ||
        vector_get(&v, "preadv", seq, PyBUF_WRITABLE) < 0)
        return NULL;
    RETRY_EINTR(n, signalled, preadv2(fd, v.iov, (int)v.count, offset, flags));
    return vector_result(&v, n, signalled);
}

FNP(pwritev)
{
    int fd, flags = 0, signalled = 0;
    PyObject *seq;
    off_t offset;
    Vector v;
    Py_ssize_t n;
    if (!PARSEP("iOO&|i:pwritev", &fd, &seq, off_converter, &offset, &flags) ||
        vector_get(&v, "pwritev", seq, PyBUF_SIMPLE) < 0)
        return NULL;
    RETRY_EINTR(n, signalled, pwritev2(fd, v.iov, (int)v.count, offset, flags));
    return vector_result(&v, n, signalled);
}

/* -- Copies inside the kernel ---------------------------------------------------------------- */

FN(sendfile)
{
    ARGS("iiOn:sendfile", "out_fd", "in_fd", "offset", "count");
    int out, in, signalled = 0;
    PyObject *offset_object;
    Py_ssize_t count, n;
    off_t offset;
    if (!PARSE(&out, &in, &offset_object, &count))
        return NULL;
    if (offset_object == Py_None) {
        RETRY_EINTR(n, signalled, sendfile(out, in, NULL, (size_t)count));
    } else {
        if (!off_converter(offset_object, &offset))
            return NULL;
        RETRY_EINTR(n, signalled, sendfile(out, in, &offset, (size_t)count));
    }
    return n >= 0 ? PyLong_FromSsize_t(n) : signalled ? NULL : posix_error();
}

/* None leaves *p NULL. */
static int optional_offset(PyObject *o, off64_t *value, off64_t **p)
{
    *p = NULL;
    if (o == Py_None)
        return 1;
    *p = value;
    return off_converter(o, value);
}

static bool count_negative(Py_ssize_t count)
{
    if (count < 0)
        PyErr_SetString(PyExc_ValueError, "negative value for 'count' not allowed");
    return count < 0;
}

FN(copy_file_range)
{
    ARGS("iin|OO:copy_file_range", "src", "dst", "count", "offset_src", "offset_dst");
    int src, dst, signalled = 0;
    Py_ssize_t count, n;
    PyObject *so = Py_None, *d = Py_None;
    off64_t src_offset, dst_offset, *ps, *pd;
    if (!PARSE(&src, &dst, &count, &so, &d) || count_negative(count) ||
        !optional_offset(so, &src_offset, &ps) || !optional_offset(d, &dst_offset, &pd))
        return NULL;
    RETRY_EINTR(n, signalled, copy_file_range(src, ps, dst, pd, (size_t)count, 0));
    return n >= 0 ? PyLong_FromSsize_t(n) : signalled ? NULL : posix_error();
}

FN(splice)
{
    ARGS("iin|OOI:splice", "src", "dst", "count", "offset_src", "offset_dst", "flags");
    int src, dst, signalled = 0;
    unsigned flags = 0;
    Py_ssize_t count, n;
    PyObject *so = Py_None, *d = Py_None;
    off64_t src_offset, dst_offset, *ps, *pd;
    if (!PARSE(&src, &dst, &count, &so, &d, &flags) || count_negative(count) ||
        !optional_offset(so, &src_offset, &ps) || !optional_offset(d, &dst_offset, &pd))
        return NULL;
    RETRY_EINTR(n, signalled, splice(src, ps, dst, pd, (size_t)count, flags));
    return n >= 0 ? PyLong_FromSsize_t(n) : signalled ? NULL : posix_error();
}

/* -- Sizes, synchronisation, advice ---------------------------------------------------------- */

FNP(ftruncate)
{
    int fd, rc, signalled = 0;
    off_t length;
    if (!PARSEP("iO&:ftruncate", &fd, off_converter, &length))
        return NULL;
    RETRY_EINTR(rc, signalled, ftruncate(fd, length));
    return signalled ? NULL : posix_done(rc);
}

FN(truncate)
{
    ARGS("O&O&:truncate", "path", "length");
    PathArg path = PATH_ARG("truncate", "path", false, true);
    off_t length;
    int rc;
    if (!PARSE(path_converter, &path, off_converter, &length))
        return NULL;
    UNLOCKED(rc = path.fd != -1 ? ftruncate(path.fd, length)
                                : truncate(path_address(&path), length));
    PyObject *res = rc == 0         ? Py_NewRef(Py_None)
                    : path.fd != -1 ? posix_error()
                                    : path_error(&path);
    path_done(&path);
    return res;
}

/* An argument that is a descriptor or has fileno(). */
static int fildes_converter(PyObject *o, void *p)
{
    *(int *)p = PyObject_AsFileDescriptor(o);
    return *(int *)p >= 0;
}

FN(fsync)
{
    ARGS("O&:fsync", "fd");
    int fd, rc, signalled = 0;
    if (!PARSE(fildes_converter, &fd))
        return NULL;
    RETRY_EINTR(rc, signalled, fsync(fd));
    return signalled ? NULL : posix_done(rc);
}

FN(fdatasync)
{
    ARGS("O&:fdatasync", "fd");
    int fd, rc, signalled = 0;
    if (!PARSE(fildes_converter, &fd))
        return NULL;
    RETRY_EINTR(rc, signalled, fdatasync(fd));
    return signalled ? NULL : posix_done(rc);
}

FN0(sync)
{
    UNLOCKED(sync());
    Py_RETURN_NONE;
}

FNP(posix_fallocate)
{
    int fd, rc, signalled = 0;
    off_t offset, length;
    if (!PARSEP("iO&O&:posix_fallocate", &fd, off_converter, &offset, off_converter, &length))
        return NULL;
    do {
        UNLOCKED(rc = posix_fallocate(fd, offset, length));
    } while (rc == EINTR && !(signalled = PyErr_CheckSignals()));
    errno = rc;
    return signalled ? NULL : posix_done(rc ? -1 : 0);
}

FNP(posix_fadvise)
{
    int fd, rc, advice, signalled = 0;
    off_t offset, length;
    if (!PARSEP("iO&O&i:posix_fadvise", &fd, off_converter, &offset, off_converter, &length,
                &advice))
        return NULL;
    do {
        UNLOCKED(rc = posix_fadvise(fd, offset, length, advice));
    } while (rc == EINTR && !(signalled = PyErr_CheckSignals()));
    errno = rc;
    return signalled ? NULL : posix_done(rc ? -1 : 0);
}

FNP(lockf)
{
    int fd, command, rc;
    off_t length;
    if (!PARSEP("iiO&:lockf", &fd, &command, off_converter, &length))
        return NULL;
    UNLOCKED(rc = lockf(fd, command, length));
    return posix_done(rc);
}

/* -- Pipes, events, memory files ------------------------------------------------------------- */

static PyObject *pair(int rc, const int *fds)
{
    return rc < 0 ? posix_error() : Py_BuildValue("(ii)", fds[0], fds[1]);
}

FN0(pipe)
{
    int fds[2], rc;
    UNLOCKED(rc = pipe2(fds, O_CLOEXEC));
    return pair(rc, fds);
}

FN1(pipe2)
{
    int fds[2], flags, rc;
    if (!PARSEP("i:pipe2", &flags))
        return NULL;
    UNLOCKED(rc = pipe2(fds, flags));
    return pair(rc, fds);
}

FN(eventfd)
{
    ARGS("I|i:eventfd", "initval", "flags");
    unsigned initval;
    int flags = EFD_CLOEXEC, fd;
    if (!PARSE(&initval, &flags))
        return NULL;
    UNLOCKED(fd = eventfd(initval, flags));
    return fd < 0 ? posix_error() : PyLong_FromLong(fd);
}

FN(eventfd_read)
{
    ARGS("O&:eventfd_read", "fd");
    int fd, rc;
    eventfd_t value;
    if (!PARSE(fildes_converter, &fd))
        return NULL;
    UNLOCKED(rc = eventfd_read(fd, &value));
    return rc < 0 ? posix_error() : PyLong_FromUnsignedLongLong(value);
}

FN(eventfd_write)
{
    ARGS("O&K:eventfd_write", "fd", "value");
    int fd, rc;
    unsigned long long value;
    if (!PARSE(fildes_converter, &fd, &value))
        return NULL;
    UNLOCKED(rc = eventfd_write(fd, value));
    return posix_done(rc);
}

FN(memfd_create)
{
    ARGS("O&|I:memfd_create", "name", "flags");
    PyObject *name;
    unsigned flags = MFD_CLOEXEC;
    int fd;
    if (!PARSE(PyUnicode_FSConverter, &name, &flags))
        return NULL;
    UNLOCKED(fd = memfd_create(PyBytes_AS_STRING(name), flags));
    Py_DECREF(name);
    return fd < 0 ? posix_error() : PyLong_FromLong(fd);
}

/* -- Properties of descriptors --------------------------------------------------------------- */

FN1(isatty)
{
    int fd;
    if (!PARSEP("i:isatty", &fd))
        return NULL;
    return PyBool_FromLong(isatty(fd));
}

FN1(get_inheritable)
{
    int fd;
    if (!PARSEP("i:get_inheritable", &fd))
        return NULL;
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? posix_error() : PyBool_FromLong(!(flags & FD_CLOEXEC));
}

FNP(set_inheritable)
{
    int fd, inheritable;
    if (!PARSEP("ii:set_inheritable", &fd, &inheritable))
        return NULL;
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
        flags = fcntl(fd, F_SETFD, inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
    return posix_done(flags);
}

FN1(get_blocking)
{
    int fd;
    if (!PARSEP("i:get_blocking", &fd))
        return NULL;
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? posix_error() : PyBool_FromLong(!(flags & O_NONBLOCK));
}

FNP(set_blocking)
{
    int fd, blocking;
    if (!PARSEP("ii:set_blocking", &fd, &blocking))
        return NULL;
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0)
        flags = fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
    return posix_done(flags);
}

/* -- Terminals ------------------------------------------------------------------------------- */

FN1(ttyname)
{
    int fd;
    char name[PATH_MAX];
    if (!PARSEP("i:ttyname", &fd))
        return NULL;
    int rc = ttyname_r(fd, name, sizeof name);
    if (rc) {
        errno = rc;
        return posix_error();
    }
    return PyUnicode_DecodeFSDefault(name);
}

FN0(openpty)
{
    int fds[2], rc;
    UNLOCKED(rc = openpty(&fds[0], &fds[1], NULL, NULL, NULL));
    if (rc >= 0) {
        fcntl(fds[0], F_SETFD, FD_CLOEXEC);
        fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    }
    return pair(rc, fds);
}

FN1(login_tty)
{
    int fd;
    if (!PARSEP("O&:login_tty", _PyLong_FileDescriptor_Converter, &fd))
        return NULL;
    return posix_done(login_tty(fd));
}

FN0(ctermid)
{
    char name[L_ctermid];
    return PyUnicode_DecodeFSDefault(ctermid(name));
}

FN1(tcgetpgrp)
{
    int fd;
    if (!PARSEP("i:tcgetpgrp", &fd))
        return NULL;
    pid_t pgid = tcgetpgrp(fd);
    return pgid < 0 ? posix_error() : PyLong_FromLong(pgid);
}

FNP(tcsetpgrp)
{
    int fd;
    pid_t pgid;
    if (!PARSEP_PLAIN("iO&:tcsetpgrp", &fd, pid_converter, &pgid))
        return NULL;
    return posix_done(tcsetpgrp(fd, pgid));
}

FN(device_encoding)
{
    ARGS("i:device_encoding", "fd");
    int fd, tty;
    if (!PARSE(&fd))
        return NULL;
    UNLOCKED(tty = isatty(fd));
    if (!tty)
        Py_RETURN_NONE;
    if (Py_UTF8Mode)
        return PyUnicode_FromString("utf-8");
    PyObject *locale = PyImport_ImportModule("_locale");
    PyObject *res = locale ? PyObject_CallMethod(locale, "getencoding", NULL) : NULL;
    Py_XDECREF(locale);
    return res;
}

FNP(get_terminal_size)
{
    int fd = STDOUT_FILENO;
    struct winsize w;
    if (!PARSEP("|i:get_terminal_size", &fd))
        return NULL;
    if (ioctl(fd, TIOCGWINSZ, &w) < 0)
        return posix_error();
    PyObject *res = PyStructSequence_New(posix_state(module)->TerminalSize);
    if (!res)
        return NULL;
    PyStructSequence_SET_ITEM(res, 0, PyLong_FromLong(w.ws_col));
    PyStructSequence_SET_ITEM(res, 1, PyLong_FromLong(w.ws_row));
    return res;
}

PyMethodDef posix_files_methods[] = {
    METHOD(open, "($module, /, path, flags, mode=511, *, dir_fd=None)",
           "Open a file and give its descriptor, an int; it is not inheritable."),
    METHOD(close, "($module, /, fd)", "Close a file descriptor."),
    METHODP(closerange, "($module, fd_low, fd_high, /)",
            "Close the descriptors from fd_low to below fd_high; those not open are skipped."),
    METHOD1(dup, "($module, fd, /)", "A second descriptor, not inheritable, for the same file."),
    METHOD(dup2, "($module, /, fd, fd2, inheritable=True)", "Duplicate a descriptor onto another."),
    METHODP(lseek, "($module, fd, position, how, /)",
            "Set the position of a descriptor; returns the new position in bytes."),
    METHODP(read, "($module, fd, length, /)",
            "Read at most length bytes; b'' at the end of the file."),
    METHODP(pread, "($module, fd, length, offset, /)",
            "Read at most length bytes at offset, without moving the position."),
    METHODP(write, "($module, fd, data, /)", "Write bytes; returns how many were written."),
    METHODP(pwrite, "($module, fd, buffer, offset, /)",
            "Write bytes at offset, without moving the position."),
    METHODP(readv, "($module, fd, buffers, /)", "Read into a sequence of writable buffers."),
    METHODP(writev, "($module, fd, buffers, /)", "Write a sequence of buffers."),
    METHODP(preadv, "($module, fd, buffers, offset, flags=0, /)", "Read into buffers at offset."),
    METHODP(pwritev, "($module, fd, buffers, offset, flags=0, /)", "Write buffers at offset."),
    METHOD(sendfile, "($module, /, out_fd, in_fd, offset, count)",
           "Copy count bytes between descriptors inside the kernel."),
    METHOD(copy_file_range,
           "($module, /, src, dst, count, offset_src=None,\n                offset_dst=None)",
           "Copy count bytes between files inside the kernel."),
    METHOD(splice,
           "($module, /, src, dst, count, offset_src=None, offset_dst=None,\n       flags=0)",
           "Move count bytes to or from a pipe inside the kernel."),
    METHODP(ftruncate, "($module, fd, length, /)", "Cut or extend an open file to length bytes."),
    METHOD(truncate, "($module, /, path, length)", "Cut or extend a file to length bytes."),
    METHOD(fsync, "($module, /, fd)", "Force a file's data and metadata to disk."),
    METHOD(fdatasync, "($module, /, fd)", "Force a file's data to disk."),
    METHOD0(sync, "Force all buffered data to disk."),
    METHODP(posix_fallocate, "($module, fd, offset, length, /)",
            "Reserve space for a range of a file."),
    METHODP(posix_fadvise, "($module, fd, offset, length, advice, /)",
            "Announce how a range of a file will be used."),
    METHODP(lockf, "($module, fd, command, length, /)", "Apply, test or remove a POSIX lock."),
    METHOD0(pipe, "Create a pipe; returns (read_fd, write_fd)."),
    METHOD1(pipe2, "($module, flags, /)", "Create a pipe with flags; returns (read_fd, write_fd)."),
    METHOD(eventfd, "($module, /, initval, flags=EFD_CLOEXEC)", "Create an event descriptor."),
    METHOD(eventfd_read, "($module, /, fd)", "Read the value of an event descriptor."),
    METHOD(eventfd_write, "($module, /, fd, value)", "Add a value to an event descriptor."),
    METHOD(memfd_create, "($module, /, name, flags=MFD_CLOEXEC)",
           "Create an anonymous file in memory."),
    METHOD1(isatty, "($module, fd, /)", "True when the descriptor is a terminal."),
    METHOD1(get_inheritable, "($module, fd, /)",
            "True when child processes inherit the descriptor."),
    METHODP(set_inheritable, "($module, fd, inheritable, /)",
            "Say whether child processes inherit the descriptor."),
    METHOD1(get_blocking, "($module, fd, /)", "False when O_NONBLOCK is set."),
    METHODP(set_blocking, "($module, fd, blocking, /)", "Clear or set O_NONBLOCK."),
    METHOD1(ttyname, "($module, fd, /)", "Name of the terminal behind a descriptor."),
    METHOD0(openpty, "Open a pseudo-terminal; returns (master_fd, slave_fd)."),
    METHOD1(login_tty, "($module, fd, /)",
            "Make the terminal the controlling one of a new session."),
    METHOD0(ctermid, "Name of the controlling terminal."),
    METHOD1(tcgetpgrp, "($module, fd, /)", "Foreground process group of a terminal."),
    METHODP(tcsetpgrp, "($module, fd, pgid, /)", "Set the foreground process group of a terminal."),
    METHOD(device_encoding, "($module, /, fd)",
           "Encoding of a terminal, None when the descriptor is none."),
    METHODP(get_terminal_size, "($module, fd=<unrepresentable>, /)",
            "Columns and lines of a terminal as os.terminal_size."),
    {NULL},
};
