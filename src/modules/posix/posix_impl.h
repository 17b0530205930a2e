/* SPDX-License-Identifier: MIT
 *
 * Shared inside posix/: argument shorthand, path arguments, errors, and the method tables that
 * module.c joins.
 *
 * A function is written  FN(name) { ARGS("O&|i", "path", "flags"); if (!PARSE(...)) return NULL;
 * ... }  and listed in its file's table with METHOD(name, "($module, /, path, flags=0)", "what it
 * does").
 */
#ifndef VITRO_POSIX_IMPL_H
#define VITRO_POSIX_IMPL_H

#include "modules/args.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* -- Argument shorthand ---------------------------------------------------------------------- */

/* FN takes keywords; FNP positional arguments only; FN1 one; FN0 none. */
#define FN(name)                                                                                   \
    static PyObject *posix_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs,       \
                                  PyObject *kwnames)
#define FNP(name)                                                                                  \
    static PyObject *posix_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
#define FN0(name) static PyObject *posix_##name(PyObject *module, PyObject *unused)
/* Of one argument, which PARSEP reads; callers' mistakes are told as of METH_O. */
#define FN1(name)                                                                                  \
    static PyObject *posix_##name##_of(PyObject *module, PyObject *const *args, Py_ssize_t nargs); \
    static PyObject *posix_##name(PyObject *module, PyObject *arg)                                 \
    {                                                                                              \
        return posix_##name##_of(module, &arg, 1);                                                 \
    }                                                                                              \
    static PyObject *posix_##name##_of(PyObject *module, PyObject *const *args, Py_ssize_t nargs)

#define METHOD(name, sig, doc)                                                                     \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))posix_##name, METH_FASTCALL | METH_KEYWORDS,           \
            #name sig "\n--\n\n" doc                                                               \
    }
#define METHODP(name, sig, doc) \
    { #name, (PyCFunction)(void (*)(void))posix_##name, METH_FASTCALL, #name sig "\n--\n\n" doc }
#define METHOD1(name, sig, doc) { #name, posix_##name, METH_O, #name sig "\n--\n\n" doc }
#define METHOD0(name, doc) { #name, posix_##name, METH_NOARGS, #name "($module, /)\n--\n\n" doc }

/* -- Path arguments -------------------------------------------------------------------------- */

typedef struct {
    const char *function; /* for messages */
    const char *argument;
    bool nullable;     /* None is allowed and leaves narrow NULL */
    bool allow_fd;     /* an open descriptor is allowed */
    const char *narrow; /* file-system encoded bytes, NULL for None or a descriptor */
    int fd;            /* descriptor, or -1 */
    Py_ssize_t length; /* of narrow */
    PyObject *object;  /* strong: what the caller gave, for error messages and the kind of result */
    PyObject *cleanup; /* strong: the encoded bytes */
} PathArg;

/* For calls that must not get NULL. The descriptor -1 names no file: the kernel answers EFAULT. */
static inline const char *path_address(const PathArg *path)
{
    return path->narrow ? path->narrow : (const char *)-1;
}

#define PATH_ARG(function, argument, nullable, allow_fd) \
    { function, argument, nullable, allow_fd, NULL, -1, 0, NULL, NULL }

/* Converters for "O&"; the first supports Py_CLEANUP_SUPPORTED. */
int path_converter(PyObject *o, void *path);
void path_done(PathArg *path);
int dir_fd_converter(PyObject *o, void *fd);
int uid_converter(PyObject *o, void *uid);
int gid_converter(PyObject *o, void *gid);
int dev_converter(PyObject *o, void *dev);
int off_converter(PyObject *o, void *off);
int pid_converter(PyObject *o, void *pid);
#define DEFAULT_DIR_FD AT_FDCWD

/* OSError from errno; with the path(s) as file name. Always NULL. */
PyObject *posix_error(void);
PyObject *path_error(PathArg *path);
PyObject *path_error2(PathArg *a, PathArg *b);
/* None, or OSError when rc < 0. */
PyObject *posix_done(int rc);

/* Functions whose descriptors conflict with other options raise ValueError; true when they do. */
bool path_dir_fd_conflict(const char *function, PathArg *path, int dir_fd);
bool path_fd_follow_conflict(const char *function, int fd, int follow_symlinks);
bool dir_fd_fd_conflict(const char *function, int dir_fd, int fd);

PyObject *uid_to_object(uid_t uid);
PyObject *gid_to_object(gid_t gid);

/* -- Module state and what the files give module.c ------------------------------------------- */

typedef struct {
    PyTypeObject *StatResult, *StatVFSResult, *TerminalSize, *TimesResult, *UnameResult,
        *WaitidResult, *SchedParam;
    PyTypeObject *DirEntry, *ScandirIterator;
} PosixState;

static inline PosixState *posix_state(PyObject *module) { return PyModule_GetState(module); }

extern PyMethodDef posix_files_methods[], posix_names_methods[], posix_stat_methods[],
    posix_dir_methods[], posix_process_methods[], posix_spawn_methods[], posix_ids_methods[],
    posix_sched_methods[], posix_system_methods[];

int posix_stat_init(PyObject *module);
int posix_dir_init(PyObject *module);
int posix_process_init(PyObject *module);
int posix_sched_init(PyObject *module);
int posix_system_init(PyObject *module);
int posix_constants_init(PyObject *module);
/* Adds a structseq type to the module and the state; -1 with an exception. */
int posix_add_structseq(PyObject *module, PyStructSequence_Desc *desc, PyTypeObject **slot);

/* Result of stat(2) as os.stat_result. */
PyObject *stat_to_object(PyObject *module, const struct stat *st);
PyObject *stat_at(PyObject *module, const char *function, PathArg *path, int dir_fd,
                  int follow_symlinks);
/* Seconds + nanoseconds; splits an int of nanoseconds. */
int time_from_ns(PyObject *ns, time_t *seconds, long *nanoseconds);

/* A NULL-terminated char** of fs-encoded strings from a list or tuple / from an environment
 * mapping. */
char **argv_from_sequence(PyObject *seq, Py_ssize_t *count);
char **envp_from_mapping(PyObject *env);
void strings_free(char **strings);

typedef struct { const char *name; int value; } NamedConstant;
/* Looks `arg` (str or int) up in a table sorted by name; 0 with ValueError/TypeError. */
int confname_convert(PyObject *arg, int *value, const NamedConstant *table, size_t count);
int confname_add_dict(PyObject *module, const char *attribute, const NamedConstant *table,
                      size_t count);

#endif
