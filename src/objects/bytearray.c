/* SPDX-License-Identifier: MIT
 *
 * bytearray: a mutable sequence of bytes.
 *
 *     ob_bytes          ob_start               ob_start + Py_SIZE      ob_bytes + ob_alloc
 *     │ taken off the   │ content              │ NUL │ spare room      │
 *     │ front           │                      │     │                 │
 *
 *  B1 ob_bytes ≤ ob_start ≤ ob_start + Py_SIZE < ob_bytes + ob_alloc, and the byte behind the
 *     content is NUL. Removing at the front only moves ob_start, so a queue of bytes costs O(1) a
 *     step.
 *  B2 While ob_exports > 0 views exist, and the size is fixed (BufferError): can_resize().
 *  B3 An empty array owns no memory: its pointers are NULL, its content is
 *     _PyByteArray_empty_string.
 *  B4 Converting an argument may run code that resizes the array: size and address are read anew
 *     after it.
 *
 * Methods that bytes has too are in bytes_methods.c.
 */
#include "objects/int/int.h"
#include "objects/bytes_methods.h"
#include "objects/index_iter.h"
#include "modules/args.h"

char _PyByteArray_empty_string[] = "";

/* -- Allocation ------------------------------------------------------------------------------ */

/* B2, with BufferError. */
static bool can_resize(PyByteArrayObject *self)
{
    if (self->ob_exports == 0)
        return true;
    PyErr_SetString(PyExc_BufferError, "Existing exports of data: object cannot be re-sized");
    return false;
}

/* bytes NULL: content not set. */
PyObject *PyByteArray_FromStringAndSize(const char *bytes, Py_ssize_t n)
{
    if (n < 0) {
        PyErr_SetString(PyExc_SystemError, "Negative size passed to PyByteArray_FromStringAndSize");
        return NULL;
    }
    if (n == PY_SSIZE_T_MAX)
        return PyErr_NoMemory();
    PyByteArrayObject *self = PyObject_New(PyByteArrayObject, &PyByteArray_Type);
    if (!self)
        return NULL;
    self->ob_exports = 0;
    self->ob_bytes = self->ob_start = NULL;
    self->ob_alloc = 0;
    Py_SET_SIZE(self, n);
    if (n) {
        self->ob_bytes = self->ob_start = PyObject_Malloc((size_t)n + 1);
        if (!self->ob_bytes) {
            Py_SET_SIZE(self, 0);
            Py_DECREF(self);
            return PyErr_NoMemory();
        }
        self->ob_alloc = n + 1;
        if (bytes)
            memcpy(self->ob_bytes, bytes, (size_t)n);
        self->ob_bytes[n] = 0;
    }
    return (PyObject *)self;
}

PyObject *PyByteArray_FromObject(PyObject *input)
{
    return PyObject_CallOneArg((PyObject *)&PyByteArray_Type, input);
}

Py_ssize_t PyByteArray_Size(PyObject *self) { return PyByteArray_GET_SIZE(self); }

char *PyByteArray_AsString(PyObject *self) { return PyByteArray_AS_STRING(self); }

/* Content up to the smaller size is kept; new bytes are not set. Small steps reserve an eighth
   more, big ones nothing; a block that is less than half full is given back in part. Whenever the
   block changes, the gap at the front goes. */
int PyByteArray_Resize(PyObject *op, Py_ssize_t n)
{
    PyByteArrayObject *self = (PyByteArrayObject *)op;
    size_t offset = (size_t)(self->ob_start - self->ob_bytes), alloc = (size_t)self->ob_alloc,
           size = (size_t)n;
    if (n == Py_SIZE(self))
        return 0;
    if (!can_resize(self))
        return -1;
    if (size + offset + 1 <= alloc) {
        /* Fits; a much smaller content gives memory back. */
        if (size >= alloc / 2) {
            Py_SET_SIZE(self, n);
            self->ob_start[n] = 0;
            return 0;
        }
        alloc = size + 1;
    } else {
        alloc = size <= alloc * 1.125 ? size + (size >> 3) + (size < 9 ? 3 : 6) : size + 1;
    }
    if (alloc > PY_SSIZE_T_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    char *bytes;
    if (offset) {
        bytes = PyObject_Malloc(alloc);
        if (bytes) {
            memcpy(bytes, self->ob_start, Py_MIN(size, (size_t)Py_SIZE(self)));
            PyObject_Free(self->ob_bytes);
        }
    } else {
        bytes = PyObject_Realloc(self->ob_bytes, alloc);
    }
    if (!bytes) {
        PyErr_NoMemory();
        return -1;
    }
    self->ob_bytes = self->ob_start = bytes;
    self->ob_alloc = (Py_ssize_t)alloc;
    Py_SET_SIZE(self, n);
    bytes[n] = 0;
    return 0;
}

/* Replaces [low, high) by n bytes; `data` does not lie in the array. */
static int splice(PyByteArrayObject *self, Py_ssize_t low, Py_ssize_t high, const char *data,
                  Py_ssize_t n)
{
    Py_ssize_t growth = n - (high - low), size = Py_SIZE(self);
    if (growth != 0 && !can_resize(self))
        return -1;
    if (growth < 0 && low == 0) {
        /* Shrinking from the front moves the start. */
        self->ob_start -= growth;
        if (PyByteArray_Resize((PyObject *)self, size + growth) < 0)
            return -1;
    } else if (growth < 0) {
        memmove(PyByteArray_AS_STRING(self) + low + n, PyByteArray_AS_STRING(self) + high,
                (size_t)(size - high));
        if (PyByteArray_Resize((PyObject *)self, size + growth) < 0)
            return -1;
    } else if (growth > 0) {
        if (size > PY_SSIZE_T_MAX - growth) {
            PyErr_NoMemory();
            return -1;
        }
        if (PyByteArray_Resize((PyObject *)self, size + growth) < 0)
            return -1;
        memmove(PyByteArray_AS_STRING(self) + low + n, PyByteArray_AS_STRING(self) + high,
                (size_t)(size - high));
    }
    if (n)
        memcpy(PyByteArray_AS_STRING(self) + low, data, (size_t)n);
    return 0;
}

/* -- Content --------------------------------------------------------------------------------- */

/* Filling from ints, from buffers, from any iterable. Each appended byte may meet a resized or
   exported array, so append_byte asks anew every time. */

/* The byte that an index object stands for; -1 with TypeError or ValueError. B4 */
static int byte_value(PyObject *item)
{
    if (LIKELY(PyLong_CheckExact(item) && int_is_compact(item) && (size_t)int_compact(item) < 256))
        return (int)int_compact(item);
    int overflow;
    PyObject *index = PyNumber_Index(item);
    if (!index)
        return -1;
    long value = PyLong_AsLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (overflow || value < 0 || value > 255) {
        PyErr_SetString(PyExc_ValueError, "byte must be in range(0, 256)");
        return -1;
    }
    return (int)value;
}

static int append_byte(PyByteArrayObject *self, int c)
{
    Py_ssize_t n = Py_SIZE(self);
    Py_ssize_t room = self->ob_alloc - (self->ob_start - self->ob_bytes);
    if (LIKELY(n + 1 < room && n + 1 >= self->ob_alloc / 2 && self->ob_exports == 0)) {
        /* What PyByteArray_Resize comes to: neither growing nor giving back. */
        self->ob_start[n] = (char)c;
        self->ob_start[n + 1] = 0;
        Py_SET_SIZE(self, n + 1);
        return 0;
    }
    if (n == PY_SSIZE_T_MAX) {
        PyErr_SetString(PyExc_OverflowError, "cannot add more objects to bytearray");
        return -1;
    }
    if (PyByteArray_Resize((PyObject *)self, n + 1) < 0)
        return -1;
    PyByteArray_AS_STRING(self)[n] = (char)c;
    return 0;
}

/* From an exact list or tuple of exact ints: 1 done, 0 something else is in it, -1 error. */
static int fill_from_ints(PyByteArrayObject *self, PyObject *arg)
{
    Py_ssize_t n = PySequence_Fast_GET_SIZE(arg);
    PyObject **items = PySequence_Fast_ITEMS(arg);
    if (PyByteArray_Resize((PyObject *)self, n) < 0)
        return -1;
    char *out = PyByteArray_AS_STRING(self);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (!PyLong_CheckExact(items[i]))
            return PyByteArray_Resize((PyObject *)self, 0);
        if (LIKELY(int_is_compact(items[i]) && (size_t)int_compact(items[i]) < 256))
            out[i] = (char)int_compact(items[i]);
        else
            return byte_value(items[i]); /* an error, of an exact int */
    }
    return 1;
}

/* Appends the items of any iterable, from the empty array on. */
static int fill_from_iterable(PyByteArrayObject *self, PyObject *arg)
{
    int done = PyList_CheckExact(arg) || PyTuple_CheckExact(arg) ? fill_from_ints(self, arg) : 0;
    if (done)
        return done < 0 ? -1 : 0;
    PyObject *item, *it = PyObject_GetIter(arg);
    if (!it) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(PyExc_TypeError, "cannot convert '%.200s' object to bytearray",
                         Py_TYPE(arg)->tp_name);
        return -1;
    }
    int rc = 0;
    while (rc == 0 && (item = PyIter_Next(it))) {
        int c = byte_value(item);
        Py_DECREF(item);
        rc = c < 0 ? -1 : append_byte(self, c);
    }
    Py_DECREF(it);
    return rc < 0 || PyErr_Occurred() ? -1 : 0;
}

/* += any buffer. Adding the array to itself must not hold a view on it while it grows (B2). */
static PyObject *bytearray_iconcat(PyByteArrayObject *self, PyObject *other)
{
    Py_buffer view;
    if (PyBytes_CheckExact(other)) { /* holds still, no view is needed */
        view = (Py_buffer){ .buf = PyBytes_AS_STRING(other), .len = Py_SIZE(other) };
    } else if (PyObject_GetBuffer(other, &view, PyBUF_SIMPLE) < 0) {
        return PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s",
                            Py_TYPE(other)->tp_name, Py_TYPE(self)->tp_name);
    }
    Py_ssize_t size = Py_SIZE(self), n = view.len;
    int rc = -1;
    if (size > PY_SSIZE_T_MAX - n) {
        PyErr_NoMemory();
    } else if ((PyObject *)self == other) {
        /* Our own content: the view must go before we resize. */
        PyBuffer_Release(&view);
        rc = PyByteArray_Resize((PyObject *)self, size + n);
        if (rc == 0)
            memcpy(PyByteArray_AS_STRING(self) + size, PyByteArray_AS_STRING(self), (size_t)n);
        return rc < 0 ? NULL : Py_NewRef((PyObject *)self);
    } else {
        rc = PyByteArray_Resize((PyObject *)self, size + n);
        if (rc == 0)
            memcpy(PyByteArray_AS_STRING(self) + size, view.buf, (size_t)n);
    }
    PyBuffer_Release(&view);
    return rc < 0 ? NULL : Py_NewRef((PyObject *)self);
}

/* bytearray(), (text, encoding), (count), (buffer), (iterable). */
/* From bytes, a count, a buffer or an iterable; self is empty. */
static int fill_from(PyByteArrayObject *self, PyObject *arg)
{
    if (PyBytes_CheckExact(arg)) {
        if (PyByteArray_Resize((PyObject *)self, Py_SIZE(arg)) < 0)
            return -1;
        memcpy(PyByteArray_AS_STRING(self), PyBytes_AS_STRING(arg), (size_t)Py_SIZE(arg));
        return 0;
    }
    if (PyIndex_Check(arg)) {
        Py_ssize_t count = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
        if (count == -1 && PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_TypeError))
                return -1;
            PyErr_Clear(); /* fall through: it may be iterable */
        } else {
            if (count < 0) {
                PyErr_SetString(PyExc_ValueError, "negative count");
                return -1;
            }
            if (count && PyByteArray_Resize((PyObject *)self, count) < 0)
                return -1;
            memset(PyByteArray_AS_STRING(self), 0, (size_t)count);
            return 0;
        }
    }
    if (PyObject_CheckBuffer(arg)) {
        Py_buffer view;
        if (PyObject_GetBuffer(arg, &view, PyBUF_FULL_RO) < 0)
            return -1;
        int rc = PyByteArray_Resize((PyObject *)self, view.len);
        if (rc == 0 && view.len)
            rc = PyBuffer_ToContiguous(PyByteArray_AS_STRING(self), &view, view.len, 'C');
        PyBuffer_Release(&view);
        return rc;
    }
    return fill_from_iterable(self, arg);
}

static int bytearray_init(PyByteArrayObject *self, PyObject *args, PyObject *kwargs)
{
    ARGS("|Oss:bytearray", "source", "encoding", "errors");
    PyObject *arg = NULL;
    const char *encoding = NULL, *errors = NULL;
    if (Py_SIZE(self) && PyByteArray_Resize((PyObject *)self, 0) < 0)
        return -1;
    if (!PARSE_TUPLE(&arg, &encoding, &errors))
        return -1;
    if (arg && PyUnicode_Check(arg)) {
        if (!encoding) {
            PyErr_SetString(PyExc_TypeError, "string argument without an encoding");
            return -1;
        }
        PyObject *encoded = PyUnicode_AsEncodedString(arg, encoding, errors);
        PyObject *same = encoded ? bytearray_iconcat(self, encoded) : NULL;
        Py_XDECREF(encoded);
        Py_XDECREF(same);
        return same ? 0 : -1;
    }
    if (encoding || errors) {
        PyErr_SetString(PyExc_TypeError, encoding ? "encoding without a string argument"
                                                  : "errors without a string argument");
        return -1;
    }
    return arg ? fill_from(self, arg) : 0;
}

/* bytearray() and bytearray(x) without a tuple of arguments. */
static PyObject *bytearray_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                      PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (nargs > 1 || kwnames || (nargs == 1 && PyUnicode_Check(args[0])))
        return _PyObject_MakeTpCall(tstate_get(), type, args, nargs, kwnames);
    PyObject *self = PyType_GenericAlloc(&PyByteArray_Type, 0);
    if (self && nargs == 1) {
        PyObject *arg = Py_NewRef(args[0]); /* as a tuple of arguments holds it */
        if (fill_from((PyByteArrayObject *)self, arg) < 0)
            Py_CLEAR(self);
        Py_DECREF(arg);
    }
    return self;
}

/* A view left at this point is a bug of an extension: it is told, not fatal. */
static void bytearray_dealloc(PyByteArrayObject *self)
{
    if (self->ob_exports > 0) {
        PyErr_SetString(PyExc_SystemError, "deallocated bytearray object has exported buffers");
        PyErr_Print();
    }
    PyObject_Free(self->ob_bytes);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* -- Sequence and mapping -------------------------------------------------------------------- */

static Py_ssize_t bytearray_length(PyObject *self) { return Py_SIZE(self); }

/* Of any two buffers. */
PyObject *PyByteArray_Concat(PyObject *a, PyObject *b)
{
    Py_buffer va = { NULL }, vb = { NULL };
    PyObject *res = NULL;
    if (PyObject_GetBuffer(a, &va, PyBUF_SIMPLE) < 0
        || PyObject_GetBuffer(b, &vb, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s", Py_TYPE(b)->tp_name,
                     Py_TYPE(a)->tp_name);
    } else if (va.len > PY_SSIZE_T_MAX - vb.len) {
        PyErr_NoMemory();
    } else if ((res = PyByteArray_FromStringAndSize(NULL, va.len + vb.len))) {
        memcpy(PyByteArray_AS_STRING(res), va.buf, (size_t)va.len);
        memcpy(PyByteArray_AS_STRING(res) + va.len, vb.buf, (size_t)vb.len);
    }
    PyBuffer_Release(&va);
    PyBuffer_Release(&vb);
    return res;
}

static PyObject *bytearray_irepeat(PyObject *self, Py_ssize_t count)
{
    if (count < 0)
        count = 0;
    else if (count == 1)
        return Py_NewRef(self);
    Py_ssize_t n = Py_SIZE(self);
    if (count && n > PY_SSIZE_T_MAX / count)
        return PyErr_NoMemory();
    if (PyByteArray_Resize(self, n * count) < 0)
        return NULL;
    for (Py_ssize_t i = 1; i < count; i++)
        memcpy(PyByteArray_AS_STRING(self) + i * n, PyByteArray_AS_STRING(self), (size_t)n);
    return Py_NewRef(self);
}

static PyObject *bytearray_item(PyObject *self, Py_ssize_t i)
{
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
        return NULL;
    }
    return Py_NewRef(SMALL_INT((unsigned char)PyByteArray_AS_STRING(self)[i]));
}

/* self[index] an int, self[slice] a bytearray. */
static PyObject *bytearray_subscript(PyObject *self, PyObject *index)
{
    if (PyIndex_Check(index)) {
        Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred())
            return NULL;
        return bytearray_item(self, i < 0 ? i + Py_SIZE(self) : i);
    }
    if (!PySlice_Check(index))
        return PyErr_Format(PyExc_TypeError,
                            "bytearray indices must be integers or slices, not %.200s",
                            Py_TYPE(index)->tp_name);
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(index, &start, &stop, &step) < 0)
        return NULL;
    Py_ssize_t n = PySlice_AdjustIndices(Py_SIZE(self), &start, &stop, step);
    if (n <= 0 || step == 1)
        return PyByteArray_FromStringAndSize(n > 0 ? PyByteArray_AS_STRING(self) + start : NULL,
                                             n > 0 ? n : 0);
    PyObject *res = PyByteArray_FromStringAndSize(NULL, n);
    for (Py_ssize_t i = 0; res && i < n; i++, start += step)
        PyByteArray_AS_STRING(res)[i] = PyByteArray_AS_STRING(self)[start];
    return res;
}

/* Assigns to (n bytes) or deletes (data NULL) a slice that was adjusted to the size. */
static int assign_slice(PyByteArrayObject *self, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t step,
                        Py_ssize_t length, const char *data, Py_ssize_t n)
{
    if (step < 0 ? start < stop : start > stop)
        stop = start;
    if (step == 1)
        return splice(self, start, stop, data, n);
    char *buf = PyByteArray_AS_STRING(self);
    if (n == 0) {
        /* An extended slice is deleted from the left, closing each gap. */
        if (length == 0)
            return 0;
        if (!can_resize(self))
            return -1;
        if (step < 0) {
            start += step * (length - 1);
            step = -step;
        }
        Py_ssize_t out = start, size = Py_SIZE(self);
        for (Py_ssize_t i = 0, at = start; i < length; i++, at += step) {
            Py_ssize_t next = i + 1 < length ? at + step : size;
            memmove(buf + out, buf + at + 1, (size_t)(next - at - 1));
            out += next - at - 1;
        }
        return PyByteArray_Resize((PyObject *)self, out);
    }
    if (n != length) {
        PyErr_Format(PyExc_ValueError,
                     "attempt to assign bytes of size %zd to extended slice of size %zd", n,
                     length);
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++, start += step)
        buf[start] = data[i];
    return 0;
}

/* self[index] = byte, self[slice] = bytes; values NULL deletes. A slice takes any buffer or
   iterable of ints, by way of a bytearray when it is none; an extended slice must keep its
   length. */
static int bytearray_ass_subscript(PyByteArrayObject *self, PyObject *index, PyObject *values)
{
    Py_ssize_t start, stop, step, length;
    if (PyIndex_Check(index)) {
        Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred())
            return -1;
        int c = values ? byte_value(values) : 0;
        if (c < 0)
            return -1;
        if (i < 0)
            i += Py_SIZE(self);
        if (i < 0 || i >= Py_SIZE(self)) {
            PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
            return -1;
        }
        if (!values)
            return splice(self, i, i + 1, NULL, 0);
        PyByteArray_AS_STRING(self)[i] = (char)c;
        return 0;
    }
    if (!PySlice_Check(index)) {
        PyErr_Format(PyExc_TypeError, "bytearray indices must be integers or slices, not %.200s",
                     Py_TYPE(index)->tp_name);
        return -1;
    }
    if (PySlice_Unpack(index, &start, &stop, &step) < 0)
        return -1;
    if (values && ((PyObject *)self == values || !PyByteArray_Check(values))) {
        if (PyNumber_Check(values) || PyUnicode_Check(values)) {
            PyErr_SetString(PyExc_TypeError, "can assign only bytes, buffers, or iterables of ints "
                                             "in range(0, 256)");
            return -1;
        }
        PyObject *copy = PyByteArray_FromObject(values);
        if (!copy)
            return -1;
        int rc = bytearray_ass_subscript(self, index, copy);
        Py_DECREF(copy);
        return rc;
    }
    length = PySlice_AdjustIndices(Py_SIZE(self), &start, &stop, step);
    return assign_slice(self, start, stop, step, length,
                        values ? PyByteArray_AS_STRING(values) : NULL,
                        values ? Py_SIZE(values) : 0);
}

/* value NULL deletes. */
static int bytearray_ass_item(PyByteArrayObject *self, Py_ssize_t i, PyObject *value)
{
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
        return -1;
    }
    if (!value)
        return splice(self, i, i + 1, NULL, 0);
    int c = byte_value(value);
    if (c < 0)
        return -1;
    /* __index__ may have shrunk the array. */
    if (i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
        return -1;
    }
    PyByteArray_AS_STRING(self)[i] = (char)c;
    return 0;
}

/* With any buffer, byte by byte; a prefix is the smaller. */
static PyObject *bytearray_richcompare(PyObject *a, PyObject *b, int op)
{
    Py_buffer va, vb;
    if (!PyObject_CheckBuffer(a) || !PyObject_CheckBuffer(b)) {
        if (_Py_GetConfig()->bytes_warning && (op == Py_EQ || op == Py_NE)
            && (PyUnicode_Check(a) || PyUnicode_Check(b))
            && PyErr_WarnEx(PyExc_BytesWarning, "Comparison between bytearray and string", 1) < 0)
            return NULL;
        Py_RETURN_NOTIMPLEMENTED;
    }
    if (PyObject_GetBuffer(a, &va, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        Py_RETURN_NOTIMPLEMENTED;
    }
    if (PyObject_GetBuffer(b, &vb, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        PyBuffer_Release(&va);
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *res;
    if (va.len != vb.len && (op == Py_EQ || op == Py_NE)) {
        res = PyBool_FromLong(op == Py_NE);
    } else {
        int c = memcmp(va.buf, vb.buf, (size_t)Py_MIN(va.len, vb.len));
        if (c == 0)
            c = va.len < vb.len ? -1 : va.len > vb.len;
        res = PyBool_FromLong(op == Py_EQ   ? c == 0
                              : op == Py_NE ? c != 0
                              : op == Py_LT ? c < 0
                              : op == Py_LE ? c <= 0
                              : op == Py_GT ? c > 0
                                            : c >= 0);
    }
    PyBuffer_Release(&va);
    PyBuffer_Release(&vb);
    return res;
}

static PyObject *bytearray_repr(PyObject *self)
{
    const char *name = _PyType_Name(Py_TYPE(self));
    char *prefix = PyMem_Malloc(strlen(name) + 2);
    if (!prefix)
        return PyErr_NoMemory();
    strcat(strcpy(prefix, name), "(");
    PyObject *res = bytes_repr_of(PyByteArray_AS_STRING(self), Py_SIZE(self), prefix, ")", 2);
    PyMem_Free(prefix);
    return res;
}

static PyObject *bytearray_str(PyObject *self)
{
    if (_Py_GetConfig()->bytes_warning
        && PyErr_WarnEx(PyExc_BytesWarning, "str() on a bytearray instance", 1))
        return NULL;
    return bytearray_repr(self);
}

static PyObject *bytearray_mod(PyObject *self, PyObject *args)
{
    if (!PyByteArray_Check(self))
        Py_RETURN_NOTIMPLEMENTED;
    return bytes_format(PyByteArray_AS_STRING(self), Py_SIZE(self), args, 1);
}

/* B2: the count goes down again in releasebuffer. */
static int bytearray_getbuffer(PyByteArrayObject *self, Py_buffer *view, int flags)
{
    if (!view) {
        PyErr_SetString(PyExc_BufferError, "bytearray_getbuffer: view==NULL argument is obsolete");
        return -1;
    }
    /* Never fails: writable and contiguous. */
    (void)PyBuffer_FillInfo(view, (PyObject *)self, PyByteArray_AS_STRING(self), Py_SIZE(self), 0,
                            flags);
    self->ob_exports++;
    return 0;
}

static void bytearray_releasebuffer(PyByteArrayObject *self, Py_buffer *view)
{
    self->ob_exports--;
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *bytearray_append(PyByteArrayObject *self, PyObject *item)
{
    int c = byte_value(item);
    return c < 0 || append_byte(self, c) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *bytearray_clear(PyObject *self, PyObject *unused)
{
    return PyByteArray_Resize(self, 0) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *bytearray_copy(PyObject *self, PyObject *unused)
{
    return PyByteArray_FromStringAndSize(PyByteArray_AS_STRING(self), Py_SIZE(self));
}

/* A buffer, or an iterable of ints, which is collected aside first. */
static PyObject *bytearray_extend(PyByteArrayObject *self, PyObject *iterable)
{
    if (PyObject_CheckBuffer(iterable)) {
        PyObject *same = bytearray_iconcat(self, iterable);
        Py_XDECREF(same);
        return same ? Py_NewRef(Py_None) : NULL;
    }
    PyObject *item, *it = PyObject_GetIter(iterable);
    if (!it) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(PyExc_TypeError, "can't extend bytearray with %.100s",
                         Py_TYPE(iterable)->tp_name);
        return NULL;
    }
    if (PyObject_LengthHint(iterable, 32) < 0) {
        Py_DECREF(it);
        return NULL;
    }
    /* Collected first: an error leaves the array as it was. */
    PyByteArrayObject *more = (PyByteArrayObject *)PyByteArray_FromStringAndSize(NULL, 0);
    while (more && (item = PyIter_Next(it))) {
        int c = byte_value(item);
        Py_DECREF(item);
        if (c < 0 || append_byte(more, c) < 0)
            Py_CLEAR(more);
    }
    Py_DECREF(it);
    if (!more || PyErr_Occurred()) {
        Py_XDECREF(more);
        return NULL;
    }
    int rc = splice(self, Py_SIZE(self), Py_SIZE(self), PyByteArray_AS_STRING(more), Py_SIZE(more));
    Py_DECREF(more);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *bytearray_insert(PyByteArrayObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t index, n = Py_SIZE(self);
    PyObject *item;
    if (!PARSEP("nO:insert", &index, &item))
        return NULL;
    int c = byte_value(item);
    if (c < 0)
        return NULL;
    n = Py_SIZE(self);
    if (index < 0)
        index = index + n < 0 ? 0 : index + n;
    if (index > n)
        index = n;
    char byte = (char)c;
    return splice(self, index, index, &byte, 1) < 0 ? NULL : Py_NewRef(Py_None);
}

/* Unlike del self[index] this never moves the start: what __alloc__ says afterwards differs. */
static int drop_byte(PyByteArrayObject *self, Py_ssize_t index)
{
    char *p = PyByteArray_AS_STRING(self) + index;
    Py_ssize_t n = Py_SIZE(self);
    if (!can_resize(self))
        return -1;
    memmove(p, p + 1, (size_t)(n - index - 1));
    return PyByteArray_Resize((PyObject *)self, n - 1);
}

static PyObject *bytearray_pop(PyByteArrayObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t index = -1, n = Py_SIZE(self);
    if (!PARSEP("|n:pop", &index))
        return NULL;
    if (n == 0)
        return PyErr_Format(PyExc_IndexError, "pop from empty bytearray");
    if (index < 0)
        index += n;
    if (index < 0 || index >= n)
        return PyErr_Format(PyExc_IndexError, "pop index out of range");
    if (!can_resize(self))
        return NULL;
    int c = (unsigned char)PyByteArray_AS_STRING(self)[index];
    return drop_byte(self, index) < 0 ? NULL : PyLong_FromLong(c);
}

static PyObject *bytearray_remove(PyByteArrayObject *self, PyObject *value)
{
    int c = byte_value(value);
    if (c < 0)
        return NULL;
    const char *start = PyByteArray_AS_STRING(self),
               *at = Py_SIZE(self) ? memchr(start, c, (size_t)Py_SIZE(self)) : NULL;
    if (!at)
        return PyErr_Format(PyExc_ValueError, "value not found in bytearray");
    return drop_byte(self, at - start) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *bytearray_reverse(PyByteArrayObject *self, PyObject *unused)
{
    char *s = PyByteArray_AS_STRING(self);
    for (Py_ssize_t i = 0, j = Py_SIZE(self) - 1; i < j; i++, j--) {
        char c = s[i];
        s[i] = s[j];
        s[j] = c;
    }
    Py_RETURN_NONE;
}

static PyObject *bytearray_alloc(PyByteArrayObject *self, PyObject *unused)
{
    return PyLong_FromSsize_t(self->ob_alloc);
}

static PyObject *bytearray_sizeof(PyByteArrayObject *self, PyObject *unused)
{
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + self->ob_alloc);
}

/* Protocols below 3 know no bytes: the content goes as Latin-1 text. */
static PyObject *reduce(PyByteArrayObject *self, int protocol)
{
    PyObject *state = _PyObject_GetState((PyObject *)self);
    if (!state)
        return NULL;
    if (!Py_SIZE(self))
        return Py_BuildValue("(O()N)", Py_TYPE(self), state);
    if (protocol >= 3)
        return Py_BuildValue("(O(y#)N)", Py_TYPE(self), PyByteArray_AS_STRING(self), Py_SIZE(self),
                             state);
    PyObject *latin1 = PyUnicode_DecodeLatin1(PyByteArray_AS_STRING(self), Py_SIZE(self), NULL);
    return Py_BuildValue("(O(Ns)N)", Py_TYPE(self), latin1, "latin-1", state);
}

static PyObject *bytearray_reduce(PyByteArrayObject *self, PyObject *unused)
{
    return reduce(self, 2);
}

static PyObject *bytearray_reduce_ex(PyByteArrayObject *self, PyObject *const *args,
                                     Py_ssize_t nargs)
{
    int protocol = 0;
    return PARSEP("|i:__reduce_ex__", &protocol) ? reduce(self, protocol) : NULL;
}

static PyObject *bytearray_fromhex(PyObject *type, PyObject *string)
{
    if (!PyUnicode_Check(string))
        return PyErr_Format(PyExc_TypeError, "fromhex() argument must be str, not %.50s",
                            Py_TYPE(string)->tp_name);
    PyObject *res = bytes_from_hex(string, (PyTypeObject *)type == &PyByteArray_Type);
    if (res && (PyTypeObject *)type != &PyByteArray_Type)
        Py_SETREF(res, PyObject_CallOneArg(type, res));
    return res;
}

/* -- Iterator -------------------------------------------------------------------------------- */

static PyObject *bytearray_iter(PyObject *seq)
{
    return index_iter_new(&PyByteArrayIter_Type, seq);
}

static PyObject *bytearrayiter_next(IndexIter *it)
{
    if (!it->seq)
        return NULL;
    if (it->index < Py_SIZE(it->seq))
        return Py_NewRef(SMALL_INT((unsigned char)PyByteArray_AS_STRING(it->seq)[it->index++]));
    Py_CLEAR(it->seq);
    return NULL;
}

static PyObject *bytearrayiter_length_hint(IndexIter *it, PyObject *unused)
{
    return PyLong_FromSsize_t(it->seq && Py_SIZE(it->seq) > it->index ? Py_SIZE(it->seq) - it->index
                                                                      : 0);
}

static PyObject *bytearrayiter_setstate(IndexIter *it, PyObject *state)
{
    return index_iter_set(it, state, it->seq ? Py_SIZE(it->seq) : 0);
}

static PyMethodDef bytearrayiter_methods[] = {
    { "__length_hint__", (PyCFunction)bytearrayiter_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)index_iter_reduce, METH_NOARGS,
      "__reduce__($self, /)\n--\n\nWhat pickle stores." },
    { "__setstate__", (PyCFunction)bytearrayiter_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PyByteArrayIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "bytearray_iterator",
    .tp_basicsize = sizeof(IndexIter),
    .tp_dealloc = index_iter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = index_iter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)bytearrayiter_next,
    .tp_methods = bytearrayiter_methods,
};

/* -- Type object ----------------------------------------------------------------------------- */

static PySequenceMethods bytearray_as_sequence = {
    .sq_length = bytearray_length,
    .sq_concat = PyByteArray_Concat,
    .sq_repeat = byteslike_repeat,
    .sq_item = bytearray_item,
    .sq_ass_item = (ssizeobjargproc)bytearray_ass_item,
    .sq_contains = byteslike_contains,
    .sq_inplace_concat = (binaryfunc)bytearray_iconcat,
    .sq_inplace_repeat = bytearray_irepeat,
};
static PyMappingMethods bytearray_as_mapping = {bytearray_length, bytearray_subscript,
                                                (objobjargproc)bytearray_ass_subscript};
static PyBufferProcs bytearray_as_buffer = {(getbufferproc)bytearray_getbuffer,
                                            (releasebufferproc)bytearray_releasebuffer};
static PyNumberMethods bytearray_as_number = { .nb_remainder = bytearray_mod };

#define OWN_METHODS 14
static PyMethodDef bytearray_methods[OWN_METHODS + BYTESLIKE_METHODS] = {
    { "__alloc__", (PyCFunction)bytearray_alloc, METH_NOARGS,
      "B.__alloc__() -> int\n\n"
      "Bytes that are allocated." },
    { "__reduce__", (PyCFunction)bytearray_reduce, METH_NOARGS,
      "__reduce__($self, /)\n--\n\n"
      "What pickle stores." },
    { "__reduce_ex__", (PyCFunction)(void (*)(void))bytearray_reduce_ex, METH_FASTCALL,
      "__reduce_ex__($self, proto=0, /)\n--\n\n"
      "What pickle stores." },
    { "__sizeof__", (PyCFunction)bytearray_sizeof, METH_NOARGS,
      "__sizeof__($self, /)\n--\n\n"
      "Size in memory, in bytes." },
    { "append", (PyCFunction)bytearray_append, METH_O,
      "append($self, item, /)\n--\n\n"
      "Append one byte." },
    { "clear", bytearray_clear, METH_NOARGS, "clear($self, /)\n--\n\nRemove all bytes." },
    { "copy", bytearray_copy, METH_NOARGS, "copy($self, /)\n--\n\nA copy." },
    { "extend", (PyCFunction)bytearray_extend, METH_O,
      "extend($self, iterable_of_ints, /)\n--\n\n"
      "Append all bytes of an iterable of ints or a buffer." },
    { "fromhex", bytearray_fromhex, METH_O | METH_CLASS,
      "fromhex($type, string, /)\n--\n\n"
      "Bytes of a str of hexadecimal digits; white space between bytes is skipped." },
    { "insert", (PyCFunction)(void (*)(void))bytearray_insert, METH_FASTCALL,
      "insert($self, index, item, /)\n--\n\n"
      "Insert one byte before an index." },
    { "pop", (PyCFunction)(void (*)(void))bytearray_pop, METH_FASTCALL,
      "pop($self, index=-1, /)\n--\n\n"
      "Remove and return one byte." },
    { "remove", (PyCFunction)bytearray_remove, METH_O,
      "remove($self, value, /)\n--\n\n"
      "Remove the first occurrence of a byte." },
    { "reverse", (PyCFunction)bytearray_reverse, METH_NOARGS,
      "reverse($self, /)\n--\n\n"
      "Reverse in place." },
    { NULL },
};

__attribute__((constructor)) static void bytearray_methods_init(void)
{
    byteslike_methods_join(bytearray_methods + OWN_METHODS - 1);
}

PyTypeObject PyByteArray_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "bytearray",
    .tp_basicsize = sizeof(PyByteArrayObject),
    .tp_dealloc = (destructor)bytearray_dealloc,
    .tp_repr = bytearray_repr,
    .tp_as_number = &bytearray_as_number,
    .tp_as_sequence = &bytearray_as_sequence,
    .tp_as_mapping = &bytearray_as_mapping,
    .tp_str = bytearray_str,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_buffer = &bytearray_as_buffer,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> "
              "bytearray\n"
              "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
              "bytearray(int) -> bytes array of size given by the parameter initialized with null "
              "bytes\n"
              ""
              "bytearray() -> empty bytes array\n\nA mutable sequence of bytes.",
    .tp_richcompare = bytearray_richcompare,
    .tp_iter = bytearray_iter,
    .tp_methods = bytearray_methods,
    .tp_init = (initproc)bytearray_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_Del,
    .tp_vectorcall = bytearray_vectorcall,
};
