/* SPDX-License-Identifier: MIT
 *
 * TextIOWrapper's object, shared by text.c (life, attributes), text_write.c, text_read.c,
 * text_seek.c.
 *
 *      characters  <── decoded[decoded_used:] <── decoder <── bytes ── buffer
 *      characters  ──> encode or encoder ──> pending ──────────────> buffer
 *
 * Invariants
 *  I1  Decoded characters not yet given out are decoded[decoded_used:].
 *  I2  snapshot (with `telling`) is the decoder's state and the bytes fed to it that produced
 *      `decoded`, so that tell() can find a byte position for any character.
 *  I3  pending holds encoded text not yet given to the buffer: NULL, one bytes or ASCII str object,
 *      or a list.
 */
#ifndef VITRO_IO_TEXT_H
#define VITRO_IO_TEXT_H

#include "io_impl.h"

typedef struct TextIO TextIO;
typedef PyObject *(*EncodeFunction)(TextIO *self, PyObject *text);

struct TextIO {
    PyObject_HEAD
    bool ok, detached;
    char line_buffering, write_through;
    bool readuniversal;          /* \r, \n and \r\n end a line */
    bool readtranslate;          /* and are given out as \n */
    bool writetranslate;         /* \n becomes writenl */
    bool seekable, has_read1;    /* of the buffer */
    bool telling;                /* I2: tell() is allowed, snapshots are taken */
    bool fast_closed;            /* buffer is exactly one of our Buffered types */
    char finalizing;             /* the finaliser runs: close warns */
    bool encoding_start;         /* the next character encoded is the first of the stream (BOM) */
    Py_ssize_t chunk_size;       /* bytes asked for at once */
    PyObject *buffer;            /* strong */
    PyObject *encoding;          /* strong: str */
    PyObject *encoder, *decoder; /* strong, NULL when the direction is not there */
    PyObject *readnl;            /* strong: line terminator, NULL for universal */
    PyObject *errors;            /* strong: str */
    const char *writenl;         /* constant text, NULL: \n stays */
    EncodeFunction encode;       /* in C for the usual encodings, else NULL */
    PyObject *decoded;           /* I1; strong, may be NULL */
    Py_ssize_t decoded_used;
    PyObject *pending;           /* I3 */
    Py_ssize_t pending_count;    /* bytes in pending */
    PyObject *snapshot;          /* I2; strong: (dec_flags, bytes), may be NULL */
    double b2cratio; /* bytes per character of the last chunk: where tell() starts to look */
    PyObject *raw;   /* strong if the buffer is ours: the FileIO below, asked if it is closed */
    PyObject *weakreflist, *dict;
};

/* 0, or -1 with an exception. */
int text_check_ready(TextIO *self);
int text_check_open(TextIO *self);
/* Writes pending bytes into the buffer. */
int text_write_pending(TextIO *self);
/* Replaces the decoded characters. STEALS chars. */
void text_set_decoded(TextIO *self, PyObject *chars);
/* Decodes one more chunk, of about size_hint characters: 1 got some, 0 end of the stream, -1. */
int text_read_chunk(TextIO *self, Py_ssize_t size_hint);
PyObject *text_decode(TextIO *self, PyObject *bytes, bool final);
EncodeFunction text_find_encode(TextIO *self);

PyObject *text_write(TextIO *self, PyObject *text);
PyObject *text_read(TextIO *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *text_readline(TextIO *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *text_iternext(TextIO *self);
PyObject *text_seek(TextIO *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *text_tell(TextIO *self, PyObject *unused);

#endif
