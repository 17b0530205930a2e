/* SPDX-License-Identifier: MIT
 *
 * Objects to marshal bytes.
 *
 * The writer fills one growing buffer; files get it at the end. From version 3 on every object that
 * somebody else refers to as well (count above 1, or an interned str, so that the result does not
 * depend on chance) is entered in a table by address and gets FLAG_REF; a second meeting writes its
 * number. The table holds a strong reference, so that an address cannot be used twice.
 *
 * Errors are noted in `failed` and raised once at the end: nested too deep, not marshallable, out
 * of memory.
 */
#include "base/cstack.h"
#include "bytecode/code.h"
#include "bytecode/marshal.h"
#include "state.h"

/* The first failure wins. */
enum failure { FINE, UNMARSHALLABLE, TOO_DEEP, OUT_OF_MEMORY };

/* The bytes so far, and the objects met. */
typedef struct {
    char *buffer;      /* owned */
    size_t used, room; /* of the buffer */
    int depth, version;
    enum failure failed;
    struct {
        PyObject *object; /* strong */
        int number;
    } * seen; /* open addressing, room a power of two; NULL: no references */
    uint32_t seen_room, seen_used;
} Writer;

/* -- Bytes ------------------------------------------------------------------------------------ */

/* Room for n more bytes. Grows by half, so that a long dump is copied few times. */
static bool reserve(Writer *w, size_t n)
{
    if (w->room - w->used >= n)
        return true;
    size_t room = w->room + n + w->room / 2 + 1024;
    char *buffer = PyMem_Realloc(w->buffer, room);
    if (buffer == NULL) {
        w->failed = OUT_OF_MEMORY;
        return false;
    }
    w->buffer = buffer;
    w->room = room;
    return true;
}

static void put_byte(Writer *w, int b)
{
    if (reserve(w, 1))
        w->buffer[w->used++] = (char)b;
}

static void put_bytes(Writer *w, const void *data, Py_ssize_t n)
{
    if (n && reserve(w, (size_t)n)) {
        memcpy(w->buffer + w->used, data, (size_t)n);
        w->used += (size_t)n;
    }
}

static void put_short(Writer *w, int v)
{
    put_byte(w, v & 0xff);
    put_byte(w, v >> 8 & 0xff);
}

static void put_long(Writer *w, long v)
{
    if (reserve(w, 4))
        for (int i = 0; i < 4; i++)
            w->buffer[w->used++] = (char)(v >> 8 * i & 0xff);
}

/* False, with the failure noted, for what 31 bits cannot count. */
static bool put_size(Writer *w, Py_ssize_t n)
{
    if (n > MARSHAL_MAX_SIZE) {
        w->depth--;
        w->failed = UNMARSHALLABLE;
        return false;
    }
    put_long(w, (long)n);
    return true;
}

/* A 4-byte length and the bytes. */
static void put_sized(Writer *w, const void *data, Py_ssize_t n)
{
    if (put_size(w, n))
        put_bytes(w, data, n);
}

/* -- Numbers ---------------------------------------------------------------------------------- */

static void put_big_int(Writer *w, PyLongObject *v, int flag)
{
    put_byte(w, MT_LONG | flag);
    Py_ssize_t size = Py_SIZE(v), n = size < 0 ? -size : size;
    if (n == 0) {
        put_long(w, 0);
        return;
    }
    Py_ssize_t parts = (n - 1) * MARSHAL_RATIO;
    for (digit d = v->ob_digit[n - 1]; d; d >>= MARSHAL_SHIFT)
        parts++;
    if (parts > MARSHAL_MAX_SIZE) {
        w->failed = UNMARSHALLABLE;
        return;
    }
    put_long(w, (long)(size > 0 ? parts : -parts));
    for (Py_ssize_t i = 0; i < n; i++) {
        digit d = v->ob_digit[i];
        for (int j = 0; i < n - 1 ? j < MARSHAL_RATIO : d != 0; j++, d >>= MARSHAL_SHIFT)
            put_short(w, (int)(d & (MARSHAL_BASE - 1)));
    }
}

static void put_int(Writer *w, PyObject *v, int flag)
{
    int overflow;
    long x = PyLong_AsLongAndOverflow(v, &overflow);
    if (overflow || x != (int32_t)x)
        put_big_int(w, (PyLongObject *)v, flag);
    else {
        put_byte(w, MT_INT | flag);
        put_long(w, x);
    }
}

static void put_binary_float(Writer *w, double v)
{
    char packed[8];
    if (PyFloat_Pack8(v, packed, 1) < 0)
        w->failed = UNMARSHALLABLE;
    else
        put_bytes(w, packed, sizeof packed);
}

static void put_text_float(Writer *w, double v)
{
    char *text = PyOS_double_to_string(v, 'g', 17, 0, NULL);
    if (text == NULL) {
        w->failed = OUT_OF_MEMORY;
        return;
    }
    size_t n = strlen(text);
    put_byte(w, (int)n);
    put_bytes(w, text, (Py_ssize_t)n);
    PyMem_Free(text);
}

/* n numbers, binary or as text by version. */
static void put_floats(Writer *w, int binary, int text, int flag, int n, const double *v)
{
    put_byte(w, (w->version > 1 ? binary : text) | flag);
    for (int i = 0; i < n; i++) {
        if (w->version > 1)
            put_binary_float(w, v[i]);
        else
            put_text_float(w, v[i]);
    }
}

/* -- Strings and containers ------------------------------------------------------------------- */

static void put_str(Writer *w, PyObject *v, int flag)
{
    bool interned = PyUnicode_CHECK_INTERNED(v);
    if (w->version >= 4 && PyUnicode_IS_ASCII(v)) {
        Py_ssize_t n = PyUnicode_GET_LENGTH(v);
        if (n < 256) {
            put_byte(w, (interned ? MT_SHORT_ASCII_INTERNED : MT_SHORT_ASCII) | flag);
            put_byte(w, (int)n);
            put_bytes(w, PyUnicode_1BYTE_DATA(v), n);
        }
        else {
            put_byte(w, (interned ? MT_ASCII_INTERNED : MT_ASCII) | flag);
            put_sized(w, PyUnicode_1BYTE_DATA(v), n);
        }
        return;
    }
    PyObject *utf8 = PyUnicode_AsEncodedString(v, "utf8", "surrogatepass");
    if (utf8 == NULL) {
        w->depth--;
        w->failed = UNMARSHALLABLE;
        return;
    }
    put_byte(w, (w->version >= 3 && interned ? MT_INTERNED : MT_UNICODE) | flag);
    put_sized(w, PyBytes_AS_STRING(utf8), PyBytes_GET_SIZE(utf8));
    Py_DECREF(utf8);
}

static void put_object(Writer *w, PyObject *v);

static void put_tuple(Writer *w, PyObject *v, int flag)
{
    Py_ssize_t n = PyTuple_GET_SIZE(v);
    if (w->version >= 4 && n < 256) {
        put_byte(w, MT_SMALL_TUPLE | flag);
        put_byte(w, (int)n);
    }
    else {
        put_byte(w, MT_TUPLE | flag);
        if (!put_size(w, n))
            return;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        put_object(w, PyTuple_GET_ITEM(v, i));
}

static void put_list(Writer *w, PyObject *v, int flag)
{
    put_byte(w, MT_LIST | flag);
    Py_ssize_t n = PyList_GET_SIZE(v);
    if (!put_size(w, n))
        return;
    for (Py_ssize_t i = 0; i < n; i++)
        put_object(w, PyList_GET_ITEM(v, i));
}

static void put_dict(Writer *w, PyObject *v, int flag)
{
    put_byte(w, MT_DICT | flag);
    Py_ssize_t at = 0;
    PyObject *key, *value;
    while (PyDict_Next(v, &at, &key, &value)) {
        put_object(w, key);
        put_object(w, value);
    }
    put_object(w, NULL);
}

/* List of (bytes of the item, item), sorted: sets are written in an order that hashes do not
   change. */
static PyObject *sorted_items(Writer *w, PyObject *set)
{
    PyObject *pairs = PyList_New(0), *item;
    Py_ssize_t at = 0;
    Py_hash_t hash;
    if (pairs == NULL)
        goto fail;
    while (_PySet_NextEntry(set, &at, &item, &hash)) {
        PyObject *bytes = PyMarshal_WriteObjectToString(item, w->version);
        if (bytes == NULL) {
            w->failed = UNMARSHALLABLE;
            Py_DECREF(pairs);
            return NULL;
        }
        PyObject *pair = PyTuple_Pack(2, bytes, item);
        Py_DECREF(bytes);
        int status = pair ? PyList_Append(pairs, pair) : -1;
        Py_XDECREF(pair);
        if (status < 0)
            goto fail;
    }
    if (PyList_Sort(pairs) == 0)
        return pairs;
fail:
    w->failed = OUT_OF_MEMORY;
    Py_XDECREF(pairs);
    return NULL;
}

static void put_set(Writer *w, PyObject *v, int flag)
{
    put_byte(w, (PyFrozenSet_CheckExact(v) ? MT_FROZENSET : MT_SET) | flag);
    Py_ssize_t n = PySet_GET_SIZE(v);
    if (!put_size(w, n))
        return;
    PyObject *pairs = sorted_items(w, v);
    if (pairs == NULL)
        return;
    for (Py_ssize_t i = 0; i < n; i++)
        put_object(w, PyTuple_GET_ITEM(PyList_GET_ITEM(pairs, i), 1));
    Py_DECREF(pairs);
}

static void put_code(Writer *w, PyCodeObject *co, int flag)
{
    PyObject *code = PyCode_GetCode(co);
    if (code == NULL) {
        w->failed = OUT_OF_MEMORY;
        return;
    }
    put_byte(w, MT_CODE | flag);
    put_long(w, co->co_argcount);
    put_long(w, co->co_posonlyargcount);
    put_long(w, co->co_kwonlyargcount);
    put_long(w, co->co_stacksize);
    put_long(w, co->co_flags);
    put_object(w, code);
    put_object(w, co->co_consts);
    put_object(w, co->co_names);
    put_object(w, co->co_localsplusnames);
    put_object(w, co->co_localspluskinds);
    put_object(w, co->co_filename);
    put_object(w, co->co_name);
    put_object(w, co->co_qualname);
    put_long(w, co->co_firstlineno);
    put_object(w, co->co_linetable);
    put_object(w, co->co_exceptiontable);
    Py_DECREF(code);
}

static void put_buffer(Writer *w, PyObject *v, int flag)
{
    Py_buffer view;
    if (PyObject_GetBuffer(v, &view, PyBUF_SIMPLE) < 0) {
        put_byte(w, MT_UNKNOWN);
        w->depth--;
        w->failed = UNMARSHALLABLE;
        return;
    }
    put_byte(w, MT_STRING | flag);
    put_sized(w, view.buf, view.len);
    PyBuffer_Release(&view);
}

/* -- References ------------------------------------------------------------------------------- */

/* Where `v` is, or belongs. */
static uint32_t seen_slot(Writer *w, PyObject *v)
{
    uint32_t mask = w->seen_room - 1, i = (uint32_t)(((uintptr_t)v >> 4) * 0x9E3779B1u) & mask;
    while (w->seen[i].object && w->seen[i].object != v)
        i = (i + 1) & mask;
    return i;
}

static bool seen_resize(Writer *w, uint32_t room)
{
    __typeof__(w->seen) old = w->seen;
    uint32_t old_room = w->seen_room;
    w->seen = PyMem_Calloc(room, sizeof *w->seen);
    if (w->seen == NULL) {
        w->seen = old;
        w->failed = OUT_OF_MEMORY;
        return false;
    }
    w->seen_room = room;
    for (uint32_t i = 0; i < old_room; i++)
        if (old[i].object)
            w->seen[seen_slot(w, old[i].object)] = old[i];
    PyMem_Free(old);
    return true;
}

/* True when `v` is written as a reference; else sets *flag when it got a number. */
static bool put_ref(Writer *w, PyObject *v, int *flag)
{
    if (w->seen == NULL ||
        (Py_REFCNT(v) == 1 && !(PyUnicode_CheckExact(v) && PyUnicode_CHECK_INTERNED(v))))
        return false;
    uint32_t i = seen_slot(w, v);
    if (w->seen[i].object) {
        put_byte(w, MT_REF);
        put_long(w, w->seen[i].number);
        return true;
    }
    w->seen[i].object = Py_NewRef(v);
    w->seen[i].number = (int)w->seen_used++;
    *flag = FLAG_REF;
    if (w->seen_used * 3 > w->seen_room * 2)
        seen_resize(w, w->seen_room * 2);
    return false;
}

static void drop_refs(Writer *w)
{
    for (uint32_t i = 0; i < w->seen_room && w->seen; i++)
        Py_XDECREF(w->seen[i].object);
    PyMem_Free(w->seen);
}

/* -- Objects ---------------------------------------------------------------------------------- */

static void put_value(Writer *w, PyObject *v, int flag)
{
    if (PyLong_CheckExact(v))
        put_int(w, v, flag);
    else if (PyFloat_CheckExact(v))
        put_floats(w, MT_BINARY_FLOAT, MT_FLOAT, flag, 1, &((PyFloatObject *)v)->ob_fval);
    else if (PyComplex_CheckExact(v)) {
        Py_complex z = PyComplex_AsCComplex(v);
        put_floats(w, MT_BINARY_COMPLEX, MT_COMPLEX, flag, 2, (double[]){z.real, z.imag});
    }
    else if (PyBytes_CheckExact(v)) {
        put_byte(w, MT_STRING | flag);
        put_sized(w, PyBytes_AS_STRING(v), PyBytes_GET_SIZE(v));
    }
    else if (PyUnicode_CheckExact(v))
        put_str(w, v, flag);
    else if (PyTuple_CheckExact(v))
        put_tuple(w, v, flag);
    else if (PyList_CheckExact(v))
        put_list(w, v, flag);
    else if (PyDict_CheckExact(v))
        put_dict(w, v, flag);
    else if (PyAnySet_CheckExact(v))
        put_set(w, v, flag);
    else if (PyCode_Check(v))
        put_code(w, (PyCodeObject *)v, flag);
    else if (PyObject_CheckBuffer(v))
        put_buffer(w, v, flag);
    else {
        put_byte(w, MT_UNKNOWN);
        w->failed = UNMARSHALLABLE;
    }
}

/* Type byte of an object that is written as that byte alone, or 0. */
static int singleton_type(PyObject *v)
{
    return v == NULL ? MT_NULL : v == Py_None ? MT_NONE : v == PyExc_StopIteration ? MT_STOPITER
         : v == Py_Ellipsis ? MT_ELLIPSIS : v == Py_False ? MT_FALSE : v == Py_True ? MT_TRUE : 0;
}

static void put_object(Writer *w, PyObject *v)
{
    int flag = 0, type = singleton_type(v);
    if (++w->depth > MARSHAL_MAX_DEPTH || cstack_short())
        w->failed = TOO_DEEP;
    else if (type)
        put_byte(w, type);
    else if (!put_ref(w, v, &flag))
        put_value(w, v, flag);
    w->depth--;
}

static void raise_failure(enum failure f)
{
    if (f == OUT_OF_MEMORY)
        PyErr_NoMemory();
    else
        PyErr_SetString(PyExc_ValueError, f == UNMARSHALLABLE
                                              ? "unmarshallable object"
                                              : "object too deeply nested to marshal");
}

/* Fills w->buffer; the caller frees it. */
static void write_object(Writer *w, PyObject *v, int version)
{
    *w = (Writer){.version = version};
    if (version < 3 || seen_resize(w, 64))
        put_object(w, v);
    drop_refs(w);
}

/* -- C API ------------------------------------------------------------------------------------ */

PyObject *PyMarshal_WriteObjectToString(PyObject *v, int version)
{
    if (PySys_Audit("marshal.dumps", "Oi", v, version) < 0)
        return NULL;
    Writer w;
    write_object(&w, v, version);
    PyObject *bytes = NULL;
    if (w.failed)
        raise_failure(w.failed);
    else
        bytes = PyBytes_FromStringAndSize(w.buffer, (Py_ssize_t)w.used);
    PyMem_Free(w.buffer);
    return bytes;
}

void PyMarshal_WriteObjectToFile(PyObject *v, FILE *fp, int version)
{
    if (PySys_Audit("marshal.dumps", "Oi", v, version) < 0)
        return;
    Writer w;
    write_object(&w, v, version);
    fwrite(w.buffer, 1, w.used, fp);
    PyMem_Free(w.buffer);
}

void PyMarshal_WriteLongToFile(long v, FILE *fp, int version)
{
    (void)version;
    unsigned char b[4] = {v & 0xff, v >> 8 & 0xff, v >> 16 & 0xff, v >> 24 & 0xff};
    fwrite(b, 1, sizeof b, fp);
}
