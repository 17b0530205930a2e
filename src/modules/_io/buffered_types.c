/* SPDX-License-Identifier: MIT
 *
 * _BufferedIOBase and the four concrete buffered types.
 */
#include "buffered.h"

/* -- _BufferedIOBase ------------------------------------------------------------------------- */

static PyObject *bufferediobase_unsupported_read(PyObject *self, PyObject *args)
{
    return io_unsupported("read");
}
static PyObject *bufferediobase_unsupported_read1(PyObject *self, PyObject *args)
{
    return io_unsupported("read1");
}
static PyObject *bufferediobase_unsupported_write(PyObject *self, PyObject *args)
{
    return io_unsupported("write");
}
static PyObject *bufferediobase_detach(PyObject *self, PyObject *unused)
{
    return io_unsupported("detach");
}

/* readinto by `method` (read or read1), for classes that have only that. */
static PyObject *base_readinto(PyObject *self, PyObject *target, const char *name, PyObject *method)
{
    Py_buffer buffer;
    PyObject *res = NULL;
    if (!io_buffer(target, &buffer, name))
        return NULL;
    PyObject *data = _PyObject_CallMethod(self, method, "n", buffer.len);
    if (!data)
        goto done;
    if (!PyBytes_Check(data))
        PyErr_SetString(PyExc_TypeError, "read() should return bytes");
    else if (PyBytes_GET_SIZE(data) > buffer.len)
        PyErr_Format(PyExc_ValueError,
                     "read() returned too much data: %zd bytes requested, %zd returned", buffer.len,
                     PyBytes_GET_SIZE(data));
    else {
        memcpy(buffer.buf, PyBytes_AS_STRING(data), (size_t)PyBytes_GET_SIZE(data));
        res = PyLong_FromSsize_t(PyBytes_GET_SIZE(data));
    }
    Py_DECREF(data);
done:
    PyBuffer_Release(&buffer);
    return res;
}

static PyObject *bufferediobase_readinto(PyObject *self, PyObject *target)
{
    return base_readinto(self, target, "readinto", ID(read));
}
static PyObject *bufferediobase_readinto1(PyObject *self, PyObject *target)
{
    return base_readinto(self, target, "readinto1", ID(read1));
}

static PyMethodDef bufferediobase_methods[] = {
    METHODN(bufferediobase, detach, "Separate the raw stream from this object and return it."),
    {"read", bufferediobase_unsupported_read, METH_VARARGS,
     "Read and return up to n bytes; all until the end when n is negative or None."},
    {"read1", bufferediobase_unsupported_read1, METH_VARARGS,
     "At most n bytes, with no more than one read() of the raw stream."},
    METHODO(bufferediobase, readinto, "($self, buffer, /)",
            "Read into a buffer; returns the number of bytes."),
    METHODO(bufferediobase, readinto1, "($self, buffer, /)",
            "Read into a buffer with at most one read of the raw stream."),
    {"write", bufferediobase_unsupported_write, METH_VARARGS,
     "Write bytes; returns how many, always all of them."},
    {NULL},
};

PyTypeObject PyBufferedIOBase_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io._BufferedIOBase",
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "Base class of buffered streams: read() without size reads everything, write() takes "
              "everything, and\n"
              "BlockingIOError is raised where a raw stream returns None.",
    .tp_base = &PyIOBase_Type,
    .tp_methods = bufferediobase_methods,
};

/* -- Reader, Writer, Random ------------------------------------------------------------------ */

static int init_arguments(PyObject *args, PyObject *kwds, const char *format, PyObject **raw,
                          Py_ssize_t *size)
{
    static char *keywords[] = { "raw", "buffer_size", NULL };
    *size = DEFAULT_BUFFER_SIZE;
    return PyArg_ParseTupleAndKeywords(args, kwds, format, keywords, raw, size) ? 0 : -1;
}

static int reader_init(Buffered *self, PyObject *args, PyObject *kwds)
{
    PyObject *raw;
    Py_ssize_t size;
    self->ok = self->detached = false;
    return init_arguments(args, kwds, "O|n:BufferedReader", &raw, &size) < 0
               ? -1
               : buffered_setup(self, raw, size, true, false);
}

static int writer_init(Buffered *self, PyObject *args, PyObject *kwds)
{
    PyObject *raw;
    Py_ssize_t size;
    self->ok = self->detached = false;
    return init_arguments(args, kwds, "O|n:BufferedWriter", &raw, &size) < 0
               ? -1
               : buffered_setup(self, raw, size, false, true);
}

static int random_init(Buffered *self, PyObject *args, PyObject *kwds)
{
    PyObject *raw;
    Py_ssize_t size;
    self->ok = self->detached = false;
    if (init_arguments(args, kwds, "O|n:BufferedRandom", &raw, &size) < 0 ||
        iobase_check_seekable(raw) < 0)
        return -1;
    return buffered_setup(self, raw, size, true, true);
}

static PyMethodDef reader_methods[] = {
    BUFFERED_COMMON_METHODS,
    BUFFERED_READ_METHODS,
    {"flush", (PyCFunction)buffered_simple_flush, METH_NOARGS, NULL},
    {NULL},
};
static PyMethodDef writer_methods[] = {
    BUFFERED_COMMON_METHODS,
    BUFFERED_WRITE_METHODS,
    {"flush", (PyCFunction)buffered_flush, METH_NOARGS, NULL},
    {NULL},
};
static PyMethodDef random_methods[] = {
    BUFFERED_COMMON_METHODS,
    BUFFERED_READ_METHODS,
    BUFFERED_WRITE_METHODS,
    {"flush", (PyCFunction)buffered_flush, METH_NOARGS, NULL},
    {NULL},
};

#define BUFFERED_TYPE(name_, doc_, methods_, init_, next_) { \
    PyVarObject_HEAD_INIT(NULL, 0) \
    .tp_name = "_io." name_, \
    .tp_basicsize = sizeof(Buffered), \
    .tp_dealloc = (destructor)buffered_dealloc, \
    .tp_repr = (reprfunc)buffered_repr, \
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, \
    .tp_doc = name_ "(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\n" doc_, \
    .tp_traverse = (traverseproc)buffered_traverse, \
    .tp_clear = (inquiry)buffered_clear, \
    .tp_weaklistoffset = offsetof(Buffered, weakreflist), \
    .tp_iternext = (iternextfunc)next_, \
    .tp_methods = methods_, \
    .tp_members = buffered_members, \
    .tp_getset = buffered_getset, \
    .tp_base = &PyBufferedIOBase_Type, \
    .tp_dictoffset = offsetof(Buffered, dict), \
    .tp_init = (initproc)init_, \
    .tp_alloc = PyType_GenericAlloc, \
    .tp_new = PyType_GenericNew, \
    .tp_free = PyObject_GC_Del, \
}
PyTypeObject PyBufferedReader_Type =
    BUFFERED_TYPE("BufferedReader", "A buffer for reading from a raw stream.", reader_methods,
                  reader_init, buffered_iternext);
PyTypeObject PyBufferedWriter_Type = BUFFERED_TYPE(
    "BufferedWriter", "A buffer for writing to a raw stream.", writer_methods, writer_init, NULL);
PyTypeObject PyBufferedRandom_Type = BUFFERED_TYPE(
    "BufferedRandom", "A buffer for reading from and writing to a seekable raw stream.",
    random_methods, random_init, buffered_iternext);

/* -- BufferedRWPair -------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Buffered *reader, *writer; /* strong */
    PyObject *dict, *weakreflist;
} RWPair;

/* Both halves or none: a failure of the second drops the first. */
static int pair_init(RWPair *self, PyObject *args, PyObject *kwds)
{
    PyObject *reader, *writer;
    Py_ssize_t size = DEFAULT_BUFFER_SIZE;
    if (!_PyArg_NoKeywords("BufferedRWPair", kwds) ||
        !_PyArg_CheckPositional("BufferedRWPair", PyTuple_GET_SIZE(args), 2, 3) ||
        !PyArg_ParseTuple(args, "OO|n:BufferedRWPair", &reader, &writer, &size))
        return -1;
    if (iobase_check_readable(reader) < 0 || iobase_check_writable(writer) < 0)
        return -1;
    Py_XSETREF(self->reader, (Buffered *)PyObject_CallFunction((PyObject *)&PyBufferedReader_Type,
                                                               "On", reader, size));
    if (!self->reader)
        return -1;
    Py_XSETREF(self->writer, (Buffered *)PyObject_CallFunction((PyObject *)&PyBufferedWriter_Type,
                                                               "On", writer, size));
    if (!self->writer) {
        Py_CLEAR(self->reader);
        return -1;
    }
    return 0;
}

static int pair_traverse(RWPair *self, visitproc visit, void *arg)
{
    Py_VISIT(self->dict);
    Py_VISIT(self->reader);
    Py_VISIT(self->writer);
    return 0;
}

static int pair_clear(RWPair *self)
{
    Py_CLEAR(self->reader);
    Py_CLEAR(self->writer);
    Py_CLEAR(self->dict);
    return 0;
}

static void pair_dealloc(RWPair *self)
{
    PyObject_GC_UnTrack(self);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    pair_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *forward(Buffered *half, PyObject *name, PyObject *args)
{
    if (!half) {
        PyErr_SetString(PyExc_ValueError, "I/O operation on uninitialized object");
        return NULL;
    }
    PyObject *method = PyObject_GetAttr((PyObject *)half, name);
    PyObject *res = method ? PyObject_Call(method, args ? args : EMPTY_TUPLE, NULL) : NULL;
    Py_XDECREF(method);
    return res;
}

static PyObject *pair_read(RWPair *self, PyObject *args)
{
    return forward(self->reader, ID(read), args);
}
static PyObject *pair_peek(RWPair *self, PyObject *args)
{
    return forward(self->reader, ID(peek), args);
}
static PyObject *pair_read1(RWPair *self, PyObject *args)
{
    return forward(self->reader, ID(read1), args);
}
static PyObject *pair_readinto(RWPair *self, PyObject *args)
{
    return forward(self->reader, ID(readinto), args);
}
static PyObject *pair_readinto1(RWPair *self, PyObject *args)
{
    return forward(self->reader, ID(readinto1), args);
}
static PyObject *pair_write(RWPair *self, PyObject *args)
{
    return forward(self->writer, ID(write), args);
}
static PyObject *pair_flush(RWPair *self, PyObject *unused)
{
    return forward(self->writer, ID(flush), NULL);
}
static PyObject *pair_readable(RWPair *self, PyObject *unused)
{
    return forward(self->reader, ID(readable), NULL);
}
static PyObject *pair_writable(RWPair *self, PyObject *unused)
{
    return forward(self->writer, ID(writable), NULL);
}

/* Both halves are closed; the writer's error comes first. */
static PyObject *pair_close(RWPair *self, PyObject *unused)
{
    PyObject *type = NULL, *value = NULL, *tb = NULL;
    PyObject *res = forward(self->writer, ID(close), NULL);
    if (!res)
        PyErr_Fetch(&type, &value, &tb);
    else
        Py_DECREF(res);
    res = forward(self->reader, ID(close), NULL);
    if (type) {
        _PyErr_ChainExceptions(type, value, tb);
        Py_CLEAR(res);
    }
    return res;
}

static PyObject *pair_isatty(RWPair *self, PyObject *unused)
{
    PyObject *res = forward(self->writer, ID(isatty), NULL);
    if (res != Py_False)
        return res; /* true, or an error */
    Py_DECREF(res);
    return forward(self->reader, ID(isatty), NULL);
}

static PyObject *pair_get_closed(RWPair *self, void *unused)
{
    if (!self->writer) {
        PyErr_SetString(PyExc_RuntimeError, "the BufferedRWPair object is being garbage-collected");
        return NULL;
    }
    return PyObject_GetAttr((PyObject *)self->writer, ID(closed));
}

static PyMethodDef pair_methods[] = {
    {"read", (PyCFunction)pair_read, METH_VARARGS, NULL},
    {"peek", (PyCFunction)pair_peek, METH_VARARGS, NULL},
    {"read1", (PyCFunction)pair_read1, METH_VARARGS, NULL},
    {"readinto", (PyCFunction)pair_readinto, METH_VARARGS, NULL},
    {"readinto1", (PyCFunction)pair_readinto1, METH_VARARGS, NULL},
    {"write", (PyCFunction)pair_write, METH_VARARGS, NULL},
    {"flush", (PyCFunction)pair_flush, METH_NOARGS, NULL},
    {"readable", (PyCFunction)pair_readable, METH_NOARGS, NULL},
    {"writable", (PyCFunction)pair_writable, METH_NOARGS, NULL},
    {"close", (PyCFunction)pair_close, METH_NOARGS, NULL},
    {"isatty", (PyCFunction)pair_isatty, METH_NOARGS, NULL},
    {NULL},
};
static PyGetSetDef pair_getset[] = {{"closed", (getter)pair_get_closed, NULL, NULL, NULL}, {NULL}};

PyTypeObject PyBufferedRWPair_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io.BufferedRWPair",
    .tp_basicsize = sizeof(RWPair),
    .tp_dealloc = (destructor)pair_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)\n--\n\nA buffer "
              "over two raw streams, one for each direction, such as a socket.",
    .tp_traverse = (traverseproc)pair_traverse,
    .tp_clear = (inquiry)pair_clear,
    .tp_weaklistoffset = offsetof(RWPair, weakreflist),
    .tp_methods = pair_methods,
    .tp_getset = pair_getset,
    .tp_base = &PyBufferedIOBase_Type,
    .tp_dictoffset = offsetof(RWPair, dict),
    .tp_init = (initproc)pair_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
};
