/* SPDX-License-Identifier: MIT
 *
 * Names of hosts, services and protocols: the system's resolver, asked without the lock.
 *
 * Host names given as text are encoded with the codec idna. Errors of getaddrinfo are `gaierror`,
 * of the older functions `herror`, both subclasses of OSError that live in the module's state.
 */
#include "socket_impl.h"
#include <unistd.h>

#define MODFAST(name)                                                                              \
    static PyObject *name(PyObject *module, PyObject *const *args, Py_ssize_t nargs)

/* -- Errors ---------------------------------------------------------------------------------- */

/* Raises `type` with (code, message). */
static void raise_code(PyObject *type, int code, const char *message)
{
    PyObject *value = Py_BuildValue("(is)", code, message);
    if (value)
        PyErr_SetObject(type, value);
    Py_XDECREF(value);
}

void socket_gaierror(struct socket_state *state, int code)
{
    if (code == EAI_SYSTEM)
        socket_error();
    else
        raise_code(state->gaierror, code, gai_strerror(code));
}

/* -- One address ----------------------------------------------------------------------------- */

static int os_error(const char *message)
{
    PyErr_SetString(PyExc_OSError, message);
    return -1;
}

/* The address to bind to for the empty name. */
static int resolve_wildcard(struct socket_state *state, Address *addr, int family)
{
    struct addrinfo hints = {.ai_family = family,
                             .ai_socktype = SOCK_DGRAM,
                             .ai_flags = AI_PASSIVE},
                    *found;
    int error;
    UNLOCKED(error = getaddrinfo(NULL, "0", &hints, &found));
    if (error) {
        socket_gaierror(state, error);
        return -1;
    }
    int n = found->ai_family == AF_INET ? 4 : found->ai_family == AF_INET6 ? 16 : -1;
    if (found->ai_next)
        n = os_error("wildcard resolved to multiple address");
    else if (n < 0)
        os_error("unsupported address family");
    else
        memcpy(addr, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return n;
}

/* Numeric addresses need no resolver. False: not one. */
static bool resolve_numeric(const char *name, Address *addr, int family)
{
    if ((family == AF_UNSPEC || family == AF_INET) &&
        inet_pton(AF_INET, name, &addr->in.sin_addr) > 0) {
        addr->in.sin_family = AF_INET;
        return true;
    }
    if ((family == AF_UNSPEC || family == AF_INET6) && !strchr(name, '%') &&
        inet_pton(AF_INET6, name, &addr->in6.sin6_addr) > 0) {
        addr->in6.sin6_family = AF_INET6;
        return true;
    }
    return false;
}

/* Fills addr from a host's name: the empty one is the wildcard, numbers are not looked up. Length
   of the address in bytes (4 or 16), -1 with an exception. */
int address_resolve(struct socket_state *state, const char *name, Address *addr, int family)
{
    struct addrinfo hints = {.ai_family = family}, *found;
    int error;
    memset(addr, 0, sizeof *addr);
    if (!*name)
        return resolve_wildcard(state, addr, family);
    if (strcmp(name, "255.255.255.255") == 0 || strcmp(name, "<broadcast>") == 0) {
        if (family != AF_INET && family != AF_UNSPEC)
            return os_error("address family mismatched");
        addr->in.sin_family = AF_INET;
        addr->in.sin_addr.s_addr = INADDR_BROADCAST;
        return 4;
    }
    if (!resolve_numeric(name, addr, family)) {
        UNLOCKED(error = getaddrinfo(name, NULL, &hints, &found));
        if (error) {
            socket_gaierror(state, error);
            return -1;
        }
        memcpy(addr, found->ai_addr, Py_MIN(found->ai_addrlen, sizeof *addr));
        freeaddrinfo(found);
    }
    if (addr->sa.sa_family == AF_INET)
        return 4;
    return addr->sa.sa_family == AF_INET6 ? 16 : os_error("unknown address family");
}

/* -- Hosts ----------------------------------------------------------------------------------- */

MODFAST(socket_gethostbyname)
{
    char *name;
    Address addr;
    PyObject *res = NULL;
    if (!PARSEP("et:gethostbyname", "idna", &name))
        return NULL;
    if (PySys_Audit("socket.gethostbyname", "O", args[0]) == 0 &&
        address_resolve(socket_state_of(module), name, &addr, AF_INET) >= 0)
        res = address_ipv4_text(&addr.in.sin_addr);
    PyMem_Free(name);
    return res;
}

/* A list of str; the entries of `names` are addresses when `family` is not 0. */
static PyObject *host_list(char **names, int family)
{
    PyObject *list = PyList_New(0);
    for (char **p = names; list && p && *p; p++) {
        PyObject *item = family == AF_INET    ? address_ipv4_text((struct in_addr *)*p)
                         : family == AF_INET6 ? address_ipv6_text((struct in6_addr *)*p)
                                              : PyUnicode_FromString(*p);
        if (!item || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return list;
}

/* (name, aliases, addresses); herror when the look-up failed. */
static PyObject *host_entry(struct socket_state *state, struct hostent *host, int error, int family)
{
    if (!host) {
        raise_code(state->herror, error, hstrerror(error));
        return NULL;
    }
    if (host->h_addrtype != family) {
        errno = EAFNOSUPPORT;
        return socket_error();
    }
    PyObject *aliases = host_list(host->h_aliases, 0), *addresses = NULL, *name = NULL;
    if (aliases)
        addresses = host_list(host->h_addr_list, family);
    if (addresses)
        name = PyUnicode_DecodeFSDefault(host->h_name);
    if (name)
        return Py_BuildValue("NNN", name, aliases, addresses);
    Py_XDECREF(aliases);
    Py_XDECREF(addresses);
    return NULL;
}

#define HOST_BUFFER 16384

MODFAST(socket_gethostbyname_ex)
{
    char *name, buffer[HOST_BUFFER];
    Address addr;
    struct hostent entry, *host = NULL;
    int error = 0;
    PyObject *res = NULL;
    if (!PARSEP("et:gethostbyname_ex", "idna", &name))
        return NULL;
    if (PySys_Audit("socket.gethostbyname", "O", args[0]) == 0 &&
        address_resolve(socket_state_of(module), name, &addr, AF_INET) >= 0) {
        UNLOCKED(gethostbyname_r(name, &entry, buffer, sizeof buffer, &host, &error));
        res = host_entry(socket_state_of(module), host, error, addr.sa.sa_family);
    }
    PyMem_Free(name);
    return res;
}

MODFAST(socket_gethostbyaddr)
{
    char *name, buffer[HOST_BUFFER];
    Address addr;
    struct hostent entry, *host = NULL;
    int error = 0, n;
    PyObject *res = NULL;
    if (!PARSEP("et:gethostbyaddr", "idna", &name))
        return NULL;
    if (PySys_Audit("socket.gethostbyaddr", "O", args[0]) == 0 &&
        (n = address_resolve(socket_state_of(module), name, &addr, AF_UNSPEC)) >= 0) {
        int family = addr.sa.sa_family;
        void *raw = family == AF_INET ? (void *)&addr.in.sin_addr : &addr.in6.sin6_addr;
        UNLOCKED(gethostbyaddr_r(raw, (socklen_t)n, family, &entry, buffer, sizeof buffer, &host,
                                 &error));
        res = host_entry(socket_state_of(module), host, error, family);
    }
    PyMem_Free(name);
    return res;
}

static PyObject *socket_gethostname(PyObject *module, PyObject *ignored)
{
    char name[1024];
    int res;
    if (PySys_Audit("socket.gethostname", NULL) < 0)
        return NULL;
    UNLOCKED(res = gethostname(name, sizeof name - 1));
    if (res < 0)
        return socket_error();
    name[sizeof name - 1] = 0;
    return PyUnicode_DecodeFSDefault(name);
}

MODFAST(socket_sethostname)
{
    PyObject *name;
    if (!PARSEP("O&:sethostname", PyUnicode_FSConverter, &name))
        return NULL;
    int res = PySys_Audit("socket.sethostname", "(O)", args[0]);
    if (res == 0) {
        UNLOCKED(res = sethostname(PyBytes_AS_STRING(name), (size_t)PyBytes_GET_SIZE(name)));
        if (res < 0)
            socket_error();
    }
    Py_DECREF(name);
    if (res < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* -- Services and protocols ------------------------------------------------------------------ */

MODFAST(socket_getservbyname)
{
    const char *name, *proto = NULL;
    struct servent *found;
    if (!PARSEP("s|s:getservbyname", &name, &proto) ||
        PySys_Audit("socket.getservbyname", "ss", name, proto) < 0)
        return NULL;
    UNLOCKED(found = getservbyname(name, proto));
    if (found)
        return PyLong_FromLong(ntohs((uint16_t)found->s_port));
    PyErr_SetString(PyExc_OSError, "service/proto not found");
    return NULL;
}

MODFAST(socket_getservbyport)
{
    const char *proto = NULL;
    int port;
    struct servent *found;
    if (!PARSEP("i|s:getservbyport", &port, &proto))
        return NULL;
    if (port < 0 || port > 0xffff) {
        PyErr_SetString(PyExc_OverflowError, "getservbyport: port must be 0-65535.");
        return NULL;
    }
    if (PySys_Audit("socket.getservbyport", "is", port, proto) < 0)
        return NULL;
    UNLOCKED(found = getservbyport(htons((uint16_t)port), proto));
    if (found)
        return PyUnicode_FromString(found->s_name);
    PyErr_SetString(PyExc_OSError, "port/proto not found");
    return NULL;
}

MODFAST(socket_getprotobyname)
{
    const char *name;
    struct protoent *found;
    if (!PARSEP("s:getprotobyname", &name))
        return NULL;
    UNLOCKED(found = getprotobyname(name));
    if (found)
        return PyLong_FromLong(found->p_proto);
    PyErr_SetString(PyExc_OSError, "protocol not found");
    return NULL;
}

/* -- getaddrinfo ----------------------------------------------------------------------------- */

/* True for ASCII text that the codec idna leaves as it is: no empty or over-long label but an empty
 * last one. */
static bool plain_host(PyObject *text)
{
    if (!PyUnicode_IS_COMPACT_ASCII(text))
        return false;
    const char *p = (const char *)PyUnicode_1BYTE_DATA(text);
    for (;;) {
        size_t n = strcspn(p, ".");
        if (n > 63 || (n == 0 && p[n]))
            return false;
        if (!p[n])
            return p + n == (const char *)PyUnicode_1BYTE_DATA(text) + PyUnicode_GET_LENGTH(text);
        p += n + 1;
    }
}

/* The resolver's host; *owner keeps it alive. False with an exception. */
static bool host_text(PyObject *object, const char **text, PyObject **owner)
{
    *text = NULL;
    if (object == Py_None)
        return true;
    if (PyUnicode_Check(object) && plain_host(object))
        *text = (const char *)PyUnicode_1BYTE_DATA(object);
    else if (PyUnicode_Check(object)) {
        *owner = PyUnicode_AsEncodedString(object, "idna", NULL);
        *text = *owner ? PyBytes_AS_STRING(*owner) : NULL;
        return *owner != NULL;
    } else if (PyBytes_Check(object))
        *text = PyBytes_AS_STRING(object);
    else
        PyErr_SetString(PyExc_TypeError, "getaddrinfo() argument 1 must be string or None");
    return *text != NULL;
}

/* A service's name or number as text for getaddrinfo; *owner keeps it alive. */
static bool port_text(PyObject *object, const char **text, PyObject **owner)
{
    *text = NULL;
    if (object == Py_None)
        return true;
    if (PyLong_CheckExact(object)) {
        long port = PyLong_AsLong(object);
        if (port == -1 && PyErr_Occurred())
            return false;
        *owner = PyBytes_FromFormat("%ld", port);
        *text = *owner ? PyBytes_AS_STRING(*owner) : NULL;
    } else if (PyUnicode_Check(object))
        *text = PyUnicode_AsUTF8(object);
    else if (PyBytes_Check(object))
        *text = PyBytes_AS_STRING(object);
    else
        PyErr_SetString(PyExc_OSError, "Int or String expected");
    return *text != NULL;
}

static PyObject *address_list(struct addrinfo *found)
{
    PyObject *list = PyList_New(0);
    for (struct addrinfo *p = found; list && p; p = p->ai_next) {
        PyObject *addr = address_make(-1, (const Address *)p->ai_addr, p->ai_addrlen, -1),
                 *entry = NULL;
        if (addr)
            entry = Py_BuildValue("iiisN", p->ai_family, p->ai_socktype, p->ai_protocol,
                                  p->ai_canonname ? p->ai_canonname : "", addr);
        if (!entry || PyList_Append(list, entry) < 0)
            Py_CLEAR(list);
        Py_XDECREF(entry);
    }
    return list;
}

static PyObject *socket_getaddrinfo(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    ARGS("OO|iiii:getaddrinfo", "host", "port", "family", "type", "proto", "flags");
    struct addrinfo hints = {0}, *found = NULL;
    PyObject *host, *port, *host_owner = NULL, *port_owner = NULL, *res = NULL;
    const char *name, *service;
    int error;
    if (!PARSE(&host, &port, &hints.ai_family, &hints.ai_socktype, &hints.ai_protocol,
               &hints.ai_flags))
        return NULL;
    if (!host_text(host, &name, &host_owner) || !port_text(port, &service, &port_owner))
        goto done;
    if (PySys_Audit("socket.getaddrinfo", "OOiii", host, port, hints.ai_family, hints.ai_socktype,
                    hints.ai_protocol) < 0)
        goto done;
    UNLOCKED(error = getaddrinfo(name, service, &hints, &found));
    if (error) {
        socket_gaierror(socket_state_of(module), error);
        goto done;
    }
    res = address_list(found);
    freeaddrinfo(found);
done:
    Py_XDECREF(host_owner);
    Py_XDECREF(port_owner);
    return res;
}

/* -- getnameinfo ----------------------------------------------------------------------------- */

/* Resolves the numeric host of getnameinfo's tuple; false with an exception. */
static bool numeric_address(struct socket_state *state, const char *host, int port, Address *addr,
                            socklen_t *len)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_DGRAM,
                             .ai_flags = AI_NUMERICHOST},
                    *found;
    char service[20];
    int error;
    snprintf(service, sizeof service, "%d", port);
    UNLOCKED(error = getaddrinfo(host, service, &hints, &found));
    if (error) {
        socket_gaierror(state, error);
        return false;
    }
    bool single = !found->ai_next;
    if (!single)
        os_error("sockaddr resolved to multiple addresses");
    *len = found->ai_addrlen;
    memcpy(addr, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return single;
}

MODFAST(socket_getnameinfo)
{
    PyObject *tuple;
    int flags, port, error;
    const char *host;
    unsigned flow = 0, scope = 0;
    Address addr;
    socklen_t len;
    char host_buffer[NI_MAXHOST], service[NI_MAXSERV];
    if (!PARSEP("Oi:getnameinfo", &tuple, &flags))
        return NULL;
    if (!PyTuple_Check(tuple)) {
        PyErr_SetString(PyExc_TypeError, "getnameinfo() argument 1 must be a tuple");
        return NULL;
    }
    if (!PyArg_ParseTuple(tuple, "si|II;getnameinfo(): illegal sockaddr argument", &host, &port,
                          &flow, &scope))
        return NULL;
    if (flow > 0xfffff) {
        PyErr_SetString(PyExc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
        return NULL;
    }
    if (PySys_Audit("socket.getnameinfo", "(O)", tuple) < 0 ||
        !numeric_address(socket_state_of(module), host, port, &addr, &len))
        return NULL;
    if (addr.sa.sa_family == AF_INET && PyTuple_GET_SIZE(tuple) != 2) {
        os_error("IPv4 sockaddr must be 2 tuple");
        return NULL;
    }
    if (addr.sa.sa_family == AF_INET6) {
        addr.in6.sin6_flowinfo = htonl(flow);
        addr.in6.sin6_scope_id = scope;
    }
    UNLOCKED(error = getnameinfo(&addr.sa, len, host_buffer, sizeof host_buffer, service,
                                 sizeof service, flags));
    if (error) {
        socket_gaierror(socket_state_of(module), error);
        return NULL;
    }
    return Py_BuildValue("O&s", PyUnicode_DecodeFSDefault, host_buffer, service);
}

#define CALL(function) (PyCFunction)(void (*)(void))function
PyMethodDef socket_resolve_methods[] = {
    {"gethostbyname", CALL(socket_gethostbyname), METH_FASTCALL,
     "gethostbyname(host) -> address\n\nThe IPv4 address of a host, as text with four numbers."},
    {"gethostbyname_ex", CALL(socket_gethostbyname_ex), METH_FASTCALL,
     "gethostbyname_ex(host) -> (name, aliaslist, addresslist)\n\n"
     "What the resolver knows of a host: its own name, other names and IP addresses."},
    {"gethostbyaddr", CALL(socket_gethostbyaddr), METH_FASTCALL,
     "gethostbyaddr(host) -> (name, aliaslist, addresslist)\n\n"
     "What the resolver knows of a host that is named by its IP address or name."},
    {"gethostname", socket_gethostname, METH_NOARGS,
     "gethostname() -> string\n\nThe name of this host."},
    {"sethostname", CALL(socket_sethostname), METH_FASTCALL,
     "sethostname(name)\n\nNames this host."},
    {"getservbyname", CALL(socket_getservbyname), METH_FASTCALL,
     "getservbyname(servicename[, protocolname]) -> integer\n\n"
     "The port of a service; the protocol, when given, is 'tcp' or 'udp', otherwise any will do."},
    {"getservbyport", CALL(socket_getservbyport), METH_FASTCALL,
     "getservbyport(port[, protocolname]) -> string\n\n"
     "The service of a port; the protocol, when given, is 'tcp' or 'udp', otherwise any will do."},
    {"getprotobyname", CALL(socket_getprotobyname), METH_FASTCALL,
     "getprotobyname(name) -> integer\n\nThe number of a protocol; seldom needed."},
    {"getaddrinfo", CALL(socket_getaddrinfo), METH_FASTCALL | METH_KEYWORDS,
     "getaddrinfo(host, port [, family, type, proto, flags])\n"
     "    -> list of (family, type, proto, canonname, sockaddr)\n\n"
     "The addresses to use for a host and a port."},
    {"getnameinfo", CALL(socket_getnameinfo), METH_FASTCALL,
     "getnameinfo(sockaddr, flags) --> (host, port)\n\nThe names of an address's host and port."},
    {NULL, NULL, 0, NULL},
};
