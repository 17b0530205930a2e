/* SPDX-License-Identifier: MIT
 *
 * bytes: immutable sequences of bytes.
 *
 *     │ refcount │ type │ ob_size │ ob_shash │ byte 0 … byte n-1 │ NUL │
 *
 *  Y1 The byte behind the last is NUL, so that the content is a C string unless it has a NUL
 *     itself.
 *  Y2 The empty bytes and the 256 objects of one byte exist once each, in _PyRuntime; every path
 *     that makes exact bytes gives those out.
 *  Y3 ob_shash is -1 until the hash was asked for; the content does not change afterwards.
 *
 * An object fresh from bytes_alloc with one reference may still be written and resized by its maker
 * (_PyBytes_Resize). The methods are in bytes_methods.c, shared with bytearray; % is
 * bytes_format.c.
 */
#include "objects/int/int.h"
#include "capi/capi.h"
#include "modules/args.h"
#include "objects/bytes_methods.h"
#include "objects/contain.h"
#include "objects/index_iter.h"

extern EXPORT Py_hash_t _Py_HashBytes(const void *src, Py_ssize_t len);

#define BYTES_BASE offsetof(PyBytesObject, ob_sval)
#define BYTES_ONE(c) ((PyObject *)&_PyRuntime.bytes_characters[(unsigned char)(c)].ob)

/* -- Allocation ------------------------------------------------------------------------------ */

/* Zeros come from calloc: pages of them that nobody writes need no memory. */
static PyObject *alloc(Py_ssize_t n, bool zeros)
{
    if (n > PY_SSIZE_T_MAX - (Py_ssize_t)BYTES_BASE - 1) {
        PyErr_SetString(PyExc_OverflowError, "byte string is too large");
        return NULL;
    }
    size_t size = BYTES_BASE + (size_t)n + 1;
    PyBytesObject *op = zeros ? PyObject_Calloc(1, size) : PyObject_Malloc(size);
    if (!op)
        return PyErr_NoMemory();
    Py_SET_TYPE(op, &PyBytes_Type);
    Py_SET_SIZE(op, n);
    object_renew(op);
    op->ob_shash = -1;
    op->ob_sval[n] = 0;
    return (PyObject *)op;
}

/* n bytes not set; never one of the shared objects, hence n > 1 or a maker who minds Y2. */
PyObject *bytes_alloc(Py_ssize_t n) { return alloc(n, false); }

/* str NULL: content not set, for the caller to write. */
PyObject *PyBytes_FromStringAndSize(const char *str, Py_ssize_t n)
{
    if (n < 0) {
        PyErr_SetString(PyExc_SystemError, "Negative size passed to PyBytes_FromStringAndSize");
        return NULL;
    }
    if (n == 0)
        return Py_NewRef(EMPTY_BYTES);
    if (n == 1 && str)
        return Py_NewRef(BYTES_ONE(*str));
    PyObject *op = bytes_alloc(n);
    if (op && str)
        memcpy(PyBytes_AS_STRING(op), str, (size_t)n);
    return op;
}

PyObject *PyBytes_FromString(const char *str)
{
    return PyBytes_FromStringAndSize(str, (Py_ssize_t)strlen(str));
}

/* *pv must have one reference. On failure it is dropped and *pv is NULL. */
int _PyBytes_Resize(PyObject **pv, Py_ssize_t n)
{
    PyObject *v = *pv;
    if (!PyBytes_Check(v) || n < 0) {
        *pv = NULL;
        Py_XDECREF(v);
        PyErr_BadInternalCall();
        return -1;
    }
    if (PyBytes_GET_SIZE(v) == n)
        return 0;
    if (n == 0 || PyBytes_GET_SIZE(v) == 0) {
        *pv = n == 0 ? Py_NewRef(EMPTY_BYTES) : bytes_alloc(n);
        Py_DECREF(v);
        return *pv ? 0 : -1;
    }
    if (Py_REFCNT(v) != 1) {
        /* Shared one-byte objects come here too. */
        if (n < PyBytes_GET_SIZE(v)) {
            *pv = PyBytes_FromStringAndSize(PyBytes_AS_STRING(v), n);
            Py_DECREF(v);
            return *pv ? 0 : -1;
        }
        *pv = NULL;
        Py_DECREF(v);
        PyErr_BadInternalCall();
        return -1;
    }
    PyBytesObject *op = PyObject_Realloc(v, BYTES_BASE + (size_t)n + 1);
    if (!op) {
        *pv = NULL;
        PyObject_Free(v);
        PyErr_NoMemory();
        return -1;
    }
    Py_SET_SIZE(op, n);
    op->ob_sval[n] = 0;
    op->ob_shash = -1;
    *pv = (PyObject *)op;
    return 0;
}

/* -- Access ---------------------------------------------------------------------------------- */

Py_ssize_t PyBytes_Size(PyObject *op)
{
    if (PyBytes_Check(op))
        return PyBytes_GET_SIZE(op);
    PyErr_Format(PyExc_TypeError, "expected bytes, %.200s found", Py_TYPE(op)->tp_name);
    return -1;
}

char *PyBytes_AsString(PyObject *op)
{
    if (PyBytes_Check(op))
        return PyBytes_AS_STRING(op);
    PyErr_Format(PyExc_TypeError, "expected bytes, %.200s found", Py_TYPE(op)->tp_name);
    return NULL;
}

/* With n NULL a NUL byte inside is a ValueError, since the caller could not see the end. */
int PyBytes_AsStringAndSize(PyObject *op, char **s, Py_ssize_t *n)
{
    if (!s) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (!PyBytes_Check(op)) {
        PyErr_Format(PyExc_TypeError, "expected bytes, %.200s found", Py_TYPE(op)->tp_name);
        return -1;
    }
    *s = PyBytes_AS_STRING(op);
    if (n)
        *n = PyBytes_GET_SIZE(op);
    else if (strlen(*s) != (size_t)PyBytes_GET_SIZE(op)) {
        PyErr_SetString(PyExc_ValueError, "embedded null byte");
        return -1;
    }
    return 0;
}

EXPORT Py_ssize_t _PyBytes_Find(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m,
                                Py_ssize_t offset)
{
    Py_ssize_t at = bytes_find_in(hay, n, needle, m);
    return at < 0 ? at : at + offset;
}

EXPORT Py_ssize_t _PyBytes_ReverseFind(const char *hay, Py_ssize_t n, const char *needle,
                                       Py_ssize_t m, Py_ssize_t offset)
{
    Py_ssize_t at = bytes_rfind_in(hay, n, needle, m);
    return at < 0 ? at : at + offset;
}

EXPORT void _PyBytes_Repeat(char *dest, Py_ssize_t n, const char *src, Py_ssize_t m)
{
    for (Py_ssize_t done = 0; done + m <= n && m > 0; done += m)
        memcpy(dest + done, src, (size_t)m);
}

PyObject *PyBytes_Repr(PyObject *op, int smartquotes)
{
    return bytes_repr_of(PyBytes_AS_STRING(op), PyBytes_GET_SIZE(op), "", "", smartquotes);
}

PyObject *_PyBytes_Join(PyObject *sep, PyObject *x) { return byteslike_join(sep, x); }

EXPORT PyObject *_PyBytes_FromHex(PyObject *string, int use_bytearray)
{
    return bytes_from_hex(string, use_bytearray);
}

/* -- From objects ---------------------------------------------------------------------------- */

/* bytes(x): the order in which an object's abilities are tried is that of the reference, and
   visible: a str without an encoding is an error even if it had __bytes__. */

/* Byte value of an item of an iterable; -1 with an exception. */
static int byte_value(PyObject *item)
{
    if (LIKELY(PyLong_CheckExact(item) && int_is_compact(item) && (size_t)int_compact(item) < 256))
        return (int)int_compact(item);
    Py_ssize_t value = PyNumber_AsSsize_t(item, NULL);
    if (value == -1 && PyErr_Occurred())
        return -1;
    if (value < 0 || value > 255) {
        PyErr_SetString(PyExc_ValueError, "bytes must be in range(0, 256)");
        return -1;
    }
    return (int)value;
}

/* From an exact list or tuple of ints. */
static PyObject *bytes_from_sequence(PyObject *x)
{
    Py_ssize_t room = PySequence_Fast_GET_SIZE(x), n = 0;
    char few[64], *buffer = room <= (Py_ssize_t)sizeof few ? few : PyMem_Malloc((size_t)room);
    PyObject *res = NULL;
    if (!buffer)
        return PyErr_NoMemory();
    if (buffer == few)
        room = (Py_ssize_t)sizeof few;
    /* The list may change while an item's __index__ runs. */
    for (; n < PySequence_Fast_GET_SIZE(x); n++) {
        PyObject *item = Py_NewRef(PySequence_Fast_GET_ITEM(x, n));
        int c = byte_value(item);
        Py_DECREF(item);
        if (c < 0)
            goto done;
        if (n == room) {
            char *grown = PyMem_Realloc(buffer == few ? NULL : buffer, (size_t)(room *= 2));
            if (!grown) {
                PyErr_NoMemory();
                goto done;
            }
            if (buffer == few)
                memcpy(grown, few, sizeof few);
            buffer = grown;
        }
        buffer[n] = (char)c;
    }
    /* The one byte of a tuple makes an object of its own, as in 3.11. */
    res = PyBytes_FromStringAndSize(n == 1 && PyTuple_CheckExact(x) ? NULL : buffer, n);
    if (res && n == 1 && PyTuple_CheckExact(x))
        PyBytes_AS_STRING(res)[0] = buffer[0];
done:
    if (buffer != few)
        PyMem_Free(buffer);
    return res;
}

/* The room is the length hint, then half as much again each time. */
static PyObject *bytes_from_iterator(PyObject *it, PyObject *x)
{
    Py_ssize_t room = PyObject_LengthHint(x, 64), n = 0;
    PyObject *item;
    char *buffer = room < 0 ? NULL : PyMem_Malloc((size_t)(room += 1));
    if (!buffer)
        return room < 0 ? NULL : PyErr_NoMemory();
    while ((item = PyIter_Next(it))) {
        int c = byte_value(item);
        Py_DECREF(item);
        if (c < 0)
            goto fail;
        if (n == room) {
            char *grown = PyMem_Realloc(buffer, (size_t)(room += room >> 1 ? room >> 1 : 8));
            if (!grown) {
                PyErr_NoMemory();
                goto fail;
            }
            buffer = grown;
        }
        buffer[n++] = (char)c;
    }
    if (PyErr_Occurred())
        goto fail;
    item = PyBytes_FromStringAndSize(buffer, n);
    PyMem_Free(buffer);
    return item;
fail:
    PyMem_Free(buffer);
    return NULL;
}

/* bytes(x) for a buffer or an iterable of ints; a str is a TypeError. */
PyObject *PyBytes_FromObject(PyObject *x)
{
    if (!x) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (PyBytes_CheckExact(x))
        return Py_NewRef(x);
    if (PyObject_CheckBuffer(x)) {
        Py_buffer view;
        if (PyObject_GetBuffer(x, &view, PyBUF_FULL_RO) < 0)
            return NULL;
        PyObject *res = PyBytes_FromStringAndSize(NULL, view.len);
        if (res && view.len
            && PyBuffer_ToContiguous(PyBytes_AS_STRING(res), &view, view.len, 'C') < 0) {
            Py_CLEAR(res);
        }
        PyBuffer_Release(&view);
        return res;
    }
    if (PyList_CheckExact(x) || PyTuple_CheckExact(x))
        return bytes_from_sequence(x);
    if (!PyUnicode_Check(x)) {
        PyObject *it = PyObject_GetIter(x);
        if (it) {
            PyObject *res = bytes_from_iterator(it, x);
            Py_DECREF(it);
            return res;
        }
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return NULL;
        PyErr_Clear();
    }
    return PyErr_Format(PyExc_TypeError, "cannot convert '%.200s' object to bytes",
                        Py_TYPE(x)->tp_name);
}

/* Calls x.__bytes__(): owned bytes, or NULL (without an exception when there is none). */
static PyObject *call_dunder_bytes(PyObject *x)
{
    PyObject *func = _PyType_Lookup(Py_TYPE(x), ID(__bytes__));
    if (!func)
        return NULL;
    descrgetfunc get = Py_TYPE(func)->tp_descr_get;
    func = get ? get(func, x, (PyObject *)Py_TYPE(x)) : Py_NewRef(func);
    PyObject *res = func ? PyObject_CallNoArgs(func) : NULL;
    Py_XDECREF(func);
    if (res && !PyBytes_Check(res)) {
        PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)",
                     Py_TYPE(res)->tp_name);
        Py_CLEAR(res);
    }
    return res;
}

/* bytes(x, encoding, errors) in the order of the reference: text with an encoding, __bytes__, a
   count of zeros, then PyBytes_FromObject. */
static PyObject *bytes_from_argument(PyObject *x, const char *encoding, const char *errors)
{
    PyObject *res;
    if (!x) {
        if (encoding || errors)
            return PyErr_Format(PyExc_TypeError, encoding ? "encoding without a string argument"
                                                          : "errors without a string argument");
        return Py_NewRef(EMPTY_BYTES);
    }
    if (encoding || errors) {
        if (!PyUnicode_Check(x))
            return PyErr_Format(PyExc_TypeError, encoding ? "encoding without a string argument"
                                                          : "errors without a string argument");
        if (encoding)
            return PyUnicode_AsEncodedString(x, encoding, errors);
        return PyErr_Format(PyExc_TypeError, "string argument without an encoding");
    }
    if (PyTuple_CheckExact(x) || PyList_CheckExact(x))
        return bytes_from_sequence(x);
    if (!PyLong_CheckExact(x) && ((res = call_dunder_bytes(x)) || PyErr_Occurred()))
        return res;
    if (PyUnicode_Check(x))
        return PyErr_Format(PyExc_TypeError, "string argument without an encoding");
    if (PyIndex_Check(x)) {
        Py_ssize_t n = PyNumber_AsSsize_t(x, PyExc_OverflowError);
        if (n == -1 && PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_TypeError))
                return NULL;
            PyErr_Clear();
            return PyBytes_FromObject(x);
        }
        if (n < 0)
            return PyErr_Format(PyExc_ValueError, "negative count");
        return n == 0 ? Py_NewRef(EMPTY_BYTES) : alloc(n, true);
    }
    return PyBytes_FromObject(x);
}

/* Subclasses written in C inherit it, and fill in the bytes and nothing else. */
static PyObject *bytes_tp_alloc(PyTypeObject *type, Py_ssize_t n)
{
    PyObject *op = PyType_GenericAlloc(type, n);
    if (op)
        ((PyBytesObject *)op)->ob_shash = -1;
    return op;
}

/* A subclass gets a copy, since objects of two sizes differ in layout. */
static PyObject *bytes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    ARGS("|Oss:bytes", "source", "encoding", "errors");
    PyObject *x = NULL;
    const char *encoding = NULL, *errors = NULL;
    if (!PARSE_TUPLE(&x, &encoding, &errors))
        return NULL;
    PyObject *res = bytes_from_argument(x, encoding, errors);
    if (!res || type == &PyBytes_Type)
        return res;
    PyObject *own = type->tp_alloc(type, PyBytes_GET_SIZE(res));
    if (own) {
        memcpy(PyBytes_AS_STRING(own), PyBytes_AS_STRING(res), (size_t)PyBytes_GET_SIZE(res) + 1);
        ((PyBytesObject *)own)->ob_shash = ((PyBytesObject *)res)->ob_shash;
    }
    Py_DECREF(res);
    return own;
}

/* bytes(x) and bytes(); the rest by way of bytes_new. */
static PyObject *bytes_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (LIKELY(nargs <= 1 && !kwnames)) {
        PyObject *arg = nargs ? Py_NewRef(args[0]) : NULL; /* as a tuple of arguments holds it */
        PyObject *res = bytes_from_argument(arg, NULL, NULL);
        Py_XDECREF(arg);
        return res;
    }
    return _PyObject_MakeTpCall(tstate_get(), type, args, nargs, kwnames);
}

/* -- Concatenation --------------------------------------------------------------------------- */

/* bytes + any buffer. Two exact bytes take the short way at the top. */
static PyObject *bytes_concat(PyObject *a, PyObject *b)
{
    Py_buffer va = { NULL }, vb = { NULL };
    PyObject *res = NULL;
    if (PyBytes_CheckExact(a) && PyBytes_CheckExact(b) && Py_SIZE(a) && Py_SIZE(b)
        && Py_SIZE(a) <= PY_SSIZE_T_MAX - Py_SIZE(b)) {
        if ((res = PyBytes_FromStringAndSize(NULL, Py_SIZE(a) + Py_SIZE(b)))) {
            memcpy(PyBytes_AS_STRING(res), PyBytes_AS_STRING(a), (size_t)Py_SIZE(a));
            memcpy(PyBytes_AS_STRING(res) + Py_SIZE(a), PyBytes_AS_STRING(b), (size_t)Py_SIZE(b));
        }
        return res;
    }
    if (PyObject_GetBuffer(a, &va, PyBUF_SIMPLE) < 0
        || PyObject_GetBuffer(b, &vb, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s", Py_TYPE(b)->tp_name,
                     Py_TYPE(a)->tp_name);
        goto done;
    }
    if (va.len == 0 && PyBytes_CheckExact(b))
        res = Py_NewRef(b);
    else if (vb.len == 0 && PyBytes_CheckExact(a))
        res = Py_NewRef(a);
    else if (va.len > PY_SSIZE_T_MAX - vb.len)
        PyErr_NoMemory();
    else if (va.len + vb.len < 2)
        res = PyBytes_FromStringAndSize(va.len ? va.buf : vb.buf, va.len + vb.len);
    else if ((res = PyBytes_FromStringAndSize(NULL, va.len + vb.len))) {
        memcpy(PyBytes_AS_STRING(res), va.buf, (size_t)va.len);
        memcpy(PyBytes_AS_STRING(res) + va.len, vb.buf, (size_t)vb.len);
    }
done:
    PyBuffer_Release(&va);
    PyBuffer_Release(&vb);
    return res;
}

/* STEALS *pv and leaves the result there, NULL on failure. */
void PyBytes_Concat(PyObject **pv, PyObject *w)
{
    if (!*pv)
        return;
    if (!w) {
        Py_CLEAR(*pv);
        return;
    }
    if (Py_REFCNT(*pv) == 1 && PyBytes_CheckExact(*pv) && PyBytes_GET_SIZE(*pv) > 1) {
        /* Ours alone: grow in place. */
        Py_buffer view;
        if (PyObject_GetBuffer(w, &view, PyBUF_SIMPLE) < 0) {
            PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s", Py_TYPE(w)->tp_name,
                         Py_TYPE(*pv)->tp_name);
            Py_CLEAR(*pv);
            return;
        }
        Py_ssize_t old = PyBytes_GET_SIZE(*pv);
        if (old > PY_SSIZE_T_MAX - view.len) {
            PyErr_NoMemory();
            Py_CLEAR(*pv);
        } else if (_PyBytes_Resize(pv, old + view.len) == 0) {
            memcpy(PyBytes_AS_STRING(*pv) + old, view.buf, (size_t)view.len);
        }
        PyBuffer_Release(&view);
        return;
    }
    Py_SETREF(*pv, bytes_concat(*pv, w));
}

void PyBytes_ConcatAndDel(PyObject **pv, PyObject *w)
{
    PyBytes_Concat(pv, w);
    Py_XDECREF(w);
}

/* -- Slots ----------------------------------------------------------------------------------- */

static Py_ssize_t bytes_length(PyObject *a) { return Py_SIZE(a); }

static PyObject *bytes_item(PyObject *a, Py_ssize_t i)
{
    if (i < 0 || i >= Py_SIZE(a)) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return NULL;
    }
    return Py_NewRef(SMALL_INT((unsigned char)PyBytes_AS_STRING(a)[i]));
}

/* self[index] an int, self[slice] bytes. */
static PyObject *bytes_subscript(PyObject *self, PyObject *item)
{
    if (PyIndex_Check(item)) {
        Py_ssize_t i = PyNumber_AsSsize_t(item, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred())
            return NULL;
        return bytes_item(self, i < 0 ? i + PyBytes_GET_SIZE(self) : i);
    }
    if (!PySlice_Check(item))
        return PyErr_Format(PyExc_TypeError, "byte indices must be integers or slices, not %.200s",
                            Py_TYPE(item)->tp_name);
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(item, &start, &stop, &step) < 0)
        return NULL;
    Py_ssize_t n = PySlice_AdjustIndices(PyBytes_GET_SIZE(self), &start, &stop, step);
    if (n <= 0)
        return Py_NewRef(EMPTY_BYTES);
    if (start == 0 && step == 1 && n == PyBytes_GET_SIZE(self) && PyBytes_CheckExact(self))
        return Py_NewRef(self);
    if (step == 1)
        return PyBytes_FromStringAndSize(PyBytes_AS_STRING(self) + start, n);
    PyObject *res = PyBytes_FromStringAndSize(NULL, n);
    for (Py_ssize_t i = 0, at = start; res && i < n; i++, at += step)
        PyBytes_AS_STRING(res)[i] = PyBytes_AS_STRING(self)[at];
    return res;
}

static int bytes_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
    return PyBuffer_FillInfo(view, self, PyBytes_AS_STRING(self), Py_SIZE(self), 1, flags);
}

static Py_hash_t bytes_hash(PyObject *a)
{
    PyBytesObject *self = (PyBytesObject *)a;
    if (self->ob_shash == -1)
        self->ob_shash = _Py_HashBytes(self->ob_sval, Py_SIZE(self));
    return self->ob_shash;
}

static PyObject *bytes_repr(PyObject *op) { return PyBytes_Repr(op, 1); }

static PyObject *bytes_str(PyObject *op)
{
    if (_Py_GetConfig()->bytes_warning
        && PyErr_WarnEx(PyExc_BytesWarning, "str() on a bytes instance", 1))
        return NULL;
    return bytes_repr(op);
}

/* With -b, comparing bytes to str or int warns. */
static int bytes_compare_warning(PyObject *a, PyObject *b)
{
    if (!_Py_GetConfig()->bytes_warning)
        return 0;
    if (PyUnicode_Check(a) || PyUnicode_Check(b))
        return PyErr_WarnEx(PyExc_BytesWarning, "Comparison between bytes and string", 1);
    if (PyLong_Check(a) || PyLong_Check(b))
        return PyErr_WarnEx(PyExc_BytesWarning, "Comparison between bytes and int", 1);
    return 0;
}

/* With bytes only; -b warns of a comparison that can never be true. */
static PyObject *bytes_richcompare(PyObject *a, PyObject *b, int op)
{
    if (!PyBytes_Check(a) || !PyBytes_Check(b)) {
        if ((op == Py_EQ || op == Py_NE) && bytes_compare_warning(a, b) < 0)
            return NULL;
        Py_RETURN_NOTIMPLEMENTED;
    }
    Py_ssize_t n = Py_SIZE(a), m = Py_SIZE(b);
    if (op == Py_EQ || op == Py_NE) {
        bool equal = a == b
                     || (n == m
                         && memcmp(PyBytes_AS_STRING(a), PyBytes_AS_STRING(b), (size_t)n) == 0);
        return PyBool_FromLong(equal == (op == Py_EQ));
    }
    int c = memcmp(PyBytes_AS_STRING(a), PyBytes_AS_STRING(b), (size_t)(n < m ? n : m));
    Py_RETURN_RICHCOMPARE(c ? c : n < m ? -1 : n > m, 0, op);
}

static PyObject *bytes_mod(PyObject *self, PyObject *args)
{
    if (!PyBytes_Check(self))
        Py_RETURN_NOTIMPLEMENTED;
    return bytes_format(PyBytes_AS_STRING(self), PyBytes_GET_SIZE(self), args, 0);
}

EXPORT PyObject *_PyBytes_FormatEx(const char *format, Py_ssize_t n, PyObject *args,
                                   int use_bytearray)
{
    if (!format || !PyTuple_Check(args)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return bytes_format(format, n, args, use_bytearray);
}

static PyObject *bytes_getnewargs(PyObject *self, PyObject *unused)
{
    return Py_BuildValue("(y#)", PyBytes_AS_STRING(self), PyBytes_GET_SIZE(self));
}

static PyObject *bytes_dunder_bytes(PyObject *self, PyObject *unused)
{
    return PyBytes_CheckExact(self)
               ? Py_NewRef(self)
               : PyBytes_FromStringAndSize(PyBytes_AS_STRING(self), Py_SIZE(self));
}

static PyObject *bytes_fromhex(PyObject *type, PyObject *string)
{
    if (!PyUnicode_Check(string))
        return PyErr_Format(PyExc_TypeError, "fromhex() argument must be str, not %.50s",
                            Py_TYPE(string)->tp_name);
    PyObject *res = bytes_from_hex(string, 0);
    if (res && (PyTypeObject *)type != &PyBytes_Type)
        Py_SETREF(res, PyObject_CallOneArg(type, res));
    return res;
}

/* -- Iterator -------------------------------------------------------------------------------- */

static PyObject *bytes_iter(PyObject *seq) { return index_iter_new(&PyBytesIter_Type, seq); }

static PyObject *bytesiter_next(IndexIter *it)
{
    if (!it->seq)
        return NULL;
    if (it->index < PyBytes_GET_SIZE(it->seq))
        return Py_NewRef(SMALL_INT((unsigned char)PyBytes_AS_STRING(it->seq)[it->index++]));
    Py_CLEAR(it->seq);
    return NULL;
}

static PyObject *bytesiter_length_hint(IndexIter *it, PyObject *unused)
{
    return PyLong_FromSsize_t(it->seq ? PyBytes_GET_SIZE(it->seq) - it->index : 0);
}

static PyObject *bytesiter_setstate(IndexIter *it, PyObject *state)
{
    return index_iter_set(it, state, it->seq ? PyBytes_GET_SIZE(it->seq) : 0);
}

static PyMethodDef bytesiter_methods[] = {
    { "__length_hint__", (PyCFunction)bytesiter_length_hint, METH_NOARGS,
      "How many items are likely left." },
    { "__reduce__", (PyCFunction)index_iter_reduce, METH_NOARGS, "What pickle stores." },
    { "__setstate__", (PyCFunction)bytesiter_setstate, METH_O, "Takes up what pickle stored." },
    { NULL },
};

PyTypeObject PyBytesIter_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "bytes_iterator",
    .tp_basicsize = sizeof(IndexIter),
    .tp_dealloc = index_iter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = index_iter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)bytesiter_next,
    .tp_methods = bytesiter_methods,
};

/* -- Type object ----------------------------------------------------------------------------- */

static PySequenceMethods bytes_as_sequence = {
    .sq_length = bytes_length,
    .sq_concat = bytes_concat,
    .sq_repeat = byteslike_repeat,
    .sq_item = bytes_item,
    .sq_contains = byteslike_contains,
};
static PyMappingMethods bytes_as_mapping = {.mp_length = bytes_length,
                                            .mp_subscript = bytes_subscript};
static PyBufferProcs bytes_as_buffer = { .bf_getbuffer = bytes_getbuffer };
static PyNumberMethods bytes_as_number = { .nb_remainder = bytes_mod };

/* The shared methods are appended once, before the type is made ready. */
static PyMethodDef bytes_methods[3 + BYTESLIKE_METHODS] = {
    { "__getnewargs__", bytes_getnewargs, METH_NOARGS, NULL },
    { "__bytes__", bytes_dunder_bytes, METH_NOARGS,
      "__bytes__($self, /)\n--\n\n"
      "An exact bytes with the same content." },
    { "fromhex", bytes_fromhex, METH_O | METH_CLASS,
      "fromhex($type, string, /)\n--\n\n"
      "Bytes of a str of hexadecimal digits; white space between bytes is skipped." },
};

__attribute__((constructor)) static void bytes_methods_init(void)
{
    byteslike_methods_join(bytes_methods + 3);
}

PyTypeObject PyBytes_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "bytes",
    .tp_basicsize = BYTES_BASE + 1,
    .tp_itemsize = 1,
    .tp_repr = bytes_repr,
    .tp_as_number = &bytes_as_number,
    .tp_as_sequence = &bytes_as_sequence,
    .tp_as_mapping = &bytes_as_mapping,
    .tp_hash = bytes_hash,
    .tp_str = bytes_str,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_buffer = &bytes_as_buffer,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_BYTES_SUBCLASS
                | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
              "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
              "bytes(int) -> bytes object of size given by the parameter initialized with null "
              "bytes\n"
              ""
              "bytes() -> empty bytes object\n\nAn immutable sequence of bytes.",
    .tp_richcompare = bytes_richcompare,
    .tp_iter = bytes_iter,
    .tp_methods = bytes_methods,
    .tp_alloc = bytes_tp_alloc,
    .tp_new = bytes_new,
    .tp_vectorcall = bytes_vectorcall,
    .tp_free = PyObject_Del,
};
