/* SPDX-License-Identifier: MIT
 *
 * Line ends: the incremental decoder that recognises and translates them, and the search that
 * readline uses.
 */
#include "io_impl.h"
#include "objects/block.h"
#include "objects/str/str.h"

/* -- Search ---------------------------------------------------------------------------------- */

/* Characters in so many bytes; kind is 1, 2 or 4, and a shift is quicker than a division. */
static inline Py_ssize_t characters(int kind, Py_ssize_t bytes) { return bytes >> (kind >> 1); }

/* First `c` in [s, end) of the given kind, or NULL. */
static const char *find_char(int kind, const char *s, const char *end, Py_UCS4 c)
{
    if (kind == PyUnicode_1BYTE_KIND && c < 256)
        return memchr(s, (int)c, (size_t)(end - s));
    Py_ssize_t at = run_find_char(kind, s, characters(kind, end - s), c);
    return at < 0 ? NULL : s + at * kind;
}

/* First \n or \r, or end. */
static const char *find_either(int kind, const char *s, const char *end)
{
    if (kind == PyUnicode_1BYTE_KIND)
        return line_end(s, end);
    if (kind == PyUnicode_2BYTE_KIND)
        for (; s < end && *(const Py_UCS2 *)s != '\n' && *(const Py_UCS2 *)s != '\r'; s += 2)
            ;
    else
        for (; s < end && *(const Py_UCS4 *)s != '\n' && *(const Py_UCS4 *)s != '\r'; s += 4)
            ;
    return s;
}

/* Universal: the first of \n, \r, \r\n. */
static Py_ssize_t find_universal(int kind, const char *start, const char *end)
{
    const char *s = find_either(kind, start, end);
    if (s == end)
        return -1;
    bool both = PyUnicode_READ(kind, s, 0) == '\r' && s + kind < end
                && PyUnicode_READ(kind, s + kind, 0) == '\n';
    return characters(kind, s - start) + (both ? 2 : 1);
}

Py_ssize_t text_find_line_end(int translated, int universal, PyObject *readnl, int kind,
                              const char *start, const char *end, Py_ssize_t *consumed)
{
    Py_ssize_t length = characters(kind, end - start);
    *consumed = length;
    if (translated) {
        const char *s = find_char(kind, start, end, '\n');
        return s ? characters(kind, s - start) + 1 : -1;
    }
    if (universal)
        return find_universal(kind, start, end);
    const Py_UCS1 *nl = PyUnicode_1BYTE_DATA(readnl);
    Py_ssize_t n = PyUnicode_GET_LENGTH(readnl);
    for (const char *s = start; (s = find_char(kind, s, end, nl[0])); s += kind) {
        Py_ssize_t left = characters(kind, end - s), i = 1;
        while (i < n && i < left && PyUnicode_READ(kind, s, i) == nl[i])
            i++;
        if (i == n)
            return characters(kind, s - start) + n;
        if (i == left) {
            /* The rest may complete it: look again from here. */
            *consumed = characters(kind, s - start);
            return -1;
        }
    }
    return -1;
}

/* -- IncrementalNewlineDecoder --------------------------------------------------------------- */

static int decoder_init(NewlineDecoder *self, PyObject *args, PyObject *kwargs)
{
    ARGS("Oi|O:IncrementalNewlineDecoder", "decoder", "translate", "errors");
    PyObject *decoder, *errors = NULL;
    int translate;
    if (!PARSE_TUPLE(&decoder, &translate, &errors))
        return -1;
    Py_XSETREF(self->decoder, Py_NewRef(decoder));
    Py_XSETREF(self->errors, Py_NewRef(errors ? errors : ID(strict)));
    self->translate = translate != 0;
    self->seennl = 0;
    self->pendingcr = 0;
    return 0;
}

PyObject *newline_decoder_around(PyObject *decoder, bool translate)
{
    PyTypeObject *type = &PyIncrementalNewlineDecoder_Type;
    NewlineDecoder *self = (NewlineDecoder *)type->tp_alloc(type, 0);
    if (self) {
        self->decoder = Py_NewRef(decoder);
        self->errors = Py_NewRef(ID(strict));
        self->translate = translate;
    }
    return (PyObject *)self;
}

static void decoder_dealloc(NewlineDecoder *self)
{
    Py_CLEAR(self->decoder);
    Py_CLEAR(self->errors);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int decoder_check(NewlineDecoder *self)
{
    if (self->errors)
        return 0;
    PyErr_SetString(PyExc_ValueError, "IncrementalNewlineDecoder.__init__() not called");
    return -1;
}

/* Notes which line ends occur in s[0, n); stops early when all have been seen. */
static int note_line_ends(int seen, int kind, const char *s, Py_ssize_t n)
{
    const char *end = s + n * kind;
    for (; s < end && seen != (SEEN_CR | SEEN_LF | SEEN_CRLF); s += kind) {
        Py_UCS4 c = PyUnicode_READ(kind, s, 0);
        if (c == '\n') {
            seen |= SEEN_LF;
        } else if (c == '\r') {
            if (s + kind < end && PyUnicode_READ(kind, s + kind, 0) == '\n') {
                seen |= SEEN_CRLF;
                s += kind;
            } else {
                seen |= SEEN_CR;
            }
        }
    }
    return seen;
}

/* A copy of `text` with every \r\n and \r as \n; *seen is updated. What lies between two \r is
 * copied whole. */
static PyObject *translate_line_ends(PyObject *text, int *seen)
{
    int kind = PyUnicode_KIND(text);
    const char *in = PyUnicode_DATA(text), *end = in + PyUnicode_GET_LENGTH(text) * kind;
    PyObject *res = PyUnicode_New(PyUnicode_GET_LENGTH(text), PyUnicode_MAX_CHAR_VALUE(text));
    if (!res)
        return NULL;
    char *start = PyUnicode_DATA(res), *out = start;
    for (;;) {
        const char *cr = find_char(kind, in, end, '\r');
        size_t size = (size_t)((cr ? cr : end) - in);
        if (!(*seen & SEEN_LF) && find_char(kind, in, in + size, '\n'))
            *seen |= SEEN_LF;
        memcpy(out, in, size);
        out += size;
        if (!cr)
            break;
        PyUnicode_WRITE(kind, out, 0, '\n');
        out += kind;
        in = cr + kind;
        if (in < end && PyUnicode_READ(kind, in, 0) == '\n') {
            *seen |= SEEN_CRLF;
            in += kind;
        } else {
            *seen |= SEEN_CR;
        }
    }
    Py_ssize_t n = (out - start) / kind;
    if (n == 1) {
        Py_DECREF(res);
        return Py_NewRef(latin1_char('\n'));
    }
    if (PyUnicode_Resize(&res, n) < 0)
        Py_CLEAR(res);
    return res;
}

/* STEALS text: puts the \r that the last call kept before it, and keeps one that ends it unless
 * this is the end. */
static PyObject *handle_pending(NewlineDecoder *self, PyObject *text, int final)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    if (self->pendingcr && (final || n > 0)) {
        PyObject *cr = latin1_char('\r');
        Py_SETREF(text, PyUnicode_Concat(cr, text));
        if (!text)
            return NULL;
        self->pendingcr = 0;
        n++;
    }
    if (!final && n > 0 && PyUnicode_READ_CHAR(text, n - 1) == '\r') {
        Py_SETREF(text, PyUnicode_Substring(text, 0, n - 1));
        self->pendingcr = 1;
    }
    return text;
}

PyObject *newline_decode(PyObject *object, PyObject *input, int final)
{
    NewlineDecoder *self = (NewlineDecoder *)object;
    PyObject *text;
    if (decoder_check(self) < 0)
        return NULL;
    text = self->decoder == Py_None ? Py_NewRef(input)
                                    : PyObject_CallMethodObjArgs(self->decoder, ID(decode), input,
                                                                 final ? Py_True : Py_False, NULL);
    if (!text)
        return NULL;
    if (!PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "decoder should return a string result, not '%.200s'",
                     Py_TYPE(text)->tp_name);
        Py_DECREF(text);
        return NULL;
    }
    if (PyUnicode_READY(text) < 0 || !(text = handle_pending(self, text, final)))
        return NULL;
    int kind = PyUnicode_KIND(text), seen = self->seennl;
    const char *s = PyUnicode_DATA(text);
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    if (n == 0)
        return text;
    /* The usual text has only \n. */
    if (!find_char(kind, s, s + n * kind, '\r')) {
        if (!(seen & SEEN_LF) && find_char(kind, s, s + n * kind, '\n'))
            seen |= SEEN_LF;
    } else if (!self->translate) {
        seen = note_line_ends(seen, kind, s, n);
    } else {
        Py_SETREF(text, translate_line_ends(text, &seen));
    }
    self->seennl = (unsigned)seen & 7;
    return text;
}

static PyObject *decoder_decode(NewlineDecoder *self, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    ARGS("O|p:decode", "input", "final");
    PyObject *input;
    int final = 0;
    return PARSE(&input, &final) ? newline_decode((PyObject *)self, input, final) : NULL;
}

/* (buffered input, flags): our pending \r is the lowest bit of the flags. */
static PyObject *decoder_getstate(NewlineDecoder *self, PyObject *unused)
{
    PyObject *buffer;
    unsigned long long flag = 0;
    if (decoder_check(self) < 0)
        return NULL;
    if (self->decoder == Py_None) {
        buffer = Py_NewRef(EMPTY_BYTES);
    } else {
        PyObject *state = PyObject_CallMethodNoArgs(self->decoder, ID(getstate));
        if (!state)
            return NULL;
        if (!PyTuple_Check(state)) {
            PyErr_SetString(PyExc_TypeError, "illegal decoder state");
            Py_DECREF(state);
            return NULL;
        }
        if (!PyArg_ParseTuple(state, "OK;illegal decoder state", &buffer, &flag)) {
            Py_DECREF(state);
            return NULL;
        }
        Py_INCREF(buffer);
        Py_DECREF(state);
    }
    return Py_BuildValue("NK", buffer, flag << 1 | self->pendingcr);
}

static PyObject *decoder_setstate(NewlineDecoder *self, PyObject *state)
{
    PyObject *buffer;
    unsigned long long flag;
    if (decoder_check(self) < 0)
        return NULL;
    if (!PyTuple_Check(state))
        return PyErr_Format(PyExc_TypeError, "state argument must be a tuple");
    if (!PyArg_ParseTuple(state, "OK;setstate(): illegal state argument", &buffer, &flag))
        return NULL;
    self->pendingcr = flag & 1;
    if (self->decoder == Py_None)
        Py_RETURN_NONE;
    return _PyObject_CallMethod(self->decoder, ID(setstate), "((OK))", buffer, flag >> 1);
}

static PyObject *decoder_reset(NewlineDecoder *self, PyObject *unused)
{
    if (decoder_check(self) < 0)
        return NULL;
    self->seennl = 0;
    self->pendingcr = 0;
    return self->decoder == Py_None ? Py_NewRef(Py_None)
                                    : PyObject_CallMethodNoArgs(self->decoder, ID(reset));
}

static PyObject *decoder_newlines(NewlineDecoder *self, void *unused)
{
    if (decoder_check(self) < 0)
        return NULL;
    switch (self->seennl) {
    case SEEN_CR: return PyUnicode_FromString("\r");
    case SEEN_LF: return PyUnicode_FromString("\n");
    case SEEN_CRLF: return PyUnicode_FromString("\r\n");
    case SEEN_CR | SEEN_LF: return Py_BuildValue("ss", "\r", "\n");
    case SEEN_CR | SEEN_CRLF: return Py_BuildValue("ss", "\r", "\r\n");
    case SEEN_LF | SEEN_CRLF: return Py_BuildValue("ss", "\n", "\r\n");
    case SEEN_CR | SEEN_LF | SEEN_CRLF: return Py_BuildValue("sss", "\r", "\n", "\r\n");
    default: Py_RETURN_NONE;
    }
}

static PyMethodDef decoder_methods[] = {
    METHODK(decoder, decode, "($self, /, input, final=False)",
            "Decode input and recognise its line ends."),
    METHODN(decoder, getstate, "State as (buffered input, flags)."),
    {"setstate", (PyCFunction)decoder_setstate, METH_O,
     "setstate($self, state, /)\n--\n\nRestore a state from getstate()."},
    METHODN(decoder, reset, "Start anew."),
    {NULL},
};
static PyGetSetDef decoder_getset[] = {{"newlines", (getter)decoder_newlines, NULL, NULL, NULL},
                                       {NULL}};

PyTypeObject PyIncrementalNewlineDecoder_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io.IncrementalNewlineDecoder",
    .tp_basicsize = sizeof(NewlineDecoder),
    .tp_dealloc = (destructor)decoder_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "IncrementalNewlineDecoder(decoder, translate, errors='strict')\n--\n\nWraps an "
              "incremental decoder (None: input is text) and recognises line ends, also \\r\\n "
              "across two inputs.\n"
              "With translate all of them become \\n. newlines says which were seen.",
    .tp_methods = decoder_methods,
    .tp_getset = decoder_getset,
    .tp_init = (initproc)decoder_init,
    .tp_new = PyType_GenericNew,
};
