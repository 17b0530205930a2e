/* SPDX-License-Identifier: MIT
 *
 * Socket addresses -> address objects, and how much room a family's addresses need.
 */
#include "socket_impl.h"
#include <sys/ioctl.h>

PyObject *address_ipv4_text(const struct in_addr *addr)
{
    char text[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, addr, text, sizeof text) ? PyUnicode_FromString(text)
                                                       : socket_error();
}

PyObject *address_ipv6_text(const struct in6_addr *addr)
{
    char text[INET6_ADDRSTRLEN];
    return inet_ntop(AF_INET6, addr, text, sizeof text) ? PyUnicode_FromString(text)
                                                        : socket_error();
}

/* The name of an interface in `request`, empty when there is none. */
static const char *interface_name(int fd, int index, struct ifreq *request)
{
    request->ifr_ifindex = index;
    return index && ioctl(fd, SIOCGIFNAME, request) == 0 ? request->ifr_name : "";
}

/* STEALS the text. */
static PyObject *make_inet(PyObject *text, uint16_t port)
{
    PyObject *number = text ? PyLong_FromLong(ntohs(port)) : NULL,
             *pair = number ? PyTuple_New(2) : NULL;
    if (!pair) {
        Py_XDECREF(text);
        Py_XDECREF(number);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, text);
    PyTuple_SET_ITEM(pair, 1, number);
    return pair;
}

static PyObject *make_unix(const struct sockaddr_un *un, socklen_t len)
{
    size_t head = offsetof(struct sockaddr_un, sun_path), n = len > head ? len - head : 0;
    if (n > 0 && un->sun_path[0] == 0)
        return PyBytes_FromStringAndSize(un->sun_path, (Py_ssize_t)n);
    return PyUnicode_DecodeFSDefaultAndSize(un->sun_path, (Py_ssize_t)strnlen(un->sun_path, n));
}

static PyObject *make_packet(int fd, const struct sockaddr_ll *ll)
{
    struct ifreq request = {0};
    const char *name = interface_name(fd, ll->sll_ifindex, &request);
    return Py_BuildValue("O&hbhy#", PyUnicode_DecodeFSDefault, name, ntohs(ll->sll_protocol),
                         ll->sll_pkttype, ll->sll_hatype, ll->sll_addr,
                         (Py_ssize_t)Py_MIN(ll->sll_halen, sizeof ll->sll_addr));
}

static PyObject *make_can(int fd, const struct sockaddr_can *can, int proto)
{
    struct ifreq request = {0};
    const char *name = interface_name(fd, can->can_ifindex, &request);
    if (proto == CAN_ISOTP)
        return Py_BuildValue("O&kk", PyUnicode_DecodeFSDefault, name,
                             (unsigned long)can->can_addr.tp.rx_id,
                             (unsigned long)can->can_addr.tp.tx_id);
    if (proto == CAN_J1939)
        return Py_BuildValue("O&KIB", PyUnicode_DecodeFSDefault, name,
                             (unsigned long long)can->can_addr.j1939.name,
                             (unsigned)can->can_addr.j1939.pgn, can->can_addr.j1939.addr);
    return Py_BuildValue("(O&)", PyUnicode_DecodeFSDefault, name);
}

static PyObject *make_tipc(const struct sockaddr_tipc *tipc)
{
    switch (tipc->addrtype) {
    case TIPC_ADDR_NAMESEQ:
        return Py_BuildValue("IIIII", tipc->addrtype, tipc->addr.nameseq.type,
                             tipc->addr.nameseq.lower, tipc->addr.nameseq.upper, tipc->scope);
    case TIPC_ADDR_NAME:
        return Py_BuildValue("IIIII", tipc->addrtype, tipc->addr.name.name.type,
                             tipc->addr.name.name.instance, tipc->addr.name.name.instance,
                             tipc->scope);
    case TIPC_ADDR_ID:
        return Py_BuildValue("IIIII", tipc->addrtype, tipc->addr.id.node, tipc->addr.id.ref, 0,
                             tipc->scope);
    }
    PyErr_SetString(PyExc_ValueError, "Invalid address type");
    return NULL;
}

/* Fixed-size text that may lack the final null. */
static PyObject *text_field(const unsigned char *text, size_t size)
{
    return PyUnicode_DecodeFSDefaultAndSize((const char *)text,
                                            (Py_ssize_t)strnlen((const char *)text, size));
}

static PyObject *make_alg(const struct sockaddr_alg *alg)
{
    PyObject *type = text_field(alg->salg_type, sizeof alg->salg_type);
    PyObject *name = type ? text_field(alg->salg_name, sizeof alg->salg_name) : NULL;
    if (!name) {
        Py_XDECREF(type);
        return NULL;
    }
    return Py_BuildValue("NNHH", type, name, (unsigned short)alg->salg_feat,
                         (unsigned short)alg->salg_mask);
}

static PyObject *bluetooth_text(const BluetoothAddr *addr)
{
    const uint8_t *b = addr->b;
    char text[18];
    snprintf(text, sizeof text, "%02X:%02X:%02X:%02X:%02X:%02X", b[5], b[4], b[3], b[2], b[1],
             b[0]);
    return PyUnicode_FromString(text);
}

static PyObject *make_bluetooth(const Address *a, int proto)
{
    switch (proto) {
    case BTPROTO_L2CAP:
        return Py_BuildValue("Ni", bluetooth_text(&a->l2.addr), a->l2.psm);
    case BTPROTO_RFCOMM:
        return Py_BuildValue("Ni", bluetooth_text(&a->rc.addr), a->rc.channel);
    case BTPROTO_HCI:
        return Py_BuildValue("i", a->hci.dev);
    case BTPROTO_SCO:
        return bluetooth_text(&a->sco.addr);
    }
    PyErr_SetString(PyExc_ValueError, "Unknown Bluetooth protocol");
    return NULL;
}

PyObject *address_make(int fd, const Address *a, socklen_t len, int proto)
{
    if (len == 0)
        Py_RETURN_NONE; /* a connected stream has no sender */
    switch (a->sa.sa_family) {
    case AF_INET:
        return make_inet(address_ipv4_text(&a->in.sin_addr), a->in.sin_port);
    case AF_INET6: {
        PyObject *text = address_ipv6_text(&a->in6.sin6_addr);
        return text ? Py_BuildValue("NiII", text, ntohs(a->in6.sin6_port),
                                    ntohl(a->in6.sin6_flowinfo), a->in6.sin6_scope_id)
                    : NULL;
    }
    case AF_UNIX:
        return make_unix(&a->un, len);
    case AF_NETLINK:
        return Py_BuildValue("II", a->nl.nl_pid, a->nl.nl_groups);
    case AF_QIPCRTR:
        return Py_BuildValue("II", a->qrtr.sq_node, a->qrtr.sq_port);
    case AF_VSOCK:
        return Py_BuildValue("II", a->vm.svm_cid, a->vm.svm_port);
    case AF_BLUETOOTH:
        return make_bluetooth(a, proto);
    case AF_PACKET:
        return make_packet(fd, &a->ll);
    case AF_TIPC:
        return make_tipc(&a->tipc);
    case AF_CAN:
        return make_can(fd, &a->can, proto);
    case AF_ALG:
        return make_alg(&a->alg);
    }
    return Py_BuildValue("iy#", a->sa.sa_family, a->sa.sa_data, (Py_ssize_t)sizeof a->sa.sa_data);
}

static socklen_t bluetooth_room(int proto)
{
    switch (proto) {
    case BTPROTO_L2CAP:
        return sizeof(struct sockaddr_l2);
    case BTPROTO_RFCOMM:
        return sizeof(struct sockaddr_rc);
    case BTPROTO_HCI:
        return sizeof(struct sockaddr_hci);
    case BTPROTO_SCO:
        return sizeof(struct sockaddr_sco);
    }
    PyErr_SetString(PyExc_OSError, "getsockaddrlen: unknown BT protocol");
    return 0;
}

/* How much room the kernel may need to write an address of the socket's family. */
bool address_room(Socket *self, socklen_t *len)
{
    switch (self->family) {
    case AF_INET:
    case AF_RDS:
        *len = sizeof(struct sockaddr_in);
        return true;
    case AF_INET6:
        *len = sizeof(struct sockaddr_in6);
        return true;
    case AF_UNIX:
        *len = sizeof(struct sockaddr_un);
        return true;
    case AF_NETLINK:
        *len = sizeof(struct sockaddr_nl);
        return true;
    case AF_QIPCRTR:
        *len = sizeof(struct sockaddr_qrtr);
        return true;
    case AF_VSOCK:
        *len = sizeof(struct sockaddr_vm);
        return true;
    case AF_PACKET:
        *len = sizeof(struct sockaddr_ll);
        return true;
    case AF_TIPC:
        *len = sizeof(struct sockaddr_tipc);
        return true;
    case AF_CAN:
        *len = sizeof(struct sockaddr_can);
        return true;
    case AF_ALG:
        *len = sizeof(struct sockaddr_alg);
        return true;
    case AF_BLUETOOTH:
        return (*len = bluetooth_room(self->proto)) != 0;
    }
    PyErr_SetString(PyExc_OSError, "getsockaddrlen: bad family");
    return false;
}
