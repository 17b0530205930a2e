/* SPDX-License-Identifier: MIT
 *
 * Messages with ancillary data (RFC 3542): sendmsg, recvmsg, recvmsg_into, sendmsg_afalg.
 *
 * Control messages lie behind each other in one block, each a header, its data, and padding:
 *
 *     | cmsghdr | data … | pad | cmsghdr | data … | pad |
 *     |<- CMSG_LEN ---->|
 *     |<- CMSG_SPACE -------->|
 *
 * Descriptors that arrive with SCM_RIGHTS are closed again when the call fails after it received
 * them.
 */
#include "socket_impl.h"
#include <limits.h>
#include <unistd.h>

/* -- Sizes ----------------------------------------------------------------------------------- */

#define CONTROL_LIMIT ((size_t)INT_MAX) /* the largest block of control data */

static bool control_len(size_t data, size_t *len)
{
    *len = CMSG_LEN(data);
    return data <= CONTROL_LIMIT - CMSG_LEN(0) && *len <= CONTROL_LIMIT;
}

static bool control_space(size_t data, size_t *space)
{
    *space = CMSG_SPACE(data);
    return data <= CONTROL_LIMIT - CMSG_SPACE(1) && *space <= CONTROL_LIMIT;
}

static PyObject *socket_CMSG_LEN(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t data;
    size_t len;
    if (!PARSEP("n:CMSG_LEN", &data))
        return NULL;
    if (data >= 0 && control_len((size_t)data, &len))
        return PyLong_FromSize_t(len);
    PyErr_SetString(PyExc_OverflowError, "CMSG_LEN() argument out of range");
    return NULL;
}

static PyObject *socket_CMSG_SPACE(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t data;
    size_t space;
    if (!PARSEP("n:CMSG_SPACE", &data))
        return NULL;
    if (data >= 0 && control_space((size_t)data, &space))
        return PyLong_FromSize_t(space);
    PyErr_SetString(PyExc_OverflowError, "CMSG_SPACE() argument out of range");
    return NULL;
}

#define CALL(function) (PyCFunction)(void (*)(void))function
PyMethodDef socket_message_functions[] = {
    {"CMSG_LEN", CALL(socket_CMSG_LEN), METH_FASTCALL,
     "CMSG_LEN(length) -> control message length\n\n"
     "The size of an ancillary data item with `length` bytes of data, without the padding behind "
     "it. It may serve as\n"
     "buffer size for recvmsg() to receive one item; portable programs use CMSG_SPACE() even for "
     "the last one.\n"
     "OverflowError when `length` is too large."},
    {"CMSG_SPACE", CALL(socket_CMSG_SPACE), METH_FASTCALL,
     "CMSG_SPACE(length) -> buffer size\n\n"
     "The buffer size that recvmsg() needs for an ancillary data item with `length` bytes of data "
     "and the padding\n"
     "behind it; for several items, the sum. OverflowError when `length` is too large."},
    {NULL, NULL, 0, NULL},
};

/* -- Buffers of a message -------------------------------------------------------------------- */

struct buffers {
    Py_buffer *views;    /* filled up to count */
    struct iovec *parts; /* the same for the kernel */
    Py_ssize_t count;
};

static void buffers_release(struct buffers *b)
{
    for (Py_ssize_t i = 0; i < b->count; i++)
        PyBuffer_Release(&b->views[i]);
    PyMem_Free(b->views);
    PyMem_Free(b->parts);
}

/* Fills `b` from a list or tuple of buffers; release it in any case. */
static bool buffers_fill(struct buffers *b, PyObject *fast, int flags, const char *type_error,
                         const char *too_long)
{
    Py_ssize_t n = PySequence_Fast_GET_SIZE(fast);
    if (n > INT_MAX) {
        PyErr_SetString(PyExc_OSError, too_long);
        return false;
    }
    b->views = PyMem_New(Py_buffer, n ? n : 1);
    b->parts = PyMem_New(struct iovec, n ? n : 1);
    if (!b->views || !b->parts) {
        PyErr_NoMemory();
        return false;
    }
    for (; b->count < n; b->count++) {
        Py_buffer *view = &b->views[b->count];
        if (b->count >= PySequence_Fast_GET_SIZE(fast))
            break; /* a buffer's exporter shortened the list */
        if (PyObject_GetBuffer(PySequence_Fast_GET_ITEM(fast, b->count), view, flags) < 0) {
            if (type_error)
                PyErr_SetString(PyExc_TypeError, type_error);
            return false;
        }
        b->parts[b->count] = (struct iovec){.iov_base = view->buf, .iov_len = (size_t)view->len};
    }
    return true;
}

static bool buffers_to_send(struct buffers *b, PyObject *object)
{
    PyObject *fast = PySequence_Fast(object, "sendmsg() argument 1 must be an iterable");
    bool ok = fast && buffers_fill(b, fast, PyBUF_SIMPLE, NULL, "sendmsg() argument 1 is too long");
    Py_XDECREF(fast);
    return ok;
}

/* -- Receiving ------------------------------------------------------------------------------- */

struct message {
    struct msghdr head;
    Address addr; /* head points to it */
    int flags;
    ssize_t done; /* bytes moved */
};

static bool act_recvmsg(Socket *self, void *data)
{
    struct message *m = data;
    m->done = recvmsg(self->fd, &m->head, m->flags);
    return m->done >= 0;
}

static bool act_sendmsg(Socket *self, void *data)
{
    struct message *m = data;
    m->done = sendmsg(self->fd, &m->head, m->flags);
    return m->done >= 0;
}

/* How much data of an item is really there. False: not even its header makes sense. */
static bool item_data(const struct msghdr *head, struct cmsghdr *item, size_t *len, bool *cut)
{
    size_t at = (size_t)((char *)item - (char *)head->msg_control),
           room = head->msg_controllen - at;
    if (head->msg_controllen < at + CMSG_LEN(0) || item->cmsg_len < CMSG_LEN(0))
        return false;
    *cut = item->cmsg_len > room;
    *len = Py_MIN(item->cmsg_len, room) - CMSG_LEN(0);
    return true;
}

/* Calls `each` for the items that came, until it is false. */
static bool items_walk(const struct msghdr *head, bool (*each)(struct cmsghdr *, size_t, void *),
                       void *arg, bool *malformed)
{
    struct msghdr *h = (struct msghdr *)head;
    for (struct cmsghdr *item = head->msg_controllen ? CMSG_FIRSTHDR(h) : NULL; item;
         item = CMSG_NXTHDR(h, item)) {
        size_t len;
        bool cut;
        if (!item_data(head, item, &len, &cut)) {
            *malformed = true;
            return true;
        }
        if (cut)
            *malformed = true;
        if (!each(item, len, arg))
            return false;
        if (cut)
            return true;
    }
    return true;
}

static bool item_append(struct cmsghdr *item, size_t len, void *list)
{
    PyObject *tuple =
        Py_BuildValue("iiy#", item->cmsg_level, item->cmsg_type, CMSG_DATA(item), (Py_ssize_t)len);
    bool ok = tuple && PyList_Append(list, tuple) == 0;
    Py_XDECREF(tuple);
    return ok;
}

static bool item_close_rights(struct cmsghdr *item, size_t len, void *ignored)
{
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS)
        for (size_t i = 0; i + sizeof(int) <= len; i += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(item) + i, sizeof fd);
            close(fd);
        }
    return true;
}

/* The result's tuple; STEALS `received`. */
static PyObject *message_result(Socket *self, struct message *m, PyObject *received)
{
    PyObject *list = received ? PyList_New(0) : NULL, *addr = NULL, *res = NULL;
    bool malformed = false, ok = list && items_walk(&m->head, item_append, list, &malformed);
    if (ok && malformed)
        ok = PyErr_WarnEx(PyExc_RuntimeWarning,
                          "received malformed or improperly-truncated ancillary data", 1) == 0;
    if (ok)
        addr = address_make(self->fd, &m->addr,
                            Py_MIN(m->head.msg_namelen, (socklen_t)sizeof m->addr), self->proto);
    if (addr)
        res = Py_BuildValue("OOiO", received, list, (int)m->head.msg_flags, addr);
    if (!res)
        items_walk(&m->head, item_close_rights, NULL, &malformed);
    Py_XDECREF(received);
    Py_XDECREF(list);
    Py_XDECREF(addr);
    return res;
}

/* Receives into `parts`; `take` makes the first item of the result. */
static PyObject *receive_message(Socket *self, struct iovec *parts, size_t count, int flags,
                                 Py_ssize_t control, PyObject *(*take)(ssize_t, void *), void *arg)
{
    struct message m = {.flags = flags};
    socklen_t room;
    void *block = NULL;
    PyObject *res = NULL;
    if (!address_room(self, &room))
        return NULL;
    if (control < 0 || (size_t)control > CONTROL_LIMIT) {
        PyErr_SetString(PyExc_ValueError, "invalid ancillary data buffer length");
        return NULL;
    }
    if (control > 0 && !(block = PyMem_Malloc((size_t)control)))
        return PyErr_NoMemory();
    m.head = (struct msghdr){.msg_name = &m.addr,
                             .msg_namelen = room,
                             .msg_iov = parts,
                             .msg_iovlen = count,
                             .msg_control = block,
                             .msg_controllen = (size_t)control};
    if (socket_call(self, false, act_recvmsg, &m))
        res = message_result(self, &m, take(m.done, arg));
    PyMem_Free(block);
    return res;
}

/* Cuts the bytes object at *arg to what came. */
static PyObject *take_bytes(ssize_t done, void *arg)
{
    PyObject **bytes = arg, *res;
    if (done != PyBytes_GET_SIZE(*bytes) && _PyBytes_Resize(bytes, done) < 0)
        return NULL;
    res = *bytes;
    *bytes = NULL;
    return res;
}

static PyObject *take_count(ssize_t done, void *ignored) { return PyLong_FromSsize_t(done); }

FAST(socket_recvmsg)
{
    Py_ssize_t size, control = 0;
    int flags = 0;
    if (!PARSEP("n|ni:recvmsg", &size, &control, &flags))
        return NULL;
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "negative buffer size in recvmsg()");
        return NULL;
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (!bytes)
        return NULL;
    struct iovec part = {.iov_base = PyBytes_AS_STRING(bytes), .iov_len = (size_t)size};
    PyObject *res = receive_message(self, &part, 1, flags, control, take_bytes, &bytes);
    Py_XDECREF(bytes);
    return res;
}

FAST(socket_recvmsg_into)
{
    PyObject *object, *res = NULL;
    Py_ssize_t control = 0;
    int flags = 0;
    struct buffers b = {0};
    if (!PARSEP("O|ni:recvmsg_into", &object, &control, &flags))
        return NULL;
    PyObject *fast = PySequence_Fast(object, "recvmsg_into() argument 1 must be an iterable");
    if (!fast)
        return NULL;
    if (buffers_fill(
            &b, fast, PyBUF_WRITABLE,
            "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers",
            "recvmsg_into() argument 1 is too long"))
        res = receive_message(self, b.parts, (size_t)b.count, flags, control, take_count, NULL);
    buffers_release(&b);
    Py_DECREF(fast);
    return res;
}

/* -- Sending --------------------------------------------------------------------------------- */

struct control_item { int level, type; Py_buffer data; };
struct control {
    struct control_item *items; /* filled up to count */
    Py_ssize_t count;
    char *block;                /* owned: the items as the kernel wants them */
    size_t size;                /* of block, in bytes */
};

static void control_release(struct control *c)
{
    for (Py_ssize_t i = 0; i < c->count; i++)
        PyBuffer_Release(&c->items[i].data);
    PyMem_Free(c->items);
    PyMem_Free(c->block);
}

/* Adds up the room of the items; false with an exception. */
static bool control_size(struct control *c)
{
    size_t space;
    for (Py_ssize_t i = 0; i < c->count; i++) {
        if (!control_space((size_t)c->items[i].data.len, &space)) {
            PyErr_SetString(PyExc_OSError, "ancillary data item too large");
            return false;
        }
        c->size += space;
        if (c->size > CONTROL_LIMIT) {
            PyErr_SetString(PyExc_OSError, "too much ancillary data");
            return false;
        }
    }
    return true;
}

/* Puts one item at `to`; the place behind it. */
static char *item_put(char *to, int level, int type, const void *data, size_t len)
{
    struct cmsghdr head = {.cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(len)};
    memcpy(to, &head, sizeof head);
    if (len)
        memcpy(CMSG_DATA((struct cmsghdr *)to), data, len);
    return to + CMSG_SPACE(len);
}

static bool control_build(struct control *c)
{
    if (!control_size(c))
        return false;
    if (c->size == 0)
        return true;
    char *to = c->block = PyMem_Calloc(1, c->size);
    if (!to) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < c->count; i++) {
        struct control_item *item = &c->items[i];
        to = item_put(to, item->level, item->type, item->data.buf, (size_t)item->data.len);
    }
    return true;
}

/* Reads sendmsg's second argument; release `c` in any case. */
static bool control_fill(struct control *c, PyObject *object)
{
    PyObject *fast = PySequence_Fast(object, "sendmsg() argument 2 must be an iterable");
    if (!fast)
        return false;
    Py_ssize_t n = PySequence_Fast_GET_SIZE(fast);
    bool ok = true;
    if (n > 0 && !(c->items = PyMem_New(struct control_item, n))) {
        PyErr_NoMemory();
        ok = false;
    }
    for (; ok && c->count < n && c->count < PySequence_Fast_GET_SIZE(fast); c->count++) {
        struct control_item *item = &c->items[c->count];
        ok = PyArg_Parse(PySequence_Fast_GET_ITEM(fast, c->count),
                         "(iiy*):[sendmsg() ancillary data items]", &item->level, &item->type,
                         &item->data);
        if (!ok)
            break;
    }
    Py_DECREF(fast);
    return ok && control_build(c);
}

FAST(socket_sendmsg)
{
    PyObject *data, *control = NULL, *addr = NULL;
    struct buffers b = {0};
    struct control c = {0};
    struct message m = {0};
    socklen_t len;
    bool ok = false;
    if (!PARSEP("O|OiO:sendmsg", &data, &control, &m.flags, &addr))
        return NULL;
    if (addr && addr != Py_None) {
        if (!address_read(self, addr, &m.addr, &len, "sendmsg"))
            return NULL;
        m.head.msg_name = &m.addr;
        m.head.msg_namelen = len;
    }
    if (PySys_Audit("socket.sendmsg", "OO", self, addr ? addr : Py_None) < 0)
        return NULL;
    if (!buffers_to_send(&b, data) || (control && !control_fill(&c, control)))
        goto done;
    m.head.msg_iov = b.parts;
    m.head.msg_iovlen = (size_t)b.count;
    m.head.msg_control = c.block;
    m.head.msg_controllen = c.size;
    ok = socket_call(self, true, act_sendmsg, &m);
done:
    control_release(&c);
    buffers_release(&b);
    return ok ? PyLong_FromSsize_t(m.done) : NULL;
}

/* -- The kernel's cryptography --------------------------------------------------------------- */

/* What an AF_ALG message says besides its data. */
struct alg_settings { uint32_t op; Py_buffer iv; uint32_t assoc_len; bool has_assoc; };

/* A new control block; NULL without memory. */
static char *alg_control(const struct alg_settings *s, size_t *size)
{
    size_t iv = s->iv.buf ? sizeof(struct af_alg_iv) + (size_t)s->iv.len : 0;
    *size = CMSG_SPACE(sizeof s->op) + (iv ? CMSG_SPACE(iv) : 0) +
            (s->has_assoc ? CMSG_SPACE(sizeof(uint32_t)) : 0);
    char *block = PyMem_Calloc(1, *size), *to = block;
    if (!block)
        return NULL;
    to = item_put(to, SOL_ALG, ALG_SET_OP, &s->op, sizeof s->op);
    if (iv) {
        struct af_alg_iv *packed = (struct af_alg_iv *)CMSG_DATA((struct cmsghdr *)to);
        char *next = item_put(to, SOL_ALG, ALG_SET_IV, NULL, 0);
        ((struct cmsghdr *)to)->cmsg_len = CMSG_LEN(iv);
        packed->ivlen = (uint32_t)s->iv.len;
        memcpy(packed->iv, s->iv.buf, (size_t)s->iv.len);
        to = next + CMSG_SPACE(iv) - CMSG_SPACE(0);
    }
    if (s->has_assoc)
        item_put(to, SOL_ALG, ALG_SET_AEAD_ASSOCLEN, &s->assoc_len, sizeof s->assoc_len);
    return block;
}

static bool alg_number(PyObject *object, const char *message, uint32_t *number)
{
    int value = object ? _PyLong_AsInt(object) : -1;
    if (value == -1 && PyErr_Occurred())
        return false;
    if (value < 0) {
        PyErr_SetString(PyExc_TypeError, message);
        return false;
    }
    *number = (uint32_t)value;
    return true;
}

FASTKW(socket_sendmsg_afalg)
{
    ARGS("|O$O!y*O!i:sendmsg_afalg", "msg", "op", "iv", "assoclen", "flags");
    PyObject *data = NULL, *op = NULL, *assoc = NULL;
    struct alg_settings s = {0};
    struct buffers b = {0};
    struct message m = {0};
    char *block = NULL;
    bool ok = false;
    if (self->family != AF_ALG) {
        PyErr_SetString(PyExc_OSError, "algset is only supported for AF_ALG");
        return NULL;
    }
    if (!PARSE(&data, &PyLong_Type, &op, &s.iv, &PyLong_Type, &assoc, &m.flags))
        return NULL;
    s.has_assoc = assoc != NULL;
    if (!alg_number(op, "Invalid or missing argument 'op'", &s.op) ||
        (assoc && !alg_number(assoc, "assoclen must be positive", &s.assoc_len)))
        goto done;
    if (!(block = alg_control(&s, &m.head.msg_controllen))) {
        PyErr_NoMemory();
        goto done;
    }
    if (data && !buffers_to_send(&b, data))
        goto done;
    m.head.msg_control = block;
    m.head.msg_iov = b.parts;
    m.head.msg_iovlen = (size_t)b.count;
    ok = socket_call(self, true, act_sendmsg, &m);
done:
    PyMem_Free(block);
    buffers_release(&b);
    PyBuffer_Release(&s.iv);
    return ok ? PyLong_FromSsize_t(m.done) : NULL;
}
