/* SPDX-License-Identifier: MIT
 *
 * _struct: C structs as bytes.
 *
 * A format is compiled once to a list of codes (what, where, how many); packing and unpacking walk
 * it. Compiled formats of the module's functions are kept in a dict of at most 100.
 *
 *   '@' native sizes and alignment   '=' '<' '>' '!' standard sizes, no alignment
 */
#include "modules/args.h"
#include "objects/dict/dict.h"
#include "state.h"

/* -- Formats --------------------------------------------------------------------------------- */

enum unit { PAD, CHAR, STRING, PASCAL, SIGNED, UNSIGNED, BOOL, HALF, FLOAT, DOUBLE, POINTER };

typedef struct {
    char format;                   /* the letter */
    unsigned char unit;            /* enum unit */
    unsigned char size, alignment; /* bytes */
} Code;

typedef struct {
    const Code *code;
    Py_ssize_t offset, size; /* size of one item */
    Py_ssize_t repeat;       /* items one after the other */
} Field;

typedef struct Struct {
    PyObject_HEAD
    Py_ssize_t size, len; /* bytes, values; -1 before __init__ */
    Field *fields;        /* ended by a NULL code; .size of the first pass holds counts only */
    PyObject *format;     /* bytes, or None */
    PyObject *weakrefs;
} Struct;

/* A key of the cache and its value, both BORROWED from there. */
typedef struct { PyObject *format; struct Struct *compiled; } Recent;
enum { RECENT = 8 };

typedef struct {
    PyObject *cache; /* dict: format -> Struct, NULL while empty */
    Recent recent[RECENT]; /* by the format's address; hold while the cache has this version: */
    uint64_t recent_version;
    PyTypeObject *struct_type, *iter_type;
    PyObject *error; /* struct.error */
} StructState;

static struct PyModuleDef struct_module;
static inline StructState *state_of(PyObject *module) { return PyModule_GetState(module); }
static void struct_dealloc(Struct *self);
/* Only Struct itself, no subclass, is freed by struct_dealloc. */
static inline StructState *state_of_type(PyTypeObject *type)
{
    bool exact = type->tp_dealloc == (destructor)struct_dealloc;
    return state_of(exact ? ((PyHeapTypeObject *)type)->ht_module
                          : PyType_GetModuleByDef(type, &struct_module));
}

#define NATIVE(f, unit, type) {f, unit, sizeof(type), _Alignof(type)}
static const Code native_codes[] = {
    {'x', PAD, 1, 0},
    {'c', CHAR, 1, 0},
    {'s', STRING, 1, 0},
    {'p', PASCAL, 1, 0},
    NATIVE('b', SIGNED, char),
    NATIVE('B', UNSIGNED, char),
    NATIVE('h', SIGNED, short),
    NATIVE('H', UNSIGNED, short),
    NATIVE('i', SIGNED, int),
    NATIVE('I', UNSIGNED, int),
    NATIVE('l', SIGNED, long),
    NATIVE('L', UNSIGNED, long),
    NATIVE('n', SIGNED, Py_ssize_t),
    NATIVE('N', UNSIGNED, size_t),
    NATIVE('q', SIGNED, long long),
    NATIVE('Q', UNSIGNED, long long),
    NATIVE('?', BOOL, _Bool),
    NATIVE('e', HALF, short),
    NATIVE('f', FLOAT, float),
    NATIVE('d', DOUBLE, double),
    NATIVE('P', POINTER, void *),
    {0, 0, 0, 0},
};
static const Code standard_codes[] = {
    {'x', PAD, 1, 0},    {'c', CHAR, 1, 0},     {'s', STRING, 1, 0}, {'p', PASCAL, 1, 0},
    {'b', SIGNED, 1, 0}, {'B', UNSIGNED, 1, 0}, {'h', SIGNED, 2, 0}, {'H', UNSIGNED, 2, 0},
    {'i', SIGNED, 4, 0}, {'I', UNSIGNED, 4, 0}, {'l', SIGNED, 4, 0}, {'L', UNSIGNED, 4, 0},
    {'q', SIGNED, 8, 0}, {'Q', UNSIGNED, 8, 0}, {'?', BOOL, 1, 0},   {'e', HALF, 2, 0},
    {'f', FLOAT, 4, 0},  {'d', DOUBLE, 8, 0},   {0, 0, 0, 0},
};

enum order { ORDER_NATIVE, ORDER_LITTLE, ORDER_BIG };

/* Standard codes are laid out twice so that a code's address tells its byte order. */
static Code little_codes[COUNT_OF(standard_codes)], big_codes[COUNT_OF(standard_codes)];

static inline bool is_big(const Code *c)
{
    return c >= big_codes && c < big_codes + COUNT_OF(big_codes);
}
static inline bool is_native(const Code *c)
{
    return c >= native_codes && c < native_codes + COUNT_OF(native_codes);
}

static const Code *table_for(const char **format)
{
    switch (*(*format)++) {
    case '<': return little_codes;
    case '>': case '!': return big_codes;
    case '=': return PY_BIG_ENDIAN ? big_codes : little_codes;
    case '@': return native_codes;
    }
    --*format;
    return native_codes;
}

static int fail(StructState *state, const char *message)
{
    PyErr_SetString(state->error, message);
    return -1;
}

/* One pass over the format: computes size and lengths, and fills `fields` when not NULL. */
static int compile_pass(StructState *state, const char *s, Field *fields, Py_ssize_t *psize,
                        Py_ssize_t *plen, Py_ssize_t *pfields)
{
    const Code *table = table_for(&s);
    Py_ssize_t size = 0, len = 0, nfields = 0;
    for (; *s; s++) {
        if (Py_ISSPACE(*s)) {
            continue;
        }
        Py_ssize_t num = 1;
        if (Py_ISDIGIT(*s)) {
            num = *s - '0';
            while (Py_ISDIGIT(*++s)) {
                if (num >= PY_SSIZE_T_MAX / 10 &&
                    (num > PY_SSIZE_T_MAX / 10 || *s - '0' > PY_SSIZE_T_MAX % 10)) {
                    return fail(state, "total struct size too long");
                }
                num = num * 10 + (*s - '0');
            }
            if (*s == '\0') {
                return fail(state, "repeat count given without format specifier");
            }
        }
        const Code *c = table;
        while (c->format && c->format != *s) {
            c++;
        }
        if (c->format == 0) {
            return fail(state, "bad char in struct format");
        }
        if (c->alignment && size > 0) {
            Py_ssize_t rest = size % c->alignment;
            if (rest) {
                if (size > PY_SSIZE_T_MAX - c->alignment) {
                    return fail(state, "total struct size too long");
                }
                size += c->alignment - rest;
            }
        }
        if (num > (PY_SSIZE_T_MAX - size) / c->size) {
            return fail(state, "total struct size too long");
        }
        if (c->unit == STRING || c->unit == PASCAL) {
            if (fields) {
                *fields++ = (Field){c, size, num, 1};
            }
            len++;
            nfields++;
        } else if (c->unit != PAD) {
            if (num > 0) {
                if (fields) {
                    *fields++ = (Field){c, size, c->size, num};
                }
                nfields++;
            }
            len += num;
        }
        size += num * c->size;
    }
    *psize = size;
    *plen = len;
    *pfields = nfields;
    if (fields) {
        *fields = (Field){NULL, size, 0, 0};
    }
    return 0;
}

static int compile(StructState *state, Struct *self)
{
    const char *s = PyBytes_AS_STRING(self->format);
    Py_ssize_t size, len, nfields;
    if (strlen(s) != (size_t)PyBytes_GET_SIZE(self->format)) {
        return fail(state, "embedded null character");
    }
    if (compile_pass(state, s, NULL, &size, &len, &nfields) < 0) {
        return -1;
    }
    Field *fields = PyMem_New(Field, (size_t)nfields + 1);
    if (fields == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    PyMem_Free(self->fields);
    self->fields = fields;
    self->size = size;
    self->len = len;
    return compile_pass(state, s, fields, &size, &len, &nfields);
}

/* -- One value ------------------------------------------------------------------------------- */

static inline uint64_t load_bits(const char *p, int size, bool big)
{
    uint16_t v2;
    uint32_t v4;
    uint64_t v8;
    switch (size) {
    case 1: return (unsigned char)*p;
    case 2: memcpy(&v2, p, 2); return big ? __builtin_bswap16(v2) : v2;
    case 4: memcpy(&v4, p, 4); return big ? __builtin_bswap32(v4) : v4;
    default: memcpy(&v8, p, 8); return big ? __builtin_bswap64(v8) : v8;
    }
}

static inline void store_bits(char *p, uint64_t v, int size, bool big)
{
    uint16_t v2 = (uint16_t)v;
    uint32_t v4 = (uint32_t)v;
    switch (size) {
    case 1: *p = (char)v; break;
    case 2: v2 = big ? __builtin_bswap16(v2) : v2; memcpy(p, &v2, 2); break;
    case 4: v4 = big ? __builtin_bswap32(v4) : v4; memcpy(p, &v4, 4); break;
    default: v = big ? __builtin_bswap64(v) : v; memcpy(p, &v, 8);
    }
}

/* The slow path: any byte order, any alignment. SIGNED fills the word from the top, so that the
   shift back spreads the sign. */
static PyObject *unpack_one(const Code *c, const char *p, Py_ssize_t size)
{
    bool big = is_big(c);
    switch (c->unit) {
    case CHAR:
        return PyBytes_FromStringAndSize(p, 1);
    case STRING:
        return PyBytes_FromStringAndSize(p, size);
    case PASCAL: {
        Py_ssize_t n = size > 0 ? *(const unsigned char *)p : 0;
        return PyBytes_FromStringAndSize(p + 1, n >= size ? (size > 0 ? size - 1 : 0) : n);
    }
    case SIGNED: {
        int shift = 64 - 8 * c->size;
        return PyLong_FromLongLong((int64_t)(load_bits(p, c->size, big) << shift) >> shift);
    }
    case UNSIGNED:
        return PyLong_FromUnsignedLongLong(load_bits(p, c->size, big));
    case POINTER:
        return PyLong_FromUnsignedLongLong(load_bits(p, sizeof(void *), false));
    case BOOL:
        return PyBool_FromLong(*p != 0);
    case HALF: {
        double d = PyFloat_Unpack2(p, !big);
        return d == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(d);
    }
    case FLOAT:
        return PyFloat_FromDouble(PyFloat_Unpack4(p, !big));
    default:
        return PyFloat_FromDouble(PyFloat_Unpack8(p, !big));
    }
}

/* The int that v is or has by __index__. */
static PyObject *as_int(StructState *state, PyObject *v)
{
    if (PyLong_Check(v)) {
        return Py_NewRef(v);
    }
    if (PyIndex_Check(v)) {
        return PyNumber_Index(v);
    }
    fail(state, "required argument is not an integer");
    return NULL;
}

static int out_of_range(StructState *state, const Code *c)
{
    bool foreign = is_big(c);
    if (c->size == 1) {
        return fail(state, c->unit == SIGNED ? "byte format requires -128 <= number <= 127"
                                             : "ubyte format requires 0 <= number <= 255");
    }
    if (c->size == 2 && !foreign) {
        return fail(state, c->unit == SIGNED ? "short format requires -32768 <= number <= 32767"
                                             : "ushort format requires 0 <= number <= 65535");
    }
    int64_t max = c->unit == SIGNED ? (1LL << (8 * c->size - 1)) - 1 : (1LL << (8 * c->size)) - 1;
    PyErr_Format(state->error, "'%c' format requires %lld <= number <= %lld", c->format,
                 c->unit == SIGNED ? -max - 1 : 0LL, (long long)max);
    return -1;
}

/* Whether a value of few bits lies in the code's range. */
static inline bool fits(const Code *c, int64_t v)
{
    int width = 8 * c->size;
    return c->unit == SIGNED ? v >= -(1LL << (width - 1)) && v < 1LL << (width - 1)
                             : ((uint64_t)v >> width) == 0;
}

static int pack_int(StructState *state, const Code *c, PyObject *arg, char *p)
{
    if (PyLong_CheckExact(arg) && (size_t)(Py_SIZE(arg) + 1) <= 2) { /* one digit, or zero */
        int64_t small = Py_SIZE(arg) * (int64_t)((PyLongObject *)arg)->ob_digit[0];
        if (c->size == 8 ? c->unit == SIGNED || small >= 0 : fits(c, small)) {
            store_bits(p, (uint64_t)small, c->size, is_big(c));
            return 0;
        }
    }
    PyObject *v = as_int(state, arg);
    if (v == NULL) {
        return -1;
    }
    bool big = is_big(c), wide = c->size == 8;
    /* Small unsigned codes of the machine's order are read as signed, so that -1 gets a message
     * with the range. */
    bool read_signed = c->unit == SIGNED || c->size == 1 || (c->size == 2 && !big);
    uint64_t bits;
    if (read_signed) {
        bits = (uint64_t)PyLong_AsLongLong(v);
    } else {
        bits = PyLong_AsUnsignedLongLong(v);
    }
    Py_DECREF(v);
    if (bits == (uint64_t)-1 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
            PyErr_SetString(state->error,
                            wide && big ? "int too large to convert" : "argument out of range");
        }
        return -1;
    }
    if (!wide && !fits(c, (int64_t)bits)) {
        return out_of_range(state, c);
    }
    store_bits(p, bits, c->size, big);
    return 0;
}

static int pack_float(StructState *state, const Code *c, PyObject *v, char *p)
{
    double d = PyFloat_AsDouble(v);
    bool big = is_big(c);
    if (d == -1.0 && PyErr_Occurred()) {
        return fail(state, "required argument is not a float");
    }
    if (c->unit == HALF) {
        return PyFloat_Pack2(d, p, !big);
    }
    if (c->unit == DOUBLE) {
        return PyFloat_Pack8(d, p, !big);
    }
    if (is_native(c)) { /* C's conversion: too large becomes infinite */
        float f = (float)d;
        memcpy(p, &f, sizeof(f));
        return 0;
    }
    return PyFloat_Pack4(d, p, !big);
}

static int pack_text(StructState *state, const Field *f, PyObject *v, char *p)
{
    bool is_bytes = PyBytes_Check(v);
    if (!is_bytes && !PyByteArray_Check(v)) {
        PyErr_Format(state->error, "argument for '%c' must be a bytes object", f->code->format);
        return -1;
    }
    const char *data = is_bytes ? PyBytes_AS_STRING(v) : PyByteArray_AS_STRING(v);
    Py_ssize_t n = Py_SIZE(v), room = f->size;
    if (f->code->unit == PASCAL) {
        room--;
        n = Py_MIN(n, Py_MAX(room, 0));
        if (f->size > 0) {
            *p++ = (char)Py_MIN(n, 255);
        }
    }
    n = Py_MIN(n, Py_MAX(room, 0));
    if (n > 0) {
        memcpy(p, data, (size_t)n);
    }
    return 0;
}

/* The slow path of one item; f->size is the size of text. */
static int pack_one(StructState *state, const Field *f, PyObject *v, char *p)
{
    const Code *c = f->code;
    switch (c->unit) {
    case CHAR:
        if (!PyBytes_Check(v) || PyBytes_GET_SIZE(v) != 1) {
            return fail(state, "char format requires a bytes object of length 1");
        }
        *p = PyBytes_AS_STRING(v)[0];
        return 0;
    case STRING: case PASCAL:
        return pack_text(state, f, v, p);
    case SIGNED: case UNSIGNED:
        return pack_int(state, c, v, p);
    case BOOL: {
        int truth = PyObject_IsTrue(v);
        *p = (char)(truth > 0);
        return truth < 0 ? -1 : 0;
    }
    case POINTER: {
        PyObject *n = as_int(state, v);
        if (n == NULL) {
            return -1;
        }
        void *x = PyLong_AsVoidPtr(n);
        Py_DECREF(n);
        if (x == NULL && PyErr_Occurred()) {
            return -1;
        }
        memcpy(p, &x, sizeof(x));
        return 0;
    }
    default:
        return pack_float(state, c, v, p);
    }
}

/* -- A whole struct -------------------------------------------------------------------------- */

static PyObject *unpack_all(Struct *self, const char *start)
{
    PyObject *result = PyTuple_New(self->len);
    Py_ssize_t i = 0;
    if (result == NULL) {
        return NULL;
    }
    for (const Field *f = self->fields; f->code; f++) {
        const char *p = start + f->offset;
        if (f->code->unit == UNSIGNED && f->code->size == 1) {
            for (Py_ssize_t j = f->repeat; j > 0; j--, p++) {
                PyTuple_SET_ITEM(result, i++, Py_NewRef(SMALL_INT(*(const unsigned char *)p)));
            }
            continue;
        }
        for (Py_ssize_t j = f->repeat; j > 0; j--, p += f->size) {
            PyObject *v = unpack_one(f->code, p, f->size);
            if (v == NULL) {
                Py_DECREF(result);
                return NULL;
            }
            PyTuple_SET_ITEM(result, i++, v);
        }
    }
    return result;
}

static int pack_all(StructState *state, Struct *self, PyObject *const *args, char *buf)
{
    memset(buf, 0, (size_t)self->size);
    for (const Field *f = self->fields; f->code; f++) {
        char *p = buf + f->offset;
        for (Py_ssize_t j = f->repeat; j > 0; j--, p += f->size) {
            PyObject *v = *args++;
            if (pack_one(state, f, v, p) < 0) {
                if (PyLong_Check(v) && PyErr_ExceptionMatches(PyExc_OverflowError)) {
                    PyErr_SetString(state->error, "int too large to convert");
                }
                return -1;
            }
        }
    }
    return 0;
}

static PyObject *struct_unpack_buffer(StructState *state, Struct *self, PyObject *buffer)
{
    if (PyBytes_CheckExact(buffer) && PyBytes_GET_SIZE(buffer) == self->size) {
        return unpack_all(self, PyBytes_AS_STRING(buffer));
    }
    Py_buffer view;
    if (PyObject_GetBuffer(buffer, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *r = NULL;
    if (view.len != self->size) {
        PyErr_Format(state->error, "unpack requires a buffer of %zd bytes", self->size);
    } else {
        r = unpack_all(self, view.buf);
    }
    PyBuffer_Release(&view);
    return r;
}

/* A negative offset counts from the end of the buffer. */
static PyObject *struct_unpack_offset(StructState *state, Struct *self, PyObject *buffer,
                                      Py_ssize_t offset)
{
    if (PyBytes_CheckExact(buffer) && offset >= 0
        && offset <= PyBytes_GET_SIZE(buffer) - self->size) {
        return unpack_all(self, PyBytes_AS_STRING(buffer) + offset);
    }
    Py_buffer view;
    if (PyObject_GetBuffer(buffer, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *r = NULL;
    if (offset < 0) {
        if (offset + self->size > 0) {
            PyErr_Format(state->error, "not enough data to unpack %zd bytes at offset %zd",
                         self->size, offset);
            goto done;
        }
        if (offset + view.len < 0) {
            PyErr_Format(state->error, "offset %zd out of range for %zd-byte buffer", offset,
                         view.len);
            goto done;
        }
        offset += view.len;
    }
    if (view.len - offset < self->size) {
        PyErr_Format(state->error,
                     "unpack_from requires a buffer of at least %zu bytes for unpacking %zd bytes "
                     "at offset %zd "
                     "(actual buffer size is %zd)",
                     (size_t)self->size + (size_t)offset, self->size, offset, view.len);
        goto done;
    }
    r = unpack_all(self, (const char *)view.buf + offset);
done:
    PyBuffer_Release(&view);
    return r;
}

static PyObject *struct_pack_args(StructState *state, Struct *self, PyObject *const *args,
                                  Py_ssize_t nargs)
{
    if (nargs != self->len) {
        PyErr_Format(state->error, "pack expected %zd items for packing (got %zd)", self->len,
                     nargs);
        return NULL;
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, self->size);
    if (bytes && pack_all(state, self, args, PyBytes_AS_STRING(bytes)) < 0) {
        Py_CLEAR(bytes);
    }
    if (bytes && self->size == 1) { /* single bytes are shared */
        Py_SETREF(bytes, PyBytes_FromStringAndSize(PyBytes_AS_STRING(bytes), 1));
    }
    return bytes;
}

static PyObject *struct_pack_into_args(StructState *state, Struct *self, PyObject *const *args,
                                       Py_ssize_t nargs)
{
    if (nargs != self->len + 2) {
        if (nargs == 0) {
            fail(state, "pack_into expected buffer argument");
        } else if (nargs == 1) {
            fail(state, "pack_into expected offset argument");
        } else {
            PyErr_Format(state->error, "pack_into expected %zd items for packing (got %zd)",
                         self->len, nargs - 2);
        }
        return NULL;
    }
    Py_buffer view;
    if (PyObject_GetBuffer(args[0], &view, PyBUF_WRITABLE) < 0) { /* once more, for the message */
        PyErr_Clear();
        if (!PyArg_Parse(args[0], "w*", &view)) {
            return NULL;
        }
    }
    Py_ssize_t offset = PyNumber_AsSsize_t(args[1], PyExc_IndexError);
    if (offset == -1 && PyErr_Occurred()) {
        goto fail;
    }
    if (offset < 0) {
        if (offset + self->size > 0) {
            PyErr_Format(state->error, "no space to pack %zd bytes at offset %zd", self->size,
                         offset);
            goto fail;
        }
        if (offset + view.len < 0) {
            PyErr_Format(state->error, "offset %zd out of range for %zd-byte buffer", offset,
                         view.len);
            goto fail;
        }
        offset += view.len;
    }
    if (view.len - offset < self->size) {
        PyErr_Format(
            state->error,
            "pack_into requires a buffer of at least %zu bytes for packing %zd bytes at offset %zd "
            "(actual buffer size is %zd)",
            (size_t)self->size + (size_t)offset, self->size, offset, view.len);
        goto fail;
    }
    if (pack_all(state, self, args + 2, (char *)view.buf + offset) < 0) {
        goto fail;
    }
    PyBuffer_Release(&view);
    Py_RETURN_NONE;
fail:
    PyBuffer_Release(&view);
    return NULL;
}

/* -- Iterator -------------------------------------------------------------------------------- */

typedef struct { PyObject_HEAD Struct *so; Py_buffer view; Py_ssize_t index; } UnpackIter;

static void unpackiter_dealloc(UnpackIter *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->so);
    PyBuffer_Release(&self->view);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static int unpackiter_traverse(UnpackIter *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->so);
    Py_VISIT(self->view.obj);
    return 0;
}

static PyObject *unpackiter_length_hint(UnpackIter *self, PyObject *noargs)
{
    return PyLong_FromSsize_t(self->so ? (self->view.len - self->index) / self->so->size : 0);
}

static PyObject *unpackiter_next(UnpackIter *self)
{
    if (self->so == NULL) {
        return NULL;
    }
    if (self->index >= self->view.len) {
        Py_CLEAR(self->so);
        PyBuffer_Release(&self->view);
        return NULL;
    }
    PyObject *r = unpack_all(self->so, (char *)self->view.buf + self->index);
    self->index += self->so->size;
    return r;
}

static PyMethodDef unpackiter_methods[] = {
    {"__length_hint__", (PyCFunction)unpackiter_length_hint, METH_NOARGS, NULL}, {NULL},
};
static PyObject *unpackiter_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return PyErr_Format(PyExc_TypeError, "Cannot create '%.200s objects", _PyType_Name(type));
}

static PyType_Slot unpackiter_slots[] = {
    {Py_tp_dealloc, unpackiter_dealloc},   {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_traverse, unpackiter_traverse}, {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, unpackiter_next},     {Py_tp_methods, unpackiter_methods},
    {Py_tp_new, unpackiter_new},           {0, NULL},
};
static PyType_Spec unpackiter_spec = {
    .name = "_struct.unpack_iterator", .basicsize = sizeof(UnpackIter), .slots = unpackiter_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
};

/* The buffer stays exported while the iterator lives. */
static PyObject *struct_iter(StructState *state, Struct *self, PyObject *buffer)
{
    if (self->size == 0) {
        fail(state, "cannot iteratively unpack with a struct of length 0");
        return NULL;
    }
    UnpackIter *iter = (UnpackIter *)state->iter_type->tp_alloc(state->iter_type, 0);
    if (iter == NULL) {
        return NULL;
    }
    if (PyObject_GetBuffer(buffer, &iter->view, PyBUF_SIMPLE) < 0) {
        Py_DECREF(iter);
        return NULL;
    }
    if (iter->view.len % self->size != 0) {
        PyErr_Format(state->error,
                     "iterative unpacking requires a buffer of a multiple of %zd bytes",
                     self->size);
        Py_DECREF(iter);
        return NULL;
    }
    iter->so = (Struct *)Py_NewRef(self);
    return (PyObject *)iter;
}

/* -- Struct ---------------------------------------------------------------------------------- */

static PyObject *struct_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Struct *self = (Struct *)type->tp_alloc(type, 0);
    if (self) {
        self->format = Py_NewRef(Py_None);
        self->size = self->len = -1;
    }
    return (PyObject *)self;
}

static int struct_set_format(StructState *state, Struct *self, PyObject *format)
{
    if (PyUnicode_Check(format)) {
        format = PyUnicode_AsASCIIString(format);
        if (format == NULL) {
            return -1;
        }
    } else {
        Py_INCREF(format);
    }
    if (!PyBytes_Check(format)) {
        PyErr_Format(PyExc_TypeError,
                     "Struct() argument 1 must be a str or bytes object, not %.200s",
                     Py_TYPE(format)->tp_name);
        Py_DECREF(format);
        return -1;
    }
    Py_SETREF(self->format, format);
    return compile(state, self);
}

static int struct_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    ARGS("O:Struct", "format");
    PyObject *row[1];
    if (!ROW_TUPLE(row, 1, 1)) {
        return -1;
    }
    return struct_set_format(state_of_type(Py_TYPE(self)), (Struct *)self, row[0]);
}

static void struct_dealloc(Struct *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    PyMem_Free(self->fields);
    Py_XDECREF(self->format);
    type->tp_free(self);
    Py_DECREF(type);
}

static int struct_traverse(Struct *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

#define INITIALISED(self) \
    if ((self)->fields == NULL) { \
        PyErr_SetString(PyExc_RuntimeError, "Struct object is not initialized"); \
        return NULL; \
    }

static PyObject *struct_unpack(Struct *self, PyObject *buffer)
{
    INITIALISED(self)
    return struct_unpack_buffer(state_of_type(Py_TYPE(self)), self, buffer);
}

/* `start` (MAYBE_NULL) as a number. A wrong buffer is told before a wrong offset: 0. */
static Py_ssize_t offset_of(PyObject *buffer, PyObject *start)
{
    if (start == NULL || !PyObject_CheckBuffer(buffer)) {
        return 0;
    }
    PyObject *index = PyLong_CheckExact(start) ? Py_NewRef(start) : PyNumber_Index(start);
    Py_ssize_t offset = index ? PyLong_AsSsize_t(index) : -1;
    Py_XDECREF(index);
    return offset;
}

static PyObject *struct_unpack_from(Struct *self, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    ARGS("O|O:unpack_from", "buffer", "offset");
    PyObject *row[2];
    if (!ROW(row, 1, 2)) {
        return NULL;
    }
    Py_ssize_t offset = offset_of(row[0], row[1]);
    if (offset == -1 && PyErr_Occurred()) {
        return NULL;
    }
    INITIALISED(self)
    return struct_unpack_offset(state_of_type(Py_TYPE(self)), self, row[0], offset);
}

static PyObject *struct_iter_unpack(Struct *self, PyObject *buffer)
{
    INITIALISED(self)
    return struct_iter(state_of_type(Py_TYPE(self)), self, buffer);
}

static PyObject *struct_pack(Struct *self, PyObject *const *args, Py_ssize_t nargs)
{
    return struct_pack_args(state_of_type(Py_TYPE(self)), self, args, nargs);
}

static PyObject *struct_pack_into(Struct *self, PyObject *const *args, Py_ssize_t nargs)
{
    return struct_pack_into_args(state_of_type(Py_TYPE(self)), self, args, nargs);
}

static PyObject *struct_sizeof(Struct *self, PyObject *noargs)
{
    Py_ssize_t n = 1;
    for (const Field *f = self->fields; f && f->code; f++) {
        n++;
    }
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + n * (Py_ssize_t)sizeof(Field));
}

static PyObject *struct_get_format(Struct *self, void *closure)
{
    if (!PyBytes_Check(self->format)) {
        return PyUnicode_FromString("");
    }
    return PyUnicode_FromStringAndSize(PyBytes_AS_STRING(self->format),
                                       PyBytes_GET_SIZE(self->format));
}
static PyObject *struct_get_size(Struct *self, void *closure)
{
    return PyLong_FromSsize_t(self->size);
}

static PyMethodDef struct_methods[] = {
    {"iter_unpack", (PyCFunction)struct_iter_unpack, METH_O,
     "iter_unpack($self, buffer, /)\n--\n\n"
     "Return an iterator yielding tuples.\n\nThe buffer's length must be a multiple of the "
     "struct's size."},
    {"pack", _PyCFunction_CAST(struct_pack), METH_FASTCALL,
     "S.pack(v1, v2, ...) -> bytes\n\n"
     "The values as bytes, in the layout of S.format."},
    {"pack_into", _PyCFunction_CAST(struct_pack_into), METH_FASTCALL,
     "S.pack_into(buffer, offset, v1, v2, ...)\n\nWrites the values into a buffer from offset on."},
    {"unpack", (PyCFunction)struct_unpack, METH_O,
     "unpack($self, buffer, /)\n--\n\n"
     "Return a tuple containing unpacked values.\n\nThe buffer's size must be Struct.size."},
    {"unpack_from", _PyCFunction_CAST(struct_unpack_from), METH_FASTCALL | METH_KEYWORDS,
     "unpack_from($self, /, buffer, offset=0)\n--\n\nReturn a tuple containing unpacked values.\n\n"
     "They are read from offset on, where Struct.size bytes must follow."},
    {"__sizeof__", (PyCFunction)struct_sizeof, METH_NOARGS,
     "S.__sizeof__() -> bytes of memory that S takes"},
    {NULL},
};
static PyMemberDef struct_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Struct, weakrefs), READONLY}, {NULL},
};
static PyGetSetDef struct_getset[] = {
    {"format", (getter)struct_get_format, NULL, "struct format string", NULL},
    {"size", (getter)struct_get_size, NULL, "struct size in bytes", NULL},
    {NULL},
};
static PyType_Slot struct_slots[] = {
    {Py_tp_dealloc, struct_dealloc},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_setattro, PyObject_GenericSetAttr},
    {Py_tp_doc, (void *)"Struct(fmt) --> compiled struct object\n\n"},
    {Py_tp_traverse, struct_traverse},
    {Py_tp_methods, struct_methods},
    {Py_tp_members, struct_members},
    {Py_tp_getset, struct_getset},
    {Py_tp_init, struct_init},
    {Py_tp_alloc, PyType_GenericAlloc},
    {Py_tp_new, struct_new},
    {Py_tp_free, PyObject_GC_Del},
    {0, NULL},
};
static PyType_Spec struct_spec = {
    .name = "_struct.Struct",
    .basicsize = sizeof(Struct),
    .slots = struct_slots,
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
};

/* -- Functions of the module ----------------------------------------------------------------- */

#define CACHE_MAX 100

static inline uint64_t version_of(PyObject *dict) { return ((PyDictObject *)dict)->ma_version_tag; }

/* Puts it into the cache, if there is memory. */
static void struct_remember(StructState *state, PyObject *format, Struct *s)
{
    if (PyDict_GET_SIZE(state->cache) >= CACHE_MAX) {
        PyDict_Clear(state->cache);
    }
    if (state->recent_version != version_of(state->cache)) {
        memset(state->recent, 0, sizeof(state->recent));
    }
    if (PyDict_SetItem(state->cache, format, (PyObject *)s) < 0) {
        PyErr_Clear();
    } else if (DK_IS_UNICODE(((PyDictObject *)state->cache)->ma_keys)) {
        /* exact strs: nobody's __eq__ has put another key in place of this one */
        state->recent[(uintptr_t)format / 16 % RECENT] = (Recent){format, s};
    }
    state->recent_version = version_of(state->cache);
}

/* The compiled format, from the cache or fresh. */
static Struct *struct_for(PyObject *module, PyObject *format)
{
    StructState *state = state_of(module);
    Recent *recent = &state->recent[(uintptr_t)format / 16 % RECENT];
    if (recent->format == format && state->cache
        && state->recent_version == version_of(state->cache)) {
        return (Struct *)Py_NewRef(recent->compiled);
    }
    if (state->cache == NULL && (state->cache = PyDict_New()) == NULL) {
        return NULL;
    }
    Struct *s = (Struct *)PyDict_GetItemWithError(state->cache, format);
    if (s) {
        return (Struct *)Py_NewRef(s);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    s = (Struct *)struct_new(state->struct_type, NULL, NULL);
    if (s == NULL || struct_set_format(state, s, format) < 0) {
        Py_XDECREF(s);
        return NULL;
    }
    struct_remember(state, format, s);
    return s;
}

static PyObject *mod_clearcache(PyObject *module, PyObject *noargs)
{
    Py_CLEAR(state_of(module)->cache);
    Py_RETURN_NONE;
}

static PyObject *mod_calcsize(PyObject *module, PyObject *format)
{
    Struct *s = struct_for(module, format);
    if (s == NULL) {
        return NULL;
    }
    PyObject *r = PyLong_FromSsize_t(s->size);
    Py_DECREF(s);
    return r;
}

/* Calls `pack` with the Struct of the format, args[0], and the arguments behind it. */
static inline PyObject *pack_with(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                  PyObject *(*pack)(StructState *, Struct *, PyObject *const *,
                                                    Py_ssize_t))
{
    if (nargs == 0) {
        PyErr_SetString(PyExc_TypeError, "missing format argument");
        return NULL;
    }
    Struct *s = struct_for(module, args[0]);
    if (s == NULL) {
        return NULL;
    }
    PyObject *r = pack(state_of(module), s, args + 1, nargs - 1);
    Py_DECREF(s);
    return r;
}

static PyObject *mod_pack(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return pack_with(module, args, nargs, struct_pack_args);
}

static PyObject *mod_pack_into(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return pack_with(module, args, nargs, struct_pack_into_args);
}

static PyObject *mod_unpack(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("unpack", nargs, 2, 2)) {
        return NULL;
    }
    Struct *s = struct_for(module, args[0]);
    if (s == NULL) {
        return NULL;
    }
    PyObject *r = struct_unpack_buffer(state_of(module), s, args[1]);
    Py_DECREF(s);
    return r;
}

static PyObject *mod_unpack_from(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("OO|O:unpack_from", "", "buffer", "offset");
    PyObject *row[3], *r = NULL;
    if (!ROW(row, 2, 3)) {
        return NULL;
    }
    PyObject *format = row[0], *buffer = row[1], *start = row[2];
    Struct *s = struct_for(module, format);
    if (s == NULL) {
        return NULL;
    }
    Py_ssize_t offset = offset_of(buffer, start);
    if (offset != -1 || !PyErr_Occurred()) {
        r = struct_unpack_offset(state_of(module), s, buffer, offset);
    }
    Py_DECREF(s);
    return r;
}

static PyObject *mod_iter_unpack(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("iter_unpack", nargs, 2, 2)) {
        return NULL;
    }
    Struct *s = struct_for(module, args[0]);
    if (s == NULL) {
        return NULL;
    }
    PyObject *r = struct_iter(state_of(module), s, args[1]);
    Py_DECREF(s);
    return r;
}

static PyMethodDef module_methods[] = {
    {"_clearcache", mod_clearcache, METH_NOARGS,
     "_clearcache($module, /)\n--\n\nClear the internal cache."},
    {"calcsize", mod_calcsize, METH_O,
     "calcsize($module, format, /)\n--\n\nHow many bytes a struct of this format takes."},
    {"iter_unpack", _PyCFunction_CAST(mod_iter_unpack), METH_FASTCALL,
     "iter_unpack($module, format, buffer, /)\n"
     "--\n"
     "\n"
     "Unpack one struct after the other, lazily: an iterator of tuples.\n"
     "\n"
     "The buffer's length must be a multiple of the struct's size."},
    {"pack", _PyCFunction_CAST(mod_pack), METH_FASTCALL,
     "pack(format, v1, v2, ...) -> bytes\n\nThe values as bytes, in the layout that the format "
     "tells."},
    {"pack_into", _PyCFunction_CAST(mod_pack_into), METH_FASTCALL,
     "pack_into(format, buffer, offset, v1, v2, ...)\n\nWrites the values into a buffer from "
     "offset on."},
    {"unpack", _PyCFunction_CAST(mod_unpack), METH_FASTCALL,
     "unpack($module, format, buffer, /)\n"
     "--\n"
     "\n"
     "The values that the format finds in a buffer, as a tuple.\n"
     "\n"
     "The buffer must have exactly calcsize(format) bytes."},
    {"unpack_from", _PyCFunction_CAST(mod_unpack_from), METH_FASTCALL | METH_KEYWORDS,
     "unpack_from($module, format, /, buffer, offset=0)\n"
     "--\n"
     "\n"
     "The values that the format finds in a buffer behind offset, as a tuple.\n"
     "\n"
     "At least calcsize(format) bytes must follow the offset."},
    {NULL},
};

static int struct_exec(PyObject *module)
{
    StructState *state = state_of(module);
    memcpy(little_codes, standard_codes, sizeof(standard_codes));
    memcpy(big_codes, standard_codes, sizeof(standard_codes));
    state->struct_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &struct_spec, NULL);
    if (state->struct_type == NULL || PyModule_AddType(module, state->struct_type) < 0) {
        return -1;
    }
    state->iter_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &unpackiter_spec, NULL);
    state->error = PyErr_NewException("struct.error", NULL, NULL);
    if (state->iter_type == NULL || state->error == NULL) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "error", state->error);
}

static int struct_module_traverse(PyObject *module, visitproc visit, void *arg)
{
    StructState *state = state_of(module);
    Py_VISIT(state->cache);
    Py_VISIT(state->struct_type);
    Py_VISIT(state->iter_type);
    Py_VISIT(state->error);
    return 0;
}
static int struct_module_clear(PyObject *module)
{
    StructState *state = state_of(module);
    Py_CLEAR(state->cache);
    Py_CLEAR(state->struct_type);
    Py_CLEAR(state->iter_type);
    Py_CLEAR(state->error);
    return 0;
}
static void struct_module_free(void *module) { struct_module_clear(module); }

PyDoc_STRVAR(module_doc,
"Functions to convert between Python values and C structs.\n"
"A struct is a bytes object, and a format string describes it.\n\n"
"The first character of a format may set byte order, sizes and alignment:\n"
"  @: native order, size & alignment (default)\n"
"  =: native order, std. size & alignment\n"
"  <: little-endian, std. size & alignment\n"
"  >: big-endian, std. size & alignment\n"
"  !: same as >\n\n"
"Then follow codes, with an optional count before each:\n"
"  x pad byte; c char; s string; p Pascal string; ? bool; e f d floats\n"
"  b B h H i I l L q Q integers; n N P size and pointer (native only)\n");

static PyModuleDef_Slot struct_module_slots[] = {{Py_mod_exec, struct_exec}, {0, NULL}};
static struct PyModuleDef struct_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_struct",
    .m_doc = module_doc,
    .m_size = sizeof(StructState),
    .m_methods = module_methods,
    .m_slots = struct_module_slots,
    .m_traverse = struct_module_traverse,
    .m_clear = struct_module_clear,
    .m_free = struct_module_free,
};

PyMODINIT_FUNC PyInit__struct(void) { return PyModuleDef_Init(&struct_module); }
