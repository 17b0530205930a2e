/* SPDX-License-Identifier: MIT
 *
 * Module pwd: the system's database of users.
 */
#include "args.h"
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

struct pwd_state {
    PyTypeObject *type; /* strong */
};

static struct pwd_state *state_of(PyObject *module) { return PyModule_GetState(module); }

static PyObject *text(const char *value)
{
    return value ? PyUnicode_DecodeFSDefault(value) : Py_NewRef(Py_None);
}

/* (uid_t)-1 is -1. */
static PyObject *id_object(unsigned id)
{
    return id == (unsigned)-1 ? PyLong_FromLong(-1) : PyLong_FromUnsignedLong(id);
}

static PyObject *entry(PyObject *module, const struct passwd *p)
{
    PyObject *res = PyStructSequence_New(state_of(module)->type);
    if (!res)
        return NULL;
    PyObject *values[] = {text(p->pw_name),     text(p->pw_passwd), id_object(p->pw_uid),
                          id_object(p->pw_gid), text(p->pw_gecos),  text(p->pw_dir),
                          text(p->pw_shell)};
    for (int i = 0; i < 7; i++)
        PyStructSequence_SetItem(res, i, values[i]);
    if (PyErr_Occurred())
        Py_CLEAR(res);
    return res;
}

/* Asks for one entry, by name or (name NULL) by id, with memory as large as it takes. Frees *memory
 * after use. */
static int look_up(const char *name, uid_t uid, struct passwd *p, struct passwd **found,
                   char **memory)
{
    size_t size = 1024;
    int error;
    *memory = NULL;
    do {
        char *bigger = PyMem_RawRealloc(*memory, size);
        if (!bigger)
            return ENOMEM;
        *memory = bigger;
        UNLOCKED(error = name ? getpwnam_r(name, p, *memory, size, found)
                              : getpwuid_r(uid, p, *memory, size, found));
        size *= 2;
    } while (error == ERANGE && size < (size_t)1 << 28);
    return error;
}

static PyObject *look_up_failed(int error, const char *format, PyObject *key)
{
    if (error == ENOMEM)
        return PyErr_NoMemory();
    return PyErr_Format(PyExc_KeyError, format, key);
}

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
    PyObject *res = found ? entry(module, found) : look_up_failed(error, missing, arg);
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
    PyObject *res =
        found ? entry(module, found) : look_up_failed(error, "getpwnam(): name not found: %R", arg);
    PyMem_RawFree(memory);
    Py_DECREF(bytes);
    return res;
}

static PyObject *pwd_getpwall(PyObject *module, PyObject *ignored)
{
    struct passwd *p;
    PyObject *list = PyList_New(0);
    setpwent();
    while (list && (p = getpwent())) {
        PyObject *item = entry(module, p);
        if (!item || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
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
    PyTypeObject *type = state_of(module)->type = PyStructSequence_NewType(&description);
    return type ? PyModule_AddObjectRef(module, "struct_passwd", (PyObject *)type) : -1;
}

static int pwd_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->type);
    return 0;
}

static int pwd_clear(PyObject *module)
{
    Py_CLEAR(state_of(module)->type);
    return 0;
}

static void pwd_free(void *module) { pwd_clear(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, pwd_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "pwd", .m_doc = "The system's database of users.",
    .m_size = sizeof(struct pwd_state), .m_methods = methods, .m_slots = slots,
    .m_traverse = pwd_traverse, .m_clear = pwd_clear, .m_free = pwd_free,
};

PyMODINIT_FUNC PyInit_pwd(void) { return PyModuleDef_Init(&module_def); }
