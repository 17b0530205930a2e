/* SPDX-License-Identifier: MIT
 *
 * Files as objects, seen from C: lines in, objects out, opening code, and the printer that stands
 * in for sys.stderr until `io` can be imported.
 */
#include "capi/capi.h"
#include <unistd.h>
#include <fcntl.h>

/* -- Opening --------------------------------------------------------------------------------- */

/* io.open on a descriptor; `name` is ignored, as in 3.11. */
PyObject *PyFile_FromFd(int fd, const char *name, const char *mode, int buffering,
                        const char *encoding, const char *errors, const char *newline, int closefd)
{
    PyObject *io = PyImport_ImportModule("_io");
    if (io == NULL) {
        return NULL;
    }
    PyObject *stream = PyObject_CallMethod(io, "open", "isisssO", fd, mode, buffering, encoding,
                                           errors, newline, closefd ? Py_True : Py_False);
    Py_DECREF(io);
    return stream; /* `name` is not settable any more */
}

/* Once only: a program that opened its code under one hook must not get another. */
int PyFile_SetOpenCodeHook(Py_OpenCodeHookFunction hook, void *data)
{
    if (Py_IsInitialized() && PySys_Audit("setopencodehook", NULL) < 0) {
        return -1;
    }
    if (_PyRuntime.open_code_hook) {
        if (Py_IsInitialized()) {
            PyErr_SetString(PyExc_SystemError, "failed to change existing open_code hook");
        }
        return -1;
    }
    _PyRuntime.open_code_hook = hook;
    _PyRuntime.open_code_userdata = data;
    return 0;
}

/* open(path, "rb"), or what the hook says. */
PyObject *PyFile_OpenCodeObject(PyObject *path)
{
    if (!PyUnicode_Check(path)) {
        PyErr_Format(PyExc_TypeError, "'path' must be 'str', not '%.200s'", Py_TYPE(path)->tp_name);
        return NULL;
    }
    if (_PyRuntime.open_code_hook) {
        return _PyRuntime.open_code_hook(path, _PyRuntime.open_code_userdata);
    }
    PyObject *io = PyImport_ImportModule("_io");
    if (io == NULL) {
        return NULL;
    }
    PyObject *f = PyObject_CallMethod(io, "open", "Os", path, "rb");
    Py_DECREF(io);
    return f;
}

PyObject *PyFile_OpenCode(const char *utf8path)
{
    PyObject *path = PyUnicode_FromString(utf8path);
    if (path == NULL) {
        return NULL;
    }
    PyObject *f = PyFile_OpenCodeObject(path);
    Py_DECREF(path);
    return f;
}

/* -- Lines ----------------------------------------------------------------------------------- */

/* n < 0: an empty line is EOFError and the newline is cut off. */
PyObject *PyFile_GetLine(PyObject *f, int n)
{
    if (f == NULL) {
        PyErr_BadInternalCall();
        return NULL;
    }
    PyObject *result;
    if (n <= 0) {
        result = PyObject_CallMethodNoArgs(f, ID(readline));
    } else {
        PyObject *count = PyLong_FromLong(n);
        if (count == NULL) {
            return NULL;
        }
        result = PyObject_CallMethodOneArg(f, ID(readline), count);
        Py_DECREF(count);
    }
    if (result && !PyBytes_Check(result) && !PyUnicode_Check(result)) {
        Py_CLEAR(result);
        PyErr_SetString(PyExc_TypeError, "object.readline() returned non-string");
    }
    if (n >= 0 || result == NULL) {
        return result;
    }
    Py_ssize_t len = PyBytes_Check(result) ? PyBytes_GET_SIZE(result)
                                           : PyUnicode_GET_LENGTH(result);
    if (len == 0) {
        Py_CLEAR(result);
        PyErr_SetString(PyExc_EOFError, "EOF when reading a line");
    } else if (PyBytes_Check(result)) {
        if (PyBytes_AS_STRING(result)[len - 1] == '\n') {
            Py_SETREF(result, PyBytes_FromStringAndSize(PyBytes_AS_STRING(result), len - 1));
        }
    } else if (PyUnicode_READ_CHAR(result, len - 1) == '\n') {
        Py_SETREF(result, PyUnicode_Substring(result, 0, len - 1));
    }
    return result;
}

/* -- Writing --------------------------------------------------------------------------------- */

/* Calls f.write(str(v)), or repr(v) without Py_PRINT_RAW. */
int PyFile_WriteObject(PyObject *v, PyObject *f, int flags)
{
    if (f == NULL) {
        PyErr_SetString(PyExc_TypeError, "writeobject with NULL file");
        return -1;
    }
    PyObject *writer = PyObject_GetAttr(f, ID(write));
    if (writer == NULL) {
        return -1;
    }
    PyObject *text = flags & Py_PRINT_RAW ? PyObject_Str(v) : PyObject_Repr(v), *result = NULL;
    if (text) {
        result = PyObject_CallOneArg(writer, text);
        Py_DECREF(text);
    }
    Py_DECREF(writer);
    if (result == NULL) {
        return -1;
    }
    Py_DECREF(result);
    return 0;
}

/* Does nothing and fails when an exception is set already. */
int PyFile_WriteString(const char *s, PyObject *f)
{
    if (f == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_SystemError, "null file for PyFile_WriteString");
        }
        return -1;
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    PyObject *v = PyUnicode_FromString(s);
    if (v == NULL) {
        return -1;
    }
    int r = PyFile_WriteObject(v, f, Py_PRINT_RAW);
    Py_DECREF(v);
    return r;
}

/* fgets() that takes \r, \n and \r\n for line ends. */
char *Py_UniversalNewlineFgets(char *buf, int n, FILE *stream, PyObject *fobj)
{
    char *p = buf;
    bool after_cr = false;
    if (fobj) {
        errno = ENXIO; /* no stream of ours is backed by a FILE */
        return NULL;
    }
    flockfile(stream);
    int c = 'x';
    while (--n > 0 && (c = getc_unlocked(stream)) != EOF) {
        if (after_cr) {
            after_cr = false;
            if (c == '\n') {
                c = getc_unlocked(stream);
                if (c == EOF) {
                    break;
                }
            }
        }
        if (c == '\r') {
            after_cr = true;
            c = '\n';
        }
        *p++ = (char)c;
        if (c == '\n') {
            break;
        }
    }
    if (after_cr) {
        c = getc_unlocked(stream);
        if (c != '\n') {
            ungetc(c, stream);
        }
    }
    funlockfile(stream);
    *p = '\0';
    return p == buf ? NULL : buf;
}

/* -- The early printer ------------------------------------------------------------------------ */

/* sys.stderr while there is no io: writes UTF-8 without a buffer. */
typedef struct {
    PyObject_HEAD
    int fd; /* not owned */
} StdPrinter;

PyObject *PyFile_NewStdPrinter(int fd)
{
    if (fd != fileno(stdout) && fd != fileno(stderr)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    StdPrinter *self = PyObject_New(StdPrinter, &PyStdPrinter_Type);
    if (self) {
        self->fd = fd;
    }
    return (PyObject *)self;
}


/* Escapes what cannot be encoded; a closed descriptor swallows all. */
static PyObject *stdprinter_write(StdPrinter *self, PyObject *args)
{
    PyObject *text, *bytes = NULL;
    const char *s;
    Py_ssize_t n;
    if (self->fd < 0) {
        Py_RETURN_NONE; /* nowhere to write to: not an error */
    }
    if (!PyArg_ParseTuple(args, "U", &text)) {
        return NULL;
    }
    s = PyUnicode_AsUTF8AndSize(text, &n);
    if (s == NULL) {
        PyErr_Clear();
        bytes = PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
        if (bytes == NULL) {
            return NULL;
        }
        s = PyBytes_AS_STRING(bytes);
        n = PyBytes_GET_SIZE(bytes);
    }
    Py_ssize_t written;
    do {
        written = write(self->fd, s, (size_t)n);
    } while (written < 0 && errno == EINTR);
    int err = errno;
    Py_XDECREF(bytes);
    if (written < 0) {
        if (err == EAGAIN) {
            Py_RETURN_NONE;
        }
        errno = err;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return PyLong_FromSsize_t(written);
}

static PyObject *stdprinter_fileno(StdPrinter *self, PyObject *noargs)
{
    return PyLong_FromLong(self->fd);
}

static PyObject *stdprinter_isatty(StdPrinter *self, PyObject *noargs)
{
    return PyBool_FromLong(self->fd >= 0 && isatty(self->fd));
}

static PyObject *stdprinter_noop(StdPrinter *self, PyObject *noargs) { Py_RETURN_NONE; }
static PyObject *stdprinter_repr(StdPrinter *self)
{
    return PyUnicode_FromFormat("<stdprinter(fd=%d) object at %p>", self->fd, self);
}

static PyObject *stdprinter_encoding(StdPrinter *self, void *closure)
{
    return PyUnicode_FromString("ascii");
}

static PyObject *stdprinter_mode(StdPrinter *self, void *closure)
{
    return PyUnicode_FromString("w");
}

static PyObject *stdprinter_closed(StdPrinter *self, void *closure) { Py_RETURN_FALSE; }

static PyMethodDef stdprinter_methods[] = {
    {"close", (PyCFunction)stdprinter_noop, METH_NOARGS, ""},
    {"flush", (PyCFunction)stdprinter_noop, METH_NOARGS, ""},
    {"fileno", (PyCFunction)stdprinter_fileno, METH_NOARGS, ""},
    {"isatty", (PyCFunction)stdprinter_isatty, METH_NOARGS, ""},
    {"write", (PyCFunction)stdprinter_write, METH_VARARGS, ""},
    {NULL},
};
static PyGetSetDef stdprinter_getset[] = {
    {"closed", (getter)stdprinter_closed, NULL, "True if the file is closed"},
    {"encoding", (getter)stdprinter_encoding, NULL, "Encoding of the file"},
    {"mode", (getter)stdprinter_mode, NULL, "String giving the file mode"},
    {NULL},
};

PyTypeObject PyStdPrinter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "stderrprinter",
    .tp_basicsize = sizeof(StdPrinter),
    .tp_repr = (reprfunc)stdprinter_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_methods = stdprinter_methods,
    .tp_getset = stdprinter_getset,
    .tp_new = NULL,
    .tp_free = PyObject_Free,
};
