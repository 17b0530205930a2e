/* SPDX-License-Identifier: MIT
 *
 * Module posix: joins the method tables of this folder, makes the result types, constants and
 * environ.
 */
#include "posix_impl.h"

#include <dlfcn.h>
#include <linux/fs.h>
#include <linux/memfd.h>
#include <sched.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <sysexits.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#undef NGROUPS_MAX
#define NGROUPS_MAX 65536
#define SCHED_RESET_ON_FORK 0x40000000
/* Codes of posix_spawn's file_actions argument. */
enum { POSIX_SPAWN_OPEN, POSIX_SPAWN_CLOSE, POSIX_SPAWN_DUP2 };

static const struct { const char *name; long long value; } constants[] = {
#define C(name) { #name, (long long)(name) },
#include "constants.def"
#undef C
};

static const char *const have_functions[] = {
    "HAVE_EVENTFD",      "HAVE_FACCESSAT", "HAVE_FCHDIR",    "HAVE_FCHMOD",   "HAVE_FCHMODAT",
    "HAVE_FCHOWN",       "HAVE_FCHOWNAT",  "HAVE_FDOPENDIR", "HAVE_FEXECVE",  "HAVE_FPATHCONF",
    "HAVE_FSTATAT",      "HAVE_FSTATVFS",  "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_FUTIMES",
    "HAVE_FUTIMESAT",    "HAVE_LCHOWN",    "HAVE_LINKAT",    "HAVE_LSTAT",    "HAVE_LUTIMES",
    "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT",   "HAVE_MKFIFOAT",  "HAVE_MKNODAT",  "HAVE_OPENAT",
    "HAVE_READLINKAT",   "HAVE_RENAMEAT",  "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
};

int posix_add_structseq(PyObject *module, PyStructSequence_Desc *desc, PyTypeObject **slot)
{
    *slot = PyStructSequence_NewType(desc);
    const char *dot = strrchr(desc->name, '.');
    return *slot ? PyModule_AddObjectRef(module, dot ? dot + 1 : desc->name, (PyObject *)*slot)
                 : -1;
}

int posix_constants_init(PyObject *module)
{
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        PyObject *value = PyLong_FromLongLong(constants[i].value);
        if (!value || PyModule_AddObject(module, constants[i].name, value) < 0) {
            Py_XDECREF(value);
            return -1;
        }
    }
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < COUNT_OF(have_functions); i++) {
        PyObject *name = PyUnicode_FromString(have_functions[i]);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    if (!list)
        return -1;
    int rc = PyModule_AddObjectRef(module, "_have_functions", list);
    Py_DECREF(list);
    return rc;
}

/* environ: bytes to bytes; of two equal names the first counts. */
static int environ_init(PyObject *module)
{
    PyObject *dict = PyDict_New();
    for (char **e = environ; dict && e && *e; e++) {
        const char *eq = strchr(*e, '=');
        if (!eq)
            continue;
        PyObject *key = PyBytes_FromStringAndSize(*e, eq - *e);
        PyObject *value = PyBytes_FromString(eq + 1);
        if (!key || !value || !PyDict_SetDefault(dict, key, value))
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    if (!dict)
        return -1;
    int rc = PyModule_AddObjectRef(module, "environ", dict);
    Py_DECREF(dict);
    return rc;
}

static int posix_exec(PyObject *module)
{
    PyMethodDef *tables[] = {posix_files_methods, posix_names_methods,   posix_stat_methods,
                             posix_dir_methods,   posix_process_methods, posix_spawn_methods,
                             posix_ids_methods,   posix_sched_methods,   posix_system_methods};
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (PyModule_AddFunctions(module, tables[i]) < 0)
            return -1;
    if (posix_stat_init(module) < 0 || posix_dir_init(module) < 0 ||
        posix_process_init(module) < 0 || posix_sched_init(module) < 0 ||
        posix_system_init(module) < 0 || posix_constants_init(module) < 0)
        return -1;
    return PyModule_AddObjectRef(module, "error", PyExc_OSError) < 0 ? -1 : environ_init(module);
}

static int posix_traverse(PyObject *module, visitproc visit, void *arg)
{
    PosixState *s = posix_state(module);
    if (!s)
        return 0;
    Py_VISIT(s->StatResult);
    Py_VISIT(s->StatVFSResult);
    Py_VISIT(s->TerminalSize);
    Py_VISIT(s->TimesResult);
    Py_VISIT(s->UnameResult);
    Py_VISIT(s->WaitidResult);
    Py_VISIT(s->SchedParam);
    Py_VISIT(s->DirEntry);
    Py_VISIT(s->ScandirIterator);
    return 0;
}

static int posix_clear(PyObject *module)
{
    PosixState *s = posix_state(module);
    if (!s)
        return 0;
    Py_CLEAR(s->StatResult);
    Py_CLEAR(s->StatVFSResult);
    Py_CLEAR(s->TerminalSize);
    Py_CLEAR(s->TimesResult);
    Py_CLEAR(s->UnameResult);
    Py_CLEAR(s->WaitidResult);
    Py_CLEAR(s->SchedParam);
    Py_CLEAR(s->DirEntry);
    Py_CLEAR(s->ScandirIterator);
    return 0;
}

static void posix_free(void *module) { posix_clear(module); }

static PyModuleDef_Slot posix_slots[] = { { Py_mod_exec, posix_exec }, { 0, NULL } };

static PyModuleDef posix_module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "posix",
    .m_doc = "What the operating system offers, as the C and POSIX standards name it. Use module "
             "os instead; the\n"
             "library manual and the Unix manual pages describe the calls.",
    .m_size = sizeof(PosixState),
    .m_slots = posix_slots,
    .m_traverse = posix_traverse,
    .m_clear = posix_clear,
    .m_free = posix_free,
};

PyMODINIT_FUNC PyInit_posix(void) { return PyModuleDef_Init(&posix_module_def); }
