/* SPDX-License-Identifier: MIT
 *
 * Encoding and decoding by name, by the file system's encoding, by the locale.
 *
 * The Unicode transformation formats, Latin-1 and ASCII are recognised here in any spelling, so
 * that they work before and without the package 'encodings'; every other name goes to the codec
 * registry.
 */
#include "str_impl.h"
#include "base/fileutils.h"
#include <wchar.h>

const char *PyUnicode_GetDefaultEncoding(void)
{
    return "utf-8";
}

/* In development mode every encoding and error handler named must exist, used or not. */
static int check_names(const char *encoding, const char *errors)
{
    PyInterpreterState *interp = interp_get();
    if (LIKELY(!interp->config.dev_mode) || !interp->codecs_initialized || interp->finalizing)
        return 0;
    if (encoding && strcmp(encoding, "utf-8") != 0 && strcmp(encoding, "utf8") != 0
        && strcmp(encoding, "ascii") != 0) {
        PyObject *codec = _PyCodec_Lookup(encoding);
        if (!codec)
            return -1;
        Py_DECREF(codec);
    }
    if (errors && strcmp(errors, "strict") != 0 && strcmp(errors, "ignore") != 0
        && strcmp(errors, "replace") != 0 && strcmp(errors, "surrogateescape") != 0
        && strcmp(errors, "surrogatepass") != 0) {
        PyObject *handler = PyCodec_LookupError(errors);
        if (!handler)
            return -1;
        Py_DECREF(handler);
    }
    return 0;
}

/* -- By name --------------------------------------------------------------------------------- */

enum known { OTHER, UTF8, UTF16, UTF32, ASCII, LATIN1 };

/* Lower case; runs of other characters than letters, digits
   and dots become one '_'. False: too long. */
static bool normalise(const char *name, char *out, size_t size)
{
    char *end = out + size - 1, *start = out;
    bool gap = false;
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (!Py_ISALNUM(c) && c != '.') {
            gap = true;
            continue;
        }
        if (gap && out != start) {
            if (out == end)
                return false;
            *out++ = '_';
        }
        gap = false;
        if (out == end)
            return false;
        *out++ = (char)Py_TOLOWER(c);
    }
    *out = 0;
    return true;
}

/* As most write it: utf-8, utf_16, utf32; OTHER leaves it to the table. */
static enum known plain_utf(const char *name)
{
    if (name[0] != 'u' || name[1] != 't' || name[2] != 'f')
        return OTHER;
    const char *p = name + 3;
    p += *p == '-' || *p == '_';
    if (p[0] == '8' && !p[1])
        return UTF8;
    if (p[0] == '1' && p[1] == '6' && !p[2])
        return UTF16;
    return p[0] == '3' && p[1] == '2' && !p[2] ? UTF32 : OTHER;
}

/* NULL is UTF-8. */
static enum known known_encoding(const char *name)
{
    static const struct {
        char name[12]; /* normalised */
        enum known id;
    } table[] = {
        {"utf_8", UTF8},    {"utf8", UTF8},      {"utf_16", UTF16},      {"utf16", UTF16},
        {"utf_32", UTF32},  {"utf32", UTF32},    {"ascii", ASCII},       {"us_ascii", ASCII},
        {"latin1", LATIN1}, {"latin_1", LATIN1}, {"iso_8859_1", LATIN1}, {"iso8859_1", LATIN1},
    };
    char plain[12] = {0}; /* what follows the end is compared, too */
    if (!name)
        return UTF8;
    enum known utf = plain_utf(name);
    if (utf != OTHER)
        return utf;
    if (strcmp(name, "latin-1") == 0)
        return LATIN1;
    if (strcmp(name, "ascii") == 0)
        return ASCII;
    if ((Py_ISALNUM(*name) && !strchr("ualiUALI", *name)) || !normalise(name, plain, sizeof plain))
        return OTHER;
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (memcmp(plain, table[i].name, sizeof plain) == 0) /* in two words */
            return table[i].id;
    return OTHER;
}

/* Always bytes: a codec that gives something else is a TypeError (a bytearray, a warning). */
PyObject *PyUnicode_AsEncodedString(PyObject *s, const char *encoding, const char *errors)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (check_names(encoding, errors) < 0)
        return NULL;
    switch (known_encoding(encoding)) {
    case UTF8: return _PyUnicode_AsUTF8String(s, errors);
    case UTF16: return _PyUnicode_EncodeUTF16(s, errors, 0);
    case UTF32: return _PyUnicode_EncodeUTF32(s, errors, 0);
    case ASCII: return _PyUnicode_AsASCIIString(s, errors);
    case LATIN1: return _PyUnicode_AsLatin1String(s, errors);
    case OTHER: break;
    }
    PyObject *v = _PyCodec_EncodeText(s, encoding, errors);
    if (!v || PyBytes_Check(v))
        return v;
    if (PyByteArray_Check(v)) {
        PyObject *b = NULL;
        if (PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                             "encoder %s returned bytearray instead of bytes; "
                             "use codecs.encode() to encode to arbitrary types",
                             encoding)
            == 0)
            b = PyBytes_FromStringAndSize(PyByteArray_AS_STRING(v), PyByteArray_GET_SIZE(v));
        Py_DECREF(v);
        return b;
    }
    PyErr_Format(PyExc_TypeError, "'%.400s' encoder returned '%.400s' instead of 'bytes'; "
                 "use codecs.encode() to encode to arbitrary types", encoding, Py_TYPE(v)->tp_name);
    Py_DECREF(v);
    return NULL;
}

/* Always str. */
PyObject *PyUnicode_Decode(const char *s, Py_ssize_t size, const char *encoding, const char *errors)
{
    if (check_names(encoding, errors) < 0)
        return NULL;
    switch (known_encoding(encoding)) {
    case UTF8: return PyUnicode_DecodeUTF8Stateful(s, size, errors, NULL);
    case UTF16: return PyUnicode_DecodeUTF16(s, size, errors, NULL);
    case UTF32: return PyUnicode_DecodeUTF32(s, size, errors, NULL);
    case ASCII: return PyUnicode_DecodeASCII(s, size, errors);
    case LATIN1: return PyUnicode_DecodeLatin1(s, size, errors);
    case OTHER: break;
    }
    Py_buffer info;
    if (PyBuffer_FillInfo(&info, NULL, (void *)s, size, 1, PyBUF_FULL_RO) < 0)
        return NULL;
    PyObject *view = PyMemoryView_FromBuffer(&info);
    if (!view)
        return NULL;
    PyObject *r = _PyCodec_DecodeText(view, encoding, errors);
    Py_DECREF(view);
    if (r && !PyUnicode_Check(r)) {
        PyErr_Format(PyExc_TypeError,
                     "'%.400s' decoder returned '%.400s' instead of 'str'; "
                     "use codecs.decode() to decode to arbitrary types",
                     encoding, Py_TYPE(r)->tp_name);
        Py_CLEAR(r);
    }
    if (r && PyUnicode_READY(r) < 0)
        Py_CLEAR(r);
    return r;
}

/* str(bytes, encoding, errors) of any buffer. */
PyObject *PyUnicode_FromEncodedObject(PyObject *obj, const char *encoding, const char *errors)
{
    if (!obj) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (PyBytes_Check(obj) && PyBytes_GET_SIZE(obj) == 0)
        return check_names(encoding, errors) < 0 ? NULL : str_empty_get();
    if (PyBytes_Check(obj))
        return PyUnicode_Decode(PyBytes_AS_STRING(obj), PyBytes_GET_SIZE(obj), encoding, errors);
    if (PyUnicode_Check(obj)) {
        PyErr_SetString(PyExc_TypeError, "decoding str is not supported");
        return NULL;
    }
    Py_buffer view;
    if (PyObject_GetBuffer(obj, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError, "decoding to str: need a bytes-like object, %.80s found",
                     Py_TYPE(obj)->tp_name);
        return NULL;
    }
    PyObject *r = view.len == 0 ? (check_names(encoding, errors) < 0 ? NULL : str_empty_get())
                                : PyUnicode_Decode(view.buf, view.len, encoding, errors);
    PyBuffer_Release(&view);
    return r;
}

/* -- Deprecated generic calls ---------------------------------------------------------------- */

static const char *or_default(const char *encoding) { return encoding ? encoding : "utf-8"; }

/* Checks the type, then warns. */
static int deprecated_call(PyObject *s, const char *message)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return -1;
    }
    return PyErr_WarnEx(PyExc_DeprecationWarning, message, 1);
}

PyObject *PyUnicode_AsDecodedObject(PyObject *s, const char *encoding, const char *errors)
{
    if (deprecated_call(s, "PyUnicode_AsDecodedObject() is deprecated; use PyCodec_Decode() to "
                           "decode from str")
        < 0)
        return NULL;
    return PyCodec_Decode(s, or_default(encoding), errors);
}

PyObject *PyUnicode_AsDecodedUnicode(PyObject *s, const char *encoding, const char *errors)
{
    if (deprecated_call(s, "PyUnicode_AsDecodedUnicode() is deprecated; use PyCodec_Decode() to "
                           "decode from str to str")
        < 0)
        return NULL;
    PyObject *v = PyCodec_Decode(s, or_default(encoding), errors);
    if (v && !PyUnicode_Check(v)) {
        PyErr_Format(PyExc_TypeError,
                     "'%.400s' decoder returned '%.400s' instead of 'str'; "
                     "use codecs.decode() to decode to arbitrary types",
                     or_default(encoding), Py_TYPE(v)->tp_name);
        Py_CLEAR(v);
    }
    return v;
}

PyObject *PyUnicode_AsEncodedObject(PyObject *s, const char *encoding, const char *errors)
{
    if (deprecated_call(s, "PyUnicode_AsEncodedObject() is deprecated; use "
                           "PyUnicode_AsEncodedString() to encode from str "
                           "to bytes or PyCodec_Encode() for generic encoding")
        < 0)
        return NULL;
    return PyCodec_Encode(s, or_default(encoding), errors);
}

PyObject *PyUnicode_AsEncodedUnicode(PyObject *s, const char *encoding, const char *errors)
{
    if (deprecated_call(s, "PyUnicode_AsEncodedUnicode() is deprecated; use PyCodec_Encode() to "
                           "encode from str to str")
        < 0)
        return NULL;
    PyObject *v = PyCodec_Encode(s, or_default(encoding), errors);
    if (v && !PyUnicode_Check(v)) {
        PyErr_Format(PyExc_TypeError,
                     "'%.400s' encoder returned '%.400s' instead of 'str'; "
                     "use codecs.encode() to encode to arbitrary types",
                     or_default(encoding), Py_TYPE(v)->tp_name);
        Py_CLEAR(v);
    }
    return v;
}

/* -- The locale ------------------------------------------------------------------------------ */

/* C's multibyte functions, by way of wchar_t. With surrogateescape undecodable bytes pass through
   as lone surrogates (PEP 383), which is how file names and arguments survive. */

static PyObject *unsupported_handler(void)
{
    PyErr_SetString(PyExc_ValueError, "unsupported error handler");
    return NULL;
}

/* By C's functions; `current` is the locale as set now, else as the program started. */
static PyObject *encode_locale(PyObject *s, _Py_error_handler errors, int current)
{
    Py_ssize_t n;
    wchar_t *w = PyUnicode_AsWideCharString(s, &n);
    if (!w)
        return NULL;
    if (wcslen(w) != (size_t)n) {
        PyMem_Free(w);
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return NULL;
    }
    char *text;
    size_t at;
    const char *reason;
    int r = _Py_EncodeLocaleEx(w, &text, &at, &reason, current, errors);
    PyMem_Free(w);
    if (r == 0) {
        PyObject *bytes = PyBytes_FromString(text);
        PyMem_RawFree(text);
        return bytes;
    }
    if (r == -2) {
        PyObject *exc = PyObject_CallFunction(PyExc_UnicodeEncodeError, "sOnns", "locale", s,
                                              (Py_ssize_t)at, (Py_ssize_t)at + 1, reason);
        if (exc) {
            PyCodec_StrictErrors(exc);
            Py_DECREF(exc);
        }
        return NULL;
    }
    return r == -3 ? unsupported_handler() : PyErr_NoMemory();
}

PyObject *PyUnicode_EncodeLocale(PyObject *s, const char *errors)
{
    return encode_locale(s, (_Py_error_handler)error_mode(errors), 1);
}

static PyObject *decode_locale(const char *s, Py_ssize_t n, _Py_error_handler errors, int current)
{
    if (s[n] != 0 || (size_t)n != strlen(s)) {
        PyErr_SetString(PyExc_ValueError, "embedded null byte");
        return NULL;
    }
    wchar_t *w;
    size_t len;
    const char *reason;
    int r = _Py_DecodeLocaleEx(s, &w, &len, &reason, current, errors);
    if (r == 0) {
        PyObject *o = PyUnicode_FromWideChar(w, (Py_ssize_t)len);
        PyMem_RawFree(w);
        return o;
    }
    if (r == -2) {
        PyObject *exc = PyObject_CallFunction(PyExc_UnicodeDecodeError, "sy#nns", "locale", s, n,
                                              (Py_ssize_t)len, (Py_ssize_t)len + 1, reason);
        if (exc) {
            PyCodec_StrictErrors(exc);
            Py_DECREF(exc);
        }
        return NULL;
    }
    return r == -3 ? unsupported_handler() : PyErr_NoMemory();
}

PyObject *PyUnicode_DecodeLocaleAndSize(const char *s, Py_ssize_t n, const char *errors)
{
    return decode_locale(s, n, (_Py_error_handler)error_mode(errors), 1);
}

PyObject *PyUnicode_DecodeLocale(const char *s, const char *errors)
{
    return decode_locale(s, (Py_ssize_t)strlen(s), (_Py_error_handler)error_mode(errors), 1);
}

/* -- The file system ------------------------------------------------------------------------- */

/* Three stages: before the codec is known (the locale), UTF-8 (a flag, the usual case), any other
   codec by name. */

static char *raw_utf8(const wchar_t *w)
{
    char *s;
    size_t at;
    const char *reason;
    return _Py_EncodeUTF8Ex(w, &s, &at, &reason, 1, _Py_ERROR_SURROGATEPASS) == 0 ? s : NULL;
}

/* Before it, encode_locale serves for file names: the codec registry needs the file system. */
int str_init_fs_codec(PyInterpreterState *interp)
{
    const PyConfig *config = &interp->config;
    if (!config->filesystem_encoding || !config->filesystem_errors)
        return 0;
    char *encoding = raw_utf8(config->filesystem_encoding),
         *errors = raw_utf8(config->filesystem_errors);
    if (!encoding || !errors) {
        PyMem_RawFree(encoding);
        PyMem_RawFree(errors);
        return -1;
    }
    PyMem_RawFree(interp->fs_codec.encoding);
    PyMem_RawFree(interp->fs_codec.errors);
    interp->fs_codec.encoding = encoding;
    interp->fs_codec.errors = errors;
    interp->fs_codec.utf8 = known_encoding(encoding) == UTF8;
    interp->fs_codec.error_handler = error_mode(errors);
    return 0;
}

/* The handler for file names while there is no codec. */
static _Py_error_handler early_errors(const PyConfig *config)
{
    char *errors = config->filesystem_errors ? raw_utf8(config->filesystem_errors) : NULL;
    _Py_error_handler mode = errors ? (_Py_error_handler)error_mode(errors)
                                    : _Py_ERROR_SURROGATEESCAPE;
    PyMem_RawFree(errors);
    return mode;
}

PyObject *PyUnicode_EncodeFSDefault(PyObject *s)
{
    PyInterpreterState *interp = interp_get();
    if (interp->fs_codec.utf8)
        return _PyUnicode_AsUTF8String(s, interp->fs_codec.errors);
    if (interp->fs_codec.encoding)
        return PyUnicode_AsEncodedString(s, interp->fs_codec.encoding, interp->fs_codec.errors);
    return encode_locale(s, early_errors(&interp->config), 0);
}

PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *s, Py_ssize_t size)
{
    PyInterpreterState *interp = interp_get();
    if (interp->fs_codec.utf8)
        return PyUnicode_DecodeUTF8Stateful(s, size, interp->fs_codec.errors, NULL);
    if (interp->fs_codec.encoding)
        return PyUnicode_Decode(s, size, interp->fs_codec.encoding, interp->fs_codec.errors);
    return decode_locale(s, size, early_errors(&interp->config), 0);
}

PyObject *PyUnicode_DecodeFSDefault(const char *s)
{
    return PyUnicode_DecodeFSDefaultAndSize(s, (Py_ssize_t)strlen(s));
}

/* -- Converters for argument parsing --------------------------------------------------------- */

/* "O&": bytes of a path, owned. Called with NULL it lets go. */
int PyUnicode_FSConverter(PyObject *arg, void *addr)
{
    PyObject **out = addr;
    if (!arg) {
        Py_CLEAR(*out);
        return 1;
    }
    PyObject *path = PyOS_FSPath(arg);
    if (!path)
        return 0;
    if (!PyBytes_Check(path)) {
        PyObject *bytes = PyUnicode_EncodeFSDefault(path);
        Py_DECREF(path);
        if (!bytes)
            return 0;
        path = bytes;
    }
    if (strlen(PyBytes_AS_STRING(path)) != (size_t)PyBytes_GET_SIZE(path)) {
        PyErr_SetString(PyExc_ValueError, "embedded null byte");
        Py_DECREF(path);
        return 0;
    }
    *out = path;
    return Py_CLEANUP_SUPPORTED;
}

static PyObject *decode_path(PyObject *path, PyObject *arg)
{
    if (PyUnicode_Check(path))
        return Py_NewRef(path);
    if (!PyBytes_Check(path) && !PyObject_CheckBuffer(path)) {
        PyErr_Format(PyExc_TypeError, "path should be string, bytes, or os.PathLike, not %.200s",
                     Py_TYPE(arg)->tp_name);
        return NULL;
    }
    if (!PyBytes_Check(path)
        && PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                            "path should be string, bytes, or os.PathLike, "
                            "not %.200s",
                            Py_TYPE(arg)->tp_name)
               < 0)
        return NULL;
    PyObject *bytes = PyBytes_FromObject(path);
    if (!bytes)
        return NULL;
    PyObject *s = PyUnicode_DecodeFSDefaultAndSize(PyBytes_AS_STRING(bytes),
                                                   PyBytes_GET_SIZE(bytes));
    Py_DECREF(bytes);
    return s;
}

/* "O&": str of a path, owned. Called with NULL it lets go. */
int PyUnicode_FSDecoder(PyObject *arg, void *addr)
{
    PyObject **out = addr;
    if (!arg) {
        Py_CLEAR(*out);
        return 1;
    }
    PyObject *path = PyObject_CheckBuffer(arg) ? Py_NewRef(arg) : PyOS_FSPath(arg);
    if (!path)
        return 0;
    PyObject *s = decode_path(path, arg);
    Py_DECREF(path);
    if (!s)
        return 0;
    if (PyUnicode_READY(s) < 0 || run_find_char(str_kind(s), str_data(s), str_len(s), 0) >= 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "embedded null character");
        Py_DECREF(s);
        return 0;
    }
    *out = s;
    return Py_CLEANUP_SUPPORTED;
}

/* -- Digits of any script -------------------------------------------------------------------- */

/* For int() and float(): decimal digits of all scripts become 0 to 9, spaces ' ', what cannot be
   part of a number '?'. */
PyObject *_PyUnicode_TransformDecimalAndSpaceToASCII(PyObject *s)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (str_is_ascii(s))
        return Py_NewRef(s);
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s);
    PyObject *r = PyUnicode_New(n, 127);
    if (!r)
        return NULL;
    Py_UCS1 *out = str_data(r);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        int digit;
        if (c < 127)
            out[i] = (Py_UCS1)c;
        else if (Py_UNICODE_ISSPACE(c))
            out[i] = ' ';
        else if ((digit = Py_UNICODE_TODECIMAL(c)) >= 0)
            out[i] = (Py_UCS1)('0' + digit);
        else {
            /* no number has this: the parser will stop here, and the rest does not matter */
            out[i] = '?';
            out[i + 1] = 0;
            ((PyASCIIObject *)r)->length = i + 1;
            break;
        }
    }
    return r;
}
