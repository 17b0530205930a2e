/* SPDX-License-Identifier: MIT
 *
 * Plain data in and out of sockets: recv, send and their variants. Messages with ancillary data are
 * in message.c.
 */
#include "socket_impl.h"

/* A transfer in progress; what the actions below read and fill. */
struct transfer {
    char *data;
    size_t len;
    int flags;
    ssize_t done; /* bytes moved */
    Address addr; /* of the other end, addr_len bytes */
    socklen_t addr_len;
};

static PyObject *value_error(const char *message)
{
    PyErr_SetString(PyExc_ValueError, message);
    return NULL;
}

/* -- Receiving ------------------------------------------------------------------------------- */

static bool act_recv(Socket *self, void *data)
{
    struct transfer *t = data;
    t->done = recv(self->fd, t->data, t->len, t->flags);
    return t->done >= 0;
}

static bool act_recvfrom(Socket *self, void *data)
{
    struct transfer *t = data;
    memset(&t->addr, 0, sizeof t->addr);
    t->done = recvfrom(self->fd, t->data, t->len, t->flags, &t->addr.sa, &t->addr_len);
    return t->done >= 0;
}

/* A new bytes object with what came; NULL with an exception. */
static PyObject *receive_bytes(Socket *self, struct transfer *t, socket_action action)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)t->len);
    if (!bytes)
        return NULL;
    t->data = PyBytes_AS_STRING(bytes);
    if (!socket_call(self, false, action, t)) {
        Py_DECREF(bytes);
        return NULL;
    }
    if ((size_t)t->done != t->len)
        _PyBytes_Resize(&bytes, t->done);
    return bytes;
}

FAST(socket_recv)
{
    Py_ssize_t size;
    struct transfer t = {0};
    if (!PARSEP("n|i:recv", &size, &t.flags))
        return NULL;
    if (size < 0)
        return value_error("negative buffersize in recv");
    if (size == 0)
        return Py_NewRef(EMPTY_BYTES);
    t.len = (size_t)size;
    return receive_bytes(self, &t, act_recv);
}

/* STEALS what was received; the pair of it and the sender's address. */
static PyObject *with_sender(Socket *self, struct transfer *t, PyObject *received)
{
    PyObject *addr = received ? address_make(self->fd, &t->addr, t->addr_len, self->proto) : NULL;
    PyObject *pair = addr ? PyTuple_Pack(2, received, addr) : NULL;
    Py_XDECREF(received);
    Py_XDECREF(addr);
    return pair;
}

FAST(socket_recvfrom)
{
    Py_ssize_t size;
    struct transfer t = {0};
    if (!PARSEP("n|i:recvfrom", &size, &t.flags))
        return NULL;
    if (size < 0)
        return value_error("negative buffersize in recvfrom");
    t.len = (size_t)size;
    if (!address_room(self, &t.addr_len))
        return NULL;
    return with_sender(self, &t, receive_bytes(self, &t, act_recvfrom));
}

/* Checks the count asked for against the buffer: 0 means all of it. */
static bool take_buffer(struct transfer *t, Py_buffer *buffer, Py_ssize_t count,
                        const char *negative, const char *too_big)
{
    const char *error = count < 0 ? negative : count > buffer->len ? too_big : NULL;
    if (error) {
        value_error(error);
        return false;
    }
    t->data = buffer->buf;
    t->len = (size_t)(count ? count : buffer->len);
    return true;
}

FASTKW(socket_recv_into)
{
    ARGS("w*|ni:recv_into", "buffer", "nbytes", "flags");
    Py_buffer buffer;
    Py_ssize_t count = 0;
    struct transfer t = {0};
    if (!PARSE(&buffer, &count, &t.flags))
        return NULL;
    bool ok = take_buffer(&t, &buffer, count, "negative buffersize in recv_into",
                          "buffer too small for requested bytes") &&
              (t.len == 0 || socket_call(self, false, act_recv, &t));
    PyBuffer_Release(&buffer);
    return ok ? PyLong_FromSsize_t(t.done) : NULL;
}

FASTKW(socket_recvfrom_into)
{
    ARGS("w*|ni:recvfrom_into", "buffer", "nbytes", "flags");
    Py_buffer buffer;
    Py_ssize_t count = 0;
    struct transfer t = {0};
    if (!PARSE(&buffer, &count, &t.flags))
        return NULL;
    bool ok = take_buffer(&t, &buffer, count, "negative buffersize in recvfrom_into",
                          "nbytes is greater than the length of the buffer") &&
              address_room(self, &t.addr_len) && socket_call(self, false, act_recvfrom, &t);
    PyBuffer_Release(&buffer);
    return ok ? with_sender(self, &t, PyLong_FromSsize_t(t.done)) : NULL;
}

/* -- Sending --------------------------------------------------------------------------------- */

static bool act_send(Socket *self, void *data)
{
    struct transfer *t = data;
    t->done = send(self->fd, t->data, t->len, t->flags);
    return t->done >= 0;
}

static bool act_sendto(Socket *self, void *data)
{
    struct transfer *t = data;
    t->done = sendto(self->fd, t->data, t->len, t->flags, &t->addr.sa, t->addr_len);
    return t->done >= 0;
}

FAST(socket_send)
{
    Py_buffer data;
    struct transfer t = {0};
    if (!PARSEP("y*|i:send", &data, &t.flags))
        return NULL;
    t.data = data.buf;
    t.len = (size_t)data.len;
    bool ok = socket_call(self, true, act_send, &t);
    PyBuffer_Release(&data);
    return ok ? PyLong_FromSsize_t(t.done) : NULL;
}

/* The time limit of sendall is one for all its parts. */
static bool send_all(Socket *self, struct transfer *t)
{
    bool limited = self->timeout > 0;
    _PyTime_t left = self->timeout, deadline = limited ? _PyDeadline_Init(left) : 0;
    for (bool first = true; first || t->len > 0; first = false) {
        if (limited && !first && (left = _PyDeadline_Get(deadline)) <= 0) {
            PyErr_SetString(PyExc_TimeoutError, "timed out");
            return false;
        }
        if (!socket_call_until(self, true, act_send, t, false, NULL, left))
            return false;
        t->data += t->done;
        t->len -= (size_t)t->done;
        if (PyErr_CheckSignals())
            return false;
    }
    return true;
}

FAST(socket_sendall)
{
    Py_buffer data;
    struct transfer t = {0};
    if (!PARSEP("y*|i:sendall", &data, &t.flags))
        return NULL;
    t.data = data.buf;
    t.len = (size_t)data.len;
    bool ok = send_all(self, &t);
    PyBuffer_Release(&data);
    if (!ok)
        return NULL;
    Py_RETURN_NONE;
}

FAST(socket_sendto)
{
    Py_buffer data;
    PyObject *addr;
    struct transfer t = {0};
    if (nargs != 2 && nargs != 3)
        return PyErr_Format(PyExc_TypeError, "sendto() takes 2 or 3 arguments (%zd given)", nargs);
    if (nargs == 2 ? !PARSEP("y*O:sendto", &data, &addr)
                   : !PARSEP("y*iO:sendto", &data, &t.flags, &addr))
        return NULL;
    t.data = data.buf;
    t.len = (size_t)data.len;
    bool ok = address_read(self, addr, &t.addr, &t.addr_len, "sendto") &&
              PySys_Audit("socket.sendto", "OO", self, addr) == 0 &&
              socket_call(self, true, act_sendto, &t);
    PyBuffer_Release(&data);
    return ok ? PyLong_FromSsize_t(t.done) : NULL;
}
