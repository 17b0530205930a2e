/* SPDX-License-Identifier: MIT
 *
 * Module _imp: what importlib needs from C: built-in, frozen and dynamic modules, the import lock,
 * source hashes.
 */
#include "runtime/import.h"
#include "runtime/rt.h"
#include "base/hash.h"
#include "modules/args.h"
#include <marshal.h>

#define SOABI_TAG "cpython-311-x86_64-linux-gnu"

static PyObject *imp_lock_held(PyObject *m, PyObject *ignored)
{
    return PyBool_FromLong(import_lock_held());
}

static PyObject *imp_acquire_lock(PyObject *m, PyObject *ignored)
{
    _PyImport_AcquireLock();
    Py_RETURN_NONE;
}

static PyObject *imp_release_lock(PyObject *m, PyObject *ignored)
{
    if (_PyImport_ReleaseLock() < 0) {
        PyErr_SetString(PyExc_RuntimeError, "not holding the import lock");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *imp_extension_suffixes(PyObject *m, PyObject *ignored)
{
    return Py_BuildValue("[sss]", "." SOABI_TAG ".so", ".abi3.so", ".so");
}

/* -- Built-in and dynamic modules ------------------------------------------------------------ */

static PyObject *imp_create_builtin(PyObject *m, PyObject *spec)
{
    PyObject *name = PyObject_GetAttr(spec, ID(name)), *mod = NULL;
    if (name && !PyUnicode_Check(name))
        PyErr_Format(PyExc_TypeError, "name must be string, not %.200s", Py_TYPE(name)->tp_name);
    else if (name)
        mod = import_create_builtin(name, spec);
    Py_XDECREF(name);
    return mod;
}

/* Runs a multi-phase module's execution slots once. */
static PyObject *exec_module(PyObject *m, PyObject *mod)
{
    if (!PyModule_Check(mod))
        return PyLong_FromLong(0);
    PyModuleDef *def = PyModule_GetDef(mod);
    if (!def)
        return PyErr_Occurred() ? NULL : PyLong_FromLong(0);
    if (PyModule_GetState(mod))
        return PyLong_FromLong(0); /* done already: reload */
    int res = PyModule_ExecDef(mod, def);
    return res == -1 && PyErr_Occurred() ? NULL : PyLong_FromLong(res);
}

static PyObject *imp_create_dynamic(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *spec, *file = NULL;
    if (!_PyArg_UnpackStack(args, nargs, "create_dynamic", 1, 2, &spec, &file))
        return NULL;
    return import_create_dynamic(spec, NULL);
}

static PyObject *imp_is_builtin(PyObject *m, PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        _PyArg_BadArgument("is_builtin", "argument", "str", name);
        return NULL;
    }
    return PyLong_FromLong(import_is_builtin_name(name));
}

/* -- Frozen modules -------------------------------------------------------------------------- */

static bool want_str(const char *func, PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        _PyArg_BadArgument(func, "argument", "str", name);
        return false;
    }
    return PyUnicode_READY(name) == 0;
}

static PyObject *imp_init_frozen(PyObject *m, PyObject *name)
{
    if (!want_str("init_frozen", name))
        return NULL;
    int res = PyImport_ImportFrozenModuleObject(name);
    if (res < 0)
        return NULL;
    if (res == 0)
        Py_RETURN_NONE;
    return import_add_module(name);
}

static PyObject *imp_is_frozen(PyObject *m, PyObject *name)
{
    struct frozen_info info;
    return want_str("is_frozen", name) ? PyBool_FromLong(frozen_find(name, &info) == FROZEN_OKAY)
                                       : NULL;
}

static PyObject *imp_is_frozen_package(PyObject *m, PyObject *name)
{
    struct frozen_info info;
    if (!want_str("is_frozen_package", name))
        return NULL;
    enum frozen_status status = frozen_find(name, &info);
    if (status != FROZEN_OKAY && status != FROZEN_EXCLUDED) {
        frozen_raise(status, name);
        return NULL;
    }
    return PyBool_FromLong(info.is_package);
}

/* (data or None, is it a package?, name of the module it came from or None); None when there is no
   such module or frozen modules are switched off. */
static PyObject *imp_find_frozen(PyObject *m, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("U|$p:find_frozen", "", "withdata");
    PyObject *name;
    int withdata = 0;
    struct frozen_info info;
    if (!PARSE(&name, &withdata))
        return NULL;
    enum frozen_status status = frozen_find(name, &info);
    if (status == FROZEN_NOT_FOUND || status == FROZEN_DISABLED || status == FROZEN_BAD_NAME)
        Py_RETURN_NONE;
    if (status != FROZEN_OKAY) {
        frozen_raise(status, name);
        return NULL;
    }
    PyObject *data = withdata && info.data
                         ? PyMemoryView_FromMemory((char *)info.data, info.size, PyBUF_READ)
                         : NULL;
    if (withdata && info.data && !data)
        return NULL;
    PyObject *orig =
        info.origname && *info.origname ? PyUnicode_FromString(info.origname) : Py_NewRef(Py_None);
    PyObject *res =
        orig ? PyTuple_Pack(3, data ? data : Py_None, info.is_package ? Py_True : Py_False, orig)
             : NULL;
    Py_XDECREF(orig);
    Py_XDECREF(data);
    return res;
}

static PyObject *code_from_buffer(PyObject *name, PyObject *dataobj)
{
    Py_buffer view;
    if (!PyObject_CheckBuffer(dataobj)) {
        _PyArg_BadArgument("get_frozen_object", "argument 2", "bytes", dataobj);
        return NULL;
    }
    if (PyObject_GetBuffer(dataobj, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    struct frozen_info info = {.name = name, .data = view.buf, .size = view.len};
    PyObject *co = NULL;
    if (view.len == 0)
        frozen_raise(FROZEN_INVALID, name);
    else
        co = frozen_code(&info, name);
    PyBuffer_Release(&view);
    return co;
}

static PyObject *imp_get_frozen_object(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *name, *data = Py_None;
    if (!PARSEP("U|O:get_frozen_object", &name, &data))
        return NULL;
    if (data != Py_None)
        return code_from_buffer(name, data);
    struct frozen_info info;
    enum frozen_status status = frozen_find(name, &info);
    if (status != FROZEN_OKAY) {
        frozen_raise(status, name);
        return NULL;
    }
    return frozen_code(&info, name);
}

static PyObject *imp_frozen_module_names(PyObject *m, PyObject *ignored)
{
    return frozen_names(true);
}

static PyObject *imp_override_frozen(PyObject *m, PyObject *arg)
{
    int override = _PyLong_AsInt(arg);
    if (override == -1 && PyErr_Occurred())
        return NULL;
    interp_get()->override_frozen_modules = override;
    Py_RETURN_NONE;
}

/* -- Code objects and hashes ----------------------------------------------------------------- */

/* Renames the file of a code object and of those in its constants, where it is the old name. */
static void rename_file(PyCodeObject *co, PyObject *old, PyObject *new)
{
    if (PyUnicode_Compare(co->co_filename, old))
        return;
    Py_SETREF(co->co_filename, Py_NewRef(new));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(co->co_consts); i++) {
        PyObject *c = PyTuple_GET_ITEM(co->co_consts, i);
        if (PyCode_Check(c))
            rename_file((PyCodeObject *)c, old, new);
    }
}

static PyObject *imp_fix_co_filename(PyObject *m, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *code, *path;
    if (!PARSEP("O!U:_fix_co_filename", &PyCode_Type, &code, &path))
        return NULL;
    PyCodeObject *co = (PyCodeObject *)code;
    if (PyUnicode_Compare(co->co_filename, path) != 0) {
        PyObject *old = Py_NewRef(co->co_filename);
        rename_file(co, old, path);
        Py_DECREF(old);
    }
    Py_RETURN_NONE;
}

static PyObject *imp_source_hash(PyObject *m, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("Ly*:source_hash", "key", "source");
    long long key;
    Py_buffer source;
    if (!PARSE(&key, &source))
        return NULL;
    union { uint64_t x; char data[8]; } hash;
    hash.x = hash_keyed((uint64_t)key, source.buf, source.len);
    PyBuffer_Release(&source);
#if !PY_LITTLE_ENDIAN
    hash.x = __builtin_bswap64(hash.x);
#endif
    return PyBytes_FromStringAndSize(hash.data, sizeof hash.data);
}

/* -- Module ---------------------------------------------------------------------------------- */

#define FAST(f) (PyCFunction)(void (*)(void))(f)
static PyMethodDef imp_methods[] = {
    {"extension_suffixes", imp_extension_suffixes, METH_NOARGS,
     "extension_suffixes($module, /)\n--\n\nEndings of the names of extension modules' files."},
    {"lock_held", imp_lock_held, METH_NOARGS,
     "lock_held($module, /)\n--\n\nIs the import lock held?"},
    {"acquire_lock", imp_acquire_lock, METH_NOARGS,
     "acquire_lock($module, /)\n--\n\nTake the import lock; a thread may take it several times."},
    {"release_lock", imp_release_lock, METH_NOARGS,
     "release_lock($module, /)\n--\n\nGive the import lock back."},
    {"find_frozen", FAST(imp_find_frozen), METH_FASTCALL | METH_KEYWORDS,
     "find_frozen($module, name, /, *, withdata=False)\n--\n\n"
     "(data, is_package, origname) of a frozen module, or None."},
    {"get_frozen_object", FAST(imp_get_frozen_object), METH_FASTCALL,
     "get_frozen_object($module, name, data=None, /)\n--\n\nThe code object of a frozen module."},
    {"is_frozen_package", imp_is_frozen_package, METH_O,
     "is_frozen_package($module, name, /)\n--\n\nIs the frozen module a package?"},
    {"create_builtin", imp_create_builtin, METH_O,
     "create_builtin($module, spec, /)\n--\n\nMake a built-in module."},
    {"init_frozen", imp_init_frozen, METH_O,
     "init_frozen($module, name, /)\n--\n\nImport a frozen module."},
    {"is_builtin", imp_is_builtin, METH_O,
     "is_builtin($module, name, /)\n--\n\n1 for a built-in module, -1 when it cannot be made "
     "again, else 0."},
    {"is_frozen", imp_is_frozen, METH_O,
     "is_frozen($module, name, /)\n--\n\nIs there a frozen module of that name?"},
    {"_frozen_module_names", imp_frozen_module_names, METH_NOARGS,
     "_frozen_module_names($module, /)\n--\n\nNames of the frozen modules that are in use."},
    {"_override_frozen_modules_for_tests", imp_override_frozen, METH_O,
     "_override_frozen_modules_for_tests($module, override, /)\n--\n\n"
     "Use frozen modules (1), do not (-1), or do as configured (0)."},
    {"create_dynamic", FAST(imp_create_dynamic), METH_FASTCALL,
     "create_dynamic($module, spec, file=<unrepresentable>, /)\n--\n\nLoad an extension module."},
    {"exec_dynamic", exec_module, METH_O,
     "exec_dynamic($module, mod, /)\n--\n\nExecute an extension module."},
    {"exec_builtin", exec_module, METH_O,
     "exec_builtin($module, mod, /)\n--\n\nExecute a built-in module."},
    {"_fix_co_filename", FAST(imp_fix_co_filename), METH_FASTCALL,
     "_fix_co_filename($module, code, path, /)\n--\n\nSet the file name of a code object and those "
     "in it."},
    {"source_hash", FAST(imp_source_hash), METH_FASTCALL | METH_KEYWORDS,
     "source_hash($module, /, key, source)\n--\n\nHash of source text as .pyc files carry it."},
    {NULL},
};

static int imp_exec(PyObject *m)
{
    const wchar_t *mode = _Py_GetConfig()->check_hash_pycs_mode;
    PyObject *str = PyUnicode_FromWideChar(mode ? mode : L"default", -1);
    int res = str ? PyModule_AddObjectRef(m, "check_hash_based_pycs", str) : -1;
    Py_XDECREF(str);
    return res;
}

static PyModuleDef_Slot imp_slots[] = {{Py_mod_exec, imp_exec}, {0, NULL}};
static struct PyModuleDef imp_module = {
    PyModuleDef_HEAD_INIT, .m_name = "_imp", .m_doc = "What importlib needs from the interpreter.",
    .m_methods = imp_methods, .m_slots = imp_slots,
};

PyMODINIT_FUNC PyInit__imp(void) { return PyModuleDef_Init(&imp_module); }
