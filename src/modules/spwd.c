/* SPDX-License-Identifier: MIT
 *
 * Module spwd: the system's database of shadowed passwords, which only the superuser may read.
 */
#include "entries.h"
#include <errno.h>
#include <shadow.h>

static PyStructSequence_Field fields[] = {
    {"sp_namp", "login name"},
    {"sp_pwdp", "encrypted password"},
    {"sp_lstchg", "date of last change"},
    {"sp_min", "min #days between changes"},
    {"sp_max", "max #days between changes"},
    {"sp_warn", "days of warning before the password ends"},
    {"sp_inact", "days from the end of the password to that of the account"},
    {"sp_expire", "day on which the account ends, counted from 1970-01-01"},
    {"sp_flag", "reserved"},
    /* The names these fields had first; found by name only. */
    {"sp_nam", "login name; deprecated"},
    {"sp_pwd", "encrypted password; deprecated"},
    {NULL, NULL},
};
static PyStructSequence_Desc description = {
    "spwd.struct_spwd",
    "spwd.struct_spwd: Results from getsp*() routines.\n\n"
    "An entry of the shadow password database, as a 9-tuple with names:\n"
    "  (sp_namp,sp_pwdp,sp_lstchg,sp_min,sp_max,sp_warn,sp_inact,sp_expire,sp_flag)",
    fields, 9,
};

static PyObject *entry(PyObject *module, const struct spwd *p)
{
    PyObject *values[] = {entry_text(p->sp_namp),
                          entry_text(p->sp_pwdp),
                          PyLong_FromLong(p->sp_lstchg),
                          PyLong_FromLong(p->sp_min),
                          PyLong_FromLong(p->sp_max),
                          PyLong_FromLong(p->sp_warn),
                          PyLong_FromLong(p->sp_inact),
                          PyLong_FromLong(p->sp_expire),
                          PyLong_FromLong((long)p->sp_flag),
                          entry_text(p->sp_namp),
                          entry_text(p->sp_pwdp)};
    return entry_new(module, values, COUNT_OF(values));
}

static PyObject *spwd_getspnam(PyObject *module, PyObject *arg)
{
    char *name;
    PyObject *bytes, *res = NULL;
    if (!PyUnicode_Check(arg)) {
        _PyArg_BadArgument("getspnam", "argument", "str", arg);
        return NULL;
    }
    if (!(bytes = PyUnicode_EncodeFSDefault(arg)))
        return NULL;
    if (PyBytes_AsStringAndSize(bytes, &name, NULL) == 0) {
        errno = 0;
        struct spwd *found = getspnam(name);
        if (found)
            res = entry(module, found);
        else if (errno)
            PyErr_SetFromErrno(PyExc_OSError);
        else
            PyErr_SetString(PyExc_KeyError, "getspnam(): name not found");
    }
    Py_DECREF(bytes);
    return res;
}

static PyObject *spwd_getspall(PyObject *module, PyObject *ignored)
{
    struct spwd *p;
    PyObject *list = PyList_New(0);
    setspent();
    while (list && (p = getspent()))
        entries_append(&list, entry(module, p));
    endspent();
    return list;
}

static PyMethodDef methods[] = {
    {"getspnam", spwd_getspnam, METH_O,
     "getspnam($module, arg, /)\n--\n\nThe entry of a user; KeyError when there is none."},
    {"getspall", spwd_getspall, METH_NOARGS,
     "getspall($module, /)\n--\n\nAll entries, in no certain order."},
    {NULL, NULL, 0, NULL},
};

static int spwd_exec(PyObject *module)
{
    /* Seven frames up is the import statement, behind the machinery of importlib. */
    if (PyErr_WarnEx(PyExc_DeprecationWarning,
                     "'spwd' is deprecated and slated for removal in Python 3.13", 7) < 0)
        return -1;
    return entries_add_type(module, &description, "struct_spwd");
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, spwd_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "spwd",
    .m_doc =
        "The system's database of shadowed passwords; reading it takes the superuser's rights.",
    .m_size = sizeof(struct entries_state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = entries_traverse,
    .m_clear = entries_clear,
    .m_free = entries_free,
};

PyMODINIT_FUNC PyInit_spwd(void) { return PyModuleDef_Init(&module_def); }
