/* SPDX-License-Identifier: MIT
 *
 * What a file is: stat results, modes, owners, times, extended attributes.
 *
 * os.stat_result is a sequence of ten ints (times cut to seconds) followed by named fields: times
 * as float, times in nanoseconds as int, and the block fields.
 */
#include "posix_impl.h"

#include <sys/statvfs.h>
#include <sys/xattr.h>

/* -- stat_result ----------------------------------------------------------------------------- */

static PyStructSequence_Field stat_fields[] = {
    {"st_mode", "protection bits"},
    {"st_ino", "inode"},
    {"st_dev", "device"},
    {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"},
    {"st_gid", "group ID of owner"},
    {"st_size", "total size, in bytes"},
    {NULL, "integer time of last access"},
    {NULL, "integer time of last modification"},
    {NULL, "integer time of last change"},
    {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"},
    {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"},
    {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"},
    {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"},
    {"st_rdev", "device type (if inode device)"},
    {NULL, NULL},
};
enum { STAT_TIMES = 7, STAT_FLOAT_TIMES = 10, STAT_NS_TIMES = 13 };

static PyStructSequence_Desc stat_desc = {
    "os.stat_result",
    "stat_result: Result from stat, fstat, or lstat.\n\n"
    "A tuple of (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime) whose items are also "
    "the attributes\n"
    "st_mode, st_ino, st_dev, st_nlink, st_uid and so on; further attributes are st_blksize, "
    "st_blocks, st_rdev and\n"
    "the times as float (st_mtime) and in nanoseconds (st_mtime_ns).",
    stat_fields, 10};

static PyStructSequence_Field statvfs_fields[] = {
    {"f_bsize", ""},  {"f_frsize", ""},  {"f_blocks", ""}, {"f_bfree", ""},
    {"f_bavail", ""}, {"f_files", ""},   {"f_ffree", ""},  {"f_favail", ""},
    {"f_flag", ""},   {"f_namemax", ""}, {"f_fsid", ""},   {NULL, NULL},
};
static PyStructSequence_Desc statvfs_desc = {
    "os.statvfs_result",
    "statvfs_result: Result from statvfs or fstatvfs.\n\n"
    "A tuple of (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax) whose "
    "items are also\n"
    "the attributes f_bsize and so on.",
    statvfs_fields, 10};

/* The constructor that every structseq type starts with; the same function in all interpreters. */
static newfunc structseq_new;

/* os.stat_result(ten ints) fills the float times from the integer ones. */
static PyObject *stat_result_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *res = structseq_new(type, args, kwds);
    if (!res)
        return NULL;
    for (int i = STAT_TIMES; i < STAT_TIMES + 3; i++) {
        PyObject **slot = &((PyStructSequence *)res)->ob_item[i + 3];
        if (*slot == Py_None)
            Py_SETREF(*slot, Py_NewRef(((PyStructSequence *)res)->ob_item[i]));
    }
    return res;
}

/* The time as int, as float and in nanoseconds; the last by objects when no word holds it. */
static int stat_set_time(PyObject *res, int i, const struct timespec *t)
{
    PyObject *ns = NULL, *billion = NULL, *product = NULL,
             *seconds = PyLong_FromLongLong(t->tv_sec);
    if (!seconds)
        return -1;
    PyStructSequence_SET_ITEM(res, STAT_TIMES + i, seconds);
    PyStructSequence_SET_ITEM(res, STAT_FLOAT_TIMES + i,
                              PyFloat_FromDouble((double)t->tv_sec + 1e-9 * (double)t->tv_nsec));
    if (llabs((long long)t->tv_sec) < INT64_MAX / 1000000000 - 1) {
        ns = PyLong_FromLongLong((long long)t->tv_sec * 1000000000 + t->tv_nsec);
    } else {
        billion = PyLong_FromLong(1000000000);
        product = billion ? PyNumber_Multiply(seconds, billion) : NULL;
        PyObject *rest = PyLong_FromLong(t->tv_nsec);
        ns = product && rest ? PyNumber_Add(product, rest) : NULL;
        Py_XDECREF(rest);
        Py_XDECREF(product);
        Py_XDECREF(billion);
    }
    PyStructSequence_SET_ITEM(res, STAT_NS_TIMES + i, ns);
    return ns ? 0 : -1;
}

PyObject *stat_to_object(PyObject *module, const struct stat *st)
{
    PyObject *res = PyStructSequence_New(posix_state(module)->StatResult);
    if (!res)
        return NULL;
    PyStructSequence_SET_ITEM(res, 0, PyLong_FromLong((long)st->st_mode));
    PyStructSequence_SET_ITEM(res, 1, PyLong_FromUnsignedLongLong(st->st_ino));
    PyStructSequence_SET_ITEM(res, 2, PyLong_FromUnsignedLongLong(st->st_dev));
    PyStructSequence_SET_ITEM(res, 3, PyLong_FromUnsignedLong(st->st_nlink));
    PyStructSequence_SET_ITEM(res, 4, uid_to_object(st->st_uid));
    PyStructSequence_SET_ITEM(res, 5, gid_to_object(st->st_gid));
    PyStructSequence_SET_ITEM(res, 6, PyLong_FromLongLong(st->st_size));
    PyStructSequence_SET_ITEM(res, 16, PyLong_FromLong(st->st_blksize));
    PyStructSequence_SET_ITEM(res, 17, PyLong_FromLong(st->st_blocks));
    PyStructSequence_SET_ITEM(res, 18, PyLong_FromUnsignedLongLong(st->st_rdev));
    if (stat_set_time(res, 0, &st->st_atim) < 0 || stat_set_time(res, 1, &st->st_mtim) < 0 ||
        stat_set_time(res, 2, &st->st_ctim) < 0 || PyErr_Occurred()) {
        Py_DECREF(res);
        return NULL;
    }
    return res;
}

PyObject *stat_at(PyObject *module, const char *function, PathArg *path, int dir_fd, int follow)
{
    struct stat st;
    int rc;
    if (path_dir_fd_conflict(function, path, dir_fd) ||
        path_fd_follow_conflict(function, path->fd, follow))
        return NULL;
    UNLOCKED(rc = path->fd != -1
                      ? fstat(path->fd, &st)
                      : fstatat(dir_fd, path_address(path), &st, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    return rc < 0 ? path_error(path) : stat_to_object(module, &st);
}

FN(stat)
{
    ARGS("O&|$O&p:stat", "path", "dir_fd", "follow_symlinks");
    PathArg path = PATH_ARG("stat", "path", false, true);
    int dir_fd = DEFAULT_DIR_FD, follow = 1;
    if (!PARSE(path_converter, &path, dir_fd_converter, &dir_fd, &follow))
        return NULL;
    PyObject *res = stat_at(module, "stat", &path, dir_fd, follow);
    path_done(&path);
    return res;
}

FN(lstat)
{
    ARGS("O&|$O&:lstat", "path", "dir_fd");
    PathArg path = PATH_ARG("lstat", "path", false, false);
    int dir_fd = DEFAULT_DIR_FD;
    if (!PARSE(path_converter, &path, dir_fd_converter, &dir_fd))
        return NULL;
    PyObject *res = stat_at(module, "lstat", &path, dir_fd, 0);
    path_done(&path);
    return res;
}

FN(fstat)
{
    ARGS("i:fstat", "fd");
    int fd, rc, signalled = 0;
    struct stat st;
    if (!PARSE(&fd))
        return NULL;
    RETRY_EINTR(rc, signalled, fstat(fd, &st));
    return rc >= 0 ? stat_to_object(module, &st) : signalled ? NULL : posix_error();
}

static PyObject *statvfs_to_object(PyObject *module, const struct statvfs *v)
{
    PyObject *res = PyStructSequence_New(posix_state(module)->StatVFSResult);
    const unsigned long long values[] = {v->f_bsize,  v->f_frsize,  v->f_blocks, v->f_bfree,
                                         v->f_bavail, v->f_files,   v->f_ffree,  v->f_favail,
                                         v->f_flag,   v->f_namemax, v->f_fsid};
    for (size_t i = 0; res && i < COUNT_OF(values); i++)
        PyStructSequence_SET_ITEM(res, (Py_ssize_t)i, PyLong_FromUnsignedLongLong(values[i]));
    if (res && PyErr_Occurred())
        Py_CLEAR(res);
    return res;
}

FN(statvfs)
{
    ARGS("O&:statvfs", "path");
    PathArg path = PATH_ARG("statvfs", "path", false, true);
    struct statvfs v;
    int rc;
    if (!PARSE(path_converter, &path))
        return NULL;
    UNLOCKED(rc = path.fd != -1   ? fstatvfs(path.fd, &v)
                  : path.narrow ? statvfs(path.narrow, &v)
                                : (errno = EFAULT, -1)); /* the descriptor -1 */
    PyObject *res = rc < 0 ? path_error(&path) : statvfs_to_object(module, &v);
    path_done(&path);
    return res;
}

FN1(fstatvfs)
{
    int fd, rc, signalled = 0;
    struct statvfs v;
    if (!PARSEP("i:fstatvfs", &fd))
        return NULL;
    RETRY_EINTR(rc, signalled, fstatvfs(fd, &v));
    return rc >= 0 ? statvfs_to_object(module, &v) : signalled ? NULL : posix_error();
}

/* -- Access, mode, owner --------------------------------------------------------------------- */

FN(access)
{
    ARGS("O&i|$O&pp:access", "path", "mode", "dir_fd", "effective_ids", "follow_symlinks");
    PathArg path = PATH_ARG("access", "path", false, false);
    int mode, dir_fd = DEFAULT_DIR_FD, effective = 0, follow = 1, rc;
    if (!PARSE(path_converter, &path, &mode, dir_fd_converter, &dir_fd, &effective, &follow))
        return NULL;
    UNLOCKED(rc = faccessat(dir_fd, path.narrow, mode,
                            (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW)));
    path_done(&path);
    return PyBool_FromLong(rc == 0);
}

FN(chmod)
{
    ARGS("O&i|$O&p:chmod", "path", "mode", "dir_fd", "follow_symlinks");
    PathArg path = PATH_ARG("chmod", "path", false, true);
    int mode, dir_fd = DEFAULT_DIR_FD, follow = 1, rc;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &path, &mode, dir_fd_converter, &dir_fd, &follow))
        return NULL;
    if (!follow) {
        PyErr_SetString(PyExc_NotImplementedError,
                        "chmod: follow_symlinks unavailable on this platform");
        goto done;
    }
    if (PySys_Audit("os.chmod", "Oii", path.object, mode, dir_fd == DEFAULT_DIR_FD ? -1 : dir_fd) <
        0)
        goto done;
    UNLOCKED(rc = path.fd != -1 ? fchmod(path.fd, mode)
                                : fchmodat(dir_fd, path_address(&path), mode, 0));
    res = rc < 0 ? path_error(&path) : Py_NewRef(Py_None);
done:
    path_done(&path);
    return res;
}

FN(fchmod)
{
    ARGS("ii:fchmod", "fd", "mode");
    int fd, mode, rc, signalled = 0;
    if (!PARSE(&fd, &mode) || PySys_Audit("os.chmod", "iii", fd, mode, -1) < 0)
        return NULL;
    RETRY_EINTR(rc, signalled, fchmod(fd, mode));
    return signalled ? NULL : posix_done(rc);
}

FN(chown)
{
    ARGS("O&O&O&|$O&p:chown", "path", "uid", "gid", "dir_fd", "follow_symlinks");
    PathArg path = PATH_ARG("chown", "path", false, true);
    uid_t uid;
    gid_t gid;
    int dir_fd = DEFAULT_DIR_FD, follow = 1, rc;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &path, uid_converter, &uid, gid_converter, &gid, dir_fd_converter,
               &dir_fd, &follow))
        return NULL;
    if (dir_fd_fd_conflict("chown", dir_fd, path.fd) ||
        path_fd_follow_conflict("chown", path.fd, follow))
        goto done;
    if (PySys_Audit("os.chown", "OIIi", path.object, uid, gid,
                    dir_fd == DEFAULT_DIR_FD ? -1 : dir_fd) < 0)
        goto done;
    UNLOCKED(rc = path.fd != -1
                      ? fchown(path.fd, uid, gid)
                      : fchownat(dir_fd, path_address(&path), uid, gid,
                                 follow ? 0 : AT_SYMLINK_NOFOLLOW));
    res = rc < 0 ? path_error(&path) : Py_NewRef(Py_None);
done:
    path_done(&path);
    return res;
}

FN(fchown)
{
    ARGS("iO&O&:fchown", "fd", "uid", "gid");
    int fd, rc, signalled = 0;
    uid_t uid;
    gid_t gid;
    if (!PARSE(&fd, uid_converter, &uid, gid_converter, &gid) ||
        PySys_Audit("os.chown", "iIIi", fd, uid, gid, -1) < 0)
        return NULL;
    RETRY_EINTR(rc, signalled, fchown(fd, uid, gid));
    return signalled ? NULL : posix_done(rc);
}

FN(lchown)
{
    ARGS("O&O&O&:lchown", "path", "uid", "gid");
    PathArg path = PATH_ARG("lchown", "path", false, false);
    uid_t uid;
    gid_t gid;
    int rc;
    if (!PARSE(path_converter, &path, uid_converter, &uid, gid_converter, &gid))
        return NULL;
    if (PySys_Audit("os.chown", "OIIi", path.object, uid, gid, -1) < 0) {
        path_done(&path);
        return NULL;
    }
    UNLOCKED(rc = lchown(path.narrow, uid, gid));
    PyObject *res = rc < 0 ? path_error(&path) : Py_NewRef(Py_None);
    path_done(&path);
    return res;
}

FN1(umask)
{
    int mask;
    if (!PARSEP("i:umask", &mask))
        return NULL;
    return PyLong_FromLong((long)umask((mode_t)mask));
}

/* -- Times ----------------------------------------------------------------------------------- */

int time_from_ns(PyObject *ns, time_t *seconds, long *nanoseconds)
{
    int ok = -1;
    PyObject *billion = PyLong_FromLong(1000000000);
    PyObject *parts = billion ? PyNumber_Divmod(ns, billion) : NULL;
    if (parts && (!PyTuple_Check(parts) || PyTuple_GET_SIZE(parts) != 2))
        PyErr_Format(PyExc_TypeError, "%.200s.__divmod__() must return a 2-tuple, not %.200s",
                     Py_TYPE(ns)->tp_name, Py_TYPE(parts)->tp_name);
    else if (parts) {
        *seconds = PyLong_AsLongLong(PyTuple_GET_ITEM(parts, 0));
        *nanoseconds = PyErr_Occurred() ? 0 : PyLong_AsLong(PyTuple_GET_ITEM(parts, 1));
        ok = PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(parts);
    Py_XDECREF(billion);
    return ok;
}

/* Neither times nor ns: the present time. */
static int utime_get(PyObject *times, PyObject *ns, struct timespec ts[2])
{
    if (times != Py_None && ns) {
        PyErr_SetString(PyExc_ValueError,
                        "utime: you may specify either 'times' or 'ns' but not both");
        return -1;
    }
    if (times != Py_None) {
        if (!PyTuple_CheckExact(times) || PyTuple_GET_SIZE(times) != 2) {
            PyErr_SetString(PyExc_TypeError,
                            "utime: 'times' must be either a tuple of two ints or None");
            return -1;
        }
        for (int i = 0; i < 2; i++)
            if (_PyTime_ObjectToTimespec(PyTuple_GET_ITEM(times, i), &ts[i].tv_sec, &ts[i].tv_nsec,
                                         _PyTime_ROUND_FLOOR) < 0)
                return -1;
    } else if (ns) {
        if (!PyTuple_CheckExact(ns) || PyTuple_GET_SIZE(ns) != 2) {
            PyErr_SetString(PyExc_TypeError, "utime: 'ns' must be a tuple of two ints");
            return -1;
        }
        for (int i = 0; i < 2; i++)
            if (time_from_ns(PyTuple_GET_ITEM(ns, i), &ts[i].tv_sec, &ts[i].tv_nsec) < 0)
                return -1;
    } else {
        ts[0].tv_nsec = ts[1].tv_nsec = UTIME_NOW;
    }
    return 0;
}

FN(utime)
{
    ARGS("O&|O$OO&p:utime", "path", "times", "ns", "dir_fd", "follow_symlinks");
    PathArg path = PATH_ARG("utime", "path", false, true);
    PyObject *times = Py_None, *ns = NULL, *res = NULL;
    int dir_fd = DEFAULT_DIR_FD, follow = 1, rc;
    struct timespec ts[2] = { { 0 } };
    if (!PARSE(path_converter, &path, &times, &ns, dir_fd_converter, &dir_fd, &follow))
        return NULL;
    if (utime_get(times, ns, ts) < 0 || path_dir_fd_conflict("utime", &path, dir_fd) ||
        dir_fd_fd_conflict("utime", dir_fd, path.fd) ||
        path_fd_follow_conflict("utime", path.fd, follow) ||
        PySys_Audit("os.utime", "OOOi", path.object, times, ns ? ns : Py_None,
                    dir_fd == DEFAULT_DIR_FD ? -1 : dir_fd) < 0)
        goto done;
    UNLOCKED(rc = path.fd != -1
                      ? futimens(path.fd, ts)
                      : !path.narrow
                          ? (errno = EINVAL, -1) /* what glibc says to NULL */
                          : utimensat(dir_fd, path.narrow, ts, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    /* 3.11 leaves the file name out of this error. */
    res = posix_done(rc);
done:
    path_done(&path);
    return res;
}

/* -- Extended attributes --------------------------------------------------------------------- */

/* A small buffer first, then the largest value that the kernel allows. */
FN(getxattr)
{
    ARGS("O&O&|$p:getxattr", "path", "attribute", "follow_symlinks");
    PathArg path = PATH_ARG("getxattr", "path", false, true),
            attribute = PATH_ARG("getxattr", "attribute", false, false);
    int follow = 1;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &path, path_converter, &attribute, &follow))
        return NULL;
    if (path_fd_follow_conflict("getxattr", path.fd, follow) ||
        PySys_Audit("os.getxattr", "OO", path.object, attribute.object) < 0)
        goto done;
    static const size_t sizes[] = { 128, XATTR_SIZE_MAX };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        ssize_t n;
        res = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)sizes[i]);
        if (!res)
            break;
        char *p = PyBytes_AS_STRING(res);
        UNLOCKED(n = !path.narrow && path.fd < 0 ? (errno = EFAULT, -1)
                     : path.fd >= 0 ? fgetxattr(path.fd, attribute.narrow, p, sizes[i])
                     : follow     ? getxattr(path.narrow, attribute.narrow, p, sizes[i])
                                  : lgetxattr(path.narrow, attribute.narrow, p, sizes[i]));
        if (n >= 0) {
            _PyBytes_Resize(&res, n);
            break;
        }
        Py_CLEAR(res);
        if (errno != ERANGE || i + 1 == COUNT_OF(sizes)) {
            path_error(&path);
            break;
        }
    }
done:
    path_done(&path);
    path_done(&attribute);
    return res;
}

FN(setxattr)
{
    ARGS("O&O&y*|i$p:setxattr", "path", "attribute", "value", "flags", "follow_symlinks");
    PathArg path = PATH_ARG("setxattr", "path", false, true),
            attribute = PATH_ARG("setxattr", "attribute", false, false);
    Py_buffer value = { NULL };
    int flags = 0, follow = 1, rc;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &path, path_converter, &attribute, &value, &flags, &follow))
        return NULL;
    if (path_fd_follow_conflict("setxattr", path.fd, follow) ||
        PySys_Audit("os.setxattr", "OOy#i", path.object, attribute.object, value.buf, value.len,
                    flags) < 0)
        goto done;
    UNLOCKED(rc = path.fd > -1
                      ? fsetxattr(path.fd, attribute.narrow, value.buf, (size_t)value.len, flags)
                  : follow ? setxattr(path_address(&path), attribute.narrow, value.buf,
                                      (size_t)value.len, flags)
                           : lsetxattr(path_address(&path), attribute.narrow, value.buf,
                                       (size_t)value.len, flags));
    res = rc < 0 ? path_error(&path) : Py_NewRef(Py_None);
done:
    path_done(&path);
    path_done(&attribute);
    PyBuffer_Release(&value);
    return res;
}

FN(removexattr)
{
    ARGS("O&O&|$p:removexattr", "path", "attribute", "follow_symlinks");
    PathArg path = PATH_ARG("removexattr", "path", false, true),
            attribute = PATH_ARG("removexattr", "attribute", false, false);
    int follow = 1, rc;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &path, path_converter, &attribute, &follow))
        return NULL;
    if (path_fd_follow_conflict("removexattr", path.fd, follow) ||
        PySys_Audit("os.removexattr", "OO", path.object, attribute.object) < 0)
        goto done;
    UNLOCKED(rc = path.fd > -1 ? fremovexattr(path.fd, attribute.narrow)
                  : follow     ? removexattr(path_address(&path), attribute.narrow)
                               : lremovexattr(path_address(&path), attribute.narrow));
    res = rc < 0 ? path_error(&path) : Py_NewRef(Py_None);
done:
    path_done(&path);
    path_done(&attribute);
    return res;
}

/* Splits a buffer of NUL-terminated names into a list of str. */
static PyObject *names_to_list(const char *buffer, ssize_t length)
{
    PyObject *list = PyList_New(0);
    for (const char *p = buffer; list && p < buffer + length; p += strlen(p) + 1) {
        PyObject *name = PyUnicode_DecodeFSDefault(p);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

FN(listxattr)
{
    ARGS("|O&$p:listxattr", "path", "follow_symlinks");
    PathArg path = PATH_ARG("listxattr", "path", true, true);
    int follow = 1;
    PyObject *res = NULL;
    char *buffer = NULL;
    if (!PARSE(path_converter, &path, &follow))
        return NULL;
    if (path_fd_follow_conflict("listxattr", path.fd, follow) ||
        PySys_Audit("os.listxattr", "(O)", path.object ? path.object : Py_None) < 0)
        goto done;
    const char *name = path.narrow ? path.narrow : ".";
    for (size_t size = 256;; size = XATTR_LIST_MAX) {
        ssize_t n;
        buffer = PyMem_Realloc(buffer, size);
        if (!buffer) {
            PyErr_NoMemory();
            goto done;
        }
        UNLOCKED(n = path.fd > -1 ? flistxattr(path.fd, buffer, size)
                     : follow     ? listxattr(name, buffer, size)
                                  : llistxattr(name, buffer, size));
        if (n >= 0) {
            res = names_to_list(buffer, n);
            break;
        }
        if (errno != ERANGE || size == XATTR_LIST_MAX) {
            path_error(&path);
            break;
        }
    }
done:
    PyMem_Free(buffer);
    path_done(&path);
    return res;
}

int posix_stat_init(PyObject *module)
{
    PosixState *state = posix_state(module);
    for (int i = STAT_TIMES; i < STAT_FLOAT_TIMES; i++)
        stat_fields[i].name = PyStructSequence_UnnamedField;
    if (posix_add_structseq(module, &stat_desc, &state->StatResult) < 0 ||
        posix_add_structseq(module, &statvfs_desc, &state->StatVFSResult) < 0)
        return -1;
    structseq_new = state->StatResult->tp_new;
    state->StatResult->tp_new = stat_result_new;
    return 0;
}

PyMethodDef posix_stat_methods[] = {
    METHOD(stat, "($module, /, path, *, dir_fd=None, follow_symlinks=True)",
           "Status of a path or an open descriptor as os.stat_result."),
    METHOD(lstat, "($module, /, path, *, dir_fd=None)",
           "Like stat, but of a symbolic link itself."),
    METHOD(fstat, "($module, /, fd)", "Status of an open descriptor."),
    METHOD(statvfs, "($module, /, path)",
           "Status of the file system that holds a path or descriptor."),
    METHOD1(fstatvfs, "($module, fd, /)", "Status of the file system that holds a descriptor."),
    METHOD(access,
           "($module, /, path, mode, *, dir_fd=None, effective_ids=False,\n       "
           "follow_symlinks=True)",
           "True when the real (or effective) user may use the path that way."),
    METHOD(chmod, "($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)",
           "Change the access permissions of a file."),
    METHOD(fchmod, "($module, /, fd, mode)", "Change the access permissions of an open file."),
    METHOD(chown, "($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
           "Change owner and group; -1 leaves one unchanged."),
    METHOD(fchown, "($module, /, fd, uid, gid)", "Change owner and group of an open file."),
    METHOD(lchown, "($module, /, path, uid, gid)",
           "Change owner and group without following symbolic links."),
    METHOD1(umask, "($module, mask, /)", "Set the file creation mask; returns the old one."),
    METHOD(utime,
           "($module, /, path, times=None, *, ns=<unrepresentable>,\n      dir_fd=None, "
           "follow_symlinks=True)",
           "Set access and modification times, in seconds (times) or nanoseconds (ns); now by "
           "default."),
    METHOD(getxattr, "($module, /, path, attribute, *, follow_symlinks=True)",
           "Value of an extended attribute."),
    METHOD(setxattr,
           "($module, /, path, attribute, value, flags=0, *,\n         follow_symlinks=True)",
           "Set an extended attribute."),
    METHOD(removexattr, "($module, /, path, attribute, *, follow_symlinks=True)",
           "Remove an extended attribute."),
    METHOD(listxattr, "($module, /, path=None, *, follow_symlinks=True)",
           "Names of the extended attributes of a path."),
    {NULL},
};
