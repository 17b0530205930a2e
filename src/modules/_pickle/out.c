/* SPDX-License-Identifier: MIT
 *
 * Output of a pickler: a buffer, framed from protocol 4 on, flushed to the file's write().
 *
 *   out: … committed bytes | head (9 bytes) | bytes of the open frame … | free
 *                          ^ frame_start                               ^ length
 *
 * The head is reserved by the first write after a frame was closed and filled in when it closes;
 * frames of less than four bytes lose it again. The buffer is a bytes object that becomes the
 * result, or what write() is given; dumps() and dump() start with one in their C frame (`output`
 * NULL), which suffices for small objects.
 */
#include "modules/_pickle/pickle_impl.h"

int pickle_out_reset(Pickler *p, Py_ssize_t capacity)
{
    PyObject *fresh = PyBytes_FromStringAndSize(NULL, capacity);
    if (!fresh)
        return -1;
    Py_XSETREF(p->output, fresh);
    p->out = PyBytes_AS_STRING(fresh);
    p->length = 0;
    p->capacity = capacity;
    p->frame_start = -1;
    return 0;
}

/* No buffer: the next write makes one. */
static void out_forget(Pickler *p)
{
    p->output = NULL;
    p->out = NULL;
    p->length = p->capacity = 0;
    p->frame_start = -1;
}

/* The buffer as a bytes object of at least `wanted`. */
static int out_enlarge(Pickler *p, Py_ssize_t wanted)
{
    if (wanted >= PY_SSIZE_T_MAX / 3 * 2) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t capacity = wanted < PICKLE_WRITE_BUFFER ? PICKLE_WRITE_BUFFER : wanted / 2 * 3;
    if (!p->output) {
        PyObject *bytes = PyBytes_FromStringAndSize(NULL, capacity);
        if (!bytes)
            return -1;
        if (p->length)
            memcpy(PyBytes_AS_STRING(bytes), p->out, (size_t)p->length);
        p->output = bytes;
    } else if (_PyBytes_Resize(&p->output, capacity) < 0) {
        out_forget(p);
        return -1;
    }
    p->out = PyBytes_AS_STRING(p->output);
    p->capacity = capacity;
    return 0;
}

/* Room for n bytes, in a new frame when none is open: its head is left free until it closes. */
char *pickle_out_grow(Pickler *p, Py_ssize_t n)
{
    bool open = p->framing && p->frame_start < 0;
    if (n > PY_SSIZE_T_MAX / 2 - p->length) {
        PyErr_NoMemory();
        return NULL;
    }
    Py_ssize_t wanted = p->length + n + (open ? PICKLE_FRAME_HEAD : 0);
    if (wanted > p->capacity && out_enlarge(p, wanted) < 0)
        return NULL;
    if (open) {
        p->frame_start = p->length;
        p->length += PICKLE_FRAME_HEAD;
    }
    char *at = p->out + p->length;
    p->length += n;
    return at;
}

int pickle_out_close_frame(Pickler *p)
{
    if (!p->framing || p->frame_start < 0)
        return 0;
    Py_ssize_t size = p->length - p->frame_start - PICKLE_FRAME_HEAD;
    char *head = p->out + p->frame_start;
    if (size >= PICKLE_FRAME_MIN) {
        head[0] = (char)OP_FRAME;
        pickle_store_le(head + 1, (uint64_t)size, 8);
    } else {
        memmove(head, head + PICKLE_FRAME_HEAD, (size_t)size);
        p->length -= PICKLE_FRAME_HEAD;
    }
    p->frame_start = -1;
    return 0;
}

int pickle_out_frame_full(Pickler *p)
{
    if (pickle_out_close_frame(p) < 0)
        return -1;
    /* To a file: what is complete goes out at once, so that memory stays small. */
    Py_ssize_t capacity = p->capacity;
    if (p->write && (pickle_out_flush(p) < 0 || pickle_out_reset(p, capacity) < 0))
        return -1;
    return 0;
}

PyObject *pickle_out_take(Pickler *p)
{
    if (pickle_out_close_frame(p) < 0)
        return NULL;
    PyObject *bytes = p->output;
    Py_ssize_t length = p->length;
    if (!bytes)
        bytes = PyBytes_FromStringAndSize(p->out, length);
    else
        _PyBytes_Resize(&bytes, length);
    out_forget(p);
    return bytes;
}

/* write(data) with the method held. */
static int out_write(Pickler *p, PyObject *data)
{
    PyObject *write = Py_NewRef(p->write), *result = PyObject_CallOneArg(write, data);
    Py_DECREF(write);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

int pickle_out_flush(Pickler *p)
{
    PyObject *bytes = pickle_out_take(p);
    int rc = bytes ? out_write(p, bytes) : -1;
    Py_XDECREF(bytes);
    return rc;
}

/* Data too long for a frame goes to the file as it is. `payload` is the object that holds it, or
 * NULL. */
static int out_data_unframed(Pickler *p, const char *data, Py_ssize_t size, PyObject *payload)
{
    if (!p->write)
        return pickle_put(p, data, size);
    PyObject *bytes = payload ? Py_NewRef(payload) : PyBytes_FromStringAndSize(data, size);
    int rc = bytes && pickle_out_flush(p) == 0 ? out_write(p, bytes) : -1;
    Py_XDECREF(bytes);
    return rc < 0 ? -1 : pickle_out_reset(p, PICKLE_WRITE_BUFFER);
}

int pickle_out_data(Pickler *p, const char *head, Py_ssize_t head_size, const char *data,
                    Py_ssize_t size, PyObject *payload)
{
    if (size < PICKLE_FRAME_TARGET)
        return pickle_put(p, head, head_size) < 0 ? -1 : pickle_put(p, data, size);
    bool framing = p->framing;
    if (pickle_out_close_frame(p) < 0)
        return -1;
    p->framing = false;
    int rc = pickle_put(p, head, head_size) < 0 ? -1 : out_data_unframed(p, data, size, payload);
    p->framing = framing;
    return rc;
}
