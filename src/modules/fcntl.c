/* SPDX-License-Identifier: MIT
 *
 * Module fcntl: fcntl(), ioctl(), and locks on files.
 */
#include "args.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>

enum { BUFFER = 1024 }; /* of data copied through the kernel */

static PyObject *failed(bool signalled)
{
    return signalled ? NULL : PyErr_SetFromErrno(PyExc_OSError);
}

#define FN(name)                                                                                   \
    static PyObject *fcntl_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs)

FN(fcntl)
{
    int fd, code, rc, signalled = 0;
    PyObject *arg = NULL;
    char buffer[BUFFER + 1] = {0};
    if (!_PyArg_CheckPositional("fcntl", nargs, 2, 3) ||
        !PARSEP("O&i|O:fcntl", _PyLong_FileDescriptor_Converter, &fd, &code, &arg) ||
        PySys_Audit("fcntl.fcntl", "iiO", fd, code, arg ? arg : Py_None) < 0)
        return NULL;
    if (arg && !PyLong_Check(arg) && !PyIndex_Check(arg)) {
        Py_buffer data;
        if (!PyArg_Parse(arg, "s*", &data)) {
            PyErr_Clear();
        } else {
            Py_ssize_t size = data.len;
            if (size <= BUFFER)
                memcpy(buffer, data.buf, (size_t)size);
            PyBuffer_Release(&data);
            if (size > BUFFER) {
                PyErr_SetString(PyExc_ValueError, "fcntl string arg too long");
                return NULL;
            }
            RETRY_EINTR(rc, signalled, fcntl(fd, code, buffer));
            return rc < 0 ? failed(signalled) : PyBytes_FromStringAndSize(buffer, size);
        }
    }
    unsigned number = 0;
    if (arg && !PyArg_Parse(arg,
                            "I;fcntl requires a file or file descriptor, an integer and optionally "
                            "a third integer or a string",
                            &number))
        return NULL;
    RETRY_EINTR(rc, signalled, fcntl(fd, code, (int)number));
    return rc < 0 ? failed(signalled) : PyLong_FromLong(rc);
}

/* ioctl over a buffer. `given`: its memory goes to the system itself when `mutate`, and is written
 * back to. */
static PyObject *ioctl_buffer(int fd, unsigned code, Py_buffer *given, bool mutate)
{
    char copy[BUFFER + 1];
    char *memory = given->buf;
    int rc;
    bool copied = !mutate || given->len <= BUFFER;
    if (!mutate && given->len > BUFFER) {
        PyErr_SetString(PyExc_ValueError, "ioctl string arg too long");
        return NULL;
    }
    if (copied) {
        memcpy(copy, given->buf, (size_t)given->len);
        copy[given->len] = 0;
        memory = copy;
    }
    if (mutate && !copied)
        rc = ioctl(fd, code, memory); /* with the lock: others must not see the memory change */
    else
        UNLOCKED(rc = ioctl(fd, code, memory));
    int error = errno;
    if (mutate && copied)
        memcpy(given->buf, copy, (size_t)given->len);
    errno = error;
    if (rc < 0)
        return failed(false);
    return mutate ? PyLong_FromLong(rc) : PyBytes_FromStringAndSize(copy, given->len);
}

FN(ioctl)
{
    int fd, mutate = 1, rc;
    unsigned code, number = 0;
    PyObject *arg = NULL;
    Py_buffer data;
    if (!_PyArg_CheckPositional("ioctl", nargs, 2, 4) ||
        !PARSEP("O&I|Op:ioctl", _PyLong_FileDescriptor_Converter, &fd, &code, &arg, &mutate) ||
        PySys_Audit("fcntl.ioctl", "iIO", fd, code, arg ? arg : Py_None) < 0)
        return NULL;
    if (arg && !PyLong_Check(arg)) {
        bool writable = PyArg_Parse(arg, "w*:ioctl", &data);
        if (!writable) {
            PyErr_Clear();
            if (!PyArg_Parse(arg, "s*:ioctl", &data)) {
                PyErr_Clear();
                goto integer;
            }
        }
        PyObject *res = ioctl_buffer(fd, code, &data, writable && mutate);
        PyBuffer_Release(&data);
        return res;
    }
integer:
    if (arg && !PyArg_Parse(arg,
                            "I;ioctl requires a file or file descriptor, an integer and optionally "
                            "an integer or buffer argument",
                            &number))
        return NULL;
    UNLOCKED(rc = ioctl(fd, code, (int)number));
    return rc < 0 ? failed(false) : PyLong_FromLong(rc);
}

FN(flock)
{
    int fd, operation, rc, signalled = 0;
    if (!_PyArg_CheckPositional("flock", nargs, 2, 2) ||
        !PARSEP("O&i:flock", _PyLong_FileDescriptor_Converter, &fd, &operation) ||
        PySys_Audit("fcntl.flock", "ii", fd, operation) < 0)
        return NULL;
    RETRY_EINTR(rc, signalled, flock(fd, operation));
    if (rc < 0)
        return failed(signalled);
    Py_RETURN_NONE;
}

static bool read_offset(PyObject *object, off_t *to)
{
    *to = object ? (off_t)PyLong_AsLongLong(object) : 0;
    return *to != -1 || !PyErr_Occurred();
}

FN(lockf)
{
    int fd, operation, whence = 0, rc, signalled = 0;
    PyObject *length = NULL, *start = NULL;
    if (!_PyArg_CheckPositional("lockf", nargs, 2, 5) ||
        !PARSEP("O&i|OOi:lockf", _PyLong_FileDescriptor_Converter, &fd, &operation, &length, &start,
                &whence) ||
        PySys_Audit("fcntl.lockf", "iiOOi", fd, operation, length ? length : Py_None,
                    start ? start : Py_None, whence) < 0)
        return NULL;
    struct flock lock = {.l_whence = (short)whence};
    if (operation == LOCK_UN)
        lock.l_type = F_UNLCK;
    else if (operation & LOCK_SH)
        lock.l_type = F_RDLCK;
    else if (operation & LOCK_EX)
        lock.l_type = F_WRLCK;
    else {
        PyErr_SetString(PyExc_ValueError, "unrecognized lockf argument");
        return NULL;
    }
    if (!read_offset(start, &lock.l_start) || !read_offset(length, &lock.l_len))
        return NULL;
    RETRY_EINTR(rc, signalled, fcntl(fd, operation & LOCK_NB ? F_SETLK : F_SETLKW, &lock));
    if (rc < 0)
        return failed(signalled);
    Py_RETURN_NONE;
}

#define M(name, signature, doc)                                                                    \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))fcntl_##name, METH_FASTCALL,                           \
            #name signature "\n--\n\n" doc                                                         \
    }
static PyMethodDef methods[] = {
    M(fcntl, "($module, fd, cmd, arg=0, /)",
      "Performs fcntl(2) on a descriptor.\n\nAn int argument gives the call's int result; a "
      "bytes-like one gives the bytes\n"
      "that the call left there."),
    M(ioctl, "($module, fd, request, arg=0, mutate_flag=True, /)",
      "Performs ioctl(2) on a descriptor.\n\nAs fcntl(); but a writable buffer is changed in place "
      "unless mutate_flag is false,\n"
      "and the result is the call's int."),
    M(flock, "($module, fd, operation, /)", "Locks or unlocks a file with flock(2)."),
    M(lockf, "($module, fd, cmd, len=0, start=0, whence=0, /)",
      "Locks or unlocks a part of a file: LOCK_UN, LOCK_SH or LOCK_EX, with LOCK_NB not to wait."),
    {NULL, NULL, 0, NULL},
};

#define N(name) {#name, (long)(unsigned)(name)}
static const struct {
    const char *name;
    long value;
} numbers[] = {
    N(LOCK_SH),     N(LOCK_EX),      N(LOCK_NB),          N(LOCK_UN),          N(LOCK_MAND),
    N(LOCK_READ),   N(LOCK_WRITE),   N(LOCK_RW),          N(F_DUPFD),          N(F_DUPFD_CLOEXEC),
    N(F_GETFD),     N(F_SETFD),      N(F_GETFL),          N(F_SETFL),          N(F_GETLK),
    N(F_SETLK),     N(F_SETLKW),     {"F_OFD_GETLK", 36}, {"F_OFD_SETLK", 37}, {"F_OFD_SETLKW", 38},
    N(F_GETOWN),    N(F_SETOWN),     N(F_GETSIG),         N(F_SETSIG),         N(F_RDLCK),
    N(F_WRLCK),     N(F_UNLCK),      {"F_GETLK64", 5},    {"F_SETLK64", 6},    {"F_SETLKW64", 7},
    N(FASYNC),      N(F_SETLEASE),   N(F_GETLEASE),       N(F_NOTIFY),         N(F_EXLCK),
    N(F_SHLCK),     N(DN_ACCESS),    N(DN_MODIFY),        N(DN_CREATE),        N(DN_DELETE),
    N(DN_RENAME),   N(DN_ATTRIB),    N(DN_MULTISHOT),     N(F_SETPIPE_SZ),     N(F_GETPIPE_SZ),
    N(FD_CLOEXEC),  N(F_ADD_SEALS),  N(F_GET_SEALS),      N(F_SEAL_SEAL),      N(F_SEAL_SHRINK),
    N(F_SEAL_GROW), N(F_SEAL_WRITE),
};

static int fcntl_exec(PyObject *module)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(numbers); i++)
        if (PyModule_AddIntConstant(module, numbers[i].name, numbers[i].value) < 0)
            return -1;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fcntl_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "fcntl", .m_methods = methods, .m_slots = slots,
    .m_doc = "Control of descriptors with fcntl() and ioctl(), and locks on files.",
};

PyMODINIT_FUNC PyInit_fcntl(void) { return PyModuleDef_Init(&module_def); }
