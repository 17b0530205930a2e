/* SPDX-License-Identifier: MIT
 *
 * Module _socket: its functions that make or end descriptors, exceptions, constants, and the
 * capsule for _ssl.
 *
 * constants.def lists the names; values are the system headers', with the kernel's numbers where a
 * header may lack them.
 */
#include "socket_impl.h"
#include <fcntl.h>
#include <linux/udp.h>
#include <unistd.h>

/* -- Constants ------------------------------------------------------------------------------- */

/* Of headers that a development system may lack. */
#ifndef HCI_FILTER
enum { SOL_HCI = 0, HCI_DATA_DIR = 1, HCI_FILTER = 2, HCI_TIME_STAMP = 3 };
#endif
#ifndef UDPLITE_SEND_CSCOV
enum { UDPLITE_SEND_CSCOV = 10, UDPLITE_RECV_CSCOV = 11 };
#endif
#ifndef SOL_CAN_RAW
#define SOL_CAN_RAW (SOL_CAN_BASE + CAN_RAW)
#endif

struct constant { const char *name; long long value; };
static const struct constant constants[] = {
#define X(name, value) {#name, (long long)(value)},
#include "constants.def"
#undef X
};

static bool socket_add_constants(PyObject *module)
{
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        PyObject *value = PyLong_FromLongLong(constants[i].value);
        if (PyModule_AddObjectRef(module, constants[i].name, value) < 0) {
            Py_XDECREF(value);
            return false;
        }
        Py_DECREF(value);
    }
    return PyModule_AddStringConstant(module, "BDADDR_ANY", "00:00:00:00:00:00") == 0 &&
           PyModule_AddStringConstant(module, "BDADDR_LOCAL", "00:00:00:FF:FF:FF") == 0;
}

/* -- Functions ------------------------------------------------------------------------------- */

/* A descriptor given as integer; false with an exception. */
static bool descriptor(PyObject *object, int *fd)
{
    *fd = (int)PyLong_AsLong(object);
    return *fd != -1 || !PyErr_Occurred();
}

static PyObject *socket_module_close(PyObject *module, PyObject *object)
{
    int fd, res;
    if (!descriptor(object, &fd))
        return NULL;
    UNLOCKED(res = close(fd));
    /* The peer's reset is no failure to close. */
    if (res < 0 && errno != ECONNRESET)
        return socket_error();
    Py_RETURN_NONE;
}

static PyObject *socket_dup(PyObject *module, PyObject *object)
{
    int fd;
    if (!descriptor(object, &fd))
        return NULL;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? socket_error() : PyLong_FromLong(copy);
}

static PyObject *socket_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int family = AF_UNIX, type = SOCK_STREAM, proto = 0, fds[2], res;
    struct socket_state *state = socket_state_of(module);
    if (!PARSEP("|iii:socketpair", &family, &type, &proto))
        return NULL;
    UNLOCKED(res = socketpair(family, type | SOCK_CLOEXEC, proto, fds));
    if (res < 0)
        return socket_error();
    PyObject *first = socket_new_from_fd(state, fds[0], family, type, proto);
    PyObject *second = socket_new_from_fd(state, fds[1], family, type, proto);
    PyObject *pair = first && second ? PyTuple_Pack(2, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return pair;
}

static PyObject *socket_getdefaulttimeout(PyObject *module, PyObject *ignored)
{
    _PyTime_t timeout = socket_state_of(module)->default_timeout;
    if (timeout < 0)
        Py_RETURN_NONE;
    return PyFloat_FromDouble(_PyTime_AsSecondsDouble(timeout));
}

static PyObject *socket_setdefaulttimeout(PyObject *module, PyObject *object)
{
    _PyTime_t timeout;
    if (!socket_read_timeout(object, &timeout))
        return NULL;
    socket_state_of(module)->default_timeout = timeout;
    Py_RETURN_NONE;
}

#define CALL(function) (PyCFunction)(void (*)(void))function
static PyMethodDef methods[] = {
    {"socketpair", CALL(socket_socketpair), METH_FASTCALL,
     "socketpair([family[, type [, proto]]]) -> (socket object, socket object)\n\n"
     "Two sockets connected with each other. The arguments are those of socket(), but the family "
     "defaults to\n"
     "AF_UNIX."},
    {"close", socket_module_close, METH_O,
     "close(integer) -> None\n\nCloses a descriptor, as os.close() does."},
    {"dup", socket_dup, METH_O,
     "dup(integer) -> integer\n\nA copy of a descriptor that child processes do not get."},
    {"getdefaulttimeout", socket_getdefaulttimeout, METH_NOARGS,
     "getdefaulttimeout() -> timeout\n\n"
     "The time limit in seconds (a float) of new sockets; None, as at first, means no limit."},
    {"setdefaulttimeout", socket_setdefaulttimeout, METH_O,
     "setdefaulttimeout(timeout)\n\nSets the time limit in seconds of new sockets; None means no "
     "limit."},
    {NULL, NULL, 0, NULL},
};

/* -- The capsule ----------------------------------------------------------------------------- */

/* What _ssl takes from "_socket.CAPI". */
struct socket_capi { PyTypeObject *type; PyObject *error, *timeout_error; };

static void capi_free(PyObject *capsule)
{
    struct socket_capi *capi = PyCapsule_GetPointer(capsule, "_socket.CAPI");
    Py_DECREF(capi->type);
    Py_DECREF(capi->error);
    Py_DECREF(capi->timeout_error);
    PyMem_Free(capi);
}

static PyObject *capi_new(PyTypeObject *type)
{
    struct socket_capi *capi = PyMem_Malloc(sizeof *capi);
    if (!capi)
        return PyErr_NoMemory();
    *capi = (struct socket_capi){.type = (PyTypeObject *)Py_NewRef(type),
                                 .error = Py_NewRef(PyExc_OSError),
                                 .timeout_error = Py_NewRef(PyExc_TimeoutError)};
    PyObject *capsule = PyCapsule_New(capi, "_socket.CAPI", capi_free);
    if (!capsule)
        PyMem_Free(capi);
    return capsule;
}

/* -- The module ------------------------------------------------------------------------------ */

/* Adds `value` under the name; STEALS it. */
static bool add(PyObject *module, const char *name, PyObject *value)
{
    int res = PyModule_AddObjectRef(module, name, value);
    Py_XDECREF(value);
    return res == 0;
}

static int socket_exec(PyObject *module)
{
    struct socket_state *state = socket_state_of(module);
    state->default_timeout = -1;
    state->type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &socket_spec, NULL);
    state->herror = PyErr_NewException("socket.herror", PyExc_OSError, NULL);
    state->gaierror = PyErr_NewException("socket.gaierror", PyExc_OSError, NULL);
    if (!state->type || !state->herror || !state->gaierror)
        return -1;
    bool ok = PyModule_AddFunctions(module, socket_resolve_methods) == 0 &&
              PyModule_AddFunctions(module, socket_convert_methods) == 0 &&
              PyModule_AddFunctions(module, socket_message_functions) == 0 &&
              PyModule_AddObjectRef(module, "error", PyExc_OSError) == 0 &&
              PyModule_AddObjectRef(module, "herror", state->herror) == 0 &&
              PyModule_AddObjectRef(module, "gaierror", state->gaierror) == 0 &&
              PyModule_AddObjectRef(module, "timeout", PyExc_TimeoutError) == 0 &&
              PyModule_AddObjectRef(module, "SocketType", (PyObject *)state->type) == 0 &&
              PyModule_AddObjectRef(module, "socket", (PyObject *)state->type) == 0 &&
              PyModule_AddObjectRef(module, "has_ipv6", Py_True) == 0 &&
              add(module, "CAPI", capi_new(state->type)) && socket_add_constants(module);
    return ok ? 0 : -1;
}

static int socket_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct socket_state *state = socket_state_of(module);
    Py_VISIT(state->type);
    Py_VISIT(state->herror);
    Py_VISIT(state->gaierror);
    return 0;
}

static int socket_clear(PyObject *module)
{
    struct socket_state *state = socket_state_of(module);
    Py_CLEAR(state->type);
    Py_CLEAR(state->herror);
    Py_CLEAR(state->gaierror);
    return 0;
}

static void socket_free(void *module) { socket_clear(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, socket_exec}, {0, NULL}};
PyModuleDef socket_module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_socket",
    .m_doc = "What module socket is made of: sockets of the system and its resolver.",
    .m_size = sizeof(struct socket_state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = socket_traverse,
    .m_clear = socket_clear,
    .m_free = socket_free,
};

PyMODINIT_FUNC PyInit__socket(void) { return PyModuleDef_Init(&socket_module_def); }
