/* SPDX-License-Identifier: MIT
 *
 * FileIO: a raw stream over one descriptor.
 *
 * Reads and writes run without the lock and are repeated after signals (PEP 475); on a non-blocking
 * descriptor that is not ready they return None. Descriptors are opened non-inheritable (PEP 446).
 * `seekable` is found out once.
 */
#include "io_impl.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    PyObject_HEAD
    int fd;              /* -1: closed */
    unsigned created : 1, readable : 1, writable : 1, appending : 1, closefd : 1; /* the mode */
    signed seekable : 2; /* -1: not known */
    char finalizing;     /* the finaliser runs: close warns */
    unsigned blksize;    /* preferred block size in bytes */
    PyObject *weakreflist;
    PyObject *dict;
} FileIO;

#define IO_MAX 0x7ffff000 /* bytes that Linux moves in one call at most */

/* -- Closing --------------------------------------------------------------------------------- */

static int fileio_close_descriptor(FileIO *self)
{
    int rc = 0, fd = self->fd;
    if (fd < 0)
        return 0;
    self->fd = -1;
    UNLOCKED(rc = close(fd));
    if (rc < 0 && errno != EINTR) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return 0;
}

bool fileio_is_closed(PyObject *fileio) { return ((FileIO *)fileio)->fd < 0; }

static PyObject *fileio_dealloc_warn(FileIO *self, PyObject *source)
{
    if (self->fd >= 0 && self->closefd) {
        PyObject *type, *value, *tb;
        PyErr_Fetch(&type, &value, &tb);
        if (PyErr_ResourceWarning(source, 1, "unclosed file %R", source) < 0 &&
            PyErr_ExceptionMatches(PyExc_Warning))
            PyErr_WriteUnraisable((PyObject *)self);
        PyErr_Restore(type, value, tb);
    }
    Py_RETURN_NONE;
}

/* The base class flushes and marks the stream closed; the descriptor is closed whatever that
   raised. */
static PyObject *fileio_close(FileIO *self, PyObject *unused)
{
    PyObject *type, *value, *tb;
    int rc = 0;
    PyObject *res =
        PyObject_CallMethodOneArg((PyObject *)&PyRawIOBase_Type, ID(close), (PyObject *)self);
    if (!self->closefd) {
        self->fd = -1;
        return res;
    }
    PyErr_Fetch(&type, &value, &tb);
    if (self->finalizing) {
        PyObject *none = fileio_dealloc_warn(self, (PyObject *)self);
        Py_XDECREF(none);
    }
    rc = fileio_close_descriptor(self);
    _PyErr_ChainExceptions(type, value, tb);
    if (rc < 0)
        Py_CLEAR(res);
    return res;
}

/* -- Opening --------------------------------------------------------------------------------- */

static PyObject *fileio_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    FileIO *self = (FileIO *)type->tp_alloc(type, 0);
    if (self) {
        self->fd = -1;
        self->closefd = 1;
        self->seekable = -1;
    }
    return (PyObject *)self;
}

/* open(2) flags of a mode such as "rb+"; -1 with ValueError. */
static int fileio_parse_mode(FileIO *self, const char *mode)
{
    int flags = 0;
    bool base = false, plus = false;
    for (const char *m = mode; *m; m++) {
        if (*m == 'b')
            continue;
        if (*m == '+') {
            if (plus)
                goto bad;
            plus = true;
            self->readable = self->writable = 1;
            continue;
        }
        if (!strchr("xrwa", *m)) {
            PyErr_Format(PyExc_ValueError, "invalid mode: %.200s", mode);
            return -1;
        }
        if (base)
            goto bad;
        base = true;
        switch (*m) {
        case 'x': self->created = self->writable = 1; flags |= O_EXCL | O_CREAT; break;
        case 'r': self->readable = 1; break;
        case 'w': self->writable = 1; flags |= O_CREAT | O_TRUNC; break;
        case 'a': self->appending = self->writable = 1; flags |= O_APPEND | O_CREAT; break;
        }
    }
    if (!base)
        goto bad;
    return flags |
           (self->readable && self->writable ? O_RDWR
            : self->readable                 ? O_RDONLY
                                             : O_WRONLY) |
           O_CLOEXEC;
bad:
    PyErr_SetString(PyExc_ValueError,
                    "Must have exactly one of create/read/write/append mode and at most one plus");
    return -1;
}

static int fileio_open_path(FileIO *self, PyObject *name, int flags)
{
    PyObject *bytes;
    int signalled = 0;
    if (!PyUnicode_FSConverter(name, &bytes))
        return -1;
    errno = 0;
    RETRY_EINTR(self->fd, signalled, open(PyBytes_AS_STRING(bytes), flags, 0666));
    Py_DECREF(bytes);
    if (self->fd < 0 && !signalled)
        PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, name);
    return self->fd < 0 ? -1 : 0;
}

static int fileio_open_with(FileIO *self, PyObject *opener, PyObject *name, int flags)
{
    PyObject *fd = PyObject_CallFunction(opener, "Oi", name, flags);
    if (!fd)
        return -1;
    if (!PyLong_Check(fd)) {
        Py_DECREF(fd);
        PyErr_SetString(PyExc_TypeError, "expected integer from opener");
        return -1;
    }
    self->fd = _PyLong_AsInt(fd);
    Py_DECREF(fd);
    if (self->fd < 0) {
        if (!PyErr_Occurred())
            /* The opener may have returned -1 to say that it failed. */
            PyErr_Format(PyExc_ValueError, "opener returned %d", self->fd);
        return -1;
    }
    int flags_now = fcntl(self->fd, F_GETFD);
    if (flags_now < 0 || fcntl(self->fd, F_SETFD, flags_now | FD_CLOEXEC) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return 0;
}

/* Refuses directories, learns the block size; an fstat that fails otherwise is no obstacle. */
static int fileio_check_kind(FileIO *self, PyObject *name)
{
    struct stat st;
    int rc;
    self->blksize = DEFAULT_BUFFER_SIZE;
    UNLOCKED(rc = fstat(self->fd, &st));
    if (rc < 0) {
        if (errno == EBADF) {
            PyErr_SetFromErrno(PyExc_OSError);
            return -1;
        }
        return 0;
    }
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, name);
        return -1;
    }
    if (st.st_blksize > 1)
        self->blksize = (unsigned)st.st_blksize;
    return 0;
}

static PyObject *fileio_seek_to(FileIO *self, PyObject *position, int whence, bool quiet);

static int fileio_init(FileIO *self, PyObject *args, PyObject *kwargs)
{
    ARGS("O|siO:FileIO", "file", "mode", "closefd", "opener");
    PyObject *name, *opener = Py_None, *seek;
    const char *mode = "r";
    int closefd = 1, fd = -1;
    bool opened_here = false;

    if (!PARSE_TUPLE(&name, &mode, &closefd, &opener))
        return -1;
    if (self->fd >= 0) {
        /* __init__ again: the old descriptor is ours to close, or not. */
        if (self->closefd) {
            if (fileio_close_descriptor(self) < 0)
                return -1;
        } else {
            self->fd = -1;
        }
    }
    self->created = self->readable = self->writable = self->appending = 0;
    self->seekable = -1;
    if (PyBool_Check(name) &&
        PyErr_WarnEx(PyExc_RuntimeWarning, "bool is used as a file descriptor", 1) < 0)
        return -1;
    fd = PyIndex_Check(name) ? _PyLong_AsInt(name) : -1;
    if (PyErr_Occurred()) {
        PyErr_Clear(); /* too big for a descriptor: refused as a path */
    } else if (PyIndex_Check(name) && fd < 0) {
        PyErr_SetString(PyExc_ValueError, "negative file descriptor");
        return -1;
    }
    if (fd < 0) {
        PyObject *path = PyOS_FSPath(name);
        if (!path)
            return -1;
        Py_DECREF(path);
    }
    int flags = fileio_parse_mode(self, mode);
    if (flags < 0)
        return -1;
    if (PySys_Audit("open", "Osi", name, mode, flags) < 0)
        return -1;
    self->closefd = closefd != 0;
    if (fd >= 0) {
        self->fd = fd;
    } else {
        if (!closefd) {
            PyErr_SetString(PyExc_ValueError, "Cannot use closefd=False with file name");
            return -1;
        }
        if ((opener == Py_None ? fileio_open_path(self, name, flags)
                               : fileio_open_with(self, opener, name, flags)) < 0)
            goto fail;
        opened_here = true;
    }
    if (fileio_check_kind(self, name) < 0 || PyObject_SetAttr((PyObject *)self, ID(name), name) < 0)
        goto fail;
    if (self->appending) {
        /* tell() starts at the end; pipes cannot and need not. */
        seek = fileio_seek_to(self, NULL, SEEK_END, true);
        if (!seek)
            goto fail;
        Py_DECREF(seek);
    }
    return 0;
fail:
    if (!opened_here) {
        /* A descriptor that the caller gave stays open. */
        self->fd = -1;
    } else {
        PyObject *type, *value, *tb;
        PyErr_Fetch(&type, &value, &tb);
        if (fileio_close_descriptor(self) < 0)
            PyErr_Clear();
        PyErr_Restore(type, value, tb);
    }
    return -1;
}

static int fileio_traverse(FileIO *self, visitproc visit, void *arg)
{
    Py_VISIT(self->dict);
    return 0;
}

static int fileio_clear(FileIO *self)
{
    Py_CLEAR(self->dict);
    return 0;
}

static void fileio_dealloc(FileIO *self)
{
    self->finalizing = 1;
    if (iobase_finalize_from_dealloc((PyObject *)self) < 0)
        return;
    PyObject_GC_UnTrack(self);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    Py_CLEAR(self->dict);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* -- Capabilities ---------------------------------------------------------------------------- */

static PyObject *err_closed(void)
{
    PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
    return NULL;
}

static PyObject *err_mode(const char *action)
{
    return PyErr_Format(io_unsupported_operation(), "File not open for %s", action);
}

static PyObject *fileio_fileno(FileIO *self, PyObject *unused)
{
    return self->fd < 0 ? err_closed() : PyLong_FromLong(self->fd);
}
static PyObject *fileio_readable(FileIO *self, PyObject *unused)
{
    return self->fd < 0 ? err_closed() : PyBool_FromLong(self->readable);
}
static PyObject *fileio_writable(FileIO *self, PyObject *unused)
{
    return self->fd < 0 ? err_closed() : PyBool_FromLong(self->writable);
}

/* `position` NULL asks for the present one. Whether the file is seekable is learnt on the way;
   `quiet`: None instead of an error for what is not. */
static PyObject *fileio_seek_to(FileIO *self, PyObject *position, int whence, bool quiet)
{
    off_t offset = 0;
    if (position) {
        offset = PyLong_AsLong(position);
        if (PyErr_Occurred())
            return NULL;
    }
    UNLOCKED(offset = lseek(self->fd, offset, whence));
    if (self->seekable < 0)
        self->seekable = offset >= 0;
    if (offset < 0) {
        if (quiet && errno == ESPIPE)
            Py_RETURN_NONE;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return PyLong_FromLongLong(offset);
}

static PyObject *fileio_seekable(FileIO *self, PyObject *unused)
{
    if (self->fd < 0)
        return err_closed();
    if (self->seekable < 0) {
        PyObject *position = fileio_seek_to(self, NULL, SEEK_CUR, false);
        if (!position)
            PyErr_Clear();
        Py_XDECREF(position);
    }
    return PyBool_FromLong(self->seekable != 0);
}

static PyObject *fileio_isatty(FileIO *self, PyObject *unused)
{
    int tty;
    if (self->fd < 0)
        return err_closed();
    UNLOCKED(tty = isatty(self->fd));
    return PyBool_FromLong(tty);
}

/* -- Reading --------------------------------------------------------------------------------- */

static Py_ssize_t read_retry(int fd, void *buffer, size_t size)
{
    Py_ssize_t n;
    int signalled = 0;
    RETRY_EINTR(n, signalled, read(fd, buffer, size > IO_MAX ? IO_MAX : size));
    if (n >= 0)
        return n;
    if (signalled)
        return -1;
    if (errno == EAGAIN)
        return -2;
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
}

static PyObject *fileio_readinto(FileIO *self, PyObject *target)
{
    Py_buffer buffer;
    if (!io_buffer(target, &buffer, "readinto"))
        return NULL;
    Py_ssize_t n = -1;
    if (self->fd < 0)
        err_closed();
    else if (!self->readable)
        err_mode("reading");
    else
        n = read_retry(self->fd, buffer.buf, (size_t)buffer.len);
    PyBuffer_Release(&buffer);
    return n >= 0 ? PyLong_FromSsize_t(n) : n == -2 ? Py_NewRef(Py_None) : NULL;
}

/* Bytes still to come as far as fstat tells, plus one to see the end. */
static size_t readall_guess(int fd)
{
    struct stat st;
    off_t position, left;
    int rc;
    UNLOCKED(position = lseek(fd, 0, SEEK_CUR); rc = fstat(fd, &st));
    left = rc == 0 && position >= 0 ? st.st_size - position : 0;
    return left > 0 && left < PY_SSIZE_T_MAX - 1 ? (size_t)left + 1 : DEFAULT_BUFFER_SIZE;
}

/* The guess comes from the file's size; what grows meanwhile is read in growing steps. None: it
   would block and nothing has come. */
static PyObject *fileio_readall(FileIO *self, PyObject *unused)
{
    if (self->fd < 0)
        return err_closed();
    size_t size = readall_guess(self->fd), have = 0;
    PyObject *res = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    while (res) {
        if (have == size) {
            size += size > 65536 ? size / 8 + 262144 : size + DEFAULT_BUFFER_SIZE;
            if (size > PY_SSIZE_T_MAX) {
                Py_DECREF(res);
                PyErr_SetString(
                    PyExc_OverflowError,
                    "unbounded read returned more bytes than a Python bytes object can hold");
                return NULL;
            }
            if (_PyBytes_Resize(&res, (Py_ssize_t)size) < 0)
                return NULL;
        }
        Py_ssize_t n = read_retry(self->fd, PyBytes_AS_STRING(res) + have, size - have);
        if (n == 0)
            break;
        if (n == -2) {
            if (have)
                break;
            Py_DECREF(res);
            Py_RETURN_NONE;
        }
        if (n < 0) {
            Py_DECREF(res);
            return NULL;
        }
        have += (size_t)n;
    }
    if (res && have < size)
        _PyBytes_Resize(&res, (Py_ssize_t)have);
    return res;
}

static PyObject *fileio_read(FileIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1;
    if (!IO_SIZE(&size, "|O&:read", size_converter, &size))
        return NULL;
    if (self->fd < 0)
        return err_closed();
    if (!self->readable)
        return err_mode("reading");
    if (size < 0)
        return fileio_readall(self, NULL);
    if (size > IO_MAX)
        size = IO_MAX;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (!bytes)
        return NULL;
    Py_ssize_t n = read_retry(self->fd, PyBytes_AS_STRING(bytes), (size_t)size);
    if (n < 0) {
        Py_DECREF(bytes);
        return n == -2 ? Py_NewRef(Py_None) : NULL;
    }
    if (n != size)
        _PyBytes_Resize(&bytes, n);
    return bytes;
}

/* -- Writing, positions ---------------------------------------------------------------------- */

static PyObject *fileio_write(FileIO *self, PyObject *bytes)
{
    Py_buffer data;
    Py_ssize_t n = -1;
    int signalled = 0;
    if (!io_buffer(bytes, &data, NULL))
        return NULL;
    if (self->fd < 0) {
        err_closed();
    } else if (!self->writable) {
        err_mode("writing");
    } else {
        RETRY_EINTR(n, signalled,
                    write(self->fd, data.buf, data.len > IO_MAX ? IO_MAX : (size_t)data.len));
        if (n < 0 && !signalled) {
            if (errno == EAGAIN)
                n = -2;
            else
                PyErr_SetFromErrno(PyExc_OSError);
        }
    }
    PyBuffer_Release(&data);
    return n >= 0 ? PyLong_FromSsize_t(n) : n == -2 ? Py_NewRef(Py_None) : NULL;
}

static PyObject *fileio_seek(FileIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *position;
    int whence = 0;
    if (!IO_ARGS(1, 2, "O|i:seek", &position, &whence))
        return NULL;
    return self->fd < 0 ? err_closed() : fileio_seek_to(self, position, whence, false);
}

static PyObject *fileio_tell(FileIO *self, PyObject *unused)
{
    return self->fd < 0 ? err_closed() : fileio_seek_to(self, NULL, SEEK_CUR, false);
}

/* Without a size at the present position, which stays where it is. */
static PyObject *fileio_truncate(FileIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *size = Py_None;
    int rc;
    if (!IO_ARGS(0, 1, "|O:truncate", &size))
        return NULL;
    if (self->fd < 0)
        return err_closed();
    if (!self->writable)
        return err_mode("writing");
    size = size == Py_None ? fileio_seek_to(self, NULL, SEEK_CUR, false) : Py_NewRef(size);
    if (!size)
        return NULL;
    off_t length = PyLong_AsLong(size);
    if (PyErr_Occurred()) {
        Py_DECREF(size);
        return NULL;
    }
    UNLOCKED(errno = 0; rc = ftruncate(self->fd, length));
    if (rc < 0) {
        Py_DECREF(size);
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return size;
}

/* -- Description ----------------------------------------------------------------------------- */

static const char *fileio_mode(const FileIO *self)
{
    if (self->created)
        return self->readable ? "xb+" : "xb";
    if (self->appending)
        return self->readable ? "ab+" : "ab";
    return self->readable ? (self->writable ? "rb+" : "rb") : "wb";
}

static PyObject *fileio_repr(FileIO *self)
{
    PyObject *name, *res = NULL;
    if (self->fd < 0)
        return PyUnicode_FromString("<_io.FileIO [closed]>");
    if (_PyObject_LookupAttr((PyObject *)self, ID(name), &name) < 0)
        return NULL;
    if (!name)
        return PyUnicode_FromFormat("<_io.FileIO fd=%d mode='%s' closefd=%s>", self->fd,
                                    fileio_mode(self), self->closefd ? "True" : "False");
    int status = Py_ReprEnter((PyObject *)self);
    if (status == 0) {
        res = PyUnicode_FromFormat("<_io.FileIO name=%R mode='%s' closefd=%s>", name,
                                   fileio_mode(self), self->closefd ? "True" : "False");
        Py_ReprLeave((PyObject *)self);
    } else if (status > 0) {
        PyErr_Format(PyExc_RuntimeError, "reentrant call inside %s.__repr__",
                     Py_TYPE(self)->tp_name);
    }
    Py_DECREF(name);
    return res;
}

static PyObject *fileio_get_closed(FileIO *self, void *unused)
{
    return PyBool_FromLong(self->fd < 0);
}
static PyObject *fileio_get_closefd(FileIO *self, void *unused)
{
    return PyBool_FromLong(self->closefd);
}
static PyObject *fileio_get_mode(FileIO *self, void *unused)
{
    return PyUnicode_FromString(fileio_mode(self));
}

static PyMethodDef fileio_methods[] = {
    METHODF(
        fileio, read, "($self, size=-1, /)",
        "Read at most size bytes with one call; all until the end when size is negative or None."),
    METHODN(fileio, readall, "Read all bytes until the end."),
    METHODO(fileio, readinto, "($self, buffer, /)",
            "Read into a buffer; returns the number of bytes."),
    METHODO(
        fileio, write, "($self, b, /)",
        "Write bytes with one call; returns how many were written, None when that would block."),
    METHODF(fileio, seek, "($self, pos, whence=0, /)", "Set the position; returns it."),
    METHODN(fileio, tell, "Current position."),
    METHODF(fileio, truncate, "($self, size=None, /)",
            "Cut or extend the file to size bytes, the current position by default."),
    METHODN(fileio, close, "Close the file; no effect when closed."),
    METHODN(fileio, seekable, "True when the file can be positioned."),
    METHODN(fileio, readable, "True when the file was opened for reading."),
    METHODN(fileio, writable, "True when the file was opened for writing."),
    METHODN(fileio, fileno, "The descriptor."),
    METHODN(fileio, isatty, "True when the file is a terminal."),
    {"_dealloc_warn", (PyCFunction)fileio_dealloc_warn, METH_O, NULL},
    {NULL},
};
static PyGetSetDef fileio_getset[] = {
    {"closed", (getter)fileio_get_closed, NULL, "True if the file is closed", NULL},
    {"closefd", (getter)fileio_get_closefd, NULL, "Whether close() closes the descriptor, too.",
     NULL},
    {"mode", (getter)fileio_get_mode, NULL, "String giving the file mode", NULL},
    {NULL},
};
static PyMemberDef fileio_members[] = {
    { "_blksize", T_UINT, offsetof(FileIO, blksize), 0, NULL },
    { "_finalizing", T_BOOL, offsetof(FileIO, finalizing), 0, NULL },
    { NULL },
};

PyTypeObject PyFileIO_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io.FileIO",
    .tp_basicsize = sizeof(FileIO),
    .tp_dealloc = (destructor)fileio_dealloc,
    .tp_repr = (reprfunc)fileio_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nA raw stream over a file "
              "name or an open descriptor. mode is one of 'r', 'w', 'x', 'a', with '+' for both\n"
              "directions. closefd=False leaves a given descriptor open on close. opener(name, "
              "flags) may make the descriptor.",
    .tp_traverse = (traverseproc)fileio_traverse,
    .tp_clear = (inquiry)fileio_clear,
    .tp_weaklistoffset = offsetof(FileIO, weakreflist),
    .tp_methods = fileio_methods,
    .tp_members = fileio_members,
    .tp_getset = fileio_getset,
    .tp_base = &PyRawIOBase_Type,
    .tp_dictoffset = offsetof(FileIO, dict),
    .tp_init = (initproc)fileio_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = fileio_new,
    .tp_free = PyObject_GC_Del,
};
