/* SPDX-License-Identifier: MIT
 *
 * The codec registry and the error handlers.
 *
 * Search functions are asked in order for a codec (a 4-tuple, usually a CodecInfo); what they find
 * is cached under the normalised name. The registry is made, and the package 'encodings' imported
 * (it registers the standard search function), at the first use: UTF-8, ASCII and Latin-1 never
 * come here (objects/str/encode.c).
 *
 *     codec = (encode, decode, StreamReader, StreamWriter)      codec_part(name, 0 … 3)
 *
 * An error handler gets the exception and gives (replacement, place to go on), or raises. The
 * standard ones are functions here; str's own codecs have them built in and call here only from
 * others.
 *
 * State: interp->codec_search_path (list), codec_search_cache (dict), codec_error_registry (dict).
 */
#include "state.h"
#include "objects/str/str_impl.h"

const char *Py_hexdigits = "0123456789abcdef";

static int registry_ready(PyInterpreterState *interp);

/* -- Registration and look-up ---------------------------------------------------------------- */

int PyCodec_Register(PyObject *search_function)
{
    PyInterpreterState *interp = interp_get();
    if (registry_ready(interp) < 0)
        return -1;
    if (!search_function) {
        PyErr_BadArgument();
        return -1;
    }
    if (!PyCallable_Check(search_function)) {
        PyErr_SetString(PyExc_TypeError, "argument must be callable");
        return -1;
    }
    return PyList_Append(interp->codec_search_path, search_function);
}

int PyCodec_Unregister(PyObject *search_function)
{
    PyInterpreterState *interp = interp_get();
    PyObject *path = interp->codec_search_path;
    if (!path)
        return 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(path); i++)
        if (PyList_GET_ITEM(path, i) == search_function) {
            if (interp->codec_search_cache)
                PyDict_Clear(interp->codec_search_cache);
            return PyList_SetSlice(path, i, i + 1, NULL);
        }
    return 0;
}

/* Lower case, runs of punctuation as one '_'. */
static PyObject *normalised_name(const char *name)
{
    size_t n = strlen(name), m = 0;
    char few[64], *out = n < sizeof few ? few : PyMem_Malloc(n + 1);
    bool gap = false;
    if (!out)
        return PyErr_NoMemory();
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        if (!Py_ISALNUM(c) && c != '.') {
            gap = true;
            continue;
        }
        if (gap && m)
            out[m++] = '_';
        gap = false;
        out[m++] = (char)Py_TOLOWER(c);
    }
    PyObject *s = PyUnicode_DecodeASCII(out, (Py_ssize_t)m, "replace");
    if (out != few)
        PyMem_Free(out);
    return s;
}

/* Asks the search functions; LookupError when none knows the name. */
static PyObject *search(PyInterpreterState *interp, PyObject *name, const char *encoding)
{
    PyObject *path = interp->codec_search_path;
    if (PyList_GET_SIZE(path) == 0) {
        PyErr_SetString(PyExc_LookupError,
                        "no codec search functions registered: can't find encoding");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(path); i++) {
        PyObject *function = Py_NewRef(PyList_GET_ITEM(path, i));
        PyObject *found = PyObject_CallOneArg(function, name);
        Py_DECREF(function);
        if (!found)
            return NULL;
        if (found == Py_None) {
            Py_DECREF(found);
            continue;
        }
        if (!PyTuple_Check(found) || PyTuple_GET_SIZE(found) != 4) {
            PyErr_SetString(PyExc_TypeError, "codec search functions must return 4-tuples");
            Py_DECREF(found);
            return NULL;
        }
        return found;
    }
    PyErr_Format(PyExc_LookupError, "unknown encoding: %s", encoding);
    return NULL;
}

/* Owned. */
PyObject *_PyCodec_Lookup(const char *encoding)
{
    PyInterpreterState *interp = interp_get();
    if (!encoding) {
        PyErr_BadArgument();
        return NULL;
    }
    if (registry_ready(interp) < 0)
        return NULL;
    PyObject *name = normalised_name(encoding);
    if (!name)
        return NULL;
    PyUnicode_InternInPlace(&name);
    PyObject *found = PyDict_GetItemWithError(interp->codec_search_cache, name);
    if (found)
        Py_INCREF(found);
    else if (!PyErr_Occurred()) {
        found = search(interp, name, encoding);
        if (found && PyDict_SetItem(interp->codec_search_cache, name, found) < 0)
            Py_CLEAR(found);
    }
    Py_DECREF(name);
    return found;
}

int PyCodec_KnownEncoding(const char *encoding)
{
    PyObject *codec = _PyCodec_Lookup(encoding);
    if (!codec) {
        PyErr_Clear();
        return 0;
    }
    Py_DECREF(codec);
    return 1;
}

/* -- The parts of a codec -------------------------------------------------------------------- */

/* Owned: encode, decode, StreamReader or StreamWriter. */
static PyObject *codec_part(const char *encoding, int i)
{
    PyObject *codec = _PyCodec_Lookup(encoding);
    if (!codec)
        return NULL;
    PyObject *part = Py_NewRef(PyTuple_GET_ITEM(codec, i));
    Py_DECREF(codec);
    return part;
}

PyObject *PyCodec_Encoder(const char *encoding) { return codec_part(encoding, 0); }
PyObject *PyCodec_Decoder(const char *encoding) { return codec_part(encoding, 1); }

static PyObject *make_incremental(PyObject *codec, const char *errors, PyObject *attribute)
{
    PyObject *factory = PyObject_GetAttr(codec, attribute);
    PyObject *text = factory && errors ? PyUnicode_FromString(errors) : NULL, *r = NULL;
    if (factory && (text || !errors)) {
        r = text ? PyObject_CallOneArg(factory, text) : PyObject_CallNoArgs(factory);
    }
    Py_XDECREF(text);
    Py_XDECREF(factory);
    return r;
}

PyObject *_PyCodecInfo_GetIncrementalDecoder(PyObject *codec, const char *errors)
{
    return make_incremental(codec, errors, ID2(incrementaldecoder));
}

PyObject *_PyCodecInfo_GetIncrementalEncoder(PyObject *codec, const char *errors)
{
    return make_incremental(codec, errors, ID2(incrementalencoder));
}

static PyObject *incremental(const char *encoding, const char *errors, PyObject *attribute)
{
    PyObject *codec = _PyCodec_Lookup(encoding);
    if (!codec)
        return NULL;
    PyObject *r = make_incremental(codec, errors, attribute);
    Py_DECREF(codec);
    return r;
}

PyObject *PyCodec_IncrementalEncoder(const char *encoding, const char *errors)
{
    return incremental(encoding, errors, ID2(incrementalencoder));
}

PyObject *PyCodec_IncrementalDecoder(const char *encoding, const char *errors)
{
    return incremental(encoding, errors, ID2(incrementaldecoder));
}

static PyObject *stream_codec(const char *encoding, PyObject *stream, const char *errors, int i)
{
    PyObject *factory = codec_part(encoding, i);
    if (!factory)
        return NULL;
    PyObject *r = errors ? PyObject_CallFunction(factory, "Os", stream, errors)
                         : PyObject_CallOneArg(factory, stream);
    Py_DECREF(factory);
    return r;
}

PyObject *PyCodec_StreamReader(const char *encoding, PyObject *stream, const char *errors)
{
    return stream_codec(encoding, stream, errors, 2);
}

PyObject *PyCodec_StreamWriter(const char *encoding, PyObject *stream, const char *errors)
{
    return stream_codec(encoding, stream, errors, 3);
}

/* -- Encoding and decoding ------------------------------------------------------------------- */

/* STEALS function (may be NULL with an exception set). */
static PyObject *run_codec_steal(PyObject *function, PyObject *object, const char *encoding,
                                 const char *errors, bool encoding_it)
{
    if (!function)
        return NULL;
    PyObject *result = errors ? PyObject_CallFunction(function, "Os", object, errors)
                              : PyObject_CallOneArg(function, object);
    Py_DECREF(function);
    if (!result) {
        _PyErr_TrySetFromCause(encoding_it ? "encoding with '%s' codec failed"
                                           : "decoding with '%s' codec failed",
                               encoding);
        return NULL;
    }
    if (!PyTuple_Check(result) || PyTuple_GET_SIZE(result) != 2) {
        PyErr_SetString(PyExc_TypeError, encoding_it
                                             ? "encoder must return a tuple (object, integer)"
                                             : "decoder must return a tuple (object,integer)");
        Py_DECREF(result);
        return NULL;
    }
    PyObject *value = Py_NewRef(PyTuple_GET_ITEM(result, 0));
    Py_DECREF(result);
    return value;
}

PyObject *PyCodec_Encode(PyObject *object, const char *encoding, const char *errors)
{
    return run_codec_steal(PyCodec_Encoder(encoding), object, encoding, errors, true);
}

PyObject *PyCodec_Decode(PyObject *object, const char *encoding, const char *errors)
{
    return run_codec_steal(PyCodec_Decoder(encoding), object, encoding, errors, false);
}

/* Refuses codecs that are not between str and bytes (rot13, hex): str.encode is for text. */
PyObject *_PyCodec_LookupTextEncoding(const char *encoding, const char *alternate_command)
{
    PyObject *codec = _PyCodec_Lookup(encoding), *flag;
    if (!codec || PyTuple_CheckExact(codec)) /* plain tuples are taken on trust */
        return codec;
    if (_PyObject_LookupAttr(codec, ID(_is_text_encoding), &flag) < 0) {
        Py_DECREF(codec);
        return NULL;
    }
    int text = flag ? PyObject_IsTrue(flag) : 1;
    Py_XDECREF(flag);
    if (text > 0)
        return codec;
    Py_DECREF(codec);
    if (text == 0)
        PyErr_Format(PyExc_LookupError,
                     "'%.400s' is not a text encoding; use %s to handle arbitrary codecs", encoding,
                     alternate_command);
    return NULL;
}

static PyObject *text_codec_part(const char *encoding, const char *command, int i)
{
    PyObject *codec = _PyCodec_LookupTextEncoding(encoding, command);
    if (!codec)
        return NULL;
    PyObject *part = Py_NewRef(PyTuple_GET_ITEM(codec, i));
    Py_DECREF(codec);
    return part;
}

PyObject *_PyCodec_EncodeText(PyObject *object, const char *encoding, const char *errors)
{
    return run_codec_steal(text_codec_part(encoding, "codecs.encode()", 0), object, encoding,
                           errors, true);
}

PyObject *_PyCodec_DecodeText(PyObject *object, const char *encoding, const char *errors)
{
    return run_codec_steal(text_codec_part(encoding, "codecs.decode()", 1), object, encoding,
                           errors, false);
}

/* -- Error handlers: common ------------------------------------------------------------------ */

/* A later registration of the same name replaces the former. */
int PyCodec_RegisterError(const char *name, PyObject *error)
{
    PyInterpreterState *interp = interp_get();
    if (registry_ready(interp) < 0)
        return -1;
    if (!PyCallable_Check(error)) {
        PyErr_SetString(PyExc_TypeError, "handler must be callable");
        return -1;
    }
    return PyDict_SetItemString(interp->codec_error_registry, name, error);
}

/* Owned; LookupError for an unknown name. NULL means strict. */
PyObject *PyCodec_LookupError(const char *name)
{
    PyInterpreterState *interp = interp_get();
    if (registry_ready(interp) < 0)
        return NULL;
    if (!name)
        name = "strict";
    PyObject *key = PyUnicode_FromString(name);
    PyObject *handler = key ? PyDict_GetItemWithError(interp->codec_error_registry, key) : NULL;
    Py_XDECREF(key);
    if (handler)
        return Py_NewRef(handler);
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_LookupError, "unknown error handler name '%.400s'", name);
    return NULL;
}

static PyObject *wrong_exception(PyObject *exc)
{
    PyErr_Format(PyExc_TypeError, "don't know how to handle %.200s in error callback",
                 Py_TYPE(exc)->tp_name);
    return NULL;
}

static bool is_encode(PyObject *exc)
{
    return PyObject_TypeCheck(exc, (PyTypeObject *)PyExc_UnicodeEncodeError);
}

static bool is_decode(PyObject *exc)
{
    return PyObject_TypeCheck(exc, (PyTypeObject *)PyExc_UnicodeDecodeError);
}

static bool is_translate(PyObject *exc)
{
    return PyObject_TypeCheck(exc, (PyTypeObject *)PyExc_UnicodeTranslateError);
}

/* The part of the input an exception is about. object is owned. */
typedef struct {
    PyObject *object;      /* strong: str or bytes */
    Py_ssize_t start, end; /* the part that cannot be converted, clipped to the object */
} Trouble;

/* TypeError for an exception that is no Unicode error. */
static int trouble_get(PyObject *exc, Trouble *t)
{
    t->object = NULL;
    if (is_encode(exc)) {
        if (PyUnicodeEncodeError_GetStart(exc, &t->start)
            || PyUnicodeEncodeError_GetEnd(exc, &t->end))
            return -1;
        t->object = PyUnicodeEncodeError_GetObject(exc);
    }
    else if (is_decode(exc)) {
        if (PyUnicodeDecodeError_GetStart(exc, &t->start)
            || PyUnicodeDecodeError_GetEnd(exc, &t->end))
            return -1;
        t->object = PyUnicodeDecodeError_GetObject(exc);
    }
    else if (is_translate(exc)) {
        if (PyUnicodeTranslateError_GetStart(exc, &t->start)
            || PyUnicodeTranslateError_GetEnd(exc, &t->end))
            return -1;
        t->object = PyUnicodeTranslateError_GetObject(exc);
    }
    else
        wrong_exception(exc);
    return t->object ? 0 : -1;
}

/* STEALS replacement; NULL passes the error on. */
static PyObject *answer_steal(PyObject *replacement, Py_ssize_t position)
{
    return replacement ? Py_BuildValue("(Nn)", replacement, position) : NULL;
}

static PyObject *reraise(PyObject *exc)
{
    PyErr_SetObject((PyObject *)Py_TYPE(exc), exc);
    return NULL;
}

/* -- The handlers ---------------------------------------------------------------------------- */

/* Raises the exception it is given. */
PyObject *PyCodec_StrictErrors(PyObject *exc)
{
    if (PyExceptionInstance_Check(exc))
        return reraise(exc);
    PyErr_SetString(PyExc_TypeError, "codec must pass exception instance");
    return NULL;
}

PyObject *PyCodec_IgnoreErrors(PyObject *exc)
{
    Trouble t;
    if (trouble_get(exc, &t) < 0)
        return NULL;
    Py_DECREF(t.object);
    return answer_steal(str_empty_get(), t.end);
}

static PyObject *repeated(Py_UCS4 c, Py_ssize_t n)
{
    PyObject *s = PyUnicode_New(n, c);
    if (s && n)
        _PyUnicode_FastFill(s, 0, n, c);
    return s;
}

PyObject *PyCodec_ReplaceErrors(PyObject *exc)
{
    Trouble t;
    if (trouble_get(exc, &t) < 0)
        return NULL;
    Py_DECREF(t.object);
    Py_ssize_t n = Py_MAX(t.end - t.start, 0);
    if (is_encode(exc))
        return answer_steal(repeated('?', n), t.end);
    return answer_steal(repeated(0xfffd, is_decode(exc) ? 1 : n), t.end);
}

typedef Py_ssize_t (*escape_write)(char *out, Py_UCS4 c); /* out NULL: only the size */

static Py_ssize_t escape_xml(char *out, Py_UCS4 c)
{
    char text[16];
    return sprintf(out ? out : text, "&#%u;", c);
}

static Py_ssize_t escape_backslash(char *out, Py_UCS4 c)
{
    char text[16];
    return sprintf(out ? out : text,
                   c < 0x100     ? "\\x%02x"
                   : c < 0x10000 ? "\\u%04x"
                                 : "\\U%08x",
                   c);
}

static Py_ssize_t escape_name(char *out, Py_UCS4 c)
{
    char name[256];
    const UcnHash *names = ucnhash_get();
    if (!names || !names->getname(c, name, sizeof name, 1))
        return escape_backslash(out, c);
    if (out)
        sprintf(out, "\\N{%s}", name);
    return (Py_ssize_t)strlen(name) + 4;
}

/* Every character in trouble written as an escape. STEALS t->object. */
static PyObject *escape_steal(Trouble *t, escape_write write)
{
    bool bytes = PyBytes_Check(t->object);
    Py_ssize_t size = 0;
    PyObject *r = NULL;
    for (Py_ssize_t pass = 0; pass < 2; pass++) {
        char *out = r ? (char *)PyUnicode_1BYTE_DATA(r) : NULL, spare[300];
        for (Py_ssize_t i = t->start; i < t->end; i++) {
            Py_UCS4 c = bytes ? (unsigned char)PyBytes_AS_STRING(t->object)[i]
                              : PyUnicode_READ_CHAR(t->object, i);
            Py_ssize_t n = write(pass ? spare : NULL, c); /* via 'spare': sprintf ends with a NUL */
            if (pass) {
                memcpy(out, spare, n);
                out += n;
            }
            else
                size += n;
        }
        if (pass == 0 && !(r = PyUnicode_New(size, 127)))
            break;
        if (size == 0)
            break;
    }
    Py_DECREF(t->object);
    return answer_steal(r, t->end);
}

PyObject *PyCodec_XMLCharRefReplaceErrors(PyObject *exc)
{
    Trouble t;
    if (!is_encode(exc))
        return wrong_exception(exc);
    return trouble_get(exc, &t) < 0 ? NULL : escape_steal(&t, escape_xml);
}

PyObject *PyCodec_BackslashReplaceErrors(PyObject *exc)
{
    Trouble t;
    return trouble_get(exc, &t) < 0 ? NULL : escape_steal(&t, escape_backslash);
}

PyObject *PyCodec_NameReplaceErrors(PyObject *exc)
{
    Trouble t;
    if (!is_encode(exc))
        return wrong_exception(exc);
    if (trouble_get(exc, &t) < 0)
        return NULL;
    if (!ucnhash_get()) {
        Py_DECREF(t.object);
        return NULL;
    }
    return escape_steal(&t, escape_name);
}

/* -- surrogatepass, surrogateescape ---------------------------------------------------------- */

/* An encoding of the UTF family. */
typedef struct {
    int bytes; /* of a unit: 1 (UTF-8), 2, 4; 0 unknown */
    bool big;  /* byte order */
} Form;

/* UTF-8, UTF-16 and UTF-32 with or without byte order, in the spellings that 3.11 takes. */
static Form form_of(const char *name)
{
    Form unknown = { 0, false }, f = { 0, false };
    if (strcmp(name, "CP_UTF8") == 0)
        return (Form){ 1, false };
    if (PyOS_strnicmp(name, "utf", 3) != 0)
        return unknown;
    name += 3;
    if (*name == '-' || *name == '_')
        name++;
    if (name[0] == '8' && name[1] == 0)
        return (Form){ 1, false };
    if (strncmp(name, "16", 2) == 0)
        f.bytes = 2;
    else if (strncmp(name, "32", 2) == 0)
        f.bytes = 4;
    else
        return unknown;
    name += 2;
    if (*name == 0)
        return f;
    if (*name == '-' || *name == '_')
        name++;
    if (PyOS_stricmp(name, "le") == 0)
        return f;
    f.big = true;
    return PyOS_stricmp(name, "be") == 0 ? f : unknown;
}

static Form form_get(PyObject *name)
{
    const char *text = name ? PyUnicode_AsUTF8(name) : NULL;
    Form f = { -1, false };
    return text ? form_of(text) : f;
}

static void put_surrogate(uint8_t *p, Form f, Py_UCS4 c)
{
    if (f.bytes == 1) {
        p[0] = 0xe0 | c >> 12;
        p[1] = 0x80 | (c >> 6 & 0x3f);
        p[2] = 0x80 | (c & 0x3f);
        return;
    }
    for (int i = 0; i < f.bytes; i++)
        p[f.big ? f.bytes - 1 - i : i] = (uint8_t)(c >> 8 * i);
}

/* Surrogate at p, or 0. */
static Py_UCS4 take_surrogate(const uint8_t *p, Py_ssize_t left, Form f)
{
    Py_UCS4 c = 0;
    if (left < (f.bytes == 1 ? 3 : f.bytes))
        return 0;
    if (f.bytes == 1) {
        if (p[0] != 0xed || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
            return 0;
        c = (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    }
    else
        for (int i = 0; i < f.bytes; i++)
            c |= (Py_UCS4)p[f.big ? f.bytes - 1 - i : i] << 8 * i;
    return Py_UNICODE_IS_SURROGATE(c) ? c : 0;
}

static PyObject *pass_encode(PyObject *exc, Trouble *t, Form f)
{
    int size = f.bytes == 1 ? 3 : f.bytes;
    PyObject *r = PyBytes_FromStringAndSize(NULL, size * Py_MAX(t->end - t->start, 0));
    if (!r)
        return NULL;
    uint8_t *p = (uint8_t *)PyBytes_AS_STRING(r);
    for (Py_ssize_t i = t->start; i < t->end; i++, p += size) {
        Py_UCS4 c = PyUnicode_READ_CHAR(t->object, i);
        if (!Py_UNICODE_IS_SURROGATE(c)) {
            Py_DECREF(r);
            return reraise(exc);
        }
        put_surrogate(p, f, c);
    }
    return answer_steal(r, t->end);
}

/* Lone surrogates as if they were characters, in the UTF family only. */
static PyObject *surrogatepass_errors(PyObject *self, PyObject *exc)
{
    Trouble t;
    if (!is_encode(exc) && !is_decode(exc))
        return wrong_exception(exc);
    PyObject *name = is_encode(exc) ? PyUnicodeEncodeError_GetEncoding(exc)
                                    : PyUnicodeDecodeError_GetEncoding(exc);
    Form f = form_get(name);
    Py_XDECREF(name);
    if (f.bytes < 0 || trouble_get(exc, &t) < 0)
        return NULL;
    PyObject *r;
    if (f.bytes == 0)
        r = reraise(exc);
    else if (is_encode(exc))
        r = pass_encode(exc, &t, f);
    else {
        Py_UCS4 c = take_surrogate((uint8_t *)PyBytes_AS_STRING(t.object) + t.start,
                                   PyBytes_GET_SIZE(t.object) - t.start, f);
        r = c ? answer_steal(PyUnicode_FromOrdinal((int)c), t.start + (f.bytes == 1 ? 3 : f.bytes))
              : reraise(exc);
    }
    Py_DECREF(t.object);
    return r;
}

static PyObject *escape_encode(PyObject *exc, Trouble *t)
{
    PyObject *r = PyBytes_FromStringAndSize(NULL, Py_MAX(t->end - t->start, 0));
    if (!r)
        return NULL;
    char *p = PyBytes_AS_STRING(r);
    for (Py_ssize_t i = t->start; i < t->end; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(t->object, i);
        if (c < 0xdc80 || c > 0xdcff) {
            Py_DECREF(r);
            return reraise(exc);
        }
        *p++ = (char)(c & 0xff);
    }
    return answer_steal(r, t->end);
}

/* At most four bytes a call: the decoder comes again for the rest. */
static PyObject *escape_decode(PyObject *exc, Trouble *t)
{
    const uint8_t *p = (uint8_t *)PyBytes_AS_STRING(t->object) + t->start;
    Py_UCS2 units[4];
    int n = 0;
    while (n < 4 && n < t->end - t->start && p[n] >= 128) {
        units[n] = 0xdc00 + p[n];
        n++;
    }
    return n ? answer_steal(PyUnicode_FromKindAndData(2, units, n), t->start + n) : reraise(exc);
}

/* Bytes 0x80 to 0xff that cannot be decoded become U+DC80 to U+DCFF, and back (PEP 383). */
static PyObject *surrogateescape_errors(PyObject *self, PyObject *exc)
{
    Trouble t;
    if (!is_encode(exc) && !is_decode(exc))
        return wrong_exception(exc);
    if (trouble_get(exc, &t) < 0)
        return NULL;
    PyObject *r = is_encode(exc) ? escape_encode(exc, &t) : escape_decode(exc, &t);
    Py_DECREF(t.object);
    return r;
}

/* -- The registry ---------------------------------------------------------------------------- */

static PyObject *strict_errors(PyObject *self, PyObject *exc) { return PyCodec_StrictErrors(exc); }
static PyObject *ignore_errors(PyObject *self, PyObject *exc) { return PyCodec_IgnoreErrors(exc); }
static PyObject *replace_errors(PyObject *self, PyObject *exc)
{
    return PyCodec_ReplaceErrors(exc);
}

static PyObject *xmlcharrefreplace_errors(PyObject *self, PyObject *exc)
{
    return PyCodec_XMLCharRefReplaceErrors(exc);
}

static PyObject *backslashreplace_errors(PyObject *self, PyObject *exc)
{
    return PyCodec_BackslashReplaceErrors(exc);
}

static PyObject *namereplace_errors(PyObject *self, PyObject *exc)
{
    return PyCodec_NameReplaceErrors(exc);
}

/* The handlers that every registry starts with. */
static struct {
    const char *name; /* as given in errors= */
    PyMethodDef def;  /* the function registered under it */
} handlers[] = {
    {"strict",
     {"strict_errors", strict_errors, METH_O, "Error handler 'strict': raises the error."}},
    {"ignore",
     {"ignore_errors", ignore_errors, METH_O,
      "Error handler 'ignore': leaves out what is in error."}},
    {"replace",
     {"replace_errors", replace_errors, METH_O,
      "Error handler 'replace': puts a mark in its place."}},
    {"xmlcharrefreplace",
     {"xmlcharrefreplace_errors", xmlcharrefreplace_errors, METH_O,
      "Error handler 'xmlcharrefreplace': writes XML character references."}},
    {"backslashreplace",
     {"backslashreplace_errors", backslashreplace_errors, METH_O,
      "Error handler 'backslashreplace': writes escapes with a backslash."}},
    {"namereplace",
     {"namereplace_errors", namereplace_errors, METH_O,
      "Error handler 'namereplace': writes \\N{...} escapes."}},
    {"surrogatepass", {"surrogatepass", surrogatepass_errors, METH_O, NULL}},
    {"surrogateescape", {"surrogateescape", surrogateescape_errors, METH_O, NULL}},
};

/* Makes the registry at the first use. Importing 'encodings' needs codecs itself, hence the check
   at the top. */
static int registry_ready(PyInterpreterState *interp)
{
    if (LIKELY(interp->codec_search_path))
        return 0;
    interp->codec_search_path = PyList_New(0);
    interp->codec_search_cache = PyDict_New();
    interp->codec_error_registry = PyDict_New();
    if (!interp->codec_search_path || !interp->codec_search_cache || !interp->codec_error_registry)
        goto fail;
    for (size_t i = 0; i < COUNT_OF(handlers); i++) {
        PyObject *f = PyCFunction_NewEx(&handlers[i].def, NULL, NULL);
        int r = f ? PyDict_SetItemString(interp->codec_error_registry, handlers[i].name, f) : -1;
        Py_XDECREF(f);
        if (r < 0)
            goto fail;
    }
    PyObject *module = PyImport_ImportModule("encodings");
    if (!module)
        goto fail;
    Py_DECREF(module);
    interp->codecs_initialized = 1;
    return 0;
fail:
    Py_CLEAR(interp->codec_search_path);
    Py_CLEAR(interp->codec_search_cache);
    Py_CLEAR(interp->codec_error_registry);
    return -1;
}
