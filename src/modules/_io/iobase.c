/* SPDX-License-Identifier: MIT
 *
 * _IOBase and _RawIOBase: the protocol that all streams share, written against Python-level methods
 * so that subclasses in Python can replace any of them.
 *
 * Closing: `closed` is the attribute __IOBase_closed in the instance dict for streams that do not
 * keep it themselves. A stream that dies open is closed by the finaliser (PEP 442), once.
 */
#include "text.h"

typedef struct {
    PyObject_HEAD
    PyObject *dict;
    PyObject *weakreflist;
} IOBase;

/* -- Checks ---------------------------------------------------------------------------------- */

static PyObject *iobase_unsupported(const char *message) { return io_unsupported(message); }

/* True when the base class's own close() ran. */
static int base_closed(PyObject *self)
{
    PyObject *value;
    int rc = _PyObject_LookupAttr(self, ID(__IOBase_closed), &value);
    Py_XDECREF(value);
    return rc;
}

int io_is_closed(PyObject *stream)
{
    if (Py_IS_TYPE(stream, &PyBytesIO_Type))
        return bytesio_is_closed(stream);
    PyObject *closed = PyObject_GetAttr(stream, ID(closed));
    if (!closed)
        return -1;
    int rc = PyObject_IsTrue(closed);
    Py_DECREF(closed);
    return rc;
}

int iobase_check_closed(PyObject *self)
{
    PyObject *closed;
    int rc = _PyObject_LookupAttr(self, ID(closed), &closed);
    if (rc > 0) {
        rc = PyObject_IsTrue(closed);
        Py_DECREF(closed);
        if (rc > 0) {
            PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
            return -1;
        }
    }
    return rc;
}

/* Only the object True means yes. */
static int check_capability(PyObject *self, PyObject *method, const char *message)
{
    PyObject *res = PyObject_CallMethodNoArgs(self, method);
    if (!res)
        return -1;
    Py_DECREF(res);
    if (res != Py_True) {
        iobase_unsupported(message);
        return -1;
    }
    return 0;
}

int iobase_check_seekable(PyObject *self)
{
    return check_capability(self, ID(seekable), "File or stream is not seekable.");
}
int iobase_check_readable(PyObject *self)
{
    return check_capability(self, ID(readable), "File or stream is not readable.");
}
int iobase_check_writable(PyObject *self)
{
    return check_capability(self, ID(writable), "File or stream is not writable.");
}

static PyObject *true_or_null(int rc) { return rc < 0 ? NULL : Py_NewRef(Py_True); }
static PyObject *none_or_null(int rc) { return rc < 0 ? NULL : Py_NewRef(Py_None); }

static PyObject *iobase_check_closed_method(PyObject *self, PyObject *unused)
{
    return none_or_null(iobase_check_closed(self));
}
static PyObject *iobase_check_seekable_method(PyObject *self, PyObject *unused)
{
    return true_or_null(iobase_check_seekable(self));
}
static PyObject *iobase_check_readable_method(PyObject *self, PyObject *unused)
{
    return true_or_null(iobase_check_readable(self));
}
static PyObject *iobase_check_writable_method(PyObject *self, PyObject *unused)
{
    return true_or_null(iobase_check_writable(self));
}

/* -- Defaults -------------------------------------------------------------------------------- */

static PyObject *iobase_seek(PyObject *self, PyObject *args) { return iobase_unsupported("seek"); }
static PyObject *iobase_truncate(PyObject *self, PyObject *args)
{
    return iobase_unsupported("truncate");
}
static PyObject *iobase_fileno(PyObject *self, PyObject *unused)
{
    return iobase_unsupported("fileno");
}
static PyObject *iobase_seekable(PyObject *self, PyObject *unused) { Py_RETURN_FALSE; }
static PyObject *iobase_readable(PyObject *self, PyObject *unused) { Py_RETURN_FALSE; }
static PyObject *iobase_writable(PyObject *self, PyObject *unused) { Py_RETURN_FALSE; }

static PyObject *iobase_tell(PyObject *self, PyObject *unused)
{
    return PyObject_CallMethod(self, "seek", "ii", 0, 1);
}

static PyObject *iobase_flush(PyObject *self, PyObject *args)
{
    int closed = base_closed(self);
    if (closed > 0)
        PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
    return none_or_null(closed ? -1 : 0);
}

static PyObject *iobase_isatty(PyObject *self, PyObject *unused)
{
    if (iobase_check_closed(self) < 0)
        return NULL;
    Py_RETURN_FALSE;
}

static PyObject *iobase_close(PyObject *self, PyObject *unused)
{
    int closed = base_closed(self);
    if (closed < 0)
        return NULL;
    if (closed)
        Py_RETURN_NONE;
    PyObject *res = PyObject_CallMethodNoArgs(self, ID(flush));
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    int rc = PyObject_SetAttr(self, ID(__IOBase_closed), Py_True);
    _PyErr_ChainExceptions(type, value, tb);
    if (rc < 0)
        Py_CLEAR(res);
    Py_XDECREF(res);
    return none_or_null(res ? 0 : -1);
}

static PyObject *iobase_closed_get(PyObject *self, void *unused)
{
    int closed = base_closed(self);
    return closed < 0 ? NULL : PyBool_FromLong(closed);
}

static PyObject *iobase_enter(PyObject *self, PyObject *unused)
{
    return iobase_check_closed(self) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *iobase_exit(PyObject *self, PyObject *args)
{
    return PyObject_CallMethodNoArgs(self, ID(close));
}

/* -- Lines ----------------------------------------------------------------------------------- */

/* How many bytes to ask for next: up to the newline when peek() shows it, else one. */
static Py_ssize_t readline_next_size(PyObject *peek, Py_ssize_t limit, Py_ssize_t have)
{
    PyObject *ready = PyObject_CallOneArg(peek, SMALL_INT(1));
    if (!ready)
        return io_trap_eintr() ? 0 : -1;
    if (!PyBytes_Check(ready)) {
        PyErr_Format(PyExc_OSError, "peek() should have returned a bytes object, not '%.200s'",
                     Py_TYPE(ready)->tp_name);
        Py_DECREF(ready);
        return -1;
    }
    Py_ssize_t n = PyBytes_GET_SIZE(ready);
    if (limit >= 0 && n > limit - have)
        n = limit - have;
    const char *start = PyBytes_AS_STRING(ready),
               *nl = n > 0 ? memchr(start, '\n', (size_t)n) : NULL;
    n = nl ? nl - start + 1 : n > 0 ? n : 1;
    Py_DECREF(ready);
    return n;
}

/* By peek() as far as the line goes, else byte by byte: nothing behind it may be consumed. */
static PyObject *iobase_readline(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t limit = -1;
    PyObject *peek = NULL, *buffer = NULL, *res = NULL;
    if (!IO_SIZE(&limit, "|O&:readline", size_converter, &limit) ||
        _PyObject_LookupAttr(self, ID(peek), &peek) < 0)
        return NULL;
    buffer = PyByteArray_FromStringAndSize(NULL, 0);
    while (buffer && (limit < 0 || PyByteArray_GET_SIZE(buffer) < limit)) {
        Py_ssize_t want = peek ? readline_next_size(peek, limit, PyByteArray_GET_SIZE(buffer)) : 1;
        if (want < 0)
            goto done;
        if (want == 0)
            continue;
        PyObject *b = _PyObject_CallMethod(self, ID(read), "n", want);
        if (!b) {
            if (io_trap_eintr())
                continue;
            goto done;
        }
        if (!PyBytes_Check(b)) {
            PyErr_Format(PyExc_OSError, "read() should have returned a bytes object, not '%.200s'",
                         Py_TYPE(b)->tp_name);
            Py_DECREF(b);
            goto done;
        }
        Py_ssize_t n = PyBytes_GET_SIZE(b), old = PyByteArray_GET_SIZE(buffer);
        if (n == 0) {
            Py_DECREF(b);
            break;
        }
        int rc = PyByteArray_Resize(buffer, old + n);
        if (rc == 0)
            memcpy(PyByteArray_AS_STRING(buffer) + old, PyBytes_AS_STRING(b), (size_t)n);
        bool end = PyBytes_AS_STRING(b)[n - 1] == '\n';
        Py_DECREF(b);
        if (rc < 0)
            goto done;
        if (end)
            break;
    }
    if (buffer)
        res =
            PyBytes_FromStringAndSize(PyByteArray_AS_STRING(buffer), PyByteArray_GET_SIZE(buffer));
done:
    Py_XDECREF(peek);
    Py_XDECREF(buffer);
    return res;
}

static PyObject *iobase_iter(PyObject *self)
{
    return iobase_check_closed(self) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *iobase_iternext(PyObject *self)
{
    PyObject *line = PyObject_CallMethodNoArgs(self, ID(readline));
    if (line && PyObject_Size(line) <= 0)
        Py_CLEAR(line);
    return line;
}

static PyObject *iobase_readlines(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t hint = -1, length = 0;
    PyObject *line, *it = NULL, *list = NULL;
    if (!IO_SIZE(&hint, "|O&:readlines", size_converter, &hint) || !(list = PyList_New(0)))
        return NULL;
    if (hint <= 0) {
        PyObject *none = _PyList_Extend((PyListObject *)list, self);
        if (!none)
            Py_CLEAR(list);
        Py_XDECREF(none);
        return list;
    }
    if (!(it = PyObject_GetIter(self)))
        goto fail;
    while ((line = PyIter_Next(it))) {
        int rc = PyList_Append(list, line);
        Py_ssize_t n = rc < 0 ? -1 : PyObject_Size(line);
        Py_DECREF(line);
        if (n < 0)
            goto fail;
        if (n > hint - length)
            break;
        length += n;
    }
    if (PyErr_Occurred())
        goto fail;
    Py_DECREF(it);
    return list;
fail:
    Py_XDECREF(it);
    Py_DECREF(list);
    return NULL;
}

/* self.write(line); without a lookup when self is exactly a TextIOWrapper that has no `write` of
 * its own. */
static PyObject *write_line(PyObject *self, PyObject *line)
{
    if (Py_IS_TYPE(self, &PyTextIOWrapper_Type)) {
        PyObject *dict = ((TextIO *)self)->dict;
        if (!dict || !PyDict_GetItemWithError(dict, ID(write)))
            return PyErr_Occurred() ? NULL : text_write((TextIO *)self, line);
    }
    return PyObject_CallMethodOneArg(self, ID(write), line);
}

/* A line whose write was interrupted is written again (PEP 475). */
static PyObject *iobase_writelines(PyObject *self, PyObject *lines)
{
    PyObject *line, *it;
    if (iobase_check_closed(self) < 0 || !(it = PyObject_GetIter(lines)))
        return NULL;
    while ((line = PyIter_Next(it))) {
        PyObject *res;
        do {
            res = write_line(self, line);
        } while (!res && io_trap_eintr());
        Py_DECREF(line);
        if (!res)
            break;
        Py_DECREF(res);
    }
    Py_DECREF(it);
    return none_or_null(PyErr_Occurred() ? -1 : 0);
}

/* -- Finalising ------------------------------------------------------------------------------ */

/* Closes a stream nobody closed. Errors are shown only in development mode, as in 3.11. */
void iobase_finalize(PyObject *self)
{
    PyObject *type, *value, *tb, *closed, *res;
    int is_closed = -1; /* not to be found out: the object is of no use, and left alone */
    PyErr_Fetch(&type, &value, &tb);
    if (_PyObject_LookupAttr(self, ID(closed), &closed) <= 0) {
        PyErr_Clear();
    } else {
        is_closed = PyObject_IsTrue(closed);
        Py_DECREF(closed);
        if (is_closed < 0)
            PyErr_Clear();
    }
    if (is_closed == 0) {
        /* Lets close() know that it is not being called by the program. */
        if (PyObject_SetAttr(self, ID(_finalizing), Py_True) < 0)
            PyErr_Clear();
        res = PyObject_CallMethodNoArgs(self, ID(close));
        if (!res) {
            if (_Py_GetConfig()->dev_mode)
                PyErr_WriteUnraisable(self);
            else
                PyErr_Clear();
        }
        Py_XDECREF(res);
    }
    PyErr_Restore(type, value, tb);
}

PyObject *io_readline(PyObject *stream, PyTypeObject *type)
{
    PyObject *line = PyObject_CallMethodNoArgs(stream, ID(readline));
    if (line && !PyObject_TypeCheck(line, type)) {
        PyErr_Format(PyExc_OSError, "readline() should have returned a %s object, not '%.200s'",
                     type->tp_name, Py_TYPE(line)->tp_name);
        Py_CLEAR(line);
    }
    return line;
}

int iobase_finalize_from_dealloc(PyObject *self)
{
    if (PyObject_CallFinalizerFromDealloc(self) < 0) {
        /* Resurrected: the dealloc that was under way dropped its reference to a heap type. */
        if (PyType_HasFeature(Py_TYPE(self), Py_TPFLAGS_HEAPTYPE))
            Py_INCREF(Py_TYPE(self));
        return -1;
    }
    return 0;
}

static int iobase_traverse(IOBase *self, visitproc visit, void *arg)
{
    Py_VISIT(self->dict);
    return 0;
}

static int iobase_clear(IOBase *self)
{
    Py_CLEAR(self->dict);
    return 0;
}

static void iobase_dealloc(IOBase *self)
{
    if (iobase_finalize_from_dealloc((PyObject *)self) < 0)
        return;
    PyObject_GC_UnTrack(self);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    Py_CLEAR(self->dict);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef iobase_methods[] = {
    {"seek", iobase_seek, METH_VARARGS,
     "Change the position, relative to whence (0 start, 1 current, 2 end); returns it."},
    METHODN(iobase, tell, "Current position."),
    {"truncate", iobase_truncate, METH_VARARGS,
     "Cut or extend the stream to size bytes, the current position by default."},
    METHODN(iobase, flush, "Write out what is buffered; no effect on streams for reading."),
    METHODN(iobase, close, "Flush and close; no effect when closed."),
    METHODN(iobase, seekable, "True when the stream can be positioned."),
    METHODN(iobase, readable, "True when the stream can be read."),
    METHODN(iobase, writable, "True when the stream can be written."),
    {"_checkClosed", iobase_check_closed_method, METH_NOARGS, NULL},
    {"_checkSeekable", iobase_check_seekable_method, METH_NOARGS, NULL},
    {"_checkReadable", iobase_check_readable_method, METH_NOARGS, NULL},
    {"_checkWritable", iobase_check_writable_method, METH_NOARGS, NULL},
    METHODN(iobase, fileno, "Descriptor of the stream; OSError when it has none."),
    METHODN(iobase, isatty, "True when the stream is a terminal."),
    {"__enter__", iobase_enter, METH_NOARGS, NULL},
    {"__exit__", iobase_exit, METH_VARARGS, NULL},
    METHODF(iobase, readline, "($self, size=-1, /)",
            "Read one line, of at most size bytes when size >= 0."),
    METHODF(iobase, readlines, "($self, hint=-1, /)",
            "List of lines; stops when their total length exceeds hint."),
    {"writelines", iobase_writelines, METH_O,
     "writelines($self, lines, /)\n--\n\nWrite a sequence of lines; no separators are added."},
    {NULL},
};
static PyGetSetDef iobase_getset[] = {
    { "__dict__", PyObject_GenericGetDict, NULL, NULL, NULL },
    { "closed", iobase_closed_get, NULL, NULL, NULL },
    { NULL },
};

PyTypeObject PyIOBase_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io._IOBase",
    .tp_basicsize = sizeof(IOBase),
    .tp_dealloc = (destructor)iobase_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "The abstract base class of all streams. Methods that a kind of stream does not have "
              "raise\n"
              "UnsupportedOperation; using a closed stream raises ValueError. A stream is an "
              "iterator over its lines\n"
              "and a context manager that closes it.",
    .tp_traverse = (traverseproc)iobase_traverse,
    .tp_clear = (inquiry)iobase_clear,
    .tp_weaklistoffset = offsetof(IOBase, weakreflist),
    .tp_iter = iobase_iter,
    .tp_iternext = iobase_iternext,
    .tp_methods = iobase_methods,
    .tp_getset = iobase_getset,
    .tp_dictoffset = offsetof(IOBase, dict),
    .tp_new = PyType_GenericNew,
    .tp_finalize = iobase_finalize,
};

/* -- Raw streams ----------------------------------------------------------------------------- */

/* None only when nothing came before it would block. */
static PyObject *rawiobase_readall(PyObject *self, PyObject *unused)
{
    PyObject *chunks = PyList_New(0), *res = NULL;
    while (chunks) {
        PyObject *data = _PyObject_CallMethod(self, ID(read), "i", DEFAULT_BUFFER_SIZE);
        if (!data) {
            if (io_trap_eintr())
                continue;
            goto done;
        }
        if (data == Py_None) {
            if (PyList_GET_SIZE(chunks) == 0) {
                Py_DECREF(chunks);
                return data;
            }
            Py_DECREF(data);
            break;
        }
        if (!PyBytes_Check(data)) {
            Py_DECREF(data);
            PyErr_SetString(PyExc_TypeError, "read() should return bytes");
            goto done;
        }
        bool end = PyBytes_GET_SIZE(data) == 0;
        int rc = end ? 0 : PyList_Append(chunks, data);
        Py_DECREF(data);
        if (rc < 0)
            goto done;
        if (end)
            break;
    }
    if (chunks)
        res = _PyBytes_Join(EMPTY_BYTES, chunks);
done:
    Py_XDECREF(chunks);
    return res;
}

static PyObject *rawiobase_read(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = -1;
    if (!IO_SIZE(&n, "|n:read", &n))
        return NULL;
    if (n < 0)
        return PyObject_CallMethodNoArgs(self, ID(readall));
    PyObject *buffer = PyByteArray_FromStringAndSize(NULL, n);
    if (!buffer)
        return NULL;
    PyObject *res = PyObject_CallMethodOneArg(self, ID(readinto), buffer);
    if (res && res != Py_None) {
        n = PyNumber_AsSsize_t(res, PyExc_ValueError);
        Py_DECREF(res);
        res = n < 0 && PyErr_Occurred() ? NULL
              : n > PyByteArray_GET_SIZE(buffer)
                  ? PyErr_Format(PyExc_ValueError, "readinto returned %zd outside buffer size %zd",
                                 n, PyByteArray_GET_SIZE(buffer))
                  : PyBytes_FromStringAndSize(PyByteArray_AS_STRING(buffer), n);
    }
    Py_DECREF(buffer);
    return res;
}

static PyObject *rawiobase_not_implemented(PyObject *self, PyObject *buffer)
{
    PyErr_SetNone(PyExc_NotImplementedError);
    return NULL;
}

static PyMethodDef rawiobase_methods[] = {
    METHODF(rawiobase, read, "($self, size=-1, /)",
            "Read at most size bytes; all of them when size is negative."),
    METHODN(rawiobase, readall, "Read until the end, with as many calls as that takes."),
    {"readinto", rawiobase_not_implemented, METH_VARARGS, NULL},
    {"write", rawiobase_not_implemented, METH_VARARGS, NULL},
    {NULL},
};

PyTypeObject PyRawIOBase_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io._RawIOBase",
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "Base class of raw streams.",
    .tp_base = &PyIOBase_Type,
    .tp_methods = rawiobase_methods,
};
