/* SPDX-License-Identifier: MIT
 *
 * PyUnicode_Type: construction, the sequence, mapping and number slots, hash, repr.
 *
 * str(x) is PyObject_Str, str(bytes, encoding, errors) decodes. A subclass of str cannot use the
 * compact layouts, which have no room for its fields: str_new makes an exact str first and copies
 * it into the legacy layout with a block of its own (str.c).
 */
#include "str_impl.h"
#include "objects/block.h"
#include "objects/str/methods.h"

/* -- Slots ----------------------------------------------------------------------------------- */

static Py_hash_t str_hash(PyObject *self)
{
    PyASCIIObject *a = (PyASCIIObject *)self;
    if (a->hash != -1)
        return a->hash;
    if (PyUnicode_READY(self) < 0)
        return -1;
    return a->hash = _Py_HashBytes(str_data(self), str_len(self) * str_kind(self));
}

static Py_ssize_t str_length(PyObject *self)
{
    return PyUnicode_READY(self) < 0 ? -1 : str_len(self);
}

/* Single Latin-1 characters are shared constants. */
static PyObject *str_item(PyObject *self, Py_ssize_t i)
{
    if (PyUnicode_READY(self) < 0)
        return NULL;
    if (i < 0 || i >= str_len(self)) {
        PyErr_SetString(PyExc_IndexError, "string index out of range");
        return NULL;
    }
    return str_from_char(str_get(self, i));
}

/* Two walks: the largest character, then the copy. */
static PyObject *slice_with_step(PyObject *self, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n)
{
    int kind = str_kind(self);
    const void *data = str_data(self);
    if (n == 0)
        return str_empty_get();
    Py_UCS4 seen = 0;
    if (!str_is_ascii(self))
        for (Py_ssize_t i = 0, at = start; i < n; i++, at += step)
            seen |= READ(kind, data, at);
    PyObject *r = str_alloc(n, Py_MIN(class_of(seen), str_max_class(self)));
    if (!r)
        return NULL;
    int rkind = str_kind(r);
    void *out = str_data(r);
    for (Py_ssize_t i = 0, at = start; i < n; i++, at += step)
        WRITE(rkind, out, i, READ(kind, data, at));
    return r;
}

/* self[index], self[slice]. */
static PyObject *str_subscript(PyObject *self, PyObject *key)
{
    if (PyUnicode_READY(self) < 0)
        return NULL;
    if (PyIndex_Check(key)) {
        Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred())
            return NULL;
        return str_item(self, i < 0 ? i + str_len(self) : i);
    }
    if (!PySlice_Check(key)) {
        PyErr_Format(PyExc_TypeError, "string indices must be integers, not '%.200s'",
                     Py_TYPE(key)->tp_name);
        return NULL;
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(key, &start, &stop, &step) < 0)
        return NULL;
    Py_ssize_t n = PySlice_AdjustIndices(str_len(self), &start, &stop, step);
    if (n <= 0)
        return str_empty_get();
    return step == 1 ? str_slice(self, start, start + n) : slice_with_step(self, start, step, n);
}

/* By doubling what is there; one character is filled. */
static PyObject *str_repeat(PyObject *self, Py_ssize_t times)
{
    if (times < 1)
        return str_empty_get();
    if (PyUnicode_READY(self) < 0)
        return NULL;
    Py_ssize_t n = str_len(self);
    if (times == 1 || n == 0)
        return str_unchanged(self);
    if (n > PY_SSIZE_T_MAX / times) {
        PyErr_SetString(PyExc_OverflowError, "repeated string is too long");
        return NULL;
    }
    PyObject *r = str_alloc(n * times, str_max_class(self));
    if (!r)
        return NULL;
    int kind = str_kind(r);
    char *out = str_data(r);
    if (n == 1) {
        run_fill(kind, out, str_get(self, 0), times);
        return r;
    }
    Py_ssize_t total = n * times * kind, done = n * kind;
    memcpy(out, str_data(self), done);
    while (done < total) { /* double what is there */
        Py_ssize_t more = Py_MIN(done, total - done);
        memcpy(out + done, out, more);
        done += more;
    }
    return r;
}

static PyObject *str_mod_slot(PyObject *format, PyObject *args)
{
    if (!PyUnicode_Check(format))
        Py_RETURN_NOTIMPLEMENTED;
    return str_mod(format, args);
}

static PyObject *str_str(PyObject *self)
{
    return str_unchanged(self);
}

/* -- repr ------------------------------------------------------------------------------------ */

/* Characters that c takes in a repr. */
static Py_ssize_t repr_size(Py_UCS4 c, Py_UCS4 quote)
{
    if (c == quote || c == '\\' || c == '\t' || c == '\r' || c == '\n')
        return 2;
    if (c < ' ' || c == 0x7f)
        return 4;
    if (c < 0x7f || Py_UNICODE_ISPRINTABLE(c))
        return 1;
    return c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
}

/* Writes them; how many. */
static Py_ssize_t repr_put(int kind, void *out, Py_ssize_t at, Py_UCS4 c, Py_UCS4 quote)
{
    Py_ssize_t size = repr_size(c, quote);
    if (size == 1) {
        WRITE(kind, out, at, c);
        return 1;
    }
    WRITE(kind, out, at, '\\');
    if (size == 2) {
        WRITE(kind, out, at + 1, c == '\t' ? 't' : c == '\r' ? 'r' : c == '\n' ? 'n' : c);
        return 2;
    }
    WRITE(kind, out, at + 1, size == 4 ? 'x' : size == 6 ? 'u' : 'U');
    for (Py_ssize_t i = size - 1; i > 1; i--, c >>= 4)
        WRITE(kind, out, at + i, (Py_UCS4)Py_hexdigits[c & 15]);
    return size;
}

/* Whether ASCII text stands in its repr as it is, between single quotes. */
static bool repr_is_plain(const uint8_t *s, Py_ssize_t n)
{
    Py_ssize_t i = 0;
    for (; n - i >= BLOCK_BYTES; i += BLOCK_BYTES) {
        ByteBlock b = *(const ByteBlock *)(s + i);
        if (bits_of((BlockBits)((b < ' ') | (b == 0x7f) | (b == '\\') | (b == '\''))))
            return false;
    }
    for (; i < n; i++)
        if (s[i] < ' ' || s[i] == 0x7f || s[i] == '\\' || s[i] == '\'')
            return false;
    return true;
}

static PyObject *repr_plain(const void *data, Py_ssize_t n)
{
    char *out;
    PyObject *r = str_alloc_ascii(n + 2, &out);
    if (!r)
        return NULL;
    out[0] = out[n + 1] = '\'';
    memcpy(out + 1, data, (size_t)n);
    return r;
}

/* Single quotes, unless there are single ones inside and no double ones. */
PyObject *str_repr(PyObject *self)
{
    if (PyUnicode_READY(self) < 0)
        return NULL;
    int kind = str_kind(self);
    const void *data = str_data(self);
    Py_ssize_t n = str_len(self), size = 2;
    if (str_is_ascii(self) && n < PY_SSIZE_T_MAX - 2 && repr_is_plain(data, n))
        return repr_plain(data, n);
    bool single = run_find_char(kind, data, n, '\'') >= 0;
    Py_UCS4 quote = single && run_find_char(kind, data, n, '"') < 0 ? '"' : '\'', seen = 0x7f;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        Py_ssize_t add = repr_size(c, quote);
        if (size > PY_SSIZE_T_MAX - add) {
            PyErr_SetString(PyExc_OverflowError, "string is too long to generate repr");
            return NULL;
        }
        size += add;
        if (add == 1)
            seen |= c;
    }
    PyObject *r = str_alloc(size, class_of(seen));
    if (!r)
        return NULL;
    int rkind = str_kind(r);
    void *out = str_data(r);
    WRITE(rkind, out, 0, quote);
    if (size == n + 2)
        run_copy(rkind, run_at(rkind, out, 1), kind, data, n);
    else
        for (Py_ssize_t i = 0, at = 1; i < n; i++)
            at += repr_put(rkind, out, at, READ(kind, data, i), quote);
    WRITE(rkind, out, size - 1, quote);
    return r;
}

/* -- Construction ---------------------------------------------------------------------------- */

static PyObject *str_make(PyObject *object, const char *encoding, const char *errors)
{
    if (!object)
        return str_empty_get();
    if (!encoding && !errors)
        return PyObject_Str(object);
    return PyUnicode_FromEncodedObject(object, encoding, errors);
}

/* An instance of a subclass: the characters go to a block of their own. STEALS s. */
static PyObject *subtype_from_steal(PyTypeObject *type, PyObject *s)
{
    PyUnicodeObject *self = s ? (PyUnicodeObject *)type->tp_alloc(type, 0) : NULL;
    if (!self) {
        Py_XDECREF(s);
        return NULL;
    }
    int kind = str_kind(s);
    Py_ssize_t n = str_len(s);
    PyASCIIObject *a = (PyASCIIObject *)self;
    PyCompactUnicodeObject *c = (PyCompactUnicodeObject *)self;
    a->length = n;
    a->hash = -1;
    memset(&a->state, 0, sizeof a->state);
    a->wstr = NULL;
    c->utf8 = NULL;
    c->utf8_length = c->wstr_length = 0;
    a->state.kind = kind;
    a->state.ascii = str_is_ascii(s);
    a->state.ready = 1;
    self->data.any = NULL;
    void *data = n > PY_SSIZE_T_MAX / kind - 1 ? NULL : PyObject_Malloc((n + 1) * kind);
    if (!data) {
        Py_DECREF(s);
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    memcpy(data, str_data(s), (n + 1) * kind);
    self->data.any = data;
    if (a->state.ascii) {
        c->utf8 = data;
        c->utf8_length = n;
    }
    if (kind == 4) {
        a->wstr = data;
        c->wstr_length = n;
    }
    a->hash = ((PyASCIIObject *)s)->hash;
    Py_DECREF(s);
    return (PyObject *)self;
}

/* BORROWED name of an encoding or handler, without a NUL inside. */
static const char *name_arg(PyObject *o, const char *arg)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(o)) {
        _PyArg_BadArgument("str", arg, "str", o);
        return NULL;
    }
    const char *p = PyUnicode_AsUTF8AndSize(o, &n);
    if (p && strlen(p) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return NULL;
    }
    return p;
}

static const char *const new_words[] = { "object", "encoding", "errors", NULL };
static _PyArg_Parser new_parser = { .keywords = new_words, .fname = "str" };

static PyObject *str_from_args(PyObject *const *args)
{
    const char *encoding = NULL, *errors = NULL;
    if (args[1] && !(encoding = name_arg(args[1], "argument 'encoding'")))
        return NULL;
    if (args[2] && !(errors = name_arg(args[2], "argument 'errors'")))
        return NULL;
    return str_make(args[0], encoding, errors);
}

static PyObject *str_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *room[3];
    PyObject *const *got = _PyArg_UnpackKeywords(&PyTuple_GET_ITEM(args, 0), PyTuple_GET_SIZE(args),
                                                 kwargs, NULL, &new_parser, 0, 3, 0, room);
    if (!got)
        return NULL;
    PyObject *all[3] = { NULL, NULL, NULL };
    Py_ssize_t n = got == room ? 3 : PyTuple_GET_SIZE(args);
    for (Py_ssize_t i = 0; i < Py_MIN(n, 3); i++)
        all[i] = got[i];
    PyObject *s = str_from_args(all);
    return type == &PyUnicode_Type || !s ? s : subtype_from_steal(type, s);
}

/* str(x) without a tuple of arguments. */
static PyObject *str_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (LIKELY(!kwnames && n == 1)) {
        Py_INCREF(args[0]); /* as a tuple of arguments holds it */
        PyObject *s = PyObject_Str(args[0]);
        Py_DECREF(args[0]);
        return s;
    }
    PyObject *room[3], *all[3] = { NULL, NULL, NULL };
    PyObject *const *got = _PyArg_UnpackKeywords(args, n, NULL, kwnames, &new_parser, 0, 3, 0,
                                                 room);
    if (!got)
        return NULL;
    if (got == room)
        n = 3;
    for (Py_ssize_t i = 0; i < Py_MIN(n, 3); i++)
        all[i] = got[i];
    return str_from_args(all);
}

/* -- The type -------------------------------------------------------------------------------- */

static PySequenceMethods str_as_sequence = {
    .sq_length = str_length,
    .sq_concat = PyUnicode_Concat,
    .sq_repeat = str_repeat,
    .sq_item = str_item,
    .sq_contains = PyUnicode_Contains,
};

static PyMappingMethods str_as_mapping = { .mp_length = str_length, .mp_subscript = str_subscript };
static PyNumberMethods str_as_number = { .nb_remainder = str_mod_slot };

PyTypeObject PyUnicode_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "str",
    .tp_basicsize = sizeof(PyUnicodeObject),
    .tp_dealloc = str_dealloc,
    .tp_repr = str_repr,
    .tp_as_number = &str_as_number,
    .tp_as_sequence = &str_as_sequence,
    .tp_as_mapping = &str_as_mapping,
    .tp_hash = str_hash,
    .tp_str = str_str,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_UNICODE_SUBCLASS
                | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = "str(object='') -> str\n"
              "str(bytes_or_buffer[, encoding[, errors]]) -> str\n"
              "\n"
              "Text: the object's own idea of itself (__str__, else __repr__), or a buffer "
              "decoded.\n"
              ""
              "The encoding is UTF-8 unless given; errors is 'strict' unless given.",
    .tp_richcompare = PyUnicode_RichCompare,
    .tp_iter = str_iter,
    .tp_methods = str_methods,
    .tp_new = str_new,
    .tp_free = PyObject_Del,
    .tp_vectorcall = str_vectorcall,
};
