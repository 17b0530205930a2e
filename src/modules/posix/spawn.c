/* SPDX-License-Identifier: MIT
 *
 * posix_spawn and posix_spawnp: a child made by the C library, with file actions and attributes.
 *
 * All arguments become C data first; the C library keeps pointers to paths in the actions, so the
 * bytes objects they lie in are kept in a list until the call is over.
 */
#include "posix_impl.h"

#include <sched.h>
#include <signal.h>
#include <spawn.h>

enum { SPAWN_OPEN, SPAWN_CLOSE, SPAWN_DUP2 };

/* In runtime's signal module: the signal numbers of an iterable as a set. */
int _Py_Sigset_Converter(PyObject *o, void *set);

static int add_open(posix_spawn_file_actions_t *actions, PyObject *item, PyObject *keep)
{
    int fd, flags, error = 0;
    unsigned mode;
    PyObject *tag, *path;
    if (!PyArg_ParseTuple(item, "OiO&iI;A open file_action tuple must have 5 elements", &tag, &fd,
                          PyUnicode_FSConverter, &path, &flags, &mode))
        return -1;
    /* The C library copies the path only in some versions: it must outlive the call. */
    if (PyList_Append(keep, path) == 0) {
        error = posix_spawn_file_actions_addopen(actions, fd, PyBytes_AS_STRING(path), flags,
                                                 (mode_t)mode);
        errno = error;
        if (error)
            posix_error();
    }
    Py_DECREF(path);
    return PyErr_Occurred() ? -1 : 0;
}

/* (POSIX_SPAWN_OPEN, …), (POSIX_SPAWN_CLOSE, fd) or (POSIX_SPAWN_DUP2, fd, fd2). `keep` holds what
   the C library refers to until the call. */
static int add_action(posix_spawn_file_actions_t *actions, PyObject *item, PyObject *keep)
{
    int fd, fd2, error = 0;
    PyObject *tag;
    if (!PyTuple_Check(item) || !PyTuple_GET_SIZE(item)) {
        PyErr_SetString(PyExc_TypeError, "Each file_actions element must be a non-empty tuple");
        return -1;
    }
    long code = PyLong_AsLong(PyTuple_GET_ITEM(item, 0));
    if (code == -1 && PyErr_Occurred())
        return -1;
    switch (code) {
    case SPAWN_OPEN:
        return add_open(actions, item, keep);
    case SPAWN_CLOSE:
        if (!PyArg_ParseTuple(item, "Oi;A close file_action tuple must have 2 elements", &tag, &fd))
            return -1;
        error = posix_spawn_file_actions_addclose(actions, fd);
        break;
    case SPAWN_DUP2:
        if (!PyArg_ParseTuple(item, "Oii;A dup2 file_action tuple must have 3 elements", &tag, &fd,
                              &fd2))
            return -1;
        error = posix_spawn_file_actions_adddup2(actions, fd, fd2);
        break;
    default:
        PyErr_SetString(PyExc_TypeError, "Unknown file_actions identifier");
        return -1;
    }
    errno = error;
    if (error)
        posix_error();
    return error ? -1 : 0;
}

static int parse_actions(PyObject *o, posix_spawn_file_actions_t *actions, PyObject *keep)
{
    PyObject *seq = PySequence_Fast(o, "file_actions must be a sequence or None");
    if (!seq)
        return -1;
    int rc = 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PySequence_Fast_GET_SIZE(seq); i++)
        rc = add_action(actions, PySequence_Fast_GET_ITEM(seq, i), keep);
    Py_DECREF(seq);
    return rc;
}

typedef struct {
    PyObject *setpgroup, *setsigmask, *setsigdef, *scheduler;
    int resetids, setsid;
} SpawnOptions;

/* (policy or None, sched_param) */
static int parse_scheduler(PyObject *module, PyObject *o, posix_spawnattr_t *attr, short *flags)
{
    PyObject *policy, *param;
    struct sched_param p = { 0 };
    if (!PyArg_ParseTuple(o, "OO;A scheduler tuple must have two elements", &policy, &param))
        return -1;
    if (!Py_IS_TYPE(param, posix_state(module)->SchedParam)) {
        PyErr_SetString(PyExc_TypeError, "must have a sched_param object");
        return -1;
    }
    p.sched_priority = _PyLong_AsInt(PyStructSequence_GET_ITEM(param, 0));
    if (p.sched_priority == -1 && PyErr_Occurred())
        return -1;
    if (policy != Py_None) {
        int value = _PyLong_AsInt(policy);
        if (value == -1 && PyErr_Occurred())
            return -1;
        posix_spawnattr_setschedpolicy(attr, value);
        *flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    posix_spawnattr_setschedparam(attr, &p);
    *flags |= POSIX_SPAWN_SETSCHEDPARAM;
    return 0;
}

static int parse_attributes(PyObject *module, const char *function, const SpawnOptions *o,
                            posix_spawnattr_t *attr)
{
    short flags = 0;
    sigset_t set;
    if (o->setpgroup) {
        pid_t pgid;
        if (!pid_converter(o->setpgroup, &pgid))
            return -1;
        posix_spawnattr_setpgroup(attr, pgid);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (o->resetids)
        flags |= POSIX_SPAWN_RESETIDS;
    if (o->setsid)
        flags |= POSIX_SPAWN_SETSID;
    if (o->setsigmask) {
        if (!_Py_Sigset_Converter(o->setsigmask, &set))
            return -1;
        posix_spawnattr_setsigmask(attr, &set);
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (o->setsigdef) {
        if (!_Py_Sigset_Converter(o->setsigdef, &set))
            return -1;
        posix_spawnattr_setsigdefault(attr, &set);
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (o->scheduler && parse_scheduler(module, o->scheduler, attr, &flags) < 0)
        return -1;
    errno = posix_spawnattr_setflags(attr, flags);
    return errno ? (posix_error(), -1) : 0;
}

static PyObject *spawn(PyObject *module, const char *function, bool use_path, PathArg *path,
                       PyObject *argv_object, PyObject *env, PyObject *actions_object,
                       const SpawnOptions *options)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    char **argv = NULL, **envp = NULL;
    PyObject *res = NULL, *keep = NULL;
    Py_ssize_t argc;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    if (!PyList_Check(argv_object) && !PyTuple_Check(argv_object)) {
        PyErr_Format(PyExc_TypeError, "%s: argv must be a tuple or list", function);
        goto done;
    }
    if (PySequence_Size(argv_object) < 1) {
        PyErr_Format(PyExc_ValueError, "%s: argv must not be empty", function);
        goto done;
    }
    if (!PyMapping_Check(env)) {
        PyErr_Format(PyExc_TypeError, "%s: environment must be a mapping object", function);
        goto done;
    }
    if (!(argv = argv_from_sequence(argv_object, &argc)))
        goto done;
    if (!argv[0][0]) {
        PyErr_Format(PyExc_ValueError, "%s: argv first element cannot be empty", function);
        goto done;
    }
    if (!(envp = envp_from_mapping(env)) || !(keep = PyList_New(0)))
        goto done;
    if (actions_object && actions_object != Py_None &&
        parse_actions(actions_object, &actions, keep) < 0)
        goto done;
    if (parse_attributes(module, function, options, &attr) < 0 ||
        PySys_Audit("os.posix_spawn", "OOO", path->object, argv_object, env) < 0)
        goto done;
    errno = use_path ? posix_spawnp(&pid, path->narrow, &actions, &attr, argv, envp)
                     : posix_spawn(&pid, path->narrow, &actions, &attr, argv, envp);
    res = errno ? path_error(path) : PyLong_FromLong(pid);
done:
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    strings_free(argv);
    strings_free(envp);
    Py_XDECREF(keep);
    return res;
}

static PyObject *spawn_call(PyObject *module, const char *function, bool use_path,
                            _PyArg_Parser *parser, PyObject *const *args, Py_ssize_t nargs,
                            PyObject *kwnames)
{
    PathArg path = PATH_ARG(function, "path", false, false);
    PyObject *argv, *env, *actions = NULL;
    SpawnOptions o = { 0 };
    if (!_PyArg_ParseStackAndKeywords(args, nargs, kwnames, parser, path_converter, &path, &argv,
                                      &env, &actions, &o.setpgroup, &o.resetids, &o.setsid,
                                      &o.setsigmask, &o.setsigdef, &o.scheduler))
        return NULL;
    PyObject *res = spawn(module, function, use_path, &path, argv, env, actions, &o);
    path_done(&path);
    return res;
}

FN(posix_spawn)
{
    ARGS("O&OO|$OOiiOOO:posix_spawn", "", "", "", "file_actions", "setpgroup", "resetids", "setsid",
         "setsigmask", "setsigdef", "scheduler");
    return spawn_call(module, "posix_spawn", false, &parser, args, nargs, kwnames);
}

FN(posix_spawnp)
{
    ARGS("O&OO|$OOiiOOO:posix_spawnp", "", "", "", "file_actions", "setpgroup", "resetids",
         "setsid", "setsigmask", "setsigdef", "scheduler");
    return spawn_call(module, "posix_spawnp", true, &parser, args, nargs, kwnames);
}

#define SPAWN_SIGNATURE(pad)                                                                       \
    "($module, path, argv, env, /, *, file_actions=(),\n" pad                                      \
    "setpgroup=<unrepresentable>, resetids=False, setsid=False,\n" pad                             \
    "setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)"

PyMethodDef posix_spawn_methods[] = {
    METHOD(posix_spawn, SPAWN_SIGNATURE("            "),
           "Run a program in a new process; returns its id."),
    METHOD(posix_spawnp, SPAWN_SIGNATURE("             "),
           "Run a program found on PATH in a new process; returns its id."),
    {NULL},
};
