/* SPDX-License-Identifier: MIT
 *
 * Module _codecs: the codec registry and the built-in codecs for codecs.py and the package
 * encodings. Decoders return (str, bytes consumed), encoders (bytes, characters consumed).
 */
#include "state.h"

/* -- Arguments ------------------------------------------------------------------------------- */

/* Text without NUL; -1 with an exception. */
static int text_arg(const char *function, const char *which, const char *expected, PyObject *o,
                    const char **out)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(o)) {
        _PyArg_BadArgument(function, which, expected, o);
        return -1;
    }
    *out = PyUnicode_AsUTF8AndSize(o, &n);
    if (!*out)
        return -1;
    if (strlen(*out) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return -1;
    }
    return 0;
}

static int errors_arg(const char *function, PyObject *o, const char **errors)
{
    *errors = NULL;
    return o == Py_None ? 0 : text_arg(function, "argument 2", "str or None", o, errors);
}

typedef struct { Py_buffer data; const char *errors; int final; } DecodeArgs;

/* data[, errors[, final]]; text_too: a str counts as its UTF-8. The buffer is the caller's to
 * release. */
static int decode_args(const char *name, PyObject *const *args, Py_ssize_t n, Py_ssize_t max,
                       bool text_too, int final, DecodeArgs *a)
{
    memset(&a->data, 0, sizeof a->data);
    a->errors = NULL;
    a->final = final;
    if (!_PyArg_CheckPositional(name, n, 1, max))
        return -1;
    if (text_too && PyUnicode_Check(args[0])) {
        Py_ssize_t size;
        const char *p = PyUnicode_AsUTF8AndSize(args[0], &size);
        if (!p || PyBuffer_FillInfo(&a->data, args[0], (void *)p, size, 1, 0) < 0)
            return -1;
    }
    else if (PyObject_GetBuffer(args[0], &a->data, PyBUF_SIMPLE) < 0)
        return -1;
    if (n > 1 && errors_arg(name, args[1], &a->errors) < 0)
        goto fail;
    if (n > 2 && max == 3 && (a->final = PyObject_IsTrue(args[2])) < 0)
        goto fail;
    return 0;
fail:
    PyBuffer_Release(&a->data);
    return -1;
}

/* STEALS value (NULL passes the exception on). */
static PyObject *pair_steal(PyObject *value, Py_ssize_t n)
{
    return value ? Py_BuildValue("(Nn)", value, n) : NULL;
}

/* -- Registry -------------------------------------------------------------------------------- */

static PyObject *codecs_register(PyObject *m, PyObject *f)
{
    if (PyCodec_Register(f) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *codecs_unregister(PyObject *m, PyObject *f)
{
    if (PyCodec_Unregister(f) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *codecs_lookup(PyObject *m, PyObject *name)
{
    const char *encoding;
    return text_arg("lookup", "argument", "str", name, &encoding) < 0 ? NULL
                                                                      : _PyCodec_Lookup(encoding);
}

static PyObject *codecs_lookup_error(PyObject *m, PyObject *name)
{
    const char *text;
    return text_arg("lookup_error", "argument", "str", name, &text) < 0 ? NULL
                                                                        : PyCodec_LookupError(text);
}

static PyObject *codecs_register_error(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    const char *name;
    if (!_PyArg_CheckPositional("register_error", n, 2, 2) ||
        text_arg("register_error", "argument 1", "str", args[0], &name) < 0 ||
        PyCodec_RegisterError(name, args[1]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static const char *const code_words[] = { "obj", "encoding", "errors", NULL };

static PyObject *code(PyObject *const *args, Py_ssize_t n, PyObject *kwnames, _PyArg_Parser *parser,
                      PyObject *(*run)(PyObject *, const char *, const char *))
{
    PyObject *room[3];
    const char *encoding = "utf-8", *errors = NULL;
    PyObject *const *got = _PyArg_UnpackKeywords(args, n, NULL, kwnames, parser, 1, 3, 0, room);
    if (!got)
        return NULL;
    Py_ssize_t have = got == room ? 3 : n;
    if (have > 1 && got[1] &&
        text_arg(parser->fname, "argument 'encoding'", "str", got[1], &encoding) < 0)
        return NULL;
    if (have > 2 && got[2] &&
        text_arg(parser->fname, "argument 'errors'", "str", got[2], &errors) < 0)
        return NULL;
    return run(got[0], encoding, errors);
}

static PyObject *codecs_encode(PyObject *m, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .keywords = code_words, .fname = "encode" };
    return code(args, n, kwnames, &parser, PyCodec_Encode);
}

static PyObject *codecs_decode(PyObject *m, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .keywords = code_words, .fname = "decode" };
    return code(args, n, kwnames, &parser, PyCodec_Decode);
}

/* -- Decoders -------------------------------------------------------------------------------- */

typedef PyObject *(*stateful)(const char *, Py_ssize_t, const char *, Py_ssize_t *);

static PyObject *decode_stateful(const char *name, PyObject *const *args, Py_ssize_t n,
                                 bool text_too, int final, stateful decode)
{
    DecodeArgs a;
    if (decode_args(name, args, n, 3, text_too, final, &a) < 0)
        return NULL;
    Py_ssize_t consumed = a.data.len;
    PyObject *r = decode(a.data.buf, a.data.len, a.errors, a.final ? NULL : &consumed);
    PyBuffer_Release(&a.data);
    return pair_steal(r, consumed);
}

#define STATEFUL(name, text_too, final, decode) \
    static PyObject *codecs_##name(PyObject *m, PyObject *const *args, Py_ssize_t n) \
    { \
        return decode_stateful(#name, args, n, text_too, final, decode); \
    }
STATEFUL(utf_7_decode, false, 0, PyUnicode_DecodeUTF7Stateful)
STATEFUL(utf_8_decode, false, 0, PyUnicode_DecodeUTF8Stateful)
STATEFUL(unicode_escape_decode, true, 1, _PyUnicode_DecodeUnicodeEscapeStateful)
STATEFUL(raw_unicode_escape_decode, true, 1, _PyUnicode_DecodeRawUnicodeEscapeStateful)

typedef PyObject *(*ordered)(const char *, Py_ssize_t, const char *, int *, Py_ssize_t *);

static PyObject *decode_ordered(const char *name, PyObject *const *args, Py_ssize_t n, int order,
                                ordered decode)
{
    DecodeArgs a;
    if (decode_args(name, args, n, 3, false, 0, &a) < 0)
        return NULL;
    Py_ssize_t consumed = a.data.len;
    PyObject *r = decode(a.data.buf, a.data.len, a.errors, &order, a.final ? NULL : &consumed);
    PyBuffer_Release(&a.data);
    return pair_steal(r, consumed);
}

#define ORDERED(name, order, decode) \
    static PyObject *codecs_##name(PyObject *m, PyObject *const *args, Py_ssize_t n) \
    { \
        return decode_ordered(#name, args, n, order, decode); \
    }
ORDERED(utf_16_decode, 0, PyUnicode_DecodeUTF16Stateful)
ORDERED(utf_16_le_decode, -1, PyUnicode_DecodeUTF16Stateful)
ORDERED(utf_16_be_decode, 1, PyUnicode_DecodeUTF16Stateful)
ORDERED(utf_32_decode, 0, PyUnicode_DecodeUTF32Stateful)
ORDERED(utf_32_le_decode, -1, PyUnicode_DecodeUTF32Stateful)
ORDERED(utf_32_be_decode, 1, PyUnicode_DecodeUTF32Stateful)

/* data[, errors[, byteorder[, final]]] -> (str, consumed, byteorder) */
static PyObject *decode_ex(const char *name, PyObject *const *args, Py_ssize_t n, ordered decode)
{
    DecodeArgs a;
    int order = 0;
    if (decode_args(name, args, n, 4, false, 0, &a) < 0)
        return NULL;
    if ((n > 2 && (order = _PyLong_AsInt(args[2])) == -1 && PyErr_Occurred()) ||
        (n > 3 && (a.final = PyObject_IsTrue(args[3])) < 0)) {
        PyBuffer_Release(&a.data);
        return NULL;
    }
    Py_ssize_t consumed = a.data.len;
    PyObject *r = decode(a.data.buf, a.data.len, a.errors, &order, a.final ? NULL : &consumed);
    PyBuffer_Release(&a.data);
    return r ? Py_BuildValue("(Nni)", r, consumed, order) : NULL;
}

static PyObject *codecs_utf_16_ex_decode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    return decode_ex("utf_16_ex_decode", args, n, PyUnicode_DecodeUTF16Stateful);
}

static PyObject *codecs_utf_32_ex_decode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    return decode_ex("utf_32_ex_decode", args, n, PyUnicode_DecodeUTF32Stateful);
}

static PyObject *decode_plain(const char *name, PyObject *const *args, Py_ssize_t n, bool text_too,
                              PyObject *(*decode)(const char *, Py_ssize_t, const char *))
{
    DecodeArgs a;
    if (decode_args(name, args, n, 2, text_too, 1, &a) < 0)
        return NULL;
    PyObject *r = decode(a.data.buf, a.data.len, a.errors);
    Py_ssize_t consumed = a.data.len;
    PyBuffer_Release(&a.data);
    return pair_steal(r, consumed);
}

static PyObject *decode_escape(const char *s, Py_ssize_t size, const char *errors)
{
    return PyBytes_DecodeEscape(s, size, errors, 0, NULL);
}

static PyObject *decode_as_is(const char *s, Py_ssize_t size, const char *errors)
{
    return PyBytes_FromStringAndSize(s, size);
}

#define PLAIN(name, text_too, decode) \
    static PyObject *codecs_##name(PyObject *m, PyObject *const *args, Py_ssize_t n) \
    { \
        return decode_plain(#name, args, n, text_too, decode); \
    }
PLAIN(ascii_decode, false, PyUnicode_DecodeASCII)
PLAIN(latin_1_decode, false, PyUnicode_DecodeLatin1)
PLAIN(escape_decode, true, decode_escape)
PLAIN(readbuffer_encode, true, decode_as_is)

static PyObject *codecs_charmap_decode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    DecodeArgs a;
    if (!_PyArg_CheckPositional("charmap_decode", n, 1, 3) ||
        decode_args("charmap_decode", args, Py_MIN(n, 2), 2, false, 1, &a) < 0)
        return NULL;
    PyObject *mapping = n > 2 && args[2] != Py_None ? args[2] : NULL;
    PyObject *r = PyUnicode_DecodeCharmap(a.data.buf, a.data.len, mapping, a.errors);
    Py_ssize_t consumed = a.data.len;
    PyBuffer_Release(&a.data);
    return pair_steal(r, consumed);
}

/* -- Encoders -------------------------------------------------------------------------------- */

/* str[, errors[, one more]] */
static int encode_args(const char *name, PyObject *const *args, Py_ssize_t n, Py_ssize_t max,
                       const char **errors)
{
    *errors = NULL;
    if (!_PyArg_CheckPositional(name, n, 1, max))
        return -1;
    if (!PyUnicode_Check(args[0])) {
        _PyArg_BadArgument(name, "argument 1", "str", args[0]);
        return -1;
    }
    return PyUnicode_READY(args[0]) < 0 || (n > 1 && errors_arg(name, args[1], errors) < 0) ? -1
                                                                                            : 0;
}

static PyObject *encode_utf7(PyObject *s, const char *errors)
{
    return _PyUnicode_EncodeUTF7(s, 0, 0, errors);
}
static PyObject *encode_utf16_le(PyObject *s, const char *errors)
{
    return _PyUnicode_EncodeUTF16(s, errors, -1);
}
static PyObject *encode_utf16_be(PyObject *s, const char *errors)
{
    return _PyUnicode_EncodeUTF16(s, errors, 1);
}
static PyObject *encode_utf32_le(PyObject *s, const char *errors)
{
    return _PyUnicode_EncodeUTF32(s, errors, -1);
}
static PyObject *encode_utf32_be(PyObject *s, const char *errors)
{
    return _PyUnicode_EncodeUTF32(s, errors, 1);
}
static PyObject *encode_escaped(PyObject *s, const char *errors)
{
    return PyUnicode_AsUnicodeEscapeString(s);
}
static PyObject *encode_raw(PyObject *s, const char *errors)
{
    return PyUnicode_AsRawUnicodeEscapeString(s);
}

static PyObject *encode_with(const char *name, PyObject *const *args, Py_ssize_t n,
                             PyObject *(*encode)(PyObject *, const char *))
{
    const char *errors;
    if (encode_args(name, args, n, 2, &errors) < 0)
        return NULL;
    return pair_steal(encode(args[0], errors), PyUnicode_GET_LENGTH(args[0]));
}

#define ENCODER(name, encode) \
    static PyObject *codecs_##name(PyObject *m, PyObject *const *args, Py_ssize_t n) \
    { \
        return encode_with(#name, args, n, encode); \
    }
ENCODER(utf_7_encode, encode_utf7)
ENCODER(utf_8_encode, _PyUnicode_AsUTF8String)
ENCODER(utf_16_le_encode, encode_utf16_le)
ENCODER(utf_16_be_encode, encode_utf16_be)
ENCODER(utf_32_le_encode, encode_utf32_le)
ENCODER(utf_32_be_encode, encode_utf32_be)
ENCODER(unicode_escape_encode, encode_escaped)
ENCODER(raw_unicode_escape_encode, encode_raw)
ENCODER(latin_1_encode, _PyUnicode_AsLatin1String)
ENCODER(ascii_encode, _PyUnicode_AsASCIIString)

static PyObject *encode_order(const char *name, PyObject *const *args, Py_ssize_t n,
                              PyObject *(*encode)(PyObject *, const char *, int))
{
    const char *errors;
    int order = 0;
    if (encode_args(name, args, n, 3, &errors) < 0 ||
        (n > 2 && (order = _PyLong_AsInt(args[2])) == -1 && PyErr_Occurred()))
        return NULL;
    return pair_steal(encode(args[0], errors, order), PyUnicode_GET_LENGTH(args[0]));
}

static PyObject *codecs_utf_16_encode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    return encode_order("utf_16_encode", args, n, _PyUnicode_EncodeUTF16);
}

static PyObject *codecs_utf_32_encode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    return encode_order("utf_32_encode", args, n, _PyUnicode_EncodeUTF32);
}

static PyObject *codecs_charmap_encode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    const char *errors;
    if (encode_args("charmap_encode", args, n, 3, &errors) < 0)
        return NULL;
    PyObject *mapping = n > 2 && args[2] != Py_None ? args[2] : NULL;
    return pair_steal(_PyUnicode_EncodeCharmap(args[0], mapping, errors),
                      PyUnicode_GET_LENGTH(args[0]));
}

static PyObject *codecs_charmap_build(PyObject *m, PyObject *map)
{
    if (!PyUnicode_Check(map)) {
        _PyArg_BadArgument("charmap_build", "argument", "str", map);
        return NULL;
    }
    return PyUnicode_READY(map) < 0 ? NULL : PyUnicode_BuildEncodingMap(map);
}

/* Bytes as they stand between quotes in a literal. */
static PyObject *codecs_escape_encode(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    const char *errors;
    if (!_PyArg_CheckPositional("escape_encode", n, 1, 2))
        return NULL;
    if (!PyBytes_Check(args[0])) {
        _PyArg_BadArgument("escape_encode", "argument 1", "bytes", args[0]);
        return NULL;
    }
    if (n > 1 && errors_arg("escape_encode", args[1], &errors) < 0)
        return NULL;
    Py_ssize_t size = PyBytes_GET_SIZE(args[0]);
    if (size > PY_SSIZE_T_MAX / 4) {
        PyErr_SetString(PyExc_OverflowError, "string is too large to encode");
        return NULL;
    }
    PyObject *r = PyBytes_FromStringAndSize(NULL, 4 * size);
    if (!r)
        return NULL;
    const unsigned char *s = (const unsigned char *)PyBytes_AS_STRING(args[0]);
    char *p = PyBytes_AS_STRING(r);
    for (Py_ssize_t i = 0; i < size; i++) {
        const char *special = s[i] ? strchr("\t\n\r'\\", s[i]) : NULL;
        if (special) {
            *p++ = '\\';
            *p++ = *special == '\t'   ? 't'
                   : *special == '\n' ? 'n'
                   : *special == '\r' ? 'r'
                                      : *special;
        }
        else if (s[i] < ' ' || s[i] >= 0x7f)
            p += sprintf(p, "\\x%02x", s[i]);
        else
            *p++ = (char)s[i];
    }
    if (size && _PyBytes_Resize(&r, p - PyBytes_AS_STRING(r)) < 0)
        return NULL;
    return pair_steal(r, size);
}

/* -- The module ------------------------------------------------------------------------------ */

#define FAST(f) (PyCFunction)(void (*)(void))f
#define ROW(name, sig) { #name, FAST(codecs_##name), METH_FASTCALL, #name sig "\n--\n\n" }
#define DEC(name) ROW(name, "($module, data, errors=None, /)")
#define DECF(name, final) ROW(name, "($module, data, errors=None, final=" final ", /)")
#define ENC(name) ROW(name, "($module, str, errors=None, /)")

static PyMethodDef codecs_methods[] = {
    {"register", codecs_register, METH_O,
     "register($module, search_function, /)\n--\n\n"
     "Add a search function: it gets a lower-case name and returns a CodecInfo or None."},
    {"unregister", codecs_unregister, METH_O,
     "unregister($module, search_function, /)\n--\n\n"
     "Remove a search function and empty the cache. Nothing happens if it is not registered."},
    {"lookup", codecs_lookup, METH_O,
     "lookup($module, encoding, /)\n--\n\nThe CodecInfo of an encoding."},
    {"encode", FAST(codecs_encode), METH_FASTCALL | METH_KEYWORDS,
     "encode($module, /, obj, encoding='utf-8', errors='strict')\n--\n\nThe object encoded by the "
     "registered codec."},
    {"decode", FAST(codecs_decode), METH_FASTCALL | METH_KEYWORDS,
     "decode($module, /, obj, encoding='utf-8', errors='strict')\n--\n\nThe object decoded by the "
     "registered codec."},
    DEC(escape_decode),
    ROW(escape_encode, "($module, data, errors=None, /)"),
    DECF(utf_7_decode, "False"),
    DECF(utf_8_decode, "False"),
    DECF(utf_16_decode, "False"),
    DECF(utf_16_le_decode, "False"),
    DECF(utf_16_be_decode, "False"),
    ROW(utf_16_ex_decode,
        "($module, data, errors=None, byteorder=0, final=False,\n                 /)"),
    DECF(utf_32_decode, "False"),
    DECF(utf_32_le_decode, "False"),
    DECF(utf_32_be_decode, "False"),
    ROW(utf_32_ex_decode,
        "($module, data, errors=None, byteorder=0, final=False,\n                 /)"),
    DECF(unicode_escape_decode, "True"),
    DECF(raw_unicode_escape_decode, "True"),
    DEC(latin_1_decode),
    DEC(ascii_decode),
    ROW(charmap_decode, "($module, data, errors=None, mapping=None, /)"),
    DEC(readbuffer_encode),
    ENC(utf_7_encode),
    ENC(utf_8_encode),
    ROW(utf_16_encode, "($module, str, errors=None, byteorder=0, /)"),
    ENC(utf_16_le_encode),
    ENC(utf_16_be_encode),
    ROW(utf_32_encode, "($module, str, errors=None, byteorder=0, /)"),
    ENC(utf_32_le_encode),
    ENC(utf_32_be_encode),
    ENC(unicode_escape_encode),
    ENC(raw_unicode_escape_encode),
    ENC(latin_1_encode),
    ENC(ascii_encode),
    ROW(charmap_encode, "($module, str, errors=None, mapping=None, /)"),
    {"charmap_build", codecs_charmap_build, METH_O, "charmap_build($module, map, /)\n--\n\n"},
    {"register_error", FAST(codecs_register_error), METH_FASTCALL,
     "register_error($module, errors, handler, /)\n--\n\n"
     "Make handler answer for coding errors under the name 'errors'."},
    {"lookup_error", codecs_lookup_error, METH_O,
     "lookup_error($module, name, /)\n--\n\n"
     "lookup_error(errors) -> handler\n\nThe error handler of that name."},
    {NULL}};

static struct PyModuleDef codecs_module = {PyModuleDef_HEAD_INIT, .m_name = "_codecs",
                                           .m_methods = codecs_methods};

PyMODINIT_FUNC PyInit__codecs(void)
{
    return PyModuleDef_Init(&codecs_module);
}
