/* SPDX-License-Identifier: MIT
 *
 * Module _stat: reading the st_mode field of a stat result, and the names of its bits.
 */
#include "vitro.h"
#include <sys/stat.h>

/* A mode argument; (mode_t)-1 with an exception for a bad one. */
static mode_t stat_mode(PyObject *object)
{
    unsigned long value = PyLong_AsUnsignedLong(object);
    if (value == (unsigned long)-1 && PyErr_Occurred())
        return (mode_t)-1;
    if ((unsigned long)(mode_t)value != value) {
        PyErr_SetString(PyExc_OverflowError, "mode out of range");
        return (mode_t)-1;
    }
    return (mode_t)value;
}

#define TEST(name, expr) \
    static PyObject *stat_##name(PyObject *module, PyObject *arg) \
    { \
        mode_t mode = stat_mode(arg); \
        return mode == (mode_t)-1 && PyErr_Occurred() ? NULL : (expr); \
    }

TEST(S_ISDIR, PyBool_FromLong(S_ISDIR(mode)))
TEST(S_ISCHR, PyBool_FromLong(S_ISCHR(mode)))
TEST(S_ISBLK, PyBool_FromLong(S_ISBLK(mode)))
TEST(S_ISREG, PyBool_FromLong(S_ISREG(mode)))
TEST(S_ISFIFO, PyBool_FromLong(S_ISFIFO(mode)))
TEST(S_ISLNK, PyBool_FromLong(S_ISLNK(mode)))
TEST(S_ISSOCK, PyBool_FromLong(S_ISSOCK(mode)))
/* Kinds of file that Linux does not have. */
TEST(S_ISDOOR, PyBool_FromLong(0))
TEST(S_ISPORT, PyBool_FromLong(0))
TEST(S_ISWHT, PyBool_FromLong(0))
TEST(S_IMODE, PyLong_FromUnsignedLong(mode & 07777))
TEST(S_IFMT, PyLong_FromUnsignedLong(mode & S_IFMT))

static char stat_kind(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
    }
}

/* One rwx group; `special` is the letter that a set-id or sticky bit puts over the x. */
static void stat_group(char *to, unsigned bits, bool set, char special)
{
    to[0] = bits & 4 ? 'r' : '-';
    to[1] = bits & 2 ? 'w' : '-';
    to[2] = set ? (bits & 1 ? special : (char)(special - 'a' + 'A')) : bits & 1 ? 'x' : '-';
}

static PyObject *stat_filemode(PyObject *module, PyObject *arg)
{
    mode_t mode = stat_mode(arg);
    char text[10];
    if (mode == (mode_t)-1 && PyErr_Occurred())
        return NULL;
    text[0] = stat_kind(mode);
    stat_group(text + 1, mode >> 6 & 7, mode & S_ISUID, 's');
    stat_group(text + 4, mode >> 3 & 7, mode & S_ISGID, 's');
    stat_group(text + 7, mode & 7, mode & S_ISVTX, 't');
    return PyUnicode_FromStringAndSize(text, sizeof text);
}

#define KIND(name, what)                                                                           \
    {                                                                                              \
#name, stat_##name, METH_O,                                                                \
            #name "(mode) -> bool\n\nWhether the mode is that of " what "."                        \
    }
static PyMethodDef methods[] = {
    KIND(S_ISDIR, "a directory"),
    KIND(S_ISCHR, "a character device"),
    KIND(S_ISBLK, "a block device"),
    KIND(S_ISREG, "a regular file"),
    KIND(S_ISFIFO, "a named pipe"),
    KIND(S_ISLNK, "a symbolic link"),
    KIND(S_ISSOCK, "a socket"),
    KIND(S_ISDOOR, "a door"),
    KIND(S_ISPORT, "an event port"),
    KIND(S_ISWHT, "a whiteout"),
    {"S_IMODE", stat_S_IMODE, METH_O, "The bits that os.chmod() can set."},
    {"S_IFMT", stat_S_IFMT, METH_O, "The bits that tell the kind of file."},
    {"filemode", stat_filemode, METH_O, "The mode as ls -l shows it, such as '-rwxr-xr-x'."},
    {NULL, NULL, 0, NULL},
};

#define N(name) {#name, name}
static const struct {
    const char *name;
    unsigned long value;
} numbers[] = {
    N(S_IFDIR),
    N(S_IFCHR),
    N(S_IFBLK),
    N(S_IFREG),
    N(S_IFIFO),
    N(S_IFLNK),
    N(S_IFSOCK),
    {"S_IFDOOR", 0},
    {"S_IFPORT", 0},
    {"S_IFWHT", 0},
    N(S_ISUID),
    N(S_ISGID),
    N(S_ISVTX),
    {"S_ENFMT", S_ISGID},
    {"S_IREAD", S_IRUSR},
    {"S_IWRITE", S_IWUSR},
    {"S_IEXEC", S_IXUSR},
    N(S_IRWXU),
    N(S_IRUSR),
    N(S_IWUSR),
    N(S_IXUSR),
    N(S_IRWXG),
    N(S_IRGRP),
    N(S_IWGRP),
    N(S_IXGRP),
    N(S_IRWXO),
    N(S_IROTH),
    N(S_IWOTH),
    N(S_IXOTH),
    {"UF_NODUMP", 0x1},
    {"UF_IMMUTABLE", 0x2},
    {"UF_APPEND", 0x4},
    {"UF_OPAQUE", 0x8},
    {"UF_NOUNLINK", 0x10},
    {"UF_COMPRESSED", 0x20},
    {"UF_HIDDEN", 0x8000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_APPEND", 0x40000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
    {"ST_MODE", 0},
    {"ST_INO", 1},
    {"ST_DEV", 2},
    {"ST_NLINK", 3},
    {"ST_UID", 4},
    {"ST_GID", 5},
    {"ST_SIZE", 6},
    {"ST_ATIME", 7},
    {"ST_MTIME", 8},
    {"ST_CTIME", 9},
};

static int stat_exec(PyObject *module)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(numbers); i++)
        if (PyModule_AddIntConstant(module, numbers[i].name, (long)numbers[i].value) < 0)
            return -1;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, stat_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_stat",
    .m_methods = methods,
    .m_slots = slots,
    .m_doc = "Bits of st_mode: tests (S_IS...), parts (S_IMODE, S_IFMT), names (S_IF..., S_I...), "
             "indices (ST_...).",
};

PyMODINIT_FUNC PyInit__stat(void) { return PyModuleDef_Init(&module_def); }
