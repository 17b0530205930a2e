/* SPDX-License-Identifier: MIT
 *
 * Path arguments: str, bytes, os.PathLike, and where a function allows it an open descriptor or
 * None, become file-system encoded bytes (PEP 519, PEP 383). Also converters for ids and devices,
 * and OSError helpers.
 *
 * Ownership: PathArg owns `object` and `cleanup`; path_done drops both. The argument parser calls
 * the converter with NULL to clean up after a later argument failed.
 */
#include "posix_impl.h"

#include <sys/sysmacros.h>

/* -- Paths ----------------------------------------------------------------------------------- */

void path_done(PathArg *path)
{
    Py_CLEAR(path->object);
    Py_CLEAR(path->cleanup);
}

static int path_wrong_type(PathArg *path, PyObject *o)
{
    PyErr_Format(PyExc_TypeError, "%s%s%s should be %s, not %.200s",
                 path->function ? path->function : "", path->function ? ": " : "",
                 path->argument ? path->argument : "path",
                 path->allow_fd && path->nullable ? "string, bytes, os.PathLike, integer or None"
                 : path->allow_fd                 ? "string, bytes, os.PathLike or integer"
                 : path->nullable                 ? "string, bytes, os.PathLike or None"
                                                  : "string, bytes or os.PathLike",
                 Py_TYPE(o)->tp_name);
    return 0;
}

static int fd_value(PyObject *o, int *fd)
{
    int overflow;
    PyObject *index = PyNumber_Index(o);
    if (!index)
        return 0;
    long value = PyLong_AsLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (overflow > 0 || value > INT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "fd is greater than maximum");
        return 0;
    }
    if (overflow < 0 || value < INT_MIN) {
        PyErr_SetString(PyExc_OverflowError, "fd is less than minimum");
        return 0;
    }
    *fd = (int)value;
    return 1;
}

/* The str or bytes behind an os.PathLike: owned. */
static PyObject *path_from_pathlike(PathArg *path, PyObject *o)
{
    PyObject *func = _PyType_Lookup(Py_TYPE(o), ID(__fspath__)); /* borrowed */
    if (!func) {
        path_wrong_type(path, o);
        return NULL;
    }
    descrgetfunc get = Py_TYPE(func)->tp_descr_get;
    func = get ? get(func, o, (PyObject *)Py_TYPE(o)) : Py_NewRef(func);
    PyObject *res = func ? PyObject_CallNoArgs(func) : NULL;
    Py_XDECREF(func);
    if (res && !PyUnicode_Check(res) && !PyBytes_Check(res)) {
        PyErr_Format(PyExc_TypeError,
                     "expected %.200s.__fspath__() to return str or bytes, not %.200s",
                     Py_TYPE(o)->tp_name, Py_TYPE(res)->tp_name);
        Py_CLEAR(res);
    }
    return res;
}

static int path_take_bytes(PathArg *path, PyObject *bytes)
{
    path->length = PyBytes_GET_SIZE(bytes);
    path->narrow = PyBytes_AS_STRING(bytes);
    path->cleanup = bytes;
    if (strlen(path->narrow) == (size_t)path->length)
        return 1;
    PyErr_Format(PyExc_ValueError, "%s%sembedded null character in %s",
                 path->function ? path->function : "", path->function ? ": " : "",
                 path->argument ? path->argument : "path");
    return 0;
}

int path_converter(PyObject *o, void *p)
{
    PathArg *path = p;
    PyObject *bytes = NULL, *source = NULL;

    if (!o) {
        path_done(path);
        return 1;
    }
    path->object = path->cleanup = NULL;
    path->narrow = NULL;
    path->fd = -1;
    path->object = Py_NewRef(o);
    if (path->nullable && o == Py_None)
        return 1;
    if (path->allow_fd && PyIndex_Check(o)) {
        if (!fd_value(o, &path->fd))
            goto fail;
        return Py_CLEANUP_SUPPORTED;
    }
    source = PyUnicode_Check(o) || PyBytes_Check(o) || PyObject_CheckBuffer(o)
                 ? Py_NewRef(o)
                 : path_from_pathlike(path, o);
    if (!source)
        goto fail;
    /* Errors name the path that an object stands for, and results are text of its kind. */
    Py_SETREF(path->object, Py_NewRef(source));
    if (PyUnicode_Check(source)) {
        if (!PyUnicode_FSConverter(source, &bytes))
            goto fail;
    } else if (PyBytes_Check(source)) {
        bytes = Py_NewRef(source);
    } else {
        if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1, "%s%s%s should be %s, not %.200s",
                             path->function ? path->function : "", path->function ? ": " : "",
                             path->argument ? path->argument : "path",
                             path->allow_fd && path->nullable
                                 ? "string, bytes, os.PathLike, integer or None"
                             : path->allow_fd ? "string, bytes, os.PathLike or integer"
                             : path->nullable ? "string, bytes, os.PathLike or None"
                                              : "string, bytes or os.PathLike",
                             Py_TYPE(o)->tp_name))
            goto fail;
        bytes = PyBytes_FromObject(source);
        if (!bytes)
            goto fail;
    }
    Py_CLEAR(source);
    if (!path_take_bytes(path, bytes))
        goto fail;
    return Py_CLEANUP_SUPPORTED;
fail:
    Py_XDECREF(source);
    path_done(path);
    return 0;
}

int dir_fd_converter(PyObject *o, void *p)
{
    if (o == Py_None) {
        *(int *)p = DEFAULT_DIR_FD;
        return 1;
    }
    if (PyIndex_Check(o))
        return fd_value(o, p);
    PyErr_Format(PyExc_TypeError, "argument should be integer or None, not %.200s",
                 Py_TYPE(o)->tp_name);
    return 0;
}

bool path_dir_fd_conflict(const char *function, PathArg *path, int dir_fd)
{
    if (path->narrow || dir_fd == DEFAULT_DIR_FD)
        return false;
    PyErr_Format(PyExc_ValueError, "%s: can't specify dir_fd without matching path", function);
    return true;
}

bool dir_fd_fd_conflict(const char *function, int dir_fd, int fd)
{
    if (dir_fd == DEFAULT_DIR_FD || fd == -1)
        return false;
    PyErr_Format(PyExc_ValueError, "%s: can't specify both dir_fd and fd", function);
    return true;
}

bool path_fd_follow_conflict(const char *function, int fd, int follow_symlinks)
{
    if (fd <= 0 || follow_symlinks)
        return false;
    PyErr_Format(PyExc_ValueError, "%s: cannot use fd and follow_symlinks together", function);
    return true;
}

/* -- Ids, devices, offsets ------------------------------------------------------------------- */

/* uid_t and gid_t are 32-bit unsigned; -1 is allowed and means "leave". */
static int id_convert(PyObject *o, unsigned *out, const char *name)
{
    int overflow;
    PyObject *index = PyNumber_Index(o);
    if (!index) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            PyErr_Format(PyExc_TypeError, "%s should be integer, not %.200s", name,
                         Py_TYPE(o)->tp_name);
        return 0;
    }
    long value = PyLong_AsLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (!overflow && value >= -1 && value <= (long)UINT32_MAX) {
        *out = (unsigned)value;
        return 1;
    }
    PyErr_Format(PyExc_OverflowError,
                 overflow < 0 || (!overflow && value < 0) ? "%s is less than minimum"
                                                          : "%s is greater than maximum",
                 name);
    return 0;
}

int uid_converter(PyObject *o, void *p) { return id_convert(o, p, "uid"); }
int gid_converter(PyObject *o, void *p) { return id_convert(o, p, "gid"); }

PyObject *uid_to_object(uid_t uid)
{
    return uid == (uid_t)-1 ? PyLong_FromLong(-1) : PyLong_FromUnsignedLong(uid);
}

PyObject *gid_to_object(gid_t gid) { return uid_to_object(gid); }

/* The same under the names that shipped modules import. */
EXPORT int _Py_Uid_Converter(PyObject *, uid_t *);
EXPORT int _Py_Gid_Converter(PyObject *, gid_t *);
EXPORT PyObject *_PyLong_FromUid(uid_t);
EXPORT PyObject *_PyLong_FromGid(gid_t);
int _Py_Uid_Converter(PyObject *o, uid_t *uid) { return uid_converter(o, uid); }
int _Py_Gid_Converter(PyObject *o, gid_t *gid) { return gid_converter(o, gid); }
PyObject *_PyLong_FromUid(uid_t uid) { return uid_to_object(uid); }
PyObject *_PyLong_FromGid(gid_t gid) { return gid_to_object(gid); }

int dev_converter(PyObject *o, void *p)
{
    *(dev_t *)p = PyLong_AsUnsignedLongLong(o);
    return !(*(dev_t *)p == (dev_t)-1 && PyErr_Occurred());
}

int off_converter(PyObject *o, void *p)
{
    *(off_t *)p = PyLong_AsLongLong(o);
    return !PyErr_Occurred();
}

int pid_converter(PyObject *o, void *p)
{
    long n = PyLong_AsLong(o);
    if (n == -1 && PyErr_Occurred())
        return 0;
    if (n < INT_MIN || n > INT_MAX) {
        PyErr_SetString(PyExc_OverflowError, n < 0 ? "signed integer is less than minimum"
                                                   : "signed integer is greater than maximum");
        return 0;
    }
    *(pid_t *)p = (pid_t)n;
    return 1;
}

/* -- Errors ---------------------------------------------------------------------------------- */

PyObject *posix_error(void) { return PyErr_SetFromErrno(PyExc_OSError); }

PyObject *path_error(PathArg *path)
{
    return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path->object);
}

PyObject *path_error2(PathArg *a, PathArg *b)
{
    return PyErr_SetFromErrnoWithFilenameObjects(PyExc_OSError, a->object, b->object);
}

PyObject *posix_done(int rc)
{
    if (rc < 0)
        return posix_error();
    Py_RETURN_NONE;
}
