/* SPDX-License-Identifier: MIT
 *
 * Marshal bytes to objects, from memory, a FILE or an object with readinto().
 *
 *     type byte ── read_object ── read_value ── one function a type ── get_bytes ── source
 *                      │
 *                   FLAG_REF: refs[number] = object         'r' number: refs[number] again
 *
 * I1  Input is hostile: every size is checked, depth is bounded, and nothing is allocated that the
 *     data left could not fill.
 * I2  A number of `refs` that is still being built (a frozenset, a code object) cannot be referred
 *     to: its entry is NULL until the object is complete. Containers that may contain themselves
 *     (tuple, list, dict, set) are entered before their items.
 *
 * Memory is read in place; the other two fill a buffer. Failure: EOFError, ValueError, TypeError,
 * and what building an object raises.
 */
#include "base/cstack.h"
#include "bytecode/code.h"
#include "bytecode/marshal.h"
#include "objects/str/str.h"
#include "state.h"
#include <sys/stat.h>

/* A source and the state of one load. */
typedef struct {
    const char *at, *end;     /* memory; at == NULL: one of the next two */
    FILE *fp;                 /* borrowed, as the next */
    PyObject *readable;
    char *buffer;             /* for what comes from fp or readable */
    Py_ssize_t buffer_room;   /* of the owned buffer */
    int depth;                /* of nesting */
    PyObject **refs;          /* strong; NULL: reserved */
    Py_ssize_t refs_used, refs_room;
} Reader;

/* -- Bytes ------------------------------------------------------------------------------------ */

static void raise_bad(const char *what)
{
    PyErr_Format(PyExc_ValueError, "bad marshal data (%s)", what);
}

/* Up to n bytes into the buffer; how many, or -1. */
static Py_ssize_t read_into(Reader *r, Py_ssize_t n)
{
    if (r->fp)
        return (Py_ssize_t)fread(r->buffer, 1, (size_t)n, r->fp);
    PyObject *view = PyMemoryView_FromMemory(r->buffer, n, PyBUF_WRITE);
    if (view == NULL)
        return -1;
    PyObject *result = PyObject_CallMethod(r->readable, "readinto", "N", view);
    if (result == NULL)
        return -1;
    Py_ssize_t got = PyNumber_AsSsize_t(result, PyExc_ValueError);
    Py_DECREF(result);
    return got;
}

/* `n` bytes, valid until the next call. */
static const char *get_bytes_slow(Reader *r, Py_ssize_t n)
{
    if (r->at) {
        PyErr_SetString(PyExc_EOFError, "marshal data too short");
        return NULL;
    }
    if (n > r->buffer_room || r->buffer == NULL) {
        char *buffer = PyMem_Realloc(r->buffer, (size_t)n + 1);
        if (buffer == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        r->buffer = buffer;
        r->buffer_room = n;
    }
    Py_ssize_t got = read_into(r, n);
    if (got == n)
        return r->buffer;
    if (!PyErr_Occurred()) {
        if (got > n)
            PyErr_Format(PyExc_ValueError,
                         "read() returned too much data: %zd bytes requested, %zd returned", n,
                         got);
        else
            PyErr_SetString(PyExc_EOFError, "EOF read where not expected");
    }
    return NULL;
}

static ALWAYS_INLINE const char *get_bytes(Reader *r, Py_ssize_t n)
{
    const char *p = r->at;
    if (UNLIKELY(p == NULL || r->end - p < n))
        return get_bytes_slow(r, n);
    r->at += n;
    return p;
}

static int get_byte_slow(Reader *r)
{
    if (r->fp) {
        int c = getc(r->fp);
        if (c != EOF)
            return c;
    }
    else if (r->readable) {
        const char *p = get_bytes_slow(r, 1);
        return p ? (unsigned char)*p : EOF;
    }
    PyErr_SetString(PyExc_EOFError, "EOF read where not expected");
    return EOF;
}

static ALWAYS_INLINE int get_byte(Reader *r)
{
    return LIKELY(r->at && r->at < r->end) ? (unsigned char)*r->at++ : get_byte_slow(r);
}

static int get_short(Reader *r)
{
    const unsigned char *p = (const unsigned char *)get_bytes(r, 2);
    return p ? (int16_t)(p[0] | p[1] << 8) : -1;
}

/* -1 may be an error. */
static long get_long(Reader *r)
{
    const unsigned char *p = (const unsigned char *)get_bytes(r, 4);
    return p ? (int32_t)(p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24)
             : -1;
}

/* A size; -1 with an exception set. */
static Py_ssize_t get_size(Reader *r, const char *complaint)
{
    long n = get_long(r);
    if (n == -1 && PyErr_Occurred())
        return -1;
    if (n < 0) {
        raise_bad(complaint);
        return -1;
    }
    return n;
}

/* -- References ------------------------------------------------------------------------------- */

/* A number for an object to come, -1 on error; 0 and nothing else when it is not flagged. */
static Py_ssize_t ref_reserve(Reader *r, int flag)
{
    if (!flag)
        return 0;
    if (r->refs_used >= 0x7ffffffe) {
        raise_bad("index list too large");
        return -1;
    }
    if (r->refs_used == r->refs_room) {
        Py_ssize_t room = r->refs_room ? 2 * r->refs_room : 64;
        PyObject **refs = PyMem_Realloc(r->refs, (size_t)room * sizeof *refs);
        if (refs == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        r->refs = refs;
        r->refs_room = room;
    }
    r->refs[r->refs_used] = NULL;
    return r->refs_used++;
}

/* The object for a number that ref_reserve gave. STEALS v and gives it back; NULL stays NULL. */
static PyObject *ref_insert(Reader *r, PyObject *v, Py_ssize_t number, int flag)
{
    if (v && flag)
        r->refs[number] = Py_NewRef(v);
    return v;
}

/* Numbers `v` if it is flagged. STEALS and gives back. */
static PyObject *ref_add(Reader *r, PyObject *v, int flag)
{
    if (v == NULL || !flag)
        return v;
    Py_ssize_t number = ref_reserve(r, flag);
    if (number < 0) {
        Py_DECREF(v);
        return NULL;
    }
    return ref_insert(r, v, number, flag);
}

static PyObject *read_ref(Reader *r)
{
    long n = get_long(r);
    if (n == -1 && PyErr_Occurred())
        return NULL;
    if (n < 0 || n >= r->refs_used || r->refs[n] == NULL) {
        raise_bad("invalid reference");
        return NULL;
    }
    return Py_NewRef(r->refs[n]);
}

/* -- Numbers ---------------------------------------------------------------------------------- */

/* Digits of 15 bits into digits of 30; unnormalized data is an error. */
static PyObject *read_big_int(Reader *r)
{
    long n = get_long(r);
    if (n == -1 && PyErr_Occurred())
        return NULL;
    if (n == 0)
        return (PyObject *)_PyLong_New(0);
    if (n < -MARSHAL_MAX_SIZE || n > MARSHAL_MAX_SIZE) {
        raise_bad("long size out of range");
        return NULL;
    }
    long parts = n < 0 ? -n : n;
    /* of a larger number reading will fail */
    Py_ssize_t room = r->at ? Py_MIN(parts, (r->end - r->at) / 2 + 1) : parts;
    Py_ssize_t size = 1 + (room - 1) / MARSHAL_RATIO;
    PyLongObject *v = _PyLong_New(size);
    if (v == NULL)
        return NULL;
    Py_SET_SIZE(v, n < 0 ? -size : size);
    for (long i = 0; i < parts; i++) {
        int part = get_short(r);
        if (part == -1 && PyErr_Occurred())
            goto fail;
        if (part < 0) {
            raise_bad("digit out of range in long");
            goto fail;
        }
        if (part == 0 && i == parts - 1) {
            raise_bad("unnormalized long data");
            goto fail;
        }
        digit *to = &v->ob_digit[i / MARSHAL_RATIO];
        *to = (i % MARSHAL_RATIO ? *to : 0) | (digit)part << (i % MARSHAL_RATIO) * MARSHAL_SHIFT;
    }
    return (PyObject *)v;
fail:
    Py_SET_SIZE(v, size);
    Py_DECREF(v);
    return NULL;
}

static PyObject *read_int64(Reader *r)
{
    const char *p = get_bytes(r, 8);
    return p ? _PyLong_FromByteArray((const unsigned char *)p, 8, 1, 1) : NULL;
}

static double read_binary_float(Reader *r)
{
    const char *p = get_bytes(r, 8);
    return p ? PyFloat_Unpack8(p, 1) : -1.0;
}

static double read_text_float(Reader *r)
{
    char text[256];
    int n = get_byte(r);
    if (n == EOF) {
        PyErr_SetString(PyExc_EOFError, "EOF read where object expected");
        return -1.0;
    }
    const char *p = get_bytes(r, n);
    if (p == NULL)
        return -1.0;
    memcpy(text, p, (size_t)n);
    text[n] = 0;
    return PyOS_string_to_double(text, NULL, NULL);
}

/* NULL with an exception set, or a float or complex. */
static PyObject *read_floats(Reader *r, int type)
{
    bool binary = type == MT_BINARY_FLOAT || type == MT_BINARY_COMPLEX;
    bool pair = type == MT_COMPLEX || type == MT_BINARY_COMPLEX;
    double v[2] = {0, 0};
    for (int i = 0; i <= pair; i++) {
        v[i] = binary ? read_binary_float(r) : read_text_float(r);
        if (v[i] == -1.0 && PyErr_Occurred())
            return NULL;
    }
    return pair ? PyComplex_FromDoubles(v[0], v[1]) : PyFloat_FromDouble(v[0]);
}

/* -- Strings ---------------------------------------------------------------------------------- */

static PyObject *read_byte_string(Reader *r)
{
    Py_ssize_t n = get_size(r, "bytes object size out of range");
    if (n < 0)
        return NULL;
    if (r->at) { /* no need to allocate what is not there */
        const char *p = get_bytes(r, n);
        return p ? PyBytes_FromStringAndSize(p, n) : NULL;
    }
    PyObject *v = PyBytes_FromStringAndSize(NULL, n);
    if (v == NULL)
        return NULL;
    const char *p = get_bytes(r, n);
    if (p == NULL) {
        Py_DECREF(v);
        return NULL;
    }
    memcpy(PyBytes_AS_STRING(v), p, (size_t)n);
    return v;
}

static PyObject *read_ascii(Reader *r, bool is_short, bool interned)
{
    Py_ssize_t n;
    if (is_short) {
        n = get_byte(r);
        if (n == EOF) {
            PyErr_SetString(PyExc_EOFError, "EOF read where object expected");
            return NULL;
        }
    }
    else if ((n = get_size(r, "string size out of range")) < 0)
        return NULL;
    const char *p = get_bytes(r, n);
    if (p == NULL)
        return NULL;
    return interned ? str_intern_latin1(p, n)
                    : PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, p, n);
}

static PyObject *read_utf8(Reader *r, bool interned)
{
    Py_ssize_t n = get_size(r, "string size out of range");
    if (n < 0)
        return NULL;
    const char *p = get_bytes(r, n);
    PyObject *v = p ? PyUnicode_DecodeUTF8(p, n, "surrogatepass") : NULL;
    if (v && interned)
        PyUnicode_InternInPlace(&v);
    return v;
}

/* -- Containers ------------------------------------------------------------------------------- */

static PyObject *read_object(Reader *r);

/* An item that must not be NULL: data that ends a container early is an error. */
static PyObject *read_item(Reader *r, const char *container)
{
    PyObject *v = read_object(r);
    if (v == NULL && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "NULL object in marshal data for %s", container);
    return v;
}

/* Room for n items: each takes a byte at least, so of a larger n in memory reading will fail before
   they are used up. */
static Py_ssize_t item_room(const Reader *r, Py_ssize_t n)
{
    return r->at ? Py_MIN(n, r->end - r->at) : n;
}

static PyObject *read_tuple(Reader *r, bool small, int flag)
{
    Py_ssize_t n;
    if (small) {
        n = get_byte(r);
        if (n == EOF) {
            PyErr_SetString(PyExc_EOFError, "EOF read where object expected");
            return NULL;
        }
    }
    else if ((n = get_size(r, "tuple size out of range")) < 0)
        return NULL;
    PyObject *v = ref_add(r, PyTuple_New(item_room(r, n)), flag);
    for (Py_ssize_t i = 0; i < n && v; i++) {
        PyObject *item = read_item(r, "tuple");
        if (item)
            PyTuple_SET_ITEM(v, i, item);
        else
            Py_CLEAR(v);
    }
    return v;
}

static PyObject *read_list(Reader *r, int flag)
{
    Py_ssize_t n = get_size(r, "list size out of range");
    if (n < 0)
        return NULL;
    PyObject *v = ref_add(r, PyList_New(item_room(r, n)), flag);
    for (Py_ssize_t i = 0; i < n && v; i++) {
        PyObject *item = read_item(r, "list");
        if (item)
            PyList_SET_ITEM(v, i, item);
        else
            Py_CLEAR(v);
    }
    return v;
}

/* May v be hashed? Damaged data can hold a tuple that contains itself, or name one that is still
   being filled. */
static bool is_hashable(PyObject *v, int depth)
{
    if (v && PyCode_Check(v))
        v = ((PyCodeObject *)v)->co_consts;
    if (v && !PyTuple_Check(v))
        return true;
    if (!v || depth > MARSHAL_MAX_DEPTH || cstack_short()) {
        raise_bad("invalid reference");
        return false;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(v); i++)
        if (!is_hashable(PyTuple_GET_ITEM(v, i), depth + 1))
            return false;
    return true;
}

static PyObject *read_dict(Reader *r, int flag)
{
    PyObject *v = ref_add(r, PyDict_New(), flag);
    if (v == NULL)
        return NULL;
    for (;;) {
        PyObject *key = read_object(r);
        if (key == NULL)
            break;
        PyObject *value = read_object(r);
        int status = value && is_hashable(key, 0) ? PyDict_SetItem(v, key, value) : -1;
        Py_DECREF(key);
        Py_XDECREF(value);
        if (status < 0)
            break;
    }
    if (PyErr_Occurred())
        Py_CLEAR(v);
    return v;
}

static PyObject *read_set(Reader *r, int type, int flag)
{
    Py_ssize_t n = get_size(r, "set size out of range"), number = 0;
    if (n < 0)
        return NULL;
    PyObject *v = type == MT_SET ? PySet_New(NULL) : PyFrozenSet_New(NULL);
    if (n == 0 && type == MT_FROZENSET)
        return ref_add(r, v, flag);
    if (type == MT_SET)
        v = ref_add(r, v, flag);
    else if ((number = ref_reserve(r, flag)) < 0)
        Py_CLEAR(v);
    for (Py_ssize_t i = 0; i < n && v; i++) {
        PyObject *item = read_item(r, "set");
        if (item == NULL || !is_hashable(item, 0) || PySet_Add(v, item) < 0)
            Py_CLEAR(v);
        Py_XDECREF(item);
    }
    return type == MT_SET ? v : ref_insert(r, v, number, flag);
}

/* -- Code ------------------------------------------------------------------------------------- */

static bool read_code_int(Reader *r, int *out)
{
    long n = get_long(r);
    *out = (int)n;
    return n != -1 || !PyErr_Occurred();
}

/* Parts in the order of put_code; the number is taken first and filled last (I2). */
static PyObject *read_code(Reader *r, int flag)
{
    struct _PyCodeConstructor c = {0};
    Py_ssize_t number = ref_reserve(r, flag);
    if (number < 0)
        return NULL;
    PyObject *v = NULL;
    if (read_code_int(r, &c.argcount) && read_code_int(r, &c.posonlyargcount) &&
        read_code_int(r, &c.kwonlyargcount) && read_code_int(r, &c.stacksize) &&
        read_code_int(r, &c.flags) && (c.code = read_object(r)) && (c.consts = read_object(r)) &&
        (c.names = read_object(r)) && (c.localsplusnames = read_object(r)) &&
        (c.localspluskinds = read_object(r)) && (c.filename = read_object(r)) &&
        (c.name = read_object(r)) && (c.qualname = read_object(r)) &&
        read_code_int(r, &c.firstlineno) && (c.linetable = read_object(r)) &&
        (c.exceptiontable = read_object(r)))
        v = ref_insert(r, (PyObject *)_PyCode_New(&c), number, flag);
    Py_XDECREF(c.code);
    Py_XDECREF(c.consts);
    Py_XDECREF(c.names);
    Py_XDECREF(c.localsplusnames);
    Py_XDECREF(c.localspluskinds);
    Py_XDECREF(c.filename);
    Py_XDECREF(c.name);
    Py_XDECREF(c.qualname);
    Py_XDECREF(c.linetable);
    Py_XDECREF(c.exceptiontable);
    return v;
}

/* -- Objects ---------------------------------------------------------------------------------- */

static PyObject *read_small_int(Reader *r)
{
    long n = get_long(r);
    return n == -1 && PyErr_Occurred() ? NULL : PyLong_FromLong(n);
}

/* NULL without an exception: the NULL that ends a dict. */
static PyObject *read_value(Reader *r, int type, int flag)
{
    switch (type) {
    case MT_NULL: return NULL;
    case MT_NONE: return Py_NewRef(Py_None);
    case MT_STOPITER: return Py_NewRef(PyExc_StopIteration);
    case MT_ELLIPSIS: return Py_NewRef(Py_Ellipsis);
    case MT_FALSE: return Py_NewRef(Py_False);
    case MT_TRUE: return Py_NewRef(Py_True);
    case MT_INT: return ref_add(r, read_small_int(r), flag);
    case MT_INT64: return ref_add(r, read_int64(r), flag);
    case MT_LONG: return ref_add(r, read_big_int(r), flag);
    case MT_FLOAT: case MT_BINARY_FLOAT: case MT_COMPLEX: case MT_BINARY_COMPLEX:
        return ref_add(r, read_floats(r, type), flag);
    case MT_STRING: return ref_add(r, read_byte_string(r), flag);
    case MT_ASCII: case MT_ASCII_INTERNED:
        return ref_add(r, read_ascii(r, false, type == MT_ASCII_INTERNED), flag);
    case MT_SHORT_ASCII: case MT_SHORT_ASCII_INTERNED:
        return ref_add(r, read_ascii(r, true, type == MT_SHORT_ASCII_INTERNED), flag);
    case MT_UNICODE: case MT_INTERNED:
        return ref_add(r, read_utf8(r, type == MT_INTERNED), flag);
    case MT_TUPLE: case MT_SMALL_TUPLE: return read_tuple(r, type == MT_SMALL_TUPLE, flag);
    case MT_LIST: return read_list(r, flag);
    case MT_DICT: return read_dict(r, flag);
    case MT_SET: case MT_FROZENSET: return read_set(r, type, flag);
    case MT_CODE: return read_code(r, flag);
    case MT_REF: return read_ref(r);
    default:
        raise_bad("unknown type code");
        return NULL;
    }
}

static PyObject *read_object(Reader *r)
{
    int code = get_byte(r);
    if (code == EOF) {
        if (PyErr_ExceptionMatches(PyExc_EOFError))
            PyErr_SetString(PyExc_EOFError, "EOF read where object expected");
        return NULL;
    }
    if (++r->depth > MARSHAL_MAX_DEPTH || cstack_short()) {
        r->depth--;
        PyErr_SetString(PyExc_ValueError, "recursion limit exceeded");
        return NULL;
    }
    PyObject *v = read_value(r, code & ~FLAG_REF, code & FLAG_REF);
    r->depth--;
    return v;
}

/* The whole of what `r` was set up for; frees what `r` owns. */
static PyObject *read_all(Reader *r)
{
    PyObject *v = NULL;
    if (PyErr_Occurred()) {
        fprintf(stderr, "XXX readobject called with exception set\n");
        return NULL;
    }
    if (r->at ? PySys_Audit("marshal.loads", "y#", r->at, r->end - r->at) == 0
              : PySys_Audit("marshal.load", NULL) == 0) {
        v = read_object(r);
        if (v == NULL && !PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "NULL object in marshal data for object");
    }
    for (Py_ssize_t i = 0; i < r->refs_used; i++)
        Py_XDECREF(r->refs[i]);
    PyMem_Free(r->refs);
    PyMem_Free(r->buffer);
    return v;
}

PyObject *marshal_read_stream(PyObject *file)
{
    return read_all(&(Reader){.readable = file});
}

PyObject *marshal_read_bytes(const char *data, Py_ssize_t n)
{
    return read_all(&(Reader){.at = data, .end = data + n});
}

/* -- C API ------------------------------------------------------------------------------------ */

PyObject *PyMarshal_ReadObjectFromString(const char *data, Py_ssize_t n)
{
    return marshal_read_bytes(data, n);
}

int PyMarshal_ReadShortFromFile(FILE *fp)
{
    Reader r = {.fp = fp};
    int v = get_short(&r);
    PyMem_Free(r.buffer);
    return v;
}

long PyMarshal_ReadLongFromFile(FILE *fp)
{
    Reader r = {.fp = fp};
    long v = get_long(&r);
    PyMem_Free(r.buffer);
    return v;
}

PyObject *PyMarshal_ReadObjectFromFile(FILE *fp)
{
    return read_all(&(Reader){.fp = fp});
}

/* Files up to this size are read at once. */
#define WHOLE_FILE_LIMIT (1 << 18)

PyObject *PyMarshal_ReadLastObjectFromFile(FILE *fp)
{
    struct stat st;
    if (fstat(fileno(fp), &st) == 0 && st.st_size > 0 && st.st_size <= WHOLE_FILE_LIMIT) {
        char *data = PyMem_Malloc((size_t)st.st_size);
        if (data) {
            size_t n = fread(data, 1, (size_t)st.st_size, fp);
            PyObject *v = marshal_read_bytes(data, (Py_ssize_t)n);
            PyMem_Free(data);
            return v;
        }
    }
    return PyMarshal_ReadObjectFromFile(fp);
}
