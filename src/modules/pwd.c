/* SPDX-License-Identifier: MIT
 *
 * Module pwd: the system's database of users.
 */
#include "entries.h"
#include <pwd.h>

static PyStructSequence_Field fields[] = {
    {"pw_name", "user name"},      {"pw_passwd", "password"},
    {"pw_uid", "user id"},         {"pw_gid", "group id"},
    {"pw_gecos", "real name"},     {"pw_dir", "home directory"},
    {"pw_shell", "shell program"}, {NULL, NULL},
};
static PyStructSequence_Desc description = {
    "pwd.struct_passwd",
    "An entry of the users' database, as a tuple with names:\n(pw_name, pw_passwd, pw_uid, pw_gid, "
    "pw_gecos, pw_dir, pw_shell)",
    fields,
    7,
};

static PyObject *entry(PyObject *module, const struct passwd *p)
{
    PyObject *values[] = {entry_text(p->pw_name), entry_text(p->pw_passwd), entry_id(p->pw_uid),
                          entry_id(p->pw_gid),    entry_text(p->pw_gecos),  entry_text(p->pw_dir),
                          entry_text(p->pw_shell)};
    return entry_new(module, values, COUNT_OF(values));
}

/* Asks for one entry, by name or (name NULL) by id. Free *memory after use. */
static int look_up(const char *name, uid_t uid, struct passwd *p, struct passwd **found,
                   char **memory)
{
    int error;
    ENTRY_LOOK_UP(error, *memory, size,
                  name ? getpwnam_r(name, p, *memory, size, found)
                       : getpwuid_r(uid, p, *memory, size, found));
    return error;
}

/* A number that no uid_t holds is simply not there: KeyError. */
static PyObject *pwd_getpwuid(PyObject *module, PyObject *arg)
{
    static const char missing[] = "getpwuid(): uid not found: %S";
    struct passwd p, *found = NULL;
    char *memory;
    PyObject *number = PyNumber_Index(arg);
    if (!number)
        return PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_TypeError)
                   ? PyErr_Format(PyExc_TypeError, "uid should be integer, not %.200s",
                                  Py_TYPE(arg)->tp_name)
                   : NULL;
    long long value = PyLong_AsLongLong(number);
    Py_DECREF(number);
    if ((value == -1 && PyErr_Occurred()) || value < -1 || value > UINT32_MAX) {
        if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_OverflowError))
            return NULL;
        PyErr_Clear();
        PyErr_SetString(PyExc_KeyError, "getpwuid(): uid not found");
        return NULL;
    }
    int error = look_up(NULL, (uid_t)value, &p, &found, &memory);
    PyObject *res = found ? entry(module, found) : entry_not_found(error, missing, arg);
    PyMem_RawFree(memory);
    return res;
}

static PyObject *pwd_getpwnam(PyObject *module, PyObject *arg)
{
    struct passwd p, *found = NULL;
    char *memory;
    PyObject *bytes;
    if (!PyUnicode_Check(arg))
        return PyErr_Format(PyExc_TypeError, "getpwnam() argument must be str, not %.50s",
                            arg == Py_None ? "None" : Py_TYPE(arg)->tp_name);
    if (!PyUnicode_FSConverter(arg, &bytes))
        return NULL;
    int error = look_up(PyBytes_AS_STRING(bytes), 0, &p, &found, &memory);
    PyObject *res = found ? entry(module, found)
                          : entry_not_found(error, "getpwnam(): name not found: %R", arg);
    PyMem_RawFree(memory);
    Py_DECREF(bytes);
    return res;
}

static PyObject *pwd_getpwall(PyObject *module, PyObject *ignored)
{
    struct passwd *p;
    PyObject *list = PyList_New(0);
    setpwent();
    while (list && (p = getpwent()))
        entries_append(&list, entry(module, p));
    endpwent();
    return list;
}

static PyMethodDef methods[] = {
    {"getpwuid", pwd_getpwuid, METH_O,
     "getpwuid($module, uidobj, /)\n--\n\nThe entry of a user's number."},
    {"getpwnam", pwd_getpwnam, METH_O,
     "getpwnam($module, name, /)\n--\n\nThe entry of a user's name."},
    {"getpwall", pwd_getpwall, METH_NOARGS,
     "getpwall($module, /)\n--\n\nAll entries, in no certain order."},
    {NULL, NULL, 0, NULL},
};

static int pwd_exec(PyObject *module)
{
    return entries_add_type(module, &description, "struct_passwd");
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, pwd_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "pwd", .m_doc = "The system's database of users.",
    .m_size = sizeof(struct entries_state), .m_methods = methods, .m_slots = slots,
    .m_traverse = entries_traverse, .m_clear = entries_clear, .m_free = entries_free,
};

PyMODINIT_FUNC PyInit_pwd(void) { return PyModuleDef_Init(&module_def); }
