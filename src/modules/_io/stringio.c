/* SPDX-License-Identifier: MIT
 *
 * StringIO: a text stream in memory.
 *
 * The text is in one of three places:
 *
 *      writer   while it is only written in order (I1: accumulating means pos == string_size for
 *               every write so far): "write, write, getvalue" costs no more than a join
 *      text     a str: an initial value, or what was written, once it is read (I2: nobody else
 *               holds it). Lines are slices of it
 *      buf      an array of code points, from the first other write on; for good
 *
 * newline decides what happens to line ends: None translates input to \n, "" keeps it and ends
 * lines at any of them, others translate \n on writing.
 */
#include "io_impl.h"

typedef struct {
    PyObject_HEAD
    Py_UCS4 *buf;            /* buf_size characters of room */
    PyObject *text;          /* strong str, or NULL: not there (I2) */
    Py_ssize_t pos, string_size, buf_size; /* in characters */
    bool initialised, closed, universal, translate, accumulating;
    _PyUnicodeWriter writer; /* the text while `accumulating` */
    PyObject *decoder;       /* strong: IncrementalNewlineDecoder, or NULL */
    PyObject *readnl;        /* strong: terminator, NULL for universal newlines */
    PyObject *writenl;       /* strong: what \n becomes on writing, NULL: nothing */
    PyObject *dict, *weakreflist;
} StringIO;

static int check_state(StringIO *self)
{
    if (!self->initialised)
        PyErr_SetString(PyExc_ValueError, "I/O operation on uninitialized object");
    else if (self->closed)
        PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
    else
        return 0;
    return -1;
}

/* Room for `size` characters and one more. Grows by an eighth when it grows by little, exactly when
   by much; gives memory back below a half. */
static int resize_buffer(StringIO *self, size_t size)
{
    size_t room = (size_t)self->buf_size;
    size++;
    if (size > PY_SSIZE_T_MAX / sizeof(Py_UCS4)) {
        PyErr_SetString(PyExc_OverflowError, "new buffer size too large");
        return -1;
    }
    if (size < room / 2)
        room = size + 1;
    else if (size < room)
        return 0;
    else
        room = size <= room * 1.125 ? size + (size >> 3) + (size < 9 ? 3 : 6) : size + 1;
    Py_UCS4 *buf = PyMem_Realloc(self->buf, room * sizeof(Py_UCS4));
    if (!buf) {
        PyErr_NoMemory();
        return -1;
    }
    self->buf = buf;
    self->buf_size = (Py_ssize_t)room;
    return 0;
}

static PyObject *accumulated_value(StringIO *self)
{
    PyObject *text = _PyUnicodeWriter_Finish(&self->writer);
    if (!text)
        return NULL;
    /* Go on collecting after what there is. */
    _PyUnicodeWriter_Init(&self->writer);
    self->writer.overallocate = 1;
    if (_PyUnicodeWriter_WriteStr(&self->writer, text) < 0)
        Py_CLEAR(text);
    return text;
}

/* Out of the writer, to read it. */
static int settle(StringIO *self)
{
    if (!self->accumulating)
        return 0;
    self->accumulating = false;
    self->text = _PyUnicodeWriter_Finish(&self->writer);
    return self->text ? 0 : -1;
}

/* Into buf, to change it. */
static int realise(StringIO *self)
{
    if (settle(self) < 0)
        return -1;
    PyObject *text = self->text;
    if (!text)
        return 0;
    self->text = NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    int ok = resize_buffer(self, (size_t)n) == 0 &&
             PyUnicode_AsUCS4(text, self->buf, self->buf_size, 0) != NULL;
    Py_DECREF(text);
    return ok ? 0 : -1;
}

/* The text with its line ends as they are kept. */
static PyObject *translated(StringIO *self, PyObject *text)
{
    PyObject *decoded = self->decoder ? newline_decode(self->decoder, text, 1) : Py_NewRef(text);
    if (self->writenl && decoded)
        Py_SETREF(decoded, PyUnicode_Replace(decoded, latin1_char('\n'), self->writenl, -1));
    return decoded;
}

static int write_text(StringIO *self, PyObject *text)
{
    PyObject *decoded = translated(self, text);
    if (!decoded)
        return -1;
    Py_ssize_t n = PyUnicode_GET_LENGTH(decoded);
    int rc = -1;
    if (self->pos > PY_SSIZE_T_MAX - n) {
        PyErr_SetString(PyExc_OverflowError, "new position too large");
        goto done;
    }
    if (self->accumulating && self->pos == self->string_size) {
        if (_PyUnicodeWriter_WriteStr(&self->writer, decoded) < 0)
            goto done;
    } else {
        if (realise(self) < 0 ||
            (self->pos + n > self->string_size && resize_buffer(self, (size_t)(self->pos + n)) < 0))
            goto done;
        if (self->pos > self->string_size)
            memset(self->buf + self->string_size, 0,
                   (size_t)(self->pos - self->string_size) * sizeof(Py_UCS4));
        if (n && !PyUnicode_AsUCS4(decoded, self->buf + self->pos, self->buf_size - self->pos, 0))
            goto done;
    }
    self->pos += n;
    if (self->string_size < self->pos)
        self->string_size = self->pos;
    rc = 0;
done:
    Py_DECREF(decoded);
    return rc;
}

static PyObject *stringio_write(StringIO *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "string argument expected, got '%s'",
                            Py_TYPE(text)->tp_name);
    if (check_state(self) < 0)
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    return n && write_text(self, text) < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *copy_of(PyObject *text)
{
    return PyUnicode_FromKindAndData(PyUnicode_KIND(text), PyUnicode_DATA(text),
                                     PyUnicode_GET_LENGTH(text));
}

static PyObject *text_at(StringIO *self, Py_ssize_t n)
{
    PyObject *res =
        !self->text ? PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, self->buf + self->pos, n)
        : n == self->string_size ? copy_of(self->text)
                                 : PyUnicode_Substring(self->text, self->pos, self->pos + n);
    if (res)
        self->pos += n;
    return res;
}

static PyObject *stringio_getvalue(StringIO *self, PyObject *unused)
{
    if (check_state(self) < 0)
        return NULL;
    return self->accumulating ? accumulated_value(self)
           : self->text       ? copy_of(self->text)
                              : PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, self->buf,
                                                          self->string_size);
}

static PyObject *stringio_read(StringIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1;
    if (!IO_SIZE(&size, "|O&:read", size_converter, &size) || check_state(self) < 0)
        return NULL;
    Py_ssize_t n = self->string_size - self->pos;
    if (size < 0 || size > n)
        size = n < 0 ? 0 : n;
    if (self->accumulating && self->pos == 0 && size == n) {
        PyObject *res = accumulated_value(self);
        self->pos = self->string_size;
        return res;
    }
    return settle(self) < 0 ? NULL : size == 0 ? Py_NewRef(EMPTY_STR) : text_at(self, size);
}

static PyObject *read_line(StringIO *self, Py_ssize_t limit)
{
    Py_ssize_t consumed, n = self->string_size - self->pos;
    if (n <= 0)
        return Py_NewRef(EMPTY_STR);
    if (limit >= 0 && limit < n)
        n = limit;
    int kind = self->text ? (int)PyUnicode_KIND(self->text) : PyUnicode_4BYTE_KIND;
    const char *start = self->text ? PyUnicode_DATA(self->text) : (const char *)self->buf;
    start += self->pos * kind;
    Py_ssize_t end = text_find_line_end(self->translate, self->universal, self->readnl, kind, start,
                                        start + n * kind, &consumed);
    return text_at(self, end < 0 ? n : end);
}

static PyObject *stringio_readline(StringIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1;
    if (!IO_SIZE(&size, "|O&:readline", size_converter, &size) || check_state(self) < 0 ||
        settle(self) < 0)
        return NULL;
    return read_line(self, size);
}

static PyObject *stringio_iternext(StringIO *self)
{
    PyObject *line;
    if (check_state(self) < 0 || settle(self) < 0)
        return NULL;
    if (Py_IS_TYPE(self, &PyStringIO_Type)) {
        line = read_line(self, -1);
    } else {
        line = io_readline((PyObject *)self, &PyUnicode_Type);
    }
    if (line && PyUnicode_GET_LENGTH(line) == 0)
        Py_CLEAR(line);
    return line;
}

static PyObject *stringio_truncate(StringIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = self->pos;
    if (!IO_SIZE(&size, "|O&:truncate", size_converter, &size) || check_state(self) < 0)
        return NULL;
    if (size < 0)
        return PyErr_Format(PyExc_ValueError, "Negative size value %zd", size);
    if (size < self->string_size) {
        if (realise(self) < 0 || resize_buffer(self, (size_t)size) < 0)
            return NULL;
        self->string_size = size;
    }
    return PyLong_FromSsize_t(size);
}

static PyObject *stringio_seek(StringIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t pos;
    int whence = 0;
    if ((!(nargs == 1 && io_small(args[0], &pos)) && !IO_ARGS(1, 2, "n|i:seek", &pos, &whence)) ||
        check_state(self) < 0)
        return NULL;
    if (whence < 0 || whence > 2)
        return PyErr_Format(PyExc_ValueError, "Invalid whence (%i, should be 0, 1 or 2)", whence);
    if (pos < 0 && whence == 0)
        return PyErr_Format(PyExc_ValueError, "Negative seek position %zd", pos);
    if (whence != 0 && pos != 0)
        return PyErr_Format(PyExc_OSError, "Can't do nonzero cur-relative seeks");
    self->pos = whence == 1 ? self->pos : whence == 2 ? self->string_size : pos;
    return PyLong_FromSsize_t(self->pos);
}

static PyObject *stringio_tell(StringIO *self, PyObject *unused)
{
    return check_state(self) < 0 ? NULL : PyLong_FromSsize_t(self->pos);
}
static PyObject *true_unless_closed(StringIO *self)
{
    return check_state(self) < 0 ? NULL : Py_NewRef(Py_True);
}
static PyObject *stringio_readable(StringIO *self, PyObject *unused)
{
    return true_unless_closed(self);
}
static PyObject *stringio_writable(StringIO *self, PyObject *unused)
{
    return true_unless_closed(self);
}
static PyObject *stringio_seekable(StringIO *self, PyObject *unused)
{
    return true_unless_closed(self);
}

static PyObject *stringio_close(StringIO *self, PyObject *unused)
{
    self->closed = true;
    /* The text is of no more use. */
    Py_CLEAR(self->text);
    if (resize_buffer(self, 0) < 0)
        return NULL;
    _PyUnicodeWriter_Dealloc(&self->writer);
    Py_RETURN_NONE;
}

/* -- Life ------------------------------------------------------------------------------------ */

static PyObject *stringio_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    StringIO *self = (StringIO *)type->tp_alloc(type, 0);
    if (self && !(self->buf = PyMem_Malloc(0))) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

/* Reads the newline argument; -1 with an exception. */
static int set_newline(StringIO *self, PyObject *newline)
{
    const char *nl = NULL;
    if (newline && newline != Py_None && !PyUnicode_Check(newline)) {
        PyErr_Format(PyExc_TypeError, "newline must be str or None, not %.200s",
                     Py_TYPE(newline)->tp_name);
        return -1;
    }
    nl = !newline ? "\n" : newline == Py_None ? NULL : PyUnicode_AsUTF8(newline);
    if (newline && newline != Py_None && !nl)
        return -1;
    if (nl && strcmp(nl, "") && strcmp(nl, "\n") && strcmp(nl, "\r") && strcmp(nl, "\r\n")) {
        PyErr_Format(PyExc_ValueError, "illegal newline value: %R", newline);
        return -1;
    }
    Py_CLEAR(self->readnl);
    Py_CLEAR(self->writenl);
    Py_CLEAR(self->decoder);
    self->universal = !nl || !*nl;
    self->translate = !nl;
    if (nl && !(self->readnl = PyUnicode_FromString(nl)))
        return -1;
    if (nl && *nl == '\r')
        self->writenl = Py_NewRef(self->readnl);
    if (self->universal) {
        self->decoder =
            PyObject_CallFunctionObjArgs((PyObject *)&PyIncrementalNewlineDecoder_Type, Py_None,
                                         self->translate ? Py_True : Py_False, NULL);
        if (!self->decoder)
            return -1;
    }
    return 0;
}

static void start_accumulating(StringIO *self)
{
    self->accumulating = true;
    _PyUnicodeWriter_Init(&self->writer);
    self->writer.overallocate = 1;
}

static int stringio_init(StringIO *self, PyObject *args, PyObject *kwargs)
{
    ARGS("|OO:StringIO", "initial_value", "newline");
    PyObject *row[2];
    if (!ROW_TUPLE(row, 0, 2))
        return -1;
    PyObject *value = row[0], *newline = row[1];
    self->initialised = false;
    if (set_newline(self, newline) < 0)
        return -1;
    if (value && value != Py_None && !PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "initial_value must be str or None, not %.200s",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    if (self->accumulating)
        _PyUnicodeWriter_Dealloc(&self->writer);
    self->accumulating = self->closed = false;
    self->pos = self->string_size = 0;
    Py_CLEAR(self->text);
    if (resize_buffer(self, 0) < 0)
        return -1;
    if (value && value != Py_None && PyUnicode_GET_LENGTH(value)) {
        PyObject *text = translated(self, value);
        if (text == value)
            Py_SETREF(text, copy_of(value)); /* I2 */
        if (!text)
            return -1;
        self->text = text;
        self->string_size = PyUnicode_GET_LENGTH(text);
    } else {
        start_accumulating(self);
    }
    self->initialised = true;
    return 0;
}

static int stringio_traverse(StringIO *self, visitproc visit, void *arg)
{
    Py_VISIT(self->dict);
    return 0;
}

static int stringio_clear(StringIO *self)
{
    Py_CLEAR(self->dict);
    return 0;
}

static void stringio_dealloc(StringIO *self)
{
    PyObject_GC_UnTrack(self);
    self->initialised = false;
    PyMem_Free(self->buf);
    Py_CLEAR(self->text);
    _PyUnicodeWriter_Dealloc(&self->writer);
    Py_CLEAR(self->readnl);
    Py_CLEAR(self->writenl);
    Py_CLEAR(self->decoder);
    Py_CLEAR(self->dict);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* -- Pickling -------------------------------------------------------------------------------- */

static PyObject *stringio_getstate(StringIO *self, PyObject *unused)
{
    PyObject *value = stringio_getvalue(self, NULL);
    PyObject *dict = !value ? NULL : self->dict ? PyDict_Copy(self->dict) : Py_NewRef(Py_None);
    PyObject *state = dict ? Py_BuildValue("(OOnN)", value, self->readnl ? self->readnl : Py_None,
                                           self->pos, dict)
                           : NULL;
    Py_XDECREF(value);
    return state;
}

static PyObject *stringio_setstate(StringIO *self, PyObject *state)
{
    if (self->closed) {
        PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
        return NULL;
    }
    if (!PyTuple_Check(state) || PyTuple_GET_SIZE(state) < 4)
        return PyErr_Format(PyExc_TypeError,
                            "%.200s.__setstate__ argument should be 4-tuple, got %.200s",
                            Py_TYPE(self)->tp_name, Py_TYPE(state)->tp_name);
    PyObject *value = PyTuple_GET_ITEM(state, 0), *position = PyTuple_GET_ITEM(state, 2),
             *dict = PyTuple_GET_ITEM(state, 3);
    PyObject *init = PyTuple_GetSlice(state, 0, 2);
    int rc = init ? stringio_init(self, init, NULL) : -1;
    Py_XDECREF(init);
    if (rc < 0)
        return NULL;
    /* The value was translated when it was first written: put it back as it is. */
    if (!PyUnicode_Check(value))
        return PyErr_Format(PyExc_TypeError, "first item of state must be str, not %.200s",
                            Py_TYPE(value)->tp_name);
    if (realise(self) < 0 || resize_buffer(self, (size_t)PyUnicode_GET_LENGTH(value)) < 0 ||
        !PyUnicode_AsUCS4(value, self->buf, self->buf_size, 0))
        return NULL;
    self->string_size = PyUnicode_GET_LENGTH(value);
    if (!PyLong_Check(position))
        return PyErr_Format(PyExc_TypeError, "third item of state must be an integer, got %.200s",
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
                                "fourth item of state should be a dict, got a %.200s",
                                Py_TYPE(dict)->tp_name);
        if (self->dict ? PyDict_Update(self->dict, dict) < 0 : (self->dict = Py_NewRef(dict), 0))
            return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *stringio_get_closed(StringIO *self, void *unused)
{
    if (!self->initialised && check_state(self) < 0)
        return NULL;
    return PyBool_FromLong(self->closed);
}

static PyObject *stringio_get_line_buffering(StringIO *self, void *unused)
{
    return check_state(self) < 0 ? NULL : Py_NewRef(Py_False);
}

static PyObject *stringio_get_newlines(StringIO *self, void *unused)
{
    if (check_state(self) < 0)
        return NULL;
    return self->decoder ? PyObject_GetAttr(self->decoder, ID(newlines)) : Py_NewRef(Py_None);
}

static PyMethodDef stringio_methods[] = {
    METHODN(stringio, close, "Drop the text; further use raises ValueError."),
    METHODN(stringio, getvalue, "All of the text."),
    METHODF(stringio, read, "($self, size=-1, /)",
            "At most size characters; all that is left when size is negative or None."),
    METHODF(stringio, readline, "($self, size=-1, /)",
            "Next line, of at most size characters; '' at the end."),
    METHODN(stringio, tell, "Current position."),
    METHODF(stringio, truncate, "($self, pos=None, /)",
            "Cut the text to pos characters, the position by default."),
    METHODF(stringio, seek, "($self, pos, whence=0, /)",
            "Set the position: absolute (0), or to the position (1) or end (2)."),
    {"write", (PyCFunction)stringio_write, METH_O,
     "write($self, s, /)\n--\n\nWrite a str at the position; returns its length."},
    METHODN(stringio, seekable, "True; ValueError when closed."),
    METHODN(stringio, readable, "True; ValueError when closed."),
    METHODN(stringio, writable, "True; ValueError when closed."),
    {"__getstate__", (PyCFunction)stringio_getstate, METH_NOARGS, NULL},
    {"__setstate__", (PyCFunction)stringio_setstate, METH_O, NULL},
    {NULL},
};
static PyGetSetDef stringio_getset[] = {
    { "closed", (getter)stringio_get_closed, NULL, NULL, NULL },
    { "newlines", (getter)stringio_get_newlines, NULL, NULL, NULL },
    { "line_buffering", (getter)stringio_get_line_buffering, NULL, NULL, NULL },
    { NULL },
};

PyTypeObject PyStringIO_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io.StringIO",
    .tp_basicsize = sizeof(StringIO),
    .tp_dealloc = (destructor)stringio_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "StringIO(initial_value='', newline='\\n')\n--\n\nA text stream over a string in "
              "memory; newline as for io.TextIOWrapper.",
    .tp_traverse = (traverseproc)stringio_traverse,
    .tp_clear = (inquiry)stringio_clear,
    .tp_weaklistoffset = offsetof(StringIO, weakreflist),
    .tp_iternext = (iternextfunc)stringio_iternext,
    .tp_methods = stringio_methods,
    .tp_getset = stringio_getset,
    .tp_base = &PyTextIOBase_Type,
    .tp_dictoffset = offsetof(StringIO, dict),
    .tp_init = (initproc)stringio_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = stringio_new,
    .tp_free = PyObject_GC_Del,
};
