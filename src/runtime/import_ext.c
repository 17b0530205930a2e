/* SPDX-License-Identifier: MIT
 *
 * Modules made by C code: built into the executable (the init table), or loaded from shared
 * objects.
 *
 * A multi-phase module's init function answers with a PyModuleDef; the module is made for each
 * import. A single-phase one answers with the module itself: its definition is remembered in
 * `extensions`, a dict from (file name, name), with a copy of its dict in the definition when it
 * keeps global state (m_size -1), from which later imports are filled. PyState_FindModule looks in
 * interp->modules_by_index, a list by m_index.
 */
#include "runtime/import.h"
#include "runtime/rt.h"
#include "xray/view.h"
#include <dlfcn.h>

const char *_Py_PackageContext = NULL;

/* -- The table ------------------------------------------------------------------------------- */

#define BUILTINS(X)                                                                                \
    X(_abc) X(_ast) X(_bisect) X(_blake2) X(_codecs) X(_collections) X(_csv) X(_datetime)          \
    X(_elementtree) X(_functools) X(_heapq) X(_imp) X(_io) X(_locale) X(_md5) X(_opcode)           \
    X(_operator) X(_pickle) X(_posixsubprocess) X(_random) X(_sha1) X(_sha256) X(_sha3)            \
    X(_sha512) X(_signal) X(_socket) X(_sre) X(_stat) X(_statistics) X(_string) X(_struct)         \
    X(_symtable) X(_thread) X(_tokenize) X(_tracemalloc) X(_weakref) X(array) X(atexit)            \
    X(binascii) X(cmath) X(errno) X(faulthandler) X(fcntl) X(gc) X(grp) X(itertools) X(math)       \
    X(posix) X(pwd) X(pyexpat) X(select) X(spwd) X(syslog) X(time) X(unicodedata)                  \
    X(xxsubtype) X(zlib)

/* Weak: a build without one of them simply does not list it. */
#define X(name) extern EXPORT PyObject *PyInit_##name(void) __attribute__((weak));
BUILTINS(X)
#undef X

extern EXPORT PyObject *PyMarshal_Init(void);

static const struct _inittab all[] = {
#define X(name) {#name, PyInit_##name},
    BUILTINS(X)
#undef X
        {VIEW_MODULE, view_module_init},
    {"_warnings", _PyWarnings_Init},
    {"marshal", PyMarshal_Init},
    {"builtins", NULL},
    {"sys", NULL},
};

static struct _inittab table[COUNT_OF(all) + 1]; /* those of `all` that are there */
struct _inittab *PyImport_Inittab = table;
/* Extended by the program: a copy that may grow. */
static bool table_on_heap;

static bool in_tree(const struct _inittab *p)
{
    return p->initfunc || strcmp(p->name, "builtins") == 0 || strcmp(p->name, "sys") == 0;
}

static void table_fill(void)
{
    size_t n = 0;
    if (table[0].name)
        return;
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (in_tree(&all[i]))
            table[n++] = all[i];
}

static size_t table_length(const struct _inittab *t)
{
    size_t n = 0;
    while (t[n].name)
        n++;
    return n;
}

/* Only before start; the table moves to raw memory. */
int PyImport_ExtendInittab(struct _inittab *more)
{
    if (Py_IsInitialized())
        Py_FatalError("PyImport_ExtendInittab() may not be called after Py_Initialize()");
    table_fill();
    size_t have = table_length(PyImport_Inittab), n = table_length(more);
    if (n == 0)
        return 0;
    struct _inittab *p = PyMem_RawMalloc((have + n + 1) * sizeof *p);
    if (!p)
        return -1;
    memcpy(p, PyImport_Inittab, have * sizeof *p);
    memcpy(p + have, more, (n + 1) * sizeof *p);
    if (table_on_heap)
        PyMem_RawFree(PyImport_Inittab);
    table_on_heap = true;
    PyImport_Inittab = p;
    return 0;
}

int PyImport_AppendInittab(const char *name, PyObject *(*initfunc)(void))
{
    if (Py_IsInitialized())
        Py_FatalError("PyImport_AppendInittab() may not be called after Py_Initialize()");
    struct _inittab one[2] = {{name, initfunc}, {NULL}};
    return PyImport_ExtendInittab(one);
}

void import_table_init(void) { table_fill(); }

static struct _inittab *table_find(PyObject *name)
{
    table_fill();
    for (struct _inittab *p = PyImport_Inittab; p->name; p++)
        if (_PyUnicode_EqualToASCIIString(name, p->name))
            return p;
    return NULL;
}

int import_is_builtin_name(PyObject *name)
{
    struct _inittab *p = table_find(name);
    return !p ? 0 : p->initfunc ? 1 : -1;
}

PyObject *import_builtin_names(void)
{
    table_fill();
    PyObject *list = PyList_New(0), *res = NULL;
    for (struct _inittab *p = PyImport_Inittab; list && p->name; p++) {
        if (p->initfunc == view_module_init)
            continue;
        PyObject *name = PyUnicode_FromString(p->name);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    if (list && PyList_Sort(list) == 0)
        res = PyList_AsTuple(list);
    Py_XDECREF(list);
    return res;
}

/* -- Single-phase modules -------------------------------------------------------------------- */

static PyObject *extensions; /* strong dict (file name, name) -> PyModuleDef */

/* Keeps the module's dict as it is after the first import. */
static int copy_dict(PyObject *mod, PyModuleDef *def)
{
    PyObject *dict = PyModule_GetDict(mod), *copy = dict ? PyDict_Copy(dict) : NULL;
    if (!copy)
        return -1;
    Py_XSETREF(def->m_base.m_copy, copy);
    return 0;
}

EXPORT int _PyState_AddModule(PyThreadState *tstate, PyObject *mod, PyModuleDef *def);

/* Enters a single-phase module into sys.modules, modules_by_index and `extensions`. */
int _PyImport_FixupExtensionObject(PyObject *mod, PyObject *name, PyObject *filename,
                                   PyObject *modules)
{
    PyModuleDef *def = mod && PyModule_Check(mod) ? PyModule_GetDef(mod) : NULL;
    if (!def) {
        PyErr_BadInternalCall();
        return -1;
    }
    PyThreadState *tstate = tstate_get();
    if (PyObject_SetItem(modules, name, mod) < 0)
        return -1;
    if (_PyState_AddModule(tstate, mod, def) < 0) {
        PyMapping_DelItem(modules, name);
        return -1;
    }
    if (tstate->interp == _PyRuntime.interpreters.main && def->m_size == -1
        && copy_dict(mod, def) < 0)
        return -1;
    if (!extensions && !(extensions = PyDict_New()))
        return -1;
    PyObject *key = PyTuple_Pack(2, filename, name);
    int res = key ? PyDict_SetItem(extensions, key, (PyObject *)def) : -1;
    Py_XDECREF(key);
    return res;
}

int _PyImport_FixupBuiltin(PyObject *mod, const char *name, PyObject *modules)
{
    PyObject *str = PyUnicode_InternFromString(name);
    int res = str ? _PyImport_FixupExtensionObject(mod, str, str, modules) : -1;
    Py_XDECREF(str);
    return res;
}

/* Fills a new module from the copy that the first import left. */
static PyObject *extension_from_copy(PyModuleDef *def, PyObject *name)
{
    if (!def->m_base.m_copy)
        return NULL;
    PyObject *mod = import_add_module(name), *dict = mod ? PyModule_GetDict(mod) : NULL;
    if (!dict || PyDict_Update(dict, def->m_base.m_copy) < 0)
        Py_CLEAR(mod);
    return mod;
}

/* Owned, or NULL with or without an exception. */
PyObject *import_find_extension(PyObject *name, PyObject *filename)
{
    PyThreadState *tstate = tstate_get();
    PyObject *key = extensions ? PyTuple_Pack(2, filename, name) : NULL, *mod;
    PyModuleDef *def = key ? (PyModuleDef *)PyDict_GetItemWithError(extensions, key) : NULL;
    Py_XDECREF(key);
    if (!def)
        return NULL;
    if (def->m_size == -1) {
        mod = extension_from_copy(def, name);
    } else {
        mod = def->m_base.m_init ? def->m_base.m_init() : NULL;
        if (mod && PyObject_SetItem(tstate->interp->modules, name, mod) < 0)
            Py_CLEAR(mod);
    }
    if (!mod)
        return NULL;
    if (_PyState_AddModule(tstate, mod, def) < 0) {
        PyMapping_DelItem(tstate->interp->modules, name);
        Py_DECREF(mod);
        return NULL;
    }
    if (tstate->interp->config.verbose)
        PySys_FormatStderr("import %U # previously loaded (%R)\n", name, filename);
    return mod;
}

void import_fini(void) { Py_CLEAR(extensions); }

/* -- Built-in modules ------------------------------------------------------------------------ */

/* By name from the table: remembered, single-phase, or a definition made into a module. */
PyObject *import_create_builtin(PyObject *name, PyObject *spec)
{
    PyThreadState *tstate = tstate_get();
    PyObject *mod = import_find_extension(name, name);
    if (mod || tstate->curexc_type)
        return mod;
    struct _inittab *p = table_find(name);
    if (!p)
        Py_RETURN_NONE;
    if (!p->initfunc)
        return import_add_module(name); /* sys and builtins are there from the start */
    if (!(mod = p->initfunc()))
        return NULL;
    if (PyObject_TypeCheck(mod, &PyModuleDef_Type))
        return PyModule_FromDefAndSpec((PyModuleDef *)mod, spec);
    PyModuleDef *def = PyModule_GetDef(mod);
    if (!def) {
        Py_DECREF(mod);
        return NULL;
    }
    def->m_base.m_init = p->initfunc;
    if (_PyImport_FixupExtensionObject(mod, name, name, tstate->interp->modules) < 0)
        Py_CLEAR(mod);
    return mod;
}

/* -- Shared objects -------------------------------------------------------------------------- */

/* "PyInit_name", or for names beyond ASCII "PyInitU_" and punycode; '-' is '_' in
   both. Owned bytes, NULL with error. */
static PyObject *init_symbol(PyObject *name, const char **prefix, PyObject **encoded_out)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name), dot = PyUnicode_FindChar(name, '.', 0, n, -1);
    PyObject *last = dot == -2 ? NULL : PyUnicode_Substring(name, dot + 1, n), *encoded = NULL,
             *symbol = NULL;
    if (!last)
        return NULL;
    bool ascii = PyUnicode_IS_ASCII(last);
    encoded = ascii ? PyUnicode_AsASCIIString(last)
                    : PyUnicode_AsEncodedString(last, "punycode", NULL);
    *prefix = ascii ? "PyInit" : "PyInitU";
    if (encoded) {
        PyObject *fixed = PyObject_CallMethod(encoded, "replace", "cc", '-', '_');
        Py_SETREF(encoded, fixed);
    }
    if (encoded)
        symbol = PyBytes_FromFormat("%s_%s", *prefix, PyBytes_AS_STRING(encoded));
    Py_DECREF(last);
    if (symbol)
        *encoded_out = encoded;
    else
        Py_XDECREF(encoded);
    return symbol;
}

typedef PyObject *(*init_function)(void);

/* ImportError with the linker's words. NULL without an exception: no such symbol. */
static init_function load_symbol(const char *symbol, PyObject *name, PyObject *path,
                                 PyObject *path_bytes)
{
    const char *file = PyBytes_AS_STRING(path_bytes);
    PyObject *slashed = NULL;
    /* a bare name would be searched for in the library path */
    if (!strchr(file, '/') && (slashed = PyBytes_FromFormat("./%s", file)))
        file = PyBytes_AS_STRING(slashed);
    int flags = interp_get()->dlopenflags;
    if (interp_get()->config.verbose)
        PySys_WriteStderr("dlopen(\"%s\", %x);\n", file, flags);
    void *handle = dlopen(file, flags);
    Py_XDECREF(slashed);
    if (!handle) {
        const char *why = dlerror();
        PyObject *msg = PyUnicode_DecodeLocale(why ? why : "unknown dlopen() error",
                                               "surrogateescape");
        PyErr_SetImportError(msg, name, path);
        Py_XDECREF(msg);
        return NULL;
    }
    return (init_function)dlsym(handle, symbol);
}

/* Checks what a single-phase init function gave, and remembers it. STEALS m. */
static PyObject *accept_single_phase(PyObject *m, init_function init, PyObject *name,
                                     PyObject *path, const char *prefix, const char *shown)
{
    PyModuleDef *def = PyModule_Check(m) ? PyModule_GetDef(m) : NULL;
    if (strcmp(prefix, "PyInitU") == 0) {
        PyErr_Format(PyExc_SystemError, "initialization of %s did not return PyModuleDef", shown);
        goto fail;
    }
    if (!def) {
        PyErr_Format(PyExc_SystemError, "initialization of %s did not return an extension module",
                     shown);
        goto fail;
    }
    def->m_base.m_init = init;
    if (PyModule_AddObjectRef(m, "__file__", path) < 0)
        PyErr_Clear();
    if (_PyImport_FixupExtensionObject(m, name, path, interp_get()->modules) == 0)
        return m;
fail:
    Py_DECREF(m);
    return NULL;
}

/* Calls init and checks the result: a definition, or a module. */
static PyObject *call_init(init_function init, PyObject *name, const char *shown)
{
    const char *saved = _Py_PackageContext;
    _Py_PackageContext = PyUnicode_AsUTF8(name);
    PyObject *m = _Py_PackageContext ? init() : NULL;
    _Py_PackageContext = saved;
    if (!m) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_SystemError,
                         "initialization of %s failed without raising an exception", shown);
        return NULL;
    }
    if (PyErr_Occurred()) {
        PyErr_Format(PyExc_SystemError, "initialization of %s raised unreported exception", shown);
        return NULL;
    }
    if (!Py_TYPE(m)) {
        PyErr_Format(PyExc_SystemError, "init function of %s returned uninitialized object", shown);
        return NULL;
    }
    return m;
}

/* Finds and calls the init function of a shared object, which stays loaded for good. */
static PyObject *load_dynamic(PyObject *spec, PyObject *name, PyObject *path)
{
    const char *prefix = NULL;
    PyObject *encoded = NULL, *symbol = init_symbol(name, &prefix, &encoded), *bytes = NULL,
             *m = NULL;
    if (!symbol)
        return NULL;
    const char *shown = PyBytes_AS_STRING(encoded);
    if (PySys_Audit("import", "OOOOO", name, path, Py_None, Py_None, Py_None) < 0
        || !(bytes = PyUnicode_EncodeFSDefault(path)))
        goto done;
    init_function init = load_symbol(PyBytes_AS_STRING(symbol), name, path, bytes);
    if (!init) {
        if (!PyErr_Occurred()) {
            PyObject *msg = PyUnicode_FromFormat(
                "dynamic module does not define module export function (%s_%s)", prefix, shown);
            PyErr_SetImportError(msg, name, path);
            Py_XDECREF(msg);
        }
        goto done;
    }
    if (!(m = call_init(init, name, shown)))
        goto done;
    m = PyObject_TypeCheck(m, &PyModuleDef_Type)
            ? PyModule_FromDefAndSpec((PyModuleDef *)m, spec)
            : accept_single_phase(m, init, name, path, prefix, shown);
done:
    Py_XDECREF(symbol);
    Py_XDECREF(encoded);
    Py_XDECREF(bytes);
    return m;
}

/* fp is what imp.load_dynamic passed; the linker opens the file itself. */
PyObject *import_create_dynamic(PyObject *spec, FILE *fp)
{
    PyObject *name = PyObject_GetAttr(spec, ID(name)), *path = NULL, *m = NULL;
    (void)fp;
    if (!name || !(path = PyObject_GetAttr(spec, ID2(origin))))
        goto done;
    if (!PyUnicode_Check(name) || !PyUnicode_Check(path)) {
        PyErr_SetString(PyExc_TypeError, "name and origin of a module spec must be strings");
        goto done;
    }
    m = import_find_extension(name, path);
    if (!m && !PyErr_Occurred())
        m = load_dynamic(spec, name, path);
done:
    Py_XDECREF(name);
    Py_XDECREF(path);
    return m;
}

/* -- Modules by definition ------------------------------------------------------------------- */

/* BORROWED MAYBE_NULL */
PyObject *PyState_FindModule(PyModuleDef *def)
{
    PyInterpreterState *interp = interp_get();
    Py_ssize_t index = def->m_base.m_index;
    if (def->m_slots || index == 0 || !interp->modules_by_index
        || index >= PyList_GET_SIZE(interp->modules_by_index))
        return NULL;
    PyObject *m = PyList_GET_ITEM(interp->modules_by_index, index);
    return m == Py_None ? NULL : m;
}

/* The list grows to the definition's index; holes are None. */
int _PyState_AddModule(PyThreadState *tstate, PyObject *mod, PyModuleDef *def)
{
    if (def->m_slots) {
        PyErr_SetString(PyExc_SystemError, "PyState_AddModule called on module with slots");
        return -1;
    }
    PyInterpreterState *interp = tstate->interp;
    if (!interp->modules_by_index && !(interp->modules_by_index = PyList_New(0)))
        return -1;
    while (PyList_GET_SIZE(interp->modules_by_index) <= def->m_base.m_index)
        if (PyList_Append(interp->modules_by_index, Py_None) < 0)
            return -1;
    return PyList_SetItem(interp->modules_by_index, def->m_base.m_index, Py_NewRef(mod));
}

int PyState_AddModule(PyObject *mod, PyModuleDef *def)
{
    if (!def)
        Py_FatalError("module definition is NULL");
    PyInterpreterState *interp = interp_get();
    Py_ssize_t index = def->m_base.m_index;
    if (interp->modules_by_index && index < PyList_GET_SIZE(interp->modules_by_index)
        && PyList_GET_ITEM(interp->modules_by_index, index) == mod)
        _Py_FatalErrorFormat(__func__, "module %p already added", mod);
    return _PyState_AddModule(tstate_get(), mod, def);
}

int PyState_RemoveModule(PyModuleDef *def)
{
    if (def->m_slots) {
        PyErr_SetString(PyExc_SystemError, "PyState_RemoveModule called on module with slots");
        return -1;
    }
    PyInterpreterState *interp = interp_get();
    Py_ssize_t index = def->m_base.m_index;
    if (index == 0)
        Py_FatalError("invalid module index");
    if (!interp->modules_by_index || index > PyList_GET_SIZE(interp->modules_by_index))
        Py_FatalError("Module index out of bounds.");
    return PyList_SetItem(interp->modules_by_index, index, Py_NewRef(Py_None));
}
