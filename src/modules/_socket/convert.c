/* SPDX-License-Identifier: MIT
 *
 * Functions of module _socket that compute: byte order, IP addresses as text and bytes, and the
 * network interfaces.
 */
#include "socket_impl.h"

#define MODFAST(name)                                                                              \
    static PyObject *name(PyObject *module, PyObject *const *args, Py_ssize_t nargs)

/* -- Byte order ------------------------------------------------------------------------------ */

static PyObject *swap16(PyObject *const *args, Py_ssize_t nargs, const char *format,
                        const char *name)
{
    int x;
    if (!PARSEP(format, &x))
        return NULL;
    if (x < 0)
        return PyErr_Format(PyExc_OverflowError,
                            "%s: can't convert negative Python int to C 16-bit unsigned integer",
                            name);
    if (x > 0xffff)
        return PyErr_Format(PyExc_OverflowError,
                            "%s: Python int too large to convert to C 16-bit unsigned integer",
                            name);
    return PyLong_FromUnsignedLong(htons((uint16_t)x));
}

MODFAST(socket_ntohs) { return swap16(args, nargs, "i:ntohs", "ntohs"); }
MODFAST(socket_htons) { return swap16(args, nargs, "i:htons", "htons"); }

static PyObject *socket_swap32(PyObject *module, PyObject *object)
{
    if (!PyLong_Check(object))
        return PyErr_Format(PyExc_TypeError, "expected int, %s found", Py_TYPE(object)->tp_name);
    unsigned long x = PyLong_AsUnsignedLong(object);
    if (x == (unsigned long)-1 && PyErr_Occurred())
        return NULL;
    if (x > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "int larger than 32 bits");
        return NULL;
    }
    return PyLong_FromUnsignedLong(htonl((uint32_t)x));
}

/* -- Addresses ------------------------------------------------------------------------------- */

MODFAST(socket_inet_aton)
{
    const char *text;
    struct in_addr addr;
    if (!PARSEP("s:inet_aton", &text))
        return NULL;
    if (inet_aton(text, &addr))
        return PyBytes_FromStringAndSize((char *)&addr, sizeof addr);
    PyErr_SetString(PyExc_OSError, "illegal IP address string passed to inet_aton");
    return NULL;
}

MODFAST(socket_inet_ntoa)
{
    Py_buffer packed;
    struct in_addr addr;
    if (!PARSEP("y*:inet_ntoa", &packed))
        return NULL;
    bool fits = packed.len == sizeof addr;
    if (fits)
        memcpy(&addr, packed.buf, sizeof addr);
    else
        PyErr_SetString(PyExc_OSError, "packed IP wrong length for inet_ntoa");
    PyBuffer_Release(&packed);
    return fits ? address_ipv4_text(&addr) : NULL;
}

MODFAST(socket_inet_pton)
{
    int family;
    const char *text;
    char packed[sizeof(struct in6_addr)];
    if (!PARSEP("is:inet_pton", &family, &text))
        return NULL;
    int res = inet_pton(family, text, packed);
    if (res < 0)
        return socket_error();
    if (res > 0)
        return PyBytes_FromStringAndSize(packed, family == AF_INET ? 4 : 16);
    PyErr_SetString(PyExc_OSError, "illegal IP address string passed to inet_pton");
    return NULL;
}

MODFAST(socket_inet_ntop)
{
    int family;
    Py_buffer packed;
    PyObject *res = NULL;
    if (!PARSEP("iy*:inet_ntop", &family, &packed))
        return NULL;
    if (family != AF_INET && family != AF_INET6)
        PyErr_Format(PyExc_ValueError, "unknown address family %d", family);
    else if (packed.len != (family == AF_INET ? 4 : 16))
        PyErr_SetString(PyExc_ValueError, "invalid length of packed IP address string");
    else
        res = family == AF_INET ? address_ipv4_text(packed.buf) : address_ipv6_text(packed.buf);
    PyBuffer_Release(&packed);
    return res;
}

/* -- Interfaces ------------------------------------------------------------------------------ */

static PyObject *socket_if_nameindex(PyObject *module, PyObject *ignored)
{
    struct if_nameindex *all;
    UNLOCKED(all = if_nameindex());
    if (!all)
        return socket_error();
    PyObject *list = PyList_New(0);
    for (struct if_nameindex *p = all; list && p->if_index && p->if_name; p++) {
        PyObject *pair = Py_BuildValue("IO&", p->if_index, PyUnicode_DecodeFSDefault, p->if_name);
        if (!pair || PyList_Append(list, pair) < 0)
            Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    if_freenameindex(all);
    return list;
}

MODFAST(socket_if_nametoindex)
{
    PyObject *name;
    unsigned index;
    if (!PARSEP("O&:if_nametoindex", PyUnicode_FSConverter, &name))
        return NULL;
    UNLOCKED(index = if_nametoindex(PyBytes_AS_STRING(name)));
    Py_DECREF(name);
    if (index)
        return PyLong_FromUnsignedLong(index);
    PyErr_SetString(PyExc_OSError, "no interface with this name");
    return NULL;
}

static PyObject *socket_if_indextoname(PyObject *module, PyObject *object)
{
    char name[IF_NAMESIZE + 1];
    unsigned long index = PyLong_AsUnsignedLong(object);
    if (index == (unsigned long)-1 && PyErr_Occurred())
        return NULL;
    return if_indextoname((unsigned)index, name) ? PyUnicode_DecodeFSDefault(name) : socket_error();
}

#define CALL(function) (PyCFunction)(void (*)(void))function
PyMethodDef socket_convert_methods[] = {
    {"ntohs", CALL(socket_ntohs), METH_FASTCALL,
     "ntohs(integer) -> integer\n\nA 16-bit unsigned integer in network byte order, in the host's "
     "order."},
    {"ntohl", socket_swap32, METH_O,
     "ntohl(integer) -> integer\n\nA 32-bit unsigned integer in network byte order, in the host's "
     "order."},
    {"htons", CALL(socket_htons), METH_FASTCALL,
     "htons(integer) -> integer\n\nA 16-bit unsigned integer in the host's byte order, in network "
     "order."},
    {"htonl", socket_swap32, METH_O,
     "htonl(integer) -> integer\n\nA 32-bit unsigned integer in the host's byte order, in network "
     "order."},
    {"inet_aton", CALL(socket_inet_aton), METH_FASTCALL,
     "inet_aton(string) -> bytes giving packed 32-bit IP representation\n\n"
     "The four bytes of an IPv4 address such as 123.45.67.89, as the system's functions take it."},
    {"inet_ntoa", CALL(socket_inet_ntoa), METH_FASTCALL,
     "inet_ntoa(packed_ip) -> ip_address_string\n\nThe text of an IPv4 address given as four "
     "bytes."},
    {"inet_pton", CALL(socket_inet_pton), METH_FASTCALL,
     "inet_pton(af, ip) -> packed IP address string\n\nThe bytes of an IP address of the family "
     "given as text."},
    {"inet_ntop", CALL(socket_inet_ntop), METH_FASTCALL,
     "inet_ntop(af, packed_ip) -> string formatted IP address\n\nThe text of an IP address given "
     "as bytes."},
    {"if_nameindex", socket_if_nameindex, METH_NOARGS,
     "if_nameindex()\n\nThe network interfaces, as a list of (index, name)."},
    {"if_nametoindex", CALL(socket_if_nametoindex), METH_FASTCALL,
     "if_nametoindex(if_name)\n\nThe index of the network interface with that name."},
    {"if_indextoname", socket_if_indextoname, METH_O,
     "if_indextoname(if_index)\n\nThe name of the network interface with that index."},
    {NULL, NULL, 0, NULL},
};
