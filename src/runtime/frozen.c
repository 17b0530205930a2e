/* SPDX-License-Identifier: MIT
 *
 * Frozen modules: code that lies in the executable as marshal data, made by tools/freeze.py.
 *
 * Three tables: bootstrap (importlib and zipimport, always used), standard library, tests; an
 * embedding program may set PyImport_FrozenModules, which goes first. A build without the generated
 * tables (stage 0, the one that makes them) compiles importlib from its source at start and has no
 * other frozen modules.
 */
#include "runtime/import.h"
#include "runtime/rt.h"
#include "compile/compile.h"
#include "parse/parse.h"
#include <marshal.h>

/* Made by tools/freeze.py; absent in stage 0. */
extern const struct _frozen frozen_data_bootstrap[] __attribute__((weak));
extern const struct _frozen frozen_data_stdlib[] __attribute__((weak));
extern const struct _frozen frozen_data_test[] __attribute__((weak));
/* package vitro, that CPython does not have */
extern const struct _frozen frozen_data_own[] __attribute__((weak));

const struct _frozen *PyImport_FrozenModules = NULL;
EXPORT const struct _frozen *_PyImport_FrozenBootstrap = NULL;
EXPORT const struct _frozen *_PyImport_FrozenStdlib = NULL;
EXPORT const struct _frozen *_PyImport_FrozenTest = NULL;

/* Frozen name -> module whose code it is; "<x": the package x itself; NULL: of no module. */
static const struct { const char *name, *orig; } aliases[] = {
    {"_frozen_importlib", "importlib._bootstrap"}, {"_frozen_importlib_external",
     "importlib._bootstrap_external"},
    {"os.path", "posixpath"}, {"__hello_alias__", "__hello__"}, {"__phello_alias__", "__hello__"},
    {"__phello_alias__.spam", "__hello__"}, {"__phello__.__init__", "<__phello__"},
    {"__phello__.ham.__init__", "<__phello__.ham"}, {"__hello_only__", NULL},
};

/* -- Stage 0 --------------------------------------------------------------------------------- */

/* Not through Python's io: nothing can be imported yet. */
static char *read_whole(const char *path)
{
    FILE *fp = fopen(path, "rb");
    if (!fp)
        return NULL;
    fseek(fp, 0, SEEK_END);
    long n = ftell(fp);
    rewind(fp);
    char *text = n >= 0 ? PyMem_RawMalloc((size_t)n + 1) : NULL;
    if (text)
        text[fread(text, 1, (size_t)n, fp)] = 0;
    fclose(fp);
    return text;
}

/* For stage 0, whose tables hold no code: importlib from its source. */
static PyObject *compile_source(const char *module, const char *filename)
{
    char path[1024];
    char *lib = _Py_EncodeLocaleRaw(_Py_GetConfig()->stdlib_dir ? _Py_GetConfig()->stdlib_dir
                                                                : L"/usr/lib/python3.11",
                                    NULL);
    PyOS_snprintf(path, sizeof path, "%s/%s.py", lib, module);
    PyMem_RawFree(lib);
    char *text = read_whole(path);
    if (!text) { /* PYTHONHOME may point nowhere */
        PyOS_snprintf(path, sizeof path, "/usr/lib/python3.11/%s.py", module);
        text = read_whole(path);
    }
    if (!text) {
        PyErr_Format(PyExc_ImportError, "stage 0 needs %s", path);
        return NULL;
    }
    PyObject *code = Py_CompileStringExFlags(text, filename, Py_file_input, NULL, 0);
    PyMem_RawFree(text);
    return code;
}

static PyObject *stage0_bootstrap(void)
{
    return compile_source("importlib/_bootstrap", "<frozen importlib._bootstrap>");
}

static PyObject *stage0_external(void)
{
    return compile_source("importlib/_bootstrap_external",
                          "<frozen importlib._bootstrap_external>");
}

static PyObject *stage0_zipimport(void)
{
    return compile_source("zipimport", "<frozen zipimport>");
}

static const struct _frozen stage0[] = {
    {"_frozen_importlib", NULL, 0, 0, stage0_bootstrap},
    {"_frozen_importlib_external", NULL, 0, 0, stage0_external},
    {"zipimport", NULL, 0, 0, stage0_zipimport},
    {0},
};
static const struct _frozen nothing[] = {{0}};

static void tables_ready(void)
{
    if (_PyImport_FrozenBootstrap)
        return;
    _PyImport_FrozenBootstrap = frozen_data_bootstrap ? frozen_data_bootstrap : stage0;
    _PyImport_FrozenStdlib = frozen_data_stdlib ? frozen_data_stdlib : nothing;
    _PyImport_FrozenTest = frozen_data_test ? frozen_data_test : nothing;
}

/* -- Looking up ------------------------------------------------------------------------------ */

static bool stdlib_enabled(void)
{
    PyInterpreterState *interp = interp_get();
    if (interp->override_frozen_modules)
        return interp->override_frozen_modules > 0;
    return interp->config.use_frozen_modules;
}

static const struct _frozen *table_find(const struct _frozen *t, PyObject *name)
{
    for (; t && t->name; t++)
        if (_PyUnicode_EqualToASCIIString(name, t->name))
            return t;
    return NULL;
}

/* *disabled: it is there, but -X frozen_modules=off rules. */
static const struct _frozen *row_find(PyObject *name, bool *disabled)
{
    tables_ready();
    *disabled = false;
    const struct _frozen *p = table_find(PyImport_FrozenModules, name);
    if (!p)
        p = table_find(_PyImport_FrozenBootstrap, name);
    if (!p)
        p = table_find(frozen_data_own, name);
    if (p)
        return p;
    p = table_find(_PyImport_FrozenStdlib, name);
    if (!p)
        p = table_find(_PyImport_FrozenTest, name);
    *disabled = p && !stdlib_enabled();
    return *disabled ? NULL : p;
}

/* Names under which a module is frozen for tests: *orig is where it comes from. */
static bool resolve_alias(const char *name, const char **orig)
{
    for (size_t i = 0; i < COUNT_OF(aliases); i++) {
        if (strcmp(name, aliases[i].name) == 0) {
            *orig = aliases[i].orig;
            return true;
        }
    }
    *orig = name;
    return false;
}

/* info may be NULL: only the status is wanted. */
enum frozen_status frozen_find(PyObject *name, struct frozen_info *info)
{
    bool disabled;
    if (info)
        *info = (struct frozen_info){0};
    if (!name || name == Py_None)
        return FROZEN_BAD_NAME;
    const struct _frozen *p = PyUnicode_Check(name) ? row_find(name, &disabled)
                                                    : (disabled = false, NULL);
    if (!p)
        return disabled ? FROZEN_DISABLED : FROZEN_NOT_FOUND;
    if (info) {
        info->name = name;
        info->data = (const char *)p->code;
        info->get_code = p->get_code;
        info->size = p->size;
        info->is_package = p->is_package != 0;
        info->is_alias = resolve_alias(p->name, &info->origname);
    }
    if (!p->code && !p->get_code)
        return FROZEN_EXCLUDED;
    if (!p->get_code && p->size == 0)
        return FROZEN_INVALID;
    return FROZEN_OKAY;
}

/* ImportError with the words for the status. */
void frozen_raise(enum frozen_status status, PyObject *name)
{
    static const char *const messages[] = {
        [FROZEN_BAD_NAME] = "No such frozen object named %R",
        [FROZEN_NOT_FOUND] = "No such frozen object named %R",
        [FROZEN_DISABLED] = "Frozen modules are disabled and the frozen object named %R is not "
                            "essential",
        [FROZEN_EXCLUDED] = "Excluded frozen object named %R",
        [FROZEN_INVALID] = "Frozen object named %R is invalid",
    };
    if (status == FROZEN_OKAY)
        return;
    PyObject *msg = PyUnicode_FromFormat(messages[status], name ? name : Py_None);
    if (msg)
        PyErr_SetImportError(msg, name, NULL);
    Py_XDECREF(msg);
}

/* What a frozen module consists of lives as long as its code: the collector does not count it as new
   objects, among which it would look for garbage. */
static PyObject *read_frozen(const struct frozen_info *info)
{
    const int uncounted = INT_MIN / 2;
    int *count = &tstate_get()->interp->gc.generations[0].count, before = *count;
    *count = uncounted;
    PyObject *co = PyMarshal_ReadObjectFromString(info->data, info->size);
    *count = before;
    return co;
}

/* The code object, unmarshalled each time. */
PyObject *frozen_code(const struct frozen_info *info, PyObject *name)
{
    if (info->get_code && !info->data)
        return info->get_code();
    PyObject *co = read_frozen(info);
    if (!co) {
        if (!PyErr_ExceptionMatches(PyExc_MemoryError))
            frozen_raise(FROZEN_INVALID, name);
        return NULL;
    }
    if (!PyCode_Check(co)) {
        PyErr_Format(PyExc_TypeError, "frozen object %R is not a code object", name);
        Py_CLEAR(co);
    }
    return co;
}

static int add_names(PyObject *list, const struct _frozen *t)
{
    for (; t && t->name; t++) {
        PyObject *name = PyUnicode_FromString(t->name);
        int has = name ? PySequence_Contains(list, name) : -1;
        int res = has < 0 ? -1 : has ? 0 : PyList_Append(list, name);
        Py_XDECREF(name);
        if (res < 0)
            return -1;
    }
    return 0;
}

PyObject *frozen_names(bool enabled_only)
{
    tables_ready();
    PyObject *list = PyList_New(0);
    if (!list)
        return NULL;
    bool all = !enabled_only || stdlib_enabled();
    if (add_names(list, _PyImport_FrozenBootstrap) < 0
        || (all && add_names(list, _PyImport_FrozenStdlib) < 0)
        || (all && add_names(list, _PyImport_FrozenTest) < 0)
        || add_names(list, PyImport_FrozenModules) < 0)
        Py_CLEAR(list);
    return list;
}
