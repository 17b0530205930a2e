/* SPDX-License-Identifier: MIT
 *
 * _TextIOBase and TextIOWrapper: life, configuration, attributes. See text.h for the invariants.
 */
#include "text.h"

#include <langinfo.h>

extern EXPORT PyObject *_PyCodec_LookupTextEncoding(const char *encoding,
                                                    const char *alternate_command);
extern EXPORT PyObject *_PyCodecInfo_GetIncrementalDecoder(PyObject *codec_info,
                                                           const char *errors);
extern EXPORT PyObject *_PyCodecInfo_GetIncrementalEncoder(PyObject *codec_info,
                                                           const char *errors);

/* -- _TextIOBase ----------------------------------------------------------------------------- */

static PyObject *textiobase_detach(PyObject *self, PyObject *args)
{
    return io_unsupported("detach");
}
static PyObject *textiobase_read(PyObject *self, PyObject *args) { return io_unsupported("read"); }
static PyObject *textiobase_readline(PyObject *self, PyObject *args)
{
    return io_unsupported("readline");
}
static PyObject *textiobase_write(PyObject *self, PyObject *args)
{
    return io_unsupported("write");
}
static PyObject *textiobase_none(PyObject *self, void *unused) { Py_RETURN_NONE; }

static PyMethodDef textiobase_methods[] = {
    {"detach", textiobase_detach, METH_NOARGS,
     "Separate the underlying buffer from this object and return it."},
    {"read", textiobase_read, METH_VARARGS,
     "Read at most n characters; all when n is negative or omitted."},
    {"readline", textiobase_readline, METH_VARARGS,
     "Read until a line end or the end of the stream; '' at the end."},
    {"write", textiobase_write, METH_VARARGS,
     "Write a str; returns the number of characters, always all of them."},
    {NULL},
};
static PyGetSetDef textiobase_getset[] = {
    {"encoding", textiobase_none, NULL, "Encoding of the text; subclasses override it.", NULL},
    {"newlines", textiobase_none, NULL, "Line ends seen so far; subclasses override it.", NULL},
    {"errors", textiobase_none, NULL,
     "Error setting of decoder and encoder; subclasses override it.", NULL},
    {NULL},
};
PyTypeObject PyTextIOBase_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io._TextIOBase",
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "Base class of text streams: characters and lines.",
    .tp_base = &PyIOBase_Type,
    .tp_methods = textiobase_methods,
    .tp_getset = textiobase_getset,
};

/* -- Checks ---------------------------------------------------------------------------------- */

int text_check_ready(TextIO *self)
{
    if (self->ok)
        return 0;
    PyErr_SetString(PyExc_ValueError, self->detached ? "underlying buffer has been detached"
                                                     : "I/O operation on uninitialized object");
    return -1;
}

int text_check_open(TextIO *self)
{
    if (text_check_ready(self) < 0)
        return -1;
    int closed;
    if (Py_IS_TYPE(self, &PyTextIOWrapper_Type))
        closed = self->raw ? fileio_is_closed(self->raw) : io_is_closed(self->buffer);
    else
        closed = io_is_closed((PyObject *)self);
    if (closed > 0)
        PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
    return closed ? -1 : 0;
}

void text_set_decoded(TextIO *self, PyObject *chars)
{
    Py_XSETREF(self->decoded, chars);
    self->decoded_used = 0;
}

/* -- Codecs ---------------------------------------------------------------------------------- */

static int check_newline(const char *nl)
{
    if (!nl || !*nl || !strcmp(nl, "\n") || !strcmp(nl, "\r") || !strcmp(nl, "\r\n"))
        return 0;
    PyErr_Format(PyExc_ValueError, "illegal newline value: %s", nl);
    return -1;
}

/* nl NULL: universal, translated to \n; "": universal as they are; else the one terminator. */
static int set_newline(TextIO *self, const char *nl)
{
    PyObject *old = self->readnl;
    if (nl) {
        self->readnl = PyUnicode_FromString(nl);
        if (!self->readnl) {
            self->readnl = old;
            return -1;
        }
    } else {
        self->readnl = NULL;
    }
    Py_XDECREF(old);
    self->readuniversal = !nl || !*nl;
    self->readtranslate = !nl;
    self->writetranslate = !nl || *nl;
    self->writenl =
        !self->readuniversal && strcmp(nl, "\n") ? (*nl == '\r' && nl[1] ? "\r\n" : "\r") : NULL;
    return 0;
}

static int ask_capability(PyObject *buffer, PyObject *method)
{
    PyObject *res = PyObject_CallMethodNoArgs(buffer, method);
    int rc = res ? PyObject_IsTrue(res) : -1;
    Py_XDECREF(res);
    return rc;
}

/* Nothing for a buffer that is not readable. Universal newlines are a decoder around the
   codec's. */
static int set_decoder(TextIO *self, PyObject *codec_info, const char *errors)
{
    int readable = ask_capability(self->buffer, ID(readable));
    if (readable <= 0)
        return readable;
    Py_XSETREF(self->decoder, _PyCodecInfo_GetIncrementalDecoder(codec_info, errors));
    if (!self->decoder)
        return -1;
    if (self->readuniversal) {
        PyObject *wrapped = newline_decoder_around(self->decoder, self->readtranslate);
        if (!wrapped)
            return -1;
        Py_SETREF(self->decoder, wrapped);
    }
    return 0;
}

/* Nothing for a buffer that is not writable. `encode` is a function in C for the codec's own name,
   so that aliases find it too. */
static int set_encoder(TextIO *self, PyObject *codec_info, const char *errors)
{
    int writable = ask_capability(self->buffer, ID(writable));
    if (writable <= 0)
        return writable;
    self->encode = NULL;
    Py_XSETREF(self->encoder, _PyCodecInfo_GetIncrementalEncoder(codec_info, errors));
    if (!self->encoder)
        return -1;
    PyObject *name;
    if (_PyObject_LookupAttr(codec_info, ID(name), &name) < 0)
        return -1;
    if (name && PyUnicode_Check(name)) {
        PyObject *encoding = self->encoding;
        self->encoding = name;
        self->encode = text_find_encode(self);
        self->encoding = encoding;
    }
    Py_XDECREF(name);
    return 0;
}

/* An encoder that writes a mark at the start must not write one in the middle of an existing file.
 */
static int fix_encoder_state(TextIO *self)
{
    if (!self->seekable || !self->encoder)
        return 0;
    self->encoding_start = true;
    PyObject *position = PyObject_CallMethodNoArgs(self->buffer, ID(tell));
    if (!position)
        return -1;
    int at_start = PyObject_RichCompareBool(position, SMALL_INT(0), Py_EQ);
    Py_DECREF(position);
    if (at_start)
        return at_start < 0 ? -1 : 0;
    self->encoding_start = false;
    PyObject *res = PyObject_CallMethodOneArg(self->encoder, ID(setstate), SMALL_INT(0));
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* The object names the encoding; NULL and "locale" mean the locale's (UTF-8 in UTF-8 mode for
 * NULL). Owned str. */
static PyObject *resolve_encoding(const char *encoding)
{
    if (!encoding && _PyRuntime.preconfig.utf8_mode)
        return PyUnicode_FromString("utf-8");
    if (encoding && strcmp(encoding, "locale"))
        return PyUnicode_FromString(encoding);
    const char *codeset = nl_langinfo(CODESET);
    return PyUnicode_FromString(codeset && *codeset ? codeset : "utf-8");
}

/* -- Life ------------------------------------------------------------------------------------ */

/* In development mode a handler that does not exist is found out now, not at the first error. */
static int check_errors(const char *errors)
{
    if (!_Py_GetConfig()->dev_mode || !interp_get()->codecs_initialized)
        return 0;
    PyObject *handler = PyCodec_LookupError(errors);
    Py_XDECREF(handler);
    return handler ? 0 : -1;
}

static int text_setup(TextIO *self, PyObject *buffer, const char *encoding, PyObject *errors,
                      const char *newline, int line_buffering, int write_through)
{
    PyObject *codec_info = NULL, *read1;
    const char *errors_text;
    int rc = -1;

    if (!encoding && _Py_GetConfig()->warn_default_encoding &&
        PyErr_WarnEx(PyExc_EncodingWarning, "'encoding' argument not specified", 1) < 0)
        return -1;
    if (errors == Py_None) {
        errors = ID(strict);
    } else if (!PyUnicode_Check(errors)) {
        /* 3.11 finds this out when it asks for the text of the argument. */
        PyErr_Format(PyExc_TypeError,
                     "TextIOWrapper() argument 'errors' must be str or None, not %.50s",
                     Py_TYPE(errors)->tp_name);
        return -1;
    }
    if (!(errors_text = PyUnicode_AsUTF8(errors)) || check_errors(errors_text) < 0 ||
        check_newline(newline) < 0)
        return -1;
    Py_CLEAR(self->encoder);
    Py_CLEAR(self->decoder);
    Py_CLEAR(self->decoded);
    Py_CLEAR(self->snapshot);
    Py_CLEAR(self->raw);
    Py_CLEAR(self->pending);
    self->pending_count = 0;
    self->decoded_used = 0;
    self->b2cratio = 0;
    self->encode = NULL;
    Py_XSETREF(self->encoding, resolve_encoding(encoding));
    if (!self->encoding)
        return -1;
    codec_info = _PyCodec_LookupTextEncoding(PyUnicode_AsUTF8(self->encoding), "codecs.open()");
    if (!codec_info) {
        Py_CLEAR(self->encoding);
        return -1;
    }
    Py_XSETREF(self->errors, Py_NewRef(errors));
    self->chunk_size = 8192;
    self->line_buffering = line_buffering != 0;
    self->write_through = write_through != 0;
    if (set_newline(self, newline) < 0)
        goto done;
    Py_XSETREF(self->buffer, Py_NewRef(buffer));
    if (set_decoder(self, codec_info, errors_text) < 0 ||
        set_encoder(self, codec_info, errors_text) < 0)
        goto done;
    if (Py_IS_TYPE(buffer, &PyBufferedReader_Type) || Py_IS_TYPE(buffer, &PyBufferedWriter_Type) ||
        Py_IS_TYPE(buffer, &PyBufferedRandom_Type)) {
        PyObject *raw;
        if (_PyObject_LookupAttr(buffer, ID(raw), &raw) < 0)
            goto done;
        if (raw && Py_IS_TYPE(raw, &PyFileIO_Type))
            self->raw = Py_NewRef(raw);
        Py_XDECREF(raw);
    }
    int seekable = ask_capability(buffer, ID(seekable));
    if (seekable < 0)
        goto done;
    self->seekable = self->telling = seekable;
    if (_PyObject_LookupAttr(buffer, ID(read1), &read1) < 0)
        goto done;
    self->has_read1 = read1 != NULL;
    Py_XDECREF(read1);
    self->encoding_start = false;
    if (fix_encoder_state(self) < 0)
        goto done;
    self->ok = true;
    rc = 0;
done:
    Py_DECREF(codec_info);
    return rc;
}

static int text_init(TextIO *self, PyObject *args, PyObject *kwargs)
{
    ARGS("O|zOzpp:TextIOWrapper", "buffer", "encoding", "errors", "newline", "line_buffering",
         "write_through");
    PyObject *buffer, *errors = Py_None;
    const char *encoding = NULL, *newline = NULL;
    int line_buffering = 0, write_through = 0;
    self->ok = self->detached = false;
    if (!PARSE_TUPLE(&buffer, &encoding, &errors, &newline, &line_buffering, &write_through))
        return -1;
    return text_setup(self, buffer, encoding, errors, newline, line_buffering, write_through);
}

static int text_traverse(TextIO *self, visitproc visit, void *arg)
{
    Py_VISIT(self->buffer);
    Py_VISIT(self->encoding);
    Py_VISIT(self->encoder);
    Py_VISIT(self->decoder);
    Py_VISIT(self->readnl);
    Py_VISIT(self->decoded);
    Py_VISIT(self->pending);
    Py_VISIT(self->snapshot);
    Py_VISIT(self->errors);
    Py_VISIT(self->raw);
    Py_VISIT(self->dict);
    return 0;
}

static int text_clear(TextIO *self)
{
    self->ok = false;
    Py_CLEAR(self->buffer);
    Py_CLEAR(self->encoding);
    Py_CLEAR(self->encoder);
    Py_CLEAR(self->decoder);
    Py_CLEAR(self->readnl);
    Py_CLEAR(self->decoded);
    Py_CLEAR(self->pending);
    Py_CLEAR(self->snapshot);
    Py_CLEAR(self->errors);
    Py_CLEAR(self->raw);
    Py_CLEAR(self->dict);
    return 0;
}

static void text_dealloc(TextIO *self)
{
    self->finalizing = 1;
    if (iobase_finalize_from_dealloc((PyObject *)self) < 0)
        return;
    self->ok = false;
    PyObject_GC_UnTrack(self);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    text_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* -- Reconfiguring --------------------------------------------------------------------------- */

/* An encoding without errors means "strict"; neither, but a new newline, makes the coders anew. */
static int change_encoding(TextIO *self, PyObject *encoding, PyObject *errors, bool newline_changed)
{
    if (encoding == Py_None && errors == Py_None && !newline_changed)
        return 0;
    if (encoding == Py_None) {
        Py_INCREF(self->encoding);
        encoding = self->encoding;
        if (errors == Py_None)
            errors = self->errors;
        Py_INCREF(errors);
    } else {
        const char *name = PyUnicode_Check(encoding) ? PyUnicode_AsUTF8(encoding) : NULL;
        if (!name) {
            if (!PyErr_Occurred())
                PyErr_Format(PyExc_TypeError,
                             "reconfigure() argument 'encoding' must be str or None, not %.50s",
                             Py_TYPE(encoding)->tp_name);
            return -1;
        }
        encoding = strcmp(name, "locale") ? Py_NewRef(encoding) : resolve_encoding("locale");
        if (!encoding)
            return -1;
        if (errors == Py_None)
            errors = ID(strict);
        Py_INCREF(errors);
    }
    PyObject *codec_info = NULL;
    const char *errors_text = PyUnicode_AsUTF8(errors), *name = PyUnicode_AsUTF8(encoding);
    if (errors_text && name)
        codec_info = _PyCodec_LookupTextEncoding(name, "codecs.open()");
    int rc = codec_info && set_decoder(self, codec_info, errors_text) == 0 &&
                     set_encoder(self, codec_info, errors_text) == 0
                 ? 0
                 : -1;
    Py_XDECREF(codec_info);
    if (rc < 0) {
        Py_DECREF(encoding);
        Py_DECREF(errors);
        return -1;
    }
    Py_SETREF(self->encoding, encoding);
    Py_SETREF(self->errors, errors);
    return fix_encoder_state(self);
}

/* None keeps the value; -1 with an exception. */
static int boolean_option(PyObject *o, int current)
{
    if (o == Py_None)
        return current;
    return PyObject_IsTrue(o);
}

static PyObject *text_reconfigure(TextIO *self, PyObject *const *args, Py_ssize_t nargs,
                                  PyObject *kwnames)
{
    ARGS("|$OOOOO:reconfigure", "encoding", "errors", "newline", "line_buffering", "write_through");
    PyObject *encoding = Py_None, *errors = Py_None, *newline_object = NULL, *lb = Py_None,
             *wt = Py_None;
    const char *newline = NULL;
    if (!PARSE(&encoding, &errors, &newline_object, &lb, &wt))
        return NULL;
    if (self->decoded && (encoding != Py_None || errors != Py_None || newline_object))
        return io_unsupported(
            "It is not possible to set the encoding or newline of stream after the first read");
    if (newline_object && newline_object != Py_None) {
        if (!PyUnicode_Check(newline_object))
            return PyErr_Format(PyExc_TypeError,
                                "reconfigure() argument 'newline' must be str or None, not %.50s",
                                Py_TYPE(newline_object)->tp_name);
        newline = PyUnicode_AsUTF8(newline_object);
        if (!newline || check_newline(newline) < 0)
            return NULL;
    }
    int line_buffering = boolean_option(lb, self->line_buffering),
        write_through = line_buffering < 0 ? -1 : boolean_option(wt, self->write_through);
    if (write_through < 0)
        return NULL;
    PyObject *flushed = PyObject_CallMethodNoArgs((PyObject *)self, ID(flush));
    if (!flushed)
        return NULL;
    Py_DECREF(flushed);
    self->b2cratio = 0;
    if (newline_object && set_newline(self, newline) < 0)
        return NULL;
    if (change_encoding(self, encoding, errors, newline_object != NULL) < 0)
        return NULL;
    self->line_buffering = line_buffering;
    self->write_through = write_through;
    Py_RETURN_NONE;
}

/* -- Delegation ------------------------------------------------------------------------------ */

static PyObject *ask_buffer(TextIO *self, PyObject *method)
{
    return text_check_ready(self) < 0 ? NULL : PyObject_CallMethodNoArgs(self->buffer, method);
}
static PyObject *text_fileno(TextIO *self, PyObject *unused)
{
    return ask_buffer(self, ID(fileno));
}
static PyObject *text_seekable(TextIO *self, PyObject *unused)
{
    return ask_buffer(self, ID(seekable));
}
static PyObject *text_readable(TextIO *self, PyObject *unused)
{
    return ask_buffer(self, ID(readable));
}
static PyObject *text_writable(TextIO *self, PyObject *unused)
{
    return ask_buffer(self, ID(writable));
}
static PyObject *text_isatty(TextIO *self, PyObject *unused)
{
    return ask_buffer(self, ID(isatty));
}

static PyObject *text_flush(TextIO *self, PyObject *unused)
{
    if (text_check_open(self) < 0)
        return NULL;
    self->telling = self->seekable;
    return text_write_pending(self) < 0 ? NULL : PyObject_CallMethodNoArgs(self->buffer, ID(flush));
}

static PyObject *text_detach(TextIO *self, PyObject *unused)
{
    if (text_check_ready(self) < 0)
        return NULL;
    PyObject *res = PyObject_CallMethodNoArgs((PyObject *)self, ID(flush));
    if (!res)
        return NULL;
    Py_DECREF(res);
    PyObject *buffer = self->buffer;
    self->buffer = NULL;
    Py_CLEAR(self->raw);
    self->detached = true;
    self->ok = false;
    return buffer;
}

static PyObject *text_truncate(TextIO *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *pos = Py_None;
    if (!IO_ARGS(0, 1, "|O:truncate", &pos) || text_check_ready(self) < 0)
        return NULL;
    PyObject *flushed = PyObject_CallMethodNoArgs((PyObject *)self, ID(flush));
    if (!flushed)
        return NULL;
    Py_DECREF(flushed);
    return PyObject_CallMethodOneArg(self->buffer, ID(truncate), pos);
}

/* The buffer is closed even when flushing fails; the first error is the context of the second. */
static PyObject *text_close(TextIO *self, PyObject *unused)
{
    PyObject *type = NULL, *value = NULL, *tb = NULL;
    if (text_check_ready(self) < 0)
        return NULL;
    int closed = io_is_closed((PyObject *)self);
    if (closed)
        return closed < 0 ? NULL : Py_NewRef(Py_None);
    if (self->finalizing) {
        PyObject *res =
            PyObject_CallMethodOneArg(self->buffer, ID(_dealloc_warn), (PyObject *)self);
        if (!res)
            PyErr_Clear();
        Py_XDECREF(res);
    }
    PyObject *res = PyObject_CallMethodNoArgs((PyObject *)self, ID(flush));
    if (!res)
        PyErr_Fetch(&type, &value, &tb);
    Py_XDECREF(res);
    res = PyObject_CallMethodNoArgs(self->buffer, ID(close));
    if (type) {
        _PyErr_ChainExceptions(type, value, tb);
        Py_CLEAR(res);
    }
    return res;
}

/* -- Attributes ------------------------------------------------------------------------------ */

/* Made, maybe detached since. */
static int check_made(TextIO *self) { return self->detached ? 0 : text_check_ready(self); }

/* Attributes name and mode are asked of the buffer and may be anything. */
static PyObject *text_repr(TextIO *self)
{
    PyObject *res = NULL, *name = NULL, *mode = NULL;
    if (check_made(self) < 0)
        return NULL;
    int status = Py_ReprEnter((PyObject *)self);
    if (status) {
        if (status > 0)
            PyErr_Format(PyExc_RuntimeError, "reentrant call inside %s.__repr__",
                         Py_TYPE(self)->tp_name);
        return NULL;
    }
    if (_PyObject_LookupAttr((PyObject *)self, ID(name), &name) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError))
            goto done;
        PyErr_Clear();
    }
    if (_PyObject_LookupAttr((PyObject *)self, ID(mode), &mode) < 0)
        goto done;
    PyObject *n = name ? PyUnicode_FromFormat(" name=%R", name) : Py_NewRef(EMPTY_STR);
    PyObject *m = mode ? PyUnicode_FromFormat(" mode=%R", mode) : Py_NewRef(EMPTY_STR);
    if (n && m)
        res = PyUnicode_FromFormat("<_io.TextIOWrapper%U%U encoding=%R>", n, m, self->encoding);
    Py_XDECREF(n);
    Py_XDECREF(m);
done:
    Py_XDECREF(name);
    Py_XDECREF(mode);
    Py_ReprLeave((PyObject *)self);
    return res;
}

static PyObject *text_get_name(TextIO *self, void *unused)
{
    return text_check_ready(self) < 0 ? NULL : PyObject_GetAttr(self->buffer, ID(name));
}
static PyObject *text_get_closed(TextIO *self, void *unused)
{
    return text_check_ready(self) < 0 ? NULL : PyObject_GetAttr(self->buffer, ID(closed));
}
static PyObject *text_get_errors(TextIO *self, void *unused)
{
    return check_made(self) < 0 ? NULL : Py_NewRef(self->errors);
}
static PyObject *text_get_chunk_size(TextIO *self, void *unused)
{
    return text_check_ready(self) < 0 ? NULL : PyLong_FromSsize_t(self->chunk_size);
}

static PyObject *text_get_newlines(TextIO *self, void *unused)
{
    PyObject *res;
    if (text_check_ready(self) < 0)
        return NULL;
    if (!self->decoder || _PyObject_LookupAttr(self->decoder, ID(newlines), &res) == 0)
        Py_RETURN_NONE;
    return res;
}

static int text_set_chunk_size(TextIO *self, PyObject *value, void *unused)
{
    if (text_check_ready(self) < 0)
        return -1;
    if (!value) {
        PyErr_SetString(PyExc_AttributeError, "cannot delete attribute");
        return -1;
    }
    Py_ssize_t n = PyNumber_AsSsize_t(value, PyExc_ValueError);
    if (n == -1 && PyErr_Occurred())
        return -1;
    if (n <= 0) {
        PyErr_SetString(PyExc_ValueError, "a strictly positive integer is required");
        return -1;
    }
    self->chunk_size = n;
    return 0;
}

static PyMethodDef text_methods[] = {
    METHODN(text, detach, "Separate the underlying buffer from this object and return it."),
    METHODK(text, reconfigure,
            "($self, /, *, encoding=None, errors=None, newline=None,\n            "
            "line_buffering=None, write_through=None)",
            "Change how the stream encodes and buffers. Encoding and newline only before the first "
            "read."),
    {"write", (PyCFunction)text_write, METH_O,
     "write($self, text, /)\n--\n\nWrite a str; returns its length."},
    METHODF(text, read, "($self, size=-1, /)",
            "At most size characters; all that is left when size is negative or None."),
    METHODF(text, readline, "($self, size=-1, /)",
            "Next line, of at most size characters; '' at the end."),
    METHODN(text, flush, "Write out what is buffered."),
    METHODN(text, close, "Flush and close; no effect when closed."),
    METHODN(text, fileno, "Descriptor of the stream."),
    METHODN(text, seekable, "True when the stream can be positioned."),
    METHODN(text, readable, "True when the stream can be read."),
    METHODN(text, writable, "True when the stream can be written."),
    METHODN(text, isatty, "True when the stream is a terminal."),
    METHODF(text, seek, "($self, cookie, whence=0, /)",
            "Go to a position from tell(), or to the start (0, 0), position (0, 1) or end (0, 2)."),
    METHODN(text, tell, "A number that seek() understands; not a count of characters."),
    METHODF(text, truncate, "($self, pos=None, /)",
            "Cut the stream to pos bytes, the position by default."),
    {NULL},
};
static PyMemberDef text_members[] = {
    { "encoding", T_OBJECT, offsetof(TextIO, encoding), READONLY, NULL },
    { "buffer", T_OBJECT, offsetof(TextIO, buffer), READONLY, NULL },
    { "line_buffering", T_BOOL, offsetof(TextIO, line_buffering), READONLY, NULL },
    { "write_through", T_BOOL, offsetof(TextIO, write_through), READONLY, NULL },
    { "_finalizing", T_BOOL, offsetof(TextIO, finalizing), 0, NULL },
    { NULL },
};
static PyGetSetDef text_getset[] = {
    { "name", (getter)text_get_name, NULL, NULL, NULL },
    { "closed", (getter)text_get_closed, NULL, NULL, NULL },
    { "newlines", (getter)text_get_newlines, NULL, NULL, NULL },
    { "errors", (getter)text_get_errors, NULL, NULL, NULL },
    { "_CHUNK_SIZE", (getter)text_get_chunk_size, (setter)text_set_chunk_size, NULL, NULL },
    { NULL },
};

PyTypeObject PyTextIOWrapper_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_io.TextIOWrapper",
    .tp_basicsize = sizeof(TextIO),
    .tp_dealloc = (destructor)text_dealloc,
    .tp_repr = (reprfunc)text_repr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "TextIOWrapper(buffer, encoding=None, errors=None, newline=None,\n              "
              "line_buffering=False, write_through=False)\n--\n\nText over a buffered stream of "
              "bytes.\n\n"
              "encoding, errors: as for codecs; None is the locale's encoding and 'strict'.\n"
              "newline: None reads any line end as \\n and writes \\n as is; '' reads any line end "
              "unchanged; '\\n', '\\r',\n"
              "'\\r\\n' end lines when reading and replace \\n when writing.\n"
              "line_buffering flushes after a write with a line end; write_through keeps nothing "
              "back from the buffer.",
    .tp_traverse = (traverseproc)text_traverse,
    .tp_clear = (inquiry)text_clear,
    .tp_weaklistoffset = offsetof(TextIO, weakreflist),
    .tp_iternext = (iternextfunc)text_iternext,
    .tp_methods = text_methods,
    .tp_members = text_members,
    .tp_getset = text_getset,
    .tp_base = &PyTextIOBase_Type,
    .tp_dictoffset = offsetof(TextIO, dict),
    .tp_init = (initproc)text_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
};
