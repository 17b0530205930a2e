/* SPDX-License-Identifier: MIT
 *
 * The item formats of memoryview: one item between bytes and an object.
 *
 * A native format is one character of module struct with an optional '@' in front; its size and
 * byte order are the machine's. Everything else ("<i", "2h", "T{…}") is beyond indexing (as in
 * 3.11, NotImplementedError) but can be compared, by way of struct.Struct.
 *
 * Items may lie at any address: they are read and written by memcpy.
 */
#include "objects/box.h"
#include "objects/memoryview_impl.h"

/* -- Formats --------------------------------------------------------------------------------- */

/* The native characters: bytes of an item (0: not native), whether its ints have a sign, the
   format's text with '@'. */
static const struct native {
    uint8_t size, is_signed;
    char text[3];
} natives[128] = {
    ['c'] = {1, 0, "@c"}, ['b'] = {1, 1, "@b"}, ['B'] = {1, 0, "@B"}, ['?'] = {1, 0, "@?"},
    ['h'] = {2, 1, "@h"}, ['H'] = {2, 0, "@H"}, ['i'] = {4, 1, "@i"}, ['I'] = {4, 0, "@I"},
    ['l'] = {8, 1, "@l"}, ['L'] = {8, 0, "@L"}, ['q'] = {8, 1, "@q"}, ['Q'] = {8, 0, "@Q"},
    ['n'] = {8, 1, "@n"}, ['N'] = {8, 0, "@N"}, ['f'] = {4, 0, "@f"}, ['d'] = {8, 0, "@d"},
    ['P'] = {8, 0, "@P"},
};

/* The format's one native character, or 0 when it is something else. */
char memory_native_char(const char *format)
{
    if (format[0] == '@')
        format++;
    unsigned char c = (unsigned char)format[0];
    return c < 128 && natives[c].size && !format[1] ? (char)c : 0;
}

/* The format must be one character; whether that is a known one shows when an item is converted. */
int memory_check_single(const char *format)
{
    const char *c = format + (format[0] == '@');
    if (c[0] && !c[1])
        return 0;
    PyErr_Format(PyExc_NotImplementedError, "memoryview: unsupported format %s", format);
    return -1;
}

/* NotImplementedError, worded by what is wrong. */
static void unknown_format(const char *format)
{
    if (memory_check_single(format) == 0)
        PyErr_Format(PyExc_NotImplementedError, "memoryview: format %s not supported",
                     format + (format[0] == '@'));
}

/* Bytes of an item of a native character. */
Py_ssize_t memory_native_size(char c) { return natives[(unsigned char)c].size; }

/* -- Items ----------------------------------------------------------------------------------- */

/* What is at p, read as `type`. */
#define AS(type) ({ type x_; memcpy(&x_, p, sizeof x_); x_; })

/* The item at p as an object. NotImplementedError for a format that is not one native character. */
PyObject *memory_unpack_item(const char *p, const char *format)
{
    switch (memory_native_char(format)) {
    case 'B': return Py_NewRef(SMALL_INT(*(const unsigned char *)p));
    case 'b': return int_make(*(const signed char *)p);
    case 'h': return int_make(AS(short));
    case 'H': return int_make(AS(unsigned short));
    case 'i': return int_make(AS(int));
    case 'I': return int_make(AS(unsigned));
    case 'l': return int_make(AS(long));
    case 'L': return PyLong_FromUnsignedLong(AS(unsigned long));
    case 'q': return int_make(AS(long long));
    case 'Q': return PyLong_FromUnsignedLongLong(AS(unsigned long long));
    case 'n': return PyLong_FromSsize_t(AS(Py_ssize_t));
    case 'N': return PyLong_FromSize_t(AS(size_t));
    case 'f': return float_make(AS(float));
    case 'd': return float_make(AS(double));
    case 'e': return PyFloat_FromDouble(PyFloat_Unpack2(p, 1));
    case '?': return PyBool_FromLong(*p != 0);
    case 'c': return PyBytes_FromStringAndSize(p, 1);
    case 'P': return PyLong_FromVoidPtr(AS(void *));
    }
    unknown_format(format);
    return NULL;
}

/* Words the exception that a conversion raised: TypeError and ValueError name the format, others
   pass. */
static int value_error(const char *format)
{
    if (PyErr_ExceptionMatches(PyExc_TypeError))
        PyErr_Format(PyExc_TypeError, "memoryview: invalid type for format '%s'", format);
    else if (PyErr_ExceptionMatches(PyExc_OverflowError)
             || PyErr_ExceptionMatches(PyExc_ValueError))
        PyErr_Format(PyExc_ValueError, "memoryview: invalid value for format '%s'", format);
    return -1;
}

/* Stores an int of a format of up to eight bytes; little-endian, so the low bytes are the first. */
static int pack_integer(char *p, PyObject *item, const char *format, char c)
{
    bool is_signed = natives[(unsigned char)c].is_signed;
    Py_ssize_t size = memory_native_size(c);
    PyObject *index = PyNumber_Index(item);
    if (!index)
        return value_error(format);
    if (is_signed) {
        long long v = PyLong_AsLongLong(index);
        Py_DECREF(index);
        if (v == -1 && PyErr_Occurred())
            return value_error(format);
        long long limit = size == 8 ? INT64_MAX : (1LL << (8 * size - 1)) - 1;
        if (v > limit || v < -limit - 1)
            goto range;
        memcpy(p, &v, (size_t)size);
        return 0;
    }
    unsigned long long v = PyLong_AsUnsignedLongLong(index);
    Py_DECREF(index);
    if (v == (unsigned long long)-1 && PyErr_Occurred())
        return value_error(format);
    if (size < 8 && v >> (8 * size))
        goto range;
    memcpy(p, &v, (size_t)size);
    return 0;
range:
    PyErr_Format(PyExc_ValueError, "memoryview: invalid value for format '%s'", format);
    return -1;
}

/* The inverse of memory_unpack_item. May run code of the item (__index__, __float__, __bool__). */
int memory_pack_item(char *p, PyObject *item, const char *format)
{
    char c = memory_native_char(format);
    switch (c) {
    case 0: unknown_format(format); return -1;
    case 'f': case 'd': case 'e': {
        double d = PyFloat_AsDouble(item);
        if (d == -1.0 && PyErr_Occurred())
            return value_error(format);
        float f = (float)d;
        if (c == 'e')
            return PyFloat_Pack2(d, p, 1) < 0 ? value_error(format) : 0;
        if (c == 'f')
            memcpy(p, &f, sizeof f);
        else
            memcpy(p, &d, sizeof d);
        return 0;
    }
    case '?': {
        int truth = PyObject_IsTrue(item);
        if (truth < 0)
            return -1;
        *p = (char)truth;
        return 0;
    }
    case 'c':
        if (!PyBytes_Check(item)) {
            PyErr_Format(PyExc_TypeError, "memoryview: invalid type for format '%s'", format);
            return -1;
        }
        if (PyBytes_GET_SIZE(item) != 1) {
            PyErr_Format(PyExc_ValueError, "memoryview: invalid value for format '%s'", format);
            return -1;
        }
        *p = PyBytes_AS_STRING(item)[0];
        return 0;
    case 'P': {
        void *v = PyLong_AsVoidPtr(item);
        if (!v && PyErr_Occurred())
            return value_error(format);
        memcpy(p, &v, sizeof v);
        return 0;
    }
    }
    return pack_integer(p, item, format, c);
}

/* NULL for a format that is not native. */
const char *memory_static_format(const char *format)
{
    char c = memory_native_char(format);
    return c ? natives[(unsigned char)c].text + (format[0] != '@') : NULL;
}

/* Formats that are not native are rare: no cache. */
PyObject *memory_struct_unpacker(const char *format)
{
    PyObject *module = PyImport_ImportModule("struct"),
             *instance = module ? PyObject_CallMethod(module, "Struct", "s", format) : NULL;
    PyObject *res = instance ? PyObject_GetAttrString(instance, "unpack") : NULL;
    Py_XDECREF(module);
    Py_XDECREF(instance);
    return res;
}
