/* SPDX-License-Identifier: MIT
 *
 * Doors inside src/runtime: statuses, locale, configuration, life cycle, states, lock, import,
 * printing.
 *
 * Reading order of the folder: program.c (main) -> main.c (run) -> lifecycle.c (start) -> config*.c
 * -> state.c, gil.c, pending.c -> import*.c -> errors.c, display.c -> sys*.c -> finalize.c (end).
 * Thread rule: whoever calls holds the lock, unless a comment says otherwise. A PyStatus never sets
 * an exception.
 */
#ifndef VITRO_RT_H
#define VITRO_RT_H

#include "base/fileutils.h"
#include "state.h"

/* -- Statuses -------------------------------------------------------------------------------- */

#define STATUS_OK() ((PyStatus){._type = _PyStatus_TYPE_OK})
#define STATUS_ERR_IN(where, msg)                                                                  \
    ((PyStatus){._type = _PyStatus_TYPE_ERROR, .func = (where), .err_msg = (msg)})
#define STATUS_ERR(msg) STATUS_ERR_IN(__func__, msg)
#define STATUS_NO_MEMORY() STATUS_ERR("memory allocation failed")
#define STATUS_EXIT(code) ((PyStatus){._type = _PyStatus_TYPE_EXIT, .exitcode = (code)})
#define STATUS_FAILED(s) ((s)._type != _PyStatus_TYPE_OK)
/* Returns the status of a step that failed. */
#define TRY(expr) do { PyStatus try_ = (expr); if (STATUS_FAILED(try_)) return try_; } while (0)

/* -- Strings before there are objects -------------------------------------------------------- */

EXPORT int _Py_IsLocaleCoercionTarget(const char *ctype_loc);
EXPORT void _Py_DumpASCII(int fd, PyObject *text);
EXPORT void _Py_DumpDecimal(int fd, size_t value);
EXPORT void _Py_DumpHexadecimal(int fd, uintptr_t value, Py_ssize_t width);
EXPORT void _Py_DumpTraceback(int fd, PyThreadState *tstate);
EXPORT const char *_Py_DumpTracebackThreads(int fd, PyInterpreterState *interp,
                                            PyThreadState *current);

/* Copy in raw memory, or NULL. */
wchar_t *rt_wcsdup(const wchar_t *s);

EXPORT void _PyWideStringList_Clear(PyWideStringList *list);
EXPORT int _PyWideStringList_Copy(PyWideStringList *list, const PyWideStringList *from);
EXPORT PyStatus _PyWideStringList_Extend(PyWideStringList *list, const PyWideStringList *from);
EXPORT PyObject *_PyWideStringList_AsList(const PyWideStringList *list);

/* -- Configuration --------------------------------------------------------------------------- */

/* Whom a configuration is for (_config_init): Py_Initialize and global flags, the command, a
   program that embeds Python and wants nothing of its environment. */
enum { CONFIG_INIT_COMPAT = 1, CONFIG_INIT_PYTHON = 2, CONFIG_INIT_ISOLATED = 3 };
EXPORT void _PyPreConfig_InitCompatConfig(PyPreConfig *config);
EXPORT void _PyConfig_InitCompatConfig(PyConfig *config);
EXPORT PyObject *_PyConfig_AsDict(const PyConfig *config);
EXPORT int _PyConfig_FromDict(PyConfig *config, PyObject *dict);
EXPORT PyObject *_Py_GetConfigsAsDict(void);
EXPORT const char *_Py_GetEnv(int use_environment, const char *name);
EXPORT void _Py_get_env_flag(int use_environment, int *flag, const char *name);
EXPORT const wchar_t *_Py_get_xoption(const PyWideStringList *xoptions, const wchar_t *name);
EXPORT int _Py_str_to_int(const char *str, int *result);
EXPORT void _Py_ClearArgcArgv(void);

PyStatus config_copy(PyConfig *to, const PyConfig *from);
PyStatus config_read(PyConfig *config);           /* everything but the paths' outputs */
void config_dump_paths(PyThreadState *tstate);    /* to sys.stderr */
PyStatus config_paths(PyConfig *config);          /* sys.path, prefixes, executable */
PyStatus config_write(const PyConfig *config);    /* global flags, argv store, C stdio */
/* What the command line said, before anything else is read. */
struct cmdline_options {
    int parsed_upto;      /* index in argv of the first argument that is no option */
    int help, help_env, help_xoptions, help_all, version; /* how often each was asked for */
    wchar_t *bad_option;  /* message already printed when exit code is set */
};
/* Applies options to config (argv is taken from config->argv);
   may return STATUS_EXIT after help or errors. */
PyStatus config_parse_cmdline(PyConfig *config, PyWideStringList *warnoptions);
/* One step of our getopt: returns option character, '_' on errors, -1 at the end. */
struct getopt_state {
    Py_ssize_t index;    /* in argv, of the next word */
    const wchar_t *rest; /* letters of the present word that are still to come */
    const wchar_t *arg;  /* of the option just found, or NULL */
    int longindex;       /* LONGOPT_… of the option just found, when it is a long one */
    bool quiet;          /* say nothing about errors */
};
int cmdline_getopt(struct getopt_state *st, Py_ssize_t argc, wchar_t *const *argv);
#define LONGOPT_CHECK_PYCS 0
#define LONGOPT_HELP_ALL 1
#define LONGOPT_HELP_ENV 2
#define LONGOPT_HELP_XOPTIONS 3
EXPORT extern int _Py_HasFileSystemDefaultEncodeErrors;
void rt_warn_legacy_locale(void);
extern int rt_int_max_str_digits;
PyStatus preconfig_ensure(const PyConfig *config);
PyStatus preconfig_apply(const PyPreConfig *src, Py_ssize_t argc, char *const *bytes,
                         wchar_t *const *wide);
EXPORT PyStatus _Py_PreInitializeFromPyArgv(const PyPreConfig *src, const void *args);
EXPORT PyStatus _Py_PreInitializeFromConfig(const PyConfig *config, const void *args);
PyStatus rt_argv_as_wide(Py_ssize_t argc, char *const *bytes, wchar_t *const *wide,
                         PyWideStringList *out);
/* Py_SetPath & co: values set before start (embedding) */
int rt_legacy_path_set(PyConfig *config);

/* -- Life cycle ------------------------------------------------------------------------------ */

EXPORT PyStatus _PyRuntime_Initialize(void);
EXPORT void _PyRuntime_Finalize(void);
EXPORT PyStatus _PyRuntimeState_Init(_PyRuntimeState *runtime);
EXPORT void _PyRuntimeState_Fini(_PyRuntimeState *runtime);
EXPORT int _Py_IsFinalizing(void);
EXPORT int _Py_HandleSystemExit(int *exitcode);
extern EXPORT int _Py_UnhandledKeyboardInterrupt;
int rt_flush_std_files(void);
/* modules teardown, src/runtime/finalize_modules.c */
void rt_finalize_modules(PyThreadState *tstate);
void rt_call_ll_exitfuncs(void);
PyStatus rt_init_sys_streams(PyThreadState *tstate);
PyStatus rt_set_preliminary_stderr(PyThreadState *tstate);
PyStatus rt_init_fs_encoding(PyThreadState *tstate);
void rt_fini_fs_encoding(PyInterpreterState *interp);
void rt_mem_debug_print(void);
/* What goes in front of sys.path for argv: 1 with *path0 (owned), 0 nothing, -1. */
int _PyPathConfig_ComputeSysPath0(const PyWideStringList *argv, PyObject **path0);
EXPORT void _PyPathConfig_ClearGlobal(void);
EXPORT void _Py_ClearStandardStreamEncoding(void);

/* -- Threads, interpreters, the lock --------------------------------------------------------- */

/* gil.c. The lock itself lies in _PyRuntime.ceval. */
struct gil_state {
    int signals_pending;           /* atomic: a C handler saw a signal */
    int locked;                    /* atomic; -1: not made */
    pthread_mutex_t mutex;         /* guards locked, last_holder, switch_number */
    pthread_cond_t cond;           /* signalled when locked becomes 0 */
    pthread_cond_t switch_cond;    /* signalled when last_holder changes */
    unsigned long interval_us;     /* how long a waiter waits before it asks the holder to drop */
    unsigned long switch_number; /* hand-overs so far */
    PyThreadState *last_holder;    /* atomic, for fairness */
    int made;                      /* mutex and conditions are there */
};
static_assert(sizeof(struct gil_state) <= sizeof(((_PyRuntimeState *)0)->ceval),
              "the lock lies in _PyRuntime");
static inline struct gil_state *gil_state(void) { return (struct gil_state *)_PyRuntime.ceval; }
EXPORT _Py_NO_RETURN void _Py_FatalError_TstateNULL(const char *func);
EXPORT void _Py_DumpExtensionModules(int fd, PyInterpreterState *interp);
int gil_created(void);
void gil_create(void);
void gil_take(PyThreadState *tstate);
void gil_drop(PyThreadState *tstate);
void gil_reinit_after_fork(PyThreadState *tstate);
/* True when this thread must end instead of taking the lock: another one shuts the process down. */
bool rt_must_exit(PyThreadState *tstate);

/* pending.c */
void rt_signal_received(PyInterpreterState *interp);
void rt_eval_breaker_recompute(PyInterpreterState *interp);
void rt_async_exc_signal(PyInterpreterState *interp);
void rt_async_exc_unsignal(PyInterpreterState *interp);
int rt_make_pending_calls(PyThreadState *tstate);
void rt_finish_pending_calls(PyThreadState *tstate);
int rt_can_handle_signals(PyInterpreterState *interp);
EXPORT int _PyEval_AddPendingCall(PyInterpreterState *interp, int (*func)(void *), void *arg);
EXPORT void _PyEval_SignalReceived(PyInterpreterState *interp);
EXPORT void _PyEval_SignalAsyncExc(PyInterpreterState *interp);

/* state.c */
EXPORT PyThreadState *_PyThreadState_Swap(void *gilstate, PyThreadState *newts);
EXPORT void _PyThreadState_DeleteCurrent(PyThreadState *tstate);
EXPORT void _PyThreadState_DeleteExcept(_PyRuntimeState *runtime, PyThreadState *tstate);
EXPORT void _PyThreadState_Init(PyThreadState *tstate);
EXPORT void _PyThreadState_SetCurrent(PyThreadState *tstate);
EXPORT PyStatus _PyInterpreterState_Enable(_PyRuntimeState *runtime);
EXPORT PyInterpreterState *_PyInterpreterState_LookUpID(int64_t id);
EXPORT int _PyInterpreterState_IDInitref(PyInterpreterState *interp);
EXPORT int _PyInterpreterState_IDIncref(PyInterpreterState *interp);
EXPORT void _PyInterpreterState_IDDecref(PyInterpreterState *interp);
void interp_clear(PyThreadState *tstate);
void interp_delete_others_after_fork(PyInterpreterState *keep);
void gilstate_init(PyInterpreterState *interp, PyThreadState *tstate);
void gilstate_fini(void);
void gilstate_reinit_after_fork(void);
/* The lists of interpreters and thread states. Taken after the lock (GIL), never held over Python
   code. */
#define HEAD_LOCK() PyThread_acquire_lock(_PyRuntime.interpreters.mutex, WAIT_LOCK)
#define HEAD_UNLOCK() PyThread_release_lock(_PyRuntime.interpreters.mutex)

/* -- Signals (src/modules/_signal.c) --------------------------------------------------------- */

int signals_init(int install_handlers);
void signals_fini(void);
void signals_after_fork(void);
EXPORT int _PyErr_CheckSignalsTstate(PyThreadState *tstate);
EXPORT int _PyOS_InterruptOccurred(PyThreadState *tstate);
EXPORT int _PyOS_IsMainThread(void);

/* -- Errors ---------------------------------------------------------------------------------- */

EXPORT PyObject *_PyErr_Format(PyThreadState *tstate, PyObject *exc, const char *format, ...);
EXPORT void _PyErr_Restore(PyThreadState *tstate, PyObject *type, PyObject *value, PyObject *tb);
EXPORT void _PyErr_Fetch(PyThreadState *tstate, PyObject **type, PyObject **value, PyObject **tb);
EXPORT void _PyErr_NormalizeException(PyThreadState *tstate, PyObject **type, PyObject **value,
                                      PyObject **tb);
EXPORT void _PyErr_SetObject(PyThreadState *tstate, PyObject *type, PyObject *value);
EXPORT void _PyErr_SetString(PyThreadState *tstate, PyObject *exc, const char *string);
EXPORT void _PyErr_SetNone(PyThreadState *tstate, PyObject *exc);
EXPORT void _PyErr_Clear(PyThreadState *tstate);
EXPORT PyObject *_PyErr_NoMemory(PyThreadState *tstate);
EXPORT int _PyErr_ExceptionMatches(PyThreadState *tstate, PyObject *exc);
EXPORT void _PyErr_ChainStackItem(_PyErr_StackItem *exc_info);
EXPORT PyObject *_PyErr_StackItemToExcInfoTuple(_PyErr_StackItem *item);
EXPORT void _PyErr_Print(PyThreadState *tstate);
EXPORT void _PyErr_Display(PyObject *file, PyObject *unused, PyObject *value, PyObject *tb);
static inline PyObject *err_occurred(PyThreadState *tstate) { return tstate->curexc_type; }

int unraisable_init(void);
extern PyTypeObject unraisable_args_type;
PyObject *_PyErr_WriteUnraisableDefaultHook(PyObject *args);
/* Finds a name close to the wanted one (suggestions.c): owned str or NULL without error. */
PyObject *suggest_for_error(PyObject *exc);
/* Traceback printing (traceback_print.c): 0 or -1 with an exception set. */
int tb_print(PyObject *tb, PyObject *file, int indent, const char *margin);
EXPORT int _PyTraceBack_Print_Indented(PyObject *tb, int indent, const char *margin,
                                       const char *header_margin, const char *header,
                                       PyObject *file);
EXPORT int _Py_WriteIndent(int indent, PyObject *file);
EXPORT int _Py_WriteIndentedMargin(int indent, const char *margin, PyObject *file);

PyStatus exceptions_init_types(void);
PyStatus exceptions_init_builtins(PyObject *dict);
PyStatus exceptions_init_state(void);
void exceptions_fini(PyInterpreterState *interp);

/* -- Modules written here -------------------------------------------------------------------- */

PyObject *builtins_create(PyThreadState *tstate);          /* module builtins */
PyStatus sys_create(PyThreadState *tstate, PyObject **sysmod);
int sys_update_config(PyThreadState *tstate);              /* after the paths are known */
void sys_clear_audit_hooks(PyThreadState *tstate);
int sys_should_audit(PyInterpreterState *interp);
PyObject *sys_get(const char *name);                       /* BORROWED MAYBE_NULL, no error */
int sys_set_obj(PyObject *key, PyObject *value);
void sys_print_exception_to_fd2(const char *text);
int atexit_init(PyInterpreterState *interp);
void atexit_call(PyInterpreterState *interp);
void atexit_fini(PyInterpreterState *interp);
int warnings_init_state(PyInterpreterState *interp);
void warnings_fini(PyInterpreterState *interp);
PyStatus faulthandler_init(int enable);
void faulthandler_fini(void);
EXPORT PyObject *_PyWarnings_Init(void);

/* -- Import ---------------------------------------------------------------------------------- */

/* built-in modules that this build has */
void import_table_init(void);
PyStatus import_init(PyThreadState *tstate);               /* sys.modules, builtin table */
PyStatus import_install_core(PyThreadState *tstate, PyObject *sysmod);
PyStatus import_install_external(PyThreadState *tstate);
void import_fini(void);
void import_after_fork(void);
int import_lock_held(void);
EXPORT PyObject *_PyImport_GetModuleAttr(PyObject *, PyObject *);
EXPORT int _PyModuleSpec_IsInitializing(PyObject *spec);
EXPORT void _PyModule_Clear(PyObject *mod);
EXPORT void _PyModule_ClearDict(PyObject *dict);
EXPORT extern const char *_Py_PackageContext;

/* -- Other rooms' start and end -------------------------------------------------------------- */

#include "runtime/singletons.h"

#endif
