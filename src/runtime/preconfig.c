/* SPDX-License-Identifier: MIT
 *
 * Before the configuration can even be read as text: locale, UTF-8 mode, allocator.
 *
 * The command line's text depends on the locale, the locale on PYTHONCOERCECLOCALE, and UTF-8 mode
 * on -X utf8: so the arguments are decoded by the user's locale first, only -E, -I and -X are
 * looked at, and the decision is applied; the configuration decodes them again for good. PEP 538
 * (coercion) and PEP 540 (UTF-8 mode).
 */
#include "runtime/rt.h"
#include <langinfo.h>
#include <locale.h>

EXPORT int _PyMem_SetupAllocators(PyMemAllocatorName allocator);
EXPORT int _PyMem_GetAllocatorName(const char *name, PyMemAllocatorName *allocator);

/* -- Starting values ------------------------------------------------------------------------- */

void _PyPreConfig_InitCompatConfig(PyPreConfig *config)
{
    *config = (PyPreConfig){
        ._config_init = CONFIG_INIT_COMPAT,
        .isolated = -1,
        .use_environment = -1,
        .configure_locale = 1,
        .dev_mode = -1,
        .allocator = PYMEM_ALLOCATOR_NOT_SET,
    };
}

void PyPreConfig_InitPythonConfig(PyPreConfig *config)
{
    _PyPreConfig_InitCompatConfig(config);
    config->_config_init = CONFIG_INIT_PYTHON;
    config->isolated = 0;
    config->parse_argv = 1;
    config->use_environment = 1;
    config->coerce_c_locale = config->coerce_c_locale_warn = config->utf8_mode = -1;
}

void PyPreConfig_InitIsolatedConfig(PyPreConfig *config)
{
    _PyPreConfig_InitCompatConfig(config);
    config->_config_init = CONFIG_INIT_ISOLATED;
    config->configure_locale = 0;
    config->isolated = 1;
    config->use_environment = config->utf8_mode = config->dev_mode = 0;
}

/* -- Locale ---------------------------------------------------------------------------------- */

static const char *const coercion_targets[] = {"C.UTF-8", "C.utf8", "UTF-8"};

int _Py_IsLocaleCoercionTarget(const char *ctype_loc)
{
    for (size_t i = 0; i < COUNT_OF(coercion_targets); i++)
        if (strcmp(ctype_loc, coercion_targets[i]) == 0)
            return 1;
    return 0;
}

int _Py_LegacyLocaleDetected(int warn)
{
    const char *ctype = setlocale(LC_CTYPE, NULL);
    (void)warn;
    return ctype && strcmp(ctype, "C") == 0;
}

char *_Py_SetLocaleFromEnv(int category)
{
    char *res = setlocale(category, "");
    _Py_ResetForceASCII();
    return res;
}

/* Whether the locale exists; LC_CTYPE is in the environment then, for children too. */
static bool coerce_to(const char *target, int warn)
{
    if (setenv("LC_CTYPE", target, 1) != 0)
        return false;
    if (warn)
        fprintf(stderr,
                "Python detected LC_CTYPE=C: LC_CTYPE coerced to %.20s (set another locale or "
                "PYTHONCOERCECLOCALE=0 to disable this locale coercion behavior).\n",
                target);
    _Py_SetLocaleFromEnv(LC_ALL);
    return true;
}

/* Tries the targets in order, unless LC_ALL rules. 1 when it worked. */
int _Py_CoerceLegacyLocale(int warn)
{
    const char *all = getenv("LC_ALL");
    int done = 0;
    char *old = setlocale(LC_CTYPE, NULL);
    old = old ? strdup(old) : NULL;
    if (!old)
        return 0;
    for (size_t i = 0; !(all && *all) && i < COUNT_OF(coercion_targets) && !done; i++) {
        const char *target = coercion_targets[i];
        if (!setlocale(LC_CTYPE, target))
            continue;
        const char *codeset = nl_langinfo(CODESET);
        if (codeset && *codeset)
            done = coerce_to(target, warn);
    }
    if (!done)
        setlocale(LC_CTYPE, old);
    _Py_ResetForceASCII();
    free(old);
    return done;
}

void rt_warn_legacy_locale(void)
{
    if (_PyRuntime.preconfig.coerce_c_locale_warn && _Py_LegacyLocaleDetected(1))
        fprintf(stderr, "Python runtime initialized with LC_CTYPE=C (a locale with default ASCII "
                        "encoding), which may cause Unicode compatibility problems. Using C.UTF-8, "
                        "C.utf8, or UTF-8 (if available) as alternative Unicode-compatible locales "
                        "is recommended.\n");
}

/* -- Reading --------------------------------------------------------------------------------- */

/* The options that matter this early. */
struct early {
    int isolated, use_environment; /* -1: not given */
    PyWideStringList xoptions;     /* owned */
};

/* Decoded by the locale as set now, or copied. */
PyStatus rt_argv_as_wide(Py_ssize_t argc, char *const *bytes, wchar_t *const *wide,
                         PyWideStringList *out)
{
    *out = (PyWideStringList){0};
    for (Py_ssize_t i = 0; i < argc; i++) {
        wchar_t *arg = bytes ? Py_DecodeLocale(bytes[i], NULL) : wide[i];
        if (!arg)
            return STATUS_ERR_IN("_PyArgv_AsWstrList", "cannot decode command line arguments");
        PyStatus status = PyWideStringList_Append(out, arg);
        if (bytes)
            PyMem_RawFree(arg);
        TRY(status);
    }
    return STATUS_OK();
}

/* Errors in options are told later. */
static PyStatus early_parse(struct early *early, const PyWideStringList *argv)
{
    struct getopt_state st = {.index = 1, .quiet = true};
    for (int c; (c = cmdline_getopt(&st, argv->length, argv->items)) != -1;) {
        if (c == 'E')
            early->use_environment = 0;
        else if (c == 'I')
            early->isolated = 1;
        else if (c == 'X')
            TRY(PyWideStringList_Append(&early->xoptions, st.arg));
        else if (c == 'c' || c == 'm')
            break;
    }
    return STATUS_OK();
}

/* -X utf8, PYTHONUTF8, then: on in the C and POSIX locales. */
static PyStatus read_utf8_mode(PyPreConfig *config, const struct early *early)
{
    if (config->utf8_mode >= 0)
        return STATUS_OK();
    const wchar_t *opt = _Py_get_xoption(&early->xoptions, L"utf8");
    if (opt) {
        opt = wcschr(opt, L'=');
        if (!opt || wcscmp(opt + 1, L"1") == 0)
            config->utf8_mode = 1;
        else if (wcscmp(opt + 1, L"0") == 0)
            config->utf8_mode = 0;
        else
            return STATUS_ERR_IN("preconfig_init_utf8_mode", "invalid -X utf8 option value");
        return STATUS_OK();
    }
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONUTF8");
    if (env) {
        if (strcmp(env, "1") != 0 && strcmp(env, "0") != 0)
            return STATUS_ERR_IN("preconfig_init_utf8_mode",
                                 "invalid PYTHONUTF8 environment variable value");
        config->utf8_mode = *env == '1';
        return STATUS_OK();
    }
    const char *ctype = setlocale(LC_CTYPE, NULL);
    config->utf8_mode = ctype && (strcmp(ctype, "C") == 0 || strcmp(ctype, "POSIX") == 0);
    return STATUS_OK();
}

static void read_coercion(PyPreConfig *config)
{
    if (!config->configure_locale) {
        config->coerce_c_locale = config->coerce_c_locale_warn = 0;
        return;
    }
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONCOERCECLOCALE");
    if (env && strcmp(env, "0") == 0) {
        if (config->coerce_c_locale < 0)
            config->coerce_c_locale = 0;
    } else if (env && strcmp(env, "warn") == 0) {
        if (config->coerce_c_locale_warn < 0)
            config->coerce_c_locale_warn = 1;
    } else if (env && config->coerce_c_locale < 0) {
        config->coerce_c_locale = 1;
    }
    if (config->coerce_c_locale < 0 || config->coerce_c_locale == 1)
        config->coerce_c_locale = _Py_LegacyLocaleDetected(0) ? 2 : 0;
    if (config->coerce_c_locale_warn < 0)
        config->coerce_c_locale_warn = 0;
}

/* PYTHONMALLOC; development mode means the debug allocator. */
static PyStatus read_allocator(PyPreConfig *config)
{
    if (config->allocator != PYMEM_ALLOCATOR_NOT_SET)
        return STATUS_OK();
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONMALLOC");
    PyMemAllocatorName name = PYMEM_ALLOCATOR_NOT_SET;
    if (env && _PyMem_GetAllocatorName(env, &name) < 0)
        return STATUS_ERR_IN("preconfig_init_allocator", "PYTHONMALLOC: unknown allocator");
    config->allocator = name;
    if (name == PYMEM_ALLOCATOR_NOT_SET && config->dev_mode)
        config->allocator = PYMEM_ALLOCATOR_DEBUG;
    return STATUS_OK();
}

static void take_global_flags(PyPreConfig *config)
{
    if (config->_config_init != CONFIG_INIT_COMPAT)
        return;
    if (config->isolated < 0)
        config->isolated = Py_IsolatedFlag;
    if (config->use_environment < 0)
        config->use_environment = !Py_IgnoreEnvironmentFlag;
    if (Py_UTF8Mode > 0)
        config->utf8_mode = Py_UTF8Mode;
}

/* Isolation first: it says whether the environment counts. */
static PyStatus preconfig_decide(PyPreConfig *config, const struct early *early)
{
    if (early->isolated >= 0)
        config->isolated = early->isolated;
    if (early->use_environment >= 0)
        config->use_environment = early->use_environment;
    if (config->isolated > 0)
        config->use_environment = 0;
    config->isolated = config->isolated > 0;
    if (config->dev_mode < 0)
        config->dev_mode = _Py_get_xoption(&early->xoptions, L"dev") ||
                           _Py_GetEnv(config->use_environment, "PYTHONDEVMODE");
    read_coercion(config);
    TRY(read_utf8_mode(config, early));
    return read_allocator(config);
}

/* Decodes the arguments by the user's locale, to look at the few options that matter here. */
static PyStatus preconfig_read(PyPreConfig *config, Py_ssize_t argc, char *const *bytes,
                               wchar_t *const *wide)
{
    struct early early = {.isolated = -1, .use_environment = -1};
    PyWideStringList argv = {0};
    take_global_flags(config);
    if (config->configure_locale)
        _Py_SetLocaleFromEnv(LC_CTYPE);
    Py_UTF8Mode = config->utf8_mode > 0;
    PyStatus status = STATUS_OK();
    if (config->parse_argv && (bytes || wide)) {
        status = rt_argv_as_wide(argc, bytes, wide, &argv);
        if (!STATUS_FAILED(status))
            status = early_parse(&early, &argv);
    }
    if (!STATUS_FAILED(status))
        status = preconfig_decide(config, &early);
    _PyWideStringList_Clear(&argv);
    _PyWideStringList_Clear(&early.xoptions);
    return status;
}

/* -- Applying -------------------------------------------------------------------------------- */

/* Allocator, global flags, locale, in this order. */
static PyStatus preconfig_write(const PyPreConfig *config)
{
    if (config->allocator != PYMEM_ALLOCATOR_NOT_SET
        && _PyMem_SetupAllocators(config->allocator) < 0)
        return STATUS_NO_MEMORY();
    Py_IsolatedFlag = config->isolated;
    Py_IgnoreEnvironmentFlag = !config->use_environment;
    Py_UTF8Mode = config->utf8_mode;
    if (config->configure_locale) {
        if (config->coerce_c_locale) {
            if (!_Py_CoerceLegacyLocale(config->coerce_c_locale_warn))
                _PyRuntime.preconfig.coerce_c_locale = 0;
        } else {
            _Py_SetLocaleFromEnv(LC_CTYPE);
        }
    }
    _Py_ResetForceASCII();
    return STATUS_OK();
}

/* Once per process; later calls find it done. */
PyStatus preconfig_apply(const PyPreConfig *src, Py_ssize_t argc, char *const *bytes,
                         wchar_t *const *wide)
{
    if (!src)
        return STATUS_ERR_IN("_Py_PreInitializeFromPyArgv", "preinitialization config is NULL");
    TRY(_PyRuntime_Initialize());
    if (_PyRuntime.preinitialized)
        return STATUS_OK();
    _PyRuntime.preinitializing = 1;
    PyPreConfig config = *src;
    char *loc = setlocale(LC_CTYPE, NULL), *saved = loc ? strdup(loc) : NULL;
    int saved_mode = Py_UTF8Mode;
    PyStatus status = preconfig_read(&config, argc, bytes, wide);
    if (!config.configure_locale || STATUS_FAILED(status))
        Py_UTF8Mode = saved_mode;
    if (saved)
        setlocale(LC_CTYPE, saved);
    free(saved);
    TRY(status);
    _PyRuntime.preconfig = config;
    TRY(preconfig_write(&config));
    _PyRuntime.preinitializing = 0;
    _PyRuntime.preinitialized = 1;
    return STATUS_OK();
}

PyStatus Py_PreInitializeFromBytesArgs(const PyPreConfig *config, Py_ssize_t argc, char **argv)
{
    return preconfig_apply(config, argc, argv, NULL);
}

PyStatus Py_PreInitializeFromArgs(const PyPreConfig *config, Py_ssize_t argc, wchar_t **argv)
{
    return preconfig_apply(config, argc, NULL, argv);
}

PyStatus Py_PreInitialize(const PyPreConfig *config)
{
    return preconfig_apply(config, 0, NULL, NULL);
}

/* 3.11's private form takes either kind of argument vector in one struct. */
struct either_argv {
    Py_ssize_t argc;
    int use_bytes_argv;
    char *const *bytes_argv;
    wchar_t *const *wchar_argv;
};

EXPORT PyStatus _PyArgv_AsWstrList(const struct either_argv *a, PyWideStringList *list)
{
    PyWideStringList wide;
    PyStatus status = rt_argv_as_wide(a->argc, a->use_bytes_argv ? a->bytes_argv : NULL,
                                      a->wchar_argv, &wide);
    if (STATUS_FAILED(status)) {
        _PyWideStringList_Clear(&wide);
        return status;
    }
    _PyWideStringList_Clear(list);
    *list = wide;
    return status;
}

PyStatus _Py_PreInitializeFromPyArgv(const PyPreConfig *src, const void *args)
{
    const struct either_argv *a = args;
    if (!a)
        return preconfig_apply(src, 0, NULL, NULL);
    return preconfig_apply(src, a->argc, a->use_bytes_argv ? a->bytes_argv : NULL,
                           a->use_bytes_argv ? NULL : a->wchar_argv);
}

/* The pre-configuration that a configuration implies, when the program did not choose one. */
static void preconfig_from(PyPreConfig *pre, const PyConfig *config)
{
    if (config->_config_init == CONFIG_INIT_PYTHON)
        PyPreConfig_InitPythonConfig(pre);
    else if (config->_config_init == CONFIG_INIT_ISOLATED)
        PyPreConfig_InitIsolatedConfig(pre);
    else
        _PyPreConfig_InitCompatConfig(pre);
    pre->parse_argv = config->parse_argv;
    if (config->isolated >= 0)
        pre->isolated = config->isolated;
    if (config->use_environment >= 0)
        pre->use_environment = config->use_environment;
    if (config->dev_mode >= 0)
        pre->dev_mode = config->dev_mode;
}

PyStatus _Py_PreInitializeFromConfig(const PyConfig *config, const void *args)
{
    TRY(_PyRuntime_Initialize());
    if (_PyRuntime.preinitialized)
        return STATUS_OK();
    PyPreConfig pre;
    preconfig_from(&pre, config);
    if (args)
        return _Py_PreInitializeFromPyArgv(&pre, args);
    if (!config->parse_argv)
        return Py_PreInitialize(&pre);
    return preconfig_apply(&pre, config->argv.length, NULL, config->argv.items);
}

PyStatus preconfig_ensure(const PyConfig *config)
{
    return _Py_PreInitializeFromConfig(config, NULL);
}
