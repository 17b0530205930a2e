/* SPDX-License-Identifier: MIT
 *
 * Who the process is: process, group, session, user and group ids, priorities.
 *
 * -1 as a user or group id is the kernel's "leave it": the converters (path.c) take it, and results
 * that hold it are shown as -1.
 */
#include "posix_impl.h"

#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>

FN0(getpid) { return PyLong_FromLong(getpid()); }
FN0(getppid) { return PyLong_FromLong(getppid()); }
FN0(getpgrp) { return PyLong_FromLong(getpgrp()); }
FN0(getuid) { return uid_to_object(getuid()); }
FN0(geteuid) { return uid_to_object(geteuid()); }
FN0(getgid) { return gid_to_object(getgid()); }
FN0(getegid) { return gid_to_object(getegid()); }
FN0(setpgrp) { return posix_done(setpgid(0, 0)); }

FN0(setsid) { return posix_done(setsid() < 0 ? -1 : 0); }

FN(getpgid)
{
    ARGS("O&:getpgid", "pid");
    pid_t pid;
    if (!PARSE(pid_converter, &pid))
        return NULL;
    pid_t pgid = getpgid(pid);
    return pgid < 0 ? posix_error() : PyLong_FromLong(pgid);
}

FN1(getsid)
{
    pid_t pid;
    if (!PARSEP("O&:getsid", pid_converter, &pid))
        return NULL;
    pid_t sid = getsid(pid);
    return sid < 0 ? posix_error() : PyLong_FromLong(sid);
}

FNP(setpgid)
{
    pid_t pid, pgrp;
    if (!PARSEP_PLAIN("O&O&:setpgid", pid_converter, &pid, pid_converter, &pgrp))
        return NULL;
    return posix_done(setpgid(pid, pgrp));
}

#define SET_ID(name, type, converter) \
    FN1(name) \
    { \
        type id; \
        if (!PARSEP("O&:" #name, converter, &id)) \
            return NULL; \
        return posix_done(name(id)); \
    }
SET_ID(setuid, uid_t, uid_converter)
SET_ID(seteuid, uid_t, uid_converter)
SET_ID(setgid, gid_t, gid_converter)
SET_ID(setegid, gid_t, gid_converter)

FNP(setreuid)
{
    uid_t r, e;
    if (!PARSEP("O&O&:setreuid", uid_converter, &r, uid_converter, &e))
        return NULL;
    return posix_done(setreuid(r, e));
}

FNP(setregid)
{
    gid_t r, e;
    if (!PARSEP("O&O&:setregid", gid_converter, &r, gid_converter, &e))
        return NULL;
    return posix_done(setregid(r, e));
}

FNP(setresuid)
{
    uid_t r, e, s;
    if (!PARSEP("O&O&O&:setresuid", uid_converter, &r, uid_converter, &e, uid_converter, &s))
        return NULL;
    return posix_done(setresuid(r, e, s));
}

FNP(setresgid)
{
    gid_t r, e, s;
    if (!PARSEP("O&O&O&:setresgid", gid_converter, &r, gid_converter, &e, gid_converter, &s))
        return NULL;
    return posix_done(setresgid(r, e, s));
}

FN0(getresuid)
{
    uid_t r, e, s;
    return getresuid(&r, &e, &s) < 0
               ? posix_error()
               : Py_BuildValue("(NNN)", uid_to_object(r), uid_to_object(e), uid_to_object(s));
}

FN0(getresgid)
{
    gid_t r, e, s;
    return getresgid(&r, &e, &s) < 0
               ? posix_error()
               : Py_BuildValue("(NNN)", gid_to_object(r), gid_to_object(e), gid_to_object(s));
}

/* -- Groups ---------------------------------------------------------------------------------- */

static PyObject *groups_to_list(const gid_t *groups, int n)
{
    PyObject *list = PyList_New(n);
    for (int i = 0; list && i < n; i++) {
        PyObject *id = gid_to_object(groups[i]);
        if (!id)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, id);
    }
    return list;
}

FN0(getgroups)
{
    int n = getgroups(0, NULL);
    gid_t *groups = n < 0 ? NULL : PyMem_New(gid_t, (size_t)n + 1);
    if (n >= 0 && !groups)
        return PyErr_NoMemory();
    n = n < 0 ? n : getgroups(n, groups);
    PyObject *res = n < 0 ? posix_error() : groups_to_list(groups, n);
    PyMem_Free(groups);
    return res;
}

FN1(setgroups)
{
    PyObject *seq;
    if (!PARSEP("O:setgroups", &seq))
        return NULL;
    if (!PySequence_Check(seq))
        return PyErr_Format(PyExc_TypeError, "setgroups argument must be a sequence");
    Py_ssize_t n = PySequence_Size(seq);
    if (n < 0)
        return NULL;
    if (n > 65536)
        return PyErr_Format(PyExc_ValueError, "too many groups");
    gid_t *groups = PyMem_New(gid_t, (size_t)n + 1);
    PyObject *res = NULL;
    if (!groups)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PySequence_GetItem(seq, i);
        int ok = item &&
                 (PyLong_Check(item) ||
                  (PyErr_SetString(PyExc_TypeError, "groups must be integers"), 0)) &&
                 gid_converter(item, &groups[i]);
        Py_XDECREF(item);
        if (!ok)
            goto done;
    }
    res = posix_done(setgroups((size_t)n, groups));
done:
    PyMem_Free(groups);
    return res;
}

FNP(getgrouplist)
{
    const char *user;
    gid_t base;
    int n = 64;
    if (!PARSEP("sO&:getgrouplist", &user, gid_converter, &base))
        return NULL;
    for (;;) {
        int room = n;
        gid_t *groups = PyMem_New(gid_t, (size_t)n);
        if (!groups)
            return PyErr_NoMemory();
        if (getgrouplist(user, base, groups, &n) >= 0) {
            PyObject *res = groups_to_list(groups, n);
            PyMem_Free(groups);
            return res;
        }
        PyMem_Free(groups);
        n = n > room ? n : room * 2;
    }
}

FNP(initgroups)
{
    PyObject *user;
    gid_t gid;
    if (!PARSEP("O&O&:initgroups", PyUnicode_FSConverter, &user, gid_converter, &gid))
        return NULL;
    int rc = initgroups(PyBytes_AS_STRING(user), gid);
    Py_DECREF(user);
    return posix_done(rc);
}

FN0(getlogin)
{
    errno = 0;
    const char *name = getlogin();
    if (name)
        return PyUnicode_DecodeFSDefault(name);
    if (errno)
        return posix_error();
    PyErr_SetString(PyExc_OSError, "unable to determine login name");
    return NULL;
}

/* -- Priorities ------------------------------------------------------------------------------ */

FN1(nice)
{
    int increment;
    if (!PARSEP("i:nice", &increment))
        return NULL;
    errno = 0;
    int value = nice(increment);
    return value == -1 && errno ? posix_error() : PyLong_FromLong(value);
}

FN(getpriority)
{
    ARGS("ii:getpriority", "which", "who");
    int which, who;
    if (!PARSE(&which, &who))
        return NULL;
    errno = 0;
    int value = getpriority(which, (id_t)who);
    return errno ? posix_error() : PyLong_FromLong(value);
}

FN(setpriority)
{
    ARGS("iii:setpriority", "which", "who", "priority");
    int which, who, priority;
    if (!PARSE(&which, &who, &priority))
        return NULL;
    return posix_done(setpriority(which, (id_t)who, priority));
}

PyMethodDef posix_ids_methods[] = {
    METHOD0(getpid, "Id of this process."),
    METHOD0(getppid, "Id of the parent process."),
    METHOD0(getpgrp, "Id of this process's group."),
    METHOD(getpgid, "($module, /, pid)", "Group id of a process."),
    METHOD1(getsid, "($module, pid, /)", "Session id of a process."),
    METHODP(setpgid, "($module, pid, pgrp, /)", "Put a process into a group."),
    METHOD0(setpgrp, "Make this process the leader of its group."),
    METHOD0(setsid, "Start a new session."),
    METHOD0(getuid, "Real user id."),
    METHOD0(geteuid, "Effective user id."),
    METHOD0(getgid, "Real group id."),
    METHOD0(getegid, "Effective group id."),
    METHOD1(setuid, "($module, uid, /)", "Set the user id."),
    METHOD1(seteuid, "($module, euid, /)", "Set the effective user id."),
    METHOD1(setgid, "($module, gid, /)", "Set the group id."),
    METHOD1(setegid, "($module, egid, /)", "Set the effective group id."),
    METHODP(setreuid, "($module, ruid, euid, /)", "Set real and effective user ids."),
    METHODP(setregid, "($module, rgid, egid, /)", "Set real and effective group ids."),
    METHODP(setresuid, "($module, ruid, euid, suid, /)", "Set real, effective and saved user ids."),
    METHODP(setresgid, "($module, rgid, egid, sgid, /)",
            "Set real, effective and saved group ids."),
    METHOD0(getresuid, "Real, effective and saved user ids."),
    METHOD0(getresgid, "Real, effective and saved group ids."),
    METHOD0(getgroups, "Supplementary group ids."),
    METHOD1(setgroups, "($module, groups, /)", "Set the supplementary group ids."),
    METHODP(getgrouplist, "($module, user, group, /)", "Group ids of a user."),
    METHODP(initgroups, "($module, username, gid, /)",
            "Set the supplementary groups to those of a user and one more."),
    METHOD0(getlogin, "Name of the user logged in on the controlling terminal."),
    METHOD1(nice, "($module, increment, /)", "Add to the niceness; returns the new one."),
    METHOD(getpriority, "($module, /, which, who)", "Scheduling priority."),
    METHOD(setpriority, "($module, /, which, who, priority)", "Set the scheduling priority."),
    {NULL},
};
