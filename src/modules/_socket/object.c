/* SPDX-License-Identifier: MIT
 *
 * The type socket: making, ending and showing sockets, connecting and accepting, and the table of
 * methods.
 *
 * A socket owns its descriptor until close() or detach(); one that is dropped while open warns and
 * closes it. Descriptors are never inherited by child processes (PEP 446).
 */
#include "socket_impl.h"
#include <limits.h>
#include <unistd.h>

struct socket_state *socket_state_get(Socket *self)
{
    return PyModule_GetState(PyType_GetModuleByDef(Py_TYPE(self), &socket_module_def));
}

/* -- Making and ending ----------------------------------------------------------------------- */

static PyObject *socket_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Socket *self = (Socket *)type->tp_alloc(type, 0);
    if (self) {
        self->fd = -1;
        self->timeout = -1;
        self->errorhandler = socket_error;
    }
    return (PyObject *)self;
}

static bool socket_fill(struct socket_state *state, Socket *self, int fd, int family, int type,
                        int proto)
{
    self->fd = fd;
    self->family = family;
    self->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    self->proto = proto;
    self->errorhandler = socket_error;
    if (type & SOCK_NONBLOCK) {
        self->timeout = 0;
        return true;
    }
    self->timeout = state->default_timeout;
    return self->timeout < 0 || socket_set_blocking(self, false);
}

PyObject *socket_new_from_fd(struct socket_state *state, int fd, int family, int type, int proto)
{
    PyObject *self = socket_new(state->type, NULL, NULL);
    if (!self)
        close(fd);
    else if (!socket_fill(state, (Socket *)self, fd, family, type, proto))
        Py_CLEAR(self);
    return self;
}

/* Asks the system for what the caller left out (-1) about a descriptor. */
static bool detect(int fd, int *family, int *type, int *proto)
{
    Address addr = {0};
    socklen_t len = sizeof addr;
    bool known = getsockname(fd, &addr.sa, &len) == 0;
    if (!known && (*family == -1 || errno == EBADF || errno == ENOTSOCK))
        return false;
    if (*family == -1)
        *family = addr.sa.sa_family;
    len = sizeof *type;
    if (*type == -1 && getsockopt(fd, SOL_SOCKET, SO_TYPE, type, &len) < 0)
        return false;
    len = sizeof *proto;
    return *proto != -1 || getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, proto, &len) == 0;
}

/* The descriptor of fileno=; -1 with an exception. */
static int adopt(PyObject *object, int *family, int *type, int *proto)
{
    int fd = (int)PyLong_AsLong(object);
    if (fd == -1 && PyErr_Occurred())
        return -1;
    if (fd < 0)
        PyErr_SetString(PyExc_ValueError, "negative file descriptor");
    else if (!detect(fd, family, type, proto)) {
        socket_error();
        fd = -1;
    }
    return fd;
}

static int open_socket(int *family, int *type, int *proto)
{
    int fd;
    *family = *family == -1 ? AF_INET : *family;
    *type = *type == -1 ? SOCK_STREAM : *type;
    *proto = *proto == -1 ? 0 : *proto;
    UNLOCKED(fd = socket(*family, *type | SOCK_CLOEXEC, *proto));
    if (fd < 0)
        socket_error();
    return fd;
}

/* The descriptor is closed after a failure only if it was opened here. */
static int socket_init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    ARGS("|iiiO:socket", "family", "type", "proto", "fileno");
    Socket *self = (Socket *)object;
    int family = -1, type = -1, proto = -1;
    PyObject *fileno = NULL;
    if (!PARSE_TUPLE(&family, &type, &proto, &fileno) ||
        PySys_Audit("socket.__new__", "Oiii", self, family, type, proto) < 0)
        return -1;
    bool adopted = fileno && fileno != Py_None;
    int fd = adopted ? adopt(fileno, &family, &type, &proto) : open_socket(&family, &type, &proto);
    if (fd < 0)
        return -1;
    if (socket_fill(socket_state_get(self), self, fd, family, type, proto))
        return 0;
    if (!adopted)
        close(fd);
    self->fd = -1;
    return -1;
}

static void socket_finalize(PyObject *object)
{
    Socket *self = (Socket *)object;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (self->fd != -1) {
        if (PyErr_ResourceWarning(object, 1, "unclosed %R", object) < 0 &&
            PyErr_ExceptionMatches(PyExc_Warning))
            PyErr_WriteUnraisable(object);
        int fd = self->fd;
        self->fd = -1;
        UNLOCKED(close(fd));
    }
    PyErr_Restore(type, value, traceback);
}

static void socket_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (PyObject_CallFinalizerFromDealloc(self) < 0)
        return;
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *socket_repr(PyObject *object)
{
    Socket *self = (Socket *)object;
    return PyUnicode_FromFormat("<socket object, fd=%ld, family=%d, type=%d, proto=%d>",
                                (long)self->fd, self->family, self->type, self->proto);
}

/* -- Descriptor ------------------------------------------------------------------------------ */

static PyObject *socket_close(Socket *self, PyObject *ignored)
{
    int fd = self->fd, res;
    if (fd != -1) {
        self->fd = -1; /* first: the lock is given up below */
        UNLOCKED(res = close(fd));
        if (res < 0 && errno != ECONNRESET)
            return self->errorhandler();
    }
    Py_RETURN_NONE;
}

static PyObject *socket_detach(Socket *self, PyObject *ignored)
{
    int fd = self->fd;
    self->fd = -1;
    return PyLong_FromLong(fd);
}

static PyObject *socket_fileno(Socket *self, PyObject *ignored)
{
    return PyLong_FromLong(self->fd);
}

/* -- Addresses ------------------------------------------------------------------------------- */

static PyObject *own_address(Socket *self, int (*ask)(int, struct sockaddr *, socklen_t *))
{
    Address addr;
    socklen_t len;
    int res;
    if (!address_room(self, &len))
        return NULL;
    memset(&addr, 0, sizeof addr);
    UNLOCKED(res = ask(self->fd, &addr.sa, &len));
    return res < 0 ? self->errorhandler() : address_make(self->fd, &addr, len, self->proto);
}

static PyObject *socket_getsockname(Socket *self, PyObject *ignored)
{
    return own_address(self, getsockname);
}
static PyObject *socket_getpeername(Socket *self, PyObject *ignored)
{
    return own_address(self, getpeername);
}

static PyObject *socket_bind(Socket *self, PyObject *object)
{
    Address addr;
    socklen_t len;
    int res;
    if (!address_read(self, object, &addr, &len, "bind") ||
        PySys_Audit("socket.bind", "OO", self, object) < 0)
        return NULL;
    UNLOCKED(res = bind(self->fd, &addr.sa, len));
    if (res < 0)
        return self->errorhandler();
    Py_RETURN_NONE;
}

static PyObject *socket_listen(Socket *self, PyObject *const *args, Py_ssize_t nargs)
{
    int backlog = Py_MIN(SOMAXCONN, 128), res;
    if (!PARSEP("|i:listen", &backlog))
        return NULL;
    UNLOCKED(res = listen(self->fd, Py_MAX(backlog, 0)));
    if (res < 0)
        return self->errorhandler();
    Py_RETURN_NONE;
}

static PyObject *socket_shutdown(Socket *self, PyObject *object)
{
    int how = _PyLong_AsInt(object), res;
    if (how == -1 && PyErr_Occurred())
        return NULL;
    UNLOCKED(res = shutdown(self->fd, how));
    if (res < 0)
        return self->errorhandler();
    Py_RETURN_NONE;
}

/* -- Connections ----------------------------------------------------------------------------- */

struct accepting { Address addr; socklen_t len; int fd; };

static bool act_accept(Socket *self, void *data)
{
    struct accepting *a = data;
    a->fd = accept4(self->fd, &a->addr.sa, &a->len, SOCK_CLOEXEC);
    return a->fd >= 0;
}

static PyObject *socket_accept(Socket *self, PyObject *ignored)
{
    struct accepting a = {0};
    if (!address_room(self, &a.len) || !socket_call(self, false, act_accept, &a))
        return NULL;
    PyObject *fd = PyLong_FromLong(a.fd), *addr = NULL, *pair = NULL;
    if (fd)
        addr = address_make(a.fd, &a.addr, a.len, self->proto);
    if (addr)
        pair = PyTuple_Pack(2, fd, addr);
    if (!pair)
        close(a.fd);
    Py_XDECREF(fd);
    Py_XDECREF(addr);
    return pair;
}

/* How did a connection end that was begun? */
static bool act_connected(Socket *self, void *ignored)
{
    int error;
    socklen_t len = sizeof error;
    if (getsockopt(self->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return false;
    errno = error;
    return error == 0 || error == EISCONN;
}

/* Connects: 0, an errno, or -1 with an exception; always the latter on failure when `raise`. */
static int connect_to(Socket *self, const Address *addr, socklen_t len, bool raise)
{
    int res, error;
    UNLOCKED(res = connect(self->fd, &addr->sa, len));
    if (res == 0)
        return 0;
    error = errno;
    bool wait = error == EINTR ? self->timeout != 0 : error == EINPROGRESS && self->timeout > 0;
    if (error == EINTR && PyErr_CheckSignals())
        return -1;
    if (!wait) {
        errno = error;
        if (!raise)
            return error;
        self->errorhandler();
        return -1;
    }
    if (socket_call_until(self, true, act_connected, NULL, true, raise ? NULL : &error,
                          self->timeout))
        return 0;
    return raise ? -1 : error;
}

static bool connect_address(Socket *self, PyObject *object, Address *addr, socklen_t *len,
                            const char *caller)
{
    return address_read(self, object, addr, len, caller) &&
           PySys_Audit("socket.connect", "OO", self, object) == 0;
}

static PyObject *socket_connect(Socket *self, PyObject *object)
{
    Address addr;
    socklen_t len;
    if (!connect_address(self, object, &addr, &len, "connect") ||
        connect_to(self, &addr, len, true) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *socket_connect_ex(Socket *self, PyObject *object)
{
    Address addr;
    socklen_t len;
    if (!connect_address(self, object, &addr, &len, "connect_ex"))
        return NULL;
    int res = connect_to(self, &addr, len, false);
    return res < 0 ? NULL : PyLong_FromLong(res);
}

/* -- The type -------------------------------------------------------------------------------- */

#define CALL(function) (PyCFunction)(void (*)(void))function
#define KW (METH_FASTCALL | METH_KEYWORDS)
static PyMethodDef methods[] = {
    {"_accept", CALL(socket_accept), METH_NOARGS,
     "_accept() -> (integer, address info)\n\n"
     "Waits for a connection; its descriptor and the address of the other end, for IP a pair "
     "(host, port)."},
    {"bind", CALL(socket_bind), METH_O,
     "bind(address)\n\n"
     "Gives the socket a local address: for IP a pair (host, port) of this machine, for raw packet "
     "sockets a tuple\n"
     "(ifname, proto [,pkttype [,hatype [,addr]]])."},
    {"close", CALL(socket_close), METH_NOARGS,
     "close()\n\nCloses the socket; it is of no use afterwards."},
    {"connect", CALL(socket_connect), METH_O,
     "connect(address)\n\nConnects the socket with a remote address, for IP a pair (host, port)."},
    {"connect_ex", CALL(socket_connect_ex), METH_O,
     "connect_ex(address) -> errno\n\nLike connect(address), but gives the error number instead of "
     "raising."},
    {"detach", CALL(socket_detach), METH_NOARGS,
     "detach()\n\nGives up the descriptor without closing it, and returns it; the object is of no "
     "use afterwards."},
    {"fileno", CALL(socket_fileno), METH_NOARGS, "fileno() -> integer\n\nThe socket's descriptor."},
    {"getpeername", CALL(socket_getpeername), METH_NOARGS,
     "getpeername() -> address info\n\nThe remote address, for IP a pair (host, port)."},
    {"getsockname", CALL(socket_getsockname), METH_NOARGS,
     "getsockname() -> address info\n\nThe local address; its form is the family's, for IPv4 a "
     "pair (host, port)."},
    {"getsockopt", CALL(socket_getsockopt), METH_FASTCALL,
     "getsockopt(level, option[, buffersize]) -> value\n\n"
     "The value of an option: an integer, or bytes of at most `buffersize` when it is not 0."},
    {"listen", CALL(socket_listen), METH_FASTCALL,
     "listen([backlog])\n\n"
     "Lets the socket accept connections; `backlog` (at least 0, a sensible number by default) of "
     "them may wait."},
    {"recv", CALL(socket_recv), METH_FASTCALL,
     "recv(buffersize[, flags]) -> data\n\n"
     "Receives at most `buffersize` bytes, waiting for the first; none when the other end has "
     "closed."},
    {"recv_into", CALL(socket_recv_into), KW,
     "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read\n\n"
     "Like recv(), into a buffer: at most `nbytes`, or what the buffer holds when it is 0 or left "
     "out."},
    {"recvfrom", CALL(socket_recvfrom), METH_FASTCALL,
     "recvfrom(buffersize[, flags]) -> (data, address info)\n\nLike recv(), with the sender's "
     "address."},
    {"recvfrom_into", CALL(socket_recvfrom_into), KW,
     "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)\n\n"
     "Like recv_into(), with the sender's address."},
    {"send", CALL(socket_send), METH_FASTCALL,
     "send(data[, flags]) -> count\n\nSends data; how much of it was sent, which may be less than "
     "all."},
    {"sendall", CALL(socket_sendall), METH_FASTCALL,
     "sendall(data[, flags])\n\nSends all data. After an error nothing tells how much was sent."},
    {"sendto", CALL(socket_sendto), METH_FASTCALL,
     "sendto(data[, flags], address) -> count\n\nLike send() to an address, for IP a pair (host, "
     "port)."},
    {"setblocking", CALL(socket_setblocking), METH_O,
     "setblocking(flag)\n\nTrue: calls wait, as with settimeout(None). False: they never do, as "
     "with settimeout(0.0)."},
    {"getblocking", CALL(socket_getblocking), METH_NOARGS,
     "getblocking()\n\nWhether calls on the socket wait."},
    {"settimeout", CALL(socket_settimeout), METH_O,
     "settimeout(timeout)\n\n"
     "Limits how long calls wait, in seconds (a float). None: no limit, as setblocking(1); 0: as "
     "setblocking(0)."},
    {"gettimeout", CALL(socket_gettimeout), METH_NOARGS,
     "gettimeout() -> timeout\n\nHow many seconds (a float) calls wait; None means for ever."},
    {"setsockopt", CALL(socket_setsockopt), METH_FASTCALL,
     "setsockopt(level, option, value: int)\nsetsockopt(level, option, value: buffer)\n"
     "setsockopt(level, option, None, optlen: int)\n\n"
     "Sets an option to an integer, to the bytes of a buffer, or to nothing with a length."},
    {"shutdown", CALL(socket_shutdown), METH_O,
     "shutdown(flag)\n\nEnds receiving (SHUT_RD), sending (SHUT_WR), or both (SHUT_RDWR)."},
    {"recvmsg", CALL(socket_recvmsg), METH_FASTCALL,
     "recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)\n\n"
     "Receives at most `bufsize` bytes, and ancillary data into a buffer of `ancbufsize` bytes (0 "
     "by default; see\n"
     "CMSG_SPACE() and CMSG_LEN()); items that do not fit may be cut or lost. `flags` is "
     "recv()'s.\n\n"
     "ancdata is a list of (cmsg_level, cmsg_type, cmsg_data); msg_flags tells conditions of the "
     "message; address is\n"
     "the sender's, when the socket is not connected. When it raises after receiving, descriptors "
     "that came by\n"
     "SCM_RIGHTS are closed."},
    {"recvmsg_into", CALL(socket_recvmsg_into), METH_FASTCALL,
     "recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)\n\n"
     "Like recvmsg(), into writable buffers (an iterable of them) that are filled one after the "
     "other; nbytes says\n"
     "how much came."},
    {"sendmsg", CALL(socket_sendmsg), METH_FASTCALL,
     "sendmsg(buffers[, ancdata[, flags[, address]]]) -> count\n\n"
     "Sends the bytes of an iterable of buffers as one message, with ancillary data: an iterable "
     "of (cmsg_level,\n"
     "cmsg_type, cmsg_data), the last a bytes-like object. `flags` is send()'s; `address`, when "
     "not None, says where\n"
     "to. The result is how many bytes, without ancillary data, were sent."},
    {"sendmsg_afalg", CALL(socket_sendmsg_afalg), KW,
     "sendmsg_afalg([msg], *, op[, iv[, assoclen[, flags=MSG_MORE]]])\n\n"
     "Sets mode, initialisation vector and length of associated data of an AF_ALG operation "
     "socket."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"family", T_INT, offsetof(Socket, family), READONLY, "the socket family"},
    {"type", T_INT, offsetof(Socket, type), READONLY, "the socket type"},
    {"proto", T_INT, offsetof(Socket, proto), READONLY, "the socket protocol"},
    {NULL, 0, 0, 0, NULL},
};

static PyObject *get_timeout(PyObject *self, void *ignored)
{
    return socket_gettimeout((Socket *)self, NULL);
}
static PyGetSetDef getsets[] = {{"timeout", get_timeout, NULL, "the socket timeout", NULL}, {NULL}};

static const char doc[] = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\n"
                          "socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object\n\n"
                          "One end of a network connection. The family defaults to AF_INET, the "
                          "type to SOCK_STREAM (a stream; SOCK_DGRAM\n"
                          "is for datagrams), the protocol to 0, the usual one. With fileno, what "
                          "is not given is found out from the\n"
                          "descriptor. A socket is not inherited by child processes.";

static PyType_Slot type_slots[] = {
    {Py_tp_new, socket_new},
    {Py_tp_init, socket_init},
    {Py_tp_finalize, socket_finalize},
    {Py_tp_dealloc, socket_dealloc},
    {Py_tp_repr, socket_repr},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {Py_tp_getset, getsets},
    {Py_tp_doc, (void *)doc},
    {0, NULL},
};
PyType_Spec socket_spec = {
    .name = "_socket.socket",
    .basicsize = sizeof(Socket),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = type_slots,
};
