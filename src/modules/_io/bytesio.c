/* SPDX-License-Identifier: MIT
 *
 * BytesIO: a binary stream in memory.
 *
 * The data is a bytes object that may have spare room behind `size`. It is shared with the caller
 * (initial value, getvalue()) as long as nobody writes: whoever wants to change it while its count
 * is above one copies first. While getbuffer() views exist the data may be changed but not resized.
 */
#include "io_impl.h"

typedef struct {
    PyObject_HEAD
    PyObject *data;       /* strong: bytes; NULL when closed */
    Py_ssize_t pos, size; /* position may lie behind the end; size <= PyBytes_GET_SIZE(data) */
    PyObject *dict, *weakreflist;
    Py_ssize_t exports;   /* buffers given out: the size is fixed */
} BytesIO;

typedef struct { PyObject_HEAD BytesIO *source; } BytesIOBuffer;

bool bytesio_is_closed(PyObject *self) { return ((BytesIO *)self)->data == NULL; }

static int check_closed(BytesIO *self)
{
    if (self->data)
        return 0;
    PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
    return -1;
}

static int check_exports(BytesIO *self)
{
    if (self->exports == 0)
        return 0;
    PyErr_SetString(PyExc_BufferError, "Existing exports of data: object cannot be re-sized");
    return -1;
}

/* Makes the data ours alone, with room for `room` bytes. */
static int unshare_data(BytesIO *self, Py_ssize_t room)
{
    PyObject *copy = PyBytes_FromStringAndSize(NULL, room);
    if (!copy)
        return -1;
    memcpy(PyBytes_AS_STRING(copy), PyBytes_AS_STRING(self->data),
           (size_t)(room < self->size ? room : self->size));
    Py_SETREF(self->data, copy);
    return 0;
}

/* Room for `size` bytes; grows by an eighth so that many small writes are linear. */
static int resize(BytesIO *self, Py_ssize_t size)
{
    Py_ssize_t room = PyBytes_GET_SIZE(self->data);
    if (size < room / 2)
        room = size + 1;
    else if (size < room)
        return Py_REFCNT(self->data) > 1 ? unshare_data(self, room) : 0;
    else
        room = (size_t)size <= room * 1.125 ? size + (size >> 3) + (size < 9 ? 3 : 6) : size + 1;
    return Py_REFCNT(self->data) > 1 ? unshare_data(self, room)
                                     : _PyBytes_Resize(&self->data, room);
}

/* The bytes object that getvalue() gave out is shared until something is written: then it is
   copied. A gap behind the old end is filled with zeros. */
static Py_ssize_t write_bytes(BytesIO *self, PyObject *b)
{
    Py_buffer buffer;
    if (check_closed(self) < 0 || check_exports(self) < 0 ||
        PyObject_GetBuffer(b, &buffer, PyBUF_CONTIG_RO) < 0)
        return -1;
    Py_ssize_t n = buffer.len;
    if (n == 0)
        goto done;
    if (self->pos > PY_SSIZE_T_MAX - n) {
        PyErr_SetString(PyExc_OverflowError, "new position too large");
        n = -1;
        goto done;
    }
    Py_ssize_t end = self->pos + n;
    if (end > PyBytes_GET_SIZE(self->data)
            ? resize(self, end) < 0
            : Py_REFCNT(self->data) > 1 && unshare_data(self, PyBytes_GET_SIZE(self->data)) < 0) {
        n = -1;
        goto done;
    }
    char *data = PyBytes_AS_STRING(self->data);
    if (self->pos > self->size)
        memset(data + self->size, 0, (size_t)(self->pos - self->size));
    memcpy(data + self->pos, buffer.buf, (size_t)n);
    self->pos = end;
    if (self->size < end)
        self->size = end;
done:
    PyBuffer_Release(&buffer);
    return n;
}

/* -- Reading --------------------------------------------------------------------------------- */

static Py_ssize_t available(BytesIO *self)
{
    return self->pos < self->size ? self->size - self->pos : 0;
}

static PyObject *take(BytesIO *self, Py_ssize_t n)
{
    PyObject *res =
        n > 1 && self->pos == 0 && n == PyBytes_GET_SIZE(self->data) && self->exports == 0
            ? Py_NewRef(self->data)
            : PyBytes_FromStringAndSize(n ? PyBytes_AS_STRING(self->data) + self->pos : NULL, n);
    if (res)
        self->pos += n;
    return res;
}

static Py_ssize_t line_length(BytesIO *self, Py_ssize_t limit)
{
    Py_ssize_t n = available(self);
    if (limit >= 0 && limit < n)
        n = limit;
    const char *start = PyBytes_AS_STRING(self->data) + self->pos,
               *nl = n ? memchr(start, '\n', (size_t)n) : NULL;
    return nl ? nl - start + 1 : n;
}

static PyObject *bytesio_read(BytesIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1, n;
    if (!IO_SIZE(&size, "|O&:read", size_converter, &size) || check_closed(self) < 0)
        return NULL;
    n = available(self);
    return take(self, size < 0 || size > n ? n : size);
}

static PyObject *bytesio_read1(BytesIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    return _PyArg_CheckPositional("read1", nargs, 0, 1) ? bytesio_read(self, args, nargs) : NULL;
}

static PyObject *bytesio_readline(BytesIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1;
    if (!IO_SIZE(&size, "|O&:readline", size_converter, &size) || check_closed(self) < 0)
        return NULL;
    return take(self, line_length(self, size));
}

static PyObject *bytesio_readlines(BytesIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t hint = 0, total = 0, n;
    PyObject *arg = Py_None, *list;
    if (!IO_ARGS(0, 1, "|O:readlines", &arg) || check_closed(self) < 0)
        return NULL;
    if (arg != Py_None && !PyLong_Check(arg))
        return PyErr_Format(PyExc_TypeError, "integer argument expected, got '%s'",
                            Py_TYPE(arg)->tp_name);
    if (arg != Py_None && (hint = PyLong_AsSsize_t(arg)) == -1 && PyErr_Occurred())
        return NULL;
    list = PyList_New(0);
    while (list && (n = line_length(self, -1)) > 0) {
        PyObject *line = take(self, n);
        if (!line || PyList_Append(list, line) < 0)
            Py_CLEAR(list);
        Py_XDECREF(line);
        total += n;
        if (hint > 0 && total >= hint)
            break;
    }
    return list;
}

static PyObject *bytesio_iternext(BytesIO *self)
{
    if (check_closed(self) < 0)
        return NULL;
    Py_ssize_t n = line_length(self, -1);
    return n ? take(self, n) : NULL;
}

static PyObject *bytesio_readinto(BytesIO *self, PyObject *target)
{
    Py_buffer buffer;
    if (!io_buffer(target, &buffer, "readinto"))
        return NULL;
    if (check_closed(self) < 0) {
        PyBuffer_Release(&buffer);
        return NULL;
    }
    Py_ssize_t n = available(self);
    if (n > buffer.len)
        n = buffer.len;
    memcpy(buffer.buf, PyBytes_AS_STRING(self->data) + (n ? self->pos : 0), (size_t)n);
    self->pos += n;
    PyBuffer_Release(&buffer);
    return PyLong_FromSsize_t(n);
}

/* -- Writing --------------------------------------------------------------------------------- */

static PyObject *bytesio_write(BytesIO *self, PyObject *b)
{
    Py_ssize_t n = write_bytes(self, b);
    return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *bytesio_writelines(BytesIO *self, PyObject *lines)
{
    PyObject *it, *item;
    if (check_closed(self) < 0 || !(it = PyObject_GetIter(lines)))
        return NULL;
    while ((item = PyIter_Next(it))) {
        Py_ssize_t n = write_bytes(self, item);
        Py_DECREF(item);
        if (n < 0)
            break;
    }
    Py_DECREF(it);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

static PyObject *bytesio_truncate(BytesIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = self->pos;
    if (!IO_SIZE(&size, "|O&:truncate", size_converter, &size) || check_closed(self) < 0 ||
        check_exports(self) < 0)
        return NULL;
    if (size < 0)
        return PyErr_Format(PyExc_ValueError, "negative size value %zd", size);
    if (size < self->size) {
        self->size = size;
        if (resize(self, size) < 0)
            return NULL;
    }
    return PyLong_FromSsize_t(size);
}

/* -- Position, state ------------------------------------------------------------------------- */

static PyObject *bytesio_seek(BytesIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t pos;
    int whence = 0;
    if ((!(nargs == 1 && io_small(args[0], &pos)) && !IO_ARGS(1, 2, "n|i:seek", &pos, &whence)) ||
        check_closed(self) < 0)
        return NULL;
    if (pos < 0 && whence == 0)
        return PyErr_Format(PyExc_ValueError, "negative seek value %zd", pos);
    if (whence < 0 || whence > 2)
        return PyErr_Format(PyExc_ValueError, "invalid whence (%i, should be 0, 1 or 2)", whence);
    Py_ssize_t base = whence == 1 ? self->pos : whence == 2 ? self->size : 0;
    if (pos > PY_SSIZE_T_MAX - base)
        return PyErr_Format(PyExc_OverflowError, "new position too large");
    pos += base;
    self->pos = pos < 0 ? 0 : pos;
    return PyLong_FromSsize_t(self->pos);
}

static PyObject *bytesio_tell(BytesIO *self, PyObject *unused)
{
    return check_closed(self) < 0 ? NULL : PyLong_FromSsize_t(self->pos);
}
static PyObject *true_unless_closed(BytesIO *self)
{
    return check_closed(self) < 0 ? NULL : Py_NewRef(Py_True);
}
static PyObject *bytesio_readable(BytesIO *self, PyObject *unused)
{
    return true_unless_closed(self);
}
static PyObject *bytesio_writable(BytesIO *self, PyObject *unused)
{
    return true_unless_closed(self);
}
static PyObject *bytesio_seekable(BytesIO *self, PyObject *unused)
{
    return true_unless_closed(self);
}
static PyObject *bytesio_flush(BytesIO *self, PyObject *unused)
{
    return check_closed(self) < 0 ? NULL : Py_NewRef(Py_None);
}
static PyObject *bytesio_isatty(BytesIO *self, PyObject *unused)
{
    return check_closed(self) < 0 ? NULL : Py_NewRef(Py_False);
}

static PyObject *bytesio_getvalue(BytesIO *self, PyObject *unused)
{
    if (check_closed(self) < 0)
        return NULL;
    if (self->size != PyBytes_GET_SIZE(self->data) && self->exports == 0 &&
        (Py_REFCNT(self->data) > 1 ? unshare_data(self, self->size)
                                   : _PyBytes_Resize(&self->data, self->size)) < 0)
        return NULL;
    return self->exports ? PyBytes_FromStringAndSize(PyBytes_AS_STRING(self->data), self->size)
                         : Py_NewRef(self->data);
}

static PyObject *bytesio_getbuffer(BytesIO *self, PyObject *unused)
{
    if (check_closed(self) < 0)
        return NULL;
    BytesIOBuffer *buffer =
        (BytesIOBuffer *)_PyBytesIOBuffer_Type.tp_alloc(&_PyBytesIOBuffer_Type, 0);
    if (!buffer)
        return NULL;
    buffer->source = (BytesIO *)Py_NewRef((PyObject *)self);
    PyObject *view = PyMemoryView_FromObject((PyObject *)buffer);
    Py_DECREF(buffer);
    return view;
}

static PyObject *bytesio_close(BytesIO *self, PyObject *unused)
{
    if (check_exports(self) < 0)
        return NULL;
    Py_CLEAR(self->data);
    Py_RETURN_NONE;
}

static PyObject *bytesio_getstate(BytesIO *self, PyObject *unused)
{
    PyObject *value = bytesio_getvalue(self, NULL);
    PyObject *dict = !value ? NULL : self->dict ? PyDict_Copy(self->dict) : Py_NewRef(Py_None);
    PyObject *state = dict ? Py_BuildValue("(OnN)", value, self->pos, dict) : NULL;
    Py_XDECREF(value);
    return state;
}

static PyObject *bytesio_setstate(BytesIO *self, PyObject *state)
{
    if (!PyTuple_Check(state) || PyTuple_GET_SIZE(state) < 3)
        return PyErr_Format(PyExc_TypeError,
                            "%.200s.__setstate__ argument should be 3-tuple, got %.200s",
                            Py_TYPE(self)->tp_name, Py_TYPE(state)->tp_name);
    if (check_exports(self) < 0)
        return NULL;
    PyObject *value = PyTuple_GET_ITEM(state, 0), *position = PyTuple_GET_ITEM(state, 1),
             *dict = PyTuple_GET_ITEM(state, 2);
    self->pos = self->size = 0;
    if (write_bytes(self, value) < 0)
        return NULL;
    if (!PyLong_Check(position))
        return PyErr_Format(PyExc_TypeError, "second item of state must be an integer, not %.200s",
                            Py_TYPE(position)->tp_name);
    Py_ssize_t pos = PyLong_AsSsize_t(position);
    if (pos == -1 && PyErr_Occurred())
        return NULL;
    if (pos < 0)
        return PyErr_Format(PyExc_ValueError, "position value cannot be negative");
    self->pos = pos;
    if (dict != Py_None) {
        if (!PyDict_Check(dict))
            return PyErr_Format(PyExc_TypeError,
                                "third item of state should be a dict, got a %.200s",
                                Py_TYPE(dict)->tp_name);
        if (self->dict ? PyDict_Update(self->dict, dict) < 0 : (self->dict = Py_NewRef(dict), 0))
            return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *bytesio_sizeof(BytesIO *self, PyObject *unused)
{
    Py_ssize_t n = Py_TYPE(self)->tp_basicsize;
    if (self->data && Py_REFCNT(self->data) == 1)
        n += (Py_ssize_t)_PySys_GetSizeOf(self->data);
    return PyLong_FromSsize_t(n);
}

static PyObject *bytesio_get_closed(BytesIO *self, void *unused)
{
    return PyBool_FromLong(!self->data);
}

/* -- Life ------------------------------------------------------------------------------------ */

static PyObject *bytesio_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    BytesIO *self = (BytesIO *)type->tp_alloc(type, 0);
    if (self && !(self->data = PyBytes_FromStringAndSize(NULL, 0)))
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* Exact bytes are shared, not copied. */
static int bytesio_init(BytesIO *self, PyObject *args, PyObject *kwargs)
{
    ARGS("|O:BytesIO", "initial_bytes");
    PyObject *row[1];
    if (!ROW_TUPLE(row, 0, 1))
        return -1;
    PyObject *initial = row[0];
    self->size = self->pos = 0;
    if (self->exports > 0)
        return check_exports(self);
    if (initial && PyBytes_CheckExact(initial)) {
        Py_XSETREF(self->data, Py_NewRef(initial));
        self->size = PyBytes_GET_SIZE(initial);
    } else if (initial && initial != Py_None) {
        if (!self->data && !(self->data = PyBytes_FromStringAndSize(NULL, 0)))
            return -1;
        if (write_bytes(self, initial) < 0)
            return -1;
        self->pos = 0;
    } else if (!self->data && !(self->data = PyBytes_FromStringAndSize(NULL, 0))) {
        return -1;
    }
    return 0;
}

static int bytesio_traverse(BytesIO *self, visitproc visit, void *arg)
{
    Py_VISIT(self->dict);
    return 0;
}

static int bytesio_clear(BytesIO *self)
{
    Py_CLEAR(self->dict);
    return 0;
}

static void bytesio_dealloc(BytesIO *self)
{
    PyObject_GC_UnTrack(self);
    if (self->exports > 0) {
        PyErr_SetString(PyExc_SystemError, "deallocated BytesIO object has exported buffers");
        PyErr_Print();
    }
    Py_CLEAR(self->data);
    Py_CLEAR(self->dict);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef bytesio_methods[] = {
    METHODN(bytesio, readable, "True; ValueError when closed."),
    METHODN(bytesio, seekable, "True; ValueError when closed."),
    METHODN(bytesio, writable, "True; ValueError when closed."),
    METHODN(bytesio, close, "Drop the data; further use raises ValueError."),
    METHODN(bytesio, flush, "No effect."),
    METHODN(bytesio, isatty, "False."),
    METHODN(bytesio, tell, "Current position in bytes."),
    {"write", (PyCFunction)bytesio_write, METH_O,
     "write($self, b, /)\n--\n\nWrite bytes at the position; returns how many."},
    {"writelines", (PyCFunction)bytesio_writelines, METH_O,
     "writelines($self, lines, /)\n--\n\nWrite the items of an iterable."},
    METHODF(bytesio, read1, "($self, size=-1, /)", "Like read."),
    METHODO(bytesio, readinto, "($self, buffer, /)",
            "Read into a buffer; returns the number of bytes."),
    METHODF(bytesio, readline, "($self, size=-1, /)",
            "Next line, of at most size bytes; b'' at the end."),
    METHODF(bytesio, readlines, "($self, size=None, /)",
            "List of the remaining lines; stops once their length reaches size."),
    METHODF(bytesio, read, "($self, size=-1, /)",
            "At most size bytes; all that is left when size is negative or None."),
    METHODN(bytesio, getbuffer, "A readable and writable view of the data, without a copy."),
    METHODN(bytesio, getvalue, "All of the data as bytes."),
    METHODF(bytesio, seek, "($self, pos, whence=0, /)",
            "Set the position relative to start (0), position (1) or end (2)."),
    METHODF(bytesio, truncate, "($self, size=None, /)",
            "Cut the data to size bytes, the position by default."),
    {"__getstate__", (PyCFunction)bytesio_getstate, METH_NOARGS, NULL},
    {"__setstate__", (PyCFunction)bytesio_setstate, METH_O, NULL},
    {"__sizeof__", (PyCFunction)bytesio_sizeof, METH_NOARGS, NULL},
    {NULL},
};
static PyGetSetDef bytesio_getset[] = {
    {"closed", (getter)bytesio_get_closed, NULL, "True if the file is closed.", NULL}, {NULL}};

PyTypeObject PyBytesIO_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io.BytesIO",
    .tp_basicsize = sizeof(BytesIO),
    .tp_dealloc = (destructor)bytesio_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "BytesIO(initial_bytes=b'')\n--\n\nA binary stream over bytes in memory.",
    .tp_traverse = (traverseproc)bytesio_traverse,
    .tp_clear = (inquiry)bytesio_clear,
    .tp_weaklistoffset = offsetof(BytesIO, weakreflist),
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)bytesio_iternext,
    .tp_methods = bytesio_methods,
    .tp_getset = bytesio_getset,
    .tp_base = &PyBufferedIOBase_Type,
    .tp_dictoffset = offsetof(BytesIO, dict),
    .tp_init = (initproc)bytesio_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = bytesio_new,
    .tp_free = PyObject_GC_Del,
};

/* -- The exporter behind getbuffer() --------------------------------------------------------- */

static int bytesiobuf_getbuffer(BytesIOBuffer *self, Py_buffer *view, int flags)
{
    BytesIO *b = self->source;
    if (!view) {
        PyErr_SetString(PyExc_BufferError, "bytesiobuf_getbuffer: view==NULL argument is obsolete");
        return -1;
    }
    if (b->exports == 0 && Py_REFCNT(b->data) > 1 && unshare_data(b, b->size) < 0)
        return -1;
    /* Never fails: writable and contiguous. */
    (void)PyBuffer_FillInfo(view, (PyObject *)self, PyBytes_AS_STRING(b->data), b->size, 0, flags);
    b->exports++;
    return 0;
}

static void bytesiobuf_releasebuffer(BytesIOBuffer *self, Py_buffer *view)
{
    self->source->exports--;
}

static int bytesiobuf_traverse(BytesIOBuffer *self, visitproc visit, void *arg)
{
    Py_VISIT(self->source);
    return 0;
}

static void bytesiobuf_dealloc(BytesIOBuffer *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->source);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyBufferProcs bytesiobuf_as_buffer = {(getbufferproc)bytesiobuf_getbuffer,
                                             (releasebufferproc)bytesiobuf_releasebuffer};

PyTypeObject _PyBytesIOBuffer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io._BytesIOBuffer",
    .tp_basicsize = sizeof(BytesIOBuffer),
    .tp_dealloc = (destructor)bytesiobuf_dealloc,
    .tp_as_buffer = &bytesiobuf_as_buffer,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)bytesiobuf_traverse,
    .tp_alloc = PyType_GenericAlloc,
    .tp_free = PyObject_GC_Del,
};
