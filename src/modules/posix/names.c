/* SPDX-License-Identifier: MIT
 *
 * Names in the file system: making, linking, renaming, removing, the current directory, fspath,
 * normpath.
 */
#include "posix_impl.h"

#include <limits.h>
#include <sys/sysmacros.h>

/* Ends a one-path function: None or the error, and the path dropped. */
static PyObject *path_result(PathArg *path, int rc)
{
    PyObject *res = rc < 0 ? path_error(path) : Py_NewRef(Py_None);
    path_done(path);
    return res;
}

static int audited_dir_fd(int dir_fd) { return dir_fd == DEFAULT_DIR_FD ? -1 : dir_fd; }

FN(mkdir)
{
    ARGS("O&|i$O&:mkdir", "path", "mode", "dir_fd");
    PathArg path = PATH_ARG("mkdir", "path", false, false);
    int mode = 0777, dir_fd = DEFAULT_DIR_FD, rc;
    if (!PARSE(path_converter, &path, &mode, dir_fd_converter, &dir_fd))
        return NULL;
    if (PySys_Audit("os.mkdir", "Oii", path.object, mode, audited_dir_fd(dir_fd)) < 0) {
        path_done(&path);
        return NULL;
    }
    UNLOCKED(rc = mkdirat(dir_fd, path.narrow, (mode_t)mode));
    return path_result(&path, rc);
}

static PyObject *remove_at(const char *event, PathArg *path, int dir_fd, int flags)
{
    int rc;
    if (PySys_Audit(event, "Oi", path->object, audited_dir_fd(dir_fd)) < 0) {
        path_done(path);
        return NULL;
    }
    UNLOCKED(rc = unlinkat(dir_fd, path->narrow, flags));
    return path_result(path, rc);
}

FN(rmdir)
{
    ARGS("O&|$O&:rmdir", "path", "dir_fd");
    PathArg path = PATH_ARG("rmdir", "path", false, false);
    int dir_fd = DEFAULT_DIR_FD;
    if (!PARSE(path_converter, &path, dir_fd_converter, &dir_fd))
        return NULL;
    return remove_at("os.rmdir", &path, dir_fd, AT_REMOVEDIR);
}

FN(unlink)
{
    ARGS("O&|$O&:unlink", "path", "dir_fd");
    PathArg path = PATH_ARG("unlink", "path", false, false);
    int dir_fd = DEFAULT_DIR_FD;
    if (!PARSE(path_converter, &path, dir_fd_converter, &dir_fd))
        return NULL;
    return remove_at("os.remove", &path, dir_fd, 0);
}

FN(remove)
{
    ARGS("O&|$O&:remove", "path", "dir_fd");
    PathArg path = PATH_ARG("remove", "path", false, false);
    int dir_fd = DEFAULT_DIR_FD;
    if (!PARSE(path_converter, &path, dir_fd_converter, &dir_fd))
        return NULL;
    return remove_at("os.remove", &path, dir_fd, 0);
}

static PyObject *rename_paths(PathArg *src, PathArg *dst, int src_dir_fd, int dst_dir_fd)
{
    int rc;
    PyObject *res = NULL;
    if (PySys_Audit("os.rename", "OOii", src->object, dst->object, audited_dir_fd(src_dir_fd),
                    audited_dir_fd(dst_dir_fd)) >= 0) {
        UNLOCKED(rc = renameat(src_dir_fd, src->narrow, dst_dir_fd, dst->narrow));
        res = rc < 0 ? path_error2(src, dst) : Py_NewRef(Py_None);
    }
    path_done(src);
    path_done(dst);
    return res;
}

FN(rename)
{
    ARGS("O&O&|$O&O&:rename", "src", "dst", "src_dir_fd", "dst_dir_fd");
    PathArg src = PATH_ARG("rename", "src", false, false),
            dst = PATH_ARG("rename", "dst", false, false);
    int src_dir_fd = DEFAULT_DIR_FD, dst_dir_fd = DEFAULT_DIR_FD;
    if (!PARSE(path_converter, &src, path_converter, &dst, dir_fd_converter, &src_dir_fd,
               dir_fd_converter, &dst_dir_fd))
        return NULL;
    return rename_paths(&src, &dst, src_dir_fd, dst_dir_fd);
}

FN(replace)
{
    ARGS("O&O&|$O&O&:replace", "src", "dst", "src_dir_fd", "dst_dir_fd");
    PathArg src = PATH_ARG("replace", "src", false, false),
            dst = PATH_ARG("replace", "dst", false, false);
    int src_dir_fd = DEFAULT_DIR_FD, dst_dir_fd = DEFAULT_DIR_FD;
    if (!PARSE(path_converter, &src, path_converter, &dst, dir_fd_converter, &src_dir_fd,
               dir_fd_converter, &dst_dir_fd))
        return NULL;
    return rename_paths(&src, &dst, src_dir_fd, dst_dir_fd);
}

FN(link)
{
    ARGS("O&O&|$O&O&p:link", "src", "dst", "src_dir_fd", "dst_dir_fd", "follow_symlinks");
    PathArg src = PATH_ARG("link", "src", false, false),
            dst = PATH_ARG("link", "dst", false, false);
    int src_dir_fd = DEFAULT_DIR_FD, dst_dir_fd = DEFAULT_DIR_FD, follow = 1, rc;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &src, path_converter, &dst, dir_fd_converter, &src_dir_fd,
               dir_fd_converter, &dst_dir_fd, &follow))
        return NULL;
    if (PySys_Audit("os.link", "OOii", src.object, dst.object, audited_dir_fd(src_dir_fd),
                    audited_dir_fd(dst_dir_fd)) >= 0) {
        /* link() without options does not follow; linkat is told to only when directories were
         * given. */
        bool plain = src_dir_fd == DEFAULT_DIR_FD && dst_dir_fd == DEFAULT_DIR_FD && follow;
        UNLOCKED(rc = plain ? link(src.narrow, dst.narrow)
                            : linkat(src_dir_fd, src.narrow, dst_dir_fd, dst.narrow,
                                     follow ? AT_SYMLINK_FOLLOW : 0));
        res = rc < 0 ? path_error2(&src, &dst) : Py_NewRef(Py_None);
    }
    path_done(&src);
    path_done(&dst);
    return res;
}

FN(symlink)
{
    ARGS("O&O&|p$O&:symlink", "src", "dst", "target_is_directory", "dir_fd");
    PathArg src = PATH_ARG("symlink", "src", false, false),
            dst = PATH_ARG("symlink", "dst", false, false);
    int is_directory = 0, dir_fd = DEFAULT_DIR_FD, rc;
    PyObject *res = NULL;
    if (!PARSE(path_converter, &src, path_converter, &dst, &is_directory, dir_fd_converter,
               &dir_fd))
        return NULL;
    if (PySys_Audit("os.symlink", "OOi", src.object, dst.object, audited_dir_fd(dir_fd)) >= 0) {
        UNLOCKED(rc = symlinkat(src.narrow, dir_fd, dst.narrow));
        res = rc < 0 ? path_error2(&src, &dst) : Py_NewRef(Py_None);
    }
    path_done(&src);
    path_done(&dst);
    return res;
}

FN(readlink)
{
    ARGS("O&|$O&:readlink", "path", "dir_fd");
    PathArg path = PATH_ARG("readlink", "path", false, false);
    int dir_fd = DEFAULT_DIR_FD;
    char buffer[PATH_MAX + 1];
    ssize_t n;
    if (!PARSE(path_converter, &path, dir_fd_converter, &dir_fd))
        return NULL;
    UNLOCKED(n = readlinkat(dir_fd, path.narrow, buffer, PATH_MAX));
    PyObject *res = n < 0                            ? path_error(&path)
                    : PyBytes_Check(path.object) ? PyBytes_FromStringAndSize(buffer, n)
                                                     : PyUnicode_DecodeFSDefaultAndSize(buffer, n);
    path_done(&path);
    return res;
}

FN(mkfifo)
{
    ARGS("O&|i$O&:mkfifo", "path", "mode", "dir_fd");
    PathArg path = PATH_ARG("mkfifo", "path", false, false);
    int mode = 0666, dir_fd = DEFAULT_DIR_FD, rc, signalled = 0;
    if (!PARSE(path_converter, &path, &mode, dir_fd_converter, &dir_fd))
        return NULL;
    RETRY_EINTR(rc, signalled, mkfifoat(dir_fd, path.narrow, (mode_t)mode));
    if (signalled) {
        path_done(&path);
        return NULL;
    }
    path_done(&path);
    return posix_done(rc);
}

FN(mknod)
{
    ARGS("O&|iO&$O&:mknod", "path", "mode", "device", "dir_fd");
    PathArg path = PATH_ARG("mknod", "path", false, false);
    int mode = 0600, dir_fd = DEFAULT_DIR_FD, rc, signalled = 0;
    dev_t device = 0;
    if (!PARSE(path_converter, &path, &mode, dev_converter, &device, dir_fd_converter, &dir_fd))
        return NULL;
    RETRY_EINTR(rc, signalled, mknodat(dir_fd, path.narrow, (mode_t)mode, device));
    path_done(&path);
    return signalled ? NULL : posix_done(rc);
}

FN1(major)
{
    dev_t device;
    if (!PARSEP("O&:major", dev_converter, &device))
        return NULL;
    return PyLong_FromLong((long)major(device));
}

FN1(minor)
{
    dev_t device;
    if (!PARSEP("O&:minor", dev_converter, &device))
        return NULL;
    return PyLong_FromLong((long)minor(device));
}

FNP(makedev)
{
    int ma, mi;
    if (!PARSEP("ii:makedev", &ma, &mi))
        return NULL;
    return PyLong_FromUnsignedLongLong(makedev((unsigned)ma, (unsigned)mi));
}

/* -- Current directory ----------------------------------------------------------------------- */

static PyObject *current_directory(bool as_bytes)
{
    char room[1024], *cwd, *allocated = NULL;
    UNLOCKED(cwd = getcwd(room, sizeof room);
             if (!cwd && errno == ERANGE) cwd = allocated = getcwd(NULL, 0));
    if (!cwd)
        return errno == ENOMEM ? PyErr_NoMemory() : posix_error();
    PyObject *res = as_bytes ? PyBytes_FromString(cwd) : PyUnicode_DecodeFSDefault(cwd);
    free(allocated);
    return res;
}

FN0(getcwd) { return current_directory(false); }
FN0(getcwdb) { return current_directory(true); }

FN(chdir)
{
    ARGS("O&:chdir", "path");
    PathArg path = PATH_ARG("chdir", "path", false, true);
    int rc;
    if (!PARSE(path_converter, &path))
        return NULL;
    if (PySys_Audit("os.chdir", "(O)", path.object) < 0) {
        path_done(&path);
        return NULL;
    }
    UNLOCKED(rc = path.fd != -1 ? fchdir(path.fd) : chdir(path_address(&path)));
    return path_result(&path, rc);
}

FN(fchdir)
{
    ARGS("O:fchdir", "fd");
    PyObject *file;
    int fd, rc, signalled = 0;
    if (!PARSE(&file) || (fd = PyObject_AsFileDescriptor(file)) < 0 ||
        PySys_Audit("os.chdir", "(i)", fd) < 0)
        return NULL;
    RETRY_EINTR(rc, signalled, fchdir(fd));
    return signalled ? NULL : posix_done(rc);
}

FN(chroot)
{
    ARGS("O&:chroot", "path");
    PathArg path = PATH_ARG("chroot", "path", false, false);
    int rc;
    if (!PARSE(path_converter, &path))
        return NULL;
    UNLOCKED(rc = chroot(path.narrow));
    return path_result(&path, rc);
}

/* -- Text of paths --------------------------------------------------------------------------- */

FN(fspath)
{
    ARGS("O:fspath", "path");
    PyObject *row[1];
    return ROW(row, 1, 1) ? PyOS_FSPath(row[0]) : NULL;
}

/* One pass: drops empty and "." components, ".." takes the last kept one; two leading slashes stay
 * two (POSIX). Both have room for n characters of that kind; the length is returned: 0
 * for what os.path calls ".". */
static Py_ssize_t path_normalise(int kind, const char *in, Py_ssize_t n, char *out)
{
#define IN(i) PyUnicode_READ(kind, in, i)
#define PUT(c) PyUnicode_WRITE(kind, out, o++, c)
    Py_ssize_t i = 0, o = 0, root;
    if (n == 1) { /* also "." stays */
        memcpy(out, in, (size_t)kind);
        return 1;
    }
    while (i < n && IN(i) == '/')
        i++;
    root = i == 2 ? 2 : i > 0;
    while (o < root)
        PUT('/');
    Py_ssize_t floor = o; /* ".." cannot take what lies before */
    while (i < n) {
        Py_ssize_t start = i;
        while (i < n && IN(i) != '/')
            i++;
        Py_ssize_t length = i - start;
        while (i < n && IN(i) == '/')
            i++;
        if (length == 1 && IN(start) == '.')
            continue;
        bool up = length == 2 && IN(start) == '.' && IN(start + 1) == '.';
        if (up && o > floor) {
            while (o > floor && PyUnicode_READ(kind, out, --o) != '/') {
            }
            continue;
        }
        if (up && root)
            continue;
        if (o > root)
            PUT('/');
        memcpy(out + o * kind, in + start * kind, (size_t)(length * kind));
        o += length;
        if (up)
            floor = o;
    }
    return o;
#undef IN
#undef PUT
}

FN(_path_normpath)
{
    ARGS("O:_path_normpath", "path");
    PyObject *row[1];
    if (!ROW(row, 1, 1))
        return NULL;
    if (!PyUnicode_Check(row[0]))
        return PyErr_Format(PyExc_TypeError, "expected 'str', not '%.200s'",
                            Py_TYPE(row[0])->tp_name);
    if (PyUnicode_READY(row[0]) < 0)
        return NULL;
    int kind = PyUnicode_KIND(row[0]);
    size_t size = (size_t)PyUnicode_GET_LENGTH(row[0]) * (size_t)kind;
    char room[512], *out = size <= sizeof room ? room : PyMem_Malloc(size);
    if (!out)
        return PyErr_NoMemory();
    Py_ssize_t n =
        path_normalise(kind, PyUnicode_DATA(row[0]), PyUnicode_GET_LENGTH(row[0]), out);
    PyObject *res = PyUnicode_FromKindAndData(kind, out, n);
    if (out != room)
        PyMem_Free(out);
    return res;
}

PyMethodDef posix_names_methods[] = {
    METHOD(mkdir, "($module, /, path, mode=511, *, dir_fd=None)", "Create a directory."),
    METHOD(rmdir, "($module, /, path, *, dir_fd=None)", "Remove an empty directory."),
    METHOD(unlink, "($module, /, path, *, dir_fd=None)", "Remove a file."),
    METHOD(remove, "($module, /, path, *, dir_fd=None)", "Remove a file."),
    METHOD(rename, "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
           "Rename a file or directory."),
    METHOD(replace, "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
           "Give a file or directory another name; a file that has it is replaced."),
    METHOD(
        link,
        "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,\n     follow_symlinks=True)",
        "Create a hard link."),
    METHOD(symlink, "($module, /, src, dst, target_is_directory=False, *, dir_fd=None)",
           "Create a symbolic link dst that points to src."),
    METHOD(readlink, "($module, /, path, *, dir_fd=None)", "Text of a symbolic link."),
    METHOD(mkfifo, "($module, /, path, mode=438, *, dir_fd=None)", "Create a named pipe."),
    METHOD(mknod, "($module, /, path, mode=384, device=0, *, dir_fd=None)",
           "Create a node: file, device or named pipe."),
    METHOD1(major, "($module, device, /)", "Major number of a device."),
    METHOD1(minor, "($module, device, /)", "Minor number of a device."),
    METHODP(makedev, "($module, major, minor, /)", "Device from major and minor numbers."),
    METHOD0(getcwd, "Current directory as str."),
    METHOD0(getcwdb, "Current directory as bytes."),
    METHOD(chdir, "($module, /, path)",
           "Change the current directory to a path or an open directory."),
    METHOD(fchdir, "($module, /, fd)", "Change the current directory to an open one."),
    METHOD(chroot, "($module, /, path)", "Change the root directory."),
    METHOD(fspath, "($module, /, path)",
           "Return the str or bytes of a path-like object (PEP 519)."),
    METHOD(_path_normpath, "($module, /, path)", "Normalise a str path as os.path.normpath does."),
    {NULL},
};
