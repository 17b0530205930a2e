/* SPDX-License-Identifier: MIT
 *
 * Writing through the buffer. What fits is copied; otherwise the buffer is written out, whole
 * blocks go straight to the raw stream and the rest is buffered. A raw stream that would block
 * keeps what fits and reports how much that was in BlockingIOError.characters_written.
 */
#include "buffered.h"

static PyObject *blocked(Py_ssize_t written)
{
    PyObject *error = PyObject_CallFunction(PyExc_BlockingIOError, "isn", errno,
                                            "write could not complete without blocking", written);
    if (error)
        PyErr_SetObject(PyExc_BlockingIOError, error);
    Py_XDECREF(error);
    return NULL;
}

/* Copies n bytes behind the position and marks them to be written. */
static void buffer_bytes(Buffered *self, const char *data, Py_ssize_t n)
{
    memcpy(self->buffer + self->pos, data, (size_t)n);
    if (!VALID_WRITE(self) || self->write_pos > self->pos)
        self->write_pos = self->pos;
    buffered_adjust_position(self, self->pos + n);
    if (self->write_end < self->pos)
        self->write_end = self->pos;
}

/* The buffer could not be written out because that would block: keeps as much new data as fits.
 * NULL: an error. */
static PyObject *write_blocked(Buffered *self, Py_buffer *data)
{
    if (!PyErr_ExceptionMatches(PyExc_BlockingIOError))
        return NULL;
    PyErr_Clear();
    if (self->readable)
        buffered_reset_read(self);
    /* Move what waits to the front and take what fits behind it. */
    memmove(self->buffer, self->buffer + self->write_pos,
            (size_t)(self->write_end - self->write_pos));
    self->write_end -= self->write_pos;
    self->raw_pos -= self->write_pos;
    self->pos -= self->write_pos;
    self->write_pos = 0;
    Py_ssize_t room = self->buffer_size - self->write_end, n = data->len < room ? data->len : room;
    memcpy(self->buffer + self->write_end, data->buf, (size_t)n);
    self->write_end += n;
    self->pos += n;
    return n == data->len ? PyLong_FromSsize_t(n) : blocked(n);
}

/* Lock held, stream open. */
static PyObject *write_data(Buffered *self, Py_buffer *data)
{
    if (!VALID_READ(self) && !VALID_WRITE(self)) {
        self->pos = 0;
        self->raw_pos = 0;
    }
    if (data->len <= self->buffer_size - self->pos) {
        buffer_bytes(self, data->buf, data->len);
        return PyLong_FromSsize_t(data->len);
    }
    if (buffered_flush_write(self) < 0)
        return write_blocked(self, data);
    /* The raw stream may stand behind what was read ahead. */
    Py_ssize_t offset = buffered_raw_offset(self);
    if (offset != 0) {
        if (buffered_raw_seek(self, -offset, 1) < 0)
            return NULL;
        self->raw_pos -= offset;
    }
    const char *next = data->buf;
    Py_ssize_t left = data->len;
    while (left > self->buffer_size) {
        Py_ssize_t n = buffered_raw_write(self, (char *)next, left);
        if (n == -1)
            return NULL;
        if (n == -2) {
            /* Keep a bufferful for later. */
            memcpy(self->buffer, next, (size_t)self->buffer_size);
            self->raw_pos = 0;
            buffered_adjust_position(self, self->buffer_size);
            self->write_pos = 0;
            self->write_end = self->buffer_size;
            return blocked(data->len - left + self->buffer_size);
        }
        next += n;
        left -= n;
        if (PyErr_CheckSignals() < 0)
            return NULL;
    }
    if (self->readable)
        buffered_reset_read(self);
    memcpy(self->buffer, next, (size_t)left);
    self->write_pos = 0;
    self->write_end = left;
    buffered_adjust_position(self, left);
    self->raw_pos = 0;
    return PyLong_FromSsize_t(data->len);
}

PyObject *buffered_write(Buffered *self, PyObject *bytes)
{
    Py_buffer data;
    PyObject *res = NULL;
    if (!io_buffer(bytes, &data, NULL))
        return NULL;
    if (buffered_check_ready(self) < 0 || buffered_lock(self) < 0)
        goto done;
    /* Asked with the lock held: another thread may have closed the stream while this one waited. */
    if (buffered_check_open(self, "write to closed file") == 0)
        res = write_data(self, &data);
    buffered_unlock(self);
done:
    PyBuffer_Release(&data);
    return res;
}
