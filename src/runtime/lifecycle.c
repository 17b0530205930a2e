/* SPDX-License-Identifier: MIT
 *
 * Start: from nothing to a running interpreter.
 *
 *   process state -> pre-configuration (locale) -> configuration -> interpreter, thread state, the
 *   lock -> core:  constant objects, types, interned names, exceptions, builtins, sys
 *   -> main:  importlib, codecs, signals, __main__, standard streams, warnings, site
 *
 * Nothing here may raise to a caller: each step answers with a PyStatus. The end is in finalize.c.
 */
#include "vm/vm.h"
#include "runtime/rt.h"
#include "base/hash.h"
#include "mem/gc.h"
#include "objects/str/str.h"
#include "objects/type/type.h"
#include "xray/watch.h"

EXPORT int _PyMem_SetDefaultAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *old);
EXPORT int _PyTraceMalloc_Init(int nframe) __attribute__((weak));

#define DEFAULT_MAX_STR_DIGITS 4300

/* -- Process --------------------------------------------------------------------------------- */

/* Locks and numbers; no objects, no interpreter. */
PyStatus _PyRuntimeState_Init(_PyRuntimeState *runtime)
{
    if (runtime->_initialized)
        return STATUS_OK();
    runtime->main_thread = PyThread_get_thread_ident();
    runtime->gilstate.check_enabled = 1;
    gil_state()->locked = -1;
    __atomic_store_n(&runtime->finalizing, NULL, __ATOMIC_RELAXED);
    if (!runtime->unicode_ids.next_index) /* identifiers keep their indices over a restart */
        runtime->unicode_ids.next_index = 1;
    _PyPreConfig_InitCompatConfig(&runtime->preconfig);
    PyMemAllocatorEx chosen; /* _PyRuntimeState_Fini frees with the default one too */
    _PyMem_SetDefaultAllocator(PYMEM_DOMAIN_RAW, &chosen);
    bool made =
        (runtime->interpreters.mutex || (runtime->interpreters.mutex = PyThread_allocate_lock()))
        && (runtime->xidregistry.mutex || (runtime->xidregistry.mutex = PyThread_allocate_lock()))
        && (runtime->unicode_ids.lock || (runtime->unicode_ids.lock = PyThread_allocate_lock()));
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &chosen);
    if (!made)
        return STATUS_NO_MEMORY();
    runtime->_initialized = 1;
    return STATUS_OK();
}

PyStatus _PyRuntime_Initialize(void) { return _PyRuntimeState_Init(&_PyRuntime); }

int Py_IsInitialized(void) { return _PyRuntime.initialized; }
int _Py_IsCoreInitialized(void) { return _PyRuntime.core_initialized; }
int _Py_IsFinalizing(void) { return _PyRuntime.finalizing != NULL; }

/* -- Interpreter and thread ------------------------------------------------------------------ */

/* *out holds the lock afterwards. */
static PyStatus make_main_interpreter(const PyConfig *config, PyThreadState **out)
{
    TRY(_PyInterpreterState_Enable(&_PyRuntime));
    PyInterpreterState *interp = PyInterpreterState_New();
    if (!interp)
        return STATUS_ERR("can't make main interpreter");
    TRY(config_copy(&interp->config, config));
    watch_start(interp);
    PyThreadState *tstate = PyThreadState_New(interp);
    if (!tstate)
        return STATUS_ERR("can't make first thread");
    gil_create();
    gil_take(tstate);
    _PyThreadState_Swap(NULL, tstate);
    gilstate_init(interp, tstate);
    *out = tstate;
    return STATUS_OK();
}

/* Objects that exist once per process. */
static PyStatus init_process_objects(PyThreadState *tstate)
{
    if (hash_init(&tstate->interp->config) < 0)
        return STATUS_ERR_IN("_Py_HashRandomization_Init",
                             "failed to get random numbers to initialize Python");
    singletons_init();
    /* before the types: what they intern must find our constants,
       or ID(x) would not be the name that code uses */
    if (str_intern_static() < 0)
        return STATUS_ERR("Can't intern constant names");
    if (type_ready_all() < 0)
        return STATUS_ERR("Can't initialize types");
    if (context_init_types() < 0)
        return STATUS_ERR("Can't initialize context variables");
    return exceptions_init_types();
}

static void choose_digits_limit(PyInterpreterState *interp)
{
    interp->int_max_str_digits = rt_int_max_str_digits >= 0 ? rt_int_max_str_digits
                                                            : DEFAULT_MAX_STR_DIGITS;
}

/* Objects that every interpreter has. */
static PyStatus init_core_objects(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    PyObject *sysmod;
    choose_digits_limit(interp);
    if (gc_ready(interp) < 0)
        return STATUS_NO_MEMORY();
    TRY(exceptions_init_state());
    if (unraisable_init() < 0 || atexit_init(interp) < 0)
        return STATUS_NO_MEMORY();
    TRY(import_init(tstate));
    TRY(sys_create(tstate, &sysmod));
    PyObject *bimod = builtins_create(tstate);
    if (!bimod)
        return STATUS_ERR_IN("pycore_init_builtins", "can't initialize builtins module");
    Py_DECREF(bimod); /* sys.modules has it */
    TRY(exceptions_init_builtins(interp->builtins));
    if (warnings_init_state(interp) < 0)
        return STATUS_ERR_IN("_PyWarnings_InitState", "can't initialize warnings");
    interp->builtins_copy = PyDict_Copy(interp->builtins);
    if (!interp->builtins_copy)
        return STATUS_NO_MEMORY();
    PyStatus status = import_install_core(tstate, sysmod);
    Py_DECREF(sysmod);
    return status;
}

/* -- Main part ------------------------------------------------------------------------------- */

/* __main__ with what `python file` and the prompt expect to find in it. */
static PyStatus add_main_module(PyInterpreterState *interp)
{
    PyObject *m = PyImport_AddModule("__main__"), *dict = m ? PyModule_GetDict(m) : NULL;
    if (!dict)
        return STATUS_ERR("can't create __main__ module");
    PyObject *annotations = PyDict_New();
    int res = annotations ? PyDict_SetItem(dict, ID(__annotations__), annotations) : -1;
    Py_XDECREF(annotations);
    if (res < 0)
        return STATUS_ERR("Failed to initialize __main__.__annotations__");
    if (!PyDict_GetItemWithError(dict, ID(__builtins__))) {
        PyObject *bimod = PyImport_ImportModule("builtins");
        res = bimod ? PyDict_SetItem(dict, ID(__builtins__), bimod) : -1;
        Py_XDECREF(bimod);
        if (res < 0)
            return STATUS_ERR("Failed to initialize __main__.__builtins__");
    }
    PyObject *loader = PyDict_GetItemWithError(dict, ID(__loader__));
    if (!loader || loader == Py_None) {
        loader = PyObject_GetAttrString(interp->importlib, "BuiltinImporter");
        res = loader ? PyDict_SetItem(dict, ID(__loader__), loader) : -1;
        Py_XDECREF(loader);
        if (res < 0)
            return STATUS_ERR("Failed to initialize __main__.__loader__");
    }
    return STATUS_OK();
}

static PyStatus set_builtins_open(PyInterpreterState *interp)
{
    PyObject *open = _PyImport_GetModuleAttrString("io", "open");
    int res = open ? PyDict_SetItemString(interp->builtins, "open", open) : -1;
    Py_XDECREF(open);
    return res == 0 ? STATUS_OK() : STATUS_ERR("can't set builtins.open");
}

static PyStatus import_site(void)
{
    PyObject *m = PyImport_ImportModule("site");
    if (!m)
        return STATUS_ERR_IN("init_import_site", "Failed to import the site module");
    Py_DECREF(m);
    return STATUS_OK();
}

/* Only when somebody asked for filters: start-up time. */
static PyStatus import_warnings(const PyConfig *config)
{
    if (config->warnoptions.length == 0)
        return STATUS_OK();
    PyObject *m = PyImport_ImportModule("warnings");
    if (!m) {
        fprintf(stderr, "'import warnings' failed; traceback:\n");
        _PyErr_Print(tstate_get());
    }
    Py_XDECREF(m);
    return STATUS_OK();
}

/* The second half of every interpreter's start. */
static PyStatus init_main(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    const PyConfig *config = &interp->config;
    bool is_main = interp == _PyRuntime.interpreters.main;
    if (sys_update_config(tstate) < 0)
        return STATUS_ERR_IN("init_interp_main", "failed to update the sys module config");
    if (!config->_install_importlib) {
        _PyRuntime.initialized = 1;
        return STATUS_OK();
    }
    TRY(import_install_external(tstate));
    if (is_main)
        TRY(faulthandler_init(config->faulthandler));
    TRY(rt_init_fs_encoding(tstate));
    if (is_main && signals_init(config->install_signal_handlers) < 0)
        return STATUS_ERR_IN("init_signals", "can't initialize signals");
    if (is_main && config->tracemalloc && _PyTraceMalloc_Init
        && _PyTraceMalloc_Init(config->tracemalloc) < 0)
        return STATUS_ERR_IN("init_interp_main", "can't initialize tracemalloc");
    TRY(rt_init_sys_streams(tstate));
    TRY(set_builtins_open(interp));
    TRY(add_main_module(interp));
    TRY(import_warnings(config));
    if (is_main)
        _PyRuntime.initialized = 1;
    if (config->site_import)
        TRY(import_site());
    if (is_main)
        rt_warn_legacy_locale();
    return STATUS_OK();
}

/* -- Starting -------------------------------------------------------------------------------- */

/* The first half: enough to run frozen code. */
static PyStatus start_core(const PyConfig *src, PyThreadState **tstate)
{
    PyConfig config;
    _PyConfig_InitCompatConfig(&config);
    PyStatus status = config_copy(&config, src);
    if (!STATUS_FAILED(status))
        status = PyConfig_Read(&config);
    if (!STATUS_FAILED(status))
        status = config_write(&config);
    if (!STATUS_FAILED(status))
        status = make_main_interpreter(&config, tstate);
    PyConfig_Clear(&config);
    TRY(status);
    TRY(init_process_objects(*tstate));
    TRY(init_core_objects(*tstate));
    _PyRuntime.core_initialized = 1;
    return STATUS_OK();
}

/* A second call is nothing. */
PyStatus Py_InitializeFromConfig(const PyConfig *config)
{
    if (!config)
        return STATUS_ERR("initialization config is NULL");
    TRY(_PyRuntime_Initialize());
    if (_PyRuntime.initialized)
        return STATUS_OK();
    PyThreadState *tstate = NULL;
    TRY(preconfig_ensure(config));
    TRY(start_core(config, &tstate));
    return tstate->interp->config._init_main ? init_main(tstate) : STATUS_OK();
}

PyStatus _Py_InitializeMain(void)
{
    if (_PyRuntime.initialized)
        return STATUS_ERR("main interpreter already initialized");
    return init_main(tstate_get());
}

void Py_InitializeEx(int install_sigs)
{
    PyStatus status = _PyRuntime_Initialize();
    if (STATUS_FAILED(status))
        Py_ExitStatusException(status);
    if (_PyRuntime.initialized)
        return;
    PyConfig config;
    _PyConfig_InitCompatConfig(&config);
    config.install_signal_handlers = install_sigs;
    status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (STATUS_FAILED(status))
        Py_ExitStatusException(status);
}

void Py_Initialize(void) { Py_InitializeEx(1); }

/* -- Further interpreters -------------------------------------------------------------------- */

/* *out NULL with STATUS_OK: no memory, nothing was made. */
static PyStatus new_interpreter(PyThreadState **out, int isolated, PyThreadState *save)
{
    PyInterpreterState *interp = PyInterpreterState_New();
    PyThreadState *tstate = interp ? PyThreadState_New(interp) : NULL;
    if (!tstate) {
        if (interp)
            PyInterpreterState_Delete(interp);
        return STATUS_OK();
    }
    *out = tstate;
    const PyConfig *from = save ? &save->interp->config : &_PyRuntime.interpreters.main->config;
    TRY(config_copy(&interp->config, from));
    interp->config._isolated_interpreter = isolated;
    watch_start(interp);
    _PyThreadState_Swap(NULL, tstate);
    if (type_interp_init(interp) < 0)
        return STATUS_NO_MEMORY();
    TRY(init_core_objects(tstate));
    return init_main(tstate);
}

/* Ends the process when the start fails half-way; NULL when there was no memory. */
PyThreadState *_Py_NewInterpreter(int isolated)
{
    PyThreadState *tstate = NULL;
    if (!_PyRuntime.initialized)
        Py_ExitStatusException(
            STATUS_ERR_IN("new_interpreter", "Py_Initialize must be called first"));
    /* the thread-specific state knows one interpreter only */
    _PyRuntime.gilstate.check_enabled = 0;
    PyThreadState *save = _PyThreadState_Swap(NULL, tstate_get());
    PyStatus status = new_interpreter(&tstate, isolated, save);
    if (!STATUS_FAILED(status))
        return tstate;
    if (tstate) {
        PyErr_PrintEx(0);
        PyThreadState_Clear(tstate);
        _PyThreadState_Swap(NULL, save);
        PyThreadState_Delete(tstate);
    }
    Py_ExitStatusException(status);
}

PyThreadState *Py_NewInterpreter(void) { return _Py_NewInterpreter(0); }

/* -- Facts about this build ------------------------------------------------------------------ */

const unsigned long Py_Version = PY_VERSION_HEX;

const char *Py_GetVersion(void)
{
    static char version[250];
    if (!version[0])
        PyOS_snprintf(version, sizeof version, "%.80s (%.80s) %.80s", PY_VERSION, Py_GetBuildInfo(),
                      Py_GetCompiler());
    return version;
}

const char *Py_GetBuildInfo(void)
{
    static char info[128];
    if (!info[0])
        PyOS_snprintf(info, sizeof info, "%s, %.20s, %.9s", "main", __DATE__, __TIME__);
    return info;
}

const char *Py_GetCompiler(void) { return "[Vitro " VITRO_VERSION "]"; }
const char *Py_GetPlatform(void) { return "linux"; }
const char *_Py_gitversion(void) { return ""; }
const char *_Py_gitidentifier(void) { return ""; }

const char *Py_GetCopyright(void)
{
    return "Vitro: a Python implementation written from scratch, compatible with CPython 3.11.\n"
           "Python is a trademark of the Python Software Foundation.";
}
