/* SPDX-License-Identifier: MIT
 *
 * The methods of str: argument handling around the functions of the folder, and the method table.
 * The type object is in type.c.
 *
 * A method here checks types and counts, makes its strings ready, and calls the function that does
 * the work (str_find, str_split, …) on ready strings and clipped bounds. Methods that take keywords
 * unpack by hand (_PyArg_UnpackKeywords) only when there are keywords or too many arguments: a
 * plain call costs no parsing. Where the result equals self, str_unchanged gives self (exact str)
 * or a copy.
 */
#include "str_impl.h"
#include "objects/str/methods.h"

/* -- Arguments ------------------------------------------------------------------------------- */

/* sub[, start[, end]] of the find family, for bytes too; start and end may be None. */
int str_parse_find_args(const char *name, PyObject *const *args, Py_ssize_t n, PyObject **sub,
                        Py_ssize_t *start, Py_ssize_t *end)
{
    *start = 0;
    *end = PY_SSIZE_T_MAX;
    if (n < 1 || n > 3) {
        PyErr_Format(PyExc_TypeError, "%s() takes at %s %d argument%s (%zd given)", name,
                     n < 1 ? "least" : "most", n < 1 ? 1 : 3, n < 1 ? "" : "s", n);
        return -1;
    }
    *sub = args[0];
    if (n > 1 && args[1] != Py_None && !_PyEval_SliceIndex(args[1], start))
        return -1;
    if (n > 2 && args[2] != Py_None && !_PyEval_SliceIndex(args[2], end))
        return -1;
    return 0;
}

static int parse_sub(const char *name, PyObject *self, PyObject *const *args, Py_ssize_t n,
                     PyObject **sub, Py_ssize_t *start, Py_ssize_t *end)
{
    if (str_parse_find_args(name, args, n, sub, start, end) < 0 || str_ensure(*sub) < 0)
        return -1;
    return PyUnicode_READY(self);
}

/* Index argument (through __index__), -1 with exception on error. */
static int as_size(PyObject *o, Py_ssize_t *out)
{
    PyObject *index = _PyNumber_Index(o);
    *out = index ? PyLong_AsSsize_t(index) : -1;
    Py_XDECREF(index);
    return *out == -1 && PyErr_Occurred() ? -1 : 0;
}

/* Like as_size for what must be an int by type: floats are refused with the usual words. */
static int need_str_arg(const char *method, const char *arg, PyObject *o)
{
    if (!PyUnicode_Check(o)) {
        _PyArg_BadArgument(method, arg, "str", o);
        return -1;
    }
    return PyUnicode_READY(o);
}

/* -- find and company ------------------------------------------------------------------------ */

/* One function for each pair that differs in direction or in what "not found" means. */

/* `must`: ValueError instead of -1. */
static PyObject *find_method(const char *name, PyObject *self, PyObject *const *args, Py_ssize_t n,
                             int direction, bool must)
{
    PyObject *sub;
    Py_ssize_t start, end;
    if (parse_sub(name, self, args, n, &sub, &start, &end) < 0)
        return NULL;
    Py_ssize_t at = str_find(self, sub, start, end, direction);
    if (at == -2)
        return NULL;
    if (at < 0 && must) {
        PyErr_SetString(PyExc_ValueError, "substring not found");
        return NULL;
    }
    return PyLong_FromSsize_t(at);
}

static PyObject *str_find_method(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return find_method("find", self, args, n, 1, false);
}

static PyObject *str_rfind(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return find_method("rfind", self, args, n, -1, false);
}

static PyObject *str_index(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return find_method("index", self, args, n, 1, true);
}

static PyObject *str_rindex(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return find_method("rindex", self, args, n, -1, true);
}

static PyObject *str_count_method(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    PyObject *sub;
    Py_ssize_t start, end;
    if (parse_sub("count", self, args, n, &sub, &start, &end) < 0)
        return NULL;
    Py_ssize_t count = str_count(self, sub, start, end);
    return count < 0 ? NULL : PyLong_FromSsize_t(count);
}

/* startswith (direction -1) and endswith (1): a str, or a tuple of which any will do. */
static PyObject *match_method(const char *name, PyObject *self, PyObject *const *args, Py_ssize_t n,
                              int direction)
{
    PyObject *sub;
    Py_ssize_t start, end;
    if (str_parse_find_args(name, args, n, &sub, &start, &end) < 0 || PyUnicode_READY(self) < 0)
        return NULL;
    if (PyUnicode_Check(sub))
        return PyUnicode_READY(sub) < 0
                   ? NULL
                   : PyBool_FromLong(str_tailmatch(self, sub, start, end, direction));
    if (!PyTuple_Check(sub)) {
        PyErr_Format(PyExc_TypeError, "%s first arg must be str or a tuple of str, not %.100s",
                     name, Py_TYPE(sub)->tp_name);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(sub); i++) {
        PyObject *item = PyTuple_GET_ITEM(sub, i);
        if (!PyUnicode_Check(item)) {
            PyErr_Format(PyExc_TypeError, "tuple for %s must only contain str, not %.100s", name,
                         Py_TYPE(item)->tp_name);
            return NULL;
        }
        if (PyUnicode_READY(item) < 0)
            return NULL;
        if (str_tailmatch(self, item, start, end, direction))
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyObject *str_startswith(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return match_method("startswith", self, args, n, -1);
}

static PyObject *str_endswith(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return match_method("endswith", self, args, n, 1);
}

/* -- Replacing and cutting ------------------------------------------------------------------- */

static PyObject *str_replace_method(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t count = -1;
    if (!_PyArg_CheckPositional("replace", n, 2, 3)
        || need_str_arg("replace", "argument 1", args[0]) < 0
        || need_str_arg("replace", "argument 2", args[1]) < 0
        || (n > 2 && as_size(args[2], &count) < 0) || PyUnicode_READY(self) < 0)
        return NULL;
    return str_replace(self, args[0], args[1], count);
}

static PyObject *str_removeprefix(PyObject *self, PyObject *prefix)
{
    if (need_str_arg("removeprefix", "argument", prefix) < 0 || PyUnicode_READY(self) < 0)
        return NULL;
    Py_ssize_t n = str_len(self);
    return str_tailmatch(self, prefix, 0, n, -1) ? str_slice(self, str_len(prefix), n)
                                                 : str_unchanged(self);
}

static PyObject *str_removesuffix(PyObject *self, PyObject *suffix)
{
    if (need_str_arg("removesuffix", "argument", suffix) < 0 || PyUnicode_READY(self) < 0)
        return NULL;
    Py_ssize_t n = str_len(self);
    return str_tailmatch(self, suffix, 0, n, 1) ? str_slice(self, 0, n - str_len(suffix))
                                                : str_unchanged(self);
}

static PyObject *strip_method(const char *name, PyObject *self, PyObject *const *args, Py_ssize_t n,
                              int which)
{
    if (!_PyArg_CheckPositional(name, n, 0, 1) || PyUnicode_READY(self) < 0)
        return NULL;
    return str_strip(self, which, n ? args[0] : NULL);
}

static PyObject *str_strip_method(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return strip_method("strip", self, args, n, 2);
}

static PyObject *str_lstrip(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return strip_method("lstrip", self, args, n, 0);
}

static PyObject *str_rstrip(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return strip_method("rstrip", self, args, n, 1);
}

/* `split` is str_split or str_rsplit. */
static PyObject *split_method(PyObject *self, PyObject *const *args, Py_ssize_t n,
                              PyObject *kwnames, _PyArg_Parser *parser,
                              PyObject *(*split)(PyObject *, PyObject *, Py_ssize_t))
{
    PyObject *room[2], *sep = Py_None;
    Py_ssize_t max = -1;
    if (kwnames || n > 2) {
        args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, parser, 0, 2, 0, room);
        if (!args)
            return NULL;
        n = args == room ? 2 : n;
    }
    if (n > 0 && args[0])
        sep = args[0];
    if (n > 1 && args[1] && as_size(args[1], &max) < 0)
        return NULL;
    if (PyUnicode_READY(self) < 0)
        return NULL;
    if (sep == Py_None)
        return split(self, NULL, max);
    if (!PyUnicode_Check(sep)) {
        PyErr_Format(PyExc_TypeError, "must be str or None, not %.100s", Py_TYPE(sep)->tp_name);
        return NULL;
    }
    return PyUnicode_READY(sep) < 0 ? NULL : split(self, sep, max);
}

static const char *const split_words[] = { "sep", "maxsplit", NULL };

static PyObject *str_split_method(PyObject *self, PyObject *const *args, Py_ssize_t n,
                                  PyObject *kwnames)
{
    static _PyArg_Parser parser = { .keywords = split_words, .fname = "split" };
    return split_method(self, args, n, kwnames, &parser, str_split);
}

static PyObject *str_rsplit_method(PyObject *self, PyObject *const *args, Py_ssize_t n,
                                   PyObject *kwnames)
{
    static _PyArg_Parser parser = { .keywords = split_words, .fname = "rsplit" };
    return split_method(self, args, n, kwnames, &parser, str_rsplit);
}

static PyObject *str_splitlines_method(PyObject *self, PyObject *const *args, Py_ssize_t n,
                                       PyObject *kwnames)
{
    static const char *const words[] = { "keepends", NULL };
    static _PyArg_Parser parser = { .keywords = words, .fname = "splitlines" };
    PyObject *room[1];
    int keep = 0;
    if (kwnames || n > 1) {
        args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, &parser, 0, 1, 0, room);
        if (!args)
            return NULL;
        n = args == room ? 1 : n;
    }
    if (n && args[0] && (keep = _PyLong_AsInt(args[0])) == -1 && PyErr_Occurred())
        return NULL;
    return PyUnicode_READY(self) < 0 ? NULL : str_splitlines(self, keep);
}

/* -- Filling --------------------------------------------------------------------------------- */

/* s with left and right fill characters around; negative counts are 0. */
PyObject *str_pad(PyObject *s, Py_ssize_t left, Py_ssize_t right, Py_UCS4 fill)
{
    left = Py_MAX(left, 0);
    right = Py_MAX(right, 0);
    if (left == 0 && right == 0)
        return str_unchanged(s);
    Py_ssize_t n = str_len(s);
    if (left > PY_SSIZE_T_MAX - n || right > PY_SSIZE_T_MAX - (left + n)) {
        PyErr_SetString(PyExc_OverflowError, "padded string is too long");
        return NULL;
    }
    PyObject *r = str_alloc(left + n + right, Py_MAX(str_max_class(s), class_of(fill)));
    if (!r)
        return NULL;
    _PyUnicode_FastFill(r, 0, left, fill);
    _PyUnicode_FastCopyCharacters(r, left, s, 0, n);
    _PyUnicode_FastFill(r, left + n, right, fill);
    return r;
}

/* width[, fillchar] */
static int parse_width(const char *name, PyObject *self, PyObject *const *args, Py_ssize_t n,
                       Py_ssize_t *width, Py_UCS4 *fill)
{
    *fill = ' ';
    if (!_PyArg_CheckPositional(name, n, 1, 2) || as_size(args[0], width) < 0)
        return -1;
    if (n > 1) {
        PyObject *f = args[1];
        if (!PyUnicode_Check(f)) {
            PyErr_Format(PyExc_TypeError,
                         "The fill character must be a unicode character, not %.100s",
                         Py_TYPE(f)->tp_name);
            return -1;
        }
        if (PyUnicode_READY(f) < 0)
            return -1;
        if (str_len(f) != 1) {
            PyErr_SetString(PyExc_TypeError,
                            "The fill character must be exactly one character long");
            return -1;
        }
        *fill = str_get(f, 0);
    }
    return PyUnicode_READY(self);
}

static PyObject *str_center(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t width;
    Py_UCS4 fill;
    if (parse_width("center", self, args, n, &width, &fill) < 0)
        return NULL;
    if (str_len(self) >= width)
        return str_unchanged(self);
    Py_ssize_t room = width - str_len(self);
    /* the odd one goes left when the width is odd */
    Py_ssize_t left = room / 2 + (room & width & 1);
    return str_pad(self, left, room - left, fill);
}

static PyObject *str_ljust(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t width;
    Py_UCS4 fill;
    return parse_width("ljust", self, args, n, &width, &fill) < 0
               ? NULL
               : str_pad(self, 0, width - str_len(self), fill);
}

static PyObject *str_rjust(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_ssize_t width;
    Py_UCS4 fill;
    return parse_width("rjust", self, args, n, &width, &fill) < 0
               ? NULL
               : str_pad(self, width - str_len(self), 0, fill);
}

/* Zeros go behind a sign. */
static PyObject *str_zfill(PyObject *self, PyObject *arg)
{
    Py_ssize_t width;
    if (as_size(arg, &width) < 0 || PyUnicode_READY(self) < 0)
        return NULL;
    Py_ssize_t fill = width - str_len(self);
    if (fill <= 0)
        return str_unchanged(self);
    PyObject *r = str_pad(self, fill, 0, '0');
    if (!r || str_len(self) == 0)
        return r;
    int kind = str_kind(r);
    Py_UCS4 sign = READ(kind, str_data(r), fill);
    if (sign == '+' || sign == '-') {
        WRITE(kind, str_data(r), 0, sign);
        WRITE(kind, str_data(r), fill, '0');
    }
    return r;
}

/* Two walks: the size, which may overflow, then the copy. */
static PyObject *str_expandtabs(PyObject *self, PyObject *const *args, Py_ssize_t n,
                                PyObject *kwnames)
{
    static const char *const words[] = { "tabsize", NULL };
    static _PyArg_Parser parser = { .keywords = words, .fname = "expandtabs" };
    PyObject *room[1];
    int tab = 8;
    if (kwnames || n > 1) {
        args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, &parser, 0, 1, 0, room);
        if (!args)
            return NULL;
        n = args == room ? 1 : n;
    }
    if (n && args[0] && (tab = _PyLong_AsInt(args[0])) == -1 && PyErr_Occurred())
        return NULL;
    if (PyUnicode_READY(self) < 0)
        return NULL;
    int kind = str_kind(self);
    const void *data = str_data(self);
    Py_ssize_t len = str_len(self), size = 0, column = 0;
    if (run_find_char(kind, data, len, '\t') < 0)
        return str_unchanged(self);
    for (Py_ssize_t i = 0; i < len; i++) {
        Py_UCS4 c = READ(kind, data, i);
        Py_ssize_t add = 1;
        if (c == '\t')
            add = tab > 0 ? tab - column % tab : 0;
        if (add > PY_SSIZE_T_MAX - size) {
            PyErr_SetString(PyExc_OverflowError, "new string is too long");
            return NULL;
        }
        size += add;
        column = c == '\n' || c == '\r' ? 0 : column + add;
    }
    PyObject *r = str_alloc(size, str_max_class(self));
    if (!r)
        return NULL;
    void *out = str_data(r);
    Py_ssize_t at = column = 0;
    for (Py_ssize_t i = 0; i < len && size; i++) {
        Py_UCS4 c = READ(kind, data, i);
        if (c == '\t') {
            Py_ssize_t add = tab > 0 ? tab - column % tab : 0;
            run_fill(kind, run_at(kind, out, at), ' ', add);
            at += add;
            column += add;
            continue;
        }
        WRITE(kind, out, at, c);
        at++;
        column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
    return size == 1 ? str_share_short_steal(r) : r;
}

/* -- Encoding, translation, formatting ------------------------------------------------------- */

/* A NUL-free UTF-8 view of a str argument. */
static const char *text_arg(const char *method, const char *arg, PyObject *o)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(o)) {
        _PyArg_BadArgument(method, arg, "str", o);
        return NULL;
    }
    const char *p = PyUnicode_AsUTF8AndSize(o, &n);
    if (p && strlen(p) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return NULL;
    }
    return p;
}

static PyObject *str_encode(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const char *const words[] = { "encoding", "errors", NULL };
    static _PyArg_Parser parser = { .keywords = words, .fname = "encode" };
    PyObject *room[2];
    const char *encoding = NULL, *errors = NULL;
    if (kwnames || n > 2) {
        args = _PyArg_UnpackKeywords(args, n, NULL, kwnames, &parser, 0, 2, 0, room);
        if (!args)
            return NULL;
        n = args == room ? 2 : n;
    }
    if (n > 0 && args[0] && !(encoding = text_arg("encode", "argument 'encoding'", args[0])))
        return NULL;
    if (n > 1 && args[1] && !(errors = text_arg("encode", "argument 'errors'", args[1])))
        return NULL;
    return PyUnicode_AsEncodedString(self, encoding, errors);
}

static PyObject *str_translate_method(PyObject *self, PyObject *table)
{
    return str_translate(self, table, "ignore");
}

static PyObject *str_dunder_format(PyObject *self, PyObject *spec)
{
    if (need_str_arg("__format__", "argument", spec) < 0 || PyUnicode_READY(self) < 0)
        return NULL;
    return str_format_dunder(self, spec);
}

static PyObject *str_getnewargs(PyObject *self, PyObject *unused)
{
    PyObject *copy = _PyUnicode_Copy(self);
    return copy ? Py_BuildValue("(N)", copy) : NULL;
}

/* With the caches, as far as they are blocks of their own. */
static PyObject *str_sizeof(PyObject *self, PyObject *unused)
{
    PyCompactUnicodeObject *c = (PyCompactUnicodeObject *)self;
    PyASCIIObject *a = (PyASCIIObject *)self;
    Py_ssize_t size;
    if (PyUnicode_IS_COMPACT_ASCII(self))
        size = sizeof(PyASCIIObject) + a->length + 1;
    else if (a->state.compact)
        size = sizeof(PyCompactUnicodeObject) + (a->length + 1) * a->state.kind;
    else {
        size = sizeof(PyUnicodeObject);
        if (((PyUnicodeObject *)self)->data.any)
            size += (a->length + 1) * a->state.kind;
    }
    void *data = a->state.ready ? str_data(self) : NULL;
    if (a->wstr && (void *)a->wstr != data)
        size += ((PyUnicode_IS_COMPACT_ASCII(self) ? a->length : c->wstr_length) + 1)
                * sizeof(wchar_t);
    if (!PyUnicode_IS_COMPACT_ASCII(self) && c->utf8 && (void *)c->utf8 != data)
        size += c->utf8_length + 1;
    return PyLong_FromSsize_t(size);
}

/* -- The table ------------------------------------------------------------------------------- */

#define FAST(f) (PyCFunction)(void (*)(void))f
#define SIG(name, sig) name sig "\n--\n\n"

PyMethodDef str_methods[] = {
    { "encode", FAST(str_encode), METH_FASTCALL | METH_KEYWORDS,
      SIG("encode", "($self, /, encoding='utf-8', errors='strict')")
      "Bytes of the string in the given encoding.\n\n"
      "'errors' names the handler for what cannot be encoded." },
    { "replace", FAST(str_replace_method), METH_FASTCALL, SIG("replace",
      "($self, old, new, count=-1, /)")
      "Copy with 'old' replaced by 'new', at most 'count' times when count is not negative." },
    { "split", FAST(str_split_method), METH_FASTCALL | METH_KEYWORDS, SIG("split",
      "($self, /, sep=None, maxsplit=-1)")
      "List of the parts between separators, splitting from the left.\n\n"
      "Without sep, runs of white space separate "
      "and no part is empty." },
    { "rsplit", FAST(str_rsplit_method), METH_FASTCALL | METH_KEYWORDS, SIG("rsplit",
      "($self, /, sep=None, maxsplit=-1)")
      "List of the parts between separators, splitting from the right." },
    { "join", (PyCFunction)PyUnicode_Join, METH_O, SIG("join", "($self, iterable, /)")
      "The strings of the iterable, with this string between them." },
    { "capitalize", (PyCFunction)str_capitalize, METH_NOARGS, SIG("capitalize", "($self, /)")
      "Copy with the first character in title case and the rest in lower case." },
    { "casefold", (PyCFunction)str_casefold, METH_NOARGS, SIG("casefold", "($self, /)")
      "Copy fit for comparing without regard to case." },
    { "title", (PyCFunction)str_title, METH_NOARGS, SIG("title", "($self, /)")
      "Copy with each word's first letter in title case and the others in lower case." },
    { "center", FAST(str_center), METH_FASTCALL, SIG("center", "($self, width, fillchar=' ', /)")
      "Copy centred in 'width' characters." },
    { "count", FAST(str_count_method), METH_FASTCALL,
      "S.count(sub[, start[, end]]) -> int\n\n"
      "How often sub occurs in S[start:end], without overlap." },
    { "expandtabs", FAST(str_expandtabs), METH_FASTCALL | METH_KEYWORDS, SIG("expandtabs",
      "($self, /, tabsize=8)")
      "Copy with tabs replaced by spaces up to the next multiple of 'tabsize' columns." },
    { "find", FAST(str_find_method), METH_FASTCALL,
      "S.find(sub[, start[, end]]) -> int\n\nLowest index of sub in S[start:end], or -1." },
    { "partition", (PyCFunction)PyUnicode_Partition, METH_O, SIG("partition", "($self, sep, /)")
      "(before, sep, after) at the first occurrence of sep; (whole, '', '') if there is none." },
    { "index", FAST(str_index), METH_FASTCALL,
      "S.index(sub[, start[, end]]) -> int\n\n"
      "Like find, but raises ValueError when sub is absent." },
    { "ljust", FAST(str_ljust), METH_FASTCALL, SIG("ljust", "($self, width, fillchar=' ', /)")
      "Copy filled on the right up to 'width' characters." },
    { "lower", (PyCFunction)str_lower, METH_NOARGS, SIG("lower", "($self, /)")
      "Copy in lower case." },
    { "lstrip", FAST(str_lstrip), METH_FASTCALL, SIG("lstrip", "($self, chars=None, /)")
      "Copy without leading white space, or without the given characters." },
    { "rfind", FAST(str_rfind), METH_FASTCALL,
      "S.rfind(sub[, start[, end]]) -> int\n\nHighest index of sub in S[start:end], or -1." },
    { "rindex", FAST(str_rindex), METH_FASTCALL,
      "S.rindex(sub[, start[, end]]) -> int\n\n"
      "Like rfind, but raises ValueError when sub is absent." },
    { "rjust", FAST(str_rjust), METH_FASTCALL, SIG("rjust", "($self, width, fillchar=' ', /)")
      "Copy filled on the left up to 'width' characters." },
    { "rstrip", FAST(str_rstrip), METH_FASTCALL, SIG("rstrip", "($self, chars=None, /)")
      "Copy without trailing white space, or without the given characters." },
    { "rpartition", (PyCFunction)PyUnicode_RPartition, METH_O, SIG("rpartition", "($self, sep, /)")
      "(before, sep, after) at the last occurrence of sep; ('', '', whole) if there is none." },
    { "splitlines", FAST(str_splitlines_method), METH_FASTCALL | METH_KEYWORDS,
      SIG("splitlines", "($self, /, keepends=False)")
      "List of the lines, with their ends if keepends is true." },
    { "strip", FAST(str_strip_method), METH_FASTCALL, SIG("strip", "($self, chars=None, /)")
      "Copy without white space, or the given characters, at both ends." },
    { "swapcase", (PyCFunction)str_swapcase, METH_NOARGS, SIG("swapcase", "($self, /)")
      "Copy with upper case turned to lower and lower to upper." },
    { "translate", (PyCFunction)str_translate_method, METH_O, SIG("translate", "($self, table, /)")
      "Copy with each character replaced by what the table gives for its number: a number, a "
      "string, or None to\n"
      ""
      "drop it. What the table does not know (LookupError) stays." },
    { "upper", (PyCFunction)str_upper, METH_NOARGS, SIG("upper", "($self, /)")
      "Copy in upper case." },
    { "startswith", FAST(str_startswith), METH_FASTCALL,
      "S.startswith(prefix[, start[, end]]) -> bool\n\n"
      "Whether S[start:end] begins with the prefix, or one of a tuple." },
    { "endswith", FAST(str_endswith), METH_FASTCALL,
      "S.endswith(suffix[, start[, end]]) -> bool\n\n"
      "Whether S[start:end] ends with the suffix, or one of a tuple." },
    { "removeprefix", (PyCFunction)str_removeprefix, METH_O, SIG("removeprefix",
      "($self, prefix, /)")
      "Copy without the prefix, if it is there." },
    { "removesuffix", (PyCFunction)str_removesuffix, METH_O, SIG("removesuffix",
      "($self, suffix, /)")
      "Copy without the suffix, if it is there." },
    { "isascii", (PyCFunction)str_isascii, METH_NOARGS, SIG("isascii", "($self, /)")
      "Whether all characters are ASCII; true for the empty string." },
    { "islower", (PyCFunction)str_islower, METH_NOARGS, SIG("islower", "($self, /)")
      "Whether all cased characters are lower case and there is one." },
    { "isupper", (PyCFunction)str_isupper, METH_NOARGS, SIG("isupper", "($self, /)")
      "Whether all cased characters are upper case and there is one." },
    { "istitle", (PyCFunction)str_istitle, METH_NOARGS, SIG("istitle", "($self, /)")
      "Whether the string is in title case and has a cased character." },
    { "isspace", (PyCFunction)str_isspace, METH_NOARGS, SIG("isspace", "($self, /)")
      "Whether all characters are white space and there is one." },
    { "isdecimal", (PyCFunction)str_isdecimal, METH_NOARGS, SIG("isdecimal", "($self, /)")
      "Whether all characters are decimal digits and there is one." },
    { "isdigit", (PyCFunction)str_isdigit, METH_NOARGS, SIG("isdigit", "($self, /)")
      "Whether all characters are digits and there is one." },
    { "isnumeric", (PyCFunction)str_isnumeric, METH_NOARGS, SIG("isnumeric", "($self, /)")
      "Whether all characters are numeric and there is one." },
    { "isalpha", (PyCFunction)str_isalpha, METH_NOARGS, SIG("isalpha", "($self, /)")
      "Whether all characters are letters and there is one." },
    { "isalnum", (PyCFunction)str_isalnum, METH_NOARGS, SIG("isalnum", "($self, /)")
      "Whether all characters are letters or numeric and there is one." },
    { "isidentifier", (PyCFunction)str_isidentifier, METH_NOARGS, SIG("isidentifier", "($self, /)")
      "Whether the string could be a name in a program. keyword.iskeyword tells the reserved "
      "ones." },
    { "isprintable", (PyCFunction)str_isprintable, METH_NOARGS, SIG("isprintable", "($self, /)")
      "Whether repr would show every character as it is; true for the empty string." },
    { "zfill", (PyCFunction)str_zfill, METH_O, SIG("zfill", "($self, width, /)")
      "Copy filled on the left with zeros, after a sign." },
    { "format", (PyCFunction)(void (*)(void))str_format, METH_VARARGS | METH_KEYWORDS,
      "S.format(*args, **kwargs) -> str\n\n"
      "S with its {replacement fields} filled from the arguments." },
    { "format_map", (PyCFunction)str_format_map, METH_O,
      "S.format_map(mapping) -> str\n\nS with its {replacement fields} filled from the mapping." },
    { "__format__", (PyCFunction)str_dunder_format, METH_O, SIG("__format__",
      "($self, format_spec, /)")
      "The string laid out as the format specification says." },
    { "maketrans", FAST(str_maketrans), METH_FASTCALL | METH_STATIC,
      SIG("maketrans", "(x, y=<unrepresentable>, z=<unrepresentable>, /)")
      "Table for str.translate().\n\n"
      "From one dict, or from two strings of equal length, characters of the first "
      "mapping to those of the second; a third string's characters are dropped." },
    { "__sizeof__", (PyCFunction)str_sizeof, METH_NOARGS, SIG("__sizeof__", "($self, /)")
      "Size in memory, in bytes." },
    { "__getnewargs__", (PyCFunction)str_getnewargs, METH_NOARGS },
    { NULL }
};
