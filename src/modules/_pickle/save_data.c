/* SPDX-License-Identifier: MIT
 *
 * Objects that hold data and no other objects: bool, int, float, str, bytes, bytearray,
 * PickleBuffer.
 */
#include "modules/_pickle/pickle_impl.h"

int pickle_save_bool(Pickler *p, PyObject *obj)
{
    if (p->protocol >= 2)
        return pickle_op(p, obj == Py_True ? OP_NEWTRUE : OP_NEWFALSE);
    return pickle_put(p, obj == Py_True ? "I01\n" : "I00\n", 4);
}

/* -- int ------------------------------------------------------------------------------------- */

static int save_small_int(Pickler *p, long value)
{
    char text[32], *to;
    if (!p->binary)
        return pickle_put(p, text, snprintf(text, sizeof text, "%c%ld\n", OP_INT, value));
    to = pickle_out(p, 5);
    if (!to)
        return -1;
    int bytes = value < 0 || value > 0xffff ? 4 : value > 0xff ? 2 : 1;
    to[0] = bytes == 4 ? OP_BININT : bytes == 2 ? OP_BININT2 : OP_BININT1;
    pickle_store_le(to + 1, (uint64_t)value, 4);
    p->length -= 4 - bytes; /* always four written: no branch on the size */
    return 0;
}

static int save_long_text(Pickler *p, PyObject *obj)
{
    PyObject *repr = PyObject_Repr(obj);
    if (!repr)
        return -1;
    int rc = pickle_op(p, OP_LONG) < 0 ||
                     pickle_put(p, PyUnicode_1BYTE_DATA(repr), PyUnicode_GET_LENGTH(repr)) < 0 ||
                     pickle_put(p, "L\n", 2) < 0
                 ? -1
                 : 0;
    Py_DECREF(repr);
    return rc;
}

/* Bytes of the shortest two's complement form; -1 with an exception. */
static Py_ssize_t long_size(PyObject *obj)
{
    size_t bits = _PyLong_NumBits(obj);
    if (bits == (size_t)-1 && PyErr_Occurred())
        return -1;
    if ((bits >> 3) + 1 > 0x7fffffffL) {
        PyErr_SetString(PyExc_OverflowError, "int too large to pickle");
        return -1;
    }
    return (Py_ssize_t)(bits >> 3) + 1;
}

static int save_long_binary(Pickler *p, PyObject *obj)
{
    Py_ssize_t size = long_size(obj);
    if (size < 0)
        return -1;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (!bytes)
        return -1;
    unsigned char *digits = (unsigned char *)PyBytes_AS_STRING(bytes);
    int rc = _PyLong_AsByteArray((PyLongObject *)obj, digits, (size_t)size, 1, 1);
    /* -2**(8n-1) fits one byte less than its magnitude says. */
    if (rc == 0 && size > 1 && digits[size - 1] == 0xff && digits[size - 2] & 0x80 &&
        _PyLong_Sign(obj) < 0)
        size--;
    if (rc == 0) {
        char head[5];
        int width = size < 256 ? 1 : 4;
        head[0] = (char)(width == 1 ? OP_LONG1 : OP_LONG4);
        pickle_store_le(head + 1, (uint64_t)size, width);
        rc = pickle_put(p, head, 1 + width) < 0 || pickle_put(p, digits, size) < 0 ? -1 : 0;
    }
    Py_DECREF(bytes);
    return rc;
}

int pickle_save_int(Pickler *p, PyObject *obj)
{
    int overflow;
    if (Py_ABS(Py_SIZE(obj)) <= 1) /* one digit of 30 bits */
        return save_small_int(p, (long)Py_SIZE(obj) * (long)((PyLongObject *)obj)->ob_digit[0]);
    long value = PyLong_AsLongAndOverflow(obj, &overflow);
    if (!overflow && value == (int32_t)value)
        return save_small_int(p, value);
    return p->protocol >= 2 ? save_long_binary(p, obj) : save_long_text(p, obj);
}

int pickle_save_float(Pickler *p, PyObject *obj)
{
    double value = PyFloat_AS_DOUBLE(obj);
    if (p->binary) {
        char *to = pickle_out(p, 9);
        if (!to)
            return -1;
        to[0] = OP_BINFLOAT;
        return PyFloat_Pack8(value, to + 1, 0);
    }
    char *text = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (!text) {
        PyErr_NoMemory();
        return -1;
    }
    int rc = pickle_op(p, OP_FLOAT) < 0 || pickle_put(p, text, (Py_ssize_t)strlen(text)) < 0 ||
                     pickle_op(p, '\n') < 0
                 ? -1
                 : 0;
    PyMem_Free(text);
    return rc;
}

/* -- str ------------------------------------------------------------------------------------- */

/* Raw-unicode-escape, with whatever would end or break the line escaped too. */
static PyObject *escape_line(PyObject *obj)
{
    static const char digits[] = "0123456789abcdef";
    Py_ssize_t n = PyUnicode_GET_LENGTH(obj);
    int kind = PyUnicode_KIND(obj);
    const void *data = PyUnicode_DATA(obj);
    if (n > PY_SSIZE_T_MAX / 10)
        return PyErr_NoMemory();
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, n * (kind == PyUnicode_4BYTE_KIND ? 10 : 6));
    if (!bytes)
        return NULL;
    char *to = PyBytes_AS_STRING(bytes);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c < 256 && c != '\\' && c != 0 && c != '\n' && c != '\r' && c != 0x1a) {
            *to++ = (char)c;
            continue;
        }
        *to++ = '\\';
        *to++ = c > 0xffff ? 'U' : 'u';
        for (int shift = c > 0xffff ? 28 : 12; shift >= 0; shift -= 4)
            *to++ = digits[c >> shift & 15];
    }
    _PyBytes_Resize(&bytes, to - PyBytes_AS_STRING(bytes));
    return bytes;
}

static int save_str_text(Pickler *p, PyObject *obj)
{
    PyObject *line = escape_line(obj);
    if (!line)
        return -1;
    int rc = pickle_op(p, OP_UNICODE) < 0 ||
                     pickle_put(p, PyBytes_AS_STRING(line), PyBytes_GET_SIZE(line)) < 0 ||
                     pickle_op(p, '\n') < 0
                 ? -1
                 : 0;
    Py_DECREF(line);
    return rc;
}

static int save_utf8(Pickler *p, const char *data, Py_ssize_t size, PyObject *payload)
{
    char head[9];
    int width = size <= 0xff && p->protocol >= 4 ? 1 : size <= 0xffffffffL ? 4 : 8;
    if (width == 8 && p->protocol < 4) {
        PyErr_SetString(
            PyExc_OverflowError,
            "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
        return -1;
    }
    head[0] = (char)(width == 1   ? OP_SHORT_BINUNICODE
                     : width == 4 ? OP_BINUNICODE
                                  : OP_BINUNICODE8);
    pickle_store_le(head + 1, (uint64_t)size, width);
    return pickle_out_data(p, head, 1 + width, data, size, payload);
}

static int save_str_binary(Pickler *p, PyObject *obj)
{
    Py_ssize_t size;
    if (PyUnicode_IS_COMPACT_ASCII(obj))
        return save_utf8(p, (const char *)PyUnicode_1BYTE_DATA(obj), PyUnicode_GET_LENGTH(obj),
                         NULL);
    const char *data = PyUnicode_AsUTF8AndSize(obj, &size);
    if (data)
        return save_utf8(p, data, size, NULL);
    PyErr_Clear(); /* lone surrogates */
    PyObject *bytes = PyUnicode_AsEncodedString(obj, "utf-8", "surrogatepass");
    int rc = bytes ? save_utf8(p, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), bytes) : -1;
    Py_XDECREF(bytes);
    return rc;
}

int pickle_save_str(Pickler *p, PyObject *obj)
{
    if (PyUnicode_READY(obj) < 0)
        return -1;
    int rc = p->binary ? save_str_binary(p, obj) : save_str_text(p, obj);
    return rc < 0 ? -1 : pickle_memo_put(p, obj);
}

/* -- Bytes ----------------------------------------------------------------------------------- */

static int save_bytes_data(Pickler *p, PyObject *obj, const char *data, Py_ssize_t size)
{
    char head[9];
    int width = size <= 0xff ? 1 : size <= 0xffffffffL ? 4 : 8;
    if (width == 8 && p->protocol < 4) {
        PyErr_SetString(
            PyExc_OverflowError,
            "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
        return -1;
    }
    head[0] = (char)(width == 1 ? OP_SHORT_BINBYTES : width == 4 ? OP_BINBYTES : OP_BINBYTES8);
    pickle_store_le(head + 1, (uint64_t)size, width);
    return pickle_out_data(p, head, 1 + width, data, size, obj) < 0 ? -1 : pickle_memo_put(p, obj);
}

static int save_bytearray_data(Pickler *p, PyObject *obj, const char *data, Py_ssize_t size)
{
    char head[9] = {(char)OP_BYTEARRAY8};
    pickle_store_le(head + 1, (uint64_t)size, 8);
    return pickle_out_data(p, head, 9, data, size, obj) < 0 ? -1 : pickle_memo_put(p, obj);
}

int pickle_save_bytes(Pickler *p, PyObject *obj)
{
    if (p->protocol >= 3)
        return save_bytes_data(p, obj, PyBytes_AS_STRING(obj), PyBytes_GET_SIZE(obj));
    /* Older protocols had none: a call that makes them on Python 2 as well as 3. */
    if (PyBytes_GET_SIZE(obj) == 0)
        return pickle_save_call(p, (PyObject *)&PyBytes_Type, PyTuple_New(0), obj);
    PyObject *text =
        PyUnicode_DecodeLatin1(PyBytes_AS_STRING(obj), PyBytes_GET_SIZE(obj), "strict");
    int rc =
        text ? pickle_save_call(p, p->state->encode, PyTuple_Pack(2, text, ID(latin1)), obj) : -1;
    Py_XDECREF(text);
    return rc;
}

int pickle_save_bytearray(Pickler *p, PyObject *obj)
{
    if (p->protocol >= 5)
        return save_bytearray_data(p, obj, PyByteArray_AS_STRING(obj), PyByteArray_GET_SIZE(obj));
    if (PyByteArray_GET_SIZE(obj) == 0)
        return pickle_save_call(p, (PyObject *)&PyByteArray_Type, PyTuple_New(0), obj);
    PyObject *bytes = PyBytes_FromObject(obj);
    int rc = bytes ? pickle_save_call(p, (PyObject *)&PyByteArray_Type, PyTuple_Pack(1, bytes), obj)
                   : -1;
    Py_XDECREF(bytes);
    return rc;
}

/* Whether the callback wants the data in the stream: 1, 0, -1. */
static int wants_in_band(Pickler *p, PyObject *obj)
{
    if (!p->buffer_callback)
        return 1;
    PyObject *callback = Py_NewRef(p->buffer_callback),
             *result = PyObject_CallOneArg(callback, obj);
    Py_DECREF(callback);
    int wants = result ? PyObject_IsTrue(result) : -1;
    Py_XDECREF(result);
    return wants;
}

int pickle_save_buffer(Pickler *p, PyObject *obj)
{
    if (p->protocol < 5) {
        PyErr_SetString(p->state->PicklingError,
                        "PickleBuffer can only pickled with protocol >= 5");
        return -1;
    }
    const Py_buffer *view = PyPickleBuffer_GetBuffer(obj);
    if (!view)
        return -1;
    if (!PyBuffer_IsContiguous(view, 'A')) {
        PyErr_SetString(p->state->PicklingError,
                        "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
        return -1;
    }
    int in_band = wants_in_band(p, obj);
    if (in_band < 0 ||
        !(view = PyPickleBuffer_GetBuffer(obj))) /* the callback may have released it */
        return -1;
    if (in_band)
        return view->readonly ? save_bytes_data(p, obj, view->buf, view->len)
                              : save_bytearray_data(p, obj, view->buf, view->len);
    if (pickle_op(p, OP_NEXT_BUFFER) < 0)
        return -1;
    return view->readonly ? pickle_op(p, OP_READONLY_BUFFER) : 0;
}
