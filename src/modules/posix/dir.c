/* SPDX-License-Identifier: MIT
 *
 * Reading directories: listdir, and scandir with its DirEntry objects.
 *
 * A DirEntry knows its inode and type from readdir and asks stat only when that is not enough; both
 * stat results are kept. An iterator that was not exhausted closes its directory with a
 * ResourceWarning, like a file.
 */
#include "posix_impl.h"

#include <dirent.h>

typedef struct {
    PyObject_HEAD
    PyObject *name, *path;      /* strong: str or bytes, as the caller's path was */
    PyObject *stat, *lstat;     /* strong, NULL until asked */
    unsigned char d_type;       /* DT_… */
    ino_t inode;
    int dir_fd; /* directory it was read from when scandir() got a descriptor, else AT_FDCWD */
} DirEntry;

typedef struct {
    PyObject_HEAD
    PathArg path;
    DIR *dir;                   /* NULL once closed */
    int fd;                     /* duplicate of the caller's descriptor, or -1 */
} ScandirIterator;

static bool is_dot(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* A name in the caller's kind: bytes for a bytes path, else str. */
static PyObject *name_object(const PathArg *path, const char *name)
{
    bool bytes = path->object && path->object != Py_None && path->fd == -1 &&
                 (PyBytes_Check(path->object) ||
                  (!PyUnicode_Check(path->object) && PyObject_CheckBuffer(path->object)));
    return bytes ? PyBytes_FromString(name) : PyUnicode_DecodeFSDefault(name);
}

/* Opens the directory of a path argument; a descriptor is duplicated, so that closing the stream
 * leaves it open. */
static DIR *open_directory(PathArg *path)
{
    DIR *dir;
    if (path->fd == -1) {
        UNLOCKED(dir = opendir(path->narrow ? path->narrow : "."));
        return dir;
    }
    int fd = fcntl(path->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return NULL;
    UNLOCKED(dir = fdopendir(fd));
    if (!dir)
        close(fd);
    else
        rewinddir(dir);
    return dir;
}

static PyObject *open_error(PathArg *path)
{
    /* The copy of a descriptor failed: that one is not named. */
    if (path->fd != -1 && errno != ENOTDIR)
        return posix_error();
    return path->fd != -1 || (path->object && path->object != Py_None) ? path_error(path)
                                                                       : posix_error();
}

/* A descriptor is listed by a duplicate, which shares its position: that is set back afterwards. */
FN(listdir)
{
    ARGS("|O&:listdir", "path");
    PathArg path = PATH_ARG("listdir", "path", true, true);
    struct dirent *entry;
    PyObject *list = NULL;
    if (!PARSE(path_converter, &path))
        return NULL;
    if (PySys_Audit("os.listdir", "O", path.object ? path.object : Py_None) < 0) {
        path_done(&path);
        return NULL;
    }
    DIR *dir = open_directory(&path);
    if (!dir) {
        open_error(&path);
        path_done(&path);
        return NULL;
    }
    list = PyList_New(0);
    while (list) {
        errno = 0;
        UNLOCKED(entry = readdir(dir));
        if (!entry) {
            if (errno) {
                open_error(&path);
                Py_CLEAR(list);
            }
            break;
        }
        if (is_dot(entry->d_name))
            continue;
        PyObject *name = name_object(&path, entry->d_name);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    if (path.fd > -1)
        rewinddir(dir);
    UNLOCKED(closedir(dir));
    path_done(&path);
    return list;
}

/* -- DirEntry -------------------------------------------------------------------------------- */

static void direntry_dealloc(DirEntry *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(self->name);
    Py_XDECREF(self->path);
    Py_XDECREF(self->stat);
    Py_XDECREF(self->lstat);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *direntry_repr(DirEntry *self)
{
    return PyUnicode_FromFormat("<DirEntry %R>", self->name);
}

static PyObject *direntry_fetch_stat(PyTypeObject *cls, DirEntry *self, int follow)
{
    PathArg path = PATH_ARG("DirEntry", NULL, false, false);
    PyObject *module = PyType_GetModule(cls);
    struct stat st;
    int rc;
    if (!path_converter(self->path, &path))
        return NULL;
    const char *name = path.narrow;
    if (self->dir_fd != DEFAULT_DIR_FD) {
        const char *slash = strrchr(name, '/');
        name = slash ? slash + 1 : name;
    }
    UNLOCKED(rc = fstatat(self->dir_fd, name, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    PyObject *res = rc < 0 ? path_error(&path) : stat_to_object(module, &st);
    path_done(&path);
    return res;
}

/* Both stats are kept; for anything but a symbolic link they are the same object. */
static PyObject *direntry_get_stat(PyTypeObject *cls, DirEntry *self, int follow)
{
    PyObject **slot = !follow || self->d_type == DT_LNK || self->d_type == DT_UNKNOWN
                          ? (follow ? &self->stat : &self->lstat)
                          : &self->lstat;
    if (!*slot)
        *slot = direntry_fetch_stat(cls, self, slot == &self->stat);
    return Py_XNewRef(*slot);
}

/* Parses the one keyword follow_symlinks=True; -1 with TypeError. */
static int follow_argument(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                           _PyArg_Parser *parser)
{
    int follow = 1;
    return _PyArg_ParseStackAndKeywords(args, nargs, kwnames, parser, &follow) ? follow : -1;
}
static const char *const follow_keywords[] = { "follow_symlinks", NULL };

static PyObject *direntry_stat(DirEntry *self, PyTypeObject *cls, PyObject *const *args,
                               Py_ssize_t nargs, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .format = "|$p:stat", .keywords = follow_keywords };
    int follow = follow_argument(args, nargs, kwnames, &parser);
    return follow < 0 ? NULL : direntry_get_stat(cls, self, follow);
}

/* 1, 0, or -1 with an exception; a file that is gone is neither directory nor file. */
static int direntry_has_mode(PyTypeObject *cls, DirEntry *self, int follow, mode_t mode)
{
    bool link = self->d_type == DT_LNK;
    if (self->d_type != DT_UNKNOWN && !(follow && link)) {
        if (link)
            return mode == S_IFLNK;
        return mode == S_IFDIR   ? self->d_type == DT_DIR
               : mode == S_IFREG ? self->d_type == DT_REG
                                 : 0;
    }
    PyObject *st = direntry_get_stat(cls, self, follow);
    if (!st) {
        if (!PyErr_ExceptionMatches(PyExc_FileNotFoundError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    long value = PyLong_AsLong(PyStructSequence_GET_ITEM(st, 0));
    Py_DECREF(st);
    return value == -1 && PyErr_Occurred() ? -1 : (mode_t)(value & S_IFMT) == mode;
}

static PyObject *bool_result(int value) { return value < 0 ? NULL : PyBool_FromLong(value); }

static PyObject *direntry_is_dir(DirEntry *self, PyTypeObject *cls, PyObject *const *args,
                                 Py_ssize_t nargs, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .format = "|$p:is_dir", .keywords = follow_keywords };
    int follow = follow_argument(args, nargs, kwnames, &parser);
    return follow < 0 ? NULL : bool_result(direntry_has_mode(cls, self, follow, S_IFDIR));
}

static PyObject *direntry_is_file(DirEntry *self, PyTypeObject *cls, PyObject *const *args,
                                  Py_ssize_t nargs, PyObject *kwnames)
{
    static _PyArg_Parser parser = { .format = "|$p:is_file", .keywords = follow_keywords };
    int follow = follow_argument(args, nargs, kwnames, &parser);
    return follow < 0 ? NULL : bool_result(direntry_has_mode(cls, self, follow, S_IFREG));
}

static PyObject *direntry_is_symlink(DirEntry *self, PyTypeObject *cls, PyObject *const *args,
                                     Py_ssize_t nargs, PyObject *kwnames)
{
    static const char *const none[] = { NULL };
    static _PyArg_Parser parser = { .format = ":is_symlink", .keywords = none };
    if (!_PyArg_ParseStackAndKeywords(args, nargs, kwnames, &parser))
        return NULL;
    return bool_result(direntry_has_mode(cls, self, 0, S_IFLNK));
}

static PyObject *direntry_inode(DirEntry *self, PyObject *unused)
{
    return PyLong_FromUnsignedLongLong(self->inode);
}
static PyObject *direntry_fspath(DirEntry *self, PyObject *unused) { return Py_NewRef(self->path); }

#define ENTRY_METHOD(name, sig, doc)                                                               \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))direntry_##name,                                       \
            METH_METHOD | METH_FASTCALL | METH_KEYWORDS, #name sig "\n--\n\n" doc                  \
    }
static PyMethodDef direntry_methods[] = {
    ENTRY_METHOD(is_dir, "($self, /, *, follow_symlinks=True)",
                 "True when the entry is a directory; kept per entry."),
    ENTRY_METHOD(is_file, "($self, /, *, follow_symlinks=True)",
                 "True when the entry is a file; kept per entry."),
    ENTRY_METHOD(is_symlink, "($self, /)",
                 "True when the entry is a symbolic link; kept per entry."),
    ENTRY_METHOD(stat, "($self, /, *, follow_symlinks=True)",
                 "os.stat_result of the entry; kept per entry."),
    {"inode", (PyCFunction)direntry_inode, METH_NOARGS,
     "inode($self, /)\n--\n\nInode of the entry; kept per entry."},
    {"__fspath__", (PyCFunction)direntry_fspath, METH_NOARGS,
     "__fspath__($self, /)\n--\n\nThe path of the entry."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};
static PyMemberDef direntry_members[] = {
    {"name", T_OBJECT_EX, offsetof(DirEntry, name), READONLY,
     "name of the entry within the directory that was scanned"},
    {"path", T_OBJECT_EX, offsetof(DirEntry, path), READONLY,
     "name of the entry behind the path that was given to scandir()"},
    {NULL},
};
static PyType_Slot direntry_slots[] = {
    { Py_tp_dealloc, direntry_dealloc }, { Py_tp_repr, direntry_repr },
    { Py_tp_methods, direntry_methods }, { Py_tp_members, direntry_members }, { 0, NULL },
};
static PyType_Spec direntry_spec = {"posix.DirEntry", sizeof(DirEntry), 0,
                                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                    direntry_slots};

/* dir + "/" + name in the kind of the caller's path; the bare name when scandir got a descriptor.
 */
static PyObject *join_path(const PathArg *path, const char *name)
{
    const char *dir = path->narrow ? path->narrow : path->fd != -1 ? "" : ".";
    size_t n = strlen(dir), m = strlen(name);
    char *buffer = PyMem_Malloc(n + m + 2);
    if (!buffer)
        return PyErr_NoMemory();
    memcpy(buffer, dir, n);
    if (n && dir[n - 1] != '/')
        buffer[n++] = '/';
    memcpy(buffer + n, name, m + 1);
    PyObject *res = name_object(path, buffer);
    PyMem_Free(buffer);
    return res;
}

static PyObject *direntry_new(PyTypeObject *type, ScandirIterator *it, const struct dirent *entry)
{
    DirEntry *self = PyObject_New(DirEntry, type);
    if (!self)
        return NULL;
    self->stat = self->lstat = self->path = NULL;
    self->d_type = entry->d_type;
    self->inode = entry->d_ino;
    self->dir_fd = it->path.fd == -1 ? DEFAULT_DIR_FD : it->path.fd;
    self->name = name_object(&it->path, entry->d_name);
    if (self->name)
        self->path =
            it->path.fd != -1 ? Py_NewRef(self->name) : join_path(&it->path, entry->d_name);
    if (!self->path)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* -- The iterator ---------------------------------------------------------------------------- */

static void scandir_close_directory(ScandirIterator *it)
{
    DIR *dir = it->dir;
    it->dir = NULL;
    if (dir)
        UNLOCKED({ if (it->path.fd != -1) rewinddir(dir); closedir(dir); });
}

static PyObject *scandir_next(ScandirIterator *it)
{
    struct dirent *entry;
    while (it->dir) {
        errno = 0;
        UNLOCKED(entry = readdir(it->dir));
        if (!entry) {
            if (errno)
                path_error(&it->path);
            break;
        }
        if (is_dot(entry->d_name))
            continue;
        PyObject *module = PyType_GetModule(Py_TYPE(it));
        PyObject *res = direntry_new(posix_state(module)->DirEntry, it, entry);
        if (res)
            return res;
        break;
    }
    scandir_close_directory(it);
    return NULL;
}

static PyObject *scandir_close(ScandirIterator *it, PyObject *unused)
{
    scandir_close_directory(it);
    Py_RETURN_NONE;
}

static PyObject *scandir_enter(PyObject *self, PyObject *unused) { return Py_NewRef(self); }

static PyObject *scandir_exit(ScandirIterator *it, PyObject *args)
{
    scandir_close_directory(it);
    Py_RETURN_NONE;
}

static void scandir_finalize(ScandirIterator *it)
{
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    if (it->dir) {
        if (PyErr_ResourceWarning((PyObject *)it, 1, "unclosed scandir iterator %R", it) < 0 &&
            PyErr_ExceptionMatches(PyExc_Warning))
            PyErr_WriteUnraisable((PyObject *)it);
        scandir_close_directory(it);
    }
    path_done(&it->path);
    PyErr_Restore(type, value, tb);
}

static void scandir_dealloc(ScandirIterator *it)
{
    PyTypeObject *type = Py_TYPE(it);
    if (PyObject_CallFinalizerFromDealloc((PyObject *)it) < 0)
        return;
    PyObject_Free(it);
    Py_DECREF(type);
}

static PyMethodDef scandir_methods[] = {
    { "__enter__", scandir_enter, METH_NOARGS, NULL },
    { "__exit__", (PyCFunction)scandir_exit, METH_VARARGS, NULL },
    { "close", (PyCFunction)scandir_close, METH_NOARGS, NULL },
    { NULL },
};
static PyType_Slot scandir_slots[] = {
    {Py_tp_dealloc, scandir_dealloc}, {Py_tp_finalize, scandir_finalize},
    {Py_tp_iter, PyObject_SelfIter},  {Py_tp_iternext, scandir_next},
    {Py_tp_methods, scandir_methods}, {0, NULL},
};
static PyType_Spec scandir_spec = {"posix.ScandirIterator", sizeof(ScandirIterator), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_FINALIZE |
                                       Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                   scandir_slots};

/* The iterator takes over `path` with what it owns. */
FN(scandir)
{
    ARGS("|O&:scandir", "path");
    PathArg path = PATH_ARG("scandir", "path", true, true);
    if (!PARSE(path_converter, &path))
        return NULL;
    if (PySys_Audit("os.scandir", "O", path.object ? path.object : Py_None) < 0) {
        path_done(&path);
        return NULL;
    }
    ScandirIterator *it = PyObject_New(ScandirIterator, posix_state(module)->ScandirIterator);
    if (!it) {
        path_done(&path);
        return NULL;
    }
    it->path = path;
    it->fd = -1;
    it->dir = open_directory(&it->path);
    if (!it->dir) {
        open_error(&it->path);
        Py_CLEAR(it);
    }
    return (PyObject *)it;
}

int posix_dir_init(PyObject *module)
{
    PosixState *state = posix_state(module);
    state->ScandirIterator = (PyTypeObject *)PyType_FromModuleAndSpec(module, &scandir_spec, NULL);
    state->DirEntry = (PyTypeObject *)PyType_FromModuleAndSpec(module, &direntry_spec, NULL);
    return !state->ScandirIterator || !state->DirEntry
               ? -1
               : PyModule_AddObjectRef(module, "DirEntry", (PyObject *)state->DirEntry);
}

PyMethodDef posix_dir_methods[] = {
    METHOD(listdir, "($module, /, path=None)",
           "Names in a directory, without '.' and '..', in arbitrary order."),
    METHOD(scandir, "($module, /, path=None)",
           "Iterator of os.DirEntry over a directory; also a context manager."),
    {NULL},
};
