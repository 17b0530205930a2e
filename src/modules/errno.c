/* SPDX-License-Identifier: MIT
 *
 * Module errno: names of the system's error numbers, and the dict errorcode from number to name.
 */
#include "vitro.h"
#include <errno.h>

#define NAMES(X)                                                                                   \
    X(ENODEV)                                                                                      \
    X(ENOCSI) X(EHOSTUNREACH) X(ENOMSG) X(EUCLEAN) X(EL2NSYNC) X(EL2HLT) X(ENODATA) X(ENOTBLK) X(  \
        ENOSYS) X(EPIPE) X(EINVAL) X(EOVERFLOW) X(EADV) X(EINTR) X(EUSERS) X(ENOTEMPTY) X(ENOBUFS) \
        X(EPROTO) X(EREMOTE) X(ENAVAIL) X(ECHILD) X(ELOOP) X(EXDEV) X(E2BIG) X(ESRCH) X(EMSGSIZE)  \
            X(EAFNOSUPPORT) X(EBADR) X(EHOSTDOWN) X(EPFNOSUPPORT) X(ENOPROTOOPT) X(EBUSY) X(       \
                EWOULDBLOCK) X(EBADFD) X(EDOTDOT) X(EISCONN) X(ENOANO) X(ESHUTDOWN) X(ECHRNG)      \
                X(ELIBBAD) X(ENONET) X(EBADE) X(EBADF) X(EMULTIHOP) X(EIO) X(EUNATCH) X(           \
                    EPROTOTYPE) X(ENOSPC) X(ENOEXEC) X(EALREADY) X(ENETDOWN) X(ENOTNAM) X(EACCES)  \
                    X(ELNRNG) X(EILSEQ) X(ENOTDIR) X(ENOTUNIQ) X(EPERM) X(EDOM) X(EXFULL)          \
                        X(ECONNREFUSED) X(EISDIR) X(EPROTONOSUPPORT) X(EROFS) X(EADDRNOTAVAIL)     \
                            X(EIDRM) X(ECOMM) X(ESRMNT) X(EREMOTEIO) X(EL3RST) X(EBADMSG) X(       \
                                ENFILE) X(ELIBMAX) X(ESPIPE) X(ENOLINK) X(ENETRESET)               \
                                X(ETIMEDOUT) X(ENOENT) X(EEXIST) X(EDQUOT) X(ENOSTR) X(EBADSLT) X( \
                                    EBADRQC) X(ELIBACC) X(EFAULT) X(EFBIG)                         \
                                    X(EDEADLK) X(ENOTCONN) X(EDESTADDRREQ) X(ELIBSCN) X(ENOLCK) X( \
                                        EISNAM) X(ECONNABORTED) X(ENETUNREACH) X(ESTALE)           \
                                        X(ENOSR) X(ENOMEM) X(ENOTSOCK) X(ESTRPIPE) X(EMLINK) X(    \
                                            ERANGE) X(ELIBEXEC) X(EL3HLT) X(ECONNRESET)            \
                                            X(EADDRINUSE) X(                                       \
                                                EOPNOTSUPP) X(EREMCHG) X(EAGAIN) X(ENAMETOOLONG)   \
                                                X(ENOTTY) X(ERESTART) X(ESOCKTNOSUPPORT) X(ETIME)  \
                                                    X(EBFONT) X(EDEADLOCK) X(ETOOMANYREFS) X(      \
                                                        EMFILE) X(ETXTBSY) X(EINPROGRESS) X(ENXIO) \
                                                        X(ENOPKG) X(ENOMEDIUM) X(EMEDIUMTYPE)      \
                                                            X(ECANCELED) X(ENOKEY) X(EKEYEXPIRED)  \
                                                                X(EKEYREVOKED) X(EKEYREJECTED)     \
                                                                    X(EOWNERDEAD)                  \
                                                                        X(ENOTRECOVERABLE)         \
                                                                            X(ERFKILL) X(ENOTSUP)

static int add(PyObject *module, PyObject *codes, const char *name, long value)
{
    PyObject *text = PyUnicode_FromString(name), *number = text ? PyLong_FromLong(value) : NULL;
    int res = number ? PyModule_AddObjectRef(module, name, number) : -1;
    if (res == 0)
        res = PyDict_SetItem(codes, number,
                             text); /* of two names for a number, the later one stays */
    Py_XDECREF(text);
    Py_XDECREF(number);
    return res;
}

static int errno_exec(PyObject *module)
{
    PyObject *codes = PyDict_New();
    if (!codes || PyModule_AddObjectRef(module, "errorcode", codes) < 0) {
        Py_XDECREF(codes);
        return -1;
    }
    int res = 0;
#define X(name) if (res == 0) res = add(module, codes, #name, name);
    NAMES(X)
#undef X
    Py_DECREF(codes);
    return res;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, errno_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "errno",
    .m_doc =
        "The system's error numbers.\n\nThe names are those of <errno.h>; errorcode gives the name "
        "of a number:\n"
        "errno.errorcode[errno.ENOENT] == 'ENOENT'.\n\nos.strerror() gives a text for a number.",
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_errno(void) { return PyModuleDef_Init(&module_def); }
