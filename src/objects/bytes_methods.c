/* SPDX-License-Identifier: MIT
 *
 * Shared methods of bytes and bytearray.
 *
 * A bytearray can be resized by code that an argument's conversion runs, so data pointers are taken
 * after all arguments are converted. Searching is the str type's (objects/str/search_kind.h).
 */
#include "objects/block.h"
#include "objects/pieces.h"
#include "objects/bytes_methods_impl.h"
#include "objects/str/str.h"

#include <string.h>

/* -- Making results -------------------------------------------------------------------------- */

/* n bytes of the kind that self is: bytes or bytearray, never a subclass. data NULL: not set. */
PyObject *byteslike_new(PyObject *self, const char *data, Py_ssize_t n)
{
    return PyBytes_Check(self) ? PyBytes_FromStringAndSize(data, n)
                               : PyByteArray_FromStringAndSize(data, n);
}

/* What "unchanged" means: an exact bytes itself, else a copy. */
PyObject *byteslike_same(PyObject *self)
{
    return PyBytes_CheckExact(self)
               ? Py_NewRef(self)
               : byteslike_new(self, byteslike_data(self), byteslike_size(self));
}

/* -- Strip ----------------------------------------------------------------------------------- */

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static PyObject *strip_spaces(PyObject *self, int sides)
{
    const char *s = byteslike_data(self);
    Py_ssize_t i = 0, j = byteslike_size(self);
    if (sides & STRIP_LEFT)
        while (i < j && Py_ISSPACE(s[i]))
            i++;
    if (sides & STRIP_RIGHT)
        while (j > i && Py_ISSPACE(s[j - 1]))
            j--;
    return slice_of(self, i, j);
}

/* `sides`: STRIP_LEFT, STRIP_RIGHT. The set of bytes is a bit map. */
static PyObject *strip(PyObject *self, PyObject *const *args, Py_ssize_t nargs, const char *name,
                       int sides)
{
    if (nargs > 1 && !_PyArg_CheckPositional(name, nargs, 0, 1))
        return NULL;
    if (nargs == 0 || args[0] == Py_None)
        return strip_spaces(self, sides);
    Py_buffer view;
    uint64_t set[4] = { 0 };
    if (PyObject_GetBuffer(args[0], &view, PyBUF_SIMPLE) < 0)
        return NULL;
    for (Py_ssize_t i = 0; i < view.len; i++) {
        unsigned char c = ((unsigned char *)view.buf)[i];
        set[c >> 6] |= UINT64_C(1) << (c & 63);
    }
    PyBuffer_Release(&view);
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    Py_ssize_t i = 0, j = byteslike_size(self);
    if (sides & STRIP_LEFT)
        while (i < j && set[s[i] >> 6] >> (s[i] & 63) & 1)
            i++;
    if (sides & STRIP_RIGHT)
        while (j > i && set[s[j - 1] >> 6] >> (s[j - 1] & 63) & 1)
            j--;
    return slice_of(self, i, j);
}

static PyObject *byteslike_strip(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return strip(self, args, nargs, "strip", STRIP_LEFT | STRIP_RIGHT);
}

static PyObject *byteslike_lstrip(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return strip(self, args, nargs, "lstrip", STRIP_LEFT);
}

static PyObject *byteslike_rstrip(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return strip(self, args, nargs, "rstrip", STRIP_RIGHT);
}

/* -- Replace, translate ---------------------------------------------------------------------- */

/* At most `max` (< 0: all). Counts first, so the result is allocated once. */
static PyObject *replace(PyObject *self, const char *old, Py_ssize_t m, const char *new,
                         Py_ssize_t k, Py_ssize_t max)
{
    const char *s = byteslike_data(self);
    Py_ssize_t n = byteslike_size(self), at;
    if (max < 0)
        max = PY_SSIZE_T_MAX;
    Py_ssize_t count = max && (n || m == 0) ? bytes_count_in(s, n, old, m, max) : 0;
    if (count == 0)
        return byteslike_same(self);
    if (k > m && (k - m) > (PY_SSIZE_T_MAX - n) / count) {
        PyErr_SetString(PyExc_OverflowError, "replace bytes is too long");
        return NULL;
    }
    PyObject *res = byteslike_new(self, NULL, n + count * (k - m));
    if (!res)
        return NULL;
    char *out = byteslike_buffer(res);
    if (m == 0) {
        /* Between all bytes and at both ends. */
        for (Py_ssize_t i = 0; i < n || count > 0; i++) {
            if (count-- > 0) {
                memcpy(out, new, (size_t)k);
                out += k;
            }
            if (i < n)
                *out++ = s[i];
            else
                break;
        }
        return res;
    }
    if (m == 1 && k == 1 && max >= n) {
        copy_mapped(out, s, n, *old, *new);
        return res;
    }
    if (m == 1 && k == 1) {
        memcpy(out, s, (size_t)n);
        const char *end = out + n;
        for (; count > 0 && (out = (char *)near_char(out, end, *old)); count--)
            *out++ = *new;
        return res;
    }
    for (; count > 0 && (at = bytes_find_in(s, n, old, m)) >= 0; count--) {
        memcpy(out, s, (size_t)at);
        memcpy(out + at, new, (size_t)k);
        out += at + k;
        s += at + m;
        n -= at + m;
    }
    memcpy(out, s, (size_t)n);
    return res;
}

static PyObject *byteslike_replace(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer old = { NULL }, new = { NULL };
    Py_ssize_t max = -1;
    if (LIKELY(nargs == 2 && PyBytes_CheckExact(args[0]) && PyBytes_CheckExact(args[1])))
        return replace(self, PyBytes_AS_STRING(args[0]), Py_SIZE(args[0]),
                       PyBytes_AS_STRING(args[1]), Py_SIZE(args[1]), max);
    if (!_PyArg_CheckPositional("replace", nargs, 2, 3)
        || !PARSEP("y*y*|n:replace", &old, &new, &max)) {
        PyBuffer_Release(&old);
        PyBuffer_Release(&new);
        return NULL;
    }
    PyObject *res = replace(self, old.buf, old.len, new.buf, new.len, max);
    PyBuffer_Release(&old);
    PyBuffer_Release(&new);
    return res;
}

/* Deleted bytes go before the table is looked at. */
static PyObject *byteslike_translate(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                     PyObject *kwnames)
{
    ARGS("O|O:translate", "", "delete");
    PyObject *table_object, *delete_object = NULL, *res = NULL;
    Py_buffer table = { NULL }, deleted = { NULL };
    unsigned char same[256];
    const unsigned char *map = same;
    bool drop[256];
    if (!PARSE(&table_object, &delete_object))
        return NULL;
    if (table_object != Py_None) {
        if (PyObject_GetBuffer(table_object, &table, PyBUF_SIMPLE) < 0)
            return NULL;
        if (table.len != 256) {
            PyErr_SetString(PyExc_ValueError, "translation table must be 256 characters long");
            goto done;
        }
    }
    if (delete_object && PyObject_GetBuffer(delete_object, &deleted, PyBUF_SIMPLE) < 0)
        goto done;
    if (table.obj)
        map = table.buf;
    else
        for (int c = 0; c < 256; c++)
            same[c] = (unsigned char)c;
    if (deleted.len)
        memset(drop, 0, sizeof drop);
    for (Py_ssize_t i = 0; i < deleted.len; i++)
        drop[((unsigned char *)deleted.buf)[i]] = true;
    Py_ssize_t n = byteslike_size(self), o = 0;
    if (!(res = byteslike_new(self, NULL, n)))
        goto done;
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    unsigned char *out = (unsigned char *)byteslike_buffer(res);
    bool changed = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = s[i];
        if (deleted.len && drop[c])
            continue;
        out[o++] = map[c];
        changed |= map[c] != c;
    }
    if (!changed && o == n && PyBytes_CheckExact(self))
        Py_SETREF(res, Py_NewRef(self));
    else if (o < n)
        Py_SETREF(res, byteslike_new(self, byteslike_data(res), o));
done:
    PyBuffer_Release(&table);
    PyBuffer_Release(&deleted);
    return res;
}

/* The 256 bytes of translate()'s table. */
PyObject *byteslike_maketrans(PyObject *unused, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer from = { NULL }, to = { NULL };
    PyObject *res = NULL;
    if (!PARSEP("y*y*:maketrans", &from, &to))
        return NULL;
    if (from.len != to.len) {
        PyErr_SetString(PyExc_ValueError, "maketrans arguments must have same length");
    } else if ((res = PyBytes_FromStringAndSize(NULL, 256))) {
        unsigned char *out = (unsigned char *)PyBytes_AS_STRING(res);
        for (int c = 0; c < 256; c++)
            out[c] = (unsigned char)c;
        for (Py_ssize_t i = 0; i < from.len; i++)
            out[((unsigned char *)from.buf)[i]] = ((unsigned char *)to.buf)[i];
    }
    PyBuffer_Release(&from);
    PyBuffer_Release(&to);
    return res;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *byteslike_decode(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                  PyObject *kwnames)
{
    ARGS("|ss:decode", "encoding", "errors");
    const char *encoding = NULL, *errors = NULL;
    if (nargs && !PyUnicode_Check(args[0])) {
        _PyArg_BadArgument("decode", "argument 'encoding'", "str", args[0]);
        return NULL;
    }
    if (nargs == 1 && !kwnames && PyUnicode_CheckExact(args[0])
        && PyUnicode_IS_COMPACT_ASCII(args[0])) {
        encoding = (const char *)PyUnicode_1BYTE_DATA(args[0]);
        if (strlen(encoding) != (size_t)PyUnicode_GET_LENGTH(args[0]))
            encoding = NULL;
    }
    return encoding || (nargs == 0 && !kwnames) || PARSE(&encoding, &errors)
               ? PyUnicode_FromEncodedObject(self, encoding, errors)
               : NULL;
}

extern EXPORT PyObject *_Py_strhex_with_sep(const char *data, const Py_ssize_t n, PyObject *sep,
                                            const int group);

static PyObject *byteslike_hex(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("|Oi:hex", "sep", "bytes_per_sep");
    PyObject *sep = NULL;
    int group = 1;
    return PARSE(&sep, &group)
               ? _Py_strhex_with_sep(byteslike_data(self), byteslike_size(self), sep, group)
               : NULL;
}

static int hex_value(Py_UCS4 c)
{
    return c >= '0' && c <= '9'   ? (int)c - '0'
           : c >= 'a' && c <= 'f' ? (int)c - 'a' + 10
           : c >= 'A' && c <= 'F' ? (int)c - 'A' + 10
                                  : -1;
}

/* Pairs of digits, white space between pairs only. */
PyObject *bytes_from_hex(PyObject *string, int use_bytearray)
{
    if (PyUnicode_READY(string) < 0)
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(string), o = 0, i = 0;
    int kind = PyUnicode_KIND(string);
    const void *s = PyUnicode_DATA(string);
    char *out = PyMem_Malloc((size_t)n / 2 + 1);
    if (!out)
        return PyErr_NoMemory();
    /* A character beyond ASCII is reported before anything else. */
    bool ascii = PyUnicode_IS_ASCII(string);
    while (!ascii && PyUnicode_READ(kind, s, i) < 128)
        i++;
    for (;;) {
        while (ascii && i < n && Py_ISSPACE(PyUnicode_READ(kind, s, i)))
            i++;
        if (i >= n)
            break;
        int high = hex_value(PyUnicode_READ(kind, s, i)), low = -1;
        if (high >= 0) {
            i++;
            low = i < n ? hex_value(PyUnicode_READ(kind, s, i)) : -1;
        }
        if (low < 0) {
            PyMem_Free(out);
            return PyErr_Format(PyExc_ValueError,
                                "non-hexadecimal number found in fromhex() arg at position %zd", i);
        }
        out[o++] = (char)(high << 4 | low);
        i++;
    }
    PyObject *res = use_bytearray ? PyByteArray_FromStringAndSize(out, o)
                                  : PyBytes_FromStringAndSize(out, o);
    PyMem_Free(out);
    return res;
}

/* Single quotes, unless there are single ones inside and no double ones, and `smartquotes`
   allows. */
PyObject *bytes_repr_of(const char *data, Py_ssize_t n, const char *prefix, const char *suffix,
                        int smartquotes)
{
    static const char digits[] = "0123456789abcdef";
    Py_ssize_t size = 0, single = 0, dbl = 0;
    const unsigned char *s = (const unsigned char *)data;
    for (Py_ssize_t i = 0; i < n; i++) {
        single += s[i] == '\'';
        dbl += s[i] == '"';
        size += s[i] == '\\' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r' ? 2
                : s[i] < ' ' || s[i] >= 0x7f                                 ? 4
                                                                             : 1;
        if (size > PY_SSIZE_T_MAX / 2) {
            PyErr_SetString(PyExc_OverflowError, "bytes object is too large to make repr");
            return NULL;
        }
    }
    char quote = smartquotes && single && !dbl ? '"' : '\'';
    if (quote == '\'' || smartquotes == 2)
        size += single;
    Py_ssize_t p = (Py_ssize_t)strlen(prefix), q = (Py_ssize_t)strlen(suffix);
    PyObject *res = PyUnicode_New(p + 3 + size + q, 127);
    if (!res)
        return NULL;
    char *out = (char *)PyUnicode_1BYTE_DATA(res);
    memcpy(out, prefix, (size_t)p);
    out += p;
    *out++ = 'b';
    *out++ = quote;
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = s[i];
        if (c == (unsigned char)quote || c == '\\' || (c == '\'' && smartquotes == 2)) {
            *out++ = '\\';
            *out++ = (char)c;
        } else if (c == '\t' || c == '\n' || c == '\r') {
            *out++ = '\\';
            *out++ = c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
        } else if (c < ' ' || c >= 0x7f) {
            *out++ = '\\';
            *out++ = 'x';
            *out++ = digits[c >> 4];
            *out++ = digits[c & 15];
        } else {
            *out++ = (char)c;
        }
    }
    *out++ = quote;
    memcpy(out, suffix, (size_t)q);
    return res;
}

/* By doubling what is there. */
PyObject *byteslike_repeat(PyObject *self, Py_ssize_t count)
{
    Py_ssize_t n = byteslike_size(self);
    if (count < 0)
        count = 0;
    if ((count == 1 || n == 0) && PyBytes_CheckExact(self))
        return Py_NewRef(self);
    if (count && n > PY_SSIZE_T_MAX / count) {
        if (PyBytes_Check(self)) {
            PyErr_SetString(PyExc_OverflowError, "repeated bytes are too long");
            return NULL;
        }
        return PyErr_NoMemory();
    }
    /* b'x' * 0 is a new object, as in 3.11, not the shared empty one. */
    PyObject *res = PyBytes_Check(self) ? bytes_alloc(n * count)
                                        : byteslike_new(self, NULL, n * count);
    if (!res || !n)
        return res;
    char *out = byteslike_buffer(res);
    Py_ssize_t total = n * count, done = n < total ? n : total;
    memcpy(out, byteslike_data(self), (size_t)done);
    while (done < total) {
        Py_ssize_t part = done < total - done ? done : total - done;
        memcpy(out + done, out, (size_t)part);
        done += part;
    }
    return res;
}

#define SHARED(name, flags, doc)                                                                   \
    { #name, (PyCFunction)(void (*)(void))byteslike_##name, flags, doc }
#define KW (METH_FASTCALL | METH_KEYWORDS)
static PyMethodDef byteslike_methods[] = {
    SHARED(capitalize, METH_NOARGS,
           "B.capitalize() -> copy of B\n\n"
           "First byte upper case, the rest lower (ASCII)."),
    SHARED(center, METH_FASTCALL,
           "center($self, width, fillchar=b' ', /)\n--\n\n"
           "Centred in width bytes."),
    SHARED(count, METH_FASTCALL,
           "B.count(sub[, start[, end]]) -> int\n\n"
           "Number of non-overlapping occurrences of sub in B[start:end]."),
    SHARED(decode, KW,
           "decode($self, /, encoding='utf-8', errors='strict')\n--\n\n"
           "Text of the bytes in an encoding."),
    SHARED(endswith, METH_FASTCALL,
           "B.endswith(suffix[, start[, end]]) -> bool\n\n"
           "True when B[start:end] ends with suffix, which may be a tuple of them."),
    SHARED(expandtabs, KW,
           "expandtabs($self, /, tabsize=8)\n--\n\n"
           "Copy with tabs replaced by spaces."),
    SHARED(find, METH_FASTCALL,
           "B.find(sub[, start[, end]]) -> int\n\n"
           "Lowest index of sub in B[start:end], -1 when there is none."),
    SHARED(hex, KW, "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\n"
        "Hexadecimal digits, with sep after every bytes_per_sep bytes counted from the right\n"
        "(from the left when negative).\n\n>>> value = b'glass'\n"
        ">>> value.hex()\n'676c617373'\n>>> value.hex(':')\n'67:6c:61:73:73'\n"
        ">>> value.hex(':', 2)\n'67:6c61:7373'\n>>> value.hex(':', -2)\n'676c:6173:73'"),
    SHARED(index, METH_FASTCALL,
           "B.index(sub[, start[, end]]) -> int\n\n"
           "Like find, but raises ValueError."),
    SHARED(isalnum, METH_NOARGS,
           "B.isalnum() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII letters or digits."),
    SHARED(isalpha, METH_NOARGS,
           "B.isalpha() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII letters."),
    SHARED(isascii, METH_NOARGS, "B.isascii() -> bool\n\nTrue when all bytes are below 128."),
    SHARED(isdigit, METH_NOARGS,
           "B.isdigit() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII digits."),
    SHARED(islower, METH_NOARGS,
           "B.islower() -> bool\n\n"
           "True when there are lower case letters and no upper case ones."),
    SHARED(isspace, METH_NOARGS,
           "B.isspace() -> bool\n\n"
           "True when B is not empty and all bytes are ASCII white space."),
    SHARED(istitle, METH_NOARGS,
           "B.istitle() -> bool\n\n"
           "True when words start with upper case and go on in lower case."),
    SHARED(isupper, METH_NOARGS,
           "B.isupper() -> bool\n\n"
           "True when there are upper case letters and no lower case ones."),
    { "join", byteslike_join, METH_O,
      "join($self, iterable_of_bytes, /)\n--\n\n"
      "The items with this object between them." },
    SHARED(ljust, METH_FASTCALL,
           "ljust($self, width, fillchar=b' ', /)\n--\n\n"
           "Left-aligned in width bytes."),
    SHARED(lower, METH_NOARGS, "B.lower() -> copy of B\n\nWith ASCII letters in lower case."),
    SHARED(lstrip, METH_FASTCALL,
           "lstrip($self, bytes=None, /)\n--\n\n"
           "Without leading bytes of the set, white space by default."),
    { "maketrans", (PyCFunction)(void (*)(void))byteslike_maketrans, METH_FASTCALL | METH_STATIC,
      "maketrans(frm, to, /)\n--\n\n"
      "A table for translate() that maps each byte of frm to the one of to." },
    SHARED(partition, METH_O,
           "partition($self, sep, /)\n--\n\n"
           "(before, sep, after) of the first sep; (self, b'', b'') without one."),
    SHARED(replace, METH_FASTCALL,
           "replace($self, old, new, count=-1, /)\n--\n\n"
           "Copy with old replaced by new, count times at most."),
    SHARED(removeprefix, METH_O,
           "removeprefix($self, prefix, /)\n--\n\n"
           "Without the prefix when it is there."),
    SHARED(removesuffix, METH_O,
           "removesuffix($self, suffix, /)\n--\n\n"
           "Without the suffix when it is there."),
    SHARED(rfind, METH_FASTCALL,
           "B.rfind(sub[, start[, end]]) -> int\n\n"
           "Highest index of sub in B[start:end], -1 when there is none."),
    SHARED(rindex, METH_FASTCALL,
           "B.rindex(sub[, start[, end]]) -> int\n\n"
           "Like rfind, but raises ValueError."),
    SHARED(rjust, METH_FASTCALL,
           "rjust($self, width, fillchar=b' ', /)\n--\n\n"
           "Right-aligned in width bytes."),
    SHARED(rpartition, METH_O,
           "rpartition($self, sep, /)\n--\n\n"
           "(before, sep, after) of the last sep; (b'', b'', self) without one."),
    SHARED(rsplit, KW,
           "rsplit($self, /, sep=None, maxsplit=-1)\n--\n\n"
           "Parts between separators, split from the right."),
    SHARED(rstrip, METH_FASTCALL,
           "rstrip($self, bytes=None, /)\n--\n\n"
           "Without trailing bytes of the set, white space by default."),
    SHARED(split, KW,
           "split($self, /, sep=None, maxsplit=-1)\n--\n\n"
           "Parts between separators; None splits at runs of white space."),
    SHARED(splitlines, KW,
           "splitlines($self, /, keepends=False)\n--\n\n"
           "The lines, with their ends when asked."),
    SHARED(startswith, METH_FASTCALL,
           "B.startswith(prefix[, start[, end]]) -> bool\n\n"
           "True when B[start:end] starts with prefix, which may be a tuple of them."),
    SHARED(strip, METH_FASTCALL,
           "strip($self, bytes=None, /)\n--\n\n"
           "Without leading and trailing bytes of the set, white space by default."),
    SHARED(swapcase, METH_NOARGS,
           "B.swapcase() -> copy of B\n\n"
           "With the case of ASCII letters swapped."),
    SHARED(title, METH_NOARGS,
           "B.title() -> copy of B\n\n"
           "With ASCII words starting in upper case."),
    SHARED(translate, KW,
           "translate($self, table, /, delete=b'')\n--\n\n"
           "Without the bytes in delete, the others mapped by a table of 256 bytes (None: "
           "unchanged)."),
    SHARED(upper, METH_NOARGS, "B.upper() -> copy of B\n\nWith ASCII letters in upper case."),
    SHARED(zfill, METH_O,
           "zfill($self, width, /)\n--\n\n"
           "With zeros on the left to width bytes, after a sign."),
    { NULL },
};

void byteslike_methods_join(PyMethodDef *to)
{
    static_assert(COUNT_OF(byteslike_methods) <= BYTESLIKE_METHODS, "room in both tables");
    memcpy(to, byteslike_methods, sizeof byteslike_methods);
}
