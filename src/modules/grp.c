/* SPDX-License-Identifier: MIT
 *
 * Module grp: the system's database of groups.
 */
#include "entries.h"
#include <grp.h>

static PyStructSequence_Field fields[] = {
    {"gr_name", "group name"},
    {"gr_passwd", "password"},
    {"gr_gid", "group id"},
    {"gr_mem", "group members"},
    {NULL, NULL},
};
static PyStructSequence_Desc description = {
    "grp.struct_group",
    "An entry of the groups' database, as a tuple with names:\n(gr_name, gr_passwd, gr_gid, "
    "gr_mem); gr_mem is a list of user names.",
    fields,
    4,
};

static PyObject *member_list(char **names)
{
    PyObject *list = PyList_New(0);
    for (; list && names && *names; names++)
        entries_append(&list, PyUnicode_DecodeFSDefault(*names));
    return list;
}

static PyObject *entry(PyObject *module, const struct group *g)
{
    PyObject *values[] = {entry_text(g->gr_name), entry_text(g->gr_passwd), entry_id(g->gr_gid),
                          member_list(g->gr_mem)};
    return entry_new(module, values, COUNT_OF(values));
}

/* Asks for one entry, by name or (name NULL) by id. Free *memory after use. */
static int look_up(const char *name, gid_t gid, struct group *g, struct group **found,
                   char **memory)
{
    int error;
    ENTRY_LOOK_UP(error, *memory, size,
                  name ? getgrnam_r(name, g, *memory, size, found)
                       : getgrgid_r(gid, g, *memory, size, found));
    return error;
}

/* gid_t has no negative numbers, but -1 stands for its highest, as everywhere in posix. */
static PyObject *grp_getgrgid(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    static const char missing[] = "getgrgid(): gid not found: %S";
    ARGS("O:getgrgid", "id");
    struct group g, *found = NULL;
    char *memory;
    PyObject *arg;
    if (!PARSE(&arg))
        return NULL;
    PyObject *number = PyNumber_Index(arg);
    if (!number)
        return PyErr_ExceptionMatches(PyExc_TypeError)
                   ? PyErr_Format(PyExc_TypeError, "gid should be integer, not %.200s",
                                  Py_TYPE(arg)->tp_name)
                   : NULL;
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow || value < -1 || value > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError,
                        overflow > 0 ? "gid is greater than maximum" : "gid is less than minimum");
        Py_DECREF(number);
        return NULL;
    }
    int error = look_up(NULL, (gid_t)value, &g, &found, &memory);
    PyObject *res = found ? entry(module, found) : entry_not_found(error, missing, number);
    PyMem_RawFree(memory);
    Py_DECREF(number);
    return res;
}

static PyObject *grp_getgrnam(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    ARGS("O:getgrnam", "name");
    struct group g, *found = NULL;
    char *memory;
    PyObject *name, *bytes;
    if (!PARSE(&name))
        return NULL;
    if (!PyUnicode_Check(name))
        return PyErr_Format(PyExc_TypeError, "getgrnam() argument 'name' must be str, not %.50s",
                            name == Py_None ? "None" : Py_TYPE(name)->tp_name);
    if (!PyUnicode_FSConverter(name, &bytes))
        return NULL;
    int error = look_up(PyBytes_AS_STRING(bytes), 0, &g, &found, &memory);
    PyObject *res = found ? entry(module, found)
                          : entry_not_found(error, "getgrnam(): name not found: %R", name);
    PyMem_RawFree(memory);
    Py_DECREF(bytes);
    return res;
}

static PyObject *grp_getgrall(PyObject *module, PyObject *ignored)
{
    struct group *g;
    PyObject *list = PyList_New(0);
    setgrent();
    while (list && (g = getgrent()))
        entries_append(&list, entry(module, g));
    endgrent();
    return list;
}

#define CALL(function) (PyCFunction)(void (*)(void))function
static PyMethodDef methods[] = {
    {"getgrgid", CALL(grp_getgrgid), METH_FASTCALL | METH_KEYWORDS,
     "getgrgid($module, /, id)\n--\n\nThe entry of a group's number; KeyError when there is none."},
    {"getgrnam", CALL(grp_getgrnam), METH_FASTCALL | METH_KEYWORDS,
     "getgrnam($module, /, name)\n--\n\nThe entry of a group's name; KeyError when there is none."},
    {"getgrall", grp_getgrall, METH_NOARGS,
     "getgrall($module, /)\n--\n\nAll entries, in no certain order."},
    {NULL, NULL, 0, NULL},
};

static int grp_exec(PyObject *module)
{
    return entries_add_type(module, &description, "struct_group");
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, grp_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "grp", .m_doc = "The system's database of groups.",
    .m_size = sizeof(struct entries_state), .m_methods = methods, .m_slots = slots,
    .m_traverse = entries_traverse, .m_clear = entries_clear, .m_free = entries_free,
};

PyMODINIT_FUNC PyInit_grp(void) { return PyModuleDef_Init(&module_def); }
