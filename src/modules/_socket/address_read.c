/* SPDX-License-Identifier: MIT
 *
 * Address objects -> socket addresses, a function for each family.
 *
 * Which Python object stands for an address is the family's choice: (host, port), a path,
 * (interface, protocol, …).
 */
#include "socket_impl.h"
#include <sys/ioctl.h>

/* What a reader of one family is given and fills. */
struct reading {
    Socket *self;       /* its family and protocol decide */
    PyObject *object;   /* what the caller gave */
    Address *addr;      /* to be filled */
    socklen_t len;      /* bytes of it that count */
    const char *caller; /* method's name, for messages */
};

static bool require_tuple(struct reading *r, const char *family)
{
    if (PyTuple_Check(r->object))
        return true;
    PyErr_Format(PyExc_TypeError, "%s(): %s address must be tuple, not %.500s", r->caller, family,
                 Py_TYPE(r->object)->tp_name);
    return false;
}

static bool fail(PyObject *type, const char *message)
{
    PyErr_SetString(type, message);
    return false;
}

static bool out_of_range(struct reading *r, const char *what, unsigned top)
{
    PyErr_Format(PyExc_OverflowError, "%s(): %s must be 0-%u.", r->caller, what, top);
    return false;
}

/* The index of an interface; false with an exception. */
static bool interface_index(struct reading *r, const char *name, int *index)
{
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, sizeof request.ifr_name);
    request.ifr_name[sizeof request.ifr_name - 1] = 0;
    if (ioctl(r->self->fd, SIOCGIFINDEX, &request) < 0) {
        r->self->errorhandler();
        return false;
    }
    *index = request.ifr_ifindex;
    return true;
}

/* -- Hosts ----------------------------------------------------------------------------------- */

void host_name_clear(struct host_name *name) { Py_CLEAR(name->owner); }

/* Names that are not ASCII are encoded by IDNA. `owner` keeps the text alive. */
static bool host_name_owned(struct host_name *name, PyObject *object)
{
    if (PyUnicode_Check(object) && PyUnicode_IS_COMPACT_ASCII(object)) {
        name->owner = Py_NewRef(object);
        name->text = (const char *)PyUnicode_1BYTE_DATA(object);
    } else if (PyUnicode_Check(object)) {
        name->owner = PyUnicode_AsEncodedString(object, "idna", NULL);
        if (!name->owner)
            return fail(PyExc_TypeError, "encoding of hostname failed");
        name->text = PyBytes_AS_STRING(name->owner);
    } else if (PyBytes_Check(object)) {
        name->owner = Py_NewRef(object);
        name->text = PyBytes_AS_STRING(object);
    } else if (PyByteArray_Check(object)) {
        name->owner =
            PyBytes_FromStringAndSize(PyByteArray_AS_STRING(object), PyByteArray_GET_SIZE(object));
        if (!name->owner)
            return false;
        name->text = PyBytes_AS_STRING(name->owner);
    } else {
        PyErr_Format(PyExc_TypeError, "str, bytes or bytearray expected, not %s",
                     Py_TYPE(object)->tp_name);
        return false;
    }
    return true;
}

/* "O&" converter with clean-up: called with NULL when a later argument fails. */
int host_name_convert(PyObject *object, void *to)
{
    struct host_name *name = to;
    if (!object) {
        host_name_clear(name);
        return 1;
    }
    name->owner = NULL;
    if (!host_name_owned(name, object))
        return 0;
    Py_ssize_t n = PyUnicode_Check(name->owner) ? PyUnicode_GET_LENGTH(name->owner)
                                                : PyBytes_GET_SIZE(name->owner);
    if (strlen(name->text) != (size_t)n) {
        host_name_clear(name);
        return fail(PyExc_TypeError, "host name must not contain null character");
    }
    return Py_CLEANUP_SUPPORTED;
}

/* Reports a failed read of a tuple that holds a port: numbers that fit no C int are out of range as
 * well. */
static bool host_failed(struct reading *r)
{
    return PyErr_ExceptionMatches(PyExc_OverflowError) ? out_of_range(r, "port", 65535) : false;
}

static bool read_inet(struct reading *r)
{
    struct host_name host = {0};
    int port;
    if (!require_tuple(r, "AF_INET"))
        return false;
    if (!PyArg_ParseTuple(r->object, "O&i;AF_INET address must be a pair (host, port)",
                          host_name_convert, &host, &port))
        return host_failed(r);
    int n = address_resolve(socket_state_get(r->self), host.text, r->addr, AF_INET);
    host_name_clear(&host);
    if (n < 0)
        return false;
    if (port < 0 || port > 0xffff)
        return out_of_range(r, "port", 65535);
    r->addr->in.sin_family = AF_INET;
    r->addr->in.sin_port = htons((uint16_t)port);
    r->len = sizeof r->addr->in;
    return true;
}

/* (host, port[, flow label[, scope]]); the host may need to be looked up. */
static bool read_inet6(struct reading *r)
{
    struct host_name host = {0};
    int port;
    unsigned flow = 0, scope = 0;
    if (!require_tuple(r, "AF_INET6"))
        return false;
    if (!PyArg_ParseTuple(
            r->object,
            "O&i|II;AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])",
            host_name_convert, &host, &port, &flow, &scope))
        return host_failed(r);
    int n = address_resolve(socket_state_get(r->self), host.text, r->addr, AF_INET6);
    host_name_clear(&host);
    if (n < 0)
        return false;
    if (port < 0 || port > 0xffff)
        return out_of_range(r, "port", 65535);
    if (flow > 0xfffff)
        return out_of_range(r, "flowinfo", 1048575);
    r->addr->in6.sin6_family = AF_INET6;
    r->addr->in6.sin6_port = htons((uint16_t)port);
    r->addr->in6.sin6_flowinfo = htonl(flow);
    r->addr->in6.sin6_scope_id = scope;
    r->len = sizeof r->addr->in6;
    return true;
}

/* -- Local families -------------------------------------------------------------------------- */

/* A path, or a name that starts with a null byte and lives outside the file system. */
static bool read_unix(struct reading *r)
{
    struct sockaddr_un *un = &r->addr->un;
    Py_buffer path;
    PyObject *bytes =
        PyUnicode_Check(r->object) ? PyUnicode_EncodeFSDefault(r->object) : Py_NewRef(r->object);
    if (!bytes)
        return false;
    int res = PyObject_GetBuffer(bytes, &path, PyBUF_SIMPLE);
    Py_DECREF(bytes);
    if (res < 0)
        return false;
    bool abstract = path.len > 0 && *(char *)path.buf == 0;
    bool fits = (size_t)path.len + !abstract <= sizeof un->sun_path;
    if (fits) {
        un->sun_family = AF_UNIX;
        memcpy(un->sun_path, path.buf, (size_t)path.len);
        if (!abstract)
            un->sun_path[path.len] = 0;
        r->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)path.len);
    }
    PyBuffer_Release(&path);
    return fits || fail(PyExc_OSError, "AF_UNIX path too long");
}

static bool read_netlink(struct reading *r)
{
    unsigned pid, groups;
    if (!require_tuple(r, "AF_NETLINK") ||
        !PyArg_ParseTuple(r->object, "II;AF_NETLINK address must be a pair (pid, groups)", &pid,
                          &groups))
        return false;
    r->addr->nl = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = pid, .nl_groups = groups};
    r->len = sizeof r->addr->nl;
    return true;
}

/* Pairs of unsigned numbers whose messages name no caller. */
static bool read_pair(struct reading *r, const char *family, unsigned *first, unsigned *second)
{
    if (!PyTuple_Check(r->object)) {
        PyErr_Format(PyExc_TypeError, "getsockaddrarg: %s address must be tuple, not %.500s",
                     family, Py_TYPE(r->object)->tp_name);
        return false;
    }
    return PyArg_ParseTuple(r->object, "II:getsockaddrarg", first, second);
}

static bool read_qrtr(struct reading *r)
{
    unsigned node, port;
    if (!read_pair(r, "AF_QIPCRTR", &node, &port))
        return false;
    r->addr->qrtr =
        (struct sockaddr_qrtr){.sq_family = AF_QIPCRTR, .sq_node = node, .sq_port = port};
    r->len = sizeof r->addr->qrtr;
    return true;
}

static bool read_vsock(struct reading *r)
{
    unsigned cid, port;
    if (!read_pair(r, "AF_VSOCK", &cid, &port))
        return false;
    r->addr->vm = (struct sockaddr_vm){.svm_family = AF_VSOCK, .svm_port = port, .svm_cid = cid};
    r->len = sizeof r->addr->vm;
    return true;
}

/* (interface, protocol[, packet type[, hardware type[, hardware address]]]) */
static bool read_packet(struct reading *r)
{
    struct sockaddr_ll *ll = &r->addr->ll;
    const char *interface;
    int proto, index, type = PACKET_HOST, hardware_type = 0;
    Py_buffer hardware = {0};
    bool ok = false;
    if (!require_tuple(r, "AF_PACKET"))
        return false;
    if (!PyArg_ParseTuple(r->object,
                          "si|iiy*;AF_PACKET address must be a tuple of two to five elements",
                          &interface, &proto, &type, &hardware_type, &hardware)) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError))
            PyErr_Format(PyExc_OverflowError, "%s(): address argument out of range", r->caller);
        return false;
    }
    if (!interface_index(r, interface, &index))
        goto done;
    if (hardware.buf && hardware.len > 8) {
        fail(PyExc_ValueError, "Hardware address must be 8 bytes or less");
        goto done;
    }
    if (proto < 0 || proto > 0xffff) {
        out_of_range(r, "proto", 65535);
        goto done;
    }
    *ll = (struct sockaddr_ll){.sll_family = AF_PACKET,
                               .sll_protocol = htons((uint16_t)proto),
                               .sll_ifindex = index,
                               .sll_pkttype = (unsigned char)type,
                               .sll_hatype = (unsigned short)hardware_type};
    if (hardware.buf) {
        memcpy(ll->sll_addr, hardware.buf, (size_t)hardware.len);
        ll->sll_halen = (unsigned char)hardware.len;
    }
    r->len = sizeof *ll;
    ok = true;
done:
    PyBuffer_Release(&hardware);
    return ok;
}

/* (address type, v1, v2, v3[, scope]); what the numbers are depends on the type. */
static bool read_tipc(struct reading *r)
{
    unsigned type, v1, v2, v3, scope = TIPC_CLUSTER_SCOPE;
    struct sockaddr_tipc *tipc = &r->addr->tipc;
    if (!require_tuple(r, "AF_TIPC") ||
        !PyArg_ParseTuple(r->object,
                          "IIII|I;AF_TIPC address must be a tuple (addr_type, v1, v2, v3[, scope])",
                          &type, &v1, &v2, &v3, &scope))
        return false;
    *tipc = (struct sockaddr_tipc){
        .family = AF_TIPC, .scope = (signed char)scope, .addrtype = (unsigned char)type};
    if (type == TIPC_ADDR_NAMESEQ)
        tipc->addr.nameseq = (struct tipc_name_seq){.type = v1, .lower = v2, .upper = v3};
    else if (type == TIPC_ADDR_NAME)
        tipc->addr.name.name = (struct tipc_name){.type = v1, .instance = v2};
    else if (type == TIPC_ADDR_ID)
        tipc->addr.id = (struct tipc_portid){.node = v1, .ref = v2};
    else
        return fail(PyExc_TypeError, "Invalid address type");
    r->len = sizeof *tipc;
    return true;
}

static bool read_alg(struct reading *r)
{
    struct sockaddr_alg *alg = &r->addr->alg;
    const char *type, *name;
    uint16_t features = 0, mask = 0;
    if (!require_tuple(r, "AF_ALG") ||
        !PyArg_ParseTuple(r->object,
                          "ss|HH;AF_ALG address must be a tuple (type, name[, feat[, mask]])",
                          &type, &name, &features, &mask))
        return false;
    if (strlen(type) >= sizeof alg->salg_type)
        return fail(PyExc_ValueError, "AF_ALG type too long.");
    if (strlen(name) >= sizeof alg->salg_name)
        return fail(PyExc_ValueError, "AF_ALG name too long.");
    *alg = (struct sockaddr_alg){.salg_family = AF_ALG, .salg_feat = features, .salg_mask = mask};
    strcpy((char *)alg->salg_type, type);
    strcpy((char *)alg->salg_name, name);
    r->len = sizeof *alg;
    return true;
}

/* -- CAN ------------------------------------------------------------------------------------- */

/* Sets the interface; STEALS the name. The empty name stands for all interfaces. */
static bool can_interface(struct reading *r, PyObject *name)
{
    int index = 0;
    Py_ssize_t n = PyBytes_GET_SIZE(name);
    bool ok = n < IFNAMSIZ ? n == 0 || interface_index(r, PyBytes_AS_STRING(name), &index)
                           : fail(PyExc_OSError, "AF_CAN interface name too long");
    Py_DECREF(name);
    if (!ok)
        return false;
    r->addr->can = (struct sockaddr_can){.can_family = AF_CAN, .can_ifindex = index};
    r->len = sizeof r->addr->can;
    return true;
}

static bool read_can_raw(struct reading *r)
{
    PyObject *interface;
    return require_tuple(r, "AF_CAN") &&
           PyArg_ParseTuple(r->object, "O&;AF_CAN address must be a tuple (interface, )",
                            PyUnicode_FSConverter, &interface) &&
           can_interface(r, interface);
}

static bool read_can_isotp(struct reading *r)
{
    PyObject *interface;
    unsigned long rx, tx;
    if (!PyArg_ParseTuple(r->object, "O&kk", PyUnicode_FSConverter, &interface, &rx, &tx) ||
        !can_interface(r, interface))
        return false;
    r->addr->can.can_addr.tp.rx_id = (canid_t)rx;
    r->addr->can.can_addr.tp.tx_id = (canid_t)tx;
    return true;
}

static bool read_can_j1939(struct reading *r)
{
    PyObject *interface;
    unsigned long long name;
    unsigned pgn;
    unsigned char address;
    if (!PyArg_ParseTuple(r->object, "O&KIB", PyUnicode_FSConverter, &interface, &name, &pgn,
                          &address) ||
        !can_interface(r, interface))
        return false;
    r->addr->can.can_addr.j1939.name = name;
    r->addr->can.can_addr.j1939.pgn = pgn;
    r->addr->can.can_addr.j1939.addr = address;
    return true;
}

static bool read_can(struct reading *r)
{
    switch (r->self->proto) {
    case CAN_RAW:
    case CAN_BCM:
        return read_can_raw(r);
    case CAN_ISOTP:
        return read_can_isotp(r);
    case CAN_J1939:
        return read_can_j1939(r);
    }
    PyErr_Format(PyExc_OSError, "%s(): unsupported CAN protocol", r->caller);
    return false;
}

/* -- Bluetooth ------------------------------------------------------------------------------- */

static bool bluetooth_addr(const char *text, BluetoothAddr *addr)
{
    unsigned b[6];
    char rest;
    int n = sscanf(text, "%X:%X:%X:%X:%X:%X%c", &b[5], &b[4], &b[3], &b[2], &b[1], &b[0], &rest);
    for (int i = 0; n == 6 && i < 6; i++)
        if (b[i] > 0xff)
            n = 0;
    if (n != 6)
        return fail(PyExc_OSError, "bad bluetooth address");
    for (int i = 0; i < 6; i++)
        addr->b[i] = (uint8_t)b[i];
    return true;
}

static bool wrong_format(struct reading *r)
{
    PyErr_Format(PyExc_OSError, "%s(): wrong format", r->caller);
    return false;
}

static bool read_bluetooth(struct reading *r)
{
    Address *a = r->addr;
    const char *text;
    int number;
    bool tuple = PyTuple_Check(r->object);
    memset(a, 0, sizeof *a);
    a->sa.sa_family = AF_BLUETOOTH;
    switch (r->self->proto) {
    case BTPROTO_L2CAP:
        if (!tuple || !PyArg_ParseTuple(r->object, "si", &text, &number))
            return wrong_format(r);
        a->l2.psm = (uint16_t)number;
        r->len = sizeof a->l2;
        return bluetooth_addr(text, &a->l2.addr);
    case BTPROTO_RFCOMM:
        if (!tuple || !PyArg_ParseTuple(r->object, "si", &text, &number))
            return wrong_format(r);
        a->rc.channel = (uint8_t)number;
        r->len = sizeof a->rc;
        return bluetooth_addr(text, &a->rc.addr);
    case BTPROTO_HCI:
        if (!tuple || !PyArg_ParseTuple(r->object, "i", &number))
            return wrong_format(r);
        a->hci.dev = (uint16_t)number;
        r->len = sizeof a->hci;
        return true;
    case BTPROTO_SCO:
        if (!PyBytes_Check(r->object))
            return wrong_format(r);
        r->len = sizeof a->sco;
        return bluetooth_addr(PyBytes_AS_STRING(r->object), &a->sco.addr);
    }
    PyErr_Format(PyExc_OSError, "%s(): unknown Bluetooth protocol", r->caller);
    return false;
}

/* -- All families ---------------------------------------------------------------------------- */

static bool read_family(struct reading *r)
{
    switch (r->self->family) {
    case AF_INET:
    case AF_RDS:
        return read_inet(r);
    case AF_INET6:
        return read_inet6(r);
    case AF_UNIX:
        return read_unix(r);
    case AF_NETLINK:
        return read_netlink(r);
    case AF_QIPCRTR:
        return read_qrtr(r);
    case AF_VSOCK:
        return read_vsock(r);
    case AF_BLUETOOTH:
        return read_bluetooth(r);
    case AF_PACKET:
        return read_packet(r);
    case AF_TIPC:
        return read_tipc(r);
    case AF_CAN:
        return read_can(r);
    case AF_ALG:
        return read_alg(r);
    }
    PyErr_Format(PyExc_OSError, "%s(): bad family", r->caller);
    return false;
}

bool address_read(Socket *self, PyObject *object, Address *addr, socklen_t *len, const char *caller)
{
    struct reading r = {.self = self, .object = object, .addr = addr, .caller = caller};
    bool ok = read_family(&r);
    *len = r.len;
    return ok;
}
