/* SPDX-License-Identifier: MIT
 *
 * Module sys: what is known at start (versions, number facts, flags), and what the configuration
 * adds.
 *
 * sys_create makes the module before importlib exists; sys_update_config sets what depends on the
 * computed configuration (paths, argv, flags) once that is there, and again when a program changes
 * it.
 */
#include "modules/sys.h"
#include "runtime/import.h"
#include "runtime/rt.h"

#include <float.h>

/* -- Result types ---------------------------------------------------------------------------- */

static PyStructSequence_Field flags_fields[] = {
    {"debug", "-d"},
    {"inspect", "-i"},
    {"interactive", "-i"},
    {"optimize", "-O or -OO"},
    {"dont_write_bytecode", "-B"},
    {"no_user_site", "-s"},
    {"no_site", "-S"},
    {"ignore_environment", "-E"},
    {"verbose", "-v"},
    {"bytes_warning", "-b"},
    {"quiet", "-q"},
    {"hash_randomization", "-R"},
    {"isolated", "-I"},
    {"dev_mode", "-X dev"},
    {"utf8_mode", "-X utf8"},
    {"warn_default_encoding", "-X warn_default_encoding"},
    {"safe_path", "-P"},
    {"int_max_str_digits", "-X int_max_str_digits"},
    {NULL},
};
static PyStructSequence_Desc flags_desc = { "sys.flags", "sys.flags\n"
    "\n"
    "How the interpreter was started: its options and environment variables.", flags_fields, 18 };

static PyStructSequence_Field version_fields[] = {
    {"major", "Major release number"},
    {"minor", "Minor release number"},
    {"micro", "Patch release number"},
    {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"},
    {"serial", "Serial release number"},
    {NULL},
};
static PyStructSequence_Desc version_desc = { "sys.version_info", "sys.version_info\n"
    "\n"
    "The version, part by part.", version_fields, 5 };

static PyStructSequence_Field hash_fields[] = {
    {"width", "bits that a hash has"},
    {"modulus", "the prime number P: numbers are hashed modulo P"},
    {"inf", "hash of infinity; that of minus infinity is its negative"},
    {"nan", "was the hash of NaN; unused now"},
    {"imag", "multiplier used for what stands before the j"},
    {"algorithm", "what hashes str and bytes"},
    {"hash_bits", "internal output size of hash algorithm"},
    {"seed_bits", "seed size of hash algorithm"},
    {"cutoff", "small string optimization cutoff"},
    {NULL},
};
static PyStructSequence_Desc hash_desc = { "sys.hash_info", "hash_info\n"
    "\n"
    "How numbers, strings and bytes are hashed.", hash_fields, 9 };

static PyStructSequence_Field float_fields[] = {
    {"max", "DBL_MAX"},     {"max_exp", "DBL_MAX_EXP"},   {"max_10_exp", "DBL_MAX_10_EXP"},
    {"min", "DBL_MIN"},     {"min_exp", "DBL_MIN_EXP"},   {"min_10_exp", "DBL_MIN_10_EXP"},
    {"dig", "DBL_DIG"},     {"mant_dig", "DBL_MANT_DIG"}, {"epsilon", "DBL_EPSILON"},
    {"radix", "FLT_RADIX"}, {"rounds", "FLT_ROUNDS"},     {NULL},
};
static PyStructSequence_Desc float_desc = { "sys.float_info", "sys.float_info\n"
    "\n"
    "Range and precision of float, as in float.h of C.", float_fields, 11 };

static PyStructSequence_Field int_fields[] = {
    {"bits_per_digit", "size of a digit in bits"},
    {"sizeof_digit", "bytes in memory for each digit"},
    {"default_max_str_digits", "maximum string conversion digits limitation"},
    {"str_digits_check_threshold", "minimum positive value for int_max_str_digits"},
    {NULL},
};
static PyStructSequence_Desc int_desc = { "sys.int_info", "sys.int_info\n"
    "\n"
    "How integers are stored, and limits for their conversion.", int_fields, 4 };

static PyStructSequence_Field thread_fields[] = {
    {"name", "name of the thread implementation"},
    {"lock", "name of the lock implementation"},
    {"version", "thread library and its version"},
    {NULL},
};
static PyStructSequence_Desc thread_desc = { "sys.thread_info", "sys.thread_info\n"
    "\n"
    "What threads and their locks are made with.", thread_fields, 3 };

static PyStructSequence_Field asyncgen_fields[] = {
    {"firstiter", "Hook to intercept first iteration"},
    {"finalizer", "Hook to intercept finalization"},
    {NULL},
};
static PyStructSequence_Desc asyncgen_desc = {
    "asyncgen_hooks", "A named tuple of the hooks of asynchronous generators.", asyncgen_fields, 2};

/* A structseq from a Py_BuildValue format of its items. The type can not be instantiated by
 * programs. */
static PyObject *make_info(PyTypeObject *type, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *items = Py_VaBuildValue(format, va), *res = items ? PyStructSequence_New(type) : NULL;
    va_end(va);
    for (Py_ssize_t i = 0; res && i < PyTuple_GET_SIZE(items); i++)
        PyStructSequence_SET_ITEM(res, i, Py_NewRef(PyTuple_GET_ITEM(items, i)));
    Py_XDECREF(items);
    return res;
}

/* Types are static: all interpreters share them. */
static PyTypeObject flags_type, version_type, hash_type, float_type, int_type, thread_type;
PyTypeObject sys_asyncgen_hooks_type;

extern EXPORT int _PyStructSequence_InitType(PyTypeObject *type, PyStructSequence_Desc *desc,
                                             unsigned long flags);

static PyTypeObject *seq_type(PyTypeObject *type, PyStructSequence_Desc *desc, unsigned long flags)
{
    return _PyStructSequence_InitType(type, desc, flags) < 0 ? NULL : type;
}


static PyObject *make_flags(PyInterpreterState *interp)
{
    const PyConfig *c = &interp->config;
    return make_info(&flags_type, "(iiiiiiiiiiiiiNiiNi)", c->parser_debug, c->inspect,
                     c->interactive, c->optimization_level, !c->write_bytecode,
                     !c->user_site_directory, !c->site_import, !c->use_environment, c->verbose,
                     c->bytes_warning, c->quiet, c->use_hash_seed == 0 || c->hash_seed != 0,
                     c->isolated, PyBool_FromLong(c->dev_mode), _PyRuntime.preconfig.utf8_mode,
                     c->warn_default_encoding, PyBool_FromLong(c->safe_path),
                     rt_int_max_str_digits < 0 && interp->int_max_str_digits == 4300
                         ? -1
                         : interp->int_max_str_digits);
}

/* -- Attributes known from the start --------------------------------------------------------- */

/* STEALS value (NULL: an exception is set). */
static int put(PyObject *dict, const char *name, PyObject *value)
{
    int rc = value ? PyDict_SetItemString(dict, name, value) : -1;
    Py_XDECREF(value);
    return rc;
}

static PyObject *stdlib_names(void)
{
    static const char *const names[] = {
#define NAME(n) #n,
#include "modules/sys_stdlib_names.def"
#undef NAME
    };
    PyObject *list = PyList_New(0), *res = NULL;
    for (size_t i = 0; list && i < COUNT_OF(names); i++) {
        PyObject *name = PyUnicode_InternFromString(names[i]);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    res = list ? PyFrozenSet_New(list) : NULL;
    Py_XDECREF(list);
    return res;
}

extern EXPORT PyObject *_PyNamespace_New(PyObject *attributes);

static PyObject *make_implementation(PyObject *version_info)
{
    PyObject *attributes = Py_BuildValue(
        "{ss ss sO sk ss}", "name", "cpython", "cache_tag", "cpython-311", "version", version_info,
        "hexversion", (unsigned long)PY_VERSION_HEX, "_multiarch", "x86_64-linux-gnu");
    PyObject *res = attributes ? _PyNamespace_New(attributes) : NULL;
    Py_XDECREF(attributes);
    return res;
}

static PyObject *thread_info(PyTypeObject *type)
{
    char version[64];
    size_t n = confstr(_CS_GNU_LIBPTHREAD_VERSION, version, sizeof version);
    return make_info(type, "(ssz)", "pthread", "semaphore",
                     n && n < sizeof version ? version : NULL);
}

/* What is the same in every interpreter of this build. */
static int add_constants(PyInterpreterState *interp, PyObject *d)
{
    if (!seq_type(&hash_type, &hash_desc, 0) || !seq_type(&float_type, &float_desc, 0) ||
        !seq_type(&int_type, &int_desc, 0) || !seq_type(&thread_type, &thread_desc, 0))
        return -1;
    PyHash_FuncDef *hash = PyHash_GetFuncDef();
    PyObject *version_info = make_info(&version_type, "(iiisi)", PY_MAJOR_VERSION, PY_MINOR_VERSION,
                                       PY_MICRO_VERSION, "final", 0);
    int rc = !version_info || put(d, "version_info", Py_NewRef(version_info)) < 0 ||
             put(d, "implementation", make_implementation(version_info)) < 0 ||
             put(d, "version", PyUnicode_FromString(Py_GetVersion())) < 0 ||
             put(d, "hexversion", PyLong_FromLong(PY_VERSION_HEX)) < 0 ||
             put(d, "_git", Py_BuildValue("(sss)", "Vitro", "", "")) < 0 ||
             put(d, "_framework", PyUnicode_FromString("")) < 0 ||
             put(d, "api_version", PyLong_FromLong(PYTHON_API_VERSION)) < 0 ||
             put(d, "copyright", PyUnicode_FromString(Py_GetCopyright())) < 0 ||
             put(d, "platform", PyUnicode_FromString(Py_GetPlatform())) < 0 ||
             put(d, "maxsize", PyLong_FromSsize_t(PY_SSIZE_T_MAX)) < 0 ||
             put(d, "float_info",
                 make_info(&float_type, "(diidiiiidii)", DBL_MAX, DBL_MAX_EXP, DBL_MAX_10_EXP,
                           DBL_MIN, DBL_MIN_EXP, DBL_MIN_10_EXP, DBL_DIG, DBL_MANT_DIG, DBL_EPSILON,
                           FLT_RADIX, FLT_ROUNDS)) < 0 ||
             put(d, "int_info", make_info(&int_type, "(iiii)", 30, 4, 4300, 640)) < 0 ||
             put(d, "hash_info",
                 make_info(&hash_type, "(iniiisiii)", 64, (Py_ssize_t)_PyHASH_MODULUS, _PyHASH_INF,
                           0, _PyHASH_IMAG, hash->name, hash->hash_bits, hash->seed_bits, 0)) < 0 ||
             put(d, "maxunicode", PyLong_FromLong(0x10FFFF)) < 0 ||
             put(d, "builtin_module_names", import_builtin_names()) < 0 ||
             put(d, "stdlib_module_names", stdlib_names()) < 0 ||
             put(d, "byteorder", PyUnicode_FromString("little")) < 0 ||
             put(d, "abiflags", PyUnicode_FromString("")) < 0 ||
             put(d, "float_repr_style", PyUnicode_FromString("short")) < 0 ||
             put(d, "thread_info", thread_info(&thread_type)) < 0 ||
             put(d, "meta_path", PyList_New(0)) < 0 ||
             put(d, "path_importer_cache", PyDict_New()) < 0 ||
             put(d, "path_hooks", PyList_New(0)) < 0;
    Py_XDECREF(version_info);
    return rc ? -1 : 0;
}

static PyModuleDef sys_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sys",
    .m_doc = "What belongs to the interpreter: arguments, paths, modules, streams, versions and "
             "limits, hooks, and a look at\n"
             "running frames and exceptions. See the library reference.",
    .m_size = -1,
};

PyStatus sys_create(PyThreadState *tstate, PyObject **sysmod)
{
    PyInterpreterState *interp = tstate->interp;
    bool types = seq_type(&flags_type, &flags_desc, Py_TPFLAGS_DISALLOW_INSTANTIATION) &&
                 seq_type(&version_type, &version_desc, Py_TPFLAGS_DISALLOW_INSTANTIATION) &&
                 seq_type(&sys_asyncgen_hooks_type, &asyncgen_desc, 0);
    PyObject *module = _PyModule_CreateInitialized(&sys_module, PYTHON_API_VERSION);
    if (!module || !types)
        return STATUS_ERR("failed to create a module object");
    PyObject *dict = PyModule_GetDict(module);
    interp->sysdict = Py_NewRef(dict);
    if (PyDict_SetItemString(dict, "modules", interp->modules) < 0 ||
        PyModule_AddFunctions(module, sys_funcs_methods) < 0 ||
        PyModule_AddFunctions(module, sys_hooks_methods) < 0 || add_constants(interp, dict) < 0 ||
        put(dict, "flags", make_flags(interp)) < 0)
        return STATUS_ERR("can't initialize sys module");
    static const char *const originals[] = {"displayhook", "excepthook", "breakpointhook",
                                            "unraisablehook"};
    for (size_t i = 0; i < COUNT_OF(originals); i++) {
        char name[32];
        snprintf(name, sizeof name, "__%s__", originals[i]);
        PyObject *original =
            PyDict_GetItemString(dict, originals[i]); /* NULL when memory is short */
        if (!original || PyDict_SetItemString(dict, name, original) < 0)
            return STATUS_ERR("can't initialize sys module");
    }
    if (_PyImport_FixupBuiltin(module, "sys", interp->modules) < 0)
        return STATUS_ERR("can't initialize sys module");
    TRY(rt_set_preliminary_stderr(tstate));
    *sysmod = module;
    return STATUS_OK();
}

/* -- What the configuration says ------------------------------------------------------------- */

static PyObject *wide(const wchar_t *s)
{
    return s ? PyUnicode_FromWideChar(s, -1) : Py_NewRef(Py_None);
}

static PyObject *xoptions_dict(const PyConfig *config)
{
    PyObject *dict = PyDict_New();
    for (Py_ssize_t i = 0; dict && i < config->xoptions.length; i++) {
        const wchar_t *option = config->xoptions.items[i], *eq = wcschr(option, L'=');
        PyObject *name = PyUnicode_FromWideChar(option, eq ? eq - option : -1),
                 *value = eq ? wide(eq + 1) : Py_NewRef(Py_True);
        if (!name || !value || PyDict_SetItem(dict, name, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(name);
        Py_XDECREF(value);
    }
    return dict;
}

/* What depends on the configuration; called again when it was read in full. */
int sys_update_config(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    const PyConfig *c = &interp->config;
    PyObject *d = interp->sysdict;
    if (c->module_search_paths_set &&
        put(d, "path", _PyWideStringList_AsList(&c->module_search_paths)) < 0)
        return -1;
    if (put(d, "executable", wide(c->executable)) < 0 ||
        put(d, "_base_executable", wide(c->base_executable)) < 0 ||
        put(d, "prefix", wide(c->prefix)) < 0 || put(d, "base_prefix", wide(c->base_prefix)) < 0 ||
        put(d, "exec_prefix", wide(c->exec_prefix)) < 0 ||
        put(d, "base_exec_prefix", wide(c->base_exec_prefix)) < 0 ||
        put(d, "platlibdir", wide(c->platlibdir)) < 0 ||
        put(d, "pycache_prefix", wide(c->pycache_prefix)) < 0 ||
        put(d, "argv", _PyWideStringList_AsList(&c->argv)) < 0 ||
        put(d, "orig_argv", _PyWideStringList_AsList(&c->orig_argv)) < 0 ||
        put(d, "warnoptions", _PyWideStringList_AsList(&c->warnoptions)) < 0 ||
        put(d, "_xoptions", xoptions_dict(c)) < 0 ||
        put(d, "_stdlib_dir", wide(c->stdlib_dir)) < 0 || put(d, "flags", make_flags(interp)) < 0 ||
        put(d, "dont_write_bytecode", PyBool_FromLong(!c->write_bytecode)) < 0)
        return -1;
    if (c->_init_main && !PyDict_GetItemString(d, "path") && put(d, "path", PyList_New(0)) < 0)
        return -1;
    return PyErr_Occurred() ? -1 : 0;
}
