/* SPDX-License-Identifier: MIT
 *
 * Reading through the buffer. Whole blocks go straight from the raw stream to the caller's memory;
 * the rest is taken from the buffer. A raw stream that would block gives what there is, or None
 * when there is nothing.
 */
#include "buffered.h"

/* Fills the buffer behind what is already in it; -2 when that would block. */
static Py_ssize_t fill_buffer(Buffered *self)
{
    Py_ssize_t start = VALID_READ(self) ? self->read_end : 0;
    Py_ssize_t n = buffered_raw_read(self, self->buffer + start, self->buffer_size - start);
    if (n <= 0)
        return n;
    self->read_end = start + n;
    self->raw_pos = start + n;
    return n;
}

/* What the program may take from the buffer when nothing is to be written first. */
static PyObject *take(Buffered *self, Py_ssize_t n)
{
    PyObject *res = PyBytes_FromStringAndSize(self->buffer + self->pos, n);
    if (res)
        self->pos += n;
    return res;
}

/* -- read ------------------------------------------------------------------------------------ */

/* Everything until the end. Lock held. */
static PyObject *read_all(Buffered *self)
{
    PyObject *data = NULL, *chunk = NULL, *chunks = NULL, *readall, *res = NULL;
    Py_ssize_t ready = buffered_readahead(self);
    if (ready && !(data = take(self, ready)))
        return NULL;
    if (self->writable && buffered_flush_and_rewind(self) < 0)
        goto done;
    buffered_reset_read(self);
    /* From here on only the raw stream's own position counts. */
    self->pos = 0;
    self->raw_pos = 0;
    if (_PyObject_LookupAttr(self->raw, ID(readall), &readall) < 0)
        goto done;
    if (readall) {
        chunk = PyObject_CallNoArgs(readall);
        Py_DECREF(readall);
        if (!chunk)
            goto done;
        if (chunk != Py_None && !PyBytes_Check(chunk)) {
            PyErr_SetString(PyExc_TypeError, "readall() should return bytes");
            goto done;
        }
        self->abs_pos = -1;
        if (!data)
            res = Py_NewRef(chunk);
        else if (chunk == Py_None)
            res = Py_NewRef(data);
        else {
            res = Py_NewRef(data);
            PyBytes_Concat(&res, chunk);
        }
        goto done;
    }
    chunks = PyList_New(0);
    if (!chunks || (data && PyList_Append(chunks, data) < 0))
        goto done;
    for (Py_ssize_t total = ready;;) {
        Py_XSETREF(chunk, PyObject_CallMethodNoArgs(self->raw, ID(read)));
        if (!chunk)
            goto done;
        if (chunk != Py_None && !PyBytes_Check(chunk)) {
            PyErr_SetString(PyExc_TypeError, "read() should return bytes");
            goto done;
        }
        if (chunk == Py_None || PyBytes_GET_SIZE(chunk) == 0) {
            res = total == 0 ? Py_NewRef(chunk) : _PyBytes_Join(EMPTY_BYTES, chunks);
            goto done;
        }
        if (PyList_Append(chunks, chunk) < 0)
            goto done;
        total += PyBytes_GET_SIZE(chunk);
        if (self->abs_pos != -1)
            self->abs_pos += PyBytes_GET_SIZE(chunk);
    }
done:
    Py_XDECREF(data);
    Py_XDECREF(chunk);
    Py_XDECREF(chunks);
    return res;
}

/* Exactly n bytes unless the end or a block comes first. Lock held. */
static PyObject *read_exactly(Buffered *self, Py_ssize_t n)
{
    Py_ssize_t ready = buffered_readahead(self), have = ready, r;
    /* Another thread may have filled the buffer while this one waited for the lock. */
    if (n <= ready)
        return take(self, n);
    PyObject *res = PyBytes_FromStringAndSize(NULL, n);
    if (!res)
        return NULL;
    char *out = PyBytes_AS_STRING(res);
    if (ready) {
        memcpy(out, self->buffer + self->pos, (size_t)ready);
        self->pos += ready;
    }
    if (self->writable && buffered_flush_and_rewind(self) < 0)
        goto fail;
    buffered_reset_read(self);
    /* Whole blocks straight into the result. */
    while (n - have >= self->buffer_size) {
        r = buffered_raw_read(self, out + have, (n - have) / self->buffer_size * self->buffer_size);
        if (r == -1)
            goto fail;
        if (r <= 0)
            goto ended;
        have += r;
    }
    self->pos = 0;
    self->raw_pos = 0;
    self->read_end = 0;
    while (have < n && self->read_end < self->buffer_size) {
        r = fill_buffer(self);
        if (r == -1)
            goto fail;
        if (r <= 0)
            goto ended;
        Py_ssize_t part = n - have < r ? n - have : r;
        memcpy(out + have, self->buffer + self->pos, (size_t)part);
        have += part;
        self->pos += part;
    }
    if (have == n)
        return res;
    r = 0;
ended:
    if (r == -2 && have == 0) {
        Py_DECREF(res);
        Py_RETURN_NONE;
    }
    if (have < n)
        _PyBytes_Resize(&res, have);
    return res;
fail:
    Py_DECREF(res);
    return NULL;
}

/* What the buffer holds is taken without the lock: nothing else can run meanwhile. */
PyObject *buffered_read(Buffered *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = -1;
    PyObject *res;
    if (!IO_SIZE(&n, "|O&:read", size_converter, &n) || buffered_check_ready(self) < 0)
        return NULL;
    if (n < -1)
        return PyErr_Format(PyExc_ValueError, "read length must be non-negative or -1");
    if (buffered_check_open(self, "read of closed file") < 0)
        return NULL;
    if (n >= 0 && n <= buffered_readahead(self))
        return take(self, n);
    if (buffered_lock(self) < 0)
        return NULL;
    res = n < 0 ? read_all(self) : read_exactly(self, n);
    buffered_unlock(self);
    return res;
}

PyObject *buffered_read1(Buffered *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = -1;
    if (!IO_SIZE(&n, "|n:read1", &n) || buffered_check_ready(self) < 0)
        return NULL;
    if (n < 0)
        n = self->buffer_size;
    if (buffered_check_open(self, "read of closed file") < 0)
        return NULL;
    if (n == 0)
        return PyBytes_FromStringAndSize(NULL, 0);
    Py_ssize_t ready = buffered_readahead(self);
    if (ready > 0)
        return take(self, n < ready ? n : ready);
    PyObject *res = PyBytes_FromStringAndSize(NULL, n);
    if (!res)
        return NULL;
    if (buffered_lock(self) < 0) {
        Py_DECREF(res);
        return NULL;
    }
    if ((ready = buffered_readahead(self)) > 0) {
        Py_SETREF(res, take(self, n < ready ? n : ready));
        buffered_unlock(self);
        return res;
    }
    /* As in 3.11, what waits to be written stays where it is. */
    buffered_reset_read(self);
    Py_ssize_t r = buffered_raw_read(self, PyBytes_AS_STRING(res), n);
    buffered_unlock(self);
    if (r == -1) {
        Py_DECREF(res);
        return NULL;
    }
    if (r == -2)
        r = 0;
    if (n > r)
        _PyBytes_Resize(&res, r);
    return res;
}

/* -- readinto -------------------------------------------------------------------------------- */

/* Copies what is ready behind the `have` bytes that `out` holds; how many it holds then. */
static Py_ssize_t take_into(Buffered *self, Py_buffer *out, Py_ssize_t have)
{
    Py_ssize_t ready = buffered_readahead(self),
               n = ready < out->len - have ? ready : out->len - have;
    if (n <= 0)
        return have;
    memcpy((char *)out->buf + have, self->buffer + self->pos, (size_t)n);
    self->pos += n;
    return have + n;
}

static PyObject *readinto(Buffered *self, Py_buffer *out, bool once)
{
    Py_ssize_t have, n = 0;
    PyObject *res = NULL;
    if (buffered_check_open(self, "readinto of closed file") < 0)
        return NULL;
    bool ready = buffered_readahead(self) > 0;
    have = take_into(self, out, 0);
    if (ready && have == out->len)
        return PyLong_FromSsize_t(have);
    if (buffered_lock(self) < 0)
        return NULL;
    have = take_into(self, out, have);
    if (have > 0 && have == out->len) {
        res = PyLong_FromSsize_t(have);
        goto done;
    }
    if (self->writable && buffered_flush_and_rewind(self) < 0)
        goto done;
    buffered_reset_read(self);
    self->pos = 0;
    self->raw_pos = 0;
    for (Py_ssize_t left = out->len - have; left > 0; left -= n) {
        /* Large requests bypass the buffer. After what was ready, a read1-style call asks the raw
         * stream only for those. */
        if (left > self->buffer_size) {
            n = buffered_raw_read(self, (char *)out->buf + have, left);
        } else if (!(once && have)) {
            n = fill_buffer(self);
            if (n > 0) {
                if (n > left)
                    n = left;
                memcpy((char *)out->buf + have, self->buffer + self->pos, (size_t)n);
                self->pos += n;
                have += n;
                if (once)
                    break;
                continue;
            }
        } else {
            n = 0;
        }
        if (n == 0 || (n == -2 && have > 0))
            break;
        if (n < 0) {
            if (n == -2)
                res = Py_NewRef(Py_None);
            goto done;
        }
        have += n;
        if (once)
            break;
    }
    res = PyLong_FromSsize_t(have);
done:
    buffered_unlock(self);
    return res;
}

static PyObject *readinto_call(Buffered *self, PyObject *buffer, const char *name, bool once)
{
    Py_buffer out;
    if (!io_buffer(buffer, &out, name))
        return NULL;
    PyObject *res = buffered_check_ready(self) < 0 ? NULL : readinto(self, &out, once);
    PyBuffer_Release(&out);
    return res;
}

PyObject *buffered_readinto(Buffered *self, PyObject *buffer)
{
    return readinto_call(self, buffer, "readinto", false);
}

PyObject *buffered_readinto1(Buffered *self, PyObject *buffer)
{
    return readinto_call(self, buffer, "readinto1", true);
}

/* -- peek, lines ----------------------------------------------------------------------------- */

/* At most one read of the raw stream, and only when nothing is buffered. */
PyObject *buffered_peek(Buffered *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = 0;
    PyObject *res = NULL;
    if (!IO_SIZE(&size, "|n:peek", &size) || buffered_check_ready(self) < 0 ||
        buffered_check_open(self, "peek of closed file") < 0 || buffered_lock(self) < 0)
        return NULL;
    if (self->writable && buffered_flush_and_rewind(self) < 0)
        goto done;
    Py_ssize_t n = buffered_readahead(self);
    if (n == 0) {
        buffered_reset_read(self);
        self->pos = self->raw_pos = 0;
        n = fill_buffer(self);
        self->pos = 0;
        if (n == -1)
            goto done;
        if (n == -2)
            n = 0;
    }
    res = PyBytes_FromStringAndSize(self->buffer + self->pos, n);
done:
    buffered_unlock(self);
    return res;
}

/* Length of the line at the position as far as it is in the buffer, and whether that is all of it.
 */
static Py_ssize_t buffered_line(Buffered *self, Py_ssize_t limit, bool *whole)
{
    Py_ssize_t n = buffered_readahead(self);
    if (limit >= 0 && n > limit)
        n = limit;
    char *start = self->buffer + self->pos, *nl = n > 0 ? memchr(start, '\n', (size_t)n) : NULL;
    *whole = nl || n == limit;
    return nl ? nl - start + 1 : n;
}

/* A line that may cross buffers; limit < 0 is none. */
static PyObject *read_line(Buffered *self, Py_ssize_t limit)
{
    PyObject *chunks = NULL, *res = NULL;
    char *start, *nl = NULL;
    bool started = false; /* the raw stream stands where the program does */
    bool whole;
    if (buffered_check_open(self, "readline of closed file") < 0)
        return NULL;
    /* The usual case: all of it is in the buffer. */
    Py_ssize_t n = buffered_line(self, limit, &whole);
    if (whole)
        return take(self, n);
    if (buffered_lock(self) < 0)
        return NULL;
    n = buffered_line(self, limit, &whole);
    if (whole) {
        res = take(self, n);
        goto done;
    }
    if (!(chunks = PyList_New(0)))
        goto done;
    for (;;) {
        if (n > 0) {
            PyObject *chunk = take(self, n);
            int rc = chunk ? PyList_Append(chunks, chunk) : -1;
            Py_XDECREF(chunk);
            if (rc < 0)
                goto done;
            if (nl)
                break;
            if (limit >= 0 && (limit -= n) == 0)
                break;
        }
        if (!started && self->writable && buffered_flush_and_rewind(self) < 0)
            goto done;
        started = true;
        buffered_reset_read(self);
        self->pos = self->raw_pos = 0;
        n = fill_buffer(self);
        if (n == -1)
            goto done;
        if (n <= 0)
            break;
        if (limit >= 0 && n > limit)
            n = limit;
        start = self->buffer;
        nl = memchr(start, '\n', (size_t)n);
        if (nl)
            n = nl - start + 1;
    }
    res = PyList_GET_SIZE(chunks) == 1 ? Py_NewRef(PyList_GET_ITEM(chunks, 0))
                                       : _PyBytes_Join(EMPTY_BYTES, chunks);
done:
    buffered_unlock(self);
    Py_XDECREF(chunks);
    return res;
}

PyObject *buffered_readline(Buffered *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t size = -1;
    if (!IO_SIZE(&size, "|O&:readline", size_converter, &size) || buffered_check_ready(self) < 0)
        return NULL;
    return read_line(self, size);
}

/* A whole line in the buffer is taken without the lock: nothing else can run meanwhile. Subclasses
   may have a readline of their own. */
PyObject *buffered_iternext(Buffered *self)
{
    PyObject *line;
    if (buffered_check_ready(self) < 0)
        return NULL;
    if (Py_IS_TYPE(self, &PyBufferedReader_Type) || Py_IS_TYPE(self, &PyBufferedRandom_Type)) {
        Py_ssize_t ready = self->ok && self->fast_closed && !fileio_is_closed(self->raw)
                               ? buffered_readahead(self)
                               : 0;
        char *start = self->buffer + self->pos,
             *nl = ready > 0 ? memchr(start, '\n', (size_t)ready) : NULL;
        if (nl)
            return take(self, nl - start + 1);
        line = read_line(self, -1);
    } else {
        line = io_readline((PyObject *)self, &PyBytes_Type);
    }
    if (line && PyBytes_GET_SIZE(line) == 0)
        Py_CLEAR(line);
    return line;
}
