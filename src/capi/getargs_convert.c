/* SPDX-License-Identifier: MIT
 *
 * One object to C by one format unit of PyArg_ParseTuple.
 *
 * A converter returns NULL when it stored the value, otherwise a message:
 *    type_message's        "must be str, not int", to which raise_item adds function and position;
 *    ""                    an exception is set already;
 *    "(…"                  the format itself is broken: a SystemError.
 * Units and what they store are those of "Parsing arguments" in the C API reference.
 *
 *  G1 A converter stores nothing unless it succeeds, but takes its addresses from the va_list in
 *     any case: skip_item and the converters must agree on how many there are.
 *  G2 What a success acquires (a buffer, encoded text) is entered in Cleanups before it returns.
 *
 * Order: what to undo, messages, numbers, characters, text and buffers, objects, nested tuples,
 * skipping. convert_simple is the switch over all units.
 */
#include "capi/getargs.h"

/* -- What to undo ---------------------------------------------------------------------------- */

/* Room for `capacity` entries; the first eight need no memory. */
int cleanups_init(Cleanups *c, Py_ssize_t capacity)
{
    c->entries = c->small;
    c->count = 0;
    c->capacity = (int)COUNT_OF(c->small);
    if (capacity > c->capacity) {
        c->entries = PyMem_New(CleanupEntry, (size_t)capacity);
        c->capacity = (int)capacity;
        if (c->entries == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

/* On failure nothing is undone here: the caller still owns the item. */
int cleanups_add(Cleanups *c, void *item, cleanup_fn undo)
{
    if (c->count == c->capacity) {
        int capacity = c->capacity * 2;
        CleanupEntry *grown = PyMem_New(CleanupEntry, (size_t)capacity);
        if (grown == NULL) {
            return -1;
        }
        memcpy(grown, c->entries, sizeof(*grown) * (size_t)c->count);
        if (c->entries != c->small) {
            PyMem_Free(c->entries);
        }
        c->entries = grown;
        c->capacity = capacity;
    }
    c->entries[c->count].item = item;
    c->entries[c->count++].undo = undo;
    return 0;
}

int cleanups_finish(Cleanups *c, int ok)
{
    for (int i = 0; !ok && i < c->count; i++) {
        c->entries[i].undo(NULL, c->entries[i].item);
    }
    if (c->entries != c->small) {
        PyMem_Free(c->entries);
    }
    return ok;
}

/* For memory that es handed out. */
static int undo_pointer(PyObject *self, void *ptr)
{
    void **pp = ptr;
    PyMem_Free(*pp);
    *pp = NULL;
    return 0;
}

static int undo_buffer(PyObject *self, void *ptr)
{
    PyBuffer_Release(ptr);
    return 0;
}

/* -- Messages -------------------------------------------------------------------------------- */

/* "must be EXPECTED, not TYPE" in buf. */
static const char *type_message(const char *expected, PyObject *arg, char *buf, size_t size)
{
    if (expected[0] == '(') {
        PyOS_snprintf(buf, size, "%.100s", expected);
    } else {
        PyOS_snprintf(buf, size, "must be %.50s, not %.50s", expected,
                      arg == Py_None ? "None" : Py_TYPE(arg)->tp_name);
    }
    return buf;
}

/* Puts "name() argument 2, item 1 " before the message; keeps an exception that is set. `custom`
   (after ';' in a format) replaces it all. */
void raise_item(Py_ssize_t iarg, const char *message, const int *levels, const char *fname,
                const char *custom)
{
    char buf[512];
    if (PyErr_Occurred()) {
        return;
    }
    if (custom == NULL) {
        size_t n = 0;
        if (fname) {
            n += (size_t)PyOS_snprintf(buf + n, sizeof(buf) - n, "%.200s() ", fname);
        }
        if (iarg != 0) {
            n += (size_t)PyOS_snprintf(buf + n, sizeof(buf) - n, "argument %zd", iarg);
            for (int i = 0; i < LEVELS && levels[i] > 0 && n < 220; i++) {
                n += (size_t)PyOS_snprintf(buf + n, sizeof(buf) - n, ", item %d", levels[i] - 1);
            }
        } else {
            n += (size_t)PyOS_snprintf(buf + n, sizeof(buf) - n, "argument");
        }
        PyOS_snprintf(buf + n, sizeof(buf) - n, " %.256s", message);
        custom = buf;
    }
    PyErr_SetString(message[0] == '(' ? PyExc_SystemError : PyExc_TypeError, custom);
}

/* -- Integers and floats --------------------------------------------------------------------- */

static const char *range_error(const char *message)
{
    PyErr_SetString(PyExc_OverflowError, message);
    return "";
}

/* b h i l L n: with range checks. `b` is unsigned char, by tradition. */
static const char *convert_signed(char unit, PyObject *arg, va_list *va, int flags)
{
    void *out = va_arg(*va, void *);
    long v;
    switch (unit) {
    case 'L': {
        long long big = PyLong_AsLongLong(arg);
        if (big == -1 && PyErr_Occurred()) {
            return "";
        }
        *(long long *)out = big;
        return NULL;
    }
    case 'n': {
        PyObject *index = _PyNumber_Index(arg);
        Py_ssize_t n = -1;
        if (index) {
            n = PyLong_AsSsize_t(index);
            Py_DECREF(index);
        }
        if (n == -1 && PyErr_Occurred()) {
            return "";
        }
        *(Py_ssize_t *)out = n;
        return NULL;
    }
    }
    v = unit == 'i' && (flags & FLAG_AS_INT) ? _PyLong_AsInt(arg) : PyLong_AsLong(arg);
    if (v == -1 && PyErr_Occurred()) {
        return "";
    }
    switch (unit) {
    case 'b':
        if (v < 0) {
            return range_error("unsigned byte integer is less than minimum");
        }
        if (v > UCHAR_MAX) {
            return range_error("unsigned byte integer is greater than maximum");
        }
        *(unsigned char *)out = (unsigned char)v;
        break;
    case 'h':
        if (v < SHRT_MIN) {
            return range_error("signed short integer is less than minimum");
        }
        if (v > SHRT_MAX) {
            return range_error("signed short integer is greater than maximum");
        }
        *(short *)out = (short)v;
        break;
    case 'i':
        if (v > INT_MAX) {
            return range_error("signed integer is greater than maximum");
        }
        if (v < INT_MIN) {
            return range_error("signed integer is less than minimum");
        }
        *(int *)out = (int)v;
        break;
    default:
        *(long *)out = v;
    }
    return NULL;
}

/* B H I k K: no range check, the low bits. */
static const char *convert_masked(char unit, PyObject *arg, va_list *va, char *buf, size_t size)
{
    void *out = va_arg(*va, void *);
    if (unit == 'k' || unit == 'K') {
        if (!PyLong_Check(arg)) {
            return type_message("int", arg, buf, size);
        }
        if (unit == 'k') {
            *(unsigned long *)out = PyLong_AsUnsignedLongMask(arg);
        } else {
            *(unsigned long long *)out = PyLong_AsUnsignedLongLongMask(arg);
        }
        return NULL;
    }
    unsigned long v = PyLong_AsUnsignedLongMask(arg);
    if (v == (unsigned long)-1 && PyErr_Occurred()) {
        return "";
    }
    if (unit == 'B') {
        *(unsigned char *)out = (unsigned char)v;
    } else if (unit == 'H') {
        *(unsigned short *)out = (unsigned short)v;
    } else {
        *(unsigned int *)out = (unsigned int)v;
    }
    return NULL;
}

/* f d D. */
static const char *convert_float(char unit, PyObject *arg, va_list *va)
{
    if (unit == 'D') {
        Py_complex *out = va_arg(*va, Py_complex *);
        Py_complex v = PyComplex_AsCComplex(arg);
        if (PyErr_Occurred()) {
            return "";
        }
        *out = v;
        return NULL;
    }
    double v = PyFloat_AsDouble(arg);
    void *out = va_arg(*va, void *);
    if (v == -1.0 && PyErr_Occurred()) {
        return "";
    }
    if (unit == 'f') {
        *(float *)out = (float)v;
    } else {
        *(double *)out = v;
    }
    return NULL;
}

/* c: a byte; C: a character as int. */
static const char *convert_char(char unit, PyObject *arg, va_list *va, char *buf, size_t size)
{
    if (unit == 'c') {
        char *out = va_arg(*va, char *);
        if (PyBytes_Check(arg) && PyBytes_GET_SIZE(arg) == 1) {
            *out = PyBytes_AS_STRING(arg)[0];
        } else if (PyByteArray_Check(arg) && PyByteArray_GET_SIZE(arg) == 1) {
            *out = PyByteArray_AS_STRING(arg)[0];
        } else {
            return type_message("a byte string of length 1", arg, buf, size);
        }
        return NULL;
    }
    int *out = va_arg(*va, int *);
    if (!PyUnicode_Check(arg) || PyUnicode_READY(arg) < 0 || PyUnicode_GET_LENGTH(arg) != 1) {
        return type_message("a unicode character", arg, buf, size);
    }
    *out = (int)PyUnicode_READ_CHAR(arg, 0);
    return NULL;
}

/* -- Strings and buffers --------------------------------------------------------------------- */

/* '#' stores a Py_ssize_t, which a caller from before PY_SSIZE_T_CLEAN does not expect. */
static const char *needs_clean(int flags)
{
    if (flags & FLAG_SIZE_T) {
        return NULL;
    }
    PyErr_SetString(PyExc_SystemError, "PY_SSIZE_T_CLEAN macro must be defined for '#' formats");
    return "";
}

/* A view of arg's contiguous bytes. */
static const char *buffer_get(PyObject *arg, Py_buffer *view)
{
    if (PyObject_GetBuffer(arg, view, PyBUF_SIMPLE) != 0) { /* the exception it raised stays */
        return "bytes-like object";
    }
    if (!PyBuffer_IsContiguous(view, 'C')) {
        PyBuffer_Release(view);
        return "contiguous buffer";
    }
    return NULL;
}

/* Pointer and length of a read-only object whose memory stays when the view is released. */
static Py_ssize_t bytes_borrow(PyObject *arg, const void **p, const char **error)
{
    PyBufferProcs *pb = Py_TYPE(arg)->tp_as_buffer;
    Py_buffer view;
    *error = NULL;
    if (pb && pb->bf_releasebuffer) {
        *error = "read-only bytes-like object";
        return -1;
    }
    *error = buffer_get(arg, &view);
    if (*error) {
        return -1;
    }
    Py_ssize_t n = view.len;
    *p = view.buf;
    PyBuffer_Release(&view);
    return n;
}

/* A C string without length must not hide a NUL. */
static const char *null_byte(const char *s, Py_ssize_t n)
{
    if (strlen(s) == (size_t)n) {
        return NULL;
    }
    PyErr_SetString(PyExc_ValueError, "embedded null byte");
    return "";
}

/* y, y*, y#: bytes-like, never str. */
static const char *convert_y(PyObject *arg, const char **format, va_list *va, int flags, char *buf,
                             size_t size, Cleanups *cleanups)
{
    const char *error;
    void **p = va_arg(*va, void **);
    if (**format == '*') {
        ++*format;
        error = buffer_get(arg, (Py_buffer *)p);
        if (error) {
            return type_message(error, arg, buf, size);
        }
        return cleanups_add(cleanups, p, undo_buffer)
                   ? type_message("(cleanup problem)", arg, buf, size)
                   : NULL;
    }
    Py_ssize_t n = bytes_borrow(arg, (const void **)p, &error);
    if (n < 0) {
        return type_message(error, arg, buf, size);
    }
    if (**format == '#') {
        ++*format;
        if ((error = needs_clean(flags))) {
            return error;
        }
        *va_arg(*va, Py_ssize_t *) = n;
        return NULL;
    }
    return null_byte(*p, n);
}

/* s and z. */
static const char *convert_s(char unit, PyObject *arg, const char **format, va_list *va, int flags,
                             char *buf, size_t size, Cleanups *cleanups)
{
    Py_ssize_t n;
    const char *error = NULL;
    if (**format == '*') {
        Py_buffer *view = va_arg(*va, Py_buffer *);
        ++*format;
        if (unit == 'z' && arg == Py_None) {
            PyBuffer_FillInfo(view, NULL, NULL, 0, 1, 0);
        } else if (PyUnicode_Check(arg)) {
            const char *text = PyUnicode_AsUTF8AndSize(arg, &n);
            if (text == NULL) {
                return type_message("(unicode conversion error)", arg, buf, size);
            }
            PyBuffer_FillInfo(view, arg, (void *)text, n, 1, 0);
        } else if ((error = buffer_get(arg, view))) {
            return type_message(error, arg, buf, size);
        }
        return cleanups_add(cleanups, view, undo_buffer)
                   ? type_message("(cleanup problem)", arg, buf, size)
                   : NULL;
    }
    const char **p = va_arg(*va, const char **);
    if (**format == '#') {
        Py_ssize_t *length = va_arg(*va, Py_ssize_t *);
        ++*format;
        if ((error = needs_clean(flags))) {
            return error;
        }
        if (unit == 'z' && arg == Py_None) {
            *p = NULL;
            *length = 0;
        } else if (PyUnicode_Check(arg)) {
            const char *text = PyUnicode_AsUTF8AndSize(arg, &n);
            if (text == NULL) {
                return type_message("(unicode conversion error)", arg, buf, size);
            }
            *p = text;
            *length = n;
        } else {
            n = bytes_borrow(arg, (const void **)p, &error);
            if (n < 0) {
                return type_message(error, arg, buf, size);
            }
            *length = n;
        }
        return NULL;
    }
    if (unit == 'z' && arg == Py_None) {
        *p = NULL;
        return NULL;
    }
    if (!PyUnicode_Check(arg)) {
        return type_message(unit == 'z' ? "str or None" : "str", arg, buf, size);
    }
    const char *text = PyUnicode_AsUTF8AndSize(arg, &n);
    if (text == NULL) {
        return type_message("(unicode conversion error)", arg, buf, size);
    }
    if (strlen(text) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return "";
    }
    *p = text;
    return NULL;
}

/* u and Z: arrays of Py_UNICODE, long deprecated. */
static const char *convert_u(char unit, PyObject *arg, const char **format, va_list *va, int flags,
                             char *buf, size_t size)
{
    Py_UNICODE **p = va_arg(*va, Py_UNICODE **);
    if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                         "getargs: The '%c' format is deprecated. Use 'U' instead.", unit)) {
        return "";
    }
    bool sized = **format == '#', none = unit == 'Z' && arg == Py_None;
    Py_ssize_t *length = NULL, n = 0;
    if (sized) {
        ++*format;
        length = va_arg(*va, Py_ssize_t *);
        const char *error = needs_clean(flags);
        if (error) {
            return error;
        }
    }
    if (none) {
        *p = NULL;
    } else if (PyUnicode_Check(arg)) {
_Pragma("GCC diagnostic push")
_Pragma("GCC diagnostic ignored \"-Wdeprecated-declarations\"")
        *p = PyUnicode_AsUnicodeAndSize(arg, &n);
_Pragma("GCC diagnostic pop")
        if (*p == NULL) {
            return "";
        }
        if (!sized && wcslen(*p) != (size_t)n) {
            PyErr_SetString(PyExc_ValueError, "embedded null character");
            return "";
        }
    } else {
        return type_message(unit == 'Z' ? "str or None" : "str", arg, buf, size);
    }
    if (sized) {
        *length = none ? 0 : n;
    }
    return NULL;
}

/* Puts a copy of n bytes and their NUL into *buffer, for PyMem_Free. G2 */
static const char *copy_fresh(const char *data, Py_ssize_t n, char **buffer, PyObject *arg,
                              char *buf, size_t size, Cleanups *cleanups)
{
    *buffer = PyMem_Malloc((size_t)n + 1);
    if (*buffer == NULL) {
        PyErr_NoMemory();
        return "";
    }
    if (cleanups_add(cleanups, buffer, undo_pointer)) {
        return type_message("(cleanup problem)", arg, buf, size);
    }
    memcpy(*buffer, data, (size_t)n + 1);
    return NULL;
}

/* The same into the caller's buffer of *length bytes, if there is one. *length becomes n. */
static const char *copy_sized(const char *data, Py_ssize_t n, char **buffer, Py_ssize_t *length,
                              PyObject *arg, char *buf, size_t size, Cleanups *cleanups)
{
    if (*buffer == NULL) {
        const char *error = copy_fresh(data, n, buffer, arg, buf, size, cleanups);
        if (error == NULL) {
            *length = n;
        }
        return error;
    }
    if (n + 1 > *length) {
        PyErr_Format(PyExc_ValueError, "encoded string too long (%zd, maximum length %zd)", n,
                     *length - 1);
        return "";
    }
    memcpy(*buffer, data, (size_t)n + 1);
    *length = n;
    return NULL;
}

/* es, et, es#, et#: the text encoded into the caller's or a fresh buffer. */
static const char *convert_e(PyObject *arg, const char **format, va_list *va, int flags, char *buf,
                             size_t size, Cleanups *cleanups)
{
    const char *encoding = va_arg(*va, const char *);
    if (**format != 's' && **format != 't') {
        return type_message("(unknown parser marker combination)", arg, buf, size);
    }
    bool keep_bytes = **format == 't';
    char **buffer = va_arg(*va, char **);
    ++*format;
    if (buffer == NULL) {
        return type_message("(buffer is NULL)", arg, buf, size);
    }
    PyObject *s;
    if (keep_bytes && (PyBytes_Check(arg) || PyByteArray_Check(arg))) {
        s = Py_NewRef(arg);
    } else if (PyUnicode_Check(arg)) {
        s = PyUnicode_AsEncodedString(arg, encoding ? encoding : PyUnicode_GetDefaultEncoding(),
                                      NULL);
        if (s == NULL) {
            return type_message("(encoding failed)", arg, buf, size);
        }
    } else {
        return type_message(keep_bytes ? "str, bytes or bytearray" : "str", arg, buf, size);
    }
    const char *error, *data = PyBytes_Check(s) ? PyBytes_AS_STRING(s) : PyByteArray_AS_STRING(s);
    if (**format == '#') {
        Py_ssize_t *length = va_arg(*va, Py_ssize_t *);
        ++*format;
        error = needs_clean(flags);
        if (!error) {
            error = length ? copy_sized(data, Py_SIZE(s), buffer, length, arg, buf, size, cleanups)
                           : type_message("(buffer_len is NULL)", arg, buf, size);
        }
    } else if (strlen(data) != (size_t)Py_SIZE(s)) {
        error = type_message("encoded string without null bytes", arg, buf, size);
    } else {
        error = copy_fresh(data, Py_SIZE(s), buffer, arg, buf, size, cleanups);
    }
    Py_DECREF(s);
    return error;
}

/* -- Objects --------------------------------------------------------------------------------- */

/* O, O! (of a type), O& (by the caller's converter, which may ask to be called for cleaning up). */
static const char *convert_object(PyObject *arg, const char **format, va_list *va, char *buf,
                                  size_t size, Cleanups *cleanups)
{
    if (**format == '!') {
        PyTypeObject *type = va_arg(*va, PyTypeObject *);
        PyObject **p = va_arg(*va, PyObject **);
        ++*format;
        if (!PyType_IsSubtype(Py_TYPE(arg), type)) {
            return type_message(type->tp_name, arg, buf, size);
        }
        *p = arg;
        return NULL;
    }
    if (**format == '&') {
        cleanup_fn convert = va_arg(*va, cleanup_fn);
        void *address = va_arg(*va, void *);
        ++*format;
        int r = convert(arg, address);
        if (!r) {
            return type_message("(unspecified)", arg, buf, size);
        }
        if (r == Py_CLEANUP_SUPPORTED && cleanups_add(cleanups, address, convert) < 0) {
            return type_message("(cleanup problem)", arg, buf, size);
        }
        return NULL;
    }
    *va_arg(*va, PyObject **) = arg;
    return NULL;
}

/* S U Y: the object itself, if its type is right. */
static const char *convert_typed(bool ok, const char *expected, PyObject *arg, va_list *va,
                                 char *buf, size_t size)
{
    PyObject **p = va_arg(*va, PyObject **);
    if (!ok) {
        return type_message(expected, arg, buf, size);
    }
    *p = arg;
    return NULL;
}

/* w*: a writable, contiguous buffer. */
static const char *convert_w(PyObject *arg, const char **format, va_list *va, char *buf,
                             size_t size, Cleanups *cleanups)
{
    void *p = va_arg(*va, void *);
    if (**format != '*') {
        return type_message("(invalid use of 'w' format character)", arg, buf, size);
    }
    ++*format;
    if (PyObject_GetBuffer(arg, p, PyBUF_WRITABLE) < 0) {
        PyErr_Clear();
        return type_message("read-write bytes-like object", arg, buf, size);
    }
    if (!PyBuffer_IsContiguous(p, 'C')) {
        PyBuffer_Release(p);
        return type_message("contiguous buffer", arg, buf, size);
    }
    return cleanups_add(cleanups, p, undo_buffer)
               ? type_message("(cleanup problem)", arg, buf, size)
               : NULL;
}

/* The unit's letter is consumed here, its suffix by the converter. */
static const char *convert_simple(PyObject *arg, const char **format, va_list *va, int flags,
                                  char *buf, size_t size, Cleanups *cleanups)
{
    char unit = *(*format)++;
    switch (unit) {
    case 'b': case 'h': case 'i': case 'l': case 'L': case 'n':
        return convert_signed(unit, arg, va, flags);
    case 'B': case 'H': case 'I': case 'k': case 'K':
        return convert_masked(unit, arg, va, buf, size);
    case 'f': case 'd': case 'D':
        return convert_float(unit, arg, va);
    case 'c': case 'C':
        return convert_char(unit, arg, va, buf, size);
    case 'p': {
        int *out = va_arg(*va, int *), truth = PyObject_IsTrue(arg);
        if (truth < 0) {
            return "";
        }
        *out = truth;
        return NULL;
    }
    case 'y':
        return convert_y(arg, format, va, flags, buf, size, cleanups);
    case 's': case 'z':
        return convert_s(unit, arg, format, va, flags, buf, size, cleanups);
    case 'u': case 'Z':
        return convert_u(unit, arg, format, va, flags, buf, size);
    case 'e':
        return convert_e(arg, format, va, flags, buf, size, cleanups);
    case 'S':
        return convert_typed(PyBytes_Check(arg), "bytes", arg, va, buf, size);
    case 'Y':
        return convert_typed(PyByteArray_Check(arg), "bytearray", arg, va, buf, size);
    case 'U':
        return convert_typed(PyUnicode_Check(arg), "str", arg, va, buf, size);
    case 'O':
        return convert_object(arg, format, va, buf, size, cleanups);
    case 'w':
        return convert_w(arg, format, va, buf, size, cleanups);
    default:
        --*format;
        return type_message("(impossible<bad format char>)", arg, buf, size);
    }
}

/* -- Nested tuples --------------------------------------------------------------------------- */

/* Units up to the closing parenthesis, nested groups as one. */
static int group_count(const char *format)
{
    int level = 0, n = 0;
    for (;;) {
        char c = *format++;
        if (c == '(') {
            if (level++ == 0) {
                n++;
            }
        } else if (c == ')') {
            if (level-- == 0) {
                return n;
            }
        } else if (IS_END_OF_FORMAT(c)) {
            return n;
        } else if (level == 0 && Py_ISALPHA(c) && c != 'e') {
            n++;
        }
    }
}

/* "(…)": any sequence but bytes. Items of a sequence that is no tuple are borrowed from it, as in
   3.11. */
static const char *convert_group(PyObject *arg, const char **format, va_list *va, int flags,
                                 int *levels, char *buf, size_t size, Cleanups *cleanups)
{
    int n = group_count(*format);
    if (!PySequence_Check(arg) || PyBytes_Check(arg)) {
        levels[0] = 0;
        PyOS_snprintf(buf, size, "must be %d-item sequence, not %.50s", n,
                      arg == Py_None ? "None" : Py_TYPE(arg)->tp_name);
        return buf;
    }
    Py_ssize_t len = PySequence_Size(arg);
    if (len != n) {
        levels[0] = 0;
        PyErr_Clear();
        PyOS_snprintf(buf, size, "must be sequence of length %d, not %zd", n, len);
        return buf;
    }
    for (int i = 0; i < n; i++) {
        PyObject *item = PySequence_GetItem(arg, i);
        if (item == NULL) {
            PyErr_Clear();
            levels[0] = i + 1;
            levels[1] = 0;
            strncpy(buf, "is not retrievable", size);
            return buf;
        }
        const char *message = convert_item(item, format, va, flags, levels + 1, buf, size,
                                           cleanups);
        /* The sequence keeps it alive, as the interface demands. */
        Py_DECREF(item);
        if (message) {
            levels[0] = i + 1;
            return message;
        }
    }
    return NULL;
}

/* Where a group fails, `levels` says at which item on each level. */
const char *convert_item(PyObject *arg, const char **format, va_list *va, int flags, int *levels,
                         char *buf, size_t size, Cleanups *cleanups)
{
    if (**format == '(') {
        ++*format;
        const char *message = convert_group(arg, format, va, flags, levels, buf, size, cleanups);
        if (message == NULL) {
            ++*format;
        }
        return message;
    }
    const char *message = convert_simple(arg, format, va, flags, buf, size, cleanups);
    if (message) {
        levels[0] = 0;
    }
    return message;
}

/* -- Skipping -------------------------------------------------------------------------------- */

static void skip_pointer(va_list *va)
{
    if (va) {
        (void)va_arg(*va, void *);
    }
}

/* G1 */
const char *skip_item(const char **pformat, va_list *va, int flags)
{
    const char *format = *pformat;
    char c = *format++;
    if (c == '(') {
        for (; *format != ')';) {
            if (IS_END_OF_FORMAT(*format)) {
                return "Unmatched left paren in format string";
            }
            const char *message = skip_item(&format, va, flags);
            if (message) {
                return message;
            }
        }
        *pformat = format + 1;
        return NULL;
    }
    if (c == ')') {
        return "Unmatched right paren in format string";
    }
    if (c == '\0' || strchr("bBhHiIlkLKnfdDcCpSYU", c)) {
        if (c == '\0') {
            return "impossible<bad format char>";
        }
        skip_pointer(va);
    } else if (strchr("eszyuZw", c)) {
        if (c == 'e') {
            skip_pointer(va);
            if (*format != 's' && *format != 't') {
                return "impossible<bad format char>";
            }
            format++;
        }
        skip_pointer(va);
        if (*format == '#') {
            if (!(flags & FLAG_SIZE_T)) {
                return "PY_SSIZE_T_CLEAN macro must be defined for '#' formats";
            }
            skip_pointer(va);
            format++;
        } else if ((c == 's' || c == 'z' || c == 'y' || c == 'w') && *format == '*') {
            format++;
        }
    } else if (c == 'O') {
        if (*format == '!' || *format == '&') {
            format++;
            skip_pointer(va);
        }
        skip_pointer(va);
    } else {
        return "impossible<bad format char>";
    }
    *pformat = format;
    return NULL;
}
