/* SPDX-License-Identifier: MIT
 *
 * Character map codecs: decoding by a table of 256 characters or a mapping int -> int, str or None;
 * encoding by a mapping int -> int, bytes or None. EncodingMap is the compact inverse of a decoding
 * table.
 *
 * EncodingMap: a trie of three levels over the characters up to U+FFFF. level1[c >> 11] is the
 * number of a row of 16 cells in level23, cell (c >> 7) & 15 the number of one of the 128-byte
 * leaves behind the rows, and byte c & 127 of the leaf the result, 0: unmapped; NONE ends the walk
 * at either level. Character 0 maps to byte 0.
 */
#include "str_impl.h"

enum { ROW = 16, LEAF = 128, NONE = 0xff };

typedef struct {
    PyObject_HEAD
    uint8_t level1[32];  /* by the upper five bits of a character: number of a row, or NONE */
    int rows, leaves;    /* how many of each level23 holds */
    uint8_t level23[1];  /* rows of 16 leaf numbers, then leaves of 128 bytes */
} EncodingMap;

/* -- EncodingMap ----------------------------------------------------------------------------- */

static void encodingmap_dealloc(PyObject *o) { PyObject_Free(o); }

static PyObject *encodingmap_size(EncodingMap *m, PyObject *unused)
{
    return PyLong_FromSize_t(sizeof *m + ROW * (size_t)m->rows + LEAF * (size_t)m->leaves);
}

static PyMethodDef encodingmap_methods[] = {
    { "size", (PyCFunction)encodingmap_size, METH_NOARGS,
      "size($self, /)\n--\n\n"
      "Size in memory, in bytes." },
    { NULL }
};

PyTypeObject encodingmap_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "EncodingMap",
    .tp_basicsize = sizeof(EncodingMap),
    .tp_dealloc = encodingmap_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = encodingmap_methods,
};

/* The byte for a character, -1: none. */
static int encodingmap_get(EncodingMap *m, Py_UCS4 c)
{
    if (c > 0xffff)
        return -1;
    if (c == 0)
        return 0;
    int row = m->level1[c >> 11];
    int leaf = row == NONE ? NONE : m->level23[ROW * row + ((c >> 7) & (ROW - 1))];
    int byte = leaf == NONE ? 0 : m->level23[ROW * m->rows + LEAF * leaf + (c & (LEAF - 1))];
    return byte ? byte : -1;
}

/* For tables that the trie cannot hold: characters beyond U+FFFF, or a NUL elsewhere. */
static PyObject *inverse_dict(PyObject *string, Py_ssize_t n)
{
    PyObject *dict = PyDict_New();
    for (Py_ssize_t i = 0; dict && i < n; i++) {
        PyObject *key = PyLong_FromLong((long)str_get(string, i)), *value = PyLong_FromSsize_t(i);
        if (!key || !value || PyDict_SetItem(dict, key, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return dict;
}

/* Numbers the rows and leaves that the characters need; false: the string wants a dict. */
static bool encodingmap_plan(PyObject *string, Py_ssize_t n, EncodingMap *m, uint8_t cells[][ROW])
{
    if (str_get(string, 0) != 0)
        return false;
    for (Py_ssize_t i = 1; i < n; i++) {
        Py_UCS4 c = str_get(string, i);
        if (c == 0 || c > 0xffff)
            return false;
        if (c == 0xfffe) /* undefined byte */
            continue;
        if (m->level1[c >> 11] == NONE)
            m->level1[c >> 11] = (uint8_t)m->rows++;
        uint8_t *cell = &cells[m->level1[c >> 11]][(c >> 7) & (ROW - 1)];
        if (*cell == NONE)
            *cell = (uint8_t)m->leaves++;
        if (m->leaves >= NONE)
            return false;
    }
    return true;
}

/* Two walks over the table: count rows and leaves, then fill them. */
PyObject *PyUnicode_BuildEncodingMap(PyObject *string)
{
    if (!PyUnicode_Check(string) || !PyUnicode_GET_LENGTH(string)) {
        PyErr_BadArgument();
        return NULL;
    }
    Py_ssize_t n = Py_MIN(str_len(string), 256);
    EncodingMap plan = { .rows = 0 };
    uint8_t cells[32][ROW];
    memset(plan.level1, NONE, sizeof plan.level1);
    memset(cells, NONE, sizeof cells);
    if (!encodingmap_plan(string, n, &plan, cells))
        return inverse_dict(string, n);
    size_t row_bytes = ROW * (size_t)plan.rows, leaf_bytes = LEAF * (size_t)plan.leaves;
    EncodingMap *m = PyObject_Malloc(sizeof *m + row_bytes + leaf_bytes);
    if (!m)
        return PyErr_NoMemory();
    PyObject_Init((PyObject *)m, &encodingmap_type);
    memcpy(m->level1, plan.level1, sizeof plan.level1);
    m->rows = plan.rows;
    m->leaves = plan.leaves;
    memcpy(m->level23, cells, row_bytes);
    memset(m->level23 + row_bytes, 0, leaf_bytes);
    for (Py_ssize_t i = 1; i < n; i++) {
        Py_UCS4 c = str_get(string, i);
        if (c != 0xfffe)
            m->level23[row_bytes + LEAF * cells[plan.level1[c >> 11]][(c >> 7) & (ROW - 1)]
                       + (c & (LEAF - 1))] = (uint8_t)i;
    }
    return (PyObject *)m;
}

/* -- Decoding -------------------------------------------------------------------------------- */

static const char undefined[] = "character maps to <undefined>";

/* Entry of a mapping for a byte: 1 written, 0 undefined, -1 error. */
static int decode_by_mapping(_PyUnicodeWriter *w, PyObject *mapping, uint8_t byte)
{
    PyObject *x = PyObject_GetItem(mapping, SMALL_INT(byte));
    int r = -1;
    if (!x) {
        if (!PyErr_ExceptionMatches(PyExc_LookupError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    if (x == Py_None)
        r = 0;
    else if (PyLong_Check(x)) {
        long c = PyLong_AsLong(x);
        if (c == 0xfffe)
            r = 0;
        else if (c == -1 && PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_OverflowError))
            r = -1;
        else if (c < 0 || c > MAX_UNICODE) {
            PyErr_Clear();
            PyErr_Format(PyExc_TypeError, "character mapping must be in range(0x%x)",
                         MAX_UNICODE + 1);
        }
        else
            r = writer_char(w, (Py_UCS4)c) < 0 ? -1 : 1;
    }
    else if (PyUnicode_Check(x)) {
        if (PyUnicode_READY(x) == 0) {
            if (str_len(x) == 1 && str_get(x, 0) == 0xfffe)
                r = 0;
            else {
                w->overallocate = 1;
                r = _PyUnicodeWriter_WriteStr(w, x) < 0 ? -1 : 1;
            }
        }
    }
    else
        PyErr_SetString(PyExc_TypeError, "character mapping must return integer, None or str");
    Py_DECREF(x);
    return r;
}

/* All bytes up to the first that a table of n characters does not define; returns their number. */
static Py_ssize_t decode_by_table(_PyUnicodeWriter *w, int kind, const void *table, Py_ssize_t n,
                                  const char *s, Py_ssize_t size)
{
    Py_UCS4 seen = 0;
    Py_ssize_t good = 0;
    for (; good < size; good++) {
        uint8_t byte = (uint8_t)s[good];
        Py_UCS4 c = byte < n ? READ(kind, table, byte) : 0xfffe;
        if (c == 0xfffe)
            break;
        seen |= c;
    }
    if (good == 0)
        return 0;
    if (_PyUnicodeWriter_Prepare(w, good, class_of(seen)) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < good; i++)
        WRITE(w->kind, w->data, w->pos + i, READ(kind, table, (uint8_t)s[i]));
    w->pos += good;
    return good;
}

/* U+FFFE in a table, None or a missing key in a mapping: undefined. */
PyObject *PyUnicode_DecodeCharmap(const char *s, Py_ssize_t size, PyObject *mapping,
                                  const char *errors)
{
    if (!mapping)
        return PyUnicode_DecodeLatin1(s, size, errors);
    if (size == 0)
        return str_empty_get();
    bool by_string = PyUnicode_CheckExact(mapping);
    if (by_string && PyUnicode_READY(mapping) < 0)
        return NULL;
    int kind = by_string ? str_kind(mapping) : 0;
    const void *table = by_string ? str_data(mapping) : NULL;
    Py_ssize_t n = by_string ? str_len(mapping) : 0, at = 0;
    DecodeErrors e;
    _PyUnicodeWriter w;
    decode_errors_init(&e, errors, "charmap", s, size);
    _PyUnicodeWriter_Init(&w);
    w.min_length = size;
    while (at < e.end - e.start) {
        Py_ssize_t r = by_string
                           ? decode_by_table(&w, kind, table, n, e.start + at, e.end - e.start - at)
                           : decode_by_mapping(&w, mapping, (uint8_t)e.start[at]);
        if (r < 0)
            goto fail;
        at += r;
        if (r == 0 && decode_error(&e, &w, undefined, &at, at + 1) < 0)
            goto fail;
    }
    decode_errors_clear(&e);
    return _PyUnicodeWriter_Finish(&w);
fail:
    decode_errors_clear(&e);
    _PyUnicodeWriter_Dealloc(&w);
    return NULL;
}

/* -- Encoding -------------------------------------------------------------------------------- */

/* Bytes for c appended: 1; unmapped: 0; error: -1. With k NULL only the look-up. */
static int encode_char(ByteSink *k, PyObject *mapping, Py_UCS4 c)
{
    if (Py_IS_TYPE(mapping, &encodingmap_type)) {
        int byte = encodingmap_get((EncodingMap *)mapping, c);
        if (byte < 0)
            return 0;
        char b = (char)byte;
        return k && sink_write(k, &b, 1) < 0 ? -1 : 1;
    }
    PyObject *key = PyLong_FromLong((long)c);
    PyObject *x = key ? PyObject_GetItem(mapping, key) : NULL;
    Py_XDECREF(key);
    if (!x) {
        if (!PyErr_ExceptionMatches(PyExc_LookupError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    int r = -1;
    if (x == Py_None)
        r = 0;
    else if (PyLong_Check(x)) {
        long byte = PyLong_AsLong(x);
        if (byte == -1 && PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_OverflowError))
            r = -1;
        else if (byte < 0 || byte > 255) {
            PyErr_Clear();
            PyErr_SetString(PyExc_TypeError, "character mapping must be in range(256)");
        }
        else {
            char b = (char)byte;
            r = k && sink_write(k, &b, 1) < 0 ? -1 : 1;
        }
    }
    else if (PyBytes_Check(x))
        r = k && sink_write(k, PyBytes_AS_STRING(x), PyBytes_GET_SIZE(x)) < 0 ? -1 : 1;
    else
        PyErr_Format(PyExc_TypeError,
                     "character mapping must return integer, bytes or None, not %.400s",
                     Py_TYPE(x)->tp_name);
    Py_DECREF(x);
    return r;
}

typedef struct {
    PyObject *s, *mapping; /* BORROWED */
    EncodeErrors e;
    ByteSink k;            /* the result */
} CharmapEncoder;

/* Text that stands for what could not be encoded must itself be mapped. */
static int encode_ascii_text(CharmapEncoder *x, const char *text, Py_ssize_t from, Py_ssize_t to)
{
    for (; *text; text++) {
        int r = encode_char(&x->k, x->mapping, (Py_UCS4)*text);
        if (r == 0)
            encode_error_raise(&x->e, x->s, undefined, from, to);
        if (r <= 0)
            return -1;
    }
    return 0;
}

/* s[from, to) is unmapped. *next: where to go on. */
static int encode_misfits(CharmapEncoder *x, Py_ssize_t from, Py_ssize_t to, Py_ssize_t *next)
{
    *next = to;
    switch (x->e.mode) {
    case ERR_STRICT:
        encode_error_raise(&x->e, x->s, undefined, from, to);
        return -1;
    case ERR_REPLACE:
        for (Py_ssize_t i = from; i < to; i++)
            if (encode_ascii_text(x, "?", from, to) < 0)
                return -1;
        return 0;
    case ERR_IGNORE:
        return 0;
    case ERR_XMLCHARREFREPLACE:
        for (Py_ssize_t i = from; i < to; i++) {
            char text[16];
            sprintf(text, "&#%u;", str_get(x->s, i));
            if (encode_ascii_text(x, text, from, to) < 0)
                return -1;
        }
        return 0;
    default:
        break;
    }
    PyObject *r = encode_error(&x->e, x->s, undefined, from, to, next);
    if (!r)
        return -1;
    int failed = 0;
    if (PyBytes_Check(r))
        failed = sink_write(&x->k, PyBytes_AS_STRING(r), PyBytes_GET_SIZE(r));
    else
        for (Py_ssize_t i = 0; i < str_len(r) && !failed; i++) {
            int ok = encode_char(&x->k, x->mapping, str_get(r, i));
            if (ok == 0)
                encode_error_raise(&x->e, x->s, undefined, from, to);
            failed = ok <= 0 ? -1 : 0;
        }
    Py_DECREF(r);
    return failed;
}

/* Characters of s from i on that the map knows, as far as k has room; returns their number. */
static Py_ssize_t encode_by_map(ByteSink *k, EncodingMap *map, PyObject *s, Py_ssize_t i)
{
    int kind = str_kind(s), byte;
    const void *data = run_at(kind, str_data(s), i);
    Py_ssize_t n = Py_MIN(str_len(s) - i, k->end - k->p), done = 0;
    for (; done < n && (byte = encodingmap_get(map, READ(kind, data, done))) >= 0; done++)
        k->p[done] = (char)byte;
    k->p += done;
    return done;
}

PyObject *_PyUnicode_EncodeCharmap(PyObject *s, PyObject *mapping, const char *errors)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (!mapping)
        return _PyUnicode_AsLatin1String(s, errors);
    Py_ssize_t n = str_len(s), i = 0;
    CharmapEncoder x;
    x.s = s;
    x.mapping = mapping;
    encode_errors_init(&x.e, errors, "charmap");
    if (n == 0)
        return PyBytes_FromStringAndSize(NULL, 0);
    if (sink_init(&x.k, n) < 0)
        return NULL;
    while (i < n) {
        if (Py_IS_TYPE(mapping, &encodingmap_type)
            && (i += encode_by_map(&x.k, (EncodingMap *)mapping, s, i)) == n)
            break;
        int r = encode_char(&x.k, mapping, str_get(s, i));
        if (r < 0)
            goto fail;
        if (r) {
            i++;
            continue;
        }
        Py_ssize_t end = i + 1;
        while (end < n) {
            r = encode_char(NULL, mapping, str_get(s, end));
            if (r < 0)
                goto fail;
            if (r)
                break;
            end++;
        }
        if (encode_misfits(&x, i, end, &i) < 0)
            goto fail;
    }
    encode_errors_clear(&x.e);
    /* Not sink_finish: here 3.11 does not share a single byte. */
    return sink_finish_unshared(&x.k);
fail:
    encode_errors_clear(&x.e);
    sink_clear(&x.k);
    return NULL;
}

PyObject *PyUnicode_AsCharmapString(PyObject *s, PyObject *mapping)
{
    if (!PyUnicode_Check(s) || !mapping) {
        PyErr_BadArgument();
        return NULL;
    }
    return _PyUnicode_EncodeCharmap(s, mapping, NULL);
}
