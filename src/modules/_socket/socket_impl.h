/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of module _socket: the socket object, addresses of all families, and the
 * waiting call.
 *
 * The first fields of Socket are ABI: the shipped _ssl reads them through the capsule _socket.CAPI.
 */
#ifndef VITRO_SOCKET_IMPL_H
#define VITRO_SOCKET_IMPL_H

#include "modules/args.h"
#include "state.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/can.h>
#include <linux/can/bcm.h>
#include <linux/can/isotp.h>
#include <linux/can/j1939.h>
#include <linux/can/raw.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct {
    PyObject_HEAD
    int fd;                         /* -1: closed or detached */
    int family, type, proto;
    PyObject *(*errorhandler)(void); /* raises for errno, returns NULL */
    _PyTime_t timeout;              /* in nanoseconds; 0: never waits, negative: waits for ever */
} Socket;

struct socket_state {
    PyTypeObject *type;             /* strong */
    PyObject *gaierror, *herror;    /* strong */
    _PyTime_t default_timeout;      /* of new sockets */
};

extern PyModuleDef socket_module_def;
extern PyType_Spec socket_spec;
static inline struct socket_state *socket_state_of(PyObject *module)
{
    return PyModule_GetState(module);
}
/* An int out of range is told in the words of PyArg_ParseTuple, which these functions of 3.11 use.
 */
#undef PARSE
#undef PARSEP
#define PARSE(...) _PyArg_ParseStackAndKeywords(args, nargs, kwnames, &parser, __VA_ARGS__)
#define PARSEP(...) _PyArg_ParseStack(args, nargs, __VA_ARGS__)

/* The state of the module that made a socket's type. */
struct socket_state *socket_state_get(Socket *self);

PyObject *socket_error(void);       /* OSError for errno; NULL */
void socket_gaierror(struct socket_state *state, int code);

/* -- Addresses (address_*.c) ----------------------------------------------------------------- */

/* The kernel's Bluetooth addresses; its headers are not part of every development system. */
typedef struct { uint8_t b[6]; } BluetoothAddr; /* least significant byte first */
struct sockaddr_l2 {
    sa_family_t family;
    uint16_t psm;
    BluetoothAddr addr;
    uint16_t cid;
    uint8_t addr_type;
};
struct sockaddr_rc { sa_family_t family; BluetoothAddr addr; uint8_t channel; };
struct sockaddr_sco { sa_family_t family; BluetoothAddr addr; };
struct sockaddr_hci { sa_family_t family; uint16_t dev, channel; };
enum { BTPROTO_L2CAP = 0, BTPROTO_HCI = 1, BTPROTO_SCO = 2, BTPROTO_RFCOMM = 3 };

typedef union {
    struct sockaddr sa;
    struct sockaddr_storage storage;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_nl nl;
    struct sockaddr_ll ll;
    struct sockaddr_can can;
    struct sockaddr_tipc tipc;
    struct sockaddr_alg alg;
    struct sockaddr_vm vm;
    struct sockaddr_qrtr qrtr;
    struct sockaddr_l2 l2;
    struct sockaddr_rc rc;
    struct sockaddr_sco sco;
    struct sockaddr_hci hci;
} Address;

/* Reads an address object for the socket's family; `caller` is named in messages. */
bool address_read(Socket *self, PyObject *object, Address *addr, socklen_t *len,
                  const char *caller);
/* The object of an address; `fd` serves to ask for names of interfaces. None when len is 0. */
PyObject *address_make(int fd, const Address *addr, socklen_t len, int proto);
/* The room that the socket's family needs. */
bool address_room(Socket *self, socklen_t *len);
/* Resolves a name to an address without port; its length in bytes (4 or 16), -1 with an exception.
 */
int address_resolve(struct socket_state *state, const char *name, Address *addr, int family);
PyObject *address_ipv4_text(const struct in_addr *addr);
PyObject *address_ipv6_text(const struct in6_addr *addr);
/* str, bytes or bytearray -> what the resolver takes. */
struct host_name { PyObject *owner; const char *text; char single; };
int host_name_convert(PyObject *object, void *to); /* format O&, with clean-up */
void host_name_clear(struct host_name *name);

/* -- Calls that wait (wait.c) ---------------------------------------------------------------- */

typedef bool (*socket_action)(Socket *self,
                              void *data); /* runs without the lock; false: errno says why */
enum { SOCKET_TIMED_OUT = EWOULDBLOCK };

/* Waits until the socket is ready, if it has a time limit, and does the action. False with an
   exception; with `error`, false with *error set instead (an errno, or -1 when a signal handler
   raised). */
bool socket_call_until(Socket *self, bool writing, socket_action action, void *data,
                       bool connecting, int *error, _PyTime_t timeout);
static inline bool socket_call(Socket *self, bool writing, socket_action action, void *data)
{
    return socket_call_until(self, writing, action, data, false, NULL, self->timeout);
}
bool socket_set_blocking(Socket *self, bool blocking);
bool socket_read_timeout(PyObject *object, _PyTime_t *timeout);

/* -- Methods by concern ---------------------------------------------------------------------- */

#define FAST(name) PyObject *name(Socket *self, PyObject *const *args, Py_ssize_t nargs)
#define FASTKW(name)                                                                               \
    PyObject *name(Socket *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
FAST(socket_recv);
FAST(socket_recvfrom);
FASTKW(socket_recv_into);
FASTKW(socket_recvfrom_into); /* transfer.c */
FAST(socket_send); FAST(socket_sendall); FAST(socket_sendto);
FAST(socket_recvmsg);
FAST(socket_recvmsg_into);
FAST(socket_sendmsg);
FASTKW(socket_sendmsg_afalg); /* message.c */
FAST(socket_setsockopt);
FAST(socket_getsockopt); /* options.c */
PyObject *socket_settimeout(Socket *self, PyObject *timeout);
PyObject *socket_gettimeout(Socket *self, PyObject *ignored);
PyObject *socket_setblocking(Socket *self, PyObject *flag);
PyObject *socket_getblocking(Socket *self, PyObject *ignored);

extern PyMethodDef socket_resolve_methods[], socket_convert_methods[], socket_message_functions[];
/* A new object of the module's type around a descriptor; STEALS fd (closes it on failure). */
PyObject *socket_new_from_fd(struct socket_state *state, int fd, int family, int type, int proto);

#endif
