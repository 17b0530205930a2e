/* SPDX-License-Identifier: MIT
 *
 * The buffered streams' common object, shared by buffered.c (state, positions, flushing),
 * buffered_read.c, buffered_write.c.
 *
 * The buffer holds a window of the raw stream:
 *
 *      0        pos            read_end            buffer_size
 *      |  done  |  to be read  |                   |    [0, read_end) came from the raw stream
 *      |    write_pos ... write_end                |    [write_pos, write_end) must still go to it
 *
 * Invariants
 *  I1  read_end == -1: nothing read is buffered.
 *  I2  write_end == -1: nothing to write is buffered.
 *  I3  raw_pos is the raw stream's position relative to buffer[0].
 *  I4  abs_pos is its absolute position, -1 unknown.
 *
 * Thread rule: `lock` guards all of it; a thread that already holds it gets RuntimeError instead of
 * a deadlock.
 */
#ifndef VITRO_IO_BUFFERED_H
#define VITRO_IO_BUFFERED_H

#include "io_impl.h"

typedef struct Buffered {
    PyObject_HEAD
    PyObject *raw;    /* strong; NULL after detach */
    bool ok;          /* initialised, not closed by a failure since */
    bool detached, readable, writable;
    char finalizing;  /* the finaliser runs: close warns */
    bool fast_closed; /* raw is exactly a FileIO and self no subclass: `closed` may be asked in C */
    off_t abs_pos;    /* I4 */
    char *buffer;     /* buffer_size bytes */
    Py_ssize_t pos;   /* where the program stands in the buffer */
    Py_ssize_t raw_pos; /* I3 */
    Py_ssize_t read_end; /* I1 */
    Py_ssize_t write_pos, write_end; /* I2 */
    Py_ssize_t buffer_size;
    PyThread_type_lock lock; /* guards all of it */
    volatile unsigned long owner; /* thread that holds `lock`, 0: none */
    PyObject *dict, *weakreflist;
} Buffered;

#define VALID_READ(self) ((self)->readable && (self)->read_end != -1)
#define VALID_WRITE(self) ((self)->writable && (self)->write_end != -1)
static inline Py_ssize_t buffered_readahead(Buffered *self)
{
    return VALID_READ(self) ? self->read_end - self->pos : 0;
}
static inline Py_ssize_t buffered_raw_offset(Buffered *self)
{
    return (VALID_READ(self) || VALID_WRITE(self)) && self->raw_pos >= 0 ? self->raw_pos - self->pos
                                                                         : 0;
}

/* 0, or -1 with an exception. */
int buffered_check_ready(Buffered *self);
int buffered_check_open(Buffered *self, const char *message);
int buffered_lock(Buffered *self);
static inline void buffered_unlock(Buffered *self)
{
    self->owner = 0;
    PyThread_release_lock(self->lock);
}

int buffered_setup(Buffered *self, PyObject *raw, Py_ssize_t size, bool readable, bool writable);
Py_ssize_t buffered_raw_read(Buffered *self, char *start, Py_ssize_t n);  /* -2: would block */
Py_ssize_t buffered_raw_write(Buffered *self, char *start, Py_ssize_t n); /* -2: would block */
off_t buffered_raw_seek(Buffered *self, off_t target, int whence);
off_t buffered_raw_tell(Buffered *self);
void buffered_reset_read(Buffered *self);
/* Writes out what is buffered; the position of the raw stream is then the program's. Lock held. */
int buffered_flush_write(Buffered *self);
int buffered_flush_and_rewind(Buffered *self);
void buffered_adjust_position(Buffered *self, Py_ssize_t pos);

/* Shared methods: every concrete type lists them. */
PyObject *buffered_close(Buffered *self, PyObject *unused);
PyObject *buffered_detach(Buffered *self, PyObject *unused);
PyObject *buffered_flush(Buffered *self, PyObject *unused);
PyObject *buffered_simple_flush(Buffered *self, PyObject *unused);
PyObject *buffered_seekable(Buffered *self, PyObject *unused);
PyObject *buffered_readable(Buffered *self, PyObject *unused);
PyObject *buffered_writable(Buffered *self, PyObject *unused);
PyObject *buffered_fileno(Buffered *self, PyObject *unused);
PyObject *buffered_isatty(Buffered *self, PyObject *unused);
PyObject *buffered_dealloc_warn(Buffered *self, PyObject *source);
PyObject *buffered_tell(Buffered *self, PyObject *unused);
PyObject *buffered_seek(Buffered *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *buffered_truncate(Buffered *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *buffered_sizeof(Buffered *self, PyObject *unused);
PyObject *buffered_repr(Buffered *self);
void buffered_dealloc(Buffered *self);
int buffered_traverse(Buffered *self, visitproc visit, void *arg);
int buffered_clear(Buffered *self);
extern PyMemberDef buffered_members[];
extern PyGetSetDef buffered_getset[];

PyObject *buffered_peek(Buffered *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *buffered_read(Buffered *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *buffered_read1(Buffered *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *buffered_readinto(Buffered *self, PyObject *buffer);
PyObject *buffered_readinto1(Buffered *self, PyObject *buffer);
PyObject *buffered_readline(Buffered *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *buffered_iternext(Buffered *self);
PyObject *buffered_write(Buffered *self, PyObject *bytes);

#define BUFFERED_COMMON_METHODS                                                                    \
    {"detach", (PyCFunction)buffered_detach, METH_NOARGS, NULL},                                   \
        {"seekable", (PyCFunction)buffered_seekable, METH_NOARGS, NULL},                           \
        {"close", (PyCFunction)buffered_close, METH_NOARGS, NULL},                                 \
        {"fileno", (PyCFunction)buffered_fileno, METH_NOARGS, NULL},                               \
        {"isatty", (PyCFunction)buffered_isatty, METH_NOARGS, NULL},                               \
        {"_dealloc_warn", (PyCFunction)buffered_dealloc_warn, METH_O, NULL},                       \
        {"tell", (PyCFunction)buffered_tell, METH_NOARGS, NULL},                                   \
        METHODF(buffered, seek, "($self, target, whence=0, /)", "Set the position; returns it."),  \
        METHODF(buffered, truncate, "($self, pos=None, /)",                                        \
                "Cut or extend to pos bytes, the position by default."),                           \
    {                                                                                              \
        "__sizeof__", (PyCFunction)buffered_sizeof, METH_NOARGS, NULL                              \
    }
#define BUFFERED_READ_METHODS                                                                      \
    {"readable", (PyCFunction)buffered_readable, METH_NOARGS, NULL},                               \
        METHODF(                                                                                   \
            buffered, read, "($self, size=-1, /)",                                                 \
            "Exactly size bytes unless the end comes first; all when size is negative or None."),  \
        METHODF(buffered, peek, "($self, size=0, /)",                                              \
                "Bytes that are buffered, at least one unless at the end, without moving."),       \
        METHODF(buffered, read1, "($self, size=-1, /)",                                            \
                "At most size bytes with at most one read of the raw stream."),                    \
        METHODO(buffered, readinto, "($self, buffer, /)",                                          \
                "Fill a buffer; returns the number of bytes."),                                    \
        METHODO(buffered, readinto1, "($self, buffer, /)",                                         \
                "Read into a buffer with at most one read of the raw stream."),                    \
        METHODF(buffered, readline, "($self, size=-1, /)",                                         \
                "Next line, of at most size bytes; b'' at the end.")
#define BUFFERED_WRITE_METHODS                                                                     \
    {"writable", (PyCFunction)buffered_writable, METH_NOARGS, NULL},                               \
        METHODO(buffered, write, "($self, buffer, /)",                                             \
                "Write bytes, buffered; returns how many were taken.")

#endif
