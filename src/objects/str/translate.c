/* SPDX-License-Identifier: MIT
 *
 * str.translate and str.maketrans.
 *
 * ASCII text meets a cache of 128 bytes first: a table entry that yields an ASCII character, or
 * none, is looked up once.
 */
#include "str_impl.h"

enum { CACHE_UNKNOWN = 0xff, CACHE_DELETE = 0xfe };

/* Table entry for c: 1 found (*out owned: str, int or None), 0 absent, -1 error. */
static int look_up(PyObject *table, Py_UCS4 c, PyObject **out)
{
    PyObject *key = PyLong_FromLong((long)c);
    if (!key)
        return -1;
    if (PyDict_CheckExact(table)) { /* a missing key is no exception there */
        *out = Py_XNewRef(PyDict_GetItemWithError(table, key));
        Py_DECREF(key);
        if (*out || !PyErr_Occurred())
            return *out != NULL;
    }
    else {
        *out = PyObject_GetItem(table, key);
        Py_DECREF(key);
        if (*out)
            return 1;
    }
    if (!PyErr_ExceptionMatches(PyExc_LookupError))
        return -1;
    PyErr_Clear();
    return 0;
}

/* Integer entry as a code point; -1 with an exception. */
static long entry_char(PyObject *entry)
{
    long c = PyLong_AsLong(entry);
    if (c < 0 || c > MAX_UNICODE) {
        if (c == -1 && PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_OverflowError))
            return -1;
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "character mapping must be in range(0x%x)", MAX_UNICODE + 1);
        return -1;
    }
    return c;
}

/* What an ASCII text remembers of an entry (NULL: there is none) for c: an ASCII character,
   CACHE_DELETE, or CACHE_UNKNOWN. -1 with an exception. */
static int entry_known(PyObject *entry, Py_UCS4 c)
{
    if (!entry)
        return (int)c;
    if (entry == Py_None)
        return CACHE_DELETE;
    if (PyLong_Check(entry)) {
        long v = entry_char(entry);
        return v < 0 ? -1 : v < 128 ? (int)v : CACHE_UNKNOWN;
    }
    if (!PyUnicode_Check(entry))
        return CACHE_UNKNOWN;
    if (PyUnicode_READY(entry) < 0)
        return -1;
    return str_len(entry) == 1 && str_get(entry, 0) < 128 ? (int)str_get(entry, 0) : CACHE_UNKNOWN;
}

/* Writes an entry for c. 1 written, 2 None: undefined, -1 error. */
static int write_entry(_PyUnicodeWriter *w, PyObject *entry, Py_UCS4 c)
{
    if (!entry)
        return writer_char(w, c) < 0 ? -1 : 1;
    if (entry == Py_None)
        return 2;
    if (PyLong_Check(entry)) {
        long v = entry_char(entry);
        return v < 0 || writer_char(w, (Py_UCS4)v) < 0 ? -1 : 1;
    }
    if (PyUnicode_Check(entry))
        return PyUnicode_READY(entry) < 0 || _PyUnicodeWriter_WriteStr(w, entry) < 0 ? -1 : 1;
    PyErr_SetString(PyExc_TypeError, "character mapping must return integer, None or str");
    return -1;
}

/* Writes what the table gives for c, as write_entry. In ASCII text (`known` is not NULL) an entry
   that can be remembered is; any other is asked for once more, as in 3.11: programs may see it. */
static int translate_char(_PyUnicodeWriter *w, PyObject *table, Py_UCS4 c, uint8_t *known)
{
    PyObject *entry;
    if (look_up(table, c, &entry) < 0)
        return -1;
    if (known) {
        int what = entry_known(entry, c);
        if (what < 0) {
            Py_XDECREF(entry);
            return -1;
        }
        *known = (uint8_t)what;
        if (what == CACHE_UNKNOWN && !PyDict_CheckExact(table)) {
            Py_XDECREF(entry);
            if (look_up(table, c, &entry) < 0)
                return -1;
        }
    }
    int r = write_entry(w, entry, c);
    Py_XDECREF(entry);
    return r;
}

/* Where the run of characters that map to None and begins before i ends; -1 on error. */
static Py_ssize_t undefined_end(PyObject *s, PyObject *table, Py_ssize_t i)
{
    for (; i < str_len(s); i++) {
        PyObject *entry = NULL;
        int r = look_up(table, str_get(s, i), &entry);
        Py_XDECREF(entry);
        if (r < 0)
            return -1;
        if (entry != Py_None)
            break;
    }
    return i;
}

/* Writes what the error handler gives for s[*i:end]; *i becomes the place to go on. */
static int translate_undefined(_PyUnicodeWriter *w, PyObject *s, Py_ssize_t *i, Py_ssize_t end,
                               const char *errors)
{
    PyObject *handler = PyCodec_LookupError(errors), *exc = NULL, *result = NULL, *text;
    int r = -1;
    if (handler)
        exc = PyObject_CallFunction(PyExc_UnicodeTranslateError, "Onns", s, *i, end,
                                    "character maps to <undefined>");
    if (exc)
        result = PyObject_CallOneArg(handler, exc);
    if (result && !PyTuple_Check(result))
        PyErr_SetString(PyExc_TypeError, "translating error handler must return (str, int) tuple");
    else if (result
             && PyArg_ParseTuple(result,
                                 "Un;translating error handler must return (str, int) tuple", &text,
                                 &end)) {
        Py_ssize_t at = end < 0 ? end + str_len(s) : end;
        if (at < 0 || at > str_len(s))
            PyErr_Format(PyExc_IndexError, "position %zd from error handler out of bounds", at);
        else if ((r = _PyUnicodeWriter_WriteStr(w, text)) == 0)
            *i = at;
    }
    Py_XDECREF(result);
    Py_XDECREF(exc);
    Py_XDECREF(handler);
    return r;
}

/* Writes what the cache says of the characters from s[i] on, as long as it has an ASCII character
   for them and there is room; where that ends. */
static Py_ssize_t write_known(_PyUnicodeWriter *w, const uint8_t *s, Py_ssize_t i, Py_ssize_t n,
                              const uint8_t *cache)
{
    if (w->kind != 1 || w->readonly)
        return i;
    uint8_t *out = (uint8_t *)w->data + w->pos, *end = (uint8_t *)w->data + w->size;
    for (; i < n && out < end && s[i] < 128 && cache[s[i]] < 128; i++)
        *out++ = cache[s[i]];
    w->pos = out - (uint8_t *)w->data;
    return i;
}

/* An ASCII character that becomes another one, or nothing, is looked up once a call. */
PyObject *str_translate(PyObject *s, PyObject *table, const char *errors)
{
    bool ignore = errors && strcmp(errors, "ignore") == 0;
    if (str_ensure(s) < 0)
        return NULL;
    Py_ssize_t n = str_len(s);
    if (n == 0)
        return str_empty_get();
    int kind = str_kind(s);
    bool ascii = str_is_ascii(s);
    const void *data = str_data(s);
    uint8_t cache[128];
    memset(cache, CACHE_UNKNOWN, sizeof cache);
    _PyUnicodeWriter w;
    _PyUnicodeWriter_Init(&w);
    w.overallocate = 1;
    w.min_length = n;
    if (_PyUnicodeWriter_Prepare(&w, n, 127) < 0)
        return NULL;
    for (Py_ssize_t i = 0; i < n;) {
        Py_UCS4 c = READ(kind, data, i);
        uint8_t known = ascii ? cache[c] : CACHE_UNKNOWN;
        if (known < 128) {
            if (writer_char(&w, known) < 0)
                goto fail;
            i = write_known(&w, data, i + 1, n, cache);
            continue;
        }
        if (known == CACHE_UNKNOWN) {
            int r = translate_char(&w, table, c, ascii ? &known : NULL);
            if (r < 0)
                goto fail;
            if (r == 2 && !ignore) {
                Py_ssize_t end = undefined_end(s, table, i + 1);
                if (end < 0 || translate_undefined(&w, s, &i, end, errors) < 0)
                    goto fail;
                continue;
            }
            if (ascii)
                cache[c] = known;
        }
        i++;
    }
    return _PyUnicodeWriter_Finish(&w);
fail:
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

PyObject *PyUnicode_Translate(PyObject *s, PyObject *mapping, const char *errors)
{
    return str_translate(s, mapping, errors);
}

/* -- maketrans ------------------------------------------------------------------------------- */

static int set_char(PyObject *dict, Py_UCS4 c, PyObject *value)
{
    PyObject *key = PyLong_FromLong((long)c);
    int r = key ? PyDict_SetItem(dict, key, value) : -1;
    Py_XDECREF(key);
    return r;
}

/* Two strings of equal length, and one of characters to be dropped. */
static int from_strings(PyObject *dict, PyObject *x, PyObject *y, PyObject *z)
{
    if (str_len(x) != str_len(y)) {
        PyErr_SetString(PyExc_ValueError,
                        "the first two maketrans arguments must have equal length");
        return -1;
    }
    for (Py_ssize_t i = 0; i < str_len(x); i++) {
        PyObject *value = PyLong_FromLong((long)str_get(y, i));
        int r = value ? set_char(dict, str_get(x, i), value) : -1;
        Py_XDECREF(value);
        if (r < 0)
            return -1;
    }
    for (Py_ssize_t i = 0; z && i < str_len(z); i++)
        if (set_char(dict, str_get(z, i), Py_None) < 0)
            return -1;
    return 0;
}

/* Keys of one character become numbers. */
static int from_dict(PyObject *dict, PyObject *source)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next(source, &pos, &key, &value)) {
        int r;
        if (PyUnicode_Check(key)) {
            if (PyUnicode_READY(key) < 0)
                return -1;
            if (str_len(key) != 1) {
                PyErr_SetString(PyExc_ValueError,
                                "string keys in translate table must be of length 1");
                return -1;
            }
            r = set_char(dict, str_get(key, 0), value);
        }
        else if (PyLong_Check(key))
            r = PyDict_SetItem(dict, key, value);
        else {
            PyErr_SetString(PyExc_TypeError, "keys in translate table must be strings or integers");
            return -1;
        }
        if (r < 0)
            return -1;
    }
    return 0;
}

PyObject *str_maketrans(PyObject *null, PyObject *const *args, Py_ssize_t n)
{
    if (!_PyArg_CheckPositional("maketrans", n, 1, 3))
        return NULL;
    for (Py_ssize_t i = 1; i < n; i++)
        if (!PyUnicode_Check(args[i])) {
            _PyArg_BadArgument("maketrans", i == 1 ? "argument 2" : "argument 3", "str", args[i]);
            return NULL;
        }
        else if (PyUnicode_READY(args[i]) < 0)
            return NULL;
    PyObject *dict = PyDict_New();
    if (!dict)
        return NULL;
    int r;
    if (n > 1) {
        if (!PyUnicode_Check(args[0])) {
            PyErr_SetString(PyExc_TypeError, "first maketrans argument must be a string if there "
                                             "is a second argument");
            r = -1;
        }
        else
            r = PyUnicode_READY(args[0]) < 0
                    ? -1
                    : from_strings(dict, args[0], args[1], n > 2 ? args[2] : NULL);
    }
    else if (!PyDict_CheckExact(args[0])) {
        PyErr_SetString(PyExc_TypeError,
                        "if you give only one argument to maketrans it must be a dict");
        r = -1;
    }
    else
        r = from_dict(dict, args[0]);
    if (r < 0)
        Py_CLEAR(dict);
    return dict;
}
