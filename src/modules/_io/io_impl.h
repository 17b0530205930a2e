/* SPDX-License-Identifier: MIT
 *
 * Shared inside _io/: the stream types, their common state, and checks that every layer makes.
 *
 * Layers: FileIO (raw: one descriptor) < Buffered… (bytes in blocks) < TextIOWrapper (characters,
 * lines). BytesIO and StringIO keep their data in memory. All inherit from _IOBase, whose
 * Python-level protocol the C types call through method lookups whenever a subclass may have
 * replaced a method.
 */
#ifndef VITRO_IO_IMPL_H
#define VITRO_IO_IMPL_H

#include "modules/args.h"
#include "state.h"

#include <errno.h>

extern const PyConfig *_Py_GetConfig(void);

#define DEFAULT_BUFFER_SIZE (8 * 1024)

extern EXPORT PyTypeObject _PyBytesIOBuffer_Type;
extern PyTypeObject PyIOBase_Type, PyRawIOBase_Type, PyBufferedIOBase_Type, PyTextIOBase_Type;
extern PyTypeObject PyFileIO_Type, PyBytesIO_Type, PyStringIO_Type, PyBufferedReader_Type,
    PyBufferedWriter_Type, PyBufferedRWPair_Type, PyBufferedRandom_Type, PyTextIOWrapper_Type,
    PyIncrementalNewlineDecoder_Type;

/* io.UnsupportedOperation; owned by the module, found through it. BORROWED. */
PyObject *io_unsupported_operation(void);
PyObject *io_unsupported(const char *message); /* raises it: always NULL */

/* -- iobase.c -------------------------------------------------------------------------------- */

/* Finalises a stream from tp_dealloc; -1 when it came back to life. */
int iobase_finalize_from_dealloc(PyObject *self);
void iobase_finalize(PyObject *self);
/* 0, or -1 with ValueError when obj.closed / with UnsupportedOperation when the capability is
 * missing. */
int iobase_check_closed(PyObject *self);
int iobase_check_readable(PyObject *self);
int iobase_check_writable(PyObject *self);
int iobase_check_seekable(PyObject *self);
/* What the stream's method readline gives, which must be of that type: for iteration of subclasses
   that may have one of their own. */
PyObject *io_readline(PyObject *stream, PyTypeObject *type);
/* Truth of obj.closed; -1 with an exception. */
int io_is_closed(PyObject *stream);

/* True when an exact FileIO has no descriptor (fileio.c). */
bool fileio_is_closed(PyObject *fileio);
bool bytesio_is_closed(PyObject *bytesio);

/* -- Helpers --------------------------------------------------------------------------------- */

/* "O&" converter: None leaves the Py_ssize_t as it is, integers are taken. */
int size_converter(PyObject *o, void *size);
/* The value of an exact int of one digit. */
static inline bool io_small(PyObject *o, Py_ssize_t *n)
{
    if (!PyLong_CheckExact(o) || Py_SIZE(o) < -1 || Py_SIZE(o) > 1)
        return false;
    *n = Py_SIZE(o) * (Py_ssize_t)((PyLongObject *)o)->ob_digit[0];
    return true;
}
/* The buffer of a method's one argument; `name` is the method when it wants to write there, else
 * NULL. */
static inline bool io_buffer(PyObject *arg, Py_buffer *view, const char *name)
{
    if (PyObject_GetBuffer(arg, view, name ? PyBUF_WRITABLE : PyBUF_SIMPLE) == 0)
        return true;
    if (name)
        _PyArg_BadArgument(name, "argument", "read-write bytes-like object", arg);
    return false;
}
#define IO_ARGS(least, most, format, ...)                                                          \
    (_PyArg_CheckPositional(strchr(format, ':') + 1, nargs, least, most) &&                        \
     PARSEP(format, __VA_ARGS__))
/* One optional size: the usual arguments are taken without reading the format. */
#define IO_SIZE(n, ...)                                                                            \
    (nargs == 0 || (nargs == 1 && io_small(args[0], n)) || IO_ARGS(0, 1, __VA_ARGS__))
/* An offset from an int object; -1 with an exception (clipped errors are raised as `error`). */
off_t off_from_object(PyObject *o, PyObject *error);
/* True and the exception cleared when the error is an interrupted call that shall be repeated. */
bool io_trap_eintr(void);

typedef struct NewlineDecoder {
    PyObject_HEAD
    PyObject *decoder;    /* strong, None: input is str */
    PyObject *errors;
    unsigned pendingcr : 1; /* the last input ended in \r that waits for its \n */
    unsigned translate : 1; /* \r\n and \r become \n */
    unsigned seennl : 3;    /* SEEN_… */
} NewlineDecoder;
enum { SEEN_CR = 1, SEEN_LF = 2, SEEN_CRLF = 4 };
/* IncrementalNewlineDecoder(decoder, translate) */
PyObject *newline_decoder_around(PyObject *decoder, bool translate);
PyObject *newline_decode(PyObject *self, PyObject *input, int final);

/* Index just after the first line end in s[0, n), or -1; *consumed says how much was looked at
   without finding one. translated: only \n ends lines; universal: \n, \r, \r\n; else `readnl` is
   the terminator. */
Py_ssize_t text_find_line_end(int translated, int universal, PyObject *readnl, int kind,
                              const char *start, const char *end, Py_ssize_t *consumed);

#define METHODF(type, name, sig, doc) \
    { #name, (PyCFunction)(void (*)(void))type##_##name, METH_FASTCALL, #name sig "\n--\n\n" doc }
#define METHODO(type, name, sig, doc)                                                              \
    {                                                                                              \
        #name, (PyCFunction)type##_##name, METH_O, #name sig "\n--\n\n" doc                        \
    }
#define METHODK(type, name, sig, doc)                                                              \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))type##_##name, METH_FASTCALL | METH_KEYWORDS,          \
            #name sig "\n--\n\n" doc                                                               \
    }
#define METHODN(type, name, doc)                                                                   \
    {                                                                                              \
        #name, (PyCFunction)type##_##name, METH_NOARGS, #name "($self, /)\n--\n\n" doc             \
    }

#endif
