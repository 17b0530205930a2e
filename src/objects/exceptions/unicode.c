/* SPDX-License-Identifier: MIT
 *
 * UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError: object[start:end] could not be
 * coded, and why.
 *
 * The same struct serves the three; `object` is bytes for decoding and str otherwise. The C getters
 * check field types, because Python code may assign anything; positions are clamped into the object
 * when read.
 */
#include "objects/exceptions/exc_impl.h"

#define SELF(o) ((PyUnicodeErrorObject *)(o))

static int unicode_clear(PyObject *self)
{
    Py_CLEAR(SELF(self)->encoding);
    Py_CLEAR(SELF(self)->object);
    Py_CLEAR(SELF(self)->reason);
    return base_exception_clear(self);
}

static int unicode_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(SELF(self)->encoding);
    Py_VISIT(SELF(self)->object);
    Py_VISIT(SELF(self)->reason);
    return base_exception_traverse(self, visit, arg);
}

/* -- Fields with their checks ---------------------------------------------------------------- */

/* Owned; TypeError when unset or of another type. */
static PyObject *field_checked(PyObject *attr, const char *name, bool bytes)
{
    if (!attr) {
        PyErr_Format(PyExc_TypeError, "%.200s attribute not set", name);
        return NULL;
    }
    if (bytes ? !PyBytes_Check(attr) : !PyUnicode_Check(attr)) {
        PyErr_Format(PyExc_TypeError,
                     bytes ? "%.200s attribute must be bytes" : "%.200s attribute must be unicode",
                     name);
        return NULL;
    }
    return Py_NewRef(attr);
}

static PyObject *object_of(PyObject *exc, bool bytes)
{
    return field_checked(SELF(exc)->object, "object", bytes);
}

static Py_ssize_t size_of(PyObject *o, bool bytes)
{
    return bytes ? PyBytes_GET_SIZE(o) : PyUnicode_GET_LENGTH(o);
}

/* Clamped to [0, size - 1]. */
static int get_start(PyObject *exc, Py_ssize_t *start, bool bytes)
{
    PyObject *o = object_of(exc, bytes);
    if (!o)
        return -1;
    Py_ssize_t size = size_of(o, bytes), s = SELF(exc)->start;
    *start = s < 0 ? 0 : s >= size ? size - 1 : s;
    Py_DECREF(o);
    return 0;
}

/* Clamped to [1, size]. */
static int get_end(PyObject *exc, Py_ssize_t *end, bool bytes)
{
    PyObject *o = object_of(exc, bytes);
    if (!o)
        return -1;
    Py_ssize_t size = size_of(o, bytes), e = SELF(exc)->end;
    *end = e < 1 ? 1 : e;
    if (*end > size)
        *end = size;
    Py_DECREF(o);
    return 0;
}

static int set_reason(PyObject *exc, const char *reason)
{
    PyObject *str = PyUnicode_FromString(reason);
    if (!str)
        return -1;
    Py_XSETREF(SELF(exc)->reason, str);
    return 0;
}

/* -- C API ----------------------------------------------------------------------------------- */

PyObject *PyUnicodeEncodeError_GetEncoding(PyObject *e)
{
    return field_checked(SELF(e)->encoding, "encoding", false);
}

PyObject *PyUnicodeDecodeError_GetEncoding(PyObject *e)
{
    return field_checked(SELF(e)->encoding, "encoding", false);
}

/* The seven public functions of one class. */
#define API(Kind, bytes)                                                                           \
    PyObject *PyUnicode##Kind##Error_GetObject(PyObject *e)                                        \
    {                                                                                              \
        return object_of(e, bytes);                                                                \
    }                                                                                              \
    int PyUnicode##Kind##Error_GetStart(PyObject *e, Py_ssize_t *n)                                \
    {                                                                                              \
        return get_start(e, n, bytes);                                                             \
    }                                                                                              \
    int PyUnicode##Kind##Error_GetEnd(PyObject *e, Py_ssize_t *n)                                  \
    {                                                                                              \
        return get_end(e, n, bytes);                                                               \
    }                                                                                              \
    int PyUnicode##Kind##Error_SetStart(PyObject *e, Py_ssize_t n)                                 \
    {                                                                                              \
        SELF(e)->start = n;                                                                        \
        return 0;                                                                                  \
    }                                                                                              \
    int PyUnicode##Kind##Error_SetEnd(PyObject *e, Py_ssize_t n)                                   \
    {                                                                                              \
        SELF(e)->end = n;                                                                          \
        return 0;                                                                                  \
    }                                                                                              \
    PyObject *PyUnicode##Kind##Error_GetReason(PyObject *e)                                        \
    {                                                                                              \
        return field_checked(SELF(e)->reason, "reason", false);                                    \
    }                                                                                              \
    int PyUnicode##Kind##Error_SetReason(PyObject *e, const char *r)                               \
    {                                                                                              \
        return set_reason(e, r);                                                                   \
    }
API(Encode, false)
API(Decode, true)
API(Translate, false)

PyObject *PyUnicodeDecodeError_Create(const char *encoding, const char *object, Py_ssize_t length,
                                      Py_ssize_t start, Py_ssize_t end, const char *reason)
{
    return PyObject_CallFunction(PyExc_UnicodeDecodeError, "sy#nns", encoding, object, length,
                                 start, end, reason);
}

PyObject *_PyUnicodeTranslateError_Create(PyObject *object, Py_ssize_t start, Py_ssize_t end,
                                          const char *reason)
{
    return PyObject_CallFunction(PyExc_UnicodeTranslateError, "Onns", object, start, end, reason);
}

/* -- Making ---------------------------------------------------------------------------------- */

static void fill(PyUnicodeErrorObject *e, PyObject *encoding, PyObject *object, Py_ssize_t start,
                 Py_ssize_t end, PyObject *reason)
{
    Py_XSETREF(e->encoding, Py_XNewRef(encoding));
    Py_XSETREF(e->object, Py_NewRef(object));
    e->start = start;
    e->end = end;
    Py_XSETREF(e->reason, Py_NewRef(reason));
}

static int encode_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    PyObject *encoding, *object, *reason;
    Py_ssize_t start, end;
    if (base_exception_init(self, args, kwds) < 0
        || !PyArg_ParseTuple(args, "UUnnU", &encoding, &object, &start, &end, &reason))
        return -1;
    fill(SELF(self), encoding, object, start, end, reason);
    return 0;
}

/* Takes any buffer and keeps a bytes copy, since what it held may change. */
static int decode_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    PyObject *encoding, *object, *reason;
    Py_ssize_t start, end;
    if (base_exception_init(self, args, kwds) < 0
        || !PyArg_ParseTuple(args, "UOnnU", &encoding, &object, &start, &end, &reason))
        return -1;
    if (PyBytes_Check(object)) {
        fill(SELF(self), encoding, object, start, end, reason);
        return 0;
    }
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0)
        return -1;
    PyObject *bytes = PyBytes_FromStringAndSize(view.buf, view.len);
    PyBuffer_Release(&view);
    if (!bytes)
        return -1;
    fill(SELF(self), encoding, bytes, start, end, reason);
    Py_DECREF(bytes);
    return 0;
}

static int translate_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    PyObject *object, *reason;
    Py_ssize_t start, end;
    if (base_exception_init(self, args, kwds) < 0
        || !PyArg_ParseTuple(args, "UnnU", &object, &start, &end, &reason))
        return -1;
    fill(SELF(self), NULL, object, start, end, reason);
    return 0;
}

/* -- str ------------------------------------------------------------------------------------- */

/* True when exactly one item of the object is meant. */
static bool is_one(const PyUnicodeErrorObject *e, bool bytes)
{
    return e->start >= 0 && e->start < size_of(e->object, bytes) && e->end == e->start + 1;
}

static const char *char_format(Py_UCS4 c)
{
    return c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
}

/* Of encode and translate errors: one character is shown, several by their positions. */
static PyObject *text_str(PyUnicodeErrorObject *e, bool translate)
{
    PyObject *reason = PyObject_Str(e->reason);
    PyObject *encoding = !reason     ? NULL
                         : translate ? Py_NewRef(EMPTY_STR)
                                     : PyObject_Str(e->encoding);
    PyObject *res = NULL;
    if (!encoding)
        goto done;
    PyObject *head = translate ? PyUnicode_FromString("can't translate")
                               : PyUnicode_FromFormat("'%U' codec can't encode", encoding);
    if (!head)
        goto done;
    if (is_one(e, false)) {
        char shown[16];
        Py_UCS4 c = PyUnicode_ReadChar(e->object, e->start);
        PyOS_snprintf(shown, sizeof shown, char_format(c), (unsigned)c);
        res = PyUnicode_FromFormat("%U character '%s' in position %zd: %U", head, shown, e->start,
                                   reason);
    } else {
        res = PyUnicode_FromFormat("%U characters in position %zd-%zd: %U", head, e->start,
                                   e->end - 1, reason);
    }
    Py_DECREF(head);
done:
    Py_XDECREF(reason);
    Py_XDECREF(encoding);
    return res;
}

static PyObject *encode_str(PyObject *self)
{
    return SELF(self)->object ? text_str(SELF(self), false) : Py_NewRef(EMPTY_STR);
}

static PyObject *translate_str(PyObject *self)
{
    return SELF(self)->object ? text_str(SELF(self), true) : Py_NewRef(EMPTY_STR);
}

static PyObject *decode_str(PyObject *self)
{
    PyUnicodeErrorObject *e = SELF(self);
    if (!e->object)
        return Py_NewRef(EMPTY_STR);
    PyObject *reason = PyObject_Str(e->reason),
             *encoding = reason ? PyObject_Str(e->encoding) : NULL, *res = NULL;
    if (encoding && is_one(e, true))
        res = PyUnicode_FromFormat("'%U' codec can't decode byte 0x%02x in position %zd: %U",
                                   encoding, (int)(PyBytes_AS_STRING(e->object)[e->start] & 0xff),
                                   e->start, reason);
    else if (encoding)
        res = PyUnicode_FromFormat("'%U' codec can't decode bytes in position %zd-%zd: %U",
                                   encoding, e->start, e->end - 1, reason);
    Py_XDECREF(reason);
    Py_XDECREF(encoding);
    return res;
}

static PyMemberDef unicode_members[] = {
    {"encoding", T_OBJECT, offsetof(PyUnicodeErrorObject, encoding), 0, "exception encoding"},
    {"object", T_OBJECT, offsetof(PyUnicodeErrorObject, object), 0, "exception object"},
    {"start", T_PYSSIZET, offsetof(PyUnicodeErrorObject, start), 0, "exception start"},
    {"end", T_PYSSIZET, offsetof(PyUnicodeErrorObject, end), 0, "exception end"},
    {"reason", T_OBJECT, offsetof(PyUnicodeErrorObject, reason), 0, "exception reason"},
    {NULL},
};

/* The table entry of one class; exceptions.c makes the types. */
#define KIND(kind) \
    const struct exc_kind kind_##kind = { \
        .size = sizeof(PyUnicodeErrorObject), .new = base_exception_new, .init = kind##_init, \
        .dealloc = exc_dealloc, .traverse = unicode_traverse, .clear = unicode_clear, \
        .str = kind##_str, .members = unicode_members, \
    };
KIND(encode)
KIND(decode)
KIND(translate)
